package sandbox_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/twitter"
	"madeinlatino.net/madeinlatino/internal/twitter/sandbox"
)

// Each fault with the class that the client makes of it, on a create and on a
// read, and whether the create happened all the same.
func TestFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind  sandbox.FaultKind
		write twitter.Class
		read  twitter.Class
		made  bool
	}{
		{sandbox.FaultRateLimited, twitter.RateLimited, twitter.RateLimited, false},
		{sandbox.FaultDailyLimit, twitter.RateLimited, twitter.RateLimited, false},
		{sandbox.FaultDuplicate, twitter.Duplicate, twitter.Duplicate, false},
		{sandbox.FaultDuplicateContent, twitter.Duplicate, twitter.Duplicate, false},
		{sandbox.FaultLocked, twitter.Suspended, twitter.Suspended, false},
		{sandbox.FaultOutOfCredit, twitter.OutOfCredit, twitter.OutOfCredit, false},
		{sandbox.FaultUsageCapped, twitter.OutOfCredit, twitter.OutOfCredit, false},
		{sandbox.FaultPlan, twitter.NotPermitted, twitter.NotPermitted, false},
		{sandbox.FaultClientForbidden, twitter.NotPermitted, twitter.NotPermitted, false},
		{sandbox.FaultErrorBefore, twitter.Uncertain, twitter.Unavailable, false},
		{sandbox.FaultErrorAfter, twitter.Uncertain, twitter.Unavailable, true},
		{sandbox.FaultHangBefore, twitter.Uncertain, twitter.Unavailable, false},
		{sandbox.FaultDropBefore, twitter.Uncertain, twitter.Unavailable, false},
		{sandbox.FaultDropAfter, twitter.Uncertain, twitter.Unavailable, true},
		{sandbox.FaultHTML, twitter.Uncertain, twitter.Invalid, true},
		{sandbox.FaultTruncated, twitter.Uncertain, twitter.Invalid, true},
		{sandbox.FaultWrongTypes, twitter.Uncertain, twitter.Invalid, true},
		{sandbox.FaultErrorsNoData, twitter.Uncertain, twitter.Invalid, true},
		{sandbox.FaultNewFieldNames, twitter.None, twitter.None, true},
	}
	for _, tt := range tests {
		t.Run(string(tt.kind), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.artistTweet()
			ctx := t.Context()
			if tt.kind == sandbox.FaultHangBefore {
				ctx = r.untilReached(sandbox.Fault{Method: http.MethodPost, Kind: tt.kind, Times: 1})
			} else {
				r.sandbox.Inject(sandbox.Fault{Method: http.MethodPost, Path: "/2/tweets", Kind: tt.kind, Times: 1})
			}
			_, err := r.client.Post(ctx, r.token, twitter.Draft{Text: "a"})
			assert.Equal(t, tt.write, twitter.ClassOf(err), "%v", err)
			assert.Equal(t, tt.made, len(r.sandbox.TweetsBy(r.fan.ID)) == 1)

			ctx = t.Context()
			if tt.kind == sandbox.FaultHangBefore {
				ctx = r.untilReached(sandbox.Fault{Kind: tt.kind, Times: 1})
			} else {
				r.sandbox.Inject(sandbox.Fault{Path: "/2/users/*/tweets", AccountID: r.fan.ID, Kind: tt.kind})
			}
			_, err = r.client.LatestPosts(ctx, r.token, r.artist.ID, 5)
			assert.Equal(t, tt.read, twitter.ClassOf(err), "%v", err)

			r.sandbox.ClearFaults()
			posts, err := r.client.LatestPosts(t.Context(), r.token, r.artist.ID, 5)
			require.NoError(t, err)
			assert.Len(t, posts, 1)
		})
	}
}

