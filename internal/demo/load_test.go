package demo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/demo"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/testrig/dbrig"
	"madeinlatino.net/madeinlatino/internal/testrig/world"
)

func TestLoad(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		w := world.New(t, s, nil)
		begun := time.Now()
		password, loaded, err := demo.Load(t.Context(), w.App)
		require.NoError(t, err)
		t.Logf("loaded in %s", time.Since(begun))
		require.True(t, loaded)
		w.RequireClean(t)

		_, err = w.Admins.Authenticate(t.Context(), "demo", password)
		require.NoError(t, err)

		artist, err := w.Artists.ByName(t.Context(), "lunamarchena")
		require.NoError(t, err)
		require.NotNil(t, artist.TwitterUserID)
		account, ok := w.Sandbox.AccountByName(artist.TwitterUserName)
		require.True(t, ok)
		require.Equal(t, account.ID, *artist.TwitterUserID)

		var fan world.Fan
		for _, a := range w.Sandbox.Accounts() {
			if !a.Verified {
				fan = w.LogIn(t, a.ID)
				break
			}
		}
		require.NotEmpty(t, fan.Key)
		// Everything that is recommended can be done.
		list, err := w.Actions.Recommendations(fan.Ctx, artist, fandom.Page{Limit: 50})
		require.NoError(t, err)
		require.Len(t, list.Items, 10)
		for _, r := range list.Items {
			if r.TweetID == nil {
				continue
			}
			found := false
			for _, tweet := range w.Sandbox.TweetsBy(account.ID) {
				found = found || tweet.ID == *r.TweetID
			}
			require.True(t, found, "tweet %s", *r.TweetID)
		}

		_, loaded, err = demo.Load(t.Context(), w.App)
		require.NoError(t, err)
		require.False(t, loaded)
	})
}

// TestLoadAfterACrash begins with what an interrupted load leaves: artists.
func TestLoadAfterACrash(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		w := world.New(t, s, nil)
		w.Artist(t, "lunamarchena")
		_, loaded, err := demo.Load(t.Context(), w.App)
		require.NoError(t, err)
		require.True(t, loaded)
		n, err := s.Client(t.Context()).Artist.Query().Count(t.Context())
		require.NoError(t, err)
		require.Equal(t, 5, n)
	})
}

// TestLoadLeavesDataAlone covers a database of somebody's own, and a sandbox
// that forgot what the demo told it.
func TestLoadLeavesDataAlone(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		w := world.New(t, s, nil)
		w.Artist(t, "somebody")
		password, loaded, err := demo.Load(t.Context(), w.App)
		require.NoError(t, err)
		require.False(t, loaded)
		require.Empty(t, password)
		n, err := s.Client(t.Context()).Artist.Query().Count(t.Context())
		require.NoError(t, err)
		require.Equal(t, 1, n)
	})
	t.Run("forgetful sandbox", func(t *testing.T) {
		if testing.Short() {
			t.Skip("needs PostgreSQL, with which the sandbox keeps no journal")
		}
		url := dbrig.Postgres(t)
		env := map[string]string{"SECRET_KEY": strings.Repeat("A", 43) + "="}
		var ids [2]string
		for i := range ids {
			s, err := store.Open(t.Context(), url)
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, s.Close()) })
			w := world.New(t, s, env)
			_, loaded, err := demo.Load(t.Context(), w.App)
			require.NoError(t, err)
			require.Equal(t, i == 0, loaded)
			for _, tweet := range w.Sandbox.Tweets() {
				ids[i] += tweet.AuthorID + tweet.ID + " "
			}
		}
		require.NotEmpty(t, ids[0])
		require.Equal(t, ids[0], ids[1])
	})
}
