package propertygraph

import (
	"cmp"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// differ is a Delta in the making.
type differ struct {
	*Delta
	seen    *Comparer        // what stands in the graph, nil when that is before
	to      []int32          // nodes of before → nodes of after, -1
	claimed map[madeKey]bool // what others made that after has
	writes  map[groupKey]*Batch
	scratch [2]properties
}

// groupKey says which rows can be written by one statement.
type groupKey struct {
	operation   Operation
	relation    relation
	label       string
	byElementID bool
}

// diff compares two projections. Where seen is given, before is only what the graph should hold, and seen what it holds.
func diff(before, after *projection, seen *Comparer) *Delta {
	d := &differ{Delta: &Delta{before: before, after: after}, seen: seen, writes: map[groupKey]*Batch{}, claimed: map[madeKey]bool{}}
	d.nodes()
	for r := range relations {
		d.relationships(r)
	}
	if seen != nil {
		d.rest()
	}
	for _, b := range d.writes {
		d.groups = append(d.groups, *b)
		d.len += b.Len()
	}
	slices.SortFunc(d.groups, func(a, b Batch) int {
		return cmp.Or(cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.relation, b.relation), strings.Compare(a.Label, b.Label),
			-compareBools(a.ByElementID, b.ByElementID))
	})
	return d.Delta
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func (d *differ) group(k groupKey) *Batch {
	b := d.writes[k]
	if b == nil {
		b = &Batch{Operation: k.operation, Label: k.label, ByElementID: k.byElementID, delta: d.Delta, relation: k.relation}
		if k.operation != CreateNodes && k.operation != ChangeNodes && k.operation != DeleteNodes {
			b.Type = k.relation.typ()
		}
		d.writes[k] = b
	}
	return b
}

func (d *differ) node(k groupKey, w nodeWrite) {
	b := d.group(k)
	b.nodes = append(b.nodes, w)
}

func (d *differ) relationship(op Operation, r relation, w relWrite) {
	b := d.group(groupKey{operation: op, relation: r, byElementID: w.seen != nil})
	b.rels = append(b.rels, w)
}

// nodes walks the nodes of both, which are sorted by id.
func (d *differ) nodes() {
	olds, news := d.before.Nodes, d.after.Nodes
	d.to = make([]int32, len(olds))
	for o, n := 0, 0; o < len(olds) || n < len(news); {
		order := 0
		switch {
		case n == len(news):
			order = -1
		case o == len(olds):
			order = 1
		default:
			order = strings.Compare(olds[o].ID, news[n].ID)
		}
		w := nodeWrite{int32(o), int32(n), nil}
		switch {
		case order < 0:
			d.to[o] = -1
			w.after = -1
			d.deleteNode(w)
			o++
		case order > 0:
			w.before = -1
			d.createNode(w)
			n++
		default:
			d.to[o] = int32(n)
			d.keepNode(w)
			o++
			n++
		}
	}
}

func (d *differ) deleteNode(w nodeWrite) {
	if d.seen == nil || d.seen.nodeSeen[w.before] == exact {
		d.node(groupKey{operation: DeleteNodes}, w)
	} else if w.seen = d.seen.nodes[w.before]; w.seen != nil {
		d.node(groupKey{operation: DeleteNodes, byElementID: true}, w)
	}
}

func (d *differ) createNode(w nodeWrite) {
	label := Label(d.after.Nodes[w.after].Kind)
	if d.seen != nil {
		if w.seen = d.seen.adopted[d.after.Nodes[w.after].ID]; w.seen != nil {
			d.node(groupKey{operation: ChangeNodes, label: label, byElementID: true}, w)
			return
		}
	}
	d.node(groupKey{operation: CreateNodes, label: label}, w)
}

// keepNode sees to a node that is in both.
func (d *differ) keepNode(w nodeWrite) {
	if d.seen != nil && d.seen.nodeSeen[w.before] == missing {
		w.before = -1
		d.createNode(w)
		return
	}
	relabelled := d.before.Nodes[w.before].Kind != d.after.Nodes[w.after].Kind
	key := groupKey{operation: ChangeNodes}
	if d.seen != nil {
		if w.seen = d.seen.nodes[w.before]; w.seen != nil {
			key.byElementID = true
			relabelled = !w.seen.keepLabels && !hasJust(w.seen.seen.Labels, Label(d.after.Nodes[w.after].Kind))
			if !relabelled && slices.Contains(w.seen.seen.Labels, LabelEntity) && len((&maker{Delta: d.Delta}).nodeChange(w)) == 0 {
				return
			}
		}
	}
	if w.seen == nil && !relabelled && d.sameNode(w) {
		return
	}
	if relabelled {
		key.label = Label(d.after.Nodes[w.after].Kind)
	}
	d.node(key, w)
}

// hasJust says whether labels hold LabelEntity and of the kind labels just one.
func hasJust(labels []string, kind string) bool {
	entity, right := false, false
	for _, l := range labels {
		switch {
		case l == LabelEntity:
			entity = true
		case l == kind:
			right = true
		case KindOf(l) != graph.NoKind:
			return false
		}
	}
	return entity && right
}

// sameNode says whether a node has the same properties in both. Mostly its records tell.
func (d *differ) sameNode(w nodeWrite) bool {
	a, b := &d.before.Nodes[w.before], &d.after.Nodes[w.after]
	if slices.Equal(a.Stated, b.Stated) && a.Name == b.Name && a.Placeholder == b.Placeholder && len(a.Sites) == len(b.Sites) &&
		d.before.Org.Name == d.after.Org.Name {
		same := true
		for i := range a.Sites {
			same = same && d.before.Nodes[a.Sites[i]].ID == d.after.Nodes[b.Sites[i]].ID
		}
		if same {
			return true
		}
	}
	d.scratch[0], d.scratch[1] = d.before.node(d.scratch[0], w.before), d.after.node(d.scratch[1], w.after)
	return slices.EqualFunc(d.scratch[0], d.scratch[1], sameProperty)
}

func sameProperty(a, b property) bool { return a.name == b.name && same(a.value, b.value) }

// relationships walks the relationships of one sort in both, which are sorted by their ends.
func (d *differ) relationships(r relation) {
	olds, news := int32(d.before.count(r)), int32(d.after.count(r))
	for o, n := int32(0), int32(0); o < olds || n < news; {
		order := 1
		if o < olds {
			e := d.before.ends(r, o)
			e = pair{d.to[e.from], d.to[e.to]}
			switch {
			case e.from < 0 || e.to < 0 || n == news:
				order = -1
			default:
				order = comparePairs(e, d.after.ends(r, n))
			}
		}
		if order == 0 && r == serves {
			order = compareServices(d.before.Links[o].Service, d.after.Links[n].Service)
		}
		switch {
		case order < 0:
			d.deleteRelationship(r, relWrite{before: o, after: -1})
			o++
		case order > 0:
			d.createRelationship(r, relWrite{before: -1, after: n})
			n++
		default:
			d.keepRelationship(r, relWrite{before: o, after: n})
			o++
			n++
		}
	}
}

func compareServices(a, b string) int {
	if a == b {
		return 0
	}
	return strings.Compare(graph.Fold(a), graph.Fold(b))
}

func (d *differ) deleteRelationship(r relation, w relWrite) {
	if d.seen == nil || d.seen.rels[r].seen[w.before] == exact {
		d.relationship(DeleteRelationships, r, w)
	} else if w.seen = d.seen.rels[r].states[w.before]; w.seen != nil {
		d.relationship(DeleteRelationships, r, w)
	}
}

func (d *differ) createRelationship(r relation, w relWrite) {
	if d.seen != nil {
		e := d.after.ends(r, w.after)
		k := madeKey{r, d.after.Nodes[e.from].ID, d.after.Nodes[e.to].ID, ""}
		if r == serves {
			k.service = graph.Fold(d.after.Links[w.after].Service)
		}
		if w.seen = d.seen.made[k]; w.seen != nil {
			d.claimed[k] = true
			d.relationship(ChangeRelationships, r, w)
			return
		}
	}
	d.relationship(CreateRelationships, r, w)
}

// keepRelationship sees to a relationship that is in both.
func (d *differ) keepRelationship(r relation, w relWrite) {
	if d.seen != nil {
		if d.seen.rels[r].seen[w.before] == missing {
			w.before = -1
			d.createRelationship(r, w)
			return
		}
		if w.seen = d.seen.rels[r].states[w.before]; w.seen != nil {
			if len((&maker{Delta: d.Delta}).relationshipChange(r, w)) > 0 {
				d.relationship(ChangeRelationships, r, w)
			}
			return
		}
	}
	if !d.sameRelationship(r, w) {
		d.relationship(ChangeRelationships, r, w)
	}
}

func (d *differ) sameRelationship(r relation, w relWrite) bool {
	if r == serves {
		a, b := &d.before.Links[w.before], &d.after.Links[w.after]
		if slices.Equal(a.Stated, b.Stated) && a.Service == b.Service {
			return true
		}
	}
	d.scratch[0], d.scratch[1] = d.before.relationship(d.scratch[0], r, w.before), d.after.relationship(d.scratch[1], r, w.after)
	return slices.EqualFunc(d.scratch[0], d.scratch[1], sameProperty)
}

// rest takes away what stands in the graph twice, and what others made that the organisation after does not have.
func (d *differ) rest() {
	gone := slices.Clone(d.seen.doubled)
	for k, st := range d.seen.made {
		if !d.claimed[k] {
			gone = append(gone, st)
		}
	}
	slices.SortFunc(gone, func(a, b *relState) int {
		return cmp.Or(cmp.Compare(a.relation, b.relation), strings.Compare(a.seen.ElementID, b.seen.ElementID))
	})
	for _, st := range gone {
		d.relationship(DeleteRelationships, st.relation, relWrite{-1, -1, st})
	}
}
