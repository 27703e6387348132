package viewer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/sqlitestore"
	"example.com/whoserves/viewer/diagram"
	"example.com/whoserves/viewer/render"
)

// TestMain makes the test program its own worker for pictures.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == render.WorkerArg {
		if err := render.Work(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	code := m.Run()
	if pool != nil {
		pool.Close()
	}
	os.Exit(code)
}

var pool *render.Pool

// drawer gives the pool that all tests share.
var drawer = sync.OnceValue(func() *render.Pool {
	pool = render.NewPool(render.Options{Workers: 2, Queue: 256, Timeout: time.Minute})
	return pool
})

// serverOf makes a server for an organisation without a store, with its findings worked out.
func serverOf(t testing.TB, o *graph.Org) *Server {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s, err := New(ctx, Config{Snapshot: graph.NewSnapshot(o), OrgName: o.Name, Version: "test", Render: drawer()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); s.keeper.work.Wait() })
	if err := s.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	return s
}

type reply struct {
	status int
	header http.Header
	body   string
}

func ask(t testing.TB, s *Server, path string, change ...func(*http.Request)) reply {
	t.Helper()
	req := httptest.NewRequest(http.MethodGet, "/", nil)
	req.RequestURI, req.Host = path, "localhost:8080"
	for _, c := range change {
		c(req)
	}
	resp, err := s.App().Test(req, -1)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return reply{resp.StatusCode, resp.Header, string(body)}
}

func get(t testing.TB, s *Server, path string) string {
	t.Helper()
	r := ask(t, s, path)
	if r.status != http.StatusOK {
		t.Fatalf("%s: status %d\n%s", path, r.status, words(r.body))
	}
	return r.body
}

var (
	tags   = regexp.MustCompile(`<[^>]*>`)
	spaces = regexp.MustCompile(`[\s\x{a0}]+`)
)

// words gives what a page says, without its markup.
func words(page string) string {
	return strings.TrimSpace(spaces.ReplaceAllString(html.UnescapeString(tags.ReplaceAllString(page, " ")), " "))
}

// pagesOf lists a page of every kind for an organisation made by layers.
var pagesOf = []string{
	"/", "/?links=all&colour=risk", "/customers", "/customers/customer-0", "/teams", "/teams/team-0", "/suppliers", "/suppliers/supplier-0", "/people", "/people/ada-key",
	"/resources", "/resources/hangar", "/units", "/units/unit-0", "/risks", "/risks?exposed=1&given=1&customer=customer-0", "/bottlenecks", "/bottlenecks?basis=structural",
	"/paths", "/paths?from=supplier-0&to=customer-0", "/paths?from=customer-0&to=supplier-0", "/what-if", "/what-if?fail=team-0", "/what-if?fail=unit:unit-0&worse=tag:night",
	"/search", "/search?q=team", "/search?q=zzz", "/problems", "/import", "/sources", "/reconcile",
}

func TestEveryPageAtEverySize(t *testing.T) {
	t.Parallel()
	for _, n := range []int{10, 60, 2000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			s := serverOf(t, layers(n))
			for _, path := range pagesOf {
				body := get(t, s, path)
				checkPage(t, path, body)
				if most := 1 << 20; len(body) > most {
					t.Errorf("%s: %d bytes, more than anybody reads", path, len(body))
				}
			}
		})
	}
}

// checkPage holds what every page has: one h1, landmarks, a title, elements that close, ids that are unique, and nothing that the
// content security policy would stop.
func checkPage(t *testing.T, path, body string) {
	t.Helper()
	for what, want := range map[string]int{"<h1": 1, "<main ": 1, "<header ": 1, "<footer ": 1, `<nav class="main" `: 1, `role="search"`: 1, `<a class="skip" href="#main"`: 1, "<title>": -1} {
		if got := strings.Count(body, what); got != want && (want >= 0 || got == 0) {
			t.Errorf("%s: %d times %s, not %d", path, got, what, want)
		}
	}
	if err := wellFormed(body); err != nil {
		t.Errorf("%s: %v", path, err)
	}
	for _, no := range []*regexp.Regexp{regexp.MustCompile(`<[a-z][^>]*\sstyle="`), regexp.MustCompile(`<[a-z][^>]*\son[a-z]+="`), regexp.MustCompile(`<script>`), regexp.MustCompile(`<style`), regexp.MustCompile(`href="javascript:`)} {
		if at := no.FindStringIndex(body); at != nil {
			t.Errorf("%s: %s", path, body[at[0]:min(len(body), at[0]+200)])
		}
	}
	for _, bad := range []string{"ZgotmplZ", "<no value>", "%!", "NaN", "Inf"} {
		if at := strings.Index(body, bad); at >= 0 {
			t.Errorf("%s: has %q: %s", path, bad, body[max(0, at-100):min(len(body), at+100)])
		}
	}
}

var tag0 = regexp.MustCompile(`<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^>"]|"[^"]*")*)>`)
var id0 = regexp.MustCompile(`\sid="([^"]*)"`)

