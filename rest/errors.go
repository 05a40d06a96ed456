package rest

import (
	"math"
	"net/http"
	"strconv"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

// statuses is the one table from the domain's error codes to HTTP.
var statuses = map[fandom.Code]int{
	fandom.Invalid:         http.StatusBadRequest,
	fandom.Unauthenticated: http.StatusUnauthorized,
	fandom.Forbidden:       http.StatusForbidden,
	fandom.NotFound:        http.StatusNotFound,
	fandom.Gone:            http.StatusGone,
	fandom.Conflict:        http.StatusConflict,
	fandom.RateLimited:     http.StatusTooManyRequests,
	fandom.Unavailable:     http.StatusServiceUnavailable,
	fandom.Internal:        http.StatusInternalServerError,
}

// WriteError answers an error in the legacy shape: {"detail": …}, or a list
// of messages for each wrong field.
func WriteError(w http.ResponseWriter, e *fandom.Error, requestID string) {
	status := statuses[e.Code]
	switch e.Code {
	case fandom.Unauthenticated:
		w.Header().Set("WWW-Authenticate", "Token")
	case fandom.RateLimited, fandom.Unavailable:
		seconds := max(1, int(math.Ceil(e.RetryAfter.Seconds())))
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
	case fandom.Internal:
		writeJSON(w, status, map[string]string{"detail": e.Message, "request_id": requestID})
		return
	}
	if len(e.Fields) == 0 {
		writeDetail(w, status, e.Message)
		return
	}
	fields := map[string][]string{}
	for _, f := range e.Fields {
		fields[f.Field] = append(fields[f.Field], f.Message)
	}
	writeJSON(w, status, fields)
}

func writeDetail(w http.ResponseWriter, status int, detail string) {
	writeJSON(w, status, map[string]string{"detail": detail})
}

// renamed gives an error's fields the names that the legacy request has.
func renamed(err error, names map[string]string) error {
	e := fandom.AsError(err)
	if e == nil || len(e.Fields) == 0 {
		return err
	}
	fields := make([]fandom.FieldError, len(e.Fields))
	for i, f := range e.Fields {
		if legacy, ok := names[f.Field]; ok {
			f.Field = legacy
		}
		fields[i] = f
	}
	return fandom.InvalidFields(fields...)
}
