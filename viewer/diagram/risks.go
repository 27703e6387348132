package diagram

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/phrase"
)

// risks draws those who can stop a customer alone, and the customers: a line where a failing chain runs, what lies between
// contracted.
func (b *builder) risks() error {
	b.d.Title = "Who can stop a customer alone"
	customers := b.s.Customers
	if b.v.Customer != "" {
		c, err := b.s.Lookup(b.v.Customer)
		if err != nil {
			return err
		}
		customers = []int32{c}
		b.d.Title = "Who can stop " + b.name(c) + " alone"
	}
	if b.f == nil {
		return nil
	}
	all, picked := b.pickRisks(customers)
	places, most := b.riskPlaces()
	if len(customers) > places {
		sorted := b.byValue(customers)
		slices.SortStableFunc(sorted, func(x, y int32) int { return cmp.Compare(b.f.StoppedBy[y], b.f.StoppedBy[x]) })
		b.note("Showing %d of %s customers: those whom most can stop.", places, phrase.Count(len(customers)))
		customers = sorted[:places]
		slices.Sort(customers)
	}
	shown := picked[:min(len(picked), most-min(len(customers), most-1))]
	lines, hit := b.riskLines(shown, customers)
	if err := b.ctx.Err(); err != nil {
		return err
	}
	b.drawRisks(shown, hit, lines)
	b.d.Shown.Nodes, b.d.Total.Nodes = len(shown), len(all)
	b.riskNotes(len(shown), len(picked), len(all), len(customers), len(hit))
	return nil
}

// riskPlaces is how many customers, and how many boxes in all, the view of risks shows: unless asked for more, so few that
// their lines can be told apart.
func (b *builder) riskPlaces() (customers, all int) {
	if b.v.Nodes > 0 {
		return max(1, b.v.Nodes/3), b.v.Nodes
	}
	return singleMost, 50
}

// pickRisks gives all that can stop one of the customers, and those of them that exposed=, given= and the filters leave.
func (b *builder) pickRisks(customers []int32) (all, picked []*analysis.SPOF) {
	for i := range b.f.SPOFs {
		p := &b.f.SPOFs[i]
		if b.v.Customer != "" && !b.f.TooMany && !b.stopsCustomer(p, customers[0]) {
			continue
		}
		all = append(all, p)
		if b.v.Exposed && !p.Exposed || b.v.Given && p.Assumed || !b.wanted(p.Node) {
			continue
		}
		picked = append(picked, p)
	}
	return all, picked
}

// riskLine is a stretch of failing chains between two shown nodes.
type riskLine struct {
	between int
	hours   float64 // the earliest at its end
	chains  int     // how many chains run along it
}

// riskLines follows the failing chain from each node to each customer it stops, and keeps the shown nodes on it.
func (b *builder) riskLines(shown []*analysis.SPOF, customers []int32) (map[pair]*riskLine, map[int32]int) {
	on := map[int32]bool{}
	for _, p := range shown {
		on[p.Node] = true
	}
	wanted := map[int32]bool{}
	for _, c := range customers {
		wanted[c] = b.wanted(c)
	}
	lines := map[pair]*riskLine{}
	hit := map[int32]int{}
	failures := analysis.NewSpreader(b.s)
	for _, p := range shown {
		if b.ctx.Err() != nil {
			break
		}
		out := failures.Spread(analysis.Failure{Stopped: []int32{p.Node}})
		for _, c := range b.stoppedBy(p, out, customers) {
			if !wanted[c] {
				continue
			}
			hit[c]++
			b.contractChain(out, c, p.Node, on, lines)
		}
	}
	return lines, hit
}

func (b *builder) stoppedBy(p *analysis.SPOF, out *analysis.Outcome, customers []int32) []int32 {
	var down []int32
	for _, c := range customers {
		if out.State[c] == analysis.Down && c != p.Node {
			down = append(down, c)
		}
	}
	return down
}

// contractChain adds the chain that ends at c: only the first stretch from the node is its own, the rest belongs to the
// nodes on it, whose own chains draw it.
func (b *builder) contractChain(out *analysis.Outcome, c, origin int32, on map[int32]bool, lines map[pair]*riskLine) {
	to, between := c, 0
	for x := c; x != origin; {
		from := out.Cause[x].Provider
		if on[from] || from == origin {
			p := pair{from, to}
			l := lines[p]
			if l == nil {
				l = &riskLine{between: between, hours: math.Inf(1)}
				lines[p] = l
			}
			l.chains++
			l.between = min(l.between, between)
			l.hours = min(l.hours, out.Hours[to])
			to, between = from, 0
		} else {
			between++
		}
		x = from
	}
}

