package viewer

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/answer"
	"example.com/whoserves/graph/names"
	"example.com/whoserves/graph/phrase"
	"example.com/whoserves/importer"
	"example.com/whoserves/importer/kept"
	"example.com/whoserves/viewer/draft"
	"github.com/gofiber/fiber/v2"
)

// importPath is where files are brought in; below it are the imports that were begun.
const importPath = "/import"

// imports are the imports that were begun on the pages.
type imports struct {
	shelf    *draft.Shelf // nil: there is no place for them
	uploads  chan struct{}
	working  chan struct{} // one for each task that reads or compares
	readings *tasks[*importer.Result]
	previews *tasks[*comparison]
	applying *tasks[int64]
	writing  chan struct{} // held while one is applied
}

// How much goes on at once, and how much of it is kept in memory.
const (
	workAtOnce   = 2
	readingsKept = 3
	previewsKept = 2
	taskPatience = 1500 * time.Millisecond // how long a request waits for one
	applyLimit   = 10 * time.Minute
)

func newImports(c Config, k *keeper) *imports {
	i := &imports{uploads: make(chan struct{}, uploadsAtOnce), working: make(chan struct{}, workAtOnce), writing: make(chan struct{}, 1),
		readings: newTasks[*importer.Result](k, readingsKept), previews: newTasks[*comparison](k, previewsKept), applying: newTasks[int64](k, 50)}
	if c.Drafts != "" && c.Snapshot == nil {
		i.shelf = draft.NewShelf(c.Drafts)
	}
	return i
}

// importRoutes adds the addresses of imports.
func (s *Server) importRoutes(app *fiber.App) {
	app.Get(importPath, s.serve(s.importPage))
	app.Post(importPath, s.upload)
	for step, make := range map[string]func(*request, *draft.Draft) (*page, error){
		"": s.draftFilesPage, "/columns": s.draftColumnsPage, "/names": s.draftNamesPage, "/preview": s.draftPreviewPage,
	} {
		app.Get(importPath+"/:id"+step, s.serve(s.ofDraft(make)))
	}
	app.Post(importPath+"/:id/files", s.upload)
	for _, step := range []string{"/files", "/drop", "/source", "/cell", "/apply", "/remove"} {
		app.Get(importPath+"/:id"+step, toItsPage)
	}
	for step, do := range map[string]func(*request, *draft.Draft) (string, error){
		"/drop": s.dropFile, "/source": s.nameSource, "/columns": s.chooseColumns, "/names": s.settleName, "/cell": s.correctCell, "/apply": s.applyDraft, "/remove": s.removeDraft,
	} {
		app.Post(importPath+"/:id"+step, s.fromOurPage, s.takes(s.toDraft(do)))
	}
}

// noImports says why nothing can be imported here; nil where it can.
func (s *Server) noImports() error {
	if err := s.refusal(); err != nil {
		return err
	}
	if s.imports.shelf == nil {
		return &problem{Status: fiber.StatusForbidden, Heading: "Nothing can be imported here",
			Say: say("This whoserves has no folder in which it could keep files. Whoever starts it can give it one; or import on the computer that it runs on: whoserves import FILE."), Acts: []run{link("To the overview", "/")}}
	}
	return nil
}

// ofDraft gives the maker of a page its draft. What has been imported leads to what it became.
func (s *Server) ofDraft(make func(*request, *draft.Draft) (*page, error)) maker {
	return func(r *request) (*page, error) {
		if err := s.noImports(); err != nil {
			return nil, err
		}
		d, err := s.imports.shelf.Get(r.id)
		switch {
		case err != nil:
			return nil, draftProblem(err)
		case d.Version > 0:
			return nil, moved{to: versionHref(d.Version)}
		}
		if t := s.imports.applying.find(d.ID); t != nil && !t.ready(r.ctx, taskPatience) {
			return s.applyingPage(r), nil
		}
		p, err := make(r, d)
		return p, draftProblem(err)
	}
}

// toDraft gives what is done with a form its draft.
func (s *Server) toDraft(do func(*request, *draft.Draft) (string, error)) act {
	return func(r *request) (string, error) {
		if err := s.noImports(); err != nil {
			return "", err
		}
		d, err := s.imports.shelf.Get(r.id)
		switch {
		case err != nil:
			return "", draftProblem(err)
		case d.Version > 0:
			return versionHref(d.Version), nil
		case s.isApplying(d.ID):
			return stepPath(d, ""), nil
		}
		to, err := do(r, d)
		return to, draftProblem(err)
	}
}

// isApplying says whether a draft is being imported right now.
func (s *Server) isApplying(id string) bool {
	t := s.imports.applying.find(id)
	return t != nil && !t.ready(context.Background(), 0)
}

// stepPath is the address of a step of a draft.
func stepPath(d *draft.Draft, step string) string { return importPath + "/" + d.ID + step }

