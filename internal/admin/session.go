package admin

import (
	"context"
	"log/slog"
	"net/http"

	"madeinlatino.net/madeinlatino/ent"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/httpmw"
	"madeinlatino.net/madeinlatino/internal/store"
)

// What a session holds.
const (
	sessionAdmin = "admin" // the admin's id
	sessionStamp = "stamp" // tells the password that it was opened with from later ones
)

// stampOf changes with the password, so that changing it ends the sessions.
func stampOf(row *ent.Admin) string { return hashToken(row.PasswordHash)[:16] }

// LoadSession finds out which admin calls, by the cookie, and adds their id
// to the actor in the context. Nobody, an ended session and a disabled admin
// pass without one. An unreachable database is answered at once: taking an
// admin for nobody would look like a logout.
func (s *Service) LoadSession(write httpmw.ErrorWriter) httpmw.Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			cookie, err := r.Cookie(CookieName)
			if err != nil || cookie.Value == "" {
				next.ServeHTTP(w, r)
				return
			}
			ctx, current, err := s.load(r.Context(), cookie.Value)
			if err != nil {
				s.log.LogAttrs(r.Context(), slog.LevelError, "loading an admin's session failed", slog.Any("error", err))
				httpmw.Refuse(w, r, write, store.Classify(err))
				return
			}
			if current != nil {
				actor := fandom.ActorFrom(ctx)
				actor.AdminID = current.ID
				ctx = fandom.WithActor(ctx, actor)
				w.Header().Set("Cache-Control", "no-store") // what an admin sees is for them alone
			}
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

// load opens the session of a token, and gives its admin: nil where there is
// no such session or it counts no longer.
func (s *Service) load(ctx context.Context, token string) (context.Context, *Admin, error) {
	ctx, err := s.sessions.Load(ctx, token)
	if err != nil {
		return nil, nil, err
	}
	id := s.sessions.GetInt(ctx, sessionAdmin)
	if id == 0 {
		return ctx, nil, nil
	}
	row, err := s.store.Client(ctx).Admin.Get(ctx, id)
	switch {
	case store.IsNoRow(err):
		return ctx, nil, nil
	case err != nil:
		return nil, nil, err
	case row.DisabledAt != nil, s.sessions.GetString(ctx, sessionStamp) != stampOf(row):
		return ctx, nil, nil
	default:
		current := toAdmin(row)
		return ctx, &current, nil
	}
}

// open begins a session for an admin and sets its cookie. The token is new,
// whatever the caller came with: one that was planted in a browser before the
// login is worth nothing after it.
func (s *Service) open(ctx context.Context, w http.ResponseWriter, row *ent.Admin) error {
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	if err := s.sessions.Clear(ctx); err != nil {
		return err
	}
	s.sessions.SetDeadline(ctx, s.now().Add(SessionLifetime).UTC())
	s.sessions.Put(ctx, sessionAdmin, row.ID)
	s.sessions.Put(ctx, sessionStamp, stampOf(row))
	token, expiry, err := s.sessions.Commit(ctx)
	if err != nil {
		return err
	}
	s.writeCookie(w, token, int(expiry.Sub(s.now()).Seconds()))
	return nil
}

// end closes the session and takes the cookie back.
func (s *Service) end(ctx context.Context, w http.ResponseWriter) error {
	if err := s.sessions.Destroy(ctx); err != nil {
		return err
	}
	s.writeCookie(w, "", -1)
	return nil
}

// writeCookie sets the cookie with a Max-Age alone: scs would add an Expires
// by a clock that is not ours.
func (s *Service) writeCookie(w http.ResponseWriter, token string, maxAge int) {
	form := s.sessions.Cookie
	http.SetCookie(w, &http.Cookie{
		Name: form.Name, Value: token, Path: form.Path, MaxAge: maxAge,
		HttpOnly: form.HttpOnly, SameSite: form.SameSite, Secure: form.Secure,
	})
}
