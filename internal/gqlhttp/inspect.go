package gqlhttp

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// inspector checks the shape of one parsed document that nobody has validated:
// names may mean nothing and fragments may spread themselves. It visits every
// node once and every fragment once, however often they are spread.
type inspector struct {
	limits        Limits
	introspection bool
	fragments     map[string]*ast.FragmentDefinition
	measures      map[*ast.FragmentDefinition]measure
	// visited counts the nodes that were looked at. Tests hold it against the
	// size of the document.
	visited int
	err     *gqlerror.Error // the first thing found wrong
}

// measure is the size of a selection set with its fragments expanded. Sizes stop
// growing at maxSize: fragments that spread one another reach any number.
type measure struct {
	depth   int // fields nested in one another
	aliases int
	fields  int // of the set itself, without those in other fields
}

const maxSize = 1 << 30

func newInspector(doc *ast.QueryDocument, limits Limits, introspection bool) *inspector {
	i := &inspector{
		limits:        limits,
		introspection: introspection,
		fragments:     make(map[string]*ast.FragmentDefinition, len(doc.Fragments)),
		measures:      make(map[*ast.FragmentDefinition]measure, len(doc.Fragments)),
	}
	for _, fragment := range doc.Fragments {
		i.fragments[fragment.Name] = fragment
	}
	return i
}

// inspect returns the first limit that the document breaks.
func (i *inspector) inspect(doc *ast.QueryDocument) *gqlerror.Error {
	for _, operation := range doc.Operations {
		i.directives(operation.Directives, operation.Position)
		for _, variable := range operation.VariableDefinitions {
			i.directives(variable.Directives, variable.Position)
			i.value(variable.DefaultValue, 0)
		}
		i.nodes(operation.SelectionSet)
	}
	for _, fragment := range doc.Fragments {
		i.directives(fragment.Directives, fragment.Position)
		i.nodes(fragment.SelectionSet)
	}
	for _, operation := range doc.Operations {
		size := i.size(operation.SelectionSet)
		i.checkSize(size, operation.Position)
		if operation.Operation == ast.Mutation && size.fields > i.limits.RootMutations {
			i.refuse(operation.Position, "the operation runs %d mutations; at most %d are allowed",
				size.fields, i.limits.RootMutations)
		}
	}
	// Fragments that no operation spreads are invalid, but validation has to
	// read them to find out.
	for _, fragment := range doc.Fragments {
		i.checkSize(i.fragmentSize(fragment), fragment.Position)
	}
	return i.err
}

func (i *inspector) refuse(pos *ast.Position, format string, args ...any) {
	if i.err == nil {
		i.err = refusalAt(pos, format, args...)
	}
}

func (i *inspector) checkSize(size measure, pos *ast.Position) {
	if size.depth > i.limits.Depth {
		i.refuse(pos, "fields are nested %d deep; at most %d are allowed", size.depth, i.limits.Depth)
	}
	if size.aliases > i.limits.Aliases {
		i.refuse(pos, "the operation has %d aliases; at most %d are allowed", size.aliases, i.limits.Aliases)
	}
}

// nodes checks what can be said of each node by itself.
func (i *inspector) nodes(set ast.SelectionSet) {
	for _, selection := range set {
		if i.err != nil {
			return
		}
		i.visited++
		switch node := selection.(type) {
		case *ast.Field:
			if !i.introspection && (node.Name == "__schema" || node.Name == "__type") {
				i.refuse(node.Position, "introspection is switched off")
			}
			i.directives(node.Directives, node.Position)
			for _, argument := range node.Arguments {
				i.value(argument.Value, 0)
			}
			i.nodes(node.SelectionSet)
		case *ast.InlineFragment:
			i.directives(node.Directives, node.Position)
			i.nodes(node.SelectionSet)
		case *ast.FragmentSpread:
			i.directives(node.Directives, node.Position)
		}
	}
}

func (i *inspector) directives(directives ast.DirectiveList, pos *ast.Position) {
	if len(directives) > i.limits.Directives {
		i.refuse(pos, "%d directives stand in one place; at most %d are allowed", len(directives), i.limits.Directives)
	}
	for _, directive := range directives {
		for _, argument := range directive.Arguments {
			i.value(argument.Value, 0)
		}
	}
}

// value checks a value that stands in depth lists and objects.
func (i *inspector) value(value *ast.Value, depth int) {
	if value == nil || i.err != nil {
		return
	}
	i.visited++
	if value.Kind != ast.ListValue && value.Kind != ast.ObjectValue {
		if strings.ContainsRune(value.Raw, 0) {
			i.refuse(value.Position, "a text holds the character U+0000, which no text may")
		}
		return
	}
	if depth == i.limits.InputDepth {
		i.refuse(value.Position, "lists and objects are nested more than %d deep in an input", i.limits.InputDepth)
		return
	}
	for _, child := range value.Children {
		i.value(child.Value, depth+1)
	}
}

// size measures a selection set.
func (i *inspector) size(set ast.SelectionSet) measure {
	var total measure
	for _, selection := range set {
		i.visited++
		var part measure
		switch node := selection.(type) {
		case *ast.Field:
			part = i.size(node.SelectionSet)
			part.depth++
			part.fields = 1
			if strings.HasPrefix(node.Name, "__") {
				part.fields = 0 // __typename beside a mutation runs nothing
			}
			if node.Alias != node.Name {
				part.aliases++
			}
		case *ast.InlineFragment:
			part = i.size(node.SelectionSet)
		case *ast.FragmentSpread:
			if fragment := i.fragments[node.Name]; fragment != nil {
				part = i.fragmentSize(fragment)
			}
		}
		total.depth = max(total.depth, part.depth)
		total.aliases = min(total.aliases+part.aliases, maxSize)
		total.fields = min(total.fields+part.fields, maxSize)
	}
	return total
}

// fragmentSize measures a fragment, once. One that spreads itself counts as
// empty inside itself; validation refuses it.
func (i *inspector) fragmentSize(fragment *ast.FragmentDefinition) measure {
	size, known := i.measures[fragment]
	if known {
		return size
	}
	i.measures[fragment] = measure{}
	size = i.size(fragment.SelectionSet)
	i.measures[fragment] = size
	return size
}
