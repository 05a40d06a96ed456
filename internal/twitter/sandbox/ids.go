package sandbox

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// snowflakeEpoch is Twitter's, in unix milliseconds.
const snowflakeEpoch = 1288834974657

// nextID returns a snowflake of now that is greater than every one before. The
// lock is held.
func (s *Sandbox) nextID(now time.Time) string {
	id := max((now.UnixMilli()-snowflakeEpoch)<<22, s.state.lastID+1)
	s.state.lastID = id // reserved even if the event then fails
	return strconv.FormatInt(id, 10)
}

// accountID derives an id from a user name, above 2^53 like real ones, the same
// on every machine; an id that is taken gives the next.
func (st *state) accountID(name string) string {
	sum := sha256.Sum256([]byte("account:" + strings.ToLower(name)))
	id := int64(1)<<60 + int64(binary.BigEndian.Uint64(sum[:8])>>8) // #nosec G115 -- 56 bits fit
	for st.accounts[strconv.FormatInt(id, 10)] != nil {
		id++
	}
	return strconv.FormatInt(id, 10)
}

// number reads an id; 0 for what is none.
func number(id string) int64 {
	n, _ := strconv.ParseInt(id, 10, 64)
	return n
}

func validID(s string) bool {
	return len(s) >= 1 && len(s) <= 19 && strings.Trim(s, "0123456789") == ""
}

func validName(s string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
	return len(s) >= 1 && len(s) <= 15 && strings.Trim(s, letters) == ""
}

// secret returns n random bytes as URL-safe text.
func secret(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// textKey finds a post that another would repeat. A quote carries the address of
// what it quotes and so repeats only a quote of the same.
type textKey struct{ author, text, quote string }

func keyOf(t *Tweet) textKey {
	return textKey{t.AuthorID, norm.NFC.String(strings.TrimSpace(t.Text)), t.Quote}
}
