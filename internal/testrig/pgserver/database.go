package pgserver

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/lib/pq"
)

// CreateDatabase makes a database with a name of its own on the server that
// baseURL names, as a copy of the database template where that is not empty;
// nobody may be connected to the template. It returns the new database's URL,
// and drop, which removes it together with the connections still open to it.
// What is not dropped goes when Main ends.
func CreateDatabase(ctx context.Context, baseURL, template string) (url string, drop func() error, err error) {
	parsed, err := parseURL(baseURL)
	if err != nil {
		return "", nil, fmt.Errorf("create a database: %w", err)
	}
	if template == "" {
		template = "template0" // which, unlike template1, nobody can be connected to
	}
	name := "madeinlatino_test_" + strings.ToLower(rand.Text())
	create := "CREATE DATABASE " + pq.QuoteIdentifier(name) + " TEMPLATE " + pq.QuoteIdentifier(template)
	if err := execute(ctx, baseURL, create); err != nil {
		return "", nil, fmt.Errorf("create a database: %w", err)
	}
	drop = process.keep(name, func() error { return dropDatabase(baseURL, name) })
	parsed.Path = "/" + name
	return parsed.String(), drop, nil
}

// DatabaseName is the name of the database in a URL, or empty without one.
func DatabaseName(url string) string {
	parsed, err := parseURL(url)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(parsed.Path, "/")
}

// dropDatabase has time of its own: tests drop when their context has ended.
func dropDatabase(baseURL, name string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := execute(ctx, baseURL, "DROP DATABASE IF EXISTS "+pq.QuoteIdentifier(name)+" WITH (FORCE)"); err != nil {
		return fmt.Errorf("drop the database %s: %w", name, err)
	}
	return nil
}

// execute runs one statement on a connection of its own.
func execute(ctx context.Context, url, statement string) error {
	db, err := sql.Open("postgres", url)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, statement)
	return errors.Join(err, db.Close())
}
