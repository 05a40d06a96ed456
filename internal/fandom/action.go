package fandom

import "time"

// Kind is the thing that an action type does on Twitter.
type Kind string

// The kinds.
const (
	KindTweet   Kind = "TWEET"   // posts TweetData
	KindInvite  Kind = "INVITE"  // posts TweetData, which mentions the invited account
	KindRetweet Kind = "RETWEET" // reposts TweetID
	KindLike    Kind = "LIKE"    // likes TweetID
	KindReply   Kind = "REPLY"   // posts TweetData in reply to TweetID
	KindQuote   Kind = "QUOTE"   // posts TweetData quoting TweetID
	KindFollow  Kind = "FOLLOW"  // follows an account
	KindLink    Kind = "LINK"    // opens Link
	KindDirect  Kind = "DIRECT"  // offered on the front page: posts TweetData, quoting TweetID if there is one
	KindMention Kind = "MENTION" // only ever seen, never performed
)

// Kinds lists every kind.
func Kinds() []Kind {
	return []Kind{
		KindTweet, KindInvite, KindRetweet, KindLike, KindReply,
		KindQuote, KindFollow, KindLink, KindDirect, KindMention,
	}
}

// Valid reports whether the kind exists.
func (k Kind) Valid() bool {
	for _, known := range Kinds() {
		if k == known {
			return true
		}
	}
	return false
}

// Creates reports whether performing the kind creates a post. A create is
// never repeated blindly: reposts, likes and follows may be.
func (k Kind) Creates() bool {
	switch k {
	case KindTweet, KindInvite, KindReply, KindQuote, KindDirect:
		return true
	default:
		return false
	}
}

// NeedsTweet reports whether the kind acts on an existing tweet.
func (k Kind) NeedsTweet() bool {
	switch k {
	case KindRetweet, KindLike, KindReply, KindQuote:
		return true
	default:
		return false
	}
}

// SeenByMention reports whether a fan who does the kind themselves is seen by
// mentioning the artist: a post of its own. What acts on a tweet or an account
// is seen by that. actsOn is the tweet of the recommendation.
func (k Kind) SeenByMention(actsOn *string) bool {
	return k == KindTweet || k == KindInvite || k == KindDirect && actsOn == nil
}

// ActionType is what can be done and what it is worth.
type ActionType struct {
	ID     int
	Type   string // a code such as TWEET_100
	Kind   Kind
	Points Points
}

// DefaultActionTypes is what a fresh database offers.
func DefaultActionTypes() []ActionType {
	return []ActionType{
		{Type: "TWEET_100", Kind: KindTweet, Points: 10_00},
		{Type: "TWEET_150", Kind: KindInvite, Points: 20_00},
		{Type: "RETWEET", Kind: KindRetweet, Points: 10_00},
		{Type: "LIKE", Kind: KindLike, Points: 5_00},
		{Type: "REPLY", Kind: KindReply, Points: 10_00},
		{Type: "QUOTE", Kind: KindQuote, Points: 15_00},
		{Type: "FOLLOW", Kind: KindFollow, Points: 40_00},
		{Type: "LINK", Kind: KindLink, Points: 5_00},
		{Type: "DIRECT_ACTION", Kind: KindDirect, Points: 10_00},
		{Type: "MENTION", Kind: KindMention, Points: 5_00},
	}
}

// ActionTypeChange is what an admin sets on an action type. Creating needs
// all three; the kind of an existing type is fixed.
type ActionTypeChange struct {
	Type   *string
	Kind   *Kind
	Points *Points
}

// Recommendation is one concrete thing to do, of one action type.
type Recommendation struct {
	ID         int
	Action     ActionType
	ArtistID   *int // nil: for no artist, counts globally only
	ForUserID  *int // set: generated for this user, who alone sees it
	TweetData  *string
	TweetID    *string
	ButtonName *string
	About      *string // the description that fans read
	Link       *string
	Points     Points // 0: the action's points count
	StartsAt   *time.Time
	EndsAt     *time.Time
	RetiredAt  *time.Time
	CreatedAt  time.Time
}

// Worth is what performing it earns: its own points where they are not zero,
// else its action's.
func (r Recommendation) Worth() Points {
	if r.Points != 0 {
		return r.Points
	}
	return r.Action.Points
}

// Check tells whether the user can perform it at now. Errors: NotFound when
// it is somebody else's or has not begun, Gone when it has ended.
func (r Recommendation) Check(userID int, now time.Time) error {
	switch {
	case r.ForUserID != nil && *r.ForUserID != userID,
		r.StartsAt != nil && now.Before(*r.StartsAt),
		r.Action.Kind == KindMention:
		return Errorf(NotFound, "There is no such recommendation.")
	case r.RetiredAt != nil, r.EndsAt != nil && !now.Before(*r.EndsAt):
		return Errorf(Gone, "This recommendation has ended.").For(ReasonEnded)
	default:
		return nil
	}
}

// RecommendationChange is what an admin sets on a recommendation. Creating
// needs ArtistID, ActionTypeID and what the action's kind acts with.
type RecommendationChange struct {
	ArtistID     *int
	ActionTypeID *int
	TweetData    Patch[*string]
	TweetID      Patch[*string]
	ButtonName   Patch[*string]
	About        Patch[*string]
	Link         Patch[*string]
	Points       *Points
	StartsAt     Patch[*time.Time]
	EndsAt       Patch[*time.Time]
}
