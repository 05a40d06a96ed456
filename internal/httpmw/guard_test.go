package httpmw_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/httpmw"
)

func TestMaintenance(t *testing.T) {
	t.Parallel()
	stays := httpmw.OnPaths("/healthz", "/action/webhook/")
	on := httpmw.Maintenance(true, stays, httpmw.WriteDetail)
	for path, want := range map[string]int{
		"/": 503, "/graphql": 503, "/healthz": 200, "/healthz/": 200, "/action/webhook": 200, "/action/webhook/": 200,
		"/action/webhook/x": 503,
	} {
		w := answer(get(path), ok, on)
		assert.Equal(t, want, w.Code, path)
		assert.Equal(t, want == http.StatusServiceUnavailable, w.Header().Get("Retry-After") == "60", path)
	}
	assert.Equal(t, http.StatusOK, answer(get("/"), ok, httpmw.Maintenance(false, stays, httpmw.WriteDetail)).Code)
}

func TestBodyLimit(t *testing.T) {
	t.Parallel()
	read := func(size int) error {
		var err error
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(strings.Repeat("x", size)))
		answer(r, func(_ http.ResponseWriter, r *http.Request) { _, err = io.ReadAll(r.Body) }, httpmw.BodyLimit(10))
		return err
	}
	require.NoError(t, read(10))
	var tooLarge *http.MaxBytesError
	assert.ErrorAs(t, read(11), &tooLarge)
}

func TestCORS(t *testing.T) {
	t.Parallel()
	mw := httpmw.CORS([]string{"https://fans.example.com"})
	preflight := func(origin string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodOptions, "/users/profile/", nil)
		r.Header.Set("Origin", origin)
		r.Header.Set("Access-Control-Request-Method", http.MethodPatch)
		r.Header.Set("Access-Control-Request-Headers", "authorization,content-type")
		return answer(r, func(http.ResponseWriter, *http.Request) { t.Error("a preflight is no request") }, mw)
	}
	h := preflight("https://fans.example.com").Header()
	assert.Equal(t, "https://fans.example.com", h.Get("Access-Control-Allow-Origin"))
	assert.Equal(t, http.MethodPatch, h.Get("Access-Control-Allow-Methods"))
	assert.Empty(t, h.Get("Access-Control-Allow-Credentials"))
	assert.Empty(t, preflight("https://evil.example.com").Header().Get("Access-Control-Allow-Origin"))

	r := get("/")
	r.Header.Set("Origin", "https://fans.example.com")
	w := answer(r, ok, mw)
	assert.Equal(t, "https://fans.example.com", w.Header().Get("Access-Control-Allow-Origin"))
	assert.Contains(t, strings.ToLower(w.Header().Get("Access-Control-Expose-Headers")), "x-request-id")

	assert.Empty(t, answer(r, ok, httpmw.CORS(nil)).Header().Get("Access-Control-Allow-Origin"), "no origins: none, not all")
	assert.Equal(t, "ok", answer(httptest.NewRequest(http.MethodOptions, "/", nil), ok, mw).Body.String(),
		"a plain OPTIONS is the handler's")
}

func TestCrossOrigin(t *testing.T) {
	t.Parallel()
	mw, err := httpmw.CrossOrigin([]string{"https://fans.example.com"}, httpmw.WriteDetail)
	require.NoError(t, err)
	_, err = httpmw.CrossOrigin([]string{"nonsense"}, httpmw.WriteDetail)
	require.Error(t, err)

	for _, tt := range []struct {
		name, method, site, origin string
		status                     int
		cookie                     bool
	}{
		{"a program", "POST", "", "", 200, true},
		{"our own page", "POST", "same-origin", "http://example.com", 200, true},
		{"our own page, old browser", "POST", "", "http://example.com", 200, true},
		{"typed address", "GET", "none", "", 200, true},
		{"trusted frontend", "POST", "same-site", "https://fans.example.com", 200, false},
		{"trusted frontend's socket", "GET", "same-site", "https://fans.example.com", 200, false},
		{"another site", "POST", "cross-site", "https://evil.example.com", 403, false},
		{"another site, old browser", "POST", "", "https://evil.example.com", 403, false},
		{"another site's link", "GET", "cross-site", "", 200, false},
		{"another site's socket", "GET", "", "https://evil.example.com", 200, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(tt.method, "http://example.com/graphql", nil)
			for name, value := range map[string]string{"Sec-Fetch-Site": tt.site, "Origin": tt.origin, "Cookie": "sessionid=x"} {
				if value != "" {
					r.Header.Set(name, value)
				}
			}
			cookie := false
			w := answer(r, func(_ http.ResponseWriter, r *http.Request) { cookie = r.Header.Get("Cookie") != "" }, mw)
			assert.Equal(t, tt.status, w.Code)
			assert.Equal(t, tt.cookie, cookie)
			assert.NotEmpty(t, r.Header.Get("Cookie"), "the caller's request is left alone")
		})
	}
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	api := answer(get("/"), ok, httpmw.SecurityHeaders).Header()
	assert.Equal(t, "nosniff", api.Get("X-Content-Type-Options"))
	assert.Equal(t, "same-origin", api.Get("Referrer-Policy"))
	assert.Contains(t, api.Get("Content-Security-Policy"), "default-src 'none'")

	page := answer(get("/"), func(w http.ResponseWriter, _ *http.Request) { httpmw.SetPageHeaders(w.Header()) }, httpmw.SecurityHeaders).Header()
	assert.Contains(t, page.Get("Content-Security-Policy"), "script-src 'self'")
	assert.NotContains(t, page.Get("Content-Security-Policy"), "unsafe")
}
