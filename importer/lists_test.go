package importer

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

var backstageCases = []exchangeCase{
	{name: "owners of APIs serve owners of components", file: "catalog-info.yaml", content: `# ours
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: retail, namespace: default}
spec: {type: department, children: [shop]}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: shop, title: The shop}
spec: {type: team, members: [ann]}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: Pay, namespace: fin}
spec: {type: team}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: ann}
spec: {profile: {displayName: Ann, email: ann@example.com}, memberOf: [shop]}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: charge, title: Charge cards, tags: [money, cards]}
spec: {type: openapi, owner: fin/pay}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: till}
spec: {owner: group:shop, consumesApis: [charge, other], dependsOn: ['Resource:db', 'api:charge'], dependencyOf: ['component:web']}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: payer, namespace: fin}
spec: {owner: pay, providesApis: [default/charge]}
---
apiVersion: backstage.io/v1alpha1
kind: Location
metadata: {name: here}
---
just a text
`,
		facts: []string{"2 unit id=group:retail name=retail namespace:default type:department", "7 team id=group:shop name=The shop unit=group:retail type:team", "12 team id=group:fin/pay name=Pay namespace:fin type:team",
			"17 person id=user:ann name=Ann contact=ann@example.com team=group:shop",
			"22 resource id=api:charge name=Charge cards tags=money|cards catalog kind:API owner:fin/pay type:openapi",
			"27 resource id=component:till name=till catalog kind:Component owner:group:shop",
			"27 api:charge > component:till relation:dependsOn", "27 api:charge > component:till relation:consumesApis", "27 api:other > component:till relation:consumesApis",
			"27 component:till > component:web relation:dependencyOf", "27 group:fin/pay > group:shop service=Charge cards relation:owners of API and component", "27 resource:db > component:till relation:dependsOn",
			"32 resource id=component:fin/payer name=payer catalog kind:Component namespace:fin owner:pay", "32 component:fin/payer > api:charge relation:providesApis"},
		problems: []string{"info catalog-info.yaml, row 27: “component:till” consumes “api:other”, whose owner the file does not say…", "info catalog-info.yaml, row 37: “here” of kind “Location” was left out…",
			"warning catalog-info.yaml, row 41: the document is no entity…"},
		example: []string{"catalog-info.yaml, row 27 means: “resource:db” serves “till”."}},
}

func TestBackstage(t *testing.T) { runExchange(t, backstageCases) }

