package analysis

import (
	"slices"

	"example.com/whoserves/graph"
)

// Loops finds the sets of nodes that serve each other round in a circle, by their smallest id. A loop does no harm by itself;
// it is marked circular where the failure can run round the example: each of its pairs is backed by a critical need.
// O(nodes + pairs), beside the examples.
func Loops(s *graph.Snapshot) []Loop {
	g := pairsOf(s)
	component, sizes := g.components()
	members := make([][]int32, len(sizes))
	for v, c := range component {
		if sizes[c] > 1 {
			members[c] = append(members[c], int32(v))
		}
	}
	var loops []Loop
	for _, nodes := range members {
		if nodes == nil {
			continue
		}
		example := g.shortestRound(nodes[0], component)
		loops = append(loops, Loop{Nodes: nodes, Example: example, Circular: allCritical(s, example)})
	}
	slices.SortFunc(loops, func(a, b Loop) int { return int(a.Nodes[0]) - int(b.Nodes[0]) })
	return loops
}

// pairGraph is who serves whom, every provider → consumer pair once; lists are sorted.
type pairGraph struct {
	served   [][]int32 // by provider: its consumers
	servedBy [][]int32 // by consumer: its providers
}

func pairsOf(s *graph.Snapshot) pairGraph {
	g := pairGraph{make([][]int32, len(s.Nodes)), make([][]int32, len(s.Nodes))}
	for v := range s.Nodes {
		g.served[v] = s.Served(int32(v))
		g.servedBy[v] = s.ServedBy(int32(v))
	}
	return g
}

// components numbers the strongly connected components and gives their sizes. A component has a higher number than those that
// it serves.
func (g pairGraph) components() (component, sizes []int32) {
	out := adjacency{from: []int32{0}}
	for _, consumers := range g.served {
		out.to = append(out.to, consumers...)
		out.from = append(out.from, int32(len(out.to)))
	}
	component, count := components(len(g.served), &out)
	sizes = make([]int32, count)
	for _, c := range component {
		sizes[c]++
	}
	return component, sizes
}

// shortestRound gives a shortest way from a node round its component and back to it; of equal ones the first by ids.
func (g pairGraph) shortestRound(home int32, component []int32) []int32 {
	steps := map[int32]int{home: 0} // hops home
	queue := []int32{home}
	for len(queue) > 0 {
		v := queue[0]
		queue = queue[1:]
		for _, p := range g.servedBy[v] {
			if _, known := steps[p]; !known && component[p] == component[home] {
				steps[p] = steps[v] + 1
				queue = append(queue, p)
			}
		}
	}
	closest := func(v int32) int32 {
		best := int32(-1)
		for _, c := range g.served[v] {
			if n, ok := steps[c]; ok && c != v && (best < 0 || n < steps[best]) {
				best = c
			}
		}
		return best
	}
	round := []int32{home}
	delete(steps, home)
	for {
		next := closest(round[len(round)-1])
		round = append(round, next)
		if steps[next] == 1 {
			return round
		}
	}
}

// allCritical says whether every provider on a round is in a critical need of the next.
func allCritical(s *graph.Snapshot, round []int32) bool {
	for i, p := range round {
		needs, _ := s.NeedsOf(round[(i+1)%len(round)])
		if !slices.ContainsFunc(needs, func(n graph.Need) bool {
			return n.Criticality == graph.Critical && slices.ContainsFunc(n.Providers, func(by int32) bool { return standsFor(s, by, p) })
		}) {
			return false
		}
	}
	return true
}

// standsFor says whether a provider as a need names it is p, or a unit that p is a team of.
func standsFor(s *graph.Snapshot, provider, p int32) bool {
	if provider == p {
		return true
	}
	if !s.IsBox(provider) {
		return false
	}
	_, is := slices.BinarySearch(s.TeamsOf(provider), p)
	return is
}
