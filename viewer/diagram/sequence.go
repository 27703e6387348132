package diagram

import (
	"cmp"
	"slices"

	"example.com/whoserves/graph"
)

// columnsMost is how many columns the boxes of a large overview stand in; more would make it too wide to read.
const columnsMost = 11

// gatherColumns puts the boxes of an overview with long chains into few columns: those at a like depth stand together.
func (o *outline) gatherColumns(drawn []bundle, order, place []int) {
	layer := make([]int, len(o.groups))
	out := make([][]int, len(o.groups))
	for _, u := range drawn {
		from, to := u.from, u.to
		if place[from] > place[to] {
			from, to = to, from
		}
		out[from] = append(out[from], to)
	}
	deepest := 0
	for _, g := range order {
		for _, to := range out[g] {
			if o.groups[to].kind != graph.Customer {
				layer[to] = max(layer[to], layer[g]+1)
				deepest = max(deepest, layer[to])
			}
		}
	}
	if deepest < columnsMost {
		return
	}
	rest := make([]int, len(o.groups)) // the longest way on to the right
	for _, g := range slices.Backward(order) {
		for _, to := range out[g] {
			if o.groups[to].kind != graph.Customer {
				rest[g] = max(rest[g], rest[to]+1)
			}
		}
	}
	columns := make([][]string, columnsMost)
	for _, g := range order {
		if o.groups[g].kind != graph.Customer && len(o.groups[g].members) > 0 {
			i := (layer[g] + deepest - rest[g]) * columnsMost / (2*deepest + 1) // between as early and as late as can be
			columns[i] = append(columns[i], o.groups[g].key)
		}
	}
	o.d.space.node = max(o.d.space.node, 0.18) // room for arrows between boxes of one column
	before := ""
	for _, keys := range columns {
		if len(keys) == 0 {
			continue
		}
		o.d.ranks = append(o.d.ranks, rank{"same", keys})
		if before != "" {
			o.line(Link{From: before, To: keys[0], hidden: true})
		}
		before = keys[0]
	}
	for i := range o.d.Links {
		o.d.Links[i].Label = "" // on lines within a column they would have no room
	}
}

// heavy gives the bundles that are drawn: beyond about ten units only the heavy ones, with the heaviest of every box.
func (o *outline) heavy() []bundle {
	live := 0
	for i := range o.groups {
		if len(o.groups[i].members) > 0 && o.groups[i].single < 0 {
			live++
		}
	}
	most := o.v.maxLinks()
	if live > calmGroups && o.v.Nodes == 0 {
		most = min(most, 70)
	}
	if len(o.bundles) <= most {
		return o.bundles
	}
	sorted := slices.Clone(o.bundles)
	slices.SortStableFunc(sorted, func(x, y bundle) int { return cmp.Compare(y.there+y.back, x.there+x.back) })
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
	drawn := slices.DeleteFunc(slices.Clone(o.bundles), func(u bundle) bool { return !keep[ends{u.from, u.to}] })
	o.note("Showing %d of %d lines: the heaviest.", len(drawn), len(o.bundles))
	return drawn
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
		net[u.from][u.to] += u.there - u.back
		net[u.to][u.from] -= u.there - u.back
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
