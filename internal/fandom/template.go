package fandom

import (
	"fmt"
	"regexp"
	"strings"
)

// TemplateValues fill the placeholders of a recommendation's tweet. Names
// come without the @; Rank and Score are the fan's before the act, nil and
// ignored where the fan is not on the board.
type TemplateValues struct {
	Artist       string
	ArtistHandle string
	Fan          string
	Invitee      string
	Rank         *int
	Score        Points
	Link         string
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// RenderTemplate fills a template in one pass: text that a value brings in is
// never expanded again.
func RenderTemplate(template string, v TemplateValues) string {
	rank, score := "", ""
	if v.Rank != nil {
		rank, score = fmt.Sprint(*v.Rank), v.Score.String()
	}
	return strings.NewReplacer(
		"{artist}", v.Artist,
		"{artist_handle}", handle(v.ArtistHandle),
		"{fan}", handle(v.Fan),
		"{invitee}", handle(v.Invitee),
		"{rank}", rank,
		"{score}", score,
		"{link}", v.Link,
	).Replace(template)
}

func handle(name string) string {
	if name == "" {
		return ""
	}
	return "@" + name
}

// CheckTemplate tells whether a template can be posted: every placeholder
// exists, and it fits limit by weigh with every placeholder at its largest.
func CheckTemplate(template string, artist Artist, weigh func(string) int, limit int) *FieldError {
	fail := func(reason Reason, format string, args ...any) *FieldError {
		return &FieldError{Field: "tweet_data", Reason: reason, Message: fmt.Sprintf(format, args...)}
	}
	if strings.TrimSpace(template) == "" {
		return fail(ReasonRequired, "This action needs a text to post.")
	}
	for _, name := range placeholder.FindAllString(template, -1) {
		if !strings.Contains("{artist}{artist_handle}{fan}{invitee}{rank}{score}{link}", name) {
			return fail(ReasonUnknown, "There is no placeholder %s.", name)
		}
	}
	longestName := strings.Repeat("m", 15)
	largestRank := 1<<31 - 1
	text := RenderTemplate(template, TemplateValues{
		Artist: artist.Name, ArtistHandle: artist.TwitterUserName,
		Fan: longestName, Invitee: longestName,
		Rank: &largestRank, Score: Points(1<<53 - 1),
		Link: "https://example.com/" + strings.Repeat("x", 40),
	})
	if weight := weigh(text); weight > limit {
		return fail(ReasonTooLong, "The text can grow to a weighted length of %d, Twitter takes %d.", weight, limit)
	}
	return nil
}
