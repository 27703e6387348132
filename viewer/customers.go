package viewer

import (
	"fmt"
	"math"
	"slices"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/phrase"
	"example.com/whoserves/viewer/diagram"
)

// customersPage lists the customers.
func (s *Server) customersPage(r *request) (*page, error) {
	if err := onlyKeys(r); err != nil {
		return nil, err
	}
	p := s.newPage(r, "/customers", "Customers")
	ed := r.ed
	n := len(ed.snap.Customers)
	p.Heading = say(upper(inWords(n)) + " " + either(n, "customer", "customers"))
	p.Answer = []text{ed.canStop()}
	if ed.snap.StandIn {
		p.Heading = say("No external customer yet")
		p.Answer = []text{say(upper(standInsSaid(n)) + ", so that everything else can be worked out.")}
	}
	t := s.customersTable(p, r, 0)
	p.Sections = []section{{Parts: []part{{Table: t}}}}
	p.Rests = rests(ed)
	return p, nil
}

// onCustomer is a customer with what a list says of it.
type onCustomer struct {
	node   int32
	alone  int
	late   int
	first  float64
	by     int32
	timed  bool
	served int
}

// customersTable lists customers with what can stop them: the first rows of them, all of them if most is 0.
func (s *Server) customersTable(p *page, r *request, most int) *table {
	ed := r.ed
	worth, valued := ed.worth(ed.snap.Customers)
	var rows []onCustomer
	for _, c := range ed.byValue() {
		rows = append(rows, ed.onCustomer(c))
	}
	d := tableOf[onCustomer]{id: "customers", label: "Customers", most: most, all: "/customers", what: [2]string{"customer", "customers"}, entries: rows,
		empty: "There is no customer yet.", caption: say("How many of the " + phrase.Count(ed.tally.failing) + " that can fail can stop each customer alone.")}
	d.columns = append(d.columns, columnOf[onCustomer]{head: "Customer", key: "name", words: func(x onCustomer) string { return ed.nameOf(x.node) },
		cell: func(x onCustomer) cell {
			return cell{Head: true, Text: say(ed.name(x.node)), Small: say(ed.segmentOrKind(x.node))}
		}})
	if valued {
		d.columns = append(d.columns, columnOf[onCustomer]{head: "Value, of " + phrase.Figure(worth), name: "Value", right: true, key: "value", down: true,
			number: func(x onCustomer) (float64, bool) { return ed.snap.Nodes[x.node].Value.Get() },
			cell:   func(x onCustomer) cell { return valueCell(ed.snap.Nodes[x.node].Value) }})
		d.sort = "-value"
	}
	if ed.findings != nil {
		d.columns = append(d.columns, columnOf[onCustomer]{head: "Can stop it alone", right: true, key: "alone", down: true, number: known(func(x onCustomer) int { return x.alone }),
			cell: func(x onCustomer) cell { return cell{Text: say(x.alone)} }})
		if ed.timesAffordable(len(ed.findings.SPOFs)) {
			d.columns = append(d.columns, columnOf[onCustomer]{head: "First stop after", key: "first", number: func(x onCustomer) (float64, bool) { return finite(x.first) },
				cell: func(x onCustomer) cell {
					if !x.timed || x.by < 0 {
						return cell{Text: say(marked("mute", "nobody alone"))}
					}
					return cell{Text: say(hours(x.first)), Small: say("if ", ed.plainName(x.by), " fails")}
				}},
				columnOf[onCustomer]{head: "Back too late, or unknown", right: true, key: "late", down: true, number: known(func(x onCustomer) int { return x.late }),
					cell: func(x onCustomer) cell { return cell{Text: say(x.late)} }})
		}
	}
	d.columns = append(d.columns, columnOf[onCustomer]{head: "Served directly by", right: true, key: "served", down: true, number: known(func(x onCustomer) int { return x.served }),
		cell: func(x onCustomer) cell { return cell{Text: say(x.served)} }})
	return d.build(p, r)
}

func valueCell(n graph.Number) cell {
	v, ok := n.Get()
	if !ok {
		return cell{Text: say(marked("mute", "not given"))}
	}
	return cell{Text: say(phrase.Figure(v)), Raw: n.String()}
}

func (ed *edition) segmentOrKind(c int32) string {
	if n := &ed.snap.Nodes[c]; n.Kind == graph.Customer {
		return segmentWord(n)
	}
	return ed.whatIs(c) + ", stands in"
}

