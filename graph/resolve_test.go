package graph

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// providers writes who provides each link, in the order of the links.
func providers(s *Snapshot) []string {
	var out []string
	for _, l := range s.Links {
		out = append(out, s.Nodes[l.Provider].ID)
	}
	return out
}

func TestRowsWithoutIdBelongToWhatHasTheirName(t *testing.T) {
	s := NewSnapshot(&Org{Sources: []*Source{
		ranked(1, NewSource("a", []*NodeRecord{{ID: "P1", Name: "Payroll"}}, nil)),
		ranked(2, NewSource("b", []*NodeRecord{{Name: "payroll", Aliases: []string{"Wages"}, Contact: "x"}},
			[]*LinkRecord{{Provider: "Wages", Consumer: "c"}})),
		// Without any id it is the same: HR is how b calls Human Resources.
		ranked(3, NewSource("c", []*NodeRecord{{Name: "HR", Capacity: Given(5)}}, []*LinkRecord{{Provider: "hr", Consumer: "c"}})),
		ranked(4, NewSource("d", []*NodeRecord{{Name: "Human Resources", Aliases: []string{"HR"}}}, nil)),
		// Two own the alias: the name stays one of its own.
		ranked(5, NewSource("e", []*NodeRecord{{Name: "Ops"}, {Name: "Ops North", Aliases: []string{"Ops"}}, {Name: "Ops South", Aliases: []string{"Ops"}}},
			[]*LinkRecord{{Provider: "Ops", Consumer: "c"}})),
		// Each is called like the next.
		ranked(6, NewSource("f", []*NodeRecord{{Name: "x", Aliases: []string{"y"}}, {Name: "y", Aliases: []string{"z"}}, {Name: "z", Aliases: []string{"x"}}}, nil)),
	}})
	var got []string
	for _, n := range s.Nodes {
		got = append(got, n.ID)
	}
	if d := cmp.Diff([]string{"P1", "c", "human-resources", "ops", "ops-north", "ops-south", "z"}, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"P1", "human-resources", "ops"}, providers(s)); d != "" {
		t.Error(d)
	}
	if n := node(s, "human-resources"); n.Capacity != Given(5) || node(s, "P1").Contact != "x" {
		t.Errorf("the rows are not together: %+v", n)
	}
	if i, err := s.Lookup("hr"); err != nil || s.Nodes[i].ID != "human-resources" {
		t.Errorf("hr leads to %d, %v", i, err)
	}
}

func TestSitesDoNotStandInTheWay(t *testing.T) {
	s := NewSnapshot(org([]*NodeRecord{
		{ID: "T1", Name: "Dallas"}, {ID: "ops", Sites: []string{"Dallas"}}, {ID: "crew", Sites: []string{"dallas", "Hangar"}},
		{ID: "Hangar", Name: "Hangar team"}, {ID: "R1", Name: "hangar", Kind: Resource},
		{ID: "R2", Name: "Depot", Kind: Resource}, {ID: "R3", Name: "Depot", Kind: Resource}, {ID: "x", Sites: []string{"Depot"}, From: at(9)}, {ID: "c", Kind: Customer},
	}, []*LinkRecord{{Provider: "Dallas", Consumer: "ops"}}))
	if d := cmp.Diff([]string{"T1"}, providers(s)); d != "" {
		t.Error("a team of that name is described: ", d)
	}
	if got := ids(s, node(s, "crew").Sites); !slices.Equal(got, []string{"R1", "dallas"}) {
		t.Errorf("crew is at %v", got)
	}
	want := []string{"warning: links.csv, row 9, column site: “Depot” can mean “Depot” (id R2) or “Depot” (id R3); the cell does not count until you give the id"}
	if d := cmp.Diff(want, messages(s.Problems)); d != "" {
		t.Error(d)
	}
	if i, err := s.Lookup("Dallas"); err != nil || s.Nodes[i].ID != "T1" {
		t.Errorf("Dallas leads to %d, %v", i, err)
	}
	g, err := s.Group("site:Dallas")
	if d := cmp.Diff([]string{"crew", "dallas", "ops"}, ids(s, g)); d != "" || err != nil {
		t.Error(d, err)
	}
}

