package graph

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// org makes an Org of one source.
func org(nodes []*NodeRecord, links []*LinkRecord) *Org {
	return &Org{Sources: []*Source{ranked(1, NewSource("test", nodes, links))}}
}

func ranked(rank int, s *Source) *Source {
	s.Rank = rank
	return s
}

// ids writes nodes as their ids.
func ids(s *Snapshot, xs []int32) []string {
	out := []string{}
	for _, x := range xs {
		out = append(out, s.Nodes[x].ID)
	}
	return out
}

// describe writes needs as lines: "consumer/service critical 1 of a,b".
func describe(s *Snapshot) []string {
	var out []string
	for _, n := range s.Needs {
		unmet := ""
		if n.Unmet {
			unmet = fmt.Sprintf(" unmet (%d)", n.MinProviders)
		}
		out = append(out, fmt.Sprintf("%s/%s %s %gh %d of %s%s", s.Nodes[n.Consumer].ID, n.Service, n.Criticality, n.Tolerance, n.K,
			strings.Join(ids(s, n.Providers), ","), unmet))
	}
	return out
}

func messages(ps []Problem) []string {
	var out []string
	for _, p := range ps {
		out = append(out, p.Severity.String()+": "+p.String())
	}
	return out
}

func node(s *Snapshot, id string) *Node { return &s.Nodes[s.ByID(id)] }

func at(row int) Origin { return Origin{File: "links.csv", Row: row} }

func TestReferencesById(t *testing.T) {
	s := NewSnapshot(org([]*NodeRecord{
		{ID: "P1", Name: "Payroll", Aliases: []string{"Wages office"}},
		{ID: "Payroll", Name: "Something else"}, // an id beats a name
		{ID: "F", Name: "Fuel", Kind: Supplier},
		{ID: "f", Name: "fuel desk"}, // ids are case-sensitive
	}, []*LinkRecord{
		{Provider: "Payroll", Consumer: "F", Service: "a"},
		{Provider: "wages OFFICE", Consumer: "f", Service: "b"},
		{Provider: "wages-office", Consumer: "FUEL", Service: "c"},
	}))
	want := []string{"F/c critical 0h 1 of P1", "F/a critical 0h 1 of Payroll", "f/b critical 0h 1 of P1"}
	got := describe(s)
	slices.Sort(got)
	slices.Sort(want)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if len(s.Problems) > 0 {
		t.Error(messages(s.Problems))
	}
}

func TestAmbiguousNamesAndPlaceholders(t *testing.T) {
	s := NewSnapshot(org([]*NodeRecord{
		{ID: "1", Name: "HR"}, {ID: "2", Name: "Hr"}, {ID: "3", Name: "Flight systems"},
	}, []*LinkRecord{
		{Provider: "hr", Consumer: "3", From: at(2)},            // both fold to hr
		{Provider: "HR", Consumer: "3", From: at(3)},            // exact
		{Provider: "Flight System", Consumer: "1", From: at(4)}, // nearly
		{Provider: "flight system", Consumer: "2", From: at(5)}, // the same placeholder
		{Provider: "3", Consumer: "3", From: at(6)},             // itself
	}))
	want := []string{
		"error: links.csv, row 2, column provider: “hr” can mean “HR” (id 1) or “Hr” (id 2); the row does not count until you give the id",
		"warning: links.csv, row 4, column provider: “Flight System” is described nowhere and taken as a team (here and in 1 more row). Did you mean “Flight systems”?",
		"warning: links.csv, row 6: “Flight systems” serves itself; the row is left out",
	}
	if d := cmp.Diff(want, messages(s.Problems)); d != "" {
		t.Error(d)
	}
	if len(s.Links) != 3 {
		t.Errorf("%d links, want 3", len(s.Links))
	}
	p := node(s, "flight-system")
	if !p.Placeholder || p.Kind != Team || p.Name != "Flight System" {
		t.Errorf("placeholder is %+v", p)
	}
}

