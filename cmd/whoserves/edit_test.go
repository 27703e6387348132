package main

import (
	"slices"
	"strings"
	"testing"

	"example.com/whoserves/graph/answer"
)

func TestEdit(t *testing.T) {
	d := imported(t)
	sources := func() *answer.Sources {
		t.Helper()
		got := decode[answer.Sources](t, d.run(done, "sources", "--format", "json").stdout)
		return &got
	}
	before := len(sources().Sources)
	if got := decode[answer.Import](t, d.run(done, "edit", "Fuel", "recovery_hours=9", "contact=desk", "--dry-run", "--format", "json").stdout); *got.Version != 1 || got.Changed != 1 {
		t.Errorf("dry run: %+v", got)
	}
	if n := len(sources().Sources); n != before {
		t.Errorf("a dry run made %d sources of %d", n, before)
	}
	if got := decode[answer.Import](t, d.run(done, "edit", "Fuel", "recovery_hours=9", "contact=desk", "--format", "json").stdout); *got.Version != 2 || got.Changed != 1 || got.Added+got.Removed+len(got.Problems) > 0 {
		t.Errorf("edit: %+v", got)
	}
	got := sources()
	if got.Sources[0].Name != "edits" || got.Sources[0].Nodes != 1 || len(got.Differences) != 2 || got.Differences[0].Values[0].Value != "9" {
		t.Errorf("%+v", got)
	}
	if got := d.run(done, "edit", "Fuel", "recovery_hours=9").stdout; !strings.Contains(got, "Nothing changes: the store stays at version 2") {
		t.Error(got)
	}
	d.run(done, "edit", "Fuel", "recovery_hours=")
	if got := sources(); len(got.Differences) != 1 {
		t.Errorf("taken back: %+v", got.Differences)
	}
	d.run(done, "edit", "--forget", "Fuel")
	if got := sources(); len(got.Differences) != 0 {
		t.Errorf("forgotten: %+v", got.Differences)
	}
	d.run(done, "edit", "--add", "Night desk", "kind=supplier")
	d.run(done, "edit", "--add", "Night desk", "Fuel", "--service", "Calls", "criticality=minor")
	d.run(done, "edit", "Night desk", "Fuel", "tolerance_hours=4")
	shown := decode[answer.Show](t, d.run(done, "show", "Fuel", "--format", "json").stdout)
	if !slices.ContainsFunc(shown.Providers, func(p answer.Service) bool {
		return p.ID == "night-desk" && p.Service == "Calls" && p.Criticality == "minor"
	}) {
		t.Errorf("%+v", shown.Providers)
	}
	d.run(done, "undo")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"Fuel", "recovery_hours=soon"}, "recovery_hours: “soon” is no number"},
		{[]string{"Fuell", "recovery_hours=1"}, "Did you mean Fuel"},
		{[]string{"Fuel"}, "say what is right"},
		{[]string{"recovery_hours=1"}, "name one node"},
		{[]string{"recovery_hours=1", "Fuel"}, "name the node, or provider and consumer, first"},
		{[]string{"Fuel", "Night desk", "volume=1"}, "nobody says that “Fuel” serves “Night desk”: say --add"},
		{[]string{"Night desk", "Fuel", "--service", "Mail", "volume=1"}, "“Night desk” serves “Fuel” with “Calls”: say which with --service"},
		{[]string{"--add", "Fuel"}, "already"},
		{[]string{"--forget", "Fuel", "a=b"}, "--forget takes all corrections back"},
	} {
		if got := d.run(wrong, append([]string{"edit"}, c.args...)...); !strings.Contains(got.stderr, c.want) {
			t.Errorf("%v: %s, not %s", c.args, got.stderr, c.want)
		}
	}
}
