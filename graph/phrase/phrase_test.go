package phrase_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"example.com/whoserves/graph/phrase"
)

func Example() {
	fmt.Println(phrase.Things(2130, "team") + " stop " + phrase.After(4) + "; back in " + phrase.Hours(77) + ".")
	fmt.Println(phrase.List([]string{"Payroll", "Fuel", "IT"}, "and") + " have " + phrase.Percent(0.714) + ".")
	// Output:
	// 2,130 teams stop after 4 hours; back in 3.2 d.
	// Payroll, Fuel and IT have 71 %.
}

func TestTimes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		hours                     float64
		long, inWords, when, then string
	}{
		{0, "0 h", "0 hours", "at once", "at once"},
		{0.001, "1 min", "1 minute", "1 min", "after 1 minute"},
		{0.5, "30 min", "30 minutes", "30 min", "after 30 minutes"},
		{0.99, "59 min", "59 minutes", "59 min", "after 59 minutes"},
		{0.999, "1 h", "1 hour", "1 h", "after 1 hour"},
		{1, "1 h", "1 hour", "1 h", "after 1 hour"},
		{1.04, "1 h", "1 hour", "1 h", "after 1 hour"},
		{4, "4 h", "4 hours", "4 h", "after 4 hours"},
		{71.94, "71.9 h", "71.9 hours", "71.9 h", "after 71.9 hours"},
		{71.96, "3 d", "3 days", "3 d", "after 3 days"},
		{72, "3 d", "3 days", "3 d", "after 3 days"},
		{77, "3.2 d", "3.2 days", "3.2 d", "after 3.2 days"},
		{8760, "365 d", "365 days", "365 d", "after 365 days"},
		{48000, "2,000 d", "2,000 days", "2,000 d", "after 2,000 days"},
		{math.Inf(1), "never", "never", "never", "never"},
		{math.NaN(), "never", "never", "never", "never"},
	} {
		got := []string{phrase.Hours(c.hours), phrase.HoursInWords(c.hours), phrase.When(c.hours), phrase.After(c.hours)}
		if want := []string{c.long, c.inWords, c.when, c.then}; strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%g hours: %q, not %q", c.hours, got, want)
		}
	}
}

func TestFigures(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{0: "0", math.Copysign(0, -1): "0", 61: "61", 12.5: "12.5", 12.04: "12", 99.96: "100", 212.5: "213",
		999.6: "1,000", 2130: "2,130", -2130.4: "-2,130", -0.5: "-0.5", 0.48: "0.48", 0.999: "1", 0.0499: "0.05", 0.00000123: "0.0000012"} {
		if got := phrase.Figure(v); got != want {
			t.Errorf("figure %g: %q, not %q", v, got, want)
		}
	}
	for share, want := range map[float64]string{0: "0 %", 0.0034: "0.34 %", 0.0099999: "1 %", 0.01: "1 %", 0.714: "71 %", 1: "100 %", 1.13: "113 %",
		1.135: "114 %", 21.3: "2,130 %"} {
		if got := phrase.Percent(share); got != want {
			t.Errorf("share %g: %q, not %q", share, got, want)
		}
	}
}

func TestCountsAndLists(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ got, want string }{
		{phrase.Count(0), "0"},
		{phrase.Count(999), "999"},
		{phrase.Count(2130), "2,130"},
		{phrase.Count(-1234567), "-1,234,567"},
		{phrase.Plural(1, "need has", "needs have"), "1 need has"},
		{phrase.Plural(0, "need has", "needs have"), "0 needs have"},
		{phrase.Plural(2130, "need has", "needs have"), "2,130 needs have"},
		{phrase.Things(1, "team"), "1 team"},
		{phrase.Things(2130, "team"), "2,130 teams"},
		{phrase.Things(1, "other person"), "1 other person"},
		{phrase.Things(2, "other person"), "2 other people"},
		{phrase.PluralOf("person"), "people"},
		{phrase.PluralOf("box"), "boxes"},
		{phrase.PluralOf("stand-in customer"), "stand-in customers"},
		{phrase.List(nil, "and"), ""},
		{phrase.List([]string{"A"}, "and"), "A"},
		{phrase.List([]string{"A", "B"}, "or"), "A or B"},
		{phrase.List([]string{"A", "B", "C"}, "and"), "A, B and C"},
	} {
		if c.got != c.want {
			t.Errorf("%q, not %q", c.got, c.want)
		}
	}
}
