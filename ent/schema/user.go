package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// User is a Twitter account that the platform knows.
type User struct{ ent.Schema }

// Fields of a User.
func (User) Fields() []ent.Field {
	return []ent.Field{
		field.String("twitter_user_id").Optional().Nillable().Unique().
			Comment("Twitter's snowflake; never changes. Empty only in the tombstone of a deleted account."),
		field.String("twitter_user_name").Optional().Nillable().
			Comment("As Twitter spells it; empty while unknown, or since another account took the name over."),
		field.String("name_key").Optional().Nillable().Unique().
			Comment("The name in lower case: unique and looked up by it."),
		field.String("twitter_profile_image").Optional().Nillable(),
		field.String("profile_image").Optional().Nillable(),
		field.String("public_first_name").Optional().Nillable().
			Comment("Twitter's display name up to its first space; refreshed at each login."),
		field.String("public_last_name").Optional().Nillable(),

		field.String("first_name").Optional().Nillable().
			Comment("Private, like all below: starts as the public one, and then only the user changes it."),
		field.String("last_name").Optional().Nillable(),
		field.String("gender").Optional().Nillable(),
		field.String("email").Optional().Nillable(),
		field.String("date_of_birth").Optional().Nillable().Comment("YYYY-MM-DD."),
		field.Int("mobile_prefix_id").Optional().Nillable(),
		field.String("mobile_number").Optional().Nillable(),
		field.Bool("is_flag_action").Default(false).
			Comment("Consent that the platform acts on Twitter for the user."),

		field.Time("registered_at").Optional().Nillable().Comment("First login."),
		field.Time("hidden_at").Optional().Nillable().Comment("Hidden by an admin: on no board."),
		field.Time("deleted_at").Optional().Nillable().Comment("The account was deleted; the row is a tombstone."),
		field.Time("created_at"),
	}
}

// Edges of a User.
func (User) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("mobile_prefix", MobilePrefix.Type).Unique().Field("mobile_prefix_id"),
		edge.From("boards", Board.Type).Ref("users").Through("scores", Score.Type),
	}
}

// TwitterCredential is what the platform acts on Twitter with for a user.
type TwitterCredential struct{ ent.Schema }

// Fields of a TwitterCredential.
func (TwitterCredential) Fields() []ent.Field {
	return []ent.Field{
		field.Int("user_id"),
		field.Bytes("sealed").Sensitive().Comment("Token and secret, encrypted with SECRET_KEY and bound to the user."),
		field.Time("revoked_at").Optional().Nillable().Comment("Twitter refused it for good: the user has to log in again."),
		field.Time("updated_at"),
	}
}

// Edges of a TwitterCredential.
func (TwitterCredential) Edges() []ent.Edge {
	return []ent.Edge{edge.To("user", User.Type).Unique().Required().Field("user_id")}
}

// Indexes of a TwitterCredential.
func (TwitterCredential) Indexes() []ent.Index { return []ent.Index{index.Fields("user_id").Unique()} }

// AccessKey lets a user in. Only a hash of it is stored.
type AccessKey struct{ ent.Schema }

// Fields of an AccessKey.
func (AccessKey) Fields() []ent.Field {
	return []ent.Field{
		field.Int("user_id"),
		field.String("hash").Unique().Sensitive().Comment("SHA-256 of the key, in hex."),
		field.Time("created_at"),
		field.Time("last_used_at").Comment("To the day: a key unused for a year has ended."),
	}
}

// Edges of an AccessKey.
func (AccessKey) Edges() []ent.Edge {
	return []ent.Edge{edge.To("user", User.Type).Unique().Required().Field("user_id")}
}

// Indexes of an AccessKey.
func (AccessKey) Indexes() []ent.Index { return []ent.Index{index.Fields("user_id")} }

// RequestToken is one attempt to log in at Twitter; it serves once.
type RequestToken struct{ ent.Schema }

// Fields of a RequestToken.
func (RequestToken) Fields() []ent.Field {
	return []ent.Field{
		field.String("hash").Unique().Sensitive().Comment("SHA-256 of the token, in hex."),
		field.Bytes("sealed").Sensitive().Comment("Token and secret, encrypted with SECRET_KEY."),
		field.Time("created_at"),
		field.Time("expires_at"),
		field.Time("claimed_at").Optional().Nillable().
			Comment("A login is using it; emptied again where Twitter could not be reached."),
	}
}

// Indexes of a RequestToken.
func (RequestToken) Indexes() []ent.Index { return []ent.Index{index.Fields("expires_at")} }

// MobilePrefix is a country or territory with its dialling code. Rows are
// added when the phone metadata learns of new ones, and never renumbered.
type MobilePrefix struct{ ent.Schema }

// Fields of a MobilePrefix.
func (MobilePrefix) Fields() []ent.Field {
	return []ent.Field{
		field.String("region").Unique(),
		field.String("dial_code"),
		field.String("name"),
	}
}
