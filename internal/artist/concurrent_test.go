package artist_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/ledger"
	"madeinlatino.net/madeinlatino/internal/testrig/world"
)

// together runs functions at once and requires that none fails.
func (r rig) together(fns ...func() error) {
	r.Helper()
	var start, done sync.WaitGroup
	start.Add(1)
	errs := make([]error, len(fns))
	for i, fn := range fns {
		done.Go(func() {
			start.Wait()
			errs[i] = fn()
		})
	}
	start.Done()
	done.Wait()
	for _, err := range errs {
		require.NoError(r, err)
	}
}

func (r rig) update(id int, change fandom.ArtistChange) func() error {
	return func() error {
		_, err := r.Artists.Update(r.Admin(), id, change)
		return err
	}
}

func TestUpdatesOfDifferentFieldsAtOnceBothSurvive(t *testing.T) {
	each(t, func(r rig) {
		a, fan := r.Artist(r.T, "karolg"), r.Fan(r.T, "rosa")
		for i := range 20 {
			name, image := fmt.Sprint("Karol ", i), fmt.Sprintf("https://images.example.com/%d.jpg", i)
			r.together(
				r.update(a.ID, fandom.ArtistChange{Name: &name}),
				r.update(a.ID, fandom.ArtistChange{ProfileImage: world.Set(image)}),
				r.update(a.ID, fandom.ArtistChange{DueDay: ptr(16 + i%10)}),
				func() error { // an entry locks the cycle and refers to the artist
					_, err := r.Ledger.Append(r.Context(), ledger.Award{
						UserID: fan.ID, ArtistID: &a.ID, Points: 1_00, Reason: ledger.ForAdjustment, Cause: fmt.Sprint("round ", i),
					})
					return err
				},
			)
			stored, err := r.Artists.ByID(r.Context(), a.ID)
			require.NoError(r, err)
			require.Equal(r, name, stored.Name)
			require.Equal(r, image, *stored.ProfileImage)
			require.Equal(r, fandom.DueDay(16+i%10), stored.DueDay)
			require.Equal(r, *a.TwitterUserID, *stored.TwitterUserID)
		}
		r.RequireClean(r.T)
	})
}

func TestAnUpdateKeepsAnIDThatWasJustFound(t *testing.T) {
	each(t, func(r rig) {
		for i := range 20 {
			name := fmt.Sprint("artist", i)
			r.Sandbox.Inject(userByName)
			a := r.create(wanted(name))
			require.Nil(r, a.TwitterUserID)
			r.Sandbox.ClearFaults()
			account := r.account(name, "")
			r.together(
				r.update(a.ID, fandom.ArtistChange{Name: ptr("Carolina")}),
				func() error { return r.Artists.LookUpMissing(r.Context()) },
			)
			stored, err := r.Artists.ByID(r.Context(), a.ID)
			require.NoError(r, err)
			require.Equal(r, "Carolina", stored.Name)
			require.NotNil(r, stored.TwitterUserID)
			require.Equal(r, account.ID, *stored.TwitterUserID)
		}
	})
}

func TestALateLookUpAdoptsSpellingAndPicture(t *testing.T) {
	each(t, func(r rig) {
		r.Sandbox.Inject(userByName)
		r.create(wanted("DOWNart"))
		own := wanted("other")
		own.ProfileImage = world.Set("https://images.example.com/own.jpg")
		other := r.create(own)
		r.Sandbox.ClearFaults()
		account := r.account("DownArt", "https://images.example.com/downart.jpg")
		r.account("Other", "https://images.example.com/other.jpg")
		require.NoError(r, r.Artists.LookUpMissing(r.Context()))

		a, err := r.Artists.ByName(r.Context(), "downart")
		require.NoError(r, err)
		require.Equal(r, account.ID, *a.TwitterUserID)
		require.Equal(r, "DownArt", a.TwitterUserName)
		require.NotNil(r, a.ProfileImage)
		require.Contains(r, *a.ProfileImage, "downart")
		other, err = r.Artists.ByID(r.Context(), other.ID)
		require.NoError(r, err)
		require.Equal(r, "Other", other.TwitterUserName)
		require.Equal(r, *own.ProfileImage.Value, *other.ProfileImage, "the admin's picture stays")
	})
}
