package pgserver

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// install puts the programs of a PostgreSQL into a directory.
func install(t *testing.T, dir string, names ...string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(dir, 0o750))
	for _, name := range names {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), nil, 0o700))
	}
}

func TestFindTakesPathFirstAndThenTheNewest(t *testing.T) {
	t.Parallel()
	root, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	pattern := filepath.Join(root, "postgresql", "*", "bin")
	for _, version := range []string{"9.6", "15", "17"} {
		install(t, filepath.Join(root, "postgresql", version, "bin"), "initdb", "postgres")
	}
	install(t, filepath.Join(root, "postgresql", "18", "bin"), "initdb") // no server
	clients := filepath.Join(root, "clients")
	install(t, clients, "psql")

	found, err := findIn([]string{clients, "."}, []string{pattern})
	require.NoError(t, err)
	require.Equal(t, filepath.Join(root, "postgresql", "17", "bin", "postgres"), found.postgres)
	require.Equal(t, filepath.Join(root, "postgresql", "17", "bin", "initdb"), found.initdb)

	onPath := filepath.Join(root, "links")
	require.NoError(t, os.MkdirAll(onPath, 0o750))
	for _, name := range []string{"initdb", "postgres"} {
		require.NoError(t, os.Symlink(filepath.Join(root, "postgresql", "15", "bin", name), filepath.Join(onPath, name)))
	}
	found, err = findIn([]string{clients, onPath}, []string{pattern})
	require.NoError(t, err)
	require.Equal(t, filepath.Join(root, "postgresql", "15", "bin", "postgres"), found.postgres)
}

func TestFindSaysWhereItLooked(t *testing.T) {
	t.Parallel()
	_, err := findIn(nil, []string{"/nowhere/*/bin"})
	require.ErrorContains(t, err, "/nowhere/*/bin")
}

func TestVersionOfADirectory(t *testing.T) {
	t.Parallel()
	for dir, want := range map[string]int{
		"/usr/lib/postgresql/15/bin": 15, "/usr/pgsql-16/bin": 16, "/opt/homebrew/opt/postgresql@17/bin": 17,
		"/usr/local/opt/postgresql/bin": 0, "/Applications/Postgres.app/Contents/Versions/latest/bin": 0,
	} {
		require.Equal(t, want, version(dir), dir)
	}
}
