package diagram

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
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

// balance widens the gaps between columns where the picture would be much taller than wide, so that its lines can be told
// apart. It estimates the columns as the longest ways along the lines.
func (d *Diagram) balance() {
	next := map[string][]string{}
	for i := range d.Links {
		if l := &d.Links[i]; l.backward {
			next[l.To] = append(next[l.To], l.From)
		} else {
			next[l.From] = append(next[l.From], l.To)
		}
	}
	depth := map[string]int{}
	open := map[string]bool{}
	var walk func(key string) int
	walk = func(key string) int {
		if n, ok := depth[key]; ok {
			return n
		}
		open[key] = true
		n := 0
		for _, k := range next[key] {
			if !open[k] {
				n = max(n, walk(k)+1)
			}
		}
		open[key] = false
		depth[key] = n
		return n
	}
	columns := map[int]int{}
	last, most := 0, 0
	for i := range d.Nodes {
		n := walk(d.Nodes[i].Key)
		columns[n]++
		last, most = max(last, n), max(most, columns[n])
	}
	height := float64(most) * (0.45 + d.space.node)
	width := float64(last)*(1.3+d.space.rank) + 1.3
	if last > 0 && height > 1.1*width {
		d.space.rank = min(6, d.space.rank+(height-width)/float64(last))
	}
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
		b.note("No external customer is known: %s stand in.", count(len(b.s.Customers), "node")+" that serve no one")
	}
	if len(b.hidden) > 0 {
		b.note("Hidden on request: %s.", b.some(b.hidden, 5))
	}
}
