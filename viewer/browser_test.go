//go:build browser

package viewer

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/whoserves/graph"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser is one Chromium for all tests here.
var browser = sync.OnceValues(func() (context.Context, error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, fmt.Errorf("this test needs Debian's chromium: %w", err)
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("no-proxy-server", true), chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"))
	allocator, _ := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, _ := chromedp.NewContext(allocator)
	return ctx, chromedp.Run(ctx)
})

// tab is a page of the browser that remembers what its console says.
type tab struct {
	t    *testing.T
	ctx  context.Context
	base string

	mu      sync.Mutex
	console []string
}

func openTab(t *testing.T, base string) *tab {
	t.Helper()
	b, err := browser()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(b)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(cancel)
	tb := &tab{t: t, ctx: ctx, base: base}
	chromedp.ListenTarget(ctx, func(e any) {
		tb.mu.Lock()
		defer tb.mu.Unlock()
		switch e := e.(type) {
		case *runtime.EventExceptionThrown:
			tb.console = append(tb.console, e.ExceptionDetails.Error())
		case *runtime.EventConsoleAPICalled:
			tb.console = append(tb.console, string(e.Type))
		case *log.EventEntryAdded:
			tb.console = append(tb.console, e.Entry.Text+" "+e.Entry.URL)
		}
	})
	tb.run(log.Enable(), runtime.Enable())
	tb.size(1440)
	return tb
}

func (tb *tab) run(actions ...chromedp.Action) {
	tb.t.Helper()
	if err := chromedp.Run(tb.ctx, actions...); err != nil {
		tb.t.Fatal(err)
	}
}

// openStill shows a page that would load itself again and again, without that.
func (tb *tab) openStill(path string) {
	tb.t.Helper()
	tb.run(chromedp.Navigate(tb.base + "/static/none"))
	value[bool](tb, fmt.Sprintf(`fetch(%q).then(r => r.text()).then(text => new Promise(done => {
		document.open(); document.write(text.replace(/<meta http-equiv="?refresh[^>]*>/, "")); document.close();
		if (document.readyState === "complete") done(true); else addEventListener("load", () => done(true))}))`, path))
}

func (tb *tab) size(width int64) {
	tb.t.Helper()
	tb.run(emulation.SetDeviceMetricsOverride(width, 900, 1, width < 600))
}

// open loads a page and waits for its picture, when it has one that is still being drawn.
func (tb *tab) open(path string) {
	tb.t.Helper()
	for range 60 {
		tb.run(chromedp.Navigate(tb.base+path), chromedp.WaitReady("main"))
		if !tb.yes(`!!document.querySelector("meta[http-equiv=refresh]")`) {
			return
		}
		time.Sleep(250 * time.Millisecond)
	}
	tb.t.Fatalf("%s: the picture never comes", path)
}

func (tb *tab) yes(js string) bool { tb.t.Helper(); return value[bool](tb, js) }

// value runs JavaScript in the page.
func value[T any](tb *tab, js string) (v T) {
	tb.t.Helper()
	if err := chromedp.Run(tb.ctx, chromedp.Evaluate(js, &v, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) })); err != nil {
		tb.t.Fatalf("%s: %v", js, err)
	}
	return v
}

// follow goes where a link leads and waits for the page.
func (tb *tab) follow(selector string) {
	tb.t.Helper()
	href := value[string](tb, `(document.querySelector(`+quoted(selector)+`)?.getAttribute("href") ?? document.querySelector(`+quoted(selector)+`)?.getAttribute("xlink:href")) ?? ""`)
	if href == "" {
		tb.t.Fatalf("%s: no link %s", value[string](tb, "location.href"), selector)
	}
	tb.open(href)
}

func quoted(s string) string { b, _ := json.Marshal(s); return string(b) }

func (tb *tab) quiet(where string) {
	tb.t.Helper()
	tb.mu.Lock()
	defer tb.mu.Unlock()
	for _, c := range tb.console {
		tb.t.Errorf("%s: the console says: %s", where, c)
	}
	tb.console = nil
}

// listen serves an organisation on a port of its own.
func listen(t *testing.T, o *graph.Org) (base string, s *Server) {
	t.Helper()
	s = serverOf(t, o)
	return serveAt(t, s), s
}

// serveAt runs a server until the test ends, and gives its address.
func serveAt(t *testing.T, s *Server) (base string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return "http://" + ln.Addr().String()
}

