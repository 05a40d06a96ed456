package twitter

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/dghubble/oauth1"
)

// request is one call of the API.
type request struct {
	method string
	path   string // below the base, already escaped
	query  url.Values
	body   any // sent as JSON; nil for none
	token  Token
}

// write reports whether the call changes something, so that its failure may
// leave open whether it happened.
func (r request) write() bool { return r.method != http.MethodGet }

// answer is what came back with a status of 2xx.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// send makes one call of the API and returns a 2xx answer or an [*Error].
func (c *Client) send(ctx context.Context, r request) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	if r.token.IsZero() {
		return c.sendAsApp(ctx, r)
	}
	signing := oauth1.NewClient(
		// Of this client the library keeps the transport alone.
		context.WithValue(ctx, oauth1.HTTPClient, &http.Client{Transport: c.cfg.Transport}),
		c.oauth, oauth1.NewToken(r.token.Token, r.token.Secret))
	return c.exchange(ctx, signing.Transport, r, "")
}

// exchange sends the request through rt and reads the answer. A read that met a
// connection which the other side had given up is sent once more, signed anew.
func (c *Client) exchange(ctx context.Context, rt http.RoundTripper, r request, authorization string) (answer, error) {
	a, err := c.attempt(ctx, rt, r, authorization)
	if e, ok := errors.AsType[*Error](err); ok && e.stale && !r.write() && ctx.Err() == nil {
		return c.attempt(ctx, rt, r, authorization)
	}
	return a, err
}

func (c *Client) attempt(ctx context.Context, rt http.RoundTripper, r request, authorization string) (answer, error) {
	target := c.cfg.APIURL + r.path
	if len(r.query) > 0 {
		target += "?" + r.query.Encode()
	}
	var body io.Reader
	if r.body != nil {
		data, err := json.Marshal(r.body)
		if err != nil {
			return answer{}, &Error{Class: Rejected, Detail: "the request could not be encoded", cause: err}
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, target, body)
	if err != nil {
		return answer{}, &Error{Class: Unavailable, Detail: "the request could not be built", cause: err}
	}
	if r.body == nil {
		// Go's transport repeats a GET by itself where a kept connection broke, with
		// the same nonce: if the first one had arrived, Twitter would refuse the
		// second as a replay, and that would look like a revoked token. A body that
		// cannot be read again stops it; being empty, nothing of it is sent.
		req.Body = io.NopCloser(strings.NewReader(""))
	}
	req.Header.Set("Accept", "application/json")
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	return c.perform(rt, req, r.write(), r.token.Token, r.token.Secret)
}

// perform sends req, reads at most [maxBody] of the answer and turns anything
// but a 2xx into an [*Error] with the secrets taken out.
func (c *Client) perform(rt http.RoundTripper, req *http.Request, write bool, secrets ...string) (answer, error) {
	if err := req.Context().Err(); err != nil {
		return answer{}, &Error{Class: Unavailable, Detail: "not sent", cause: err}
	}
	secrets = append(secrets, c.cfg.ConsumerSecret)
	var track tracker
	req = req.WithContext(httptrace.WithClientTrace(req.Context(), track.trace()))
	resp, err := (&http.Client{Transport: rt, CheckRedirect: refuseRedirect}).Do(req)
	if err != nil {
		class := Unavailable
		if track.sent() {
			class = unreached(write)
		}
		return answer{}, &Error{Class: class, Detail: "no answer", cause: err, stale: track.reused.Load()}
	}
	defer func() { _ = resp.Body.Close() }()

	body, err := readBounded(resp.Body)
	if err != nil {
		// A status that refuses was heard, whatever became of its body.
		if resp.StatusCode < 300 || resp.StatusCode >= http.StatusInternalServerError {
			return answer{}, &Error{Class: unreadable(write, err), Status: resp.StatusCode, Detail: "the answer broke off", cause: err}
		}
		body = nil
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return answer{}, c.errorOf(failureOf(resp.StatusCode, write, body), resp.Header, secrets...)
	}
	return answer{status: resp.StatusCode, header: resp.Header, body: body}, nil
}

// errTooBig says that an answer is longer than any sensible one.
var errTooBig = errors.New("the answer is longer than 1 MiB")

// readBounded reads at most [maxBody] bytes.
func readBounded(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxBody+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxBody {
		return nil, errTooBig
	}
	return body, nil
}

// unreadable is the class of a success whose body could not be read.
func unreadable(write bool, err error) Class {
	if errors.Is(err, errTooBig) && !write {
		return Invalid
	}
	return unreached(write)
}

// nonsense is the error of a 2xx that cannot be understood.
func nonsense(r request, a answer, cause error) *Error {
	class := Invalid
	if r.write() {
		class = Uncertain
	}
	return &Error{Class: class, Status: a.status, Detail: "the answer makes no sense", cause: cause}
}

// tracker tells whether any of a request can have left this machine, and whether
// it went by a connection that had been kept.
type tracker struct{ asked, connected, reused atomic.Bool }

func (t *tracker) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { t.asked.Store(true) },
		GotConn: func(info httptrace.GotConnInfo) {
			t.connected.Store(true)
			t.reused.Store(info.Reused)
		},
	}
}

// sent is false only where a connection was asked for and never had. A transport
// that does not trace is taken to have sent.
func (t *tracker) sent() bool { return !t.asked.Load() || t.connected.Load() }

// decode reads the "data" of a v2 answer into out. It returns false, nil where
// the answer is sound and has none; errors without data are an [*Error].
func (c *Client) decode(r request, a answer, out any) (bool, error) {
	var envelope struct {
		Data   json.RawMessage `json:"data"`
		Errors []problem       `json:"errors"`
	}
	if err := json.Unmarshal(a.body, &envelope); err != nil {
		return false, nonsense(r, a, errNotJSON)
	}
	if len(envelope.Data) == 0 || string(envelope.Data) == "null" {
		if len(envelope.Errors) == 0 {
			return false, nil
		}
		f := failure{status: a.status, write: r.write()}
		for _, p := range envelope.Errors {
			f.add(p)
		}
		return false, c.errorOf(f, a.header, r.token.Token, r.token.Secret, c.cfg.ConsumerSecret)
	}
	if err := json.Unmarshal(envelope.Data, out); err != nil {
		return false, nonsense(r, a, errNotJSON)
	}
	return true, nil
}

// errNotJSON stands for json's own errors, which quote the answer.
var errNotJSON = errors.New("not the JSON that was expected")

// one makes a call and decodes its data, which has to be there.
func (c *Client) one(ctx context.Context, r request, out any) error {
	a, err := c.send(ctx, r)
	if err != nil {
		return err
	}
	found, err := c.decode(r, a, out)
	if err == nil && !found {
		return nonsense(r, a, errors.New("no data"))
	}
	return err
}

// refuse is the error of a call that is not made because an argument cannot be
// right.
func refuse(class Class, format string, args ...any) *Error {
	return &Error{Class: class, Detail: fmt.Sprintf(format, args...)}
}
