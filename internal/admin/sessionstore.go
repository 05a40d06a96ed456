package admin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	entsession "madeinlatino.net/madeinlatino/ent/session"
	"madeinlatino.net/madeinlatino/internal/store"
)

// sessionStore keeps sessions in the database for scs. Who reads the database
// cannot take a session over: only the token's hash is there.
type sessionStore struct {
	store *store.Store
	now   func() time.Time
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// FindCtx implements scs.CtxStore: found is false for unknown and for expired
// sessions.
func (s *sessionStore) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	row, err := s.store.Client(ctx).Session.Query().
		Where(entsession.Hash(hashToken(token)), entsession.ExpiresAtGT(s.now().UTC())).Only(ctx)
	switch {
	case store.IsNoRow(err):
		return nil, false, nil
	case err != nil:
		return nil, false, fmt.Errorf("find a session: %w", err)
	default:
		return row.Data, true, nil
	}
}

// CommitCtx implements scs.CtxStore.
func (s *sessionStore) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	err := s.store.Client(ctx).Session.Create().
		SetHash(hashToken(token)).SetData(data).SetExpiresAt(expiry.UTC().Truncate(time.Microsecond)).
		OnConflictColumns(entsession.FieldHash).UpdateNewValues().Exec(ctx)
	if err != nil {
		return fmt.Errorf("store a session: %w", err)
	}
	return nil
}

// DeleteCtx implements scs.CtxStore.
func (s *sessionStore) DeleteCtx(ctx context.Context, token string) error {
	if _, err := s.store.Client(ctx).Session.Delete().Where(entsession.Hash(hashToken(token))).Exec(ctx); err != nil {
		return fmt.Errorf("delete a session: %w", err)
	}
	return nil
}

// Find implements scs.Store, which scs never calls where FindCtx is there.
func (s *sessionStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit implements scs.Store, as Find.
func (s *sessionStore) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete implements scs.Store, as Find.
func (s *sessionStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// SweepSessions deletes the expired sessions and reports how many; a job
// calls it now and then. Expired ones count for nothing in any case.
func (s *Service) SweepSessions(ctx context.Context) (int, error) {
	n, err := s.store.Client(ctx).Session.Delete().Where(entsession.ExpiresAtLTE(s.now().UTC())).Exec(ctx)
	if err != nil {
		return 0, fmt.Errorf("sweep the sessions: %w", err)
	}
	return n, nil
}
