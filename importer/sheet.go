package importer

import (
	"bytes"
	"iter"
	"unicode"
	"unicode/utf8"

	"example.com/whoserves/graph"
)

// The bounds of a sheet; what lies beyond is told and left out.
const (
	maxCell    = 1 << 20 // bytes
	maxColumns = 16_384  // as many as a spreadsheet has
)

// sheet is a table of text cells, whatever the format of the file that it lies in. Its rows can be gone through again and
// again: first to find the header, then to read the records, and once more when a column has to be looked at as a whole.
type sheet struct {
	file string
	name string // "" for a CSV file
	rows iter.Seq[*row]
	text delimited // what the rows are made of, where it is delimited text
	size int       // for the progress; row.at counts up to it
	nul  bool      // some cells hold NUL bytes

	place  place             // which part of the file it is
	keyed  bool              // its rows are entries with keys: row 0 holds the keys, and the entries are rows from 1
	merges []area            // merged cells, in reading order
	notes  []note            // what has to be told about it
	given  *layout           // what its columns mean, where the format of the file says it
	called map[string]string // what people call the ends of links whose references are ids
	chosen *chosen           // what a mapping says of it; nil: nothing
	open   *openEdges        // of the links of a format of nodes and edges: what of them does not say who serves; nil: nothing
	what   string            // the format of nodes and edges that it comes from
	shaped bool              // its rows were made of those of a sheet of some shape
	none   string            // why it holds no table, when that is known before its cells are looked at
}

// place is which part of a file a sheet is: 0, 1 for the only one.
type place struct{ index, of int }

// isSpreadsheet says that the sheet comes from a table that spreadsheets open, where an apostrophe keeps text from being taken
// as a formula.
func (s *sheet) isSpreadsheet() bool { return !s.keyed && s.given == nil }

// row is one row of a sheet. It and its cells are good until the next one.
type row struct {
	number int // the sheet's own, from 1
	at     int // how far in the sheet it is
	cells  [][]byte
	kinds  []cellKind // of the cells, where the file says it; nil in delimited text
	faults []fault
	open   bool // it is a link that does not say who serves whom
}

// fault is what is wrong with the form of a row; a fault of severity Error makes the row unusable.
type fault struct {
	column   int // -1: the row as a whole
	severity graph.Severity
	message  string
}

func (r *row) blank() bool { return r.filled() == 0 }

// filled counts the cells with something in them.
func (r *row) filled() int {
	n := 0
	for _, c := range r.cells {
		if len(trim(c)) > 0 {
			n++
		}
	}
	return n
}

// trim takes away white space and invisible marks at both ends.
func trim(b []byte) []byte {
	if n := len(b); n > 0 && isPlain(b[0]) && isPlain(b[n-1]) {
		return b
	}
	return trimmed(b)
}

// isPlain says that a byte is a character of its own that can be seen.
func isPlain(b byte) bool { return b-'!' <= '~'-'!' }

func trimmed(b []byte) []byte {
	for len(b) > 0 && b[0] <= ' ' {
		b = b[1:]
	}
	for len(b) > 0 && b[len(b)-1] <= ' ' {
		b = b[:len(b)-1]
	}
	if len(b) > 0 && (b[0] >= utf8.RuneSelf || b[len(b)-1] >= utf8.RuneSelf) {
		return bytes.TrimFunc(b, invisible)
	}
	return b
}

// invisible says that a rune is white space, a control character, a byte order mark or a zero-width space.
func invisible(r rune) bool {
	return unicode.IsSpace(r) || r < ' ' || r == '\uFEFF' || r == '\u200B' || r == '\u2060'
}

// calls gives what people call the end of a link.
func (s *sheet) calls(end string) string {
	if name := s.called[end]; name != "" {
		return name
	}
	return end
}

// letters names a column as spreadsheets do: A, B, …, Z, AA.
func letters(column int) string {
	name := ""
	for column++; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name
}