var kumuCases = []exchangeCase{
	{name: "a blueprint names labels", file: "map.json", content: `{"elements":[{"label":"Payroll","type":"team","tags":["core","hr"],"headcount":4},{"label":"Acme","type":"Vendor"},{"label":"Sales"},{"type":"team"},7],
"connections":[{"from":"Acme","to":"Payroll","type":"supplies","direction":"directed"},{"from":"Payroll","to":"Sales","direction":"mutual","label":"salaries","strength":3},
{"from":"Sales","to":"Acme","type":"talks to","direction":"undirected"},{"from":"Sales"}]}`,
		facts: []string{"1 team name=Payroll headcount=4 tags=core|hr", "1 Acme > Payroll relation:supplies", "2 supplier name=Acme type:Vendor", "2 Payroll > Sales service=salaries strength:3", "2 Sales > Payroll service=salaries strength:3",
			"3 node name=Sales", "3 Acme > Sales direction:none type:talks to"},
		problems: []string{"error map.json: entry 4 of connections lacks…", "error map.json: entry 4 of elements has no label…", "error map.json: entry 5 of elements has no keys…",
			"warning map.json: edges that are said to have no direction (1)…", "info map.json: JSON of Kumu does not say who serves whom: its edges (1) were read as “the target serves the source”, since in 1 of them a supplier serves…", "info map.json: “supplies” (1) was read as: the source serves the target"},
		example: []string{"map.json, sheet connections, row 1 means: “Acme” serves “Payroll”."}},
	{name: "a backup names ids", file: "map.json", direction: ConsumerFirst, content: `{"name":"x","elements":[{"_id":"elem-1","attributes":{"label":"A","element type":"Resource","description":"d"}},{"_id":"elem-2","attributes":{"label":"B"}}],
"connections":[{"_id":"c","direction":"directed","reversed":true,"delayed":false,"from":"elem-1","to":"elem-2","attributes":{"connection type":"+"}}]}`,
		facts:    []string{"1 resource id=elem-1 name=A description:d", "1 elem-1 > elem-2 connection type:+", "2 node id=elem-2 name=B"},
		problems: []string{"info map.json: the edges that do not say who serves whom (1) were…", "info map.json: what stands beside elements and connections … "[:len("info map.json: what stands beside elements and connections ")] + "…"},
		example:  []string{"map.json, sheet connections, row 1 means: “A” serves “B”."}},
	{name: "a sheet of elements", file: "e.csv", content: "Label,Type,Description,Tags\nPayroll,Team,pays,core|hr\n,Team,,\nPeople,Stakeholder,,\n",
		facts:    []string{"2 team name=Payroll tags=core|hr Description:pays", "4 node name=People Type:Stakeholder"},
		problems: []string{"error e.csv, row 3: the element has no Label and was left out: give it one"}},
	{name: "a sheet of connections", file: "c.csv", content: "From,To,Direction,Type,Label\nA,B|C,directed,serves,\nB,C,mutual,,help\nC,A,undirected,knows,\nC,,directed,,\n",
		facts:    []string{"2 A > B relation:serves", "2 A > C relation:serves", "3 B > C service=help", "3 C > B service=help", "4 C > A Type:knows direction:none"},
		problems: []string{"warning c.csv: a sheet of Kumu" + unsaidEnd, "warning c.csv: edges that are said to have no direction (1)…", "info c.csv: “serves” (2) was read as: the source serves the target"[:len("info c.csv: “serves” (")] + "…", "error c.csv, row 5: the connection lacks From or To…"},
		example:  []string{"c.csv, row 2 means: “A” serves “B”."}},
}

func TestKumu(t *testing.T) { runExchange(t, kumuCases) }

var neo4jCases = []exchangeCase{
	{name: "nodes", file: "n.csv", content: "personId:ID(Person),name,:LABEL,headcount:int,skills:string[],x:IGNORE\n1,Payroll,Team;Core,4,a;b,secret\n2,,,,,\n,,,,,z\n",
		facts:    []string{"2 team id=Person:1 name=Payroll headcount=4 labels:Team|Core skills:a|b", "3 node id=Person:2"},
		problems: []string{"error n.csv, row 4: the node has neither an :ID nor a name…"}},
	{name: "relationships", file: "r.csv", content: ":START_ID(Person),criticality,:END_ID(Person),:TYPE,service\n1,minor,2,DEPENDS_ON,pay\n1,,2,KNOWS,\n1,,,KNOWS,\n", direction: ProviderFirst,
		facts: []string{"2 Person:2 > Person:1 service=pay criticality=minor relation:DEPENDS_ON", "3 Person:1 > Person:2 relation:KNOWS"},
		problems: []string{"info r.csv: the edges that do not say who serves whom (1) were read as “the source serves the target”, as --direction says", "info r.csv: “DEPENDS_ON” (1) was read as: the target serves the source",
			"error r.csv, row 4: the relationship lacks…"},
		example: []string{"r.csv, row 2 means: “Person:2” serves “Person:1” with “pay”."}},
}

func TestNeo4jAdmin(t *testing.T) { runExchange(t, neo4jCases) }

