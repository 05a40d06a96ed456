package ledger

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/ranking"
)

// Difference is a score row that does not say what the ledger says.
type Difference struct {
	ranking.Ref
	Have *State // nil: the row is missing
	Want State
}

// State is what matters of a score row.
type State struct {
	Score     fandom.Points
	ReachedAt int64 // microseconds since 1970
	OnBoard   bool
}

// Report is the outcome of Verify.
type Report struct {
	Entries     int
	Scores      int
	Differences []Difference
	Repaired    bool
}

// String says the report in a line and one more for each difference.
func (r Report) String() string {
	var b strings.Builder
	outcome := "found"
	if r.Repaired {
		outcome = "repaired"
	}
	fmt.Fprintf(&b, "%d ledger entries, %d scores: %d differences %s\n", r.Entries, r.Scores, len(r.Differences), outcome)
	for _, d := range r.Differences {
		have := "no row"
		if d.Have != nil {
			have = d.Have.String()
		}
		fmt.Fprintf(&b, "board %d, user %d: have %s, the ledger says %s\n", d.Board, d.User, have, d.Want)
	}
	return b.String()
}

// String says the state in words.
func (s State) String() string {
	place := "on the board"
	if !s.OnBoard {
		place = "off the board"
	}
	return fmt.Sprintf("%s since %d, %s", s.Score, s.ReachedAt, place)
}

// expected recomputes every score from the entries: an entry counts on the
// global board, on its artist's and on its cycle's. A user reached a score by
// their last entry that changed it.
const expected = `SELECT board_id, user_id, CAST(SUM(points) AS bigint) AS points,
		COALESCE(MAX(CASE WHEN points <> 0 THEN appended_at END), MIN(appended_at)) AS reached_at
	FROM (
		SELECT b.id AS board_id, e.user_id, e.points, e.appended_at
			FROM point_entries e CROSS JOIN boards b WHERE b.name = 'global'
		UNION ALL SELECT a.board_id, e.user_id, e.points, e.appended_at
			FROM point_entries e JOIN artists a ON a.id = e.artist_id
		UNION ALL SELECT c.board_id, e.user_id, e.points, e.appended_at
			FROM point_entries e JOIN artist_cycles c ON c.id = e.cycle_id
	) counted %[1]s GROUP BY board_id, user_id`

// own lists the accounts of artists with the artist's boards, which they are
// never on.
const own = `SELECT a.board_id, u.id AS user_id FROM artists a JOIN users u ON u.twitter_user_id = a.twitter_user_id
	UNION ALL SELECT c.board_id, u.id FROM artist_cycles c
		JOIN artists a ON a.id = c.artist_id JOIN users u ON u.twitter_user_id = a.twitter_user_id`

// compare lists where the score rows differ from want. A row without entries
// may stay, at zero and off the board: engines know its version.
//
// The two halves stand for a full join: SQLite would do that one row by row.
const compare = `WITH own AS (` + own + `), sums AS MATERIALIZED (` + expected + `), want AS MATERIALIZED (
		SELECT sums.*, u.hidden_at IS NULL AND u.deleted_at IS NULL AND own.user_id IS NULL AS on_board
		FROM sums JOIN users u ON u.id = sums.user_id
		LEFT JOIN own ON own.board_id = sums.board_id AND own.user_id = sums.user_id
	), have AS (SELECT * FROM scores %[1]s)
	SELECT want.board_id, want.user_id,
		have.board_id IS NOT NULL, COALESCE(have.hundredths, 0), COALESCE(have.reached_at, 0), COALESCE(have.on_board, false),
		want.points, want.reached_at, want.on_board
	FROM want LEFT JOIN have ON have.board_id = want.board_id AND have.user_id = want.user_id
	WHERE have.board_id IS NULL OR have.hundredths <> want.points
		OR have.on_board <> want.on_board OR have.reached_at <> want.reached_at
	UNION ALL
	SELECT have.board_id, have.user_id, true, have.hundredths, have.reached_at, have.on_board, 0, have.reached_at, false
	FROM have LEFT JOIN want ON have.board_id = want.board_id AND have.user_id = want.user_id
	WHERE want.board_id IS NULL AND (have.hundredths <> 0 OR have.on_board)
	ORDER BY 2, 1`

