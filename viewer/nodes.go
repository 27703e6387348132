package viewer

import (
	"cmp"
	"math"
	"net/url"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/phrase"
	"example.com/whoserves/viewer/diagram"
)

// onlyKeys refuses keys that a page does not take.
func onlyKeys(r *request, keys ...string) error {
	right := append(keys, keySort)
	for k := range r.query {
		if !slices.Contains(right, k) {
			return &diagram.QueryError{Key: k, Unknown: true, Allowed: right}
		}
	}
	return nil
}

// listPage lists everything of a kind.
func (s *Server) listPage(r *request, k graph.Kind) (*page, error) {
	if err := onlyKeys(r, "unit", "q"); err != nil {
		return nil, err
	}
	ed := r.ed
	words := kindWords[k]
	p := s.newPage(r, "/teams", upper(words[1]))
	p.Heading = say(upper(kindCount(ed.tally.kinds[k], k)))
	p.Jump = ed.kindLinks(k)
	unit := int32(-1)
	if ref := r.query.Get("unit"); ref != "" {
		var err error
		if unit, err = ed.snap.Lookup(ref); err != nil {
			return nil, err
		}
	}
	nodes := ed.listed(k, unit, r.query.Get("q"))
	p.Answer = []text{ed.listAnswer(k, nodes)}
	if ed.tally.kinds[k] > 0 {
		p.Ask = ed.listForm(k, unit, r.query.Get("q"))
	}
	var t *table
	if k == graph.Unit {
		t = s.unitsTable(p, r, nodes)
	} else {
		t = s.nodesTable(p, r, k, nodes)
	}
	if all := ed.tally.kinds[k]; len(nodes) < all {
		t.Caption = append(say("Showing ", len(nodes), " of "+kindCount(all, k)+". "), t.Caption...)
	}
	p.Sections = []section{{Parts: []part{{Table: t}}}}
	p.Rests = rests(ed)
	return p, nil
}

// kindLinks leads to the lists of the other kinds.
func (ed *edition) kindLinks(here graph.Kind) []run {
	var links []run
	for _, k := range graph.Kinds() {
		if k != here && k != graph.Customer && ed.tally.kinds[k] > 0 {
			links = append(links, link(upper(kindWords[k][1])+" ("+phrase.Count(ed.tally.kinds[k])+")", kindPath(k)))
		}
	}
	return links
}

// listed gives the nodes of a kind, in a unit and with a part of the name if those are asked for.
func (ed *edition) listed(k graph.Kind, unit int32, part string) []int32 {
	folded := graph.Fold(part)
	var nodes []int32
	for i := range int32(len(ed.snap.Nodes)) {
		n := &ed.snap.Nodes[i]
		switch {
		case kindPath(n.Kind) != kindPath(k):
		case unit >= 0 && !ed.inUnit(i, unit):
		case folded != "" && !strings.Contains(graph.Fold(n.Name), folded) && !strings.Contains(graph.Fold(n.ID), folded):
		default:
			nodes = append(nodes, i)
		}
	}
	slices.SortStableFunc(nodes, func(a, b int32) int { return compareNames(ed.nameOf(a), ed.nameOf(b)) })
	return nodes
}

// inUnit says that v lies in a unit, however deep. A person is where its teams are.
func (ed *edition) inUnit(v, unit int32) bool {
	return ed.snap.IsIn(v, unit) || slices.ContainsFunc(ed.snap.Nodes[v].Teams, func(t int32) bool { return ed.inUnit(t, unit) })
}

func (ed *edition) listAnswer(k graph.Kind, nodes []int32) text {
	if k == graph.Unit {
		return say("Units are the boxes of the org chart. A unit is up while its teams are.")
	}
	if ed.findings == nil {
		return nil
	}
	risky := 0
	for _, v := range nodes {
		if ed.spof(v) != nil {
			risky++
		}
	}
	if risky == 0 {
		return say("None of these ", len(nodes), " can stop a customer alone.")
	}
	return say(strong(phrase.Count(risky)+" of "+kindCount(len(nodes), k)), " can stop at least one customer alone.")
}

