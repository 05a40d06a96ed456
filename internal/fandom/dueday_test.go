package fandom_test

import (
	"fmt"
	"testing"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

func location(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	require.NoError(t, err)
	return loc
}

func date(t *testing.T, text string) fandom.Date {
	t.Helper()
	d, err := fandom.ParseDate(text)
	require.NoError(t, err)
	return d
}

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	require.NoError(t, err)
	return at
}

func TestDueDayIn(t *testing.T) {
	t.Parallel()
	lengths := []int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	for i, length := range lengths {
		month := time.Month(i + 1)
		for day := 1; day <= 31; day++ {
			want := fandom.Date{Year: 2026, Month: month, Day: min(day, length)}
			require.Equal(t, want, fandom.DueDay(day).In(2026, month))
		}
	}
	for year, last := range map[int]int{2024: 29, 2025: 28, 2000: 29, 1900: 28, 2100: 28} {
		require.Equal(t, last, fandom.DueDay(31).In(year, time.February).Day)
		require.Equal(t, min(29, last), fandom.DueDay(29).In(year, time.February).Day)
	}
	require.Equal(t, "2027-01-31", fandom.DueDay(31).In(2026, 13).String(), "the month after December")
}

func TestDueDayValid(t *testing.T) {
	t.Parallel()
	for day, valid := range map[fandom.DueDay]bool{-1: false, 0: false, 1: true, 31: true, 32: false} {
		require.Equal(t, valid, day.Valid(), day)
	}
}

func TestDueDayNextAndRemaining(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		due         fandom.DueDay
		today, next string
		remaining   int
	}{
		{20, "2026-06-15", "2026-06-20", 5},
		{20, "2026-06-19", "2026-06-20", 1},
		{20, "2026-06-20", "2026-06-20", 0},
		{20, "2026-06-21", "2026-07-20", 29},
		{1, "2026-12-02", "2027-01-01", 30},
		{1, "2026-12-31", "2027-01-01", 1},
		{31, "2026-12-31", "2026-12-31", 0},
		{31, "2026-02-01", "2026-02-28", 27},
		{31, "2026-02-28", "2026-02-28", 0},
		{31, "2026-03-01", "2026-03-31", 30},
		{30, "2026-01-31", "2026-02-28", 28},
		{29, "2024-02-28", "2024-02-29", 1},
		{29, "2024-02-29", "2024-02-29", 0},
		{29, "2025-02-28", "2025-02-28", 0},
		{29, "2025-03-01", "2025-03-29", 28},
		{31, "2026-04-30", "2026-04-30", 0},
		{31, "2026-01-31", "2026-01-31", 0},
	} {
		name := fmt.Sprintf("due day %d on %s", c.due, c.today)
		today := date(t, c.today)
		require.Equal(t, c.next, c.due.Next(today).String(), name)
		for _, hour := range []int{0, 12, 23} {
			now := time.Date(today.Year, today.Month, today.Day, hour, 59, 59, 999_999_999, time.UTC)
			require.Equal(t, c.remaining, c.due.Remaining(now, time.UTC), name)
		}
	}
}

func TestRemainingGoesByTheArtistsTimeZone(t *testing.T) {
	t.Parallel()
	now := moment(t, "2026-06-20T02:00:00Z") // still the 19th in the Americas, long the 20th in Tokyo
	for zone, want := range map[string]int{"UTC": 0, "America/Bogota": 1, "America/Los_Angeles": 1, "Asia/Tokyo": 0, "Pacific/Kiritimati": 0} {
		require.Equal(t, want, fandom.DueDay(20).Remaining(now, location(t, zone)), zone)
		artist := fandom.Artist{DueDay: 20, TimeZone: zone}
		require.Equal(t, want, artist.RemainingDays(now), zone)
	}
	require.Equal(t, time.UTC, fandom.Artist{TimeZone: "Atlantis/Capital"}.Location(), "a zone that this machine lacks")
}

