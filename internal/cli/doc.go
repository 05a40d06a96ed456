// Package cli owns the program's sub-commands other than serve: migrating the
// database, filling it for trials, and what operators do to admins, access
// keys and scores. They open the database alone, never the sandbox or the
// secrets, so that they can run beside a server.
//
// What a command gives goes to standard output, what it tells a person to
// standard error.
package cli
