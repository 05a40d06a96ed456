package account

import (
	"context"
	"fmt"
	"time"

	"madeinlatino.net/madeinlatino/ent"
	"madeinlatino.net/madeinlatino/ent/user"
	"madeinlatino.net/madeinlatino/internal/fandom"
)

// register makes a user who logs in for the first time a registered one, with
// the profile that Twitter's account gives and the consent that logging in is.
// Later logins change nothing. It reports whether it was the first. The row
// stays locked until the transaction ends: what else a login writes is written
// by one login of that user at a time. Errors: Unavailable where the account
// is being deleted at this very moment.
func (s *Service) register(ctx context.Context, u *fandom.User, email *string) (first bool, err error) {
	row, err := s.lockUser(ctx, u.ID)
	if err != nil {
		return false, err
	}
	if row.DeletedAt != nil {
		return false, fandom.Errorf(fandom.Unavailable, "This account is being deleted. Try again.").After(time.Second)
	}
	if row.RegisteredAt == nil {
		row, err = s.store.Client(ctx).User.UpdateOne(row).
			SetRegisteredAt(s.now()).SetIsFlagAction(true).
			SetNillableFirstName(row.PublicFirstName).SetNillableLastName(row.PublicLastName).SetNillableEmail(email).
			Save(ctx)
		if err != nil {
			return false, fmt.Errorf("register a user: %w", err)
		}
		first = true
	}
	*u = FromRow(row)
	return first, nil
}

// lockUser reads a user's row, which then stays as it is until the
// transaction ends.
func (s *Service) lockUser(ctx context.Context, id int) (*ent.User, error) {
	query := s.store.Client(ctx).User.Query().Where(user.ID(id))
	if s.store.Postgres() {
		query.ForUpdate()
	}
	row, err := query.Only(ctx)
	if err != nil {
		return nil, fmt.Errorf("read a user: %w", err)
	}
	return row, nil
}
