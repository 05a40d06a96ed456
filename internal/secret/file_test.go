package secret_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/secret"
)

func TestKeyFileIsMadeOnceAndKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret.key")
	var wg sync.WaitGroup
	rings := make([]*secret.Keyring, 20)
	for i := range rings {
		wg.Go(func() {
			k, err := secret.LoadOrCreateFile(path)
			if err != nil {
				t.Error(err)
			}
			rings[i] = k
		})
	}
	wg.Wait()
	sealed := rings[0].Seal("text", "purpose")
	for _, k := range rings {
		_, _, err := k.Open(sealed, "purpose")
		require.NoError(t, err)
	}
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 1, "nothing is left beside it")
}

func TestKeyFileThatHoldsNoKeyIsLeftAlone(t *testing.T) {
	for name, content := range map[string]string{"empty": "", "text": "hunter2"} {
		path := filepath.Join(t.TempDir(), name)
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		_, err := secret.LoadOrCreateFile(path)
		require.ErrorContains(t, err, path)
		require.NotContains(t, err.Error(), "hunter2")
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, content, string(data))
	}
}

func TestKeyFileCannotBeMade(t *testing.T) {
	_, err := secret.LoadOrCreateFile(filepath.Join(t.TempDir(), "missing", "secret.key"))
	require.Error(t, err)
	_, err = secret.LoadOrCreateFile(t.TempDir())
	require.Error(t, err)
}

func TestKeyFileCanHoldSeveralKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret.key")
	oldKey := secret.Generate()
	require.NoError(t, os.WriteFile(path, []byte(secret.Generate()+","+oldKey+"\n"), 0o600))
	k, err := secret.LoadOrCreateFile(path)
	require.NoError(t, err)
	_, stale, err := k.Open(parse(t, oldKey).Seal("text", "purpose"), "purpose")
	require.NoError(t, err)
	require.True(t, stale)
}
