package propertygraph

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/graphtest"
)

// words are names and values as people write them, and worse.
var words = []string{"Payroll", "payroll", "PAYROLL ", " leading", "C++ team", "C# team", "R&D", "R.D", "r-d", "tab\tinside", "`;--", `"quoted"`, "水産輸出",
	"Ärger & Söhne", "e\u0301", "é", "a|b|c", "null", "0", "-", "uid", "capacity", "capacity_", strings.Repeat("long ", 60), "t0", "t1", "x0", "u0", "Finance", "unit-u0"}

// randomOrg makes an organisation of several sources that speak of the same things by id and by name.
func randomOrg(seed uint64, size int) *graph.Org {
	r := rand.New(rand.NewPCG(seed, 3))
	o := &graph.Org{Name: "org", Version: int64(1 + r.IntN(5))}
	names := []string{"hr", "ops", graph.Neo4jSource, graph.EditsSource}
	for i, name := range names[:1+r.IntN(len(names))] {
		src := graphtest.Random(seed*7+uint64(i), size).Sources[0]
		var nodes []*graph.NodeRecord
		var links []*graph.LinkRecord
		for row, n := range src.Nodes {
			if i > 0 && r.IntN(3) > 0 {
				continue
			}
			nodes = append(nodes, randomNode(r, n, row))
		}
		for row, l := range src.Links {
			if i > 0 && r.IntN(2) > 0 {
				continue
			}
			c := *l
			c.From = graph.Origin{File: "links.csv", Row: row + 2}
			if r.IntN(4) == 0 {
				c.Satisfaction, c.Channel, c.Attrs = graph.Given(float64(r.IntN(101))), words[r.IntN(len(words))], randomAttrs(r)
			}
			if r.IntN(12) == 0 {
				c.Provider = words[r.IntN(len(words))]
			}
			if r.IntN(12) == 0 {
				c.Service = words[r.IntN(len(words))]
			}
			links = append(links, &c)
		}
		s := graph.NewSource(name, nodes, links)
		s.Rank = i + 1
		o.Sources = append(o.Sources, s)
	}
	graph.SortSources(o.Sources)
	return o
}

func randomNode(r *rand.Rand, n *graph.NodeRecord, row int) *graph.NodeRecord {
	c := *n
	c.From = graph.Origin{File: "nodes.csv", Sheet: []string{"", "Teams"}[r.IntN(2)], Row: row + 2}
	if r.IntN(4) == 0 {
		c.ID = ""
	}
	if r.IntN(6) == 0 {
		c.Name = words[r.IntN(len(words))]
	}
	if r.IntN(6) == 0 {
		c.Aliases = []string{words[r.IntN(len(words))]}
	}
	if r.IntN(3) == 0 {
		c.Tags, c.Contact, c.Attrs = []string{words[r.IntN(len(words))], "b"}, words[r.IntN(len(words))], randomAttrs(r)
	}
	if r.IntN(8) == 0 {
		c.Manager = words[r.IntN(len(words))]
	}
	if r.IntN(8) == 0 {
		c.Unit = words[r.IntN(len(words))]
	}
	if r.IntN(8) == 0 {
		c.Sites = append(slices.Clone(c.Sites), words[r.IntN(len(words))])
	}
	if r.IntN(12) == 0 {
		c.Capacity = graph.Given([]float64{-5, 1e300, 0.1, 1 << 60}[r.IntN(4)])
	}
	return &c
}

