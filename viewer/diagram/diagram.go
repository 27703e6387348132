package diagram

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/phrase"
)

// Diagram is a picture before it is laid out: boxes, lines and words, all sorted, with everything decided but the places.
type Diagram struct {
	View  View // normal form
	Title string
	Notes []string // what is shown and what is left out, a sentence or two each
	Nodes []Node
	Links []Link
	// Facts are what the lines of the picture say, in sentences: the picture for those who cannot see it.
	Facts []Fact
	// Shown and Total count nodes and links of the organisation, of those that the view is about; boxes that stand for several
	// count as several.
	Shown, Total Counts

	index  map[string]int // of Nodes, by key
	panels []panel
	ranks  []rank
	holds  [][2]string // invisible links that keep an order
	space  spacing
}

// Counts are numbers of nodes and links.
type Counts struct{ Nodes, Links int }

// Node is a box of a picture.
type Node struct {
	Key     string // its name in the DOT and its element id in the SVG
	ID      string // the id of the node or unit that it shows; "" where it shows none or several
	Name    string // as it is written in the organisation
	Kind    graph.Kind
	Segment graph.Segment
	URL     string
	Tooltip string
	Members []string // ids of the nodes that it stands for, where these are several
	Count   int      // how many nodes it stands for: 0 for needs and the time line
	Badges  []Badge
	Classes []string

	form   form
	look   look
	panel  string
	folded bool
}

// Badge is a small line of words below the name.
type Badge struct {
	Text string
	Tone Tone
}

// Tone is the family that a colour belongs to.
type Tone uint8

// The tones.
const (
	Plain    Tone = iota
	Breaks        // red: can break, does break
	Worse         // amber: works worse, can jam
	Through       // teal: a large share of the chains
	Asked         // blue: asked about
	Circular      // violet: loops
)

// form is what is drawn besides the kinds of nodes.
type form uint8

const (
	plainNode form = iota
	needPill       // "1 of 2"
	axisLabel      // a column's hour
	axisPoint
)

// look is how a node is doing, as far as it changes fill and border.
type look struct {
	spof, exposed bool
	state         analysis.State
	origin        bool
	focus, onPath bool
	start         bool // of the emphasised chain
	loud          bool // name in bold
	hot, falsely  bool
	quiet         bool
	heat          int
	gauge         float64
	gaugeFill     string
	tone          Tone // a border without any other mark
	margin        string
	hub           bool
	left          bool // left-aligned lines
	measured      bool // a gauge is drawn
}

// Link is a line of a picture. Its direction is that of service.
type Link struct {
	ID       string // element id in the SVG
	From, To string // keys of nodes
	Label    string
	Tooltip  string
	Classes  []string
	Stands   int // how many links of the organisation it stands for
	Both     bool

	style    string
	width    float64
	colour   string
	head     string
	tail     string
	weight   int
	backward bool // laid out as if it ran the other way
	hidden   bool
}

// End is one end of a fact.
type End struct {
	ID, Name string
	Kind     graph.Kind
	URL      string
}

// Fact is what a line of the picture says.
type Fact struct {
	From, To End
	Service  string // "" when blank or several
	Words    string // what the consumer is without it: "stops without it after 4 h"
	Marks    []string
	Text     string // the whole sentence
}

type panel struct {
	key, label, url, class string
	margin                 int
	left                   bool
}

type rank struct {
	kind string // same, min or max
	keys []string
}

// spacing is how tight a picture is set.
type spacing struct {
	rank, node float64
	wrap       int
	thin       bool // thin lines, for many
	narrow     bool // words below a name in two lines
	airy       bool // room between a line and its words
}

// Href is the address of the page of a node.
func Href(kind graph.Kind, id string) string {
	place := "teams"
	switch kind {
	case graph.Supplier:
		place = "suppliers"
	case graph.Person:
		place = "people"
	case graph.Resource:
		place = "resources"
	case graph.Unit:
		place = "units"
	case graph.Customer:
		place = "customers"
	}
	return "/" + place + "/" + pathEscape(id)
}

// pathEscape writes an id as one segment of a path. It also escapes what url.PathEscape leaves and DOT, HTML or a browser
// would read in a way of their own: & and the segments "." and "..".
func pathEscape(id string) string {
	switch id {
	case ".":
		return "%2E"
	case "..":
		return "%2E%2E"
	}
	return strings.ReplaceAll(url.PathEscape(id), "&", "%26")
}

// Build makes the picture of a view. Without findings (nil) it shows who serves whom and says that the rest is being worked
// out. The errors are *QueryError for a key that is missing or does not fit, *graph.UnknownError for a node that is not
// known, or that of the context. It costs a few passes over the nodes and links within reach, and one analysis.Spread for
// each failure that is shown.
func Build(ctx context.Context, s *graph.Snapshot, f *analysis.Findings, v View) (*Diagram, error) {
	v = v.Normal()
	b, err := newBuilder(ctx, s, f, v)
	if err != nil {
		return nil, err
	}
	switch v.Name {
	case "overview":
		err = b.overview()
	case "customer":
		err = b.customer()
	case "node":
		err = b.bigPicture()
	case "risks":
		err = b.risks()
	case "bottlenecks":
		err = b.bottlenecks()
	case "paths":
		err = b.paths()
	case "ripple":
		err = b.ripple()
	case "":
		err = &QueryError{Key: "view", Missing: true, Allowed: Names()}
	default:
		err = &QueryError{Key: "view", Value: v.Name, Allowed: Names(), Nearest: nearest(v.Name, Names())}
	}
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b.finish()
	return b.d, nil
}

