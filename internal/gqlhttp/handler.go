package gqlhttp

import (
	"context"
	"errors"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// allowedMethods is the Allow header of the endpoint.
const allowedMethods = "GET, HEAD, OPTIONS, POST"

// statusClientGone is what nginx logs for a client that did not wait. Nobody
// reads the answer, but the access log must not count it among our faults.
const statusClientGone = 499

// handler answers GraphQL requests over plain HTTP: one request, one operation,
// one answer.
type handler struct {
	executor *Executor
}

// New returns the HTTP handler of a schema. It panics where an extension in cfg
// cannot be used; nothing else can fail.
func New(es graphql.ExecutableSchema, cfg Config) http.Handler {
	return NewHandler(NewExecutor(es, cfg))
}

// NewHandler returns a handler on an executor that it shares with other
// transports.
func NewHandler(executor *Executor) http.Handler {
	return &handler{executor: executor}
}

// ServeHTTP answers one request. No answer may be stored by a cache: nearly all
// of them depend on who asks.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Add("Vary", "Accept")
	if r.Method == http.MethodOptions {
		w.Header().Set("Allow", allowedMethods)
		w.WriteHeader(http.StatusNoContent)
		return
	}

	ctx, cancel := context.WithTimeoutCause(r.Context(), h.executor.limits.Timeout, errTimeout)
	defer cancel()
	r = r.WithContext(graphql.StartOperationTrace(ctx))
	media, acceptable := negotiate(r.Header.Values("Accept"))
	defer h.recoverPanic(w, r, media)

	params, refused := h.read(w, r, acceptable)
	if refused != nil {
		writeHTTPError(w, media, refused)
		return
	}
	resp, refused := h.run(r, params)
	if refused != nil {
		writeHTTPError(w, media, refused)
		return
	}
	status := http.StatusOK
	if resp.Data == nil && media == typeGraphQL {
		status = statusOf(resp.Errors)
	}
	write(w, media, status, resp)
}

// read checks the form of a request and reads its parameters. Where several
// things are wrong the first of 405, 415, 406, 413 and 400 is answered.
func (h *handler) read(w http.ResponseWriter, r *http.Request, acceptable bool) (*graphql.RawParams, *httpError) {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	default:
		refused := refuseHTTP(http.StatusMethodNotAllowed, "the method must be POST or GET")
		refused.allow = allowedMethods
		return nil, refused
	}
	isPost := r.Method == http.MethodPost
	if isPost {
		if refused := checkContentType(r.Header); refused != nil {
			return nil, refused
		}
	}
	if !acceptable {
		return nil, refuseHTTP(http.StatusNotAcceptable,
			"the answer can be %s or %s, and the Accept header allows neither", typeGraphQL, typeJSON)
	}

	start := graphql.Now()
	var (
		params  *graphql.RawParams
		refused *httpError
	)
	if isPost {
		params, refused = readPost(w, r, h.executor.limits.BodyBytes)
	} else {
		params, refused = readGet(r)
	}
	if refused != nil {
		return nil, refused
	}
	params.Headers = r.Header
	params.ReadTime = graphql.TraceTiming{Start: start, End: graphql.Now()}
	return params, nil
}

// run executes the operation, unless it is of a type that the request cannot
// carry.
func (h *handler) run(r *http.Request, params *graphql.RawParams) (*graphql.Response, *httpError) {
	ctx := r.Context()
	opCtx, errs := h.executor.CreateOperationContext(ctx, params)
	if refused := checkOperation(r.Method, opCtx); refused != nil {
		return nil, refused
	}
	if errs != nil {
		return h.executor.DispatchError(graphql.WithOperationContext(ctx, opCtx), errs), nil
	}
	responses, ctx := h.executor.DispatchOperation(ctx, opCtx)
	if resp := responses(ctx); resp != nil {
		return resp, nil
	}
	// The executor gives no answer once the context has ended.
	switch {
	case errors.Is(context.Cause(ctx), errTimeout):
		return nil, &httpError{status: http.StatusServiceUnavailable, err: timeoutError()}
	case ctx.Err() != nil:
		return nil, refuseHTTP(statusClientGone, "the request was cancelled")
	default:
		err := h.executor.present(ctx, errors.New("the schema gave no response"))
		return nil, &httpError{status: http.StatusInternalServerError, err: err}
	}
}

// checkOperation refuses operations that do not fit the request. An opCtx
// without an operation is one that failed earlier, with errors of its own.
func checkOperation(method string, opCtx *graphql.OperationContext) *httpError {
	if opCtx.Operation == nil {
		return nil
	}
	switch opCtx.Operation.Operation {
	case ast.Subscription:
		return refuseHTTP(http.StatusBadRequest,
			"a subscription needs a connection that stays open; over plain HTTP there are only queries and mutations")
	case ast.Mutation:
		if method != http.MethodPost {
			// A link or an image must not be able to change anything.
			refused := refuseHTTP(http.StatusMethodNotAllowed, "a mutation must be sent by POST")
			refused.allow = http.MethodPost
			return refused
		}
	}
	return nil
}

// recoverPanic answers a panic outside the resolvers, which gqlgen guards itself.
func (h *handler) recoverPanic(w http.ResponseWriter, r *http.Request, media mediaType) {
	value := recover()
	if value == nil {
		return
	}
	if value == http.ErrAbortHandler { //nolint:errorlint // net/http compares it like this too
		panic(value)
	}
	ctx := r.Context()
	err := h.executor.present(ctx, h.executor.recover(ctx, value))
	write(w, media, http.StatusInternalServerError, &graphql.Response{Errors: gqlerror.List{err}})
}
