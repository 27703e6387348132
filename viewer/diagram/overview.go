package diagram

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"example.com/whoserves/graph"
)

// The sizes from which the overview folds.
const (
	smallOrg     = 16 // up to here every unit is open
	singleMost   = 12 // suppliers, customers one by one
	resourceMost = 3
	calmGroups   = 10 // beyond, only heavy lines
	namesInBox   = 3
	crowded      = 30 // boxes; from here on no names in them
)

// overview draws the whole organisation: a box for each unit, suppliers and customers one by one while they are few, and one
// line for all links between two boxes. Without units it draws the nodes themselves.
func (b *builder) overview() error {
	open, err := b.openUnits()
	if err != nil {
		return err
	}
	roots := b.rootUnits()
	b.d.Title = "Who serves whom"
	if org := clean(b.s.Org.Name); org != "" && org != "default" {
		b.d.Title = org + ": who serves whom"
	}
	teams := 0
	for v := range b.s.Nodes {
		if k := b.kindOf(int32(v)); k == graph.Team && !b.s.IsBox(int32(v)) {
			teams++
		}
	}
	// Where units are few or missing, or filters leave few nodes, a picture of nodes says more than one of boxes.
	if inUnits := b.inUnits(); len(open) == 0 && (inUnits*4 < teams || b.keep != nil && b.left() <= b.v.maxNodes()/2) {
		return b.overviewOfNodes()
	}
	o := b.newOutline(roots, open)
	o.assign()
	o.fold()
	o.connect()
	o.draw()
	return nil
}

// openUnits finds the units of open=.
func (b *builder) openUnits() (map[int32]bool, error) {
	open := map[int32]bool{}
	for _, ref := range b.v.Open {
		u, err := b.s.Lookup(ref)
		if err != nil {
			return nil, err
		}
		if !b.s.IsBox(u) {
			return nil, &QueryError{Key: "open", Value: ref, Why: "it is not a unit with teams"}
		}
		for ; u >= 0; u = b.s.Nodes[u].Unit { // a unit cannot be seen while the one around it is shut
			open[u] = true
		}
	}
	return open, nil
}

// rootUnits gives the units that the overview shows: the outermost, or, while there is only one of those, the units in it.
func (b *builder) rootUnits() []int32 {
	boxes := func(unit int32) []int32 {
		var in []int32
		for _, x := range b.s.InUnit(unit) {
			if b.s.IsBox(x) {
				in = append(in, x)
			}
		}
		return in
	}
	roots := boxes(-1)
	if len(roots) == 1 {
		if below := boxes(roots[0]); len(below) > 1 {
			roots = append(below, roots[0])
		}
	}
	slices.Sort(roots)
	return roots
}

// left counts the nodes that pass the filters.
func (b *builder) left() int {
	n := 0
	for v := range b.s.Nodes {
		if x := int32(v); b.wanted(x) && !b.s.IsBox(x) {
			n++
		}
	}
	return n
}

// inUnits counts the teams that lie in a unit.
func (b *builder) inUnits() int {
	n := 0
	for v := range b.s.Nodes {
		if b.kindOf(int32(v)) == graph.Team && !b.s.IsBox(int32(v)) && b.s.Nodes[v].Unit >= 0 {
			n++
		}
	}
	return n
}

// group is a box of the overview: a unit, all nodes of a kind, or one node.
type group struct {
	key     string
	unit    int32 // ≥ 0: the unit
	single  int32 // ≥ 0: the one node that it is
	kind    graph.Kind
	name    string
	panel   int32 // the opened unit that it is drawn in, -1 none
	members []int32
	others  bool // what is left of a kind beyond what fits
}

// bundle is all links from one box to another.
type bundle struct {
	from, to      int
	there, back   int // links each way
	strongest     graph.Criticality
	backStrongest graph.Criticality
}

// outline is the overview while it is being made.
type outline struct {
	*builder
	roots  map[int32]bool
	open   map[int32]bool
	small  bool // few nodes: everything is drawn singly
	groups []group
	byKey  map[string]int
	of     []int32 // by node: its group, -1 none

	bundles []bundle
	inside  int                       // links inside a box
	weaker  map[graph.Criticality]int // links left out by links=
}

