package main

import (
	"archive/zip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Importing an export as the source that it came from changes nothing and makes no version.
func TestImportOfExport(t *testing.T) {
	d := newDesk(t)
	d.run(done, "import", "../../examples/airline", "--source", "client")
	unzipped := filepath.Join(d.dir, "unzipped")
	for _, name := range []string{"org.xlsx", "org.json", "org.yaml", "tables", "org.zip"} {
		path := filepath.Join(d.dir, name)
		if r := d.run(done, "export", "-o", path); r.stdout != "" || r.stderr != "" {
			t.Errorf("%s: stdout %q, stderr %q", name, r.stdout, r.stderr)
		}
		if name == "org.zip" {
			unzip(t, path, unzipped)
			path = unzipped
		}
		i := decode[importJSON](t, d.run(done, "import", path, "--source", "client", "--format", "json").stdout)
		if *i.Version != 1 || i.Added+i.Changed+i.Removed > 0 {
			t.Errorf("%s: version %d, %d added, %d changed, %d removed", name, *i.Version, i.Added, i.Changed, i.Removed)
		}
	}
	d.run(done, "import", d.file("more.csv", "provider,consumer", "Payroll,Pilots"))
	merged := filepath.Join(d.dir, "merged.xlsx")
	if r := d.run(done, "export", "-o", merged); !strings.Contains(r.stderr, "Merged from 2 sources: client, more") {
		t.Errorf("stderr is %q", r.stderr)
	}
	if a, b := d.run(done, "risks", "--format", "json").stdout, d.check(done, "risks", "--format", "json", "--from", merged).stdout; strings.Replace(a, `"version":2`, `"version":null`, 1) != b {
		t.Errorf("the merged export has other risks: %s\n%s", a, b)
	}
	csv := filepath.Join(d.dir, "more")
	d.run(done, "export", "--source", "more", "-o", csv)
	if text, err := os.ReadFile(filepath.Join(csv, "links.csv")); err != nil || !strings.Contains(string(text), "\nPayroll,Pilots,") {
		t.Errorf("links.csv is %q, %v", text, err)
	}
}

func unzip(t *testing.T, archive, folder string) {
	t.Helper()
	z, err := zip.OpenReader(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	if err := os.CopyFS(folder, z); err != nil {
		t.Fatal(err)
	}
}

func TestExportToStdout(t *testing.T) {
	for form, start := range map[string]string{"json": "{", "yaml": "nodes:", "graphml": "<?xml", "dot": "digraph", "cypher": "//"} {
		r := runWith("export", "--from", "../../examples/first", "-o", "-", "--as", form)
		if r.status != done || !strings.HasPrefix(r.stdout, start) || r.stderr != "" {
			t.Errorf("%s: status %d, stderr %q, stdout %.40q", form, r.status, r.stderr, r.stdout)
		}
		if form == "json" && !json.Valid([]byte(r.stdout)) {
			t.Error("the JSON is not valid")
		}
	}
}

// Wrong use is told, and nothing is written: not even a store.
func TestExportRefuses(t *testing.T) {
	d := newDesk(t)
	full := filepath.Dir(d.file("full/letter.txt", "mine"))
	file := d.file("tables", "a file")
	for _, c := range []struct {
		args []string
		says string
	}{
		{nil, "say where to"},
		{[]string{"-o", "-"}, "in which format"},
		{[]string{"-o", "-", "--as", "xlsx"}, "not one text"},
		{[]string{"-o", "-", "--as", "csv"}, "not one text"},
		{[]string{"-o", "x.doc"}, "is no name of an export"},
		{[]string{"-o", "x.json", "--as", "openpsa"}, "there is no format"},
		{[]string{"-o", "links.csv"}, "a file for each table"},
		{[]string{"-o", full}, "holds other things, such as letter.txt"},
		{[]string{"-o", full, "--as", "json"}, "is a folder"},
		{[]string{"-o", file, "--as", "csv"}, "is a file"},
		{[]string{"-o", filepath.Join(d.dir, "x.json"), "--source", "nobody"}, "there is no source “nobody”: say one of first"},
	} {
		args := append([]string{"export", "--from", "../../examples/first"}, c.args...)
		if r := d.check(wrong, args...); !strings.Contains(r.stderr, c.says) {
			t.Errorf("%v: %s", c.args, r.stderr)
		}
	}
	d.check(trouble, "export", "--from", "../../examples/first", "-o", filepath.Join(d.dir, "no", "such", "x.json"))
	d.checkOnly("full", "tables")
}

// checkOnly holds the folder of the desk to what may lie in it.
func (d *desk) checkOnly(names ...string) {
	d.t.Helper()
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		d.t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		d.t.Errorf("the folder holds %v, want %v", got, names)
	}
}

// An export replaces an earlier one, keeps who may read it, follows links, and leaves nothing beside it.
func TestExportReplaces(t *testing.T) {
	d := newDesk(t)
	kept := d.file("kept.json", "old")
	if err := os.Chmod(kept, 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(d.dir, "link.json")
	if err := os.Symlink("kept.json", link); err != nil {
		t.Fatal(err)
	}
	tables := filepath.Join(d.dir, "tables")
	for _, name := range []string{"examples/airline", "examples/first"} {
		for _, path := range []string{link, tables} {
			d.check(done, "export", "--from", "../../"+name, "-o", path)
		}
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
	if info, err := os.Stat(kept); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the mode is %v, %v", info.Mode(), err)
	}
	want := runWith("export", "--from", "../../examples/first", "-o", "-", "--as", "json").stdout
	if got, err := os.ReadFile(kept); err != nil || string(got) != want {
		t.Errorf("the file is %.60s, %v", got, err)
	}
	if text, err := os.ReadFile(filepath.Join(tables, "links.csv")); err != nil || strings.Contains(string(text), "Flights") {
		t.Errorf("links.csv is still that of the airline: %v", err)
	}
	d.checkOnly("kept.json", "link.json", "tables")
	if entries, _ := os.ReadDir(tables); len(entries) != 4 {
		t.Errorf("the folder holds %v", entries)
	}
}

// A write that fails leaves the old file and nothing else.
func TestExportFails(t *testing.T) {
	d := newDesk(t)
	old := d.file("org.json", "old")
	a := &app{}
	err := a.put(t.Context(), old, func(w io.Writer) error { io.WriteString(w, "half"); return io.ErrShortWrite })
	if text, _ := os.ReadFile(old); err == nil || string(text) != "old\n" {
		t.Errorf("the file is %q, %v", text, err)
	}
	d.checkOnly("org.json")
}
