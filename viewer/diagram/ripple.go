package diagram

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/phrase"
)

// ripple draws how a failure spreads: who stops, in columns by hour, and which loss stops it.
func (b *builder) ripple() error {
	if len(b.v.Fail) == 0 && len(b.v.Worse) == 0 {
		return &QueryError{Key: "fail", Missing: true, Why: "say who stops: an id, unit:ID, site:NAME or tag:NAME"}
	}
	r := &rippling{builder: b, origin: map[int32]string{}, column: map[int32]place{}}
	stopped, err := r.origins(b.v.Fail, analysis.Down)
	if err != nil {
		return err
	}
	worse, err := r.origins(b.v.Worse, analysis.Degraded)
	if err != nil {
		return err
	}
	r.out = analysis.Spread(b.s, analysis.Failure{Stopped: stopped, Worse: worse})
	r.hits = r.out.Hits(b.s)
	r.pick(len(stopped) == 0)
	r.placeAll()
	r.spaceRipple()
	r.draw()
	r.tell()
	return nil
}

// place is a column of the time line: the band of hours and, in it, the step of cause and effect.
type place struct{ band, step int }

type rippling struct {
	*builder
	origin map[int32]string // failed nodes: the key of the box that shows them
	out    *analysis.Outcome
	hits   []analysis.Hit
	shown  []analysis.Hit // in order
	column map[int32]place
	bands  []string // labels
	steps  []int    // by band
}

// origins finds who fails and draws them: a group as one box.
func (r *rippling) origins(refs []string, state analysis.State) ([]int32, error) {
	var all []int32
	for _, ref := range refs {
		members, err := r.s.Group(ref)
		if err != nil {
			return nil, err
		}
		badge := Badge{Text: "× fails first", Tone: Breaks}
		if state == analysis.Degraded {
			badge = Badge{Text: "▼ poor service", Tone: Worse}
		}
		var fresh []int32
		for _, v := range members {
			if _, ok := r.origin[v]; !ok {
				fresh = append(fresh, v)
			}
		}
		if len(fresh) > 1 {
			r.originGroup(ref, fresh, state, badge)
		} else if len(fresh) == 1 {
			n := r.node(fresh[0])
			n.look.state, n.look.origin = state, true
			n.Badges = append(n.Badges, badge)
			r.origin[fresh[0]] = n.Key
			r.add(n)
		}
		all = append(all, members...)
	}
	return all, nil
}

func (r *rippling) originGroup(ref string, members []int32, state analysis.State, badge Badge) {
	sort, name, _ := strings.Cut(ref, ":")
	n := Node{Key: elementID("g-", ref), Name: clean(name), Kind: graph.Team, Count: len(members), folded: true}
	switch v, err := r.s.Lookup(name); {
	case sort == "unit" && err == nil:
		n.Kind, n.ID, n.Name, n.URL = graph.Unit, r.s.Nodes[v].ID, r.name(v), Href(graph.Unit, r.s.Nodes[v].ID)
	case sort == "site" && err == nil:
		n.Kind, n.ID, n.Name, n.URL = graph.Resource, r.s.Nodes[v].ID, r.name(v), Href(graph.Resource, r.s.Nodes[v].ID)
	}
	n.Badges = []Badge{{Text: fmt.Sprintf("%s %d together", sort, len(members))}, badge}
	if sort == "tag" || sort == "unit" || sort == "site" {
		n.Badges[0].Text = fmt.Sprintf("%d together", len(members))
	}
	n.look.state, n.look.origin = state, true
	n.Tooltip = n.Name + ": " + r.some(members, 12)
	for _, v := range members {
		r.origin[v] = n.Key
		n.Members = append(n.Members, r.s.Nodes[v].ID)
	}
	r.add(n)
}

// pick decides who is drawn of those hit: who stops, and with links=important or all also who works worse.
func (r *rippling) pick(onlyWorse bool) {
	withWorse := onlyWorse || r.v.least() < graph.Critical
	var all []analysis.Hit
	for _, h := range r.hits {
		if h.State == analysis.Down || withWorse {
			all = append(all, h)
		}
	}
	slices.SortStableFunc(all, func(x, y analysis.Hit) int {
		return cmp.Or(cmp.Compare(x.Hours, y.Hours), cmp.Compare(x.Wave, y.Wave), cmp.Compare(x.Node, y.Node))
	})
	r.d.Total.Nodes = len(all)
	most := max(1, r.v.maxNodes()-len(r.d.Nodes))
	if len(all) > most {
		all = r.cut(all, most)
	}
	for _, h := range all {
		if r.wanted(h.Node) {
			r.shown = append(r.shown, h)
		}
	}
	r.d.Shown.Nodes = len(r.shown)
}

