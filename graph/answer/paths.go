package answer

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/phrase"
)

var paths = Command{
	Name: "paths",
	Does: "the chains of service from one node to another, best first",
	Keys: []Key{
		{Name: "avoid", Does: "a node that no chain may pass", Repeated: true},
		{Name: "by", Does: "what makes a chain short: hops or lead_time", Type: Choice, Values: []string{"hops", "lead_time"}},
		{Name: "from", Does: "the provider that the chains start at", Required: true},
		{Name: "k", Does: "how many chains: 3", Type: Number},
		{Name: "to", Does: "the consumer or customer that they lead to", Required: true},
		{Name: "via", Does: "a node that every chain passes, in the order given", Repeated: true},
	},
	Args: []string{"from", "to"},
	ask:  askPaths,
}

// Paths lists the best chains of service between two nodes.
type Paths struct {
	From    string   `json:"from"`
	To      string   `json:"to"`
	Paths   []Path   `json:"paths"`             // by length, then ids
	Reached *Reached `json:"reached,omitempty"` // only without a path

	s      *graph.Snapshot
	byTime bool
	shared []string // inner nodes that every path passes
	back   bool     // there is a chain the other way
}

// Path is one chain: who serves whom, from first to last.
type Path struct {
	Nodes         []string `json:"nodes"`
	Hops          int      `json:"hops"`
	LeadTimeHours *float64 `json:"lead_time_hours"` // null when a link on it has none

	missing int // links without a lead time
}

// Reached says how far a search without a path got.
type Reached struct {
	Nodes   int      `json:"nodes"`
	Nearest []string `json:"nearest"` // the nodes farthest from the start that it got to
}

func askPaths(ctx context.Context, src *Source, q *question) (Answer, error) {
	s := src.Snapshot
	query := analysis.PathQuery{K: q.number("k", 3), ByLeadTime: q.text("by") == "lead_time"}
	if query.K < 1 || query.K > analysis.MostPaths {
		return nil, q.errorf("k", q.text("k"), "ask for 1 to %d chains", analysis.MostPaths)
	}
	var err error
	if query.From, err = q.end("from"); err != nil {
		return nil, err
	}
	if query.To, err = q.end("to"); err != nil {
		return nil, err
	}
	if query.Via, err = q.nodes("via"); err != nil {
		return nil, err
	}
	if query.Avoid, err = q.nodes("avoid"); err != nil {
		return nil, err
	}
	found, err := analysis.Paths(ctx, s, query)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil: // the query makes no sense
		return nil, q.errorf("", "", "%s", err)
	}
	a := NewPaths(s, query, found)
	if len(a.Paths) == 0 && len(query.Via)+len(query.Avoid) == 0 {
		a.back = reachedFrom(s, query.To)[query.From]
	}
	return a, nil
}

// end gives the node at one end of the chains. A unit that has teams is none.
func (q *question) end(key string) (int32, error) {
	v, err := q.node(key)
	if err == nil && q.s.IsBox(v) {
		return 0, q.errorf(key, q.text(key), "%s is a unit of %s: name one of them", nameAt(q.s, v), phrase.Things(len(q.s.TeamsOf(v)), "team"))
	}
	return v, err
}

// NewPaths puts the answer to a query into words.
func NewPaths(s *graph.Snapshot, query analysis.PathQuery, found *analysis.PathAnswer) *Paths {
	a := &Paths{From: s.Nodes[query.From].ID, To: s.Nodes[query.To].ID, Paths: make([]Path, len(found.Paths)),
		s: s, byTime: query.ByLeadTime}
	for i, p := range found.Paths {
		a.Paths[i] = Path{idsOf(s, p.Nodes), p.Hops, p.LeadTime.Pointer(), p.Missing}
	}
	if len(a.Paths) == 0 {
		nearest := idsOf(s, found.Nearest)
		slices.Sort(nearest)
		a.Reached = &Reached{found.Reached, nearest}
	}
	a.shared = shared(a.Paths)
	return a
}

// shared lists the inner nodes that every one of several paths passes, in the order of the first.
func shared(ps []Path) []string {
	if len(ps) < 2 || len(ps[0].Nodes) < 3 {
		return nil
	}
	var out []string
	for _, id := range ps[0].Nodes[1 : len(ps[0].Nodes)-1] {
		if !slices.ContainsFunc(ps[1:], func(p Path) bool { return !slices.Contains(p.Nodes, id) }) {
			out = append(out, id)
		}
	}
	return out
}

// WriteCSV writes the paths.
func (a *Paths) WriteCSV(w io.Writer) error {
	t := newCSV(w, "nodes", "hops", "lead_time_hours")
	for _, p := range a.Paths {
		t.row(list(p.Nodes), fmt.Sprint(p.Hops), decimalOrBlank(p.LeadTimeHours))
	}
	return t.end()
}

// WriteText writes each chain, and whom all of them need.
func (a *Paths) WriteText(w io.Writer, width int) error {
	p := newPage(w, width)
	from, to := nameOf(a.s, a.From), nameOf(a.s, a.To)
	if len(a.Paths) == 0 {
		a.writeNone(p, from, to)
		return p.end()
	}
	by := "links"
	if a.byTime {
		by = "hours"
	}
	if len(a.Paths) == 1 {
		p.say("One chain leads from %s to %s.", from, to)
	} else {
		p.say("The %d shortest chains (by %s) from %s to %s:", len(a.Paths), by, from, to)
	}
	for i, c := range a.Paths {
		p.gap()
		p.line("%d. %s", i+1, a.length(c))
		names := make([]string, len(c.Nodes))
		for j, id := range c.Nodes {
			names[j] = nameOf(a.s, id)
		}
		p.write("   " + wrap(printable(strings.Join(names, " → ")), p.width-3, "   "))
	}
	if len(a.shared) > 0 {
		p.say("All of them need %s.", someNames(a.s, a.shared, 8))
	}
	return p.end()
}

func (a *Paths) length(p Path) string {
	text := phrase.Things(p.Hops, "link")
	switch {
	case p.LeadTimeHours != nil && p.Hops > 0:
		text += ", lead time " + phrase.HoursInWords(*p.LeadTimeHours)
	case p.missing > 0:
		text += fmt.Sprintf(", lead time not known (missing on %d of %d)", p.missing, p.Hops)
	}
	return text
}

func (a *Paths) writeNone(p *page, from, to string) {
	p.say("No chain of service leads from %s to %s.", from, to)
	if a.Reached != nil && a.Reached.Nodes > 0 {
		p.say("The search from %s got to %s; farthest: %s.", from, phrase.Things(a.Reached.Nodes, "node"), someNames(a.s, a.Reached.Nearest, 5))
	}
	if a.back {
		p.say("There is one the other way round: %s serves %s, directly or through others.", to, from)
	}
}
