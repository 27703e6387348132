package main

import (
	"errors"
	"os"
	"strings"
	"testing"

	"example.com/whoserves/graph/sqlitestore"
	"example.com/whoserves/importer"
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

// TestMapReadsAsImportDoes holds that map shows how the next import would read a file, and that --map none heals what cannot be read.
func TestMapReadsAsImportDoes(t *testing.T) {
	d := newDesk(t)
	edges := d.file("edges.csv", "From,To", "A,B")
	d.run(done, "import", "--direction", "consumer-first", edges, "--store", d.store)
	if r := d.run(done, "map", edges, "--store", d.store); !strings.Contains(r.stdout, "direction: consumer-first  # chosen") {
		t.Errorf("map says %s", r.stdout)
	}
	st, err := sqlitestore.Open(t.Context(), d.store, "default")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(st.PutDocument(t.Context(), importer.MappingKind, "edges", []byte(`[]`)), st.Close()); err != nil {
		t.Fatal(err)
	}
	if r := runWith("import", edges, "--store", d.store); r.status == done || !strings.Contains(r.stderr, "say --map none") {
		t.Errorf("what cannot be read: %+v", r)
	}
	d.run(done, "import", "--map", "none", "--yes", edges, "--store", d.store)
	d.run(done, "import", edges, "--store", d.store)
}
