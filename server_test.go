package main_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/secret"
	"madeinlatino.net/madeinlatino/internal/testrig"
	"madeinlatino.net/madeinlatino/internal/testrig/dbrig"
	"madeinlatino.net/madeinlatino/internal/testrig/pgserver"
)

func TestMain(m *testing.M) { pgserver.Main(m) }

// program builds the real program, once a run.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "madeinlatino")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "madeinlatino")
	out, err := exec.Command("go", "build", "-race", "-o", path, ".").CombinedOutput() //nolint:gosec,noctx // our own program
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return path, nil
})

// command prepares the program in an empty folder with nothing but env in its
// environment.
func command(t *testing.T, env map[string]string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := program()
	require.NoError(t, err)
	c := exec.CommandContext(context.WithoutCancel(t.Context()), path, args...) //nolint:gosec // our own program
	c.Dir = t.TempDir()
	c.Env = []string{"PATH=" + os.Getenv("PATH")}
	for name, value := range env {
		c.Env = append(c.Env, name+"="+value)
	}
	return c
}

// server is the running program.
type server struct {
	*testing.T
	url    string
	logs   *testrig.Buffer
	stdout *testrig.Buffer
	cmd    *exec.Cmd
	client *http.Client
}

func start(t *testing.T, env map[string]string) *server {
	t.Helper()
	s := &server{T: t, logs: &testrig.Buffer{}, stdout: &testrig.Buffer{}, client: &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	all := map[string]string{"LISTEN_ADDR": "127.0.0.1:0", "LOG_FORMAT": "json"}
	for name, value := range env {
		all[name] = value
	}
	s.cmd = command(t, all)
	s.cmd.Stdout = s.stdout
	stderr, err := s.cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, s.cmd.Start())
	t.Cleanup(s.kill)
	listening := make(chan string, 1)
	go func() {
		defer close(listening)
		lines := bufio.NewScanner(io.TeeReader(stderr, s.logs))
		for lines.Scan() {
			var line struct{ Msg, Addr string }
			if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "listening" {
				listening <- line.Addr
			}
		}
	}()
	select {
	case addr, ok := <-listening:
		require.True(t, ok, "the server did not start:\n%s", s.logs)
		s.url = "http://" + addr
	case <-time.After(time.Minute):
		t.Fatalf("the server does not get ready:\n%s", s.logs)
	}
	return s
}

func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// do sends a request and decodes a JSON answer.
func (s *server) do(method, path, key, contentType, body string) (int, any, http.Header) {
	s.Helper()
	if !strings.HasPrefix(path, "http") {
		path = s.url + path
	}
	req, err := http.NewRequestWithContext(s.Context(), method, path, strings.NewReader(body))
	require.NoError(s, err)
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	if key != "" {
		req.Header.Set("Authorization", "Token "+key)
	}
	answer, err := s.client.Do(req)
	require.NoError(s, err)
	raw, err := io.ReadAll(answer.Body)
	require.NoError(s, err)
	require.NoError(s, answer.Body.Close())
	var value any
	if json.Unmarshal(raw, &value) != nil {
		value = string(raw)
	}
	return answer.StatusCode, value, answer.Header
}

func (s *server) get(path, key string) any {
	s.Helper()
	status, value, _ := s.do(http.MethodGet, path, key, "", "")
	require.Equal(s, http.StatusOK, status, "%s: %v", path, value)
	return value
}

func (s *server) graphql(key, query string) map[string]any {
	s.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	require.NoError(s, err)
	status, value, _ := s.do(http.MethodPost, "/graphql", key, "application/json", string(body))
	require.Equal(s, http.StatusOK, status, value)
	answer := value.(map[string]any)
	require.Nil(s, answer["errors"])
	return answer["data"].(map[string]any)
}

