package account_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/account"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/secret"
	"madeinlatino.net/madeinlatino/internal/twitter"
)

func TestRacedLoginsWithOneRequestTokenGiveOneKey(t *testing.T) {
	each(t, func(r *rig) {
		requestToken := r.start()
		verifier := r.allow(requestToken, "ana")
		other := r.service(r.client, r.keys)
		var wg sync.WaitGroup
		var wins atomic.Int64
		for i := range 20 {
			wg.Go(func() {
				service := []*account.Service{r.Service, other}[i%2]
				switch _, err := service.Login(r.Context(), requestToken, verifier); {
				case err == nil:
					wins.Add(1)
				case fandom.CodeOf(err) != fandom.Invalid:
					r.Error(err)
				}
			})
		}
		wg.Wait()
		require.EqualValues(r, 1, wins.Load())
		require.Equal(r, 1, r.count("access_keys"))
		require.Equal(r, 1, r.count("users"))
	})
}

// halted stands for a process that is suspended, or dies, while it waits for
// Twitter: it runs a function in place of, or behind, a call.
type halted struct {
	*twitter.Client
	beforeExchange func() error
	afterExchange  func()
}

func (h *halted) AccessToken(ctx context.Context, token twitter.Token, verifier string) (twitter.Token, error) {
	if h.beforeExchange != nil {
		if err := h.beforeExchange(); err != nil {
			return twitter.Token{}, err
		}
	}
	access, err := h.Client.AccessToken(ctx, token, verifier)
	if h.afterExchange != nil {
		h.afterExchange()
	}
	return access, err
}

// die ends the goroutine of a login as a crash ends its process: no error is
// handled.
func die(login func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		login()
	}()
	<-done
}

func TestCrashDuringALoginDoesNotLockTheToken(t *testing.T) {
	each(t, func(r *rig) {
		requestToken := r.start()
		verifier := r.allow(requestToken, "ana")
		crashing := r.service(&halted{Client: r.client, beforeExchange: func() error {
			_, err := r.Login(r.Context(), requestToken, verifier)
			require.Equal(r, fandom.ReasonEnded, r.code(fandom.Invalid, err).Reason, "it is claimed")
			runtime.Goexit()
			return nil
		}}, r.keys)
		die(func() { _, _ = crashing.Login(r.Context(), requestToken, verifier) })

		_, err := r.Login(r.Context(), requestToken, verifier)
		r.code(fandom.Invalid, err)
		r.clock.Advance(time.Minute)
		_, err = r.Login(r.Context(), requestToken, verifier)
		require.NoError(r, err)
		require.Equal(r, 1, r.count("access_keys"))
	})
}

func TestCrashAfterTheExchangeEndsTheAttempt(t *testing.T) {
	each(t, func(r *rig) {
		requestToken := r.start()
		verifier := r.allow(requestToken, "ana")
		crashing := r.service(&halted{Client: r.client, afterExchange: runtime.Goexit}, r.keys)
		die(func() { _, _ = crashing.Login(r.Context(), requestToken, verifier) })
		r.clock.Advance(time.Minute)
		_, err := r.Login(r.Context(), requestToken, verifier)
		require.Equal(r, fandom.ReasonRefused, r.code(fandom.Invalid, err).Reason, "Twitter took it already")
		r.empty()
	})
}

func TestLoginThatWakesUpLateHasLostItsClaim(t *testing.T) {
	each(t, func(r *rig) {
		requestToken := r.start()
		verifier := r.allow(requestToken, "ana")
		late := r.service(&halted{Client: r.client, afterExchange: func() {
			r.clock.Advance(2 * time.Minute)
			_, err := r.Login(r.Context(), requestToken, verifier) // takes the claim over, and Twitter says no
			r.code(fandom.Invalid, err)
		}}, r.keys)
		_, err := late.Login(r.Context(), requestToken, verifier)
		require.Equal(r, fandom.ReasonEnded, r.code(fandom.Invalid, err).Reason)
		r.empty()
	})
}

func TestDenialDuringALoginWins(t *testing.T) {
	each(t, func(r *rig) {
		requestToken := r.start()
		verifier := r.allow(requestToken, "ana")
		service := r.service(&halted{Client: r.client, afterExchange: func() {
			r.code(fandom.Invalid, r.DenyLogin(r.Context(), requestToken))
		}}, r.keys)
		_, err := service.Login(r.Context(), requestToken, verifier)
		r.code(fandom.Invalid, err)
		r.empty()
	})
}

func TestRequestTokenUnderALostKeyIsStartedAgain(t *testing.T) {
	each(t, func(r *rig) {
		requestToken := r.start()
		verifier := r.allow(requestToken, "ana")
		_, err := r.service(r.client, keyring(r.T, secret.Generate())).Login(r.Context(), requestToken, verifier)
		require.Equal(r, fandom.ReasonEnded, r.code(fandom.Invalid, err).Reason)
	})
}

func TestRacedLoginsOfOneAccountMakeOneUser(t *testing.T) {
	each(t, func(r *rig) {
		for round := range 6 {
			_, token := r.fan(fmt.Sprint("Ana", round))
			if round%2 == 0 { // known from Twitter before
				known, err := r.client.Me(r.Context(), token)
				require.NoError(r, err)
				r.ensure(known)
			}
			var wg sync.WaitGroup
			var firsts atomic.Int64
			for range 10 {
				wg.Go(func() {
					login, err := r.Login(r.Context(), token.Token, token.Secret)
					if err != nil {
						r.Error(err)
					}
					if login.First {
						firsts.Add(1)
					}
				})
			}
			wg.Wait()
			require.EqualValues(r, 1, firsts.Load())
			require.Equal(r, round+1, r.count("users"))
			require.Equal(r, round+1, r.count("twitter_credentials"))
			require.Equal(r, 10*(round+1), r.count("access_keys"))
		}
	})
}

// A login whose claim another has taken over must not open the attempt again
// while the other is at work.
func TestLostClaimReleasesNothing(t *testing.T) {
	each(t, func(r *rig) {
		requestToken := r.start()
		verifier := r.allow(requestToken, "ana")
		claimed, proceed, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		taker := r.service(&halted{Client: r.client, beforeExchange: func() error {
			close(claimed)
			<-proceed
			return nil
		}}, r.keys)
		late := r.service(&halted{Client: r.client, beforeExchange: func() error {
			r.clock.Advance(2 * time.Minute)
			go func() {
				_, err := taker.Login(r.Context(), requestToken, verifier)
				done <- err
			}()
			<-claimed
			return &twitter.Error{Class: twitter.Unavailable}
		}}, r.keys)
		_, err := late.Login(r.Context(), requestToken, verifier)
		r.code(fandom.Unavailable, err)
		_, err = r.Login(r.Context(), requestToken, verifier)
		require.Equal(r, fandom.ReasonEnded, r.code(fandom.Invalid, err).Reason, "the other is at work with it")
		close(proceed)
		require.NoError(r, <-done)
		require.Equal(r, 1, r.count("access_keys"))
	})
}
