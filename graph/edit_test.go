package graph_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"example.com/whoserves/graph"
)

// edited is a small firm whose sources speak of the same things in different ways.
func edited() *graph.Org {
	n := func(r graph.NodeRecord) *graph.NodeRecord { return &r }
	l := func(r graph.LinkRecord) *graph.LinkRecord { return &r }
	at := func(file string, row int) graph.Origin { return graph.Origin{File: file, Row: row} }
	hr := graph.NewSource("hr", []*graph.NodeRecord{
		n(graph.NodeRecord{ID: "T1", Name: "Payroll", Capacity: graph.Given(10), Unit: "Finance", Tags: []string{"night"}, From: at("hr.csv", 2)}),
		n(graph.NodeRecord{ID: "fin", Name: "Finance", Kind: graph.Unit, From: at("hr.csv", 3)}),
		n(graph.NodeRecord{ID: "T1", Name: "T1 unit", Kind: graph.Unit, From: at("hr.csv", 4)}),
		n(graph.NodeRecord{ID: "eve", Name: "Eve", Kind: graph.Person, From: at("hr.csv", 5)}),
	}, nil)
	it := graph.NewSource("it", []*graph.NodeRecord{
		n(graph.NodeRecord{Name: "Payroll", Capacity: graph.Given(12), From: at("it.csv", 2)}),
		n(graph.NodeRecord{Name: "Crew scheduling", RecoveryHours: graph.Given(4), From: at("it.csv", 3)}),
	}, []*graph.LinkRecord{
		l(graph.LinkRecord{Provider: "Payroll", Consumer: "Crew scheduling", Service: "Pay", Criticality: graph.Minor, From: at("it.csv", 4)}),
		l(graph.LinkRecord{Provider: "Fuel desk", Consumer: "Crew scheduling", From: at("it.csv", 5)}),
	})
	ops := graph.NewSource("ops", nil, []*graph.LinkRecord{
		l(graph.LinkRecord{Provider: "T1", Consumer: "crew scheduling", Service: "pay", Criticality: graph.Critical, Satisfaction: graph.Given(40), From: at("ops.csv", 2)}),
	})
	hr.Rank, it.Rank, ops.Rank = 1, 2, 3
	return &graph.Org{Version: 7, Sources: []*graph.Source{hr, it, ops}}
}

func correctNode(t *testing.T, o *graph.Org, ref string, cs ...graph.Correction) (*graph.Org, *graph.ChangeSet) {
	t.Helper()
	s := graph.NewSnapshot(o)
	v, err := s.Lookup(ref)
	if err != nil {
		t.Fatal(err)
	}
	change, err := s.CorrectNode(v, cs...)
	if err != nil {
		t.Fatal(err)
	}
	after, err := o.Apply(change)
	if err != nil {
		t.Fatal(err)
	}
	return after, change
}

