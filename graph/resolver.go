// Package graph is the GraphQL API: the schema in graph/schema, resolvers
// that take the actor from the context and call one service, loaders, and
// the table of errors. The REST layer calls the same resolvers as plain
// functions, so whatever REST can do, GraphQL can do.
package graph

import (
	"context"
	"time"

	"madeinlatino.net/madeinlatino/internal/account"
	"madeinlatino.net/madeinlatino/internal/action"
	"madeinlatino.net/madeinlatino/internal/artist"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/idempotency"
	"madeinlatino.net/madeinlatino/internal/leaderboard"
)

// Resolver is the root of all resolvers; it names the services they call.
type Resolver struct {
	Accounts    *account.Service
	Artists     *artist.Service
	Actions     *action.Service
	Leaderboard *leaderboard.Service
	Once        *idempotency.Service
	Now         func() time.Time
}

// ArtistPage gives a page of artists. GraphQL and REST share it, each with
// its own largest page.
func (r *Resolver) ArtistPage(ctx context.Context, q artist.Query) (fandom.List[fandom.Artist], error) {
	return r.Artists.List(ctx, q)
}

// RankingPage gives a page of a board. GraphQL and REST share it.
func (r *Resolver) RankingPage(ctx context.Context, ranking fandom.Ranking, page fandom.Page) (fandom.List[fandom.Standing], error) {
	return r.Leaderboard.Entries(ctx, ranking.Board, page)
}

// RecommendationPage gives a page of what the viewer is recommended. GraphQL
// and REST share it.
func (r *Resolver) RecommendationPage(ctx context.Context, artist fandom.Artist, page fandom.Page) (fandom.List[fandom.Recommendation], error) {
	return r.Actions.Recommendations(ctx, artist, page)
}

// ArtistByID gives an artist by database id. Errors: NotFound.
func (r *Resolver) ArtistByID(ctx context.Context, id int) (fandom.Artist, error) {
	return r.Artists.ByID(ctx, id)
}

// ViewerScore gives the viewer's rank and score on a board, also where an
// admin has hidden them. Errors: Unauthenticated.
func (r *Resolver) ViewerScore(ctx context.Context, ranking fandom.Ranking) (fandom.Score, error) {
	actor, err := fandom.RequireUser(ctx)
	if err != nil {
		return fandom.Score{}, err
	}
	return r.Leaderboard.Score(ctx, ranking.Board, actor.UserID)
}

// FanCounts counts the fans of each artist, by board.
func (r *Resolver) FanCounts(ctx context.Context, artists []fandom.Artist) (map[int]int, error) {
	boards := make([]int, len(artists))
	for i, a := range artists {
		boards[i] = a.BoardID
	}
	return r.Leaderboard.Sizes(ctx, boards)
}

// UsersOf gives the users of a page of standings, by id.
func (r *Resolver) UsersOf(ctx context.Context, standings []fandom.Standing) (map[int]fandom.User, error) {
	ids := make([]int, len(standings))
	for i, s := range standings {
		ids[i] = s.UserID
	}
	return r.Accounts.UsersByID(ctx, ids)
}