var archiMateCases = []exchangeCase{
	{name: "3.x: junctions, actors in actors, properties", file: "m.xml", content: `<?xml version="1.0"?><model xmlns="http://www.opengroup.org/xsd/archimate/3.0/" xmlns:xsi="x"><name>M</name><elements>
<element identifier="a" xsi:type="BusinessActor"><name xml:lang="en">Bank</name></element>
<element identifier="b" xsi:type="BusinessActor"><name>Payments</name><documentation>pays</documentation><properties><property propertyDefinitionRef="p"><value>4</value></property></properties></element>
<element identifier="c" xsi:type="ApplicationComponent"><name>Ledger</name></element>
<element identifier="d" xsi:type="Facility"><name>Hall</name></element>
<element identifier="e" xsi:type="Node"><name>Host</name></element>
<element identifier="g" xsi:type="Goal"><name>Grow</name></element>
<element identifier="or" xsi:type="OrJunction"/><element identifier="and" xsi:type="AndJunction"/></elements>
<relationships><relationship identifier="1" xsi:type="Composition" source="a" target="b"/>
<relationship identifier="2" xsi:type="Serving" source="c" target="b"><name>books</name></relationship>
<relationship identifier="3" xsi:type="Serving" source="d" target="or"/>
<relationship identifier="4" xsi:type="Serving" source="e" target="or"/>
<relationship identifier="5" xsi:type="Serving" source="or" target="c"/>
<relationship identifier="6" xsi:type="Realization" source="d" target="and"/>
<relationship identifier="7" xsi:type="Realization" source="and" target="e"/>
<relationship identifier="8" xsi:type="Access" accessType="Read" source="c" target="e"/>
<relationship identifier="9" xsi:type="Influence" source="c" target="g"/></relationships>
<propertyDefinitions><propertyDefinition identifier="p" type="number"><name>headcount</name></propertyDefinition></propertyDefinitions></model>`,
		facts: []string{"2 unit id=a name=Bank archimate type:BusinessActor", "3 team id=b name=Payments unit=a headcount=4 archimate type:BusinessActor documentation:pays",
			"4 resource id=c name=Ledger access:Host access accessType:Read archimate type:ApplicationComponent", "5 resource id=d name=Hall archimate type:Facility", "6 resource id=e name=Host archimate type:Node",
			"10 c > b service=books relation:serving", "11 d > c service=one of or relation:serving", "12 e > c service=one of or relation:serving", "14 d > e relation:realization"},
		problems: []string{"info m.xml: views, folders and metadata…", "info m.xml: “Goal” (1) is about motives…", "info m.xml: “access” (1) is no service…", "info m.xml: “influence of goal” (1) is about motives…",
			"info m.xml: “realization” (1) was read as: the source serves the target", "info m.xml: “serving” (3) was read as: the source serves the target"},
		example: []string{"m.xml, row 10 means: “Ledger” serves “Payments” with “books”."}},
	{name: "Archi's elements", file: "elements.csv", content: "ID,Type,Name,Documentation,Specialization\nid-1,BusinessActor,Bank,a bank,\nid-2,Node,Host,,server\nid-3,Goal,Grow,,\n",
		facts:    []string{"2 team id=id-1 name=Bank Documentation:a bank archimate type:BusinessActor", "3 resource id=id-2 name=Host Specialization:server archimate type:Node"},
		problems: []string{"info elements.csv, row 4: “Grow” of type Goal is no part…"}},
	{name: "Archi's relations", file: "relations.csv", content: "ID,Type,Name,Documentation,Source,Target,Specialization\nr1,ServingRelationship,mails,,id-2,id-1,\nr2,FlowRelationship,,,id-2,id-1,\n",
		facts: []string{"2 id-2 > id-1 service=mails relation:serving"},
		problems: []string{"info relations.csv: “flow” (1) is no service and makes no link; it is kept as an attribute", "info relations.csv: “serving” (1) was read as…",
			"warning relations.csv, row 3: “flow” of “id-2”, which the file does not describe, was left out…"},
		example: []string{"relations.csv, row 2 means: “id-2” serves “id-1” with “mails”."}},
}

func TestArchiMate(t *testing.T) { runExchange(t, archiMateCases) }

var drawIOCases = []exchangeCase{
	{name: "what a column says", file: "d.csv", content: "## ours\n# label: <b>%title%</b><br>%kind%\n# connect: {\"from\": \"depends on\", \\\n#   \"to\": \"title\"}\n# connect: {\"from\": \"manager\", \"to\": \"key\"}\n# connect: {\"from\": \"x\"}\n" +
		"# connect: {\"from\": \"friend\", \"to\": \"key\", \"invert\": true, \"label\": \"help\"}\n# identity: key\n# layout: auto\nkey,title,kind,depends on,manager,friend,fill\nk1,Payroll,team,\"Host,Nobody else\",,,red\nk2,Host,application,,,k1,\nk3,Ann,,,k4,,\nk4,Bo,,,,,\n,,,,,,blue\n",
		facts: []string{"11 team id=k1 name=Payroll fill:red", "11 Nobody else > k1 relation:depends on", "11 k2 > k1 relation:depends on", "12 resource id=k2 name=Host kind:application", "12 k1 > k2 service=help",
			"13 person id=k3 name=Ann manager=k4", "14 person id=k4 name=Bo"},
		problems: []string{"warning d.csv: CSV of draw.io" + unsaidEnd, "info d.csv: comments and settings…", "info d.csv: “depends on” (2) was read as: the target serves the source", "warning d.csv, row 6: the setting connect cannot be read…",
			"error d.csv, row 15: the row has neither an id nor a name…"},
		example: []string{"d.csv, row 11 means: “Host” serves “Payroll”."}},
}

