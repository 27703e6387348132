package graph

import "fmt"

// Snapshot is an organisation ready for questions: references resolved, sources merged, everything indexed. It is immutable
// and may be read by many goroutines. Nodes are numbered by their place in Nodes, which is sorted by id; -1 means none.
type Snapshot struct {
	Org     *Org
	Version int64

	Nodes []Node // sorted by id, bytewise; units too
	Links []Link // as stated and merged; sorted by provider, consumer, folded service

	// Needs are what failure is worked out on: links grouped by consumer and service, sites and members included, and units
	// replaced by their teams (a unit that provides has one need of its own: at least one of its teams). Sorted by consumer,
	// folded service, first provider.
	Needs []Need

	// Customers are the external customers or, when there are none and StandIn is set, the nodes that are served and serve
	// no one. Sorted.
	Customers []int32
	StandIn   bool

	Assumed     Assumed
	Problems    []Problem    // what resolving and merging had to say, sorted
	Differences []Difference // where sources differ, sorted

	idx indexes
}

// Node is a node or unit, merged from what all sources state.
type Node struct {
	ID, Name string
	Kind     Kind
	Unit     int32 // the unit that it belongs to (of a unit: its parent), or -1

	Headcount, MinStaff, Capacity, RecoveryHours, FailuresPerYear, Value Number

	Segment Segment
	Contact string
	Sites   []int32 // resources that it needs: its sites
	Tags    []string
	Aliases []string
	Teams   []int32 // people: the teams that they are members of
	Manager int32   // people; -1 none
	Role    string
	Attrs   []Attr

	// CanFail is false for customers (and those that stand in for them), for units that have teams, and for nodes of which a
	// source says so.
	CanFail     bool
	Placeholder bool         // only referred to, described by no source
	Stated      []NodeSource // what each source states, the winning source first
}

// NodeSource is a record and the source that states it.
type NodeSource struct {
	Source string
	Record *NodeRecord
}

// Link says that Provider serves Consumer, merged from what all sources state.
type Link struct {
	Provider, Consumer int32
	Service            string       // trimmed, as first written; "" when blank
	Values             *LinkRecord  // merged values; its Provider, Consumer, Nth and From are those of the winning record
	Rated              int          // how many ratings Values.Satisfaction is the mean of
	Stated             []LinkSource // what each source states, the winning source first
}

// LinkSource is a record and the source that states it.
type LinkSource struct {
	Source string
	Record *LinkRecord
}

// Need is all links of one consumer for one service: K of its Providers must work.
type Need struct {
	Consumer           int32
	Service            string      // as written; "" when blank; "members", "site Dallas" and "teams" are needs that follow from other facts
	Criticality        Criticality // never NoCriticality
	K                  int32       // min(min_providers, providers), at least 1
	MinProviders       int32       // as stated, 1 where nothing was
	Tolerance          float64     // hours that the consumer copes without it
	Providers          []int32     // distinct, sorted
	Links              []int32     // parallel to Providers: the link behind each, -1 where the need follows from another fact
	AssumedCriticality bool        // nobody said how bad
	AssumedTolerance   bool        // nobody said how long
	Unmet              bool        // fewer distinct providers than min_providers
	Origin             NeedOrigin
}

// NeedOrigin says what a need follows from.
type NeedOrigin uint8

// The origins of a need.
const (
	FromLinks   NeedOrigin = iota // links of the consumer or of a unit that it belongs to
	FromSite                      // the consumer is at a site
	FromMembers                   // a team needs enough of its members
	FromTeams                     // a unit that serves is up while one of its teams is
)

// The services of needs that do not come from links. The first two are reserved: no link may use them.
const (
	ServiceMembers    = "members"
	ServiceSitePrefix = "site "
	ServiceTeams      = "teams"
)

// Assumed counts what nobody said and a default stands for.
type Assumed struct {
	Criticality   int `json:"criticality"`     // links
	Tolerance     int `json:"tolerance_hours"` // critical links
	RecoveryHours int `json:"recovery_hours"`  // nodes that can fail
	Capacity      int `json:"capacity"`        // nodes that can fail
}

