package analysis

import (
	"slices"

	"example.com/whoserves/graph"
)

// classes is a network in which nodes that stop together are one. Two nodes that each stop the other, through needs that
// break with the first provider lost, are down in exactly the same failures of one node, whichever of the two fails or is
// looked at; so they are one class, for both sides of the question "who alone stops whom". Classes are numbered so that
// providers mostly come before consumers.
type classes struct {
	n      int
	of     []int32   // by node: its class
	single adjacency // by class: the classes that stop with it
	multi  []multiNeed
	served adjacency // by class: the needs in multi that it is a provider of

	failing adjacency // by class: its nodes that can fail, sorted
}

// multiNeed is a need that breaks with loss of its providers, two or more. A class may stand in it several times.
type multiNeed struct {
	consumer, loss int32
	providers      []int32
}

type edge struct{ from, to int32 }

// contract finds the classes for failures through needs that are at least as bad as worst: graph.Critical for who goes
// down, graph.Important for who degrades at least. O(nodes + links) a round; few rounds are needed, as each merges more.
func contract(net *network, worst graph.Criticality) *classes {
	nodes := len(net.needFrom) - 1
	c := &classes{n: nodes, of: make([]int32, nodes)}
	for x := range c.of {
		c.of[x] = int32(x)
	}
	edges := c.packNeeds(net, worst)
	for {
		single := adjacencyOf(c.n, edges)
		parts, n := components(c.n, &single)
		edges = c.merge(parts, n, &single)
		grown := c.simplify()
		if edges = append(edges, grown...); len(grown) == 0 {
			break
		}
	}
	c.order(edges)
	c.failing = failingOf(net, c)
	return c
}

// packNeeds takes over the needs that count, as edges where one provider is enough to break them.
func (c *classes) packNeeds(net *network, worst graph.Criticality) []edge {
	edges := make([]edge, 0, len(net.provs))
	for i := range net.needs {
		if net.snap.Needs[i].Criticality < worst {
			continue
		}
		need := &net.needs[i]
		providers := net.providers(int32(i))
		if need.loss > 1 {
			c.multi = append(c.multi, multiNeed{need.consumer, need.loss, slices.Clone(providers)})
			continue
		}
		for _, p := range providers {
			edges = append(edges, edge{p, need.consumer})
		}
	}
	return edges
}

// merge makes each part a class and gives the edges between them, each once.
func (c *classes) merge(parts []int32, n int, single *adjacency) []edge {
	members := make([]edge, len(parts))
	for x, part := range parts {
		members[x] = edge{part, int32(x)}
	}
	inPart := adjacencyOf(n, members)
	for x := range c.of {
		c.of[x] = parts[c.of[x]]
	}
	for i := range c.multi {
		need := &c.multi[i]
		need.consumer = parts[need.consumer]
		for j, p := range need.providers {
			need.providers[j] = parts[p]
		}
	}
	var edges []edge
	last := make([]int32, n) // by part: the part that last got an edge to it, plus one
	for part := range int32(n) {
		for _, x := range inPart.of(part) {
			for _, y := range single.of(x) {
				if to := parts[y]; to != part && last[to] != part+1 {
					last[to] = part + 1
					edges = append(edges, edge{part, to})
				}
			}
		}
	}
	c.n = n
	return edges
}

// simplify drops from needs what does not matter: providers in the consumer's class (where they stop, it stops), and classes
// that hold enough of the providers to break the need alone, which are given back as edges. Needs that cannot break then
// are dropped whole.
func (c *classes) simplify() (edges []edge) {
	kept := c.multi[:0]
	for _, need := range c.multi {
		slices.Sort(need.providers)
		providers := need.providers[:0]
		for i, j := 0, 0; i < len(need.providers); i = j {
			p := need.providers[i]
			for j = i + 1; j < len(need.providers) && need.providers[j] == p; j++ {
			}
			switch {
			case p == need.consumer:
			case j-i >= int(need.loss):
				edges = append(edges, edge{p, need.consumer})
			default:
				for ; i < j; i++ {
					providers = append(providers, p)
				}
			}
		}
		if need.providers = providers; len(providers) >= int(need.loss) {
			kept = append(kept, need)
		}
	}
	c.multi = kept
	return edges
}

