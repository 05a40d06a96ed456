package sandbox

import (
	"net/http"
	"path"
	"slices"
	"sync"
	"time"
)

// FaultKind is what goes wrong.
type FaultKind string

// The kinds of faults. In those that end in After, and in those that spoil the
// body, the request was carried out.
const (
	FaultRateLimited      FaultKind = "rate limited"        // 429 (88 on v1.1) with the reset
	FaultDailyLimit       FaultKind = "daily limit"         // 403, code 185
	FaultDuplicate        FaultKind = "duplicate"           // 403, code 187
	FaultDuplicateContent FaultKind = "duplicate content"   // 403 as v2 says it
	FaultLocked           FaultKind = "locked"              // 403, code 326
	FaultOutOfCredit      FaultKind = "out of credit"       // 402
	FaultUsageCapped      FaultKind = "usage capped"        // 429, usage-capped
	FaultPlan             FaultKind = "plan"                // 403, code 453
	FaultClientForbidden  FaultKind = "client forbidden"    // 403, client-forbidden
	FaultErrorBefore      FaultKind = "error before"        // 503 or Status, nothing done
	FaultErrorAfter       FaultKind = "error after"         // 503 or Status, but done
	FaultHangBefore       FaultKind = "hang before"         // until the client gives up or ClearFaults; then done
	FaultHangAfter        FaultKind = "hang after"          // done, then hangs
	FaultDropBefore       FaultKind = "drop before"         // the connection breaks, nothing done
	FaultDropAfter        FaultKind = "drop after"          // the connection breaks, but done
	FaultHTML             FaultKind = "html body"           // a web page with status 200
	FaultTruncated        FaultKind = "truncated body"      // half of the JSON
	FaultWrongTypes       FaultKind = "wrong types"         // JSON of another shape
	FaultErrorsNoData     FaultKind = "errors without data" // 200 that says it failed
	FaultNewFieldNames    FaultKind = "new field names"     // the names of August 2026; nothing is wrong
	FaultAnswer           FaultKind = "answer"              // Status and Body as given, nothing done
)

// Fault makes matching requests go wrong. It strikes after the caller's identity
// was checked.
type Fault struct {
	// Method is an HTTP method, empty for any.
	Method string
	// Path is a pattern of package path for what follows BasePath, such as
	// "/2/users/*/likes"; empty for any.
	Path string
	// AccountID limits it to one acting account; empty for any caller.
	AccountID string
	Kind      FaultKind
	// Times is how often it strikes; 0 means until ClearFaults.
	Times int
	// Status and Body are for FaultAnswer, Status also for the errors.
	Status int
	Body   string
	// RetryAfter is how far away the reset of a limit is; 15 minutes if zero.
	RetryAfter time.Duration
	// Reached, if set, is called when it strikes, after the act in the kinds that
	// end in After, so that a test need not wait.
	Reached func()
}

// faultBoard holds the faults that are switched on.
type faultBoard struct {
	mu      sync.Mutex
	faults  []*Fault
	cleared chan struct{} // closed by clear
}

func newFaultBoard() *faultBoard { return &faultBoard{cleared: make(chan struct{})} }

// Inject switches a fault on. The first that matches a request strikes.
func (s *Sandbox) Inject(f Fault) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.faults = append(s.faults.faults, &f)
}

// ClearFaults switches all faults off and lets hanging requests go on.
func (s *Sandbox) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.faults = nil
	close(s.faults.cleared)
	s.faults.cleared = make(chan struct{})
}

// strike finds the fault for a request, and uses it up once.
func (b *faultBoard) strike(c *call, requestPath string) struck {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, f := range b.faults {
		if !f.matches(c, requestPath) {
			continue
		}
		hit := struck{Fault: *f, cleared: b.cleared}
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				b.faults = slices.Delete(b.faults, i, i+1)
			}
		}
		return hit
	}
	return struck{}
}

func (f *Fault) matches(c *call, requestPath string) bool {
	if f.Method != "" && f.Method != c.r.Method {
		return false
	}
	if f.AccountID != "" && (c.account == nil || c.account.ID != f.AccountID) {
		return false
	}
	if f.Path == "" {
		return true
	}
	ok, err := path.Match(f.Path, requestPath)
	return ok && err == nil
}

// struck is a fault that hits a request; the zero value hits none.
type struck struct {
	Fault
	cleared <-chan struct{}
}

// droppedStatus marks an answer that is never given: the connection breaks.
const droppedStatus = -1

