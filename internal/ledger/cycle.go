package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

// Cycle is a stretch between two due days of an artist.
type Cycle struct {
	ID       int
	Number   int
	Board    int
	OpensAt  time.Time
	ClosesAt time.Time // exclusive
}

// StartCycles makes the first cycle of a new artist, in the caller's
// transaction. Who awards points to the artist later finds or makes the rest.
func (s *Service) StartCycles(ctx context.Context, artistID int, due fandom.DueDay, loc *time.Location) error {
	now := s.now()
	return s.insertCycle(ctx, artistID, 1, now, due.Cut(now, loc))
}

// Reschedule moves the end of the artist's open cycle after its due day or
// time zone changed: the change counts from now on.
func (s *Service) Reschedule(ctx context.Context, artistID int, due fandom.DueDay, loc *time.Location) error {
	cycle, at, err := s.openCycle(ctx, artistID)
	if err != nil {
		return err
	}
	_, err = s.store.Conn(ctx).ExecContext(ctx, `UPDATE artist_cycles SET closes_at = $1 WHERE id = $2`,
		due.Cut(at, loc), cycle.ID)
	if err != nil {
		return fmt.Errorf("reschedule the cycle: %w", err)
	}
	return nil
}

// openCycle gives the cycle that is open now and the moment that "now" was.
// The artist's newest cycle is locked against being closed before the clock
// is read, so that an entry whose transaction takes long cannot slip into a
// cycle that was closed meanwhile. Past the cut the next cycle begins, made
// here on demand.
func (s *Service) openCycle(ctx context.Context, artistID int) (Cycle, time.Time, error) {
	for {
		newest, err := s.newestCycle(ctx, artistID)
		if err != nil {
			return Cycle{}, time.Time{}, err
		}
		now := s.now()
		if now.Before(newest.ClosesAt) {
			return newest, now, nil
		}
		due, loc, err := s.schedule(ctx, artistID)
		if err != nil {
			return Cycle{}, time.Time{}, err
		}
		err = s.insertCycle(ctx, artistID, newest.Number+1, newest.ClosesAt, due.Cut(newest.ClosesAt, loc))
		if err != nil {
			return Cycle{}, time.Time{}, err
		}
	}
}

func (s *Service) newestCycle(ctx context.Context, artistID int) (c Cycle, err error) {
	lock := ""
	if s.store.Postgres() { // on SQLite the writer's transaction is the lock
		lock = " FOR KEY SHARE"
	}
	err = s.store.Conn(ctx).QueryRowContext(ctx, `SELECT id, number, board_id, opens_at, closes_at
		FROM artist_cycles WHERE artist_id = $1 ORDER BY number DESC LIMIT 1`+lock, artistID).
		Scan(&c.ID, &c.Number, &c.Board, &c.OpensAt, &c.ClosesAt)
	if err != nil {
		return Cycle{}, fmt.Errorf("read the cycle of artist %d: %w", artistID, err)
	}
	c.OpensAt, c.ClosesAt = c.OpensAt.UTC(), c.ClosesAt.UTC()
	return c, nil
}

func (s *Service) schedule(ctx context.Context, artistID int) (fandom.DueDay, *time.Location, error) {
	var a fandom.Artist
	err := s.store.Conn(ctx).QueryRowContext(ctx, `SELECT due_day, time_zone FROM artists WHERE id = $1`, artistID).
		Scan(&a.DueDay, &a.TimeZone)
	if err != nil {
		return 0, nil, fmt.Errorf("read the due day of artist %d: %w", artistID, err)
	}
	return a.DueDay, a.Location(), nil
}

// insertCycle makes a cycle with its board, unless somebody else just has.
func (s *Service) insertCycle(ctx context.Context, artistID, number int, opens, closes time.Time) error {
	board, err := s.NewBoard(ctx)
	if err != nil {
		return err
	}
	var id int
	err = s.store.Conn(ctx).QueryRowContext(ctx, `INSERT INTO artist_cycles (artist_id, number, opens_at, closes_at, board_id)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (artist_id, number) DO NOTHING RETURNING id`,
		artistID, number, opens, closes, board).Scan(&id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("begin cycle %d of artist %d: %w", number, artistID, err)
	}
	return nil
}

// NewBoard makes a board that nobody is on and gives its id.
func (s *Service) NewBoard(ctx context.Context) (id int, err error) {
	err = s.store.Conn(ctx).QueryRowContext(ctx, `INSERT INTO boards (name) VALUES ($1) RETURNING id`,
		uuid.NewString()).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("make a board: %w", err)
	}
	return id, nil
}
