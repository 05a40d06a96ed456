package sandbox

import (
	"net/http"
	"net/url"
	"strings"
)

// maxChoices is how many accounts the consent page offers, the newest first.
const maxChoices = 30

// consentView is what the consent page shows.
type consentView struct {
	Action   string
	Token    string
	Callback string
	Accounts []Account
	Problem  string
}

// pending finds a login that waits for an answer. The lock is held.
func (s *Sandbox) pending(token string) *requestToken {
	r := s.state.requests[token]
	if r == nil || r.Verifier != "" || s.expired(r) {
		return nil
	}
	return r
}

// consentPage is GET /oauth/authenticate and /oauth/authorize.
func (s *Sandbox) consentPage(c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.pending(c.query("oauth_token"))
	if r == nil {
		return s.deadLogin()
	}
	return s.showConsent(http.StatusOK, c, r, "")
}

func (s *Sandbox) deadLogin() answer {
	return s.page(http.StatusForbidden, "dead", nil)
}

// showConsent draws the page. The lock is held.
func (s *Sandbox) showConsent(status int, c *call, r *requestToken, trouble string) answer {
	view := consentView{Action: s.cfg.BasePath + c.endpoint.pattern, Token: r.Token, Callback: r.Callback, Problem: trouble}
	for i := len(s.state.order) - 1; i >= 0 && len(view.Accounts) < maxChoices; i-- {
		if a := s.state.accounts[s.state.order[i]]; !a.Suspended {
			view.Accounts = append(view.Accounts, *a)
		}
	}
	return s.page(status, "consent", view)
}

// consent takes the answer to the page: an account allows the app, or not.
func (s *Sandbox) consent(c *call) answer {
	params, err := parseForm(string(c.body))
	if err != nil || !c.isForm() {
		return s.deadLogin()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.pending(value(params, "oauth_token"))
	if r == nil {
		return s.deadLogin()
	}
	if value(params, "decision") != "allow" {
		if err := s.commit(event{Kind: requestClosed, ID: r.Token}); err != nil {
			return brokenAnswer(err)
		}
		return backTo(r.Callback, url.Values{"denied": {r.Token}})
	}
	account, trouble, err := s.chosen(value(params, "username"), value(params, "account"))
	if err != nil {
		return brokenAnswer(err)
	}
	if trouble != "" {
		return s.showConsent(http.StatusUnprocessableEntity, c, r, trouble)
	}
	granted := *r
	granted.AccountID, granted.Verifier = account.ID, secret(16)
	if err := s.commit(event{Kind: requestGranted, Request: &granted}); err != nil {
		return brokenAnswer(err)
	}
	return backTo(r.Callback, url.Values{"oauth_token": {r.Token}, "oauth_verifier": {granted.Verifier}})
}

// chosen finds the account of the form, or makes one for a name that is new. A
// typed name goes before the list. The lock is held.
func (s *Sandbox) chosen(typed, id string) (*Account, string, error) {
	typed = strings.TrimPrefix(strings.TrimSpace(typed), "@")
	account := s.state.accounts[id]
	if typed != "" {
		account = s.state.byName(typed)
	}
	switch {
	case account != nil && account.Suspended:
		return nil, "That account is suspended.", nil
	case account != nil:
		return account, "", nil
	case typed == "":
		return nil, "Choose an account or type a user name.", nil
	case !validName(typed):
		return nil, "A user name has one to fifteen letters, digits and underscores.", nil
	}
	made, err := s.addAccount(Account{UserName: typed, Email: strings.ToLower(typed) + "@example.com"})
	return made, "", err
}

// backTo sends the browser to the callback, whose own parameters stay.
func backTo(callback string, values url.Values) answer {
	address, err := url.Parse(callback)
	if err != nil {
		return brokenAnswer(err)
	}
	query := address.Query()
	for name := range values {
		query.Set(name, values.Get(name))
	}
	address.RawQuery = query.Encode()
	a := bodyAnswer(http.StatusSeeOther, "text/plain", nil)
	a.header.Set("Location", address.String())
	return a
}
