package rest

import (
	"maps"
	"net/url"
	"strconv"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

// The limits of a legacy page.
const (
	defaultLimit = 100
	largestLimit = 1000
)

// page reads the query, and ?limit= and ?offset= in it. Errors: Invalid,
// naming the parameter.
func (c *call) page() (fandom.Page, error) {
	query, err := url.ParseQuery(c.r.URL.RawQuery)
	if err != nil { // else a wrong parameter would count as left out
		return fandom.Page{}, fandom.Errorf(fandom.Invalid, "The query of the URL is malformed.").Because(err)
	}
	c.query = query
	page := fandom.Page{Limit: defaultLimit}
	var wrong []fandom.FieldError
	read := func(name string, least, most int, target *int) {
		if !query.Has(name) {
			return
		}
		n, err := strconv.ParseUint(query.Get(name), 10, 31) // unlike Atoi it takes no sign
		if err != nil || int(n) < least || int(n) > most {
			wrong = append(wrong, fandom.FieldError{
				Field: name, Message: "This has to be an integer from " + strconv.Itoa(least) + " to " + strconv.Itoa(most) + ".",
			})
			return
		}
		*target = int(n)
	}
	read("limit", 1, largestLimit, &page.Limit)
	read("offset", 0, 1<<31-1, &page.Offset)
	return page, fandom.InvalidOrNil(wrong)
}

// pageShape is a page as legacy clients know it.
type pageShape struct {
	Count    int     `json:"count"`
	Next     *string `json:"next"`
	Previous *string `json:"previous"`
	Results  []any   `json:"results"`
}

// answerPage writes a page of a list.
func answerPage[T any](c *call, page fandom.Page, list fandom.List[T], shape func(T) any) error {
	count, err := list.Count(c.ctx())
	if err != nil {
		return err
	}
	out := pageShape{Count: count, Results: make([]any, len(list.Items))}
	for i, item := range list.Items {
		out.Results[i] = shape(item)
	}
	if page.Offset+len(list.Items) < count && len(list.Items) > 0 {
		out.Next = c.pageURL(page.Limit, page.Offset+page.Limit)
	}
	if page.Offset > 0 {
		out.Previous = c.pageURL(page.Limit, max(page.Offset-page.Limit, 0))
	}
	return c.answer(200, out)
}

// pageURL is the absolute URL of another page of the same request.
func (c *call) pageURL(limit, offset int) *string {
	query := maps.Clone(c.query)
	query.Set("limit", strconv.Itoa(limit))
	query.Set("offset", strconv.Itoa(offset))
	text := c.base() + c.r.URL.EscapedPath() + "?" + query.Encode()
	return &text
}

// base is what absolute links begin with.
func (c *call) base() string {
	if c.api.PublicURL != "" {
		return c.api.PublicURL
	}
	u := url.URL{Scheme: "http", Host: c.r.Host}
	if c.r.TLS != nil || c.r.URL.Scheme == "https" {
		u.Scheme = "https"
	}
	return u.String()
}
