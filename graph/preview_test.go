package graph

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wages is ten links that state much about themselves.
func wages() []*LinkRecord {
	var links []*LinkRecord
	for i := range 10 {
		links = append(links, &LinkRecord{Provider: fmt.Sprintf("p%d", i), Consumer: "c", Service: "Pay", Criticality: Important,
			Tolerance: Given(4), Channel: "phone", Attrs: []Attr{{"Colour", "red"}}})
	}
	return links
}

// What an import takes away is counted in facts: rows, and the fields that they state.
func TestShrinkingCountsFacts(t *testing.T) {
	kept := func(change func(r *LinkRecord)) []*LinkRecord {
		links := wages()
		for _, r := range links {
			change(r)
		}
		return links
	}
	for _, c := range []struct {
		name  string
		after []*LinkRecord
		want  []Shrinking
	}{
		{"the same", wages(), nil},
		{"a third of the rows", wages()[:7], nil},
		{"more than a third of the rows", wages()[:6], []Shrinking{{"hr", 24, 60}}},
		{"two fields of all rows blank", kept(func(r *LinkRecord) { r.Criticality, r.Channel = NoCriticality, "" }), nil},
		{"all fields of all rows blank", kept(func(r *LinkRecord) { *r = LinkRecord{Provider: r.Provider, Consumer: r.Consumer, Service: r.Service} }),
			[]Shrinking{{"hr", 40, 60}}},
		{"other values", kept(func(r *LinkRecord) { r.Criticality, r.Tolerance, r.Attrs = Minor, Given(0), []Attr{{"Colour", "blue"}} }), nil},
		{"nothing left", nil, []Shrinking{{"hr", 60, 60}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := &Org{Sources: []*Source{ranked(1, NewSource("hr", nil, wages())), ranked(2, NewSource("other", nil, wages()))}}
			p, err := NewPreview(before, &Org{Sources: []*Source{NewSource("hr", nil, c.after)}})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, p.Shrinking); d != "" {
				t.Error(d)
			}
		})
	}
}

// Counting goes by the same fields as listing, and costs no memory.
func TestCountFacts(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	coin := func() bool { return rng.IntN(2) == 0 }
	for range 200 {
		old, new := &NodeRecord{ID: "x"}, &NodeRecord{ID: "x"}
		for _, r := range []*NodeRecord{old, new} {
			if coin() {
				r.Name, r.Kind, r.Sites, r.Attrs = "X", Team, []string{"A", "B"}, []Attr{{"a", "1"}}
			}
			if coin() {
				r.Headcount, r.CanFail, r.Tags = Given(0), No, []string{"t"}
			}
			if coin() {
				r.Attrs = append(r.Attrs, Attr{"b", "2"})
			}
		}
		if got, want := old.count(), 1+len(old.facts()); got != want {
			t.Fatalf("%+v: %d facts, want %d", old, got, want)
		}
		has := map[string]bool{}
		for _, f := range new.facts() {
			has[f.field] = true
		}
		want := 0
		for _, f := range old.facts() {
			if !has[f.field] {
				want++
			}
		}
		if got := (NodeChange{"s", old, new}).lost(); got != want {
			t.Fatalf("from %+v to %+v: %d lost, want %d", old, new, got, want)
		}
	}
	links := wages()
	node := &NodeRecord{ID: "x", Name: "X", Kind: Team, Sites: []string{"A", "B"}, Headcount: Given(3)}
	if n := testing.AllocsPerRun(100, func() {
		_ = links[0].count() + LinkChange{"s", links[0], links[1]}.lost() + node.count() + NodeChange{"s", node, node}.lost()
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
