package diagram

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
)

// DOT writes the picture for Graphviz. The same diagram always gives the same text, so the text can be the key of a cache.
// Title and legend are not in it: Frame puts them round the finished picture.
func (d *Diagram) DOT() string {
	var b strings.Builder
	b.WriteString("digraph whoserves {\n")
	d.writeDefaults(&b)
	for _, p := range append([]panel{{}}, d.panels...) {
		d.writePanel(&b, p)
	}
	for _, r := range d.ranks {
		if len(r.keys) == 0 {
			continue
		}
		b.WriteString("  {rank=" + r.kind)
		for _, k := range r.keys {
			b.WriteString("; " + quote(k))
		}
		b.WriteString("}\n")
	}
	for i := range d.Links {
		d.Links[i].write(&b, d.space)
	}
	for _, h := range d.holds {
		fmt.Fprintf(&b, "  %s -> %s [style=\"invis\"]\n", quote(h[0]), quote(h[1]))
	}
	b.WriteString("}\n")
	return b.String()
}

func (d *Diagram) writeDefaults(b *strings.Builder) {
	sp := d.space
	limits := ""
	switch n := len(d.Nodes); { // keep Graphviz from searching for long
	case n > 500:
		limits = ` nslimit="2" nslimit1="2" searchsize="5" mclimit="0.1"`
	case n > 150 || len(d.Links) > 320:
		limits = ` nslimit="2" nslimit1="2" mclimit="1"`
	default:
		limits = ` mclimit="4"`
	}
	fmt.Fprintf(b, `  graph [rankdir="LR" newrank="true" splines="spline" outputorder="edgesfirst" nodesep="%g" ranksep="%g" pad="0.15" `+
		`bgcolor="#FFFFFF" fontname="Arial" fontsize="12" fontcolor="%s"%s]`+"\n", sp.node, sp.rank, muted, limits)
	fmt.Fprintf(b, `  node [shape="box" style="rounded,filled" fontname="Arial" fontsize="11" fillcolor="%s" color="%s" fontcolor="%s" `+
		`penwidth="1.1" margin="0.12,0.055" height="0.36" width="0.6"]`+"\n", white, border, ink)
	arrow := 0.65
	if sp.thin {
		arrow = 0.55
	}
	fmt.Fprintf(b, `  edge [fontname="Arial" fontsize="9" color="%s" fontcolor="%s" penwidth="1.1" arrowsize="%g"]`+"\n", lineColour, muted, arrow)
}

// writePanel writes the nodes of a panel, those of none for the empty panel.
func (d *Diagram) writePanel(b *strings.Builder, p panel) {
	indent := "  "
	if p.key != "" {
		indent = "    "
		var a attrs
		a.text("label", p.label)
		if p.left {
			a.set("labeljust", "l")
		} else {
			a.set("labeljust", "c")
		}
		a.set("labelloc", "t")
		a.set("fontname", "Arial")
		a.set("fontsize", "11")
		a.set("fontcolor", muted)
		a.set("style", "rounded,filled")
		a.set("fillcolor", panelFill)
		a.set("color", panelBorder)
		a.set("penwidth", "0.8")
		a.set("margin", strconv.Itoa(p.margin))
		a.set("id", p.key)
		a.set("class", p.class)
		a.text("tooltip", p.label)
		if p.url != "" {
			a.set("URL", p.url)
		}
		fmt.Fprintf(b, "  subgraph %s {\n    graph %s\n", quote("cluster_"+p.key), a)
	}
	for i := range d.Nodes {
		if n := &d.Nodes[i]; n.panel == p.key {
			b.WriteString(indent + quote(n.Key) + " " + n.attrs(d.space).String() + "\n")
		}
	}
	if p.key != "" {
		b.WriteString("  }\n")
	}
}

// attrs are the attributes of one statement, in the order in which they were set.
type attrs []string

func (a *attrs) set(key, value string) { *a = append(*a, key+"="+quote(value)) }

// text sets an attribute that Graphviz reads as an escaped string; quote sees to that.
func (a *attrs) text(key string, lines ...string) { *a = append(*a, key+"="+quote(lines...)) }

func (a *attrs) html(key string, lines []run) { *a = append(*a, key+"="+htmlLabel(lines)) }

func (a *attrs) number(key string, x float64) { a.set(key, strconv.FormatFloat(x, 'f', -1, 64)) }

