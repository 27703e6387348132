package viewer

import (
	"cmp"
	"fmt"
	"math"
	"net/url"
	"slices"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/phrase"
	"example.com/whoserves/viewer/diagram"
)

// overviewCustomers is how many customers the overview lists; the others have a page of their own.
const overviewCustomers = 12

// overviewPage answers: how many can stop a customer alone, and what are the six things to know.
func (s *Server) overviewPage(r *request) (*page, error) {
	if s.empty(r.ed) {
		return s.firstVisit(r), nil
	}
	v, err := r.view("overview")
	if err != nil {
		return nil, err
	}
	ed := r.ed
	p := s.newPage(r, "/", "Overview")
	p.Heading = say("Who serves our customers")
	if p.Org != unnamed {
		p.Heading = say("Who serves ", run{Text: possessive(p.Org), Name: true}, " customers")
	}
	p.Answer = append(p.Answer, ed.canStop())
	if ed.snap.StandIn {
		p.Answer = append(p.Answer, say("No external customer is given: "+standInsSaid(len(ed.snap.Customers))+"."))
	}
	p.Figures = ed.overviewFigures()
	pl, d, err := s.plate(p, r, v, "Picture of the whole organisation.")
	if err != nil {
		return nil, err
	}
	pl.Form = overviewForm(ed, v)
	p.Plate, p.Beside = pl, true
	if notes := ed.thingsToKnow(pl); len(notes) > 0 {
		p.Sections = append(p.Sections, section{ID: "know", Heading: thingsHeading(len(notes)), Columns: "wide-notes", Parts: []part{{Notes: notes, Numbers: true}}})
	}
	if large(ed) {
		p.Answer = append(p.Answer, tooLarge(ed, d))
		p.Sections = append(p.Sections, waysOn(ed))
	}
	t := s.customersTable(p, r, overviewCustomers)
	t.Labelby = "customers-list-h"
	p.Sections = append(p.Sections, section{ID: "customers-list", Heading: upper(inWords(len(ed.snap.Customers))) + " " + either(len(ed.snap.Customers), "customer", "customers"),
		Parts: []part{{Table: t}}})
	if well := ed.goesWell(); len(well) > 0 {
		p.Sections = append(p.Sections, section{ID: "well", Heading: "What goes well", Columns: "three", Parts: well})
	}
	p.Rests = rests(ed)
	return p, nil
}

// standInsSaid says who stand in for customers.
func standInsSaid(n int) string {
	return either(n, "the only one that serves nobody stands in", "the "+phrase.Count(n)+" that serve nobody stand in") + " for customers"
}

// possessive gives "Ferrin Air’s", "Northreach Hospitals’".
func possessive(name string) string {
	if len(name) > 0 && name[len(name)-1] == 's' {
		return name + "’"
	}
	return name + "’s"
}

func thingsHeading(n int) string {
	if n == 1 {
		return "One thing to know"
	}
	return upper(inWords(n)) + " things to know"
}

// canStop says how many can stop a customer alone, and how many of those are back too late.
func (ed *edition) canStop() text {
	if ed.findings == nil {
		return say(kindCount(ed.tally.kinds[graph.Team], graph.Team), ", "+kindCount(ed.tally.kinds[graph.Supplier], graph.Supplier)+", ",
			phrase.Plural(len(ed.snap.Links), "link", "links")+" and "+phrase.Plural(len(ed.snap.Customers), "customer", "customers")+".")
	}
	spofs := ed.findings.SPOFs
	if len(spofs) == 0 {
		if len(ed.snap.Customers) == 0 {
			return say("There is no customer yet, so nothing can be said about who could stop one.")
		}
		return say(strong("None of the "+phrase.Count(ed.tally.failing)), " that can fail can stop a customer alone.")
	}
	nodes := make([]int32, len(spofs))
	late, unsaid := 0, 0
	for i := range spofs {
		nodes[i] = spofs[i].Node
		switch {
		case spofs[i].RecoveryUnknown:
			unsaid++
		case spofs[i].Exposed:
			late++
		}
	}
	t := say(strong(upper(ed.kindsOf(nodes))), " can"+either(len(spofs), "", " each")+" stop at least one customer alone. ")
	return append(t, backInTime(len(spofs), late, unsaid)...)
}

