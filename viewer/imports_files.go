package viewer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/phrase"
	"example.com/whoserves/importer"
	"example.com/whoserves/viewer/draft"
	"github.com/gofiber/fiber/v2"
)

// importPart is a part that only the pages of an import have; one of its fields is set.
type importPart struct {
	Upload   *upload
	Example  bool
	Progress *progress
	Saybox   *saybox
	Columns  *columnForm
	Fixes    *fixList
	Names    *nameList
	Apply    *applyForm
}

// upload is the form that sends files.
type upload struct{ Action, Token, Submit string }

// progress is how far something is, in percent; -1 where nobody knows.
type progress struct {
	Done  int
	Label string
}

// draftFilesPage says how each file of a draft was understood.
func (s *Server) draftFilesPage(r *request, d *draft.Draft) (*page, error) {
	if err := onlyKeys(r); err != nil {
		return nil, err
	}
	p := s.draftPage(r, d, "", "How the files were understood")
	reading := s.understand(d)
	if len(d.Files) == 0 {
		p.Heading = say("No file is left")
		p.Answer = []text{say("Add files, or throw this import away.")}
		p.Sections = []section{s.moreFiles(p, d)}
		return p, nil
	}
	if p.waiting(r, d, reading, nil) {
		return p, nil
	}
	if reading.err != nil {
		p.failed(reading.err)
		for _, f := range d.Files {
			p.Sections = append(p.Sections, s.fileSection(p, r, d, f, &importer.Result{}, nil))
		}
		p.Sections = append(p.Sections, s.moreFiles(p, d))
		return p, nil
	}
	res := reading.value
	p.Answer = []text{understoodSaid(d, res)}
	tellShared(p, d)
	s.tellOpen(p, d, res)
	history, err := asked{s.keeper.store, s.keeper}.History(r.ctx)
	if err != nil {
		return nil, err
	}
	for _, f := range d.Files {
		p.Sections = append(p.Sections, s.fileSection(p, r, d, f, res, history))
	}
	p.Sections = append(p.Sections, section{Parts: []part{{Acts: []run{{Text: "Next: what the columns mean", Href: stepPath(d, "/columns"), Class: "go"}, link("Straight to what will change", stepPath(d, "/preview"))}}}}, s.moreFiles(p, d))
	return p, nil
}

// understoodSaid sums up what was read.
func understoodSaid(d *draft.Draft, res *importer.Result) text {
	sheets, left := 0, 0
	for _, rd := range res.Readings {
		if rd.Shape == "" || rd.Shape == importer.Ignore {
			left++
		} else {
			sheets++
		}
	}
	t := say(strong(phrase.Plural(len(d.Files), "file", "files")), ", ", phrase.Plural(sheets, "table", "tables")+" with "+phrase.Plural(res.Rows, "row", "rows"))
	if left > 0 {
		t = append(t, say("; ", phrase.Plural(left, "sheet was", "sheets were")+" left out")...)
	}
	if n := toMend(res.Problems); n > 0 {
		t = append(t, say("; ", marked("warn", phrase.Plural(n, "thing", "things")+" to look at"))...)
	}
	return append(t, say(". Nothing changes until you say so.")...)
}

// tellOpen says what has to be decided first.
func (s *Server) tellOpen(p *page, d *draft.Draft, res *importer.Result) {
	if len(res.Questions) == 0 {
		return
	}
	a := aside{Class: "warn", Heading: "Who serves whom? " + upper(inWords(len(res.Questions))) + either(len(res.Questions), " sheet points", " sheets point") + " both ways"}
	for _, q := range res.Questions {
		a.Paras = append(a.Paras, say(link(placeSaid(q.Place), sheetPath(d, res, q.Place)), ": ", run{Text: q.Text, Name: true}))
	}
	p.Asides = append(p.Asides, a)
}

// tellShared says that several files are one source: what they say counts together, also where one is an older copy of another.
func tellShared(p *page, d *draft.Draft) {
	for _, source := range d.Sources() {
		var files []text
		for _, f := range d.Files {
			if f.Source == source {
				files = append(files, say(run{Text: f.Name, Name: true, Strong: true}))
			}
		}
		if len(files) < 2 {
			continue
		}
		p.Asides = append(p.Asides, aside{Heading: upper(inWords(len(files))) + " files are one source", Paras: []text{
			append(enumerate(files, "and"), say(" are all the source ", run{Text: "“" + source + "”", Name: true}, ": what they say counts together. If one is an older copy, take it out; if they are different things, change the source of one.")...)}})
	}
}

