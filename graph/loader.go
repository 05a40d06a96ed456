package graph

import (
	"context"
	"sync"
	"time"

	"github.com/vikstrous/dataloadgen"
)

// batchWait is how long a loader waits for more keys that nobody announced.
const batchWait = time.Millisecond

// loader batches by time, and better by announcement: a resolver that returns
// a list says with expect which keys its items may ask for, and the first who
// asks for one fetches them all. So a page costs the same number of
// statements however few of its items are resolved at once.
type loader[K comparable, V any] struct {
	batches *dataloadgen.Loader[K, V]
	fetch   func(context.Context, []K) (map[K]V, error)

	mu     sync.Mutex
	groups map[K]func() (map[K]V, error)
}

func newLoader[K comparable, V any](fetch func(context.Context, []K) (map[K]V, error)) *loader[K, V] {
	return &loader[K, V]{
		batches: dataloadgen.NewMappedLoader(fetch, dataloadgen.WithWait(batchWait)),
		fetch:   fetch, groups: map[K]func() (map[K]V, error){},
	}
}

// expect announces keys; nothing is fetched before somebody asks.
func (l *loader[K, V]) expect(ctx context.Context, keys []K) {
	group := sync.OnceValues(func() (map[K]V, error) { return l.fetch(ctx, keys) })
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, key := range keys {
		if l.groups[key] == nil {
			l.groups[key] = group
		}
	}
}

// Load gives the value of a key. Errors: dataloadgen.ErrNotFound, and what
// fetching failed with.
func (l *loader[K, V]) Load(ctx context.Context, key K) (value V, err error) {
	l.mu.Lock()
	group := l.groups[key]
	l.mu.Unlock()
	if group == nil {
		return l.batches.Load(ctx, key)
	}
	values, err := group()
	if err != nil {
		return value, err
	}
	value, ok := values[key]
	if !ok {
		return value, dataloadgen.ErrNotFound
	}
	return value, nil
}
