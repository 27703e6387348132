package diagram

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
)

// panelMost is how many boxes a panel holds before it folds.
const panelMost = 12

// bigPicture draws one node in the middle, who serves it on the left, whom it serves and the customers on the right, and in
// red what stops with it.
func (b *builder) bigPicture() error {
	v, err := b.lookup("node", b.v.Node, "say whose big picture to draw")
	if err != nil {
		return err
	}
	p := &portrait{builder: b, centre: v, level: map[int32]int{}, left: map[int32]string{}, right: map[int32]string{}, about: map[pair2]*strand{}}
	p.members = []int32{v}
	if b.s.IsBox(v) {
		if p.members, err = b.s.Group("unit:" + b.s.Nodes[v].ID); err != nil {
			return err
		}
		for _, team := range b.s.TeamsOf(v) {
			for _, m := range b.s.MembersOf(team) {
				if len(b.s.Nodes[m].Teams) == 1 && !slices.Contains(p.members, m) {
					p.members = append(p.members, m)
				}
			}
		}
		p.members = append(p.members, v)
	}
	for _, m := range p.members {
		p.level[m] = 0
	}
	p.spread()
	p.middle()
	p.walk()
	p.strands()
	p.customers()
	p.write()
	p.tell()
	return nil
}

// pair2 is two boxes by key.
type pair2 struct{ from, to string }

// strand is all links between two boxes of the portrait.
type strand struct {
	wires []wire
	hit   analysis.State // the failure runs along it
}

type portrait struct {
	*builder
	centre  int32
	members []int32 // the teams of a unit, or the node itself
	out     *analysis.Outcome

	level       map[int32]int // members 0
	left, right map[int32]string
	about       map[pair2]*strand
	order       []pair2

	servedBy, serves, reached, stopped int
	first                              float64
	direct                             map[int32]bool
	lost                               int // neighbours that filters leave out
}

func (p *portrait) isMember(v int32) bool { l, ok := p.level[v]; return ok && l == 0 }

// spread works out what stops when the one in the middle does.
func (p *portrait) spread() {
	var stopped []int32
	for _, m := range p.members {
		if !p.s.IsBox(m) {
			stopped = append(stopped, m)
		}
	}
	if len(stopped) == 0 || p.isCust[p.centre] {
		stopped = nil
	}
	p.out = analysis.Spread(p.s, analysis.Failure{Stopped: stopped})
}

func (p *portrait) middle() {
	n := p.node(p.centre)
	n.look.focus, n.look.margin = true, "0.2,0.14"
	n.Count = len(p.members)
	if p.s.IsBox(p.centre) {
		n.Count--
		n.Badges = append(n.Badges, Badge{Text: count(len(p.s.TeamsOf(p.centre)), "team")})
	}
	p.colourNode(&n, p.centre)
	if p.f != nil && p.v.colour() == "risk" {
		if u, ok := p.f.Load[p.centre].Utilisation.Get(); ok {
			badge := Badge{Text: "load " + percent(u)}
			if u >= analysis.Hot {
				badge = Badge{Text: "■ load " + percent(u), Tone: Worse}
			}
			n.Badges = append(n.Badges, badge)
		}
	}
	p.add(n)
}

// walk finds the neighbours on either side, step by step, and gives each its box.
func (p *portrait) walk() {
	hops := max(1, p.v.Hops)
	least := p.v.least()
	step := func(from []int32, seen map[int32]bool, next func(int32) []int32) []int32 {
		var found []int32
		for _, x := range from {
			for _, y := range next(x) {
				if !seen[y] && !p.isMember(y) {
					seen[y] = true
					found = append(found, y)
				}
			}
		}
		slices.Sort(found)
		return found
	}
	providers := func(x int32) []int32 {
		var all []int32
		needs, _ := p.s.NeedsOf(x)
		for i := range needs {
			if needs[i].Criticality >= least {
				all = append(all, needs[i].Providers...)
			}
		}
		return all
	}
	consumers := func(x int32) []int32 {
		var all []int32
		for _, i := range p.s.NeedsServed(x) {
			if n := &p.s.Needs[i]; n.Criticality >= least && !p.isCust[n.Consumer] {
				all = append(all, n.Consumer)
			}
		}
		return all
	}
	at, seen := p.members, map[int32]bool{}
	for h := 1; h <= hops; h++ {
		at = step(at, seen, providers)
		p.side(at, h, true)
		if h == 1 {
			p.servedBy = len(at)
		}
	}
	at, seen = p.members, map[int32]bool{}
	for h := 1; h <= hops; h++ {
		at = step(at, seen, consumers)
		p.side(at, h, false)
		if h == 1 {
			p.serves = len(at)
		}
	}
}

