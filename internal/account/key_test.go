package account_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/account"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/twitter"
)

func TestLogoutEndsThatKeyAlone(t *testing.T) {
	each(t, func(r *rig) {
		ctx, login := r.actor("Ana")
		other, err := r.IssueKey(r.Context(), login.User.ID)
		require.NoError(r, err)
		require.NoError(r, r.Logout(ctx))
		_, err = r.Authenticate(r.Context(), login.Key)
		r.code(fandom.Unauthenticated, err)
		require.Equal(r, login.User.ID, fandom.ActorFrom(r.as(other)).UserID)
		require.NoError(r, r.Logout(ctx), "twice does no harm")
		r.as(other)
		r.code(fandom.Unauthenticated, r.Logout(r.Context()))
		r.code(fandom.Unauthenticated, r.Logout(fandom.WithActor(r.Context(), fandom.Actor{AdminID: 1})))
	})
}

func TestAuthenticateRefuses(t *testing.T) {
	each(t, func(r *rig) {
		_, login := r.actor("Ana")
		for _, key := range []string{
			"", "mil_", login.Key[:46], login.Key + "A", login.Key[4:], strings.ToUpper(login.Key), " " + login.Key,
			"mil_" + strings.Repeat("A", 43), "xyz_" + login.Key[4:], strings.Repeat("x", 1<<16), "mil_\x00" + login.Key[5:],
		} {
			_, err := r.Authenticate(r.Context(), key)
			r.code(fandom.Unauthenticated, err)
			if key != "" {
				require.NotContains(r, err.Error(), key)
			}
		}
	})
}

func TestKeyEndsAfterAYearWithoutUse(t *testing.T) {
	each(t, func(r *rig) {
		_, login := r.actor("Ana")
		year := r.clock.Now().AddDate(1, 0, 0).Sub(r.clock.Now())
		r.clock.Advance(year - time.Second)
		r.as(login.Key)
		r.Drain()
		r.clock.Advance(year - time.Second)
		r.as(login.Key)
		r.Drain()
		r.clock.Advance(year)
		_, err := r.Authenticate(r.Context(), login.Key)
		r.code(fandom.Unauthenticated, err)
	})
}

func TestLastUseIsWrittenOnceADay(t *testing.T) {
	each(t, func(r *rig) {
		_, login := r.actor("Ana")
		used := func() (at time.Time) {
			r.Drain()
			require.NoError(r, r.store.Conn(r.Context()).QueryRowContext(r.Context(), `SELECT last_used_at FROM access_keys`).Scan(&at))
			return at.UTC()
		}
		begin := r.clock.Now()
		r.clock.Advance(23 * time.Hour)
		r.as(login.Key)
		require.Equal(r, begin, used())
		r.clock.Advance(time.Hour)
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if _, err := r.Authenticate(r.Context(), login.Key); err != nil {
					r.Error(err)
				}
			})
		}
		wg.Wait()
		require.Equal(r, begin.Add(24*time.Hour), used())
	})
}

// A write that holds the database up holds no request up.
func TestLastUseIsNotWaitedFor(t *testing.T) {
	each(t, func(r *rig) {
		_, login := r.actor("Ana")
		r.clock.Advance(48 * time.Hour)
		require.NoError(r, r.store.WithTx(r.Context(), func(ctx context.Context) error {
			_, err := r.store.Conn(ctx).ExecContext(ctx, `UPDATE access_keys SET created_at = created_at`)
			require.NoError(r, err)
			request, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), 5*time.Second)
			defer cancel()
			_, err = r.Authenticate(request, login.Key)
			require.NoError(r, err)
			return nil
		}))
		r.Drain()
		require.Equal(r, 1, r.count(`access_keys WHERE last_used_at > created_at`))
	})
}

func TestIssueKeyIsForRegisteredUsers(t *testing.T) {
	each(t, func(r *rig) {
		_, err := r.IssueKey(r.Context(), 7)
		r.code(fandom.NotFound, err)
		u := r.ensure(twitter.Account{ID: "1", UserName: "ana"})
		_, err = r.IssueKey(r.Context(), u.ID)
		r.code(fandom.Conflict, err)
	})
}

func TestKeysComeFromTheGivenRandomness(t *testing.T) {
	each(t, func(r *rig) {
		_, login := r.actor("Ana")
		s := account.New(account.Options{
			Store: r.store, Twitter: r.client, Keys: r.keys, Now: r.clock.Now, Random: bytes.NewReader(make([]byte, 32)),
		})
		key, err := s.IssueKey(r.Context(), login.User.ID)
		require.NoError(r, err)
		require.Equal(r, "mil_"+strings.Repeat("A", 43), key)
		_, err = s.IssueKey(r.Context(), login.User.ID)
		require.Error(r, err, "no key without randomness")
		require.Equal(r, 2, r.count("access_keys"))
	})
}
