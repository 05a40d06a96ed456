package fandom_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

// places draws places from few values, so that ties abound.
func places() *rapid.Generator[fandom.Place] {
	return rapid.Custom(func(rt *rapid.T) fandom.Place {
		zone := rapid.SampledFrom([]*time.Location{time.UTC, time.FixedZone("", -5*60*60)}).Draw(rt, "zone")
		return fandom.Place{
			Score:     fandom.Points(rapid.Int64Range(-2, 2).Draw(rt, "score")),
			ReachedAt: time.UnixMicro(rapid.Int64Range(0, 2).Draw(rt, "reached at")).In(zone),
			UserID:    rapid.IntRange(1, 4).Draw(rt, "user"),
		}
	})
}

func TestTheOrderIsTotal(t *testing.T) {
	t.Parallel()
	sign := func(n int) int { return max(-1, min(n, 1)) }
	rapid.Check(t, func(rt *rapid.T) {
		a, b, c := places().Draw(rt, "a"), places().Draw(rt, "b"), places().Draw(rt, "c")
		require.Equal(rt, sign(a.Compare(b)), -sign(b.Compare(a)), "antisymmetric")
		if a.Compare(b) <= 0 && b.Compare(c) <= 0 {
			require.LessOrEqual(rt, a.Compare(c), 0, "transitive")
		}
		same := a.Score == b.Score && a.ReachedAt.Equal(b.ReachedAt) && a.UserID == b.UserID
		require.Equal(rt, same, a.Compare(b) == 0, "only one and the same place ties")
		if a.UserID != b.UserID {
			require.NotZero(rt, a.Compare(b), "no two users share a rank")
		}
	})
}

func TestTheOrderOfABoard(t *testing.T) {
	t.Parallel()
	at := func(seconds int64) time.Time { return time.Unix(seconds, 0) }
	want := []fandom.Place{
		{Score: 30_00, ReachedAt: at(9), UserID: 9},
		{Score: 20_00, ReachedAt: at(1), UserID: 8},
		{Score: 20_00, ReachedAt: at(2), UserID: 3},
		{Score: 20_00, ReachedAt: at(2), UserID: 4},
		{Score: 19_99, ReachedAt: at(0), UserID: 1},
		{Score: 0, ReachedAt: at(0), UserID: 2},
		{Score: -1, ReachedAt: at(0), UserID: 5},
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, fandom.Place.Compare)
	require.Equal(t, want, got)
}

func TestPercentile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rank, size int
		want       float64
	}{{1, 1, 100}, {1, 4, 100}, {2, 4, 75}, {4, 4, 25}, {3, 3, 100.0 / 3}, {100, 100, 1}} {
		require.InDelta(t, c.want, fandom.Standing{Rank: c.rank, Size: c.size}.Percentile(), 1e-9)
	}
}

func TestPointsToNext(t *testing.T) {
	t.Parallel()
	require.Nil(t, fandom.Standing{Rank: 1, Size: 3}.PointsToNext())
	for _, c := range []struct{ mine, above, want fandom.Points }{
		{10_00, 12_50, 2_51}, {10_00, 10_00, 1}, {-5_00, 0, 5_01}, {-5_00, -4_99, 2},
	} {
		s := fandom.Standing{Place: fandom.Place{Score: c.mine}, Rank: 2, Above: &c.above, Size: 2}
		require.Equal(t, c.want, *s.PointsToNext())
	}
	// Earning it takes the place, and one hundredth less does not: whoever
	// changes last comes behind at the same score.
	rapid.Check(t, func(rt *rapid.T) {
		above := fandom.Place{Score: fandom.Points(rapid.Int64Range(-500, 500).Draw(rt, "above")), ReachedAt: time.Unix(5, 0), UserID: 2}
		mine := fandom.Place{Score: above.Score - fandom.Points(rapid.Int64Range(0, 500).Draw(rt, "gap")), UserID: 1}
		next := fandom.Standing{Place: mine, Rank: 2, Above: &above.Score, Size: 2}.PointsToNext()
		mine.ReachedAt = time.Unix(9, 0)
		mine.Score += *next
		require.Negative(rt, mine.Compare(above))
		mine.Score--
		require.Positive(rt, mine.Compare(above))
	})
}
