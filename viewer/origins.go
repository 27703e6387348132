package viewer

import (
	"net/url"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/answer"
	"example.com/whoserves/graph/phrase"
)

// linksPath is where the page of one link lies.
const linksPath = "/links"

// subject is what facts are about: a node or a link.
type subject struct {
	node, link int32 // one of them is -1
}

func ofNode(v int32) subject { return subject{v, -1} }
func ofLink(l int32) subject { return subject{-1, l} }

// facts lists what is known about a node or link, field by field.
func (ed *edition) facts(x subject) []graph.Fact {
	if x.node >= 0 {
		return ed.snap.NodeFacts(x.node)
	}
	return ed.snap.LinkFacts(x.link)
}

// keys name a node or link in a query.
func (ed *edition) keys(x subject) url.Values {
	if x.node >= 0 {
		return url.Values{"node": {ed.snap.Nodes[x.node].ID}}
	}
	l := &ed.snap.Links[x.link]
	q := url.Values{"provider": {ed.snap.Nodes[l.Provider].ID}, "consumer": {ed.snap.Nodes[l.Consumer].ID}}
	if l.Service != "" {
		q.Set("service", l.Service)
	}
	return q
}

// pageOf is the page of a node or link.
func (ed *edition) pageOf(x subject) string {
	if x.node >= 0 {
		return ed.href(x.node)
	}
	return ed.linkHref(x.link)
}

// linkHref is the page of a link.
func (ed *edition) linkHref(l int32) string { return withQuery(linksPath, ed.keys(ofLink(l))) }

// linkSaid writes a link as a sentence: "Payroll serves Crew scheduling with Hours and pay rules".
func (ed *edition) linkSaid(l int32) text {
	x := &ed.snap.Links[l]
	t := say(ed.name(x.Provider), " serves ", ed.name(x.Consumer))
	if x.Service != "" {
		t = append(t, say(" with ", run{Text: x.Service, Name: true})...)
	}
	return t
}

// subjectOf finds the node or link that keys name.
func (ed *edition) subjectOf(q url.Values) (subject, error) {
	if ref := q.Get("node"); ref != "" {
		v, err := ed.snap.Lookup(ref)
		return ofNode(v), err
	}
	provider, err := ed.snap.Lookup(q.Get("provider"))
	if err != nil {
		return subject{}, err
	}
	consumer, err := ed.snap.Lookup(q.Get("consumer"))
	if err != nil {
		return subject{}, err
	}
	if l := ed.snap.FindLink(provider, consumer, q.Get("service")); l >= 0 {
		return ofLink(l), nil
	}
	return subject{}, ed.noLink(provider, consumer, q.Get("service"))
}

// noLink says that nobody states a link, and which links there are between the two.
func (ed *edition) noLink(provider, consumer int32, of string) *problem {
	p := &problem{Status: 404, Heading: "There is no such link", Say: say("Nobody says that ", ed.name(provider), " serves ", ed.name(consumer), " with ", run{Text: service(of), Name: true}, ".")}
	for _, l := range ed.snap.LinksFrom(provider) {
		if ed.snap.Links[l].Consumer == consumer {
			p.List = append(p.List, say(run{Text: ed.linkSaid(l).String(), Href: ed.linkHref(l), Name: true}))
		}
	}
	return p
}

// linkPage tells all about one link: what it is, and where each fact comes from.
func (s *Server) linkPage(r *request) (*page, error) {
	if err := onlyKeys(r, "provider", "consumer", "service"); err != nil {
		return nil, err
	}
	ed := r.ed
	if !r.query.Has("provider") || !r.query.Has("consumer") {
		return nil, &problem{Status: 400, Heading: "Say which link", Say: say("A link has a provider and a consumer. The lists of links on the pages of teams lead to each."), Acts: []run{link("Teams", "/teams")}}
	}
	x, err := ed.subjectOf(r.query)
	if err != nil {
		return nil, err
	}
	l := &ed.snap.Links[x.link]
	p := s.newPage(r, "/teams", ed.linkSaid(x.link).String())
	p.Crumbs = []text{say(run{Text: p.Org, Href: "/", Name: true}), say(ed.name(l.Provider)), say(ed.name(l.Consumer))}
	p.Heading = ed.linkSaid(x.link)
	p.Answer = []text{ed.linkAnswer(l)}
	p.Sections = []section{s.factsSection(p, r, x)}
	return p, nil
}

