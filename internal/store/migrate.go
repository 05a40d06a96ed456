package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	atlas "ariga.io/atlas/sql/migrate"

	"madeinlatino.net/madeinlatino/ent/migrate/versions"
)

// migrationLock is the PostgreSQL advisory lock under which one process at a
// time migrates. The number means nothing beyond being ours.
const migrationLock = 7_261_014_550

// Migration is one version of the schema.
type Migration struct {
	Version   string
	Name      string
	AppliedAt *time.Time // nil: pending
}

// MigrateUp applies every pending migration and makes the ledger's guards
// anew, in one transaction under a lock: all or nothing, once.
func (s *Store) MigrateUp(ctx context.Context) error {
	return s.locked(ctx, func(c Conn) error {
		column := map[bool]string{true: "timestamptz", false: "datetime"}[s.Postgres()]
		if _, err := c.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS schema_migrations
			(version text PRIMARY KEY, name text NOT NULL, applied_at `+column+` NOT NULL)`); err != nil {
			return fmt.Errorf("create schema_migrations: %w", err)
		}
		known, err := s.migrations(ctx, c)
		if err != nil {
			return err
		}
		applied := false
		for _, m := range known {
			if m.AppliedAt != nil {
				continue
			}
			applied = true
			if err := s.apply(ctx, c, m, ".up.sql"); err != nil {
				return err
			}
			_, err := c.ExecContext(ctx, `INSERT INTO schema_migrations (version, name, applied_at) VALUES ($1, $2, $3)`,
				m.Version, m.Name, time.Now().UTC())
			if err != nil {
				return fmt.Errorf("record migration %s: %w", m.Version, err)
			}
		}
		if !applied && s.checkGuards(ctx, c) == nil {
			return nil // making them anew would lock the ledger against its readers
		}
		return s.installGuards(ctx, c)
	})
}

// MigrateDown takes back the newest applied migration, with its data. It
// reports which, nil where none was applied.
func (s *Store) MigrateDown(ctx context.Context) (taken *Migration, err error) {
	err = s.locked(ctx, func(c Conn) error {
		known, err := s.migrations(ctx, c)
		if err != nil {
			return err
		}
		for i := range known {
			if known[i].AppliedAt != nil {
				taken = &known[i]
			}
		}
		if taken == nil {
			return nil
		}
		if err := s.apply(ctx, c, *taken, ".down.sql"); err != nil {
			return err
		}
		_, err = c.ExecContext(ctx, `DELETE FROM schema_migrations WHERE version = $1`, taken.Version)
		return err
	})
	return taken, err
}

// MigrationStatus lists every migration that this program knows.
func (s *Store) MigrationStatus(ctx context.Context) (list []Migration, err error) {
	err = s.locked(ctx, func(c Conn) error {
		list, err = s.migrations(ctx, c)
		return err
	})
	return list, err
}

// apply runs the statements of one file.
func (s *Store) apply(ctx context.Context, c Conn, m Migration, suffix string) error {
	name := m.Version + "_" + m.Name + suffix
	text, err := fs.ReadFile(versions.FS(s.dialect), name)
	if err != nil {
		return fmt.Errorf("read migration: %w", err)
	}
	statements, err := atlas.NewLocalFile(name, text).Stmts()
	if err != nil {
		return fmt.Errorf("read migration %s: %w", name, err)
	}
	for _, statement := range statements {
		if _, err := c.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("migration %s: %w", name, err)
		}
	}
	return nil
}

// migrations lists what the program embeds, with when each was applied. A
// database that is ahead of the program is refused: its schema is not ours.
func (s *Store) migrations(ctx context.Context, c Conn) ([]Migration, error) {
	applied, err := s.appliedVersions(ctx, c)
	if err != nil {
		return nil, err
	}
	files, err := fs.Glob(versions.FS(s.dialect), "*.up.sql")
	if err != nil {
		return nil, err
	}
	list := make([]Migration, 0, len(files))
	for _, file := range files {
		version, name, _ := strings.Cut(strings.TrimSuffix(file, ".up.sql"), "_")
		m := Migration{Version: version, Name: name}
		if at, ok := applied[version]; ok {
			m.AppliedAt = &at
			delete(applied, version)
		}
		list = append(list, m)
	}
	for version := range applied {
		return nil, fmt.Errorf("the database has migration %s, which this program does not know: it is older than the database", version)
	}
	return list, nil
}

func (s *Store) appliedVersions(ctx context.Context, c Conn) (_ map[string]time.Time, err error) {
	exists := `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'`
	if s.Postgres() {
		exists = `SELECT COUNT(to_regclass('schema_migrations'))`
	}
	var n int
	if err := c.QueryRowContext(ctx, exists).Scan(&n); err != nil || n == 0 {
		return nil, err
	}
	rows, err := c.QueryContext(ctx, `SELECT version, applied_at FROM schema_migrations`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	applied := map[string]time.Time{}
	for rows.Next() {
		var version string
		var at time.Time
		if err := rows.Scan(&version, &at); err != nil {
			return nil, err
		}
		applied[version] = at.UTC()
	}
	return applied, rows.Err()
}

// locked runs fn on one connection, in a transaction, while no other process
// migrates. On SQLite foreign keys are off around it, since rebuilding a
// table would otherwise delete the rows that refer to it, and are checked
// before the commit.
func (s *Store) locked(ctx context.Context, fn func(Conn) error) (err error) {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if !s.Postgres() {
		if _, err := conn.ExecContext(ctx, "PRAGMA foreign_keys = off"); err != nil {
			return err
		}
		defer func() {
			_, on := conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA foreign_keys = on")
			err = errors.Join(err, on)
		}()
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if rollback := tx.Rollback(); rollback != nil && !errors.Is(rollback, sql.ErrTxDone) {
			err = errors.Join(err, rollback)
		}
	}()
	if s.Postgres() {
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, migrationLock); err != nil {
			return err
		}
		// A statement that waits for a lock makes everybody behind it wait.
		if _, err := tx.ExecContext(ctx, `SET LOCAL lock_timeout = '10s'`); err != nil {
			return err
		}
	}
	if err := fn(tx); err != nil {
		return err
	}
	if !s.Postgres() {
		var broken int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM pragma_foreign_key_check`).Scan(&broken); err != nil {
			return err
		}
		if broken > 0 {
			return fmt.Errorf("a migration would leave %d rows that refer to nothing", broken)
		}
	}
	return tx.Commit()
}