func TestBlankRows(t *testing.T) {
	s := NewSnapshot(org([]*NodeRecord{{From: at(2)}, {Name: " \t", Kind: Unit, From: at(3)}, {ID: "a", Unit: " ", Manager: " ", Teams: []string{"", " "}, Sites: []string{" "}}},
		[]*LinkRecord{{From: at(4)}, {Provider: "a", Consumer: " ", From: at(5)}, {Provider: "\u00a0", Consumer: "a", From: at(6)}}))
	want := []string{
		"error: links.csv, row 2, column name: the row has neither id nor name: give one",
		"error: links.csv, row 3, column name: the row has neither id nor name: give one",
		"error: links.csv, row 4, column consumer: the row names no consumer: say who is served",
		"error: links.csv, row 4, column provider: the row names no provider: say who serves",
		"error: links.csv, row 5, column consumer: the row names no consumer: say who is served",
		"error: links.csv, row 6, column provider: the row names no provider: say who serves",
	}
	if d := cmp.Diff(want, messages(s.Problems)); d != "" {
		t.Error(d)
	}
	if len(s.Nodes) != 1 || len(s.Links) != 0 {
		t.Errorf("%d nodes, %d links", len(s.Nodes), len(s.Links))
	}
}

func TestManyOfOneName(t *testing.T) {
	var nodes []*NodeRecord
	for i := range 30_000 {
		nodes = append(nodes, &NodeRecord{ID: fmt.Sprintf("p%05d", i), Name: "Vacant", Kind: Person})
	}
	for range 10 {
		nodes = append(nodes, &NodeRecord{Name: "vacant"})
	}
	s := NewSnapshot(org(nodes, []*LinkRecord{{Provider: "VACANT", Consumer: "c", From: at(2)}}))
	if len(s.Problems) != 12 { // the placeholder c as well
		t.Fatalf("%d problems", len(s.Problems))
	}
	for _, p := range s.Problems {
		if len(p.Message) > 300 {
			t.Errorf("a message of %d bytes: %.100s", len(p.Message), p.Message)
		}
	}
	if got := s.Problems[0].Message; !strings.Contains(got, "“Vacant” (id p00000)") || !strings.Contains(got, "29995 more") {
		t.Error(got)
	}
}

func TestUnitThatLosesItsIdKeepsItAsAlias(t *testing.T) {
	o := org([]*NodeRecord{{ID: "F", Name: "Fuel team"}, {ID: "F", Name: "Fuel department", Kind: Unit}, {ID: "a", Unit: "F"}}, nil)
	s := NewSnapshot(o)
	if u := s.Nodes[node(s, "a").Unit]; u.ID != "unit-F" {
		t.Errorf("a is in %s", u.ID)
	}
	if g, err := s.Group("unit:F"); err != nil || !slices.Equal(ids(s, g), []string{"a"}) {
		t.Errorf("unit:F gives %v, %v", ids(s, g), err)
	}
	p, err := NewPreview(o, org([]*NodeRecord{{ID: "F", Name: "Fuel team"}, {ID: "F", Name: "Fuel department", Kind: Unit, Contact: "boss"}, {ID: "a", Unit: "F"}}, nil))
	if want := []FieldChange{{EntityKey{Entity: "node", ID: "unit-F"}, "contact", "", "boss", "test"}}; err != nil || !slices.Equal(p.Effect.Changed, want) {
		t.Errorf("%+v, %v", p.Effect, err)
	}
}

