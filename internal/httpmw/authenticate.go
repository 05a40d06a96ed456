package httpmw

import (
	"context"
	"log/slog"
	"net/http"
	"strings"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/store"
)

// maxKeyLength is beyond any access key: what is longer is not looked up.
const maxKeyLength = 256

// Authenticate finds out who calls: the key of "Authorization: Token <key>"
// or "Bearer <key>" is looked up by authenticate, whose user joins the admin
// that the context may hold already. A key that authenticate refuses with
// Unauthenticated counts as nobody; the services then say what needs somebody.
// Any other error is answered at once, as 503 where the database is out of
// reach: taking a known user for nobody would log clients out.
func Authenticate(
	authenticate func(ctx context.Context, key string) (fandom.Actor, error), log *slog.Logger, write ErrorWriter,
) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx := r.Context()
			actor := fandom.ActorFrom(ctx)
			if key := keyOf(r.Header); key != "" {
				user, err := authenticate(ctx, key)
				switch {
				case err == nil:
					actor.UserID, actor.KeyID = user.UserID, user.KeyID
				case fandom.CodeOf(err) != fandom.Unauthenticated:
					if ctx.Err() == nil { // else the caller has gone away, which is no fault
						log.LogAttrs(ctx, slog.LevelError, "looking up an access key failed", slog.Any("error", err))
					}
					Refuse(w, r, write, store.Classify(err))
					return
				}
			}
			noteActor(ctx, actor)
			next.ServeHTTP(w, r.WithContext(fandom.WithActor(ctx, actor)))
		})
	}
}

// keyOf gives the key that a request carries, empty where there is none.
func keyOf(h http.Header) string {
	scheme, key, _ := strings.Cut(strings.TrimSpace(h.Get("Authorization")), " ")
	if !strings.EqualFold(scheme, "Token") && !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	key = strings.TrimSpace(key)
	if len(key) > maxKeyLength || strings.ContainsAny(key, " \t") {
		return ""
	}
	return key
}
