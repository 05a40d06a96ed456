package artist_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/ledger"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/testrig/dbrig"
	"madeinlatino.net/madeinlatino/internal/testrig/world"
	"madeinlatino.net/madeinlatino/internal/twitter/sandbox"
)

// rig is a system in which an admin acts.
type rig struct {
	*testing.T
	*world.World
}

func each(t *testing.T, fn func(r rig)) {
	t.Helper()
	dbrig.Each(t, func(t *testing.T, s *store.Store) { fn(rig{t, world.New(t, s, nil)}) })
}

func ptr[T any](v T) *T { return &v }

// account makes a Twitter account, without a picture where picture is empty.
func (r rig) account(name, picture string) sandbox.Account {
	r.Helper()
	a, err := r.Sandbox.AddAccount(sandbox.Account{UserName: name, Name: name, ProfileImageURL: picture})
	require.NoError(r, err)
	return a
}

// wanted is a change that creates an artist.
func wanted(twitterUserName string) fandom.ArtistChange {
	return fandom.ArtistChange{Name: ptr("Karol G"), TwitterUserName: &twitterUserName, DueDay: ptr(20)}
}

func (r rig) create(change fandom.ArtistChange) fandom.Artist {
	r.Helper()
	a, err := r.Artists.Create(r.Admin(), change)
	require.NoError(r, err)
	return a
}

func (r rig) count(table string) (n int) {
	r.Helper()
	require.NoError(r, r.Store.Conn(r.Context()).QueryRowContext(r.Context(), `SELECT COUNT(*) FROM `+table).Scan(&n))
	return n
}

// closesAt is when the artist's newest cycle ends.
func (r rig) closesAt(artistID int) (at time.Time) {
	r.Helper()
	require.NoError(r, r.Store.Conn(r.Context()).QueryRowContext(r.Context(),
		`SELECT closes_at FROM artist_cycles WHERE artist_id = $1 ORDER BY number DESC LIMIT 1`, artistID).Scan(&at))
	return at.UTC()
}

func TestCreate(t *testing.T) {
	each(t, func(r rig) {
		account := r.account("KarolG", "https://images.example.com/karolg.jpg")
		change := wanted("  @karolg ")
		change.Name = ptr("  Karol G ")
		change.TimeZone = ptr("America/Bogota")
		a := r.create(change)
		require.Equal(r, "Karol G", a.Name)
		require.Equal(r, "KarolG", a.TwitterUserName, "as Twitter spells it")
		require.Equal(r, account.ID, *a.TwitterUserID)
		require.Contains(r, *a.ProfileImage, "karolg", "Twitter's picture where none is given")
		require.Equal(r, fandom.DueDay(20), a.DueDay)
		require.NotZero(r, a.BoardID)
		require.Equal(r, time.Date(2026, 6, 21, 5, 0, 0, 0, time.UTC), r.closesAt(a.ID))

		for _, name := range []string{"karolg", "@KAROLG", " karolG "} {
			found, err := r.Artists.ByName(r.Context(), name)
			require.NoError(r, err)
			require.Equal(r, a, found)
		}
		found, err := r.Artists.ByID(r.Context(), a.ID)
		require.NoError(r, err)
		require.Equal(r, a, found)
		boards, err := r.Artists.ByBoards(r.Context(), []int{a.BoardID, 999})
		require.NoError(r, err)
		require.Equal(r, map[int]fandom.Artist{a.BoardID: a}, boards)

		for _, name := range []string{"nobody", "", "not a name"} {
			_, err := r.Artists.ByName(r.Context(), name)
			require.Equal(r, fandom.NotFound, fandom.CodeOf(err))
		}
		_, err = r.Artists.ByID(r.Context(), a.ID+1)
		require.Equal(r, fandom.NotFound, fandom.CodeOf(err))
	})
}

