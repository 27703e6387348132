package importer

import (
	"context"
	"strings"
	"testing"
)

// exchangeCase is a file of an exchange format, what it says and what has to be told about it.
type exchangeCase struct {
	name, file, content      string
	direction                Direction
	facts, problems, example []string
}

func runExchange(t *testing.T, cases []exchangeCase) {
	t.Helper()
	for _, c := range cases {
		r := readAll(t, Options{Direction: c.direction}, Bytes(c.file, []byte(c.content)))
		wantLines(t, c.name+", facts", facts(r.Org), c.facts)
		wantLines(t, c.name+", problems", problems(r), c.problems)
		var examples strings.Builder
		for _, e := range r.Examples {
			examples.WriteString(e.String() + "\n")
		}
		wantLines(t, c.name+", examples", examples.String(), c.example)
		checkResult(t, r)
	}
}

const (
	graphMLTop = `<?xml version="1.0" encoding="UTF-8"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="y">`
	unsaidEnd  = " does not say who serves whom: …"
)

var graphMLCases = []exchangeCase{
	{name: "native columns, kinds and words for the direction", file: "team.graphml", content: graphMLTop + `
<key id="a" for="node" attr.name="name"/><key id="b" for="node" attr.name="kind"/><key id="c" for="all" attr.name="headcount" attr.type="int"/>
<key id="d" for="edge" attr.name="relation"/><key id="e" for="edge" attr.name="service"/><key id="f" for="edge" attr.name="criticality"/><key id="g" for="node" attr.name="colour"><default>red</default></key>
<graph edgedefault="directed">
<node id="n0"><data key="a">Payroll</data><data key="b">team</data><data key="c">4</data></node>
<node id="n1"><data key="a">Acme</data><data key="b">vendor</data><data key="g">blue</data></node>
<node id="n2"><data key="a">Sales</data></node>
<edge source="n0" target="n1"><data key="d">depends on</data><data key="f">critical</data></edge>
<edge source="n0" target="n2"><data key="d">serves</data><data key="e">salaries</data></edge>
</graph></graphml>`,
		facts: []string{"5 team name=Payroll headcount=4 colour:red", "6 supplier name=Acme colour:blue kind:vendor", "7 node name=Sales colour:red",
			"8 Acme > Payroll criticality=critical relation:depends on", "9 Payroll > Sales service=salaries relation:serves"},
		problems: []string{"info team.graphml: “depends on” (1) was read as: the target serves the source", "info team.graphml: “serves” (1) was read as: the source serves the target"},
		example:  []string{"team.graphml, row 8 means: “Acme” serves “Payroll”."}},
	{name: "yEd: labels, nested graphs are units, labels of edges are services", file: "yed.graphml", content: graphMLTop + `
<key for="node" id="d0" yfiles.type="nodegraphics"/><key for="edge" id="d1" yfiles.type="edgegraphics"/><graph edgedefault="directed" id="G">
<node id="n0" yfiles.foldertype="group"><data key="d0"><y:ProxyAutoBoundsNode><y:Realizers active="0"><y:GroupNode><y:NodeLabel>Finance
 division</y:NodeLabel></y:GroupNode></y:Realizers></y:ProxyAutoBoundsNode></data><graph edgedefault="directed" id="n0:">
<node id="n0::n0"><data key="d0"><y:ShapeNode><y:NodeLabel>Payroll<y:LabelModel><y:X>dropped</y:X></y:LabelModel></y:NodeLabel><y:NodeLabel>since 1999</y:NodeLabel></y:ShapeNode></data></node>
</graph></node>
<node id="n1"><data key="d0"><y:ShapeNode><y:NodeLabel>Sales</y:NodeLabel></y:ShapeNode></data><port name="p"/></node>
<edge source="n0::n0" target="n1"><data key="d1"><y:PolyLineEdge><y:EdgeLabel>salaries</y:EdgeLabel></y:PolyLineEdge></data></edge>
<edge source="n1" target="n0" directed="false"/>
<hyperedge><endpoint node="n0"/><endpoint node="n1"/></hyperedge>
</graph></graphml>`,
		facts: []string{"3 unit name=Finance division", "5 node name=Payroll unit=Finance division label:since 1999", "7 node name=Sales",
			"8 Payroll > Sales service=salaries", "9 Sales > Finance division direction:none"},
		problems: []string{"warning yed.graphml: GraphML" + unsaidEnd, "warning yed.graphml: edges that are said to have no direction (1)…",
			"info yed.graphml, row 7: the node has ports…", "warning yed.graphml, row 10: a hyperedge of 2 nodes (n0, n1) was left out…"},
		example: []string{"yed.graphml, row 8 means: “Payroll” serves “Sales” with “salaries”."}},
	{name: "one name for two things, and an end that is described nowhere", file: "two.graphml", content: graphMLTop + `
<key id="label" for="node" attr.name="label"/><graph edgedefault="directed">
<node id="n0"><data key="label">Guest</data></node>
<node id="n1"><data key="label">guest</data></node>
<node id="Finance"/>
<edge source="n1" target="n0"/>
<edge source="Finance" target="n7"/></graph></graphml>`, direction: ConsumerFirst,
		facts: []string{"3 node id=n0 name=Guest", "4 node id=n1 name=guest", "5 node name=Finance", "6 n0 > n1", "7 n7 > Finance"},
		problems: []string{"info two.graphml: the edges that do not say who serves whom (2) were read as “the target serves the source”, as --direction says",
			"info two.graphml, row 3: “Guest” names 2 things of the file…"},
		example: []string{"two.graphml, row 6 means: “Guest” serves “guest”."}},
	{name: "ids of our own export stay", file: "own.graphml", content: graphMLTop + `<key id="id" for="node" attr.name="id"/><key id="name" for="node" attr.name="name"/><graph edgedefault="directed">
<node id="1"><data key="id">crew-scheduling</data><data key="name">Crew scheduling</data></node></graph></graphml>`,
		facts: []string{"2 node id=crew-scheduling name=Crew scheduling"}},
}

