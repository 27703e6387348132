package graph

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWords(t *testing.T) {
	for name, want := range map[string]string{
		"Crew  Scheduling": "crew scheduling", "Müller & Söhne": "muller and sohne", "R&D": "r and d", "S.p.A.": "spa", "A/S": "as", "St. John's": "st johns",
		"C++ team": "c++ team", "C# team": "c# team", "Food + Drink": "food and drink", "Łódź-Øst": "lodz ost", "Ｆｕｅｌ": "fuel", "24/7 desk": "24 7 desk",
		"が": "が", "हिन्दी": "हिन्दी", "Йод": "йод", "Άλφα": "αλφα", "人事部": "人事部", "": "", "—": "", "B737-800": "b737 800", "Straße": "strasse",
	} {
		if got := strings.Join(Words(name), " "); got != want {
			t.Errorf("%q gives %q, want %q", name, got, want)
		}
	}
}

func TestCompanyForm(t *testing.T) {
	for name, want := range map[string]string{
		"Acme Ltd": "acme|ltd|sure", "Acme Limited": "acme|ltd|sure", "Acme GmbH & Co. KG": "acme|gmbh and co kg|sure", "Acme S.A.": "acme|sa|", "Acme, Inc.": "acme|inc|sure",
		"Volvo AB": "volvo|ab|", "株式会社日立": "日立|株|sure", "日立株式会社": "日立|株|sure", "㈱日立": "日立|株|sure", "华为技术有限公司": "华为技术|公司|sure", "Ltd": "ltd||",
		"Crew Scheduling": "crew scheduling||", "Acme Pty Ltd": "acme|pty ltd|sure", "Cemex SAB de CV": "cemex sab|de cv|", "Marks and Co": "marks and|co|", "Maersk A/S": "maersk|as|",
	} {
		core, form, sure := CompanyForm(Words(name))
		got := strings.Join(core, " ") + "|" + form + "|"
		if sure {
			got += "sure"
		}
		if got != want {
			t.Errorf("%q gives %q, want %q", name, got, want)
		}
	}
}

// A name that is only written in another manner is the one thing that it can mean, and this is told.
func TestOtherSpellings(t *testing.T) {
	for _, c := range []struct {
		ref, name string
		kind      Kind
		same      bool
	}{
		{"Scheduling, Crew", "Crew Scheduling", Team, true},
		{"Scheduling Crew", "Crew Scheduling", Team, true},
		{"Smith, John", "John Smith", Person, true},
		{"Smith John", "John Smith", Person, false},
		{"Red Hat", "RedHat", Supplier, true},
		{"Red-Hat Inc.", "RedHat", Supplier, true},
		{"VMWare", "VMware", Supplier, true},
		{"Acme", "Acme Ltd", Team, true},
		{"Acme Limited", "Acme Ltd", Supplier, true},
		{"Acme GmbH", "Acme Ltd", Supplier, false},
		{"Lufthansa AG", "Lufthansa", Supplier, true},
		{"Lufthansa", "Lufthansa A.G.", Supplier, true},
		{"Sales SA", "Sales", Team, false},
		{"Muller", "Müller", Team, true},
		{"R & D", "R&D", Team, true},
		{"Fuel and oil", "Fuel & oil", Team, true},
		{"Gate 1 1", "Gate 11", Team, false},
		{"Gate 11", "Gate 1", Team, false},
		{"Finance to Sales", "Sales to Finance", Team, false},
		{"C# team", "C team", Team, false},
		{"Crew Schedulin", "Crew Scheduling", Team, false},
		{"人事", "人事部", Team, false},
	} {
		s := NewSnapshot(org([]*NodeRecord{{ID: "X", Name: c.name, Kind: c.kind}, {ID: "c", Kind: Customer}},
			[]*LinkRecord{{Provider: c.ref, Consumer: "c", From: at(2)}}))
		if got := providers(s)[0] == "X"; got != c.same {
			t.Errorf("%s, %s: %s", c.ref, c.name, providers(s))
		}
		told := slices.ContainsFunc(s.Problems, func(p Problem) bool {
			return p.Severity == Info && p.Row == 2 && strings.Contains(p.Message, "is taken as")
		})
		if told != (c.same && Fold(c.ref) != Fold(c.name)) {
			t.Errorf("%s, %s: %v", c.ref, c.name, s.Problems)
		}
		if c.same {
			if i, err := s.Lookup(c.ref); err != nil || s.Nodes[i].ID != "X" {
				t.Errorf("%s leads to %d, %v", c.ref, i, err)
			}
			if !slices.Equal(ids(s, s.Means(c.ref, c.kind)), []string{"X"}) || !slices.Equal(ids(s, s.Means(c.ref, NoKind)), []string{"X"}) {
				t.Errorf("%s means %v", c.ref, ids(s, s.Means(c.ref, NoKind)))
			}
		}
	}
}

