package twitter

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"

	"github.com/dghubble/oauth1"
)

// RequestToken begins a login. The token serves once, and Twitter does not say
// for how long. A callback that is not registered for the app is [NotPermitted].
func (c *Client) RequestToken(ctx context.Context) (Token, error) {
	return c.handshake(ctx, func(cfg *oauth1.Config) (string, string, error) {
		return cfg.RequestToken() // checks oauth_callback_confirmed
	})
}

// LoginURL returns the page on which the fan allows the app to act for them.
func (c *Client) LoginURL(requestToken string) string {
	return c.oauth.Endpoint.AuthorizeURL + "?" + url.Values{"oauth_token": {requestToken}}.Encode()
}

// AccessToken ends a login: it exchanges the request token and the verifier of
// the callback. A pair that Twitter does not take is [Revoked] or [Rejected].
// After [Unavailable] and [Invalid] it can be tried again: at worst the verifier
// was used up and the next answer says so.
func (c *Client) AccessToken(ctx context.Context, requestToken Token, verifier string) (Token, error) {
	return c.handshake(ctx, func(cfg *oauth1.Config) (string, string, error) {
		return cfg.AccessToken(requestToken.Token, requestToken.Secret, verifier)
	}, requestToken.Token, requestToken.Secret, verifier)
}

// handshake runs one of the library's two token requests. They take no context,
// read without bound and put the whole answer into their error, so they are
// given an HTTP client of one use that mends all three.
func (c *Client) handshake(ctx context.Context, call func(*oauth1.Config) (string, string, error), secrets ...string) (Token, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	cfg := *c.oauth
	cfg.HTTPClient = &http.Client{
		Transport:     &handshakeTransport{ctx: ctx, client: c, secrets: secrets},
		CheckRedirect: refuseRedirect,
	}
	token, secret, err := call(&cfg)
	if err == nil {
		return Token{Token: token, Secret: secret}, nil
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return Token{}, e
	}
	// Only a 2xx that the library could not use comes here; its error may quote
	// the answer, and is dropped.
	return Token{}, &Error{Class: Invalid, Status: http.StatusOK, Detail: "no usable token in the answer"}
}

// handshakeTransport carries one request under a context and returns a failure
// as an [*Error].
type handshakeTransport struct {
	ctx     context.Context
	client  *Client
	secrets []string
}

func (t *handshakeTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	a, err := t.client.perform(t.client.cfg.Transport, req.Clone(t.ctx), false, t.secrets...)
	if err != nil {
		return nil, err
	}
	return &http.Response{
		// The library takes 200 and 201 for a yes; any other 2xx was one too.
		StatusCode: http.StatusOK, Status: "200 OK", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header, Body: io.NopCloser(bytes.NewReader(a.body)), Request: req,
	}, nil
}
