package gqlhttp

import (
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// Config is what a handler or an executor is made of.
type Config struct {
	// Limits bounds every request. The zero value refuses everything: start
	// from [DefaultLimits].
	Limits Limits

	// Introspection allows __schema and __type, and lets validation errors
	// suggest names ("did you mean"). False forbids both: a suggestion gives the
	// schema away name by name.
	Introspection bool

	// ErrorPresenter turns an error of a resolver into what the client sees,
	// extensions.code included. It never sees errors that this package makes:
	// those are about the request and already safe. Nil shows every error as
	// INTERNAL, without its text.
	ErrorPresenter graphql.ErrorPresenterFunc

	// Recover turns a panic into an error for ErrorPresenter, and is the place
	// to log it. Nil logs to the default slog logger.
	Recover graphql.RecoverFunc

	// Extensions are gqlgen's hooks around operations, responses and fields, in
	// order. None may implement [graphql.OperationParameterMutator]: the
	// document is checked before they run, and must not change afterwards.
	Extensions []graphql.HandlerExtension
}

// Limits bounds what one request may cost. A value of zero allows none of the
// thing.
type Limits struct {
	// BodyBytes is the size of a request body, in bytes. More is status 413.
	BodyBytes int64
	// QueryBytes is the size of the text of a document, in bytes.
	QueryBytes int
	// Tokens is how many tokens a document may have, comments counted.
	Tokens int
	// Depth is how many fields may be nested in one another.
	Depth int
	// Aliases is how many fields of an operation may be renamed, each fragment
	// counted as often as it is spread.
	Aliases int
	// SameKey is how many fields may share one key of the response, after
	// fragments are expanded and equal keys merged.
	SameKey int
	// Comparisons is how much work validation may need, in comparisons of two
	// nodes; a hundred thousand take some ten milliseconds. It is estimated
	// beforehand. Honest documents need about one comparison for a token.
	Comparisons int
	// RootMutations is how many mutations one operation may run.
	RootMutations int
	// InputDepth is how many lists and objects may be nested in one another in
	// an argument or in a variable.
	InputDepth int
	// Directives is how many directives one node of the document may have.
	Directives int
	// Complexity is the cost that one operation may have, in points; see [Cost].
	Complexity int
	// DefaultPageSize is how many elements a list is taken to have when its
	// field has a size argument and the request leaves it out.
	DefaultPageSize int

	// CachedDocuments is how many checked documents are kept, and
	// CachedQueryBytes the size of the largest text that is: a cached document
	// keeps its text alive.
	CachedDocuments  int
	CachedQueryBytes int
	// CachedTotalBytes bounds the texts of all cached documents together, in
	// bytes. A parsed document takes about a hundred times as much memory.
	CachedTotalBytes int

	// Timeout is how long a request over HTTP may take. It reaches resolvers as
	// the deadline of their context.
	Timeout time.Duration
}

// DefaultLimits returns limits that leave room for every honest client that we
// know of. The introspection query of common tools, which is 15 fields deep, is
// the deepest of them.
func DefaultLimits() Limits {
	return Limits{
		BodyBytes:        1 << 20,
		QueryBytes:       64 << 10,
		Tokens:           5_000,
		Depth:            20,
		Aliases:          64,
		SameKey:          32,
		Comparisons:      200_000,
		RootMutations:    4,
		InputDepth:       10,
		Directives:       8,
		Complexity:       20_000,
		DefaultPageSize:  25,
		CachedDocuments:  1_000,
		CachedQueryBytes: 16 << 10,
		CachedTotalBytes: 1 << 20,
		Timeout:          10 * time.Second,
	}
}
