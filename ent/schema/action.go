package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// ActionType is what can be done and what it is worth.
type ActionType struct{ ent.Schema }

// Fields of an ActionType.
func (ActionType) Fields() []ent.Field {
	return []ent.Field{
		field.String("type").Unique(),
		field.String("kind"),
		field.Int64("points").Comment("Hundredths."),
	}
}

// Recommendation is one concrete thing to do for one artist.
type Recommendation struct{ ent.Schema }

// Fields of a Recommendation.
func (Recommendation) Fields() []ent.Field {
	return []ent.Field{
		field.Int("artist_id").Optional().Nillable(),
		field.Int("action_type_id"),
		field.Int("for_user_id").Optional().Nillable().Comment("Set: generated for this user, who alone sees it."),
		field.String("tweet_data").Optional().Nillable(),
		field.String("tweet_id").Optional().Nillable(),
		field.String("button_name").Optional().Nillable(),
		field.String("description").Optional().Nillable(),
		field.String("link").Optional().Nillable(),
		field.Int64("points").Default(0).Comment("Hundredths; 0: the action type's points count."),
		field.Time("starts_at").Optional().Nillable(),
		field.Time("ends_at").Optional().Nillable(),
		field.Time("retired_at").Optional().Nillable(),
		field.Time("created_at"),
	}
}

// Edges of a Recommendation.
func (Recommendation) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("artist", Artist.Type).Unique().Field("artist_id"),
		edge.To("action_type", ActionType.Type).Unique().Required().Field("action_type_id"),
		edge.To("for_user", User.Type).Unique().Field("for_user_id"),
	}
}

// Indexes of a Recommendation.
func (Recommendation) Indexes() []ent.Index {
	return []ent.Index{index.Fields("artist_id"), index.Fields("for_user_id")}
}

// Performance is a user carrying out a recommendation. The row is its own
// job: whoever holds the lease may act on Twitter.
type Performance struct{ ent.Schema }

// Fields of a Performance.
func (Performance) Fields() []ent.Field {
	return []ent.Field{
		field.Int("user_id"),
		field.Int("recommendation_id"),
		field.Int("artist_id").Optional().Nillable(),
		field.String("kind"),
		field.String("state"),
		field.Bool("live").Default(true).Comment("Neither failed nor cancelled: one such a user and recommendation."),
		field.Int64("worth").Comment("Hundredths: what it earns when credited."),
		field.String("text").Optional().Nillable().Comment("The template as rendered when the performance began."),
		field.String("acts_on").Optional().Nillable().Comment("The tweet that is reposted, liked, quoted or replied to."),
		field.String("act").Optional().Nillable().
			Comment("What it does on Twitter beyond a post of its own, such as FOLLOW:900; one such a user."),
		field.String("tweet_id").Optional().Nillable().Unique().Comment("The post that it created."),
		field.String("intent_url").Optional().Nillable(),
		field.String("failure_reason").Optional().Nillable(),
		field.Int("attempts").Default(0),
		field.String("lease").Optional().Nillable().Comment("A random name of whoever is acting on it."),
		field.Time("lease_until").Optional().Nillable(),
		field.Time("due_at").Comment("When a pending one is tried again."),
		field.Time("sent_at").Optional().Nillable().
			Comment("When Twitter was first asked; set before the call, so that a crash leaves a trace."),
		field.Time("created_at"),
		field.Time("credited_at").Optional().Nillable(),
		field.Time("deadline_at"),
	}
}

// Edges of a Performance.
func (Performance) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("user", User.Type).Unique().Required().Field("user_id"),
		edge.To("recommendation", Recommendation.Type).Unique().Required().Field("recommendation_id"),
		edge.To("artist", Artist.Type).Unique().Field("artist_id"),
	}
}

// Indexes of a Performance.
func (Performance) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("user_id", "recommendation_id").Unique().
			Annotations(entsql.IndexWhere("live")).
			StorageKey("performance_once"),
		index.Fields("user_id", "act").Unique().
			Annotations(entsql.IndexWhere("live")).
			StorageKey("performance_act"),
		index.Fields("user_id").StorageKey("performance_user"),
		index.Fields("state", "due_at").StorageKey("performance_due"),
		index.Fields("recommendation_id").StorageKey("performance_recommendation"),
	}
}

// Annotations of a Performance.
func (Performance) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Checks(map[string]string{
		"performance_state": "state IN ('PENDING', 'AWAITING_FAN', 'CREDITED', 'FAILED', 'CANCELLED')",
		"performance_live":  "live = (state NOT IN ('FAILED', 'CANCELLED'))",
	})}
}
