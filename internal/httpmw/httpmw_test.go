package httpmw_test

import (
	"bytes"
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/httpmw"
	"madeinlatino.net/madeinlatino/internal/testrig"
)

// answer sends a request through the middleware to a handler.
func answer(r *http.Request, h http.HandlerFunc, mw ...httpmw.Middleware) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	httpmw.Chain(h, mw...).ServeHTTP(w, r)
	return w
}

func ok(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }

func get(path string) *http.Request { return httptest.NewRequest(http.MethodGet, path, nil) }

func logTo(b *bytes.Buffer) *slog.Logger {
	return slog.New(httpmw.LogRequestID(slog.NewJSONHandler(b, nil)))
}

func TestChainOrder(t *testing.T) {
	t.Parallel()
	var order []string
	mark := func(name string) httpmw.Middleware {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				order = append(order, name)
				next.ServeHTTP(w, r)
			})
		}
	}
	answer(get("/"), ok, mark("outer"), mark("inner"))
	assert.Equal(t, []string{"outer", "inner"}, order)
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, inbound string
		kept          bool
	}{
		{"none", "", false},
		{"a UUID", "0197a3a0-4f0e-7d7a-b0a3-1d1e5f6a7b8c", true},
		{"too short", "abc", false},
		{"too long", strings.Repeat("a", 129), false},
		{"forges a log line", "abcdefgh\nlevel=ERROR", false},
		{"has spaces", "abc def ghi", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := get("/")
			r.Header["X-Request-Id"] = []string{tt.inbound}
			var seen string
			w := answer(r, func(_ http.ResponseWriter, r *http.Request) { seen = httpmw.RequestIDFrom(r.Context()) }, httpmw.RequestID)
			assert.Equal(t, seen, w.Header().Get("X-Request-ID"))
			assert.Equal(t, tt.kept, seen == tt.inbound)
			assert.GreaterOrEqual(t, len(seen), 8)
		})
	}
}

func TestAccessLogSaysWhatAndNoSecrets(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	clock := testrig.NewClock()
	r := get("/users/info/?token=hunter2")
	r.Header.Set("Authorization", "Token hunter2")
	r.Header.Set("X-Request-ID", "request-1")
	w := answer(r, func(w http.ResponseWriter, _ *http.Request) {
		clock.Advance(250 * time.Millisecond)
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "hello")
	}, httpmw.RequestID, httpmw.AccessLog(logTo(&log), clock.Now), httpmw.Authenticate(
		func(context.Context, string) (fandom.Actor, error) { return fandom.Actor{UserID: 7, KeyID: 8}, nil },
		logTo(&log), httpmw.WriteDetail))

	assert.Equal(t, http.StatusTeapot, w.Code)
	line := log.String()
	for _, part := range []string{
		`"method":"GET"`, `"path":"/users/info/"`, `"status":418`, `"duration":250000000`, `"bytes":5`,
		`"request_id":"request-1"`, `"user_id":7`,
	} {
		assert.Contains(t, line, part)
	}
	assert.NotContains(t, line, "hunter2")
	assert.Equal(t, 1, strings.Count(line, "\n"))
}

func TestRecover(t *testing.T) {
	t.Parallel()
	var log, access bytes.Buffer
	w := answer(get("/x"), func(http.ResponseWriter, *http.Request) { panic("secret cause") },
		httpmw.RequestID, httpmw.AccessLog(logTo(&access), time.Now), httpmw.Recover(logTo(&log)))
	assert.Equal(t, http.StatusInternalServerError, w.Code)
	assert.Equal(t, "application/json", w.Header().Get("Content-Type"))
	assert.JSONEq(t, `{"detail": "Something went wrong on our side.", "request_id": "`+w.Header().Get("X-Request-ID")+`"}`, w.Body.String())
	assert.Equal(t, 1, strings.Count(log.String(), "\n"))
	assert.Contains(t, log.String(), "secret cause")
	assert.Contains(t, log.String(), "httpmw_test.go", "the stack")
	assert.Contains(t, access.String(), `"status":500`)
}

