package fandom

import "time"

// User is a Twitter account that the platform knows: what of it is public.
type User struct {
	ID                  int
	TwitterUserID       string
	TwitterUserName     *string // nil while unknown
	TwitterProfileImage *string
	ProfileImage        *string
	FirstName           *string // Twitter's display name, up to its first space
	LastName            *string // the rest of it
	RegisteredAt        *time.Time
}

// IsRegistered reports whether the account's owner has ever logged in.
func (u User) IsRegistered() bool { return u.RegisteredAt != nil }

// Profile is the private side of a user: only they see it.
type Profile struct {
	UserID             int
	FirstName          *string
	LastName           *string
	Gender             *string
	Email              *string
	DateOfBirth        *Date
	MobileNumberPrefix *int // the id of a MobilePrefix
	MobileNumber       *string
	IsFlagAction       bool // consent that the platform acts on Twitter for the user
}

// MobilePrefix is a country or territory with its dialling code.
type MobilePrefix struct {
	ID       int
	Region   string // ISO 3166-1 alpha-2, or the phone metadata's own code
	DialCode string // "+93"
	Name     string // in English
}

// Patch is a change of one field: absent, or a new value, which for fields
// that can be empty may be nil.
type Patch[T any] struct {
	Set   bool
	Value T
}

// ProfileChange is what a user asks to change in their profile.
type ProfileChange struct {
	FirstName          Patch[*string]
	LastName           Patch[*string]
	Email              Patch[*string]
	DateOfBirth        Patch[*Date]
	MobileNumberPrefix Patch[*int]
	MobileNumber       Patch[*string]
	IsFlagAction       Patch[*bool]
}