func TestGraphML(t *testing.T) { runExchange(t, graphMLCases) }

var gexfCases = []exchangeCase{
	{name: "attributes, nesting, types of edges", file: "g.gexf", content: `<?xml version="1.0"?><gexf xmlns="http://gexf.net/1.3" version="1.3"><graph defaultedgetype="directed">
<attributes class="node"><attribute id="0" title="kind" type="string"/><attribute id="1" title="headcount" type="integer"/><attribute id="2" title="city" type="string"><default>Bonn</default></attribute></attributes>
<attributes class="edge"><attribute id="0" title="criticality" type="string"/></attributes>
<nodes><node id="0" label="Finance"><nodes>
<node id="1" label="Payroll"><attvalues><attvalue for="0" value="team"/><attvalue for="1" value="7"/></attvalues></node></nodes></node>
<node id="2" label="Sales" start="2019"/>
<node id="3" label="Legal" pid="0"/></nodes>
<edges><edge source="1" target="2" label="salaries" weight="2.5"><attvalues><attvalue for="0" value="minor"/></attvalues></edge>
<edge source="2" target="3" type="mutual"/>
<edge source="3" target="1" type="undirected"/>
<edge source="3" target="1" kind="depends on"/></edges></graph></gexf>`,
		facts: []string{"4 unit name=Finance city:Bonn", "5 team name=Payroll unit=Finance headcount=7 city:Bonn", "6 node name=Sales city:Bonn start:2019", "7 node name=Legal unit=Finance city:Bonn",
			"8 Payroll > Sales service=salaries criticality=minor weight:2.5", "9 Legal > Sales", "9 Sales > Legal", "10 Legal > Payroll direction:none", "11 Payroll > Legal relation:depends on"},
		problems: []string{"warning g.gexf: GEXF" + unsaidEnd, "warning g.gexf: edges that are said to have no direction (1)…", "info g.gexf: “depends on” (1) was read as: the target serves the source"},
		example:  []string{"g.gexf, row 8 means: “Payroll” serves “Sales” with “salaries”."}},
}

