package twitter

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// bearerCache keeps the app's own token. The channel is a lock that a caller
// whose time is up can stop waiting for.
type bearerCache struct {
	lock  chan struct{}
	value *string
}

func newBearerCache() bearerCache {
	return bearerCache{lock: make(chan struct{}, 1), value: new(string)}
}

// sendAsApp makes a call with the app's bearer token. One that Twitter no
// longer takes is replaced, once.
func (c *Client) sendAsApp(ctx context.Context, r request) (answer, error) {
	stale := ""
	for {
		token, err := c.bearerToken(ctx, stale)
		if err != nil {
			return answer{}, err
		}
		r.token = Token{} // nothing of a fan's goes along
		a, err := c.exchange(ctx, c.cfg.Transport, r, "Bearer "+token)
		if ClassOf(err) != Revoked {
			return a, err
		}
		if stale != "" {
			return answer{}, appRefused(err)
		}
		stale = token
	}
}

// bearerToken returns the cached token, or asks for one if there is none but
// the stale one.
func (c *Client) bearerToken(ctx context.Context, stale string) (string, error) {
	select {
	case c.bearer.lock <- struct{}{}:
		defer func() { <-c.bearer.lock }()
	case <-ctx.Done():
		return "", &Error{Class: Unavailable, Detail: "not sent", cause: ctx.Err()}
	}
	if cached := *c.bearer.value; cached != "" && cached != stale {
		return cached, nil
	}
	token, err := c.fetchBearer(ctx)
	if err != nil {
		return "", err
	}
	*c.bearer.value = token
	return token, nil
}

// fetchBearer exchanges the consumer key and secret for the app's token.
func (c *Client) fetchBearer(ctx context.Context) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.cfg.APIURL+"/oauth2/token",
		strings.NewReader("grant_type=client_credentials"))
	if err != nil {
		return "", &Error{Class: Unavailable, Detail: "the request could not be built", cause: err}
	}
	basic := url.QueryEscape(c.cfg.ConsumerKey) + ":" + url.QueryEscape(c.cfg.ConsumerSecret)
	req.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(basic)))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")
	a, err := c.perform(c.cfg.Transport, req, false)
	if err != nil {
		if IsTemporary(err) {
			return "", err
		}
		return "", appRefused(err)
	}
	var body struct {
		Type  string `json:"token_type"`
		Token string `json:"access_token"`
	}
	if json.Unmarshal(a.body, &body) != nil || !strings.EqualFold(body.Type, "bearer") || body.Token == "" {
		return "", &Error{Class: Invalid, Status: a.status, Detail: "no bearer token in the answer"}
	}
	return body.Token, nil
}

// appRefused is the class of a refusal of the app itself: no fan can mend it by
// logging in, an operator can, and then the call succeeds.
func appRefused(err error) error {
	return &Error{Class: Unavailable, Detail: "Twitter refuses the app's own credentials", cause: err}
}
