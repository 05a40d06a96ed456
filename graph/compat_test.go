package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// breaks lists what a change from old to next breaks for clients that were
// written for old, sorted.
func breaks(old, next *ast.Schema) []string {
	var found []string
	report := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	for name, before := range old.Types {
		if before.BuiltIn {
			continue
		}
		after := next.Types[name]
		switch {
		case after == nil:
			report("type %s was removed", name)
		case before.Kind != after.Kind:
			report("%s was %s and is %s", name, before.Kind, after.Kind)
		default:
			breaksOfType(before, after, report)
		}
	}
	for name, before := range old.Directives {
		breaksOfDirective(name, before, next.Directives[name], report)
	}
	for _, root := range []struct {
		operation    string
		before, next *ast.Definition
	}{{"query", old.Query, next.Query}, {"mutation", old.Mutation, next.Mutation}, {"subscription", old.Subscription, next.Subscription}} {
		if root.before != nil && (root.next == nil || root.next.Name != root.before.Name) {
			report("the %s type was %s and no longer is", root.operation, root.before.Name)
		}
	}
	slices.Sort(found)
	return found
}

func breaksOfType(before, after *ast.Definition, report func(string, ...any)) {
	name := before.Name
	for _, wanted := range before.Interfaces {
		if !slices.Contains(after.Interfaces, wanted) {
			report("%s no longer implements %s", name, wanted)
		}
	}
	for _, member := range before.Types {
		if !slices.Contains(after.Types, member) {
			report("%s is no longer a member of %s", member, name)
		}
	}
	for _, value := range before.EnumValues {
		if after.EnumValues.ForName(value.Name) == nil {
			report("enum value %s.%s was removed", name, value.Name)
		}
	}
	input := before.Kind == ast.InputObject
	for _, field := range before.Fields {
		now := after.Fields.ForName(field.Name)
		at := name + "." + field.Name
		switch {
		case now == nil:
			report("field %s was removed", at)
		case input:
			if !takes(field.Type, now.Type) {
				report("input field %s was %s and is %s", at, field.Type, now.Type)
			}
			breaksOfDefault("input field "+at, field.DefaultValue, now.DefaultValue, report)
		default:
			if !gives(field.Type, now.Type) {
				report("field %s was %s and is %s", at, field.Type, now.Type)
			}
			breaksOfArguments(at, field.Arguments, now.Arguments, report)
		}
	}
	if !input {
		return
	}
	for _, field := range after.Fields {
		if before.Fields.ForName(field.Name) == nil && field.Type.NonNull && field.DefaultValue == nil {
			report("input field %s.%s is new and required", name, field.Name)
		}
	}
}

func breaksOfArguments(at string, before, after ast.ArgumentDefinitionList, report func(string, ...any)) {
	for _, argument := range before {
		now := after.ForName(argument.Name)
		if now == nil {
			report("argument %s(%s:) was removed", at, argument.Name)
			continue
		}
		if !takes(argument.Type, now.Type) {
			report("argument %s(%s:) was %s and is %s", at, argument.Name, argument.Type, now.Type)
		}
		breaksOfDefault(fmt.Sprintf("argument %s(%s:)", at, argument.Name), argument.DefaultValue, now.DefaultValue, report)
	}
	for _, argument := range after {
		if before.ForName(argument.Name) == nil && argument.Type.NonNull && argument.DefaultValue == nil {
			report("argument %s(%s:) is new and required", at, argument.Name)
		}
	}
}

func breaksOfDirective(name string, before, after *ast.DirectiveDefinition, report func(string, ...any)) {
	if after == nil {
		report("directive @%s was removed", name)
		return
	}
	for _, location := range before.Locations {
		if !slices.Contains(after.Locations, location) {
			report("directive @%s is no longer for %s", name, location)
		}
	}
	breaksOfArguments("@"+name, before.Arguments, after.Arguments, report)
}

// breaksOfDefault reports a default that changed: who leaves the value out
// gets something else.
func breaksOfDefault(what string, before, after *ast.Value, report func(string, ...any)) {
	if before == nil {
		return
	}
	if after == nil || before.String() != after.String() {
		now := "none"
		if after != nil {
			now = after.String()
		}
		report("the default of %s was %s and is %s", what, before, now)
	}
}

// gives reports whether a client that reads before can read after: it may
// promise more.
func gives(before, after *ast.Type) bool {
	if before.NonNull && !after.NonNull || (before.Elem == nil) != (after.Elem == nil) {
		return false
	}
	if before.Elem != nil {
		return gives(before.Elem, after.Elem)
	}
	return before.NamedType == after.NamedType
}

// takes reports whether what a client sent for before fits after: it may
// demand less.
func takes(before, after *ast.Type) bool { return gives(after, before) }

func parse(t *testing.T, sdl string) *ast.Schema {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema", Input: sdl})
	require.NoError(t, err)
	return schema
}