// The pages that are looked at with every rule.
func exampleAddresses(s *Server) []string {
	ed := s.keeper.now.Load()
	paths := []string{"/", "/customers", "/teams", "/suppliers", "/people", "/resources", "/units", "/risks", "/bottlenecks?basis=measured", "/bottlenecks?basis=structural",
		"/paths", "/what-if", "/search?q=e", "/search?q=nothing-like-it", "/problems", "/sources", "/history", "/reconcile", "/reconcile?team=payroll", "/nowhere", "/risks?kind=teem"}
	seen := map[graph.Kind]bool{}
	for v := range int32(len(ed.snap.Nodes)) {
		if k := ed.snap.Nodes[v].Kind; !seen[k] {
			seen[k] = true
			paths = append(paths, ed.href(v))
		}
	}
	if sp := ed.findings.SPOFs; len(sp) > 0 {
		last := sp[len(sp)-1]
		paths = append(paths, ed.href(sp[0].Node), ed.href(last.Node), "/what-if?fail="+url.QueryEscape(ed.snap.Nodes[sp[0].Node].ID),
			"/paths?k=5&from="+url.QueryEscape(ed.snap.Nodes[sp[0].Node].ID)+"&to="+url.QueryEscape(ed.snap.Nodes[sp[0].FirstCustomer].ID),
			ed.href(sp[0].FirstCustomer)+"?links=all&chain="+url.QueryEscape(ed.snap.Nodes[sp[0].Node].ID))
	}
	return paths
}

// TestBrowserJourney goes the way of somebody who sees it for the first time, with and without JavaScript.
func TestBrowserJourney(t *testing.T) {
	base, s := listen(t, airline(t))
	ed := s.keeper.now.Load()
	for _, script := range []bool{true, false} {
		t.Run(fmt.Sprintf("script=%v", script), func(t *testing.T) {
			tb := openTab(t, base)
			tb.t = t
			tb.run(emulation.SetScriptExecutionDisabled(!script))
			tb.open("/")
			if !tb.yes(`document.querySelectorAll(".frame svg .node").length > 5`) {
				t.Error("the overview has no picture")
			}
			if tb.yes(`!!document.querySelector(".zoom")`) != script {
				t.Error("zoom buttons without script, or none with it")
			}
			tb.follow(`#know .notes a[href^="/"]:not([href*="risks"])`) // the first finding names one
			spof := ed.findings.SPOFs[0]
			tb.open(ed.href(spof.Node))
			if got := value[string](tb, `document.querySelector("h1").innerText`); got != ed.nameOf(spof.Node) {
				t.Errorf("its page is called %q", got)
			}
			tb.follow(`.frame .node a[*|href^="/customers/"]`) // a customer in its picture
			if !tb.yes(`location.pathname.startsWith("/customers/") && !!document.querySelector("#stops")`) {
				t.Errorf("the customer's page is %s", value[string](tb, "location.href"))
			}
			tb.follow(`#stops tbody th a`) // one that stops it
			tb.follow(`.crumbs a[href^="/what-if"]`)
			if said := value[string](tb, `document.querySelector(".lede").innerText`); !strings.Contains(said, "stop") {
				t.Errorf("what if says %q", said)
			}
			svg := value[string](tb, `document.querySelector(".saves a").getAttribute("href")`)
			tb.run(chromedp.Navigate(tb.base + svg))
			if !tb.yes(`document.documentElement.tagName === "svg" && document.querySelectorAll(".node").length > 2 && !!document.querySelector(".legend")`) {
				t.Error("the picture is not to be had")
			}
			tb.quiet("journey")
		})
	}
}

// TestBrowserSave follows the ways to take a picture along, from several pages, in the theme of the page.
func TestBrowserSave(t *testing.T) {
	base, _ := listen(t, airline(t))
	tb := openTab(t, base)
	const kinds = "image/svg+xml image/png application/pdf text/vnd.graphviz; charset=utf-8"
	for _, theme := range []string{"auto", "dark"} {
		for _, path := range []string{"/", "/customers/leisure-travellers", "/risks", "/bottlenecks", "/what-if?fail=payroll", "/paths?from=payroll&to=leisure-travellers"} {
			tb.open(path)
			tb.open(value[string](tb, fmt.Sprintf(`document.querySelector('.themes a[href*="theme=%s"]').getAttribute("href")`, theme)))
			got := value[string](tb, `Promise.all([...document.querySelectorAll(".saves a[download]")].map(async a => {
				const answer = await fetch(a.href);
				return answer.status === 200 && (await answer.blob()).size > 500 ? answer.headers.get("Content-Type") : String(answer.status);
			})).then(kinds => kinds.join(" "))`)
			if got != kinds {
				t.Errorf("%s in %s: saved as %s", path, theme, got)
			}
			ground := value[string](tb, `(async () => {
				const img = new Image();
				img.src = document.querySelector('.saves a[href^="/draw.png"]').href;
				await img.decode();
				const c = new OffscreenCanvas(2, 2).getContext("2d");
				c.drawImage(img, 0, 0);
				return [...c.getImageData(0, 0, 1, 1).data].join(",");
			})()`)
			if want := map[string]string{"auto": "255,255,255,255", "dark": "16,22,31,255"}[theme]; ground != want {
				t.Errorf("%s in %s: the PNG begins with %s", path, theme, ground)
			}
			tb.quiet("saving from " + path)
		}
	}
}

