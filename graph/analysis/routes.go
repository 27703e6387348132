package analysis

import (
	"context"
	"slices"

	"example.com/whoserves/graph"
)

// routes is the map that chains are looked for on.
type routes struct {
	pairGraph
	timeServed   [][]int64 // parallel to served: lead times; nil where only hops count
	timeServedBy [][]int64 // parallel to servedBy
	avoid        []bool
}

func newRoutes(s *graph.Snapshot, byLeadTime bool, avoid []int32) *routes {
	m := &routes{pairGraph: pairsOf(s), avoid: marks(len(s.Nodes), avoid)}
	if !byLeadTime {
		return m
	}
	n := len(s.Nodes)
	m.timeServed, m.timeServedBy = make([][]int64, n), make([][]int64, n)
	least := make([]int64, n) // of the links of the provider with the consumer in hand
	for c := range int32(n) {
		for _, p := range m.servedBy[c] {
			least[p] = noTime
		}
		eachLeadTime(s, c, func(p int32, time int64) { least[p] = leastTime(least[p], time) })
		m.timeServedBy[c] = make([]int64, len(m.servedBy[c]))
		for i, p := range m.servedBy[c] {
			time := max(least[p], 0)
			m.timeServedBy[c][i] = time
			m.timeServed[p] = append(m.timeServed[p], time) // consumers come in order, as they lie in served
		}
	}
	return m
}

// step is the length of one pair.
func step(times [][]int64, v int32, i int) length {
	if times == nil {
		return length{hops: 1}
	}
	return length{times[v][i], 1}
}

// lengths measures how far every node is from start (Dijkstra 1959, by levels where only hops count). It gives up on nodes where
// tooFar, if given, says so; found lists all others that can be reached.
func (m *routes) lengths(start int32, next [][]int32, times [][]int64, tooFar func(v int32, l length) bool) (far []length, found []int32) {
	far = make([]length, len(next))
	for v := range far {
		far[v] = endless
	}
	far[start] = length{}
	queue := frontier{{node: start}}
	for level := 0; level < len(queue); {
		var at waiting
		if times == nil {
			at = queue[level] // a plain queue
			level++
		} else if at = queue.pop(); far[at.node] != at.length {
			continue
		}
		found = append(found, at.node)
		for i, x := range next[at.node] {
			l := at.length.plus(step(times, at.node, i))
			if !l.less(far[x]) || m.avoid[x] || tooFar != nil && tooFar(x, l) {
				continue
			}
			far[x] = l
			if times == nil {
				queue = append(queue, waiting{l, x})
			} else {
				queue.push(waiting{l, x})
			}
		}
	}
	return far, found
}

// reach counts the nodes that can be reached from a node and gives those of them that are farthest from it, by hops.
func (m *routes) reach(from int32) (reached int, farthest []int32) {
	far, found := m.lengths(from, m.served, nil, nil)
	for _, v := range found[1:] {
		if far[v] == far[found[len(found)-1]] {
			farthest = append(farthest, v)
		}
	}
	slices.Sort(farthest)
	return len(found) - 1, farthest
}

// shortest gives the k shortest chains between two nodes. No chain of at most some length leaves the nodes that lie on a walk of at most
// that length, so it looks among these only, and allows for more length until it has found enough.
func (m *routes) shortest(ctx context.Context, from, to int32, k int) ([]route, error) {
	toEnd, _ := m.lengths(to, m.servedBy, m.timeServedBy, nil)
	if toEnd[from] == endless {
		return nil, nil
	}
	limit := toEnd[from]
	for extra := int32(1); ; extra *= 4 {
		part := m.within(from, toEnd, limit)
		found, err := part.yen(ctx, from, to, k, limit)
		if err != nil || len(found) == k || part.whole {
			return found, err
		}
		if extra > 256 {
			limit = endless
			continue
		}
		limit.hops += extra
		limit.time += limit.time / 16 * int64(extra)
	}
}

// part is a part of the map, its nodes numbered anew in the same order.
type part struct {
	nodes       []int32
	served, by  [][]arc
	whole       bool // nothing was left out that could lie on a chain
	removed     []bool
	toEnd       []length
	end         int32
	waitingRoom frontier
}

type arc struct {
	to     int32
	length length
}

// within gives the part of the map that walks of at most a length stay in.
func (m *routes) within(from int32, toEnd []length, limit length) *part {
	p := &part{whole: true}
	_, p.nodes = m.lengths(from, m.served, m.timeServed, func(v int32, l length) bool {
		walk := l.plus(toEnd[v])
		if walk != endless && limit.less(walk) {
			p.whole = false
		}
		return walk == endless || limit.less(walk)
	})
	slices.Sort(p.nodes)
	place := make([]int32, len(m.served)) // from 1; 0: left out
	for i, v := range p.nodes {
		place[v] = int32(i) + 1
	}
	p.served, p.by = make([][]arc, len(p.nodes)), make([][]arc, len(p.nodes))
	for a, v := range p.nodes {
		for i, c := range m.served[v] {
			if b := place[c] - 1; b >= 0 {
				l := step(m.timeServed, v, i)
				p.served[a] = append(p.served[a], arc{b, l})
				p.by[b] = append(p.by[b], arc{int32(a), l})
			}
		}
	}
	p.removed, p.toEnd = make([]bool, len(p.nodes)), make([]length, len(p.nodes))
	return p
}

// candidate stands for all chains that begin like it up to and with nodes[turn] and do not go on from there to one of barred: it
// is the first of them.
type candidate struct {
	route
	turn   int
	barred []int32
}

