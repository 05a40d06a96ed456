// Package fandom holds the words of the platform and its pure rules: points,
// the order of a ranking, due days, eligibility, templates, retry times, error
// codes and actors. It performs no I/O, reads no clock and imports only the
// standard library, so every rule here is a function of its arguments.
package fandom