// wellFormed says whether every element closes in its turn and no id stands twice.
func wellFormed(page string) error {
	void := []string{"meta", "link", "input", "br", "img", "hr"}
	var open []string
	ids := map[string]bool{}
	for _, m := range tag0.FindAllStringSubmatch(page, -1) {
		name := m[2]
		switch {
		case m[1] == "/":
			if len(open) == 0 || open[len(open)-1] != name {
				return fmt.Errorf("</%s> closes %v", name, open)
			}
			open = open[:len(open)-1]
		case slices.Contains(void, name), strings.HasSuffix(m[3], "/"):
		default:
			open = append(open, name)
		}
		if id := id0.FindStringSubmatch(m[3]); id != nil {
			if ids[id[1]] {
				return fmt.Errorf("the id %q stands twice", id[1])
			}
			ids[id[1]] = true
		}
	}
	if len(open) > 0 {
		return fmt.Errorf("%v stay open", open)
	}
	return nil
}

var href0 = regexp.MustCompile(`\s(?:xlink:)?href="([^"]*)"`)

// links gives the internal addresses that a page leads to.
func links(page string) []string {
	var out []string
	for _, m := range href0.FindAllStringSubmatch(page, -1) {
		out = append(out, html.UnescapeString(m[1]))
	}
	return out
}

var form0 = regexp.MustCompile(`(?s)<form [^>]*action="([^"]*)"[^>]*>(.*?)</form>`)
var control0 = regexp.MustCompile(`<input ([^>]*)>|<select [^>]*name="([^"]*)"|<option value="([^"]*)" selected>`)

// forms gives the addresses that the forms of a page lead to when they are sent as they are.
func forms(page string) []string {
	attr := func(tag, name string) string {
		m := regexp.MustCompile(` ?\b` + name + `="([^"]*)"`).FindStringSubmatch(tag)
		if m == nil {
			return ""
		}
		return html.UnescapeString(m[1])
	}
	var out []string
	for _, f := range form0.FindAllStringSubmatch(page, -1) {
		q := url.Values{}
		choice := ""
		for _, m := range control0.FindAllStringSubmatch(f[2], -1) {
			switch {
			case m[1] != "":
				kind := attr(m[1], "type")
				if (kind == "radio" || kind == "checkbox") && !strings.Contains(m[1], " checked") {
					continue
				}
				if name := attr(m[1], "name"); name != "" {
					q.Add(name, attr(m[1], "value"))
				}
			case m[2] != "":
				choice = html.UnescapeString(m[2])
			default:
				q.Set(choice, html.UnescapeString(m[3]))
			}
		}
		out = append(out, html.UnescapeString(f[1])+"?"+q.Encode())
	}
	return out
}

// crawl follows every internal link from where it starts and reports those that lead nowhere. Of the addresses that only differ
// in the values of their keys it looks at so many each.
func crawl(t *testing.T, s *Server, each int, start ...string) (visited int) {
	t.Helper()
	todo := slices.Clone(start)
	from := map[string]string{}
	seen, alike := map[string]bool{}, map[string]int{}
	for len(todo) > 0 {
		address := todo[0]
		todo = todo[1:]
		u, err := url.Parse(address)
		if err != nil {
			t.Errorf("%s on %s: %v", address, from[address], err)
			continue
		}
		if u.Host != "" || u.Scheme != "" {
			t.Errorf("%s on %s leads away", address, from[address])
			continue
		}
		u.Fragment = ""
		path := u.String()
		kind := u.EscapedPath() + "?" + strings.Join(slices.Sorted(mapKeys(u.Query())), "&")
		if seen[path] || alike[kind] >= each {
			continue
		}
		seen[path] = true
		alike[kind]++
		visited++
		r := ask(t, s, path)
		for hops := 0; r.status == http.StatusSeeOther && hops < 4; hops++ {
			r = ask(t, s, r.header.Get("Location"))
		}
		if r.status != http.StatusOK {
			t.Errorf("%s on %s: status %d: %s", path, from[address], r.status, words(r.body))
			continue
		}
		if !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") {
			continue
		}
		checkPage(t, path, r.body)
		for _, next := range append(links(r.body), forms(r.body)...) {
			if fragment, ok := strings.CutPrefix(next, "#"); ok {
				if !strings.Contains(r.body, `id="`+html.EscapeString(fragment)+`"`) {
					t.Errorf("%s leads to #%s, which is not on it", path, fragment)
				}
				continue
			}
			if _, known := from[next]; !known {
				from[next] = path
			}
			todo = append(todo, next)
		}
	}
	return visited
}

func mapKeys(q url.Values) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range q {
			if !yield(k) {
				return
			}
		}
	}
}

func TestNoDeadLinks(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]*graph.Org{"small": layers(10), "sixty": layers(60), "hostile": hostile(), "empty": orgOf("Empty", nil, nil), "stand-ins": standIns()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each := 2
			if name == "sixty" {
				each = 1
			}
			n := crawl(t, serverOf(t, o), each, "/", "/customers", "/teams", "/risks", "/paths", "/what-if", "/search")
			t.Logf("%d addresses", n)
			if n < 10 {
				t.Errorf("only %d addresses were reached", n)
			}
		})
	}
}

// standIns is an organisation without any external customer.
func standIns() *graph.Org {
	return orgOf("Inside", []*graph.NodeRecord{{Name: "A", Kind: graph.Team}, {Name: "B", Kind: graph.Team}, {Name: "C", Kind: graph.Team}},
		[]*graph.LinkRecord{{Provider: "A", Consumer: "B"}, {Provider: "B", Consumer: "C"}})
}

