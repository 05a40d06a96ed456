package rest

import (
	"mime"
	"strconv"
	"strings"
)

// acceptable reports whether an Accept header allows one of the types. The
// most specific range that matches a type decides, as RFC 9110 has it.
func acceptable(headers []string, types ...string) bool {
	accept := strings.Join(headers, ",")
	if strings.TrimSpace(accept) == "" {
		return true
	}
	for _, t := range types {
		if quality(accept, t) > 0 {
			return true
		}
	}
	return false
}

func quality(accept, contentType string) float64 {
	major, _, _ := strings.Cut(contentType, "/")
	best, found := -1, 0.0
	for _, part := range strings.Split(accept, ",") {
		name, parameters, err := mime.ParseMediaType(strings.TrimSpace(part))
		if err != nil {
			continue
		}
		specific := map[string]int{"*/*": 0, major + "/*": 1, contentType: 2}
		level, matches := specific[name]
		if !matches || level <= best {
			continue
		}
		best, found = level, 1
		if q, given := parameters["q"]; given {
			found, err = strconv.ParseFloat(q, 64)
			if err != nil {
				found = 0
			}
		}
	}
	return found
}
