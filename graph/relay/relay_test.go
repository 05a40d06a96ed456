package relay_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"madeinlatino.net/madeinlatino/graph/relay"
	"madeinlatino.net/madeinlatino/internal/fandom"
)

func TestIDsRoundTrip(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	rapid.Check(t, func(rt *rapid.T) {
		typeName := rapid.StringMatching(`[A-Z][A-Za-z0-9_]{0,20}`).Draw(rt, "type")
		id := rapid.IntRange(1, 1<<53).Draw(rt, "id")
		global := relay.ID(typeName, id)
		require.Regexp(rt, `^[A-Za-z0-9_-]+$`, global, "it fits into a URL")
		gotType, gotID, ok := relay.ParseID(global)
		require.True(rt, ok)
		require.Equal(rt, typeName, gotType)
		require.Equal(rt, id, gotID)
		plain := fmt.Sprint(typeName, ":", id)
		if other, met := seen[global]; met {
			require.Equal(rt, plain, other, "one id stands for one object")
		}
		seen[global] = plain
		_, _, ok = relay.ParseID(base64.URLEncoding.EncodeToString([]byte(plain)))
		require.True(rt, ok, "padding is forgiven")
	})
}

func TestWhatIsNoIDIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "=", "Artist:1", "%%%", "1", " ", relay.ID("Artist", 0), relay.ID("Artist", -1),
		encode("Artist"), encode("Artist:"), encode("Artist:x"), encode("Artist:1:2"), encode("Artist:1.5"), encode("Artist: 1"),
		encode("Artist:99999999999999999999"), encode("\xff\xfe"), relay.ID("Artist", 1) + "\n!",
	} {
		_, _, ok := relay.ParseID(text)
		require.False(t, ok, "%q", text)
	}
}

func encode(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

func TestCursorsRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		cursor := fandom.Cursor(rapid.SliceOfN(rapid.String(), 1, 4).Draw(rt, "cursor"))
		text := relay.FormatCursor(cursor)
		require.Regexp(rt, `^[A-Za-z0-9_-]+$`, text)
		got, err := relay.ParseCursor(text)
		require.NoError(rt, err)
		require.Equal(rt, cursor, got)

		// A typing error is noticed.
		at := rapid.IntRange(0, len(text)-2).Draw(rt, "at")
		typed := rapid.SampledFrom([]byte("AZaz09-_")).Draw(rt, "typed")
		if typed != text[at] {
			_, err = relay.ParseCursor(text[:at] + string(typed) + text[at+1:])
			require.Equal(rt, fandom.Invalid, fandom.CodeOf(err))
		}
	})
}

func FuzzParseCursor(f *testing.F) {
	f.Add(relay.FormatCursor(fandom.Cursor{"1", "Ñejo"}))
	f.Add("")
	f.Add("AAAA")
	f.Fuzz(func(t *testing.T, text string) {
		cursor, err := relay.ParseCursor(text)
		if err != nil {
			return
		}
		again, err := relay.ParseCursor(relay.FormatCursor(cursor))
		if err != nil || fmt.Sprint(again) != fmt.Sprint(cursor) {
			t.Fatalf("%q gives %v, which gives %v, %v", text, cursor, again, err)
		}
	})
}

func TestWhatIsNoCursorIsRefused(t *testing.T) {
	t.Parallel()
	good := relay.FormatCursor(fandom.Cursor{"12"})
	for _, text := range []string{"", "MTI", "12", "!!!!", good + "=", good + "A", good[1:], good[:len(good)-2], encode("AAAA[\"12\"]")} {
		_, err := relay.ParseCursor(text)
		require.Equal(t, fandom.Invalid, fandom.CodeOf(err), "%q", text)
	}
}

func ptr[T any](v T) *T { return &v }

func TestArgs(t *testing.T) {
	t.Parallel()
	cursor := fandom.Cursor{"7"}
	text := ptr(relay.FormatCursor(cursor))
	for name, c := range map[string]struct {
		args   relay.Args
		page   fandom.Page
		fields []string
	}{
		"nothing":           {relay.Args{}, fandom.Page{Limit: 25}, nil},
		"first":             {relay.Args{First: ptr(1)}, fandom.Page{Limit: 1}, nil},
		"the largest":       {relay.Args{First: ptr(100)}, fandom.Page{Limit: 100}, nil},
		"last":              {relay.Args{Last: ptr(3)}, fandom.Page{Limit: 3, Backward: true}, nil},
		"first after":       {relay.Args{First: ptr(3), After: text}, fandom.Page{Limit: 3, After: cursor}, nil},
		"last before":       {relay.Args{Last: ptr(3), Before: text}, fandom.Page{Limit: 3, Before: cursor, Backward: true}, nil},
		"between":           {relay.Args{After: text, Before: text}, fandom.Page{Limit: 25, After: cursor, Before: cursor}, nil},
		"offset":            {relay.Args{Offset: ptr(40)}, fandom.Page{Limit: 25, Offset: 40}, nil},
		"no first":          {relay.Args{First: ptr(0)}, fandom.Page{}, []string{"first"}},
		"negative":          {relay.Args{Last: ptr(-1)}, fandom.Page{}, []string{"last"}},
		"too many":          {relay.Args{First: ptr(101)}, fandom.Page{}, []string{"first"}},
		"both":              {relay.Args{First: ptr(2), Last: ptr(2)}, fandom.Page{}, []string{"last"}},
		"no cursor":         {relay.Args{After: ptr("x")}, fandom.Page{}, []string{"after"}},
		"an empty cursor":   {relay.Args{Before: ptr("")}, fandom.Page{}, []string{"before"}},
		"a negative offset": {relay.Args{Offset: ptr(-1)}, fandom.Page{}, []string{"offset"}},
		"a huge offset":     {relay.Args{Offset: ptr(1 << 40)}, fandom.Page{}, []string{"offset"}},
		"all wrong": {
			relay.Args{First: ptr(0), After: ptr("x"), Before: ptr("y"), Offset: ptr(-1)}, fandom.Page{},
			[]string{"after", "before", "first", "offset"},
		},
	} {
		page, err := c.args.Page()
		if c.fields == nil {
			require.NoError(t, err, name)
			require.Equal(t, c.page, page, name)
			continue
		}
		e := fandom.AsError(err)
		require.NotNil(t, e, name)
		require.Equal(t, fandom.Invalid, e.Code)
		var fields []string
		for _, f := range e.Fields {
			fields = append(fields, f.Field)
		}
		require.Equal(t, c.fields, fields, name)
	}
}