// change changes a draft because somebody decided something.
func (i *imports) change(id string, do func(*draft.Draft) error) error {
	_, err := i.shelf.Change(id, do)
	return err
}

// upload takes files into a new draft, or into the one that the address names, and leads to what was understood.
func (s *Server) upload(c *fiber.Ctx) error {
	if err := s.noImports(); err != nil {
		return err
	}
	timer := time.NewTimer(waitAtMost)
	defer timer.Stop()
	select {
	case s.imports.uploads <- struct{}{}:
		defer func() { <-s.imports.uploads }()
	case <-timer.C:
		return &problem{Status: fiber.StatusServiceUnavailable, Heading: "Others are sending files right now", Say: say("Try again in a minute.")}
	}
	id := c.Params("id")
	if id != "" {
		d, err := s.imports.shelf.Get(id)
		switch {
		case err != nil:
			return draftProblem(err)
		case d.Version > 0 || s.isApplying(id):
			return c.Redirect(stepPath(d, ""), fiber.StatusSeeOther)
		}
	}
	d, err := s.receive(c, id)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), requestLimit)
	defer cancel()
	if d, err = s.recall(ctx, d); err != nil {
		return err
	}
	s.understand(d)
	return c.Redirect(stepPath(d, ""), fiber.StatusSeeOther)
}

// recall gives a draft what was decided in earlier imports about its sources.
func (s *Server) recall(ctx context.Context, d *draft.Draft) (*draft.Draft, error) {
	mappings := map[string]*importer.Mapping{}
	st := asked{s.keeper.store, s.keeper}
	for _, source := range d.Sources() {
		if _, known := d.Mappings[source]; known {
			continue
		}
		m, err := kept.Get(ctx, st, source)
		if err != nil {
			return d, fmt.Errorf("recall what was decided for %s: %w", source, err)
		}
		if m != nil {
			mappings[source] = m
		}
	}
	if len(mappings) == 0 {
		return d, nil
	}
	return s.imports.shelf.Change(d.ID, func(d *draft.Draft) error {
		maps.Copy(mappings, d.Mappings)
		d.Mappings = mappings
		return nil
	})
}

// understand reads the files of a draft in the background.
func (s *Server) understand(d *draft.Draft) *task[*importer.Result] {
	key := d.Key()
	s.imports.readings.forget(d.ID, key)
	return s.imports.readings.of(key, func(ctx context.Context, t *task[*importer.Result]) (*importer.Result, error) {
		t.of.Store(d.Bytes())
		if !s.imports.begin(ctx) {
			return nil, ctx.Err()
		}
		defer s.imports.end()
		mappings := d.Reading()
		return importer.ReadFiles(ctx, s.imports.shelf.Read(d), importer.Options{
			Mappings: func(source string) *importer.Mapping { return mappings[source] },
			Progress: func(done, total int64) { t.read.Store(done); t.of.Store(total) },
		})
	})
}