// linkAnswer says what the consumer does without the link, and how it rates it.
func (ed *edition) linkAnswer(l *graph.Link) text {
	v := l.Values
	t := say("Without it ", ed.plainName(l.Consumer), " "+withoutIt(v.Criticality))
	if h, ok := v.Tolerance.Get(); ok && h > 0 {
		t = append(t, run{Text: " after " + phrase.HoursInWords(h)})
	}
	if v.Criticality == graph.NoCriticality {
		t = append(t, marked("warn", " (assumed: nobody has said how bad)"))
	}
	t = append(t, run{Text: ". "})
	if rating, ok := v.Satisfaction.Get(); ok {
		t = append(t, say(ed.plainName(l.Consumer), " rates it ", strong(phrase.Figure(rating)), " of 100")...)
		if l.Rated > 1 {
			t = append(t, run{Text: ", the average of " + inWords(l.Rated) + " ratings"})
		}
		t = append(t, run{Text: "."})
	}
	return t
}

// factsSection says of every fact about a node or link where it comes from, and what other sources say instead.
func (s *Server) factsSection(p *page, r *request, x subject) section {
	ed := r.ed
	no := s.refused()
	var given []graph.Fact
	var open []text
	for _, f := range ed.facts(x) {
		switch {
		case len(f.Stated) > 0:
			given = append(given, f)
		case f.Native && ed.asks(x, f.Field) && no == nil:
			open = append(open, say(link(fieldWords(f.Field), s.correctHref(ed, x, f.Field))))
		case f.Native && ed.asks(x, f.Field):
			open = append(open, say(fieldWords(f.Field)))
		}
	}
	d := tableOf[graph.Fact]{id: "facts", labelby: "origin-h", what: [2]string{"fact", "facts"}, entries: given, fixed: true,
		caption: say(phrase.Plural(len(given), "fact", "facts") + " from " + phrase.Plural(sourcesIn(given), "source", "sources") + "."), empty: "No source describes it: it is only referred to."}
	d.columns = []columnOf[graph.Fact]{
		{head: "Fact", cell: func(f graph.Fact) cell { return cell{Head: true, Text: say(upper(fieldWords(f.Field))), Raw: f.Field} }},
		{head: "What counts", cell: func(f graph.Fact) cell {
			return cell{Text: ed.valueSaid(x, f), Raw: f.Value}
		}},
		{head: "Where it comes from", cell: func(f graph.Fact) cell { return cell{Text: s.basisSaid(f)} }},
		{head: "Other sources say", cell: func(f graph.Fact) cell { return cell{Text: s.othersSaid(f)} }},
	}
	if no == nil {
		d.columns = append(d.columns, columnOf[graph.Fact]{head: "Correct", cell: func(f graph.Fact) cell {
			if !f.Native {
				return cell{Raw: " "}
			}
			return cell{Text: say(run{Text: "Correct", Href: s.correctHref(ed, x, f.Field)}), Raw: " "}
		}})
	}
	sec := section{ID: "origin", Heading: "Where this comes from", Parts: []part{{Table: d.build(p, r)}}}
	if len(open) > 0 {
		sec.After = append(sec.After, append(append(say("Nobody has said: "), enumerate(open, "or")...), run{Text: "."}))
	}
	if no != nil {
		sec.After = append(sec.After, no)
	}
	return sec
}

// asks says that a field means something for a node of its kind, so that it is worth saying when nobody states it.
func (ed *edition) asks(x subject, field string) bool {
	if x.link >= 0 {
		return true
	}
	kind := ed.snap.Nodes[x.node].Kind
	switch field {
	case "value", "segment":
		return kind == graph.Customer
	case "team", "manager", "role":
		return kind == graph.Person
	case "headcount", "min_staff":
		return kind == graph.Team
	case "capacity", "recovery_hours", "failures_per_year", "can_fail", "site":
		return kind != graph.Customer && kind != graph.Unit
	}
	return true
}

// sourcesIn counts the sources that state facts.
func sourcesIn(facts []graph.Fact) int {
	has := map[string]bool{}
	for _, f := range facts {
		for _, v := range f.Stated {
			has[v.Source] = true
		}
	}
	return len(has)
}

