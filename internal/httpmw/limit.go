package httpmw

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxKeys bounds each of a limiter's two generations: about 100 bytes a key,
// so some 13 MB in the worst case.
const maxKeys = 1 << 16

// Limiter counts by key, each with a token bucket of its own. A nil Limiter
// allows everything. It needs no goroutine: keys are held in two generations,
// and each time that buckets had the time to fill up the older one is dropped,
// which forgets only those that were full again.
type Limiter struct {
	rate  rate.Limit
	burst int
	now   func() time.Time

	mu      sync.Mutex
	young   map[string]*rate.Limiter
	old     map[string]*rate.Limiter
	rotated time.Time
}

// NewLimiter allows n requests per interval and key, all of them at once if
// they come so.
func NewLimiter(n int, interval time.Duration, now func() time.Time) *Limiter {
	return &Limiter{
		rate: rate.Limit(float64(n) / interval.Seconds()), burst: n, now: now,
		young: map[string]*rate.Limiter{}, rotated: now(),
	}
}

// Verdict is what a limiter says about one request.
type Verdict struct {
	Allowed    bool
	Limit      int           // requests in a burst; 0: nothing is limited
	Remaining  int           // requests that would be allowed right now
	Reset      time.Duration // until all of them would be
	RetryAfter time.Duration // until the next one would be, where this was not
}

// Allow counts one request of the key.
func (l *Limiter) Allow(key string) Verdict {
	if l == nil {
		return Verdict{Allowed: true}
	}
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket := l.bucket(key, now)
	v := Verdict{Allowed: bucket.AllowN(now, 1), Limit: l.burst}
	tokens := bucket.TokensAt(now)
	v.Remaining = max(0, int(tokens))
	v.Reset = l.refill(float64(l.burst) - tokens)
	if !v.Allowed {
		v.RetryAfter = l.refill(1 - tokens)
	}
	return v
}

func (l *Limiter) bucket(key string, now time.Time) *rate.Limiter {
	// Rotating early, when too many keys call at once, gives some of them a
	// full bucket too soon; memory matters more.
	if now.Sub(l.rotated) >= l.refill(float64(l.burst)) || len(l.young) >= maxKeys {
		l.old, l.young, l.rotated = l.young, make(map[string]*rate.Limiter), now
	}
	if bucket := l.young[key]; bucket != nil {
		return bucket
	}
	bucket := l.old[key]
	if bucket == nil {
		bucket = rate.NewLimiter(l.rate, l.burst)
	}
	l.young[key] = bucket
	return bucket
}

// Keys is how many keys are remembered.
func (l *Limiter) Keys() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.young)
	for key := range l.old {
		if l.young[key] == nil {
			n++
		}
	}
	return n
}

// refill is how long it takes until so many tokens have come in.
func (l *Limiter) refill(tokens float64) time.Duration {
	return time.Duration(tokens / float64(l.rate) * float64(time.Second))
}
