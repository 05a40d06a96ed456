package action_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/ent/performance"
	"madeinlatino.net/madeinlatino/internal/action"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/testrig/dbrig"
	"madeinlatino.net/madeinlatino/internal/testrig/world"
	"madeinlatino.net/madeinlatino/internal/twitter/sandbox"
)

// each runs a test with a system, a fan, an artist and a tweet to send for
// them, on both databases.
func each(t *testing.T, fn func(t *testing.T, w *world.World, fan world.Fan, artist fandom.Artist, tweet fandom.Recommendation)) {
	t.Helper()
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		w := world.New(t, s, nil)
		artist := w.Artist(t, "Karolina")
		tweet := w.Tweet(t, artist, "¡Escuchen a {artist_handle}! Soy {fan}, rank {rank}, {score}.")
		fn(t, w, w.Fan(t, "Rosalba"), artist, tweet)
	})
}

func perform(w *world.World, fan world.Fan, r fandom.Recommendation) (action.Result, error) {
	return w.Actions.Perform(fan.Ctx, action.Request{RecommendationID: r.ID})
}

func TestPerformPostsAndCredits(t *testing.T) {
	each(t, func(t *testing.T, w *world.World, fan world.Fan, artist fandom.Artist, tweet fandom.Recommendation) {
		result, err := perform(w, fan, tweet)
		require.NoError(t, err)
		require.Equal(t, fandom.Credited, result.Performance.State)
		require.False(t, result.Repeat)
		require.Equal(t, fandom.Points(10_00), result.Earned)
		require.Nil(t, result.Before.Rank)
		require.Equal(t, 1, *result.After.Rank)
		require.Equal(t, fandom.Points(10_00), result.After.Points)

		posts := w.Sandbox.TweetsBy(fan.TwitterID)
		require.Len(t, posts, 1)
		require.Equal(t, "¡Escuchen a @Karolina! Soy @Rosalba, rank , .", posts[0].Text)
		require.Equal(t, posts[0].ID, *result.Performance.TweetID)

		again, err := perform(w, fan, tweet)
		require.NoError(t, err)
		require.True(t, again.Repeat)
		require.Zero(t, again.Earned)
		require.Len(t, w.Sandbox.TweetsBy(fan.TwitterID), 1)
		w.RequireClean(t)
		_ = artist
	})
}

func TestTemplateShowsTheRankBeforeTheAct(t *testing.T) {
	each(t, func(t *testing.T, w *world.World, fan world.Fan, artist fandom.Artist, tweet fandom.Recommendation) {
		_, err := perform(w, fan, w.Tweet(t, artist, "first"))
		require.NoError(t, err)
		_, err = perform(w, fan, tweet)
		require.NoError(t, err)
		posts := w.Sandbox.TweetsBy(fan.TwitterID)
		require.Equal(t, "¡Escuchen a @Karolina! Soy @Rosalba, rank 1, 10.0.", posts[1].Text)
	})
}

func TestTwentyEqualRequestsPerformOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world.World, fan world.Fan, artist fandom.Artist, tweet fandom.Recommendation) {
		var all sync.WaitGroup
		results := make([]action.Result, 20)
		for i := range results {
			all.Go(func() {
				var err error
				if results[i], err = perform(w, fan, tweet); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		firsts, ids := 0, map[int]bool{}
		for _, r := range results {
			ids[r.Performance.ID] = true
			if !r.Repeat {
				firsts++
			}
		}
		require.Equal(t, 1, firsts)
		require.Len(t, ids, 1)
		require.Len(t, w.Sandbox.TweetsBy(fan.TwitterID), 1)
		n, err := w.Store.Client(t.Context()).PointEntry.Query().Count(t.Context())
		require.NoError(t, err)
		require.Equal(t, 1, n)
		require.Equal(t, fandom.Points(10_00), w.Score(t, artist.BoardID, fan.ID).Points)
		w.RequireClean(t)
	})
}

func TestKindsActOnTwitter(t *testing.T) {
	each(t, func(t *testing.T, w *world.World, fan world.Fan, artist fandom.Artist, _ fandom.Recommendation) {
		post, err := w.Sandbox.AddTweet(sandbox.Tweet{AuthorID: *artist.TwitterUserID, Text: "Nuevo disco"})
		require.NoError(t, err)
		id, text := world.Set(post.ID), world.Set("¡Qué bueno, {artist_handle}!")
		for kind, change := range map[string]fandom.RecommendationChange{
			"RETWEET":       {TweetID: id},
			"LIKE":          {TweetID: id},
			"REPLY":         {TweetID: id, TweetData: text},
			"QUOTE":         {TweetID: id, TweetData: world.Set("Miren esto de {artist_handle}")},
			"FOLLOW":        {},
			"LINK":          {Link: world.Set("https://example.com/")},
			"DIRECT_ACTION": {TweetData: world.Set("En vivo: {artist}")},
		} {
			result, err := perform(w, fan, w.Recommend(t, artist, kind, change))
			require.NoError(t, err, kind)
			require.Equal(t, fandom.Credited, result.Performance.State, kind)
		}
		require.Equal(t, fandom.Points(10_00+5_00+10_00+15_00+40_00+5_00+10_00), w.Score(t, artist.BoardID, fan.ID).Points)
		require.Len(t, w.Sandbox.Reposts(), 1)
		require.Len(t, w.Sandbox.Likes(), 1)
		require.Len(t, w.Sandbox.Follows(), 1)
		require.Len(t, w.Sandbox.TweetsBy(fan.TwitterID), 3)
		w.RequireClean(t)
	})
}

func TestPerformRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world.World, fan world.Fan, artist fandom.Artist, tweet fandom.Recommendation) {
		other := w.Artist(t, "Maluma2")
		no := false
		ended := w.Recommend(t, artist, "TWEET_100", fandom.RecommendationChange{
			TweetData: world.Set("over"), EndsAt: world.Set(w.Clock.Now().Add(-time.Hour)),
		})
		notYet := w.Recommend(t, artist, "TWEET_100", fandom.RecommendationChange{
			TweetData: world.Set("soon"), StartsAt: world.Set(w.Clock.Now().Add(time.Hour)),
		})
		wrongType := tweet.Action.ID + 1
		withoutConsent := w.Fan(t, "Timida")
		_, err := w.Accounts.UpdateProfile(withoutConsent.Ctx, fandom.ProfileChange{IsFlagAction: fandom.Patch[*bool]{Set: true, Value: &no}})
		require.NoError(t, err)

		for name, c := range map[string]struct {
			fan     world.Fan
			request action.Request
			code    fandom.Code
		}{
			"nobody":          {world.Fan{Ctx: t.Context()}, action.Request{RecommendationID: tweet.ID}, fandom.Unauthenticated},
			"unknown":         {fan, action.Request{RecommendationID: 999}, fandom.NotFound},
			"another artist":  {fan, action.Request{RecommendationID: tweet.ID, ArtistID: &other.ID}, fandom.Invalid},
			"another type":    {fan, action.Request{RecommendationID: tweet.ID, ActionTypeID: &wrongType}, fandom.Invalid},
			"ended":           {fan, action.Request{RecommendationID: ended.ID}, fandom.Gone},
			"not begun":       {fan, action.Request{RecommendationID: notYet.ID}, fandom.NotFound},
			"without consent": {withoutConsent, action.Request{RecommendationID: tweet.ID}, fandom.Forbidden},
		} {
			_, err := w.Actions.Perform(c.fan.Ctx, c.request)
			require.Error(t, err, name)
			require.Equal(t, c.code, fandom.CodeOf(err), name)
		}
		require.Empty(t, w.Sandbox.TweetsBy(fan.TwitterID))
		n, err := w.Store.Client(t.Context()).Performance.Query().Count(t.Context())
		require.NoError(t, err)
		require.Zero(t, n)
	})
}

