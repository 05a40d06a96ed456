package account

import (
	"context"
	"errors"
	"fmt"

	"madeinlatino.net/madeinlatino/ent/setting"
)

const (
	// checkSetting names the sealed value by which a wrong SECRET_KEY is told,
	// also while nobody has logged in yet.
	checkSetting = "secret_check"
	checkText    = "madeinlatino"
	// resealBatch is how many credentials are re-encrypted in one transaction.
	resealBatch = 500
)

// ErrUnreadable says that SECRET_KEY is not, or does not include, the key that
// something stored is encrypted with.
var ErrUnreadable = errors.New("the configured keys cannot read the secrets in this database; " +
	"add the key that they were encrypted with, behind a comma")

// CheckSecrets is called at start. It fails with ErrUnreadable where the
// keyring cannot read what is stored, and otherwise encrypts under the first
// key what is under another, so that the others can then be dropped. Doing it
// again, or in several processes at once, does no harm.
//
// Login attempts are left alone: they end within a quarter of an hour, and one
// that cannot be read is started again by the fan.
func (s *Service) CheckSecrets(ctx context.Context) error {
	if err := s.checkValue(ctx); err != nil {
		return err
	}
	for after := 0; ; {
		last, err := s.resealCredentials(ctx, after)
		if err != nil || last == 0 {
			return err
		}
		after = last
	}
}

// checkValue opens the check value, after making it on the first start.
func (s *Service) checkValue(ctx context.Context) error {
	return s.store.WithTx(ctx, func(ctx context.Context) error {
		fresh := s.keys.Seal(checkText, checkSetting)
		c := s.store.Conn(ctx)
		_, err := c.ExecContext(ctx, `INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`,
			checkSetting, fresh)
		if err != nil {
			return fmt.Errorf("store the check of SECRET_KEY: %w", err)
		}
		row, err := s.store.Client(ctx).Setting.Query().Where(setting.Name(checkSetting)).Only(ctx)
		if err != nil {
			return fmt.Errorf("read the check of SECRET_KEY: %w", err)
		}
		text, stale, err := s.keys.Open(row.Value, checkSetting)
		if err != nil || text != checkText {
			return ErrUnreadable
		}
		if !stale {
			return nil
		}
		_, err = c.ExecContext(ctx, `UPDATE settings SET value = $1 WHERE name = $2 AND value = $3`, fresh, checkSetting, row.Value)
		if err != nil {
			return fmt.Errorf("encrypt the check of SECRET_KEY anew: %w", err)
		}
		return nil
	})
}

// resealCredentials re-encrypts a batch of the credentials behind an id that
// are not under the first key, and gives the last id it looked at, 0 where
// there was none. A credential that changed meanwhile is left to its writer.
func (s *Service) resealCredentials(ctx context.Context, after int) (last int, err error) {
	err = s.store.WithTx(ctx, func(ctx context.Context) error {
		batch, err := s.staleCredentials(ctx, after)
		if err != nil {
			return err
		}
		for _, row := range batch {
			last = row.id
			purpose := credentialContext(row.userID)
			plain, stale, err := s.keys.Open(row.sealed, purpose)
			if err != nil {
				return fmt.Errorf("the Twitter credential of user %d: %w", row.userID, errors.Join(ErrUnreadable, err))
			}
			if !stale {
				continue
			}
			_, err = s.store.Conn(ctx).ExecContext(ctx, `UPDATE twitter_credentials SET sealed = $1 WHERE id = $2 AND sealed = $3`,
				s.keys.Seal(plain, purpose), row.id, row.sealed)
			if err != nil {
				return fmt.Errorf("encrypt a Twitter credential anew: %w", err)
			}
		}
		return nil
	})
	return last, err
}

// sealedRow is one credential as it is stored.
type sealedRow struct {
	id, userID int
	sealed     []byte
}

// staleCredentials reads the next credentials that the first key did not
// encrypt. What it did encrypt is told by its beginning and not read, since a
// million credentials would otherwise delay every start.
func (s *Service) staleCredentials(ctx context.Context, after int) (batch []sealedRow, err error) {
	header := s.keys.Header()
	rows, err := s.store.Conn(ctx).QueryContext(ctx,
		`SELECT id, user_id, sealed FROM twitter_credentials WHERE id > $1 AND substr(sealed, 1, $2) <> $3
		 ORDER BY id LIMIT $4`+s.forUpdate(), after, len(header), header, resealBatch)
	if err != nil {
		return nil, fmt.Errorf("read Twitter credentials: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var row sealedRow
		if err := rows.Scan(&row.id, &row.userID, &row.sealed); err != nil {
			return nil, fmt.Errorf("read a Twitter credential: %w", err)
		}
		batch = append(batch, row)
	}
	return batch, rows.Err()
}