// begin waits for a place to work in; it is false when nobody needs it any more.
func (i *imports) begin(ctx context.Context) bool {
	select {
	case i.working <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (i *imports) end() { <-i.working }

// comparison is what a draft would do to a version.
type comparison struct {
	*graph.Preview
	result   *importer.Result
	incoming *graph.Org
	problems []graph.Problem
	risks    *answer.RiskChange // nil: nothing changes
	diff     *answer.Diff
	found    names.Found // names that may mean one thing
}

// compare works out in the background what a draft would do, when its files are read.
func (s *Server) compare(d *draft.Draft, reading *task[*importer.Result], ed *edition) *task[*comparison] {
	settled, err := json.Marshal(d.Names())
	if err != nil {
		settled = []byte(rand.Text())
	}
	key := fmt.Sprintf("%s %s %d", d.Key(), settled, ed.snap.Version)
	s.imports.previews.forget(d.ID, key)
	return s.imports.previews.of(key, func(ctx context.Context, t *task[*comparison]) (*comparison, error) {
		select {
		case <-reading.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if reading.err != nil {
			return nil, reading.err
		}
		if !s.imports.begin(ctx) {
			return nil, ctx.Err()
		}
		defer s.imports.end()
		return newComparison(ctx, d, ed.snap.Org, reading.value)
	})
}

func newComparison(ctx context.Context, d *draft.Draft, current *graph.Org, res *importer.Result) (*comparison, error) {
	c := &comparison{result: res, incoming: decided(d, res.Org)}
	var err error
	if c.Preview, err = graph.NewPreview(current, c.incoming); err != nil {
		return nil, err
	}
	c.problems = answer.ImportProblems(c.Preview, res.Problems, res.Files)
	res.NameColumns(c.problems)
	for i := range c.problems {
		c.problems[i].Message = onThePage(c.problems[i].Message)
	}
	var fresh []string
	for _, x := range c.incoming.Sources {
		fresh = append(fresh, x.Name)
	}
	c.found = names.Propose(c.After, fresh, d.Names())
	c.diff = answer.NewDiff(c.Before, c.After, c.Effect)
	c.risks, err = answer.RisksOf(ctx, c.Preview)
	return c, err
}

// onThePage says what to do on the pages where the reader of files says what to do on the command line.
func onThePage(message string) string { return commandLine.Replace(message) }

var commandLine = strings.NewReplacer(
	"import with --direction consumer-first if it is the wrong way round", "turn it round under “What the columns mean” if it is the wrong way round",
	", as --direction says", ", as was decided",
	"say which it is with --encoding, or save the file as “CSV UTF-8”", "save the file as “CSV UTF-8” and send it again",
	", or make them one source with --source", ", or make them one source:",
	"or give another name with --source", "or give it another source",
)

// importPage is where an import begins, and where those that were begun are taken up again.
func (s *Server) importPage(r *request) (*page, error) {
	if err := onlyKeys(r); err != nil {
		return nil, err
	}
	p := s.newPage(r, importPath, "Import")
	p.stay()
	p.Heading = say("Import")
	if no := s.noImports(); no != nil {
		var why *problem
		p.Answer = []text{say("Nothing can be imported until the data store answers again.")}
		if errors.As(no, &why) {
			p.Answer = []text{why.Say}
		}
		return p, nil
	}
	p.Answer = []text{say("Spreadsheets, HR exports, surveys, catalogues and drawings, as they are. Nothing changes until you have seen what will change and said yes.")}
	p.Steps = steps(nil, importPath)
	p.tokenFor(r)
	begin := section{Columns: "two", Parts: []part{
		{Card: true, Import: &importPart{Upload: &upload{Action: importPath, Token: p.Token, Submit: "Read the files"}}},
		{Heading: say("Or start from a table of ours"), Import: &importPart{Example: true}},
	}}
	p.Sections = []section{begin}
	all, err := s.imports.shelf.List()
	if err != nil {
		return nil, err
	}
	if drafts := s.draftsSection(p, r, all); len(drafts.Parts) > 0 {
		p.Sections = append(p.Sections, drafts)
	}
	if earlier, err := s.earlierSection(p, r); err == nil && r.ed.snap.Version > 0 {
		p.Sections = append(p.Sections, earlier)
	}
	return p, nil
}

// draftsSection lists the imports that were begun.
func (s *Server) draftsSection(p *page, r *request, all []*draft.Draft) section {
	sec := section{ID: "drafts", Heading: "Begun and not finished", Intro: []text{
		say(fmt.Sprintf("Take them up again or throw them away. After %d days in which nobody works on one it goes by itself; nothing is lost but the work.", int(draft.KeptFor.Hours()/24)))}}
	for _, d := range all {
		if d.Version > 0 {
			continue
		}
		about := say("begun by ", byName(d.By), " on "+when(d.Begun)+", worked on last on "+when(d.Touched)+"; "+sizeSaid(d.Bytes()))
		sec.Parts = append(sec.Parts, part{Level: 3, Heading: say(link(filesOf(d.Files), stepPath(d, ""))), Paras: []text{about},
			Posts: []*post{{Action: stepPath(d, "/remove"), Token: p.Token, Submit: "Throw it away", Does: "Throw away the import of " + filesOf(d.Files), Quiet: true}}})
	}
	if len(sec.Parts) > 2 {
		sec.Columns = "three"
	}
	return sec
}

// earlierSection lists the imports that were done.
func (s *Server) earlierSection(p *page, r *request) (section, error) {
	history, err := asked{s.keeper.store, s.keeper}.History(r.ctx)
	if err != nil {
		return section{}, err
	}
	history = slices.DeleteFunc(history, func(v graph.VersionRecord) bool { return len(v.Files) == 0 })
	d := tableOf[graph.VersionRecord]{id: "versions", labelby: "earlier-h", what: [2]string{"import", "imports"}, entries: history, fixed: true, most: 10, all: historyPath,
		empty: "Nothing was imported yet.", caption: say("The newest first.")}
	d.columns = []columnOf[graph.VersionRecord]{
		{head: "Version", cell: func(v graph.VersionRecord) cell {
			return cell{Head: true, Text: say(link(fmt.Sprintf("version %d", v.Number), versionHref(v.Number)))}
		}},
		{head: "When", cell: func(v graph.VersionRecord) cell { return cell{Text: say(when(v.Time))} }},
		{head: "Who", cell: func(v graph.VersionRecord) cell { return cell{Text: say(byWhom(&v))} }},
		{head: "Files", cell: func(v graph.VersionRecord) cell { return cell{Text: firstNames(namesOf(v.Files), 4, " more")} }},
		{head: "What it did", cell: func(v graph.VersionRecord) cell { return cell{Text: say(countsSaid(&v))} }},
	}
	return section{ID: "earlier", Heading: "Imported before", Parts: []part{{Table: d.build(p, r)}}}, nil
}

func byName(by string) run { return run{Text: cmp.Or(by, "somebody"), Name: true} }

// filesOf names the files of a draft: "links.csv, hr.xlsx and 3 more".
func filesOf(files []draft.File) string {
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	return cmp.Or(firstNames(names, 3, " more").String(), "no file")
}

// sizeSaid writes a number of bytes.
func sizeSaid(n int64) string {
	switch {
	case n < 1<<10:
		return phrase.Plural(int(n), "byte", "bytes")
	case n < 1<<20:
		return fmt.Sprintf("%d KB", (n+1<<9)>>10)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}

// step is one of the steps of an import.
type step struct {
	run
	Current bool
}

// steps leads through an import; d is nil where it has not begun.
func steps(d *draft.Draft, here string) []step {
	var all []step
	for _, x := range []struct{ words, step string }{{"Files", ""}, {"What the columns mean", "/columns"}, {"Names", "/names"}, {"Check and import", "/preview"}} {
		st := step{run: run{Text: x.words}}
		if d == nil {
			st.Current = x.step == ""
		} else {
			st.Href, st.Current = stepPath(d, x.step), here == x.step
		}
		all = append(all, st)
	}
	return all
}

// draftPage begins a page of a draft.
func (s *Server) draftPage(r *request, d *draft.Draft, step, title string) *page {
	p := s.newPage(r, importPath, title)
	p.stay()
	p.Crumbs = []text{say(link("Import", importPath)), say(run{Text: filesOf(d.Files), Name: true})}
	p.Heading = say(title)
	p.Steps = steps(d, step)
	p.tokenFor(r)
	return p
}

// waiting fills a page of a draft while its files are read; it is false where there is no need to.
func (p *page) waiting(r *request, d *draft.Draft, reading *task[*importer.Result], comparing *task[*comparison]) bool {
	switch {
	case !reading.ready(r.ctx, taskPatience):
		done, of := reading.read.Load(), max(reading.of.Load(), 1)
		share := int(100 * min(done, of) / of)
		p.Answer = []text{say("Reading ", run{Text: readingNow(d, done), Name: true}, fmt.Sprintf(": %d %% of %s. The page looks again by itself. ", share, sizeSaid(of)), link("Look now", r.here()))}
		p.Sections = []section{{Parts: []part{{Import: &importPart{Progress: &progress{Done: share, Label: fmt.Sprintf("%d %% read", share)}}}}}}
	case comparing != nil && !comparing.ready(r.ctx, taskPatience):
		p.Answer = []text{say("The files are read. What they would change is being worked out. The page looks again by itself. ", link("Look now", r.here()))}
		p.Sections = []section{{Parts: []part{{Import: &importPart{Progress: &progress{Done: -1, Label: "Comparing"}}}}}}
	default:
		return false
	}
	p.Refresh = 2
	return true
}

// compared gives what a draft would do, for a page of it; nil where the page says that this is not known yet, or cannot be.
func (s *Server) compared(p *page, r *request, d *draft.Draft) *comparison {
	reading := s.understand(d)
	comparing := s.compare(d, reading, r.ed)
	switch {
	case p.waiting(r, d, reading, comparing):
		return nil
	case comparing.err != nil:
		p.failed(comparing.err)
		return nil
	}
	return comparing.value
}

// readingNow names the file that is being read when so many bytes of all are.
func readingNow(d *draft.Draft, done int64) string {
	files := slices.Clone(d.Files)
	slices.SortStableFunc(files, func(a, b draft.File) int {
		return cmp.Or(strings.Compare(a.Source, b.Source), strings.Compare(a.Name, b.Name))
	})
	for _, f := range files {
		if done -= f.Size; done < 0 {
			return f.Name
		}
	}
	return filesOf(d.Files)
}

// failed says that the files of a draft cannot be read as they are.
func (p *page) failed(err error) {
	p.Asides = append(p.Asides, aside{Class: "risk", Heading: "The files cannot be read together", Paras: []text{say(run{Text: upper(onThePage(err.Error())), Name: true})}})
}

// removeDraft throws a draft away.
func (s *Server) removeDraft(_ *request, d *draft.Draft) (string, error) {
	s.forgetDraft(d)
	return importPath + "#drafts", s.imports.shelf.Remove(d.ID)
}

// forgetDraft ends all that goes on for a draft.
func (s *Server) forgetDraft(d *draft.Draft) {
	s.imports.readings.forget(d.ID, "")
	s.imports.previews.forget(d.ID, "")
}
