package rest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/testrig/world"
	"madeinlatino.net/madeinlatino/internal/twitter/sandbox"
)

// The documented answers, each with what it changes.

func TestLoginByAccessToken(t *testing.T) {
	each(t, func(r *rig) {
		account, err := r.Sandbox.AddAccount(sandbox.Account{UserName: "John", Name: "John Doe", Email: "user@example.com"})
		require.NoError(r, err)
		token, secret := r.Sandbox.Token(account.ID)
		status, body := r.do(request{
			method: http.MethodPost, path: "/users/twitter/login/",
			body: `{"access_token": "` + token + `", "token_secret": "` + secret + `", "unknown": 1}`,
		})
		require.Equal(r, 200, status, body)
		require.Regexp(r, `^\{"key":"mil_[^"]+"\}$`, body)
		key := strings.Split(body, `"`)[3]
		status, body = r.get("/users/info", key)
		require.Equal(r, 200, status)
		require.Contains(r, body, `"first_name":"John","last_name":"Doe","email":"user@example.com"`)
	})
}

func TestLoginByCallback(t *testing.T) {
	each(t, func(r *rig) {
		status, body := r.get("/users/auth-url/", "")
		require.Equal(r, 200, status)
		redirect, err := url.Parse(strings.Split(body, `"`)[3])
		require.NoError(r, err)
		requestToken := redirect.Query().Get("oauth_token")
		require.NotEmpty(r, requestToken)

		noFollow := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		consent, err := noFollow.PostForm(redirect.Scheme+"://"+redirect.Host+redirect.Path, url.Values{ //nolint:noctx // ends with the test
			"oauth_token": {requestToken}, "username": {"Jane"}, "decision": {"allow"},
		})
		require.NoError(r, err)
		require.NoError(r, consent.Body.Close())
		callback, err := consent.Location()
		require.NoError(r, err)
		login := request{
			method: http.MethodPost, path: "/users/twitter/login",
			header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, body: callback.RawQuery,
		}
		status, body = r.do(login)
		require.Equal(r, 200, status, body)
		status, body = r.do(login)
		require.Equal(r, 400, status, body)
		require.Contains(r, body, `{"detail":`)
	})
}

func TestUserEndpoints(t *testing.T) {
	each(t, func(r *rig) {
		john := r.Fan(r.T, "John")
		r.check("info", request{method: "GET", path: "/users/info/", key: john.Key})
		r.check("profile", request{method: "GET", path: "/users/profile/", key: john.Key})
		r.check("profile_patch", request{
			method: "PATCH", path: "/users/profile/", key: john.Key,
			body: `{"last_name": "DOE", "email": "user@example.com", "date_of_birth": "1989-07-07", "mobile_number_prefix": 1, "mobile_number": "70 123 4567"}`,
		})
		r.check("profile_patch_clears", request{
			method: "PATCH", path: "/users/profile/", key: john.Key, body: `{"email": null, "date_of_birth": null}`,
		})
		r.check("profile_patch_wrong", request{
			method: "PATCH", path: "/users/profile/", key: john.Key,
			body: `{"first_name": "Juan", "email": "nonsense", "date_of_birth": "2999-01-01", "mobile_number_prefix": 9999, "is_flag_action": null}`,
		})
		r.check("profile_after", request{method: "GET", path: "/users/profile/", key: john.Key})
		r.check("login_missing", request{method: "POST", path: "/users/twitter/login/", body: `{"access_token": ""}`})
		r.check("login_refused", request{method: "POST", path: "/users/twitter/login/", body: `{"access_token": "a", "token_secret": "b"}`})
		r.check("login_denied", request{method: "POST", path: "/users/twitter/login/", body: `{"denied": "a"}`})

		status, body := r.get("/users/mobile-prefix/", "")
		require.Equal(r, 200, status)
		require.True(r, strings.HasPrefix(body, `[{"pk":1,"dial_code":"+93","name":"Afghanistan"},`), body[:100])

		second := r.LogIn(r.T, john.TwitterID)
		r.check("logout", request{method: "POST", path: "/users/logout/", key: john.Key})
		status, _ = r.get("/users/info/", john.Key)
		require.Equal(r, 401, status)
		status, _ = r.get("/users/info/", second.Key)
		require.Equal(r, 200, status, "the other key lives")
	})
}

func TestArtistAndRankingEndpoints(t *testing.T) {
	each(t, func(r *rig) {
		harry, lola := r.Artist(r.T, "Harry"), r.Artist(r.T, "Lola")
		john, jane := r.Fan(r.T, "John"), r.Fan(r.T, "Jane")
		for _, fan := range []world.Fan{jane, john} {
			r.perform(fan, r.Tweet(r.T, harry, "Go {artist_handle} "+*fan.TwitterUserName))
		}
		r.perform(jane, r.Recommend(r.T, harry, "LINK", fandom.RecommendationChange{
			Link: world.Set("https://example.com/"), Points: ptr(fandom.Points(2_25)),
		}))
		r.check("listing", request{method: "GET", path: "/artist/listing/"})
		r.check("listing_page", request{method: "GET", path: "/artist/listing/?limit=1&offset=1&x=y"})
		r.check("listing_bad_page", request{method: "GET", path: "/artist/listing/?limit=0&offset=-1"})
		r.check("ranking", request{method: "GET", path: "/ranking/artist_id/1/", key: john.Key})
		r.check("ranking_page", request{method: "GET", path: "/ranking/artist_id/1/?limit=1", key: john.Key})
		r.check("ranking_unknown", request{method: "GET", path: "/ranking/artist_id/99/", key: john.Key})
		r.check("ranking_not_a_number", request{method: "GET", path: "/ranking/artist_id/Harry/", key: john.Key})
		r.check("my_rank", request{method: "GET", path: "/ranking/my_rank/artist_id/1/", key: john.Key})
		r.check("my_rank_none", request{method: "GET", path: "/ranking/my_rank/artist_id/2/", key: john.Key})
		r.check("my_global_rank", request{method: "GET", path: "/ranking/my_global_rank/", key: jane.Key})
		_ = lola
	})
}

func (r *rig) perform(fan world.Fan, rec fandom.Recommendation) {
	r.Helper()
	status, body := r.do(performRequest(fan, rec))
	require.Equal(r, 200, status, body)
}

func ptr[T any](value T) *T { return &value }
