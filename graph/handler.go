package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"

	"madeinlatino.net/madeinlatino/graph/generated"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/gqlhttp"
)

// HandlerOptions are what the GraphQL endpoint works with.
type HandlerOptions struct {
	Introspection bool
	RequestID     func(context.Context) string
	Log           *slog.Logger
	// LimitLogin counts a login attempt of the request's address; an error
	// refuses it. Nil: unlimited.
	LimitLogin func(context.Context) error
}

// NewHandler serves the schema over HTTP.
func NewHandler(r *Resolver, o HandlerOptions) http.Handler {
	schema := generated.NewExecutableSchema(generated.Config{Resolvers: r})
	handler := gqlhttp.New(schema, gqlhttp.Config{
		Limits:         gqlhttp.DefaultLimits(),
		Introspection:  o.Introspection,
		ErrorPresenter: PresentError(o.Log, o.RequestID),
		Recover: func(ctx context.Context, cause any) error {
			return fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		},
		Extensions: []graphql.HandlerExtension{loginLimit{o.LimitLogin}, freshLoaders{r}},
	})
	return r.WithLoaders(handler)
}

// loginLimit refuses the login mutation where an address logs in too often;
// the other fields of the operation are not concerned.
type loginLimit struct{ allow func(context.Context) error }

var _ interface {
	graphql.HandlerExtension
	graphql.FieldInterceptor
} = loginLimit{}

// ExtensionName implements graphql.HandlerExtension.
func (loginLimit) ExtensionName() string { return "LoginLimit" }

// Validate implements graphql.HandlerExtension.
func (loginLimit) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptField implements graphql.FieldInterceptor.
func (l loginLimit) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	field := graphql.GetFieldContext(ctx)
	if l.allow != nil && field.Object == "Mutation" && field.Field.Name == "login" {
		if err := l.allow(ctx); err != nil {
			return nil, err
		}
	}
	return next(ctx)
}

// freshLoaders gives each mutation of an operation loaders of its own: what
// one has loaded the next one may have changed.
type freshLoaders struct{ resolver *Resolver }

var _ interface {
	graphql.HandlerExtension
	graphql.RootFieldInterceptor
} = freshLoaders{}

// ExtensionName implements graphql.HandlerExtension.
func (freshLoaders) ExtensionName() string { return "FreshLoaders" }

// Validate implements graphql.HandlerExtension.
func (freshLoaders) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptRootField implements graphql.RootFieldInterceptor.
func (f freshLoaders) InterceptRootField(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	if graphql.GetRootFieldContext(ctx).Object == "Mutation" {
		ctx = context.WithValue(ctx, loadersKey{}, f.resolver.newLoaders())
	}
	return next(ctx)
}

// WriteRefusal answers a request that was refused before it was read, in the
// shape of a GraphQL error. It is an httpmw.ErrorWriter.
func WriteRefusal(w http.ResponseWriter, r *http.Request, err *fandom.Error) {
	extensions := map[string]any{"code": codes[err.Code]}
	if err.RetryAfter > 0 {
		extensions["retryAfter"] = int(math.Ceil(err.RetryAfter.Seconds()))
	}
	status := map[fandom.Code]int{
		fandom.RateLimited: http.StatusTooManyRequests, fandom.Unavailable: http.StatusServiceUnavailable,
		fandom.Forbidden: http.StatusForbidden, fandom.NotFound: http.StatusNotFound,
	}[err.Code]
	if status == 0 {
		status = http.StatusInternalServerError
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"errors": []any{map[string]any{"message": err.Message, "extensions": extensions}},
	})
}