func TestHostileNamesShowAsThemselves(t *testing.T) {
	t.Parallel()
	s := serverOf(t, hostile())
	ed := s.keeper.now.Load()
	for v := range int32(len(ed.snap.Nodes)) {
		path := ed.href(v)
		r := ask(t, s, path)
		if r.status != http.StatusOK {
			if ed.snap.Nodes[v].ID == ".." {
				continue // no browser asks for that path
			}
			t.Errorf("%s: status %d", path, r.status)
			continue
		}
		checkPage(t, path, r.body)
		h1 := regexp.MustCompile(`(?s)<h1>(.*?)</h1>`).FindStringSubmatch(r.body)
		if got, want := words(h1[1]), spaces.ReplaceAllString(strings.TrimSpace(ed.nameOf(v)), " "); got != want {
			t.Errorf("%s is called %q, not %q", path, got, want)
		}
	}
}

// Names that a spreadsheet would run are text in it, in cells and in headings; numbers stay numbers.
func TestTablesAsCSVRunNothing(t *testing.T) {
	t.Parallel()
	table := &table{Columns: []column{{Name: "Node"}, {Name: "@Shop"}},
		Rows: []row{{Cells: []cell{{Text: say("=cmd|'/c calc'!A0")}, {Raw: "-3.5"}}}, {Cells: []cell{{Text: say(" \t=1+1")}, {Raw: "＝1"}}, Why: say("+1 call")}}}
	var b strings.Builder
	if err := table.writeCSV(&b); err != nil {
		t.Fatal(err)
	}
	want := "Node,'@Shop,Why\n'=cmd|'/c calc'!A0,-3.5,\n'=1+1,'＝1,'+1 call\n"
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

func TestTablesAsCSV(t *testing.T) {
	t.Parallel()
	s := serverOf(t, layers(60))
	r := ask(t, s, "/teams?csv=list")
	if got := r.header.Get("Content-Type"); got != "text/csv; charset=utf-8" {
		t.Errorf("type %s", got)
	}
	lines := strings.Split(strings.TrimSpace(r.body), "\n")
	if want := len(s.keeper.now.Load().listed(graph.Team, -1, "")) + 1; len(lines) != want {
		t.Errorf("%d lines, not %d", len(lines), want)
	}
	if !strings.HasPrefix(lines[0], "Team,Customers it stops,") {
		t.Errorf("headers %s", lines[0])
	}
	if r := ask(t, s, "/teams?csv=none"); r.status != http.StatusNotFound {
		t.Errorf("a table that is not there: status %d", r.status)
	}
}

func TestLargeTablesStandOnPages(t *testing.T) {
	t.Parallel()
	s := serverOf(t, layers(2000))
	body := get(t, s, "/teams")
	if got := strings.Count(body, `<th scope="row"`); got != perPage {
		t.Errorf("%d rows on the first page", got)
	}
	seen := map[string]bool{}
	row := regexp.MustCompile(`<th scope="row"><a href="([^"]*)"`)
	pages := 0
	for path := "/teams"; path != ""; pages++ {
		body := get(t, s, path)
		for _, m := range row.FindAllStringSubmatch(body, -1) {
			if seen[m[1]] {
				t.Fatalf("%s stands twice", m[1])
			}
			seen[m[1]] = true
		}
		next := regexp.MustCompile(`<a class="btn" href="([^"#]*)#list">Next rows</a>`).FindStringSubmatch(body)
		path = ""
		if next != nil {
			path = html.UnescapeString(next[1])
		}
	}
	if want := len(s.keeper.now.Load().listed(graph.Team, -1, "")); len(seen) != want {
		t.Errorf("%d pages hold %d rows of %d", pages, len(seen), want)
	}
}

func TestSorting(t *testing.T) {
	t.Parallel()
	s := serverOf(t, layers(60))
	first := regexp.MustCompile(`<th scope="row"><a href="[^"]*"><bdi>([^<]*)</bdi>`)
	if got := first.FindStringSubmatch(get(t, s, "/suppliers?sort=name"))[1]; got != "Supplier 0" {
		t.Errorf("by name %s is first", got)
	}
	body := get(t, s, "/suppliers?sort=-name")
	if got := first.FindStringSubmatch(body)[1]; got != "Supplier 6" {
		t.Errorf("by name from the end %s is first", got)
	}
	if !strings.Contains(body, `aria-sort="descending"`) {
		t.Error("the page does not say by what it is sorted")
	}
}

func TestWrongQuestions(t *testing.T) {
	t.Parallel()
	s := serverOf(t, layers(60))
	for path, want := range map[string]struct {
		status int
		says   string
	}{
		"/nowhere":                              {404, "There is no such page"},
		"/teams/taem-1":                         {404, "Team 1"},
		"/customers/customer-9999":              {404, "nearest names"},
		"/teams?unit=unit-99x":                  {404, "There is no “unit-99x”"},
		"/risks?kind=teem":                      {400, "Did you mean “team”?"},
		"/risks?colour=red":                     {400, "risk, load, share, rating, none"},
		"/?opne=unit-0":                         {400, "open"},
		"/customers?x=1":                        {400, "there is no key"},
		"/teams/team-0?hops=99":                 {400, "whole number"},
		"/what-if?fail=Tema%201":                {404, "nearest names"},
		"/paths?from=team-0&to=zz":              {404, "There is no “zz”"},
		"/paths?from=team-0&to=team-0&k=x":      {400, "whole number"},
		"/?x=%zz":                               {400, "cannot be read"},
		"/teams/%zz":                            {404, "There is no such page"},
		"/draw.svg?view=nothing":                {400, "is not known"},
		"/draw.gif?view=overview":               {404, "no picture in this format"},
		"/static/whoserves.css":                 {404, "no such page"},
		"/api/v1/nothing":                       {404, "there is no such question"},
		"/api/v1/show?node=zzz":                 {404, "There is no"},
		"/api/v1/risks?fool=1":                  {400, "there is no such key"},
		"/api/v1/risks?format=xml":              {400, "format=json or format=csv"},
		"/search?q=" + strings.Repeat("a", 500): {200, "There is no"},
	} {
		r := ask(t, s, path)
		if r.status != want.status || !strings.Contains(strings.ToLower(words(r.body)), strings.ToLower(want.says)) {
			t.Errorf("%s: status %d, says %q; not %d and %q", path, r.status, words(r.body), want.status, want.says)
		}
		if r.header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: no policy", path)
		}
	}
}

