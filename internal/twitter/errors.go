package twitter

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Class says what a failure of a call means to the caller.
type Class int

const (
	// None is the class of nil, and of an error that did not come from here.
	None Class = iota
	// Unavailable: nothing was sent, or Twitter surely did not do it. Try later.
	Unavailable
	// Uncertain: a write that may have happened (it timed out, its connection
	// broke, the answer was a 5xx or unintelligible). Look before trying again.
	Uncertain
	// RateLimited: not done; not before [Error.RetryAt], where that is known.
	RateLimited
	// Revoked: the token is not, or no longer, valid. The fan must log in again.
	Revoked
	// Suspended: the fan's account is suspended or locked by Twitter.
	Suspended
	// NotPermitted: the app, its plan or the author's settings do not allow it
	// by API. The fan may still do it themselves, by a web intent.
	NotPermitted
	// OutOfCredit: the app's credit or monthly cap is used up.
	OutOfCredit
	// Duplicate: Twitter holds the text to be one that this fan posted already.
	Duplicate
	// AlreadyDone: what was asked for is so already (liked, reposted, followed).
	AlreadyDone
	// NotFound: the post or the account does not exist, or no longer.
	NotFound
	// TooLong: the text is over Twitter's length.
	TooLong
	// Rejected: Twitter refuses this request for good.
	Rejected
	// Invalid: a read got an answer that makes no sense. Treat it as Unavailable.
	Invalid
)

// String returns the class in words, for logs and metric labels.
func (c Class) String() string {
	names := [...]string{
		"none", "unavailable", "uncertain", "rate_limited", "revoked", "suspended", "not_permitted",
		"out_of_credit", "duplicate", "already_done", "not_found", "too_long", "rejected", "invalid",
	}
	if c < 0 || int(c) >= len(names) {
		return fmt.Sprintf("class(%d)", int(c))
	}
	return names[c]
}

// Error is the failure of one call. It never holds a token, a secret or a whole
// answer.
type Error struct {
	// Class says what it means.
	Class Class
	// Status is the HTTP status, 0 where no answer came.
	Status int
	// Code is Twitter's own (v1.1) error code, 0 where there is none.
	Code int
	// Detail is Twitter's short text, or ours; safe to log, not meant for fans.
	Detail string
	// RetryAt is when Twitter will listen again; zero where it did not say.
	RetryAt time.Time

	cause error
	// stale: a kept connection broke before any answer.
	stale bool
}

// Error returns the class with what is known about the failure.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("twitter: " + strings.ReplaceAll(e.Class.String(), "_", " "))
	if e.Status != 0 {
		fmt.Fprintf(&b, ", status %d", e.Status)
	}
	if e.Code != 0 {
		fmt.Fprintf(&b, ", code %d", e.Code)
	}
	if e.Detail != "" {
		b.WriteString(": " + e.Detail)
	}
	if e.cause != nil {
		b.WriteString(": " + e.cause.Error())
	}
	return b.String()
}

// Unwrap returns the failure of the transport, where that was it, so that
// errors.Is finds [context.DeadlineExceeded].
func (e *Error) Unwrap() error { return e.cause }

// ClassOf returns the class of an error of this package, [None] for nil and for
// anything else.
func ClassOf(err error) Class {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Class
	}
	return None
}

// RetryAt returns when Twitter will listen again, the zero time where the error
// does not say.
func RetryAt(err error) time.Time {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.RetryAt
	}
	return time.Time{}
}

// IsTemporary reports whether the same call can succeed later without anybody's
// doing on the fan's side. After [Uncertain] a create must be reconciled first.
func IsTemporary(err error) bool {
	switch ClassOf(err) {
	case Unavailable, Uncertain, RateLimited, OutOfCredit, Invalid:
		return true
	case None:
		return errors.Is(err, context.DeadlineExceeded)
	default:
		return false
	}
}
