package account_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/twitter/sandbox"
)

func TestLoginWithTheCallbacksParameters(t *testing.T) {
	each(t, func(r *rig) {
		a, token := r.fan("Ana")
		requestToken := r.start()
		login, err := r.Login(r.Context(), requestToken, r.allow(requestToken, "Ana"))
		require.NoError(r, err)
		require.True(r, login.First)
		require.Regexp(r, `^mil_[A-Za-z0-9_-]{43}$`, login.Key)
		require.Equal(r, a.ID, login.User.TwitterUserID)
		require.Equal(r, "Ana", *login.User.TwitterUserName)
		require.NotEmpty(r, *login.User.TwitterProfileImage)
		require.True(r, login.User.RegisteredAt.Equal(r.clock.Now()))

		profile, err := r.Profile(r.as(login.Key))
		require.NoError(r, err)
		require.Equal(r, fandom.Profile{
			UserID: login.User.ID, FirstName: ptr("Ana"), LastName: ptr("de la Cruz"), Email: ptr("ana@example.com"), IsFlagAction: true,
		}, profile)
		credential, err := r.Credential(r.Context(), login.User.ID)
		require.NoError(r, err)
		require.False(r, credential.Revoked)
		require.Equal(r, token, credential.Token, "Twitter gives one token an account")
	})
}

func TestLoginWithAnAccessToken(t *testing.T) {
	each(t, func(r *rig) {
		_, token := r.fan("Ana")
		first := r.login(token)
		require.True(r, first.First)
		second := r.login(token)
		require.False(r, second.First)
		require.Equal(r, first.User, second.User)
		require.NotEqual(r, first.Key, second.Key)
		require.Equal(r, first.User.ID, fandom.ActorFrom(r.as(first.Key)).UserID)
		require.Equal(r, 1, r.count("users"))
		require.Equal(r, 2, r.count("access_keys"))
	})
}

func TestSecretsAreNotStoredReadably(t *testing.T) {
	each(t, func(r *rig) {
		_, token := r.fan("Ana")
		requestToken := r.start()
		login := r.login(token)
		for _, table := range []string{"request_tokens", "twitter_credentials", "access_keys"} {
			rows, err := r.store.Conn(r.Context()).QueryContext(r.Context(), `SELECT * FROM `+table)
			require.NoError(r, err)
			columns, err := rows.Columns()
			require.NoError(r, err)
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			require.True(r, rows.Next())
			require.NoError(r, rows.Scan(values...))
			require.NoError(r, rows.Close())
			for _, v := range values {
				text := fmt.Sprintf("%s", *v.(*any))
				for _, leak := range []string{requestToken, token.Token, token.Secret, login.Key, login.Key[4:]} {
					require.NotContains(r, text, leak)
				}
			}
		}
	})
}

func TestStartLoginWhileTwitterIsOut(t *testing.T) {
	each(t, func(r *rig) {
		for _, kind := range []sandbox.FaultKind{sandbox.FaultErrorBefore, sandbox.FaultDropBefore, sandbox.FaultHTML, sandbox.FaultPlan} {
			r.sandbox.Inject(sandbox.Fault{Path: "/oauth/request_token", Kind: kind})
			_, err := r.StartLogin(r.Context())
			e := r.code(fandom.Unavailable, err)
			require.Positive(r, e.RetryAfter)
			require.Zero(r, r.count("request_tokens"))
			r.sandbox.ClearFaults()
		}
		r.sandbox.Inject(sandbox.Fault{Path: "/oauth/request_token", Kind: sandbox.FaultRateLimited, RetryAfter: 3 * time.Minute})
		_, err := r.StartLogin(r.Context())
		require.Equal(r, 3*time.Minute, r.code(fandom.Unavailable, err).RetryAfter)
	})
}

func TestRequestTokenServesOnce(t *testing.T) {
	each(t, func(r *rig) {
		requestToken := r.start()
		verifier := r.allow(requestToken, "ana")
		_, err := r.Login(r.Context(), requestToken, verifier)
		require.NoError(r, err)
		_, err = r.Login(r.Context(), requestToken, verifier)
		e := r.code(fandom.Invalid, err)
		require.Empty(r, e.Fields)
		require.Equal(r, fandom.ReasonEnded, e.Reason)
	})
}

func TestRequestTokenExpires(t *testing.T) {
	each(t, func(r *rig) {
		requestToken := r.start()
		verifier := r.allow(requestToken, "ana")
		r.clock.Advance(15 * time.Minute)
		_, err := r.Login(r.Context(), requestToken, verifier)
		require.Equal(r, fandom.ReasonEnded, r.code(fandom.Invalid, err).Reason)
		r.empty()

		r.start() // sweeps
		var sealed int
		require.NoError(r, r.store.Conn(r.Context()).QueryRowContext(r.Context(),
			`SELECT COUNT(*) FROM request_tokens WHERE length(sealed) > 0`).Scan(&sealed))
		require.Equal(r, 1, sealed, "the expired token is forgotten")
		r.clock.Advance(25 * time.Hour)
		r.start()
		require.Equal(r, 1, r.count("request_tokens"))
	})
}

func TestTwitterSaysNo(t *testing.T) {
	each(t, func(r *rig) {
		requestToken := r.start()
		verifier := r.allow(requestToken, "ana")
		_, err := r.Login(r.Context(), requestToken, "wrong")
		e := r.code(fandom.Invalid, err)
		require.Empty(r, e.Fields)
		require.Equal(r, fandom.ReasonRefused, e.Reason)
		_, err = r.Login(r.Context(), requestToken, verifier)
		require.Equal(r, fandom.ReasonEnded, r.code(fandom.Invalid, err).Reason, "it is spent")

		_, err = r.Login(r.Context(), "unknown", "unknown")
		require.Equal(r, fandom.ReasonRefused, r.code(fandom.Invalid, err).Reason)

		bea, token := r.fan("Bea")
		require.NoError(r, r.sandbox.Suspend(bea.ID))
		_, err = r.Login(r.Context(), token.Token, token.Secret)
		r.code(fandom.Invalid, err)
		require.NotContains(r, err.Error(), token.Token)
		r.empty()
	})
}

