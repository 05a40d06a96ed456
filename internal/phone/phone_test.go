package phone_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"madeinlatino.net/madeinlatino/internal/phone"
)

func TestRegions(t *testing.T) {
	regions := phone.Regions()
	require.Equal(t, phone.Region{Code: "AF", DialCode: "+93", Name: "Afghanistan"}, regions[0])
	require.GreaterOrEqual(t, len(regions), 240)
	byCode := map[string]phone.Region{}
	names := map[string]bool{}
	dial := regexp.MustCompile(`^\+[1-9][0-9]{0,2}$`)
	for _, r := range regions {
		require.Regexp(t, dial, r.DialCode, r.Code)
		require.NotContains(t, []string{"", r.Code, "Unknown Region"}, r.Name)
		require.False(t, names[r.Name], r.Name)
		names[r.Name] = true
		byCode[r.Code] = r
	}
	require.Len(t, byCode, len(regions))
	for code, dial := range map[string]string{
		"US": "+1", "CA": "+1", "DO": "+1", "PR": "+1", "JM": "+1", "BS": "+1", "CO": "+57", "MX": "+52", "AR": "+54",
		"KZ": "+7", "RU": "+7", "XK": "+383", "VA": "+39", "BR": "+55", "ES": "+34",
	} {
		require.Equal(t, dial, byCode[code].DialCode, code)
	}
	require.Equal(t, regions, phone.Regions(), "the order is the same every time")
}

func TestRegionsAreInOrderOfName(t *testing.T) {
	place := map[string]int{}
	for i, r := range phone.Regions() {
		place[r.Code] = i
	}
	for _, pair := range [][2]string{{"AF", "AX"}, {"AX", "AL"}, {"CR", "CI"}, {"CI", "HR"}, {"QA", "RE"}, {"RE", "RO"}, {"ZM", "ZW"}} {
		require.Less(t, place[pair[0]], place[pair[1]], pair)
	}
}

func TestPossible(t *testing.T) {
	for _, c := range []struct {
		dial, region, number string
		want                 bool
	}{
		{"+57", "CO", "3001234567", true},
		{"+57", "CO", "300 123-45.67", true},
		{"+57", "CO", "(300) 1234567", true},
		{"+57", "CO", "+57 300 123 4567", true},
		{"+57", "CO", "+58 412 1234567", false}, // of another country
		{"+57", "CO", "30012345", true},         // as long as a landline with its area code
		{"+57", "CO", "300", false},
		{"+57", "CO", "30012345678901", false},
		{"+57", "CO", "three hundred", false},
		{"+57", "CO", "", false},
		{"+1", "US", "202-555-0123", true},
		{"+1", "US", "1 202 555 0123", true},
		{"+1", "US", "5550123", false}, // not without its area code
		{"+1", "US", "1-800-FLOWERS", false},
		{"+1", "US", "2025550123 ext. 7", false},
		{"+1", "JM", "876 555 0123", true},
		{"+1", "DO", "(809) 555-0123", true},
		{"+52", "MX", "5512345678", true},
		{"+44", "GB", "07400 123456", true}, // with the digit that is dialled first at home
		{"+34", "ES", "612345678", true},
		{"+34", "ES", "6123456789012", false},
		{"+39", "VA", "312 345 6789", true},
		{"+1", "CO", "3001234567", false}, // prefix and region disagree
		{"+57", "CO", "3001234567\x00", false},
		{"+57", "CO", "3001+234567", false},
		{"+57", "CO", strings.Repeat("-", 40) + "3001234567", false},
	} {
		require.Equal(t, c.want, phone.Possible(c.dial, c.region, c.number), "%s %s %q", c.dial, c.region, c.number)
	}
}

// Every region's own example of a number is possible there, however it is
// written, and so the check never locks a country out.
func TestExamplesArePossible(t *testing.T) {
	for _, r := range phone.Regions() {
		for _, kind := range []phonenumbers.PhoneNumberType{phonenumbers.MOBILE, phonenumbers.FIXED_LINE} {
			example := phonenumbers.GetExampleNumberForType(r.Code, kind)
			if example == nil {
				continue
			}
			for _, form := range []phonenumbers.PhoneNumberFormat{phonenumbers.E164, phonenumbers.INTERNATIONAL, phonenumbers.NATIONAL} {
				text := phonenumbers.Format(example, form)
				require.True(t, phone.Possible(r.DialCode, r.Code, text), "%s %q", r.Code, text)
			}
			require.True(t, phone.Possible(r.DialCode, r.Code, phonenumbers.GetNationalSignificantNumber(example)), r.Code)
		}
	}
}

func TestPossibleNeverPanics(t *testing.T) {
	regions := phone.Regions()
	rapid.Check(t, func(rt *rapid.T) {
		r := rapid.SampledFrom(regions).Draw(rt, "region")
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[+]?[0-9 ().\-/]{0,40}`)).Draw(rt, "text")
		if phone.Possible(r.DialCode, r.Code, text) {
			require.True(rt, phone.Plausible(text))
		}
	})
}
