package graph

import (
	"cmp"
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
// before, those that none states any more, and the fields of the others that changed. Nodes are told apart by id, links by
// their ends and service, or by their rows where the ends got other ids. Sorted like the snapshots: nodes, then links.
// O(facts).
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
	found := space.findThat(ref, func(i int32) bool { return !s.Nodes[i].Placeholder })
	if len(found) == 1 {
		return found[0]
	}
	return -1
}

// linkOf finds the link that a record is about, or -1.
func (s *Snapshot) linkOf(r *LinkRecord) int32 {
	p, known := s.idx.ends[r.Provider]
	c, too := s.idx.ends[r.Consumer]
	if !known || !too {
		return -1
	}
	links := s.LinksFrom(p) // sorted by consumer
	at, _ := slices.BinarySearchFunc(links, c, func(l, c int32) int { return cmp.Compare(s.Links[l].Consumer, c) })
	for _, l := range links[at:] {
		if s.Links[l].Consumer != c {
			break
		}
		if s.Links[l].Service == r.Service || Fold(s.Links[l].Service) == Fold(r.Service) {
			return l
		}
	}
	return -1
}

// linkOfAny finds the link that one of several rows is about, or -1.
func (s *Snapshot) linkOfAny(stated []LinkSource) int32 {
	for _, st := range stated {
		if l := s.linkOf(st.Record); l >= 0 {
			return l
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
	var gone, come []int32 // touched links whose key stands on one side only
	oldOnly, newOnly := make([]bool, len(before.Links)), make([]bool, len(after.Links))
	i, j := int32(0), int32(0)
	for int(i) < len(before.Links) || int(j) < len(after.Links) {
		order := 0
		switch {
		case int(i) == len(before.Links):
			order = 1
		case int(j) == len(after.Links):
			order = -1
		default:
			order = compareEntities(before.LinkKey(i), after.LinkKey(j))
		}
		switch {
		case order < 0:
			if oldOnly[i] = true; oldTouched[i] {
				gone = append(gone, i)
			}
			i++
		case order > 0:
			if newOnly[j] = true; newTouched[j] {
				come = append(come, j)
			}
			j++
		default:
			if oldTouched[i] || newTouched[j] {
				e.link(before, after, i, j)
			}
			i, j = i+1, j+1
		}
	}
	e.renamedLinks(before, after, gone, come, oldOnly, newOnly)
}

// renamedLinks tells of links that came or went. A link whose rows name another node than before, since a placeholder was
// described or a name now means another node, did neither: it changed.
func (e *Effect) renamedLinks(before, after *Snapshot, gone, come []int32, oldOnly, newOnly []bool) {
	renamed := false
	for _, i := range gone {
		oldOnly[i] = false
		if j := after.linkOfAny(before.Links[i].Stated); j >= 0 && newOnly[j] {
			newOnly[j], renamed = false, true
			e.link(before, after, i, j)
		} else {
			e.Removed = append(e.Removed, before.LinkKey(i))
		}
	}
	for _, j := range come {
		if !newOnly[j] {
			continue
		}
		if i := before.linkOfAny(after.Links[j].Stated); i >= 0 && oldOnly[i] {
			oldOnly[i], renamed = false, true
			e.link(before, after, i, j)
		} else {
			e.Added = append(e.Added, after.LinkKey(j))
		}
	}
	if renamed {
		slices.SortStableFunc(e.Changed, func(a, b FieldChange) int { return compareEntities(a.Key, b.Key) })
	}
}

// link tells how an old and a new link differ that are the same.
func (e *Effect) link(before, after *Snapshot, i, j int32) {
	facts := func(s LinkSource) (string, Origin, []fact) { return s.Source, s.Record.From, s.Record.facts() }
	e.fields(after.LinkKey(j), statedFacts(before.Links[i].Stated, facts), statedFacts(after.Links[j].Stated, facts))
}

// fields notes the fields of which a source states something else than before. Several rows of one source about one thing
// are told as one, separated by " / ". That only the number of rows differs is told as the field "rows".
func (e *Effect) fields(key EntityKey, old, new []statedFact) {
	type at struct{ field, source string }
	type values struct{ was, is []string }
	all := map[at]*values{}
	var order []at
	of := func(f statedFact) *values {
		k := at{f.field, f.Source}
		if all[k] == nil {
			all[k] = &values{}
			order = append(order, k)
		}
		return all[k]
	}
	for _, f := range old {
		v := of(f)
		v.was = append(v.was, f.Value)
	}
	for _, f := range new {
		v := of(f)
		v.is = append(v.is, f.Value)
	}
	first := len(e.Changed)
	for _, k := range order {
		if v := all[k]; k.field != rowFact && !slices.Equal(v.was, v.is) {
			e.Changed = append(e.Changed, FieldChange{key, k.field, strings.Join(v.was, " / "), strings.Join(v.is, " / "), k.source})
		}
	}
	if len(e.Changed) == first {
		for _, k := range order {
			if v := all[k]; k.field == rowFact && len(v.was) != len(v.is) {
				e.Changed = append(e.Changed, FieldChange{key, "rows", rowCount(v.was), rowCount(v.is), k.source})
			}
		}
	}
	if len(e.Changed) > first {
		e.ChangedCount++
	}
}

func rowCount(rows []string) string {
	if len(rows) == 0 {
		return ""
	}
	return strconv.Itoa(len(rows))
}

// LinkKey names a link in answers.
func (s *Snapshot) LinkKey(l int32) EntityKey { return s.keyOf(&s.Links[l]) }

func (s *Snapshot) keyOf(l *Link) EntityKey {
	return EntityKey{Entity: "link", Provider: s.Nodes[l.Provider].ID, Consumer: s.Nodes[l.Consumer].ID, Service: l.Service}
}
