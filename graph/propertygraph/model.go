package propertygraph

import (
	"strings"

	"example.com/whoserves/graph"
)

// LabelEntity is the label of every node and unit of an organisation; a second one says its kind.
const LabelEntity = "Entity"

// The labels of what only whoserves reads: facts and their history, packed.
const (
	LabelStore    = "WhoservesStore"    // one node: the format of the store
	LabelOrg      = "WhoservesOrg"      // an organisation and its version
	LabelVersion  = "WhoservesVersion"  // a version: who, when, how many
	LabelFacts    = "WhoservesFacts"    // what a source states, packed
	LabelChanges  = "WhoservesChanges"  // what a version changed, packed
	LabelDocument = "WhoservesDocument" // a mapping, a scenario, a user, a view
)

// The types of relationship.
const (
	Serves    = "SERVES"     // provider → consumer: one for each link, and one for each site that a node is at
	PartOf    = "PART_OF"    // node or unit → unit
	MemberOf  = "MEMBER_OF"  // person → team
	ReportsTo = "REPORTS_TO" // person → manager
)

// RelationshipTypes lists the types of relationship in the order in which they are written.
func RelationshipTypes() []string { return []string{Serves, PartOf, MemberOf, ReportsTo} }

// The properties that are ours: they follow from the facts, and a change by hand is put back.
const (
	PropertyUID         = "uid"         // org + "/" + id; unique
	PropertyOrg         = "org"         // name of the organisation
	PropertyID          = "id"          // id within the organisation
	PropertySources     = "sources"     // names of the sources that state it, the winning one first
	PropertyRows        = "rows"        // the rows that state it: "links.csv:2", "book.xlsx [Links]:2"
	PropertyStated      = "stated"      // JSON, only where sources differ: {"field":[{"source":…,"value":…},…]}
	PropertyVersion     = "version"     // the version that last changed it
	PropertyPlaceholder = "placeholder" // true on nodes that are only referred to
	PropertyDerived     = "derived"     // true on SERVES that follow from the site of the consumer; never read back
	PropertyService     = "service"     // SERVES: absent when blank
)

var kindLabels = [...]string{graph.NoKind: "", graph.Team: "Team", graph.Person: "Person", graph.Supplier: "Supplier",
	graph.Resource: "Resource", graph.Customer: "Customer", graph.Unit: "Unit"}

// Label gives the label of a kind: "Team"; "" for [graph.NoKind].
func Label(k graph.Kind) string {
	if int(k) >= len(kindLabels) {
		return ""
	}
	return kindLabels[k]
}

// KindOf gives the kind that a label stands for; [graph.NoKind] when it stands for none. Labels are case-sensitive.
func KindOf(label string) graph.Kind {
	for k, l := range kindLabels {
		if l == label && l != "" {
			return graph.Kind(k)
		}
	}
	return graph.NoKind
}

// KindLabels lists the labels of all kinds in the order in which pages show the kinds.
func KindLabels() []string {
	var labels []string
	for _, k := range graph.Kinds() {
		labels = append(labels, Label(k))
	}
	return labels
}

// UID is the property uid of a node: unique in the database.
func UID(org, id string) string { return strings.ToValidUTF8(org+"/"+id, "\ufffd") }
