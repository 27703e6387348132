package diagram

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/phrase"
)

// wire is one provider of one need: what a line of a picture stands for.
type wire struct{ need, provider int32 }

// web is the part of the organisation that a picture draws node by node, line by line.
type web struct {
	*builder
	nodes []int32 // sorted
	in    []bool  // by node
	least graph.Criticality
	chain map[wire]bool // emphasised: a failing chain

	wires    []wire
	marked   []wire          // of hubs: marks instead of lines
	possible int             // wires before limits
	reserve  int             // lines that others of the picture need
	twin     map[int32]int32 // nodes drawn in the box of another one, which they equal in all links
	labels   bool            // every line says its service
}

func (b *builder) newWeb(nodes []int32) *web {
	w := &web{builder: b, nodes: slices.Clone(nodes), in: make([]bool, len(b.s.Nodes)), least: b.v.least()}
	slices.Sort(w.nodes)
	for _, v := range w.nodes {
		w.in[v] = true
	}
	return w
}

// draw finds the lines between the nodes, thins them out to what fits, and puts them into the picture. The boxes must be
// there already.
func (w *web) draw() {
	if w.wires == nil {
		w.collect()
	}
	w.markHubs()
	w.limit()
	w.emit()
	w.bridge()
	w.d.Shown.Links += len(w.wires) + len(w.marked)
	w.d.Total.Links += w.possible
}

// self is the node that another one is drawn as.
func (w *web) self(v int32) int32 {
	if t, ok := w.twin[v]; ok {
		return t
	}
	return v
}

// box is the key of the box that a node is drawn in.
func (w *web) box(v int32) string { return w.key(w.self(v)) }

// findTwins puts nodes that serve and are served alike into one box, those with alternates left out.
func (w *web) findTwins() map[int32][]int32 {
	sides := map[int32]*strings.Builder{}
	side := func(v int32) *strings.Builder {
		if sides[v] == nil {
			sides[v] = &strings.Builder{}
		}
		return sides[v]
	}
	alternate := map[int32]bool{}
	for _, x := range w.wires {
		n := &w.s.Needs[x.need]
		if len(n.Providers) > 1 {
			alternate[x.provider], alternate[n.Consumer] = true, true
		}
		fmt.Fprintf(side(x.provider), ">%d %d %s;", n.Consumer, n.Criticality, n.Service)
		fmt.Fprintf(side(n.Consumer), "<%d %d %s;", x.provider, n.Criticality, n.Service)
	}
	first := map[string]int32{}
	groups := map[int32][]int32{}
	w.twin = map[int32]int32{}
	for _, v := range w.nodes {
		if sides[v] == nil || alternate[v] || w.isCust[v] || w.chainNode(v) {
			continue
		}
		sign := fmt.Sprintf("%d %s", w.kindOf(v), sides[v])
		f, ok := first[sign]
		if !ok {
			first[sign] = v
			continue
		}
		if groups[f] == nil {
			groups[f] = []int32{f}
		}
		groups[f] = append(groups[f], v)
		w.twin[v] = f
	}
	return groups
}

func (w *web) chainNode(v int32) bool {
	for x := range w.chain {
		if x.provider == v || w.s.Needs[x.need].Consumer == v {
			return true
		}
	}
	return false
}

// spare says that a need is of members of whom some can be spared, and nobody asked to see people.
func (b *builder) spare(need *graph.Need) bool {
	return need.Origin == graph.FromMembers && int(need.K) < len(need.Providers) && !slices.Contains(b.v.Kind, graph.Person.String())
}

func (w *web) collect() {
	for _, c := range w.nodes {
		needs, from := w.s.NeedsOf(c)
		for i := range needs {
			n := &needs[i]
			for _, p := range n.Providers {
				x := wire{from + int32(i), p}
				if w.in[p] && (n.Criticality >= w.least || w.chain[x]) {
					w.wires = append(w.wires, x)
				}
			}
		}
	}
	w.possible = len(w.wires)
}