func TestSearchGoesStraightToAnExactHit(t *testing.T) {
	t.Parallel()
	s := serverOf(t, layers(60))
	for q, want := range map[string]string{"team-7": "/teams/team-7", "TEAM 7": "/teams/team-7", "Supplier 2": "/suppliers/supplier-2", "customer 1": "/customers/customer-1"} {
		r := ask(t, s, "/search?q="+url.QueryEscape(q))
		if got, _, _ := strings.Cut(r.header.Get("Location"), "?"); r.status != http.StatusSeeOther || got != want {
			t.Errorf("%s: status %d to %s", q, r.status, got)
		}
	}
	if body := get(t, s, "/search?q=taem+7"); !strings.Contains(words(body), "These are the nearest names") {
		t.Errorf("no nearest names: %s", words(body))
	}
}

func TestAnIDOfAnotherKindLeadsToItsPage(t *testing.T) {
	t.Parallel()
	s := serverOf(t, layers(60))
	r := ask(t, s, "/teams/supplier-1?links=all")
	if got := r.header.Get("Location"); r.status != http.StatusSeeOther || got != "/suppliers/supplier-1?links=all" {
		t.Errorf("status %d to %s", r.status, got)
	}
}

func TestWhatIfFormMakesOneAddress(t *testing.T) {
	t.Parallel()
	s := serverOf(t, layers(60))
	r := ask(t, s, "/what-if?fail=team-0&add=Team+3&how=worse&group=unit%3Aunit-0")
	if got := r.header.Get("Location"); r.status != http.StatusSeeOther || got != "/what-if?fail=team-0&worse=team-3&worse=unit%3Aunit-0" {
		t.Errorf("status %d to %s", r.status, got)
	}
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	s := serverOf(t, layers(10))
	for _, path := range []string{"/", "/nowhere", "/api/v1/risks", "/healthz", "/draw.dot?view=overview"} {
		h := ask(t, s, path).header
		if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "same-origin" || h.Get("Cross-Origin-Resource-Policy") != "same-origin" {
			t.Errorf("%s: headers %v", path, h)
		}
		if h.Get("Server") != "" {
			t.Errorf("%s says which server it is: %s", path, h.Get("Server"))
		}
	}
	if csp := ask(t, s, "/draw.svg?view=overview").header.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") {
		t.Errorf("a picture of its own: policy %q", csp)
	}
}

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	s := serverOf(t, layers(10))
	id := func(given string) string {
		return ask(t, s, "/healthz", func(r *http.Request) { r.Header.Set("X-Request-ID", given) }).header.Get("X-Request-ID")
	}
	if got := id("abc-1.2_3"); got != "abc-1.2_3" {
		t.Errorf("a harmless id became %q", got)
	}
	for _, bad := range []string{"evil\tid<script>", strings.Repeat("x", 65), "a b"} {
		if got := id(bad); got == bad || got == "" {
			t.Errorf("%q stayed %q", bad, got)
		}
	}
}

func TestOnlyKnownHosts(t *testing.T) {
	t.Parallel()
	s := serverOf(t, layers(10))
	for listen, hosts := range map[string]map[string]bool{
		"":                {"localhost": true, "127.0.0.1:8080": true, "[::1]:9000": true, "evil.example": false, "127.0.0.1.evil.example": false, "LOCALHOST:80": true},
		"127.0.0.1:8080":  {"localhost": true, "evil.example": false, "10.0.0.1": false},
		"0.0.0.0:8080":    {"evil.example": true},
		"team.local:8080": {"team.local": true},
	} {
		c := *s
		c.config.Listen = listen
		for host, want := range hosts {
			if got := c.knownHost(host); got != want {
				t.Errorf("listening at %q, a request for %q: %v", listen, host, got)
			}
		}
	}
	r := ask(t, s, "/", func(r *http.Request) { r.Host = "evil.example" })
	if r.status != http.StatusMisdirectedRequest {
		t.Errorf("a request for another host: status %d", r.status)
	}
	r = ask(t, s, "/", func(r *http.Request) { r.Header.Set("X-Forwarded-Host", "evil.example") })
	if r.status != http.StatusOK || strings.Contains(r.body, "evil.example") {
		t.Errorf("a forwarded host counts: status %d", r.status)
	}
}

