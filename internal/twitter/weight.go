package twitter

import (
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"
)

// MaxWeight is the greatest [Weight] that a post may have.
const MaxWeight = 280

// What a URL and an emoji count, whatever their length; any other character
// counts 1 or 2.
const (
	urlWeight   = 23
	emojiWeight = 2
)

// Weight returns the length of a text as Twitter counts it (twitter-text,
// configuration 3): after normalisation to NFC a URL counts 23, an emoji
// sequence 2, a character of the Latin, Greek, Cyrillic and similar scripts and
// most punctuation 1, anything else 2.
func Weight(text string) int {
	text = norm.NFC.String(text)
	weight, pos := 0, 0
	for _, url := range findURLs(text) {
		weight += weightOfText(text[pos:url.start]) + urlWeight
		pos = url.end
	}
	return weight + weightOfText(text[pos:])
}

// weightOfText weighs a text without URLs, by grapheme clusters: an emoji is
// never longer than one.
func weightOfText(text string) int {
	weight, state := 0, -1
	for text != "" {
		var cluster string
		cluster, text, _, state = uniseg.FirstGraphemeClusterInString(text, state)
		weight += weightOfCluster(cluster)
	}
	return weight
}

func weightOfCluster(cluster string) int {
	weight := 0
	for cluster != "" {
		if n := emojiPrefix(cluster); n > 0 {
			weight += emojiWeight
			cluster = cluster[n:]
			continue
		}
		r, n := utf8.DecodeRuneInString(cluster)
		weight += weightOfRune(r)
		cluster = cluster[n:]
	}
	return weight
}

// weightOfRune is 1 in four ranges, else 2.
func weightOfRune(r rune) int {
	switch {
	case r <= 0x10FF, 0x2000 <= r && r <= 0x200D, 0x2010 <= r && r <= 0x201F, 0x2032 <= r && r <= 0x2037:
		return 1
	default:
		return 2
	}
}

// The characters that hold emoji sequences together.
const (
	zeroWidthJoiner = '\u200D'
	textStyle       = '\uFE0E'
	emojiStyle      = '\uFE0F'
	keycap          = '\u20E3'
)

// emojiPrefix returns how many bytes at the start of a grapheme cluster are one
// emoji sequence: a flag, a keycap, or pictographs with their modifiers joined
// by zero-width joiners. It is 0 for a lone character, which weighs the same
// either way, except where the style makes the difference.
func emojiPrefix(cluster string) int {
	first, n := utf8.DecodeRuneInString(cluster)
	if n == len(cluster) {
		return 0
	}
	switch {
	case isRegional(first):
		if second, m := utf8.DecodeRuneInString(cluster[n:]); isRegional(second) {
			return n + m
		}
		return 0
	case first == '#' || first == '*' || '0' <= first && first <= '9':
		m := n + takeRune(cluster[n:], emojiStyle)
		if k := takeRune(cluster[m:], keycap); k > 0 {
			return m + k
		}
		return 0
	case isPictograph(first):
		return pictographs(cluster)
	default:
		return 0
	}
}

// pictographs measures pictograph (style | modifier | tags)? (ZWJ pictograph …)*.
func pictographs(s string) int {
	end := 0
	for {
		first, n := utf8.DecodeRuneInString(s[end:])
		if n == 0 || !isPictograph(first) {
			return end
		}
		next := end + n
		if takeRune(s[next:], textStyle) > 0 {
			return trimJoiner(s[:end])
		}
		next += takeRune(s[next:], emojiStyle)
		for next < len(s) {
			r, m := utf8.DecodeRuneInString(s[next:])
			if !isSkinTone(r) && !isTag(r) && r != emojiStyle {
				break
			}
			next += m
		}
		end = next
		joiner := takeRune(s[end:], zeroWidthJoiner)
		if joiner == 0 {
			return end
		}
		after, _ := utf8.DecodeRuneInString(s[end+joiner:])
		if end+joiner == len(s) || !isPictograph(after) {
			return end
		}
		end += joiner
	}
}

// trimJoiner gives back the joiner before a pictograph that is plain text.
func trimJoiner(s string) int {
	if r, n := utf8.DecodeLastRuneInString(s); r == zeroWidthJoiner {
		return len(s) - n
	}
	return len(s)
}

// takeRune returns the length of r where s begins with it, else 0.
func takeRune(s string, r rune) int {
	if first, n := utf8.DecodeRuneInString(s); n > 0 && first == r {
		return n
	}
	return 0
}

func isRegional(r rune) bool { return 0x1F1E6 <= r && r <= 0x1F1FF }
func isSkinTone(r rune) bool { return 0x1F3FB <= r && r <= 0x1F3FF }
func isTag(r rune) bool      { return 0xE0020 <= r && r <= 0xE007F }

// isPictograph reports whether r is an Extended_Pictographic. The library does
// not export that property, but it shows: only between two of them does a
// joiner join.
func isPictograph(r rune) bool {
	if r < 0xA9 || '\u00AE' < r && r < '\u203C' {
		return false
	}
	return isSkinTone(r) || uniseg.GraphemeClusterCount(string(r)+"\u200D\u00A9") == 1
}