func (ed *edition) listForm(k graph.Kind, unit int32, part string) *form {
	f := &form{Action: kindPath(k), Label: "Which " + kindWords[k][1], Submit: "Show"}
	f.Fields = []field{{Type: "text", ID: "part", Name: "q", Label: "Name contains", Value: part}}
	if units := ed.units(); len(units) > 0 && k != graph.Unit && k != graph.Supplier {
		u := field{Type: "select", ID: "unit", Name: "unit", Label: "Unit", Options: []option{{Label: anyUnit(len(units)), Chosen: unit < 0}}}
		for _, x := range units {
			u.Options = append(u.Options, option{Value: ed.snap.Nodes[x].ID, Label: ed.nameOf(x), Chosen: x == unit})
		}
		f.Fields = append(f.Fields, u)
	}
	return f
}

// anyUnit is the choice of no unit in particular.
func anyUnit(n int) string { return either(n, "any", "all "+kindCount(n, graph.Unit)) }

// nodesTable lists nodes with what failing would do and how much they have to do.
func (s *Server) nodesTable(p *page, r *request, k graph.Kind, nodes []int32) *table {
	ed := r.ed
	d := tableOf[int32]{id: "list", label: upper(kindWords[k][1]), what: kindWords[k], entries: nodes, sort: "name",
		empty: "There is none.", caption: say("What happens to customers if each fails, and how busy it is.")}
	d.columns = []columnOf[int32]{{head: upper(kindWords[k][0]), key: "name", words: ed.nameOf, cell: func(v int32) cell {
		c := cell{Head: true, Text: say(ed.name(v)), Raw: ed.nameOf(v)}
		n := &ed.snap.Nodes[v]
		switch {
		case n.Kind == graph.Person && len(n.Teams) > 0:
			c.Small = ed.plainNames(n.Teams)
		case n.Unit >= 0:
			c.Small = say(ed.plainName(n.Unit))
		case n.Placeholder:
			c.Small = say("only referred to")
		}
		return c
	}}}
	if ed.findings != nil {
		d.sort = "-stops"
		d.columns = append(d.columns, ed.stopsColumns()...)
	}
	d.columns = append(d.columns, columnOf[int32]{head: "Serves", right: true, key: "serves", down: true, number: known(func(v int32) int { return len(ed.snap.Served(v)) }),
		cell: func(v int32) cell { return cell{Text: say(len(ed.snap.Served(v)))} }},
		columnOf[int32]{head: "Served by", right: true, key: "servedby", down: true, number: known(func(v int32) int { return len(ed.snap.ServedBy(v)) }),
			cell: func(v int32) cell { return cell{Text: say(len(ed.snap.ServedBy(v)))} }})
	if k != graph.Person && ed.findings != nil {
		d.columns = append(d.columns, columnOf[int32]{head: "Work used", key: "load", down: true, number: func(v int32) (float64, bool) { return ed.findings.Load[v].Utilisation.Get() },
			cell: ed.loadCell})
	}
	return d.build(p, r)
}

func (ed *edition) plainNames(nodes []int32) text {
	items := make([]text, len(nodes))
	for i, v := range nodes {
		items[i] = say(ed.plainName(v))
	}
	return enumerate(items, "and")
}

// stopsColumns say what the failure of a node does to customers.
func (ed *edition) stopsColumns() []columnOf[int32] {
	all := len(ed.snap.Customers)
	down := func(v int32) (float64, bool) {
		if sp := ed.spof(v); sp != nil {
			return float64(sp.DownCount), true
		}
		return 0, ed.snap.Nodes[v].CanFail
	}
	first := func(v int32) (float64, bool) {
		if sp := ed.spof(v); sp != nil {
			return sp.FirstImpact, true
		}
		return 0, false
	}
	return []columnOf[int32]{
		{head: "Customers it stops, of " + phrase.Count(all), name: "Customers it stops", right: true, key: "stops", down: true, number: down, cell: func(v int32) cell {
			if sp := ed.spof(v); sp != nil {
				return cell{Text: say(mark(sp), strong(phrase.Count(sp.DownCount))), Raw: phrase.Count(sp.DownCount)}
			}
			return cell{Text: say(marked("mute", "none")), Raw: "0"}
		}},
		{head: "First after", right: true, key: "first", number: first, cell: func(v int32) cell {
			if sp := ed.spof(v); sp != nil {
				return cell{Text: say(hours(sp.FirstImpact))}
			}
			return cell{Text: say(marked("mute", "–")), Raw: " "}
		}},
		{head: "It is back after", right: true, key: "back", number: func(v int32) (float64, bool) { return ed.snap.Nodes[v].RecoveryHours.Get() }, cell: func(v int32) cell {
			if back, ok := ed.snap.Nodes[v].RecoveryHours.Get(); ok {
				return cell{Text: say(hours(back))}
			}
			if ed.spof(v) != nil {
				return cell{Text: say(marked("warn", "not given"))}
			}
			return cell{Text: say(marked("mute", "not given"))}
		}},
		{head: "So", cell: func(v int32) cell {
			if sp := ed.spof(v); sp != nil {
				return cell{Text: say(ed.verdictTag(v, sp.FirstImpact))}
			}
			return cell{}
		}},
	}
}

