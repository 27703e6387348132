//go:build realdata

package drawing

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"example.com/whoserves/viewer/diagram"
)

// These tests hold what is drawn against librsvg (rsvg-convert of Debian's librsvg2-bin) and poppler (poppler-utils), and need
// qpdf and the fonts fonts-liberation, fonts-noto-core, fonts-noto-cjk and fonts-noto-color-emoji.

var views = map[string][]string{
	"airline": {
		"view=overview", "view=overview&open=flight-operations", "view=overview&colour=load", "view=overview&open=flight-operations&colour=rating",
		"view=customer&customer=sunlark-tours", "view=customer&customer=sunlark-tours&chain=airworthiness", "view=customer&customer=sunlark-tours&links=all",
		"view=node&node=crew-scheduling", "view=node&node=crew-scheduling&hops=2", "view=risks", "view=risks&exposed=1",
		"view=bottlenecks&basis=measured", "view=bottlenecks&basis=structural", "view=paths&from=crew-scheduling&to=sunlark-tours&k=4",
		"view=ripple&fail=airworthiness", "view=ripple&fail=ops-control&worse=pilots",
	},
	"first": {
		"view=overview", "view=customer&customer=harbour-cafe", "view=customer&customer=harbour-cafe&chain=oven", "view=node&node=baking", "view=risks",
		"view=bottlenecks&basis=measured", "view=bottlenecks&basis=structural", "view=paths&from=oven&to=town-school", "view=ripple&fail=oven",
	},
}

// pictures draws every view of both examples and adds the samples that lie beside the repository.
func pictures(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	program := filepath.Join(dir, "whoserves")
	tool(t, "go", "build", "-o", program, "../../cmd/whoserves")
	all := map[string]string{}
	for example, list := range views {
		for i, v := range list {
			name := fmt.Sprintf("%s-%02d", example, i)
			all[name] = filepath.Join(dir, name+".svg")
			tool(t, program, "draw", "--from", "../../examples/"+example, "--view", v, "-o", all[name])
		}
	}
	samples, err := filepath.Glob("../../../shared/pictures/*.svg")
	if err != nil || len(samples) < 13 {
		t.Fatalf("%d samples in ../shared/pictures: %v", len(samples), err)
	}
	for _, s := range samples {
		all[strings.TrimSuffix(filepath.Base(s), ".svg")] = s
	}
	return all
}

func tool(t testing.TB, name string, args ...string) []byte {
	t.Helper()
	var errors bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stderr = &errors
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v %s", name, strings.Join(args, " "), err, errors.String())
	}
	return out
}

func decode(t *testing.T, data []byte) *image.RGBA {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewRGBA(img.Bounds())
	draw.Draw(out, out.Rect, img, image.Point{}, draw.Src)
	return out
}

// shrink reads the pixels of a PPM and makes one, the mean, of each k × k of them that are within want.
func shrink(t *testing.T, ppm []byte, k int, want image.Rectangle) *image.RGBA {
	t.Helper()
	var w, h, most int
	if _, err := fmt.Sscanf(string(ppm[:min(len(ppm), 40)]), "P6\n%d %d\n%d\n", &w, &h, &most); err != nil || most != 255 || len(ppm) < 3*w*h {
		t.Fatalf("no PPM: %v", err)
	}
	pixels := ppm[len(ppm)-3*w*h:]
	out := image.NewRGBA(want)
	row := make([]int, 3*want.Dx())
	for y := range want.Dy() {
		clear(row)
		rows := min(k, h-y*k)
		for j := range rows {
			from := pixels[(y*k+j)*3*w:]
			for x := range min(want.Dx()*k, w) {
				to := row[x/k*3:][:3]
				to[0] += int(from[3*x])
				to[1] += int(from[3*x+1])
				to[2] += int(from[3*x+2])
			}
		}
		for x := range want.Dx() {
			if n := rows * min(k, w-x*k); n > 0 {
				i := out.PixOffset(x, y)
				out.Pix[i], out.Pix[i+1], out.Pix[i+2], out.Pix[i+3] = uint8(row[3*x]/n), uint8(row[3*x+1]/n), uint8(row[3*x+2]/n), 255
			}
		}
	}
	return out
}

// differs counts the pixels that differ in a channel by more than 64.
func differs(want, got *image.RGBA) int {
	n := 0
	for i := 0; i < len(want.Pix); i += 4 {
		for c := range 3 {
			if d := int(want.Pix[i+c]) - int(got.Pix[i+c]); d > 64 || d < -64 {
				n++
				break
			}
		}
	}
	return n
}

