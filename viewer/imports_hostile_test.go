package viewer

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"example.com/whoserves/viewer/draft"
)

// TestFormsAreShort holds that no form but that of files may be long, in whatever it is written, and that none is unpacked.
func TestFormsAreShort(t *testing.T) {
	t.Parallel()
	v, _ := importServer(t, base(t))
	at := v.begin("links.csv", linksFile)
	kind, body := formWith("*token", v.token, "big.csv", strings.Repeat("x", 2*maxForm))
	send := func(path, kind string, body []byte, headers ...string) reply {
		return ask(t, v.s, path, v.cookie, func(r *http.Request) {
			r.Method = http.MethodPost
			r.Header.Set("Content-Type", kind)
			for i := 0; i+1 < len(headers); i += 2 {
				r.Header.Set(headers[i], headers[i+1])
			}
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		})
	}
	for _, path := range []string{"/undo", "/correct", "/sources", at + "/drop", at + "/source", at + "/columns", at + "/names", at + "/cell", at + "/apply", at + "/remove"} {
		if r := send(path, kind, body); r.status != http.StatusRequestEntityTooLarge {
			t.Errorf("%s takes a long form: %d: %s", path, r.status, words(r.body))
		}
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		z.Write(bytes.Repeat([]byte("a=b&"), 4<<20))
		z.Close()
		if r := send(path+"?token="+v.token, "application/x-www-form-urlencoded", packed.Bytes(), "Content-Encoding", "gzip"); r.status != http.StatusUnsupportedMediaType {
			t.Errorf("%s takes a packed form: %d: %s", path, r.status, words(r.body))
		}
	}
	if d, err := v.s.imports.shelf.Get(strings.TrimPrefix(at, importPath+"/")); err != nil || len(d.Files) != 1 {
		t.Errorf("the draft: %+v %v", d, err)
	}
}

// TestManyParts holds that nothing of a form with files is left out in silence, and that names do no harm.
func TestManyParts(t *testing.T) {
	t.Parallel()
	v, _ := importServer(t, base(t))
	var many []string
	for range 10_000 {
		many = append(many, "*x", "y")
	}
	if r := v.sendFiles(importPath, append(many, "links.csv", linksFile)...); r.status != http.StatusRequestEntityTooLarge {
		t.Errorf("10,000 fields: %d", r.status)
	}
	if r := v.sendFiles(importPath, "a/links.csv", linksFile, "b/links.csv", linksFile); r.status != http.StatusBadRequest || !strings.Contains(words(r.body), "Two files have one name") {
		t.Errorf("two of one name: %d: %s", r.status, words(r.body))
	}
	at := v.begin(strings.Repeat("long", 1<<20)+".csv", linksFile)
	d, err := v.s.imports.shelf.Get(strings.TrimPrefix(at, importPath+"/"))
	if err != nil || len(d.Files[0].Name) != 200 || !strings.HasSuffix(d.Files[0].Name, ".csv") {
		t.Errorf("a name of 4 MB: %+v %v", d, err)
	}
	v.done(at + "/remove")

	var files []string
	for i := range draft.MaxFiles + 1 {
		files = append(files, fmt.Sprintf("%d.csv", i), linksFile)
	}
	at = v.begin("links.csv", linksFile)
	r := v.sendFiles(at+"/files", files...)
	if said := words(r.body); r.status != http.StatusRequestEntityTooLarge || !strings.Contains(said, "What had arrived before that was added") || !strings.Contains(said, "0.csv , 1.csv") {
		t.Errorf("51 files more: %d: %s", r.status, said)
	}
	checkPage(t, "too many files", r.body)
}

// TestFormAddresses holds that the address of a form, which stays in the browser when the form was refused, leads to its page.
func TestFormAddresses(t *testing.T) {
	t.Parallel()
	v, _ := importServer(t, base(t))
	at := v.begin("links.csv", linksFile)
	for path, want := range map[string]string{"/undo": "/history", at + "/apply": at + "/preview", at + "/cell": at + "/preview", at + "/drop": at, at + "/files": at, at + "/source": at, at + "/remove": at} {
		if to := ask(t, v.s, path, v.cookie).header.Get("Location"); to != want {
			t.Errorf("%s leads to %q, want %q", path, to, want)
		}
		r := ask(t, v.s, path, v.cookie, func(r *http.Request) {
			r.Method, r.Body = http.MethodPost, readCloser("")
			r.Header.Set("Origin", "https://elsewhere.example")
		})
		if r.status != http.StatusForbidden || !strings.Contains(r.body, `href="`+want+`"`) {
			t.Errorf("%s: sent from elsewhere: %d without a way to %s", path, r.status, want)
		}
	}
}

