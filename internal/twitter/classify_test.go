package twitter

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	code := func(n int) string { return fmt.Sprintf(`{"errors":[{"code":%d,"message":"m"}]}`, n) }
	kind := func(s string) string {
		return `{"title":"t","detail":"d","type":"https://any.host/2/problems/` + s + `"}`
	}
	detail := func(s string) string {
		return `{"title":"Forbidden","type":"about:blank","status":403,"detail":"` + s + `"}`
	}
	tests := []struct {
		name   string
		status int
		write  bool
		body   string
		want   Class
	}{
		{"invalid token", 401, false, code(89), Revoked},
		{"v2 unauthorized", 401, true, `{"title":"Unauthorized","type":"about:blank","status":401,"detail":"Unauthorized"}`, Revoked},
		{"our clock", 401, true, code(135), Unavailable},
		{"suspended", 403, true, code(64), Suspended},
		{"other suspended", 403, true, code(63), Suspended},
		{"locked", 403, true, code(326), Suspended},
		{"already liked", 403, true, code(139), AlreadyDone},
		{"already requested", 403, true, code(160), AlreadyDone},
		{"already reposted", 403, true, code(327), AlreadyDone},
		{"already reposted in words", 400, true, detail("You have already retweeted this Tweet."), AlreadyDone},
		{"daily limit", 403, true, code(185), RateLimited},
		{"too long", 403, true, code(186), TooLong},
		{"too long in words", 403, true, detail("Your Tweet text is too long."), TooLong},
		{"duplicate", 403, true, code(187), Duplicate},
		{"duplicate in words", 403, true, detail("You are not allowed to create a Tweet with duplicate content."), Duplicate},
		{"automated", 403, true, code(226), Rejected},
		{"read only", 403, true, code(261), NotPermitted},
		{"reply to something gone", 403, true, code(385), NotFound},
		{"callback", 403, false, code(415), NotPermitted},
		{"callback as xml", 403, false, `<?xml version="1.0" encoding="UTF-8"?><errors><error code="415">Callback URL not approved</error></errors>`, NotPermitted},
		{"access level", 403, false, code(453), NotPermitted},
		{"code as a string", 403, false, `{"errors":[{"code":"453","message":"m"}]}`, NotPermitted},
		{"v1.1 not found", 404, false, code(144), NotFound},
		{"no such user", 404, false, code(50), NotFound},
		{"no such page", 404, false, code(34), NotFound},
		{"v1.1 limit", 429, false, code(88), RateLimited},
		{"v2 limit", 429, true, `{"title":"Too Many Requests","type":"about:blank"}`, RateLimited},
		{"limit type", 403, true, kind("rate-limit-exceeded"), RateLimited},
		{"capped", 429, true, kind("usage-capped"), OutOfCredit},
		{"no credit", 402, true, `{}`, OutOfCredit},
		{"not found type", 400, false, kind("resource-not-found"), NotFound},
		{"not authorized for it", 403, true, kind("not-authorized-for-resource"), NotPermitted},
		{"client forbidden", 403, true, kind("client-forbidden"), NotPermitted},
		{"permissions", 403, true, kind("oauth1-permissions"), NotPermitted},
		{"not permitted in words", 403, true, detail("You are not permitted to perform this action."), NotPermitted},
		{"replies limited", 403, true, detail("Reply to this conversation is not allowed because you have not been mentioned"), NotPermitted},
		{"reply gone in words", 403, true, detail("You attempted to reply to a Tweet that is deleted or not visible to you."), NotFound},
		{"other refusal", 400, true, `{"title":"Invalid Request"}`, Rejected},
		{"read 503", 503, false, `x`, Unavailable},
		{"write 503", 503, true, `x`, Uncertain},
		{"write 500 with a code", 500, true, code(187), Uncertain},
		{"redirect", 302, true, ``, Unavailable},
		{"odd errors on a read", 200, false, detail("odd"), Invalid},
		{"odd errors on a write", 200, true, detail("odd"), Uncertain},
		{"nonsense", 418, true, `<html>`, Rejected},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, classify(failureOf(tt.status, tt.write, []byte(tt.body))))
		})
	}
}

func TestRetryAt(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	unix := func(d time.Duration) string { return fmt.Sprint(now.Add(d).Unix()) }
	tests := []struct {
		name   string
		header http.Header
		want   time.Duration
	}{
		{"window", http.Header{"X-Rate-Limit-Reset": {unix(time.Minute)}}, time.Minute},
		{"seconds", http.Header{"Retry-After": {"90"}}, 90 * time.Second},
		{"date", http.Header{"Retry-After": {now.Add(time.Hour).Format(http.TimeFormat)}}, time.Hour},
		{"the later one", http.Header{"X-Rate-Limit-Reset": {unix(time.Minute)}, "Retry-After": {"90"}}, 90 * time.Second},
		{"used-up day", http.Header{"X-Rate-Limit-Reset": {unix(time.Minute)}, "X-User-Limit-24hour-Remaining": {"0"}, "X-User-Limit-24hour-Reset": {unix(5 * time.Hour)}}, 5 * time.Hour},
		{"day with some left", http.Header{"X-Rate-Limit-Reset": {unix(time.Minute)}, "X-User-Limit-24hour-Remaining": {"3"}, "X-User-Limit-24hour-Reset": {unix(5 * time.Hour)}}, time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, now.Add(tt.want), retryAt(tt.header, now))
		})
	}
	for _, odd := range []http.Header{{}, {"Retry-After": {"soon"}}, {"X-Rate-Limit-Reset": {"-5"}}, {"X-Rate-Limit-Reset": {"9999999999999999"}}} {
		assert.True(t, retryAt(odd, now).IsZero())
	}
}

func TestErrorHelpers(t *testing.T) {
	t.Parallel()
	limited := fmt.Errorf("perform: %w", &Error{Class: RateLimited, RetryAt: time.Unix(5, 0)})
	assert.Equal(t, RateLimited, ClassOf(limited))
	assert.Equal(t, time.Unix(5, 0), RetryAt(limited))
	assert.Equal(t, None, ClassOf(nil))
	assert.Equal(t, None, ClassOf(errors.New("x")))
	temporary := map[Class]bool{Unavailable: true, Uncertain: true, RateLimited: true, OutOfCredit: true, Invalid: true}
	for c := None; c <= Invalid; c++ {
		assert.Equal(t, temporary[c], IsTemporary(&Error{Class: c}), c.String())
		assert.NotContains(t, c.String(), "class(")
	}
	assert.Equal(t, "class(99)", Class(99).String())
	e := &Error{Class: NotFound, Status: 404, Code: 34, Detail: "gone", cause: context.Canceled}
	assert.Equal(t, "twitter: not found, status 404, code 34: gone: context canceled", e.Error())
	assert.ErrorIs(t, e, context.Canceled)
}

func TestClean(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "a [redacted] b", clean("a s3cret\nb", []string{"s3cret", ""}))
	long := clean(strings.Repeat("é", 400), nil)
	assert.LessOrEqual(t, len(long), maxDetail+len("…"))
	assert.NotContains(t, long, "\uFFFD")
}