func (a attrs) String() string { return "[" + strings.Join(a, " ") + "]" }

// box is how a node is drawn, worked out from its kind and then from how it is doing.
type box struct {
	shape, style, fill, line, font string
	pen                            float64
	margin                         string
	double                         bool
	dashed                         bool
}

func (n *Node) box() box {
	x := box{pen: 1.1, fill: white, line: border, font: ink, style: "rounded,filled"}
	switch {
	case n.Kind == graph.Unit:
		x.shape, x.style, x.margin = "folder", "filled", "0.14,0.08"
	case n.Kind == graph.Person && !n.folded:
		x.shape, x.style, x.margin = "oval", "filled", "0.04,0.02"
	case n.Kind == graph.Supplier:
		x.shape, x.style, x.fill, x.margin = "component", "filled", tint, "0.16,0.055"
	case n.Kind == graph.Resource:
		x.shape, x.style, x.fill, x.margin = "cylinder", "filled", tint, "0.12,0.07"
	case n.Kind == graph.Customer:
		x.shape, x.style, x.margin, x.double = "box", "filled", "0.14,0.07", true
		x.fill, x.line, x.font = customerInk, customerInk, white
		if n.Segment == graph.Potential || n.Segment == graph.Temporary {
			x.fill, x.font, x.pen = white, ink, 1.6
			x.dashed = n.Segment == graph.Potential
		}
	}
	if n.look.margin != "" {
		x.margin = n.look.margin
	}
	n.mark(&x)
	return x
}

// mark changes a box by how the node is doing: the later, the stronger.
func (n *Node) mark(x *box) {
	l := n.look
	if l.quiet {
		x.line = quietColour
	}
	if l.tone == Worse {
		x.line, x.pen = amber, 1.8
	}
	if l.tone == Breaks {
		x.line, x.pen = red, 2.2
	}
	if l.heat > 0 {
		x.fill = heats[l.heat]
		if l.heat == 4 {
			x.font = white
		}
	}
	if l.spof {
		x.line, x.pen = red, 2.2
		if l.exposed && n.Kind != graph.Customer && !l.focus {
			x.fill = redFill
		}
	}
	if l.measured {
		switch {
		case l.gauge >= 1:
			x.fill = l.gaugeFill
		case l.gauge >= 0.005:
			x.fill = fmt.Sprintf("%s;%.3f:%s", l.gaugeFill, l.gauge, white)
		default:
			x.fill = white
		}
		if l.hot {
			x.pen, x.line = 2.6, amber
			if l.gaugeFill == shareFill {
				x.line = teal
			}
		}
	}
	if l.focus && n.Kind != graph.Customer {
		x.fill = blueFill
	}
	if l.focus || l.onPath {
		x.line, x.pen = blue, 2.6
	}
	switch l.state {
	case analysis.Down:
		x.fill, x.line, x.font, x.pen = downFill, downFill, white, 1.1
	case analysis.Degraded:
		x.fill, x.line, x.font, x.pen, x.dashed = amberFill, amber, ink, 1.8, true
	}
	if l.start || l.origin {
		x.pen = 3.4
	}
}

// badgeColour is the colour of a badge on the ground of its node; "" is that of the name.
func (x *box) badgeColour(t Tone) string {
	if x.font == white || strings.Contains(strings.Join(heats[1:], " "), x.fill) && x.fill != "" {
		return ""
	}
	if strings.HasPrefix(x.fill, loadFill) || strings.HasPrefix(x.fill, shareFill) {
		return ink
	}
	return toneColour(t)
}

func toneColour(t Tone) string { return [...]string{muted, red, amber, teal, blue, violet}[t] }

func (n *Node) attrs(sp spacing) attrs {
	switch n.form {
	case needPill:
		return n.pillAttrs()
	case axisLabel, axisPoint:
		return n.axisAttrs()
	}
	var a attrs
	x := n.box()
	a.set("id", n.Key)
	a.set("class", strings.Join(n.classes(), " "))
	if x.dashed {
		x.style += ",dashed"
	}
	if x.double {
		a.set("peripheries", "2")
	}
	for _, c := range [...]struct{ key, value, usual string }{
		{"shape", x.shape, "box"}, {"style", x.style, "rounded,filled"}, {"margin", x.margin, ""},
		{"fillcolor", x.fill, white}, {"color", x.line, border}, {"fontcolor", x.font, ink},
	} {
		if c.value != c.usual && c.value != "" {
			a.set(c.key, c.value)
		}
	}
	if x.pen != 1.1 {
		a.number("penwidth", x.pen)
	}
	n.setLabel(&a, &x, sp)
	a.text("tooltip", n.Tooltip)
	if n.URL != "" {
		a.set("URL", n.URL)
	}
	return a
}