func TestRecoverCutsAnAnswerThatHadBegun(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	assert.PanicsWithValue(t, http.ErrAbortHandler, func() {
		answer(get("/"), func(w http.ResponseWriter, r *http.Request) { ok(w, r); panic("late") }, httpmw.Recover(logTo(&log)))
	})
	assert.Contains(t, log.String(), "late")

	log.Reset()
	assert.PanicsWithValue(t, http.ErrAbortHandler, func() {
		answer(get("/"), func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, httpmw.Recover(logTo(&log)))
	})
	assert.Empty(t, log.String(), "who aborts on purpose is no fault")
}

func TestStreamsAndSocketsPassThrough(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	logged := make(chan struct{})
	h := httpmw.Chain(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/flush" {
			w.(http.Flusher).Flush()
			return
		}
		conn, rw, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
		_ = rw.Flush()
	}), func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r)
			logged <- struct{}{}
		})
	}, httpmw.AccessLog(logTo(&log), time.Now), httpmw.Recover(logTo(&log)))
	server := httptest.NewServer(h)
	defer server.Close()

	for path, want := range map[string]int{"/flush": http.StatusOK, "/socket": http.StatusSwitchingProtocols} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, nil)
		require.NoError(t, err)
		response, err := http.DefaultTransport.RoundTrip(r)
		require.NoError(t, err)
		<-logged
		require.NoError(t, response.Body.Close())
		assert.Equal(t, want, response.StatusCode)
	}
	assert.Contains(t, log.String(), `"status":101`)
}

func TestAuthenticate(t *testing.T) {
	t.Parallel()
	down := driver.ErrBadConn
	authenticate := func(_ context.Context, key string) (fandom.Actor, error) {
		switch key {
		case "good":
			return fandom.Actor{UserID: 7, KeyID: 8}, nil
		case "down":
			return fandom.Actor{}, down
		case "broken":
			return fandom.Actor{}, errors.New("secret cause")
		default:
			return fandom.Actor{}, fandom.Errorf(fandom.Unauthenticated, "no")
		}
	}
	admin := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(fandom.WithActor(r.Context(), fandom.Actor{AdminID: 3})))
		})
	}
	nobody, user := fandom.Actor{AdminID: 3}, fandom.Actor{UserID: 7, KeyID: 8, AdminID: 3}
	for _, tt := range []struct {
		header string
		want   fandom.Actor
		status int
	}{
		{"", nobody, 200}, {"Token good", user, 200}, {"token  good ", user, 200}, {"BEARER good", user, 200},
		{"Basic good", nobody, 200}, {"Token", nobody, 200}, {"Token bad", nobody, 200}, {"Token good good", nobody, 200},
		{"Token " + strings.Repeat("x", 300), nobody, 200},
		{"Token down", nobody, 503}, {"Token broken", nobody, 500},
	} {
		t.Run(tt.header, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			r := get("/")
			r.Header.Set("Authorization", tt.header)
			var seen fandom.Actor
			w := answer(r, func(_ http.ResponseWriter, r *http.Request) { seen = fandom.ActorFrom(r.Context()) },
				httpmw.RequestID, admin, httpmw.Authenticate(authenticate, logTo(&log), httpmw.WriteDetail))
			assert.Equal(t, tt.status, w.Code)
			if tt.status == http.StatusOK {
				assert.Equal(t, tt.want, seen)
				assert.Empty(t, log.String())
				return
			}
			assert.NotContains(t, w.Body.String(), "secret cause")
			assert.Equal(t, tt.status == http.StatusServiceUnavailable, w.Header().Get("Retry-After") != "")
			assert.Equal(t, 1, strings.Count(log.String(), "\n"))
			assert.Equal(t, 1, strings.Count(log.String(), `"request_id"`), log.String())
		})
	}
}