// logIn goes the whole way of OAuth: Twitter's page, its callback, the key.
func (s *server) logIn(name string) string {
	s.Helper()
	redirect, err := url.Parse(s.get("/users/auth-url/", "").(map[string]any)["redirect_url"].(string))
	require.NoError(s, err)
	consent := url.Values{"oauth_token": {redirect.Query().Get("oauth_token")}, "username": {name}, "decision": {"allow"}}
	redirect.RawQuery = ""
	_, _, header := s.do(http.MethodPost, redirect.String(), "", "application/x-www-form-urlencoded", consent.Encode())
	callback, err := url.Parse(header.Get("Location"))
	require.NoError(s, err)
	require.Equal(s, "/demo/callback/", callback.Path)
	status, value, _ := s.do(http.MethodPost, "/users/twitter/login/", "", "application/json", fmt.Sprintf(
		`{"access_token": %q, "token_secret": %q}`, callback.Query().Get("oauth_token"), callback.Query().Get("oauth_verifier")))
	require.Equal(s, http.StatusOK, status, value)
	return value.(map[string]any)["key"].(string)
}

// TestTheMainJob is what the program is for, done as a newcomer would: log in,
// see what is recommended, perform it, and see the rank move.
func TestTheMainJob(t *testing.T) {
	dbrig.EachURL(t, func(t *testing.T, database string) {
		env := map[string]string{"DATABASE_URL": database, "SECRET_KEY": secret.Generate()}
		s := start(t, env)
		key := s.logIn("Rosalba")
		artists := s.get("/artist/listing/", "").(map[string]any)["results"].([]any)
		require.Len(t, artists, 5)
		artist := artists[0].(map[string]any)["id"]
		require.Nil(t, s.get(fmt.Sprintf("/ranking/my_rank/artist_id/%v/", artist), key).(map[string]any)["rank"])

		data := s.get(fmt.Sprintf("/action/?artist=%v", artist), key).(map[string]any)["data"].([]any)
		require.NotEmpty(t, data)
		recommendation := data[0].(map[string]any)
		body := fmt.Sprintf(`{"action_id": %v, "recommend_id": %v, "artist_id": %v}`,
			recommendation["action"].(map[string]any)["id"], recommendation["id"], artist)
		status, value, _ := s.do(http.MethodPost, "/action/", key, "application/json", body)
		require.Equal(t, http.StatusOK, status, value)
		status, _, _ = s.do(http.MethodPost, "/action/", key, "application/json", body)
		require.Equal(t, http.StatusConflict, status)
		mine := s.get(fmt.Sprintf("/ranking/my_rank/artist_id/%v/", artist), key).(map[string]any)
		require.NotNil(t, mine["rank"])
		require.Positive(t, mine["score"])

		viewer := s.graphql(key, `{ viewer { user { twitterUserName globalPoints globalRank } performances { nodes { state } } } }`)["viewer"].(map[string]any)
		require.Equal(t, mine["score"], viewer["user"].(map[string]any)["globalPoints"])

		for _, page := range []string{"/", "/playground", "/docs/", "/admin/", "/schema.graphql", "/healthz", "/readyz", "/metrics", "/sandbox/"} {
			status, _, _ := s.do(http.MethodGet, page, "", "", "")
			require.Equal(t, http.StatusOK, status, page)
		}

		// Stopped and started again, everything is still there.
		require.NoError(t, s.cmd.Process.Signal(syscall.SIGTERM))
		require.NoError(t, s.cmd.Wait(), s.logs)
		again := start(t, env)
		require.Equal(t, mine, again.get(fmt.Sprintf("/ranking/my_rank/artist_id/%v/", artist), key))

		verify := command(t, env, "verify")
		out, err := verify.CombinedOutput()
		require.NoError(t, err, string(out))

		for _, logs := range []string{s.logs.String(), again.logs.String()} {
			require.NotContains(t, logs, key)
			require.NotContains(t, logs, env["SECRET_KEY"])
			require.NotRegexp(t, `oauth_verifier|oauth_token|mil_[A-Za-z0-9]`, logs)
		}
	})
}

func TestKilledAndStartedAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := map[string]string{"DATABASE_URL": "sqlite://" + filepath.Join(dir, "mil.db")}
	s := start(t, env)
	key := s.logIn("Rosalba")
	s.kill()
	again := start(t, env)
	require.Equal(t, "Rosalba", again.get("/users/info/", key).(map[string]any)["twitter_user_name"])
	data := again.get("/action/?artist=1", key).(map[string]any)["data"].([]any)
	recommendation := data[0].(map[string]any)
	status, value, _ := again.do(http.MethodPost, "/action/", key, "application/json", fmt.Sprintf(
		`{"action_id": %v, "recommend_id": %v, "artist_id": 1}`, recommendation["action"].(map[string]any)["id"], recommendation["id"]))
	require.Equal(t, http.StatusOK, status, "the sandbox knows the login after a restart: %v", value)
}

