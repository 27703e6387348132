package importer

import (
	"bytes"
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/formula"
)

// tableReader reads the rows of one sheet as records.
type tableReader struct {
	*reader
	in      input
	sheet   *sheet
	layout  layout
	columns []*cells
	row     *row
	looked  bool // the columns were looked at as a whole
	last    int  // the last full row
	ended   bool // it was looked for

	rejected bool         // the present row is left out, and that was told
	attrs    []graph.Attr // block from which attributes are given out
	reading  *Reading
	pairs    int      // pairs of a provider and a consumer column
	relation *cells   // the column whose words say which way a link runs; nil: none
	turned   bool     // the first of two vague ends was chosen to be the consumer
	ends     *ends    // nil where it is clear which end serves
	shown    [][2]int // those of them that an example was shown of
	told     map[toldOf]bool
	above    above
	answers  *answers                     // nil: the rows are no answers
	origin   graph.Origin                 // of every record, but for the row
	byID     map[string]*graph.NodeRecord // the first record with each id, where the table has ids and names
	isAside  bool                         // it reads some rows beside another reader
	unsure   bool                         // it would need to know other rows
}

// cells is a column and what is known about its cells.
type cells struct {
	column
	attr string // the name of the attribute, where the column is none of ours
	last string // the text of the cell before: many repeat
	trait

	numbers map[string]graph.Number
	lists   map[string][]string
	words   map[string]uint8 // what words mean; the services that were found good
	told    bool             // that numbers or dates are read as the rest of the column shows

	// What the column as a whole shows, after look.
	points, commas         int
	dayFirsts, monthFirsts int
	critical               string // the word for critical that it has
}

// maxMemo bounds what a column remembers of the cells that it has seen.
const maxMemo = 1 << 14

func newTableReader(r *reader, in input, s *sheet, l layout) *tableReader {
	t := &tableReader{reader: r, in: in, sheet: s, layout: l, origin: graph.Origin{File: in.name, Sheet: s.name}}
	if s.given == nil && l.table.links {
		t.turned = l.turn(r.directionOf(s.chosen), s.chosen != nil && s.chosen.Direction == ConsumerFirst && r.options.Direction == "")
	}
	seen, headers := map[string]int{}, map[string]string{}
	for _, c := range l.columns {
		if c.field != "" {
			headers[c.field] = c.header
		}
		col := &cells{column: c, numbers: map[string]graph.Number{}, lists: map[string][]string{}, words: map[string]uint8{}}
		col.attr = c.header
		if !c.named {
			col.attr = "column " + c.header
		}
		if s.isSpreadsheet() {
			col.attr = string(formula.Original([]byte(col.attr)))
		}
		if seen[col.attr]++; seen[col.attr] > 1 && s.given == nil {
			col.attr = fmt.Sprintf("%s (%d)", col.attr, seen[col.attr])
		}
		t.columns = append(t.columns, col)
	}
	if t.pairs = t.count("provider") * t.count("consumer"); s.shaped {
		t.pairs = min(t.pairs, 1) // each side is a table of its own
	}
	t.answers = t.newAnswers()
	if s.given == nil {
		r.result.Headers[Place{in.name, s.name}] = headers
		t.above.column = t.groupColumn()
	}
	return t
}

// tell notes a problem of the present row; c nil: of the row as a whole.
func (t *tableReader) tell(severity graph.Severity, c *cells, format string, args ...any) {
	p := graph.Problem{File: t.in.shown, Sheet: t.sheet.name, Severity: severity}
	if t.row != nil {
		p.Row = t.row.number
	}
	if c != nil {
		p.Column = c.header
	}
	for i, a := range args {
		if b, ok := a.([]byte); ok {
			args[i] = shorten(string(b), 60)
		}
	}
	t.problems.add(p, format, args...)
	if severity != graph.Info {
		t.reading.isWrong(t.row)
	}
}

func (t *tableReader) info(c *cells, format string, args ...any) {
	t.tell(graph.Info, c, format, args...)
}
func (t *tableReader) warn(c *cells, format string, args ...any) {
	t.tell(graph.Warning, c, format, args...)
}

// reject leaves the present row out.
func (t *tableReader) reject(c *cells, format string, args ...any) {
	t.rejected = true
	t.tell(graph.Error, c, format, args...)
}