// markHubs takes the lines of nodes that serve most of the picture out of it; their customers' lines stay.
func (w *web) markHubs() {
	if w.v.Hubs == "draw" {
		return
	}
	served := map[int32]map[int32]bool{}
	for _, x := range w.wires {
		if served[x.provider] == nil {
			served[x.provider] = map[int32]bool{}
		}
		served[x.provider][w.s.Needs[x.need].Consumer] = true
	}
	var hubs []int32
	for _, v := range w.nodes {
		if isHub(len(served[v]), len(w.nodes)-1) {
			hubs = append(hubs, v)
		}
	}
	if len(hubs) == 0 {
		return
	}
	number := map[int32]int{}
	for i, h := range hubs {
		number[h] = i + 1
		w.markHub(w.at(w.box(h)), w.name(h), i+1, len(served[h]), len(w.nodes)-1)
	}
	w.wires = slices.DeleteFunc(w.wires, func(x wire) bool {
		c := w.s.Needs[x.need].Consumer
		if number[x.provider] == 0 || w.chain[x] || w.isCust[c] {
			return false
		}
		w.marked = append(w.marked, x)
		return true
	})
	signs := map[int32][]int{}
	for _, x := range w.marked {
		c := w.s.Needs[x.need].Consumer
		signs[c] = append(signs[c], number[x.provider])
	}
	for _, c := range sortedKeys(signs) {
		markServed(w.at(w.box(c)), signs[c])
	}
}

// isHub says whether a node that serves so many of so many others is drawn by marks.
func isHub(serves, others int) bool { return serves >= 8 && serves*10 >= others*6 }

// markHub gives a hub its number, which stands for its lines.
func (b *builder) markHub(n *Node, name string, number, serves, others int) {
	n.look.hub = true
	n.Badges = append(n.Badges, Badge{Text: fmt.Sprintf("●%d serves %d of the %d shown", number, serves, others)})
	b.note("%s serves %d of the %d shown: ●%d instead of a line.", name, serves, others, number)
}

// markServed says which hubs serve a box.
func markServed(n *Node, hubs []int) {
	if len(hubs) == 0 {
		return
	}
	slices.Sort(hubs)
	text := "served by"
	for _, i := range slices.Compact(hubs) {
		text += fmt.Sprintf(" ●%d", i)
	}
	n.Badges = append(n.Badges, Badge{Text: text})
}

// limit leaves out the lines that matter least when there are too many: first every node keeps its strongest line, then
// come critical, important, minor, each by its ends.
func (w *web) limit() {
	most := max(1, w.v.maxLinks()-w.reserve)
	if len(w.wires) <= most {
		return
	}
	class := func(x wire) int {
		if w.chain[x] {
			return 0
		}
		return 2 + int(graph.Critical-w.s.Needs[x.need].Criticality)
	}
	sorted := slices.Clone(w.wires)
	slices.SortStableFunc(sorted, func(x, y wire) int {
		return cmp.Or(cmp.Compare(class(x), class(y)), cmp.Compare(len(w.s.Needs[x.need].Providers), len(w.s.Needs[y.need].Providers)))
	})
	keep := map[wire]bool{}
	has := map[int32]bool{}
	for _, x := range sorted {
		if w.chain[x] || !has[x.provider] {
			keep[x] = true
			has[x.provider] = true
		}
	}
	for _, x := range sorted {
		if len(keep) >= most {
			break
		}
		keep[x] = true
	}
	all := len(w.wires)
	w.wires = slices.DeleteFunc(w.wires, func(x wire) bool { return !keep[x] })
	w.note("Showing %s of %s links: each node's strongest, then the critical ones.", phrase.Count(len(w.wires)), phrase.Count(all))
}

// pair is two nodes between which lines are drawn without a need's pill.
type pair struct{ from, to int32 }

func (w *web) emit() {
	pairs := map[pair][]wire{}
	var order []pair
	pills := map[int32][]wire{}
	var needs []int32
	for _, x := range w.wires {
		n := &w.s.Needs[x.need]
		if len(n.Providers) > 1 {
			if pills[x.need] == nil {
				needs = append(needs, x.need)
			}
			pills[x.need] = append(pills[x.need], x)
			continue
		}
		p := pair{w.self(x.provider), w.self(n.Consumer)}
		if pairs[p] == nil {
			order = append(order, p)
		}
		pairs[p] = append(pairs[p], x)
	}
	closing := w.closing()
	for _, p := range order {
		w.emitPair(p, pairs, closing)
	}
	for _, n := range needs {
		w.emitPill(n, pills[n], closing)
	}
	for _, x := range w.wires {
		w.addFact(x)
	}
	for _, x := range w.marked {
		w.d.Facts = append(w.d.Facts, w.fact(&w.s.Needs[x.need], x.provider, "drawn as a mark"))
	}
}

func (w *web) addFact(x wire) {
	n := &w.s.Needs[x.need]
	var marks []string
	if w.chain[x] {
		marks = append(marks, "on the failing chain")
	}
	if len(n.Providers) > 1 && w.falsely(x.need) {
		marks = append(marks, "one failure takes all of the alternates")
	}
	if w.circular(x) {
		marks = append(marks, "a backup that needs the one it backs up")
	}
	w.d.Facts = append(w.d.Facts, w.fact(n, x.provider, marks...))
}

