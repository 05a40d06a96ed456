package sandbox

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The published vectors: Twitter's documentation (computed again for the host
// api.x.com) and RFC 5849, section 1.2.
func TestSignatureVectors(t *testing.T) {
	t.Parallel()
	oauth := func(key, token, timestamp, nonce string, more ...param) []param {
		params := []param{
			{"oauth_consumer_key", key}, {"oauth_signature_method", "HMAC-SHA1"},
			{"oauth_timestamp", timestamp}, {"oauth_nonce", nonce}, {"realm", "not signed"}, {"oauth_signature", "nor this"},
		}
		if token != "" {
			params = append(params, param{"oauth_token", token})
		}
		return append(params, more...)
	}
	const (
		twitterSecret      = "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw"
		twitterTokenSecret = "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE"
		rfcKey             = "dpf43f3p2l4k3l03"
		rfcSecret          = "kd94hf93k423kf44"
	)
	status := oauth("xvz1evFS4wEEPTGEFPHBog", "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb", "1318622958",
		"kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg", param{"oauth_version", "1.0"}, param{"include_entities", "true"},
		param{"status", "Hello Ladies + Gentlemen, a signed OAuth request!"})
	tests := []struct {
		name, method, scheme, host, path string
		params                           []param
		secret, tokenSecret, want        string
	}{
		{"api.x.com", "POST", "https", "api.x.com", "/1.1/statuses/update.json", status, twitterSecret, twitterTokenSecret, "Ls93hJiZbQ3akF3HF3x1Bz8/zU4="},
		{"default port and case do not count", "post", "HTTPS", "API.x.com:443", "/1.1/statuses/update.json", status, twitterSecret, twitterTokenSecret, "Ls93hJiZbQ3akF3HF3x1Bz8/zU4="},
		{"api.twitter.com", "POST", "https", "api.twitter.com", "/1.1/statuses/update.json", status, twitterSecret, twitterTokenSecret, "hCtSmYh+iHYCEqBWrE7C7hYmtUk="},
		{
			"temporary credentials", "POST", "https", "photos.example.net", "/initiate",
			oauth(rfcKey, "", "137131200", "wIjqoS", param{"oauth_callback", "http://printer.example.com/ready"}), rfcSecret, "", "74KNZJeDHnMBp0EMJ9ZHt/XKycU=",
		},
		{
			"token credentials", "POST", "https", "photos.example.net", "/token",
			oauth(rfcKey, "hh5s93j4hdidpola", "137131201", "walatlh", param{"oauth_verifier", "hfdp7dh39dks9884"}), rfcSecret, "hdhd0244k9j7ao03", "gKgrFCywp7rO0OXSjdot/IHF7IU=",
		},
		{
			"a photo", "GET", "http", "photos.example.net", "/photos",
			oauth(rfcKey, "nnch734d00sl2jdk", "137131202", "chapoH", param{"file", "vacation.jpg"}, param{"size", "original"}), rfcSecret, "pfkkdhi9sl3r4s00", "MdpQcU8iPSUjWoN/UDMsK2sui9I=",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			base := baseString(tt.method, tt.scheme, tt.host, tt.path, tt.params)
			assert.Equal(t, tt.want, hmacSHA1(base, tt.secret, tt.tokenSecret))
		})
	}
}

// RFC 5849, section 3.4.1.1: repeated names, empty values, plus signs.
func TestBaseStringOfTheRFC(t *testing.T) {
	t.Parallel()
	header, signed, err := parseAuthorization(`OAuth realm="Example", oauth_consumer_key="9djdj82h48djs9d2", oauth_token="kkk9d7dh3k39sjv7",` +
		` oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="7d8f3e4a", oauth_signature="bYT5CMsGcbgUdFHObYMEfcx6bsw%3D"`)
	require.NoError(t, err)
	require.True(t, signed)
	query, err := parseForm("b5=%3D%253D&a3=a&c%40=&a2=r%20b")
	require.NoError(t, err)
	form, err := parseForm("c2&a3=2+q")
	require.NoError(t, err)
	all := append(append(header, query...), form...)
	assert.Equal(t, "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26"+
		"oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26"+
		"oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7", baseString("POST", "http", "example.com", "/request", all))
	assert.Equal(t, "bYT5CMsGcbgUdFHObYMEfcx6bsw=", value(header, "oauth_signature"))
}

func TestParseAuthorizationRefuses(t *testing.T) {
	t.Parallel()
	_, signed, err := parseAuthorization("Bearer abc")
	assert.False(t, signed)
	assert.NoError(t, err)
	for _, bad := range []string{`OAuth a=b`, `OAuth a="b`, `OAuth "`, `OAuth a="%zz"`, `OAuth `} {
		_, _, err := parseAuthorization(bad)
		assert.Error(t, err, bad)
	}
}
