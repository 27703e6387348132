package viewer

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"example.com/whoserves/graph/phrase"
	"example.com/whoserves/importer"
	"example.com/whoserves/viewer/draft"
	"github.com/gofiber/fiber/v2"
)

// saybox says in the largest text of the page what a row of a sheet means, above the very rows of the sheet.
type saybox struct {
	Row      int
	Says     text // Payroll serves → Crew scheduling with hours and pay rules
	Ask      text // what has to be decided, or how sure it is
	Answers  []answerButton
	More     []text // the other kinds of links of the sheet
	Columns  []sheetColumn
	Rows     []sheetRow
	Caption  string
	Action   string
	Token    string
	Hidden   [][2]string
	Question bool
}

// answerButton is a way to read who serves whom.
type answerButton struct {
	Value  string
	Words  text
	Chosen bool
}

// sheetColumn is a column of a sheet as it stands there.
type sheetColumn struct {
	Letter, Header string
}

// sheetRow is a row of a sheet as it stands there.
type sheetRow struct {
	Row   string
	Cells []string
	Hit   bool // the sentence is about it
}

// columnForm says what each column of a sheet means, to be corrected.
type columnForm struct {
	Action, Token string
	Hidden        [][2]string
	Caption       text
	Columns       []columnRow
	Shape         field
	Header        field
	Bare          field
	Source        string
}

// columnRow is one column of a sheet.
type columnRow struct {
	Letter, Header string
	Samples        text
	Field          field
	Hidden         [][2]string
	Why            text
}

// mostColumns is how many columns of a sheet are listed.
const mostColumns = 100

// draftColumnsPage shows how the columns of one sheet were understood.
func (s *Server) draftColumnsPage(r *request, d *draft.Draft) (*page, error) {
	if err := onlyKeys(r, "sheet"); err != nil {
		return nil, err
	}
	p := s.draftPage(r, d, "/columns", "What do the columns mean?")
	reading := s.understand(d)
	if p.waiting(r, d, reading, nil) {
		return p, nil
	}
	if reading.err != nil {
		p.failed(reading.err)
		return p, nil
	}
	res := reading.value
	if len(res.Readings) == 0 {
		p.Answer = []text{say("There is no sheet to be read. ", link("Look at the files", stepPath(d, "")))}
		return p, nil
	}
	at := chosenSheet(r, res)
	rd := res.Readings[at]
	p.Title = "What the columns of " + placeSaid(rd.Place) + " mean"
	p.Answer = []text{sheetSaid(rd)}
	p.Jump = sheetLinks(d, res, at)
	q := questionOf(res, rd)
	nth := [2]string{"nth", strconv.Itoa(at + 1)}
	if box := sayboxOf(p, d, rd, q); box != nil {
		box.Hidden = append(box.Hidden, nth)
		p.Sections = append(p.Sections, section{Parts: []part{{Import: &importPart{Saybox: box}}}})
	}
	sec := section{ID: "columns", Heading: upper(inWords(len(rd.Columns))) + either(len(rd.Columns), " column", " columns")}
	if len(rd.Columns) == 0 {
		sec.Heading = "How it is read"
	}
	columns := columnsOf(p, d, rd)
	columns.Hidden = append(columns.Hidden, nth)
	sec.Parts = []part{{Import: &importPart{Columns: columns}}}
	p.Sections = append(p.Sections, sec, section{Parts: []part{{Acts: nextSheet(d, res, at)}}})
	return p, nil
}

// chosenSheet is the sheet that the page is about: the one asked for, else the first with an open question, else the first with links.
func chosenSheet(r *request, res *importer.Result) int {
	if n, err := strconv.Atoi(r.query.Get("sheet")); err == nil && n >= 1 && n <= len(res.Readings) {
		return n - 1
	}
	for _, holds := range []func(*importer.Reading) bool{
		func(rd *importer.Reading) bool { return questionOf(res, rd) != nil },
		func(rd *importer.Reading) bool { return len(rd.Examples) > 0 },
		func(rd *importer.Reading) bool { return rd.Shape != "" && rd.Shape != importer.Ignore },
	} {
		if i := slices.IndexFunc(res.Readings, holds); i >= 0 {
			return i
		}
	}
	return 0
}

