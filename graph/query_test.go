package graph_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/graph"
	"madeinlatino.net/madeinlatino/graph/relay"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/ledger"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/testrig/dbrig"
)

// award gives fans points as an admin's adjustment would.
func (r *rig) award(userID int, artist *fandom.Artist, points fandom.Points) {
	r.Helper()
	n, err := r.Store.Client(r.Context()).PointEntry.Query().Count(r.Context())
	require.NoError(r, err)
	a := ledger.Award{UserID: userID, Points: points, Reason: ledger.ForAdjustment, Cause: fmt.Sprint("test:", n)}
	if artist != nil {
		a.ArtistID = &artist.ID
	}
	_, err = r.Ledger.Append(r.Context(), a)
	require.NoError(r, err)
}

// crowd makes n users with points for an artist, the first with most.
func (r *rig) crowd(artist fandom.Artist, n int) {
	r.Helper()
	require.NoError(r, r.Store.WithTx(r.Context(), func(ctx context.Context) error {
		for i := range n {
			u, err := r.Store.Client(ctx).User.Create().SetTwitterUserID(fmt.Sprint(5000 + i)).
				SetTwitterUserName(fmt.Sprintf("fan%03d", i)).SetNameKey(fmt.Sprintf("fan%03d", i)).SetCreatedAt(r.Clock.Now()).Save(ctx)
			if err != nil {
				return err
			}
			_, err = r.Ledger.Append(ctx, ledger.Award{
				UserID: u.ID, ArtistID: &artist.ID, Points: fandom.Points(n-i) * 10, Reason: ledger.ForAdjustment, Cause: fmt.Sprint("crowd:", i),
			})
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

func TestAVisitorReadsWhatIsPublic(t *testing.T) {
	each(t, func(r *rig) {
		harry := r.Artist(r.T, "Harry")
		john := r.Fan(r.T, "John")
		r.award(john.ID, &harry, 12_25)
		data := r.data(nobody, `{
			viewer { user { id } }
			artist(twitterUserName: "@HARRY") { name fanCount remainingDays ranking { totalCount entries { nodes { rank score user { twitterUserName globalPoints globalRank } } } } }
			user(twitterUserName: "john") { firstName lastName isRegistered rankings { nodes { artist { name } entry { rank percentile pointsToNext } } } }
			users(twitterUserNames: ["John", "Nobody"]) { twitterUserName user { databaseId } }
			globalRanking { artist { name } entry(twitterUserName: "John") { rank } }
			missing: artist(twitterUserName: "Nobody") { name }
			mobilePrefixes { dialCode name }
			actionTypes { type kind points }
		}`, nil)
		require.Nil(r, data["viewer"])
		require.Nil(r, data["missing"])
		require.Equal(r, map[string]any{"rank": 1.0, "score": 12.25, "user": map[string]any{"twitterUserName": "John", "globalPoints": 12.25, "globalRank": 1.0}},
			at(data, "artist", "ranking", "entries", "nodes", 0))
		require.Equal(r, 1.0, at(data, "artist", "fanCount"))
		require.Equal(r, 5.0, at(data, "artist", "remainingDays"))
		require.Equal(r, map[string]any{"rank": 1.0, "percentile": 100.0, "pointsToNext": nil}, at(data, "user", "rankings", "nodes", 0, "entry"))
		require.Nil(r, at(data, "users", 1, "user"))
		require.Nil(r, at(data, "globalRanking", "artist"))
		require.Equal(r, "Afghanistan", at(data, "mobilePrefixes", 0, "name"))
		require.Len(r, data["actionTypes"], len(fandom.DefaultActionTypes()))
	})
}

func TestWhatNeedsALoginSaysSo(t *testing.T) {
	each(t, func(r *rig) {
		r.Artist(r.T, "Harry")
		a := r.ask(nobody, `{ artist(twitterUserName: "Harry") { name recommendations { totalCount } ranking { viewerEntry { rank } } } }`, nil)
		require.Len(r, a.Errors, 2)
		for _, e := range a.Errors {
			require.Equal(r, "UNAUTHENTICATED", e.Extensions["code"])
		}
		require.Equal(r, "Harry", at(a.Data, "artist", "name"), "one missing login never empties a page")
	})
}

func TestThePagesOfARankingFitTogether(t *testing.T) {
	each(t, func(r *rig) {
		harry := r.Artist(r.T, "Harry")
		r.crowd(harry, 23)
		read := func(arguments string, backward bool) []string {
			var names []string
			cursor := ""
			for range 10 {
				data := r.data(nobody, fmt.Sprintf(`{ artist(twitterUserName: "Harry") { ranking { entries(%s%s) {
					totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { rank user { twitterUserName } } } } } }`, arguments, cursor), nil)
				page := at(data, "artist", "ranking", "entries")
				require.Equal(r, 23.0, at(page, "totalCount"))
				var names0 []string
				for i := 0; at(page, "nodes", i) != nil; i++ {
					names0 = append(names0, at(page, "nodes", i, "user", "twitterUserName").(string))
				}
				if backward {
					names = append(names0, names...)
					cursor = fmt.Sprintf(`, before: %q`, at(page, "pageInfo", "startCursor"))
				} else {
					names = append(names, names0...)
					cursor = fmt.Sprintf(`, after: %q`, at(page, "pageInfo", "endCursor"))
				}
				if backward && at(page, "pageInfo", "hasPreviousPage") == false || !backward && at(page, "pageInfo", "hasNextPage") == false {
					break
				}
			}
			return names
		}
		var all []string
		for i := range 23 {
			all = append(all, fmt.Sprintf("fan%03d", i))
		}
		require.Equal(r, all, read("first: 5", false))
		require.Equal(r, all, read("last: 7", true))
		data := r.data(nobody, `{ artist(twitterUserName: "Harry") { ranking {
			entries(first: 2, offset: 20) { nodes { rank score pointsToNext percentile } }
			around(twitterUserName: "fan022", above: 2, below: 2) { rank } } } }`, nil)
		require.Equal(r, map[string]any{"rank": 21.0, "score": 0.3, "pointsToNext": 0.11, "percentile": 100.0 * 3 / 23},
			at(data, "artist", "ranking", "entries", "nodes", 0))
		require.Equal(r, 19.0, at(data, "artist", "ranking", "around", 0, "rank"), "filled up at the end")
	})
}

func TestBadArgumentsAreNamed(t *testing.T) {
	each(t, func(r *rig) {
		r.Artist(r.T, "Harry")
		for _, query := range []string{
			`{ artists(first: 0) { totalCount } }`,
			`{ artists(first: 101) { totalCount } }`,
			`{ artists(first: 1, last: 1) { totalCount } }`,
			`{ artists(after: "nonsense") { totalCount } }`,
			`{ artist { name } }`,
			`{ artist(id: "nonsense") { name } }`,
			`{ node(id: "nonsense") { id } }`,
			`{ users(twitterUserNames: []) { twitterUserName } }`,
			`{ users(twitterUserNames: ["not a name"]) { twitterUserName } }`,
			`{ artists { nodes { ranking { around(twitterUserName: "nobody", above: -1) { rank } } } } }`,
			`{ artists { nodes { ranking { around(twitterUserName: "x", above: 51) { rank } } } } nonsense }`,
		} {
			require.Equal(r, "BAD_USER_INPUT", r.code(nobody, query, nil), query)
		}
		require.Equal(r, "BAD_USER_INPUT", r.code(nobody, `{ user(twitterUserName: "a\u0000") { id } }`, nil))
		require.Equal(r, "BAD_USER_INPUT", r.code(nobody, `query($s: String) { artists(search: $s) { totalCount } }`, map[string]any{"s": "a\x00"}))
		// A cursor of another list is refused, not misread.
		ranked := relay.FormatCursor(fandom.Cursor{"1", "2", "3"})
		require.Equal(r, "BAD_USER_INPUT", r.code(nobody, `query($c: String) { artists(after: $c) { totalCount nodes { id } } }`, map[string]any{"c": ranked}))
	})
}

func TestNodesRoundTrip(t *testing.T) {
	each(t, func(r *rig) {
		harry := r.Artist(r.T, "Harry")
		john, jane := r.Fan(r.T, "John"), r.Fan(r.T, "Jane")
		tweet := r.Tweet(r.T, harry, "Go")
		data := r.data(as(john), `mutation($i: PerformRecommendationInput!) { performRecommendation(input: $i) { performance { id } errors { code } } }`,
			map[string]any{"i": map[string]any{"recommendationId": relay.ID("Recommendation", tweet.ID)}})
		performance := at(data, "performRecommendation", "performance", "id")
		ids := []any{relay.ID("Artist", harry.ID), relay.ID("User", jane.ID), relay.ID("ActionType", 1), relay.ID("Recommendation", tweet.ID), performance, relay.ID("Artist", 99)}
		query := `query($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }`
		data = r.data(as(john), query, map[string]any{"ids": ids})
		for i, name := range []string{"Artist", "User", "ActionType", "Recommendation", "Performance"} {
			require.Equal(r, map[string]any{"id": ids[i], "__typename": name}, at(data, "nodes", i))
		}
		require.Nil(r, at(data, "nodes", 5))
		data = r.data(as(jane), query, map[string]any{"ids": ids})
		require.Nil(r, at(data, "nodes", 4), "a performance is its fan's alone")
	})
}

func TestAPageOfARankingCostsAConstantNumberOfStatements(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		var statements atomic.Int64
		s.Observe(func(string) { statements.Add(1) })
		r := newRig(t, s)
		harry := r.Artist(r.T, "Harry")
		r.crowd(harry, 100)
		counts := map[int]int64{}
		for _, n := range []int{10, 100} {
			statements.Store(0)
			data := r.data(nobody, `query($n: Int) { artist(twitterUserName: "Harry") { fanCount ranking { totalCount entries(first: $n) {
				totalCount nodes { rank score percentile pointsToNext user { id twitterUserName globalPoints globalRank } } } } } }`, map[string]any{"n": n})
			require.NotNil(r, at(data, "artist", "ranking", "entries", "nodes", n-1, "user"))
			counts[n] = statements.Load()
		}
		require.Equal(r, counts[10], counts[100])
		require.Less(r, counts[100], int64(15))
	})
}

func TestResolversWorkWithoutAGraphQLOperation(t *testing.T) {
	each(t, func(r *rig) {
		harry, john := r.Artist(r.T, "Harry"), r.Fan(r.T, "John")
		ctx := john.Ctx
		q, m := r.resolver.Query(), r.resolver.Mutation()
		viewer, err := q.Viewer(ctx)
		require.NoError(r, err)
		_, err = r.resolver.Viewer().Profile(ctx, viewer)
		require.NoError(r, err)
		_, err = r.resolver.User().GlobalPoints(ctx, &viewer.User)
		require.NoError(r, err)
		_, err = q.MobilePrefixes(ctx)
		require.NoError(r, err)
		id := relay.ID("Artist", harry.ID)
		found, err := q.Artist(ctx, &id, nil)
		require.NoError(r, err)
		ranking, err := r.resolver.Artist().Ranking(ctx, found, nil)
		require.NoError(r, err)
		_, err = r.resolver.ViewerScore(ctx, ranking)
		require.NoError(r, err)
		_, err = q.GlobalRanking(ctx)
		require.NoError(r, err)
		_, err = m.StartLogin(ctx, nil)
		require.NoError(r, err)
		_, err = m.Logout(ctx, nil)
		require.NoError(r, err)
	})
}

func TestEverythingInTheSchemaIsDescribed(t *testing.T) {
	t.Parallel()
	sdl := graph.SDL()
	for i, line := range strings.Split(sdl, "\n") {
		trimmed := strings.TrimSpace(line)
		for _, keyword := range []string{"type ", "enum ", "input ", "interface ", "scalar ", "union "} {
			if strings.HasPrefix(line, keyword) {
				before := strings.Split(sdl, "\n")[i-1]
				require.True(t, strings.HasSuffix(strings.TrimSpace(before), `"""`), "no description: %s", trimmed)
			}
		}
	}
	require.NotContains(t, sdl, "TODO")
}

func TestNoPathLeadsToAnotherPersonsProfile(t *testing.T) {
	t.Parallel()
	sdl := graph.SDL()
	user := sdl[strings.Index(sdl, "type User implements Node"):]
	user = user[:strings.Index(user, "\n}")]
	for _, private := range []string{"email", "Email", "mobile", "dateOfBirth", "gender", "Profile"} {
		require.NotContains(t, strings.ReplaceAll(user, "ProfileImage", ""), private)
	}
}
