package account_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/twitter"
)

func (r *rig) ensure(a twitter.Account) fandom.User {
	r.Helper()
	u, err := r.EnsureAccount(r.Context(), a)
	require.NoError(r, err)
	return u
}

func TestUnknownAccountBecomesAnUnregisteredUser(t *testing.T) {
	each(t, func(r *rig) {
		a, token := r.fan("Ana")
		before := r.ensure(twitter.Account{ID: a.ID, UserName: "ana_old", Name: "Ana Old Name"})
		require.False(r, before.IsRegistered())
		require.Equal(r, "Old Name", *before.LastName)
		require.Equal(r, before, r.ensure(twitter.Account{ID: a.ID}), "what is not said stays")

		login := r.login(token)
		require.True(r, login.First)
		require.Equal(r, before.ID, login.User.ID, "the points stay with the row")
		require.Equal(r, "Ana", *login.User.TwitterUserName)
		profile, err := r.Profile(r.as(login.Key))
		require.NoError(r, err)
		require.Equal(r, "de la Cruz", *profile.LastName)
		require.True(r, profile.IsFlagAction)
	})
}

func TestLaterLoginRefreshesThePublicSideOnly(t *testing.T) {
	each(t, func(r *rig) {
		a, token := r.fan("Ana")
		login := r.login(token)
		ctx := r.as(login.Key)
		edited, err := r.UpdateProfile(ctx, fandom.ProfileChange{
			FirstName:    fandom.Patch[*string]{Set: true, Value: ptr("Anita")},
			Email:        fandom.Patch[*string]{Set: true},
			IsFlagAction: fandom.Patch[*bool]{Set: true, Value: ptr(false)},
		})
		require.NoError(r, err)

		a.UserName, a.Name, a.ProfileImageURL, a.Email = "Anuska", "Anuska", "https://img.example/new.png", "new@example.com"
		_, err = r.sandbox.AddAccount(a)
		require.NoError(r, err)
		again := r.login(token)
		require.False(r, again.First)
		require.Equal(r, login.User.ID, again.User.ID)
		require.Equal(r, "Anuska", *again.User.TwitterUserName)
		require.Equal(r, "Anuska", *again.User.FirstName)
		require.Nil(r, again.User.LastName)
		require.Equal(r, "https://img.example/new.png", *again.User.TwitterProfileImage)
		require.True(r, login.User.RegisteredAt.Equal(*again.User.RegisteredAt))
		profile, err := r.Profile(ctx)
		require.NoError(r, err)
		require.Equal(r, edited, profile)
	})
}

func TestNameThatIsTakenOverGoesToTheNewcomer(t *testing.T) {
	each(t, func(r *rig) {
		first := r.ensure(twitter.Account{ID: "1", UserName: "Ana"})
		second := r.ensure(twitter.Account{ID: "2", UserName: "aNA"})
		require.NotEqual(r, first.ID, second.ID)
		stale, err := r.User(r.Context(), first.ID)
		require.NoError(r, err)
		require.Nil(r, stale.TwitterUserName)
		found, err := r.UserByName(r.Context(), "@ANA")
		require.NoError(r, err)
		require.Equal(r, second, found)

		back := r.ensure(twitter.Account{ID: "1", UserName: "Ana"})
		require.Equal(r, first.ID, back.ID)
		require.Equal(r, "Ana", *back.TwitterUserName)
		respelt := r.ensure(twitter.Account{ID: "1", UserName: "ANA"})
		require.Equal(r, "ANA", *respelt.TwitterUserName)
	})
}

func TestOddAccounts(t *testing.T) {
	each(t, func(r *rig) {
		for _, id := range []string{"", "x", "-1", "12345678901234567890"} {
			_, err := r.EnsureAccount(r.Context(), twitter.Account{ID: id, UserName: "ana"})
			r.code(fandom.Invalid, err)
		}
		u := r.ensure(twitter.Account{ID: "1", UserName: "a_name_longer_than_fifteen", Name: "  \x00 " + strings.Repeat("ñ", 200) + " \n b\xff "})
		require.Equal(r, strings.Repeat("ñ", 150), *u.FirstName)
		require.Equal(r, "b", *u.LastName)
		u = r.ensure(twitter.Account{ID: "1", Name: " \u200b"})
		require.Nil(r, u.LastName)
		require.Equal(r, 1, r.count("users"))
	})
}

func TestEnsureJoinsTheCallersTransaction(t *testing.T) {
	each(t, func(r *rig) {
		failure := errors.New("the caller changed its mind")
		err := r.store.WithTx(r.Context(), func(ctx context.Context) error {
			u, err := r.EnsureAccount(ctx, twitter.Account{ID: "1", UserName: "ana"})
			require.NoError(r, err)
			_, err = r.User(ctx, u.ID)
			require.NoError(r, err)
			_, err = r.Login(ctx, "token", "secret")
			require.Error(r, err, "Twitter is not waited for within a transaction")
			_, err = r.StartLogin(ctx)
			require.Error(r, err)
			return failure
		})
		require.ErrorIs(r, err, failure)
		require.Zero(r, r.count("users"))
	})
}

