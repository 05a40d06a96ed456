package graph_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"

	"madeinlatino.net/madeinlatino/graph/generated"
)

// The playground's examples must be operations of this schema.
func TestTheExamplesOfThePlaygroundAreValid(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../internal/web/assets/examples.js")
	require.NoError(t, err)
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	examples := regexp.MustCompile("(?s)query: `(.*?)`").FindAllSubmatch(source, -1)
	require.NotEmpty(t, examples)
	for _, example := range examples {
		_, errs := gqlparser.LoadQueryWithRules(schema, string(example[1]), nil)
		require.Empty(t, errs, string(example[1]))
	}
	front, err := os.ReadFile("../internal/web/assets/ranking.js")
	require.NoError(t, err)
	query := regexp.MustCompile(`(?s)\{\s*globalRanking.*\}`).Find(front)
	require.Contains(t, string(query), "twitterUserName")
}
