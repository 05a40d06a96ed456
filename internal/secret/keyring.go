// Package secret owns the installation's own keys: it reads SECRET_KEY, makes
// a key file where none is configured, encrypts what is stored, and derives
// keys for other purposes. It knows nothing of what it encrypts.
//
// To rotate, run every process with "old,new" first, so that all can read what
// is to come, then with "new,old", which encrypts with the new key and lets the
// start re-encrypt what is stored, and then with "new" alone.
package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// KeySize is the length of a key in bytes.
const KeySize = 32

// idSize is the length of the key id in front of what is sealed, in bytes.
const idSize = 4

// format is the first byte of everything sealed. Another layout gets another.
const format = 1

// headerSize is how long format and key id are together, in bytes.
const headerSize = 1 + idSize

// redacted is what stands in a log in place of the keys.
const redacted = "[redacted]"

// The errors of Open. Neither says anything about the contents.
var (
	ErrUnknownKey = errors.New("it was encrypted with a key that is not among the configured ones")
	ErrDamaged    = errors.New("it is damaged, or was encrypted for another purpose")
)

// Keyring holds one or more keys: the first seals, all open. It is immutable
// and safe for concurrent use. However it is formatted, logged or encoded, it
// shows nothing.
type Keyring struct{ keys []key }

// key is one key, ready for use.
type key struct {
	header [headerSize]byte
	seal   cipher.AEAD
	master []byte
}

// Parse reads the value of SECRET_KEY: 32 bytes in base64 (standard or URL
// alphabet, padded or not), or several of them separated by commas. An error
// tells which key is wrong by its place, and never repeats the value.
func Parse(value string) (*Keyring, error) {
	k := &Keyring{}
	for text := range strings.SplitSeq(value, ",") {
		master, ok := decode(strings.TrimSpace(text))
		if !ok {
			return nil, fmt.Errorf("key %d is not %d bytes in base64; make one with: openssl rand -base64 %d",
				len(k.keys)+1, KeySize, KeySize)
		}
		made, err := newKey(master)
		if err != nil {
			return nil, fmt.Errorf("key %d cannot be used: %w", len(k.keys)+1, err)
		}
		k.keys = append(k.keys, made)
	}
	return k, nil
}

// decode reads a key in any of base64's four spellings.
func decode(text string) ([]byte, bool) {
	text = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(text, "="))
	master, err := base64.RawStdEncoding.DecodeString(text)
	return master, err == nil && len(master) == KeySize
}

// newKey derives what is used from a master key, so that the master itself
// touches no data and purposes cannot be confused.
func newKey(master []byte) (key, error) {
	k := key{master: master}
	id, err := hkdf.Key(sha256.New, master, nil, "key id", idSize)
	if err != nil {
		return key{}, err
	}
	k.header[0] = format
	copy(k.header[1:], id)
	sealing, err := hkdf.Key(sha256.New, master, nil, "seal", KeySize)
	if err != nil {
		return key{}, err
	}
	block, err := aes.NewCipher(sealing)
	if err != nil {
		return key{}, err
	}
	k.seal, err = cipher.NewGCMWithRandomNonce(block)
	return k, err
}

// Generate makes a new key in the form that Parse reads.
func Generate() string {
	master := make([]byte, KeySize)
	_, _ = rand.Read(master) // never fails: the program ends instead
	return base64.StdEncoding.EncodeToString(master)
}

// Seal encrypts with the first key. The context, such as
// "twitter_credential:7", is not stored: Open needs the same one, so that a
// sealed value serves in no other place.
func (k *Keyring) Seal(plaintext, context string) []byte {
	first := k.keys[0]
	sealed := append(make([]byte, 0, headerSize+len(plaintext)+first.seal.Overhead()), first.header[:]...)
	return first.seal.Seal(sealed, nil, []byte(plaintext), additional(first, context))
}

// Open decrypts what Seal made, with whichever key it was sealed. stale tells
// that this was another than the first key, so that it should be sealed anew.
// Errors: ErrUnknownKey, ErrDamaged.
func (k *Keyring) Open(sealed []byte, context string) (plaintext string, stale bool, err error) {
	if len(sealed) < headerSize || sealed[0] != format {
		return "", false, ErrDamaged
	}
	known := false
	for i, candidate := range k.keys {
		if string(sealed[:headerSize]) != string(candidate.header[:]) {
			continue
		}
		known = true
		opened, err := candidate.seal.Open(nil, nil, sealed[headerSize:], additional(candidate, context))
		if err == nil {
			return string(opened), i > 0 && candidate.header != k.keys[0].header, nil
		}
	}
	if known {
		return "", false, ErrDamaged
	}
	return "", false, ErrUnknownKey
}

// Header is what everything begins with that the first key seals. A query
// finds by it what is stale, without reading it.
func (k *Keyring) Header() []byte { return append([]byte(nil), k.keys[0].header[:]...) }

// additional binds the header and the context to what is sealed.
func additional(k key, context string) []byte {
	return append(k.header[:], context...)
}

// Derive makes a key of 32 bytes for a purpose from the first key. It changes
// when SECRET_KEY is rotated: what must outlive that is sealed instead.
func (k *Keyring) Derive(purpose string) []byte {
	derived, err := hkdf.Key(sha256.New, k.keys[0].master, nil, "purpose:"+purpose, KeySize)
	if err != nil {
		panic(err) // only for a length that HKDF cannot give
	}
	return derived
}

// String shows a placeholder.
func (k Keyring) String() string { return redacted }

// GoString shows a placeholder.
func (k Keyring) GoString() string { return redacted }

// Format shows the placeholder for every verb.
func (k Keyring) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue shows a placeholder.
func (k Keyring) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText shows a placeholder; JSON uses it.
func (k Keyring) MarshalText() ([]byte, error) { return []byte(redacted), nil }
