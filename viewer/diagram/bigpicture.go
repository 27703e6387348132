package diagram

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
)

// panelMost is how many boxes a panel holds before it folds.
const panelMost = 12

// columnsInside is how many columns a panel has at most.
const columnsInside = 3

// bigPicture draws one node in the middle, who serves it on the left, whom it serves and the customers on the right, and in
// red what stops with it.
func (b *builder) bigPicture() error {
	v, err := b.lookup("node", b.v.Node, "say whose big picture to draw")
	if err != nil {
		return err
	}
	p := &portrait{builder: b, centre: v, middle: b.key(v), inside: map[int32]bool{}, left: map[int32]spot{}, right: map[int32]spot{},
		strands: map[link]*strand{}, cause: map[int32]int32{}}
	if p.members, err = b.portrayed(v); err != nil {
		return err
	}
	for _, m := range p.members {
		p.inside[m] = true
	}
	p.spread()
	p.add(p.centreNode())
	p.walk()
	p.join()
	p.columns()
	p.customers()
	p.write()
	p.tell()
	return nil
}

// portrayed gives the nodes that the box in the middle stands for: of a unit its teams, the people who work for those alone,
// and itself.
func (b *builder) portrayed(v int32) ([]int32, error) {
	if !b.s.IsBox(v) {
		return []int32{v}, nil
	}
	members, err := b.s.Group("unit:" + b.s.Nodes[v].ID)
	if err != nil {
		return nil, err
	}
	in := map[int32]bool{v: true}
	for _, m := range members {
		in[m] = true
	}
	for _, team := range b.s.TeamsOf(v) {
		for _, m := range b.s.MembersOf(team) {
			if len(b.s.Nodes[m].Teams) == 1 {
				in[m] = true
			}
		}
	}
	return sortedKeys(in), nil
}

// link is two boxes by key.
type link struct{ from, to string }

// strand is all links between two boxes of the portrait.
type strand struct {
	wires []wire
	hit   analysis.State // the failure runs along it
}

// spot is where a neighbour is drawn.
type spot struct {
	key    string // of its box; "" not drawn
	hop    int
	folded bool // in a box with others
}

type portrait struct {
	*builder
	centre  int32
	middle  string         // key of its box
	members []int32        // the teams of a unit, or the node itself; sorted
	inside  map[int32]bool // the same
	out     *analysis.Outcome

	left, right map[int32]spot
	cause       map[int32]int32 // within a panel on the right: whose failure stops a node, drawn as a line
	inColumn    map[string]int  // by key: the column within its panel
	strands     map[link]*strand
	order       []link

	servedBy, serves, reached, stopped int
	first                              float64
	lost                               int // neighbours that filters leave out
}

// spread works out what stops when the one in the middle does.
func (p *portrait) spread() {
	var stopped []int32
	for _, m := range p.members {
		if !p.s.IsBox(m) {
			stopped = append(stopped, m)
		}
	}
	if p.isCust[p.centre] {
		stopped = nil
	}
	p.out = analysis.Spread(p.s, analysis.Failure{Stopped: stopped})
}

// centreNode makes the box in the middle.
func (p *portrait) centreNode() Node {
	n := p.node(p.centre)
	n.look.focus, n.look.margin = true, "0.2,0.14"
	n.Count = len(p.members)
	if p.s.IsBox(p.centre) {
		n.Count--
		n.Badges = append(n.Badges, Badge{Text: count(len(p.s.TeamsOf(p.centre)), "team")})
	}
	p.colourNode(&n, p.centre)
	if p.f == nil || p.v.colour() != "risk" {
		return n
	}
	if u, ok := p.f.Load[p.centre].Utilisation.Get(); ok {
		badge := Badge{Text: "load " + percent(u)}
		if u >= analysis.Hot {
			badge = Badge{Text: "■ " + badge.Text, Tone: Worse}
		}
		n.Badges = append(n.Badges, badge)
	}
	return n
}

