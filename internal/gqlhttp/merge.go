package gqlhttp

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// merger counts the fields that share a key of the response. A server must merge
// them, so validation compares each with each, arguments and selection sets
// included.
//
// It follows the response and not the text: fields of one key become one, and
// their selection sets are counted as one set. What it finds under a group of
// selection sets is the same wherever the group turns up, so each group is
// looked at once. A document can be made that has very many groups; visited is
// held against the limit for that.
type merger struct {
	limits    Limits
	fragments map[string]*ast.FragmentDefinition
	ids       map[*ast.Selection]int
	known     map[string]int // group → comparisons in it and below
	visited   int
	err       *gqlerror.Error
}

func newMerger(fragments map[string]*ast.FragmentDefinition, limits Limits) *merger {
	return &merger{
		limits:    limits,
		fragments: fragments,
		ids:       make(map[*ast.Selection]int),
		known:     make(map[string]int),
	}
}

// check starts at every operation, and at every fragment as validation does.
func (m *merger) check(doc *ast.QueryDocument) *gqlerror.Error {
	for _, operation := range doc.Operations {
		m.comparisons(operation.SelectionSet)
	}
	for _, fragment := range doc.Fragments {
		m.comparisons(fragment.SelectionSet)
	}
	return m.err
}

// comparisons estimates how many comparisons it takes to see that the fields of
// a selection set, and all below, can be merged.
func (m *merger) comparisons(set ast.SelectionSet) int {
	if len(set) == 0 || m.err != nil {
		return 0
	}
	return m.group([]ast.SelectionSet{set})
}

// group is comparisons for selection sets that belong to one object.
func (m *merger) group(sets []ast.SelectionSet) int {
	id := m.identify(sets)
	if total, ok := m.known[id]; ok {
		return total
	}
	m.known[id] = 0 // a fragment that spreads itself ends here
	fields := objectFields{keys: make(map[string]*sameKey), spread: make(map[string]bool)}
	for _, set := range sets {
		m.collect(set, &fields)
	}
	total := fields.spreads * (fields.spreads - 1) / 2
	// In order, so that a document is refused with the same words every time.
	for _, name := range slices.Sorted(maps.Keys(fields.keys)) {
		if m.err != nil {
			break
		}
		key := fields.keys[name]
		total += key.size * (key.count - 1) / 2
		if len(key.below) > 0 {
			total += m.group(key.below)
		}
		total = min(total, maxSize)
	}
	m.known[id] = total
	return total
}

// objectFields are the fields that selection sets have together.
type objectFields struct {
	keys    map[string]*sameKey
	spread  map[string]bool // names of the fragments that are already in
	spreads int
}

// sameKey are the fields under one key of the response.
type sameKey struct {
	count int
	size  int // the fields and the values of their arguments
	below []ast.SelectionSet
}

// collect adds the fields of a selection set. A fragment adds nothing when it is
// spread a second time into the same object.
func (m *merger) collect(set ast.SelectionSet, fields *objectFields) {
	for _, selection := range set {
		if m.visit(selection.GetPosition()); m.err != nil {
			return
		}
		switch node := selection.(type) {
		case *ast.Field:
			m.field(node, fields)
		case *ast.InlineFragment:
			m.collect(node.SelectionSet, fields)
		case *ast.FragmentSpread:
			fields.spreads++
			fragment := m.fragments[node.Name]
			if fragment == nil || fields.spread[node.Name] {
				continue
			}
			fields.spread[node.Name] = true
			m.collect(fragment.SelectionSet, fields)
		}
	}
}

func (m *merger) field(node *ast.Field, fields *objectFields) {
	key := fields.keys[node.Alias]
	if key == nil {
		key = &sameKey{}
		fields.keys[node.Alias] = key
	}
	key.count++
	if key.count > m.limits.SameKey {
		m.refuse(node.Position, "more than %d fields share one key of the response", m.limits.SameKey)
		return
	}
	key.size++
	for _, argument := range node.Arguments {
		key.size += m.values(argument.Value)
	}
	if len(node.SelectionSet) > 0 {
		key.below = append(key.below, node.SelectionSet)
	}
}

// values counts a value and those inside it.
func (m *merger) values(value *ast.Value) int {
	m.visit(value.Position)
	total := 1
	for _, child := range value.Children {
		total += m.values(child.Value)
	}
	return total
}

func (m *merger) visit(pos *ast.Position) {
	m.visited++
	if m.visited > m.limits.Comparisons {
		m.refuse(pos, "the document repeats too many fields and fragments to be checked")
	}
}

func (m *merger) refuse(pos *ast.Position, format string, args ...any) {
	if m.err == nil {
		m.err = refusalAt(pos, format, args...)
	}
}

// identify returns the same string for the same selection sets in any order. A
// selection set is known by its first element, which no other set contains.
func (m *merger) identify(sets []ast.SelectionSet) string {
	ids := make([]string, 0, len(sets))
	for _, set := range sets {
		id, ok := m.ids[&set[0]]
		if !ok {
			id = len(m.ids)
			m.ids[&set[0]] = id
		}
		ids = append(ids, strconv.Itoa(id))
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}
