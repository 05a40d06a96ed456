//go:build unix

package main

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fake is a server that notes its end.
type fake struct{ stopped int }

func (*fake) URL() string   { return "fake://here" }
func (f *fake) Stop() error { f.stopped++; return nil }

func (f *fake) service() service {
	return service{variable: "TEST_FAKE_URL", start: func(context.Context) (server, error) { return f, nil }}
}

func TestTheCommandFindsTheServersAndItsStatusIsOurs(t *testing.T) {
	t.Parallel()
	var f fake
	var out strings.Builder
	code, err := run([]service{f.service()}, []string{"sh", "-c", `echo "$TEST_FAKE_URL"; exit 7`}, &out)
	require.NoError(t, err)
	require.Equal(t, 7, code)
	require.Equal(t, "fake://here\n", out.String())
	require.Equal(t, 1, f.stopped)
}

func TestASignalThatEndsTheCommandIsAFailure(t *testing.T) {
	t.Parallel()
	var f fake
	code, err := run([]service{f.service()}, []string{"sh", "-c", "kill -TERM $$"}, &strings.Builder{})
	require.NoError(t, err)
	require.Equal(t, 128+15, code)
	require.Equal(t, 1, f.stopped)
}

func TestWithoutACommandOrAServerNothingRuns(t *testing.T) {
	t.Parallel()
	code, err := run(nil, nil, &strings.Builder{})
	require.Error(t, err)
	require.Equal(t, 2, code)

	var f fake
	missing := service{start: func(context.Context) (server, error) { return nil, errors.New("no such server") }}
	var out strings.Builder
	code, err = run([]service{f.service(), missing}, []string{"echo", "ran"}, &out)
	require.ErrorContains(t, err, "no such server")
	require.Equal(t, 1, code)
	require.Empty(t, out.String())
	require.Equal(t, 1, f.stopped, "what had started already is stopped")

	code, err = run([]service{f.service()}, []string{"/no/such/program"}, &out)
	require.Error(t, err)
	require.Equal(t, 127, code)
	require.Equal(t, 2, f.stopped)
}

func TestSignalsReachTheWholeGroupOfTheCommand(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", `sleep 60 & echo started; wait`)
	ownGroup(cmd)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	line := make([]byte, len("started\n"))
	_, err = stdout.Read(line)
	require.NoError(t, err)
	require.NoError(t, signalGroup(cmd, syscall.SIGTERM))
	// The pipe ends only when the grandchild, which has it too, is gone.
	deadline := time.AfterFunc(30*time.Second, func() { _ = cmd.Process.Kill(); _ = stdout.Close() })
	_, err = stdout.Read(line)
	require.True(t, deadline.Stop(), "the grandchild lives on")
	require.Error(t, err)
	code, err := exitStatus(cmd.Wait())
	require.NoError(t, err)
	require.Equal(t, 128+15, code)
}
