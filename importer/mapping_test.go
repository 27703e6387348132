package importer

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// mapped reads what was read before with the mapping that was written of it, and wants the same.
func mapped(t testing.TB, first *Result, o Options, files []File) {
	t.Helper()
	if o.Mapping != nil || o.Mappings != nil {
		return
	}
	var b bytes.Buffer
	if err := WriteMapping(&b, first.Readings, nil, nil); err != nil {
		t.Fatal(err)
	}
	m, err := ParseMapping(b.Bytes())
	if err != nil {
		t.Fatalf("the mapping cannot be read: %v\n%s", err, b.String())
	}
	o.Mapping, o.Progress = m, nil
	again, err := ReadFiles(context.Background(), files, o)
	if err != nil {
		t.Fatalf("with its mapping: %v\n%s", err, b.String())
	}
	if got, want := facts(again.Org), facts(first.Org); got != want {
		t.Errorf("with its mapping the facts are\n%s\nwithout\n%s\nthe mapping\n%s", got, want, b.String())
	}
	for _, p := range again.Problems {
		if strings.Contains(p.Message, "the mapping") {
			t.Errorf("of its own mapping: %s\n%s", p, b.String())
		}
	}
}

// A mapping overrules what headers say, and says what is not in the files.
func TestMapping(t *testing.T) {
	tests := []struct {
		name, file, content, mapping string
		facts, problems              []string
	}{
		{"columns with unknown headers", "orgs-2026-12.csv", "Wer,Für wen,Was,Geheim\nPay,Sales,Salaries,x\n",
			"sheets: [{file: orgs, columns: [{header: wer, field: provider}, {header: FÜR WEN, field: consumer}, {header: Was, field: attribute}, {header: Geheim, field: ignore}]}]",
			[]string{"2 Pay > Sales Was:Salaries"}, nil},
		{"against what the headers say", "l.csv", "provider,consumer,Team\nA,B,C\n",
			"sheets: [{columns: [{header: Team, field: consumer}]}]", []string{"2 A > C consumer:B"}, nil},
		{"an attribute makes room for another column", "l.csv", "provider,provider team,consumer\nA,B,C\n",
			"sheets: [{columns: [{header: provider, field: attribute}]}]", []string{"2 B > C provider:A"}, nil},
		{"one header twice", "l.csv", "who,who,note\nA,B,n\n", "sheets: [{columns: [{header: who, field: consumer}, {header: who, field: provider}]}]", []string{"2 B > A note:n"}, nil},
		{"a column without a header", "l.csv", "provider,consumer,\nA,B,S\n", "sheets: [{columns: [{header: column C, field: service}]}]", []string{"2 A > B service=S"}, nil},
		{"no header at all", "l.csv", "A,x,B\nC,y,D\n", "sheets: [{header: -1, columns: [{header: column A, field: consumer}, {header: column B, field: ignore}, {header: column C, field: provider}]}]",
			[]string{"1 B > A", "2 D > C"}, nil},
		{"the unit of a chosen column", "l.csv", "provider,consumer,Slack (days)\nA,B,2\n", "sheets: [{columns: [{header: Slack (days), field: tolerance_hours}]}]",
			[]string{"2 A > B tolerance=48"}, nil},
		{"the header row", "l.csv", "provider,consumer\nprovider of record,consumer of record\nA,B\n", "sheets: [{header: 2, columns: [{header: provider of record, field: provider}, {header: consumer of record, field: consumer}]}]",
			[]string{"3 A > B"}, []string{"info l.csv, row 1: the text above the header in row 2 was left out"}},
		{"two header rows", "l.csv", "who,whom\nserves,needs\nA,B\n", "sheets: [{header_rows: 2, columns: [{header: who serves, field: provider}, {header: whom needs, field: consumer}]}]",
			[]string{"3 A > B"}, []string{"info l.csv, row 1: rows 1 to 2 were read as one header"}},
		{"a shape against the name", "links.csv", "name,customer,supplier\nA,B,C\n", "sheets: [{shape: nodes}]", []string{"2 node name=A customer:B supplier:C"},
			[]string{"info links.csv, row 1: the file is called links, but this is the header of nodes…"}},
		{"a shape that the columns do not make", "x.csv", "provider,note\nA,B\n", "sheets: [{shape: links}]", nil,
			[]string{"error x.csv, row 1: no row was recognised as a header; the first one starts with “provider”, “note”. Rename the headers, or map them: links need provider and consumer"}},
		{"left out", "l.csv", "provider,consumer\nA,B\n", "sheets: [{file: l, shape: ignore}]", nil, []string{"info l.csv: the sheet was left out, as the mapping says"}},
		{"vague headers turned round", "l.csv", "from,to\nA,B\n", "direction: consumer-first", []string{"2 B > A"}, []string{"info l.csv, row 1, column to: …"}},
		{"clear headers are not turned by the direction of all", "l.csv", "provider,consumer\nA,B\n", "direction: consumer-first", []string{"2 A > B"}, nil},
		{"clear headers turned round for the sheet", "l.csv", "provider,consumer\nA,B\n", "sheets: [{file: l, direction: consumer-first}]", []string{"2 B > A"}, nil},
		{"the sheet before all", "l.csv", "from,to\nA,B\n", "direction: consumer-first\nsheets: [{file: l, direction: provider-first}]", []string{"2 A > B"}, []string{"info l.csv, row 1, column from: …"}},
		{"edges", "g.dot", "digraph { a -> b }", "direction: consumer-first", []string{"1 node name=a", "1 node name=b", "1 b > a"},
			[]string{"info g.dot: the edges that do not say who serves whom (1)…"}},
		{"a list of another program read as a table", "r.csv", "From,To,Direction\nA,B,directed\n", "sheets: [{shape: links}]", []string{"2 A > B Direction:directed"}, []string{"warning r.csv, row 1, column From: …"}},
		{"entries of no use", "l.csv", "provider,consumer\nA,B\n", "sheets: [{file: m}, {sheet: Two}, {columns: [{header: Teem, field: service}]}]", []string{"2 A > B"}, []string{
			"warning the mapping: the entry for the file “m” was of no use…", "warning the mapping: the entry for the sheet “Two” was of no use…",
			"warning l.csv, column Teem: the mapping: there is no column “Teem”, which it says is service…"}},
		{"the entry that names more", "l.csv", "provider,consumer,x,y\nA,B,C,D\n", "sheets: [{columns: [{header: x, field: service}]}, {file: l, columns: [{header: y, field: service}]}]", []string{"2 A > B service=D x:C"},
			[]string{"warning the mapping: the entry for all sheets was of no use…"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m, err := ParseMapping([]byte(test.mapping))
			if err != nil {
				t.Fatal(err)
			}
			r := readAll(t, Options{Mapping: m}, Bytes(test.file, []byte(test.content)))
			wantLines(t, "facts", facts(r.Org), test.facts)
			wantLines(t, "problems", problems(r), test.problems)
		})
	}
}

