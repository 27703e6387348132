package graph

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// sameOrgs compares all but the version.
func sameOrgs(a, b *Org) string {
	return different(&Org{Name: a.Name, Sources: a.Sources}, &Org{Name: b.Name, Sources: b.Sources})
}

// different asks reflect first: it is much faster where there is nothing to tell.
func different(a, b any) string {
	if reflect.DeepEqual(a, b) {
		return ""
	}
	return cmp.Diff(a, b, cmpopts.EquateEmpty(), cmp.Comparer(func(a, b Number) bool { return a == b }))
}

// randomIncoming makes what an import of one of a few sources brings.
func randomIncoming(r *rand.Rand) *Org {
	nodes, links := randomRecords(r)
	in := &Org{Sources: []*Source{NewSource([]string{"a", "b", "c", EditsSource}[r.IntN(4)], nodes, links)}}
	if r.IntN(4) == 0 {
		nodes, links = randomRecords(r)
		in.Sources = append(in.Sources, NewSource("d", nodes, links))
	}
	return in
}

func TestDiffLeadsToWhatComesIn(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 3))
		o := &Org{}
		var states []*Org
		var changes []*ChangeSet
		for range 6 {
			in := randomIncoming(r)
			states = append(states, o)
			cs := Diff(o, in)
			next, err := o.Apply(cs)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			for _, s := range in.Sources {
				got := next.Source(s.Name)
				if d := different(s.Nodes, got.Nodes); d != "" {
					t.Fatalf("seed %d: %s", seed, d)
				}
				if len(got.Links) != len(s.Links) {
					t.Fatalf("seed %d: %d links, want %d", seed, len(got.Links), len(s.Links))
				}
			}
			if again := Diff(next, in); !again.Empty() || len(again.Nodes)+len(again.Links) > 0 {
				t.Fatalf("seed %d: importing the same again changes %+v", seed, again)
			}
			back, err := next.Apply(cs.Inverse())
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if d := sameOrgs(o, back); d != "" {
				t.Fatalf("seed %d: taking back does not lead back: %s", seed, d)
			}
			changes = append(changes, cs)
			o = next
		}
		// All of them composed do the same at once, and back; nothing remains of what came and went.
		all := Compose(changes...)
		end, err := states[0].Apply(all)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if d := sameOrgs(o, end); d != "" {
			t.Fatalf("seed %d: %s", seed, d)
		}
		both := Compose(all, all.Inverse())
		if len(both.Sources)+len(both.Nodes)+len(both.Links) > 0 {
			t.Fatalf("seed %d: there and back leaves %+v", seed, both)
		}
		var wire ChangeSet
		if b, err := json.Marshal(all); err != nil || json.Unmarshal(b, &wire) != nil {
			t.Fatal(err)
		}
		if d := different(all, &wire); d != "" {
			t.Fatalf("seed %d: JSON loses something: %s", seed, d)
		}
	}
}

