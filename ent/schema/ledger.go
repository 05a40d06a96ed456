package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Board is something that users have scores on: the global one, an artist's
// all-time one, or one of a cycle.
type Board struct{ ent.Schema }

// Fields of a Board.
func (Board) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").Unique().Comment("global, or a random name."),
	}
}

// Edges of a Board.
func (Board) Edges() []ent.Edge {
	return []ent.Edge{edge.To("users", User.Type).Through("scores", Score.Type)}
}

// PointEntry is one line of the ledger. Append-only: triggers refuse any
// change, and a mistake is reversed by another entry.
type PointEntry struct{ ent.Schema }

// Fields of a PointEntry. Its id is the sequence.
func (PointEntry) Fields() []ent.Field {
	return []ent.Field{
		field.Int("user_id").Immutable(),
		field.Int("artist_id").Optional().Nillable().Immutable(),
		field.Int("cycle_id").Optional().Nillable().Immutable(),
		field.Int64("points").Immutable().Comment("Hundredths; negative in a reversal."),
		field.String("reason").Immutable(),
		field.String("cause").Unique().Immutable().
			Comment("What earned it; unique, so that nothing counts twice."),
		field.Int("performance_id").Optional().Nillable().Immutable(),
		field.Int("reverses_id").Optional().Nillable().Immutable(),
		field.String("note").Optional().Nillable().Immutable(),
		field.Int64("appended_at").Immutable().Comment("Microseconds since 1970; cycles and ties go by it."),
		field.Time("happened_at").Optional().Nillable().Immutable().Comment("When it happened on Twitter."),
	}
}

// Edges of a PointEntry.
func (PointEntry) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("user", User.Type).Unique().Required().Immutable().Field("user_id"),
		edge.To("artist", Artist.Type).Unique().Immutable().Field("artist_id"),
		edge.To("cycle", ArtistCycle.Type).Unique().Immutable().Field("cycle_id"),
		edge.To("performance", Performance.Type).Unique().Immutable().Field("performance_id"),
		edge.To("reverses", PointEntry.Type).Unique().Immutable().Field("reverses_id"),
	}
}

// Indexes of a PointEntry.
func (PointEntry) Indexes() []ent.Index {
	return []ent.Index{index.Fields("user_id"), index.Fields("artist_id"), index.Fields("reverses_id").Unique()}
}

// Score is the sum of a user's entries on one board. It changes only in the
// statement or transaction that appends the entry.
type Score struct{ ent.Schema }

// Fields of a Score.
func (Score) Fields() []ent.Field {
	return []ent.Field{
		field.Int("board_id"),
		field.Int("user_id"),
		field.Int64("hundredths"),
		field.Int64("reached_at").Comment("When hundredths last changed, in microseconds since 1970: the second key of the order."),
		field.Int64("version").Comment("Counts the changes of this row: who derives a board applies only what is newer."),
		field.Int64("changed").Comment("The transaction that changed it last; the tail of changes is read by it."),
		field.Bool("on_board").Comment("False while the user is hidden, deleted, or the artist's own account."),
	}
}

// Edges of a Score.
func (Score) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("board", Board.Type).Unique().Required().Field("board_id"),
		edge.To("user", User.Type).Unique().Required().Field("user_id"),
	}
}

// Indexes of a Score.
func (Score) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("board_id", "hundredths", "reached_at", "user_id").
			Annotations(entsql.DescColumns("hundredths"), entsql.IndexWhere("on_board")).
			StorageKey("score_order"),
		index.Fields("user_id").StorageKey("score_user"),
		index.Fields("changed").StorageKey("score_changed"),
	}
}

// Annotations of a Score: the key is (board, user).
func (Score) Annotations() []schema.Annotation {
	return []schema.Annotation{field.ID("board_id", "user_id")}
}
