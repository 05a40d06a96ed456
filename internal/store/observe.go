package store

import (
	"context"
	"database/sql"
	"fmt"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"madeinlatino.net/madeinlatino/ent"
)

// Observe has fn told of every statement from now on. It must be called
// before the store is used; tests count statements with it.
func (s *Store) Observe(fn func(query string)) {
	s.observe = fn
	s.root = s.client(entsql.OpenDB(s.dialect, s.db))
}

// client makes an ent client over a driver.
func (s *Store) client(driver dialect.Driver) *ent.Client {
	if s.observe != nil {
		driver = dialect.DebugWithContext(driver, func(_ context.Context, v ...any) { s.observe(fmt.Sprint(v...)) })
	}
	return ent.NewClient(ent.Driver(driver))
}

// observed tells of the statements that hand-written SQL runs.
type observed struct {
	Conn
	fn func(string)
}

func (o observed) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	o.fn(query)
	return o.Conn.ExecContext(ctx, query, args...)
}

func (o observed) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	o.fn(query)
	return o.Conn.QueryContext(ctx, query, args...)
}

func (o observed) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	o.fn(query)
	return o.Conn.QueryRowContext(ctx, query, args...)
}
