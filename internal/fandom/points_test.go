package fandom_test

import (
	"bytes"
	"encoding/json"
	"math"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

func TestPointsAreWrittenAsDecimals(t *testing.T) {
	t.Parallel()
	for points, want := range map[fandom.Points]string{
		0: "0.0", 5: "0.05", 50: "0.5", -50: "-0.5", -5: "-0.05", 20_00: "20.0", 12_25: "12.25", 12_50: "12.5", -12_34: "-12.34",
		fandom.MaxPoints: "1000000.0",
		1<<53 - 1:        "90071992547409.91", math.MaxInt64: "92233720368547758.07", math.MinInt64: "-92233720368547758.08",
	} {
		assert.Equal(t, want, points.String())
		assert.Equal(t, "x"+want, string(points.Append([]byte("x"))))
		raw, err := json.Marshal(points)
		require.NoError(t, err)
		assert.Equal(t, want, string(raw), "a JSON number with its decimal point")
		var b bytes.Buffer
		points.MarshalGQL(&b)
		assert.Equal(t, want, b.String())
	}
}

func TestParsePoints(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]fandom.Points{
		"0": 0, "-0": 0, "-0.00": 0, "7": 7_00, "007": 7_00, "0.1": 10, "0.29": 29, "1.15": 1_15, "4.35": 4_35, "8.2000": 8_20,
		"-3.07": -3_07, "1000000": fandom.MaxPoints, "1000000.00": fandom.MaxPoints, "-1000000": -fandom.MaxPoints,
		"1e2": 100_00, "1E2": 100_00, "1.5e1": 15_00, "125e-2": 1_25, "-2.5e-1": -25, "1e6": fandom.MaxPoints, "1.005e1": 10_05, "0e9": 0,
	} {
		got, err := fandom.ParsePoints(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{
		"", " ", "-", ".", ".5", "-.5", "--1", "+1", "1..2", "1.2.3", "1.2.", "1,5", "1 ", " 1", "abc", "1a", "1.a", "1.0a", "0x10", "٣", "½",
		"NaN", "Inf", "-Inf", "infinity", "1_000", "0.001", "1.005", "0.100001", "1e-3", "1e", "e1", "1e1e1", "0x1ep0", "1e400", "-1e400",
		"1000000.01", "-1000000.01", "1000001", "1e7", "9223372036854775807", "9223372036854775808", "99999999999999999999999999",
		"92233720368547758.07", "1\x00", "1\n",
	} {
		_, err := fandom.ParsePoints(text)
		require.Error(t, err, "%q", text)
	}
}

func TestPointsComeBackFromTheirText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		points := fandom.Points(rapid.Int64Range(-int64(fandom.MaxPoints), int64(fandom.MaxPoints)).Draw(rt, "points"))
		got, err := fandom.ParsePoints(points.String())
		require.NoError(rt, err)
		require.Equal(rt, points, got)

		var exact big.Rat
		_, ok := exact.SetString(points.String())
		require.True(rt, ok)
		require.Zero(rt, exact.Cmp(big.NewRat(int64(points), 100)), "the text says exactly the hundredths")

		text := strconv.FormatFloat(float64(points)/100, 'e', -1, 64)
		got, err = fandom.ParsePoints(text)
		require.NoError(rt, err)
		require.Equal(rt, points, got, text)

		for _, v := range []any{json.Number(points.String()), float64(points) / 100} {
			var back fandom.Points
			require.NoError(rt, back.UnmarshalGQL(v))
			require.Equal(rt, points, back)
		}
	})
}

func TestPointsFromGraphQL(t *testing.T) {
	t.Parallel()
	for _, v := range []any{12, int64(12), 12.0, json.Number("12"), json.Number("1.2e1")} {
		var p fandom.Points
		require.NoError(t, p.UnmarshalGQL(v))
		require.Equal(t, fandom.Points(12_00), p)
	}
	for _, v := range []any{
		nil, true, "12", []any{}, json.Number(""), json.Number("x"), 0.001, 1e7, -1e7, 1e300, math.NaN(), math.Inf(1), math.MaxInt64, int64(math.MinInt64),
	} {
		p := fandom.Points(7)
		err := p.UnmarshalGQL(v)
		require.Error(t, err, "%v", v)
		require.Equal(t, fandom.Invalid, fandom.CodeOf(err))
		require.Equal(t, fandom.Points(7), p, "a refused value changes nothing")
	}
}

func FuzzParsePoints(f *testing.F) {
	for _, seed := range []string{"0", "-1.5", "12.25", "1e2", "0x1ep0", "1e-400", "1000000", "1..", "..1", "-", "1e+06", "٣"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		points, err := fandom.ParsePoints(text)
		if err != nil {
			if points != 0 {
				t.Fatalf("%q is refused and gives %d", text, points)
			}
			return
		}
		if points > fandom.MaxPoints || points < -fandom.MaxPoints {
			t.Fatalf("%q gives %s, which is beyond the limit", text, points)
		}
		if again, err := fandom.ParsePoints(points.String()); err != nil || again != points {
			t.Fatalf("%q gives %s, which gives %s, %v", text, points, again, err)
		}
		if strings.Trim(text, "0123456789+-.eE") != "" {
			t.Fatalf("%q is not a decimal number", text)
		}
		if f, err := strconv.ParseFloat(text, 64); err != nil || math.Abs(f*100-float64(points)) > 0.01 {
			t.Fatalf("%q gives %s", text, points)
		}
	})
}
