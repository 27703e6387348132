package diagram

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// FrameOptions say what goes round a finished picture.
type FrameOptions struct {
	Title, Legend, Grid bool
	Inline              bool   // for a page: no XML declaration
	Foot                string // a line below all, as what the picture rests on; "" for none
	IDPrefix            string // before every id, where a page holds several pictures; letters, digits and - only
}

// ForFile is what goes round a picture that is a file of its own: all that a page says beside it in words.
var ForFile = FrameOptions{Title: true, Legend: true, Grid: true}

// Framed is a finished picture.
type Framed struct {
	SVG           []byte
	Cells         map[string]string // by node id, members of folded boxes too: where it stands on the grid, "C2"; empty without a grid
	Width, Height float64           // points
}

// gridLeast is the number of nodes from which a picture has an atlas grid.
const gridLeast = 6

// Frame puts title, legend and atlas grid round the SVG that Graphviz made of d.DOT(), and makes it fit for a page: comments,
// DOCTYPE and tooltips by title go, gradient stops are attributes instead of styles (a content security policy without inline
// styles would blacken them), every line says by data-from and data-to between whom it runs. The error says that svg is not
// such a picture. One pass over the SVG.
func Frame(svg []byte, d *Diagram, o FrameOptions) (*Framed, error) {
	p := &framing{d: d, o: o, links: make(map[string]*Link, len(d.Links)), nodes: make(map[string]*Node, len(d.Nodes))}
	for i := range d.Links {
		p.links[d.Links[i].ID] = &d.Links[i]
	}
	for i := range d.Nodes {
		p.nodes[d.Nodes[i].Key] = &d.Nodes[i]
	}
	if err := p.read(svg); err != nil {
		return nil, err
	}
	return p.assemble(), nil
}

type framing struct {
	d     *Diagram
	o     FrameOptions
	links map[string]*Link
	nodes map[string]*Node

	w, h   float64 // of the picture
	dx, dy float64 // Graphviz puts its origin here
	body   bytes.Buffer
	middle map[string]point // by key: where a node stands
}

type point struct{ x, y float64 }

var (
	sizeOf      = regexp.MustCompile(`viewBox="0(?:\.0+)? 0(?:\.0+)? ([0-9.]+) ([0-9.]+)"`)
	translateOf = regexp.MustCompile(`translate\(([-0-9.]+)[ ,]([-0-9.]+)\)`)
	attribute   = func(name string) *regexp.Regexp { return regexp.MustCompile(` ` + name + `="([^"]*)"`) }
	idOf        = attribute("id")
	classOf     = attribute("class")
	styleOf     = attribute("style")
	stopColour  = regexp.MustCompile(`stop-color:\s*([^;]+)`)
)

var errNotPicture = errors.New("this is not a whole picture by Graphviz")

// read copies what is inside Graphviz's svg element, cleaned, and notes where the nodes stand. Graphviz writes > in no
// attribute, so a tag ends at the first one.
func (p *framing) read(svg []byte) error {
	p.middle = map[string]point{}
	s := string(svg)
	start := strings.Index(s, "<svg")
	end := strings.LastIndex(s, "</svg>")
	if start < 0 || end < start {
		return errNotPicture
	}
	size := sizeOf.FindStringSubmatch(s[start:])
	if size == nil {
		return errNotPicture
	}
	p.w, _ = strconv.ParseFloat(size[1], 64)
	p.h, _ = strconv.ParseFloat(size[2], 64)
	open := strings.IndexByte(s[start:], '>')
	if open < 0 || p.w <= 0 || p.h <= 0 {
		return errNotPicture
	}
	p.body.Grow(len(s))
	return p.copyBody(s[start+open+1 : end])
}

func (p *framing) copyBody(s string) error {
	var node string // the node that we are in, until its first shape
	var box string  // the same, to its end
	ground := true  // the picture's own ground is still to come
	for len(s) > 0 {
		lt := strings.IndexByte(s, '<')
		if lt < 0 {
			p.body.WriteString(strings.TrimSpace(s))
			break
		}
		if text := s[:lt]; strings.TrimSpace(text) != "" {
			p.body.WriteString(text)
		}
		s = s[lt:]
		if strings.HasPrefix(s, "<!--") {
			end := strings.Index(s, "-->")
			if end < 0 {
				return errNotPicture
			}
			s = s[end+3:]
			continue
		}
		gt := strings.IndexByte(s, '>')
		if gt < 0 {
			return errNotPicture
		}
		tag := s[:gt+1]
		s = s[gt+1:]
		switch {
		case tag == "<title>":
			end := strings.Index(s, "</title>")
			if end < 0 {
				return errNotPicture
			}
			s = s[end+len("</title>"):]
		case strings.HasPrefix(tag, "<polygon") && ground:
			ground = false // Frame draws it for the whole sheet
		case strings.HasPrefix(tag, "<g "):
			if key := p.group(tag); find(classOf, tag) != "" { // the group of a link inside a node has no class
				node, box = key, key
			}
		case strings.HasPrefix(tag, "<stop "):
			p.body.WriteString(stop(tag))
		default:
			if node != "" && isShape(tag) {
				p.place(node, tag)
				node = ""
			}
			if box != "" && strings.HasPrefix(tag, "<text") {
				tag = p.centred(box, tag)
			}
			p.body.WriteString(p.prefixed(tag))
		}
	}
	return nil
}

