package neo4jstore

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/storetest"
)

// someSource makes a source of n links, each from a provider of a tenth as many, that all state seed.
func someSource(name string, n, seed int) *graph.Source {
	nodes := make([]*graph.NodeRecord, (n+9)/10)
	for i := range nodes {
		nodes[i] = &graph.NodeRecord{ID: fmt.Sprintf("p%06d", i), Name: fmt.Sprintf("Provider %d", i), Kind: graph.Team, Capacity: graph.Given(float64(seed)),
			From: graph.Origin{File: "nodes.csv", Row: i + 2}}
	}
	links := make([]*graph.LinkRecord, n)
	for i := range links {
		links[i] = &graph.LinkRecord{Provider: nodes[i/10].ID, Consumer: nodes[(i*7+1)%len(nodes)].ID, Service: fmt.Sprintf("service %d", i%10),
			Volume: graph.Given(float64(seed)), From: graph.Origin{File: "links.csv", Row: i + 2}}
	}
	return graph.NewSource(name, nodes, links)
}

func orgOf(sources ...*graph.Source) *graph.Org {
	return &graph.Org{Name: "acme", Sources: sources}
}

// TestChunksFollowTheFacts takes an organisation through random imports: its chunks always hold just its facts, none is too
// large, few are small, and a chunk that is kept holds what it held.
func TestChunksFollowTheFacts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	now := &facts{org: orgOf()}
	held := map[string]string{}
	for range 60 {
		in := thinned(r, someSource(fmt.Sprintf("s%d", r.IntN(3)), r.IntN(12_000), r.IntN(3)))
		after, err := now.org.Apply(graph.Diff(now.org, orgOf(in)))
		if err != nil {
			t.Fatal(err)
		}
		after.Version = now.org.Version + 1
		next, re := now.next(after)
		checkReplaced(t, now, next, re)
		for name, s := range next.chunks {
			checkStretches(t, held, after.Source(name).Links, s.links)
			checkStretches(t, held, after.Source(name).Nodes, s.nodes)
		}
		now = next
	}
}

// thinned leaves out some stretches of a source.
func thinned(r *rand.Rand, s *graph.Source) *graph.Source {
	for range r.IntN(5) {
		if n := len(s.Links); n > 0 {
			at := r.IntN(n)
			s.Links = slices.Delete(s.Links, at, min(n, at+r.IntN(2000)))
		}
	}
	return graph.NewSource(s.Name, s.Nodes, s.Links)
}

func checkReplaced(t *testing.T, before, after *facts, re *replaced) {
	t.Helper()
	want := before.uids()
	for _, uid := range re.gone {
		at := slices.Index(want, uid)
		if at < 0 {
			t.Fatalf("chunk %s goes and was not there", uid)
		}
		want = slices.Delete(want, at, at+1)
	}
	for _, c := range re.fresh {
		want = append(want, c.uid)
	}
	got := after.uids()
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		t.Fatalf("%d chunks after %d went and %d came to %d", len(got), len(re.gone), len(re.fresh), len(before.uids()))
	}
}

func checkStretches[R any](t *testing.T, held map[string]string, records []*R, chunks []stretch[R]) {
	t.Helper()
	small := 0
	for _, c := range chunks {
		n := len(c.records)
		if n == 0 || n > chunkRecords || n > len(records) || !slices.Equal(c.records, records[:n]) {
			t.Fatalf("a chunk of %d records is not what the next of %d records are", n, len(records))
		}
		records = records[n:]
		if n < chunkRecords/4 {
			small++
		}
		content := fmt.Sprint(*c.records[0], *c.records[n-1], n)
		if was, ok := held[c.uid]; ok && was != content {
			t.Fatalf("chunk %s held %s and holds %s", c.uid, was, content)
		}
		held[c.uid] = content
	}
	if len(records) > 0 {
		t.Fatalf("%d records are in no chunk", len(records))
	}
	if small > 1+len(chunks)/2 {
		t.Errorf("%d of %d chunks are small", small, len(chunks))
	}
}

// TestFewChunksChange changes one link among many: one chunk is written anew.
func TestFewChunksChange(t *testing.T) {
	before := someSource("s", 20_000, 1)
	before.Rank = 1
	first, _ := (&facts{org: orgOf()}).next(orgOf(before))
	second := someSource("s", 20_000, 1)
	second.Links[7777].Channel = "#ops"
	after, err := first.org.Apply(graph.Diff(first.org, orgOf(second)))
	if err != nil {
		t.Fatal(err)
	}
	_, re := first.next(after)
	if len(re.gone) != 1 || len(re.fresh) != 1 {
		t.Errorf("%d chunks go and %d come for one link", len(re.gone), len(re.fresh))
	}
}

