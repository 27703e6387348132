package diagram

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/phrase"
)

// foldsMost is how many boxes at most stand for the nodes behind a customer that are too many to be drawn.
func (b *builder) foldsMost() int { return min(12, b.v.maxNodes()/3) }

// fold is a box of nodes behind a customer.
type fold struct {
	node    Node
	members []int32
}

// foldRest puts the nodes behind a customer that are not drawn into at most so many boxes: by unit, the others by kind.
func (b *builder) foldRest(rest []int32, most int) []fold {
	var folds []fold
	units, others := b.byUnit(rest)
	for _, u := range sortedKeys(units) {
		folds = append(folds, fold{b.folder(units[u], elementID("f-", b.s.Nodes[u].ID), b.name(u), u), units[u]})
	}
	slices.SortStableFunc(folds, func(x, y fold) int { return cmp.Compare(len(y.members), len(x.members)) })
	kinds := map[graph.Kind][]int32{}
	for _, v := range others {
		kinds[b.kindOf(v)] = append(kinds[b.kindOf(v)], v)
	}
	if len(folds)+len(kinds) > most { // the smallest units join the teams without one
		keep := max(0, most-len(kinds)-1)
		for _, f := range folds[keep:] {
			for _, v := range f.members {
				kinds[b.kindOf(v)] = append(kinds[b.kindOf(v)], v)
			}
		}
		folds = folds[:keep]
	}
	if len(folds)+len(kinds) > most {
		kinds = map[graph.Kind][]int32{graph.Team: slices.Concat(slices.Collect(maps.Values(kinds))...)}
	}
	for _, k := range sortedKeys(kinds) {
		slices.Sort(kinds[k])
		folds = append(folds, b.foldKind(k, kinds[k]))
	}
	return folds
}

// foldKind makes one box for nodes without a unit of their own: "36 other suppliers".
func (b *builder) foldKind(k graph.Kind, members []int32) fold {
	if len(members) == 1 {
		return fold{b.node(members[0]), members}
	}
	word := kindWord(k)
	if slices.ContainsFunc(members, func(v int32) bool { return b.kindOf(v) != k }) {
		word = "node"
	}
	n := b.folder(members, "f-others-"+k.String(), phrase.Things(len(members), "other "+word), -1)
	n.Badges = nil
	if k != graph.Team {
		n.Kind = k
	}
	return fold{n, members}
}

// drawFolds draws the boxes of foldRest, each with a line to the two boxes that it serves most.
func (w *web) drawFolds(folds []fold, h hinterland) {
	in := map[int32]string{} // the box that a folded node is in
	for i := range folds {
		f := &folds[i]
		if k := w.countStoppers(f.members); k > 0 && w.v.colour() == "risk" && len(f.members) > 1 {
			f.node.Badges = append(f.node.Badges, Badge{Text: fmt.Sprintf("▲ %d can stop a customer", k), Tone: Breaks})
		}
		w.add(f.node)
		for _, v := range f.members {
			in[v] = f.node.Key
		}
	}
	for i := range folds {
		w.foldLines(&folds[i], in, h)
	}
}

// foldLines draws whom a box serves: of the nodes drawn singly the two that it serves most, or, where it serves none of
// them, the box next to it on the way to the customer.
func (w *web) foldLines(f *fold, in map[int32]string, h hinterland) {
	links := map[string]int{}
	nearest, next := f.members[0], ""
	for _, v := range f.members {
		if h.hops[v] < h.hops[nearest] {
			nearest = v
		}
	}
	for _, v := range f.members {
		for _, i := range w.s.NeedsServed(v) {
			n := &w.s.Needs[i]
			if n.Criticality < w.least {
				continue
			}
			if w.in[n.Consumer] {
				links[w.key(n.Consumer)]++
			} else if v == nearest && h.hops[n.Consumer] < h.hops[v] {
				next = cmp.Or(next, in[n.Consumer])
			}
		}
	}
	to := sortedKeys(links)
	slices.SortStableFunc(to, func(x, y string) int { return cmp.Compare(links[y], links[x]) })
	if len(to) == 0 && next != "" {
		to = []string{next}
	}
	for _, key := range to[:min(2, len(to))] {
		n := w.at(key)
		l := Link{From: f.node.Key, To: key, Stands: links[key], style: "solid", width: 1, head: "vee", colour: quietColour, Classes: []string{"agg"}}
		l.Tooltip = fmt.Sprintf("%s (%s) serves %s", f.node.Name, phrase.Things(len(f.members), "node"), n.Name)
		if len(to) > 2 {
			l.Tooltip += fmt.Sprintf(" and %s", phrase.Things(len(to)-1, "other"))
		}
		w.line(l)
		w.d.Facts = append(w.d.Facts, Fact{From: End{ID: f.node.ID, Name: f.node.Name, Kind: f.node.Kind, URL: f.node.URL},
			To: End{ID: n.ID, Name: n.Name, Kind: n.Kind, URL: n.URL}, Words: phrase.Things(links[key], "link"), Text: l.Tooltip + "."})
	}
}