// axisAttrs are those of the time line.
func (n *Node) axisAttrs() attrs {
	var a attrs
	a.set("id", n.Key)
	if n.form == axisPoint {
		for _, kv := range [...][2]string{{"class", "axis"}, {"shape", "point"}, {"width", "0.02"}, {"height", "0.02"}, {"color", quietColour}} {
			a.set(kv[0], kv[1])
		}
		a.text("tooltip", "time")
		return a
	}
	for _, kv := range [...][2]string{{"class", "wave"}, {"shape", "plaintext"}, {"style", ""}} {
		a.set(kv[0], kv[1])
	}
	a.html("label", []run{{text: n.Name, bold: true}})
	for _, kv := range [...][2]string{{"fontsize", "13"}, {"height", "0.3"}, {"width", "0.3"}, {"margin", "0.04,0.02"}} {
		a.set(kv[0], kv[1])
	}
	return a
}

func (n *Node) pillAttrs() attrs {
	var a attrs
	a.set("id", n.Key)
	a.set("class", strings.Join(n.classes(), " "))
	a.text("label", n.Name)
	for _, kv := range [...][2]string{{"fontsize", "9"}, {"height", "0.2"}, {"width", "0.3"}, {"margin", "0.05,0.02"}} {
		a.set(kv[0], kv[1])
	}
	if n.look.falsely {
		a.set("color", red)
		a.set("fontcolor", red)
		a.set("penwidth", "1.8")
	}
	a.text("tooltip", n.Tooltip)
	return a
}

// setLabel writes name and badges: a plain label for a name alone, else an HTML one. Graphviz measures wide characters too
// narrow, so a node that holds any gets its width from here.
func (n *Node) setLabel(a *attrs, x *box, sp spacing) {
	lines, names := n.lines(x, sp)
	if plain := len(lines) == names && !n.bold() && !n.look.left; plain {
		a.text("label", texts(lines)...)
	} else {
		a.html("label", lines)
	}
	if w := wideWidth(lines); w > 0 {
		if x.shape == "oval" {
			w *= 1.35
		}
		a.number("width", float64(int(w*100+0.5))/100)
	}
}

func (n *Node) bold() bool { return n.look.loud || n.folded || n.look.focus }

// lines are the lines of a label, the first names of which are the name.
func (n *Node) lines(x *box, sp spacing) (lines []run, names int) {
	for _, l := range wrap(n.Name, cmp.Or(sp.wrap, 22), 3) {
		lines = append(lines, run{text: l, bold: n.bold(), left: n.look.left})
	}
	names = len(lines)
	if n.Kind == graph.Customer && (n.Segment == graph.Potential || n.Segment == graph.Temporary) {
		lines = append(lines, run{text: n.Segment.String(), size: 9, colour: x.badgeColour(Plain)})
	}
	for _, badge := range n.Badges {
		words := []string{badge.Text}
		if sp.narrow && !n.look.left {
			words = strings.SplitN(badge.Text, " · ", 2)
		}
		for _, w := range words {
			lines = append(lines, run{text: w, size: 9, colour: x.badgeColour(badge.Tone), left: n.look.left})
		}
	}
	return lines, names
}

func texts(lines []run) []string {
	var s []string
	for _, l := range lines {
		s = append(s, l.text)
	}
	return s
}

// widest is the width in points of the widest line.
func widest(lines []run) float64 {
	most := 0.0
	for _, l := range lines {
		most = max(most, textWidth(clean(l.text), cmp.Or(l.size, 11), l.bold))
	}
	return most
}

// width estimates how wide a box will be, in points.
func (n *Node) width(sp spacing) float64 {
	switch n.form {
	case needPill:
		return 32
	case axisPoint:
		return 2
	}
	x := n.box()
	lines, _ := n.lines(&x, sp)
	w := widest(lines) + 20
	if x.shape == "oval" {
		w *= 1.35
	}
	return w
}

