package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"madeinlatino.net/madeinlatino/internal/ranking"
)

// MaxAwards is how many awards AppendMany takes at once: it bounds the rows
// that one transaction locks, and the memory that it takes.
const MaxAwards = 5_000

// AppendMany appends many entries as if Append were called for each in turn,
// in a few statements: for loads and trials, where one by one takes too long.
// It joins the caller's transaction; outside one it is all or nothing. It
// gives how many entries it appended; the others' causes had counted already.
// Errors: more than MaxAwards awards.
func (s *Service) AppendMany(ctx context.Context, awards []Award) (appended int, err error) {
	if len(awards) > MaxAwards {
		return 0, fmt.Errorf("append to the ledger: %d awards at once, more than %d", len(awards), MaxAwards)
	}
	if len(awards) == 0 {
		return 0, nil
	}
	err = s.store.WithTx(ctx, func(ctx context.Context) error {
		targets, err := s.targets(ctx, awards)
		if err != nil {
			return err
		}
		for _, round := range rounds(awards) {
			n, err := s.appendRound(ctx, round, targets)
			if err != nil {
				return err
			}
			appended += n
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("append to the ledger: %w", err)
	}
	return appended, nil
}

// targets finds where the awards count, by artist; 0 stands for no artist.
// Artists come in order of their ids, so that two of these calls lock their
// cycles in one order.
func (s *Service) targets(ctx context.Context, awards []Award) (map[int]target, error) {
	ids := map[int]bool{}
	for _, a := range awards {
		ids[artistOf(a)] = true
	}
	targets := make(map[int]target, len(ids))
	for _, id := range sortedKeys(ids) {
		artist := &id
		if id == 0 {
			artist = nil
		}
		t, err := s.target(ctx, artist)
		if err != nil {
			return nil, err
		}
		targets[id] = t
	}
	return targets, nil
}

func artistOf(a Award) int {
	if a.ArtistID == nil {
		return 0
	}
	return *a.ArtistID
}

func sortedKeys[V any](m map[int]V) []int {
	keys := make([]int, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// rounds splits awards so that a round has no user twice: a statement changes
// a score once, and what is summed up beforehand loses which entry of two
// that cancel out came last.
func rounds(awards []Award) [][]Award {
	var split [][]Award
	seen := make(map[int]int, len(awards))
	for _, a := range awards {
		n := seen[a.UserID]
		seen[a.UserID]++
		if n == len(split) {
			split = append(split, nil)
		}
		split[n] = append(split[n], a)
	}
	return split
}

// bulkRow is an award as the statements read it from JSON, which both
// databases take as one parameter, however many rows there are.
type bulkRow struct {
	User        int     `json:"u"`
	Artist      *int    `json:"a,omitempty"`
	Cycle       *int    `json:"c,omitempty"`
	Points      int64   `json:"p"`
	Reason      Reason  `json:"r"`
	Cause       string  `json:"k"`
	Performance *int    `json:"f,omitempty"`
	Note        *string `json:"n,omitempty"`
	AppendedAt  int64   `json:"t"`
	HappenedAt  *string `json:"h,omitempty"`
}

// storedTime is how SQLite's driver writes times; PostgreSQL reads it as well.
const storedTime = "2006-01-02 15:04:05.999999999-07:00"

func encode(awards []Award, targets map[int]target) (string, error) {
	rows := make([]bulkRow, len(awards))
	for i, a := range awards {
		t := targets[artistOf(a)]
		rows[i] = bulkRow{
			User: a.UserID, Artist: a.ArtistID, Cycle: t.cycleID, Points: int64(a.Points), Reason: a.Reason, Cause: a.Cause,
			Performance: a.PerformanceID, Note: a.Note, AppendedAt: t.at.UnixMicro(), HappenedAt: format(a.HappenedAt),
		}
	}
	text, err := json.Marshal(rows)
	return string(text), err
}

func format(t *time.Time) *string {
	if t == nil {
		return nil
	}
	text := t.UTC().Format(storedTime)
	return &text
}

const (
	bulkEntries = `INSERT INTO point_entries
		(user_id, artist_id, cycle_id, points, reason, cause, performance_id, note, appended_at, happened_at)
		SELECT u, a, c, p, r, k, f, n, t, h FROM %s WHERE true ORDER BY i
		ON CONFLICT DO NOTHING`

	bulkPostgres = `ROWS FROM (json_to_recordset($1) AS (u bigint, a bigint, c bigint, p bigint, r text, k text,
		f bigint, n text, t bigint, h timestamptz)) WITH ORDINALITY AS row(u, a, c, p, r, k, f, n, t, h, i)`

	bulkSQLite = `(SELECT value ->> 'u' AS u, value ->> 'a' AS a, value ->> 'c' AS c, value ->> 'p' AS p,
		value ->> 'r' AS r, value ->> 'k' AS k, value ->> 'f' AS f, value ->> 'n' AS n, value ->> 't' AS t,
		value ->> 'h' AS h, key AS i FROM json_each($1))`

	// bulkScores is upsertScores for many entries at once. %[1]s are the
	// entries, %[2]s the boards as VALUES with the artist that each belongs
	// to, 0 for the global one; %[3]s is the number of this transaction.
	bulkScores = `INSERT INTO scores (board_id, user_id, hundredths, reached_at, version, changed, on_board)
		SELECT b.column2, u.id, e.points, e.appended_at, 1, %[3]s,
			u.hidden_at IS NULL AND u.deleted_at IS NULL AND
			(b.column1 = 0 OR u.twitter_user_id IS NULL OR u.twitter_user_id IS DISTINCT FROM a.twitter_user_id)
		FROM %[1]s e JOIN users u ON u.id = e.user_id LEFT JOIN artists a ON a.id = e.artist_id
			JOIN (VALUES %[2]s) AS b ON b.column1 = 0 OR b.column1 = e.artist_id
		WHERE true ORDER BY u.id, b.column2
		` + addToScore
)

// appendRound appends awards of users who are all different, and gives how
// many it appended.
func (s *Service) appendRound(ctx context.Context, awards []Award, targets map[int]target) (int, error) {
	rows, err := encode(awards, targets)
	if err != nil {
		return 0, err
	}
	var images []ranking.Image
	var appended int
	if s.store.Postgres() {
		images, appended, err = s.roundPostgres(ctx, rows, targets)
	} else {
		images, appended, err = s.roundSQLite(ctx, rows, targets)
	}
	if err != nil {
		return 0, err
	}
	s.publish(ctx, images)
	return appended, nil
}

func (s *Service) roundPostgres(ctx context.Context, rows string, targets map[int]target) ([]ranking.Image, int, error) {
	query := `WITH entry AS (` + fmt.Sprintf(bulkEntries, bulkPostgres) + ` RETURNING user_id, artist_id, points, appended_at),
		score AS (` + fmt.Sprintf(bulkScores, "entry", boardValues(targets), transactionNumber) + `)
		SELECT score.*, (SELECT COUNT(*) FROM entry) FROM score`
	result, err := s.store.Conn(ctx).QueryContext(ctx, query, rows)
	appended := 0
	images, err := scanImages(result, err, &appended)
	return images, appended, err
}

func (s *Service) roundSQLite(ctx context.Context, rows string, targets map[int]target) ([]ranking.Image, int, error) {
	c := s.store.Conn(ctx)
	// This transaction is the one writer: what lies behind the last id is ours.
	var last int
	if err := c.QueryRowContext(ctx, `SELECT COALESCE(MAX(id), 0) FROM point_entries`).Scan(&last); err != nil {
		return nil, 0, err
	}
	result, err := c.ExecContext(ctx, fmt.Sprintf(bulkEntries, bulkSQLite), rows)
	if err != nil {
		return nil, 0, fmt.Errorf("insert the entries: %w", err)
	}
	appended, err := result.RowsAffected()
	if err != nil || appended == 0 {
		return nil, 0, err
	}
	changed, err := s.change(ctx)
	if err != nil {
		return nil, 0, err
	}
	entries := `(SELECT user_id, artist_id, points, appended_at FROM point_entries WHERE id > $1)`
	changes, err := c.QueryContext(ctx, fmt.Sprintf(bulkScores, entries, boardValues(targets), changed), last)
	images, err := scanImages(changes, err)
	return images, int(appended), err
}

// boardValues writes the boards of all targets as rows of VALUES: the artist,
// or 0, and the board. They are our own integers.
func boardValues(targets map[int]target) string {
	var rows []string
	for _, artist := range sortedKeys(targets) {
		t := targets[artist]
		if len(rows) == 0 {
			rows = append(rows, fmt.Sprintf("(0,%d)", t.global))
		}
		for _, board := range t.boards[1:] {
			rows = append(rows, fmt.Sprintf("(%d,%d)", artist, board))
		}
	}
	return strings.Join(rows, ",")
}
