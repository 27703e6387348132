package importer

import (
	"bytes"
	"slices"
)

// isDitto says that a cell stands for the one above it.
func isDitto(cell []byte) bool { return dittoStarts.may(cell) && isWord(dittos, cell) }

// above is what has to be known of a table to give a cell the text of the one above it.
type above struct {
	looked bool
	ditto  map[[2]int]aboveCell // row and column of a cell that says so
	column *cells               // the first column, when it may name groups of rows; nil otherwise
	group  *cells               // the same, when its blank cells mean the one above
	last   []byte               // the last text in it
}

type aboveCell struct {
	text []byte
	kind cellKind
}

// fromAbove gives the text that a cell that says ditto stands for.
func (t *tableReader) fromAbove(c *cells, ditto []byte) []byte {
	t.lookAbove()
	from, ok := t.above.ditto[[2]int{t.row.number, c.index}]
	if !ok {
		return ditto
	}
	t.tellOnce(c, "“%s” was read as the cell above, “%s”, and the like here and below", ditto, from.text)
	t.setCell(c.index, from)
	return from.text
}

// fillGroup gives the present row the name of its group, where the first column names each group once.
func (t *tableReader) fillGroup() {
	c := t.above.column
	if c == nil {
		return
	}
	switch cell := t.row.cell(c); {
	case isDitto(cell):
	case len(cell) > 0:
		t.above.last = append(t.above.last[:0], cell...)
	default:
		if t.lookAbove(); t.above.group == c && len(t.above.last) > 0 {
			t.tellOnce(c, "the blank cell was read as “%s”, and those below it alike: the column names each group once, in its first row", t.above.last)
			t.setCell(c.index, aboveCell{text: t.above.last})
		}
	}
}

// toldOf is what was told about a column, or with nil about the sheet.
type toldOf struct {
	column *cells
	format string
}

// tellOnce tells an assumption about a column, or with nil about the sheet, where it is made first.
func (t *tableReader) tellOnce(c *cells, format string, args ...any) {
	if t.told == nil {
		t.told = map[toldOf]bool{}
	}
	if key := (toldOf{c, format}); !t.told[key] {
		t.told[key] = true
		t.info(c, format, args...)
	}
}

// setCell writes into a cell of the present row.
func (t *tableReader) setCell(column int, from aboveCell) {
	for len(t.row.cells) <= column {
		t.row.cells = append(t.row.cells, nil)
	}
	t.row.cells[column] = from.text
	if column < len(t.row.kinds) {
		t.row.kinds[column] = from.kind
	}
}

// groupColumn gives the first column when it may name groups of rows: who serves, who is served, or to what the row belongs.
func (t *tableReader) groupColumn() *cells {
	if len(t.columns) == 0 {
		return nil
	}
	switch c := t.columns[0]; c.field {
	case "provider", "consumer", "unit", "parent", "team":
		return c
	}
	return nil
}

// lookAbove goes through the sheet once. Blank cells of the first column mean the one above when the first row has a text in it, no
// text follows itself, or in tables of no links comes again at all, and at least two cells and a quarter of them are blank, each in a row that
// says something else.
func (t *tableReader) lookAbove() {
	if t.unsure = t.unsure || t.isAside; t.above.looked || t.isAside {
		return
	}
	t.above.looked, t.above.ditto = true, map[[2]int]aboveCell{}
	texts := make([]aboveCell, len(t.columns))
	group := t.above.column
	rows, blanks, clear := 0, 0, group != nil
	var last []byte
	named := map[string]bool{} // what the first column says, as long as no text comes again
	for r := range t.sheet.rows {
		if r.number <= t.layout.last || r.blank() {
			continue
		}
		rows++
		for i, c := range t.columns {
			switch cell := r.cell(c); {
			case len(cell) == 0:
			case isDitto(cell):
				if len(texts[i].text) > 0 && len(t.above.ditto) < maxMemo*64 {
					t.above.ditto[[2]int{r.number, c.index}] = texts[i]
				}
			default:
				texts[i] = aboveCell{text: bytes.ReplaceAll(cell, []byte{0}, nil)} // which is told where it stands
				if c.index < len(r.kinds) {
					texts[i].kind = r.kinds[c.index]
				}
			}
		}
		if group == nil {
			continue
		}
		cell := r.cell(group)
		switch {
		case len(cell) == 0:
			if !t.saysEnough(r) && r.filled() == 1 {
				rows-- // a note
				continue
			}
			blanks++
			clear = clear && rows > 1 && t.saysEnough(r)
		case bytes.Equal(cell, last), named[string(cell)]:
			clear = false
		case clear && !t.layout.table.links && !t.layout.table.isShape() && len(named) < maxMemo:
			named[string(cell)] = true
		}
		if len(cell) > 0 {
			last = append(last[:0], cell...)
		}
	}
	if clear && blanks >= 2 && 4*blanks >= rows {
		t.above.group = group
	}
}

// saysEnough says that a row whose first cell is blank names what is grouped: the other end of a link, or a name.
func (t *tableReader) saysEnough(r *row) bool {
	fields := []string{"id", "name"}
	switch {
	case t.layout.table.isShape():
		return slices.ContainsFunc(t.columns, func(c *cells) bool { return c != t.above.column && c.field != "" && len(r.cell(c)) > 0 })
	case t.layout.table.links:
		fields = []string{"provider", "consumer"}
	}
	for _, f := range fields {
		if c := t.column(f); c != nil && len(r.cell(c)) > 0 {
			return true
		}
	}
	return false
}
