package twitter

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// serve starts a server of one handler and a client for it. What really checks
// is the sandbox; here are the things that a Twitter never does.
func serve(t *testing.T, h http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return New(Config{ConsumerKey: "k", ConsumerSecret: "consumer-s3cret", APIURL: server.URL + "/base/", Timeout: 10 * time.Second})
}

func anyToken() Token { return Token{Token: "tok-3n", Secret: "s3cret"} }

func TestRefusedDialIsUnavailableEvenForAWrite(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	c := New(Config{APIURL: "http://" + address})
	_, err = c.Post(t.Context(), anyToken(), Draft{Text: "a"})
	assert.Equal(t, Unavailable, ClassOf(err))
	_, err = c.RequestToken(t.Context())
	assert.Equal(t, Unavailable, ClassOf(err))
}

func TestEndedContextSendsNothing(t *testing.T) {
	t.Parallel()
	c := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := c.Post(ctx, anyToken(), Draft{Text: "a"})
	assert.Equal(t, Unavailable, ClassOf(err))
	require.ErrorIs(t, err, context.Canceled)
	_, err = c.PostByID(ctx, Token{}, "5")
	assert.Equal(t, Unavailable, ClassOf(err))
}

func TestTimeoutOfTheClient(t *testing.T) {
	t.Parallel()
	done := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-done
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(done) })
	c := New(Config{APIURL: server.URL, Timeout: 20 * time.Millisecond})
	_, err := c.Post(t.Context(), anyToken(), Draft{Text: "a"})
	assert.Equal(t, Uncertain, ClassOf(err))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	_, err = c.Me(t.Context(), anyToken())
	assert.Equal(t, Unavailable, ClassOf(err))
	_, err = c.AccessToken(t.Context(), anyToken(), "verifier")
	assert.Equal(t, Unavailable, ClassOf(err))
}

func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("followed, with %q", r.Header.Get("Authorization"))
	}))
	t.Cleanup(other.Close)
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	})
	_, err := c.Me(t.Context(), anyToken())
	assert.Equal(t, Unavailable, ClassOf(err))
	_, err = c.Post(t.Context(), anyToken(), Draft{Text: "a"})
	assert.Equal(t, Unavailable, ClassOf(err))
	_, err = c.RequestToken(t.Context())
	assert.Equal(t, Unavailable, ClassOf(err))
	_, err = c.UserByName(t.Context(), Token{}, "harry")
	assert.Equal(t, Unavailable, ClassOf(err))
}

func TestAnswersAreBounded(t *testing.T) {
	t.Parallel()
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"data":{"id":"5","text":"`+strings.Repeat("x", 2<<20)+`"}}`)
	})
	_, err := c.PostByID(t.Context(), anyToken(), "5")
	assert.Equal(t, Invalid, ClassOf(err))
	_, err = c.Post(t.Context(), anyToken(), Draft{Text: "a"})
	assert.Equal(t, Uncertain, ClassOf(err))
	assert.Less(t, len(err.Error()), 200)
}

func TestErrorsKeepSecrets(t *testing.T) {
	t.Parallel()
	// An answer that echoes everything it was sent.
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"detail":"tok-3n s3cret consumer-s3cret verif1er `+strings.Repeat("y", 5000)+`"}`)
	})
	_, first := c.Me(t.Context(), anyToken())
	_, second := c.AccessToken(t.Context(), anyToken(), "verif1er")
	_, third := c.UserByName(t.Context(), Token{}, "harry")
	// Each call takes out what it sent itself.
	for err, hidden := range map[error][]string{
		first:  {"tok-3n s", "consumer-s3cret"},
		second: {"tok-3n s", "consumer-s3cret", "verif1er"},
		third:  {"consumer-s3cret"},
	} {
		require.Error(t, err)
		for _, h := range hidden {
			assert.NotContains(t, err.Error(), h)
		}
		assert.Less(t, len(err.Error()), 700)
	}
}

func TestHandshakeAnswersThatMakeNoSense(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"html": "<html>", "empty": "", "not confirmed": "oauth_token=a&oauth_token_secret=b&oauth_callback_confirmed=false",
		"half": "oauth_token=a&oauth_callback_confirmed=true", "broken": "%zz",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
			_, err := c.RequestToken(t.Context())
			assert.Equal(t, Invalid, ClassOf(err))
			assert.NotContains(t, err.Error(), "zz")
		})
	}
}

func TestStaleBearerIsReplacedOnce(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	issued, asked := 0, 0
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if r.URL.Path == "/base/oauth2/token" {
			issued++
			_, _ = io.WriteString(w, `{"token_type":"bearer","access_token":"b`+string(rune('0'+issued))+`"}`)
			return
		}
		if asked++; r.Header.Get("Authorization") != "Bearer b2" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(w, `{"data":{"id":"7","username":"harry","name":"Harry","created_at":"Wed Aug 27 13:08:45 +0000 2008"}}`)
	})
	for range 2 {
		account, err := c.UserByName(t.Context(), Token{}, "harry")
		require.NoError(t, err)
		assert.Equal(t, "7", account.ID)
		assert.Equal(t, 2008, account.CreatedAt.Year())
	}
	assert.Equal(t, 2, issued)
	assert.Equal(t, 3, asked)
}

func TestRefusedAppIsUnavailable(t *testing.T) {
	t.Parallel()
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	_, err := c.PostByID(t.Context(), Token{}, "5")
	assert.Equal(t, Unavailable, ClassOf(err))
}

func TestNoPostsMustBeSaid(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]Class{`{"meta":{"result_count":0}}`: None, `{}`: Invalid, `{"data":[{"id":"x"}]}`: Invalid} {
		c := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
		posts, err := c.LatestPosts(t.Context(), anyToken(), "5", 10)
		assert.Equal(t, want, ClassOf(err), body)
		assert.Empty(t, posts)
	}
}

func TestImpossibleArgumentsAreNotSent(t *testing.T) {
	t.Parallel()
	c := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	ctx := t.Context()
	_, err := c.PostByID(ctx, Token{}, "../users/me")
	assert.Equal(t, NotFound, ClassOf(err))
	_, err = c.UserByName(ctx, Token{}, "a/b")
	assert.Equal(t, NotFound, ClassOf(err))
	_, err = c.UsersByIDs(ctx, Token{}, []string{"1,2"})
	assert.Equal(t, Rejected, ClassOf(err))
	_, err = c.Post(ctx, Token{}, Draft{Text: "a"})
	assert.Equal(t, Revoked, ClassOf(err))
	assert.Equal(t, Rejected, ClassOf(c.Like(ctx, anyToken(), "me", "5")))
	assert.Equal(t, NotFound, ClassOf(c.Follow(ctx, anyToken(), "5", "")))
	assert.Equal(t, Revoked, ClassOf(c.Repost(ctx, Token{}, "5", "6")))
}
