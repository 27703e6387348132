package importer

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"example.com/whoserves/graph"
)

// odsBook makes an OpenDocument workbook of the XML of its tables.
func odsBook(t testing.TB, tables string) []byte {
	t.Helper()
	return zipped(t, []string{"mimetype", "content.xml"}, map[string][]byte{
		"mimetype": []byte("application/vnd.oasis.opendocument.spreadsheet"),
		"content.xml": []byte(`<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:style="s" xmlns:calcext="c">` +
			`<office:automatic-styles><style:style style:name="off"><style:table-properties table:display="false"/></style:style></office:automatic-styles>` +
			`<office:body><office:spreadsheet>` + tables + `</office:spreadsheet></office:body></office:document-content>`),
	})
}

// odsTable makes a table of rows with |.
func odsTable(name string, rows ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<table:table table:name="%s"><table:table-column table:number-columns-repeated="1024"/>`, name)
	for _, row := range rows {
		b.WriteString("<table:table-row>")
		for _, cell := range strings.Split(row, "|") {
			switch {
			case strings.HasPrefix(cell, "<"):
				b.WriteString(cell)
			case cell == "":
				b.WriteString("<table:table-cell/>")
			default:
				fmt.Fprintf(&b, `<table:table-cell office:value-type="string"><text:p>%s</text:p></table:table-cell>`, cell)
			}
		}
		b.WriteString(`<table:table-cell table:number-columns-repeated="1000"/></table:table-row>`)
	}
	b.WriteString(`<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row></table:table>`)
	return b.String()
}

func TestOpenDocument(t *testing.T) {
	value := func(kind, attrs string) string {
		return `<table:table-cell office:value-type="` + kind + `" ` + attrs + `><text:p>shown</text:p></table:table-cell>`
	}
	tests := []struct {
		name, tables    string
		facts, problems []string
	}{
		{"values", odsTable("Sheet1", "provider|consumer|volume|satisfaction|confirmed on|tolerance|cost|note",
			"A|B|"+value("float", `office:value="1.5"`)+"|"+value("percentage", `office:value="0.07"`)+"|"+value("date", `office:date-value="2026-11-02T00:00:00"`)+"|"+
				value("time", `office:time-value="PT36H30M00S"`)+"|"+value("currency", `office:value="1000"`)+"|"+value("boolean", `office:boolean-value="true"`)),
			[]string{"2 A > B tolerance=36.5 volume=1.5 satisfaction=7 cost=1000 confirmed_on=2026-11-02 note:true"}, nil},
		{"text of several pieces", odsTable("Sheet1", "provider|consumer|note", `A|<table:table-cell><office:annotation><text:p>a note</text:p></office:annotation><text:p>B<text:s text:c="2"/><text:span>&amp; C</text:span></text:p></table:table-cell>|`+
			`<table:table-cell><text:p>one</text:p><text:p>two</text:p></table:table-cell>`), []string{"2 A > B  & C note:one\ntwo"}, nil},
		{"repeated cells and rows", `<table:table table:name="x">` + strings.ReplaceAll(odsRow("provider", "consumer", "volume", "cost")+odsRow("A", "B"), "<end/>", "") +
			`<table:table-row table:number-rows-repeated="2"><table:table-cell><text:p>C</text:p></table:table-cell><table:table-cell><text:p>D</text:p></table:table-cell>` +
			`<table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="7"/></table:table-row>` + odsRow("E", "F") + `</table:table>`,
			[]string{"2 A > B", "3 C > D volume=7 cost=7", "4 C > D volume=7 cost=7", "5 E > F"}, nil},
		{"merged, hidden, an error, a formula without a value", `<table:table table:name="Old" table:style-name="off"><table:table-column/><table:table-column table:visibility="collapse"/>` + odsRow("provider", "consumer", "volume") +
			`<table:table-row><table:table-cell table:number-rows-spanned="2" table:number-columns-spanned="1"><text:p>A</text:p></table:table-cell><table:table-cell><text:p>B</text:p></table:table-cell>` +
			`<table:table-cell office:value-type="string" calcext:value-type="error" table:formula="of:=1/0"><text:p>#DIV/0!</text:p></table:table-cell></table:table-row>` +
			`<table:table-row table:visibility="collapse"><table:covered-table-cell><text:p>no</text:p></table:covered-table-cell><table:table-cell><text:p>C</text:p></table:table-cell><table:table-cell table:formula="of:=1+1"/></table:table-row></table:table>`,
			[]string{"2 A > B", "3 A > C"}, []string{"info o.ods, sheet Old: hidden columns were read all the same: B", "info o.ods, sheet Old: the sheet is hidden in the workbook…",
				"info o.ods, sheet Old, row 2: the merged cell A2:A3 counts as filled…", "warning o.ods, sheet Old, row 2, column volume: the formula gives the error #DIV/0!…",
				"info o.ods, sheet Old, row 3: the row is hidden…", "warning o.ods, sheet Old, row 3, column volume: the formula has no stored value…"}},
		{"several sheets", odsTable("Links", "provider|consumer", "A|B") + odsTable("Picture", "") + odsTable("People", "name", "Ann") + odsTable("x (ignore)", "provider|consumer", "C|D"),
			[]string{"2 person name=Ann", "2 A > B"}, []string{"info o.ods, sheet Picture: the sheet was left out: it is empty", "info o.ods, sheet x (ignore): the sheet was left out…"}},
		{"no sheets", "", nil, []string{"error o.ods: the workbook has no sheets…"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := read(t, "o.ods", string(odsBook(t, test.tables)))
			wantLines(t, "facts", facts(r.Org), test.facts)
			wantLines(t, "problems", problems(r), test.problems)
		})
	}
}

