package diagram

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/phrase"
)

// join collects the links between the boxes.
func (p *portrait) join() {
	for _, m := range p.members {
		p.eachWire(m, func(x wire) { p.strand(p.left[x.provider].key, p.middle, x) })
	}
	for _, c := range sortedKeys(p.left) {
		p.eachWire(c, func(x wire) {
			if from, to := p.left[x.provider], p.left[c]; from.hop > to.hop {
				p.strand(from.key, to.key, x)
			}
		})
	}
	for _, c := range sortedKeys(p.right) {
		p.eachWire(c, func(x wire) {
			from, to := p.right[x.provider], p.right[c]
			switch {
			case p.inside[x.provider]:
				p.strand(p.middle, to.key, x)
			case from.key == "":
			case from.hop < to.hop:
				p.strand(from.key, to.key, x)
			case p.stops(x, c) && !from.folded && !to.folded:
				p.strand(from.key, to.key, x)
				if from.hop == to.hop {
					p.cause[c] = x.provider
				}
			}
		})
	}
}

// eachWire goes through the drawn links to a node.
func (p *portrait) eachWire(c int32, use func(wire)) {
	needs, first := p.s.NeedsOf(c)
	for i := range needs {
		if needs[i].Criticality < p.v.least() || needs[i].Origin == graph.FromTeams {
			continue
		}
		for _, q := range needs[i].Providers {
			use(wire{first + int32(i), q})
		}
	}
}

// strand adds a link to those between two boxes.
func (p *portrait) strand(from, to string, x wire) {
	if from == "" || to == "" || from == to {
		return
	}
	e := link{from, to}
	s := p.strands[e]
	if s == nil {
		s = &strand{}
		p.strands[e] = s
		p.order = append(p.order, e)
	}
	s.wires = append(s.wires, x)
	c := p.s.Needs[x.need].Consumer
	if p.out.Cause[c] == (analysis.Cause{Need: x.need, Provider: x.provider}) {
		s.hit = max(s.hit, p.out.State[c])
	}
}

// stops says whether the loss of a provider in a need is what takes a node down.
func (p *portrait) stops(x wire, c int32) bool {
	return p.v.colour() == "risk" && p.out.State[c] == analysis.Down && p.out.Cause[c] == analysis.Cause{Need: x.need, Provider: x.provider}
}

// way is how a customer is reached from a box of the portrait.
type way struct {
	from    string
	between int
	hit     analysis.State
}

// customers puts those that can be reached into the last panel, each with one line from the box that is nearest before it:
// along the failing chain where it stops, else along a shortest chain.
func (p *portrait) customers() {
	p.first = math.Inf(1)
	parent, reached := p.shortest()
	p.reached = len(reached)
	for _, c := range reached {
		if p.out.State[c] == analysis.Down {
			p.stopped++
			p.first = min(p.first, p.out.Hours[c])
		}
	}
	reached = slices.DeleteFunc(reached, func(c int32) bool { return !p.wanted(c) })
	if len(reached) == 0 {
		return
	}
	label := "External customers"
	if p.s.StandIn {
		label = "At the end of the chain"
	}
	p.d.panels = append(p.d.panels, panel{key: "c-cust", label: fmt.Sprintf("%s (%s)", label, phrase.Count(len(reached))), class: "col", margin: 10})
	shown := p.byValue(reached)
	var folded []int32
	if len(shown) > panelMost+1 { // whoever stops first; of those that keep working a few
		slices.SortStableFunc(shown, func(x, y int32) int { return cmp.Compare(p.out.State[y], p.out.State[x]) })
		places := min(panelMost, max(panelMost/2, p.stopped))
		shown, folded = shown[:places], shown[places:]
	}
	var keys []string
	for _, c := range shown {
		keys = append(keys, p.addCustomer(c, parent))
	}
	if len(folded) > 0 {
		slices.Sort(folded)
		box := p.foldBox(folded, "c-cust-others", "Others", -1, false)
		box.node.Kind, box.node.panel, box.node.URL = graph.Customer, "c-cust", "/customers"
		p.add(box.node)
		p.foldedWays(folded, box.node.Key, parent)
		keys = append(keys, box.node.Key)
		p.holdOrder(keys) // the others last
	}
	p.lastColumn(keys)
}

// addCustomer draws a customer, what serves it directly, and the way on which a failure or service gets there.
func (p *portrait) addCustomer(c int32, parent []wire) (key string) {
	n := p.node(c)
	if p.v.colour() == "risk" {
		p.fate(&n, c)
	}
	if p.left[c].key != "" { // it serves us too
		n.Key = elementID("o-", p.s.Nodes[c].ID)
	}
	n.panel = "c-cust"
	p.add(n)
	direct := false
	p.eachWire(c, func(x wire) {
		if p.inside[x.provider] {
			p.strand(p.middle, n.Key, x)
			direct = true
		}
	})
	if w := p.wayTo(c, parent); !direct || w.from != p.middle && w.hit == analysis.Down {
		p.wayLine(w, n.Key, p.name(c), c)
	}
	return n.Key
}