// A read whose kept connection breaks is repeated with a nonce of its own. Sent
// again as it was, it would be refused as a replay: "revoked".
func TestReadOverABrokenConnection(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, token := range []twitter.Token{r.token, {}} {
		for _, kind := range []sandbox.FaultKind{sandbox.FaultDropBefore, sandbox.FaultDropAfter} {
			_, err := r.client.UserByID(t.Context(), token, r.fan.ID)
			require.NoError(t, err)
			r.sandbox.Inject(sandbox.Fault{Kind: kind, Times: 1})
			_, err = r.client.UserByID(t.Context(), token, r.fan.ID)
			require.NoError(t, err, kind)
			r.sandbox.Inject(sandbox.Fault{Kind: kind})
			_, err = r.client.UserByID(t.Context(), token, r.fan.ID)
			assert.Equal(t, twitter.Unavailable, twitter.ClassOf(err), kind)
			r.sandbox.ClearFaults()
		}
	}
}

func TestHangAfterTheActHappened(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := r.untilReached(sandbox.Fault{Path: "/2/tweets", Kind: sandbox.FaultHangAfter})
	_, err := r.client.Post(ctx, r.token, twitter.Draft{Text: "a"})
	assert.Equal(t, twitter.Uncertain, twitter.ClassOf(err))
	assert.Len(t, r.sandbox.TweetsBy(r.fan.ID), 1)
	require.ErrorIs(t, err, context.Canceled)
}

func TestHangingRequestsGoOn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.sandbox.Inject(sandbox.Fault{Kind: sandbox.FaultHangBefore, Reached: r.sandbox.ClearFaults})
	_, err := r.client.Post(t.Context(), r.token, twitter.Draft{Text: "late"})
	require.NoError(t, err)
	assert.Len(t, r.sandbox.Tweets(), 1)
}

func TestFaultsOfActsLoginAndEmail(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := t.Context()
	target := r.artistTweet()
	for _, path := range []string{"/2/users/*/retweets", "/2/users/*/likes", "/2/users/*/following"} {
		r.sandbox.Inject(sandbox.Fault{Path: path, Kind: sandbox.FaultErrorAfter, Status: 500, Times: 1})
	}
	assert.Equal(t, twitter.Uncertain, twitter.ClassOf(r.client.Repost(ctx, r.token, r.fan.ID, target)))
	assert.Equal(t, twitter.Uncertain, twitter.ClassOf(r.client.Like(ctx, r.token, r.fan.ID, target)))
	assert.Equal(t, twitter.Uncertain, twitter.ClassOf(r.client.Follow(ctx, r.token, r.fan.ID, r.artist.ID)))
	assert.Equal(t, twitter.AlreadyDone, twitter.ClassOf(r.client.Repost(ctx, r.token, r.fan.ID, target)))
	assert.NoError(t, r.client.Like(ctx, r.token, r.fan.ID, target))

	r.sandbox.Inject(sandbox.Fault{Path: "/1.1/account/verify_credentials.json", Kind: sandbox.FaultPlan, Times: 1})
	email, err := r.client.Email(ctx, r.token)
	require.NoError(t, err)
	assert.Empty(t, email)
	r.sandbox.Inject(sandbox.Fault{Path: "/1.1/account/verify_credentials.json", Kind: sandbox.FaultRateLimited, Times: 1})
	_, err = r.client.Email(ctx, r.token)
	assert.Equal(t, twitter.RateLimited, twitter.ClassOf(err))
	assert.Equal(t, r.clock.Now().Add(15*time.Minute), twitter.RetryAt(err))

	r.sandbox.Inject(sandbox.Fault{Path: "/oauth/request_token", Kind: sandbox.FaultErrorBefore, Times: 1})
	_, err = r.client.RequestToken(ctx)
	assert.Equal(t, twitter.Unavailable, twitter.ClassOf(err))
	r.sandbox.Inject(sandbox.Fault{Path: "/oauth/request_token", Kind: sandbox.FaultHTML, Times: 1})
	_, err = r.client.RequestToken(ctx)
	assert.Equal(t, twitter.Invalid, twitter.ClassOf(err))
	r.sandbox.Inject(sandbox.Fault{Path: "/2/users/me", Kind: sandbox.FaultAnswer, Status: 401, Body: `{"title":"Unauthorized"}`, Times: 1})
	_, err = r.client.Me(ctx, r.token)
	assert.Equal(t, twitter.Revoked, twitter.ClassOf(err))
}

