package viewer

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/url"
	"slices"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/phrase"
)

// page is what one page shows, from top to bottom. Every part may be missing.
type page struct {
	layout
	Crumbs   []text
	Steps    []step // of an import
	Heading  text
	Answer   []text // one to three sentences with numbers
	Figures  []figure
	Asides   []aside // what the reader must know before the rest
	Jump     []run   // links within the page
	Ask      *form   // the question that the page answers
	Plate    *plate
	Sections []section
	Beside   bool   // on wide screens the first section stands beside the picture
	Rests    text   // what the findings rest on
	Token    string // secret of the forms that change something; "" when there are none

	tables map[string]*table
}

// layout is what stands round every page.
type layout struct {
	Title    string // for the browser's tab
	Nav      string // where we are: the path of an item of the main menu
	Menu     []run
	Org      string
	Version  string // "version 41", "read from files"
	Shows    *int64 // the version; nil where there is no store
	From     text   // where the facts come from, for the foot
	Problems run    // how many problems there are with the facts, for the foot
	Program  string
	Theme    string // light, dark, or "" for the system's
	Themes   []run
	Query    string // of the search field
	Refresh  int    // seconds after which the page looks again by itself; 0 never
}

// figure is a number with its meaning and what it is out of.
type figure struct {
	What  string
	Value string
	Of    string
	Href  string
}

// aside is a note in a border: "warn", "risk" or "" for plain.
type aside struct {
	Class   string
	Heading string
	Paras   []text
	Acts    []run
	Post    *post
}

// section is a part of the page under a heading, with its parts side by side where there is room.
type section struct {
	ID      string
	Heading string
	Intro   []text
	Columns string // "two", "three", or "" one below the other
	Parts   []part
	Plate   *plate
	Ask     *form
	After   []text
}

// part is a column of a section: notes, a table, paragraphs, or a card.
type part struct {
	ID      string
	Heading text
	Level   int // of the heading: 2 or 3
	Paras   []text
	Notes   []note
	Numbers bool // the notes are numbered
	List    []text
	Table   *table
	Acts    []run
	Post    *post
	Posts   []*post
	Import  *importPart
	Fold    string // the table is opened by these words
	After   []text
	Card    bool
}

// note is a finding: a heading that is a statement, sentences, and where to look on the picture.
type note struct {
	Heading text
	Paras   []text
	Ref     string // "C2"
}

// form is a question as a GET form.
type form struct {
	Action string
	Label  string
	Hidden [][2]string
	Fields []field
	Submit string
	Strong bool // the submit button stands out
	Names  []string
	ListID string
}

// field is one part of a form. Type is text, select, check, radio or chips.
type field struct {
	Type        string
	ID, Name    string
	Label       string
	Value       string
	Placeholder string
	List        bool // names are suggested
	Checked     bool
	Options     []option
	Chips       []chip
}

type option struct {
	Value, Label string
	Chosen       bool
	Group        string // heading of the group that begins here
}

// chip is a chosen name with a link that takes it out again.
type chip struct {
	Label, Value, Remove string
}

// plate is a picture with its controls, its caption and its facts.
type plate struct {
	ID     string
	Label  string // what the picture shows, for those who cannot see it
	Title  string
	Form   *form
	SVG    template.HTML // the finished picture; "" when there is none yet
	Wait   text          // what is said instead of the picture
	Failed bool
	Saves  []save
	Shows  text // the first sentence of the caption
	Notes  []text
	Key    []keyEntry
	Facts  []text
	Count  string // "21 needs"
	More   text   // the way to facts that are left out of the list

	Big    bool // it keeps its size and scrolls in its frame
	Static bool // drawn by hand: nothing to choose and nothing to save

	cells map[string]string
}

// save is a way to take a picture along.
type save struct{ Label, Href, Does string }

// keyEntry explains a sign of the picture.
type keyEntry struct {
	Icon template.HTML
	Text string
}

//go:embed templates/*.html
var templateFiles embed.FS

// pages are the templates.
type pages struct{ all *template.Template }

func readPages(f *files) (*pages, error) {
	t, err := template.New("").Funcs(template.FuncMap{
		"static": f.path,
		"keep":   keepTogether,
		"count":  phrase.Count,
		"pair":   func(f field, list string) map[string]any { return map[string]any{"Field": f, "List": list} },
	}).ParseFS(templateFiles, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("read the templates: %w", err)
	}
	return &pages{all: t}, nil
}

// render writes a page. It is written whole or not at all.
func (p *pages) render(pg *page) ([]byte, error) {
	var b bytes.Buffer
	if err := p.all.ExecuteTemplate(&b, "page", pg); err != nil {
		return nil, fmt.Errorf("write the page: %w", err)
	}
	return b.Bytes(), nil
}