// backInTime says how many of those that can stop a customer come back too late, and of how many nobody knows.
func backInTime(all, late, unsaid int) text {
	const tooLong = " back later than the customer can wait"
	takes := func(n int) string { return "nobody has said how long " + either(n, "it takes", "they take") }
	switch {
	case late == all:
		return say(strong(either(all, "It", "All of them")), either(all, " comes", " come")+tooLong+".")
	case unsaid == all:
		return say(upper(takes(all)) + " to come back.")
	case late+unsaid == 0:
		return say(either(all, "It is", "All of them are") + " back before a customer stops.")
	case late == 0:
		return say("For " + inWords(unsaid) + " of these " + phrase.Count(all) + " " + takes(unsaid) + " to come back.")
	}
	t := say(strong(phrase.Count(late)+" of these "+phrase.Count(all)), either(late, " comes", " come")+tooLong)
	if unsaid > 0 {
		t = append(t, run{Text: "; for " + inWords(unsaid) + " more " + takes(unsaid)})
	}
	return append(t, run{Text: "."})
}

func (ed *edition) overviewFigures() []figure {
	rated := figure{What: "links rated", Value: phrase.Count(ed.tally.rated), Of: "of " + phrase.Count(len(ed.snap.Links))}
	if ed.findings == nil {
		return []figure{rated}
	}
	exposed := 0
	for i := range ed.findings.SPOFs {
		if ed.findings.SPOFs[i].Exposed {
			exposed++
		}
	}
	return []figure{
		{What: "can stop a customer alone", Value: phrase.Count(len(ed.findings.SPOFs)), Of: "of " + phrase.Count(ed.tally.failing), Href: "/risks"},
		{What: "back too late, or unknown", Value: phrase.Count(exposed), Of: "of " + phrase.Count(len(ed.findings.SPOFs)), Href: "/risks?exposed=1"},
		rated,
	}
}

// overviewForm chooses what the picture shows.
func overviewForm(ed *edition, v diagram.View) *form {
	open := field{ID: "open", Name: "open", Label: "Open", Options: []option{{Label: "no unit", Chosen: len(v.Open) == 0}}}
	for _, u := range ed.units() {
		chosen := slices.ContainsFunc(v.Open, func(ref string) bool { return ref == ed.snap.Nodes[u].ID || ref == ed.nameOf(u) })
		open.Options = append(open.Options, option{Value: ed.snap.Nodes[u].ID, Label: fmt.Sprintf("%s (%s)", ed.nameOf(u), kindCount(len(ed.snap.TeamsOf(u)), graph.Team)), Chosen: chosen})
	}
	f := viewForm("/", v, "open", "links", "colour")
	if len(open.Options) > 1 {
		f.Fields = append(f.Fields, open)
	}
	f.Fields = append(f.Fields, linksField(v), colourField(v, []option{{Value: "none", Label: "nothing"}, {Value: "risk", Label: "who can stop a customer"}, {Value: "load", Label: "work used"}, {Value: "share", Label: "place in the chain"}, {Value: "rating", Label: "ratings"}}))
	return f
}

// units lists the boxes of the org chart that have teams.
func (ed *edition) units() []int32 {
	var us []int32
	for i := range int32(len(ed.snap.Nodes)) {
		if ed.snap.IsBox(i) {
			us = append(us, i)
		}
	}
	slices.SortStableFunc(us, func(a, b int32) int { return compareNames(ed.nameOf(a), ed.nameOf(b)) })
	return us
}

// large says whether an organisation is too large for one picture of all.
func large(ed *edition) bool { return ed.snap.NodeCount() > diagram.DefaultNodes }

// tooLarge says why the picture is folded.
func tooLarge(ed *edition, d *diagram.Diagram) text {
	nodes, links := ed.snap.NodeCount(), len(ed.snap.Links)
	if d.View.Nodes >= nodes {
		return say("The picture holds all ", nodes, " and is hard to read.")
	}
	return say(strong(phrase.Count(nodes)+" nodes and "+phrase.Plural(links, "link", "links")), " are too many to read in one picture, so they are folded. Nothing is lost: open a unit, follow one customer, or take the whole list.")
}

