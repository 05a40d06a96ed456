package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

// largestBody is the size of the largest body that is read, in bytes.
const largestBody = 1 << 20

// body holds the fields of a request, whichever way they were encoded: JSON
// values, or strings from a form.
type body struct {
	fields map[string]any
	form   bool
	wrong  []fandom.FieldError
}

// readBody reads a request's fields. An error with a status is answered with
// that status; one without by its code. No body at all has no fields.
func readBody(w http.ResponseWriter, r *http.Request) (body, int, error) {
	contentType := r.Header.Get("Content-Type")
	if contentType == "" && r.ContentLength == 0 {
		return body{}, 0, nil
	}
	name, parameters, err := mime.ParseMediaType(contentType)
	charset := strings.ToLower(parameters["charset"])
	switch {
	case err != nil || name != jsonType && name != "application/x-www-form-urlencoded" && name != "multipart/form-data",
		charset != "" && charset != "utf-8" && charset != "us-ascii":
		return body{}, http.StatusUnsupportedMediaType,
			errors.New("Send application/json, application/x-www-form-urlencoded or multipart/form-data, in UTF-8.") //nolint:staticcheck // shown to people
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestBody))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return body{}, http.StatusRequestEntityTooLarge, errors.New("A body has at most 1 MiB.") //nolint:staticcheck // shown to people
	}
	if err != nil {
		return body{}, 0, fandom.Errorf(fandom.Invalid, "The body could not be read.").Because(err)
	}
	if !utf8.Valid(raw) && name != "multipart/form-data" {
		return body{}, 0, fandom.Errorf(fandom.Invalid, "The body is not UTF-8.")
	}
	var b body
	switch name {
	case jsonType:
		b, err = parseJSON(raw)
	case "multipart/form-data":
		b, err = parseMultipart(raw, parameters["boundary"])
	default:
		b, err = parseForm(raw)
	}
	if err == nil {
		err = refuseNUL(b)
	}
	return b, 0, err
}

// refuseNUL refuses texts with the one character that PostgreSQL cannot store
// and no text needs.
func refuseNUL(b body) error {
	var wrong []fandom.FieldError
	for field, value := range b.fields {
		if text, ok := value.(string); ok && strings.ContainsRune(text, 0) {
			wrong = append(wrong, fandom.FieldError{Field: field, Message: "This holds the character U+0000, which no text may."})
		}
	}
	return fandom.InvalidOrNil(wrong)
}

func parseJSON(raw []byte) (body, error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return body{}, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return body{}, fandom.Errorf(fandom.Invalid, "The body is not JSON: %s.", whereJSON(raw, decoder, err))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return body{}, fandom.Errorf(fandom.Invalid, "The body goes on behind its JSON value, at byte %d.", decoder.InputOffset())
	}
	fields, ok := value.(map[string]any)
	if !ok {
		return body{}, fandom.Errorf(fandom.Invalid, "The body has to be a JSON object.")
	}
	return body{fields: fields}, nil
}

// whereJSON says where JSON goes wrong, and never what stands there.
func whereJSON(raw []byte, decoder *json.Decoder, err error) string {
	offset := decoder.InputOffset()
	if syntax := new(json.SyntaxError); errors.As(err, &syntax) {
		offset = syntax.Offset
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return "it ends too early"
	}
	before := raw[:min(int(offset), len(raw))]
	line := 1 + bytes.Count(before, []byte("\n"))
	return fmt.Sprintf("line %d, column %d", line, len(before)-(bytes.LastIndexByte(before, '\n')+1))
}

func parseForm(raw []byte) (body, error) {
	values, err := url.ParseQuery(string(raw))
	if err != nil {
		return body{}, fandom.Errorf(fandom.Invalid, "The body is not a URL-encoded form.").Because(err)
	}
	return formBody(values), nil
}

func parseMultipart(raw []byte, boundary string) (body, error) {
	form, err := multipart.NewReader(bytes.NewReader(raw), boundary).ReadForm(largestBody)
	if err != nil {
		return body{}, fandom.Errorf(fandom.Invalid, "The body is not a multipart form.").Because(err)
	}
	defer func() { _ = form.RemoveAll() }()
	for _, texts := range form.Value {
		for _, text := range texts {
			if !utf8.ValidString(text) {
				return body{}, fandom.Errorf(fandom.Invalid, "The body is not UTF-8.")
			}
		}
	}
	return formBody(form.Value), nil
}

func formBody(values map[string][]string) body {
	b := body{fields: map[string]any{}, form: true}
	for name, texts := range values {
		if len(texts) > 0 {
			b.fields[name] = texts[len(texts)-1]
		}
	}
	return b
}

func (b *body) fail(field, format string, args ...any) {
	b.wrong = append(b.wrong, fandom.FieldError{Field: field, Message: fmt.Sprintf(format, args...)})
}

// err gives what the readers found wrong, nil where nothing.
func (b *body) err() error { return fandom.InvalidOrNil(b.wrong) }

// has reports whether the request names the field, be it with null.
func (b *body) has(field string) bool { _, ok := b.fields[field]; return ok }

// text reads a field that may be null or missing. In a form, an empty value
// is null: forms have no other way to say it.
func (b *body) text(field string) *string {
	switch value := b.fields[field].(type) {
	case nil:
	case string:
		if b.form && value == "" {
			return nil
		}
		return &value
	default:
		b.fail(field, "This has to be a string.")
	}
	return nil
}

// requiredText reads a field that has to be there.
func (b *body) requiredText(field string) string {
	wrong := len(b.wrong)
	value := b.text(field)
	if value == nil || *value == "" {
		if len(b.wrong) == wrong {
			b.fail(field, "This field is required.")
		}
		return ""
	}
	return *value
}

// integer reads a field that may be null or missing.
func (b *body) integer(field string) *int {
	text := ""
	switch value := b.fields[field].(type) {
	case nil:
		return nil
	case json.Number:
		text = value.String()
	case string:
		if b.form && value == "" {
			return nil
		}
		text = value
		if !b.form {
			b.fail(field, "This has to be an integer.")
			return nil
		}
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		b.fail(field, "This has to be an integer.")
		return nil
	}
	i := int(n)
	return &i
}

// requiredInteger reads a field that has to be there.
func (b *body) requiredInteger(field string) int {
	wrong := len(b.wrong)
	value := b.integer(field)
	if value == nil {
		if len(b.wrong) == wrong {
			b.fail(field, "This field is required.")
		}
		return 0
	}
	return *value
}

// boolean reads a field that may be null or missing.
func (b *body) boolean(field string) *bool {
	switch value := b.fields[field].(type) {
	case nil:
		return nil
	case bool:
		return &value
	case string:
		if b.form {
			if parsed, err := strconv.ParseBool(strings.ToLower(value)); err == nil {
				return &parsed
			}
		}
	}
	b.fail(field, "This has to be true or false.")
	return nil
}
