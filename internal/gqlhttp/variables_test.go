package gqlhttp

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestVariables(t *testing.T) {
	const (
		echo   = "query ($int: Int, $float: Float, $id: ID, $text: String, $on: Boolean, $ints: [Int!]) { echo(int: $int, float: $float, id: $id, text: $text, on: $on, ints: $ints) }"
		search = "query ($input: SearchInput!) { search(input: $input) { id } }"
		order  = "query ($order: Order) { users(order: $order) { id } }"
	)
	tests := []struct {
		document, variables string
		message             string // "" where the value is right
	}{
		{echo, `{"int":1,"float":1.5,"id":"a","text":"t","on":true,"ints":[1,2]}`, ""},
		{echo, `{"int":null,"float":1,"id":12345678901,"ints":3}`, ""},
		{echo, `{"unknown":1}`, ""},
		{echo, `{"int":-2147483648}`, ""},
		{echo, `{"int":2147483648}`, "$int: not a value of type Int"},
		{echo, `{"int":1.5}`, "$int"},
		{echo, `{"int":"1"}`, "$int"},
		{echo, `{"int":true}`, "$int"},
		{echo, `{"float":"1.5"}`, "$float"},
		{echo, `{"float":1e999}`, "$float"},
		{echo, `{"id":1.5}`, "$id"},
		{echo, `{"id":{}}`, "$id"},
		{echo, `{"text":5}`, "$text"},
		{echo, `{"on":"true"}`, "$on"},
		{echo, `{"on":0}`, "$on"},
		{echo, `{"ints":[1,"2"]}`, "$ints"},
		{echo, `{"ints":[1,null]}`, "$ints[1]: cannot be null"},
		{search, `{"input":{"text":"a","order":"NEWEST","list":[{"text":null},{}]}}`, ""},
		{search, `{"input":null}`, "$input: cannot be null"},
		{search, `{}`, "$input: must be defined"},
		{search, `{"input":[]}`, "$input"},
		{search, `{"input":{"txt":"a"}}`, "$input.txt: unknown field"},
		{search, `{"input":{"nested":{"text":5}}}`, "$input: nested: text: not a value of type String"},
		{search, `{"input":{"list":[{"order":"newest"}]}}`, "$input: list: order"},
		{order, `{"order":"OLDEST"}`, ""},
		{order, `{"order":"oldest"}`, "$order"},
		{order, `{"order":1}`, "$order"},
	}
	h := newHandler(t, nil)
	for _, test := range tests {
		a := query(t, h, test.document, test.variables, acceptGraphQL)
		if test.message == "" {
			assert.Empty(t, a.Errors, test.variables)
			continue
		}
		assert.Contains(t, a.message(), test.message, test.variables)
		assert.Equal(t, 400, a.status, test.variables)
		assert.Equal(t, CodeBadUserInput, a.code(), test.variables)
		assert.NotContains(t, a.members, "data", test.variables)
		assert.Len(t, a.Errors, 1)
		assert.Empty(t, a.Errors[0].Path, "a path leads into a response")
	}
}

func TestNumbersInTheDocument(t *testing.T) {
	h := newHandler(t, nil)
	for _, document := range []string{
		"{ echo(int: 2147483648) }", "{ echo(int: 99999999999999999999) }", "{ echo(float: 1e999) }",
		"{ echo(id: 99999999999999999999) }", "query ($n: Int = 99999999999) { users(first: $n) { id } }",
		"{ search(input: {}, any: [99999999999999999999]) { id } }",
	} {
		a := query(t, h, document, "")
		assert.Contains(t, a.message(), "out of range", document)
		assert.NotEmpty(t, a.Errors[0].Locations)
	}
	assert.Empty(t, query(t, h, "{ echo(int: -2147483648, float: 1e300, id: 12345678901) }", "").Errors)
}
