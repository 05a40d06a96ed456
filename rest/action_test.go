package rest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/testrig/dbrig"
	"madeinlatino.net/madeinlatino/internal/testrig/world"
	"madeinlatino.net/madeinlatino/internal/twitter/sandbox"
)

func performRequest(fan world.Fan, r fandom.Recommendation) request {
	return request{
		method: "POST", path: "/action/", key: fan.Key,
		body: fmt.Sprintf(`{"action_id": %d, "recommend_id": %d, "artist_id": %d}`, r.Action.ID, r.ID, *r.ArtistID),
	}
}

func TestActions(t *testing.T) {
	each(t, func(r *rig) {
		harry, lola := r.Artist(r.T, "Harry"), r.Artist(r.T, "Lola")
		john := r.Fan(r.T, "John")
		tweet := r.Tweet(r.T, harry, "¡Vamos {artist_handle}! <3 & más")
		r.Recommend(r.T, harry, "LINK", fandom.RecommendationChange{
			Link: world.Set("https://example.com/disco?a=1&b=2"), ButtonName: world.Set("Escuchar"),
			About: world.Set("El disco nuevo"), Points: ptr(fandom.Points(12_50)),
		})
		r.Tweet(r.T, lola, "another artist's")
		r.check("actions", request{method: "GET", path: "/action/?artist=1", key: john.Key})
		r.check("actions_missing_artist", request{method: "GET", path: "/action/", key: john.Key})
		r.check("actions_bad_artist", request{method: "GET", path: "/action/?artist=Harry", key: john.Key})
		r.check("actions_unknown_artist", request{method: "GET", path: "/action/?artist=99", key: john.Key})

		r.check("perform_fields", request{method: "POST", path: "/action/", key: john.Key, body: `{"action_id": "x", "artist_id": 1.5}`})
		r.check("perform_mismatch", request{method: "POST", path: "/action/", key: john.Key, body: `{"action_id": 2, "recommend_id": 1, "artist_id": 2}`})
		r.check("perform_unknown", request{method: "POST", path: "/action/", key: john.Key, body: `{"action_id": 1, "recommend_id": 99, "artist_id": 1}`})
		require.Empty(r, r.Sandbox.Tweets())

		r.check("perform", performRequest(john, tweet))
		r.check("perform_again", performRequest(john, tweet))
		require.Len(r, r.Sandbox.Tweets(), 1)
		require.Equal(r, "¡Vamos @Harry! <3 & más", r.Sandbox.Tweets()[0].Text)
		r.check("actions_after", request{method: "GET", path: "/action/?artist=1", key: john.Key})
		r.check("my_rank_after", request{method: "GET", path: "/ranking/my_rank/artist_id/1/", key: john.Key})
		r.RequireClean(r.T)
	})
}

func TestARetiredArtistOffersNothing(t *testing.T) {
	each(t, func(r *rig) {
		harry, john := r.Artist(r.T, "Harry"), r.Fan(r.T, "John")
		r.Tweet(r.T, harry, "Go")
		_, err := r.Store.Conn(r.Context()).ExecContext(r.Context(), `UPDATE artists SET retired_at = $1 WHERE id = $2`, r.Clock.Now(), harry.ID)
		require.NoError(r, err)
		path := fmt.Sprintf("/action/?artist=%d", harry.ID)
		status, body := r.get(path, john.Key)
		require.Equal(r, 410, status)
		require.JSONEq(r, `{"detail": "This artist has retired from the platform."}`, body)
		status, _ = r.get(path, "")
		require.Equal(r, 401, status)
	})
}

func TestPerformWhileTwitterIsDown(t *testing.T) {
	each(t, func(r *rig) {
		harry, john := r.Artist(r.T, "Harry"), r.Fan(r.T, "John")
		tweet := r.Tweet(r.T, harry, "Go")
		r.Sandbox.Inject(sandbox.Fault{Method: "POST", Path: "/2/tweets", Kind: sandbox.FaultErrorBefore})
		r.check("perform_pending", performRequest(john, tweet))
		r.check("perform_pending", performRequest(john, tweet))
		r.Sandbox.ClearFaults()
		r.Clock.Advance(time.Hour)
		_, err := r.Actions.Sweep(r.Context())
		require.NoError(r, err)
		status, _ := r.do(performRequest(john, tweet))
		require.Equal(r, 409, status)
		require.Len(r, r.Sandbox.Tweets(), 1)
	})
}

func TestPerformRefused(t *testing.T) {
	each(t, func(r *rig) {
		harry, john := r.Artist(r.T, "Harry"), r.Fan(r.T, "John")
		ended := r.Recommend(r.T, harry, "TWEET_100", fandom.RecommendationChange{
			TweetData: world.Set("over"), EndsAt: world.Set(r.Clock.Now().Add(-time.Hour)),
		})
		r.check("perform_ended", performRequest(john, ended))
		tweet := r.Tweet(r.T, harry, "Go")
		r.Sandbox.Inject(sandbox.Fault{Method: "POST", Path: "/2/tweets", Times: 1, Kind: sandbox.FaultDuplicate})
		r.check("perform_duplicate", performRequest(john, tweet))
		require.NoError(r, r.Sandbox.RevokeTokens(john.TwitterID))
		r.check("perform_revoked", performRequest(john, tweet))

		timid := r.Fan(r.T, "Timid")
		status, _ := r.do(request{method: "PATCH", path: "/users/profile/", key: timid.Key, body: `{"is_flag_action": false}`})
		require.Equal(r, 200, status)
		r.check("perform_without_consent", performRequest(timid, tweet))
		require.Empty(r, r.Sandbox.Tweets())
	})
}

func TestPerformByWebIntent(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		r := newRig(t, s, map[string]string{"TWITTER_API_KINDS": "LINK"})
		harry, john := r.Artist(r.T, "Harry"), r.Fan(r.T, "John")
		r.check("perform_by_intent", performRequest(john, r.Tweet(r.T, harry, "Go {artist_handle} & win")))
		require.Empty(r, r.Sandbox.Tweets())
	})
}
