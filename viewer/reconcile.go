package viewer

import (
	"bytes"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/answer"
	"example.com/whoserves/graph/phrase"
	"example.com/whoserves/graph/template"
	"github.com/gofiber/fiber/v2"
)

// reconcilePath is where stands what is open between the two sides of links.
const reconcilePath = "/reconcile"

// reconcilePage answers: which links does only one side know of, on which do the two sides differ, and whom to ask.
func (s *Server) reconcilePage(r *request) (*page, error) {
	if err := onlyKeys(r, "team"); err != nil {
		return nil, err
	}
	ed := r.ed
	a, team, err := ed.reconcile(r.query.Get("team"))
	if err != nil {
		return nil, err
	}
	p := s.newPage(r, "", "Both sides")
	p.Crumbs = []text{say(run{Text: p.Org, Href: "/", Name: true})}
	open := a.Links - a.Agreed - a.Others - a.Unsaid
	p.Heading, p.Answer = ed.bothSides(a, team, open)
	if a.Links > a.Unsaid {
		p.Figures = []figure{{What: "links on which both sides agree", Value: phrase.Count(a.Agreed), Of: "of " + phrase.Count(a.Links)}}
	}
	if open > 0 {
		p.Ask = ed.whomForm(a, team)
	}
	if _, rows := a.Sheet(); len(rows) > 0 {
		p.Sections = append(p.Sections, ed.fileToSend(r, team, len(rows)))
	}
	for _, x := range []struct {
		id, heading string
		n           int
		table       func(p *page, r *request, a *answer.Reconcile) *table
	}{
		{"one-sided", "Only one side says so", len(a.OneSided), ed.oneSidedTable},
		{"differing", "The two sides differ", len(a.Differing), ed.differingTable},
		{"silent", "Nothing said yet", len(a.NotAnswered), ed.silentTable},
	} {
		if x.n > 0 {
			p.Sections = append(p.Sections, section{ID: x.id, Heading: x.heading, Parts: []part{{Table: x.table(p, r, a)}}})
		}
	}
	return p, nil
}

// reconcile compares the two sides; team names those of whom the questions are wanted, "" all.
func (ed *edition) reconcile(team string) (*answer.Reconcile, int32, error) {
	r := analysis.Reconcile(ed.snap)
	if team == "" {
		return answer.NewReconcile(r, nil), -1, nil
	}
	v, err := ed.snap.Lookup(team)
	if err != nil {
		return nil, -1, err
	}
	return answer.NewReconcile(r, &v), v, nil
}

// bothSides says how far the two sides agree.
func (ed *edition) bothSides(a *answer.Reconcile, team int32, open int) (heading text, said []text) {
	links := func(n int) string { return either(n, " link", " links") }
	switch {
	case a.Links == 0:
		return say("There are no links yet"), []text{say("Import who serves whom first.")}
	case a.Unsaid == a.Links:
		return say("Nobody is named who declared a link"), []text{say("A column declared_by in a table of links says whose word a row is: then both sides of each link can be compared here.")}
	case open == 0:
		heading = say("Nothing is open between the two sides")
	default:
		heading = say(upper(inWords(open)) + links(open) + either(open, " is", " are") + " not confirmed by both sides")
	}
	waiting := 0
	for _, u := range a.NotAnswered {
		waiting += len(u.Links)
	}
	if team >= 0 {
		n := len(a.OneSided) + len(a.Differing) + waiting
		return say(upper(inWords(n))+links(n)+" to ask ", ed.plainName(team), " about"), []text{say("Of all ", a.Links, " links ", strong(phrase.Count(open)), " are open. ", link("Show all", reconcilePath))}
	}
	t := say("Both sides say the same of ", strong(phrase.Count(a.Agreed)+" of "+phrase.Plural(a.Links, "link", "links")), ".")
	if n := len(a.OneSided); n > 0 {
		t = append(t, run{Text: " " + upper(inWords(n)) + either(n, " is", " are") + " known to one side only."})
	}
	if n := len(a.Differing); n > 0 {
		t = append(t, run{Text: " On " + inWords(n) + " the two sides differ."})
	}
	if waiting > 0 {
		t = append(t, run{Text: " " + upper(inWords(waiting)) + either(waiting, " waits", " wait") + " for somebody who has said nothing yet."})
	}
	if a.Unsaid > 0 {
		t = append(t, run{Text: " Of " + inWords(a.Unsaid) + " no row says who declared " + either(a.Unsaid, "it", "them") + "."})
	}
	return heading, []text{t}
}

