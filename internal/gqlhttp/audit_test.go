package gqlhttp

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

const (
	acceptJSON    = "Accept: application/json"
	acceptGraphQL = "Accept: application/graphql-response+json"
	typeName      = `{"query":"{ __typename }"`
)

// TestAudits holds the handler to the audits of the npm package graphql-http
// (version 1.23.1, by their ids), which check conformance to the
// GraphQL-over-HTTP specification.
func TestAudits(t *testing.T) {
	const (
		byType    = `query Type($name: String!) { __type(name: $name) { name } }`
		noField   = `{"query":"{ 8f31403dfe404bccbb0e835f2629c6a7 }"}`
		badVar    = `{"query":"query CoerceFailure($id: ID!){ __typename }","variables":{"id":null}}`
		withVars  = `{"query":"` + byType + `","variables":{"name":"sometype"}}`
		named     = `{"operationName":"Query","query":"query Query { __typename }"}`
		extended  = typeName + `,"extensions":{"some":"value"}}`
		brokenDoc = `{"query":"{"}`
		brokenJS  = `{ "not a JSON`
	)
	tests := []struct {
		id      string
		body    string
		headers []string
		status  int
		content string // of the Content-Type; "" is not checked
		clean   bool   // no errors
		noData  bool   // no data key
	}{
		{id: "22EB", body: typeName + `}`, headers: []string{acceptGraphQL}, status: 200, content: "application/graphql-response+json"},
		{id: "4655", body: typeName + `}`, headers: []string{acceptJSON}, status: 200, content: "application/json"},
		{id: "47DE", body: typeName + `}`, headers: []string{"Accept: */*"}, status: 200, content: "application/json"},
		{id: "80D8, 78D5, 2C94, 03D4", body: typeName + `}`, status: 200, content: "application/json"},
		{id: "BF61", body: `{"query":"{ __type(name: \"Run🏃Swim🏊\") { name } }"}`, headers: []string{"Content-Type: application/json; charset=utf-8"}, status: 200},
		{id: "9ABE", body: typeName + `}`, headers: []string{"Content-Type: -"}, status: 415},
		{id: "A5BF", body: ``, status: 400},
		{id: "423L", body: `{"notquery":"{ __typename }"}`, headers: []string{acceptGraphQL}, status: 400},
		{id: "LKJ0", body: `{"query":{"obj":"ect"}}`, status: 400},
		{id: "LKJ1", body: `{"query":0}`, status: 400},
		{id: "LKJ2", body: `{"query":false}`, status: 400},
		{id: "LKJ3", body: `{"query":["array"]}`, status: 400},
		{id: "34A2", body: typeName + `}`, headers: []string{acceptGraphQL}, status: 200},
		{id: "13EE", body: typeName + `}`, headers: []string{acceptJSON}, status: 200, clean: true},
		{id: "6C00", body: typeName + `,"operationName":{"obj":"ect"}}`, status: 400},
		{id: "6C01", body: typeName + `,"operationName":0}`, status: 400},
		{id: "6C02", body: typeName + `,"operationName":false}`, status: 400},
		{id: "6C03", body: typeName + `,"operationName":["array"]}`, status: 400},
		{id: "8161", body: named, headers: []string{acceptGraphQL}, status: 200},
		{id: "B8B3", body: named, headers: []string{acceptJSON}, status: 200, clean: true},
		{id: "94B0", body: typeName + `,"variables":null}`, headers: []string{acceptGraphQL}, status: 200, clean: true},
		{id: "0220", body: typeName + `,"variables":null}`, headers: []string{acceptJSON}, status: 200, clean: true},
		{id: "94B1", body: typeName + `,"operationName":null}`, headers: []string{acceptGraphQL}, status: 200, clean: true},
		{id: "0221", body: typeName + `,"operationName":null}`, headers: []string{acceptJSON}, status: 200, clean: true},
		{id: "94B2", body: typeName + `,"extensions":null}`, headers: []string{acceptGraphQL}, status: 200, clean: true},
		{id: "0222", body: typeName + `,"extensions":null}`, headers: []string{acceptJSON}, status: 200, clean: true},
		{id: "4760", body: typeName + `,"variables":"string"}`, status: 400},
		{id: "4761", body: typeName + `,"variables":0}`, status: 400},
		{id: "4762", body: typeName + `,"variables":false}`, status: 400},
		{id: "4763", body: typeName + `,"variables":["array"]}`, status: 400},
		{id: "2EA1", body: withVars, headers: []string{acceptGraphQL}, status: 200, clean: true},
		{id: "28B9", body: withVars, headers: []string{acceptJSON}, status: 200, clean: true},
		{id: "58B0", body: typeName + `,"extensions":"string"}`, status: 400},
		{id: "58B1", body: typeName + `,"extensions":0}`, status: 400},
		{id: "58B2", body: typeName + `,"extensions":false}`, status: 400},
		{id: "58B3", body: typeName + `,"extensions":["array"]}`, status: 400},
		{id: "428F", body: extended, headers: []string{acceptGraphQL}, status: 200},
		{id: "1B7A", body: extended, headers: []string{acceptJSON}, status: 200, clean: true},
		{id: "B6DC, BCF8", body: brokenJS, headers: []string{acceptJSON}, status: 400},
		{id: "B7N8", body: brokenJS, headers: []string{acceptGraphQL}, status: 400},
		{id: "8764, 3E3A", body: `{"qeury":"{ __typename }"}`, status: 400},
		{id: "572B", body: brokenDoc, headers: []string{acceptJSON}, status: 200, noData: true},
		{id: "FDE2", body: noField, headers: []string{acceptJSON}, status: 200, noData: true},
		{id: "7B9B", body: badVar, headers: []string{acceptJSON}, status: 200, noData: true},
		{id: "865D, 556A, D586", body: brokenDoc, headers: []string{acceptGraphQL}, status: 400, noData: true},
		{id: "51FE, 74FF, 5E5B", body: noField, headers: []string{acceptGraphQL}, status: 400, noData: true},
		{id: "86EE", body: badVar, headers: []string{acceptGraphQL}, status: 400, noData: true},
	}
	h := newHandler(t, nil)
	for _, test := range tests {
		t.Run(test.id, func(t *testing.T) {
			a := post(t, h, test.body, test.headers...)
			assert.Equal(t, test.status, a.status, a.text)
			assert.Contains(t, a.header.Get("Content-Type"), test.content)
			if test.clean {
				assert.NotContains(t, a.members, "errors")
			}
			if test.noData {
				assert.NotContains(t, a.members, "data")
				assert.NotEmpty(t, a.Errors)
			}
		})
	}

	t.Run("5A70", func(t *testing.T) {
		assert.Equal(t, http.StatusOK, get(t, h, []string{"query", "{ __typename }"}).status)
	})
	t.Run("9C48", func(t *testing.T) {
		a := get(t, h, []string{"query", "mutation { __typename }"}, acceptGraphQL)
		assert.Equal(t, http.StatusMethodNotAllowed, a.status)
	})
	for id, accept := range map[string]string{"D6D5": acceptGraphQL, "6A70": acceptJSON} {
		t.Run(id, func(t *testing.T) {
			a := get(t, h, []string{"query", byType, "variables", `{"name":"sometype"}`}, accept)
			assert.Equal(t, http.StatusOK, a.status)
			assert.NotContains(t, a.members, "errors")
		})
	}
}