// placeSaid names a sheet of a file.
func placeSaid(p importer.Place) string {
	if p.Sheet == "" {
		return p.File
	}
	return p.File + ", sheet " + p.Sheet
}

// sheetPath is where the columns of a sheet are.
func sheetPath(d *draft.Draft, res *importer.Result, place importer.Place) string {
	i := slices.IndexFunc(res.Readings, func(rd *importer.Reading) bool { return rd.Place == place })
	if i < 0 {
		return stepPath(d, "/columns")
	}
	return fmt.Sprintf("%s?sheet=%d", stepPath(d, "/columns"), i+1)
}

// fileSection says how one file was understood, and offers to change its source or to take it out.
func (s *Server) fileSection(p *page, r *request, d *draft.Draft, f draft.File, res *importer.Result, history []graph.VersionRecord) section {
	id := "file-" + f.Stored[:8]
	sec := section{ID: id, Heading: f.Name, Intro: []text{append(say(sizeSaid(f.Size)+". "), replacesSaid(r.ed, f.Source, history)...)}}
	var readings []*importer.Reading
	for _, rd := range res.Readings {
		if isOf(rd.File, f) {
			readings = append(readings, rd)
		}
	}
	var problems []graph.Problem
	for _, x := range res.Problems {
		if isOf(x.File, f) && x.Sheet == "" && x.Row == 0 && x.Severity != graph.Info {
			problems = append(problems, x)
		}
	}
	for _, x := range problems {
		sec.Intro = append(sec.Intro, say(severityTag(x.Severity), " ", run{Text: upper(onThePage(x.Message)), Name: true}))
	}
	if len(readings) > 0 {
		sec.Parts = append(sec.Parts, part{Table: s.readingsTable(p, r, d, id, readings, res)})
	}
	sec.Parts = append(sec.Parts, part{Posts: []*post{
		{Action: stepPath(d, "/source"), Token: p.Token, Label: "The source of " + f.Name, Hidden: [][2]string{{"file", f.Stored}}, Quiet: true, Submit: "Change the source",
			Fields: []field{{ID: "source-" + f.Stored[:8], Name: "source", Label: "It is the source", Value: f.Source}}},
		{Action: stepPath(d, "/drop"), Token: p.Token, Hidden: [][2]string{{"file", f.Stored}}, Quiet: true, Submit: "Take it out", Does: "Take out " + f.Name},
	}})
	return sec
}

// isOf says whether the name that the importer shows is that of a file: with its source where several have one name.
func isOf(shown string, f draft.File) bool { return shown == f.Name }

// replacesSaid says what importing a source does to what it said before.
func replacesSaid(ed *edition, source string, history []graph.VersionRecord) text {
	name := run{Text: "“" + source + "”", Name: true}
	if ed.snap.Org == nil || ed.snap.Org.Source(source) == nil {
		return say("A new source, ", name, ": it adds to what the others say.")
	}
	t := say("It replaces what the source ", name, " said before")
	for _, v := range history {
		if slices.Contains(v.Sources, source) && len(v.Files) > 0 {
			t = append(t, say(" (imported on "+when(v.Time)+" as ", link(fmt.Sprintf("version %d", v.Number), versionHref(v.Number)), ")")...)
			break
		}
	}
	return append(t, say(", and leaves the others alone.")...)
}

