package rest

import (
	"net/http"

	"github.com/99designs/gqlgen/graphql"

	"madeinlatino.net/madeinlatino/graph/model"
	"madeinlatino.net/madeinlatino/graph/relay"
	"madeinlatino.net/madeinlatino/internal/fandom"
)

func (c *call) actions() error {
	page, err := c.page()
	if err != nil {
		return err
	}
	if !c.query.Has("limit") {
		page.Limit = largestLimit // the documented answer has no pages
	}
	text := c.query.Get("artist")
	if text == "" {
		return fandom.InvalidField("artist", "This parameter is required.")
	}
	id, ok := artistNumber(text)
	if !ok {
		return fandom.InvalidField("artist", "This has to be an integer.")
	}
	artist, err := c.artistByID(id)
	if err != nil {
		return err
	}
	list, err := c.resolver().RecommendationPage(c.ctx(), *artist, page)
	if err != nil {
		return err
	}
	shapes := make([]recommendationShape, len(list.Items))
	for i, r := range list.Items {
		shapes[i] = newRecommendationShape(r)
	}
	return c.answer(http.StatusOK, map[string]any{"data": shapes})
}

func (c *call) perform() error {
	actionType := relay.ID("ActionType", c.body.requiredInteger("action_id"))
	artist := relay.ID("Artist", c.body.requiredInteger("artist_id"))
	recommendation := relay.ID("Recommendation", c.body.requiredInteger("recommend_id"))
	if err := c.body.err(); err != nil {
		return err
	}
	payload, err := c.resolver().Mutation().PerformRecommendation(c.ctx(), model.PerformRecommendationInput{
		RecommendationID: recommendation,
		ActionTypeID:     graphql.OmittableOf(&actionType),
		ArtistID:         graphql.OmittableOf(&artist),
	})
	if err := first(err, relay.Cause(payload.Errors)); err != nil {
		return renamed(err, map[string]string{
			"action_type_id": "action_id", "recommendation_id": "recommend_id",
		})
	}
	return c.answerPerformance(*payload.Performance, payload.IsRepeat)
}

// answerPerformance says how far a performance has come.
func (c *call) answerPerformance(p fandom.Performance, repeat bool) error {
	switch p.State {
	case fandom.Credited:
		if repeat {
			return fandom.Errorf(fandom.Conflict, "You have performed this already.")
		}
		return c.answer(http.StatusOK, map[string]string{"message": "Action Performed"})
	case fandom.AwaitingFan:
		return c.answer(http.StatusAccepted, pendingShape{Message: "Action Pending", Link: p.IntentURL})
	default:
		return c.answer(http.StatusAccepted, pendingShape{Message: "Action Pending"})
	}
}
