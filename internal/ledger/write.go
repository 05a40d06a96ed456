package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"madeinlatino.net/madeinlatino/internal/ranking"
)

// insertEntry and upsertScores share one list of arguments, see arguments.
const insertEntry = `INSERT INTO point_entries
	(user_id, artist_id, cycle_id, points, reason, cause, performance_id, note, appended_at, happened_at)
	VALUES ($6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
	ON CONFLICT DO NOTHING RETURNING id`

// upsertScores adds $1 points at $2 to user $3 on each board. %[1]s are the
// boards as VALUES, %[2]s the number of this transaction, %[3]s a further term
// of the WHERE. $4 is the global board, $5 the account that
// is never on the artist's boards. A change by zero leaves reached_at alone.
const upsertScores = `INSERT INTO scores (board_id, user_id, hundredths, reached_at, version, changed, on_board)
	SELECT b.column1, u.id, CAST($1 AS bigint), CAST($2 AS bigint), 1, %[2]s,
		u.hidden_at IS NULL AND u.deleted_at IS NULL AND
		(b.column1 = $4 OR u.twitter_user_id IS DISTINCT FROM CAST($5 AS text) OR u.twitter_user_id IS NULL)
	FROM users u CROSS JOIN (VALUES %[1]s) AS b
	WHERE u.id = $3 %[3]s ORDER BY b.column1
	` + addToScore

// addToScore is what a further entry does to a score, and gives the row as it
// is then.
const addToScore = `ON CONFLICT (board_id, user_id) DO UPDATE SET
		hundredths = scores.hundredths + EXCLUDED.hundredths,
		reached_at = CASE WHEN EXCLUDED.hundredths = 0 OR EXCLUDED.reached_at < scores.reached_at
			THEN scores.reached_at ELSE EXCLUDED.reached_at END,
		version = scores.version + 1, changed = EXCLUDED.changed, on_board = EXCLUDED.on_board
	RETURNING board_id, user_id, hundredths, reached_at, version, on_board`

// write appends the entry and changes the scores: in one statement on
// PostgreSQL, where a round trip costs most, in two on SQLite.
func (s *Service) write(ctx context.Context, a Award, t target) (Entry, []ranking.Image, error) {
	if s.store.Postgres() {
		return s.writePostgres(ctx, a, t)
	}
	return s.writeSQLite(ctx, a, t)
}

func (s *Service) writeSQLite(ctx context.Context, a Award, t target) (Entry, []ranking.Image, error) {
	var entry Entry
	err := s.store.Conn(ctx).QueryRowContext(ctx, insertEntry, arguments(a, t)...).Scan(&entry.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return Entry{Repeat: true}, nil, nil
	}
	if err != nil {
		return Entry{}, nil, fmt.Errorf("insert the entry: %w", err)
	}
	changed, err := s.change(ctx)
	if err != nil {
		return Entry{}, nil, err
	}
	query := fmt.Sprintf(upsertScores, values(t.boards), changed, "")
	rows, err := s.store.Conn(ctx).QueryContext(ctx, query, arguments(a, t)...)
	images, err := scanImages(rows, err)
	return entry, images, err
}

func (s *Service) writePostgres(ctx context.Context, a Award, t target) (Entry, []ranking.Image, error) {
	scores := fmt.Sprintf(upsertScores, values(t.boards), transactionNumber, "AND EXISTS (SELECT 1 FROM entry)")
	query := `WITH entry AS (` + insertEntry + `), score AS (` + scores + `)
		SELECT score.*, entry.id FROM score CROSS JOIN entry`
	rows, err := s.store.Conn(ctx).QueryContext(ctx, query, arguments(a, t)...)
	entry := Entry{}
	images, err := scanImages(rows, err, &entry.ID)
	if err != nil {
		return Entry{}, nil, err
	}
	entry.Repeat = entry.ID == 0
	return entry, images, nil
}

// transactionNumber numbers transactions on PostgreSQL.
const transactionNumber = `pg_current_xact_id()::text::bigint`

// change gives the SQL that numbers the running transaction in score rows. On
// SQLite it advances a counter, under the lock that writers hold anyway.
func (s *Service) change(ctx context.Context) (string, error) {
	if s.store.Postgres() {
		return transactionNumber, nil
	}
	var n int64
	err := s.store.Conn(ctx).QueryRowContext(ctx, `INSERT INTO counters (name, value) VALUES ('score changes', 1)
		ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value`).Scan(&n)
	if err != nil {
		return "", fmt.Errorf("number the transaction: %w", err)
	}
	return fmt.Sprint(n), nil
}

// arguments are $1 to $5 of upsertScores and $6 to $15 of insertEntry.
func arguments(a Award, t target) []any {
	at := t.at.UnixMicro()
	return []any{
		int64(a.Points), at, a.UserID, t.global, t.ownAccount,
		a.UserID, a.ArtistID, t.cycleID, int64(a.Points), string(a.Reason), a.Cause,
		a.PerformanceID, a.Note, at, a.HappenedAt,
	}
}

// values writes board ids as rows of VALUES; they are our own integers.
func values(boards []int) string {
	rows := make([]string, len(boards))
	for i, board := range boards {
		rows[i] = fmt.Sprintf("(%d)", board)
	}
	return strings.Join(rows, ",")
}

// scanImages reads the rows of upsertScores; extra takes columns behind them.
func scanImages(rows *sql.Rows, err error, extra ...any) (_ []ranking.Image, _ error) {
	if err != nil {
		return nil, fmt.Errorf("change the scores: %w", err)
	}
	var images []ranking.Image
	for rows.Next() {
		var i ranking.Image
		columns := append([]any{&i.Board, &i.User, (*int64)(&i.Score), &i.ReachedAt, &i.Version, &i.OnBoard}, extra...)
		if err := rows.Scan(columns...); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		images = append(images, i)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, fmt.Errorf("change the scores: %w", err)
	}
	return images, nil
}
