package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/twitter"
	"madeinlatino.net/madeinlatino/internal/twitter/sandbox"
)

func TestLogin(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := t.Context()
	request, err := r.client.RequestToken(ctx)
	require.NoError(t, err)
	login := r.client.LoginURL(request.Token)
	assert.True(t, strings.HasPrefix(login, r.server.URL+"/sandbox/oauth/authenticate?oauth_token="))

	status, page := r.get(login)
	assert.Equal(t, http.StatusOK, status)
	for _, part := range []string{"@Fan", "Allow", "Deny", "viewport", request.Token} {
		assert.Contains(t, page, part)
	}
	assert.NotContains(t, page, "src=", "nothing is loaded from elsewhere")

	_, err = r.client.AccessToken(ctx, request, "guess")
	assert.Equal(t, twitter.Revoked, twitter.ClassOf(err), "not allowed yet")

	back := r.submit(url.Values{"oauth_token": {request.Token}, "username": {" @New_Fan "}, "decision": {"allow"}})
	assert.Equal(t, request.Token, back.Get("oauth_token"))
	status, page = r.get(login)
	assert.Equal(t, http.StatusForbidden, status, "answered already")
	assert.Contains(t, page, "cannot go on")

	_, err = r.client.AccessToken(ctx, request, "guess")
	assert.Equal(t, twitter.Revoked, twitter.ClassOf(err))
	_, err = r.client.AccessToken(ctx, twitter.Token{Token: request.Token, Secret: "other"}, back.Get("oauth_verifier"))
	assert.Equal(t, twitter.Revoked, twitter.ClassOf(err))
	token, err := r.client.AccessToken(ctx, request, back.Get("oauth_verifier"))
	require.NoError(t, err)
	_, err = r.client.AccessToken(ctx, request, back.Get("oauth_verifier"))
	assert.Equal(t, twitter.Revoked, twitter.ClassOf(err), "serves once")

	me, err := r.client.Me(ctx, token)
	require.NoError(t, err)
	assert.Equal(t, "New_Fan", me.UserName)
	known, ok := r.sandbox.AccountByName("new_fan")
	require.True(t, ok)
	assert.Equal(t, known.ID, me.ID)
	assert.Equal(t, r.clock.Now(), me.CreatedAt)
	status, image := r.get(me.ProfileImageURL)
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, image, "<svg")
	email, err := r.client.Email(ctx, token)
	require.NoError(t, err)
	assert.Equal(t, "new_fan@example.com", email)
}

func TestVerifierBelongsToItsLogin(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first, err := r.client.RequestToken(t.Context())
	require.NoError(t, err)
	second, err := r.client.RequestToken(t.Context())
	require.NoError(t, err)
	back := r.submit(url.Values{"oauth_token": {first.Token}, "account": {r.fan.ID}, "decision": {"allow"}})
	r.submit(url.Values{"oauth_token": {second.Token}, "account": {r.artist.ID}, "decision": {"allow"}})
	_, err = r.client.AccessToken(t.Context(), second, back.Get("oauth_verifier"))
	assert.Equal(t, twitter.Revoked, twitter.ClassOf(err))
	token, err := r.client.AccessToken(t.Context(), first, back.Get("oauth_verifier"))
	require.NoError(t, err)
	assert.Equal(t, r.token, token, "the fan's token is still good, and the same")
}

func TestLoginRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	request, err := r.client.RequestToken(t.Context())
	require.NoError(t, err)
	back := r.submit(url.Values{"oauth_token": {request.Token}, "decision": {"deny"}})
	assert.Equal(t, request.Token, back.Get("denied"))
	assert.Empty(t, back.Get("oauth_verifier"))
	status, _ := r.get(r.client.LoginURL(request.Token))
	assert.Equal(t, http.StatusForbidden, status)
	status, _ = r.get(r.client.LoginURL("unknown"))
	assert.Equal(t, http.StatusForbidden, status)

	late, err := r.client.RequestToken(t.Context())
	require.NoError(t, err)
	form := url.Values{"oauth_token": {late.Token}, "decision": {"allow"}}
	for _, name := range []string{"", "not a name", "sixteen_letters_"} {
		form.Set("username", name)
		status, page := r.browse(http.MethodPost, r.server.URL+"/sandbox/oauth/authorize", form)
		assert.Equal(t, http.StatusUnprocessableEntity, status)
		assert.Contains(t, page, `role="alert"`)
	}
	r.clock.advance(16 * time.Minute)
	status, _ = r.get(r.client.LoginURL(late.Token))
	assert.Equal(t, http.StatusForbidden, status, "too old")

	other := r.newClient(func(c *twitter.Config) { c.CallbackURL = "http://elsewhere.example/" })
	_, err = other.RequestToken(t.Context())
	assert.Equal(t, twitter.NotPermitted, twitter.ClassOf(err))
	var refused *twitter.Error
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, 415, refused.Code)
	other = r.newClient(func(c *twitter.Config) { c.ConsumerSecret = "wrong" })
	_, err = other.RequestToken(t.Context())
	assert.Equal(t, twitter.Revoked, twitter.ClassOf(err))
	_, err = other.UserByName(t.Context(), twitter.Token{}, "fan")
	assert.Equal(t, twitter.Unavailable, twitter.ClassOf(err))
}

