package graph

import (
	"github.com/99designs/gqlgen/graphql"

	"madeinlatino.net/madeinlatino/graph/relay"
	"madeinlatino.net/madeinlatino/internal/fandom"
)

// patch reads an input field that may be left out, be null, or have a value.
func patch[T any](o graphql.Omittable[*T]) fandom.Patch[*T] {
	value, set := o.ValueOK()
	return fandom.Patch[*T]{Set: set, Value: value}
}

// given reads an input field for which null means the same as leaving it out.
func given[T any](o graphql.Omittable[*T]) *T { return o.Value() }

// key reads an idempotency key.
func key(o graphql.Omittable[*string]) string {
	if k := o.Value(); k != nil {
		return *k
	}
	return ""
}

// databaseID reads a global id of the given type. Errors: Invalid, naming the
// field.
func databaseID(typeName, field, global string) (int, error) {
	name, id, ok := relay.ParseID(global)
	if !ok || name != typeName {
		return 0, fandom.InvalidFields(fandom.FieldError{
			Field: field, Reason: fandom.ReasonInvalid, Message: "This is not the id of a " + typeName + ".",
		})
	}
	return id, nil
}

// optionalID is databaseID for a field that may be left out.
func optionalID(typeName, field string, global graphql.Omittable[*string]) (*int, error) {
	value := global.Value()
	if value == nil {
		return nil, nil
	}
	id, err := databaseID(typeName, field, *value)
	return &id, err
}

// unless gives the changed thing of a payload, null where there are errors.
func unless[T any](errors []relay.UserError, value T) *T {
	if len(errors) > 0 {
		return nil
	}
	return &value
}
