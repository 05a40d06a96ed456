package idempotency_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/idempotency"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/testrig"
	"madeinlatino.net/madeinlatino/internal/testrig/dbrig"
)

// rig has a mutation that makes a board.
type rig struct {
	*testing.T
	store   *store.Store
	clock   *testrig.Clock
	service *idempotency.Service
	runs    atomic.Int32 // how often the mutation was begun
}

func each(t *testing.T, fn func(r *rig)) {
	t.Helper()
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		clock := testrig.NewClock()
		fn(&rig{T: t, store: s, clock: clock, service: idempotency.New(s, clock.Now)})
	})
}

var errFailed = errors.New("it failed")

func (r *rig) insert(ctx context.Context) (id int, err error) {
	err = r.store.Conn(ctx).QueryRowContext(ctx, `INSERT INTO boards (name) VALUES ($1) RETURNING id`, uuid.NewString()).Scan(&id)
	return id, err
}

// create makes a board, unless fails; gives its id.
func (r *rig) create(ctx context.Context, fails bool) (id int, err error) {
	r.runs.Add(1)
	err = r.store.WithTx(ctx, func(ctx context.Context) error {
		if id, err = r.insert(ctx); err != nil {
			return err
		}
		if err := idempotency.Record(ctx, id); err != nil {
			return err
		}
		if fails {
			return errFailed
		}
		return nil
	})
	return id, err
}

func load(_ context.Context, id int) (int, error) { return id, nil }

// call runs the mutation as a client asks for it.
func (r *rig) call(actor fandom.Actor, key string, input any) (id int, repeat bool, err error) {
	ctx := fandom.WithActor(r.Context(), actor)
	return idempotency.Do(ctx, r.service, idempotency.Call{Mutation: "createBoard", Key: key, Input: input}, load,
		func(ctx context.Context) (int, error) { return r.create(ctx, false) })
}

func (r *rig) must(actor fandom.Actor, key string, input any) (id int, repeat bool) {
	r.Helper()
	id, repeat, err := r.call(actor, key, input)
	require.NoError(r, err)
	return id, repeat
}

func (r *rig) count(table string) (n int) {
	r.Helper()
	require.NoError(r, r.store.Conn(r.Context()).QueryRowContext(r.Context(), `SELECT COUNT(*) FROM `+table).Scan(&n))
	return n
}

var rosa = fandom.Actor{UserID: 1, KeyID: 1}

func TestTheSameCallHappensOnce(t *testing.T) {
	each(t, func(r *rig) {
		first, repeat := r.must(rosa, "k", "input")
		require.False(r, repeat)
		for range 3 {
			again, repeat := r.must(rosa, "k", "input")
			require.True(r, repeat)
			require.Equal(r, first, again)
		}
		other, repeat := r.must(rosa, "another", "input")
		require.False(r, repeat)
		require.NotEqual(r, first, other)
		require.Equal(r, 2, r.count("boards"))
		require.EqualValues(r, 2, r.runs.Load())
	})
}

func TestWithoutAKeyEachCallHappens(t *testing.T) {
	each(t, func(r *rig) {
		for range 2 {
			_, repeat := r.must(fandom.Actor{}, "", "input")
			require.False(r, repeat)
		}
		require.Equal(r, 2, r.count("boards"))
		require.Zero(r, r.count("idempotency_keys"))
	})
}

func TestTheKeyWithAnotherInputIsAConflict(t *testing.T) {
	each(t, func(r *rig) {
		r.must(rosa, "k", map[string]any{"a": 1})
		_, _, err := r.call(rosa, "k", map[string]any{"a": 2})
		require.Equal(r, fandom.Conflict, fandom.CodeOf(err))
		ctx := fandom.WithActor(r.Context(), rosa)
		_, _, err = idempotency.Do(ctx, r.service, idempotency.Call{Mutation: "another", Key: "k", Input: map[string]any{"a": 1}}, load,
			func(ctx context.Context) (int, error) { return r.create(ctx, false) })
		require.Equal(r, fandom.Conflict, fandom.CodeOf(err), "nor may it serve another mutation")
		require.Equal(r, 1, r.count("boards"))
	})
}

func TestTheKeyBelongsToTheActor(t *testing.T) {
	each(t, func(r *rig) {
		actors := []fandom.Actor{rosa, {UserID: 2}, {AdminID: 1}, {AdminID: 2}}
		ids := map[int]bool{}
		for _, actor := range actors {
			id, repeat := r.must(actor, "k", "input")
			require.False(r, repeat)
			ids[id] = true
		}
		require.Len(r, ids, len(actors))
		_, repeat := r.must(fandom.Actor{UserID: 1, KeyID: 9}, "k", "input")
		require.True(r, repeat, "the user's other access key is the same user")
		_, repeat = r.must(fandom.Actor{UserID: 7, AdminID: 2}, "k", "input")
		require.True(r, repeat, "an admin who is also logged in as a fan is that admin")
	})
}

