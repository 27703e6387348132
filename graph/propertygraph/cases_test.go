package propertygraph

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/whoserves/graph"
)

// firm is the organisation of the cases: hr states it, edits corrects one figure, ops knows Payroll by its name only.
func firm() *graph.Org {
	at := func(row int) graph.Origin { return graph.Origin{File: "hr.csv", Row: row} }
	hr := graph.NewSource("hr", []*graph.NodeRecord{
		{ID: "crew", Name: "Crew", Kind: graph.Team, Capacity: graph.Given(10), Tags: []string{"a", "b"}, Unit: "ops", Sites: []string{"Dallas"}, From: at(2),
			Attrs: []graph.Attr{{Name: "colour", Value: "red"}}},
		{ID: "gate", Name: "Gate", Kind: graph.Team, Capacity: graph.Given(20), From: at(3)},
		{ID: "ops", Name: "Operations", Kind: graph.Unit, From: at(4)},
		{ID: "eve", Name: "Eve", Kind: graph.Person, Teams: []string{"crew", "gate"}, Manager: "bob", From: at(5)},
		{ID: "bob", Name: "Bob", Kind: graph.Person, From: at(6)},
		{ID: "acme", Name: "Acme", Kind: graph.Customer, From: at(7)},
	}, []*graph.LinkRecord{
		{Provider: "Payroll", Consumer: "crew", Service: "Pay", Criticality: graph.Minor, Volume: graph.Given(3), From: at(12)},
		{Provider: "crew", Consumer: "gate", Service: "Staff", Satisfaction: graph.Given(50), From: at(13)},
		{Provider: "gate", Consumer: "acme", From: at(14)},
		{Provider: "Fuel", Consumer: "gate", Service: "Fuel", From: at(15)},
	})
	ops := graph.NewSource("ops", []*graph.NodeRecord{{Name: "Payroll", Kind: graph.Team, Contact: "pay@x", From: graph.Origin{File: "ops.csv", Row: 2}}}, nil)
	edits := graph.NewSource(graph.EditsSource, []*graph.NodeRecord{{ID: "gate", Capacity: graph.Given(25)}}, nil)
	hr.Rank, ops.Rank, edits.Rank = 1, 2, 3
	o := &graph.Org{Name: "org", Version: 4, Sources: []*graph.Source{hr, ops, edits}}
	graph.SortSources(o.Sources)
	return o
}

// bench is a graph with names for what the cases touch.
type bench struct {
	*memory
	t *testing.T
}

func (b bench) node(id string) *memNode { return b.nodes[b.at(id)] }

func (b bench) at(id string) string {
	e := b.byUID()["org/"+id]
	if e == "" {
		b.t.Fatalf("no node %s", id)
	}
	return e
}

func (b bench) rel(typ, from, to string) string {
	for id, r := range b.rels {
		if r.typ == typ && r.from == b.at(from) && r.to == b.at(to) && r.props["derived"] != true {
			return id
		}
	}
	b.t.Fatalf("no %s from %s to %s", typ, from, to)
	return ""
}

type date time.Time

func (d date) String() string { return time.Time(d).Format(time.DateOnly) }

