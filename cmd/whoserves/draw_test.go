package main

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/viewer/diagram"
)

// viewsOf gives every view of an organisation, with what it needs.
func viewsOf(t *testing.T, s *graph.Snapshot) []string {
	t.Helper()
	customer, provider := s.Nodes[s.Customers[0]].ID, ""
	for v := range int32(len(s.Nodes)) {
		if s.Nodes[v].Kind == graph.Supplier {
			provider = s.Nodes[v].ID
			break
		}
	}
	needs := map[string]string{"customer": "&customer=" + customer, "node": "&node=" + provider, "paths": "&from=" + provider + "&to=" + customer, "ripple": "&fail=" + provider}
	var views []string
	for _, name := range diagram.Names() {
		views = append(views, name+needs[name])
	}
	if len(views) < 7 || provider == "" {
		t.Fatalf("views %q", views)
	}
	return views
}

// TestDrawEveryView draws every view of both examples as PNG, and all of them into one PDF.
func TestDrawEveryView(t *testing.T) {
	for _, example := range []string{"airline", "first"} {
		d := newDesk(t)
		from := filepath.Join("..", "..", "examples", example)
		a := &app{from: []string{from}, org: "default", stdout: os.Stdout, stderr: os.Stderr}
		s, err := a.files(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		all := []string{"draw", "--from", from, "-o", filepath.Join(d.dir, "all.pdf"), "--paper", "a4", "--base-url", "https://who.example/"}
		for _, view := range viewsOf(t, s) {
			all = append(all, "--view", view)
			file := filepath.Join(d.dir, "a.png")
			if r := d.check(done, "draw", "--from", from, "--view", view, "-o", file); r.stderr != "" || r.stdout != "" {
				t.Errorf("%s: says %s%s", view, r.stdout, r.stderr)
			}
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if c, err := png.DecodeConfig(bytes.NewReader(b)); err != nil || c.Width < 500 || c.Height < 200 {
				t.Errorf("%s: %d x %d pixels, %v", view, c.Width, c.Height, err)
			}
		}
		if r := d.check(done, all...); r.stderr != "" {
			t.Errorf("%s: says %s", example, r.stderr)
		}
		b, err := os.ReadFile(filepath.Join(d.dir, "all.pdf"))
		if err != nil {
			t.Fatal(err)
		}
		if n, want := bytes.Count(b, []byte("<</Type /Page\n")), len(viewsOf(t, s)); n != want {
			t.Errorf("%s: a PDF of %d pages, want %d", example, n, want)
		}
		if !bytes.Contains(b, []byte("https://who.example/")) {
			t.Errorf("%s: no links", example)
		}
		before := string(b)
		d.check(done, all...)
		if b, _ = os.ReadFile(filepath.Join(d.dir, "all.pdf")); string(b) != before {
			t.Errorf("%s: twice the same views give different files", example)
		}
	}
}

func TestDrawOptions(t *testing.T) {
	d := imported(t)
	file := func(name string) string { return filepath.Join(d.dir, name) }
	size := func(name string) (w, h int) {
		t.Helper()
		f, err := os.Open(file(name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		c, err := png.DecodeConfig(f)
		if err != nil {
			t.Fatal(err)
		}
		return c.Width, c.Height
	}
	d.run(done, "draw", "-o", file("1.png"))
	d.run(done, "draw", "-o", file("2.PNG"), "--scale", "2", "--theme", "dark")
	w1, h1 := size("1.png")
	if w2, h2 := size("2.PNG"); w2 < 2*w1-2 || w2 > 2*w1 || h2 < 2*h1-2 || h2 > 2*h1 {
		t.Errorf("%d x %d, and at twice the scale %d x %d", w1, h1, w2, h2)
	}
	if r := d.run(done, "draw", "-o", "-", "--as", "pdf"); !strings.HasPrefix(r.stdout, "%PDF-") || strings.Contains(r.stdout, "/URI") {
		t.Errorf("got %.80q", r.stdout)
	}
	svg := d.run(done, "draw", "-o", "-").stdout
	if !strings.Contains(svg, "version 1 of "+time.Now().Format("2 January 2006")) && !strings.Contains(svg, "Version 1 of "+time.Now().Format("2 January 2006")) {
		t.Errorf("the picture does not say what it rests on: %.3000s", svg)
	}
	for says, args := range map[string][]string{
		"one view at a time":   {"-o", file("a.svg"), "--view", "overview", "--view", "risks"},
		"write 1, 2, 3":        {"-o", file("a.png"), "--scale", "4"},
		"PDF has no scale":     {"-o", file("a.pdf"), "--scale", "2"},
		"PNG has no paper":     {"-o", file("a.png"), "--paper", "a4"},
		"a4, a3, letter, 16x9": {"-o", file("a.pdf"), "--paper", "a0"},
		"light, dark":          {"-o", file("a.pdf"), "--theme", "black"},
		"DOT has no theme":     {"-o", file("a.dot"), "--theme", "dark"},
		"links in a PDF":       {"-o", file("a.png"), "--base-url", "https://who.example"},
		"https://who.example/": {"-o", file("a.pdf"), "--base-url", "javascript:alert(1)"},
		"is not known":         {"-o", file("a.pdf"), "--view", "overview", "--view", "nothing"},
		"no “rampp”":           {"-o", file("a.pdf"), "--view", "overview", "--view", "node&node=rampp"},
	} {
		if r := d.run(wrong, append([]string{"draw"}, args...)...); !strings.Contains(r.stderr, says) {
			t.Errorf("%q: says %s; want words %q", args, r.stderr, says)
		}
	}
	if left, _ := filepath.Glob(file("a.*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if r := d.run(trouble, "draw", "-o", file("none/a.png")); !strings.Contains(r.stderr, "open "+file("none/a.png")+": ") {
		t.Errorf("says %s", r.stderr)
	}
	before, _ := os.ReadFile(file("1.png"))
	d.run(done, "draw", "-o", file("1.png"), "--scale", "2")
	if after, err := os.ReadFile(file("1.png")); err != nil || len(after) <= len(before) {
		t.Errorf("a file of %d bytes became one of %d, %v", len(before), len(after), err)
	}
	if left, _ := filepath.Glob(file(".1.png*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	d.run(wrong, "serve", "--listen", "127.0.0.1:0", "--base-url", "who.example")
}

// TestDrawTellsWhatIsMissing draws a character that no font can have.
func TestDrawTellsWhatIsMissing(t *testing.T) {
	d := newDesk(t)
	links := d.file("links.csv", "provider,consumer,service", "Fuel \U000F1234,Ramp,Fuel")
	for _, name := range []string{"a.png", "a.pdf"} {
		r := d.check(done, "draw", "--from", links, "-o", filepath.Join(d.dir, name))
		if !strings.Contains(r.stderr, "1 character could not be drawn: U+F1234;") || r.stdout != "" {
			t.Errorf("%s: says %s%s", name, r.stdout, r.stderr)
		}
	}
}

// TestDrawLargePicture asks for more pixels than a PNG may have.
func TestDrawLargePicture(t *testing.T) {
	d := newDesk(t)
	file := filepath.Join(d.dir, "a.png")
	r := d.check(done, "draw", "--from", manyLinks(d, 250, func(i, j int) int { return i + 1 + (i*7+j*13)%9 }), "-o", file, "--view", "overview&nodes=2000&links=all", "--scale", "3")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c, err := png.DecodeConfig(bytes.NewReader(b))
	if said := fmt.Sprintf("%d × %d pixels", c.Width, c.Height); err != nil || !strings.Contains(r.stderr, "too large") || !strings.Contains(r.stderr, said) {
		t.Errorf("%s, %v: says %s", said, err, r.stderr)
	}
	if (c.Width-1)*(c.Height-1) > 40_000_000 {
		t.Errorf("%d x %d pixels", c.Width, c.Height)
	}
}

// TestDrawStopped holds that Ctrl+C ends drawing, and leaves no file.
func TestDrawStopped(t *testing.T) {
	d := newDesk(t)
	links := manyLinks(d, 400, func(i, j int) int { return (i*7 + j*13 + 1) % 400 }) // a tangle
	file := filepath.Join(d.dir, "a.pdf")
	ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
	defer cancel()
	var out, err bytes.Buffer
	start := time.Now()
	status := run(ctx, []string{"draw", "--from", links, "-o", file, "--view", "overview&nodes=2000&links=all"}, strings.NewReader(""), &out, &err)
	if status != trouble || !strings.Contains(err.String(), "stopped before it was done") || exists(file) {
		t.Errorf("status %d, says %s, file there: %t, after %s", status, &err, exists(file), time.Since(start))
	}
}

// manyLinks writes a file of n teams, each of which serves four others.
func manyLinks(d *desk, n int, whom func(i, j int) int) string {
	rows := []string{"provider,consumer,service"}
	for i := range n {
		for j := range 4 {
			rows = append(rows, nodeName(i)+","+nodeName(whom(i, j))+",")
		}
	}
	return d.file("links.csv", rows...)
}

func nodeName(i int) string { return "Team " + string(rune('A'+i/26)) + string(rune('a'+i%26)) }
