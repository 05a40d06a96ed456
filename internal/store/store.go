// Package store opens the database (SQLite or PostgreSQL, one ent schema for
// both), migrates it, runs transactions and says what a database error means.
// It holds no rule of the domain.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	_ "github.com/lib/pq"  // the PostgreSQL driver
	_ "modernc.org/sqlite" // the SQLite driver, without cgo

	"madeinlatino.net/madeinlatino/ent"
)

// Store is an open database.
type Store struct {
	db      *sql.DB
	root    *ent.Client
	dialect string
	path    string // of the SQLite file
	// writer serialises the write transactions of this process on SQLite,
	// which has one writer at a time: waiting here is fair and ends with
	// the context, waiting in SQLite is neither. Nil on PostgreSQL.
	writer chan struct{}
	// observe is told of every statement; nil: nobody is.
	observe func(query string)
}

// Open connects to the database that rawURL names, as sqlite://FILE or
// postgres://…, and checks that it answers. It does not migrate. Errors say
// what is wrong without repeating the URL, which can hold a password.
func Open(ctx context.Context, rawURL string) (*Store, error) {
	scheme, rest, _ := strings.Cut(rawURL, "://")
	var s *Store
	var err error
	switch scheme {
	case "sqlite":
		s, err = openSQLite(rest)
	case "postgres", "postgresql":
		s, err = openPostgres(rawURL)
	default:
		return nil, fmt.Errorf("it must begin with sqlite:// or postgres://")
	}
	if err != nil {
		return nil, err
	}
	s.root = s.client(entsql.OpenDB(s.dialect, s.db))
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := s.db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("the database does not answer: %w", err), s.db.Close())
	}
	return s, nil
}

func openSQLite(path string) (*Store, error) {
	if path == "" {
		return nil, fmt.Errorf("sqlite:// needs a file name behind it")
	}
	if err := unicodeLower(); err != nil {
		return nil, fmt.Errorf("prepare SQLite: %w", err)
	}
	// The file holds personal data: nobody else on the machine may read it.
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the SQLite file: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, err
	}
	pragmas := []string{
		"foreign_keys(1)", "busy_timeout(5000)", "journal_mode(WAL)",
		// A power cut must not drop a commit whose tweet has gone out.
		"synchronous(FULL)",
		// What is deleted is overwritten: erased people do not linger in free pages.
		"secure_delete(1)",
		// REPLACE would otherwise delete past the triggers that guard the ledger.
		"recursive_triggers(1)",
	}
	dsn := "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() +
		"?_txlock=immediate&_time_format=sqlite&_pragma=" + strings.Join(pragmas, "&_pragma=")
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("open SQLite: %w", err)
	}
	db.SetMaxOpenConns(16)
	db.SetMaxIdleConns(16)
	return &Store{db: db, dialect: dialect.SQLite, path: path, writer: make(chan struct{}, 1)}, nil
}

func openPostgres(rawURL string) (*Store, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, fmt.Errorf("it is not a URL")
	}
	query := u.Query()
	for name, value := range map[string]string{
		"sslmode": "prefer", "timezone": "UTC", "connect_timeout": "5", "binary_parameters": "yes",
	} {
		if !query.Has(name) {
			query.Set(name, value)
		}
	}
	u.RawQuery = query.Encode()
	db, err := sql.Open("postgres", u.String())
	if err != nil {
		return nil, fmt.Errorf("open PostgreSQL: check the parameters of the URL")
	}
	db.SetMaxOpenConns(32)
	db.SetMaxIdleConns(32)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return &Store{db: db, dialect: dialect.Postgres}, nil
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// Postgres reports whether the database is PostgreSQL; else it is SQLite.
func (s *Store) Postgres() bool { return s.dialect == dialect.Postgres }

// Path is the file of an SQLite database, empty on PostgreSQL.
func (s *Store) Path() string { return s.path }

// Ping checks that the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.db.PingContext(ctx) }

// Client gives ent's client: within WithTx and View the transaction's, else
// one whose every statement stands alone.
func (s *Store) Client(ctx context.Context) *ent.Client {
	if t := current(ctx, s); t != nil {
		return t.client
	}
	return s.root
}

// Conn is what runs SQL: the database or a transaction.
type Conn interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Conn gives what runs hand-written SQL: the context's transaction, else the
// database. Placeholders are $1, $2, … on both databases.
func (s *Store) Conn(ctx context.Context) Conn {
	var conn Conn = s.db
	if t := current(ctx, s); t != nil {
		conn = t.tx
	}
	if s.observe != nil {
		return observed{conn, s.observe}
	}
	return conn
}
