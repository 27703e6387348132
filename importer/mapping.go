package importer

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/names"
)

// Mapping is what a person decided about how the files of a source are read, where the importer's own reading was not right or could
// not be known. It is written by `whoserves map` and by the import page, kept with the source in the store (a document of kind
// [MappingKind] whose key is the source), and holds for the next file of that source. What it does not say is guessed as without it.
type Mapping struct {
	// Direction holds for every sheet that does not say itself who serves whom and has none of its own here.
	Direction Direction      `json:"direction,omitempty"`
	Sheets    []SheetMapping `json:"sheets,omitempty"`
	// Names settle which names mean one thing, and which do not. What is the same becomes aliases that the source states, as long as it
	// mentions the name.
	Names []names.Decision `json:"names,omitempty"`
	// Decided is the day when a mapping was put into a store, 2026-11-02; it says nothing about how files are read.
	Decided string `json:"decided,omitempty"`
}

// MappingKind is the kind of the documents of a store that hold mappings.
const MappingKind = "mapping"

// SheetMapping is how one sheet is read. It is for the sheets whose file and sheet name it gives; "" fits any, and of several that fit
// the one that names more of the two counts, then the first. File names are compared as [SourceName] gives them, so that it holds for
// next month's file; sheet names without case.
type SheetMapping struct {
	File  string `json:"file,omitempty"`
	Sheet string `json:"sheet,omitempty"`
	// Shape is the name of the table or shape that the sheet is, see [Shapes]; [Ignore] leaves it out; "" finds out.
	Shape string `json:"shape,omitempty"`
	// Header and HeaderRows are the first row of the header, from 1, and how many rows it has; 0 finds out. With Header -1 there is no
	// header: the first row is data.
	Header     int `json:"header,omitempty"`
	HeaderRows int `json:"header_rows,omitempty"`
	// Direction of a sheet that says itself who serves whom turns it round when it is [ConsumerFirst].
	Direction Direction `json:"direction,omitempty"`
	// Columns say what headers mean; those that are not listed are guessed. Where a sheet has a header twice, the second entry for it is
	// about the second column.
	Columns []ColumnMapping `json:"columns,omitempty"`
	// Cells corrects cells, as long as they hold what they held then.
	Cells []CellMapping `json:"cells,omitempty"`
}

// ColumnMapping says what the column with a header means.
type ColumnMapping struct {
	Header string `json:"header"` // as in the sheet, in one line, whatever its case and punctuation; "column D" where it has none
	// Field is a column of the table or shape, see [Fields]; [Attribute] keeps it as it is, [Ignore] leaves it out.
	Field string `json:"field"`
}

// What a mapping can make of a column beside a field, and of a sheet beside a shape.
const (
	Attribute = "attribute"
	Ignore    = "ignore"
)

// Check says what in a mapping cannot be: a shape, a field or a direction that there is not.
func (m *Mapping) Check() error {
	if m == nil {
		return nil
	}
	if _, err := ParseDirection(string(m.Direction)); err != nil {
		return fmt.Errorf("the mapping: %w", err)
	}
	if err := m.checkNames(); err != nil {
		return fmt.Errorf("the mapping: %w", err)
	}
	for i := range m.Sheets {
		if err := m.Sheets[i].check(); err != nil {
			return fmt.Errorf("the mapping, %s: %w", m.Sheets[i].entry(), err)
		}
	}
	return nil
}

func (m *SheetMapping) check() error {
	if _, err := ParseDirection(string(m.Direction)); err != nil {
		return err
	}
	if err := checkShape(m.Shape); err != nil {
		return err
	}
	if m.Header < -1 || m.Header > maxRows || m.HeaderRows < 0 || m.HeaderRows > maxHeader {
		return fmt.Errorf("a header is in row 1 to %d, or -1 for none, and has 1 to %d rows", maxRows, maxHeader)
	}
	if err := m.checkCells(); err != nil {
		return err
	}
	for _, c := range m.Columns {
		if c.Header == "" {
			return fmt.Errorf("an entry of columns names no header: write it as the sheet has it, or “column D” where it has none")
		}
		if err := checkField(m.Shape, c.Field); err != nil {
			return err
		}
	}
	return nil
}

// checkShape refuses what is no shape.
func checkShape(name string) error {
	if name == "" || name == Ignore || name == Network || shapeNamed(name) != nil {
		return nil
	}
	var names []string
	for _, s := range Shapes() {
		names = append(names, s.Name)
	}
	return fmt.Errorf("“%s” is no shape of a sheet: write %s or %s", shorten(name, 40), strings.Join(names, ", "), Ignore)
}

