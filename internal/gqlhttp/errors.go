package gqlhttp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// The values of extensions.code that this package gives out itself. All others
// come from [Config.ErrorPresenter].
const (
	// CodeBadUserInput marks whatever is wrong with the request: its form, its
	// syntax, its names, its variables, its size.
	CodeBadUserInput = "BAD_USER_INPUT"
	// CodeUpstreamUnavailable marks a request that ran out of time. Like a
	// dependency that is down it says "try again later"; INTERNAL would tell the
	// client to report a bug.
	CodeUpstreamUnavailable = "UPSTREAM_UNAVAILABLE"
	// CodeInternal marks faults of the server.
	CodeInternal = "INTERNAL"
)

var (
	// errRequest is the cause of every error that this package makes. It keeps
	// them apart from errors of resolvers, which the presenter may have to hide.
	errRequest = errors.New("the request is at fault")
	// errTimeout is the cause of the end of a context whose time ran out.
	errTimeout = errors.New("the request ran out of time")
)

// refusal is an error about the request that the client may read as it is.
func refusal(format string, args ...any) *gqlerror.Error {
	return &gqlerror.Error{
		Err:        errRequest,
		Message:    fmt.Sprintf(format, args...),
		Extensions: map[string]any{"code": CodeBadUserInput},
	}
}

// refusalAt is a refusal that names the place in the document.
func refusalAt(pos *ast.Position, format string, args ...any) *gqlerror.Error {
	err := refusal(format, args...)
	if pos != nil {
		err.Locations = []gqlerror.Location{{Line: pos.Line, Column: pos.Column}}
	}
	return err
}

// asRefusal turns an error of gqlparser, whose text is written for clients, into
// a refusal. It drops the path, which in GraphQL leads into a response that
// there will not be.
func asRefusal(err *gqlerror.Error) *gqlerror.Error {
	refused := refusal("%s", err.Message)
	refused.Locations = err.Locations
	refused.Rule = err.Rule
	return refused
}

// aboutVariable is asRefusal for gqlparser's errors about variables, whose path
// is the only thing that says which variable is meant.
func aboutVariable(err *gqlerror.Error) *gqlerror.Error {
	path := strings.TrimPrefix(err.Path.String(), "variable.")
	return refusal("variable $%s: %s", path, err.Message)
}

// timeoutError is what a client reads when its time is over.
func timeoutError() *gqlerror.Error {
	return &gqlerror.Error{
		Err:        errTimeout,
		Message:    "the request took too long and was stopped; what it had begun may have been done",
		Extensions: map[string]any{"code": CodeUpstreamUnavailable},
	}
}

// presenter wraps a presenter of resolver errors. Errors of this package pass
// unchanged, and once the time of the request is over that is what every error
// says: whatever failed then failed because of it, in whatever words the
// database put it.
func presenter(next graphql.ErrorPresenterFunc) graphql.ErrorPresenterFunc {
	if next == nil {
		next = hideError
	}
	return func(ctx context.Context, err error) *gqlerror.Error {
		gqlErr, _ := errors.AsType[*gqlerror.Error](err)
		if gqlErr != nil && errors.Is(gqlErr.Err, errRequest) {
			return gqlErr
		}
		if errors.Is(context.Cause(ctx), errTimeout) {
			late := timeoutError()
			late.Path = graphql.GetPath(ctx)
			if gqlErr != nil {
				late.Path, late.Locations = gqlErr.Path, gqlErr.Locations
			}
			return late
		}
		return next(ctx, err)
	}
}

// hideError presents an error without anything of it but the place.
func hideError(ctx context.Context, err error) *gqlerror.Error {
	hidden := &gqlerror.Error{
		Err:        err,
		Message:    "internal error",
		Path:       graphql.GetPath(ctx),
		Extensions: map[string]any{"code": CodeInternal},
	}
	if gqlErr, ok := errors.AsType[*gqlerror.Error](err); ok {
		hidden.Path, hidden.Locations = gqlErr.Path, gqlErr.Locations
	}
	return hidden
}

// logPanic is the recovery of a server that was given none.
func logPanic(ctx context.Context, value any) error {
	slog.ErrorContext(ctx, "panic in a GraphQL request", "panic", value, "stack", string(debug.Stack()))
	return errors.New("panic")
}

// statusOf is the HTTP status of an answer without data, for clients that
// accept application/graphql-response+json and so expect to read it.
func statusOf(errs gqlerror.List) int {
	if len(errs) == 0 {
		return http.StatusInternalServerError
	}
	switch errs[0].Extensions["code"] {
	case CodeBadUserInput:
		return http.StatusBadRequest
	case "UNAUTHENTICATED":
		return http.StatusUnauthorized
	case "FORBIDDEN":
		return http.StatusForbidden
	case "RATE_LIMITED":
		return http.StatusTooManyRequests
	case CodeUpstreamUnavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}
