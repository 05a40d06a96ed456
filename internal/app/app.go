// Package app puts the services together. The server and the sub-commands
// build the same App, so a command sees the system just as the server does.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"madeinlatino.net/madeinlatino/internal/account"
	"madeinlatino.net/madeinlatino/internal/action"
	"madeinlatino.net/madeinlatino/internal/admin"
	"madeinlatino.net/madeinlatino/internal/artist"
	"madeinlatino.net/madeinlatino/internal/config"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/idempotency"
	"madeinlatino.net/madeinlatino/internal/leaderboard"
	"madeinlatino.net/madeinlatino/internal/ledger"
	"madeinlatino.net/madeinlatino/internal/ranking"
	"madeinlatino.net/madeinlatino/internal/secret"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/twitter"
	"madeinlatino.net/madeinlatino/internal/twitter/sandbox"
)

// SandboxPath is where the server mounts the stand-in Twitter.
const SandboxPath = "/sandbox"

// The keys by which the platform and its own sandbox know each other. They
// protect nothing: the sandbox serves loopback only.
const (
	sandboxKey    = "sandbox-consumer-key"
	sandboxSecret = "sandbox-consumer-secret"
)

// App is the whole system without its HTTP surfaces.
type App struct {
	Config      config.Config
	Log         *slog.Logger
	Now         func() time.Time
	Store       *store.Store
	Keys        *secret.Keyring
	Sandbox     *sandbox.Sandbox // nil with the real Twitter
	Twitter     *twitter.Client
	Engine      ranking.Engine
	Ledger      *ledger.Service
	Leaderboard *leaderboard.Service
	Accounts    *account.Service
	Artists     *artist.Service
	Actions     *action.Service
	Admins      *admin.Service
	Once        *idempotency.Service

	stopUpkeep func()
}

// Now is the machine's clock as the platform uses it: UTC, to the microsecond
// that PostgreSQL keeps.
func Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// OpenStore opens the configured database and brings it up to date.
func OpenStore(ctx context.Context, cfg config.Config) (*store.Store, error) {
	s, err := store.Open(ctx, cfg.DatabaseURL.Reveal())
	if err != nil {
		return nil, &config.Error{Variable: "DATABASE_URL", Problem: err.Error()}
	}
	if err := s.MigrateUp(ctx); err != nil {
		return nil, errors.Join(&config.Error{Variable: "DATABASE_URL", Problem: err.Error()}, s.Close())
	}
	return s, nil
}

// New builds the services over an open and migrated store, and checks that
// the secrets fit the data. listenAddr is where this process serves; the
// sandbox is reached there. Commands that never call Twitter leave it empty.
func New(ctx context.Context, cfg config.Config, s *store.Store, listenAddr string, now func() time.Time, log *slog.Logger) (*App, error) {
	a := &App{Config: cfg, Log: log, Now: now, Store: s}
	var err error
	if a.Keys, err = keyring(cfg, s); err != nil {
		return nil, err
	}
	if err := a.connectTwitter(listenAddr); err != nil {
		return nil, err
	}
	a.Engine = ranking.NewSQL(s)
	a.Ledger = ledger.New(s, a.Engine, now)
	a.Leaderboard = leaderboard.New(s, a.Engine, a.Ledger, now)
	a.Once = idempotency.New(s, now)
	a.Accounts = account.New(account.Options{Store: s, Twitter: a.Twitter, Keys: a.Keys, Now: now, Log: log})
	a.Artists = artist.New(s, a.Ledger, a.Twitter, now, log)
	a.Actions = action.New(action.Options{
		Store: s, Twitter: a.Twitter, Accounts: a.Accounts, Artists: a.Artists, Ledger: a.Ledger, Leaderboard: a.Leaderboard,
		ByAPI:  func(k fandom.Kind) bool { return slices.Contains(cfg.Twitter.APIKinds, k) },
		Spread: rand.Float64, Now: now, Log: log,
	})
	a.Admins, err = admin.New(admin.Options{Store: s, Now: now, Log: log, Secure: cfg.Secure()})
	if err != nil {
		return nil, err
	}
	return a, a.prepare(ctx)
}

