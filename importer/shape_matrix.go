package importer

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"example.com/whoserves/graph"
)

// matrix is an adjacency matrix: names down a column and across a row, and marks where a row and a column meet.
//
// It is known by its form: at least three names on each side, and either most names down are names across too, or hardly anything but
// ticks in the cells. Every name is a node, every mark a link; marks on the diagonal make none. A word for a criticality is the
// link's, another word its service, a number is kept as the attribute “mark”, unless the text above or in the corner says that numbers
// are volumes or ratings; where all numbers are 0 or 1, they are ticks.
//
// Which side serves, only the text above the matrix, in its corner or below it can tell (“rows depend on columns”, “provider \ consumer”).
// Else [Options.Direction] does, or the import asks: provider-first means that the row serves the column.
var matrix = newTable(table{name: "matrix", title: "adjacency matrix",
	fields: []header{{field: "name", means: "the names down"}, {field: "mark", means: "a name across, with marks below it"}}, find: findMatrix,
	fits: func(has map[string]bool) bool { return has["name"] && has["mark"] }, all: takeMatrix})

// The bounds of looking for a matrix.
const (
	minMatrix     = 3    // names on each side
	maxMatrixLook = 1000 // cells of a row that are looked at
	matrixHeaders = 15   // rows that may be its header
)

// findMatrix looks for the row with the names across.
func findMatrix(s *sheet, rows []row) (layout, bool) {
	if s.keyed || s.given != nil || s.none != "" {
		return layout{}, false
	}
	for i := range rows[:min(len(rows), matrixHeaders)] {
		if rows[i].filled() < minMatrix {
			continue
		}
		across := map[string]bool{}
		for _, cell := range rows[i].cells {
			if text := headerText(cell); text != "" {
				across[graph.Fold(text)] = true
			}
		}
		for names := range 3 {
			if !mayBeMatrix(rows[i+1:], names, across) {
				continue
			}
			if l, ok := matrixAt(rows[i:], names); ok {
				for j := range rows[:i] {
					if above := &rows[j]; !above.blank() {
						if l.skipped++; l.skipped == 1 {
							l.firstAt = above.number
						}
					}
				}
				return l, true
			}
		}
	}
	return layout{}, false
}

// mayBeMatrix looks quickly whether a look is worth while: names down are names across too, or the first rows hold marks only.
func mayBeMatrix(rows []row, names int, across map[string]bool) bool {
	shared, marked := 0, 0
	for i := range rows {
		r := &rows[i]
		if names >= len(r.cells) || len(trim(r.cells[names])) == 0 {
			continue
		}
		if across[graph.Fold(headerText(r.cells[names]))] {
			shared++
		}
		if marked < minMatrix && !slices.ContainsFunc(r.cells[names+1:], func(c []byte) bool {
			text := trim(c)
			return len(text) > 12 || len(text) > 0 && !isMark(string(text)) && !isNoMark(string(text))
		}) {
			marked++
		}
		if shared >= minMatrix || marked >= minMatrix {
			return true
		}
	}
	return false
}

// matrixAt reads the first of rows as the names across, and column names as the names down.
func matrixAt(rows []row, names int) (layout, bool) {
	l := layout{form: "names down a column and across a row, and marks where they meet", header: rows[0].number, last: rows[0].number, even: 1}
	across := map[string]int{}
	known := 0
	for i, cell := range rows[0].cells {
		text := headerText(cell)
		c := column{index: i, header: text, named: text != ""}
		if !c.named {
			c.header = letters(i)
		}
		switch {
		case i == names:
			c.field, c.why = "name", "the names down stand here"
		case i > names && c.named && !totals[graph.Fold(text)]:
			if _, number := plainNumber(text); number || across[graph.Fold(text)] > 0 || runeCount(cell) > 80 {
				return l, false // no list of names
			}
			across[graph.Fold(text)] = i
			c.field, c.why = "mark", "one of the names across"
			if slices.ContainsFunc(tables, func(t *table) bool { _, known := t.lookup(foldHeader(text)); return known }) {
				known++
			}
		}
		c.match.field = c.field
		l.columns = append(l.columns, c)
	}
	if len(across) < minMatrix {
		return l, false
	}
	down, ok := looksLikeMatrix(rows[1:], names, across, known)
	if ok && len(down) > 0 {
		l.setOthersApart(rows[1:], down)
	}
	l.known = len(across) + 1
	return l, ok
}