// waysOn are the other ways to see all of a large organisation.
func waysOn(ed *edition) section {
	n := ed.snap.NodeCount()
	teams := ed.tally.kinds[graph.Team]
	list := part{Card: true, Level: 3, Heading: say("All " + kindCount(teams, graph.Team) + " as a list"),
		Paras: []text{say("Sorted by how many customers each can stop. ", link("Open the list", "/teams"), " · ", link("CSV", "/teams?csv=list"))}}
	parts := []part{list}
	if ed.findings != nil {
		parts = append(parts, part{Card: true, Level: 3, Heading: say("Only what can break"),
			Paras: []text{say("The ", len(ed.findings.SPOFs), " of ", ed.tally.failing, " that can stop a customer alone. ", link("See those", "/risks"))}})
	}
	if n <= diagram.MaxNodes {
		q := fmt.Sprintf("view=overview&nodes=%d", max(n, 100))
		for _, u := range ed.units() {
			q += "&open=" + url.QueryEscape(ed.snap.Nodes[u].ID)
		}
		if len(q) < 12000 {
			parts = append(parts, part{Card: true, Level: 3, Heading: say("Draw it whole anyway"),
				Paras: []text{say("Made for a wall print or another tool; it may take long, or be too large. ", link("SVG", "/draw.svg?"+q), " · ", link("PDF", "/draw.pdf?"+q), " · ", link("DOT", "/draw.dot?"+q))}})
		}
	}
	return section{ID: "ways", Heading: "Other ways to see all of it", Columns: "three", Parts: parts}
}

// thingsToKnow are the findings that matter most, at most six, worst first.
func (ed *edition) thingsToKnow(pl *plate) []note {
	if ed.findings == nil {
		return nil
	}
	told := map[int32]bool{} // nodes that a finding is about: each is told once
	var notes []note
	for _, find := range []func(map[int32]bool) (note, int32){
		ed.unmetNote, ed.widestNote, ed.falseNote, ed.keyPersonNote, ed.farNote, ed.ratingNote, ed.fullNote,
		ed.hollowNote, ed.circularNote, ed.positionNote, ed.channelNote,
	} {
		n, about := find(told)
		if len(n.Heading) == 0 {
			continue
		}
		if about >= 0 {
			told[about] = true
			n.Ref = pl.cell(ed.snap, about)
		}
		notes = append(notes, n)
		if len(notes) == 6 {
			break
		}
	}
	return notes
}

func (ed *edition) unmetNote(map[int32]bool) (note, int32) {
	if len(ed.findings.Unmet) == 0 {
		return note{}, -1
	}
	need := &ed.snap.Needs[ed.findings.Unmet[0]]
	n := note{Heading: say(ed.plainName(need.Consumer), " has "+inWords(len(need.Providers))+" of the "+inWords(int(need.MinProviders))+" it needs for "+ed.needWords(need))}
	p := say(ed.name(need.Consumer), " gets it only from ")
	p = append(p, ed.names(need.Providers, "and", 4)...)
	p = append(p, run{Text: ". Everything else here is worked out as if that were enough."})
	if more := len(ed.findings.Unmet) - 1; more > 0 {
		p = append(p, say(" ", link(phrase.Plural(more, "other need is not met", "other needs are not met"), "/risks#unmet"), ".")...)
	}
	n.Paras = []text{p}
	return n, need.Consumer
}

// widestNote tells of the one that stops most customers; of several, the one with the least time to spare.
func (ed *edition) widestNote(map[int32]bool) (note, int32) {
	if len(ed.findings.SPOFs) == 0 {
		return note{}, -1
	}
	sp, alike := &ed.findings.SPOFs[0], 0
	for i := range ed.findings.SPOFs {
		x := &ed.findings.SPOFs[i]
		if x.DownCount < sp.DownCount {
			break
		}
		alike++
		if ed.spareOf(x) < ed.spareOf(sp) {
			sp = x
		}
	}
	n := note{Heading: say(ed.plainName(sp.Node), " stops "+ed.customersSaid(sp.DownCount))}
	p := say("If ", ed.name(sp.Node), " fails, "+firstSaid(sp.DownCount)+" stops "+phrase.After(sp.FirstImpact)+". ")
	p = append(p, ed.backSaid(sp.Node, sp.FirstImpact)...)
	if alike > 1 {
		p = append(p, say(" ", link(phrase.Plural(alike-1, "other stops", "others stop")+" as many", "/risks"), ".")...)
	}
	n.Paras = []text{p}
	return n, sp.Node
}

// spareOf gives the hours between the return of a node and the stop of the first customer; where nobody has said when it is
// back, those until the stop.
func (ed *edition) spareOf(sp *analysis.SPOF) float64 {
	_, _, spare := ed.judge(sp.Node, sp.FirstImpact)
	if sp.RecoveryUnknown {
		return sp.FirstImpact
	}
	return spare
}

