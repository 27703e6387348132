package propertygraph

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"example.com/whoserves/graph"
)

// memory is a property graph as a database holds it: the oracle of these tests.
type memory struct {
	nodes map[string]*memNode // by element id
	rels  map[string]*memRel
	next  int
	note  string // for messages
}

type memNode struct {
	labels []string
	props  map[string]any
}

type memRel struct {
	typ, from, to string // element ids
	props         map[string]any
}

func newMemory() *memory { return &memory{nodes: map[string]*memNode{}, rels: map[string]*memRel{}} }

func (m *memory) element() string {
	m.next++
	return fmt.Sprintf("4:%06d", m.next)
}

func (m *memory) addNode(labels []string, props map[string]any) string {
	id := m.element()
	m.nodes[id] = &memNode{labels, props}
	return id
}

func (m *memory) addRel(typ, from, to string, props map[string]any) string {
	id := m.element()
	m.rels[id] = &memRel{typ, from, to, props}
	return id
}

func (m *memory) deleteNode(id string) {
	delete(m.nodes, id)
	maps.DeleteFunc(m.rels, func(_ string, r *memRel) bool { return r.from == id || r.to == id })
}

// stored gives a value as the driver gives it back.
func stored(v any) any {
	if list, ok := v.([]string); ok {
		all := make([]any, len(list))
		for i, s := range list {
			all[i] = s
		}
		return all
	}
	return v
}

func set(props, change map[string]any) {
	for k, v := range change {
		if k == "" || strings.ContainsRune(k, 0) {
			panic("a property cannot be called " + k)
		}
		if v == nil {
			delete(props, k)
		} else {
			props[k] = stored(v)
		}
	}
}

// write applies a delta as a store does.
func (m *memory) write(t testing.TB, d *Delta, size int) {
	t.Helper()
	written := 0
	var last Operation
	for _, b := range d.Batches(size) {
		if b.Operation < last {
			t.Fatalf(m.note+": operation %d comes after %d", b.Operation, last)
		}
		last = b.Operation
		written += b.Len()
		if b.Type == "" {
			m.writeNodes(t, b)
		} else {
			m.writeRelationships(t, b)
		}
	}
	if written != d.Len() {
		t.Fatalf(m.note+": %d rows in the batches of a delta of %d", written, d.Len())
	}
}

func (m *memory) byUID() map[string]string {
	uids := map[string]string{}
	for id, n := range m.nodes {
		if uid, ok := n.props["uid"].(string); ok && slices.Contains(n.labels, LabelEntity) {
			uids[uid] = id
		}
	}
	return uids
}

func (m *memory) writeNodes(t testing.TB, b Batch) {
	t.Helper()
	uids := m.byUID()
	for _, row := range b.Nodes() {
		id, ok := uids[row.UID]
		if b.ByElementID {
			id = row.ElementID
			_, ok = m.nodes[id]
		}
		if ok == (b.Operation == CreateNodes) {
			t.Fatalf(m.note+": operation %d: node %q there: %v", b.Operation, row.UID, ok)
		}
		switch b.Operation {
		case DeleteNodes:
			m.deleteNode(id)
		case CreateNodes:
			id = m.addNode([]string{LabelEntity, b.Label}, map[string]any{})
			uids[row.UID] = id
			set(m.nodes[id].props, row.Properties)
		case ChangeNodes:
			n := m.nodes[id]
			if b.Label != "" {
				n.labels = slices.DeleteFunc(n.labels, func(l string) bool { return l == LabelEntity || KindOf(l) != graph.NoKind })
				n.labels = append(n.labels, LabelEntity, b.Label)
			} else if !slices.Contains(n.labels, LabelEntity) {
				n.labels = append(n.labels, LabelEntity)
			} else if len(row.Properties) == 0 {
				t.Fatalf(m.note+": nothing changes on %q", row.UID)
			}
			set(n.props, row.Properties)
		}
	}
	seen := map[string]bool{}
	for _, n := range m.nodes {
		if uid, ok := n.props["uid"].(string); ok && strings.HasPrefix(uid, "org/") && slices.Contains(n.labels, LabelEntity) {
			if seen[uid] {
				t.Fatalf(m.note+": uid %v twice", uid)
			}
			seen[uid] = true
		}
	}
}

