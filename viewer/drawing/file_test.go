package drawing

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image/png"
	"math"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

func drawPNG(t testing.TB, d *Drawing, f *Fonts, o PNGOptions) ([]byte, Report) {
	t.Helper()
	var b bytes.Buffer
	r, err := d.PNG(&b, f, o)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), r
}

func drawPDF(t testing.TB, f *Fonts, o PDFOptions, drawings ...*Drawing) ([]byte, Report) {
	t.Helper()
	var pages []Page
	for _, d := range drawings {
		pages = append(pages, Page{Drawing: d})
	}
	var b bytes.Buffer
	r, err := PDF(&b, f, pages, o)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), r
}

func TestPNG(t *testing.T) {
	d := read(t, real(t, "first-paths"))
	f := BuiltInFonts()
	for _, c := range []struct {
		o       PNGOptions
		w, h    int
		lowered bool
	}{
		{PNGOptions{}, 776, 314, false},
		{PNGOptions{Scale: 2}, 1552, 627, false},
		{PNGOptions{Scale: 3}, 2328, 940, false},
		{PNGOptions{Scale: 3, MaxPixels: 776 * 314}, 776, 314, true},
		{PNGOptions{MaxPixels: 100}, 15, 6, true},
	} {
		data, r := drawPNG(t, d, f, c.o)
		img, err := png.DecodeConfig(bytes.NewReader(data))
		if err != nil || img.Width != c.w || img.Height != c.h || r.Width != c.w || r.Height != c.h || r.Lowered != c.lowered || r.Lowered != (len(r.Words()) > 0) {
			t.Errorf("%+v: %d × %d, %+v, %v; want %+v", c.o, img.Width, img.Height, r, err, c)
		}
		at := bytes.Index(data, []byte("pHYs"))
		if at < 0 {
			t.Fatalf("%+v: no density", c.o)
		}
		if inches := float64(r.Width) / (float64(binary.BigEndian.Uint32(data[at+4:])) * 0.0254); math.Abs(inches-d.Width/72) > 0.02*inches+0.1 {
			t.Errorf("%+v: %g inches wide, want %g", c.o, inches, d.Width/72)
		}
	}
	for _, o := range []PNGOptions{{Scale: 4}, {Scale: -1}, {Scale: math.NaN()}, {MaxPixels: -1}} {
		if _, err := d.PNG(discard{}, f, o); err == nil {
			t.Errorf("%+v is no error", o)
		}
	}
	if _, err := d.PNG(broken{}, f, PNGOptions{}); err == nil {
		t.Error("a full disk is no error")
	}
	if _, err := PDF(broken{}, f, []Page{{Drawing: d}}, PDFOptions{}); err == nil {
		t.Error("a full disk is no error for PDF")
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, fmt.Errorf("the disk is full") }

// Eight at once, each with fonts of its own, give the same bytes as one alone.
func TestSameBytes(t *testing.T) {
	one := func(f *Fonts) string {
		var b bytes.Buffer
		d, all := read(t, real(t, "first-paths")), read(t, inScripts())
		for _, d := range []*Drawing{d, all} {
			p, _ := drawPNG(t, d, f, PNGOptions{})
			b.Write(p)
		}
		p, _ := drawPDF(t, f, PDFOptions{Base: "https://who.example/", Paper: "a4"}, d, all)
		b.Write(p)
		return b.String()
	}
	dir := t.TempDir()
	fonts := func() *Fonts {
		f, err := NewFonts(dir)
		if err != nil {
			t.Log(err) // a machine without fonts
		}
		return f
	}
	alone := one(fonts())
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			f := fonts()
			if one(f) != alone {
				t.Errorf("client %d got other bytes", i)
			}
		})
	}
	all.Wait()
}

func TestPDF(t *testing.T) {
	f := BuiltInFonts()
	small, large := read(t, real(t, "first-paths")), read(t, real(t, "airline-overview-open"))
	data, r := drawPDF(t, f, PDFOptions{Base: "https://who.example/org/", Author: "Ann", Title: "Who 水 😀", Date: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}, small, large)
	for _, want := range []string{
		fmt.Sprintf("/MediaBox [0 0 %.2f %.2f]", small.Width, small.Height), fmt.Sprintf("/MediaBox [0 0 %.2f %.2f]", large.Width, large.Height),
		"/Author", "D:20260304050607", "https://who.example/org/teams/", "/Outlines",
	} {
		if !bytes.Contains(data, []byte(want)) {
			t.Errorf("no %q", want)
		}
	}
	if r.Pages != 2 || r.Scale != 1 || r.Lowered || r.Words() != nil {
		t.Errorf("%+v", r)
	}
	if n := bytes.Count(data, []byte("/URI (")); n != len(small.links)+len(large.links) {
		t.Errorf("%d links of %d", n, len(small.links)+len(large.links))
	}
	data, _ = drawPDF(t, f, PDFOptions{}, small)
	if bytes.Contains(data, []byte("/URI")) {
		t.Error("links without a base address")
	}
	for name, p := range papers {
		data, r := drawPDF(t, f, PDFOptions{Paper: name}, large, small)
		if want := fmt.Sprintf("[0 0 %.2f %.2f]", p.width, p.height); !bytes.Contains(data, []byte(want)) || r.Scale > 1 || p.width <= p.height {
			t.Errorf("%s: no %s, %+v", name, want, r)
		}
	}
	huge := &Drawing{Width: 20_000, Height: 300}
	if data, r := drawPDF(t, f, PDFOptions{}, huge); !bytes.Contains(data, []byte("[0 0 14400.00 216.00]")) || !r.Lowered || len(r.Words()) != 1 || r.Scale != 0.72 {
		t.Errorf("%+v", r)
	}
	for _, o := range []PDFOptions{{Paper: "A4"}, {Base: "who.example"}, {Base: "javascript:alert(1)"}, {Base: "https://a@b/"}, {Base: "https://a/?x"}} {
		if _, err := PDF(discard{}, f, []Page{{Drawing: small}}, o); err == nil {
			t.Errorf("%+v is no error", o)
		}
	}
	if _, err := PDF(discard{}, f, nil, PDFOptions{}); err == nil {
		t.Error("a PDF without pages is no error")
	}
}

