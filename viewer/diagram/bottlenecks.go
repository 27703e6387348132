package diagram

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/phrase"
)

// bottlenecks draws where the chain jams: by load against capacity, or by the share of all chains; never both in one
// picture.
func (b *builder) bottlenecks() error {
	basis := b.v.Basis
	if b.f == nil {
		b.d.Title = "Where the chain jams"
		return nil
	}
	if basis == "" {
		basis = "structural"
		if slices.ContainsFunc(b.f.Load, func(l analysis.Load) bool { return l.Utilisation.IsGiven() }) {
			basis = "measured"
		}
	}
	if basis == "measured" {
		b.measured()
	} else {
		b.structural()
	}
	return nil
}

// busy is a limit on how many bottlenecks a picture leads with, so that it stays readable.
const busy = 20

// measured draws those with load and capacity, the fullest first, and what flows between them and to the customers.
func (b *builder) measured() {
	b.d.Title = "Measured bottlenecks: load against capacity"
	var all []int32
	hot := 0
	for v := range b.f.Load {
		if u, ok := b.f.Load[v].Utilisation.Get(); ok && !b.isCust[v] && !b.s.IsBox(int32(v)) {
			if u >= analysis.Hot {
				hot++
			}
			if b.wanted(int32(v)) {
				all = append(all, int32(v))
			}
		}
	}
	use := func(v int32) float64 { return b.f.Load[v].Utilisation.Or(0) }
	slices.SortStableFunc(all, func(x, y int32) int { return cmp.Or(cmp.Compare(use(y), use(x)), cmp.Compare(x, y)) })
	shown := b.around(all, func(v int32) bool { return use(v) >= analysis.Hot })
	if b.v.Colour == "" {
		b.v.Colour = "load"
	}
	b.drawFlow(shown)
	b.d.Total.Nodes = len(all)
	if len(all) == 0 {
		b.note("Nothing is measured: capacity and volumes are missing.")
		return
	}
	b.note("%s of %s measured nodes are at %s or more.", phrase.Count(hot), phrase.Count(len(all)), phrase.Percent(analysis.Hot))
	if most := min(len(all), b.leading()); most < len(all) {
		b.note("Showing the %d fullest of %d, and whom they serve.", most, len(all))
	}
}

func (b *builder) leading() int {
	if b.v.Nodes > 0 {
		return b.v.Nodes
	}
	return busy
}

// structural draws those through whom the largest shares of all chains run.
func (b *builder) structural() {
	b.d.Title = "Structural bottlenecks: share of all chains that run through a node"
	var all []int32
	hot := 0
	for v, share := range b.f.Shares {
		if share > 0 && !b.s.IsBox(int32(v)) {
			if share >= HotShare {
				hot++
			}
			if b.wanted(int32(v)) {
				all = append(all, int32(v))
			}
		}
	}
	slices.SortStableFunc(all, func(x, y int32) int {
		return cmp.Or(cmp.Compare(b.f.Shares[y], b.f.Shares[x]), cmp.Compare(x, y))
	})
	if b.v.Colour == "" {
		b.v.Colour = "share"
	}
	b.drawFlow(b.around(all, func(int32) bool { return false }))
	b.d.Total.Nodes = len(all)
	if len(all) == 0 {
		b.note("No chain runs through anyone: every provider serves its customers directly.")
		return
	}
	b.note("%s of %s nodes have %s of all chains or more.", phrase.Count(hot), phrase.Count(len(all)), phrase.Percent(HotShare))
	if most := min(len(all), b.leading()); most < len(all) {
		b.note("Showing the %d largest of %d, and the customers.", most, len(all))
	}
	if b.f.SharesError > 0 {
		b.note("Shares are from a sample: right to within %s.", phrase.Percent(b.f.SharesError))
	}
}

