package graphtest

import (
	"fmt"
	"math/rand/v2"

	"example.com/whoserves/graph"
)

// Large makes an organisation for benchmarks, with as many nodes and links as asked for. Of every fifteen nodes one is a
// customer, one a supplier, one a resource, and the others are teams, who serve each other in all directions, so that most of
// them lie in one great loop. Three links of ten are provided by one percent of the nodes, the hubs, as in real firms.
//
// Mixed: a need has one to four providers, six of ten have one; of three or more now and then two must work. Of ten needs
// four are critical, one is not said to be anything (and so counts as critical), three are important and two minor. Tolerance, volume,
// capacity and recovery are given more often than not.
//
// Otherwise every link is a critical need of its own.
func Large(seed uint64, nodes, links int, mixed bool) *graph.Org {
	g := &large{generator: generator{Rand: rand.New(rand.NewPCG(seed, 11))}, mixed: mixed}
	g.describe(nodes)
	seen := make(map[[2]int32]bool, links)
	for len(g.links) < links {
		if mixed {
			g.need(min(g.providers(), links-len(g.links)), seen)
		} else {
			g.need(1, seen)
		}
	}
	return orgOf(g.nodes, g.links)
}

type large struct {
	generator
	mixed     bool
	consumers []int32 // who is served: customers and teams
	suppliers []int32 // who serves: all but customers
	needs     int
}

func (g *large) describe(nodes int) {
	g.nodes = make([]*graph.NodeRecord, 0, nodes)
	for i := range int32(nodes) {
		kind := graph.Team
		switch i % 15 {
		case 0:
			kind = graph.Customer
		case 1:
			kind = graph.Supplier
		case 2:
			kind = graph.Resource
		}
		r := &graph.NodeRecord{ID: fmt.Sprintf("n%06d", i), Name: fmt.Sprintf("Node %d", i), Kind: kind}
		if g.mixed && g.chance(0.7) {
			r.RecoveryHours = graph.Given(float64(1 + g.IntN(72)))
		}
		if g.mixed && g.chance(0.5) && kind != graph.Customer {
			r.Capacity = graph.Given(float64(100 + g.IntN(900)))
		}
		if kind != graph.Customer {
			g.suppliers = append(g.suppliers, i)
		}
		if kind == graph.Customer || kind == graph.Team {
			g.consumers = append(g.consumers, i)
		}
		g.nodes = append(g.nodes, r)
	}
}

// providers draws how many providers a need has: 1 to 4.
func (g *large) providers() int {
	switch p := g.Float64(); {
	case p < 0.6:
		return 1
	case p < 0.85:
		return 2
	case p < 0.97:
		return 3
	}
	return 4
}

// need adds a need of n providers to somebody; pairs of provider and consumer never come twice.
func (g *large) need(n int, seen map[[2]int32]bool) {
	consumer := g.consumers[g.IntN(len(g.consumers))]
	link := graph.LinkRecord{Consumer: g.nodes[consumer].ID, Criticality: graph.Critical}
	g.needs++
	if g.mixed {
		link.Service = fmt.Sprintf("Service %d", g.needs%5000)
		link.Criticality = g.criticality()
	}
	if n > 2 && g.chance(0.3) {
		link.MinProviders = graph.Given(2)
	}
	if g.chance(0.6) {
		link.Tolerance = graph.Given([...]float64{0, 0.5, 1, 2, 4, 8, 24, 48}[g.IntN(8)])
	}
	for range n {
		provider := g.provider()
		pair := [2]int32{provider, consumer}
		if provider == consumer || seen[pair] {
			continue
		}
		seen[pair] = true
		r := link
		r.Provider = g.nodes[provider].ID
		if g.mixed && g.chance(0.6) {
			r.Volume = graph.Given(float64(1 + g.IntN(100)))
		}
		g.links = append(g.links, &r)
	}
}

func (g *large) provider() int32 {
	if g.chance(0.3) {
		return g.suppliers[g.IntN(max(1, len(g.suppliers)/100))]
	}
	return g.suppliers[g.IntN(len(g.suppliers))]
}

func (g *large) criticality() graph.Criticality {
	switch p := g.Float64(); {
	case p < 0.4:
		return graph.Critical
	case p < 0.5:
		return graph.NoCriticality
	case p < 0.8:
		return graph.Important
	}
	return graph.Minor
}
