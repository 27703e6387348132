package importer

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"example.com/whoserves/graph"
)

// table is one of the native tables, or a shape (shape.go).
type table struct {
	name   string
	title  string     // what people call it: "team dependency tracker"
	kind   graph.Kind // of every record, where the table says it
	links  bool
	fields []header
	words  func() map[string]match // the folded headers, but for those with units: see lookup
	fits   func(has map[string]bool) bool
	byHand bool // it is read so only when a person says so

	// Of shapes. find knows a sheet that its headers alone do not tell; nil where they do. arrange gives columns their meaning where
	// their place or their neighbours tell it; it may be nil. all makes rows of native tables of the rows of the sheet.
	find    func(s *sheet, rows []row) (layout, bool)
	arrange func(*layout)
	all     func(*spread, []row)
}

// isShape says that the table is no native one.
func (t *table) isShape() bool { return t.all != nil }

// header is a native column and what else people call it. Spelling, case, spaces and punctuation do not count.
type header struct {
	field string
	means string   // what it says, for people who choose; "" where [fieldMeans] does
	hours bool     // its name may end in a unit: "tolerance (days)"
	other []string // synonyms
	loose []string // words that mean the field only when nothing better is there
}

// match is what one header can mean.
type match struct {
	field string
	rank  int     // 0 the native name, 1 a synonym, 2 a loose one, 3 its cells look so; -1 a person chose it
	unit  float64 // hours for a plain number; 0 where the header names no unit
	hours bool    // a unit may follow
}

// layout is how a sheet is to be read.
type layout struct {
	table   *table // nil: no table was found
	header  int    // number of the first header row
	last    int    // number of the last header row: the rows behind it are data
	columns []column
	known   int      // fields found
	even    float64  // share of the rows looked at that are as wide as the header
	first   []string // the first cells of the first row that is not blank, for messages
	firstAt int
	skipped int        // rows with text above the header
	kind    graph.Kind // of every row, told by a name only
	called  string     // the header that tells the kind; "": the name of the file or sheet
	renamed bool       // the file name says another table than the header
	foreign string     // why it was taken for none of ours; "" where it was not
	form    string     // by what else than its columns it was known; "" by these
}

// column is one column of a sheet.
type column struct {
	index   int
	header  string // as written, in one line; "D" where it has none
	named   bool   // it has a header
	field   string // "": an attribute; Ignore: nothing
	match   match
	why     string // by what else than its header it got its field; "" by that
	guessed string // why it has the field although no header says it; "" where one does
	chosen  string // what a mapping says of it: a field, Attribute or Ignore; "" nothing
	rival   string // the header of the column that has the field instead
	worse   bool   // the rival is the better one by its name, so nobody need be told
}

// tables are the native tables, in the order in which a tie between headers is decided.
var tables = []*table{
	newTable(table{name: "links", title: "links: who serves whom", links: true, fields: linkHeaders,
		fits: func(has map[string]bool) bool { return has["provider"] && has["consumer"] }}),
	newTable(table{name: "people", title: "people: who works where", kind: graph.Person, fields: peopleHeaders,
		fits: func(has map[string]bool) bool {
			return (has["id"] || has["name"]) && (has["team"] || has["manager"] || has["role"])
		}}),
	newTable(table{name: "units", title: "units: departments and divisions", kind: graph.Unit, fields: unitHeaders,
		fits: func(has map[string]bool) bool { return (has["id"] || has["name"]) && has["parent"] }}),
	newTable(table{name: "nodes", title: "nodes: teams, suppliers, customers, resources", fields: nodeHeaders,
		fits: func(has map[string]bool) bool { return (has["id"] || has["name"]) && len(has) > 1 }}),
}

// newTable prepares a table. What its headers are compared with is worked out when the first sheet is read: most runs read none.
func newTable(t table) *table {
	t.words = sync.OnceValue(func() map[string]match {
		all := map[string]match{}
		add := func(h header, names []string, rank int) {
			for _, n := range names {
				for _, fold := range spellings(n) {
					if _, taken := all[fold]; !taken {
						all[fold] = match{field: h.field, rank: rank, hours: h.hours}
					}
				}
			}
		}
		for _, h := range t.fields {
			if !t.isShape() { // a sheet with the native names is a native table
				add(h, []string{h.field}, 0)
			}
		}
		for _, h := range t.fields {
			add(h, h.other, 1)
		}
		for _, h := range t.fields {
			add(h, h.loose, 2)
		}
		return all
	})
	return &t
}

