package graph

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestValidate(t *testing.T) {
	n := Given
	o := org([]*NodeRecord{
		{ID: "a", Headcount: n(0), MinStaff: n(0), Capacity: n(12.5), RecoveryHours: n(1e15), Value: n(-3)},
		{Name: " ", From: Origin{"nodes.csv", "", 2}},
		{ID: "b", MinStaff: n(1.5), Capacity: n(-1), RecoveryHours: n(math.Inf(1)), From: Origin{"nodes.csv", "", 3}},
	}, []*LinkRecord{
		{Provider: "a", Consumer: "b", MinProviders: n(1), Satisfaction: n(100), Cost: n(-1)},
		{Provider: "a", Consumer: "b", Service: "Site  Dallas", MinProviders: n(0), Tolerance: n(-1), Satisfaction: n(101), From: at(5)},
		{Provider: "", Consumer: "b", Service: "MEMBERS", From: at(6)},
	})
	want := []string{
		"error: links.csv, row 5, column service: the service “Site  Dallas” is reserved for what follows from members and sites: name it otherwise",
		"warning: links.csv, row 5, column min_providers: 0 was given: min_providers must be 1 or more",
		"warning: links.csv, row 5, column satisfaction: 101 was given: satisfaction must be 100 at most",
		"warning: links.csv, row 5, column tolerance_hours: -1 was given: tolerance_hours must be 0 or more",
		"error: links.csv, row 6, column provider: the row names no provider: say who serves",
		"error: links.csv, row 6, column service: the service “MEMBERS” is reserved for what follows from members and sites: name it otherwise",
		"error: nodes.csv, row 2, column name: the row has neither id nor name: give one",
		"warning: nodes.csv, row 3, column capacity: -1 was given: capacity must be 0 or more",
		"warning: nodes.csv, row 3, column min_staff: 1.5 was given: min_staff must be a whole number",
		"warning: nodes.csv, row 3, column recovery_hours: +Inf was given: recovery_hours is too large a number",
	}
	got := messages(o.Validate())
	sorted := map[string]bool{}
	for _, w := range want {
		sorted[w] = true
	}
	for _, g := range got {
		if !sorted[g] {
			t.Errorf("not expected: %s", g)
		}
	}
	if len(got) != len(want) {
		t.Error(cmp.Diff(want, got))
	}
}

// What Validate refuses has no part in a snapshot, whoever stored it.
func TestReservedServicesDoNotCount(t *testing.T) {
	s := NewSnapshot(org([]*NodeRecord{{ID: "a"}, {ID: "b"}}, []*LinkRecord{
		{Provider: "a", Consumer: "b", Service: " MEMBERS"}, {Provider: "a", Consumer: "b", Service: "site X"},
		{Provider: "a", Consumer: "b", Service: "sites", Tolerance: Given(-4)}}))
	if d := cmp.Diff([]string{"b/sites critical 0h 1 of a"}, describe(s)); d != "" || len(s.Problems) != 3 {
		t.Error(d, messages(s.Problems))
	}
}
