package fandom_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

func TestTwitterNames(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"karolg": "karolg", "@karolg": "karolg", "  @KarolG \n": "KarolG", "_": "_", "123456789012345": "123456789012345", "a_B_9": "a_B_9",
	} {
		name, ok := fandom.ParseTwitterUserName(text)
		require.True(t, ok, text)
		require.Equal(t, want, name)
	}
	for _, text := range []string{
		"", "@", "@@karolg", "@ karolg", "karol g", "1234567890123456", "karol-g", "karol.g", "ñejo", "karolg\x00", "a\nb", "ｋarolg", "<b>",
	} {
		_, ok := fandom.ParseTwitterUserName(text)
		require.False(t, ok, "%q", text)
	}
	require.Equal(t, fandom.NameKey("KarolG"), fandom.NameKey("karolg"))
}

func TestTweetIDs(t *testing.T) {
	t.Parallel()
	for id, valid := range map[string]bool{
		"1": true, "1234567890123456789": true, "": false, "12345678901234567890": false, "-1": false, "1.0": false, " 1": false, "1\n": false, "٣": false,
	} {
		require.Equal(t, valid, fandom.ValidTweetID(id), "%q", id)
	}
}

func TestSplitDisplayName(t *testing.T) {
	t.Parallel()
	for display, want := range map[string][2]string{
		"":                         {"", ""},
		"   ":                      {"", ""},
		"Rosalía":                  {"Rosalía", ""},
		"Juan Luis Guerra":         {"Juan", "Luis Guerra"},
		"  Ana   Gabriel  ":        {"Ana", "Gabriel"},
		"María del Mar  de la Luz": {"María", "del Mar  de la Luz"},
	} {
		first, last := fandom.SplitDisplayName(display)
		require.Equal(t, want, [2]string{first, last}, display)
	}
}

func TestWebAddresses(t *testing.T) {
	t.Parallel()
	for text, valid := range map[string]bool{
		"https://example.com": true, "http://example.com/a?b#c": true, "HTTPS://EXAMPLE.COM": true,
		"": false, "example.com": false, "//example.com": false, "javascript:alert(1)": false, "ftp://example.com": false, "https://": false,
		"https:///path": false, "https://exa mple.com": false, "https://example.com/" + strings.Repeat("x", 2000): false,
		"https://example.com/\n": false,
	} {
		require.Equal(t, valid, fandom.ValidWebAddress(text), "%q", text)
	}
}

func TestRetryDelay(t *testing.T) {
	t.Parallel()
	const middle = 0.5
	for attempts, want := range map[int]time.Duration{
		-1: 2 * time.Second, 0: 2 * time.Second, 1: 2 * time.Second, 2: 4 * time.Second, 3: 8 * time.Second, 8: 256 * time.Second,
		9: 512 * time.Second, 10: 15 * time.Minute, 11: 15 * time.Minute, 64: 15 * time.Minute, 1 << 40: 15 * time.Minute,
	} {
		require.Equal(t, want, fandom.RetryDelay(attempts, middle), attempts)
	}
	rapid.Check(t, func(rt *rapid.T) {
		attempts := rapid.IntRange(0, 2000).Draw(rt, "attempts")
		spread := rapid.Float64Range(0, 0.999999).Draw(rt, "spread")
		delay, center := fandom.RetryDelay(attempts, spread), fandom.RetryDelay(attempts, middle)
		require.InDelta(rt, float64(center), float64(delay), float64(center)/4+1)
		require.GreaterOrEqual(rt, fandom.RetryDelay(attempts+1, spread), delay, "it never shrinks")
		require.GreaterOrEqual(rt, delay, 1500*time.Millisecond)
		require.Less(rt, delay, 18*time.Minute+45*time.Second)
	})
}

func TestKinds(t *testing.T) {
	t.Parallel()
	creates, needs := map[fandom.Kind]bool{}, map[fandom.Kind]bool{}
	for _, kind := range fandom.Kinds() {
		require.True(t, kind.Valid())
		creates[kind], needs[kind] = kind.Creates(), kind.NeedsTweet()
	}
	require.Equal(t, map[fandom.Kind]bool{
		"TWEET": true, "INVITE": true, "REPLY": true, "QUOTE": true, "DIRECT": true,
		"RETWEET": false, "LIKE": false, "FOLLOW": false, "LINK": false, "MENTION": false,
	}, creates)
	require.Equal(t, map[fandom.Kind]bool{
		"RETWEET": true, "LIKE": true, "REPLY": true, "QUOTE": true,
		"TWEET": false, "INVITE": false, "DIRECT": false, "FOLLOW": false, "LINK": false, "MENTION": false,
	}, needs)
	for _, kind := range []fandom.Kind{"", "tweet", "POKE"} {
		require.False(t, kind.Valid())
	}
	worth := map[string]fandom.Points{}
	for _, actionType := range fandom.DefaultActionTypes() {
		require.True(t, actionType.Kind.Valid())
		worth[actionType.Type] = actionType.Points
	}
	require.Equal(t, map[string]fandom.Points{
		"TWEET_100": 10_00, "TWEET_150": 20_00, "RETWEET": 10_00, "LIKE": 5_00, "REPLY": 10_00, "QUOTE": 15_00,
		"FOLLOW": 40_00, "LINK": 5_00, "DIRECT_ACTION": 10_00, "MENTION": 5_00,
	}, worth)
}

