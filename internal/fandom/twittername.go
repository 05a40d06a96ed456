package fandom

import (
	"regexp"
	"strings"
)

var (
	userNameForm = regexp.MustCompile(`^[A-Za-z0-9_]{1,15}$`)
	tweetIDForm  = regexp.MustCompile(`^[0-9]{1,19}$`)
)

// ParseTwitterUserName reads a name as a person types it: surrounding space
// and a leading @ are dropped. ok is false where it cannot be a Twitter name.
func ParseTwitterUserName(text string) (name string, ok bool) {
	name = strings.TrimPrefix(strings.TrimSpace(text), "@")
	return name, userNameForm.MatchString(name)
}

// NameKey is what two spellings of one Twitter user name have in common.
// Names are unique by it and looked up by it.
func NameKey(name string) string { return strings.ToLower(name) }

// Mentions reports whether a text mentions a Twitter account by its @name, and
// not only one whose name begins like it.
func Mentions(text, name string) bool {
	return regexp.MustCompile(`(?i)(^|[^0-9a-z_@])@` + regexp.QuoteMeta(name) + `($|[^0-9a-z_])`).MatchString(text)
}

// ValidTweetID reports whether id has the form of a tweet id.
func ValidTweetID(id string) bool { return tweetIDForm.MatchString(id) }

// SplitDisplayName splits Twitter's display name at its first space into the
// public first and last name.
func SplitDisplayName(display string) (first, last string) {
	first, last, _ = strings.Cut(strings.TrimSpace(display), " ")
	return first, strings.TrimSpace(last)
}