// walk finds the neighbours on either side, step by step, and gives each its box.
func (p *portrait) walk() {
	p.servedBy = p.steps(true, func(x int32, found func(int32)) {
		needs, _ := p.s.NeedsOf(x)
		for i := range needs {
			if needs[i].Criticality >= p.v.least() {
				for _, q := range needs[i].Providers {
					found(q)
				}
			}
		}
	})
	p.serves = p.steps(false, func(x int32, found func(int32)) {
		for _, i := range p.s.NeedsServed(x) {
			if n := &p.s.Needs[i]; n.Criticality >= p.v.least() && !p.isCust[n.Consumer] {
				found(n.Consumer)
			}
		}
	})
}

// steps walks to one side, as many steps as hops= says, and counts the nodes of the first.
func (p *portrait) steps(left bool, next func(x int32, found func(int32))) (first int) {
	at, seen := p.members, map[int32]bool{}
	for hop := 1; hop <= max(1, p.v.Hops); hop++ {
		var reached []int32
		for _, x := range at {
			next(x, func(y int32) {
				if !seen[y] && !p.inside[y] {
					seen[y] = true
					reached = append(reached, y)
				}
			})
		}
		slices.Sort(reached)
		p.side(reached, hop, left)
		if hop == 1 {
			first = len(reached)
		}
		at = reached
	}
	return first
}

// side puts the nodes of one step into a panel, folded by unit where they are too many.
func (p *portrait) side(nodes []int32, hop int, left bool) {
	all := len(nodes)
	nodes = slices.DeleteFunc(slices.Clone(nodes), func(v int32) bool { return !p.wanted(v) })
	p.lost += all - len(nodes)
	if len(nodes) == 0 {
		return
	}
	key, spots := panelKey(left, hop), p.right
	if left {
		spots = p.left
	}
	label := fmt.Sprintf("%s (%s)", p.panelLabel(left, hop), thousands(len(nodes)))
	p.d.panels = append(p.d.panels, panel{key: key, label: label, class: "col", margin: 10})
	for _, box := range p.foldPanel(nodes, key, left) {
		box.node.panel = key
		p.add(box.node)
		for _, v := range box.members {
			spots[v] = spot{box.node.Key, hop, len(box.members) > 1}
		}
	}
}

func panelKey(left bool, hop int) string {
	if left {
		return fmt.Sprintf("c-in-%d", hop)
	}
	return fmt.Sprintf("c-out-%d", hop)
}

func (p *portrait) panelLabel(left bool, hop int) string {
	switch {
	case left && hop > 1:
		return fmt.Sprintf("%d steps before us", hop)
	case left && p.isCust[p.centre]:
		return "Who serves them"
	case left:
		return "Who serves us"
	case hop > 1:
		return fmt.Sprintf("%d steps after us", hop)
	}
	return "Whom we serve"
}

// columns puts the boxes of each panel into a column; whoever stops because of another one in the panel stands right of it,
// so that the line between them runs the way of all lines.
func (p *portrait) columns() {
	column := map[string]int{}
	for v, at := range p.right {
		for q, ok := p.cause[v]; ok && column[at.key] < columnsInside-1; q, ok = p.cause[q] {
			column[at.key]++
		}
	}
	before := ""
	for _, panel := range p.d.panels {
		var columns [columnsInside][]string
		for i := range p.d.Nodes {
			if n := &p.d.Nodes[i]; n.panel == panel.key {
				columns[column[n.Key]] = append(columns[column[n.Key]], n.Key)
			}
		}
		for i, keys := range columns {
			if len(keys) == 0 {
				break
			}
			p.d.ranks = append(p.d.ranks, rank{"same", keys})
			if i == 0 && before != "" {
				p.line(Link{From: before, To: keys[0], hidden: true})
			}
			if strings.HasPrefix(panel.key, "c-out-") {
				before = keys[0]
			}
		}
	}
	p.inColumn = column
}

type panelBox struct {
	node    Node
	members []int32
}