func TestDisagreementAboutAUnitIsToldOnce(t *testing.T) {
	s := NewSnapshot(org([]*NodeRecord{{ID: "ops", Kind: Unit}, {ID: "a", Unit: "ops"}, {ID: "b", Unit: "ops"}, {ID: "c", Unit: "ops"}, {ID: "p"}, {ID: "q"}},
		[]*LinkRecord{
			{Provider: "p", Consumer: "ops", Service: "mail", Criticality: Minor, From: at(2)},
			{Provider: "q", Consumer: "ops", Service: "mail", Criticality: Important, From: at(3)},
			{Provider: "q", Consumer: "c", Service: "mail", Criticality: Critical, From: at(4)},
		}))
	if n := len(s.Problems); n != 2 {
		t.Errorf("%d problems: %v", n, messages(s.Problems))
	}
}

// A blank beside a value is not assumed: the value is that of the need.
func TestAssumed(t *testing.T) {
	s := NewSnapshot(org([]*NodeRecord{{ID: "x", Kind: Customer}, {ID: "p", Capacity: Given(1)}, {ID: "q", RecoveryHours: Given(1)}}, []*LinkRecord{
		{Provider: "p", Consumer: "x", Service: "Fuel", Criticality: Minor},
		{Provider: "q", Consumer: "x", Service: "Fuel", Tolerance: Given(1)},
		{Provider: "q", Consumer: "x", Service: "Mail"},
	}))
	if want := (Assumed{Criticality: 1, Tolerance: 1, RecoveryHours: 1, Capacity: 1}); s.Assumed != want {
		t.Errorf("%+v, want %+v", s.Assumed, want)
	}
}

// Records are shared by snapshots that are made at the same moment: run this with -race.
func TestSnapshotsLeaveRecordsAlone(t *testing.T) {
	attrs := []Attr{{"z", "1"}, {"a", "2"}}
	o := &Org{Sources: []*Source{
		ranked(1, NewSource("a", []*NodeRecord{{ID: "p", Attrs: attrs}}, []*LinkRecord{{Provider: "p", Consumer: "c", Attrs: attrs}})),
		ranked(2, NewSource("b", []*NodeRecord{{ID: "p"}}, []*LinkRecord{{Provider: "p", Consumer: "c"}})),
	}}
	s := NewSnapshot(o)
	if attrs[0].Name != "z" {
		t.Error("a record was changed")
	}
	if got := s.Links[0].Values.Attrs; got[0].Name != "a" {
		t.Errorf("not sorted: %v", got)
	}
}

// Which source came first decides whose value counts, never who is who.
func TestRanksDoNotDecideWhoIsWho(t *testing.T) {
	who := func(s *Snapshot) (out []string) {
		for _, n := range s.Nodes {
			out = append(out, n.ID)
		}
		for i := range s.Links {
			k := s.LinkKey(int32(i))
			out = append(out, fmt.Sprintf("%s → %s: %s", k.Provider, k.Consumer, Fold(k.Service)))
		}
		return out
	}
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 5))
		var sources []*Source
		for i := range 4 {
			nodes, links := randomRecords(r)
			for _, n := range nodes {
				if n.Kind != Unit {
					n.Kind = NoKind
				}
				n.Unit, n.Sites, n.Teams, n.Manager = "", nil, nil, "" // of these the first source's count
				n.From.File = fmt.Sprintf("nodes %d.csv", i)
			}
			for _, l := range links {
				l.From.File = fmt.Sprintf("links %d.csv", i)
			}
			sources = append(sources, NewSource(fmt.Sprint("source ", i), nodes, links))
		}
		var want []string
		for range 4 {
			r.Shuffle(len(sources), func(i, j int) { sources[i], sources[j] = sources[j], sources[i] })
			o := &Org{}
			for i, s := range sources {
				o.Sources = append(o.Sources, ranked(i+1, &Source{Name: s.Name, Nodes: s.Nodes, Links: s.Links}))
			}
			got := who(NewSnapshot(o))
			if want == nil {
				want = got
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Fatalf("seed %d: %s", seed, d)
			}
		}
	}
}