func firstSaid(n int) string {
	if n == 1 {
		return "the customer"
	}
	return "the first customer"
}

// falseNote tells of the need with spare providers that one node breaks and most customers feel.
func (ed *edition) falseNote(told map[int32]bool) (note, int32) {
	best, most := -1, 0
	for i, fr := range ed.findings.FalseRedundancy {
		sp := ed.spof(fr.Node)
		if sp == nil || told[fr.Node] || sp.DownCount <= most {
			continue
		}
		best, most = i, sp.DownCount
	}
	if best < 0 {
		return note{}, -1
	}
	fr := ed.findings.FalseRedundancy[best]
	need := &ed.snap.Needs[fr.Need]
	n := note{Heading: say(upper(inWords(len(need.Providers)))+" sources of "+ed.needWords(need)+", ", ed.plainName(fr.Node), " behind "+bothOr(len(need.Providers)))}
	p := say(ed.name(need.Consumer), " can choose between ")
	p = append(p, ed.names(need.Providers, "and", 3)...)
	sp := ed.spof(fr.Node)
	p = append(p, say(", but ", ed.name(fr.Node), " takes them away together. Then "+ed.customersSaid(sp.DownCount)+" "+either(sp.DownCount, "stops", "stop")+", the first "+phrase.After(sp.FirstImpact)+". ")...)
	p = append(p, ed.backSaid(fr.Node, sp.FirstImpact)...)
	n.Paras = []text{p}
	return n, fr.Node
}

func bothOr(n int) string {
	if n == 2 {
		return "both"
	}
	return "all " + inWords(n)
}

func (ed *edition) keyPersonNote(told map[int32]bool) (note, int32) {
	best, most := -1, -1
	for i, k := range ed.findings.KeyPeople {
		down := 0
		if sp := ed.spof(k.Person); sp != nil {
			down = sp.DownCount
		}
		if !told[k.Person] && down > most {
			best, most = i, down
		}
	}
	if best < 0 {
		return note{}, -1
	}
	k := ed.findings.KeyPeople[best]
	n := note{Heading: say("One person holds ", ed.plainName(k.Team))}
	p := say(ed.name(k.Person), " is the only member of ", ed.name(k.Team), ".")
	if m := len(ed.snap.MembersOf(k.Team)); m > 1 {
		n.Heading = say(ed.plainName(k.Team), " has nobody to spare")
		p = say(ed.name(k.Team), " needs all ", m, " of its members, ", ed.name(k.Person), " among them.")
	}
	if sp := ed.spof(k.Person); sp != nil {
		p = append(p, say(" If that one is away, "+ed.customersSaid(sp.DownCount)+" "+either(sp.DownCount, "stops", "stop")+", the first "+phrase.After(sp.FirstImpact)+".")...)
	}
	n.Paras = []text{p}
	return n, k.Person
}

// farNote tells of one far from the customers that nevertheless stops them before it is back.
func (ed *edition) farNote(told map[int32]bool) (note, int32) {
	var far *analysis.SPOF
	for i := range ed.findings.SPOFs {
		sp := &ed.findings.SPOFs[i]
		if sp.Exposed && !told[sp.Node] && len(sp.Chain) > 1 && (far == nil || sp.RecoveryUnknown == far.RecoveryUnknown && len(sp.Chain) > len(far.Chain) || far.RecoveryUnknown && !sp.RecoveryUnknown) {
			far = sp
		}
	}
	if far == nil {
		return note{}, -1
	}
	first := &ed.snap.Needs[far.Chain[0].Need]
	n := note{Heading: say(ed.plainName(far.Node), " can stop ", ed.plainName(far.FirstCustomer))}
	p := say(ed.name(first.Consumer), " copes "+phrase.HoursInWords(first.Tolerance)+" without "+ed.needWords(first)+". ")
	if first.Tolerance == 0 {
		p = say(ed.name(first.Consumer), " stops at once without "+ed.needWords(first)+". ")
	}
	p = append(p, say(ed.name(far.FirstCustomer), " stops "+phrase.After(far.FirstImpact)+". ")...)
	p = append(p, ed.backSaid(far.Node, far.FirstImpact)...)
	n.Paras = []text{p}
	return n, far.Node
}

