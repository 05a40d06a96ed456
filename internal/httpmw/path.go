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