// What is wrong with a mapping is told with its line, and what may stand there.
func TestParseMappingErrors(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"an unknown key", "sheets:\n  - file: a\n    colums: []\n", "line 3: “colums” is no key of a sheet: write file, sheet, shape,"},
		{"an unknown key above", "sheet: a\n", "line 1: “sheet” is no key of a mapping: write direction, sheets"},
		{"a shape", "sheets:\n- shape: link\n", "line 2: “link” is no shape of a sheet: write links, people, units, nodes"},
		{"a field of no table", "sheets:\n- columns:\n  - header: x\n    field: supplies\n", "line 4: “supplies” is no column, at least not of any table: write provider, consumer, service"},
		{"a field of another table", "sheets:\n- columns:\n  - header: x\n    field: manager\n  shape: links\n", "line 4: “manager” is no column, at least not one of links: write provider,"},
		{"a direction", "direction: left\n", "line 1: “left” is no direction: say provider-first"},
		{"a row", "sheets:\n- header: first\n", "line 2: “first” does not fit: the row of the header"},
		{"no list", "sheets: a\n", "line 1: sheets is a list"},
		{"no keys", "sheets:\n- a\n", "line 2: here the keys of a sheet are expected: file,"},
		{"half a column", "sheets:\n- columns:\n  - header: x\n", "line 3: a column needs header"},
		{"a list for a text", "sheets:\n- file: [a]\n", "line 2: file: one text is expected"},
		{"a key twice", "sheets:\n- file: a\n  file: b\n", "2"},
		{"no YAML", "sheets: [", "the YAML cannot be read"},
	}
	for _, test := range tests {
		if m, err := ParseMapping([]byte(test.text)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, %v; want %s", test.name, m, err, test.want)
		}
	}
	if m, err := ParseMapping(nil); err != nil || len(m.Sheets) > 0 {
		t.Errorf("nothing: %v, %v", m, err)
	}
	if _, err := ReadFiles(context.Background(), []File{Bytes("a.csv", nil)}, Options{Mapping: &Mapping{Sheets: []SheetMapping{{File: "x", Shape: "y"}}}}); err == nil ||
		!strings.HasPrefix(err.Error(), "the mapping, the entry for the file “x”: “y” is no shape of a sheet") {
		t.Error(err)
	}
}

