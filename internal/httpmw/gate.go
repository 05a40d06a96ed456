package httpmw

import (
	"net/http"
	"sync"
	"time"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

// Gate stands before a handler that is not there yet: until Open, and again
// from Drain on, it refuses with 503.
type Gate struct {
	Refuse ErrorWriter // in whose shape it refuses

	mu      sync.Mutex
	handler http.Handler
	inside  int           // requests let through that have not ended
	idle    chan struct{} // made by Drain, closed when nobody is inside
}

// Open lets requests through to h.
func (g *Gate) Open(h http.Handler) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.handler = h
}

// Drain refuses what comes from now on. Its channel is closed when the
// requests inside have ended. It is called once.
func (g *Gate) Drain() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.idle = make(chan struct{})
	if g.inside == 0 {
		close(g.idle)
	}
	return g.idle
}

// Ready reports whether requests are let through.
func (g *Gate) Ready() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.handler != nil && g.idle == nil
}

func (g *Gate) enter() (http.Handler, *fandom.Error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.idle != nil:
		return nil, fandom.Errorf(fandom.Unavailable, "The server is shutting down. Try again soon.").After(2 * time.Second)
	case g.handler == nil:
		return nil, fandom.Errorf(fandom.Unavailable, "The server is starting. Try again soon.").After(2 * time.Second)
	}
	g.inside++
	return g.handler, nil
}

func (g *Gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	if g.inside == 0 && g.idle != nil {
		close(g.idle)
	}
}

// ServeHTTP implements http.Handler.
func (g *Gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	handler, refusal := g.enter()
	if refusal != nil {
		Refuse(w, r, g.Refuse, refusal)
		return
	}
	defer g.leave()
	handler.ServeHTTP(w, r)
}
