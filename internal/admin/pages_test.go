package admin_test

import (
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/admin"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/httpmw"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/testrig"
	"madeinlatino.net/madeinlatino/internal/testrig/dbrig"
)

// site is the pages, and an API path that tells which admin calls.
type site struct{ handler http.Handler }

func newSite(t *testing.T, service *admin.Service) site {
	t.Helper()
	mux := http.NewServeMux()
	limiter := httpmw.NewLimiter(20, time.Minute, testrig.NewClock().Now)
	require.NoError(t, service.Register(mux, httpmw.RateLimit(limiter, httpmw.ByAddress, httpmw.WriteDetail)))
	mux.HandleFunc("/whoami", func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprint(w, fandom.ActorFrom(r.Context()).AdminID)
	})
	return site{httpmw.Chain(mux, httpmw.BodyLimit(10_000), service.LoadSession(httpmw.WriteDetail))}
}

func (s site) do(r *http.Request, cookie *http.Cookie) *httptest.ResponseRecorder {
	if cookie != nil {
		r.AddCookie(cookie)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

func loginRequest(username, password string) *http.Request {
	form := url.Values{"username": {username}, "password": {password}}
	r := httptest.NewRequest(http.MethodPost, "/admin/login/", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func (s site) login(t *testing.T, username, password string) *http.Cookie {
	t.Helper()
	w := s.do(loginRequest(username, password), nil)
	require.Equal(t, http.StatusSeeOther, w.Code, w.Body.String())
	cookies := w.Result().Cookies()
	require.Len(t, cookies, 1)
	return cookies[0]
}

func (s site) console(t *testing.T, cookie *http.Cookie) string {
	t.Helper()
	w := s.do(httptest.NewRequest(http.MethodGet, "/admin/", nil), cookie)
	require.Equal(t, http.StatusOK, w.Code)
	return w.Body.String()
}

func (s site) whoami(cookie *http.Cookie) string {
	return s.do(httptest.NewRequest(http.MethodGet, "/whoami", nil), cookie).Body.String()
}

func TestLoginAndLogout(t *testing.T) {
	t.Parallel()
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		clock := testrig.NewClock()
		service := newService(t, s, clock)
		site := newSite(t, service)
		rosa, err := service.Create(t.Context(), "rosa", password)
		require.NoError(t, err)
		assert.Contains(t, site.console(t, nil), `name="password"`)
		assert.Equal(t, "0", site.whoami(nil))

		w := site.do(loginRequest("rosa", password), nil)
		assert.Equal(t, http.StatusSeeOther, w.Code)
		assert.Equal(t, "/admin/", w.Header().Get("Location"))
		assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		raw := w.Header().Get("Set-Cookie")
		for _, part := range []string{"sessionid=", "Path=/", "Max-Age=43200", "HttpOnly", "SameSite=Lax"} {
			assert.Contains(t, raw, part)
		}
		assert.NotContains(t, raw, "Secure")

		cookie := w.Result().Cookies()[0]
		assert.Contains(t, site.console(t, cookie), "<strong>rosa</strong>")
		assert.Equal(t, fmt.Sprint(rosa.ID), site.whoami(cookie))

		row, err := s.Client(t.Context()).Session.Query().Only(t.Context())
		require.NoError(t, err)
		assert.NotContains(t, string(row.Data)+row.Hash, cookie.Value, "only a hash of the token is stored")
		digest, err := hex.DecodeString(row.Hash)
		require.NoError(t, err)
		assert.Len(t, digest, 32)

		w = site.do(httptest.NewRequest(http.MethodPost, "/admin/logout", nil), cookie)
		assert.Equal(t, http.StatusSeeOther, w.Code)
		assert.Contains(t, w.Header().Get("Set-Cookie"), "Max-Age=0")
		assert.Equal(t, "0", site.whoami(cookie))
		assert.Equal(t, http.StatusSeeOther, site.do(httptest.NewRequest(http.MethodPost, "/admin/logout/", nil), nil).Code,
			"logging out twice is no fault")
	})
}

func TestCookieIsSecureOnHTTPS(t *testing.T) {
	t.Parallel()
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		service, err := admin.New(admin.Options{
			Store: s, Now: testrig.NewClock().Now, Log: slog.New(slog.DiscardHandler), Secure: true,
		})
		require.NoError(t, err)
		_, err = service.Create(t.Context(), "rosa", password)
		require.NoError(t, err)
		assert.True(t, newSite(t, service).login(t, "rosa", password).Secure)
	})
}

func TestWhatEndsASession(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(t *testing.T, s *admin.Service, clock *testrig.Clock){
		"twelve hours": func(_ *testing.T, _ *admin.Service, clock *testrig.Clock) { clock.Advance(12 * time.Hour) },
		"disabling": func(t *testing.T, s *admin.Service, _ *testrig.Clock) {
			require.NoError(t, s.Disable(t.Context(), "rosa"))
		},
		"a new password": func(t *testing.T, s *admin.Service, _ *testrig.Clock) {
			require.NoError(t, s.SetPassword(t.Context(), "rosa", "another password"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbrig.Each(t, func(t *testing.T, s *store.Store) {
				clock := testrig.NewClock()
				service := newService(t, s, clock)
				site := newSite(t, service)
				_, err := service.Create(t.Context(), "rosa", password)
				require.NoError(t, err)
				cookie := site.login(t, "rosa", password)
				clock.Advance(12*time.Hour - time.Minute)
				require.NotEqual(t, "0", site.whoami(cookie))
				end(t, service, clock)
				assert.Equal(t, "0", site.whoami(cookie))
				assert.Contains(t, site.console(t, cookie), `name="password"`)
			})
		})
	}
}

func TestATokenFromBeforeTheLoginIsWorthNothing(t *testing.T) {
	t.Parallel()
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		service := newService(t, s, testrig.NewClock())
		site := newSite(t, service)
		_, err := service.Create(t.Context(), "rosa", password)
		require.NoError(t, err)
		planted := site.login(t, "rosa", password)

		w := site.do(loginRequest("rosa", password), planted)
		fresh := w.Result().Cookies()[0]
		assert.NotEqual(t, planted.Value, fresh.Value)
		assert.Equal(t, "0", site.whoami(planted))
		assert.NotEqual(t, "0", site.whoami(fresh))
		assert.Equal(t, "0", site.whoami(&http.Cookie{Name: admin.CookieName, Value: "made-up"}))
	})
}

