package importer

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// shapes are the tables that are no native ones: sheets whose rows state our nodes and links in a manner of their own, such as a business
// impact analysis with both sides of a link in one row. Their columns are found and read as those of native tables are; what a row says
// then becomes rows of native tables, which keep the number of the row and the headers of the cells they come from.
var shapes = []*table{
	tracker, impact, bothSided, matrix, sipoc, sipocRows,
	survey,
	hr, hrByManager, organogram, juniors, dora,
}

// spread is what a sheet of some shape becomes.
type spread struct {
	*tableReader
	tables map[string]*made // units, nodes and people, by native name
	links  map[string]*made // by side
	sides  []*made          // links, in the order in which the sheet has them
	once   map[string]bool  // what was said before
	rows   int              // of all tables

	reversed bool   // links run the other way round than the shape has them
	swapped  bool   // both sides changed places for that
	vague    *cells // a header that people use in both senses, as upstream; nil: there is none
}

// maxMade is how many native rows a sheet may become. Tests make it less.
var maxMade = 1 << 19

// full says that the sheet has become more native rows than it may, which is told: what stands in the rows from here on is left out.
func (s *spread) full() bool {
	if s.rows > maxMade && s.first("full") {
		s.tell(graph.Error, nil, "the sheet makes more than half a million links and nodes, so what stands from this row on was left out: look whether cells list names that they should not, or split the sheet")
	}
	return s.rows > maxMade
}

// shape reads a sheet of some shape: first its rows, then the native rows made of them.
func (r *reader) shape(t *tableReader) error {
	s := &spread{tableReader: t, tables: map[string]*made{}, links: map[string]*made{}, once: map[string]bool{}}
	for _, name := range nativeOrder {
		s.tables[name] = madeTable(t.in.name, t.sheet.name, name)
	}
	shape := t.layout.table
	if c := t.sheet.chosen; c != nil {
		s.reversed = c.Direction == ConsumerFirst && t.options.Direction == ""
	}
	var rows []row
	if err := t.eachRow(func() { rows = append(rows, t.row.clone()) }, nil); err != nil {
		return err
	}
	t.row = nil
	shape.all(s, rows)
	s.tellReversed()
	all := s.sides
	for _, name := range nativeOrder {
		all = append(all, s.tables[name])
	}
	slices.SortStableFunc(all, func(a, b *made) int {
		return cmp.Compare(slices.Index(nativeOrder, a.table.name), slices.Index(nativeOrder, b.table.name))
	})
	t.nameHeaders(all)
	for _, m := range all {
		if len(m.rows) > 0 {
			made := m.sheet()
			made.shaped = true
			if err := r.table(t.in, made, *made.given, t.reading); err != nil {
				return err
			}
		}
	}
	return nil
}

// nativeOrder is the order in which native tables are made.
var nativeOrder = []string{"units", "nodes", "people", "links"}

// nameHeaders notes what the sheet calls the native columns; where several of its columns become one, all of them.
func (t *tableReader) nameHeaders(all []*made) {
	headers := t.result.Headers[Place{t.in.name, t.sheet.name}]
	own := map[string]bool{}
	for _, c := range t.columns {
		own[c.header] = true
	}
	found := map[string][]string{}
	describes := map[string]bool{} // headers of those whom rows are about, who are described there
	for _, m := range all {
		for _, c := range m.columns {
			describes[c.header] = describes[c.header] || c.field == "name"
			if c.field != "" && own[c.header] && !slices.Contains(found[c.field], c.header) {
				found[c.field] = append(found[c.field], c.header)
			}
		}
	}
	for field, names := range found {
		others := slices.DeleteFunc(slices.Clone(names), func(h string) bool { return describes[h] })
		if len(others) > 0 && (field == "provider" || field == "consumer") {
			names = others // an end that is not known is one of those
		}
		headers[field] = strings.Join(names, " or ")
	}
}

// clone copies the row and its cells.
func (r *row) clone() row {
	c := row{number: r.number, at: r.at, cells: make([][]byte, len(r.cells)), kinds: slices.Clone(r.kinds)}
	for i, cell := range r.cells {
		c.cells[i] = bytes.Clone(cell)
	}
	return c
}

// header sets the present row to the first one of the header, to tell what holds for the sheet as a whole.
func (s *spread) header() { s.row = &row{number: max(1, s.layout.header)} }

