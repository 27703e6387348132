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

// TestRealBackstage: a unit, a team, three people of whom two have one name, two components. The team's parent and the database are
// described nowhere in the file; the children of the organization too, which is kept as an attribute. No API is consumed, so owners serve nobody.
func TestRealBackstage(t *testing.T) {
	r := outside(t, Options{}, "backstage/acme-small.yaml")
	wantLines(t, "acme", facts(r.Org), []string{
		"3 unit id=group:acme-corp name=acme-corp children:group:infrastructure descendants:infrastructure|backstage|boxoffice|team-a|team-b|team-c|team-d description:The acme-corp organization type:organization",
		"15 team id=group:team-a name=team-a unit=group:backstage description:Team A type:team",
		"25 person id=user:nigel.manning name=Nigel Manning team=group:team-a",
		"34 person id=user:guest name=Guest User team=group:team-a",
		"43 person id=user:development/guest name=Guest User team=group:team-a namespace:development",
		"53 resource id=component:artist-lookup name=artist-lookup catalog kind:Component description:Artist Lookup lifecycle:experimental owner:team-a system:artist-engagement-portal type:service",
		"53 resource:artists-db > component:artist-lookup relation:dependsOn",
		"65 resource id=component:playback-order name=playback-order catalog kind:Component description:Playback Order lifecycle:production owner:user:guest system:audio-playback type:service"})
	if p := problems(r); p != "" {
		t.Error(p)
	}
}

// TestRealKumu: a backup of 10 elements and 11 connections. Connections have + or - as their type, which says nothing of services; one
// element is of the type Resource, which is a kind of ours.
func TestRealKumu(t *testing.T) {
	r := outside(t, Options{}, "kumu/kumu-changelabs-template.json")
	s := r.Org.Sources[0]
	if len(s.Nodes) != 10 || len(s.Links) != 11 {
		t.Errorf("%d nodes, %d links", len(s.Nodes), len(s.Links))
	}
	for _, n := range s.Nodes {
		if (n.Kind == graph.Resource) != (n.ID == "elem-llgNpAZz") || n.Name == "" {
			t.Errorf("%s %s is a %s", n.ID, n.Name, n.Kind)
		}
	}
	wantLines(t, "links", strings.Join(linksOf(r)[:2], "\n"), []string{"elem-BbwUSVEF > elem-wSYe2maA power score:8 value flows:Funding", "elem-TBA5Qub4 > elem-wSYe2maA"})
	wantLines(t, "kumu", problems(r), []string{"warning kumu-changelabs-template.json: JSON of Kumu" + unsure, "info kumu-changelabs-template.json: what stands beside elements and connections…"})
	if got := r.Examples[0].String(); got != "kumu-changelabs-template.json, sheet connections, row 1 means: “Stakeholder A” serves “Stakeholder B”." {
		t.Error(got)
	}
}

// TestRealDrawIO: a supply chain whose column supplier says who serves; 46 shapes, 55 arrows. The sample orgchart has lost its settings: it is
// a table of people with managers as it stands.
func TestRealDrawIO(t *testing.T) {
	r := outside(t, Options{}, "drawio/car-partial-supply-chain.txt")
	s := r.Org.Sources[0]
	if len(s.Nodes) != 46 || len(s.Links) != 55 {
		t.Errorf("%d nodes, %d links", len(s.Nodes), len(s.Links))
	}
	links := linksOf(r)
	for _, want := range []string{"mc > fa", "w2 > o1", "3 > a1", "a5 > 17", "cb > 7"} { // a mine, a well, two parts of the car, a chemical
		if !slices.Contains(links, want+" relation:supplier") {
			t.Errorf("no link %s", want)
		}
	}
	wantLines(t, "car", problems(r), []string{"info car-partial-supply-chain.txt: comments and settings…", "info car-partial-supply-chain.txt: “supplier” (55) was read as: the target serves the source"})
	r = outside(t, Options{}, "drawio/orgchart.csv")
	for _, n := range r.Org.Sources[0].Nodes {
		if n.Kind != graph.Person || (n.Manager == "Evan Miller") == (n.ID == "emi") {
			t.Errorf("%+v", n)
		}
	}
}

// TestRealNeo4jAdmin: the films of Neo4j's manual. As one source the ids of the three files meet.
func TestRealNeo4jAdmin(t *testing.T) {
	r := outside(t, Options{Source: "films", Direction: ProviderFirst}, "neo4j-admin/actors.csv", "neo4j-admin/movies.csv", "neo4j-admin/roles.csv")
	s := r.Org.Sources[0]
	if len(s.Nodes) != 6 || len(s.Links) != 9 {
		t.Errorf("%d nodes, %d links", len(s.Nodes), len(s.Links))
	}
	wantLines(t, "first links", strings.Join(linksOf(r)[:2], "\n"), []string{"keanu > tt0133093 relation:ACTED_IN role:Neo", "keanu > tt0234215 relation:ACTED_IN role:Neo"})
	wantLines(t, "films", problems(r), []string{"info roles.csv: the edges that do not say who serves whom (9) were read as “the source serves the target”, as --direction says"})
}

// TestRealArchiMate: the model of an insurer in 2.1: of its 120 elements 9 principles and a value are about motives, of 176 relations 32 are
// used by, 30 realisations and 6 assignments, which make links.
func TestRealArchiMate(t *testing.T) {
	r := outside(t, Options{}, "archimate/Archisurance.xml")
	s := r.Org.Sources[0]
	kinds := map[graph.Kind]int{}
	for _, n := range s.Nodes {
		kinds[n.Kind]++
	}
	// 17 actors, 5 roles and 3 collaborations are teams; no actor is composed of actors
	if len(s.Nodes) != 110 || len(s.Links) != 68 || kinds[graph.Team] != 25 || kinds[graph.Resource] != 85 {
		t.Errorf("%d nodes, %d links, %v", len(s.Nodes), len(s.Links), kinds)
	}
	links := linksOf(r)
	for _, want := range []string{
		"id-1538 > id-521 service=write relation:serving", // e-mail is used by Customer, to write
		"id-1196 > id-521 relation:serving",               // Insurance Application Service by Customer
		"id-556 > id-1202 relation:realization",           // Handle Claim realises Claim Registration Service
		"id-733 > id-721 relation:assignment",             // Negotiation does Formalise Request
	} {
		if !slices.Contains(links, want) {
			t.Errorf("no link %s", want)
		}
	}
}
