package secret_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"madeinlatino.net/madeinlatino/internal/secret"
)

func parse(t require.TestingT, value string) *secret.Keyring {
	k, err := secret.Parse(value)
	require.NoError(t, err)
	return k
}

func TestEverySpellingOfAKeyIsTheSameKey(t *testing.T) {
	master := bytes.Repeat([]byte{0xfb, 0xff}, 16) // has + and / in base64
	sealed := parse(t, base64.StdEncoding.EncodeToString(master)).Seal("text", "purpose")
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		plain, stale, err := parse(t, " "+e.EncodeToString(master)+" ").Open(sealed, "purpose")
		require.NoError(t, err)
		require.False(t, stale)
		require.Equal(t, "text", plain)
	}
}

func TestParseRefusesWithoutRepeating(t *testing.T) {
	good := secret.Generate()
	for _, value := range []string{
		"", "  ", "hunter2hunter2", good + ",", "," + good, good + ",hunter2", good[:40], good + good,
		base64.StdEncoding.EncodeToString(make([]byte, 31)), base64.StdEncoding.EncodeToString(make([]byte, 33)),
		strings.Repeat("é", 43),
	} {
		_, err := secret.Parse(value)
		require.Error(t, err, value)
		require.NotContains(t, err.Error(), "hunter2")
		require.NotContains(t, err.Error(), good[:10])
		require.Contains(t, err.Error(), "32 bytes in base64")
	}
}

func TestSealedOpensOnlyAsItWasSealed(t *testing.T) {
	keys := parse(t, secret.Generate())
	rapid.Check(t, func(rt *rapid.T) {
		plain := rapid.String().Draw(rt, "plain")
		context := rapid.String().Draw(rt, "context")
		sealed := keys.Seal(plain, context)
		require.NotEqual(rt, sealed, keys.Seal(plain, context), "the nonce is random")
		require.True(rt, bytes.HasPrefix(sealed, keys.Header()))

		opened, stale, err := keys.Open(sealed, context)
		require.NoError(rt, err)
		require.False(rt, stale)
		require.Equal(rt, plain, opened)

		_, _, err = keys.Open(sealed, context+"7")
		require.ErrorIs(rt, err, secret.ErrDamaged)
		_, _, err = keys.Open(sealed[:rapid.IntRange(0, len(sealed)-1).Draw(rt, "length")], context)
		require.Error(rt, err)
		sealed[rapid.IntRange(0, len(sealed)-1).Draw(rt, "place")] ^= 1 << rapid.IntRange(0, 7).Draw(rt, "bit")
		_, _, err = keys.Open(sealed, context)
		require.Error(rt, err)
	})
}

func TestRotation(t *testing.T) {
	oldKey, newKey := secret.Generate(), secret.Generate()
	sealed := parse(t, oldKey).Seal("text", "purpose")

	plain, stale, err := parse(t, oldKey+", "+newKey).Open(sealed, "purpose")
	require.NoError(t, err)
	require.False(t, stale)
	require.Equal(t, "text", plain)

	both := parse(t, newKey+","+oldKey)
	plain, stale, err = both.Open(sealed, "purpose")
	require.NoError(t, err)
	require.True(t, stale)
	require.Equal(t, "text", plain)

	_, _, err = parse(t, newKey).Open(sealed, "purpose")
	require.ErrorIs(t, err, secret.ErrUnknownKey)
	_, _, err = parse(t, newKey).Open(both.Seal("text", "purpose"), "purpose")
	require.NoError(t, err)
}

func TestDerive(t *testing.T) {
	key := secret.Generate()
	one := parse(t, key).Derive("one")
	require.Len(t, one, 32)
	require.Equal(t, one, parse(t, key+","+secret.Generate()).Derive("one"))
	require.NotEqual(t, one, parse(t, key).Derive("two"))
	require.NotEqual(t, one, parse(t, secret.Generate()).Derive("one"))
}

func TestKeyringShowsNothing(t *testing.T) {
	key := secret.Generate()
	k := parse(t, key)
	master, err := base64.StdEncoding.DecodeString(key)
	require.NoError(t, err)
	var shown strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&shown, verb+verb+verb, k, *k, struct{ Keys *secret.Keyring }{k})
	}
	for _, h := range []slog.Handler{slog.NewTextHandler(&shown, nil), slog.NewJSONHandler(&shown, nil)} {
		slog.New(h).Info("m", "keys", k, "value", *k, "in", struct{ K *secret.Keyring }{k})
	}
	data, err := json.Marshal(map[string]any{"k": k})
	require.NoError(t, err)
	shown.Write(data)
	for _, leak := range []string{key[:12], fmt.Sprintf("%x", master[:6]), fmt.Sprint(master[:4])[1:10]} {
		require.NotContains(t, shown.String(), leak)
	}
}
