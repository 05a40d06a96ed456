// Package httpmw holds the HTTP middleware that both surfaces share: request
// ids, logs, recovery, who calls from where, rates, and what browsers may do.
// It knows nothing of routes; what differs between the surfaces, such as the
// shape of an error, is passed in.
//
// The order, outermost first, with the reason where it is not obvious. Around
// everything, health and the sandbox included:
//
//	RequestID        everything below names the request by it
//	Recover
//	CleanPaths       before ServeMux, which would redirect
//	RefuseForwarded  where only loopback may call
//
// Behind the Gate:
//
//	AccessLog        sees the final status, also that of a panic
//	Recover          again: AccessLog sees what is answered below it
//	ClientAddr       decides whose address counts, for logs and rates
//	SecurityHeaders
//	CORS             before anything that refuses, so that browsers may read refusals
//	Maintenance
//	BodyLimit
//	CrossOrigin      for /graphql; before the session, whose cookie it may drop
//	admin session    admin.Service.LoadSession
//	Authenticate
//	RateLimit        after Authenticate, since users are counted one by one
package httpmw

import "net/http"

// Middleware wraps a handler.
type Middleware = func(http.Handler) http.Handler

// Chain wraps h in the middleware; the first is the outermost.
func Chain(h http.Handler, outermostFirst ...Middleware) http.Handler {
	for i := len(outermostFirst) - 1; i >= 0; i-- {
		h = outermostFirst[i](h)
	}
	return h
}
