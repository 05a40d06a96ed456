package store

import (
	"database/sql/driver"
	"strings"
	"sync"

	"modernc.org/sqlite"
)

// unicodeLower replaces SQLite's LOWER, which knows ASCII alone, by one that
// works as PostgreSQL's and strings.ToLower do: a search that ignores case has
// to find Álvaro. The driver registers functions for the whole process, for
// connections that are opened later.
var unicodeLower = sync.OnceValue(func() error {
	return sqlite.RegisterDeterministicScalarFunction("lower", 1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		if text, ok := args[0].(string); ok {
			return strings.ToLower(text), nil
		}
		return args[0], nil
	})
})
