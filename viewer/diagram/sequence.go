package diagram

import (
	"cmp"
	"slices"

	"example.com/whoserves/graph"
)

// gatherColumns puts the boxes of an overview whose chains are too long for its width into fewer columns: those at a like
// depth stand together.
func (o *outline) gatherColumns(drawn []bundle, order, place []int) {
	out := make([][]int, len(o.groups))
	for _, u := range drawn {
		from, to := u.from, u.to
		if place[from] > place[to] {
			from, to = to, from
		}
		if o.groups[to].kind != graph.Customer {
			out[from] = append(out[from], to)
		}
	}
	layer, rest := make([]int, len(o.groups)), make([]int, len(o.groups)) // the longest ways from the left and to the right
	deepest := 0
	for _, g := range order {
		for _, to := range out[g] {
			layer[to] = max(layer[to], layer[g]+1)
			deepest = max(deepest, layer[to])
		}
	}
	for _, g := range slices.Backward(order) {
		for _, to := range out[g] {
			rest[g] = max(rest[g], rest[to]+1)
		}
	}
	most := o.columnsThatFit()
	if deepest < most {
		return
	}
	boxes := slices.DeleteFunc(slices.Clone(order), func(g int) bool {
		return o.groups[g].kind == graph.Customer || len(o.groups[g].members) == 0
	})
	// Between as early and as late as can be. Along every line that grows, so columns of like size never turn one round.
	slices.SortStableFunc(boxes, func(x, y int) int { return cmp.Compare(layer[x]-rest[x], layer[y]-rest[y]) })
	columns := make([][]string, most)
	for i, g := range boxes {
		c := i * most / len(boxes)
		columns[c] = append(columns[c], o.groups[g].key)
	}
	o.setColumns(columns)
}

// columnsThatFit is how many columns of boxes, beside that of the customers, fit into a picture that can be read.
func (o *outline) columnsThatFit() int {
	sum := 0.0
	for i := range o.d.Nodes {
		sum += o.d.Nodes[i].width(o.d.space)
	}
	const words = 40 // points that the words on a line take
	pitch := sum/float64(len(o.d.Nodes)) + 72*o.d.space.rank + words
	return max(3, int(widthMost/pitch)-1)
}

// setColumns puts boxes into columns, in order.
func (o *outline) setColumns(columns [][]string) {
	o.d.space.node = max(o.d.space.node, 0.18) // room for arrows between boxes of one column
	at := map[string]int{}
	before := ""
	for i, keys := range columns {
		if len(keys) == 0 {
			continue
		}
		for _, k := range keys {
			at[k] = i + 1
		}
		o.d.ranks = append(o.d.ranks, rank{"same", keys})
		if before != "" {
			o.line(Link{From: before, To: keys[0], hidden: true})
		}
		before = keys[0]
	}
	for i := range o.d.Links {
		if l := &o.d.Links[i]; at[l.From] == at[l.To] {
			l.Label = "" // no room between neighbours
		}
	}
}

// heavy gives the heaviest bundles, among them the heaviest of every box as far as they fit.
func heavy(bundles []bundle, most int) []bundle {
	if len(bundles) <= most {
		return bundles
	}
	sorted := slices.Clone(bundles)
	slices.SortStableFunc(sorted, func(x, y bundle) int { return cmp.Compare(y.links(), x.links()) })
	type ends struct{ from, to int }
	keep := map[ends]bool{}
	left, right := map[int]bool{}, map[int]bool{}
	for _, u := range sorted {
		if !left[u.from] || !right[u.to] {
			keep[ends{u.from, u.to}] = len(keep) < most
			left[u.from], right[u.to] = true, true
		}
	}
	for _, u := range sorted {
		if len(keep) >= most {
			break
		}
		keep[ends{u.from, u.to}] = true
	}
	return slices.DeleteFunc(slices.Clone(bundles), func(u bundle) bool { return !keep[ends{u.from, u.to}] })
}

// sequence orders the boxes from left to right so that few links run back: sources first, sinks last, in between whoever
// serves most and needs least (Eades, Lin and Smyth 1993); then each is moved to where it does least harm until nothing
// improves. Customers stay last.
func (o *outline) sequence(drawn []bundle) []int {
	net := make([]map[int]int, len(o.groups)) // links there less links back
	for i := range net {
		net[i] = map[int]int{}
	}
	for _, u := range drawn {
		net[u.from][u.to] += u.there.links - u.back.links
		net[u.to][u.from] -= u.there.links - u.back.links
	}
	order := o.greedySequence(net)
	for range 8 {
		better := false
		for at := 0; at < len(order); at++ {
			g := order[at]
			best, bestAt, sum := 0, at, 0
			for j := at - 1; j >= 0; j-- { // g before order[j]: gains what g serves it
				if sum += net[g][order[j]]; sum > best {
					best, bestAt = sum, j
				}
			}
			sum = 0
			for j := at + 1; j < len(order); j++ {
				if sum -= net[g][order[j]]; sum > best {
					best, bestAt = sum, j
				}
			}
			if bestAt != at {
				order = slices.Delete(order, at, at+1)
				order = slices.Insert(order, bestAt, g)
				better = true
			}
		}
		if !better {
			break
		}
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(o.lastRank(x), o.lastRank(y)) })
	return order
}

// lastRank is 1 for customers, which stand in the last column whatever they serve.
func (o *outline) lastRank(g int) int {
	if o.groups[g].kind == graph.Customer {
		return 1
	}
	return 0
}

func (o *outline) greedySequence(net []map[int]int) []int {
	rest := make([]int, 0, len(o.groups))
	for i := range o.groups {
		rest = append(rest, i)
	}
	slices.SortFunc(rest, func(x, y int) int { return cmp.Compare(o.groups[x].key, o.groups[y].key) })
	there, back := make([]int, len(net)), make([]int, len(net))
	for g := range net {
		for _, n := range net[g] {
			there[g] += max(n, 0)
			back[g] += max(-n, 0)
		}
	}
	var first, last []int
	for len(rest) > 0 {
		best, sink := 0, false
		for i, g := range rest {
			if there[g] == 0 && back[g] > 0 {
				best, sink = i, true
				break
			}
			b := rest[best]
			if back[g] == 0 && back[b] > 0 || (back[g] == 0) == (back[b] == 0) && there[g]-back[g] > there[b]-back[b] {
				best = i
			}
		}
		g := rest[best]
		rest = slices.Delete(rest, best, best+1)
		for other, n := range net[g] {
			back[other] -= max(n, 0)
			there[other] -= max(-n, 0)
		}
		if sink {
			last = append(last, g)
		} else {
			first = append(first, g)
		}
	}
	slices.Reverse(last)
	return append(first, last...)
}
