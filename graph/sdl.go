package graph

import (
	"bytes"
	"net/http"

	"github.com/vektah/gqlparser/v2/formatter"

	"madeinlatino.net/madeinlatino/graph/generated"
)

// SDL is the schema in GraphQL's schema definition language, with
// descriptions.
func SDL() string {
	var b bytes.Buffer
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	formatter.NewFormatter(&b, formatter.WithIndent("  ")).FormatSchema(schema)
	return b.String()
}

// ServeSDL serves SDL.
func ServeSDL(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/graphql; charset=utf-8")
	_, _ = w.Write([]byte(SDL()))
}