const small = `
type Query { artist(id: ID!, name: String, window: Window = ALL): Artist  names: [String!]!  maybe: [String] }
type Mutation { create(input: Input!): Artist }
interface Node { id: ID! }
type Artist implements Node { id: ID!  name: String }
type Fan { id: ID! }
union Thing = Artist | Fan
enum Window { ALL CYCLE }
input Input { name: String!  day: Int = 1  note: String }
directive @on(this: String) on FIELD | QUERY`

func TestWhatBreaksClients(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, next, want string }{
		"a type":                       {"type Fan { id: ID! }\nunion Thing = Artist | Fan", "union Thing = Artist", "Fan is no longer a member of Thing|type Fan was removed"},
		"a kind":                       {"enum Window { ALL CYCLE }", "scalar Window", ""},
		"a field":                      {"names: [String!]! ", "", "field Query.names was removed"},
		"an argument":                  {"name: String, ", "", "argument Query.artist(name:) was removed"},
		"an enum value":                {"ALL CYCLE }", "ALL }", "enum value Window.CYCLE was removed"},
		"an interface":                 {"Artist implements Node", "Artist", "Artist no longer implements Node"},
		"an input field":               {"note: String }", "}", "field Input.note was removed"},
		"another type of output":       {"name: String }", "name: Int }", "field Artist.name was String and is Int"},
		"output that may be null":      {"names: [String!]!", "names: [String!]", "field Query.names was [String!]! and is [String!]"},
		"items that may be null":       {"names: [String!]!", "names: [String]!", "field Query.names was [String!]! and is [String]!"},
		"an item for a list":           {"names: [String!]!", "names: String!", "field Query.names was [String!]! and is String!"},
		"a list for an item":           {"name: String }", "name: [String] }", "field Artist.name was String and is [String]"},
		"input that is required":       {"note: String", "note: String!", "input field Input.note was String and is String!"},
		"an argument that is required": {"name: String, window", "name: String!, window", "argument Query.artist(name:) was String and is String!"},
		"another type of input":        {"note: String", "note: Int", "input field Input.note was String and is Int"},
		"a new required argument":      {"artist(", "artist(key: String!, ", "argument Query.artist(key:) is new and required"},
		"a new required input field":   {"note: String", "note: String  key: String!", "input field Input.key is new and required"},
		"another default":              {"day: Int = 1", "day: Int = 2", "the default of input field Input.day was 1 and is 2"},
		"no default any more":          {"window: Window = ALL", "window: Window", "the default of argument Query.artist(window:) was ALL and is none"},
		"a directive":                  {"directive @on(this: String) on FIELD | QUERY", "", "directive @on was removed"},
		"a place of a directive":       {"on FIELD | QUERY", "on FIELD", "directive @on is no longer for QUERY"},
		"the mutations":                {"type Mutation { create(input: Input!): Artist }", "", "the mutation type was Mutation and no longer is|type Mutation was removed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, 1, strings.Count(small, c.old), "the test changes one place")
			if name == "a kind" {
				next := parse(t, strings.Replace(strings.Replace(small, c.old, c.next, 1), " = ALL", "", 1))
				require.Contains(t, breaks(parse(t, small), next), "Window was ENUM and is SCALAR")
				return
			}
			found := breaks(parse(t, small), parse(t, strings.Replace(small, c.old, c.next, 1)))
			require.Equal(t, c.want, strings.Join(found, "|"))
		})
	}
}

func TestWhatBreaksNobody(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, next string }{
		"nothing":                        {"names", "names"},
		"a type":                         {"type Fan", "type Album { id: ID! }\ntype Fan"},
		"a field":                        {"name: String }", "name: String  age: Int }"},
		"an argument":                    {"artist(", "artist(key: String, "},
		"an argument with a default":     {"artist(", "artist(key: Int! = 1, "},
		"an enum value":                  {"ALL CYCLE", "ALL CYCLE CLOSED"},
		"an interface":                   {"type Fan {", "type Fan implements Node {"},
		"a member":                       {"= Artist | Fan", "= Artist | Fan | Query"},
		"an input field":                 {"note: String", "note: String  key: String"},
		"an input field with a default":  {"note: String", "note: String  key: Int! = 3"},
		"output that is never null":      {"name: String }", "name: String! }"},
		"items that are never null":      {"maybe: [String]", "maybe: [String!]!"},
		"input that may be left out":     {"name: String!", "name: String"},
		"an argument that may be too":    {"id: ID!, name", "id: ID, name"},
		"a default where there was none": {"note: String", `note: String = "x"`},
		"a description":                  {"type Fan", "\"A fan.\"\ntype Fan"},
		"a deprecation":                  {"name: String }", `name: String @deprecated(reason: "Use id.") }`},
		"a subscription":                 {"type Fan", "type Subscription { a: Int }\ntype Fan"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, 1, strings.Count(small, c.old), "the test changes one place")
			require.Empty(t, breaks(parse(t, small), parse(t, strings.Replace(small, c.old, c.next, 1))))
		})
	}
}