// lookup gives what a folded header means. That of a duration may end in the unit in which it counts.
func (t *table) lookup(fold string) (match, bool) {
	words := t.words()
	m, known := words[fold]
	if known {
		return m, true
	}
	for _, u := range unitSuffixes {
		base, ends := strings.CutSuffix(fold, u.suffix)
		if !ends {
			continue
		}
		for _, try := range []string{base, base + "hours"} {
			if m := words[try]; m.hours && m.rank < 2 {
				return match{field: m.field, rank: 1, unit: u.hours}, true
			}
		}
	}
	return match{}, false
}

// foldHeader makes the form in which headers are compared: letters and digits in lower case.
func foldHeader(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// tableOf gives the table that a file or sheet name says, and the kind of the nodes in it. Nil when it says none, or several.
func tableOf(name string) (*table, graph.Kind) {
	var found *table
	var kind graph.Kind
	for _, word := range strings.FieldsFunc(strings.ToLower(SourceName(name)), func(r rune) bool { return !unicode.IsLetter(r) }) {
		w, known := tableWords[word]
		if !known {
			continue
		}
		if found != nil && (found.name != w.table || kind != w.kind) {
			return nil, graph.NoKind
		}
		found, kind = tableNamed(w.table), w.kind
	}
	return found, kind
}

func tableNamed(name string) *table {
	return tables[slices.IndexFunc(tables, func(t *table) bool { return t.name == name })]
}

// named gives the table that the name of a sheet says, and the kind of the nodes in it. The name of the file speaks for its
// first sheet, when that sheet's own says nothing.
func (s *sheet) named() (*table, graph.Kind) {
	if t, k := tableOf(s.name); s.name != "" && t != nil {
		return t, k
	}
	if s.place.index > 0 {
		return nil, graph.NoKind
	}
	return tableOf(s.file)
}

// recognise finds the header of a sheet and what table it heads: the row, or the rows that follow one another, among the first
// ones, with most headers of a table that they can head. The name of the sheet decides between tables that a row could head.
func recognise(s *sheet) layout {
	if s.given != nil {
		return *s.given
	}
	named, kind := s.named()
	rows := s.firstRows()
	if s.chosen.header() < 0 {
		return s.bare(rows)
	}
	if l, ok := s.find(rows); ok {
		return l
	}
	var best layout
	var widths []int
	texts, looked := 0, 0
	for i := range rows {
		if rows[i].blank() {
			continue
		}
		var l layout
		looked += len(rows[i].cells)
		if at := s.chosen.header(); at == 0 && !best.isSure() && (looked <= maxHeaderCells || best.table == nil && looked <= 10*maxHeaderCells) || at == rows[i].number {
			l = head(s, rows[i:], named)
		}
		if l.table != nil && (best.table == nil || l.known > best.known) {
			l.skipped = texts
			best, widths = l, widths[:0]
		}
		texts++
		widths = append(widths, len(rows[i].cells))
	}
	best.show(rows)
	best.even = share(widths)
	if best.table == nil {
		return best
	}
	if best.table == named {
		best.kind = kind
	}
	best.renamed = named != nil && best.table != named
	best.kindOfHeader()
	best.disown(s.chosen)
	return best
}

// isSure says that every column has a native name, as in our own exports: no row below can be a better header, though kinds and criticalities
// in it are words of headers too.
func (l layout) isSure() bool {
	if l.table == nil || l.table.isShape() || len(l.columns) < 3 {
		return false
	}
	return !slices.ContainsFunc(l.columns, func(c column) bool { return c.field == "" || c.match.rank != 0 })
}

// kindOfHeader takes the rows of a table of nodes for suppliers, customers or resources where the header of their names calls them so.
func (l *layout) kindOfHeader() {
	if l.table != tableNamed("nodes") || l.kind != graph.NoKind || l.taken("kind") {
		return
	}
	for _, c := range l.columns {
		if c.field != "name" || c.match.rank == 0 || c.match.rank == 1 {
			continue
		}
		for word := range wordsOf(c.header) {
			if k := kindOf(word); k == graph.Supplier || k == graph.Resource || k == graph.Customer {
				l.kind, l.called = k, c.header
				return
			}
		}
	}
}

// find reads a sheet as a shape that its headers alone do not tell.
func (s *sheet) find(rows []row) (layout, bool) {
	if at := s.chosen.header(); at > 0 {
		rows = slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return r.number < at })
	}
	for _, t := range shapes {
		if t.find == nil || s.chosen.shape() != "" && s.chosen.shape() != t.name {
			continue
		}
		if l, ok := t.find(s, rows); ok {
			l.table = t
			if l.choose(s.chosen); t.fits == nil || t.fits(l.has()) {
				return l, true
			}
		}
	}
	return layout{}, false
}