func (ed *edition) onCustomer(c int32) onCustomer {
	x := onCustomer{node: c, first: math.Inf(1), by: -1, served: len(ed.snap.ServedBy(c))}
	if ed.findings == nil {
		return x
	}
	x.alone = int(ed.findings.StoppedBy[c])
	if !ed.timesAffordable(len(ed.findings.SPOFs)) {
		return x
	}
	x.timed = true
	spofs, _ := ed.spofsOf(c)
	for _, sp := range spofs {
		h := ed.times.to(sp.Node, c)
		if h < x.first {
			x.first, x.by = h, sp.Node
		}
		if is, _, _ := ed.judge(sp.Node, h); is != inTime {
			x.late++
		}
	}
	return x
}

// customerPage answers: who can stop this customer alone, and how soon.
func (s *Server) customerPage(r *request) (*page, error) {
	c, err := r.node(graph.Customer)
	if err != nil {
		return nil, err
	}
	v, err := r.view("customer", "customer", r.id)
	if err != nil {
		return nil, err
	}
	ed := r.ed
	p := s.newPage(r, "/customers", ed.nameOf(c))
	p.Heading = say(ed.plainName(c))
	p.Crumbs = ed.customerCrumbs(c, p.Org)
	alone, listed := ed.spofsOf(c)
	p.Answer = []text{ed.customerAnswer(c, alone, listed)}
	p.Figures = ed.customerFigures(c, alone)
	pl, _, err := s.plate(p, r, v, "Picture of everything that "+ed.nameOf(c)+" cannot work without.")
	if err != nil {
		return nil, err
	}
	p.Plate = pl
	pl.Form = customerForm(ed, v, alone)
	shows := part{ID: "shows-h", Heading: say("What it shows"), Notes: ed.customerNotes(c, alone, pl), Numbers: true}
	who := part{ID: "alone-h", Heading: say("Can stop it alone")}
	switch {
	case ed.findings == nil:
		who.Paras = []text{say("This is being worked out.")}
	case !listed:
		who.Paras = []text{say("There are ", int(ed.findings.StoppedBy[c]), ", too many to list. ", link("All of them", "/risks"))}
	default:
		who.Table = s.aloneTable(p, r, c, alone)
	}
	const few = 5 // rows that stand well beside the notes
	switch {
	case len(shows.Notes) == 0:
		p.Sections = append(p.Sections, section{Columns: "two", Parts: []part{who}})
	case len(alone) <= few:
		p.Sections = append(p.Sections, section{Columns: "two", Parts: []part{shows, who}})
	default:
		p.Sections = append(p.Sections, section{ID: "shows", Heading: "What it shows", Columns: "wide-notes", Parts: []part{{Notes: shows.Notes, Numbers: true}}},
			section{ID: "alone", Heading: "Can stop it alone", Parts: []part{{Table: who.Table, Paras: who.Paras}}})
	}
	p.Sections = append(p.Sections, section{ID: "served", Heading: "Who serves it, and how well", Parts: []part{{Table: s.linksTable(p, r, c, "in", ed.linksOf(c, true))}}}, s.factsSection(p, r, ofNode(c)))
	p.Rests = rests(ed)
	return p, nil
}

func (ed *edition) customerCrumbs(c int32, org string) []text {
	cs := ed.byValue()
	at := slices.Index(cs, c)
	crumbs := []text{say(run{Text: org, Href: "/", Name: true}), say(link(phrase.Plural(len(cs), "customer", "customers"), "/customers"))}
	if at > 0 {
		crumbs = append(crumbs, say(link("previous", ed.href(cs[at-1]))))
	}
	if at >= 0 && at < len(cs)-1 {
		crumbs = append(crumbs, say(link("next", ed.href(cs[at+1]))))
	}
	if contact := ed.snap.Nodes[c].Contact; contact != "" {
		crumbs = append(crumbs, say("Contact: ", run{Text: contact, Name: true}))
	}
	return crumbs
}

func (ed *edition) customerAnswer(c int32, alone []*analysis.SPOF, listed bool) text {
	n := &ed.snap.Nodes[c]
	t := say(upper(ed.whatIs(c)))
	if v, ok := n.Value.Get(); ok {
		all, _ := ed.worth(ed.snap.Customers)
		t = append(t, run{Text: " worth " + phrase.Figure(v) + " of " + phrase.Figure(all) + " a year"})
	}
	t = append(t, run{Text: ". "})
	switch {
	case ed.findings == nil:
	case !listed:
		t = append(t, say(strong(phrase.Count(int(ed.findings.StoppedBy[c]))+" of "+phrase.Count(ed.tally.failing)), " can stop it alone.")...)
	case len(alone) == 0:
		t = append(t, say(strong("None of "+phrase.Count(ed.tally.failing)), " can stop it alone.")...)
	default:
		nodes := make([]int32, len(alone))
		for i, sp := range alone {
			nodes[i] = sp.Node
		}
		t = append(t, say(strong(upper(inWords(len(alone)))+" of "+phrase.Count(ed.tally.failing)), " can stop it alone: ")...)
		t = append(t, ed.names(nodes, "and", 4)...)
		t = append(t, run{Text: "."})
	}
	return t
}

