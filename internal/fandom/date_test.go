package fandom_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

func TestParseDate(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"2026-06-15", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"} {
		require.Equal(t, text, date(t, text).String())
	}
	for _, text := range []string{
		"", "2026-6-15", "2026-06-5", "26-06-15", "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "2026-04-31",
		"15-06-2026", "2026/06/15", "2026-06-15T00:00:00Z", " 2026-06-15", "2026-06-15 ", "12026-06-15", "-2026-06-15", "２０２６-06-15",
	} {
		_, err := fandom.ParseDate(text)
		require.Error(t, err, "%q", text)
	}
}

func TestDatesCountDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		d := fandom.DateOf(time.Date(2000, 1, 1+rapid.IntRange(-200_000, 200_000).Draw(rt, "day"), 12, 0, 0, 0, time.UTC))
		n := rapid.IntRange(-5000, 5000).Draw(rt, "n")
		moved := d.AddDays(n)
		require.Equal(rt, n, d.DaysUntil(moved))
		require.Equal(rt, -n, moved.DaysUntil(d))
		require.Equal(rt, n > 0, d.Before(moved))
		require.Equal(rt, d, moved.AddDays(-n))
		require.Equal(rt, d, fandom.DateOf(d.Start(time.UTC)))
		parsed, err := fandom.ParseDate(d.String())
		require.NoError(rt, err)
		require.Equal(rt, d, parsed)
	})
}

func TestStartIsTheFirstMomentOfTheDay(t *testing.T) {
	t.Parallel()
	for _, zone := range zones {
		loc := location(t, zone)
		for d := date(t, "2000-01-01"); d.Year < 2040; d = d.AddDays(1) {
			start := d.Start(loc)
			before := fandom.DateOf(start.Add(-time.Nanosecond).In(loc))
			if d != fandom.DateOf(start.In(loc)) || d.AddDays(-1) != before {
				require.Fail(t, "not the first moment", "%s in %s: %s", d, zone, start)
			}
		}
	}
}

func TestDateOnTheWire(t *testing.T) {
	t.Parallel()
	raw, err := json.Marshal(map[string]fandom.Date{"d": date(t, "1999-12-31")})
	require.NoError(t, err)
	require.JSONEq(t, `{"d":"1999-12-31"}`, string(raw))
	var b bytes.Buffer
	date(t, "1999-12-31").MarshalGQL(&b)
	require.Equal(t, `"1999-12-31"`, b.String())

	var d fandom.Date
	require.NoError(t, d.UnmarshalGQL("2024-02-29"))
	require.Equal(t, date(t, "2024-02-29"), d)
	for _, v := range []any{nil, 20240229, "2023-02-29", "", []byte("2024-02-29")} {
		err := d.UnmarshalGQL(v)
		require.Equal(t, fandom.Invalid, fandom.CodeOf(err))
		require.Equal(t, date(t, "2024-02-29"), d)
	}
}

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"2026-06-15", "2024-02-29", "0000-01-01", "9999-12-31", "2026-6-1", "-001-01-01"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := fandom.ParseDate(text); err == nil && d.String() != text {
			t.Fatalf("%q gives %s", text, d)
		}
	})
}
