package answer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/phrase"
)

// RiskChange says what leads from one snapshot to another does to customers: who can stop them alone.
type RiskChange struct {
	Before   int `json:"spofs_before"` // nodes that stop at least one customer alone
	After    int `json:"spofs_after"`
	OfBefore int `json:"nodes_before"` // nodes that can fail
	OfAfter  int `json:"nodes_after"`
	// Customers are those for whom something changes, also those who come or go, by id.
	Customers []CustomerChange `json:"customers"`
	New       []string         `json:"new"`  // nodes that can stop a customer alone now and could not before, by id
	Gone      []string         `json:"gone"` // the other way round; ids as they were before

	before, after *graph.Snapshot
	counterpart   []int32 // by node of before: the same one after, or -1
}

// CustomerChange says how many nodes can stop a customer alone, before and after.
type CustomerChange struct {
	ID     string   `json:"id"` // the one after, where there is one
	Before *int     `json:"before"`
	After  *int     `json:"after"` // null: no customer then
	New    []string `json:"new"`   // who can now and could not before; null for a customer that comes or goes, and beyond a million (node, customer) pairs
	Gone   []string `json:"gone"`
}

// RisksOf says what a preview does to the risks; nil when it changes nothing. It costs finding all single points of failure twice
// (see [analysis.FindStops]): on two cores about 1 s in all for 100,000 nodes and 470,000 links, 4 s for a million nodes and 3 million links.
func RisksOf(ctx context.Context, p *graph.Preview) (*RiskChange, error) {
	if p.Changes.Empty() {
		return nil, nil
	}
	return NewRiskChange(ctx, p.Before, p.After)
}

// NewRiskChange works out who can stop whom alone in both snapshots, and compares. It stops with the context's error when that is
// done.
func NewRiskChange(ctx context.Context, before, after *graph.Snapshot) (*RiskChange, error) {
	was, err := analysis.FindStops(ctx, before)
	if err != nil {
		return nil, err
	}
	is, err := analysis.FindStops(ctx, after)
	if err != nil {
		return nil, err
	}
	return CompareRisks(was, is), nil
}

// CompareRisks compares who can stop whom alone. Nodes are told apart by id; one that got another id, as a placeholder does when it
// is described, is the same. O(nodes + (node, customer) pairs, at most a million).
func CompareRisks(was, is *analysis.Stops) *RiskChange {
	r := &RiskChange{Before: was.SPOFs(), After: is.SPOFs(), OfBefore: canFail(was.Snapshot), OfAfter: canFail(is.Snapshot),
		Customers: []CustomerChange{}, before: was.Snapshot, after: is.Snapshot}
	r.counterpart = counterparts(r.before, r.after)
	r.New, r.Gone = r.nodes(func(v int32) bool { return was.DownCount[v] > 0 }, func(v int32) bool { return is.DownCount[v] > 0 })
	r.compareCustomers(was, is)
	return r
}

func canFail(s *graph.Snapshot) (n int) {
	for i := range s.Nodes {
		if s.Nodes[i].CanFail {
			n++
		}
	}
	return n
}

// counterparts finds for each node of before the same one in after, -1 for none: by id, then by the names and old ids that one of
// the two still has. No node of after is found twice.
func counterparts(before, after *graph.Snapshot) []int32 {
	to, taken := make([]int32, len(before.Nodes)), make([]bool, len(after.Nodes))
	for v := range before.Nodes {
		if to[v] = after.ByID(before.Nodes[v].ID); to[v] >= 0 {
			taken[to[v]] = true
		}
	}
	pair := func(v, w int32) {
		if to[v] < 0 && !taken[w] {
			to[v], taken[w] = w, true
		}
	}
	for v := range before.Nodes {
		if to[v] >= 0 {
			continue
		}
		if is := after.Means(before.Nodes[v].ID, graph.NoKind); len(is) == 1 {
			pair(int32(v), is[0])
		}
	}
	for w := range after.Nodes {
		if taken[w] {
			continue
		}
		if was := before.Means(after.Nodes[w].ID, graph.NoKind); len(was) == 1 {
			pair(was[0], int32(w))
		}
	}
	return to
}

// nodes compares a property of nodes: who has it only after (ids of after), who had it only before (ids of before).
func (r *RiskChange) nodes(was, is func(v int32) bool) (fresh, gone []string) {
	fresh, gone = []string{}, []string{}
	had := make([]bool, len(r.after.Nodes)) // by node of after: it is compared already
	for v, w := range r.counterpart {
		if w >= 0 {
			had[w] = true
		}
		switch before, after := was(int32(v)), w >= 0 && is(w); {
		case before && !after:
			gone = append(gone, r.before.Nodes[v].ID)
		case after && !before:
			fresh = append(fresh, r.after.Nodes[w].ID)
		}
	}
	for w := range r.after.Nodes {
		if !had[w] && is(int32(w)) {
			fresh = append(fresh, r.after.Nodes[w].ID)
		}
	}
	slices.Sort(fresh)
	return fresh, gone
}

