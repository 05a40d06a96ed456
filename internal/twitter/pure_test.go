package twitter

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// vectorSecret is the consumer secret of the published test vectors.
const vectorSecret = "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw"

func TestWeight(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       int
	}{
		{"empty", "", 0},
		{"latin", "Hola, mundo", 11},
		{"composed and decomposed are the same", "cafe\u0301", 4},
		{"cyrillic counts one", "привет", 6},
		{"last character that counts one", "\u10FF", 1},
		{"first that counts two", "\u1100", 2},
		{"spaces of the punctuation block", "\u2000\u200D", 2},
		{"a hyphen between the ranges", "\u200E", 2},
		{"curly quotes", "“¡Hola!”", 8},
		{"primes", "\u2032\u2037", 2},
		{"the euro counts two", "€", 2},
		{"cjk", "故人西辞", 8},
		{"hangul syllable composed from letters", "\u1112\u1161\u11ab", 2},
		{"one emoji", "😀", 2},
		{"family", "👨‍👩‍👧‍👦", 2},
		{"skin tone", "👍🏽", 2},
		{"flag", "🇲🇽", 2},
		{"two flags", "🇲🇽🇨🇴", 4},
		{"flag made of tags", "🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F", 2},
		{"keycap", "1️⃣", 2},
		{"digit", "1", 1},
		{"copyright as text", "©", 1},
		{"copyright as emoji", "©️", 2},
		{"heart", "❤️", 2},
		{"heart on fire", "❤️‍🔥", 2},
		{"text style is no emoji", "☺︎", 4},
		{"url", "https://example.com", 23},
		{"long url", "https://example.com/" + strings.Repeat("a", 300) + "?b=c", 23},
		{"short bare domain", "see x.com now", 31},
		{"url in text", "Hi https://example.com/a, you", 31},
		{"full stop after url", "https://example.com.", 24},
		{"parentheses around url", "(https://example.com)", 25},
		{"unknown top-level domain", "readme.qqqq", 11},
		{"no host", "http://localhost", 16},
		{"e-mail is no url", "fan@example.com", 15},
		{"mention is no url", "@example.com", 12},
		{"other scheme", "ftp-example", 11},
		{"domain after cjk", "見て example.com", 5 + 23},
		{"two urls", "https://a.com https://b.com", 47},
		{"exactly full", strings.Repeat("a", MaxWeight), MaxWeight},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, Weight(tt.text))
		})
	}
}

// FuzzWeight holds what must be true of any text: no panic, never less than
// nothing, never more than two for each character or a URL.
func FuzzWeight(f *testing.F) {
	for _, seed := range []string{"", "a.com", "http://é.com/(a(b)c)?", "@x.co 🇲🇽‍\u200d", "\xff.com", "t.co/abc@", "-a.com-b.co_"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := Weight(text)
		assert.GreaterOrEqual(t, got, 0)
		assert.LessOrEqual(t, got, 2*3*len(text)+urlWeight*strings.Count(text, "."))
		assert.True(t, SameText(text, text))
	})
}

func TestSameText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, a, b string
		want       bool
	}{
		{"equal", "Vamos @harry", "Vamos @harry", true},
		{"escaped", "R&B < salsa", "R&amp;B &lt; salsa", true},
		{"the other way round", "R&amp;B", "R&B", true},
		{"entity written by the fan", "say &amp; twice", "say &amp;amp; twice", true},
		{"url", "see https://example.com/a?b=1&c=2 now", "see https://t.co/AbC123 now", true},
		{"bare domain", "see example.com", "see https://t.co/AbC123", true},
		{"decomposed", "cafe\u0301", "café", true},
		{"white space", "  a\r\nb ", "a\nb", true},
		{"another text", "Vamos @harry", "Vamos @harri", false},
		{"url against none", "see https://example.com", "see", false},
		{"case", "Vamos", "vamos", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, SameText(tt.a, tt.b))
			assert.Equal(t, tt.want, SameText(tt.b, tt.a))
		})
	}
}

func TestDraftMatches(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		draft Draft
		post  Post
		want  bool
	}{
		{"plain", Draft{Text: "a"}, Post{Text: "a"}, true},
		{"quote", Draft{Text: "a", Quote: "5"}, Post{Text: "a https://t.co/x1", Quote: "5"}, true},
		{"quote without a text", Draft{Quote: "5"}, Post{Text: "https://t.co/x1", Quote: "5"}, true},
		{"another quote", Draft{Text: "a", Quote: "5"}, Post{Text: "a https://t.co/x1", Quote: "6"}, false},
		{"a quote is not a plain post", Draft{Text: "a"}, Post{Text: "a", Quote: "6"}, false},
		{"reply", Draft{Text: "a", InReplyTo: "5"}, Post{Text: "@x @y a", InReplyTo: "5"}, true},
		{"reply to another", Draft{Text: "a", InReplyTo: "5"}, Post{Text: "a", InReplyTo: "7"}, false},
		{"names in front of a plain post", Draft{Text: "a"}, Post{Text: "@x a"}, false},
		{"repost", Draft{Text: "a"}, Post{Text: "a", RepostOf: "9"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, tt.draft.Matches(tt.post))
		})
	}
}

