package account_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/phone"
)

func TestFreshPrefixesAreNumberedInOrderOfName(t *testing.T) {
	each(t, func(r *rig) {
		var wg sync.WaitGroup
		for range 8 { // as many processes start at once
			wg.Go(func() {
				if err := r.SyncMobilePrefixes(r.Context()); err != nil {
					r.Error(err)
				}
			})
		}
		wg.Wait()
		list, err := r.MobilePrefixes(r.Context())
		require.NoError(r, err)
		regions := phone.Regions()
		require.Len(r, list, len(regions))
		for i, p := range list {
			require.Equal(r, fandom.MobilePrefix{
				ID: i + 1, Region: regions[i].Code, DialCode: regions[i].DialCode, Name: regions[i].Name,
			}, p)
		}
	})
}

func TestPrefixesAreNeverRenumbered(t *testing.T) {
	each(t, func(r *rig) {
		require.NoError(r, r.SyncMobilePrefixes(r.Context()))
		before, err := r.MobilePrefixes(r.Context())
		require.NoError(r, err)
		albania := r.prefix("AL")
		r.exec(`DELETE FROM mobile_prefixes WHERE region = 'AL'`)
		r.exec(`UPDATE mobile_prefixes SET name = 'Zembla', dial_code = '+0' WHERE region = 'CO'`)
		r.exec(`INSERT INTO mobile_prefixes (id, region, dial_code, name) VALUES (1000, 'ZZ', '+999', 'Atlantis')`)

		require.NoError(r, r.SyncMobilePrefixes(r.Context()))
		after, err := r.MobilePrefixes(r.Context())
		require.NoError(r, err)
		want := map[string]fandom.MobilePrefix{"ZZ": {ID: 1000, Region: "ZZ", DialCode: "+999", Name: "Atlantis"}}
		for _, p := range before {
			if p.ID == albania {
				p.ID = 1001 // a region that comes later comes last
			}
			want[p.Region] = p
		}
		got := map[string]fandom.MobilePrefix{}
		for _, p := range after {
			got[p.Region] = p
		}
		require.Equal(r, want, got)
		require.Equal(r, "AL", after[2].Region, "the list is in order of name all the same")

		row, err := r.store.Client(r.Context()).MobilePrefix.Create().
			SetRegion("YY").SetDialCode("+998").SetName("Lemuria").Save(r.Context())
		require.NoError(r, err)
		require.Equal(r, 1002, row.ID)
	})
}