func (ed *edition) loadCell(v int32) cell {
	l := &ed.findings.Load[v]
	u, ok := l.Utilisation.Get()
	if !ok {
		return cell{Text: say(marked("mute", "not measured"))}
	}
	return cell{Gauge: &gauge{Share: u, Amber: u >= analysis.Hot}, Text: say(phrase.Percent(u)),
		Small: say(phrase.Figure(l.Load.Or(0)) + " of " + phrase.Figure(l.Capacity.Or(0)))}
}

func (s *Server) unitsTable(p *page, r *request, nodes []int32) *table {
	ed := r.ed
	risky := func(u int32) int {
		n := 0
		for _, v := range ed.snap.TeamsOf(u) {
			if ed.spof(v) != nil {
				n++
			}
		}
		return n
	}
	d := tableOf[int32]{id: "list", label: "Units", what: kindWords[graph.Unit], entries: nodes, sort: "name", empty: "There is none.", caption: say("Teams in nested units count too.")}
	d.columns = []columnOf[int32]{
		{head: "Unit", key: "name", words: ed.nameOf, cell: func(u int32) cell {
			c := cell{Head: true, Text: say(ed.name(u))}
			if up := ed.snap.Nodes[u].Unit; up >= 0 {
				c.Small = say("in ", ed.plainName(up))
			}
			return c
		}},
		{head: "Teams", right: true, key: "teams", down: true, number: known(func(u int32) int { return len(ed.snap.TeamsOf(u)) }), cell: func(u int32) cell { return cell{Text: say(len(ed.snap.TeamsOf(u)))} }},
	}
	if ed.findings != nil {
		d.columns = append(d.columns, columnOf[int32]{head: "Can stop a customer alone", right: true, key: "stops", down: true, number: known(risky), cell: func(u int32) cell { return cell{Text: say(risky(u))} }})
	}
	return d.build(p, r)
}

// nodePage answers: what happens to customers if we fail, and are we back in time.
func (s *Server) nodePage(r *request, k graph.Kind) (*page, error) {
	x, err := r.node(k)
	if err != nil {
		return nil, err
	}
	v, err := r.view("node", "node", r.id)
	if err != nil {
		return nil, err
	}
	ed := r.ed
	p := s.newPage(r, "/teams", ed.nameOf(x))
	p.Heading = say(ed.plainName(x))
	p.Crumbs = ed.nodeCrumbs(x, p.Org)
	pl, _, err := s.plate(p, r, v, "Picture of who serves "+ed.nameOf(x)+" and whom it serves.")
	if err != nil {
		return nil, err
	}
	p.Plate = pl
	pl.Form = nodeForm(ed, x, v)
	out := ed.times.spread(analysis.Failure{Stopped: ed.stopWith(x)})
	p.Answer = ed.nodeAnswer(x, out)
	p.Figures = ed.nodeFigures(x)
	if ed.snap.IsBox(x) {
		p.Sections = append(p.Sections, section{ID: "teams", Heading: "Its teams", Parts: []part{{Table: s.nodesTable(p, r, graph.Team, ed.snap.TeamsOf(x))}}})
	}
	in, from := ed.linksOf(x, true), ed.linksOf(x, false)
	p.Sections = append(p.Sections, s.sidesSection(p, r, x, in, from))
	after := section{Columns: "two", Parts: []part{s.ifWeFail(p, r, x, out)}}
	if notes := ed.missing(x, append(slices.Clone(in), from...)); len(notes) > 0 {
		after.Parts = append(after.Parts, part{ID: "missing-h", Heading: say("What is missing"), Notes: notes})
	} else {
		after.Columns = ""
	}
	p.Sections = append(p.Sections, after, s.factsSection(p, r, ofNode(x)))
	p.Rests = rests(ed)
	return p, nil
}