// ratingNote tells of the lowest rating.
func (ed *edition) ratingNote(map[int32]bool) (note, int32) {
	low := -1
	for i := range ed.snap.Links {
		if v, ok := ed.snap.Links[i].Values.Satisfaction.Get(); ok && (low < 0 || v < ed.snap.Links[low].Values.Satisfaction.Or(101)) {
			low = i
		}
	}
	if low < 0 || ed.snap.Links[low].Values.Satisfaction.Or(100) >= 75 {
		return note{}, -1
	}
	l := &ed.snap.Links[low]
	v := l.Values.Satisfaction.Or(0)
	p := say("The lowest of " + phrase.Count(ed.tally.rated) + " ratings.")
	if ed.tally.rated == 1 {
		p = say("It is the only rating.")
	}
	p = append(p, say(" ", ed.name(l.Provider), " serves ", ed.name(l.Consumer))...)
	if l.Service != "" {
		p = append(p, run{Text: " with "}, run{Text: l.Service, Name: true})
	}
	p = append(p, run{Text: "."})
	// Said as what was done: then it does not matter whether a name is one or many.
	return note{Heading: say(ed.plainName(l.Consumer), " rated ", ed.plainName(l.Provider), " "+phrase.Figure(v)+" of 100"), Paras: []text{p}}, l.Provider
}

// fullNote tells of the one with the least room.
func (ed *edition) fullNote(told map[int32]bool) (note, int32) {
	best, most := int32(-1), analysis.Hot
	for v := range ed.findings.Load {
		if u, ok := ed.findings.Load[v].Utilisation.Get(); ok && u >= most {
			best, most = int32(v), u
		}
	}
	if best < 0 {
		return note{}, -1
	}
	l := &ed.findings.Load[best]
	heading := " is nearly full"
	switch {
	case most > 1:
		heading = " is asked for more than it can do"
	case most == 1:
		heading = " is full"
	}
	return note{Heading: say(ed.plainName(best), heading), Paras: []text{say(ed.name(best), " has to do "+phrase.Figure(l.Load.Or(0))+" and can do "+phrase.Figure(l.Capacity.Or(0))+" ("+phrase.Percent(most)+"). ", link("Where it jams", "/bottlenecks"), ".")}}, best
}

func (ed *edition) hollowNote(map[int32]bool) (note, int32) {
	if len(ed.findings.Hollow) == 0 {
		return note{}, -1
	}
	h := ed.findings.Hollow[0]
	return note{Heading: say("A backup too small to help"), Paras: []text{ed.hollowSaid(h)}}, h.Survivor
}

func (ed *edition) hollowSaid(h analysis.Hollow) text {
	return say("If ", ed.name(h.Failed), " fails, ", ed.name(h.Survivor), " would have to take on "+phrase.Figure(h.Extra)+" more for ", ed.name(ed.snap.Needs[h.Need].Consumer), " and has room for "+phrase.Figure(math.Max(0, h.Spare))+".")
}

func (ed *edition) circularNote(map[int32]bool) (note, int32) {
	if len(ed.findings.Circular) == 0 {
		return note{}, -1
	}
	c := ed.findings.Circular[0]
	return note{Heading: say("A backup that needs the one it backs up"), Paras: []text{ed.circularSaid(c)}}, c.Provider
}

func (ed *edition) circularSaid(c analysis.Circular) text {
	need := &ed.snap.Needs[c.Need]
	return say(ed.name(c.Provider), " is one of "+inWords(len(need.Providers))+" that can give ", ed.name(need.Consumer), " "+ed.needWords(need)+", but itself stops when ", ed.name(need.Consumer), " does.")
}

func (ed *edition) positionNote(told map[int32]bool) (note, int32) {
	for _, b := range ed.findings.Bottlenecks {
		if !b.Measured && b.Share >= 0.1 && !told[b.Node] {
			return note{Heading: say("Much runs through ", ed.plainName(b.Node)), Paras: []text{say(phrase.Percent(b.Share)+" of the shortest chains to customers run through ", ed.name(b.Node), ". ", link("Where it jams", "/bottlenecks?basis=structural"), ".")}}, b.Node
		}
	}
	return note{}, -1
}

func (ed *edition) channelNote(map[int32]bool) (note, int32) {
	without, given := 0, 0
	for i := range ed.snap.Links {
		if ed.snap.Links[i].Values.Channel == "" {
			without++
		} else {
			given++
		}
	}
	if without == 0 || given == 0 {
		return note{}, -1
	}
	return note{Heading: say(without, " of "+phrase.Plural(len(ed.snap.Links), "link", "links")+" "+either(without, "has", "have")+" no agreed channel"),
		Paras: []text{say("Nobody has said through what the two sides talk when something goes wrong. Each team’s page lists its own.")}}, -1
}