func TestPlaceholderBecomesWhatIsDescribed(t *testing.T) {
	links := ranked(1, NewSource("links", nil, []*LinkRecord{{Provider: "Crew scheduling", Consumer: "Ops"}}))
	before := NewSnapshot(&Org{Sources: []*Source{links}})
	if before.ByID("crew-scheduling") < 0 {
		t.Fatal("no placeholder")
	}
	hr := ranked(2, NewSource("hr", []*NodeRecord{{ID: "T7", Name: "crew  Scheduling", Kind: Resource}, {ID: "ops", Name: "Operations"}}, nil))
	after := NewSnapshot(&Org{Sources: []*Source{links, hr}})
	// Ids are case-sensitive, and “Ops” is not a name of “ops”.
	if d := cmp.Diff([]string{"T7", "ops", "ops-b822999b"}, ids(after, []int32{0, 1, 2})); d != "" {
		t.Error(d)
	}
	i, err := after.Lookup("crew-scheduling")
	if err != nil || after.Nodes[i].ID != "T7" || after.Nodes[i].Kind != Resource {
		t.Errorf("the old id leads to %v, %v", i, err)
	}
}

func TestUnitsAndNodesShareOneIdSpace(t *testing.T) {
	s := NewSnapshot(org([]*NodeRecord{
		{Name: "Finance", Unit: "Finance"}, {Name: "Payroll", Unit: "Finance"},
		{Name: "Finance", Kind: Unit, Unit: "Head office", From: Origin{File: "units.csv", Row: 2}},
		{Name: "Customer A", Kind: Customer},
	}, []*LinkRecord{
		{Provider: "Finance", Consumer: "Customer A", Service: "bills"},     // the team
		{Provider: "unit-finance", Consumer: "Customer A", Service: "news"}, // the unit
		{Provider: "Head office", Consumer: "Customer A", Service: "control"},
	}))
	if u := node(s, "unit-finance"); u.Kind != Unit || s.Nodes[u.Unit].Name != "Head office" {
		t.Errorf("unit is %+v", u)
	}
	if got := s.Nodes[node(s, "payroll").Unit].ID; got != "unit-finance" {
		t.Errorf("payroll is in %s", got)
	}
	if d := cmp.Diff([]string{"finance", "payroll"}, ids(s, s.TeamsOf(s.ByID("head-office")))); d != "" {
		t.Error(d)
	}
}

func TestUnitsAsConsumersAndProviders(t *testing.T) {
	s := NewSnapshot(org([]*NodeRecord{
		{Name: "a", Unit: "ops"}, {Name: "b", Unit: "desk"}, {Name: "desk", Kind: Unit, Unit: "ops"}, {Name: "empty", Kind: Unit},
		{Name: "c", Kind: Customer},
	}, []*LinkRecord{
		{Provider: "it", Consumer: "ops", Service: "mail"},
		{Provider: "a", Consumer: "ops", Service: "keys"}, // less a need on the team itself
		{Provider: "ops", Consumer: "c", Service: "flights"},
		{Provider: "empty", Consumer: "c", Service: "air"}, // a unit without teams is a node like a team
	}))
	want := []string{
		"a/mail critical 0h 1 of it",
		"b/keys critical 0h 1 of a",
		"b/mail critical 0h 1 of it",
		"c/air critical 0h 1 of empty",
		"c/flights critical 0h 1 of ops",
		"ops/teams critical 0h 1 of a,b",
	}
	if d := cmp.Diff(want, describe(s)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"a", "b", "empty"}, ids(s, s.ServedBy(s.ByID("c")))); d != "" {
		t.Error("pairs run from the unit's teams: ", d)
	}
	if node(s, "ops").CanFail || !node(s, "empty").CanFail || node(s, "c").CanFail {
		t.Error("boxes and customers cannot fail, a unit without teams can")
	}
}

