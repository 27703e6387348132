package analysis

import (
	"cmp"
	"context"
	"slices"

	"example.com/whoserves/graph"
)

// Findings is all that is found in one snapshot.
type Findings struct {
	Snapshot *graph.Snapshot

	SPOFs     []SPOF      // customers down (most first), then id
	Degrading []Degrading // nodes that alone only degrade customers, by id
	SPOFOf    []int32     // by node: its place in SPOFs, or -1

	// TooMany says that there are more (SPOF, customer down) pairs than Options allow: the lists CustomersDown are nil and
	// only the counts hold. TooManyDegraded says the same of all customers that a node alone takes down or degrades, and of
	// the lists of degraded customers; it is always set with TooMany.
	TooMany, TooManyDegraded bool
	// StoppedBy counts for each node (customers only) how many SPOFs it has; 0 for all others.
	StoppedBy []int32

	Unmet           []int32           // needs with fewer distinct providers than min_providers
	FalseRedundancy []FalseRedundancy // by need, then node; beyond a million only the first node of each need, unless Full
	FalseCount      int               // how many (need, node) pairs there are
	Circular        []Circular
	Hollow          []Hollow
	KeyPeople       []KeyPerson
	Loops           []Loop

	Shares      []float64 // chain share by node, 0 to 1
	SharesError float64   // 95 % bound of Shares, 0 when exact
	Load        []Load    // by node
	Bottlenecks []Bottleneck
}

// SPOF is a node whose failure alone brings customers down.
type SPOF struct {
	Node              int32
	CustomersDown     []int32 // sorted; nil when Findings.TooMany
	CustomersDegraded []int32 // sorted; nil when Findings.TooManyDegraded, or none
	DownCount         int
	DegradedCount     int
	FirstImpact       float64 // hours until the first customer is down
	FirstCustomer     int32   // the customer hit first (then by id)
	Exposed           bool    // a customer is down before the node is back, or nobody said when it is back
	RecoveryUnknown   bool    // nobody said when it is back
	Assumed           bool    // the chain rests on a default criticality
	Chain             []Step  // from the node to FirstCustomer
}

// Degrading is a node whose failure alone degrades customers and brings none down.
type Degrading struct {
	Node      int32
	Customers []int32 // sorted; nil when Findings.TooManyDegraded
	Count     int
}

// FalseRedundancy is a need with spare providers that one node other than the consumer still breaks.
type FalseRedundancy struct {
	Need int32
	Node int32
}

// Circular is a need with spare providers of which one is down when the consumer alone fails.
type Circular struct {
	Need     int32
	Provider int32
}

// Hollow is a need whose survivor would be over its capacity when Failed fails.
type Hollow struct {
	Need     int32
	Failed   int32
	Survivor int32
	Extra    float64 // volume that it would have to take on
	Spare    float64 // volume that it has room for
}

// KeyPerson is a person whom a team cannot spare: bus factor 1.
type KeyPerson struct {
	Person    int32
	Team      int32
	BusFactor int // members − K + 1, K the members that must be there: min_staff, at most all
}

// Loop is a strongly connected set of two or more nodes that serve each other, with one shortest cycle through it as proof.
type Loop struct {
	Nodes    []int32 // sorted
	Example  []int32 // a shortest cycle through its smallest node, in order of service; the first is not repeated
	Circular bool    // every link of the example is critical
}

// Load is the measured side of a bottleneck.
type Load struct {
	Load        graph.Number // sum of the volumes that it provides; not given when none is
	Capacity    graph.Number
	Utilisation graph.Number // Load / Capacity; not given when either is missing or the capacity is 0
	Blank       int          // links that it provides without a volume
}

// Hot is the utilisation from which a node counts as a measured bottleneck (queueing: waiting time grows like ρ/(1−ρ)).
const Hot = 0.85

// Bottleneck is a node that jams the chain.
type Bottleneck struct {
	Node        int32
	Measured    bool // by load; else by its place in the chain
	Share       float64
	Utilisation graph.Number
}

// Options bound the work of Analyse.
type Options struct {
	Full  bool // list all (SPOF, customer) pairs however many they are
	Exact bool // exact chain shares however long they take
	Limit int  // structural bottlenecks listed; 0: ten, negative: all
}

// Analyse finds everything. It stops with the context's error when that is done. Blocks of 512 failures are worked out at once
// on all processors: about (nodes that can fail / 512) · links · rounds through loops of alternates, where nodes that always
// stop together count as one; see [ChainShare] for the shares.
func Analyse(ctx context.Context, s *graph.Snapshot, o Options) (*Findings, error) {
	f := &Findings{Snapshot: s, Unmet: unmet(s), KeyPeople: keyPeople(s), Loops: Loops(s), Load: Loads(s)}
	if err := f.findRisks(ctx, o); err != nil {
		return nil, err
	}
	var err error
	if f.Shares, f.SharesError, err = ChainShare(ctx, s, shareSources(s), s.Customers, o.Exact); err != nil {
		return nil, err
	}
	f.Bottlenecks = bottlenecks(f.Load, f.Shares, o.Limit)
	return f, nil
}

// findRisks fills in everything about the failure of single nodes.
func (f *Findings) findRisks(ctx context.Context, o Options) error {
	net := compile(f.Snapshot)
	alternates := &redundant{net: net, all: o.Full}
	down, err := takesOf(ctx, net, graph.Critical, o.Full, alternates.over)
	if err != nil {
		return err
	}
	worse, err := takesOf(ctx, net, graph.Important, o.Full, nil)
	if err != nil {
		return err
	}
	f.FalseRedundancy, f.FalseCount = alternates.falseRedundancy()
	f.Circular = alternates.circular()
	f.Hollow = alternates.hollow(f.Load)
	return f.findStops(ctx, net, down, worse)
}

// shareSources are the nodes that chains to customers start from: all but customers and boxes of the org chart.
func shareSources(s *graph.Snapshot) []int32 {
	var sources []int32
	for x := range int32(len(s.Nodes)) {
		if _, customer := slices.BinarySearch(s.Customers, x); !customer && !s.IsBox(x) {
			sources = append(sources, x)
		}
	}
	return sources
}

// bottlenecks picks the nodes that run hot and those with the largest shares (ties: by id), sorted by id, measured first.
func bottlenecks(loads []Load, shares []float64, limit int) []Bottleneck {
	var list, structural []Bottleneck
	for v := range shares {
		b := Bottleneck{Node: int32(v), Share: shares[v], Utilisation: loads[v].Utilisation}
		if shares[v] > 0 {
			structural = append(structural, b)
		}
		if b.Utilisation.Or(0) >= Hot {
			b.Measured = true
			list = append(list, b)
		}
	}
	slices.SortStableFunc(structural, func(a, b Bottleneck) int { return cmp.Compare(b.Share, a.Share) })
	if limit == 0 {
		limit = 10
	}
	if limit > 0 && len(structural) > limit {
		structural = structural[:limit]
	}
	list = append(list, structural...)
	slices.SortStableFunc(list, func(a, b Bottleneck) int { return cmp.Compare(a.Node, b.Node) })
	return list
}
