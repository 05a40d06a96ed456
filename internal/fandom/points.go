package fandom

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Points is an amount of points in hundredths: 1250 is 12.5 points. It is
// the only representation that is ever added up; decimals exist at the edges
// (JSON, CSV, templates) alone.
type Points int64

// MaxPoints bounds what one action or adjustment can be worth: a million
// points. It keeps every sum far below 2^53 hundredths, the largest integer
// that JSON clients read exactly.
const MaxPoints Points = 1_000_000_00

// String gives the decimal form that clients see. It always shows a decimal
// point and no trailing zeros beyond the first place: 20.0, 12.25, -0.5.
func (p Points) String() string {
	return string(p.Append(nil))
}

// Append appends the decimal form to b, for encoders that must not allocate.
func (p Points) Append(b []byte) []byte {
	u := uint64(p)
	if p < 0 {
		b = append(b, '-')
		u = -u
	}
	b = strconv.AppendUint(b, u/100, 10)
	rest := u % 100
	b = append(b, '.', byte('0'+rest/10))
	if rest%10 != 0 {
		b = append(b, byte('0'+rest%10))
	}
	return b
}

// MarshalJSON writes the decimal form as a JSON number.
func (p Points) MarshalJSON() ([]byte, error) { return p.Append(nil), nil }

// MarshalGQL writes the decimal form as a GraphQL Float.
func (p Points) MarshalGQL(w io.Writer) { _, _ = w.Write(p.Append(nil)) }

// UnmarshalGQL reads a GraphQL Float or Int. Errors: more than two decimals,
// or beyond MaxPoints.
func (p *Points) UnmarshalGQL(v any) error {
	text := ""
	switch v := v.(type) {
	case json.Number:
		text = v.String()
	case float64:
		text = strconv.FormatFloat(v, 'f', -1, 64)
	case int:
		text = strconv.Itoa(v)
	case int64:
		text = strconv.FormatInt(v, 10)
	default:
		return Errorf(Invalid, "Points are a number.")
	}
	parsed, err := ParsePoints(text)
	if err != nil {
		return Errorf(Invalid, "%s.", err)
	}
	*p = parsed
	return nil
}

// ParsePoints reads a decimal number exactly. Errors: not a number, more than
// two decimals, or beyond ±MaxPoints.
func ParsePoints(text string) (Points, error) {
	if strings.ContainsAny(text, "eE") {
		// JSON permits 1e2. Only exponents go through a float, and only to
		// be written out again as a plain decimal.
		f, err := strconv.ParseFloat(text, 64)
		// ParseFloat knows more forms, such as 0x1ep0.
		if err != nil || strings.Trim(text, "0123456789+-.eE") != "" {
			return 0, fmt.Errorf("%q is not a number of points", text)
		}
		text = strconv.FormatFloat(f, 'f', -1, 64)
	}
	digits, negative := strings.CutPrefix(text, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	if len(strings.TrimRight(fraction, "0")) > 2 {
		return 0, fmt.Errorf("points have at most two decimals, got %s", text)
	}
	fraction = (fraction + "00")[:2]
	if whole == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return 0, fmt.Errorf("%q is not a number of points", text)
	}
	hundredths, err := strconv.ParseInt(whole+fraction, 10, 64)
	if err != nil || Points(hundredths) > MaxPoints {
		return 0, fmt.Errorf("points must lie between -%s and %s", MaxPoints, MaxPoints)
	}
	if negative {
		hundredths = -hundredths
	}
	return Points(hundredths), nil
}
