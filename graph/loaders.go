package graph

import (
	"context"
	"net/http"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/ranking"
)

// loaders batch what the fields of one operation ask for one by one, so that
// a page costs a constant number of statements. They cache for one request
// and are never shared.
type loaders struct {
	users           *loader[int, fandom.User]
	usersByName     *loader[string, fandom.User]
	artists         *loader[int, fandom.Artist]
	actionTypes     *loader[int, fandom.ActionType]
	recommendations *loader[int, fandom.Recommendation]
	standings       *loader[ranking.Ref, fandom.Standing]
	scores          *loader[ranking.Ref, fandom.Points]
	boardSizes      *loader[int, int]
}

type loadersKey struct{}

func (r *Resolver) newLoaders() *loaders {
	return &loaders{
		users:           newLoader(r.Accounts.UsersByID),
		usersByName:     newLoader(r.Accounts.UsersByName),
		artists:         newLoader(r.Artists.ByIDs),
		actionTypes:     newLoader(r.Actions.TypesByID),
		recommendations: newLoader(r.Actions.RecommendationsByID),
		standings:       newLoader(r.Leaderboard.Standings),
		scores:          newLoader(r.Leaderboard.Scores),
		boardSizes:      newLoader(r.Leaderboard.Sizes),
	}
}

// expectUsers announces that the fields of these users may be asked for.
func (r *Resolver) expectUsers(ctx context.Context, ids []int) {
	l := r.load(ctx)
	l.users.expect(ctx, ids)
	global, err := r.Leaderboard.GlobalRanking(ctx)
	if err != nil {
		return // who needs the board will meet the error
	}
	refs := make([]ranking.Ref, len(ids))
	for i, id := range ids {
		refs[i] = ranking.Ref{Board: global.Board, User: id}
	}
	l.standings.expect(ctx, refs)
	l.scores.expect(ctx, refs)
}

// expectStandings announces the users of a page of a board.
func (r *Resolver) expectStandings(ctx context.Context, standings []fandom.Standing) {
	ids := make([]int, len(standings))
	for i, s := range standings {
		ids[i] = s.UserID
	}
	r.expectUsers(ctx, ids)
}

// expectArtists announces artists that are at hand, and that the sizes of
// their boards may be asked for.
func (r *Resolver) expectArtists(ctx context.Context, artists []fandom.Artist) {
	boards := make([]int, len(artists))
	for i, a := range artists {
		boards[i] = a.BoardID
	}
	r.load(ctx).boardSizes.expect(ctx, boards)
}

// WithLoaders gives each request loaders of its own.
func (r *Resolver) WithLoaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		ctx := context.WithValue(req.Context(), loadersKey{}, r.newLoaders())
		next.ServeHTTP(w, req.WithContext(ctx))
	})
}

// load gives the request's loaders. A call from outside a request gets fresh
// ones: right, and unbatched.
func (r *Resolver) load(ctx context.Context) *loaders {
	if l, ok := ctx.Value(loadersKey{}).(*loaders); ok {
		return l
	}
	return r.newLoaders()
}

// optional loads what may be missing: nil without an error then.
func optional[K comparable, V any](ctx context.Context, l *loader[K, V], key K) (*V, error) {
	value, err := l.Load(ctx, key)
	if isMissing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &value, nil
}
