package fandom

import "time"

// Artist is an account that fans act for.
type Artist struct {
	ID              int
	Name            string
	TwitterUserName string
	TwitterUserID   *string // nil until Twitter could be asked
	ProfileImage    *string
	DueDay          DueDay
	TimeZone        string // IANA name
	BoardID         int    // its all-time board
	RetiredAt       *time.Time
}

// Location gives the artist's time zone, UTC where the name is not known to
// this machine.
func (a Artist) Location() *time.Location {
	loc, err := time.LoadLocation(a.TimeZone)
	if err != nil {
		return time.UTC
	}
	return loc
}

// RemainingDays counts the days until the next due day, 0 on the day itself.
func (a Artist) RemainingDays(now time.Time) int {
	return a.DueDay.Remaining(now, a.Location())
}

// ArtistChange is what an admin sets on an artist. Creating needs Name,
// TwitterUserName and DueDay.
type ArtistChange struct {
	Name            *string
	TwitterUserName *string
	ProfileImage    Patch[*string]
	DueDay          *int
	TimeZone        *string
}

// ArtistOrder names the orders of the artist list.
type ArtistOrder string

// The orders.
const (
	ArtistsByID   ArtistOrder = "ID"
	ArtistsByName ArtistOrder = "NAME"
)
