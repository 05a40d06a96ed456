package fandom

import "net/url"

// ValidWebAddress reports whether text is an absolute http or https URL of a
// length that is stored.
func ValidWebAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(text) <= 2000
}