// around adds to the leading nodes the customers, and whom the hot ones serve with a volume.
func (b *builder) around(all []int32, hot func(int32) bool) []int32 {
	in := map[int32]bool{}
	lead := all[:min(len(all), b.leading())]
	for _, v := range lead {
		in[v] = true
	}
	for _, v := range lead {
		for _, c := range b.s.Served(v) {
			if len(in) >= b.v.maxNodes() {
				break
			}
			if b.wanted(c) && (b.isCust[c] || hot(v) && b.volume(v, c) > 0) {
				in[c] = true
			}
		}
	}
	return sortedKeys(in)
}

// volume sums the volumes from one node to another.
func (b *builder) volume(from, to int32) float64 {
	sum := 0.0
	for _, l := range b.s.LinksFrom(from) {
		if k := &b.s.Links[l]; k.Consumer == to {
			sum += k.Values.Volume.Or(0)
		}
	}
	return sum
}

// drawFlow draws nodes with one line for each pair, its width by volume; shares have no volumes.
func (b *builder) drawFlow(nodes []int32) {
	var customers []int32
	b.spaceFor(len(nodes))
	if len(nodes) < 40 {
		b.d.space.rank, b.d.space.node = 0.6, 0.18
	}
	in := map[int32]bool{}
	for _, v := range nodes {
		in[v] = true
		n := b.node(v)
		b.colourNode(&n, v)
		b.add(n)
		if b.isCust[v] {
			customers = append(customers, v)
		}
	}
	if !b.s.StandIn {
		b.rankCustomers(customers)
	}
	b.flowLines(nodes, in)
	b.d.Shown.Nodes = 0
	for _, v := range nodes {
		if !b.isCust[v] {
			b.d.Shown.Nodes++
		}
	}
}

// flow is what goes from one node to another.
type flow struct {
	pair
	volume float64
	worst  graph.Criticality
}

func (b *builder) flowLines(nodes []int32, in map[int32]bool) {
	var flows []flow
	most, least := 0.0, b.v.least()
	for _, v := range nodes {
		for _, c := range b.s.Served(v) {
			if !in[c] {
				continue
			}
			f := flow{pair{v, c}, b.volume(v, c), graph.NoCriticality}
			for _, i := range b.needsBetween(f.pair) {
				f.worst = max(f.worst, b.s.Needs[i].Criticality)
			}
			if f.worst >= least {
				flows = append(flows, f)
				most = max(most, f.volume)
			}
		}
	}
	b.d.Total.Links = len(flows)
	if limit := b.v.maxLinks(); len(flows) > limit {
		slices.SortStableFunc(flows, func(x, y flow) int {
			return cmp.Or(cmp.Compare(y.volume, x.volume), cmp.Compare(y.worst, x.worst))
		})
		b.note("Showing %d of %d links: the largest.", limit, len(flows))
		flows = flows[:limit]
		slices.SortFunc(flows, func(x, y flow) int { return cmp.Or(cmp.Compare(x.from, y.from), cmp.Compare(x.to, y.to)) })
	}
	b.d.Shown.Links = len(flows)
	byVolume := b.v.colour() != "share" && most > 0 // shares count chains, not volumes
	for _, f := range flows {
		b.flowLine(f, byVolume, most)
	}
}

func (b *builder) flowLine(f flow, byVolume bool, most float64) {
	l := Link{From: b.key(f.from), To: b.key(f.to), Stands: 1}
	l.set(f.worst)
	l.Classes = []string{f.worst.String()}
	l.Tooltip = fmt.Sprintf("%s serves %s", b.name(f.from), b.name(f.to))
	fact := Fact{From: b.end(f.from), To: b.end(f.to)}
	if byVolume {
		l.Classes = append(l.Classes, "vol")
		l.style, l.head = "solid", "normal"
		l.width = math.Round((0.8+3.2*f.volume/most)*10) / 10
	}
	if f.volume > 0 {
		fact.Words = "volume " + phrase.Figure(f.volume)
		l.Tooltip += ", " + fact.Words
	}
	fact.Text = l.Tooltip + "."
	b.line(l)
	b.d.Facts = append(b.d.Facts, fact)
}
