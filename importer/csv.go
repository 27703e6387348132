package importer

import (
	"bytes"
	"iter"

	"example.com/whoserves/graph"
)

// delimiters are what separates cells, in the order in which a tie is decided.
var delimiters = [...]byte{',', ';', '\t', '|'}

// csvSheet makes a sheet of delimited text. encoding/csv would do for good files; this reader gives spreadsheet row numbers,
// takes a lone CR as the end of a line, goes on after a quote that is never closed, and needs no copy of a cell.
//
// A quote counts at the start of a cell only. Inside, "" stands for one. A quoted cell may span lines; it ends at the quote
// that is not doubled. A row in which that does not work is a fault, and the next line is read as if nothing had happened.
func csvSheet(file string, text []byte, delimiter byte) *sheet {
	all := delimited{text, delimiter}
	return &sheet{file: file, size: len(text), nul: bytes.IndexByte(text, 0) >= 0, rows: all.rows(0, 0), text: all}
}

// delimited is text with delimiters in it, in which reading may begin at any row.
type delimited struct {
	text      []byte
	delimiter byte
}

// rows gives the rows from the one that begins at a byte, behind as many as before says.
func (d delimited) rows(at, before int) iter.Seq[*row] {
	return func(yield func(*row) bool) {
		r := csvReader{delimited: d, pos: at, row: row{number: before}}
		for r.pos < len(r.text) {
			r.next()
			if !yield(&r.row) {
				return
			}
		}
	}
}

// line gives where the first line from a byte on begins that has another before it. A row may begin there, if no quoted cell goes on.
func (d delimited) line(at int) int {
	if n := bytes.IndexByte(d.text[min(at, len(d.text)):], '\n'); n >= 0 {
		return at + n + 1
	}
	return len(d.text)
}

// csvReader walks through delimited text row by row. O(len(text)).
type csvReader struct {
	delimited
	pos     int
	row     row
	scratch []byte // cells whose quotes are taken away
	special [256]bool
	ready   bool
}

func (r *csvReader) next() {
	if !r.ready {
		r.special[r.delimiter], r.special['\n'], r.special['\r'], r.ready = true, true, true, true
	}
	r.row.number++
	r.row.at = r.pos
	r.row.cells, r.row.faults, r.scratch = r.row.cells[:0], r.row.faults[:0], r.scratch[:0]
	for r.cell() {
	}
}

// cell reads one cell with the delimiter or line end behind it, and says whether the row goes on.
func (r *csvReader) cell() bool {
	start := r.pos
	for start < len(r.text) && r.text[start] == ' ' {
		start++
	}
	if start < len(r.text) && r.text[start] == '"' {
		if content, ok := r.quoted(start + 1); ok {
			return r.end(content)
		}
	}
	start = r.pos
	r.skipPlain()
	return r.end(r.text[start:r.pos])
}

// skipPlain moves to the next delimiter or line end.
func (r *csvReader) skipPlain() {
	text, i := r.text, r.pos
	for i < len(text) && !r.special[text[i]] {
		i++
	}
	r.pos = i
}

// end adds a cell and steps over what ended it.
func (r *csvReader) end(content []byte) bool {
	switch column := len(r.row.cells); {
	case column == maxColumns:
		if len(r.row.faults) == 0 || r.row.faults[len(r.row.faults)-1].column != maxColumns {
			r.fault(maxColumns, graph.Error, "the row has more than 16,384 cells: is a line end missing?")
		}
	case len(content) > maxCell:
		r.fault(column, graph.Error, "the cell is longer than a million characters: shorten it, or look for a quote that is missing")
		r.row.cells = append(r.row.cells, nil)
	default:
		r.row.cells = append(r.row.cells, content)
	}
	if r.pos == len(r.text) {
		return false
	}
	b := r.text[r.pos]
	r.pos++
	if b == r.delimiter {
		if r.pos == len(r.text) { // a delimiter at the very end: one more cell, with nothing in it
			r.row.cells = append(r.row.cells, nil)
			return false
		}
		return true
	}
	if b == '\r' && r.pos < len(r.text) && r.text[r.pos] == '\n' {
		r.pos++
	}
	return false
}

// quoted reads a quoted cell whose content starts at i. When the closing quote is missing, or what follows it shows that it
// is none, it adds a fault, leaves r.pos alone and gives false: the cell is then read as plain text.
func (r *csvReader) quoted(i int) ([]byte, bool) {
	start, limit := i, min(len(r.text), i+maxCell)
	doubled := false
	for {
		n := bytes.IndexByte(r.text[i:limit], '"')
		if n < 0 {
			r.fault(len(r.row.cells), graph.Error, "the quote that opens the cell is never closed: close it, or take it away")
			return nil, false
		}
		i += n + 1
		if i == len(r.text) || r.text[i] != '"' {
			break
		}
		doubled = true
		i++
		if i > limit {
			limit = i
		}
	}
	content := r.text[start : i-1]
	if doubled {
		from := len(r.scratch)
		for rest := content; len(rest) > 0; {
			n := bytes.IndexByte(rest, '"')
			if n < 0 {
				r.scratch = append(r.scratch, rest...)
				break
			}
			r.scratch = append(r.scratch, rest[:n+1]...)
			rest = rest[n+2:]
		}
		content = r.scratch[from:len(r.scratch):len(r.scratch)]
	}
	after := i
	for after < len(r.text) && r.text[after] == ' ' {
		after++
	}
	if after == len(r.text) || r.special[r.text[after]] {
		r.pos = after
		return content, true
	}
	return r.textAfterQuote(content, i, bytes.ContainsAny(r.text[start:i-1], "\n\r"))
}

// textAfterQuote decides what a cell such as "Acme" Ltd is. Within one line the text belongs to the cell. Over several lines
// the first quote was never closed and the second one opens another cell.
func (r *csvReader) textAfterQuote(content []byte, i int, lines bool) ([]byte, bool) {
	if lines {
		r.fault(len(r.row.cells), graph.Error, "the quote that opens the cell is not closed in its line: close it, or take it away")
		return nil, false
	}
	r.fault(len(r.row.cells), graph.Warning, "there is text behind the closing quote, which was added to the cell: write quotes inside a cell twice")
	r.pos = i
	r.skipPlain()
	return append(content[:len(content):len(content)], r.text[i:r.pos]...), true
}

func (r *csvReader) fault(column int, severity graph.Severity, message string) {
	r.row.faults = append(r.row.faults, fault{column, severity, message})
}