// Names change hands among accounts in every direction at once, and whoever
// comes last has them: no deadlock, no error, no name twice, none lost.
func TestRacedRenames(t *testing.T) {
	each(t, func(r *rig) {
		var wg sync.WaitGroup
		for worker := range 8 {
			wg.Go(func() {
				for step := range 15 {
					_, err := r.EnsureAccount(r.Context(), twitter.Account{
						ID: fmt.Sprint(1 + (worker+step)%4), UserName: fmt.Sprint("name", (worker*step)%4),
					})
					if err != nil {
						r.Error(err)
					}
				}
			})
		}
		wg.Wait()
		require.Equal(r, 4, r.count("users"))
		for i := range 4 {
			r.ensure(twitter.Account{ID: fmt.Sprint(1 + i), UserName: fmt.Sprint("name", i)})
		}
		require.Equal(r, 4, r.count(`users WHERE name_key = 'name' || (CAST(twitter_user_id AS integer) - 1)`))
	})
}

// Two accounts swap their names, both seen at the same moment.
func TestRacedSwaps(t *testing.T) {
	each(t, func(r *rig) {
		for round := range 40 {
			var wg sync.WaitGroup
			for account := range 2 {
				wg.Go(func() {
					_, err := r.EnsureAccount(r.Context(), twitter.Account{
						ID: fmt.Sprint(1 + account), UserName: fmt.Sprint("name", (round+account)%2),
					})
					if err != nil {
						r.Error(err)
					}
				})
			}
			wg.Wait()
		}
		require.Equal(r, 2, r.count("users"))
	})
}

// Whatever is seen in whatever order, a name is held by the account that was
// last seen with it, and by no other.
func TestNamesFollowTheirAccounts(t *testing.T) {
	each(t, func(r *rig) {
		rapid.Check(r.T, func(rt *rapid.T) {
			holder := map[string]string{} // name key → id
			for range rapid.IntRange(1, 6).Draw(rt, "sightings") {
				id := rapid.SampledFrom([]string{"1", "2", "3"}).Draw(rt, "id")
				name := rapid.SampledFrom([]string{"ana", "ANA", "bea", "Bea"}).Draw(rt, "name")
				for key, held := range holder {
					if held == id {
						delete(holder, key)
					}
				}
				holder[fandom.NameKey(name)] = id
				u := r.ensure(twitter.Account{ID: id, UserName: name})
				require.Equal(rt, name, *u.TwitterUserName)
			}
			found, err := r.UsersByName(r.Context(), []string{"ANA", "@bea", "nobody"})
			require.NoError(rt, err)
			for key, id := range holder {
				require.Equal(rt, id, found[key].TwitterUserID)
			}
		})
	})
}

func TestDeletedUsersAreNotFound(t *testing.T) {
	each(t, func(r *rig) {
		u := r.ensure(twitter.Account{ID: "1", UserName: "ana"})
		r.exec(`UPDATE users SET deleted_at = $1 WHERE id = $2`, r.clock.Now(), u.ID)
		_, err := r.User(r.Context(), u.ID)
		r.code(fandom.NotFound, err)
		_, err = r.UserByName(r.Context(), "ana")
		r.code(fandom.NotFound, err)
		byID, err := r.UsersByID(r.Context(), []int{u.ID})
		require.NoError(r, err)
		require.Empty(r, byID)
		byName, err := r.UsersByName(r.Context(), []string{"ana"})
		require.NoError(r, err)
		require.Empty(r, byName)
		_, err = r.IssueKey(r.Context(), u.ID)
		r.code(fandom.NotFound, err)
	})
}

func TestUsersInBulk(t *testing.T) {
	each(t, func(r *rig) {
		ana, bea := r.ensure(twitter.Account{ID: "1", UserName: "Ana"}), r.ensure(twitter.Account{ID: "2", UserName: "Bea"})
		byID, err := r.UsersByID(r.Context(), []int{bea.ID, ana.ID, 999, ana.ID})
		require.NoError(r, err)
		require.Equal(r, map[int]fandom.User{ana.ID: ana, bea.ID: bea}, byID)
		byName, err := r.UsersByName(r.Context(), []string{" @ANA", "bea", "ana", "no such name!", ""})
		require.NoError(r, err)
		require.Equal(r, map[string]fandom.User{"ana": ana, "bea": bea}, byName)
		byID, err = r.UsersByID(r.Context(), nil)
		require.NoError(r, err)
		require.Empty(r, byID)
		_, err = r.UserByName(r.Context(), "")
		r.code(fandom.NotFound, err)
	})
}