func (ed *edition) customerFigures(c int32, alone []*analysis.SPOF) []figure {
	if ed.findings == nil {
		return nil
	}
	x := ed.onCustomer(c)
	fs := []figure{{What: "can stop it alone", Value: phrase.Count(x.alone), Of: "of " + phrase.Count(ed.tally.failing)}}
	if x.timed && x.by >= 0 {
		fs = append(fs, figure{What: "first stop after", Value: hours(x.first)},
			figure{What: "back too late, or unknown", Value: phrase.Count(x.late), Of: "of " + phrase.Count(len(alone))})
	}
	rated, links := 0, ed.linksOf(c, true)
	for _, l := range links {
		if ed.snap.Links[l].Values.Satisfaction.IsGiven() {
			rated++
		}
	}
	if len(links) > 0 {
		fs = append(fs, figure{What: "links to it rated", Value: phrase.Count(rated), Of: "of " + phrase.Count(len(links))})
	}
	return fs
}

func customerForm(ed *edition, v diagram.View, alone []*analysis.SPOF) *form {
	f := viewForm(ed.hrefOf(v.Customer), v, "customer", "links", "colour", "chain")
	f.Fields = []field{linksField(v)}
	if len(alone) > 0 && len(alone) <= 200 {
		chain := field{ID: "chain", Name: "chain", Label: "Show how it breaks", Options: []option{{Label: "no chain"}}}
		for _, sp := range alone {
			chain.Options = append(chain.Options, option{Value: ed.snap.Nodes[sp.Node].ID, Label: "if " + ed.nameOf(sp.Node) + " fails"})
		}
		chosen := v.Chain
		if x, err := ed.snap.Lookup(v.Chain); err == nil {
			chosen = ed.snap.Nodes[x].ID
		}
		choose(chain.Options, chosen)
		f.Fields = append(f.Fields, chain)
	}
	f.Fields = append(f.Fields, colourField(v, []option{{Value: "risk", Label: "who can stop it"}, {Value: "load", Label: "work used"}, {Value: "rating", Label: "ratings"}, {Value: "none", Label: "nothing"}}))
	return f
}

// hrefOf is the page of what a reference means.
func (ed *edition) hrefOf(ref string) string {
	if v, err := ed.snap.Lookup(ref); err == nil {
		return ed.href(v)
	}
	return "/"
}

// customerNotes says what the picture shows: which needs have a way out, and which of those are no way out.
func (ed *edition) customerNotes(c int32, alone []*analysis.SPOF, pl *plate) []note {
	if ed.findings == nil {
		return nil
	}
	var notes []note
	needs, from := ed.snap.NeedsOf(c)
	var singles []note
	for i := range needs {
		need := &needs[i]
		if need.Criticality != graph.Critical || len(notes) >= 6 {
			continue
		}
		switch {
		case need.Unmet:
			notes = append(notes, note{Heading: say(upper(ed.needWords(need)) + ": " + inWords(len(need.Providers)) + " of the " + inWords(int(need.MinProviders)) + " it needs"),
				Paras: []text{append(append(say("It comes from "), ed.names(need.Providers, "and", 4)...), run{Text: " only."})}})
		case len(need.Providers) > int(need.K):
			notes = append(notes, ed.sparesNote(from+int32(i), pl))
		default:
			singles = append(singles, ed.singleNote(need, pl))
		}
	}
	const some = 3
	if more := len(singles) - some + 1; more > 1 {
		singles = append(singles[:some-1], note{Heading: say(upper(inWords(more)) + " more of its needs have no second source"), Paras: []text{say("The links below name them all.")}})
	}
	notes = append(singles, notes...)
	if len(alone) == 0 && len(needs) > 0 && ed.findings.StoppedBy[c] == 0 {
		notes = append(notes, note{Heading: say("Nobody can stop it alone"), Paras: []text{say("Whoever fails, at least one way to serve it is left. Pairs were not looked at here.")}})
	}
	return notes
}