func TestNeedsMergeRows(t *testing.T) {
	s := NewSnapshot(org([]*NodeRecord{{ID: "x", Kind: Customer}, {ID: "p"}, {ID: "q"}}, []*LinkRecord{
		{Provider: "p", Consumer: "x", Service: "Fuel", Criticality: Minor, Tolerance: Given(4), From: at(2)},
		{Provider: "q", Consumer: "x", Service: " fuel", MinProviders: Given(2), From: at(3)},
		{Provider: "q", Consumer: "x", Service: "FUEL", Criticality: Important, Tolerance: Given(2), MinProviders: Given(3), From: at(4)},
		{Provider: "p", Consumer: "x", From: at(5)}, // no service: each a need of its own
		{Provider: "q", Consumer: "x", From: at(6)},
		{Provider: "p", Consumer: "x", Criticality: Minor, From: at(7)}, // a blank beside minor gives minor
	}))
	want := []string{
		"x/ minor 0h 1 of p",
		"x/ critical 0h 1 of q",
		"x/Fuel important 2h 2 of p,q unmet (3)",
	}
	if d := cmp.Diff(want, describe(s)); d != "" {
		t.Error(d)
	}
	if len(s.Links) != 4 {
		t.Errorf("%d links, want 4", len(s.Links))
	}
	if got := strings.Join(messages(s.Problems), "\n"); strings.Count(got, "rows disagree") != 3 {
		t.Errorf("problems:\n%s", got)
	}
}

func TestSitesMembersAndWhoCanFail(t *testing.T) {
	s := NewSnapshot(org([]*NodeRecord{
		{ID: "ops", Sites: []string{"Dallas", "Hangar 2"}}, {ID: "Hangar 2", Kind: Resource, CanFail: No}, {ID: "dallas", Name: "The Dallas team"},
		{ID: "c", Kind: Customer, Sites: []string{"Dallas"}},
		{ID: "ann", Kind: Person, Teams: []string{"ops"}}, {ID: "bo", Kind: Person, Teams: []string{"ops", "desk"}},
		{ID: "cy", Kind: Person, Teams: []string{"big"}}, {ID: "di", Kind: Person, Teams: []string{"crew"}},
		{ID: "ops", MinStaff: Given(2)}, {ID: "desk"}, {ID: "big", Headcount: Given(5)}, {ID: "crew", MinStaff: Given(0)},
	}, []*LinkRecord{{Provider: "ops", Consumer: "c"}}))
	want := []string{
		"c/ critical 0h 1 of ops",
		"desk/members critical 0h 1 of bo",
		"ops/site Dallas critical 0h 1 of site-dallas",
		"ops/site Hangar 2 critical 0h 1 of Hangar 2",
		"ops/members critical 0h 2 of ann,bo",
	}
	got := describe(s)
	slices.Sort(got)
	slices.Sort(want)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if node(s, "Hangar 2").CanFail || !node(s, "site-dallas").CanFail {
		t.Error("can_fail is not kept")
	}
}

func TestStandIns(t *testing.T) {
	s := NewSnapshot(org([]*NodeRecord{{ID: "alone"}}, []*LinkRecord{{Provider: "a", Consumer: "b"}, {Provider: "b", Consumer: "c"}}))
	if d := cmp.Diff([]string{"c"}, ids(s, s.Customers)); d != "" || !s.StandIn || node(s, "c").CanFail {
		t.Error(s.StandIn, d)
	}
}

func TestSourcesOverOneLink(t *testing.T) {
	link := func(source string, rank int, r LinkRecord) *Source {
		r.Provider, r.Consumer, r.Service, r.From = "p", "x", "s", Origin{File: source + ".csv", Row: 2}
		return ranked(rank, NewSource(source, nil, []*LinkRecord{&r}))
	}
	a := link("a", 1, LinkRecord{Criticality: Minor, Tolerance: Given(8), Channel: "phone", Satisfaction: Given(40)})
	b := link("b", 2, LinkRecord{Criticality: Important, Tolerance: Given(24), Channel: "mail", Agreement: "OLA 7", Satisfaction: Given(80)})
	edits := link(EditsSource, 9, LinkRecord{Criticality: Minor, Tolerance: Given(48)})
	for _, sources := range [][]*Source{{a, b}, {b, a}} {
		o := &Org{Sources: slices.Clone(sources)}
		SortSources(o.Sources)
		s := NewSnapshot(o)
		v := s.Links[0].Values
		if v.Criticality != Important || v.Tolerance != Given(8) || v.Channel != "phone" || v.Agreement != "OLA 7" || v.Satisfaction != Given(60) || s.Links[0].Rated != 2 {
			t.Errorf("merged to %+v", v)
		}
		if len(s.Differences) != 4 {
			t.Errorf("differences %+v", s.Differences)
		}
	}
	o := &Org{Sources: []*Source{a, b, edits}}
	SortSources(o.Sources)
	if v := NewSnapshot(o).Links[0].Values; v.Criticality != Minor || v.Tolerance != Given(48) || v.Channel != "phone" {
		t.Errorf("corrections do not win: %+v", v)
	}
}

