// Package gqlhttp serves a GraphQL schema over HTTP and holds every request to
// limits. It owns two things:
//
//   - [New], the HTTP side: methods, media types, status codes and the shape of
//     an answer, after the GraphQL-over-HTTP specification. It stands in place
//     of gqlgen's own POST and GET transports, which answer 422, echo bodies and
//     ignore q-values.
//   - [Executor], the GraphQL side: reading, checking, pricing and running one
//     operation. It is a [graphql.GraphExecutor], so a WebSocket or an
//     event-stream transport that is given the same Executor obeys the same
//     limits. Such a transport is mounted beside the handler, not inside it; the
//     handler refuses subscriptions.
//
// A document passes these stations, cheapest first, and the first one that
// refuses ends the request:
//
//	size of the text → tokens → shape (depth, aliases, repeated fields, …) →
//	validation → variables → complexity → execution
//
// The shape is checked before validation because validating is what a hostile
// document makes expensive: comparing 10,000 equal fields pairwise takes
// seconds. Nothing here does work that is not bounded by the size of the text.
//
// The package knows nothing of the schema it serves. Protection against
// cross-site requests, rate limits and authentication are HTTP middleware
// around it.
package gqlhttp
