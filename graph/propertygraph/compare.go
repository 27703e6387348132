package propertygraph

import "example.com/whoserves/graph"

// NodeSeen is a node as it stands in the graph. The Comparer may keep Properties and Labels.
type NodeSeen struct {
	ElementID  string
	Labels     []string
	Properties map[string]any // as the driver gives them, uid included
}

// RelationshipSeen is a relationship as it stands in the graph. The Comparer may keep Properties.
type RelationshipSeen struct {
	ElementID                  string
	Type                       string
	FromUID, ToUID             string // "" where the node has none
	FromElementID, ToElementID string // may be "" where the node has a uid
	Properties                 map[string]any
}

// Comparer finds what others changed in a graph. Show it every node that may belong to the organisation (label Entity or a kind
// label, and org = its name or a uid that begins with its name and "/"; it leaves alone what does not belong), then every
// relationship of RelationshipTypes with such a node at one end at least, then ask for the outcome. The order within nodes
// and within relationships does not matter. It is not for several goroutines at once.
type Comparer struct {
	snapshot *graph.Snapshot
}

// NewComparer makes a comparer with a graph that should hold s. s.Version must be the version that the graph is at. O(nodes).
func NewComparer(s *graph.Snapshot) *Comparer { return &Comparer{snapshot: s} }

// Node takes a node of the graph. O(log nodes + properties).
func (c *Comparer) Node(n NodeSeen) {}

// Relationship takes a relationship of the graph; all nodes must have been shown before. O(log links + properties).
func (c *Comparer) Relationship(r RelationshipSeen) {}

// Finish gives the outcome. O(nodes + links).
func (c *Comparer) Finish() *Outcome { return &Outcome{before: c.snapshot} }

// Outcome is what others changed in a graph.
type Outcome struct {
	Problems []graph.Problem // what could not be read and what was put back, sorted
	before   *graph.Snapshot
}

// ChangeSet gives what the source neo4j states now, as a change of the organisation that was compared with; it is empty
// (see [graph.ChangeSet.Empty]) when nothing changes.
func (o *Outcome) ChangeSet() *graph.ChangeSet { return &graph.ChangeSet{Base: o.before.Org.Version} }

// Delta gives what has to be written to the graph, as it was seen, so that it holds after: the snapshot of the organisation
// after ChangeSet, with its new Version; or the one that was compared with, when ChangeSet is empty. It takes the place of
// Diff(before, after) and adds what has to be put back, taken away because it was there twice, and adopted. Values that
// could not be read stay as they are. The Delta is empty when there is nothing to do.
func (o *Outcome) Delta(after *graph.Snapshot) *Delta { return Diff(o.before, after) }
