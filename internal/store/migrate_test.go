package store_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/ent/migrate/versions"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/store/schemadiff"
	"madeinlatino.net/madeinlatino/internal/testrig/dbrig"
	"madeinlatino.net/madeinlatino/internal/testrig/pgserver"
)

// TestMigrationsMatchSchema fails when ent/schema was changed without a
// migration: run `make migration NAME=…`.
func TestMigrationsMatchSchema(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		drv, err := entsql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "dev.db")+"?_pragma=foreign_keys(1)")
		require.NoError(t, err)
		requireNoDiff(t, entsql.OpenDB(dialect.SQLite, drv.DB()))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		url, drop, err := pgserver.CreateDatabase(t.Context(), pgserver.Shared(t).URL(), "")
		require.NoError(t, err)
		drv, err := entsql.Open("postgres", url)
		require.NoError(t, err)
		requireNoDiff(t, entsql.OpenDB(dialect.Postgres, drv.DB()))
		require.NoError(t, drop())
	})
}

func requireNoDiff(t *testing.T, drv *entsql.Driver) {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, versions.FS(drv.Dialect())))
	written, err := schemadiff.Write(t.Context(), drv, dir, "forgotten")
	require.NoError(t, err)
	for _, file := range written {
		text, err := os.ReadFile(filepath.Join(dir, file))
		require.NoError(t, err)
		t.Logf("%s:\n%s", file, text)
	}
	require.Empty(t, written, "ent/schema has something that no migration makes: run `make migration NAME=…`")
	require.NoError(t, drv.Close())
}

func TestMigrationsGoDownAndUpAgain(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		list, err := s.MigrationStatus(ctx)
		require.NoError(t, err)
		require.NotEmpty(t, list)
		for range list {
			taken, err := s.MigrateDown(ctx)
			require.NoError(t, err)
			require.NotNil(t, taken)
		}
		taken, err := s.MigrateDown(ctx)
		require.NoError(t, err)
		require.Nil(t, taken)
		require.NoError(t, s.MigrateUp(ctx))
		require.NoError(t, s.CheckGuards(ctx))
		list, err = s.MigrationStatus(ctx)
		require.NoError(t, err)
		for _, m := range list {
			require.NotNil(t, m.AppliedAt, m.Version)
		}
	})
}

func TestSeveralProcessesMigrateOnce(t *testing.T) {
	dbrig.EachURL(t, func(t *testing.T, url string) {
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				s, err := store.Open(t.Context(), url)
				if err == nil {
					err = s.MigrateUp(t.Context())
				}
				if err != nil {
					t.Error(err)
					return
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	})
}

func TestADatabaseFromANewerProgramIsRefused(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		_, err := s.Conn(t.Context()).ExecContext(t.Context(),
			`INSERT INTO schema_migrations (version, name, applied_at) VALUES ('99990101000000', 'future', '2026-01-01T00:00:00Z')`)
		require.NoError(t, err)
		require.ErrorContains(t, s.MigrateUp(t.Context()), "older than the database")
	})
}

func TestMissingGuardsAreNoticed(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		drop := `DROP TRIGGER point_entries_no_delete`
		if s.Postgres() {
			drop = `DROP TRIGGER point_entries_no_change ON point_entries`
		}
		require.NoError(t, s.CheckGuards(t.Context()))
		_, err := s.Conn(t.Context()).ExecContext(t.Context(), drop)
		require.NoError(t, err)
		require.ErrorContains(t, s.CheckGuards(t.Context()), "is missing")
		require.NoError(t, s.MigrateUp(t.Context()))
		require.NoError(t, s.CheckGuards(t.Context()))
	})
}

func TestWhatCannotBeOpenedIsSaidWithoutItsPassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"mysql://x", "sqlite://", "postgres://fan:hunter2@127.0.0.1:1/db?connect_timeout=1", "sqlite:///nowhere/at/all.db",
	} {
		_, err := store.Open(t.Context(), url)
		require.Error(t, err, url)
		require.NotContains(t, err.Error(), "hunter2")
	}
}