// setOthersApart takes columns before and behind those of the names for what they are, attributes of the rows: names across that are no
// names down and hold something else than marks, and behind the names something else than numbers too.
func (l *layout) setOthersApart(rows []row, down map[string]bool) {
	inside := false
	for i := range l.columns {
		c := &l.columns[i]
		if c.field != "mark" {
			continue
		}
		if down[graph.Fold(c.header)] {
			inside = true
			continue
		}
		if slices.ContainsFunc(rows, func(r row) bool {
			text := ""
			if c.index < len(r.cells) {
				text = string(trim(r.cells[c.index]))
			}
			_, number := plainNumber(text)
			return text != "" && !isMark(text) && !isNoMark(text) && !isGrade(text) && (!inside || !number)
		}) {
			c.field, c.match.field, c.why = "", "", "kept as it is: its header is no name down, and its cells are no marks"
		}
	}
}

// isGrade says that a text is a criticality, or what people write for one.
func isGrade(text string) bool {
	_, err := graph.ParseCriticality(text)
	_, other := criticalityWords[graph.Fold(text)]
	return err == nil || other
}

// looksLikeMatrix looks at the names down and at the marks. Where most names down are names across too, it gives the names down.
func looksLikeMatrix(rows []row, names int, across map[string]int, known int) (map[string]bool, bool) {
	down := map[string]bool{}
	both, ticks, other, long := 0, 0, 0, 0
	for i := range rows {
		r := &rows[i]
		if names >= len(r.cells) || len(trim(r.cells[names])) == 0 {
			continue
		}
		name := graph.Fold(headerText(r.cells[names]))
		if _, number := plainNumber(name); number || down[name] || totals[name] {
			if !totals[name] {
				other += 3
			}
			continue
		}
		filled := 0
		for j, cell := range r.cells[names+1 : min(len(r.cells), maxMatrixLook)] {
			text := string(trim(cell))
			if text != "" {
				filled++
			}
			switch {
			case text == "", across[name] == names+1+j:
			case isMark(text), isNoMark(text):
				ticks++
			case len(text) > 60:
				long++
			default:
				other++
			}
		}
		if _, ok := across[name]; ok {
			both++
		} else if filled == 0 {
			continue // a note, or a name without marks
		}
		down[name] = true
	}
	switch {
	case len(down) < minMatrix || ticks+other == 0:
		return nil, false
	case both >= minMatrix && 5*both >= 3*len(down):
		return down, 4*long < ticks+other
	}
	return nil, ticks >= minMatrix && other+long == 0 && 4*known < len(across)
}

// totals are names of rows and columns that sum up; folded.
var totals = words("total", "totals", "sum", "count", "summe", "gesamt", "anzahl", "somme", "suma", "totaal", "som", "soma", "totale", "Σ", "σ")

// yesMarks and noMarks are marks for yes and for no, folded.
var (
	yesMarks = words("x", "✓", "✔", "√", "●", "•", "○", "*", "+", "■", "yes", "y", "ja", "j", "oui", "o", "si", "sí", "s", "sim", "true", "wahr", "vrai", "verdadero", "waar", "verdadeiro", "1")
	noMarks  = words("-", "--", "–", "—", ".", "no", "n", "nein", "non", "nee", "não", "false", "falsch", "faux", "falso", "onwaar", "0", "n/a", "none", "\\", "/")
)

func isMark(text string) bool   { return yesMarks[graph.Fold(text)] }
func isNoMark(text string) bool { return noMarks[graph.Fold(text)] }

// matrixSheet is a matrix on its way into links.
type matrixSheet struct {
	*spread
	name    *cells
	marks   []*cells
	across  map[string]*cells
	words   []string // what stands above the matrix, in its corner and below it
	numbers string   // the native field of numbers; "" where they are an attribute, "tick" where they are ticks
	reverse bool     // the column serves the row
	example [2]Example
}