func TestThemeNeverLeadsAway(t *testing.T) {
	t.Parallel()
	s := serverOf(t, layers(10))
	for path, want := range map[string]string{
		"/risks?theme=dark&exposed=1": "/risks?exposed=1", "/?theme=light": "/", "/?theme=auto": "/",
		"/search?theme=dark&q=%2F%2Fevil": "/search?q=%2F%2Fevil",
	} {
		r := ask(t, s, path)
		if got := r.header.Get("Location"); r.status != http.StatusSeeOther || got != want {
			t.Errorf("%s: status %d to %q", path, r.status, got)
		}
		if !strings.Contains(r.header.Get("Set-Cookie"), "theme=") {
			t.Errorf("%s: cookie %q", path, r.header.Get("Set-Cookie"))
		}
	}
	for in, want := range map[string]string{"//evil.example": "/evil.example", `/\evil.example`: "/evil.example", "/teams": "/teams"} {
		if got := ownPath(in); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
	dark := func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "theme", Value: "dark"}) }
	if body := ask(t, s, "/", dark).body; !strings.Contains(body, `data-theme="dark"`) {
		t.Error("the cookie does not count")
	}
	bad := func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "theme", Value: `x"><script>`}) }
	if body := ask(t, s, "/", bad).body; strings.Contains(body, "data-theme=") {
		t.Error("any cookie counts")
	}
}

func TestStaticFilesMayBeKept(t *testing.T) {
	t.Parallel()
	s := serverOf(t, layers(10))
	n := 0
	for _, l := range links(get(t, s, "/")) {
		if strings.HasPrefix(l, "/static/") {
			n++
			if r := ask(t, s, l); r.status != 200 || !strings.Contains(r.header.Get("Cache-Control"), "immutable") {
				t.Errorf("%s: status %d, %s", l, r.status, r.header.Get("Cache-Control"))
			}
			small := ask(t, s, l, func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") })
			if strings.Contains(l, ".css") && small.header.Get("Content-Encoding") != "gzip" {
				t.Errorf("%s is not compressed", l)
			}
		}
	}
	if n < 2 {
		t.Errorf("only %d static files", n)
	}
}

func TestPagesRevalidate(t *testing.T) {
	t.Parallel()
	s := serverOf(t, layers(10))
	tag := ask(t, s, "/customers").header.Get("ETag")
	r := ask(t, s, "/customers", func(r *http.Request) { r.Header.Set("If-None-Match", tag) })
	if tag == "" || r.status != http.StatusNotModified {
		t.Errorf("tag %q: status %d", tag, r.status)
	}
}

func TestOnlyLooking(t *testing.T) {
	t.Parallel()
	s := serverOf(t, layers(10))
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
		if r := ask(t, s, "/", func(r *http.Request) { r.Method = method }); r.status != http.StatusMethodNotAllowed {
			t.Errorf("%s: status %d", method, r.status)
		}
	}
	if r := ask(t, s, "/", func(r *http.Request) { r.Method = http.MethodHead }); r.status != http.StatusOK || r.body != "" {
		t.Errorf("HEAD: status %d, %d bytes", r.status, len(r.body))
	}
}

func TestAPIShape(t *testing.T) {
	t.Parallel()
	s := serverOf(t, layers(60))
	for path, keys := range map[string][]string{
		"/api/v1/risks":                           {"version", "nodes", "links", "customers", "spofs", "bottlenecks", "unmet", "loops", "assumed"},
		"/api/v1/show?node=team-0":                {"id", "name", "kind", "providers", "consumers", "customers"},
		"/api/v1/ripple?fail=team-0":              {"failed", "hit"},
		"/api/v1/paths?from=team-0&to=customer-0": {"from", "to", "paths"},
		"/api/v1/bottlenecks":                     {"shares", "shares_error", "load"},
	} {
		r := ask(t, s, path)
		var got map[string]json.RawMessage
		if err := json.Unmarshal([]byte(r.body), &got); err != nil || r.status != 200 {
			t.Errorf("%s: status %d, %v: %.200s", path, r.status, err, r.body)
			continue
		}
		for _, k := range keys {
			if _, ok := got[k]; !ok {
				t.Errorf("%s has no %q", path, k)
			}
		}
	}
	if r := ask(t, s, "/api/v1/risks?format=csv"); !strings.HasPrefix(r.body, "id,") {
		t.Errorf("CSV: %.100s", r.body)
	}
	r := ask(t, s, "/api/v1/show?node=Team+1x")
	if r.status != 404 || r.header.Get("Content-Type") != "application/problem+json" || !strings.Contains(r.body, `"nearest":["Team 1"`) {
		t.Errorf("unknown name: status %d, %s", r.status, r.body)
	}
}

func TestDrawings(t *testing.T) {
	t.Parallel()
	s := serverOf(t, layers(60))
	svg := ask(t, s, "/draw.svg?view=overview")
	if svg.status != 200 || svg.header.Get("Content-Type") != "image/svg+xml" || !strings.HasPrefix(svg.body, "<?xml") || !strings.Contains(svg.body, `class="legend"`) {
		t.Errorf("status %d, %s, %.80s", svg.status, svg.header.Get("Content-Type"), svg.body)
	}
	if dot := ask(t, s, "/draw.dot?view=customer&customer=customer-0"); dot.status != 200 || !strings.HasPrefix(dot.body, "digraph") {
		t.Errorf("status %d, %.80s", dot.status, dot.body)
	}
}

