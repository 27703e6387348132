package viewer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/phrase"
)

// problemsPath is where the problems with the facts are listed, and where to send the wish to look for more.
const problemsPath = "/problems"

// toMend counts the problems that somebody should mend; what was assumed is none.
func toMend(ps []graph.Problem) int {
	n := 0
	for _, p := range ps {
		if p.Severity != graph.Info {
			n++
		}
	}
	return n
}

// problemsSaid counts them for the foot of every page.
func (s *Server) problemsSaid(ed *edition) run {
	n := ed.tally.problems + toMend(s.others.problems())
	words := "No problem with the facts"
	if n > 0 {
		words = phrase.Plural(n, "problem with the facts", "problems with the facts")
	}
	return link(words, problemsPath)
}

// problemsPage answers: which facts do not count, and who must mend what where.
func (s *Server) problemsPage(r *request) (*page, error) {
	if err := onlyKeys(r); err != nil {
		return nil, err
	}
	p := s.newPage(r, "", "Problems with the facts")
	p.Crumbs = []text{say(run{Text: p.Org, Href: "/", Name: true})}
	stated, written := r.ed.snap.Problems, s.others.problems()
	dropped, n := 0, toMend(stated)+toMend(written)
	for _, x := range append(slices.Clone(stated), written...) {
		if x.Severity == graph.Error {
			dropped++
		}
	}
	p.Heading = say("Nothing is wrong with the facts")
	p.Answer = []text{say("Every row and every name was understood.")}
	if n > 0 {
		p.Heading = say(upper(inWords(n)) + either(n, " problem", " problems") + " with the facts")
		p.Answer = []text{countedSaid(dropped, n-dropped)}
	}
	stand := section{ID: "sources", Heading: "In the sources", Parts: []part{{Table: problemsTable(p, r, "stated", "sources-h", stated, "Every row and every name was understood.")}}}
	p.Sections = []section{stand}
	if s.others != nil {
		p.Sections = append(p.Sections, s.othersSection(p, r, written))
	}
	return p, nil
}

// countedSaid says what becomes of what is wrong.
func countedSaid(dropped, others int) text {
	var t text
	if dropped > 0 {
		t = say(strong(upper(inWords(dropped))), either(dropped, " does", " do")+" not count until somebody mends "+either(dropped, "it", "them")+". ")
	}
	switch {
	case others > 0 && dropped > 0:
		t = append(t, say(strong(upper(inWords(others))+" more"), either(others, " counts", " count")+" as well as possible, but somebody should look at "+either(others, "it", "them")+".")...)
	case others > 0:
		t = append(t, say("All facts count, but somebody should look at "+either(others, "this one", "these")+".")...)
	}
	return t
}

// othersSection says what others changed in Neo4j that cannot be taken as it stands there, and offers to look again.
func (s *Server) othersSection(p *page, r *request, written []graph.Problem) section {
	now := time.Now()
	sec := section{ID: "neo4j", Heading: "In Neo4j", Intro: []text{say("People and programs may change the graph in Neo4j itself, with Cypher or in Browser and Bloom. " +
		"What they changed is read " + s.others.times() + ", and when you ask for it here.")}}
	button := &post{Action: problemsPath, Token: p.tokenFor(r), Submit: "Read what was changed in Neo4j"}
	last, began := s.others.last.Load(), s.others.began.Load()
	switch {
	case began != nil:
		p.Refresh, button = 2, nil
		sec.Intro = append(sec.Intro, say(strong("It is being read since "+moment(*began, now)+"."), " The page looks again by itself. ", link("Look now", r.here()+"#neo4j")))
	case last == nil:
		sec.Intro = append(sec.Intro, say("It was not read yet."))
	case last.err != nil:
		sec.Intro = append(sec.Intro, say(marked("warn", "At "+moment(last.when, now)+" it could not be read: "), reason(last.err)))
		if !last.good.IsZero() {
			sec.Intro = append(sec.Intro, say("What follows is from "+moment(last.good, now)+"."))
		}
	default:
		sec.Intro = append(sec.Intro, say("Last read at ", strong(moment(last.when, now)), fmt.Sprintf(", which led to version %d.", last.version)))
	}
	if s.keeper.outage.Load() != nil {
		button = nil // it could not be read now
	}
	if button != nil {
		sec.Parts = append(sec.Parts, part{Post: button})
	}
	if last != nil && !last.good.IsZero() {
		table := problemsTable(p, r, "written", "neo4j-h", written, "Everything that was changed in Neo4j was understood.")
		sec.Parts = append(sec.Parts, part{Table: table})
	}
	return sec
}

// times says when it is read without being asked.
func (o *others) times() string {
	switch {
	case o.every <= 0:
		return "when whoserves starts"
	case o.every < time.Minute:
		return again(o.every)
	}
	return "every " + strings.TrimPrefix(phrase.HoursInWords(o.every.Hours()), "1 ")
}

// problemsTable lists problems.
func problemsTable(p *page, r *request, id, labelby string, ps []graph.Problem, none string) *table {
	return problemList(id, labelby, ps, none).build(p, r)
}

// problemList is a table of problems, the worst first, then by place.
func problemList(id, labelby string, ps []graph.Problem, none string) tableOf[graph.Problem] {
	entries := slices.Clone(ps)
	slices.SortStableFunc(entries, func(a, b graph.Problem) int { return cmp.Compare(b.Severity, a.Severity) })
	d := tableOf[graph.Problem]{id: id, labelby: labelby, what: [2]string{"problem", "problems"}, entries: entries, fixed: true, empty: none,
		class: "said", caption: say(phrase.Plural(len(ps), "line", "lines") + ", the worst first.")}
	d.columns = []columnOf[graph.Problem]{
		{head: "Where", cell: func(x graph.Problem) cell { return cell{Head: true, Text: placeOf(x)} }},
		{head: "What is wrong", cell: func(x graph.Problem) cell {
			is := severityTag(x.Severity)
			return cell{Text: say(run{Text: upper(x.Message), Name: true}), Small: say(is), Raw: upper(x.Message) + " (" + is.Text + ")"}
		}},
	}
	return d
}

func severityTag(s graph.Severity) run {
	switch s {
	case graph.Error:
		return tag("warn", "does not count")
	case graph.Warning:
		return tag("", "to look at")
	default:
		return marked("mute", "assumed")
	}
}

// placeOf says where the fact stands: "links.csv, row 31, column consumer".
func placeOf(x graph.Problem) text {
	x.Message = ""
	if where := strings.TrimSuffix(x.String(), ": "); where != "" {
		return say(run{Text: where, Name: true})
	}
	return say(marked("mute", "all sources together"))
}
