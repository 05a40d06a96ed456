package action

import (
	"context"
	"runtime/debug"
	"time"

	"madeinlatino.net/madeinlatino/ent"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/twitter"
)

// leased is a pending performance that this process may act on until the
// lease ends.
type leased struct {
	p     fandom.Performance
	lease string
	until time.Time
	// unsure: Twitter has been asked before, and what came of it is not
	// recorded. A post is then looked for before it is created again.
	unsure bool
}

// pursueAndWait asks Twitter and gives the performance as it then stands. The
// call belongs to the service: who waits for it may go away.
func (s *Service) pursueAndWait(ctx context.Context, l leased) (fandom.Performance, error) {
	done := make(chan struct{})
	s.calls.Go(func() {
		defer close(done)
		s.pursue(context.WithoutCancel(ctx), l)
	})
	select {
	case <-done:
		return s.byID(ctx, l.p.ID)
	case <-ctx.Done():
		return fandom.Performance{}, ctx.Err()
	}
}

// pursue makes one attempt. What goes wrong on our side is logged; the lease
// then ends by itself and the next sweep goes on from what is stored.
func (s *Service) pursue(ctx context.Context, l leased) {
	defer func() {
		if cause := recover(); cause != nil { // one row must not end the program, and with it all others
			s.Log.ErrorContext(ctx, "panic", "performance", l.p.ID, "cause", cause, "stack", string(debug.Stack()))
		}
	}()
	if err := s.attempt(ctx, l); err != nil {
		s.Log.ErrorContext(ctx, "cannot pursue a performance now", "performance", l.p.ID, "error", err)
	}
}

func (s *Service) attempt(ctx context.Context, l leased) error {
	user, err := s.actingUser(ctx, l.p.UserID)
	if err != nil {
		return err
	}
	credential, err := s.Accounts.Credential(ctx, user.id)
	if err != nil && fandom.CodeOf(err) != fandom.NotFound {
		return err
	}
	usable := err == nil && user.consent && !credential.Revoked
	expired := !s.Now().Before(l.p.DeadlineAt)
	if !usable {
		if expired {
			return s.fail(ctx, l, "It could not be done within 24 hours: the platform had no permission to act on Twitter.")
		}
		return s.postpone(ctx, l, s.Now().Add(time.Minute), l.unsure)
	}
	if l.unsure && l.p.Kind.Creates() {
		settled, err := s.reconcile(ctx, l, user, credential.Token)
		if settled || err != nil {
			return err
		}
	}
	if expired {
		return s.fail(ctx, l, "Twitter could not be reached for 24 hours.")
	}
	if begins, err := s.beginCall(ctx, l); err != nil || !begins {
		return err
	}
	tweetID, err := s.call(ctx, l.p, user, credential.Token)
	return s.record(ctx, l, user, credential.Token, tweetID, err)
}

// reconcile looks for the post that an earlier attempt may have made. Settled
// means that nothing is left to do in this attempt.
func (s *Service) reconcile(ctx context.Context, l leased, user actingUser, token twitter.Token) (settled bool, err error) {
	id, err := s.findPost(ctx, l.p, user, token)
	class := twitter.ClassOf(err)
	switch {
	case class == twitter.Revoked || class == twitter.Suspended:
		return true, s.record(ctx, l, user, token, "", err)
	case err != nil && !s.Now().Before(l.p.DeadlineAt):
		return true, s.fail(ctx, l, "Twitter could not be reached for 24 hours.")
	case err != nil:
		return true, s.tryLater(ctx, l, err, true)
	case id != "":
		return true, s.credit(ctx, l.p, id)
	default:
		return false, nil
	}
}

// findPost looks through the fan's own posts for one with the performance's
// text, newer than its first attempt and not claimed by another performance;
// "" where there is none.
func (s *Service) findPost(ctx context.Context, p fandom.Performance, user actingUser, token twitter.Token) (string, error) {
	posts, err := s.Twitter.LatestPosts(ctx, token, user.twitter, 100)
	if err != nil {
		return "", err
	}
	draft := draftOf(p)
	for _, post := range posts {
		// Twitter's times have milliseconds, ours microseconds.
		if post.CreatedAt.Before(p.CreatedAt.Truncate(time.Millisecond)) || !draft.Matches(post) {
			continue
		}
		claimed, err := s.tweetClaimed(ctx, post.ID)
		if err != nil {
			return "", err
		}
		if !claimed {
			return post.ID, nil
		}
	}
	return "", nil
}

// beginCall notes that Twitter is asked, before it is. It says no when the
// lease is lost or too short for a call.
func (s *Service) beginCall(ctx context.Context, l leased) (bool, error) {
	if s.Now().After(l.until.Add(lastToBegin - leaseFor)) {
		return false, s.postpone(ctx, l, s.Now(), l.unsure)
	}
	if l.p.Attempts == 1 && !l.unsure {
		return true, nil // the claim has noted it
	}
	return s.markSent(ctx, l)
}

