package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"madeinlatino.net/madeinlatino/ent"
)

var (
	errNested = errors.New("store: use WithTx, which joins the transaction in the context")
	errInner  = errors.New("store: rolled back, since an inner WithTx failed and its error was dropped")
	errView   = errors.New("store: a write inside View")
)

// transaction is one open transaction; it lives in the context.
type transaction struct {
	store    *Store
	tx       *sql.Tx
	client   *ent.Client
	readOnly bool
	failed   bool // an inner WithTx returned an error
	after    []func()
}

type txKey struct{}

func current(ctx context.Context, s *Store) *transaction {
	if t, ok := ctx.Value(txKey{}).(*transaction); ok && t.store == s {
		return t
	}
	return nil
}

// joined makes an ent driver of a running transaction. ent begins one of its
// own for some statements; that joins, since the outermost WithTx commits.
type joined struct{ *entsql.Driver }

func (d joined) Tx(context.Context) (dialect.Tx, error) { return dialect.NopTx(d), nil }
func (d joined) BeginTx(context.Context, *entsql.TxOptions) (dialect.Tx, error) {
	return nil, errNested
}
func (d joined) Close() error { return nil }

// WithTx runs fn in a transaction and commits it when fn returns nil. Within
// another WithTx of the same store it joins that one, and an error from fn
// then rolls back the whole, even if the caller swallows it. No network call
// belongs inside: claim with a row, commit, call, record.
func (s *Store) WithTx(ctx context.Context, fn func(context.Context) error) error {
	if t := current(ctx, s); t != nil {
		if t.readOnly {
			return errView
		}
		if err := fn(ctx); err != nil {
			t.failed = true
			return err
		}
		return nil
	}
	if s.writer != nil {
		select {
		case s.writer <- struct{}{}:
			defer func() { <-s.writer }()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return s.run(ctx, nil, fn)
}

// View runs fn in a read-only transaction in which all statements see one
// moment. Within a transaction it simply joins.
func (s *Store) View(ctx context.Context, fn func(context.Context) error) error {
	if current(ctx, s) != nil {
		return fn(ctx)
	}
	return s.run(ctx, &sql.TxOptions{ReadOnly: true, Isolation: s.viewIsolation()}, fn)
}

// viewIsolation is what gives one moment to several statements: SQLite's
// transactions always do.
func (s *Store) viewIsolation() sql.IsolationLevel {
	if s.Postgres() {
		return sql.LevelRepeatableRead
	}
	return sql.LevelDefault
}

func (s *Store) run(ctx context.Context, opts *sql.TxOptions, fn func(context.Context) error) (err error) {
	tx, err := s.db.BeginTx(ctx, opts)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	t := &transaction{store: s, tx: tx, readOnly: opts != nil && opts.ReadOnly}
	t.client = s.client(joined{entsql.NewDriver(s.dialect, entsql.Conn{ExecQuerier: tx})})
	done := false
	defer func() {
		if !done { // an error, or a panic that goes on
			if rollback := tx.Rollback(); rollback != nil && !errors.Is(rollback, sql.ErrTxDone) {
				err = errors.Join(err, fmt.Errorf("roll back: %w", rollback))
			}
		}
	}()
	if err := fn(context.WithValue(ctx, txKey{}, t)); err != nil {
		return err
	}
	if t.failed {
		return errInner
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	done = true
	for _, after := range t.after {
		after()
	}
	return nil
}

// AfterCommit runs fn once the outermost transaction of the context has been
// committed, before WithTx returns; at once where there is no transaction.
// After a rollback it never runs.
func (s *Store) AfterCommit(ctx context.Context, fn func()) {
	if t := current(ctx, s); t != nil {
		t.after = append(t.after, fn)
		return
	}
	fn()
}

// InTx reports whether the context carries a transaction of this store: who
// calls the network asserts that it does not.
func (s *Store) InTx(ctx context.Context) bool { return current(ctx, s) != nil }
