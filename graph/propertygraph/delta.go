package propertygraph

import "example.com/whoserves/graph"

// NodeRow is one node to write.
type NodeRow struct {
	ElementID  string         // set where the batch finds its nodes by element id
	UID        string         // what the node has, or gets, as its uid
	Properties map[string]any // to set (string, int64, float64, bool, []string); nil takes the property away. nil on deletion
}

// RelationshipRow is one relationship to write.
type RelationshipRow struct {
	ElementID  string         // set where the batch finds its relationships by element id
	From, To   string         // uids of its ends; both are there
	Service    string         // SERVES: the service that it has in the graph before it changes or goes; "" means no such property
	Derived    bool           // SERVES: it has the property derived: true
	Properties map[string]any // to set (string, int64, float64, bool, []string); nil takes the property away. nil on deletion
}

// Operation says what is to be done with the rows of a batch.
type Operation uint8

// The operations, in the order in which they have to be done.
const (
	DeleteRelationships Operation = iota
	DeleteNodes                   // with whatever others tied to them (DETACH DELETE)
	ChangeNodes
	CreateNodes
	ChangeRelationships
	CreateRelationships
)

// Batch is a stretch of rows that one statement can write. It is a small value; the rows are made when they are asked for.
type Batch struct {
	Operation Operation
	// Label is the kind label of the nodes: those of CreateNodes get it beside LabelEntity; those of ChangeNodes get both and lose
	// all other kind labels or, when Label is "", keep their labels. Empty for other operations.
	Label string
	Type  string // of the relationships; empty for nodes
	// ByElementID: rows are found by ElementID, not by uid or by both ends, type, service and derived. Never so for rows to create.
	ByElementID bool

	delta    *Delta
	from, to int
}

// Delta is what has to be written to a plain graph. It refers to the snapshots it was made from and takes a few dozen bytes
// for each change.
type Delta struct {
	before, after *graph.Snapshot
}

// Diff gives what has to be written to a graph that holds before so that it holds after. Created and changed nodes and
// relationships get version = after.Version, those apart of which only the row moved. The way back is Diff(after, before).
// O(nodes + links); what did not change is known by its records, which [graph.Org.Apply] shares.
func Diff(before, after *graph.Snapshot) *Delta { return &Delta{before: before, after: after} }

// Len counts the nodes and relationships to write.
func (d *Delta) Len() int { return 0 }

// Batches cuts the delta into batches of up to size rows, in the order in which they have to be written. The same delta and
// size always give the same batches and rows.
func (d *Delta) Batches(size int) []Batch { return nil }

// Len counts the rows of the batch.
func (b Batch) Len() int { return b.to - b.from }

// Nodes makes the rows of a batch of nodes.
func (b Batch) Nodes() []NodeRow { return nil }

// Relationships makes the rows of a batch of relationships.
func (b Batch) Relationships() []RelationshipRow { return nil }