// side puts the nodes of one step into a panel, folded by unit where they are too many.
func (p *portrait) side(nodes []int32, hop int, left bool) {
	all := len(nodes)
	nodes = slices.DeleteFunc(slices.Clone(nodes), func(v int32) bool { return !p.wanted(v) })
	p.lost += all - len(nodes)
	if len(nodes) == 0 {
		return
	}
	key, label, place := fmt.Sprintf("c-in-%d", hop), "Who serves us", p.left
	if hop > 1 {
		label = fmt.Sprintf("%d steps before us", hop)
	}
	if !left {
		key, label, place = fmt.Sprintf("c-out-%d", hop), "Whom we serve", p.right
		if hop > 1 {
			label = fmt.Sprintf("%d steps after us", hop)
		}
	}
	label += fmt.Sprintf(" (%s)", thousands(len(nodes)))
	if p.isCust[p.centre] {
		label = fmt.Sprintf("Who serves them (%s)", thousands(len(nodes)))
	}
	p.d.panels = append(p.d.panels, panel{key: key, label: label, class: "col", margin: 10})
	var keys []string
	for _, box := range p.foldPanel(nodes, key, left) {
		n := box.node
		n.panel = key
		p.add(n)
		keys = append(keys, n.Key)
		for _, v := range box.members {
			place[v] = n.Key
		}
	}
	p.d.ranks = append(p.d.ranks, rank{"same", keys})
}

type panelBox struct {
	node    Node
	members []int32
}

// foldPanel makes the boxes of a panel: one for each node, or one for each unit when they are too many, and one for what
// is still left.
func (p *portrait) foldPanel(nodes []int32, panelKey string, left bool) []panelBox {
	var boxes []panelBox
	single := func(v int32) { boxes = append(boxes, panelBox{p.sideNode(v, left), []int32{v}}) }
	if len(nodes) <= panelMost {
		for _, v := range nodes {
			single(v)
		}
		return boxes
	}
	units := map[int32][]int32{}
	var order, rest []int32
	for _, v := range nodes {
		u := p.topOf(v)
		if u < 0 {
			rest = append(rest, v)
			continue
		}
		if units[u] == nil {
			order = append(order, u)
		}
		units[u] = append(units[u], v)
	}
	slices.Sort(order)
	for _, u := range order {
		if len(units[u]) == 1 {
			rest = append(rest, units[u][0])
			continue
		}
		boxes = append(boxes, p.foldBox(units[u], elementID(panelKey+"-", p.s.Nodes[u].ID), p.name(u), u, left))
	}
	slices.SortStableFunc(rest, func(x, y int32) int {
		return cmp.Or(cmp.Compare(p.weight(y, left), p.weight(x, left)), cmp.Compare(x, y))
	})
	places := max(4, panelMost-len(boxes))
	if len(rest) > places+1 {
		others := slices.Clone(rest[places:])
		slices.Sort(others)
		rest = rest[:places]
		boxes = append(boxes, p.foldBox(others, panelKey+"-others", "Others", -1, left))
		p.note("“Others” stands for %s.", p.some(others, 8))
	}
	slices.Sort(rest)
	for _, v := range rest {
		single(v)
	}
	return boxes
}

func (p *portrait) topOf(v int32) int32 {
	if p.s.Nodes[v].Unit < 0 && len(p.s.Nodes[v].Teams) > 0 {
		return p.s.TopUnit(p.s.Nodes[v].Teams[0])
	}
	return p.s.TopUnit(v)
}

// weight says how much a neighbour matters: who stops with us, or stops customers; then who has most links.
func (p *portrait) weight(v int32, left bool) int {
	w := len(p.s.Served(v)) + len(p.s.ServedBy(v))
	if left {
		return w + 10000*p.downCount(v)
	}
	return w + 1000000*int(p.out.State[v])
}

func (p *portrait) foldBox(members []int32, key, name string, unit int32, left bool) panelBox {
	n := Node{Key: key, Name: name, Kind: graph.Unit, folded: true, Count: len(members)}
	for _, v := range members {
		n.Members = append(n.Members, p.s.Nodes[v].ID)
	}
	if unit >= 0 {
		n.ID, n.URL = p.s.Nodes[unit].ID, Href(graph.Unit, p.s.Nodes[unit].ID)
	}
	kinds := map[graph.Kind]int{}
	stops, worse := 0, 0
	for _, v := range members {
		if !left && p.out.State[v] == analysis.Degraded {
			worse++
		}
		kinds[p.kindOf(v)]++
		if left && p.spof(v) != nil || !left && p.out.State[v] == analysis.Down {
			stops++
		}
	}
	var words []string
	for _, k := range graph.Kinds() {
		if kinds[k] > 0 {
			words = append(words, count(kinds[k], k.String()))
		}
	}
	n.Badges = append(n.Badges, Badge{Text: list(words)})
	if stops > 0 && p.v.colour() == "risk" {
		if left {
			n.Badges = append(n.Badges, Badge{Text: fmt.Sprintf("▲ %d can stop a customer alone", stops), Tone: Breaks})
		} else {
			n.Badges = append(n.Badges, Badge{Text: fmt.Sprintf("× %d of %d stop", stops, len(members)), Tone: Breaks})
			n.look.tone = Breaks
		}
	}
	if worse > 0 && p.v.colour() == "risk" {
		n.Badges = append(n.Badges, Badge{Text: fmt.Sprintf("▼ %d of %d work worse", worse, len(members)), Tone: Worse})
	}
	n.Tooltip = name + ": " + p.some(members, 20)
	return panelBox{n, members}
}

