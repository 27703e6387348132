package viewer

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/answer"
	"example.com/whoserves/graph/phrase"
)

// historyPath lists the versions; below it lies the page of each.
const historyPath = "/history"

func versionHref(n int64) string { return historyPath + "/" + strconv.FormatInt(n, 10) }

// inStore refuses what only a store knows.
func (s *Server) inStore() error {
	if s.stored() {
		return nil
	}
	return &problem{Status: 404, Heading: "Files have no history", Say: say("These pages show files as they are. Import them into a store and every change is kept: who, when, from which file, and a way back."),
		Acts: []run{link("To the overview", "/")}}
}

// historyPage lists the versions: what changed, who did it, when.
func (s *Server) historyPage(r *request) (*page, error) {
	if err := s.inStore(); err != nil {
		return nil, err
	}
	if err := onlyKeys(r); err != nil {
		return nil, err
	}
	history, err := asked{s.keeper.store, s.keeper}.History(r.ctx)
	if err != nil {
		return nil, err
	}
	p := s.newPage(r, historyPath, "History")
	p.Heading = say("History")
	p.Answer = []text{say("Nothing was imported yet.")}
	if len(history) > 0 {
		last := history[0]
		p.Answer = []text{say(strong(phrase.Plural(len(history), "version", "versions")), ". The last was made by ", byWhom(&last), " on "+when(last.Time)+". Nothing is lost: each can be undone, unless later versions changed the same facts.")}
	}
	can := s.refused() == nil
	d := tableOf[graph.VersionRecord]{id: "versions", label: "Versions", what: [2]string{"version", "versions"}, entries: history, fixed: true, empty: "There is no version yet.",
		caption: say("The newest first. ")}
	number := func(n int) cell {
		if n == 0 {
			return cell{Text: say(marked("mute", "–")), Raw: "0"}
		}
		return cell{Text: say(n)}
	}
	d.columns = []columnOf[graph.VersionRecord]{
		{head: "Version", cell: func(v graph.VersionRecord) cell {
			return cell{Head: true, Text: append(say(link(fmt.Sprint(v.Number), versionHref(v.Number)), ": "), whatVersion(&v)...), Small: filesSaid(&v)}
		}},
		{head: "When", cell: func(v graph.VersionRecord) cell {
			return cell{Text: say(when(v.Time)), Raw: v.Time.UTC().Format(time.RFC3339)}
		}},
		{head: "Who", cell: func(v graph.VersionRecord) cell { return cell{Text: say(byWhom(&v))} }},
		{head: "Added", right: true, cell: func(v graph.VersionRecord) cell { return number(v.Added) }},
		{head: "Changed", right: true, cell: func(v graph.VersionRecord) cell { return number(v.Changed) }},
		{head: "Removed", right: true, cell: func(v graph.VersionRecord) cell { return number(v.Removed) }},
	}
	if can && len(history) > 0 {
		d.columns = append(d.columns, columnOf[graph.VersionRecord]{head: "Undo", cell: func(v graph.VersionRecord) cell {
			return cell{Post: s.undoForm(p, r, v.Number, historyPath), Raw: " "}
		}})
	}
	p.Sections = []section{{Parts: []part{{Table: d.build(p, r)}}}}
	if no := s.refused(); no != nil {
		p.Sections[0].After = []text{no}
	}
	return p, nil
}

// when writes a time of the past.
func when(t time.Time) string { return t.Local().Format("2 January 2006, 15:04") }

func byWhom(v *graph.VersionRecord) run {
	if v.By == "" {
		return marked("mute", "nobody is named")
	}
	return run{Text: v.By, Name: true}
}

// whatVersion says what made a version.
func whatVersion(v *graph.VersionRecord) text {
	if v.Undoes > 0 {
		return say("Undid ", link(fmt.Sprintf("version %d", v.Undoes), versionHref(v.Undoes)))
	}
	var items []text
	for _, name := range v.Sources {
		items = append(items, say(run{Text: name, Name: true}))
	}
	switch {
	case len(items) == 0:
		return say("Changed")
	case len(v.Files) > 0:
		return append(say("Imported "), enumerate(items, "and")...)
	case len(items) == 1 && v.Sources[0] == graph.EditsSource:
		return say("Corrected facts")
	case v.Added+v.Changed+v.Removed == 0:
		return append(say("Ranked "), enumerate(items, "and")...)
	}
	return append(say("Changed "), enumerate(items, "and")...)
}