func TestApplyRefusesWhatIsNotSo(t *testing.T) {
	a := org([]*NodeRecord{{ID: "x", Contact: "old"}}, nil)
	cs := Diff(a, org([]*NodeRecord{{ID: "x", Contact: "new"}}, nil))
	b := org([]*NodeRecord{{ID: "x", Contact: "newer"}}, nil)
	for name, o := range map[string]*Org{"other value": b, "no record": org(nil, nil), "no source": {}} {
		if _, err := o.Apply(cs); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for _, rank := range []int{0, -1} {
		if _, err := a.Apply(&ChangeSet{Sources: []SourceChange{{"test", 1, rank}}}); err == nil {
			t.Error("a source with facts was dropped")
		}
	}
	p, q := &NodeRecord{ID: "p"}, &NodeRecord{ID: "q"}
	for name, changes := range map[string][]NodeChange{"out of order": {{"test", nil, q}, {"test", nil, p}}, "twice": {{"test", nil, p}, {"test", nil, p}}} {
		if _, err := a.Apply(&ChangeSet{Nodes: changes}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestMovedRowsMakeNoVersion(t *testing.T) {
	a := org(nil, []*LinkRecord{{Provider: "p", Consumer: "c", From: at(2)}})
	cs := Diff(a, org(nil, []*LinkRecord{{Provider: "p", Consumer: "c", From: at(3)}}))
	if !cs.Empty() || len(cs.Links) != 1 {
		t.Errorf("%+v", cs)
	}
}

func TestEffect(t *testing.T) {
	num := Given
	before := &Org{Sources: []*Source{
		ranked(1, NewSource("a", []*NodeRecord{{ID: "p", Name: "Payroll"}, {ID: "gone"}, {ID: "both"}},
			[]*LinkRecord{{Provider: "Payroll", Consumer: "crew", Tolerance: num(4)}, {Provider: "p", Consumer: "x"}})),
		ranked(2, NewSource("b", []*NodeRecord{{ID: "both"}}, nil)),
	}}
	in := &Org{Sources: []*Source{
		NewSource("a", []*NodeRecord{{ID: "p", Name: "Payroll", RecoveryHours: num(24)}, {ID: "new"}},
			[]*LinkRecord{{Provider: "Payroll", Consumer: "crew", Tolerance: num(12), Service: ""}, {Provider: "p", Consumer: "y"}}),
	}}
	p, err := NewPreview(before, in)
	if err != nil {
		t.Fatal(err)
	}
	link := func(p, c string) EntityKey { return EntityKey{Entity: "link", Provider: p, Consumer: c} }
	node := func(id string) EntityKey { return EntityKey{Entity: "node", ID: id} }
	want := &Effect{
		Added: []EntityKey{node("new"), link("p", "y")},
		Changed: []FieldChange{
			{node("both"), "rows", "1", "", "a"},
			{node("p"), "recovery_hours", "", "24", "a"},
			{link("p", "crew"), "tolerance_hours", "4", "12", "a"},
		},
		Removed:      []EntityKey{node("gone"), link("p", "x")},
		ChangedCount: 3,
	}
	if d := cmp.Diff(want, p.Effect); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]Shrinking{{"a", 3, 7}}, p.Shrinking); d != "" {
		t.Error(d)
	}
	// The way back is the mirror image.
	back := EffectOf(p.After, p.Before, p.Changes.Inverse())
	if d := cmp.Diff(want.Added, back.Removed); d != "" || len(back.Changed) != 3 || back.Changed[2].New != "4" {
		t.Error(d, back)
	}
}

// A link is the same when what its rows name gets another id.
func TestEffectOfLinksWhoseEndsGetAnotherId(t *testing.T) {
	link := func(hours float64) []*LinkRecord {
		return []*LinkRecord{{Provider: "Crew", Consumer: "Ops", Tolerance: Given(hours)}, {Provider: "Fuel", Consumer: "Ops"}}
	}
	before := &Org{Sources: []*Source{
		ranked(1, NewSource("links", nil, link(4))),
		ranked(2, NewSource("more", nil, []*LinkRecord{{Provider: "Fuel", Consumer: "Ops", Channel: "phone"}})),
	}}
	hr := NewSource("hr", []*NodeRecord{{ID: "T7", Name: "Crew"}, {ID: "T8", Name: "Fuel"}}, nil)
	p, err := NewPreview(before, &Org{Sources: []*Source{hr, NewSource("links", nil, link(12)[:1])}})
	if err != nil {
		t.Fatal(err)
	}
	link2 := func(provider string) EntityKey { return EntityKey{Entity: "link", Provider: provider, Consumer: "ops"} }
	want := &Effect{
		Added: []EntityKey{{Entity: "node", ID: "T7"}, {Entity: "node", ID: "T8"}},
		Changed: []FieldChange{
			{link2("T7"), "tolerance_hours", "4", "12", "links"},
			{link2("T8"), "rows", "1", "", "links"},
		},
		ChangedCount: 2,
	}
	if d := cmp.Diff(want, p.Effect, cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
	back := EffectOf(p.After, p.Before, p.Changes.Inverse())
	if len(back.Added) != 0 || len(back.Removed) != 2 || back.ChangedCount != 2 || back.Changed[0].Key != link2("crew") {
		t.Errorf("%+v", back)
	}
}