// tellLayout tells what was assumed about the sheet as a whole.
func (t *tableReader) tellLayout() {
	l := t.layout
	t.row = &row{number: l.firstAt}
	if l.skipped > 0 {
		t.info(nil, "the text above the header in row %d was left out", l.header)
	}
	t.row = &row{number: l.header}
	if l.last > l.header {
		t.info(nil, "rows %d to %d were read as one header", l.header, l.last)
	}
	named, _ := t.sheet.named()
	what := "file"
	if own, _ := tableOf(t.sheet.name); t.sheet.name != "" && own != nil {
		what = "sheet"
	}
	if l.renamed {
		t.info(nil, "the "+what+" is called %s, but this is the header of %s, and so it was read", named.name, l.table.name)
	}
	if l.called != "" {
		t.info(t.column("name"), "the header makes every row a %s: add a column kind to say otherwise", l.kind)
	} else if l.kind != graph.NoKind && t.column("kind") == nil {
		t.info(nil, "the name of the "+what+" makes every row a %s: add a column kind to say otherwise", l.kind)
	}
	for _, c := range t.columns {
		switch {
		case c.guessed != "":
			t.info(c, "this column was read as %s, since %s: give it that header, or say in a mapping what it is", c.field, c.guessed)
		case c.rival != "" && !c.worse:
			t.warn(c, "“%s” and “%s” both mean %s: “%s” was used, and this one kept as an attribute. Rename or remove one of them",
				c.header, c.rival, c.match.field, c.rival)
		case c.rival == "" && c.field == "" && c.named && c.attr != c.header:
			t.info(c, "another column has this header too; this one is kept as “%s”", c.attr)
		}
	}
	p, c := t.column("provider"), t.column("consumer")
	if l.table.links && t.sheet.given == nil && t.direction() != "" && (p.match.rank >= 2 || c.match.rank >= 2) {
		t.info(p, "“%s” was read as the provider and “%s” as the consumer, as was chosen: check the example sentence", p.header, c.header)
	}
	t.row = nil
}

// column finds the column of a native field; nil when there is none.
func (t *tableReader) column(field string) *cells {
	for _, c := range t.columns {
		if c.field == field {
			return c
		}
	}
	return nil
}

// bound is a column with the way of its cells into a record; set is nil for an attribute.
type bound[R any] struct {
	*cells
	set func(t *tableReader, c *cells, r *R, raw []byte)
}

// bind gives every column its way into a record, the attributes last and by name.
func bind[R any](t *tableReader, fields map[string]field[R]) []bound[R] {
	var native, attrs []bound[R]
	for _, c := range t.columns {
		switch f, ok := fields[c.field]; {
		case ok:
			c.trait = f.trait
			native = append(native, bound[R]{c, f.set})
		case c.field != Ignore && !c.isLeftOut():
			attrs = append(attrs, bound[R]{cells: c})
		}
	}
	slices.SortFunc(attrs, func(a, b bound[R]) int { return strings.Compare(a.attr, b.attr) })
	return append(native, attrs...)
}

// records makes a record of every good row. finish looks at the row as a whole and gives the attributes and the origin a place in the
// record. Records come in blocks, of which each is larger than the one before: a million of them are too many to allocate one by one.
type records[R any] struct {
	*tableReader
	columns []bound[R]
	finish  func(*tableReader, *R, []graph.Attr, graph.Origin)
	block   []R // records to be
	size    int // of the last block
	all     []*R
}

// newLinks prepares to read the rows of a table of links.
func newLinks(t *tableReader) *records[graph.LinkRecord] {
	return &records[graph.LinkRecord]{tableReader: t, columns: bind(t, linkFields), finish: finishLink}
}

// take makes a record of the present row.
func (rs *records[R]) take() {
	if len(rs.block) == 0 {
		rs.size = min(max(64, 2*rs.size), 2048)
		rs.block = make([]R, rs.size)
	}
	r := &rs.block[0]
	attrs := fill(rs.tableReader, rs.columns, r)
	origin := rs.origin
	origin.Row = rs.row.number
	if rs.finish(rs.tableReader, r, attrs, origin); rs.rejected {
		*r = *new(R)
		return
	}
	rs.all = append(rs.all, r)
	rs.block = rs.block[1:]
}