// readingsTable lists the sheets of a file and how each was understood.
func (s *Server) readingsTable(p *page, r *request, d *draft.Draft, id string, readings []*importer.Reading, res *importer.Result) *table {
	wrong := map[importer.Place]int{}
	for _, x := range res.Problems {
		if x.Severity != graph.Info {
			wrong[importer.Place{File: x.File, Sheet: x.Sheet}]++
		}
	}
	t := tableOf[*importer.Reading]{id: "sheets-" + id, labelby: id + "-h", what: [2]string{"sheet", "sheets"}, entries: readings, fixed: true,
		caption: say(phrase.Plural(len(readings), "sheet", "sheets") + ".")}
	t.columns = []columnOf[*importer.Reading]{
		{head: "Sheet", cell: func(rd *importer.Reading) cell {
			return cell{Head: true, Text: say(run{Text: cmp.Or(rd.Sheet, "the whole file"), Name: true, Href: sheetPath(d, res, rd.Place)})}
		}},
		{head: "Read as", cell: func(rd *importer.Reading) cell { return cell{Text: readAs(rd), Small: say(whyRead(rd))} }},
		{head: "An example", cell: func(rd *importer.Reading) cell {
			if len(rd.Examples) == 0 {
				return cell{}
			}
			return cell{Text: exampleSaid(rd.Examples[0])}
		}},
		{head: "Rows", right: true, cell: func(rd *importer.Reading) cell { return cell{Text: say(rd.Rows)} }},
		{head: "To look at", right: true, cell: func(rd *importer.Reading) cell {
			if n := wrong[rd.Place]; n > 0 {
				return cell{Text: say(run{Text: phrase.Count(n), Href: stepPath(d, "/preview") + "#wrong"})}
			}
			return cell{Text: say(marked("mute", "–"))}
		}},
	}
	built := t.build(p, r)
	built.CSV = "" // nobody wants that as a file
	return built
}

// readAs names what a sheet was read as.
func readAs(rd *importer.Reading) text {
	switch rd.Shape {
	case "":
		return say(tag("warn", "left out"))
	case importer.Ignore:
		return say(marked("mute", "left out, as was decided"))
	}
	t := say(rd.Title)
	if rd.Chosen != nil {
		t = append(t, run{Text: " "}, marked("mute", "(as was decided)"))
	}
	return t
}

// whyRead says by what it was known.
func whyRead(rd *importer.Reading) string {
	if rd.Shape == "" || rd.Shape == importer.Ignore {
		return upper(rd.Why)
	}
	return "by " + rd.Why
}

// exampleSaid writes an example: row 5 means: Payroll serves Crew scheduling with Pay.
func exampleSaid(e importer.Example) text {
	t := say(fmt.Sprintf("row %d: ", e.Row), run{Text: e.Provider, Name: true, Strong: true}, " serves ", run{Text: e.Consumer, Name: true, Strong: true})
	if e.Service != "" {
		t = append(t, say(" with ", run{Text: e.Service, Name: true})...)
	}
	return t
}

// moreFiles offers to add files and to throw the import away.
func (s *Server) moreFiles(p *page, d *draft.Draft) section {
	return section{ID: "more", Heading: "Add files, or leave it", Columns: "two", Parts: []part{
		{Card: true, Import: &importPart{Upload: &upload{Action: stepPath(d, "/files"), Token: p.Token, Submit: "Add them"}}},
		{Paras: []text{say("You can leave this page and take the import up again later: it stays under ", link("Import", importPath+"#drafts"), " for seven days after somebody worked on it last.")},
			Posts: []*post{{Action: stepPath(d, "/remove"), Token: p.Token, Submit: "Throw this import away", Quiet: true}}},
	}}
}

// dropFile takes a file out of a draft.
func (s *Server) dropFile(r *request, d *draft.Draft) (string, error) {
	if d.File(r.form.Get("file")) == nil {
		return stepPath(d, ""), nil // it is out already
	}
	d, err := s.imports.shelf.Drop(d.ID, r.form.Get("file"))
	if err != nil {
		return "", err
	}
	return stepPath(d, ""), nil
}

// nameSource says which source a file is.
func (s *Server) nameSource(r *request, d *draft.Draft) (string, error) {
	source := strings.TrimSpace(r.form.Get("source"))
	if err := draft.CheckSource(source); err != nil {
		return "", &problem{Status: fiber.StatusBadRequest, Heading: "A source cannot be called that", Say: say(run{Text: upper(err.Error()) + ". ", Name: true}, "Write a short name, such as tracker or HR export."),
			Acts: []run{link("Back to the files", stepPath(d, ""))}}
	}
	var now *importer.Mapping // what was decided about the file so far
	d, err := s.imports.shelf.Change(d.ID, func(d *draft.Draft) error {
		if f := d.File(r.form.Get("file")); f != nil && f.Source != source {
			now, f.Source = d.Mappings[f.Source], source
		}
		return nil
	})
	if err == nil {
		d, err = s.recall(r.ctx, d)
	}
	if err != nil || now == nil || d.Mappings[source] != nil {
		return importPath + "/" + r.id, err
	}
	return stepPath(d, ""), s.imports.change(d.ID, func(d *draft.Draft) error {
		d.Mappings[source] = now
		return nil
	})
}
