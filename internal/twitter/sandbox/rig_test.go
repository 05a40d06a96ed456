package sandbox_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/twitter"
	"madeinlatino.net/madeinlatino/internal/twitter/sandbox"
)

const callback = "http://app.example/callback?from=login"

// clock is a time that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// rig is the real client before the sandbox, over HTTP.
type rig struct {
	*testing.T
	sandbox *sandbox.Sandbox
	server  *httptest.Server
	client  *twitter.Client
	clock   *clock
	browser *http.Client
	fan     sandbox.Account
	token   twitter.Token
	artist  sandbox.Account
}

func newRig(t *testing.T, change ...func(*sandbox.Config)) *rig {
	t.Helper()
	r := &rig{T: t, clock: &clock{now: time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)}}
	cfg := sandbox.Config{ConsumerKey: "key", ConsumerSecret: "secret", CallbackURL: callback, BasePath: "/sandbox", Now: r.clock.Now}
	for _, f := range change {
		f(&cfg)
	}
	var err error
	r.sandbox, err = sandbox.New(cfg)
	require.NoError(t, err)
	r.server = httptest.NewServer(r.sandbox.Handler())
	t.Cleanup(r.server.Close)
	t.Cleanup(func() { _ = r.sandbox.Close() })
	r.client = r.newClient(func(*twitter.Config) {})
	r.browser = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r.fan, r.token = r.account("Fan")
	r.artist, _ = r.account("Harry")
	return r
}

func (r *rig) newClient(change func(*twitter.Config)) *twitter.Client {
	cfg := twitter.Config{
		ConsumerKey: "key", ConsumerSecret: "secret", APIURL: r.server.URL + "/sandbox", CallbackURL: callback,
		Timeout: 20 * time.Second, Transport: &http.Transport{}, Now: r.clock.Now,
	}
	change(&cfg)
	return twitter.New(cfg)
}

func (r *rig) account(name string) (sandbox.Account, twitter.Token) {
	r.Helper()
	a, err := r.sandbox.AddAccount(sandbox.Account{UserName: name, Name: name + " Display", Email: name + "@example.com"})
	require.NoError(r, err)
	token, secret := r.sandbox.Token(a.ID)
	return a, twitter.Token{Token: token, Secret: secret}
}

// artistTweet is a post of the artist's to act on.
func (r *rig) artistTweet() string {
	r.Helper()
	t, err := r.sandbox.AddTweet(sandbox.Tweet{AuthorID: r.artist.ID, Text: "New album"})
	require.NoError(r, err)
	return t.ID
}

// get opens a page as a browser does.
func (r *rig) get(address string) (int, string) {
	r.Helper()
	return r.browse(http.MethodGet, address, nil)
}

// submit sends the consent form and returns the callback's parameters.
func (r *rig) submit(form url.Values) url.Values {
	r.Helper()
	request, err := http.NewRequestWithContext(r.Context(), http.MethodPost, r.server.URL+"/sandbox/oauth/authenticate", strings.NewReader(form.Encode()))
	require.NoError(r, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := r.browser.Do(request)
	require.NoError(r, err)
	defer func() { _ = resp.Body.Close() }()
	require.Equal(r, http.StatusSeeOther, resp.StatusCode)
	address, err := url.Parse(resp.Header.Get("Location"))
	require.NoError(r, err)
	require.Equal(r, "app.example/callback", address.Host+address.Path)
	require.Equal(r, "login", address.Query().Get("from"))
	return address.Query()
}

func (r *rig) browse(method, address string, form url.Values) (int, string) {
	r.Helper()
	request, err := http.NewRequestWithContext(r.Context(), method, address, strings.NewReader(form.Encode()))
	require.NoError(r, err)
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := r.browser.Do(request)
	require.NoError(r, err)
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	require.NoError(r, err)
	return resp.StatusCode, string(body)
}

// untilReached returns a context that ends when the injected fault strikes: the
// client gives up without anybody waiting.
func (r *rig) untilReached(f sandbox.Fault) context.Context {
	ctx, cancel := context.WithCancel(r.Context())
	r.Cleanup(cancel)
	f.Reached = cancel
	r.sandbox.Inject(f)
	return ctx
}