// TestHandEdits takes each edit through a refresh: what neo4j comes to state, what the graph then holds, what is told.
func TestHandEdits(t *testing.T) {
	type props = map[string]any
	crew := func(f func(*graph.NodeRecord)) []any {
		r := graph.NodeRecord{ID: "crew", From: from}
		f(&r)
		return []any{r}
	}
	pay := func(f func(*graph.LinkRecord)) []any {
		r := graph.LinkRecord{Provider: "payroll", Consumer: "crew", Service: "Pay", From: from}
		f(&r)
		return []any{r}
	}
	on := func(id string, p props) func(b bench) { return func(b bench) { set(b.node(id).props, p) } }
	onPay := func(p props) func(b bench) {
		return func(b bench) { set(b.rels[b.rel(Serves, "payroll", "crew")].props, p) }
	}
	tests := []struct {
		name   string
		edit   func(b bench)
		states []any    // records of neo4j
		told   []string // words of each problem, in order
		check  func(b bench, s *graph.Snapshot) bool
	}{
		{"a figure", on("crew", props{"capacity": int64(12)}), crew(func(r *graph.NodeRecord) { r.Capacity = graph.Given(12) }), nil,
			func(b bench, s *graph.Snapshot) bool {
				return s.Nodes[s.ByID("crew")].Capacity == graph.Given(12) && strings.Contains(b.node("crew").props["stated"].(string), `"neo4j"`)
			}},
		{"a whole figure as float", on("crew", props{"capacity": 10.0}), nil, nil, func(b bench, _ *graph.Snapshot) bool { return b.node("crew").props["capacity"] == 10.0 }},
		{"a figure as text is read", on("crew", props{"capacity": "12"}), crew(func(r *graph.NodeRecord) { r.Capacity = graph.Given(12) }), nil,
			func(b bench, _ *graph.Snapshot) bool { return b.node("crew").props["capacity"] == int64(12) }},
		{"words for a figure", on("crew", props{"capacity": "twelve"}), nil, []string{"capacity “twelve”: capacity must be a number"},
			func(b bench, _ *graph.Snapshot) bool { return b.node("crew").props["capacity"] == "twelve" }},
		{"out of range", on("crew", props{"capacity": int64(-1)}), nil, []string{"capacity “-1”: capacity must be 0 or more"}, nil},
		{"part of a provider", onPay(props{"min_providers": 1.5}), nil, []string{"must be a whole number"}, nil},
		{"a figure taken away", on("crew", props{"capacity": nil}), nil, []string{"lost capacity in Neo4j, but source “hr” (hr.csv row 2) says “10”: it is put back"},
			func(b bench, _ *graph.Snapshot) bool { return b.node("crew").props["capacity"] == int64(10) }},
		{"a value added", on("crew", props{"contact": "c@x"}), crew(func(r *graph.NodeRecord) { r.Contact = "c@x" }), nil, nil},
		{"a list", on("crew", props{"tags": []any{"b", "c"}}), crew(func(r *graph.NodeRecord) { r.Tags = []string{"b", "c"} }), nil, nil},
		{"a list in another order", on("crew", props{"tags": []any{"b", "a"}}), nil, nil, nil},
		{"a list as text", on("crew", props{"tags": "x|y"}), crew(func(r *graph.NodeRecord) { r.Tags = []string{"x", "y"} }), nil,
			func(b bench, _ *graph.Snapshot) bool { return cmp.Equal(b.node("crew").props["tags"], []any{"x", "y"}) }},
		{"an alias", on("crew", props{"aliases": []any{"Flight crew"}}), crew(func(r *graph.NodeRecord) { r.Aliases = []string{"Flight crew"} }), nil, nil},
		{"a site by name", on("crew", props{"site": []any{"dallas", "Reno"}}), crew(func(r *graph.NodeRecord) { r.Sites = []string{"Dallas", "Reno"} }), nil,
			func(b bench, _ *graph.Snapshot) bool {
				return cmp.Equal(b.node("crew").props["site"], []any{"dallas", "reno"}) && b.node("reno").props["placeholder"] == true
			}},
		{"yes and no", on("crew", props{"can_fail": false}), crew(func(r *graph.NodeRecord) { r.CanFail = graph.No }), nil,
			func(b bench, _ *graph.Snapshot) bool { return b.node("crew").props["can_fail"] == "no" }},
		{"an unknown criticality", onPay(props{"criticality": "huge"}), nil, []string{"criticality “huge”: “huge” is no criticality: write one of minor, important or critical"}, nil},
		{"a criticality wins though others are", onPay(props{"criticality": "Important"}), pay(func(r *graph.LinkRecord) { r.Criticality = graph.Important }), nil,
			func(b bench, s *graph.Snapshot) bool {
				return b.rels[b.rel(Serves, "payroll", "crew")].props["criticality"] == "important"
			}},
		{"a date", onPay(props{"confirmed_on": date(time.Date(2026, 11, 5, 0, 0, 0, 0, time.UTC))}),
			pay(func(r *graph.LinkRecord) { r.ConfirmedOn = "2026-11-05" }), nil, nil},
		{"a column of their own", on("crew", props{"floor": int64(3), "since": time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)}),
			crew(func(r *graph.NodeRecord) {
				r.Attrs = []graph.Attr{{Name: "floor", Value: "3"}, {Name: "since", Value: "2020-01-01"}}
			}), nil,
			func(b bench, _ *graph.Snapshot) bool { return b.node("crew").props["floor"] == int64(3) }},
		{"an unknown column taken away", on("crew", props{"colour": nil}), nil, []string{"lost colour"}, nil},
		{"what labels and relationships say", on("crew", props{"kind": "team", "unit": "x"}), nil, []string{"the label of the node says", "PART_OF says the unit"}, nil},
		{"what is ours", on("crew", props{"sources": nil, "rows": "x", "version": "9", "stated": int64(1), "org": "else", "placeholder": true}), nil, nil,
			func(b bench, _ *graph.Snapshot) bool {
				return b.node("crew").props["version"] == int64(4) && b.node("crew").props["org"] == "org"
			}},
		{"an id", on("crew", props{"id": "cabin"}), nil, []string{"ids cannot be changed"}, nil},
		{"the uid taken away", on("crew", props{"uid": nil}), nil, nil, func(b bench, _ *graph.Snapshot) bool { return b.node("crew") != nil }},
		{"an edit in the app wins", on("gate", props{"capacity": int64(7)}), []any{graph.NodeRecord{ID: "gate", Capacity: graph.Given(7), From: from}},
			[]string{"a correction made in whoserves says “25”"}, func(b bench, _ *graph.Snapshot) bool { return b.node("gate").props["capacity"] == int64(25) }},
		{"another name", on("crew", props{"name": "Cabin"}), crew(func(r *graph.NodeRecord) { r.Name = "Cabin" }), nil, nil},
		{"another name where others know only the name", on("payroll", props{"name": "Wages"}),
			[]any{graph.NodeRecord{ID: "payroll", Name: "Wages", Aliases: []string{"Payroll"}, From: from}}, nil,
			func(b bench, s *graph.Snapshot) bool {
				return len(s.Nodes) == 9 && b.node("payroll").props["contact"] == "pay@x"
			}},
		{"a value where others know only the name", on("payroll", props{"capacity": int64(1)}), []any{graph.NodeRecord{Name: "Payroll", Capacity: graph.Given(1), From: from}}, nil,
			func(_ bench, s *graph.Snapshot) bool { return len(s.Nodes) == 9 }},
		{"a placeholder described", on("fuel", props{"recovery_hours": 1.5}), []any{graph.NodeRecord{Name: "Fuel", RecoveryHours: graph.Given(1.5), From: from}}, nil,
			func(b bench, s *graph.Snapshot) bool {
				return len(s.Nodes) == 9 && b.node("fuel").props["placeholder"] == nil
			}},
		{"another kind", func(b bench) { b.node("crew").labels = []string{"Supplier", "Entity"} }, crew(func(r *graph.NodeRecord) { r.Kind = graph.Supplier }), nil, nil},
		{"a second label", func(b bench) { b.node("crew").labels = append(b.node("crew").labels, "Supplier", "Mine") }, nil, []string{"has the labels Team and Supplier"}, nil},
		{"no label", func(b bench) { b.node("crew").labels = []string{"Entity"} }, nil, []string{"lost kind"}, nil},
		{"a team made a unit", func(b bench) { b.node("crew").labels = []string{"Entity", "Unit"} }, nil, []string{"stays one"}, nil},
		{"a new node", func(b bench) {
			b.addNode([]string{"Team"}, props{"org": "org", "name": "New team", "capacity": int64(1)})
		},
			[]any{graph.NodeRecord{Name: "New team", Kind: graph.Team, Capacity: graph.Given(1), From: from}}, nil,
			func(b bench, _ *graph.Snapshot) bool { return b.node("new-team").props["version"] == int64(5) }},
		{"a new node with an id", func(b bench) { b.addNode([]string{"Entity", "Unit"}, props{"org": "org", "id": int64(7)}) },
			[]any{graph.NodeRecord{ID: "7", Kind: graph.Unit, From: from}}, nil, nil},
		{"a new node with a uid", func(b bench) { b.addNode([]string{"Supplier"}, props{"uid": "org/shell"}) },
			[]any{graph.NodeRecord{ID: "shell", Kind: graph.Supplier, From: from}}, nil, nil},
		{"a new node of another organisation", func(b bench) { b.addNode([]string{"Team"}, props{"uid": "else/x", "org": "org"}) }, nil, []string{"of another organisation"}, nil},
		{"nobody's node", func(b bench) { b.addNode([]string{"Team"}, props{"name": "x"}) }, nil, nil, nil},
		{"a node without a name", func(b bench) { b.addNode([]string{"Team"}, props{"org": "org"}) }, nil, []string{"neither id nor name"}, nil},
		{"a node that there is", func(b bench) { b.addNode([]string{"Team"}, props{"org": "org", "name": "crew"}) }, nil, []string{"called like another"}, nil},
		{"a deleted node", func(b bench) { b.deleteNode(b.at("crew")) }, nil, []string{"was deleted in Neo4j, but source “hr” (hr.csv row 2) states it"}, nil},
		{"deleted and made again", func(b bench) {
			b.deleteNode(b.at("bob"))
			b.addNode([]string{"Person"}, props{"org": "org", "name": "Bob"})
		}, nil, []string{"“Eve” (uid org/eve) lost manager"}, nil},
		{"a deleted placeholder", func(b bench) { b.deleteNode(b.at("fuel")) }, nil, []string{"(hr.csv row 15)"}, nil},
		{"a unit", func(b bench) { b.addRel(PartOf, b.at("gate"), b.at("ops"), props{}) }, []any{graph.NodeRecord{ID: "gate", Unit: "ops", From: from}}, nil, nil},
		{"another unit", func(b bench) {
			b.addRel(PartOf, b.at("crew"), b.addNode([]string{"Unit"}, props{"org": "org", "name": "Air"}), props{})
		}, append(crew(func(r *graph.NodeRecord) { r.Unit = "air" }), graph.NodeRecord{Name: "Air", Kind: graph.Unit, From: from}), nil,
			func(b bench, s *graph.Snapshot) bool { return s.Nodes[s.ByID("crew")].Unit == s.ByID("air") }},
		{"two other units", func(b bench) {
			b.addRel(PartOf, b.at("gate"), b.addNode([]string{"Unit"}, props{"org": "org", "name": "Air"}), props{})
			b.addRel(PartOf, b.at("gate"), b.at("ops"), props{})
		}, []any{graph.NodeRecord{Name: "Air", Kind: graph.Unit, From: from}}, []string{"has 2 new relationships PART_OF"}, nil},
		{"part of a team", func(b bench) { b.addRel(PartOf, b.at("gate"), b.at("crew"), props{}) }, nil, []string{"does not end at a Unit"}, nil},
		{"out of the unit", func(b bench) { delete(b.rels, b.rel(PartOf, "crew", "ops")) }, nil, []string{"lost unit"}, nil},
		{"out of one team", func(b bench) { delete(b.rels, b.rel(MemberOf, "eve", "crew")) }, []any{graph.NodeRecord{ID: "eve", Teams: []string{"gate"}, From: from}}, nil, nil},
		{"out of all teams", func(b bench) {
			delete(b.rels, b.rel(MemberOf, "eve", "crew"))
			delete(b.rels, b.rel(MemberOf, "eve", "gate"))
		}, nil, []string{"lost team"}, nil},
		{"in a team twice", func(b bench) { b.addRel(MemberOf, b.at("eve"), b.at("crew"), props{"since": int64(2020)}) }, nil, nil,
			func(b bench, _ *graph.Snapshot) bool {
				return len(slices.Collect(maps.Keys(b.rels))) == len(holding(b.t, graph.NewSnapshot(firm())).rels)
			}},
		{"another manager", func(b bench) { b.addRel(ReportsTo, b.at("bob"), b.at("eve"), props{}) }, []any{graph.NodeRecord{ID: "bob", Manager: "eve", From: from}}, nil, nil},
		{"a new link", func(b bench) {
			b.addRel(Serves, b.at("bob"), b.at("acme"), props{"service": "Help", "volume": int64(2), "x": true})
		},
			[]any{graph.LinkRecord{Provider: "bob", Consumer: "acme", Service: "Help", Volume: graph.Given(2), Attrs: []graph.Attr{{Name: "x", Value: "true"}}, From: from}}, nil,
			func(b bench, _ *graph.Snapshot) bool {
				return b.rels[b.rel(Serves, "bob", "acme")].props["version"] == int64(5)
			}},
		{"a new link between new nodes", func(b bench) {
			b.addRel(Serves, b.addNode([]string{"Supplier"}, props{"org": "org", "name": "Shell"}), b.at("fuel"), props{})
		}, []any{graph.NodeRecord{Name: "Shell", Kind: graph.Supplier, From: from}, graph.LinkRecord{Provider: "shell", Consumer: "Fuel", From: from}}, nil, nil},
		{"a new link with a bad value", func(b bench) { b.addRel(Serves, b.at("bob"), b.at("acme"), props{"criticality": "x"}) },
			[]any{graph.LinkRecord{Provider: "bob", Consumer: "acme", From: from}}, []string{"is no criticality"}, nil},
		{"a link twice", func(b bench) {
			b.addRel(Serves, b.at("payroll"), b.at("crew"), props{"service": "pay", "volume": int64(9)})
		},
			pay(func(r *graph.LinkRecord) { r.Volume = graph.Given(9) }), nil, nil},
		{"a new link twice", func(b bench) {
			b.addRel(Serves, b.at("bob"), b.at("acme"), props{"volume": int64(1)})
			b.addRel(Serves, b.at("bob"), b.at("acme"), props{"volume": int64(2), "channel": "phone"})
		}, []any{graph.LinkRecord{Provider: "bob", Consumer: "acme", Volume: graph.Given(1), Channel: "phone", From: from}}, nil, nil},
		{"a deleted link", func(b bench) { delete(b.rels, b.rel(Serves, "crew", "gate")) }, nil, []string{"(hr.csv row 13) states it: it is put back"}, nil},
		{"another service", onPay(props{"service": "Wages"}),
			[]any{graph.LinkRecord{Provider: "payroll", Consumer: "crew", Service: "Wages", Criticality: graph.Minor, Volume: graph.Given(3), From: from}},
			[]string{"was deleted in Neo4j"}, nil},
		{"the service in capitals", onPay(props{"service": "PAY"}), []any{graph.LinkRecord{Provider: "payroll", Consumer: "crew", Service: "PAY", From: from}}, nil, nil},
		{"a reserved service", func(b bench) { b.addRel(Serves, b.at("bob"), b.at("acme"), props{"service": "Members"}) }, nil, []string{"reserved"}, nil},
		{"a link to oneself", func(b bench) { b.addRel(Serves, b.at("bob"), b.at("bob"), props{}) }, nil, []string{"ties a node to itself"}, nil},
		{"a link to a stranger", func(b bench) { b.addRel(Serves, b.at("bob"), b.addNode([]string{"Movie"}, props{}), props{}) }, nil, []string{"ends at a node that is none"}, nil},
		{"a site's link", func(b bench) {
			for id, r := range b.rels {
				if r.props["derived"] == true {
					delete(b.rels, id)
				}
			}
			b.addRel(Serves, b.at("bob"), b.at("acme"), props{"derived": true})
		}, nil, nil, nil},
		{"a rating stands for all", func(b bench) { set(b.rels[b.rel(Serves, "crew", "gate")].props, props{"satisfaction": int64(80)}) },
			[]any{graph.LinkRecord{Provider: "crew", Consumer: "gate", Service: "Staff", Satisfaction: graph.Given(80), From: from}}, nil, nil},
	}
	numbers := cmp.Comparer(func(a, b graph.Number) bool { return a == b })
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := graph.NewSnapshot(firm())
			b := bench{holding(t, s), t}
			test.edit(b)
			after, o := b.refresh(t, s)
			if d := cmp.Diff(test.states, neo4jStates(after.Org), numbers); d != "" {
				t.Error(d)
			}
			for i, p := range o.Problems {
				if i >= len(test.told) || !strings.Contains(p.Message, test.told[i]) || p.File != "neo4j" {
					t.Errorf("told: %+v", p)
				}
			}
			if len(o.Problems) < len(test.told) {
				t.Errorf("%d problems, want %q", len(o.Problems), test.told)
			}
			if test.check != nil && !test.check(b, after) {
				t.Error("the graph is not as it should be")
			}
			again := b.compare(after)
			if cs := again.ChangeSet(); !cs.Empty() || again.Delta(after).Len() > 0 {
				t.Errorf("found again: %v, %d to write", describeChanges(cs), again.Delta(after).Len())
			}
		})
	}
}

