package diagram

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/phrase"
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
		n.Badges = append(n.Badges, Badge{Text: phrase.Things(len(p.s.TeamsOf(p.centre)), "team")})
	}
	p.colourNode(&n, p.centre)
	if p.f == nil || p.v.colour() != "risk" {
		return n
	}
	if u, ok := p.f.Load[p.centre].Utilisation.Get(); ok {
		badge := Badge{Text: "load " + phrase.Percent(u)}
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
	label := fmt.Sprintf("%s (%s)", p.panelLabel(left, hop), phrase.Count(len(nodes)))
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

func countOrNobody(n int) string {
	if n == 0 {
		return "nobody"
	}
	return phrase.Count(n)
}

// tell says what the picture shows.
func (p *portrait) tell() {
	name := p.name(p.centre)
	p.d.Title = name + ": the big picture"
	for _, n := range p.d.Nodes {
		p.d.Shown.Nodes += n.Count
	}
	p.d.Total.Nodes = p.d.Shown.Nodes
	text := "Served by " + countOrNobody(p.servedBy)
	if !p.isCust[p.centre] {
		text += fmt.Sprintf(", serves %s inside and, directly or through them, %s of %s", countOrNobody(p.serves), phrase.Count(p.reached), phrase.Things(len(p.s.Customers), "external customer"))
	}
	if p.v.links() != "all" {
		text += fmt.Sprintf(" (%s)", p.v.linkWords())
	}
	p.note("%s.", text)
	if p.lost > 0 {
		p.note("Left out by the filters: %s.", phrase.Things(p.lost, "neighbour"))
	}
	if p.v.colour() != "risk" || p.isCust[p.centre] {
		return
	}
	if p.stopped > 0 {
		p.note("Red: what stops if %s stops; %s of %s, the first %s.", name, phrase.Count(p.stopped), phrase.Things(len(p.s.Customers), "customer"), after(p.first))
	} else if p.reached > 0 {
		p.note("%s alone stops none of these customers.", name)
	}
}
