// Package dbrig gives a test a fresh, migrated database of each kind. What
// touches a database is tested with Each, on SQLite and on PostgreSQL.
package dbrig

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/testrig/pgserver"
)

// Each runs fn as a parallel sub-test on SQLite and on PostgreSQL, each with
// a store over a fresh and migrated database. With -short PostgreSQL is left
// out; otherwise a missing one fails the test.
func Each(t *testing.T, fn func(t *testing.T, s *store.Store)) {
	t.Helper()
	EachURL(t, func(t *testing.T, url string) {
		s, err := store.Open(t.Context(), url)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		fn(t, s)
	})
}

// EachURL is Each for tests that open the database themselves, such as those
// that boot the whole server.
func EachURL(t *testing.T, fn func(t *testing.T, url string)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		fn(t, SQLite(t))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		fn(t, Postgres(t))
	})
}

// SQLite gives the URL of a fresh and migrated SQLite database.
func SQLite(t *testing.T) string {
	t.Helper()
	template, err := sqliteTemplate()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "test.db")
	require.NoError(t, os.WriteFile(path, template, 0o600))
	return "sqlite://" + path
}

// Postgres gives the URL of a fresh and migrated PostgreSQL database, which
// is dropped when the test ends.
func Postgres(t *testing.T) string {
	t.Helper()
	server := pgserver.Shared(t)
	template, err := postgresTemplate(server.URL())
	require.NoError(t, err)
	url, drop, err := pgserver.CreateDatabase(t.Context(), server.URL(), template)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, drop()) })
	return url
}

// The templates are made once a test process: migrating for every test would
// cost more than the tests.
var (
	sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
		dir, err := os.MkdirTemp("", "sqlite-template")
		if err != nil {
			return nil, err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		path := filepath.Join(dir, "template.db")
		if err := migrate("sqlite://" + path); err != nil {
			return nil, err
		}
		return os.ReadFile(path)
	})
	postgresTemplates sync.Map // server URL → func() (name string, err error)
)

func postgresTemplate(serverURL string) (string, error) {
	once, _ := postgresTemplates.LoadOrStore(serverURL, sync.OnceValues(func() (string, error) {
		url, _, err := pgserver.CreateDatabase(context.Background(), serverURL, "")
		if err != nil {
			return "", err
		}
		return pgserver.DatabaseName(url), migrate(url)
	}))
	return once.(func() (string, error))()
}

func migrate(url string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, url)
	if err != nil {
		return fmt.Errorf("open the template: %w", err)
	}
	if err := s.MigrateUp(ctx); err != nil {
		return fmt.Errorf("migrate the template: %w", err)
	}
	return s.Close()
}