// A link is confirmed when it was last confirmed, whoever did it, and two who say the same do not differ for being two.
func TestLastConfirmation(t *testing.T) {
	link := func(source string, rank int, by, on string) *Source {
		return ranked(rank, NewSource(source, nil, []*LinkRecord{{Provider: "p", Consumer: "x", DeclaredBy: by, ConfirmedOn: on}}))
	}
	old, new, blank := link("a", 1, "p", "2023-09-18"), link("b", 2, "x", "2026-11-22"), link("c", 3, "", "")
	for _, c := range []struct {
		sources []*Source
		want    string
	}{{[]*Source{old, new, blank}, "2026-11-22"}, {[]*Source{new, old}, "2026-11-22"}, {[]*Source{link(EditsSource, 9, "", "2024-01-01"), old, new}, "2024-01-01"}} {
		s := NewSnapshot(&Org{Sources: c.sources})
		if got := s.Links[0].Values.ConfirmedOn; got != c.want || len(s.Differences) > 0 {
			t.Errorf("confirmed on %s, want %s; differences %+v", got, c.want, s.Differences)
		}
	}
}

func TestUnitLoops(t *testing.T) {
	s := NewSnapshot(org([]*NodeRecord{
		{ID: "a", Kind: Unit, Unit: "b"}, {ID: "b", Kind: Unit, Unit: "c"}, {ID: "c", Kind: Unit, Unit: "a"},
		{ID: "d", Kind: Unit, Unit: "a"}, {ID: "e", Kind: Unit, Unit: "e"}, {ID: "t", Unit: "d"},
	}, nil))
	if d := cmp.Diff([]string{"t"}, ids(s, s.TeamsOf(s.ByID("a")))); d != "" {
		t.Error(d)
	}
	if n := len(s.Problems); n != 2 {
		t.Error(messages(s.Problems))
	}
	if s.TopUnit(s.ByID("t")) < 0 {
		t.Error("no outermost unit")
	}
}

func TestNamesThatMakeOneSlugStayApart(t *testing.T) {
	s := NewSnapshot(org([]*NodeRecord{{Name: "C# team"}, {Name: "C++ team"}, {Name: "🚀"}}, nil))
	if len(s.Nodes) != 3 {
		t.Fatal(ids(s, []int32{0, 1}))
	}
	for _, name := range []string{"C# team", "C++ team", "🚀"} {
		if i, err := s.Lookup(name); err != nil || s.Nodes[i].Name != name {
			t.Errorf("%s: %v, %v", name, i, err)
		}
	}
}

func TestGroups(t *testing.T) {
	s := NewSnapshot(org([]*NodeRecord{
		{ID: "a", Unit: "Ops", Sites: []string{"Dallas"}}, {ID: "b", Unit: "desk", Tags: []string{"Night shift"}}, {ID: "desk", Kind: Unit, Unit: "Ops"},
		{ID: "c", Kind: Customer, Unit: "Ops", Tags: []string{"night shift"}},
	}, nil))
	for ref, want := range map[string][]string{
		"unit:ops": {"a", "b"}, "site:dallas": {"a", "dallas"}, "tag:night shift": {"b"}, "a": {"a"},
	} {
		g, err := s.Group(ref)
		if d := cmp.Diff(want, ids(s, g)); d != "" || err != nil {
			t.Errorf("%s: %v %s", ref, err, d)
		}
	}
	for _, ref := range []string{"unit:nobody", "site:x", "tag:", "zzz"} {
		if g, err := s.Group(ref); err == nil {
			t.Errorf("%s gives %v", ref, g)
		}
	}
}

