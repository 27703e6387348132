package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An import that only looks does not tell people to import something first, and creates nothing.
func TestDryRunWithoutStore(t *testing.T) {
	dir := t.TempDir()
	links := filepath.Join(dir, "links.csv")
	if err := os.WriteFile(links, []byte("provider_team,consumer\nPayroll,Sales\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	store := filepath.Join(dir, "w.db")
	var stdout, stderr bytes.Buffer
	if got := run(t.Context(), []string{"import", "--dry-run", "--store", store, links}, nil, &stdout, &stderr); got != done {
		t.Fatalf("exit status %d: %s", got, &stderr)
	}
	if strings.Contains(stderr.String(), "no data yet") {
		t.Errorf("the words are misleading: %s", &stderr)
	}
	if !strings.Contains(stdout.String(), "column provider_team") {
		t.Errorf("the column is not named as in the file: %s", &stdout)
	}
	if exists(store) {
		t.Error("a dry run created the store")
	}
}

// An organisation's name that cannot be is wrong usage, not trouble with the store.
func TestNameOfOrganisation(t *testing.T) {
	for _, name := range []string{"a/b", ""} {
		var stdout, stderr bytes.Buffer
		if got := run(t.Context(), []string{"orgs", "--org", name, "--store", filepath.Join(t.TempDir(), "w.db")}, nil, &stdout, &stderr); got != wrong {
			t.Errorf("--org %q: exit status %d, want %d", name, got, wrong)
		}
		if stdout.Len() > 0 {
			t.Errorf("--org %q: stdout is %q, want none", name, &stdout)
		}
	}
}

// A unit and a site that only their columns name are good enough for --strict; whom a link or a manager column names must be
// described. What is refused is told.
func TestStrictUnitsAndSites(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	nodes := write("nodes.csv", "name,unit,site,kind\nA,Box,HQ building,team\nB,,,customer\n")
	links := write("links.csv", "provider,consumer\nA,B\n")
	people := write("people.csv", "name,team,manager\nAnn,A,Zed\n")
	for _, c := range []struct {
		files []string
		want  int
	}{{[]string{nodes, links}, done}, {[]string{nodes, links, people}, wrong}} {
		for _, command := range [][]string{{"validate"}, {"import", "--store", filepath.Join(dir, "w.db")}} {
			var stdout, stderr bytes.Buffer
			args := append(append(command, "--strict", "--format", "json"), c.files...)
			if got := run(t.Context(), args, nil, &stdout, &stderr); got != c.want {
				t.Errorf("%v: exit status %d, want %d: %s", args, got, c.want, &stderr)
			}
			if told := strings.Contains(stdout.String(), "described nowhere"); told != (c.want == wrong) {
				t.Errorf("%v: the problems are %s", args, &stdout)
			}
		}
	}
}

// A drawing that does not say who serves is read as --direction says; a word that is no direction is wrong usage.
func TestDirectionOfDrawing(t *testing.T) {
	drawing := filepath.Join(t.TempDir(), "chart.dot")
	if err := os.WriteFile(drawing, []byte("digraph { Sales -> Payroll }"), 0o644); err != nil {
		t.Fatal(err)
	}
	for direction, want := range map[string]string{"provider-first": "“Sales” serves “Payroll”", "consumer-first": "“Payroll” serves “Sales”", "left": "“left” is no direction"} {
		var stdout, stderr bytes.Buffer
		status := run(t.Context(), []string{"import", "--direction", direction, "--store", filepath.Join(t.TempDir(), "w.db"), drawing}, nil, &stdout, &stderr)
		if (status == done) != (direction != "left") || !strings.Contains(stderr.String(), want) {
			t.Errorf("%s: exit status %d: %s", direction, status, &stderr)
		}
	}
}
