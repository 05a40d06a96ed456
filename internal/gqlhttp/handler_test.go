package gqlhttp

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

func TestRefusedBeforeExecution(t *testing.T) {
	const secret = "hunter2"
	ok := typeName + "}"
	tests := []struct {
		name    string
		body    string
		headers []string
		status  int
		message string
	}{
		{"form body", "query=%7B__typename%7D", []string{"Content-Type: application/x-www-form-urlencoded"}, 415, "application/json"},
		{"graphql body", "{ __typename }", []string{"Content-Type: application/graphql"}, 415, "application/json"},
		{"malformed content type", ok, []string{"Content-Type: application/json; charset"}, 415, "application/json"},
		{"compressed", ok, []string{"Content-Encoding: gzip"}, 415, "compressed"},
		{"other charset", ok, []string{"Content-Type: application/json; charset=iso-8859-1"}, 400, "utf-8"},
		{"not acceptable", ok, []string{"Accept: text/html"}, 406, "Accept"},
		{"unsupported media type before not acceptable", ok, []string{"Accept: text/html", "Content-Type: text/plain"}, 415, "application/json"},
		{"invalid UTF-8", "{\"query\":\"{ \xff }\"}", nil, 400, "UTF-8"},
		{"malformed, place", "{\n  \"query\": " + secret, nil, 400, "line 2, column 12"},
		{"trailing data", ok + " " + secret, nil, 400, "not valid JSON: line 1"},
		{"two objects", ok + ok, nil, 400, "not valid JSON"},
		{"batch", "[" + ok + "," + ok + "]", nil, 400, "batch"},
		{"empty batch", " []", nil, 400, "batch"},
		{"null", "null", nil, 400, "object"},
		{"string", `"` + secret + `"`, nil, 400, "object"},
		{"white space", " \n", nil, 400, "empty"},
		{"empty query", `{"query":""}`, nil, 400, "query is missing"},
		{"null query", `{"query":null}`, nil, 400, "query is missing"},
		{"name in other case", `{"Query":"{ __typename }"}`, nil, 400, "query is missing"},
		{"nested too deep for JSON", strings.Repeat(`{"a":`, 20_000), nil, 400, "not valid JSON"},
	}
	h := newHandler(t, nil)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := post(t, h, test.body, test.headers...)
			assert.Equal(t, test.status, a.status, a.text)
			assert.Contains(t, a.message(), test.message)
			assert.Equal(t, CodeBadUserInput, a.code())
			assert.NotContains(t, a.members, "data")
			assert.NotContains(t, a.text, secret)
			assert.Equal(t, "no-store", a.header.Get("Cache-Control"))
			assert.Contains(t, a.header.Get("Content-Type"), "application/json")
		})
	}
}

func TestBodyLimit(t *testing.T) {
	body := typeName + "}"
	h := newHandler(t, func(cfg *Config) { cfg.Limits.BodyBytes = int64(len(body)) })
	assert.Equal(t, http.StatusOK, post(t, h, body).status)
	assert.Equal(t, http.StatusRequestEntityTooLarge, post(t, h, body+" ").status)

	// Of a body sent in chunks the size is not known beforehand.
	r := httptest.NewRequest(http.MethodPost, "/", struct{ *strings.Reader }{strings.NewReader(body + " ")})
	r.Header.Set("Content-Type", "application/json")
	require.EqualValues(t, -1, r.ContentLength)
	assert.Equal(t, http.StatusRequestEntityTooLarge, send(t, h, r).status)
}

func TestMethods(t *testing.T) {
	h := newHandler(t, nil)
	for _, method := range []string{http.MethodPut, http.MethodPatch, http.MethodDelete, "PURGE"} {
		a := send(t, h, httptest.NewRequest(method, "/graphql?query=%7B__typename%7D", nil))
		assert.Equal(t, http.StatusMethodNotAllowed, a.status)
		assert.Equal(t, "GET, HEAD, OPTIONS, POST", a.header.Get("Allow"))
		assert.Equal(t, CodeBadUserInput, a.code())
	}
	options := send(t, h, httptest.NewRequest(http.MethodOptions, "/graphql", nil))
	assert.Equal(t, http.StatusNoContent, options.status)
	assert.Equal(t, "GET, HEAD, OPTIONS, POST", options.header.Get("Allow"))

	server := httptest.NewServer(h)
	defer server.Close()
	head, err := server.Client().Head(server.URL + "/?query=%7B__typename%7D")
	require.NoError(t, err)
	require.NoError(t, head.Body.Close())
	assert.Equal(t, http.StatusOK, head.StatusCode)
	assert.Positive(t, head.ContentLength)
}

