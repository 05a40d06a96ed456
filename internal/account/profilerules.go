package account

import (
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

const (
	// maxEmail is how long an e-mail address is, in characters.
	maxEmail = 254
	// maxLocalPart is how long the part before the @ is, in bytes.
	maxLocalPart = 64
	// maxLabel is how long one part of a host name is, in bytes.
	maxLabel = 63
	// firstBirthYear is the earliest year of birth that anybody alive has.
	firstBirthYear = 1900
)

// checkProfile brings the fields that stand alone into the form in which they
// are stored and gives what is wrong with them.
func checkProfile(change *fandom.ProfileChange, today fandom.Date) (fields []fandom.FieldError) {
	names := []struct {
		field string
		patch *fandom.Patch[*string]
	}{{"first_name", &change.FirstName}, {"last_name", &change.LastName}}
	for _, n := range names {
		if n.patch.Value = trimmed(n.patch.Value); n.patch.Value == nil {
			continue
		}
		name := titleCapitals(*n.patch.Value)
		n.patch.Value = &name
		if wrong := checkName(name); wrong != nil {
			wrong.Field = n.field
			fields = append(fields, *wrong)
		}
	}
	if change.Email.Value = trimmed(change.Email.Value); change.Email.Value != nil {
		if wrong := checkEmail(*change.Email.Value); wrong != nil {
			fields = append(fields, *wrong)
		}
	}
	if date := change.DateOfBirth.Value; date != nil && !possibleBirth(*date, today) {
		fields = append(fields, fandom.FieldError{
			Field: "date_of_birth", Message: "This is not a possible date of birth: a real day since 1900, not in the future.",
		})
	}
	if change.IsFlagAction.Set && change.IsFlagAction.Value == nil {
		fields = append(fields, fandom.FieldError{
			Field: "is_flag_action", Reason: fandom.ReasonRequired, Message: "This is true or false, and cannot be null.",
		})
	}
	return fields
}

// trimmed drops surrounding space; nil where nothing is left.
func trimmed(text *string) *string {
	if text == nil {
		return nil
	}
	return nonEmpty(strings.TrimSpace(*text))
}

func checkName(name string) *fandom.FieldError {
	switch {
	case utf8.RuneCountInString(name) > maxName:
		return &fandom.FieldError{Reason: fandom.ReasonTooLong, Message: "A name has at most 150 characters."}
	case !printable(name):
		return &fandom.FieldError{Message: "A name cannot hold control characters."}
	default:
		return nil
	}
}

// printable refuses control characters, line and paragraph separators, what
// turns the direction of the text around it, and bytes that are no text.
func printable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control)
	})
}

// titleCapitals puts a name that was typed in capitals only, of two letters or
// more, into title case: each run of letters begins with a capital. Any other
// name stays as it is, and so does a script that has no capitals.
func titleCapitals(name string) string {
	letters := 0
	for _, r := range name {
		if unicode.IsLetter(r) {
			letters++
			if !unicode.IsUpper(r) {
				return name
			}
		}
	}
	if letters < 2 {
		return name
	}
	inside := false
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsMark(r): // an accent that is a character of its own
			return r
		case !unicode.IsLetter(r):
			inside = false
			return r
		case inside:
			return unicode.ToLower(r)
		default:
			inside = true
			return unicode.ToTitle(r)
		}
	}, name)
}

// checkEmail checks the form of an e-mail address: the bare address of a
// mailbox in a domain.
func checkEmail(text string) *fandom.FieldError {
	if utf8.RuneCountInString(text) > maxEmail {
		return &fandom.FieldError{
			Field: "email", Reason: fandom.ReasonTooLong, Message: "An e-mail address has at most 254 characters.",
		}
	}
	address, err := mail.ParseAddress(text)
	if err != nil || address.Name != "" || address.Address != text || !printable(text) || !mailbox(text) {
		return &fandom.FieldError{Field: "email", Message: "This is not an e-mail address."}
	}
	return nil
}

// mailbox checks what net/mail leaves open: lengths, and that the domain is
// the name of a host.
func mailbox(address string) bool {
	at := strings.LastIndexByte(address, '@')
	local, domain := address[:at], address[at+1:]
	labels := strings.Split(domain, ".")
	if len(local) > maxLocalPart || len(labels) < 2 {
		return false
	}
	for _, label := range labels {
		if label == "" || len(label) > maxLabel || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
		for _, r := range label {
			if !unicode.In(r, unicode.Letter, unicode.Mark, unicode.Digit) && r != '-' {
				return false
			}
		}
	}
	return true
}

// possibleBirth reports whether the day exists and somebody can have been born
// on it.
func possibleBirth(date, today fandom.Date) bool {
	exists := fandom.DateOf(time.Date(date.Year, date.Month, date.Day, 0, 0, 0, 0, time.UTC)) == date
	return exists && date.Year >= firstBirthYear && !today.Before(date)
}
