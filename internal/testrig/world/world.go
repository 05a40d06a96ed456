// Package world gives a test the whole system without its HTTP surfaces: the
// real services over a real database, and the sandbox Twitter over real HTTP.
package world

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/app"
	"madeinlatino.net/madeinlatino/internal/config"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/secret"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/testrig"
	"madeinlatino.net/madeinlatino/internal/twitter/sandbox"
)

// World is a running system.
type World struct {
	*app.App
	Clock *testrig.Clock
	Logs  *testrig.Buffer // everything that was logged
	admin context.Context
}

// New builds a system over a store; env overrides the environment.
func New(t *testing.T, s *store.Store, env map[string]string) *World {
	t.Helper()
	w := &World{Clock: testrig.NewClock(), Logs: &testrig.Buffer{}}
	w.admin = fandom.WithActor(t.Context(), fandom.Actor{AdminID: 1})
	var twitter http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { twitter.ServeHTTP(rw, r) }))
	t.Cleanup(server.Close)
	variables := map[string]string{"SECRET_KEY": secret.Generate(), "RATE_LIMITS": "off", "DEMO_DATA": "false"}
	for name, value := range env {
		variables[name] = value
	}
	cfg, err := config.Load(func(name string) string { return variables[name] })
	require.NoError(t, err)
	addr := strings.TrimPrefix(server.URL, "http://")
	log := slog.New(slog.NewJSONHandler(w.Logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	w.App, err = app.New(t.Context(), cfg.WithListenAddr(addr), s, addr, w.Clock.Now, log)
	require.NoError(t, err)
	twitter = w.Sandbox.Handler()
	t.Cleanup(func() {
		w.Sandbox.ClearFaults()
		require.NoError(t, w.Stop())
	})
	return w
}

// Admin is a context in which an admin acts.
func (w *World) Admin() context.Context { return w.admin }

// Fan is a registered user.
type Fan struct {
	fandom.User
	Key       string          // an access key
	Ctx       context.Context // in which the fan acts
	TwitterID string
}

// Fan makes a Twitter account and logs it in.
func (w *World) Fan(t *testing.T, name string) Fan {
	t.Helper()
	account, err := w.Sandbox.AddAccount(sandbox.Account{UserName: name, Name: name + " Pérez", ProfileImageURL: picture(name)})
	require.NoError(t, err)
	return w.LogIn(t, account.ID)
}

// LogIn logs an account of the sandbox in with an access token.
func (w *World) LogIn(t *testing.T, twitterID string) Fan {
	t.Helper()
	token, tokenSecret := w.Sandbox.Token(twitterID)
	login, err := w.Accounts.Login(t.Context(), token, tokenSecret)
	require.NoError(t, err)
	actor, err := w.Accounts.Authenticate(t.Context(), login.Key)
	require.NoError(t, err)
	return Fan{User: login.User, Key: login.Key, Ctx: fandom.WithActor(t.Context(), actor), TwitterID: twitterID}
}

// Artist makes an artist with a Twitter account.
func (w *World) Artist(t *testing.T, name string) fandom.Artist {
	t.Helper()
	_, err := w.Sandbox.AddAccount(sandbox.Account{UserName: name, Name: name, ProfileImageURL: picture(name)})
	require.NoError(t, err)
	dueDay := 20
	artist, err := w.Artists.Create(w.admin, fandom.ArtistChange{Name: &name, TwitterUserName: &name, DueDay: &dueDay})
	require.NoError(t, err)
	return artist
}

// Recommend recommends something to all fans of an artist. actionType is its
// code; what the kind needs comes in change.
func (w *World) Recommend(t *testing.T, artist fandom.Artist, actionType string, change fandom.RecommendationChange) fandom.Recommendation {
	t.Helper()
	types, err := w.Actions.Types(t.Context())
	require.NoError(t, err)
	for _, known := range types {
		if known.Type == actionType {
			change.ActionTypeID = &known.ID
		}
	}
	change.ArtistID = &artist.ID
	r, err := w.Actions.CreateRecommendation(w.admin, change)
	require.NoError(t, err)
	return r
}

// Tweet recommends posting a text.
func (w *World) Tweet(t *testing.T, artist fandom.Artist, text string) fandom.Recommendation {
	t.Helper()
	return w.Recommend(t, artist, "TWEET_100", fandom.RecommendationChange{TweetData: Set(text)})
}

// Set is a patch that gives a field a value.
func Set[T any](value T) fandom.Patch[*T] { return fandom.Patch[*T]{Set: true, Value: &value} }

// Score is the fan's score on a board.
func (w *World) Score(t *testing.T, board, userID int) fandom.Score {
	t.Helper()
	score, err := w.Leaderboard.Score(t.Context(), board, userID)
	require.NoError(t, err)
	return score
}

// RequireClean checks that every score is what the ledger says.
func (w *World) RequireClean(t *testing.T) {
	t.Helper()
	report, err := w.Ledger.Verify(t.Context(), false)
	require.NoError(t, err)
	require.Empty(t, report.Differences)
}

func picture(name string) string { return "https://images.example.com/" + name + "_normal.jpg" }
