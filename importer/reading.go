package importer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"example.com/whoserves/graph"
)

// Reading is how one sheet was understood: what a person looks at, and corrects with a [SheetMapping].
type Reading struct {
	Place  // the file as problems show it
	Source string
	// Shape is the name of the table or shape that it was read as, see [Shapes]; [Network] for formats of nodes and edges; "" when it
	// was not recognised, and [Ignore] when a mapping leaves it out. Title is what people call that, and Why says in a sentence by what it was known, or why the sheet was left out.
	Shape, Title, Why string
	Header, Last      int // the first and the last row of the header, from 1; 0: it has none
	Columns           []Column
	// Direction is how it was read who serves whom where the sheet itself does not say; "" where it does. DirectionWhy says why.
	// DirectionChosen: a person said it.
	Direction       Direction
	DirectionWhy    string
	DirectionChosen bool
	// Chosen is what a person decided about the sheet; nil: nothing.
	Chosen   *SheetMapping
	Examples []Example // the first link of each pair of columns that makes links, as sentences
	Rows     int       // data rows
	Cells    []Line    // the header and the first data rows as they stand there
	Wrong    []Line    // rows that something is wrong with, as they stand there, at most wrongRows

	wrong map[int]bool // the numbers of those
}

// Network is the shape of what formats of nodes and edges hold. Only its direction can be chosen, or that it is left out.
const Network = "network"

// Column is how one column was understood.
type Column struct {
	Header  string   // as written, in one line; "column D" where there is none
	Field   string   // of the table or shape; "attribute", or "ignore"
	Why     string   // the reason: “a synonym of consumer”, “its values look like hours”, “chosen”
	Sure    bool     // the header says it by itself, or a person did
	Samples []string // up to three distinct cells
}

// Line is a row of a sheet as it stands there.
type Line struct {
	Row   int // from 1; 0 holds the keys of entries that have no header row
	Cells []string
}

// Question is what a person has to decide before files can be imported, since what they hold points both ways.
type Question struct {
	Place
	Source string
	Row    int
	Text   string // what is asked, and the evidence on each side
	// Choices are the answers, as directions of the sheet ([SheetMapping.Direction]).
	Choices []Choice
}

// Choice is an answer to a [Question].
type Choice struct {
	Direction Direction
	Means     Example // the example sentence that is true then
}

// String gives the place and the question.
func (q Question) String() string {
	return graph.Problem{File: q.File, Sheet: q.Sheet, Row: q.Row, Message: q.Text}.String()
}

// How much of a sheet a reading shows.
const (
	shownRows    = 8   // data rows
	shownColumns = 100 // of each
	shownSamples = 3   // of a column, from the first sniffRows rows
	shownText    = 200 // characters of a cell
	wrongRows    = 200 // of those that something is wrong with
)

// understood begins the reading of a sheet. The parts of one file of nodes and edges have one reading together.
func (r *reader) understood(in input, s *sheet, l layout) *Reading {
	p := Place{in.shown, s.name}
	if s.given != nil {
		for _, rd := range r.result.Readings {
			if rd.Place == p && rd.Source == in.source && rd.Shape == Network {
				return rd
			}
		}
	}
	rd := r.newReading(in, s)
	switch {
	case l.table == nil:
		rd.Why = noTable(s, l)
		rd.look(s, l)
	case s.given != nil:
		rd.Shape, rd.Title, rd.Why = Network, "nodes and edges", s.what+": its nodes and edges"
	default:
		rd.Shape, rd.Title, rd.Why = l.table.name, l.table.title, l.why()
		rd.Header, rd.Last = l.header, l.last
		for _, c := range l.columns {
			rd.Columns = append(rd.Columns, c.understood())
		}
		rd.look(s, l)
	}
	return rd
}

// newReading begins the reading of a sheet.
func (r *reader) newReading(in input, s *sheet) *Reading {
	rd := &Reading{Place: Place{in.shown, s.name}, Source: in.source}
	if s.chosen != nil {
		rd.Chosen = s.chosen.SheetMapping
	}
	r.result.Readings = append(r.result.Readings, rd)
	return rd
}

// why says by what a table was known.
func (l layout) why() string {
	if l.form != "" {
		return l.form
	}
	var headers []string
	for _, c := range l.columns {
		if c.field != "" && len(headers) < 4 {
			headers = append(headers, "“"+shorten(c.called(), 40)+"”")
		}
	}
	what := "columns such as "
	if len(headers) == 1 {
		what = "the column "
	}
	return what + strings.Join(headers, ", ")
}

// called is the header of a column as mappings name it.
func (c column) called() string {
	if !c.named {
		return "column " + c.header
	}
	return c.header
}

// understood says how a column is read.
func (c column) understood() Column {
	u := Column{Header: c.called(), Field: cmp.Or(c.field, "attribute")}
	switch {
	case c.chosen == Attribute, c.chosen == Ignore, c.match.rank < 0 && c.field != "":
		u.Why, u.Sure = "chosen", true
	case c.isLeftOut():
		u.Field, u.Why, u.Sure = Ignore, "the header asks to leave it out", true
	case c.why != "":
		u.Why = c.why
	case c.field == "" && c.rival != "":
		u.Why = fmt.Sprintf("kept as it is, since “%s” means %s already", shorten(c.rival, 40), c.match.field)
	case c.field == "" && c.named:
		u.Why = "kept as it is: the header has no meaning of its own here"
	case c.field == "":
		u.Why = "kept as it is: it has no header"
	case c.guessed != "":
		u.Why = "a guess: " + c.guessed
	case c.match.rank == 0:
		u.Why, u.Sure = "the header says so", true
	case c.match.rank == 1:
		u.Why, u.Sure = "the header is another word for "+c.field, true
	default:
		u.Why = fmt.Sprintf("the header may mean %s, and no other column does so better", c.field)
	}
	return u
}

