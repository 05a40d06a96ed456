package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// me is GET /2/users/me.
func (s *Sandbox) me(c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return dataAnswer(http.StatusOK, s.userJSON(c.account, c))
}

// verifyCredentials is GET /1.1/account/verify_credentials.json, the one place
// that tells an e-mail address.
func (s *Sandbox) verifyCredentials(c *call) answer {
	out := map[string]any{
		"id": number(c.account.ID), "id_str": c.account.ID, "name": c.account.Name, "screen_name": c.account.UserName,
		"protected": c.account.Protected, "verified": c.account.Verified,
		"created_at":              c.account.CreatedAt.UTC().Format(time.RubyDate),
		"profile_image_url_https": s.imageURL(c.account, c),
	}
	if c.query("include_email") == "true" && c.account.Email != "" {
		out["email"] = c.account.Email
	}
	return jsonAnswer(http.StatusOK, out)
}

// pathUser finds the account of the path, or the answer that there is none. The
// lock is held.
func (s *Sandbox) pathUser(c *call) (*Account, *answer) {
	id := c.r.PathValue("id")
	if !validID(id) {
		a := invalid("The `id` query parameter value [" + id + "] is not valid")
		return nil, &a
	}
	a := s.state.accounts[id]
	if p := absent(a, "id", id); p != nil {
		none := missingAnswer(*p)
		return nil, &none
	}
	return a, nil
}

// absent is the problem of an account that cannot be read, nil where it can.
func absent(a *Account, parameter, value string) *problem {
	switch {
	case a == nil:
		p := missing("user", parameter, value, "")
		return &p
	case a.Suspended:
		p := missing("user", parameter, value, "User has been suspended")
		return &p
	default:
		return nil
	}
}

// userByID is GET /2/users/:id.
func (s *Sandbox) userByID(c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, refusal := s.pathUser(c)
	if refusal != nil {
		return *refusal
	}
	return dataAnswer(http.StatusOK, s.userJSON(a, c))
}

// userByName is GET /2/users/by/username/:name.
func (s *Sandbox) userByName(c *call) answer {
	name := c.r.PathValue("name")
	if !validName(name) {
		return invalid("The `username` query parameter value [" + name + "] does not match ^[A-Za-z0-9_]{1,15}$")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.state.byName(name)
	if p := absent(a, "username", name); p != nil {
		return missingAnswer(*p)
	}
	return dataAnswer(http.StatusOK, s.userJSON(a, c))
}

// usersByIDs is GET /2/users?ids=: those that are there as data, the others as
// errors.
func (s *Sandbox) usersByIDs(c *call) answer {
	ids := strings.Split(c.query("ids"), ",")
	if len(ids) > 100 {
		return invalid("The number of values in the `ids` query parameter list is not between 1 and 100")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]any{}
	var data []any
	var problems []problem
	for _, id := range ids {
		if !validID(id) {
			return invalid("The `ids` query parameter value [" + id + "] is not valid")
		}
		a := s.state.accounts[id]
		if p := absent(a, "ids", id); p != nil {
			problems = append(problems, *p)
			continue
		}
		data = append(data, s.userJSON(a, c))
	}
	if data != nil {
		out["data"] = data
	}
	if problems != nil {
		out["errors"] = problems
	}
	return jsonAnswer(http.StatusOK, out)
}

// followers is GET /2/users/:id/followers, newest first.
func (s *Sandbox) followers(c *call) answer {
	count, ok := c.intQuery("max_results", 1, 1000, 100)
	from, okPage := c.intQuery("pagination_token", 0, 1<<30, 0)
	if !ok || !okPage {
		return invalid("The `max_results` query parameter value is not between 1 and 1000")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	account, refusal := s.pathUser(c)
	if refusal != nil {
		return *refusal
	}
	var data []any
	skipped, more := 0, false
	for _, act := range slices.Backward(s.state.follows.list) {
		if act.Target != account.ID {
			continue
		}
		if skipped < from {
			skipped++
			continue
		}
		if more = len(data) == count; more {
			break
		}
		data = append(data, s.userJSON(s.state.accounts[act.UserID], c))
	}
	return pageAnswer(data, from, more)
}

// pageAnswer is a list of v2: no data where it is empty, and a token for more.
func pageAnswer(data []any, from int, more bool) answer {
	meta := map[string]any{"result_count": len(data)}
	if more {
		meta["next_token"] = strconv.Itoa(from + len(data))
	}
	out := map[string]any{"meta": meta}
	if len(data) > 0 {
		out["data"] = data
	}
	return jsonAnswer(http.StatusOK, out)
}

// userJSON is an account as v2 tells it, with the fields that were asked for.
// The lock is held.
func (s *Sandbox) userJSON(a *Account, c *call) map[string]any {
	out := map[string]any{"id": a.ID, "name": a.Name, "username": a.UserName}
	for field := range strings.SplitSeq(c.query("user.fields"), ",") {
		switch field {
		case "created_at":
			out[field] = a.CreatedAt.UTC().Format(timeLayout)
		case "profile_image_url":
			out[field] = s.imageURL(a, c)
		case "protected":
			out[field] = a.Protected
		case "verified":
			out[field] = a.Verified
		case "public_metrics":
			out[field] = map[string]int{"tweet_count": len(s.state.byAuthor[a.ID])}
		}
	}
	return out
}

// imageURL is the account's image, or one that the sandbox draws.
func (s *Sandbox) imageURL(a *Account, c *call) string {
	if a.ProfileImageURL != "" {
		return a.ProfileImageURL
	}
	scheme := "http"
	if c.r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + c.r.Host + s.cfg.BasePath + "/profile_images/" + a.ID + "/avatar_normal.svg"
}
