package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

// callbackPath is the demo's own page for Twitter's callback.
const callbackPath = "/demo/callback/"

// Config is everything that operators decide. URLs never end in a slash,
// except TwitterCallbackURL, which is passed on as it was given.
type Config struct {
	ListenAddr  string // host:port; port 0 picks a free one
	PublicURL   string // base of absolute links; empty until WithListenAddr where it was not given
	FrontendURL string // base of links in invitations; as PublicURL
	MetricsAddr string // host:port; empty: on the main address, for loopback callers only

	DatabaseURL Secret // sqlite://FILE or postgres://…; it can hold a password
	RankingURL  string // memory:// in this version

	Twitter Twitter

	// SecretKey is one or more keys, separated by commas, of which the first
	// encrypts and all decrypt, as secret.Parse reads them. Empty: one is generated beside the
	// SQLite file.
	SecretKey Secret

	CORSOrigins    []string       // scheme://host[:port] in lower case, without a default port
	TrustedProxies []netip.Prefix // whose X-Forwarded-* headers count

	LogLevel  slog.Level
	LogFormat string // "text" or "json"; empty: text on a terminal, else json

	DemoData             bool // load the demo data into an empty database
	Maintenance          bool // answer 503 to all but health, metrics and the webhook
	RateLimits           bool // false only for load tests
	GraphQLIntrospection bool
	AllowSandbox         bool // the sandbox may serve beyond loopback
}

// Twitter is how the platform reaches Twitter. Without keys the built-in
// sandbox stands in for it.
type Twitter struct {
	ConsumerKey    Secret
	ConsumerSecret Secret
	APIURL         string        // base of OAuth and of the API; empty in the sandbox
	CallbackURL    string        // where Twitter sends people back to; empty until WithListenAddr where it was not given
	APIKinds       []fandom.Kind // performed by API; the others by web intent
}

// Sandbox reports whether the built-in stand-in plays Twitter.
func (t Twitter) Sandbox() bool { return t.ConsumerKey == "" }

// Error says what is wrong with one variable.
type Error struct {
	Variable string
	Problem  string // safe to print: never a secret's value
}

// Error gives the one line.
func (e *Error) Error() string { return e.Variable + ": " + e.Problem }

// Load reads every variable through getenv (os.Getenv, in tests a map).
// Surrounding space is ignored and an empty value counts as absent. The error
// joins one *Error for each variable that is wrong, a line each.
func Load(getenv func(string) string) (Config, error) {
	var c Config
	var problems []error
	for _, v := range table() {
		value := strings.TrimSpace(getenv(v.Name))
		if value == "" {
			value = v.preset
		}
		if err := v.read(&c, value); err != nil {
			problems = append(problems, &Error{Variable: v.Name, Problem: err.Error()})
		}
	}
	if len(problems) > 0 { // what follows compares values, which must be right first
		return Config{}, errors.Join(problems...)
	}
	for _, check := range []func(Config) *Error{checkTwitter, checkSecretKey, checkSandboxIsLocal} {
		if err := check(c); err != nil {
			problems = append(problems, err)
		}
	}
	if len(problems) > 0 {
		return Config{}, errors.Join(problems...)
	}
	if !c.Twitter.Sandbox() && c.Twitter.APIURL == "" {
		c.Twitter.APIURL = defaultAPIURL
	}
	if strings.TrimSpace(getenv("DEMO_DATA")) == "" {
		c.DemoData = c.Twitter.Sandbox()
	}
	return c, nil
}

// WithListenAddr gives the configuration of a server that listens on addr,
// the host:port it really got: what was left to be derived from the address
// is filled in.
func (c Config) WithListenAddr(addr string) Config {
	c.ListenAddr = addr
	if c.PublicURL == "" {
		c.PublicURL = "http://" + reachable(addr)
	}
	if c.FrontendURL == "" {
		c.FrontendURL = c.PublicURL
	}
	if c.Twitter.CallbackURL == "" {
		c.Twitter.CallbackURL = c.PublicURL + callbackPath
	}
	return c
}

// LoopbackOnly reports whether the server may be reached from its own machine
// alone, since it runs on the sandbox or on a generated key and nobody has
// allowed more. Requests that came through a proxy are to be refused then: a
// tunnel would open the sandbox to the world with every address still loopback.
func (c Config) LoopbackOnly() bool {
	return !c.AllowSandbox && (c.Twitter.Sandbox() || c.SecretKey == "")
}

// Secure reports whether people reach the server by https, so that cookies
// are marked Secure.
func (c Config) Secure() bool { return strings.HasPrefix(c.PublicURL, "https://") }

// Postgres reports whether the database is PostgreSQL; else it is SQLite.
func (c Config) Postgres() bool { return strings.HasPrefix(c.DatabaseURL.Reveal(), "postgres") }

func checkTwitter(c Config) *Error {
	switch {
	case c.Twitter.ConsumerKey == "" && c.Twitter.ConsumerSecret != "":
		return &Error{"TWITTER_CONSUMER_KEY", "missing, while TWITTER_CONSUMER_SECRET is set: give both, or neither for the sandbox"}
	case c.Twitter.ConsumerKey != "" && c.Twitter.ConsumerSecret == "":
		return &Error{"TWITTER_CONSUMER_SECRET", "missing, while TWITTER_CONSUMER_KEY is set: give both, or neither for the sandbox"}
	case c.Twitter.Sandbox() && c.Twitter.APIURL != "":
		return &Error{"TWITTER_API_URL", "set, but without TWITTER_CONSUMER_KEY and TWITTER_CONSUMER_SECRET the sandbox is used, which has its own address"}
	default:
		return nil
	}
}

func checkSecretKey(c Config) *Error {
	if c.SecretKey == "" && c.Postgres() {
		return &Error{"SECRET_KEY", "required with PostgreSQL: 32 random bytes in base64, for example from: openssl rand -base64 32"}
	}
	return nil
}

// checkSandboxIsLocal keeps anybody from opening the sandbox, or data that is
// encrypted with a key lying beside it, to the world by mistake.
func checkSandboxIsLocal(c Config) *Error {
	if !c.LoopbackOnly() {
		return nil
	}
	variable := ""
	switch {
	case !loopbackAddr(c.ListenAddr):
		variable = "LISTEN_ADDR"
	case c.PublicURL != "" && !loopbackURL(c.PublicURL):
		variable = "PUBLIC_URL"
	default:
		return nil
	}
	var missing []string
	if c.Twitter.Sandbox() {
		missing = append(missing, "TWITTER_CONSUMER_KEY and TWITTER_CONSUMER_SECRET (without them the sandbox plays Twitter)")
	}
	if c.SecretKey == "" {
		missing = append(missing, "SECRET_KEY (without it one is generated)")
	}
	return &Error{variable, fmt.Sprintf("not a loopback address, which needs %s; TWITTER_SANDBOX=allow lifts this",
		strings.Join(missing, " and "))}
}
