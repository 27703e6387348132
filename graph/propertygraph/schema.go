package propertygraph

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"example.com/whoserves/graph"
)

// Rule is a constraint or an index on the nodes of a label.
type Rule struct {
	Label, Property string
	Unique          bool // a constraint, which is an index as well
}

// Rules lists what a database has to have. All of it fits the Community edition.
func Rules() []Rule {
	return []Rule{
		{LabelStore, "name", true},
		{LabelOrg, "name", true},
		{LabelVersion, "uid", true},
		{LabelFacts, "uid", true},
		{LabelChanges, "uid", true},
		{LabelDocument, "uid", true},
		{LabelDocument, "org", false},
		{LabelEntity, PropertyUID, true},
		{LabelEntity, PropertyOrg, false},
		{LabelEntity, "name", false},
	}
}

// Cypher gives the statement that makes the rule; it does nothing where the rule is there already.
func (r Rule) Cypher() string {
	name := strings.ToLower(r.Label + "_" + r.Property)
	if r.Unique {
		return fmt.Sprintf("CREATE CONSTRAINT %s IF NOT EXISTS FOR (n:%s) REQUIRE n.%s IS UNIQUE", name, r.Label, r.Property)
	}
	return fmt.Sprintf("CREATE INDEX %s IF NOT EXISTS FOR (n:%s) ON (n.%s)", name, r.Label, r.Property)
}

// ownWords say what the properties are that follow from the facts.
var ownWords = [...][3]string{
	{PropertyUID, "text", "org + \"/\" + id, unique in the database"},
	{PropertyOrg, "text", "the organisation"},
	{PropertyID, "text", "the id within the organisation"},
	{PropertySources, "texts", "the sources that state it, the winning one first"},
	{PropertyRows, "texts", "the rows that state it: links.csv:2, book.xlsx [Links]:2"},
	{PropertyStated, "text", "where sources differ, JSON: {\"field\":[{\"source\":…,\"value\":…},…]}"},
	{PropertyVersion, "integer", "the version that last changed it"},
	{PropertyPlaceholder, "boolean", "true when it is only referred to"},
}

// WriteSchema prints the model with its Cypher: labels, properties, relationships, constraints and indexes. Always the same
// text, which Cypher can read: what is no statement is a comment.
func WriteSchema(w io.Writer) error {
	out := bufio.NewWriter(w)
	line := func(format string, args ...any) { fmt.Fprintf(out, format+"\n", args...) }
	line("// How whoserves keeps an organisation in Neo4j.")
	line("//")
	line("// Nodes: (:%s:%s)", LabelEntity, strings.Join(KindLabels(), "|"))
	for _, p := range ownWords {
		line("//   %-18s %-8s %s", p[0], p[1], p[2])
	}
	writeFields(line, nodeFields)
	line("//")
	line("// Relationships:")
	line("//   (provider)-[:%s]->(consumer)    one for each link, and one for each site that a node is at", Serves)
	line("//   (node or unit)-[:%s]->(:%s)", PartOf, Label(graph.Unit))
	line("//   (:%s)-[:%s]->(:%s)", Label(graph.Person), MemberOf, Label(graph.Team))
	line("//   (:%s)-[:%s]->(manager)", Label(graph.Person), ReportsTo)
	line("// All have %s and %s; %s has also", PropertyOrg, PropertyVersion, Serves)
	line("//   %-18s %-8s %s", PropertyService, "text", "absent when blank")
	writeFields(line, linkFields)
	line("//   %-18s %-8s %s", PropertyDerived, "boolean", "true when it follows from the site of the consumer; never read back")
	line("//   %s, %s and %s as nodes have them", PropertySources, PropertyRows, PropertyStated)
	line("//")
	line("// What is not said is not there. Columns that whoserves does not know are properties under their own names, with _ behind a")
	line("// name that is taken. You may make nodes and relationships and change values: they become facts of the source %q. A new", graph.Neo4jSource)
	line("// node needs one of the labels, org and a name or an id. What other sources state comes back when it is deleted.")
	line("// uid, org, id, sources, rows, stated, version, placeholder and derived are put back when they are changed.")
	line("//")
	line("// Only whoserves reads: %s", strings.Join([]string{LabelStore, LabelOrg, LabelVersion, LabelFacts, LabelChanges, LabelDocument}, ", "))
	line("")
	for _, r := range Rules() {
		line("%s;", r.Cypher())
	}
	return out.Flush()
}

// typeWords say how a property of a sort is written.
var typeWords = map[sort]string{text: "text", figure: "number", word: "text", list: "texts"}

// fieldWords say which values fields take, and what they mean where that is not in the name.
var fieldWords = map[string]string{
	"segment": "customers: external, potential or temporary", "can_fail": "yes or no", "site": "the ids of its sites",
	"value": "customers: what they are worth a year", "role": "people", "criticality": "critical, important or minor; critical when absent",
	"min_providers": "how many providers of the need must work; 1 when absent", "tolerance_hours": "hours that the consumer copes without",
	"recovery_hours": "hours that it takes to come back", "satisfaction": "0 to 100", "confirmed_on": "a day: 2026-11-30",
}

func writeFields[R any](line func(format string, args ...any), fields []field[R]) {
	for _, f := range fields {
		line("%s", strings.TrimRight(fmt.Sprintf("//   %-18s %-8s %s", f.name, typeWords[f.sort], fieldWords[f.name]), " "))
	}
}
