//go:build browser

package viewer

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// press presses a button and waits for the page that it leads to, and until that has nothing more to wait for.
func (tb *tab) press(selector string) {
	tb.t.Helper()
	tb.run(chromedp.Evaluate(`document.body.dataset.before = "1"`, nil), chromedp.Click(selector, chromedp.ByQuery))
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		there := false
		err := chromedp.Run(tb.ctx, chromedp.Evaluate(`document.readyState === "complete" && !document.body.dataset.before && !document.querySelector("meta[http-equiv=refresh]")`, &there))
		if err == nil && there { // between two pages there is nothing to ask
			return
		}
	}
	tb.t.Fatalf("%s leads nowhere: %s", selector, value[string](tb, `document.querySelector("main").innerText`))
}

func (tb *tab) said() string {
	tb.t.Helper()
	return strings.Join(strings.Fields(value[string](tb, `document.querySelector("main").innerText`)), " ")
}

func (tb *tab) mustSay(want ...string) {
	tb.t.Helper()
	said := tb.said()
	for _, w := range want {
		if !strings.Contains(said, w) {
			tb.t.Errorf("%s does not say %q: %s", value[string](tb, "location.pathname"), w, said)
		}
	}
}

// TestBrowserImport brings in three files: one is read the wrong way round, one has a name that is nearly another, one has a bad cell.
// All is mended on the pages, imported and undone, with and without JavaScript.
func TestBrowserImport(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	for name, content := range map[string]string{"edges.csv": edgesFile, "tracker-2026-11.csv": trackerFile, "links.csv": linksFile} {
		at := filepath.Join(dir, name)
		if err := os.WriteFile(at, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, at)
	}
	slices.Sort(paths)
	for _, script := range []bool{true, false} {
		t.Run(fmt.Sprintf("script=%v", script), func(t *testing.T) {
			v, _ := importServer(t, base(t))
			tb := openTab(t, serveAt(t, v.s))
			tb.run(emulation.SetScriptExecutionDisabled(!script))
			tb.open(importPath)
			tb.run(chromedp.SetUploadFiles("#file", paths, chromedp.ByQuery))
			if script {
				tb.mustSay("3 files: edges.csv, links.csv, tracker-2026-11.csv")
			}
			tb.press("form.upload button")
			tb.mustSay("3 files", "A new source, “edges”")

			tb.press(`.acts a.go`)
			tb.mustSay("Row 2 means: Crew scheduling serves → Payroll")
			largest := value[bool](tb, `(() => { const size = e => parseFloat(getComputedStyle(e).fontSize), say = size(document.querySelector(".say"));
				return [...document.querySelectorAll("main p, main td, main th, main h2, main button")].every(e => size(e) <= say) })()`)
			if !largest {
				t.Error("the sentence is not the largest text")
			}
			tb.press(`.ways button[value="consumer-first"]`)
			tb.mustSay("Row 2 means: Payroll serves → Crew scheduling", "as was decided")

			tb.press(`.acts a.go`)
			tb.mustSay("Crew schedulling may be Crew scheduling", "one letter")
			tb.press(`.pairs button[value="same"]`)
			tb.mustSay("Crew schedulling is Crew scheduling")

			tb.press(`.acts a.go`)
			tb.mustSay("“2-3 days” is no duration", "Import as version 2")
			tb.run(chromedp.SetValue("#fix-0", "2 days", chromedp.ByQuery))
			tb.press(".fix button")
			tb.mustSay("Nothing is wrong", "2-3 days → 2 days", "5 links added")

			tb.open(importPath) // left, and taken up again
			tb.mustSay("Begun and not finished", "edges.csv, links.csv and tracker-2026-11.csv")
			tb.press("#drafts h3 a")
			tb.press(`.steps li:last-child a`)
			tb.press(".apply button")
			tb.mustSay("Saved as version 2", "Payroll serves Crew scheduling")
			if n := len(v.s.keeper.now.Load().snap.Links); n != 5 {
				t.Errorf("%d links, want 5", n)
			}
			tb.press(".note.done button")
			tb.mustSay("Version 2 was undone, as version 3")
			if n := len(v.s.keeper.now.Load().snap.Links); n != 0 {
				t.Errorf("%d links after the undo", n)
			}
			tb.quiet("import")
		})
	}
}

// TestBrowserDropsFiles holds that files dropped on the form are those that it sends.
func TestBrowserDropsFiles(t *testing.T) {
	v, _ := importServer(t, base(t))
	tb := openTab(t, serveAt(t, v.s))
	tb.open(importPath)
	tb.run(chromedp.Evaluate(`(() => { const d = new DataTransfer();
		for (const [name, text] of [["links.csv", "provider,consumer\nPayroll,Pilots\n"], ["more.csv", "provider,consumer\nFuelling,Pilots\n"]]) d.items.add(new File([text], name));
		document.querySelector("form.upload").dispatchEvent(new DragEvent("drop", {dataTransfer: d, bubbles: true, cancelable: true})); })()`, nil))
	tb.mustSay("2 files: links.csv, more.csv")
	tb.press("form.upload button")
	tb.mustSay("2 files", "links.csv", "more.csv")
	tb.quiet("drop")
}

// TestBrowserImportAccessible asks axe about every page of an import, in light and dark, wide and narrow.
func TestBrowserImportAccessible(t *testing.T) {
	source := axeSource(t)
	v, _ := importServer(t, base(t))
	at := v.begin("edges.csv", edgesFile, "tracker-2026-11.csv", trackerFile, "links.csv", linksFile+"Fuelling,,Fuel,1\n", "notes.csv", "a,b\n1,2\n", "empty.csv", "")
	put := v.begin("other.csv", trackerFile)
	v.done(put+"/names", append(hiddenOf(t, v.page(put+"/names"), "Crew schedulling and Crew scheduling"), "verdict", later)...)
	open := v.begin("matrix.csv", ",Payroll,Pilots,Fuelling\nPayroll,,x,x\nPilots,x,,\nFuelling,,x,\n")
	tb := openTab(t, serveAt(t, v.s))
	paths := []string{importPath, put + "/names", open, open + "/columns", open + "/preview", importPath + "/gone"}
	for _, step := range []string{"", "/columns", "/columns?sheet=2", "/columns?sheet=3", "/columns?sheet=4", "/names", "/preview"} {
		paths = append(paths, at+step)
	}
	for _, path := range paths {
		checkLooks(tb, source, "import", path, looks)
	}
	for range workAtOnce {
		v.s.imports.working <- struct{}{}
	}
	defer func() {
		for range workAtOnce {
			<-v.s.imports.working
		}
	}()
	slow := v.begin("slow.csv", linksFile)
	for _, look := range looks {
		tb.size(look.width)
		tb.openStill(slow)
		checkAxe(tb, source, "slow")
		checkWidths(tb, "slow")
	}
}