// Links lead below the base address, or nowhere.
func TestResolve(t *testing.T) {
	base, _ := url.Parse("https://who.example/org")
	b := &book{base: base}
	for href, want := range map[string]string{
		"/teams/a":              "https://who.example/org/teams/a",
		"/teams/a%2Fb?x=1&y#z":  "https://who.example/org/teams/a%2Fb?x=1&y#z",
		"/teams/水":              "https://who.example/org/teams/%E6%B0%B4",
		"/a/../../../etc":       "",
		"//evil.example/":       "",
		"/\\evil.example/":      "",
		"https://evil.example/": "",
		"javascript:alert(1)":   "",
		"teams/a":               "",
		"":                      "",
	} {
		if got := b.resolve(href); got != want {
			t.Errorf("%s leads to %q, want %q", href, got, want)
		}
	}
}

// A PNG never has more pixels than it may, and hardly fewer.
func TestFit(t *testing.T) {
	rnd := rand.New(rand.NewPCG(6, 2026))
	f := BuiltInFonts()
	for range 20_000 {
		d := &Drawing{Width: math.Pow(10, 5*rnd.Float64()), Height: math.Pow(10, 5*rnd.Float64())}
		limit := int(math.Pow(10, 7*rnd.Float64()))
		scale := d.fit(1, limit, f)
		w, h := pixels(d.Width*scale), pixels(d.Height*scale)
		if w*h > limit || max(w, h) > maxSide || scale <= 0 || scale > 1 {
			t.Fatalf("%g × %g in %d pixels: %d × %d", d.Width, d.Height, limit, w, h)
		}
		larger := scale + 1/min(d.Width, d.Height)
		if w2, h2 := pixels(d.Width*larger), pixels(d.Height*larger); scale < 1 && w2*h2 <= limit && max(w2, h2) <= maxSide && d.work(f)*larger*larger < maxWork {
			t.Fatalf("%g × %g in %d pixels: %d × %d, though %d × %d would do", d.Width, d.Height, limit, w, h, w2, h2)
		}
	}
}

// A picture that is fitted to a paper so small that its text can't be read is told.
func TestPaperTooSmall(t *testing.T) {
	f := BuiltInFonts()
	for _, c := range []struct {
		paper string
		width float64
		says  string
	}{{"a4", 1500, ""}, {"a4", 1800, "paper is too small"}, {"a3", 1800, ""}, {"", 14_400, ""}, {"", 20_000, "larger than a PDF page"}} {
		_, r := drawPDF(t, f, PDFOptions{Paper: c.paper}, &Drawing{Width: c.width, Height: 300})
		if words := strings.Join(r.Words(), " "); (words == "") != (c.says == "") || !strings.Contains(words, c.says) {
			t.Errorf("%g points on %q: says %q, want %q", c.width, c.paper, words, c.says)
		}
	}
}

// Text that can be selected stands where it was shaped to stand.
func TestPlainRuns(t *testing.T) {
	f := BuiltInFonts()
	for s, want := range map[string]bool{"Crew scheduling": true, "Ελλάδα Łódź": true, "Экипаж": true, "▲ SPOF · 4 h → ×": true, "שיבוץ": false, "e\u0301\u0323\u0331": false} {
		l := f.line(&text{s: s})
		plain := true
		all := ""
		for _, r := range l.runs {
			plain = plain && r.plain
			for _, g := range r.glyphs {
				all += g.text
			}
		}
		if plain != want || want && all != s {
			t.Errorf("%q: %v %q", s, plain, all)
		}
	}
}

func TestFontLicence(t *testing.T) {
	if !strings.Contains(FontLicence, "SIL OPEN FONT LICENSE Version 1.1") || !strings.Contains(FontLicence, "Red Hat") {
		t.Error("the licence of the fonts is not there")
	}
}