// bare reads a sheet without a header, whose columns a mapping names by their letters.
func (s *sheet) bare(rows []row) layout {
	h := headerRow{chosen: s.chosen}
	for i := range rows {
		h.cells = append(h.cells, make([]headerCell, max(0, len(rows[i].cells)-len(h.cells)))...)
	}
	l := choose(nil, h)
	l.show(rows)
	return l
}

// show notes the first row with something in it, for messages; where no header was found, the first that holds more than a title.
func (l *layout) show(rows []row) {
	for i := range rows {
		r := &rows[i]
		if r.blank() || l.table != nil && l.first != nil || l.first != nil && r.lone() {
			continue
		}
		title := r.lone()
		l.firstAt, l.first = r.number, firstCells(r)
		if !title {
			return
		}
	}
}

// firstRows copies the first rows of a sheet; of one with keys the keys alone.
func (s *sheet) firstRows() []row {
	var rows []row
	if s.none != "" {
		return nil
	}
	most := max(sniffRows, s.chosen.header()+maxHeader)
	for r := range s.rows {
		if r.number > most || s.keyed && r.number > 0 {
			break
		}
		c := row{number: r.number, cells: make([][]byte, len(r.cells))}
		for i := range r.cells {
			c.cells[i] = bytes.Clone(r.cells[i])
		}
		rows = append(rows, c)
	}
	return rows
}

// share says how many of the rows are as wide as the first one, which is the header when there is one; rows of one cell say
// little.
func share(widths []int) float64 {
	if len(widths) == 0 {
		return 0
	}
	even := 0
	for _, w := range widths {
		if w == widths[0] {
			even++
		}
	}
	if widths[0] == 1 {
		even--
	}
	return float64(even) / float64(len(widths))
}

// better says that l reads more of a sheet than m.
func (l layout) better(m layout) bool {
	if l.known != m.known {
		return l.known > m.known
	}
	return l.even > m.even
}

// head reads the first of rows as a header row: of the table that the name says when it can be that, else of links when it can be
// that, else of the table most of whose columns it has. The layout's table is nil when it can head no table. Where merged cells
// or the words show it, the rows below belong to the header too.
func head(s *sheet, rows []row, named *table) layout {
	var best layout
	if n := s.chosen.rows(); n > 0 && !s.keyed {
		return choose(named, headerOf(rows[:min(n, len(rows))]).with(s.chosen).over(rows[min(n, len(rows)):]))
	}
	if rows[0].knowsHeaders() || s.chosen.knows(&rows[0]) {
		best = choose(named, headerOf(rows[:1]).with(s.chosen).over(rows[1:]))
	}
	if s.keyed {
		return best
	}
	depth := s.mergedDepth(&rows[0])
	for n := 2; n <= min(len(rows), maxHeader) && len(rows[0].cells) <= maxWideHeader; n++ {
		if rows[n-1].blank() || rows[n-1].number != rows[0].number+n-1 {
			break
		}
		certain := n <= depth
		if !certain && !rows[n-1].knowsHeaders() && !s.chosen.knows(&rows[n-1]) {
			continue
		}
		l := choose(named, headerOf(rows[:n]).with(s.chosen).over(rows[n:]))
		if l.table != nil && (best.table == nil || l.known > best.known || certain && l.known == best.known || l.known == best.known && l.rivals() < best.rivals()) &&
			(certain || !rows[0].lone()) {
			best = l
		}
	}
	if best.table != nil {
		best.last = best.header + best.again(rows) - 1
	}
	return best
}

// The bounds of a header of several rows.
const (
	maxHeader     = 4
	maxWideHeader = 1000 // cells

	// maxHeaderCells is how many cells of the first rows are looked at for a header, when one was found; ten times as many before.
	maxHeaderCells = 5000
)