// direction is what people decided about which end serves the other; "" for nothing.
func (t *tableReader) direction() Direction { return t.directionOf(t.sheet.chosen) }

// vagueHeaders are parts of headers that people use in both senses, folded as headers are.
var vagueHeaders = []string{"upstream", "downstream", "vorgelagert", "nachgelagert", "amont", "aval", "aguasarriba", "aguasabajo", "montante", "jusante", "stroomopwaarts", "stroomafwaarts"}

// decideSides looks whether the headers of both sides say who serves whom; where one does not, it is asked for. Where people said that
// links run the other way, the sides change places, and what else the row says goes with them.
func (s *spread) decideSides() {
	for _, c := range s.columns {
		if _, is := otherSide[c.field]; is && slices.ContainsFunc(vagueHeaders, func(w string) bool { return strings.Contains(foldHeader(c.header), w) }) {
			s.vague, s.reversed = c, s.direction() == ConsumerFirst
			break
		}
	}
	if s.reversed {
		s.reversed, s.swapped = false, true
		for _, c := range s.columns {
			if other, is := otherSide[c.field]; is {
				c.field = other
			}
		}
	}
}

// otherSide gives the field of the side across.
var otherSide = map[string]string{"depends_on": "required_by", "required_by": "depends_on", "sub_depends_on": "sub_required_by", "sub_required_by": "sub_depends_on"}

// tellReversed tells when people said which way links run, and asks where only they can.
func (s *spread) tellReversed() {
	rd := s.reading
	s.header()
	switch d := s.direction(); {
	case s.vague == nil && (s.reversed || s.swapped):
		rd.Direction, rd.DirectionWhy, rd.DirectionChosen = ConsumerFirst, "chosen", true
		s.info(nil, "the links of this sheet run the other way round than its headers say, as was chosen")
	case s.vague == nil:
	case d != "":
		rd.Direction, rd.DirectionWhy, rd.DirectionChosen = d, "chosen", true
	default:
		means := fmt.Sprintf("“%s” is used in both senses", s.vague.header)
		rd.Direction, rd.DirectionWhy = ProviderFirst, means
		if e, ok := s.firstLink(); ok {
			s.result.Questions = append(s.result.Questions, Question{Place: Place{s.in.shown, s.sheet.name}, Source: s.in.source, Row: e.Row,
				Text:    fmt.Sprintf("%s, and nothing here says who serves whom: does “%s” serve “%s”, or the other way round?", means, e.Provider, e.Consumer),
				Choices: []Choice{{ProviderFirst, e}, {ConsumerFirst, e.Turned()}}})
		}
	}
}

// firstLink gives the first link that was made.
func (s *spread) firstLink() (Example, bool) {
	if len(s.sides) == 0 {
		return Example{}, false
	}
	m := s.sides[0]
	e := Example{File: s.in.shown, Sheet: s.sheet.name, Row: m.rows[0].line}
	for i, cell := range m.rows[0].cells {
		switch m.columns[i].field {
		case "provider":
			e.Provider = string(cell)
		case "consumer":
			e.Consumer = string(cell)
		case "service":
			e.Service = string(cell)
		}
	}
	return e, true
}

// first says whether these words are said for the first time: many sheets say in each row what they said in the one above.
func (s *spread) first(words ...string) bool {
	key := strings.Join(words, "\x00")
	if s.once[key] {
		return false
	}
	s.once[key] = true
	return true
}

// begin begins a row of a native table ("nodes", "units", "people") that comes from the present row.
func (s *spread) begin(native string) *made {
	s.rows++
	return s.tables[native].from(s.row)
}

// from begins a row that comes from a row of the sheet.
func (m *made) from(r *row) *made {
	m.begin(r.number)
	m.of = r
	return m
}

// put puts a text into a native field of the row that was begun last, as coming from a column of the sheet; c nil: from none.
func (m *made) put(field string, c *cells, text string) {
	to := column{header: field, field: field, match: match{field: field}}
	kind := textCell
	if c != nil {
		to.header, to.match.unit = c.header, c.match.unit
		if m.of != nil && c.index < len(m.of.kinds) && string(m.of.cell(c)) == text {
			kind = m.of.kinds[c.index]
		}
	}
	m.write(len(m.rows)-1, to, kind, text)
}

