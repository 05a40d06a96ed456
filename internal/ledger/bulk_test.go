package ledger_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/ledger"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/testrig/dbrig"
)

// TestAppendManyIsAppend holds AppendMany against Append: awards with and
// without artist, that cancel out, repeat a cause, and are worth nothing.
func TestAppendManyIsAppend(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		random := rand.New(rand.NewPCG(1, 1))
		var many []ledger.Award
		for i := range 60 {
			a := ledger.Award{
				UserID: w.users[i%2], Points: fandom.Points(random.IntN(5)-2) * 100,
				Reason: ledger.ForAdjustment, Cause: fmt.Sprintf("%d", i/2*2),
			}
			if random.IntN(3) > 0 {
				a.ArtistID = &w.artist
			}
			many = append(many, a)
		}
		var single int
		for half := range 2 { // the second half finds rows that are there
			for _, a := range many[30*half : 30*half+30] {
				a.Cause = "one " + a.Cause
				a.UserID = w.users[2]
				entry, err := w.ledger.Append(t.Context(), a)
				require.NoError(t, err)
				if !entry.Repeat {
					single++
				}
			}
			for i := range many[30*half : 30*half+30] {
				many[30*half+i].UserID = w.users[1]
			}
			n, err := w.ledger.AppendMany(t.Context(), many[30*half:30*half+30])
			require.NoError(t, err)
			require.Equal(t, 15, n)
			n, err = w.ledger.AppendMany(t.Context(), many[30*half:30*half+30])
			require.NoError(t, err)
			require.Zero(t, n)
			w.clock.Advance(1_000_000)
		}
		require.Equal(t, 30, single)
		require.Empty(t, w.verify(t))
		var different int
		require.NoError(t, s.Conn(t.Context()).QueryRowContext(t.Context(), `SELECT COUNT(*) FROM scores a JOIN scores b
			ON b.board_id = a.board_id WHERE a.user_id = $1 AND b.user_id = $2 AND (a.hundredths <> b.hundredths
			OR a.reached_at <> b.reached_at OR a.version <> b.version OR a.on_board <> b.on_board)`, w.users[1], w.users[2]).Scan(&different))
		require.Zero(t, different)
	})
}
