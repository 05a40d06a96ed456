package twitter

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// SignatureHeader carries the signature of a webhook event.
const SignatureHeader = "X-Twitter-Webhooks-Signature"

// signaturePrefix names the algorithm in signatures and challenge answers.
const signaturePrefix = "sha256="

// ValidChallenge reports whether a crc_token looks like a token. The answer to
// the challenge is an HMAC under the very secret that signs events: answering
// anything would sign forged events for whoever asks.
func ValidChallenge(crcToken string) bool {
	return ofLength(crcToken, 200, func(b byte) bool {
		return nameByte(b) || strings.IndexByte("+/=.-", b) >= 0
	})
}

// ChallengeResponse returns the response_token for a challenge under the app's
// consumer secret. Check [ValidChallenge] first.
func ChallengeResponse(secret, crcToken string) string {
	return sign(secret, []byte(crcToken))
}

// VerifySignature reports whether header is the signature of the raw body under
// the app's consumer secret. It takes the same time whatever the header holds.
func VerifySignature(secret string, body []byte, header string) bool {
	return hmac.Equal([]byte(sign(secret, body)), []byte(header))
}

func sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return signaturePrefix + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