// eachRow goes through the rows of the table; take looks at t.row. skip, which may be nil, can take many at once, those from the present row
// on, and gives the rows behind them then. The error is that of the context.
func (t *tableReader) eachRow(take func(), skip func(*rowsSeen) iter.Seq[*row]) error {
	var seen rowsSeen
	for rows := t.sheet.rows; rows != nil; {
		var behind iter.Seq[*row]
		for t.row = range rows {
			if t.row.number <= t.layout.last {
				t.tellFaults(t.row.number >= t.layout.header)
				continue
			}
			if skip != nil {
				behind = skip(&seen)
			}
			if behind != nil || t.row.number&1023 == 0 {
				if err := t.ctx.Err(); err != nil {
					return err
				}
				t.progress(int64(t.done() * float64(t.in.size)))
			}
			if behind != nil {
				break
			}
			if t.isData(&seen) {
				take()
			}
		}
		rows = behind
	}
	t.tellUnanswered()
	return t.ctx.Err()
}

// text gives what a cell of the present row says: what a mark for the cell above stands for, without the apostrophe that keeps it from
// being a formula.
func (t *tableReader) text(c *cells) []byte {
	raw := t.row.cell(c)
	if dittoStarts.may(raw) && t.sheet.given == nil && isWord(dittos, raw) { // isDitto, without a call for nearly every cell
		raw = t.fromAbove(c, raw)
	}
	if t.sheet.isSpreadsheet() {
		raw = formula.Original(raw)
	}
	return raw
}

// fill brings the cells of the present row into a record, and gives those that are attributes.
func fill[R any](t *tableReader, columns []bound[R], r *R) []graph.Attr {
	from := len(t.attrs)
	if cap(t.attrs)-from < len(columns) {
		t.attrs, from = make([]graph.Attr, 0, 1024+len(columns)), 0
	}
	for i := range columns {
		c := &columns[i]
		raw := t.text(c.cells)
		switch {
		case len(raw) == 0:
		case c.set != nil:
			c.set(t, c.cells, r, raw)
		default:
			t.attrs = append(t.attrs, graph.Attr{Name: c.attr, Value: c.text(t, raw)})
			t.tellUnnamed(c.cells)
		}
	}
	if len(t.attrs) == from {
		return nil
	}
	return t.attrs[from:len(t.attrs):len(t.attrs)]
}

// rowsSeen is what has to be known of the rows above to tell data from notes.
type rowsSeen struct {
	blank bool // a blank row, below data
	lone  bool // a data row with one cell only
	data  bool
}

// isData says whether the present row is one of the table, and puts it in order: rows that are blank, out of form, a repeated
// header or a note below the table are not.
func (t *tableReader) isData(seen *rowsSeen) bool {
	t.rejected = false
	filled := t.row.filled()
	if filled == 0 && len(t.row.faults) == 0 {
		seen.blank = seen.blank || seen.data
		return false
	}
	if t.sheet.given == nil && (t.isNote(seen, filled) || t.isHeaderAgain() || t.isExample() || t.isDenied()) {
		return false
	}
	seen.data, seen.lone = true, seen.lone || filled == 1
	if !t.layout.table.isShape() {
		t.result.Rows++ // the rows that a shape makes count, not those that it takes
	}
	if !t.sheet.shaped {
		t.reading.Rows++
	}
	t.tellFaults(true)
	if t.rejected || filled == 0 {
		return false
	}
	t.fillGroup()
	if t.sheet.nul {
		t.dropNUL()
	}
	t.tellExtra()
	return true
}

// tellFaults tells what is wrong with the form of the present row, where it belongs to the table.
func (t *tableReader) tellFaults(belongs bool) {
	for _, f := range t.row.faults {
		var c *cells
		if f.column >= 0 && f.column < len(t.columns) {
			c = t.columns[f.column]
		}
		t.rejected = t.rejected || f.severity == graph.Error
		if belongs {
			t.tell(f.severity, c, "%s", f.message)
		}
	}
}

// done is the share of the file that was read.
func (t *tableReader) done() float64 {
	inSheet := float64(t.row.at) / float64(t.sheet.size)
	if p := t.sheet.place; p.of > 1 {
		return (float64(p.index) + inSheet) / float64(p.of)
	}
	return inSheet
}

// isNote says whether the present row is a note: it stands behind a blank row and below the last full row, which is one with both
// ends of a link, or one with two cells in the other tables, when all rows above have two.
func (t *tableReader) isNote(seen *rowsSeen, filled int) bool {
	if !seen.blank || len(t.columns) < 2 || t.row.number <= t.lastFullRow() {
		return false
	}
	switch {
	case t.layout.table.links:
		t.info(nil, "“%s” was taken for a note below the table and left out", t.firstText())
	case filled == 1 && !seen.lone:
		t.warn(nil, "“%s” was taken for a note below the table and left out: if it belongs to the table, remove the blank row above or fill another cell", t.firstText())
	default:
		return false
	}
	return true
}

