package viewer

import (
	"cmp"
	"math"
	"slices"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/phrase"
	"example.com/whoserves/viewer/diagram"
)

// gridCustomers is how many customers have a column of their own in the table of risks.
const gridCustomers = 8

// risksPage answers: which one to worry about, and why.
func (s *Server) risksPage(r *request) (*page, error) {
	v, err := r.view("risks")
	if err != nil {
		return nil, err
	}
	ed := r.ed
	p := s.newPage(r, "/risks", "Risks")
	p.Heading = say("Where the chain can break")
	p.Rests = rests(ed)
	if ed.findings == nil {
		p.Answer = []text{say("What can break is being worked out.")}
		return p, nil
	}
	p.Answer = []text{ed.risksAnswer()}
	rows, err := ed.risksShown(v)
	if err != nil {
		return nil, err
	}
	alone := section{ID: "alone", Heading: phrase.Count(len(ed.findings.SPOFs)) + " that can stop a customer alone", Ask: ed.risksForm(v)}
	if len(ed.findings.SPOFs) == 0 {
		alone.Heading, alone.Ask = "Nobody can stop a customer alone", nil
	}
	t := s.risksTable(p, r, rows)
	t.Labelby = "alone-h"
	alone.Parts = []part{{Table: t}}
	p.Sections = append(p.Sections, alone)
	if err := s.risksPlate(p, r, v, len(rows)); err != nil {
		return nil, err
	}
	p.Sections = append(p.Sections, s.backupSections(p, r)...)
	if also := ed.alsoLookAt(); len(also) > 0 {
		p.Sections = append(p.Sections, section{ID: "also", Heading: "Also look at", Columns: "wide-notes", Parts: []part{{Notes: also, Numbers: true}}})
	}
	p.Sections = append(p.Sections, s.jams(p, r, 8)...)
	for _, sec := range p.Sections {
		if sec.Heading != "" && sec.ID != "" {
			p.Jump = append(p.Jump, link(sec.Heading, "#"+sec.ID))
		}
	}
	return p, nil
}

func (ed *edition) risksAnswer() text {
	if len(ed.findings.SPOFs) == 0 {
		return say(strong("None of the "+phrase.Count(ed.tally.failing)), " that can fail can stop a customer alone. Pairs were not looked at here.")
	}
	return ed.canStop()
}

// risksShown picks the rows that the question leaves.
func (ed *edition) risksShown(v diagram.View) ([]*analysis.SPOF, error) {
	customer := int32(-1)
	if v.Customer != "" {
		var err error
		if customer, err = ed.snap.Lookup(v.Customer); err != nil {
			return nil, err
		}
	}
	keep, err := ed.filter(v)
	if err != nil {
		return nil, err
	}
	var rows []*analysis.SPOF
	for i := range ed.findings.SPOFs {
		sp := &ed.findings.SPOFs[i]
		if v.Exposed && !sp.Exposed || v.Given && sp.Assumed || !keep(sp.Node) {
			continue
		}
		if customer >= 0 && !ed.findings.TooMany {
			if _, hit := slices.BinarySearch(sp.CustomersDown, customer); !hit {
				continue
			}
		}
		rows = append(rows, sp)
	}
	slices.SortStableFunc(rows, func(a, b *analysis.SPOF) int {
		return cmp.Or(cmp.Compare(b.DownCount, a.DownCount), cmp.Compare(a.FirstImpact, b.FirstImpact))
	})
	return rows, nil
}

