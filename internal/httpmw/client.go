package httpmw

import (
	"context"
	"net/http"
	"net/netip"
	"strings"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

// Client is where a request comes from, as far as it can be believed.
type Client struct {
	Addr   netip.Addr // invalid where the connection has no IP address
	Scheme string     // "http" or "https", as the client sees it
}

type clientKey struct{}

// ClientAddr finds out where a request comes from. X-Forwarded-For and
// X-Forwarded-Proto count only on connections from the trusted networks, and
// X-Forwarded-For only from its right end up to the first address that is not
// one of them: what stands further left, anybody can write.
func ClientAddr(trusted []netip.Prefix) Middleware {
	isTrusted := func(addr netip.Addr) bool {
		for _, network := range trusted {
			if network.Contains(addr) {
				return true
			}
		}
		return false
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			c := Client{Addr: peer(r), Scheme: "http"}
			if r.TLS != nil {
				c.Scheme = "https"
			}
			if isTrusted(c.Addr) {
				c.Addr = forwardedFor(r.Header, c.Addr, isTrusted)
				if scheme := lastItem(r.Header, "X-Forwarded-Proto"); scheme == "http" || scheme == "https" {
					c.Scheme = scheme
				}
			}
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), clientKey{}, c)))
		})
	}
}

// ClientFrom gives where the request comes from: the zero Client outside of
// ClientAddr.
func ClientFrom(ctx context.Context) Client {
	c, _ := ctx.Value(clientKey{}).(Client)
	return c
}

// LoopbackOnly admits callers on this machine and nobody else. The peer's
// address decides, never a header, and a request that came through a proxy is
// refused even if the proxy runs here.
func LoopbackOnly(write ErrorWriter) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !peer(r).IsLoopback() || forwarded(r.Header) {
				Refuse(w, r, write, fandom.Errorf(fandom.Forbidden, "This is for callers on the server itself."))
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// RefuseForwarded refuses what came through a proxy. It guards the sandbox
// mode, where a tunnel to loopback would open it to the world.
func RefuseForwarded(write ErrorWriter) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if forwarded(r.Header) {
				Refuse(w, r, write, fandom.Errorf(fandom.Forbidden,
					"The sandbox does not answer through a proxy; TWITTER_SANDBOX=allow lifts this."))
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// forwarded reports whether any header says that a proxy passed this on.
func forwarded(h http.Header) bool {
	for name := range h { // canonical: net/http has seen to it
		if name == "Forwarded" || name == "X-Real-Ip" || strings.HasPrefix(name, "X-Forwarded-") {
			return true
		}
	}
	return false
}

func peer(r *http.Request) netip.Addr {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap().WithZone("")
}

func forwardedFor(h http.Header, nearest netip.Addr, isTrusted func(netip.Addr) bool) netip.Addr {
	items := strings.Split(strings.Join(h.Values("X-Forwarded-For"), ","), ",")
	for i := len(items) - 1; i >= 0; i-- {
		addr, ok := parseForwarded(strings.TrimSpace(items[i]))
		if !ok {
			break // the proxy that let this pass is the last that we know of
		}
		nearest = addr
		if !isTrusted(addr) {
			break
		}
	}
	return nearest
}

// parseForwarded reads an address; some proxies add the port.
func parseForwarded(text string) (netip.Addr, bool) {
	if ap, err := netip.ParseAddrPort(text); err == nil {
		return ap.Addr().Unmap().WithZone(""), true
	}
	addr, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return addr.Unmap().WithZone(""), err == nil
}

func lastItem(h http.Header, name string) string {
	all := strings.Join(h.Values(name), ",")
	return strings.ToLower(strings.TrimSpace(all[strings.LastIndex(all, ",")+1:]))
}