func TestGEXF(t *testing.T) { runExchange(t, gexfCases) }

// TestHostileExchange holds that files which nest, declare or break too much are refused with the place.
func TestHostileExchange(t *testing.T) {
	tests := []struct{ name, file, content, want string }{
		{"entities", "o.graphml", `<!DOCTYPE g [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><graphml><graph><node id="&c;"/></graph></graphml>`, "error o.graphml: the XML cannot be read, line 1, …"},
		{"an outside entity", "o.graphml", `<!DOCTYPE g SYSTEM "file:///etc/passwd"><graphml/>`, "error o.graphml: the XML cannot be read, line 1, …"},
		{"an unknown entity", "o.graphml", `<graphml><graph><node id="&x;"/></graph></graphml>`, "error o.graphml: the XML cannot be read, line 1, …"},
		{"depth", "o.graphml", "<graphml>" + strings.Repeat("<graph>", 5000), "error o.graphml: the XML cannot be read, line 1, character …"},
		{"depth of GEXF", "o.gexf", "<gexf>" + strings.Repeat("<a>", 5000), "error o.gexf: the XML cannot be read, line 1, character …"},
		{"cut off", "o.graphml", "<graphml><graph>\n<node id='n0'/>", "error o.graphml: the XML cannot be read, line 2, …"},
		{"crossed", "o.gexf", "<gexf><graph></gexf></graph>", "error o.gexf: the XML cannot be read, line 1, …"},
		{"nothing in it", "o.graphml", "<graphml/>", "error o.graphml: this is GraphML, and nothing in it makes a node or a link"},
		{"another XML", "o.xml", "<?xml version='1.0'?><svg/>", "error o.xml: this is XML of a kind that is not known …"},
		{"no XML", "o.graphml", "provider,consumer\nA,B\n", "error o.graphml: the file is called GraphML, but holds none…"},
	}
	for _, test := range tests {
		wantLines(t, test.name, problems(read(t, test.file, test.content)), []string{test.want})
	}
}

// TestDirection: vague headers of a table are turned round too, clear ones are not, and other words are refused.
func TestDirection(t *testing.T) {
	for content, want := range map[string]string{"from,to\nA,B\n": "2 B > A", "source,target\nA,B\n": "2 B > A", "provider,consumer\nA,B\n": "2 A > B", "from,consumer\nA,B\n": "2 A > B"} {
		r := readAll(t, Options{Direction: ConsumerFirst}, Bytes("l.csv", []byte(content)))
		wantLines(t, content, facts(r.Org), []string{want})
	}
	if _, err := ReadFiles(context.Background(), []File{Bytes("l.csv", nil)}, Options{Direction: "left"}); err == nil {
		t.Error("a direction that is none was taken")
	}
	for s, good := range map[string]bool{"": true, "provider-first": true, "consumer-first": true, "left": false} {
		if _, err := ParseDirection(s); (err == nil) != good {
			t.Errorf("%q: %v", s, err)
		}
	}
}

// FuzzGraphML, and those of the other formats, hold what FuzzRead holds, from seeds of their own.
func FuzzGraphML(f *testing.F) { fuzzExchange(f, "o.graphml", graphMLCases) }
func FuzzGEXF(f *testing.F)    { fuzzExchange(f, "o.gexf", gexfCases) }

func fuzzExchange(f *testing.F, name string, cases []exchangeCase) {
	for _, c := range cases {
		f.Add([]byte(c.content))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		file := Bytes(name, raw)
		r, err := ReadFiles(context.Background(), []File{file}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		checkResult(t, r)
		again, err := ReadFiles(context.Background(), []File{file}, Options{})
		if err != nil || facts(again.Org) != facts(r.Org) || problems(again) != problems(r) {
			t.Error("a second reading says something else")
		}
	})
}