func (ed *edition) singleNote(need *graph.Need, pl *plate) note {
	p := append(say(), ed.names(need.Providers, "and", 4)...)
	if len(need.Providers) == 1 {
		p = append(p, run{Text: " alone provides it. "})
	} else {
		p = append(p, run{Text: " must all work. "})
	}
	if need.Tolerance > 0 {
		p = append(p, run{Text: "The customer copes " + phrase.HoursInWords(need.Tolerance) + " without it."})
	} else {
		p = append(p, run{Text: "Without it the customer stops at once."})
	}
	heading := "Only one source of " + ed.needWords(need)
	if len(need.Providers) > 1 {
		heading = "Nobody to spare for " + ed.needWords(need)
	}
	return note{Heading: say(heading), Paras: []text{p}, Ref: pl.cell(ed.snap, need.Providers[0])}
}

// sparesNote tells of a need with spare providers: whether one failure takes them all.
func (ed *edition) sparesNote(id int32, pl *plate) note {
	need := &ed.snap.Needs[id]
	behind := ed.behind(id)
	p := ed.names(need.Providers, "and", 4)
	p = append(p, run{Text: fmt.Sprintf(" can provide it; %s %s enough. ", inWords(int(need.K)), either(int(need.K), "is", "are"))})
	if len(behind) == 0 {
		p = append(p, run{Text: "No single failure leaves too few."})
		return note{Heading: say("There are " + inWords(len(need.Providers)) + " ways to get " + ed.needWords(need)), Paras: []text{p}, Ref: pl.cell(ed.snap, need.Providers[0])}
	}
	p = append(p, run{Text: "But if "})
	p = append(p, ed.names(behind, "or", 4)...)
	p = append(p, run{Text: " fails, too few are left."})
	heading := "It looks safe: " + inWords(len(need.Providers)) + " can provide " + ed.needWords(need)
	return note{Heading: say(heading), Paras: []text{p}, Ref: pl.cell(ed.snap, behind[0])}
}

// behind lists the nodes that alone break a need with spare providers.
func (ed *edition) behind(need int32) []int32 {
	var nodes []int32
	for _, fr := range ed.findings.FalseRedundancy {
		if fr.Need == need {
			nodes = append(nodes, fr.Node)
		}
	}
	return nodes
}

// aloneRow is one that can stop the customer alone.
type aloneRow struct {
	sp    *analysis.SPOF
	hours float64 // NaN when not worked out
}

func (s *Server) aloneTable(p *page, r *request, c int32, alone []*analysis.SPOF) *table {
	ed := r.ed
	affordable := ed.timesAffordable(len(alone))
	rows := make([]aloneRow, len(alone))
	for i, sp := range alone {
		rows[i] = aloneRow{sp, math.NaN()}
		if affordable {
			rows[i].hours = ed.times.to(sp.Node, c)
		}
	}
	until := func(x aloneRow) float64 {
		if math.IsNaN(x.hours) {
			return ed.times.to(x.sp.Node, c)
		}
		return x.hours
	}
	d := tableOf[aloneRow]{id: "stops", labelby: "alone-h", what: [2]string{"", "that can stop it"}, entries: rows,
		caption: say(len(alone), " of the "+phrase.Count(ed.tally.failing)+" that can fail."), empty: "Nobody can.",
		why: func(x aloneRow) text { return ed.chain(ed.chainTo(x.sp.Node, c)) }}
	if affordable {
		d.sort = "after"
	}
	stops := columnOf[aloneRow]{head: "Customer stops after", right: true, cell: func(x aloneRow) cell { return cell{Text: say(hours(until(x)))} }}
	if affordable {
		stops.key, stops.number = "after", func(x aloneRow) (float64, bool) { return finite(x.hours) }
	}
	d.columns = []columnOf[aloneRow]{
		{head: "If this fails", key: "who", words: func(x aloneRow) string { return ed.nameOf(x.sp.Node) }, cell: func(x aloneRow) cell {
			is, _, _ := ed.judge(x.sp.Node, until(x))
			sign := marked("risk", "▲ ")
			if is != inTime {
				sign.Text = "▲▲ "
			}
			return cell{Head: true, Text: say(sign, ed.name(x.sp.Node)), Raw: ed.nameOf(x.sp.Node)}
		}},
		stops,
		{head: "It is back after", right: true, key: "back", number: func(x aloneRow) (float64, bool) { return ed.snap.Nodes[x.sp.Node].RecoveryHours.Get() },
			cell: func(x aloneRow) cell { return ed.backCell(x.sp.Node) }},
		{head: "So", cell: func(x aloneRow) cell { return cell{Text: say(ed.verdictTag(x.sp.Node, until(x)))} }},
	}
	return d.build(p, r)
}

// backCell says after how long a node is back.
func (ed *edition) backCell(v int32) cell {
	if back, ok := ed.snap.Nodes[v].RecoveryHours.Get(); ok {
		return cell{Text: say(hours(back))}
	}
	return cell{Text: say(marked("warn", "not given"))}
}