// questionOf gives the open question about a sheet; nil when there is none.
func questionOf(res *importer.Result, rd *importer.Reading) *importer.Question {
	if i := slices.IndexFunc(res.Questions, func(q importer.Question) bool { return q.Place == rd.Place }); i >= 0 {
		return &res.Questions[i]
	}
	return nil
}

// sheetSaid says where a sheet is and what of it was read.
func sheetSaid(rd *importer.Reading) text {
	t := say(run{Text: rd.File, Name: true, Strong: true})
	if rd.Sheet != "" {
		t = append(t, say(", sheet ", run{Text: rd.Sheet, Name: true, Strong: true})...)
	}
	switch {
	case rd.Shape == "":
		return append(t, say(": it was left out. ", run{Text: upper(rd.Why), Name: true})...)
	case rd.Shape == importer.Ignore:
		return append(t, say(": it is left out, as was decided.")...)
	}
	t = append(t, say(", read as ", strong(rd.Title), ": known by ", run{Text: rd.Why, Name: true})...)
	if rd.Header > 0 {
		where := fmt.Sprintf(". The headings are in row %d", rd.Header)
		if rd.Last > rd.Header {
			where = fmt.Sprintf(". The headings are in rows %d to %d", rd.Header, rd.Last)
		}
		t = append(t, run{Text: where})
	}
	return append(t, say("; ", phrase.Plural(rd.Rows, "row", "rows")+" of data.")...)
}

// sheetLinks leads to the other sheets.
func sheetLinks(d *draft.Draft, res *importer.Result, here int) []run {
	if len(res.Readings) < 2 {
		return nil
	}
	var all []run
	for i, rd := range res.Readings {
		mark := ""
		if questionOf(res, rd) != nil {
			mark = " ?"
		}
		x := run{Text: placeSaid(rd.Place) + mark, Href: fmt.Sprintf("%s?sheet=%d", stepPath(d, "/columns"), i+1), Name: true}
		if i == here {
			x.Class = "here"
		}
		all = append(all, x)
	}
	return all
}

// nextSheet leads on.
func nextSheet(d *draft.Draft, res *importer.Result, here int) []run {
	var acts []run
	for i := range res.Readings[here+1:] {
		if next := res.Readings[here+1+i]; next.Shape != "" && next.Shape != importer.Ignore {
			acts = append(acts, run{Text: "Next sheet: " + cmp.Or(next.Sheet, next.File), Href: fmt.Sprintf("%s?sheet=%d", stepPath(d, "/columns"), here+2+i)})
			break
		}
	}
	return append([]run{{Text: "Next: names", Href: stepPath(d, "/names"), Class: "go"}}, acts...)
}

// sayboxOf makes the sentence of a sheet with links; nil where it has none.
func sayboxOf(p *page, d *draft.Draft, rd *importer.Reading, q *importer.Question) *saybox {
	if len(rd.Examples) == 0 && q == nil {
		return nil
	}
	b := &saybox{Action: stepPath(d, "/columns"), Token: p.Token, Hidden: append(placeFields(rd), [2]string{"only", "direction"}), Question: q != nil}
	b.Columns, b.Rows = asInSheet(rd)
	switch {
	case q != nil:
		b.Row = q.Row
		b.Ask = say(run{Text: q.Text, Name: true})
		for _, c := range q.Choices {
			b.Answers = append(b.Answers, answerButton{Value: string(c.Direction), Words: serves(c.Means)})
		}
	default:
		e := rd.Examples[0]
		b.Row, b.Says, b.Ask = e.Row, serves(e), sureSaid(rd)
		for _, other := range rd.Examples[1:] {
			b.More = append(b.More, exampleSaid(other))
		}
		b.Answers = bothWays(rd, e)
	}
	for i := range b.Rows {
		b.Rows[i].Hit = b.Rows[i].Row == strconv.Itoa(b.Row)
	}
	first, last := shownRows(rd)
	b.Caption = placeSaid(rd.Place) + ", as it stands there"
	if first > 0 && last > first {
		b.Caption = fmt.Sprintf("%s, rows %d to %d as they stand there", placeSaid(rd.Place), first, last)
	}
	return b
}

