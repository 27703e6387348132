package diagram

import (
	"cmp"
	"math"
	"slices"

	"example.com/whoserves/graph"
)

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

// groupKind is the kind that decides whether a node is drawn singly; whoever stands in for a customer counts as one.
func (o *outline) groupKind(v int32) graph.Kind {
	if o.isCust[v] {
		return graph.Customer
	}
	return o.kindOf(v)
}

// foldOf is how the overview puts nodes of a kind together, when they are too many to be drawn one by one.
type foldOf struct {
	key, name string
	kind      graph.Kind // of the box
	singles   int        // up to so many are drawn singly
	unit      bool       // those in a unit are drawn there
}

var foldsOf = map[graph.Kind]foldOf{
	graph.Customer: {"fold-customers", "Customers", graph.Customer, singleMost, false},
	graph.Supplier: {"fold-suppliers", "Suppliers", graph.Supplier, singleMost, false},
	graph.Resource: {"fold-resources", "Resources", graph.Resource, resourceMost, true},
	graph.Person:   {"fold-people", "People of no unit", graph.Person, 0, true},
	graph.Team:     {"fold-no-unit", "Teams of no unit", graph.Unit, 0, true},
}

func (o *outline) groupOf(v int32, kinds map[graph.Kind]int) int32 {
	k := o.groupKind(v)
	f, ok := foldsOf[k]
	if !ok {
		f = foldsOf[graph.Team]
	}
	if u := o.homeUnit(v); f.unit && u >= 0 {
		return o.inUnit(v, u)
	}
	if kinds[k] <= f.singles || o.small {
		return o.singleGroup(v, -1)
	}
	return o.group(group{key: f.key, unit: -1, single: -1, kind: f.kind, name: f.name, panel: -1})
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
		return float64(o.countStoppers(g.members)*1000 + len(g.members))
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