// centred anchors a line of an HTML label in the middle of its box. Graphviz anchors it at its start, where it stands askew
// as soon as the reader's font is wider or narrower than what Graphviz measured, as in every script that it has no font for.
func (p *framing) centred(box, tag string) string {
	if n := p.nodes[box]; n == nil || n.look.left || n.form != plainNode || !strings.Contains(tag, ` text-anchor="start"`) {
		return tag
	}
	tag = strings.Replace(tag, ` text-anchor="start"`, ` text-anchor="middle"`, 1)
	return textX.ReplaceAllString(tag, fmt.Sprintf(` x="%.2f"`, p.middle[box].x))
}

// group copies the start of a group and says which node it is, "" if none.
func (p *framing) group(tag string) string {
	class := find(classOf, tag)
	id := unescape(find(idOf, tag))
	if t := translateOf.FindStringSubmatch(tag); class == "graph" && t != nil {
		p.dx, _ = strconv.ParseFloat(t[1], 64)
		p.dy, _ = strconv.ParseFloat(t[2], 64)
	}
	tag = strings.ReplaceAll(p.prefixed(tag), "&#160;", " ")
	if l := p.links[id]; l != nil && strings.HasPrefix(class, "edge") {
		tag = fmt.Sprintf(`%s data-from="%s" data-to="%s">`, tag[:len(tag)-1], p.o.IDPrefix+l.From, p.o.IDPrefix+l.To)
	}
	if n := p.nodes[id]; n != nil && strings.HasPrefix(class, "node") {
		if n.ID != "" {
			tag = fmt.Sprintf(`%s data-id="%s">`, tag[:len(tag)-1], escape(n.ID))
		}
		p.body.WriteString(tag)
		return id
	}
	p.body.WriteString(tag)
	return ""
}

var numericEntity = regexp.MustCompile(`&#([0-9]+);`)

// unescape reads the entities that Graphviz writes in an id.
func unescape(s string) string {
	if !strings.Contains(s, "&") {
		return s
	}
	return numericEntity.ReplaceAllStringFunc(s, func(e string) string {
		n, _ := strconv.Atoi(e[2 : len(e)-1])
		return string(rune(n))
	})
}

func find(r *regexp.Regexp, tag string) string {
	if m := r.FindStringSubmatch(tag); m != nil {
		return m[1]
	}
	return ""
}

// prefixed puts the prefix before the ids of a tag, and drops the style that Graphviz puts on nothing but gradients.
func (p *framing) prefixed(tag string) string {
	if strings.Contains(tag, ` style="`) {
		tag = styleOf.ReplaceAllString(tag, "")
	}
	if p.o.IDPrefix == "" {
		return tag
	}
	tag = strings.Replace(tag, ` id="`, ` id="`+p.o.IDPrefix, 1)
	return strings.Replace(tag, `url(#`, `url(#`+p.o.IDPrefix, 1)
}

// stop writes the colour of a gradient stop as an attribute.
func stop(tag string) string {
	style := find(styleOf, tag)
	colour := ""
	if m := stopColour.FindStringSubmatch(style); m != nil {
		colour = strings.TrimSpace(m[1])
	}
	return styleOf.ReplaceAllString(tag, ` stop-color="`+colour+`"`)
}

func isShape(tag string) bool {
	for _, t := range [...]string{"<polygon", "<path", "<ellipse", "<polyline", "<text"} {
		if strings.HasPrefix(tag, t) {
			return true
		}
	}
	return false
}

var (
	numbers  = regexp.MustCompile(`-?[0-9]+(?:\.[0-9]+)?`)
	pointsOf = regexp.MustCompile(` (?:points|d)="([^"]*)"`)
	textX    = regexp.MustCompile(` x="-?[0-9.]+"`)
	centreX  = regexp.MustCompile(` c?x="(-?[0-9.]+)"`)
	centreY  = regexp.MustCompile(` c?y="(-?[0-9.]+)"`)
)

