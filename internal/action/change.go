package action

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"madeinlatino.net/madeinlatino/ent"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/idempotency"
	"madeinlatino.net/madeinlatino/internal/twitter"
)

// CreateRecommendation recommends something to all fans. Errors:
// Unauthenticated, Forbidden, Invalid.
func (s *Service) CreateRecommendation(ctx context.Context, change fandom.RecommendationChange) (fandom.Recommendation, error) {
	if _, err := fandom.RequireAdmin(ctx); err != nil {
		return fandom.Recommendation{}, err
	}
	r := fandom.Recommendation{CreatedAt: s.Now()}
	artist, fields, err := s.parents(ctx, &r, change)
	if err != nil {
		return fandom.Recommendation{}, err
	}
	fields = append(fields, applyChange(&r, artist, change)...)
	if err := fandom.InvalidOrNil(append(fields, s.checkSeen(r)...)); err != nil {
		return fandom.Recommendation{}, err
	}
	err = s.Store.WithTx(ctx, func(ctx context.Context) error {
		row, err := s.Store.Client(ctx).Recommendation.Create().
			SetNillableArtistID(r.ArtistID).SetActionTypeID(r.Action.ID).
			SetNillableTweetData(r.TweetData).SetNillableTweetID(r.TweetID).
			SetNillableButtonName(r.ButtonName).SetNillableDescription(r.About).SetNillableLink(r.Link).
			SetPoints(int64(r.Points)).SetNillableStartsAt(r.StartsAt).SetNillableEndsAt(r.EndsAt).
			SetCreatedAt(r.CreatedAt).Save(ctx)
		if err != nil {
			return fmt.Errorf("save the recommendation: %w", err)
		}
		r.ID = row.ID
		return idempotency.Record(ctx, r.ID)
	})
	return r, err
}

// UpdateRecommendation changes what is offered from now on; performances that
// have begun keep what they began with. Its artist and action type are fixed.
// Errors: Unauthenticated, Forbidden, NotFound, Invalid.
func (s *Service) UpdateRecommendation(ctx context.Context, id int, change fandom.RecommendationChange) (fandom.Recommendation, error) {
	if _, err := fandom.RequireAdmin(ctx); err != nil {
		return fandom.Recommendation{}, err
	}
	var r fandom.Recommendation
	err := s.Store.WithTx(ctx, func(ctx context.Context) (err error) {
		if r, err = s.lockedRecommendation(ctx, id); err != nil {
			return err
		}
		var artist fandom.Artist
		if r.ArtistID != nil {
			if artist, err = s.Artists.ByID(ctx, *r.ArtistID); err != nil {
				return err
			}
		}
		fields := applyChange(&r, artist, change)
		if err := fandom.InvalidOrNil(append(fields, s.checkSeen(r)...)); err != nil {
			return err
		}
		update := s.Store.Client(ctx).Recommendation.UpdateOneID(id).SetPoints(int64(r.Points))
		set(r.TweetData, update.SetTweetData, update.ClearTweetData)
		set(r.TweetID, update.SetTweetID, update.ClearTweetID)
		set(r.ButtonName, update.SetButtonName, update.ClearButtonName)
		set(r.About, update.SetDescription, update.ClearDescription)
		set(r.Link, update.SetLink, update.ClearLink)
		set(r.StartsAt, update.SetStartsAt, update.ClearStartsAt)
		set(r.EndsAt, update.SetEndsAt, update.ClearEndsAt)
		if err := update.Exec(ctx); err != nil {
			return fmt.Errorf("save the recommendation: %w", err)
		}
		return idempotency.Record(ctx, id)
	})
	return r, err
}

// RetireRecommendation ends a recommendation; performances that have begun go
// on. Retiring twice changes nothing. Errors: Unauthenticated, Forbidden,
// NotFound.
func (s *Service) RetireRecommendation(ctx context.Context, id int) (fandom.Recommendation, error) {
	if _, err := fandom.RequireAdmin(ctx); err != nil {
		return fandom.Recommendation{}, err
	}
	var r fandom.Recommendation
	err := s.Store.WithTx(ctx, func(ctx context.Context) (err error) {
		if r, err = s.lockedRecommendation(ctx, id); err != nil {
			return err
		}
		if r.RetiredAt == nil {
			now := s.Now()
			if err := s.Store.Client(ctx).Recommendation.UpdateOneID(id).SetRetiredAt(now).Exec(ctx); err != nil {
				return fmt.Errorf("retire the recommendation: %w", err)
			}
			r.RetiredAt = &now
		}
		return idempotency.Record(ctx, id)
	})
	return r, err
}

func set[T any](value *T, set func(T) *ent.RecommendationUpdateOne, clear func() *ent.RecommendationUpdateOne) {
	if value == nil {
		clear()
		return
	}
	set(*value)
}

