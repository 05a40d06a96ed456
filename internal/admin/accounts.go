package admin

import (
	"context"
	"crypto/rand"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"madeinlatino.net/madeinlatino/ent"
	entadmin "madeinlatino.net/madeinlatino/ent/admin"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/store"
)

const (
	minPassword = 12   // characters
	maxPassword = 1024 // bytes; more is an attack on the hasher, not a password
)

var usernameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._@+-]{0,63}$`)

// GeneratePassword makes a password of 26 letters and digits, from 128 random
// bits or more.
func GeneratePassword() string { return rand.Text() }

// nameKey is what spellings of one user name have in common; it is what is
// stored.
func nameKey(username string) string { return strings.ToLower(strings.TrimSpace(username)) }

// Create adds an admin. User names are 1 to 64 letters, digits and ._@+-,
// unique ignoring case; passwords have 12 characters or more. Errors: Invalid,
// with ReasonTaken where the name is in use.
func (s *Service) Create(ctx context.Context, username, password string) (Admin, error) {
	username = nameKey(username)
	var wrong []fandom.FieldError
	if !usernameForm.MatchString(username) {
		wrong = append(wrong, fandom.FieldError{Field: "username",
			Message: "1 to 64 letters, digits and ._@+- are allowed, beginning with a letter or digit."})
	}
	wrong = append(wrong, checkPassword(password)...)
	if len(wrong) > 0 {
		return Admin{}, fandom.InvalidFields(wrong...)
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return Admin{}, err
	}
	row, err := s.store.Client(ctx).Admin.Create().
		SetUsername(username).SetPasswordHash(hash).SetCreatedAt(s.nowStored()).Save(ctx)
	if store.IsUnique(err) {
		return Admin{}, fandom.InvalidFields(fandom.FieldError{
			Field: "username", Message: "There is an admin of this name already.", Reason: fandom.ReasonTaken})
	}
	if err != nil {
		return Admin{}, fmt.Errorf("create an admin: %w", err)
	}
	return toAdmin(row), nil
}

// SetPassword changes a password and thereby ends the admin's sessions. A
// disabled admin stays disabled. Errors: Invalid, NotFound.
func (s *Service) SetPassword(ctx context.Context, username, password string) error {
	if wrong := checkPassword(password); len(wrong) > 0 {
		return fandom.InvalidFields(wrong...)
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	changed, err := s.store.Client(ctx).Admin.Update().
		Where(entadmin.Username(nameKey(username))).SetPasswordHash(hash).Save(ctx)
	if err != nil {
		return fmt.Errorf("set a password: %w", err)
	}
	if changed == 0 {
		return unknownAdmin()
	}
	return nil
}

// Disable locks an admin out for good; their sessions end at once, since
// every request asks. Disabling again changes nothing. Errors: NotFound.
func (s *Service) Disable(ctx context.Context, username string) error {
	return s.store.WithTx(ctx, func(ctx context.Context) error {
		row, err := s.find(ctx, username)
		switch {
		case store.IsNoRow(err):
			return unknownAdmin()
		case err != nil:
			return fmt.Errorf("disable an admin: %w", err)
		case row.DisabledAt != nil:
			return nil
		}
		return s.store.Client(ctx).Admin.UpdateOne(row).SetDisabledAt(s.nowStored()).Exec(ctx)
	})
}

// List gives all admins by user name, the disabled ones included.
func (s *Service) List(ctx context.Context) ([]Admin, error) {
	rows, err := s.store.Client(ctx).Admin.Query().Order(entadmin.ByUsername()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the admins: %w", err)
	}
	admins := make([]Admin, len(rows))
	for i, row := range rows {
		admins[i] = toAdmin(row)
	}
	return admins, nil
}

func (s *Service) find(ctx context.Context, username string) (*ent.Admin, error) {
	return s.store.Client(ctx).Admin.Query().Where(entadmin.Username(nameKey(username))).Only(ctx)
}

func unknownAdmin() error {
	return fandom.Errorf(fandom.NotFound, "There is no admin of this name.").For(fandom.ReasonUnknown)
}

func checkPassword(password string) []fandom.FieldError {
	switch {
	case utf8.RuneCountInString(password) < minPassword:
		return []fandom.FieldError{{Field: "password", Message: fmt.Sprintf("It needs %d characters or more.", minPassword)}}
	case len(password) > maxPassword:
		return []fandom.FieldError{{Field: "password", Reason: fandom.ReasonTooLong,
			Message: fmt.Sprintf("It may have %d bytes at most.", maxPassword)}}
	default:
		return nil
	}
}