// place notes the middle of a node's shape.
func (p *framing) place(key, tag string) {
	if pts := find(pointsOf, tag); pts != "" {
		lo, hi := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
		for i, t := range numbers.FindAllString(pts, -1) {
			v, _ := strconv.ParseFloat(t, 64)
			if i%2 == 0 {
				lo.x, hi.x = min(lo.x, v), max(hi.x, v)
			} else {
				lo.y, hi.y = min(lo.y, v), max(hi.y, v)
			}
		}
		p.middle[key] = point{(lo.x + hi.x) / 2, (lo.y + hi.y) / 2}
		return
	}
	x, _ := strconv.ParseFloat(find(centreX, tag), 64)
	y, _ := strconv.ParseFloat(find(centreY, tag), 64)
	p.middle[key] = point{x, y}
}

// The measures of the frame, in points.
const (
	bandSize    = 14.0 // of the grid's letters and numbers
	legendRow   = 21.0
	legendText  = 9.5
	titleSize   = 15.0
	noteSize    = 10.5
	leastWidth  = 560.0
	sideMargin  = 8.0
	titleInset  = 14.0
	legendInset = 14.0
)

// assemble lays out title, picture with grid, and legend on one sheet.
func (p *framing) assemble() *Framed {
	grid := p.o.Grid && p.countNodes() >= gridLeast
	band := 0.0
	if grid {
		band = bandSize
	}
	width := p.w + 2*(band+sideMargin)
	if p.o.Title || p.o.Legend || p.o.Foot != "" {
		width = max(width, leastWidth)
	}
	x0, y0 := (width-p.w)/2, band+sideMargin
	var title, foot bytes.Buffer
	if p.o.Title {
		y0 += p.title(&title, width)
	}
	height := y0 + p.h + band + sideMargin
	if p.o.Legend {
		height += p.legend(&foot, width, height)
	}
	if p.o.Foot != "" {
		height += p.foot(&foot, width, height)
	}
	f := &Framed{Width: math.Ceil(width), Height: math.Ceil(height), Cells: map[string]string{}}
	var b bytes.Buffer
	b.Grow(p.body.Len() + 8192)
	if !p.o.Inline {
		b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n")
	}
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" class="ws" width="%gpt" height="%gpt" viewBox="0 0 %g %g">`,
		f.Width, f.Height, f.Width, f.Height)
	fmt.Fprintf(&b, "\n<title>%s</title>\n<rect class=\"paper\" width=\"%g\" height=\"%g\" fill=\"#ffffff\"/>\n", escape(p.d.Title), f.Width, f.Height)
	b.Write(title.Bytes())
	if grid {
		p.grid(&b, x0, y0, f.Cells)
	}
	fmt.Fprintf(&b, `<g class="picture" transform="translate(%.2f %.2f)">`, x0, y0)
	b.Write(p.body.Bytes())
	b.WriteString("</g>\n")
	b.Write(foot.Bytes())
	b.WriteString("</svg>\n")
	f.SVG = b.Bytes()
	return f
}

// countNodes counts the boxes, needs and the time line left out.
func (p *framing) countNodes() int {
	n := 0
	for i := range p.d.Nodes {
		if p.d.Nodes[i].form == plainNode {
			n++
		}
	}
	return n
}

// title writes title and notes, broken to the width, and gives their height.
func (p *framing) title(b *bytes.Buffer, width float64) float64 {
	y := 8.0
	b.WriteString("<g class=\"title\">\n")
	for _, l := range breakLines(p.d.Title, titleSize, true, width-2*titleInset) {
		y += titleSize + 3
		fmt.Fprintf(b, "<text x=\"%g\" y=\"%g\" font-family=\"Arial\" font-weight=\"bold\" font-size=\"%g\" fill=\"#18222f\">%s</text>\n", titleInset, y, titleSize, escape(l))
	}
	y += 2
	for _, note := range p.d.Notes {
		for _, l := range breakLines(note, noteSize, false, min(width-2*titleInset, 900)) {
			y += noteSize + 3
			fmt.Fprintf(b, "<text x=\"%g\" y=\"%g\" font-family=\"Arial\" font-size=\"%g\" fill=\"#4a5668\">%s</text>\n", titleInset, y, noteSize, escape(l))
		}
	}
	b.WriteString("</g>\n")
	return y + 6
}

