package fandom

import (
	"fmt"
	"io"
	"strconv"
	"time"
)

// Date is a day of the calendar without time or zone, such as a birthday.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads YYYY-MM-DD. Errors: another form, or no such day.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a date of the form YYYY-MM-DD", text)
	}
	return DateOf(t), nil
}

// DateOf gives the calendar day of t in t's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{Year: y, Month: m, Day: d}
}

// String gives YYYY-MM-DD.
func (d Date) String() string {
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Start is the first moment of the day in loc. Where daylight saving skips
// midnight it is the first moment that exists, where it repeats midnight the
// earlier one.
func (d Date) Start(loc *time.Location) time.Time {
	// time.Date promises neither of the two that it could give.
	t := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc).Add(-3 * time.Hour)
	for DateOf(t).Before(d) {
		t = t.Add(15 * time.Minute)
	}
	return t
}

// AddDays moves by whole days.
func (d Date) AddDays(n int) Date {
	return DateOf(time.Date(d.Year, d.Month, d.Day+n, 0, 0, 0, 0, time.UTC))
}

// Before orders days.
func (d Date) Before(o Date) bool { return d.days() < o.days() }

// DaysUntil counts the whole days from d to o, negative when o is earlier.
func (d Date) DaysUntil(o Date) int { return o.days() - d.days() }

func (d Date) days() int {
	const day = 24 * 60 * 60
	return int(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Unix() / day)
}

// MarshalText writes YYYY-MM-DD; JSON uses it.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// MarshalGQL writes the Date scalar.
func (d Date) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(d.String())) }

// UnmarshalGQL reads the Date scalar.
func (d *Date) UnmarshalGQL(v any) error {
	text, ok := v.(string)
	if !ok {
		return Errorf(Invalid, "A Date is a string of the form YYYY-MM-DD.")
	}
	parsed, err := ParseDate(text)
	if err != nil {
		return Errorf(Invalid, "%s.", err)
	}
	*d = parsed
	return nil
}
