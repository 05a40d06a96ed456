package fandom

import (
	"context"
	"slices"
	"strconv"
)

// Cursor is the sort key of one row, from most to least significant. It
// points between rows, so a page stays where it is while rows come and go.
type Cursor []string

// Page selects a stretch of an ordered list. The surface has checked the
// limit: services take any positive one.
type Page struct {
	Limit    int
	Offset   int    // skips rows after After (REST pages use it alone)
	After    Cursor // only rows behind this key
	Before   Cursor // only rows before this key
	Backward bool   // the last Limit rows of the selection instead of the first
}

// List is one page of an ordered list.
type List[T any] struct {
	Items       []T
	Cursors     []Cursor // the key of each item
	HasNext     bool
	HasPrevious bool
	// Count counts the whole list, not the page. It costs a query, so it
	// is called only when somebody asked.
	Count func(context.Context) (int, error)
}

// NewList makes a page of rows that were read one beyond the page's limit, in
// the page's direction: the one too many tells whether more follow.
func NewList[R, T any](
	p Page, rows []R, value func(R) T, cursor func(T) Cursor, count func(context.Context) (int, error),
) List[T] {
	more := len(rows) > p.Limit
	if more {
		rows = rows[:p.Limit]
	}
	list := List[T]{Count: count}
	for _, row := range rows {
		list.Items = append(list.Items, value(row))
	}
	if p.Backward {
		slices.Reverse(list.Items)
		list.HasPrevious, list.HasNext = more, p.Before != nil
	} else {
		list.HasNext, list.HasPrevious = more, p.After != nil || p.Offset > 0
	}
	for _, item := range list.Items {
		list.Cursors = append(list.Cursors, cursor(item))
	}
	return list
}

// IDCursor is the cursor of a list that is ordered by id alone.
func IDCursor(id int) Cursor { return Cursor{strconv.Itoa(id)} }

// ID reads an IDCursor. Errors: Invalid.
func (c Cursor) ID() (int, error) {
	if len(c) == 1 {
		if id, err := strconv.Atoi(c[0]); err == nil {
			return id, nil
		}
	}
	return 0, InvalidField("cursor", "This cursor is not of this list.")
}
