package graph

import (
	"context"
	"sync"

	"madeinlatino.net/madeinlatino/graph/relay"
	"madeinlatino.net/madeinlatino/graph/view"
	"madeinlatino.net/madeinlatino/internal/fandom"
)

// same is the node of a connection whose items are shown as they are.
func same[T any](value T) T { return value }

// node fetches any object by its global id; nil where there is none, or none
// that the actor may see.
func (r *Resolver) node(ctx context.Context, global string) (view.Node, error) {
	typeName, id, ok := relay.ParseID(global)
	if !ok {
		return nil, fandom.InvalidField("id", "This is not an id of this API.")
	}
	l := r.load(ctx)
	switch typeName {
	case "User":
		return found(optional(ctx, l.users, id))
	case "Artist":
		return found(optional(ctx, l.artists, id))
	case "ActionType":
		return found(optional(ctx, l.actionTypes, id))
	case "Recommendation":
		return found(orNull(r.Actions.Recommendation(ctx, id)))
	case "Performance":
		if fandom.ActorFrom(ctx).UserID == 0 {
			return nil, nil
		}
		return found(orNull(r.Actions.Performance(ctx, id)))
	default:
		return nil, nil
	}
}

// found makes a node of a pointer, such that a nil pointer is a nil node.
func found[T any](value *T, err error) (view.Node, error) {
	if value == nil || err != nil {
		return nil, err
	}
	return *value, nil
}

// nodes fetches several objects at once; together, so that loaders batch.
func (r *Resolver) nodes(ctx context.Context, ids []string) ([]view.Node, error) {
	if len(ids) > relay.LargestPage {
		return nil, fandom.InvalidField("ids", "At most 100 ids at once.")
	}
	nodes, errs := make([]view.Node, len(ids)), make([]error, len(ids))
	var all sync.WaitGroup
	for i, id := range ids {
		all.Go(func() { nodes[i], errs[i] = r.node(ctx, id) })
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return nodes, nil
}

// userByName finds a user; nil where the name is not known, or cannot be one.
func (r *Resolver) userByName(ctx context.Context, name string) (*fandom.User, error) {
	parsed, ok := fandom.ParseTwitterUserName(name)
	if !ok {
		return nil, nil
	}
	return optional(ctx, r.load(ctx).usersByName, fandom.NameKey(parsed))
}

// lookUpUsers finds several users, in the order of their names.
func (r *Resolver) lookUpUsers(ctx context.Context, names []string) ([]view.UserLookup, error) {
	if len(names) < 1 || len(names) > relay.LargestPage {
		return nil, fandom.InvalidField("twitter_user_names", "Give 1 to 100 names.")
	}
	lookups := make([]view.UserLookup, len(names))
	for i, name := range names {
		if _, ok := fandom.ParseTwitterUserName(name); !ok {
			return nil, fandom.InvalidField("twitter_user_names", "%q cannot be a Twitter name.", name)
		}
		lookups[i].TwitterUserName = name
	}
	users, err := r.Accounts.UsersByName(ctx, names)
	if err != nil {
		return nil, err
	}
	var ids []int
	for i, name := range names {
		parsed, _ := fandom.ParseTwitterUserName(name)
		if user, ok := users[fandom.NameKey(parsed)]; ok {
			lookups[i].User = &user
			ids = append(ids, user.ID)
		}
	}
	r.expectUsers(ctx, ids)
	return lookups, nil
}