// newPage makes a page with all that stands round it.
func (s *Server) newPage(r *request, nav, title string) *page {
	ed := r.ed
	p := &page{tables: map[string]*table{}}
	p.Org = s.orgName(ed)
	p.Title = title
	p.Nav = nav
	p.Menu = []run{
		link("Overview", "/"), link("Customers", "/customers"), link("Teams", "/teams"),
		link("Risks", "/risks"), link("Paths", "/paths"), link("What if", "/what-if"),
	}
	if s.stored() {
		p.Menu = append(p.Menu, link("Import", importPath), link("History", historyPath))
	}
	p.Program = s.config.Version
	p.Version = s.versionSaid(ed)
	if ed != nil && s.stored() {
		p.Shows = &ed.snap.Version
	}
	p.From = foot(ed, p.Org, p.Version)
	p.Theme = r.theme
	for _, t := range [][2]string{{"system", "auto"}, {"light", "light"}, {"dark", "dark"}} {
		p.Themes = append(p.Themes, run{Text: t[0], Href: r.with("theme", t[1]), Class: t[1]})
	}
	if ed != nil {
		p.Problems = s.problemsSaid(ed)
		s.remarks(p, r)
		s.doneAside(p, r)
	}
	return p
}

// stay keeps a page as it is: what somebody types or chooses on it must not be lost because findings are awaited.
func (p *page) stay() {
	p.Refresh = 0
	p.Asides = slices.DeleteFunc(p.Asides, func(a aside) bool { return a.Heading == awaited })
}

// awaited says that findings are awaited.
const awaited = "What can break is being worked out"

// versionSaid names what is shown.
func (s *Server) versionSaid(ed *edition) string {
	switch {
	case ed == nil:
		return "waiting for its data"
	case !s.stored():
		return "read from files"
	case ed.snap.Version == 0:
		return "no data yet"
	}
	return fmt.Sprintf("version %d", ed.snap.Version)
}

// remarks says what the reader must know: the store is away, or the findings are still being worked out.
func (s *Server) remarks(p *page, r *request) {
	if a, ok := s.awayAside(r.ed, p.Version); ok {
		p.Asides = append(p.Asides, a)
	}
	switch ed := r.ed; {
	case ed.failed != nil:
		p.Asides = append(p.Asides, aside{Class: "risk", Heading: "What can break could not be worked out",
			Paras: []text{say("The facts below are complete, the findings are missing. The log of the program says why.")}})
	case ed.findings == nil && !s.empty(ed):
		p.Refresh = 2
		p.Asides = append(p.Asides, aside{Class: "warn", Heading: awaited,
			Paras: []text{say("The facts below are complete. The findings follow in a moment; the page looks again by itself. ", link("Look now", r.here()))}})
	}
}

// unnamed is what pages call an organisation whose name nobody has said.
const unnamed = "Our organisation"

// orgName is what pages call the organisation.
func (s *Server) orgName(ed *edition) string {
	switch {
	case s.config.OrgName != "":
		return s.config.OrgName
	case ed != nil && ed.snap.Org != nil && ed.snap.Org.Name != "" && ed.snap.Org.Name != graph.DefaultOrg:
		return ed.snap.Org.Name
	default:
		return unnamed
	}
}

func (s *Server) empty(ed *edition) bool { return len(ed.snap.Nodes) == 0 }

// foot says what the page rests on: organisation, version, date, sources.
func foot(ed *edition, org, version string) text {
	t := say(run{Text: org, Name: true}, ", "+version)
	if ed == nil {
		return t
	}
	if !ed.when.IsZero() {
		t = append(t, run{Text: " of " + ed.when.Local().Format("2 January 2006, 15:04")})
	}
	if ed.snap.Org == nil {
		return t
	}
	sources := slices.DeleteFunc(slices.Clone(ed.snap.Org.Sources), (*graph.Source).Empty)
	if len(sources) == 0 {
		return t
	}
	t = append(t, run{Text: ", from "}, link(phrase.Plural(len(sources), "source", "sources"), sourcesPath), run{Text: ": "})
	var names []string
	for _, src := range sources {
		names = append(names, src.Name)
	}
	return append(t, firstNames(names, 6, " more")...)
}

// rests says how much of what findings rest on was given, and how much assumed.
func rests(ed *edition) text {
	s := ed.snap
	a := s.Assumed
	t := say("Rests on what was given: how bad for ", len(s.Links)-a.Criticality, " of "+phrase.Plural(len(s.Links), "link", "links")+
		", hours to cope for ", ed.tally.critical-a.Tolerance, " of "+phrase.Count(ed.tally.critical)+" critical ones, time to come back for ", ed.tally.failing-a.RecoveryHours, " of "+phrase.Count(ed.tally.failing)+
		" that can fail.")
	if a.Criticality+a.Tolerance+a.RecoveryHours > 0 {
		t = append(t, say(" What was not given counts as critical and 0 hours. ", link("Show only what rests on given facts", "/risks?given=1"))...)
	}
	if ed.tally.declared > 0 {
		t = append(t, say(" · ", link("Compare what the two sides of each link say", reconcilePath))...)
	}
	return t
}

// withQuery joins a path and a query.
func withQuery(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
