package gqlhttp

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// nested returns a document with fields nested depth deep.
func nested(depth int) string {
	return "{ viewer " + strings.Repeat("{ friend ", depth-2) + "{ id " + strings.Repeat("} ", depth)
}

// belowViewer is the selection set of viewer in a nested document.
func belowViewer(depth int) string {
	return strings.TrimSuffix(strings.TrimPrefix(nested(depth), "{ viewer "), "} ")
}

// numbered repeats a format with numbers from 0 on.
func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func TestLimits(t *testing.T) {
	list := func(depth int) string { return strings.Repeat("[", depth) + strings.Repeat("]", depth) }
	object := func(depth int) string {
		return strings.Repeat("{nested:", depth-1) + "{}" + strings.Repeat("}", depth-1)
	}
	tests := []struct {
		name         string
		allowed      string
		refused      string
		variablesOK  string
		variablesBad string
		message      string
	}{
		{name: "text", allowed: "{ __typename }" + strings.Repeat(" ", 64<<10-14), refused: "{ __typename }" + strings.Repeat(" ", 64<<10-13), message: "bytes long"},
		{name: "tokens", allowed: "{ __typename " + strings.Repeat("#\n", 4_996) + "}", refused: "{ __typename " + strings.Repeat("#\n", 5_000) + "}", message: "token limit"},
		{name: "depth", allowed: nested(20), refused: nested(21), message: "nested 21 deep"},
		{name: "depth in fragments", allowed: "{ viewer { ...F } } fragment F on User" + belowViewer(20), refused: "{ viewer { friend { ...F } } } fragment F on User" + belowViewer(20), message: "nested 21 deep"},
		{name: "aliases", allowed: "{" + numbered(64, "a%d: echo ") + "}", refused: "{" + numbered(65, "a%d: echo ") + "}", message: "65 aliases"},
		{name: "aliases in fragments", allowed: "{ viewer { ...F friend { ...F } } } fragment F on User {" + numbered(32, "a%d: id ") + "}", refused: "{ viewer { ...F friend { ...F } } } fragment F on User {" + numbered(33, "a%d: id ") + "}", message: "66 aliases"},
		{name: "same key", allowed: "{" + strings.Repeat("echo ", 32) + "}", refused: "{" + strings.Repeat("echo ", 33) + "}", message: "one key"},
		{name: "same alias", allowed: "{" + strings.Repeat("a: echo ", 32) + "}", refused: "{" + strings.Repeat("a: echo ", 33) + "}", message: "one key"},
		{name: "same key when merged", allowed: "{" + strings.Repeat("viewer { id id } ", 16) + "}", refused: "{" + strings.Repeat("viewer { id id } ", 17) + "}", message: "one key"},
		{name: "same key in fragments", allowed: "{ ...F ... on Query {" + strings.Repeat("echo ", 16) + "} } fragment F on Query {" + strings.Repeat("echo ", 16) + "}", refused: "{ ...F ... on Query {" + strings.Repeat("echo ", 17) + "} } fragment F on Query {" + strings.Repeat("echo ", 16) + "}", message: "one key"},
		{name: "mutations", allowed: "mutation { __typename" + numbered(4, " m%d: touch") + "}", refused: "mutation {" + numbered(5, " m%d: touch") + "}", message: "5 mutations"},
		{name: "mutations in fragments", allowed: "mutation { ...F ...F } fragment F on Mutation { touch a: touch }", refused: "mutation { ...F ... { ...F a: touch } } fragment F on Mutation { touch b: touch }", message: "5 mutations"},
		{name: "lists in an argument", allowed: "{ search(input: {}, any: " + list(10) + ") { id } }", refused: "{ search(input: {}, any: " + list(11) + ") { id } }", message: "more than 10 deep"},
		{name: "objects in an argument", allowed: "{ search(input: " + object(10) + ") { id } }", refused: "{ search(input: " + object(11) + ") { id } }", message: "more than 10 deep"},
		{name: "lists in a default", allowed: "query ($a: Any = " + list(10) + ") { search(input: {}, any: $a) { id } }", refused: "query ($a: Any = " + list(11) + ") { search(input: {}, any: $a) { id } }", message: "more than 10 deep"},
		{name: "lists in a variable", allowed: "query ($a: Any) { search(input: {}, any: $a) { id } }", refused: "query ($a: Any) { search(input: {}, any: $a) { id } }", variablesOK: `{"a":` + list(10) + `}`, variablesBad: `{"a":` + list(11) + `}`, message: "more than 10 deep"},
		{name: "objects in a variable", allowed: "query ($i: SearchInput!) { search(input: $i) { id } }", refused: "query ($i: SearchInput!) { search(input: $i) { id } }", variablesOK: `{"i":` + strings.ReplaceAll(object(10), "nested", `"nested"`) + `}`, variablesBad: `{"i":` + strings.ReplaceAll(object(11), "nested", `"nested"`) + `}`, message: "more than 10 deep"},
		{name: "directives", allowed: "{ viewer { id @skip(if: false) @include(if: true) } }", refused: "{ viewer { id " + strings.Repeat("@skip(if: false) ", 9) + "} }", message: "9 directives"},
		{name: "complexity", allowed: "{ users(first: 19999) { id } }", refused: "{ users(first: 20000) { id } }", message: "costs 20001 points"},
	}
	h := newHandler(t, nil)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := query(t, h, test.allowed, test.variablesOK)
			assert.Empty(t, a.Errors)
			assert.Contains(t, a.members, "data")
			for status, accept := range map[int]string{200: acceptJSON, 400: acceptGraphQL} {
				a = query(t, h, test.refused, test.variablesBad, accept)
				assert.Equal(t, status, a.status)
				assert.Contains(t, a.message(), test.message)
				assert.Equal(t, CodeBadUserInput, a.code())
				assert.NotContains(t, a.members, "data")
			}
		})
	}
}