func TestPosts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := t.Context()
	target := r.artistTweet()
	drafts := []twitter.Draft{
		{Text: "R&B <3 cafe\u0301 https://example.com/?a=1&b=2"},
		{Text: "a reply", InReplyTo: target},
		{Text: "a quote", Quote: target},
		{Quote: target},
	}
	for i, d := range drafts {
		r.clock.advance(time.Second)
		made, err := r.client.Post(ctx, r.token, d)
		require.NoError(t, err)
		assert.Equal(t, r.clock.Now(), made.CreatedAt, "from the id")
		for _, token := range []twitter.Token{r.token, {}} {
			read, err := r.client.PostByID(ctx, token, made.ID)
			require.NoError(t, err)
			assert.Equal(t, r.fan.ID, read.AuthorID)
			for j, other := range drafts {
				assert.Equal(t, i == j, other.Matches(read), "%+v against %+v", other, read)
			}
		}
	}
	require.NoError(t, r.client.Repost(ctx, r.token, r.fan.ID, target))
	posts, err := r.client.LatestPosts(ctx, r.token, r.fan.ID, 3)
	require.NoError(t, err)
	require.Len(t, posts, 3)
	assert.Equal(t, target, posts[0].RepostOf, "newest first")
	assert.True(t, drafts[3].Matches(posts[1]))
	none, err := r.client.LatestPosts(ctx, twitter.Token{}, mustAccount(r, "silent").ID, 5)
	require.NoError(t, err)
	assert.Empty(t, none)

	mine := r.sandbox.TweetsBy(r.fan.ID)
	require.Len(t, mine, 4, "reposts are no posts")
	assert.Equal(t, drafts[0].Text, mine[0].Text, "as it was sent")
	require.NoError(t, r.client.DeletePost(ctx, r.token, mine[0].ID))
	_, err = r.client.PostByID(ctx, r.token, mine[0].ID)
	assert.Equal(t, twitter.NotFound, twitter.ClassOf(err))
	assert.Len(t, r.sandbox.Tweets(), 4)
}

func mustAccount(r *rig, name string) sandbox.Account {
	a, _ := r.account(name)
	return a
}

func TestPostsThatTwitterRefuses(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := t.Context()
	post := func(d twitter.Draft) twitter.Class {
		_, err := r.client.Post(ctx, r.token, d)
		return twitter.ClassOf(err)
	}
	assert.Equal(t, twitter.None, post(twitter.Draft{Text: strings.Repeat("é", 257) + " https://example.com/" + strings.Repeat("x", 99)})-twitter.TooLong)
	assert.Equal(t, twitter.None, post(twitter.Draft{Text: strings.Repeat("é", 256) + " https://example.com/" + strings.Repeat("x", 99)}))
	assert.Equal(t, twitter.TooLong, post(twitter.Draft{Text: strings.Repeat("西", 141)}))
	assert.Equal(t, twitter.None, post(twitter.Draft{Text: strings.Repeat("👨‍👩‍👧‍👦", 140)}))
	assert.Equal(t, twitter.Rejected, post(twitter.Draft{Text: "  "}))
	assert.Equal(t, twitter.NotFound, post(twitter.Draft{Text: "a", InReplyTo: "404"}))
	assert.Equal(t, twitter.NotFound, post(twitter.Draft{Text: "a", Quote: "404"}))

	assert.Equal(t, twitter.None, post(twitter.Draft{Text: "again"}))
	assert.Equal(t, twitter.Duplicate, post(twitter.Draft{Text: " again\n"}))
	r.clock.advance(24 * time.Hour)
	assert.Equal(t, twitter.None, post(twitter.Draft{Text: "again"}), "a day later")

	require.NoError(t, r.sandbox.RevokeTokens(r.fan.ID))
	assert.Equal(t, twitter.Revoked, post(twitter.Draft{Text: "b"}))
	require.NoError(t, r.sandbox.Suspend(r.artist.ID))
	token, secret := r.sandbox.Token(r.artist.ID)
	_, err := r.client.Post(ctx, twitter.Token{Token: token, Secret: secret}, twitter.Draft{Text: "b"})
	assert.Equal(t, twitter.Suspended, twitter.ClassOf(err))
}

