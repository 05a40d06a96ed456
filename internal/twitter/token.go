package twitter

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// redacted is what stands in a log in place of a credential.
const redacted = "[redacted]"

// errTokenMarshal makes a token that is about to be written as plain JSON fail
// loudly instead of leaking, or of being replaced in silence by a placeholder.
var errTokenMarshal = errors.New("twitter: a token must not be marshalled; encrypt its fields")

// Token is a pair of OAuth 1.0a credentials: a request token during a login, or
// the access token of a fan. The zero Token means "no fan is acting".
//
// However it is formatted or logged, it shows neither of its two fields.
type Token struct {
	Token  string
	Secret string
}

// IsZero reports whether there is no token, so that the app itself asks.
func (t Token) IsZero() bool { return t == Token{} }

// String returns a placeholder.
func (t Token) String() string { return redacted }

// GoString returns a placeholder.
func (t Token) GoString() string { return redacted }

// Format writes the placeholder for every verb: %x and %d ask no String method.
func (t Token) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue returns a placeholder.
func (t Token) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalJSON always fails: slog's JSON handler and careless encoders would
// otherwise write the secret of a token that is a field of something else.
func (t Token) MarshalJSON() ([]byte, error) { return nil, errTokenMarshal }
