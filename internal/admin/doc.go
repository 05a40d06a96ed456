// Package admin owns the people who run the platform: their accounts and
// passwords, their sessions, and the pages under /admin/. Passwords are
// hashed with argon2id; a session is a random token in a cookie, of which the
// database holds only a hash.
package admin
