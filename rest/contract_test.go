package rest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/twitter/sandbox"
	"madeinlatino.net/madeinlatino/rest"
)

// concrete gives a path that exists for a route's pattern.
func concrete(route rest.Route) string { return strings.ReplaceAll(route.Path, "{id}", "1") }

func TestWhatEveryEndpointDoes(t *testing.T) {
	each(t, func(r *rig) {
		r.Artist(r.T, "Harry")
		john := r.Fan(r.T, "John")
		methods := map[string][]string{}
		for _, route := range rest.Routes() {
			methods[concrete(route)] = append(methods[concrete(route)], route.Method)
		}
		for _, route := range rest.Routes() {
			path := concrete(route)
			if route.Who == rest.Token {
				answer := r.send(request{method: route.Method, path: path})
				require.Equal(r, 401, answer.StatusCode, path)
				require.Equal(r, "Token", answer.Header.Get("WWW-Authenticate"))
				require.NoError(r, answer.Body.Close())
			}
			notAcceptable := r.send(request{method: route.Method, path: path, key: john.Key, header: http.Header{"Accept": {"image/png"}}})
			require.Equal(r, 406, notAcceptable.StatusCode, path)
			require.NotEmpty(r, notAcceptable.Header.Get("X-Request-ID"))
			require.NoError(r, notAcceptable.Body.Close())
			if route.Method == http.MethodGet {
				with, withBody := r.get(path, john.Key)
				without, withoutBody := r.get(strings.TrimSuffix(path, "/"), john.Key)
				require.Equal(r, with, without, path)
				if path != "/users/auth-url/" { // a fresh token each time
					require.Equal(r, withBody, withoutBody, path)
				}
				head := r.send(request{method: http.MethodHead, path: path, key: john.Key})
				require.Equal(r, with, head.StatusCode, path)
				require.NoError(r, head.Body.Close())
				continue
			}
			for contentType, status := range map[string]int{
				"text/xml": 415, "application/json; charset=latin1": 415, "nonsense": 415, "application/json": 400,
			} {
				got, body := r.do(request{
					method: route.Method, path: path, key: john.Key, body: `{"a": `, header: http.Header{"Content-Type": {contentType}},
				})
				require.Equal(r, status, got, "%s %s: %s", path, contentType, body)
			}
			for body, status := range map[string]int{
				`[1]`: 400, `"text"`: 400, `{"a":1} {"b":2}`: 400, "{\"a\": \"\xff\"}": 400, `{"a": "` + strings.Repeat("x", 1<<20) + `"}`: 413,
			} {
				got, answer := r.do(request{method: route.Method, path: path, key: john.Key, body: body})
				require.Equal(r, status, got, "%s: %s", path, answer)
				require.Contains(r, answer, `{"detail":`)
				require.NotContains(r, answer, "xxxx")
			}
		}
		for path, allowed := range methods {
			answer := r.send(request{method: http.MethodDelete, path: path})
			require.Equal(r, 405, answer.StatusCode, path)
			require.NoError(r, answer.Body.Close())
			for _, method := range append(allowed, http.MethodOptions) {
				require.Contains(r, answer.Header.Get("Allow"), method)
			}
			options := r.send(request{method: http.MethodOptions, path: path})
			require.Equal(r, 204, options.StatusCode)
			require.Equal(r, answer.Header.Get("Allow"), options.Header.Get("Allow"))
			require.NoError(r, options.Body.Close())
		}
		r.check("not_found", request{method: "GET", path: "/no/such/path"})
	})
}

func TestBearerWorksAndTheSchemeIgnoresCase(t *testing.T) {
	each(t, func(r *rig) {
		john := r.Fan(r.T, "John")
		for _, scheme := range []string{"Token ", "token ", "Bearer ", "BEARER "} {
			answer := r.send(request{method: "GET", path: "/users/profile/", header: http.Header{"Authorization": {scheme + john.Key}}})
			require.Equal(r, 200, answer.StatusCode, scheme)
			require.NoError(r, answer.Body.Close())
		}
	})
}

func TestAcceptIsReadWithItsQualities(t *testing.T) {
	each(t, func(r *rig) {
		for accept, status := range map[string]int{
			"*/*": 200, "application/*": 200, "text/html, application/json;q=0.1": 200,
			"application/json;q=0, */*": 406, "text/html": 406, "text/html, */*;q=0.5": 200,
		} {
			answer := r.send(request{method: "GET", path: "/artist/listing/", header: http.Header{"Accept": {accept}}})
			require.Equal(r, status, answer.StatusCode, accept)
			require.NoError(r, answer.Body.Close())
		}
	})
}