func TestAKindOutsideThePlanIsLeftToTheFan(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		w := world.New(t, s, map[string]string{"TWITTER_API_KINDS": "TWEET"})
		artist, fan := w.Artist(t, "Karolina"), w.Fan(t, "Rosalba")
		r := w.Recommend(t, artist, "LIKE", fandom.RecommendationChange{TweetID: world.Set("123456789")})
		result, err := perform(w, fan, r)
		require.NoError(t, err)
		require.Equal(t, fandom.AwaitingFan, result.Performance.State)
		require.Equal(t, "https://x.com/intent/like?tweet_id=123456789", *result.Performance.IntentURL)
		require.Empty(t, w.Sandbox.Likes())

		w.Clock.Advance(25 * time.Hour)
		_, err = w.Actions.Sweep(t.Context())
		require.NoError(t, err)
		p, err := w.Actions.Performance(fan.Ctx, result.Performance.ID)
		require.NoError(t, err)
		require.Equal(t, fandom.Failed, p.State)
		w.RequireClean(t)
	})
}

func TestOneActEarnsOnceWhicheverRecommendationAsksForIt(t *testing.T) {
	each(t, func(t *testing.T, w *world.World, fan world.Fan, artist fandom.Artist, _ fandom.Recommendation) {
		post, err := w.Sandbox.AddTweet(sandbox.Tweet{AuthorID: *artist.TwitterUserID, Text: "Nuevo disco"})
		require.NoError(t, err)
		for kind, change := range map[string]fandom.RecommendationChange{
			"FOLLOW": {}, "LIKE": {TweetID: world.Set(post.ID)}, "RETWEET": {TweetID: world.Set(post.ID)},
		} {
			first, second := w.Recommend(t, artist, kind, change), w.Recommend(t, artist, kind, change)
			_, err := perform(w, fan, first)
			require.NoError(t, err, kind)
			before := w.Score(t, artist.BoardID, fan.ID).Points
			_, err = perform(w, fan, second)
			require.Equal(t, fandom.Conflict, fandom.CodeOf(err), kind)
			require.Equal(t, fandom.ReasonRepeated, fandom.AsError(err).Reason)
			require.Equal(t, before, w.Score(t, artist.BoardID, fan.ID).Points, kind)
		}
		w.RequireClean(t)
	})
}

func TestWhatCouldNotBeSeenIsNotLeftToTheFan(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		w := world.New(t, s, nil)
		artist, fan := w.Artist(t, "Karolina"), w.Fan(t, "Rosalba")
		silent := w.Tweet(t, artist, "no name here")
		w.Sandbox.Inject(sandbox.Fault{Method: "POST", Path: posts, Kind: sandbox.FaultClientForbidden})
		_, err := perform(w, fan, silent)
		require.Equal(t, fandom.Conflict, fandom.CodeOf(err))
		require.ErrorContains(t, err, "could not be seen")
		n, err := w.Store.Client(t.Context()).Performance.Query().Where(performance.Live(true)).Count(t.Context())
		require.NoError(t, err)
		require.Zero(t, n)
	})
}

func TestTextsThatCannotServeAreRefusedWhenWritten(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		w := world.New(t, s, map[string]string{"TWITTER_API_KINDS": "LIKE"})
		artist := w.Artist(t, "Karolina")
		types, err := w.Actions.Types(t.Context())
		require.NoError(t, err)
		for text, reason := range map[string]fandom.Reason{
			"no name here": fandom.ReasonRequired, "{artist_handle} {invitee}": fandom.ReasonUnknown, "{artist_handle} {nobody}": fandom.ReasonUnknown,
		} {
			_, err := w.Actions.CreateRecommendation(w.Admin(), fandom.RecommendationChange{
				ArtistID: &artist.ID, ActionTypeID: &types[0].ID, TweetData: world.Set(text),
			})
			require.Error(t, err, text)
			require.Equal(t, reason, fandom.AsError(err).Fields[0].Reason, text)
		}
	})
}