func TestCorrectingNodes(t *testing.T) {
	for _, c := range []struct {
		what, node string
		say        []graph.Correction
		want       []graph.NodeRecord // that edits states then
	}{
		{"one whose id a source gives", "Payroll", []graph.Correction{{"capacity", "25"}}, []graph.NodeRecord{{ID: "T1", Capacity: graph.Given(25)}}},
		{"what counts already", "Payroll", []graph.Correction{{"capacity", "10"}, {"name", "Payroll"}, {"tags", "night"}}, nil},
		{"what another source says", "Payroll", []graph.Correction{{"Capacity", " 12 "}}, []graph.NodeRecord{{ID: "T1", Capacity: graph.Given(12)}}},
		{"one that goes by its name", "crew-scheduling", []graph.Correction{{"recovery hours", "8.5"}}, []graph.NodeRecord{{Name: "Crew scheduling", RecoveryHours: graph.Given(8.5)}}},
		{"one that is only referred to", "Fuel desk", []graph.Correction{{"kind", "supplier"}}, []graph.NodeRecord{{Name: "Fuel desk", Kind: graph.Supplier}}},
		{"its capacity", "Fuel desk", []graph.Correction{{"capacity", "3"}}, []graph.NodeRecord{{Name: "Fuel desk", Kind: graph.Team, Capacity: graph.Given(3)}}},
		{"a name", "crew-scheduling", []graph.Correction{{"name", "Crew control"}}, []graph.NodeRecord{{ID: "crew-scheduling", Name: "Crew control", Aliases: []string{"Crew scheduling"}}}},
		{"a name where an id is given", "T1", []graph.Correction{{"name", "Wages"}}, []graph.NodeRecord{{ID: "T1", Name: "Wages"}}},
		{"a name in other capitals", "crew-scheduling", []graph.Correction{{"name", "Crew Scheduling"}}, []graph.NodeRecord{{Name: "Crew Scheduling"}}},
		{"a unit by name", "crew-scheduling", []graph.Correction{{"unit", "finance"}}, []graph.NodeRecord{{Name: "Crew scheduling", Unit: "fin"}}},
		{"a unit that had to be renamed", "crew-scheduling", []graph.Correction{{"unit", "T1 unit"}}, []graph.NodeRecord{{Name: "Crew scheduling", Unit: "T1"}}},
		{"a unit's parent", "fin", []graph.Correction{{"parent", "T1 unit"}}, []graph.NodeRecord{{ID: "fin", Kind: graph.Unit, Unit: "T1"}}},
		{"lists", "Eve", []graph.Correction{{"team", "Payroll | crew scheduling|Payroll"}, {"tags", "a|b"}},
			[]graph.NodeRecord{{ID: "eve", Teams: []string{"T1", "crew-scheduling"}, Tags: []string{"a", "b"}}}},
	} {
		o := edited()
		after, cs := correctNode(t, o, c.node, c.say...)
		var got []graph.NodeRecord
		if src := after.Source(graph.EditsSource); src != nil {
			for _, r := range src.Nodes {
				got = append(got, *r)
			}
		}
		if d := cmp.Diff(c.want, got, cmpopts.EquateComparable(graph.Number{})); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, d)
			continue
		}
		if cs.Base != 7 || cs.Empty() != (c.want == nil) {
			t.Errorf("%s: base %d, empty %v", c.what, cs.Base, cs.Empty())
		}
		s, before := graph.NewSnapshot(after), graph.NewSnapshot(o)
		if len(s.Nodes) != len(before.Nodes) || len(s.Links) != len(before.Links) {
			t.Errorf("%s: %d nodes and %d links became %d and %d", c.what, len(before.Nodes), len(before.Links), len(s.Nodes), len(s.Links))
		}
		for _, say := range c.say {
			after, _ = correctNode(t, after, c.node, graph.Correction{Field: say.Field})
		}
		if c.node != "Fuel desk" && after.Source(graph.EditsSource) != nil && len(after.Source(graph.EditsSource).Nodes) > 0 {
			t.Errorf("%s: taken back, it leaves %+v", c.what, *after.Source(graph.EditsSource).Nodes[0])
		}
	}
}

func TestCorrectingLinks(t *testing.T) {
	o := edited()
	s := graph.NewSnapshot(o)
	l := s.FindLink(s.ByID("T1"), s.ByID("crew-scheduling"), "PAY")
	if l < 0 {
		t.Fatal("no link")
	}
	cs, err := s.CorrectLink(l, graph.Correction{Field: "criticality", Value: "Important"}, graph.Correction{Field: "satisfaction", Value: "90"}, graph.Correction{Field: "confirmed_on", Value: "2026-11-02"})
	if err != nil {
		t.Fatal(err)
	}
	after, err := o.Apply(cs)
	if err != nil {
		t.Fatal(err)
	}
	want := graph.LinkRecord{Provider: "T1", Consumer: "Crew scheduling", Service: "Pay", Criticality: graph.Important, Satisfaction: graph.Given(90), ConfirmedOn: "2026-11-02"}
	if d := cmp.Diff(want, *after.Source(graph.EditsSource).Links[0], cmpopts.EquateComparable(graph.Number{})); d != "" {
		t.Fatalf("-want +got:\n%s", d)
	}
	next := graph.NewSnapshot(after)
	v := next.Links[l].Values
	if v.Criticality != graph.Important || v.Satisfaction != graph.Given(90) || len(next.Links) != len(s.Links) {
		t.Errorf("merged: %+v", *v)
	}
	for _, f := range next.LinkFacts(l) {
		if f.Field == "criticality" && (f.Value != "important" || len(f.Stated) != 3 || f.Stated[0].Source != "edits" || f.Stated[2].From.Row != 2 || !f.Differs()) {
			t.Errorf("%+v", f)
		}
	}
	if cs = next.ForgetLink(l); len(cs.Links) != 1 || cs.Links[0].New != nil {
		t.Errorf("%+v", cs)
	}
	if cs, err = s.CorrectLink(l, graph.Correction{Field: "criticality", Value: "critical"}); err != nil || !cs.Empty() {
		t.Errorf("what counts already: %+v, %v", cs, err)
	}
}

