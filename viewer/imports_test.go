package viewer

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/sqlitestore"
	"example.com/whoserves/importer"
	"example.com/whoserves/viewer/draft"
)

// visitor is somebody without JavaScript.
type visitor struct {
	t     *testing.T
	s     *Server
	token string
}

// importServer serves a store with an organisation, where imports can be begun.
func importServer(t *testing.T, o *graph.Org) (*visitor, *sqlitestore.Store) {
	t.Helper()
	st := openStore(t, filepath.Join(t.TempDir(), "a.db"))
	if o != nil {
		importInto(t, st, o)
	}
	return visit(t, serverAt(t, Config{Store: st, Drafts: filepath.Join(t.TempDir(), "drafts"), By: "Kari"}, usualPace)), st
}

func visit(t *testing.T, s *Server) *visitor {
	t.Helper()
	v := &visitor{t: t, s: s}
	found := tokenField.FindStringSubmatch(ask(t, s, importPath).body)
	if found == nil {
		t.Fatalf("no form on the page: %s", words(ask(t, s, importPath).body))
	}
	v.token = found[1]
	return v
}

func (v *visitor) cookie(r *http.Request) {
	if v.token != "" {
		r.AddCookie(&http.Cookie{Name: keyToken, Value: v.token})
	}
}

// page gives a page that must be there, once nothing is waited for any more.
func (v *visitor) page(path string) string {
	v.t.Helper()
	for range 200 {
		r := ask(v.t, v.s, path, v.cookie)
		if r.status != http.StatusOK {
			v.t.Fatalf("%s: status %d: %s", path, r.status, words(r.body))
		}
		if !strings.Contains(r.body, "http-equiv=\"refresh\"") {
			checkPage(v.t, path, r.body)
			return r.body
		}
		time.Sleep(20 * time.Millisecond)
	}
	v.t.Fatalf("%s is never ready", path)
	return ""
}

// says gives the words of a page and checks that it says all of these.
func (v *visitor) says(path string, want ...string) string {
	v.t.Helper()
	said := words(v.page(path))
	for _, w := range want {
		if !strings.Contains(said, w) {
			v.t.Errorf("%s does not say %q: %s", path, w, said)
		}
	}
	return said
}

// send sends a form.
func (v *visitor) send(path string, fields ...string) reply {
	v.t.Helper()
	q := url.Values{keyToken: {v.token}}
	for i := 0; i+1 < len(fields); i += 2 {
		q.Add(fields[i], fields[i+1])
	}
	body := q.Encode()
	return ask(v.t, v.s, path, v.cookie, func(r *http.Request) {
		r.Method = http.MethodPost
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Body, r.ContentLength = readCloser(body), int64(len(body))
	})
}

// done sends a form that must be taken, and gives where it leads.
func (v *visitor) done(path string, fields ...string) string {
	v.t.Helper()
	r := v.send(path, fields...)
	if r.status != http.StatusSeeOther {
		v.t.Fatalf("%s: status %d: %s", path, r.status, words(r.body))
	}
	return r.header.Get("Location")
}

// formWith writes a form of files; a name that begins with a star is a field.
func formWith(parts ...string) (contentType string, body []byte) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		if field, ok := strings.CutPrefix(parts[i], "*"); ok {
			w.WriteField(field, parts[i+1])
			continue
		}
		f, _ := w.CreateFormFile("file", parts[i])
		f.Write([]byte(parts[i+1]))
	}
	w.Close()
	return w.FormDataContentType(), b.Bytes()
}

// sendFiles sends files, names and contents by turns.
func (v *visitor) sendFiles(path string, files ...string) reply {
	v.t.Helper()
	return v.post(path, append([]string{"*token", v.token}, files...)...)
}

func (v *visitor) post(path string, parts ...string) reply {
	v.t.Helper()
	kind, body := formWith(parts...)
	return ask(v.t, v.s, path, v.cookie, func(r *http.Request) {
		r.Method = http.MethodPost
		r.Header.Set("Content-Type", kind)
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	})
}

// begin sends files and gives the address of the draft.
func (v *visitor) begin(files ...string) string {
	v.t.Helper()
	r := v.sendFiles(importPath, files...)
	at := r.header.Get("Location")
	if r.status != http.StatusSeeOther || !regexp.MustCompile(`^/import/[a-z2-7]{26}$`).MatchString(at) {
		v.t.Fatalf("status %d to %q: %s", r.status, at, words(r.body))
	}
	return at
}

