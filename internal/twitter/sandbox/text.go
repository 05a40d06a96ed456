package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"html"
	"strings"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"
	"mvdan.cc/xurls/v2"
)

// maxWeight is the longest a post can be, by weight.
const maxWeight = 280

// urlRanges finds URLs well enough for a stand-in: with http or https, or a bare
// domain that is not part of a mention or an address.
func urlRanges(text string) [][]int {
	var found [][]int
	for _, at := range xurls.Relaxed().FindAllStringIndex(text, -1) {
		url := strings.ToLower(text[at[0]:at[1]])
		scheme, _, has := strings.Cut(url, "://")
		host, _, _ := strings.Cut(url, "/")
		switch {
		case has && scheme != "http" && scheme != "https":
		case !has && (strings.ContainsAny(host, "@:") || at[0] > 0 && strings.ContainsRune("@#$", rune(text[at[0]-1]))):
		default:
			found = append(found, at)
		}
	}
	return found
}

// weight is the length of a text as Twitter counts it, by code of the sandbox's
// own: a client that counts wrongly is found out.
func weight(text string) int {
	text = norm.NFC.String(text)
	total, pos := 0, 0
	for _, at := range urlRanges(text) {
		total += plainWeight(text[pos:at[0]]) + 23
		pos = at[1]
	}
	return total + plainWeight(text[pos:])
}

func plainWeight(text string) int {
	total := 0
	graphemes := uniseg.NewGraphemes(text)
	for graphemes.Next() {
		runes := graphemes.Runes()
		if len(runes) > 1 && isEmojiSequence(runes) {
			total += 2
			continue
		}
		for _, r := range runes {
			if r <= 0x10FF || 0x2000 <= r && r <= 0x200D || 0x2010 <= r && r <= 0x201F || 0x2032 <= r && r <= 0x2037 {
				total++
			} else {
				total += 2
			}
		}
	}
	return total
}

// isEmojiSequence goes by what only such sequences hold: the emoji style, a
// keycap, a skin tone, tags, two regional indicators, a joiner after a symbol.
func isEmojiSequence(runes []rune) bool {
	for i, r := range runes[1:] {
		switch {
		case r == 0xFE0F, r == 0x20E3, 0x1F3FB <= r && r <= 0x1F3FF, 0xE0020 <= r && r <= 0xE007F:
			return true
		case 0x1F1E6 <= r && r <= 0x1F1FF:
			return true
		case r == 0x200D && runes[i] >= 0x2000 && i+2 < len(runes):
			return true
		}
	}
	return false
}

// shownText is the text as the API tells it: normalised and trimmed, its URLs
// replaced by short links, escaped, and with the address of a quoted post.
func shownText(t *Tweet) string {
	text := norm.NFC.String(strings.TrimSpace(t.Text))
	var b strings.Builder
	pos := 0
	for _, at := range urlRanges(text) {
		b.WriteString(escapeText(text[pos:at[0]]) + shortLink(text[at[0]:at[1]]))
		pos = at[1]
	}
	b.WriteString(escapeText(text[pos:]))
	if t.Quote != "" {
		b.WriteString(" " + shortLink("https://x.com/i/web/status/"+t.Quote))
	}
	return strings.TrimSpace(b.String())
}

// escapeText escapes the three characters that Twitter does.
func escapeText(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

func shortLink(url string) string {
	sum := sha256.Sum256([]byte(html.UnescapeString(url)))
	return "https://t.co/" + hex.EncodeToString(sum[:5])
}
