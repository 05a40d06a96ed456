package graph

import (
	"context"

	"madeinlatino.net/madeinlatino/graph/relay"
	"madeinlatino.net/madeinlatino/graph/view"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/leaderboard"
	"madeinlatino.net/madeinlatino/internal/ranking"
)

// asUser makes the viewer the actor. It matters in the payload of a login
// alone: there the request came without a key and is logged in by its end.
func asUser(ctx context.Context, userID int) context.Context {
	actor := fandom.ActorFrom(ctx)
	actor.UserID = userID
	return fandom.WithActor(ctx, actor)
}

func (r *Resolver) globalRef(ctx context.Context, userID int) (ranking.Ref, error) {
	global, err := r.Leaderboard.GlobalRanking(ctx)
	return ranking.Ref{Board: global.Board, User: userID}, err
}

func (r *Resolver) globalStanding(ctx context.Context, userID int) (*fandom.Standing, error) {
	ref, err := r.globalRef(ctx, userID)
	if err != nil {
		return nil, err
	}
	return optional(ctx, r.load(ctx).standings, ref)
}

func (r *Resolver) globalPoints(ctx context.Context, userID int) (fandom.Points, error) {
	ref, err := r.globalRef(ctx, userID)
	if err != nil {
		return 0, err
	}
	points, err := optional(ctx, r.load(ctx).scores, ref)
	if points == nil || err != nil {
		return 0, err
	}
	return *points, nil
}

// userRankings gives a page of the artists' boards that a user is on.
func (r *Resolver) userRankings(ctx context.Context, userID int, page fandom.Page) (relay.Connection[view.UserRanking], error) {
	list, err := r.Leaderboard.UserBoards(ctx, userID, page)
	if err != nil {
		return relay.Connection[view.UserRanking]{}, err
	}
	boards := make([]int, len(list.Items))
	for i, item := range list.Items {
		boards[i] = item.Board
	}
	artists, err := r.Artists.ByBoards(ctx, boards)
	return *relay.Connect(list, func(b leaderboard.BoardStanding) view.UserRanking {
		return view.UserRanking{Artist: artists[b.Board], Entry: b.Standing}
	}), err
}

func (r *Resolver) mobilePrefix(ctx context.Context, id *int) (*fandom.MobilePrefix, error) {
	if id == nil {
		return nil, nil
	}
	prefixes, err := r.Accounts.MobilePrefixes(ctx)
	for _, prefix := range prefixes {
		if prefix.ID == *id {
			return &prefix, nil
		}
	}
	return nil, err
}
