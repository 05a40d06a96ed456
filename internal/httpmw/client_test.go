package httpmw_test

import (
	"net/http"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"

	"madeinlatino.net/madeinlatino/internal/httpmw"
)

func TestClientAddr(t *testing.T) {
	t.Parallel()
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32")}
	for _, tt := range []struct {
		name, peer string
		forwarded  []string
		proto      string
		want       string
		scheme     string
	}{
		{"direct", "198.51.100.1:1", nil, "", "198.51.100.1", "http"},
		{"a stranger's header", "198.51.100.1:1", []string{"1.2.3.4"}, "https", "198.51.100.1", "http"},
		{"one proxy", "10.0.0.1:1", []string{"198.51.100.1"}, "https", "198.51.100.1", "https"},
		{"forged on the left", "10.0.0.1:1", []string{"1.2.3.4, 198.51.100.1"}, "", "198.51.100.1", "http"},
		{"two proxies", "10.0.0.1:1", []string{"1.2.3.4, 198.51.100.1, 10.0.0.2"}, "", "198.51.100.1", "http"},
		{"two header lines", "10.0.0.1:1", []string{"198.51.100.1", "10.0.0.2"}, "", "198.51.100.1", "http"},
		{"proxies only", "10.0.0.1:1", []string{"10.0.0.3, 10.0.0.2"}, "", "10.0.0.3", "http"},
		{"rubbish", "10.0.0.1:1", []string{"198.51.100.1, unknown"}, "ftp", "10.0.0.1", "http"},
		{"with ports", "[2001:db8::1]:1", []string{"[2001:db9::7]:443"}, "http, https", "2001:db9::7", "https"},
		{"IPv4 in IPv6", "[::ffff:10.0.0.1]:1", []string{"::ffff:198.51.100.1"}, "", "198.51.100.1", "http"},
		{"no address", "@", nil, "", "invalid IP", "http"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := get("/")
			r.RemoteAddr = tt.peer
			r.Header["X-Forwarded-For"] = tt.forwarded
			if tt.proto != "" {
				r.Header.Set("X-Forwarded-Proto", tt.proto)
			}
			var seen httpmw.Client
			answer(r, func(_ http.ResponseWriter, r *http.Request) { seen = httpmw.ClientFrom(r.Context()) }, httpmw.ClientAddr(trusted))
			assert.Equal(t, tt.want, seen.Addr.String())
			assert.Equal(t, tt.scheme, seen.Scheme)
		})
	}
}

func TestLoopbackGuards(t *testing.T) {
	t.Parallel()
	// Even a trusted proxy on loopback opens neither.
	clientAddr := httpmw.ClientAddr([]netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")})
	for _, tt := range []struct {
		name, peer, header   string
		loopback, notRelayed int
	}{
		{"local", "127.0.0.1:1", "", 200, 200},
		{"local IPv6", "[::1]:1", "", 200, 200},
		{"IPv4 in IPv6", "[::ffff:127.0.0.1]:1", "", 200, 200},
		{"remote", "198.51.100.1:1", "", 403, 200},
		{"through a proxy", "127.0.0.1:1", "X-Forwarded-For", 403, 403},
		{"a proxy that tells no address", "127.0.0.1:1", "X-Forwarded-Host", 403, 403},
		{"the standard's header", "127.0.0.1:1", "Forwarded", 403, 403},
		{"nginx", "127.0.0.1:1", "X-Real-IP", 403, 403},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := get("/metrics")
			r.RemoteAddr = tt.peer
			if tt.header != "" {
				r.Header.Set(tt.header, "127.0.0.1")
			}
			assert.Equal(t, tt.loopback, answer(r, ok, clientAddr, httpmw.LoopbackOnly(httpmw.WriteDetail)).Code)
			assert.Equal(t, tt.notRelayed, answer(r, ok, clientAddr, httpmw.RefuseForwarded(httpmw.WriteDetail)).Code)
		})
	}
}
