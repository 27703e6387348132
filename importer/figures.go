package importer

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.com/whoserves/graph"
)

// mark is the decimal mark that a number is written with.
type mark uint8

const (
	noMark    mark = iota // not known
	pointMark             // 1,234.5
	commaMark             // 1.234,5
)

// figure is a number as it was written, under both customs. 1,5 can only be the one, 1.5 only the other, 15 is the same in
// both, and 1,234 and 1.234 can be either.
type figure struct {
	byPoint, byComma   float64
	canPoint, canComma bool
	written            string
}

// evidence is the custom that the figure gives away.
func (f figure) evidence() mark {
	switch {
	case f.canPoint && !f.canComma:
		return pointMark
	case f.canComma && !f.canPoint:
		return commaMark
	}
	return noMark
}

// ambiguous says that the two customs read different numbers.
func (f figure) ambiguous() bool { return f.canPoint && f.canComma && f.byPoint != f.byComma }

// value reads the figure by a custom; noMark gives the only reading that there is.
func (f figure) value(m mark) float64 {
	if f.canComma && (m == commaMark || !f.canPoint) {
		return f.byComma
	}
	return f.byPoint
}

// readFigure reads a number with an optional sign, groups of three and a decimal part: 1234, -1.5, 1 234,5, 1'234.5, 1e3.
func readFigure(s string) (figure, bool) {
	f := figure{written: s}
	f.byPoint, f.canPoint = readUnder(s, '.', ',')
	f.byComma, f.canComma = readUnder(s, ',', '.')
	return f, f.canPoint || f.canComma
}

// readUnder reads a number with the given decimal mark; groups of three may be set apart by the group mark, by spaces or by
// apostrophes, always the same one.
func readUnder(s string, decimal, group rune) (float64, bool) {
	digits := make([]byte, 0, 32)
	run := 0       // digits since the last mark
	sep := rune(0) // the mark between groups
	inGroups, inFraction := false, false
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits = append(digits, byte(r))
			run++
		case i == 0 && (r == '-' || r == '−'):
			digits = append(digits, '-')
		case i == 0 && r == '+':
		case r == decimal && !inFraction && (!inGroups || run == 3):
			digits, run, inFraction = append(digits, '.'), 0, true
		case groupMark(r, group) && !inFraction && groupsFit(digits, run, inGroups) && (!inGroups || r == sep):
			sep, run, inGroups = r, 0, true
		case (r == 'e' || r == 'E') && run > 0 && (!inGroups || inFraction || run == 3):
			return parse(string(digits) + s[i:])
		default:
			return 0, false
		}
	}
	if inGroups && !inFraction && run != 3 {
		return 0, false
	}
	return parse(string(digits))
}

func groupMark(r, group rune) bool {
	return r == group || r == ' ' || r == '\u00a0' || r == '\u202f' || r == '\u2009' || r == '\'' || r == '’'
}

// groupsFit says whether a group may end after run digits: one to three digits in front, not a lone 0, three in between.
func groupsFit(digits []byte, run int, inGroups bool) bool {
	if inGroups {
		return run == 3
	}
	return run >= 1 && run <= 3 && strings.TrimLeft(string(digits), "-0") != ""
}

// parse reads what is left: digits, one point, an exponent. It refuses what is no finite number.
func parse(s string) (float64, bool) {
	if !strings.ContainsAny(s, "0123456789") || len(s) > 400 || strings.ContainsAny(s, "xXpP_nN") {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && !math.IsInf(v, 0)
}

// part is one piece of a duration: a number and the hours of its unit.
type part struct {
	figure figure
	hours  float64
}

// readDuration takes "4h", "2 days", "1 week, 2 days", "1 day and 4 hours" or "4:30" (hours and minutes) apart. A plain number
// is in the unit given.
func readDuration(s string, unit float64) ([]part, error) {
	if f, ok := readFigure(s); ok {
		return []part{{f, unit}}, nil
	}
	if p, ok := readClock(s); ok {
		return p, nil
	}
	var parts []part
	for rest := strings.TrimSpace(s); rest != ""; {
		n := strings.IndexFunc(rest, unicode.IsLetter)
		if n <= 0 {
			return nil, fmt.Errorf("not a duration")
		}
		f, ok := readFigure(strings.TrimSpace(rest[:n]))
		if !ok {
			return nil, fmt.Errorf("not a duration")
		}
		rest = rest[n:]
		word := rest
		if n = strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) }); n >= 0 {
			word = rest[:n]
		}
		rest = strings.TrimLeft(rest[len(word):], " ,.")
		for _, and := range ands {
			if after, ok := strings.CutPrefix(rest, and+" "); ok {
				rest = after
				break
			}
		}
		hours, ok := timeUnits[graph.Fold(word)]
		if !ok {
			return nil, fmt.Errorf("“%s” is no unit of time", shorten(word, 20))
		}
		parts = append(parts, part{f, hours})
	}
	return parts, nil
}

// readClock reads h:mm and h:mm:ss.
func readClock(s string) ([]part, bool) {
	pieces := strings.Split(s, ":")
	if len(pieces) < 2 || len(pieces) > 3 {
		return nil, false
	}
	var parts []part
	for i, p := range pieces {
		v, err := strconv.ParseUint(p, 10, 32)
		if err != nil || i > 0 && (len(p) != 2 || v > 59) {
			return nil, false
		}
		whole := figure{byPoint: float64(v), canPoint: true, byComma: float64(v), canComma: true, written: p}
		parts = append(parts, part{whole, []float64{1, 1. / 60, 1. / 3600}[i]})
	}
	return parts, true
}

// sum adds the parts of a duration up. Where a unit had to be turned into hours the result is rounded to a thousandth of a
// second, so that 1.1 days are 26.4 hours; a plain number stays as it is.
func sum(parts []part, m mark) float64 {
	total, exact := 0.0, true
	for _, p := range parts {
		total += p.figure.value(m) * p.hours
		exact = exact && p.hours == 1
	}
	if exact || math.Abs(total) > 1e9 {
		return total
	}
	const steps = 3.6e6
	return math.Round(total*steps) / steps
}

// currency takes currency signs and codes away from the ends of a number.
func currency(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool { return unicode.Is(unicode.Sc, r) || invisible(r) })
	for _, code := range []string{"EUR", "USD", "GBP", "CHF"} {
		s = strings.TrimSuffix(strings.TrimPrefix(s, code), code)
	}
	return strings.TrimFunc(s, invisible)
}

// isASCIIDigits says that b is a short whole number without marks.
func isASCIIDigits(b []byte) bool {
	if len(b) == 0 || len(b) > 15 {
		return false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// shortFigure reads what most figures are: digits, with a point among them where that can be no mark of thousands. It gives what
// [readFigure] would, in a tenth of the time: a quotient of two numbers of at most 15 digits is rounded once, as the text would be.
func shortFigure(b []byte) (float64, bool) {
	whole, digits, decimals := int64(0), 0, -1
	for _, c := range b {
		switch {
		case c >= '0' && c <= '9' && digits < 15:
			whole = whole*10 + int64(c-'0')
			digits++
			if decimals >= 0 {
				decimals++
			}
		case c == '.' && decimals < 0 && digits > 0:
			decimals = 0
		default:
			return 0, false
		}
	}
	switch {
	case decimals < 0:
		return float64(whole), digits > 0
	case decimals == 0, decimals == 3:
		return 0, false
	}
	return float64(whole) / tens[decimals], true
}

var tens = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

func runeCount(b []byte) int { return utf8.RuneCount(b) }
