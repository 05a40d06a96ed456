package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/app"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/secret"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/testrig/dbrig"
	"madeinlatino.net/madeinlatino/internal/testrig/world"
	"madeinlatino.net/madeinlatino/internal/twitter/sandbox"
)

// client calls the whole HTTP surface and keeps whatever must not be logged.
type client struct {
	*testing.T
	handler http.Handler
	secrets map[string]string // what it is → the secret
}

func (c *client) keep(what, value string) string {
	c.Helper()
	require.GreaterOrEqual(c, len(value), 6, "%s is too short to be looked for", what)
	c.secrets[what] = value
	return value
}

func (c *client) send(method, target string, header http.Header, body string) *http.Response {
	c.Helper()
	request := httptest.NewRequestWithContext(c.Context(), method, target, strings.NewReader(body))
	request.Header = header
	recorder := httptest.NewRecorder()
	c.handler.ServeHTTP(recorder, request)
	return recorder.Result()
}

// json posts JSON and gives the decoded answer.
func (c *client) json(method, target, key string, body any) map[string]any {
	c.Helper()
	header := http.Header{"Content-Type": {"application/json"}}
	if key != "" {
		header.Set("Authorization", "Token "+key)
	}
	raw, err := json.Marshal(body)
	require.NoError(c, err)
	answer := c.send(method, target, header, string(raw))
	content, err := io.ReadAll(answer.Body)
	require.NoError(c, err)
	require.NoError(c, answer.Body.Close())
	var decoded map[string]any
	_ = json.Unmarshal(content, &decoded) // a list, or nothing, has nothing to keep
	return decoded
}

func (c *client) graphql(key, query string, input any) map[string]any {
	c.Helper()
	return c.json(http.MethodPost, "/graphql", key, map[string]any{"query": query, "variables": map[string]any{"input": input}})
}

// text gives a field of a mutation's payload, empty where there is none.
func text(answer map[string]any, mutation, field string) string {
	data, _ := answer["data"].(map[string]any)
	payload, _ := data[mutation].(map[string]any)
	value, _ := payload[field].(string)
	return value
}

const loginMutation = `mutation ($input: LoginInput!) { login(input: $input) { key errors { code } } }`

func (c *client) login(token, tokenSecret string) map[string]any {
	c.Helper()
	return c.graphql("", loginMutation, map[string]any{"accessToken": token, "tokenSecret": tokenSecret})
}

func TestNothingSecretIsLogged(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		c := &client{T: t, secrets: map[string]string{}}
		w := world.New(t, s, map[string]string{"SECRET_KEY": c.keep("SECRET_KEY", secret.Generate())})
		var err error
		c.handler, err = newHandler(w.App)
		require.NoError(t, err)
		account, err := w.Sandbox.AddAccount(sandbox.Account{
			UserName: "rosa", Name: "Rosa", Email: c.keep("e-mail at Twitter", "rosa.at.twitter@example.com"),
		})
		require.NoError(t, err)
		artist := w.Artist(t, "karolg")

		key := c.loginsWithTokens(w, account.ID)
		c.loginsByTheCallback(w)
		c.performs(w, key, artist, account.ID)
		c.editsTheProfile(key)
		c.logsInAsAdmin(w)
		c.json(http.MethodPost, "/users/logout/", key, nil)
		c.json(http.MethodGet, "/users/info/", key, nil) // with an ended key

		// Faults of the server's own, with the database gone.
		require.NoError(t, s.Close())
		c.json(http.MethodGet, "/users/profile/", key, nil)
		c.login(c.secrets["access token"], c.secrets["access token's secret"])
		c.graphql("", `mutation { startLogin { redirectUrl } }`, nil)

		logs := w.Logs.String()
		for _, wanted := range []string{`"msg":"request"`, `"level":"WARN"`, `"level":"ERROR"`, "admin logged in"} {
			require.Contains(t, logs, wanted, "the scenario did not reach what is logged")
		}
		for what, value := range c.secrets {
			for _, form := range []string{value, url.QueryEscape(value), strings.ReplaceAll(url.QueryEscape(value), "+", "%20")} {
				require.NotContains(t, logs, form, what)
			}
		}
	})
}

// loginsWithTokens logs in with an access token and gives the key.
func (c *client) loginsWithTokens(w *world.World, id string) string {
	c.Helper()
	token, tokenSecret := w.Sandbox.Token(id)
	c.keep("access token", token)
	c.keep("access token's secret", tokenSecret)
	c.login(token, c.keep("wrong secret", "this-secret-is-wrong"))
	c.login(c.keep("unknown token", "this-token-is-unknown"), tokenSecret)
	c.login(c.keep("long token", strings.Repeat("toolong", 100)), tokenSecret)
	for _, kind := range []sandbox.FaultKind{sandbox.FaultErrorBefore, sandbox.FaultDropBefore, sandbox.FaultHTML, sandbox.FaultWrongTypes} {
		w.Sandbox.Inject(sandbox.Fault{Path: "/2/users/me", Kind: kind})
		c.login(token, tokenSecret)
		w.Sandbox.ClearFaults()
	}
	c.json(http.MethodPost, "/users/twitter/login/", "", map[string]string{"access_token": token, "token_secret": "this-secret-is-wrong"})
	c.json(http.MethodPost, "/users/twitter/login/?oauth_token="+token+"&oauth_verifier="+tokenSecret, "", nil)
	answer := c.login(token, tokenSecret)
	return c.keep("access key", text(answer, "login", "key"))
}

