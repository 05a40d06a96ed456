package twitter

import (
	"path"
	"strconv"
	"strings"
	"time"
)

// snowflakeEpoch is the time of a snowflake whose upper bits are zero, in unix
// milliseconds.
const snowflakeEpoch = 1288834974657

// ValidID reports whether s can be the id of a post or an account: one to
// nineteen digits.
func ValidID(s string) bool {
	return ofLength(s, 19, func(b byte) bool { return '0' <= b && b <= '9' })
}

// ValidUserName reports whether s can be a user name as somebody types it, with
// no "@": one to fifteen letters, digits and underscores. Twitter itself has
// some that are longer.
func ValidUserName(s string) bool { return ofLength(s, 15, nameByte) }

// possibleUserName is [ValidUserName] with room for the long names of old.
func possibleUserName(s string) bool { return ofLength(s, 50, nameByte) }

func nameByte(b byte) bool {
	return '0' <= b && b <= '9' || 'A' <= b && b <= 'Z' || 'a' <= b && b <= 'z' || b == '_'
}

func ofLength(s string, longest int, allowed func(byte) bool) bool {
	if s == "" || len(s) > longest {
		return false
	}
	for i := range len(s) {
		if !allowed(s[i]) {
			return false
		}
	}
	return true
}

// SnowflakeTime returns when the post or account with that id was made, to the
// millisecond, in UTC; false where the id cannot tell (ids from before November
// 2010 are plain numbers).
func SnowflakeTime(id string) (time.Time, bool) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || !ValidID(id) || n>>22 == 0 {
		return time.Time{}, false
	}
	return time.UnixMilli(n>>22 + snowflakeEpoch).UTC(), true
}

// ImageSize is a size in which Twitter keeps a profile image.
type ImageSize string

// The sizes of a profile image.
const (
	ImageMini     ImageSize = "_mini"   // 24 px
	ImageNormal   ImageSize = "_normal" // 48 px
	ImageBigger   ImageSize = "_bigger" // 73 px
	ImageOriginal ImageSize = ""        // as uploaded
)

// ImageURL returns the address of a profile image in another size. An address
// that is not of Twitter's form is returned as it is.
func ImageURL(address string, size ImageSize) string {
	ext := path.Ext(address)
	base := strings.TrimSuffix(address, ext)
	if strings.ContainsAny(ext, "/?#") {
		return address
	}
	for _, s := range []ImageSize{ImageMini, ImageNormal, ImageBigger} {
		if stem, ok := strings.CutSuffix(base, string(s)); ok {
			return stem + string(size) + ext
		}
	}
	return address
}

// looseTime reads a time of v2 (RFC 3339) or of v1.1 (Go's RubyDate); anything
// else is the zero time, since no call is worth failing for it.
type looseTime struct{ time.Time }

func (t *looseTime) UnmarshalJSON(b []byte) error {
	text, err := strconv.Unquote(string(b))
	if err != nil {
		return nil
	}
	for _, layout := range []string{time.RFC3339Nano, time.RubyDate} {
		if at, err := time.Parse(layout, text); err == nil {
			t.Time = at.UTC()
			return nil
		}
	}
	return nil
}
