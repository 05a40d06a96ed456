package twitter

import (
	"net/url"
	"strings"
)

// intentBase is where the pages of the web intents live.
const intentBase = "https://x.com/intent/"

// IntentKind is what a web intent offers to do.
type IntentKind string

// The kinds of web intents.
const (
	IntentPost   IntentKind = "post"
	IntentReply  IntentKind = "reply"
	IntentQuote  IntentKind = "quote"
	IntentRepost IntentKind = "repost"
	IntentLike   IntentKind = "like"
	IntentFollow IntentKind = "follow"
)

// Intent is something that a fan does themselves on a page of Twitter's.
type Intent struct {
	Kind IntentKind
	// Text is the text of a post, a reply or a quote, which the fan can edit.
	Text string
	// TweetID is the post to repost, like, reply to or quote.
	TweetID string
	// UserName is the account to follow, or the author of a quoted post (any
	// name works there; Twitter goes by the id).
	UserName string
}

// IntentURL returns the page for an intent, and "" for a kind that has none.
func IntentURL(in Intent) string {
	page, query := "post", url.Values{}
	if in.Text != "" {
		query.Set("text", in.Text)
	}
	switch in.Kind {
	case IntentPost:
	case IntentReply:
		query.Set("in_reply_to", in.TweetID)
	case IntentQuote:
		// A post that ends in the address of another one quotes it.
		query.Set("url", PostURL(in.UserName, in.TweetID))
	case IntentRepost:
		page, query = "retweet", url.Values{"tweet_id": {in.TweetID}}
	case IntentLike:
		page, query = "like", url.Values{"tweet_id": {in.TweetID}}
	case IntentFollow:
		page, query = "follow", url.Values{"screen_name": {in.UserName}}
	default:
		return ""
	}
	// The apps that open these pages show a "+" as it is, so a space is "%20".
	return intentBase + page + "?" + strings.ReplaceAll(query.Encode(), "+", "%20")
}

// PostURL returns the address of a post. Without a name it is one that Twitter
// sends on to the author's.
func PostURL(userName, id string) string {
	if userName == "" {
		return "https://x.com/i/web/status/" + url.PathEscape(id)
	}
	return "https://x.com/" + url.PathEscape(userName) + "/status/" + url.PathEscape(id)
}
