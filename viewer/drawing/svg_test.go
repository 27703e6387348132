package drawing

import (
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sheet puts elements on a sheet of 100 × 50 points.
func sheet(body string) []byte {
	return []byte(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="100pt" height="50pt" viewBox="0 0 100 50">` + body + `</svg>`)
}

func read(t *testing.T, svg []byte, inks ...Ink) *Drawing {
	t.Helper()
	d, err := Read(svg, inks...)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// real gives a picture of testdata: what draw wrote for the examples.
func real(t testing.TB, name string) []byte {
	t.Helper()
	svg, err := os.ReadFile(filepath.Join("testdata", name+".svg"))
	if err != nil {
		t.Fatal(err)
	}
	return svg
}

func reals(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.svg")
	if err != nil || len(files) < 7 {
		t.Fatalf("%d pictures in testdata: %v", len(files), err)
	}
	for i := range files {
		files[i] = strings.TrimSuffix(filepath.Base(files[i]), ".svg")
	}
	return files
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct{ name, svg, want string }{
		{"nothing", "", "not whole"},
		{"cut off", `<svg width="1pt" height="1pt" viewBox="0 0 1 1"><g>`, "not whole"},
		{"words", "hello", "outside of every text"},
		{"page", "<html></html>", "<html> is no part"},
		{"doctype", `<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg/>`, "DOCTYPE"},
		{"style sheet", `<?xml-stylesheet href="x.css"?><svg/>`, "<?xml-stylesheet"},
		{"Latin-1", `<?xml version="1.0" encoding="ISO-8859-1"?><svg/>`, "ISO-8859-1"},
		{"no size", `<svg viewBox="0 0 1 1"/>`, `width ""`},
		{"pixels", `<svg width="10px" height="10px" viewBox="0 0 10 10"/>`, "not in points"},
		{"moved view", `<svg width="10pt" height="10pt" viewBox="5 0 10 10"/>`, "viewBox"},
		{"no area", `<svg width="0pt" height="10pt" viewBox="0 0 10 10"/>`, "can't be drawn"},
		{"too large", `<svg width="999999pt" height="10pt" viewBox="0 0 10 10"/>`, "can't be drawn"},
		{"two", `<svg width="9pt" height="9pt" viewBox="0 0 9 9"/><svg width="9pt" height="9pt" viewBox="0 0 9 9"/>`, "out of its place"},
		{"foreign", `<svg xmlns="http://www.w3.org/1999/xhtml" width="9pt" height="9pt" viewBox="0 0 9 9"/>`, "xmlns"},
	} {
		if _, err := Read([]byte(c.svg)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	for _, c := range []struct{ body, want string }{
		{`<script>1</script>`, "<script> is no part of our pictures"},
		{`<image xlink:href="file:///etc/passwd"/>`, "<image> is no part"},
		{`<use xlink:href="#a"/>`, "<use> is no part"},
		{`<foreignObject/>`, "<foreignObject> is no part"},
		{`<style>*{}</style>`, "<style> is no part"},
		{`<x:rect/>`, "<x:rect> is no part"},
		{`<svg/>`, "<svg> is out of its place"},
		{`<g></a>`, "</a> ends what did not begin"},
		{`<text x="1" y="1">a<tspan>b</tspan></text>`, "<tspan> is no part"},
		{`<text x="1" y="1">&big;</text>`, "entity"},
		{`<text x="1" y="1">` + strings.Repeat("a", 1001) + `</text>`, "more than 1000 characters"},
		{`<text x="1" y="1" font-size="401">a</text>`, "larger than 400"},
		{`<text x="1" y="1" font-size="0">a</text>`, "font-size"},
		{`<text x="1" y="1" font-family="Comic Sans">a</text>`, "font-family"},
		{`<text x="1" y="1" textLength="5">a</text>`, "attribute textLength of <text>"},
		{`<text x="1" y="x">a</text>`, `"x" is no number`},
		{`<rect width="9" height="9" style="fill:red"/>`, "attribute style of <rect>"},
		{`<rect width="9" height="9" onclick="x()"/>`, "attribute onclick of <rect>"},
		{`<rect width="9" height="9" fill="red"/>`, `"red" is no colour`},
		{`<rect width="9" height="9" fill="#12345"/>`, "no colour"},
		{`<rect width="9" height="9" fill="url(#a)"/>`, "no gradient that stands before it"},
		{`<rect width="2e6" height="9"/>`, "beyond 1e+06"},
		{`<rect width="NaN" height="9"/>`, "no number"},
		{`<rect width="9" width="9"/>`, "stands there twice"},
		{`<rect width="9" height="9" stroke-dasharray="0.4,0.4"/>`, "too short"},
		{`<rect width="9" height="9" stroke-dasharray="1,-1"/>`, "stroke-dasharray"},
		{`<g transform="rotate(30)"/>`, `transform "rotate(30)" is no part`},
		{`<g transform="matrix(1 0 0 1 0 0)"/>`, "transform"},
		{`<g transform="scale(2 3)"/>`, "transform"},
		{`<g transform="scale(0)"/>`, "transform"},
		{`<path d="L1,1"/>`, "does not begin with M"},
		{`<path d="M1"/>`, "a number is missing"},
		{`<path d="M1,1 A1,1 0 0 0 2,2"/>`, `"A" in a path`},
		{`<path d="M1,1` + strings.Repeat("h1", 2000) + `"/>`, "more than 2000 segments"},
		{`<polygon points="1,1 2"/>`, "a number is missing"},
		{strings.Repeat("<g>", 64), "more than 64 elements in each other"},
		{`<a><a/></a>`, "<a> is out of its place"},
		{`<defs><linearGradient id="a" gradientUnits="userSpaceOnUse" x1="0" y1="0" x2="1" y2="0"/></defs>`, "a gradient of 0 colours"},
		{`<defs><linearGradient id="a" x1="0" y1="0" x2="1" y2="0"/></defs>`, "gradientUnits"},
		{strings.Repeat(`<path d="M0,0h1"/>`, 20_001), "more than 20000 shapes"},
		{"<text x=\"1\" y=\"1\">a\xff</text>", "UTF-8"},
	} {
		if _, err := Read(sheet(c.body)); err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "line 1 of the SVG: ") {
			t.Errorf("%.60s: %v, want %q", c.body, err, c.want)
		}
	}
}

var exported = cmp.AllowUnexported(Drawing{}, item{}, shape{}, text{}, segment{}, point{}, paint{}, pen{}, gradient{}, link{})

// A picture with all that ours have is read into the right list.
func TestRead(t *testing.T) {
	d := read(t, sheet(`
<title> A  picture </title>
<rect class="paper" width="100" height="50" fill="#ffffff"/>
<g class="picture" transform="translate(10 5)" fill="none" stroke="#7f8c9e" stroke-width="2">
<g id="g" transform="scale(2 2) rotate(0) translate(1 2)">
<title>not this one</title>
<a xlink:href="/teams/a?x=1&amp;y=2" xlink:title="tip"><polygon points="0,0 1,0 1,1 0,0" stroke-dasharray="3"/>
<text text-anchor="middle" x="1" y="-1.5" font-family="Arial" font-weight="bold" font-size="11.00" fill="#18222f"> Crew
  scheduling&#160; </text></a>
<a xlink:title="no link"><path d="M0,0C1,2 3,4 5,6 m1-1h2V.5z"/></a>
</g></g>`))
	grey, ink := color.NRGBA{0x7f, 0x8c, 0x9e, 255}, color.NRGBA{0x18, 0x22, 0x2f, 255}
	white := color.NRGBA{255, 255, 255, 255}
	want := &Drawing{Width: 100, Height: 50, Title: "A picture", ground: &white, links: []link{{"/teams/a?x=1&y=2", 1, 3}}, items: []item{
		{shape: &shape{path: rectangle(0, 0, 100, 50, 0), fill: paint{colour: white}, pen: pen{width: 1}}},
		{shape: &shape{path: []segment{move(12, 9), line(14, 9), line(14, 11), line(12, 9), {op: 'Z', p: [3]point{{12, 9}, {12, 9}, {12, 9}}}},
			stroke: paint{colour: grey}, pen: pen{width: 4, dash: []float64{6, 6}}}},
		{text: &text{at: point{14, 6}, s: "Crew scheduling\u00a0", size: 22, bold: true, anchor: 'm', colour: ink}},
		{shape: &shape{path: []segment{move(12, 9), curve(14, 13, 18, 17, 22, 21), move(24, 19), line(28, 19), line(28, 10), {op: 'Z', p: [3]point{{12, 9}, {12, 9}, {12, 9}}}},
			stroke: paint{colour: grey}, pen: pen{width: 4}}},
	}}
	for i := range want.items { // what a step does not use is of no meaning
		strip(want.items[i].shape)
	}
	for i := range d.items {
		strip(d.items[i].shape)
	}
	if diff := cmp.Diff(want, d, exported); diff != "" {
		t.Error(diff)
	}
}

func strip(s *shape) {
	if s == nil {
		return
	}
	for i := range s.path {
		switch s.path[i].op {
		case 'M', 'L':
			s.path[i].p[1], s.path[i].p[2] = point{}, point{}
		case 'Z':
			s.path[i].p = [3]point{}
		}
	}
}

func TestReadGradient(t *testing.T) {
	d := read(t, sheet(`<g transform="translate(10 20)"><defs><linearGradient id="n&#45;a_l_0" gradientUnits="userSpaceOnUse" x1="0" y1="1" x2="50" y2="1" ><stop offset="0.6" stop-color="#f6c77d"/><stop offset="0.601" stop-color="#ffffff"/></linearGradient></defs>
<ellipse cx="25" cy="5" rx="25" ry="5" fill="url(#n&#45;a_l_0)"/></g>`))
	g := d.items[0].shape.fill.gradient
	if g == nil || g.a != (point{10, 21}) || g.b != (point{60, 21}) {
		t.Fatalf("%+v", g)
	}
	if c := g.at(0.59); c != (color.NRGBA{0xf6, 0xc7, 0x7d, 255}) {
		t.Errorf("before the edge %v", c)
	}
	if c := g.at(0.61); c != (color.NRGBA{255, 255, 255, 255}) {
		t.Errorf("behind the edge %v", c)
	}
}

// Inks turn a picture dark as the style sheet of the pages does.
func TestReadInks(t *testing.T) {
	inks := []Ink{
		{Use: "fill", Light: "#FFFFFF", Dark: "#1A2330"},
		{Use: "fill", Light: "#FFFFFF", Dark: "#10161F", Within: ".paper"},
		{Use: "text", Light: "#ffffff", Dark: "#fffffe"},
		{Use: "text", Light: "#ffffff", Dark: "#10161F", Within: ".k-customer"},
		{Use: "text", Light: "#ffffff", Dark: "#FFFFFF", Within: ".k-customer.s-down"},
		{Use: "stroke", Light: "#4a5668", Dark: "#8C9BB0"},
		{Use: "stop-color", Light: "#ffffff", Dark: "#000001"},
	}
	d := read(t, sheet(`<rect class="paper" width="100" height="50" fill="#ffffff"/><rect width="1" height="1" fill="#ffffff" stroke="#4A5668"/>
<g class="node k-customer"><g><text x="1" y="1" fill="#ffffff">a</text></g></g><g class="node k-customer s-down"><text x="1" y="1" fill="#ffffff">b</text></g>
<g class="s-down"><text x="1" y="1" fill="#ffffff">c</text></g>
<defs><linearGradient id="a" gradientUnits="userSpaceOnUse" x1="0" y1="0" x2="1" y2="0"><stop offset="0" stop-color="#ffffff"/><stop offset="1" stop-color="#aaaaaa"/></linearGradient></defs><rect width="1" height="1" fill="url(#a)"/>`), inks...)
	for i, want := range []string{"#10161f", "#1a2330", "#10161f", "#ffffff", "#fffffe"} {
		c, _ := colour(want)
		got := color.NRGBA{}
		if s := d.items[i].shape; s != nil {
			got = s.fill.colour
		} else {
			got = d.items[i].text.colour
		}
		if got != c {
			t.Errorf("item %d is %v, want %s", i, got, want)
		}
	}
	if c := d.items[1].shape.stroke.colour; c != (color.NRGBA{0x8c, 0x9b, 0xb0, 255}) {
		t.Errorf("border %v", c)
	}
	if c := d.items[5].shape.fill.gradient.colours; c[0] != (color.NRGBA{0, 0, 1, 255}) || c[1] != (color.NRGBA{0xaa, 0xaa, 0xaa, 255}) {
		t.Errorf("gradient %v", c)
	}
}

// Every real picture is read, with all of its texts.
func TestReadReal(t *testing.T) {
	for _, name := range reals(t) {
		svg := real(t, name)
		d := read(t, svg)
		texts := 0
		for _, it := range d.items {
			if it.text != nil {
				texts++
			}
		}
		if want := strings.Count(string(svg), "<text") - strings.Count(string(svg), "> </text>") - strings.Count(string(svg), "></text>"); texts != want || d.Title == "" || d.ground == nil {
			t.Errorf("%s: %d texts of %d, title %q", name, texts, want, d.Title)
		}
		if links := strings.Count(string(svg), "xlink:href"); len(d.links) != links {
			t.Errorf("%s: %d links of %d", name, len(d.links), links)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(real(f, "first-paths"))
	for _, body := range []string{
		`<rect width="9" height="9" rx="3" fill="#ff0000" stroke="black" stroke-dasharray="1,2,3"/>`,
		`<path d="M1,1C2,2 3,3 4,4z m-1-1l1e2,.5" stroke="#000" stroke-width="3" stroke-linejoin="round" stroke-linecap="square" fill-opacity="0.5"/>`,
		`<ellipse cx="-5" cy="5" rx="1e5" ry="2" transform="translate(3) scale(0.5)"/><polyline points="1,1 1,1 2,2" stroke="white"/>`,
		`<defs><radialGradient id="g" cx="50%" cy="50%" r="75%" fx="50%" fy="50%"><stop offset="0" stop-color="#111"/><stop offset="1" stop-color="#eee"/></radialGradient></defs><polygon points="0,0 9,0 9,9" fill="url(#g)"/>`,
		`<a xlink:href="/x"><text x="5" y="20" text-anchor="end" font-style="italic" font-size="12">שלום 24 (IT) جدولة ٢٤ 👍🏽</text></a>`,
	} {
		f.Add(sheet(body))
	}
	fonts := BuiltInFonts()
	f.Fuzz(func(t *testing.T, svg []byte) {
		d, err := Read(svg)
		if err != nil {
			return
		}
		if _, err := d.PNG(discard{}, fonts, PNGOptions{MaxPixels: 10_000}); err != nil && !strings.Contains(err.Error(), "too long and thin") {
			t.Errorf("PNG: %v", err)
		}
		if len(d.items) > 20 {
			return
		}
		if _, err := PDF(discard{}, fonts, []Page{{Drawing: d}}, PDFOptions{Paper: "a4", Base: "https://who.example/"}); err != nil {
			t.Errorf("PDF: %v", err)
		}
	})
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
