package fandom_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

var filled = fandom.TemplateValues{
	Artist: "Karol G", ArtistHandle: "karolg", Fan: "rosa", Invitee: "luz", Rank: ptr(12), Score: 42_50, Link: "https://example.com/x",
}

func ptr[T any](v T) *T { return &v }

func TestRenderTemplate(t *testing.T) {
	t.Parallel()
	for template, want := range map[string]string{
		"":                                 "",
		"no placeholder":                   "no placeholder",
		"{artist}":                         "Karol G",
		"{artist_handle}":                  "@karolg",
		"{fan}":                            "@rosa",
		"{invitee}":                        "@luz",
		"{rank}":                           "12",
		"{score}":                          "42.5",
		"{link}":                           "https://example.com/x",
		"{fan}{fan} {rank}/{score}":        "@rosa@rosa 12/42.5",
		"{{fan}}":                          "{@rosa}",
		"{Fan} {fan } { fan} {fan {artist": "{Fan} {fan } { fan} {fan {artist",
		"{unknown} {fan}":                  "{unknown} @rosa",
	} {
		require.Equal(t, want, fandom.RenderTemplate(template, filled), template)
	}
}

func TestRenderingWithoutValues(t *testing.T) {
	t.Parallel()
	all := "{artist}|{artist_handle}|{fan}|{invitee}|{rank}|{score}|{link}"
	require.Equal(t, "||||||", fandom.RenderTemplate(all, fandom.TemplateValues{Score: 5_00}), "without a rank the score is empty too")
	require.Equal(t, "||||3|0.0|", fandom.RenderTemplate(all, fandom.TemplateValues{Rank: ptr(3)}))
	require.Equal(t, "||||3|-0.5|", fandom.RenderTemplate(all, fandom.TemplateValues{Rank: ptr(3), Score: -50}))
}

func TestValuesAreNotExpandedAgain(t *testing.T) {
	t.Parallel()
	got := fandom.RenderTemplate("{artist} {link} {fan}", fandom.TemplateValues{Artist: "{fan}", Fan: "rosa", Link: "{artist}{rank}"})
	require.Equal(t, "{fan} {artist}{rank} @rosa", got)
	got = fandom.RenderTemplate("{{artist}}", fandom.TemplateValues{Artist: "fan", Fan: "rosa"})
	require.Equal(t, "{fan}", got, "nor what a value completes")
}

func TestCheckTemplate(t *testing.T) {
	t.Parallel()
	artist := fandom.Artist{Name: "Karol G", TwitterUserName: "karolg"}
	for template, want := range map[string]fandom.Reason{
		"Listen to {artist_handle}!":                               "",
		"{artist}{artist_handle}{fan}{invitee}{rank}{score}{link}": "",
		"a { brace } and {Capitals} are text":                      "",
		"":                                                         fandom.ReasonRequired,
		" \n\t ":                                                   fandom.ReasonRequired,
		"{nobody}":                                                 fandom.ReasonUnknown,
		"{artist_}":                                                fandom.ReasonUnknown,
		"{fan} {fans}":                                             fandom.ReasonUnknown,
		"{_}":                                                      fandom.ReasonUnknown,
		"{handle}":                                                 fandom.ReasonUnknown,
		strings.Repeat("a", 280):                                   "",
		strings.Repeat("a", 281):                                   fandom.ReasonTooLong,
		strings.Repeat("{fan}", 17):                                "",
		strings.Repeat("{fan}", 18):                                fandom.ReasonTooLong,
	} {
		wrong := fandom.CheckTemplate(template, artist, utf8.RuneCountInString, 280)
		if want == "" {
			require.Nil(t, wrong, template)
			continue
		}
		require.NotNil(t, wrong, template)
		require.Equal(t, want, wrong.Reason, template)
		require.Equal(t, "tweet_data", wrong.Field)
	}
}

// What was checked with the largest values fits with any.
func TestWhatIsCheckedFits(t *testing.T) {
	t.Parallel()
	artist := fandom.Artist{Name: "Karol G", TwitterUserName: "karolg"}
	largest := fandom.TemplateValues{
		Artist: artist.Name, ArtistHandle: artist.TwitterUserName,
		Fan: "abcdefghijklmno", Invitee: "ABCDEFGHIJ_1234", Rank: ptr(2_000_000_000), Score: 9e15,
		Link: "https://example.com/invitation",
	}
	for _, placeholder := range []string{"{artist}", "{artist_handle}", "{fan}", "{invitee}", "{rank}", "{score}", "{link}"} {
		weight := utf8.RuneCountInString(fandom.RenderTemplate(placeholder, largest))
		wrong := fandom.CheckTemplate(placeholder, artist, utf8.RuneCountInString, weight-1)
		require.NotNil(t, wrong, "%s can take %d", placeholder, weight)
		require.Equal(t, fandom.ReasonTooLong, wrong.Reason)
	}
}

func FuzzRenderTemplate(f *testing.F) {
	f.Add("{artist} {fan}", "{fan}", "rosa")
	f.Add("{{artist}}", "link", "x")
	f.Add("{artist_handle}{score", "}", "{rank}")
	f.Fuzz(func(t *testing.T, template, artist, fan string) {
		got := fandom.RenderTemplate(template, fandom.TemplateValues{Artist: artist, Fan: fan})
		if !strings.Contains(template, "{") && got != template {
			t.Fatalf("%q without a placeholder became %q", template, got)
		}
		// Marked values come out as often as their placeholders went in.
		marked := fandom.RenderTemplate(template, fandom.TemplateValues{Artist: "\x00" + artist + "\x00"})
		n := strings.Count(template, "{artist}")
		if strings.Count(marked, "\x00") != n*(2+strings.Count(artist, "\x00"))+strings.Count(template, "\x00") {
			t.Fatalf("%q became %q", template, marked)
		}
		wrong := fandom.CheckTemplate(template, fandom.Artist{Name: artist, TwitterUserName: fan}, utf8.RuneCountInString, 280)
		if wrong == nil && utf8.RuneCountInString(got) > 280+utf8.RuneCountInString(fan) {
			t.Fatalf("%q was accepted and became %q", template, got)
		}
	})
}