// TestRealPictures: fewer than 1 pixel in 1,000 is off in PNG, light and dark, and in PDF, which is drawn by poppler at 384
// dots to the inch and averaged, since at 96 its own hinting of letters and lines is all that one would measure.
func TestRealPictures(t *testing.T) {
	f, err := NewFonts(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	css := filepath.Join(dir, "dark.css")
	if err := os.WriteFile(css, []byte(diagram.DarkRules("")), 0o600); err != nil {
		t.Fatal(err)
	}
	inks := []Ink{}
	for _, s := range diagram.Palette() {
		use := map[diagram.Use]string{diagram.Stroke: "stroke", diagram.Fill: "fill", diagram.Text: "text", diagram.Stop: "stop-color"}[s.Use]
		inks = append(inks, Ink{use, s.Light, s.Dark, s.Within})
	}
	inks = append(inks, Ink{"fill", "#ffffff", "#10161F", ".paper"})
	for name, path := range pictures(t) {
		svg, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		d := read(t, svg)
		light := decode(t, tool(t, "rsvg-convert", "--background-color=white", path))
		data, report := drawPNG(t, d, f, PNGOptions{})
		got := decode(t, data)
		if got.Rect != light.Rect || report.Words() != nil {
			t.Errorf("%s: %v, want %v; %q", name, got.Rect, light.Rect, report.Words())
			continue
		}
		pixels := float64(light.Rect.Dx() * light.Rect.Dy())
		thousandth := func(what string, n int) {
			t.Logf("%s: %s: %d of %.0f pixels are off, %.3f in 1,000", name, what, n, pixels, float64(n)*1000/pixels)
			if float64(n) >= pixels/1000 {
				t.Errorf("%s: %s is off", name, what)
			}
		}
		thousandth("PNG", differs(light, got))

		if strings.HasPrefix(name, "first") || strings.HasPrefix(name, "airline") { // the samples have colours that are no longer ours
			dark := decode(t, tool(t, "rsvg-convert", "--background-color=#10161F", "--stylesheet="+css, path))
			data, _ = drawPNG(t, read(t, svg, inks...), f, PNGOptions{})
			thousandth("dark PNG", differs(dark, decode(t, data)))
		}

		pdf := filepath.Join(dir, "x.pdf")
		data, _ = drawPDF(t, f, PDFOptions{Base: "https://who.example/", Title: name}, d)
		if err := os.WriteFile(pdf, data, 0o600); err != nil {
			t.Fatal(err)
		}
		tool(t, "qpdf", "--check", pdf)
		tool(t, "pdftoppm", "-r", "384", "-singlefile", pdf, filepath.Join(dir, "x"))
		page, err := os.ReadFile(filepath.Join(dir, "x.ppm"))
		if err != nil {
			t.Fatal(err)
		}
		thousandth("PDF", differs(light, shrink(t, page, 4, light.Rect)))
		found := squeeze(string(tool(t, "pdftotext", "-layout", pdf, "-")))
		for _, s := range texts(t, svg) {
			if latin(s) && !strings.Contains(found, s) {
				t.Errorf("%s: %q can't be found in the PDF", name, s)
			}
		}
	}
}

// texts are all words of a picture.
func texts(t *testing.T, svg []byte) []string {
	t.Helper()
	var found []string
	x := xml.NewDecoder(bytes.NewReader(svg))
	for {
		tok, err := x.Token()
		if tok == nil {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := tok.(xml.StartElement); ok && s.Name.Local == "text" {
			var words string
			if err := x.DecodeElement(&words, &s); err != nil {
				t.Fatal(err)
			}
			found = append(found, strings.Fields(words)...)
		}
	}
}

// latin says whether a word is one that a PDF of ours holds as text.
func latin(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsLetter(r) && !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic)
	})
}

// squeeze leaves out all spaces: pdftotext guesses them.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// TestRealScripts: with Noto's fonts nothing is missing in any script, and what is drawn is much as dark as in librsvg.
func TestRealScripts(t *testing.T) {
	f, err := NewFonts(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	d := read(t, inScripts())
	_, report := drawPNG(t, d, f, PNGOptions{})
	if words := report.Words(); words != nil {
		t.Errorf("%q", words)
	}
	for _, n := range names {
		for _, bold := range []bool{false, true} {
			l := f.line(&text{s: n.name, bold: bold})
			if len(l.missing) > 0 || l.width < 3 {
				t.Errorf("%s: %q is missing, width %g", n.script, string(l.missing), l.width)
			}
			images := 0
			for _, r := range l.runs {
				for _, g := range r.glyphs {
					if g.shape.image != nil {
						images++
					}
				}
			}
			if want := map[bool]int{true: 7}[n.script == "emoji"]; images != want {
				t.Errorf("%s: %d emoji, want %d", n.script, images, want)
			}
		}
	}
	for _, signs := range []string{"𝔘𝔫𝔦 𐍈", "क 𝔘", "水 ♜ ⟂ ⅋"} { // of all scripts, beside letters of one
		if l := f.line(&text{s: signs}); len(l.missing) > 0 {
			t.Errorf("%q is missing in %q", string(l.missing), signs)
		}
	}
	pdf := filepath.Join(t.TempDir(), "x.pdf")
	data, _ := drawPDF(t, f, PDFOptions{Title: "水 😀"}, d)
	if err := os.WriteFile(pdf, data, 0o600); err != nil {
		t.Fatal(err)
	}
	tool(t, "qpdf", "--check", pdf)
	words := string(tool(t, "pdftotext", "-layout", pdf, "-"))
	for _, want := range []string{"Crew", "façade", "Łódź", "πληρωμάτων", "Планирование", "Devanagari"} {
		if !strings.Contains(words, want) {
			t.Errorf("%q can't be found in the PDF", want)
		}
	}
	if info := string(tool(t, "pdfinfo", pdf)); !strings.Contains(info, "水 😀") {
		t.Errorf("the title is not there:\n%s", info)
	}
}

// What librsvg takes for the picture of BenchmarkPNG and BenchmarkPDF, its start included.
func BenchmarkRsvg(b *testing.B) {
	for _, format := range []string{"png", "pdf"} {
		b.Run(format, func(b *testing.B) {
			for b.Loop() {
				tool(b, "rsvg-convert", "-f", format, "testdata/airline-customer-all.svg")
			}
		})
	}
}