// whomForm chooses whose questions are shown: of those who are to be asked.
func (ed *edition) whomForm(a *answer.Reconcile, team int32) *form {
	f := &form{Action: reconcilePath, Label: "Whom to ask", Submit: "Show"}
	whom := field{Type: "select", ID: "team", Name: "team", Label: "To ask", Options: []option{{Label: "everybody", Chosen: team < 0}}}
	asked := a.WhomToAsk()
	if team >= 0 && !slices.Contains(asked, team) {
		asked = append(asked, team)
	}
	slices.SortStableFunc(asked, func(x, y int32) int { return compareNames(ed.nameOf(x), ed.nameOf(y)) })
	if len(asked) > namesListed {
		whom = field{Type: "text", ID: "team", Name: "team", Label: "To ask", Placeholder: "everybody"}
		if team >= 0 {
			whom.Value = ed.labelOf(ed.snap.Nodes[team].ID)
		}
	}
	for _, v := range asked[:min(len(asked), namesListed)] {
		whom.Options = append(whom.Options, option{Value: ed.snap.Nodes[v].ID, Label: ed.nameOf(v), Chosen: v == team})
	}
	f.Fields = []field{whom}
	return f
}

// fileToSend offers what is open as a file that can be filled in and imported.
func (ed *edition) fileToSend(r *request, team int32, rows int) section {
	whom := say("whom each row is for stands under declared_by")
	q := ""
	if team >= 0 {
		whom, q = say("all of them for ", ed.plainName(team)), "?team="+url.QueryEscape(ed.snap.Nodes[team].ID)
	}
	return section{ID: "file", Heading: "Ask them", Intro: []text{say(strong(phrase.Plural(rows, "row", "rows")), " to be answered with yes or no, and corrected; ", whom,
		". Filled in and imported, it says for each link that the one asked confirms it, and what both sides confirm is no longer listed here.")},
		Parts: []part{{Acts: []run{link("Save as XLSX", reconcilePath+".xlsx"+q), link("Save as CSV", reconcilePath+".csv"+q)}}}}
}

// linkColumns say which link a row is about.
func linkColumns[T any](ed *edition, of func(T) answer.Link) []columnOf[T] {
	end := func(id string) cell {
		v := ed.snap.ByID(id)
		return cell{Head: true, Text: say(ed.name(v)), Raw: ed.nameOf(v)}
	}
	return []columnOf[T]{
		{head: "Who serves", key: "provider", words: func(x T) string { return ed.called(of(x).Provider) }, cell: func(x T) cell { return end(of(x).Provider) }},
		{head: "Whom", key: "consumer", words: func(x T) string { return ed.called(of(x).Consumer) }, cell: func(x T) cell {
			c := end(of(x).Consumer)
			c.Head = false
			return c
		}},
		{head: "With", key: "service", words: func(x T) string { return of(x).Service }, cell: func(x T) cell { return cell{Text: say(run{Text: of(x).Service, Name: true})} }},
	}
}

// called gives the name of a node by its id.
func (ed *edition) called(id string) string { return ed.nameOf(ed.snap.ByID(id)) }

