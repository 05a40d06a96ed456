// Package ranking holds the engines behind a board. An engine answers who
// stands where; it derives that from the score rows of the ledger and is
// never the truth itself. Every engine follows the order of fandom.Place and
// passes the contract in package rankingtest.
package ranking

import (
	"context"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

// Ref names one user's place on one board.
type Ref struct{ Board, User int }

// Query selects a stretch of a board, from the best rank on.
type Query struct {
	Limit    int           // how many at most; positive
	Offset   int           // how many to skip behind After
	After    *fandom.Place // only what ranks behind this place, whether or not somebody holds it
	Before   *fandom.Place // only what ranks before this place
	Backward bool          // the last Limit of the selection instead of the first
}

// Page is a stretch of a board at one moment, best rank first.
type Page struct {
	Standings []fandom.Standing
	Size      int // how many users are on the board
}

// Image is the state of one score row after a change. Engines apply images,
// never differences, and only where Version is newer than what they have.
type Image struct {
	Ref
	Score     fandom.Points
	ReachedAt int64 // microseconds since 1970
	Version   int64
	OnBoard   bool
}

// Engine answers questions about boards. All methods may be called
// concurrently; each answer is of one moment.
type Engine interface {
	// Standings gives the standing of each reference that is on its board.
	Standings(ctx context.Context, refs []Ref) (map[Ref]fandom.Standing, error)
	// Page gives a stretch of a board; empty for a board nobody is on.
	Page(ctx context.Context, board int, q Query) (Page, error)
	// Sizes counts the users on each board; a board nobody is on has 0.
	Sizes(ctx context.Context, boards []int) (map[int]int, error)
	// Apply takes changed score rows in, in any order and repeatedly.
	// Reads that begin after it returned see them.
	Apply(ctx context.Context, images []Image) error
}
