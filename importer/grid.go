package importer

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"example.com/whoserves/graph"
)

// The bounds of what is held of one file in memory.
const (
	maxRows     = 1_048_576 // of a sheet, as many as a spreadsheet has
	maxCells    = 10_000_000
	maxGridText = 128 << 20
	maxMerged   = 4_000_000 // columns of all merged cells of a sheet
)

var errTooManyCells = errors.New("the file holds more than 10 million cells, or more than 128 MB of text: split it, or save its tables as CSV")

// cellKind says what a file stores in a cell, where it says so. Delimited text does not.
type cellKind uint8

const (
	textCell   cellKind = iota
	numberCell          // digits with a decimal point, whatever the rest of the column looks like
	errorCell           // #N/A and the like
	noValue             // a formula whose value was not stored
	longCell            // longer than maxCell
	lostCell            // refers to a text that the file lacks
)

// grid is a sheet in memory: the cells that hold something, row by row.
type grid struct {
	name   string
	shared []byte // text of other grids too
	text   []byte // text of its own
	cells  []gridCell
	rows   []gridRow
	merges []area
	wide   int // columns of all merged cells
	notes  []note
	budget *budget
}

type gridCell struct {
	at, n  uint32 // where its text is, as in span
	column uint16
	kind   cellKind
}

type gridRow struct{ number, from, to int }

// budget is what a file may still take.
type budget struct{ cells, text int }

func newBudget() *budget { return &budget{maxCells, maxGridText} }

// note is what has to be told about a sheet as a whole.
type note struct {
	row      int
	severity graph.Severity
	format   string
	args     []any
	ofFile   bool // it is about the file
}

// matters says whether a note is told: what was assumed about a sheet without a table nobody need know.
func (n note) matters(table bool) bool { return table || n.ofFile || n.severity != graph.Info }

// span is a text of a grid: of the shared one, and behind its end of the grid's own.
type span struct{ at, n uint32 }

// area is a merged cell; all numbers are those of its corners, columns from 0 and rows from 1.
type area struct{ top, left, bottom, right int }

func (g *grid) tell(row int, severity graph.Severity, format string, args ...any) {
	g.notes = append(g.notes, note{row: row, severity: severity, format: format, args: args})
}

// row begins a row. Numbers rise.
func (g *grid) row(number int) error {
	if number < 1 || number > maxRows {
		return fmt.Errorf("the sheet has a row %d, and a spreadsheet has no such row: %s", number, resaveAdvice)
	}
	if n := len(g.rows); n > 0 {
		switch last := &g.rows[n-1]; {
		case number <= last.number:
			return fmt.Errorf("row %d comes after row %d: the sheet is damaged; %s", number, last.number, resaveAdvice)
		case last.from == len(g.cells): // held nothing
			g.rows = g.rows[:n-1]
		}
	}
	g.rows = append(g.rows, gridRow{number, len(g.cells), len(g.cells)})
	return nil
}

// keep stores a text.
func (g *grid) keep(text []byte) (span, error) {
	if g.budget.text -= len(text); g.budget.text < 0 {
		return span{}, errTooManyCells
	}
	s := span{uint32(len(g.shared) + len(g.text)), uint32(len(text))}
	g.text = append(g.text, text...)
	return s, nil
}

// add puts a text into a cell of the row that was begun last. Blank ones take no room.
func (g *grid) add(column int, kind cellKind, text []byte) error {
	if len(text) > maxCell {
		kind, text = longCell, nil
	}
	if len(text) == 0 && (kind == textCell || kind == numberCell) {
		return nil
	}
	s, err := g.keep(text)
	if err != nil {
		return err
	}
	return g.put(column, kind, s)
}

// put puts a text that is kept into a cell of the row that was begun last. Of two texts for one cell the later counts.
func (g *grid) put(column int, kind cellKind, s span) error {
	if column < 0 || column >= maxColumns {
		return fmt.Errorf("the sheet has a column beyond the 16,384 that a spreadsheet has: %s", resaveAdvice)
	}
	if g.budget.cells--; g.budget.cells < 0 {
		return errTooManyCells
	}
	g.cells = append(g.cells, gridCell{s.at, s.n, uint16(column), kind})
	r := &g.rows[len(g.rows)-1]
	r.to = len(g.cells)
	if r.to-r.from > 1 && g.cells[r.to-2].column >= uint16(column) {
		row := g.cells[r.from:r.to]
		slices.SortStableFunc(row, func(a, b gridCell) int { return cmp.Compare(a.column, b.column) })
		n := 1
		for _, c := range row[1:] {
			if row[n-1].column == c.column {
				n--
			}
			row[n] = c
			n++
		}
		r.to = r.from + n
		g.cells = g.cells[:r.to]
	}
	return nil
}

