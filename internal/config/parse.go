package config

import (
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// The parsers. Their errors are read behind "VARIABLE: ".

func parseAddr(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		return "", fmt.Errorf("%q is not host:port, such as 127.0.0.1:8080", text)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil {
		return "", fmt.Errorf("%q has no port from 0 to 65535", text)
	} else if strings.ContainsAny(host, "/@ ") {
		return "", fmt.Errorf("%q has no host before its port %d", text, n)
	}
	return text, nil
}

// parseURL reads an absolute http(s) URL. A user name or password in it is
// refused without being repeated.
func parseURL(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	u, err := url.Parse(text)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return "", fmt.Errorf("not an absolute URL that begins with http:// or https://")
	case u.User != nil:
		return "", fmt.Errorf("a user name or password does not belong into this URL")
	case u.Fragment != "":
		return "", fmt.Errorf("%q must have no fragment (#)", text)
	default:
		return text, nil
	}
}

// parseBaseURL reads a URL that paths are appended to.
func parseBaseURL(text string) (string, error) {
	text, err := parseURL(text)
	if err == nil && strings.Contains(text, "?") {
		return "", fmt.Errorf("%q must have no query (?)", text)
	}
	return strings.TrimRight(text, "/"), err
}

// parseOrigin reads the URL of this server, which answers at the root of its
// host.
func parseOrigin(text string) (string, error) {
	text, err := parseBaseURL(text)
	if err != nil || text == "" {
		return "", err
	}
	if u, err := url.Parse(text); err != nil || u.Path != "" {
		return "", fmt.Errorf("%q must have no path: the server answers at the root of its host", text)
	}
	return text, nil
}

// parseCORSOrigin reads an origin and spells it as browsers do.
func parseCORSOrigin(text string) (string, error) {
	origin, err := parseOrigin(text)
	if err != nil {
		return "", fmt.Errorf("%q is not an origin, such as https://app.example.com", text)
	}
	origin = strings.ToLower(origin)
	if scheme, host, _ := strings.Cut(origin, "://"); scheme == "https" {
		return "https://" + strings.TrimSuffix(host, ":443"), nil
	}
	return strings.TrimSuffix(origin, ":80"), nil
}

func parseNetwork(text string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(text); err == nil && addr.Zone() == "" {
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return netip.Prefix{}, fmt.Errorf("%q is neither a network, such as 10.0.0.0/8, nor an address", text)
	}
	if prefix.Addr().Is4In6() {
		return netip.Prefix{}, fmt.Errorf("%q: write the network as IPv4", text)
	}
	return prefix.Masked(), nil
}

func parseDatabaseURL(text string) (Secret, error) {
	scheme, rest, _ := strings.Cut(text, "://")
	switch scheme {
	case "sqlite":
		if rest == "" || strings.HasPrefix(rest, ":memory:") {
			return "", fmt.Errorf("sqlite:// needs the name of a file behind it")
		}
	case "postgres", "postgresql":
		if _, err := url.Parse(text); err != nil || rest == "" {
			return "", fmt.Errorf("not of the form postgres://user:password@host:port/database")
		}
	default:
		return "", fmt.Errorf("it must begin with sqlite:// or postgres://")
	}
	return Secret(text), nil
}

func parseRankingURL(text string) (string, error) {
	scheme, rest, _ := strings.Cut(text, "://")
	switch {
	case text == "memory://":
		return text, nil
	case scheme == "redis" || scheme == "rediss":
		return "", fmt.Errorf("this version reads rankings from the database and knows no other place for them: use memory://")
	case scheme == "memory" && rest != "":
		return "", fmt.Errorf("nothing belongs behind memory://")
	default:
		return "", fmt.Errorf("it must be memory://")
	}
}

func parseLevel(text string) (slog.Level, error) {
	switch strings.ToLower(text) {
	case "debug":
		return slog.LevelDebug, nil
	case "info":
		return slog.LevelInfo, nil
	case "warn":
		return slog.LevelWarn, nil
	case "error":
		return slog.LevelError, nil
	default:
		return 0, fmt.Errorf("%q is none of debug, info, warn, error", text)
	}
}

func parseFormat(text string) (string, error) {
	switch format := strings.ToLower(text); format {
	case "", "text", "json":
		return format, nil
	default:
		return "", fmt.Errorf("%q is neither text nor json", text)
	}
}

func parseBool(text string, byDefault bool) (bool, error) {
	if text == "" {
		return byDefault, nil
	}
	value, err := strconv.ParseBool(text)
	if err != nil {
		return false, fmt.Errorf("%q is neither true nor false", text)
	}
	return value, nil
}

// parseWord reads a variable that is either one word or empty.
func parseWord(text, word string) (bool, error) {
	if text != "" && !strings.EqualFold(text, word) {
		return false, fmt.Errorf("%q is not known: it is %q or empty", text, word)
	}
	return text != "", nil
}

// parseEach reads a list with commas; empty items are passed over and repeats
// kept out.
func parseEach[T comparable](text string, parse func(string) (T, error)) ([]T, error) {
	var list []T
	seen := map[T]bool{}
	for item := range strings.SplitSeq(text, ",") {
		item = strings.TrimSpace(item)
		if item == "" {
			continue
		}
		value, err := parse(item)
		if err != nil {
			return nil, err
		}
		if !seen[value] {
			seen[value] = true
			list = append(list, value)
		}
	}
	return list, nil
}

func loopbackURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && loopbackHost(u.Hostname())
}

func loopbackAddr(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	return err == nil && loopbackHost(host)
}

func loopbackHost(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// reachable turns "every address" into one that a browser on this machine can
// open.
func reachable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		return net.JoinHostPort("localhost", port)
	}
	return addr
}
