package config_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/config"
)

func TestTheReadmeListsEveryVariable(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	for _, v := range config.Doc() {
		require.Contains(t, string(readme), fmt.Sprintf("| `%s` | %s | %s |", v.Name, v.Default, v.Meaning))
	}
}
