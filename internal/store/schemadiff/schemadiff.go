// Package schemadiff compares ent/schema with the versioned migrations and
// writes what is missing. It serves the command that makes a migration and
// the test that refuses a forgotten one; the server does not use it.
package schemadiff

import (
	"context"
	"errors"
	"fmt"
	"os"

	"ariga.io/atlas/sql/sqltool"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql/schema"

	atlas "ariga.io/atlas/sql/migrate"

	"madeinlatino.net/madeinlatino/ent/migrate"
)

// Write replays the migrations in dir on the empty database behind drv and
// writes a new one, named name, for what ent/schema has beyond them. It
// reports the files it wrote: none where the two agree.
func Write(ctx context.Context, drv dialect.Driver, dir, name string) ([]string, error) {
	before, err := names(dir)
	if err != nil {
		return nil, err
	}
	target, err := sqltool.NewGolangMigrateDir(dir)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", dir, err)
	}
	differ, err := schema.NewMigrate(drv,
		schema.WithDir(target),
		schema.WithMigrationMode(schema.ModeReplay),
		schema.WithFormatter(sqltool.GolangMigrateFormatter),
		schema.WithDropColumn(true),
		schema.WithDropIndex(true),
		schema.WithIndent("  "),
	)
	if err != nil {
		return nil, err
	}
	err = differ.NamedDiff(ctx, name, migrate.Tables...)
	if err != nil && !errors.Is(err, atlas.ErrNoPlan) {
		return nil, fmt.Errorf("compare the schema with the migrations: %w", err)
	}
	after, err := names(dir)
	if err != nil {
		return nil, err
	}
	var written []string
	for file := range after {
		if !before[file] {
			written = append(written, file)
		}
	}
	return written, nil
}

func names(dir string) (map[string]bool, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	found := make(map[string]bool, len(entries))
	for _, e := range entries {
		found[e.Name()] = true
	}
	return found, nil
}
