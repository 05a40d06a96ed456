// Package account owns users and what lets them in: logging in with Twitter,
// access keys, the profile with the consent to act on Twitter, the Twitter
// credentials, and the mobile prefixes that a profile refers to.
//
// No call to Twitter is made within a transaction. Whatever identifies or
// authorizes somebody is stored as a hash (keys, request tokens) or encrypted
// under SECRET_KEY (tokens), and stands in no error and no log.
package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"madeinlatino.net/madeinlatino/internal/secret"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/twitter"
)

// Twitter is what logging in asks of Twitter.
type Twitter interface {
	RequestToken(ctx context.Context) (twitter.Token, error)
	LoginURL(requestToken string) string
	AccessToken(ctx context.Context, requestToken twitter.Token, verifier string) (twitter.Token, error)
	Me(ctx context.Context, token twitter.Token) (twitter.Account, error)
	Email(ctx context.Context, token twitter.Token) (string, error)
}

// Options are what the service works with.
type Options struct {
	Store   *store.Store
	Twitter Twitter
	Keys    *secret.Keyring
	Now     func() time.Time
	Random  io.Reader    // where access keys come from; nil: crypto/rand
	Log     *slog.Logger // for failures that nobody waits for; nil: not logged
}

// Service knows the users.
type Service struct {
	store   *store.Store
	twitter Twitter
	keys    *secret.Keyring
	clock   func() time.Time
	random  io.Reader
	log     *slog.Logger

	swept   atomic.Int64   // when login attempts were last swept, in unix seconds
	touches sync.WaitGroup // writes of last_used_at under way
	touched sync.Map       // the ids of the keys that are being written
	slots   chan struct{}  // bounds those writes
}

// New makes the service. It starts nothing; Drain waits for the few writes
// that it makes in the background.
func New(o Options) *Service {
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Service{
		store: o.Store, twitter: o.Twitter, keys: o.Keys, clock: o.Now, random: o.Random, log: o.Log,
		slots: make(chan struct{}, 4),
	}
}

// Drain waits until the writes in the background have ended. It belongs after
// the last request of a shutdown and before the database is closed.
func (s *Service) Drain() { s.touches.Wait() }

// now is the time as it is stored: UTC, to the microsecond.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// hash is what is stored in place of a key or token. Those are long and
// random, so that a plain hash cannot be searched through.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// lockName makes transactions that give or take the same thing wait for each
// other until they end. SQLite has one writer anyway.
func (s *Service) lockName(ctx context.Context, name string) error {
	if !s.store.Postgres() {
		return nil
	}
	_, err := s.store.Conn(ctx).ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, name)
	if err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	return nil
}

// forUpdate ends a query whose rows are to stay as they are read until the
// transaction ends. SQLite has one writer anyway, and no such clause.
func (s *Service) forUpdate() string {
	if s.store.Postgres() {
		return " FOR UPDATE"
	}
	return ""
}
