package action_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/ent/performance"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/testrig/world"
	"madeinlatino.net/madeinlatino/internal/twitter/sandbox"
)

// A process that is killed while it performs leaves a claimed row behind: with
// the tweet or without it, and nobody knows which.
func TestAnInterruptedPerformanceIsFinishedOnce(t *testing.T) {
	for name, posted := range map[string]bool{"before Twitter did it": false, "after Twitter did it": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, w *world.World, fan world.Fan, artist fandom.Artist, _ fandom.Recommendation) {
				tweet := w.Tweet(t, artist, "Vivan {artist_handle}")
				ctx, now := t.Context(), w.Clock.Now()
				p, err := w.Store.Client(ctx).Performance.Create().
					SetUserID(fan.ID).SetRecommendationID(tweet.ID).SetArtistID(artist.ID).SetKind(string(fandom.KindTweet)).
					SetState(string(fandom.Pending)).SetWorth(10_00).SetText("Vivan @Karolina").SetAttempts(1).
					SetLease("of the dead").SetLeaseUntil(now.Add(15 * time.Second)).SetDueAt(now.Add(15 * time.Second)).
					SetSentAt(now).SetCreatedAt(now).SetDeadlineAt(now.Add(fandom.PerformanceDeadline)).Save(ctx)
				require.NoError(t, err)
				if posted {
					_, err := w.Sandbox.AddTweet(sandbox.Tweet{AuthorID: fan.TwitterID, Text: "Vivan @Karolina", CreatedAt: now})
					require.NoError(t, err)
				}
				w.Clock.Advance(14 * time.Second)
				n, err := w.Actions.Sweep(ctx)
				require.NoError(t, err)
				require.Zero(t, n, "the lease still runs: its holder may be alive")
				w.Clock.Advance(2 * time.Second)
				_, err = w.Actions.Sweep(ctx)
				require.NoError(t, err)
				row, err := w.Store.Client(ctx).Performance.Query().Where(performance.ID(p.ID)).Only(ctx)
				require.NoError(t, err)
				require.Equal(t, string(fandom.Credited), row.State)
				require.Len(t, w.Sandbox.TweetsBy(fan.TwitterID), 1)
				require.Equal(t, fandom.Points(10_00), w.Score(t, artist.BoardID, fan.ID).Points)
				w.RequireClean(t)
			})
		})
	}
}

// Two performances with the same text are two tweets, and one tweet never
// counts for both.
func TestOnePostIsNotClaimedTwice(t *testing.T) {
	each(t, func(t *testing.T, w *world.World, fan world.Fan, artist fandom.Artist, _ fandom.Recommendation) {
		first, second := w.Tweet(t, artist, "same words"), w.Tweet(t, artist, "same words")
		result, err := perform(w, fan, first)
		require.NoError(t, err)
		require.Equal(t, fandom.Credited, result.Performance.State)
		_, err = perform(w, fan, second) // Twitter calls it a duplicate, and the first has claimed it
		require.Equal(t, fandom.Conflict, fandom.CodeOf(err))
		require.Equal(t, fandom.Points(10_00), w.Score(t, artist.BoardID, fan.ID).Points)
		w.RequireClean(t)
	})
}