// TestImportedTwice holds that a button which is pressed twice imports once, and that both presses lead to the version.
func TestImportedTwice(t *testing.T) {
	t.Parallel()
	v, st := importServer(t, base(t))
	at := v.begin("links.csv", linksFile)
	v.page(at + "/preview")
	var all sync.WaitGroup
	to := make([]string, 6)
	for i := range to {
		all.Go(func() { to[i] = v.send(at+"/apply", "base", "1").header.Get("Location") })
	}
	all.Wait()
	for i, x := range to {
		if path, _, _ := strings.Cut(x, "?"); path != "/history/2" && x != at {
			t.Errorf("press %d leads to %q", i+1, x)
		}
	}
	if n := len(history(t, st)); n != 2 {
		t.Errorf("%d versions", n)
	}
	if to := v.send(at+"/apply", "base", "1").header.Get("Location"); to != "/history/2" {
		t.Errorf("pressed again when it is done: %s", to)
	}
}

// TestManyDraftsAtOnce holds that drafts which are looked at by turns are all read in the end.
func TestManyDraftsAtOnce(t *testing.T) {
	t.Parallel()
	v, _ := importServer(t, base(t))
	for range workAtOnce {
		v.s.imports.working <- struct{}{}
	}
	var at []string
	for range 2 * readingsKept {
		at = append(at, v.begin("links.csv", linksFile))
	}
	d, err := v.s.imports.shelf.Get(strings.TrimPrefix(at[0], importPath+"/"))
	if err != nil {
		t.Fatal(err)
	}
	first := v.s.understand(d)
	for range workAtOnce {
		<-v.s.imports.working
	}
	<-first.done
	if first.err != nil {
		t.Errorf("the first was ended for the others: %v", first.err)
	}
	for _, x := range at {
		v.says(x, "1 file")
	}
	if n := len(v.s.imports.readings.order); n > readingsKept {
		t.Errorf("%d are kept", n)
	}
}

// TestAnotherTabChangesTheImport holds that nothing is imported which was not shown.
func TestAnotherTabChangesTheImport(t *testing.T) {
	t.Parallel()
	v, st := importServer(t, base(t))
	at := v.begin("links.csv", linksFile)
	form := hiddenOf(t, v.page(at+"/preview"), "Import")
	v.sendFiles(at+"/files", "edges.csv", edgesFile)
	to := v.done(at+"/apply", form...)
	v.says(to, "This import changed meanwhile: nothing was imported yet", "Import as version 2")
	if n := len(history(t, st)); n != 1 {
		t.Fatalf("%d versions", n)
	}
	if to := v.done(at+"/apply", hiddenOf(t, v.page(at+"/preview"), "Import")...); to != "/history/2?done=2" {
		t.Errorf("looked at again: %s", to)
	}
}

// TestOneSourceOfTwoFiles holds that two months of one file are not put together in silence.
func TestOneSourceOfTwoFiles(t *testing.T) {
	t.Parallel()
	v, _ := importServer(t, base(t))
	v.says(v.begin("links-2026-10.csv", linksFile, "links-2026-11.csv", linksFile), "Two files are one source", "links-2026-10.csv and links-2026-11.csv are all the source “links”")
}

// TestBrowsersLineBreaks holds that a cell with a line break can be corrected, and a pair of names put off, as a browser sends it back.
func TestBrowsersLineBreaks(t *testing.T) {
	t.Parallel()
	v, _ := importServer(t, base(t))
	at := v.begin("links.csv", "provider,consumer,tolerance_hours\r\nFuelling,Pilots,\"2\r\nor 3\"\r\nCrew schedulling,Pilots,2\r\n")
	fields := hiddenOf(t, v.page(at+"/preview"), "Correct links.csv, row 2, column tolerance_hours")
	for i := range fields {
		fields[i] = strings.ReplaceAll(strings.ReplaceAll(fields[i], "\r\n", "\n"), "\n", "\r\n")
	}
	if said := v.says(v.done(at+"/cell", append(fields, "new", "2")...), "Corrected cells"); strings.Contains(said, "is no duration") || strings.Contains(said, "was not used") {
		t.Errorf("the correction does not count: %s", said)
	}
	pair := hiddenOf(t, v.page(at+"/names"), "Crew schedulling and Crew scheduling")
	if strings.Contains(strings.Join(pair, ""), "\uFFFD") {
		t.Errorf("what a browser cannot send back: %q", pair)
	}
	v.says(v.done(at+"/names", append(pair, "verdict", later)...), "Put off")
}