func shownRows(rd *importer.Reading) (first, last int) {
	for _, l := range rd.Cells {
		if first == 0 {
			first = l.Row
		}
		last = l.Row
	}
	return first, last
}

// serves writes an example as the saybox says it.
func serves(e importer.Example) text {
	t := say(run{Text: e.Provider, Name: true, Strong: true}, " serves ", marked("arrow", "→"), " ", run{Text: e.Consumer, Name: true, Strong: true})
	if e.Service != "" {
		t = append(t, say(" with ", run{Text: e.Service, Name: true})...)
	}
	return t
}

// sureSaid says how it is known who serves whom.
func sureSaid(rd *importer.Reading) text {
	rows := say("All " + phrase.Plural(rd.Rows, "row is", "rows are") + " read this way")
	if rd.Rows == 1 {
		rows = say("The row is read this way")
	}
	switch {
	case rd.DirectionChosen:
		return append(rows, say(", as was decided.")...)
	case rd.Direction == "" && guessed(rd):
		return append(rows, say(". ", marked("warn", "The headings are vague about who serves whom: please check."))...)
	case rd.Direction != "":
		return append(rows, say(": ", run{Text: rd.DirectionWhy, Name: true}, ". ", marked("warn", "Nothing in the sheet says so for certain: please check."))...)
	}
	return append(rows, say(": the headings say so.")...)
}

// guessed says that the columns of the two ends were not certain.
func guessed(rd *importer.Reading) bool {
	return slices.ContainsFunc(rd.Columns, func(c importer.Column) bool { return !c.Sure && (c.Field == "provider" || c.Field == "consumer") })
}

// bothWays offers the two ways to read who serves whom.
func bothWays(rd *importer.Reading, e importer.Example) []answerButton {
	now := rd.Direction
	if now == "" && rd.Chosen != nil {
		now = rd.Chosen.Direction
	}
	now = cmp.Or(now, importer.ProviderFirst)
	other := importer.ConsumerFirst
	if now == importer.ConsumerFirst {
		other = importer.ProviderFirst
	}
	return []answerButton{
		{Value: string(now), Words: append(say("Yes: "), serves(e)...), Chosen: rd.DirectionChosen || rd.Direction == "" && !guessed(rd)},
		{Value: string(other), Words: append(say("No, the other way round: "), serves(e.Turned())...)},
	}
}

// asInSheet gives the first rows of a sheet as they stand there.
func asInSheet(rd *importer.Reading) ([]sheetColumn, []sheetRow) {
	width := len(rd.Columns)
	for _, l := range rd.Cells {
		width = max(width, len(l.Cells))
	}
	width = min(width, mostColumns)
	columns := make([]sheetColumn, width)
	for i := range columns {
		columns[i].Letter = letters(i)
		if i < len(rd.Columns) {
			columns[i].Header = rd.Columns[i].Header
		}
	}
	var rows []sheetRow
	for _, l := range rd.Cells {
		if l.Row <= rd.Last && rd.Header > 0 || l.Row == 0 {
			continue // the headings stand above already
		}
		row := sheetRow{Row: strconv.Itoa(l.Row), Cells: make([]string, width)}
		copy(row.Cells, l.Cells)
		rows = append(rows, row)
	}
	return columns, rows
}

// letters names a column as spreadsheets do: A, B, …, Z, AA.
func letters(column int) string {
	name := ""
	for column++; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name
}

// placeFields name a sheet in a form.
func placeFields(rd *importer.Reading) [][2]string {
	return [][2]string{{"source", rd.Source}, {"in", rd.File}, {"sheet", rd.Sheet}}
}