// checkField refuses what is no column of a shape; of any one where the shape is not said.
func checkField(shape, field string) error {
	if field == Attribute || field == Ignore {
		return nil
	}
	where := "one of " + shape
	var names []string
	for _, s := range Shapes() {
		if shape != "" && shape != Network && s.Name != shape {
			continue
		}
		for _, f := range Fields(s.Name) {
			if f.Name == field {
				return nil
			}
			if !slices.Contains(names, f.Name) && (shape != "" || slices.Contains(nativeOrder, s.Name)) {
				names = append(names, f.Name)
			}
		}
	}
	if shape == "" {
		where = "of any table"
	}
	return fmt.Errorf("“%s” is no column, at least not %s: write %s, %s or %s", shorten(field, 40), where, strings.Join(names, ", "), Attribute, Ignore)
}

// entry names the sheets that m is about.
func (m *SheetMapping) entry() string {
	switch {
	case m.File == "" && m.Sheet == "":
		return "the entry for all sheets"
	case m.Sheet == "":
		return fmt.Sprintf("the entry for the file “%s”", shorten(m.File, 60))
	case m.File == "":
		return fmt.Sprintf("the entry for the sheet “%s”", shorten(m.Sheet, 60))
	}
	return fmt.Sprintf("the entry for the file “%s”, sheet “%s”", shorten(m.File, 60), shorten(m.Sheet, 60))
}

// chosen is what a person decided about one sheet; the nil one nothing.
type chosen struct {
	*SheetMapping
	columns map[string][]*chosenColumn // by folded header
}

// chosenColumn is an entry for a header, and whether a sheet had it.
type chosenColumn struct {
	ColumnMapping
	met bool
}

// shape is the shape that was chosen; "" none.
func (c *chosen) shape() string {
	if c == nil {
		return ""
	}
	return c.Shape
}

// header is the first row that was chosen for the header; 0 none, -1 there is no header.
func (c *chosen) header() int {
	if c == nil {
		return 0
	}
	return c.Header
}

// rows is how many rows the header was said to have; 0 nothing was said.
func (c *chosen) rows() int {
	if c == nil {
		return 0
	}
	return c.HeaderRows
}

// keyOfHeader is what headers are compared by, in mappings too.
func keyOfHeader(header string) string { return cmp.Or(foldHeader(header), header) }

// column gives what was decided about the nth column with a header, from 0; nil: nothing.
func (c *chosen) column(header string, n int) *chosenColumn {
	if c == nil {
		return nil
	}
	all := c.columns[keyOfHeader(header)]
	if len(all) == 0 {
		return nil
	}
	return all[min(n, len(all)-1)]
}

// knows says that a row holds a header that was decided about, or the last part of one.
func (c *chosen) knows(r *row) bool {
	if c == nil {
		return false
	}
	for _, cell := range r.cells {
		if len(cell) == 0 || len(cell) > 200 {
			continue
		}
		fold := keyOfHeader(headerText(cell))
		for key := range c.columns {
			if fold != "" && strings.HasSuffix(key, fold) {
				return true
			}
		}
	}
	return false
}

// usedMapping is a mapping and what of it was of use.
type usedMapping struct {
	*Mapping
	sheets []*chosen // those of Sheets, in their order
	met    []Place   // where each of them was of use first
	used   []bool
}

func newUsedMapping(m *Mapping) *usedMapping {
	if m == nil {
		return nil
	}
	u := &usedMapping{Mapping: m, met: make([]Place, len(m.Sheets)), used: make([]bool, len(m.Sheets))}
	for i := range m.Sheets {
		c := &chosen{SheetMapping: &m.Sheets[i], columns: map[string][]*chosenColumn{}}
		for _, col := range c.Columns {
			key := keyOfHeader(col.Header)
			c.columns[key] = append(c.columns[key], &chosenColumn{ColumnMapping: col})
		}
		u.sheets = append(u.sheets, c)
	}
	return u
}

