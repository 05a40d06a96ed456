package phone

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// The shortest and longest number that anybody types, in digits: a number has
// at most 15, its country's included, and up to three may dial abroad.
const (
	minDigits = 4
	maxDigits = 18
)

// maxLength is how long a number is with everything that is typed around its
// digits, in characters.
const maxLength = 32

// Plausible reports whether text has the form of a telephone number: digits,
// which spaces, brackets, dots, slashes and hyphens may group, with at most a
// plus in front. Letters and extensions are no part of a mobile number.
func Plausible(text string) bool {
	text = strings.TrimSpace(text)
	digits, length := 0, 0
	for i, r := range text {
		length++
		switch {
		case unicode.IsDigit(r):
			digits++
		case r == '+' && i == 0:
		case strings.ContainsRune(" \u00a0().-/\u2010\u2011", r):
		default:
			return false
		}
	}
	return digits >= minDigits && digits <= maxDigits && length <= maxLength
}

// Possible reports whether a number can exist behind a dialling code: it has
// the form of a number and a length that numbers there have, area code
// included. It may be typed as at home, with or without the digit that is
// dialled first there, or in full with a plus, then with that same code.
// The region decides how a number is typed at home; dialCode is "+57".
func Possible(dialCode, region, number string) bool {
	if !Plausible(number) {
		return false
	}
	code := strings.TrimPrefix(dialCode, "+")
	parsed, err := phonenumbers.Parse(number, region)
	if err != nil || code != strconv.Itoa(int(parsed.GetCountryCode())) {
		return false
	}
	return phonenumbers.IsPossibleNumberWithReason(parsed) == phonenumbers.IS_POSSIBLE
}
