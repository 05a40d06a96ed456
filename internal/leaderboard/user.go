package leaderboard

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/ranking"
)

// BoardStanding is a user's standing on one artist's all-time board.
type BoardStanding struct {
	Board int
	fandom.Standing
}

const artistBoards = ` FROM scores s JOIN artists a ON a.board_id = s.board_id
	WHERE s.user_id = $1 AND s.on_board AND a.retired_at IS NULL`

// UserBoards gives a page of the artists' boards that a user is on, highest
// score first. Errors: Invalid for a cursor that is not of this list.
func (s *Service) UserBoards(ctx context.Context, userID int, page fandom.Page) (list fandom.List[BoardStanding], err error) {
	err = s.store.View(ctx, func(ctx context.Context) error {
		refs, err := s.userRefs(ctx, userID, page)
		if err != nil {
			return err
		}
		standings, err := s.engine.Standings(ctx, refs)
		if err != nil {
			return err
		}
		list = fandom.NewList(page, refs, func(ref ranking.Ref) BoardStanding {
			return BoardStanding{Board: ref.Board, Standing: standings[ref]}
		}, func(b BoardStanding) fandom.Cursor {
			return fandom.Cursor{strconv.FormatInt(int64(b.Score), 10), strconv.Itoa(b.Board)}
		}, func(ctx context.Context) (n int, err error) {
			err = s.store.Conn(ctx).QueryRowContext(ctx, `SELECT COUNT(*)`+artistBoards, userID).Scan(&n)
			return n, err
		})
		return nil
	})
	return list, err
}

func (s *Service) userRefs(ctx context.Context, userID int, page fandom.Page) (refs []ranking.Ref, err error) {
	query, args := `SELECT s.board_id`+artistBoards, []any{userID}
	if page.After != nil {
		score, board, ok := parseBoardCursor(page.After)
		if !ok {
			return nil, fandom.InvalidField("cursor", "This cursor is not of this list.")
		}
		query += ` AND (-s.hundredths, s.board_id) > ($2, $3)`
		args = append(args, -score, board)
	}
	args = append(args, page.Limit+1, page.Offset)
	query += fmt.Sprintf(` ORDER BY s.hundredths DESC, s.board_id LIMIT $%d OFFSET $%d`, len(args)-1, len(args))
	rows, err := s.store.Conn(ctx).QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list a user's boards: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		ref := ranking.Ref{User: userID}
		if err := rows.Scan(&ref.Board); err != nil {
			return nil, err
		}
		refs = append(refs, ref)
	}
	return refs, rows.Err()
}

func parseBoardCursor(c fandom.Cursor) (score int64, board int, ok bool) {
	if len(c) != 2 {
		return 0, 0, false
	}
	score, err1 := strconv.ParseInt(c[0], 10, 64)
	board, err2 := strconv.Atoi(c[1])
	return score, board, err1 == nil && err2 == nil
}
