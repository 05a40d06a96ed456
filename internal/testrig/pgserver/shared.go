package pgserver

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"testing"
)

// process is what the tests of one test process share. It is the one mutable
// global: testing has no other place to carry a value from TestMain to tests.
var process = &shared{drops: make(map[string]func() error)}

type shared struct {
	once   sync.Once
	server *Server // of once
	err    error   // of once

	mu    sync.Mutex
	main  bool                    // Main runs, and so somebody will stop the server
	drops map[string]func() error // the databases that nobody has dropped yet
}

// Main is a test package's TestMain: it runs the tests and then stops the
// server and drops the databases that they left. It does not return if that
// fails: the process ends with status 1 and the reason on standard error.
func Main(m *testing.M) {
	process.mu.Lock()
	process.main = true
	process.mu.Unlock()
	m.Run() // keeps the status, with which the process ends after TestMain
	if err := process.close(); err != nil {
		fmt.Fprintln(os.Stderr, "pgserver:", err)
		os.Exit(1)
	}
}

// Shared gives the server that all tests of the process share, started when
// the first asks. With -short it skips the test; otherwise a server that
// can't be had fails it, as does a package without Main.
func Shared(tb testing.TB) *Server {
	tb.Helper()
	if testing.Short() {
		tb.Skip("needs PostgreSQL, which -short leaves out")
	}
	server, err := process.get()
	if err != nil {
		tb.Fatal(err)
	}
	return server
}

func (s *shared) get() (*Server, error) {
	s.mu.Lock()
	main := s.main
	s.mu.Unlock()
	if !main {
		return nil, errors.New("nobody would stop the server: give the package " +
			"`func TestMain(m *testing.M) { pgserver.Main(m) }`")
	}
	// The server outlives the test that happens to ask first.
	s.once.Do(func() { s.server, s.err = Start(context.Background()) })
	return s.server, s.err
}

// keep remembers how to drop a database, and gives a drop that forgets it.
func (s *shared) keep(name string, drop func() error) func() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drops[name] = drop
	return func() error {
		s.mu.Lock()
		delete(s.drops, name)
		s.mu.Unlock()
		return drop()
	}
}

// close ends what the process began. Databases need no dropping on a server
// whose files are about to be removed.
func (s *shared) close() error {
	s.mu.Lock()
	drops := slices.Collect(maps.Values(s.drops))
	clear(s.drops)
	s.mu.Unlock()
	if s.server == nil {
		return nil
	}
	if s.server.cluster != nil {
		return s.server.Stop()
	}
	var errs []error
	for _, drop := range drops {
		errs = append(errs, drop())
	}
	return errors.Join(errs...)
}
