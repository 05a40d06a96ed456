package gqlhttp

import (
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"
)

func TestCacheDropsTheLongestUnused(t *testing.T) {
	c := newCache(2, 100)
	for _, text := range []string{"a", "b"} {
		c.add(text, &ast.QueryDocument{})
	}
	_, ok := c.get("a")
	assert.True(t, ok)
	c.add("c", &ast.QueryDocument{})
	_, ok = c.get("b")
	assert.False(t, ok)
	_, ok = c.get("a")
	assert.True(t, ok)
}

func TestCacheBoundsBytes(t *testing.T) {
	c := newCache(100, 10)
	for _, text := range []string{"aaaa", "bbbb", "cccc", "cccc"} {
		c.add(text, &ast.QueryDocument{})
	}
	assert.Equal(t, 8, c.bytes)
	assert.Len(t, c.entries, 2)
	c.add(strings.Repeat("d", 11), &ast.QueryDocument{})
	assert.Zero(t, c.bytes)
	assert.Empty(t, c.entries)
}

func TestOnlySmallValidDocumentsAreCached(t *testing.T) {
	d := newDocuments(newTestSchema(t).schema, Config{Limits: limitsFor(nil)})
	first, errs := d.get("{ echo }")
	require.Empty(t, errs)
	again, _ := d.get("{ echo }")
	assert.Same(t, first, again)

	_, errs = d.get("{ nothing }")
	assert.NotEmpty(t, errs)
	_, errs = d.get("{ echo }" + strings.Repeat(" ", 16<<10))
	assert.Empty(t, errs)
	assert.Len(t, d.cache.entries, 1)
}

// TestCachedDocumentsAreShared is for the race detector.
func TestCachedDocumentsAreShared(t *testing.T) {
	h := newHandler(t, nil)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 50 {
				a := query(t, h, "query ($n: Int) { users(first: $n) { id ... @defer { name } ...F } } fragment F on User { best { id } }", `{"n":2}`)
				assert.Empty(t, a.Errors)
			}
		})
	}
	wait.Wait()
}
