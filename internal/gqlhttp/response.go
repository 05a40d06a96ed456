package gqlhttp

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// encode writes an answer as JSON. Unlike [graphql.Response] it leaves "data"
// out where there was no execution, as the specification asks; null means that
// execution came to nothing. The data is copied as it is: gqlgen has just
// written it, and reading it again would double the cost of a large page.
func encode(resp *graphql.Response) ([]byte, error) {
	var buf bytes.Buffer
	buf.Grow(len(resp.Data) + 256)
	buf.WriteByte('{')
	member := func(name string, value []byte) {
		if buf.Len() > 1 {
			buf.WriteByte(',')
		}
		buf.WriteString(`"` + name + `":`)
		buf.Write(value)
	}
	if len(resp.Errors) > 0 {
		errs, err := json.Marshal(resp.Errors)
		if err != nil {
			return nil, err
		}
		member("errors", errs)
	}
	if resp.Data != nil {
		member("data", resp.Data)
	}
	if len(resp.Extensions) > 0 {
		extensions, err := json.Marshal(resp.Extensions)
		if err != nil {
			return nil, err
		}
		member("extensions", extensions)
	}
	buf.WriteByte('}')
	return buf.Bytes(), nil
}

// write sends an answer. A client that went away is nobody's error.
func write(w http.ResponseWriter, media mediaType, status int, resp *graphql.Response) {
	body, err := encode(resp)
	if err != nil {
		// Only what a presenter or an extension put into extensions can fail.
		status = http.StatusInternalServerError
		body = []byte(`{"errors":[{"message":"internal error","extensions":{"code":"` + CodeInternal + `"}}]}`)
	}
	header := w.Header()
	header.Set("Content-Type", media.header())
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// writeHTTPError sends the refusal of a request that never became an operation.
func writeHTTPError(w http.ResponseWriter, media mediaType, refused *httpError) {
	if refused.allow != "" {
		w.Header().Set("Allow", refused.allow)
	}
	write(w, media, refused.status, &graphql.Response{Errors: gqlerror.List{refused.err}})
}
