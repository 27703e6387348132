package graph

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Snapshot is an organisation ready for questions: references resolved, sources merged, everything indexed. It is immutable
// and may be read by many goroutines. Nodes are numbered by their place in Nodes, which is sorted by id; -1 means none.
type Snapshot struct {
	Org     *Org
	Version int64

	Nodes []Node // sorted by id, bytewise; units too
	Links []Link // as stated and merged; sorted by provider, consumer, folded service

	// Needs are what failure is worked out on: links grouped by consumer and service, sites and members included, and units
	// replaced by their teams (a unit that provides has one need of its own: at least one of its teams). Sorted by consumer;
	// those of one consumer by folded service and first provider, after them those that no link states.
	Needs []Need

	// Customers are the external customers or, when there are none and StandIn is set, the nodes that are served and serve
	// no one. A node without any link does not stand in: nobody's work reaches it. Sorted.
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
	Criticality   int `json:"criticality"`     // links in needs of which no row says how bad
	Tolerance     int `json:"tolerance_hours"` // links in needs of which no row says how long
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
// out and told in Problems. O((nodes + links) log links), links counted after units are replaced by their teams.
func NewSnapshot(o *Org) *Snapshot {
	b := &builder{Snapshot: &Snapshot{Org: o, Version: o.Version}}
	b.resolver = resolver{problems: o.Validate(), nodes: newNamespace(), units: newNamespace(), refKeys: map[refKey]int32{}}
	linkRefs := b.noteLinks()
	b.describe(o.Sources)
	b.noteRefs()
	b.settle()
	b.buildNodes()
	b.buildLinks(linkRefs)
	b.idx.nodes, b.idx.units, b.idx.ends = b.resolver.nodes, b.resolver.units, b.ends()
	b.idx.likes = &snapshotLikes{}
	b.indexUnits()
	b.buildNeeds()
	b.buildPairs()
	b.findCustomers()
	b.countAssumed()
	b.Problems = b.resolver.problems
	SortProblems(b.Problems)
	slices.SortStableFunc(b.Differences, func(x, y Difference) int { return compareEntities(x.Entity, y.Entity) })
	return b.Snapshot
}

func compareEntities(a, b EntityKey) int {
	c := cmp.Or(-strings.Compare(a.Entity, b.Entity), strings.Compare(a.ID, b.ID), strings.Compare(a.Provider, b.Provider),
		strings.Compare(a.Consumer, b.Consumer))
	if c != 0 || a.Service == b.Service {
		return c
	}
	return strings.Compare(Fold(a.Service), Fold(b.Service))
}

// UnknownError says that a reference names no node, or several.
type UnknownError struct {
	Ref     string
	Several []string // ids, when it names more than one
	Nearest []string // names that are like it, best first, when it names none
}

func (e *UnknownError) Error() string {
	switch {
	case len(e.Several) > 0:
		return fmt.Sprintf("“%s” can mean %s: give the id", e.Ref, joinWords(e.Several, "or"))
	case len(e.Nearest) > 0:
		return fmt.Sprintf("there is no “%s”. Did you mean %s?", e.Ref, joinWords(e.Nearest, "or"))
	}
	return fmt.Sprintf("there is no “%s”", e.Ref)
}
