package answer

import (
	"cmp"
	"context"
	"io"
	"slices"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/phrase"
)

var bottlenecks = Command{
	Name: "bottlenecks",
	Does: "how full each node is, and the share of chains through it",
	Keys: []Key{{Name: "exact", Does: "exact chain shares, however long they take", Type: Flag}},
	ask:  askBottlenecks,
}

// Bottlenecks holds the chain share and the load of every node that has one.
type Bottlenecks struct {
	Shares          []Share   `json:"shares"`       // those above 0
	SharesError     float64   `json:"shares_error"` // 95 % bound, 0 when exact
	Load            []Load    `json:"load"`         // those with a load or a capacity
	FirstToSaturate *Saturate `json:"first_to_saturate"`

	s *graph.Snapshot
	f *analysis.Findings
}

// Share is how much of all shortest chains to customers runs through a node.
type Share struct {
	ID         string  `json:"id"`
	ChainShare float64 `json:"chain_share"`
}

// Load is how much a node has to do and can do; null is not known.
type Load struct {
	ID          string   `json:"id"`
	Load        *float64 `json:"load"`
	Capacity    *float64 `json:"capacity"`
	Utilisation *float64 `json:"utilisation"`
}

// Saturate is the node that is full first when demand grows, and the growth at which it is.
type Saturate struct {
	ID     string  `json:"id"`
	Growth float64 `json:"growth"`
}

func askBottlenecks(ctx context.Context, src *Source, q *question) (Answer, error) {
	if src.Findings != nil {
		f, err := src.Findings(ctx, analysis.Options{Exact: q.flag("exact")})
		if err != nil {
			return nil, err
		}
		return NewBottlenecks(f), nil
	}
	s := src.Snapshot
	shares, bound, err := analysis.ChainShare(ctx, s, workers(s), s.Customers, q.flag("exact"))
	if err != nil {
		return nil, err
	}
	return NewBottlenecks(&analysis.Findings{Snapshot: s, Shares: shares, SharesError: bound, Load: analysis.Loads(s)}), nil
}

// workers lists the nodes whose chains to customers count: all but customers and units that have teams.
func workers(s *graph.Snapshot) []int32 {
	var out []int32
	for v := range int32(len(s.Nodes)) {
		if _, customer := slices.BinarySearch(s.Customers, v); !customer && !s.IsBox(v) {
			out = append(out, v)
		}
	}
	return out
}

// NewBottlenecks puts the shares and loads of findings into words.
func NewBottlenecks(f *analysis.Findings) *Bottlenecks {
	s := f.Snapshot
	a := &Bottlenecks{Shares: []Share{}, SharesError: f.SharesError, Load: []Load{}, s: s, f: f}
	for v, share := range f.Shares {
		if share > 0 {
			a.Shares = append(a.Shares, Share{s.Nodes[v].ID, share})
		}
	}
	for v, l := range f.Load {
		if l.Load.IsGiven() || l.Capacity.IsGiven() {
			a.Load = append(a.Load, Load{s.Nodes[v].ID, l.Load.Pointer(), l.Capacity.Pointer(), l.Utilisation.Pointer()})
		}
	}
	return a
}

// WriteCSV writes the shares.
func (a *Bottlenecks) WriteCSV(w io.Writer) error {
	t := newCSV(w, "id", "chain_share")
	for _, v := range a.Shares {
		t.row(v.ID, decimal(v.ChainShare))
	}
	return t.end()
}

// WriteText writes the fullest nodes, then those that most chains run through.
func (a *Bottlenecks) WriteText(w io.Writer, width int) error {
	p := newPage(w, width)
	a.writeLoad(p)
	a.writeShares(p)
	return p.end()
}

func (a *Bottlenecks) writeLoad(p *page) {
	known := slices.DeleteFunc(slices.Clone(a.Load), func(l Load) bool { return l.Utilisation == nil })
	slices.SortStableFunc(known, func(x, y Load) int {
		return cmp.Or(cmp.Compare(*y.Utilisation, *x.Utilisation), cmp.Compare(x.ID, y.ID))
	})
	p.title("By load (measured)")
	if len(known) == 0 {
		p.say("Nobody's load is known: it takes a volume on links and a capacity on nodes.")
		return
	}
	hot := 0
	for _, l := range known {
		if *l.Utilisation >= analysis.Hot {
			hot++
		}
	}
	p.say("Full to %s or more: %s of %s whose load and capacity are known.", phrase.Percent(analysis.Hot), phrase.Count(hot), phrase.Things(len(known), "node"))
	t := p.table("Who", ">Load", ">Capacity", ">Full to")
	for _, l := range known[:min(len(known), shown)] {
		t.row(nameOf(a.s, l.ID), figureOrDash(l.Load), figureOrDash(l.Capacity), percentOrDash(l.Utilisation))
	}
	t.end()
	more(p, len(known)-shown, "--format json lists all")
	if blank := a.blank(); blank > 0 {
		p.say("Left out: %s without a volume, so loads may be higher.", phrase.Things(blank, "link"))
	}
}

// blank counts the links without a volume.
func (a *Bottlenecks) blank() int {
	n := 0
	for _, l := range a.f.Load {
		n += l.Blank
	}
	return n
}

func (a *Bottlenecks) writeShares(p *page) {
	p.title("By place in the chain (structural)")
	if len(a.Shares) == 0 {
		p.say("No chain to a customer runs through anybody.")
		return
	}
	p.say("Of all shortest chains that lead to customers, this share runs through:")
	top := slices.Clone(a.Shares)
	slices.SortStableFunc(top, func(x, y Share) int {
		return cmp.Or(cmp.Compare(y.ChainShare, x.ChainShare), cmp.Compare(x.ID, y.ID))
	})
	t := p.table("Who", ">Share")
	for _, v := range top[:min(len(top), shown)] {
		t.row(nameOf(a.s, v.ID), phrase.Percent(v.ChainShare))
	}
	t.end()
	more(p, len(top)-shown, "--format json lists all")
	saySampled(p, a.SharesError)
}

// saySampled says how far off shares from a sample may be; nothing where they are exact.
func saySampled(p *page, bound float64) {
	if bound > 0 {
		p.say("The shares come from a sample: right to within %s in 95 of 100 cases. --exact works them out.", phrase.Percent(bound))
	}
}
