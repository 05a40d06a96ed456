package gqlhttp

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
)

// documents turns the text of a document into a checked one, and remembers
// those that passed. What depends on a request, its variables and the choice of
// an operation, is not decided here.
type documents struct {
	schema        *ast.Schema
	limits        Limits
	introspection bool
	rules         ruleSets
	cache         *cache
}

func newDocuments(schema *ast.Schema, cfg Config) *documents {
	return &documents{
		schema:        schema,
		limits:        cfg.Limits,
		introspection: cfg.Introspection,
		rules:         newRuleSets(cfg.Introspection),
		cache:         newCache(cfg.Limits.CachedDocuments, cfg.Limits.CachedTotalBytes),
	}
}

// get returns the document of a text, from the cache where it can. It is shared
// and must not be changed.
func (d *documents) get(text string) (*ast.QueryDocument, gqlerror.List) {
	if len(text) > d.limits.QueryBytes {
		return nil, gqlerror.List{refusal("the query is %d bytes long; at most %d are allowed", len(text), d.limits.QueryBytes)}
	}
	if doc, ok := d.cache.get(text); ok {
		return doc, nil
	}
	doc, errs := d.check(text)
	if errs != nil {
		return nil, errs
	}
	if len(text) <= d.limits.CachedQueryBytes {
		d.cache.add(text, doc)
	}
	return doc, nil
}

// check parses a text and checks the result, cheapest check first.
func (d *documents) check(text string) (*ast.QueryDocument, gqlerror.List) {
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, d.limits.Tokens)
	if err != nil {
		return nil, gqlerror.List{asRefusal(gqlerror.WrapIfUnwrapped(err))}
	}
	if len(doc.Operations) == 0 {
		return nil, gqlerror.List{refusal("the document has no operation")}
	}
	inspector := newInspector(doc, d.limits, d.introspection)
	if err := inspector.inspect(doc); err != nil {
		return nil, gqlerror.List{err}
	}
	merger := newMerger(inspector.fragments, d.limits)
	if err := merger.check(doc); err != nil {
		return nil, gqlerror.List{err}
	}
	if errs := validate(d.schema, doc, d.rules.forText(text), merger); len(errs) > 0 {
		return nil, errs
	}
	removeDefer(doc)
	return doc, nil
}

// removeDefer takes every @defer out of a valid document. One answer per request
// has no place for a part that comes later: gqlgen would leave the field out of
// the first part and the rest would never be sent. The specification lets a
// server ignore the directive.
func removeDefer(doc *ast.QueryDocument) {
	isDefer := func(d *ast.Directive) bool { return d.Name == "defer" }
	var clean func(set ast.SelectionSet)
	clean = func(set ast.SelectionSet) {
		for _, selection := range set {
			switch node := selection.(type) {
			case *ast.Field:
				clean(node.SelectionSet)
			case *ast.InlineFragment:
				node.Directives = slices.DeleteFunc(node.Directives, isDefer)
				clean(node.SelectionSet)
			case *ast.FragmentSpread:
				node.Directives = slices.DeleteFunc(node.Directives, isDefer)
			}
		}
	}
	for _, operation := range doc.Operations {
		clean(operation.SelectionSet)
	}
	for _, fragment := range doc.Fragments {
		clean(fragment.SelectionSet)
	}
}