func filesSaid(v *graph.VersionRecord) text {
	if len(v.Files) == 0 {
		return nil
	}
	return append(say("from "), firstNames(namesOf(v.Files), 4, " more files")...)
}

// namesOf are the names of files.
func namesOf(files []graph.FileHash) []string {
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	return names
}

// versionPage tells what one version did.
func (s *Server) versionPage(r *request) (*page, error) {
	if err := s.inStore(); err != nil {
		return nil, err
	}
	if err := onlyKeys(r); err != nil {
		return nil, err
	}
	n, err := strconv.ParseInt(r.id, 10, 64)
	if err != nil || n < 1 {
		return nil, noVersion(n)
	}
	st := asked{s.keeper.store, s.keeper}
	history, err := st.History(r.ctx)
	if err != nil {
		return nil, err
	}
	record := graph.RecordOf(history, n)
	if record == nil {
		return nil, noVersion(n)
	}
	q := map[string][]string{"a": {strconv.FormatInt(n-1, 10)}, "b": {strconv.FormatInt(n, 10)}}
	a, err := answer.Ask(r.ctx, s.source(r.ed), "diff", q)
	if err != nil {
		return nil, askProblem(err)
	}
	diff := a.(*answer.Diff)
	changes, err := st.Changes(r.ctx, n-1, n)
	if err != nil {
		return nil, err
	}
	p := s.newPage(r, historyPath, fmt.Sprintf("Version %d", n))
	p.Crumbs = versionCrumbs(p.Org, n, history)
	p.Heading = say(fmt.Sprintf("Version %d", n))
	made := append(whatVersion(record), say(", by ", byWhom(record), " on "+when(record.Time)+".")...)
	p.Answer = []text{made}
	if diff.Risks != nil {
		p.Answer = append(p.Answer, r.ed.sentence(diff.Risks.Headline()))
	}
	p.Figures = []figure{{What: "added", Value: phrase.Count(len(diff.Added))}, {What: "changed", Value: phrase.Count(record.Changed)}, {What: "removed", Value: phrase.Count(len(diff.Removed))}}
	sec := section{ID: "changes", Heading: "What changed", Parts: []part{{Table: s.diffTable(p, r, diff)}}}
	for _, c := range changes.Sources {
		sec.Intro = append(sec.Intro, rankSaid(c))
	}
	if files := filesSaid(record); files != nil {
		sec.Intro = append(sec.Intro, append(say("It was read "), append(files, run{Text: "."})...))
	}
	if s.refused() == nil && !offersUndo(p) {
		sec.Parts = append(sec.Parts, part{Post: s.undoForm(p, r, n, historyPath)})
		sec.Parts[1].Post.Submit = fmt.Sprintf("Undo version %d", n)
	}
	p.Sections = []section{sec}
	if diff.Risks != nil {
		if details := diff.Risks.Details(); len(details) > 0 {
			effect := part{}
			for _, d := range details {
				effect.List = append(effect.List, r.ed.sentence(d))
			}
			p.Sections = append(p.Sections, section{ID: "effect", Heading: "What that did to customers", Parts: []part{effect}})
		}
	}
	return p, nil
}

// offersUndo says that a page begins with a button to undo what was just done.
func offersUndo(p *page) bool {
	return slices.ContainsFunc(p.Asides, func(a aside) bool { return a.Post != nil })
}

func versionCrumbs(org string, n int64, history []graph.VersionRecord) []text {
	crumbs := []text{say(run{Text: org, Href: "/", Name: true}), say(link("History", historyPath))}
	if graph.RecordOf(history, n-1) != nil {
		crumbs = append(crumbs, say(link("version before", versionHref(n-1))))
	}
	if graph.RecordOf(history, n+1) != nil {
		crumbs = append(crumbs, say(link("version after", versionHref(n+1))))
	}
	return crumbs
}

