package admin

import (
	"context"
	"testing"

	"github.com/alexedwards/argon2id"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

func TestHasherTakesTurns(t *testing.T) {
	t.Parallel()
	h, err := newHasher(&argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	require.NoError(t, err)
	var finished []func()
	for range hashesAtOnce {
		done, err := h.turn(t.Context())
		require.NoError(t, err)
		finished = append(finished, done)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = h.hash(gone, "a password")
	assert.Equal(t, fandom.Unavailable, fandom.CodeOf(err), "all turns are taken, and the caller has gone")

	finished[0]()
	hash, err := h.hash(t.Context(), "a password")
	require.NoError(t, err)
	match, err := h.matches(t.Context(), "a password", hash)
	require.NoError(t, err)
	assert.True(t, match)
}

func TestDummyCostsWhatARealHashCosts(t *testing.T) {
	t.Parallel()
	h, err := newHasher(nil)
	require.NoError(t, err)
	cost, _, _, err := argon2id.DecodeHash(h.dummy)
	require.NoError(t, err)
	assert.Equal(t, defaultHashing(), cost)
	match, err := h.matches(t.Context(), "", h.dummy)
	require.NoError(t, err)
	assert.False(t, match)
}
