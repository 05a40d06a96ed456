// Package action owns what fans can do for an artist and doing it: action
// types, recommendations, and performances from the claim to the credit.
package action

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"madeinlatino.net/madeinlatino/internal/account"
	"madeinlatino.net/madeinlatino/internal/artist"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/leaderboard"
	"madeinlatino.net/madeinlatino/internal/ledger"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/twitter"
)

// Twitter is what performing asks of Twitter.
type Twitter interface {
	Post(ctx context.Context, token twitter.Token, draft twitter.Draft) (twitter.Post, error)
	Repost(ctx context.Context, token twitter.Token, userID, tweetID string) error
	Like(ctx context.Context, token twitter.Token, userID, tweetID string) error
	Follow(ctx context.Context, token twitter.Token, userID, targetID string) error
	LatestPosts(ctx context.Context, token twitter.Token, userID string, most int) ([]twitter.Post, error)
}

// Accounts is what performing asks about the acting user.
type Accounts interface {
	Credential(ctx context.Context, userID int) (account.Credential, error)
	RevokeCredential(ctx context.Context, userID int, refused twitter.Token) error
}

// Options are what the service works with.
type Options struct {
	Store       *store.Store
	Twitter     Twitter
	Accounts    Accounts
	Artists     *artist.Service
	Ledger      *ledger.Service
	Leaderboard *leaderboard.Service
	// ByAPI tells the kinds that the platform does on Twitter itself; the
	// others the fan does by a web intent.
	ByAPI func(fandom.Kind) bool
	Now   func() time.Time
	// Spread gives numbers in [0, 1) that spread retries in time.
	Spread func() float64
	Log    *slog.Logger
}

// Service performs recommendations.
type Service struct {
	Options
	// calls are the calls to Twitter under way; they end before the
	// program does, and none outlives a lease.
	calls sync.WaitGroup
	stop  context.CancelFunc
	done  chan struct{}
}

// New makes the service. Start has to be called for pending performances to
// be pursued.
func New(o Options) *Service {
	return &Service{Options: o}
}