func TestConnect(t *testing.T) {
	t.Parallel()
	list := fandom.List[int]{
		Items: []int{4, 5}, Cursors: []fandom.Cursor{{"4"}, {"5"}}, HasNext: true,
		Count: func(context.Context) (int, error) { return 9, nil },
	}
	c := relay.Connect(list, strconv.Itoa)
	require.Equal(t, []string{"4", "5"}, c.Nodes)
	require.Equal(t, "5", c.Edges[1].Node)
	require.Equal(t, relay.FormatCursor(fandom.Cursor{"5"}), c.Edges[1].Cursor)
	require.Equal(t, relay.PageInfo{HasNextPage: true, StartCursor: &c.Edges[0].Cursor, EndCursor: &c.Edges[1].Cursor}, c.PageInfo)
	count, err := c.TotalCount(t.Context())
	require.NoError(t, err)
	require.Equal(t, 9, count)

	empty := relay.Connect(fandom.List[int]{}, strconv.Itoa)
	require.NotNil(t, empty.Nodes, "an empty list is [] and not null")
	require.NotNil(t, empty.Edges)
	require.Nil(t, empty.PageInfo.StartCursor)
	require.Nil(t, empty.PageInfo.EndCursor)
}

func TestUserErrors(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	for name, err := range map[string]error{
		"unexpected":    cause,
		"not logged in": fandom.Errorf(fandom.Unauthenticated, "Log in."),
		"forbidden":     fandom.Errorf(fandom.Forbidden, "No."),
		"missing":       fandom.Errorf(fandom.NotFound, "No such thing."),
		"conflict":      fandom.Errorf(fandom.Conflict, "Another input."),
		"limited":       fandom.Errorf(fandom.RateLimited, "Later."),
		"down":          fandom.Errorf(fandom.Unavailable, "Later.").Because(cause),
	} {
		list, top := relay.UserErrors(err)
		require.Equal(t, err, top, name)
		require.Empty(t, list)
		require.NotNil(t, list, "the payload's errors are never null")
		require.NoError(t, relay.Cause(list))
	}

	list, top := relay.UserErrors(nil)
	require.NoError(t, top)
	require.NotNil(t, list)
	require.Empty(t, list)

	ended := fandom.Errorf(fandom.Gone, "It has ended.").For(fandom.ReasonEnded).Because(cause)
	list, top = relay.UserErrors(fmt.Errorf("around: %w", ended))
	require.NoError(t, top)
	require.Len(t, list, 1)
	require.Equal(t, []string{"input"}, list[0].Path)
	require.Equal(t, "It has ended.", list[0].Message, "without the cause")
	require.Equal(t, fandom.ReasonEnded, list[0].Code)
	require.ErrorIs(t, relay.Cause(list), ended)

	wrong := fandom.InvalidFields(
		fandom.FieldError{Field: "due_day", Message: "No day."},
		fandom.FieldError{Field: "name", Message: "Taken.", Reason: fandom.ReasonTaken},
	)
	list, top = relay.UserErrors(wrong)
	require.NoError(t, top)
	require.Len(t, list, 2)
	require.Equal(t, []string{"input", "dueDay"}, list[0].Path)
	require.Equal(t, fandom.ReasonInvalid, list[0].Code)
	require.Equal(t, []string{"input", "name"}, list[1].Path)
	require.Equal(t, fandom.ReasonTaken, list[1].Code)
	require.Equal(t, wrong, relay.Cause(list))

	list, top = relay.UserErrors(fandom.Errorf(fandom.Invalid, "Nonsense."))
	require.NoError(t, top)
	require.Equal(t, fandom.ReasonInvalid, list[0].Code)
}

func TestCamelCase(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]string{
		"": "", "name": "name", "due_day": "dueDay", "mobile_number_prefix": "mobileNumberPrefix", "is_flag_action": "isFlagAction", "a__b_": "aB",
	} {
		require.Equal(t, want, relay.CamelCase(field))
	}
}
