//go:build realdata

package importer

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.com/whoserves/graph"
)

// TestRealOrganograms holds how many people, teams and units each organogram gives, and what is told of it. The numbers were counted in
// the files by other means.
func TestRealOrganograms(t *testing.T) {
	tests := []struct {
		file                 string
		people, teams, units int
		facts, problems      []string
	}{
		// All posts in one unit, two of the three at the top report to themselves.
		{"20131217-JFC-senior.csv", 86, 1, 1, []string{"2 person id=1058655 name=Assistant Chief of Staff Communications (J6) team=Joint Forces Command manager=1058619 role=Assistant Chief…"},
			[]string{"managers who report to nobody (3): “Person 101”, “Person 097”, “Person 108”"}},
		// 110 rows: three posts are vacant; DD28 is shared by two, and three rows “0” of people not in post have two bosses.
		{"300913-Defra-senior.csv", 104, 21, 1, []string{"2 person id=PS name=Person 116 team=Strategy & Private Office role=Permanent Secretary…"},
			[]string{"the post “DD28” stands in row ", "the post “0” stands in row "}},
		// Three posts report to themselves, and nobody to them; the department's own unit is called like it.
		{"DFID-senior.csv", 89, 5, 2, []string{"2 unit id=unit-dfid name=DFID unit=Department for International Development", "2 team name=DFID unit=DFID"}, nil},
		{"Acas-Sep-13-senior.csv", 6, 5, 2, []string{"2 person id=5 name=Person 001 team=Delivery manager=1 role=Chief Operating Officer…"}, nil},
		{"Acas-Sep-13-junior.csv", 0, 5, 2, []string{"2 team name=Delivery unit=Advisory, Conciliation and Arbitration Service headcount=663.64…"}, nil},
	}
	for _, test := range tests {
		r, err := Read(context.Background(), []string{shared(t, "orgs", "uk-organograms", test.file)}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		checkResult(t, r)
		count := map[graph.Kind]int{}
		for _, n := range r.Org.Sources[0].Nodes {
			count[n.Kind]++
		}
		if got, want := fmt.Sprint(count[graph.Person], count[graph.Team], count[graph.Unit]), fmt.Sprint(test.people, test.teams, test.units); got != want {
			t.Errorf("%s: people, teams and units %s, want %s\n%s", test.file, got, want, problems(r))
		}
		lines := strings.Split(facts(r.Org), "\n")
		for _, want := range test.facts {
			start, cut := strings.CutSuffix(want, "…")
			if !slices.ContainsFunc(lines, func(l string) bool {
				return l == want || cut && strings.HasPrefix(l, start)
			}) {
				t.Errorf("%s: no fact %q", test.file, want)
			}
		}
		for _, want := range test.problems {
			if !strings.Contains(problems(r), want) {
				t.Errorf("%s: nobody is told %q\n%s", test.file, want, problems(r))
			}
		}
		if slices.ContainsFunc(r.Problems, func(p graph.Problem) bool { return p.Severity == graph.Error }) {
			t.Errorf("%s: %s", test.file, problems(r))
		}
	}
}
