package propertygraph

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestSchemaText(t *testing.T) {
	const golden = "testdata/schema.cypher"
	var b strings.Builder
	if err := WriteSchema(&b); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), b.String()); d != "" {
		t.Error(d)
	}
}

// TestSchemaNamesEverything holds the text to the properties that are written.
func TestSchemaNamesEverything(t *testing.T) {
	var b strings.Builder
	if err := WriteSchema(&b); err != nil {
		t.Fatal(err)
	}
	for _, n := range []names{nodeNames, linkNames} {
		for name := range n.own {
			if !strings.Contains(b.String(), name) {
				t.Errorf("%s is not told", name)
			}
		}
		for name := range n.fields {
			if !strings.Contains(b.String(), "//   "+name+" ") {
				t.Errorf("%s is not told", name)
			}
		}
	}
}
