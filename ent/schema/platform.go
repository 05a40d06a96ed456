package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Admin runs the platform: logs in with a password.
type Admin struct{ ent.Schema }

// Fields of an Admin.
func (Admin) Fields() []ent.Field {
	return []ent.Field{
		field.String("username").Unique(),
		field.String("password_hash").Sensitive().Comment("argon2id."),
		field.Time("disabled_at").Optional().Nillable(),
		field.Time("created_at"),
	}
}

// Session is an admin's login. Only a hash of its token is stored.
type Session struct{ ent.Schema }

// Fields of a Session.
func (Session) Fields() []ent.Field {
	return []ent.Field{
		field.String("hash").Unique().Sensitive().Comment("SHA-256 of the token, in hex."),
		field.Bytes("data").Sensitive(),
		field.Time("expires_at"),
	}
}

// Indexes of a Session.
func (Session) Indexes() []ent.Index { return []ent.Index{index.Fields("expires_at")} }

// Setting is a value that the installation keeps for itself.
type Setting struct{ ent.Schema }

// Fields of a Setting.
func (Setting) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").Unique(),
		field.Bytes("value").Sensitive(),
	}
}

// Counter is a number that transactions advance. SQLite numbers its
// transactions with one, since it has no transaction id of its own.
type Counter struct{ ent.Schema }

// Fields of a Counter.
func (Counter) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").Unique(),
		field.Int64("value"),
	}
}

// IdempotencyKey remembers for 24 hours what a client's key has led to.
type IdempotencyKey struct{ ent.Schema }

// Fields of an IdempotencyKey.
func (IdempotencyKey) Fields() []ent.Field {
	return []ent.Field{
		field.String("actor").Comment("user:7 or admin:1."),
		field.String("key"),
		field.String("request").Comment("SHA-256 of the mutation's name and input, in hex."),
		field.Int("result_id").Default(0).Comment("The id of what the mutation made or changed."),
		field.Time("created_at"),
	}
}

// Indexes of an IdempotencyKey.
func (IdempotencyKey) Indexes() []ent.Index {
	return []ent.Index{index.Fields("actor", "key").Unique(), index.Fields("created_at")}
}
