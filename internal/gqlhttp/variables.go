package gqlhttp

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// checkVariables checks the values of variables more strictly than gqlparser,
// which takes the string "5" for an Int, 5 for a String and any case of an enum
// value. Such values would fail in the middle of execution, as faults of a
// field, after other fields had been resolved.
//
// What is left to gqlparser is what it gets right: missing and unknown values.
func checkVariables(
	schema *ast.Schema, operation *ast.OperationDefinition, values map[string]any, maxDepth int,
) *gqlerror.Error {
	check := variableCheck{schema: schema, maxDepth: maxDepth}
	for _, variable := range operation.VariableDefinitions {
		value, ok := values[variable.Variable]
		if !ok {
			continue
		}
		if problem := check.value(variable.Type, value, 0); problem != "" {
			return refusalAt(variable.Position, "variable $%s: %s", variable.Variable, problem)
		}
	}
	return nil
}

type variableCheck struct {
	schema   *ast.Schema
	maxDepth int
}

// value returns what is wrong with a value that stands in depth lists and
// objects, or "". It repeats nothing of the value.
func (c variableCheck) value(typ *ast.Type, value any, depth int) string {
	if isNested(value) && depth == c.maxDepth {
		return "lists and objects are nested more than " + strconv.Itoa(c.maxDepth) + " deep"
	}
	if value == nil {
		return "" // whether null is allowed, gqlparser says
	}
	if typ.Elem != nil {
		list, ok := value.([]any)
		if !ok {
			return c.value(typ.Elem, value, depth) // one value stands for a list of one
		}
		for _, element := range list {
			if problem := c.value(typ.Elem, element, depth+1); problem != "" {
				return problem
			}
		}
		return ""
	}
	definition := c.schema.Types[typ.NamedType]
	switch definition.Kind {
	case ast.InputObject:
		return c.object(definition, value, depth)
	case ast.Enum:
		if name, ok := value.(string); !ok || definition.EnumValues.ForName(name) == nil {
			return "not a value of the enum " + definition.Name
		}
		return ""
	default:
		return c.scalar(definition, value, depth)
	}
}

func (c variableCheck) object(definition *ast.Definition, value any, depth int) string {
	object, ok := value.(map[string]any)
	if !ok {
		return "an object of type " + definition.Name + " is needed"
	}
	for _, field := range definition.Fields {
		if problem := c.value(field.Type, object[field.Name], depth+1); problem != "" {
			return field.Name + ": " + problem
		}
	}
	return ""
}

// scalar checks the scalars of the specification, and of all others the depth.
func (c variableCheck) scalar(definition *ast.Definition, value any, depth int) string {
	if text, isText := value.(string); isText && strings.ContainsRune(text, 0) {
		return "a text with the character U+0000, which no text may hold" // PostgreSQL cannot store it
	}
	ok := true
	switch definition.Name {
	case "Int":
		ok = isInteger(value, 32)
	case "Float":
		number, isNumber := value.(json.Number)
		_, err := number.Float64()
		ok = isNumber && err == nil
	case "String":
		_, ok = value.(string)
	case "Boolean":
		_, ok = value.(bool)
	case "ID":
		_, ok = value.(string)
		ok = ok || isInteger(value, 64)
	default:
		if nesting(value, c.maxDepth-depth) > c.maxDepth-depth {
			return "lists and objects are nested more than " + strconv.Itoa(c.maxDepth) + " deep"
		}
	}
	if !ok {
		return "not a value of type " + definition.Name
	}
	return ""
}

func isInteger(value any, bits int) bool {
	number, ok := value.(json.Number)
	if !ok {
		return false
	}
	_, err := strconv.ParseInt(number.String(), 10, bits)
	return err == nil
}

func isNested(value any) bool {
	switch value.(type) {
	case map[string]any, []any:
		return true
	default:
		return false
	}
}

// nesting returns how many lists and objects are nested in a value, itself
// included; it stops counting past limit.
func nesting(value any, limit int) int {
	if !isNested(value) {
		return 0
	}
	if limit == 0 {
		return 1
	}
	deepest := 0
	switch value := value.(type) {
	case map[string]any:
		for _, child := range value {
			deepest = max(deepest, nesting(child, limit-1))
		}
	case []any:
		for _, child := range value {
			deepest = max(deepest, nesting(child, limit-1))
		}
	}
	return deepest + 1
}