// knowsHeaders says that a cell of the row is a header of some table.
func (r *row) knowsHeaders() bool {
	for _, c := range r.cells {
		if len(c) > 0 && len(c) <= 200 && isHeader(foldHeader(string(c))) {
			return true
		}
	}
	return false
}

// isHeader says that a folded text is a header of some table. It is asked for every cell of the first rows.
func isHeader(fold string) bool {
	known := headerWords()
	if known.all[fold] {
		return true
	}
	for _, u := range unitSuffixes {
		if base, ends := strings.CutSuffix(fold, u.suffix); ends && known.hours[base] {
			return true
		}
	}
	return false
}

// headerWords are the folded headers of all tables, and those behind which a unit may stand.
var headerWords = sync.OnceValue(func() (known struct{ all, hours map[string]bool }) {
	known.all, known.hours = map[string]bool{}, map[string]bool{}
	for _, t := range slices.Concat(tables, shapes) {
		for fold, m := range t.words() {
			known.all[fold] = true
			if m.hours && m.rank < 2 {
				known.hours[fold], known.hours[strings.TrimSuffix(fold, "hours")] = true, true
			}
		}
	}
	return known
})

// choose gives the best layout of those that the tables make of a header. A shape that fits knows its sheets by what no native table
// has, so it wins.
func choose(named *table, h headerRow) layout {
	var best layout
	if t := shapeNamed(h.chosen.shape()); t != nil {
		l := t.match(h)
		if has := l.holds(); t.fits != nil && t.fits(has) || t.describes(has) {
			l.known = len(has)
			return l
		}
		return best
	}
	native := named.heads(h)
	for _, t := range shapes {
		if native || t.byHand {
			continue
		}
		l := t.match(h)
		has := l.has()
		if l.known = len(has); t.fits != nil && t.fits(has) && l.known > best.known && l.hasOwn() {
			best = l
		}
	}
	if best.table != nil {
		return best
	}
	for _, t := range tables {
		l := t.match(h)
		has := l.has()
		l.known = len(has)
		fits := t.fits(has)
		if t == named && !fits {
			fits = t.describes(has)
		}
		if !fits {
			continue
		}
		switch {
		case best.table == nil:
			best = l
		case best.table.links && (t != named || best.known > l.known):
		case t == named:
			return l
		case l.known > best.known && best.table != named:
			best = l
		}
	}
	return best
}

// describes says that a header which names something is enough, where a name or a person says which native table it is.
func (t *table) describes(has map[string]bool) bool {
	return !t.links && !t.isShape() && (has["id"] || has["name"])
}

// heads says that the header has the native names of what every row of the table needs, as our own exports have: then it is this table,
// whatever else is in it. No table heads none.
func (t *table) heads(h headerRow) bool {
	need := []string{"id", "name"}
	switch {
	case t == nil:
		return false
	case t.links:
		need = []string{"provider", "consumer"}
	}
	exact := 0
	for _, c := range t.match(h).columns {
		if slices.Contains(need, c.field) && c.match.rank == 0 {
			exact++
		}
	}
	return exact == len(need)
}

// lone says that a row holds one text only, in one cell or in the cells that are merged into it.
func (r *row) lone() bool {
	var first []byte
	for _, c := range r.cells {
		if c = trim(c); len(c) > 0 && first != nil && !bytes.Equal(c, first) {
			return false
		} else if len(c) > 0 {
			first = c
		}
	}
	return true
}

// mergedDepth says how many rows the header has that begins with r, as merged cells that reach down show it.
func (s *sheet) mergedDepth(r *row) int {
	depth := 1
	for _, m := range s.merges {
		if m.top == r.number && m.bottom-m.top < maxHeader {
			depth = max(depth, m.bottom-m.top+1)
		}
		if m.top > r.number {
			break
		}
	}
	return depth
}

// rivals counts the columns whose field another column has.
func (l layout) rivals() int {
	n := 0
	for _, c := range l.columns {
		if c.rival != "" {
			n++
		}
	}
	return n
}

// again counts the rows of the header with those below it that say the same in other words, such as codes above and their names below.
func (l layout) again(rows []row) int {
	depth := l.last - l.header + 1
	for _, r := range rows[min(depth, len(rows)):] {
		same, filled := 0, 0
		for i, cell := range r.cells {
			text := headerText(cell)
			if text == "" {
				continue
			}
			filled++
			if m, ok := l.table.lookup(foldHeader(text)); ok && i < len(l.columns) && l.columns[i].match.field == m.field && text != l.columns[i].header {
				same++
			}
		}
		if r.number != l.header+depth || same < 3 || 2*same < filled || depth == maxHeader {
			break
		}
		depth++
	}
	return depth
}

