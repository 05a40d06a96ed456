// Package versions embeds the versioned migrations, a folder for each
// dialect. They are written by `make migration NAME=…` from ent/schema and
// then belong to history: an applied file never changes.
package versions

import (
	"embed"
	"io/fs"
)

//go:embed sqlite postgres
var files embed.FS

// FS gives the migrations of a dialect, "sqlite3" or "postgres" as ent names
// them: VERSION_NAME.up.sql and VERSION_NAME.down.sql.
func FS(dialect string) fs.FS {
	folder := "postgres"
	if dialect != "postgres" {
		folder = "sqlite"
	}
	sub, err := fs.Sub(files, folder)
	if err != nil {
		panic(err) // the folder's name is a constant
	}
	return sub
}
