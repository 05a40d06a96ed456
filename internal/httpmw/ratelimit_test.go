package httpmw_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/httpmw"
	"madeinlatino.net/madeinlatino/internal/testrig"
)

func TestRateLimitPerUserElseAddress(t *testing.T) {
	t.Parallel()
	clock := testrig.NewClock()
	mw := httpmw.RateLimit(httpmw.NewLimiter(60, time.Second, clock.Now),
		httpmw.Exempt(httpmw.ByActor, "/action/webhook/"), httpmw.WriteDetail)
	count := func(path, peer string, actor fandom.Actor, n int) (allowed int) {
		for range n {
			r := get(path)
			r.RemoteAddr = peer
			if answer(r.WithContext(fandom.WithActor(r.Context(), actor)), ok, httpmw.ClientAddr(nil), mw).Code == http.StatusOK {
				allowed++
			}
		}
		return allowed
	}
	nobody := fandom.Actor{}
	assert.Equal(t, 60, count("/", "198.51.100.1:1", nobody, 100))
	assert.Equal(t, 60, count("/", "198.51.100.2:1", nobody, 100), "another address")
	assert.Equal(t, 60, count("/", "198.51.100.1:1", fandom.Actor{UserID: 1}, 100), "a user behind the same address")
	assert.Equal(t, 0, count("/", "198.51.100.9:1", fandom.Actor{UserID: 1}, 5), "the same user from elsewhere")
	assert.Equal(t, 60, count("/", "198.51.100.1:1", fandom.Actor{AdminID: 1}, 100))
	assert.Equal(t, 60, count("/", "[2001:db8:1:2::1]:1", nobody, 100))
	assert.Equal(t, 0, count("/", "[2001:db8:1:2:ffff::2]:1", nobody, 5), "the same /64")
	assert.Equal(t, 60, count("/", "[2001:db8:1:3::1]:1", nobody, 100), "the next /64")
	assert.Equal(t, 200, count("/action/webhook", "198.51.100.1:1", nobody, 200), "exempt")

	clock.Advance(500 * time.Millisecond)
	assert.Equal(t, 30, count("/", "198.51.100.1:1", nobody, 100), "half a second gives half")
	clock.Advance(time.Hour)
	assert.Equal(t, 60, count("/", "198.51.100.1:1", nobody, 100), "never more than a burst")
}

func TestRateLimitHeaders(t *testing.T) {
	t.Parallel()
	clock := testrig.NewClock()
	mw := httpmw.RateLimit(httpmw.NewLimiter(20, time.Minute, clock.Now), httpmw.ByAddress, httpmw.WriteDetail)
	first := answer(get("/"), ok, mw).Header()
	assert.Equal(t, "20", first.Get("RateLimit-Limit"))
	assert.Equal(t, "19", first.Get("RateLimit-Remaining"))
	assert.Equal(t, "3", first.Get("RateLimit-Reset"))
	assert.Empty(t, first.Get("Retry-After"))
	for range 19 {
		assert.Equal(t, http.StatusOK, answer(get("/"), ok, mw).Code)
	}
	w := answer(get("/"), ok, mw)
	assert.Equal(t, http.StatusTooManyRequests, w.Code)
	assert.Equal(t, "0", w.Header().Get("RateLimit-Remaining"))
	assert.Equal(t, "60", w.Header().Get("RateLimit-Reset"))
	assert.Equal(t, "3", w.Header().Get("Retry-After"))
	assert.JSONEq(t, `{"detail": "Too many requests. Try again in 3 s."}`, w.Body.String())

	clock.Advance(3 * time.Second)
	assert.Equal(t, http.StatusOK, answer(get("/"), ok, mw).Code, "Retry-After was no lie")
}

func TestRateLimitOff(t *testing.T) {
	t.Parallel()
	w := answer(get("/"), ok, httpmw.RateLimit(nil, httpmw.ByAddress, httpmw.WriteDetail))
	assert.Equal(t, http.StatusOK, w.Code)
	assert.Empty(t, w.Header().Get("RateLimit-Limit"))
	assert.True(t, (*httpmw.Limiter)(nil).Allow("x").Allowed)
}

func TestLimiterForgetsOnlyWhoIsIdle(t *testing.T) {
	t.Parallel()
	clock := testrig.NewClock()
	l := httpmw.NewLimiter(2, time.Second, clock.Now)
	for i := range 100 { // through many rotations, one key is always busy
		clock.Advance(100 * time.Millisecond)
		l.Allow("busy")
		l.Allow("idle" + strconv.Itoa(i))
		assert.LessOrEqual(t, l.Keys(), 25)
	}
	assert.False(t, l.Allow("busy").Allowed && l.Allow("busy").Allowed, "it had no chance to fill up")
	clock.Advance(time.Minute)
	l.Allow("x")
	clock.Advance(time.Minute)
	l.Allow("x")
	assert.Equal(t, 1, l.Keys())
}

func TestLimiterMemoryIsBounded(t *testing.T) {
	t.Parallel()
	clock := testrig.NewClock()
	l := httpmw.NewLimiter(20, time.Minute, clock.Now)
	for i := range 200_000 {
		l.Allow(strconv.Itoa(i))
	}
	assert.LessOrEqual(t, l.Keys(), 1<<17)
}
