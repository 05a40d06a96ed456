package sandbox

import (
	"maps"
	"net/http"
	"strconv"
	"time"
)

// windowLength is the stretch over which calls are counted.
const windowLength = 15 * time.Minute

// DefaultLimits returns how many calls each user may make in 15 minutes, by
// method and path. What is not in it has no limit.
func DefaultLimits() map[string]int {
	return map[string]int{
		"POST /2/tweets":                           100,
		"DELETE /2/tweets/{id}":                    50,
		"POST /2/users/{id}/retweets":              50,
		"POST /2/users/{id}/likes":                 50,
		"POST /2/users/{id}/following":             50,
		"GET /2/tweets/{id}":                       900,
		"GET /2/users":                             900,
		"GET /2/users/me":                          900,
		"GET /2/users/{id}":                        900,
		"GET /2/users/by/username/{name}":          900,
		"GET /2/users/{id}/tweets":                 900,
		"GET /2/users/{id}/followers":              300,
		"GET /1.1/account/verify_credentials.json": 75,
	}
}

// limits are the defaults with what is configured over them.
func (cfg Config) limits() map[string]int {
	if cfg.Unlimited {
		return nil
	}
	all := DefaultLimits()
	maps.Copy(all, cfg.Limits)
	return all
}

type windowKey struct{ endpoint, caller string }

// window counts the calls of one caller to one endpoint.
type window struct {
	used  int
	reset time.Time
}

// take counts a call and sets the headers that tell how many are left; the
// refusal is for one too many.
func (s *Sandbox) take(c *call, header http.Header) *answer {
	if c.endpoint.limit <= 0 {
		return nil
	}
	key := windowKey{endpoint: c.endpoint.name(), caller: "app"}
	if c.account != nil {
		key.caller = c.account.ID
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cfg.Now()
	w := s.windows[key]
	if w == nil || !now.Before(w.reset) {
		w = &window{reset: now.Add(windowLength)}
		s.windows[key] = w
	}
	w.used++
	limitHeaders(header, c.endpoint.limit, max(0, c.endpoint.limit-w.used), w.reset)
	if w.used <= c.endpoint.limit {
		return nil
	}
	a := tooMany(c)
	return &a
}

func limitHeaders(h http.Header, limit, remaining int, reset time.Time) {
	h.Set("X-Rate-Limit-Limit", strconv.Itoa(limit))
	h.Set("X-Rate-Limit-Remaining", strconv.Itoa(remaining))
	h.Set("X-Rate-Limit-Reset", strconv.FormatInt(reset.Unix(), 10))
}

// tooMany is the refusal in the shape of the path's version.
func tooMany(c *call) answer {
	if !c.endpoint.v2() {
		return *refuseCode(c, http.StatusTooManyRequests, 88, "Rate limit exceeded")
	}
	return refuse(http.StatusTooManyRequests, "Too Many Requests", "about:blank", "Too Many Requests")
}
