package answer

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/phrase"
)

// shown is how many entries of one kind the text lists before it says how many more there are.
const shown = 20

// longest is how many rows the longest tables of the text have: who is hit, who serves.
const longest = 200

// explained is how many failing chains the text spells out.
const explained = 5

// WriteCSV writes the nodes that can stop a customer alone.
func (a *Risks) WriteCSV(w io.Writer) error {
	t := newCSV(w, "id", "name", "kind", "customers_down", "customers_down_count", "customers_degraded", "first_impact_hours", "exposed", "basis", "chain")
	for _, p := range a.SPOFs {
		t.row(p.ID, p.Name, p.Kind, list(p.CustomersDown), fmt.Sprint(p.CustomersDownCount), list(p.CustomersDegraded),
			decimal(p.FirstImpactHours), fmt.Sprint(p.Exposed), p.Basis, chainCell(p.Chain))
	}
	return t.end()
}

// WriteText writes what a manager wants to know first: how many can stop a customer alone, who they are and why; then where
// backups fool, who is alone, where it jams, and what all this rests on.
func (a *Risks) WriteText(w io.Writer, width int) error {
	p := newPage(w, width)
	if a.Nodes == 0 {
		p.say("There is no data yet, so there are no risks to name.")
		return p.end()
	}
	p.say("%s", a.summary())
	if a.StandInCustomers {
		p.say("No external customer is named yet. Those who serve no one stand in: %s.", someNames(a.s, a.Customers, 8))
	}
	if 2*a.Assumed.Criticality > a.Links {
		p.say("This rests on assumptions: for %s of %s nobody has said how bad it is to lose them, so all of these count as critical.",
			phrase.Count(a.Assumed.Criticality), phrase.Things(a.Links, "link"))
	}
	a.writeUnmet(p)
	a.writeSPOFs(p)
	a.writeBackups(p)
	a.writePeopleAndLoops(p)
	a.writeBottlenecks(p)
	p.title("What it rests on")
	p.say("%s", a.basis())
	return p.end()
}

// summary says how many can stop a customer alone, each out of how many of its kind.
func (a *Risks) summary() string {
	stop := map[string]int{}
	for _, p := range a.SPOFs {
		stop[p.Kind]++
	}
	if len(a.SPOFs) == 0 {
		return fmt.Sprintf("None of %s can stop %s alone.", phrase.Things(a.Nodes-len(a.Customers), "node"), anyOf(a.s, "any of"))
	}
	var parts []string
	for _, k := range graph.Kinds() {
		if n := stop[k.String()]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s of %s", phrase.Count(n), phrase.Things(a.ofKind(k), k.String())))
		}
	}
	verb := "can each stop"
	if len(a.SPOFs) == 1 {
		verb = "can stop"
	}
	return fmt.Sprintf("%s %s %s alone. %s", phrase.List(parts, "and"), verb, anyOf(a.s, "at least one of"), a.lateness())
}

// lateness says how many of those who can stop a customer come back too late.
func (a *Risks) lateness() string {
	late, unknown := 0, 0
	for i := range a.f.SPOFs {
		switch {
		case a.f.SPOFs[i].RecoveryUnknown:
			unknown++
		case a.f.SPOFs[i].Exposed:
			late++
		}
	}
	switch all := len(a.f.SPOFs); {
	case unknown == all:
		return "Nobody has said how long any of them takes to come back."
	case late+unknown == 0:
		return "All of them are back in time."
	case unknown == 0:
		return fmt.Sprintf("Back too late: %s of these %s.", phrase.Count(late), phrase.Count(all))
	default:
		return fmt.Sprintf("Back too late: %s of these %s; of %s nobody has said how long they take.",
			phrase.Count(late), phrase.Count(all), phrase.Count(unknown))
	}
}

// ofKind counts the nodes of a kind, units that have teams and customers left out.
func (a *Risks) ofKind(k graph.Kind) int {
	n := 0
	for _, v := range workers(a.s) {
		if a.s.Nodes[v].Kind == k {
			n++
		}
	}
	return n
}

