package account

import (
	"context"
	"encoding/json"
	"fmt"

	"madeinlatino.net/madeinlatino/ent"
	"madeinlatino.net/madeinlatino/ent/twittercredential"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/twitter"
)

// Credential is what the platform acts on Twitter with for a user.
type Credential struct {
	Token   twitter.Token
	Revoked bool // Twitter refused it for good: the user has to log in again
}

// Credential gives a user's Twitter credential. Errors: NotFound where the
// user never logged in.
func (s *Service) Credential(ctx context.Context, userID int) (Credential, error) {
	_, credential, err := s.credential(ctx, userID)
	return credential, err
}

// credential gives a credential with the row that holds it.
func (s *Service) credential(ctx context.Context, userID int) (*ent.TwitterCredential, Credential, error) {
	row, err := s.store.Client(ctx).TwitterCredential.Query().Where(twittercredential.UserID(userID)).Only(ctx)
	if store.IsNoRow(err) {
		return nil, Credential{}, fandom.Errorf(fandom.NotFound, "There is no Twitter login of this user.")
	}
	if err != nil {
		return nil, Credential{}, fmt.Errorf("read a Twitter credential: %w", err)
	}
	token, err := s.openToken(row.Sealed, credentialContext(userID))
	if err != nil {
		return nil, Credential{}, fmt.Errorf("read the Twitter credential of user %d: %w", userID, err)
	}
	return row, Credential{Token: token, Revoked: row.RevokedAt != nil}, nil
}

// RevokeCredential marks a user's credential as refused by Twitter for good,
// until the next login. The token is the one that Twitter refused: one that a
// login has brought since is left alone. A user without one is no error.
func (s *Service) RevokeCredential(ctx context.Context, userID int, refused twitter.Token) error {
	return s.store.WithTx(ctx, func(ctx context.Context) error {
		row, current, err := s.credential(ctx, userID)
		if fandom.AsError(err) != nil || err == nil && current.Token != refused {
			return nil
		}
		if err != nil {
			return err
		}
		// A login that commits since then has sealed another token.
		err = s.store.Client(ctx).TwitterCredential.Update().Where(
			twittercredential.ID(row.ID), twittercredential.Sealed(row.Sealed), twittercredential.RevokedAtIsNil(),
		).SetRevokedAt(s.now()).SetUpdatedAt(s.now()).Exec(ctx)
		if err != nil {
			return fmt.Errorf("revoke a Twitter credential: %w", err)
		}
		return nil
	})
}

// storeCredential keeps the token of a login in place of the one before. The
// caller has locked the user's row.
func (s *Service) storeCredential(ctx context.Context, userID int, token twitter.Token) error {
	sealed, err := s.sealToken(token, credentialContext(userID))
	if err != nil {
		return err
	}
	n, err := s.store.Client(ctx).TwitterCredential.Update().Where(twittercredential.UserID(userID)).
		SetSealed(sealed).SetUpdatedAt(s.now()).ClearRevokedAt().Save(ctx)
	if err == nil && n == 0 {
		err = s.store.Client(ctx).TwitterCredential.Create().
			SetUserID(userID).SetSealed(sealed).SetUpdatedAt(s.now()).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("store a Twitter credential: %w", err)
	}
	return nil
}

func credentialContext(userID int) string { return fmt.Sprintf("twitter_credential:%d", userID) }

// sealToken encrypts the two fields of a token, which refuses to be written
// as it is.
func (s *Service) sealToken(token twitter.Token, purpose string) ([]byte, error) {
	plain, err := json.Marshal([]string{token.Token, token.Secret})
	if err != nil {
		return nil, fmt.Errorf("encode a token: %w", err)
	}
	return s.keys.Seal(string(plain), purpose), nil
}

func (s *Service) openToken(sealed []byte, purpose string) (twitter.Token, error) {
	plain, _, err := s.keys.Open(sealed, purpose)
	if err != nil {
		return twitter.Token{}, err
	}
	var fields [2]string
	if json.Unmarshal([]byte(plain), &fields) != nil { // its error could quote the token
		return twitter.Token{}, fmt.Errorf("it is not a token")
	}
	return twitter.Token{Token: fields[0], Secret: fields[1]}, nil
}
