package account

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/twitter"
)

// A row of request_tokens is one attempt to log in. It goes through these
// states, each change being one conditional statement:
//
//	open     claimed_at is null           a login may claim it
//	claimed  claimed_at is set            a login is at work with Twitter
//	spent    sealed is empty              for good
//
// A claim ends in one of three ways. The login succeeded, or Twitter said no:
// spent. Twitter could not be reached: open again. The process died: after
// claimLease another login may claim it, as if it were open. That is later than
// any login can still be waiting for Twitter (loginTime), and where a process
// was suspended in between, its claim is recognized as lost: the time of the
// claim is its name, and what ends a claim asks for it. A key is only handed
// out in the transaction that spends the attempt, and spending succeeds once,
// so that an attempt never serves twice.
//
// Twitter itself takes a request token once. So what the exchange brought is
// kept in the row, encrypted and together with a hash of the verifier, before
// Twitter is asked anything else: when that fails, the attempt still serves.
const (
	attemptLife = 15 * time.Minute
	claimLease  = time.Minute
	loginTime   = 20 * time.Second
	patience    = 10 * time.Second // what people wait for Twitter in all, however many calls it takes
	// attemptMemory is how long a spent or expired token is still known as
	// one of ours.
	attemptMemory = 24 * time.Hour
	// sweepEvery is how often a process sweeps the attempts at most.
	sweepEvery = time.Minute
)

// attempt is a claimed row.
type attempt struct {
	hash      string
	claimedAt time.Time
	tokens    attemptTokens
}

// attemptTokens is what is sealed in a row: the request token, and after the
// exchange the access token in its place.
type attemptTokens struct {
	Token    string `json:"token"`
	Secret   string `json:"secret"`
	Verifier string `json:"verifier,omitempty"` // hash of the one that was exchanged; empty: not yet
}

func (a *attempt) token() twitter.Token {
	return twitter.Token{Token: a.tokens.Token, Secret: a.tokens.Secret}
}

// exchanged reports whether the access token is there already, and whether
// the verifier is the one that brought it.
func (a *attempt) exchanged(verifier string) (done, same bool) {
	return a.tokens.Verifier != "",
		subtle.ConstantTimeCompare([]byte(a.tokens.Verifier), []byte(hash(verifier))) == 1
}

// insertAttempt stores a fresh request token.
func (s *Service) insertAttempt(ctx context.Context, token twitter.Token) error {
	a := attempt{hash: hash(token.Token), tokens: attemptTokens{Token: token.Token, Secret: token.Secret}}
	sealed, err := s.sealAttempt(a)
	if err != nil {
		return err
	}
	now := s.now()
	return s.store.WithTx(ctx, func(ctx context.Context) error {
		err := s.store.Client(ctx).RequestToken.Create().SetHash(a.hash).SetSealed(sealed).
			SetCreatedAt(now).SetExpiresAt(now.Add(attemptLife)).Exec(ctx)
		if err != nil {
			return fmt.Errorf("store a request token: %w", err)
		}
		return nil
	})
}

// claim takes the attempt of a request token for this login. nil: this server
// did not give the token out. Errors: Invalid where it is expired, spent, or
// another login is at work with it.
func (s *Service) claim(ctx context.Context, token string) (*attempt, error) {
	a := &attempt{hash: hash(token)}
	var sealed []byte
	err := s.store.WithTx(ctx, func(ctx context.Context) error {
		a.claimedAt = s.now()
		err := s.store.Conn(ctx).QueryRowContext(ctx,
			`UPDATE request_tokens SET claimed_at = $1 WHERE hash = $2 AND expires_at > $1 AND length(sealed) > 0
			 AND (claimed_at IS NULL OR claimed_at <= $3) RETURNING sealed`,
			a.claimedAt, a.hash, a.claimedAt.Add(-claimLease)).Scan(&sealed)
		if !store.IsNoRow(err) {
			return err
		}
		var ours int
		err = s.store.Conn(ctx).QueryRowContext(ctx, `SELECT 1 FROM request_tokens WHERE hash = $1`, a.hash).Scan(&ours)
		if err == nil {
			return spent()
		}
		return err
	})
	if store.IsNoRow(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("claim a request token: %w", err)
	}
	plain, _, err := s.keys.Open(sealed, attemptContext(a.hash))
	if err != nil || json.Unmarshal([]byte(plain), &a.tokens) != nil {
		return nil, spent() // SECRET_KEY was replaced within the last quarter of an hour
	}
	return a, nil
}