// foldPanel makes the boxes of a panel: one for each node, or one for each unit when they are too many, and one for what
// is still left.
func (p *portrait) foldPanel(nodes []int32, panelKey string, left bool) []panelBox {
	var boxes []panelBox
	single := nodes
	if len(nodes) > panelMost {
		units, rest := p.byUnit(nodes)
		for _, u := range sortedKeys(units) {
			boxes = append(boxes, p.foldBox(units[u], elementID(panelKey+"-", p.s.Nodes[u].ID), p.name(u), u, left))
		}
		slices.SortStableFunc(rest, func(x, y int32) int {
			return cmp.Or(cmp.Compare(p.weight(y, left), p.weight(x, left)), cmp.Compare(x, y))
		})
		single = rest
		if places := max(4, panelMost-len(boxes)); len(rest) > places+1 {
			others := slices.Sorted(slices.Values(rest[places:]))
			single = rest[:places]
			boxes = append(boxes, p.foldBox(others, panelKey+"-others", "Others", -1, left))
			p.note("“Others” stands for %s.", p.some(others, 8))
		}
		slices.Sort(single)
	}
	for _, v := range single {
		boxes = append(boxes, panelBox{p.sideNode(v, left), []int32{v}})
	}
	return boxes
}

// byUnit groups nodes by their outermost unit; those that have none, or are alone of theirs, are the rest.
func (b *builder) byUnit(nodes []int32) (units map[int32][]int32, rest []int32) {
	units = map[int32][]int32{}
	for _, v := range nodes {
		if u := b.topOf(v); u >= 0 {
			units[u] = append(units[u], v)
		} else {
			rest = append(rest, v)
		}
	}
	for _, u := range sortedKeys(units) {
		if len(units[u]) == 1 {
			rest = append(rest, units[u]...)
			delete(units, u)
		}
	}
	return units, rest
}

// topOf is the outermost unit of a node; people are where their first team is.
func (b *builder) topOf(v int32) int32 {
	if b.s.Nodes[v].Unit < 0 && len(b.s.Nodes[v].Teams) > 0 {
		return b.s.TopUnit(b.s.Nodes[v].Teams[0])
	}
	return b.s.TopUnit(v)
}

// weight says how much a neighbour matters: who stops with us, or stops customers; then who has most links.
func (p *portrait) weight(v int32, left bool) int {
	w := len(p.s.Served(v)) + len(p.s.ServedBy(v))
	if left {
		return w + 10000*p.downCount(v)
	}
	return w + 1000000*int(p.out.State[v])
}

// foldBox makes the box of several neighbours.
func (p *portrait) foldBox(members []int32, key, name string, unit int32, left bool) panelBox {
	n := p.folder(members, key, name, unit)
	if p.v.colour() != "risk" {
		return panelBox{n, members}
	}
	if left {
		if k := p.countStoppers(members); k > 0 {
			n.Badges = append(n.Badges, Badge{Text: fmt.Sprintf("▲ %d can stop a customer alone", k), Tone: Breaks})
		}
		return panelBox{n, members}
	}
	fates := map[analysis.State]int{}
	for _, v := range members {
		fates[p.out.State[v]]++
	}
	if k := fates[analysis.Down]; k > 0 {
		n.Badges = append(n.Badges, Badge{Text: fmt.Sprintf("× %d of %d stop", k, len(members)), Tone: Breaks})
		n.look.tone = Breaks
	}
	if k := fates[analysis.Degraded]; k > 0 {
		n.Badges = append(n.Badges, Badge{Text: fmt.Sprintf("▼ %d of %d work worse", k, len(members)), Tone: Worse})
	}
	return panelBox{n, members}
}

// sideNode makes the box of a neighbour: on the left with what it can stop, on the right with what happens to it.
func (p *portrait) sideNode(v int32, left bool) Node {
	n := p.node(v)
	if !left {
		if p.left[v].key != "" {
			n.Key = elementID("o-", p.s.Nodes[v].ID)
			n.Badges = append(n.Badges, Badge{Text: "↔ serves us too"})
		}
	}
	if left || p.v.colour() != "risk" {
		p.colourNode(&n, v)
		return n
	}
	p.fate(&n, v)
	return n
}