// lastFullRow finds the end of the table. It goes through the sheet once.
func (t *tableReader) lastFullRow() int {
	if t.ended {
		return t.last
	}
	t.lookAbove()
	t.last, t.ended = t.layout.last, true
	provider, consumer := t.column("provider"), t.column("consumer")
	for r := range t.sheet.rows {
		full := r.number > t.layout.last && r.filled() > 1
		if t.layout.table.links {
			full = full && (len(r.cell(provider)) > 0 || t.above.group == provider) && (len(r.cell(consumer)) > 0 || t.above.group == consumer)
		}
		if full {
			t.last = r.number
		}
	}
	return t.last
}

// cell gives the trimmed cell of a native field in the present row.
func (t *tableReader) cell(field string) []byte {
	if c := t.column(field); c != nil {
		return t.row.cell(c)
	}
	return nil
}

// cell gives the trimmed cell in a column.
func (r *row) cell(c *cells) []byte {
	if c.index < len(r.cells) {
		return trim(r.cells[c.index])
	}
	return nil
}

func (t *tableReader) firstText() []byte {
	for _, cell := range t.row.cells {
		if text := trim(cell); len(text) > 0 {
			return text
		}
	}
	return nil
}

// isHeaderAgain says whether the present row repeats the header, as in files that were put together.
func (t *tableReader) isHeaderAgain() bool {
	for i, c := range t.columns {
		var cell []byte
		if i < len(t.row.cells) {
			cell = t.row.cells[i]
		}
		if cell = trim(cell); !c.named && len(cell) == 0 {
			continue
		}
		if !c.named || len(cell) < len(c.header) || cell[0] != c.header[0] || headerText(cell) != c.header {
			return false
		}
	}
	t.info(nil, "the row repeats the header and was left out")
	return true
}

// dropNUL takes NUL bytes out of the cells of the present row.
func (t *tableReader) dropNUL() {
	for i, cell := range t.row.cells {
		if bytes.IndexByte(cell, 0) < 0 {
			continue
		}
		t.row.cells[i] = bytes.ReplaceAll(cell, []byte{0}, nil)
		var c *cells
		if i < len(t.columns) {
			c = t.columns[i]
		}
		t.warn(c, "the cell holds NUL characters, which were left out: save the file again as “CSV UTF-8”")
	}
}

// tellExtra tells of cells to the right of the last header.
func (t *tableReader) tellExtra() {
	var extra []string
	for _, cell := range t.row.cells[min(len(t.row.cells), len(t.columns)):] {
		if text := trim(cell); len(text) > 0 {
			extra = append(extra, fmt.Sprintf("“%s”", shorten(string(text), 30)))
		}
	}
	if len(extra) > 0 {
		t.warn(nil, "the row has more cells than the header, and %s was left out: look whether a text with the delimiter in it needs quotes",
			strings.Join(extra[:min(len(extra), 3)], ", "))
	}
}

// tellUnnamed tells once that a column without a header holds something.
func (t *tableReader) tellUnnamed(c *cells) {
	if !c.named {
		t.tellOnce(c, "the column has no header; its cells are kept as the attribute “%s”", c.attr)
	}
}

// finishLink checks a link as a whole.
func finishLink(t *tableReader, r *graph.LinkRecord, attrs []graph.Attr, from graph.Origin) {
	r.Attrs, r.From = attrs, from
	if t.rejected || t.isTotal(r) {
		return
	}
	if r.Provider == "" {
		t.rejectEnd("provider", "who serves")
	}
	if r.Consumer == "" {
		t.rejectEnd("consumer", "who is served")
	}
	if !t.rejected && t.ends != nil {
		t.ends.add(t, r)
	}
	if !t.rejected && len(t.shown) < t.pairs {
		t.show(r, from.Row)
	}
}

// rejectEnd leaves the present row out, as an end of the link is missing.
func (t *tableReader) rejectEnd(field, question string) {
	c := t.column(field)
	if nobody := t.cell(field); len(nobody) > 0 {
		t.reject(c, "“%s” names nobody, so the link has no %s and was left out: write %s", nobody, field, question)
	} else {
		t.reject(c, "the link has no %s and was left out: write %s", field, question)
	}
}

