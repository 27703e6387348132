package graph

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says how bad a Problem is.
type Severity uint8

// The severities.
const (
	Info    Severity = iota // an assumption
	Warning                 // a cell dropped, a self link, a disagreement, a placeholder
	Error                   // a row that does not count: missing end, ambiguous name, unreadable file
)

var severityNames = [...]string{"info", "warning", "error"}

// String gives "info", "warning" or "error".
func (s Severity) String() string { return word(severityNames[:], s) }

// MarshalText writes the word.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Problem is something wrong with the input: where, what, and what to do.
type Problem struct {
	File     string   `json:"file"`
	Sheet    string   `json:"sheet"`
	Row      int      `json:"row"`    // the sheet's own number from 1; 0: the file as a whole
	Column   string   `json:"column"` // the header as written; "" the row as a whole
	Severity Severity `json:"severity"`
	Message  string   `json:"message"`
}

// String writes the problem in one line: "links.csv, row 31, column consumer: …".
func (p Problem) String() string {
	var where []string
	if p.File != "" {
		where = append(where, p.File)
	}
	if p.Sheet != "" {
		where = append(where, "sheet "+p.Sheet)
	}
	if p.Row > 0 {
		where = append(where, fmt.Sprintf("row %d", p.Row))
	}
	if p.Column != "" {
		where = append(where, "column "+p.Column)
	}
	if len(where) == 0 {
		return p.Message
	}
	return strings.Join(where, ", ") + ": " + p.Message
}

// SortProblems brings problems into reading order: by file, sheet, row, column, then the worst first.
func SortProblems(ps []Problem) {
	slices.SortFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Sheet, b.Sheet), cmp.Compare(a.Row, b.Row),
			cmp.Compare(a.Column, b.Column), cmp.Compare(b.Severity, a.Severity), cmp.Compare(a.Message, b.Message))
	})
}

// problemAt makes a Problem at the place of a record.
func problemAt(from Origin, column string, severity Severity, format string, args ...any) Problem {
	return Problem{File: from.File, Sheet: from.Sheet, Row: from.Row, Column: column, Severity: severity,
		Message: fmt.Sprintf(format, args...)}
}
