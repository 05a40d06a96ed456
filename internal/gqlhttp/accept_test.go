package gqlhttp

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNegotiate(t *testing.T) {
	const none mediaType = ""
	tests := map[string]mediaType{
		"":                                  typeJSON,
		"*/*":                               typeJSON,
		"application/*":                     typeJSON,
		"application/json":                  typeJSON,
		"application/graphql-response+json": typeGraphQL,
		"APPLICATION/JSON":                  typeJSON,

		"application/graphql-response+json, application/json":             typeGraphQL,
		"application/json, application/graphql-response+json":             typeGraphQL,
		"application/json, application/graphql-response+json;q=0.9":       typeJSON,
		"application/json;q=0.5, application/graphql-response+json;q=0.9": typeGraphQL,
		"application/graphql-response+json, */*":                          typeGraphQL,
		"application/json, */*":                                           typeJSON,
		"application/json;q=0.1, */*":                                     typeGraphQL,
		"text/html, application/xhtml+xml, */*;q=0.8":                     typeJSON,

		"application/json;q=0":                                    none,
		"application/json;q=0, */*":                               typeGraphQL,
		"application/json;q=0.000, application/*;q=0.1":           typeGraphQL,
		"application/graphql-response+json;q=0, application/*":    typeJSON,
		"application/json;q=0, application/graphql-response+json": typeGraphQL,
		"*/*;q=0":                   none,
		"*/*;q=0, application/json": typeJSON,
		"application/*;q=0, */*":    none,

		"application/json; charset=utf-8":                       typeJSON,
		"application/json; charset=UTF-8":                       typeJSON,
		`application/json; charset="utf-8"`:                     typeJSON,
		"application/json; charset=utf-16":                      none,
		"application/graphql-response+json; charset=utf-8":      typeGraphQL,
		"application/json; charset=latin1, */*;q=0.1":           typeJSON,
		"multipart/mixed; deferSpec=20220824, application/json": typeJSON,

		"text/html":                            none,
		"text/*":                               none,
		"garbage":                              none,
		"application/json;q=2":                 none,
		"application/json;q=NaN":               none,
		"application/json;q=x, text/html":      none,
		",, application/json":                  typeJSON,
		"application/json;;;q=, */*;q=0.2":     typeJSON,
		"application/json-seq, application/js": none,
	}
	for header, want := range tests {
		got, ok := negotiate([]string{header})
		assert.Equal(t, want != none, ok, "%q", header)
		if ok {
			assert.Equal(t, want, got, "%q", header)
		}
	}
	got, ok := negotiate(nil)
	assert.True(t, ok)
	assert.Equal(t, typeJSON, got)
	got, _ = negotiate([]string{"text/html", "application/graphql-response+json"})
	assert.Equal(t, typeGraphQL, got, "a header may come in several lines")
}
