package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// duplicateText is how v2 says that a post repeats another one.
const duplicateText = "You are not allowed to create a Tweet with duplicate content."

// duplicateSpan is how long a text cannot be repeated.
const duplicateSpan = 24 * time.Hour

// timeLayout is how v2 writes times.
const timeLayout = "2006-01-02T15:04:05.000Z"

// newTweet is the body of POST /2/tweets, as far as the sandbox knows it.
type newTweet struct {
	Text  *string `json:"text"`
	Reply *struct {
		InReplyTo string `json:"in_reply_to_tweet_id"`
	} `json:"reply"`
	Quote string `json:"quote_tweet_id"`
}

// decodeStrict reads a JSON body in which every key must be known.
func decodeStrict(c *call, out any) error {
	if !strings.HasPrefix(c.header("Content-Type"), "application/json") {
		return errors.New("the Content-Type must be application/json")
	}
	d := json.NewDecoder(bytes.NewReader(c.body))
	d.DisallowUnknownFields()
	if err := d.Decode(out); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something follows the JSON")
	}
	return nil
}

// createTweet is POST /2/tweets.
func (s *Sandbox) createTweet(c *call) answer {
	var in newTweet
	if err := decodeStrict(c, &in); err != nil {
		return invalid(err.Error())
	}
	t := &Tweet{AuthorID: c.account.ID, Quote: in.Quote}
	if in.Text != nil {
		t.Text = *in.Text
	}
	if in.Reply != nil {
		t.InReplyTo = in.Reply.InReplyTo
	}
	if strings.TrimSpace(t.Text) == "" && t.Quote == "" {
		return invalid("$.text: a post needs a text")
	}
	if weight(t.Text) > maxWeight {
		return forbidden("Your Tweet text is too long.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if refusal := s.refuseTweet(t); refusal != nil {
		return *refusal
	}
	if err := s.post(t); err != nil {
		return brokenAnswer(err)
	}
	return dataAnswer(http.StatusCreated, map[string]any{
		"id": t.ID, "text": shownText(t), "edit_history_tweet_ids": []string{t.ID},
	})
}

// refuseTweet checks a post against what is there. The lock is held.
func (s *Sandbox) refuseTweet(t *Tweet) *answer {
	no := func(detail string) *answer { a := forbidden(detail); return &a }
	switch last := s.state.texts[keyOf(t)]; {
	case t.InReplyTo != "" && s.state.live(t.InReplyTo) == nil:
		return no("You attempted to reply to a Tweet that is deleted or not visible to you.")
	case t.Quote != "" && s.state.live(t.Quote) == nil:
		return no("You attempted to quote a Tweet that is deleted or not visible to you.")
	case last != nil && s.cfg.Now().Sub(last.CreatedAt) < duplicateSpan:
		return no(duplicateText)
	default:
		return nil
	}
}

// post gives a tweet its id and time and stores it. The lock is held.
func (s *Sandbox) post(t *Tweet) error {
	now := s.cfg.Now().UTC().Truncate(time.Millisecond)
	if t.ID == "" {
		t.ID = s.nextID(now)
	}
	if t.CreatedAt.IsZero() {
		t.CreatedAt = now
	}
	return s.commit(event{Kind: tweetMade, Tweet: t})
}

// readTweet is GET /2/tweets/:id.
func (s *Sandbox) readTweet(c *call) answer {
	id := c.r.PathValue("id")
	if !validID(id) {
		return invalid("The `id` query parameter value [" + id + "] is not valid")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.state.live(id)
	if t == nil {
		return missingAnswer(missing("tweet", "id", id, ""))
	}
	if !s.maySee(c, s.state.accounts[t.AuthorID]) {
		return missingAnswer(hidden("tweet", id))
	}
	return dataAnswer(http.StatusOK, tweetJSON(t, c))
}

// maySee reports whether the caller may read an account's posts. The lock is held.
func (s *Sandbox) maySee(c *call, author *Account) bool {
	if !author.Protected {
		return true
	}
	return c.account != nil && (c.account.ID == author.ID || s.state.follows.known[actKey{c.account.ID, author.ID}])
}

func hidden(resource, id string) problem {
	return problem{
		Title: "Authorization Error", Detail: "Sorry, you are not authorized to see the " + resource + " with id: [" + id + "].",
		Type: problemBase + "not-authorized-for-resource", Resource: resource, Value: id,
	}
}

// deleteTweet is DELETE /2/tweets/:id; on Twitter, too, what is gone is deleted.
func (s *Sandbox) deleteTweet(c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.state.tweets[c.r.PathValue("id")]
	if t != nil && t.AuthorID != c.account.ID {
		return forbidden("You are not authorized to delete this Tweet.")
	}
	if t != nil && !t.Deleted {
		if err := s.commit(event{Kind: tweetDeleted, ID: t.ID}); err != nil {
			return brokenAnswer(err)
		}
	}
	return dataAnswer(http.StatusOK, map[string]bool{"deleted": true})
}

// userTweets is GET /2/users/:id/tweets: newest first, reposts included.
func (s *Sandbox) userTweets(c *call) answer {
	count, ok := c.intQuery("max_results", 5, 100, 10)
	from, okPage := c.intQuery("pagination_token", 0, 1<<30, 0)
	if !ok || !okPage {
		return invalid("The `max_results` query parameter value is not between 5 and 100")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	author, refusal := s.pathUser(c)
	if refusal != nil {
		return *refusal
	}
	if !s.maySee(c, author) {
		return missingAnswer(hidden("user", author.ID))
	}
	all := s.state.byAuthor[author.ID]
	var data []any
	skipped, more := 0, false
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Deleted || all[i].RepostOf != "" && s.state.live(all[i].RepostOf) == nil {
			continue
		}
		if skipped < from {
			skipped++
			continue
		}
		if more = len(data) == count; more {
			break
		}
		data = append(data, tweetJSON(all[i], c))
	}
	return pageAnswer(data, from, more)
}

// tweetJSON is a post as v2 tells it, with the fields that were asked for.
func tweetJSON(t *Tweet, c *call) map[string]any {
	out := map[string]any{"id": t.ID, "text": shownText(t), "edit_history_tweet_ids": []string{t.ID}}
	fields := strings.Split(c.query("tweet.fields")+","+c.query("post.fields"), ",")
	if slices.Contains(fields, "created_at") {
		out["created_at"] = t.CreatedAt.UTC().Format(timeLayout)
	}
	if slices.Contains(fields, "author_id") {
		out["author_id"] = t.AuthorID
	}
	for _, name := range []string{"referenced_tweets", "referenced_posts"} {
		if refs := references(t); refs != nil && slices.Contains(fields, name) {
			out[name] = refs
		}
	}
	return out
}

func references(t *Tweet) []map[string]string {
	var refs []map[string]string
	for _, ref := range [][2]string{{"replied_to", t.InReplyTo}, {"quoted", t.Quote}, {"retweeted", t.RepostOf}} {
		if ref[1] != "" {
			refs = append(refs, map[string]string{"type": ref[0], "id": ref[1]})
		}
	}
	return refs
}

// withNewNames renames the fields that drifted in August 2026.
func withNewNames(body []byte) []byte {
	body = bytes.ReplaceAll(body, []byte(`"referenced_tweets":`), []byte(`"referenced_posts":`))
	return bytes.ReplaceAll(body, []byte(`"edit_history_tweet_ids":`), []byte(`"edit_history_post_ids":`))
}