// cut keeps the way to each customer, the first hit first, then the others in order of time; so whoever is drawn is drawn
// with its cause.
func (r *rippling) cut(all []analysis.Hit, most int) []analysis.Hit {
	keep := map[int32]bool{}
	for _, h := range all {
		if !r.isCust[h.Node] {
			continue
		}
		var way []int32
		for v := h.Node; r.origin[v] == "" && !keep[v]; v = r.out.Cause[v].Provider {
			way = append(way, v)
		}
		if len(keep)+len(way) > most {
			continue
		}
		for _, v := range way {
			keep[v] = true
		}
	}
	for _, h := range all {
		if len(keep) >= most {
			break
		}
		cause := h.Cause.Provider
		if !keep[h.Node] && (r.origin[cause] != "" || keep[cause]) {
			keep[h.Node] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(h analysis.Hit) bool { return !keep[h.Node] })
}

// hourBands are the columns where there are too many hours for a column each.
var hourBands = []float64{0, 1, 2, 4, 8, 24, 72, 168}

// placeAll gives each node its column: one for each hour up to twelve, else bands; within a column by cause.
func (r *rippling) placeAll() {
	var hours []float64
	for _, h := range r.shown {
		if h.State == analysis.Down && !slices.Contains(hours, h.Hours) && h.Hours > 0 {
			hours = append(hours, h.Hours)
		}
	}
	slices.Sort(hours)
	exact := len(hours) <= 12
	r.bands = []string{"at once"}
	if !exact {
		hours = hourBands[1:]
	}
	for _, h := range hours {
		if exact {
			r.bands = append(r.bands, phrase.Hours(h))
		} else {
			r.bands = append(r.bands, "by "+phrase.Hours(h))
		}
	}
	later, worse := len(r.bands), len(r.bands)+1
	r.bands = append(r.bands, "later", "works worse")
	band := func(h analysis.Hit) int {
		if h.State != analysis.Down {
			return worse
		}
		if h.Hours <= 0 {
			return 0
		}
		if i, ok := slices.BinarySearch(hours, h.Hours); ok || i < len(hours) {
			return i + 1
		}
		return later
	}
	r.steps = make([]int, len(r.bands))
	for i := range r.steps {
		r.steps[i] = -1
	}
	r.steps[0] = 0
	for _, h := range r.shown {
		p := place{band: band(h)}
		cause := place{0, 0}
		if c, ok := r.column[h.Cause.Provider]; ok {
			cause = c
		}
		if cause.band == p.band {
			p.step = cause.step + 1
		}
		r.column[h.Node] = p
		r.steps[p.band] = max(r.steps[p.band], p.step)
	}
}

func (r *rippling) spaceRipple() {
	r.d.space = spacing{rank: 0.3, node: 0.16, wrap: 16}
	columns := 0
	for _, last := range r.steps {
		columns += last + 1
	}
	if len(r.shown) >= 60 || columns > 14 {
		r.d.space = spacing{rank: 0.15, node: 0.1, wrap: 13}
	}
}

func (r *rippling) draw() {
	columns := map[place][]string{}
	var firsts []string
	for _, key := range r.origin {
		if !slices.Contains(firsts, key) {
			firsts = append(firsts, key)
		}
	}
	slices.Sort(firsts)
	columns[place{}] = firsts
	inColumn := map[place][]int32{}
	for _, h := range r.shown {
		inColumn[r.column[h.Node]] = append(inColumn[r.column[h.Node]], h.Node)
		r.hitNode(h)
	}
	for p, nodes := range inColumn {
		slices.Sort(nodes)
		for _, v := range nodes {
			columns[p] = append(columns[p], r.key(v))
		}
	}
	r.axis(columns)
	labels := len(r.shown) <= 30
	for _, h := range r.shown {
		r.cause(h, labels)
	}
}

func (r *rippling) hitNode(h analysis.Hit) {
	n := r.node(h.Node)
	n.look.state = h.State
	if h.State == analysis.Down {
		text := "× stops at once"
		if h.Hours > 0 {
			text = "× stops at " + phrase.Hours(h.Hours)
		}
		n.Badges = append(n.Badges, Badge{Text: text, Tone: Breaks})
	} else {
		n.Badges = append(n.Badges, Badge{Text: "▼ works worse", Tone: Worse})
	}
	if h.Cause.Need >= 0 {
		n.Tooltip += ": " + r.tooltip(&r.s.Needs[h.Cause.Need], h.Cause.Provider)
	}
	r.add(n)
}

// axis draws the time line along the top: a label for each band, points for the steps in it, each tied to the boxes of its
// column by links that are not seen; those keep it on top.
func (r *rippling) axis(columns map[place][]string) {
	before := ""
	for band, label := range r.bands {
		for step := 0; step <= r.steps[band]; step++ {
			n := Node{Key: fmt.Sprintf("w-%d-%d", band, step), Name: label, form: axisLabel}
			if step > 0 {
				n.form = axisPoint
			}
			r.add(n)
			keys := columns[place{band, step}]
			r.d.ranks = append(r.d.ranks, rank{"same", append([]string{n.Key}, keys...)})
			for _, k := range keys {
				r.d.holds = append(r.d.holds, [2]string{n.Key, k})
			}
			if before != "" {
				r.line(Link{From: before, To: n.Key, colour: quietColour, width: 1.2, head: "none", weight: 100, Classes: []string{"axis"}, Tooltip: "time"})
			}
			before = n.Key
		}
	}
}

// cause draws the loss that takes a node down.
func (r *rippling) cause(h analysis.Hit, labels bool) {
	if h.Cause.Need < 0 {
		return
	}
	need := &r.s.Needs[h.Cause.Need]
	from := r.origin[h.Cause.Provider]
	if from == "" {
		if from = r.key(h.Cause.Provider); r.at(from) == nil {
			return
		}
	}
	l := Link{From: from, To: r.key(h.Node), Stands: 1, colour: red, width: 1.6, head: "normal"}
	l.Classes = []string{"hit", need.Criticality.String()}
	if h.State == analysis.Degraded {
		l.colour, l.width, l.head = amber, 1.6, "empty"
		l.Classes = []string{"hit", "soft"}
	}
	if need.Criticality == graph.Important {
		l.style = "dashed"
	}
	if labels && h.State == analysis.Down && need.Tolerance > 0 {
		l.Label = "+" + phrase.Hours(need.Tolerance)
	}
	l.Tooltip = r.tooltip(need, h.Cause.Provider)
	r.line(l)
	r.d.Facts = append(r.d.Facts, r.rippleFact(h, need))
	r.d.Shown.Links++
	r.d.Total.Links++
}

func (r *rippling) rippleFact(h analysis.Hit, need *graph.Need) Fact {
	f := Fact{From: r.end(h.Cause.Provider), To: r.end(h.Node), Service: clean(need.Service)}
	what := "what " + f.From.Name + " provides"
	if f.Service != "" {
		what = fmt.Sprintf("%s from %s", f.Service, f.From.Name)
	}
	switch {
	case h.State == analysis.Degraded:
		f.Words = "works worse"
	case h.Hours <= 0:
		f.Words = "stops at once"
	default:
		f.Words = "stops after " + phrase.Hours(h.Hours)
	}
	f.Text = fmt.Sprintf("%s %s: it loses %s.", f.To.Name, f.Words, what)
	return f
}

// tell says what the picture shows.
func (r *rippling) tell() {
	r.rippleTitle()
	r.note("%s.", r.summary())
	if len(r.shown) < r.d.Total.Nodes {
		r.note("Showing %s of %s: the way to each customer, then the first to stop.", phrase.Count(len(r.shown)), phrase.Count(r.d.Total.Nodes))
	}
	if r.v.Colour != "" && r.v.Colour != "none" {
		r.note("Colours show what stops here, not %s.", r.v.Colour)
	}
	if len(r.shown) > 0 {
		r.note("Each column is a time after the failure. Of several needs that fail, only the first to fail is drawn.")
	}
}

func (r *rippling) rippleTitle() {
	names := func(refs []string) string {
		var who []string
		for _, ref := range refs {
			who = append(who, r.refName(ref))
		}
		return phrase.List(who, "and")
	}
	switch len(r.v.Fail) {
	case 0:
		r.d.Title = "If " + names(r.v.Worse) + " gives poor service: who is hit"
	case 1:
		r.d.Title = "If " + names(r.v.Fail) + " stops: who is hit, and when"
	default:
		r.d.Title = "If " + names(r.v.Fail) + " stop: who is hit, and when"
	}
}

// summary counts who is hit.
func (r *rippling) summary() string {
	down, degraded, customers, first := 0, 0, 0, math.Inf(1)
	for _, h := range r.hits {
		if h.State != analysis.Down {
			degraded++
			continue
		}
		down++
		if r.isCust[h.Node] {
			customers++
			first = min(first, h.Hours)
		}
	}
	text := phrase.Count(down) + " more stop"
	switch down {
	case 0:
		text = "Nobody else stops"
	case 1:
		text = "One more stops"
	}
	switch degraded {
	case 0:
	case 1:
		text += ", one only works worse"
	default:
		text += fmt.Sprintf(", %s only work worse", phrase.Count(degraded))
	}
	if degraded > 0 && !slices.ContainsFunc(r.shown, func(h analysis.Hit) bool { return h.State == analysis.Degraded }) {
		text += " (not drawn)"
	}
	if n := len(r.s.Customers); n > 0 {
		text += fmt.Sprintf("; %s of %s stop", phrase.Count(customers), phrase.Things(n, "external customer"))
	}
	if customers > 0 {
		text += ", the first " + after(first)
	}
	return text
}

// after says in a picture when something happens: "at once", "after 4 h".
func after(h float64) string {
	if h <= 0 {
		return phrase.When(h)
	}
	return "after " + phrase.Hours(h)
}

// refName is how a failing node or group is called in the title.
func (b *builder) refName(ref string) string {
	if sort, name, ok := strings.Cut(ref, ":"); ok && (sort == "unit" || sort == "site" || sort == "tag") {
		if v, err := b.s.Lookup(name); err == nil && sort != "tag" {
			return b.name(v)
		}
		return sort + " " + clean(name)
	}
	if v, err := b.s.Lookup(ref); err == nil {
		return b.name(v)
	}
	return clean(ref)
}