// widthMost is how wide a picture may be, in points, so that its smallest words have 9 px on a page of 1440 px.
const widthMost = 1340

// balance sets a picture to its width, estimating its columns as the longest ways along the lines.
func (d *Diagram) balance() {
	depth := d.depths()
	if len(depth) == 0 {
		return
	}
	last := slices.Max(depth)
	if last == 0 {
		return
	}
	if placed := slices.ContainsFunc(d.ranks, func(r rank) bool { return r.kind == "same" }); !placed {
		d.tighten(depth, last)
	}
	d.stretch(depth, last)
}

// tighten sets a picture narrower that would be too wide to read: closer columns, then shorter lines of words.
func (d *Diagram) tighten(depth []int, last int) {
	words := make([]float64, last+1) // on the lines that leave a column
	for i := range d.Links {
		if l := &d.Links[i]; l.Label != "" {
			at := min(depth[d.index[l.From]], last)
			words[at] = max(words[at], l.labelWidth())
		}
	}
	wide := func() float64 {
		columns := make([]float64, last+1)
		for i := range d.Nodes {
			columns[depth[i]] = max(columns[depth[i]], d.Nodes[i].width(d.space))
		}
		sum := 72 * d.space.rank * float64(last)
		for i, w := range columns {
			sum += w + words[i]
		}
		return sum
	}
	const most = 0.85 * widthMost // loops and curves take some
	if w := wide(); w > most {
		d.space.rank = max(min(d.space.rank, 0.2), d.space.rank-(w-most)/72/float64(last))
	}
	if wide() > widthMost {
		d.space.wrap = min(d.space.wrap, 13)
		d.space.narrow = true
	}
}

// stretch widens the gaps between columns where a picture would be much taller than wide, so that its lines can be told apart.
func (d *Diagram) stretch(depth []int, last int) {
	columns := make([]int, last+1)
	for _, n := range depth {
		columns[n]++
	}
	height := float64(slices.Max(columns)) * (0.45 + d.space.node)
	width := float64(last)*(1.3+d.space.rank) + 1.3
	if height > 1.1*width {
		d.space.rank = min(6, d.space.rank+(height-width)/float64(last))
	}
}

// depths gives for each box the longest way on from it, along the lines as they are laid out.
func (d *Diagram) depths() []int {
	next := make([][]int, len(d.Nodes))
	for i := range d.Links {
		from, to := d.index[d.Links[i].From], d.index[d.Links[i].To]
		if d.Links[i].backward {
			from, to = to, from
		}
		next[from] = append(next[from], to)
	}
	const fresh, open = -1, -2
	depth := slices.Repeat([]int{fresh}, len(d.Nodes))
	var walk func(i int) int
	walk = func(i int) int {
		if depth[i] != fresh {
			return depth[i]
		}
		depth[i] = open
		n := 0
		for _, k := range next[i] {
			if depth[k] != open {
				n = max(n, walk(k)+1)
			}
		}
		depth[i] = n
		return n
	}
	for i := range d.Nodes {
		walk(i)
	}
	return depth
}

// pushCustomers ties boxes that serve no one on the picture to the last column, unseen, so that none stands right of it.
func (d *Diagram) pushCustomers() {
	var last []string
	for _, r := range d.ranks {
		if r.kind == "max" {
			last = r.keys
		}
	}
	if len(last) == 0 {
		return
	}
	serves := map[string]bool{}
	for i := range d.Links {
		l := &d.Links[i]
		if l.backward {
			serves[l.To] = true
		} else {
			serves[l.From] = true
		}
	}
	for i := range d.Nodes {
		if k := d.Nodes[i].Key; !serves[k] && !slices.Contains(last, k) {
			d.Links = append(d.Links, Link{From: k, To: last[0], hidden: true})
		}
	}
}

// finish numbers the lines, sorts what is sorted by key, and adds the remarks that belong to every view.
func (b *builder) finish() {
	d := b.d
	d.balance()
	d.pushCustomers()
	for i := range d.Links {
		d.Links[i].ID = fmt.Sprintf("e-%d", i+1)
	}
	if b.f == nil {
		b.note("Who can stop a customer is being worked out: marks will follow.")
	}
	if b.s.StandIn && len(b.s.Customers) > 0 {
		b.note("No external customer is known: %s.", phrase.Plural(len(b.s.Customers), "node that serves no one stands in", "nodes that serve no one stand in"))
	}
	if len(b.hidden) > 0 {
		b.note("Hidden on request: %s.", b.some(b.hidden, 5))
	}
}
