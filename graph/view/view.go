// Package view holds the Go types behind those GraphQL types that are no
// words of the domain: connections, and objects that only group fields.
package view

import (
	"madeinlatino.net/madeinlatino/graph/relay"
	"madeinlatino.net/madeinlatino/internal/fandom"
)

// The connections and their edges.
type (
	ArtistConnection         = relay.Connection[fandom.Artist]
	ArtistEdge               = relay.Edge[fandom.Artist]
	RankingEntryConnection   = relay.Connection[fandom.Standing]
	RankingEntryEdge         = relay.Edge[fandom.Standing]
	RecommendationConnection = relay.Connection[fandom.Recommendation]
	RecommendationEdge       = relay.Edge[fandom.Recommendation]
	PerformanceConnection    = relay.Connection[fandom.Performance]
	PerformanceEdge          = relay.Edge[fandom.Performance]
	UserRankingConnection    = relay.Connection[UserRanking]
	UserRankingEdge          = relay.Edge[UserRanking]
)

// UserRanking is a user's place on one artist's board.
type UserRanking struct {
	Artist fandom.Artist
	Entry  fandom.Standing
}

// Viewer is the logged-in user.
type Viewer struct{ User fandom.User }

// UserLookup is what is known of a name that was asked for.
type UserLookup struct {
	TwitterUserName string
	User            *fandom.User
}

// Node is any object with a global id.
type Node any
