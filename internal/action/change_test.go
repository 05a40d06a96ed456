package action_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/testrig/world"
)

// together runs functions at once and requires that none fails.
func together(t *testing.T, fns ...func() error) {
	t.Helper()
	var start, done sync.WaitGroup
	start.Add(1)
	errs := make([]error, len(fns))
	for i, fn := range fns {
		done.Go(func() {
			start.Wait()
			errs[i] = fn()
		})
	}
	start.Done()
	done.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
}

func TestChangesOfDifferentFieldsAtOnceBothSurvive(t *testing.T) {
	each(t, func(t *testing.T, w *world.World, _ world.Fan, _ fandom.Artist, tweet fandom.Recommendation) {
		for i := range 20 {
			points, about, code := fandom.Points(100+i), fmt.Sprint("round ", i), fmt.Sprint("TWEET_", i)
			recommendation := func(change fandom.RecommendationChange) func() error {
				return func() error {
					_, err := w.Actions.UpdateRecommendation(w.Admin(), tweet.ID, change)
					return err
				}
			}
			actionType := func(change fandom.ActionTypeChange) func() error {
				return func() error {
					_, err := w.Actions.UpdateType(w.Admin(), tweet.Action.ID, change)
					return err
				}
			}
			together(t,
				recommendation(fandom.RecommendationChange{Points: &points}),
				recommendation(fandom.RecommendationChange{About: world.Set(about)}),
				actionType(fandom.ActionTypeChange{Points: &points}),
				actionType(fandom.ActionTypeChange{Type: &code}),
			)
			stored, err := w.Actions.Recommendation(w.Admin(), tweet.ID)
			require.NoError(t, err)
			require.Equal(t, points, stored.Points)
			require.Equal(t, about, *stored.About)
			require.Equal(t, points, stored.Action.Points)
			require.Equal(t, code, stored.Action.Type)
		}
	})
}

func TestARetiredArtistOffersNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world.World, fan world.Fan, artist fandom.Artist, _ fandom.Recommendation) {
		list, err := w.Actions.Recommendations(fan.Ctx, artist, fandom.Page{Limit: 5})
		require.NoError(t, err)
		require.Len(t, list.Items, 1)
		now := w.Clock.Now()
		artist.RetiredAt = &now
		_, err = w.Actions.Recommendations(fan.Ctx, artist, fandom.Page{Limit: 5})
		require.Equal(t, fandom.Gone, fandom.CodeOf(err))
		require.Equal(t, fandom.ReasonEnded, fandom.AsError(err).Reason)
	})
}
