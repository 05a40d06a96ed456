// Package web holds the pages that the server shows to people: the front
// page, the playground, the REST reference and the demo's OAuth callback,
// with their style sheet and scripts. Everything is embedded and nothing is
// loaded from elsewhere, so the pages work without internet and under a
// content security policy that allows nothing inline. The pages know the
// server only through its public API.
package web
