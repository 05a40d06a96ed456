package ledger_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/ledger"
	"madeinlatino.net/madeinlatino/internal/ranking"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/testrig"
	"madeinlatino.net/madeinlatino/internal/testrig/dbrig"
)

// world is a ledger with an artist, "ozuna", and three users.
type world struct {
	store  *store.Store
	ledger *ledger.Service
	engine *ranking.SQL
	clock  *testrig.Clock
	artist int
	board  int
	global int
	users  []int
}

func newWorld(t *testing.T, s *store.Store) *world {
	t.Helper()
	ctx := t.Context()
	w := &world{store: s, clock: testrig.NewClock(), engine: ranking.NewSQL(s)}
	w.ledger = ledger.New(s, w.engine, w.clock.Now)
	require.NoError(t, w.ledger.EnsureGlobalBoard(ctx))
	require.NoError(t, s.WithTx(ctx, func(ctx context.Context) (err error) {
		if w.board, err = w.ledger.NewBoard(ctx); err != nil {
			return err
		}
		a, err := s.Client(ctx).Artist.Create().SetName("Ozuna").SetTwitterUserName("ozuna").SetNameKey("ozuna").
			SetTwitterUserID("900").SetDueDay(20).SetBoardID(w.board).SetCreatedAt(w.clock.Now()).Save(ctx)
		if err != nil {
			return err
		}
		w.artist = a.ID
		for i := range 3 {
			u, err := s.Client(ctx).User.Create().SetTwitterUserID(fmt.Sprint(100 + i)).SetCreatedAt(w.clock.Now()).Save(ctx)
			if err != nil {
				return err
			}
			w.users = append(w.users, u.ID)
		}
		return w.ledger.StartCycles(ctx, w.artist, 20, time.UTC)
	}))
	var err error
	w.global, err = w.ledger.GlobalBoard(ctx)
	require.NoError(t, err)
	return w
}

func (w *world) award(ctx context.Context, user int, artist *int, points fandom.Points, cause string) (ledger.Entry, error) {
	return w.ledger.Append(ctx, ledger.Award{
		UserID: user, ArtistID: artist, Points: points, Reason: ledger.ForAdjustment, Cause: cause,
	})
}

func (w *world) score(t *testing.T, board, user int) fandom.Points {
	t.Helper()
	found, err := w.engine.Standings(t.Context(), []ranking.Ref{{Board: board, User: user}})
	require.NoError(t, err)
	return found[ranking.Ref{Board: board, User: user}].Score
}

func (w *world) verify(t *testing.T) []ledger.Difference {
	t.Helper()
	report, err := w.ledger.Verify(t.Context(), false)
	require.NoError(t, err)
	return report.Differences
}

func TestAppendCountsOnEveryBoard(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		entry, err := w.award(t.Context(), w.users[0], &w.artist, 12_25, "one")
		require.NoError(t, err)
		require.NotZero(t, entry.ID)
		_, err = w.award(t.Context(), w.users[0], nil, 5_00, "two")
		require.NoError(t, err)

		require.Equal(t, fandom.Points(17_25), w.score(t, w.global, w.users[0]))
		require.Equal(t, fandom.Points(12_25), w.score(t, w.board, w.users[0]))
		require.Empty(t, w.verify(t))
	})
}

func TestCauseCountsOnce(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		var wg sync.WaitGroup
		repeats := make(chan bool, 20)
		for range 20 {
			wg.Go(func() {
				entry, err := w.award(t.Context(), w.users[0], &w.artist, 10_00, "the same")
				if err != nil {
					t.Error(err)
				}
				repeats <- entry.Repeat
			})
		}
		wg.Wait()
		close(repeats)
		first := 0
		for repeat := range repeats {
			if !repeat {
				first++
			}
		}
		require.Equal(t, 1, first)
		require.Equal(t, fandom.Points(10_00), w.score(t, w.board, w.users[0]))
	})
}

func TestRolledBackAwardLeavesNothing(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		failure := fmt.Errorf("the caller changed its mind")
		err := s.WithTx(t.Context(), func(ctx context.Context) error {
			_, err := w.award(ctx, w.users[0], &w.artist, 10_00, "undone")
			require.NoError(t, err)
			return failure
		})
		require.ErrorIs(t, err, failure)
		require.Zero(t, w.score(t, w.board, w.users[0]))
		entry, err := w.award(t.Context(), w.users[0], &w.artist, 10_00, "undone")
		require.NoError(t, err)
		require.False(t, entry.Repeat)
	})
}

func TestEntriesCannotBeChanged(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		_, err := w.award(t.Context(), w.users[0], &w.artist, 10_00, "one")
		require.NoError(t, err)
		require.NoError(t, s.CheckGuards(t.Context()))
		statements := []string{
			`UPDATE point_entries SET points = 1`,
			`DELETE FROM point_entries`,
		}
		if s.Postgres() {
			statements = append(statements, `TRUNCATE point_entries CASCADE`)
		} else {
			statements = append(statements, `INSERT OR REPLACE INTO point_entries (id, user_id, points, reason, cause, appended_at)
				SELECT id, user_id, 1, reason, cause, appended_at FROM point_entries`)
		}
		for _, statement := range statements {
			_, err := s.Conn(t.Context()).ExecContext(t.Context(), statement)
			require.ErrorContains(t, err, "append-only", statement)
		}
		require.Empty(t, w.verify(t))
	})
}

