// Command migration writes a versioned migration for each database from what
// ent/schema has beyond the existing ones. It needs an empty PostgreSQL
// database in TEST_POSTGRES_URL, which `make migration` provides.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	_ "github.com/lib/pq"
	_ "modernc.org/sqlite"

	"madeinlatino.net/madeinlatino/internal/store/schemadiff"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "migration:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 1 || !regexp.MustCompile(`^[a-z][a-z0-9_]*$`).MatchString(args[0]) {
		return fmt.Errorf("give the migration's name in lower case, such as add_rewards")
	}
	postgres := os.Getenv("TEST_POSTGRES_URL")
	if postgres == "" {
		return fmt.Errorf("TEST_POSTGRES_URL is not set; call this as `make migration NAME=%s`", args[0])
	}
	scratch, err := os.MkdirTemp("", "migration")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	sources := []struct{ folder, driver, dialect, dsn string }{
		{"sqlite", "sqlite", dialect.SQLite, "file:" + filepath.Join(scratch, "dev.db") + "?_pragma=foreign_keys(1)"},
		{"postgres", "postgres", dialect.Postgres, postgres},
	}
	for _, source := range sources {
		drv, err := entsql.Open(source.driver, source.dsn)
		if err != nil {
			return err
		}
		written, err := schemadiff.Write(ctx, entsql.OpenDB(source.dialect, drv.DB()), filepath.Join("ent", "migrate", "versions", source.folder), args[0])
		if err := drv.Close(); err != nil {
			return err
		}
		if err != nil {
			return fmt.Errorf("%s: %w", source.folder, err)
		}
		if len(written) == 0 {
			fmt.Printf("%s: the migrations already give the schema\n", source.folder)
		}
		for _, file := range written {
			fmt.Printf("%s: wrote %s\n", source.folder, file)
		}
	}
	return nil
}
