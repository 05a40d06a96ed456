package httpmw

import (
	"context"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

// RateLimit refuses with 429 what comes too often under one key, and tells
// every caller the state of things in RateLimit-Limit, -Remaining and -Reset
// (seconds). What key gives "" for is not limited; neither is anything with a
// nil limiter. Where several limits apply the innermost one's headers stand.
func RateLimit(limiter *Limiter, key func(*http.Request) string, write ErrorWriter) Middleware {
	return func(next http.Handler) http.Handler {
		if limiter == nil {
			return next
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			k := key(r)
			if k == "" {
				next.ServeHTTP(w, r)
				return
			}
			v := limiter.Allow(k)
			v.SetHeaders(w.Header())
			if !v.Allowed {
				Refuse(w, r, write, v.Error())
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// SetHeaders tells the caller the state of things.
func (v Verdict) SetHeaders(h http.Header) {
	if v.Limit == 0 {
		return
	}
	h.Set("RateLimit-Limit", strconv.Itoa(v.Limit))
	h.Set("RateLimit-Remaining", strconv.Itoa(v.Remaining))
	h.Set("RateLimit-Reset", strconv.FormatInt(ceilSeconds(v.Reset), 10))
}

// Error is what to refuse with: RateLimited, nil where the verdict allows.
func (v Verdict) Error() *fandom.Error {
	if v.Allowed {
		return nil
	}
	return fandom.Errorf(fandom.RateLimited, "Too many requests. Try again in %d s.", ceilSeconds(v.RetryAfter)).
		After(v.RetryAfter)
}

// ByActor is the key of general limits: the user, else the admin, else the
// address.
func ByActor(r *http.Request) string {
	switch actor := fandom.ActorFrom(r.Context()); {
	case actor.UserID != 0:
		return "user:" + strconv.Itoa(actor.UserID)
	case actor.AdminID != 0:
		return "admin:" + strconv.Itoa(actor.AdminID)
	default:
		return ByAddress(r)
	}
}

// ByAddress is the key of limits on logging in.
func ByAddress(r *http.Request) string { return AddressKey(r.Context()) }

// AddressKey is the client's address as a key: an IPv6 address counts with
// its whole /64, which one household or server commands.
func AddressKey(ctx context.Context) string {
	addr := ClientFrom(ctx).Addr
	if !addr.Is6() {
		return "addr:" + addr.String()
	}
	network, err := addr.Prefix(64)
	if err != nil { // impossible: an IPv6 address has 64 bits
		network = netip.PrefixFrom(addr, 128)
	}
	return "addr:" + network.Masked().String()
}

// Exempt leaves the paths out, each with and without a trailing slash: for
// them it gives the key "".
func Exempt(key func(*http.Request) string, paths ...string) func(*http.Request) string {
	is := OnPaths(paths...)
	return func(r *http.Request) string {
		if is(r) {
			return ""
		}
		return key(r)
	}
}

// OnPaths recognises requests of the paths, each with and without a trailing
// slash.
func OnPaths(paths ...string) func(*http.Request) bool {
	set := make(map[string]bool, len(paths))
	for _, p := range paths {
		set[strings.TrimRight(p, "/")] = true
	}
	return func(r *http.Request) bool { return set[strings.TrimRight(r.URL.Path, "/")] }
}
