//go:build realdata

package importer

import (
	"context"
	"slices"
	"strings"
	"testing"

	"example.com/whoserves/graph"
)

// outside reads files of the folder of formats.
func outside(t *testing.T, o Options, files ...string) *Result {
	t.Helper()
	for i := range files {
		files[i] = shared(t, "formats", files[i])
	}
	r, err := Read(context.Background(), files, o)
	if err != nil {
		t.Fatal(err)
	}
	checkResult(t, r)
	return r
}

// linksOf writes the links alone, without attributes, in the order of the file.
func linksOf(r *Result) []string {
	var all []string
	for line := range strings.Lines(facts(r.Org)) {
		if _, link, _ := strings.Cut(line, " "); strings.Contains(link, " > ") {
			all = append(all, strings.TrimSpace(link))
		}
	}
	return all
}

const unsure = " does not say who serves whom: …"

// TestRealGraphML: what the drawings show. None says who serves whom, so each has the warning.
func TestRealGraphML(t *testing.T) {
	// NetworkX' samples: ids are the names, an edge is a line of the file
	r := outside(t, Options{}, "graphml/nx_plain_01.graphml")
	wantLines(t, "plain 1", strings.Join(linksOf(r), "\n"), []string{"n0 > n2", "n1 > n2", "n2 > n3", "n3 > n5", "n3 > n4", "n4 > n6", "n6 > n5", "n5 > n7", "n6 > n8", "n8 > n7", "n8 > n9"})
	if nodes := len(r.Org.Sources[0].Nodes); nodes != 11 { // n10 has no edge and is a node all the same
		t.Errorf("%d nodes", nodes)
	}
	wantLines(t, "plain 1", problems(r), []string{"warning nx_plain_01.graphml: GraphML" + unsure})
	// the default colour is that of the nodes which give none; the weight of an edge that gives none is not stated
	r = outside(t, Options{}, "graphml/nx_plain_02.graphml")
	wantLines(t, "plain 2", facts(r.Org), []string{"11 node name=n0 color:green", "14 node name=n1 color:yellow", "15 node name=n2 color:blue", "18 node name=n3 color:red",
		"21 node name=n4 color:yellow", "22 node name=n5 color:turquoise", "25 n0 > n2 weight:1.0", "28 n0 > n1 weight:1.0", "31 n1 > n3 weight:2.0", "34 n3 > n2", "35 n2 > n4", "36 n3 > n5",
		"37 n5 > n4 weight:1.1"})
	// defaults of every type stay as they are written
	const defaults = " boolean_attribute:false double_attribute:0.0 float_attribute:0.0 int_attribute:0 long_attribute:0 string_attribute:Foo"
	r = outside(t, Options{}, "graphml/nx_plain_03.graphml")
	wantLines(t, "plain 3", facts(r.Org), []string{"13 node name=n0" + defaults, "14 node name=n1" + defaults, "15 n0 > n1"})
	// yEd: labels 1, 2, 3 stand for n0, n1, n2; the description on n2 is declared for edges, and stays with the node that has it
	r = outside(t, Options{}, "graphml/nx_yed_15.graphml")
	wantLines(t, "yEd", facts(r.Org), []string{"20 node name=1", "36 node name=2", "52 node name=3 description:description", "line1", "line2", "75 1 > 2"})
}

// TestRealReports: igraph's reporting lines of 21 managers, names 1 to 21 for ids n0 to n20; who reports is the source. Numbers stay as written.
func TestRealReports(t *testing.T) {
	r := outside(t, Options{Direction: ConsumerFirst}, "graphml/ht_reports.graphml")
	first, _, _ := strings.Cut(facts(r.Org), "\n")
	if first != "13 node name=1 age:33 dept:4 level:3 tenure:9" {
		t.Error(first)
	}
	served := map[string]int{}
	for _, l := range r.Org.Sources[0].Links {
		served[l.Provider]++
	}
	if len(r.Org.Sources[0].Links) != 20 || served["7"] != 4 || served["14"] != 7 || served["21"] != 4 || served["2"] != 3 || served["18"] != 2 {
		t.Errorf("%d links, by boss %v", len(r.Org.Sources[0].Links), served)
	}
	wantLines(t, "reports", problems(r), []string{"info ht_reports.graphml: the edges that do not say who serves whom (20) were read as “the target serves the source”, as --direction says"})
	if got := r.Examples[0].String(); got != "ht_reports.graphml, row 160 means: “2” serves “1”." {
		t.Error(got)
	}
}

// TestRealGEXF: Gephi's hello world of version 1.1, two nodes and an edge.
func TestRealGEXF(t *testing.T) {
	r := outside(t, Options{}, "gexf/simple.gexf")
	wantLines(t, "hello", facts(r.Org), []string{"14 node name=Hello", "15 node name=Word", "18 Hello > Word"})
	wantLines(t, "hello", problems(r), []string{"warning simple.gexf: GEXF" + unsure, "info simple.gexf, row 8: the creator of the file…", "info simple.gexf, row 8: the description of the file…"})
}

var _ = slices.Sort[[]string]
var _ graph.Kind