// stopWith lists what stops when x does: itself, or those teams of a unit that can fail.
func (ed *edition) stopWith(x int32) []int32 {
	if !ed.snap.IsBox(x) {
		return []int32{x}
	}
	return slices.DeleteFunc(slices.Clone(ed.snap.TeamsOf(x)), func(v int32) bool { return !ed.snap.Nodes[v].CanFail })
}

// sidesSection lists the links to a node beside those from it.
func (s *Server) sidesSection(p *page, r *request, x int32, in, from []int32) section {
	sides := []part{{ID: "in-h", Heading: say("Who serves us, and how well"), Paras: r.ed.reliesOn(x)},
		{ID: "out-h", Heading: say("Whom we serve, and how well"), Paras: r.ed.holdsUp(x)}}
	for i, links := range [][]int32{in, from} {
		if len(links) > 0 || len(sides[i].Paras) == 0 {
			sides[i].Table = s.linksTable(p, r, x, [...]string{"in", "out"}[i], links)
		}
	}
	return section{Columns: "two", Parts: sides}
}

// ifWeFail lists whom the failure of a node stops, and who works worse.
func (s *Server) ifWeFail(p *page, r *request, x int32, out *analysis.Outcome) part {
	ed := r.ed
	fail := part{ID: "if-h", Heading: say("If we fail: who stops, by when")}
	if len(ed.stopWith(x)) == 0 || !ed.snap.IsBox(x) && !ed.snap.Nodes[x].CanFail {
		fail.Paras = []text{say("It cannot fail.")}
		return fail
	}
	fail.Table = s.hitsTable(p, r, "if", "if-h", ed.stoppedBy(out))
	if worse := ed.degraded(out); len(worse) > 0 {
		fail.Paras = []text{append(append(say(phrase.Plural(len(worse), "more works", "more work")+" worse: "), ed.names(worse, "and", 12)...), run{Text: "."})}
	}
	return fail
}

// reliesOn says what a node needs besides what links say: its members, its sites.
func (ed *edition) reliesOn(x int32) []text {
	var out []text
	needs, _ := ed.snap.NeedsOf(x)
	for i := range needs {
		switch need := &needs[i]; need.Origin {
		case graph.FromMembers:
			out = append(out, append(append(say("Its members: "), ed.names(need.Providers, "and", 8)...), run{Text: "; " + inWords(int(need.K)) + " must be there."}))
		case graph.FromSite:
			out = append(out, append(append(say("It is at "), ed.names(need.Providers, "and", 4)...), run{Text: " and stops when that is closed."}))
		}
	}
	return out
}

// holdsUp says whom a node serves besides what links say: the teams of a member, whoever is at a site.
func (ed *edition) holdsUp(x int32) []text {
	var out []text
	var guests []int32
	for _, n := range ed.snap.NeedsServed(x) {
		switch need := &ed.snap.Needs[n]; need.Origin {
		case graph.FromMembers:
			words := ", one of " + inWords(len(need.Providers)) + "; " + inWords(int(need.K)) + " must be there."
			if len(need.Providers) == 1 {
				words = ", the only one."
			}
			out = append(out, say("A member of ", ed.name(need.Consumer), words))
		case graph.FromSite:
			guests = append(guests, need.Consumer)
		}
	}
	if len(guests) > 0 {
		out = append(out, append(append(say("The site of "), ed.names(guests, "and", 12)...), run{Text: ": " + either(len(guests), "it stops", "they stop") + " when it is closed."}))
	}
	return out
}