// oneSidedTable lists the links that one side declared.
func (ed *edition) oneSidedTable(p *page, r *request, a *answer.Reconcile) *table {
	side := func(x answer.OneSidedLink, missing bool) string {
		if (x.Missing == "provider") == missing {
			return x.Provider
		}
		return x.Consumer
	}
	d := tableOf[answer.OneSidedLink]{id: "one-sided-list", labelby: "one-sided-h", what: [2]string{"link", "links"}, entries: a.OneSided, sort: "provider",
		caption: say("The other side has declared links, but not these.")}
	d.columns = append(linkColumns(ed, func(x answer.OneSidedLink) answer.Link { return x.Link }),
		columnOf[answer.OneSidedLink]{head: "Says so", key: "said", words: func(x answer.OneSidedLink) string { return ed.called(side(x, false)) }, cell: func(x answer.OneSidedLink) cell {
			return ed.sayer(side(x, false), x.Said[0])
		}},
		columnOf[answer.OneSidedLink]{head: "To ask", key: "ask", words: func(x answer.OneSidedLink) string { return ed.called(side(x, true)) }, cell: func(x answer.OneSidedLink) cell {
			return cell{Text: say(ed.name(ed.snap.ByID(side(x, true))))}
		}})
	return d.build(p, r)
}

// sayer writes who declared a link, by what name, where and when.
func (ed *edition) sayer(end string, said answer.SideWords) cell {
	v := ed.snap.ByID(end)
	small := rowSaid(said.File, said.Sheet, said.Row)
	if graph.Fold(said.DeclaredBy) != graph.Fold(ed.nameOf(v)) && said.DeclaredBy != end {
		small = append(say("as “", run{Text: said.DeclaredBy, Name: true}, "”"), joined(small)...)
	}
	if said.ConfirmedOn != nil {
		small = append(small, joined(say("confirmed "+*said.ConfirmedOn))...)
	}
	return cell{Text: say(ed.name(v)), Small: small, Raw: ed.nameOf(v) + " (" + small.String() + ")"}
}

// joined puts a comma in front of what follows something.
func joined(t text) text {
	if len(t) == 0 {
		return nil
	}
	return append(say(", "), t...)
}

// rowSaid says where a fact stands; nothing where no row states it.
func rowSaid(file, sheet string, row int) text {
	where := strings.TrimSuffix(graph.Problem{File: file, Sheet: sheet, Row: row}.String(), ": ")
	if file == "" || where == "" {
		return nil
	}
	return say(run{Text: where, Name: true})
}

// differingRow is one field on which the two sides of a link differ.
type differingRow struct {
	link  answer.Link
	field answer.DifferingField
}

// differingTable lists the fields on which the two sides differ, both values with where each stands.
func (ed *edition) differingTable(p *page, r *request, a *answer.Reconcile) *table {
	var rows []differingRow
	for _, l := range a.Differing {
		for _, f := range l.Fields {
			rows = append(rows, differingRow{l.Link, f})
		}
	}
	d := tableOf[differingRow]{id: "differing-list", labelby: "differing-h", what: [2]string{"line", "lines"}, entries: rows, sort: "provider",
		caption: say("Until they agree, the strictest counts; of ratings the mean.")}
	value := func(field string, st answer.Statement) cell {
		small := rowSaid(st.File, st.Sheet, st.Row)
		return cell{Text: say(fieldValue(field, st.Value)), Small: small, Raw: st.Value + " (" + small.String() + ")"}
	}
	d.columns = append(linkColumns(ed, func(x differingRow) answer.Link { return x.link }),
		columnOf[differingRow]{head: "About", key: "field", words: func(x differingRow) string { return x.field.Field }, cell: func(x differingRow) cell {
			return cell{Text: say(fieldSaid[x.field.Field]), Raw: x.field.Field}
		}},
		columnOf[differingRow]{head: "The one who serves says", cell: func(x differingRow) cell { return value(x.field.Field, x.field.Provider) }},
		columnOf[differingRow]{head: "The one served says", cell: func(x differingRow) cell { return value(x.field.Field, x.field.Consumer) }})
	return d.build(p, r)
}