// loginsByTheCallback goes through Twitter's page, with and without faults.
func (c *client) loginsByTheCallback(w *world.World) {
	c.Helper()
	for _, fault := range []string{"", "/oauth/access_token", "/oauth/request_token"} {
		if fault != "" {
			w.Sandbox.Inject(sandbox.Fault{Path: fault, Kind: sandbox.FaultErrorAfter, Times: 1})
		}
		answer := c.graphql("", `mutation { startLogin { redirectUrl } }`, nil)
		address := text(answer, "startLogin", "redirectUrl")
		if address == "" {
			require.Equal(c, "/oauth/request_token", fault)
			continue
		}
		page, err := url.Parse(address)
		require.NoError(c, err)
		requestToken := c.keep("request token"+fault, page.Query().Get("oauth_token"))
		form := url.Values{"oauth_token": {requestToken}, "decision": {"allow"}, "username": {"rosa"}}
		request := httptest.NewRequestWithContext(c.Context(), http.MethodPost, app.SandboxPath+"/oauth/authenticate", strings.NewReader(form.Encode()))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		recorder := httptest.NewRecorder()
		w.Sandbox.Handler().ServeHTTP(recorder, request)
		back, err := url.Parse(recorder.Header().Get("Location"))
		require.NoError(c, err)
		verifier := c.keep("verifier"+fault, back.Query().Get("oauth_verifier"))
		c.login(requestToken, "this-secret-is-wrong")
		c.login(requestToken, verifier)
		c.login(requestToken, verifier) // once more: it is spent
	}
}

// performs posts through every fault until Twitter takes it.
func (c *client) performs(w *world.World, key string, artist fandom.Artist, accountID string) {
	c.Helper()
	const mutation = `mutation ($input: PerformRecommendationInput!) { performRecommendation(input: $input) { isRepeat errors { code } } }`
	for _, kind := range []sandbox.FaultKind{
		sandbox.FaultErrorBefore, sandbox.FaultErrorAfter, sandbox.FaultDropAfter, sandbox.FaultHTML, sandbox.FaultRateLimited,
		sandbox.FaultDuplicate, sandbox.FaultLocked, sandbox.FaultClientForbidden, sandbox.FaultWrongTypes,
	} {
		recommendation := w.Tweet(c.T, artist, string(kind)+" {artist_handle}")
		w.Sandbox.Inject(sandbox.Fault{Method: http.MethodPost, Path: "/2/tweets", Kind: kind, Times: 1})
		c.json(http.MethodPost, "/action/", key, map[string]any{
			"action_id": recommendation.Action.ID, "recommend_id": recommendation.ID, "artist_id": artist.ID,
		})
		w.Clock.Advance(time.Hour)
		_, err := w.Actions.Sweep(c.Context())
		require.NoError(c, err)
		w.Sandbox.ClearFaults()
	}
	require.GreaterOrEqual(c, len(w.Sandbox.TweetsBy(accountID)), 5, "most of them were posted in the end")
	require.NoError(c, w.Sandbox.RevokeTokens(accountID))
	c.graphql(key, mutation, map[string]any{"recommendationId": "none", "idempotencyKey": c.keep("idempotency key", "one-idempotency-key")})
	recommendation := w.Tweet(c.T, artist, "with a revoked token {artist_handle}")
	c.json(http.MethodPost, "/action/", key, map[string]any{
		"action_id": recommendation.Action.ID, "recommend_id": recommendation.ID, "artist_id": artist.ID,
	})
}

func (c *client) editsTheProfile(key string) {
	c.Helper()
	const mutation = `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { errors { code } } }`
	c.graphql(key, mutation, map[string]any{
		"email": c.keep("e-mail", "rosa.private@example.com"), "firstName": c.keep("first name", "Rosalinda-Private"),
		"dateOfBirth": c.keep("birthday", "1991-02-03"), "mobileNumber": c.keep("mobile number", "3001234567"),
	})
	c.graphql(key, mutation, map[string]any{"email": c.keep("no e-mail", "rosa.wrong@@example"), "mobileNumber": c.keep("no number", "not-a-number")})
	c.json(http.MethodPatch, "/users/profile/", key, map[string]any{"email": "rosa.private@example.com", "date_of_birth": "2999-01-01"})
	c.json(http.MethodGet, "/users/profile/", c.keep("unknown key", "0123456789abcdef0123456789abcdef"), nil)
}

func (c *client) logsInAsAdmin(w *world.World) {
	c.Helper()
	password := c.keep("password", "correct horse battery")
	_, err := w.Admins.Create(c.Context(), "luz", password)
	require.NoError(c, err)
	for _, typed := range []string{c.keep("wrong password", "wrong horse battery"), password} {
		form := url.Values{"username": {"luz"}, "password": {typed}}
		answer := c.send(http.MethodPost, "/admin/login/", http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, form.Encode())
		require.NoError(c, answer.Body.Close())
		for _, cookie := range answer.Cookies() {
			c.keep("session", cookie.Value)
			answer := c.send(http.MethodGet, "/admin/", http.Header{"Cookie": {cookie.String()}}, "")
			require.NoError(c, answer.Body.Close())
		}
	}
	require.Contains(c, c.secrets, "session")
}