// wideWidth is the width in inches that lines with wide characters need, 0 when there are none.
func wideWidth(lines []run) float64 {
	if !slices.ContainsFunc(lines, func(l run) bool { return hasWide(l.text) }) {
		return 0
	}
	return (widest(lines) + 26) / 72
}

// classes names what the style sheet and the script know of a node.
func (n *Node) classes() []string {
	l := n.look
	c := slices.Clone(n.Classes)
	add := func(yes bool, class string) {
		if yes {
			c = append(c, class)
		}
	}
	if n.form == needPill {
		c = append(c, "need")
		add(l.falsely, "false")
		return c
	}
	c = append(c, "k-"+n.Kind.String())
	add(n.folded, "fold")
	add(n.Segment == graph.Potential, "seg-potential")
	add(n.Segment == graph.Temporary, "seg-temporary")
	add(l.spof, "spof")
	add(l.exposed, "exposed")
	add(l.state == analysis.Down, "s-down")
	add(l.state == analysis.Degraded, "s-degraded")
	add(l.origin, "origin")
	add(l.focus, "focus")
	add(l.onPath, "on-path")
	add(l.heat > 0, fmt.Sprintf("heat-%d", l.heat))
	add(l.hot, "hot")
	add(l.hub, "hub")
	return c
}

func (l *Link) write(b *strings.Builder, sp spacing) {
	var a attrs
	if l.hidden {
		a.set("style", "invis")
		a.set("weight", strconv.Itoa(l.weight))
		fmt.Fprintf(b, "  %s -> %s %s\n", quote(l.From), quote(l.To), a)
		return
	}
	a.set("id", l.ID)
	a.set("class", strings.Join(append([]string{"link"}, l.Classes...), " "))
	if l.style != "" && l.style != "solid" {
		a.set("style", l.style)
	}
	width := l.width
	if sp.thin && width < 2 {
		width = max(0.9, width*0.75)
	}
	a.number("penwidth", float64(int(width*100+0.5))/100)
	if l.colour != "" && l.colour != lineColour {
		a.set("color", l.colour)
		if l.Label != "" && l.colour != quietColour {
			a.set("fontcolor", l.colour)
		}
	}
	l.writeArrows(&a)
	if l.weight > 0 {
		a.set("weight", strconv.Itoa(l.weight))
	}
	l.writeLabel(&a, sp.airy)
	a.text("tooltip", l.Tooltip)
	if l.Label != "" {
		a.text("labeltooltip", l.Tooltip)
	}
	from, to := l.From, l.To
	if l.backward {
		from, to = to, from
	}
	fmt.Fprintf(b, "  %s -> %s %s\n", quote(from), quote(to), a)
}

// writeLabel writes the words on a line; a thick line, or one in an airy picture, gets a little air round them.
func (l *Link) writeLabel(a *attrs, airy bool) {
	if l.Label == "" {
		return
	}
	lines := l.labelLines()
	if l.width < 2 && !airy {
		a.text("label", lines...)
		return
	}
	var runs []run
	if airy {
		runs = append(runs, run{text: " ", size: 2})
	}
	for _, line := range lines {
		runs = append(runs, run{text: line})
	}
	a.html("label", append(runs, run{text: " ", size: 3}))
}

func (l *Link) labelLines() []string {
	var lines []string
	for part := range strings.SplitSeq(l.Label, "\n") {
		lines = append(lines, wrap(part, 18, 3)...)
	}
	return lines
}

// labelWidth estimates how wide the words on a line are, in points.
func (l *Link) labelWidth() float64 {
	most := 0.0
	for _, line := range l.labelLines() {
		most = max(most, textWidth(line, 9, false))
	}
	return most
}

func (l *Link) writeArrows(a *attrs) {
	head, tail := l.head, l.tail
	if head == "" {
		head = "normal"
	}
	if tail == "" {
		tail = "normal"
	}
	switch {
	case l.Both:
		a.set("dir", "both")
		if l.backward {
			head, tail = tail, head
		}
		if head != "normal" {
			a.set("arrowhead", head)
		}
		if tail != "normal" {
			a.set("arrowtail", tail)
		}
	case l.backward:
		a.set("dir", "back")
		if head != "normal" {
			a.set("arrowtail", head)
		}
	case head != "normal":
		a.set("arrowhead", head)
	}
}