func TestWhatCannotStartSaysWhyInOneLine(t *testing.T) {
	t.Parallel()
	other := secret.Generate()
	for name, c := range map[string]struct {
		env      map[string]string
		args     []string
		variable string
	}{
		"an unknown value":        {map[string]string{"LOG_LEVEL": "loud"}, nil, "LOG_LEVEL"},
		"a key without a secret":  {map[string]string{"TWITTER_CONSUMER_KEY": "k"}, nil, "TWITTER_CONSUMER_SECRET"},
		"the sandbox in the open": {map[string]string{"LISTEN_ADDR": "0.0.0.0:0"}, nil, "TWITTER_SANDBOX"},
		"a bad secret key":        {map[string]string{"SECRET_KEY": "c2hvcnQ="}, nil, "SECRET_KEY"},
		"no database":             {map[string]string{"DATABASE_URL": "postgres://u:hunter2@127.0.0.1:1/x?connect_timeout=1", "SECRET_KEY": other}, nil, "DATABASE_URL"},
		"an address in use":       {map[string]string{"LISTEN_ADDR": "127.0.0.1:99999"}, nil, "LISTEN_ADDR"},
		"an unknown command":      {nil, []string{"dance"}, "dance"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := command(t, c.env, c.args...)
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			err := cmd.Run()
			exit := new(exec.ExitError)
			require.ErrorAs(t, err, &exit)
			require.Equal(t, 2, exit.ExitCode(), stderr.String())
			require.Contains(t, stderr.String(), c.variable)
			require.NotContains(t, stderr.String(), "hunter2")
		})
	}
}

func TestAnotherSecretKeyIsRefused(t *testing.T) {
	t.Parallel()
	database := dbrig.SQLite(t)
	s := start(t, map[string]string{"DATABASE_URL": database, "SECRET_KEY": secret.Generate()})
	s.logIn("Rosalba")
	s.kill()
	cmd := command(t, map[string]string{"DATABASE_URL": database, "SECRET_KEY": secret.Generate(), "LISTEN_ADDR": "127.0.0.1:0"})
	out, err := cmd.CombinedOutput()
	exit := new(exec.ExitError)
	require.ErrorAs(t, err, &exit)
	require.Equal(t, 2, exit.ExitCode(), string(out))
	require.Contains(t, string(out), "SECRET_KEY")
}

func TestMaintenance(t *testing.T) {
	t.Parallel()
	s := start(t, map[string]string{"MAINTENANCE": "true"})
	status, _, header := s.do(http.MethodGet, "/artist/listing/", "", "", "")
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.NotEmpty(t, header.Get("Retry-After"))
	status, _, _ = s.do(http.MethodGet, "/readyz", "", "", "")
	require.Equal(t, http.StatusOK, status)
	status, value, _ := s.do(http.MethodPost, "/graphql", "", "application/json", `{"query": "{ __typename }"}`)
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Contains(t, fmt.Sprint(value), "UPSTREAM_UNAVAILABLE")
}

func TestStoppingIsSeenFromReadinessAndFinishesWhatIsInFlight(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	// A request whose body has not come to its end is in flight for as long
	// as we like.
	body, rest := io.Pipe()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/users/twitter/login/", body)
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Expect", "100-continue") // the body is only read once the handler asks for it
	client := &http.Client{Transport: &http.Transport{ExpectContinueTimeout: time.Minute}}
	finished := make(chan int, 1)
	go func() {
		answer, err := client.Do(req)
		if err != nil {
			finished <- 0
			return
		}
		finished <- answer.StatusCode
		_ = answer.Body.Close()
	}()
	_, err = io.WriteString(rest, `{"access_token": `)
	require.NoError(t, err)

	require.NoError(t, s.cmd.Process.Signal(syscall.SIGTERM))
	require.Eventually(t, func() bool {
		status, _, _ := s.do(http.MethodGet, "/readyz", "", "", "")
		return status == http.StatusServiceUnavailable
	}, 10*time.Second, 10*time.Millisecond)
	status, _, header := s.do(http.MethodGet, "/artist/listing/", "", "", "")
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.NotEmpty(t, header.Get("Retry-After"))

	_, err = io.WriteString(rest, `""}`)
	require.NoError(t, err)
	require.NoError(t, rest.Close())
	require.Equal(t, http.StatusBadRequest, <-finished, "it was answered, not cut off")
	require.NoError(t, s.cmd.Wait(), s.logs)
}