// anyOf writes "at least one of 5 customers", or "the only customer".
func anyOf(s *graph.Snapshot, some string) string {
	if len(s.Customers) == 1 {
		return "the only " + customerWord(s)
	}
	return some + " " + phrase.Things(len(s.Customers), customerWord(s))
}

func (a *Risks) writeUnmet(p *page) {
	if len(a.Unmet) == 0 {
		return
	}
	p.title("Needs that lack providers today (%s)", phrase.Count(len(a.Unmet)))
	some(p, a.Unmet, func(u Unmet) {
		p.item("%s asks for %s%s and has %s: %s.", a.name(u.Consumer), phrase.Things(u.MinProviders, "provider"), ofService(u.Service),
			number(len(u.Providers)), someNames(a.s, u.Providers, 5))
	})
}

func (a *Risks) writeSPOFs(p *page) {
	if len(a.SPOFs) == 0 {
		return
	}
	p.title("Who can stop a customer alone (%s)", phrase.Count(len(a.SPOFs)))
	t := p.table("Who", "Kind", ">Stops", ">First", "Comes back")
	list := a.SPOFs
	if !a.full {
		list = list[:min(len(list), shown)]
	}
	for i, v := range list {
		t.row(v.Name, v.Kind, fmt.Sprintf("%s of %s", phrase.Count(v.CustomersDownCount), phrase.Count(len(a.Customers))), phrase.When(v.FirstImpactHours), a.back(i))
	}
	t.end()
	more(p, len(a.SPOFs)-len(list), "--full lists all")
	p.title("Why")
	for _, v := range a.SPOFs[:min(len(a.SPOFs), explained)] {
		if len(v.Chain) == 0 {
			continue
		}
		p.item("%s stops %s %s: %s", v.Name, a.name(v.Chain[len(v.Chain)-1].Consumer), phrase.After(v.FirstImpactHours),
			chainInWords(a.s, v.Chain))
	}
	if n := len(a.Degrading); n > 0 {
		var ids []string
		for _, d := range a.Degrading {
			ids = append(ids, d.ID)
		}
		p.say("%s more can alone make service worse for customers without stopping any: %s.", phrase.Count(n), someNames(a.s, ids, 6))
	}
}

// back says whether the i-th SPOF is back before the first customer stops.
func (a *Risks) back(i int) string {
	v := &a.SPOFs[i]
	n := a.s.ByID(v.ID)
	if n < 0 {
		return ""
	}
	r, ok := a.s.Nodes[n].RecoveryHours.Get()
	switch {
	case !ok:
		return "nobody has said"
	case v.Exposed:
		return phrase.Hours(r-v.FirstImpactHours) + " too late"
	}
	return "in time"
}

func (a *Risks) writeBackups(p *page) {
	if len(a.FalseRedundancies)+len(a.Circular)+len(a.Hollow) == 0 {
		return
	}
	p.title("Backups that do not help (%s)", phrase.Count(len(a.FalseRedundancies)+len(a.Circular)+len(a.Hollow)))
	some(p, a.groupFalse(), func(line string) { p.item("%s", line) })
	some(p, a.Circular, func(c Circular) {
		p.item("A backup that needs the one it backs up: %s serves %s%s, but stops when %s stops.", a.name(c.Provider),
			a.name(c.Consumer), withService(c.Service), a.name(c.Consumer))
	})
	some(p, a.Hollow, func(h Hollow) {
		p.item("A backup too small: when %s stops, %s would take on %s more%s for %s and has room for %s.", a.name(h.Failed),
			a.name(h.Survivor), phrase.Figure(h.Extra), ofService(h.Service), a.name(h.Consumer), phrase.Figure(max(h.Spare, 0)))
	})
}

// groupFalse writes one line for each need with false redundancy, however many nodes break it.
func (a *Risks) groupFalse() []string {
	var lines []string
	for i := 0; i < len(a.FalseRedundancies); {
		r := a.FalseRedundancies[i]
		var breakers []string
		for ; i < len(a.FalseRedundancies) && a.FalseRedundancies[i].Consumer == r.Consumer &&
			a.FalseRedundancies[i].Service == r.Service && slices.Equal(a.FalseRedundancies[i].Providers, r.Providers); i++ {
			breakers = append(breakers, a.FalseRedundancies[i].Node)
		}
		each := ""
		if len(breakers) > 1 {
			each = "each of "
		}
		lines = append(lines, fmt.Sprintf("%s back each other up for %s%s, but %s%s takes that away.", someNames(a.s, r.Providers, 4),
			a.name(r.Consumer), withService(r.Service), each, someNames(a.s, breakers, 4)))
	}
	return lines
}

