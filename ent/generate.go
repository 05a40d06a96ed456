// Package ent is generated from ent/schema; see there for the data model.
package ent

//go:generate go tool ent generate --feature sql/upsert,sql/execquery,sql/lock ./schema
