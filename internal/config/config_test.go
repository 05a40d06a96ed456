package config_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/config"
	"madeinlatino.net/madeinlatino/internal/fandom"
)

type env map[string]string

func (e env) get(name string) string { return e[name] }

// with gives a copy with more variables.
func (e env) with(more env) env {
	all := env{}
	for _, m := range []env{e, more} {
		for k, v := range m {
			all[k] = v
		}
	}
	return all
}

var (
	key1 = base64.StdEncoding.EncodeToString([]byte(strings.Repeat("a", 32)))
	key2 = base64.StdEncoding.EncodeToString([]byte(strings.Repeat("b", 32)))

	// production is a minimal environment in which nothing is loopback.
	production = env{
		"LISTEN_ADDR": "0.0.0.0:80", "PUBLIC_URL": "https://api.example.com",
		"DATABASE_URL":         "postgres://mil:hunter2@db:5432/mil",
		"TWITTER_CONSUMER_KEY": "the-key", "TWITTER_CONSUMER_SECRET": "the-secret", "SECRET_KEY": key1,
	}
)

func TestDefaults(t *testing.T) {
	t.Parallel()
	c, err := config.Load(env{}.get)
	require.NoError(t, err)

	assert.Equal(t, "127.0.0.1:8080", c.ListenAddr)
	assert.Equal(t, "sqlite://madeinlatino.db", c.DatabaseURL.Reveal())
	assert.Equal(t, "memory://", c.RankingURL)
	assert.True(t, c.Twitter.Sandbox())
	assert.Empty(t, c.Twitter.APIURL)
	assert.Len(t, c.Twitter.APIKinds, len(fandom.Kinds())-1, "all that can be performed")
	assert.Equal(t, slog.LevelInfo, c.LogLevel)
	assert.Empty(t, c.LogFormat)
	assert.True(t, c.DemoData)
	assert.True(t, c.RateLimits)
	assert.True(t, c.GraphQLIntrospection)
	assert.False(t, c.Maintenance)
	assert.True(t, c.LoopbackOnly())
	assert.False(t, c.Secure())
	assert.False(t, c.Postgres())

	c = c.WithListenAddr("127.0.0.1:4711")
	assert.Equal(t, "127.0.0.1:4711", c.ListenAddr)
	assert.Equal(t, "http://127.0.0.1:4711", c.PublicURL)
	assert.Equal(t, "http://127.0.0.1:4711", c.FrontendURL)
	assert.Equal(t, "http://127.0.0.1:4711/demo/callback/", c.Twitter.CallbackURL)
}

func TestProduction(t *testing.T) {
	t.Parallel()
	c, err := config.Load(production.get)
	require.NoError(t, err)
	c = c.WithListenAddr("[::]:80")

	assert.Equal(t, "https://api.example.com", c.PublicURL)
	assert.Equal(t, "https://api.example.com", c.FrontendURL)
	assert.Equal(t, "https://api.example.com/demo/callback/", c.Twitter.CallbackURL)
	assert.Equal(t, "https://api.x.com", c.Twitter.APIURL)
	assert.False(t, c.Twitter.Sandbox())
	assert.False(t, c.DemoData, "demo data come with the sandbox")
	assert.False(t, c.LoopbackOnly())
	assert.True(t, c.Secure())
	assert.True(t, c.Postgres())
}

