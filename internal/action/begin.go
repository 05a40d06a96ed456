package action

import (
	"context"
	"crypto/rand"
	"time"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/twitter"
)

// job is what is needed to begin a performance.
type job struct {
	recommendation fandom.Recommendation
	artist         *fandom.Artist
	user           actingUser
}

// actingUser is what performing has to know of the user.
type actingUser struct {
	id      int
	twitter string // Twitter id
	name    string // Twitter name, may be empty
	consent bool
}

// prepare reads what the request names and checks that it belongs together.
func (s *Service) prepare(ctx context.Context, userID int, r Request) (j job, err error) {
	j.recommendation, err = s.Recommendation(ctx, r.RecommendationID)
	if err != nil {
		return job{}, err
	}
	var fields []fandom.FieldError
	mismatch := func(field string, want int, got *int) {
		if got != nil && *got != want {
			fields = append(fields, fandom.FieldError{
				Field: field, Reason: fandom.ReasonMismatch, Message: "This does not belong to the recommendation.",
			})
		}
	}
	mismatch("action_type_id", j.recommendation.Action.ID, r.ActionTypeID)
	if artistID := j.recommendation.ArtistID; artistID != nil {
		mismatch("artist_id", *artistID, r.ArtistID)
		a, err := s.Artists.ByID(ctx, *artistID)
		if err != nil {
			return job{}, err
		}
		j.artist = &a
	} else {
		mismatch("artist_id", 0, r.ArtistID)
	}
	if err := fandom.InvalidOrNil(fields); err != nil {
		return job{}, err
	}
	j.user, err = s.actingUser(ctx, userID)
	return j, err
}

// allowed tells whether the recommendation can be begun now. Errors:
// NotFound, Gone.
func (j job) allowed(now time.Time) error {
	if err := j.recommendation.Check(j.user.id, now); err != nil {
		return err
	}
	if j.artist != nil && j.artist.RetiredAt != nil {
		return retired()
	}
	return nil
}

// begin makes the performance as it is to be stored.
func (s *Service) begin(j job, before fandom.Score) (fandom.Performance, error) {
	now := s.Now()
	p := fandom.Performance{
		UserID: j.user.id, RecommendationID: j.recommendation.ID, ArtistID: j.recommendation.ArtistID,
		Kind: j.recommendation.Action.Kind, State: fandom.Pending, Worth: j.recommendation.Worth(),
		ActsOn: j.recommendation.TweetID, CreatedAt: now, DeadlineAt: now.Add(fandom.PerformanceDeadline),
	}
	if p.Kind == fandom.KindFollow {
		if j.artist == nil || j.artist.TwitterUserID == nil {
			return p, fandom.Errorf(fandom.Unavailable, "The artist's Twitter account is not known yet. Try again soon.").
				After(time.Minute)
		}
		p.ActsOn = j.artist.TwitterUserID
	}
	if p.Kind.Creates() {
		text := fandom.RenderTemplate(*j.recommendation.TweetData, j.values(before))
		if twitter.Weight(text) > twitter.MaxWeight {
			return p, fandom.Errorf(fandom.Conflict, "The text has become too long for Twitter.").For(fandom.ReasonRefused)
		}
		p.Text = &text
	}
	switch {
	case p.Kind == fandom.KindLink:
		p.State, p.CreditedAt = fandom.Credited, &now
	case !s.ByAPI(p.Kind):
		if !canBeSeen(p, j.artist) {
			return p, fandom.Errorf(fandom.Conflict, "You would have to post this yourself, and it does not mention the artist: it could not be seen.").
				For(fandom.ReasonRefused)
		}
		p.State = fandom.AwaitingFan
	}
	if url := intentURL(p, j.artist); url != "" {
		p.IntentURL = &url
	}
	return p, nil
}

func (j job) values(before fandom.Score) fandom.TemplateValues {
	v := fandom.TemplateValues{Fan: j.user.name, Rank: before.Rank, Score: before.Points}
	if j.artist != nil {
		v.Artist, v.ArtistHandle = j.artist.Name, j.artist.TwitterUserName
	}
	if j.recommendation.Link != nil {
		v.Link = *j.recommendation.Link
	}
	return v
}

// canBeSeen tells whether the platform can see that a fan did it themselves.
func canBeSeen(p fandom.Performance, artist *fandom.Artist) bool {
	return !p.Kind.SeenByMention(p.ActsOn) || artist != nil && fandom.Mentions(*p.Text, artist.TwitterUserName)
}

// intentURL is where the fan does it themselves; empty for a link.
func intentURL(p fandom.Performance, artist *fandom.Artist) string {
	intent := twitter.Intent{}
	if p.Text != nil {
		intent.Text = *p.Text
	}
	if p.ActsOn != nil {
		intent.TweetID = *p.ActsOn
	}
	switch p.Kind {
	case fandom.KindTweet, fandom.KindInvite:
		intent.Kind = twitter.IntentPost
	case fandom.KindDirect:
		intent.Kind = twitter.IntentPost
		if p.ActsOn != nil {
			intent.Kind = twitter.IntentQuote
		}
	case fandom.KindQuote:
		intent.Kind = twitter.IntentQuote
	case fandom.KindReply:
		intent.Kind = twitter.IntentReply
	case fandom.KindRetweet:
		intent.Kind = twitter.IntentRepost
	case fandom.KindLike:
		intent.Kind = twitter.IntentLike
	case fandom.KindFollow:
		intent.Kind = twitter.IntentFollow
	default:
		return ""
	}
	if artist != nil {
		intent.UserName = artist.TwitterUserName
	}
	return twitter.IntentURL(intent)
}

// leaseName names whoever acts on a performance.
func leaseName() string { return rand.Text() }