// isTotal says that the row only sums up those above it: it names one end, and that is a word for a total.
func (t *tableReader) isTotal(r *graph.LinkRecord) bool {
	if r.Provider != "" && r.Consumer != "" {
		return false
	}
	name := cmp.Or(r.Provider, r.Consumer)
	if len(name) > longestWord || !totals[graph.Fold(name)] {
		return false
	}
	t.rejected = true
	t.info(nil, "“%s” sums up, so the row was left out", name)
	return true
}

// show makes an example of the first link of each pair of columns.
func (t *tableReader) show(r *graph.LinkRecord, number int) {
	pair := [2]int{t.filled("provider"), t.filled("consumer")}
	if slices.Contains(t.shown, pair) {
		return
	}
	t.shown = append(t.shown, pair)
	t.reading.Examples = append(t.reading.Examples, Example{File: t.in.shown, Sheet: t.sheet.name, Row: number,
		Provider: t.sheet.calls(r.Provider), Consumer: t.sheet.calls(r.Consumer), Service: r.Service})
}

// filled gives the first column of a native field that holds something in the present row; of a sheet that a shape made several may.
func (t *tableReader) filled(field string) int {
	return slices.IndexFunc(t.columns, func(c *cells) bool { return c.field == field && len(t.row.cell(c)) > 0 })
}

// count gives the number of columns of a native field.
func (t *tableReader) count(field string) int {
	n := 0
	for _, c := range t.columns {
		if c.field == field {
			n++
		}
	}
	return n
}

// finishNode checks a node, a unit or a person as a whole.
func finishNode(t *tableReader, r *graph.NodeRecord, attrs []graph.Attr, from graph.Origin) {
	r.Attrs, r.From = attrs, from
	if t.rejected {
		return
	}
	if r.Kind == graph.NoKind {
		r.Kind = t.layout.kind
	}
	if k := t.layout.table.kind; k != graph.NoKind {
		r.Kind = k
	}
	name := t.column("name")
	if raw := t.cell("name"); r.Name == "" && len(raw) > 0 {
		switch {
		case r.Kind == graph.Person && isWord(vacancies, raw):
			t.rejected = true
			t.info(name, "“%s” names nobody, so this post was left out", raw)
			return
		case r.ID != "":
			t.info(name, "“%s” is no name, so the id stands for it", raw)
		}
	}
	if r.ID == "" && r.Name == "" {
		t.reject(nil, "the row has neither an id nor a name and was left out: give it one of them")
		return
	}
	if r.Manager != "" && (r.Manager == r.ID || r.ID == "" && r.Manager == r.Name) {
		r.Manager = "" // HR exports write "no boss" like this
	}
	t.tellTwice(r)
}

// tellTwice tells that an id stands for two things of different names. Both rows become one thing, which is called as the first.
func (t *tableReader) tellTwice(r *graph.NodeRecord) {
	if t.sheet.given != nil || r.ID == "" || r.Name == "" {
		return
	}
	if t.byID == nil {
		t.byID = map[string]*graph.NodeRecord{}
	}
	switch first := t.byID[r.ID]; {
	case first == nil:
		t.byID[r.ID] = r
	case graph.Fold(first.Name) != graph.Fold(r.Name):
		t.warn(t.column("id"), "the id “%s” stands for “%s” in row %d already, and here for “%s”, so the two count as one: give each its own id", shorten(r.ID, 60), shorten(first.Name, 60),
			first.From.Row, shorten(r.Name, 60))
	}
}

// text gives the cell as a string.
func (c *cells) text(t *tableReader, raw []byte) string {
	if string(raw) != c.last {
		c.last = t.texts.of(raw)
	}
	return c.last
}

