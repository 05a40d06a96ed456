package account

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

func TestTitleCapitals(t *testing.T) {
	for name, want := range map[string]string{
		"DOE": "Doe", "JO": "Jo", "J": "J", "J.": "J.", "J. R.": "J. R.", "DE LA CRUZ": "De La Cruz", "O'NEIL": "O'Neil",
		"O’NEIL": "O’Neil", "ANNE-MARIE": "Anne-Marie", "ÁNGEL NÚÑEZ": "Ángel Núñez", "ÑU": "Ñu", "MUÑOZ": "Muñoz",
		"JOSE\u0301 LO\u0301PEZ": "Jose\u0301 Lo\u0301pez", "E\u0301RIC": "E\u0301ric",
		"John": "John", "john": "john", "deLuca": "deLuca", "McDONALD": "McDONALD", "José NÚÑEZ": "José NÚÑEZ",
		"A1": "A1", "AB1CD": "Ab1Cd", "李小龍": "李小龍", "A李": "A李", "": "", "123": "123", "-- ''": "-- ''", "ИВАН": "Иван",
	} {
		require.Equal(t, want, titleCapitals(name), name)
	}
}

func TestTitleCapitalsChangesCaseAlone(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.StringMatching(`[A-ZÁÉÍÓÚÑÜÇ a-záéíóúñü'\-]{0,30}`).Draw(rt, "name")
		got := titleCapitals(name)
		require.Equal(rt, strings.ToUpper(name), strings.ToUpper(got))
		require.Equal(rt, got, titleCapitals(got), "once is enough")
		if strings.ContainsFunc(name, unicode.IsLower) {
			require.Equal(rt, name, got)
		}
	})
}

func TestCheckEmail(t *testing.T) {
	local, label := strings.Repeat("l", 64), strings.Repeat("d", 61)
	longest := local + "@" + label + "." + label + "." + label + ".ee" // 64 + 1 + 3*62 + 2 = 253
	for _, good := range []string{
		"user@example.com", "User.Name+tag@Sub.Example.co", "o'neil@example.ie", "x@y.zz", "josé@ñandú.com.ar",
		"user@xn--nande-wqa.example", longest, "l" + longest[1:] + "e",
	} {
		require.Nil(t, checkEmail(good), good)
	}
	for _, bad := range []string{
		"user", "user@", "@example.com", "user@localhost", "user@example..com", "user@.com", "user@example.com.",
		"User <user@example.com>", "<user@example.com>", "user@example.com (me)", "a@b.com, c@d.com", "user name@example.com",
		`"user name"@example.com`, "user@[127.0.0.1]", "user@-a.com", "user@a-.com", "user@exa_mple.com", "user@example.com\x00",
		"us\ner@example.com", "user@@example.com", ".user@example.com", "user@example.c\u202eom", "l" + local + "@example.com",
		"user@" + strings.Repeat("d", 64) + ".com", longest + "eee", "\xff@example.com",
	} {
		wrong := checkEmail(bad)
		require.NotNil(t, wrong, bad)
		require.Equal(t, "email", wrong.Field)
	}
	require.Equal(t, fandom.ReasonTooLong, checkEmail(longest+"ee").Reason)
}

func TestCheckName(t *testing.T) {
	for _, good := range []string{"Ana", "José María", "👩‍🎤 Star", "نور", "O'Neil-Smith, Jr.", strings.Repeat("ñ", 150)} {
		require.Nil(t, checkName(good), good)
	}
	for _, bad := range []string{"a\x00b", "a\nb", "a\u0085b", "a\u2028b", "a\u202eb", "a\u2066b", "a\xffb", strings.Repeat("a", 151)} {
		require.NotNil(t, checkName(bad), "%q", bad)
	}
}

func TestPossibleBirth(t *testing.T) {
	today := fandom.Date{Year: 2026, Month: time.June, Day: 15}
	for _, c := range []struct {
		date fandom.Date
		want bool
	}{
		{today, true}, {today.AddDays(1), false}, {fandom.Date{Year: 1900, Month: 1, Day: 1}, true}, {fandom.Date{Year: 1899, Month: 12, Day: 31}, false},
		{fandom.Date{Year: 2024, Month: 2, Day: 29}, true}, {fandom.Date{Year: 2023, Month: 2, Day: 29}, false},
		{fandom.Date{Year: 2000, Month: 13, Day: 1}, false}, {fandom.Date{Year: 2000, Month: 0, Day: 1}, false},
		{fandom.Date{Year: 2000, Month: 1, Day: 0}, false}, {fandom.Date{}, false}, {fandom.Date{Year: 10000, Month: 1, Day: 1}, false},
	} {
		require.Equal(t, c.want, possibleBirth(c.date, today), c.date)
	}
}
