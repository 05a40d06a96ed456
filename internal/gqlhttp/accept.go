package gqlhttp

import (
	"mime"
	"strconv"
	"strings"
)

// mediaType is a form in which an answer can be written.
type mediaType string

const (
	// typeJSON is what clients from before the specification expect. Its status
	// is 200 for every well-formed request.
	typeJSON mediaType = "application/json"
	// typeGraphQL carries the outcome in the status too.
	typeGraphQL mediaType = "application/graphql-response+json"
)

// header is the value of the Content-Type header.
func (t mediaType) header() string { return string(t) + "; charset=utf-8" }

// mediaRange is one element of an Accept header.
type mediaRange struct {
	pattern string  // "application/json", "application/*", "*/*"
	quality float64 // 0 (refused) to 1
}

// How exactly a range names a media type. The most exact one that matches
// decides (RFC 9110, section 12.5.1).
const (
	matchNone = iota
	matchAny
	matchKind
	matchExact
)

// negotiate chooses the form of the answer from the values of the Accept
// header, or reports that none is acceptable. Without a header, and where a
// wildcard leaves the choice to us, it is application/json; a client that names
// both types equally knows the newer one and gets it.
func negotiate(accept []string) (mediaType, bool) {
	header := strings.TrimSpace(strings.Join(accept, ","))
	if header == "" {
		return typeJSON, true
	}
	ranges := parseAccept(header)
	jsonQuality, jsonMatch := rate(ranges, typeJSON)
	gqlQuality, gqlMatch := rate(ranges, typeGraphQL)
	switch {
	case jsonQuality == 0 && gqlQuality == 0:
		return typeJSON, false
	case jsonQuality != gqlQuality:
		return pick(gqlQuality > jsonQuality), true
	case jsonMatch != gqlMatch:
		return pick(gqlMatch > jsonMatch), true
	default:
		return pick(gqlMatch == matchExact), true
	}
}

func pick(graphQL bool) mediaType {
	if graphQL {
		return typeGraphQL
	}
	return typeJSON
}

// rate returns the quality that the most exact matching range gives to a type.
func rate(ranges []mediaRange, t mediaType) (quality float64, match int) {
	for _, r := range ranges {
		m := matchNone
		switch r.pattern {
		case string(t):
			m = matchExact
		case "application/*":
			m = matchKind
		case "*/*":
			m = matchAny
		}
		if m > match || m == match && m != matchNone && r.quality > quality {
			quality, match = r.quality, m
		}
	}
	return quality, match
}

// parseAccept reads the ranges of an Accept header and passes over those that
// are malformed or ask for another charset than ours. Parameters that we do not
// know are ignored: "deferSpec" and the like say what else a client could read.
func parseAccept(header string) []mediaRange {
	var ranges []mediaRange
	for element := range strings.SplitSeq(header, ",") {
		pattern, params, err := mime.ParseMediaType(element)
		if err != nil || !isUTF8(params["charset"]) {
			continue
		}
		quality := 1.0
		if q, ok := params["q"]; ok {
			quality, err = strconv.ParseFloat(q, 64)
			if err != nil || !(quality >= 0 && quality <= 1) {
				continue
			}
		}
		ranges = append(ranges, mediaRange{pattern: pattern, quality: quality})
	}
	return ranges
}

// isUTF8 reports whether a charset parameter, empty where there is none, is
// UTF-8 or its subset ASCII.
func isUTF8(charset string) bool {
	switch strings.ToLower(charset) {
	case "", "utf-8", "utf8", "us-ascii":
		return true
	default:
		return false
	}
}
