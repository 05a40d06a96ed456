package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"madeinlatino.net/madeinlatino/internal/admin"
	"madeinlatino.net/madeinlatino/internal/store"
)

func adminCommand() command {
	return command{
		name: "admin", usage: "create|password|disable --username NAME",
		about: "add an admin, change a password, lock an admin out",
		detail: "The password is the first line of standard input where something is piped in; otherwise one is\n" +
			"generated and printed, this once. A new password and disabling end the admin's sessions.",
		example: program + " admin create --username ana\n" + program + " admin password --username ana < password.txt",
		setup: func(f *flag.FlagSet) func(context.Context, Env, []string) error {
			username := f.String("username", "", "the admin's `NAME`")
			return func(ctx context.Context, env Env, args []string) error {
				return changeAdmin(ctx, env, args, *username)
			}
		},
	}
}

func changeAdmin(ctx context.Context, env Env, args []string, username string) error {
	if len(args) != 1 {
		return misused("admin takes one of create, password and disable")
	}
	// A new installation may get its admin before it is first served.
	open := withExisting
	var change func(*admin.Service) error
	switch args[0] {
	case "create":
		open = withMigrated
		change = func(admins *admin.Service) error {
			return withPassword(env, func(password string) error {
				_, err := admins.Create(ctx, username, password)
				return err
			})
		}
	case "password":
		change = func(admins *admin.Service) error {
			return withPassword(env, func(password string) error { return admins.SetPassword(ctx, username, password) })
		}
	case "disable":
		change = func(admins *admin.Service) error { return admins.Disable(ctx, username) }
	default:
		return misused("admin takes one of create, password and disable, not %q", args[0])
	}
	if strings.TrimSpace(username) == "" {
		return misused("admin %s needs --username NAME", args[0])
	}
	return open(ctx, env, func(s *store.Store) error {
		admins, err := admin.New(admin.Options{Store: s, Now: env.Now, Log: slog.New(slog.NewTextHandler(env.Stderr, nil))})
		if err != nil {
			return err
		}
		if err := change(admins); err != nil {
			return err
		}
		say(env, "Done: admin %s of %q.", args[0], username)
		return nil
	})
}

// withPassword has set use the password from standard input, or a generated
// one, which is printed once it is in use.
func withPassword(env Env, set func(password string) error) error {
	password, err := pipedPassword(env)
	if err != nil {
		return fmt.Errorf("read the password: %w", err)
	}
	generated := password == ""
	if generated {
		password = admin.GeneratePassword()
	}
	if err := set(password); err != nil || !generated {
		return err
	}
	say(env, "The password, shown this once:")
	_, err = fmt.Fprintln(env.Stdout, password)
	return err
}

// maxPasswordInput bounds what is read, in bytes; the longest password is
// shorter.
const maxPasswordInput = 4096

// pipedPassword gives the first line of standard input, empty where nothing is
// piped in. A terminal is not asked: it would show the password.
func pipedPassword(env Env) (string, error) {
	if env.Stdin == nil {
		return "", nil
	}
	if file, ok := env.Stdin.(*os.File); ok {
		info, err := file.Stat()
		if errors.Is(err, os.ErrInvalid) || errors.Is(err, os.ErrClosed) {
			return "", nil
		}
		if err != nil || info.Mode()&os.ModeCharDevice != 0 { // a terminal, or /dev/null
			return "", err
		}
		say(env, "Reading the password from standard input.")
	}
	text, err := io.ReadAll(io.LimitReader(env.Stdin, maxPasswordInput))
	line, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimSuffix(line, "\r"), err
}