// columnsOf makes the form of a sheet.
func columnsOf(p *page, d *draft.Draft, rd *importer.Reading) *columnForm {
	f := &columnForm{Action: stepPath(d, "/columns"), Token: p.Token, Source: rd.Source,
		Hidden: append(placeFields(rd), [2]string{"shape.was", rd.Shape}, [2]string{"header.was", strconv.Itoa(rd.Header)})}
	f.Shape = field{Type: "select", ID: "shape", Name: "shape", Label: "The sheet holds", Options: shapeOptions(rd)}
	if rd.Shape != importer.Network {
		header := ""
		if rd.Header > 0 {
			header = strconv.Itoa(rd.Header)
		}
		f.Header = field{ID: "header", Name: "header", Label: "Its headings begin in row", Value: header}
		f.Bare = field{Type: "check", ID: "bare", Name: "bare", Value: "1", Label: "It has no headings", Checked: rd.Chosen != nil && rd.Chosen.Header < 0}
	}
	known := 0
	options := importer.Fields(rd.Shape)
	for i, c := range rd.Columns[:min(len(rd.Columns), mostColumns)] {
		n := strconv.Itoa(i)
		said := "0"
		if isChosen(rd, c) {
			said = "1"
		}
		row := columnRow{Letter: letters(i), Header: c.Header, Why: say(run{Text: c.Why, Name: true}),
			Field:  field{Type: "select", ID: "c" + n, Name: "field." + n, Label: "Column " + letters(i) + " means", Options: fieldOptions(options, c)},
			Hidden: [][2]string{{"header." + n, c.Header}, {"was." + n, c.Field}, {"said." + n, said}}}
		for i, sample := range c.Samples {
			if i > 0 {
				row.Samples = append(row.Samples, marked("mute", " · "))
			}
			row.Samples = append(row.Samples, run{Text: sample, Name: true})
		}
		if c.Sure {
			known++
		} else {
			row.Why = say(run{Text: c.Why, Name: true, Class: "warn"})
		}
		f.Columns = append(f.Columns, row)
	}
	f.Caption = say("All columns are certain.")
	if known < len(rd.Columns) {
		f.Caption = say(phrase.Count(known) + " of " + phrase.Plural(len(rd.Columns), "column is", "columns are") + " certain; the others were guessed or are kept as they are.")
	}
	if more := len(rd.Columns) - mostColumns; more > 0 {
		f.Caption = append(f.Caption, say(" The first ", mostColumns, " are listed.")...)
	}
	return f
}

// isChosen says that a person said what a column means.
func isChosen(rd *importer.Reading, c importer.Column) bool {
	return rd.Chosen != nil && slices.ContainsFunc(rd.Chosen.Columns, func(m importer.ColumnMapping) bool { return m.Header == c.Header })
}

func shapeOptions(rd *importer.Reading) []option {
	var all []option
	switch rd.Shape {
	case importer.Network:
		all = append(all, option{Value: importer.Network, Label: rd.Title})
	default:
		if rd.Shape == "" {
			all = append(all, option{Value: "", Label: "nothing that was recognised"})
		}
		for _, s := range importer.Shapes() {
			all = append(all, option{Value: s.Name, Label: s.Title})
		}
	}
	all = append(all, option{Value: importer.Ignore, Label: "leave this sheet out"})
	return choose(all, rd.Shape)
}

func fieldOptions(fields []importer.FieldHelp, c importer.Column) []option {
	all := []option{{Value: importer.Attribute, Label: "(keep as a note)"}, {Value: importer.Ignore, Label: "(leave out)"}}
	known := c.Field == importer.Attribute || c.Field == importer.Ignore
	for _, f := range fields {
		label := f.Name
		if f.Means != "" {
			label += ": " + f.Means
		}
		all = append(all, option{Value: f.Name, Label: label})
		known = known || f.Name == c.Field
	}
	if !known {
		all = append(all, option{Value: c.Field, Label: c.Field})
	}
	return choose(all, c.Field)
}

// chooseColumns keeps what somebody says about a sheet.
func (s *Server) chooseColumns(r *request, d *draft.Draft) (string, error) {
	place := importer.Place{File: r.form.Get("in"), Sheet: r.form.Get("sheet")}
	source := r.form.Get("source")
	if !slices.Contains(d.Sources(), source) {
		return stepPath(d, "/columns"), nil // the file was taken out meanwhile
	}
	var bad error
	err := s.imports.change(d.ID, func(d *draft.Draft) error {
		m := sheetOf(d, source, place)
		if r.form.Get("only") == "direction" {
			m.Direction = importer.Direction(r.form.Get("direction"))
		} else if err := m.choose(r); err != nil {
			bad = err
			return err
		}
		bad = d.Mappings[source].Check()
		return bad
	})
	if bad != nil {
		return "", &problem{Status: fiber.StatusBadRequest, Heading: "The sheet cannot be read like that", Say: say(run{Text: upper(bad.Error()) + ".", Name: true}),
			Acts: []run{link("Back to the columns", stepPath(d, "/columns"))}}
	}
	if err != nil {
		return "", err
	}
	q := url.Values{}
	if n := r.form.Get("nth"); n != "" {
		q.Set("sheet", n)
	}
	return withQuery(stepPath(d, "/columns"), q), nil
}

