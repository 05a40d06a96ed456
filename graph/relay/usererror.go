package relay

import (
	"strings"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

// UserError is something that the user can mend, in a mutation's payload.
type UserError struct {
	Path    []string
	Message string
	Code    fandom.Reason
	cause   error
}

// Cause gives the service's error behind a payload's user errors, nil where
// there are none. The REST layer answers with it.
func Cause(errors []UserError) error {
	if len(errors) == 0 {
		return nil
	}
	return errors[0].cause
}

// UserErrors splits an error of a service: what the user can mend goes into
// the payload, everything else is a top-level error.
func UserErrors(err error) ([]UserError, error) {
	if err == nil {
		return []UserError{}, nil
	}
	e := fandom.AsError(err)
	if e == nil || (e.Code != fandom.Invalid && e.Reason == "") {
		return []UserError{}, err
	}
	if len(e.Fields) == 0 {
		return []UserError{{Path: []string{"input"}, Message: e.Message, Code: reason(e.Reason), cause: e}}, nil
	}
	list := make([]UserError, len(e.Fields))
	for i, f := range e.Fields {
		list[i] = UserError{Path: []string{"input", CamelCase(f.Field)}, Message: f.Message, Code: reason(f.Reason), cause: e}
	}
	return list, nil
}

func reason(r fandom.Reason) fandom.Reason {
	if r == "" {
		return fandom.ReasonInvalid
	}
	return r
}

// CamelCase turns a field's domain spelling into GraphQL's: due_day into
// dueDay.
func CamelCase(field string) string {
	words := strings.Split(field, "_")
	for i := 1; i < len(words); i++ {
		if words[i] != "" {
			words[i] = strings.ToUpper(words[i][:1]) + words[i][1:]
		}
	}
	return strings.Join(words, "")
}
