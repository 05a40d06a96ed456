package httpmw

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

// ErrorWriter writes a refusal in the shape of a surface. The status follows
// from err.Code; Retry-After has been set already where err.RetryAfter is.
type ErrorWriter func(w http.ResponseWriter, r *http.Request, err *fandom.Error)

// Refuse sets Retry-After, in whole seconds rounded up, and lets write do the
// rest.
func Refuse(w http.ResponseWriter, r *http.Request, write ErrorWriter, err *fandom.Error) {
	if err.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.FormatInt(ceilSeconds(err.RetryAfter), 10))
	}
	write(w, r, err)
}

// WriteDetail is the ErrorWriter of REST and of whatever has no shape of its
// own: {"detail": "…"}, for internal errors with the request id.
func WriteDetail(w http.ResponseWriter, r *http.Request, err *fandom.Error) {
	body := map[string]string{"detail": err.Message}
	if err.Code == fandom.Internal {
		body["request_id"] = RequestIDFrom(r.Context())
	}
	writeJSON(w, status(err.Code), body)
}

// status is the status of what middleware refuses with; the services' errors
// are mapped by the surfaces.
func status(code fandom.Code) int {
	switch code {
	case fandom.Invalid:
		return http.StatusBadRequest
	case fandom.Unauthenticated:
		return http.StatusUnauthorized
	case fandom.Forbidden:
		return http.StatusForbidden
	case fandom.NotFound:
		return http.StatusNotFound
	case fandom.RateLimited:
		return http.StatusTooManyRequests
	case fandom.Unavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil { // only maps of strings come here
		text = []byte(`{}`)
	}
	h := w.Header()
	h.Del("Content-Length")
	h.Del("Content-Encoding")
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // a caller that has gone away is no fault of ours
}

func ceilSeconds(d time.Duration) int64 {
	return int64((d + time.Second - 1) / time.Second)
}
