package answer

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/phrase"
)

var show = Command{
	Name: "show",
	Does: "who serves it, whom it serves, and which customers rely on it",
	Keys: []Key{{Name: "node", Does: "a node, by id or name", Required: true}},
	Args: []string{"node"},
	ask:  askShow,
}

// Show says who serves a node and whom it serves.
type Show struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Kind      string    `json:"kind"`
	Unit      *string   `json:"unit"`      // id; null: in no unit
	Providers []Service `json:"providers"` // sorted by id, then service
	Consumers []Service `json:"consumers"` // sorted by id, then service
	Customers []string  `json:"customers"` // ids of the customers that can be reached along links

	s       *graph.Snapshot
	node    int32
	outcome *analysis.Outcome // of its failure; nil when it cannot fail
}

// Service is one link, seen from one of its ends: ID is the other end.
type Service struct {
	ID          string `json:"id"`
	Service     string `json:"service"` // "" when blank
	Criticality string `json:"criticality"`

	enough, of int // so many of so many providers of that need are enough; 0 of 0: not known
}

func askShow(_ context.Context, src *Source, q *question) (Answer, error) {
	x, err := q.node("node")
	if err != nil {
		return nil, err
	}
	s := src.Snapshot
	n := &s.Nodes[x]
	a := &Show{ID: n.ID, Name: n.Name, Kind: n.Kind.String(), s: s, node: x,
		Providers: providersOf(s, x), Consumers: consumersOf(s, x), Customers: idsOf(s, customersOf(s, x))}
	if n.Unit >= 0 {
		a.Unit = &s.Nodes[n.Unit].ID
	}
	if n.CanFail {
		a.outcome = analysis.Spread(s, analysis.Failure{Stopped: []int32{x}})
	}
	return a, nil
}

// providersOf lists who serves x: every provider of its needs; a unit that has teams is served by the links that name it.
func providersOf(s *graph.Snapshot, x int32) []Service {
	out := []Service{}
	if s.IsBox(x) { // its only need is that one of its teams works, which is no service
		for _, l := range s.LinksTo(x) {
			out = append(out, serviceOfLink(s, s.Links[l].Provider, l))
		}
		return sortServices(out)
	}
	needs, _ := s.NeedsOf(x)
	for i := range needs {
		for _, p := range needs[i].Providers {
			out = append(out, serviceOfNeed(s, p, &needs[i]))
		}
	}
	return sortServices(out)
}

// consumersOf lists whom x serves: every consumer of a need that it, or a unit whose team it is, provides and, of links that
// name a unit as consumer, the unit.
func consumersOf(s *graph.Snapshot, x int32) []Service {
	out := []Service{}
	for _, i := range s.NeedsServed(x) {
		n := &s.Needs[i]
		if n.Origin == graph.FromTeams {
			out = append(out, servedAsTeam(s, x, n)...)
			continue
		}
		out = append(out, serviceOfNeed(s, n.Consumer, n))
	}
	for _, l := range s.LinksFrom(x) {
		if s.IsBox(s.Links[l].Consumer) {
			out = append(out, serviceOfLink(s, s.Links[l].Consumer, l))
		}
	}
	return sortServices(out)
}

// servedAsTeam lists whom x serves as one of the teams of a unit: the consumers of the unit, x left out. While another team of
// the unit works, none of them notices.
func servedAsTeam(s *graph.Snapshot, x int32, teams *graph.Need) []Service {
	var out []Service
	for _, i := range s.NeedsServed(teams.Consumer) {
		if n := &s.Needs[i]; n.Consumer != x {
			v := serviceOfNeed(s, n.Consumer, n)
			if len(teams.Providers) > 1 {
				v.enough, v.of = int(teams.K), len(teams.Providers)
			}
			out = append(out, v)
		}
	}
	return out
}

func serviceOfNeed(s *graph.Snapshot, other int32, n *graph.Need) Service {
	return Service{s.Nodes[other].ID, n.Service, n.Criticality.String(), int(n.K), len(n.Providers)}
}

func serviceOfLink(s *graph.Snapshot, other, link int32) Service {
	l := &s.Links[link]
	return Service{ID: s.Nodes[other].ID, Service: l.Service, Criticality: l.Values.Criticality.OrDefault().String()}
}

func sortServices(out []Service) []Service {
	slices.SortStableFunc(out, func(a, b Service) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Criticality, b.Criticality))
	})
	return slices.CompactFunc(out, func(a, b Service) bool { return a.ID == b.ID && a.Service == b.Service })
}

// customersOf lists the customers that can be reached from x along links, x left out. O(nodes + links).
func customersOf(s *graph.Snapshot, x int32) []int32 {
	seen := reachedFrom(s, x)
	var out []int32
	for _, c := range s.Customers {
		if seen[c] && c != x {
			out = append(out, c)
		}
	}
	return out
}

