package web_test

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/httpmw"
	"madeinlatino.net/madeinlatino/internal/web"
)

func newSite(t *testing.T, o web.Options) http.Handler {
	t.Helper()
	mux := http.NewServeMux()
	require.NoError(t, web.Register(mux, o))
	return httpmw.SecurityHeaders(mux)
}

func get(h http.Handler, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

var pages = []string{"/", "/playground", "/playground/", "/docs", "/docs/", "/demo/callback", "/demo/callback/"}

func TestPages(t *testing.T) {
	t.Parallel()
	site := newSite(t, web.Options{})
	// What the policy would forbid, and what needs the internet.
	inline := regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|<script>|<script [^>]*></script>[^\n]*[^\s<]|(src|action)="(https?:)?//`)
	link := regexp.MustCompile(`(?:src|href)="(/assets/[^"]+)"`)
	for _, path := range pages {
		w := get(site, path)
		body := w.Body.String()
		assert.Equal(t, http.StatusOK, w.Code, path)
		assert.Equal(t, "text/html; charset=utf-8", w.Header().Get("Content-Type"))
		assert.Contains(t, w.Header().Get("Content-Security-Policy"), "script-src 'self'")
		assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		assert.Empty(t, inline.FindString(body), path)
		assert.Contains(t, body, `<html lang="en">`)
		assert.Equal(t, 1, strings.Count(body, "<h1"), path)
		for _, m := range link.FindAllStringSubmatch(body, -1) {
			assert.Equal(t, http.StatusOK, get(site, m[1]).Code, m[1])
		}
	}
}

func TestOtherMethodsAndPaths(t *testing.T) {
	t.Parallel()
	site := newSite(t, web.Options{})
	for method, want := range map[string]int{
		http.MethodHead: http.StatusOK, http.MethodOptions: http.StatusNoContent, http.MethodPost: http.StatusMethodNotAllowed,
	} {
		w := httptest.NewRecorder()
		site.ServeHTTP(w, httptest.NewRequest(method, "/docs/", nil))
		assert.Equal(t, want, w.Code, method)
		assert.Equal(t, want != http.StatusOK, w.Header().Get("Allow") != "", method)
	}
	for _, path := range []string{"/nothing", "/docs/x", "/assets/", "/assets/nothing.js", "/assets/..%2fweb.go"} {
		assert.Equal(t, http.StatusNotFound, get(site, path).Code, path)
	}
}

func TestHomeShowsTheSandboxOnlyWhereItIs(t *testing.T) {
	t.Parallel()
	assert.NotContains(t, get(newSite(t, web.Options{}), "/").Body.String(), "andbox")
	body := get(newSite(t, web.Options{Sandbox: "/sandbox/", Version: "1.2.3"}), "/").Body.String()
	assert.Contains(t, body, `href="/sandbox/"`)
	assert.Contains(t, body, "Version 1.2.3")
}

func TestDocs(t *testing.T) {
	t.Parallel()
	body := get(newSite(t, web.Options{Routes: []web.Route{
		{Method: "GET", Path: "/users/info/", Who: "token", Summary: "Who I am.", Example: "200\n{\"a\": \"<b>\"}"},
		{Method: "GET", Path: "/artist/listing/", Who: "anyone", Summary: "All artists."},
		{Method: "PATCH", Path: "/users/profile/", Who: "token", Summary: "Changes the profile."},
	}}), "/docs/").Body.String()
	assert.Equal(t, 1, strings.Count(body, `<h2 id="group-users">`), "routes of one group stand together")
	assert.Contains(t, body, `<h3 id="route-3"><code><b>PATCH</b> /users/profile/</code></h3>`)
	assert.Contains(t, body, "Who: anyone")
	assert.Contains(t, body, "&lt;b&gt;")
	assert.Equal(t, 1, strings.Count(body, `<pre`), "no example, no box")
}

func TestAssets(t *testing.T) {
	t.Parallel()
	site := newSite(t, web.Options{})
	entries, err := fs.ReadDir(os.DirFS("assets"), ".")
	require.NoError(t, err)
	for _, entry := range entries {
		path := "/assets/" + entry.Name()
		w := get(site, path)
		assert.Equal(t, http.StatusOK, w.Code, path)
		assert.NotContains(t, w.Header().Get("Content-Type"), "text/plain", path)
		assert.NotContains(t, strings.ReplaceAll(w.Body.String(), "http://www.w3.org/2000/svg", ""), "://", "loads nothing from elsewhere")

		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("If-None-Match", w.Header().Get("ETag"))
		again := httptest.NewRecorder()
		site.ServeHTTP(again, r)
		assert.Equal(t, http.StatusNotModified, again.Code, path)
	}
}

func TestParsePage(t *testing.T) {
	t.Parallel()
	page, err := web.ParsePage(fstest.MapFS{"x.html": {Data: []byte(
		`{{define "title"}}T{{end}}{{define "main"}}<p>{{.}}</p>{{end}}`)}}, "x.html")
	require.NoError(t, err)
	w := httptest.NewRecorder()
	page.Write(w, http.StatusTeapot, "<x>")
	assert.Equal(t, http.StatusTeapot, w.Code)
	assert.Contains(t, w.Body.String(), "<p>&lt;x&gt;</p>")

	_, err = web.ParsePage(fstest.MapFS{}, "x.html")
	require.Error(t, err)
}
