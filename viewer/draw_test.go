package viewer

import (
	"context"
	"fmt"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/whoserves/examples"
	"example.com/whoserves/graph"
	"example.com/whoserves/importer"
	"example.com/whoserves/viewer/render"
)

func TestPicturesAsFiles(t *testing.T) {
	t.Parallel()
	s := serverOf(t, airline(t))
	const view = "view=customer&customer=leisure-travellers"
	for _, c := range []struct{ path, kind, begins, name string }{
		{"/draw.svg?" + view, "image/svg+xml", "<?xml", ".svg"},
		{"/draw.svg?theme=dark&" + view, "image/svg+xml", "<?xml", ".svg"},
		{"/draw.png?" + view, "image/png", "\x89PNG", ".png"},
		{"/draw.png?scale=2&theme=dark&" + view, "image/png", "\x89PNG", ".png"},
		{"/draw.pdf?" + view, "application/pdf", "%PDF-", ".pdf"},
		{"/draw.pdf?paper=a4&theme=light&" + view, "application/pdf", "%PDF-", ".pdf"},
		{"/draw.dot?" + view, "text/vnd.graphviz; charset=utf-8", "digraph", ".dot"},
	} {
		r := ask(t, s, c.path)
		if r.status != 200 || r.header.Get("Content-Type") != c.kind || !strings.HasPrefix(r.body, c.begins) {
			t.Errorf("%s: status %d, %s, %.40q", c.path, r.status, r.header.Get("Content-Type"), r.body)
		}
		if name := r.header.Get("Content-Disposition"); !strings.HasPrefix(name, "inline;") || !strings.Contains(name, c.name+`"`) {
			t.Errorf("%s: is called %s", c.path, name)
		}
		if r.header.Get("Cache-Control") != "no-cache" || r.header.Get("Etag") == "" {
			t.Errorf("%s: Cache-Control %q, ETag %q", c.path, r.header.Get("Cache-Control"), r.header.Get("Etag"))
		}
		again := ask(t, s, c.path, func(req *http.Request) { req.Header.Set("If-None-Match", r.header.Get("Etag")) })
		if again.status != http.StatusNotModified || again.body != "" {
			t.Errorf("%s again: status %d, %d bytes", c.path, again.status, len(again.body))
		}
		if packed := r.header.Get("Content-Encoding"); packed != "" {
			t.Errorf("%s: %s", c.path, packed)
		}
	}
}

// TestScaleAndTheme holds that a PNG has the size and the ground that were asked for.
func TestScaleAndTheme(t *testing.T) {
	t.Parallel()
	s := serverOf(t, airline(t))
	config := func(path string) (w, h int, ground string) {
		t.Helper()
		img, err := png.Decode(strings.NewReader(ask(t, s, path).body))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		r, g, b, _ := img.At(1, 1).RGBA()
		return img.Bounds().Dx(), img.Bounds().Dy(), fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
	}
	w, h, ground := config("/draw.png?view=node&node=payroll")
	if ground != "#ffffff" {
		t.Errorf("the ground is %s", ground)
	}
	for scale := 2; scale <= 3; scale++ {
		w2, h2, dark := config(fmt.Sprintf("/draw.png?view=node&node=payroll&theme=dark&scale=%d", scale))
		if abs(w2-scale*w) > scale || abs(h2-scale*h) > scale || dark != "#10161f" {
			t.Errorf("at %d: %d x %d on %s, at 1: %d x %d", scale, w2, h2, dark, w, h)
		}
	}
}

func abs(n int) int { return max(n, -n) }

// TestLoweredScale holds that a PNG beyond the limit is painted smaller, and that the answer says so.
func TestLoweredScale(t *testing.T) {
	t.Parallel()
	s := serverOf(t, airline(t))
	s.maxPixels = 200_000
	for path, lowered := range map[string]bool{"/draw.png?view=node&node=payroll&scale=3": true, "/draw.pdf?view=node&node=payroll": false} {
		r := ask(t, s, path)
		if note := r.header.Get(headerNote); r.status != 200 || strings.Contains(note, "too large for the size asked for") != lowered {
			t.Errorf("%s: status %d, note %q", path, r.status, note)
		}
		if !lowered {
			continue
		}
		c, err := png.DecodeConfig(strings.NewReader(r.body))
		if n := c.Width * c.Height; err != nil || n > s.maxPixels || n < s.maxPixels*9/10 || !strings.Contains(r.header.Get(headerNote), fmt.Sprintf("%d x %d pixels", c.Width, c.Height)) {
			t.Errorf("%d x %d pixels, %v, note %q", c.Width, c.Height, err, r.header.Get(headerNote))
		}
	}
}