// TestPanicsAreNotTold holds that what goes wrong inside stays inside, and gives a code to quote.
func TestPanicsAreNotTold(t *testing.T) {
	t.Parallel()
	s := serverOf(t, layers(10))
	broken := *s.keeper.now.Load()
	broken.findings = &analysis.Findings{} // fits no snapshot
	s.keeper.now.Store(&broken)
	r := ask(t, s, "/teams", func(r *http.Request) { r.Header.Set("X-Request-ID", "quote-me") })
	if r.status != http.StatusInternalServerError || !strings.Contains(r.body, "quote-me") || strings.Contains(r.body, "out of range") {
		t.Errorf("status %d: %s", r.status, words(r.body))
	}
	checkPage(t, "/teams", r.body)
	if r := ask(t, s, "/api/v1/risks"); r.status != http.StatusInternalServerError && r.status != http.StatusOK || strings.Contains(r.body, "runtime error") {
		t.Errorf("API: status %d: %s", r.status, r.body)
	}
}

func openStore(t testing.TB, path string) *sqlitestore.Store {
	t.Helper()
	st, err := sqlitestore.Open(context.Background(), path, "acme")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

func importInto(t testing.TB, st graph.Store, o *graph.Org) {
	t.Helper()
	if _, _, err := graph.Commit(context.Background(), st, o, graph.VersionRecord{By: "test"}, nil); err != nil {
		t.Fatal(err)
	}
}

// always is a pace at which every request asks for a newer version, and nobody else does.
var always = pace{idle: time.Hour, retry: time.Hour, seldom: time.Hour, patient: time.Minute, version: time.Minute, trial: time.Minute, opening: time.Minute, load: time.Minute}

func TestNewVersionsShow(t *testing.T) {
	t.Parallel()
	st := openStore(t, filepath.Join(t.TempDir(), "a.db"))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s, err := newServer(ctx, Config{Store: st, OrgName: "Acme", Render: drawer()}, always)
	if err != nil {
		t.Fatal(err)
	}
	if body := get(t, s, "/"); !strings.Contains(words(body), "Nothing here yet") {
		t.Errorf("an empty store says %s", words(body))
	}
	for i, n := range []int{10, 20, 10} {
		importInto(t, st, layers(n))
		get(t, s, "/teams") // asks for the version
		if err := s.Wait(ctx); err != nil {
			t.Fatal(err)
		}
		body := words(get(t, s, "/teams"))
		if want := fmt.Sprintf("version %d", i+1); !strings.Contains(body, want) {
			t.Errorf("after import %d: %s", i+1, body)
		}
		if now, want := get(t, s, "/version"), fmt.Sprintf(`{"version":%d}`, i+1); now != want {
			t.Errorf("/version: %s, want %s", now, want)
		}
		ed := s.keeper.now.Load()
		fresh, err := st.Load(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if want := graph.NewSnapshot(fresh); len(want.Nodes) != len(ed.snap.Nodes) || len(want.Links) != len(ed.snap.Links) {
			t.Errorf("brought forward: %d nodes and %d links, not %d and %d", len(ed.snap.Nodes), len(ed.snap.Links), len(want.Nodes), len(want.Links))
		}
	}
}

// TestFindingsFollow holds that facts show while the findings are still being worked out, and say so.
func TestFindingsFollow(t *testing.T) {
	t.Parallel()
	s := serverOf(t, layers(60))
	ready := s.keeper.now.Load()
	early := *ready
	early.findings = nil
	s.keeper.now.Store(&early)
	for _, path := range pagesOf {
		if path == importPath {
			continue // what is chosen on it must not be lost: see TestImportPagesStay
		}
		body := get(t, s, path)
		checkPage(t, path, body)
		if !strings.Contains(words(body), "is being worked out") || !strings.Contains(body, `http-equiv="refresh"`) {
			t.Errorf("%s does not say that findings follow", path)
		}
	}
	early.failed = fmt.Errorf("no memory at 0xdead")
	for _, path := range pagesOf {
		if body := get(t, s, path); strings.Contains(body, `http-equiv="refresh" content="2"`) && strings.Contains(body, "is being worked out; ") || strings.Contains(body, "0xdead") {
			t.Errorf("%s goes on waiting, or tells why: %s", path, words(body))
		}
	}
}

func TestManyReadersWhileVersionsChange(t *testing.T) {
	t.Parallel()
	st := openStore(t, filepath.Join(t.TempDir(), "a.db"))
	importInto(t, st, layers(20))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s, err := newServer(ctx, Config{Store: st, Render: drawer()}, always)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for k := range 12 {
				path := pagesOf[(i*12+k)%len(pagesOf)]
				if r := ask(t, s, path); r.status >= 500 {
					t.Errorf("%s: status %d", path, r.status)
				}
			}
		})
	}
	for n := range 5 {
		importInto(t, st, layers(20+n))
	}
	wg.Wait()
}

// slowStore takes its time to hand over what changed.
type slowStore struct {
	graph.Store
	takes time.Duration
}

