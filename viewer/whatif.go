package viewer

import (
	"fmt"
	"math"
	"net/url"
	"slices"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/phrase"
	"example.com/whoserves/viewer/diagram"
)

// whatIfPage answers: who stops, by when, whom to tell.
func (s *Server) whatIfPage(r *request) (*page, error) {
	if to, ok := addToQuestion(r); ok {
		return nil, moved{to: to}
	}
	v, err := r.view("ripple")
	if err != nil {
		return nil, err
	}
	ed := r.ed
	v.Fail, v.Worse = ed.unitsAsGroups(v.Fail), ed.unitsAsGroups(v.Worse)
	p := s.newPage(r, "/what-if", "What if")
	p.Ask = ed.whatIfForm(r, v)
	if len(v.Fail) == 0 && len(v.Worse) == 0 {
		p.Heading = say("What if something fails?")
		p.Answer = []text{say("Choose a team, supplier or person, or a whole unit, site or tag: you see who stops, by when, and whom to tell.")}
		if hints := ed.failHints(); len(hints) > 0 {
			p.Sections = []section{{ID: "hints", Heading: "Those that most depends on", Parts: []part{{List: hints}}}}
		}
		return p, nil
	}
	f, err := ed.failure(v)
	if err != nil {
		return nil, err
	}
	out := ed.times.spread(f)
	hits := ed.stoppedBy(out)
	worse := ed.degraded(out)
	what := ed.failureSaid(v)
	p.Title = "What if " + what.String() + "?"
	p.Heading = append(append(say("What if "), what...), run{Text: "?"})
	p.Answer = []text{ed.whatIfAnswer(f, out, hits, worse)}
	p.Figures = ed.whatIfFigures(out, hits, worse)
	pl, _, err := s.plate(p, r, v, "Picture of how the failure spreads over time.")
	if err != nil {
		return nil, err
	}
	pl.Form = viewForm("/what-if", v, "links")
	pl.Form.Fields = []field{linksField(v)}
	p.Plate = pl
	p.Sections = append(p.Sections, s.notifyPlan(p, r, v, hits, worse))
	p.Rests = rests(ed)
	return p, nil
}

// addToQuestion turns the fields of the form (add=, how=, group=) into the keys of the view, so that the address of the page
// is the same however the question was put.
func addToQuestion(r *request) (string, bool) {
	if !r.all.Has("add") && !r.all.Has("group") && !r.all.Has("how") {
		return "", false
	}
	q := clone(r.query)
	key := "fail"
	if q.Get("how") == "worse" {
		key = "worse"
	}
	for _, from := range []string{"add", "group"} {
		for _, ref := range q[from] {
			if v, err := r.ed.snap.Lookup(ref); err == nil && from == "add" {
				ref = r.ed.snap.Nodes[v].ID
			}
			if !slices.Contains(q[key], ref) {
				q[key] = append(q[key], ref)
			}
		}
		delete(q, from)
	}
	delete(q, "how")
	return withQuery("/what-if", q), true
}

func (ed *edition) whatIfForm(r *request, v diagram.View) *form {
	f := &form{Action: "/what-if", Label: "What fails", Submit: "Show what happens", Strong: true, ListID: "who", Names: ed.nameList(), Hidden: hidden(v, "view")}
	chips := func(key, id, label string, refs []string) {
		if len(refs) == 0 {
			return
		}
		c := field{Type: "chips", ID: id, Label: label}
		for _, ref := range refs {
			c.Chips = append(c.Chips, chip{Label: ed.groupLabel(ref), Value: ref, Remove: r.without(key, ref)})
		}
		f.Fields = append(f.Fields, c)
	}
	chips("fail", "failing", either(len(v.Fail), "This fails", "These fail together"), v.Fail)
	chips("worse", "worsening", either(len(v.Worse), "This works worse", "These work worse"), v.Worse)
	label := "Add another"
	if len(f.Fields) == 0 {
		label = "Who"
	}
	f.Fields = append(f.Fields, field{Type: "text", ID: "add", Name: "add", Label: label, Placeholder: "Team, supplier, person…", List: len(f.Names) > 0},
		field{Type: "select", ID: "how", Name: "how", Label: "It", Options: []option{{Value: "stops", Label: "stops", Chosen: true}, {Value: "worse", Label: "works worse"}}})
	if groups := ed.groupOptions(); len(groups) > 1 {
		f.Fields = append(f.Fields, field{Type: "select", ID: "group", Name: "group", Label: "or a whole group", Options: groups})
	}
	return f
}

