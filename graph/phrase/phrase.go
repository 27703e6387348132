// Package phrase says hours, figures, counts and lists the same in terminal, picture and page.
//
// A time is a length (Hours, HoursInWords) or a moment, counted from a failure (When, After): the short form is for tables and
// pictures, the long one for sentences. Units stand behind a plain space; who sets type ties them.
package phrase

import (
	"math"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/dustin/go-humanize/english"
)

// fromDays is the number of hours from which on times are said in days.
const fromDays = 72

// unit is a unit of time, short and in words.
type unit struct{ sign, one, many string }

var (
	minutes = unit{"min", "minute", "minutes"}
	hours   = unit{"h", "hour", "hours"}
	days    = unit{"d", "day", "days"}
)

// measure picks the unit that suits a time in hours, and says the figure in it. What rounds to the next unit is said in that
// one; less than a minute counts as one.
func measure(h float64) (string, unit) {
	switch m := math.Round(h * 60); {
	case h > 0 && m < 60:
		return Figure(max(1, m)), minutes
	case math.Round(h*10)/10 < fromDays:
		return Figure(h), hours
	}
	return Figure(h / 24), days
}

// endless says that a time has no end: nothing ever happens.
func endless(h float64) bool { return math.IsInf(h, 1) || math.IsNaN(h) }

// Hours says a length of time: "30 min" under an hour, then "4 h", from 72 hours on "3.2 d"; "0 h" for none and "never" for
// one without an end (+Inf, NaN).
func Hours(h float64) string {
	if endless(h) {
		return "never"
	}
	value, unit := measure(h)
	return value + " " + unit.sign
}

// HoursInWords says a length of time in a sentence: "30 minutes", "4 hours", "3.2 days"; "0 hours" and "never" as Hours does.
func HoursInWords(h float64) string {
	if endless(h) {
		return "never"
	}
	value, unit := measure(h)
	if value == "1" {
		return "1 " + unit.one
	}
	return value + " " + unit.many
}

// When says after how many hours something happens: "at once" for 0, else as Hours does.
func When(h float64) string {
	if h <= 0 {
		return "at once"
	}
	return Hours(h)
}

// After says in a sentence after how many hours something happens: "at once", "after 4 hours", "never".
func After(h float64) string {
	switch {
	case h <= 0:
		return "at once"
	case endless(h):
		return "never"
	}
	return "after " + HoursInWords(h)
}

// Percent says a share, of which 1 is the whole: "71 %", "113 %"; under one per cent with two digits that count: "0.34 %".
func Percent(share float64) string {
	p := share * 100
	if math.Abs(p) >= 1 {
		p = math.Round(p)
	}
	return Figure(p) + " %"
}

// Figure says a finite value without needless digits: one after the point under a hundred, none from there on, two that count under
// one: "2,130", "213", "12.5", "0.48", "0.0012".
func Figure(v float64) string {
	switch a := math.Abs(v); {
	case a == 0:
		return "0" // of either sign
	case a >= 100:
		v = math.Round(v)
	case a >= 1:
		v = math.Round(v*10) / 10
	default:
		v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'e', 1, 64), 64) // cannot fail: it was written just now
	}
	return humanize.Commaf(v)
}

// Count says a number of things: "2,130".
func Count(n int) string { return humanize.Comma(int64(n)) }

// Plural counts with a word of its own for one and for many: "1 need has", "2,130 needs have".
func Plural(n int, one, many string) string { return english.Plural(n, one, many) }

// Things counts what a noun names: "1 team", "2,130 teams", "3 people".
func Things(n int, noun string) string { return english.Plural(n, noun, PluralOf(noun)) }

// PluralOf gives the plural of a noun: "teams", "boxes", "other people".
func PluralOf(noun string) string {
	if before, ok := strings.CutSuffix(noun, "person"); ok {
		return before + "people"
	}
	return english.PluralWord(2, noun, "")
}

// List joins words with "and" or "or" before the last one: "A, B and C".
func List(words []string, conjunction string) string { return english.WordSeries(words, conjunction) }
