package ranking

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/store"
)

// SQL reads boards straight from the score rows. It is always right, also
// within the transaction that changes them, and so it is the oracle that
// other engines are tested against. A rank costs a count of those ahead.
type SQL struct{ store *store.Store }

// NewSQL makes the engine over an open database.
func NewSQL(s *store.Store) *SQL { return &SQL{store: s} }

var _ Engine = (*SQL)(nil)

// Apply does nothing: the rows are read where they stand.
func (e *SQL) Apply(context.Context, []Image) error { return nil }

// Standings implements Engine.
func (e *SQL) Standings(ctx context.Context, refs []Ref) (map[Ref]fandom.Standing, error) {
	found := make(map[Ref]fandom.Standing, len(refs))
	for chunk := range slices.Chunk(refs, 500) {
		if err := e.standings(ctx, chunk, found); err != nil {
			return nil, fmt.Errorf("read standings: %w", err)
		}
	}
	return found, nil
}

func (e *SQL) standings(ctx context.Context, refs []Ref, found map[Ref]fandom.Standing) (err error) {
	pairs := make([]string, len(refs))
	for i, ref := range refs {
		pairs[i] = fmt.Sprintf("(%d,%d)", ref.Board, ref.User)
	}
	const ahead = `FROM scores a WHERE a.board_id = m.board_id AND a.on_board AND a.hundredths >= m.hundredths
		AND (a.hundredths > m.hundredths OR (a.reached_at, a.user_id) < (m.reached_at, m.user_id))`
	rows, err := e.store.Conn(ctx).QueryContext(ctx, `
		SELECT m.board_id, m.user_id, m.hundredths, m.reached_at,
			(SELECT COUNT(*) `+ahead+`), (SELECT MIN(a.hundredths) `+ahead+`),
			(SELECT COUNT(*) FROM scores a WHERE a.board_id = m.board_id AND a.on_board)
		FROM scores m
		WHERE m.on_board AND (m.board_id, m.user_id) IN (VALUES `+strings.Join(pairs, ",")+`)`)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var ref Ref
		var s fandom.Standing
		var reached int64
		var above sql.NullInt64
		if err := rows.Scan(&ref.Board, &ref.User, &s.Score, &reached, &s.Rank, &above, &s.Size); err != nil {
			return err
		}
		s.Rank++
		s.UserID, s.ReachedAt = ref.User, time.UnixMicro(reached).UTC()
		if above.Valid {
			points := fandom.Points(above.Int64)
			s.Above = &points
		}
		found[ref] = s
	}
	return rows.Err()
}

// Sizes implements Engine.
func (e *SQL) Sizes(ctx context.Context, boards []int) (_ map[int]int, err error) {
	sizes := make(map[int]int, len(boards))
	if len(boards) == 0 {
		return sizes, nil
	}
	ids := make([]string, len(boards))
	for i, board := range boards {
		sizes[board] = 0
		ids[i] = fmt.Sprint(board)
	}
	rows, err := e.store.Conn(ctx).QueryContext(ctx, `SELECT board_id, COUNT(*) FROM scores
		WHERE on_board AND board_id IN (`+strings.Join(ids, ",")+`) GROUP BY board_id`)
	if err != nil {
		return nil, fmt.Errorf("count boards: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var board, size int
		if err := rows.Scan(&board, &size); err != nil {
			return nil, err
		}
		sizes[board] = size
	}
	return sizes, rows.Err()
}

// Page implements Engine.
func (e *SQL) Page(ctx context.Context, board int, q Query) (page Page, err error) {
	err = e.store.View(ctx, func(ctx context.Context) error {
		sizes, err := e.Sizes(ctx, []int{board})
		if err != nil {
			return err
		}
		page.Size = sizes[board]
		places, err := e.places(ctx, board, q)
		if err != nil || len(places) == 0 {
			return err
		}
		before, err := e.countBefore(ctx, board, places[0])
		if err != nil {
			return err
		}
		above, err := e.placeBefore(ctx, board, places[0])
		if err != nil {
			return err
		}
		page.Standings = number(places, before, above, page.Size)
		return nil
	})
	if err != nil {
		return Page{}, fmt.Errorf("read a page of board %d: %w", board, err)
	}
	return page, nil
}

// number turns consecutive places into standings, the first of which has
// before others ahead of it, the last of them with the score above.
func number(places []fandom.Place, before int, above *fandom.Points, size int) []fandom.Standing {
	standings := make([]fandom.Standing, len(places))
	for i, place := range places {
		standings[i] = fandom.Standing{Place: place, Rank: before + i + 1, Above: above, Size: size}
		above = &standings[i].Score
	}
	return standings
}

// behind and ahead are the conditions of the order, for $%d = hundredths,
// reached_at and user id of a place. The first term alone bounds the index
// scan; the rest filters ties.
const (
	behind = ` AND hundredths <= $%[1]d AND (hundredths < $%[1]d OR (reached_at, user_id) > ($%[2]d, $%[3]d))`
	ahead  = ` AND hundredths >= $%[1]d AND (hundredths > $%[1]d OR (reached_at, user_id) < ($%[2]d, $%[3]d))`

	forwards  = ` ORDER BY hundredths DESC, reached_at, user_id`
	backwards = ` ORDER BY hundredths, reached_at DESC, user_id DESC`
)

// condition appends a term about a place to a query and its arguments.
func condition(query string, args []any, term string, p fandom.Place) (string, []any) {
	n := len(args)
	return query + fmt.Sprintf(term, n+1, n+2, n+3), append(args, int64(p.Score), p.ReachedAt.UnixMicro(), p.UserID)
}

func (e *SQL) places(ctx context.Context, board int, q Query) (_ []fandom.Place, err error) {
	query, args := `SELECT user_id, hundredths, reached_at FROM scores WHERE board_id = $1 AND on_board`, []any{board}
	if q.After != nil {
		query, args = condition(query, args, behind, *q.After)
	}
	if q.Before != nil {
		query, args = condition(query, args, ahead, *q.Before)
	}
	order := forwards
	if q.Backward {
		order = backwards
	}
	args = append(args, q.Limit, q.Offset)
	query += order + fmt.Sprintf(` LIMIT $%d OFFSET $%d`, len(args)-1, len(args))
	rows, err := e.store.Conn(ctx).QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var places []fandom.Place
	for rows.Next() {
		var p fandom.Place
		var reached int64
		if err := rows.Scan(&p.UserID, &p.Score, &reached); err != nil {
			return nil, err
		}
		p.ReachedAt = time.UnixMicro(reached).UTC()
		places = append(places, p)
	}
	if q.Backward {
		slices.Reverse(places)
	}
	return places, rows.Err()
}

func (e *SQL) countBefore(ctx context.Context, board int, p fandom.Place) (n int, err error) {
	query, args := condition(`SELECT COUNT(*) FROM scores WHERE board_id = $1 AND on_board`, []any{board}, ahead, p)
	err = e.store.Conn(ctx).QueryRowContext(ctx, query, args...).Scan(&n)
	return n, err
}

// placeBefore gives the score of who ranks right before p, nil for the first.
func (e *SQL) placeBefore(ctx context.Context, board int, p fandom.Place) (*fandom.Points, error) {
	query, args := condition(`SELECT hundredths FROM scores WHERE board_id = $1 AND on_board`, []any{board}, ahead, p)
	var above fandom.Points
	err := e.store.Conn(ctx).QueryRowContext(ctx, query+backwards+` LIMIT 1`, args...).Scan(&above)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &above, err
}