func TestRemainingCountsDaysNotHours(t *testing.T) {
	t.Parallel()
	// The clocks change on 8 March and 1 November 2026.
	loc := location(t, "America/New_York")
	require.Equal(t, 3, fandom.DueDay(10).Remaining(time.Date(2026, 3, 7, 23, 59, 0, 0, loc), loc))
	require.Equal(t, 2, fandom.DueDay(2).Remaining(time.Date(2026, 10, 31, 0, 1, 0, 0, loc), loc))
}

func TestCut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, zone string
		due        fandom.DueDay
		now, cut   string
	}{
		{"the end of the day", "UTC", 20, "2026-06-15T12:00:00Z", "2026-06-21T00:00:00Z"},
		{"on the day itself", "UTC", 20, "2026-06-20T23:59:59.999999Z", "2026-06-21T00:00:00Z"},
		{"at the cut the next begins", "UTC", 20, "2026-06-21T00:00:00Z", "2026-07-21T00:00:00Z"},
		{"the year ends", "UTC", 31, "2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z"},
		{"a short month", "UTC", 31, "2026-02-10T00:00:00Z", "2026-03-01T00:00:00Z"},
		{"a leap day", "UTC", 31, "2028-02-10T00:00:00Z", "2028-03-01T00:00:00Z"},
		{"the leap day before the end", "UTC", 28, "2028-02-10T00:00:00Z", "2028-02-29T00:00:00Z"},
		{"a zone", "America/Bogota", 20, "2026-06-15T12:00:00Z", "2026-06-21T05:00:00Z"},
		{"a zone with half an hour", "Asia/Kolkata", 20, "2026-06-15T12:00:00Z", "2026-06-20T18:30:00Z"},
		{"still yesterday there", "America/Bogota", 20, "2026-06-21T04:59:59Z", "2026-06-21T05:00:00Z"},
		{"summer begins that day", "America/New_York", 8, "2026-03-01T12:00:00Z", "2026-03-09T04:00:00Z"},
		{"winter begins that day", "America/New_York", 1, "2026-10-10T12:00:00Z", "2026-11-02T05:00:00Z"},
		{"midnight is skipped: São Paulo", "America/Sao_Paulo", 14, "2017-10-01T12:00:00Z", "2017-10-15T03:00:00Z"},
		{"midnight is skipped: Cairo", "Africa/Cairo", 23, "2026-04-10T12:00:00Z", "2026-04-23T22:00:00Z"},
		{"midnight is skipped: Beirut", "Asia/Beirut", 28, "2026-03-10T12:00:00Z", "2026-03-28T22:00:00Z"},
		{"midnight is skipped: Havana", "America/Havana", 7, "2026-03-01T12:00:00Z", "2026-03-08T05:00:00Z"},
		{"midnight is skipped: Santiago", "America/Santiago", 5, "2026-09-01T12:00:00Z", "2026-09-06T04:00:00Z"},
		{"the last hour twice: Cairo", "Africa/Cairo", 29, "2026-10-10T12:00:00Z", "2026-10-29T22:00:00Z"},
		{"the last hour twice: Santiago", "America/Santiago", 4, "2026-04-01T12:00:00Z", "2026-04-05T04:00:00Z"},
		{"the first hour twice: Havana", "America/Havana", 31, "2026-10-10T12:00:00Z", "2026-11-01T04:00:00Z"},
		{"the first hour twice: Gaza", "Asia/Gaza", 30, "2004-09-10T12:00:00Z", "2004-09-30T21:00:00Z"},
		{"the last hour again after midnight", "America/St_Johns", 28, "2000-10-10T12:00:00Z", "2000-10-29T02:30:00Z"},
		{"in the minute after midnight", "America/St_Johns", 28, "2000-10-29T02:30:30Z", "2000-11-29T03:30:00Z"},
		{"in the hour that comes again", "America/St_Johns", 28, "2000-10-29T02:45:00Z", "2000-11-29T03:30:00Z"},
		{"the day after is skipped", "Pacific/Apia", 29, "2011-12-10T12:00:00Z", "2011-12-30T10:00:00Z"},
		{"the day itself is skipped", "Pacific/Apia", 30, "2011-12-10T12:00:00Z", "2011-12-30T10:00:00Z"},
		{"the first hour twice: Azores", "Atlantic/Azores", 24, "2026-10-10T12:00:00Z", "2026-10-25T00:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cut := c.due.Cut(moment(t, c.now), location(t, c.zone))
			require.Equal(t, c.cut, cut.Format(time.RFC3339))
			require.Equal(t, time.UTC, cut.Location())
		})
	}
}

