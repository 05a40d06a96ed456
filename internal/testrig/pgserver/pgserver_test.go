package pgserver_test

import (
	"database/sql"
	"testing"

	_ "github.com/lib/pq"
	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/testrig/pgserver"
)

func TestMain(m *testing.M) { pgserver.Main(m) }

func TestDatabasesAreSeparateAndCopyTheirTemplate(t *testing.T) {
	t.Parallel()
	server := pgserver.Shared(t)
	template, dropTemplate, err := pgserver.CreateDatabase(t.Context(), server.URL(), "")
	require.NoError(t, err)
	db, err := sql.Open("postgres", template)
	require.NoError(t, err)
	_, err = db.ExecContext(t.Context(), `CREATE TABLE marks (n int); INSERT INTO marks VALUES (7)`)
	require.NoError(t, err)
	require.NoError(t, db.Close())

	copied, drop, err := pgserver.CreateDatabase(t.Context(), server.URL(), pgserver.DatabaseName(template))
	require.NoError(t, err)
	db, err = sql.Open("postgres", copied)
	require.NoError(t, err)
	var n int
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT n FROM marks`).Scan(&n))
	require.Equal(t, 7, n)
	require.NoError(t, db.Close())
	require.NoError(t, drop())
	require.NoError(t, dropTemplate())
}

func TestAServerThatDoesNotAnswerIsSaid(t *testing.T) {
	t.Setenv(pgserver.Variable, "postgres://postgres@127.0.0.1:1/none?sslmode=disable&connect_timeout=1")
	_, err := pgserver.Start(t.Context())
	require.ErrorContains(t, err, pgserver.Variable)
}