// reachedFrom marks the nodes that can be reached from x along links; a unit that has teams stands for these.
func reachedFrom(s *graph.Snapshot, x int32) []bool {
	seen := make([]bool, len(s.Nodes))
	queue := []int32{x}
	if s.IsBox(x) {
		queue = slices.Clone(s.TeamsOf(x))
	}
	for _, v := range queue {
		seen[v] = true
	}
	for len(queue) > 0 {
		v := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, c := range s.Served(v) {
			if !seen[c] {
				seen[c] = true
				queue = append(queue, c)
			}
		}
	}
	return seen
}

// WriteCSV writes the providers.
func (a *Show) WriteCSV(w io.Writer) error {
	t := newCSV(w, "id", "service", "criticality")
	for _, p := range a.Providers {
		t.row(p.ID, p.Service, p.Criticality)
	}
	return t.end()
}

// WriteText says what the node is, who serves it, whom it serves and what its failure does.
func (a *Show) WriteText(w io.Writer, width int) error {
	p := newPage(w, width)
	p.say("%s", a.introduction())
	p.say("%s", a.ifItFails())
	a.writeServices(p, "Who serves "+a.Name, []string{"Who", "With what", "Without it " + a.Name}, a.Providers, consequencesForOne)
	a.writeServices(p, "Whom "+a.Name+" serves", []string{"Whom", "With what", "Without it they"}, a.Consumers, consequencesForMany)
	return p.end()
}

// consequences are the words for what consumers do without a provider: by criticality and, when the others are enough, by "".
type consequences map[string]string

var (
	consequencesForOne  = consequences{"critical": "stops", "important": "works worse", "minor": "notices", "": "goes on"}
	consequencesForMany = consequences{"critical": "stop", "important": "work worse", "minor": "notice", "": "go on"}
)

func (a *Show) writeServices(p *page, title string, head []string, list []Service, words consequences) {
	if len(list) == 0 {
		return
	}
	p.title("%s", title)
	t := p.table(head...)
	for _, v := range list[:min(len(list), longest)] {
		without := words[v.Criticality]
		if v.enough < v.of {
			without = fmt.Sprintf("%s: %d of %d is enough", words[""], v.enough, v.of)
		}
		t.row(nameOf(a.s, v.ID), orDash(v.Service), without)
	}
	t.end()
	more(p, len(list)-longest, "--format json lists all")
}

func (a *Show) introduction() string {
	what := article(a.Kind)
	if a.Unit != nil {
		what += " in " + nameOf(a.s, *a.Unit)
	}
	text := fmt.Sprintf("%s (%s) is %s.", a.Name, a.ID, what)
	if len(a.Providers)+len(a.Consumers) > 0 || !a.s.IsBox(a.node) {
		text += fmt.Sprintf(" %s it and it serves %s.", countVerb(distinct(a.Providers), "serves", "serve"), number(distinct(a.Consumers)))
	}
	if len(a.Customers) > 0 {
		text += fmt.Sprintf(" Its work reaches %s: %s.", strings.TrimSpace(ofAll(a.s, len(a.Customers), "", "")), someNames(a.s, a.Customers, 8))
	} else if a.Kind != graph.Customer.String() {
		text += " Its work reaches no customer."
	}
	return text
}

func distinct(vs []Service) int {
	n := 0
	for i, v := range vs {
		if i == 0 || v.ID != vs[i-1].ID {
			n++
		}
	}
	return n
}

// ifItFails says which customers the failure of the node stops, and how soon.
func (a *Show) ifItFails() string {
	if a.outcome == nil {
		if a.s.IsBox(a.node) {
			return fmt.Sprintf("It is a unit of %s; ask what happens when all of them stop with: ripple unit:%s.",
				phrase.Things(len(a.s.TeamsOf(a.node)), "team"), a.ID)
		}
		return ""
	}
	var down, worse []string
	first := -1.0
	for _, c := range a.s.Customers {
		switch a.outcome.State[c] {
		case analysis.Down:
			down = append(down, a.s.Nodes[c].ID)
			if h := a.outcome.Hours[c]; first < 0 || h < first {
				first = h
			}
		case analysis.Degraded:
			worse = append(worse, a.s.Nodes[c].ID)
		}
	}
	var text string
	switch {
	case len(down) > 0:
		text = fmt.Sprintf("If it stops, %s: %s; the first %s.", ofAll(a.s, len(down), "stops", "stop"), someNames(a.s, down, 8), phrase.After(first))
	case len(worse) > 0:
		text = fmt.Sprintf("If it stops, no customer stops, but %s: %s.", ofAll(a.s, len(worse), "is served worse", "are served worse"),
			someNames(a.s, worse, 8))
	default:
		return "If it stops alone, no customer stops or is served worse."
	}
	return text + " " + comesBack(a.s.Nodes[a.node].RecoveryHours, first)
}