func (a *Risks) writePeopleAndLoops(p *page) {
	if len(a.KeyPeople) > 0 {
		p.title("People whom a team cannot spare (%s)", phrase.Count(len(a.KeyPeople)))
		some(p, a.KeyPeople, func(k KeyPerson) { p.item("%s: without them %s stops.", a.name(k.ID), a.name(k.Team)) })
	}
	if len(a.Loops) > 0 {
		p.title("Nodes that serve each other in circles (%s)", phrase.Count(len(a.Loops)))
		some(p, a.Loops, func(l []string) { p.item("%s", someNames(a.s, l, 8)) })
	}
}

func (a *Risks) writeBottlenecks(p *page) {
	if len(a.Bottlenecks) == 0 {
		return
	}
	p.title("Where it jams")
	var full, central []string
	for _, b := range a.measuredFirst() {
		if b.Basis == "measured" {
			full = append(full, b.Name+" "+percentOrDash(b.Utilisation))
		} else {
			central = append(central, b.Name+" "+phrase.Percent(b.ChainShare))
		}
	}
	if len(full) > 0 {
		p.item("Measured, load of capacity: %s.", firstOf(full))
	}
	if len(central) > 0 {
		p.item("Structural, share of the shortest chains to customers that run through: %s.", strings.Join(central, ", "))
	}
	saySampled(p, a.SharesError)
}

// firstOf joins the first entries of a list, and says how many more there are.
func firstOf(list []string) string {
	text := strings.Join(list[:min(len(list), shown)], ", ")
	if n := len(list) - shown; n > 0 {
		text += fmt.Sprintf(" and %s more (--format json lists all)", phrase.Count(n))
	}
	return text
}

// measuredFirst orders the bottlenecks for reading: measured by load, then structural by share.
func (a *Risks) measuredFirst() []Bottleneck {
	weight := func(b Bottleneck) float64 {
		if b.Basis == "measured" && b.Utilisation != nil {
			return 2 + *b.Utilisation // above any share
		}
		return b.ChainShare
	}
	out := slices.Clone(a.Bottlenecks)
	slices.SortStableFunc(out, func(x, y Bottleneck) int {
		return cmp.Or(cmp.Compare(weight(y), weight(x)), cmp.Compare(x.ID, y.ID))
	})
	return out
}

// basis says how much of the findings rests on defaults.
func (a *Risks) basis() string {
	canFail := 0
	for i := range a.s.Nodes {
		if a.s.Nodes[i].CanFail {
			canFail++
		}
	}
	links := phrase.Things(a.Links, "link")
	return fmt.Sprintf("%s and %s. Assumed: how bad (critical) for %s of %s, hours to cope (0) for %s of them. Not known: time to come back for %s of %s, capacity for %s of them.",
		phrase.Things(a.Nodes, "node"), links, phrase.Count(a.Assumed.Criticality), links, phrase.Count(a.Assumed.Tolerance),
		phrase.Count(a.Assumed.RecoveryHours), phrase.Things(canFail, "node")+" that can fail", phrase.Count(a.Assumed.Capacity))
}

func (a *Risks) name(id string) string { return nameOf(a.s, id) }

// ofService writes " of Jet fuel", withService " with Jet fuel"; nothing for a blank service.
func ofService(service string) string {
	if service == "" {
		return ""
	}
	return " of " + service
}

func withService(service string) string {
	if service == "" {
		return ""
	}
	return " with " + service
}

// some writes the first entries of a list and says how many more there are.
func some[T any](p *page, list []T, write func(T)) {
	for _, v := range list[:min(len(list), shown)] {
		write(v)
	}
	more(p, len(list)-shown, "--format json lists all")
}

func more(p *page, left int, how string) {
	if left > 0 {
		p.detail("and %s more (%s)", phrase.Count(left), how)
	}
}