func TestPublicURLOfEveryAddress(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		"0.0.0.0:81": "http://localhost:81", "[::]:81": "http://localhost:81", ":81": "http://localhost:81",
		"10.1.2.3:81": "http://10.1.2.3:81", "[::1]:81": "http://[::1]:81",
	} {
		assert.Equal(t, want, config.Config{}.WithListenAddr(addr).PublicURL, addr)
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, value string
		want        any
		get         func(config.Config) any
	}{
		{"LISTEN_ADDR", "localhost:0", "localhost:0", func(c config.Config) any { return c.ListenAddr }},
		{"LISTEN_ADDR", " [::1]:80\n", "[::1]:80", func(c config.Config) any { return c.ListenAddr }},
		{"PUBLIC_URL", "http://localhost:9/", "http://localhost:9", func(c config.Config) any { return c.PublicURL }},
		{"FRONTEND_URL", "https://fans.example.com/app/", "https://fans.example.com/app", func(c config.Config) any { return c.FrontendURL }},
		{"METRICS_ADDR", ":9090", ":9090", func(c config.Config) any { return c.MetricsAddr }},
		{"DATABASE_URL", "sqlite:///var/lib/mil.db", "sqlite:///var/lib/mil.db", func(c config.Config) any { return c.DatabaseURL.Reveal() }},
		{"SECRET_KEY", key1 + ", " + key2, key1 + ", " + key2, func(c config.Config) any { return c.SecretKey.Reveal() }},
		{"TWITTER_CALLBACK_URL", "https://fans.example.com/callback?x=1", "https://fans.example.com/callback?x=1",
			func(c config.Config) any { return c.Twitter.CallbackURL }},
		{"TWITTER_API_KINDS", "tweet, LIKE,,tweet", []fandom.Kind{fandom.KindTweet, fandom.KindLike},
			func(c config.Config) any { return c.Twitter.APIKinds }},
		{"TWITTER_SANDBOX", "allow", true, func(c config.Config) any { return c.AllowSandbox }},
		{"CORS_ORIGINS", "https://A.example.com:443/, http://b.example.com:80,http://b.example.com:8080",
			[]string{"https://a.example.com", "http://b.example.com", "http://b.example.com:8080"},
			func(c config.Config) any { return c.CORSOrigins }},
		{"TRUSTED_PROXIES", "10.1.2.3/8, 192.0.2.7,::1,2001:db8::/32", []netip.Prefix{
			netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.7/32"),
			netip.MustParsePrefix("::1/128"), netip.MustParsePrefix("2001:db8::/32"),
		}, func(c config.Config) any { return c.TrustedProxies }},
		{"RATE_LIMITS", "off", false, func(c config.Config) any { return c.RateLimits }},
		{"MAINTENANCE", "true", true, func(c config.Config) any { return c.Maintenance }},
		{"DEMO_DATA", "false", false, func(c config.Config) any { return c.DemoData }},
		{"LOG_LEVEL", "Debug", slog.LevelDebug, func(c config.Config) any { return c.LogLevel }},
		{"LOG_LEVEL", "warn", slog.LevelWarn, func(c config.Config) any { return c.LogLevel }},
		{"LOG_LEVEL", "error", slog.LevelError, func(c config.Config) any { return c.LogLevel }},
		{"LOG_FORMAT", "json", "json", func(c config.Config) any { return c.LogFormat }},
		{"GRAPHQL_INTROSPECTION", "false", false, func(c config.Config) any { return c.GraphQLIntrospection }},
		{"GRAPHQL_PERSISTED_ONLY", "false", true, func(config.Config) any { return true }},
	} {
		t.Run(tt.name+"="+tt.value, func(t *testing.T) {
			t.Parallel()
			c, err := config.Load(env{tt.name: tt.value}.get)
			require.NoError(t, err)
			assert.Equal(t, tt.want, tt.get(c))
		})
	}
}

func TestRefusedValues(t *testing.T) {
	t.Parallel()
	for name, values := range map[string][]string{
		"LISTEN_ADDR":                 {"8080", "localhost", "localhost:http", "localhost:70000", "http://localhost:80", "127.0.0.1:-1"},
		"PUBLIC_URL":                  {"localhost:80", "ftp://localhost", "http://", "http://localhost/x", "http://localhost?x=1", "/x", "http://me:pw@localhost"},
		"FRONTEND_URL":                {"fans.example.com", "https://fans.example.com?x=1", "https://fans.example.com#x"},
		"METRICS_ADDR":                {"9090"},
		"DATABASE_URL":                {"mysql://x", "madeinlatino.db", "sqlite://", "sqlite://:memory:", "postgres://", "postgres://u:p%zz@h/d"},
		"RANKING_URL":                 {"redis://localhost", "rediss://:hunter2@localhost", "memory://x", "memory"},
		"SECRET_KEY":                  {"hunter2", key1[:40], key1 + "," + "hunter2", key1 + ","},
		"TWITTER_CALLBACK_URL":        {"app://callback", "callback"},
		"TWITTER_API_KINDS":           {"TWEET,DANCE", "MENTION"},
		"TWITTER_SANDBOX":             {"true", "yes"},
		"CORS_ORIGINS":                {"*", "example.com", "https://example.com/x", "null"},
		"TRUSTED_PROXIES":             {"proxy.local", "10.0.0.0/33", "fe80::1%eth0", "::ffff:10.0.0.0/104"},
		"RATE_LIMITS":                 {"on", "false"},
		"MAINTENANCE":                 {"on"},
		"DEMO_DATA":                   {"maybe"},
		"LOG_LEVEL":                   {"loud"},
		"LOG_FORMAT":                  {"xml"},
		"OTEL_EXPORTER_OTLP_ENDPOINT": {"http://localhost:4317"},
		"GRAPHQL_INTROSPECTION":       {"2"},
		"GRAPHQL_PERSISTED_ONLY":      {"true", "perhaps"},
		"TWITTER_API_URL":             {"api.x.com", "http://localhost:1"}, // the second since the sandbox is on
		"TWITTER_CONSUMER_KEY":        {"alone"},
		"TWITTER_CONSUMER_SECRET":     {"alone"},
	} {
		for _, value := range values {
			t.Run(name+"="+value, func(t *testing.T) {
				t.Parallel()
				_, err := config.Load(env{name: value}.get)
				var e *config.Error
				require.ErrorAs(t, err, &e)
				switch name { // either alone: the other one is what is missing
				case "TWITTER_CONSUMER_KEY":
					assert.Equal(t, "TWITTER_CONSUMER_SECRET", e.Variable)
				case "TWITTER_CONSUMER_SECRET":
					assert.Equal(t, "TWITTER_CONSUMER_KEY", e.Variable)
				default:
					assert.Equal(t, name, e.Variable)
				}
				assert.NotContains(t, err.Error(), "\n")
				assert.NotContains(t, err.Error(), "hunter2")
				assert.NotContains(t, err.Error(), key1[:40])
			})
		}
	}
}

