package viewer

import (
	"cmp"
	"slices"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/phrase"
)

// tally counts what an organisation has.
type tally struct {
	kinds    map[graph.Kind]int // boxes of the org chart count as units only
	canFail  map[graph.Kind]int
	failing  int // all that can fail
	rated    int // links
	critical int // links
	declared int // links that somebody is named for
	problems int // with the facts; what was assumed is none
}

func countUp(s *graph.Snapshot) tally {
	t := tally{kinds: map[graph.Kind]int{}, canFail: map[graph.Kind]int{}}
	for i := range s.Nodes {
		n := &s.Nodes[i]
		t.kinds[n.Kind]++
		if n.CanFail {
			t.canFail[n.Kind]++
			t.failing++
		}
	}
	for i := range s.Links {
		if s.Links[i].Values.Satisfaction.IsGiven() {
			t.rated++
		}
		if s.Links[i].Values.Criticality.OrDefault() == graph.Critical {
			t.critical++
		}
		if s.Links[i].Values.DeclaredBy != "" {
			t.declared++
		}
	}
	t.problems = toMend(s.Problems)
	return t
}

// spof gives what is known of v as one that can stop a customer alone; nil when it cannot, or that is not worked out yet.
func (ed *edition) spof(v int32) *analysis.SPOF {
	if ed.findings == nil || ed.findings.SPOFOf[v] < 0 {
		return nil
	}
	return &ed.findings.SPOFs[ed.findings.SPOFOf[v]]
}

// spofsOf lists those that can stop customer c alone; ok is false when there are too many to tell them apart.
func (ed *edition) spofsOf(c int32) (found []*analysis.SPOF, ok bool) {
	if ed.findings == nil || ed.findings.TooMany {
		return nil, false
	}
	for i := range ed.findings.SPOFs {
		sp := &ed.findings.SPOFs[i]
		if _, hit := slices.BinarySearch(sp.CustomersDown, c); hit {
			found = append(found, sp)
		}
	}
	return found, true
}

// timesAffordable says whether the hours to every customer may be worked out for all who can stop one while a page waits.
func (ed *edition) timesAffordable(spofs int) bool {
	const most = 4_000_000 // node visits, some tens of milliseconds
	return !ed.findings.TooMany && spofs*len(ed.snap.Nodes) <= most
}

// verdict says whether a node is back before a customer stops.
type verdict uint8

const (
	inTime verdict = iota
	tooLate
	notSaid
)

// judge compares the hours until a customer stops with those until v is back. Spare is negative when it comes too late.
func (ed *edition) judge(v int32, until float64) (is verdict, back, spare float64) {
	back, ok := ed.snap.Nodes[v].RecoveryHours.Get()
	switch {
	case !ok:
		return notSaid, 0, 0
	case until < back:
		return tooLate, back, until - back
	}
	return inTime, back, until - back
}

// verdictTag is the verdict in a word or two.
func (ed *edition) verdictTag(v int32, until float64) run {
	switch is, _, spare := ed.judge(v, until); {
	case is == notSaid:
		return tag("warn", "recovery not given")
	case is == tooLate:
		return tag("risk", phrase.Hours(-spare)+" too late")
	case spare == 0:
		return tag("warn", "just in time")
	default:
		return tag("good", phrase.Hours(spare)+" to spare")
	}
}

// backSaid is the verdict in a sentence: "Payroll needs 4 days to come back: 19 hours too late."
func (ed *edition) backSaid(v int32, until float64) text {
	name := ed.plainName(v)
	switch is, back, spare := ed.judge(v, until); {
	case is == notSaid:
		return say("Nobody has said how long ", name, " takes to come back.")
	case is == tooLate:
		return say(name, " needs "+phrase.HoursInWords(back)+" to come back: "+phrase.HoursInWords(-spare)+" too late.")
	case spare == 0:
		return say(name, " needs "+phrase.HoursInWords(back)+" to come back, so nothing is left over.")
	default:
		return say(name, " is back "+phrase.After(back)+", with "+phrase.HoursInWords(spare)+" to spare.")
	}
}

// mark is the sign of one that can stop a customer alone: doubled when it is back too late, or nobody knows.
func mark(sp *analysis.SPOF) run {
	if sp.Exposed {
		return marked("risk", "▲▲ ")
	}
	return marked("risk", "▲ ")
}

// customersSaid gives "all five customers", "4 of 5 customers".
func (ed *edition) customersSaid(n int) string {
	return outOf(n, len(ed.snap.Customers), "customer", "customers")
}

