// Package pgserver gives tests a PostgreSQL: the one that TEST_POSTGRES_URL
// names, else a throw-away server started from the binaries on the machine.
// It owns that server from initdb to the removal of its files, and the fresh
// databases that tests ask for.
//
// A test package that needs it has
//
//	func TestMain(m *testing.M) { pgserver.Main(m) }
//
// and calls Shared in its tests. A run over many packages is quicker with one
// server for all, which internal/testrig/cmd/withservers starts.
package pgserver

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	_ "github.com/lib/pq" // the driver "postgres"
)

// Variable is the environment variable that names the server to use. Its
// user must be allowed to create databases.
const Variable = "TEST_POSTGRES_URL"

// advice ends every error about a server that can't be had.
const advice = "install PostgreSQL with `make deps`, or set " + Variable +
	" to a server where databases may be created, or leave such tests out with `go test -short ./...`"

// Server is a PostgreSQL that answers.
type Server struct {
	url     string
	cluster *cluster // nil where the server was there before
}

// Start gives the server that TEST_POSTGRES_URL names, or else starts one
// with an empty database, no durability and no password, which listens on
// 127.0.0.1 only. It returns once the server answers.
//
// A started server lives until Stop, until ctx is cancelled, or, on Linux,
// until this process dies by whatever cause; elsewhere a server that a dead
// process left is stopped by the next Start.
//
// The error says what to do where no server can be had. It never holds the
// URL, which can hold a password.
func Start(ctx context.Context) (*Server, error) {
	server, err := start(ctx)
	if err != nil {
		return nil, fmt.Errorf("no PostgreSQL for the tests: %w; %s", err, advice)
	}
	return server, nil
}

// Check reports without starting anything whether Start can be expected to
// succeed, and says in words which server it would take.
func Check(ctx context.Context) (string, error) {
	if given := os.Getenv(Variable); given != "" {
		if err := ping(ctx, given); err != nil {
			return "", fmt.Errorf("no PostgreSQL for the tests: %w; %s", err, advice)
		}
		return "PostgreSQL: the server of " + Variable, nil
	}
	found, err := find()
	if err != nil {
		return "", fmt.Errorf("no PostgreSQL for the tests: %w; %s", err, advice)
	}
	return "PostgreSQL: " + found.postgres, nil
}

// URL is where the server answers, as postgres://…; it names a database that
// is empty where the server was started by Start.
func (s *Server) URL() string { return s.url }

// Stop stops the server and removes its files. It waits until both is done,
// may be called more than once, and leaves a server alone that Start only
// found. The error tells of a server that had ended by itself, with the end
// of its log, or of files that could not be removed.
func (s *Server) Stop() error {
	if s.cluster == nil {
		return nil
	}
	return s.cluster.stop()
}

func start(ctx context.Context) (*Server, error) {
	if given := os.Getenv(Variable); given != "" {
		if err := ping(ctx, given); err != nil {
			return nil, err
		}
		return &Server{url: given}, nil
	}
	found, err := find()
	if err != nil {
		return nil, err
	}
	c, err := startCluster(ctx, found)
	if err != nil {
		return nil, err
	}
	return &Server{url: c.url(), cluster: c}, nil
}

// ping asks the given server for an answer within ten seconds.
func ping(ctx context.Context, given string) error {
	if _, err := parseURL(given); err != nil {
		return fmt.Errorf("%s: %w", Variable, err)
	}
	db, err := sql.Open("postgres", given)
	if err != nil {
		return fmt.Errorf("%s is not understood by the driver", Variable)
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := db.PingContext(ctx); err != nil {
		return errors.Join(fmt.Errorf("the server of %s does not answer: %w", Variable, err), db.Close())
	}
	return db.Close()
}

func parseURL(raw string) (*url.URL, error) {
	// The error of url.Parse repeats the URL.
	parsed, err := url.Parse(raw)
	if err != nil || (parsed.Scheme != "postgres" && parsed.Scheme != "postgresql") {
		return nil, errors.New("it must be a URL that begins with postgres://")
	}
	return parsed, nil
}