func (b *builder) newOutline(roots []int32, open map[int32]bool) *outline {
	o := &outline{builder: b, roots: map[int32]bool{}, open: open, byKey: map[string]int{}, of: make([]int32, len(b.s.Nodes)), weaker: map[graph.Criticality]int{}}
	o.small = b.s.NodeCount() <= smallOrg
	for _, r := range roots {
		o.roots[r] = true
		if o.small && len(b.v.Open) == 0 {
			o.open[r] = true
		}
	}
	return o
}

// assign gives every node its group.
func (o *outline) assign() {
	kinds := map[graph.Kind]int{}
	for v := range o.s.Nodes {
		kinds[o.groupKind(int32(v))]++
	}
	for v := range o.s.Nodes {
		o.of[v] = -1
		if o.s.IsBox(int32(v)) || !o.wanted(int32(v)) {
			continue
		}
		o.of[v] = o.groupOf(int32(v), kinds)
		g := &o.groups[o.of[v]]
		g.members = append(g.members, int32(v))
	}
	for v := range o.s.Nodes { // a box that serves or is served itself stands for its teams
		if u := int32(v); o.s.IsBox(u) {
			o.of[v] = o.unitGroup(u)
		}
	}
}

// groupKind is the kind that decides whether a node is drawn singly; customers are those of the snapshot.
func (o *outline) groupKind(v int32) graph.Kind {
	if o.isCust[v] {
		return graph.Customer
	}
	if k := o.kindOf(v); k != graph.Customer {
		return k
	}
	return graph.Customer
}

func (o *outline) groupOf(v int32, kinds map[graph.Kind]int) int32 {
	k := o.groupKind(v)
	switch k {
	case graph.Customer:
		if kinds[k] <= singleMost || o.small {
			return o.singleGroup(v, -1)
		}
		return o.group(group{key: "fold-customers", unit: -1, single: -1, kind: graph.Customer, name: "Customers", panel: -1})
	case graph.Supplier:
		if kinds[k] <= singleMost || o.small {
			return o.singleGroup(v, -1)
		}
		return o.group(group{key: "fold-suppliers", unit: -1, single: -1, kind: graph.Supplier, name: "Suppliers", panel: -1})
	case graph.Resource:
		if u := o.homeUnit(v); u >= 0 {
			return o.inUnit(v, u)
		}
		if kinds[k] <= resourceMost || o.small {
			return o.singleGroup(v, -1)
		}
		return o.group(group{key: "fold-resources", unit: -1, single: -1, kind: graph.Resource, name: "Resources", panel: -1})
	}
	if u := o.homeUnit(v); u >= 0 {
		return o.inUnit(v, u)
	}
	if o.small {
		return o.singleGroup(v, -1)
	}
	if k == graph.Person {
		return o.group(group{key: "fold-people", unit: -1, single: -1, kind: graph.Person, name: "People of no unit", panel: -1})
	}
	return o.group(group{key: "fold-no-unit", unit: -1, single: -1, kind: graph.Unit, name: "Teams of no unit", panel: -1})
}

// homeUnit is the innermost unit that a node lies in; people live where their team does.
func (o *outline) homeUnit(v int32) int32 {
	x := &o.s.Nodes[v]
	if x.Unit < 0 && len(x.Teams) > 0 {
		return o.s.Nodes[x.Teams[0]].Unit
	}
	return x.Unit
}

// inUnit gives the group of a node that lies in a unit: the node itself where that unit is open, else the outermost unit
// on the way up that is shown closed.
func (o *outline) inUnit(v, unit int32) int32 {
	if shut := o.shut(unit); shut >= 0 {
		return o.unitGroupOf(shut)
	}
	return o.singleGroup(v, unit)
}

// shut finds the box that hides a unit: going up from it, the last unit that is not open and below a root or an open unit;
// -1 when the unit itself is open.
func (o *outline) shut(unit int32) int32 {
	path := []int32{}
	for u := unit; u >= 0; u = o.s.Nodes[u].Unit {
		path = append(path, u)
		if o.roots[u] {
			break
		}
	}
	for _, u := range slices.Backward(path) {
		if !o.open[u] {
			return u
		}
	}
	return -1
}

func (o *outline) unitGroup(unit int32) int32 {
	if shut := o.shut(unit); shut >= 0 {
		if g, ok := o.byKey[o.key(shut)]; ok {
			return int32(g)
		}
	}
	return -1
}

