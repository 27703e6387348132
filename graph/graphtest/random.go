// Package graphtest makes organisations for tests and benchmarks. The same arguments always give the same organisation.
package graphtest

import (
	"fmt"
	"math/rand/v2"

	"example.com/whoserves/graph"
)

// Random makes a small organisation of one source in which everything happens that may: loops, alternates, k-of-n, every
// criticality and none, unmet needs, rows twice that disagree, self links, blank services, services that differ in case
// only, customers that provide, nodes that cannot fail, sites, members, people in several teams, nested units as providers
// and consumers, units without teams, nodes that are only referred to, and now and then no customer at all. Ids
// and names are the same and never ambiguous. All hours are multiples of a quarter. Size is about the number of nodes.
func Random(seed uint64, size int) *graph.Org {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 7))}
	size = max(size, 4)
	g.describe(size)
	g.link(size + g.IntN(2*size))
	return orgOf(g.nodes, g.links)
}

func orgOf(nodes []*graph.NodeRecord, links []*graph.LinkRecord) *graph.Org {
	s := graph.NewSource("random", nodes, links)
	s.Rank = 1
	return &graph.Org{Name: "random", Sources: []*graph.Source{s}}
}

type generator struct {
	*rand.Rand
	nodes []*graph.NodeRecord
	links []*graph.LinkRecord
	ids   []string // of all that a link may name
}

func (g *generator) chance(p float64) bool { return g.Float64() < p }

// describe makes the nodes: one kind after the other, each with its own letter.
func (g *generator) describe(size int) {
	customers := 1 + g.IntN(3)
	if g.chance(0.15) {
		customers = 0
	}
	units, sites, people := g.IntN(4), g.IntN(3), g.IntN(4)
	teams := max(2, size-customers-units-sites-people)
	for i := range units {
		g.unit(i)
	}
	for i := range sites {
		g.node(fmt.Sprintf("r%d", i), graph.Resource)
	}
	for i := range teams {
		r := g.node(fmt.Sprintf("t%d", i), graph.Team)
		if g.chance(0.15) {
			r.Kind = graph.Supplier
		}
		if units > 0 && g.chance(0.6) {
			r.Unit = fmt.Sprintf("u%d", g.IntN(units))
		}
		if sites > 0 && g.chance(0.3) {
			r.Sites = []string{fmt.Sprintf("r%d", g.IntN(sites)), fmt.Sprintf("r%d", g.IntN(sites))}[:1+g.IntN(2)]
		}
		if g.chance(0.3) {
			r.MinStaff = graph.Given(float64(g.IntN(4)))
		}
		if g.chance(0.2) {
			r.Headcount = graph.Given(float64(g.IntN(4)))
		}
	}
	for i := range people {
		r := g.node(fmt.Sprintf("p%d", i), graph.Person)
		for range g.IntN(3) {
			r.Teams = append(r.Teams, fmt.Sprintf("t%d", g.IntN(teams)))
		}
	}
	for i := range customers {
		r := g.node(fmt.Sprintf("c%d", i), graph.Customer)
		if sites > 0 && g.chance(0.2) {
			r.Sites = []string{"r0"} // makes no need
		}
	}
	g.ids = append(g.ids, "x0", "x1") // described nowhere
}

func (g *generator) unit(i int) {
	r := &graph.NodeRecord{ID: fmt.Sprintf("u%d", i), Name: fmt.Sprintf("u%d", i), Kind: graph.Unit}
	if i > 0 && g.chance(0.5) {
		r.Unit = fmt.Sprintf("u%d", g.IntN(i))
	}
	g.nodes = append(g.nodes, r)
	g.ids = append(g.ids, r.ID)
}

func (g *generator) node(id string, kind graph.Kind) *graph.NodeRecord {
	r := &graph.NodeRecord{ID: id, Name: id, Kind: kind}
	if g.chance(0.1) {
		r.CanFail = graph.No
	}
	if g.chance(0.6) {
		r.RecoveryHours = g.quarters(40)
	}
	if g.chance(0.6) {
		r.Capacity = graph.Given(float64(g.IntN(40)))
	}
	g.nodes = append(g.nodes, r)
	g.ids = append(g.ids, id)
	return r
}

func (g *generator) quarters(n int) graph.Number { return graph.Given(float64(g.IntN(n)) / 4) }

func (g *generator) link(count int) {
	services := []string{"", "", "pay", "Pay ", "ops", "OPS", "power", "staff", "zeal"}
	critical := g.Float64() // how many of the needs stop their consumer
	for range count {
		r := &graph.LinkRecord{
			Provider: g.ids[g.IntN(len(g.ids))], Consumer: g.ids[g.IntN(len(g.ids))], Service: services[g.IntN(len(services))],
			Criticality: graph.Criticality(g.IntN(4)),
		}
		if g.chance(critical) {
			r.Criticality = graph.Critical * graph.Criticality(g.IntN(2))
		}
		if g.chance(0.3) {
			r.MinProviders = graph.Given(float64(1 + g.IntN(3)))
		}
		if g.chance(0.5) {
			r.Tolerance = g.quarters(12)
		}
		if g.chance(0.6) {
			r.Volume = graph.Given(float64(g.IntN(20)))
		}
		g.links = append(g.links, r)
		if g.chance(0.1) { // the row once more, in other words
			again := *r
			again.Criticality, again.Tolerance = graph.Criticality(g.IntN(4)), g.quarters(12)
			g.links = append(g.links, &again)
		}
	}
}