// failHints offers those whose failure most customers feel.
func (ed *edition) failHints() []text {
	if ed.findings == nil {
		return nil
	}
	var hints []text
	for i := range ed.findings.SPOFs[:min(10, len(ed.findings.SPOFs))] {
		sp := &ed.findings.SPOFs[i]
		hints = append(hints, say(run{Text: "What if " + short(ed.nameOf(sp.Node)) + " fails?", Href: "/what-if?fail=" + url.QueryEscape(ed.snap.Nodes[sp.Node].ID)},
			" It stops "+ed.customersSaid(sp.DownCount)+"."))
	}
	return hints
}

// unitsAsGroups writes units of the org chart as the groups of their teams: a unit does not fail by itself.
func (ed *edition) unitsAsGroups(refs []string) []string {
	out := slices.Clone(refs)
	for i, ref := range out {
		if v, err := ed.snap.Lookup(ref); err == nil && ed.snap.IsBox(v) {
			out[i] = "unit:" + ed.snap.Nodes[v].ID
		}
	}
	return out
}

// failure finds the nodes that a question names. One that cannot fail is refused; within a group it is left out.
func (ed *edition) failure(v diagram.View) (f analysis.Failure, err error) {
	if f.Stopped, err = ed.failing(v.Fail); err != nil {
		return f, err
	}
	f.Worse, err = ed.failing(v.Worse)
	return f, err
}

func (ed *edition) failing(refs []string) ([]int32, error) {
	var nodes []int32
	for _, ref := range refs {
		group, err := ed.snap.Group(ref)
		if err != nil {
			return nil, err
		}
		able := slices.DeleteFunc(slices.Clone(group), func(x int32) bool { return !ed.snap.Nodes[x].CanFail })
		if len(able) == 0 {
			return nil, &problem{Status: 400, Heading: upper(ed.groupLabel(ref)) + " cannot fail", Say: ed.whyNot(group), Acts: []run{link("Ask again", "/what-if")}}
		}
		nodes = append(nodes, able...)
	}
	slices.Sort(nodes)
	return slices.Compact(nodes), nil
}

// whyNot says why nobody in a group can fail.
func (ed *edition) whyNot(group []int32) text {
	if len(group) != 1 {
		return say("Nobody in it can fail.")
	}
	v := group[0]
	switch {
	case ed.snap.Nodes[v].Kind == graph.Customer:
		return say("Customers are served and do not fail. Ask for one of those who serve ", ed.name(v), ".")
	case ed.isCustomer(v):
		return say("It serves nobody and stands in for a customer, since no external customer is given.")
	}
	return say("Its source says that it cannot.")
}

// failureSaid names what fails: "A and B fail and C works worse".
func (ed *edition) failureSaid(v diagram.View) text {
	named := func(refs []string, one, many string) text {
		var items []text
		for i, ref := range refs {
			if i == 3 && len(refs) > 4 {
				items = append(items, say(len(refs)-i, " more"))
				break
			}
			items = append(items, say(run{Text: ed.groupLabel(ref), Name: true}))
		}
		return append(enumerate(items, "and"), run{Text: " " + either(len(refs), one, many)})
	}
	switch {
	case len(v.Worse) == 0:
		return named(v.Fail, "fails", "fail")
	case len(v.Fail) == 0:
		return named(v.Worse, "works worse", "work worse")
	}
	return append(append(named(v.Fail, "fails", "fail"), run{Text: " and "}), named(v.Worse, "works worse", "work worse")...)
}

func (ed *edition) isCustomer(v int32) bool {
	_, ok := slices.BinarySearch(ed.snap.Customers, v)
	return ok
}

