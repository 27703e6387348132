package answer

import (
	"cmp"
	"context"
	"slices"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
)

var risks = Command{
	Name: "risks",
	Does: "who can stop a customer alone, and where the chain jams",
	Keys: []Key{
		{Name: "exact", Does: "exact chain shares, however long they take", Type: Flag},
		{Name: "full", Does: "list every customer of every one, however many", Type: Flag},
		{Name: "limit", Does: "how many structural bottlenecks to list: 10, or 0 for all", Type: Number},
	},
	ask: askRisks,
}

// Risks lists where the chain can break or jam.
type Risks struct {
	Version           *int64            `json:"version"` // null: read from files
	Nodes             int               `json:"nodes"`
	Links             int               `json:"links"`
	Customers         []string          `json:"customers"`
	StandInCustomers  bool              `json:"stand_in_customers"`
	Assumed           graph.Assumed     `json:"assumed"`
	SPOFs             []SPOF            `json:"spofs"` // customers down (most first), then id
	Degrading         []Degrading       `json:"degrading"`
	Bottlenecks       []Bottleneck      `json:"bottlenecks"`  // by id, measured before structural
	SharesError       float64           `json:"shares_error"` // 95 % bound, 0 when exact
	Unmet             []Unmet           `json:"unmet"`
	FalseRedundancies []FalseRedundancy `json:"false_redundancy"`
	Circular          []Circular        `json:"circular"`
	Hollow            []Hollow          `json:"hollow"`
	KeyPeople         []KeyPerson       `json:"key_people"`
	Loops             [][]string        `json:"loops"`

	s    *graph.Snapshot
	f    *analysis.Findings
	full bool
}

// SPOF is a node whose failure alone brings customers down.
type SPOF struct {
	ID                 string   `json:"id"`
	Name               string   `json:"name"`
	Kind               string   `json:"kind"`
	CustomersDown      []string `json:"customers_down"` // null: too many to list
	CustomersDownCount int      `json:"customers_down_count"`
	CustomersDegraded  []string `json:"customers_degraded"` // null: too many to list
	FirstImpactHours   float64  `json:"first_impact_hours"`
	Exposed            bool     `json:"exposed"` // a customer stops before it is back, or nobody said when it is
	Basis              string   `json:"basis"`   // "given" or "assumed"
	Chain              []Link   `json:"chain"`   // from it to the customer hit first
}

// Link is one link of a chain.
type Link struct {
	Provider string `json:"provider"`
	Consumer string `json:"consumer"`
	Service  string `json:"service"` // "" when blank
}

// Degrading is a node whose failure alone only degrades customers.
type Degrading struct {
	ID                string   `json:"id"`
	CustomersDegraded []string `json:"customers_degraded"` // null: too many to list
}

// Bottleneck is a node that jams the chain.
type Bottleneck struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Basis       string   `json:"basis"` // "measured" or "structural"
	ChainShare  float64  `json:"chain_share"`
	Utilisation *float64 `json:"utilisation"`
}

// Unmet is a need with fewer providers than it asks for.
type Unmet struct {
	Consumer     string   `json:"consumer"`
	Service      string   `json:"service"`
	Providers    []string `json:"providers"`
	MinProviders int      `json:"min_providers"`
}

// FalseRedundancy is a need with spare providers that one node still breaks.
type FalseRedundancy struct {
	Consumer  string   `json:"consumer"`
	Service   string   `json:"service"`
	Providers []string `json:"providers"`
	Node      string   `json:"node"`
}

// Circular is a need with a spare provider that is down when the consumer is.
type Circular struct {
	Consumer string `json:"consumer"`
	Service  string `json:"service"`
	Provider string `json:"provider"`
}

// Hollow is a need whose survivor would be over its capacity.
type Hollow struct {
	Consumer string  `json:"consumer"`
	Service  string  `json:"service"`
	Failed   string  `json:"failed"`
	Survivor string  `json:"survivor"`
	Extra    float64 `json:"extra"` // volume that it would take on
	Spare    float64 `json:"spare"` // volume that it has room for
}

// KeyPerson is a person whom a team cannot spare.
type KeyPerson struct {
	ID        string `json:"id"`
	Team      string `json:"team"`
	BusFactor int    `json:"bus_factor"` // how many members must be gone for the team to stop: members − K + 1, K of its need for members
}

// defaultLimit is how many structural bottlenecks are listed when nothing is said; analysis knows it too.
const defaultLimit = 10

func askRisks(ctx context.Context, src *Source, q *question) (Answer, error) {
	o := analysis.Options{Full: q.flag("full"), Exact: q.flag("exact")}
	switch n := q.number("limit", defaultLimit); {
	case n < 0:
		return nil, q.errorf("limit", q.text("limit"), "this is 0 (for all) or more")
	case n == 0:
		o.Limit = -1
	case n != defaultLimit:
		o.Limit = n
	}
	f, err := src.findings(ctx, o)
	if err != nil {
		return nil, err
	}
	a := NewRisks(f)
	a.Version, a.full = src.version(), o.Full
	return a, nil
}