// rankSaid says what became of a source.
func rankSaid(c graph.SourceChange) text {
	name := run{Text: c.Name, Name: true, Strong: true}
	switch {
	case c.Old == 0 && c.Name == graph.EditsSource:
		return say("The first correction made here.")
	case c.Old == 0:
		return say("The source ", name, fmt.Sprintf(" is new, at rank %d.", c.New))
	case c.New == 0:
		return say("The source ", name, " is gone.")
	}
	return say("The source ", name, fmt.Sprintf(" went from rank %d to %d.", c.Old, c.New))
}

// sentence links the names in a sentence of an answer that are still there.
func (ed *edition) sentence(words answer.Sentence) text {
	var t text
	for _, w := range words {
		if v := ed.snap.ByID(w.ID); w.ID != "" && v >= 0 {
			t = append(t, run{Text: w.Text, Href: ed.href(v), Name: true})
			continue
		}
		t = append(t, run{Text: w.Text})
	}
	return t
}

// change is one line of what a version did.
type change struct {
	what string // added, changed, removed
	key  graph.EntityKey
	graph.FieldChange
}

// diffTable lists what was added, changed and removed.
func (s *Server) diffTable(p *page, r *request, a *answer.Diff) *table {
	var lines []change
	for _, k := range a.Added {
		lines = append(lines, change{what: "added", key: k})
	}
	for _, c := range a.Changed {
		lines = append(lines, change{what: "changed", key: c.Key, FieldChange: c})
	}
	for _, k := range a.Removed {
		lines = append(lines, change{what: "removed", key: k})
	}
	signs := map[string]string{"added": "+ ", "changed": "≠ ", "removed": "− "}
	d := tableOf[change]{id: "diff", labelby: "changes-h", what: [2]string{"line", "lines"}, entries: lines, fixed: true, empty: "No node or link states anything else than before.",
		caption: say(phrase.Plural(len(lines), "line", "lines") + ". ")}
	d.columns = []columnOf[change]{
		{head: "What", cell: func(c change) cell { return cell{Text: say(marked(c.what, signs[c.what]+c.what)), Raw: c.what} }},
		{head: "Of", cell: func(c change) cell { return cell{Head: true, Text: r.ed.keySaid(a, c.key)} }},
	}
	if len(a.Changed) == 0 {
		return d.build(p, r)
	}
	d.columns = append(d.columns, []columnOf[change]{
		{head: "Field", cell: func(c change) cell { return cell{Text: say(fieldWords(c.Field)), Raw: c.Field} }},
		{head: "Before", cell: func(c change) cell { return cell{Text: say(run{Text: listed(c.Old), Name: true}), Raw: c.Old} }},
		{head: "After", cell: func(c change) cell { return cell{Text: say(run{Text: listed(c.New), Name: true}), Raw: c.New} }},
		{head: "Says", cell: func(c change) cell { return cell{Text: say(run{Text: c.Source, Name: true})} }},
	}...)
	return d.build(p, r)
}

// keySaid names a node or link of a diff, with its page where it still has one.
func (ed *edition) keySaid(a *answer.Diff, k graph.EntityKey) text {
	x, ok := ed.subjectAt(k)
	if !ok {
		return say(run{Text: a.Name(k), Name: true})
	}
	return say(run{Text: a.Name(k), Href: ed.pageOf(x), Name: true})
}

// subjectAt finds what a key names.
func (ed *edition) subjectAt(k graph.EntityKey) (subject, bool) {
	if k.Entity == "node" {
		v := ed.snap.ByID(k.ID)
		return ofNode(v), v >= 0
	}
	provider, consumer := ed.snap.ByID(k.Provider), ed.snap.ByID(k.Consumer)
	if provider < 0 || consumer < 0 {
		return subject{}, false
	}
	l := ed.snap.FindLink(provider, consumer, k.Service)
	return ofLink(l), l >= 0
}