func (o *outline) unitGroupOf(unit int32) int32 {
	panel := int32(-1)
	if p := o.s.Nodes[unit].Unit; p >= 0 && o.open[p] {
		panel = p
	}
	return o.group(group{key: o.key(unit), unit: unit, single: -1, kind: graph.Unit, name: o.name(unit), panel: panel})
}

func (o *outline) singleGroup(v, panel int32) int32 {
	return o.group(group{key: o.key(v), unit: -1, single: v, kind: o.kindOf(v), name: o.name(v), panel: panel})
}

func (o *outline) group(g group) int32 {
	if i, ok := o.byKey[g.key]; ok {
		return int32(i)
	}
	o.byKey[g.key] = len(o.groups)
	o.groups = append(o.groups, g)
	return int32(len(o.groups) - 1)
}

// fold puts the boxes that matter least together while there are more than the limit.
func (o *outline) fold() {
	most := o.v.maxNodes()
	if len(o.groups) <= most {
		return
	}
	order := make([]int32, len(o.groups))
	for i := range order {
		order[i] = int32(i)
	}
	worth := func(i int32) float64 {
		g := &o.groups[i]
		if g.kind == graph.Customer || g.single < 0 && g.unit < 0 {
			return math.Inf(1)
		}
		return float64(o.stopping(g)*1000 + len(g.members))
	}
	slices.SortStableFunc(order, func(x, y int32) int { return cmp.Compare(worth(y), worth(x)) })
	places := map[graph.Kind]int32{}
	for _, i := range order[most-min(5, most-1):] {
		g := &o.groups[i]
		if _, ok := places[g.kind]; !ok {
			places[g.kind] = o.group(group{key: "others-" + g.kind.String(), unit: -1, single: -1, kind: g.kind, panel: -1, others: true})
		}
		into := places[g.kind]
		g = &o.groups[i]
		for _, v := range g.members {
			o.of[v] = into
		}
		o.groups[into].members = append(o.groups[into].members, g.members...)
		g.members = nil
	}
	for v := range o.s.Nodes {
		if u := int32(v); o.s.IsBox(u) && o.of[v] >= 0 && o.groups[o.of[v]].members == nil {
			o.of[v] = -1
		}
	}
	o.note("Folded together on this picture: what is beyond %d boxes.", most)
}

// stopping counts the members that can stop a customer alone.
func (o *outline) stopping(g *group) int {
	n := 0
	for _, v := range g.members {
		if o.spof(v) != nil {
			n++
		}
	}
	return n
}

// connect bundles the links between boxes. O(links).
func (o *outline) connect() {
	type ends struct{ from, to int32 }
	found := map[ends]*bundle{}
	least := o.v.least()
	for i := range o.s.Needs {
		n := &o.s.Needs[i]
		if n.Origin == graph.FromTeams {
			continue
		}
		to := o.of[n.Consumer]
		for _, p := range o.teams(n.Providers) {
			from := o.of[p]
			switch {
			case from < 0 || to < 0:
			case from == to:
				o.inside++
			case n.Criticality < least:
				o.weaker[n.Criticality]++
			default:
				e, turned := ends{from, to}, false
				if _, ok := found[ends{to, from}]; ok {
					e, turned = ends{to, from}, true
				}
				u := found[e]
				if u == nil {
					u = &bundle{from: int(from), to: int(to)}
					found[e] = u
				}
				if turned {
					u.back++
					u.backStrongest = max(u.backStrongest, n.Criticality)
				} else {
					u.there++
					u.strongest = max(u.strongest, n.Criticality)
				}
			}
		}
	}
	for _, u := range found {
		if u.back > u.there {
			*u = bundle{u.to, u.from, u.back, u.there, u.backStrongest, u.strongest}
		}
		o.bundles = append(o.bundles, *u)
	}
	key := func(i int) string { return o.groups[i].key }
	slices.SortFunc(o.bundles, func(x, y bundle) int {
		return cmp.Or(cmp.Compare(key(x.from), key(y.from)), cmp.Compare(key(x.to), key(y.to)))
	})
}