func TestRefusedLogins(t *testing.T) {
	t.Parallel()
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		service := newService(t, s, testrig.NewClock())
		site := newSite(t, service)
		_, err := service.Create(t.Context(), "rosa", password)
		require.NoError(t, err)

		w := site.do(loginRequest("rosa", "<wrong password>"), nil)
		assert.Equal(t, http.StatusUnauthorized, w.Code)
		assert.Contains(t, w.Body.String(), "User name or password is wrong.")
		assert.NotContains(t, w.Body.String(), "wrong password&gt;")
		assert.Empty(t, w.Header().Get("Set-Cookie"))

		r := loginRequest("rosa", password)
		r.Header.Set("Origin", "https://evil.example.com")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		w = site.do(r, nil)
		assert.Equal(t, http.StatusForbidden, w.Code)
		assert.Empty(t, w.Header().Get("Set-Cookie"))

		r = httptest.NewRequest(http.MethodPost, "/admin/login/?username=rosa&password="+url.QueryEscape(password), nil)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		assert.Equal(t, http.StatusUnauthorized, site.do(r, nil).Code, "the URL is no place for a password")

		r = httptest.NewRequest(http.MethodPost, "/admin/login/", strings.NewReader(`{"username": "rosa"}`))
		r.Header.Set("Content-Type", "application/json")
		assert.Equal(t, http.StatusUnsupportedMediaType, site.do(r, nil).Code)

		assert.Equal(t, http.StatusRequestEntityTooLarge, site.do(loginRequest("rosa", strings.Repeat("x", 20_000)), nil).Code)

		w = site.do(httptest.NewRequest(http.MethodDelete, "/admin/login/", nil), nil)
		assert.Equal(t, http.StatusMethodNotAllowed, w.Code)
		assert.Equal(t, "GET, HEAD, POST, OPTIONS", w.Header().Get("Allow"))
		assert.Equal(t, http.StatusSeeOther, site.do(httptest.NewRequest(http.MethodGet, "/admin/login", nil), nil).Code)
		assert.Equal(t, http.StatusOK, site.do(httptest.NewRequest(http.MethodHead, "/admin", nil), nil).Code)

		for range 20 {
			w = site.do(loginRequest("rosa", "wrong"), nil)
		}
		assert.Equal(t, http.StatusTooManyRequests, w.Code)
	})
}

func TestProgramsGetJSON(t *testing.T) {
	t.Parallel()
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		service := newService(t, s, testrig.NewClock())
		site := newSite(t, service)
		_, err := service.Create(t.Context(), "rosa", password)
		require.NoError(t, err)
		ask := func(r *http.Request, cookie *http.Cookie, status int, body string) *httptest.ResponseRecorder {
			r.Header.Set("Accept", "application/json")
			w := site.do(r, cookie)
			assert.Equal(t, status, w.Code)
			assert.JSONEq(t, body, w.Body.String())
			return w
		}
		ask(loginRequest("rosa", "wrong"), nil, http.StatusUnauthorized, `{"detail": "User name or password is wrong."}`)
		cookie := ask(loginRequest("rosa", password), nil, http.StatusOK, `{"username": "rosa"}`).Result().Cookies()[0]
		ask(httptest.NewRequest(http.MethodGet, "/admin/", nil), cookie, http.StatusOK, `{"username": "rosa"}`)
		ask(httptest.NewRequest(http.MethodPost, "/admin/logout/", nil), cookie, http.StatusOK, `{"detail": "Logged out."}`)
		ask(httptest.NewRequest(http.MethodGet, "/admin/", nil), cookie, http.StatusUnauthorized, `{"detail": "Log in as an admin first."}`)
	})
}

func TestAnUnreachableDatabaseIsNoLogout(t *testing.T) {
	t.Parallel()
	dbrig.EachURL(t, func(t *testing.T, url string) {
		s, err := store.Open(t.Context(), url)
		require.NoError(t, err)
		service := newService(t, s, testrig.NewClock())
		site := newSite(t, service)
		_, err = service.Create(t.Context(), "rosa", password)
		require.NoError(t, err)
		cookie := site.login(t, "rosa", password)
		require.NoError(t, s.Close())

		for _, path := range []string{"/whoami", "/admin/"} {
			w := site.do(httptest.NewRequest(http.MethodGet, path, nil), cookie)
			assert.GreaterOrEqual(t, w.Code, 500, path)
			assert.NotContains(t, w.Body.String(), "sql", path)
		}
		assert.GreaterOrEqual(t, site.do(loginRequest("rosa", password), nil).Code, 500)
	})
}