func TestCorrectionsThatCannotBe(t *testing.T) {
	s := graph.NewSnapshot(edited())
	node := func(ref string) func(field, value string) error {
		return func(field, value string) error {
			v, err := s.Lookup(ref)
			if err != nil {
				return err
			}
			_, err = s.CorrectNode(v, graph.Correction{Field: field, Value: value})
			return err
		}
	}
	link := func(field, value string) error {
		_, err := s.CorrectLink(0, graph.Correction{Field: field, Value: value})
		return err
	}
	for _, c := range []struct {
		of                 func(field, value string) error
		field, value, want string
	}{
		{node("Payroll"), "capacity", "ten", "capacity: “ten” is no number: write digits, such as 12 or 12.5"},
		{node("Payroll"), "capacity", "0x10", "is no number"},
		{node("Payroll"), "capacity", "NaN", "is no number"},
		{node("Payroll"), "capacity", "1e400", "is no number"},
		{node("Payroll"), "capacity", "-1", "capacity: “-1”: it must be 0 or more"},
		{node("Payroll"), "min_staff", "1.5", "must be a whole number"},
		{node("Payroll"), "kind", "robot", "write one of team, person, supplier, resource, customer or unit"},
		{node("Payroll"), "kind", "unit", "cannot turn from team into unit"},
		{node("Payroll"), "unit", "Finanse", "Did you mean Finance?"},
		{node("Payroll"), "unit", "Eve", "there is no “Eve”"},
		{node("Payroll"), "colour", "red", "there is no field “colour”: correct one of name, kind"},
		{node("Eve"), "team", "Payroll|Nobody", "there is no “Nobody”"},
		{link, "satisfaction", "101", "must be 100 at most"},
		{link, "criticality", "high", "write one of minor, important or critical"},
		{link, "confirmed_on", "2.11.2026", "write it as 2026-11-02"},
		{link, "confirmed_on", "2026-02-30", "is no date"},
		{link, "service", "x", "is another link"},
		{link, "min_providers", "0", "must be 1 or more"},
	} {
		if err := c.of(c.field, c.value); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s=%s: %v, not %q", c.field, c.value, err, c.want)
		}
	}
}

func TestAddingNodesAndLinks(t *testing.T) {
	o := edited()
	s := graph.NewSnapshot(o)
	add := func(cs *graph.ChangeSet, err error) {
		t.Helper()
		if err == nil {
			o, err = o.Apply(cs)
		}
		if err != nil {
			t.Fatal(err)
		}
		s = graph.NewSnapshot(o)
	}
	add(s.AddNode("Harbour", graph.Correction{Field: "kind", Value: "resource"}, graph.Correction{Field: "capacity", Value: "5"}))
	add(s.AddNode("Fuel desk", graph.Correction{Field: "kind", Value: "supplier"})) // was only referred to
	add(s.AddLink(s.ByID("harbour"), s.ByID("T1"), " Berths ", graph.Correction{Field: "criticality", Value: "minor"}))
	h, f := s.ByID("harbour"), s.ByID("fuel-desk")
	if h < 0 || s.Nodes[h].Kind != graph.Resource || s.Nodes[h].Capacity != graph.Given(5) || s.Nodes[f].Placeholder || s.Nodes[f].Kind != graph.Supplier {
		t.Fatalf("%+v", s.Nodes)
	}
	l := s.FindLink(h, s.ByID("T1"), "berths")
	if l < 0 || s.Links[l].Values.Criticality != graph.Minor {
		t.Fatalf("link %d", l)
	}
	for _, c := range []struct {
		err  error
		want string
	}{
		{second(s.AddNode("payroll")), "there is a team “Payroll” (id T1) already"},
		{second(s.AddNode(" ")), "name: say what it is called"},
		{second(s.AddLink(h, h, "")), "“Harbour” cannot serve itself"},
		{second(s.AddLink(h, f, "Members")), "is reserved"},
		{second(s.AddLink(h, s.ByID("T1"), "BERTHS")), "“Harbour” serves “Payroll” with “BERTHS” already"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("%v, not %q", c.err, c.want)
		}
	}
	add(s.CorrectNode(h, graph.Correction{Field: "name", Value: "Port"}))
	if v := s.ByID("harbour"); v < 0 || s.Nodes[v].Name != "Port" || s.FindLink(v, s.ByID("T1"), "Berths") < 0 {
		t.Fatalf("renamed: %+v", s.Nodes)
	}
	add(s.ForgetLink(s.FindLink(s.ByID("harbour"), s.ByID("T1"), "Berths")), nil)
	add(s.ForgetNode(s.ByID("harbour")), nil)
	if s.ByID("harbour") >= 0 || len(o.Source(graph.EditsSource).Links) > 0 {
		t.Errorf("not forgotten: %+v", s.Nodes)
	}
}