// call does the act on Twitter. It gives the id of the post that was created.
func (s *Service) call(ctx context.Context, p fandom.Performance, user actingUser, token twitter.Token) (string, error) {
	switch p.Kind {
	case fandom.KindRetweet:
		return "", s.Twitter.Repost(ctx, token, user.twitter, *p.ActsOn)
	case fandom.KindLike:
		return "", s.Twitter.Like(ctx, token, user.twitter, *p.ActsOn)
	case fandom.KindFollow:
		return "", s.Twitter.Follow(ctx, token, user.twitter, *p.ActsOn)
	default:
		post, err := s.Twitter.Post(ctx, token, draftOf(p))
		return post.ID, err
	}
}

// draftOf is the post that a performance creates.
func draftOf(p fandom.Performance) twitter.Draft {
	draft := twitter.Draft{Text: *p.Text}
	switch {
	case p.ActsOn == nil:
	case p.Kind == fandom.KindReply:
		draft.InReplyTo = *p.ActsOn
	case p.Kind == fandom.KindQuote, p.Kind == fandom.KindDirect:
		draft.Quote = *p.ActsOn
	}
	return draft
}

// record stores what Twitter's answer means.
func (s *Service) record(ctx context.Context, l leased, user actingUser, token twitter.Token, tweetID string, answer error) error {
	if answer == nil {
		return s.credit(ctx, l.p, tweetID)
	}
	s.Log.InfoContext(ctx, "Twitter did not say yes", "performance", l.p.ID, "attempt", l.p.Attempts, "error", answer)
	class := twitter.ClassOf(answer)
	switch class {
	case twitter.AlreadyDone:
		return s.credit(ctx, l.p, "")
	case twitter.Duplicate:
		return s.resolveDuplicate(ctx, l, user, token)
	case twitter.NotPermitted:
		return s.handOver(ctx, l)
	case twitter.Revoked:
		if err := s.Accounts.RevokeCredential(ctx, l.p.UserID, token); err != nil {
			return err
		}
		return s.fail(ctx, l, "Twitter no longer accepts the login. Log in again.")
	case twitter.Suspended:
		return s.fail(ctx, l, "Twitter has suspended or locked the account.")
	case twitter.NotFound:
		return s.fail(ctx, l, "What it acts on no longer exists on Twitter.")
	case twitter.TooLong:
		return s.fail(ctx, l, "Twitter finds the text too long.")
	case twitter.Rejected:
		return s.fail(ctx, l, "Twitter refused it.")
	default:
		// Out of reach, limited, out of credit, or unclear: later. Only
		// where it may have happened does the next attempt look first.
		return s.tryLater(ctx, l, answer, class == twitter.Uncertain || class == twitter.None)
	}
}

// tryLater postpones by a pause that grows with the attempts, or until
// Twitter said that it would listen again.
func (s *Service) tryLater(ctx context.Context, l leased, answer error, unsure bool) error {
	next := s.Now().Add(fandom.RetryDelay(l.p.Attempts, s.Spread()))
	if at := twitter.RetryAt(answer); at.After(next) {
		next = at.UTC()
	}
	return s.postpone(ctx, l, next, unsure)
}

// resolveDuplicate decides what it means that Twitter calls a post a
// duplicate: an earlier attempt made it, or the fan had posted that text.
func (s *Service) resolveDuplicate(ctx context.Context, l leased, user actingUser, token twitter.Token) error {
	id, err := s.findPost(ctx, l.p, user, token)
	switch {
	case err != nil:
		return s.tryLater(ctx, l, err, true)
	case id != "":
		return s.credit(ctx, l.p, id)
	default:
		return s.fail(ctx, l, "Twitter refused it as a duplicate of a tweet that you have posted already.")
	}
}

// handOver leaves the act to the fan, by web intent, where they can be seen
// doing it.
func (s *Service) handOver(ctx context.Context, l leased) error {
	var artist *fandom.Artist
	if l.p.ArtistID != nil {
		a, err := s.Artists.ByID(ctx, *l.p.ArtistID)
		if err != nil {
			return err
		}
		artist = &a
	}
	if !canBeSeen(l.p, artist) {
		return s.fail(ctx, l, "Twitter does not let the platform do this, and done by hand it could not be seen.")
	}
	return s.settle(ctx, l, func(u *ent.PerformanceUpdate) {
		u.SetState(string(fandom.AwaitingFan)).SetDueAt(l.p.DeadlineAt).ClearSentAt()
	})
}

func (s *Service) fail(ctx context.Context, l leased, reason string) error {
	return s.settle(ctx, l, func(u *ent.PerformanceUpdate) {
		u.SetState(string(fandom.Failed)).SetLive(false).SetFailureReason(reason)
	})
}

// postpone has the performance tried again at next, at its deadline at the
// latest. An unsure one never before its lease has ended.
func (s *Service) postpone(ctx context.Context, l leased, next time.Time, unsure bool) error {
	if unsure && next.Before(l.until) {
		next = l.until
	}
	if next.After(l.p.DeadlineAt) {
		next = l.p.DeadlineAt
	}
	return s.settle(ctx, l, func(u *ent.PerformanceUpdate) {
		u.SetDueAt(next)
		if !unsure {
			u.ClearSentAt()
		}
	})
}