func TestGet(t *testing.T) {
	h := newHandler(t, nil)
	tests := []struct {
		name   string
		params []string
		status int
	}{
		{"query", []string{"query", "{ __typename }"}, 200},
		{"all parameters", []string{"query", "query A($i: Int) { echo(int: $i) } query B { __typename }", "operationName", "A", "variables", `{"i":1}`, "extensions", "{}"}, 200},
		{"null variables", []string{"query", "{ __typename }", "variables", "null"}, 200},
		{"empty variables", []string{"query", "{ __typename }", "variables", ""}, 200},
		{"nothing", nil, 400},
		{"two queries", []string{"query", "{ __typename }", "query", "{ viewer { id } }"}, 400},
		{"variables not an object", []string{"query", "{ __typename }", "variables", "[1]"}, 400},
		{"variables not JSON", []string{"query", "{ __typename }", "variables", "{"}, 400},
		{"trailing data", []string{"query", "{ __typename }", "variables", "{} {}"}, 400},
		{"invalid UTF-8", []string{"query", "{ \xff }"}, 400},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := get(t, h, test.params)
			assert.Equal(t, test.status, a.status, a.text)
			assert.Equal(t, test.status != 200, len(a.Errors) > 0, a.text)
		})
	}
	malformed := send(t, h, httptest.NewRequest(http.MethodGet, "/graphql?query=%zz", nil))
	assert.Equal(t, http.StatusBadRequest, malformed.status)
}

func TestMutationByGetIsRefused(t *testing.T) {
	es := newTestSchema(t)
	h := New(es, Config{Limits: limitsFor(nil)})
	for _, params := range [][]string{
		{"query", "mutation { touch }"},
		{"query", "query A { __typename } mutation B { touch }", "operationName", "B"},
	} {
		a := get(t, h, params)
		assert.Equal(t, http.StatusMethodNotAllowed, a.status)
		assert.Equal(t, "POST", a.header.Get("Allow"))
		assert.Equal(t, CodeBadUserInput, a.code())
		assert.NotContains(t, a.members, "data")
	}
	assert.Zero(t, *es.touched)
	assert.JSONEq(t, `{"touch":1}`, string(query(t, h, "mutation { touch }", "").members["data"]))
	assert.Equal(t, 1, *es.touched)
}

func TestSubscriptionIsRefused(t *testing.T) {
	es := newTestSchema(t)
	h := New(es, Config{Limits: limitsFor(nil)})
	for _, a := range []answer{
		query(t, h, "subscription { touched }", ""),
		get(t, h, []string{"query", "subscription { touched }"}),
	} {
		assert.Equal(t, http.StatusBadRequest, a.status)
		assert.Contains(t, a.message(), "subscription")
		assert.NotContains(t, a.members, "data")
	}
	assert.Zero(t, *es.touched)
}

func TestDeferIsServedWhole(t *testing.T) {
	h := newHandler(t, nil)
	const document = `{ viewer { id ... @defer(label: "l") { name } ...F @defer friend { ... @defer { id } } } } fragment F on User { best { id } }`
	for range 2 { // the second time from the cache
		a := query(t, h, document, "")
		assert.Empty(t, a.Errors)
		assert.NotContains(t, a.text, "deferred")
		assert.NotContains(t, a.members, "hasNext")
		assert.JSONEq(t, `{"viewer":{"id":"id","name":"name","best":{"id":"id"},"friend":{"id":"id"}}}`, string(a.members["data"]))
	}
}

func TestOperationName(t *testing.T) {
	h := newHandler(t, nil)
	const two = `"query":"query A { viewer { id } } query B { viewer { name } }"`
	chosen := post(t, h, `{`+two+`,"operationName":"B"}`)
	assert.JSONEq(t, `{"viewer":{"name":"name"}}`, string(chosen.members["data"]))
	assert.Contains(t, post(t, h, `{`+two+`}`).message(), "operationName is missing")
	assert.Contains(t, post(t, h, `{`+two+`,"operationName":""}`).message(), "operationName is missing")
	assert.Contains(t, post(t, h, `{`+two+`,"operationName":"C"}`).message(), "no operation of the name")
	assert.Contains(t, post(t, h, typeName+`,"operationName":"C"}`).message(), "no operation of the name")
}

