package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What map writes is corrected, imported with, kept with the source, and forgotten when somebody says so.
func TestMapIsKept(t *testing.T) {
	d := newDesk(t)
	d.file("orgs-2026-11.csv", "Wer,Für welche Gruppe,Was", "Pay,Sales,Salaries")
	d.file("orgs-2026-12.csv", "Was,Für welche Gruppe,Wer", "Salaries,Ops,Pay")
	file := func(name string) string { return filepath.Join(d.dir, name) }
	written := file("map.yaml")
	d.check(done, "map", file("orgs-2026-11.csv"), "-o", written)
	text, err := os.ReadFile(written)
	if err != nil || !strings.Contains(string(text), "Wer") {
		t.Fatal(err, string(text))
	}
	chosen := d.file("chosen.yaml", "sheets:", "- file: orgs", "  columns:", "  - {header: Wer, field: provider}", "  - {header: Für welche Gruppe, field: consumer}", "  - {header: Was, field: service}")
	d.run(wrong, "import", file("orgs-2026-11.csv"))
	if r := d.run(done, "import", "--map", chosen, file("orgs-2026-11.csv")); !strings.Contains(r.stderr, "“Pay” serves “Sales” with “Salaries”") {
		t.Error(r.stderr)
	}
	if r := d.run(done, "import", "--yes", file("orgs-2026-12.csv")); !strings.Contains(r.stderr, "“orgs” is read as was decided on 2") || !strings.Contains(r.stderr, "“Pay” serves “Ops” with “Salaries”") {
		t.Error(r.stderr)
	}
	if r := d.run(done, "history", "--format", "json"); strings.Count(r.stdout, `"version"`) < 2 {
		t.Error(r.stdout)
	}
	d.file("orgs-2027-01.csv", "provider,consumer", "Pay,Ops")
	if r := d.run(done, "import", "--yes", "--map", "none", file("orgs-2027-01.csv")); strings.Contains(r.stderr, "decided") {
		t.Error(r.stderr)
	}
	if r := d.run(wrong, "import", "--yes", file("orgs-2026-12.csv")); strings.Contains(r.stderr, "decided") {
		t.Error("what was forgotten still counts: " + r.stderr)
	}
	if r := d.check(done, "show", "Sales", "--from", file("orgs-2026-11.csv"), "--map", chosen); !strings.Contains(r.stdout, "Salaries") {
		t.Error(r.stdout)
	}
	if r := d.check(done, "validate", file("orgs-2026-11.csv"), "--map", chosen); !strings.Contains(r.stderr, "“Pay” serves “Sales”") {
		t.Error(r.stderr)
	}
	d.run(wrong, "import", "--map", file("no.yaml"), file("orgs-2026-11.csv"))
	if r := d.run(wrong, "import", "--map", d.file("bad.yaml", "sheet:", "- x"), file("orgs-2026-11.csv")); !strings.Contains(r.stderr, "line 1: “sheet” is no key of a mapping") {
		t.Error(r.stderr)
	}
	d.run(wrong, "show", "Sales", "--map", chosen)
}

// What points both ways is asked: without a terminal the import stops and prints both sentences; an answer, --direction or a mapping decides, and
// is kept for the next file of the source.
func TestAskedWhoServes(t *testing.T) {
	d := newDesk(t)
	nodes := d.file("nodes.csv", "name,kind", "Acme,supplier", "Bank,customer", "A,team")
	links := d.file("links-2026-11.csv", "from,to", "A,Bank", "A,Acme")
	asked := []string{"links-2026-11.csv, row 2", "1  provider-first  links-2026-11.csv, row 2 means: “A” serves “Bank”.", "2  consumer-first  links-2026-11.csv, row 2 means: “Bank” serves “A”.",
		"--direction provider-first or --direction consumer-first", "--map map.yaml"}
	holds := func(what, text string) {
		t.Helper()
		for _, want := range asked {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %s in %s", what, want, text)
			}
		}
	}
	holds("import", d.run(wrong, "import", nodes, links).stderr)
	if exists(d.store) {
		t.Error("a question made a store")
	}
	holds("validate", d.check(wrong, "validate", nodes, links).stderr)
	holds("from", d.check(wrong, "risks", "--from", nodes, "--from", links).stderr)
	d.run(done, "import", "--direction", "provider-first", nodes, links)
	next := d.file("links-2026-12.csv", "from,to", "A,Bank", "A,Acme", "Acme,A")
	if r := d.run(done, "import", nodes, next); !strings.Contains(r.stderr, "“links” is read as was decided on") {
		t.Error(r.stderr)
	}
	d.run(wrong, "import", "--map", "none", nodes, next)

	var out, words bytes.Buffer
	for _, c := range []struct {
		answer string
		status int
	}{{"\n", wrong}, {"2\n", done}} {
		out.Reset()
		words.Reset()
		store := filepath.Join(d.dir, "asked.db")
		a := &app{stdin: strings.NewReader(c.answer), stdout: &out, stderr: &words, asks: true}
		if got := a.run(t.Context(), []string{"import", "--store", store, nodes, links}); got != c.status {
			t.Errorf("answer %q: status %d, want %d: %s", c.answer, got, c.status, words.String())
		}
		if !strings.Contains(words.String(), "[1/2] ") {
			t.Error(words.String())
		}
		if c.status == done {
			if r := d.check(done, "show", "A", "--store", store); !strings.Contains(r.stdout, "Acme") {
				t.Error(r.stdout)
			}
			if r := d.check(done, "import", "--store", store, nodes, links); strings.Contains(r.stderr, "[1/2]") {
				t.Error("asked twice: " + r.stderr)
			}
		}
	}
}
