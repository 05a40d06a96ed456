package account

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"madeinlatino.net/madeinlatino/ent"
	"madeinlatino.net/madeinlatino/ent/user"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/twitter"
)

// maxName is how long a first or last name is, in characters.
const maxName = 150

// EnsureAccount gives the user that a Twitter account is, after making one
// that is not registered where the account is new, and brings its public side
// up to date: name, image, display name. What the account leaves empty stays
// as it is stored. A name that another user was known by goes to this one, who
// has it now; the other's becomes empty.
//
// It joins the caller's transaction and calls nobody. Transactions that ensure
// several accounts can deadlock where names change hands between them; the
// database then ends one of them, which has to be tried again. Errors: Invalid
// for an account without a proper id.
func (s *Service) EnsureAccount(ctx context.Context, account twitter.Account) (fandom.User, error) {
	if !twitter.ValidID(account.ID) {
		return fandom.User{}, fandom.Errorf(fandom.Invalid, "This is not the id of a Twitter account.")
	}
	row, err := s.byTwitterID(ctx, account.ID)
	if err == nil && upToDate(row, account) {
		return FromRow(row), nil
	}
	if err != nil && !store.IsNoRow(err) {
		return fandom.User{}, fmt.Errorf("read a user: %w", err)
	}
	err = s.store.WithTx(ctx, func(ctx context.Context) error {
		if err := s.makeRoom(ctx, account); err != nil {
			return err
		}
		row, err = s.refresh(ctx, account)
		return err
	})
	if err != nil {
		return fandom.User{}, fmt.Errorf("ensure a Twitter account: %w", err)
	}
	return FromRow(row), nil
}

func (s *Service) byTwitterID(ctx context.Context, id string) (*ent.User, error) {
	return s.store.Client(ctx).User.Query().Where(user.TwitterUserID(id)).Only(ctx)
}

// makeRoom sees to it that the account has a row and nobody else its name, and
// that both stay so until the transaction ends: first who wants the name
// waits, then who wants one of the rows, in order of their ids.
func (s *Service) makeRoom(ctx context.Context, account twitter.Account) error {
	c := s.store.Conn(ctx)
	key := fandom.NameKey(account.UserName)
	if account.UserName != "" {
		if err := s.lockName(ctx, "twitter name "+key); err != nil {
			return err
		}
	}
	_, err := c.ExecContext(ctx,
		`INSERT INTO users (twitter_user_id, is_flag_action, created_at) VALUES ($1, $2, $3)
		 ON CONFLICT (twitter_user_id) DO NOTHING`, account.ID, false, s.now())
	if err != nil {
		return fmt.Errorf("make a user: %w", err)
	}
	if err := s.lockUsers(ctx, account.ID, key); err != nil {
		return err
	}
	_, err = c.ExecContext(ctx,
		`UPDATE users SET twitter_user_name = NULL, name_key = NULL
		 WHERE name_key = $1 AND (twitter_user_id IS NULL OR twitter_user_id <> $2)`, key, account.ID)
	if err != nil {
		return fmt.Errorf("clear a name that was taken over: %w", err)
	}
	return nil
}

// lockUsers locks the rows that have the Twitter id or the name.
func (s *Service) lockUsers(ctx context.Context, id, key string) error {
	if !s.store.Postgres() {
		return nil
	}
	_, err := s.store.Conn(ctx).ExecContext(ctx,
		`SELECT id FROM users WHERE twitter_user_id = $1 OR name_key = $2 ORDER BY id FOR UPDATE`, id, key)
	if err != nil {
		return fmt.Errorf("lock users: %w", err)
	}
	return nil
}

// refresh writes the public side of an account whose name is free.
func (s *Service) refresh(ctx context.Context, account twitter.Account) (*ent.User, error) {
	update := s.store.Client(ctx).User.Update().Where(user.TwitterUserID(account.ID))
	if account.UserName != "" {
		update.SetTwitterUserName(account.UserName).SetNameKey(fandom.NameKey(account.UserName))
	}
	if account.ProfileImageURL != "" {
		update.SetTwitterProfileImage(account.ProfileImageURL)
	}
	if account.Name != "" {
		first, last := publicNames(account.Name)
		setOrClear(first, update.SetPublicFirstName, update.ClearPublicFirstName)
		setOrClear(last, update.SetPublicLastName, update.ClearPublicLastName)
	}
	if len(update.Mutation().Fields())+len(update.Mutation().ClearedFields()) > 0 {
		if err := update.Exec(ctx); err != nil {
			return nil, fmt.Errorf("refresh a user: %w", err)
		}
	}
	return s.byTwitterID(ctx, account.ID)
}

// upToDate reports whether a row shows the account as it is.
func upToDate(row *ent.User, account twitter.Account) bool {
	first, last := publicNames(account.Name)
	return (account.UserName == "" || is(row.TwitterUserName, &account.UserName)) &&
		(account.ProfileImageURL == "" || is(row.TwitterProfileImage, &account.ProfileImageURL)) &&
		(account.Name == "" || is(row.PublicFirstName, first) && is(row.PublicLastName, last))
}

// is compares two texts that may be absent.
func is(a, b *string) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }

// publicNames splits a display name into the public first and last name.
// Control characters, which some databases refuse, are dropped.
func publicNames(display string) (first, last *string) {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(display, ""))
	f, l := fandom.SplitDisplayName(clean)
	return nonEmpty(cut(f)), nonEmpty(cut(l))
}

// cut shortens a name to what is stored.
func cut(name string) string {
	if letters := []rune(name); len(letters) > maxName {
		return string(letters[:maxName])
	}
	return name
}

// setOrClear puts a value that may be absent into an update.
func setOrClear[T, U any](value *T, set func(T) U, clear func() U) {
	if value == nil {
		clear()
		return
	}
	set(*value)
}

func nonEmpty(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