func TestErrorsOfResolversAreHidden(t *testing.T) {
	hidden := newHandler(t, func(cfg *Config) { cfg.Recover = func(context.Context, any) error { return errors.New("boom") } })
	for _, document := range []string{"{ fails __typename }", "{ panics __typename }"} {
		for _, accept := range []string{acceptJSON, acceptGraphQL} {
			a := query(t, hidden, document, "", accept)
			assert.Equal(t, http.StatusOK, a.status, "partial data is a success")
			assert.Equal(t, CodeInternal, a.code())
			assert.NotContains(t, a.text, "hunter2")
			assert.NotContains(t, a.text, "boom")
			assert.Contains(t, string(a.members["data"]), `"__typename":"Query"`)
			assert.Len(t, a.Errors[0].Path, 1)
		}
	}
	presented := newHandler(t, func(cfg *Config) {
		cfg.ErrorPresenter = func(_ context.Context, err error) *gqlerror.Error {
			require.ErrorIs(t, err, errSecret, "the presenter sees errors of resolvers only")
			return &gqlerror.Error{Message: "no such thing", Extensions: map[string]any{"code": "NOT_FOUND"}}
		}
	})
	assert.Equal(t, "NOT_FOUND", query(t, presented, "{ fails }", "").code())
	assert.Equal(t, CodeBadUserInput, query(t, presented, "{ nothing }", "").code())
}

func TestPanicOutsideResolvers(t *testing.T) {
	es := newTestSchema(t)
	es.price = func(string, string, int) (int, bool) { panic("hunter2") }
	h := New(es, Config{Limits: limitsFor(nil), Recover: func(context.Context, any) error { return errors.New("boom") }})
	a := query(t, h, "{ viewer { id } }", "")
	assert.Equal(t, http.StatusInternalServerError, a.status)
	assert.Equal(t, CodeInternal, a.code())
	assert.NotContains(t, a.text, "hunter2")
	assert.NotContains(t, a.members, "data")
}

func TestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(newTestSchema(t), Config{Limits: DefaultLimits()})
		start := time.Now()
		a := query(t, h, "{ __typename slow }", "")
		assert.Equal(t, 10*time.Second, time.Since(start))
		assert.Equal(t, CodeUpstreamUnavailable, a.code())
		assert.Equal(t, []any{"slow"}, a.Errors[0].Path)
		assert.NotContains(t, a.text, "pq:")
		assert.JSONEq(t, `{"__typename":"Query","slow":null}`, string(a.members["data"]))
	})
}

func TestTimeoutBeforeExecution(t *testing.T) {
	h := newHandler(t, func(cfg *Config) { cfg.Limits.Timeout = -1 })
	a := query(t, h, "{ __typename }", "")
	assert.Equal(t, http.StatusServiceUnavailable, a.status)
	assert.Equal(t, CodeUpstreamUnavailable, a.code())
	assert.NotContains(t, a.members, "data")
}

func TestClientThatWentAway(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/?query=%7B__typename%7D", nil)
	assert.Equal(t, statusClientGone, send(t, newHandler(t, nil), r).status)
}

// limiter refuses operations the way a rate limit would.
type limiter struct{ cost Cost }

func (*limiter) ExtensionName() string                   { return "limiter" }
func (*limiter) Validate(graphql.ExecutableSchema) error { return nil }

func (l *limiter) MutateOperationContext(_ context.Context, opCtx *graphql.OperationContext) *gqlerror.Error {
	l.cost, _ = CostOf(opCtx)
	return &gqlerror.Error{Message: "slow down", Extensions: map[string]any{"code": "RATE_LIMITED"}}
}

func TestExtensionsSeeTheCostAndMayRefuse(t *testing.T) {
	l := &limiter{}
	h := newHandler(t, func(cfg *Config) {
		cfg.Extensions = []graphql.HandlerExtension{l}
		cfg.ErrorPresenter = graphql.DefaultErrorPresenter
	})
	a := query(t, h, "{ viewer { id } }", "", acceptGraphQL)
	assert.Equal(t, http.StatusTooManyRequests, a.status)
	assert.Equal(t, "RATE_LIMITED", a.code())
	assert.NotContains(t, a.members, "data")
	assert.Equal(t, 2, l.cost.Complexity)
	assert.Equal(t, http.StatusOK, query(t, h, "{ viewer { id } }", "", acceptJSON).status)
}

type rewriter struct{ limiter }

func (*rewriter) MutateOperationParameters(context.Context, *graphql.RawParams) *gqlerror.Error {
	return nil
}

func TestExtensionsMustNotChangeTheDocument(t *testing.T) {
	assert.Panics(t, func() {
		newHandler(t, func(cfg *Config) { cfg.Extensions = []graphql.HandlerExtension{&rewriter{}} })
	})
}
