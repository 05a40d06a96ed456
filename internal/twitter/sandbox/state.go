package sandbox

import (
	"strings"
	"time"
)

// eventKind names a change of the state. The names are in journals on disk.
type eventKind string

const (
	accountSet     eventKind = "account"
	tokensRevoked  eventKind = "revoke"
	requestIssued  eventKind = "request_token"
	requestGranted eventKind = "grant"
	requestClosed  eventKind = "request_closed"
	tokenIssued    eventKind = "access_token"
	tweetMade      eventKind = "tweet"
	tweetDeleted   eventKind = "delete_tweet"
	repostMade     eventKind = "repost"
	likeMade       eventKind = "like"
	followMade     eventKind = "follow"
)

// event is one change; only the fields of its kind are set.
type event struct {
	Kind    eventKind     `json:"kind"`
	ID      string        `json:"id,omitempty"` // of the account or tweet concerned
	Account *Account      `json:"account,omitempty"`
	Request *requestToken `json:"request,omitempty"`
	Token   *accessToken  `json:"token,omitempty"`
	Tweet   *Tweet        `json:"tweet,omitempty"`
	Act     *Act          `json:"act,omitempty"`
}

// Account is a Twitter account of the sandbox.
type Account struct {
	// ID is a string of digits; derived from the name where it is left empty.
	ID       string `json:"id"`
	UserName string `json:"username"`
	// Name is the display name, UserName's own where it is left empty.
	Name  string `json:"name"`
	Email string `json:"email,omitempty"`
	// ProfileImageURL is drawn by the sandbox where it is left empty.
	ProfileImageURL string    `json:"profile_image_url,omitempty"`
	CreatedAt       time.Time `json:"created_at"`
	Protected       bool      `json:"protected,omitempty"`
	Verified        bool      `json:"verified,omitempty"`
	// Suspended is set by [Sandbox.Suspend].
	Suspended bool `json:"suspended,omitempty"`
}

// Tweet is a post as it was sent; what the API tells of its text is escaped and
// has t.co links.
type Tweet struct {
	ID        string    `json:"id"`
	AuthorID  string    `json:"author_id"`
	Text      string    `json:"text"`
	InReplyTo string    `json:"in_reply_to,omitempty"`
	Quote     string    `json:"quote,omitempty"`
	RepostOf  string    `json:"repost_of,omitempty"` // set on what a repost puts into a timeline
	CreatedAt time.Time `json:"created_at"`
	Deleted   bool      `json:"deleted,omitempty"`
}

// Act is a repost, like or follow.
type Act struct {
	UserID string `json:"user_id"`
	// Target is the id of the post or of the followed account.
	Target string    `json:"target"`
	At     time.Time `json:"at"`
}

// requestToken is a login under way.
type requestToken struct {
	Token    string    `json:"token"`
	Secret   string    `json:"secret"`
	Callback string    `json:"callback"`
	At       time.Time `json:"at"`
	// AccountID and Verifier are set once an account has allowed it.
	AccountID string `json:"account_id,omitempty"`
	Verifier  string `json:"verifier,omitempty"`
}

// accessToken acts for an account until it is revoked.
type accessToken struct {
	Token     string `json:"token"`
	Secret    string `json:"secret"`
	AccountID string `json:"account_id"`
	Revoked   bool   `json:"revoked,omitempty"`
}

// actKey finds an act; each exists once.
type actKey struct{ user, target string }

// acts are the acts of one kind, in order.
type acts struct {
	list  []Act
	known map[actKey]bool
}

func (a *acts) add(act Act) {
	key := actKey{act.UserID, act.Target}
	if !a.known[key] {
		a.known[key] = true
		a.list = append(a.list, act)
	}
}

// state is what Twitter knows. It changes by apply alone.
type state struct {
	accounts map[string]*Account // by id
	names    map[string]string   // lower-cased user name → id
	order    []string            // account ids, oldest first
	requests map[string]*requestToken
	tokens   map[string]*accessToken
	current  map[string]*accessToken // account id → the token that is good
	tweets   map[string]*Tweet
	timeline []*Tweet // in order of creation, deleted ones and reposts included
	byAuthor map[string][]*Tweet
	texts    map[textKey]*Tweet // the latest post with that text
	reposts  acts
	likes    acts
	follows  acts
	lastID   int64
}

func newState() state {
	newActs := func() acts { return acts{known: map[actKey]bool{}} }
	return state{
		accounts: map[string]*Account{}, names: map[string]string{}, requests: map[string]*requestToken{},
		tokens: map[string]*accessToken{}, current: map[string]*accessToken{}, tweets: map[string]*Tweet{},
		byAuthor: map[string][]*Tweet{}, texts: map[textKey]*Tweet{},
		reposts: newActs(), likes: newActs(), follows: newActs(),
	}
}

// apply makes one change. It never fails: what is not allowed is never an event.
// It takes over what the event points to.
func (st *state) apply(e event) {
	switch e.Kind {
	case accountSet:
		st.setAccount(e.Account)
	case tokensRevoked:
		if t := st.current[e.ID]; t != nil {
			t.Revoked = true
			delete(st.current, e.ID)
		}
	case requestIssued, requestGranted:
		st.requests[e.Request.Token] = e.Request
	case requestClosed:
		delete(st.requests, e.ID)
	case tokenIssued:
		st.tokens[e.Token.Token] = e.Token
		st.current[e.Token.AccountID] = e.Token
	case tweetMade:
		st.addTweet(e.Tweet)
	case tweetDeleted:
		if t := st.tweets[e.ID]; t != nil {
			t.Deleted = true
			if st.texts[keyOf(t)] == t {
				delete(st.texts, keyOf(t))
			}
		}
	case repostMade:
		st.reposts.add(*e.Act)
		st.addTweet(e.Tweet)
	case likeMade:
		st.likes.add(*e.Act)
	case followMade:
		st.follows.add(*e.Act)
	}
}

func (st *state) setAccount(a *Account) {
	if old := st.accounts[a.ID]; old != nil {
		delete(st.names, strings.ToLower(old.UserName))
	} else {
		st.order = append(st.order, a.ID)
	}
	st.accounts[a.ID] = a
	st.names[strings.ToLower(a.UserName)] = a.ID
}

func (st *state) addTweet(t *Tweet) {
	st.tweets[t.ID] = t
	st.timeline = append(st.timeline, t)
	st.byAuthor[t.AuthorID] = append(st.byAuthor[t.AuthorID], t)
	if t.RepostOf == "" {
		st.texts[keyOf(t)] = t
	}
	st.lastID = max(st.lastID, number(t.ID))
}

// byName finds an account by its user name, ignoring case.
func (st *state) byName(name string) *Account {
	return st.accounts[st.names[strings.ToLower(name)]]
}

// live finds a post that has not been deleted.
func (st *state) live(id string) *Tweet {
	t := st.tweets[id]
	if t == nil || t.Deleted {
		return nil
	}
	if a := st.accounts[t.AuthorID]; a == nil || a.Suspended {
		return nil
	}
	return t
}