// NewRisks puts findings into words. Version is left null.
func NewRisks(f *analysis.Findings) *Risks {
	s := f.Snapshot
	a := &Risks{
		Nodes: s.NodeCount(), Links: len(s.Links),
		Customers: idsOf(s, s.Customers), StandInCustomers: s.StandIn, Assumed: s.Assumed,
		SPOFs: make([]SPOF, len(f.SPOFs)), Degrading: make([]Degrading, len(f.Degrading)),
		SharesError: f.SharesError,
		s:           s, f: f,
	}
	for i := range f.SPOFs {
		a.SPOFs[i] = spofOf(f, &f.SPOFs[i])
	}
	for i, d := range f.Degrading {
		a.Degrading[i] = Degrading{s.Nodes[d.Node].ID, idsOrNull(f, d.Customers)}
	}
	a.Bottlenecks = bottlenecksOf(s, f.Bottlenecks)
	a.redundancies(f)
	a.KeyPeople = sortedAs(f.KeyPeople, func(k analysis.KeyPerson) KeyPerson {
		return KeyPerson{s.Nodes[k.Person].ID, s.Nodes[k.Team].ID, k.BusFactor}
	}, func(a, b KeyPerson) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Team, b.Team)) })
	a.Loops = sortedAs(f.Loops, func(l analysis.Loop) []string { return idsOf(s, l.Nodes) }, slices.Compare)
	return a
}

// redundancies lists the needs that are unmet, and those whose spare providers do not help.
func (a *Risks) redundancies(f *analysis.Findings) {
	s := f.Snapshot
	consumer := func(n int32) string { return s.Nodes[s.Needs[n].Consumer].ID }
	service := func(n int32) string { return s.Needs[n].Service }
	providers := func(n int32) []string { return idsOf(s, s.Needs[n].Providers) }
	a.Unmet = sortedAs(f.Unmet, func(n int32) Unmet {
		return Unmet{consumer(n), service(n), providers(n), int(s.Needs[n].MinProviders)}
	}, func(a, b Unmet) int {
		return cmp.Or(cmp.Compare(a.Consumer, b.Consumer), cmp.Compare(a.Service, b.Service), slices.Compare(a.Providers, b.Providers))
	})
	a.FalseRedundancies = sortedAs(f.FalseRedundancy, func(r analysis.FalseRedundancy) FalseRedundancy {
		return FalseRedundancy{consumer(r.Need), service(r.Need), providers(r.Need), s.Nodes[r.Node].ID}
	}, func(a, b FalseRedundancy) int {
		return cmp.Or(cmp.Compare(a.Consumer, b.Consumer), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Node, b.Node))
	})
	a.Circular = sortedAs(f.Circular, func(c analysis.Circular) Circular {
		return Circular{consumer(c.Need), service(c.Need), s.Nodes[c.Provider].ID}
	}, func(a, b Circular) int {
		return cmp.Or(cmp.Compare(a.Consumer, b.Consumer), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Provider, b.Provider))
	})
	a.Hollow = sortedAs(f.Hollow, func(h analysis.Hollow) Hollow {
		return Hollow{consumer(h.Need), service(h.Need), s.Nodes[h.Failed].ID, s.Nodes[h.Survivor].ID, h.Extra, h.Spare}
	}, func(a, b Hollow) int {
		return cmp.Or(cmp.Compare(a.Consumer, b.Consumer), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Failed, b.Failed),
			cmp.Compare(a.Survivor, b.Survivor))
	})
}

func spofOf(f *analysis.Findings, p *analysis.SPOF) SPOF {
	s := f.Snapshot
	n := &s.Nodes[p.Node]
	basis := "given"
	if p.Assumed {
		basis = "assumed"
	}
	return SPOF{ID: n.ID, Name: n.Name, Kind: n.Kind.String(),
		CustomersDown: idsOrNull(f, p.CustomersDown), CustomersDownCount: p.DownCount,
		CustomersDegraded: idsOrNull(f, p.CustomersDegraded),
		FirstImpactHours:  p.FirstImpact, Exposed: p.Exposed, Basis: basis, Chain: linksOf(s, p.Chain)}
}

// linksOf writes the steps of a failing chain as links.
func linksOf(s *graph.Snapshot, steps []analysis.Step) []Link {
	out := make([]Link, len(steps))
	for i, st := range steps {
		need := &s.Needs[st.Need]
		out[i] = Link{s.Nodes[st.Provider].ID, s.Nodes[need.Consumer].ID, need.Service}
	}
	return out
}

func bottlenecksOf(s *graph.Snapshot, bs []analysis.Bottleneck) []Bottleneck {
	return sortedAs(bs, func(b analysis.Bottleneck) Bottleneck {
		n := &s.Nodes[b.Node]
		basis := "structural"
		if b.Measured {
			basis = "measured"
		}
		return Bottleneck{n.ID, n.Name, basis, b.Share, b.Utilisation.Pointer()}
	}, func(a, b Bottleneck) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Basis, b.Basis)) })
}

// idsOrNull gives the ids of nodes; nil where there were too many to keep.
func idsOrNull(f *analysis.Findings, nodes []int32) []string {
	if f.TooMany {
		return nil
	}
	return idsOf(f.Snapshot, nodes)
}

// sortedAs turns a list into another and sorts that; never nil.
func sortedAs[A, B any](as []A, turn func(A) B, compare func(a, b B) int) []B {
	out := make([]B, len(as))
	for i, a := range as {
		out[i] = turn(a)
	}
	slices.SortStableFunc(out, compare)
	return out
}