func odsRow(cells ...string) string {
	row := "<table:table-row>"
	for _, c := range cells {
		row += "<table:table-cell><text:p>" + c + "</text:p></table:table-cell>"
	}
	return row + "</table:table-row>"
}

func TestJSONAndYAML(t *testing.T) {
	tests := []struct {
		name, file, content string
		facts, problems     []string
	}{
		{"native tables as keys", "org.json", `{"links": [{"provider": "A", "consumer": "B", "volume": 1.234}], "people": [{"name": "Ann", "team": ["A", "B"]}], "suppliers": [{"name": "S"}], "made": "today"}`,
			[]string{"1 person name=Ann team=A|B", "1 supplier name=S", "1 A > B volume=1.234"}, []string{"info org.json: what stands under the key “made” is no list of entries…",
				"info org.json, sheet suppliers: the name of the sheet makes every row a supplier…"}},
		{"a list", "links.json", `[{"provider": "A", "consumer": "B"}, null, {"consumer": "C", "service": "S", "provider": "A", "x": {"y": {"z": true}, "l": [{"a": 1}]}}]`,
			[]string{"1 A > B", `3 A > C service=S x.l:[{"a": 1}] x.y.z:true`}, nil},
		{"one entry", "links.json", `{"provider": "A", "consumer": "B", "tags": ["x", "y"]}`, []string{"1 A > B tags:x|y"}, nil},
		{"what is no entry", "links.json", `[{"provider": "A", "consumer": "B"}, "C", [1, null]]`, []string{"1 A > B"}, []string{
			"error links.json, row 2: the entry “\"C\"” has no keys and was left out…", "error links.json, row 3: the entry “[1, null]” has no keys…"}},
		{"a key twice", "links.json", `[{"provider": "A", "provider": "C", "consumer": "B"}]`, []string{"1 C > B"}, []string{"warning links.json, row 1: the key “provider” stands twice in the entry…"}},
		{"foreign keys", "x.json", `[{"a": 1}]`, nil, []string{"error x.json: the keys of the entries were not recognised; the first ones are “a”…"}},
		{"cut off", "links.json", "[{\"provider\": \"A\",\n\"consumer\": ", nil, []string{"error links.json: the JSON cannot be read, line 2, character …"}},
		{"a comma too many", "links.json", "[\n{\"provider\": \"A\",}]", nil, []string{"error links.json: the JSON cannot be read, line 2, character …"}},
		{"text behind", "links.json", `[] x`, nil, []string{"error links.json: the JSON cannot be read, line 1, character …"}},
		{"too deep", "links.json", `[` + strings.Repeat(`{"a":`, 100), nil, []string{"error links.json: the JSON cannot be read, line 1, character 328: values lie more than 64 deep…"}},
		{"JSON called CSV", "links.csv", `[{"provider": "A", "consumer": "B"}]`, []string{"1 A > B"}, []string{"info links.csv: the name ends in .csv, but this is JSON, and so it was read"}},
		{"JSON with a byte order mark", "links.json", "\uFEFF[{\"provider\": \"A\", \"consumer\": \"B\"}]", []string{"1 A > B"}, nil},
		{"JSON lines", "links.jsonl", "{\"provider\": \"A\", \"consumer\": \"B\"}\r\n\n{\"provider\": \"A\", \"consumer\": }\n{\"provider\": \"C\", \"consumer\": \"D\"} x\n{\"consumer\": \"F\", \"provider\": \"E\"}",
			[]string{"1 A > B", "5 E > F"}, []string{"error links.jsonl, row 3: the line is no JSON…", "error links.jsonl, row 4: the line is no JSON (something follows the object…"}},
		{"JSON lines called JSON", "links.json", "{\"provider\": \"A\", \"consumer\": \"B\"}\n{\"provider\": \"C\", \"consumer\": \"D\"}\n", []string{"1 A > B", "2 C > D"}, nil},
		{"one JSON line", "links.ndjson", `{"provider": "A", "consumer": "B"}`, []string{"1 A > B"}, nil},
		{"YAML", "org.yaml", "# who serves whom\nlinks:\n  - provider: A\n    consumer: B\n    tolerance: 4 h\n  - {provider: A, consumer: C, volume: 1.50}\npeople:\n  - id: 007\n    name: Ann\n    teams: [A, B]\n    note: |\n      two\n      lines\n    gone: ~\nmade: 2026-11-02\n",
			[]string{"1 person id=007 name=Ann team=A|B note:two\nlines", "1 A > B tolerance=4", "2 A > C volume=1.5"}, []string{"info org.yaml: what stands under the key “made”…"}},
		{"YAML with references", "links.yml", "- &first\n  provider: A\n  consumer: &b B\n- <<: *first\n  consumer: C\n- provider: *b\n  consumer: D\n", []string{"1 A > B", "2 A > C", "3 B > D"}, nil},
		{"YAML of several documents", "links.yaml", "---\nprovider: A\nconsumer: B\n---\nprovider: C\nconsumer: D\n", []string{"1 A > B", "2 C > D"}, nil},
		{"YAML by its content", "links.txt", "links:\n- provider: A\n  consumer: B\n", []string{"1 A > B"}, nil},
		{"YAML that is only text", "links.yaml", "provider,consumer\nA,B\n", nil, []string{"error links.yaml: the YAML cannot be used: the file holds a single text…"}},
		{"YAML that is broken", "links.yaml", "- provider: A\n   consumer: B\n", nil, []string{"error links.yaml: the YAML cannot be read, [line:character] [1:…"}},
		{"a reference to nothing", "links.yaml", "- provider: *x\n", nil, []string{"error links.yaml: the YAML cannot be …"}},
		{"a laugh", "links.yaml", laughs(), nil, []string{"error links.yaml: the YAML cannot be used: its references (*name) stand for more than 100,000 values…"}},
		{"brackets without end", "links.yaml", strings.Repeat("[", 1000), nil, []string{"error links.yaml: line 1 opens more than 200 brackets…"}},
		{"dashes without end", "links.yaml", strings.Repeat("- ", 100_000), nil, []string{"error links.yaml: line 1 nests too deep…"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := read(t, test.file, test.content)
			wantLines(t, "facts", facts(r.Org), test.facts)
			wantLines(t, "problems", problems(r), test.problems)
			checkResult(t, r)
		})
	}
}

