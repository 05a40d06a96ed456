package httpmw

import (
	"net/http"
	"sync/atomic"
	"time"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

// Gate stands before a handler that is not there yet: until Open, and again
// from Drain on, it refuses with 503.
type Gate struct {
	handler  atomic.Pointer[http.Handler]
	draining atomic.Bool
}

// Open lets requests through to h.
func (g *Gate) Open(h http.Handler) { g.handler.Store(&h) }

// Drain refuses what comes from now on; requests inside finish.
func (g *Gate) Drain() { g.draining.Store(true) }

// Ready reports whether requests are let through.
func (g *Gate) Ready() bool { return g.handler.Load() != nil && !g.draining.Load() }

// ServeHTTP implements http.Handler.
func (g *Gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !g.Ready() {
		text := "The server is starting. Try again soon."
		if g.draining.Load() {
			text = "The server is shutting down. Try again soon."
		}
		Refuse(w, r, WriteDetail, fandom.Errorf(fandom.Unavailable, "%s", text).After(2*time.Second))
		return
	}
	(*g.handler.Load()).ServeHTTP(w, r)
}
