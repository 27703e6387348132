package graph

import (
	"slices"
	"strconv"
	"strings"
)

// Effect lists what a change set does to entities: nodes, units and links as they are after merging.
type Effect struct {
	Added   []EntityKey
	Changed []FieldChange // several for one entity
	Removed []EntityKey
	// ChangedCount counts the entities in Changed.
	ChangedCount int
}

// FieldChange is a field of which one source now states something else; "" stands for nothing.
type FieldChange struct {
	Key    EntityKey `json:"key"`
	Field  string    `json:"field"`
	Old    string    `json:"old"`
	New    string    `json:"new"`
	Source string    `json:"source"`
}

// EffectOf lists what leads from one snapshot to another by a change set: entities that a source states now and none did
// before, those that none states any more, and the fields of the others that changed. Sorted like the snapshots: nodes,
// then links. O(facts).
func EffectOf(before, after *Snapshot, cs *ChangeSet) *Effect {
	e := &Effect{Added: make([]EntityKey, 0, cs.newRecords())}
	oldNodes, oldLinks := before.touched(cs, func(c NodeChange) *NodeRecord { return c.Old }, func(c LinkChange) *LinkRecord { return c.Old })
	newNodes, newLinks := after.touched(cs, func(c NodeChange) *NodeRecord { return c.New }, func(c LinkChange) *LinkRecord { return c.New })
	e.nodes(before, after, oldNodes, newNodes)
	e.links(before, after, oldLinks, newLinks)
	return e
}

// newRecords counts the records that appear: nearly as many entities may be new.
func (cs *ChangeSet) newRecords() (n int) {
	for _, c := range cs.Nodes {
		if c.Old == nil {
			n++
		}
	}
	for _, c := range cs.Links {
		if c.Old == nil {
			n++
		}
	}
	return n
}

// touched marks the nodes and links that the old or new records of a change set are about.
func (s *Snapshot) touched(cs *ChangeSet, node func(NodeChange) *NodeRecord, link func(LinkChange) *LinkRecord) (nodes, links []bool) {
	nodes, links = make([]bool, len(s.Nodes)), make([]bool, len(s.Links))
	for _, c := range cs.Nodes {
		if r := node(c); r != nil && !c.moved() {
			if i := s.nodeOf(r); i >= 0 {
				nodes[i] = true
			}
		}
	}
	for _, c := range cs.Links {
		if r := link(c); r != nil && !c.moved() {
			if i := s.linkOf(r); i >= 0 {
				links[i] = true
			}
		}
	}
	return nodes, links
}

// nodeOf finds the node that a record is about, or -1.
func (s *Snapshot) nodeOf(r *NodeRecord) int32 {
	space := s.idx.nodes
	if r.Kind == Unit {
		space = s.idx.units
	}
	ref := r.ID
	if ref == "" {
		ref = r.Name
	}
	if found := space.find(ref); len(found) == 1 {
		return found[0]
	}
	return -1
}

// linkOf finds the link that a record is about, or -1.
func (s *Snapshot) linkOf(r *LinkRecord) int32 {
	p, c := s.endOf(r.Provider), s.endOf(r.Consumer)
	if p < 0 || c < 0 {
		return -1
	}
	for _, l := range s.LinksFrom(p) {
		if s.Links[l].Consumer == c && (s.Links[l].Service == r.Service || Fold(s.Links[l].Service) == Fold(r.Service)) {
			return l
		}
	}
	return -1
}

func (s *Snapshot) endOf(ref string) int32 {
	for _, space := range []*namespace{s.idx.nodes, s.idx.units} {
		if found := space.find(ref); len(found) == 1 {
			return found[0]
		}
	}
	return -1
}

func (e *Effect) nodes(before, after *Snapshot, oldTouched, newTouched []bool) {
	i, j := 0, 0
	for i < len(before.Nodes) || j < len(after.Nodes) {
		order := 0
		switch {
		case i == len(before.Nodes):
			order = 1
		case j == len(after.Nodes):
			order = -1
		default:
			order = strings.Compare(before.Nodes[i].ID, after.Nodes[j].ID)
		}
		var old, new *Node
		touched := false
		if order <= 0 {
			old, touched = &before.Nodes[i], oldTouched[i]
			i++
		}
		if order >= 0 {
			new, touched = &after.Nodes[j], touched || newTouched[j]
			j++
		}
		if touched {
			e.node(old, new)
		}
	}
}

