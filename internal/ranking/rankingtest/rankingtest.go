// Package rankingtest is the contract that every ranking engine passes: over
// random histories of score rows it answers exactly as a plain sorted slice
// would.
package rankingtest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/ranking"
)

// Fixture is an engine under test, over boards that nobody is on.
type Fixture struct {
	Engine ranking.Engine
	Boards []int // at least two
	Users  []int // ascending, at least 20
	// Write stores score rows as the ledger does, then has the engine
	// apply them. Nil: Engine.Apply alone.
	Write func(ctx context.Context, images []ranking.Image) error
}

// Run checks the contract. reset gives the fixture with its boards emptied.
func Run(t *testing.T, reset func(t *testing.T) Fixture) {
	t.Helper()
	t.Run("random histories", func(t *testing.T) {
		rapid.Check(t, func(rt *rapid.T) { history(t, rt, reset(t)) })
	})
}

// history writes random score rows, then compares every kind of question.
func history(t *testing.T, rt *rapid.T, f Fixture) {
	t.Helper()
	ctx := context.Background()
	write := f.Write
	if write == nil {
		write = f.Engine.Apply
	}
	model := map[ranking.Ref]ranking.Image{}
	for range rapid.IntRange(0, 60).Draw(rt, "changes") {
		image := ranking.Image{
			Ref: ranking.Ref{
				Board: rapid.SampledFrom(f.Boards).Draw(rt, "board"),
				User:  rapid.SampledFrom(f.Users).Draw(rt, "user"),
			},
			// Few values, so that ties of score and of time abound.
			Score:     fandom.Points(rapid.IntRange(-2, 4).Draw(rt, "score")) * 250,
			ReachedAt: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro() + rapid.Int64Range(0, 3).Draw(rt, "reached"),
			OnBoard:   rapid.IntRange(0, 9).Draw(rt, "on board") > 0,
		}
		image.Version = model[image.Ref].Version + 1
		model[image.Ref] = image
		require.NoError(rt, write(ctx, []ranking.Image{image}))
	}
	for _, board := range f.Boards {
		expected := order(model, board)
		compareStandings(ctx, rt, f, board, expected)
		for range 5 {
			comparePage(ctx, rt, f.Engine, board, expected, drawQuery(rt, f, expected))
		}
	}
	sizes, err := f.Engine.Sizes(ctx, f.Boards)
	require.NoError(rt, err)
	for _, board := range f.Boards {
		require.Equal(rt, len(order(model, board)), sizes[board])
	}
}

// order is the oracle: everybody on the board, sorted and numbered.
func order(model map[ranking.Ref]ranking.Image, board int) []fandom.Standing {
	var places []fandom.Place
	for ref, image := range model {
		if ref.Board == board && image.OnBoard {
			places = append(places, fandom.Place{
				Score: image.Score, ReachedAt: time.UnixMicro(image.ReachedAt).UTC(), UserID: ref.User,
			})
		}
	}
	slices.SortFunc(places, fandom.Place.Compare)
	standings := make([]fandom.Standing, len(places))
	for i, place := range places {
		standings[i] = fandom.Standing{Place: place, Rank: i + 1, Size: len(places)}
		if i > 0 {
			standings[i].Above = &places[i-1].Score
		}
	}
	return standings
}

func compareStandings(ctx context.Context, rt *rapid.T, f Fixture, board int, expected []fandom.Standing) {
	var refs []ranking.Ref
	for _, user := range f.Users {
		refs = append(refs, ranking.Ref{Board: board, User: user})
	}
	found, err := f.Engine.Standings(ctx, refs)
	require.NoError(rt, err)
	require.Len(rt, found, len(expected))
	for _, standing := range expected {
		require.Equal(rt, standing, found[ranking.Ref{Board: board, User: standing.UserID}])
	}
}

func comparePage(ctx context.Context, rt *rapid.T, e ranking.Engine, board int, expected []fandom.Standing, q ranking.Query) {
	selected := slices.DeleteFunc(slices.Clone(expected), func(s fandom.Standing) bool {
		return q.After != nil && s.Compare(*q.After) <= 0 || q.Before != nil && s.Compare(*q.Before) >= 0
	})
	if q.Backward {
		end := max(len(selected)-q.Offset, 0)
		selected = selected[max(end-q.Limit, 0):end]
	} else {
		selected = selected[min(q.Offset, len(selected)):]
		selected = selected[:min(q.Limit, len(selected))]
	}
	page, err := e.Page(ctx, board, q)
	require.NoError(rt, err)
	require.Equal(rt, len(expected), page.Size)
	require.Len(rt, page.Standings, len(selected))
	for i := range selected {
		require.Equal(rt, selected[i], page.Standings[i])
	}
}

func drawQuery(rt *rapid.T, f Fixture, expected []fandom.Standing) ranking.Query {
	q := ranking.Query{
		Limit:    rapid.IntRange(1, 8).Draw(rt, "limit"),
		Offset:   rapid.IntRange(0, 4).Draw(rt, "offset"),
		Backward: rapid.Bool().Draw(rt, "backward"),
	}
	place := func(label string) *fandom.Place {
		if len(expected) == 0 || !rapid.Bool().Draw(rt, label) {
			return nil
		}
		p := rapid.SampledFrom(expected).Draw(rt, label+" at").Place
		if rapid.Bool().Draw(rt, label+" moved") { // nobody holds it any more
			p.UserID = rapid.SampledFrom(f.Users).Draw(rt, label+" user")
		}
		return &p
	}
	q.After, q.Before = place("after"), place("before")
	return q
}
