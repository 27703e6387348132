package propertygraph

import (
	"maps"
	"slices"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/graphtest"
)

// The large organisation: sizes of the benchmarks.
const (
	benchNodes = 10_000
	benchLinks = 100_000
)

func large() (*graph.Org, *graph.Snapshot) {
	o := graphtest.Large(1, benchNodes, benchLinks, true)
	o.Version = 1
	return o, graph.NewSnapshot(o)
}

// BenchmarkDiffFirst makes all rows of a first import.
func BenchmarkDiffFirst(b *testing.B) {
	_, s := large()
	empty := graph.NewSnapshot(&graph.Org{Name: s.Org.Name})
	b.ReportAllocs()
	for b.Loop() {
		for _, batch := range Diff(empty, s).Batches(10_000) {
			batch.Nodes()
			batch.Relationships()
		}
	}
}

// BenchmarkDiffFew finds the few changes of a usual import: records of the others are shared.
func BenchmarkDiffFew(b *testing.B) {
	o, s := large()
	links := slices.Clone(o.Sources[0].Links)
	for i := 0; i < len(links); i += len(links) / 100 {
		c := *links[i]
		c.Cost = graph.Given(7)
		links[i] = &c
	}
	after := graph.NewSnapshot(&graph.Org{Name: o.Name, Version: 2, Sources: []*graph.Source{{Name: o.Sources[0].Name, Rank: 1, Nodes: o.Sources[0].Nodes, Links: links}}})
	b.ReportAllocs()
	for b.Loop() {
		if Diff(s, after).Len() == 0 {
			b.Fatal("nothing changes")
		}
	}
}

// BenchmarkCompare reads a graph back that nobody changed.
func BenchmarkCompare(b *testing.B) {
	_, s := large()
	p := project(s)
	have := func(ps properties) map[string]any {
		m := created(ps, 1)
		maps.DeleteFunc(m, func(string, any) bool { return false })
		for k, v := range m {
			m[k] = stored(v)
		}
		return m
	}
	var nodes []NodeSeen
	var rels []RelationshipSeen
	for i := range s.Nodes {
		nodes = append(nodes, NodeSeen{"", []string{LabelEntity, Label(s.Nodes[i].Kind)}, have(p.node(nil, int32(i)))})
	}
	for k := range s.Links {
		e := p.ends(serves, int32(k))
		rels = append(rels, RelationshipSeen{Type: Serves, FromUID: p.uid(e.from), ToUID: p.uid(e.to), Properties: have(p.relationship(nil, serves, int32(k)))})
	}
	b.ReportAllocs()
	for b.Loop() {
		c := NewComparer(s)
		for _, n := range nodes {
			c.Node(n)
		}
		for _, r := range rels {
			c.Relationship(r)
		}
		o := c.Finish()
		if !o.ChangeSet().Empty() || o.Delta(s).Len() > 0 {
			b.Fatal("changes are found")
		}
	}
}