func (ed *edition) nodeCrumbs(x int32, org string) []text {
	n := &ed.snap.Nodes[x]
	crumbs := []text{say(run{Text: org, Href: "/", Name: true}), say(link(upper(kindWords[n.Kind][1]), kindPath(n.Kind)))}
	if n.Unit >= 0 {
		crumbs = append(crumbs, say(ed.name(n.Unit)))
	}
	if len(n.Teams) > 0 {
		crumbs = append(crumbs, append(say("member of "), ed.names(n.Teams, "and", 5)...))
	}
	if n.Role != "" {
		crumbs = append(crumbs, say(run{Text: n.Role, Name: true}))
	}
	if n.Contact != "" {
		crumbs = append(crumbs, say("Contact: ", run{Text: n.Contact, Name: true}))
	}
	fail := n.ID
	if ed.snap.IsBox(x) {
		fail = "unit:" + n.ID
	}
	if n.CanFail || ed.snap.IsBox(x) {
		crumbs = append(crumbs, say(link("What if "+short(ed.nameOf(x))+" fails", "/what-if?fail="+url.QueryEscape(fail))))
	}
	if !ed.snap.IsBox(x) {
		crumbs = append(crumbs, say(link("Paths from "+short(ed.nameOf(x)), "/paths?from="+url.QueryEscape(n.ID))))
	}
	return crumbs
}

// short cuts a name that would fill a line.
func short(name string) string {
	r := []rune(name)
	if len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return name
}

// nodeAnswer says whom a node serves and what happens when it fails.
func (ed *edition) nodeAnswer(x int32, out *analysis.Outcome) []text {
	t := say(ed.servesSaid(x) + " ")
	down, first := 0, math.Inf(1)
	for _, c := range ed.snap.Customers {
		if out.State[c] == analysis.Down {
			down++
			first = min(first, out.Hours[c])
		}
	}
	name := say(ed.plainName(x))
	switch {
	case !ed.snap.IsBox(x) && ed.isCustomer(x):
		t = append(t, run{Text: "It stands in for a customer, since no external customer is given."})
	case !ed.snap.IsBox(x) && !ed.snap.Nodes[x].CanFail:
		t = append(t, run{Text: "Its source says that it cannot fail."})
	case down == 0:
		t = append(t, say("If ", name, " fails, ", strong("no customer stops"), ".")...)
	default:
		t = append(t, say("If ", name, " fails, ", strong(ed.customersSaid(down)+" "+either(down, "stops", "stop")), ", the first ", strong(phrase.After(first)), ". ")...)
		if !ed.snap.IsBox(x) {
			t = append(t, ed.backSaid(x, first)...)
		}
	}
	return []text{t}
}

// servesSaid says whom a node serves: "Serves three others and, through them, all six customers."
func (ed *edition) servesSaid(x int32) string {
	sources := []int32{x}
	if ed.snap.IsBox(x) {
		sources = ed.snap.TeamsOf(x)
	}
	served := map[int32]bool{}
	others, direct := 0, 0
	for _, v := range sources {
		for _, c := range ed.snap.Served(v) {
			switch {
			case served[c] || slices.Contains(sources, c):
			case ed.isCustomer(c):
				direct++
			default:
				others++
			}
			served[c] = true
		}
	}
	customers := ed.customersSaid(len(ed.reached(sources)))
	some, them := inWords(others)+" "+either(others, "other", "others"), either(others, "it", "them")
	switch reached := len(ed.reached(sources)); {
	case others+direct == 0:
		return "Serves nobody."
	case others == 0:
		return "Serves " + customers + " directly."
	case direct > 0:
		return "Serves " + some + " and, directly or through " + them + ", " + customers + "."
	case reached > 0:
		return "Serves " + some + " and, through " + them + ", " + customers + "."
	case len(ed.snap.Customers) > 0:
		return "Serves " + some + ", but no customer through " + them + "."
	}
	return "Serves " + some + "."
}

