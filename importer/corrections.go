package importer

import (
	"cmp"
	"fmt"
	"slices"

	"example.com/whoserves/graph"
)

// CellMapping corrects one cell: what was wrong in a file and cannot wait until its owner mends it. It is of use only while the cell holds
// what it was written for, so that next month's file, where the row may be another one, is not changed by it.
type CellMapping struct {
	Row    int    `json:"row"`    // the sheet's own number, from 1
	Column string `json:"column"` // the header, as in [ColumnMapping]
	Old    string `json:"old"`    // what the cell holds, cut as in [Line]
	New    string `json:"new"`    // what is read instead; "" a blank cell
}

// maxCorrections is how many cells of a sheet can be corrected: beyond that the file should be.
const maxCorrections = 1000

func (m *SheetMapping) checkCells() error {
	if len(m.Cells) > maxCorrections {
		return fmt.Errorf("it corrects %d cells, and more than %d should be corrected in the file", len(m.Cells), maxCorrections)
	}
	for _, c := range m.Cells {
		if c.Row < 1 || c.Row > maxRows || c.Column == "" {
			return fmt.Errorf("a correction of a cell needs its row, from 1 to %d, and its column", maxRows)
		}
	}
	return nil
}

// correction is a cell of a sheet that is read as something else.
type correction struct {
	CellMapping
	columns []int // those with that header
	used    bool
}

// correct lets the rows of a sheet come with the corrections that a mapping has for it. It must be called once its header is known.
func (s *sheet) correct(l layout) []*correction {
	if s.chosen == nil || len(s.chosen.Cells) == 0 || s.given != nil {
		return nil
	}
	var all []*correction
	byRow := map[int][]*correction{}
	for _, m := range s.chosen.Cells {
		c := &correction{CellMapping: m}
		for _, col := range l.columns {
			if keyOfHeader(col.called()) == keyOfHeader(m.Column) {
				c.columns = append(c.columns, col.index)
			}
		}
		all, byRow[m.Row] = append(all, c), append(byRow[m.Row], c)
	}
	plain := s.rows
	s.text = delimited{} // it does not say what the rows are any more
	s.rows = func(yield func(*row) bool) {
		for r := range plain {
			for _, c := range byRow[r.number] {
				r = c.apply(r)
			}
			if !yield(r) {
				return
			}
		}
	}
	return all
}

// apply gives the row with the cell corrected, or r where none of the columns holds what is to be corrected.
func (c *correction) apply(r *row) *row {
	i := slices.IndexFunc(c.columns, func(i int) bool {
		return i < len(r.cells) && cellText(r.cells[i]) == c.Old || i >= len(r.cells) && c.Old == ""
	})
	if i < 0 {
		return r
	}
	c.used = true
	at, is := c.columns[i], *r
	is.cells = slices.Grow(slices.Clone(r.cells), max(0, at+1-len(r.cells)))
	for len(is.cells) <= at {
		is.cells = append(is.cells, nil)
	}
	is.cells[at] = []byte(c.New)
	if at < len(r.kinds) {
		is.kinds = slices.Clone(r.kinds)
		is.kinds[at] = textCell
	}
	is.faults = slices.DeleteFunc(slices.Clone(r.faults), func(f fault) bool { return f.column == at })
	return &is
}

// tellCorrections tells which cells were read as something else, and which corrections no longer fit.
func (r *reader) tellCorrections(in input, s *sheet, all []*correction) {
	for _, c := range all {
		p := graph.Problem{File: in.shown, Sheet: s.name, Row: c.Row, Column: c.Column, Severity: graph.Info}
		old, new := cmp.Or(shorten(c.Old, 60), "a blank cell"), cmp.Or(shorten(c.New, 60), "a blank cell")
		if c.used {
			r.problems.add(p, "“%s” was read as “%s”, as was decided", old, new)
			continue
		}
		p.Severity = graph.Warning
		r.problems.add(p, "the correction to “%s” was not used: the cell does not hold “%s”, for which it was made", new, old)
	}
}
