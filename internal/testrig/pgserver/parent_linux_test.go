package pgserver_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/testrig/pgserver"
)

// TestParentProcess is not a test of its own: the test below runs it in
// another process, which starts a server and then waits to be killed.
func TestParentProcess(t *testing.T) {
	if os.Getenv("PGSERVER_TEST_PARENT") == "" {
		t.Skip("runs only as the process that TestAServerEndsWithAKilledParent kills")
	}
	server, err := pgserver.Start(t.Context())
	require.NoError(t, err)
	_, _ = fmt.Fprintln(os.Stdout, "URL", server.URL())
	select {}
}

func TestAServerEndsWithAKilledParent(t *testing.T) {
	if testing.Short() {
		t.Skip("needs PostgreSQL, which -short leaves out")
	}
	dir := ownTempDir(t)
	parent := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestParentProcess$", "-test.v")
	parent.Env = append(os.Environ(), "PGSERVER_TEST_PARENT=1", pgserver.Variable+"=", "TMPDIR="+dir)
	output, err := parent.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, parent.Start())
	var serverURL string
	for lines := bufio.NewScanner(output); serverURL == "" && lines.Scan(); {
		serverURL, _ = strings.CutPrefix(lines.Text(), "URL ")
		if !strings.HasPrefix(serverURL, "postgres://") {
			serverURL = ""
		}
	}
	require.NotEmpty(t, serverURL)
	require.NoError(t, parent.Process.Kill())
	_ = parent.Wait() // it was killed

	// The files are left, until somebody starts a server in the same place.
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1)
	t.Setenv(pgserver.Variable, "")
	t.Setenv("TMPDIR", dir)
	server, err := pgserver.Start(t.Context())
	require.NoError(t, err)
	now, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, now, 1)
	require.NotEqual(t, left[0].Name(), now[0].Name())
	require.NoError(t, server.Stop())
	requireGone(t, serverURL, dir)
}