func TestActs(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := t.Context()
	target := r.artistTweet()
	require.NoError(t, r.client.Repost(ctx, r.token, r.fan.ID, target))
	assert.Equal(t, twitter.AlreadyDone, twitter.ClassOf(r.client.Repost(ctx, r.token, r.fan.ID, target)))
	for range 2 {
		require.NoError(t, r.client.Like(ctx, r.token, r.fan.ID, target))
		require.NoError(t, r.client.Follow(ctx, r.token, r.fan.ID, r.artist.ID))
	}
	want := func(target string) []sandbox.Act {
		return []sandbox.Act{{UserID: r.fan.ID, Target: target, At: r.clock.Now()}}
	}
	assert.Equal(t, want(target), r.sandbox.Reposts())
	assert.Equal(t, want(target), r.sandbox.Likes())
	assert.Equal(t, want(r.artist.ID), r.sandbox.Follows())

	assert.Equal(t, twitter.NotFound, twitter.ClassOf(r.client.Repost(ctx, r.token, r.fan.ID, "404")))
	assert.Equal(t, twitter.NotFound, twitter.ClassOf(r.client.Like(ctx, r.token, r.fan.ID, "404")))
	assert.Equal(t, twitter.NotFound, twitter.ClassOf(r.client.Follow(ctx, r.token, r.fan.ID, "404")))
	assert.Equal(t, twitter.Rejected, twitter.ClassOf(r.client.Like(ctx, r.token, r.artist.ID, target)), "for another")
	assert.Equal(t, twitter.Rejected, twitter.ClassOf(r.client.Follow(ctx, r.token, r.fan.ID, r.fan.ID)))

	shy, err := r.sandbox.AddAccount(sandbox.Account{UserName: "shy", Protected: true})
	require.NoError(t, err)
	require.NoError(t, r.client.Follow(ctx, r.token, r.fan.ID, shy.ID), "asked")
	hidden, err := r.sandbox.AddTweet(sandbox.Tweet{AuthorID: shy.ID, Text: "psst"})
	require.NoError(t, err)
	_, err = r.client.PostByID(ctx, r.token, hidden.ID)
	assert.Equal(t, twitter.NotPermitted, twitter.ClassOf(err))
}

func TestReadingAccounts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := t.Context()
	for _, token := range []twitter.Token{r.token, {}} {
		byName, err := r.client.UserByName(ctx, token, "hARRY")
		require.NoError(t, err)
		byID, err := r.client.UserByID(ctx, token, r.artist.ID)
		require.NoError(t, err)
		assert.Equal(t, byName, byID)
		assert.Equal(t, "Harry Display", byName.Name)
	}
	_, err := r.client.UserByName(ctx, r.token, "nobody")
	assert.Equal(t, twitter.NotFound, twitter.ClassOf(err))
	require.NoError(t, r.sandbox.Rename(r.artist.ID, "Styles"))
	_, err = r.client.UserByName(ctx, twitter.Token{}, "harry")
	assert.Equal(t, twitter.NotFound, twitter.ClassOf(err))

	list, err := r.client.UsersByIDs(ctx, twitter.Token{}, []string{r.fan.ID, "404", r.artist.ID})
	require.NoError(t, err)
	require.Len(t, list, 2)
	assert.Equal(t, "Styles", list[1].UserName)
	list, err = r.client.UsersByIDs(ctx, twitter.Token{}, []string{"404"})
	require.NoError(t, err)
	assert.Empty(t, list)
	require.NoError(t, r.sandbox.Suspend(r.artist.ID))
	_, err = r.client.UserByID(ctx, r.token, r.artist.ID)
	assert.Equal(t, twitter.NotFound, twitter.ClassOf(err))
}

func TestFollowersByPages(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, name := range []string{"one", "two", "three"} {
		a, token := r.account(name)
		require.NoError(t, r.client.Follow(t.Context(), token, a.ID, r.artist.ID))
	}
	var names []string
	for page := ""; ; {
		list, next, err := r.client.Followers(t.Context(), twitter.Token{}, r.artist.ID, page, 2)
		require.NoError(t, err)
		for _, a := range list {
			names = append(names, a.UserName)
		}
		if page = next; page == "" {
			break
		}
	}
	assert.Equal(t, []string{"three", "two", "one"}, names)
}

func TestPagesForPeopleAndScripts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, err := r.client.Post(t.Context(), r.token, twitter.Draft{Text: "<b>hola</b>"})
	require.NoError(t, err)
	status, page := r.get(r.server.URL + "/sandbox/")
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, page, "&lt;b&gt;hola")
	assert.Contains(t, page, "@Harry")
	status, list := r.get(r.server.URL + "/sandbox/tweets.json?limit=1")
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, list, `"text":"<b>hola</b>"`)
	status, _ = r.get(r.server.URL + "/sandbox/nowhere")
	assert.Equal(t, http.StatusNotFound, status)
}

// What the client takes for too long and what the sandbox takes for too long
// come from different code, and have to agree.
func TestBothCountTheSame(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, unit := range []string{"a", "é", "西", "😀", "👍🏽", "🇲🇽", "1️⃣", "❤️‍🔥", "©", "“", "\u200E", "https://example.com/abc ", "x.com "} {
		n := twitter.MaxWeight / twitter.Weight(unit)
		fits := strings.Repeat(unit, n)
		_, err := r.client.Post(t.Context(), r.token, twitter.Draft{Text: fits})
		require.NoError(t, err, "%q, %d", unit, twitter.Weight(fits))
		_, err = r.client.Post(t.Context(), r.token, twitter.Draft{Text: fits + strings.Repeat("z", twitter.MaxWeight-twitter.Weight(fits)+1)})
		assert.Equal(t, twitter.TooLong, twitter.ClassOf(err), unit)
	}
}