// reasons gives what an error says of which field.
func reasons(err error) map[string]fandom.Reason {
	e := fandom.AsError(err)
	if e == nil {
		return nil
	}
	found := map[string]fandom.Reason{}
	for _, f := range e.Fields {
		found[f.Field] = f.Reason
	}
	return found
}

func TestWhatIsRefused(t *testing.T) {
	each(t, func(r rig) {
		r.account("karolg", "")
		r.account("ozuna", "")
		a := r.create(wanted("karolg"))
		other := r.create(wanted("ozuna"))
		for name, c := range map[string]struct {
			change fandom.ArtistChange
			want   map[string]fandom.Reason
		}{
			"an empty name":     {fandom.ArtistChange{Name: ptr(" ")}, map[string]fandom.Reason{"name": ""}},
			"a long name":       {fandom.ArtistChange{Name: ptr(strings.Repeat("ñ", 51))}, map[string]fandom.Reason{"name": ""}},
			"no Twitter name":   {fandom.ArtistChange{TwitterUserName: ptr("karol g")}, map[string]fandom.Reason{"twitter_user_name": ""}},
			"an empty one":      {fandom.ArtistChange{TwitterUserName: ptr("")}, map[string]fandom.Reason{"twitter_user_name": ""}},
			"an unknown one":    {fandom.ArtistChange{TwitterUserName: ptr("nobody")}, map[string]fandom.Reason{"twitter_user_name": fandom.ReasonUnknown}},
			"a taken one":       {fandom.ArtistChange{TwitterUserName: ptr("@OZUNA")}, map[string]fandom.Reason{"twitter_user_name": fandom.ReasonTaken}},
			"day 0":             {fandom.ArtistChange{DueDay: ptr(0)}, map[string]fandom.Reason{"due_day": ""}},
			"day 32":            {fandom.ArtistChange{DueDay: ptr(32)}, map[string]fandom.Reason{"due_day": ""}},
			"an unknown zone":   {fandom.ArtistChange{TimeZone: ptr("Atlantis/Capital")}, map[string]fandom.Reason{"time_zone": ""}},
			"an empty zone":     {fandom.ArtistChange{TimeZone: ptr("")}, map[string]fandom.Reason{"time_zone": ""}},
			"the machine's":     {fandom.ArtistChange{TimeZone: ptr("Local")}, map[string]fandom.Reason{"time_zone": ""}},
			"a path":            {fandom.ArtistChange{TimeZone: ptr("../../etc/passwd")}, map[string]fandom.Reason{"time_zone": ""}},
			"a script for URL":  {fandom.ArtistChange{ProfileImage: world.Set("javascript:alert(1)")}, map[string]fandom.Reason{"profile_image": ""}},
			"several at a time": {fandom.ArtistChange{Name: ptr(""), DueDay: ptr(99)}, map[string]fandom.Reason{"name": "", "due_day": ""}},
		} {
			_, err := r.Artists.Update(r.Admin(), a.ID, c.change)
			require.Equal(r, fandom.Invalid, fandom.CodeOf(err), name)
			require.Equal(r, c.want, reasons(err), name)

			change := wanted("luz")
			change.Name, change.DueDay, change.TimeZone, change.ProfileImage = or(c.change.Name, change.Name), or(c.change.DueDay, change.DueDay), c.change.TimeZone, c.change.ProfileImage
			change.TwitterUserName = or(c.change.TwitterUserName, ptr("nobodyelse"))
			if c.change.TwitterUserName == nil {
				_, known := r.Sandbox.AccountByName("nobodyelse")
				if !known {
					r.account("nobodyelse", "")
				}
			}
			_, err = r.Artists.Create(r.Admin(), change)
			require.Equal(r, fandom.Invalid, fandom.CodeOf(err), name)
			require.Equal(r, c.want, reasons(err), name)
		}
		_, err := r.Artists.Create(r.Admin(), fandom.ArtistChange{})
		require.Equal(r, map[string]fandom.Reason{
			"name": fandom.ReasonRequired, "twitter_user_name": fandom.ReasonRequired, "due_day": fandom.ReasonRequired,
		}, reasons(err))

		_, err = r.Artists.Update(r.Admin(), other.ID+1, fandom.ArtistChange{})
		require.Equal(r, fandom.NotFound, fandom.CodeOf(err))
		same, err := r.Artists.ByID(r.Context(), a.ID)
		require.NoError(r, err)
		require.Equal(r, a, same, "nothing was changed")
		require.Equal(r, 2, r.count("artists"))
	})
}