// introduce says what a node is: "Cabin crew, a team in Flight operations".
func (ed *edition) introduce(v int32) text {
	return append(say(ed.name(v)), run{Text: ", " + ed.whatIs(v)})
}

// whatIs gives "a team in Flight operations".
func (ed *edition) whatIs(v int32) string {
	n := &ed.snap.Nodes[v]
	what := kindWords[n.Kind][0]
	if n.Kind == graph.Customer {
		what = segmentWord(n) + " customer"
	}
	article := "a "
	if what[0] == 'e' {
		article = "an "
	}
	if n.Unit >= 0 {
		return article + what + " in " + ed.nameOf(n.Unit)
	}
	return article + what
}

// kindAndUnit gives "team, Flight operations" for the second line of a table's row.
func (ed *edition) kindAndUnit(v int32) text {
	n := &ed.snap.Nodes[v]
	if n.Kind == graph.Customer {
		return say(segmentWord(n) + " customer")
	}
	t := say(kindWords[n.Kind][0])
	if n.Unit >= 0 {
		t = append(t, run{Text: ", "}, ed.plainName(n.Unit))
	}
	return t
}

func segmentWord(n *graph.Node) string {
	if n.Segment == graph.NoSegment {
		return graph.External.String()
	}
	return n.Segment.String()
}

// chain writes a failing chain: who → service, copes 24 h → who.
func (ed *edition) chain(steps []analysis.Step) text {
	var t text
	for i, st := range steps {
		need := &ed.snap.Needs[st.Need]
		if i == 0 {
			t = append(t, ed.name(st.Provider))
		}
		words := ""
		if spare := len(need.Providers) - int(need.K); spare > 0 {
			words += " (" + sparesSaid(len(need.Providers)) + ")"
		}
		if need.Tolerance > 0 {
			words += ", copes " + phrase.Hours(need.Tolerance)
		}
		what := run{Text: ed.needWords(need), Class: "mute", Name: true}
		t = append(t, marked("mute", " → "), what, marked("mute", words+" → "), ed.name(need.Consumer))
	}
	return t
}

func sparesSaid(n int) string {
	if n == 2 {
		return "both that could"
	}
	return "all " + inWords(n) + " that could"
}

// shortChain writes whom a failing chain goes through after its start.
func (ed *edition) shortChain(steps []analysis.Step) text {
	t := say("→ ")
	for i, st := range steps {
		if i > 0 {
			t = append(t, run{Text: " → "})
		}
		t = append(t, ed.plainName(ed.snap.Needs[st.Need].Consumer))
	}
	return t
}

// needWords says what a need is for.
func (ed *edition) needWords(n *graph.Need) string {
	switch n.Origin {
	case graph.FromMembers:
		return "its members"
	case graph.FromSite:
		return "its site"
	case graph.FromTeams:
		return "its teams"
	default:
		return service(n.Service)
	}
}

// chainTo gives the failing chain from v to customer c.
func (ed *edition) chainTo(v, c int32) []analysis.Step {
	return ed.times.spread(analysis.Failure{Stopped: []int32{v}}).Chain(ed.snap, c)
}

// kindsOf counts nodes by kind: "16 of 40 teams, both suppliers and the only named person".
func (ed *edition) kindsOf(nodes []int32) string {
	found := map[graph.Kind]int{}
	for _, v := range nodes {
		found[ed.snap.Nodes[v].Kind]++
	}
	var items []text
	for _, k := range graph.Kinds() {
		if found[k] > 0 {
			words := kindWords[k]
			if k == graph.Person {
				words = [2]string{"named person", "named people"}
			}
			items = append(items, say(outOf(found[k], ed.tally.canFail[k], words[0], words[1])))
		}
	}
	return enumerate(items, "and").String()
}

// byValue orders customers by what they are worth, then name.
func (ed *edition) byValue() []int32 {
	cs := slices.Clone(ed.snap.Customers)
	slices.SortStableFunc(cs, func(a, b int32) int {
		return cmp.Or(cmp.Compare(ed.snap.Nodes[b].Value.Or(-1), ed.snap.Nodes[a].Value.Or(-1)), cmp.Compare(ed.nameOf(a), ed.nameOf(b)))
	})
	return cs
}

// worth adds up what customers are worth; ok is false when nobody has said for any.
func (ed *edition) worth(cs []int32) (sum float64, ok bool) {
	for _, c := range cs {
		if v, given := ed.snap.Nodes[c].Value.Get(); given {
			sum, ok = sum+v, true
		}
	}
	return sum, ok
}
