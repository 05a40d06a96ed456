package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/testrig/dbrig"
)

var errWanted = errors.New("wanted")

func insert(ctx context.Context, s *store.Store, name string) error {
	return s.Client(ctx).Counter.Create().SetName(name).SetValue(1).Exec(ctx)
}

func count(t *testing.T, s *store.Store) int {
	t.Helper()
	n, err := s.Client(t.Context()).Counter.Query().Count(t.Context())
	require.NoError(t, err)
	return n
}

func TestWithTxCommitsAndRollsBack(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		require.NoError(t, s.WithTx(t.Context(), func(ctx context.Context) error { return insert(ctx, s, "kept") }))
		err := s.WithTx(t.Context(), func(ctx context.Context) error {
			require.NoError(t, insert(ctx, s, "dropped"))
			return errWanted
		})
		require.ErrorIs(t, err, errWanted)
		require.Equal(t, 1, count(t, s))
	})
}

func TestAnInnerTransactionJoins(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		err := s.WithTx(t.Context(), func(ctx context.Context) error {
			require.NoError(t, s.WithTx(ctx, func(ctx context.Context) error { return insert(ctx, s, "inner") }))
			// Updates by id make ent begin a transaction of its own.
			c := s.Client(ctx).Counter.Query().OnlyX(ctx)
			_, err := s.Client(ctx).Counter.UpdateOne(c).SetValue(2).Save(ctx)
			require.NoError(t, err)
			return errWanted
		})
		require.ErrorIs(t, err, errWanted)
		require.Zero(t, count(t, s))
	})
}

func TestASwallowedInnerErrorStillRollsBack(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		err := s.WithTx(t.Context(), func(ctx context.Context) error {
			require.NoError(t, insert(ctx, s, "outer"))
			_ = s.WithTx(ctx, func(context.Context) error { return errWanted })
			return nil
		})
		require.Error(t, err)
		require.Zero(t, count(t, s))
	})
}

func TestAPanicRollsBack(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		require.Panics(t, func() {
			_ = s.WithTx(t.Context(), func(ctx context.Context) error {
				require.NoError(t, insert(ctx, s, "lost"))
				panic("wanted")
			})
		})
		require.Zero(t, count(t, s))
		require.NoError(t, s.WithTx(t.Context(), func(ctx context.Context) error { return insert(ctx, s, "next") }))
	})
}

func TestAfterCommitRunsOnceCommitted(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		ran := 0
		require.NoError(t, s.WithTx(t.Context(), func(ctx context.Context) error {
			return s.WithTx(ctx, func(ctx context.Context) error {
				s.AfterCommit(ctx, func() { ran += count(t, s) })
				require.Zero(t, ran)
				return insert(ctx, s, "one")
			})
		}))
		require.Equal(t, 1, ran)
		_ = s.WithTx(t.Context(), func(ctx context.Context) error {
			s.AfterCommit(ctx, func() { ran++ })
			return errWanted
		})
		require.Equal(t, 1, ran)
	})
}

func TestViewReadsAndNeverWrites(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		require.NoError(t, s.View(t.Context(), func(ctx context.Context) error {
			before, err := s.Client(ctx).Counter.Query().Count(ctx)
			require.NoError(t, err)
			require.NoError(t, insert(t.Context(), s, "meanwhile"))
			after, err := s.Client(ctx).Counter.Query().Count(ctx)
			require.NoError(t, err)
			require.Equal(t, before, after, "a view sees one moment")
			return nil
		}))
		err := s.View(t.Context(), func(ctx context.Context) error {
			return s.WithTx(ctx, func(context.Context) error { return nil })
		})
		require.Error(t, err)
	})
}

func TestConcurrentReadThenWriteTransactionsAllSucceed(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		require.NoError(t, insert(t.Context(), s, "n"))
		var all sync.WaitGroup
		for range 40 {
			all.Go(func() {
				err := s.WithTx(t.Context(), func(ctx context.Context) error {
					lock := ""
					if s.Postgres() {
						lock = " FOR UPDATE"
					}
					var n int
					if err := s.Conn(ctx).QueryRowContext(ctx, `SELECT value FROM counters WHERE name = 'n'`+lock).Scan(&n); err != nil {
						return err
					}
					_, err := s.Conn(ctx).ExecContext(ctx, `UPDATE counters SET value = $1 WHERE name = 'n'`, n+1)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		require.EqualValues(t, 41, s.Client(t.Context()).Counter.Query().OnlyX(t.Context()).Value)
	})
}