// headerCell is a header as it may be read, in the order of preference, and as it is shown.
type headerCell struct {
	tries []string
	shown string
}

// headerRow is a header of one row or several.
type headerRow struct {
	first, last int
	cells       []headerCell
	chosen      *chosen
	below       []row // the first rows of data
}

// headerOf puts rows together as one header. A column's header is what its cells say together, from the top, without repetition;
// it may mean what they say together, or else what the lowest says.
func headerOf(rows []row) headerRow {
	h := headerRow{first: rows[0].number, last: rows[len(rows)-1].number}
	width := 0
	for i := range rows {
		width = max(width, len(rows[i].cells))
	}
	for i := range width {
		var parts []string
		for j := range rows {
			if i >= len(rows[j].cells) {
				continue
			}
			if text := headerText(rows[j].cells[i]); text != "" && (len(parts) == 0 || parts[len(parts)-1] != text) {
				parts = append(parts, text)
			}
		}
		c := headerCell{shown: strings.Join(parts, " "), tries: parts[max(0, len(parts)-1):]}
		if len(parts) > 1 {
			c.tries = []string{c.shown, parts[len(parts)-1]}
		}
		h.cells = append(h.cells, c)
	}
	return h
}

// with adds what a person decided about the columns.
func (h headerRow) with(c *chosen) headerRow {
	h.chosen = c
	return h
}

// over adds the first rows below the header.
func (h headerRow) over(below []row) headerRow {
	h.below = below
	return h
}

// counts says that a column whose header may name people or say how many there are, such as “Mitarbeiter”, holds numbers.
func (h headerRow) counts(column int) bool {
	m, ok := tableNamed("nodes").meaning(h.cells[column])
	if !ok || m.field != "headcount" {
		return false
	}
	numbers := 0
	for i := range h.below {
		if column >= len(h.below[i].cells) || h.below[i].lone() {
			continue
		}
		text := string(trim(h.below[i].cells[column]))
		if _, number := readFigure(text); number {
			numbers++
		} else if text != "" && !isNobody([]byte(text)) {
			return false
		}
	}
	return numbers > 0
}

// has gives the fields that the columns hold. A loose word tells a table only where it names a node or an end of a link.
func (l layout) has() map[string]bool {
	has := map[string]bool{}
	for _, c := range l.columns {
		if c.field != "" && (c.match.rank < 2 || l.table.links || c.field == "name") {
			has[c.field] = true
		}
	}
	return has
}

// holds gives the fields that the columns hold, also by loose words: enough where a person says which table it is.
func (l layout) holds() map[string]bool {
	holds := map[string]bool{}
	for _, c := range l.columns {
		if c.field != "" {
			holds[c.field] = true
		}
	}
	return holds
}

// match gives every column of a header its meaning in the table. Of two columns that mean one field the chosen one wins, then the native
// name, then the left one; the other is kept as an attribute.
func (t *table) match(h headerRow) layout {
	l := layout{table: t, header: h.first, last: h.last}
	holder, seen := map[string]int{}, map[string]int{}
	for i, cell := range h.cells {
		c := column{index: i, header: cell.shown, named: cell.shown != ""}
		if !c.named {
			c.header = letters(i)
		}
		m, known := t.meaning(cell)
		if known = known && (m.field != "name" || !h.counts(i)); !known {
			m = match{}
		}
		if chosen := h.chosen.column(c.called(), seen[keyOfHeader(c.called())]); chosen != nil {
			c.chosen, chosen.met = chosen.Field, true
			m, known = t.chosenMeaning(c.chosen, cell)
		}
		seen[keyOfHeader(c.called())]++
		switch j, taken := holder[m.field]; {
		case c.chosen == Ignore:
			c.field = Ignore
		case !known:
		case !taken:
			c.field, c.match, holder[m.field] = m.field, m, i
		case m.rank < l.columns[j].match.rank:
			other := &l.columns[j]
			other.field, other.rival, other.worse = "", c.header, other.match.rank == 2 || m.rank < 0
			c.field, c.match, holder[m.field] = m.field, m, i
		default:
			better := l.columns[j].match.rank
			c.match, c.rival, c.worse = m, l.columns[j].header, m.rank == 2 && better < 2 || better < 0 && m.rank >= 0
		}
		l.columns = append(l.columns, c)
	}
	if t.links {
		l.doubtLetter()
	}
	if t.arrange != nil {
		t.arrange(&l)
		l.choose(h.chosen)
	}
	return l
}