func neo4jStates(o *graph.Org) []any {
	var all []any
	if s := o.Source(graph.Neo4jSource); s != nil {
		for _, r := range s.Nodes {
			all = append(all, *r)
		}
		for _, r := range s.Links {
			all = append(all, *r)
		}
	}
	return all
}

// TestSetBack takes values back to what the other sources say: neo4j no longer states them.
func TestSetBack(t *testing.T) {
	s := graph.NewSnapshot(firm())
	b := bench{holding(t, s), t}
	set(b.node("crew").props, map[string]any{"capacity": int64(12), "name": "Cabin"})
	set(b.rels[b.rel(Serves, "payroll", "crew")].props, map[string]any{"criticality": "critical"})
	b.addRel(ReportsTo, b.at("eve"), b.at("acme"), map[string]any{})
	made := b.addNode([]string{"Team"}, map[string]any{"org": "org", "name": "Made"})
	link := b.addRel(Serves, made, b.at("crew"), map[string]any{"service": "x", "volume": int64(1)})
	s, _ = b.refresh(t, s)
	if n := len(neo4jStates(s.Org)); n != 5 {
		t.Fatalf("%d records", n)
	}
	set(b.node("crew").props, map[string]any{"capacity": 10.0, "name": "Crew"})
	set(b.rels[b.rel(Serves, "payroll", "crew")].props, map[string]any{"criticality": "minor"})
	b.addRel(ReportsTo, b.at("eve"), b.at("bob"), map[string]any{})
	set(b.rels[link].props, map[string]any{"volume": nil})
	s, o := b.refresh(t, s)
	want := []any{graph.NodeRecord{Name: "Made", Kind: graph.Team, From: from}, graph.LinkRecord{Provider: "made", Consumer: "crew", Service: "x", From: from}}
	if d := cmp.Diff(want, neo4jStates(s.Org), cmp.Comparer(func(a, b graph.Number) bool { return a == b })); d != "" || len(o.Problems) > 0 {
		t.Fatal(d, o.Problems)
	}
	b.deleteNode(made)
	s, o = b.refresh(t, s)
	if len(neo4jStates(s.Org)) > 0 || len(o.Problems) > 0 || s.ByID("made") >= 0 {
		t.Fatal(neo4jStates(s.Org), o.Problems)
	}
	if d := cmp.Diff(holding(t, s).describe(), b.describe()); d != "" {
		t.Error(d)
	}
}