func (m *memory) writeRelationships(t testing.TB, b Batch) {
	t.Helper()
	uids := m.byUID()
	type key struct{ from, to, service string }
	index := map[key][]string{}
	for id, r := range m.rels {
		if r.typ == b.Type {
			service, _ := r.props["service"].(string)
			derived, _ := r.props["derived"].(bool)
			if b.Type != Serves {
				service, derived = "", false
			}
			k := key{r.from, r.to, fmt.Sprint(service, derived)}
			index[k] = append(index[k], id)
		}
	}
	for _, row := range b.Relationships() {
		if b.Operation == CreateRelationships {
			from, to := uids[row.From], uids[row.To]
			if from == "" || to == "" {
				t.Fatalf(m.note+": no ends for %+v", row)
			}
			props := map[string]any{}
			set(props, row.Properties)
			m.addRel(b.Type, from, to, props)
			continue
		}
		ids := []string{row.ElementID}
		if !b.ByElementID {
			ids = index[key{uids[row.From], uids[row.To], fmt.Sprint(row.Service, row.Derived)}]
		}
		if len(ids) == 0 || m.rels[ids[0]] == nil {
			t.Fatalf(m.note+": operation %d finds %v for %+v", b.Operation, ids, row)
		}
		if b.Operation != DeleteRelationships && len(row.Properties) == 0 {
			t.Fatalf(m.note+": nothing changes on %+v", row)
		}
		for _, id := range ids { // several where a second one with an unreadable value was left
			if b.Operation == DeleteRelationships {
				delete(m.rels, id)
			} else {
				set(m.rels[id].props, row.Properties)
			}
		}
	}
}

// holding makes the graph of a snapshot from scratch.
func holding(t testing.TB, s *graph.Snapshot) *memory {
	t.Helper()
	m := newMemory()
	m.write(t, Diff(graph.NewSnapshot(&graph.Org{Name: s.Org.Name}), s), 7)
	return m
}

// describe lists what the graph holds, versions and element ids apart.
func (m *memory) describe() []string {
	words := func(props map[string]any) string {
		var ws []string
		for _, k := range slices.Sorted(maps.Keys(props)) {
			v := props[k]
			if all, ok := v.([]any); ok && slices.Contains([]string{"site", "tags", "aliases"}, k) { // in any order
				v = slices.SortedFunc(slices.Values(all), func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
			}
			if text, _ := textOf(v); k != PropertyVersion && text != "" {
				ws = append(ws, k+"="+text)
			}
		}
		return strings.Join(ws, " ")
	}
	var all []string
	for _, n := range m.nodes {
		labels := slices.DeleteFunc(slices.Clone(n.labels), func(l string) bool { return l != LabelEntity && KindOf(l) == graph.NoKind })
		slices.Sort(labels)
		all = append(all, fmt.Sprint(labels, " ", words(n.props)))
	}
	for _, r := range m.rels {
		if r.typ != Serves { // whatever else stands there is not ours
			all = append(all, fmt.Sprint(m.nodes[r.from].props["uid"], " ", r.typ, " ", m.nodes[r.to].props["uid"], " ", r.props["org"]))
			continue
		}
		all = append(all, fmt.Sprint(m.nodes[r.from].props["uid"], " ", r.typ, " ", m.nodes[r.to].props["uid"], " ", words(r.props)))
	}
	slices.Sort(all)
	return all
}

// compare shows the graph to a comparer as a store does.
func (m *memory) compare(s *graph.Snapshot) *Outcome {
	c := NewComparer(s)
	for id, n := range m.nodes {
		c.Node(NodeSeen{id, slices.Clone(n.labels), maps.Clone(n.props)})
	}
	for id, r := range m.rels {
		from, to := m.nodes[r.from], m.nodes[r.to]
		fromUID, _ := from.props["uid"].(string)
		toUID, _ := to.props["uid"].(string)
		c.Relationship(RelationshipSeen{id, r.typ, fromUID, toUID, r.from, r.to, maps.Clone(r.props)})
	}
	return c.Finish()
}

// refresh does what a store does with hand edits: facts first, then the graph follows.
func (m *memory) refresh(t testing.TB, s *graph.Snapshot) (*graph.Snapshot, *Outcome) {
	t.Helper()
	o := m.compare(s)
	cs := o.ChangeSet()
	after := s
	if !cs.Empty() {
		org, err := s.Org.Apply(cs)
		if err != nil {
			t.Fatal(err)
		}
		org.Version = s.Version + 1
		after = graph.NewSnapshot(org)
	}
	m.write(t, o.Delta(after), 5)
	return after, o
}