func TestIDsNamesAndTimes(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{"1": true, "1234567890123456789": true, "": false, "12345678901234567890": false, "1a": false, "-1": false, "١": false} {
		assert.Equal(t, want, ValidID(s), s)
	}
	for s, want := range map[string]bool{"a": true, "Bad_Bunny15": true, "abcdefghijklmno": true, "abcdefghijklmnop": false, "": false, "@a": false, "é": false, "a b": false} {
		assert.Equal(t, want, ValidUserName(s), s)
	}
	at, ok := SnowflakeTime("1460323737035677698") // (id >> 22) + 1288834974657 ms
	require.True(t, ok)
	assert.Equal(t, time.Date(2021, 11, 15, 19, 8, 5, 0, time.UTC), at.Truncate(time.Second))
	for _, s := range []string{"", "20", "x", "99999999999999999999"} {
		_, ok := SnowflakeTime(s)
		assert.False(t, ok, s)
	}
}

func TestImageURL(t *testing.T) {
	t.Parallel()
	const normal = "https://pbs.twimg.com/profile_images/1/a_normal.jpg"
	assert.Equal(t, "https://pbs.twimg.com/profile_images/1/a_bigger.jpg", ImageURL(normal, ImageBigger))
	assert.Equal(t, "https://pbs.twimg.com/profile_images/1/a_mini.jpg", ImageURL(normal, ImageMini))
	assert.Equal(t, "https://pbs.twimg.com/profile_images/1/a.jpg", ImageURL(normal, ImageOriginal))
	assert.Equal(t, normal, ImageURL("https://pbs.twimg.com/profile_images/1/a_mini.jpg", ImageNormal))
	for _, other := range []string{"", "https://example.com/a.png", "https://example.com/x_normal"} {
		want := strings.Replace(other, "_normal", "_mini", 1)
		assert.Equal(t, want, ImageURL(other, ImageMini))
	}
}

func TestIntentURL(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   Intent
		want string
	}{
		{Intent{Kind: IntentPost, Text: "¡Vamos! a+b & #c"}, "https://x.com/intent/post?text=%C2%A1Vamos%21%20a%2Bb%20%26%20%23c"},
		{Intent{Kind: IntentReply, Text: "hi", TweetID: "5"}, "https://x.com/intent/post?in_reply_to=5&text=hi"},
		{Intent{Kind: IntentQuote, Text: "hi", TweetID: "5"}, "https://x.com/intent/post?text=hi&url=https%3A%2F%2Fx.com%2Fi%2Fweb%2Fstatus%2F5"},
		{Intent{Kind: IntentRepost, TweetID: "5", Text: "not used"}, "https://x.com/intent/retweet?tweet_id=5"},
		{Intent{Kind: IntentLike, TweetID: "5"}, "https://x.com/intent/like?tweet_id=5"},
		{Intent{Kind: IntentFollow, UserName: "harry"}, "https://x.com/intent/follow?screen_name=harry"},
		{Intent{Kind: "other"}, ""},
	}
	for _, tt := range tests {
		assert.Equal(t, tt.want, IntentURL(tt.in))
	}
	assert.Equal(t, "https://x.com/harry/status/5", PostURL("harry", "5"))
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	const signature = "sha256=fEuxOLDBLAelWzrbiPf4nLQ5YuNeAsRY2b57Qbq/T8o="
	body := []byte(`{"for_user_id":"2244994945"}`)
	assert.Equal(t, "sha256=nlBfoc+sYi739ivT57rTKKl7OQM8PcJSNybJqfjoBUk=", ChallengeResponse(vectorSecret, "challenge_string"))
	assert.True(t, VerifySignature(vectorSecret, body, signature))
	for _, bad := range []string{"", "sha256=", strings.TrimPrefix(signature, "sha256="), strings.ToLower(signature), signature + "="} {
		assert.False(t, VerifySignature(vectorSecret, body, bad), bad)
	}
	assert.False(t, VerifySignature(vectorSecret, append(body, ' '), signature))
	assert.False(t, VerifySignature("other", body, signature))

	assert.True(t, ValidChallenge("AZaz09+/=_.-"))
	for _, bad := range []string{"", `{"for_user_id":"1"}`, "a b", "a\n", strings.Repeat("a", 201)} {
		assert.False(t, ValidChallenge(bad), bad)
	}
}

func TestTokenNeverShows(t *testing.T) {
	t.Parallel()
	token := Token{Token: "public-part", Secret: "hidden-part"}
	holder := struct{ T Token }{token}
	cfg := Config{ConsumerKey: "key", ConsumerSecret: "hidden-part"}
	var out strings.Builder
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "token", token, "holder", holder, "cfg", cfg)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "token", token, "holder", holder)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		_, _ = fmt.Fprintf(&out, verb+verb+verb+verb, token, &holder, cfg, New(cfg))
	}
	assert.NotContains(t, out.String(), "part")
	assert.NotContains(t, out.String(), "68696464656e", "in hexadecimal")
	_, err := json.Marshal(token)
	assert.Error(t, err)
}
