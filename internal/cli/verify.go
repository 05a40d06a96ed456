package cli

import (
	"context"
	"flag"
	"fmt"
	"io"

	"madeinlatino.net/madeinlatino/internal/ledger"
	"madeinlatino.net/madeinlatino/internal/ranking"
	"madeinlatino.net/madeinlatino/internal/store"
)

func verifyCommand() command {
	return command{
		name: "verify", usage: "[--repair]",
		about: "recompute every score from the ledger and compare",
		detail: "It lists each score that is not the sum of its ledger entries, and exits with status 1 where\n" +
			"such differences remain. It runs beside a server.",
		example: program + " verify --repair",
		setup: func(f *flag.FlagSet) func(context.Context, Env, []string) error {
			repair := f.Bool("repair", false, "set the scores right")
			return func(ctx context.Context, env Env, args []string) error {
				if len(args) > 0 {
					return misused("verify takes no arguments, only --repair")
				}
				return withExisting(ctx, env, func(s *store.Store) error { return verify(ctx, env, s, *repair) })
			}
		},
	}
}

func verify(ctx context.Context, env Env, s *store.Store, repair bool) error {
	l := newLedger(env, s)
	report, err := l.Verify(ctx, repair)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(env.Stdout, report.String()); err != nil {
		return err
	}
	if repair && len(report.Differences) > 0 { // a repair counts once it can be seen
		if report, err = l.Verify(ctx, false); err != nil {
			return err
		}
	}
	if n := len(report.Differences); n > 0 {
		return fmt.Errorf("%d scores differ from the ledger", n)
	}
	return nil
}

func newLedger(env Env, s *store.Store) *ledger.Service {
	return ledger.New(s, ranking.NewSQL(s), env.Now)
}
