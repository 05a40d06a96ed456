package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fixedNow is the clock of these tests.
func fixedNow() time.Time { return time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC) }

func newTestSandbox(t *testing.T, change ...func(*Config)) *Sandbox {
	t.Helper()
	cfg := Config{ConsumerKey: "key", ConsumerSecret: "secret", BasePath: "/sandbox", Now: fixedNow, SignatureNow: fixedNow}
	for _, f := range change {
		f(&cfg)
	}
	s, err := New(cfg)
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// signing is a request to be signed, by what a client might get wrong.
type signing struct {
	method, target, body, contentType string
	key, secret, token, tokenSecret   string
	timestamp, nonce, method2, extra  string
	signedPath                        string
}

func (g signing) send(s *Sandbox) *httptest.ResponseRecorder {
	r := httptest.NewRequest(g.method, "http://localhost:8080"+g.target, strings.NewReader(g.body))
	if g.contentType != "" {
		r.Header.Set("Content-Type", g.contentType)
	}
	params := []param{
		{"oauth_consumer_key", g.key}, {"oauth_nonce", g.nonce}, {"oauth_signature_method", g.method2},
		{"oauth_timestamp", g.timestamp}, {"oauth_token", g.token}, {"oauth_version", "1.0"},
	}
	all := append([]param(nil), params...)
	query, _ := parseForm(r.URL.RawQuery)
	all = append(all, query...)
	if strings.HasPrefix(g.contentType, "application/x-www-form-urlencoded") {
		form, _ := parseForm(g.body)
		all = append(all, form...)
	}
	path := r.URL.EscapedPath()
	if g.signedPath != "" {
		path = g.signedPath
	}
	signature := hmacSHA1(baseString(g.method, "http", "localhost:8080", path, all), g.secret, g.tokenSecret)
	var parts []string
	for _, p := range append(params, param{"oauth_signature", signature}) {
		parts = append(parts, fmt.Sprintf("%s=%q", p.name, escape(p.value)))
	}
	r.Header.Set("Authorization", "OAuth "+strings.Join(parts, ", ")+g.extra)
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

// firstCode is the error code of an answer, 0 where it has none.
func firstCode(w *httptest.ResponseRecorder) int {
	var body struct{ Errors []codeMessage }
	if json.Unmarshal(w.Body.Bytes(), &body) != nil || len(body.Errors) == 0 {
		return 0
	}
	return body.Errors[0].Code
}

func TestAuthenticate(t *testing.T) {
	t.Parallel()
	s := newTestSandbox(t)
	fan, err := s.AddAccount(Account{UserName: "fan"})
	require.NoError(t, err)
	token, tokenSecret := s.Token(fan.ID)
	gone, err := s.AddAccount(Account{UserName: "gone"})
	require.NoError(t, err)
	goneToken, goneSecret := s.Token(gone.ID)
	require.NoError(t, s.Suspend(gone.ID))
	stamp := func(d time.Duration) string { return fmt.Sprint(fixedNow().Add(d).Unix()) }
	nonce := 0
	good := func(change func(*signing)) signing {
		nonce++
		g := signing{
			method: http.MethodGet, target: "/sandbox/2/users/me?user.fields=verified&b=1&a=2&a=%20x+y", key: "key", secret: "secret",
			token: token, tokenSecret: tokenSecret, timestamp: stamp(0), nonce: fmt.Sprint("n", nonce), method2: "HMAC-SHA1",
		}
		change(&g)
		return g
	}
	tests := []struct {
		name   string
		change func(*signing)
		status int
		code   int
	}{
		{"good", func(*signing) {}, 200, 0},
		{"300 s behind", func(g *signing) { g.timestamp = stamp(-300 * time.Second) }, 200, 0},
		{"300 s ahead", func(g *signing) { g.timestamp = stamp(300 * time.Second) }, 200, 0},
		{"301 s behind", func(g *signing) { g.timestamp = stamp(-301 * time.Second) }, 401, 135},
		{"301 s ahead", func(g *signing) { g.timestamp = stamp(301 * time.Second) }, 401, 135},
		{"no number", func(g *signing) { g.timestamp = "now" }, 401, 135},
		{"nonce of before", func(g *signing) { g.nonce = "n1" }, 401, 32},
		{"wrong consumer key", func(g *signing) { g.key = "other" }, 401, 32},
		{"wrong consumer secret", func(g *signing) { g.secret = "other" }, 401, 32},
		{"wrong token secret", func(g *signing) { g.tokenSecret = "other" }, 401, 32},
		{"unknown token", func(g *signing) { g.token = "other" }, 401, 89},
		{"no token", func(g *signing) { g.token, g.tokenSecret = "", "" }, 401, 89},
		{"another path was signed", func(g *signing) { g.signedPath = "/2/users/me" }, 401, 32},
		{"another method of signing", func(g *signing) { g.method2 = "PLAINTEXT" }, 400, 215},
		{"no nonce", func(g *signing) { g.nonce = "" }, 400, 215},
		{"a parameter twice", func(g *signing) { g.extra = `, oauth_nonce="x"` }, 400, 215},
		{"suspended", func(g *signing) { g.token, g.tokenSecret = goneToken, goneSecret }, 403, 64},
		{"json body is not signed", func(g *signing) {
			g.method, g.target, g.body, g.contentType = "POST", "/sandbox/2/tweets", `{"text":"a=b&c"}`, "application/json"
		}, 201, 0},
		{"form body is signed", func(g *signing) {
			g.method, g.target, g.body, g.contentType = "POST", "/sandbox/2/tweets", "text=a+b&text=", "application/x-www-form-urlencoded; charset=utf-8"
		}, 400, 0}, // the signature holds; the endpoint then wants JSON
	}
	for _, tt := range tests {
		w := good(tt.change).send(s)
		assert.Equal(t, tt.status, w.Code, "%s: %s", tt.name, w.Body)
		assert.Equal(t, tt.code, firstCode(w), tt.name)
	}

	require.NoError(t, s.RevokeTokens(fan.ID))
	w := good(func(*signing) {}).send(s)
	assert.Equal(t, 89, firstCode(w), "revoked")
	again, _ := s.Token(fan.ID)
	assert.NotEqual(t, token, again)
}

func TestForgedRequestUsesUpNoNonce(t *testing.T) {
	t.Parallel()
	s := newTestSandbox(t)
	fan, err := s.AddAccount(Account{UserName: "fan"})
	require.NoError(t, err)
	token, tokenSecret := s.Token(fan.ID)
	g := signing{
		method: http.MethodGet, target: "/sandbox/2/users/me", key: "key", secret: "secret", token: token, tokenSecret: "forged",
		timestamp: fmt.Sprint(fixedNow().Unix()), nonce: "n", method2: "HMAC-SHA1",
	}
	assert.Equal(t, http.StatusUnauthorized, g.send(s).Code)
	g.tokenSecret = tokenSecret
	assert.Equal(t, http.StatusOK, g.send(s).Code)
	assert.Equal(t, http.StatusUnauthorized, g.send(s).Code)
}

func TestNoncesAreForgotten(t *testing.T) {
	t.Parallel()
	n := newNonces()
	assert.True(t, n.use("a", fixedNow()))
	assert.False(t, n.use("a", fixedNow().Add(2*tolerance)))
	assert.True(t, n.use("b", fixedNow().Add(4*tolerance)))
	assert.Len(t, n.seen, 1)
}

func TestBearerToken(t *testing.T) {
	t.Parallel()
	s := newTestSandbox(t)
	ask := func(key, password, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "/sandbox/oauth2/token", strings.NewReader(body))
		r.SetBasicAuth(key, password)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		return w
	}
	assert.Equal(t, http.StatusOK, ask("key", "secret", "grant_type=client_credentials").Code)
	assert.Equal(t, 99, firstCode(ask("key", "other", "grant_type=client_credentials")))
	assert.Equal(t, 170, firstCode(ask("key", "secret", url.Values{"grant_type": {"password"}}.Encode())))
}
