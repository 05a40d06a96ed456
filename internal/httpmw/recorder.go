package httpmw

import (
	"bufio"
	"net"
	"net/http"
)

// recorder notes what became of an answer. It passes on what sockets and
// streams need: libraries ask for Hijacker and Flusher by type assertion.
type recorder struct {
	http.ResponseWriter
	status   int // 0: nothing was written
	bytes    int64
	hijacked bool
}

// record wraps w, unless that has been done.
func record(w http.ResponseWriter) *recorder {
	if rec, ok := w.(*recorder); ok {
		return rec
	}
	return &recorder{ResponseWriter: w}
}

// begun reports whether it is too late for another answer.
func (r *recorder) begun() bool { return r.status != 0 || r.hijacked }

// final is the status that the client got.
func (r *recorder) final() int {
	switch {
	case r.hijacked:
		return http.StatusSwitchingProtocols
	case r.status == 0: // net/http answers so where a handler writes nothing
		return http.StatusOK
	default:
		return r.status
	}
}

// WriteHeader notes the first status that is not informational.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= http.StatusOK {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write counts bytes before any compression further out.
func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

// Unwrap serves http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// Flush implements http.Flusher.
func (r *recorder) Flush() {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	_ = http.NewResponseController(r.ResponseWriter).Flush() // not supported: nothing to do
}

// Hijack implements http.Hijacker.
func (r *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(r.ResponseWriter).Hijack()
	r.hijacked = r.hijacked || err == nil
	return conn, rw, err
}