// teams replaces boxes of the org chart that are open by their teams.
func (o *outline) teams(providers []int32) []int32 {
	open := func(p int32) bool { return o.of[p] < 0 && o.s.IsBox(p) }
	if !slices.ContainsFunc(providers, open) {
		return providers
	}
	var all []int32
	for _, p := range providers {
		if open(p) {
			all = append(all, o.s.TeamsOf(p)...)
		} else {
			all = append(all, p)
		}
	}
	return all
}

func (o *outline) draw() {
	drawn := o.heavy()
	order := o.sequence(drawn)
	place := make([]int, len(o.groups))
	for i, g := range order {
		place[g] = i
	}
	most := 0
	for i := range o.groups {
		most = max(most, o.stopping(&o.groups[i]))
	}
	boxes := 0
	for _, i := range order {
		if len(o.groups[i].members) > 0 {
			o.add(o.box(&o.groups[i], most))
			boxes++
		}
	}
	o.panels()
	o.spaceFor(boxes)
	if boxes < 40 {
		o.d.space.rank, o.d.space.node = 0.5, 0.2
	}
	hubs := o.hubGroups(drawn, boxes)
	for _, u := range drawn {
		o.bundleFact(u)
		if !hubs[u.from] || o.groups[u.to].kind == graph.Customer {
			o.bundleLine(u, place)
		}
	}
	o.customersLast()
	if len(o.d.panels) == 0 {
		o.gatherColumns(drawn, order, place)
	}
	o.overviewNotes(drawn, boxes)
}

// box makes the box of a group.
func (o *outline) box(g *group, most int) Node {
	if g.single >= 0 {
		n := o.node(g.single)
		n.panel = o.panelKey(g.panel)
		switch colour := o.v.colour(); {
		case o.isCust[g.single]:
			o.markCustomer(&n, g.single)
		case colour == "none":
			if p := o.spof(g.single); p != nil {
				n.Badges = append(n.Badges, Badge{Text: sign(p.Exposed) + " " + o.stops(p), Tone: Breaks})
			}
		default:
			o.colourNode(&n, g.single)
		}
		return n
	}
	n := Node{Key: g.key, Name: g.name, Kind: g.kind, Count: len(g.members), folded: true, panel: o.panelKey(g.panel)}
	for _, v := range g.members {
		n.Members = append(n.Members, o.s.Nodes[v].ID)
	}
	o.nameFold(&n, g)
	if g.kind == graph.Customer {
		o.customersFold(&n, g)
		return n
	}
	o.listStoppers(&n, g)
	if o.v.colour() == "risk" && most > 0 {
		if k := o.stopping(g); k > 0 {
			n.look.heat = 1 + int(0.9999*4*float64(k)/float64(most))
		}
	}
	n.look.left = true
	return n
}

// nameFold gives the box of several nodes its name, words and address.
func (o *outline) nameFold(n *Node, g *group) {
	what := o.contents(g.members)
	switch {
	case g.unit >= 0:
		x := &o.s.Nodes[g.unit]
		n.ID, n.URL = x.ID, Href(graph.Unit, x.ID)
	case g.others:
		n.Name = "Others"
		if g.kind == graph.Unit {
			n.Name = "Other units"
		}
	}
	if n.URL == "" && g.kind == graph.Customer {
		n.URL = "/customers"
	}
	n.Tooltip = n.Name + ": " + what
	n.Badges = append(n.Badges, Badge{Text: what})
}

// contents counts nodes by kind: "6 teams, 2 people".
func (o *outline) contents(members []int32) string {
	kinds := map[graph.Kind]int{}
	for _, v := range members {
		kinds[o.kindOf(v)]++
	}
	var words []string
	for _, k := range graph.Kinds() {
		if kinds[k] > 0 {
			words = append(words, count(kinds[k], k.String()))
		}
	}
	return list(words)
}

func (o *outline) customersFold(n *Node, g *group) {
	stopped := 0
	for _, c := range g.members {
		if o.f != nil && o.f.StoppedBy[c] > 0 {
			stopped++
		}
	}
	if o.f != nil {
		text := "none of them can be stopped by one alone"
		if stopped > 0 {
			text = fmt.Sprintf("▲ %s of them can be stopped by one alone", thousands(stopped))
		}
		n.Badges = append(n.Badges, Badge{Text: text, Tone: Breaks})
	}
}