func (s *slowStore) Changes(ctx context.Context, from, to int64) (*graph.ChangeSet, error) {
	select {
	case <-time.After(s.takes):
		return s.Store.Changes(ctx, from, to)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// TestLargeChangesArrive holds that a change which takes longer than a request waits still arrives, and that the store does not
// count as away meanwhile.
func TestLargeChangesArrive(t *testing.T) {
	t.Parallel()
	st := openStore(t, filepath.Join(t.TempDir(), "a.db"))
	importInto(t, st, layers(10))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	hurried := always
	hurried.patient = 100 * time.Millisecond
	s, err := newServer(ctx, Config{Store: &slowStore{st, time.Second}, Render: drawer()}, hurried)
	if err != nil {
		t.Fatal(err)
	}
	importInto(t, st, layers(20))
	for range 1000 {
		body := words(get(t, s, "/teams"))
		if strings.Contains(body, "does not answer") {
			t.Fatalf("the store counts as away: %s", body)
		}
		if strings.Contains(body, "version 2") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("version 2 never shows")
}

// TestPicturesUnderWayAreFinished holds that a picture asked for before the program is told to stop is still given.
func TestPicturesUnderWayAreFinished(t *testing.T) {
	t.Parallel()
	late := render.NewPool(render.Options{Workers: 1, Command: []string{"sh", "-c", `sleep 1; exec "$0" ` + render.WorkerArg, os.Args[0]}})
	t.Cleanup(func() { late.Close() })
	ctx, cancel := context.WithCancel(context.Background())
	s, err := New(ctx, Config{Snapshot: graph.NewSnapshot(layers(10)), Render: late})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.graceful = 2 * time.Minute // a worker starts slowly under the race detector
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, ln) }()
	time.AfterFunc(300*time.Millisecond, cancel)
	resp, err := http.Get("http://" + ln.Addr().String() + "/draw.svg?view=overview")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); err != nil || resp.StatusCode != 200 || !strings.HasSuffix(strings.TrimSpace(string(body)), "</svg>") {
		t.Errorf("status %d, error %v: %.300s", resp.StatusCode, err, body)
	}
	if ctx.Err() == nil {
		t.Error("the picture came before the program was told to stop")
	}
	http.DefaultClient.CloseIdleConnections()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestPicturesThatCannotBeDrawn holds that such a failure is no fault of the answer: it says when to ask again, and nothing of the engine.
func TestPicturesThatCannotBeDrawn(t *testing.T) {
	t.Parallel()
	broken := render.NewPool(render.Options{Workers: 1, Command: []string{"false"}})
	t.Cleanup(func() { broken.Close() })
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s, err := New(ctx, Config{Snapshot: graph.NewSnapshot(layers(10)), Render: broken})
	if err != nil {
		t.Fatal(err)
	}
	r := ask(t, s, "/draw.svg?view=overview")
	if r.status != http.StatusServiceUnavailable || r.header.Get("Retry-After") != "60" || strings.Contains(r.body, "process") {
		t.Errorf("status %d, Retry-After %q: %s", r.status, r.header.Get("Retry-After"), r.body)
	}
	if said := words(get(t, s, "/")); !strings.Contains(said, "The picture could not be drawn. The list below has all the facts.") && !strings.Contains(said, "Drawing ") {
		t.Errorf("the page: %s", said)
	}
}

func TestFailuresOfPicturesAreForgotten(t *testing.T) {
	t.Parallel()
	d := newDraws(context.Background(), drawer())
	const dot = "digraph forgotten { a }"
	k := render.SVG(dot).Key()
	bad := &render.Error{Message: "no memory"}
	d.remember(k, bad)
	if _, err := d.svg(context.Background(), dot, time.Minute); !errors.Is(err, bad) {
		t.Errorf("at once: %v", err)
	}
	d.failed[k] = failure{bad, time.Now().Add(-time.Second)}
	if _, err := d.svg(context.Background(), dot, time.Minute); err != nil {
		t.Errorf("later: %v", err)
	}
}

func TestDamagedLettersAreReplaced(t *testing.T) {
	t.Parallel()
	s := serverOf(t, layers(10))
	for _, path := range []string{"/search?q=%ff%fe", "/teams?q=%c3%28", "/paths?from=%80&to=%81"} {
		if r := ask(t, s, path); !utf8.ValidString(r.body) || r.status >= 500 {
			t.Errorf("%s: status %d, body is text: %v", path, r.status, utf8.ValidString(r.body))
		}
	}
}

func TestSlowAndFailedPictures(t *testing.T) {
	t.Parallel()
	slow := render.NewPool(render.Options{Workers: 1, Timeout: time.Millisecond, Command: []string{"sleep", "60"}})
	t.Cleanup(func() { slow.Close() })
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s, err := New(ctx, Config{Snapshot: graph.NewSnapshot(layers(60)), Render: slow})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	body := get(t, s, "/")
	checkPage(t, "/", body)
	if said := words(body); !strings.Contains(said, "Drawing ") || !strings.Contains(body, `http-equiv="refresh" content="2"`) || !strings.Contains(body, `<details class="facts" open>`) {
		t.Errorf("a slow picture: %s", said)
	}
	d := s.draws
	d.mu.Lock()
	clear(d.failed)
	d.mu.Unlock()
	for _, err := range []error{render.ErrTooSlow, &render.Error{Message: "secret engine text"}} {
		p := s.newPage(&request{ctx: ctx, ed: s.keeper.now.Load(), path: "/", all: url.Values{}}, "/", "x")
		pl := &plate{}
		s.withoutPicture(p, &request{ed: s.keeper.now.Load(), path: "/", all: url.Values{}}, pl, &diagram.Diagram{}, err)
		if !pl.Failed || p.Refresh != 0 || strings.Contains(pl.Wait.String(), "secret") {
			t.Errorf("%v: %s", err, pl.Wait)
		}
	}
}

// TestRun serves on a real connection: pages, questions that are too long, and a graceful end.
func TestRun(t *testing.T) {
	t.Parallel()
	s := serverOf(t, layers(10))
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, ln) }()
	for path, want := range map[string]int{"/": 200, "/readyz": 200, "/healthz": 200, "/search?q=" + strings.Repeat("x", 8000): 200, "/search?q=" + strings.Repeat("x", 40000): 431} {
		resp, err := http.Get("http://" + ln.Addr().String() + path)
		if err != nil {
			t.Fatalf("%.40s: %v", path, err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%.40s: status %d, not %d: %.300s", path, resp.StatusCode, want, body)
		}
	}
	http.DefaultClient.CloseIdleConnections()
	early, err := net.Dial("tcp", ln.Addr().String()) // as browsers do in advance
	if err != nil {
		t.Fatal(err)
	}
	defer early.Close()
	time.Sleep(100 * time.Millisecond)
	s.graceful = time.Hour
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, err := http.Get("http://" + ln.Addr().String() + "/"); err == nil {
		t.Error("it still answers")
	}
}

