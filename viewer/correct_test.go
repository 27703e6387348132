package viewer

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"example.com/whoserves/graph"
)

// differing is a small firm about which three files say different things.
func differing() *graph.Org {
	at := func(file, sheet string, row int) graph.Origin {
		return graph.Origin{File: file, Sheet: sheet, Row: row}
	}
	hr := graph.NewSource("hr", []*graph.NodeRecord{
		{ID: "payroll", Name: "Payroll", Capacity: graph.Given(10), Contact: "<b>desk</b>", From: at("hr.xlsx", "Teams", 5)},
		{ID: "crew", Name: "Crew scheduling", From: at("hr.xlsx", "Teams", 6)},
	}, nil)
	sheet := graph.NewSource("sheet", []*graph.NodeRecord{
		{Name: "Payroll", Capacity: graph.Given(12), From: at("sheet.csv", "", 2)},
		{Name: "Passengers", Kind: graph.Customer, From: at("sheet.csv", "", 3)},
	}, []*graph.LinkRecord{
		{Provider: "Payroll", Consumer: "Crew scheduling", Service: "Hours & pay", Criticality: graph.Minor, Satisfaction: graph.Given(40), From: at("links.csv", "", 7)},
		{Provider: "Crew scheduling", Consumer: "Passengers", From: at("links.csv", "", 8)},
	})
	survey := graph.NewSource("survey", nil, []*graph.LinkRecord{
		{Provider: "payroll", Consumer: "crew", Service: "hours & PAY", Criticality: graph.Critical, Satisfaction: graph.Given(60), From: at("survey.csv", "", 2)},
	})
	for i, s := range []*graph.Source{hr, sheet, survey} {
		s.Rank = i + 1
	}
	return &graph.Org{Name: "Acme", Sources: []*graph.Source{hr, sheet, survey}}
}

// editor is a browser on a server with a store.
type editor struct {
	*testing.T
	s     *Server
	st    graph.Store
	token string
}

func newEditor(t *testing.T) *editor {
	t.Helper()
	st := openStore(t, filepath.Join(t.TempDir(), "a.db"))
	importInto(t, st, differing())
	return &editor{t, serverAt(t, Config{Store: st, By: "Ann"}, always), st, strings.Repeat("A", 26)}
}

func (e *editor) cookie(r *http.Request) { r.AddCookie(&http.Cookie{Name: "token", Value: e.token}) }

// send sends a form and gives the answer, following where it leads.
func (e *editor) send(path string, form url.Values) reply {
	e.Helper()
	form.Set("token", e.token)
	r := send(e.T, e.s, path, form, e.cookie)
	if r.status == http.StatusSeeOther {
		to, _, _ := strings.Cut(r.header.Get("Location"), "#")
		return ask(e.T, e.s, to, e.cookie)
	}
	return r
}

func (e *editor) correct(field, was, value string) reply {
	e.Helper()
	return e.send(correctPath, url.Values{"node": {"payroll"}, "field": {field}, "was": {was}, "value": {value}})
}

// says holds that a page says things.
func (e *editor) says(r reply, status int, want ...string) {
	e.Helper()
	said := words(r.body)
	if r.status != status {
		e.Errorf("status %d, not %d: %s", r.status, status, said)
	}
	checkPage(e.T, "page", r.body)
	for _, w := range want {
		if !strings.Contains(said, w) {
			e.Errorf("no %q in %s", w, said)
		}
	}
}

func (e *editor) version(want int64) {
	e.Helper()
	if v, err := e.st.Version(e.Context()); err != nil || v != want {
		e.Errorf("version %d, %v, not %d", v, err, want)
	}
}

func (e *editor) get(path string) reply { return ask(e.T, e.s, path, e.cookie) }

// TestEveryFactSaysWhereItComesFrom holds that file, sheet and row stand beside each, with what other sources say.
func TestEveryFactSaysWhereItComesFrom(t *testing.T) {
	t.Parallel()
	e := newEditor(t)
	e.says(e.get("/teams/payroll"), 200, "Where this comes from", "Capacity 10 hr : hr.xlsx, sheet Teams, row 5 12 ( sheet : sheet.csv, row 2 ) . The first counts.",
		"Contact <b>desk</b> hr : hr.xlsx, sheet Teams, row 5", "Name Payroll hr : hr.xlsx, sheet Teams, row 5 ; sheet : sheet.csv, row 2", "Nobody has said:", "recovery hours")
	link := linksPath + "?provider=payroll&consumer=crew&service=hours+%26+pay"
	e.says(e.get(link), 200, "Payroll serves Crew scheduling with Hours & pay", "Criticality critical survey : survey.csv, row 2 minor ( sheet : links.csv, row 7 ) . The strictest counts.",
		"Satisfaction 50 the average of 40 ( sheet : links.csv, row 7 ); 60 ( survey : survey.csv, row 2 )", "Without it Crew scheduling stops")
	if !strings.Contains(e.get("/teams/payroll").body, `/links?consumer=crew&amp;provider=payroll&amp;service=Hours&#43;%26&#43;pay`) {
		t.Error("the list of links does not lead to the link")
	}
	e.says(e.get("/customers/passengers"), 200, "Where this comes from", "Kind customer sheet : sheet.csv, row 3")
	if csv := e.get("/teams/payroll?csv=facts").body; !strings.Contains(csv, "capacity,10,\"hr: hr.xlsx, sheet Teams, row 5\"") {
		t.Error(csv)
	}
	e.says(e.get(linksPath+"?provider=payroll&consumer=crew&service=x"), 404, "There is no such link", "Payroll serves Crew scheduling with Hours & pay")
	e.says(e.get(linksPath+"?provider=payroll"), 400, "Say which link")
	e.says(e.get(linksPath+"?provider=zz&consumer=crew"), 404, "There is no “zz”")
}