// choice gives what was decided about a sheet; nil: nothing.
func (u *usedMapping) choice(in input, sheet string) *chosen {
	if u == nil {
		return nil
	}
	best, most := -1, -1
	for i, c := range u.sheets {
		if c.File != "" && !sameFile(c.File, in) || c.Sheet != "" && !strings.EqualFold(strings.TrimSpace(c.Sheet), strings.TrimSpace(sheet)) {
			continue
		}
		n := 0
		if c.File != "" {
			n++
		}
		if c.Sheet != "" {
			n++
		}
		if n > most {
			best, most = i, n
		}
	}
	if best < 0 {
		return nil
	}
	if !u.used[best] {
		u.used[best], u.met[best] = true, Place{in.shown, sheet}
	}
	return u.sheets[best]
}

// sameFile says that the name in a mapping is that of an input, date and copy suffixes apart. A folder in it must be the same one.
func sameFile(name string, in input) bool {
	stem := SourceName(in.name) // may hold a point, “b_06.01”: such a name in a mapping has no extension any more
	if !strings.EqualFold(path.Base(name), stem) && !strings.EqualFold(SourceName(name), stem) {
		return false
	}
	dir := func(p string) string { return strings.ToLower(p[:strings.LastIndexByte(p, '/')+1]) }
	return !strings.Contains(name, "/") || dir(name) == dir(in.name) || dir(name) == dir(in.shown)
}

// directionOf is the direction that a person chose for a sheet that does not say itself who serves whom; "" where nobody did.
func (r *reader) directionOf(c *chosen) Direction {
	d := r.options.Direction
	if c != nil {
		d = cmp.Or(d, c.Direction)
	}
	if r.mapping != nil {
		d = cmp.Or(d, r.mapping.Direction)
	}
	return d
}

// of gives what of a mapping was of use to the sheets of a source, with the direction that was said for all of them where that decided
// something; nil: nothing.
func (u *usedMapping) of(readings []*Reading, source string, d Direction) *Mapping {
	m := &Mapping{}
	if u != nil {
		m.Direction, m.Names, m.Decided = u.Direction, u.Names, u.Decided
		for _, c := range u.sheets {
			if slices.ContainsFunc(readings, func(rd *Reading) bool { return rd.Source == source && rd.Chosen == c.SheetMapping }) {
				m.Sheets = append(m.Sheets, *c.SheetMapping)
			}
		}
	}
	if d != "" && slices.ContainsFunc(readings, func(rd *Reading) bool { return rd.Source == source && rd.DirectionChosen }) {
		m.Direction = d
		for i := range m.Sheets {
			m.Sheets[i].Direction = ""
		}
	}
	if m.Direction == "" && len(m.Sheets) == 0 && len(m.Names) == 0 {
		return nil
	}
	return m
}

// tellUnused tells which entries of the present mapping no sheet was read by, and which headers no sheet had. Source is whose it is; ""
// where it is that of all files.
func (r *reader) tellUnused(source string) {
	if r.mapping == nil {
		return
	}
	whose := "the mapping"
	if source != "" {
		whose = fmt.Sprintf("what was decided for the source “%s”", source)
	}
	for i, c := range r.mapping.sheets {
		p := graph.Problem{Severity: graph.Warning, File: r.mapping.met[i].File, Sheet: r.mapping.met[i].Sheet}
		if !r.mapping.used[i] {
			r.problems.add(p, "%s: %s was of no use, since no sheet of that name was read by it: look at the names, or take it away", whose, c.entry())
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(c.columns)) {
			for _, col := range c.columns[key] {
				if p.Column = col.Header; !col.met && c.Shape != Ignore {
					r.problems.add(p, "%s: there is no column “%s”, which it says is %s: look how the header is written now", whose, shorten(col.Header, 60), col.Field)
				}
			}
		}
	}
}

// Decide gives the mapping with the answer to a [Question] about a sheet; m stays as it is, and may be nil.
func (m *Mapping) Decide(p Place, d Direction) *Mapping {
	with := &Mapping{}
	if m != nil {
		*with = *m
		with.Sheets = slices.Clone(m.Sheets)
	}
	entry := SheetMapping{}
	if c := newUsedMapping(with).choice(input{name: p.File, shown: p.File}, p.Sheet); c != nil {
		entry = *c.SheetMapping
		if exact := entry.File != "" && (entry.Sheet != "" || p.Sheet == ""); exact {
			with.Sheets = slices.DeleteFunc(with.Sheets, func(s SheetMapping) bool { return s.File == entry.File && s.Sheet == entry.Sheet })
		}
	}
	entry.File, entry.Sheet, entry.Direction = cmp.Or(entry.File, p.File), p.Sheet, d
	with.Sheets = append(with.Sheets, entry)
	return with
}
