package diagram

import (
	"fmt"
	"slices"

	"example.com/whoserves/graph/phrase"
)

// overviewOfNodes draws the nodes themselves, for organisations without units: all, or those that matter most.
func (b *builder) overviewOfNodes() error {
	var all []int32
	for v := range b.s.Nodes {
		if x := int32(v); !b.s.IsBox(x) && b.wanted(x) {
			all = append(all, x)
		}
	}
	nodes := b.pickNodes(all)
	w := b.newWeb(nodes)
	w.collect()
	var alike map[int32][]int32
	if len(nodes) >= 24 {
		alike = w.findTwins()
	}
	b.spaceFor(len(nodes) - len(w.twin))
	var customers []int32
	for _, v := range w.nodes {
		switch {
		case w.self(v) != v:
		case alike[v] != nil:
			b.add(b.twinBox(alike[v]))
		default:
			b.add(b.overviewNode(v))
			if b.isCust[v] {
				customers = append(customers, v)
			}
		}
	}
	w.draw()
	if len(w.twin) > 0 {
		b.note("Who serves and is served alike shares a box: %d nodes in %d boxes.", len(w.twin)+len(alike), len(alike))
	}
	if !b.s.StandIn {
		b.rankCustomers(customers)
	}
	b.d.Shown.Nodes, b.d.Total.Nodes = len(nodes), len(all)
	if b.v.links() != "all" {
		b.note("Drawn: %s.", b.v.linkWords())
	}
	return nil
}

// pickNodes decides which nodes are drawn, and says so: all that have a link, or those that tell most.
func (b *builder) pickNodes(all []int32) []int32 {
	if len(all) > b.v.maxNodes() {
		nodes := b.mostTelling(all)
		b.note("Showing %s of %s nodes: some customers, and behind them first who can stop most, then who has most links.", phrase.Count(len(nodes)), phrase.Count(len(all)))
		return nodes
	}
	nodes := slices.DeleteFunc(slices.Clone(all), func(v int32) bool { return len(b.s.Served(v))+len(b.s.ServedBy(v)) == 0 })
	b.note("Showing %s of %s nodes.", phrase.Count(len(nodes)), phrase.Count(len(all)))
	if lonely := len(all) - len(nodes); lonely > 0 {
		b.note("Left out: %s without any link.", phrase.Things(lonely, "node"))
	}
	return nodes
}

// overviewNode makes the box of one node in an overview: who can stop a customer is said there even without colours.
func (b *builder) overviewNode(v int32) Node {
	n := b.node(v)
	if b.isCust[v] {
		b.markCustomer(&n, v)
		return n
	}
	b.colourNode(&n, v)
	if p := b.spof(v); p != nil && b.v.colour() == "none" {
		n.Badges = append(n.Badges, Badge{Text: sign(p.Exposed) + " " + b.stops(p), Tone: Breaks})
	}
	return n
}

// twinBox makes one box for nodes that are alike in all their links.
func (b *builder) twinBox(members []int32) Node {
	kind := b.kindOf(members[0])
	n := Node{Key: b.key(members[0]), Name: phrase.Things(len(members), kindWord(kind)) + " alike", Kind: kind, Count: len(members), folded: true}
	n.look.left = true
	n.Tooltip = n.Name + ": " + b.some(members, len(members))
	for _, v := range members {
		n.Members = append(n.Members, b.s.Nodes[v].ID)
		badge := Badge{Text: facing(wrap(b.name(v), 26, 1)[0])}
		if p := b.spof(v); p != nil {
			badge = Badge{Text: fmt.Sprintf("%s %s · %d of %d", sign(p.Exposed), badge.Text, p.DownCount, len(b.s.Customers)), Tone: Breaks}
		}
		n.Badges = append(n.Badges, badge)
		if len(n.Badges) == 8 && len(members) > 9 {
			n.Badges = append(n.Badges, Badge{Text: "+ " + phrase.Things(len(members)-8, "other")})
			break
		}
	}
	return n
}

// mostTelling picks as many nodes as fit: a few customers, the most valuable, and from there always the provider that stops
// most customers alone, then the one with most links; so the picture hangs together.
func (b *builder) mostTelling(all []int32) []int32 {
	most := b.v.maxNodes()
	in := make([]bool, len(b.s.Nodes))
	for _, v := range all {
		in[v] = true
	}
	var nodes, frontier []int32
	seen := make([]bool, len(b.s.Nodes))
	visit := func(v int32) {
		nodes = append(nodes, v)
		needs, _ := b.s.NeedsOf(v)
		for i := range needs {
			if needs[i].Criticality < b.v.least() || b.spare(&needs[i]) {
				continue
			}
			for _, p := range needs[i].Providers {
				if !seen[p] && in[p] {
					seen[p] = true
					frontier = append(frontier, p)
				}
			}
		}
	}
	for _, c := range b.byValue(b.s.Customers) {
		if in[c] && !seen[c] && len(nodes) < max(1, most/8) {
			seen[c] = true
			visit(c)
		}
	}
	worth := func(v int32) int { return b.downCount(v)*1_000_000 + len(b.s.Served(v)) + len(b.s.ServedBy(v)) }
	for len(nodes) < most && len(frontier) > 0 {
		best := 0
		for i, v := range frontier {
			if w, b := worth(v), worth(frontier[best]); w > b || w == b && v < frontier[best] {
				best = i
			}
		}
		v := frontier[best]
		frontier = slices.Delete(frontier, best, best+1)
		visit(v)
	}
	return nodes
}

// downCount is the number of customers that a node stops alone.
func (b *builder) downCount(v int32) int {
	if p := b.spof(v); p != nil {
		return p.DownCount
	}
	return 0
}