// laughs is a document of references to references, a billion values when written out.
func laughs() string {
	b := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := range 8 {
		b += fmt.Sprintf("a%d: &a%d [%s*a%d]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d, ", i), 9), i)
	}
	return b
}

// TestOneOrgInEveryFormat holds that a table gives the same organisation whatever it is written in.
func TestOneOrgInEveryFormat(t *testing.T) {
	header := "provider|consumer|service|criticality|tolerance_hours|volume|satisfaction|confirmed_on|agreement|region"
	rows := []string{"Payroll|Crew|Pay|important|4|1250.5|80|2026-11-02|SLA|EMEA", "Müller & Söhne <AG>|Crew|Uniforms||2 days|||2025-01-31||APAC", "Crew|Gate 7|||0.25|12||||"}
	var csv, jsonLines, yaml strings.Builder
	csv.WriteString(header + "\n")
	var entries []map[string]any
	for _, row := range rows {
		csv.WriteString(row + "\n")
		entry := map[string]any{}
		for i, cell := range strings.Split(row, "|") {
			if cell != "" {
				entry[strings.Split(header, "|")[i]] = cell
			}
		}
		line, _ := json.Marshal(entry)
		jsonLines.Write(append(line, '\n'))
		yaml.WriteString("- " + string(line) + "\n")
		entries = append(entries, entry)
	}
	array, _ := json.MarshalIndent(map[string]any{"links": entries}, "", " ")
	escaped := append([]string{header}, strings.Split(strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(strings.Join(rows, "\n")), "\n")...)
	var want *graph.Org
	for _, f := range []File{
		Bytes("links.psv", []byte(csv.String())), Bytes("links.csv", []byte(strings.ReplaceAll(csv.String(), "|", ","))), Bytes("links.tsv", []byte(strings.ReplaceAll(csv.String(), "|", "\t"))),
		Bytes("links.xlsx", newBook(t).fill("Links", append([]string{header}, rows...)...).bytes()), Bytes("links.ods", odsBook(t, odsTable("Links", escaped...))),
		Bytes("links.json", array), Bytes("links.jsonl", []byte(jsonLines.String())), Bytes("links.yaml", []byte("links:\n"+yaml.String())),
	} {
		r := readAll(t, Options{Source: "all"}, f)
		if len(r.Problems) > 0 || len(r.Org.Sources) != 1 || len(r.Org.Sources[0].Links) != len(rows) {
			t.Fatalf("%s: %s%s", f.Name, problems(r), facts(r.Org))
		}
		if want == nil {
			want = r.Org
		}
		for _, l := range r.Org.Sources[0].Links {
			l.From = graph.Origin{}
		}
		for i, l := range r.Org.Sources[0].Links {
			if got, want := linkText(l), linkText(want.Sources[0].Links[i]); got != want {
				t.Errorf("%s: %s, want %s", f.Name, got, want)
			}
		}
	}
}
