package graph

import (
	"context"

	"madeinlatino.net/madeinlatino/graph/model"
	"madeinlatino.net/madeinlatino/internal/action"
	"madeinlatino.net/madeinlatino/internal/fandom"
)

// performRequest reads the ids of a request to perform.
func performRequest(input model.PerformRecommendationInput) (request action.Request, err error) {
	if request.RecommendationID, err = databaseID("Recommendation", "recommendation_id", input.RecommendationID); err != nil {
		return request, err
	}
	if request.ActionTypeID, err = optionalID("ActionType", "action_type_id", input.ActionTypeID); err != nil {
		return request, err
	}
	request.ArtistID, err = optionalID("Artist", "artist_id", input.ArtistID)
	return request, err
}

func newRecommendation(input model.CreateRecommendationInput) (change fandom.RecommendationChange, err error) {
	artistID, err := databaseID("Artist", "artist_id", input.ArtistID)
	if err != nil {
		return change, err
	}
	actionTypeID, err := databaseID("ActionType", "action_type_id", input.ActionTypeID)
	if err != nil {
		return change, err
	}
	return fandom.RecommendationChange{
		ArtistID: &artistID, ActionTypeID: &actionTypeID,
		TweetData: patch(input.TweetData), TweetID: patch(input.TweetID), ButtonName: patch(input.ButtonName),
		About: patch(input.Description), Link: patch(input.Link), Points: given(input.Points),
		StartsAt: patch(input.StartsAt), EndsAt: patch(input.EndsAt),
	}, nil
}

func changedRecommendation(input model.UpdateRecommendationInput) fandom.RecommendationChange {
	return fandom.RecommendationChange{
		TweetData: patch(input.TweetData), TweetID: patch(input.TweetID), ButtonName: patch(input.ButtonName),
		About: patch(input.Description), Link: patch(input.Link), Points: given(input.Points),
		StartsAt: patch(input.StartsAt), EndsAt: patch(input.EndsAt),
	}
}

// artistOf gives the artist that something is for, nil where it is for none.
func (r *Resolver) artistOf(ctx context.Context, id *int) (*fandom.Artist, error) {
	if id == nil {
		return nil, nil
	}
	return optional(ctx, r.load(ctx).artists, *id)
}

// expectPerformances announces what the fields of performances lead to.
func (r *Resolver) expectPerformances(ctx context.Context, performances []fandom.Performance) {
	var artists, recommendations []int
	for _, p := range performances {
		recommendations = append(recommendations, p.RecommendationID)
		if p.ArtistID != nil {
			artists = append(artists, *p.ArtistID)
		}
	}
	l := r.load(ctx)
	l.artists.expect(ctx, artists)
	l.recommendations.expect(ctx, recommendations)
}
