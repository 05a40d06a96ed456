package twitter

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// userFields are the fields of an account that are asked for beyond id and names.
const userFields = "created_at,profile_image_url,verified,protected,public_metrics"

// maxIDs is how many accounts Twitter looks up in one call.
const maxIDs = 100

// Account is a Twitter account as others see it.
type Account struct {
	// ID is the snowflake, a string of digits; it never changes.
	ID string
	// Name is the display name, UserName the handle without the "@". Both change.
	Name, UserName string
	// ProfileImageURL is the 48 px image; see [ImageURL] for other sizes.
	ProfileImageURL string
	// CreatedAt is when the account was opened; zero where Twitter did not say.
	CreatedAt time.Time
	// Protected accounts show their posts to approved followers only.
	Protected bool
	Verified  bool
}

// wireAccount is an account in a v2 answer.
type wireAccount struct {
	ID              string    `json:"id"`
	Name            string    `json:"name"`
	UserName        string    `json:"username"`
	ProfileImageURL string    `json:"profile_image_url"`
	CreatedAt       looseTime `json:"created_at"`
	Protected       bool      `json:"protected"`
	Verified        bool      `json:"verified"`
}

func (w wireAccount) account() Account {
	return Account{
		ID: w.ID, Name: w.Name, UserName: w.UserName, ProfileImageURL: w.ProfileImageURL,
		CreatedAt: w.CreatedAt.Time, Protected: w.Protected, Verified: w.Verified,
	}
}

// usable reports whether the parts are there that everything else goes by.
func (w wireAccount) usable() bool { return ValidID(w.ID) && w.UserName != "" }

// Me returns the account that the token acts for.
func (c *Client) Me(ctx context.Context, token Token) (Account, error) {
	if token.IsZero() {
		return Account{}, refuse(Revoked, "no token")
	}
	return c.account(ctx, token, "/2/users/me")
}

// UserByID returns the account with that id, or [NotFound]. With a zero token
// the app asks.
func (c *Client) UserByID(ctx context.Context, token Token, id string) (Account, error) {
	if !ValidID(id) {
		return Account{}, refuse(NotFound, "not an id")
	}
	return c.account(ctx, token, "/2/users/"+id)
}

// UserByName returns the account that has the name now, or [NotFound]; a name
// that cannot be one is not asked for. With a zero token the app asks.
func (c *Client) UserByName(ctx context.Context, token Token, name string) (Account, error) {
	if !possibleUserName(name) {
		return Account{}, refuse(NotFound, "not a user name")
	}
	return c.account(ctx, token, "/2/users/by/username/"+url.PathEscape(name))
}

func (c *Client) account(ctx context.Context, token Token, path string) (Account, error) {
	r := request{method: http.MethodGet, path: path, token: token, query: url.Values{"user.fields": {userFields}}}
	var w wireAccount
	if err := c.one(ctx, r, &w); err != nil {
		return Account{}, err
	}
	if !w.usable() {
		return Account{}, nonsense(r, answer{status: http.StatusOK}, errors.New("an account without id or name"))
	}
	return w.account(), nil
}

// UsersByIDs returns the accounts with these ids, in Twitter's order; those that
// do not exist are left out. More than a hundred take several calls. With a zero
// token the app asks.
func (c *Client) UsersByIDs(ctx context.Context, token Token, ids []string) ([]Account, error) {
	for _, id := range ids {
		if !ValidID(id) {
			return nil, refuse(Rejected, "not an id")
		}
	}
	var all []Account
	for len(ids) > 0 {
		n := min(len(ids), maxIDs)
		page, err := c.usersPage(ctx, token, ids[:n])
		if err != nil {
			return nil, err
		}
		all, ids = append(all, page...), ids[n:]
	}
	return all, nil
}

func (c *Client) usersPage(ctx context.Context, token Token, ids []string) ([]Account, error) {
	r := request{method: http.MethodGet, path: "/2/users", token: token, query: url.Values{
		"ids": {strings.Join(ids, ",")}, "user.fields": {userFields},
	}}
	var page []wireAccount
	err := c.one(ctx, r, &page)
	if ClassOf(err) == NotFound { // none of them exists
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return accounts(page), nil
}

// Followers returns a page of at most max (1 to 1000) followers of an account,
// and the token of the next page, empty after the last. With a zero token the
// app asks.
func (c *Client) Followers(ctx context.Context, token Token, userID, pageToken string, max int) ([]Account, string, error) {
	if !ValidID(userID) {
		return nil, "", refuse(NotFound, "not an id")
	}
	r := request{method: http.MethodGet, path: "/2/users/" + userID + "/followers", token: token, query: url.Values{
		"max_results": {clampText(max, 1, 1000)}, "user.fields": {userFields},
	}}
	if pageToken != "" {
		r.query.Set("pagination_token", pageToken)
	}
	a, err := c.send(ctx, r)
	if err != nil {
		return nil, "", err
	}
	var page []wireAccount
	if _, err := c.decode(r, a, &page); err != nil {
		return nil, "", err
	}
	var rest struct {
		Meta struct {
			NextToken string `json:"next_token"`
		} `json:"meta"`
	}
	if err := json.Unmarshal(a.body, &rest); err != nil {
		return nil, "", nonsense(r, a, errNotJSON)
	}
	return accounts(page), rest.Meta.NextToken, nil
}

func accounts(page []wireAccount) []Account {
	list := make([]Account, 0, len(page))
	for _, w := range page {
		if w.usable() {
			list = append(list, w.account())
		}
	}
	return list
}

// Email returns the fan's e-mail address, and "" with no error where the app's
// plan does not give it, the app may not see it, or the account has none.
func (c *Client) Email(ctx context.Context, token Token) (string, error) {
	if token.IsZero() {
		return "", refuse(Revoked, "no token")
	}
	r := request{method: http.MethodGet, path: "/1.1/account/verify_credentials.json", token: token, query: url.Values{
		"include_email": {"true"}, "skip_status": {"true"}, "include_entities": {"false"},
	}}
	a, err := c.send(ctx, r)
	if ClassOf(err) == NotPermitted {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	var body struct {
		Email string `json:"email"`
	}
	if err := json.Unmarshal(a.body, &body); err != nil {
		return "", nonsense(r, a, errNotJSON)
	}
	return body.Email, nil
}