func TestTwentyCallsAtOnceHappenOnce(t *testing.T) {
	each(t, func(r *rig) {
		var wg sync.WaitGroup
		var first atomic.Int32
		ids := make([]int, 20)
		for i := range ids {
			wg.Go(func() {
				id, repeat, err := r.call(rosa, "k", "input")
				if err != nil {
					r.Error(err)
				}
				if !repeat {
					first.Add(1)
				}
				ids[i] = id
			})
		}
		wg.Wait()
		require.EqualValues(r, 1, first.Load())
		for _, id := range ids {
			require.Equal(r, ids[0], id)
		}
		require.Equal(r, 1, r.count("boards"), "what lost the race was rolled back")
		require.Equal(r, 1, r.count("idempotency_keys"))
	})
}

func TestTwoInputsAtOnce(t *testing.T) {
	each(t, func(r *rig) {
		var wg sync.WaitGroup
		var conflicts atomic.Int32
		for i := range 10 {
			wg.Go(func() {
				if _, _, err := r.call(rosa, "k", i%2); err != nil {
					if fandom.AsError(err) == nil || fandom.CodeOf(err) != fandom.Conflict {
						r.Error(err)
					}
					conflicts.Add(1)
				}
			})
		}
		wg.Wait()
		require.EqualValues(r, 5, conflicts.Load())
		require.Equal(r, 1, r.count("boards"))
	})
}

func TestWhatFailsIsNotRemembered(t *testing.T) {
	each(t, func(r *rig) {
		ctx := fandom.WithActor(r.Context(), rosa)
		call := idempotency.Call{Mutation: "createBoard", Key: "k", Input: "input"}
		_, repeat, err := idempotency.Do(ctx, r.service, call, load, func(ctx context.Context) (int, error) { return r.create(ctx, true) })
		require.ErrorIs(r, err, errFailed)
		require.False(r, repeat)
		require.Zero(r, r.count("idempotency_keys"))
		require.Zero(r, r.count("boards"))

		_, repeat = r.must(rosa, "k", "another input")
		require.False(r, repeat, "the key is free")
	})
}

func TestLoadFailing(t *testing.T) {
	each(t, func(r *rig) {
		r.must(rosa, "k", "input")
		ctx := fandom.WithActor(r.Context(), rosa)
		_, repeat, err := idempotency.Do(ctx, r.service, idempotency.Call{Mutation: "createBoard", Key: "k", Input: "input"},
			func(context.Context, int) (int, error) { return 0, errFailed },
			func(ctx context.Context) (int, error) { return r.create(ctx, false) })
		require.ErrorIs(r, err, errFailed)
		require.True(r, repeat)
		require.EqualValues(r, 1, r.runs.Load())
	})
}

func TestKeysAreRememberedFor24Hours(t *testing.T) {
	each(t, func(r *rig) {
		first, _ := r.must(rosa, "k", "input")
		r.clock.Advance(24*time.Hour - time.Microsecond)
		require.NoError(r, r.service.Sweep(r.Context()))
		again, repeat := r.must(rosa, "k", "input")
		require.True(r, repeat)
		require.Equal(r, first, again, "a repeat does not prolong it")

		r.clock.Advance(time.Microsecond)
		next, repeat := r.must(rosa, "k", "another input")
		require.False(r, repeat, "the key is free, before anybody has swept")
		require.NotEqual(r, first, next)
		again, repeat = r.must(rosa, "k", "another input")
		require.True(r, repeat)
		require.Equal(r, next, again)

		r.clock.Advance(24 * time.Hour)
		require.NoError(r, r.service.Sweep(r.Context()))
		require.Zero(r, r.count("idempotency_keys"))
	})
}

func TestUnusableKeys(t *testing.T) {
	each(t, func(r *rig) {
		for _, key := range []string{strings.Repeat("k", 256), "a\x00b", "\xff"} {
			_, _, err := r.call(rosa, key, "input")
			e := fandom.AsError(err)
			require.NotNil(r, e, "%q: %v", key, err)
			require.Equal(r, fandom.Invalid, e.Code)
			require.Equal(r, "idempotency_key", e.Fields[0].Field)
		}
		_, repeat := r.must(rosa, strings.Repeat("k", 255), "input")
		require.False(r, repeat)
		_, repeat = r.must(rosa, strings.Repeat("ñ", 255), "input")
		require.False(r, repeat, "255 characters, more bytes")
		_, _, err := r.call(rosa, strings.Repeat("ñ", 256), "input")
		require.Equal(r, fandom.Invalid, fandom.CodeOf(err))

		_, _, err = r.call(fandom.Actor{}, "k", "input")
		require.Equal(r, fandom.Unauthenticated, fandom.CodeOf(err))
		require.EqualValues(r, 2, r.runs.Load())
	})
}

func TestRecordAloneDoesNothing(t *testing.T) {
	each(t, func(r *rig) {
		require.NoError(r, idempotency.Record(fandom.WithActor(r.Context(), rosa), 1))
		require.Zero(r, r.count("idempotency_keys"))
	})
}