// fate says what happens to a node when the one in the middle stops.
func (p *portrait) fate(n *Node, v int32) {
	switch p.out.State[v] {
	case analysis.Down:
		n.Badges = append(n.Badges, Badge{Text: "× stops " + after(p.out.Hours[v]), Tone: Breaks})
		n.look.tone = Breaks
		if p.isCust[v] {
			n.look.state = analysis.Down
		}
	case analysis.Degraded:
		n.Badges = append(n.Badges, Badge{Text: "▼ works worse", Tone: Worse})
		n.look.tone = Worse
	default:
		if p.isCust[v] && !p.isCust[p.centre] {
			n.Badges = append(n.Badges, Badge{Text: "keeps working"})
		}
	}
}

// join collects the links between the boxes.
func (p *portrait) join() {
	for _, m := range p.members {
		p.eachWire(m, func(x wire) { p.strand(p.left[x.provider].key, p.middle, x) })
	}
	for _, c := range sortedKeys(p.left) {
		p.eachWire(c, func(x wire) {
			if from, to := p.left[x.provider], p.left[c]; from.hop > to.hop {
				p.strand(from.key, to.key, x)
			}
		})
	}
	for _, c := range sortedKeys(p.right) {
		p.eachWire(c, func(x wire) {
			from, to := p.right[x.provider], p.right[c]
			switch {
			case p.inside[x.provider]:
				p.strand(p.middle, to.key, x)
			case from.key == "":
			case from.hop < to.hop:
				p.strand(from.key, to.key, x)
			case p.stops(x, c) && !from.folded && !to.folded:
				p.strand(from.key, to.key, x)
				if from.hop == to.hop {
					p.cause[c] = x.provider
				}
			}
		})
	}
}

// eachWire goes through the drawn links to a node.
func (p *portrait) eachWire(c int32, use func(wire)) {
	needs, first := p.s.NeedsOf(c)
	for i := range needs {
		if needs[i].Criticality < p.v.least() || needs[i].Origin == graph.FromTeams {
			continue
		}
		for _, q := range needs[i].Providers {
			use(wire{first + int32(i), q})
		}
	}
}

// strand adds a link to those between two boxes.
func (p *portrait) strand(from, to string, x wire) {
	if from == "" || to == "" || from == to {
		return
	}
	e := link{from, to}
	s := p.strands[e]
	if s == nil {
		s = &strand{}
		p.strands[e] = s
		p.order = append(p.order, e)
	}
	s.wires = append(s.wires, x)
	c := p.s.Needs[x.need].Consumer
	if p.out.Cause[c] == (analysis.Cause{Need: x.need, Provider: x.provider}) {
		s.hit = max(s.hit, p.out.State[c])
	}
}

