package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"madeinlatino.net/madeinlatino/internal/config"
)

// program is what the help texts call the built binary.
const program = "madeinlatino"

// Env is what a command sees of the world.
type Env struct {
	Args   []string // the command's name and what follows it
	Getenv func(string) string
	Stdin  io.Reader // asked for passwords; nil: there is none
	Stdout io.Writer // data
	Stderr io.Writer // for people
	Now    func() time.Time
}

// command is one sub-command.
type command struct {
	name    string
	usage   string // what follows the name
	about   string // in a line
	detail  string // more of it; can be empty
	example string
	// setup declares the flags and gives what runs once they are parsed, with
	// the arguments that are not flags.
	setup func(f *flag.FlagSet) func(ctx context.Context, env Env, args []string) error
}

func commands() []command {
	return []command{
		serveCommand(), migrateCommand(), seedCommand(), adminCommand(), tokenCommand(), verifyCommand(), versionCommand(),
	}
}

// Known reports whether Run carries out what name says: a command other than
// serve, or the help.
func Known(name string) bool {
	return isHelp(name) || name != "serve" && find(name) != nil
}

func isHelp(arg string) bool {
	return slices.Contains([]string{"help", "-h", "-help", "--help"}, arg)
}

func find(name string) *command {
	for _, c := range commands() {
		if c.name == name {
			return &c
		}
	}
	return nil
}

// Run carries out one command, or prints help. ExitCode says what its error
// means for the exit status; the caller prints the error.
func Run(ctx context.Context, env Env) error {
	if len(env.Args) == 0 {
		return Usage("no command")
	}
	name, args := env.Args[0], env.Args[1:]
	if isHelp(name) && len(args) > 0 { // "help seed" is "seed --help"
		name, args = args[0], []string{"--help"}
	}
	if isHelp(name) {
		return printHelp(env.Stdout)
	}
	c := find(name)
	if c == nil {
		return Usage(fmt.Sprintf("there is no command %q", name))
	}
	return c.run(ctx, env, args)
}

func (c command) run(ctx context.Context, env Env, args []string) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	run := c.setup(flags)
	rest, err := parse(flags, args)
	if errors.Is(err, flag.ErrHelp) {
		return c.printHelp(env.Stdout, flags)
	}
	if err == nil {
		err = run(ctx, env, rest)
	}
	if misuse := new(misuse); errors.As(err, &misuse) {
		misuse.usage = c.synopsis() + "\n" + seeHelp(c.name)
	}
	return err
}

// parse reads flags wherever they stand: the flag package stops at the first
// argument, while "admin create --username x" has its flag behind one.
func parse(flags *flag.FlagSet, args []string) (rest []string, err error) {
	for {
		if err := flags.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, misused("%s", err)
		}
		if flags.NArg() == 0 {
			return rest, nil
		}
		if flags.NArg() < len(args) && args[len(args)-flags.NArg()-1] == "--" {
			return append(rest, flags.Args()...), nil
		}
		rest, args = append(rest, flags.Arg(0)), flags.Args()[1:]
	}
}

// misuse says that the command line is wrong.
type misuse struct {
	problem string
	usage   string
}

func misused(format string, args ...any) error {
	return &misuse{problem: fmt.Sprintf(format, args...)}
}

// Usage makes the error for a wrong command line, with exit status 2.
func Usage(problem string) error {
	return &misuse{problem: problem, usage: "usage: " + program + " [command] [flags]\n" + seeHelp("")}
}

func seeHelp(name string) string {
	return "help:  " + strings.Join(strings.Fields(program+" "+name+" --help"), " ")
}

// Error gives the problem in a line and the usage below it.
func (e *misuse) Error() string { return e.problem + "\n\n" + e.usage }

// ExitCode is 2.
func (e *misuse) ExitCode() int { return exitMisuse }

// The exit statuses beside 0.
const (
	exitFailure = 1 // it was tried and failed, or verify found differences
	exitMisuse  = 2 // the command line or the configuration is wrong
)

// ExitCode gives the exit status for what Run, or the server, returned: 0 for
// nil, 2 for a wrong command line or configuration, else 1. An error that has
// a method ExitCode decides itself.
func ExitCode(err error) int {
	var coded interface{ ExitCode() int }
	var setting *config.Error
	switch {
	case err == nil:
		return 0
	case errors.As(err, &coded):
		return coded.ExitCode()
	case errors.As(err, &setting):
		return exitMisuse
	default:
		return exitFailure
	}
}
