package graph

// Org is the plain record of an organisation: what each source states, as it states it. Treat it as immutable: [Org.Apply]
// gives a new one that shares the records of the old.
type Org struct {
	Name    string
	Version int64     // of the store; 0 before the first import, and for an Org that comes straight from files
	Sources []*Source // by rank, then name; the first wins where sources differ
}

// The two sources that always win, in this order, over whatever rank the others have.
const (
	EditsSource = "edits" // corrections made in the app
	Neo4jSource = "neo4j" // written into the database by others
)

// IsCorrection says that a source always wins, whatever rank it has: [EditsSource] and [Neo4jSource].
func IsCorrection(source string) bool { return source == EditsSource || source == Neo4jSource }

// Source is a file or system that facts come from, with all that it states.
type Source struct {
	Name string
	Rank int // 1 for the first imported, then 2, …; lower wins
	// Nodes and Links are sorted by key. NewSource brings them into order.
	Nodes []*NodeRecord
	Links []*LinkRecord
}

// Empty says that the source states nothing (any more).
func (s *Source) Empty() bool { return len(s.Nodes)+len(s.Links) == 0 }

// Source finds a source by name; nil when there is none.
func (o *Org) Source(name string) *Source {
	for _, s := range o.Sources {
		if s.Name == name {
			return s
		}
	}
	return nil
}
