// Package ledger appends point entries and keeps the scores equal to their
// sums. Nothing else in the program writes scores.
package ledger

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/ranking"
	"madeinlatino.net/madeinlatino/internal/store"
)

// Service is the ledger of one database.
type Service struct {
	store  *store.Store
	engine ranking.Engine
	now    func() time.Time
	global atomic.Int64 // the global board's id once it is known; it never changes
}

// New makes the ledger. The engine is told of every score change right after
// it was committed.
func New(s *store.Store, engine ranking.Engine, now func() time.Time) *Service {
	return &Service{store: s, engine: engine, now: now}
}

// Reason says why an entry exists.
type Reason string

// The reasons.
const (
	ForPerformance Reason = "PERFORMANCE" // a recommendation was performed
	ForAdjustment  Reason = "ADJUSTMENT"  // an admin's decision, or points brought along
)

// Award is an entry to be appended.
type Award struct {
	UserID        int
	ArtistID      *int // nil: counts globally only
	Points        fandom.Points
	Reason        Reason
	Cause         string // unique: what earned it
	PerformanceID *int
	Note          *string
	HappenedAt    *time.Time // on Twitter; information only
}

// PerformanceCause is the cause of a performance's entry: one a user and
// recommendation.
func PerformanceCause(userID, recommendationID int) string {
	return fmt.Sprintf("performance:%d:%d", userID, recommendationID)
}

// Entry is what Append did.
type Entry struct {
	ID     int  // 0 where the cause had counted already
	Repeat bool // the cause had counted already: nothing changed
}

// Append appends an entry and changes the user's scores with it, on the
// global board and, with an artist, on the artist's all-time board and that
// of the open cycle. A cause that has counted already changes nothing. It
// joins the caller's transaction; the entry's time is read after the artist's
// cycle was locked, so that an entry falls into exactly one cycle.
func (s *Service) Append(ctx context.Context, award Award) (entry Entry, err error) {
	err = s.store.WithTx(ctx, func(ctx context.Context) error {
		target, err := s.target(ctx, award.ArtistID)
		if err != nil {
			return err
		}
		var images []ranking.Image
		entry, images, err = s.write(ctx, award, target)
		if err != nil {
			return err
		}
		s.publish(ctx, images)
		return nil
	})
	if err != nil {
		return Entry{}, fmt.Errorf("append to the ledger: %w", err)
	}
	return entry, nil
}

// publish has the engine take the images in once they are committed. An
// engine that fails has to catch up by itself; the ledger has them.
func (s *Service) publish(ctx context.Context, images []ranking.Image) {
	s.store.AfterCommit(ctx, func() {
		_ = s.engine.Apply(context.WithoutCancel(ctx), images)
	})
}

// target is where an award counts.
type target struct {
	at         time.Time
	boards     []int // ascending: rows are locked in this order
	global     int
	cycleID    *int
	ownAccount *string // the artist's Twitter id, who is never on their own board
}

func (s *Service) target(ctx context.Context, artistID *int) (target, error) {
	global, err := s.GlobalBoard(ctx)
	if err != nil {
		return target{}, err
	}
	t := target{global: global, boards: []int{global}}
	if artistID == nil {
		t.at = s.now()
		return t, nil
	}
	var board int
	err = s.store.Conn(ctx).QueryRowContext(ctx, `SELECT board_id, twitter_user_id FROM artists WHERE id = $1`, *artistID).
		Scan(&board, &t.ownAccount)
	if err != nil {
		return target{}, fmt.Errorf("read artist %d: %w", *artistID, err)
	}
	cycle, at, err := s.openCycle(ctx, *artistID)
	if err != nil {
		return target{}, err
	}
	t.at, t.cycleID = at, &cycle.ID
	// Ids grow: the global board is older than any artist's, and that one
	// older than its cycles'.
	t.boards = append(t.boards, board, cycle.Board)
	return t, nil
}

// globalBoardName names the one board that is not an artist's.
const globalBoardName = "global"

// GlobalBoard gives the id of the global board.
func (s *Service) GlobalBoard(ctx context.Context) (int, error) {
	if id := s.global.Load(); id != 0 {
		return int(id), nil
	}
	var id int
	err := s.store.Conn(ctx).QueryRowContext(ctx, `SELECT id FROM boards WHERE name = $1`, globalBoardName).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("read the global board: %w", err)
	}
	s.global.Store(int64(id))
	return id, nil
}

// EnsureGlobalBoard makes the global board where it is missing. It is called
// at start, before the first artist can be created.
func (s *Service) EnsureGlobalBoard(ctx context.Context) error {
	_, err := s.store.Conn(ctx).ExecContext(ctx,
		`INSERT INTO boards (name) VALUES ($1) ON CONFLICT (name) DO NOTHING`, globalBoardName)
	if err != nil {
		return fmt.Errorf("make the global board: %w", err)
	}
	return nil
}
