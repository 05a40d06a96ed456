package cli

import (
	"context"
	"flag"

	"madeinlatino.net/madeinlatino/internal/demo"
	"madeinlatino.net/madeinlatino/internal/store"
)

func seedCommand() command {
	return command{
		name: "seed", usage: "--artists N --fans N --entries N",
		about: "fill an empty database with deterministic data, for trials and load tests",
		detail: "It makes registered users fan1, fan2, … and artists artist1, artist2, …. Every fan has an entry\n" +
			"in the ledger for artist1, the first thousand fans have one for each other artist; --entries is\n" +
			"how many there are at least, the further ones spread over these. A database that has users or\n" +
			"artists is refused. A trial that was interrupted begins again with an empty database.",
		example: program + " seed --artists 100 --fans 1000000 --entries 1200000",
		setup: func(f *flag.FlagSet) func(context.Context, Env, []string) error {
			var plan demo.Plan
			f.IntVar(&plan.Artists, "artists", 10, "how many artists, `N`")
			f.IntVar(&plan.Fans, "fans", 1000, "how many registered users, `N`")
			f.IntVar(&plan.Entries, "entries", 0, "how many ledger entries at least, `N`")
			return func(ctx context.Context, env Env, args []string) error {
				if len(args) > 0 {
					return misused("seed takes flags only, not %q", args)
				}
				if err := plan.Check(); err != nil {
					return misused("%s", err)
				}
				return withMigrated(ctx, env, func(s *store.Store) error { return seed(ctx, env, s, plan) })
			}
		},
	}
}

func seed(ctx context.Context, env Env, s *store.Store, plan demo.Plan) error {
	bar := newProgress(env.Stderr, "rows")
	err := demo.Seed(ctx, s, newLedger(env, s), env.Now, plan, bar.show)
	bar.end()
	if err != nil {
		return err
	}
	say(env, "%d artists, %d fans and %d ledger entries are there.", plan.Artists, plan.Fans, plan.Total())
	return nil
}
