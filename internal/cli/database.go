package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"madeinlatino.net/madeinlatino/internal/config"
	"madeinlatino.net/madeinlatino/internal/secret"
	"madeinlatino.net/madeinlatino/internal/store"
)

// databaseConfig reads DATABASE_URL alone. No command touches a secret or
// Twitter, so that they run where those variables are not set, or would not do
// for a server. PostgreSQL demands a SECRET_KEY: it gets one that nothing is
// encrypted with.
func databaseConfig(env Env) (config.Config, error) {
	return config.Load(func(name string) string {
		switch name {
		case "DATABASE_URL":
			return env.Getenv(name)
		case "SECRET_KEY":
			return secret.Generate()
		default:
			return ""
		}
	})
}

// withDatabase runs fn on the configured database as it is, migrated or not.
func withDatabase(ctx context.Context, env Env, fn func(*store.Store) error) error {
	cfg, err := databaseConfig(env)
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, cfg.DatabaseURL.Reveal())
	if err != nil {
		return &config.Error{Variable: "DATABASE_URL", Problem: err.Error()}
	}
	return errors.Join(fn(s), s.Close())
}

// withMigrated runs fn on the configured database after bringing it up to
// date.
func withMigrated(ctx context.Context, env Env, fn func(*store.Store) error) error {
	return withDatabase(ctx, env, func(s *store.Store) error {
		if err := s.MigrateUp(ctx); err != nil {
			return fmt.Errorf("migrate the database: %w", err)
		}
		return fn(s)
	})
}

// withExisting runs fn on a database that must be there and up to date: a
// mistyped name must not make an empty one, and a newer program must not
// migrate under a server that is running.
func withExisting(ctx context.Context, env Env, fn func(*store.Store) error) error {
	cfg, err := databaseConfig(env)
	if err != nil {
		return err
	}
	if path, ok := strings.CutPrefix(cfg.DatabaseURL.Reveal(), "sqlite://"); ok {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return &config.Error{Variable: "DATABASE_URL", Problem: "there is no database " + path}
		}
	}
	return withDatabase(ctx, env, func(s *store.Store) error {
		known, err := s.MigrationStatus(ctx)
		if err != nil {
			return err
		}
		for _, m := range known {
			if m.AppliedAt == nil {
				return fmt.Errorf("the database lacks migration %s_%s; bring it up to date with: %s migrate up", m.Version, m.Name, program)
			}
		}
		return fn(s)
	})
}