// counting gives the statements that lead to what counts: those of its value, or all where it is their average.
func counting(f graph.Fact) []graph.SourceValue {
	of := slices.DeleteFunc(slices.Clone(f.Stated), func(v graph.SourceValue) bool { return !says(f, v) })
	if len(of) == 0 {
		return f.Stated
	}
	return of
}

// says says that a statement is of the value that counts. Aliases and lists of one source add up.
func says(f graph.Fact, v graph.SourceValue) bool {
	return v.Value == f.Value || strings.TrimSpace(v.Value) == f.Value || f.Field == "aliases"
}

// averaged says that what counts is the average of what sources state.
func averaged(f graph.Fact) bool {
	return f.Field == "satisfaction" && f.Differs() && !graph.IsCorrection(f.Stated[0].Source)
}

// basisSaid says what the value that counts rests on.
func (s *Server) basisSaid(f graph.Fact) text {
	if averaged(f) {
		return append(say("the average of "), s.statementsSaid(f.Stated)...)
	}
	return s.originsSaid(counting(f))
}

// statementsSaid lists values with their places: "48 (airline: links.csv, row 47); 70 (survey: survey.csv, row 2)".
func (s *Server) statementsSaid(vs []graph.SourceValue) text {
	var items []text
	for _, v := range vs {
		items = append(items, append(append(say(run{Text: listed(v.Value), Name: true}, " ("), s.originSaid(v)...), run{Text: ")"}))
	}
	return joinWith(items, "; ", "")
}

// valueSaid writes a value; where it names other nodes, they are links.
func (ed *edition) valueSaid(x subject, f graph.Fact) text {
	var nodes []int32
	if x.node >= 0 && len(f.Stated) > 0 {
		switch n := &ed.snap.Nodes[x.node]; f.Field {
		case "unit":
			nodes = []int32{n.Unit}
		case "manager":
			nodes = []int32{n.Manager}
		case "site":
			nodes = n.Sites
		case "team":
			nodes = n.Teams
		}
	}
	if len(nodes) == 0 || nodes[0] < 0 {
		return say(run{Text: listed(f.Value), Name: true})
	}
	return ed.names(nodes, "and", 12)
}

// originsSaid names the places of statements, at most a few.
func (s *Server) originsSaid(vs []graph.SourceValue) text {
	const most = 4
	var t text
	for i, v := range vs {
		if i == most && len(vs) > most+1 {
			return append(t, run{Text: "; and " + phrase.Count(len(vs)-most) + " more rows"})
		}
		if i > 0 {
			t = append(t, run{Text: "; "})
		}
		t = append(t, s.originSaid(v)...)
	}
	return t
}

// originSaid says where a statement stands: "hr: links.xlsx, sheet Links, row 12".
func (s *Server) originSaid(v graph.SourceValue) text {
	switch v.Source {
	case graph.EditsSource:
		return say("a correction in ", s.historyLink("whoserves"))
	case graph.Neo4jSource:
		return say("a change in ", s.historyLink("Neo4j"))
	}
	place := placeOf(graph.Problem{File: v.From.File, Sheet: v.From.Sheet, Row: v.From.Row})
	if v.From == (graph.Origin{}) {
		return say(run{Text: v.Source, Href: sourcesPath, Name: true})
	}
	return append(say(run{Text: v.Source, Href: sourcesPath, Name: true}, ": "), place...)
}

func (s *Server) historyLink(words string) run {
	if !s.stored() {
		return run{Text: words}
	}
	return link(words, historyPath)
}

// othersSaid lists what sources say that does not count.
func (s *Server) othersSaid(f graph.Fact) text {
	if !f.Differs() || averaged(f) {
		return nil
	}
	others := slices.DeleteFunc(slices.Clone(f.Stated), func(v graph.SourceValue) bool { return says(f, v) })
	if len(others) == 0 {
		return nil
	}
	return append(s.statementsSaid(others), marked("mute", ". "+answer.RuleOf(f.Field, f.Stated[0].Source)))
}

// fieldWords writes the name of a field in words: "recovery hours".
func fieldWords(field string) string { return strings.ReplaceAll(field, "_", " ") }

// listed writes a value; entries of a list with a comma between.
func listed(value string) string { return strings.ReplaceAll(value, "|", ", ") }