// TestBrowserHostileNames holds that names show as themselves and run nothing.
func TestBrowserHostileNames(t *testing.T) {
	base, s := listen(t, hostile())
	tb := openTab(t, base)
	ed := s.keeper.now.Load()
	for v := range int32(len(ed.snap.Nodes)) {
		if ed.snap.Nodes[v].ID == ".." {
			continue
		}
		tb.open(ed.href(v))
		want := strings.Join(strings.Fields(ed.nameOf(v)), " ")
		if got := strings.Join(strings.Fields(value[string](tb, `document.querySelector("h1").textContent`)), " "); got != want {
			t.Errorf("%s is called %q", want, got)
		}
		if tb.yes(`!!document.querySelector("main img, main script, main iframe") || "xss" in window`) {
			t.Errorf("%s: markup in a name counts", want)
		}
	}
	tb.open("/customers/c")
	titles := strings.Join(value[[]string](tb, `[...document.querySelectorAll(".frame text")].map(e => e.textContent)`), " ")
	for _, piece := range []string{"<script>", "emoji", "客舱服务部", "]]>", `\N`, "&amp;", "الخطوط"} {
		if !strings.Contains(titles, piece) {
			t.Errorf("the picture does not show %s: %s", piece, titles)
		}
	}
	tb.run(chromedp.Navigate(base + "/draw.svg?view=overview"))
	if !tb.yes(`document.documentElement.tagName === "svg" && !document.querySelector("parsererror")`) {
		t.Error("the picture of hostile names is no SVG")
	}
	tb.quiet("hostile names")
}

// TestBrowserAccessible asks axe about every page, in light and dark, wide and narrow; and that nothing scrolls sideways but
// pictures and tables in their frames; and that text lies inside its node.
func TestBrowserAccessible(t *testing.T) {
	source := axeSource(t)
	for name, o := range map[string]*graph.Org{"airline": airline(t), "hostile": hostile(), "empty": orgOf("Empty", nil, nil), "large": layers(400)} {
		t.Run(name, func(t *testing.T) {
			base, s := listen(t, o)
			tb := openTab(t, base)
			for _, path := range exampleAddresses(s) {
				looks := looks
				if name != "airline" {
					looks = looks[2:] // the same pages with other names
				}
				checkLooks(tb, source, name, path, looks)
			}
		})
	}
}

// TestBrowserAccessibleWithoutStore asks axe about what pages say while they wait for a store, while it is away, and of what is
// wrong in it.
func TestBrowserAccessibleWithoutStore(t *testing.T) {
	source := axeSource(t)
	file := func() *flaky {
		st := &flaky{Store: openStore(t, filepath.Join(t.TempDir(), "a.db"))}
		importInto(t, st, layers(10))
		return st
	}
	refresh := func(context.Context) (int64, []graph.Problem, error) {
		return 1, []graph.Problem{{File: "neo4j", Column: "criticality", Severity: graph.Warning, Message: "“default/team-1” → “default/team-2”: “urgent” is no criticality: write critical, important or minor"}}, nil
	}
	away := file()
	slow := quick
	slow.patient = 10 * time.Millisecond
	for name, s := range map[string]*Server{
		"waiting": serverAt(t, Config{Open: func(context.Context) (graph.Store, error) { return nil, errRefused }}, slow),
		"away":    serverAt(t, Config{Store: away}, quick),
		"others":  serverAt(t, Config{Store: file(), Refresh: refresh}, quick),
	} {
		t.Run(name, func(t *testing.T) {
			if name != "waiting" {
				if err := s.Wait(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if name == "away" {
				away.fail(errRefused)
				eventually(func() bool { _, got := isReady(t, s); return got["store"] == "away" })
			}
			tb := openTab(t, serveAt(t, s))
			for _, path := range []string{"/", "/teams", "/problems"} {
				checkLooks(tb, source, name, path, looks)
			}
		})
	}
}

// look is a way to look at a page.
type look struct {
	width int64
	theme string
}

var looks = []look{{1440, "light"}, {1440, "dark"}, {390, "dark"}}

// axeSource is the script of axe-core.
func axeSource(t *testing.T) string {
	t.Helper()
	axe := os.Getenv("AXE_PATH")
	if axe == "" {
		axe = "../.ci/browser/node_modules/axe-core/axe.min.js"
	}
	source, err := os.ReadFile(axe)
	if err != nil {
		t.Fatalf("this test needs axe-core: run npm ci --prefix .ci/browser, or set AXE_PATH: %v", err)
	}
	return string(source)
}

func checkLooks(tb *tab, source, name, path string, looks []look) {
	tb.t.Helper()
	for _, look := range looks {
		tb.size(look.width)
		tb.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: look.theme}}))
		if name == "waiting" {
			tb.openStill(path)
		} else {
			tb.open(path)
		}
		where := fmt.Sprintf("%s %s %s %d", name, path, look.theme, look.width)
		checkAxe(tb, source, where)
		checkWidths(tb, where)
	}
	tb.mu.Lock()
	tb.console = slices.DeleteFunc(tb.console, func(s string) bool { // the pages of errors
		return strings.Contains(s, "status of 40") || strings.Contains(s, "status of 503")
	})
	tb.mu.Unlock()
	tb.quiet(path)
}

