package action

import (
	"context"
	"errors"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/idempotency"
)

// Request asks to perform a recommendation. The action type and the artist
// are checked where they are given.
type Request struct {
	RecommendationID int
	ActionTypeID     *int
	ArtistID         *int
}

// Result is what performing led to, as far as it has come.
type Result struct {
	Performance fandom.Performance
	Repeat      bool          // it had been performed, or begun, before
	Earned      fandom.Points // 0 until it is credited, and on a repeat
	Before      fandom.Score  // on the artist's board (without an artist: the global one)
	After       fandom.Score
}

// Perform has the acting user perform a recommendation, once. It answers when
// Twitter did, or after the time that Twitter is given: the performance is
// then pending and pursued in the background. One that is open or credited
// already is answered as a repeat. Errors: Unauthenticated; Invalid with
// reason MISMATCH where the ids do not belong together; NotFound; Gone;
// Forbidden without consent or a valid Twitter token; Conflict with reason
// REFUSED where Twitter refused for good.
func (s *Service) Perform(ctx context.Context, r Request) (Result, error) {
	if s.Store.InTx(ctx) {
		return Result{}, errors.New("action: Perform calls Twitter, and so runs in no transaction")
	}
	actor, err := fandom.RequireUser(ctx)
	if err != nil {
		return Result{}, err
	}
	job, err := s.prepare(ctx, actor.UserID, r)
	if err != nil {
		return Result{}, err
	}
	before, err := s.score(ctx, job.artist, actor.UserID)
	if err != nil {
		return Result{}, err
	}
	existing, err := s.live(ctx, actor.UserID, r.RecommendationID)
	if err != nil {
		return Result{}, err
	}
	if existing == nil || existing.State == fandom.Credited {
		if err := job.allowed(s.Now()); err != nil {
			return Result{}, err
		}
	}
	if existing != nil {
		return Result{Performance: *existing, Repeat: true, Before: before, After: before}, s.remember(ctx, existing.ID)
	}
	if err := s.mayAct(ctx, job.user); err != nil {
		return Result{}, err
	}
	claim, claimed, err := s.claim(ctx, job, before)
	if err != nil || !claimed {
		return Result{Performance: claim.p, Repeat: true, Before: before, After: before}, err
	}
	if claim.p.State == fandom.Pending {
		if claim.p, err = s.pursueAndWait(ctx, claim); err != nil {
			return Result{}, err
		}
	}
	return s.result(ctx, job, claim.p, before)
}

// result reports a performance that this request began.
func (s *Service) result(ctx context.Context, job job, p fandom.Performance, before fandom.Score) (Result, error) {
	result := Result{Performance: p, Before: before, After: before}
	switch p.State {
	case fandom.Failed:
		return Result{}, s.failure(ctx, p)
	case fandom.Credited:
		after, err := s.score(ctx, job.artist, p.UserID)
		if err != nil {
			return Result{}, err
		}
		result.Earned, result.After = p.Worth, after
	}
	return result, nil
}

// failure is what a failed performance means to who asked for it.
func (s *Service) failure(ctx context.Context, p fandom.Performance) error {
	credential, err := s.Accounts.Credential(ctx, p.UserID)
	if err != nil && fandom.CodeOf(err) != fandom.NotFound {
		return err
	}
	if err != nil || credential.Revoked {
		return logInAgain()
	}
	return fandom.Errorf(fandom.Conflict, "%s", *p.FailureReason).For(fandom.ReasonRefused)
}

// Performance gives one of the acting user's performances. Errors:
// Unauthenticated, NotFound.
func (s *Service) Performance(ctx context.Context, id int) (fandom.Performance, error) {
	actor, err := fandom.RequireUser(ctx)
	if err != nil {
		return fandom.Performance{}, err
	}
	p, err := s.byID(ctx, id)
	if err != nil {
		return fandom.Performance{}, err
	}
	if p.UserID != actor.UserID {
		return fandom.Performance{}, noPerformance()
	}
	return p, nil
}

// Recall is Perform for a call that was made before: how far its performance
// has come by now. Errors: as Perform, where it has failed.
func (s *Service) Recall(ctx context.Context, performanceID int) (Result, error) {
	p, err := s.Performance(ctx, performanceID)
	if err != nil {
		return Result{}, err
	}
	if p.State == fandom.Failed {
		return Result{}, s.failure(ctx, p)
	}
	var artist *fandom.Artist
	if p.ArtistID != nil {
		a, err := s.Artists.ByID(ctx, *p.ArtistID)
		if err != nil {
			return Result{}, err
		}
		artist = &a
	}
	score, err := s.score(ctx, artist, p.UserID)
	return Result{Performance: p, Repeat: true, Before: score, After: score}, err
}

// remember ties the client's idempotency key to a performance that exists.
func (s *Service) remember(ctx context.Context, id int) error {
	return s.Store.WithTx(ctx, func(ctx context.Context) error { return idempotency.Record(ctx, id) })
}

// mayAct checks consent and token. Errors: Forbidden.
func (s *Service) mayAct(ctx context.Context, user actingUser) error {
	if !user.consent {
		return fandom.Errorf(fandom.Forbidden,
			"You have not allowed the platform to act on Twitter for you. Set is_flag_action to true in your profile to change that.")
	}
	credential, err := s.Accounts.Credential(ctx, user.id)
	if err != nil && fandom.CodeOf(err) != fandom.NotFound {
		return err
	}
	if err != nil || credential.Revoked {
		return logInAgain()
	}
	return nil
}

func logInAgain() error {
	return fandom.Errorf(fandom.Forbidden, "Twitter no longer accepts your login. Log in again.")
}

func (s *Service) score(ctx context.Context, artist *fandom.Artist, userID int) (fandom.Score, error) {
	if artist != nil {
		return s.Leaderboard.Score(ctx, artist.BoardID, userID)
	}
	global, err := s.Leaderboard.GlobalRanking(ctx)
	if err != nil {
		return fandom.Score{}, err
	}
	return s.Leaderboard.Score(ctx, global.Board, userID)
}

func noPerformance() error { return fandom.Errorf(fandom.NotFound, "There is no such performance.") }