// fingerprint writes all that a snapshot says, but not how rows of a thing are numbered.
func fingerprint(s *Snapshot) string {
	var b strings.Builder
	for _, n := range s.Nodes {
		n.Stated = nil
		fmt.Fprintf(&b, "%+v\n", n)
	}
	for _, l := range s.Links {
		v := *l.Values
		v.Nth = 0
		fmt.Fprintf(&b, "%d %d %s %+v %d\n", l.Provider, l.Consumer, l.Service, v, l.Rated)
	}
	for _, n := range s.Needs {
		fmt.Fprintf(&b, "%+v\n", n)
	}
	fmt.Fprintf(&b, "%v %v %+v\n%s", s.Customers, s.StandIn, s.Assumed, strings.Join(messages(s.Problems), "\n"))
	return b.String()
}

// randomRecords makes rows that refer to one another in many spellings.
func randomRecords(r *rand.Rand) ([]*NodeRecord, []*LinkRecord) {
	names := []string{"Payroll", "payroll", "PAYROLL ", "Crew", "crew", "P1", "Ops", "ops", "Fuel", "fuel-desk", "Fuel desk", "HR", "Dallas", "unit-ops"}
	pick := func() string { return names[r.IntN(len(names))] }
	kinds := []Kind{NoKind, Team, Person, Supplier, Resource, Customer, Unit}
	num := func() Number {
		if r.IntN(2) == 0 {
			return Number{}
		}
		return Given(float64(r.IntN(5)))
	}
	var nodes []*NodeRecord
	for i := range r.IntN(12) {
		n := &NodeRecord{Name: pick(), Kind: kinds[r.IntN(len(kinds))], Headcount: num(), MinStaff: num(), From: Origin{"nodes.csv", "", i + 2}}
		if r.IntN(3) == 0 {
			n.ID = pick()
		}
		if r.IntN(3) == 0 {
			n.Unit = pick()
		}
		if r.IntN(4) == 0 {
			n.Sites = []string{pick()}
		}
		if n.Kind == Person {
			n.Teams = []string{pick()}
			n.Manager = pick()
		}
		if r.IntN(5) == 0 {
			n.Aliases = []string{pick()}
		}
		nodes = append(nodes, n)
	}
	var links []*LinkRecord
	for i := range r.IntN(25) {
		links = append(links, &LinkRecord{Provider: pick(), Consumer: pick(), Service: []string{"", "a", "A", "b"}[r.IntN(4)],
			Criticality: Criticality(r.IntN(4)), MinProviders: num(), Tolerance: num(), Volume: num(), From: Origin{"links.csv", "", i + 2}})
	}
	return nodes, links
}

func TestOrderOfRowsNeverMatters(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		nodes, links := randomRecords(r)
		clone := func() ([]*NodeRecord, []*LinkRecord) {
			var ns []*NodeRecord
			for _, n := range nodes {
				c := *n
				ns = append(ns, &c)
			}
			var ls []*LinkRecord
			for _, l := range links {
				c := *l
				ls = append(ls, &c)
			}
			r.Shuffle(len(ns), func(i, j int) { ns[i], ns[j] = ns[j], ns[i] })
			r.Shuffle(len(ls), func(i, j int) { ls[i], ls[j] = ls[j], ls[i] })
			return ns, ls
		}
		want := fingerprint(NewSnapshot(org(clone())))
		for range 3 {
			if got := fingerprint(NewSnapshot(org(clone()))); got != want {
				t.Fatalf("seed %d: %s", seed, cmp.Diff(want, got))
			}
		}
		// Nor does it matter which source was imported first, as long as the ranks are the same.
		n, l := clone()
		a, b := ranked(1, NewSource("nodes", n, nil)), ranked(2, NewSource("links", nil, l))
		one, two := &Org{Sources: []*Source{a, b}}, &Org{Sources: []*Source{b, a}}
		SortSources(two.Sources)
		if d := cmp.Diff(fingerprint(NewSnapshot(one)), fingerprint(NewSnapshot(two))); d != "" {
			t.Fatalf("seed %d: %s", seed, d)
		}
	}
}

