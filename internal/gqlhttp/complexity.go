package gqlhttp

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// pricer computes what a selection of a valid document costs; see [Cost] for
// the rule. It prices every fragment once, however often it is spread, where
// gqlgen's own calculation takes twice the time for each level of nesting.
type pricer struct {
	ctx         context.Context
	es          graphql.ExecutableSchema
	variables   map[string]any
	defaultSize int
	fragments   map[*ast.FragmentDefinition]int
	visited     int // nodes looked at, for tests
}

func newPricer(ctx context.Context, es graphql.ExecutableSchema, variables map[string]any, defaultSize int) *pricer {
	return &pricer{
		ctx:         ctx,
		es:          es,
		variables:   variables,
		defaultSize: defaultSize,
		fragments:   make(map[*ast.FragmentDefinition]int),
	}
}

// price returns the cost of a selection set, at most maxSize.
func (p *pricer) price(set ast.SelectionSet) int {
	total := 0
	for _, selection := range set {
		p.visited++
		cost := 0
		switch node := selection.(type) {
		case *ast.Field:
			cost = p.field(node)
		case *ast.InlineFragment:
			cost = p.price(node.SelectionSet)
		case *ast.FragmentSpread:
			cost = p.fragment(node.Definition)
		}
		total = min(total+cost, maxSize)
	}
	return total
}

func (p *pricer) fragment(fragment *ast.FragmentDefinition) int {
	cost, known := p.fragments[fragment]
	if !known {
		cost = p.price(fragment.SelectionSet)
		p.fragments[fragment] = cost
	}
	return cost
}

func (p *pricer) field(field *ast.Field) int {
	below := p.price(field.SelectionSet)
	var arguments map[string]any
	if len(field.Definition.Arguments) > 0 {
		arguments = field.ArgumentMap(p.variables)
	}
	if !strings.HasPrefix(field.Name, "__") {
		// A price set in the schema's own code goes before the general rule.
		cost, ok := p.es.Complexity(p.ctx, field.ObjectDefinition.Name, field.Name, below, arguments)
		if ok {
			return min(max(cost, 0), maxSize)
		}
	}
	return min(1+times(below, p.elements(field.Definition, arguments)), maxSize)
}

// elements returns how many elements a field can return, by its arguments.
func (p *pricer) elements(field *ast.FieldDefinition, arguments map[string]any) int {
	page, around, lists := 0, 0, 1
	paged := false
	for _, argument := range field.Arguments {
		value, given := arguments[argument.Name]
		given = given && value != nil
		switch {
		case isPageSize(argument):
			paged = true
			if given {
				page = max(page, toInt(value))
			}
		case isWindow(argument):
			around = min(around+toInt(value), maxSize)
		case argument.Type.Elem != nil && field.Type.Elem != nil:
			// A list for a list: one result for each thing looked up.
			if list, ok := value.([]any); ok {
				lists = times(lists, max(len(list), 1))
			}
		}
	}
	if paged && page == 0 {
		page = p.defaultSize
	}
	return times(times(max(page, 1), around+1), lists)
}

func isPageSize(argument *ast.ArgumentDefinition) bool {
	switch argument.Name {
	case "first", "last", "limit":
		return argument.Type.Name() == "Int"
	default:
		return false
	}
}

func isWindow(argument *ast.ArgumentDefinition) bool {
	return (argument.Name == "above" || argument.Name == "below") && argument.Type.Name() == "Int"
}

// toInt reads a coerced argument of type Int; what is negative or nothing is 0.
func toInt(value any) int {
	var number int64
	switch value := value.(type) {
	case int64:
		number = value
	case int:
		number = int64(value)
	case json.Number:
		number, _ = value.Int64()
	}
	return int(min(max(number, 0), maxSize))
}

// times multiplies numbers between 0 and maxSize, and stops there.
func times(a, b int) int {
	return int(min(int64(a)*int64(b), maxSize))
}