func checkAxe(tb *tab, source, where string) {
	tb.t.Helper()
	type violation struct{ ID, Help, Nodes string }
	found := value[[]violation](tb, source+`;axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.map(v => ({ID: v.id, Help: v.help, Nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + " " + (n.any[0]?.message ?? "")).join(" | ")})))`)
	for _, v := range found {
		tb.t.Errorf("%s: %s (%s): %s", where, v.ID, v.Help, v.Nodes)
	}
}

func checkWidths(tb *tab, where string) {
	tb.t.Helper()
	if wide := value[int](tb, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
		tb.t.Errorf("%s: the page is %d px too wide", where, wide)
	}
	out := value[[]string](tb, `[...document.querySelectorAll("main *")].filter(e => e.scrollWidth > e.clientWidth + 1 && ["auto","scroll"].includes(getComputedStyle(e).overflowX) && !e.matches(".frame, .scroll")).map(e => e.outerHTML.slice(0, 100))`)
	for _, o := range out {
		tb.t.Errorf("%s: scrolls sideways: %s", where, o)
	}
	text := value[[]string](tb, `[...document.querySelectorAll(".frame .node")].flatMap(n => {
		const shape = n.querySelector("polygon, path, ellipse"); if (!shape || n.classList.contains("wave")) return [];
		const b = shape.getBBox();
		return [...n.querySelectorAll("text")].filter(t => { const r = t.getBBox(); return r.width && (r.x < b.x - 1 || r.x + r.width > b.x + b.width + 1 || r.y < b.y - 3 || r.y + r.height > b.y + b.height + 3); }).map(t => t.textContent);
	})`)
	for _, o := range text {
		tb.t.Errorf("%s: text lies outside its node: %s", where, o)
	}
}

// TestBrowserCorrection corrects a fact and undoes that, with and without JavaScript, and asks axe about the pages on the way.
func TestBrowserCorrection(t *testing.T) {
	source := axeSource(t)
	st := openStore(t, filepath.Join(t.TempDir(), "a.db"))
	importInto(t, st, differing())
	s, err := New(t.Context(), Config{Store: st, Render: drawer(), By: "Ann"})
	if err != nil {
		t.Fatal(err)
	}
	base := serveAt(t, s)
	for _, script := range []bool{true, false} {
		t.Run(fmt.Sprintf("script=%v", script), func(t *testing.T) {
			tb := openTab(t, base)
			tb.t = t
			tb.run(emulation.SetScriptExecutionDisabled(!script))
			counts := func(want string) {
				t.Helper()
				if got := value[string](tb, `[...document.querySelectorAll("#facts tbody tr")].find(r => r.cells[0].textContent === "Capacity").cells[1].textContent`); got != want {
					t.Errorf("%s counts, not %s", got, want)
				}
			}
			pressed := func(selector string) {
				t.Helper()
				tb.run(chromedp.Click(selector, chromedp.ByQuery), chromedp.WaitVisible(".note.done", chromedp.ByQuery))
			}
			tb.open("/teams/payroll")
			counts("10")
			tb.follow(`#facts a[href*="field=capacity"]`)
			tb.run(chromedp.SetValue("#value", "25", chromedp.ByQuery))
			pressed(`form[method="post"] button.go`)
			if said := value[string](tb, `document.querySelector(".note.done").innerText`); !strings.Contains(said, "Capacity is 25 now.") {
				t.Errorf("says %q", said)
			}
			counts("25")
			was := value[string](tb, "location.href")
			tb.run(chromedp.Click(".note.done button", chromedp.ByQuery))
			for value[string](tb, "location.href") == was || !tb.yes(`document.readyState === "complete"`) {
				time.Sleep(50 * time.Millisecond)
			}
			counts("10")
			tb.quiet("correction")
		})
	}
	tb := openTab(t, base)
	for _, path := range []string{"/teams/payroll?done=4", "/sources", "/history", "/history/1", "/history/2", "/correct?node=payroll&field=capacity", "/correct?node=payroll&field=unit&value=x",
		"/links?provider=payroll&consumer=crew&service=hours+%26+pay", "/correct?field=criticality&provider=payroll&consumer=crew&service=hours+%26+pay"} {
		checkLooks(tb, source, "correction", path, looks)
	}
}