// CheckSecrets tells whether SECRET_KEY fits the data in the store. The server
// asks before it listens.
func CheckSecrets(ctx context.Context, cfg config.Config, s *store.Store, now func() time.Time) error {
	keys, err := keyring(cfg, s)
	if err != nil {
		return err
	}
	return checkSecrets(ctx, account.New(account.Options{Store: s, Keys: keys, Now: now}))
}

func checkSecrets(ctx context.Context, accounts *account.Service) error {
	if err := accounts.CheckSecrets(ctx); err != nil {
		return &config.Error{Variable: "SECRET_KEY", Problem: err.Error()}
	}
	return nil
}

// prepare gives a database what the services take for granted.
func (a *App) prepare(ctx context.Context) error {
	if err := checkSecrets(ctx, a.Accounts); err != nil {
		return err
	}
	if err := a.Ledger.EnsureGlobalBoard(ctx); err != nil {
		return err
	}
	if err := a.Actions.EnsureDefaultTypes(ctx); err != nil {
		return err
	}
	return a.Accounts.SyncMobilePrefixes(ctx)
}

func keyring(cfg config.Config, s *store.Store) (*secret.Keyring, error) {
	var keys *secret.Keyring
	var err error
	if value := cfg.SecretKey.Reveal(); value != "" {
		keys, err = secret.Parse(value)
	} else {
		keys, err = secret.LoadOrCreateFile(s.Path() + ".key")
	}
	if err != nil {
		return nil, &config.Error{Variable: "SECRET_KEY", Problem: err.Error()}
	}
	return keys, nil
}

func (a *App) connectTwitter(listenAddr string) error {
	settings := twitter.Config{
		ConsumerKey: a.Config.Twitter.ConsumerKey.Reveal(), ConsumerSecret: a.Config.Twitter.ConsumerSecret.Reveal(),
		APIURL: a.Config.Twitter.APIURL, CallbackURL: a.Config.Twitter.CallbackURL, Now: a.Now,
	}
	if a.Config.Twitter.Sandbox() {
		journal := ""
		if path := a.Store.Path(); path != "" {
			journal = path + ".sandbox"
		}
		var err error
		a.Sandbox, err = sandbox.New(sandbox.Config{
			ConsumerKey: sandboxKey, ConsumerSecret: sandboxSecret, BasePath: SandboxPath,
			JournalPath: journal, Unlimited: !a.Config.RateLimits, Now: a.Now,
		})
		if err != nil {
			return fmt.Errorf("open the sandbox: %w", err)
		}
		settings.ConsumerKey, settings.ConsumerSecret = sandboxKey, sandboxSecret
		settings.APIURL = "http://" + listenAddr + SandboxPath
		settings.AuthorizeURL = a.Config.PublicURL + SandboxPath
	}
	a.Twitter = twitter.New(settings)
	return nil
}

// Start begins the work in the background.
func (a *App) Start() {
	a.Actions.Start()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.upkeep(ctx)
	}()
	a.stopUpkeep = func() { cancel(); <-done }
}

// upkeep does now and then what keeps the database tidy and complete.
func (a *App) upkeep(ctx context.Context) {
	ticker := time.NewTicker(time.Minute)
	defer ticker.Stop()
	for {
		for _, task := range []struct {
			name string
			run  func(context.Context) error
		}{
			{"look up artists", a.Artists.LookUpMissing},
			{"forget idempotency keys", a.Once.Sweep},
			{"end sessions", func(ctx context.Context) error { _, err := a.Admins.SweepSessions(ctx); return err }},
		} {
			if err := task.run(ctx); err != nil && ctx.Err() == nil {
				a.Log.WarnContext(ctx, "cannot do the upkeep now", "task", task.name, "error", err)
			}
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// Stop ends the work in the background and waits for it; then nothing uses
// the store any more but who holds it.
func (a *App) Stop() error {
	if a.stopUpkeep != nil {
		a.stopUpkeep()
	}
	a.Actions.Stop()
	a.Accounts.Drain()
	if a.Sandbox != nil {
		return a.Sandbox.Close()
	}
	return nil
}

// Ready checks what readiness stands for: the database answers, and the
// guards of the ledger are in place.
func (a *App) Ready(ctx context.Context) error {
	if err := a.Store.Ping(ctx); err != nil {
		return err
	}
	return a.Store.CheckGuards(ctx)
}
