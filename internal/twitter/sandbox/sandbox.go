package sandbox

import (
	"html/template"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Config says what the sandbox takes for its one app and how it behaves.
type Config struct {
	// ConsumerKey and ConsumerSecret are the credentials of the one app it knows.
	ConsumerKey, ConsumerSecret string
	// CallbackURL, if set, is the only callback that a login may name, exactly.
	CallbackURL string
	// JournalPath, if set, is a file that keeps the state over restarts.
	JournalPath string
	// BasePath is the path under which the handler is mounted, such as "/sandbox".
	// It is part of what clients sign.
	BasePath string
	// Now stamps posts, ids and rate windows; time.Now if nil.
	Now func() time.Time
	// SignatureNow is what the timestamps of signatures are held against. It is
	// apart from Now because client libraries sign by the machine's clock, also
	// where a test moves the time of everything else. time.Now if nil.
	SignatureNow func() time.Time
	// Limits overrides how many calls a user may make in 15 minutes, by endpoint
	// ("POST /2/tweets", "GET /2/tweets/{id}"). See [DefaultLimits].
	Limits map[string]int
	// Unlimited turns the rate limits off, for load tests.
	Unlimited bool
}

// Sandbox is a stand-in Twitter. It is safe for concurrent use.
type Sandbox struct {
	cfg    Config
	mux    *http.ServeMux
	pages  *template.Template
	faults *faultBoard

	mu      sync.Mutex // guards everything below
	state   state
	nonces  nonces
	windows map[windowKey]*window
	journal *journal
}

// New returns a sandbox, with the state of its journal if it has one. Close it.
func New(cfg Config) (*Sandbox, error) {
	cfg.BasePath = strings.TrimRight(cfg.BasePath, "/")
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.SignatureNow == nil {
		cfg.SignatureNow = time.Now
	}
	pages, err := parsePages()
	if err != nil {
		return nil, err
	}
	s := &Sandbox{
		cfg: cfg, pages: pages, faults: newFaultBoard(), state: newState(),
		nonces: newNonces(), windows: map[windowKey]*window{},
	}
	if cfg.JournalPath != "" {
		if s.journal, err = openJournal(cfg.JournalPath, s.state.apply); err != nil {
			return nil, err
		}
	}
	s.mux = s.routes()
	return s, nil
}

// Close lets hanging requests go and closes the journal.
func (s *Sandbox) Close() error {
	s.ClearFaults()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.journal.close()
}

// Handler serves the paths below BasePath.
func (s *Sandbox) Handler() http.Handler { return s.mux }

// commit writes an event to the journal and applies it. The lock is held.
func (s *Sandbox) commit(e event) error {
	if err := s.journal.append(e); err != nil {
		return err
	}
	s.state.apply(e)
	return nil
}