// before returns the answer of a fault under which nothing is done.
func (f struck) before(s *Sandbox, c *call) (answer, bool) {
	if !f.kindAfter() {
		f.tell()
	}
	switch f.Kind {
	case FaultHangBefore:
		if f.hang(c) {
			return answer{status: droppedStatus}, true
		}
		return answer{}, false
	case FaultDropBefore:
		return answer{status: droppedStatus}, true
	case FaultErrorBefore:
		return f.serverError(), true
	case FaultAnswer:
		return bodyAnswer(f.status(http.StatusOK), "application/json", []byte(f.Body)), true
	}
	return f.refusal(s, c)
}

// refusal returns the answer of a fault that is an error of Twitter's.
func (f struck) refusal(s *Sandbox, c *call) (answer, bool) {
	coded := func(code int, message string) (answer, bool) {
		return *refuseCode(c, http.StatusForbidden, code, message), true
	}
	switch f.Kind {
	case FaultRateLimited:
		a := tooMany(c)
		limitHeaders(a.header, max(c.endpoint.limit, 1), 0, s.cfg.Now().Add(f.retryAfter()))
		return a, true
	case FaultDailyLimit:
		return coded(185, "User is over daily status update limit.")
	case FaultDuplicate:
		return coded(187, "Status is a duplicate.")
	case FaultDuplicateContent:
		return forbidden(duplicateText), true
	case FaultLocked:
		return coded(326, "To protect our users from spam and other malicious activity, this account is temporarily locked.")
	case FaultPlan:
		return coded(453, "You currently have access to a subset of X API V2 endpoints and limited v1.1 endpoints only.")
	case FaultOutOfCredit:
		return refuse(http.StatusPaymentRequired, "CreditsDepleted", "credits", "Your enrolled account does not have any credits to fulfill this request."), true
	case FaultUsageCapped:
		return refuse(http.StatusTooManyRequests, "UsageCapExceeded", "usage-capped", "Usage cap exceeded: Monthly product cap"), true
	case FaultClientForbidden:
		return jsonAnswer(http.StatusForbidden, problem{
			Title: "Client Forbidden", Type: problemBase + "client-forbidden", Status: http.StatusForbidden, Reason: "client-not-enrolled",
			Detail: "When authenticating requests to the Twitter API v2 endpoints, you must use keys and tokens from a project with the appropriate access.",
		}), true
	default:
		return answer{}, false
	}
}

// after spoils the answer to a request that was carried out.
func (f struck) after(c *call, a answer) answer {
	if f.kindAfter() {
		f.tell()
	}
	switch f.Kind {
	case FaultHangAfter:
		if f.hang(c) {
			return answer{status: droppedStatus}
		}
	case FaultDropAfter:
		return answer{status: droppedStatus}
	case FaultErrorAfter:
		return f.serverError()
	case FaultHTML:
		return bodyAnswer(http.StatusOK, "text/html", []byte("<!doctype html><title>X</title><p>Something went wrong. Try reloading."))
	case FaultTruncated:
		a.body = a.body[:len(a.body)/2]
	case FaultWrongTypes:
		return bodyAnswer(a.status, "application/json", []byte(`{"data": "none", "errors": 7, "meta": []}`))
	case FaultErrorsNoData:
		return jsonAnswer(http.StatusOK, map[string]any{"errors": []problem{{Title: "Odd", Detail: "Something odd happened.", Type: "about:blank"}}})
	case FaultNewFieldNames:
		a.body = withNewNames(a.body)
	}
	return a
}

// kindAfter reports whether the fault strikes once the request was carried out.
func (f struck) kindAfter() bool {
	return f.Kind == FaultHangAfter || f.Kind == FaultDropAfter || f.Kind == FaultErrorAfter
}

// tell says that the fault strikes now.
func (f struck) tell() {
	if f.Reached != nil {
		f.Reached()
	}
}

// hang waits until the client gives up (true) or the faults are cleared (false).
func (f struck) hang(c *call) bool {
	select {
	case <-c.r.Context().Done():
		return true
	case <-f.cleared:
		return c.r.Context().Err() != nil
	}
}

func (f struck) serverError() answer {
	return bodyAnswer(f.status(http.StatusServiceUnavailable), "text/html", []byte("<html><body><h1>Over capacity</h1></body></html>"))
}

func (f struck) status(fallback int) int {
	if f.Status == 0 {
		return fallback
	}
	return f.Status
}

func (f struck) retryAfter() time.Duration {
	if f.RetryAfter == 0 {
		return windowLength
	}
	return f.RetryAfter
}

// writeOrDrop writes the answer, or breaks the connection where there is none.
func (a answer) writeOrDrop(w http.ResponseWriter) {
	if a.status != droppedStatus {
		a.write(w)
		return
	}
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2, or a writer that cannot be taken over
	}
	_ = conn.Close()
}
