package admin

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/alexedwards/scs/v2"

	"madeinlatino.net/madeinlatino/ent"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/store"
)

const (
	// CookieName is the name of the session's cookie; legacy clients know it.
	CookieName = "sessionid"

	// SessionLifetime is how long a login lasts, used or not.
	SessionLifetime = 12 * time.Hour
)

// Options is what the service works with.
type Options struct {
	Store *store.Store
	Now   func() time.Time
	Log   *slog.Logger

	// Secure marks the cookie for https only: where people reach the server
	// by https.
	Secure bool

	// Hashing is the cost of a password's hash; nil stands for what is right
	// in production.
	Hashing *argon2id.Params
}

// Service answers for admins and their sessions.
type Service struct {
	store    *store.Store
	now      func() time.Time
	log      *slog.Logger
	hasher   *hasher
	sessions *scs.SessionManager
}

// New makes the service. It needs a migrated database only when it is used.
func New(o Options) (*Service, error) {
	hasher, err := newHasher(o.Hashing)
	if err != nil {
		return nil, err
	}
	s := &Service{store: o.Store, now: o.Now, log: o.Log, hasher: hasher, sessions: scs.New()}
	s.sessions.Store = &sessionStore{store: o.Store, now: o.Now}
	s.sessions.Lifetime = SessionLifetime
	s.sessions.Cookie.Name = CookieName
	s.sessions.Cookie.Path = "/"
	s.sessions.Cookie.HttpOnly = true
	s.sessions.Cookie.SameSite = http.SameSiteLaxMode
	s.sessions.Cookie.Secure = o.Secure
	return s, nil
}

// Admin is one account.
type Admin struct {
	ID         int
	Username   string // in lower case
	DisabledAt *time.Time
	CreatedAt  time.Time
}

func toAdmin(row *ent.Admin) Admin {
	return Admin{ID: row.ID, Username: row.Username, DisabledAt: row.DisabledAt, CreatedAt: row.CreatedAt}
}

// nowStored is the time as the database keeps it.
func (s *Service) nowStored() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// Authenticate finds the admin of a user name and a password. It takes the
// same time whether the name is known or not. Errors: Unauthenticated, with
// the same text whatever was wrong; Unavailable where too many log in at once.
func (s *Service) Authenticate(ctx context.Context, username, password string) (Admin, error) {
	row, err := s.login(ctx, username, password)
	if err != nil {
		return Admin{}, err
	}
	return toAdmin(row), nil
}

func (s *Service) login(ctx context.Context, username, password string) (*ent.Admin, error) {
	refused := fandom.Errorf(fandom.Unauthenticated, "User name or password is wrong.")
	var row *ent.Admin
	if usernameForm.MatchString(nameKey(username)) { // PostgreSQL takes no NUL, not even to look for it
		found, err := s.find(ctx, username)
		if err != nil && !store.IsNoRow(err) {
			return nil, err
		}
		row = found
	}
	hash := s.hasher.dummy
	if row != nil {
		hash = row.PasswordHash
	}
	match, err := s.hasher.matches(ctx, password, hash)
	if err != nil {
		return nil, err
	}
	if row == nil || !match || row.DisabledAt != nil {
		return nil, refused
	}
	return row, nil
}