// link begins a link of the present row; provider and consumer are columns, or nil where the text is from elsewhere. Each pair of
// columns is a side of the sheet, whose first link is one of the Examples.
func (s *spread) link(provider *cells, providerText string, consumer *cells, consumerText string) *made {
	return s.linkOf(fmt.Sprint(provider.place(), consumer.place()), provider, providerText, consumer, consumerText)
}

// linkOf is link for a side that other columns than these make.
func (s *spread) linkOf(side string, provider *cells, providerText string, consumer *cells, consumerText string) *made {
	m := s.links[side]
	if m == nil {
		m = madeTable(s.in.name, s.sheet.name, "links")
		s.links[side], s.sides = m, append(s.sides, m)
	}
	s.rows++
	m.from(s.row)
	if s.reversed {
		provider, providerText, consumer, consumerText = consumer, consumerText, provider, providerText
	}
	m.put("provider", provider, providerText)
	m.put("consumer", consumer, consumerText)
	return m
}

// place gives the number of the column; -1 for none.
func (c *cells) place() int {
	if c == nil {
		return -1
	}
	return c.index
}

// node begins a node of the present row. Blank names and words for nobody begin none, and give nil.
func (s *spread) node(kind graph.Kind, c *cells, name string) *made {
	if name == "" || isNobody([]byte(name)) {
		return nil
	}
	native := "nodes"
	switch kind {
	case graph.Unit:
		native = "units"
	case graph.Person:
		native = "people"
	}
	m := s.begin(native)
	m.put("name", c, name)
	if native == "nodes" && kind != graph.NoKind {
		m.put("kind", nil, kind.String())
	}
	return m
}

// says gives what the cell of a field says in the present row; "" where there is none.
func (s *spread) says(field string) string {
	if c := s.column(field); c != nil {
		return string(s.text(c))
	}
	return ""
}

// names gives the cell of a field that names something in the present row; "" for words for nobody too.
func (s *spread) names(field string) string {
	text := s.says(field)
	if isNobody([]byte(text)) {
		return ""
	}
	return text
}

// copy puts the cells of the present row into the row of m that was begun last: the named fields, and with rest the columns that
// have no meaning, as attributes.
func (s *spread) copy(m *made, rest bool, fields ...string) {
	for _, f := range fields {
		switch c := s.column(f); {
		case c == nil:
		case f == "criticality":
			s.grade(m, c)
		default:
			m.put(f, c, string(s.text(c)))
		}
	}
	for _, c := range s.columns {
		if rest && c.field == "" {
			s.attribute(m, c)
		}
	}
}

// rank is a place in an order of importance: 1, P1, Tier 2, “3 - low”.
var rank = regexp.MustCompile(`^(?i:p|prio|priority|priorität|prioridad|prioridade|prioriteit|priorité|tier|level|rank|rang|stufe|cat|category|class|klasse)?[ .\-]*([0-9]{1,4})(?:\.0*)?$`)

// grade puts a cell of the present row in the place of a criticality: a word for it, or a rank, of which 1 is critical, 2 important
// and any other minor. A rank and what is neither are kept as an attribute.
func (s *spread) grade(m *made, c *cells) { s.gradeAs(m, m, c) }

// gradeAs is grade with the row that gets the attributes apart from the one that gets the criticality. Either may be nil.
func (s *spread) gradeAs(link, described *made, c *cells) {
	text := string(s.text(c))
	found := rank.FindStringSubmatch(text)
	switch {
	case text == "":
		return
	case found != nil:
		word := graph.Minor
		switch strings.TrimLeft(found[1], "0") {
		case "1":
			word = graph.Critical
		case "2":
			word = graph.Important
		}
		if link != nil {
			link.put("criticality", c, word.String())
			s.tellOnce(c, "“%s” is a rank: 1 was read as critical, 2 as important, any other as minor. Where the highest number is the most important, write the words", text)
		}
	case isGrade(text), isNobody([]byte(text)):
		if link != nil {
			link.put("criticality", c, text)
			return
		}
	default:
		s.tellOnce(c, "“%s” is no criticality (critical, important, minor), so it is kept as an attribute, and the like here and below", text)
	}
	if described != nil {
		s.attribute(described, c)
	}
}

// attribute keeps a cell of the present row as an attribute of the row of m that was begun last.
func (s *spread) attribute(m *made, c *cells) {
	if text := s.text(c); len(text) > 0 {
		m.cell("", cmp.Or(c.attr, c.header), string(text), false)
		s.tellUnnamed(c)
	}
}
