package diagram

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/phrase"
)

// customer draws the chain behind one customer: who it relies on, who can stop it alone and how soon.
func (b *builder) customer() error {
	c, err := b.lookup("customer", b.v.Customer, "say whose chain to draw")
	if err != nil {
		return err
	}
	h := b.behind(c)
	chain, err := b.failingChain(c)
	if err != nil {
		return err
	}
	nodes, rest := b.choose(c, h, chain)
	impact := b.impacts(c, nodes)
	if err := b.ctx.Err(); err != nil {
		return err
	}
	for _, v := range nodes {
		b.customerNode(c, v, impact, chain)
	}
	b.spaceFor(len(nodes))
	if len(nodes) < 40 {
		b.d.space.rank, b.d.space.node, b.d.space.wrap = 0.34, 0.16, 18
	}
	w := b.newWeb(nodes)
	w.chain = chain.wires
	folds := b.foldRest(rest, b.foldsMost())
	w.reserve = 2 * len(folds)
	w.draw()
	w.drawFolds(folds, h)
	b.lastColumn([]string{b.key(c)})
	b.d.Title = b.name(c) + ": who it relies on"
	b.d.Shown.Nodes, b.d.Total.Nodes = len(nodes)-1, h.all
	b.customerNotes(c, nodes, folds, impact, chain, h)
	return nil
}

// hinterland is what lies behind a customer.
type hinterland struct {
	hops   map[int32]int // along drawn links, the customer 0
	order  []int32       // by hops, then id
	all    int           // providers along links of any criticality
	people int           // members whom their team can spare, not drawn
	teams  int           // … of so many teams
}

// behind walks from a customer to everyone it relies on. O(links behind it).
func (b *builder) behind(c int32) hinterland {
	h := hinterland{hops: map[int32]int{c: 0}, order: []int32{c}}
	least := b.v.least()
	spared := map[int32]bool{}
	for i := 0; i < len(h.order); i++ {
		x := h.order[i]
		needs, _ := b.s.NeedsOf(x)
		for j := range needs {
			n := &needs[j]
			if n.Criticality < least {
				continue
			}
			if b.spare(n) {
				h.teams++
				for _, p := range n.Providers {
					spared[p] = true
				}
				continue
			}
			for _, p := range n.Providers {
				if _, ok := h.hops[p]; !ok {
					h.hops[p] = h.hops[x] + 1
					h.order = append(h.order, p)
				}
			}
		}
	}
	for p := range spared {
		if _, ok := h.hops[p]; !ok {
			h.people++
		}
	}
	slices.SortStableFunc(h.order, func(x, y int32) int { return cmp.Or(cmp.Compare(h.hops[x], h.hops[y]), cmp.Compare(x, y)) })
	h.all = b.countBehind(c)
	return h
}

// countBehind counts the providers of a customer along links of any criticality, boxes of the org chart left out.
func (b *builder) countBehind(c int32) int {
	seen := make([]bool, len(b.s.Nodes))
	seen[c] = true
	queue := []int32{c}
	n := 0
	for len(queue) > 0 {
		x := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, p := range b.s.ServedBy(x) {
			if !seen[p] {
				seen[p] = true
				n++
				queue = append(queue, p)
			}
		}
	}
	return n
}

// emphasis is a failing chain that a picture emphasises.
type emphasis struct {
	node   int32 // that fails; -1: none
	hours  float64
	stops  bool
	wires  map[wire]bool
	nodes  map[int32]bool
	shared bool // it runs through alternates of one need
}

// failingChain works out how the node that chain= names stops a customer: all providers of every broken need that were lost
// in time, back to the node.
func (b *builder) failingChain(c int32) (emphasis, error) {
	e := emphasis{node: -1}
	if b.v.Chain == "" {
		return e, nil
	}
	v, err := b.s.Lookup(b.v.Chain)
	if err != nil {
		return e, err
	}
	e.node = v
	out := analysis.Spread(b.s, analysis.Failure{Stopped: []int32{v}})
	e.stops, e.hours = out.State[c] == analysis.Down, out.Hours[c]
	if !e.stops {
		return e, nil
	}
	e.wires, e.nodes = b.trace(out, c)
	for x := range e.wires {
		if len(b.s.Needs[x.need].Providers) > 1 {
			e.shared = true
		}
	}
	return e, nil
}

// trace follows causes back from a node that is down to those that failed. In a need with alternates all of those that were
// lost by then count.
func (b *builder) trace(out *analysis.Outcome, x int32) (map[wire]bool, map[int32]bool) {
	wires, nodes := map[wire]bool{}, map[int32]bool{x: true}
	queue := []int32{x}
	for len(queue) > 0 {
		y := queue[0]
		queue = queue[1:]
		cause := out.Cause[y]
		if cause.Need < 0 {
			continue
		}
		for _, p := range b.s.Needs[cause.Need].Providers {
			if out.Hours[p] > out.Hours[cause.Provider] || out.State[p] != out.State[cause.Provider] {
				continue
			}
			wires[wire{cause.Need, p}] = true
			if !nodes[p] {
				nodes[p] = true
				queue = append(queue, p)
			}
		}
	}
	return wires, nodes
}