// compareCustomers fills in the customers for whom something changes.
func (r *RiskChange) compareCustomers(was, is *analysis.Stops) {
	seen := make([]bool, len(r.after.Nodes))
	stoppers, stoppersAfter := stoppersOf(was), stoppersOf(is)
	listed := stoppers != nil && stoppersAfter != nil
	change := func(c CustomerChange, v, w int32) {
		comes := c.Before == nil || c.After == nil
		if listed && !comes {
			c.New, c.Gone = r.setChange(stoppers[v], stoppersAfter[w])
		}
		if comes || *c.Before != *c.After || len(c.New)+len(c.Gone) > 0 {
			r.Customers = append(r.Customers, c)
		}
	}
	for _, v := range r.before.Customers {
		c := CustomerChange{ID: r.before.Nodes[v].ID, Before: count(was.StoppedBy[v])}
		w := r.counterpart[v]
		if w >= 0 {
			c.ID = r.after.Nodes[w].ID
			if _, still := slices.BinarySearch(r.after.Customers, w); still {
				seen[w], c.After = true, count(is.StoppedBy[w])
			}
		}
		change(c, v, w)
	}
	for _, w := range r.after.Customers {
		if !seen[w] {
			change(CustomerChange{ID: r.after.Nodes[w].ID, After: count(is.StoppedBy[w])}, -1, w)
		}
	}
	slices.SortFunc(r.Customers, func(a, b CustomerChange) int { return strings.Compare(a.ID, b.ID) })
}

func count(n int32) *int { return new(int(n)) }

// stoppersOf turns the lists round: for each customer the nodes that stop it alone, sorted; nil when they are too many.
func stoppersOf(s *analysis.Stops) map[int32][]int32 {
	if s.Down == nil {
		return nil
	}
	by := make(map[int32][]int32, len(s.Snapshot.Customers))
	for v, customers := range s.Down {
		for _, c := range customers {
			by[c] = append(by[c], int32(v))
		}
	}
	return by
}

// setChange compares a set of nodes of before with one of after, both sorted.
func (r *RiskChange) setChange(before, after []int32) (fresh, gone []string) {
	fresh, gone = []string{}, []string{}
	stays := make(map[int32]bool, len(before))
	for _, v := range before {
		w := r.counterpart[v]
		if w >= 0 {
			if _, still := slices.BinarySearch(after, w); still {
				stays[w] = true
				continue
			}
		}
		gone = append(gone, r.before.Nodes[v].ID)
	}
	for _, w := range after {
		if !stays[w] {
			fresh = append(fresh, r.after.Nodes[w].ID)
		}
	}
	return fresh, gone
}

// Sentence is words, some of them names of nodes.
type Sentence []Word

// Word is a stretch of a sentence.
type Word struct {
	Text string
	ID   string // of the node that Text names, when it is there after the change; else ""
}

func (s Sentence) String() string {
	var b strings.Builder
	for _, w := range s {
		b.WriteString(w.Text)
	}
	return b.String()
}

// Headline says it in a sentence: "19 → 18 of 59 can stop a customer alone; Harbour Depot no longer can."
func (r *RiskChange) Headline() Sentence {
	can := " of " + phrase.Count(r.OfAfter) + " can stop a " + customerWord(r.after) + " alone"
	switch {
	case r.OfBefore == 0 && len(r.New) > 0:
		return slices.Concat(words(phrase.Count(r.After)+can+": "), r.names(r.New), words("."))
	case len(r.New)+len(r.Gone) == 0 && r.After == 0:
		return words("Nobody can stop a " + customerWord(r.after) + " alone, as before.")
	case len(r.New)+len(r.Gone) == 0:
		return words(phrase.Count(r.After) + can + ", as before.")
	}
	start := phrase.Count(r.Before) + " → " + phrase.Count(r.After)
	switch {
	case r.Before == r.After:
		start = "Still " + phrase.Count(r.After)
	case r.OfBefore != r.OfAfter:
		start = phrase.Count(r.Before) + " of " + phrase.Count(r.OfBefore) + " → " + phrase.Count(r.After)
	}
	return slices.Concat(words(start+can), r.who(r.New, r.Gone), words("."))
}

