package gqlhttp

import (
	"container/list"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
)

// cache keeps the documents that were used last. It is bounded by their number
// and by the size of their texts together: a parsed document takes a hundred
// times the memory of its text, and a bound on the number alone would let a
// client fill the memory with documents that it wrote for that.
type cache struct {
	maxEntries, maxBytes int

	mu      sync.Mutex
	bytes   int
	recency *list.List // of cacheEntry, the last used in front
	entries map[string]*list.Element
}

type cacheEntry struct {
	text string
	doc  *ast.QueryDocument
}

func newCache(maxEntries, maxBytes int) *cache {
	return &cache{
		maxEntries: maxEntries,
		maxBytes:   maxBytes,
		recency:    list.New(),
		entries:    make(map[string]*list.Element),
	}
}

func (c *cache) get(text string) (*ast.QueryDocument, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	element, ok := c.entries[text]
	if !ok {
		return nil, false
	}
	c.recency.MoveToFront(element)
	return element.Value.(cacheEntry).doc, true
}

// add keeps a document and drops the longest unused ones to make room for it.
func (c *cache) add(text string, doc *ast.QueryDocument) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.entries[text]; ok {
		return // two requests checked the same text at the same time
	}
	c.entries[text] = c.recency.PushFront(cacheEntry{text: text, doc: doc})
	c.bytes += len(text)
	for len(c.entries) > c.maxEntries || c.bytes > c.maxBytes {
		oldest := c.recency.Remove(c.recency.Back()).(cacheEntry)
		delete(c.entries, oldest.text)
		c.bytes -= len(oldest.text)
	}
}
