package export

import (
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/propertygraph"
)

// modelNode is a node or unit as package propertygraph has it.
type modelNode struct {
	label      string // of its kind
	uid        string
	properties map[string]any
}

// modelLink is a relationship as package propertygraph has it.
type modelLink struct {
	typ        string
	from, to   string // uids
	properties map[string]any
}

// model gives the organisation as a property graph, in an order that is always the same.
func model(s *graph.Snapshot) (nodes []modelNode, links []modelLink) {
	const rows = 10_000
	for _, b := range propertygraph.Diff(&graph.Snapshot{}, s).Batches(rows) {
		switch b.Operation {
		case propertygraph.CreateNodes:
			for _, r := range b.Nodes() {
				nodes = append(nodes, modelNode{b.Label, r.UID, own(r.Properties)})
			}
		case propertygraph.CreateRelationships:
			for _, r := range b.Relationships() {
				links = append(links, modelLink{b.Type, r.From, r.To, own(r.Properties)})
			}
		}
	}
	return nodes, links
}

// own leaves out the version, which is that of a store.
func own(properties map[string]any) map[string]any {
	delete(properties, propertygraph.PropertyVersion)
	return properties
}

// idOf gives the id within the organisation of what has a uid.
func idOf(s *graph.Snapshot, uid string) string {
	return strings.TrimPrefix(uid, propertygraph.UID(s.Org.Name, ""))
}
