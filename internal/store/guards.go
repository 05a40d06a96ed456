package store

import (
	"context"
	"fmt"
	"strings"
)

// The ledger is append-only in the database too. The guards are not part of
// the migrations, since a rebuild of a table loses its triggers: they are
// made anew after every migration, under the migration's lock.

// guardNames are the triggers that must stand on point_entries.
func (s *Store) guardNames() []string {
	if s.Postgres() {
		return []string{"point_entries_no_change", "point_entries_no_truncate"}
	}
	return []string{"point_entries_no_update", "point_entries_no_delete"}
}

func (s *Store) installGuards(ctx context.Context, c Conn) error {
	statements := sqliteGuards()
	if s.Postgres() {
		statements = postgresGuards()
	}
	for _, statement := range statements {
		if _, err := c.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("install the ledger's guards: %w", err)
		}
	}
	return nil
}

func sqliteGuards() []string {
	var statements []string
	for _, verb := range []string{"update", "delete"} {
		name := "point_entries_no_" + verb
		statements = append(statements,
			"DROP TRIGGER IF EXISTS "+name,
			"CREATE TRIGGER "+name+" BEFORE "+strings.ToUpper(verb)+" ON point_entries "+
				"BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
		)
	}
	return statements
}

func postgresGuards() []string {
	return []string{
		`CREATE OR REPLACE FUNCTION point_entries_append_only() RETURNS trigger LANGUAGE plpgsql AS
		 $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$`,
		`DROP TRIGGER IF EXISTS point_entries_no_change ON point_entries`,
		`CREATE TRIGGER point_entries_no_change BEFORE UPDATE OR DELETE ON point_entries
		 FOR EACH ROW EXECUTE FUNCTION point_entries_append_only()`,
		`DROP TRIGGER IF EXISTS point_entries_no_truncate ON point_entries`,
		`CREATE TRIGGER point_entries_no_truncate BEFORE TRUNCATE ON point_entries
		 FOR EACH STATEMENT EXECUTE FUNCTION point_entries_append_only()`,
	}
}

// CheckGuards tells whether the ledger's guards stand. Readiness asks it.
func (s *Store) CheckGuards(ctx context.Context) error { return s.checkGuards(ctx, s.Conn(ctx)) }

func (s *Store) checkGuards(ctx context.Context, c Conn) error {
	query := `SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND name = $1`
	if s.Postgres() {
		query = `SELECT COUNT(*) FROM pg_trigger WHERE tgname = $1 AND tgenabled = 'O'
			AND tgrelid = 'point_entries'::regclass`
	}
	for _, name := range s.guardNames() {
		var n int
		if err := c.QueryRowContext(ctx, query, name).Scan(&n); err != nil {
			return fmt.Errorf("look for the guard %s: %w", name, err)
		}
		if n != 1 {
			return fmt.Errorf("the ledger's guard %s is missing; run the command migrate up", name)
		}
	}
	return nil
}
