// Package testrig holds what tests of several packages share: a clock that
// they set. Its sub-packages give a database (dbrig), a PostgreSQL server
// (pgserver) and the servers for a whole run (cmd/withservers).
package testrig
