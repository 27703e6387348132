package graph

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A name that nobody has is answered with the nearest: of names and aliases, and within a group of what can name it.
func TestNearestNames(t *testing.T) {
	source := NewSource("s", []*NodeRecord{
		{ID: "T1", Name: "Launch", Kind: Team, Aliases: []string{"Rocket", "Rockets"}, Unit: "Kitchen", Sites: []string{"Dallas"}, Tags: []string{"night"}},
		{ID: "T2", Name: "Pocket money", Kind: Team},
		{ID: "T3", Name: "Kitchens of Dallas", Kind: Supplier},
		{ID: "unit", Name: "unit", Kind: Team},
	}, nil)
	source.Rank = 1
	s := NewSnapshot(&Org{Sources: []*Source{source}})
	for _, c := range []struct {
		ref  string
		want []string
	}{
		{"Rokket", []string{"Launch"}},
		{"Pockett money", []string{"Pocket money"}},
		{"unit:Kitchn", []string{"Kitchen"}},
		{"site:Dalas", []string{"Dallas"}},
		{"tag:nigth", []string{"night"}},
		{"unit:Launch", nil},
		{"site:Launch", nil},
		{"unit:xyz", nil},
	} {
		_, err := s.Group(c.ref)
		var unknown *UnknownError
		if !errors.As(err, &unknown) || unknown.Ref != c.ref {
			t.Fatalf("%s: %v", c.ref, err)
		}
		if d := cmp.Diff(c.want, unknown.Nearest); d != "" {
			t.Errorf("%s: %s", c.ref, d)
		}
	}
	if g, err := s.Group("unit"); err != nil || len(g) != 1 {
		t.Errorf("a node that is called unit: %v, %v", g, err)
	}
}

// TestMeans holds what a reference can mean to what the references of records came to mean.
func TestMeans(t *testing.T) {
	s := NewSnapshot(org([]*NodeRecord{
		{ID: "T1", Name: "Launch", Kind: Team, Aliases: []string{"Rocket"}}, {ID: "U1", Name: "Launch", Kind: Unit},
		{ID: "R1", Name: "Dallas", Kind: Resource}, {ID: "T2", Name: "Dallas", Kind: Team}, {ID: "U2", Name: "Air", Kind: Unit},
	}, []*LinkRecord{{Provider: "T1", Consumer: "Fuel"}}))
	for _, c := range []struct {
		ref  string
		kind Kind
		want []string
	}{
		{"launch", NoKind, []string{"T1"}}, {"launch", Unit, []string{"U1"}}, {"ROCKET", NoKind, []string{"T1"}}, {"air", NoKind, []string{"U2"}},
		{"Dallas", NoKind, []string{"R1", "T2"}}, {"Dallas", Resource, []string{"R1"}}, {"Fuel", NoKind, []string{"fuel"}}, {"nobody", NoKind, nil}, {"T1", Unit, nil},
	} {
		if d := cmp.Diff(c.want, ids(s, s.Means(c.ref, c.kind)), cmp.Transformer("set", func(in []string) map[string]bool {
			m := map[string]bool{}
			for _, x := range in {
				m[x] = true
			}
			return m
		})); d != "" {
			t.Errorf("%s, %s: %s", c.ref, c.kind, d)
		}
	}
}
