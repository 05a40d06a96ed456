package graph_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/graph"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/httpmw"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/testrig/dbrig"
	"madeinlatino.net/madeinlatino/internal/testrig/world"
)

// rig is the GraphQL API over a system; requests go through the real handler.
type rig struct {
	*testing.T
	*world.World
	resolver *graph.Resolver
	handler  http.Handler
}

func each(t *testing.T, fn func(r *rig)) {
	t.Helper()
	dbrig.Each(t, func(t *testing.T, s *store.Store) { fn(newRig(t, s)) })
}

func newRig(t *testing.T, s *store.Store) *rig {
	t.Helper()
	w := world.New(t, s, nil)
	resolver := &graph.Resolver{
		Accounts: w.Accounts, Artists: w.Artists, Actions: w.Actions,
		Leaderboard: w.Leaderboard, Once: w.Once, Now: w.Now,
	}
	handler := graph.NewHandler(resolver, graph.HandlerOptions{Introspection: true, RequestID: httpmw.RequestIDFrom, Log: w.Log})
	return &rig{T: t, World: w, resolver: resolver, handler: httpmw.Chain(handler, httpmw.RequestID)}
}

// nobody, as and admin are who may act.
var nobody = fandom.Actor{}

var admin = fandom.Actor{AdminID: 1}

func as(fan world.Fan) fandom.Actor { return fandom.ActorFrom(fan.Ctx) }

// answer is what GraphQL answered.
type answer struct {
	Data   map[string]any
	Errors []struct {
		Message    string
		Path       []any
		Extensions map[string]any
	}
}

// ask sends an operation.
func (r *rig) ask(actor fandom.Actor, query string, variables map[string]any) answer {
	r.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	require.NoError(r, err)
	req := httptest.NewRequestWithContext(fandom.WithActor(r.Context(), actor), http.MethodPost, "/graphql", bytes.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	recorder := httptest.NewRecorder()
	r.handler.ServeHTTP(recorder, req)
	raw, err := io.ReadAll(recorder.Body)
	require.NoError(r, err)
	var a answer
	require.NoError(r, json.Unmarshal(raw, &a), string(raw))
	return a
}

// data is ask for what must not fail.
func (r *rig) data(actor fandom.Actor, query string, variables map[string]any) map[string]any {
	r.Helper()
	a := r.ask(actor, query, variables)
	require.Empty(r, a.Errors)
	return a.Data
}

// code is ask for what must fail: the code of the only error.
func (r *rig) code(actor fandom.Actor, query string, variables map[string]any) string {
	r.Helper()
	a := r.ask(actor, query, variables)
	require.Len(r, a.Errors, 1)
	code, _ := a.Errors[0].Extensions["code"].(string)
	return code
}

// at walks into an answer by keys and indices.
func at(value any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := value.(map[string]any)
			value = m[step]
		case int:
			l, _ := value.([]any)
			if step >= len(l) {
				return nil
			}
			value = l[step]
		}
	}
	return value
}
