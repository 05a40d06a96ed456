package action

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

	"madeinlatino.net/madeinlatino/ent"
	"madeinlatino.net/madeinlatino/ent/performance"
	"madeinlatino.net/madeinlatino/ent/predicate"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/idempotency"
	"madeinlatino.net/madeinlatino/internal/ledger"
	"madeinlatino.net/madeinlatino/internal/store"
)

// Whoever acts on a performance holds a lease. A call to Twitter takes 5 s at
// most and none begins in the lease's last third, so that when a lease has
// ended nobody is still acting.
const (
	leaseFor    = 15 * time.Second
	lastToBegin = leaseFor - leaseFor/3
)

// claim stores a new performance, leased to this process where Twitter is to
// be asked, so that of any number of equal requests one goes on. Not claimed:
// somebody else was first, and what they stored is returned.
func (s *Service) claim(ctx context.Context, j job, before fandom.Score) (l leased, claimed bool, err error) {
	p, err := s.begin(j, before)
	if err != nil {
		return leased{}, false, err
	}
	l = leased{lease: leaseName(), until: p.CreatedAt.Add(leaseFor)}
	err = s.Store.WithTx(ctx, func(ctx context.Context) error {
		create := s.Store.Client(ctx).Performance.Create().
			SetUserID(p.UserID).SetRecommendationID(p.RecommendationID).SetNillableArtistID(p.ArtistID).
			SetKind(string(p.Kind)).SetState(string(p.State)).SetWorth(int64(p.Worth)).
			SetNillableText(p.Text).SetNillableActsOn(p.ActsOn).SetNillableAct(actOf(p)).SetNillableIntentURL(p.IntentURL).
			SetCreatedAt(p.CreatedAt).SetDueAt(p.DeadlineAt).SetDeadlineAt(p.DeadlineAt).SetNillableCreditedAt(p.CreditedAt)
		if p.State == fandom.Pending {
			create.SetLease(l.lease).SetLeaseUntil(l.until).SetDueAt(l.until).SetSentAt(p.CreatedAt).SetAttempts(1)
		}
		id, err := create.OnConflict(sql.DoNothing()).ID(ctx)
		if store.IsNoRow(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("claim a performance: %w", err)
		}
		claimed, p.ID = true, id
		if p.State == fandom.Credited {
			if err := s.award(ctx, p); err != nil {
				return err
			}
		}
		return idempotency.Record(ctx, id)
	})
	if err != nil {
		return leased{}, false, err
	}
	if claimed {
		l.p, err = s.byID(ctx, p.ID)
		return l, true, err
	}
	existing, err := s.live(ctx, p.UserID, p.RecommendationID)
	if err != nil {
		return leased{}, false, err
	}
	if existing == nil {
		return leased{}, false, s.whyNotClaimed(ctx, p)
	}
	l.p = *existing
	return l, false, s.remember(ctx, existing.ID)
}

// whyNotClaimed tells why a claim made no row although the recommendation has
// no live performance: the act counts already by another recommendation, or
// what stood in the way has failed a moment ago.
func (s *Service) whyNotClaimed(ctx context.Context, p fandom.Performance) error {
	if act := actOf(p); act != nil {
		done, err := s.Store.Client(ctx).Performance.Query().
			Where(performance.UserID(p.UserID), performance.Act(*act), performance.Live(true)).Exist(ctx)
		if err != nil {
			return fmt.Errorf("look for an act: %w", err)
		}
		if done {
			return fandom.Errorf(fandom.Conflict, "You have done this already, by another recommendation: one act earns once.").
				For(fandom.ReasonRepeated)
		}
	}
	return fandom.Errorf(fandom.Unavailable, "Try again.").After(time.Second)
}

// actOf names what a performance does on Twitter beyond a post of its own:
// one act earns once, however many recommendations ask for it.
func actOf(p fandom.Performance) *string {
	kind := p.Kind
	if kind == fandom.KindDirect {
		kind = fandom.KindQuote
	}
	switch kind {
	case fandom.KindRetweet, fandom.KindLike, fandom.KindReply, fandom.KindQuote, fandom.KindFollow:
		if p.ActsOn != nil {
			act := string(kind) + ":" + *p.ActsOn
			return &act
		}
	}
	return nil
}

// award appends the ledger entry of a performance, in its transaction.
func (s *Service) award(ctx context.Context, p fandom.Performance) error {
	_, err := s.Ledger.Append(ctx, ledger.Award{
		UserID: p.UserID, ArtistID: p.ArtistID, Points: p.Worth, Reason: ledger.ForPerformance,
		Cause: ledger.PerformanceCause(p.UserID, p.RecommendationID), PerformanceID: &p.ID,
	})
	return err
}

// credit records that it was done on Twitter, and awards the points with it.
// Whoever learns of it may record it, with or without a lease; the first does.
func (s *Service) credit(ctx context.Context, p fandom.Performance, tweetID string) error {
	return s.Store.WithTx(ctx, func(ctx context.Context) error {
		update := s.Store.Client(ctx).Performance.Update().
			Where(performance.ID(p.ID), performance.StateIn(string(fandom.Pending), string(fandom.AwaitingFan))).
			SetState(string(fandom.Credited)).SetCreditedAt(s.Now()).ClearLease().ClearLeaseUntil().ClearFailureReason()
		if tweetID != "" {
			update.SetTweetID(tweetID)
		}
		n, err := update.Save(ctx)
		if err != nil {
			return fmt.Errorf("credit performance %d: %w", p.ID, err)
		}
		if n == 0 {
			return nil
		}
		return s.award(ctx, p)
	})
}

