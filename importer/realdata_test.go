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
	for _, folder := range []string{"messy/csv", "messy/csv-spectrum/csvs", "messy/xlsx", "orgs/uk-organograms", "formats/neo4j-admin", "formats/kumu"} {
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
