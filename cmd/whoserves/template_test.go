package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// A template is written once, and what is filled in is imported without a word about it.
func TestTemplate(t *testing.T) {
	d := newDesk(t)
	path := filepath.Join(d.dir, "whoserves.xlsx")
	d.check(done, "template", "-o", path)
	if r := d.check(wrong, "template", "-o", path); !strings.Contains(r.stderr, "is there already") {
		t.Errorf("stderr is %q", r.stderr)
	}
	if r := d.run(done, "import", "--dry-run", path); !strings.Contains(r.stdout, "nothing is filled in yet") {
		t.Errorf("stdout is %q", r.stdout)
	}
	edit(t, path, func(f *excelize.File) error { return f.SetSheetRow("links", "A3", &[]any{"Payroll", "Crews", "Pay"}) })
	edit(t, path, func(f *excelize.File) error { return f.SetSheetRow("nodes", "A3", &[]any{"Payroll"}) })
	edit(t, path, func(f *excelize.File) error { return f.SetSheetRow("nodes", "A4", &[]any{"Crews"}) })
	i := decode[importJSON](t, d.run(done, "import", "--format", "json", path).stdout)
	if i.Added != 3 || len(i.Problems) > 0 {
		t.Errorf("%d added, %+v", i.Added, i.Problems)
	}
}

// edit changes a workbook as a person would.
func edit(t *testing.T, path string, change func(*excelize.File) error) {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := change(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Save(); err != nil {
		t.Fatal(err)
	}
}

// A workbook for each team, in a folder that is new or empty; what comes back confirms and denies.
func TestConfirm(t *testing.T) {
	d := newDesk(t)
	d.run(done, "import", "../../examples/airline")
	folder := filepath.Join(d.dir, "asked")
	r := d.run(done, "template", "--confirm", "-o", folder)
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 50 || !strings.Contains(r.stderr, "50 workbooks") || !strings.Contains(r.stderr, "6 links are between") {
		t.Errorf("%d workbooks, %v, stderr %q", len(entries), err, r.stderr)
	}
	if r := d.run(wrong, "template", "--confirm", "-o", folder); !strings.Contains(r.stderr, "name a new folder") {
		t.Errorf("stderr is %q", r.stderr)
	}
	one := filepath.Join(d.dir, "one")
	if err := os.Mkdir(one, 0o755); err != nil {
		t.Fatal(err)
	}
	d.run(done, "template", "--confirm", "--team", "Payroll", "--team", "island-council", "-o", one)
	path := filepath.Join(one, "payroll-confirm.xlsx")
	edit(t, path, func(f *excelize.File) error { return f.SetSheetRow("links", "B2", &[]any{"no"}) })
	edit(t, path, func(f *excelize.File) error { return f.SetSheetRow("links", "B3", &[]any{"yes", "2026-11-22"}) })
	i := decode[importJSON](t, d.run(done, "import", "--format", "json", path).stdout)
	if i.Added > 0 || len(i.Problems) != 2 || !strings.Contains(i.Problems[0].Message+i.Problems[1].Message, "said not to be true any more by “payroll”") {
		t.Errorf("%d added, %+v", i.Added, i.Problems)
	}
	if _, err := os.Stat(filepath.Join(one, "island-council-confirm.xlsx")); err != nil {
		t.Error(err)
	}
}

// Wrong uses are told, and leave nothing behind.
func TestWrongTemplates(t *testing.T) {
	d := newDesk(t)
	file := d.file("file", "x")
	for _, c := range []struct {
		say  string
		args []string
	}{
		{"-o FILE.xlsx", nil},
		{"-o FOLDER", []string{"--confirm"}},
		{"end it in .xlsx", []string{"-o", filepath.Join(d.dir, "a.csv")}},
		{"end it in .xlsx", []string{"-o", filepath.Join(d.dir, "folder")}},
		{"not one text", []string{"-o", "-"}},
		{"name a folder", []string{"--confirm", "-o", filepath.Join(d.dir, "a.xlsx")}},
		{"go with --confirm", []string{"--team", "x", "-o", filepath.Join(d.dir, "a.xlsx")}},
		{"go with --confirm", []string{"--map", "x.yaml", "-o", filepath.Join(d.dir, "a.xlsx")}},
		{"is a file", []string{"--confirm", "-o", file}},
		{"there is no “Payrol”. Did you mean Payroll", []string{"--confirm", "--team", "Payrol", "-o", filepath.Join(d.dir, "new"), "--from", "../../examples/airline"}},
		{"no team has links", []string{"--confirm", "-o", filepath.Join(d.dir, "new"), "--from", d.file("nodes.csv", "name,kind", "A,team")}},
	} {
		if r := d.check(wrong, append([]string{"template"}, c.args...)...); !strings.Contains(r.stderr, c.say) {
			t.Errorf("%v: %q", c.args, r.stderr)
		}
	}
	if exists(filepath.Join(d.dir, "new")) || exists(filepath.Join(d.dir, "a.xlsx")) {
		t.Error("something was left behind")
	}
}
