package account

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"time"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/store"
)

const (
	// keyPrefix marks our keys, so that one that leaked can be recognized.
	keyPrefix = "mil_"
	// keyBytes is how many random bytes a key has.
	keyBytes = 32
	// touchEvery is how old last_used_at may grow before it is written again.
	touchEvery = 24 * time.Hour
	// touchTime bounds one such write.
	touchTime = 10 * time.Second
)

// keyLength is how long a key is.
var keyLength = len(keyPrefix) + base64.RawURLEncoding.EncodedLen(keyBytes)

// IssueKey makes a further access key for a registered user and gives it; it
// is shown this once, since only a hash is stored. Errors: NotFound; Conflict
// where the user has never logged in.
func (s *Service) IssueKey(ctx context.Context, userID int) (key string, err error) {
	err = s.store.WithTx(ctx, func(ctx context.Context) error {
		row, err := s.lockUser(ctx, userID)
		if store.IsNoRow(err) || err == nil && row.DeletedAt != nil {
			return noUser()
		}
		if err != nil {
			return err
		}
		if row.RegisteredAt == nil {
			return fandom.Errorf(fandom.Conflict, "This user has never logged in.")
		}
		key, err = s.insertKey(ctx, userID)
		return err
	})
	return key, err
}

// insertKey makes a key for a user that is known to exist.
func (s *Service) insertKey(ctx context.Context, userID int) (string, error) {
	random := make([]byte, keyBytes)
	if _, err := io.ReadFull(s.random, random); err != nil {
		return "", fmt.Errorf("read random bytes: %w", err)
	}
	key := keyPrefix + base64.RawURLEncoding.EncodeToString(random)
	now := s.now()
	err := s.store.Client(ctx).AccessKey.Create().
		SetUserID(userID).SetHash(hash(key)).SetCreatedAt(now).SetLastUsedAt(now).Exec(ctx)
	if err != nil {
		return "", fmt.Errorf("store an access key: %w", err)
	}
	return key, nil
}

// Authenticate gives the user that a key lets in. It is one read of one row;
// when the key was last used is written in the background, once a day.
// Errors: Unauthenticated for a key that is unknown or has ended.
func (s *Service) Authenticate(ctx context.Context, key string) (fandom.Actor, error) {
	if len(key) != keyLength || !strings.HasPrefix(key, keyPrefix) {
		return fandom.Actor{}, badKey()
	}
	var actor fandom.Actor
	var used time.Time
	err := s.store.Conn(ctx).QueryRowContext(ctx,
		`SELECT id, user_id, last_used_at FROM access_keys WHERE hash = $1`, hash(key)).
		Scan(&actor.KeyID, &actor.UserID, &used)
	if store.IsNoRow(err) {
		return fandom.Actor{}, badKey()
	}
	if err != nil {
		return fandom.Actor{}, fmt.Errorf("look up an access key: %w", err)
	}
	now := s.now()
	if !used.After(now.AddDate(-1, 0, 0)) {
		return fandom.Actor{}, badKey()
	}
	if now.Sub(used) >= touchEvery {
		s.touch(ctx, actor.KeyID, now)
	}
	return actor, nil
}

// badKey is one error for every reason: who tries keys learns nothing.
func badKey() error {
	return fandom.Errorf(fandom.Unauthenticated, "This access key is not valid, or has ended. Log in again.")
}

// touch records in the background that a key was used now. Where too many are
// being recorded, or it fails, the key's next use does it.
func (s *Service) touch(ctx context.Context, keyID int, now time.Time) {
	if _, busy := s.touched.LoadOrStore(keyID, true); busy {
		return
	}
	select {
	case s.slots <- struct{}{}:
	default:
		s.touched.Delete(keyID)
		return
	}
	s.touches.Go(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), touchTime)
		defer cancel()
		defer s.touched.Delete(keyID)
		defer func() { <-s.slots }()
		err := s.store.WithTx(ctx, func(ctx context.Context) error {
			_, err := s.store.Conn(ctx).ExecContext(ctx,
				`UPDATE access_keys SET last_used_at = $1 WHERE id = $2 AND last_used_at < $1`, now, keyID)
			return err
		})
		if err != nil {
			s.log.WarnContext(ctx, "cannot record the use of an access key", "key", keyID, "error", err)
		}
	})
}

// Logout ends the key that the acting user came with, at once; their other
// keys live on. Errors: Unauthenticated.
func (s *Service) Logout(ctx context.Context) error {
	actor, err := fandom.RequireUser(ctx)
	if err != nil {
		return err
	}
	return s.store.WithTx(ctx, func(ctx context.Context) error {
		_, err := s.store.Conn(ctx).ExecContext(ctx,
			`DELETE FROM access_keys WHERE id = $1 AND user_id = $2`, actor.KeyID, actor.UserID)
		if err != nil {
			return fmt.Errorf("delete an access key: %w", err)
		}
		return nil
	})
}
