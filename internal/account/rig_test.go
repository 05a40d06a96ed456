package account_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/account"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/secret"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/testrig"
	"madeinlatino.net/madeinlatino/internal/testrig/dbrig"
	"madeinlatino.net/madeinlatino/internal/twitter"
	"madeinlatino.net/madeinlatino/internal/twitter/sandbox"
)

const callback = "http://app.example/callback"

// rig is the service over a fresh database and the real client before the
// sandbox.
type rig struct {
	*testing.T
	*account.Service
	store   *store.Store
	clock   *testrig.Clock
	sandbox *sandbox.Sandbox
	server  *httptest.Server
	client  *twitter.Client
	keys    *secret.Keyring
	logged  *syncBuffer
}

// each runs fn with a rig on each database.
func each(t *testing.T, fn func(r *rig)) {
	t.Helper()
	dbrig.Each(t, func(t *testing.T, s *store.Store) { fn(newRig(t, s)) })
}

func newRig(t *testing.T, s *store.Store) *rig {
	t.Helper()
	r := &rig{T: t, store: s, clock: testrig.NewClock(), logged: &syncBuffer{}}
	var err error
	r.sandbox, err = sandbox.New(sandbox.Config{
		ConsumerKey: "key", ConsumerSecret: "secret", CallbackURL: callback, Now: r.clock.Now, Unlimited: true,
	})
	require.NoError(t, err)
	r.server = httptest.NewServer(r.sandbox.Handler())
	t.Cleanup(r.server.Close)
	t.Cleanup(func() { require.NoError(t, r.sandbox.Close()) })
	r.client = twitter.New(twitter.Config{
		ConsumerKey: "key", ConsumerSecret: "secret", APIURL: r.server.URL, CallbackURL: callback,
		Transport: &http.Transport{}, Now: r.clock.Now, Timeout: 20 * time.Second,
	})
	r.keys = keyring(t, secret.Generate())
	r.Service = r.service(r.client, r.keys)
	return r
}

// service is another process on the same database.
func (r *rig) service(client account.Twitter, keys *secret.Keyring) *account.Service {
	s := account.New(account.Options{
		Store: r.store, Twitter: client, Keys: keys, Now: r.clock.Now,
		Log: slog.New(slog.NewJSONHandler(r.logged, nil)),
	})
	r.Cleanup(s.Drain)
	return s
}

func keyring(t *testing.T, value string) *secret.Keyring {
	t.Helper()
	k, err := secret.Parse(value)
	require.NoError(t, err)
	return k
}

// fan is a Twitter account with its access token.
func (r *rig) fan(name string) (sandbox.Account, twitter.Token) {
	r.Helper()
	a, err := r.sandbox.AddAccount(sandbox.Account{
		UserName: name, Name: name + " de la Cruz", Email: strings.ToLower(name) + "@example.com",
	})
	require.NoError(r, err)
	token, secret := r.sandbox.Token(a.ID)
	return a, twitter.Token{Token: token, Secret: secret}
}

// login logs an account in by its access token.
func (r *rig) login(token twitter.Token) account.Login {
	r.Helper()
	login, err := r.Login(r.Context(), token.Token, token.Secret)
	require.NoError(r, err)
	return login
}

// actor logs a new account in and gives the context of its requests.
func (r *rig) actor(name string) (context.Context, account.Login) {
	r.Helper()
	_, token := r.fan(name)
	login := r.login(token)
	return r.as(login.Key), login
}

// as is the context of a request with a key.
func (r *rig) as(key string) context.Context {
	r.Helper()
	actor, err := r.Authenticate(r.Context(), key)
	require.NoError(r, err)
	return fandom.WithActor(r.Context(), actor)
}

// start begins a login and gives its request token.
func (r *rig) start() string {
	r.Helper()
	address, err := r.StartLogin(r.Context())
	require.NoError(r, err)
	u, err := url.Parse(address)
	require.NoError(r, err)
	require.Equal(r, "/oauth/authenticate", u.Path)
	return u.Query().Get("oauth_token")
}

// allow answers Twitter's page for an account, and gives the callback's
// verifier.
func (r *rig) allow(requestToken, userName string) string {
	r.Helper()
	form := url.Values{"oauth_token": {requestToken}, "decision": {"allow"}, "username": {userName}}
	request, err := http.NewRequestWithContext(r.Context(), http.MethodPost,
		r.server.URL+"/oauth/authenticate", strings.NewReader(form.Encode()))
	require.NoError(r, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := browser.Do(request)
	require.NoError(r, err)
	_, _ = io.Copy(io.Discard, answer.Body)
	require.NoError(r, answer.Body.Close())
	location, err := url.Parse(answer.Header.Get("Location"))
	require.NoError(r, err)
	require.Equal(r, requestToken, location.Query().Get("oauth_token"))
	return location.Query().Get("oauth_verifier")
}

// count counts rows.
func (r *rig) count(table string) (n int) {
	r.Helper()
	require.NoError(r, r.store.Conn(r.Context()).QueryRowContext(r.Context(), `SELECT COUNT(*) FROM `+table).Scan(&n))
	return n
}

// exec changes the database behind the service's back.
func (r *rig) exec(query string, args ...any) {
	r.Helper()
	_, err := r.store.Conn(r.Context()).ExecContext(r.Context(), query, args...)
	require.NoError(r, err)
}

// empty checks that no login left anything behind but its attempt.
func (r *rig) empty() {
	r.Helper()
	for _, table := range []string{"users", "access_keys", "twitter_credentials"} {
		require.Zero(r, r.count(table), table)
	}
}

// code checks the code of an error and gives the error.
func (r *rig) code(code fandom.Code, err error) *fandom.Error {
	r.Helper()
	require.Error(r, err)
	require.Equal(r, code, fandom.CodeOf(err), err)
	return fandom.AsError(err)
}

// fields gives the names of the fields that an error is about.
func fields(err error) []string {
	e := fandom.AsError(err)
	if e == nil {
		return nil
	}
	names := []string{}
	for _, f := range e.Fields {
		names = append(names, f.Field)
	}
	return names
}

func ptr[T any](v T) *T { return &v }

// syncBuffer is a buffer for a log that goroutines share.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