func TestWorth(t *testing.T) {
	t.Parallel()
	action := fandom.ActionType{Points: 10_00}
	require.Equal(t, fandom.Points(10_00), fandom.Recommendation{Action: action}.Worth())
	require.Equal(t, fandom.Points(25), fandom.Recommendation{Action: action, Points: 25}.Worth())
	require.Equal(t, fandom.Points(-1), fandom.Recommendation{Action: action, Points: -1}.Worth())
}

func TestRecommendationCheck(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)
	before, after := now.Add(-time.Microsecond), now.Add(time.Microsecond)
	const user = 7
	for name, c := range map[string]struct {
		r    fandom.Recommendation
		want fandom.Code
	}{
		"for all":                      {fandom.Recommendation{}, ""},
		"for this user":                {fandom.Recommendation{ForUserID: ptr(user)}, ""},
		"for another":                  {fandom.Recommendation{ForUserID: ptr(8)}, fandom.NotFound},
		"begins now":                   {fandom.Recommendation{StartsAt: &now}, ""},
		"begins later":                 {fandom.Recommendation{StartsAt: &after}, fandom.NotFound},
		"ends later":                   {fandom.Recommendation{StartsAt: &before, EndsAt: &after}, ""},
		"ends now":                     {fandom.Recommendation{EndsAt: &now}, fandom.Gone},
		"has ended":                    {fandom.Recommendation{EndsAt: &before}, fandom.Gone},
		"is retired":                   {fandom.Recommendation{RetiredAt: &before}, fandom.Gone},
		"is retired before it began":   {fandom.Recommendation{RetiredAt: &before, StartsAt: &after}, fandom.NotFound},
		"another's that ended":         {fandom.Recommendation{ForUserID: ptr(8), EndsAt: &before}, fandom.NotFound},
		"a mention is never performed": {fandom.Recommendation{Action: fandom.ActionType{Kind: fandom.KindMention}}, fandom.NotFound},
	} {
		err := c.r.Check(user, now)
		if c.want == "" {
			require.NoError(t, err, name)
			continue
		}
		require.Equal(t, c.want, fandom.CodeOf(err), name)
		if c.want == fandom.Gone {
			require.Equal(t, fandom.ReasonEnded, fandom.AsError(err).Reason)
		}
	}
}

func TestActors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		actor       fandom.Actor
		user, admin fandom.Code
	}{
		"nobody":      {fandom.Actor{}, fandom.Unauthenticated, fandom.Unauthenticated},
		"a key alone": {fandom.Actor{KeyID: 3}, fandom.Unauthenticated, fandom.Unauthenticated},
		"a user":      {fandom.Actor{UserID: 1, KeyID: 3}, "", fandom.Forbidden},
		"an admin":    {fandom.Actor{AdminID: 2}, fandom.Unauthenticated, ""},
		"both":        {fandom.Actor{UserID: 1, KeyID: 3, AdminID: 2}, "", ""},
	} {
		ctx := fandom.WithActor(context.Background(), c.actor)
		require.Equal(t, c.actor, fandom.ActorFrom(ctx), name)
		actor, err := fandom.RequireUser(ctx)
		require.Equal(t, c.user, codeOf(err), name)
		require.Equal(t, c.actor, actor)
		_, err = fandom.RequireAdmin(ctx)
		require.Equal(t, c.admin, codeOf(err), name)
	}
	require.Zero(t, fandom.ActorFrom(context.Background()))
}

func codeOf(err error) fandom.Code {
	if err == nil {
		return ""
	}
	return fandom.CodeOf(err)
}