// order renumbers the classes in reverse postorder of a depth-first search along all needs, and indexes them.
func (c *classes) order(edges []edge) {
	all := slices.Clone(edges)
	for _, need := range c.multi {
		for _, p := range need.providers {
			all = append(all, edge{p, need.consumer})
		}
	}
	out := adjacencyOf(c.n, all)
	place := reversePostorder(c.n, &out)
	for x := range c.of {
		c.of[x] = place[c.of[x]]
	}
	for i := range edges {
		edges[i] = edge{place[edges[i].from], place[edges[i].to]}
	}
	c.single = adjacencyOf(c.n, edges)
	var serves []edge
	for i := range c.multi {
		need := &c.multi[i]
		need.consumer = place[need.consumer]
		for j, p := range need.providers {
			need.providers[j] = place[p]
			if j == 0 || need.providers[j] != need.providers[j-1] {
				serves = append(serves, edge{place[p], int32(i)})
			}
		}
	}
	c.served = adjacencyOf(c.n, serves)
}

func failingOf(net *network, c *classes) adjacency {
	var edges []edge
	for x := range c.of {
		if net.snap.Nodes[x].CanFail {
			edges = append(edges, edge{c.of[x], int32(x)})
		}
	}
	return adjacencyOf(c.n, edges)
}

// adjacencyOf sorts edges by where they start; those of one start keep their order.
func adjacencyOf(n int, edges []edge) adjacency {
	a := adjacency{from: make([]int32, n+2), to: make([]int32, len(edges))}
	for _, e := range edges {
		a.from[e.from+2]++
	}
	for i := 2; i < len(a.from); i++ {
		a.from[i] += a.from[i-1]
	}
	for _, e := range edges { // from[x+1] is where the next of x goes, and in the end where those of x+1 start
		a.to[a.from[e.from+1]] = e.to
		a.from[e.from+1]++
	}
	a.from = a.from[:n+1]
	return a
}

// reverse turns all edges round.
func (a *adjacency) reverse() *adjacency {
	edges := make([]edge, 0, len(a.to))
	for x := range int32(len(a.from) - 1) {
		for _, y := range a.of(x) {
			edges = append(edges, edge{y, x})
		}
	}
	back := adjacencyOf(len(a.from)-1, edges)
	return &back
}

// components finds the strongly connected components (Tarjan 1972, without recursion) and numbers them from 0.
func components(n int, out *adjacency) (component []int32, count int) {
	component = make([]int32, n) // while a node is open: -1
	index := make([]int32, n)    // by order of discovery, from 1; 0: not seen yet
	low := make([]int32, n)      // the first open node that is known to be reached
	next := slices.Clone(out.from)
	var path, open []int32
	seen := int32(0)
	enter := func(x int32) {
		seen++
		index[x], low[x], component[x] = seen, seen, -1
		path, open = append(path, x), append(open, x)
	}
	for root := range int32(n) {
		if index[root] != 0 {
			continue
		}
		for enter(root); len(path) > 0; {
			x := path[len(path)-1]
			if next[x] < out.from[x+1] {
				y := out.to[next[x]]
				next[x]++
				if index[y] == 0 {
					enter(y)
				} else if component[y] < 0 {
					low[x] = min(low[x], index[y])
				}
				continue
			}
			if path = path[:len(path)-1]; len(path) > 0 {
				parent := path[len(path)-1]
				low[parent] = min(low[parent], low[x])
			}
			if low[x] != index[x] {
				continue
			}
			for last := int32(-1); last != x; {
				last = open[len(open)-1]
				open = open[:len(open)-1]
				component[last] = int32(count)
			}
			count++
		}
	}
	return component, count
}

// reversePostorder gives each node its place in the reverse postorder of a depth-first search: before all that it leads
// to, but where a loop closes.
func reversePostorder(n int, out *adjacency) []int32 {
	place := make([]int32, n)
	seen := make([]bool, n)
	next := slices.Clone(out.from)
	var path []int32
	left := int32(n)
	for root := range int32(n) {
		if seen[root] {
			continue
		}
		seen[root] = true
		for path = append(path, root); len(path) > 0; {
			x := path[len(path)-1]
			if next[x] == out.from[x+1] {
				path = path[:len(path)-1]
				left--
				place[x] = left
				continue
			}
			y := out.to[next[x]]
			next[x]++
			if !seen[y] {
				seen[y] = true
				path = append(path, y)
			}
		}
	}
	return place
}
