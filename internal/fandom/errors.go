package fandom

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Code classifies an error for every surface: graph/errors.go maps codes to
// extensions.code, rest/errors.go to HTTP statuses. Few on purpose: a new
// code is a new promise to clients.
type Code string

// The codes. Anything that is not an *Error counts as Internal.
const (
	Invalid         Code = "invalid"         // the input is wrong; Fields say where
	Unauthenticated Code = "unauthenticated" // nobody is logged in, or the key has ended
	Forbidden       Code = "forbidden"       // somebody is logged in, and may not
	NotFound        Code = "not_found"       // there is no such thing
	Gone            Code = "gone"            // it was here and has ended
	Conflict        Code = "conflict"        // the state of things forbids it
	RateLimited     Code = "rate_limited"    // too often; RetryAfter says when again
	Unavailable     Code = "unavailable"     // a dependency is down; RetryAfter says when again
	Internal        Code = "internal"        // our fault; clients learn a request id and nothing else
)

// Error is the one error type that services return on purpose. Its message
// and fields are safe to show to a client; its cause never is.
type Error struct {
	Code       Code
	Message    string
	Reason     Reason        // why, where a client can react to it
	Fields     []FieldError  // for Invalid: what is wrong where
	RetryAfter time.Duration // for RateLimited and Unavailable
	cause      error
}

// FieldError says what is wrong with one input field. Field is the name in
// the domain's spelling (snake_case); surfaces translate it to their own.
type FieldError struct {
	Field   string
	Message string
	Reason  Reason // empty counts as ReasonInvalid
}

// Reason says in one word why a field or an act was refused, for clients that
// react to it. GraphQL shows it as the code of a user error.
type Reason string

// The reasons.
const (
	ReasonInvalid  Reason = "INVALID"  // the form is wrong
	ReasonRequired Reason = "REQUIRED" // it is missing
	ReasonTooLong  Reason = "TOO_LONG" // longer than is stored or posted
	ReasonTaken    Reason = "TAKEN"    // somebody else has it
	ReasonUnknown  Reason = "UNKNOWN"  // it names something that does not exist
	ReasonMismatch Reason = "MISMATCH" // it does not belong to the other inputs
	ReasonEnded    Reason = "ENDED"    // it was possible and no longer is
	ReasonDenied   Reason = "DENIED"   // the fan declined at Twitter
	ReasonRefused  Reason = "REFUSED"  // Twitter said no for good
	ReasonRepeated Reason = "REPEATED" // it was done already, in another way
)

// Errorf makes an error with a message for the client.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// InvalidField makes the error for one wrong field.
func InvalidField(field, format string, args ...any) *Error {
	return InvalidFields(FieldError{Field: field, Message: fmt.Sprintf(format, args...)})
}

// InvalidFields makes the error for at least one wrong field.
func InvalidFields(fields ...FieldError) *Error {
	texts := make([]string, len(fields))
	for i, f := range fields {
		texts[i] = f.Field + ": " + f.Message
	}
	return &Error{Code: Invalid, Message: strings.Join(texts, "; "), Fields: fields}
}

// InvalidOrNil makes the error for the wrong fields that a check collected,
// nil where it found none. The fields come in order of name.
func InvalidOrNil(fields []FieldError) error {
	if len(fields) == 0 {
		return nil
	}
	slices.SortStableFunc(fields, func(a, b FieldError) int { return strings.Compare(a.Field, b.Field) })
	return InvalidFields(fields...)
}

// For sets the reason.
func (e *Error) For(reason Reason) *Error {
	e.Reason = reason
	return e
}

// Because attaches the cause, which is logged and never shown.
func (e *Error) Because(cause error) *Error {
	e.cause = cause
	return e
}

// After sets when trying again makes sense.
func (e *Error) After(d time.Duration) *Error {
	e.RetryAfter = d
	return e
}

// Error gives the client's message and the cause, for logs.
func (e *Error) Error() string {
	if e.cause == nil {
		return e.Message
	}
	return e.Message + ": " + e.cause.Error()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// CodeOf classifies any error: the code of the *Error within, else Internal.
// It must not be asked about nil.
func CodeOf(err error) Code {
	if e := AsError(err); e != nil {
		return e.Code
	}
	return Internal
}

// AsError finds the *Error in a chain, nil where there is none.
func AsError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}
