package fandom

import (
	"cmp"
	"time"
)

// Place identifies a position in the order of a board, and with it the whole
// order: highest score first, then whose score last changed first, then the
// lower user id. The order is total; every engine follows Compare.
type Place struct {
	Score     Points
	ReachedAt time.Time // when the score last changed, to the microsecond
	UserID    int
}

// Compare is negative when p ranks before o.
func (p Place) Compare(o Place) int {
	return cmp.Or(
		cmp.Compare(o.Score, p.Score),
		p.ReachedAt.Compare(o.ReachedAt),
		cmp.Compare(p.UserID, o.UserID),
	)
}

// Standing is one user's row on a board, as of one moment.
type Standing struct {
	Place
	Rank  int     // from 1
	Above *Points // the score of the next better rank; nil for the first
	Size  int     // how many users the board had at that moment
}

// Percentile is the share of the board that ranks no better, 100 for the first.
func (s Standing) Percentile() float64 {
	return 100 * float64(s.Size-s.Rank+1) / float64(s.Size)
}

// PointsToNext is what would take the next better place, nil for the first.
func (s Standing) PointsToNext() *Points {
	if s.Above == nil {
		return nil
	}
	gap := *s.Above - s.Score + 1
	return &gap
}

// RankingWindow names the stretch of time that a board counts.
type RankingWindow string

// The windows that a client can ask for.
const (
	AllTime RankingWindow = "ALL_TIME"
)

// Ranking identifies the board of an artist, or the global one.
type Ranking struct {
	Board  int     // the board's id in the database
	Artist *Artist // nil: the global board
	Window RankingWindow
	AsOf   time.Time
}

// Score is what a user sees of themselves on a board. Rank is nil for who is
// not on it.
type Score struct {
	Rank   *int
	Points Points
}