// sheetChoice is what is decided about a sheet.
type sheetChoice struct{ *importer.SheetMapping }

// sheetOf gives what is decided about a sheet, to be changed: an entry of its own, that begins as what holds for it now.
func sheetOf(d *draft.Draft, source string, place importer.Place) sheetChoice {
	if d.Mappings == nil {
		d.Mappings = map[string]*importer.Mapping{}
	}
	m := d.Mappings[source]
	if m == nil {
		m = &importer.Mapping{}
		d.Mappings[source] = m
	}
	file := importer.SourceName(place.File)
	fits := func(exact bool) int {
		return slices.IndexFunc(m.Sheets, func(x importer.SheetMapping) bool {
			ofFile, ofSheet := strings.EqualFold(importer.SourceName(x.File), file), strings.EqualFold(strings.TrimSpace(x.Sheet), strings.TrimSpace(place.Sheet))
			return (ofFile || !exact && x.File == "") && (ofSheet || !exact && x.Sheet == "")
		})
	}
	at := fits(true)
	if at < 0 {
		fresh := importer.SheetMapping{}
		if like := fits(false); like >= 0 {
			fresh = m.Sheets[like]
			fresh.Columns, fresh.Cells = slices.Clone(fresh.Columns), slices.Clone(fresh.Cells)
		}
		fresh.File, fresh.Sheet = file, place.Sheet
		m.Sheets = append(m.Sheets, fresh)
		at = len(m.Sheets) - 1
	}
	m.Decided = "" // it is of now
	return sheetChoice{&m.Sheets[at]}
}

// choose takes what the form of the columns says.
func (m sheetChoice) choose(r *request) error {
	if shape := r.form.Get("shape"); shape != r.form.Get("shape.was") {
		m.Shape, m.Columns = shape, nil // its columns have other names
		if shape == "" || shape == importer.Ignore || r.form.Get("shape.was") == importer.Ignore {
			return nil
		}
	}
	switch header := strings.TrimSpace(r.form.Get("header")); {
	case r.form.Get("bare") != "":
		m.Header, m.HeaderRows = -1, 0
	case header == "" && m.Header != 0:
		m.Header, m.HeaderRows = 0, 0
	case header != "" && (header != r.form.Get("header.was") || m.Header < 0):
		n, err := strconv.Atoi(header)
		if err != nil {
			return fmt.Errorf("“%s” is no row: write the number that the sheet gives it, or leave it blank to have it found", header)
		}
		m.Header, m.HeaderRows = n, 0
	}
	if r.form.Get("shape") == r.form.Get("shape.was") {
		m.columns(r)
	}
	return nil
}

// columns takes what the form says of each column. Only what differs from what was understood is decided; of headers that stand twice,
// all or none.
func (m sheetChoice) columns(r *request) {
	decided := map[string]bool{}
	var all []importer.ColumnMapping
	for i := range mostColumns {
		n := strconv.Itoa(i)
		header, means := r.form.Get("header."+n), r.form.Get("field."+n)
		if header == "" || means == "" {
			break
		}
		all = append(all, importer.ColumnMapping{Header: header, Field: means})
		if means != r.form.Get("was."+n) || r.form.Get("said."+n) == "1" {
			decided[header] = true
		}
	}
	met := func(header string) bool {
		return slices.ContainsFunc(all, func(c importer.ColumnMapping) bool { return c.Header == header })
	}
	others := slices.DeleteFunc(slices.Clone(m.Columns), func(c importer.ColumnMapping) bool { return met(c.Header) })
	all = slices.DeleteFunc(all, func(c importer.ColumnMapping) bool { return !decided[c.Header] })
	m.Columns = append(others, all...)
}
