package diagram

import (
	"fmt"
	"slices"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/phrase"
)

// The sizes from which the overview folds.
const (
	smallOrg     = 16 // up to here every unit is open
	singleMost   = 12 // suppliers, customers one by one
	resourceMost = 3
	calmGroups   = 10 // beyond, only heavy lines:
	calmBundles  = 70 // … with those that the mark of a hub stands for
	calmLines    = 40
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
	faint   map[ends]int              // the same, between boxes
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

func (o *outline) draw() {
	drawn := o.heaviest()
	order := o.sequence(drawn)
	place := make([]int, len(o.groups))
	most := 0
	for i, g := range order {
		place[g] = i
		most = max(most, o.countStoppers(o.groups[g].members))
	}
	for _, i := range order {
		if len(o.groups[i].members) > 0 {
			o.add(o.box(&o.groups[i], most))
		}
	}
	boxes := len(o.d.Nodes)
	o.panels()
	o.spaceFor(boxes)
	if boxes < 40 {
		o.d.space.rank, o.d.space.node = 0.5, 0.2
	}
	lines, marked := o.divide(drawn)
	busiest := 0
	for _, u := range lines {
		busiest = max(busiest, u.links())
	}
	for _, u := range lines {
		o.bundleFact(u)
		o.bundleLine(u, place, busiest)
	}
	for _, u := range marked {
		o.bundleFact(u)
	}
	o.tether()
	o.customersLast()
	if len(o.d.panels) == 0 {
		o.gatherColumns(slices.Concat(lines, marked), order, place)
	}
	o.overviewNotes(boxes)
}

// customersLast holds the customers in the last column, by value.
func (o *outline) customersLast() {
	var singles []int32
	for _, g := range o.groups {
		if g.single >= 0 && o.groupKind(g.single) == graph.Customer {
			singles = append(singles, g.single)
		}
	}
	if len(singles) == 0 && o.at("fold-customers") != nil {
		o.lastColumn([]string{"fold-customers"})
		return
	}
	o.rankCustomers(singles)
}

func (o *outline) overviewNotes(boxes int) {
	units := 0
	var all []int32
	for _, g := range o.groups {
		all = append(all, g.members...)
		if g.unit >= 0 && len(g.members) > 0 {
			units++
		}
	}
	o.d.Shown.Nodes, o.d.Total.Nodes = len(all), o.s.NodeCount()
	for _, u := range o.bundles {
		o.d.Total.Links += u.links()
	}
	switch {
	case units > 0:
		o.note("Showing %s in %s for %s.", phrase.Things(units, "unit"), phrase.Things(boxes, "box"), o.contents(all))
	default:
		o.note("Showing %s.", o.contents(all))
	}
	if o.filtered() {
		o.note("%s of %s nodes pass the filters.", phrase.Count(len(all)), phrase.Count(o.s.NodeCount()))
	}
	var left []string
	for _, c := range []graph.Criticality{graph.Important, graph.Minor} {
		if o.weaker[c] > 0 {
			left = append(left, fmt.Sprintf("%s %s", phrase.Count(o.weaker[c]), c))
		}
	}
	if o.inside > 0 {
		left = append(left, fmt.Sprintf("%s inside a box", phrase.Count(o.inside)))
	}
	if len(left) > 0 {
		o.note("Links not drawn: %s.", phrase.List(left, "and"))
	}
	if slices.ContainsFunc(o.d.Links, func(l Link) bool { return l.Label != "" }) {
		o.note("A number on a line counts links; 1 or 2 where there is none.")
	}
}