// yen gives the k shortest loopless chains (Yen 1971), each class of chains searched once (Lawler 1972), with the distances to the end kept up
// while the nodes of the last chain come back one by one (Martins and Pascoal 2003). It leaves out chains longer than limit unless the part is whole.
func (p *part) yen(ctx context.Context, from, to int32, k int, limit length) ([]route, error) {
	start, _ := slices.BinarySearch(p.nodes, from)
	end, _ := slices.BinarySearch(p.nodes, to)
	p.end = int32(end)
	p.measure(nil)
	candidates := []candidate{{route: p.follow([]int32{int32(start)}, p.toEnd[start])}}
	var found []route
	for len(candidates) > 0 && len(found) < k {
		best := candidates[0]
		candidates = candidates[1:]
		if !p.whole && limit.less(best.length) {
			break
		}
		found = append(found, best.route)
		var err error
		if candidates, err = p.branch(ctx, best, candidates, k-len(found)); err != nil {
			return nil, err
		}
	}
	for _, r := range found {
		for i, v := range r.nodes {
			r.nodes[i] = p.nodes[v]
		}
	}
	return found, nil
}

// branch splits what is left of the class of a chain by the place where the chain is left, and adds the first chain of each part to the
// candidates, of which only the best are kept.
func (p *part) branch(ctx context.Context, c candidate, candidates []candidate, keep int) ([]candidate, error) {
	if keep == 0 {
		return nil, nil
	}
	last := len(c.nodes) - 1
	p.measure(c.nodes[:last])
	done := p.lengthsAlong(c.nodes)
	for turn := last - 1; turn >= c.turn; turn-- {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		spur := c.nodes[turn]
		barred := []int32{c.nodes[turn+1]}
		if turn == c.turn {
			barred = append(barred, c.barred...)
		}
		if next, rest := p.best(spur, barred); next >= 0 {
			total := done[turn].plus(rest)
			if len(candidates) < keep || !candidates[len(candidates)-1].length.less(total) {
				way := append(slices.Clone(c.nodes[:turn+1]), next)
				candidates = keepBest(candidates, candidate{p.follow(way, total), turn, barred}, keep)
			}
		}
		p.bringBack(spur)
	}
	return candidates, nil
}

func keepBest(sorted []candidate, c candidate, keep int) []candidate {
	at, _ := slices.BinarySearchFunc(sorted, c, func(a, b candidate) int { return compareRoutes(a.route, b.route) })
	sorted = slices.Insert(sorted, at, c)
	return sorted[:min(keep, len(sorted))]
}

// lengthsAlong measures a chain up to each of its nodes.
func (p *part) lengthsAlong(nodes []int32) []length {
	along := make([]length, len(nodes))
	for i, v := range nodes[1:] {
		at, _ := slices.BinarySearchFunc(p.served[nodes[i]], v, func(a arc, v int32) int { return int(a.to) - int(v) })
		along[i+1] = along[i].plus(p.served[nodes[i]][at].length)
	}
	return along
}

// measure finds the distances to the end without some nodes.
func (p *part) measure(without []int32) {
	for v := range p.toEnd {
		p.toEnd[v], p.removed[v] = endless, false
	}
	for _, v := range without {
		p.removed[v] = true
	}
	p.toEnd[p.end] = length{}
	p.spread(p.end)
}

// bringBack makes a removed node passable again.
func (p *part) bringBack(v int32) {
	p.removed[v] = false
	if _, l := p.best(v, nil); l != endless {
		p.toEnd[v] = l
		p.spread(v)
	}
}

// spread shortens the distances of all who can get nearer to the end through v.
func (p *part) spread(v int32) {
	q := append(p.waitingRoom[:0], waiting{p.toEnd[v], v})
	for len(q) > 0 {
		at := q.pop()
		if p.toEnd[at.node] != at.length {
			continue
		}
		for _, a := range p.by[at.node] {
			if l := at.length.plus(a.length); !p.removed[a.to] && l.less(p.toEnd[a.to]) {
				p.toEnd[a.to] = l
				q.push(waiting{l, a.to})
			}
		}
	}
	p.waitingRoom = q
}

// best gives the first of the nodes through which the way from v to the end is shortest, -1 when there is none.
func (p *part) best(v int32, barred []int32) (next int32, rest length) {
	next, rest = -1, endless
	for _, a := range p.served[v] {
		if l := p.toEnd[a.to].plus(a.length); !p.removed[a.to] && l.less(rest) && !slices.Contains(barred, a.to) {
			next, rest = a.to, l
		}
	}
	return next, rest
}

// follow goes on from the last node of a way to the end, by the shortest way, of equal ones the first by ids.
func (p *part) follow(way []int32, total length) route {
	for v := way[len(way)-1]; v != p.end; {
		v, _ = p.best(v, nil)
		way = append(way, v)
	}
	return route{way, total}
}

// waiting is a node in the frontier of a search and its distance.
type waiting struct {
	length length
	node   int32
}

// frontier is a heap, the nearest first.
type frontier []waiting

func (q *frontier) push(w waiting) {
	h := append(*q, w)
	i := len(h) - 1
	for i > 0 && w.length.less(h[(i-1)/2].length) {
		h[i] = h[(i-1)/2]
		i = (i - 1) / 2
	}
	h[i] = w
	*q = h
}

func (q *frontier) pop() waiting {
	h := *q
	top, w := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	*q = h
	for i := 0; len(h) > 0; {
		child := 2*i + 1
		if child+1 < len(h) && h[child+1].length.less(h[child].length) {
			child++
		}
		if child >= len(h) || !h[child].length.less(w.length) {
			h[i] = w
			break
		}
		h[i] = h[child]
		i = child
	}
	return top
}