func takeMatrix(s *spread, rows []row) {
	s.reversed = false // a matrix says what it knows of that itself
	m := &matrixSheet{spread: s, name: s.column("name"), across: map[string]*cells{}}
	for _, c := range s.columns {
		if c.field == "mark" {
			m.marks = append(m.marks, c)
			m.across[graph.Fold(c.header)] = c
		}
	}
	rows = m.notes(rows)
	m.lookNumbers(rows)
	from := m.decide(rows)
	m.header()
	down := map[string]bool{}
	for i := range rows {
		down[graph.Fold(string(rows[i].cell(m.name)))] = true
	}
	for _, c := range m.marks {
		if !down[graph.Fold(c.header)] {
			m.node(graph.NoKind, m.shared(c), c.header)
		}
	}
	for i := range rows {
		if m.row = &rows[i]; m.full() {
			break
		}
		m.take()
	}
	m.tellDirection(from)
}

// notes gathers the texts that may say something about the matrix, and takes notes below it away.
func (m *matrixSheet) notes(rows []row) []row {
	for r := range m.sheet.rows {
		if r.number >= m.layout.header {
			break
		}
		for _, cell := range r.cells {
			if text := headerText(cell); text != "" {
				m.words = append(m.words, text)
			}
		}
	}
	if m.name.named {
		m.words = append(m.words, m.name.header)
	}
	for i := range rows {
		r := &rows[i]
		name := string(r.cell(m.name))
		gap := i > 0 && r.number > rows[i-1].number+1
		if gap && r.filled() == 1 && m.across[graph.Fold(name)] == nil {
			for j := range rows[i:] {
				m.row = &rows[i+j]
				m.words = append(m.words, string(m.firstText()))
				m.info(nil, "“%s” was taken for a note below the matrix", m.firstText())
			}
			return rows[:i]
		}
	}
	return rows
}

// lookNumbers decides what numbers in the cells are.
func (m *matrixSheet) lookNumbers(rows []row) {
	binary := true
	for i := range rows {
		for _, c := range m.marks {
			if text, number := plainNumber(string(rows[i].cell(c))); number && text != "0" && text != "1" {
				binary = false
			}
		}
	}
	if binary {
		m.numbers = "tick"
		return
	}
	for _, text := range m.words {
		for _, word := range strings.FieldsFunc(graph.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
			if field := numberWords[word]; field != "" {
				m.numbers = field
				return
			}
		}
	}
}

// numberWords say what the numbers of a matrix are.
var numberWords = map[string]string{
	"volume": "volume", "volumes": "volume", "volumen": "volume", "menge": "volume", "mengen": "volume", "hoeveelheid": "volume", "tickets": "volume", "requests": "volume", "calls": "volume",
	"satisfaction": "satisfaction", "rating": "satisfaction", "ratings": "satisfaction", "zufriedenheit": "satisfaction", "satisfacción": "satisfaction", "tevredenheid": "satisfaction",
	"satisfação": "satisfaction",
}

// take brings a row into a node and links.
func (m *matrixSheet) take() {
	name := string(m.text(m.name))
	switch {
	case totals[graph.Fold(name)]:
		m.info(m.name, "“%s” sums up, so the row was left out", name)
		return
	case name == "" || isNobody([]byte(name)):
		m.reject(m.name, "the row has marks and no name, so it was left out: fill the column of names")
		return
	}
	if m.first("row", graph.Fold(name)) {
		m.copy(m.node(graph.NoKind, m.name, name), true)
	} else {
		m.warn(m.name, "the name “%s” stands in several rows: all of them count", name)
	}
	for _, c := range m.marks {
		text := string(m.text(c))
		switch {
		case text == "" || isNoMark(text):
		case graph.Fold(name) == graph.Fold(c.header):
			if m.first("diagonal") {
				m.info(c, "“%s” on the diagonal, where “%s” meets itself, makes no link, and the like below", text, name)
			}
		default:
			m.mark(name, c, text)
		}
	}
}

