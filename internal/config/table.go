package config

import (
	"fmt"
	"strings"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/secret"
)

const defaultAPIURL = "https://api.x.com"

// Variable describes one environment variable, for --help and the README.
type Variable struct {
	Name    string
	Default string // in words where it is not a value
	Meaning string
}

// Doc lists every variable in the order in which it is documented. It comes
// from the table that Load reads by.
func Doc() []Variable {
	entries := table()
	doc := make([]Variable, len(entries))
	for i, e := range entries {
		doc[i] = e.Variable
	}
	return doc
}

// entry is one variable with how it is read.
type entry struct {
	Variable
	preset string // what counts where the variable is absent
	read   func(c *Config, value string) error
}

// table lists the variables. A reader gets the trimmed value, empty where
// neither it nor a preset is there; its error is the problem alone, without
// the variable's name.
func table() []entry {
	var all []entry
	for _, group := range [][]entry{addressTable(), dataTable(), twitterTable(), accessTable(), behaviourTable()} {
		all = append(all, group...)
	}
	return all
}

func addressTable() []entry {
	return []entry{
		preset("LISTEN_ADDR", "127.0.0.1:8080", "where to serve; port 0 picks one, and the log line `listening` carries the address",
			func(c *Config, v string) (err error) { c.ListenAddr, err = parseAddr(v); return err }),
		absent("PUBLIC_URL", "from the address", "base of absolute links and of the Twitter callback",
			func(c *Config, v string) (err error) { c.PublicURL, err = parseOrigin(v); return err }),
		absent("FRONTEND_URL", "PUBLIC_URL", "base of links in invitations",
			func(c *Config, v string) (err error) { c.FrontendURL, err = parseBaseURL(v); return err }),
		absent("METRICS_ADDR", "on the main address, loopback callers only", "a separate address for `/metrics` and `/debug/pprof`",
			func(c *Config, v string) (err error) { c.MetricsAddr, err = parseAddr(v); return err }),
	}
}

func dataTable() []entry {
	return []entry{
		preset("DATABASE_URL", "sqlite://madeinlatino.db", "`sqlite://FILE` or `postgres://…`",
			func(c *Config, v string) (err error) { c.DatabaseURL, err = parseDatabaseURL(v); return err }),
		preset("RANKING_URL", "memory://", "where rankings are kept ready; this version has one way, which reads them from the database",
			func(c *Config, v string) (err error) { c.RankingURL, err = parseRankingURL(v); return err }),
		absent("SECRET_KEY", "generated beside the SQLite file",
			"32 bytes in base64: encrypts Twitter tokens at rest. Required with PostgreSQL. Several, separated by commas, allow rotation: the first encrypts",
			func(c *Config, v string) error {
				if v == "" {
					return nil
				}
				c.SecretKey = Secret(v)
				_, err := secret.Parse(v)
				return err
			}),
	}
}

func twitterTable() []entry {
	return []entry{
		absent("TWITTER_CONSUMER_KEY", "none: sandbox", "the app's key, together with its secret",
			func(c *Config, v string) error { c.Twitter.ConsumerKey = Secret(v); return nil }),
		absent("TWITTER_CONSUMER_SECRET", "none: sandbox", "the app's secret",
			func(c *Config, v string) error { c.Twitter.ConsumerSecret = Secret(v); return nil }),
		absent("TWITTER_API_URL", defaultAPIURL, "base of OAuth and the API; not with the sandbox",
			func(c *Config, v string) (err error) { c.Twitter.APIURL, err = parseBaseURL(v); return err }),
		absent("TWITTER_CALLBACK_URL", "PUBLIC_URL's own demo callback page", "the frontend's callback",
			func(c *Config, v string) (err error) { c.Twitter.CallbackURL, err = parseURL(v); return err }),
		absent("TWITTER_API_KINDS", "all", "which action kinds go by API, separated by commas; the others go by web intent",
			func(c *Config, v string) (err error) { c.Twitter.APIKinds, err = parseKinds(v); return err }),
		absent("TWITTER_SANDBOX", "loopback only", "`allow` lets the sandbox, and a generated SECRET_KEY, serve beyond loopback",
			func(c *Config, v string) (err error) { c.AllowSandbox, err = parseWord(v, "allow"); return err }),
	}
}

