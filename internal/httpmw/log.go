package httpmw

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

// caller is where Authenticate, deep inside, leaves the actor for the log.
type caller struct {
	mu    sync.Mutex
	actor fandom.Actor
}

type callerKey struct{}

func noteActor(ctx context.Context, actor fandom.Actor) {
	if c, ok := ctx.Value(callerKey{}).(*caller); ok {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.actor = actor
	}
}

// AccessLog writes a line for each request once it is answered: method, path,
// status, duration, bytes, request id, and the ids of user and admin where
// known. Queries, headers and bodies are never logged: they hold tokens. A
// socket is logged when it is taken over. Answers of 500 and more are logged
// as warnings.
func AccessLog(log *slog.Logger, now func() time.Time) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			start := now()
			rec, who := record(w), &caller{}
			defer func() {
				attrs := []slog.Attr{
					slog.String("method", r.Method),
					slog.String("path", r.URL.Path),
					slog.Int("status", rec.final()),
					slog.Duration("duration", now().Sub(start)),
					slog.Int64("bytes", rec.bytes),
				}
				who.mu.Lock()
				actor := who.actor
				who.mu.Unlock()
				if actor.UserID != 0 {
					attrs = append(attrs, slog.Int("user_id", actor.UserID))
				}
				if actor.AdminID != 0 {
					attrs = append(attrs, slog.Int("admin_id", actor.AdminID))
				}
				level := slog.LevelInfo
				if rec.final() >= http.StatusInternalServerError {
					level = slog.LevelWarn
				}
				log.LogAttrs(r.Context(), level, "request", attrs...)
			}()
			next.ServeHTTP(rec, r.WithContext(context.WithValue(r.Context(), callerKey{}, who)))
		})
	}
}

// Recover answers a panic with 500 and the request id, and logs it once with
// its stack. Where the answer had begun it cuts the connection, so that the
// client does not take half an answer for a whole one.
func Recover(log *slog.Logger) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rec := record(w)
			defer func() {
				cause := recover()
				if cause == nil {
					return
				}
				if cause == http.ErrAbortHandler { //nolint:errorlint // net/http compares it the same way
					panic(cause)
				}
				log.LogAttrs(r.Context(), slog.LevelError, "panic",
					slog.Any("cause", cause),
					slog.String("method", r.Method),
					slog.String("path", r.URL.Path),
					slog.String("stack", string(debug.Stack())))
				if rec.hijacked {
					return // who took the connection over closes it
				}
				if rec.begun() {
					panic(http.ErrAbortHandler)
				}
				WriteDetail(rec, r, fandom.Errorf(fandom.Internal, "Something went wrong on our side."))
			}()
			next.ServeHTTP(rec, r)
		})
	}
}
