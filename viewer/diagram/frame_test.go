package diagram

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/viewer/render"
)

var pool *render.Pool

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == render.WorkerArg { // a worker of the pool below
		if err := render.Work(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	pool = render.NewPool(render.Options{})
	code := m.Run()
	pool.Close()
	os.Exit(code)
}

func draw(tb testing.TB, d *Diagram) []byte {
	tb.Helper()
	svg, err := pool.SVG(context.Background(), d.DOT())
	if err != nil {
		tb.Fatalf("%s: %v", d.View.Query(), err)
	}
	return svg
}

func frame(tb testing.TB, svg []byte, d *Diagram, o FrameOptions) *Framed {
	tb.Helper()
	f, err := Frame(svg, d, o)
	if err != nil {
		tb.Fatalf("%s: %v", d.View.Query(), err)
	}
	return f
}

// element is an element of a picture, with the text right inside it.
type element struct {
	name   string
	attrs  map[string]string
	text   string
	within string // classes of the groups around it
}

// elements reads a whole picture; it fails unless it is well-formed XML.
func elements(tb testing.TB, svg []byte) []element {
	tb.Helper()
	dec := xml.NewDecoder(bytes.NewReader(svg))
	var all []element
	var open []int
	for {
		token, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			tb.Fatalf("not well-formed: %v\n%s", err, svg)
		}
		switch t := token.(type) {
		case xml.StartElement:
			e := element{name: t.Name.Local, attrs: map[string]string{}}
			for _, a := range t.Attr {
				key := a.Name.Local
				if a.Name.Space != "" {
					key = "xlink:" + key
				}
				e.attrs[key] = a.Value
			}
			if len(open) > 0 {
				e.within = all[open[len(open)-1]].within + " " + all[open[len(open)-1]].attrs["class"]
			}
			open = append(open, len(all))
			all = append(all, e)
		case xml.CharData:
			if len(open) > 0 {
				all[open[len(open)-1]].text += string(t)
			}
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.Comment, xml.Directive:
			tb.Errorf("a comment or DOCTYPE is left: %v", t)
		}
	}
	return all
}

// Every label of every view is in the picture, whatever the names are, and nothing that could run is.
func TestEveryLabelIsDrawn(t *testing.T) {
	s, f := analysed(t, small())
	for _, q := range smallViews {
		d := build(t, s, f, q)
		all := elements(t, frame(t, draw(t, d), d, FrameOptions{Title: true, Legend: true, Grid: true}).SVG)
		var texts []string
		for _, e := range all {
			if e.name == "text" {
				texts = append(texts, strings.ReplaceAll(e.text, "\u00a0", " "))
			}
			if e.name == "script" || e.name == "style" || e.name == "foreignObject" || e.name == "image" {
				t.Errorf("%s: <%s>", q, e.name)
			}
			if _, ok := e.attrs["style"]; ok {
				t.Errorf("%s: %s has a style attribute", q, e.name)
			}
			if href := e.attrs["xlink:href"]; href != "" && !strings.HasPrefix(href, "/") {
				t.Errorf("%s: href %q", q, href)
			}
		}
		take := func(line string) {
			i := slices.Index(texts, line)
			if i < 0 {
				t.Errorf("%s: %q is not in the picture", q, line)
				return
			}
			texts = slices.Delete(texts, i, i+1)
		}
		for _, n := range d.Nodes {
			switch n.form {
			case plainNode:
				for _, l := range wrap(n.Name, d.space.wrap, 3) {
					take(l)
				}
				for _, b := range n.Badges {
					take(clean(b.Text))
				}
			case needPill, axisLabel:
				take(n.Name)
			}
		}
		for _, l := range d.Links {
			if l.Label != "" && !l.hidden {
				for _, part := range strings.Split(l.Label, "\n") {
					for _, line := range wrap(part, 18, 3) {
						take(line)
					}
				}
			}
		}
		for _, p := range d.panels {
			take(clean(p.label))
		}
	}
}

func TestIDsAndEnds(t *testing.T) {
	s, f := analysed(t, small())
	for _, q := range smallViews {
		d := build(t, s, f, q)
		framed := frame(t, draw(t, d), d, FrameOptions{Inline: true, IDPrefix: "p1-", Grid: true})
		if bytes.HasPrefix(framed.SVG, []byte("<?xml")) {
			t.Errorf("%s: an XML declaration in an inlined picture", q)
		}
		all := elements(t, framed.SVG)
		ids := map[string]bool{}
		edges := 0
		for _, e := range all {
			if id, ok := e.attrs["id"]; ok {
				if ids[id] || !strings.HasPrefix(id, "p1-") {
					t.Errorf("%s: id %q twice or without prefix", q, id)
				}
				ids[id] = true
			}
		}
		for _, e := range all {
			if strings.HasPrefix(e.attrs["class"], "edge ") {
				edges++
				if !ids[e.attrs["data-from"]] || !ids[e.attrs["data-to"]] {
					t.Errorf("%s: %s runs from %q to %q", q, e.attrs["id"], e.attrs["data-from"], e.attrs["data-to"])
				}
			}
			if fill := e.attrs["fill"]; strings.HasPrefix(fill, "url(#") && !ids[fill[5:len(fill)-1]] {
				t.Errorf("%s: no gradient %s", q, fill)
			}
		}
		visible := 0
		for _, l := range d.Links {
			if !l.hidden {
				visible++
			}
		}
		if edges != visible {
			t.Errorf("%s: %d lines drawn of %d", q, edges, visible)
		}
		for _, n := range d.Nodes {
			if n.form == plainNode && !ids["p1-"+n.Key] {
				t.Errorf("%s: %s is not drawn", q, n.Key)
			}
		}
	}
}

