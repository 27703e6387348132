package export

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// Tables are the native tables of an organisation or of one of its sources: nodes, links, units and people.
type Tables struct {
	// Notes say what of the facts the tables cannot hold, in sentences.
	Notes  []string
	tables []table
}

// Stated gives the tables of what one source states. Rows that count nowhere (without ends, without id and name, or with a
// reserved service) are left out.
func Stated(s *graph.Source) *Tables {
	nodes, links := slices.Clone(s.Nodes), slices.Clone(s.Links)
	slices.SortStableFunc(nodes, func(a, b *node) int { return compareOrigins(a.From, b.From) })
	slices.SortStableFunc(links, func(a, b *link) int { return compareOrigins(a.From, b.From) })
	return newTables(nodes, links)
}

func compareOrigins(a, b graph.Origin) int {
	return cmp.Or(strings.Compare(a.File, b.File), strings.Compare(a.Sheet, b.Sheet), cmp.Compare(a.Row, b.Row))
}

// Merged gives the tables of what all sources say together.
func Merged(s *graph.Snapshot) *Tables {
	m := newMerger(s)
	nodes, links := m.records()
	nodes = slices.DeleteFunc(nodes, func(r *node) bool { return r == nil })
	return newTables(nodes, append(links, m.naming()...))
}

// Records gives what all sources say together as one record for each node and link of a snapshot, in their places; nil for a node that is
// only referred to. References are written so that they mean what they mean there, as ids where that can be.
func Records(s *graph.Snapshot) ([]*graph.NodeRecord, []*graph.LinkRecord) {
	return newMerger(s).records()
}

func (m *merger) records() ([]*node, []*link) {
	nodes, links := make([]*node, len(m.Nodes)), make([]*link, len(m.Links))
	for i := range m.Nodes {
		if !m.Nodes[i].Placeholder {
			nodes[i] = m.node(&m.Nodes[i])
		}
	}
	for i := range m.Links {
		links[i] = m.link(&m.Links[i])
	}
	return nodes, links
}

// naming gives the rows without effect, such as self links, that are all that names a node: without them it would be gone.
func (m *merger) naming() []*link {
	named := make([]bool, len(m.Nodes))
	for i := range m.Nodes {
		n := &m.Nodes[i]
		for _, refs := range [][]int32{{n.Unit, n.Manager}, n.Sites, n.Teams} {
			for _, x := range refs {
				if x >= 0 {
					named[x] = true
				}
			}
		}
		named[i] = named[i] || !n.Placeholder
	}
	for _, l := range m.Links {
		named[l.Provider], named[l.Consumer] = true, true
	}
	var rows []*link
	if !slices.Contains(named, false) {
		return nil
	}
	for _, s := range m.Org.Sources {
		for _, r := range s.Links {
			for _, end := range []string{r.Provider, r.Consumer} {
				if is := m.Means(strings.TrimSpace(end), graph.NoKind); len(is) == 1 && !named[is[0]] {
					named[is[0]] = true
					rows = append(rows, r)
				}
			}
		}
	}
	return rows
}

// newTables sorts records into tables.
func newTables(nodes []*node, links []*link) *Tables {
	t := &Tables{}
	var ns, units, people []*node
	for _, r := range nodes {
		t.check(r)
		switch {
		case strings.TrimSpace(r.ID) == "" && strings.TrimSpace(r.Name) == "":
		case r.Kind == graph.Unit && isOnly(r, UnitColumns):
			units = append(units, r)
		case r.Kind == graph.Person && isOnly(r, PeopleColumns):
			people = append(people, r)
		case r.Kind == graph.Unit, !given(r, ofPeople):
			ns = append(ns, r)
		default: // a row in each: that of the nodes table, which is read first, says the kind
			ns = append(ns, r)
			people = append(people, &node{ID: r.ID, Name: r.Name, Teams: r.Teams, Manager: r.Manager, Role: r.Role})
		}
	}
	links = slices.DeleteFunc(links, func(r *link) bool {
		return slices.ContainsFunc(r.Validate(), func(p graph.Problem) bool { return p.Severity == graph.Error })
	})
	nodeAttrs, linkAttrs := func(r *node) []graph.Attr { return r.Attrs }, func(r *link) []graph.Attr { return r.Attrs }
	t.tables = []table{
		newTable("nodes", NodeColumns, ns, nodeAttrs),
		newTable("links", LinkColumns, links, linkAttrs),
		newTable("units", UnitColumns, units, nodeAttrs),
		newTable("people", PeopleColumns, people, nodeAttrs),
	}
	return t
}

// ofPeople are the columns that only the people table has.
var ofPeople = slices.DeleteFunc(slices.Clone(PeopleColumns), func(c Column[node]) bool { return has(NodeColumns, c.Name) })

func has(columns []Column[node], name string) bool {
	return slices.ContainsFunc(columns, func(c Column[node]) bool { return c.Name == name })
}