// TestBrowserZoom tries the buttons, the keys, the wheel and the lighting of chains.
// TestBrowserNewerVersion leaves a page open while somebody imports.
func TestBrowserNewerVersion(t *testing.T) {
	st := openStore(t, filepath.Join(t.TempDir(), "a.db"))
	importInto(t, st, layers(3))
	s, err := New(t.Context(), Config{Store: st, OrgName: "Acme", Render: drawer()})
	if err != nil {
		t.Fatal(err)
	}
	tb := openTab(t, serveAt(t, s))
	tb.open("/teams")
	if tb.yes(`!!document.querySelector(".newer").textContent`) {
		t.Error("says that there is a newer version where there is none")
	}
	importInto(t, st, layers(4))
	for end := time.Now().Add(time.Minute); !tb.yes(`document.querySelector(".newer").textContent.includes("There is a version 2 now. What you see is version 1.")`); {
		if time.Now().After(end) {
			t.Fatalf("says %q", value[string](tb, `document.querySelector(".newer").textContent`))
		}
		time.Sleep(100 * time.Millisecond)
	}
	tb.follow(".newer a")
	if org := value[string](tb, `document.querySelector(".org").textContent`); !strings.Contains(org, "version 2") {
		t.Errorf("leads to %q", org)
	}
	tb.quiet("/teams")
}

func TestBrowserZoom(t *testing.T) {
	base, _ := listen(t, airline(t))
	tb := openTab(t, base)
	tb.open("/customers")
	tb.follow(`tbody th a`)
	width := func() float64 {
		return value[float64](tb, `document.querySelector(".frame svg").viewBox.baseVal.width`)
	}
	whole := width()
	tb.run(chromedp.Click(`.zoom button[aria-label="Zoom in"]`))
	if w := width(); w >= whole {
		t.Errorf("zoomed in, %g of %g are shown", w, whole)
	}
	tb.run(chromedp.Focus(".frame"), chromedp.KeyEvent("+"))
	closer := width()
	x := func() float64 {
		return value[float64](tb, `document.querySelector(".frame svg").viewBox.baseVal.x`)
	}
	at := x()
	tb.run(chromedp.KeyEvent("\u0303"))
	tb.run(chromedp.Evaluate(`document.querySelector(".frame").dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight", bubbles: true}))`, nil))
	if x() <= at {
		t.Error("the arrow key does not move the picture")
	}
	tb.run(chromedp.Evaluate(`document.querySelector(".frame svg").dispatchEvent(new WheelEvent("wheel", {deltaY: 10, ctrlKey: true, bubbles: true, cancelable: true}))`, nil))
	if w := width(); w <= closer {
		t.Errorf("the wheel does not zoom out: %g after %g", w, closer)
	}
	tb.run(chromedp.KeyEvent("0"))
	if w := width(); w != whole {
		t.Errorf("0 shows %g of %g", w, whole)
	}
	lit := value[[]int](tb, `(() => { const n = document.querySelector(".frame .node.k-customer"); n.dispatchEvent(new PointerEvent("pointerenter"));
		return [document.querySelectorAll(".frame .node.on").length, document.querySelectorAll(".frame .edge.on").length, +document.querySelector(".frame svg").classList.contains("lit")]; })()`)
	if lit[0] < 3 || lit[1] < 3 || lit[2] != 1 {
		t.Errorf("lights up %v", lit)
	}
	tb.run(chromedp.Click(`a[data-set-theme="dark"]`))
	if got := value[string](tb, `document.documentElement.dataset.theme + " " + document.cookie`); got != "dark theme=dark" {
		t.Errorf("theme %q", got)
	}
	tb.quiet("zoom")
}
