package sandbox

import (
	"io"
	"maps"
	"net/http"
	"strings"
)

// maxBody bounds a request's body, in bytes.
const maxBody = 1 << 20

// endpoint is one line of the table below.
type endpoint struct {
	method  string
	pattern string // below the base path
	who     access
	limit   int // calls of a user in a window; 0 for no limit
	do      func(*call) answer
}

// name is the key of the endpoint's limit.
func (e endpoint) name() string { return e.method + " " + e.pattern }

// v2 reports whether its errors are problems of the second version.
func (e endpoint) v2() bool { return strings.HasPrefix(e.pattern, "/2/") }

// endpoints is everything that the sandbox serves.
func (s *Sandbox) endpoints() []endpoint {
	const get, post = http.MethodGet, http.MethodPost
	list := []endpoint{
		{method: post, pattern: "/oauth/request_token", who: consumer, do: s.requestToken},
		{method: get, pattern: "/oauth/authenticate", do: s.consentPage},
		{method: post, pattern: "/oauth/authenticate", do: s.consent},
		{method: get, pattern: "/oauth/authorize", do: s.consentPage},
		{method: post, pattern: "/oauth/authorize", do: s.consent},
		{method: post, pattern: "/oauth/access_token", who: requester, do: s.accessToken},
		{method: post, pattern: "/oauth2/token", do: s.bearerToken},

		{method: get, pattern: "/1.1/account/verify_credentials.json", who: user, do: s.verifyCredentials},
		{method: get, pattern: "/2/users/me", who: user, do: s.me},
		{method: get, pattern: "/2/users", who: userOrApp, do: s.usersByIDs},
		{method: get, pattern: "/2/users/{id}", who: userOrApp, do: s.userByID},
		{method: get, pattern: "/2/users/by/username/{name}", who: userOrApp, do: s.userByName},
		{method: get, pattern: "/2/users/{id}/tweets", who: userOrApp, do: s.userTweets},
		{method: get, pattern: "/2/users/{id}/followers", who: userOrApp, do: s.followers},
		{method: post, pattern: "/2/users/{id}/retweets", who: user, do: s.repost},
		{method: post, pattern: "/2/users/{id}/likes", who: user, do: s.like},
		{method: post, pattern: "/2/users/{id}/following", who: user, do: s.follow},
		{method: post, pattern: "/2/tweets", who: user, do: s.createTweet},
		{method: get, pattern: "/2/tweets/{id}", who: userOrApp, do: s.readTweet},
		{method: http.MethodDelete, pattern: "/2/tweets/{id}", who: user, do: s.deleteTweet},

		{method: get, pattern: "/profile_images/{id}/{file}", do: s.profileImage},
		{method: get, pattern: "/tweets.json", do: s.tweetsJSON},
		{method: get, pattern: "/{$}", do: s.indexPage},
	}
	limits := s.cfg.limits()
	for i := range list {
		list[i].limit = limits[list[i].name()]
	}
	return list
}

func (s *Sandbox) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for _, e := range s.endpoints() {
		mux.Handle(e.method+" "+s.cfg.BasePath+e.pattern, s.serve(e))
	}
	mux.HandleFunc(s.cfg.BasePath+"/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(http.StatusNotFound, "Not Found", "about:blank", "The sandbox has no such path or method.").write(w)
	})
	return mux
}

// serve reads a request, checks who sends it, lets a fault strike, counts it,
// and does it.
func (s *Sandbox) serve(e endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			refuse(http.StatusRequestEntityTooLarge, "Payload Too Large", "about:blank", "The body cannot be read.").write(w)
			return
		}
		c := &call{r: r, body: body, endpoint: e}
		if refusal := s.authenticate(c, e.who); refusal != nil {
			refusal.write(w)
			return
		}
		struck := s.faults.strike(c, strings.TrimPrefix(r.URL.Path, s.cfg.BasePath))
		if a, done := struck.before(s, c); done {
			a.writeOrDrop(w)
			return
		}
		header := http.Header{}
		a := answer{}
		if refusal := s.take(c, header); refusal != nil {
			a = *refusal
		} else {
			a = struck.after(c, e.do(c))
		}
		if a.header == nil {
			a.header = http.Header{}
		}
		maps.Copy(a.header, header)
		a.writeOrDrop(w)
	})
}
