package account_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

func text(v string) fandom.Patch[*string] { return fandom.Patch[*string]{Set: true, Value: &v} }
func number(v int) fandom.Patch[*int]     { return fandom.Patch[*int]{Set: true, Value: &v} }
func null[T any]() fandom.Patch[*T]       { return fandom.Patch[*T]{Set: true} }
func date(y, d int) fandom.Patch[*fandom.Date] {
	return fandom.Patch[*fandom.Date]{Set: true, Value: &fandom.Date{Year: y, Month: 6, Day: d}}
}

// prefix gives the id of a region's mobile prefix.
func (r *rig) prefix(region string) (id int) {
	r.Helper()
	require.NoError(r, r.SyncMobilePrefixes(r.Context()))
	require.NoError(r, r.store.Conn(r.Context()).QueryRowContext(r.Context(),
		`SELECT id FROM mobile_prefixes WHERE region = $1`, region).Scan(&id))
	return id
}

func (r *rig) update(ctx context.Context, change fandom.ProfileChange) fandom.Profile {
	r.Helper()
	p, err := r.UpdateProfile(ctx, change)
	require.NoError(r, err)
	stored, err := r.Profile(ctx)
	require.NoError(r, err)
	require.Equal(r, stored, p)
	return p
}

func (r *rig) refuse(ctx context.Context, change fandom.ProfileChange, want ...string) {
	r.Helper()
	before, err := r.Profile(ctx)
	require.NoError(r, err)
	_, err = r.UpdateProfile(ctx, change)
	r.code(fandom.Invalid, err)
	require.Equal(r, want, fields(err))
	after, err := r.Profile(ctx)
	require.NoError(r, err)
	require.Equal(r, before, after, "all or nothing")
}

func TestProfileNeedsAUser(t *testing.T) {
	each(t, func(r *rig) {
		_, err := r.Profile(r.Context())
		r.code(fandom.Unauthenticated, err)
		_, err = r.UpdateProfile(r.Context(), fandom.ProfileChange{})
		r.code(fandom.Unauthenticated, err)
		ctx, login := r.actor("Ana")
		r.exec(`UPDATE users SET deleted_at = $1 WHERE id = $2`, r.clock.Now(), login.User.ID)
		_, err = r.Profile(ctx)
		r.code(fandom.Unauthenticated, err)
		_, err = r.UpdateProfile(ctx, fandom.ProfileChange{FirstName: text("x")})
		r.code(fandom.Unauthenticated, err)
	})
}

func TestProfileChangesWhatIsSent(t *testing.T) {
	each(t, func(r *rig) {
		ctx, login := r.actor("Ana")
		_, other := r.actor("Bea")
		colombia := r.prefix("CO")
		p := r.update(ctx, fandom.ProfileChange{LastName: text("DOE")})
		require.Equal(r, "Doe", *p.LastName)
		require.Equal(r, "Ana", *p.FirstName)
		p = r.update(ctx, fandom.ProfileChange{
			FirstName: text("  José  "), LastName: text("DE LA CRUZ"), Email: text(" Jose@Example.com\n"), DateOfBirth: date(1989, 7),
			MobileNumberPrefix: number(colombia), MobileNumber: text(" 300 123 4567 "),
			IsFlagAction: fandom.Patch[*bool]{Set: true, Value: ptr(false)},
		})
		require.Equal(r, fandom.Profile{
			UserID: login.User.ID, FirstName: ptr("José"), LastName: ptr("De La Cruz"), Email: ptr("Jose@Example.com"),
			DateOfBirth: &fandom.Date{Year: 1989, Month: 6, Day: 7}, MobileNumberPrefix: &colombia, MobileNumber: ptr("300 123 4567"),
		}, p)
		require.Equal(r, p, r.update(ctx, fandom.ProfileChange{}))
		p = r.update(ctx, fandom.ProfileChange{
			FirstName: null[string](), LastName: text("   "), Email: text(""), DateOfBirth: null[fandom.Date](),
			MobileNumberPrefix: null[int](), MobileNumber: text(" "),
		})
		require.Equal(r, fandom.Profile{UserID: login.User.ID}, p)
		untouched, err := r.Profile(r.as(other.Key))
		require.NoError(r, err)
		require.Equal(r, "Bea", *untouched.FirstName)
	})
}

