package sandbox

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestJournalKeepsTheState(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	open := func() *Sandbox { return newTestSandbox(t, func(c *Config) { c.JournalPath = path }) }
	s := open()
	fan, err := s.AddAccount(Account{UserName: "Fan", Email: "fan@example.com"})
	require.NoError(t, err)
	token, tokenSecret := s.Token(fan.ID)
	kept, err := s.AddTweet(Tweet{AuthorID: fan.ID, Text: "kept"})
	require.NoError(t, err)
	dropped, err := s.AddTweet(Tweet{AuthorID: fan.ID, Text: "dropped"})
	require.NoError(t, err)
	require.NoError(t, s.DeleteTweet(dropped.ID))
	require.NoError(t, s.Rename(fan.ID, "Fan2"))
	require.NoError(t, s.Close())

	// A kill in the middle of a write.
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = file.WriteString(`{"kind":"tweet","tweet":{"id":"1`)
	require.NoError(t, err)
	require.NoError(t, file.Close())

	for range 2 { // the torn line is gone for good
		s = open()
		again, ok := s.AccountByName("fan2")
		require.True(t, ok)
		assert.Equal(t, fan.ID, again.ID)
		assert.Equal(t, "fan@example.com", again.Email)
		_, ok = s.AccountByName("fan")
		assert.False(t, ok)
		t2, s2 := s.Token(fan.ID)
		assert.Equal(t, token+tokenSecret, t2+s2)
		assert.Equal(t, []Tweet{kept}, s.Tweets()[:1])
		next, err := s.AddTweet(Tweet{AuthorID: fan.ID, Text: "next"})
		require.NoError(t, err)
		assert.Greater(t, number(next.ID), number(dropped.ID), "ids go on from the last")
		require.NoError(t, s.Close())
	}
}

func TestJournalWithDamageIsRefused(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"not json":        "{\"kind\":\n{\"kind\":\"revoke\",\"id\":\"1\"}\n",
		"without subject": "{\"kind\":\"tweet\"}\n",
	} {
		path := filepath.Join(t.TempDir(), "journal.jsonl")
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		_, err := New(Config{JournalPath: path})
		assert.ErrorContains(t, err, "line 1", name)
	}
}

func TestAccountsAndIDs(t *testing.T) {
	t.Parallel()
	s := newTestSandbox(t)
	a, err := s.AddAccount(Account{UserName: "Harry"})
	require.NoError(t, err)
	assert.Greater(t, number(a.ID), int64(1)<<53)
	assert.Equal(t, "Harry", a.Name)
	same, err := newTestSandbox(t).AddAccount(Account{UserName: "hARRY"})
	require.NoError(t, err)
	assert.Equal(t, a.ID, same.ID, "the id comes from the lower-cased name alone")
	require.NoError(t, s.Rename(a.ID, "Styles"))
	taken, err := s.AddAccount(Account{UserName: "harry"})
	require.NoError(t, err)
	assert.NotEqual(t, a.ID, taken.ID, "a name that was given up can be taken by another")
	_, err = s.AddAccount(Account{ID: "5", UserName: "HARRY"})
	require.Error(t, err)
	_, err = s.AddAccount(Account{UserName: "not a name"})
	require.Error(t, err)
	_, err = s.AddAccount(Account{ID: "x", UserName: "ok"})
	require.Error(t, err)
	require.ErrorIs(t, s.Suspend("404"), ErrUnknown)
	require.ErrorIs(t, s.RevokeTokens("404"), ErrUnknown)
	require.ErrorIs(t, s.DeleteTweet("404"), ErrUnknown)
	token, _ := s.Token("404")
	assert.Empty(t, token)
	assert.Len(t, s.Accounts(), 2)

	last := int64(1) << 53
	for range 3 { // in one and the same millisecond
		tweet, err := s.AddTweet(Tweet{AuthorID: a.ID, Text: "again"})
		require.NoError(t, err)
		assert.Greater(t, number(tweet.ID), last)
		last = number(tweet.ID)
	}
}

func TestShownText(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "R&amp;B &lt;3 cafe\u0301"[:len("R&amp;B &lt;3 caf")]+"é", shownText(&Tweet{Text: " R&B <3 cafe\u0301\n"}))
	assert.Regexp(t, `^a https://t\.co/[0-9a-f]{10} b https://t\.co/[0-9a-f]{10}$`, shownText(&Tweet{Text: "a example.com/x?y=1&z=2 b", Quote: "5"}))
}
