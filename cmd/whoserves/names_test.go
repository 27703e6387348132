package main

import (
	"os"
	"strings"
	"testing"
)

// TestNearNames goes the way of a person: an import tells of a name, map proposes what it is, and what was decided holds for the next file.
func TestNearNames(t *testing.T) {
	d := newDesk(t)
	nodes := d.file("nodes.csv", "name,kind", "Payroll,team", "Crew,team", "Fleet,team")
	links := d.file("links-2026-10.csv", "provider,consumer", "Payrol,Crew")
	r := d.run(done, "import", nodes, links, "--store", d.store)
	if !strings.Contains(r.stdout, "“Payrol” may be “Payroll” (one letter differs") {
		t.Errorf("import says %s", r.stdout)
	}
	d.run(done, "map", links, "-o", d.dir+"/map.yaml", "--store", d.store)
	text, err := os.ReadFile(d.dir + "/map.yaml")
	if err != nil {
		t.Fatal(err)
	}
	settled := strings.NewReplacer("# names:", "names:", "# - name: Payrol", "- name: Payrol", "#   is: Payroll", "  is: Payroll").Replace(string(text))
	mapping := d.file("settled.yaml", settled)
	if r = d.run(done, "import", links, "--map", mapping, "--store", d.store, "--format", "json"); !strings.Contains(r.stdout, `"problems":[]`) {
		t.Errorf("settled, import says %s", r.stdout)
	}
	next := d.file("links-2026-11.csv", "provider,consumer", "Payrol,Crew", "Payrol,Fleet")
	if r = d.run(done, "import", next, "--store", d.store); strings.Contains(r.stdout, "may be") || !strings.Contains(r.stdout, "1 added, 0 changed, 0 removed") {
		t.Errorf("the next month, import says %s", r.stdout)
	}
	if r = d.run(done, "show", "Payrol", "--format", "json", "--store", d.store); !strings.Contains(r.stdout, `"id":"payroll"`) {
		t.Errorf("Payrol is %s", r.stdout)
	}
}