// TestBeyondLimits holds that a picture with more in it than a PNG or PDF can have is offered as SVG.
func TestBeyondLimits(t *testing.T) {
	t.Parallel()
	var nodes []*graph.NodeRecord
	var links []*graph.LinkRecord
	for i := range 30 {
		name := fmt.Sprintf("%d %s", i, strings.Repeat("😀", 20))
		nodes = append(nodes, &graph.NodeRecord{Name: name, Kind: graph.Team})
		links = append(links, &graph.LinkRecord{Provider: name, Consumer: "C"})
	}
	s := serverOf(t, orgOf("Faces", append(nodes, &graph.NodeRecord{Name: "C", Kind: graph.Customer}), links))
	const view = "view=customer&customer=c"
	for _, format := range []string{"png", "pdf"} {
		r := ask(t, s, "/draw."+format+"?"+view)
		if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "Take /draw.svg") || !strings.Contains(r.body, "31 boxes and 30 arrows") {
			t.Errorf("%s: status %d, %.3000s", format, r.status, r.body)
		}
	}
	if r := ask(t, s, "/draw.svg?"+view); r.status != 200 {
		t.Errorf("SVG: status %d", r.status)
	}
}

// TestManyClientsGetTheSameFiles holds that what eight clients get at once is what one gets alone, from another pool.
func TestManyClientsGetTheSameFiles(t *testing.T) {
	t.Parallel()
	o := graph.NewSnapshot(airline(t))
	server := func(workers int) *Server {
		p := render.NewPool(render.Options{Workers: workers, Queue: 256, Timeout: time.Minute, CacheBytes: -1})
		t.Cleanup(func() { p.Close() })
		ctx, cancel := context.WithCancel(context.Background())
		s, err := New(ctx, Config{Snapshot: o, Render: p})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { cancel(); s.keeper.work.Wait() })
		if err := s.Wait(ctx); err != nil {
			t.Fatal(err)
		}
		return s
	}
	var paths []string
	for _, view := range []string{"view=risks", "view=customer&customer=leisure-travellers", "view=bottlenecks&nodes=20"} {
		paths = append(paths, "/draw.png?"+view, "/draw.pdf?"+view, "/draw.png?theme=dark&"+view)
	}
	alone, crowd := server(1), server(3)
	want := map[string]string{}
	for _, p := range paths {
		want[p] = ask(t, alone, p).body
	}
	var wg sync.WaitGroup
	for c := range 8 {
		wg.Go(func() {
			for i := range paths {
				p := paths[(i+c)%len(paths)]
				if r := ask(t, crowd, p); r.status != 200 || r.body != want[p] {
					t.Errorf("client %d: %s: status %d, %d bytes, alone %d", c, p, r.status, len(r.body), len(want[p]))
				}
			}
		})
	}
	wg.Wait()
}

func TestHostileFileQuestions(t *testing.T) {
	t.Parallel()
	s := serverOf(t, layers(60))
	for query, says := range map[string]string{
		"png?view=overview&scale=0":                           "one of 1, 2, 3",
		"png?view=overview&scale=4":                           "one of 1, 2, 3",
		"png?view=overview&scale=1e99":                        "one of 1, 2, 3",
		"png?view=overview&scale=NaN":                         "one of 1, 2, 3",
		"png?view=overview&scale=-1":                          "one of 1, 2, 3",
		"png?view=overview&scale=1&scale=2":                   "give it once",
		"png?view=overview&paper=a4":                          "PNG has no paper",
		"png?view=overview&theme=../../etc":                   "one of light, dark",
		"pdf?view=overview&scale=2":                           "PDF has no scale",
		"pdf?view=overview&paper=a0":                          "a4, a3, letter, 16x9",
		"pdf?view=overview&base=https://evil.test":            "no key “base”",
		"pdf?view=overview&view=risks":                        "give it once",
		"svg?view=overview&paper=a4":                          "SVG has no paper",
		"dot?view=overview&theme=dark":                        "DOT has no theme",
		"pdf?view=overview&open=" + strings.Repeat("é", 2000): "There is no",
		"png": "view",
	} {
		r := ask(t, s, "/draw."+query)
		if r.status != 400 && r.status != 404 || !strings.Contains(r.body, says) || r.header.Get("Content-Disposition") != "" {
			t.Errorf("%.60s: status %d, %.300s; want words %q", query, r.status, r.body, says)
		}
		if kind := r.header.Get("Content-Type"); kind != "text/plain; charset=utf-8" {
			t.Errorf("%.60s: %s", query, kind)
		}
	}
}

// TestLinksLeadToOurPages holds that links of a PDF lead where the configuration says, whatever the request says.
func TestLinksLeadToOurPages(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]bool{"": false, "https://who.example/firm/": true} {
		ctx, cancel := context.WithCancel(context.Background())
		t.Cleanup(cancel)
		s, err := New(ctx, Config{Snapshot: graph.NewSnapshot(layers(10)), Render: drawer(), BaseURL: base})
		if err != nil {
			t.Fatal(err)
		}
		r := ask(t, s, "/draw.pdf?view=overview&hubs=draw", func(req *http.Request) {
			req.Host = "localhost"
			req.Header.Set("X-Forwarded-Host", "evil.test")
		})
		if strings.Contains(r.body, "/URI") != want || want && !strings.Contains(r.body, "https://who.example/firm/") {
			t.Errorf("base %q: status %d, links: %t", base, r.status, strings.Contains(r.body, "/URI"))
		}
		if strings.Contains(r.body, "evil.test") || strings.Contains(r.body, "localhost") {
			t.Error("an address of the request is in the PDF")
		}
	}
	_, err := New(t.Context(), Config{Snapshot: graph.NewSnapshot(layers(10)), Render: drawer(), BaseURL: "who.example"})
	if err == nil || !strings.Contains(err.Error(), "https://who.example/") {
		t.Errorf("a base address without https: %v", err)
	}
}