// TestHostileDocuments holds the work on documents that are made to be expensive
// against bounds that do not depend on the machine.
func TestHostileDocuments(t *testing.T) {
	chain := func(n int) string {
		var b strings.Builder
		b.WriteString("{ viewer { ...F0 } } ")
		for i := range n {
			fmt.Fprintf(&b, "fragment F%d on User { friend { ...F%d } best { ...F%d } } ", i, i+1, i+1)
		}
		fmt.Fprintf(&b, "fragment F%d on User { id }", n)
		return b.String()
	}
	operations := func(n int, fragment string) string {
		return numbered(n, "query q%d { viewer { ...F } } ") + "fragment F on User {" + fragment + "}"
	}
	tests := map[string]string{
		"exponential fragments":              chain(18),
		"deep exponential fragments":         chain(300),
		"10,000 equal fields":                "{" + strings.Repeat("viewer{id} ", 10_000) + "}",
		"equal fields within the tokens":     "{" + strings.Repeat("viewer{id} ", 1_240) + "}",
		"equal leaves":                       "{" + strings.Repeat("echo ", 4_990) + "}",
		"equal fields in equal fields":       "{" + strings.Repeat("viewer{"+strings.Repeat("id ", 31)+"}", 31) + "}",
		"equal fields in inline fragments":   "{" + strings.Repeat("...{", 300) + strings.Repeat("viewer{friend{id} name}", 31) + strings.Repeat("}", 301),
		"equal fields under many operations": operations(90, numbered(60, "a%d:friend{"+strings.Repeat("id ", 31)+"}")),
		"long arguments":                     "{" + strings.Repeat("...{", 40) + strings.Repeat("echo(ints:["+strings.Repeat("1 ", 140)+"])", 31) + strings.Repeat("}", 41),
		"one fragment, many times":           "{ viewer {" + strings.Repeat("...F ", 2_000) + "} } fragment F on User { id }",
		"many operations on one fragment":    operations(300, strings.Repeat("...{id}", 30)),
		"a circle":                           "{ viewer { ...F0 } }" + numbered(9, "fragment F%d on User { friend { ...F0 ...F1 ...F2 ...F3 ...F4 ...F5 ...F6 ...F7 ...F8 } }"),
		"a fragment in itself":               "{ viewer { ...F } } fragment F on User { ...F friend { ...F } }",
		"a thousand unknown fields":          "{" + numbered(4_000, "unknown%d ") + "}",
		"a thousand unused variables":        "query (" + numbered(1_200, "$v%d: Int ") + ") { __typename }",
		"a long name":                        "{ " + strings.Repeat("a", 60_000) + " }",
	}
	es := newTestSchema(t)
	limits := limitsFor(nil)
	h := New(es, Config{Limits: limits, Introspection: true})
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			a := query(t, h, text, "")
			require.NotEmpty(t, a.Errors)
			assert.LessOrEqual(t, len(a.Errors), maxValidationErrors)
			assert.Equal(t, CodeBadUserInput, a.code())
			assert.NotContains(t, a.members, "data")

			doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, limits.Tokens)
			if err != nil {
				return // refused by the parser, one pass over the text
			}
			inspector := newInspector(doc, limits, true)
			refused := inspector.inspect(doc)
			assert.LessOrEqual(t, inspector.visited, 2*limits.Tokens, "every node is visited at most twice")
			if refused != nil {
				return
			}
			merger := newMerger(inspector.fragments, limits)
			_ = validate(es.schema, doc, newRules(true), merger)
			assert.LessOrEqual(t, merger.visited, limits.Comparisons+1)
		})
	}
}