func TestGrid(t *testing.T) {
	s, f := analysed(t, small())
	for _, q := range smallViews {
		d := build(t, s, f, q)
		svg := draw(t, d)
		framed := frame(t, svg, d, FrameOptions{Grid: true})
		boxes := 0
		for _, n := range d.Nodes {
			if n.form == plainNode {
				boxes++
			}
		}
		if (boxes >= gridLeast) != (len(framed.Cells) > 0) || (boxes >= gridLeast) != bytes.Contains(framed.SVG, []byte(`class="grid" aria-hidden="true"`)) {
			t.Errorf("%s: %d boxes, %d cells", q, boxes, len(framed.Cells))
		}
		for _, n := range d.Nodes {
			if cell := framed.Cells[n.ID]; boxes >= gridLeast && n.ID != "" && (len(cell) != 2 || cell[0] < 'A' || cell[0] > 'J' || cell[1] < '1' || cell[1] > '5') {
				t.Errorf("%s: %s is at %q", q, n.ID, cell)
			}
		}
		if without := frame(t, svg, d, FrameOptions{}); len(without.Cells) > 0 || bytes.Contains(without.SVG, []byte(`class="grid"`)) {
			t.Errorf("%s: a grid nobody asked for", q)
		}
	}
	// The customers stand right, the depot left of them.
	d := build(t, s, f, "view=customer&customer=leisure")
	cells := frame(t, draw(t, d), d, FrameOptions{Grid: true}).Cells
	if !(cells["depot"][0] < cells["ramp"][0] && cells["ramp"][0] < cells["leisure"][0]) {
		t.Errorf("depot %s, ramp %s, leisure %s", cells["depot"], cells["ramp"], cells["leisure"])
	}
}

func TestFrameRefusesWhatIsNoPicture(t *testing.T) {
	s, f := analysed(t, small())
	d := build(t, s, f, "view=overview")
	whole := draw(t, d)
	for _, svg := range [][]byte{nil, []byte("x"), []byte("<svg></svg>"), whole[:len(whole)/2]} {
		if _, err := Frame(svg, d, FrameOptions{}); err == nil {
			t.Errorf("%.40q is taken for a picture", svg)
		}
	}
}

// Every colour of every picture is in the palette for the use that it is put to, so that the dark style misses none.
func TestPaletteIsComplete(t *testing.T) {
	known := map[Use]map[string]bool{}
	for _, p := range Palette() {
		if known[p.Use] == nil {
			known[p.Use] = map[string]bool{}
		}
		known[p.Use][strings.ToLower(p.Light)] = true
		if len(p.Dark) != 7 || p.Dark[0] != '#' {
			t.Errorf("%+v", p)
		}
	}
	s, f := analysed(t, small())
	for _, q := range append(slices.Clone(smallViews), "view=overview&colour=load", "view=overview&colour=share", "view=overview&colour=rating&links=all") {
		d := build(t, s, f, q)
		for _, e := range elements(t, frame(t, draw(t, d), d, FrameOptions{Title: true, Legend: true, Grid: true}).SVG) {
			if e.attrs["class"] == "paper" {
				continue
			}
			for use, attr := range map[Use]string{Stroke: "stroke", Fill: "fill", Stop: "stop-color"} {
				c := e.attrs[attr]
				if c == "" || c == "none" || c == "transparent" || strings.HasPrefix(c, "url(") {
					continue
				}
				if use == Fill && e.name == "text" {
					use = Text
				}
				if !known[use][c] {
					t.Errorf("%s: <%s %s=%q> is not in the palette (%s)", q, e.name, attr, c, use)
				}
			}
		}
	}
	rules := DarkRules(".dark .ws")
	if strings.Count(rules, "\n") != len(Palette())+1 || !strings.Contains(rules, `.dark .ws .k-customer text[fill="#ffffff"]{fill:#10161F}`) {
		t.Error(rules)
	}
}

// The largest pictures that are drawn unasked are drawn in time.
func TestLargePicturesAreDrawn(t *testing.T) {
	for _, org := range []*graph.Org{large(300, 1200, true), large(300, 1200, false)} {
		s, f := analysed(t, org)
		for _, q := range []string{"view=overview&links=all", "view=customer&customer=c0&links=all", "view=risks", "view=bottlenecks&basis=structural"} {
			d := build(t, s, f, q)
			frame(t, draw(t, d), d, FrameOptions{Title: true, Legend: true, Grid: true})
		}
	}
}

func BenchmarkFrame(b *testing.B) {
	s, f := analysed(b, large(300, 1200, false))
	d := build(b, s, f, "view=overview&links=all")
	svg := draw(b, d)
	b.SetBytes(int64(len(svg)))
	for b.Loop() {
		frame(b, svg, d, FrameOptions{Title: true, Legend: true, Grid: true})
	}
}

// Lines of a label stand in the middle of their box whatever width the reader's font has; lists keep to the left.
func TestLabelsStandInTheMiddle(t *testing.T) {
	s, f := analysed(t, small())
	d := build(t, s, f, "view=customer&customer=leisure")
	svg := string(frame(t, draw(t, d), d, FrameOptions{}).SVG)
	if lines := regexp.MustCompile(`<text[^>]*>Crew scheduling<|<text[^>]*>▲▲ stops it alone[^<]*<`).FindAllString(svg, -1); len(lines) < 2 {
		t.Errorf("lines missing: %q", lines)
	} else if slices.ContainsFunc(lines, func(l string) bool { return !strings.Contains(l, `text-anchor="middle"`) }) {
		t.Errorf("not all lines in the middle: %q", lines)
	}
	d = build(t, s, f, "view=overview")
	if svg := string(frame(t, draw(t, d), d, FrameOptions{}).SVG); !strings.Contains(svg, `text-anchor="start"`) {
		t.Error("no line at the left in the overview")
	}
}
