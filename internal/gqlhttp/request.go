package gqlhttp

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// httpError is a request that is refused before there is an operation.
type httpError struct {
	status int
	allow  string // the Allow header of a 405
	err    *gqlerror.Error
}

func refuseHTTP(status int, format string, args ...any) *httpError {
	return &httpError{status: status, err: refusal(format, args...)}
}

// checkContentType reports what is wrong with the headers that describe a body.
func checkContentType(header http.Header) *httpError {
	contentType, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || contentType != string(typeJSON) {
		return refuseHTTP(http.StatusUnsupportedMediaType, "the Content-Type must be application/json")
	}
	if !isUTF8(params["charset"]) {
		return refuseHTTP(http.StatusBadRequest, "the charset of the body must be utf-8")
	}
	if encoding := header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return refuseHTTP(http.StatusUnsupportedMediaType, "the body must not be compressed")
	}
	return nil
}

// readPost reads the parameters in the body of a request, of at most limit bytes.
func readPost(w http.ResponseWriter, r *http.Request, limit int64) (*graphql.RawParams, *httpError) {
	tooLarge := refuseHTTP(http.StatusRequestEntityTooLarge, "the body is larger than %d bytes", limit)
	if r.ContentLength > limit {
		return nil, tooLarge
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, tooLarge
		}
		return nil, refuseHTTP(http.StatusBadRequest, "the body could not be read to its end")
	}
	params, refused := decodeParams(body)
	if refused != nil {
		return nil, &httpError{status: http.StatusBadRequest, err: refused}
	}
	return params, nil
}

// readGet reads the parameters in the URL of a request.
func readGet(r *http.Request) (*graphql.RawParams, *httpError) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, refuseHTTP(http.StatusBadRequest, "the query string of the URL is malformed")
	}
	fields := make(map[string]json.RawMessage, 4)
	for _, name := range [...]string{"query", "operationName", "variables", "extensions"} {
		given := values[name]
		switch {
		case len(given) > 1:
			return nil, refuseHTTP(http.StatusBadRequest, "%s must be given once", name)
		case len(given) == 0 || given[0] == "":
			continue
		case !utf8.ValidString(given[0]):
			return nil, refuseHTTP(http.StatusBadRequest, "%s is not valid UTF-8", name)
		}
		fields[name] = json.RawMessage(given[0])
		if name == "query" || name == "operationName" {
			// Marshalling a string cannot fail.
			fields[name], _ = json.Marshal(given[0])
		}
	}
	params, refused := paramsOf(fields)
	if refused != nil {
		return nil, &httpError{status: http.StatusBadRequest, err: refused}
	}
	return params, nil
}

// decodeParams reads one GraphQL request from JSON. Its errors say where the
// fault is and repeat nothing of the body, which may hold a password.
func decodeParams(body []byte) (*graphql.RawParams, *gqlerror.Error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, refusal("the body is empty")
	}
	if !utf8.Valid(body) {
		return nil, refusal("the body is not valid UTF-8")
	}
	if kindOf(body) == '[' {
		return nil, refusal("a batch is not supported: send one operation in a request")
	}
	// A map and not a struct: encoding/json matches the names of struct fields
	// without regard to case, and the specification does not.
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return nil, jsonRefusal("the body", body, err)
	}
	if fields == nil {
		return nil, refusal("the body must be a JSON object")
	}
	return paramsOf(fields)
}

// paramsOf reads the four parameters of a GraphQL request; others are ignored.
func paramsOf(fields map[string]json.RawMessage) (*graphql.RawParams, *gqlerror.Error) {
	var (
		params  graphql.RawParams
		refused *gqlerror.Error
	)
	if params.Query, refused = stringField(fields, "query"); refused != nil {
		return nil, refused
	}
	if params.Query == "" {
		return nil, refusal("query is missing")
	}
	if params.OperationName, refused = stringField(fields, "operationName"); refused != nil {
		return nil, refused
	}
	if params.Variables, refused = objectField(fields, "variables"); refused != nil {
		return nil, refused
	}
	if params.Extensions, refused = objectField(fields, "extensions"); refused != nil {
		return nil, refused
	}
	return &params, nil
}

// stringField reads a string that may be null or left out.
func stringField(fields map[string]json.RawMessage, name string) (string, *gqlerror.Error) {
	raw, ok := fields[name]
	if !ok {
		return "", nil
	}
	var value *string
	if err := json.Unmarshal(raw, &value); err != nil {
		return "", refusal("%s must be a string", name)
	}
	if value == nil {
		return "", nil
	}
	return *value, nil
}

// objectField reads an object that may be null or left out. Numbers stay as
// they were written, so that a large id loses no digits.
func objectField(fields map[string]json.RawMessage, name string) (map[string]any, *gqlerror.Error) {
	raw, ok := fields[name]
	if !ok {
		return nil, nil
	}
	// Unmarshal and not a Decoder for the check, as only it refuses text after
	// the value; by URL the value has not been checked yet.
	var check json.RawMessage
	if err := json.Unmarshal(raw, &check); err != nil {
		return nil, jsonRefusal(name, raw, err)
	}
	if kind := kindOf(raw); kind != '{' && kind != 'n' {
		return nil, refusal("%s must be an object or null", name)
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value map[string]any
	if err := decoder.Decode(&value); err != nil {
		return nil, jsonRefusal(name, raw, err)
	}
	return value, nil
}

// kindOf returns the first character of a JSON text, which tells its type.
func kindOf(raw []byte) byte {
	trimmed := bytes.TrimLeft(raw, " \t\r\n")
	if len(trimmed) == 0 {
		return 0
	}
	return trimmed[0]
}

// jsonRefusal says where JSON is malformed. The text of err is not used: it
// quotes from the input.
func jsonRefusal(what string, text []byte, err error) *gqlerror.Error {
	syntax, ok := errors.AsType[*json.SyntaxError](err)
	if !ok {
		return refusal("%s must be a JSON object", what)
	}
	read := text[:min(int(syntax.Offset), len(text))]
	line := 1 + bytes.Count(read, []byte("\n"))
	column := len(read) - (bytes.LastIndexByte(read, '\n') + 1)
	return refusal("%s is not valid JSON: line %d, column %d (byte %d)", what, line, column, len(read))
}