// sideNode makes the box of a neighbour: on the left with what it can stop, on the right with what happens to it.
func (p *portrait) sideNode(v int32, left bool) Node {
	n := p.node(v)
	if !left {
		if _, twice := p.left[v]; twice {
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

// strands collects the links between the boxes.
func (p *portrait) strands() {
	least := p.v.least()
	add := func(from, to string, x wire) {
		if from == "" || to == "" || from == to {
			return
		}
		e := pair2{from, to}
		if p.about[e] == nil {
			p.about[e] = &strand{}
			p.order = append(p.order, e)
		}
		s := p.about[e]
		s.wires = append(s.wires, x)
		c := p.s.Needs[x.need].Consumer
		if cause := p.out.Cause[c]; cause.Need == x.need && cause.Provider == x.provider {
			s.hit = max(s.hit, p.out.State[c])
		}
	}
	centre := p.key(p.centre)
	eachNeed := func(c int32, use func(i int32, provider int32)) {
		needs, first := p.s.NeedsOf(c)
		for i := range needs {
			if needs[i].Criticality >= least && needs[i].Origin != graph.FromTeams {
				for _, q := range needs[i].Providers {
					use(first+int32(i), q)
				}
			}
		}
	}
	for _, m := range slices.Sorted(slices.Values(p.members)) {
		eachNeed(m, func(i, q int32) { add(p.left[q], centre, wire{i, q}) })
	}
	for _, c := range sortedKeys(p.left) {
		eachNeed(c, func(i, q int32) {
			if p.left[q] != "" && p.left[c] != p.left[q] && p.hop(p.left[q]) > p.hop(p.left[c]) {
				add(p.left[q], p.left[c], wire{i, q})
			}
		})
	}
	for _, c := range sortedKeys(p.right) {
		eachNeed(c, func(i, q int32) {
			switch {
			case p.isMember(q):
				add(centre, p.right[c], wire{i, q})
			case p.right[q] != "" && (p.hop(p.right[q]) < p.hop(p.right[c]) || p.causes(i, q, c)):
				add(p.right[q], p.right[c], wire{i, q})
			}
		})
	}
}

// causes says whether the loss of a provider in a need is what takes a node down.
func (p *portrait) causes(need, provider, c int32) bool {
	return p.v.colour() == "risk" && p.out.State[c] == analysis.Down && p.out.Cause[c] == analysis.Cause{Need: need, Provider: provider}
}

func (p *portrait) hop(key string) int {
	n := p.at(key)
	hop := 0
	fmt.Sscanf(n.panel[len("c-"):], "in-%d", &hop)
	fmt.Sscanf(n.panel[len("c-"):], "out-%d", &hop)
	return hop
}

func sortedKeys[V any](m map[int32]V) []int32 {
	keys := make([]int32, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// way is how a customer is reached from a box of the portrait.
type way struct {
	from    string
	between int
	hit     analysis.State
}

// customers puts those that can be reached into the last panel, each with one line from the box that is nearest before it:
// along the failing chain where it stops, else along a shortest chain.
func (p *portrait) customers() {
	p.first, p.direct = math.Inf(1), map[int32]bool{}
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
		n := p.node(c)
		if p.v.colour() == "risk" {
			p.fate(&n, c)
		}
		if p.left[c] != "" { // it serves us too
			n.Key = elementID("o-", p.s.Nodes[c].ID)
		}
		n.panel = "c-cust"
		p.add(n)
		keys = append(keys, n.Key)
		p.customerLines(c, n.Key, parent)
	}
	if len(folded) > 0 {
		slices.Sort(folded)
		box := p.foldBox(folded, "c-cust-others", "Others", -1, false)
		box.node.Kind, box.node.panel, box.node.URL = graph.Customer, "c-cust", "/customers"
		p.add(box.node)
		keys = append(keys, box.node.Key)
		p.foldedWays(folded, box.node.Key, parent)
		for i := 1; i < len(keys); i++ { // the others last
			p.d.holds = append(p.d.holds, [2]string{keys[i-1], keys[i]})
		}
	}
	p.lastColumn(keys)
}

// shortest finds the customers within reach, and for every node on the way the link of a shortest chain by which it is reached.
func (p *portrait) shortest() (parent []wire, customers []int32) {
	parent = make([]wire, len(p.s.Nodes))
	seen := make([]bool, len(p.s.Nodes))
	queue := slices.Sorted(slices.Values(p.members))
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

// customerLines draws what serves a customer directly, and the way on which a failure or service gets there.
func (p *portrait) customerLines(c int32, key string, parent []wire) {
	centre := p.key(p.centre)
	needs, first := p.s.NeedsOf(c)
	for i := range needs {
		if needs[i].Criticality < p.v.least() {
			continue
		}
		for _, q := range needs[i].Providers {
			if p.isMember(q) {
				e := pair2{centre, key}
				if p.about[e] == nil {
					p.about[e] = &strand{}
					p.order = append(p.order, e)
				}
				s := p.about[e]
				s.wires = append(s.wires, wire{first + int32(i), q})
				if p.out.Cause[c] == (analysis.Cause{Need: first + int32(i), Provider: q}) {
					s.hit = p.out.State[c]
				}
				p.direct[c] = true
			}
		}
	}
	w := p.wayTo(c, parent)
	if w.from == centre && (w.between == 0 || p.direct[c]) || p.direct[c] && w.hit != analysis.Down {
		return
	}
	p.wayLine(w, key, p.name(c), c)
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
		if p.isMember(from) {
			w.from = p.key(p.centre)
			return w
		}
		if k := p.right[from]; k != "" {
			w.from = k
			return w
		}
		x = from
	}
}

func (p *portrait) wayLine(w way, key, name string, c int32) {
	l := Link{From: w.from, To: key, style: "solid", width: 1, head: "vee", colour: quietColour, Classes: []string{"onward"}}
	if w.between > 0 {
		l.Label = fmt.Sprintf("+%d between", w.between)
	}
	if w.hit == analysis.Down {
		l.colour, l.width, l.head, l.Classes = red, 2.2, "normal", []string{"hit", "onward"}
	}
	l.Tooltip = fmt.Sprintf("%s serves %s", p.at(w.from).Name, name)
	if w.between > 0 {
		l.Tooltip += fmt.Sprintf(" through %s not shown", count(w.between, "other"))
	}
	p.line(l)
	if c >= 0 {
		f := Fact{From: End{ID: p.at(w.from).ID, Name: p.at(w.from).Name, Kind: p.at(w.from).Kind, URL: p.at(w.from).URL}, To: p.end(c), Words: l.Label, Text: l.Tooltip + "."}
		if w.hit == analysis.Down {
			f.Marks = []string{"the failure runs here"}
		}
		p.d.Facts = append(p.d.Facts, f)
	}
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
	from := make([]string, 0, len(ways))
	for k := range ways {
		from = append(from, k)
	}
	slices.Sort(from)
	for _, k := range from {
		p.wayLine(ways[k], key, fmt.Sprintf("%d other customers", len(folded)), -1)
	}
}

// write draws the strands.
func (p *portrait) write() {
	centre := p.key(p.centre)
	risk := p.v.colour() == "risk"
	for _, e := range p.order {
		s := p.about[e]
		worst := graph.NoCriticality
		for _, x := range s.wires {
			worst = max(worst, p.s.Needs[x.need].Criticality)
		}
		l := Link{From: e.from, To: e.to, Stands: len(s.wires)}
		l.set(worst)
		l.Classes = []string{worst.String()}
		w := web{builder: p.builder, labels: true}
		l.Label = w.label(s.wires, false)
		if len(s.wires) > 1 && (p.at(e.from).folded || p.at(e.to).folded || p.s.IsBox(p.centre)) {
			l.Label = count(len(s.wires), "link")
		} else if n := &p.s.Needs[s.wires[0].need]; len(s.wires) == 1 && len(n.Providers) > 1 {
			l.Label += fmt.Sprintf(" · %d of %d", n.K, len(n.Providers))
		}
		l.Tooltip = w.tips(s.wires[:min(len(s.wires), 6)])
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
		if p.direct != nil && p.at(e.to).Kind == graph.Customer && e.from == centre {
			l.weight = 0
		}
		p.line(l)
		for _, x := range s.wires {
			p.d.Facts = append(p.d.Facts, p.fact(&p.s.Needs[x.need], x.provider))
		}
		p.d.Shown.Links += len(s.wires)
	}
	p.d.Total.Links = p.d.Shown.Links
	p.d.space = spacing{rank: 0.7, node: 0.16, wrap: 20}
	if len(p.d.Nodes) > 40 {
		p.d.space = spacing{rank: 0.5, node: 0.1, wrap: 16}
	}
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
	if links := p.v.links(); links != "all" {
		text += fmt.Sprintf(" (%s links)", map[string]string{"critical": "critical", "important": "critical and important"}[links])
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
