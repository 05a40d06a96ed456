// Package schema is the data model, by hand: one file a group of tables. The
// rest of package ent is generated from it, and the versioned migrations in
// ent/migrate/versions are derived from it by `make migration`.
//
// Points are integers of hundredths. Times are UTC, to the microsecond.
// Uniqueness that a rule needs stands here, so that the database keeps it.
package schema
