package action_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/testrig/dbrig"
	"madeinlatino.net/madeinlatino/internal/testrig/world"
	"madeinlatino.net/madeinlatino/internal/twitter/sandbox"
)

const posts = "/2/tweets"

// settle sweeps, a moment later each time, until the performance is final.
func settle(t *testing.T, w *world.World, fan world.Fan, id int) fandom.Performance {
	t.Helper()
	for range 40 {
		p, err := w.Actions.Performance(fan.Ctx, id)
		require.NoError(t, err)
		if p.State != fandom.Pending {
			return p
		}
		if p.DueAt.After(w.Clock.Now()) {
			w.Clock.Set(p.DueAt.Add(time.Millisecond))
		}
		_, err = w.Actions.Sweep(t.Context())
		require.NoError(t, err)
	}
	t.Fatal("the performance stays pending")
	return fandom.Performance{}
}

func TestFaultsThatPassLeaveOnePerformanceOneTweetOneEntry(t *testing.T) {
	for name, fault := range map[string]sandbox.Fault{
		"limited":               {Kind: sandbox.FaultRateLimited},
		"error before the post": {Kind: sandbox.FaultErrorBefore},
		"error after the post":  {Kind: sandbox.FaultErrorAfter},
		"dropped before":        {Kind: sandbox.FaultDropBefore},
		"dropped after":         {Kind: sandbox.FaultDropAfter},
		"nonsense: HTML":        {Kind: sandbox.FaultHTML},
		"nonsense: truncated":   {Kind: sandbox.FaultTruncated},
		"nonsense: types":       {Kind: sandbox.FaultWrongTypes},
		"out of credit":         {Kind: sandbox.FaultOutOfCredit},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, w *world.World, fan world.Fan, artist fandom.Artist, tweet fandom.Recommendation) {
				fault := fault
				fault.Method, fault.Path, fault.Times = "POST", posts, 1
				w.Sandbox.Inject(fault)
				result, err := perform(w, fan, tweet)
				require.NoError(t, err)
				require.Equal(t, fandom.Pending, result.Performance.State)
				require.Zero(t, w.Score(t, artist.BoardID, fan.ID).Points)

				again, err := perform(w, fan, tweet)
				require.NoError(t, err)
				require.True(t, again.Repeat)
				require.Equal(t, fandom.Pending, again.Performance.State)

				p := settle(t, w, fan, result.Performance.ID)
				require.Equal(t, fandom.Credited, p.State)
				require.Len(t, w.Sandbox.TweetsBy(fan.TwitterID), 1)
				require.Equal(t, fandom.Points(10_00), w.Score(t, artist.BoardID, fan.ID).Points)
				w.RequireClean(t)
			})
		})
	}
}

func TestALostAnswerIsNotRepeatedWhileThePostsCannotBeRead(t *testing.T) {
	each(t, func(t *testing.T, w *world.World, fan world.Fan, _ fandom.Artist, tweet fandom.Recommendation) {
		w.Sandbox.Inject(sandbox.Fault{Method: "POST", Path: posts, Times: 1, Kind: sandbox.FaultErrorAfter})
		w.Sandbox.Inject(sandbox.Fault{Method: "GET", Path: "/2/users/*/tweets", Times: 3, Kind: sandbox.FaultErrorBefore})
		result, err := perform(w, fan, tweet)
		require.NoError(t, err)
		p := settle(t, w, fan, result.Performance.ID)
		require.Equal(t, fandom.Credited, p.State)
		require.Greater(t, p.Attempts, 2)
		require.Len(t, w.Sandbox.TweetsBy(fan.TwitterID), 1)
	})
}

func TestRefusalsForGood(t *testing.T) {
	for name, c := range map[string]struct {
		fault  sandbox.Fault
		code   fandom.Code
		reason string
	}{
		"duplicate": {sandbox.Fault{Kind: sandbox.FaultDuplicate}, fandom.Conflict, "duplicate"},
		"locked":    {sandbox.Fault{Kind: sandbox.FaultLocked}, fandom.Conflict, "suspended"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, w *world.World, fan world.Fan, _ fandom.Artist, tweet fandom.Recommendation) {
				fault := c.fault
				fault.Method, fault.Path, fault.Times = "POST", posts, 1
				w.Sandbox.Inject(fault)
				_, err := perform(w, fan, tweet)
				require.Equal(t, c.code, fandom.CodeOf(err))
				require.ErrorContains(t, err, c.reason)

				// It failed, so it can be performed anew.
				result, err := perform(w, fan, tweet)
				require.NoError(t, err)
				require.Equal(t, fandom.Credited, result.Performance.State)
				require.False(t, result.Repeat)
				w.RequireClean(t)
			})
		})
	}
}

