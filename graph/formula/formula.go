// Package formula keeps text from being run. A spreadsheet that opens a CSV file takes a cell that begins with =, +, - or @ for a
// formula, and a formula can send the sheet away or start a program. So whatever writes text of others into a CSV file or a
// workbook writes it through [Neutral], and whatever reads such a file gets the text back with [Original].
//
// The mark is an apostrophe in front, which spreadsheets know as "this is text". A text that has apostrophes in front of such a
// character already gets one more, so that every text comes back as it was: Original(Neutral(s)) is s. Text that begins with an
// apostrophe and goes on harmlessly ('tis) is left alone both ways.
//
// What stands inside a text is not looked at: a program that is told to split a file at another character than its delimiter
// can make cells that nobody wrote.
package formula

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
)

// Neutral gives the text as it may stand in a cell: with an apostrophe in front where a spreadsheet would run it.
func Neutral(s string) string {
	if runs([]byte(s[:min(len(s), looked)])) {
		return "'" + s
	}
	return s
}

// Cell is Neutral for a cell that may hold a number: a plain decimal number (-5, +2.5, -1e-3) stays as it is, as no spreadsheet runs it.
func Cell(s string) string {
	if number.MatchString(s) {
		return s
	}
	return Neutral(s)
}

var number = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

// Original takes away the apostrophe that Neutral or Cell put in front.
func Original(cell []byte) []byte {
	if len(cell) > 1 && cell[0] == '\'' && runs(cell[1:min(len(cell), looked+1)]) {
		return cell[1:]
	}
	return cell
}

// looked is how much of a text is looked at, in bytes: no program looks for a formula behind more white space.
const looked = 1 << 10

// runs says that what follows apostrophes and white space is the start of a formula. Programs in Japanese take the wide forms too.
func runs(text []byte) bool {
	text = bytes.TrimLeft(text, "'")
	text = bytes.TrimLeftFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\uFEFF' || r == '\u200B' || r == '\u2060'
	})
	first := []rune(string(text[:min(len(text), 4)]))
	return len(first) > 0 && strings.ContainsRune("=+-@＝＋－＠", first[0])
}
