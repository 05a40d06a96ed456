package sandbox

import (
	"net/http"
)

// actor checks that the fan acts for themselves and decodes the body. The
// refusal is nil where all is well.
func (s *Sandbox) actor(c *call, body any) *answer {
	if c.r.PathValue("id") != c.account.ID {
		a := invalid("The `id` query parameter value [" + c.r.PathValue("id") + "] must be the same as the authenticating user [" + c.account.ID + "]")
		return &a
	}
	if err := decodeStrict(c, body); err != nil {
		a := invalid(err.Error())
		return &a
	}
	return nil
}

type tweetTarget struct {
	TweetID string `json:"tweet_id"`
}

// repost is POST /2/users/:id/retweets. It puts an entry of its own into the
// fan's timeline.
func (s *Sandbox) repost(c *call) answer {
	var in tweetTarget
	if refusal := s.actor(c, &in); refusal != nil {
		return *refusal
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	target := s.state.live(in.TweetID)
	if target == nil {
		return refuse(http.StatusNotFound, "Not Found Error", "resource-not-found", "Could not find tweet with tweet_id: ["+in.TweetID+"].")
	}
	if s.state.reposts.known[actKey{c.account.ID, target.ID}] {
		return *refuseCode(c, http.StatusForbidden, 327, "You have already retweeted this Tweet.")
	}
	now := s.cfg.Now().UTC()
	entry := &Tweet{
		ID: s.nextID(now), AuthorID: c.account.ID, RepostOf: target.ID, CreatedAt: now,
		Text: "RT @" + s.state.accounts[target.AuthorID].UserName + ": " + target.Text,
	}
	act := &Act{UserID: c.account.ID, Target: target.ID, At: now}
	if err := s.commit(event{Kind: repostMade, Act: act, Tweet: entry}); err != nil {
		return brokenAnswer(err)
	}
	return dataAnswer(http.StatusOK, map[string]any{"retweeted": true, "rest_id": entry.ID})
}

// like is POST /2/users/:id/likes; liking again changes nothing and is no error.
func (s *Sandbox) like(c *call) answer {
	var in tweetTarget
	if refusal := s.actor(c, &in); refusal != nil {
		return *refusal
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.live(in.TweetID) == nil {
		return refuse(http.StatusNotFound, "Not Found Error", "resource-not-found", "Could not find tweet with tweet_id: ["+in.TweetID+"].")
	}
	if !s.state.likes.known[actKey{c.account.ID, in.TweetID}] {
		act := &Act{UserID: c.account.ID, Target: in.TweetID, At: s.cfg.Now().UTC()}
		if err := s.commit(event{Kind: likeMade, Act: act}); err != nil {
			return brokenAnswer(err)
		}
	}
	return dataAnswer(http.StatusOK, map[string]bool{"liked": true})
}

// follow is POST /2/users/:id/following; following again changes nothing. A
// protected account is only asked.
func (s *Sandbox) follow(c *call) answer {
	var in struct {
		Target string `json:"target_user_id"`
	}
	if refusal := s.actor(c, &in); refusal != nil {
		return *refusal
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	target := s.state.accounts[in.Target]
	switch {
	case in.Target == c.account.ID:
		return invalid("You cannot follow yourself")
	case target == nil || target.Suspended:
		return refuse(http.StatusNotFound, "Not Found Error", "resource-not-found", "Could not find user with target_user_id: ["+in.Target+"].")
	case target.Protected:
		return dataAnswer(http.StatusOK, map[string]bool{"following": false, "pending_follow": true})
	}
	if !s.state.follows.known[actKey{c.account.ID, target.ID}] {
		act := &Act{UserID: c.account.ID, Target: target.ID, At: s.cfg.Now().UTC()}
		if err := s.commit(event{Kind: followMade, Act: act}); err != nil {
			return brokenAnswer(err)
		}
	}
	return dataAnswer(http.StatusOK, map[string]bool{"following": true, "pending_follow": false})
}
