package sandbox

import (
	"crypto/hmac"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// tolerance is how far a timestamp may be off.
const tolerance = 300 * time.Second

// access says who may call an endpoint.
type access int

const (
	open      access = iota // anybody; the endpoint checks for itself
	consumer                // the app, signing without a token
	requester               // a login under way, signing with its request token
	user                    // a fan's access token
	userOrApp               // a fan's access token, or the app's bearer token
)

// nonces remembers who used what, for as long as a timestamp is good.
type nonces struct {
	seen  map[string]time.Time
	swept time.Time
}

func newNonces() nonces { return nonces{seen: map[string]time.Time{}} }

// use reports whether a nonce is new, and remembers it.
func (n *nonces) use(key string, now time.Time) bool {
	if now.Sub(n.swept) > tolerance {
		n.swept = now
		for k, at := range n.seen {
			if now.Sub(at) > 2*tolerance {
				delete(n.seen, k)
			}
		}
	}
	if _, used := n.seen[key]; used {
		return false
	}
	n.seen[key] = now
	return true
}

// authenticate checks who calls, fills in c.account, c.token or c.app, and
// returns the refusal where there is one.
func (s *Sandbox) authenticate(c *call, who access) *answer {
	if who == open {
		return nil
	}
	if who == userOrApp && c.header("Authorization") == "Bearer "+s.bearer() {
		c.app = true
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	params, signed, err := parseAuthorization(c.header("Authorization"))
	if !signed || err != nil {
		return refuseCode(c, http.StatusUnauthorized, 215, "Bad Authentication data.")
	}
	tokenSecret, refusal := s.credentials(c, params, who)
	if refusal != nil {
		return refusal
	}
	if !s.signatureHolds(c, params, tokenSecret) {
		return refuseCode(c, http.StatusUnauthorized, 32, "Could not authenticate you.")
	}
	// Remembered only now: a forged request must not use up a nonce.
	nonce := value(params, "oauth_token") + "\n" + value(params, "oauth_timestamp") + "\n" + value(params, "oauth_nonce")
	if !s.nonces.use(nonce, s.cfg.SignatureNow()) {
		return refuseCode(c, http.StatusUnauthorized, 32, "Could not authenticate you.")
	}
	if c.account != nil && c.account.Suspended {
		return refuseCode(c, http.StatusForbidden, 64, "Your account is suspended and is not permitted to access this feature.")
	}
	return nil
}

// credentials checks everything but the signature, and finds the token's secret.
func (s *Sandbox) credentials(c *call, params []param, who access) (string, *answer) {
	once := map[string]int{}
	for _, p := range params {
		once[p.name]++
	}
	for _, name := range []string{"oauth_consumer_key", "oauth_nonce", "oauth_timestamp", "oauth_signature", "oauth_signature_method"} {
		if once[name] != 1 || value(params, name) == "" {
			return "", refuseCode(c, http.StatusBadRequest, 215, "Bad Authentication data.")
		}
	}
	if value(params, "oauth_signature_method") != "HMAC-SHA1" || once["oauth_version"] > 0 && value(params, "oauth_version") != "1.0" {
		return "", refuseCode(c, http.StatusBadRequest, 215, "Bad Authentication data.")
	}
	if value(params, "oauth_consumer_key") != s.cfg.ConsumerKey {
		return "", refuseCode(c, http.StatusUnauthorized, 32, "Could not authenticate you.")
	}
	seconds, err := strconv.ParseInt(value(params, "oauth_timestamp"), 10, 64)
	if off := s.cfg.SignatureNow().Sub(time.Unix(seconds, 0)); err != nil || off > tolerance || off < -tolerance {
		return "", refuseCode(c, http.StatusUnauthorized, 135, "Timestamp out of bounds.")
	}
	return s.tokenSecret(c, value(params, "oauth_token"), who)
}

// tokenSecret finds the token that signs, by the kind that the endpoint wants.
func (s *Sandbox) tokenSecret(c *call, token string, who access) (string, *answer) {
	unknown := refuseCode(c, http.StatusUnauthorized, 89, "Invalid or expired token.")
	switch who {
	case consumer:
		if token != "" {
			return "", unknown
		}
		return "", nil
	case requester:
		r := s.state.requests[token]
		if r == nil || s.expired(r) {
			return "", unknown
		}
		c.request = r
		return r.Secret, nil
	default:
		t := s.state.tokens[token]
		if t == nil || t.Revoked || s.state.accounts[t.AccountID] == nil {
			return "", unknown
		}
		c.account = s.state.accounts[t.AccountID]
		return t.Secret, nil
	}
}

// signatureHolds signs the request as the client should have.
func (s *Sandbox) signatureHolds(c *call, header []param, tokenSecret string) bool {
	all := append([]param(nil), header...)
	query, err := parseForm(c.r.URL.RawQuery)
	if err != nil {
		return false
	}
	all = append(all, query...)
	if c.isForm() {
		form, err := parseForm(string(c.body))
		if err != nil {
			return false
		}
		all = append(all, form...)
	}
	scheme := "http"
	if c.r.TLS != nil {
		scheme = "https"
	}
	base := baseString(c.r.Method, scheme, c.r.Host, c.r.URL.EscapedPath(), all)
	want := hmacSHA1(base, s.cfg.ConsumerSecret, tokenSecret)
	return hmac.Equal([]byte(want), []byte(value(header, "oauth_signature")))
}

// isForm reports whether the body is a form, the only kind that is signed.
func (c *call) isForm() bool {
	kind, _, err := mime.ParseMediaType(c.header("Content-Type"))
	return err == nil && kind == "application/x-www-form-urlencoded"
}

// bearer is the app's own token: as on Twitter always the same one, so that it
// need not be kept.
func (s *Sandbox) bearer() string {
	return "AAAA" + escape(hmacSHA1("bearer token", s.cfg.ConsumerKey, s.cfg.ConsumerSecret))
}

// bearerToken is POST /oauth2/token.
func (s *Sandbox) bearerToken(c *call) answer {
	key, password, ok := c.r.BasicAuth()
	k, errKey := url.QueryUnescape(key)
	p, errPassword := url.QueryUnescape(password)
	form, errForm := parseForm(string(c.body))
	switch {
	case !ok, errKey != nil, errPassword != nil, !hmac.Equal([]byte(k+"\n"+p), []byte(s.cfg.ConsumerKey+"\n"+s.cfg.ConsumerSecret)):
		return *refuseCode(c, http.StatusForbidden, 99, "Unable to verify your credentials")
	case errForm != nil, !c.isForm(), value(form, "grant_type") != "client_credentials":
		return *refuseCode(c, http.StatusBadRequest, 170, "Missing required parameter: grant_type")
	}
	return jsonAnswer(http.StatusOK, map[string]string{"token_type": "bearer", "access_token": s.bearer()})
}

// value returns the first parameter with that name.
func value(params []param, name string) string {
	for _, p := range params {
		if p.name == name {
			return p.value
		}
	}
	return ""
}