// What could mean two things is left as it is written.
func TestOtherSpellingsOfTwo(t *testing.T) {
	for _, c := range []struct {
		what  string
		nodes []*NodeRecord
		refs  []string
		want  []string // ids of all nodes but c
	}{
		{"two of one spelling", []*NodeRecord{{ID: "1", Name: "Müller"}, {ID: "2", Name: "Muller"}}, []string{"Mül-ler"}, []string{"1", "2", "mül-ler"}},
		{"two forms are about", []*NodeRecord{{ID: "1", Name: "Acme", Kind: Supplier}}, []string{"Acme Ltd", "Acme GmbH"}, []string{"1", "acme-gmbh", "acme-ltd"}},
		{"one form twice", nil, []string{"Acme Ltd", "Acme Limited", "Acme"}, []string{"acme"}},
		{"two forms, one of them described", []*NodeRecord{{ID: "1", Name: "Acme GmbH", Kind: Supplier}}, []string{"Acme Ltd", "Acme"}, []string{"1", "acme", "acme-ltd"}},
		{"described by one source as two", []*NodeRecord{{Name: "Müller"}, {Name: "Muller"}}, nil, []string{"muller", "müller"}},
	} {
		var links []*LinkRecord
		for i, r := range c.refs {
			links = append(links, &LinkRecord{Provider: r, Consumer: "c", From: at(i + 2)})
		}
		s := NewSnapshot(org(append(c.nodes, &NodeRecord{ID: "c", Kind: Customer}), links))
		var got []string
		for _, n := range s.Nodes {
			if n.ID != "c" {
				got = append(got, n.ID)
			}
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", c.what, d)
		}
	}
}

// Rows of two sources, without ids, about one thing.
func TestOtherSpellingsDescribed(t *testing.T) {
	for _, c := range []struct {
		what string
		a, b *NodeRecord
		same bool
	}{
		{"spaces", &NodeRecord{Name: "Red Hat"}, &NodeRecord{Name: "RedHat"}, true},
		{"form", &NodeRecord{Name: "Acme Ltd"}, &NodeRecord{Name: "Acme"}, true},
		{"an id in one", &NodeRecord{ID: "1", Name: "Crew Scheduling"}, &NodeRecord{Name: "Scheduling, Crew"}, true},
		{"an id in each", &NodeRecord{ID: "1", Name: "Crew Scheduling"}, &NodeRecord{ID: "2", Name: "Scheduling, Crew"}, false},
		{"people", &NodeRecord{Name: "José Núñez", Kind: Person}, &NodeRecord{Name: "Jose Nunez", Kind: Person}, false},
		{"two kinds", &NodeRecord{Name: "Red Hat", Kind: Supplier}, &NodeRecord{Name: "RedHat", Kind: Team}, false},
		{"two contacts", &NodeRecord{Name: "Red Hat", Contact: "a@b"}, &NodeRecord{Name: "RedHat", Contact: "c@d"}, false},
		{"short form of a firm", &NodeRecord{Name: "Volvo AB", Kind: Supplier}, &NodeRecord{Name: "Volvo"}, true},
		{"short form or word", &NodeRecord{Name: "Sales AB", Kind: Team}, &NodeRecord{Name: "Sales"}, false},
		{"near", &NodeRecord{Name: "Fuel"}, &NodeRecord{Name: "Fuels"}, false},
	} {
		for _, swap := range []bool{false, true} {
			first, second := ranked(1, NewSource("a", []*NodeRecord{c.a}, nil)), ranked(2, NewSource("b", []*NodeRecord{c.b}, nil))
			if swap {
				first, second = ranked(1, second), ranked(2, first)
			}
			s := NewSnapshot(&Org{Sources: []*Source{first, second}})
			if (len(s.Nodes) == 1) != c.same {
				t.Errorf("%s: %d nodes, %v", c.what, len(s.Nodes), s.Problems)
			}
		}
	}
}

// A correction does not part what other spellings brought together.
func TestCorrectionsDoNotPart(t *testing.T) {
	s := NewSnapshot(&Org{Sources: []*Source{
		ranked(1, NewSource("a", []*NodeRecord{{Name: "Red Hat"}}, nil)), ranked(2, NewSource("b", []*NodeRecord{{Name: "RedHat", Contact: "x"}}, nil)),
		ranked(3, NewSource(EditsSource, []*NodeRecord{{Name: "Red Hat", Contact: "y", Kind: Supplier}}, nil)),
	}})
	if len(s.Nodes) != 1 {
		t.Errorf("%d nodes: %v", len(s.Nodes), s.Problems)
	}
}

