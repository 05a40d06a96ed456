package sandbox

import (
	"net/http"
	"net/url"
	"time"
)

// requestLifetime is how long a login may take.
const requestLifetime = 15 * time.Minute

func (s *Sandbox) expired(r *requestToken) bool { return s.cfg.Now().Sub(r.At) > requestLifetime }

// oauthParams are the parameters of a signed request, wherever they stand.
func (c *call) oauthParams() []param {
	params, _, _ := parseAuthorization(c.header("Authorization"))
	query, _ := parseForm(c.r.URL.RawQuery)
	params = append(params, query...)
	if c.isForm() {
		form, _ := parseForm(string(c.body))
		params = append(params, form...)
	}
	return params
}

func formAnswer(values url.Values) answer {
	// Twitter calls its forms text/html.
	return bodyAnswer(http.StatusOK, "text/html;charset=utf-8", []byte(values.Encode()))
}

// requestToken is POST /oauth/request_token: a login begins.
func (s *Sandbox) requestToken(c *call) answer {
	callback := value(c.oauthParams(), "oauth_callback")
	address, err := url.Parse(callback)
	usable := err == nil && address.IsAbs()
	if !usable || s.cfg.CallbackURL != "" && callback != s.cfg.CallbackURL {
		return *refuseCode(c, http.StatusForbidden, 415, "Callback URL not approved for this client application. Approved callback URLs can be adjusted in your application settings")
	}
	r := &requestToken{Token: secret(20), Secret: secret(24), Callback: callback, At: s.cfg.Now()}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.commit(event{Kind: requestIssued, Request: r}); err != nil {
		return brokenAnswer(err)
	}
	return formAnswer(url.Values{
		"oauth_token": {r.Token}, "oauth_token_secret": {r.Secret}, "oauth_callback_confirmed": {"true"},
	})
}

// accessToken is POST /oauth/access_token: a login ends. The verifier belongs to
// the request token that signs, and both serve once.
func (s *Sandbox) accessToken(c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.state.requests[c.request.Token]
	if r == nil || r.Verifier == "" || value(c.oauthParams(), "oauth_verifier") != r.Verifier {
		return *refuseCode(c, http.StatusUnauthorized, 89, "Invalid or expired token.")
	}
	account := s.state.accounts[r.AccountID]
	if err := s.commit(event{Kind: requestClosed, ID: r.Token}); err != nil {
		return brokenAnswer(err)
	}
	t, err := s.issue(account.ID)
	if err != nil {
		return brokenAnswer(err)
	}
	return formAnswer(url.Values{
		"oauth_token": {t.Token}, "oauth_token_secret": {t.Secret},
		"user_id": {account.ID}, "screen_name": {account.UserName},
	})
}

// issue returns the account's access token, a new one where it has none that is
// good: as on Twitter, logging in again brings the same. The lock is held.
func (s *Sandbox) issue(accountID string) (*accessToken, error) {
	if t := s.state.current[accountID]; t != nil {
		return t, nil
	}
	t := &accessToken{Token: accountID + "-" + secret(24), Secret: secret(32), AccountID: accountID}
	return t, s.commit(event{Kind: tokenIssued, Token: t})
}
