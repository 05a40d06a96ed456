// Package config reads the environment once, at the start: it owns the names
// of the variables, their defaults and their validation, and hands typed
// values to the rest of the program. Whatever is wrong is said in one line per
// variable that names it and never repeats a secret.
package config
