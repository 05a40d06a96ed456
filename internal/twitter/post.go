package twitter

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Draft is a post to be made.
type Draft struct {
	// Text is what is posted; it may be empty only where Quote is set.
	Text string
	// InReplyTo and Quote are ids of posts, empty for none.
	InReplyTo, Quote string
}

// Post is a post on Twitter.
type Post struct {
	ID string
	// Text is as Twitter tells it: HTML-escaped, its URLs replaced by t.co links.
	// Compare it with [Draft.Matches] or [SameText].
	Text string
	// AuthorID is empty where Twitter did not say, as after a create.
	AuthorID string
	// CreatedAt is to the millisecond, in UTC.
	CreatedAt time.Time
	// InReplyTo, Quote and RepostOf are ids of posts, empty for none.
	InReplyTo, Quote, RepostOf string
}

// wirePost is a post in a v2 answer, under its older and newer field names.
type wirePost struct {
	ID               string      `json:"id"`
	Text             string      `json:"text"`
	AuthorID         string      `json:"author_id"`
	CreatedAt        looseTime   `json:"created_at"`
	ReferencedTweets []reference `json:"referenced_tweets"`
	ReferencedPosts  []reference `json:"referenced_posts"`
}

type reference struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

func (w wirePost) post() Post {
	p := Post{ID: w.ID, Text: w.Text, AuthorID: w.AuthorID, CreatedAt: w.CreatedAt.Time}
	if p.CreatedAt.IsZero() {
		p.CreatedAt, _ = SnowflakeTime(w.ID)
	}
	for _, ref := range slices.Concat(w.ReferencedTweets, w.ReferencedPosts) {
		switch ref.Type {
		case "replied_to":
			p.InReplyTo = ref.ID
		case "quoted":
			p.Quote = ref.ID
		case "retweeted", "reposted":
			p.RepostOf = ref.ID
		}
	}
	return p
}

// Post makes a post. After [Uncertain] it may exist: read the author's posts
// before trying again. The answer's CreatedAt is taken from the id.
func (c *Client) Post(ctx context.Context, token Token, d Draft) (Post, error) {
	if token.IsZero() {
		return Post{}, refuse(Revoked, "no token")
	}
	type reply struct {
		InReplyTo string `json:"in_reply_to_tweet_id"`
	}
	body := struct {
		Text  string `json:"text,omitempty"`
		Reply *reply `json:"reply,omitempty"`
		Quote string `json:"quote_tweet_id,omitempty"`
	}{Text: d.Text, Quote: d.Quote}
	if d.InReplyTo != "" {
		body.Reply = &reply{InReplyTo: d.InReplyTo}
	}
	r := request{method: http.MethodPost, path: "/2/tweets", token: token, body: body}
	var w wirePost
	if err := c.one(ctx, r, &w); err != nil {
		return Post{}, err
	}
	if !ValidID(w.ID) {
		return Post{}, nonsense(r, answer{status: http.StatusCreated}, errors.New("a post without an id"))
	}
	p := w.post()
	if p.InReplyTo == "" {
		p.InReplyTo = d.InReplyTo
	}
	if p.Quote == "" {
		p.Quote = d.Quote
	}
	return p, nil
}

// DeletePost takes a post of the fan's back.
func (c *Client) DeletePost(ctx context.Context, token Token, id string) error {
	if !ValidID(id) {
		return refuse(NotFound, "not an id")
	}
	var done struct {
		Deleted bool `json:"deleted"`
	}
	r := request{method: http.MethodDelete, path: "/2/tweets/" + id, token: token}
	return c.act(ctx, r, &done, func() bool { return done.Deleted })
}

// PostByID returns a post, or [NotFound] where there is none (or none any more);
// one that the asking account may not see is [NotPermitted]. With a zero token
// the app asks.
func (c *Client) PostByID(ctx context.Context, token Token, id string) (Post, error) {
	if !ValidID(id) {
		return Post{}, refuse(NotFound, "not an id")
	}
	r := request{method: http.MethodGet, path: "/2/tweets/" + id, token: token, query: c.postFields()}
	var w wirePost
	if err := c.one(ctx, r, &w); err != nil {
		return Post{}, err
	}
	if w.ID != id {
		return Post{}, nonsense(r, answer{status: http.StatusOK}, errors.New("another post"))
	}
	return w.post(), nil
}

// LatestPosts returns at most max (1 to 100; others are brought into that range)
// of an account's posts, replies and reposts, newest first. With a zero token
// the app asks.
func (c *Client) LatestPosts(ctx context.Context, token Token, userID string, max int) ([]Post, error) {
	if !ValidID(userID) {
		return nil, refuse(NotFound, "not an id")
	}
	query := c.postFields()
	query.Set("max_results", clampText(max, 5, 100)) // Twitter gives no fewer than five
	r := request{method: http.MethodGet, path: "/2/users/" + userID + "/tweets", token: token, query: query}
	a, err := c.send(ctx, r)
	if err != nil {
		return nil, err
	}
	var page []wirePost
	found, err := c.decode(r, a, &page)
	if err != nil {
		return nil, err
	}
	if !found && !strings.Contains(string(a.body), `"meta"`) {
		// No posts is said with a count. Anything else says nothing, and must not
		// pass for "the post was not made".
		return nil, nonsense(r, a, errors.New("neither posts nor a count"))
	}
	posts := make([]Post, 0, len(page))
	for _, w := range page {
		if !ValidID(w.ID) {
			return nil, nonsense(r, a, errors.New("a post without an id"))
		}
		posts = append(posts, w.post())
	}
	slices.SortStableFunc(posts, func(a, b Post) int { return b.CreatedAt.Compare(a.CreatedAt) })
	return posts[:min(len(posts), max1(max))], nil
}

// postFields asks for what [Post] holds.
func (c *Client) postFields() url.Values {
	if c.cfg.NewFieldNames {
		return url.Values{"post.fields": {"created_at,author_id,referenced_posts"}}
	}
	return url.Values{"tweet.fields": {"created_at,author_id,referenced_tweets"}}
}

// clampText brings n into [low, high] and spells it.
func clampText(n, low, high int) string { return strconv.Itoa(min(max(n, low), high)) }

func max1(n int) int { return max(n, 1) }