func (e *Effect) node(old, new *Node) {
	facts := func(s NodeSource) (string, Origin, []fact) { return s.Source, s.Record.From, s.Record.facts() }
	was, is := old != nil && len(old.Stated) > 0, new != nil && len(new.Stated) > 0
	switch {
	case was && is:
		e.fields(EntityKey{Entity: "node", ID: new.ID}, statedFacts(old.Stated, facts), statedFacts(new.Stated, facts))
	case is:
		e.Added = append(e.Added, EntityKey{Entity: "node", ID: new.ID})
	case was:
		e.Removed = append(e.Removed, EntityKey{Entity: "node", ID: old.ID})
	}
}

func (e *Effect) links(before, after *Snapshot, oldTouched, newTouched []bool) {
	i, j := 0, 0
	for i < len(before.Links) || j < len(after.Links) {
		order := 0
		switch {
		case i == len(before.Links):
			order = 1
		case j == len(after.Links):
			order = -1
		default:
			order = compareEntities(before.LinkKey(int32(i)), after.LinkKey(int32(j)))
		}
		var old, new *Link
		touched := false
		if order <= 0 {
			old, touched = &before.Links[i], oldTouched[i]
			i++
		}
		if order >= 0 {
			new, touched = &after.Links[j], touched || newTouched[j]
			j++
		}
		if touched {
			e.link(before, after, old, new)
		}
	}
}

func (e *Effect) link(before, after *Snapshot, old, new *Link) {
	facts := func(s LinkSource) (string, Origin, []fact) { return s.Source, s.Record.From, s.Record.facts() }
	switch {
	case old == nil:
		e.Added = append(e.Added, after.keyOf(new))
	case new == nil:
		e.Removed = append(e.Removed, before.keyOf(old))
	default:
		e.fields(after.keyOf(new), statedFacts(old.Stated, facts), statedFacts(new.Stated, facts))
	}
}

// fields notes the fields of which a source states something else than before. Several rows of one source about one thing
// are told as one, separated by " / ". That only the number of rows differs is told as the field "rows".
func (e *Effect) fields(key EntityKey, old, new []statedFact) {
	type at struct{ field, source string }
	var order []at
	gather := func(fs []statedFact) map[at]string {
		m := map[at]string{}
		for _, f := range fs {
			k := at{f.field, f.Source}
			have, ok := m[k]
			order = append(order, k)
			if ok {
				f.Value = have + " / " + f.Value
			}
			m[k] = f.Value
		}
		return m
	}
	was, is := gather(old), gather(new)
	first := len(e.Changed)
	slices.SortStableFunc(order, func(a, b at) int { return compareBools(a.field == rowFact, b.field == rowFact) })
	for n, k := range order {
		if slices.Contains(order[:n], k) || was[k] == is[k] {
			continue
		}
		if k.field != rowFact {
			e.Changed = append(e.Changed, FieldChange{key, k.field, was[k], is[k], k.source})
		} else if len(e.Changed) == first {
			e.Changed = append(e.Changed, FieldChange{key, "rows", rowCount(was[k]), rowCount(is[k]), k.source})
		}
	}
	if len(e.Changed) > first {
		e.ChangedCount++
	}
}

func rowCount(rows string) string {
	if rows == "" {
		return ""
	}
	return strconv.Itoa(strings.Count(rows, rowFact))
}

// LinkKey names a link in answers.
func (s *Snapshot) LinkKey(l int32) EntityKey { return s.keyOf(&s.Links[l]) }

func (s *Snapshot) keyOf(l *Link) EntityKey {
	return EntityKey{Entity: "link", Provider: s.Nodes[l.Provider].ID, Consumer: s.Nodes[l.Consumer].ID, Service: l.Service}
}