func TestDrawIO(t *testing.T) { runExchange(t, drawIOCases) }

var dotCases = []exchangeCase{
	{name: "clusters, defaults, chains, groups", file: "o.dot", content: `/* ours */ digraph "G" { // all
rankdir=LR; node [shape=box, kind=team]
subgraph cluster_0 { label="Finance"; color=red
  payroll [label="Pay" + "roll", headcount=4]; ledger [label=<<b>The</b> ledger &amp; co>, kind=application] }
# a note
sales; sales -> {payroll ledger:p:n} [label="depends on"]
payroll -> sales -> legal [label="salaries", weight=2]
legal -> sales [dir=back]; legal -> sales [dir=both]
}`,
		facts: []string{"3 unit name=Finance color:red", "4 resource id=ledger name=The ledger & co unit=Finance kind:application shape:box", "4 team id=payroll name=Payroll unit=Finance headcount=4 shape:box",
			"6 team name=sales shape:box", "6 ledger > sales relation:depends on", "6 payroll > sales relation:depends on", "7 team name=legal shape:box", "7 payroll > sales service=salaries weight:2",
			"7 sales > legal service=salaries weight:2", "8 legal > sales", "8 sales > legal", "8 sales > legal"},
		problems: []string{"warning o.dot: DOT" + unsaidEnd, "info o.dot: “depends on” (2) was read as: the target serves the source", "info o.dot, row 2: “rankdir” of the graph as a whole, “LR”, was left out"},
		example:  []string{"o.dot, row 6 means: “Payroll” serves “sales”."},
	},
	{name: "undirected", file: "o.gv", content: `strict graph {a -- b -- c [dir=forward]; n1 [label=A1, id=own]
edge [criticality=minor]
a -- n1}`,
		facts:    []string{"1 node id=own name=A1", "1 node name=a", "1 node name=b", "1 node name=c", "1 a > b", "1 b > c", "3 a > own criticality=minor direction:none"},
		problems: []string{"warning o.gv: DOT" + unsaidEnd, "warning o.gv: edges that are said to have no direction (1)…"},
		example:  []string{"o.gv, row 1 means: “a” serves “b”."}},
}

func TestDOT(t *testing.T) { runExchange(t, dotCases) }