func TestTwitterDownIs503AndStoresNothing(t *testing.T) {
	each(t, func(r *rig) {
		account, err := r.Sandbox.AddAccount(sandbox.Account{UserName: "John"})
		require.NoError(r, err)
		token, secret := r.Sandbox.Token(account.ID)
		r.Sandbox.Inject(sandbox.Fault{Kind: sandbox.FaultErrorBefore})
		for _, q := range []request{
			{method: "GET", path: "/users/auth-url/"},
			{method: "POST", path: "/users/twitter/login/", body: `{"access_token": "` + token + `", "token_secret": "` + secret + `"}`},
		} {
			answer := r.send(q)
			require.Equal(r, 503, answer.StatusCode, q.path)
			require.NotEmpty(r, answer.Header.Get("Retry-After"))
			require.NoError(r, answer.Body.Close())
		}
		n, err := r.Store.Client(r.Context()).RequestToken.Query().Count(r.Context())
		require.NoError(r, err)
		require.Zero(r, n)
		n, err = r.Store.Client(r.Context()).User.Query().Count(r.Context())
		require.NoError(r, err)
		require.Zero(r, n)
	})
}

func TestAPathThatIsNotCleanIsUnknown(t *testing.T) {
	each(t, func(r *rig) {
		r.Artist(r.T, "Harry")
		john := r.Fan(r.T, "John")
		for _, path := range []string{
			"//artist/listing/", "/artist//listing", "/artist/listing//", "/ranking/artist_id/1//", "/a/../artist/listing/",
			"/artist/./listing/", "/artist/listing/..", "//", "/%2e%2e/artist/listing/", "/artist/%2Flisting/",
		} {
			answer := r.send(request{method: "GET", path: "http://api.example.com" + path, key: john.Key})
			require.Equal(r, 404, answer.StatusCode, path)
			require.Equal(r, "application/json", answer.Header.Get("Content-Type"), path)
			require.NoError(r, answer.Body.Close())
		}
	})
}

func TestNumbersArePlainDigits(t *testing.T) {
	each(t, func(r *rig) {
		r.Artist(r.T, "Harry")
		john := r.Fan(r.T, "John")
		for path, want := range map[string]int{
			"/artist/listing/?limit=%2B1": 400, "/artist/listing/?limit=+1": 400, "/artist/listing/?limit=1+": 400,
			"/artist/listing/?limit=": 400, "/artist/listing/?offset=-0": 400, "/artist/listing/?limit=01": 200,
			"/artist/listing/?offset=99999999999999999999": 400,
			"/artist/listing/?limit=5;x=1":                 400, "/artist/listing/?limit=%zz": 400,
			"/ranking/artist_id/1/?limit=5;x=1": 400, "/action/?artist=1;x=1": 400,
			"/ranking/artist_id/%2B1/": 404, "/ranking/artist_id/+1/": 404, "/ranking/artist_id/0/": 404,
			"/ranking/artist_id/-1/": 404, "/ranking/artist_id/99999999999999999999/": 404,
			"/action/?artist=1": 200, "/action/?artist=0": 404, "/action/?artist=-1": 404,
			"/action/?artist=2147483647": 404, "/action/?artist=99999999999999999999": 404,
			"/action/?artist=%2B1": 400, "/action/?artist=+1": 400, "/action/?artist=1.0": 400, "/action/?artist=-": 400,
			"/action/?artist=99999999999999999999x": 400,
		} {
			status, body := r.get(path, john.Key)
			require.Equal(r, want, status, "%s: %s", path, body)
		}
		r.check("query_malformed", request{method: "GET", path: "/artist/listing/?limit=5;x=1"})
		r.check("actions_no_artist", request{method: "GET", path: "/action/?artist=0", key: john.Key})
	})
}

func TestNULInATextIsRefused(t *testing.T) {
	each(t, func(r *rig) {
		john := r.Fan(r.T, "John")
		r.check("profile_nul", request{method: "PATCH", path: "/users/profile/", key: john.Key, body: `{"first_name": "a\u0000b"}`})
		status, _ := r.do(request{
			method: "PATCH", path: "/users/profile/", key: john.Key, body: "first_name=a%00b",
			header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
		})
		require.Equal(r, 400, status)
	})
}
