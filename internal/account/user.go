package account

import (
	"context"
	"fmt"

	"madeinlatino.net/madeinlatino/ent"
	"madeinlatino.net/madeinlatino/ent/predicate"
	"madeinlatino.net/madeinlatino/ent/user"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/store"
)

// User gives what is public of a user, registered or not. Errors: NotFound,
// also for a deleted account.
func (s *Service) User(ctx context.Context, id int) (fandom.User, error) {
	return s.oneUser(ctx, user.ID(id))
}

// UserByName gives the user who has a Twitter name now, ignoring case and a
// leading @. Errors: NotFound.
func (s *Service) UserByName(ctx context.Context, name string) (fandom.User, error) {
	parsed, _ := fandom.ParseTwitterUserName(name) // Twitter has names in forms that it takes no more
	return s.oneUser(ctx, user.NameKey(fandom.NameKey(parsed)))
}

func (s *Service) oneUser(ctx context.Context, where predicate.User) (fandom.User, error) {
	row, err := s.store.Client(ctx).User.Query().Where(where, user.DeletedAtIsNil()).Only(ctx)
	if store.IsNoRow(err) {
		return fandom.User{}, noUser()
	}
	if err != nil {
		return fandom.User{}, fmt.Errorf("read a user: %w", err)
	}
	return FromRow(row), nil
}

func noUser() error { return fandom.Errorf(fandom.NotFound, "There is no such user.") }

// UsersByName gives the users that exist among names, by fandom.NameKey of
// their names, in one statement.
func (s *Service) UsersByName(ctx context.Context, names []string) (map[string]fandom.User, error) {
	keys := make([]string, len(names))
	for i, name := range names {
		parsed, _ := fandom.ParseTwitterUserName(name)
		keys[i] = fandom.NameKey(parsed)
	}
	rows, err := s.users(ctx, user.NameKeyIn(keys...), len(keys))
	found := make(map[string]fandom.User, len(rows))
	for _, row := range rows {
		found[*row.NameKey] = FromRow(row)
	}
	return found, err
}

// UsersByID gives the users that exist among ids, in one statement.
func (s *Service) UsersByID(ctx context.Context, ids []int) (map[int]fandom.User, error) {
	rows, err := s.users(ctx, user.IDIn(ids...), len(ids))
	found := make(map[int]fandom.User, len(rows))
	for _, row := range rows {
		found[row.ID] = FromRow(row)
	}
	return found, err
}

func (s *Service) users(ctx context.Context, where predicate.User, asked int) ([]*ent.User, error) {
	if asked == 0 {
		return nil, nil
	}
	rows, err := s.store.Client(ctx).User.Query().Where(where, user.DeletedAtIsNil()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read users: %w", err)
	}
	return rows, nil
}

// FromRow makes the public value of a row.
func FromRow(row *ent.User) fandom.User {
	u := fandom.User{
		ID:                  row.ID,
		TwitterUserName:     row.TwitterUserName,
		TwitterProfileImage: row.TwitterProfileImage,
		ProfileImage:        row.ProfileImage,
		FirstName:           row.PublicFirstName,
		LastName:            row.PublicLastName,
		RegisteredAt:        row.RegisteredAt,
	}
	if row.TwitterUserID != nil {
		u.TwitterUserID = *row.TwitterUserID
	}
	return u
}
