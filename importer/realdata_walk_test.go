//go:build realdata

package importer

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// outcome is what a file of the folder gives, and why. What is said in more detail of some of them, other tests hold.
type outcome struct{ file, gives, why string }

// notOurs is what is told of a table that is not about an organisation, with the first cells of what would be its header.
func notOurs(row int, cells string) string {
	where := fmt.Sprintf(", row %d: no row was recognised as a header", row)
	if row == 0 {
		where = ": the keys of the entries were not recognised"
		return "refused" + where + "; the first ones are " + cells
	}
	return "refused" + where + "; the first one starts with " + cells
}

var outcomes = []outcome{
	{"README.md", notOurs(1, "“# Real inputs and known answers”"), "prose is no table"},
	{"orgs/kubernetes/LICENSE", notOurs(1, "“Apache License”"), "prose is no table"},

	{"orgs/gitlab/serves.csv", "links: 115 links", "115 links, provider and consumer are said by the header"},
	{"orgs/kubernetes/sigs.yaml", "refused: none of its 4 sheets holds a table", "its lists have names, but no word for who needs whom: TestRealGroups reads it with a map"},
	{"orgs/uk-organograms/20131217-JFC-senior.csv", "organogram: 86 persons, 1 team, 1 unit, 0 links", "86 posts, all in the one unit of the command; reporting lines are no links"},
	{"orgs/uk-organograms/300913-Defra-senior.csv", "organogram: 104 persons, 21 teams, 1 unit, 0 links", "110 rows: 3 vacant, 1 shared by two, 3 of people not in post are one"},
	{"orgs/uk-organograms/Acas-Sep-13-junior.csv", "junior-posts: 5 teams, 2 units, 0 links", "junior posts are counts: they make no persons"},
	{"orgs/uk-organograms/Acas-Sep-13-senior.csv", "organogram: 6 persons, 5 teams, 2 units, 0 links", "six posts in five units of the agency, which is in its department"},
	{"orgs/uk-organograms/DFID-senior.csv", "organogram: 89 persons, 5 teams, 2 units, 0 links", "89 posts in five units of the department"},
	{"orgs/dora/dora-register-template.xlsx", "dora: 0 links; warning: nothing is filled in yet", "the template: its tables are known by their codes, and hold no row"},

	{"formats/archimate/Archisurance.xml", "network: 85 resources, 25 teams, 68 links", "32 used by, 30 realisations, 6 assignments; principles and values are about motives"},
	{"formats/backstage/acme-small.yaml", "network: 3 persons, 2 resources, 1 team, 1 unit, 1 link", "one component depends on a database; no API is consumed"},
	{"formats/drawio/car-partial-supply-chain.txt", "network: 46 nodes, 55 links", "its settings say that supplier refers to who serves"},
	{"formats/drawio/orgchart.csv", "people: 4 persons, 0 links", "the sample has lost its settings: people with managers"},
	{"formats/gexf/simple.gexf", "network: 2 nodes, 1 link; warning: GEXF does not say who serves whom", "hello world, with one edge"},
	{"formats/graphml/ht_reports.graphml", "network: 21 nodes, 20 links; warning: GraphML does not say who serves whom", "21 managers, of whom 20 report"},
	{"formats/graphml/nx_plain_01.graphml", "network: 11 nodes, 11 links; warning: GraphML does not say", "n0 to n10; n10 has no edge"},
	{"formats/graphml/nx_plain_02.graphml", "network: 6 nodes, 7 links; warning: GraphML does not say", "n0 to n5"},
	{"formats/graphml/nx_plain_03.graphml", "network: 2 nodes, 1 link; warning: GraphML does not say", "two nodes with defaults of every type"},
	{"formats/graphml/nx_yed_15.graphml", "network: 3 nodes, 1 link; warning: GraphML does not say", "labels 1, 2, 3; one edge"},
	{"formats/kumu/kumu-changelabs-template.json", "network: 9 nodes, 1 resource, 11 links; warning: JSON of Kumu does not say", "ten elements, one of the type Resource; + and − are no services"},
	{"formats/neo4j-admin/actors.csv", "network: 3 nodes, 0 links", "three actors"},
	{"formats/neo4j-admin/movies.csv", "network: 3 nodes, 0 links", "three films"},
	{"formats/neo4j-admin/roles.csv", "network: 9 links; warning: CSV of neo4j-admin does not say", "three roles in three films"},

	{"networks/flo_marriage.edges.csv", "links: 20 links; warning, row 1, column from: “from” was read as the provider", "20 marriages; from and to say nothing: TestRealNetworks turns them"},
	{"networks/flo_marriage.nodes.csv", "nodes: 16 nodes, 0 links", "16 families; wealth is an attribute"},
	{"networks/ht_advice.edges.csv", "links: 190 links; warning, row 1, column from: “from” was read as the provider", "190 times a manager asks another one"},
	{"networks/ht_advice.nodes.csv", "nodes: 21 nodes, 0 links", "21 managers, called by numbers"},
	{"networks/ht_reports.edges.csv", "links: 20 links; warning, row 1, column from: “from” was read as the provider", "all but one of 21 report"},
	{"networks/ht_reports.nodes.csv", "nodes: 21 nodes, 0 links", "21 managers"},
	// results of other programs, for the tests of the analysis
	{"networks/flo_marriage.csv", notOurs(1, "“node”, “in_degree”"), "figures of nodes that no native column has"},
	{"networks/ht_advice_directed.csv", notOurs(1, "“node”, “in_degree”"), "the same"},
	{"networks/ht_reports_directed.csv", notOurs(1, "“node”, “in_degree”"), "the same"},
	{"networks/karate.csv", notOurs(1, "“node”, “in_degree”"), "the same"},

	// rows of needs; need, k and critical are no words of ours, and stay attributes unless a map says what they are (TestRealNeeds)
	{"needs/car_all_critical.csv", "links: 55 links", "one row for each provider of a need"},
	{"needs/car_alternatives.csv", "links: 55 links", "the same chain"},
	{"needs/dom_boost.csv", "links: 9 links", "nine rows"},
	{"needs/dom_chk_fig2.csv", "links: 6 links", "six rows"},
	{"needs/loop_and.csv", "links: 4 links", "four rows"},
	{"needs/loop_or.csv", "links: 4 links", "four rows"},
	{"needs/two_of_three.csv", "links: 6 links", "six rows"},
	{"needs/unmet_small.csv", "links: 3 links", "three rows"},
	{"needs/car_all_critical.least.json", notOurs(0, "“cutsets."), "answers, no table"},
	{"needs/car_alternatives.least.json", notOurs(0, "“cutsets."), "answers"},
	{"needs/dom_boost.least.json", notOurs(0, "“cutsets."), "answers"},
	{"needs/dom_chk_fig2.least.json", notOurs(0, "“cutsets."), "answers"},
	{"needs/loop_and.grounded.json", notOurs(0, "“cutsets."), "answers"},
	{"needs/loop_and.least.json", notOurs(0, "“cutsets."), "answers"},
	{"needs/loop_or.grounded.json", notOurs(0, "“cutsets."), "answers"},
	{"needs/loop_or.least.json", notOurs(0, "“cutsets."), "answers"},
	{"needs/two_of_three.least.json", notOurs(0, "“cutsets."), "answers"},
	{"needs/unmet_small.least.json", notOurs(0, "“cutsets."), "answers"},

	// Not about an organisation: that the cells were found, whatever the encoding and the delimiter, shows in the header that is named.
	{"messy/csv/bad.csv", notOurs(1, "“column_a,column_b,column_c”"), "most of its rows have another number of cells, so that no delimiter is sure"},
	{"messy/csv/blanks.csv", notOurs(1, "“a”, “b”, “c”, “d”"), "words for nothing in every cell"},
	{"messy/csv/dummy_col_shuffled_ragged.csv", notOurs(1, "“b”, “c”, “a”, “d”"), "ragged rows"},
	{"messy/csv/empty.csv", "refused: the file is empty", "it has no header, whatever its bytes"},
	{"messy/csv/example.tsv", notOurs(1, "“hour”, “expr1_0_imp”"), "tabs"},
	{"messy/csv/excel_pasting.csv", notOurs(4, "“Year”, “2000”"), "a title of two rows and a blank one above"},
	{"messy/csv/mac_newlines.csv", notOurs(1, "“a”, “b”, “c”"), "lines that end in CR alone"},
	{"messy/csv/no_header_row.csv", notOurs(1, "“1”, “2”, “3”"), "data from the first row on"},
	{"messy/csv/null_byte.csv", notOurs(1, "“a”, “b”, “c”"), "a NUL byte in a cell"},
	{"messy/csv/simple.csv", notOurs(1, "“date”, “temperature”, “place”"), "commas"},
	{"messy/csv/simple.psv", notOurs(1, "“Year”, “New dwellings”"), "bars"},
	{"messy/csv/simple.ssv", notOurs(1, "“date”, “temperature”, “place”"), "semicolons"},
	{"messy/csv/skip_initials.csv", notOurs(1, "“field1”, “field2”"), "spaces behind the comma"},
	{"messy/csv/test_extra_header.csv", notOurs(1, "“a”, “b”, “c”, “d”"), "a header without cells below it"},
	{"messy/csv/test_header_newline.csv", notOurs(1, "“start end”, “b”, “c”"), "line ends within a header"},
	{"messy/csv/test_latin1.csv", notOurs(1, "“a”, “b”, “c”"), "Latin-1"},
	{"messy/csv/test_locale.csv", notOurs(1, "“a”, “b”, “c”"), "decimal commas"},
	{"messy/csv/test_skip_lines.csv", notOurs(4, "“a”, “b”, “c”"), "blank lines above"},
	{"messy/csv/test_utf16_big.csv", notOurs(1, "“a”, “b”, “c”"), "UTF-16, big end first"},
	{"messy/csv/test_utf8_bom.csv", notOurs(1, "“foo”, “bar”, “baz”"), "a byte order mark is no part of foo"},
	{"messy/csv/utf-16le_encoded.csv", notOurs(1, "“Organisation_code”, “Organisation_name”"), "UTF-16, little end first"},
	{"messy/csv/weird_head_padding.csv", notOurs(3, "“An der vertragsärztlichen"), "blank rows above a title, and no header of ours"},
	// the cells themselves are compared by TestSpectrum
	{"messy/csv-spectrum/csvs/comma_in_quotes.csv", notOurs(1, "“first”, “last”"), "addresses"},
	{"messy/csv-spectrum/csvs/empty.csv", notOurs(1, "“a”, “b”, “c”"), "empty cells"},
	{"messy/csv-spectrum/csvs/empty_crlf.csv", notOurs(1, "“a”, “b”, “c”"), "the same, other line ends"},
	{"messy/csv-spectrum/csvs/escaped_quotes.csv", notOurs(1, "“a”, “b”"), "quotes"},
	{"messy/csv-spectrum/csvs/json.csv", notOurs(1, "“key”, “val”"), "JSON in a cell"},
	{"messy/csv-spectrum/csvs/location_coordinates.csv", notOurs(1, "“Contact Phone Number”, “Location Coordinates”"), "telephone numbers and places"},
	{"messy/csv-spectrum/csvs/newlines.csv", notOurs(1, "“a”, “b”, “c”"), "line ends in cells"},
	{"messy/csv-spectrum/csvs/newlines_crlf.csv", notOurs(1, "“a”, “b”, “c”"), "the same, other line ends"},
	{"messy/csv-spectrum/csvs/quotes_and_newlines.csv", notOurs(1, "“a”, “b”"), "both"},
	{"messy/csv-spectrum/csvs/simple.csv", notOurs(1, "“a”, “b”, “c”"), "plain"},
	{"messy/csv-spectrum/csvs/simple_crlf.csv", notOurs(1, "“a”, “b”, “c”"), "plain, other line ends"},
	{"messy/csv-spectrum/csvs/utf8.csv", notOurs(1, "“a”, “b”, “c”"), "letters beyond ASCII"},
	// the answers to these, which are lists of entries too
	{"messy/csv-spectrum/json/comma_in_quotes.json", notOurs(0, "“first”, “last”"), "as its CSV"},
	{"messy/csv-spectrum/json/empty.json", notOurs(0, "“a”, “b”, “c”"), "as its CSV"},
	{"messy/csv-spectrum/json/empty_crlf.json", notOurs(0, "“a”, “b”, “c”"), "as its CSV"},
	{"messy/csv-spectrum/json/escaped_quotes.json", notOurs(0, "“a”, “b”"), "as its CSV"},
	{"messy/csv-spectrum/json/json.json", notOurs(0, "“key”, “val”"), "as its CSV"},
	{"messy/csv-spectrum/json/location_coordinates.json", notOurs(0, "“Contact Phone Number”"), "as its CSV"},
	{"messy/csv-spectrum/json/newlines.json", notOurs(0, "“a”, “b”, “c”"), "as its CSV"},
	{"messy/csv-spectrum/json/newlines_crlf.json", notOurs(0, "“a”, “b”, “c”"), "as its CSV"},
	{"messy/csv-spectrum/json/quotes_and_newlines.json", notOurs(0, "“a”, “b”"), "as its CSV"},
	{"messy/csv-spectrum/json/simple.json", notOurs(0, "“a”, “b”, “c”"), "as its CSV"},
	{"messy/csv-spectrum/json/simple_crlf.json", notOurs(0, "“a”, “b”, “c”"), "as its CSV"},
	{"messy/csv-spectrum/json/utf8.json", notOurs(0, "“a”, “b”, “c”"), "as its CSV"},
	// TestRealWorkbooks tells more of these
	{"messy/xlsx/deaths.xlsx", "refused: none of its 2 sheets holds a table", "people who died"},
	{"messy/xlsx/empty-named-column.xlsx", "refused, sheet Sheet1, row 1: no row was recognised as a header", "columns x, y, z, w"},
	{"messy/xlsx/encrypted_no_password.xls", "refused: this is a workbook of an old Excel (.xls)", "an old format, encrypted too"},
	{"messy/xlsx/inlineStr.xlsx", "nodes: 1 node, 0 links; warning, sheet Requirements, row 2, column Type: “Textual Requirement” is no kind", "ID and Name make a node of its one requirement"},
	{"messy/xlsx/missing-first-column.xlsx", "refused: none of its 3 sheets holds a table", "nothing in column A"},
	{"messy/xlsx/names-need-repair-xlsx.xlsx", "refused, sheet Sheet1, row 1: no row was recognised as a header", "headers that are no words"},
	{"messy/xlsx/school.xlsx", "refused: none of its 3 sheets holds a table", "about schools"},
	{"messy/xlsx/unicode_sheet_name.xls", "refused: this is a workbook of an old Excel (.xls)", "an old format"},
}

