// Package relay holds what the GraphQL conventions for ids and lists need:
// opaque global ids, opaque cursors, connections. It knows nothing of the
// schema's types.
package relay

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"hash/crc32"
	"strconv"
	"strings"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

// ID makes the global id of the object with a database id, such as Artist 3.
func ID(typeName string, id int) string {
	return base64.RawURLEncoding.EncodeToString([]byte(typeName + ":" + strconv.Itoa(id)))
}

// ParseID reads a global id; ok is false where it is none.
func ParseID(global string) (typeName string, id int, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(global, "="))
	if err != nil {
		return "", 0, false
	}
	typeName, digits, found := strings.Cut(string(raw), ":")
	id, err = strconv.Atoi(digits)
	return typeName, id, found && err == nil && id > 0
}

// FormatCursor makes a cursor opaque, with a checksum against typing errors.
func FormatCursor(c fandom.Cursor) string {
	body, err := json.Marshal(c)
	if err != nil {
		panic(err) // strings always marshal
	}
	return base64.RawURLEncoding.EncodeToString(append(checksum(body), body...))
}

// ParseCursor reads what FormatCursor made. Errors: Invalid.
func ParseCursor(text string) (fandom.Cursor, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	var c fandom.Cursor
	if err != nil || len(raw) < 4 || string(checksum(raw[4:])) != string(raw[:4]) || json.Unmarshal(raw[4:], &c) != nil {
		return nil, fandom.InvalidField("cursor", "This is not a cursor of this API.")
	}
	return c, nil
}

func checksum(body []byte) []byte {
	sum := crc32.ChecksumIEEE(body)
	return []byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)}
}

// Args are the arguments of a connection as the client gave them.
type Args struct {
	First  *int
	After  *string
	Last   *int
	Before *string
	Offset *int
}

// The limits of a page that GraphQL clients can ask for.
const (
	DefaultPage = 25
	LargestPage = 100
)

// Page checks the arguments. Errors: Invalid, naming the argument.
func (a Args) Page() (fandom.Page, error) {
	page := fandom.Page{Limit: DefaultPage}
	var fields []fandom.FieldError
	size := func(name string, n *int) {
		if n == nil {
			return
		}
		page.Limit = *n
		if *n < 1 || *n > LargestPage {
			fields = append(fields, fandom.FieldError{Field: name, Message: "A page has 1 to 100 items."})
		}
	}
	if a.First != nil && a.Last != nil {
		fields = append(fields, fandom.FieldError{Field: "last", Message: "Give first or last, not both."})
	}
	size("first", a.First)
	size("last", a.Last)
	page.Backward = a.Last != nil
	cursor := func(name string, text *string) (c fandom.Cursor) {
		if text == nil {
			return nil
		}
		c, err := ParseCursor(*text)
		if err != nil {
			fields = append(fields, fandom.FieldError{Field: name, Message: "This is not a cursor of this API."})
		}
		return c
	}
	page.After, page.Before = cursor("after", a.After), cursor("before", a.Before)
	if a.Offset != nil {
		page.Offset = *a.Offset
		if page.Offset < 0 || page.Offset > 1<<31-1 {
			fields = append(fields, fandom.FieldError{Field: "offset", Message: "An offset is not negative."})
		}
	}
	return page, fandom.InvalidOrNil(fields)
}

// Connection is a page of a list, as Relay has it.
type Connection[T any] struct {
	Edges    []Edge[T]
	Nodes    []T
	PageInfo PageInfo
	count    func(context.Context) (int, error)
}

// Edge is an item of a page with its cursor.
type Edge[T any] struct {
	Cursor string
	Node   T
}

// PageInfo tells where a page lies in its list.
type PageInfo struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *string
	EndCursor       *string
}

// TotalCount counts the whole list. It is a query of its own, and so only
// made where the client selects the field.
func (c Connection[T]) TotalCount(ctx context.Context) (int, error) { return c.count(ctx) }

// Connect makes a connection of a page of domain values.
func Connect[D, T any](list fandom.List[D], node func(D) T) *Connection[T] {
	c := &Connection[T]{
		Edges:    make([]Edge[T], len(list.Items)),
		Nodes:    make([]T, len(list.Items)),
		PageInfo: PageInfo{HasNextPage: list.HasNext, HasPreviousPage: list.HasPrevious},
		count:    list.Count,
	}
	for i, item := range list.Items {
		c.Nodes[i] = node(item)
		c.Edges[i] = Edge[T]{Cursor: FormatCursor(list.Cursors[i]), Node: c.Nodes[i]}
	}
	if n := len(c.Edges); n > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Edges[0].Cursor, &c.Edges[n-1].Cursor
	}
	return c
}
