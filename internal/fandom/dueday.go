package fandom

import "time"

// DueDay is the day of the month on which an artist's cycle ends, 1 to 31. In
// a shorter month it falls on that month's last day.
type DueDay int

// Valid reports whether the day exists in some month.
func (d DueDay) Valid() bool { return d >= 1 && d <= 31 }

// In gives the due day of one month.
func (d DueDay) In(year int, month time.Month) Date {
	last := time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
	first := DateOf(time.Date(year, month, 1, 0, 0, 0, 0, time.UTC))
	first.Day = min(int(d), last)
	return first
}

// Next gives the first due day that is not before today.
func (d DueDay) Next(today Date) Date {
	due := d.In(today.Year, today.Month)
	if due.Before(today) {
		due = d.In(today.Year, today.Month+1)
	}
	return due
}

// Remaining counts the whole days in loc from now's day to the next due day:
// 0 on the day itself.
func (d DueDay) Remaining(now time.Time, loc *time.Location) int {
	today := DateOf(now.In(loc))
	return today.DaysUntil(d.Next(today))
}

// Cut gives the moment at which the cycle that is open at now closes: the end
// of the next due day in loc, exclusive. It is always after now.
func (d DueDay) Cut(now time.Time, loc *time.Location) time.Time {
	today := DateOf(now.In(loc))
	cut := d.Next(today).AddDays(1).Start(loc)
	if !cut.After(now) { // clocks that are set back over midnight repeat the end of a day that was cut
		cut = d.Next(today.AddDays(1)).AddDays(1).Start(loc)
	}
	return cut.UTC()
}