func second[T any](_ T, err error) error { return err }

func TestRerank(t *testing.T) {
	o := edited()
	if v := graph.NewSnapshot(o).Nodes[graph.NewSnapshot(o).ByID("T1")].Capacity; v != graph.Given(10) {
		t.Fatal(v)
	}
	o.Sources = append(o.Sources, &graph.Source{Name: graph.EditsSource, Rank: 2})
	graph.SortSources(o.Sources)
	cs, err := graph.Rerank(o, "it")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]graph.SourceChange{{Name: "hr", Old: 1, New: 2}, {Name: "it", Old: 2, New: 1}}, cs.Sources); d != "" {
		t.Fatal(d)
	}
	after, err := o.Apply(cs)
	if err != nil {
		t.Fatal(err)
	}
	s := graph.NewSnapshot(after)
	if v := s.Nodes[s.ByID("T1")].Capacity; v != graph.Given(12) {
		t.Errorf("%v counts after the change of rank", v)
	}
	var names []string
	for _, src := range after.Ranked() {
		names = append(names, src.Name)
	}
	if fmt.Sprint(names) != "[it hr ops]" {
		t.Error(names)
	}
	if cs, err := graph.Rerank(after, "it", "hr"); err != nil || !cs.Empty() {
		t.Errorf("where it is: %+v, %v", cs, err)
	}
	var unknown *graph.UnknownError
	if _, err := graph.Rerank(o, "opps"); !errors.As(err, &unknown) || fmt.Sprint(unknown.Nearest) != "[ops]" {
		t.Error(err)
	}
	for _, bad := range []error{second(graph.Rerank(o, "edits")), second(graph.Rerank(o, "it", "it"))} {
		var e *graph.CorrectionError
		if !errors.As(bad, &e) {
			t.Error(bad)
		}
	}
}