// Verify recomputes every score from the ledger in one snapshot and reports
// each difference. With repair it then sets those rows right, each against
// the ledger as it is while the row is locked, so that it can run beside a
// server that goes on awarding points.
func (s *Service) Verify(ctx context.Context, repair bool) (report Report, err error) {
	err = s.store.View(ctx, func(ctx context.Context) error {
		c := s.store.Conn(ctx)
		if err := c.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM point_entries), (SELECT COUNT(*) FROM scores)`).
			Scan(&report.Entries, &report.Scores); err != nil {
			return err
		}
		report.Differences, err = s.differences(ctx, "")
		return err
	})
	if err != nil {
		return Report{}, fmt.Errorf("verify the ledger: %w", err)
	}
	if !repair {
		return report, nil
	}
	for _, d := range report.Differences {
		if err := s.repair(ctx, d.Ref); err != nil {
			return report, fmt.Errorf("repair board %d, user %d: %w", d.Board, d.User, err)
		}
	}
	report.Repaired = true
	return report, nil
}

// differences compares all rows, or those that the WHERE clause only selects
// by board_id and user_id.
func (s *Service) differences(ctx context.Context, only string) (_ []Difference, err error) {
	rows, err := s.store.Conn(ctx).QueryContext(ctx, fmt.Sprintf(compare, only))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var found []Difference
	for rows.Next() {
		var d Difference
		var have State
		var exists bool
		err := rows.Scan(&d.Board, &d.User, &exists, &have.Score, &have.ReachedAt, &have.OnBoard,
			&d.Want.Score, &d.Want.ReachedAt, &d.Want.OnBoard)
		if err != nil {
			return nil, err
		}
		if exists {
			d.Have = &have
		}
		found = append(found, d)
	}
	return found, rows.Err()
}

// repair sets one row right in a transaction of its own.
func (s *Service) repair(ctx context.Context, ref ranking.Ref) error {
	return s.store.WithTx(ctx, func(ctx context.Context) error {
		changed, err := s.change(ctx)
		if err != nil {
			return err
		}
		// Making or touching the row locks it: an award that is under way
		// now adds to it after us.
		_, err = s.store.Conn(ctx).ExecContext(ctx, `INSERT INTO scores
			(board_id, user_id, hundredths, reached_at, version, changed, on_board)
			VALUES ($1, $2, 0, 0, 1, `+changed+`, false)
			ON CONFLICT (board_id, user_id) DO UPDATE SET version = scores.version + 1, changed = EXCLUDED.changed`,
			ref.Board, ref.User)
		if err != nil {
			return err
		}
		found, err := s.differences(ctx, fmt.Sprintf("WHERE board_id = %d AND user_id = %d", ref.Board, ref.User))
		if err != nil || len(found) == 0 {
			return err
		}
		want := found[0].Want
		rows, err := s.store.Conn(ctx).QueryContext(ctx, `UPDATE scores SET hundredths = $3, reached_at = $4, on_board = $5
			WHERE board_id = $1 AND user_id = $2
			RETURNING board_id, user_id, hundredths, reached_at, version, on_board`,
			ref.Board, ref.User, int64(want.Score), want.ReachedAt, want.OnBoard)
		images, err := scanImages(rows, err)
		if err != nil {
			return err
		}
		s.publish(ctx, images)
		return nil
	})
}

// KeepOffOwnBoards takes the artist's own account off the artist's boards, and
// puts the account back that was the artist's before. It is called when the
// account changes or becomes known after it may have earned points.
func (s *Service) KeepOffOwnBoards(ctx context.Context, artistID int) error {
	return s.store.WithTx(ctx, func(ctx context.Context) error {
		changed, err := s.change(ctx)
		if err != nil {
			return err
		}
		rows, err := s.store.Conn(ctx).QueryContext(ctx, `UPDATE scores
			SET on_board = NOT on_board, version = version + 1, changed = `+changed+`
			WHERE board_id IN (SELECT board_id FROM artists WHERE id = $1 UNION SELECT board_id FROM artist_cycles WHERE artist_id = $1)
			AND on_board = (user_id IN (SELECT u.id FROM users u JOIN artists a ON a.twitter_user_id = u.twitter_user_id WHERE a.id = $1))
			AND (on_board OR EXISTS (SELECT 1 FROM users u JOIN point_entries e ON e.user_id = u.id
				LEFT JOIN artist_cycles c ON c.id = e.cycle_id
				WHERE u.id = scores.user_id AND u.hidden_at IS NULL AND u.deleted_at IS NULL AND e.artist_id = $1
				AND scores.board_id IN (c.board_id, (SELECT board_id FROM artists WHERE id = $1))))
			RETURNING board_id, user_id, hundredths, reached_at, version, on_board`, artistID)
		images, err := scanImages(rows, err)
		if err != nil {
			return err
		}
		s.publish(ctx, images)
		return nil
	})
}