// Each source has its own mapping, and the result says which it was.
func TestMappings(t *testing.T) {
	asked := ""
	m := &Mapping{Decided: "2026-11-02", Sheets: []SheetMapping{{File: "b", Columns: []ColumnMapping{{"Who", "provider"}}}, {File: "c"}}}
	r := readAll(t, Options{Mappings: func(source string) *Mapping {
		if asked += source + " "; source == "b" {
			return m
		}
		return nil
	}}, Bytes("a.csv", []byte("Who,consumer\nA,B\n")), Bytes("b (2).csv", []byte("Who,consumer\nA,B\n")))
	wantLines(t, "facts", facts(r.Org), []string{"2 A > B"})
	wantLines(t, "problems", problems(r), []string{"warning what was decided for the source “b”: the entry for the file “c” was of no use…", "error a.csv, row 1: …"})
	if got := r.Mappings["b"]; asked != "a b " || len(r.Mappings) != 1 || got.Decided != m.Decided || len(got.Sheets) != 1 || got.Sheets[0].File != "b" {
		t.Errorf("asked %s, used %v", asked, got)
	}
}

// A mapping as it is written: what was understood, with reasons, and what is left to decide.
func TestWriteMapping(t *testing.T) {
	var b bytes.Buffer
	r := readAll(t, Options{}, Bytes("orgs-2026-11.csv", []byte("Our dependencies\nfrom,to,Slack: days,\nPay,\"Sales\n& more\",2,x\n")), Bytes("notes.csv", []byte("a,b\n1,2\n")))
	if err := WriteMapping(&b, r.Readings, nil, nil); err != nil {
		t.Fatal(err)
	}
	_, got, _ := strings.Cut(b.String(), "\nsheets:\n")
	got, _, _ = strings.Cut(got, "\n# The columns of")
	wantLines(t, "mapping", strings.TrimLeft(got, "\n"), []string{"  # - file: notes", "    # left out: no row was recognised as a header; …", "  #   shape: links", "",
		"  - file: orgs",
		"    # read as links: who serves whom, known by columns such as “from”, “to”",
		"    # orgs-2026-11.csv, row 3 means: “Sales & more” serves “Pay”.",
		"    shape: links", "    # header: 2", "    # direction: consumer-first  # “Our dependencies” says so; or provider-first", "    columns:",
		"      # - header: from", "      #   field: consumer  # the header may mean provider, and no other column does so better", "        # such as Pay",
		"      # - header: to", "      #   field: provider  # …", "        # such as Sales & more",
		`      - header: "Slack: days"`, "        field: attribute  # kept as it is: the header has no meaning of its own here", "        # such as 2",
		"      - header: column D", "        field: attribute  # kept as it is: it has no header", "        # such as x"})
}

// A mapping of November holds in December: rows moved, columns in another order, the file and the case of a sheet's name changed. And what is
// written of the examples reads them as they are.
func TestMappingHoldsForTheNextFile(t *testing.T) {
	m, err := ParseMapping([]byte("sheets: [{file: orgs-2026-11.csv, columns: [{header: Wer, field: provider}, {header: Wen, field: consumer}, {header: Womit, field: service}]}]"))
	if err != nil {
		t.Fatal(err)
	}
	r := readAll(t, Options{Mapping: m}, Bytes("Orgs-2026-12 (2).csv", []byte("Stand Dezember,,\n\nWomit,WEN,note,Wer\nSalaries,Sales,x,Pay\nMail,Ops,,IT\n")))
	wantLines(t, "facts", facts(r.Org), []string{"4 Pay > Sales service=Salaries note:x", "5 IT > Ops service=Mail"})
	for _, folder := range []string{"../examples/airline", "../examples/first"} {
		first, err := Read(context.Background(), []string{folder}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := WriteMapping(&b, first.Readings, nil, nil); err != nil {
			t.Fatal(err)
		}
		m, err := ParseMapping(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		again, err := Read(context.Background(), []string{folder}, Options{Mapping: m})
		if err != nil || facts(again.Org) != facts(first.Org) || problems(again) != problems(first) {
			t.Errorf("%s is read otherwise with its mapping: %v", folder, err)
		}
	}
}