// TestNotes holds that what could not be drawn as asked is told in ASCII.
func TestNotes(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"4 characters could not be drawn: 水産輸出; install fonts-noto-cjk.": "4 characters could not be drawn: U+6C34 U+7523 U+8F38 U+51FA; install fonts-noto-cjk.",
		"at a scale of 1.5, 2 × 3 pixels":                                "at a scale of 1.5, 2 x 3 pixels",
		"a\r\nSet-Cookie: x":                                             "a U+000D U+000ASet-Cookie: x",
		"“a”…":                                                           `"a" ...`,
	} {
		if got := inASCII(words); got != want {
			t.Errorf("%q becomes %q, want %q", words, got, want)
		}
	}
	for _, r := range "Zürich Ωμέγα Привет שלום … – × “x” → ≥ ● Ệ" {
		if needsFonts(r) {
			t.Errorf("%c is thought to need other fonts", r)
		}
	}
	for _, r := range "水सا😀ไ" {
		if !needsFonts(r) {
			t.Errorf("%c is thought to be built in", r)
		}
	}
}

// TestMissingCharactersAreTold draws a character that no font can have: page and file say so.
func TestMissingCharactersAreTold(t *testing.T) {
	t.Parallel()
	s := serverOf(t, orgOf("Signs", []*graph.NodeRecord{{Name: "Team \U000F1234 水", Kind: graph.Team}, {Name: "C", Kind: graph.Customer}},
		[]*graph.LinkRecord{{Provider: "Team \U000F1234 水", Consumer: "C"}}))
	for _, path := range []string{"/draw.pdf?view=overview", "/draw.png?view=overview"} {
		if note := ask(t, s, path).header.Get(headerNote); !strings.Contains(note, "1 character could not be drawn: U+F1234;") {
			t.Errorf("%s: the note is %q", path, note)
		}
	}
	if said := words(get(t, s, "/")); !strings.Contains(said, "In PNG and PDF, 1 character could not be drawn: U+F1234;") {
		t.Errorf("the page: %.2000s", said)
	}
	if said := words(get(t, serverOf(t, layers(10)), "/")); strings.Contains(said, "In PNG and PDF") {
		t.Errorf("a page without such characters: %.2000s", said)
	}
}

// TestSaves holds that every picture can be saved, as it is shown.
func TestSaves(t *testing.T) {
	t.Parallel()
	s := serverOf(t, airline(t))
	for _, c := range []struct{ path, theme, view string }{
		{"/", "", "view=overview"}, {"/", "dark", "view=overview"},
		{"/risks?exposed=1", "dark", "view=risks&amp;exposed=1"}, {"/customers/leisure-travellers", "light", "view=customer&amp;customer=leisure-travellers"},
		{"/what-if?fail=fuelling", "", "view=ripple"}, {"/paths?from=fuelling&to=leisure-travellers", "", "view=paths"}, {"/bottlenecks", "", "view=bottlenecks"},
	} {
		r := ask(t, s, c.path, func(req *http.Request) { req.AddCookie(&http.Cookie{Name: "theme", Value: c.theme}) })
		_, bar, _ := strings.Cut(r.body, `<div class="saves">`)
		bar, _, _ = strings.Cut(bar, "</div>")
		last := 0
		for _, format := range []string{"svg", "png", "pdf", "dot"} {
			at := strings.Index(bar, `href="/draw.`+format+"?"+c.view)
			if at < last {
				t.Errorf("%s: no way to save %s in its place: %s", c.path, format, bar)
			}
			last = at
		}
		wants := 0
		if c.theme != "" {
			wants = 3
		}
		if n := strings.Count(bar, "theme="+c.theme); c.theme != "" && n != wants {
			t.Errorf("%s: the theme is in %d links: %s", c.path, n, bar)
		}
	}
}

// airline reads the example that the demo opens.
func airline(t *testing.T) *graph.Org {
	t.Helper()
	folder, err := examples.Open("airline")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "airline")
	if err := os.CopyFS(dir, folder); err != nil {
		t.Fatal(err)
	}
	return readFolder(t, dir)
}

// readFolder reads an organisation from a folder of tables.
func readFolder(t *testing.T, dir string) *graph.Org {
	t.Helper()
	in, err := importer.Read(context.Background(), []string{dir}, importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return in.Org
}
