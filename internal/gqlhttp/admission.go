package gqlhttp

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Cost is the price of an operation and the most that one may cost, in points,
// as it stands in extensions.cost of every answer whose price is known.
//
// A field costs one point and its fields once per element that it can return.
// How many that is, is said by its arguments: first, last or limit; above plus
// below; or the length of a list that is looked up. It is an upper bound: fields
// that are skipped or repeated are counted.
type Cost struct {
	Complexity int `json:"complexity"`
	Limit      int `json:"limit"`
}

const costExtension = "cost"

// CostOf returns the price of an operation, where it is known: for a rate limit
// that counts points, say.
func CostOf(opCtx *graphql.OperationContext) (Cost, bool) {
	cost, ok := opCtx.Stats.GetExtension(costExtension).(Cost)
	return cost, ok
}

// admission is the last check before execution. It is a gqlgen extension, and
// the first one, so that those of the configuration find the price of an
// operation.
type admission struct {
	es            graphql.ExecutableSchema
	limits        Limits
	introspection bool
}

var _ interface {
	graphql.OperationContextMutator
	graphql.ResponseInterceptor
} = admission{}

// ExtensionName names the extension to gqlgen.
func (admission) ExtensionName() string { return "Admission" }

// Validate accepts every schema.
func (admission) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext prices the operation and refuses it where it costs too
// much.
func (a admission) MutateOperationContext(ctx context.Context, opCtx *graphql.OperationContext) *gqlerror.Error {
	opCtx.DisableIntrospection = !a.introspection
	cost := Cost{
		Complexity: newPricer(ctx, a.es, opCtx.Variables, a.limits.DefaultPageSize).price(opCtx.Operation.SelectionSet),
		Limit:      a.limits.Complexity,
	}
	opCtx.Stats.SetExtension(costExtension, cost)
	if cost.Complexity > cost.Limit {
		return refusal("the operation costs %d points; at most %d are allowed: ask for fewer fields or smaller pages",
			cost.Complexity, cost.Limit)
	}
	return nil
}

// InterceptResponse adds the price to an answer.
func (admission) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	resp := next(ctx)
	if resp == nil || !graphql.HasOperationContext(ctx) {
		return resp
	}
	if cost, ok := CostOf(graphql.GetOperationContext(ctx)); ok {
		if resp.Extensions == nil {
			resp.Extensions = make(map[string]any, 1)
		}
		resp.Extensions[costExtension] = cost
	}
	return resp
}
