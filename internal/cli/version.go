package cli

import (
	"context"
	"flag"
	"fmt"
	"runtime/debug"
	"strings"
)

func versionCommand() command {
	return command{
		name:    "version",
		about:   "say which version this is",
		example: program + " version",
		setup: func(*flag.FlagSet) func(context.Context, Env, []string) error {
			return func(_ context.Context, env Env, args []string) error {
				if len(args) > 0 {
					return misused("version takes no arguments")
				}
				_, err := fmt.Fprintln(env.Stdout, program, Version())
				return err
			}
		},
	}
}

// Version tells the version as the Go tool stamped it into the binary, with
// the commit where it was built in a repository, and the Go version.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	parts := []string{info.Main.Version}
	if parts[0] == "" {
		parts[0] = "(devel)"
	}
	setting := map[string]string{}
	for _, s := range info.Settings {
		setting[s.Key] = s.Value
	}
	if revision := setting["vcs.revision"]; revision != "" {
		if setting["vcs.modified"] == "true" {
			revision += " with changes"
		}
		parts = append(parts, revision)
	}
	return strings.Join(append(parts, info.GoVersion), ", ")
}

// serveCommand is here for the help alone: the program serves by itself.
func serveCommand() command {
	return command{
		name:    "serve",
		about:   "serve; this is what happens without a command",
		detail:  "It is configured by the environment, see: " + program + " --help",
		example: "LISTEN_ADDR=127.0.0.1:9000 " + program + " serve",
		setup: func(*flag.FlagSet) func(context.Context, Env, []string) error {
			return func(context.Context, Env, []string) error {
				return misused("serve takes no arguments; it is configured by the environment")
			}
		},
	}
}
