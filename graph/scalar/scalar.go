// Package scalar reads and writes GraphQL scalars that stand for plain Go
// types.
package scalar

import (
	"io"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

// MarshalDateTime writes a moment as RFC 3339 in UTC.
func MarshalDateTime(t time.Time) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		_, _ = io.WriteString(w, strconv.Quote(t.UTC().Format(time.RFC3339Nano)))
	})
}

// UnmarshalDateTime reads RFC 3339 with any offset.
func UnmarshalDateTime(v any) (time.Time, error) {
	text, ok := v.(string)
	if !ok {
		return time.Time{}, fandom.Errorf(fandom.Invalid, "A DateTime is a string.")
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, fandom.Errorf(fandom.Invalid, "%q is not a DateTime of the form 2026-01-31T12:00:00Z.", text)
	}
	return t.UTC(), nil
}

// MarshalDueDay writes a due day as an Int.
func MarshalDueDay(d fandom.DueDay) graphql.Marshaler { return graphql.MarshalInt(int(d)) }

// UnmarshalDueDay reads a due day; services check it.
func UnmarshalDueDay(v any) (fandom.DueDay, error) {
	n, err := graphql.UnmarshalInt(v)
	return fandom.DueDay(n), err
}
