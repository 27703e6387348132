package importer

import (
	"fmt"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// ends are the links of one sheet, to decide which of their ends serves the other where the sheet does not say it. While the files are read
// they stand as if the first end served; decided is when all files were read, since those may tell the kinds of the nodes.
//
// Evidence is what the words of other rows say, the title and the name of the sheet, and the kinds of the ends: customers do not serve teams
// as a rule, and suppliers are not served by them. When all of it points one way the links are read so; when it does not, a [Question] is left
// open; where there is none, the first end is taken for the provider with a warning.
type ends struct {
	reading  *Reading
	in       input
	sheet    string
	row      int                 // of the header
	headers  [2]string           // of the first end and of the second
	said     bool                // the headers say it: only kinds that speak against them count
	links    []*graph.LinkRecord // those whose row does not say it
	firstRow int                 // the row of the first of them
	rows     [2]int              // rows that say that the first end serves, and that the second does
	title    string              // that says it
	means    Direction           // what it says
	guessed  bool                // which columns the ends are
	chosen   Direction           // by a person; "" nobody

	// Of formats of nodes and edges.
	what   string
	flat   int // edges that are said to have no direction
	called map[string]string
}

// titleNeeds and titleServes are words of a title, or of the name of a sheet, that say what the first of two names does.
var (
	titleNeeds = words(said("dependency; dependencies; depends; depend; dependent; relies", "Abhängigkeit; Abhängigkeiten; abhängig", "dépendance; dépendances; dépend; dépendent",
		"dependencia; dependencias; depende; dependen", "afhankelijkheid; afhankelijkheden; afhankelijk", "dependência; dependências; dependem")...)
	titleServes = words(said("serves; serve; provides; supplies; delivers", "bedient; beliefert; versorgt", "sert; fournit", "sirve; provee; suministra", "bedient; levert", "serve; atende; fornece")...)
)

// titleSays gives the direction that a title says; "" when it says none, or both.
func titleSays(title string) Direction {
	var d Direction
	for word := range wordsOf(title) {
		var own Direction
		switch {
		case titleNeeds[word]:
			own = ConsumerFirst
		case titleServes[word]:
			own = ProviderFirst
		default:
			continue
		}
		if d != "" && d != own {
			return ""
		}
		d = own
	}
	return d
}

// titles gives what may say which way the links of a sheet run: the texts above its header, its name, and that of the file.
func (s *sheet) titles(header int) []string {
	all := []string{s.name, SourceName(s.file)}
	if s.given != nil || s.keyed {
		return all
	}
	for r := range s.rows {
		if r.number >= header {
			break
		}
		for _, c := range r.cells {
			if text := headerText(c); text != "" && len(text) < 500 {
				all = append(all, text)
			}
		}
	}
	return all
}

// beginEnds prepares what has to be known of a table of links to decide its direction; nil where that is clear or chosen.
func (t *tableReader) beginEnds() *ends {
	l := t.layout
	p, c := t.column("provider"), t.column("consumer")
	if !l.table.links || t.sheet.shaped || p == nil || c == nil {
		return nil
	}
	e := &ends{reading: t.reading, in: t.in, sheet: t.sheet.name, row: l.header, headers: [2]string{p.header, c.header}, chosen: t.direction(), called: t.sheet.called}
	if t.turned {
		e.headers = [2]string{c.header, p.header}
	}
	e.guessed = p.guessed != "" || c.guessed != ""
	if open := t.sheet.open; t.sheet.given != nil {
		if open == nil {
			return nil
		}
		e.what, e.flat, e.rows = open.what, open.flat, open.rows
	} else if e.said = p.match.rank < 2 && c.match.rank < 2; !e.said {
		t.relation = t.relationColumn()
	} else if t.sheet.chosen != nil && (t.sheet.chosen.Direction != "" || p.match.rank < 0 || c.match.rank < 0) {
		return nil // a person looked at it
	}
	for _, title := range t.sheet.titles(l.header) {
		if d := titleSays(title); d != "" && !e.said {
			e.title, e.means = title, d
			break
		}
	}
	return e
}

// endEnds hands what has to be decided to the reader, when all rows were read.
func (t *tableReader) endEnds(links []*graph.LinkRecord) {
	e := t.ends
	if e == nil {
		return
	}
	if e.what == "" && t.relation == nil {
		e.links = slices.Clip(links)
	}
	if e.chosen != "" && !e.said {
		t.reading.Direction, t.reading.DirectionWhy, t.reading.DirectionChosen = e.chosen, "chosen", true
	}
	if e.rows[0]+e.rows[1] > 0 && e.what == "" {
		t.row = &row{number: e.row}
		t.info(t.relation, "the words of this column say of each row who serves whom: “%s” serves “%s” in %d, and the other way round in %d",
			e.headers[0], e.headers[1], e.rows[0], e.rows[1])
	}
	t.reader.ends = append(t.reader.ends, e)
}

// relationColumn finds the column whose cells say by their words which way each link runs, such as “depends on”.
func (t *tableReader) relationColumn() *cells {
	found, filled := map[*cells]int{}, map[*cells]int{}
	n := 0
	for r := range t.sheet.rows {
		if r.number <= t.layout.last || r.blank() {
			continue
		}
		if n++; n > sniffRows {
			break
		}
		for _, c := range t.columns {
			if cell := r.cell(c); len(cell) > 0 && len(cell) < 60 && c.field != "provider" && c.field != "consumer" {
				filled[c]++
				if relationWords[foldHeader(string(cell))] != unsaid {
					found[c]++
				}
			}
		}
	}
	for _, c := range t.columns {
		if found[c] > 0 && 2*found[c] >= filled[c] {
			return c
		}
	}
	return nil
}

// add notes a link, and turns it where its row says so.
func (e *ends) add(t *tableReader, r *graph.LinkRecord) {
	if e.what != "" {
		if t.row.open {
			e.note(r)
		}
		return
	}
	if t.relation == nil {
		if e.firstRow == 0 {
			e.firstRow = r.From.Row
		}
		return // the sheet's links are taken together when it was read
	}
	firstServes := !t.turned
	switch relationWords[foldHeader(string(t.row.cell(t.relation)))] {
	case fromServes:
		e.rows[0]++
		if !firstServes {
			r.Provider, r.Consumer = r.Consumer, r.Provider
		}
	case toServes:
		e.rows[1]++
		if firstServes {
			r.Provider, r.Consumer = r.Consumer, r.Provider
		}
	default:
		e.note(r)
	}
}

func (e *ends) note(r *graph.LinkRecord) {
	e.links = append(e.links, r)
	if e.firstRow == 0 {
		e.firstRow = r.From.Row
	}
}

// evidence is what speaks for a direction.
type evidence struct {
	means Direction
	text  string
}

// kindsSay gives what the kinds of the ends speak for, each with how many links do.
func (e *ends) kindsSay(kinds map[string]graph.Kind) (firstServes, secondServes int) {
	for _, l := range e.links {
		p, c := kinds[graph.Fold(l.Provider)], kinds[graph.Fold(l.Consumer)]
		switch {
		case p == c:
		case p == graph.Supplier && c != graph.Supplier, c == graph.Customer:
			firstServes++
		case p == graph.Customer, c == graph.Supplier:
			secondServes++
		}
	}
	return firstServes, secondServes
}

// gather brings all evidence together.
func (e *ends) gather(kinds map[string]graph.Kind) []evidence {
	var all []evidence
	said, open := e.rows[0]+e.rows[1], len(e.links)
	switch clear := said >= 3 && said >= 4*open; { // nearly all rows
	case clear && e.rows[1] == 0:
		all = append(all, evidence{ProviderFirst, "the other rows say so by their words"})
	case clear && e.rows[0] == 0:
		all = append(all, evidence{ConsumerFirst, "the other rows say so by their words"})
	}
	if e.means != "" {
		all = append(all, evidence{e.means, fmt.Sprintf("“%s” says so", shorten(e.title, 60))})
	}
	if len(kinds) == 0 {
		return all
	}
	first, second := e.kindsSay(kinds)
	if first > 0 && 10*second <= first || first > 0 && second > 0 && 10*first > second {
		all = append(all, evidence{ProviderFirst, fmt.Sprintf("in %d of them a supplier serves or a customer is served then", first)})
	}
	if second > 0 && 10*first <= second || first > 0 && second > 0 && 10*second > first {
		all = append(all, evidence{ConsumerFirst, fmt.Sprintf("in %d of them a supplier serves or a customer is served then", second)})
	}
	return all
}

// decide reads the links of all sheets the way that what was found speaks for, or leaves questions open.
func (r *reader) decide() {
	kinds := map[string]graph.Kind{}
	for n := range r.allNodes() {
		if n.Kind == graph.Supplier || n.Kind == graph.Customer {
			for _, name := range []string{n.ID, n.Name} {
				if name != "" {
					kinds[graph.Fold(name)] = n.Kind
				}
			}
		}
	}
	for _, e := range r.ends {
		switch {
		case len(e.links) == 0:
		case e.said:
			r.doubt(e, kinds)
		case e.chosen == "":
			r.weigh(e, e.gather(kinds))
		}
	}
}

// doubt asks about clear headers that nearly all kinds speak against.
func (r *reader) doubt(e *ends, kinds map[string]graph.Kind) {
	if len(kinds) == 0 {
		return
	}
	right, wrong := e.kindsSay(kinds)
	if wrong < 3 || wrong < 9*right {
		return
	}
	if e.chosen != "" {
		e.reading.Direction, e.reading.DirectionWhy, e.reading.DirectionChosen = e.chosen, "chosen", true
		if e.chosen == ConsumerFirst {
			r.turn(e)
		}
		return
	}
	e.reading.Direction, e.reading.DirectionWhy = ProviderFirst, "the headers say so, and the kinds of the names speak against it"
	r.ask(e, fmt.Sprintf("by their headers “%s” serves “%s”, but in %d of the %d links whose names tell a supplier would be served or a customer would serve: which is right?",
		e.headers[0], e.headers[1], wrong, right+wrong))
}

// weigh reads links as all evidence says.
func (r *reader) weigh(e *ends, all []evidence) {
	if e.guessed {
		r.askGuess(e, all)
		return
	}
	if len(all) == 0 {
		e.reading.Direction, e.reading.DirectionWhy = ProviderFirst, "assumed: nothing says it"
		r.tellEnds(e, ProviderFirst, "")
		return
	}
	d := all[0].means
	var texts [2][]string
	for _, ev := range all {
		i := 0
		if ev.means == ConsumerFirst {
			i = 1
		}
		texts[i] = append(texts[i], ev.text)
	}
	if len(texts[0]) > 0 && len(texts[1]) > 0 {
		e.reading.Direction, e.reading.DirectionWhy = ProviderFirst, "not decided yet: what was found points both ways"
		r.ask(e, fmt.Sprintf("%s does not say who serves whom, and what was found points both ways. The first serves the second: %s. The second serves the first: %s. Which is right?",
			e.name(), strings.Join(texts[0], ", and "), strings.Join(texts[1], ", and ")))
		return
	}
	why := strings.Join(slices.Concat(texts[0], texts[1]), ", and ")
	e.reading.Direction, e.reading.DirectionWhy = d, why
	if d == ConsumerFirst {
		r.turn(e)
	}
	r.tellEnds(e, d, why)
}

// askGuess asks about links whose ends were guessed, whatever speaks for one direction.
func (r *reader) askGuess(e *ends, all []evidence) {
	e.reading.Direction, e.reading.DirectionWhy = ProviderFirst, "not decided yet: no header says which columns are the ends of links"
	why := ""
	for _, ev := range all {
		first, second := e.headers[0], e.headers[1]
		if ev.means == ConsumerFirst {
			first, second = second, first
		}
		why += fmt.Sprintf(" “%s” may serve “%s”: %s.", first, second, ev.text)
	}
	r.ask(e, fmt.Sprintf("no header says who serves whom, but “%s” and “%s” hold the same names.%s Which serves the other? Where it is something else, say what the sheet is in a mapping",
		e.headers[0], e.headers[1], why))
}

// name says what does not say who serves.
func (e *ends) name() string {
	if e.what != "" {
		return e.what
	}
	return fmt.Sprintf("“%s” and “%s”", e.headers[0], e.headers[1])
}

// tellEnds tells which way the links were read; why is "" where nothing says it.
func (r *reader) tellEnds(e *ends, d Direction, why string) {
	severity, advice := graph.Info, "check the example sentence"
	if why == "" {
		severity, advice = graph.Warning, "check the example sentence, and import with --direction consumer-first if it is the wrong way round"
	}
	p := graph.Problem{File: e.in.shown, Severity: severity}
	rule := "the source serves the target"
	headers := e.headers
	if d == ConsumerFirst {
		rule, headers = "the target serves the source", [2]string{headers[1], headers[0]}
	}
	if why != "" {
		why = ", since " + why
	}
	if e.what == "" {
		p.Sheet, p.Row, p.Column = e.sheet, e.row, headers[0]
		r.problems.add(p, "“%s” was read as the provider and “%s” as the consumer%s: %s", headers[0], headers[1], why, advice)
		return
	}
	r.problems.add(p, "%s does not say who serves whom: its edges (%d) were read as “%s”%s: %s", e.what, len(e.links), rule, why, advice)
	if e.flat > 0 {
		p.Severity = graph.Warning
		r.problems.add(p, "edges that are said to have no direction (%d): each became one link, “%s”; where the two serve each other, add the other link", e.flat, rule)
	}
}

// ask leaves a question about links open.
func (r *reader) ask(e *ends, text string) {
	l := e.links[0]
	one := Example{File: e.in.shown, Sheet: e.sheet, Row: e.firstRow, Provider: e.call(l.Provider), Consumer: e.call(l.Consumer), Service: l.Service}
	r.result.Questions = append(r.result.Questions, Question{Place: e.reading.Place, Source: e.reading.Source, Row: e.firstRow, Text: text,
		Choices: []Choice{{ProviderFirst, one}, {ConsumerFirst, one.Turned()}}})
}

func (e *ends) call(end string) string {
	if name := e.called[end]; name != "" {
		return name
	}
	return end
}

// turn turns the links round, and what was said about their columns.
func (r *reader) turn(e *ends) {
	swapped := map[int]bool{}
	for _, l := range e.links {
		l.Provider, l.Consumer = l.Consumer, l.Provider
		if len(swapped) < maxMemo || l.From.Row == e.firstRow {
			swapped[l.From.Row] = true
		}
	}
	for i := range e.reading.Examples {
		if ex := &e.reading.Examples[i]; swapped[ex.Row] {
			ex.Provider, ex.Consumer = ex.Consumer, ex.Provider
		}
	}
	if e.what != "" {
		return
	}
	e.reading.turn()
	headers := r.result.Headers[Place{e.in.name, e.sheet}]
	headers["provider"], headers["consumer"] = headers["consumer"], headers["provider"]
}

// turn gives the columns of the two ends the meaning of the other.
func (rd *Reading) turn() {
	for i := range rd.Columns {
		switch c := &rd.Columns[i]; c.Field {
		case "provider":
			c.Field = "consumer"
		case "consumer":
			c.Field = "provider"
		}
	}
}