// listStoppers names up to three members that can stop a customer alone, a line each.
func (o *outline) listStoppers(n *Node, g *group) {
	if o.f == nil {
		return
	}
	var at []int32
	for _, v := range g.members {
		if o.spof(v) != nil {
			at = append(at, o.f.SPOFOf[v])
		}
	}
	slices.Sort(at)
	if len(at) > 1 && len(o.groups) >= crowded {
		n.Badges = append(n.Badges, Badge{Text: fmt.Sprintf("▲ %s can stop a customer", thousands(len(at))), Tone: Breaks})
		return
	}
	for i, j := range at {
		p := &o.f.SPOFs[j]
		if i == namesInBox && len(at) > namesInBox+1 {
			n.Badges = append(n.Badges, Badge{Text: fmt.Sprintf("▲ %s more", thousands(len(at)-i)), Tone: Breaks})
			break
		}
		name := facing(wrap(o.name(p.Node), 26, 1)[0])
		n.Badges = append(n.Badges, Badge{Text: fmt.Sprintf("%s %s · %d of %d", sign(p.Exposed), name, p.DownCount, len(o.s.Customers)), Tone: Breaks})
	}
	if len(at) > 0 && len(g.members) > len(at) {
		n.Badges = append(n.Badges, Badge{Text: "+ " + o.others(g, len(g.members)-len(at))})
	}
}

// others counts the members that are not named: "6 other teams" where all are of one kind.
func (o *outline) others(g *group, n int) string {
	kind := o.kindOf(g.members[0])
	for _, v := range g.members {
		if o.kindOf(v) != kind {
			return count(n, "other")
		}
	}
	return count(n, "other "+kindWord(kind))
}

func (o *outline) panelKey(unit int32) string {
	if unit < 0 || !o.open[unit] {
		return ""
	}
	return elementID("c-", o.s.Nodes[unit].ID)
}

// panels draws a panel for each open unit.
func (o *outline) panels() {
	var units []int32
	for _, g := range o.groups {
		if o.panelKey(g.panel) != "" && len(g.members) > 0 && !slices.Contains(units, g.panel) {
			units = append(units, g.panel)
		}
	}
	slices.Sort(units)
	for _, u := range units {
		o.d.panels = append(o.d.panels, panel{key: o.panelKey(u), label: o.name(u), url: Href(graph.Unit, o.s.Nodes[u].ID), class: "unit open", margin: 8, left: true})
	}
}

// hubGroups marks the boxes that serve most of the others.
func (o *outline) hubGroups(drawn []bundle, boxes int) map[int]bool {
	hubs := map[int]bool{}
	if o.v.Hubs == "draw" {
		return hubs
	}
	serves := make([]int, len(o.groups))
	for _, u := range drawn {
		if u.there > 0 {
			serves[u.from]++
		}
		if u.back > 0 {
			serves[u.to]++
		}
	}
	number := 0
	for i := range o.groups {
		if !isHub(serves[i], boxes-1) {
			continue
		}
		number++
		hubs[i] = true
		n := o.at(o.groups[i].key)
		n.look.hub = true
		n.Badges = append(n.Badges, Badge{Text: fmt.Sprintf("●%d serves %d of the %d shown", number, serves[i], boxes-1)})
		for _, u := range drawn {
			if u.from == i && o.groups[u.to].kind != graph.Customer {
				c := o.at(o.groups[u.to].key)
				c.Badges = append(c.Badges, Badge{Text: fmt.Sprintf("served by ●%d", number)})
			}
		}
		o.note("%s serves %d of the %d boxes shown: ●%d instead of a line.", o.groups[i].name, serves[i], boxes-1, number)
	}
	return hubs
}