func TestCorrectingOnThePage(t *testing.T) {
	t.Parallel()
	e := newEditor(t)
	form := e.get(correctPath + "?node=payroll&field=capacity")
	e.says(form, 200, "Correct capacity of Payroll", "Now 10 counts, from hr : hr.xlsx, sheet Teams, row 5 . Others say: 12 ( sheet : sheet.csv, row 2 )", "A number, 0 or more.")
	if strings.Contains(form.body, `http-equiv="refresh"`) {
		t.Error("the page looks again by itself: what somebody types would be lost")
	}
	for _, want := range []string{`name="was" value="10"`, `method="post"`, `<input id="value" name="value" value="10"`, `name="token"`} {
		if !strings.Contains(form.body, want) {
			t.Errorf("no %s in the form", want)
		}
	}
	if body := e.get(correctPath + "?consumer=crew&field=criticality&provider=payroll&service=Hours+%26+pay").body; !strings.Contains(body, `<option value="critical" selected>`) || !strings.Contains(body, `<option value="minor">`) {
		t.Error("words are not offered")
	}
	e.says(e.correct("capacity", "10", "25"), 200, "Saved as version 2", "Capacity is 25 now.", "1 changed.", "Capacity 25 a correction in whoserves 10 ( hr :", "Undo")
	e.version(2)
	e.says(e.get(historyPath), 200, "2 versions", "Ann", "Corrected facts")
	e.says(e.get(historyPath+"/2"), 200, "Version 2", "≠ changed Payroll capacity 25 edits", "The first correction made here.")
	e.says(e.correct("capacity", "25", "25"), 200, "Capacity 25")
	e.says(e.correct("capacity", "25", "lots"), 200, "Nothing was changed", "Capacity: “lots” is no number: write digits, such as 12 or 12.5.")
	e.says(e.correct("unit", "", "Nowhere"), 200, "Nothing was changed", "There is no “Nowhere”")
	e.says(e.correct("capacity", "10", "30"), 409, "Somebody else changed this meanwhile", "Now 25 counts, from a correction in whoserves")
	e.says(e.correct("colour", "", "red"), 400, "There is no fact “colour” to correct", "capacity")
	e.says(e.correct("capacity", "25", strings.Repeat("9", 5000)), 400, "This value cannot be right")
	e.version(2)
	e.says(e.get(correctPath+"?node=payroll&field=capacity"), 200, "Take the correction back")
	e.says(e.correct("capacity", "25", ""), 200, "Saved as version 3", "Capacity: the correction 25 was taken back", "Capacity 10 hr :")
	e.says(e.send(undoPath, url.Values{"version": {"3"}, "back": {"/teams/payroll"}}), 200, "Version 3 was undone, as version 4", "Capacity 25 a correction")
	e.says(e.send(undoPath, url.Values{"version": {"2"}, "back": {"//evil.example/x"}}), 200, "Version 2 was undone, as version 5", "5 versions")
	e.says(e.correct("capacity", "10", "7"), 200, "Saved as version 6")
	e.says(e.send(undoPath, url.Values{"version": {"5"}}), 409, "Version 5 cannot be undone as it is", "Version 6 changed “payroll”")
	e.says(e.send(undoPath, url.Values{"version": {"77"}}), 404, "There is no version 77")
	e.says(e.send(undoPath, url.Values{}), 400, "Say which version to undo")
	e.version(6)
	e.says(e.get(historyPath+"/77"), 404, "There is no version 77")
	e.says(e.send(correctPath, url.Values{"provider": {"payroll"}, "consumer": {"crew"}, "service": {"Hours & pay"}, "field": {"criticality"}, "was": {"critical"}, "value": {"important"}}), 200,
		"Saved as version 7", "Without it Crew scheduling works worse", "Criticality important a correction in whoserves")
}

