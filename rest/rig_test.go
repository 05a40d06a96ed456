package rest_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/graph"
	"madeinlatino.net/madeinlatino/internal/httpmw"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/testrig/dbrig"
	"madeinlatino.net/madeinlatino/internal/testrig/world"
	"madeinlatino.net/madeinlatino/rest"
)

var update = flag.Bool("update", false, "write the golden answers anew")

// rig is the REST API over a system.
type rig struct {
	*testing.T
	*world.World
	handler http.Handler
	golden  bool // answers are recorded once, though tests run on two databases
}

func each(t *testing.T, fn func(r *rig)) {
	t.Helper()
	dbrig.Each(t, func(t *testing.T, s *store.Store) { fn(newRig(t, s, nil)) })
}

func newRig(t *testing.T, s *store.Store, env map[string]string) *rig {
	t.Helper()
	w := world.New(t, s, env)
	resolver := &graph.Resolver{
		Accounts: w.Accounts, Artists: w.Artists, Actions: w.Actions,
		Leaderboard: w.Leaderboard, Once: w.Once, Now: w.Now,
	}
	api := rest.New(rest.Options{
		Resolver: resolver, PublicURL: "https://api.example.com", RequestID: httpmw.RequestIDFrom, Log: w.Log,
	})
	return &rig{T: t, World: w, golden: !s.Postgres(), handler: httpmw.Chain(resolver.WithLoaders(api),
		httpmw.RequestID, httpmw.CleanPaths(httpmw.WriteDetail), httpmw.Authenticate(w.Accounts.Authenticate, w.Log, httpmw.WriteDetail))}
}

// request is one request to the API.
type request struct {
	method, path string
	key          string
	body         string
	header       http.Header
}

func (r *rig) send(q request) *http.Response {
	r.Helper()
	req := httptest.NewRequestWithContext(r.Context(), q.method, q.path, strings.NewReader(q.body))
	for name, values := range q.header {
		req.Header[name] = values
	}
	if q.body != "" && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if q.key != "" {
		req.Header.Set("Authorization", "Token "+q.key)
	}
	recorder := httptest.NewRecorder()
	r.handler.ServeHTTP(recorder, req)
	return recorder.Result()
}

// do sends a request and gives status and body.
func (r *rig) do(q request) (int, string) {
	r.Helper()
	answer := r.send(q)
	body, err := io.ReadAll(answer.Body)
	require.NoError(r, err)
	require.NoError(r, answer.Body.Close())
	return answer.StatusCode, string(body)
}

func (r *rig) get(path, key string) (int, string) {
	r.Helper()
	return r.do(request{method: http.MethodGet, path: path, key: key})
}

// check sends a request and compares the answer with testdata/NAME.golden.
func (r *rig) check(name string, q request) {
	r.Helper()
	answer := r.send(q)
	body, err := io.ReadAll(answer.Body)
	require.NoError(r, err)
	require.NoError(r, answer.Body.Close())
	text := string(body)
	var value any
	if json.Unmarshal(body, &value) == nil {
		require.Equal(r, "application/json", answer.Header.Get("Content-Type"))
		text = indent(body)
	}
	got := fmt.Sprintf("%s %s\n%s\n%d %s\n%s\n", q.method, q.path, q.body, answer.StatusCode, answer.Header.Get("Content-Type"), text)
	path := filepath.Join("testdata", name+".golden")
	if *update && r.golden {
		require.NoError(r, os.MkdirAll("testdata", 0o750))
		require.NoError(r, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path) //nolint:gosec // names stand in the tests
	require.NoError(r, err, "run `go test ./rest -update` to record a new answer, and read it")
	if !*update || r.golden {
		require.Equal(r, string(want), got)
	}
}

// indent formats JSON without touching numbers or the order of fields.
func indent(body []byte) string {
	var b strings.Builder
	var raw json.RawMessage = body
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(raw)
	return strings.TrimSpace(b.String())
}
