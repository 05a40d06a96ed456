package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/twitter"
)

const (
	// maxCredential bounds what is taken for a token or verifier, in bytes.
	maxCredential = 512
	// retryLogin is when trying again makes sense where Twitter does not say.
	retryLogin = 10 * time.Second
)

// errInTx is the mistake of a caller: Twitter may take seconds, for which no
// transaction waits.
var errInTx = errors.New("account: a login within a transaction")

// Login is what logging in gives.
type Login struct {
	Key   string // the access key, shown this once
	User  fandom.User
	First bool // the user was registered by this login
}

// StartLogin gives the page at Twitter where a login begins, with a fresh
// request token that is good for 15 minutes. Errors: Unavailable where Twitter
// gives none; nothing is stored then.
func (s *Service) StartLogin(ctx context.Context) (redirectURL string, err error) {
	if s.store.InTx(ctx) {
		return "", errInTx
	}
	token, err := s.twitter.RequestToken(ctx)
	if err != nil {
		return "", s.unavailable(err) // whatever it is, the fan has done nothing wrong
	}
	if err := s.insertAttempt(ctx, token); err != nil {
		return "", err
	}
	s.sweepAttempts(ctx)
	return s.twitter.LoginURL(token.Token), nil
}

// DenyLogin ends a login that the fan declined at Twitter: its request token
// serves no more. A token that is not ours is ignored. It always gives an
// error. Errors: Invalid with ReasonDenied.
func (s *Service) DenyLogin(ctx context.Context, requestToken string) error {
	if requestToken != "" && len(requestToken) <= maxCredential {
		if err := s.dropAttempt(ctx, requestToken); err != nil {
			return err
		}
	}
	return fandom.Errorf(fandom.Invalid, "You declined the login at Twitter.").For(fandom.ReasonDenied)
}

// Login logs in with what the frontend's callback page has: a request token
// and its verifier, or an access token and its secret. Which of them it is
// depends on whether this server gave the token out, not on its looks.
//
// Errors: Invalid under access_token and token_secret where they are missing
// or too long; Invalid without fields where Twitter refuses them, or the
// request token is expired or used; Unavailable where Twitter cannot tell now:
// nothing is stored then, and a request token serves again.
func (s *Service) Login(ctx context.Context, token, secret string) (Login, error) {
	if s.store.InTx(ctx) {
		return Login{}, errInTx
	}
	if err := checkCredentials(token, secret); err != nil {
		return Login{}, err
	}
	ctx, cancelAll := context.WithTimeout(ctx, patience)
	defer cancelAll()
	a, err := s.claim(ctx, token)
	if err != nil {
		return Login{}, err
	}
	if a == nil {
		return s.logIn(ctx, nil, twitter.Token{Token: token, Secret: secret})
	}
	login, err := s.redeem(ctx, a, secret)
	if err == nil {
		return login, nil
	}
	// The client may be gone; the attempt is settled all the same.
	settle, cancel := context.WithTimeout(context.WithoutCancel(ctx), loginTime)
	defer cancel()
	end := s.release
	if fandom.CodeOf(err) == fandom.Invalid {
		end = s.spend
	}
	if lost := end(settle, a); lost != nil {
		s.log.WarnContext(ctx, "cannot settle a login attempt", "error", lost)
	}
	return Login{}, err
}

func checkCredentials(token, secret string) error {
	var fields []fandom.FieldError
	for _, f := range []struct{ name, value string }{{"access_token", token}, {"token_secret", secret}} {
		switch {
		case f.value == "":
			fields = append(fields, fandom.FieldError{
				Field: f.name, Reason: fandom.ReasonRequired, Message: "This field is required.",
			})
		case len(f.value) > maxCredential:
			fields = append(fields, fandom.FieldError{
				Field: f.name, Reason: fandom.ReasonTooLong, Message: "This is too long.",
			})
		}
	}
	return fandom.InvalidOrNil(fields)
}

// redeem logs in with a claimed attempt. Errors: Invalid where it is to be
// spent; with any other it may serve again.
func (s *Service) redeem(ctx context.Context, a *attempt, verifier string) (Login, error) {
	done, same := a.exchanged(verifier)
	if done && !same {
		return Login{}, refused(nil)
	}
	if !done {
		// A client that goes away must not lose the token between Twitter's
		// answer and our storing it.
		exchange, cancel := context.WithTimeout(context.WithoutCancel(ctx), loginTime)
		defer cancel()
		access, err := s.twitter.AccessToken(exchange, a.token(), verifier)
		if err != nil {
			return Login{}, s.outcome(err)
		}
		if err := s.keepExchange(exchange, a, access, verifier); err != nil {
			return Login{}, err
		}
	}
	return s.logIn(ctx, a, a.token())
}

// logIn finds out whose access token it is and lets that account in. The
// attempt, where there is one, is spent in the same transaction.
func (s *Service) logIn(ctx context.Context, a *attempt, access twitter.Token) (login Login, err error) {
	account, err := s.twitter.Me(ctx, access)
	if err != nil {
		return Login{}, s.outcome(err)
	}
	email, err := s.emailOf(ctx, account.ID, access)
	if err != nil {
		return Login{}, err
	}
	err = s.store.WithTx(ctx, func(ctx context.Context) error {
		if a != nil {
			if err := s.spend(ctx, a); err != nil {
				return err
			}
		}
		if login.User, err = s.EnsureAccount(ctx, account); err != nil {
			return err
		}
		if login.First, err = s.register(ctx, &login.User, email); err != nil {
			return err
		}
		if err := s.storeCredential(ctx, login.User.ID, access); err != nil {
			return err
		}
		login.Key, err = s.insertKey(ctx, login.User.ID)
		return err
	})
	if err != nil {
		return Login{}, err
	}
	return login, nil
}

// emailOf asks for the e-mail address of an account that is about to be
// registered; one that is registered keeps what its profile has. Twitter need
// not give it, and no login fails for the want of it.
func (s *Service) emailOf(ctx context.Context, twitterID string, access twitter.Token) (*string, error) {
	var registered bool
	err := s.store.Conn(ctx).QueryRowContext(ctx,
		`SELECT COUNT(*) > 0 FROM users WHERE twitter_user_id = $1 AND registered_at IS NOT NULL`, twitterID).Scan(&registered)
	if err != nil {
		return nil, fmt.Errorf("look for a registered user: %w", err)
	}
	if registered {
		return nil, nil
	}
	address, err := s.twitter.Email(ctx, access)
	if err != nil || address == "" {
		return nil, nil
	}
	if field := checkEmail(address); field != nil {
		return nil, nil
	}
	return &address, nil
}

// outcome says what a failed call to Twitter means to a login: Unavailable
// where Twitter did not answer the question, else Invalid.
func (s *Service) outcome(err error) error {
	if twitter.ClassOf(err) == twitter.None || twitter.IsTemporary(err) {
		return s.unavailable(err)
	}
	return refused(err)
}

func refused(cause error) error {
	return fandom.Errorf(fandom.Invalid, "Twitter did not accept this login. Start again.").
		For(fandom.ReasonRefused).Because(cause)
}

// unavailable tells to try again when Twitter says, at the latest in 15
// minutes, the length of its limits.
func (s *Service) unavailable(cause error) error {
	pause := retryLogin
	if at := twitter.RetryAt(cause); !at.IsZero() {
		pause = min(max(at.Sub(s.now()), time.Second), 15*time.Minute)
	}
	return fandom.Errorf(fandom.Unavailable, "Twitter cannot be reached at the moment. Try again soon.").
		After(pause).Because(cause)
}