func TestFactsLeadToTheirEnds(t *testing.T) {
	t.Parallel()
	crew := diagram.End{Name: "Crew", URL: "/teams/crew"}
	cabin := diagram.End{Name: "Cabin Crew", URL: "/teams/cabin-crew"}
	for _, c := range []struct{ text, want string }{
		{"Crew serves Cabin Crew with Crews", "[Crew] serves [Cabin Crew] with Crews"},
		{"Cabin Crew stops: it loses rosters from Crew.", "[Cabin Crew] stops: it loses rosters from [Crew]."},
		{"Nobody serves", "Nobody serves"},
	} {
		got := ""
		for _, r := range factText(diagram.Fact{From: crew, To: cabin, Text: c.text}) {
			if r.Href != "" {
				r.Text = "[" + r.Text + "]"
			}
			got += r.Text
		}
		if got != c.want {
			t.Errorf("%q became %q", c.text, got)
		}
	}
}

func TestWordsForCounts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ got, want string }{
		{outOf(2, 5, "team", "teams"), "2 of 5 teams"},
		{outOf(1, 1, "team", "teams"), "the only team"},
		{outOf(2, 2, "team", "teams"), "both teams"},
		{outOf(5, 5, "team", "teams"), "all five teams"},
		{outOf(1200, 1200, "team", "teams"), "all 1,200 teams"},
		{outOf(0, 1, "team", "teams"), "0 of 1 team"},
		{backInTime(17, 5, 1).String(), "5 of these 17 come back later than the customer can wait; for one more nobody has said how long it takes."},
		{backInTime(17, 5, 3).String(), "5 of these 17 come back later than the customer can wait; for three more nobody has said how long they take."},
		{backInTime(17, 1, 0).String(), "1 of these 17 comes back later than the customer can wait."},
		{backInTime(17, 17, 0).String(), "All of them come back later than the customer can wait."},
		{backInTime(1, 1, 0).String(), "It comes back later than the customer can wait."},
		{backInTime(17, 0, 17).String(), "Nobody has said how long they take to come back."},
		{backInTime(1, 0, 1).String(), "Nobody has said how long it takes to come back."},
		{backInTime(17, 0, 2).String(), "For two of these 17 nobody has said how long they take to come back."},
		{backInTime(17, 0, 0).String(), "All of them are back before a customer stops."},
		{backInTime(1, 0, 0).String(), "It is back before a customer stops."},
		{keepTogether("copes 3 d, 12 % of 4 h"), "copes 3\u00a0d, 12\u00a0% of 4\u00a0h"},
		{keepTogether("4 hours, 3 dogs"), "4 hours, 3 dogs"},
	} {
		if c.got != c.want {
			t.Errorf("%q, not %q", c.got, c.want)
		}
	}
}

// TestWhomANodeServes holds that whom a unit serves is counted once each and outside the unit.
func TestWhomANodeServes(t *testing.T) {
	t.Parallel()
	nodes := []*graph.NodeRecord{{ID: "u", Kind: graph.Unit}, {ID: "a", Kind: graph.Team, Unit: "u"}, {ID: "b", Kind: graph.Team, Unit: "u", CanFail: graph.No},
		{ID: "x", Kind: graph.Team}, {ID: "y", Kind: graph.Team}, {ID: "c", Kind: graph.Customer}, {ID: "d", Kind: graph.Customer}}
	var records []*graph.LinkRecord
	for _, l := range [][2]string{{"a", "b"}, {"a", "x"}, {"b", "x"}, {"b", "c"}, {"x", "d"}, {"y", "y2"}} {
		records = append(records, &graph.LinkRecord{Provider: l[0], Consumer: l[1]})
	}
	s := serverOf(t, orgOf("Acme", nodes, records))
	ed := s.keeper.now.Load()
	for id, want := range map[string]string{
		"u":  "Serves one other and, directly or through it, both customers.",
		"a":  "Serves two others and, through them, both customers.",
		"b":  "Serves one other and, directly or through it, both customers.",
		"x":  "Serves 1 of 2 customers directly.",
		"y":  "Serves one other, but no customer through it.",
		"y2": "Serves nobody.",
	} {
		if got := ed.servesSaid(ed.snap.ByID(id)); got != want {
			t.Errorf("%s: %q, not %q", id, got, want)
		}
	}
	if got, want := ed.stopWith(ed.snap.ByID("u")), []int32{ed.snap.ByID("a")}; !slices.Equal(got, want) {
		t.Errorf("with the unit %v stop, not %v", got, want)
	}
}

func TestNeverInTables(t *testing.T) {
	t.Parallel()
	for in, want := range map[float64]string{0: "at once", 4: "4 h", math.Inf(1): "–"} {
		if got := hours(in); got != want {
			t.Errorf("%g hours: %q, not %q", in, got, want)
		}
	}
}
