package httpmw

import (
	"net/http"
	"path"
	"strings"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

// When applies a middleware only to the requests that match.
func When(match func(*http.Request) bool, m Middleware) Middleware {
	return func(next http.Handler) http.Handler {
		wrapped := m(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if match(r) {
				wrapped.ServeHTTP(w, r)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// CleanPaths answers 404 to paths with empty or dotted segments. ServeMux
// would redirect them, which makes a POST a GET and answers in HTML.
func CleanPaths(write ErrorWriter) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			clean := path.Clean(r.URL.Path)
			if strings.HasSuffix(r.URL.Path, "/") && clean != "/" {
				clean += "/"
			}
			if r.URL.Path != clean && r.Method != http.MethodConnect {
				Refuse(w, r, write, fandom.Errorf(fandom.NotFound, "There is nothing at this path."))
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// ReadOnly serves reads alone: other methods are answered with 405, OPTIONS
// with what there is.
func ReadOnly(next http.HandlerFunc) http.Handler {
	const allow = "GET, HEAD, OPTIONS"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet, http.MethodHead:
			next(w, r)
		case http.MethodOptions:
			w.Header().Set("Allow", allow)
			w.WriteHeader(http.StatusNoContent)
		default:
			w.Header().Set("Allow", allow)
			writeJSON(w, http.StatusMethodNotAllowed, map[string]string{"detail": "This path does not take " + r.Method + "."})
		}
	})
}
