package twitter

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"mvdan.cc/xurls/v2"
)

// span is a half-open range of bytes in a text.
type span struct{ start, end int }

// urlRules are the patterns by which Twitter finds the URLs that it will replace
// by t.co links. They follow twitter-text, which differs from what a browser
// takes for a URL: only http and https, only known top-level domains, but also
// bare domains. The list of those domains is that of xurls.
type urlRules struct {
	host   *regexp.Regexp // a candidate: labels joined by dots, with or without a scheme
	tail   *regexp.Regexp // what may follow a host: port, path, query
	tco    *regexp.Regexp // Twitter's own short links end with their slug
	tlds   map[string]bool
	ending *regexp.Regexp // a run of ASCII and accented Latin at the end of a label
}

// rules compiles the patterns once; they never change.
var rules = sync.OnceValue(newURLRules)

func newURLRules() *urlRules {
	const (
		latin   = `\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{24F}\x{253}\x{254}\x{256}\x{257}\x{259}\x{25B}\x{263}\x{268}\x{26F}\x{272}\x{289}\x{28B}\x{2BB}\x{300}-\x{36F}\x{1E00}-\x{1EFF}`
		label   = `[\p{L}\p{M}\p{N}_-]+`
		general = `[a-z0-9\p{Cyrillic}!*';:=+,.$/%#\[\]\x{2013}\-_~@|&` + latin + `]`
		parens  = `(?:\((?:` + general + `+|` + general + `*\(` + general + `+\)` + general + `*)\))`
		ending  = `(?:[+\-a-z0-9\p{Cyrillic}=_#/` + latin + `]|` + parens + `)`
		path    = `(?:/(?:` + general + `*(?:` + parens + general + `*)*` + ending + `|@` + general + `+/)*)?`
		query   = `(?:\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])?`
	)
	r := &urlRules{
		host:   regexp.MustCompile(`(?i)(?:https?://)?` + label + `(?:\.` + label + `)+`),
		tail:   regexp.MustCompile(`(?i)^(?::[0-9]+)?` + path + query),
		tco:    regexp.MustCompile(`(?i)^https?://t\.co/([a-z0-9]+)(?:\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])?`),
		ending: regexp.MustCompile(`(?i)[a-z0-9\-` + latin + `]+$`),
		tlds:   make(map[string]bool, len(xurls.TLDs)),
	}
	for _, tld := range xurls.TLDs {
		r.tlds[tld] = true
	}
	return r
}

// maxSlug is how long the slug of a t.co link can be.
const maxSlug = 40

// maxLabel is how long a label of a host name can be, in bytes.
const maxLabel = 63

// maxSearched is the longest text, in bytes, in which URLs are looked for. No
// post comes near it; what is longer weighs too much either way, and bare
// domains run together with other scripts take time by the square of the length.
const maxSearched = 8 << 10

// findURLs returns where Twitter sees URLs in a text, in order.
func findURLs(text string) []span {
	if len(text) > maxSearched || !strings.Contains(text, ".") {
		return nil
	}
	r := rules()
	var found []span
	for pos := 0; pos < len(text); {
		loc := r.host.FindStringIndex(text[pos:])
		if loc == nil {
			break
		}
		candidate := span{pos + loc[0], pos + loc[1]}
		url, ok := r.url(text, candidate)
		if !ok {
			pos = candidate.end
			continue
		}
		found = append(found, url)
		pos = url.end
	}
	return found
}

// url makes a URL of a candidate, or refuses it.
func (r *urlRules) url(text string, c span) (span, bool) {
	scheme := 0
	if i := strings.Index(text[c.start:c.end], "://"); i >= 0 {
		scheme = i + len("://")
	}
	start, end, clean := r.domain(text[c.start+scheme:c.end], scheme > 0)
	if end == 0 {
		return span{}, false
	}
	url := span{c.start, c.start + scheme + end}
	if scheme == 0 {
		url.start += start
	}
	if !mayPrecede(text[:url.start], scheme > 0) {
		return span{}, false
	}
	if !clean { // other letters follow at once: no room for a path
		return url, true
	}
	if url.end == c.end && url.end < len(text) && (text[url.end] == '@' || text[url.end] == '+') {
		return span{}, false
	}
	if tco := r.tco.FindStringSubmatchIndex(text[url.start:]); tco != nil {
		return span{url.start, url.start + tco[1]}, tco[3]-tco[2] <= maxSlug
	}
	url.end += len(r.tail.FindString(text[url.end:]))
	return url, true
}

// mayPrecede reports whether a URL can begin after this text: not inside a word,
// a mention, a hashtag or, for a bare domain, another URL.
func mayPrecede(text string, scheme bool) bool {
	if text == "" {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(text)
	switch {
	case before < utf8.RuneSelf && before != '_' && nameByte(byte(before)):
		return false
	case strings.ContainsRune("@＠$#＃\uFFFE\uFEFF\uFFFF", before):
		return false
	default:
		return scheme || !strings.ContainsRune("-_./", before)
	}
}

// domain finds the longest part of a host that ends in a top-level domain; end
// is 0 where there is none. Without a scheme only the Latin part counts, which
// starts at start. clean is false where the top-level domain is only the
// beginning of its label.
func (r *urlRules) domain(host string, scheme bool) (start, end int, clean bool) {
	labels := strings.Split(host, ".")
	last, length := 0, 0
	offset := len(labels[0])
	for i, label := range labels[1:] {
		tld, whole := r.topLevel(label)
		if tld > 0 && validDomainLabel(labels[i]) {
			last, length, clean = i+1, offset+1+tld, whole
			if !whole && !scheme {
				break // the letters after it may hold another bare domain
			}
		}
		offset += 1 + len(label)
	}
	if length == 0 {
		return 0, 0, false
	}
	for _, label := range labels[:last] {
		if len(label) > maxLabel && isASCII(label) || scheme && strings.Trim(label, "-_") != label {
			return 0, 0, false
		}
	}
	if scheme {
		return 0, length, clean
	}
	at := len(strings.Join(labels[:last], "."))
	for i := last - 1; i >= 0; i-- {
		run := r.ending.FindString(labels[i])
		at -= len(run)
		if len(run) < len(labels[i]) || i == 0 {
			if run == "" && i == last-1 {
				return 0, 0, false
			}
			if run == "" {
				at++ // the dot belongs to what was left out
			}
			return at, length, clean
		}
		at-- // the dot before this label
	}
	return 0, length, clean
}

// topLevel returns how many bytes of a label are a top-level domain, and whether
// that is all of it.
func (r *urlRules) topLevel(label string) (int, bool) {
	if r.tlds[strings.ToLower(label)] || strings.HasPrefix(strings.ToLower(label), "xn--") {
		return len(label), true
	}
	ascii := 0
	for ascii < len(label) && label[ascii] < utf8.RuneSelf {
		ascii++
	}
	if ascii > 0 && ascii < len(label) && r.tlds[strings.ToLower(label[:ascii])] {
		return ascii, false
	}
	return 0, false
}

// validDomainLabel checks the label before the top-level domain.
func validDomainLabel(label string) bool {
	return !strings.Contains(label, "_") && !strings.HasPrefix(label, "-") && !strings.HasSuffix(label, "-")
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
