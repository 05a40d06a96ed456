package twitter

import (
	"context"
	"errors"
	"net/http"
)

// Repost reposts a post for the fan, whose own id is userID. Done before, it is
// nil or [AlreadyDone]. After [Uncertain] it can simply be repeated.
func (c *Client) Repost(ctx context.Context, token Token, userID, tweetID string) error {
	var done struct {
		Retweeted bool `json:"retweeted"`
		Reposted  bool `json:"reposted"`
	}
	return c.actOn(ctx, token, userID, "retweets", map[string]string{"tweet_id": tweetID}, &done,
		func() bool { return done.Retweeted || done.Reposted })
}

// Like likes a post for the fan, whose own id is userID. Done before, it is nil
// or [AlreadyDone]. After [Uncertain] it can simply be repeated.
func (c *Client) Like(ctx context.Context, token Token, userID, tweetID string) error {
	var done struct {
		Liked bool `json:"liked"`
	}
	return c.actOn(ctx, token, userID, "likes", map[string]string{"tweet_id": tweetID}, &done,
		func() bool { return done.Liked })
}

// Follow makes the fan, whose own id is userID, follow the target. Asking a
// protected account counts as done. Done before, it is nil or [AlreadyDone].
// After [Uncertain] it can simply be repeated.
func (c *Client) Follow(ctx context.Context, token Token, userID, targetID string) error {
	var done struct {
		Following bool `json:"following"`
		Pending   bool `json:"pending_follow"`
	}
	return c.actOn(ctx, token, userID, "following", map[string]string{"target_user_id": targetID}, &done,
		func() bool { return done.Following || done.Pending })
}

// actOn posts a small body below the fan's own account.
func (c *Client) actOn(ctx context.Context, token Token, userID, what string, body map[string]string, out any, said func() bool) error {
	if !ValidID(userID) {
		return refuse(Rejected, "not an id")
	}
	for _, id := range body {
		if !ValidID(id) {
			return refuse(NotFound, "not an id")
		}
	}
	r := request{method: http.MethodPost, path: "/2/users/" + userID + "/" + what, token: token, body: body}
	return c.act(ctx, r, out, said)
}

// act makes a call that changes something and checks that the answer says so.
func (c *Client) act(ctx context.Context, r request, out any, said func() bool) error {
	if r.token.IsZero() {
		return refuse(Revoked, "no token")
	}
	if err := c.one(ctx, r, out); err != nil {
		return err
	}
	if !said() {
		return nonsense(r, answer{status: http.StatusOK}, errors.New("the answer does not say that it was done"))
	}
	return nil
}