// Details say it customer by customer, those first for whom it changes most: "2 more can stop Retail customers alone (8 → 10); Payroll
// and Rostering now can."
func (r *RiskChange) Details() []Sentence {
	by := slices.Clone(r.Customers)
	slices.SortStableFunc(by, func(a, b CustomerChange) int { return cmp.Compare(b.size(), a.size()) })
	out := make([]Sentence, 0, len(by)+1)
	if r.before.StandIn != r.after.StandIn && r.OfBefore > 0 && r.OfAfter > 0 {
		stand := "Nodes that serve no one stand in for customers now: there is none outside any more."
		if r.before.StandIn {
			stand = "Before, no one outside was a customer: nodes that serve no one stood in for them."
		}
		out = append(out, words(stand))
	}
	for _, c := range by {
		out = append(out, r.detail(c))
	}
	return out
}

// size is by how much the number of those that can stop the customer changes.
func (c CustomerChange) size() int {
	before, after := orZero(c.Before), orZero(c.After)
	return max(before-after, after-before)
}

func orZero(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

func (r *RiskChange) detail(c CustomerChange) Sentence {
	name := r.name(c.ID)
	switch {
	case c.After == nil && r.after.ByID(c.ID) < 0:
		return append(name, Word{Text: " is no longer there; " + number(*c.Before) + " could stop it alone."})
	case c.After == nil:
		return append(name, Word{Text: " is no longer a customer; " + number(*c.Before) + " could stop it alone."})
	case c.Before == nil:
		is := " is a new customer: "
		if r.OfBefore == 0 {
			is = ": "
		}
		return append(name, Word{Text: is + number(*c.After) + " can stop it alone."})
	}
	start, alone := "Still "+number(*c.After)+" can stop ", " alone"
	if change := *c.After - *c.Before; change != 0 {
		start, alone = phrase.Count(change)+" more can stop ", fmt.Sprintf(" alone (%s → %s)", phrase.Count(*c.Before), phrase.Count(*c.After))
		if change < 0 {
			start = phrase.Count(-change) + " fewer can stop "
		}
	}
	return slices.Concat(words(start), name, words(alone), r.who(c.New, c.Gone), words("."))
}

// who says who now can and who no longer can: "; Payroll now can; Harbour Depot no longer can".
func (r *RiskChange) who(fresh, gone []string) Sentence {
	var out Sentence
	var without, left []string
	for _, id := range gone {
		if r.isThere(id) {
			without = append(without, id)
		} else {
			left = append(left, id)
		}
	}
	are := " is no longer there"
	if len(left) > 1 {
		are = " are no longer there"
	}
	for _, part := range []struct {
		ids  []string
		says string
	}{{fresh, " now can"}, {without, " no longer can"}, {left, are}} {
		if len(part.ids) > 0 {
			out = slices.Concat(out, words("; "), r.names(part.ids), words(part.says))
		}
	}
	return out
}

// isThere says that a node of before is still there after.
func (r *RiskChange) isThere(id string) bool {
	v := r.before.ByID(id)
	return v >= 0 && r.counterpart[v] >= 0
}

// names lists nodes in a sentence, at most three of them.
func (r *RiskChange) names(ids []string) Sentence {
	const most = 3
	var s Sentence
	shown := ids[:min(len(ids), most)]
	left := len(ids) - len(shown)
	for i, id := range shown {
		switch {
		case i > 0 && i == len(shown)-1 && left == 0:
			s = append(s, Word{Text: " and "})
		case i > 0:
			s = append(s, Word{Text: ", "})
		}
		s = append(s, r.name(id)...)
	}
	if left > 0 {
		s = append(s, Word{Text: " and " + phrase.Count(left) + " more"})
	}
	return s
}

// name gives what a node is called, after or else before.
func (r *RiskChange) name(id string) Sentence {
	if w := r.after.ByID(id); w >= 0 {
		return Sentence{{nameAt(r.after, w), id}}
	}
	if v := r.before.ByID(id); v >= 0 && r.counterpart[v] >= 0 {
		w := r.counterpart[v]
		return Sentence{{nameAt(r.after, w), r.after.Nodes[w].ID}}
	}
	return Sentence{{Text: nameOf(r.before, id)}}
}

func words(s string) Sentence { return Sentence{{Text: s}} }

// write writes the change as a section.
func (r *RiskChange) write(p *page) {
	const most = 8
	details := r.Details()
	p.title("What it does to the risks")
	p.write(wrap(printable(r.Headline().String()), p.width, ""))
	for _, d := range details[:min(len(details), most)] {
		p.item("%s", d)
	}
	if left := len(details) - most; left > 0 {
		p.detail("and %s (--format json lists all)", phrase.Things(left, "more customer"))
	}
}
