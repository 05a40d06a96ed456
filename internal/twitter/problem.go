package twitter

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxDetail bounds, in bytes, how much of Twitter's text an [Error] carries.
const maxDetail = 300

// problem is one error object of either API version.
type problem struct {
	Code    looseInt  `json:"code"`
	Message string    `json:"message"`
	Title   string    `json:"title"`
	Detail  string    `json:"detail"`
	Type    string    `json:"type"`
	Errors  []problem `json:"errors"`
}

// looseInt reads a number that may come as a string, and ignores what is
// neither: an odd code must not hide the rest of the error.
type looseInt int

func (n *looseInt) UnmarshalJSON(b []byte) error {
	if v, err := strconv.Atoi(strings.Trim(string(b), `"`)); err == nil {
		*n = looseInt(v)
	}
	return nil
}

// xmlProblems is the form in which the OAuth endpoints sometimes refuse.
type xmlProblems struct {
	Errors []struct {
		Code int    `xml:"code,attr"`
		Text string `xml:",chardata"`
	} `xml:"error"`
}

// failureOf reads why an answer failed. A body that is neither JSON nor XML is
// left out whole: it can be anything, a page that echoes the request included.
func failureOf(status int, write bool, body []byte) failure {
	f := failure{status: status, write: write}
	var top problem
	if json.Unmarshal(body, &top) == nil {
		f.add(top)
		return f
	}
	var x xmlProblems
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("<?xml")) && xml.Unmarshal(body, &x) == nil {
		for _, e := range x.Errors {
			f.add(problem{Code: looseInt(e.Code), Message: e.Text})
		}
	}
	return f
}

// add merges one problem and those inside it; the first text that says
// something is kept in front.
func (f *failure) add(p problem) {
	if p.Code != 0 {
		f.codes = append(f.codes, int(p.Code))
	}
	if p.Type != "" {
		f.types = append(f.types, p.Type)
	}
	for _, text := range []string{p.Detail, p.Message, p.Title} {
		if text != "" {
			f.addDetail(text)
			break
		}
	}
	for _, inner := range p.Errors {
		f.add(inner)
	}
}

func (f *failure) addDetail(text string) {
	switch {
	case f.detail == "":
		f.detail = text
	case !strings.Contains(f.detail, text):
		f.detail += "; " + text
	}
}

// errorOf turns a failed answer into an [*Error]. The secrets are taken out of
// its text, in case a proxy or a stand-in echoes what it was sent.
func (c *Client) errorOf(f failure, header http.Header, secrets ...string) *Error {
	e := &Error{Class: classify(f), Status: f.status, Detail: clean(f.detail, secrets)}
	if len(f.codes) > 0 {
		e.Code = f.codes[0]
	}
	if e.Class == RateLimited || f.status == http.StatusServiceUnavailable {
		e.RetryAt = retryAt(header, c.cfg.Now())
	}
	return e
}

// clean makes text of the outside world fit for one line of a log.
func clean(text string, secrets []string) string {
	for _, s := range secrets {
		if s != "" {
			text = strings.ReplaceAll(text, s, redacted)
		}
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, text)
	if len(text) <= maxDetail {
		return text
	}
	cut := maxDetail
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}
