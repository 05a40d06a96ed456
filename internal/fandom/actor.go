package fandom

import "context"

// Actor is who makes a request. The zero Actor is nobody. A user acts by an
// access key, an admin by a session; one request can carry both.
type Actor struct {
	UserID  int // 0: no user
	KeyID   int // the access key the user came with
	AdminID int // 0: no admin
}

type actorKey struct{}

// WithActor puts the actor into the context; HTTP middleware is its only
// caller outside tests.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorFrom gives the actor of the request, the zero Actor where there is none.
func ActorFrom(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}

// RequireUser gives the acting user. Errors: Unauthenticated.
func RequireUser(ctx context.Context) (Actor, error) {
	a := ActorFrom(ctx)
	if a.UserID == 0 {
		return a, Errorf(Unauthenticated, "Log in first: this needs a valid access key.")
	}
	return a, nil
}

// RequireAdmin gives the acting admin. Errors: Unauthenticated when nobody is
// logged in, Forbidden when only a user is.
func RequireAdmin(ctx context.Context) (Actor, error) {
	a := ActorFrom(ctx)
	switch {
	case a.AdminID != 0:
		return a, nil
	case a.UserID != 0:
		return a, Errorf(Forbidden, "Only an admin may do this.")
	default:
		return a, Errorf(Unauthenticated, "Log in as an admin first.")
	}
}
