package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/cli"
	"madeinlatino.net/madeinlatino/internal/config"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/testrig"
	"madeinlatino.net/madeinlatino/internal/testrig/dbrig"
)

type outcome struct {
	code           int
	stdout, stderr string
	err            error
}

// run carries out a command line on the database of url.
func run(ctx context.Context, url, stdin, line string) outcome {
	var stdout, stderr bytes.Buffer
	env := cli.Env{
		Args: strings.Fields(line), Stdout: &stdout, Stderr: &stderr, Now: testrig.NewClock().Now,
		Getenv: func(name string) string { return map[string]string{"DATABASE_URL": url}[name] },
	}
	if stdin != "" {
		env.Stdin = strings.NewReader(stdin)
	}
	err := cli.Run(ctx, env)
	return outcome{cli.ExitCode(err), stdout.String(), stderr.String(), err}
}

func TestCommandLine(t *testing.T) {
	nowhere := "sqlite://" + filepath.Join(t.TempDir(), "none.db")
	for _, c := range []struct {
		line string
		code int
		says string // in the standard output, or in the error
	}{
		{"--help", 0, "SECRET_KEY"},
		{"help", 0, "seed --artists N"},
		{"help seed", 0, "--fans N"},
		{"serve --help", 0, "example:"},
		{"version", 0, "go1."},
		{"", 2, "no command"},
		{"dance", 2, `there is no command "dance"`},
		{"seed --dancers 3", 2, "dancers"},
		{"seed --fans x", 2, "fans"},
		{"seed --fans -1", 2, "negative"},
		{"seed 3", 2, "flags only"},
		{"migrate sideways", 2, "sideways"},
		{"admin", 2, "create, password and disable"},
		{"admin create", 2, "--username"},
		{"token create", 2, "--user"},
		{"verify now", 2, "--repair"},
		{"version now", 2, "no arguments"},
		{"verify", 2, "there is no database"},
		{"token create --user x", 2, "there is no database"},
	} {
		t.Run(c.line, func(t *testing.T) {
			got := run(t.Context(), nowhere, "", c.line)
			require.Equal(t, c.code, got.code, got.err)
			if c.code == 0 {
				require.Contains(t, got.stdout, c.says)
				require.Empty(t, got.stderr)
				return
			}
			require.Empty(t, got.stdout)
			require.ErrorContains(t, got.err, c.says)
		})
	}
	for _, name := range []string{"migrate", "seed", "admin", "token", "verify", "version"} {
		require.True(t, cli.Known(name))
		help := run(t.Context(), nowhere, "", name+" --help")
		require.Zero(t, help.code)
		require.Contains(t, help.stdout, "example:\n  madeinlatino "+name)
	}
	require.False(t, cli.Known("serve"))
	require.False(t, cli.Known("dance"))
}

func TestExitCode(t *testing.T) {
	require.Equal(t, 0, cli.ExitCode(nil))
	require.Equal(t, 1, cli.ExitCode(fmt.Errorf("broken")))
	require.Equal(t, 2, cli.ExitCode(fmt.Errorf("start: %w", &config.Error{Variable: "X", Problem: "wrong"})))
	require.Equal(t, 2, cli.ExitCode(cli.Usage("wrong")))
	got := run(t.Context(), "nonsense://", "", "migrate")
	require.Equal(t, 2, got.code)
	require.ErrorContains(t, got.err, "DATABASE_URL")
}

func TestMigrate(t *testing.T) {
	dbrig.EachURL(t, func(t *testing.T, url string) {
		require.Contains(t, run(t.Context(), url, "", "migrate").stdout, "\tapplied 20")
		down := run(t.Context(), url, "", "migrate down")
		require.NoError(t, down.err)
		require.Contains(t, down.stdout, "\ttaken back\n")
		require.Contains(t, run(t.Context(), url, "", "migrate status").stdout, "\tpending\n")
		require.Contains(t, run(t.Context(), url, "", "migrate status").stdout, "\tpending\n", "status does not migrate")
		require.ErrorContains(t, run(t.Context(), url, "", "verify").err, "migrate up")
		require.Contains(t, run(t.Context(), url, "", "migrate up").stdout, "\tapplied\n")
		again := run(t.Context(), url, "", "migrate up")
		require.NoError(t, again.err)
		require.Empty(t, again.stdout)
	})
}

func TestAdmin(t *testing.T) {
	dbrig.EachURL(t, func(t *testing.T, url string) {
		made := run(t.Context(), url, "", "admin create --username Ana")
		require.NoError(t, made.err)
		require.GreaterOrEqual(t, len(strings.TrimSpace(made.stdout)), 26)
		require.Equal(t, 1, run(t.Context(), url, "", "admin create --username ana").code)
		given := run(t.Context(), url, "correct horse battery\n", "admin password --username ana")
		require.NoError(t, given.err)
		require.Empty(t, given.stdout, "a password that was given is not shown")
		require.Equal(t, 1, run(t.Context(), url, "short\n", "admin password --username ana").code)
		require.NoError(t, run(t.Context(), url, "", "admin --username ana disable").err)
		require.Equal(t, 1, run(t.Context(), url, "", "admin disable --username nobody").code)
	})
}

func TestSeedTokenVerify(t *testing.T) {
	dbrig.EachURL(t, func(t *testing.T, url string) {
		seeded := run(t.Context(), url, "", "seed --artists 2 --fans 30 --entries 100")
		require.NoError(t, seeded.err)
		require.Empty(t, seeded.stdout)
		require.Contains(t, seeded.stderr, "100%: 132 of 132 rows")
		require.Equal(t, 1, run(t.Context(), url, "", "seed").code)

		token := run(t.Context(), url, "", "token create --user @Fan7")
		require.NoError(t, token.err)
		require.Regexp(t, `^mil_\S+\n$`, token.stdout)
		require.Equal(t, 1, run(t.Context(), url, "", "token create --user nobody").code)

		require.NoError(t, run(t.Context(), url, "", "verify").err)
		s, err := store.Open(t.Context(), url)
		require.NoError(t, err)
		_, err = s.Conn(t.Context()).ExecContext(t.Context(), `UPDATE scores SET hundredths = 1 WHERE user_id IN (SELECT MIN(id) FROM users)`)
		require.NoError(t, err)
		require.NoError(t, s.Close())

		wrong := run(t.Context(), url, "", "verify")
		require.Equal(t, 1, wrong.code)
		require.Contains(t, wrong.stdout, "5 differences found")
		require.NoError(t, run(t.Context(), url, "", "verify --repair").err)
		require.NoError(t, run(t.Context(), url, "", "verify").err)
	})
}