// filter says which nodes kind=, unit=, site=, tag= and hide= leave.
func (ed *edition) filter(v diagram.View) (func(int32) bool, error) {
	in := func(prefix string, refs []string) (map[int32]bool, error) {
		if len(refs) == 0 {
			return nil, nil
		}
		set := map[int32]bool{}
		for _, ref := range refs {
			nodes, err := ed.snap.Group(prefix + ref)
			if err != nil {
				return nil, err
			}
			for _, x := range nodes {
				set[x] = true
			}
		}
		return set, nil
	}
	var sets [3]map[int32]bool
	var err error
	for i, g := range []struct {
		prefix string
		refs   []string
	}{{"unit:", v.Unit}, {"site:", v.Site}, {"tag:", v.Tag}} {
		if sets[i], err = in(g.prefix, g.refs); err != nil {
			return nil, err
		}
	}
	hidden, err := in("", v.Hide)
	if err != nil {
		return nil, err
	}
	return func(x int32) bool {
		if hidden[x] || len(v.Kind) > 0 && !slices.Contains(v.Kind, ed.snap.Nodes[x].Kind.String()) {
			return false
		}
		for _, set := range sets {
			if set != nil && !set[x] {
				return false
			}
		}
		return true
	}, nil
}

func (ed *edition) risksForm(v diagram.View) *form {
	f := &form{Action: "/risks", Label: "Which risks", Submit: "Show", Hidden: hidden(v, "view", "kind", "unit", "customer", "exposed", "given")}
	kind := field{Type: "select", ID: "kind", Name: "kind", Label: "Kind", Options: []option{{Label: "all kinds"}}}
	for _, k := range graph.Kinds() {
		if ed.tally.canFail[k] > 0 {
			kind.Options = append(kind.Options, option{Value: k.String(), Label: kindWords[k][1]})
		}
	}
	choose(kind.Options, first(v.Kind))
	f.Fields = append(f.Fields, kind)
	if units := ed.units(); len(units) > 0 {
		unit := field{Type: "select", ID: "unit", Name: "unit", Label: "Unit", Options: []option{{Label: anyUnit(len(units))}}}
		for _, u := range units {
			unit.Options = append(unit.Options, option{Value: ed.snap.Nodes[u].ID, Label: ed.nameOf(u)})
		}
		choose(unit.Options, first(v.Unit))
		f.Fields = append(f.Fields, unit)
	}
	if n := len(ed.snap.Customers); n > 1 && n <= namesListed && !ed.findings.TooMany {
		c := field{Type: "select", ID: "customer", Name: "customer", Label: "Customer", Options: []option{{Label: "all " + phrase.Count(n) + " customers"}}}
		for _, x := range ed.byValue() {
			c.Options = append(c.Options, option{Value: ed.snap.Nodes[x].ID, Label: ed.nameOf(x)})
		}
		choose(c.Options, v.Customer)
		f.Fields = append(f.Fields, c)
	}
	f.Fields = append(f.Fields, field{Type: "check", ID: "exposed", Name: "exposed", Value: "1", Label: "only those back too late", Checked: v.Exposed},
		field{Type: "check", ID: "given", Name: "given", Value: "1", Label: "only from given facts", Checked: v.Given})
	return f
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// risksTable lists those that can stop a customer alone, with the hours until each customer stops.
func (s *Server) risksTable(p *page, r *request, rows []*analysis.SPOF) *table {
	ed := r.ed
	all := ed.byValue()
	grid := len(all) <= gridCustomers && len(all) > 0
	caption := say("Showing ", len(rows), " of ", len(ed.findings.SPOFs), ". ")
	if grid {
		caption = append(caption, say("Hours until each customer stops: ", tag("risk", "red"), " sooner than it can come back, ", tag("warn", "amber"), " nobody has said when it comes back, – never stops.")...)
	}
	d := tableOf[*analysis.SPOF]{id: "risks", class: "grid", what: [2]string{"", "that can stop a customer"}, entries: rows, sort: "-customers", caption: caption,
		empty: "None of those that can stop a customer alone is left by this choice."}
	if len(ed.findings.SPOFs) == 0 {
		d.empty = "No failure of one alone reaches a customer."
	}
	worth, valued := ed.worth(all)
	value := func(sp *analysis.SPOF) (float64, bool) { return ed.worth(sp.CustomersDown) }
	d.columns = ed.riskColumns(len(all))
	if valued && !ed.findings.TooMany {
		d.columns = append(d.columns, columnOf[*analysis.SPOF]{head: "Value, of " + phrase.Figure(worth), name: "Value", right: true, key: "value", down: true, number: value,
			cell: func(sp *analysis.SPOF) cell { v, _ := value(sp); return cell{Text: say(phrase.Figure(v))} }})
	}
	if grid {
		d.columns = append(d.columns, ed.hoursColumns(all, ed.timesAffordable(len(rows)))...)
	} else {
		d.columns = append(d.columns, columnOf[*analysis.SPOF]{head: "First stop after", right: true, key: "first", number: func(sp *analysis.SPOF) (float64, bool) { return finite(sp.FirstImpact) },
			cell: func(sp *analysis.SPOF) cell { return cell{Text: say(hours(sp.FirstImpact))} }})
	}
	d.columns = append(d.columns,
		columnOf[*analysis.SPOF]{head: "Back after", right: true, key: "back", number: func(sp *analysis.SPOF) (float64, bool) { return ed.snap.Nodes[sp.Node].RecoveryHours.Get() },
			cell: func(sp *analysis.SPOF) cell { return ed.backCell(sp.Node) }},
		columnOf[*analysis.SPOF]{head: "How it reaches the customer that stops first", cell: func(sp *analysis.SPOF) cell {
			return cell{Text: ed.shortChain(sp.Chain), Detail: ed.chain(sp.Chain), Class: "chains", Raw: ed.chain(sp.Chain).String()}
		}})
	return d.build(p, r)
}

// riskColumns name one that can stop a customer, and how many it stops.
func (ed *edition) riskColumns(customers int) []columnOf[*analysis.SPOF] {
	return []columnOf[*analysis.SPOF]{
		{head: "If this fails", key: "name", words: func(sp *analysis.SPOF) string { return ed.nameOf(sp.Node) }, cell: func(sp *analysis.SPOF) cell {
			return cell{Head: true, Text: say(mark(sp), ed.name(sp.Node)), Small: ed.kindAndUnit(sp.Node), Raw: ed.nameOf(sp.Node)}
		}},
		{head: "Customers stopped", right: true, key: "customers", down: true, number: known(func(sp *analysis.SPOF) int { return sp.DownCount }),
			cell: func(sp *analysis.SPOF) cell {
				return cell{Text: say(strong(phrase.Count(sp.DownCount)), " of ", customers), Raw: phrase.Count(sp.DownCount)}
			}},
	}
}

// hoursColumns are the columns of the grid, one for each customer.
func (ed *edition) hoursColumns(customers []int32, sortable bool) []columnOf[*analysis.SPOF] {
	var columns []columnOf[*analysis.SPOF]
	for _, c := range customers {
		col := columnOf[*analysis.SPOF]{head: ed.nameOf(c), right: true, cell: func(sp *analysis.SPOF) cell { return ed.hoursCell(sp.Node, c) }}
		if sortable {
			col.key = "c-" + ed.snap.Nodes[c].ID
			col.number = func(sp *analysis.SPOF) (float64, bool) { return finite(ed.times.to(sp.Node, c)) }
		}
		columns = append(columns, col)
	}
	return columns
}

// hoursCell is one cell of the grid of risk by customer.
func (ed *edition) hoursCell(v, c int32) cell {
	h := ed.times.to(v, c)
	if math.IsInf(h, 1) {
		return cell{Text: say("–"), Class: "h never", Raw: " "}
	}
	class := "h"
	switch is, _, _ := ed.judge(v, h); is {
	case tooLate:
		class = "h late"
	case notSaid:
		class = "h unsaid"
	}
	return cell{Text: say(hours(h)), Class: class}
}

// risksPlate draws those that can stop a customer and the chains between them.
func (s *Server) risksPlate(p *page, r *request, v diagram.View, rows int) error {
	if rows == 0 {
		return nil
	}
	pl, _, err := s.plate(p, r, v, "Picture of those that can stop a customer alone, and the chains between them.")
	if err != nil {
		return err
	}
	pl.Form = viewForm("/risks", v, "links", "colour")
	pl.Form.Fields = []field{linksField(v), colourField(v, []option{{Value: "risk", Label: "who is back too late"}, {Value: "load", Label: "work used"}, {Value: "share", Label: "place in the chain"}, {Value: "none", Label: "nothing"}})}
	p.Sections = append(p.Sections, section{ID: "drawn", Heading: "The chains between them", Plate: pl})
	return nil
}

// backup is a need whose spare providers do not help.
type backup struct {
	need  int32
	nodes []int32
}

// backupSections lists backups that do not help, and needs that are not met.
func (s *Server) backupSections(p *page, r *request) []section {
	ed := r.ed
	var rows []backup
	for _, fr := range ed.findings.FalseRedundancy {
		if n := len(rows); n > 0 && rows[n-1].need == fr.Need {
			rows[n-1].nodes = append(rows[n-1].nodes, fr.Node)
			continue
		}
		rows = append(rows, backup{fr.Need, []int32{fr.Node}})
	}
	need := func(x backup) *graph.Need { return &ed.snap.Needs[x.need] }
	var out []section
	if len(rows) > 0 {
		d := tableOf[backup]{id: "backups", labelby: "backup-h", what: [2]string{"", "needs"}, entries: rows, sort: "by-customers",
			caption: say(phrase.Plural(len(rows), "need has", "needs have") + " someone to spare, and one failure takes too many away together.")}
		d.columns = []columnOf[backup]{
			{head: "Who needs what", key: "needs", words: func(x backup) string { return ed.nameOf(need(x).Consumer) }, cell: func(x backup) cell {
				return cell{Head: true, Text: say(ed.name(need(x).Consumer)), Small: say(upper(ed.needWords(need(x)))), Raw: ed.nameOf(need(x).Consumer) + ": " + ed.needWords(need(x))}
			}},
			{head: "Has", cell: func(x backup) cell { return cell{Text: ed.names(need(x).Providers, "and", 4)} }},
			{head: "Too few are left if this fails", cell: func(x backup) cell { return cell{Text: ed.names(x.nodes, "or", 4)} }},
		}
		out = append(out, section{ID: "backup", Heading: "Backups that do not help", Parts: []part{{Table: d.build(p, r)}}})
	}
	if len(ed.findings.Unmet) > 0 {
		d := tableOf[int32]{id: "unmet-list", labelby: "unmet-h", what: [2]string{"", "needs"}, entries: ed.findings.Unmet, fixed: true, caption: say("Everything else is worked out as if what they have were enough.")}
		d.columns = []columnOf[int32]{
			{head: "Who needs what", cell: func(n int32) cell {
				x := &ed.snap.Needs[n]
				return cell{Head: true, Text: say(ed.name(x.Consumer)), Small: say(upper(ed.needWords(x))), Raw: ed.nameOf(x.Consumer) + ": " + ed.needWords(x)}
			}},
			{head: "Needs", right: true, cell: func(n int32) cell { return cell{Text: say(int(ed.snap.Needs[n].MinProviders))} }},
			{head: "Has", cell: func(n int32) cell { return cell{Text: ed.names(ed.snap.Needs[n].Providers, "and", 4)} }},
		}
		out = append(out, section{ID: "unmet", Heading: "Needs that are not met", Parts: []part{{Table: d.build(p, r)}}})
	}
	return out
}

// alsoLookAt lists backups that are none in other ways, people that nobody can spare, loops.
func (ed *edition) alsoLookAt() []note {
	const each = 6
	var notes []note
	f := ed.findings
	for i, h := range f.Hollow {
		if i == each {
			break
		}
		notes = append(notes, note{Heading: say("A backup too small to help"), Paras: []text{ed.hollowSaid(h)}})
	}
	for i, c := range f.Circular {
		if i == each {
			break
		}
		notes = append(notes, note{Heading: say("A backup that needs the one it backs up"), Paras: []text{ed.circularSaid(c)}})
	}
	for i, k := range f.KeyPeople {
		if i == each {
			break
		}
		notes = append(notes, note{Heading: say("Nobody to spare in ", ed.plainName(k.Team)), Paras: []text{say("If ", ed.name(k.Person), " is away, ", ed.name(k.Team), " stops.")}})
	}
	for i, l := range f.Loops {
		if i == each {
			break
		}
		notes = append(notes, ed.loopNote(l))
	}
	if left := max(0, len(f.Hollow)-each) + max(0, len(f.Circular)-each) + max(0, len(f.KeyPeople)-each) + max(0, len(f.Loops)-each); left > 0 {
		notes = append(notes, note{Heading: say(phrase.Plural(left, "more of these", "more of these")), Paras: []text{say("All of them are in the ", link("answer for programs", "/api/v1/risks"), " (hollow, circular, key_people, loops).")}})
	}
	return notes
}

func (ed *edition) loopNote(l analysis.Loop) note {
	p := ed.names(l.Example, "then", 8)
	heading := upper(inWords(len(l.Nodes))) + " serve each other in a loop"
	words := ": each serves the next, and the last serves the first. "
	if l.Circular {
		words += "All these links are critical: none of them can start without the others."
	} else {
		words += "Not all of these links are critical, so the loop does no harm by itself."
	}
	return note{Heading: say(heading), Paras: []text{append(p, run{Text: words})}}
}

// jams lists where the chain jams: by load and by position.
func (s *Server) jams(p *page, r *request, most int) []section {
	more := text(nil)
	if most > 0 {
		more = say(link("The picture of where it jams", "/bottlenecks"))
	}
	sec := section{ID: "jams", Heading: "Where it jams", Columns: "two", After: []text{more}}
	if most == 0 {
		sec.Heading, sec.After = "The figures", nil
	}
	sec.Parts = []part{
		{ID: "load-h", Level: 3, Heading: say("By work"), Table: s.loadTable(p, r, most)},
		{ID: "share-h", Level: 3, Heading: say("By place in the chain"), Table: s.shareTable(p, r, most)},
	}
	return []section{sec}
}

func cut[T any](list []T, most int) []T {
	if most > 0 && len(list) > most {
		return list[:most]
	}
	return list
}

func (s *Server) loadTable(p *page, r *request, most int) *table {
	ed := r.ed
	var nodes []int32
	blank := 0
	for v := range ed.findings.Load {
		if ed.findings.Load[v].Utilisation.IsGiven() {
			nodes = append(nodes, int32(v))
		}
		blank += ed.findings.Load[v].Blank
	}
	used := func(v int32) float64 { return ed.findings.Load[v].Utilisation.Or(0) }
	slices.SortStableFunc(nodes, func(a, b int32) int { return cmp.Compare(used(b), used(a)) })
	caption := say("Work to do against what can be done: amber from 85 %. ")
	if shown := cut(nodes, most); len(shown) < len(nodes) {
		caption = append(say("The ", len(shown), " busiest of ", len(nodes), ". "), caption...)
	}
	if blank > 0 {
		caption = append(caption, run{Text: phrase.Plural(blank, "link has", "links have") + " no volume and " + either(blank, "is", "are") + " left out."})
	}
	d := tableOf[int32]{id: "load", labelby: "load-h", what: [2]string{"", "measured"}, entries: cut(nodes, most), sort: "-used", caption: caption,
		empty: "Nobody has said how much work there is and how much can be done: give capacity to teams and volume to links."}
	d.columns = []columnOf[int32]{
		{head: "Who", key: "load-name", words: ed.nameOf, cell: func(v int32) cell {
			return cell{Head: true, Text: say(ed.name(v)), Small: ed.kindAndUnit(v), Raw: ed.nameOf(v)}
		}},
		{head: "Used", key: "used", down: true, number: func(v int32) (float64, bool) { return used(v), true }, cell: func(v int32) cell { c := ed.loadCell(v); c.Small = nil; return c }},
		{head: "Work", right: true, cell: func(v int32) cell { return cell{Text: say(phrase.Figure(ed.findings.Load[v].Load.Or(0)))} }},
		{head: "Can do", right: true, cell: func(v int32) cell { return cell{Text: say(phrase.Figure(ed.findings.Load[v].Capacity.Or(0)))} }},
	}
	return d.build(p, r)
}

func (s *Server) shareTable(p *page, r *request, most int) *table {
	ed := r.ed
	var nodes []int32
	for v, share := range ed.findings.Shares {
		if share > 0 {
			nodes = append(nodes, int32(v))
		}
	}
	share := func(v int32) float64 { return ed.findings.Shares[v] }
	slices.SortStableFunc(nodes, func(a, b int32) int { return cmp.Compare(share(b), share(a)) })
	caption := say("Share of the shortest chains to customers that run through it. ")
	if shown := cut(nodes, most); len(shown) < len(nodes) {
		caption = append(say("The ", len(shown), " largest of ", len(nodes), ". "), caption...)
	}
	if e := ed.findings.SharesError; e > 0 {
		caption = append(caption, run{Text: "From a sample: right to within " + phrase.Percent(e) + "."})
	}
	d := tableOf[int32]{id: "share", labelby: "share-h", what: [2]string{"", "on a chain"}, entries: cut(nodes, most), sort: "-share", caption: caption, empty: "No chain runs through anybody: all serve the customers directly."}
	d.columns = []columnOf[int32]{
		{head: "Who", key: "share-name", words: ed.nameOf, cell: func(v int32) cell {
			return cell{Head: true, Text: say(ed.name(v)), Small: ed.kindAndUnit(v), Raw: ed.nameOf(v)}
		}},
		{head: "Share", right: true, key: "share", down: true, number: func(v int32) (float64, bool) { return share(v), true }, cell: func(v int32) cell { return cell{Text: say(strong(phrase.Percent(share(v))))} }},
	}
	return d.build(p, r)
}

// bottlenecksPage answers: who is nearly full, and who is on most chains.
func (s *Server) bottlenecksPage(r *request) (*page, error) {
	v, err := r.view("bottlenecks")
	if err != nil {
		return nil, err
	}
	ed := r.ed
	p := s.newPage(r, "/risks", "Where it jams")
	p.Heading = say("Where the chain jams")
	p.Crumbs = []text{say(run{Text: p.Org, Href: "/", Name: true}), say(link("Risks", "/risks"))}
	p.Rests = rests(ed)
	if ed.findings == nil {
		p.Answer = []text{say("This is being worked out.")}
		return p, nil
	}
	p.Answer = []text{ed.jamsAnswer()}
	pl, d, err := s.plate(p, r, v, "Picture of where the chain jams.")
	if err != nil {
		return nil, err
	}
	p.Plate = pl
	pl.Form = viewForm("/bottlenecks", v, "basis", "links")
	basis := d.View.Basis
	pl.Form.Fields = []field{{ID: "basis", Name: "basis", Label: "Jams", Options: choose([]option{{Value: "measured", Label: "by work"}, {Value: "structural", Label: "by place in the chain"}}, basis)}, linksField(v)}
	p.Sections = s.jams(p, r, 0)
	return p, nil
}

func (ed *edition) jamsAnswer() text {
	hot, full := []int32{}, 0
	top := int32(-1)
	for v := range ed.findings.Load {
		if u, ok := ed.findings.Load[v].Utilisation.Get(); ok && u >= analysis.Hot {
			hot = append(hot, int32(v))
			if u > 1 {
				full++
			}
		}
		if top < 0 || ed.findings.Shares[v] > ed.findings.Shares[top] {
			top = int32(v)
		}
	}
	var t text
	switch {
	case len(hot) == 0:
		t = say("Nobody who is measured uses 85 % of what they can do. ")
	default:
		t = append(say(strong(upper(inWords(len(hot)))+" "+either(len(hot), "uses", "use")+" 85 % or more"), " of what "+either(len(hot), "it", "they")+" can do: "), ed.names(hot, "and", 4)...)
		t = append(t, run{Text: ". "})
		if full > 0 {
			t = append(t, run{Text: upper(inWords(full)) + " " + either(full, "is", "are") + " asked for more than that. "})
		}
	}
	if top >= 0 && ed.findings.Shares[top] > 0 {
		t = append(t, say(strong(phrase.Percent(ed.findings.Shares[top])), " of the shortest chains to customers run through ", ed.name(top), ".")...)
	}
	return t
}
