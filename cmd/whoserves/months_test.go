package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// monthsAway is where the files of two months of one client are.
const monthsAway = "../../importer/testdata/months"

// TestTwoMonths imports what a client sent in October and in November. What the change set says is what happened, and no more: that rows and
// sheets stand in another order, and that a title was put above a table, is no change.
func TestTwoMonths(t *testing.T) {
	d := newDesk(t)
	month := func(name string, more ...string) importJSON {
		t.Helper()
		files, err := filepath.Glob(filepath.Join(monthsAway, name, "*.xlsx"))
		if err != nil || len(files) != 3 {
			t.Fatalf("%v, %v", files, err)
		}
		got := decode[importJSON](t, d.run(done, append(append([]string{"import", "--format", "json"}, files...), more...)...).stdout)
		for _, p := range got.Problems {
			if p.Severity != "info" {
				t.Errorf("%s: %s, sheet %s, row %d: %s", name, p.File, p.Sheet, p.Row, p.Message)
			}
		}
		return got
	}
	all := func() string { return d.run(done, "export", "-o", "-", "--as", "json").stdout }

	month("2026-10")
	october := all()
	november := month("2026-11", "--map", filepath.Join(monthsAway, "2026-11", "map.yaml"))
	want := []string{
		// IT Support was split: IT Projects is new, has Omar, and serves Dispatch in its place
		"added,node,T5,,,,,,,",
		"added,link,,T5,T3,Route planner,,,,",
		"removed,link,,T4,T3,Route planner,,,,",
		"changed,node,E7,,,,team,IT Support,IT Projects,staff",
		// T2 is called otherwise, in both files that call it so, and stays what it is: no link of it changes
		"changed,node,T2,,,,name,Yard crew,Terminal crew,services",
		"changed,node,T2,,,,name,Yard crew,Terminal crew,staff",
		"changed,node,E3,,,,team,Yard crew,Terminal crew,staff",
		"changed,node,E4,,,,team,Yard crew,Terminal crew,staff",
		// Helpdesk is Service desk, as was settled: an alias in each of the two files that call it so, under the name that it had
		"changed,node,service-desk,,,,aliases,,Helpdesk,services",
		"changed,node,service-desk,,,,aliases,,Helpdesk,staff",
		"changed,node,service-desk,,,,name,,Service desk,services",
		"changed,node,service-desk,,,,name,Service desk,Helpdesk / Service desk,staff",
		"changed,node,E8,,,,team,Service desk,Helpdesk,staff",
		// Blyth Crane Hire is no supplier any more
		"removed,node,blyth-crane-hire,,,,,,,",
		"removed,link,,blyth-crane-hire,T2,Spare crane,,,,",
		// how Dispatch rates Payroll was corrected
		"changed,link,,T1,T3,Wages,satisfaction,60,75,services",
	}
	told := strings.Split(strings.TrimSpace(d.run(done, "diff", "--format", "csv").stdout), "\n")[1:]
	slices.Sort(told)
	slices.Sort(want)
	if !slices.Equal(told, want) {
		t.Errorf("November is\n%s\nwant\n%s", strings.Join(told, "\n"), strings.Join(want, "\n"))
	}
	if *november.Version != 2 || november.Added != 2 || november.Changed != 7 || november.Removed != 3 {
		t.Errorf("November is version %d: %d added, %d changed, %d removed", *november.Version, november.Added, november.Changed, november.Removed)
	}

	// once more: nothing, with what was settled and without naming it again, for the store has kept it
	for _, more := range [][]string{{"--map", filepath.Join(monthsAway, "2026-11", "map.yaml")}, nil} {
		if got := month("2026-11", more...); *got.Version != 2 || got.Added+got.Changed+got.Removed != 0 {
			t.Errorf("November once more: %+v", got)
		}
	}
	d.run(done, "undo")
	if all() != october {
		t.Errorf("undone, it is\n%s\nwant October:\n%s", all(), october)
	}
}