// stops says whether the loss of a provider in a need is what takes a node down.
func (p *portrait) stops(x wire, c int32) bool {
	return p.v.colour() == "risk" && p.out.State[c] == analysis.Down && p.out.Cause[c] == analysis.Cause{Need: x.need, Provider: x.provider}
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// way is how a customer is reached from a box of the portrait.
type way struct {
	from    string
	between int
	hit     analysis.State
}

// customers puts those that can be reached into the last panel, each with one line from the box that is nearest before it:
// along the failing chain where it stops, else along a shortest chain.
func (p *portrait) customers() {
	p.first = math.Inf(1)
	parent, reached := p.shortest()
	p.reached = len(reached)
	for _, c := range reached {
		if p.out.State[c] == analysis.Down {
			p.stopped++
			p.first = min(p.first, p.out.Hours[c])
		}
	}
	reached = slices.DeleteFunc(reached, func(c int32) bool { return !p.wanted(c) })
	if len(reached) == 0 {
		return
	}
	label := "External customers"
	if p.s.StandIn {
		label = "At the end of the chain"
	}
	p.d.panels = append(p.d.panels, panel{key: "c-cust", label: fmt.Sprintf("%s (%s)", label, thousands(len(reached))), class: "col", margin: 10})
	shown := p.byValue(reached)
	var folded []int32
	if len(shown) > panelMost+1 { // whoever stops first; of those that keep working a few
		slices.SortStableFunc(shown, func(x, y int32) int { return cmp.Compare(p.out.State[y], p.out.State[x]) })
		places := min(panelMost, max(panelMost/2, p.stopped))
		shown, folded = shown[:places], shown[places:]
	}
	var keys []string
	for _, c := range shown {
		keys = append(keys, p.addCustomer(c, parent))
	}
	if len(folded) > 0 {
		slices.Sort(folded)
		box := p.foldBox(folded, "c-cust-others", "Others", -1, false)
		box.node.Kind, box.node.panel, box.node.URL = graph.Customer, "c-cust", "/customers"
		p.add(box.node)
		p.foldedWays(folded, box.node.Key, parent)
		keys = append(keys, box.node.Key)
		p.holdOrder(keys) // the others last
	}
	p.lastColumn(keys)
}

// addCustomer draws a customer, what serves it directly, and the way on which a failure or service gets there.
func (p *portrait) addCustomer(c int32, parent []wire) (key string) {
	n := p.node(c)
	if p.v.colour() == "risk" {
		p.fate(&n, c)
	}
	if p.left[c].key != "" { // it serves us too
		n.Key = elementID("o-", p.s.Nodes[c].ID)
	}
	n.panel = "c-cust"
	p.add(n)
	direct := false
	p.eachWire(c, func(x wire) {
		if p.inside[x.provider] {
			p.strand(p.middle, n.Key, x)
			direct = true
		}
	})
	if w := p.wayTo(c, parent); !direct || w.from != p.middle && w.hit == analysis.Down {
		p.wayLine(w, n.Key, p.name(c), c)
	}
	return n.Key
}

// shortest finds the customers within reach, and for every node on the way the link of a shortest chain by which it is reached.
func (p *portrait) shortest() (parent []wire, customers []int32) {
	parent = make([]wire, len(p.s.Nodes))
	seen := make([]bool, len(p.s.Nodes))
	queue := slices.Clone(p.members)
	for _, m := range queue {
		seen[m] = true
	}
	least := p.v.least()
	for i := 0; i < len(queue); i++ {
		x := queue[i]
		for _, j := range p.s.NeedsServed(x) {
			n := &p.s.Needs[j]
			if n.Criticality < least || seen[n.Consumer] {
				continue
			}
			seen[n.Consumer] = true
			parent[n.Consumer] = wire{j, x}
			queue = append(queue, n.Consumer)
			if p.isCust[n.Consumer] {
				customers = append(customers, n.Consumer)
			}
		}
	}
	slices.Sort(customers)
	return parent, customers
}

// wayTo follows a chain back from a customer to the first box that is shown.
func (p *portrait) wayTo(c int32, parent []wire) way {
	w := way{}
	failing := p.out.State[c] == analysis.Down && p.v.colour() == "risk"
	if failing {
		w.hit = analysis.Down
	}
	for x := c; ; w.between++ {
		from := parent[x].provider
		if failing {
			from = p.out.Cause[x].Provider
		}
		if p.inside[from] {
			w.from = p.middle
			return w
		}
		if at := p.right[from]; at.key != "" {
			w.from = at.key
			return w
		}
		x = from
	}
}

// wayLine draws the way to a customer, or to several (c < 0).
func (p *portrait) wayLine(w way, key, name string, c int32) {
	from := p.at(w.from)
	l := Link{From: w.from, To: key, style: "solid", width: 1, head: "vee", colour: quietColour, Classes: []string{"onward"}}
	l.Tooltip = fmt.Sprintf("%s serves %s", from.Name, name)
	if w.between > 0 {
		l.Label = fmt.Sprintf("+%d between", w.between)
		l.Tooltip += fmt.Sprintf(" through %s not shown", count(w.between, "other"))
	}
	if w.hit == analysis.Down {
		l.colour, l.width, l.head, l.Classes = red, 2.2, "normal", []string{"hit", "onward"}
	}
	p.line(l)
	if c < 0 {
		return
	}
	f := Fact{From: End{ID: from.ID, Name: from.Name, Kind: from.Kind, URL: from.URL}, To: p.end(c), Words: l.Label, Text: l.Tooltip + "."}
	if w.hit == analysis.Down {
		f.Marks = []string{"the failure runs here"}
	}
	p.d.Facts = append(p.d.Facts, f)
}

// foldedWays draws one line for all customers in a fold from each box that leads there.
func (p *portrait) foldedWays(folded []int32, key string, parent []wire) {
	ways := map[string]way{}
	for _, c := range folded {
		w := p.wayTo(c, parent)
		if old, ok := ways[w.from]; !ok || w.hit > old.hit {
			w.between = 0
			ways[w.from] = w
		}
	}
	for _, from := range sortedKeys(ways) {
		p.wayLine(ways[from], key, fmt.Sprintf("%d other customers", len(folded)), -1)
	}
}

// write draws the strands.
func (p *portrait) write() {
	for _, e := range p.order {
		p.strandLine(e, p.strands[e])
	}
	p.d.Total.Links = p.d.Shown.Links
	p.d.space = spacing{rank: 0.7, node: 0.16, wrap: 20, airy: true}
	switch columns := len(p.d.ranks) + 1; { // the one in the middle has no rank of its own
	case len(p.d.Nodes) > 40:
		p.d.space.rank, p.d.space.node, p.d.space.wrap = 0.4, 0.1, 16
	case columns > 5:
		p.d.space.rank = 0.4
	}
}

func (p *portrait) strandLine(e link, s *strand) {
	w := web{builder: p.builder, labels: true}
	worst := p.strongest(s.wires)
	l := Link{From: e.from, To: e.to, Stands: len(s.wires), Label: w.label(s.wires, false)}
	l.set(worst)
	l.Classes = []string{worst.String()}
	l.Tooltip = w.tips(s.wires[:min(len(s.wires), 6)])
	from, to := p.at(e.from), p.at(e.to)
	switch n := &p.s.Needs[s.wires[0].need]; {
	case from.panel == to.panel && p.inColumn[e.from] == p.inColumn[e.to]:
		l.Label = "" // no room between neighbours
	case len(s.wires) > 1 && (from.folded || to.folded || p.s.IsBox(p.centre)):
		l.Label = count(len(s.wires), "link")
	case len(s.wires) == 1 && len(n.Providers) > 1:
		l.Label = strings.TrimPrefix(fmt.Sprintf("%s\n%d of %d", l.Label, n.K, len(n.Providers)), "\n")
	}
	risk := p.v.colour() == "risk"
	switch {
	case s.hit == analysis.Down && risk:
		l.colour, l.width = red, 2.2
		l.Classes = append(l.Classes, "hit")
	case s.hit == analysis.Degraded && risk:
		l.colour, l.width, l.head = amber, 1.6, "empty"
		l.Classes = append(l.Classes, "hit", "soft")
	default:
		w.rateLine(&l, s.wires)
	}
	p.line(l)
	for _, x := range s.wires {
		p.d.Facts = append(p.d.Facts, p.fact(&p.s.Needs[x.need], x.provider))
	}
	p.d.Shown.Links += len(s.wires)
}

func (p *portrait) tell() {
	name := p.name(p.centre)
	p.d.Title = name + ": the big picture"
	for _, n := range p.d.Nodes {
		p.d.Shown.Nodes += n.Count
	}
	p.d.Total.Nodes = p.d.Shown.Nodes
	text := fmt.Sprintf("Served by %s", thousands(p.servedBy))
	if !p.isCust[p.centre] {
		text += fmt.Sprintf(", serves %s inside and, directly or through them, %s of %s", thousands(p.serves), thousands(p.reached), count(len(p.s.Customers), "external customer"))
	}
	if p.v.links() != "all" {
		text += fmt.Sprintf(" (%s)", p.v.linkWords())
	}
	p.note("%s.", text)
	if p.lost > 0 {
		p.note("Left out by the filters: %s.", count(p.lost, "neighbour"))
	}
	if p.v.colour() != "risk" || p.isCust[p.centre] {
		return
	}
	if p.stopped > 0 {
		p.note("Red: what stops if %s stops; %d of %s, the first %s.", name, p.stopped, count(len(p.s.Customers), "customer"), after(p.first))
	} else if p.reached > 0 {
		p.note("%s alone stops none of these customers.", name)
	}
}