func accessTable() []entry {
	return []entry{
		absent("CORS_ORIGINS", "none", "origins of browsers that may call, separated by commas",
			func(c *Config, v string) (err error) { c.CORSOrigins, err = parseEach(v, parseCORSOrigin); return err }),
		absent("TRUSTED_PROXIES", "none", "networks or addresses, separated by commas, whose `X-Forwarded-*` count",
			func(c *Config, v string) (err error) { c.TrustedProxies, err = parseEach(v, parseNetwork); return err }),
		absent("RATE_LIMITS", "as documented", "`off` for load tests",
			func(c *Config, v string) error {
				off, err := parseWord(v, "off")
				c.RateLimits = !off
				return err
			}),
		absent("MAINTENANCE", "false", "everything but health, metrics and the webhook answers 503 with `Retry-After`",
			func(c *Config, v string) (err error) { c.Maintenance, err = parseBool(v, false); return err }),
	}
}

func behaviourTable() []entry {
	return []entry{
		absent("DEMO_DATA", "true with the sandbox on an empty database", "load the demo data",
			func(c *Config, v string) (err error) { c.DemoData, err = parseBool(v, false); return err }),
		preset("LOG_LEVEL", "info", "`debug`, `info`, `warn` or `error`",
			func(c *Config, v string) (err error) { c.LogLevel, err = parseLevel(v); return err }),
		absent("LOG_FORMAT", "text on a terminal, else json", "`text` or `json`",
			func(c *Config, v string) (err error) { c.LogFormat, err = parseFormat(v); return err }),
		absent("OTEL_EXPORTER_OTLP_ENDPOINT", "none: off", "traces; not in this version",
			func(_ *Config, v string) error {
				if v != "" {
					return fmt.Errorf("traces are not exported in this version: leave it empty")
				}
				return nil
			}),
		absent("GRAPHQL_INTROSPECTION", "true", "whether the schema can be asked for",
			func(c *Config, v string) (err error) { c.GraphQLIntrospection, err = parseBool(v, true); return err }),
		absent("GRAPHQL_PERSISTED_ONLY", "false", "only operations of the allow-list run; not in this version",
			func(_ *Config, v string) error {
				if on, err := parseBool(v, false); err != nil || !on {
					return err
				}
				return fmt.Errorf("there is no allow-list of operations in this version: leave it false")
			}),
	}
}

// preset is a variable whose default is a value that is read like any other.
func preset(name, value, meaning string, read func(*Config, string) error) entry {
	return entry{Variable: Variable{name, value, meaning}, preset: value, read: read}
}

// absent is a variable whose absence its reader, or Load, gives a meaning.
func absent(name, words, meaning string, read func(*Config, string) error) entry {
	return entry{Variable: Variable{name, words, meaning}, read: read}
}

// parseKinds reads the list of kinds; none means all that can be performed.
func parseKinds(text string) ([]fandom.Kind, error) {
	if text == "" {
		var kinds []fandom.Kind
		for _, k := range fandom.Kinds() {
			if k != fandom.KindMention {
				kinds = append(kinds, k)
			}
		}
		return kinds, nil
	}
	return parseEach(text, func(item string) (fandom.Kind, error) {
		kind := fandom.Kind(strings.ToUpper(item))
		if !kind.Valid() || kind == fandom.KindMention {
			return "", fmt.Errorf("%q is not a kind of action; they are TWEET, INVITE, RETWEET, LIKE, REPLY, QUOTE, FOLLOW, LINK and DIRECT", item)
		}
		return kind, nil
	})
}
