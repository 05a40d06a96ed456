package twitter

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// failure is what an answer says about why it failed, reduced to what the
// classes are decided by.
type failure struct {
	status int
	write  bool // the call changes something on Twitter
	codes  []int
	types  []string // problem types; their host varies, their suffix does not
	detail string
}

// classify maps a failure to its class. A server error comes first: whatever
// its body says, a write may have happened. Codes are exact and so go before
// types, and both before the status, which says least.
func classify(f failure) Class {
	if f.status >= http.StatusInternalServerError || f.status == http.StatusRequestTimeout {
		return unreached(f.write)
	}
	for _, code := range f.codes {
		if class := classOfCode(code); class != None {
			return class
		}
	}
	for _, t := range f.types {
		if class := classOfType(t); class != None {
			return class
		}
	}
	return classOfStatus(f)
}

// unreached is the class of a call that was sent and brought no verdict.
func unreached(write bool) Class {
	if write {
		return Uncertain
	}
	return Unavailable
}

// classOfCode maps the codes of v1.1, which v2 still uses in places.
func classOfCode(code int) Class {
	switch code {
	case 135: // timestamp out of bounds: our clock, not the fan's token
		return Unavailable
	case 32, 89:
		return Revoked
	case 63, 64, 326:
		return Suspended
	case 88, 161, 185: // also the daily limits of posts and follows
		return RateLimited
	case 87, 93, 179, 200, 220, 261, 415, 416, 433, 453:
		return NotPermitted
	case 187:
		return Duplicate
	case 139, 160, 327:
		return AlreadyDone
	case 17, 34, 50, 108, 144, 385, 421, 422:
		return NotFound
	case 186:
		return TooLong
	case 158, 162, 226:
		return Rejected
	default:
		return None
	}
}

// classOfType maps the problem types of v2 by their last path segment.
func classOfType(t string) Class {
	switch t[strings.LastIndexByte(t, '/')+1:] {
	case "resource-not-found":
		return NotFound
	case "not-authorized-for-resource", "client-forbidden", "oauth1-permissions":
		return NotPermitted
	case "usage-capped":
		return OutOfCredit
	case "rate-limit-exceeded":
		return RateLimited
	default:
		return None
	}
}

// classOfStatus decides by the status, and for a refusal by its text.
func classOfStatus(f failure) Class {
	switch {
	case f.status < 300: // errors and no data, of a kind that is not known
		if f.write {
			return Uncertain
		}
		return Invalid
	case f.status < 400: // a redirect is not followed: signatures would leak
		return Unavailable
	}
	switch f.status {
	case http.StatusUnauthorized:
		return Revoked
	case http.StatusPaymentRequired:
		return OutOfCredit
	case http.StatusTooManyRequests:
		return RateLimited
	case http.StatusNotFound, http.StatusGone:
		return NotFound
	case http.StatusBadRequest, http.StatusForbidden:
		return classOfText(strings.ToLower(f.detail))
	default:
		return Rejected
	}
}

// classOfText reads the detail of an "about:blank" refusal, the only place
// where v2 tells several of them apart. Duplicate comes first: its text also
// says "not allowed".
func classOfText(text string) Class {
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(text, w) {
				return true
			}
		}
		return false
	}
	switch {
	case has("duplicate"):
		return Duplicate
	case has("already") && has("retweet", "repost", "like", "favorite", "follow", "requested"):
		return AlreadyDone
	case has("your account is suspended", "account is temporarily locked", "account has been locked"):
		return Suspended
	case has("too long", "longer than", "exceeds the maximum length"):
		return TooLong
	case has("deleted or not visible", "does not exist", "no longer available", "could not find"):
		return NotFound
	case has("not permitted", "not allowed", "permission", "access level", "access to a subset", "not authorized", "enrolled"):
		return NotPermitted
	default:
		return Rejected
	}
}

// retryAt reads when Twitter will listen again: the latest of Retry-After, the
// window's reset and the reset of a used-up daily limit.
func retryAt(h http.Header, now time.Time) time.Time {
	var at time.Time
	later := func(t time.Time) {
		if t.After(at) {
			at = t
		}
	}
	if v := h.Get("Retry-After"); v != "" {
		if seconds, err := strconv.ParseInt(v, 10, 32); err == nil && seconds >= 0 {
			later(now.Add(time.Duration(seconds) * time.Second))
		} else if t, err := http.ParseTime(v); err == nil {
			later(t)
		}
	}
	if t, ok := unixHeader(h, "X-Rate-Limit-Reset"); ok {
		later(t)
	}
	for _, limit := range []string{"X-User-Limit-24hour-", "X-App-Limit-24hour-"} {
		if t, ok := unixHeader(h, limit+"Reset"); ok && h.Get(limit+"Remaining") == "0" {
			later(t)
		}
	}
	return at
}

// unixHeader reads a header that holds unix seconds.
func unixHeader(h http.Header, name string) (time.Time, bool) {
	seconds, err := strconv.ParseInt(h.Get(name), 10, 64)
	if err != nil || seconds <= 0 || seconds > 1<<40 {
		return time.Time{}, false
	}
	return time.Unix(seconds, 0).UTC(), true
}