// TestPagesOfCommands holds that pages of an import never tell to type on a command line.
func TestPagesOfCommands(t *testing.T) {
	t.Parallel()
	v, _ := importServer(t, base(t))
	at := v.begin("edges.csv", edgesFile, "latin.csv", "provider,consumer\nM\xfcller,Pilots\nStra\xdfe,Pilots\n", "graph.graphml",
		`<graphml><graph edgedefault="directed"><node id="a"/><node id="b"/><edge source="a" target="b"/></graph></graphml>`, "g.dot", "graph { a -- b }")
	for _, step := range []string{"", "/columns", "/columns?sheet=2", "/columns?sheet=3", "/names", "/preview"} {
		if said := v.says(at + step); strings.Contains(strings.ReplaceAll(said, "a -- b", ""), " --") {
			t.Errorf("%s: %s", step, said)
		}
	}
}

// TestHostileCells holds that what cells hold is text on every page, and never fills one.
func TestHostileCells(t *testing.T) {
	t.Parallel()
	v, _ := importServer(t, base(t))
	long := strings.Repeat("x", 1<<20)
	bad := "<script>alert(1)</script>"
	at := v.begin("links.csv", "provider,consumer,service,tolerance_hours,"+bad+"\n"+
		bad+",Pilots,"+long+","+long+",=1+1\n\"\u202etxt\",Pilots,\"javascript:alert(1)\",\""+bad+"\",\n")
	v.done(at+"/columns", append(hiddenOf(t, v.page(at+"/columns"), "What the columns mean"), "shape", "links", "header", "1")...)
	for _, step := range []string{"", "/columns", "/names", "/preview"} {
		page := v.page(at + step)
		if strings.Contains(page, bad) {
			t.Errorf("%s runs what a cell holds", step)
		}
		if len(page) > 100_000 {
			t.Errorf("%s has %d bytes", step, len(page))
		}
	}
}

// TestWhatAnImportDid holds that the page of a version that was just imported says it once, with one button to undo it.
func TestWhatAnImportDid(t *testing.T) {
	t.Parallel()
	v, _ := importServer(t, base(t))
	to := v.done(v.begin("links.csv", "provider,consumer,service\nFuelling,Pilots,Fuel\n")+"/apply", "base", "1")
	for _, path := range []string{to, strings.TrimSuffix(to, "?done=2")} {
		page := v.page(path)
		if n := strings.Count(page, `action="/undo"`); n != 1 {
			t.Errorf("%s has %d buttons to undo it", path, n)
		}
		if said := words(page); strings.Contains(said, "Before After") {
			t.Errorf("%s has columns for what did not change: %s", path, said)
		}
	}
}

// TestImportPagesStay holds that a page with a form is not loaded anew while findings are awaited: what was chosen on it would be lost.
func TestImportPagesStay(t *testing.T) {
	t.Parallel()
	v, _ := importServer(t, base(t))
	at := v.begin("links.csv", linksFile)
	for _, step := range []string{"", "/columns", "/names", "/preview"} {
		v.page(at + step)
	}
	now := *v.s.keeper.now.Load()
	now.findings = nil
	v.s.keeper.now.Store(&now)
	if !strings.Contains(ask(t, v.s, "/history", v.cookie).body, `http-equiv="refresh"`) {
		t.Fatal("no findings are awaited")
	}
	for _, path := range []string{importPath, at, at + "/columns", at + "/names", at + "/preview"} {
		if r := ask(t, v.s, path, v.cookie); strings.Contains(r.body, `http-equiv="refresh"`) {
			t.Errorf("%s is loaded anew: %s", path, words(r.body))
		}
	}
}
