package sandbox

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// call is one request: its body is read, its caller known.
type call struct {
	r        *http.Request
	body     []byte
	endpoint endpoint
	account  *Account      // the fan who acts; nil for the app
	request  *requestToken // the login that signs
	app      bool          // the app asks with its bearer token
}

func (c *call) header(name string) string { return c.r.Header.Get(name) }
func (c *call) query(name string) string  { return c.r.URL.Query().Get(name) }

// answer is a response that is not written yet, so that a fault can still
// replace it.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) write(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

func bodyAnswer(status int, contentType string, body []byte) answer {
	return answer{status: status, header: http.Header{"Content-Type": {contentType}}, body: body}
}

func jsonAnswer(status int, v any) answer {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // Twitter escapes HTML in texts, by entities
	if err := e.Encode(v); err != nil {
		return bodyAnswer(http.StatusInternalServerError, "text/plain", []byte(err.Error()))
	}
	return bodyAnswer(status, "application/json; charset=utf-8", b.Bytes())
}

func dataAnswer(status int, data any) answer {
	return jsonAnswer(status, map[string]any{"data": data})
}

// problem is an error object of v2; the host in its type varies, so clients go
// by the last segment.
type problem struct {
	Title    string        `json:"title"`
	Detail   string        `json:"detail"`
	Type     string        `json:"type"`
	Status   int           `json:"status,omitempty"`
	Reason   string        `json:"reason,omitempty"`
	Resource string        `json:"resource_type,omitempty"`
	Value    string        `json:"value,omitempty"`
	Errors   []codeMessage `json:"errors,omitempty"`
}

// codeMessage is an error object of v1.1.
type codeMessage struct {
	Code    int    `json:"code,omitempty"`
	Message string `json:"message"`
}

// problemBase is in front of the type of a problem.
const problemBase = "https://api.twitter.com/2/problems/"

func refuse(status int, title, kind, detail string) answer {
	if kind != "about:blank" {
		kind = problemBase + kind
	}
	return jsonAnswer(status, problem{Title: title, Detail: detail, Type: kind, Status: status})
}

// invalid is the answer to a request that makes no sense.
func invalid(detail string) answer {
	return jsonAnswer(http.StatusBadRequest, problem{
		Title: "Invalid Request", Detail: "One or more parameters to your request was invalid.",
		Type: problemBase + "invalid-request", Errors: []codeMessage{{Message: detail}},
	})
}

// forbidden is the refusal that only its text tells apart.
func forbidden(detail string) answer {
	return refuse(http.StatusForbidden, "Forbidden", "about:blank", detail)
}

// refuseCode refuses with a code of v1.1. On a path of v2 the problem stands
// around it, as Twitter does in places.
func refuseCode(c *call, status, code int, message string) *answer {
	errs := []codeMessage{{Code: code, Message: message}}
	a := jsonAnswer(status, map[string]any{"errors": errs})
	if strings.HasPrefix(c.endpoint.pattern, "/2/") {
		a = jsonAnswer(status, problem{
			Title: http.StatusText(status), Detail: message, Type: "about:blank", Status: status, Errors: errs,
		})
	}
	return &a
}

// missing is the odd way in which v2 says that something read does not exist:
// status 200, errors, no data.
func missing(resource, parameter, value, reason string) problem {
	detail := "Could not find " + resource + " with " + parameter + ": [" + value + "]."
	if reason != "" {
		detail = reason + ": [" + value + "]."
	}
	return problem{
		Title: "Not Found Error", Detail: detail, Type: problemBase + "resource-not-found", Resource: resource, Value: value,
	}
}

func missingAnswer(p problem) answer {
	return jsonAnswer(http.StatusOK, map[string]any{"errors": []problem{p}})
}

// brokenAnswer is for a journal that cannot be written.
func brokenAnswer(err error) answer {
	return refuse(http.StatusInternalServerError, "Internal Server Error", "about:blank", "sandbox: "+err.Error())
}

// intQuery reads a number of the query within bounds; fallback where it is left
// out, false where it is out of bounds.
func (c *call) intQuery(name string, low, high, fallback int) (int, bool) {
	text := c.query(name)
	if text == "" {
		return fallback, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && low <= n && n <= high
}