func or[T any](first, second *T) *T {
	if first != nil {
		return first
	}
	return second
}

func TestOnlyAdminsChangeArtists(t *testing.T) {
	each(t, func(r rig) {
		fan := r.Fan(r.T, "rosa")
		a := r.Artist(r.T, "ozuna")
		r.account("karolg", "")
		_, err := r.Artists.Create(r.Context(), wanted("karolg"))
		require.Equal(r, fandom.Unauthenticated, fandom.CodeOf(err))
		_, err = r.Artists.Create(fan.Ctx, wanted("karolg"))
		require.Equal(r, fandom.Forbidden, fandom.CodeOf(err))
		_, err = r.Artists.Update(r.Context(), a.ID, fandom.ArtistChange{DueDay: ptr(1)})
		require.Equal(r, fandom.Unauthenticated, fandom.CodeOf(err))
		_, err = r.Artists.Update(fan.Ctx, a.ID, fandom.ArtistChange{DueDay: ptr(1)})
		require.Equal(r, fandom.Forbidden, fandom.CodeOf(err))
	})
}

func TestCreatingTheSameAccountAtOnceMakesOneArtist(t *testing.T) {
	each(t, func(r rig) {
		r.account("karolg", "")
		var wg sync.WaitGroup
		errs := make([]error, 10)
		for i := range errs {
			wg.Go(func() { _, errs[i] = r.Artists.Create(r.Admin(), wanted([]string{"karolg", "KAROLG"}[i%2])) })
		}
		wg.Wait()
		made := 0
		for _, err := range errs {
			if err == nil {
				made++
				continue
			}
			require.Equal(r, map[string]fandom.Reason{"twitter_user_name": fandom.ReasonTaken}, reasons(err), err)
		}
		require.Equal(r, 1, made)
		require.Equal(r, 1, r.count("artists"))
		require.Equal(r, 1, r.count("artist_cycles"))
		require.Equal(r, 3, r.count("boards"), "the global one, the artist's and the cycle's: the losers left none")
	})
}

func TestUpdateKeepsWhatIsNotGiven(t *testing.T) {
	each(t, func(r rig) {
		r.account("karolg", "https://images.example.com/karolg.jpg")
		luz := r.account("Luz", "https://images.example.com/luz.jpg")
		a := r.create(wanted("karolg"))

		same, err := r.Artists.Update(r.Admin(), a.ID, fandom.ArtistChange{})
		require.NoError(r, err)
		require.Equal(r, a, same)
		same, err = r.Artists.Update(r.Admin(), a.ID, fandom.ArtistChange{TwitterUserName: ptr("@KAROLG")})
		require.NoError(r, err)
		require.Equal(r, a, same, "another spelling is the same account")

		changed, err := r.Artists.Update(r.Admin(), a.ID, fandom.ArtistChange{
			Name: ptr("Carolina"), ProfileImage: fandom.Patch[*string]{Set: true}, TwitterUserName: ptr("luz"),
		})
		require.NoError(r, err)
		require.Equal(r, luz.ID, *changed.TwitterUserID)
		require.Equal(r, "Luz", changed.TwitterUserName)
		require.Equal(r, a.BoardID, changed.BoardID)
		stored, err := r.Artists.ByID(r.Context(), a.ID)
		require.NoError(r, err)
		require.Equal(r, changed, stored)
		_, err = r.Artists.ByName(r.Context(), "karolg")
		require.Equal(r, fandom.NotFound, fandom.CodeOf(err))
	})
}