// bundleLine draws all links between two boxes as one line, thicker the more there are.
func (o *outline) bundleLine(u bundle, place []int) {
	from, to := &o.groups[u.from], &o.groups[u.to]
	l := Link{From: from.key, To: to.key, Stands: u.there + u.back, Both: u.back > 0}
	l.set(u.strongest)
	l.head = "normal"
	if from.single >= 0 && to.single >= 0 && u.back == 0 {
		l.Classes = []string{u.strongest.String()}
		l.Tooltip = fmt.Sprintf("%s serves %s", from.name, to.name)
	} else {
		l.style, l.Classes = "solid", []string{"agg"}
		l.width = min(4, 0.9+0.75*math.Log2(float64(u.there+u.back)))
		l.Tooltip = fmt.Sprintf("%s %s: %s", from.serve(), to.name, count(u.there, "link"))
	}
	if u.there+u.back == 1 {
		l.colour = quietColour
		l.width = 0.9
	}
	if u.there >= 3 {
		l.Label = thousands(u.there)
	}
	if l.Both {
		l.tail = "vee"
		l.Label = fmt.Sprintf("%d (back %d)", u.there, u.back)
		l.Tooltip += fmt.Sprintf("; back: %s", count(u.back, "link"))
		l.Classes = append(l.Classes, "both")
	}
	if place[u.from] > place[u.to] {
		l.backward = true
		l.Classes = append(l.Classes, "back")
	}
	o.line(l)
}

// serve begins a sentence: "Finance serves", "Resources serve".
func (g *group) serve() string {
	if g.single < 0 && g.unit < 0 {
		return g.name + " serve"
	}
	return g.name + " serves"
}

func (o *outline) bundleFact(u bundle) {
	one := func(from, to *group, n int, worst graph.Criticality) {
		f := Fact{From: o.groupEnd(from), To: o.groupEnd(to), Words: count(n, "link")}
		f.Text = fmt.Sprintf("%s %s: %s", from.serve(), to.name, f.Words)
		if worst == graph.Critical && to.single >= 0 {
			f.Text += "; it stops without"
		} else if worst == graph.Critical {
			f.Text += ", some of which it cannot work without"
		}
		f.Text += "."
		o.d.Facts = append(o.d.Facts, f)
	}
	one(&o.groups[u.from], &o.groups[u.to], u.there, u.strongest)
	if u.back > 0 {
		one(&o.groups[u.to], &o.groups[u.from], u.back, u.backStrongest)
	}
	o.d.Shown.Links += u.there + u.back
}

func (o *outline) groupEnd(g *group) End {
	switch {
	case g.single >= 0:
		return o.end(g.single)
	case g.unit >= 0:
		return o.end(g.unit)
	}
	return End{Name: g.name, Kind: g.kind}
}

// customersLast holds the customers in the last column, by value.
func (o *outline) customersLast() {
	var singles []int32
	for _, g := range o.groups {
		if g.single >= 0 && o.groupKind(g.single) == graph.Customer {
			singles = append(singles, g.single)
		}
	}
	if len(singles) == 0 {
		if o.at("fold-customers") != nil {
			o.d.ranks = append(o.d.ranks, rank{"max", []string{"fold-customers"}})
		}
		return
	}
	o.rankCustomers(singles)
}

func (o *outline) overviewNotes(drawn []bundle, boxes int) {
	nodes := 0
	units := 0
	for _, g := range o.groups {
		nodes += len(g.members)
		if g.unit >= 0 && len(g.members) > 0 {
			units++
		}
	}
	o.d.Shown.Nodes, o.d.Total.Nodes = nodes, o.s.NodeCount()
	o.d.Total.Links = o.d.Shown.Links
	for _, u := range o.bundles {
		o.d.Total.Links += u.there + u.back
	}
	for _, u := range drawn {
		o.d.Total.Links -= u.there + u.back
	}
	var all []int32
	for _, g := range o.groups {
		all = append(all, g.members...)
	}
	switch {
	case units > 0:
		o.note("Showing %s in %s for %s.", count(units, "unit"), count(boxes, "box"), o.contents(all))
	default:
		o.note("Showing %s.", o.contents(all))
	}
	if o.filtered() {
		o.note("%s of %s nodes pass the filters.", thousands(nodes), thousands(o.s.NodeCount()))
	}
	var left []string
	for _, c := range []graph.Criticality{graph.Important, graph.Minor} {
		if o.weaker[c] > 0 {
			left = append(left, fmt.Sprintf("%s %s", thousands(o.weaker[c]), c))
		}
	}
	if o.inside > 0 {
		left = append(left, fmt.Sprintf("%s inside a box", thousands(o.inside)))
	}
	if len(left) > 0 {
		o.note("Links not drawn: %s.", list(left))
	}
	if slices.ContainsFunc(o.d.Links, func(l Link) bool { return l.Label != "" }) {
		o.note("A number on a line counts links; 1 or 2 where there is none.")
	}
}
