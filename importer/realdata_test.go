//go:build realdata

package importer

// These tests read files that are not ours to ship: they lie beside the repository, in ../shared/data. They fail when a file
// is missing.

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"example.com/whoserves/graph"
)

func shared(t testing.TB, name ...string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(append([]string{dir, "..", "shared", "data"}, name...)...)
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}

func TestRealLinks(t *testing.T) {
	r, err := Read(context.Background(), []string{shared(t, "orgs", "gitlab", "serves.csv")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Problems) != 0 || r.Rows != 115 || len(r.Org.Sources) != 1 || r.Org.Sources[0].Name != "serves" || len(r.Org.Sources[0].Links) != 115 {
		t.Fatalf("rows %d, problems %v, sources %v", r.Rows, r.Problems, r.Sources)
	}
	if got, want := r.Examples[0].String(), "serves.csv, row 2 means: “Import and Integrate” serves “Alliances Department”."; got != want {
		t.Errorf("got %s want %s", got, want)
	}
	first, _, _ := strings.Cut(facts(r.Org), "\n")
	if want := "2 Import and Integrate > Alliances Department dri:P001"; first != want {
		t.Errorf("got %s want %s", first, want)
	}
}

// TestMessyFiles holds that no file makes the reader panic or is left out without a word that names the place.
func TestMessyFiles(t *testing.T) {
	count := 0
	for _, folder := range []string{"messy/csv", "messy/csv-spectrum/csvs", "messy/xlsx", "orgs/dora", "orgs/uk-organograms", "formats/neo4j-admin", "formats/kumu"} {
		files, err := filepath.Glob(shared(t, folder, "*"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no files in %s: %v", folder, err)
		}
		for _, f := range files {
			count++
			r, err := Read(context.Background(), []string{f}, Options{})
			if err != nil {
				t.Errorf("%s: %v", f, err)
				continue
			}
			refused := slices.ContainsFunc(r.Problems, func(p graph.Problem) bool { return p.Severity == graph.Error && p.File == filepath.Base(f) })
			if len(r.Org.Sources) == 0 && !refused {
				t.Errorf("%s was left out without a word", f)
			}
			for _, p := range r.Problems {
				if p.File == "" || p.Message == "" {
					t.Errorf("%s: problem without place or words: %+v", f, p)
				}
			}
		}
	}
	if count < 40 {
		t.Errorf("only %d files", count)
	}
}

// TestSpectrum reads the csv-spectrum files as cells and compares them with their JSON answers.
func TestSpectrum(t *testing.T) {
	files, err := filepath.Glob(shared(t, "messy", "csv-spectrum", "csvs", "*.csv"))
	if err != nil || len(files) < 12 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		if filepath.Base(f) == "location_coordinates.csv" {
			continue // its answer is for another telephone number
		}
		want := spectrumAnswer(t, f)
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var header []string
		var got []map[string]string
		for r := range csvSheet(f, raw, ',').rows {
			if len(r.faults) > 0 {
				t.Errorf("%s, row %d: %v", f, r.number, r.faults)
			}
			record := map[string]string{}
			for i, c := range r.cells {
				if r.number == 1 {
					header = append(header, string(c))
				} else {
					record[header[i]] = string(c)
				}
			}
			if r.number > 1 {
				got = append(got, record)
			}
		}
		if strings.ReplaceAll(fmt.Sprint(want), "\r\n", "\n") != fmt.Sprint(got) { // an answer has a line end that its file has not
			t.Errorf("%s:\n%q\nwant\n%q", f, got, want)
		}
	}
}

// FuzzReadOutside is FuzzRead from the files of others.
func FuzzReadOutside(f *testing.F) {
	for _, folder := range []string{"messy/csv", "messy/csv-spectrum/csvs"} {
		files, err := filepath.Glob(shared(f, folder, "*"))
		if err != nil || len(files) == 0 {
			f.Fatalf("no seeds in %s: %v", folder, err)
		}
		for _, name := range files {
			if raw, err := os.ReadFile(name); err != nil {
				f.Fatal(err)
			} else if len(raw) < 20_000 {
				f.Add("data.csv", raw)
			}
		}
	}
	fuzzRead(f)
}

// TestRealWorkbooks holds what each file gives, and why. None but one is about an organisation: what counts is that their cells are
// found, and that people are told what was looked for.
func TestRealWorkbooks(t *testing.T) {
	// A header of four rows in each sheet, and no rows but one of 0 that a formula left.
	dora := []string{"warning dora-register-template.xlsx: nothing is filled in yet…", "info dora-register-template.xlsx, sheet Drop down, row …", "info dora-register-template.xlsx, sheet Instructions, row …"}
	for _, s := range []string{"b_01.01", "b_01.02", "b_01.03", "b_02.01", "b_02.02", "b_02.03", "b_03.01", "b_03.02", "b_03.03", "b_04.01", "b_05.01", "b_05.02", "b_06.01", "b_07.01", "b_99.01"} {
		about := "this table of the register says nothing of who serves whom…"
		switch s {
		case "b_06.01":
			about = "the row holds nothing but 0…"
		case "b_01.01", "b_01.02", "b_01.03", "b_02.02", "b_05.01", "b_05.02", "b_07.01":
			about = "the table of the register has a header and no rows…"
		case "b_99.01":
			dora = append(dora, "info dora-register-template.xlsx, sheet b_99.01, row 3: 6 merged cells…")
		}
		row := "4"
		if s == "b_06.01" {
			row = "7"
		}
		dora = append(dora, "info dora-register-template.xlsx, sheet "+s+", row 4: rows 4 to 6 were read as one header", "info dora-register-template.xlsx, sheet "+s+", row "+row+": "+about)
	}
	tests := []struct {
		file            string
		facts, problems []string
	}{
		// two sheets with a title, a merged heading and notes: people who died, no links
		{"messy/xlsx/deaths.xlsx", nil, []string{"error deaths.xlsx: none of its 2 sheets holds a table…", "info deaths.xlsx, sheet arts, row 2: no row was recognised…", "info deaths.xlsx, sheet other, row 2: no row…"}},
		// headers x, y, z, w and one that is empty
		{"messy/xlsx/empty-named-column.xlsx", nil, []string{"error empty-named-column.xlsx, sheet Sheet1, row 1: no row was recognised as a header; the first one starts with “x”, “y”…"}},
		// all text inline and in runs; the columns ID and Name make its one requirement a node
		{"messy/xlsx/inlineStr.xlsx", []string{"2 node id=RQ11610 name=requirement Description:test Hierarchy:+ NN:1 Outline Number:1."},
			[]string{"warning inlineStr.xlsx, sheet Requirements, row 2, column Type: “Textual Requirement” is no kind…"}},
		// nothing in column A, no header, two empty sheets
		{"messy/xlsx/missing-first-column.xlsx", nil, []string{"error missing-first-column.xlsx: none of its 3 sheets holds a table…", "info missing-first-column.xlsx, sheet Sheet1, row 1: no row…",
			"info missing-first-column.xlsx, sheet Sheet2: the sheet was left out: it is empty", "info missing-first-column.xlsx, sheet Sheet3: the sheet was left out: it is empty"}},
		// headers that occur twice or are no words
		{"messy/xlsx/names-need-repair-xlsx.xlsx", nil, []string{"error names-need-repair-xlsx.xlsx, sheet Sheet1, row 1: no row was recognised as a header; the first one starts with “a b”…"}},
		// three sheets of merged headers about schools
		{"messy/xlsx/school.xlsx", nil, []string{"error school.xlsx: none of its 3 sheets holds a table…", "info school.xlsx, sheet Sheet1, row 1: …", "info school.xlsx, sheet Sheet2, row 1: …", "info school.xlsx, sheet Sheet3, row 1: …"}},
		// old formats
		{"messy/xlsx/encrypted_no_password.xls", nil, []string{"error encrypted_no_password.xls: this is a workbook of an old Excel (.xls)…"}},
		{"messy/xlsx/unicode_sheet_name.xls", nil, []string{"error unicode_sheet_name.xls: this is a workbook of an old Excel (.xls)…"}},
		// the register's own template, which nobody has filled in
		{"orgs/dora/dora-register-template.xlsx", nil, dora},
		// its lists have names and labels, but neither kind nor unit nor links that a table has
		{"orgs/kubernetes/sigs.yaml", nil, []string{"error sigs.yaml: none of its 4 sheets holds a table…", "info sigs.yaml: what stands under the key “gb_rep” is no list…", "info sigs.yaml, sheet committees: the keys of the entries…",
			"info sigs.yaml, sheet sigs: the keys of the entries…", "info sigs.yaml, sheet usergroups: the sheet was left out: the list is empty", "info sigs.yaml, sheet workinggroups: the keys of the entries…"}},
	}
	for _, test := range tests {
		r, err := Read(context.Background(), []string{shared(t, test.file)}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		wantLines(t, test.file, facts(r.Org), test.facts)
		wantLines(t, test.file, problems(r), test.problems)
	}
}

// TestSameCellsAsExcelize compares the texts of the real workbooks with what excelize reads in them, cell by cell.
func TestSameCellsAsExcelize(t *testing.T) {
	count := 0
	for _, file := range []string{"deaths", "empty-named-column", "inlineStr", "missing-first-column", "names-need-repair-xlsx", "school"} {
		count += sameCells(t, shared(t, "messy", "xlsx", file+".xlsx"))
	}
	if count += sameCells(t, shared(t, "orgs", "dora", "dora-register-template.xlsx")); count < 1000 {
		t.Errorf("only %d cells", count)
	}
}

// sameCells compares the texts of a workbook, and counts them.
func sameCells(t *testing.T, file string) int {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a, err := openArchive(raw)
	if err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	count := 0
	for s, err := range xlsxSheets(context.Background(), file, a) {
		if err != nil || s.none != "" {
			continue
		}
		merged := map[string]bool{}
		for _, m := range s.merges {
			for row := m.top; row <= m.bottom; row++ {
				for column := m.left; column <= m.right; column++ {
					merged[fmt.Sprint(letters(column), row)] = true
				}
			}
		}
		for r := range s.rows {
			for i, c := range r.cells {
				cell := fmt.Sprint(letters(i), r.number)
				want, err := book.GetCellValue(s.name, cell, excelize.Options{RawCellValue: true})
				if err != nil {
					t.Fatal(err)
				}
				kind, err := book.GetCellType(s.name, cell)
				if err != nil {
					t.Fatal(err)
				}
				if text := kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString; !text || merged[cell] {
					continue
				}
				if count++; string(c) != strings.ReplaceAll(want, "\r", "") {
					t.Errorf("%s, %s %s: %q, want %q", filepath.Base(file), s.name, cell, c, want)
				}
			}
		}
	}
	return count
}