func (ed *edition) whatIfAnswer(f analysis.Failure, out *analysis.Outcome, hits []analysis.Hit, worse []int32) text {
	var customers []int32
	first, inside := math.Inf(1), 0
	for _, h := range hits {
		if !ed.isCustomer(h.Node) {
			inside++
			continue
		}
		customers = append(customers, h.Node)
		first = min(first, h.Hours)
	}
	var earliest []int32
	for _, c := range customers {
		if out.Hours[c] == first {
			earliest = append(earliest, c)
		}
	}
	var t text
	switch {
	case len(customers) == 0:
		t = say(strong("No customer stops."), " ")
	default:
		t = say(strong(upper(ed.customersSaid(len(customers)))+" "+either(len(customers), "stops", "stop")+"."), " ")
		t = append(t, run{Text: either(len(earliest), "The first is ", "The first are ")})
		t = append(t, ed.names(earliest, "and", 3)...)
		t = append(t, say(", ", strong(phrase.After(first)), ". ")...)
		if len(f.Stopped) == 1 {
			t = append(t, ed.backSaid(f.Stopped[0], first)...)
			t = append(t, run{Text: " "})
		}
	}
	switch {
	case inside > 0 && len(worse) > 0:
		t = append(t, say(upper(inWords(inside))+" "+either(inside, "other stops", "others stop")+" on the way and ", inWords(len(worse))+" more "+either(len(worse), "works", "work")+" worse.")...)
	case inside > 0:
		t = append(t, say(upper(inWords(inside))+" "+either(inside, "other stops", "others stop")+" on the way.")...)
	case len(worse) > 0:
		t = append(t, say(upper(inWords(len(worse)))+" "+either(len(worse), "works", "work")+" worse.")...)
	default:
		t = append(t, run{Text: "Nobody else notices."})
	}
	return t
}

func (ed *edition) whatIfFigures(out *analysis.Outcome, hits []analysis.Hit, worse []int32) []figure {
	customers, first := 0, math.Inf(1)
	for _, h := range hits {
		if ed.isCustomer(h.Node) {
			customers++
			first = min(first, h.Hours)
		}
	}
	teams := 0
	for v := range out.State {
		if ed.snap.Nodes[v].Kind == graph.Team && out.State[v] == analysis.Down && !ed.isCustomer(int32(v)) {
			teams++
		}
	}
	fs := []figure{
		{What: "customers stopped", Value: phrase.Count(customers), Of: "of " + phrase.Count(len(ed.snap.Customers))},
		{What: "teams stopped", Value: phrase.Count(teams), Of: "of " + phrase.Count(ed.tally.kinds[graph.Team])},
		{What: "working worse", Value: phrase.Count(len(worse)), Of: "of " + phrase.Count(ed.snap.NodeCount())},
	}
	if customers > 0 {
		fs = append(fs, figure{What: "first customer after", Value: hours(first)})
	}
	return fs
}

// notifyPlan says whom to tell, in which order: our own people first, then the customers.
func (s *Server) notifyPlan(p *page, r *request, v diagram.View, hits []analysis.Hit, worse []int32) section {
	ed := r.ed
	var inside, customers []analysis.Hit
	for _, h := range hits {
		if ed.isCustomer(h.Node) {
			customers = append(customers, h)
		} else {
			inside = append(inside, h)
		}
	}
	sec := section{ID: "tell", Heading: "Whom to tell, in this order", Columns: "two",
		Intro: []text{say("Our own people first, then the customers, before they call us. ", run{Text: "Save the whole plan as CSV", Href: "/api/v1/ripple?format=csv&" + apiRipple(v), Class: "saveas"})}}
	sec.Parts = []part{
		{ID: "inside-h", Level: 3, Heading: say("1. Inside: ", len(inside)), Table: s.hitsTable(p, r, "inside", "inside-h", inside)},
		{ID: "outside-h", Level: 3, Heading: say(fmt.Sprintf("2. Customers: %d of %d", len(customers), len(ed.snap.Customers))), Table: s.hitsTable(p, r, "outside", "outside-h", customers)},
	}
	if len(worse) > 0 {
		sec.Parts = append(sec.Parts, part{Level: 3, ID: "worse-h", Heading: say(phrase.Count(len(worse)) + " more " + either(len(worse), "works", "work") + " worse"),
			Paras: []text{append(append(say("They keep going without something important. Tell them after the lists above: "), ed.names(worse, "and", 40)...), run{Text: "."})}})
	}
	return sec
}

// apiRipple gives the question of a ripple as the API takes it.
func apiRipple(v diagram.View) string {
	q := url.Values{}
	if len(v.Fail) > 0 {
		q["fail"] = v.Fail
	}
	if len(v.Worse) > 0 {
		q["worse"] = v.Worse
	}
	return q.Encode()
}