// TestIntrospectionQueryOfTools keeps room in the limits for what GraphiQL and
// code generators ask first.
func TestIntrospectionQueryOfTools(t *testing.T) {
	const document = `query IntrospectionQuery { __schema { description
		queryType { name } mutationType { name } subscriptionType { name }
		types { ...FullType } directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } }
	fragment FullType on __Type { kind name description specifiedByURL isOneOf
		fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
		inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
		enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
	fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
	fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
		ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }`
	assert.Empty(t, query(t, newHandler(t, nil), document, "").Errors)
}

func TestIntrospectionOff(t *testing.T) {
	off := newHandler(t, func(cfg *Config) { cfg.Introspection = false })
	on := newHandler(t, nil)
	for _, document := range []string{
		"{ secretAdminFeld }",                          // a field
		"{ secretAdminField { id } viewer }",           // a leaf
		"{ echo(flot: 1) }",                            // an argument
		"{ users(order: OLDESTT) { id } }",             // a value of an enum
		`{ users(order: "OLDEST") { id } }`,            // the same as a string
		"{ viewer { ...F } } fragment F on Usr { id }", // a type
		"{ search(input: { txt: 1 }) { id } }",
	} {
		assert.Contains(t, query(t, on, document, "").text, "Did you mean", document)
		a := query(t, off, document, "")
		assert.NotEmpty(t, a.Errors, document)
		assert.NotContains(t, a.text, "Did you mean", document)
	}
	for _, document := range []string{
		"{ __schema { types { name } } }", `{ a: __type(name: "User") { name } }`,
		"{ ...F } fragment F on Query { ... { __schema { types { name } } } }",
	} {
		assert.Empty(t, query(t, on, document, "").Errors)
		a := query(t, off, document, "")
		assert.Contains(t, a.message(), "introspection")
		assert.NotContains(t, a.members, "data")
	}
	assert.Empty(t, query(t, off, "{ __typename }", "").Errors)
	long := "{ secretAdminFeld }" + strings.Repeat(" ", maxSuggestionBytes)
	assert.NotContains(t, query(t, on, long, "").text, "Did you mean")
}
