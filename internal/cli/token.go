package cli

import (
	"context"
	"flag"
	"fmt"

	"madeinlatino.net/madeinlatino/internal/account"
	"madeinlatino.net/madeinlatino/internal/store"
)

func tokenCommand() command {
	return command{
		name: "token", usage: "create --user NAME",
		about: "make an access key for a registered user, for support and tests",
		detail: "The key is printed this once, and lets in like the user's own: until a logout, or a year without\n" +
			"use. Send it as: Authorization: Token KEY",
		example: program + " token create --user karla_rios",
		setup: func(f *flag.FlagSet) func(context.Context, Env, []string) error {
			user := f.String("user", "", "the user's Twitter `NAME`")
			return func(ctx context.Context, env Env, args []string) error {
				switch {
				case len(args) != 1 || args[0] != "create":
					return misused("token takes create, not %q", args)
				case *user == "":
					return misused("token create needs --user NAME")
				}
				return withExisting(ctx, env, func(s *store.Store) error { return createToken(ctx, env, s, *user) })
			}
		},
	}
}

// createToken needs neither Twitter nor the secrets: of a key only a hash is
// stored.
func createToken(ctx context.Context, env Env, s *store.Store, name string) error {
	accounts := account.New(account.Options{Store: s, Now: env.Now})
	user, err := accounts.UserByName(ctx, name)
	if err != nil {
		return fmt.Errorf("user %q: %w", name, err)
	}
	key, err := accounts.IssueKey(ctx, user.ID)
	if err != nil {
		return fmt.Errorf("user %q: %w", name, err)
	}
	say(env, "The access key of %q, shown this once:", name)
	_, err = fmt.Fprintln(env.Stdout, key)
	return err
}