// settle changes a pending performance on behalf of the holder of its lease;
// without the lease it does nothing.
func (s *Service) settle(ctx context.Context, leased leased, change func(*ent.PerformanceUpdate)) error {
	update := s.Store.Client(ctx).Performance.Update().Where(
		performance.ID(leased.p.ID), performance.State(string(fandom.Pending)), performance.Lease(leased.lease),
	).ClearLease().ClearLeaseUntil()
	change(update)
	if err := update.Exec(ctx); err != nil {
		return fmt.Errorf("settle performance %d: %w", leased.p.ID, err)
	}
	return nil
}

// markSent notes, for the holder of the lease, that Twitter is about to be
// asked; false where the lease is lost.
func (s *Service) markSent(ctx context.Context, l leased) (bool, error) {
	n, err := s.Store.Client(ctx).Performance.Update().Where(
		performance.ID(l.p.ID), performance.State(string(fandom.Pending)), performance.Lease(l.lease),
	).SetSentAt(s.Now()).Save(ctx)
	if err != nil {
		return false, fmt.Errorf("note that performance %d is sent: %w", l.p.ID, err)
	}
	return n == 1, nil
}

// tweetClaimed reports whether some performance has made this tweet.
func (s *Service) tweetClaimed(ctx context.Context, tweetID string) (bool, error) {
	claimed, err := s.Store.Client(ctx).Performance.Query().Where(performance.TweetID(tweetID)).Exist(ctx)
	if err != nil {
		return false, fmt.Errorf("look for the performance of a tweet: %w", err)
	}
	return claimed, nil
}

func forUpdateSkipLocked(q *ent.PerformanceQuery) *ent.PerformanceQuery {
	return q.ForUpdate(sql.WithLockAction(sql.SkipLocked))
}

// live gives the user's performance of a recommendation that is neither
// failed nor cancelled, nil where there is none.
func (s *Service) live(ctx context.Context, userID, recommendationID int) (*fandom.Performance, error) {
	row, err := s.Store.Client(ctx).Performance.Query().Where(
		performance.UserID(userID), performance.RecommendationID(recommendationID), performance.Live(true),
	).Only(ctx)
	if store.IsNoRow(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read a performance: %w", err)
	}
	p := performanceFromRow(row)
	return &p, nil
}

func (s *Service) byID(ctx context.Context, id int) (fandom.Performance, error) {
	row, err := s.Store.Client(ctx).Performance.Get(ctx, id)
	if store.IsNoRow(err) {
		return fandom.Performance{}, noPerformance()
	}
	if err != nil {
		return fandom.Performance{}, fmt.Errorf("read a performance: %w", err)
	}
	return performanceFromRow(row), nil
}

// Performances lists the acting user's performances, newest first; state ""
// means all. Errors: Unauthenticated; Invalid for a cursor that is not of
// this list.
func (s *Service) Performances(ctx context.Context, state fandom.PerformanceState, page fandom.Page) (fandom.List[fandom.Performance], error) {
	actor, err := fandom.RequireUser(ctx)
	if err != nil {
		return fandom.List[fandom.Performance]{}, err
	}
	where := []predicate.Performance{performance.UserID(actor.UserID)}
	if state != "" {
		where = append(where, performance.State(string(state)))
	}
	query := s.Store.Client(ctx).Performance.Query().Where(where...).Limit(page.Limit + 1).Offset(page.Offset)
	for _, bound := range []struct {
		cursor fandom.Cursor
		where  func(int) predicate.Performance
	}{{page.After, performance.IDLT}, {page.Before, performance.IDGT}} {
		if bound.cursor == nil {
			continue
		}
		id, err := bound.cursor.ID()
		if err != nil {
			return fandom.List[fandom.Performance]{}, err
		}
		query.Where(bound.where(id))
	}
	order := ent.Desc(performance.FieldID)
	if page.Backward {
		order = ent.Asc(performance.FieldID)
	}
	rows, err := query.Order(order).All(ctx)
	if err != nil {
		return fandom.List[fandom.Performance]{}, fmt.Errorf("list performances: %w", err)
	}
	return fandom.NewList(page, rows, performanceFromRow,
		func(p fandom.Performance) fandom.Cursor { return fandom.IDCursor(p.ID) },
		func(ctx context.Context) (int, error) {
			return s.Store.Client(ctx).Performance.Query().Where(where...).Count(ctx)
		}), nil
}

// actingUser reads what performing has to know of a user.
func (s *Service) actingUser(ctx context.Context, id int) (actingUser, error) {
	row, err := s.Store.Client(ctx).User.Get(ctx, id)
	if err != nil {
		return actingUser{}, fmt.Errorf("read the acting user: %w", err)
	}
	u := actingUser{id: row.ID, consent: row.IsFlagAction}
	if row.TwitterUserID != nil {
		u.twitter = *row.TwitterUserID
	}
	if row.TwitterUserName != nil {
		u.name = *row.TwitterUserName
	}
	return u, nil
}

func performanceFromRow(row *ent.Performance) fandom.Performance {
	return fandom.Performance{
		ID: row.ID, UserID: row.UserID, RecommendationID: row.RecommendationID, ArtistID: row.ArtistID,
		Kind: fandom.Kind(row.Kind), State: fandom.PerformanceState(row.State), Worth: fandom.Points(row.Worth),
		Text: row.Text, ActsOn: row.ActsOn, TweetID: row.TweetID, IntentURL: row.IntentURL,
		FailureReason: row.FailureReason, Attempts: row.Attempts,
		CreatedAt: row.CreatedAt.UTC(), DueAt: row.DueAt.UTC(), SentAt: row.SentAt, CreditedAt: row.CreditedAt,
		DeadlineAt: row.DeadlineAt.UTC(),
	}
}