func randomAttrs(r *rand.Rand) []graph.Attr {
	var as []graph.Attr
	for range r.IntN(4) {
		as = append(as, graph.Attr{Name: []string{"colour", "uid", "uid_", "capacity", "", "nul\x00", "service", "unit", "provider"}[r.IntN(9)],
			Value: words[r.IntN(len(words))]})
	}
	slices.SortFunc(as, func(a, b graph.Attr) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(as, func(a, b graph.Attr) bool { return a.Name == b.Name })
}

func TestDiffLeadsFromOneToTheOther(t *testing.T) {
	for seed := range uint64(100) {
		a := graph.NewSnapshot(randomOrg(seed, 12))
		next := randomOrg(seed+uint64(seed%3), 12)
		next.Version = a.Version + 1
		b := graph.NewSnapshot(next)
		m := holding(t, a)
		m.write(t, Diff(a, b), 3)
		if d := cmp.Diff(holding(t, b).describe(), m.describe()); d != "" {
			t.Fatalf("seed %d: %s", seed, d)
		}
		m.write(t, Diff(b, a), 100)
		if d := cmp.Diff(holding(t, a).describe(), m.describe()); d != "" {
			t.Fatalf("seed %d, back: %s", seed, d)
		}
		if n := Diff(a, a).Len() + Diff(a, graph.NewSnapshot(randomOrg(seed, 12))).Len(); n > 0 {
			t.Fatalf("seed %d: %d changes between equals", seed, n)
		}
	}
}

func TestWithoutHandEditsNothingIsFound(t *testing.T) {
	for seed := range uint64(200) {
		s := graph.NewSnapshot(randomOrg(seed, 14))
		m := holding(t, s)
		expectNothing(t, fmt.Sprintf("seed %d", seed), m.compare(s), s)
	}
}

func expectNothing(t *testing.T, what string, o *Outcome, s *graph.Snapshot) {
	t.Helper()
	if cs := o.ChangeSet(); !cs.Empty() {
		t.Fatalf("%s: %d nodes and %d links change: %+v", what, len(cs.Nodes), len(cs.Links), cs)
	}
	if d := o.Delta(s); d.Len() > 0 {
		for _, b := range d.Batches(100) {
			t.Errorf("%s: operation %d: %+v %+v", what, b.Operation, b.Nodes(), b.Relationships())
		}
		t.FailNow()
	}
	if len(o.Problems) > 0 {
		t.Fatalf("%s: %v", what, o.Problems)
	}
}

// handEdit changes a graph as people do.
func handEdit(r *rand.Rand, m *memory) string {
	nodes := sortedKeys(m.nodes)
	rels := sortedKeys(m.rels)
	anyNode := func() string { return nodes[r.IntN(len(nodes))] }
	w := words[r.IntN(len(words))]
	values := []any{int64(7), 7.0, 2.5, "12", "4h", true, w, []any{"x", w}, []any{int64(1)}, -3.0, "", "critical", "Minor ", "yes", "no", "potential", 1e17, nil}
	value := values[r.IntN(len(values))]
	node := anyNode()
	switch r.IntN(16) {
	case 0, 1, 2:
		p := append(slices.Collect(fieldKeys(nodeNames)), "colour", "kind", "sources", "rows", "stated", "version", "org", "id", "uid", "placeholder")
		slices.Sort(p)
		name := p[r.IntN(len(p))]
		if name == "uid" && r.IntN(2) == 0 {
			value = "org/t1"
		}
		if uid, _ := value.(string); name == "uid" && m.byUID()[uid] != "" {
			return "" // the constraint refuses it
		}
		set(m.nodes[node].props, map[string]any{name: value})
		return fmt.Sprintf("node %s: %s = %v", node, name, value)
	case 3, 4, 5:
		if len(rels) == 0 {
			return ""
		}
		rel := rels[r.IntN(len(rels))]
		p := append(slices.Collect(fieldKeys(linkNames)), "colour", "provider", "sources", "version", "org", "service", "service", "service", "derived")
		slices.Sort(p)
		name := p[r.IntN(len(p))]
		set(m.rels[rel].props, map[string]any{name: value})
		return fmt.Sprintf("rel %s %s: %s = %v", m.rels[rel].typ, rel, name, value)
	case 6:
		if len(rels) > 0 {
			rel := rels[r.IntN(len(rels))]
			delete(m.rels, rel)
			return "delete rel " + rel
		}
	case 7:
		if len(nodes) > 3 {
			m.deleteNode(node)
			return "delete node " + node
		}
	case 8, 9:
		props := map[string]any{"org": "org"}
		if r.IntN(3) > 0 {
			props["name"] = w
		}
		if r.IntN(3) == 0 {
			props["id"] = []any{"new1", "t0", "u0", int64(5)}[r.IntN(4)]
		}
		if r.IntN(3) == 0 {
			props["uid"] = []any{"org/new2", "org/t1", "other/x", "org/", "zzz", int64(1)}[r.IntN(6)]
		}
		if r.IntN(4) == 0 {
			props["org"] = "other"
		}
		props["capacity"] = value
		set(props, map[string]any{"capacity": value})
		if value == nil {
			delete(props, "capacity")
		}
		labels := [][]string{{"Team"}, {"Unit"}, {"Entity", "Supplier"}, {"Entity"}, {"Team", "Customer"}, {"Foreign"}, {"Resource", "Foreign"}}[r.IntN(7)]
		if uid, _ := props["uid"].(string); m.byUID()[uid] != "" && slices.Contains(labels, LabelEntity) {
			return "" // the constraint refuses it
		}
		id := m.addNode(slices.Clone(labels), props)
		return fmt.Sprintf("new node %s %v %v", id, labels, props)
	case 10, 11, 12:
		typ := RelationshipTypes()[r.IntN(4)]
		props := map[string]any{}
		if typ == Serves && r.IntN(2) == 0 {
			props["service"] = []any{"pay", "PAY", w, "members", "site x", int64(5), []any{"a"}}[r.IntN(7)]
		}
		if value != nil && r.IntN(2) == 0 {
			props["criticality"] = value
		}
		from, to := anyNode(), anyNode()
		m.addRel(typ, from, to, props)
		return fmt.Sprintf("new %s %s → %s %v", typ, from, to, props)
	case 13:
		if len(rels) > 0 {
			old := m.rels[rels[r.IntN(len(rels))]]
			props := map[string]any{}
			set(props, old.props)
			if r.IntN(2) == 0 {
				props["channel"] = w
				delete(props, "version")
			}
			m.addRel(old.typ, old.from, old.to, props)
			return "twice " + old.typ
		}
	case 14:
		if slices.Contains(m.nodes[node].labels, "Supplier") {
			return ""
		}
		m.nodes[node].labels = append(slices.Clone(m.nodes[node].labels), "Supplier")
		return "second label on " + node
	case 15:
		if r.IntN(3) == 0 {
			m.nodes[node].labels = slices.DeleteFunc(m.nodes[node].labels, func(l string) bool { return l == LabelEntity })
			return fmt.Sprint("no Entity on ", node)
		}
		if uid, _ := m.nodes[node].props["uid"].(string); m.byUID()[uid] != "" && m.byUID()[uid] != node {
			return ""
		}
		m.nodes[node].labels = []string{LabelEntity, KindLabels()[r.IntN(6)]}
		return fmt.Sprint("label of ", node, " ", m.nodes[node].labels)
	}
	return ""
}

func fieldKeys(n names) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range n.fields {
			if !yield(k) {
				return
			}
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	var ks []string
	for k := range m {
		ks = append(ks, k)
	}
	slices.Sort(ks)
	return ks
}

// TestHandEditsSettle makes random organisations and random edits. After one refresh a second finds nothing to change or write, and
// where nothing was left to mend, the graph is just what the facts make.
func TestHandEditsSettle(t *testing.T) {
	whole := 0
	for seed := range uint64(800) {
		r := rand.New(rand.NewPCG(seed, 5))
		s := graph.NewSnapshot(randomOrg(seed, 10))
		m := holding(t, s)
		var edits []string
		for range 1 + r.IntN(1+int(seed%8)) {
			edits = append(edits, handEdit(r, m))
		}
		what := fmt.Sprintf("seed %d: %s", seed, strings.Join(edits, "; "))
		m.note = what
		after, _ := m.refresh(t, s)
		o := m.compare(after)
		if cs := o.ChangeSet(); !cs.Empty() {
			t.Errorf("%s: changes again: %s", what, cmp.Diff(describeChanges(cs), []string{}))
			continue
		}
		if d := o.Delta(after); d.Len() > 0 {
			for _, b := range d.Batches(100) {
				t.Errorf("%s: operation %d: %+v %+v", what, b.Operation, b.Nodes(), b.Relationships())
			}
			continue
		}
		if len(o.Problems) > 0 {
			continue
		}
		whole++
		m.leave("org")
		if d := cmp.Diff(holding(t, after).describe(), m.describe()); d != "" {
			t.Errorf("%s: %s", what, d)
		}
	}
	if whole < 250 {
		t.Errorf("only %d of 800 settle without a problem left", whole)
	}
}

// leave takes out of the graph what was never of the organisation.
func (m *memory) leave(org string) {
	for id, n := range m.nodes {
		uid, _ := n.props["uid"].(string)
		if !strings.HasPrefix(uid, org+"/") || !slices.Contains(n.labels, LabelEntity) {
			m.deleteNode(id)
		}
	}
}

func describeChanges(cs *graph.ChangeSet) []string {
	var all []string
	for _, c := range cs.Nodes {
		all = append(all, fmt.Sprintf("%+v → %+v", c.Old, c.New))
	}
	for _, c := range cs.Links {
		all = append(all, fmt.Sprintf("%+v → %+v", c.Old, c.New))
	}
	return all
}

// TestAnEditTakesEffect changes one value in random organisations: it is what the organisation then says, unless a correction in the
// app says otherwise, and no node or link comes or goes by it.
func TestAnEditTakesEffect(t *testing.T) {
	edits := map[string]func(*graph.Node) string{
		"name":     func(n *graph.Node) string { return n.Name },
		"capacity": func(n *graph.Node) string { return n.Capacity.String() },
		"contact":  func(n *graph.Node) string { return n.Contact },
		"tags":     func(n *graph.Node) string { return strings.Join(n.Tags, "|") },
		"fresh":    func(n *graph.Node) string { return attrOf(n.Attrs, "fresh") },
	}
	names := sortedKeys(edits)
	refused := 0
	for seed := range uint64(600) {
		r := rand.New(rand.NewPCG(seed, 6))
		s := graph.NewSnapshot(randomOrg(seed, 10))
		m := holding(t, s)
		i := r.IntN(len(s.Nodes))
		id, name := s.Nodes[i].ID, names[r.IntN(len(names))]
		want := map[string]any{"name": "Fresh name", "capacity": int64(77), "contact": "fresh", "tags": []any{"fresh"}, "fresh": "fresh"}[name]
		set(m.nodes[m.byUID()["org/"+id]].props, map[string]any{name: want})
		what := fmt.Sprintf("seed %d: %s of “%s” (%s)", seed, name, s.Nodes[i].Name, id)
		m.note = what
		after, o := m.refresh(t, s)
		if d := cmp.Diff(idsOf(s), idsOf(after)); d != "" {
			t.Errorf("%s: %s", what, d)
			continue
		}
		if s.Nodes[i].Placeholder && len(o.Problems) == 1 && strings.Contains(o.Problems[0].Message, "called alike") {
			refused++
			continue
		}
		n := &after.Nodes[after.ByID(id)]
		text, _ := textOf(want)
		if edits[name](n) != text && !slices.ContainsFunc(n.Stated, func(st graph.NodeSource) bool { return st.Source == graph.EditsSource }) {
			t.Errorf("%s is %q", what, edits[name](n))
		}
	}
	if refused > 40 { // the names are meant to be alike
		t.Errorf("%d edits of 600 are refused", refused)
	}
}

func attrOf(as []graph.Attr, name string) string {
	for _, a := range as {
		if a.Name == name {
			return a.Value
		}
	}
	return ""
}

func idsOf(s *graph.Snapshot) []string {
	var ids []string
	for i := range s.Nodes {
		ids = append(ids, s.Nodes[i].ID+" "+s.Nodes[i].Kind.String())
	}
	for i := range s.Links {
		k := s.LinkKey(int32(i))
		ids = append(ids, k.Provider+" → "+k.Consumer+": "+graph.Fold(k.Service))
	}
	return ids
}

// TestOrderOfReadingNeverMatters shows the same graph in other orders.
func TestOrderOfReadingNeverMatters(t *testing.T) {
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 8))
		s := graph.NewSnapshot(randomOrg(seed, 10))
		m := holding(t, s)
		for range 6 {
			handEdit(r, m)
		}
		a, b := m.compare(s), m.compare(s) // maps are walked in another order each time
		if d := cmp.Diff(describeChanges(a.ChangeSet()), describeChanges(b.ChangeSet())) + cmp.Diff(a.Problems, b.Problems); d != "" {
			t.Errorf("seed %d: %s", seed, d)
		}
		if a.Delta(s).Len() != b.Delta(s).Len() {
			t.Errorf("seed %d: %d and %d to write", seed, a.Delta(s).Len(), b.Delta(s).Len())
		}
	}
}