// look notes the first rows of a sheet and samples of its columns.
func (rd *Reading) look(s *sheet, l layout) {
	from := l.header
	if l.table == nil {
		from = l.firstAt
	}
	if s.none != "" {
		return
	}
	data := 0
	for r := range s.rows {
		switch {
		case r.number < from && !s.keyed, r.blank():
			continue
		case r.number > l.last:
			data++
		}
		if data > sniffRows {
			return
		}
		if data <= shownRows {
			rd.Cells = append(rd.Cells, asItStands(r))
		}
		if r.number > l.last {
			rd.sample(r)
		}
	}
}

// isWrong notes that something is wrong with a row, which may have been made of the one with that number.
func (rd *Reading) isWrong(r *row) {
	if rd == nil || r == nil || r.number == 0 || rd.wrong[r.number] || len(rd.wrong) == wrongRows {
		return
	}
	if rd.wrong == nil {
		rd.wrong = map[int]bool{}
	}
	rd.wrong[r.number] = true
}

// lookAtWrong copies the rows that something is wrong with.
func (rd *Reading) lookAtWrong(s *sheet) {
	if len(rd.wrong) == 0 || s.given != nil {
		return
	}
	for r := range s.rows {
		if rd.wrong[r.number] {
			rd.Wrong = append(rd.Wrong, asItStands(r))
		}
		if len(rd.Wrong) == len(rd.wrong) {
			break
		}
	}
}

// asItStands copies a row to show it.
func asItStands(r *row) Line {
	l := Line{Row: r.number}
	for _, c := range r.cells[:min(len(r.cells), shownColumns)] {
		l.Cells = append(l.Cells, cellText(c))
	}
	return l
}

// sample takes the cells of a row as samples of their columns.
func (rd *Reading) sample(r *row) {
	for i := range rd.Columns[:min(len(rd.Columns), len(r.cells))] {
		c := &rd.Columns[i]
		if len(c.Samples) == shownSamples {
			continue
		}
		if text := cellText(r.cells[i]); text != "" && !slices.Contains(c.Samples, text) {
			c.Samples = append(c.Samples, text)
		}
	}
}

// oneLineBreak writes line breaks in one way: what was shown comes back from pages and files with those of others.
var oneLineBreak = strings.NewReplacer("\x00", "", "\r\n", "\n", "\r", "\n")

// cellText is a cell to be shown, cut where it is long.
func cellText(cell []byte) string {
	cell = trim(cell)
	cut := cell[:min(len(cell), utf8.UTFMax*shownText)]
	text := strings.ToValidUTF8(oneLineBreak.Replace(string(cut)), "")
	if runes := []rune(text); len(runes) >= shownText || len(cut) < len(cell) {
		return string(runes[:min(len(runes), shownText-1)]) + "…"
	}
	return text
}

// ShapeHelp is a table or shape that a sheet can be read as.
type ShapeHelp struct{ Name, Title string }

// Shapes lists the tables and shapes that a mapping can name, the native tables first.
func Shapes() []ShapeHelp {
	var all []ShapeHelp
	for _, t := range slices.Concat(tables, shapes) {
		all = append(all, ShapeHelp{t.name, cmp.Or(t.title, t.name)})
	}
	return all
}

// FieldHelp is a column of a table or shape.
type FieldHelp struct{ Name, Means string }

// Fields lists the columns of a table or shape, as its columns can be mapped; nil where there is none of that name. "attribute" and
// "ignore" are allowed for each.
func Fields(shape string) []FieldHelp {
	t := shapeNamed(shape)
	if t == nil {
		return nil
	}
	var all []FieldHelp
	for _, h := range t.fields {
		all = append(all, FieldHelp{h.field, cmp.Or(h.means, fieldMeans[h.field])})
	}
	return all
}

// shapeNamed gives the table or shape with a name; nil when there is none.
func shapeNamed(name string) *table {
	for _, t := range slices.Concat(tables, shapes) {
		if t.name == name {
			return t
		}
	}
	return nil
}

// fieldMeans says what the native columns mean.
var fieldMeans = map[string]string{
	"id": "a code of its own", "name": "its name", "kind": "team, person, supplier, resource, customer or unit", "unit": "the unit that it belongs to",
	"headcount": "how many people it has", "min_staff": "how many of them it cannot do without", "capacity": "how much it can do",
	"recovery_hours": "hours until it is back when it fails", "failures_per_year": "how often it fails in a year", "value": "what a customer is worth",
	"segment": "external, potential or temporary customer", "can_fail": "no: it cannot fail by itself", "contact": "whom to call or write to",
	"site": "where it is: one site or several", "tags": "words to find it by", "aliases": "its other names",
	"provider": "who serves", "consumer": "who is served", "service": "what is provided", "criticality": "critical, important or minor",
	"min_providers": "how many providers of the service have to work", "tolerance_hours": "hours that the consumer copes without",
	"volume": "how much is provided", "lead_time_hours": "hours from order to delivery", "satisfaction": "how the consumer rates it, 0 to 100",
	"agreement": "what was agreed: SLA, OLA, contract", "channel": "the way that the two agreed to talk", "feedback": "how the provider learns how it was",
	"response_hours": "hours until an answer", "declared_by": "who said so", "confirmed_on": "the day when it was last confirmed", "cost": "what it costs",
	"still_true": "yes or no, said by whoever was asked; a row with no, or without an answer and a date of confirmation, is left out",
	"parent":     "the unit above", "team": "the team, or several", "manager": "to whom the person reports", "role": "job title",
}