var userByName = sandbox.Fault{Method: "GET", Path: "/2/users/by/username/*", Kind: sandbox.FaultErrorBefore}

// award gives a user points for an artist.
func (r rig) award(userID int, artist fandom.Artist, cause string) {
	r.Helper()
	_, err := r.Ledger.Append(r.Context(), ledger.Award{
		UserID: userID, ArtistID: &artist.ID, Points: 10_00, Reason: ledger.ForAdjustment, Cause: cause,
	})
	require.NoError(r, err)
}

func TestTwitterDownAtCreation(t *testing.T) {
	each(t, func(r rig) {
		own := r.Fan(r.T, "karolg") // the artist is a fan as well
		fan := r.Fan(r.T, "rosa")
		r.Sandbox.Inject(userByName)
		a := r.create(wanted("karolg"))
		require.Nil(r, a.TwitterUserID)
		require.Equal(r, "karolg", a.TwitterUserName)
		require.Nil(r, a.ProfileImage)
		r.award(own.ID, a, "own")
		r.award(fan.ID, a, "fan")
		require.Equal(r, 1, *r.Score(r.T, a.BoardID, own.ID).Rank)
		require.Equal(r, 2, *r.Score(r.T, a.BoardID, fan.ID).Rank)

		require.NoError(r, r.Artists.LookUpMissing(r.Context()), "still down: it is tried again later")
		still, err := r.Artists.ByID(r.Context(), a.ID)
		require.NoError(r, err)
		require.Nil(r, still.TwitterUserID)

		r.Sandbox.ClearFaults()
		require.NoError(r, r.Artists.LookUpMissing(r.Context()))
		known, err := r.Artists.ByID(r.Context(), a.ID)
		require.NoError(r, err)
		require.Equal(r, own.TwitterID, *known.TwitterUserID)

		score := r.Score(r.T, a.BoardID, own.ID)
		require.Nil(r, score.Rank, "an artist is not on their own board")
		require.Equal(r, fandom.Points(10_00), score.Points)
		require.Equal(r, 1, *r.Score(r.T, a.BoardID, fan.ID).Rank)
		global, err := r.Ledger.GlobalBoard(r.Context())
		require.NoError(r, err)
		require.Equal(r, 1, *r.Score(r.T, global, own.ID).Rank, "but on the global one")
		r.award(own.ID, a, "own again")
		require.Nil(r, r.Score(r.T, a.BoardID, own.ID).Rank)
		r.RequireClean(r.T)
	})
}

func TestAnAccountThatTwitterLostIsSkipped(t *testing.T) {
	each(t, func(r rig) {
		r.Sandbox.Inject(userByName)
		lost, later := r.create(wanted("lost")), r.create(wanted("later"))
		r.Sandbox.ClearFaults()
		account := r.account("later", "")
		require.NoError(r, r.Artists.LookUpMissing(r.Context()))
		a, err := r.Artists.ByID(r.Context(), lost.ID)
		require.NoError(r, err)
		require.Nil(r, a.TwitterUserID)
		a, err = r.Artists.ByID(r.Context(), later.ID)
		require.NoError(r, err)
		require.Equal(r, account.ID, *a.TwitterUserID)
	})
}

// A renamed account can be entered twice while Twitter is down. The second
// must not stop the look-up of the others.
func TestAnAccountThatIsAnotherArtistsAlready(t *testing.T) {
	each(t, func(r rig) {
		account := r.account("karolg", "")
		r.create(wanted("karolg"))
		require.NoError(r, r.Sandbox.Rename(account.ID, "carolina"))
		r.Sandbox.Inject(userByName)
		r.create(wanted("carolina"))
		later := r.create(wanted("later"))
		r.Sandbox.ClearFaults()
		known := r.account("later", "")
		require.NoError(r, r.Artists.LookUpMissing(r.Context()))
		a, err := r.Artists.ByID(r.Context(), later.ID)
		require.NoError(r, err)
		require.NotNil(r, a.TwitterUserID)
		require.Equal(r, known.ID, *a.TwitterUserID)
	})
}

