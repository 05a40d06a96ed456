package demo_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/demo"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/ledger"
	"madeinlatino.net/madeinlatino/internal/ranking"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/testrig"
	"madeinlatino.net/madeinlatino/internal/testrig/dbrig"
)

func seed(ctx context.Context, s *store.Store, plan demo.Plan, progress func(done, total int)) (*ledger.Service, error) {
	clock := testrig.NewClock()
	l := ledger.New(s, ranking.NewSQL(s), clock.Now)
	return l, demo.Seed(ctx, s, l, clock.Now, plan, progress)
}

func TestSeed(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		plan := demo.Plan{Artists: 3, Fans: 300, Entries: 1_000}
		var done, total int
		l, err := seed(t.Context(), s, plan, func(d, of int) {
			require.Greater(t, d, done)
			done, total = d, of
		})
		require.NoError(t, err)
		require.Equal(t, 3+300+1_000, total)
		require.Equal(t, total, done)

		report, err := l.Verify(t.Context(), false)
		require.NoError(t, err)
		require.Empty(t, report.Differences)
		require.Equal(t, 1_000, report.Entries)
		require.Equal(t, 300+2*3*300, report.Scores, "global, and for each artist all-time and cycle")

		registered := 0
		require.NoError(t, s.Conn(t.Context()).QueryRowContext(t.Context(), `SELECT COUNT(*) FROM users
			WHERE registered_at IS NOT NULL AND is_flag_action AND name_key LIKE 'fan%'`).Scan(&registered))
		require.Equal(t, 300, registered)

		_, err = seed(t.Context(), s, plan, nil)
		require.Equal(t, fandom.Conflict, fandom.CodeOf(err))
	})
}

// TestSeedIsDeterministic holds the databases against each other: the same
// names have the same scores on both.
func TestSeedIsDeterministic(t *testing.T) {
	read := func(t *testing.T, url string) (scores []string) {
		s, err := store.Open(t.Context(), url)
		require.NoError(t, err)
		defer func() { require.NoError(t, s.Close()) }()
		_, err = seed(t.Context(), s, demo.Plan{Artists: 2, Fans: 50, Entries: 170}, nil)
		require.NoError(t, err)
		rows, err := s.Conn(t.Context()).QueryContext(t.Context(), `SELECT a.name_key, u.name_key, s.hundredths, s.reached_at, s.version
			FROM scores s JOIN users u ON u.id = s.user_id JOIN artists a ON a.board_id = s.board_id ORDER BY 1, 2`)
		require.NoError(t, err)
		defer func() { require.NoError(t, rows.Close()) }()
		for rows.Next() {
			var artist, fan string
			var hundredths, reached, version int64
			require.NoError(t, rows.Scan(&artist, &fan, &hundredths, &reached, &version))
			scores = append(scores, fmt.Sprint(artist, fan, hundredths, reached, version))
		}
		return scores
	}
	first := read(t, dbrig.SQLite(t))
	require.Len(t, first, 100)
	require.Equal(t, first, read(t, dbrig.SQLite(t)))
	if !testing.Short() {
		require.Equal(t, first, read(t, dbrig.Postgres(t)))
	}
}

func TestPlan(t *testing.T) {
	for _, c := range []struct {
		plan  demo.Plan
		total int
	}{
		{demo.Plan{}, 0},
		{demo.Plan{Artists: 1, Fans: 10}, 10},
		{demo.Plan{Artists: 3, Fans: 10, Entries: 5}, 30},
		{demo.Plan{Artists: 3, Fans: 2_000, Entries: 5_000}, 5_000},
		{demo.Plan{Artists: 3, Fans: 2_000}, 4_000},
	} {
		require.NoError(t, c.plan.Check())
		require.Equal(t, c.total, c.plan.Total(), c.plan)
	}
	require.Error(t, demo.Plan{Fans: -1}.Check())
	require.Error(t, demo.Plan{Fans: 5, Entries: 5}.Check())
}