// TestRealFiles walks the folder: every file gives what is expected of it, and for every file something is.
func TestRealFiles(t *testing.T) {
	expected := map[string]outcome{}
	for _, o := range outcomes {
		if expected[o.file].file != "" || o.why == "" {
			t.Errorf("%s is expected twice, or without a reason", o.file)
		}
		expected[o.file] = o
	}
	root := shared(t)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		want, ok := expected[name]
		delete(expected, name)
		r, err := Read(context.Background(), []string{path}, Options{})
		if err != nil {
			return err
		}
		checkResult(t, r)
		if got := gives(r); !ok {
			t.Errorf("%s: nothing is expected of it; it gives %s", name, got)
		} else if !strings.HasPrefix(got, want.gives) {
			t.Errorf("%s gives\n%s\nwant, since %s,\n%s", name, got, want.why, want.gives)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(expected)) {
		t.Errorf("%s is not there", name)
	}
}

// gives sums up what a file gives: the shapes of its sheets, how many nodes of each kind and links, and the first warning; or why it was refused.
func gives(r *Result) string {
	told := ""
	for _, p := range r.Problems {
		if s := p.Severity.String(); s != "info" && told == "" {
			_, place, _ := strings.Cut(p.String(), p.File)
			told = s + place
		}
	}
	if len(r.Org.Sources) == 0 || strings.HasPrefix(told, "error") {
		return "refused" + strings.TrimPrefix(told, "error")
	}
	kinds, links := map[string]int{}, 0
	for _, s := range r.Org.Sources {
		links += len(s.Links)
		for _, n := range s.Nodes {
			kinds[cmp.Or(n.Kind.String(), "node")]++
		}
	}
	var shapes, counts []string
	for _, rd := range r.Readings {
		if rd.Shape != "" && !slices.Contains(shapes, rd.Shape) {
			shapes = append(shapes, rd.Shape)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		counts = append(counts, several(kinds[k], k))
	}
	text := strings.Join(shapes, ", ") + ": " + strings.Join(append(counts, several(links, "link")), ", ")
	if told != "" {
		text += "; " + told
	}
	return text
}

func several(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprint(n, " ", what)
}

// TestRealGroups: 24 special interest groups and 8 working groups, each with the groups that have a stake in it; a map says that those serve
// it. 31 such links, and every name among them is that of a group.
func TestRealGroups(t *testing.T) {
	m, err := ParseMapping([]byte(`
sheets:
  - {file: sigs, sheet: sigs, shape: nodes}
  - file: sigs
    sheet: workinggroups
    shape: both-sided
    columns:
      - {header: stakeholder_sigs, field: depends_on}
`))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Read(context.Background(), []string{shared(t, "orgs", "kubernetes", "sigs.yaml")}, Options{Mapping: m})
	if err != nil {
		t.Fatal(err)
	}
	checkResult(t, r)
	teams, links := 0, []string{}
	for _, line := range organisation(r.Org) {
		if strings.Contains(line, " > ") {
			links = append(links, line)
		} else if strings.HasPrefix(line, "team ") && !strings.Contains(line, "(only named)") {
			teams++
		} else {
			t.Errorf("%s", line)
		}
	}
	if teams != 24+8 || len(links) != 31 {
		t.Errorf("%d teams, %d links", teams, len(links))
	}
	for _, want := range []string{"Multicluster > AI Gateway", "Network > AI Gateway", "Scheduling > Batch", "etcd > etcd Operator"} { // as the file has them
		if !slices.Contains(links, want) {
			t.Errorf("no link %s", want)
		}
	}
}

// TestRealNetworks: with --direction the second one serves the first: who is asked for advice serves who asks, and bosses serve who reports.
func TestRealNetworks(t *testing.T) {
	for name, want := range map[string]string{"flo_marriage": "Medici > Acciaiuoli", "ht_advice": "2 > 1", "ht_reports": "2 > 1"} {
		files := []string{shared(t, "networks", name+".edges.csv"), shared(t, "networks", name+".nodes.csv")}
		r, err := Read(context.Background(), files, Options{Source: name, Direction: ConsumerFirst})
		if err != nil {
			t.Fatal(err)
		}
		checkResult(t, r)
		org := organisation(r.Org)
		if !slices.Contains(org, want) || slices.ContainsFunc(org, func(l string) bool { return strings.HasSuffix(l, "(only named)") }) {
			t.Errorf("%s:\n%s\nwant %s, and every node described", name, strings.Join(org, "\n"), want)
		}
		if hasTrouble(r) {
			t.Errorf("%s: %s", name, problems(r))
		}
	}
}

// TestRealNeeds: a map says that a need is the service, and k how many providers have to work. The desk needs two of three agents.
func TestRealNeeds(t *testing.T) {
	m, err := ParseMapping([]byte("sheets: [{columns: [{header: need, field: service}, {header: k, field: min_providers}]}]"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Read(context.Background(), []string{shared(t, "needs", "two_of_three.csv")}, Options{Mapping: m})
	if err != nil {
		t.Fatal(err)
	}
	checkResult(t, r)
	wantLines(t, "needs", strings.Join(linksOf(r)[:3], "\n"), []string{"Ann > Desk service=agents min_providers=2 critical:yes", "Bob > Desk service=agents min_providers=2 critical:yes", "Cy > Desk service=agents min_providers=2 critical:yes"})
}