// shortest finds the customers within reach, and for every node on the way the link of a shortest chain by which it is reached.
func (p *portrait) shortest() (parent []wire, customers []int32) {
	parent = make([]wire, len(p.s.Nodes))
	seen := make([]bool, len(p.s.Nodes))
	queue := slices.Clone(p.members)
	for _, m := range queue {
		seen[m] = true
	}
	least := p.v.least()
	for i := 0; i < len(queue); i++ {
		x := queue[i]
		for _, j := range p.s.NeedsServed(x) {
			n := &p.s.Needs[j]
			if n.Criticality < least || seen[n.Consumer] {
				continue
			}
			seen[n.Consumer] = true
			parent[n.Consumer] = wire{j, x}
			queue = append(queue, n.Consumer)
			if p.isCust[n.Consumer] {
				customers = append(customers, n.Consumer)
			}
		}
	}
	slices.Sort(customers)
	return parent, customers
}

// wayTo follows a chain back from a customer to the first box that is shown.
func (p *portrait) wayTo(c int32, parent []wire) way {
	w := way{}
	failing := p.out.State[c] == analysis.Down && p.v.colour() == "risk"
	if failing {
		w.hit = analysis.Down
	}
	for x := c; ; w.between++ {
		from := parent[x].provider
		if failing {
			from = p.out.Cause[x].Provider
		}
		if p.inside[from] {
			w.from = p.middle
			return w
		}
		if at := p.right[from]; at.key != "" {
			w.from = at.key
			return w
		}
		x = from
	}
}

// wayLine draws the way to a customer, or to several (c < 0).
func (p *portrait) wayLine(w way, key, name string, c int32) {
	from := p.at(w.from)
	l := Link{From: w.from, To: key, style: "solid", width: 1, head: "vee", colour: quietColour, Classes: []string{"onward"}}
	l.Tooltip = fmt.Sprintf("%s serves %s", from.Name, name)
	if w.between > 0 {
		l.Label = fmt.Sprintf("+%d between", w.between)
		l.Tooltip += fmt.Sprintf(" through %s not shown", phrase.Things(w.between, "other"))
	}
	if w.hit == analysis.Down {
		l.colour, l.width, l.head, l.Classes = red, 2.2, "normal", []string{"hit", "onward"}
	}
	p.line(l)
	if c < 0 {
		return
	}
	f := Fact{From: End{ID: from.ID, Name: from.Name, Kind: from.Kind, URL: from.URL}, To: p.end(c), Words: l.Label, Text: l.Tooltip + "."}
	if w.hit == analysis.Down {
		f.Marks = []string{"the failure runs here"}
	}
	p.d.Facts = append(p.d.Facts, f)
}

// foldedWays draws one line for all customers in a fold from each box that leads there.
func (p *portrait) foldedWays(folded []int32, key string, parent []wire) {
	ways := map[string]way{}
	for _, c := range folded {
		w := p.wayTo(c, parent)
		if old, ok := ways[w.from]; !ok || w.hit > old.hit {
			w.between = 0
			ways[w.from] = w
		}
	}
	for _, from := range sortedKeys(ways) {
		p.wayLine(ways[from], key, fmt.Sprintf("%d other customers", len(folded)), -1)
	}
}

// write draws the strands.
func (p *portrait) write() {
	for _, e := range p.order {
		p.strandLine(e, p.strands[e])
	}
	p.d.Total.Links = p.d.Shown.Links
	p.d.space = spacing{rank: 0.7, node: 0.16, wrap: 20, airy: true}
	switch columns := len(p.d.ranks) + 1; { // the one in the middle has no rank of its own
	case len(p.d.Nodes) > 40:
		p.d.space.rank, p.d.space.node, p.d.space.wrap = 0.4, 0.1, 16
	case columns > 5:
		p.d.space.rank = 0.4
	}
}

func (p *portrait) strandLine(e link, s *strand) {
	w := web{builder: p.builder, labels: true}
	worst := p.strongest(s.wires)
	l := Link{From: e.from, To: e.to, Stands: len(s.wires), Label: w.label(s.wires, false)}
	l.set(worst)
	l.Classes = []string{worst.String()}
	l.Tooltip = w.tips(s.wires[:min(len(s.wires), 6)])
	from, to := p.at(e.from), p.at(e.to)
	switch n := &p.s.Needs[s.wires[0].need]; {
	case from.panel == to.panel && p.inColumn[e.from] == p.inColumn[e.to]:
		l.Label = "" // no room between neighbours
	case len(s.wires) > 1 && (from.folded || to.folded || p.s.IsBox(p.centre)):
		l.Label = phrase.Things(len(s.wires), "link")
	case len(s.wires) == 1 && len(n.Providers) > 1:
		l.Label = strings.TrimPrefix(fmt.Sprintf("%s\n%d of %d", l.Label, n.K, len(n.Providers)), "\n")
	}
	risk := p.v.colour() == "risk"
	switch {
	case s.hit == analysis.Down && risk:
		l.colour, l.width = red, 2.2
		l.Classes = append(l.Classes, "hit")
	case s.hit == analysis.Degraded && risk:
		l.colour, l.width, l.head = amber, 1.6, "empty"
		l.Classes = append(l.Classes, "hit", "soft")
	default:
		w.rateLine(&l, s.wires)
	}
	p.line(l)
	for _, x := range s.wires {
		p.d.Facts = append(p.d.Facts, p.fact(&p.s.Needs[x.need], x.provider))
	}
	p.d.Shown.Links += len(s.wires)
}