// A correction of what is only referred to describes that, and changes nothing about what else there is.
func TestCorrectionsDoNotJoin(t *testing.T) {
	for _, c := range []struct {
		what  string
		a, b  []*NodeRecord
		links []*LinkRecord
		id    string // what is corrected
		wrong string // why it cannot be
	}{
		{"another form", []*NodeRecord{{Name: "Acme"}}, []*NodeRecord{{Name: "Payroll"}}, []*LinkRecord{{Provider: "Acme AG Ltd", Consumer: "Payroll"}, {Provider: "Acme GmbH", Consumer: "Payroll"}}, "acme-ag-ltd", ""},
		{"a form that may be a word", []*NodeRecord{{Name: "Acme"}}, []*NodeRecord{{Name: "Payroll"}}, []*LinkRecord{{Provider: "Acme AG", Consumer: "Payroll"}, {Provider: "Acme GmbH", Consumer: "Payroll"}}, "acme-ag", ""},
		{"two spellings", []*NodeRecord{{ID: "1", Name: "Red", Kind: Resource}}, []*NodeRecord{{Name: "Red-", Kind: Team}}, []*LinkRecord{{Provider: "Red Ltd", Consumer: "Red-"}}, "red-ltd", ""},
		{"what two sources bring together", []*NodeRecord{{Name: "Red Hat"}}, []*NodeRecord{{Name: "Red Hat Ltd"}}, []*LinkRecord{{Provider: "Red Hat", Consumer: "X"}}, "x", ""},
		{"a site with the name of a team", []*NodeRecord{{Name: "Dallas", Sites: []string{"Dallas"}}}, nil, nil, "site-dallas", "the team “Dallas” (id dallas) is called so too"},
		{"a site with the alias of a team", []*NodeRecord{{ID: "T", Name: "South", Aliases: []string{"Dallas"}, Sites: []string{"Dallas"}}}, nil, nil, "dallas", "the team “South” (id T) is called so too"},
	} {
		o := &Org{Sources: []*Source{ranked(1, NewSource("a", c.a, c.links)), ranked(2, NewSource("b", c.b, nil))}}
		s := NewSnapshot(o)
		v := s.ByID(c.id)
		if v < 0 || !s.Nodes[v].Placeholder {
			t.Fatalf("%s: %s is none that is only referred to", c.what, c.id)
		}
		cs, err := s.CorrectNode(v, Correction{"contact", "z"})
		if (err != nil) != (c.wrong != "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%s: %v", c.what, err)
		}
		if err != nil {
			continue
		}
		after, err := o.Apply(cs)
		if err != nil {
			t.Fatal(err)
		}
		all := func(s *Snapshot) (got []string) {
			for i := range s.Nodes {
				got = append(got, s.Nodes[i].ID+" "+s.Nodes[i].Kind.String())
			}
			for i := range s.Links {
				got = append(got, fmt.Sprint(s.LinkKey(int32(i))))
			}
			return got
		}
		next := NewSnapshot(after)
		if d := cmp.Diff(all(s), all(next)); d != "" || next.Nodes[next.ByID(c.id)].Contact != "z" {
			t.Errorf("%s: %s", c.what, d)
		}
	}
}