// repeat adds the last row again under the numbers that follow it, n times.
func (g *grid) repeat(n int) error {
	r := g.rows[len(g.rows)-1]
	if r.from == r.to {
		return nil
	}
	if g.budget.cells -= n * (r.to - r.from); g.budget.cells < 0 {
		return errTooManyCells
	}
	for i := range n {
		g.rows = append(g.rows, gridRow{r.number + i + 1, len(g.cells), len(g.cells) + r.to - r.from})
		g.cells = append(g.cells, g.cells[r.from:r.to]...)
	}
	return nil
}

// of gives the text at a place.
func (g *grid) of(s span) []byte {
	text := g.shared
	if int(s.at) >= len(text) {
		text, s.at = g.text, s.at-uint32(len(text))
	}
	return text[s.at : s.at+s.n : s.at+s.n]
}

// sheet gives the grid as a sheet.
func (g *grid) sheet(file string) *sheet {
	if n := len(g.rows); n > 0 && g.rows[n-1].from == len(g.cells) {
		g.rows = g.rows[:n-1]
	}
	nul := bytes.IndexByte(g.text, 0) >= 0 || bytes.IndexByte(g.shared, 0) >= 0
	return &sheet{file: file, name: g.name, rows: g.each, size: max(1, len(g.rows)), nul: nul, notes: g.notes, merges: g.merges}
}

// each goes through the rows; a blank one stands for each gap between them.
func (g *grid) each(yield func(*row) bool) {
	var r row
	for i, stored := range g.rows {
		if i > 0 && stored.number > g.rows[i-1].number+1 {
			r = row{number: stored.number - 1, at: i, cells: r.cells[:0], kinds: r.kinds[:0]}
			if !yield(&r) {
				return
			}
		}
		g.fill(&r, i)
		if !yield(&r) {
			return
		}
	}
}

// fill brings a stored row into r.
func (g *grid) fill(r *row, i int) {
	stored := g.rows[i]
	cells := g.cells[stored.from:stored.to]
	r.number, r.at, r.faults = stored.number, i, r.faults[:0]
	width := 0
	if len(cells) > 0 {
		width = int(cells[len(cells)-1].column) + 1
	}
	r.cells, r.kinds = slices.Grow(r.cells[:0], width)[:width], slices.Grow(r.kinds[:0], width)[:width]
	clear(r.cells)
	clear(r.kinds)
	for _, c := range cells {
		text := g.of(span{c.at, c.n})
		switch c.kind {
		case textCell, numberCell:
			r.cells[c.column], r.kinds[c.column] = text, c.kind
		case errorCell:
			r.fault(c, graph.Warning, fmt.Sprintf("the formula gives the error %s, so the cell counts as blank: correct it in the workbook", shorten(string(text), 20)))
		case noValue:
			r.fault(c, graph.Warning, "the formula has no stored value, and nothing is computed here, so the cell counts as blank: open the workbook in Excel or LibreOffice, "+
				"save it and import it again")
		case longCell:
			r.fault(c, graph.Error, "the cell is longer than a million characters: shorten it")
		case lostCell:
			r.fault(c, graph.Error, "the cell refers to a text that the workbook lacks: "+resaveAdvice)
		}
	}
}

func (r *row) fault(c gridCell, severity graph.Severity, message string) {
	r.faults = append(r.faults, fault{int(c.column), severity, message})
}

