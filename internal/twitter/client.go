package twitter

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/dghubble/oauth1"
)

// DefaultAPIURL is the base of OAuth and of the API where none is configured.
const DefaultAPIURL = "https://api.x.com"

// DefaultTimeout bounds one call, the reading of its answer included.
const DefaultTimeout = 5 * time.Second

// maxBody bounds what is read of one answer, in bytes.
const maxBody = 1 << 20

// Config is what a [Client] needs; only the two consumer fields have no default.
type Config struct {
	// ConsumerKey and ConsumerSecret are the app's own credentials. The secret
	// also signs the webhook.
	ConsumerKey, ConsumerSecret string
	// APIURL is the base of OAuth and of the API, [DefaultAPIURL] if empty. It
	// may have a path.
	APIURL string
	// AuthorizeURL is the base of the pages that a browser opens, APIURL if empty.
	AuthorizeURL string
	// CallbackURL is where Twitter sends the browser after a login. Twitter takes
	// only what is registered for the app, exactly.
	CallbackURL string
	// Timeout bounds each call, [DefaultTimeout] if zero.
	Timeout time.Duration
	// Transport carries the requests; nil means one of the client's own.
	Transport http.RoundTripper
	// Now reads the clock, time.Now if nil. Signatures do not use it: the library
	// takes the machine's clock.
	Now func() time.Time
	// NewFieldNames asks with the names of August 2026 (post.fields) in place of
	// the older ones (tweet.fields). Answers are understood in both.
	NewFieldNames bool
}

// Format shows the configuration without its secret.
func (c Config) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "twitter.Config{APIURL: %q, ConsumerKey: %q}", c.APIURL, c.ConsumerKey)
}

// Client calls Twitter. It is safe for concurrent use. Every method that takes
// a context obeys it and [Config.Timeout], whichever ends first, and returns
// nil or an [*Error].
type Client struct {
	cfg    Config
	oauth  *oauth1.Config
	bearer bearerCache
}

// New returns a client. It makes no call.
func New(cfg Config) *Client {
	if cfg.APIURL == "" {
		cfg.APIURL = DefaultAPIURL
	}
	cfg.APIURL = strings.TrimRight(cfg.APIURL, "/")
	if cfg.AuthorizeURL == "" {
		cfg.AuthorizeURL = cfg.APIURL
	}
	cfg.AuthorizeURL = strings.TrimRight(cfg.AuthorizeURL, "/")
	if cfg.Timeout <= 0 {
		cfg.Timeout = DefaultTimeout
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Transport == nil {
		cfg.Transport = newTransport()
	}
	return &Client{
		cfg:    cfg,
		bearer: newBearerCache(),
		oauth: &oauth1.Config{
			ConsumerKey:    cfg.ConsumerKey,
			ConsumerSecret: cfg.ConsumerSecret,
			CallbackURL:    cfg.CallbackURL,
			// The endpoints of the library's own twitter package are fixed to
			// another host, so they are made from the configured base.
			Endpoint: oauth1.Endpoint{
				RequestTokenURL: cfg.APIURL + "/oauth/request_token",
				AuthorizeURL:    cfg.AuthorizeURL + "/oauth/authenticate",
				AccessTokenURL:  cfg.APIURL + "/oauth/access_token",
			},
			// Left nil it would be written on first use: a data race.
			Noncer: oauth1.HexNoncer{},
		},
	}
}

// Format shows the client without its secrets.
func (c *Client) Format(f fmt.State, verb rune) {
	_, _ = io.WriteString(f, "&")
	c.cfg.Format(f, verb)
}

// newTransport is the standard one with more idle connections: all calls go to
// one host.
func newTransport() http.RoundTripper {
	standard, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	t := standard.Clone()
	t.MaxIdleConnsPerHost = 64
	return t
}

// refuseRedirect hands a redirect back as the answer. Followed, it would be
// signed again and could carry the credentials to another host.
func refuseRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
