package sheet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/viewer/diagram"
	"example.com/whoserves/viewer/drawing"
	"example.com/whoserves/viewer/render"
)

func TestFoot(t *testing.T) {
	when := time.Date(2026, 11, 3, 14, 5, 0, 0, time.Local)
	org := func(version int64, names ...string) *graph.Org {
		o := &graph.Org{Version: version}
		for _, n := range names {
			o.Sources = append(o.Sources, &graph.Source{Name: n})
		}
		return o
	}
	many := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	for want, got := range map[string]string{
		"Ferrin Air, version 41 of 3 November 2026, 14:05, from hr and contracts": Foot(org(41, "hr", "contracts"), "Ferrin Air", true, when),
		"Version 41, from hr":                   Foot(org(41, "hr"), "", true, time.Time{}),
		"Version 0":                             Foot(org(0), "", true, time.Time{}),
		"Ferrin Air, read from links":           Foot(org(0, "links"), "Ferrin Air", false, time.Time{}),
		"Read from a, b and c":                  Foot(org(0, "a", "b", "c"), "", false, when),
		"Read from a, b, c, d, e, f and 2 more": Foot(org(0, many...), "", false, when),
		"":                                      Foot(org(0), "", false, when),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestParse(t *testing.T) {
	q := url.Values{"scale": {"2"}, "theme": {"dark"}, "view": {"overview"}}
	o, err := Parse("png", q)
	if want := (Options{Format: "png", Scale: 2, Theme: "dark"}); err != nil || o != want || len(q) != 1 || q.Get("view") != "overview" {
		t.Errorf("%+v, %v, left %v", o, err, q)
	}
	if o, err := Parse("pdf", url.Values{"paper": {""}, "scale": {""}}); err != nil || o != (Options{Format: "pdf"}) {
		t.Errorf("empty values: %+v, %v", o, err)
	}
	for _, c := range []struct{ format, query, says string }{
		{"png", "scale=5", "one of 1, 2, 3"},
		{"png", "scale=1&scale=1", "give it once"},
		{"png", "paper=a4", "PNG has no paper"},
		{"pdf", "paper=A4", "a4, a3, letter, 16x9"},
		{"svg", "scale=1", "SVG has no scale"},
		{"dot", "theme=dark", "DOT has no theme"},
	} {
		q, _ := url.ParseQuery(c.query)
		_, err := Parse(c.format, q)
		var wrong *diagram.QueryError
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s of %s: %v; want words %q", c.format, c.query, err, c.says)
		}
	}
}

func TestCheckBase(t *testing.T) {
	for address, ok := range map[string]bool{
		"": true, "https://who.example": true, "http://who.example:8080/firm/": true,
		"who.example": false, "javascript:alert(1)": false, "https://": false, "https://u:p@who.example/": false,
		"https://who.example/?q": false, "https://who.example/#f": false, "//who.example": false, "ftp://who.example/": false,
	} {
		if err := CheckBase(address); (err == nil) != ok {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// picture is one of a small organisation.
func picture(t *testing.T) Picture {
	t.Helper()
	o := &graph.Org{Sources: []*graph.Source{graph.NewSource("links", nil, []*graph.LinkRecord{{Provider: "A", Consumer: "B"}, {Provider: "B", Consumer: "C"}})}}
	s := graph.NewSnapshot(o)
	f, err := analysis.Analyse(t.Context(), s, analysis.Options{})
	if err != nil {
		t.Fatal(err)
	}
	v, err := diagram.ParseQuery("view=overview")
	if err != nil {
		t.Fatal(err)
	}
	d, err := diagram.Build(t.Context(), s, f, v)
	if err != nil {
		t.Fatal(err)
	}
	return Picture{d, "What it rests on"}
}

// bench stands in for a pool: it lays out nothing, and keeps what it is asked for.
type bench struct{ jobs []render.Job }

func (b *bench) do(_ context.Context, j render.Job) (render.File, error) {
	b.jobs = append(b.jobs, j)
	return render.File{Bytes: []byte(`<svg viewBox="0.00 0.00 100.00 50.00"><g id="graph0" class="graph"></g></svg>`)}, nil
}

func TestFile(t *testing.T) {
	p := picture(t)
	var b bench
	file, err := Options{Format: "svg", Theme: "dark"}.File(t.Context(), b.do, p)
	if err != nil || !bytes.Contains(file.Bytes, []byte("What it rests on")) || !bytes.Contains(file.Bytes, []byte("<style>")) || len(b.jobs) != 1 {
		t.Errorf("%v, %d jobs: %s", err, len(b.jobs), file.Bytes)
	}
	light, err := Options{Format: "svg"}.File(t.Context(), b.do, p)
	if err != nil || bytes.Contains(light.Bytes, []byte("<style>")) {
		t.Errorf("%v: %s", err, light.Bytes)
	}
	keys := map[render.Key]string{}
	for _, o := range []Options{{Format: "png"}, {Format: "png", Scale: 2}, {Format: "png", Theme: "dark"}, {Format: "pdf"}, {Format: "pdf", Paper: "a4"}, {Format: "pdf", Base: "https://who.example/"}} {
		b.jobs = nil
		if _, err := o.File(t.Context(), b.do, p); err != nil || len(b.jobs) != 2 {
			t.Fatalf("%+v: %v, %d jobs", o, err, len(b.jobs))
		}
		if other := keys[b.jobs[1].Key()]; other != "" {
			t.Errorf("%+v is the same job as %s", o, other)
		}
		keys[b.jobs[1].Key()] = fmt.Sprintf("%+v", o)
	}
	b.jobs = nil
	if _, err := (Options{Format: "pdf"}).File(t.Context(), b.do, p, p); err != nil || len(b.jobs) != 3 {
		t.Errorf("two pages: %v, %d jobs", err, len(b.jobs))
	}
	for _, o := range []Options{{Format: "png"}, {Format: "svg"}} {
		if _, err := o.File(t.Context(), b.do, p, p); err == nil {
			t.Errorf("two pictures in one %s", o.Format)
		}
	}
	if _, err := (Options{Format: "gif"}).File(t.Context(), b.do, p); err == nil {
		t.Error("a GIF was made")
	}
	failed := errors.New("no")
	if _, err := (Options{Format: "pdf"}).File(t.Context(), func(context.Context, render.Job) (render.File, error) { return render.File{}, failed }, p); !errors.Is(err, failed) {
		t.Errorf("the error is %v", err)
	}
}

// TestSlowPNG holds that a PNG which takes too long is tried once more, as another job.
func TestSlowPNG(t *testing.T) {
	for tries, want := range map[int]error{1: nil, 2: render.ErrTooSlow} {
		var b bench
		slow := func(ctx context.Context, j render.Job) (render.File, error) {
			f, err := b.do(ctx, j)
			if n := len(b.jobs); n > 1 && n <= 1+tries {
				return render.File{}, render.ErrTooSlow
			}
			return f, err
		}
		_, err := Options{Format: "png", Scale: 3}.File(t.Context(), slow, picture(t))
		if !errors.Is(err, want) || len(b.jobs) != 3 || b.jobs[1].Key() == b.jobs[2].Key() {
			t.Errorf("too slow %d times: %v, %d jobs", tries, err, len(b.jobs))
		}
	}
}

// TestInks holds that every ink of the pictures is one that the painter knows, and that the ground comes last.
func TestInks(t *testing.T) {
	if (Options{}).inks() != nil || (Options{Theme: "light"}).inks() != nil {
		t.Error("light pictures are drawn in other inks")
	}
	inks := Options{Theme: "dark"}.inks()
	svg := []byte(`<svg width="10pt" height="10pt" viewBox="0 0 10 10"><rect class="paper" width="10" height="10" fill="#ffffff"/></svg>`)
	if _, err := drawing.Read(svg, inks...); err != nil {
		t.Error(err)
	}
	if last := inks[len(inks)-1]; last.Within != ".paper" || len(inks) != len(diagram.Palette())+1 {
		t.Errorf("%d inks, the last is %+v", len(inks), last)
	}
}
