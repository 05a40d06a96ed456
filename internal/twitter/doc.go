// Package twitter owns everything this server knows about Twitter (X): the
// calls it makes there, what their failures mean, and the pure rules of texts,
// ids, names, images, web intents and webhook signatures.
//
// The client signs with OAuth 1.0a as a fan, or asks with the app's own bearer
// token where no fan is acting (a zero [Token]). A call returns nil or an
// [*Error] whose [Class] says what the caller may do next; the most important
// distinction is between "surely not done" ([Unavailable]) and "may have been
// done" ([Uncertain]): a create is never repeated after the latter before the
// fan's own posts were read.
//
// The package imports nothing of the project and keeps no state but the bearer
// token. Its stand-in for development and tests is the package sandbox.
package twitter
