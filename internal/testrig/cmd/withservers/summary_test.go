package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// summarise gives what is printed for events, each {"Action":…} without its
// braces, of a go test that ended with code.
func summarise(t *testing.T, code int, events ...string) string {
	t.Helper()
	var out strings.Builder
	s := newSummary(&out)
	require.NoError(t, s.read(strings.NewReader("{"+strings.Join(events, "}\n{")+"}\n")))
	s.close(code)
	return out.String()
}

func TestSummaryIsQuietAboutWhatPasses(t *testing.T) {
	t.Parallel()
	got := summarise(t, 0,
		`"Action":"start","Package":"p"`,
		`"Action":"run","Package":"p","Test":"TestA"`,
		`"Action":"output","Package":"p","Test":"TestA","Output":"=== RUN   TestA\n"`,
		`"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:1: chatter\n"`,
		`"Action":"pass","Package":"p","Test":"TestA"`,
		`"Action":"output","Package":"p","Output":"PASS\n"`,
		`"Action":"output","Package":"p","Output":"ok  \tp\t0.1s\n"`,
		`"Action":"pass","Package":"p"`,
		`"Action":"output","Package":"q","Output":"?   \tq\t[no test files]\n"`,
		`"Action":"skip","Package":"q"`,
	)
	require.Equal(t, "ok  \tp\t0.1s\n1 passed, 0 failed, 0 skipped\n", got)
}

func TestSummaryShowsFailuresAndTheReasonsOfSkips(t *testing.T) {
	t.Parallel()
	got := summarise(t, 1,
		`"Action":"run","Package":"p","Test":"TestA"`,
		`"Action":"run","Package":"p","Test":"TestA/sub"`,
		`"Action":"output","Package":"p","Test":"TestA/sub","Output":"    a_test.go:2: wrong\n"`,
		`"Action":"fail","Package":"p","Test":"TestA/sub"`,
		`"Action":"output","Package":"p","Test":"TestA","Output":"--- FAIL: TestA (0.00s)\n"`,
		`"Action":"fail","Package":"p","Test":"TestA"`,
		`"Action":"run","Package":"p","Test":"TestS"`,
		`"Action":"output","Package":"p","Test":"TestS","Output":"    a_test.go:9: no server\n"`,
		`"Action":"skip","Package":"p","Test":"TestS"`,
		`"Action":"output","Package":"p","Output":"FAIL\tp\t0.1s\n"`,
		`"Action":"fail","Package":"p"`,
	)
	require.Equal(t, "--- FAIL: TestA (0.00s)\n    a_test.go:2: wrong\n    a_test.go:9: no server\nFAIL\tp\t0.1s\n"+
		"0 passed, 2 failed, 1 skipped\n", got)
}

func TestSummaryShowsWhatTookTheProgramDown(t *testing.T) {
	t.Parallel()
	got := summarise(t, 1,
		`"Action":"run","Package":"p","Test":"TestHangs"`,
		`"Action":"output","Package":"p","Test":"TestHangs","Output":"panic: test timed out after 5s\n"`,
		`"Action":"output","Package":"p","Output":"FAIL\tp\t5.0s\n"`,
		`"Action":"fail","Package":"p"`,
	)
	require.Equal(t, "panic: test timed out after 5s\nFAIL\tp\t5.0s\n0 passed, 1 failed, 0 skipped\n", got)
}

func TestSummaryCountsEveryPackageThatFailsWithoutATest(t *testing.T) {
	t.Parallel()
	got := summarise(t, 1,
		`"ImportPath":"p [p.test]","Action":"build-output","Output":"a_test.go:3: undefined: x\n"`,
		`"ImportPath":"p [p.test]","Action":"build-fail"`,
		`"Action":"output","Package":"p","Output":"FAIL\tp [build failed]\n"`,
		`"Action":"fail","Package":"p","FailedBuild":"p [p.test]"`,
		`"Action":"run","Package":"q","Test":"TestA"`,
		`"Action":"pass","Package":"q","Test":"TestA"`,
		`"Action":"output","Package":"q","Output":"WARNING: DATA RACE\n"`,
		`"Action":"fail","Package":"q"`,
	)
	require.Equal(t, "a_test.go:3: undefined: x\nFAIL\tp [build failed]\nWARNING: DATA RACE\n"+
		"1 passed, 2 failed, 0 skipped\n", got)
}

func TestSummaryOfARunThatWasCutShort(t *testing.T) {
	t.Parallel()
	got := summarise(t, 130,
		`"Action":"run","Package":"p","Test":"TestA"`,
		`"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:1: so far\n"`,
	)
	require.Equal(t, "    a_test.go:1: so far\n0 passed, 1 failed, 0 skipped\n", got)
}

func TestSummaryNeverCallsAFailureClean(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	s := newSummary(&out)
	require.NoError(t, s.read(strings.NewReader("flag provided but not defined: -x\n{}\n")))
	s.close(2)
	require.Equal(t, "flag provided but not defined: -x\n{}\n0 passed, 1 failed, 0 skipped\n", out.String())
}
