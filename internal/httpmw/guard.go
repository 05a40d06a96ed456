package httpmw

import (
	"net/http"
	"time"

	"github.com/rs/cors"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

const (
	// MaxBody is how much of a request's body is read, in bytes.
	MaxBody = 1 << 20

	maintenancePause = time.Minute

	// apiPolicy is for answers that are no pages: a browser that shows one
	// nonetheless runs and frames nothing.
	apiPolicy = "default-src 'none'; frame-ancestors 'none'"

	// pagePolicy is for our pages: everything they use is served from here,
	// and nothing stands inline.
	pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

// Maintenance answers 503 with Retry-After to everything but what stays says
// while on is true.
func Maintenance(on bool, stays func(*http.Request) bool, write ErrorWriter) Middleware {
	return func(next http.Handler) http.Handler {
		if !on {
			return next
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if stays(r) {
				next.ServeHTTP(w, r)
				return
			}
			Refuse(w, r, write, fandom.Errorf(fandom.Unavailable, "Down for maintenance. Try again soon.").
				After(maintenancePause))
		})
	}
}

// BodyLimit ends reading a body after limit bytes. Handlers recognise the
// *http.MaxBytesError and answer 413.
func BodyLimit(limit int64) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Body != nil {
				r.Body = http.MaxBytesReader(w, r.Body, limit)
			}
			next.ServeHTTP(w, r)
		})
	}
}

// CORS lets browsers call from the origins. Cookies are not allowed along:
// fans come with keys, and admins use our own pages.
func CORS(origins []string) Middleware {
	if len(origins) == 0 { // which the library would take for "all"
		return func(next http.Handler) http.Handler { return next }
	}
	return cors.New(cors.Options{
		AllowedOrigins: origins,
		AllowedMethods: []string{
			http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete,
		},
		AllowedHeaders: []string{
			"Accept", "Authorization", "Content-Type", requestIDHeader,
			"Apollo-Require-Preflight", "GraphQL-Require-Preflight", "X-Requested-With", "X-GraphQL-Event-Stream-Token",
		},
		ExposedHeaders: []string{
			requestIDHeader, "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After",
			"Content-Disposition", "WWW-Authenticate",
		},
		MaxAge: int((10 * time.Minute).Seconds()),
	}).Handler
}

// CrossOrigin protects what an admin's cookie opens. A browser's request from
// another origin never carries a cookie past here, and one that could change
// something is refused with Forbidden unless its origin is trusted. Requests
// of programs, and of browsers on the same origin, pass untouched.
func CrossOrigin(trusted []string, write ErrorWriter) (Middleware, error) {
	sameOrigin, allowed := http.NewCrossOriginProtection(), http.NewCrossOriginProtection()
	for _, origin := range trusted {
		if err := allowed.AddTrustedOrigin(origin); err != nil {
			return nil, err
		}
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if allowed.Check(r) != nil {
				Refuse(w, r, write, fandom.Errorf(fandom.Forbidden, "Requests from other origins are not allowed here."))
				return
			}
			// The check looks only at unsafe methods; a socket begins with a
			// GET, and must not act with the cookie either.
			probe := &http.Request{Method: http.MethodPost, Header: r.Header, Host: r.Host, URL: r.URL}
			if sameOrigin.Check(probe) != nil && r.Header.Get("Cookie") != "" {
				r = r.Clone(r.Context())
				r.Header.Del("Cookie")
			}
			next.ServeHTTP(w, r)
		})
	}, nil
}

// SecurityHeaders sets what every answer carries. The referrer stays within
// the origin: one of the pages has a login token in its URL; "no-referrer"
// would make browsers send "Origin: null" with forms, which looks foreign.
func SecurityHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Content-Security-Policy", apiPolicy)
		next.ServeHTTP(w, r)
	})
}

// SetPageHeaders is for handlers that answer with one of our HTML pages.
func SetPageHeaders(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Content-Security-Policy", pagePolicy)
}
