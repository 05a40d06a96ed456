package pgserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// How long things may take on a machine that is busy with a build.
const (
	readyWithin = 90 * time.Second
	stopWithin  = 20 * time.Second
)

var errPortTaken = errors.New("the port was taken by another program")

// cluster is a server that this process started, with the files it lives in.
type cluster struct {
	home     *home
	found    binaries
	port     int
	asked    context.Context    // ends when somebody wants the server to stop
	ask      context.CancelFunc // ends it
	exited   chan struct{}      // closed once the server's process is gone
	finished chan struct{}      // closed once its files are removed too
	err      error              // how it ended; to be read after finished
}

func startCluster(ctx context.Context, found binaries) (*cluster, error) {
	home, err := newHome()
	if err != nil {
		return nil, err
	}
	if err := initialise(ctx, home, found); err != nil {
		return nil, errors.Join(err, home.remove())
	}
	// A free port can only be looked up, not reserved; a few tries settle it
	// with whoever looked at the same moment.
	for range 5 {
		var c *cluster
		if c, err = launch(ctx, home, found); err == nil {
			go c.cleanUp()
			return c, nil
		}
		if !errors.Is(err, errPortTaken) {
			break
		}
	}
	return nil, errors.Join(err, home.remove())
}

// initialise makes the files of an empty server. The collation is C, which
// every machine has and which orders text as Go does; what is a letter is
// decided by Unicode, as on a production server.
func initialise(ctx context.Context, home *home, found binaries) error {
	args := []string{
		"--pgdata", home.data(), "--username", "postgres", "--auth", "trust",
		"--encoding", "UTF8", "--locale", "C", "--no-sync",
	}
	if runtime.GOOS == "linux" {
		args = append(args, "--lc-ctype", "C.UTF-8")
	}
	cmd := exec.CommandContext(ctx, found.initdb, args...)
	home.prepare(cmd)
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", found.initdb, err, tail(output))
	}
	return nil
}

// launch starts the server on a free port and waits until it answers.
func launch(ctx context.Context, home *home, found binaries) (*cluster, error) {
	port, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	c := &cluster{home: home, found: found, port: port, exited: make(chan struct{}), finished: make(chan struct{})}
	c.asked, c.ask = context.WithCancel(ctx)
	started := make(chan error, 1)
	go c.run(started)
	err = <-started
	if err == nil {
		err = c.awaitReady()
	}
	if err == nil {
		return c, nil
	}
	c.ask()
	<-c.exited
	log := home.log()
	if strings.Contains(log, "could not bind") {
		return nil, errPortTaken
	}
	return nil, fmt.Errorf("%s: %w\n%s", found.postgres, err, log)
}

// run keeps the server's process from its start to its end, and says on
// started whether there is one.
func (c *cluster) run(started chan<- error) {
	defer close(c.exited)
	// Linux tells a child of its parent's death when the thread ends that
	// started it, so this thread is kept for as long as the server runs. It
	// is never unlocked: what it was used for ends with it.
	runtime.LockOSThread()
	log, err := c.home.openLog()
	if err != nil {
		started <- err
		return
	}
	defer func() { _ = log.Close() }()
	cmd := exec.CommandContext(c.asked, c.found.postgres, c.arguments()...)
	c.home.prepare(cmd)
	endWithParent(cmd)
	cmd.Stdout, cmd.Stderr = log, log
	// There is nothing to save: no checkpoint, no waiting for clients.
	cmd.Cancel = func() error { return quit(cmd.Process) }
	cmd.WaitDelay = stopWithin
	err = cmd.Start()
	started <- err
	if err == nil {
		c.err = cmd.Wait()
	}
}

// arguments are those of a server that forgets everything with its end.
func (c *cluster) arguments() []string {
	args := []string{"-D", c.home.data(), "-p", strconv.Itoa(c.port)}
	for _, setting := range []string{
		"listen_addresses=127.0.0.1",
		"unix_socket_directories=" + c.home.socketDir(),
		"max_connections=200",
		"fsync=off",
		"synchronous_commit=off",
		"full_page_writes=off",
		"wal_level=minimal",
		"max_wal_senders=0",
		"timezone=UTC",
		"log_timezone=UTC",
		"logging_collector=off",
	} {
		args = append(args, "-c", setting)
	}
	return args
}

// awaitReady waits until the server has noted in its files that it takes
// connections. Asking the port instead could reach another server on it.
func (c *cluster) awaitReady() error {
	deadline := time.NewTimer(readyWithin)
	defer deadline.Stop()
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	for {
		select {
		case <-c.exited:
			return errors.Join(errors.New("the server ended while it started"), c.err)
		case <-c.asked.Done():
			return c.asked.Err()
		case <-deadline.C:
			return fmt.Errorf("the server was not ready within %s", readyWithin)
		case <-poll.C:
			if c.home.ready() {
				return nil
			}
		}
	}
}

// cleanUp removes the server's files once it has ended, for whatever reason.
func (c *cluster) cleanUp() {
	<-c.exited
	if c.asked.Err() != nil {
		c.err = nil // it did what it was asked to
	} else {
		c.err = errors.Join(errors.New("PostgreSQL ended by itself"), c.err, errors.New(c.home.log()))
	}
	c.ask()
	c.err = errors.Join(c.err, c.home.remove())
	close(c.finished)
}

func (c *cluster) stop() error {
	c.ask()
	<-c.finished
	return c.err
}

func (c *cluster) url() string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", c.port)
}

// freePort asks the system for a port that nobody listens on now.
func freePort(ctx context.Context) (int, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	return port, listener.Close()
}
