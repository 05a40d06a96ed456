package leaderboard_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/ledger"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/testrig/dbrig"
	"madeinlatino.net/madeinlatino/internal/testrig/world"
)

// rig is a system with an artist.
type rig struct {
	*testing.T
	*world.World
	artist fandom.Artist
}

func each(t *testing.T, fn func(r rig)) {
	t.Helper()
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		w := world.New(t, s, nil)
		fn(rig{t, w, w.Artist(t, "karolg")})
	})
}

// user makes a user who never logged in.
func (r rig) user(twitterID int) int {
	r.Helper()
	row, err := r.Store.Client(r.Context()).User.Create().SetTwitterUserID(strconv.Itoa(twitterID)).SetCreatedAt(r.Clock.Now()).Save(r.Context())
	require.NoError(r, err)
	return row.ID
}

func (r rig) award(user int, artist *int, points fandom.Points) {
	r.Helper()
	r.Clock.Advance(time.Second)
	_, err := r.Ledger.Append(r.Context(), ledger.Award{
		UserID: user, ArtistID: artist, Points: points, Reason: ledger.ForAdjustment, Cause: fmt.Sprint(user, r.Clock.Now().UnixNano()),
	})
	require.NoError(r, err)
}

// fans puts n users on the artist's board, the first one best.
func (r rig) fans(n int) []int {
	r.Helper()
	users := make([]int, n)
	for i := range users {
		users[i] = r.user(100 + i)
		r.award(users[i], &r.artist.ID, fandom.Points(n-i)*10_00)
	}
	return users
}

func TestAround(t *testing.T) {
	each(t, func(r rig) {
		users := r.fans(7)
		for _, c := range []struct{ rank, above, below, first, last int }{
			{4, 1, 1, 3, 5},
			{4, 0, 0, 4, 4},
			{1, 2, 2, 1, 5},
			{2, 2, 2, 1, 5},
			{7, 2, 2, 3, 7},
			{6, 2, 2, 3, 7},
			{1, 3, 0, 1, 4},
			{7, 0, 3, 4, 7},
			{4, 10, 10, 1, 7},
			{1, 50, 50, 1, 7},
			{7, 3, 3, 1, 7},
		} {
			standing, err := r.Leaderboard.Standing(r.Context(), r.artist.BoardID, users[c.rank-1])
			require.NoError(r, err)
			require.Equal(r, c.rank, standing.Rank)
			found, err := r.Leaderboard.Around(r.Context(), r.artist.BoardID, *standing, c.above, c.below)
			require.NoError(r, err)
			ranks, want := []int{}, []int{}
			for _, s := range found {
				ranks = append(ranks, s.Rank)
				require.Equal(r, users[s.Rank-1], s.UserID)
			}
			for rank := c.first; rank <= c.last; rank++ {
				want = append(want, rank)
			}
			require.Equal(r, want, ranks, "%+v", c)
		}
	})
}

func TestAroundTheOnlyFan(t *testing.T) {
	each(t, func(r rig) {
		users := r.fans(1)
		standing, err := r.Leaderboard.Standing(r.Context(), r.artist.BoardID, users[0])
		require.NoError(r, err)
		found, err := r.Leaderboard.Around(r.Context(), r.artist.BoardID, *standing, 5, 5)
		require.NoError(r, err)
		require.Equal(r, []fandom.Standing{*standing}, found)
	})
}

func TestHiddenUsersSeeTheirOwnScore(t *testing.T) {
	each(t, func(r rig) {
		users := r.fans(3)
		hidden := users[1]
		_, err := r.Store.Conn(r.Context()).ExecContext(r.Context(), `UPDATE users SET hidden_at = $1 WHERE id = $2`, r.Clock.Now(), hidden)
		require.NoError(r, err)
		report, err := r.Ledger.Verify(r.Context(), true)
		require.NoError(r, err)
		require.Len(r, report.Differences, 3, "the global board, the artist's and the cycle's")

		global, err := r.Leaderboard.GlobalRanking(r.Context())
		require.NoError(r, err)
		for _, board := range []int{r.artist.BoardID, global.Board} {
			require.Equal(r, fandom.Score{Points: 20_00}, r.Score(r.T, board, hidden))
			standing, err := r.Leaderboard.Standing(r.Context(), board, hidden)
			require.NoError(r, err)
			require.Nil(r, standing)
			size, err := r.Leaderboard.Size(r.Context(), board)
			require.NoError(r, err)
			require.Equal(r, 2, size)
			require.Equal(r, 2, *r.Score(r.T, board, users[2]).Rank, "who was behind moves up")
		}
		boards, err := r.Leaderboard.UserBoards(r.Context(), hidden, fandom.Page{Limit: 10})
		require.NoError(r, err)
		require.Empty(r, boards.Items)

		r.award(hidden, &r.artist.ID, 5_00)
		require.Equal(r, fandom.Score{Points: 25_00}, r.Score(r.T, r.artist.BoardID, hidden), "and goes on earning")
		r.RequireClean(r.T)

		_, err = r.Store.Conn(r.Context()).ExecContext(r.Context(), `UPDATE users SET hidden_at = NULL WHERE id = $1`, hidden)
		require.NoError(r, err)
		_, err = r.Ledger.Verify(r.Context(), true)
		require.NoError(r, err)
		require.Equal(r, 2, *r.Score(r.T, r.artist.BoardID, hidden).Rank)
	})
}

