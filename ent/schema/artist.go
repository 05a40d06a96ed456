package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Artist is an account that fans act for.
type Artist struct{ ent.Schema }

// Fields of an Artist.
func (Artist) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("twitter_user_name"),
		field.String("name_key").Unique().Comment("The Twitter name in lower case."),
		field.String("twitter_user_id").Optional().Nillable().Unique().
			Comment("Looked up when the artist is created, and again until Twitter answers."),
		field.String("profile_image").Optional().Nillable(),
		field.Int("due_day"),
		field.String("time_zone").Default("UTC"),
		field.Int("board_id").Comment("The all-time board."),
		field.Time("retired_at").Optional().Nillable(),
		field.Time("created_at"),
	}
}

// Edges of an Artist.
func (Artist) Edges() []ent.Edge {
	return []ent.Edge{edge.To("board", Board.Type).Unique().Required().Field("board_id")}
}

// Indexes of an Artist.
func (Artist) Indexes() []ent.Index { return []ent.Index{index.Fields("board_id").Unique()} }

// ArtistCycle is the stretch between two due days of an artist. Entries are
// assigned to a cycle when they are appended, by the clock read while its row
// is locked, so that none falls between two.
type ArtistCycle struct{ ent.Schema }

// Fields of an ArtistCycle.
func (ArtistCycle) Fields() []ent.Field {
	return []ent.Field{
		field.Int("artist_id"),
		field.Int("number").Comment("1 for the artist's first cycle."),
		field.Time("opens_at"),
		field.Time("closes_at").Comment("The cut: an entry at or after it belongs to the next cycle."),
		field.Time("closed_at").Optional().Nillable(),
		field.Int("board_id"),
	}
}

// Edges of an ArtistCycle.
func (ArtistCycle) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("artist", Artist.Type).Unique().Required().Field("artist_id"),
		edge.To("board", Board.Type).Unique().Required().Field("board_id"),
	}
}

// Indexes of an ArtistCycle.
func (ArtistCycle) Indexes() []ent.Index {
	return []ent.Index{index.Fields("artist_id", "number").Unique(), index.Fields("board_id").Unique()}
}
