package names

import (
	gocmp "cmp"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"example.com/whoserves/graph"
)

var someWords = strings.Fields(`crew fuel flight ground cargo payroll finance operations ops maintenance maint scheduling sched. training management mgmt
	human resources hr information technology it team department dept. ltd gmbh control centre north south 1 2 12 A B müller mueller söhne
	customer service services supplier suppliers legal safety quality and of`)

// randomName makes a name of a few words, now and then with a slip of the hand.
func randomName(r *rand.Rand) string {
	var ws []string
	for range 1 + r.IntN(3) {
		w := []rune(someWords[r.IntN(len(someWords))])
		switch at := r.IntN(len(w)); r.IntN(12) {
		case 0:
			w = slices.Delete(w, at, at+1)
		case 1:
			w = slices.Insert(w, at, rune('a'+r.IntN(26)))
		case 2:
			if at > 0 {
				w[at-1], w[at] = w[at], w[at-1]
			}
		case 3:
			w = []rune(strings.ToUpper(string(w)))
		}
		if len(w) > 0 {
			ws = append(ws, string(w))
		}
	}
	return strings.Join(ws, []string{" ", " ", " ", "-", ", "}[r.IntN(5)])
}

// TestCandidatesAreComplete compares with trying all pairs.
func TestCandidatesAreComplete(t *testing.T) {
	hits := 0
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 1))
		var all []*spelling
		var fresh []bool
		for range 60 {
			if name := randomName(r); name != "" {
				for _, s := range spellings(name) {
					all, fresh = append(all, s), append(fresh, r.IntN(2) == 0)
				}
			}
		}
		x := newIndex(all, fresh)
		found := map[[2]int32]bool{}
		for i := range int32(len(all)) {
			for _, j := range x.candidates(i) {
				found[[2]int32{min(i, j), max(i, j)}] = true
			}
		}
		for i := range int32(len(all)) {
			for j := range i {
				score, _ := compare(all[i], all[j])
				back, _ := compare(all[j], all[i])
				if score != back {
					t.Errorf("seed %d: %q, %q: %v one way, %v the other", seed, all[j].raw, all[i].raw, score, back)
				}
				if score < worth || !fresh[i] && !fresh[j] {
					continue
				}
				hits++
				if !found[[2]int32{j, i}] || !x.mayMatch(i, j) {
					t.Errorf("seed %d: %q and %q score %v and are not tried", seed, all[j].raw, all[i].raw, score)
				}
			}
		}
		if x.left > 0 {
			t.Errorf("seed %d: %d comparisons left out", seed, x.left)
		}
	}
	if hits < 700 {
		t.Errorf("only %d pairs are alike", hits)
	}
}

// TestDistance compares with the definition, all edits tried.
func TestDistance(t *testing.T) {
	edits := func(w string) map[string]bool {
		all := map[string]bool{w: true}
		for i := range len(w) + 1 {
			for c := 'a'; c <= 'c'; c++ {
				all[w[:i]+string(c)+w[i:]] = true
				if i < len(w) {
					all[w[:i]+string(c)+w[i+1:]] = true
				}
			}
			if i < len(w) {
				all[w[:i]+w[i+1:]] = true
			}
			if i+1 < len(w) {
				all[w[:i]+w[i+1:i+2]+w[i:i+1]+w[i+2:]] = true
			}
		}
		return all
	}
	r := rand.New(rand.NewPCG(1, 2))
	word := func() string {
		b := make([]byte, 1+r.IntN(6))
		for i := range b {
			b[i] = byte('a' + r.IntN(3))
		}
		return string(b)
	}
	for range 3000 {
		a, b := word(), word()
		want := 3
		switch once := edits(a); {
		case a == b:
			want = 0
		case once[b]:
			want = 1
		default:
			for mid := range once {
				if edits(mid)[b] {
					want = 2
				}
			}
		}
		got, _ := distance([]rune(a), []rune(b), 2)
		one, _ := distance([]rune(a), []rune(b), 1)
		// Edits one upon another in the same place (ca, abc) count as three here.
		if got != want && !(want == 2 && got == 3) || min(want, 2) != one {
			t.Errorf("%s, %s: %d and %d, want %d", a, b, got, one, want)
		}
	}
}