func spent() error {
	return fandom.Errorf(fandom.Invalid, "This login has expired or was used already. Start again.").For(fandom.ReasonEnded)
}

// keepExchange stores what the exchange brought in place of the request token.
func (s *Service) keepExchange(ctx context.Context, a *attempt, access twitter.Token, verifier string) error {
	a.tokens = attemptTokens{Token: access.Token, Secret: access.Secret, Verifier: hash(verifier)}
	sealed, err := s.sealAttempt(*a)
	if err != nil {
		return err
	}
	return s.endClaim(ctx, a, `sealed = $3`, sealed)
}

// release lets the attempt serve again.
func (s *Service) release(ctx context.Context, a *attempt) error {
	return s.endClaim(ctx, a, `claimed_at = NULL`)
}

// spend ends the attempt for good and forgets its tokens. Errors: Invalid where
// the claim was lost.
func (s *Service) spend(ctx context.Context, a *attempt) error {
	return s.endClaim(ctx, a, `sealed = ''`)
}

// endClaim changes a claimed attempt if the claim still holds.
func (s *Service) endClaim(ctx context.Context, a *attempt, change string, args ...any) error {
	return s.store.WithTx(ctx, func(ctx context.Context) error {
		result, err := s.store.Conn(ctx).ExecContext(ctx,
			`UPDATE request_tokens SET `+change+` WHERE hash = $1 AND claimed_at = $2 AND length(sealed) > 0`,
			append([]any{a.hash, a.claimedAt}, args...)...)
		return oneRow(result, err, spent())
	})
}

// oneRow gives none where a statement changed no row.
func oneRow(result sql.Result, err error, none error) error {
	if err != nil {
		return fmt.Errorf("change a row: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return none
	}
	return nil
}

// dropAttempt spends the attempt of a request token whatever its state.
func (s *Service) dropAttempt(ctx context.Context, token string) error {
	return s.store.WithTx(ctx, func(ctx context.Context) error {
		_, err := s.store.Conn(ctx).ExecContext(ctx,
			`UPDATE request_tokens SET claimed_at = $1, sealed = '' WHERE hash = $2 AND length(sealed) > 0`, s.now(), hash(token))
		if err != nil {
			return fmt.Errorf("drop a request token: %w", err)
		}
		return nil
	})
}

// sweepAttempts forgets the tokens of expired attempts, and after a day the
// attempts. It is housekeeping: a failure is only logged, and the next login
// tries again.
func (s *Service) sweepAttempts(ctx context.Context) {
	now := s.now()
	last := s.swept.Load()
	if now.Unix()-last < int64(sweepEvery.Seconds()) || !s.swept.CompareAndSwap(last, now.Unix()) {
		return
	}
	err := s.store.WithTx(ctx, func(ctx context.Context) error {
		c := s.store.Conn(ctx)
		if _, err := c.ExecContext(ctx, `DELETE FROM request_tokens WHERE expires_at <= $1`, now.Add(-attemptMemory)); err != nil {
			return err
		}
		// One that is claimed may be about to succeed.
		_, err := c.ExecContext(ctx, `UPDATE request_tokens SET sealed = '' WHERE expires_at <= $1 AND length(sealed) > 0
			AND (claimed_at IS NULL OR claimed_at <= $2)`, now, now.Add(-claimLease))
		return err
	})
	if err != nil {
		s.log.WarnContext(ctx, "cannot sweep login attempts", "error", err)
	}
}

func (s *Service) sealAttempt(a attempt) ([]byte, error) {
	plain, err := json.Marshal(a.tokens)
	if err != nil {
		return nil, fmt.Errorf("encode a request token: %w", err)
	}
	return s.keys.Seal(string(plain), attemptContext(a.hash)), nil
}

func attemptContext(hash string) string { return "request_token:" + hash }
