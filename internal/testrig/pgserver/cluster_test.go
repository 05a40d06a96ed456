package pgserver_test

import (
	"context"
	"database/sql"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/testrig/pgserver"
)

// startOwn starts a throw-away server whatever TEST_POSTGRES_URL says, in a
// directory of the test's own, and gives that too.
func startOwn(ctx context.Context, t *testing.T) (server *pgserver.Server, dir string) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs PostgreSQL, which -short leaves out")
	}
	dir = ownTempDir(t)
	t.Setenv(pgserver.Variable, "")
	t.Setenv("TMPDIR", dir)
	server, err := pgserver.Start(ctx)
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Stop() })
	return server, dir
}

// ownTempDir is a directory that the server's user can enter, unlike
// t.TempDir where the tests run as root.
func ownTempDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pgserver-test-")
	require.NoError(t, err)
	require.NoError(t, os.Chmod(dir, 0o755))
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	return dir
}

func requireGone(t *testing.T, serverURL, dir string) {
	t.Helper()
	parsed, err := url.Parse(serverURL)
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		connection, err := net.DialTimeout("tcp", parsed.Host, time.Second)
		if err == nil {
			_ = connection.Close()
			return false
		}
		left, err := os.ReadDir(dir)
		return err == nil && len(left) == 0
	}, 20*time.Second, 10*time.Millisecond, "the server or its files in %s remain", dir)
}

func TestAStartedServerForgetsAndIsEmpty(t *testing.T) {
	server, _ := startOwn(t.Context(), t)
	db, err := sql.Open("postgres", server.URL())
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	for setting, want := range map[string]string{
		"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200",
		"listen_addresses": "127.0.0.1", "server_encoding": "UTF8", "TimeZone": "UTC", "lc_collate": "C",
	} {
		var got string
		require.NoError(t, db.QueryRowContext(t.Context(), `SELECT current_setting($1)`, setting).Scan(&got))
		require.Equal(t, want, got, setting)
	}
	var tables int
	require.NoError(t, db.QueryRowContext(t.Context(),
		`SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'`).Scan(&tables))
	require.Zero(t, tables)
}

func TestStopRemovesTheServerWithItsFiles(t *testing.T) {
	server, dir := startOwn(t.Context(), t)
	homes, err := filepath.Glob(filepath.Join(dir, "madeinlatino-postgres-*"))
	require.NoError(t, err)
	require.Len(t, homes, 1)
	require.NoError(t, server.Stop())
	requireGone(t, server.URL(), dir)
	require.NoError(t, server.Stop(), "a second time")
}

func TestAServerEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server, dir := startOwn(ctx, t)
	cancel()
	requireGone(t, server.URL(), dir)
	require.NoError(t, server.Stop())
}

func TestACancelledStartLeavesNothing(t *testing.T) {
	dir := ownTempDir(t)
	t.Setenv(pgserver.Variable, "")
	t.Setenv("TMPDIR", dir)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := pgserver.Start(ctx)
	require.Error(t, err)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestAServerThatIsThereAlreadyIsTakenAndLeftAlone(t *testing.T) {
	shared := pgserver.Shared(t)
	t.Setenv(pgserver.Variable, shared.URL())
	server, err := pgserver.Start(t.Context())
	require.NoError(t, err)
	require.Equal(t, shared.URL(), server.URL())
	require.NoError(t, server.Stop())
	_, drop, err := pgserver.CreateDatabase(t.Context(), shared.URL(), "")
	require.NoError(t, err)
	require.NoError(t, drop())
}

func TestDropEndsOpenConnections(t *testing.T) {
	t.Parallel()
	server := pgserver.Shared(t)
	base := server.URL()
	created, drop, err := pgserver.CreateDatabase(t.Context(), base, "")
	require.NoError(t, err)
	db, err := sql.Open("postgres", created)
	require.NoError(t, err)
	defer func() { _ = db.Close() }()
	require.NoError(t, db.PingContext(t.Context()))
	require.NoError(t, drop())
	require.NoError(t, drop(), "dropping twice is no error")
	_, err = db.ExecContext(t.Context(), `SELECT 1`)
	require.Error(t, err)
}

func TestErrorsDoNotRepeatThePassword(t *testing.T) {
	for _, given := range []string{
		"postgres://user:secret@127.0.0.1:1/none?sslmode=disable&connect_timeout=1",
		"postgres://user:secret@127.0.0.1:port/none",
		"user=user password=secret",
	} {
		t.Setenv(pgserver.Variable, given)
		_, err := pgserver.Start(t.Context())
		require.ErrorContains(t, err, pgserver.Variable)
		require.ErrorContains(t, err, "make deps")
		require.NotContains(t, err.Error(), "secret")
		_, err = pgserver.Check(t.Context())
		require.Error(t, err)
		require.NotContains(t, err.Error(), "secret")
	}
}
