package gqlhttp

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDecodeKeepsNumbersAsWritten(t *testing.T) {
	params, refused := decodeParams([]byte(`{"query":"q","variables":{"id":12345678901234567890}}`))
	require.Nil(t, refused)
	assert.Equal(t, json.Number("12345678901234567890"), params.Variables["id"])
}

// FuzzDecodeParams checks that a body is either understood as JSON understands
// it or refused without a word of it.
func FuzzDecodeParams(f *testing.F) {
	for _, seed := range []string{
		`{"query":"{ a }"}`, `{"query":"q","variables":{"a":[1,2.5e3,null]},"extensions":null,"operationName":"x"}`,
		`[{"query":"q"}]`, `{"query":"q"} x`, `{"query":1}`, `{"variables":"v"}`, "\xff", `nul`, `{"query":"\ud800"}`,
		`{"query":"q","query":"r"}`, strings.Repeat("[", 100), "\ufeff{}", `{"query":"q","variables":{}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		params, refused := decodeParams(body)
		if refused != nil {
			assert.Nil(t, params)
			assert.Equal(t, CodeBadUserInput, refused.Extensions["code"])
			assert.Less(t, len(refused.Message), 120)
			return
		}
		require.True(t, json.Valid(body))
		require.NotEmpty(t, params.Query)
		var whole map[string]any
		require.NoError(t, json.Unmarshal(body, &whole))
		assert.Equal(t, whole["query"], params.Query)
		for _, name := range []string{"variables", "extensions"} {
			_, isObject := whole[name].(map[string]any)
			assert.True(t, isObject || whole[name] == nil, name)
		}
	})
}
