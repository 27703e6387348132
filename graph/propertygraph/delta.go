package propertygraph

import (
	"fmt"
	"slices"

	"example.com/whoserves/graph"
)

// NodeRow is one node to write.
type NodeRow struct {
	ElementID  string         // set where the batch finds its nodes by element id
	UID        string         // what the node has, or gets, as its uid
	Properties map[string]any // to set (string, int64, float64, bool, []string); nil takes the property away. nil on deletion
}

// RelationshipRow is one relationship to write.
type RelationshipRow struct {
	ElementID  string         // set where the batch finds its relationships by element id
	From, To   string         // uids of its ends; both are there
	Service    string         // SERVES: the service that it has in the graph before it changes or goes; "" means no such property
	Derived    bool           // SERVES: it has the property derived: true
	Properties map[string]any // to set (string, int64, float64, bool, []string); nil takes the property away. nil on deletion
}

// Operation says what is to be done with the rows of a batch.
type Operation uint8

// The operations, in the order in which they have to be done.
const (
	DeleteRelationships Operation = iota
	DeleteNodes                   // with whatever others tied to them (DETACH DELETE)
	ChangeNodes
	CreateNodes
	ChangeRelationships
	CreateRelationships
)

// Batch is a stretch of rows that one statement can write. It is a small value; the rows are made when they are asked for.
type Batch struct {
	Operation Operation
	// Label is the kind label of the nodes. Those of CreateNodes get it beside LabelEntity. Those of ChangeNodes get both and lose all
	// other kind labels; when Label is "" they get LabelEntity, which they may have, and keep the others. Empty for other operations.
	Label string
	Type  string // of the relationships; empty for nodes
	// ByElementID: rows are found by ElementID, not by uid or by both ends, type, service and derived. Never so for rows to create.
	ByElementID bool

	delta    *Delta
	relation relation
	nodes    []nodeWrite
	rels     []relWrite
}

// nodeWrite is a node to write: its places in before and after, -1 where it is not.
type nodeWrite struct {
	before, after int32
	seen          *nodeState // as it stands in the graph, where that is not as in before
}

// relWrite is a relationship to write: its numbers in before and after, -1 where it is not.
type relWrite struct {
	before, after int32
	seen          *relState // as it stands in the graph, where that is not as in before
}

// Delta is what has to be written to a plain graph. It refers to the snapshots it was made from and takes a few dozen bytes
// for each change.
type Delta struct {
	before, after *projection
	groups        []Batch // what can be written alike
	len           int
}

// Diff gives what has to be written to a graph that holds before so that it holds after. Created and changed nodes and
// relationships get version = after.Version, those apart of which only the row moved. The way back is Diff(after, before).
// O(nodes + links); what did not change is known by its records, which [graph.Org.Apply] shares.
func Diff(before, after *graph.Snapshot) *Delta {
	return diff(project(before), project(after), nil)
}

// Len counts the nodes and relationships to write.
func (d *Delta) Len() int { return d.len }

// maxIndexed is how many bytes of a uid or a name fit a key of Neo4j's range indexes, which take a little more than this.
const maxIndexed = 8000

// Check says which node has an id or a name that is too long for the indexes of a database. O(nodes to write).
func (d *Delta) Check() error {
	for _, g := range d.groups {
		if g.Operation != CreateNodes && g.Operation != ChangeNodes {
			continue
		}
		for _, w := range g.nodes {
			what, length := "name", len(d.after.Nodes[w.after].Name)
			if n := len(d.after.uid(w.after)); n > maxIndexed {
				what, length = "id", n
			}
			if length > maxIndexed {
				return fmt.Errorf("%s: its %s has %d bytes, Neo4j takes %d at most: shorten it there", d.after.place(w.after), what, length, maxIndexed)
			}
		}
	}
	return nil
}

// place says which node it is and where it is stated.
func (p *projection) place(i int32) string {
	n := &p.Nodes[i]
	words := fmt.Sprintf("%s “%s”", Label(n.Kind), shorten(n.Name))
	for _, st := range n.Stated {
		if at := st.Record.From.String(); at != "" {
			return words + " (" + at + ")"
		}
	}
	return words
}

// Batches cuts the delta into batches of up to size rows, in the order in which they have to be written. The same delta and
// size always give the same batches and rows.
func (d *Delta) Batches(size int) []Batch {
	var all []Batch
	for _, g := range d.groups {
		for nodes := range slices.Chunk(g.nodes, max(size, 1)) {
			b := g
			b.nodes = nodes
			all = append(all, b)
		}
		for rels := range slices.Chunk(g.rels, max(size, 1)) {
			b := g
			b.rels = rels
			all = append(all, b)
		}
	}
	return all
}

// Len counts the rows of the batch.
func (b Batch) Len() int { return len(b.nodes) + len(b.rels) }

// Nodes makes the rows of a batch of nodes, sorted by uid within their group.
func (b Batch) Nodes() []NodeRow {
	rows := make([]NodeRow, len(b.nodes))
	m := maker{Delta: b.delta}
	for i, w := range b.nodes {
		rows[i] = m.node(b, w)
	}
	return rows
}

// Relationships makes the rows of a batch of relationships.
func (b Batch) Relationships() []RelationshipRow {
	rows := make([]RelationshipRow, len(b.rels))
	m := maker{Delta: b.delta}
	for i, w := range b.rels {
		rows[i] = m.relationship(b, w)
	}
	return rows
}