// Whatever is corrected in whatever organisation counts afterwards, and nothing else about what there is changes.
func TestCorrectionsCount(t *testing.T) {
	tried := 0
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 3))
		o := &graph.Org{}
		for i := range 2 + r.IntN(2) {
			s := randomSource(r)
			s.Rank = i + 1
			if o.Source(s.Name) == nil {
				o.Sources = append(o.Sources, s)
			}
		}
		graph.SortSources(o.Sources)
		s := graph.NewSnapshot(o)
		for v := range s.Nodes {
			tried++
			after, _ := correctNode(t, o, s.Nodes[v].ID, graph.Correction{Field: "contact", Value: "z"}, graph.Correction{Field: "min_staff", Value: "2"})
			next := graph.NewSnapshot(after)
			if len(next.Nodes) != len(s.Nodes) || len(next.Links) != len(s.Links) || next.Nodes[v].Contact != "z" || next.Nodes[v].MinStaff != graph.Given(2) {
				t.Fatalf("seed %d, node %s: %+v", seed, s.Nodes[v].ID, next.Nodes)
			}
			for w := range s.Nodes {
				if s.Nodes[w].ID != next.Nodes[w].ID || s.Nodes[w].Name != next.Nodes[w].Name || s.Nodes[w].Kind != next.Nodes[w].Kind {
					t.Fatalf("seed %d, node %s: %+v became %+v", seed, s.Nodes[v].ID, s.Nodes[w], next.Nodes[w])
				}
			}
		}
		for v := range s.Nodes {
			if s.Nodes[v].Kind == graph.Unit {
				continue
			}
			after, _ := correctNode(t, o, s.Nodes[v].ID, graph.Correction{Field: "name", Value: "Zed"})
			next := graph.NewSnapshot(after)
			if len(next.Nodes) != len(s.Nodes) || next.Nodes[v].ID != s.Nodes[v].ID || next.Nodes[v].Name != "Zed" || len(next.Links) != len(s.Links) {
				t.Fatalf("seed %d: renaming %s makes of\n%+v\n%+v", seed, s.Nodes[v].ID, s.Nodes, next.Nodes)
			}
		}
		for l := range s.Links {
			tried++
			cs, err := s.CorrectLink(int32(l), graph.Correction{Field: "volume", Value: "7"})
			if err != nil {
				t.Fatal(err)
			}
			after, err := o.Apply(cs)
			if err != nil {
				t.Fatal(err)
			}
			next := graph.NewSnapshot(after)
			if len(next.Nodes) != len(s.Nodes) || len(next.Links) != len(s.Links) || next.Links[l].Values.Volume != graph.Given(7) {
				t.Fatalf("seed %d, link %d: %+v", seed, l, next.Links)
			}
		}
	}
	if tried < 500 {
		t.Errorf("%d tries prove little", tried)
	}
}

// Corrections stand by themselves: the first may be undone when there are more, and what is gone is gone with its source.
func TestUndoingCorrections(t *testing.T) {
	st, record := openStore(t), graph.VersionRecord{By: "Ann"}
	in := edited()
	in.Version = 0
	if _, _, err := graph.Commit(t.Context(), st, in, record, nil); err != nil {
		t.Fatal(err)
	}
	capacity := func(ref, value string) int64 {
		t.Helper()
		_, version, err := graph.Change(t.Context(), st, record, nil, func(s *graph.Snapshot) (*graph.ChangeSet, error) {
			v, err := s.Lookup(ref)
			if err != nil {
				return nil, err
			}
			return s.CorrectNode(v, graph.Correction{Field: "capacity", Value: value})
		})
		if err != nil {
			t.Fatal(err)
		}
		return version
	}
	states := func(want string) {
		t.Helper()
		o, err := st.Load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got := "no source"
		if e := o.Source(graph.EditsSource); e != nil {
			got = ""
			for _, r := range e.Nodes {
				got += r.ID + r.Name + r.Capacity.String() + " "
			}
		}
		if got != want {
			t.Errorf("edits states %q, not %q", got, want)
		}
	}
	first, second := capacity("Payroll", "1"), capacity("Eve", "2")
	if again := capacity("Eve", "2"); first != 2 || second != 3 || again != 3 {
		t.Fatalf("versions %d, %d, %d", first, second, again)
	}
	states("T11 eve2 ")
	undo := func(n int64) {
		t.Helper()
		if _, _, err := graph.Undo(t.Context(), st, n, record, nil); err != nil {
			t.Fatal(err)
		}
	}
	undo(2)
	states("eve2 ")
	undo(4)
	states("T11 eve2 ")
	capacity("Eve", "3")
	var later *graph.LaterChangesError
	if _, _, err := graph.Undo(t.Context(), st, 3, record, nil); !errors.As(err, &later) || len(later.Later) != 1 || !strings.Contains(later.Later[0], "version 6 changed “eve”") {
		t.Fatalf("%v", err)
	}
	undo(6)
	undo(3)
	undo(2)
	states("no source")
	history, err := st.History(t.Context())
	if err != nil || history[len(history)-2].By != "Ann" || fmt.Sprint(history[len(history)-2].Sources) != "[edits]" || history[len(history)-2].Changed != 1 {
		t.Errorf("%+v, %v", history, err)
	}
}