func TestErrors(t *testing.T) {
	t.Parallel()
	cause := errors.New("the cause")
	err := fandom.Errorf(fandom.Conflict, "No %d.", 5).For(fandom.ReasonTaken).After(time.Second).Because(cause)
	require.Equal(t, "No 5.", err.Message)
	require.EqualError(t, err, "No 5.: the cause")
	require.ErrorIs(t, err, cause)
	wrapped := fmt.Errorf("around: %w", err)
	require.Equal(t, fandom.Conflict, fandom.CodeOf(wrapped))
	require.Same(t, err, fandom.AsError(wrapped))
	require.Nil(t, fandom.AsError(cause))
	require.Equal(t, fandom.Internal, fandom.CodeOf(cause))
	require.Equal(t, []any{fandom.ReasonTaken, time.Second}, []any{err.Reason, err.RetryAfter})

	require.NoError(t, fandom.InvalidOrNil(nil))
	fields := fandom.AsError(fandom.InvalidOrNil([]fandom.FieldError{{Field: "b", Message: "2"}, {Field: "a", Message: "1"}, {Field: "b", Message: "3"}}))
	require.Equal(t, fandom.Invalid, fields.Code)
	require.Equal(t, "a: 1; b: 2; b: 3", fields.Message)
	require.Equal(t, "name: too 1", fandom.InvalidField("name", "too %d", 1).Error())
}

// pageOf reads a page of the numbers 0 to n-1 as services do: one beyond the
// limit, in the page's direction.
func pageOf(n int, p fandom.Page) fandom.List[string] {
	low, high := 0, n
	if p.After != nil {
		id, _ := p.After.ID()
		low = id + 1
	}
	if p.Before != nil {
		high, _ = p.Before.ID()
	}
	var rows []int
	if p.Backward {
		for i := high - 1; i >= low && len(rows) <= p.Limit; i-- {
			rows = append(rows, i)
		}
	} else {
		for i := low + p.Offset; i < high && len(rows) <= p.Limit; i++ {
			rows = append(rows, i)
		}
	}
	cursor := func(s string) fandom.Cursor { return fandom.Cursor{s} }
	return fandom.NewList(p, rows, strconv.Itoa, cursor, func(context.Context) (int, error) { return n, nil })
}

func TestPagesFitTogether(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n, limit := rapid.IntRange(0, 20).Draw(rt, "n"), rapid.IntRange(1, 6).Draw(rt, "limit")
		var forward, backward []string
		for page := (fandom.Page{Limit: limit}); ; {
			list := pageOf(n, page)
			require.Len(rt, list.Cursors, len(list.Items))
			require.Equal(rt, page.After != nil, list.HasPrevious)
			forward = append(forward, list.Items...)
			require.Equal(rt, len(forward) < n, list.HasNext)
			if !list.HasNext {
				break
			}
			page.After = list.Cursors[len(list.Cursors)-1]
		}
		for page := (fandom.Page{Limit: limit, Backward: true}); ; {
			list := pageOf(n, page)
			require.Equal(rt, page.Before != nil, list.HasNext)
			backward = append(append([]string{}, list.Items...), backward...)
			require.Equal(rt, len(backward) < n, list.HasPrevious)
			if !list.HasPrevious {
				break
			}
			page.Before = list.Cursors[0]
		}
		require.Len(rt, forward, n)
		require.ElementsMatch(rt, forward, backward)
		for i, item := range forward {
			require.Equal(rt, strconv.Itoa(i), item)
			require.Equal(rt, item, backward[i])
		}
	})
	offset := pageOf(10, fandom.Page{Limit: 3, Offset: 8})
	require.Equal(t, []string{"8", "9"}, offset.Items)
	require.True(t, offset.HasPrevious)
	require.False(t, offset.HasNext)
	count, err := offset.Count(t.Context())
	require.NoError(t, err)
	require.Equal(t, 10, count)
}

func TestIDCursors(t *testing.T) {
	t.Parallel()
	for _, id := range []int{0, 1, -5, 1<<62 + 3} {
		got, err := fandom.IDCursor(id).ID()
		require.NoError(t, err)
		require.Equal(t, id, got)
	}
	for _, cursor := range []fandom.Cursor{nil, {}, {""}, {"x"}, {"1", "2"}, {"1.5"}, {"99999999999999999999"}} {
		_, err := cursor.ID()
		require.Equal(t, fandom.Invalid, fandom.CodeOf(err))
	}
}

func TestMentions(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"@Karolina": true, "¡vamos @karolina!": true, "(@KAROLINA)": true, "con @karolina, siempre": true,
		"@karolina2": false, "@karolina_fans": false, "mail@karolina": false, "Karolina": false, "": false,
	} {
		require.Equal(t, want, fandom.Mentions(text, "Karolina"), text)
	}
}
