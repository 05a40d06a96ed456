package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// summary turns the events of `go test -json` into what `go test` prints, a
// line a package and the full output of what failed, with the reasons of
// skipped tests and without packages that have no tests. It counts.
type summary struct {
	out                     io.Writer
	passed, failed, skipped int
	packages                map[string]*tested // those that run
}

// tested is what a package's tests have said so far.
type tested struct {
	names  []string // of tests, in the order in which they began; empty for the package itself
	output map[string][]string
	ended  map[string]string // test → pass, fail or skip
	failed bool              // a test of it did
}

// event is a line of `go test -json`; `go doc test2json` has the format.
type event struct {
	Action     string
	Package    string
	ImportPath string // of a build, in place of Package
	Test       string
	Output     string
}

func newSummary(out io.Writer) *summary {
	return &summary{out: out, packages: make(map[string]*tested)}
}

// read takes events until the stream ends. A line that is none, such as what
// a test program wrote past its log, is printed as it is.
func (s *summary) read(r io.Reader) error {
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		var e event
		switch {
		case len(line) == 0:
		case json.Unmarshal(line, &e) != nil || e.Action == "":
			s.print(string(line))
		default:
			s.take(e)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the events of go test: %w", err)
		}
	}
}

func (s *summary) take(e event) {
	if e.Action == "build-output" { // it can belong to several packages
		s.print(e.Output)
		return
	}
	if e.Package == "" {
		return
	}
	p := s.packages[e.Package]
	if p == nil {
		p = &tested{output: make(map[string][]string), ended: make(map[string]string)}
		s.packages[e.Package] = p
	}
	switch e.Action {
	case "run":
		p.begin(e.Test)
	case "output":
		p.begin(e.Test)
		p.output[e.Test] = append(p.output[e.Test], e.Output)
	case "pass", "fail", "skip":
		p.begin(e.Test)
		p.ended[e.Test] = e.Action
		if e.Test == "" {
			s.finish(p)
			delete(s.packages, e.Package)
		}
	}
}

func (p *tested) begin(test string) {
	if _, known := p.output[test]; !known {
		p.output[test] = nil
		p.names = append(p.names, test)
	}
}

// finish counts and prints a package that has ended. A test without an end
// took the whole program down, by a panic, a timeout or os.Exit, and what it
// said last tells why: it counts as failed. So does a package that fails with
// no failing test, such as one that doesn't compile.
func (s *summary) finish(p *tested) {
	for _, name := range p.names {
		if name == "" {
			continue
		}
		switch p.ended[name] {
		case "pass":
			s.passed++
		case "skip":
			s.skipped++
			s.show(p, name)
		default:
			s.failed++
			p.failed = true
			s.show(p, name)
		}
	}
	result := p.ended[""]
	if result == "skip" { // it has no tests
		return
	}
	if result != "pass" && !p.failed {
		s.failed++
	}
	s.show(p, "")
}

// show prints what a test or, with an empty name, its package said, without
// the lines that only say that tests begin and pause.
func (s *summary) show(p *tested, test string) {
	for _, line := range p.output[test] {
		if !strings.HasPrefix(line, "=== ") && line != "PASS\n" {
			s.print(line)
		}
	}
}

// close prints the counts, given the exit status of go test. A run that was
// cut short shows what it has, and one that failed before it came to a test
// has one failure: itself.
func (s *summary) close(code int) {
	for _, name := range slices.Sorted(maps.Keys(s.packages)) {
		s.finish(s.packages[name])
	}
	if code != 0 && s.failed == 0 {
		s.failed = 1
	}
	s.print(fmt.Sprintf("%d passed, %d failed, %d skipped\n", s.passed, s.failed, s.skipped))
}

// print drops the error of a closed standard output: the exit status says it.
func (s *summary) print(text string) { _, _ = io.WriteString(s.out, text) }