func TestBothFieldNames(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	target := r.artistTweet()
	made, err := r.client.Post(t.Context(), r.token, twitter.Draft{Text: "a", Quote: target})
	require.NoError(t, err)
	newer := r.newClient(func(c *twitter.Config) { c.NewFieldNames = true })
	for _, client := range []*twitter.Client{r.client, newer} {
		for range 2 { // as they are, then renamed in the answer
			read, err := client.PostByID(t.Context(), r.token, made.ID)
			require.NoError(t, err)
			assert.Equal(t, target, read.Quote)
			assert.Equal(t, r.fan.ID, read.AuthorID)
			r.sandbox.Inject(sandbox.Fault{Kind: sandbox.FaultNewFieldNames, Times: 1})
		}
		r.sandbox.ClearFaults()
	}
}

func TestRateLimits(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(c *sandbox.Config) { c.Limits = map[string]int{"POST /2/tweets": 2} })
	post := func(token twitter.Token, text string) error {
		_, err := r.client.Post(t.Context(), token, twitter.Draft{Text: text})
		return err
	}
	require.NoError(t, post(r.token, "1"))
	reset := r.clock.Now().Add(15 * time.Minute)
	r.clock.advance(time.Minute)
	require.NoError(t, post(r.token, "2"))
	err := post(r.token, "3")
	assert.Equal(t, twitter.RateLimited, twitter.ClassOf(err))
	assert.Equal(t, reset, twitter.RetryAt(err))
	_, other := r.account("other")
	require.NoError(t, post(other, "3"), "limits are per user")
	r.clock.advance(14 * time.Minute)
	require.NoError(t, post(r.token, "3"))

	free := newRig(t, func(c *sandbox.Config) {
		c.Limits, c.Unlimited = map[string]int{"GET /2/users/me": 1}, true
	})
	for range 3 {
		_, err := free.client.Me(t.Context(), free.token)
		require.NoError(t, err)
	}
}

func TestUnknownKeysAreErrors(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	// The client cannot be made to send these, so its transport rewrites them.
	for _, body := range []string{`{"text":"a","status":"b"}`, `{"text":1}`, `{"text":"a"} {}`, `[]`, ``} {
		client := r.newClient(func(c *twitter.Config) { c.Transport = rewrite{body} })
		_, err := client.Post(t.Context(), r.token, twitter.Draft{Text: "a"})
		assert.Equal(t, twitter.Rejected, twitter.ClassOf(err), body)
	}
	assert.Empty(t, r.sandbox.Tweets())
}

// rewrite replaces the JSON of a request, which its signature does not cover.
type rewrite struct{ body string }

func (w rewrite) RoundTrip(req *http.Request) (*http.Response, error) {
	other, err := http.NewRequestWithContext(req.Context(), req.Method, req.URL.String(), strings.NewReader(w.body))
	if err != nil {
		return nil, err
	}
	other.Header = req.Header
	return http.DefaultTransport.RoundTrip(other)
}

// Many at once: for the race detector, and for duplicates, which must be decided
// under one lock.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(c *sandbox.Config) { c.Unlimited = true })
	var wg sync.WaitGroup
	var mu sync.Mutex
	classes := map[twitter.Class]int{}
	for i := range 20 {
		wg.Go(func() {
			_, err := r.client.Post(t.Context(), r.token, twitter.Draft{Text: "the same"})
			mu.Lock()
			classes[twitter.ClassOf(err)]++
			mu.Unlock()
			_, err = r.client.Post(t.Context(), r.token, twitter.Draft{Text: fmt.Sprint("different ", i)})
			assert.NoError(t, err)
			_, err = r.client.UserByName(t.Context(), twitter.Token{}, "harry")
			assert.NoError(t, err)
			_, _ = r.sandbox.AddAccount(sandbox.Account{UserName: fmt.Sprint("user", i)})
			_ = r.sandbox.Tweets()
		})
	}
	wg.Wait()
	assert.Equal(t, map[twitter.Class]int{twitter.None: 1, twitter.Duplicate: 19}, classes)
	assert.Len(t, r.sandbox.TweetsBy(r.fan.ID), 21)
}