// maxOwnColumns is up to how many names across each is a column of its own for messages about its links. Native rows are as long as they
// have columns, so those of thousands of names would take more memory than the sheet by far.
const maxOwnColumns = 100

// shared gives the column that stands for one of the names across where a link comes from.
func (m *matrixSheet) shared(c *cells) *cells {
	if len(m.marks) <= maxOwnColumns {
		return c
	}
	all := *c
	all.header = "names across"
	return &all
}

// mark makes the link of a mark.
func (m *matrixSheet) mark(name string, c *cells, text string) {
	providerText, consumerText := name, c.header
	c = m.shared(c)
	provider, consumer := m.name, c
	if m.reverse {
		provider, consumer, providerText, consumerText = c, m.name, consumerText, name
	}
	_, number := plainNumber(text)
	l := m.linkOf(matrixSide, provider, providerText, consumer, consumerText)
	switch {
	case isMark(text) && (!number || m.numbers == "tick"):
	case isGrade(text):
		l.put("criticality", c, text)
	case number && m.numbers != "" && m.numbers != "tick":
		l.put(m.numbers, c, text)
	case number || runeCount([]byte(text)) < 3:
		l.cell("", "mark", text, number)
		if m.first("marks") {
			m.info(c, "“%s” and other marks that are no tick and no criticality are kept as the attribute “mark” of the link", text)
		}
	default:
		l.put("service", c, text)
		if m.first("texts") {
			m.info(c, "“%s” and other texts in the cells were read as the service", text)
		}
	}
}

const matrixSide = "matrix"

// decide finds which side serves; it gives what says so: "" when nothing does.
func (m *matrixSheet) decide(rows []row) string {
	for i := range rows {
		name := string(rows[i].cell(m.name))
		for _, c := range m.marks {
			text := string(rows[i].cell(c))
			if m.example[0].Row == 0 && name != "" && text != "" && !isNoMark(text) && graph.Fold(name) != graph.Fold(c.header) && !totals[graph.Fold(name)] {
				at := Example{File: m.in.shown, Sheet: m.sheet.name, Row: rows[i].number}
				m.example = [2]Example{at, at}
				m.example[0].Provider, m.example[0].Consumer = name, c.header
				m.example[1].Provider, m.example[1].Consumer = c.header, name
			}
		}
	}
	if d := m.direction(); d != "" {
		m.reverse = d == ConsumerFirst
		return string(d) + ", which was chosen,"
	}
	for _, text := range m.words {
		if d := saysDirection(text, text == m.name.header); d != "" {
			m.reverse = d == ConsumerFirst
			return fmt.Sprintf("“%s”", shorten(text, 60))
		}
	}
	return ""
}

// tellDirection tells by what it was decided which side serves, or asks.
func (m *matrixSheet) tellDirection(from string) {
	m.header()
	means, e, d := "the row serves the column", m.example[0], ProviderFirst
	if m.reverse {
		means, e, d = "the column serves the row", m.example[1], ConsumerFirst
	}
	switch chosen := m.direction() != ""; {
	case chosen:
		m.reading.Direction, m.reading.DirectionWhy, m.reading.DirectionChosen = d, "chosen", true
	case from == "":
		m.reading.Direction, m.reading.DirectionWhy = d, "the matrix does not say it"
	}
	switch {
	case e.Row == 0:
		m.info(nil, "this was read as an adjacency matrix without any mark: it makes no link")
	case from != "":
		m.info(nil, "this was read as an adjacency matrix in which %s: %s says so", means, from)
	default:
		m.info(nil, "this was read as an adjacency matrix, and it does not say which side serves")
		m.result.Questions = append(m.result.Questions, Question{Place: Place{m.in.shown, m.sheet.name}, Source: m.in.source, Row: e.Row,
			Text: fmt.Sprintf("The marks of this matrix do not say who serves whom. Does the team of a row serve the team of the column, as “%s” serving “%s”, or the other way round? "+
				"A text such as “rows depend on columns” above the matrix would say it.", e.Provider, e.Consumer),
			Choices: []Choice{{ProviderFirst, m.example[0]}, {ConsumerFirst, m.example[1]}}})
	}
}