func TestAssemble(t *testing.T) {
	want, _ := (&facts{org: orgOf()}).next(orgOf(someSource("a", 5000, 1), someSource("b", 10, 2)))
	nodes, links := map[string][]stretch[graph.NodeRecord]{}, map[string][]stretch[graph.LinkRecord]{}
	r := rand.New(rand.NewPCG(3, 4))
	org := orgOf()
	for name, cs := range want.chunks {
		org.Sources = append(org.Sources, &graph.Source{Name: name})
		nodes[name], links[name] = slices.Clone(cs.nodes), slices.Clone(cs.links)
		r.Shuffle(len(links[name]), func(i, j int) { links[name][i], links[name][j] = links[name][j], links[name][i] })
	}
	graph.SortSources(org.Sources)
	got := assemble(org, nodes, links)
	if d := storetest.DiffOrgs(want.org, got.org); d != "" {
		t.Error(d)
	}
	if seal(0, got.org.Sources, got.uids()) != want.seal {
		t.Error("the seals differ")
	}
}

// TestSeal breaks what a seal holds together, one thing at a time.
func TestSeal(t *testing.T) {
	sources := func() []*graph.Source { return []*graph.Source{{Name: "a", Rank: 1}, {Name: "b", Rank: 2}} }
	uids := []string{"x", "y"}
	want := seal(3, sources(), uids)
	if got := seal(3, []*graph.Source{sources()[1], sources()[0]}, []string{"y", "x"}); got != want {
		t.Error("the order of reading counts")
	}
	ranked := sources()
	ranked[1].Rank = 3
	for name, other := range map[string]string{
		"version": seal(4, sources(), uids), "rank": seal(3, ranked, uids), "source": seal(3, sources()[:1], uids),
		"chunk gone": seal(3, sources(), uids[:1]), "chunk more": seal(3, sources(), []string{"x", "y", "z"}),
	} {
		if other == want {
			t.Errorf("%s does not count", name)
		}
	}
}

func TestEncode(t *testing.T) {
	for text, ok := range map[string]bool{"": true, "水 \u0000 \n": true, "\ufffd": true, `\ufffd`: true, `\\ufffd`: true, "\xff": false, `\` + "\xff": false, "a\xc3": false} {
		data, err := encode([]*graph.NodeRecord{{ID: "x", Name: text, Attrs: []graph.Attr{{Name: text, Value: text}}}})
		if (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
		if !ok {
			continue
		}
		back, err := unpackNodes(data, 1, interner{})
		if err != nil || back[0].Name != text || back[0].Attrs[0].Value != text {
			t.Errorf("%q came back as %v, %v", text, back, err)
		}
	}
	if _, err := unpackNodes([]byte("nonsense"), 1, interner{}); err == nil {
		t.Error("nonsense was read")
	}
}

// TestLogChunks cuts a change set of everything and puts it together again.
func TestLogChunks(t *testing.T) {
	old, new := orgOf(someSource("s", 2500, 1)), orgOf(thinned(rand.New(rand.NewPCG(1, 1)), someSource("s", 2600, 2)), someSource("t", 30, 1))
	old.Sources[0].Rank = 1
	cs := graph.Diff(old, new)
	back := &graph.ChangeSet{Base: cs.Base}
	for _, chunk := range cutLog(cs) {
		c := tell(chunk)
		part := need[*graph.ChangeSet](t)(unpackLog(need[[]byte](t)(encode(chunk)), interner{}))
		for i, change := range part.Links {
			if want := map[[2]bool]string{{false, true}: "added", {true, true}: "changed", {true, false}: "removed"}[[2]bool{change.Old != nil, change.New != nil}]; c.did[i] != want {
				t.Errorf("%s was told as %s", want, c.did[i])
			}
		}
		n := len(part.Sources) + len(part.Nodes) + len(part.Links)
		if len(c.did) != n || len(c.entity) != n || len(c.key) != n || len(c.source) != n || n > chunkRecords {
			t.Errorf("%d changes told as %d", n, len(c.key))
		}
		back.Sources, back.Nodes, back.Links = append(back.Sources, part.Sources...), append(back.Nodes, part.Nodes...), append(back.Links, part.Links...)
	}
	if d := storetest.DiffChanges(cs, back); d != "" {
		t.Error(d)
	}
}
