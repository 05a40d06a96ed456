package sandbox

import (
	"crypto/hmac"
	"crypto/sha1" // #nosec G505 -- OAuth 1.0a signs with HMAC-SHA1
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// param is one decoded parameter; several can have the same name.
type param struct{ name, value string }

// parseForm decodes a query or a form body as RFC 5849 section 3.4.1.3 wants it:
// every pair counts, also repeated and empty ones.
func parseForm(raw string) ([]param, error) {
	var params []param
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		n, err := url.QueryUnescape(name)
		if err != nil {
			return nil, err
		}
		v, err := url.QueryUnescape(value)
		if err != nil {
			return nil, err
		}
		params = append(params, param{n, v})
	}
	return params, nil
}

// parseAuthorization decodes an OAuth Authorization header (section 3.5.1). It
// returns false for another scheme.
func parseAuthorization(header string) ([]param, bool, error) {
	scheme, rest, _ := strings.Cut(strings.TrimSpace(header), " ")
	if !strings.EqualFold(scheme, "OAuth") {
		return nil, false, nil
	}
	var params []param
	for part := range strings.SplitSeq(rest, ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok || len(value) < 2 || value[0] != '"' || value[len(value)-1] != '"' {
			return nil, true, fmt.Errorf("malformed parameter %q", name)
		}
		n, err := url.PathUnescape(name)
		if err != nil {
			return nil, true, err
		}
		v, err := url.PathUnescape(value[1 : len(value)-1])
		if err != nil {
			return nil, true, err
		}
		params = append(params, param{n, v})
	}
	return params, true, nil
}

// baseString is what is signed (section 3.4.1): method, address and sorted
// parameters, without realm and the signature itself. The address is as the
// client sent it; a default port is left out.
func baseString(method, scheme, host, path string, params []param) string {
	scheme, host = strings.ToLower(scheme), strings.ToLower(host)
	switch scheme {
	case "http":
		host = strings.TrimSuffix(host, ":80")
	case "https":
		host = strings.TrimSuffix(host, ":443")
	}
	if path == "" {
		path = "/"
	}
	encoded := make([]param, 0, len(params))
	for _, p := range params {
		if p.name != "realm" && p.name != "oauth_signature" {
			encoded = append(encoded, param{escape(p.name), escape(p.value)})
		}
	}
	// Sorted by encoded name, then by encoded value; as pairs, because "a=" sorts
	// differently from "a" before a longer name.
	slices.SortFunc(encoded, func(a, b param) int {
		if c := strings.Compare(a.name, b.name); c != 0 {
			return c
		}
		return strings.Compare(a.value, b.value)
	})
	pairs := make([]string, len(encoded))
	for i, p := range encoded {
		pairs[i] = p.name + "=" + p.value
	}
	return strings.ToUpper(method) + "&" + escape(scheme+"://"+host+path) + "&" + escape(strings.Join(pairs, "&"))
}

// hmacSHA1 is the signature of a base string (section 3.4.2), in base64.
func hmacSHA1(base, consumerSecret, tokenSecret string) string {
	mac := hmac.New(sha1.New, []byte(escape(consumerSecret)+"&"+escape(tokenSecret)))
	mac.Write([]byte(base))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// escape percent-encodes all but the unreserved characters (section 3.6).
func escape(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', '0' <= c && c <= '9', strings.IndexByte("-._~", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}