// randomOrg makes two sources about things of which many have nearly the same name.
func randomOrg(r *rand.Rand) *graph.Org {
	o := &graph.Org{}
	for i, name := range []string{"old", "new", "third"} {
		var nodes []*graph.NodeRecord
		var links []*graph.LinkRecord
		taken := map[string]bool{}
		for row := range 12 {
			n := &graph.NodeRecord{Name: randomName(r), From: at(name+".csv", row+2)}
			if n.Name == "" || taken[graph.Fold(n.Name)] {
				continue
			}
			taken[graph.Fold(n.Name)] = true
			if r.IntN(2) == 0 {
				n.ID = fmt.Sprintf("%s-%d", name, row)
			}
			n.Kind = []graph.Kind{graph.NoKind, graph.Team, graph.Supplier, graph.Unit, graph.Resource, graph.Person}[r.IntN(6)]
			if r.IntN(4) == 0 {
				n.Contact = []string{"ann", "bob"}[r.IntN(2)]
			}
			if r.IntN(3) == 0 && n.Kind != graph.Person {
				n.Unit = randomName(r)
			}
			if r.IntN(4) == 0 {
				n.Sites = []string{randomName(r)}
			}
			if n.Kind == graph.Person && r.IntN(2) == 0 {
				n.Manager = randomName(r)
			}
			nodes = append(nodes, n)
		}
		for row := range 14 {
			links = append(links, &graph.LinkRecord{Provider: randomName(r), Consumer: randomName(r), From: at(name+".csv", row+100)})
		}
		o.Sources = append(o.Sources, ranked(i+1, graph.NewSource(name, nodes, links)))
	}
	return o
}

// with replaces a source.
func with(o *graph.Org, s *graph.Source) *graph.Org {
	next := &graph.Org{}
	for _, have := range o.Sources {
		if have.Name == s.Name {
			have = s
		}
		next.Sources = append(next.Sources, have)
	}
	return next
}

// means gives the nodes that a name means: among units, among resources, or among all.
func means(s *graph.Snapshot, ref string, kind graph.Kind) []int32 {
	if kind == graph.Unit || kind == graph.Resource {
		return s.Means(ref, kind)
	}
	return s.Means(ref, graph.NoKind)
}

// TestSameMakesOne decides every pair that is proposed on random organisations: alone, each brings the two together.
func TestSameMakesOne(t *testing.T) {
	kinds := map[string]int{}
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 3))
		o := randomOrg(r)
		s := graph.NewSnapshot(o)
		found := Propose(s, []string{"new", "third"}, nil)
		if again := Propose(graph.NewSnapshot(o), []string{"new", "third"}, nil); !reflect.DeepEqual(found, again) {
			t.Fatalf("seed %d: not the same twice", seed)
		}
		for _, p := range found.Pairs {
			source := o.Source(p.Source)
			after := Apply(source, []Decision{p.Same()})
			if after == source {
				t.Errorf("seed %d: nothing to apply for %+v", seed, p)
				continue
			}
			next := with(o, after)
			n := graph.NewSnapshot(next)
			kind, likeKind := p.Kind, p.LikeKind
			if kind != likeKind && kind != graph.Unit && likeKind != graph.Unit {
				kind, likeKind = graph.NoKind, graph.NoKind
			}
			a, b := means(n, gocmp.Or(p.ID, p.Name), kind), means(n, gocmp.Or(p.LikeID, p.Like), likeKind)
			if len(a) != 1 || !slices.Equal(a, b) {
				t.Errorf("seed %d: %+v stay two: %v %v %v", seed, p, a, b, p.Same())
				continue
			}
			if len(n.Nodes) >= len(s.Nodes) {
				t.Errorf("seed %d: %d nodes, then %d: %+v", seed, len(s.Nodes), len(n.Nodes), p)
			}
			kinds[fmt.Sprintf("%t %t", p.ID != "", p.LikeID != "")]++
			decided := Decisions{p.Source: {p.Different()}}
			for _, q := range Propose(s, []string{"new", "third"}, decided).Pairs {
				if q.Node == p.Node && q.LikeNode == p.LikeNode || q.Node == p.LikeNode && q.LikeNode == p.Node {
					t.Errorf("seed %d: %+v is asked again", seed, p)
				}
			}
		}
	}
	for _, k := range []string{"false false", "false true", "true false", "true true"} {
		if kinds[k] < 5 {
			t.Errorf("%s: %d pairs", k, kinds[k])
		}
	}
}

