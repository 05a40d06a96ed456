package httpmw

import (
	"context"
	"crypto/rand"
	"net/http"
	"regexp"
)

const requestIDHeader = "X-Request-ID"

// requestIDForm is what is taken over from a caller: what cannot break a log
// line or a header, and is not long enough to smuggle anything.
var requestIDForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{7,127}$`)

type requestIDKey struct{}

// RequestID gives every request an id: the caller's X-Request-ID where it is
// sane (8 to 128 letters, digits, dots, dashes and underscores), else a new
// one. It stands in the context and in the answer's header.
func RequestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(requestIDHeader)
		if !requestIDForm.MatchString(id) {
			id = rand.Text()
		}
		w.Header().Set(requestIDHeader, id)
		next.ServeHTTP(w, r.WithContext(WithRequestID(r.Context(), id)))
	})
}

// WithRequestID puts an id into the context, for work that goes on outside a
// request and for tests.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestIDFrom gives the id of the request, empty outside of one.
func RequestIDFrom(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}
