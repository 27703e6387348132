package main

import (
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