// list reads a list and remembers it.
func (c *cells) list(t *tableReader, raw []byte) []string {
	var all []string
	for piece := range bytes.FieldsFuncSeq(raw, func(r rune) bool { return r == '|' || r == '\n' || r == '\r' }) {
		piece = trim(piece)
		switch {
		case len(piece) == 0:
		case isNobody(piece):
			t.info(c, "“%s” names nobody, so it counts as blank", piece)
		case tooLong(piece):
			t.warn(c, "a name of %d characters cannot be right, so it was left out: look for a quote that is missing, or shorten it", runeCount(piece))
		default:
			if s := t.texts.of(piece); !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	if all = slices.Clip(all); len(c.lists) < maxMemo && len(all) > 0 {
		c.lists[string(raw)] = all
	}
	return all
}

// number reads a number or duration, checks it and remembers it. What is wrong is told, and the cell left out.
func (c *cells) number(t *tableReader, raw []byte, u rule, read func(string) ([]part, error)) graph.Number {
	exact := c.exact(t.row)
	if n, known := c.numbers[string(raw)]; known && !exact {
		return n
	}
	s := string(raw)
	parts, err := read(s)
	switch {
	case err != nil && isNobody(raw):
		t.info(c, "“%s” counts as blank", raw)
		return graph.Number{}
	case err != nil:
		t.warn(c, "%s", err.Error())
		return graph.Number{}
	}
	m, ok := pointMark, true
	if !exact {
		m, ok = c.mark(t, s, parts)
	}
	if !ok {
		return graph.Number{}
	}
	v := sum(parts, m)
	if wrong := u.Check(v); wrong != "" {
		t.warn(c, "“%s” was left out: %s %s", raw, c.field, wrong)
		return graph.Number{}
	}
	n := graph.Given(v)
	if len(c.numbers) < maxMemo && !exact {
		c.numbers[s] = n
	}
	return n
}

// exact says that the file stores a number in the column, so that its decimal mark is no question.
func (c *cells) exact(r *row) bool { return c.index < len(r.kinds) && r.kinds[c.index] == numberCell }

// mark decides the decimal mark of a cell that can be read both ways: as the rest of the column has it, else as the rest of the
// sheet has it, else 1.234 is a little more than one and 1,234 is left out.
func (c *cells) mark(t *tableReader, s string, parts []part) (mark, bool) {
	i := slices.IndexFunc(parts, func(p part) bool { return p.figure.ambiguous() })
	if i < 0 {
		return noMark, true
	}
	t.look()
	m, from := markOf(c.points, c.commas), "column"
	if c.points+c.commas == 0 {
		points, commas := 0, 0
		for _, other := range t.columns {
			points, commas = points+other.points, commas+other.commas
		}
		m, from = markOf(points, commas), "sheet"
	}
	point := !strings.Contains(parts[i].figure.written, ",")
	switch {
	case m == noMark && point, m == pointMark && point:
		return pointMark, true
	case m == noMark:
		t.warn(c, "“%s” can mean %v or %v, so the cell was left out: write it without the comma, or with a point", s,
			parts[i].figure.value(pointMark), parts[i].figure.value(commaMark))
		return noMark, false
	}
	if !c.told {
		c.told = true
		t.info(c, "“%s” was read as %v, and the like here and below, as the other numbers of the "+from+" are written", s, parts[i].figure.value(m))
	}
	return m, true
}

func markOf(points, commas int) mark {
	switch {
	case points > 0 && commas == 0:
		return pointMark
	case commas > 0 && points == 0:
		return commaMark
	}
	return noMark
}

// order is which of day and month comes first in the column.
func (c *cells) order() dayOrder {
	switch {
	case c.dayFirsts > 0 && c.monthFirsts == 0:
		return dayFirst
	case c.monthFirsts > 0 && c.dayFirsts == 0:
		return monthFirst
	}
	return noOrder
}

// look goes through the sheet once to see what its columns have in common. It is called when a cell needs that, and costs as
// much as reading the sheet.
func (t *tableReader) look() {
	if t.unsure = t.unsure || t.isAside && !t.looked; t.looked || t.isAside {
		return
	}
	t.looked = true
	for r := range t.sheet.rows {
		if r.number <= t.layout.last {
			continue
		}
		for _, c := range t.columns {
			if c.trait == plain || c.index >= len(r.cells) {
				continue
			}
			if c.exact(r) {
				continue
			}
			if raw := trim(r.cells[c.index]); len(raw) > 0 && len(raw) <= 60 && !isASCIIDigits(raw) {
				c.see(string(raw))
			}
		}
	}
}

// see takes note of what a cell gives away about its column.
func (c *cells) see(s string) {
	switch c.trait {
	case numbers:
		parts, err := readDuration(strings.TrimSuffix(currency(s), "%"), 1)
		if err != nil {
			return
		}
		for _, p := range parts {
			switch p.figure.evidence() {
			case pointMark:
				c.points++
			case commaMark:
				c.commas++
			}
		}
	case dates:
		switch orderOf(s) {
		case dayFirst:
			c.dayFirsts++
		case monthFirst:
			c.monthFirsts++
		}
	case grades:
		if fold := graph.Fold(s); c.critical == "" && criticalWords[fold] != 0 {
			c.critical = fold
		}
	}
}
