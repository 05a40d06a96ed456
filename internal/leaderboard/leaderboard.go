// Package leaderboard owns what a client asks of a ranking: which board is
// meant, a stretch of it, one fan's standing, the fans around them.
package leaderboard

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/ledger"
	"madeinlatino.net/madeinlatino/internal/ranking"
	"madeinlatino.net/madeinlatino/internal/store"
)

// Service answers questions about rankings.
type Service struct {
	store  *store.Store
	engine ranking.Engine
	ledger *ledger.Service
	now    func() time.Time
}

// New makes the service over an engine.
func New(s *store.Store, engine ranking.Engine, l *ledger.Service, now func() time.Time) *Service {
	return &Service{store: s, engine: engine, ledger: l, now: now}
}

// ArtistRanking identifies the artist's ranking.
func (s *Service) ArtistRanking(artist fandom.Artist) fandom.Ranking {
	return fandom.Ranking{Board: artist.BoardID, Artist: &artist, Window: fandom.AllTime, AsOf: s.now()}
}

// GlobalRanking identifies the ranking of all users.
func (s *Service) GlobalRanking(ctx context.Context) (fandom.Ranking, error) {
	board, err := s.ledger.GlobalBoard(ctx)
	if err != nil {
		return fandom.Ranking{}, err
	}
	return fandom.Ranking{Board: board, Window: fandom.AllTime, AsOf: s.now()}, nil
}

// Sizes counts the users on each board.
func (s *Service) Sizes(ctx context.Context, boards []int) (map[int]int, error) {
	return s.engine.Sizes(ctx, boards)
}

// Size counts the users on one board.
func (s *Service) Size(ctx context.Context, board int) (int, error) {
	sizes, err := s.engine.Sizes(ctx, []int{board})
	return sizes[board], err
}

// Entries gives a page of a board, best rank first. Errors: Invalid for a
// cursor that is not of a ranking.
func (s *Service) Entries(ctx context.Context, board int, page fandom.Page) (fandom.List[fandom.Standing], error) {
	q := ranking.Query{Limit: page.Limit, Offset: page.Offset, Backward: page.Backward}
	var err error
	if q.After, err = parsePlace(page.After); err != nil {
		return fandom.List[fandom.Standing]{}, err
	}
	if q.Before, err = parsePlace(page.Before); err != nil {
		return fandom.List[fandom.Standing]{}, err
	}
	found, err := s.engine.Page(ctx, board, q)
	if err != nil {
		return fandom.List[fandom.Standing]{}, err
	}
	list := fandom.List[fandom.Standing]{
		Items:   found.Standings,
		Cursors: make([]fandom.Cursor, len(found.Standings)),
		Count:   func(context.Context) (int, error) { return found.Size, nil },
	}
	for i, standing := range found.Standings {
		list.Cursors[i] = formatPlace(standing.Place)
	}
	if n := len(found.Standings); n > 0 {
		list.HasPrevious = found.Standings[0].Rank > 1
		list.HasNext = found.Standings[n-1].Rank < found.Size
	}
	return list, nil
}

// formatPlace makes a place a cursor: it stays where it is when the user who
// held it moves on.
func formatPlace(p fandom.Place) fandom.Cursor {
	return fandom.Cursor{
		strconv.FormatInt(int64(p.Score), 10), strconv.FormatInt(p.ReachedAt.UnixMicro(), 10), strconv.Itoa(p.UserID),
	}
}

func parsePlace(c fandom.Cursor) (*fandom.Place, error) {
	if c == nil {
		return nil, nil
	}
	var numbers [3]int64
	if len(c) != len(numbers) {
		return nil, fandom.InvalidField("cursor", "This cursor is not of a ranking.")
	}
	for i, text := range c {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, fandom.InvalidField("cursor", "This cursor is not of a ranking.")
		}
		numbers[i] = n
	}
	return &fandom.Place{
		Score: fandom.Points(numbers[0]), ReachedAt: time.UnixMicro(numbers[1]).UTC(), UserID: int(numbers[2]),
	}, nil
}

// Standings gives the standing of each reference that is on its board.
func (s *Service) Standings(ctx context.Context, refs []ranking.Ref) (map[ranking.Ref]fandom.Standing, error) {
	return s.engine.Standings(ctx, refs)
}

// Standing gives a user's standing, nil where they are not on the board.
func (s *Service) Standing(ctx context.Context, board, userID int) (*fandom.Standing, error) {
	ref := ranking.Ref{Board: board, User: userID}
	found, err := s.engine.Standings(ctx, []ranking.Ref{ref})
	if err != nil {
		return nil, err
	}
	if standing, ok := found[ref]; ok {
		return &standing, nil
	}
	return nil, nil
}

// Score gives what a user sees of themselves: who is on no board because an
// admin hid them still sees their points.
func (s *Service) Score(ctx context.Context, board, userID int) (fandom.Score, error) {
	standing, err := s.Standing(ctx, board, userID)
	if err != nil {
		return fandom.Score{}, err
	}
	if standing != nil {
		return fandom.Score{Rank: &standing.Rank, Points: standing.Score}, nil
	}
	var score fandom.Score
	err = s.store.Conn(ctx).QueryRowContext(ctx,
		`SELECT hundredths FROM scores WHERE board_id = $1 AND user_id = $2`, board, userID).Scan(&score.Points)
	if err != nil && !store.IsNoRow(err) {
		return fandom.Score{}, fmt.Errorf("read a score: %w", err)
	}
	return score, nil
}

// Scores gives the scores of users on a board, shown on it or not; who has
// none is left out.
func (s *Service) Scores(ctx context.Context, refs []ranking.Ref) (_ map[ranking.Ref]fandom.Points, err error) {
	found := make(map[ranking.Ref]fandom.Points, len(refs))
	if len(refs) == 0 {
		return found, nil
	}
	pairs := make([]string, len(refs))
	for i, ref := range refs {
		pairs[i] = fmt.Sprintf("(%d,%d)", ref.Board, ref.User)
	}
	rows, err := s.store.Conn(ctx).QueryContext(ctx, `SELECT board_id, user_id, hundredths FROM scores
		WHERE (board_id, user_id) IN (VALUES `+strings.Join(pairs, ",")+`)`)
	if err != nil {
		return nil, fmt.Errorf("read scores: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var ref ranking.Ref
		var points fandom.Points
		if err := rows.Scan(&ref.Board, &ref.User, &points); err != nil {
			return nil, err
		}
		found[ref] = points
	}
	return found, rows.Err()
}

// Around gives the fans around a standing: above better ranks, the standing,
// below worse ones. Where the board ends on one side, the other is filled up.
func (s *Service) Around(ctx context.Context, board int, standing fandom.Standing, above, below int) ([]fandom.Standing, error) {
	total := above + below + 1
	first := min(max(standing.Rank-above, 1), max(standing.Size-total+1, 1))
	page, err := s.engine.Page(ctx, board, ranking.Query{Limit: total, Offset: first - 1})
	return page.Standings, err
}
