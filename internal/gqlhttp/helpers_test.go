package gqlhttp

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// answer is a response, decoded.
type answer struct {
	status int
	header http.Header
	text   string
	// members tells a member that is null from one that is left out.
	members map[string]json.RawMessage
	Errors  []struct {
		Message    string
		Path       []any
		Locations  []map[string]int
		Extensions map[string]any
	}
}

func (a answer) code() any {
	if len(a.Errors) == 0 {
		return nil
	}
	return a.Errors[0].Extensions["code"]
}

func (a answer) message() string {
	if len(a.Errors) == 0 {
		return ""
	}
	return a.Errors[0].Message
}

func send(t testing.TB, h http.Handler, r *http.Request) answer {
	t.Helper()
	recorder := httptest.NewRecorder()
	h.ServeHTTP(recorder, r)
	a := answer{status: recorder.Code, header: recorder.Header(), text: recorder.Body.String()}
	if a.text != "" {
		require.NoError(t, json.Unmarshal(recorder.Body.Bytes(), &a.members), a.text)
		require.NoError(t, json.Unmarshal(recorder.Body.Bytes(), &a), a.text)
	}
	return a
}

// post sends a body. Headers are "Name: value"; without one for the content type
// it is application/json.
func post(t testing.TB, h http.Handler, body string, headers ...string) answer {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	setHeaders(r, headers)
	return send(t, h, r)
}

// query posts a document, with variables where they are not "".
func query(t testing.TB, h http.Handler, document, variables string, headers ...string) answer {
	t.Helper()
	encoded, err := json.Marshal(document)
	require.NoError(t, err)
	if variables == "" {
		variables = "null"
	}
	return post(t, h, `{"query":`+string(encoded)+`,"variables":`+variables+`}`, headers...)
}

// get sends parameters, given as name and value in turn.
func get(t testing.TB, h http.Handler, params []string, headers ...string) answer {
	t.Helper()
	values := url.Values{}
	for i := 0; i < len(params); i += 2 {
		values.Add(params[i], params[i+1])
	}
	r := httptest.NewRequest(http.MethodGet, "/graphql?"+values.Encode(), nil)
	setHeaders(r, headers)
	return send(t, h, r)
}

func setHeaders(r *http.Request, headers []string) {
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		if value == "-" {
			r.Header.Del(name)
			continue
		}
		r.Header.Set(name, value)
	}
}

func newHandler(t testing.TB, change func(*Config)) http.Handler {
	t.Helper()
	cfg := Config{Limits: limitsFor(nil), Introspection: true}
	if change != nil {
		change(&cfg)
	}
	return New(newTestSchema(t), cfg)
}