// fillMerges gives every cell below a merged one its text, and every cell beside it too, unless nothing else is in its rows:
// such a one is a title, a heading between rows or a note. Rows that only merged cells reach down into stay blank.
func (g *grid) fillMerges() error {
	merges := g.properMerges()
	if len(merges) == 0 {
		return nil
	}
	cells, rows := make([]gridCell, 0, len(g.cells)), make([]gridRow, 0, len(g.rows))
	type reaching struct {
		area
		cell gridCell
		ok   bool
	}
	var open []reaching
	filled := []area(nil)
	for _, r := range g.rows {
		open = slices.DeleteFunc(open, func(m reaching) bool { return m.bottom < r.number })
		own := g.cells[r.from:r.to]
		for len(merges) > 0 && merges[0].top <= r.number {
			m := reaching{area: merges[0]}
			merges = merges[1:]
			i, found := slices.BinarySearchFunc(own, m.left, func(c gridCell, column int) int { return cmp.Compare(int(c.column), column) })
			if m.top != r.number || !found { // a merged cell without a text has nothing to fill
				continue
			}
			m.cell, m.ok = own[i], len(own) > 1
			open = append(open, m)
		}
		from := len(cells)
		cells = append(cells, own...)
		for _, m := range open {
			right := m.right
			if !m.ok {
				right = m.left
			}
			if r.number == m.top && right > m.left || r.number == m.top+1 && right == m.left {
				filled = append(filled, m.area)
			}
			for column := m.left; column <= right; column++ {
				if column == m.left && r.number == m.top {
					continue
				}
				if g.budget.cells--; g.budget.cells < 0 {
					return errTooManyCells
				}
				c := m.cell
				c.column = uint16(column)
				cells = append(cells, c)
			}
		}
		row := cells[from:]
		slices.SortStableFunc(row, func(a, b gridCell) int { return cmp.Compare(a.column, b.column) })
		row = slices.CompactFunc(row, func(a, b gridCell) bool { return a.column == b.column })
		cells = cells[:from+len(row)]
		rows = append(rows, gridRow{r.number, from, len(cells)})
	}
	g.cells, g.rows = cells, rows
	switch len(filled) {
	case 0:
	case 1:
		g.tell(filled[0].top, graph.Info, "the merged cell %s counts as filled in each of its rows and columns", filled[0])
	default:
		g.tell(filled[0].top, graph.Info, "%d merged cells, the first of them %s, count as filled in each of their rows and columns", len(filled), filled[0])
	}
	return nil
}

// properMerges gives the merged cells in reading order, less those that lie on others, as no program makes them.
func (g *grid) properMerges() []area {
	slices.SortFunc(g.merges, func(a, b area) int { return cmp.Or(cmp.Compare(a.top, b.top), cmp.Compare(a.left, b.left)) })
	taken := make([]int, maxColumns) // the last row of a merged cell in a column
	g.merges = slices.DeleteFunc(g.merges, func(m area) bool {
		for c := m.left; c <= m.right; c++ {
			if taken[c] >= m.top {
				return true
			}
		}
		for c := m.left; c <= m.right; c++ {
			taken[c] = m.bottom
		}
		return false
	})
	return g.merges
}

// merge notes a merged cell.
func (g *grid) merge(m area) {
	if m.top < 1 || m.left < 0 || m.bottom < m.top || m.right < m.left || m.right >= maxColumns || m.bottom > maxRows || m.top == m.bottom && m.left == m.right {
		return
	}
	if g.wide += m.right - m.left + 1; g.wide > maxMerged || (m.bottom-m.top+1)*(m.right-m.left+1) > maxRows {
		g.tell(m.top, graph.Info, "the merged cell %s is too large, so it counts as one cell", m)
		return
	}
	g.merges = append(g.merges, m)
}

// String names the area as spreadsheets do: A2:B5.
func (m area) String() string {
	return fmt.Sprintf("%s%d:%s%d", letters(m.left), m.top, letters(m.right), m.bottom)
}

// plainNumber writes a number of a file shortly and without an exponent: 85.299999999999997 is 85.3. Digits alone stay as they
// are, for they may be an id. ok is false when it is no number.
func plainNumber(s string) (text string, ok bool) {
	digits, other := 0, false
	for i := range len(s) {
		switch b := s[i]; {
		case b >= '0' && b <= '9':
			digits++
		case b == '-' && i == 0:
		default:
			other = true
		}
	}
	if digits > 0 && !other {
		return s, true
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return s, false
	}
	return writeNumber(v), true
}

func writeNumber(v float64) string {
	if a := math.Abs(v); a != 0 && (a < 1e-9 || a >= 1e21) {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// writePercent writes a share as spreadsheets show it: 0.855 is 85.5%.
func writePercent(v float64) string {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v*100, 'g', 15, 64), 64)
	return writeNumber(rounded) + "%"
}

// writeClock writes days as hours, minutes and seconds: 1.5 is 36:00:00.
func writeClock(days float64) string {
	seconds := int64(math.Round(days * 86_400))
	return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}
