package admin

import (
	"context"
	"fmt"
	"time"

	"github.com/alexedwards/argon2id"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

const (
	// hashesAtOnce bounds the memory that logging in takes, to about 80 MB
	// with the cost below.
	hashesAtOnce = 4

	// hashingQueue is how long a login waits for its turn.
	hashingQueue = 5 * time.Second
)

// defaultHashing is the cost that OWASP's password cheat sheet recommends for
// argon2id: 19 MiB, two passes, one thread; some 30 ms.
func defaultHashing() *argon2id.Params {
	return &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// hasher hashes passwords, a few at a time.
type hasher struct {
	params *argon2id.Params
	turns  chan struct{}
	dummy  string // what no password matches, at the usual cost
}

func newHasher(params *argon2id.Params) (*hasher, error) {
	if params == nil {
		params = defaultHashing()
	}
	dummy, err := argon2id.CreateHash(GeneratePassword(), params)
	if err != nil {
		return nil, fmt.Errorf("hash a password: %w", err)
	}
	return &hasher{params: params, turns: make(chan struct{}, hashesAtOnce), dummy: dummy}, nil
}

func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	done, err := h.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return argon2id.CreateHash(password, h.params)
}

func (h *hasher) matches(ctx context.Context, password, hash string) (bool, error) {
	if len(password) > maxPassword {
		password = "" // no admin has one: as wrong as before, and cheaper
	}
	done, err := h.turn(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	match, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, fmt.Errorf("compare a password with its hash: %w", err)
	}
	return match, nil
}

// turn waits until fewer than hashesAtOnce are at work. Errors: Unavailable.
func (h *hasher) turn(ctx context.Context) (done func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, hashingQueue)
	defer cancel()
	select {
	case h.turns <- struct{}{}:
		return func() { <-h.turns }, nil
	case <-ctx.Done():
		return nil, fandom.Errorf(fandom.Unavailable, "Too many people are logging in. Try again soon.").
			After(hashingQueue).Because(ctx.Err())
	}
}