func TestArtistIsNeverOnTheirOwnBoard(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		own, err := s.Client(t.Context()).User.Create().SetTwitterUserID("900").SetCreatedAt(w.clock.Now()).Save(t.Context())
		require.NoError(t, err)
		_, err = w.award(t.Context(), own.ID, &w.artist, 10_00, "self")
		require.NoError(t, err)
		sizes, err := w.engine.Sizes(t.Context(), []int{w.board, w.global})
		require.NoError(t, err)
		require.Equal(t, map[int]int{w.board: 0, w.global: 1}, sizes)
		require.Empty(t, w.verify(t))
	})
}

func TestEntriesFallIntoTheCycleOfTheirMoment(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		cut := time.Date(2026, time.June, 21, 0, 0, 0, 0, time.UTC)
		moments := []time.Time{cut.Add(-time.Microsecond), cut, cut.AddDate(0, 2, 5)}
		for i, moment := range moments {
			w.clock.Set(moment)
			_, err := w.award(t.Context(), w.users[0], &w.artist, 10_00, fmt.Sprint(i))
			require.NoError(t, err)
		}
		rows, err := s.Conn(t.Context()).QueryContext(t.Context(), `SELECT c.number FROM point_entries e
			JOIN artist_cycles c ON c.id = e.cycle_id ORDER BY e.id`)
		require.NoError(t, err)
		var numbers []int
		for rows.Next() {
			var n int
			require.NoError(t, rows.Scan(&n))
			numbers = append(numbers, n)
		}
		require.NoError(t, rows.Err())
		require.NoError(t, rows.Close())
		require.Equal(t, []int{1, 2, 4}, numbers)
		require.Equal(t, fandom.Points(30_00), w.score(t, w.board, w.users[0]))
		require.Empty(t, w.verify(t))
	})
}

func TestVerifyFindsAndRepairsPlantedDifferences(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		ctx := t.Context()
		for i, user := range w.users {
			_, err := w.award(ctx, user, &w.artist, fandom.Points(i+1)*10_00, fmt.Sprint(i))
			require.NoError(t, err)
		}
		require.Empty(t, w.verify(t))
		other, err := w.ledger.NewBoard(ctx)
		require.NoError(t, err)
		for _, plant := range []string{
			fmt.Sprintf(`UPDATE scores SET hundredths = hundredths + 1 WHERE user_id = %d AND board_id = %d`, w.users[0], w.board),
			fmt.Sprintf(`DELETE FROM scores WHERE user_id = %d AND board_id = %d`, w.users[1], w.global),
			fmt.Sprintf(`UPDATE scores SET on_board = false WHERE user_id = %d AND board_id = %d`, w.users[2], w.board),
			fmt.Sprintf(`UPDATE scores SET reached_at = 7 WHERE user_id = %d AND board_id = %d`, w.users[2], w.global),
			fmt.Sprintf(`INSERT INTO scores VALUES (500, 0, 1, 1, true, %d, %d)`, other, w.users[0]),
		} {
			_, err := s.Conn(ctx).ExecContext(ctx, plant)
			require.NoError(t, err)
		}
		require.Len(t, w.verify(t), 5)
		report, err := w.ledger.Verify(ctx, true)
		require.NoError(t, err)
		require.True(t, report.Repaired)
		require.Contains(t, report.String(), "5 differences repaired")
		require.Empty(t, w.verify(t))
		require.Equal(t, fandom.Points(10_00), w.score(t, w.board, w.users[0]))
		require.Zero(t, w.score(t, other, w.users[0]))
	})
}

func TestRandomHistoriesAddUp(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		n := 0
		rapid.Check(t, func(rt *rapid.T) {
			sums := map[int]fandom.Points{}
			before := map[int]fandom.Points{}
			for _, user := range w.users {
				before[user] = w.score(t, w.global, user)
			}
			for range rapid.IntRange(1, 8).Draw(rt, "entries") {
				n++
				w.clock.Advance(time.Duration(rapid.IntRange(0, 40*24).Draw(rt, "hours")) * time.Hour)
				user := rapid.SampledFrom(w.users).Draw(rt, "user")
				points := fandom.Points(rapid.IntRange(-500, 500).Draw(rt, "points"))
				artist := &w.artist
				if rapid.Bool().Draw(rt, "global only") {
					artist = nil
				}
				for range rapid.IntRange(1, 2).Draw(rt, "times") {
					_, err := w.award(t.Context(), user, artist, points, fmt.Sprint("history ", n))
					require.NoError(rt, err)
				}
				sums[user] += points
			}
			for _, user := range w.users {
				require.Equal(rt, before[user]+sums[user], w.score(t, w.global, user))
			}
			report, err := w.ledger.Verify(t.Context(), false)
			require.NoError(rt, err)
			require.Empty(rt, report.Differences)
		})
	})
}
