//go:build realdata

package main

// These tests read files that are not ours to ship: they lie beside the repository, in ../shared/data. They fail when a file
// is missing.

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/whoserves/graph/answer"
)

// The real list of a company that publishes who serves whom.
func TestRealLinks(t *testing.T) {
	serves := filepath.Join(sharedData(t), "orgs", "gitlab", "serves.csv")
	d := newDesk(t)
	r := d.run(done, "import", "--format", "json", serves)
	if got := decode[importJSON](t, r.stdout); *got.Version != 1 || strings.Contains(r.stdout, `"error"`) {
		t.Errorf("got %s", r.stdout)
	}
	if !strings.Contains(r.stderr, "“Import and Integrate” serves “Alliances Department”") {
		t.Errorf("got %s", r.stderr)
	}
	risks := decode[answer.Risks](t, d.run(done, "risks", "--format", "json").stdout)
	if risks.Links != 115 || !risks.StandInCustomers || len(risks.SPOFs) == 0 || risks.Assumed.Criticality != 115 {
		t.Errorf("%d links, stand-in %v, %d SPOFs, assumed %+v", risks.Links, risks.StandInCustomers, len(risks.SPOFs), risks.Assumed)
	}
}

// sharedData is the folder of real inputs, beside the repository.
func sharedData(t *testing.T) string {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for !exists(filepath.Join(root, "go.mod")) && root != filepath.Dir(root) {
		root = filepath.Dir(root)
	}
	return filepath.Join(root, "..", "shared", "data")
}

// Whatever people call a CSV file: it is read, or refused at a place.
func TestMessyFiles(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(sharedData(t), "messy", "csv", "*"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d messy files, %v", len(files), err)
	}
	for _, file := range files {
		r := runWith("validate", "--format", "json", file)
		got := decode[importJSON](t, r.stdout)
		n, _ := got.errors()
		if (r.status == wrong) != (n > 0) || r.status == trouble || n == 0 && r.status != done {
			t.Errorf("%s: status %d with %d errors", file, r.status, n)
		}
		for _, p := range got.Problems {
			if p.Severity == "error" && (p.File == "" || p.Message == "") {
				t.Errorf("%s: no place: %+v", file, p)
			}
		}
	}
}