// doubtLetter takes a header of one letter, “a” beside “de”, for the consumer only where the provider's is such a little word as well: a
// team may be called A.
func (l *layout) doubtLetter() {
	at := func(field string) int {
		return slices.IndexFunc(l.columns, func(c column) bool { return c.field == field && c.match.rank == 2 })
	}
	c := at("consumer")
	if c < 0 || at("provider") >= 0 {
		return
	}
	words := strings.Fields(l.columns[c].header)
	if utf8.RuneCountInString(foldHeader(words[len(words)-1])) == 1 {
		l.columns[c].field = ""
	}
}

// hasOwn says that a header by its own words means something in the table: what a person says of columns tells no shape from a native table.
func (l layout) hasOwn() bool {
	return slices.ContainsFunc(l.columns, func(c column) bool { return c.field != "" && c.chosen == "" })
}

// chosenMeaning is what a person chose for a column; the header may still say in what its numbers count.
func (t *table) chosenMeaning(field string, cell headerCell) (match, bool) {
	m := match{field: field, rank: -1}
	i := slices.IndexFunc(t.fields, func(h header) bool { return h.field == field })
	if i < 0 {
		return match{}, false
	}
	if t.fields[i].hours {
		m.unit = unitOf(cell.shown)
	}
	return m, true
}

// unitOf gives the hours that a plain number counts, as the end of a header says it; 0 where it does not.
func unitOf(header string) float64 {
	fold, best, hours := foldHeader(header), 0, 0.
	for _, u := range unitSuffixes {
		if len(u.suffix) > max(best, 2) && strings.HasSuffix(fold, u.suffix) {
			best, hours = len(u.suffix), u.hours
		}
	}
	return hours
}

// choose gives columns what a person chose for them, whatever else they were taken for.
func (l *layout) choose(c *chosen) {
	seen := map[string]int{}
	for i := range l.columns {
		col := &l.columns[i]
		key := keyOfHeader(col.called())
		chosen := c.column(col.called(), seen[key])
		if seen[key]++; chosen == nil {
			continue
		}
		chosen.met, col.chosen, col.rival = true, chosen.Field, ""
		switch m, known := l.table.chosenMeaning(chosen.Field, headerCell{shown: col.header}); {
		case chosen.Field == Ignore:
			col.field = Ignore
		case known:
			col.field, col.match = m.field, m
		default:
			col.field = ""
		}
	}
}

// meaning gives what a header means.
func (t *table) meaning(cell headerCell) (match, bool) {
	for _, try := range cell.tries {
		if m, ok := t.lookup(foldHeader(try)); ok {
			return m, true
		}
	}
	return match{}, false
}

// headerText is a header in one line.
func headerText(cell []byte) string {
	text := strings.ReplaceAll(string(trim(cell)), "\x00", "")
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return invisible(r) }), " ")
}

// firstCells quotes the first cells of a row for a message.
func firstCells(r *row) []string {
	var texts []string
	for _, c := range r.cells {
		text := fmt.Sprintf("“%s”", shorten(headerText(c), 40))
		if len(trim(c)) > 0 && len(texts) < 4 && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

// shorten cuts a text for a message to about n characters.
func shorten(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s[:min(len(s), 4*n+4)]); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return s
}

// turn, which says whether it did, takes the first end for the consumer where that is the direction: of headers that do not say who serves, and of all where a
// person said so of the very sheet.
func (l *layout) turn(d Direction, all bool) bool {
	at := func(field string) int {
		return slices.IndexFunc(l.columns, func(c column) bool { return c.field == field && (all || c.match.rank >= 2) })
	}
	if p, c := at("provider"), at("consumer"); d == ConsumerFirst && p >= 0 && c >= 0 {
		l.columns[p].field, l.columns[c].field = "consumer", "provider"
		l.columns[p].match.field, l.columns[c].match.field = "consumer", "provider"
		return true
	}
	return false
}
