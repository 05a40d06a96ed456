// Command withservers runs tests with the servers that they need: it starts
// each once for the whole run, unless the environment names one already, and
// runs the command in its arguments. When that is `go test -json …` it shows
// what failed and closes with the counts. Its exit status is the command's.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"syscall"

	"madeinlatino.net/madeinlatino/internal/testrig/pgserver"
)

// service is a server that tests find through an environment variable.
type service struct {
	variable string
	start    func(context.Context) (server, error)
}

type server interface {
	URL() string
	Stop() error
}

func main() {
	services := []service{{
		variable: pgserver.Variable,
		start:    func(ctx context.Context) (server, error) { return pgserver.Start(ctx) },
	}}
	code, err := run(services, os.Args[1:], os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "withservers:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

func run(services []service, args []string, stdout io.Writer) (code int, err error) {
	if len(args) == 0 {
		return 2, errors.New("give the command to run, such as: go test -json")
	}
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)

	// The servers must outlive the command, so a signal ends their context
	// only while they start; later it goes to the command alone.
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	type outcome struct {
		env  []string
		stop func() error
		err  error
	}
	started := make(chan outcome, 1)
	go func() {
		env, stop, err := startAll(ctx, services)
		started <- outcome{env, stop, err}
	}()
	var got outcome
	select {
	case got = <-started:
	case <-signals:
		cancel()
		got = <-started
		return 130, errors.Join(errors.New("interrupted while the servers started"), got.stop())
	}
	defer func() { err = errors.Join(err, got.stop()) }()
	if got.err != nil {
		return 1, got.err
	}
	return command(args, append(os.Environ(), got.env...), signals, stdout)
}

// startAll gives the variables that name the servers, and what stops those
// that were started, the last first; stop is never nil.
func startAll(ctx context.Context, services []service) (env []string, stop func() error, err error) {
	var running []server
	stop = func() error {
		var errs []error
		for _, s := range slices.Backward(running) {
			errs = append(errs, s.Stop())
		}
		return errors.Join(errs...)
	}
	for _, s := range services {
		one, err := s.start(ctx)
		if err != nil {
			return nil, stop, err
		}
		running = append(running, one)
		env = append(env, s.variable+"="+one.URL())
	}
	return env, stop, nil
}

// command runs the command to its end and hands signals on to it.
func command(args, env []string, signals <-chan os.Signal, stdout io.Writer) (code int, err error) {
	cmd := exec.CommandContext(context.Background(), args[0], args[1:]...)
	cmd.Env, cmd.Stdout, cmd.Stderr = env, stdout, os.Stderr
	ownGroup(cmd)
	var counts *summary
	var events io.ReadCloser
	if slices.Contains(args, "-json") {
		counts = newSummary(stdout)
		cmd.Stdout = nil
		if events, err = cmd.StdoutPipe(); err != nil {
			return 1, err
		}
	}
	if err := cmd.Start(); err != nil {
		return 127, err
	}
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		for {
			select {
			case received := <-signals:
				_ = signalGroup(cmd, received) // it may have ended meanwhile
			case <-ended:
				return
			}
		}
	}()
	var readErr error
	if counts != nil {
		readErr = counts.read(events)
	}
	code, err = exitStatus(cmd.Wait())
	if counts != nil {
		counts.close(code)
	}
	return code, errors.Join(readErr, err)
}

// exitStatus gives the status as a shell would: 128 and the signal's number
// for a command that a signal ended.
func exitStatus(err error) (int, error) {
	exit := new(exec.ExitError)
	if !errors.As(err, &exit) {
		return 0, err
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return max(exit.ExitCode(), 1), nil
}