// fieldSaid says what a field of a link is about.
var fieldSaid = map[string]string{"criticality": "without it", "min_providers": "how many must work", "tolerance_hours": "copes without it", "satisfaction": "rating"}

// fieldValue writes a value of such a field as pages do.
func fieldValue(field, value string) string {
	number, err := strconv.ParseFloat(value, 64)
	switch {
	case field == "criticality":
		c, _ := graph.ParseCriticality(value)
		return withoutIt(c)
	case err != nil:
		return value
	case field == "tolerance_hours":
		return phrase.Hours(number)
	case field == "satisfaction":
		return phrase.Figure(number) + " of 100"
	}
	return value
}

// silentTable lists those who said nothing yet, and what waits for them.
func (ed *edition) silentTable(p *page, r *request, a *answer.Reconcile) *table {
	d := tableOf[answer.UnansweredLinks]{id: "silent-list", labelby: "silent-h", what: [2]string{"line", "lines"}, entries: a.NotAnswered, sort: "-links",
		caption: say("Others declared links with them; they declared none, so perhaps nobody asked them.")}
	d.columns = []columnOf[answer.UnansweredLinks]{
		{head: "Who", key: "name", words: func(x answer.UnansweredLinks) string { return ed.called(x.ID) }, cell: func(x answer.UnansweredLinks) cell {
			v := ed.snap.ByID(x.ID)
			return cell{Head: true, Text: say(ed.name(v)), Small: ed.kindAndUnit(v), Raw: ed.nameOf(v)}
		}},
		{head: "Links that wait", key: "links", right: true, down: true, number: known(func(x answer.UnansweredLinks) int { return len(x.Links) }),
			cell: func(x answer.UnansweredLinks) cell { return cell{Text: say(len(x.Links))} }},
		{head: "Declared by", cell: func(x answer.UnansweredLinks) cell {
			var by []int32
			for _, l := range x.Links {
				other := l.Provider
				if l.Missing == "provider" {
					other = l.Consumer
				}
				by = append(by, ed.snap.ByID(other))
			}
			slices.Sort(by)
			return cell{Text: ed.names(slices.Compact(by), "and", 5)}
		}},
	}
	return d.build(p, r)
}

// reconcileFile gives what is open as a file that can be filled in and imported. Its name holds the version, so that each round of
// questions becomes a source of its own.
func (s *Server) reconcileFile(c *fiber.Ctx) error {
	r, end, err := s.request(c)
	defer end()
	if err != nil {
		return err
	}
	if err := onlyKeys(r, "team"); err != nil {
		return err
	}
	a, team, err := r.ed.reconcile(r.query.Get("team"))
	if err != nil {
		return err
	}
	name := "both sides"
	if team >= 0 {
		name += " " + r.ed.nameOf(team)
	}
	if s.stored() {
		name += " v" + strconv.FormatInt(r.ed.snap.Version, 10)
	}
	var b bytes.Buffer
	switch format := c.Params("format"); format {
	case "csv":
		c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
		err = a.WriteCSV(&b)
	case "xlsx":
		c.Set(fiber.HeaderContentType, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
		header, rows := a.Sheet()
		if len(rows) > template.MostQuestions {
			return &problem{Status: fiber.StatusRequestEntityTooLarge, Heading: "These are too many rows for a workbook",
				Say:  say("There are ", len(rows), " to be answered, and a workbook holds ", template.MostQuestions, " here. Choose whom to ask, or save all as CSV."),
				Acts: []run{link("Choose whom to ask", reconcilePath)}}
		}
		err = template.Questions{Whom: a.Whom(), Header: header, Rows: rows}.Write(&b)
	default:
		return fiber.ErrNotFound
	}
	if err != nil {
		return err
	}
	s.mark(c, r.ed)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+fileName(name)+"."+c.Params("format")+`"`)
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return c.Send(b.Bytes())
}
