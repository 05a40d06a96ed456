package cli

import (
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

const (
	barWidth  = 40 // characters
	lineEvery = 10 // percent between lines where there is no terminal
)

// progress shows how far something has come: a bar on a terminal, else a line
// now and then.
type progress struct {
	w     io.Writer
	unit  string
	bar   bool
	shown int // the percentage that was shown last, -1 before the first
}

func newProgress(w io.Writer, unit string) *progress {
	file, ok := w.(*os.File)
	return &progress{w: w, unit: unit, bar: ok && term.IsTerminal(int(file.Fd())), shown: -1} // #nosec G115 -- a descriptor is small
}

// show tells that done of total are done.
func (p *progress) show(done, total int) {
	percent := 100
	if total > 0 {
		percent = int(100 * int64(done) / int64(total))
	}
	switch {
	case percent == p.shown, !p.bar && p.shown >= 0 && percent/lineEvery == p.shown/lineEvery:
	case p.bar:
		filled := barWidth * percent / 100
		_, _ = fmt.Fprintf(p.w, "\r[%s%s] %3d%% of %d %s", strings.Repeat("=", filled), strings.Repeat(" ", barWidth-filled),
			percent, total, p.unit)
		p.shown = percent
	default:
		_, _ = fmt.Fprintf(p.w, "%d%%: %d of %d %s\n", percent, done, total, p.unit)
		p.shown = percent
	}
}

// end leaves the bar's line.
func (p *progress) end() {
	if p.bar && p.shown >= 0 {
		_, _ = fmt.Fprintln(p.w)
	}
}