func TestWhoHasNoEntry(t *testing.T) {
	each(t, func(r rig) {
		user := r.user(7)
		require.Equal(r, fandom.Score{}, r.Score(r.T, r.artist.BoardID, user))
		require.Equal(r, fandom.Score{}, r.Score(r.T, r.artist.BoardID, user+1000))
		r.award(user, &r.artist.ID, 10_00)
		r.award(user, &r.artist.ID, -15_00)
		score := r.Score(r.T, r.artist.BoardID, user)
		require.Equal(r, 1, *score.Rank, "a score that fell below zero stays on the board")
		require.Equal(r, fandom.Points(-5_00), score.Points)
	})
}

func TestEntriesPages(t *testing.T) {
	each(t, func(r rig) {
		users := r.fans(5)
		var forwards, backwards []int
		for page := (fandom.Page{Limit: 2}); ; {
			list, err := r.Leaderboard.Entries(r.Context(), r.artist.BoardID, page)
			require.NoError(r, err)
			for _, s := range list.Items {
				forwards = append(forwards, s.UserID)
			}
			require.Equal(r, page.After != nil, list.HasPrevious)
			if !list.HasNext {
				break
			}
			page.After = list.Cursors[len(list.Cursors)-1]
		}
		for page := (fandom.Page{Limit: 2, Backward: true}); ; {
			list, err := r.Leaderboard.Entries(r.Context(), r.artist.BoardID, page)
			require.NoError(r, err)
			var part []int
			for _, s := range list.Items {
				part = append(part, s.UserID)
			}
			backwards = append(part, backwards...)
			if !list.HasPrevious {
				break
			}
			page.Before = list.Cursors[0]
		}
		require.Equal(r, users, forwards)
		require.Equal(r, users, backwards)
		for _, cursor := range []fandom.Cursor{{}, {"1"}, {"1", "2", "x"}, {"1", "2", "3", "4"}} {
			_, err := r.Leaderboard.Entries(r.Context(), r.artist.BoardID, fandom.Page{Limit: 2, After: cursor})
			require.Equal(r, fandom.Invalid, fandom.CodeOf(err))
		}
	})
}

func TestUserBoards(t *testing.T) {
	each(t, func(r rig) {
		user, rival := r.user(1), r.user(2)
		// Two of the artists tie: the older board comes first.
		points := []fandom.Points{10_00, 30_00, 20_00, 20_00, -1_00}
		artists := []fandom.Artist{r.artist}
		for i := 1; i < len(points); i++ {
			artists = append(artists, r.Artist(r.T, fmt.Sprint("artist", i)))
		}
		for i, artist := range artists {
			r.award(rival, &artist.ID, 25_00)
			r.award(user, &artist.ID, points[i])
		}
		r.award(user, nil, 500_00) // counts globally only
		want := []int{artists[1].BoardID, artists[2].BoardID, artists[3].BoardID, artists[0].BoardID, artists[4].BoardID}
		ranks := []int{1, 2, 2, 2, 2}

		for limit := 1; limit <= 6; limit++ {
			var boards, places []int
			for page := (fandom.Page{Limit: limit}); ; {
				list, err := r.Leaderboard.UserBoards(r.Context(), user, page)
				require.NoError(r, err)
				for _, item := range list.Items {
					boards, places = append(boards, item.Board), append(places, item.Rank)
					require.Equal(r, user, item.UserID)
					require.Equal(r, 2, item.Size)
				}
				require.Equal(r, page.After != nil, list.HasPrevious)
				count, err := list.Count(r.Context())
				require.NoError(r, err)
				require.Equal(r, len(want), count)
				if !list.HasNext {
					break
				}
				page.After = list.Cursors[len(list.Cursors)-1]
			}
			require.Equal(r, want, boards)
			require.Equal(r, ranks, places)
		}
		offset, err := r.Leaderboard.UserBoards(r.Context(), user, fandom.Page{Limit: 2, Offset: 3})
		require.NoError(r, err)
		require.Len(r, offset.Items, 2)
		require.Equal(r, want[3], offset.Items[0].Board)

		_, err = r.Store.Conn(r.Context()).ExecContext(r.Context(), `UPDATE artists SET retired_at = $1 WHERE id = $2`, r.Clock.Now(), artists[1].ID)
		require.NoError(r, err)
		list, err := r.Leaderboard.UserBoards(r.Context(), user, fandom.Page{Limit: 10})
		require.NoError(r, err)
		require.Len(r, list.Items, 4, "without the artist who has retired")

		nobody, err := r.Leaderboard.UserBoards(r.Context(), user+1000, fandom.Page{Limit: 10})
		require.NoError(r, err)
		require.Empty(r, nobody.Items)
		for _, cursor := range []fandom.Cursor{{}, {"1"}, {"x", "1"}, {"1", "x"}, {"1", "2", "3"}} {
			_, err := r.Leaderboard.UserBoards(r.Context(), user, fandom.Page{Limit: 2, After: cursor})
			require.Equal(r, fandom.Invalid, fandom.CodeOf(err))
		}
	})
}