// given says that a record has something in one of the columns.
func given(r *node, columns []Column[node]) bool {
	return slices.ContainsFunc(columns, func(c Column[node]) bool { return c.get(r) != nil })
}

// isOnly says that the columns hold all that a record states, but for its kind, which the table says.
func isOnly(r *node, columns []Column[node]) bool {
	for _, c := range slices.Concat(NodeColumns, ofPeople) {
		parent := c.Name == "unit" && has(columns, "parent")
		if c.Name != "kind" && !parent && !has(columns, c.Name) && c.get(r) != nil {
			return false
		}
	}
	return true
}

// note keeps a sentence about what is lost.
func (t *Tables) note(format string, args ...any) {
	const most = 100
	switch n := len(t.Notes); {
	case n < most:
		t.Notes = append(t.Notes, fmt.Sprintf(format, args...))
	case n == most:
		t.Notes = append(t.Notes, "and more of the kind")
	}
}

// check notes what the tables cannot hold of a record.
func (t *Tables) check(r *node) {
	name := cmp.Or(r.Name, r.ID)
	for _, l := range []struct {
		column string
		texts  []string
	}{{"site", r.Sites}, {"tags", r.Tags}, {"aliases", r.Aliases}, {"team", r.Teams}} {
		for _, s := range l.texts {
			if strings.ContainsAny(s, "|\r\n") {
				t.note("“%s”: the text “%s” in the list %s holds a | or a line end and is read back as several", name, s, l.column)
			}
		}
	}
	if r.Kind != graph.Person && given(r, ofPeople) {
		if r.Kind == graph.Unit {
			t.note("“%s”: a unit has no team, manager or role in the tables, so they are left out", name)
		} else if r.Kind == graph.NoKind {
			t.note("“%s” has a team, manager or role, and is read back as a person", name)
		}
	}
}

// merger makes records of merged nodes and links.
type merger struct {
	*graph.Snapshot
	refs map[refKey]string
}

func newMerger(s *graph.Snapshot) *merger { return &merger{s, map[refKey]string{}} }

type refKey struct {
	node int32
	kind graph.Kind // of what the column names; NoKind any
}

// ref writes a reference to a node: its id, or what else means it and nothing but it. A node without a row of its own must be
// named, as it gets its name from there.
func (m *merger) ref(i int32, kind graph.Kind, written ...string) string {
	if i < 0 {
		return ""
	}
	n := &m.Nodes[i]
	if !n.Placeholder && (n.Kind != graph.Unit || kind == graph.Unit) {
		return n.ID
	}
	key := refKey{i, kind}
	if text, known := m.refs[key]; known {
		return text
	}
	tries := append([]string{n.ID, n.Name}, written...)
	if n.Placeholder {
		tries[0], tries[1] = n.Name, n.ID
	}
	text := tries[0]
	for _, try := range append(tries, n.Aliases...) {
		if found := m.Means(try, kind); len(found) == 1 && found[0] == i {
			text = try
			break
		}
	}
	m.refs[key] = text
	return text
}

func (m *merger) refsTo(nodes []int32, kind graph.Kind) []string {
	var texts []string
	for _, i := range nodes {
		texts = append(texts, m.ref(i, kind))
	}
	return texts
}

// node makes one record of a node.
func (m *merger) node(n *graph.Node) *node {
	r := &node{
		ID: n.ID, Unit: m.ref(n.Unit, graph.Unit), Headcount: n.Headcount, MinStaff: n.MinStaff, Capacity: n.Capacity,
		RecoveryHours: n.RecoveryHours, FailuresPerYear: n.FailuresPerYear, Value: n.Value, Segment: n.Segment, Contact: n.Contact,
		Sites: m.refsTo(n.Sites, graph.Resource), Tags: n.Tags, Aliases: n.Aliases, Teams: m.refsTo(n.Teams, graph.NoKind),
		Manager: m.ref(n.Manager, graph.NoKind), Role: n.Role, Attrs: n.Attrs,
	}
	for _, st := range n.Stated {
		r.Name = cmp.Or(r.Name, strings.TrimSpace(st.Record.Name))
		r.Kind = cmp.Or(r.Kind, st.Record.Kind)
		r.CanFail = cmp.Or(r.CanFail, st.Record.CanFail)
	}
	if r.Kind == graph.NoKind && given(r, ofPeople) {
		r.Kind = n.Kind
	}
	return r
}

// link makes one record of a link.
func (m *merger) link(l *graph.Link) *link {
	r := *l.Values
	r.Provider = m.ref(l.Provider, graph.NoKind, l.Values.Provider)
	r.Consumer = m.ref(l.Consumer, graph.NoKind, l.Values.Consumer)
	r.Service, r.Nth, r.From = l.Service, 0, graph.Origin{}
	return &r
}
