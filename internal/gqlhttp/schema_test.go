package gqlhttp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

const testSDL = `
	type Query {
		viewer: User
		user(name: String!): User
		users(first: Int, after: String, last: Int, order: Order): [User!]!
		lookup(names: [String!]!): [User!]!
		around(above: Int = 5, below: Int = 5): [User!]!
		search(input: SearchInput!, any: Any): [User!]!
		echo(int: Int, float: Float, id: ID, text: String, on: Boolean, ints: [Int!]): String
		secretAdminField: String
		fails: String
		panics: String
		slow: String
	}
	type Mutation { touch: Int! }
	type Subscription { touched: Int! }
	type User { id: ID! name: String! friend: User friends(first: Int): [User!]! best: User }
	enum Order { OLDEST NEWEST }
	input SearchInput { text: String order: Order nested: SearchInput list: [SearchInput!] }
	scalar Any
`

var errSecret = errors.New("password=hunter2")

// testSchema is an executable schema small enough to do without generated code.
// Every field of type User is a user, every other field its own name.
type testSchema struct {
	schema  *ast.Schema
	touched *int
	price   func(typeName, field string, below int) (int, bool)
}

func newTestSchema(t testing.TB) testSchema {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Input: testSDL})
	require.NoError(t, err)
	return testSchema{schema: schema, touched: new(int)}
}

func (s testSchema) Schema() *ast.Schema { return s.schema }

func (s testSchema) Complexity(
	_ context.Context, typeName, field string, below int, _ map[string]any,
) (int, bool) {
	if s.price == nil {
		return 0, false
	}
	return s.price(typeName, field, below)
}

// Exec answers once, as generated code does for everything but subscriptions.
func (s testSchema) Exec(ctx context.Context) graphql.ResponseHandler {
	done := false
	return func(ctx context.Context) *graphql.Response {
		if done {
			return nil
		}
		done = true
		op := graphql.GetOperationContext(ctx)
		var buf bytes.Buffer
		s.object(ctx, &buf, s.rootOf(op.Operation), op.Operation.SelectionSet)
		return &graphql.Response{Data: buf.Bytes()}
	}
}

func (s testSchema) rootOf(operation *ast.OperationDefinition) *ast.Definition {
	switch operation.Operation {
	case ast.Mutation:
		return s.schema.Mutation
	case ast.Subscription:
		return s.schema.Subscription
	default:
		return s.schema.Query
	}
}

func (s testSchema) object(ctx context.Context, buf *bytes.Buffer, typ *ast.Definition, set ast.SelectionSet) {
	buf.WriteByte('{')
	for i, field := range graphql.CollectFields(graphql.GetOperationContext(ctx), set, []string{typ.Name}) {
		if i > 0 {
			buf.WriteByte(',')
		}
		buf.WriteString(`"` + field.Alias + `":`)
		if field.IsDeferred() {
			buf.WriteString(`"deferred"`)
			continue
		}
		s.field(ctx, buf, typ, field)
	}
	buf.WriteByte('}')
}

func (s testSchema) field(ctx context.Context, buf *bytes.Buffer, typ *ast.Definition, field graphql.CollectedField) {
	ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: typ.Name, Field: field})
	value, err := s.resolve(ctx, typ, field)
	if err != nil {
		graphql.AddError(ctx, err)
		value = nil
	}
	if list, ok := value.([]string); ok {
		buf.WriteByte('[')
		for i := range list {
			if i > 0 {
				buf.WriteByte(',')
			}
			s.object(ctx, buf, s.schema.Types["User"], field.Selections)
		}
		buf.WriteByte(']')
		return
	}
	if value != nil && len(field.Selections) > 0 {
		s.object(ctx, buf, s.schema.Types["User"], field.Selections)
		return
	}
	encoded, _ := json.Marshal(value)
	buf.Write(encoded)
}

func (s testSchema) resolve(
	ctx context.Context, typ *ast.Definition, field graphql.CollectedField,
) (value any, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = graphql.Recover(ctx, r)
		}
	}()
	switch field.Name {
	case "__typename":
		return typ.Name, nil
	case "__type", "__schema":
		return nil, nil
	case "touch", "touched":
		*s.touched++
		return *s.touched, nil
	case "fails":
		return nil, errSecret
	case "panics":
		panic("hunter2")
	case "slow":
		<-ctx.Done()
		return nil, errors.New("pq: canceling statement due to user request")
	}
	if field.Definition.Type.Elem != nil {
		return []string{"one"}, nil
	}
	return field.Name, nil
}

// limitsFor returns the default limits, changed, without a timeout that a slow
// machine could run into.
func limitsFor(change func(*Limits)) Limits {
	limits := DefaultLimits()
	limits.Timeout = time.Minute
	if change != nil {
		change(&limits)
	}
	return limits
}