// reached lists the customers that can be reached from nodes along links.
func (ed *edition) reached(from []int32) []int32 {
	seen := make([]bool, len(ed.snap.Nodes))
	todo := slices.Clone(from)
	for _, v := range from {
		seen[v] = true
	}
	for len(todo) > 0 {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, c := range ed.snap.Served(v) {
			if !seen[c] {
				seen[c] = true
				todo = append(todo, c)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(ed.snap.Customers), func(c int32) bool { return !seen[c] || slices.Contains(from, c) })
}

func (ed *edition) nodeFigures(x int32) []figure {
	var fs []figure
	if sp := ed.spof(x); sp != nil {
		fs = append(fs, figure{What: "first customer stops after", Value: hours(sp.FirstImpact)})
		if back, ok := ed.snap.Nodes[x].RecoveryHours.Get(); ok {
			f := figure{What: "back after", Value: hours(back)}
			if sp.Exposed {
				f.Of = "so " + phrase.Hours(back-sp.FirstImpact) + " too late"
			}
			fs = append(fs, f)
		} else {
			fs = append(fs, figure{What: "back after", Value: "not given"})
		}
	}
	if ed.findings != nil {
		l := &ed.findings.Load[x]
		if u, ok := l.Utilisation.Get(); ok {
			fs = append(fs, figure{What: "of its work used", Value: phrase.Percent(u), Of: phrase.Figure(l.Load.Or(0)) + " of " + phrase.Figure(l.Capacity.Or(0))})
		}
		if share := ed.findings.Shares[x]; share >= 0.01 && len(fs) < 4 {
			fs = append(fs, figure{What: "of the shortest chains run through it", Value: phrase.Percent(share)})
		}
	}
	if mean, n, all := ed.ratings(ed.linksOf(x, false)); n > 0 && len(fs) < 4 {
		fs = append(fs, figure{What: "rated by those it serves", Value: phrase.Figure(mean), Of: "of 100, " + phrase.Count(n) + " of " + phrase.Plural(all, "link", "links")})
	}
	return fs
}

// ratings gives the mean of the ratings of links, and how many there are.
func (ed *edition) ratings(links []int32) (mean float64, rated, all int) {
	for _, l := range links {
		if v, ok := ed.snap.Links[l].Values.Satisfaction.Get(); ok {
			mean, rated = mean+v, rated+1
		}
	}
	if rated > 0 {
		mean /= float64(rated)
	}
	return mean, rated, len(links)
}

// linksOf lists the links to or from a node; of a unit also those of its teams, less those inside it.
func (ed *edition) linksOf(x int32, to bool) []int32 {
	list := ed.snap.LinksFrom
	if to {
		list = ed.snap.LinksTo
	}
	links := slices.Clone(list(x))
	if !ed.snap.IsBox(x) {
		return ed.withUnits(x, links, to)
	}
	for _, v := range ed.snap.TeamsOf(x) {
		for _, l := range list(v) {
			other := ed.snap.Links[l].Provider
			if !to {
				other = ed.snap.Links[l].Consumer
			}
			if !ed.inUnit(other, x) {
				links = append(links, l)
			}
		}
	}
	slices.Sort(links)
	return slices.Compact(links)
}

// withUnits adds the links of the units that a team belongs to: what all of a unit needs, its teams need. A need that the team
// has itself counts instead.
func (ed *edition) withUnits(x int32, links []int32, to bool) []int32 {
	if to {
		needs, _ := ed.snap.NeedsOf(x)
		for i := range needs {
			for _, l := range needs[i].Links {
				if l >= 0 {
					links = append(links, l)
				}
			}
		}
	} else {
		for up := ed.snap.Nodes[x].Unit; up >= 0; up = ed.snap.Nodes[up].Unit {
			links = append(links, ed.snap.LinksFrom(up)...)
		}
	}
	slices.Sort(links)
	return slices.Compact(links)
}

func nodeForm(ed *edition, x int32, v diagram.View) *form {
	f := viewForm(ed.href(x), v, "node", "hops", "links", "colour")
	hops := field{ID: "hops", Name: "hops", Label: "Steps", Options: choose([]option{{Value: "1", Label: "one"}, {Value: "2", Label: "two"}, {Value: "3", Label: "three"}}, cmp.Or(trimZero(v.Hops), "1"))}
	f.Fields = []field{hops, linksField(v), colourField(v, []option{{Value: "risk", Label: "what stops if it fails"}, {Value: "load", Label: "work used"}, {Value: "rating", Label: "ratings"}, {Value: "none", Label: "nothing"}})}
	return f
}

func trimZero(n int) string {
	if n == 0 {
		return ""
	}
	return phrase.Count(n)
}

// linksTable lists links of a node, those to it (id "in") or from it.
func (s *Server) linksTable(p *page, r *request, x int32, id string, links []int32) *table {
	ed := r.ed
	box := ed.snap.IsBox(x)
	other := func(l int32) int32 { return ed.snap.Links[l].Consumer }
	own := func(l int32) int32 { return ed.snap.Links[l].Provider }
	head, rated, what, empty := "Consumer and service", "Rated by them", "from ", "It serves nobody."
	if id == "in" {
		other, own = own, other
		head, rated, what, empty = "Provider and service", "Rated", "to ", "Nobody serves it."
	}
	values := func(l int32) *graph.LinkRecord { return ed.snap.Links[l].Values }
	d := tableOf[int32]{id: id, labelby: id + "-h", what: [2]string{"link", "links"}, entries: links, sort: id + "-rated",
		caption: say(phrase.Plural(len(links), "link ", "links ")+what, ed.plainName(x), "."), empty: empty}
	if ed.snap.Nodes[x].Kind == graph.Customer {
		d.labelby = "served-h"
	}
	d.columns = []columnOf[int32]{
		{head: head, key: id + "-name", words: func(l int32) string { return ed.nameOf(other(l)) }, cell: func(l int32) cell {
			small := say(link(upper(service(ed.snap.Links[l].Service)), ed.linkHref(l)), " · "+withoutIt(values(l).Criticality))
			if id == "in" {
				small = say(link(upper(service(ed.snap.Links[l].Service)), ed.linkHref(l)), " · without it "+withoutIt(values(l).Criticality))
			}
			if h, ok := values(l).Tolerance.Get(); ok && h > 0 {
				small = append(small, run{Text: ", copes " + phrase.Hours(h)})
			}
			switch at := own(l); {
			case box:
				small = append(small, run{Text: " · "}, ed.plainName(at))
			case at != x:
				small = append(small, run{Text: " · for all of "}, ed.plainName(at))
			}
			return cell{Head: true, Text: say(ed.name(other(l))), Small: small, Raw: ed.nameOf(other(l)) + ": " + ed.snap.Links[l].Service}
		}},
		{head: rated, key: id + "-rated", number: func(l int32) (float64, bool) { return values(l).Satisfaction.Get() }, cell: func(l int32) cell { return ratingCell(values(l).Satisfaction) }},
		{head: "Channel", key: id + "-channel", words: func(l int32) string { return values(l).Channel }, cell: func(l int32) cell { return wordCell(values(l).Channel) }},
		{head: "Feedback", key: id + "-feedback", words: func(l int32) string { return values(l).Feedback }, cell: func(l int32) cell { return wordCell(values(l).Feedback) }},
	}
	if ed.snap.Nodes[x].Kind == graph.Customer {
		d.columns = append(d.columns, columnOf[int32]{head: "Agreement", key: id + "-agreement", words: func(l int32) string { return values(l).Agreement }, cell: func(l int32) cell { return wordCell(values(l).Agreement) }})
	}
	return d.build(p, r)
}

func ratingCell(n graph.Number) cell {
	v, ok := n.Get()
	if !ok {
		return cell{Text: say(marked("mute", "not rated"))}
	}
	return cell{Gauge: &gauge{Share: v / 100, Amber: v < lowRating}, Text: say(phrase.Figure(v) + " of 100"), Raw: n.String(), Class: "rated"}
}

// lowRating is the rating below which a bar is amber.
const lowRating = 75

// wordCell shows what was agreed, or that nothing was.
func wordCell(s string) cell {
	if s == "" {
		return cell{Text: say(marked("warn", "none")), Raw: " "}
	}
	return cell{Text: say(run{Text: s, Name: true})}
}

// stoppedBy lists whom a failure stops, in the order in which they stop.
func (ed *edition) stoppedBy(out *analysis.Outcome) []analysis.Hit {
	return slices.DeleteFunc(out.Hits(ed.snap), func(h analysis.Hit) bool { return h.State != analysis.Down || ed.snap.IsBox(h.Node) })
}

// degraded lists who only works worse.
func (ed *edition) degraded(out *analysis.Outcome) []int32 {
	var nodes []int32
	for _, h := range out.Hits(ed.snap) {
		if h.State == analysis.Degraded && !ed.snap.IsBox(h.Node) {
			nodes = append(nodes, h.Node)
		}
	}
	slices.SortStableFunc(nodes, func(a, b int32) int { return compareNames(ed.nameOf(a), ed.nameOf(b)) })
	return nodes
}

// hitsTable lists whom a failure stops, by when, because of what, and whom to tell through what.
func (s *Server) hitsTable(p *page, r *request, id, labelby string, hits []analysis.Hit) *table {
	ed := r.ed
	d := tableOf[analysis.Hit]{id: id, labelby: labelby, what: [2]string{"", "that stop"}, entries: hits, fixed: true,
		caption: say(phrase.Plural(len(hits), "stops", "stop, in this order") + "."), empty: "Nobody else stops."}
	d.columns = []columnOf[analysis.Hit]{
		{head: "Stops after", right: true, cell: func(h analysis.Hit) cell { return cell{Text: say(strong(hours(h.Hours)))} }},
		{head: "Who", cell: func(h analysis.Hit) cell {
			return cell{Head: true, Text: say(ed.name(h.Node)), Small: ed.kindAndUnit(h.Node), Raw: ed.nameOf(h.Node)}
		}},
		{head: "Because it loses", cell: ed.causeCell},
		{head: "Tell", cell: func(h analysis.Hit) cell { return wordCell(ed.snap.Nodes[h.Node].Contact) }},
		{head: "Through", cell: func(h analysis.Hit) cell { return wordCell(ed.channel(h)) }},
	}
	return d.build(p, r)
}

func (ed *edition) causeCell(h analysis.Hit) cell {
	if h.Cause.Need < 0 {
		return cell{}
	}
	need := &ed.snap.Needs[h.Cause.Need]
	return cell{Class: "cause", Text: say(upper(ed.needWords(need))), Small: say("from ", ed.plainName(h.Cause.Provider)), Raw: ed.needWords(need) + " from " + ed.nameOf(h.Cause.Provider)}
}

// channel is what was agreed on the link through which a node is hit.
func (ed *edition) channel(h analysis.Hit) string {
	if h.Cause.Need < 0 {
		return ""
	}
	need := &ed.snap.Needs[h.Cause.Need]
	if i := slices.Index(need.Providers, h.Cause.Provider); i >= 0 && need.Links[i] >= 0 {
		return ed.snap.Links[need.Links[i]].Values.Channel
	}
	return ""
}

// missing lists what nobody has said or agreed about a node.
func (ed *edition) missing(x int32, links []int32) []note {
	var notes []note
	lacking := func(one, many string, lacks func(*graph.LinkRecord) bool) {
		var items []text
		for _, l := range links {
			k := &ed.snap.Links[l]
			if lacks(k.Values) {
				items = append(items, say(ed.name(k.Provider), " → ", ed.name(k.Consumer), " (", link(service(k.Service), ed.linkHref(l)), ")"))
			}
		}
		if len(items) == 0 {
			return
		}
		n := len(items)
		more := ""
		if n > 6 {
			items, more = items[:5], "; and "+phrase.Count(n-5)+" more"
		}
		notes = append(notes, note{Heading: say(n, " of "+phrase.Plural(len(links), "link", "links")+" "+either(n, one, many)), Paras: []text{joinWith(items, "; ", more+".")}})
	}
	lacking("has no agreed channel", "have no agreed channel", func(v *graph.LinkRecord) bool { return v.Channel == "" })
	lacking("has no feedback", "have no feedback", func(v *graph.LinkRecord) bool { return v.Feedback == "" })
	lacking("has no rating", "have no rating", func(v *graph.LinkRecord) bool { return !v.Satisfaction.IsGiven() })
	n := &ed.snap.Nodes[x]
	if n.CanFail && !n.RecoveryHours.IsGiven() {
		notes = append(notes, note{Heading: say("Nobody has said how long it takes to come back"), Paras: []text{say("Whether it is back in time cannot be told before somebody does.")}})
	}
	if note, ok := ed.membersNote(x); ok {
		notes = append(notes, note)
	}
	if n.Placeholder {
		notes = append(notes, note{Heading: say("No source describes it"), Paras: []text{say("It is only referred to by others, and taken for a team.")}})
	}
	return notes
}

// membersNote says how many members a team can spare.
func (ed *edition) membersNote(x int32) (note, bool) {
	members := ed.snap.MembersOf(x)
	if len(members) == 0 {
		return note{}, false
	}
	n := note{Heading: say(kindCount(len(members), graph.Person) + " known by name"), Paras: []text{append(ed.names(members, "and", 10), run{Text: "."})}}
	if ed.findings == nil {
		return n, true
	}
	for _, k := range ed.findings.KeyPeople {
		if k.Team == x {
			n.Heading = say("Nobody to spare: it needs " + bothOr(len(members)) + " of its members")
			if len(members) == 1 {
				n.Heading = say("One person holds it")
			}
			return n, true
		}
	}
	return n, true
}
