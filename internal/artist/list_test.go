package artist_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"madeinlatino.net/madeinlatino/internal/artist"
	"madeinlatino.net/madeinlatino/internal/fandom"
)

// cast creates artists whose names repeat and need care in comparing.
func (r rig) cast() []fandom.Artist {
	r.Helper()
	names := []string{"Ozuna", "Karol G", "Ñejo", "ozuna", "100% Latino", "Rosalía", "ROSALÍA", "Karol G", "a_b", "Álvaro Díaz", "'); --", "Zoé", "Karol G"}
	all := make([]fandom.Artist, len(names))
	for i, name := range names {
		handle := fmt.Sprintf("Artist_%d", i)
		r.account(handle, "")
		change := wanted(handle)
		change.Name = &name
		all[i] = r.create(change)
	}
	return all
}

func ids(artists []fandom.Artist) []int {
	list := make([]int, len(artists))
	for i, a := range artists {
		list[i] = a.ID
	}
	return list
}

// list walks through all pages in one direction.
func (r rig) list(t require.TestingT, q artist.Query) []int {
	all := []int{}
	for range 100 {
		page, err := r.Artists.List(r.Context(), q)
		require.NoError(t, err)
		require.LessOrEqual(t, len(page.Items), q.Limit)
		if q.Backward {
			all = append(ids(page.Items), all...)
			require.Equal(t, q.Before != nil, page.HasNext)
			if !page.HasPrevious {
				return all
			}
			q.Before = page.Cursors[0]
		} else {
			all = append(all, ids(page.Items)...)
			require.Equal(t, q.After != nil, page.HasPrevious)
			if !page.HasNext {
				return all
			}
			q.After = page.Cursors[len(page.Cursors)-1]
		}
	}
	require.Fail(t, "the pages do not end")
	return nil
}

func TestPagesFitTogether(t *testing.T) {
	each(t, func(r rig) {
		all := r.cast()
		rapid.Check(r.T, func(rt *rapid.T) {
			q := artist.Query{
				Order:  rapid.SampledFrom([]fandom.ArtistOrder{fandom.ArtistsByID, fandom.ArtistsByName}).Draw(rt, "order"),
				Search: rapid.SampledFrom([]string{"", "karol", "o", "artist_1", "nobody", "%", "_"}).Draw(rt, "search"),
			}
			q.Limit = 1000
			whole := r.list(rt, q)
			page, err := r.Artists.List(r.Context(), q)
			require.NoError(rt, err)
			count, err := page.Count(r.Context())
			require.NoError(rt, err)
			require.Equal(rt, len(whole), count)
			if q.Search == "" {
				require.ElementsMatch(rt, ids(all), whole)
			}
			if q.Order == fandom.ArtistsByID {
				require.True(rt, slices.IsSorted(whole))
			}

			q.Limit = rapid.IntRange(1, 6).Draw(rt, "limit")
			require.Equal(rt, whole, r.list(rt, q), "forwards")
			q.Backward = true
			require.Equal(rt, whole, r.list(rt, q), "backwards")

			if len(whole) < 3 {
				return
			}
			low := rapid.IntRange(0, len(whole)-2).Draw(rt, "low")
			high := rapid.IntRange(low+1, len(whole)-1).Draw(rt, "high")
			q = artist.Query{Order: q.Order, Search: q.Search, Page: fandom.Page{
				Limit: 1000, After: page.Cursors[low], Before: page.Cursors[high], Backward: rapid.Bool().Draw(rt, "backward"),
			}}
			between, err := r.Artists.List(r.Context(), q)
			require.NoError(rt, err)
			require.ElementsMatch(rt, whole[low+1:high], ids(between.Items))
		})
	})
}

func TestOrderByName(t *testing.T) {
	each(t, func(r rig) {
		all := r.cast()
		page, err := r.Artists.List(r.Context(), artist.Query{Order: fandom.ArtistsByName, Search: "karol", Page: fandom.Page{Limit: 10}})
		require.NoError(r, err)
		require.Equal(r, []int{all[1].ID, all[7].ID, all[12].ID}, ids(page.Items), "those of one name by id")
	})
}

func TestSearch(t *testing.T) {
	each(t, func(r rig) {
		all := r.cast()
		for search, want := range map[string][]int{
			"OZUNA": {0, 3}, "karol g": {1, 7, 12}, "artist_12": {12}, "ARTIST_1": {1, 10, 11, 12}, "a_b": {8}, "100%": {4}, "%": {4},
			"');": {10}, "\\": {}, "nobody": {}, "zoé": {11}, "Álvaro": {9}, "álvaro": {9}, "ÑEJO": {2}, "rosalía": {5, 6}, "ROSALÍA": {5, 6},
		} {
			page, err := r.Artists.List(r.Context(), artist.Query{Order: fandom.ArtistsByID, Search: search, Page: fandom.Page{Limit: 50}})
			require.NoError(r, err)
			expected := []int{}
			for _, i := range want {
				expected = append(expected, all[i].ID)
			}
			require.Equal(r, expected, ids(page.Items), search)
		}
	})
}

func TestRetiredArtistsAreNotListed(t *testing.T) {
	each(t, func(r rig) {
		all := r.cast()
		_, err := r.Store.Conn(r.Context()).ExecContext(r.Context(), `UPDATE artists SET retired_at = $1 WHERE id = $2`, r.Clock.Now(), all[1].ID)
		require.NoError(r, err)
		for _, order := range []fandom.ArtistOrder{fandom.ArtistsByID, fandom.ArtistsByName} {
			page, err := r.Artists.List(r.Context(), artist.Query{Order: order, Page: fandom.Page{Limit: 50}})
			require.NoError(r, err)
			require.Len(r, page.Items, len(all)-1)
			require.NotContains(r, ids(page.Items), all[1].ID)
			count, err := page.Count(r.Context())
			require.NoError(r, err)
			require.Equal(r, len(all)-1, count)
		}
		page, err := r.Artists.List(r.Context(), artist.Query{Order: fandom.ArtistsByID, Search: "karol", Page: fandom.Page{Limit: 50}})
		require.NoError(r, err)
		require.Equal(r, []int{all[7].ID, all[12].ID}, ids(page.Items))

		a, err := r.Artists.ByID(r.Context(), all[1].ID)
		require.NoError(r, err, "its history stays")
		require.NotNil(r, a.RetiredAt)
	})
}

func TestCursorsOfOtherListsAreRefused(t *testing.T) {
	each(t, func(r rig) {
		r.cast()
		byName, err := r.Artists.List(r.Context(), artist.Query{Order: fandom.ArtistsByName, Page: fandom.Page{Limit: 2}})
		require.NoError(r, err)
		for _, cursor := range []fandom.Cursor{byName.Cursors[0], {}, {"1"}, {"ID", "x", "y"}, {"ID", "x", "1", "2"}, {"ID", "x", strings.Repeat("9", 30)}} {
			for _, page := range []fandom.Page{{Limit: 2, After: cursor}, {Limit: 2, Before: cursor, Backward: true}} {
				_, err := r.Artists.List(r.Context(), artist.Query{Order: fandom.ArtistsByID, Page: page})
				require.Equal(r, fandom.Invalid, fandom.CodeOf(err), "%q", cursor)
			}
		}
	})
}