func TestEveryWrongVariableHasItsLine(t *testing.T) {
	t.Parallel()
	_, err := config.Load(env{"LISTEN_ADDR": "x", "LOG_LEVEL": "x", "SECRET_KEY": "x"}.get)
	require.Error(t, err)
	lines := strings.Split(err.Error(), "\n")
	require.Len(t, lines, 3)
	for i, name := range []string{"LISTEN_ADDR", "SECRET_KEY", "LOG_LEVEL"} {
		assert.True(t, strings.HasPrefix(lines[i], name+": "), lines[i])
	}
}

func TestSandboxAndGeneratedKeysStayLocal(t *testing.T) {
	t.Parallel()
	realTwitter := env{"TWITTER_CONSUMER_KEY": "k", "TWITTER_CONSUMER_SECRET": "s"}
	for _, tt := range []struct {
		name    string
		env     env
		refused string // the variable that is named, empty where it starts
	}{
		{"loopback", env{"LISTEN_ADDR": "[::1]:0", "PUBLIC_URL": "http://localhost:8080"}, ""},
		{"any address", env{"LISTEN_ADDR": ":8080"}, "LISTEN_ADDR"},
		{"a name", env{"LISTEN_ADDR": "example.com:80"}, "LISTEN_ADDR"},
		{"a tunnel's URL", env{"PUBLIC_URL": "https://abc.tunnel.example"}, "PUBLIC_URL"},
		{"looks like loopback", env{"PUBLIC_URL": "http://127.0.0.1.example.com"}, "PUBLIC_URL"},
		{"the sandbox with a key", env{"LISTEN_ADDR": ":80", "SECRET_KEY": key1}, "LISTEN_ADDR"},
		{"real Twitter, generated key", realTwitter.with(env{"LISTEN_ADDR": ":80"}), "LISTEN_ADDR"},
		{"real Twitter, own key", realTwitter.with(env{"LISTEN_ADDR": ":80", "SECRET_KEY": key1}), ""},
		{"allowed", env{"LISTEN_ADDR": ":80", "PUBLIC_URL": "https://a.example", "TWITTER_SANDBOX": "allow"}, ""},
		{"PostgreSQL needs a key", env{"DATABASE_URL": "postgres://h/d"}, "SECRET_KEY"},
		{"whatever is allowed", env{"DATABASE_URL": "postgres://h/d", "TWITTER_SANDBOX": "allow"}, "SECRET_KEY"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := config.Load(tt.env.get)
			if tt.refused == "" {
				require.NoError(t, err)
				assert.Equal(t, tt.name == "loopback", c.LoopbackOnly())
				return
			}
			var e *config.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, tt.refused, e.Variable)
		})
	}
}

func TestSecretsShowNothing(t *testing.T) {
	t.Parallel()
	c, err := config.Load(production.get)
	require.NoError(t, err)

	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "config", c, "key", c.SecretKey)
	text, err := json.Marshal(c)
	require.NoError(t, err)
	all := strings.Join([]string{
		fmt.Sprintf("%v %+v %#v %s %q %x", c, c, c, c.SecretKey, c.SecretKey, c.SecretKey), log.String(), string(text),
		errors.Join(&config.Error{Variable: "X", Problem: "y"}).Error(),
	}, "\n")
	for _, secret := range []string{"hunter2", "the-secret", "the-key", key1, fmt.Sprintf("%x", key1)} {
		assert.NotContains(t, all, secret)
	}
	assert.Contains(t, all, "[redacted]")
	assert.Empty(t, config.Secret("").String())
}

func TestDocListsEveryVariableOnce(t *testing.T) {
	t.Parallel()
	asked := map[string]bool{}
	_, err := config.Load(func(name string) string { asked[name] = true; return "" })
	require.NoError(t, err)

	listed := map[string]bool{}
	for _, v := range config.Doc() {
		assert.False(t, listed[v.Name], v.Name)
		listed[v.Name] = true
		assert.NotEmpty(t, v.Default, v.Name)
		assert.NotEmpty(t, v.Meaning, v.Name)
	}
	assert.Equal(t, asked, listed)
}