func (b *builder) drawRisks(shown []*analysis.SPOF, hit map[int32]int, lines map[pair]*riskLine) {
	customers := sortedKeys(hit)
	b.spaceFor(len(shown) + len(customers))
	if len(shown) < 40 {
		b.d.space.rank, b.d.space.node, b.d.space.wrap = 0.5, 0.16, 18
	}
	nodes := make([]*analysis.SPOF, len(shown))
	copy(nodes, shown)
	slices.SortFunc(nodes, func(x, y *analysis.SPOF) int { return cmp.Compare(x.Node, y.Node) })
	for _, p := range nodes {
		n := b.node(p.Node)
		if b.v.colour() == "risk" {
			n.look.spof, n.look.exposed = true, p.Exposed
			n.Badges = append(n.Badges, Badge{Text: fmt.Sprintf("%s %s · %s", sign(p.Exposed), b.stops(p), phrase.When(p.FirstImpact)), Tone: Breaks})
		} else {
			b.colourNode(&n, p.Node)
		}
		n.Tooltip += b.backAfter(p.Node, p.FirstImpact)
		b.add(n)
	}
	for _, c := range customers {
		n := b.node(c)
		if b.v.colour() == "risk" {
			b.markCustomer(&n, c)
		}
		b.add(n)
	}
	b.rankCustomers(customers)
	b.writeRisks(lines)
}

func (b *builder) writeRisks(lines map[pair]*riskLine) {
	order := make([]pair, 0, len(lines))
	for p := range lines {
		order = append(order, p)
	}
	slices.SortFunc(order, func(x, y pair) int { return cmp.Or(cmp.Compare(x.from, y.from), cmp.Compare(x.to, y.to)) })
	drawn := order
	if most := b.v.maxLinks(); len(order) > most {
		drawn = slices.Clone(order)
		slices.SortStableFunc(drawn, func(x, y pair) int { return cmp.Compare(lines[y].chains, lines[x].chains) })
		drawn = drawn[:most]
		slices.SortFunc(drawn, func(x, y pair) int { return cmp.Or(cmp.Compare(x.from, y.from), cmp.Compare(x.to, y.to)) })
		b.note("Showing %d of %d lines: those that most failing chains run along.", len(drawn), len(order))
	}
	for _, p := range drawn {
		r := lines[p]
		l := Link{From: b.key(p.from), To: b.key(p.to), Stands: 1, style: "solid", width: min(3, 1.1+0.35*math.Log2(float64(r.chains))), head: "normal", Classes: []string{"hit"}}
		l.Tooltip = fmt.Sprintf("If %s fails, %s stops %s", b.name(p.from), b.name(p.to), after(r.hours))
		f := Fact{From: b.end(p.from), To: b.end(p.to), Words: "stops " + after(r.hours)}
		if r.between > 0 {
			l.Classes = append(l.Classes, "onward")
			l.head = "vee"
			if len(drawn) <= 40 {
				l.Label = fmt.Sprintf("+%d between", r.between)
			}
			l.Tooltip += fmt.Sprintf(", through %s not shown", phrase.Things(r.between, "other"))
			f.Marks = []string{fmt.Sprintf("+%d between", r.between)}
		}
		f.Text = l.Tooltip + "."
		b.line(l)
		b.d.Facts = append(b.d.Facts, f)
	}
	b.d.Shown.Links, b.d.Total.Links = len(drawn), len(order)
}

func (b *builder) riskNotes(shown, picked, all, customers, hit int) {
	whom := "at least one of " + phrase.Things(len(b.s.Customers), "customer")
	if len(b.s.Customers) == 1 {
		whom = "the only customer"
	}
	if b.v.Customer != "" {
		whom = "this customer"
	}
	switch {
	case all == 0:
		b.note("Nobody can stop %s alone.", strings.Replace(whom, "at least one", "any", 1))
		return
	case shown < all:
		b.note("Showing %s of %s who can each stop %s alone%s.", phrase.Count(shown), phrase.Count(all), whom, b.riskFilter())
	default:
		b.note("All %s who can each stop %s alone.", phrase.Count(all), whom)
	}
	if shown < picked {
		b.note("Left out: %s more, those that stop fewest customers.", phrase.Count(picked-shown))
	}
	if b.v.Customer == "" {
		b.note("%d of %d customers can be stopped by one of them.", hit, customers)
	}
	if shown > 0 {
		b.note("A line is where a failing chain runs; thicker: more chains.")
	}
}

func (b *builder) riskFilter() string {
	var words []string
	if b.v.Exposed {
		words = append(words, "who come back too late, or nobody has said when")
	}
	if b.v.Given {
		words = append(words, "by given facts only")
	}
	if len(words) == 0 {
		return ""
	}
	return ": " + phrase.List(words, "and")
}
