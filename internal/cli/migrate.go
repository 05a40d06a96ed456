package cli

import (
	"context"
	"flag"
	"fmt"
	"io"
	"time"

	"madeinlatino.net/madeinlatino/internal/store"
)

func migrateCommand() command {
	return command{
		name: "migrate", usage: "[status|up|down]",
		about: "show, apply or take back versions of the database schema",
		detail: "status (the default) lists the versions; up applies those that are pending, as every start of\n" +
			"the server does; down takes the newest one back WITH ITS DATA. Stop the server before down.",
		example: program + " migrate status",
		setup:   func(*flag.FlagSet) func(context.Context, Env, []string) error { return migrate },
	}
}

func migrate(ctx context.Context, env Env, args []string) error {
	verb := "status"
	if len(args) > 0 {
		verb = args[0]
	}
	run, ok := map[string]func(context.Context, Env, *store.Store) error{
		"status": migrateStatus, "up": migrateUp, "down": migrateDown,
	}[verb]
	if !ok || len(args) > 1 {
		return misused("migrate takes status, up or down, not %q", args)
	}
	return withDatabase(ctx, env, func(s *store.Store) error { return run(ctx, env, s) })
}

func migrateStatus(ctx context.Context, env Env, s *store.Store) error {
	known, err := s.MigrationStatus(ctx)
	if err != nil {
		return err
	}
	for _, m := range known {
		state := "pending"
		if m.AppliedAt != nil {
			state = "applied " + m.AppliedAt.Format(time.RFC3339)
		}
		if err := printMigration(env.Stdout, m, state); err != nil {
			return err
		}
	}
	return nil
}

func migrateUp(ctx context.Context, env Env, s *store.Store) error {
	before, err := s.MigrationStatus(ctx)
	if err != nil {
		return err
	}
	if err := s.MigrateUp(ctx); err != nil {
		return err
	}
	pending := 0
	for _, m := range before {
		if m.AppliedAt != nil {
			continue
		}
		pending++
		if err := printMigration(env.Stdout, m, "applied"); err != nil {
			return err
		}
	}
	if pending == 0 {
		say(env, "The database was up to date.")
	}
	return nil
}

func migrateDown(ctx context.Context, env Env, s *store.Store) error {
	taken, err := s.MigrateDown(ctx)
	if err != nil {
		return err
	}
	if taken == nil {
		say(env, "No migration was applied: there is nothing to take back.")
		return nil
	}
	say(env, "This was taken back, with its data:")
	return printMigration(env.Stdout, *taken, "taken back")
}

func printMigration(w io.Writer, m store.Migration, state string) error {
	_, err := fmt.Fprintf(w, "%s_%s\t%s\n", m.Version, m.Name, state)
	return err
}

// say tells a person something.
func say(env Env, format string, args ...any) {
	_, _ = fmt.Fprintf(env.Stderr, format+"\n", args...)
}