// goesWell is the good news: best rated, most relied on, agreed channels.
func (ed *edition) goesWell() []part {
	var parts []part
	if best := ed.bestRated(2); len(best) > 0 {
		parts = append(parts, part{Paras: []text{append(say(strong("Best rated: ")), joinWith(best, "; ", ".")...)}})
	}
	if most := ed.mostReliedOn(2); len(most) > 0 {
		parts = append(parts, part{Paras: []text{append(say(strong("Most relied on: ")), joinWith(most, "; ", ".")...)}})
	}
	channel := 0
	for i := range ed.snap.Links {
		if ed.snap.Links[i].Values.Channel != "" {
			channel++
		}
	}
	if channel > 0 {
		parts = append(parts, part{Paras: []text{say(strong("Agreed how to talk: "), channel, " of "+phrase.Plural(len(ed.snap.Links), "link", "links")+" "+either(channel, "has", "have")+" an agreed channel.")}})
	}
	return parts
}

func joinWith(items []text, between, end string) text {
	var t text
	for i, item := range items {
		if i > 0 {
			t = append(t, run{Text: between})
		}
		t = append(t, item...)
	}
	return append(t, run{Text: end})
}

func (ed *edition) bestRated(most int) []text {
	var best []int
	for i := range ed.snap.Links {
		if ed.snap.Links[i].Values.Satisfaction.Or(0) >= 80 {
			best = append(best, i)
		}
	}
	slices.SortStableFunc(best, func(a, b int) int {
		return cmp.Compare(ed.snap.Links[b].Values.Satisfaction.Or(0), ed.snap.Links[a].Values.Satisfaction.Or(0))
	})
	var out []text
	for _, i := range best[:min(most, len(best))] {
		l := &ed.snap.Links[i]
		out = append(out, say(ed.name(l.Provider), ", "+phrase.Figure(l.Values.Satisfaction.Or(0))+" of 100 by ", ed.name(l.Consumer)))
	}
	return out
}

func (ed *edition) mostReliedOn(most int) []text {
	type relied struct {
		node int32
		by   int
	}
	var all []relied
	for v := range int32(len(ed.snap.Nodes)) {
		if n := len(ed.snap.Served(v)); n > 1 && ed.snap.Nodes[v].Kind != graph.Customer {
			all = append(all, relied{v, n})
		}
	}
	slices.SortStableFunc(all, func(a, b relied) int { return b.by - a.by })
	var out []text
	for _, x := range all[:min(most, len(all))] {
		out = append(out, say(ed.name(x.node), ", by ", x.by, " others"))
	}
	return out
}

// firstVisit is the page of an organisation without data.
func (s *Server) firstVisit(r *request) *page {
	p := s.newPage(r, "/", "Start")
	p.Heading = say("Nothing here yet")
	p.Answer = []text{say("Tell whoserves who serves whom, and it shows where the chain to your customers can break.")}
	p.Plate = &plate{SVG: firstPicture, Label: "Picture: a supplier serves a team, which serves another team, which serves a customer.",
		Shows: say("A supplier serves Payroll, Payroll serves Crew scheduling, Crew scheduling serves Passengers."), Notes: []text{say("Arrows run from who serves to who is served.")}, Static: true}
	bring := part{Level: 3, Heading: say("Bring what you have"), Paras: []text{say("Dependency sheets, HR exports, supplier lists, as they are. You see what will change before anything does.")}}
	if s.noImports() == nil {
		bring.Acts = []run{{Text: "Import files", Href: importPath, Class: "go"}}
	} else {
		bring.Paras = append(bring.Paras, say(run{Text: "whoserves import FILE…", Class: "code"}))
	}
	p.Sections = []section{{ID: "start", Heading: "Three ways on", Columns: "three", Parts: []part{
		bring,
		{Level: 3, Heading: say("Look at an example"), Paras: []text{say("An airline that we made up, with its teams, suppliers and customers. It is yours alone and can be thrown away."), say(run{Text: "whoserves demo", Class: "code"})}},
		{Level: 3, Heading: say("Start small"), Paras: []text{say("Three columns in a spreadsheet are enough: provider, consumer, service."), say(link("Get the empty table of links", s.files.path("links.csv")), " · ", link("of teams and customers", s.files.path("nodes.csv")))}},
	}}}
	return p
}
