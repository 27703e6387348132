package propertygraph

import (
	"math"
	"testing"
	"time"

	"example.com/whoserves/graph"
)

type broken struct{ at *int }

func (b broken) String() string { return string(rune(*b.at)) } // panics on nil

// oddValues makes every sort of Go value out of a text and a number.
func oddValues(s string, x float64) []any {
	n := int(int32(uint32(math.Float64bits(x))))
	when := time.Unix(int64(n), 0)
	return []any{nil, s, x, float32(x), n, int8(n), int64(n), uint64(math.Float64bits(x)), x > 0, []byte(s), when, &when, date(when), time.Duration(n), broken{},
		&broken{}, []string{s, ""}, []any{s, x, nil}, []any{[]any{s}}, []float64{x}, []bool{true}, [2]string{s, s}, [0]int{}, map[string]any{s: x}, map[string]any(nil), struct{ A any }{s},
		func() {}, make(chan int), complex(x, x), (*int)(nil), (*graph.Node)(nil), []any(nil), error(nil), math.NaN(), math.Inf(-1), []any{math.NaN()}, []any{map[string]any{}}}
}

// FuzzAnyValue puts any value anywhere: reading never panics, and what one refresh left the next one finds as it is.
func FuzzAnyValue(f *testing.F) {
	for seed := range uint64(40) {
		f.Add(uint8(seed), "12", 2.5, uint16(seed*37))
		f.Add(uint8(seed), "Pay\xff", 1e300, uint16(seed*61))
		f.Add(uint8(seed), "org/crew", math.NaN(), uint16(seed*17))
	}
	s := graph.NewSnapshot(firm())
	names := []string{"uid", "org", "id", "name", "capacity", "segment", "can_fail", "site", "tags", "aliases", "sources", "rows", "stated", "version", "placeholder",
		"colour", "kind", "", "a\x00b", "service", "derived", "criticality", "min_providers", "satisfaction", "confirmed_on", "provider"}
	f.Fuzz(func(t *testing.T, which uint8, text string, x float64, at uint16) {
		m := holding(t, s)
		values := oddValues(text, x)
		value := values[int(which)%len(values)]
		name := names[int(at)%len(names)]
		if int(at)%3 == 0 {
			name = text
		}
		if uid, _ := value.(string); name == PropertyUID && m.byUID()[uid] != "" {
			return // the constraint refuses it
		}
		nodes, rels := sortedKeys(m.nodes), sortedKeys(m.rels)
		put := func(props map[string]any) {
			if name != "" && value != nil {
				props[name] = value
			}
		}
		switch at % 4 {
		case 0:
			put(m.nodes[nodes[int(at)%len(nodes)]].props)
		case 1:
			put(m.rels[rels[int(at)%len(rels)]].props)
		case 2:
			props := map[string]any{"org": "org"}
			put(props)
			m.addNode([]string{"Team", text}, props)
		case 3:
			props := map[string]any{}
			put(props)
			m.addRel(RelationshipTypes()[int(at/4)%4], nodes[int(at)%len(nodes)], nodes[int(at/8)%len(nodes)], props)
		}
		o := m.compare(s)
		after := s
		if cs := o.ChangeSet(); !cs.Empty() {
			org, err := s.Org.Apply(cs)
			if err != nil {
				t.Fatal(err)
			}
			org.Version++
			after = graph.NewSnapshot(org)
		}
		for _, b := range o.Delta(after).Batches(3) {
			b.Nodes()
			b.Relationships()
		}
		if d := o.Delta(after); writable(d) {
			m.write(t, d, 3)
			again := m.compare(after)
			if cs := again.ChangeSet(); !cs.Empty() || again.Delta(after).Len() > 0 {
				t.Errorf("found again: %v", describeChanges(cs))
			}
		}
	})
}

// writable says whether a database could take all that a delta sets: no name of a property may be empty or hold NUL.
func writable(d *Delta) bool {
	ok := true
	check := func(props map[string]any) {
		for name := range props {
			if _, can := (names{}).property(name); !can {
				ok = false
			}
		}
	}
	for _, b := range d.Batches(100) {
		for _, r := range b.Nodes() {
			check(r.Properties)
		}
		for _, r := range b.Relationships() {
			check(r.Properties)
		}
	}
	return ok
}