// closing finds the lines that close a loop of three or more of which all nodes are shown.
func (w *web) closing() map[pair]bool {
	m := map[pair]bool{}
	if w.f == nil {
		return m
	}
	for _, l := range w.f.Loops {
		if len(l.Example) < 3 || slices.ContainsFunc(l.Example, func(v int32) bool { return !w.in[v] }) {
			continue
		}
		m[pair{l.Example[len(l.Example)-1], l.Example[0]}] = true
	}
	return m
}

// emitPair draws all links between two nodes that have no alternates as one line, and with them those of the way back.
func (w *web) emitPair(p pair, pairs map[pair][]wire, closing map[pair]bool) {
	wires := pairs[p]
	back := pairs[pair{p.to, p.from}]
	emphasised := slices.ContainsFunc(wires, func(x wire) bool { return w.chain[x] })
	both := len(back) > 0 && !emphasised && !slices.ContainsFunc(back, func(x wire) bool { return w.chain[x] })
	if both {
		mine, other := w.strongest(wires), w.strongest(back)
		if other > mine || other == mine && p.from > p.to {
			return // drawn with the way back
		}
	}
	l := Link{From: w.box(p.from), To: w.box(p.to), Stands: len(wires)}
	l.set(w.strongest(wires))
	l.Classes = []string{w.strongest(wires).String()}
	l.Label, l.Tooltip = w.label(wires, emphasised), w.tips(wires)
	switch {
	case emphasised:
		l.colour, l.width = red, 3
		l.Classes = append(l.Classes, "on-chain")
	case both:
		l.Both, l.colour, l.Label = true, violet, "loop"
		l.tail = "normal"
		l.Tooltip += ". " + w.tips(back)
		l.Stands += len(back)
		l.Classes = append(l.Classes, "loop", "both")
	case closing[p]:
		l.colour, l.Label = violet, "loop"
		l.Classes = append(l.Classes, "loop")
	default:
		w.rateLine(&l, wires)
	}
	w.line(l)
}

func (w *web) label(wires []wire, emphasised bool) string {
	if !emphasised && !w.labels {
		return ""
	}
	var words []string
	for _, x := range wires {
		if s := serviceLabel(&w.s.Needs[x.need]); s != "" && !slices.Contains(words, s) {
			words = append(words, s)
		}
	}
	if len(words) > 2 {
		words = append(words[:2], fmt.Sprintf("%d more", len(words)-2))
	}
	return phrase.List(words, "and")
}

func (w *web) tips(wires []wire) string {
	s := ""
	for i, x := range wires {
		if i > 0 {
			s += ". "
		}
		s += w.tooltip(&w.s.Needs[x.need], x.provider)
	}
	return s
}

// rateLine marks a line whose consumer rates it low.
func (w *web) rateLine(l *Link, wires []wire) {
	if w.v.colour() != "rating" {
		return
	}
	worst := 101.0
	for _, x := range wires {
		if r, ok := w.rating(&w.s.Needs[x.need], x.provider); ok {
			worst = min(worst, r)
		}
	}
	if worst < lowRating {
		l.colour, l.width, l.Label = amber, 2.2, fmt.Sprintf("▼ %.0f of 100", worst)
		l.Classes = append(l.Classes, "low")
	}
}

// falsely says whether one failure takes all alternates of a need.
func (b *builder) falsely(need int32) bool {
	if b.f == nil {
		return false
	}
	for i := range b.f.FalseRedundancy {
		if b.f.FalseRedundancy[i].Need == need {
			return true
		}
	}
	return false
}

// circular says whether a provider of a need with alternates is down when its consumer fails.
func (b *builder) circular(x wire) bool {
	if b.f == nil {
		return false
	}
	for _, c := range b.f.Circular {
		if c.Need == x.need && c.Provider == x.provider {
			return true
		}
	}
	return false
}

// pillKey is the name of the pill of a need.
func (b *builder) pillKey(need int32) string {
	c := b.s.Needs[need].Consumer
	_, from := b.s.NeedsOf(c)
	return elementID("j-", b.s.Nodes[c].ID) + "-" + strconv.Itoa(int(need-from))
}

