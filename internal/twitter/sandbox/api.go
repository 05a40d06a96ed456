package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ErrUnknown is returned for an account or a tweet that is not there.
var ErrUnknown = errors.New("sandbox: no such account or tweet")

// AddAccount adds an account, or replaces the one with that id, and returns it
// as stored. It is an error if the name cannot be one or is another account's.
func (s *Sandbox) AddAccount(a Account) (Account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	made, err := s.addAccount(a)
	if err != nil {
		return Account{}, err
	}
	return *made, nil
}

// addAccount fills in what was left empty and stores the account. The lock is held.
func (s *Sandbox) addAccount(a Account) (*Account, error) {
	if !validName(a.UserName) {
		return nil, fmt.Errorf("sandbox: %q cannot be a user name", a.UserName)
	}
	holder := s.state.byName(a.UserName)
	if a.ID == "" {
		if a.ID = s.state.accountID(a.UserName); holder != nil {
			a.ID = holder.ID
		}
	}
	if !validID(a.ID) {
		return nil, fmt.Errorf("sandbox: %q cannot be an id", a.ID)
	}
	if holder != nil && holder.ID != a.ID {
		return nil, fmt.Errorf("sandbox: the name %q is taken", a.UserName)
	}
	if a.Name == "" {
		a.Name = a.UserName
	}
	if a.CreatedAt.IsZero() {
		a.CreatedAt = s.cfg.Now().UTC().Truncate(time.Millisecond)
	}
	return &a, s.commit(event{Kind: accountSet, Account: &a})
}

// change stores a changed copy of an account.
func (s *Sandbox) change(id string, mutate func(*Account)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.state.accounts[id]
	if old == nil {
		return ErrUnknown
	}
	changed := *old
	mutate(&changed)
	_, err := s.addAccount(changed)
	return err
}

// Rename gives an account another user name.
func (s *Sandbox) Rename(id, newName string) error {
	return s.change(id, func(a *Account) { a.UserName = newName })
}

// Suspend makes Twitter suspend an account: its calls fail, nobody sees it.
func (s *Sandbox) Suspend(id string) error {
	return s.change(id, func(a *Account) { a.Suspended = true })
}

// RevokeTokens makes an account take its consent back; its next login brings
// another token.
func (s *Sandbox) RevokeTokens(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.accounts[id] == nil {
		return ErrUnknown
	}
	return s.commit(event{Kind: tokensRevoked, ID: id})
}

// Token returns an access token of an account, without the consent page, and
// two empty strings for an account that is not there.
func (s *Sandbox) Token(id string) (token, tokenSecret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.accounts[id] == nil {
		return "", ""
	}
	t, err := s.issue(id)
	if err != nil {
		return "", ""
	}
	return t.Token, t.Secret
}

// AccountByName returns the account that has a name, ignoring case.
func (s *Sandbox) AccountByName(name string) (Account, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.state.byName(name); a != nil {
		return *a, true
	}
	return Account{}, false
}

// Accounts returns all accounts, oldest first.
func (s *Sandbox) Accounts() []Account {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Account, 0, len(s.state.order))
	for _, id := range s.state.order {
		list = append(list, *s.state.accounts[id])
	}
	return list
}

// AddTweet posts for an account without its token, and returns the tweet as
// stored. ID and CreatedAt may be left empty.
func (s *Sandbox) AddTweet(t Tweet) (Tweet, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.state.accounts[t.AuthorID] == nil:
		return Tweet{}, ErrUnknown
	case t.ID != "" && (!validID(t.ID) || s.state.tweets[t.ID] != nil):
		return Tweet{}, fmt.Errorf("sandbox: the id %q cannot be used", t.ID)
	case weight(t.Text) > maxWeight || strings.TrimSpace(t.Text) == "" && t.Quote == "":
		return Tweet{}, errors.New("sandbox: the text is empty or too long")
	}
	t.RepostOf, t.Deleted = "", false
	if err := s.post(&t); err != nil {
		return Tweet{}, err
	}
	return t, nil
}

// DeleteTweet makes the author delete a tweet.
func (s *Sandbox) DeleteTweet(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.tweets[id] == nil {
		return ErrUnknown
	}
	return s.commit(event{Kind: tweetDeleted, ID: id})
}

// Tweets returns the posts that stand, oldest first, without reposts. The text
// is as it was sent.
func (s *Sandbox) Tweets() []Tweet {
	s.mu.Lock()
	defer s.mu.Unlock()
	return standing(s.state.timeline)
}

// TweetsBy is Tweets of one account.
func (s *Sandbox) TweetsBy(id string) []Tweet {
	s.mu.Lock()
	defer s.mu.Unlock()
	return standing(s.state.byAuthor[id])
}

func standing(all []*Tweet) []Tweet {
	list := []Tweet{}
	for _, t := range all {
		if !t.Deleted && t.RepostOf == "" {
			list = append(list, *t)
		}
	}
	return list
}

// Reposts returns all reposts, oldest first; Target is the reposted tweet.
func (s *Sandbox) Reposts() []Act { return s.copyOf(&s.state.reposts) }

// Likes returns all likes, oldest first; Target is the liked tweet.
func (s *Sandbox) Likes() []Act { return s.copyOf(&s.state.likes) }

// Follows returns all follows, oldest first; Target is the followed account.
func (s *Sandbox) Follows() []Act { return s.copyOf(&s.state.follows) }

func (s *Sandbox) copyOf(a *acts) []Act {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(a.list)
}