func TestRankingOnThePage(t *testing.T) {
	t.Parallel()
	e := newEditor(t)
	e.says(e.get(sourcesPath), 200, "Three sources", "3 facts", "1 hr hr.xlsx", "Payroll capacity 10 ( hr : hr.xlsx, sheet Teams, row 5 ) 12 ( sheet : sheet.csv, row 2 ) The first counts.",
		"Payroll serves Crew scheduling with Hours & pay criticality critical ( survey : survey.csv, row 2 ) minor ( sheet : links.csv, row 7 ) The strictest counts.", "Move up")
	move := url.Values{"version": {"1"}, "source": {"sheet"}, "place": {"1"}}
	e.says(e.send(sourcesPath, move), 200, "Saved as version 2", "1 sheet", "Payroll capacity 12 ( sheet")
	e.says(e.get("/teams/payroll"), 200, "Capacity 12 sheet : sheet.csv, row 2 10 ( hr")
	e.says(e.get(historyPath+"/2"), 200, "Ranked hr and sheet", "The source hr went from rank 1 to 2.")
	e.says(e.send(sourcesPath, move), 409, "Somebody else changed the facts meanwhile", "What you saw was version 1; the facts are at version 2 by now.")
	e.says(e.send(sourcesPath, url.Values{"version": {"2"}, "source": {"edits"}, "place": {"1"}}), 422, "always goes before the files")
	e.says(e.send(sourcesPath, url.Values{"version": {"2"}, "source": {"sheet"}}), 400)
	e.says(e.send(sourcesPath, url.Values{"version": {"2"}, "source": {"nobody"}, "place": {"2"}}), 404, "nobody")
	e.says(e.send(undoPath, url.Values{"version": {"2"}, "back": {sourcesPath}}), 200, "Version 2 was undone, as version 3", "Payroll capacity 10 ( hr")
	e.version(3)
}

// TestNothingIsChangedUnasked holds that no form works without its token, nor any where changing is not possible.
func TestNothingIsChangedUnasked(t *testing.T) {
	t.Parallel()
	e := newEditor(t)
	for path, form := range map[string]url.Values{
		correctPath: {"node": {"payroll"}, "field": {"capacity"}, "was": {"10"}, "value": {"25"}},
		sourcesPath: {"version": {"1"}, "source": {"sheet"}, "place": {"1"}},
		undoPath:    {"version": {"1"}},
	} {
		for what, change := range map[string][]func(*http.Request){
			"no cookie":      nil,
			"from elsewhere": {e.cookie, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }},
		} {
			form.Set("token", e.token)
			if r := send(t, e.s, path, form, change...); r.status != http.StatusForbidden {
				t.Errorf("%s, %s: status %d", path, what, r.status)
			}
		}
	}
	e.version(1)
	files := serverOf(t, differing())
	for path, said := range map[string]string{"/teams/payroll": "These pages show files as they are.", sourcesPath: "These pages show files as they are."} {
		body := get(t, files, path)
		if !strings.Contains(words(body), said) || strings.Contains(body, "/correct?") || strings.Contains(body, `method="post"`) || strings.Contains(body, ">History<") {
			t.Errorf("%s of files: %s", path, words(body))
		}
	}
	for _, path := range []string{historyPath, historyPath + "/1"} {
		if r := ask(t, files, path); r.status != http.StatusNotFound || !strings.Contains(words(r.body), "Files have no history") {
			t.Errorf("%s of files: %d", path, r.status)
		}
	}
	open := serverAt(t, Config{Store: e.st, Listen: "192.0.2.7:80"}, always)
	e.s = open
	e.says(ask(t, open, "/teams/payroll", func(r *http.Request) { r.Host = "192.0.2.7" }), 200, "there is no sign-in yet")
	e.says(e.correct("capacity", "10", "25"), 403, "Nothing can be changed here")
	e.version(1)
}

// TestChangingWhileTheStoreIsAway holds that pages offer nothing then, and say why.
func TestChangingWhileTheStoreIsAway(t *testing.T) {
	t.Parallel()
	st := &flaky{Store: openStore(t, filepath.Join(t.TempDir(), "a.db"))}
	importInto(t, st, differing())
	s := serverAt(t, Config{Store: st}, quick)
	e := &editor{t, s, st.Store, strings.Repeat("A", 26)}
	st.fail(errRefused)
	eventually(func() bool { return s.keeper.outage.Load() != nil })
	r := e.get("/teams/payroll")
	e.says(r, 200, "Nothing can be changed until the data store answers again.", "Capacity 10 hr")
	if strings.Contains(r.body, "/correct?") {
		t.Error("it can be corrected although the store is away")
	}
	e.says(e.get(sourcesPath), 200, "Three sources")
	e.says(e.get(historyPath), 503, "nothing is lost")
	e.says(e.correct("capacity", "10", "25"), 503, "nothing is lost")
	st.fail(nil)
	eventually(func() bool { return s.keeper.outage.Load() == nil })
	e.says(e.correct("capacity", "10", "25"), 200, "Saved as version 2")
}