func TestSnapshotIndexes(t *testing.T) {
	for seed := range uint64(200) {
		nodes, links := randomRecords(rand.New(rand.NewPCG(seed, 2)))
		s := NewSnapshot(org(nodes, links))
		if !slices.IsSortedFunc(s.Nodes, func(a, b Node) int { return strings.Compare(a.ID, b.ID) }) {
			t.Fatal("nodes are not sorted")
		}
		for i := 1; i < len(s.Nodes); i++ {
			if s.Nodes[i].ID == s.Nodes[i-1].ID {
				t.Fatalf("seed %d: two nodes have the id %s", seed, s.Nodes[i].ID)
			}
		}
		pairs := 0
		for x := range int32(len(s.Nodes)) {
			needs, from := s.NeedsOf(x)
			for i := range needs {
				n := &s.Needs[from+int32(i)]
				if n.Consumer != x || len(n.Providers) == 0 || n.K < 1 || int(n.K) > len(n.Providers) || slices.Contains(n.Providers, x) || !slices.IsSorted(n.Providers) {
					t.Fatalf("seed %d: need %+v of %d", seed, n, x)
				}
				for _, p := range n.Providers {
					if !slices.Contains(s.NeedsServed(p), from+int32(i)) {
						t.Fatalf("seed %d: need %d is not among those that %d serves", seed, i, p)
					}
				}
			}
			for _, c := range s.Served(x) {
				pairs++
				if !slices.Contains(s.ServedBy(c), x) || c == x {
					t.Fatalf("seed %d: pair %d → %d stands in one direction only", seed, x, c)
				}
			}
			if got, err := s.Lookup(s.Nodes[x].ID); err != nil || got != x {
				t.Fatalf("seed %d: %s is found as %d, %v", seed, s.Nodes[x].ID, got, err)
			}
		}
		if pairs != s.PairCount() {
			t.Fatalf("seed %d: %d pairs, PairCount says %d", seed, pairs, s.PairCount())
		}
	}
}

// Where nothing is described, nobody has slipped: what a sheet names is told at once, but for what looks like a slip.
func TestUndescribed(t *testing.T) {
	links := func(file string, ends ...string) *Source {
		var ls []*LinkRecord
		for i := 0; i < len(ends); i += 2 {
			ls = append(ls, &LinkRecord{Provider: ends[i], Consumer: ends[i+1], From: Origin{File: file, Row: 2 + i/2}})
		}
		return NewSource(file, nil, ls)
	}
	nodes := func(names ...string) *Source {
		var ns []*NodeRecord
		for _, n := range names {
			ns = append(ns, &NodeRecord{Name: n, Kind: Team})
		}
		return NewSource("nodes", ns, nil)
	}
	for name, c := range map[string]struct {
		sources []*Source
		want    []string
	}{
		"links alone": {[]*Source{links("a.csv", "Z", "M", "Z", "B", "Q", "M", "C", "D", "E", "F"), links("b.csv", "Z", "Y"), links("c.csv", "X", "W")}, []string{
			"warning: a.csv, row 2, column provider: “Z”, “M”, “B”, “Q”, “C” and 3 more are described nowhere, and each is taken as a team. Describe them in a nodes table, or correct the names",
			"warning: b.csv, row 2, column consumer: “Y” is described nowhere and taken as a team. Describe it in a nodes table, or correct the name",
			"warning: c.csv, row 2, column provider: “X” and “W” are described nowhere, and each is taken as a team. Describe them in a nodes table, or correct the names",
		}},
		"one is like a known one": {[]*Source{nodes("Payroll"), links("a.csv", "Payrol", "Kitchen", "Bar", "Kitchen")}, []string{
			"warning: a.csv, row 2, column provider: “Payrol” is described nowhere and taken as a team. Did you mean “Payroll”?",
			"warning: a.csv, row 2, column consumer: “Kitchen” and “Bar” are described nowhere, and each is taken as a team. Describe them in a nodes table, or correct the names",
		}},
		"most are known": {[]*Source{nodes("A", "B", "C"), links("a.csv", "Kitchen", "Bar")}, []string{
			"warning: a.csv, row 2, column consumer: “Bar” is described nowhere and taken as a team. Describe it in a nodes table, or correct the name",
			"warning: a.csv, row 2, column provider: “Kitchen” is described nowhere and taken as a team. Describe it in a nodes table, or correct the name",
		}},
	} {
		var got []string
		for _, p := range NewSnapshot(&Org{Sources: c.sources}).Problems {
			if strings.Contains(p.Message, "described nowhere") {
				got = append(got, fmt.Sprintf("%s: %s", p.Severity, p))
			}
		}
		slices.Sort(got)
		slices.Sort(c.want)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: told\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
}