func TestStoppedWhileStarting(t *testing.T) {
	t.Parallel()
	for _, after := range []time.Duration{5, 20, 50, 100, 200} {
		cmd := command(t, map[string]string{"LISTEN_ADDR": "127.0.0.1:0"})
		var out bytes.Buffer
		cmd.Stderr = &out
		require.NoError(t, cmd.Start())
		time.AfterFunc(after*time.Millisecond, func() { _ = cmd.Process.Signal(syscall.SIGTERM) })
		err := cmd.Wait()
		if exit := new(exec.ExitError); errors.As(err, &exit) && exit.ExitCode() == -1 {
			continue // before the program could listen for signals at all
		}
		require.NoError(t, err, out.String())
	}
}

func TestPathsAnswerForThemselves(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	for _, path := range []string{"/healthz", "/readyz", "/schema.graphql", "/docs/", "/demo/login/"} {
		status, _, header := s.do(http.MethodPut, path, "", "", "")
		require.Equal(t, http.StatusMethodNotAllowed, status, path)
		require.Equal(t, "GET, HEAD, OPTIONS", header.Get("Allow"), path)
	}
	for _, path := range []string{"//artist/listing/", "/ranking/./artist_id/1/", "/artist/listing//", "/artist/../artist/listing/"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url, nil)
		require.NoError(t, err)
		req.URL.Opaque = path
		answer, err := s.client.Do(req)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Equal(t, http.StatusNotFound, answer.StatusCode, path)
		require.Equal(t, "application/json", answer.Header.Get("Content-Type"))
	}
}

func TestAdminsLogInByForm(t *testing.T) {
	t.Parallel()
	s := start(t, map[string]string{"CORS_ORIGINS": "https://www.example.net"})
	var password []string
	require.Eventually(t, func() bool { // it comes by another pipe than the log line that start waits for
		password = regexp.MustCompile(`password (\S+) \(shown`).FindStringSubmatch(s.stdout.String())
		return password != nil
	}, 10*time.Second, 10*time.Millisecond)
	form := url.Values{"username": {"demo"}, "password": {password[1]}}
	status, _, header := s.do(http.MethodPost, "/admin/login/", "", "application/x-www-form-urlencoded", form.Encode())
	require.Equal(t, http.StatusSeeOther, status)
	require.Contains(t, header.Get("Set-Cookie"), "sessionid=")
	cookie, _, _ := strings.Cut(header.Get("Set-Cookie"), ";")
	// From another origin the cookie opens nothing, also where the origin may call.
	for origin, code := range map[string]string{s.url: "", "https://www.example.net": "UNAUTHENTICATED"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/graphql", strings.NewReader(
			`{"query": "mutation { retireRecommendation(input: {id: \"UmVjb21tZW5kYXRpb246MQ\"}) { errors { code } } }"}`))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Cookie", cookie)
		req.Header.Set("Origin", origin)
		answer, err := s.client.Do(req)
		require.NoError(t, err)
		body, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Equal(t, code != "", strings.Contains(string(body), `"code":"UNAUTHENTICATED"`), "%s: %s", origin, body)
	}
	form.Set("password", "wrong")
	status, _, _ = s.do(http.MethodPost, "/admin/login/", "", "application/x-www-form-urlencoded", form.Encode())
	require.Equal(t, http.StatusUnauthorized, status)
}

func TestLoginsAreLimited(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	statuses := map[int]int{}
	for range 21 {
		status, _, _ := s.do(http.MethodPost, "/users/twitter/login/", "", "application/json", `{"access_token": "a", "token_secret": "b"}`)
		statuses[status]++
	}
	require.Equal(t, map[int]int{400: 20, 429: 1}, statuses)
}
