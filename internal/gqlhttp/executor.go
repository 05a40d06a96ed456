package gqlhttp

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Executor reads, checks, prices and runs operations. Every transport that is
// given the same Executor obeys the same limits. It is safe for concurrent use.
type Executor struct {
	inner     *executor.Executor
	schema    *ast.Schema
	limits    Limits
	documents *documents
	present   graphql.ErrorPresenterFunc
	recover   graphql.RecoverFunc
}

var _ graphql.GraphExecutor = (*Executor)(nil)

// NewExecutor returns an executor of a schema. It panics where an extension in
// cfg cannot be used.
func NewExecutor(es graphql.ExecutableSchema, cfg Config) *Executor {
	e := &Executor{
		inner:     executor.New(es),
		schema:    es.Schema(),
		limits:    cfg.Limits,
		documents: newDocuments(es.Schema(), cfg),
		present:   presenter(cfg.ErrorPresenter),
		recover:   cfg.Recover,
	}
	if e.recover == nil {
		e.recover = logPanic
	}
	e.inner.SetErrorPresenter(e.present)
	e.inner.SetRecoverFunc(e.recover)
	e.inner.SetQueryCache(handover{})
	e.inner.Use(admission{es: es, limits: cfg.Limits, introspection: cfg.Introspection})
	for _, extension := range cfg.Extensions {
		if _, ok := extension.(graphql.OperationParameterMutator); ok {
			panic(fmt.Sprintf("gqlhttp: extension %s would change a document after it was checked",
				extension.ExtensionName()))
		}
		e.inner.Use(extension)
	}
	return e
}

// CreateOperationContext checks a request and makes it ready to run. The context
// must come from [graphql.StartOperationTrace], and numbers among the variables
// must be json.Number, so that none has lost digits. The errors are about the request
// and carry extensions.code; the operation context that comes with them serves
// [Executor.DispatchError] only, and names the operation where it was found.
func (e *Executor) CreateOperationContext(
	ctx context.Context, params *graphql.RawParams,
) (*graphql.OperationContext, gqlerror.List) {
	refused := &graphql.OperationContext{
		RawQuery:             params.Query,
		OperationName:        params.OperationName,
		Headers:              params.Headers,
		DisableIntrospection: true,
		RecoverFunc:          e.recover,
	}
	start := graphql.Now()
	doc, errs := e.documents.get(params.Query)
	if errs != nil {
		return refused, errs
	}
	parsing := graphql.TraceTiming{Start: start, End: graphql.Now()}
	operation, err := chooseOperation(doc, params.OperationName)
	if err != nil {
		return refused, gqlerror.List{err}
	}
	refused.Doc, refused.Operation = doc, operation
	if err := checkVariables(e.schema, operation, params.Variables, e.limits.InputDepth); err != nil {
		return refused, gqlerror.List{err}
	}

	opCtx, errs := e.inner.CreateOperationContext(context.WithValue(ctx, handoverKey{}, doc), params)
	opCtx.Stats.Parsing = parsing
	for i, err := range errs {
		// What gqlgen itself finds at this point is about variables. Other codes
		// come from extensions.
		if err.Extensions["code"] == errcode.ValidationFailed {
			errs[i] = aboutVariable(err)
		}
	}
	return opCtx, errs
}

// DispatchOperation starts an operation that CreateOperationContext let pass.
func (e *Executor) DispatchOperation(
	ctx context.Context, opCtx *graphql.OperationContext,
) (graphql.ResponseHandler, context.Context) {
	return e.inner.DispatchOperation(ctx, opCtx)
}

// DispatchError makes the answer to a request that was refused. The context must
// hold the operation context that came with the errors.
func (e *Executor) DispatchError(ctx context.Context, errs gqlerror.List) *graphql.Response {
	return e.inner.DispatchError(ctx, errs)
}

// chooseOperation finds the operation that a request means: the named one, or
// the only one.
func chooseOperation(doc *ast.QueryDocument, name string) (*ast.OperationDefinition, *gqlerror.Error) {
	if name == "" && len(doc.Operations) > 1 {
		return nil, refusal("operationName is missing: the document has %d operations", len(doc.Operations))
	}
	operation := doc.Operations.ForName(name)
	if operation == nil {
		return nil, refusal("the document has no operation of the name given as operationName")
	}
	return operation, nil
}

// handover is the query cache of gqlgen's executor. It gives it the document
// that was checked before, so that gqlgen never parses or validates by its own
// rules.
type handover struct{}

// handoverKey is the key of the checked document in a context.
type handoverKey struct{}

// Get returns the document of the context; the text does not matter.
func (handover) Get(ctx context.Context, _ string) (*ast.QueryDocument, bool) {
	doc, ok := ctx.Value(handoverKey{}).(*ast.QueryDocument)
	return doc, ok
}

// Add does nothing: documents are cached where they are checked.
func (handover) Add(context.Context, string, *ast.QueryDocument) {}