// pill makes the box "1 of 2" of a need with alternates.
func (b *builder) pill(need int32) Node {
	n := &b.s.Needs[need]
	k := Node{Key: b.pillKey(need), Name: fmt.Sprintf("%d of %d", n.K, len(n.Providers)), form: needPill}
	k.Tooltip = fmt.Sprintf("%s needs %d of %d", b.name(n.Consumer), n.K, len(n.Providers))
	if s := clean(n.Service); s != "" {
		k.Tooltip += " for " + s
	}
	if b.falsely(need) {
		k.look.falsely = true
		k.Name = "▲ " + k.Name
		k.Tooltip += ": one failure takes them all"
	}
	return k
}

// emitPill draws a need with alternates: its providers' lines run into a pill, one arrow leaves it.
func (w *web) emitPill(need int32, wires []wire, closing map[pair]bool) {
	n := &w.s.Needs[need]
	k := w.pill(need)
	w.add(k)
	emphasised, loop := false, false
	for _, x := range wires {
		l := Link{From: w.box(x.provider), To: k.Key, Stands: 1, Tooltip: w.tooltip(n, x.provider)}
		l.set(n.Criticality)
		l.head = "none"
		l.Classes = []string{"alt", n.Criticality.String()}
		loop = loop || closing[pair{x.provider, n.Consumer}]
		if w.circular(x) && !w.chain[x] {
			l.colour, l.width, l.Label = violet, 1.8, "loop"
			l.Classes = append(l.Classes, "loop")
			l.Tooltip += fmt.Sprintf(": a backup that needs the one it backs up; %s is down when %s fails", w.name(x.provider), w.name(n.Consumer))
		} else if w.chain[x] {
			emphasised = true
			l.colour, l.width = red, 3
			l.Classes = append(l.Classes, "on-chain")
		} else {
			w.rateLine(&l, []wire{x})
		}
		w.line(l)
	}
	l := Link{From: k.Key, To: w.box(n.Consumer), weight: 3, Tooltip: k.Tooltip}
	l.set(n.Criticality)
	l.Classes = []string{n.Criticality.String()}
	l.Label = w.label(wires[:1], emphasised)
	switch {
	case emphasised:
		l.colour, l.width = red, 3
		l.Classes = append(l.Classes, "on-chain")
	case loop:
		l.colour, l.Label = violet, "loop"
		l.Classes = append(l.Classes, "loop")
	}
	w.line(l)
}

// bridge draws a quiet line from every node without a line of its own to the nearest shown nodes that it serves through
// others that are left out.
func (w *web) bridge() {
	out := map[int32]bool{}
	for _, x := range w.wires {
		out[x.provider] = true
	}
	for _, x := range w.marked {
		out[x.provider] = true
	}
	most := 3
	if len(w.nodes) > 30 {
		most = 1
	}
	for _, v := range w.nodes {
		if out[v] || w.isCust[v] || w.self(v) != v {
			continue
		}
		for _, r := range w.reach(v, most) {
			w.onward(v, r)
		}
	}
}

// contact is a shown node that another one reaches through so many nodes that are left out.
type contact struct {
	node    int32
	between int
}

// reach finds the first shown nodes that v serves through nodes left out, nearest first.
func (w *web) reach(v int32, most int) []contact {
	seen := map[int32]int{v: 0}
	queue := []int32{v}
	var found []contact
	for len(queue) > 0 && len(found) < most {
		x := queue[0]
		queue = queue[1:]
		for _, i := range w.s.NeedsServed(x) {
			n := &w.s.Needs[i]
			if n.Criticality < w.least {
				continue
			}
			if _, ok := seen[n.Consumer]; ok {
				continue
			}
			seen[n.Consumer] = seen[x] + 1
			if w.in[n.Consumer] {
				if found = append(found, contact{n.Consumer, seen[x]}); len(found) == most {
					break
				}
				continue
			}
			queue = append(queue, n.Consumer)
		}
	}
	return found
}

// onward draws a quiet line that stands for a chain through nodes left out.
func (w *web) onward(v int32, to contact) {
	if to.between == 0 {
		return
	}
	l := Link{From: w.box(v), To: w.box(to.node), Stands: 0, Label: fmt.Sprintf("+%d between", to.between)}
	l.Tooltip = fmt.Sprintf("%s serves %s through %s not shown", w.name(v), w.name(to.node), phrase.Things(to.between, "other"))
	l.style, l.width, l.head, l.colour = "solid", 1, "vee", quietColour
	l.Classes = []string{"onward"}
	w.line(l)
	w.d.Facts = append(w.d.Facts, Fact{From: w.end(v), To: w.end(to.node), Words: l.Label, Text: l.Tooltip + "."})
}
