package graph

import (
	"context"
	"errors"
	"log/slog"
	"math"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vikstrous/dataloadgen"

	"madeinlatino.net/madeinlatino/graph/relay"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/store"
)

// codes is the one table from the domain's error codes to extensions.code.
var codes = map[fandom.Code]string{
	fandom.Invalid:         "BAD_USER_INPUT",
	fandom.Unauthenticated: "UNAUTHENTICATED",
	fandom.Forbidden:       "FORBIDDEN",
	fandom.NotFound:        "NOT_FOUND",
	fandom.Gone:            "NOT_FOUND",
	fandom.Conflict:        "CONFLICT",
	fandom.RateLimited:     "RATE_LIMITED",
	fandom.Unavailable:     "UPSTREAM_UNAVAILABLE",
	fandom.Internal:        "INTERNAL",
}

// PresentError turns an error into what a client sees of it: a safe text, a
// code, and what goes with the code. Internal errors and their causes are
// logged here, once, under the request id that the client is told.
func PresentError(log *slog.Logger, requestID func(context.Context) string) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		shown := &gqlerror.Error{Path: graphql.GetPath(ctx)}
		if located := new(gqlerror.Error); errors.As(err, &located) {
			if located.Unwrap() == nil {
				return located // the request itself is wrong: gqlgen's own text
			}
			shown.Path, shown.Locations = located.Path, located.Locations
		}
		e := store.Classify(err)
		shown.Message = e.Message
		shown.Extensions = map[string]any{"code": codes[e.Code]}
		if len(e.Fields) > 0 {
			fields := map[string]any{}
			for _, f := range e.Fields {
				fields[relay.CamelCase(f.Field)] = f.Message
			}
			shown.Extensions["fields"] = fields
		}
		if e.RetryAfter > 0 {
			shown.Extensions["retryAfter"] = int(math.Ceil(e.RetryAfter.Seconds()))
		}
		switch e.Code {
		case fandom.Internal:
			shown.Extensions["requestId"] = requestID(ctx)
			log.ErrorContext(ctx, "internal error", "error", err, "path", shown.Path.String())
		case fandom.Unavailable:
			log.WarnContext(ctx, "dependency unavailable", "error", err, "path", shown.Path.String())
		}
		return shown
	}
}

// isMissing reports whether a loader or a service found nothing.
func isMissing(err error) bool {
	return errors.Is(err, dataloadgen.ErrNotFound) || fandom.AsError(err) != nil && fandom.CodeOf(err) == fandom.NotFound
}

// orNull turns "there is no such thing" into null.
func orNull[T any](value T, err error) (*T, error) {
	if isMissing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &value, nil
}