// TestHostileLists holds the bounds of the readers that are not XML.
func TestHostileLists(t *testing.T) {
	tests := []struct{ name, file, content, want string }{
		{"Kumu nests too deep", "o.json", `{"elements":` + strings.Repeat("[", 5000) + `"connections":1`, "error o.json: the JSON cannot be read…"},
		{"Kumu is cut off", "o.json", `{"elements":[{"label":"A"}],"connections":[`, "error o.json: the JSON cannot be read, line 1, character …"},
		{"Kumu without anything", "o.json", `{"elements":[],"connections":[]}`, "error o.json, sheet elements: this is JSON of Kumu, and nothing in it makes a node or a link"},
		{"a catalog of references", "o.yaml", "apiVersion: backstage.io/v1\nmetadata: &a {x: [" + strings.Repeat("1,", 500) + "1]}\nb: &b [" + strings.Repeat("*a,", 300) + "*a]\nspec: [*b,*b]\n", "error o.yaml: the YAML cannot be used: its references…"},
		{"a catalog with brackets", "o.yaml", "apiVersion: backstage.io/v1\nmetadata: " + strings.Repeat("[", 5000), "error o.yaml: line 2 opens more than 200 brackets…"},
		{"a catalog of nothing", "o.yaml", "apiVersion: backstage.io/v1\nkind: Location\nmetadata: {name: a}\n", "error o.yaml: this is a Backstage catalog, and nothing in it makes a node or a link\ninfo o.yaml, row 1: “a” of kind “Location” was left out…"},
		{"entities in a model", "o.xml", `<!DOCTYPE model [<!ENTITY a "b">]><model xmlns="archimate"/>`, "error o.xml: the XML cannot be read, line 1, …"},
		{"DOT nests too deep", "o.dot", "digraph " + strings.Repeat("{", 5000), "error o.dot: the DOT cannot be read, line 1: braces lie more than 64 deep…"},
		{"DOT is cut off", "o.dot", "digraph {a\n-> b [label=\"x", "error o.dot: the DOT cannot be read, line 2: the file ends too early…"},
		{"DOT draws too much", "o.dot", "digraph {{" + manyNodes(2000) + "} -> {" + manyNodes(2000) + "}}", "error o.dot: the DOT cannot be read, line 1: the file draws more than 2000000 edges…"},
		{"no DOT", "o.dot", "provider,consumer\n", "error o.dot: the DOT cannot be read, line 1: “provider” stands where graph or digraph should"},
		{"draw.io without a table", "o.csv", "# connect: {}\n", "error o.csv: the file holds settings of draw.io, and no table below them"},
	}
	for _, test := range tests {
		wantLines(t, test.name, problems(read(t, test.file, test.content)), []string{test.want})
	}
	// junctions that lead to all others in a ring end, and do not multiply without bound
	var ring strings.Builder
	ring.WriteString(`<model xmlns="archimate"><elements><element identifier="a" xsi:type="Node"/>`)
	for i := range 300 {
		ring.WriteString(strings.ReplaceAll(`<element identifier="j#" xsi:type="AndJunction"/>`, "#", strings.Repeat("x", i)))
	}
	ring.WriteString("</elements><relationships>")
	for i := range 300 {
		for j := range 20 {
			ring.WriteString(`<relationship xsi:type="Serving" source="j` + strings.Repeat("x", i) + `" target="j` + strings.Repeat("x", (i+j)%300) + `"/>`)
		}
		ring.WriteString(`<relationship xsi:type="Serving" source="a" target="j` + strings.Repeat("x", i) + `"/><relationship xsi:type="Serving" source="j` + strings.Repeat("x", i) + `" target="a"/>`)
	}
	ring.WriteString("</relationships></model>")
	r, err := ReadFiles(context.Background(), []File{Bytes("o.xml", []byte(ring.String()))}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkResult(t, r)
}

func FuzzBackstage(f *testing.F)  { fuzzExchange(f, "o.yaml", backstageCases) }
func FuzzKumu(f *testing.F)       { fuzzExchange(f, "o.json", kumuCases[:2]) }
func FuzzKumuSheet(f *testing.F)  { fuzzExchange(f, "o.csv", kumuCases[2:]) }
func FuzzNeo4jAdmin(f *testing.F) { fuzzExchange(f, "o.csv", neo4jCases) }
func FuzzArchiMate(f *testing.F)  { fuzzExchange(f, "o.xml", archiMateCases[:1]) }
func FuzzArchiCSV(f *testing.F)   { fuzzExchange(f, "o.csv", archiMateCases[1:]) }
func FuzzDOT(f *testing.F)        { fuzzExchange(f, "o.dot", dotCases) }
func FuzzDrawIO(f *testing.F)     { fuzzExchange(f, "o.csv", drawIOCases) }

func manyNodes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "n%d ", i)
	}
	return b.String()
}

// TestLeftOutWithAWord: when every row is left out, each is told, and the file is refused.
func TestLeftOutWithAWord(t *testing.T) {
	r := read(t, "relations.csv", "ID,Type,Name,Documentation,Source,Target\nr1,Flow,,,a,b\nr2,Serving,,,a,\n")
	wantLines(t, "relations", problems(r), []string{"error relations.csv: this is CSV of Archi, and nothing in it makes a node or a link", "info relations.csv: “flow” (1) is no service…",
		"warning relations.csv, row 2: “flow” of “a”…", "error relations.csv, row 3: the relation lacks Source or Target…"})
}
