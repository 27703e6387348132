package importer

import (
	"context"
	"slices"
	"strings"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/names"
)

// TestNamesOfAMapping holds that a decision makes two names one for as long as the file says the name, and next month too.
func TestNamesOfAMapping(t *testing.T) {
	decided := []names.Decision{{Name: "Payrol", Is: "Payroll"}, {Name: "Sale", Is: "Sales", Different: true}}
	nodes := Bytes("nodes.csv", []byte("name,kind\nPayroll,team\nSales,team\n"))
	read := func(links string) *graph.Snapshot {
		t.Helper()
		r, err := ReadFiles(context.Background(), []File{nodes, Bytes("links-2026-11.csv", []byte("provider,consumer\n"+links))},
			Options{Mappings: func(source string) *Mapping {
				if source == "links" {
					return &Mapping{Names: decided}
				}
				return nil
			}})
		if err != nil {
			t.Fatal(err)
		}
		if m := r.Mappings["links"]; m == nil || !slices.Equal(m.Names, decided) {
			t.Errorf("kept for the next file: %+v", m)
		}
		return graph.NewSnapshot(r.Org)
	}
	s := read("payrol,Crew\nSale,Crew\n")
	if v, err := s.Lookup("Payrol"); err != nil || s.Nodes[v].ID != "payroll" {
		t.Errorf("Payrol is %d, %v", v, err)
	}
	if v, err := s.Lookup("Sale"); err != nil || s.Nodes[v].ID != "sale" {
		t.Errorf("Sale is %d, %v", v, err)
	}
	if s = read("Payroll,Crew\n"); s.ByID("payroll") < 0 || len(s.Nodes[s.ByID("payroll")].Aliases) > 0 {
		t.Error("an alias stays when no row says the name")
	}
}

func TestNamesInYAML(t *testing.T) {
	decided := []names.Decision{{Name: "Payrol", Is: "Payroll"}, {Name: "no", Is: "Nordic: office", ID: "no-1", Kind: "unit"}, {Name: "Gate 1", Is: "Gate 2", Different: true}}
	near := []names.Pair{{Name: "Finance dept", Like: "Finance", Evidence: []names.Evidence{{Text: "words\nand more"}, {Text: "another unit", Against: true}}}}
	var b strings.Builder
	if err := WriteMapping(&b, nil, decided, near); err != nil {
		t.Fatal(err)
	}
	m, err := ParseMapping([]byte(b.String()))
	if err != nil || !slices.Equal(m.Names, decided) {
		t.Errorf("%v, %+v of\n%s", err, m, b.String())
	}
	if want := "  # “Finance dept” may be “Finance” (words and more; but another unit)\n  # - name: Finance dept\n  #   is: Finance\n"; !strings.Contains(b.String(), want) {
		t.Errorf("no %s in\n%s", want, b.String())
	}
	for text, words := range map[string]string{
		"names:\n- name: A\n":                              "line 2: an entry of names needs name",
		"names:\n- name: A\n  is: B\n  kind: boat\n":       "line 2: ",
		"names:\n- name: A\n  is: B\n  different: maybe\n": "different is true or false",
		"names:\n- name: A\n  are: B\n":                    "“are” is no key of a name",
		"names: A\n":                                       "names is a list",
	} {
		if _, err := ParseMapping([]byte(text)); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
