// Package idempotency keeps a mutation that carries a client's key from
// happening twice. The key belongs to the actor and is remembered for 24
// hours, with what the mutation made or changed; it is stored in the very
// transaction that makes the change, so neither exists without the other.
package idempotency

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/store"
)

const remembered = 24 * time.Hour

// Service remembers keys.
type Service struct {
	store *store.Store
	now   func() time.Time
}

// New makes the service.
func New(s *store.Store, now func() time.Time) *Service { return &Service{store: s, now: now} }

// Call is a mutation as the client asked for it.
type Call struct {
	Mutation string
	Key      string // empty: the mutation simply happens
	Input    any    // whatever must be equal for the call to be the same
}

// claim travels in the context from Do to the service's commit point.
type claim struct {
	service        *Service
	actor, request string
	key            string
	recorded       bool
}

type claimKey struct{}

var errRepeat = errors.New("idempotency: the same call was committed meanwhile")

// Do makes the mutation happen by do, or, where the same call has happened,
// gives by load what it led to and says repeat. do must reach Record in its
// transaction. Errors: Unauthenticated; Invalid for an unusable key; Conflict
// when the key came with another input; and those of do and load.
func Do[T any](
	ctx context.Context, s *Service, call Call,
	load func(ctx context.Context, id int) (T, error), do func(ctx context.Context) (T, error),
) (result T, repeat bool, err error) {
	if call.Key == "" {
		result, err = do(ctx)
		return result, false, err
	}
	c, err := s.claim(ctx, call)
	if err != nil {
		return result, false, err
	}
	for range 2 {
		id, found, err := s.find(ctx, c)
		if err != nil {
			return result, false, err
		}
		if found {
			result, err = load(ctx, id)
			return result, true, err
		}
		result, err = do(context.WithValue(ctx, claimKey{}, c))
		if !errors.Is(err, errRepeat) {
			return result, false, err
		}
	}
	return result, false, errRepeat
}

// Record stores, in the transaction of ctx, that the call in ctx has led to
// id. Without a key it does nothing. Its error must end the transaction.
func Record(ctx context.Context, id int) error {
	c, ok := ctx.Value(claimKey{}).(*claim)
	if !ok || c.recorded {
		return nil
	}
	s := c.service
	var row int
	err := s.store.Conn(ctx).QueryRowContext(ctx, `INSERT INTO idempotency_keys (actor, key, request, result_id, created_at)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (actor, key) DO UPDATE
		SET request = EXCLUDED.request, result_id = EXCLUDED.result_id, created_at = EXCLUDED.created_at
		WHERE idempotency_keys.created_at <= $6 RETURNING id`,
		c.actor, c.key, c.request, id, s.now(), s.now().Add(-remembered)).Scan(&row)
	if store.IsNoRow(err) {
		return errRepeat
	}
	if err != nil {
		return fmt.Errorf("record the idempotency key: %w", err)
	}
	s.store.AfterCommit(ctx, func() { c.recorded = true })
	return nil
}

func (s *Service) claim(ctx context.Context, call Call) (*claim, error) {
	if utf8.RuneCountInString(call.Key) > 255 || !utf8.ValidString(call.Key) || strings.ContainsRune(call.Key, 0) {
		return nil, fandom.InvalidField("idempotency_key", "A key has at most 255 characters, none of them NUL.")
	}
	actor := fandom.ActorFrom(ctx)
	name := fmt.Sprintf("user:%d", actor.UserID)
	switch {
	case actor.AdminID != 0:
		name = fmt.Sprintf("admin:%d", actor.AdminID)
	case actor.UserID == 0:
		_, err := fandom.RequireUser(ctx)
		return nil, err
	}
	input, err := json.Marshal(call.Input)
	if err != nil {
		return nil, fmt.Errorf("hash the input of %s: %w", call.Mutation, err)
	}
	sum := sha256.Sum256(append([]byte(call.Mutation+"\n"), input...))
	return &claim{service: s, actor: name, key: call.Key, request: hex.EncodeToString(sum[:])}, nil
}

func (s *Service) find(ctx context.Context, c *claim) (id int, found bool, err error) {
	var request string
	err = s.store.Conn(ctx).QueryRowContext(ctx, `SELECT request, result_id FROM idempotency_keys
		WHERE actor = $1 AND key = $2 AND created_at > $3`, c.actor, c.key, s.now().Add(-remembered)).Scan(&request, &id)
	switch {
	case store.IsNoRow(err):
		return 0, false, nil
	case err != nil:
		return 0, false, fmt.Errorf("look up the idempotency key: %w", err)
	case request != c.request:
		return 0, false, fandom.Errorf(fandom.Conflict, "This idempotency key was used with another input within the last 24 hours.")
	default:
		return id, true, nil
	}
}

// Sweep forgets old keys.
func (s *Service) Sweep(ctx context.Context) error {
	_, err := s.store.Conn(ctx).ExecContext(ctx, `DELETE FROM idempotency_keys WHERE created_at <= $1`, s.now().Add(-remembered))
	return err
}
