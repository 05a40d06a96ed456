package twitter

import (
	"html"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// urlMark stands in a canonical text for any URL: Twitter replaces each by a
// t.co link of its own. No post can hold this character.
const urlMark = "\uFFFF"

// SameText reports whether two texts are the same post, one of them perhaps as
// Twitter tells it: HTML-escaped, normalised, with its URLs replaced and its
// white space trimmed. Which of the two was read back does not matter.
func SameText(a, b string) bool {
	a1, b1 := canonical(a), canonical(b)
	if a1 == b1 {
		return true
	}
	a2, b2 := canonical(html.UnescapeString(a)), canonical(html.UnescapeString(b))
	return a2 == b1 || a1 == b2 || a2 == b2
}

// canonical is a text without what Twitter changes in it.
func canonical(text string) string {
	text = norm.NFC.String(text)
	var b strings.Builder
	pos := 0
	for _, url := range findURLs(text) {
		b.WriteString(text[pos:url.start])
		b.WriteString(urlMark)
		pos = url.end
	}
	b.WriteString(text[pos:])
	return strings.Join(strings.Fields(b.String()), " ")
}

// Matches reports whether the post read back is the one that the draft made.
// Beyond [SameText] it knows what Twitter adds: to a quote the address of the
// quoted post at the end, to a reply the names of those it answers in front. A
// repost is never a match, nor is a post that says that it answers or quotes
// another one.
func (d Draft) Matches(p Post) bool {
	if p.RepostOf != "" || differs(p.InReplyTo, d.InReplyTo) || differs(p.Quote, d.Quote) {
		return false
	}
	if SameText(d.Text, p.Text) {
		return true
	}
	texts := []string{p.Text}
	if d.InReplyTo != "" {
		texts = append(texts, withoutLeadingNames(p.Text))
	}
	for _, text := range texts {
		if SameText(d.Text, text) {
			return true
		}
		if d.Quote != "" && SameText(d.Text, withoutLastURL(text)) {
			return true
		}
	}
	return false
}

// differs reports whether a reference that Twitter told is not the one wanted.
func differs(told, wanted string) bool { return told != "" && told != wanted }

func withoutLastURL(text string) string {
	urls := findURLs(text)
	if len(urls) == 0 {
		return text
	}
	last := urls[len(urls)-1]
	if strings.TrimSpace(text[last.end:]) != "" {
		return text
	}
	return text[:last.start]
}

func withoutLeadingNames(text string) string {
	for {
		name := strings.TrimLeft(text, " ")
		if !strings.HasPrefix(name, "@") {
			return text
		}
		end := 1
		for end < len(name) && nameByte(name[end]) {
			end++
		}
		if end == 1 || end < len(name) && name[end] != ' ' {
			return text
		}
		text = name[end:]
	}
}