// maker makes rows; it keeps memory between them.
type maker struct {
	*Delta
	old, new properties
}

func (m *maker) node(b Batch, w nodeWrite) NodeRow {
	var row NodeRow
	if w.seen != nil && b.ByElementID {
		row.ElementID = w.seen.seen.ElementID
	}
	if w.after < 0 {
		if w.before >= 0 {
			row.UID = m.before.uid(w.before)
		}
		return row
	}
	row.UID = m.after.uid(w.after)
	row.Properties = m.nodeChange(w)
	return row
}

// nodeChange gives the properties of a node to write; all of them for one to create.
func (m *maker) nodeChange(w nodeWrite) map[string]any {
	m.new = m.after.node(m.new, w.after)
	if w.before < 0 && w.seen == nil {
		return created(m.new, m.after.Version)
	}
	moved := false
	m.old = m.old[:0]
	if w.before >= 0 {
		m.old = m.before.node(m.old, w.before)
		moved = m.before.Nodes[w.before].Kind == m.after.Nodes[w.after].Kind
	}
	if w.seen == nil {
		return changed(m.old, m.new, m.after.Version, moved)
	}
	c := healed(w.seen.seen.Properties, m.new, w.seen.keep)
	setVersion(c, w.seen.seen.Properties, w.before < 0 || !moved || isChange(m.old, m.new), m.before.Version, m.after.Version)
	return c
}

func (m *maker) relationship(b Batch, w relWrite) RelationshipRow {
	var row RelationshipRow
	if w.seen != nil && b.ByElementID {
		row.ElementID = w.seen.seen.ElementID
	}
	if w.before >= 0 {
		row.Service = m.before.service(b.relation, w.before)
		e := m.before.ends(b.relation, w.before)
		row.From, row.To = m.before.uid(e.from), m.before.uid(e.to)
	}
	row.Derived = b.relation == atSite
	if w.after >= 0 {
		e := m.after.ends(b.relation, w.after)
		row.From, row.To = m.after.uid(e.from), m.after.uid(e.to)
		row.Properties = m.relationshipChange(b.relation, w)
		if w.before < 0 {
			row.Service = m.after.service(b.relation, w.after)
		}
	}
	return row
}

func (m *maker) relationshipChange(r relation, w relWrite) map[string]any {
	m.new = m.after.relationship(m.new, r, w.after)
	if w.before < 0 && w.seen == nil {
		return created(m.new, m.after.Version)
	}
	m.old = m.old[:0]
	if w.before >= 0 {
		m.old = m.before.relationship(m.old, r, w.before)
	}
	if w.seen == nil {
		return changed(m.old, m.new, m.after.Version, true)
	}
	c := healed(w.seen.seen.Properties, m.new, w.seen.keep)
	setVersion(c, w.seen.seen.Properties, w.before < 0 || isChange(m.old, m.new), m.before.Version, m.after.Version)
	return c
}

// created gives all properties.
func created(ps properties, version int64) map[string]any {
	m := make(map[string]any, len(ps)+1)
	for _, p := range ps {
		m[p.name] = p.value
	}
	m[PropertyVersion] = version
	return m
}

// changed gives the properties that differ, and the version unless only the rows do (and mayMove).
func changed(old, new properties, version int64, mayMove bool) map[string]any {
	m := map[string]any{}
	i := 0 // both stand in the same order, but for what one of them lacks
	for _, n := range new {
		var o *property
		if i < len(old) && old[i].name == n.name {
			o = &old[i]
			i++
		} else if o = old.find(n.name); o != nil {
			i = slices.IndexFunc(old, func(p property) bool { return p.name == n.name }) + 1
		}
		if o == nil || !same(o.value, n.value) {
			m[n.name] = n.value
		}
	}
	for _, o := range old {
		if new.find(o.name) == nil {
			m[o.name] = nil
		}
	}
	if _, rows := m[PropertyRows]; !mayMove || len(m) > 1 || len(m) == 1 && !rows {
		m[PropertyVersion] = version
	}
	return m
}

// same says whether two values of ours are equal.
func same(a, b any) bool {
	x, isList := a.([]string)
	y, too := b.([]string)
	if isList || too {
		return isList && too && slices.Equal(x, y)
	}
	return a == b
}

// isChange says whether anything but rows differs.
func isChange(old, new properties) bool {
	_, version := changed(old, new, 0, true)[PropertyVersion]
	return version
}

// healed gives what has to be set on an entity that has other properties than it should, and what to take away. Those to keep
// stay as they are.
func healed(have map[string]any, want properties, keep map[string]bool) map[string]any {
	m := map[string]any{}
	for i := range want {
		p := &want[i]
		if v, ok := have[p.name]; (!ok || !p.good(v)) && !keep[p.name] {
			m[p.name] = p.value
		}
	}
	for name := range have {
		if want.find(name) == nil && name != PropertyVersion && !keep[name] {
			m[name] = nil
		}
	}
	return m
}

// setVersion adds the version to what is set on an entity, where it changed or where what stands there cannot be.
func setVersion(m, have map[string]any, isChanged bool, before, after int64) {
	if isChanged || !goodVersion(have[PropertyVersion], before) {
		m[PropertyVersion] = after
	}
}

// goodVersion says whether a value can be the version that last changed an entity.
func goodVersion(v any, last int64) bool {
	x, ok := numeric(v)
	return ok && x >= 0 && x <= float64(last) && x == float64(int64(x))
}