// breakLines breaks a text at spaces to a width in points.
func breakLines(s string, size float64, bold bool, width float64) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(clean(s)) {
		switch {
		case line == "":
			line = word
		case textWidth(line+" "+word, size, bold) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
		for textWidth(line, size, bold) > width && columns(line) > 8 {
			head := cut(line, int(float64(columns(line))*width/textWidth(line, size, bold))-1)
			lines = append(lines, head)
			line = line[len(head):]
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// legend writes the entries in rows, and gives their height.
func (p *framing) legend(b *bytes.Buffer, width, top float64) float64 {
	entries := p.d.Legend()
	if len(entries) == 0 {
		return 0
	}
	fmt.Fprintf(b, "<g class=\"legend\" transform=\"translate(0 %.2f)\">\n<path d=\"M%g,0 H%g\" stroke=\"#c3ccd8\" stroke-width=\"0.8\" fill=\"none\"/>\n", top, legendInset, width-legendInset)
	x, y := legendInset, 7.0
	for _, e := range entries {
		w := 36 + textWidth(e.Text, legendText, false)
		if x+w > width-legendInset && x > legendInset {
			x, y = legendInset, y+legendRow
		}
		fmt.Fprintf(b, "<g transform=\"translate(%.1f %g)\">%s<text x=\"34\" y=\"11.5\" font-family=\"Arial\" font-size=\"%g\" fill=\"#4a5668\">%s</text></g>\n", x, y, e.Icon, legendText, escape(e.Text))
		x += w + 16
	}
	b.WriteString("</g>\n")
	return y + legendRow + 4
}

// foot writes what the picture rests on, and gives its height.
func (p *framing) foot(b *bytes.Buffer, width, top float64) float64 {
	y := -3.0
	b.WriteString("<g class=\"foot\">\n")
	for _, l := range breakLines(p.o.Foot, legendText, false, width-2*legendInset) {
		y += legendText + 2.5
		fmt.Fprintf(b, "<text x=\"%g\" y=\"%.2f\" font-family=\"Arial\" font-size=\"%g\" fill=\"#4a5668\">%s</text>\n", legendInset, top+y, legendText, escape(l))
	}
	b.WriteString("</g>\n")
	return y + 8
}

// grid draws the atlas grid: a band round the picture with letters along the top and numbers down the side, and finds out
// in which cell each node stands.
func (p *framing) grid(b *bytes.Buffer, x0, y0 float64, cells map[string]string) {
	cols := min(10, max(6, int(math.Round(p.w/150))))
	rows := min(5, max(3, int(math.Round(p.h/130))))
	fmt.Fprintf(b, "<g class=\"grid\" aria-hidden=\"true\" fill=\"none\" stroke=\"#7f8c9e\" stroke-width=\"0.7\">\n")
	fmt.Fprintf(b, "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"/><rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"/>\n",
		x0, y0, p.w, p.h, x0-bandSize, y0-bandSize, p.w+2*bandSize, p.h+2*bandSize)
	text := func(x, y float64, s string) {
		fmt.Fprintf(b, "<text x=\"%.2f\" y=\"%.2f\" text-anchor=\"middle\" font-family=\"Arial\" font-size=\"8.5\" fill=\"#4a5668\" stroke=\"none\">%s</text>", x, y, s)
	}
	cw, ch := p.w/float64(cols), p.h/float64(rows)
	for i := range cols {
		x := x0 + float64(i)*cw
		if i > 0 {
			fmt.Fprintf(b, "<path d=\"M%.2f,%.2f v%g M%.2f,%.2f v%g\"/>", x, y0-bandSize, bandSize, x, y0+p.h, bandSize)
		}
		letter := string(rune('A' + i))
		text(x+cw/2, y0-4, letter)
		text(x+cw/2, y0+p.h+10, letter)
	}
	for i := range rows {
		y := y0 + float64(i)*ch
		if i > 0 {
			fmt.Fprintf(b, "<path d=\"M%.2f,%.2f h%g M%.2f,%.2f h%g\"/>", x0-bandSize, y, bandSize, x0+p.w, y, bandSize)
		}
		number := strconv.Itoa(i + 1)
		text(x0-bandSize/2, y+ch/2+3, number)
		text(x0+p.w+bandSize/2, y+ch/2+3, number)
	}
	b.WriteString("\n</g>\n")
	for i := range p.d.Nodes {
		n := &p.d.Nodes[i]
		at, ok := p.middle[n.Key]
		if !ok {
			continue
		}
		col := min(cols-1, max(0, int((at.x+p.dx)/cw)))
		row := min(rows-1, max(0, int((at.y+p.dy)/ch)))
		cell := string(rune('A'+col)) + strconv.Itoa(row+1)
		for _, id := range append(n.Members, n.ID) {
			if id != "" && cells[id] == "" {
				cells[id] = cell
			}
		}
	}
}
