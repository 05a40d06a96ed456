package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net"
	"time"

	"github.com/lib/pq"
	"modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"

	"madeinlatino.net/madeinlatino/ent"
	"madeinlatino.net/madeinlatino/internal/fandom"
)

// IsUnique reports whether err says that a unique constraint was violated.
func IsUnique(err error) bool {
	if p := new(pq.Error); errors.As(err, &p) {
		return p.Code == "23505"
	}
	if l := new(sqlite.Error); errors.As(err, &l) {
		return l.Code() == sqlitelib.SQLITE_CONSTRAINT_UNIQUE || l.Code() == sqlitelib.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}

// IsNoRow reports whether err says that a row was asked for and is not there.
func IsNoRow(err error) bool {
	return errors.Is(err, sql.ErrNoRows) || ent.IsNotFound(err)
}

// Classify says what an error that no service expected means to a client:
// Unavailable where the database is out of reach or overloaded, so that
// trying again makes sense, else Internal. An error that has a code already
// keeps it.
func Classify(err error) *fandom.Error {
	if e := fandom.AsError(err); e != nil {
		return e
	}
	if p := new(pq.Error); errors.As(err, &p) && p.Code == "22021" { // surfaces refuse it; this is for what slips past them
		return fandom.Errorf(fandom.Invalid, "A text holds a character that cannot be stored.").Because(err)
	}
	if unavailable(err) {
		return fandom.Errorf(fandom.Unavailable, "The service is overloaded or being restarted. Try again soon.").
			After(2 * time.Second).Because(err)
	}
	return fandom.Errorf(fandom.Internal, "Something went wrong on our side.").Because(err)
}

func unavailable(err error) bool {
	if p := new(pq.Error); errors.As(err, &p) {
		switch p.Code.Class() {
		case "08", "53", "57": // connection, out of resources, operator intervention
			return true
		}
		return p.Code == "40001" || p.Code == "40P01" // serialization, deadlock
	}
	if l := new(sqlite.Error); errors.As(err, &l) {
		switch l.Code() & 0xff {
		case sqlitelib.SQLITE_BUSY, sqlitelib.SQLITE_LOCKED, sqlitelib.SQLITE_FULL:
			return true
		}
		return false
	}
	var network net.Error
	return errors.As(err, &network) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}