func TestProfileReportsEveryWrongField(t *testing.T) {
	each(t, func(r *rig) {
		ctx, _ := r.actor("Ana")
		r.prefix("CO")
		r.refuse(ctx, fandom.ProfileChange{
			FirstName: text(strings.Repeat("ñ", 151)), LastName: text("a\tb"), Email: text("nobody"),
			DateOfBirth: date(1989, 31), MobileNumberPrefix: number(99999), MobileNumber: text("many"), IsFlagAction: null[bool](),
		}, "date_of_birth", "email", "first_name", "is_flag_action", "last_name", "mobile_number", "mobile_number_prefix")
		r.refuse(ctx, fandom.ProfileChange{FirstName: text("Fine"), Email: text("nobody")}, "email")
		r.update(ctx, fandom.ProfileChange{FirstName: text(strings.Repeat("ñ", 150))})
	})
}

func TestNumberHasToFitItsPrefix(t *testing.T) {
	each(t, func(r *rig) {
		ctx, _ := r.actor("Ana")
		colombia, iceland := r.prefix("CO"), r.prefix("IS")
		set := func(prefix fandom.Patch[*int], number fandom.Patch[*string]) fandom.ProfileChange {
			return fandom.ProfileChange{MobileNumberPrefix: prefix, MobileNumber: number}
		}
		none, noNumber := fandom.Patch[*int]{}, fandom.Patch[*string]{}

		r.refuse(ctx, set(none, text("12")), "mobile_number")
		r.update(ctx, set(none, text("300 123 4567"))) // before there is a prefix
		r.refuse(ctx, set(number(-1), noNumber), "mobile_number_prefix")
		r.refuse(ctx, set(number(iceland), noNumber), "mobile_number_prefix")
		r.update(ctx, set(number(colombia), noNumber))
		r.refuse(ctx, set(none, text("611 1234")), "mobile_number")
		r.refuse(ctx, set(number(iceland), text("300 123 4567")), "mobile_number")
		r.refuse(ctx, set(none, text("+354 611 1234")), "mobile_number")
		r.update(ctx, set(number(iceland), text("611 1234")))
		r.update(ctx, set(number(colombia), null[string]()))
		r.update(ctx, set(none, text("+57 300 123 4567")))
		r.update(ctx, set(null[int](), noNumber))
	})
}

// Prefix and number arrive in two requests at once: never both where they do
// not fit each other.
func TestRacedHalvesOfANumberStillFit(t *testing.T) {
	each(t, func(r *rig) {
		ctx, _ := r.actor("Ana")
		colombia, iceland := r.prefix("CO"), r.prefix("IS")
		for range 10 {
			r.update(ctx, fandom.ProfileChange{MobileNumberPrefix: number(colombia), MobileNumber: null[string]()})
			var wg sync.WaitGroup
			for _, change := range []fandom.ProfileChange{
				{MobileNumberPrefix: number(iceland)}, {MobileNumber: text("300 123 4567")},
			} {
				wg.Go(func() {
					if _, err := r.UpdateProfile(ctx, change); err != nil && fandom.CodeOf(err) != fandom.Invalid {
						r.Error(err)
					}
				})
			}
			wg.Wait()
			p, err := r.Profile(ctx)
			require.NoError(r, err)
			require.False(r, *p.MobileNumberPrefix == iceland && p.MobileNumber != nil, fmt.Sprint(*p.MobileNumberPrefix, p.MobileNumber))
		}
	})
}