// Neither the ranks of sources nor the order of their rows decide which spellings go together.
func TestRanksDoNotDecideWhichSpellingsGoTogether(t *testing.T) {
	words := []string{"Acme", "acme", "ACMÉ", "Hat", "Red", "Red-", "Ltd", "Limited", "GmbH", "AG", ", Crew", "R&D", "1", "12"}
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 9))
		name := func() string {
			n := words[r.IntN(len(words))]
			for range r.IntN(3) {
				n += []string{" ", "", "-"}[r.IntN(3)] + words[r.IntN(len(words))]
			}
			return n
		}
		var sources []*Source
		for i := range 3 {
			var nodes []*NodeRecord
			var links []*LinkRecord
			for row := range 5 {
				n := &NodeRecord{Name: name(), Kind: []Kind{NoKind, NoKind, Supplier, Team, Person, Unit}[r.IntN(6)], From: at(row)}
				if r.IntN(3) == 0 {
					n.ID = fmt.Sprint("id", r.IntN(20))
				}
				if r.IntN(3) == 0 {
					n.Aliases = []string{[]string{name(), fmt.Sprint("id", r.IntN(20))}[r.IntN(2)]}
				}
				nodes = append(nodes, n)
				links = append(links, &LinkRecord{Provider: name(), Consumer: name(), Service: fmt.Sprint(i, row), From: at(row + 10)})
			}
			sources = append(sources, NewSource(fmt.Sprint("s", i), nodes, links))
		}
		var want []string
		for range 4 {
			r.Shuffle(len(sources), func(i, j int) { sources[i], sources[j] = sources[j], sources[i] })
			o := &Org{}
			for i, s := range sources {
				o.Sources = append(o.Sources, ranked(i+1, &Source{Name: s.Name, Nodes: s.Nodes, Links: s.Links}))
			}
			s := NewSnapshot(o)
			var got []string
			for i := range s.Nodes {
				var rows []string
				for _, st := range s.Nodes[i].Stated {
					rows = append(rows, fmt.Sprint(st.Source, st.Record.Key()))
				}
				slices.Sort(rows)
				got = append(got, fmt.Sprint(s.Nodes[i].ID, rows))
			}
			for i := range s.Links {
				got = append(got, fmt.Sprint(s.LinkKey(int32(i))))
			}
			if want == nil {
				want = got
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Fatalf("seed %d: %s", seed, d)
			}
		}
	}
}

// A source that describes B7 and calls A1 so says that they are one.
func TestOwnIdsOfASource(t *testing.T) {
	a := ranked(1, NewSource("a", []*NodeRecord{{ID: "A1", Name: "Crew Scheduling", Contact: "x"}, {Name: "Payroll", Contact: "y"}}, nil))
	b := func(more ...*NodeRecord) *Source {
		return ranked(2, NewSource("b", append(more, &NodeRecord{ID: "B7", Name: "Crew sched.", Capacity: Given(5)}, &NodeRecord{ID: "B8", Name: "Wages"}),
			[]*LinkRecord{{Provider: "B7", Consumer: "B8"}}))
	}
	for _, c := range []struct {
		what string
		more []*NodeRecord
		want []string
	}{
		{"nothing said", nil, []string{"A1", "B7", "B8", "payroll"}},
		{"by id", []*NodeRecord{{ID: "A1", Aliases: []string{"B7"}}}, []string{"A1", "B8", "payroll"}},
		{"what has no id", []*NodeRecord{{ID: "B8", Aliases: []string{"Payroll"}}}, []string{"A1", "B7", "B8"}},
		{"more than an alias", []*NodeRecord{{ID: "A1", Aliases: []string{"B7"}, Contact: "z"}}, []string{"A1", "B7", "B8", "payroll"}},
		{"both ways", []*NodeRecord{{ID: "A1", Aliases: []string{"B7"}}, {ID: "B7", Aliases: []string{"A1"}}}, []string{"A1", "B7", "B8", "payroll"}},
		{"two owners", []*NodeRecord{{ID: "A1", Aliases: []string{"B7"}}, {ID: "A2", Aliases: []string{"B7"}}}, []string{"A1", "A2", "B7", "B8", "payroll"}},
		{"a chain", []*NodeRecord{{ID: "A1", Aliases: []string{"B7"}}, {ID: "B7", Aliases: []string{"B8"}}}, []string{"A1", "payroll"}},
		{"another's id", []*NodeRecord{{ID: "B8", Aliases: []string{"A9"}}}, []string{"A1", "B7", "B8", "payroll"}},
	} {
		s := NewSnapshot(&Org{Sources: []*Source{a, b(c.more...)}})
		var got []string
		for _, n := range s.Nodes {
			got = append(got, n.ID)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", c.what, d)
		}
		if c.what == "by id" {
			n := node(s, "A1")
			if n.Name != "Crew Scheduling" || n.Capacity != Given(5) || n.Contact != "x" || providers(s)[0] != "A1" {
				t.Errorf("%+v, %v", n, providers(s))
			}
		}
	}
}

// An alias in a row without an id leads other rows without an id to what has one.
func TestAliasesOfRowsWithoutId(t *testing.T) {
	s := NewSnapshot(&Org{Sources: []*Source{
		ranked(1, NewSource("a", []*NodeRecord{{ID: "A1", Name: "Crew Scheduling"}}, nil)),
		ranked(2, NewSource("b", []*NodeRecord{{Name: "Crew Scheduling", Aliases: []string{"Rosters"}}, {Name: "rosters", Aliases: []string{"Duty"}}, {Name: "Duty", Contact: "x"}}, nil)),
	}})
	if len(s.Nodes) != 1 || s.Nodes[0].ID != "A1" || s.Nodes[0].Contact != "x" {
		t.Errorf("%+v", s.Nodes)
	}
}