// TestNextMonth imports, decides, imports again: nothing changes. When the name is gone, so is the alias.
func TestNextMonth(t *testing.T) {
	catalogue := ranked(1, graph.NewSource("catalogue", []*graph.NodeRecord{{ID: "A1", Name: "Crew Scheduling"}, {Name: "Refuelling Desk"}, {Kind: graph.Unit, Name: "Operations"}}, nil))
	month := func(file string, rows ...*graph.LinkRecord) *graph.Source {
		var nodes []*graph.NodeRecord
		for i, l := range rows {
			l.From = at(file, i+2)
			if l.Provider == "B7" {
				nodes = append(nodes, &graph.NodeRecord{ID: "B7", Name: "Refueling Desk", Capacity: graph.Given(4), From: at(file, 50)})
			}
		}
		return graph.NewSource("tracker", nodes, rows)
	}
	row := func(p string) *graph.LinkRecord {
		return &graph.LinkRecord{Provider: p, Consumer: "Client", Service: "x"}
	}
	first := month("nov.csv", row("Crew Schedulling"), row("B7"), row("Ops"))
	current := &graph.Org{Sources: []*graph.Source{catalogue, ranked(2, first)}}
	var decisions []Decision
	for _, p := range Propose(graph.NewSnapshot(current), []string{"tracker"}, nil).Pairs {
		decisions = append(decisions, p.Same())
	}
	want := []Decision{{Name: "Crew Schedulling", Is: "Crew Scheduling", ID: "A1"}, {Name: "B7", Is: "Refuelling Desk"}, {Name: "Ops", Is: "Operations", Kind: "unit"}}
	slices.SortFunc(want, func(a, b Decision) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(decisions, func(a, b Decision) int { return strings.Compare(a.Name, b.Name) })
	if d := cmp.Diff(want, decisions); d != "" {
		t.Fatal(d)
	}
	imported := Apply(first, decisions)
	if len(first.Nodes) != 1 || len(imported.Nodes) != 4 {
		t.Fatalf("%d records before, %d after", len(first.Nodes), len(imported.Nodes))
	}
	base := &graph.Org{Sources: []*graph.Source{catalogue}}
	p, err := graph.NewPreview(base, &graph.Org{Sources: []*graph.Source{imported}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range p.After.Nodes {
		got = append(got, n.ID)
	}
	if d := cmp.Diff([]string{"A1", "B7", "client", "operations"}, got); d != "" {
		t.Error(d)
	}
	if i, err := p.After.Lookup("Refuelling Desk"); err != nil || p.After.Nodes[i].ID != "B7" {
		t.Errorf("Refuelling Desk leads to %d, %v", i, err)
	}
	if again := Propose(p.After, []string{"tracker"}, Decisions{"tracker": decisions}); len(again.Pairs) > 0 {
		t.Errorf("asked again: %+v", again.Pairs)
	}
	stored, err := base.Apply(p.Changes)
	if err != nil {
		t.Fatal(err)
	}
	next := Apply(month("nov.csv", row("Crew Schedulling"), row("B7"), row("Ops")), decisions)
	if cs := graph.Diff(stored, &graph.Org{Sources: []*graph.Source{next}}); !cs.Empty() {
		t.Errorf("the same again changes %+v", cs)
	}
	next = Apply(month("dec.csv", row("B7")), decisions)
	if len(next.Nodes) != 2 || next.Nodes[0].ID != "B7" || !slices.Equal(next.Nodes[1].Aliases, []string{"Refuelling Desk"}) {
		t.Errorf("aliases of names that are gone: %+v", next.Nodes)
	}
	if got := Apply(month("jan.csv", row("Payroll")), decisions); len(got.Nodes) != 0 {
		t.Errorf("%+v", got.Nodes)
	}
}

// TestForbidden holds what is never proposed, however like the names are.
func TestForbidden(t *testing.T) {
	person := func(id, name, contact string) *graph.NodeRecord {
		return &graph.NodeRecord{ID: id, Name: name, Kind: graph.Person, Contact: contact}
	}
	for _, c := range []struct {
		what  string
		a, b  []*graph.NodeRecord
		links []*graph.LinkRecord // of b
		want  int
	}{
		{"people of one name", []*graph.NodeRecord{person("1", "John Smith", "")}, []*graph.NodeRecord{person("2", "John Smith", "")}, nil, 0},
		{"people with two contacts", []*graph.NodeRecord{person("1", "John Smith", "a@x")}, []*graph.NodeRecord{person("2", "John Smith", "b@x")}, nil, 0},
		{"people with one contact", []*graph.NodeRecord{person("1", "John Smith", "a@x")}, []*graph.NodeRecord{person("2", "Jon Smith", "A@x")}, nil, 0},
		{"people with one contact and name", []*graph.NodeRecord{person("1", "John Smith", "a@x")}, []*graph.NodeRecord{person("2", "J. Smith", "A@x")}, nil, 1},
		{"a person and a team", []*graph.NodeRecord{person("1", "Martin Fuel", "")}, []*graph.NodeRecord{{ID: "2", Name: "Martins Fuel", Kind: graph.Team}}, nil, 0},
		{"two contacts", []*graph.NodeRecord{{ID: "1", Name: "Payroll", Contact: "x"}}, []*graph.NodeRecord{{ID: "2", Name: "Payrol", Contact: "y"}}, nil, 0},
		{"one contact", []*graph.NodeRecord{{ID: "1", Name: "Payroll", Contact: "x"}}, []*graph.NodeRecord{{ID: "2", Name: "Payrol", Contact: "X"}}, nil, 1},
		{"one serves the other", []*graph.NodeRecord{{ID: "1", Name: "Payroll"}}, []*graph.NodeRecord{{ID: "2", Name: "Payrol"}}, []*graph.LinkRecord{{Provider: "1", Consumer: "2"}}, 0},
		{"both in one source with ids", nil, []*graph.NodeRecord{{ID: "1", Name: "Payroll"}, {ID: "2", Name: "Payrol"}}, nil, 0},
		{"both in one source by name", nil, []*graph.NodeRecord{{Name: "Payroll"}, {Name: "Payrol"}}, nil, 1},
		{"a unit and a team", []*graph.NodeRecord{{ID: "1", Name: "Payroll", Kind: graph.Unit}}, []*graph.NodeRecord{{ID: "2", Name: "Payrol", Kind: graph.Team}}, nil, 0},
		{"one name, two ids", []*graph.NodeRecord{{ID: "1", Name: "Payroll"}}, []*graph.NodeRecord{{ID: "2", Name: "Payroll"}}, nil, 1},
		{"two kinds", []*graph.NodeRecord{{ID: "1", Name: "Payroll services", Kind: graph.Supplier}}, []*graph.NodeRecord{{ID: "2", Name: "Payrol", Kind: graph.Team}}, nil, 0},
		{"one word more, nothing else", []*graph.NodeRecord{{ID: "1", Name: "Crew Scheduling"}}, []*graph.NodeRecord{{ID: "2", Name: "Crew Scheduling Dallas"}}, nil, 0},
		{"one word more, the same contact", []*graph.NodeRecord{{ID: "1", Name: "Crew Scheduling", Contact: "x"}}, []*graph.NodeRecord{{ID: "2", Name: "Crew Scheduling Dallas", Contact: "x"}}, nil, 1},
	} {
		s := graph.NewSnapshot(&graph.Org{Sources: []*graph.Source{ranked(1, graph.NewSource("a", c.a, nil)), ranked(2, graph.NewSource("b", c.b, c.links))}})
		if found := Propose(s, []string{"b"}, nil); len(found.Pairs) != c.want {
			t.Errorf("%s: %+v", c.what, found.Pairs)
		}
		if found := Propose(s, nil, nil); len(found.Pairs) != 0 {
			t.Errorf("%s: nothing is new: %+v", c.what, found.Pairs)
		}
	}
}

// TestPair holds one pair to all that it says.
func TestPair(t *testing.T) {
	o := &graph.Org{Sources: []*graph.Source{
		ranked(1, graph.NewSource("catalogue", []*graph.NodeRecord{{ID: "A1", Name: "Crew Scheduling", Kind: graph.Team, Contact: "crew@x", From: at("catalogue.csv", 7)}},
			[]*graph.LinkRecord{{Provider: "A1", Consumer: "Flights"}, {Provider: "IT", Consumer: "A1"}})),
		ranked(2, graph.NewSource("tracker", []*graph.NodeRecord{{ID: "B7", Name: "Crew Schedulling", Contact: "Crew@x", Kind: graph.Team, From: at("tracker.csv", 3)}},
			[]*graph.LinkRecord{{Provider: "B7", Consumer: "Flights"}, {Provider: "IT", Consumer: "B7"}})),
	}}
	got := Propose(graph.NewSnapshot(o), []string{"tracker"}, nil)
	want := Found{Pairs: []Pair{{
		Name: "Crew Schedulling", ID: "B7", Node: "B7", Kind: graph.Team, Source: "tracker", Origin: at("tracker.csv", 3), Uses: 3,
		Like: "Crew Scheduling", LikeID: "A1", LikeNode: "A1", LikeKind: graph.Team, LikeSource: "catalogue", LikeOrigin: at("catalogue.csv", 7), LikeUses: 3, Score: 1,
		Evidence: []Evidence{{Text: "one letter differs: “scheduling”, “schedulling”"}, {Text: "the same contact: Crew@x"}, {Text: "linked with the same: 2 of 2"},
			{Text: "each has an id: B7, A1", Against: true}},
	}}}
	if d := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Pair{})); d != "" {
		t.Error(d)
	}
}

// TestWorstCases counts comparisons: they stay bounded whatever the names are.
func TestWorstCases(t *testing.T) {
	const n = 10_000 // in each of two sources
	for what, name := range map[string]func(i int) string{
		"numbered":           func(i int) string { return fmt.Sprintf("Team %d", i) },
		"numbered, stuck":    func(i int) string { return fmt.Sprintf("Team%d", i) },
		"one word shared":    func(i int) string { return fmt.Sprintf("scheduling %s", letters(i, 6)) },
		"one letter apart":   func(i int) string { return "scheduling" + string(rune(0x4e00+i)) },
		"one letter, spread": func(i int) string { return letters(i%26, 1) + "schedu" + letters(i, 4) + "ling" },
		"the same":           func(i int) string { return "Vacant" },
		"two letters":        func(i int) string { return letters(i%600, 2) },
		"without vowels": func(i int) string {
			return "x" + strings.NewReplacer("a", "b", "e", "c", "i", "d", "o", "f", "u", "g").Replace(letters(i, 5))
		},
		"long":                func(i int) string { return strings.Repeat("long name ", 30) + letters(i, 5) },
		"of the same letters": func(i int) string { return letters(i, 3) + " " + letters(n-i, 3) },
	} {
		var old, fresh []*graph.NodeRecord
		for i := range n {
			old = append(old, &graph.NodeRecord{ID: fmt.Sprint("old", i), Name: name(2 * i)})
			fresh = append(fresh, &graph.NodeRecord{ID: fmt.Sprint("new", i), Name: name(2*i + 1)})
		}
		s := graph.NewSnapshot(&graph.Org{Sources: []*graph.Source{ranked(1, graph.NewSource("old", old, nil)), ranked(2, graph.NewSource("new", fresh, nil))}})
		p := newProposer(s, []string{"new"}, nil)
		found := p.propose()
		t.Logf("%s: %d comparisons, %d pairs, %d left out", what, p.index.compared, len(found.Pairs), found.Left)
		if p.index.compared > 16_000_000 || len(found.Pairs) > n*mostPairs {
			t.Errorf("%s: %d comparisons, %d pairs", what, p.index.compared, len(found.Pairs))
		}
	}
}

func letters(i, n int) string {
	b := make([]byte, n)
	for j := range b {
		b[j] = byte('a' + i%26)
		i /= 26
	}
	return string(b)
}