// Zones of every kind: none, whole and broken offsets, clocks that change at
// midnight and at other hours, on both hemispheres, by half an hour.
var zones = []string{
	"UTC", "America/Bogota", "America/Mexico_City", "America/New_York", "America/Sao_Paulo", "America/Santiago", "America/Asuncion",
	"America/Havana", "America/Nuuk", "America/Argentina/San_Luis", "Atlantic/Azores", "Africa/Cairo",
	"Africa/Casablanca", "Asia/Beirut", "Asia/Gaza", "Asia/Amman", "Asia/Damascus", "Asia/Tehran", "Asia/Kathmandu",
	"Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Kiritimati", "Antarctica/Troll",
}

func TestCutsChain(t *testing.T) {
	t.Parallel()
	locations := map[string]*time.Location{}
	for _, zone := range zones {
		locations[zone] = location(t, zone)
	}
	rapid.Check(t, func(rt *rapid.T) {
		due := fandom.DueDay(rapid.IntRange(1, 31).Draw(rt, "due day"))
		loc := locations[rapid.SampledFrom(zones).Draw(rt, "zone")]
		// In parts, since rapid prefers small numbers.
		now := time.Date(rapid.IntRange(2000, 2060).Draw(rt, "year"), time.Month(rapid.IntRange(1, 12).Draw(rt, "month")),
			rapid.IntRange(1, 31).Draw(rt, "day"), rapid.IntRange(0, 23).Draw(rt, "hour"), rapid.IntRange(0, 59).Draw(rt, "minute"),
			rapid.IntRange(0, 59).Draw(rt, "second"), rapid.IntRange(0, 999_999).Draw(rt, "µs")*1000, time.UTC)
		if _, change := now.In(loc).ZoneBounds(); !change.IsZero() && rapid.Bool().Draw(rt, "near a change of the clocks") {
			now = change.Add(time.Duration(rapid.Int64Range(-150, 150).Draw(rt, "minutes")) * time.Minute)
			today := fandom.DateOf(now.In(loc))
			due = fandom.DueDay(today.AddDays(rapid.IntRange(-1, 1).Draw(rt, "days")).Day)
		}

		remaining := due.Remaining(now, loc)
		require.GreaterOrEqual(rt, remaining, 0)
		require.LessOrEqual(rt, remaining, 30)
		next := due.Next(fandom.DateOf(now.In(loc)))
		require.Equal(rt, due.In(next.Year, next.Month), next)

		cut := due.Cut(now, loc)
		require.True(rt, cut.After(now), "%s is not after %s", cut, now)
		require.Equal(rt, next, fandom.DateOf(cut.Add(-time.Microsecond).In(loc)), "the cycle lasts to the end of its due day")
		require.True(rt, next.Before(fandom.DateOf(cut.In(loc))))
		require.Zero(rt, due.Remaining(cut.Add(-time.Microsecond), loc))
		between := now.Add(time.Duration(rapid.Int64Range(0, int64(cut.Sub(now))-1).Draw(rt, "later")))
		require.True(rt, due.Cut(between, loc).Equal(cut), "whoever asks within the cycle gets the same cut")

		for range 3 {
			following := due.Cut(cut, loc)
			days := following.Sub(cut).Hours() / 24
			require.True(rt, days > 26.9 && days < 32.1, "%s to %s", cut, following)
			cut = following
		}
	})
}