func TestTwitterIsOutDuringALogin(t *testing.T) {
	each(t, func(r *rig) {
		kinds := []sandbox.FaultKind{
			sandbox.FaultErrorBefore, sandbox.FaultDropBefore, sandbox.FaultRateLimited,
			sandbox.FaultHTML, sandbox.FaultTruncated, sandbox.FaultWrongTypes,
		}
		_, token := r.fan("Ana")
		for _, kind := range kinds {
			r.sandbox.Inject(sandbox.Fault{Path: "/2/users/me", Kind: kind})
			_, err := r.Login(r.Context(), token.Token, token.Secret)
			require.Positive(r, r.code(fandom.Unavailable, err).RetryAfter, kind)
			r.sandbox.ClearFaults()
		}
		for _, path := range []string{"/oauth/access_token", "/2/users/me"} {
			for _, kind := range kinds[:3] {
				requestToken := r.start()
				verifier := r.allow(requestToken, "Ana")
				r.sandbox.Inject(sandbox.Fault{Path: path, Kind: kind})
				for range 2 {
					_, err := r.Login(r.Context(), requestToken, verifier)
					r.code(fandom.Unavailable, err)
				}
				r.empty()
				r.sandbox.ClearFaults()
				login, err := r.Login(r.Context(), requestToken, verifier)
				require.NoError(r, err, "%s %s: the token serves again", path, kind)
				require.True(r, login.First)
				_, err = r.Login(r.Context(), requestToken, verifier)
				r.code(fandom.Invalid, err)
				for _, table := range []string{"access_keys", "twitter_credentials", "users"} {
					r.exec(`DELETE FROM ` + table)
				}
			}
		}
	})
}

func TestExchangedTokenNeedsItsVerifier(t *testing.T) {
	each(t, func(r *rig) {
		requestToken := r.start()
		verifier := r.allow(requestToken, "ana")
		r.sandbox.Inject(sandbox.Fault{Path: "/2/users/me", Kind: sandbox.FaultErrorBefore})
		_, err := r.Login(r.Context(), requestToken, verifier)
		r.code(fandom.Unavailable, err)
		r.sandbox.ClearFaults()
		_, err = r.Login(r.Context(), requestToken, verifier+"x")
		require.Equal(r, fandom.ReasonRefused, r.code(fandom.Invalid, err).Reason)
		_, err = r.Login(r.Context(), requestToken, verifier)
		r.code(fandom.Invalid, err)
		r.empty()
	})
}

func TestClientThatGoesAwayCanComeBack(t *testing.T) {
	each(t, func(r *rig) {
		for _, path := range []string{"/oauth/access_token", "/2/users/me"} {
			requestToken := r.start()
			verifier := r.allow(requestToken, "ana")
			ctx, cancel := context.WithCancel(r.Context())
			r.sandbox.Inject(sandbox.Fault{Path: path, Kind: sandbox.FaultNewFieldNames, Times: 1, Reached: cancel})
			_, err := r.Login(ctx, requestToken, verifier)
			require.Error(r, err)
			_, err = r.Login(r.Context(), requestToken, verifier)
			require.NoError(r, err, path)
		}
	})
}

func TestEmailIsOptional(t *testing.T) {
	each(t, func(r *rig) {
		for i, kind := range []sandbox.FaultKind{sandbox.FaultPlan, sandbox.FaultErrorBefore, sandbox.FaultWrongTypes, sandbox.FaultAnswer} {
			r.sandbox.Inject(sandbox.Fault{
				Path: "/1.1/account/verify_credentials.json", Kind: kind, Body: `{"email": "Ana <ana@example.com>"}`,
			})
			_, token := r.fan(fmt.Sprint("ana", i))
			profile, err := r.Profile(r.as(r.login(token).Key))
			require.NoError(r, err)
			require.Nil(r, profile.Email, kind)
			r.sandbox.ClearFaults()
		}
	})
}

func TestDeniedLogin(t *testing.T) {
	each(t, func(r *rig) {
		requestToken := r.start()
		verifier := r.allow(requestToken, "ana")
		for _, token := range []string{requestToken, requestToken, "unknown", "", strings.Repeat("x", 5000)} {
			err := r.DenyLogin(r.Context(), token)
			require.Equal(r, fandom.ReasonDenied, r.code(fandom.Invalid, err).Reason)
		}
		_, err := r.Login(r.Context(), requestToken, verifier)
		require.Equal(r, fandom.ReasonEnded, r.code(fandom.Invalid, err).Reason)
		r.empty()
	})
}

func TestLoginParametersAreChecked(t *testing.T) {
	each(t, func(r *rig) {
		long := strings.Repeat("x", 513)
		for _, c := range []struct {
			token, secret string
			want          []string
		}{
			{"", "", []string{"access_token", "token_secret"}},
			{"", "x", []string{"access_token"}},
			{"x", "", []string{"token_secret"}},
			{long, long, []string{"access_token", "token_secret"}},
			{"x", long, []string{"token_secret"}},
		} {
			_, err := r.Login(r.Context(), c.token, c.secret)
			r.code(fandom.Invalid, err)
			require.Equal(r, c.want, fields(err))
		}
		_, err := r.Login(r.Context(), "\x00 \n\xff", "\x00'")
		require.NotEqual(r, fandom.Internal, fandom.CodeOf(err))
	})
}