func TestAnotherAccountTakesTheFanOffTheBoard(t *testing.T) {
	each(t, func(r rig) {
		a := r.Artist(r.T, "karolg")
		fan := r.Fan(r.T, "rosa")
		r.award(fan.ID, a, "fan")
		require.NotNil(r, r.Score(r.T, a.BoardID, fan.ID).Rank)
		_, err := r.Artists.Update(r.Admin(), a.ID, fandom.ArtistChange{TwitterUserName: ptr("rosa")})
		require.NoError(r, err)
		require.Nil(r, r.Score(r.T, a.BoardID, fan.ID).Rank)
		r.RequireClean(r.T)
	})
}

func TestANewAccountPutsTheOldOneOnTheBoard(t *testing.T) {
	each(t, func(r rig) {
		own := r.Fan(r.T, "karolg")
		a := r.create(wanted("karolg"))
		r.award(own.ID, a, "own")
		require.Nil(r, r.Score(r.T, a.BoardID, own.ID).Rank)
		r.account("carolina", "")
		_, err := r.Artists.Update(r.Admin(), a.ID, fandom.ArtistChange{TwitterUserName: ptr("carolina")})
		require.NoError(r, err)
		require.NotNil(r, r.Score(r.T, a.BoardID, own.ID).Rank, "it is a fan like any other now")
		r.RequireClean(r.T)
	})
}

func TestANewDueDayReschedulesTheOpenCycle(t *testing.T) {
	each(t, func(r rig) {
		a := r.Artist(r.T, "karolg") // due on the 20th, UTC; it is 15 June
		fan := r.Fan(r.T, "rosa")
		for _, step := range []struct {
			change fandom.ArtistChange
			want   string
		}{
			{fandom.ArtistChange{}, "2026-06-21T00:00:00Z"},
			{fandom.ArtistChange{DueDay: ptr(18)}, "2026-06-19T00:00:00Z"},
			{fandom.ArtistChange{TimeZone: ptr("America/Bogota")}, "2026-06-19T05:00:00Z"},
			{fandom.ArtistChange{DueDay: ptr(15)}, "2026-06-16T05:00:00Z"},
			{fandom.ArtistChange{DueDay: ptr(14)}, "2026-07-15T05:00:00Z"},
			{fandom.ArtistChange{DueDay: ptr(31), TimeZone: ptr("UTC")}, "2026-07-01T00:00:00Z"},
		} {
			_, err := r.Artists.Update(r.Admin(), a.ID, step.change)
			require.NoError(r, err)
			require.Equal(r, step.want, r.closesAt(a.ID).Format(time.RFC3339))
			require.Equal(r, 1, r.count("artist_cycles"), "the open cycle stays open")
		}
		r.award(fan.ID, a, "in the first cycle")

		// After the cut a change must not touch the cycle that is over.
		r.Clock.Set(time.Date(2026, 7, 3, 12, 0, 0, 0, time.UTC))
		_, err := r.Artists.Update(r.Admin(), a.ID, fandom.ArtistChange{DueDay: ptr(10)})
		require.NoError(r, err)
		require.Equal(r, 2, r.count("artist_cycles"))
		require.Equal(r, "2026-07-11T00:00:00Z", r.closesAt(a.ID).Format(time.RFC3339))
		var first time.Time
		require.NoError(r, r.Store.Conn(r.Context()).QueryRowContext(r.Context(),
			`SELECT closes_at FROM artist_cycles WHERE number = 1`).Scan(&first))
		require.Equal(r, "2026-07-01T00:00:00Z", first.UTC().Format(time.RFC3339))
		r.RequireClean(r.T)
	})
}
