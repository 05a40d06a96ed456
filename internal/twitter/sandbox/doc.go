// Package sandbox is a stand-in Twitter that really checks: for development,
// tests and demonstrations without keys. It verifies OAuth 1.0a signatures with
// its own code (never the client library's, or both could be wrong together),
// shows a consent page, keeps accounts, tokens, posts and acts, limits rates,
// answers in Twitter's own shapes, and fails on demand (see [Fault]).
//
// It owns a model of Twitter and nothing of this project, of which it imports
// nothing. It must never be open to the world: anybody can log in as anybody.
//
// Every change is an event that is applied under one lock; with a journal the
// same events, read back, are the state after a restart.
package sandbox
