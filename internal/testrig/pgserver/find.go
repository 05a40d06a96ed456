package pgserver

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// binaries are the two programs of one PostgreSQL.
type binaries struct{ initdb, postgres string }

// find looks on PATH, then where the packages of Debian, Red Hat and Homebrew
// keep the programs that they don't put there, the newest version first.
func find() (binaries, error) {
	return findIn(filepath.SplitList(os.Getenv("PATH")), []string{
		"/usr/lib/postgresql/*/bin",
		"/usr/pgsql-*/bin",
		"/opt/homebrew/opt/postgresql*/bin",
		"/usr/local/opt/postgresql*/bin",
		"/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
	})
}

func findIn(path, patterns []string) (binaries, error) {
	dirs := slices.Clone(path)
	for _, pattern := range patterns {
		matches, err := filepath.Glob(pattern)
		if err != nil {
			return binaries{}, err
		}
		slices.SortFunc(matches, func(a, b string) int { return version(b) - version(a) })
		dirs = append(dirs, matches...)
	}
	for _, dir := range dirs {
		initdb, postgres := program(dir, "initdb"), program(dir, "postgres")
		if initdb != "" && postgres != "" {
			return binaries{initdb: initdb, postgres: postgres}, nil
		}
	}
	return binaries{}, errors.New("initdb and postgres are neither on PATH nor in " + strings.Join(patterns, ", "))
}

// program gives the path of an executable, with its links resolved: initdb
// looks for what belongs to it beside itself.
func program(dir, name string) string {
	if !filepath.IsAbs(dir) { // an entry of PATH such as "." is no place to run from
		return ""
	}
	for _, suffix := range []string{"", ".exe"} {
		path, err := filepath.EvalSymlinks(filepath.Join(dir, name+suffix))
		if err != nil {
			continue
		}
		info, err := os.Stat(path)
		if err == nil && info.Mode().IsRegular() && (suffix != "" || info.Mode().Perm()&0o111 != 0) {
			return path
		}
	}
	return ""
}

// version is the last whole number in the name of the directory above bin,
// such as 15 in postgresql/15/bin and 17 in postgresql@17/bin, or 0.
func version(bin string) int {
	name := filepath.Base(filepath.Dir(bin))
	digits := name[strings.LastIndexFunc(name, func(r rune) bool { return r < '0' || r > '9' })+1:]
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}
