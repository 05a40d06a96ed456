package gqlhttp

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCost(t *testing.T) {
	tests := []struct {
		name, document, variables string
		want                      int
	}{
		{"a leaf", "{ echo }", "", 1},
		{"fields add up", "{ echo viewer { id name } }", "", 4},
		{"first", "{ users(first: 10) { id name } }", "", 21},
		{"the larger of first and last", "{ users(first: 10, last: 30) { id } }", "", 31},
		{"no size", "{ users { id } }", "", 26},
		{"null for a size", "{ users(first: null) { id } }", "", 26},
		{"a variable", "query ($n: Int) { users(first: $n) { id } }", `{"n":7}`, 8},
		{"a variable that is left out", "query ($n: Int) { users(first: $n) { id } }", "", 26},
		{"a variable's default", "query ($n: Int = 3) { users(first: $n) { id } }", "", 4},
		{"nonsense is left to the resolver", "{ users(first: -5) { id } }", "", 26},
		{"nested pages multiply", "{ users(first: 10) { friends(first: 10) { id } } }", "", 1 + 10*(1+10)},
		{"a window", "{ around(above: 2, below: 3) { id } }", "", 1 + 6},
		{"a window by default", "{ around { id } }", "", 1 + 11},
		{"a list that is looked up", `{ lookup(names: ["a", "b", "c"]) { id } }`, "", 4},
		{"one name for a list", `{ lookup(names: "a") { id } }`, "", 2},
		{"a list in a variable", `query ($n: [String!]!) { lookup(names: $n) { id } }`, `{"n":["a","b"]}`, 3},
		{"a list for one value", `{ echo(ints: [1, 2, 3]) }`, "", 1},
		{"fragments", "{ viewer { ...F ... on User { name } } } fragment F on User { id friend { id } }", "", 5},
		{"introspection", `{ __typename __type(name: "User") { name } }`, "", 3},
	}
	h := newHandler(t, nil)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := query(t, h, test.document, test.variables)
			require.Empty(t, a.Errors)
			assert.JSONEq(t, fmt.Sprintf(`{"cost":{"complexity":%d,"limit":20000}}`, test.want), string(a.members["extensions"]))
		})
	}
}

func TestCostOfARefusedOperation(t *testing.T) {
	h := newHandler(t, nil)
	a := query(t, h, "{ users(first: 2000000000) { friends(first: 2000000000) { id } } }", "")
	assert.Contains(t, a.message(), "points")
	assert.JSONEq(t, fmt.Sprintf(`{"cost":{"complexity":%d,"limit":20000}}`, maxSize), string(a.members["extensions"]), "it stops growing")
	assert.NotContains(t, query(t, h, "{ nothing }", "").members, "extensions")
}

func TestCostSetBySchema(t *testing.T) {
	es := newTestSchema(t)
	es.price = func(typeName, field string, below int) (int, bool) {
		return 100 + below, typeName == "User" && field == "friend"
	}
	a := query(t, New(es, Config{Limits: limitsFor(nil)}), "{ viewer { friend { id name } } }", "")
	assert.JSONEq(t, `{"cost":{"complexity":103,"limit":20000}}`, string(a.members["extensions"]))
}

// TestPriceIsLinear prices fragments that double with each level, and counts.
func TestPriceIsLinear(t *testing.T) {
	const levels = 18
	var b strings.Builder
	b.WriteString("{ viewer { ...F0 } } ")
	for i := range levels {
		fmt.Fprintf(&b, "fragment F%d on User { friend { ...F%d } best { ...F%d } } ", i, i+1, i+1)
	}
	fmt.Fprintf(&b, "fragment F%d on User { id }", levels)

	es := newTestSchema(t)
	doc, errs := newDocuments(es.schema, Config{Limits: limitsFor(nil)}).get(b.String())
	require.Empty(t, errs)
	p := newPricer(t.Context(), es, nil, 25)
	assert.Greater(t, p.price(doc.Operations[0].SelectionSet), 1<<levels)
	assert.Equal(t, 3+4*levels, p.visited, "every node once")
}