func TestATextThatTheFanPostedBeforeIsADuplicate(t *testing.T) {
	each(t, func(t *testing.T, w *world.World, fan world.Fan, artist fandom.Artist, _ fandom.Recommendation) {
		_, err := w.Sandbox.AddTweet(sandbox.Tweet{AuthorID: fan.TwitterID, Text: "the same words"})
		require.NoError(t, err)
		w.Clock.Advance(time.Minute)
		_, err = perform(w, fan, w.Tweet(t, artist, "the same words"))
		require.Equal(t, fandom.Conflict, fandom.CodeOf(err))
		require.Len(t, w.Sandbox.TweetsBy(fan.TwitterID), 1)
	})
}

func TestARevokedTokenAsksForALogin(t *testing.T) {
	each(t, func(t *testing.T, w *world.World, fan world.Fan, _ fandom.Artist, tweet fandom.Recommendation) {
		require.NoError(t, w.Sandbox.RevokeTokens(fan.TwitterID))
		for range 2 { // when Twitter says so, and from what is stored then
			_, err := perform(w, fan, tweet)
			require.Equal(t, fandom.Forbidden, fandom.CodeOf(err))
			require.ErrorContains(t, err, "Log in again")
		}
		fan = w.LogIn(t, fan.TwitterID)
		result, err := perform(w, fan, tweet)
		require.NoError(t, err)
		require.Equal(t, fandom.Credited, result.Performance.State)
	})
}

func TestAKindThatTwitterDoesNotPermitGoesToTheFan(t *testing.T) {
	each(t, func(t *testing.T, w *world.World, fan world.Fan, _ fandom.Artist, tweet fandom.Recommendation) {
		w.Sandbox.Inject(sandbox.Fault{Method: "POST", Path: posts, Kind: sandbox.FaultClientForbidden})
		result, err := perform(w, fan, tweet)
		require.NoError(t, err)
		require.Equal(t, fandom.AwaitingFan, result.Performance.State)
		require.Contains(t, *result.Performance.IntentURL, "https://x.com/intent/post?text=")
	})
}

func TestTwitterDownForADayFailsThePerformance(t *testing.T) {
	each(t, func(t *testing.T, w *world.World, fan world.Fan, artist fandom.Artist, tweet fandom.Recommendation) {
		w.Sandbox.Inject(sandbox.Fault{Method: "POST", Path: posts, Kind: sandbox.FaultRateLimited})
		result, err := perform(w, fan, tweet)
		require.NoError(t, err)
		w.Clock.Advance(fandom.PerformanceDeadline)
		p := settle(t, w, fan, result.Performance.ID)
		require.Equal(t, fandom.Failed, p.State)
		require.Contains(t, *p.FailureReason, "24 hours")

		w.Sandbox.ClearFaults()
		anew, err := perform(w, fan, tweet)
		require.NoError(t, err)
		require.Equal(t, fandom.Credited, anew.Performance.State)
		require.Equal(t, fandom.Points(10_00), w.Score(t, artist.BoardID, fan.ID).Points)
	})
}

func TestConsentWithdrawnWhileItWaits(t *testing.T) {
	each(t, func(t *testing.T, w *world.World, fan world.Fan, _ fandom.Artist, tweet fandom.Recommendation) {
		w.Sandbox.Inject(sandbox.Fault{Method: "POST", Path: posts, Times: 1, Kind: sandbox.FaultRateLimited})
		result, err := perform(w, fan, tweet)
		require.NoError(t, err)
		consent := func(value bool) {
			_, err := w.Accounts.UpdateProfile(fan.Ctx, fandom.ProfileChange{IsFlagAction: world.Set(value)})
			require.NoError(t, err)
		}
		consent(false)
		w.Clock.Advance(time.Hour)
		_, err = w.Actions.Sweep(t.Context())
		require.NoError(t, err)
		require.Empty(t, w.Sandbox.TweetsBy(fan.TwitterID))
		consent(true)
		require.Equal(t, fandom.Credited, settle(t, w, fan, result.Performance.ID).State)
		require.Len(t, w.Sandbox.TweetsBy(fan.TwitterID), 1)
	})
}

// It waits for the real time limit of a call, and so runs on one database.
func TestASlowTwitterLeavesItPending(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it waits for five seconds")
	}
	s, err := store.Open(t.Context(), dbrig.SQLite(t))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	w := world.New(t, s, nil)
	fan, tweet := w.Fan(t, "Rosalba"), w.Tweet(t, w.Artist(t, "Karolina"), "slow")
	w.Sandbox.Inject(sandbox.Fault{Method: "POST", Path: posts, Kind: sandbox.FaultHangAfter})
	began := time.Now()
	result, err := perform(w, fan, tweet)
	require.NoError(t, err)
	require.Less(t, time.Since(began), 10*time.Second)
	require.Equal(t, fandom.Pending, result.Performance.State)
	w.Sandbox.ClearFaults()
	require.Equal(t, fandom.Credited, settle(t, w, fan, result.Performance.ID).State)
	require.Len(t, w.Sandbox.TweetsBy(fan.TwitterID), 1)
}