// parents finds the artist and the action type of a new recommendation.
func (s *Service) parents(ctx context.Context, r *fandom.Recommendation, change fandom.RecommendationChange) (
	artist fandom.Artist, fields []fandom.FieldError, err error,
) {
	unknown := func(field, message string) {
		fields = append(fields, fandom.FieldError{Field: field, Reason: fandom.ReasonUnknown, Message: message})
	}
	if change.ArtistID == nil {
		fields = append(fields, required("artist_id"))
	} else if artist, err = s.Artists.ByID(ctx, *change.ArtistID); err == nil {
		r.ArtistID = &artist.ID
	} else if fandom.CodeOf(err) == fandom.NotFound {
		unknown("artist_id", "There is no such artist.")
	} else {
		return artist, nil, err
	}
	if change.ActionTypeID == nil {
		fields = append(fields, required("action_type_id"))
	} else if r.Action, err = s.Type(ctx, *change.ActionTypeID); fandom.AsError(err) != nil {
		unknown("action_type_id", "There is no such action type.")
	} else if err != nil {
		return artist, nil, err
	}
	switch r.Action.Kind {
	case fandom.KindMention, fandom.KindInvite:
		fields = append(fields, fandom.FieldError{
			Field: "action_type_id", Message: "Mentions are only seen, and invitations made by inviting: neither is recommended.",
		})
	}
	return artist, fields, nil
}

// applyChange makes a change and checks the outcome as a whole.
func applyChange(r *fandom.Recommendation, artist fandom.Artist, change fandom.RecommendationChange) (fields []fandom.FieldError) {
	fail := func(field string, reason fandom.Reason, message string) {
		fields = append(fields, fandom.FieldError{Field: field, Reason: reason, Message: message})
	}
	patch(&r.TweetData, change.TweetData)
	patch(&r.TweetID, change.TweetID)
	patch(&r.ButtonName, change.ButtonName)
	patch(&r.About, change.About)
	patch(&r.Link, change.Link)
	patchTime(&r.StartsAt, change.StartsAt)
	patchTime(&r.EndsAt, change.EndsAt)
	if change.Points != nil {
		r.Points = *change.Points
	}
	if r.Points < 0 || r.Points > fandom.MaxPoints {
		fail("points", fandom.ReasonInvalid, "Points lie between 0 and "+fandom.MaxPoints.String()+".")
	}
	for field, text := range map[string]*string{"button_name": r.ButtonName, "description": r.About} {
		if text != nil && utf8.RuneCountInString(*text) > 500 {
			fail(field, fandom.ReasonTooLong, "At most 500 characters.")
		}
	}
	if r.StartsAt != nil && r.EndsAt != nil && !r.StartsAt.Before(*r.EndsAt) {
		fail("ends_at", fandom.ReasonInvalid, "It must end after it starts.")
	}
	if r.Link != nil && !fandom.ValidWebAddress(*r.Link) {
		fail("link", fandom.ReasonInvalid, "This is not an http or https URL.")
	}
	return append(fields, checkKind(*r, artist)...)
}

// checkSeen checks that a post which fans have to make themselves can be seen
// when they do: by its mention of the artist.
func (s *Service) checkSeen(r fandom.Recommendation) []fandom.FieldError {
	kind := r.Action.Kind
	if !kind.SeenByMention(r.TweetID) || s.ByAPI(kind) || r.TweetData == nil || strings.Contains(*r.TweetData, "{artist_handle}") {
		return nil
	}
	return []fandom.FieldError{{
		Field: "tweet_data", Reason: fandom.ReasonRequired,
		Message: "Fans post this themselves, and it is seen by its mention: it needs {artist_handle}.",
	}}
}

// checkKind checks that the recommendation has what its kind acts with.
func checkKind(r fandom.Recommendation, artist fandom.Artist) (fields []fandom.FieldError) {
	kind := r.Action.Kind
	switch {
	case r.TweetID != nil && !fandom.ValidTweetID(*r.TweetID):
		fields = append(fields, fandom.FieldError{Field: "tweet_id", Message: "A tweet id is 1 to 19 digits."})
	case r.TweetID == nil && kind.NeedsTweet():
		fields = append(fields, required("tweet_id"))
	}
	if kind == fandom.KindLink && r.Link == nil {
		fields = append(fields, required("link"))
	}
	text := ""
	if r.TweetData != nil {
		text = *r.TweetData
	}
	if kind.Creates() || text != "" {
		if wrong := fandom.CheckTemplate(text, artist, twitter.Weight, twitter.MaxWeight); wrong != nil {
			fields = append(fields, *wrong)
		}
		if strings.Contains(text, "{invitee}") && kind != fandom.KindInvite {
			fields = append(fields, fandom.FieldError{
				Field: "tweet_data", Reason: fandom.ReasonUnknown, Message: "Only an invitation has an {invitee}.",
			})
		}
	}
	return fields
}

func patch(target **string, p fandom.Patch[*string]) {
	if p.Set {
		*target = p.Value
	}
}

func patchTime(target **time.Time, p fandom.Patch[*time.Time]) {
	if !p.Set {
		return
	}
	*target = nil
	if p.Value != nil {
		t := p.Value.UTC().Truncate(time.Microsecond)
		*target = &t
	}
}