// Difference is a field about which sources differ.
type Difference struct {
	Entity EntityKey
	Field  string
	Values []SourceValue // the winning one first
}

// SourceValue is what one source states of a field.
type SourceValue struct {
	Source, Value string
	From          Origin
}

// EntityKey names an entity in answers: {entity:"node",id} or {entity:"link",provider,consumer,service}.
type EntityKey struct {
	Entity   string `json:"entity"`
	ID       string `json:"id,omitempty"`
	Provider string `json:"provider,omitempty"`
	Consumer string `json:"consumer,omitempty"`
	Service  string `json:"service,omitempty"`
}

// NewSnapshot resolves references, merges sources and indexes the result. It never fails: what cannot be understood is left
// out and told in Problems. O((nodes + links) log links).
func NewSnapshot(o *Org) *Snapshot { panic("todo") }

// Lookup finds the node that a person means: by id, then exact name, then folded name or alias (the id that a name would
// have made counts as an alias). An error is a *UnknownError.
func (s *Snapshot) Lookup(ref string) (int32, error) { panic("todo") }

// UnknownError says that a reference names no node, or several.
type UnknownError struct {
	Ref     string
	Several []string // ids, when it names more than one
	Nearest []string // names that are like it, best first, when it names none
}

func (e *UnknownError) Error() string {
	switch {
	case len(e.Several) > 0:
		return fmt.Sprintf("“%s” can mean %s: give the id", e.Ref, joinWords(e.Several))
	case len(e.Nearest) > 0:
		return fmt.Sprintf("there is no “%s”. Did you mean %s?", e.Ref, joinWords(e.Nearest))
	}
	return fmt.Sprintf("there is no “%s”", e.Ref)
}

// Group gives the nodes that a group name means, sorted: "unit:ID" (all in the unit, nested too, not customers), "site:NAME", "tag:NAME";
// anything else is one node, as in Lookup.
func (s *Snapshot) Group(ref string) ([]int32, error) { panic("todo") }

// ByID finds a node by its exact id; -1 when there is none.
func (s *Snapshot) ByID(id string) int32 { panic("todo") }

// NeedsOf lists the needs of x. They lie side by side in Needs: the first is Needs[from].
func (s *Snapshot) NeedsOf(x int32) (needs []Need, from int32) { panic("todo") }

// NeedsServed lists the needs (indexes into Needs) that v is a provider of, sorted.
func (s *Snapshot) NeedsServed(v int32) []int32 { panic("todo") }

// Served lists the consumers of v, each once, sorted: links of every criticality, sites and members included, a unit
// replaced by its teams on either side. These pairs are what shares and chains run along.
func (s *Snapshot) Served(v int32) []int32 { panic("todo") }

// ServedBy lists the providers of v in the same pairs, each once, sorted.
func (s *Snapshot) ServedBy(v int32) []int32 { panic("todo") }

// PairCount is the number of provider → consumer pairs.
func (s *Snapshot) PairCount() int { panic("todo") }

// LinksFrom lists the links (indexes into Links) that v provides, as stated.
func (s *Snapshot) LinksFrom(v int32) []int32 { panic("todo") }

// LinksTo lists the links (indexes into Links) that serve v, as stated.
func (s *Snapshot) LinksTo(v int32) []int32 { panic("todo") }

// TeamsOf lists the teams of a unit, those of nested units too, sorted.
func (s *Snapshot) TeamsOf(unit int32) []int32 { panic("todo") }

// InUnit lists the nodes and units that lie directly in a unit, sorted; -1 gives those in no unit.
func (s *Snapshot) InUnit(unit int32) []int32 { panic("todo") }

// MembersOf lists the people who are members of a team, sorted.
func (s *Snapshot) MembersOf(team int32) []int32 { panic("todo") }

// TopUnit gives the outermost unit that v lies in, or -1.
func (s *Snapshot) TopUnit(v int32) int32 { panic("todo") }

// IsBox says that x is a unit that has teams: a box of the org chart, not a node that works and fails by itself.
func (s *Snapshot) IsBox(x int32) bool { panic("todo") }

// NodeCount is the number of nodes, boxes of the org chart left out.
func (s *Snapshot) NodeCount() int { panic("todo") }