// choose decides which nodes behind a customer are drawn: all that pass the filters, or, when those are too many, first the
// emphasised chain, then who can stop it alone, then the nearest, and a place for each box of the rest.
func (b *builder) choose(c int32, h hinterland, chain emphasis) (nodes, rest []int32) {
	for _, v := range h.order {
		if v != c && (b.wanted(v) || chain.nodes[v]) {
			nodes = append(nodes, v)
		}
	}
	if most := b.v.maxNodes() - 1; len(nodes) > most {
		alone := b.stopping(c)
		class := func(v int32) (int, float64) {
			if chain.nodes[v] {
				return 0, 0
			}
			if t, ok := alone[v]; ok {
				return 1, t
			}
			return 2, float64(h.hops[v])
		}
		slices.SortStableFunc(nodes, func(x, y int32) int {
			cx, tx := class(x)
			cy, ty := class(y)
			return cmp.Or(cmp.Compare(cx, cy), cmp.Compare(tx, ty), cmp.Compare(h.hops[x], h.hops[y]), cmp.Compare(x, y))
		})
		places := max(most-b.foldsMost(), len(chain.nodes)-1)
		rest = slices.Sorted(slices.Values(nodes[places:]))
		nodes = nodes[:places]
	}
	nodes = append(nodes, c)
	slices.Sort(nodes)
	return nodes, rest
}

// stopping gives those who can stop a customer alone, with the hours until some customer stops; beyond a million pairs it is
// not known which one.
func (b *builder) stopping(c int32) map[int32]float64 {
	alone := map[int32]float64{}
	if b.f == nil {
		return alone
	}
	for i := range b.f.SPOFs {
		if p := &b.f.SPOFs[i]; b.f.TooMany || b.stopsCustomer(p, c) {
			alone[p.Node] = p.FirstImpact
		}
	}
	return alone
}

// stopsCustomer looks a customer up among those that a node stops.
func (b *builder) stopsCustomer(p *analysis.SPOF, c int32) bool {
	_, ok := slices.BinarySearch(p.CustomersDown, c)
	return ok
}

// impacts gives the hours until the customer stops when each of the nodes fails alone; nodes that cannot stop it are left
// out.
func (b *builder) impacts(c int32, nodes []int32) map[int32]float64 {
	m := map[int32]float64{}
	failures := analysis.NewSpreader(b.s)
	for _, v := range nodes {
		p := b.spof(v)
		if p == nil || b.ctx.Err() != nil {
			continue
		}
		if !b.f.TooMany && !b.stopsCustomer(p, c) {
			continue
		}
		if p.FirstCustomer == c {
			m[v] = p.FirstImpact
			continue
		}
		if t := failures.Spread(analysis.Failure{Stopped: []int32{v}}).Hours[c]; !math.IsInf(t, 1) {
			m[v] = t
		}
	}
	return m
}

// late says whether a node that stops a customer after so many hours comes back too late, or nobody knows when.
func (b *builder) late(v int32, hours float64) bool {
	back, ok := b.s.Nodes[v].RecoveryHours.Get()
	return !ok || hours < back
}

func (b *builder) customerNode(c, v int32, impact map[int32]float64, chain emphasis) {
	n := b.node(v)
	t, alone := impact[v]
	switch {
	case v == c:
		n.look.loud = true
		if b.v.colour() == "risk" {
			b.markCustomer(&n, v)
		}
	case b.v.colour() != "risk":
		b.colourNode(&n, v)
	case alone:
		n.look.spof, n.look.exposed = true, b.late(v, t)
		n.Badges = append(n.Badges, Badge{Text: sign(n.look.exposed) + " stops it alone · " + phrase.When(t), Tone: Breaks})
		n.Tooltip += b.backAfter(v, t)
	}
	if chain.nodes[v] {
		n.Classes = append(n.Classes, "on-chain")
	}
	n.look.start = chain.stops && chain.node == v
	b.add(n)
}

// backAfter compares when a node stops a customer with when it is back.
func (b *builder) backAfter(v int32, hours float64) string {
	back, ok := b.s.Nodes[v].RecoveryHours.Get()
	if !ok {
		return fmt.Sprintf(": the customer stops %s; nobody has said when it is back", after(hours))
	}
	return fmt.Sprintf(": the customer stops %s; it is back %s", after(hours), after(back))
}

func lateWords(late int) string {
	switch late {
	case 0:
		return "back in time"
	case 1:
		return "one of them back too late, or nobody has said when"
	}
	return fmt.Sprintf("%d of them back too late, or nobody has said when", late)
}

func (b *builder) customerNotes(c int32, nodes []int32, folds []fold, impact map[int32]float64, chain emphasis, h hinterland) {
	shown := len(nodes) - 1
	kinds := b.v.linkWords()
	switch {
	case h.all == 0:
		b.note("Nobody is known to serve %s.", b.name(c))
	case len(folds) > 0:
		others := 0
		for _, f := range folds {
			others += len(f.members)
		}
		b.note("Showing %s of %s providers, by %s: who can stop it alone, then the nearest; %s more in %s, with their main lines only.",
			phrase.Count(shown), phrase.Count(h.all), kinds, phrase.Count(others), phrase.Things(len(folds), "box"))
	default:
		b.note("Showing %s of %s: %s.", phrase.Count(shown), phrase.Things(h.all, "provider"), kinds)
	}
	if h.people > 0 {
		b.note("Left out: %s in %s with someone to spare.", phrase.Things(h.people, "person"), phrase.Things(h.teams, "team"))
	}
	if b.f != nil {
		late := 0
		for v, t := range impact {
			if b.late(v, t) {
				late++
			}
		}
		switch {
		case len(impact) == 0 && shown > 0:
			b.note("None of the %d shown can stop it alone.", shown)
		case len(impact) > 0 && b.v.colour() == "risk":
			b.note("%d of the %d shown can stop it alone, %s.", len(impact), shown, lateWords(late))
		}
	}
	if chain.node < 0 {
		return
	}
	if !chain.stops {
		b.note("%s alone does not stop %s.", b.name(chain.node), b.name(c))
		return
	}
	extra := ""
	if chain.shared {
		extra = ", although there are alternates"
	}
	b.note("Thick red line: how %s alone stops %s %s%s.", b.name(chain.node), b.name(c), after(chain.hours), extra)
}