// The three files: one is about the wrong direction, one has a near name, one a bad cell.
const (
	edgesFile   = "From;To;Flow\nCrew scheduling;Payroll;pay\nPilots;Crew scheduling;rosters\n"
	trackerFile = "Ferrin Air\n\nTeam,Depends on Team,Type (blocking/slowing/ok),Short description of dependency\nCrew schedulling,Norfuel,blocking,Jet fuel\n"
	linksFile   = "provider,consumer,service,tolerance_hours\nFuelling,Pilots,Fuel,2-3 days\nPilots,Passengers,Flights,4\n"
	nodesFile   = "id,name,kind\ncrew,Crew scheduling,team\npay,Payroll,team\npilots,Pilots,team\nfuel,Fuelling,team\nnor,Norfuel,supplier\npax,Passengers,customer\n"
)

// base is an organisation that has everything that the three files speak of.
func base(t *testing.T) *graph.Org {
	t.Helper()
	res, err := importer.ReadFiles(t.Context(), []importer.File{importer.Bytes("nodes.csv", []byte(nodesFile))}, importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return res.Org
}

// TestImportOnThePages brings in three files, mends a direction, a name and a cell, imports, undoes, and brings in the next month.
func TestImportOnThePages(t *testing.T) {
	t.Parallel()
	v, st := importServer(t, base(t))
	draft := v.begin("edges.csv", edgesFile, "tracker-2026-11.csv", trackerFile, "links.csv", linksFile)
	v.says(draft, "3 files", "A new source, “edges”", "A new source, “tracker”", "team dependency tracker")

	v.says(draft+"/columns?sheet=1", "Row 2 means: Crew scheduling serves → Payroll", "No, the other way round: Payroll serves → Crew scheduling")
	to := v.done(draft+"/columns", "source", "edges", "in", "edges.csv", "sheet", "", "only", "direction", "direction", "consumer-first", "nth", "1")
	v.says(to, "Row 2 means: Payroll serves → Crew scheduling", "as was decided")

	v.says(draft+"/names", "Crew schedulling may be Crew scheduling", "One pair of names")
	pair := hiddenOf(t, v.page(draft+"/names"), "Crew schedulling and Crew scheduling")
	v.says(v.done(draft+"/names", append(pair, "verdict", sameThing)...), "Settled", "Crew schedulling is Crew scheduling")

	v.says(draft+"/preview", "links.csv, row 2, column tolerance_hours", "“2-3 days” is no duration", "Import as version 2")
	cell := hiddenOf(t, v.page(draft+"/preview"), "Correct links.csv, row 2, column tolerance_hours")
	v.says(v.done(draft+"/cell", append(cell, "new", "2 days")...), "Corrected cells", "2-3 days → 2 days", "Nothing is wrong",
		"Payroll serves Crew scheduling", "Norfuel serves Crew scheduling with Jet fuel", "Fuelling serves Pilots with Fuel", "From version 1 to 2.")

	to = v.done(draft+"/apply", "base", "1")
	if to != "/history/2?done=2" {
		t.Fatalf("imported: leads to %s", to)
	}
	v.says(to, "Saved as version 2", "Undo")
	if to := ask(t, v.s, draft, v.cookie).header.Get("Location"); to != "/history/2" {
		t.Errorf("the draft that was imported leads to %q", to)
	}
	if said := v.says(importPath, "edges.csv , links.csv and tracker-2026-11.csv"); strings.Contains(said, "Throw it away") {
		t.Error("it is still listed as begun")
	}
	snap := v.s.keeper.now.Load().snap
	links := linksOf(snap)
	if want := []string{"crew>pilots", "fuel>pilots Fuel 48", "nor>crew Jet fuel", "pay>crew", "pilots>pax Flights 4"}; !slices.Equal(links, want) {
		t.Errorf("links %q, want %q", links, want)
	}
	if r := history(t, st)[0]; r.By != "Kari" || len(r.Files) != 3 || !strings.Contains(r.Mapping, "consumer-first") {
		t.Errorf("record %+v", r)
	}
	var kept importer.Mapping
	if data, err := st.Document(t.Context(), importer.MappingKind, "tracker"); err != nil || json.Unmarshal(data, &kept) != nil || len(kept.Names) != 1 || kept.Names[0].Name != "Crew schedulling" {
		t.Errorf("what was settled about names: %+v %v", kept, err)
	}

	v.done("/undo", "version", "2", "back", "/history")
	if links := linksOf(v.s.keeper.now.Load().snap); len(links) != 0 {
		t.Errorf("after the undo: %q", links)
	}

	next := v.begin("edges-2026-12.csv", edgesFile, "tracker-2026-12.csv", strings.ReplaceAll(trackerFile, "Jet fuel", "Fuel"), "links-2026-12.csv", strings.ReplaceAll(linksFile, "2-3 days", "3-4 days"))
	v.says(next+"/columns?sheet=1", "Row 2 means: Payroll serves → Crew scheduling", "as was decided")
	v.says(next+"/preview", "The correction to “2 days” was not used", "“3-4 days” is no duration", "Norfuel serves Crew scheduling with Fuel")
}

// hiddenOf gives the hidden fields of the form with a name, but for the token.
func hiddenOf(t *testing.T, page, label string) []string {
	t.Helper()
	at := strings.Index(page, `aria-label="`+label+`"`)
	if at < 0 {
		t.Fatalf("no form %q in %s", label, words(page))
	}
	form, _, _ := strings.Cut(page[at:], "</form>")
	var fields []string
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`).FindAllStringSubmatch(form, -1) {
		if m[1] != keyToken {
			fields = append(fields, m[1], htmlText(m[2]))
		}
	}
	return fields
}

func htmlText(s string) string {
	return strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&lt;", "<", "&gt;", ">", "&#43;", "+", "&amp;", "&").Replace(s)
}

func linksOf(s *graph.Snapshot) []string {
	var all []string
	for i := range s.Links {
		l := &s.Links[i]
		x := s.Nodes[l.Provider].ID + ">" + s.Nodes[l.Consumer].ID
		if l.Service != "" {
			x += " " + l.Service
		}
		if h, ok := l.Values.Tolerance.Get(); ok {
			x += fmt.Sprintf(" %g", h)
		}
		all = append(all, x)
	}
	slices.Sort(all)
	return all
}

func history(t *testing.T, st graph.Store) []graph.VersionRecord {
	t.Helper()
	h, err := st.History(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestColumnsAreChosen holds that a column, the header row and the shape can be said, and that a sheet can be left out.
func TestColumnsAreChosen(t *testing.T) {
	t.Parallel()
	v, _ := importServer(t, base(t))
	draft := v.begin("links.csv", "provider,consumer,what,late\nPayroll,Pilots,Pay,6\n")
	page := v.page(draft + "/columns")
	fields := hiddenOf(t, page, "What the columns mean")
	said := func(means ...string) []string {
		all := slices.Clone(fields)
		for i, m := range means {
			all = append(all, fmt.Sprintf("field.%d", i), m)
		}
		return append(all, "shape", "links", "header", "1")
	}
	v.done(draft+"/columns", said("provider", "consumer", "service", "tolerance_hours")...)
	v.says(draft+"/preview", "Payroll serves Pilots with Pay")
	v.says(draft+"/columns", "chosen")
	if r := v.send(draft+"/columns", said("provider", "consumer", "nonsense", "attribute")...); r.status != http.StatusBadRequest || !strings.Contains(words(r.body), "“nonsense” is no column") {
		t.Errorf("status %d: %s", r.status, words(r.body))
	}
	v.says(draft+"/preview", "Payroll serves Pilots with Pay")
	v.done(draft+"/columns", append(slices.Clone(fields), "shape", "ignore", "header", "1")...)
	v.says(draft+"/columns", "it is left out, as was decided")
	v.says(draft+"/preview", "Nothing was read, so there is nothing to import")
	if r := v.send(draft+"/columns", append(slices.Clone(fields), "shape", "links", "header", "two")...); r.status != http.StatusBadRequest {
		t.Errorf("a header in row two: %d", r.status)
	}
}

// TestUploadsAreOurs holds that nothing is kept of what a page from elsewhere, or a broken sender, sends.
func TestUploadsAreOurs(t *testing.T) {
	t.Parallel()
	v, _ := importServer(t, base(t))
	stranger := *v
	stranger.token = ""
	for what, r := range map[string]reply{
		"no token":             v.post(importPath, "links.csv", linksFile),
		"a wrong token":        v.post(importPath, "*token", strings.Repeat("A", 26), "links.csv", linksFile),
		"the token comes last": v.post(importPath, "links.csv", linksFile, "*token", v.token),
		"no cookie":            stranger.post(importPath, "*token", v.token, "links.csv", linksFile),
	} {
		if r.status != http.StatusForbidden {
			t.Errorf("%s: %d: %s", what, r.status, words(r.body))
		}
		checkPage(t, what, r.body)
	}
	for what, r := range map[string]reply{
		"no file":      v.sendFiles(importPath),
		"a blank name": v.sendFiles(importPath, "", "x"),
		"no boundary": ask(t, v.s, importPath, v.cookie, func(r *http.Request) {
			r.Method = http.MethodPost
			r.Header.Set("Content-Type", "multipart/form-data")
			r.Body, r.ContentLength = readCloser("abc"), 3
		}),
		"a plain form": v.send(importPath),
		"it broke off": v.broken(importPath),
	} {
		if r.status != http.StatusBadRequest {
			t.Errorf("%s: %d: %s", what, r.status, words(r.body))
		}
	}
	if all, err := v.s.imports.shelf.List(); err != nil || len(all) != 0 {
		t.Errorf("kept: %v %v", all, err)
	}
}

// broken sends half of a form.
func (v *visitor) broken(path string) reply {
	kind, body := formWith("*token", v.token, "links.csv", strings.Repeat(linksFile, 100))
	body = body[:len(body)/2]
	return ask(v.t, v.s, path, v.cookie, func(r *http.Request) {
		r.Method = http.MethodPost
		r.Header.Set("Content-Type", kind)
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	})
}

// TestDraftsAreTakenUpAgain holds that a draft outlives the server, can be added to, and can be thrown away.
func TestDraftsAreTakenUpAgain(t *testing.T) {
	t.Parallel()
	v, st := importServer(t, base(t))
	at := v.begin("links.csv", linksFile)
	again := visit(t, serverAt(t, Config{Store: st, Drafts: v.s.config.Drafts}, usualPace))
	again.says(importPath, "Begun and not finished", "links.csv")
	again.says(at, "1 file")
	if r := again.sendFiles(at+"/files", "edges.csv", edgesFile); r.header.Get("Location") != at {
		t.Fatalf("status %d: %s", r.status, words(r.body))
	}
	again.says(at, "2 files", "edges.csv")
	page := again.page(at)
	again.done(at+"/source", append(hiddenOf(t, page, "The source of edges.csv"), "source", "links")...)
	again.says(at, "A new source, “links”")
	if said := again.says(at + "/preview"); strings.Contains(said, "The source edges") {
		t.Error("two files of one source are two sources")
	}
	if r := again.send(at+"/source", append(hiddenOf(t, page, "The source of edges.csv"), "source", "edits")...); r.status != http.StatusBadRequest {
		t.Errorf("a source called edits: %d", r.status)
	}
	again.done(at+"/drop", hiddenOf(t, page, "The source of edges.csv")...)
	again.says(at, "1 file")
	if to := again.done(at + "/remove"); to != importPath+"#drafts" {
		t.Errorf("thrown away: %s", to)
	}
	for _, path := range []string{at, at + "/preview", importPath + "/" + strings.Repeat("a", 26), importPath + "/x"} {
		if r := ask(t, v.s, path); r.status != http.StatusNotFound || !strings.Contains(words(r.body), "This import is no longer here") {
			t.Errorf("%s: %d: %s", path, r.status, words(r.body))
		}
	}
	if r := again.send(at + "/apply"); r.status != http.StatusNotFound {
		t.Errorf("imported when thrown away: %d", r.status)
	}
}

// TestTheFactsMoveMeanwhile holds that an import is shown again where somebody else imported since it was looked at.
func TestTheFactsMoveMeanwhile(t *testing.T) {
	t.Parallel()
	v, st := importServer(t, base(t))
	at := v.begin("links.csv", linksFile)
	v.says(at+"/preview", "Import as version 2")
	importInto(t, st, &graph.Org{Sources: []*graph.Source{graph.NewSource("other", []*graph.NodeRecord{{ID: "x", Name: "X", Kind: graph.Team}}, nil)}})
	eventually(func() bool { v.s.keeper.look(0); return v.s.keeper.now.Load().snap.Version == 2 })
	to := v.done(at+"/apply", "base", "1")
	v.says(to, "The facts changed meanwhile: nothing was imported yet", "What you saw was for version 1", "Version 2", "Import as version 3")
	if n := len(history(t, st)); n != 2 {
		t.Fatalf("%d versions", n)
	}
	if to := v.done(at+"/apply", "base", "2"); to != "/history/3?done=3" {
		t.Errorf("leads to %s", to)
	}
}

// TestMuchWouldGo holds that an import that removes much needs a tick.
func TestMuchWouldGo(t *testing.T) {
	t.Parallel()
	v, st := importServer(t, nil)
	v.done(v.begin("nodes.csv", nodesFile)+"/apply", "base", "0")
	at := v.begin("nodes.csv", "id,name,kind\ncrew,Crew scheduling,team\n")
	v.says(at, "It replaces what the source “nodes” said before (imported on")
	v.says(at+"/preview", "Much is removed, and that is meant: the source nodes loses", "3 teams, 1 supplier and 1 customer removed")
	if r := v.send(at+"/apply", "base", "1"); r.status != http.StatusConflict || len(history(t, st)) != 1 {
		t.Errorf("without the tick: %d", r.status)
	}
	if to := v.done(at+"/apply", "base", "1", "shrink", "1"); to != "/history/2?done=2" {
		t.Errorf("with it: %s", to)
	}
	same := v.begin("nodes.csv", "id,name,kind\ncrew,Crew scheduling,team\n")
	v.says(same+"/preview", "Nothing changes.", "There is nothing to import")
	v.done(same+"/apply", "base", "2")
	if n := len(history(t, st)); n != 2 {
		t.Errorf("an import that changes nothing made a version: %d", n)
	}
}

// TestQuestionsComeFirst holds that nothing is imported while it is open who serves whom.
func TestQuestionsComeFirst(t *testing.T) {
	t.Parallel()
	v, st := importServer(t, base(t))
	at := v.begin("matrix.csv", ",Payroll,Pilots,Fuelling\nPayroll,,x,x\nPilots,x,,\nFuelling,,x,\n")
	v.says(at, "Who serves whom?")
	v.says(at+"/preview", "Nothing can be imported until it is decided who serves whom")
	if !strings.Contains(v.page(at+"/preview"), `<button class="go" disabled aria-describedby="off">Import as version 2</button>`) {
		t.Error("the button is not off")
	}
	v.done(at+"/apply", "base", "1")
	if n := len(history(t, st)); n != 1 {
		t.Fatalf("%d versions: it was imported with the question open", n)
	}
	page := v.page(at + "/columns")
	if !strings.Contains(words(page), "Who serves whom in row") {
		t.Fatal(words(page))
	}
	v.done(at+"/columns", append(hiddenOf(t, page, "Who serves whom"), "direction", "provider-first")...)
	v.says(at+"/preview", "Import as version 2")
	v.done(at+"/apply", "base", "1")
	if n := len(history(t, st)); n != 2 {
		t.Errorf("%d versions", n)
	}
}

// TestHostileFiles holds that whatever is sent is answered with a page that says what to do.
func TestHostileFiles(t *testing.T) {
	t.Parallel()
	v, _ := importServer(t, base(t))
	for name, c := range map[string]struct{ content, says string }{
		"empty.csv":                     {"", "empty"},
		"a.pdf":                         {"%PDF-1.7 abc", "PDF"},
		"old.xls":                       {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"},
		"broken.xlsx":                   {"PK\x03\x04 abc", "broken.xlsx"},
		"<script>alert(1)</script>.csv": {linksFile, "script>.csv"},
		"nonsense.csv":                  {"a,b\n1,2\n", "nonsense.csv"},
		"formulas.csv":                  {"provider,consumer\n\"=cmd|' /C calc'!A0\",<b>x</b>\n", "<b>x</b>"},
		"../../x.csv":                   {linksFile, "x.csv"},
	} {
		at := v.begin(name, c.content)
		said := ""
		for _, step := range []string{"", "/columns", "/names", "/preview"} {
			said += v.says(at + step)
		}
		if !strings.Contains(said, c.says) {
			t.Errorf("%q: no %q in %s", name, c.says, said)
		}
		v.done(at + "/remove")
	}
	if entries, err := os.ReadDir(v.s.config.Drafts); err != nil || len(entries) != 0 {
		t.Errorf("left: %v %v", entries, err)
	}
}

// TestProgress holds that a page says how far it is while files are read, and that a draft can be thrown away meanwhile.
func TestProgress(t *testing.T) {
	t.Parallel()
	v, _ := importServer(t, base(t))
	for range workAtOnce {
		v.s.imports.working <- struct{}{}
	}
	at := v.begin("links.csv", linksFile)
	for _, step := range []string{"", "/columns", "/names", "/preview"} {
		r := ask(t, v.s, at+step, v.cookie)
		if !strings.Contains(r.body, `http-equiv="refresh"`) || !strings.Contains(words(r.body), "Reading links.csv : 0 % of") {
			t.Errorf("%s: %s", step, words(r.body))
		}
		checkPage(t, at+step, r.body)
	}
	d, err := v.s.imports.shelf.Get(strings.TrimPrefix(at, importPath+"/"))
	if err != nil {
		t.Fatal(err)
	}
	reading := v.s.understand(d)
	v.done(at + "/remove")
	<-reading.done
	if !errors.Is(reading.err, context.Canceled) {
		t.Errorf("the reading of a draft that was thrown away: %v", reading.err)
	}
	for range workAtOnce {
		<-v.s.imports.working
	}
}

// TestWhereNothingCanBeImported holds that the page says why.
func TestWhereNothingCanBeImported(t *testing.T) {
	t.Parallel()
	open := func() graph.Store { return openStore(t, filepath.Join(t.TempDir(), "a.db")) }
	for name, c := range map[string]struct {
		config Config
		says   string
		status int
	}{
		"files":           {Config{Snapshot: graph.NewSnapshot(layers(10))}, "These pages show files as they are", http.StatusForbidden},
		"no folder":       {Config{Store: open()}, "no folder in which it could keep files", http.StatusForbidden},
		"others can read": {Config{Store: open(), Drafts: t.TempDir(), Listen: "0.0.0.0:80"}, "there is no sign-in yet", http.StatusForbidden},
	} {
		s := serverAt(t, c.config, usualPace)
		if said := words(get(t, s, importPath)); !strings.Contains(said, c.says) {
			t.Errorf("%s: %s", name, said)
		}
		v := &visitor{t: t, s: s, token: strings.Repeat("A", 26)}
		if r := v.sendFiles(importPath, "links.csv", linksFile); r.status != c.status || !strings.Contains(words(r.body), c.says) {
			t.Errorf("%s: %d: %s", name, r.status, words(r.body))
		}
	}
	st := &flaky{Store: open()}
	importInto(t, st, layers(10))
	s := serverAt(t, Config{Store: st, Drafts: t.TempDir()}, quick)
	st.fail(errors.New("gone"))
	eventually(func() bool { s.keeper.look(0); return s.keeper.outage.Load() != nil })
	if said := words(get(t, s, importPath)); !strings.Contains(said, "until the data store answers again") {
		t.Errorf("the store is away: %s", said)
	}
	v := &visitor{t: t, s: s, token: strings.Repeat("A", 26)}
	if r := v.sendFiles(importPath, "links.csv", linksFile); r.status != http.StatusServiceUnavailable {
		t.Errorf("the store is away: %d", r.status)
	}
}

// TestLongBodies holds that only uploads may be long, and that what is left of a body is never taken for a request.
func TestLongBodies(t *testing.T) {
	t.Parallel()
	v, _ := importServer(t, base(t))
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- v.s.Run(ctx, ln) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	smuggled := "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: smuggled\r\n\r\n"
	kind, _ := formWith()
	for name, head := range map[string]string{
		"a form":           fmt.Sprintf("POST /undo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n", maxForm+1+len(smuggled)),
		"a body of a page": fmt.Sprintf("GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n", maxForm+1+len(smuggled)),
		"another host":     fmt.Sprintf("POST /import HTTP/1.1\r\nHost: evil.example\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", kind, maxForm+1+len(smuggled)),
		"no token":         fmt.Sprintf("POST /import HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", kind, maxForm+1+len(smuggled)),
	} {
		conn, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, head+strings.Repeat("a", maxForm+1)+smuggled)
		answers, err := io.ReadAll(conn)
		conn.Close()
		if n := strings.Count(string(answers), "HTTP/1.1 "); n > 1 || strings.Contains(string(answers), "smuggled") {
			t.Errorf("%s: %d answers, error %v", name, n, err)
		}
	}
	conn, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	big := "provider,consumer\n" + strings.Repeat("Payroll,Pilots\n", 200_000)
	kind, body := formWith("*token", v.token, "links.csv", big)
	fmt.Fprintf(conn, "POST /import HTTP/1.1\r\nHost: localhost\r\nCookie: token=%s\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n", v.token, kind)
	for len(body) > 0 {
		n := min(len(body), 100_000)
		fmt.Fprintf(conn, "%x\r\n%s\r\n", n, body[:n])
		body = body[n:]
	}
	io.WriteString(conn, "0\r\n\r\n")
	r, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || r.StatusCode != http.StatusSeeOther {
		t.Fatalf("a large upload in chunks: %v %v", r, err)
	}
	d, err := v.s.imports.shelf.Get(strings.TrimPrefix(r.Header.Get("Location"), importPath+"/"))
	if err != nil || d.Files[0].Size != int64(len(big)) {
		t.Errorf("%v %+v", err, d)
	}
}

// deadlines is a connection that remembers its deadlines.
type deadlines struct {
	net.Conn
	at []time.Time
}

func (d *deadlines) SetReadDeadline(t time.Time) error { d.at = append(d.at, t); return nil }

// TestSlowSenders holds that every read of an upload has a deadline, and all together have one.
func TestSlowSenders(t *testing.T) {
	t.Parallel()
	conn := &deadlines{}
	end := time.Now().Add(time.Hour)
	r := &steady{Reader: strings.NewReader("abcdef"), conn: conn, end: end}
	buf := make([]byte, 3)
	r.Read(buf)
	r.end = time.Now().Add(time.Second)
	r.Read(buf)
	if len(conn.at) != 2 || conn.at[0].After(time.Now().Add(uploadSilence)) || !conn.at[1].Equal(r.end) {
		t.Errorf("%v", conn.at)
	}
}

// TestUploadProblems holds that every way in which an upload can fail has its words.
func TestUploadProblems(t *testing.T) {
	t.Parallel()
	for err, status := range map[error]int{errNoFile: 400, draft.ErrTooLarge: 413, draft.ErrTooMany: 413, draft.ErrFull: 507, errBroken: 400, io.ErrUnexpectedEOF: 400, draft.ErrGone: 404} {
		var p *problem
		if !errors.As(uploadProblem(fmt.Errorf("a.csv: %w", err)), &p) || p.Status != status || len(p.Acts) == 0 {
			t.Errorf("%v: %+v", err, p)
		}
	}
	if err := errors.New("other"); uploadProblem(err) != err {
		t.Error("an unexpected error is told")
	}
}

// TestTasks holds that a task is begun once, that one that failed can be begun anew, and that only so many are kept.
func TestTasks(t *testing.T) {
	t.Parallel()
	life, end := context.WithCancel(t.Context())
	k := &keeper{life: life}
	ts := newTasks[int](k, 2)
	begun := 0
	do := func(result int, err error) func(context.Context, *task[int]) (int, error) {
		return func(context.Context, *task[int]) (int, error) { begun++; return result, err }
	}
	wait := func(x *task[int]) *task[int] { <-x.done; return x }
	if x := wait(ts.of("a1", do(7, nil))); x.value != 7 || wait(ts.of("a1", do(8, nil))).value != 7 || wait(ts.again("a1", do(8, nil))).value != 7 || begun != 1 {
		t.Errorf("%d, begun %d times", x.value, begun)
	}
	if x := wait(ts.of("a2", do(0, errors.New("no")))); x.err == nil || wait(ts.of("a2", do(8, nil))).err == nil || wait(ts.again("a2", do(8, nil))).value != 8 {
		t.Error("one that failed")
	}
	if x := wait(ts.of("b1", func(context.Context, *task[int]) (int, error) { panic("oh") })); x.err == nil {
		t.Error("a panic is no error")
	}
	if ts.find("a1") != nil || ts.find("a2") == nil || ts.find("b1") == nil {
		t.Error("not the oldest was forgotten")
	}
	hangs := ts.of("c1", func(ctx context.Context, _ *task[int]) (int, error) { <-ctx.Done(); return 0, ctx.Err() })
	if hangs.ready(t.Context(), 0) {
		t.Error("it is ready while it goes on")
	}
	ts.forget("c", "c1")
	if ts.find("c1") == nil {
		t.Error("the one to be kept is forgotten")
	}
	ts.forget("c", "")
	if wait(hangs); !errors.Is(hangs.err, context.Canceled) || ts.find("c1") != nil {
		t.Error("a task that is forgotten goes on")
	}
	end()
	if x := wait(ts.of("d1", do(1, nil))); !errors.Is(x.err, context.Canceled) {
		t.Error("a task is begun after the end")
	}
}