// TestEarlierConfirmation holds that of several dates of confirmation the latest is the one that the graph goes back to, so that an earlier
// one that somebody writes there, in place of what was written there before, is kept even where a source states it.
func TestEarlierConfirmation(t *testing.T) {
	stated := func(name string, rank int, day string) *graph.Source {
		s := graph.NewSource(name, nil, []*graph.LinkRecord{{Provider: "a", Consumer: "b", ConfirmedOn: day, From: graph.Origin{File: name + ".csv", Row: 2}}})
		s.Rank = rank
		return s
	}
	for written, want := range map[string]string{"2026-01-01": "2026-01-01", "2026-06-01": ""} {
		o := &graph.Org{Name: "org", Sources: []*graph.Source{stated("hr", 1, "2026-01-01"), stated("ops", 2, "2026-06-01"), stated(graph.Neo4jSource, 3, "2026-09-01")}}
		graph.SortSources(o.Sources)
		s := graph.NewSnapshot(o)
		b := bench{holding(t, s), t}
		set(b.rels[b.rel(Serves, "a", "b")].props, map[string]any{"confirmed_on": written})
		after, _ := b.refresh(t, s)
		got := ""
		for _, r := range after.Org.Source(graph.Neo4jSource).Links {
			got += r.ConfirmedOn
		}
		if got != want {
			t.Errorf("%s was written: neo4j states “%s”, want “%s”", written, got, want)
		}
	}
}
