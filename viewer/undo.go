package viewer

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/phrase"
	"github.com/gofiber/fiber/v2"
)

// undoPath takes versions back.
const undoPath = "/undo"

// The keys of what was changed and where to go back to.
const (
	keyDone    = "done"    // of any page: the version that a form led to
	keyVersion = "version" // to take back
	keyBack    = "back"    // the page that a form stands on
)

// done gives the address of a page that says that a version was made, with a button to undo it.
func done(path string, version int64) string {
	path, query, _ := strings.Cut(path, "?")
	q, _ := url.ParseQuery(query) // of ours
	q.Set(keyDone, strconv.FormatInt(version, 10))
	return withQuery(path, q)
}

// doneAside says what the version that a form led to did, and offers to undo it.
func (s *Server) doneAside(p *page, r *request) {
	version, err := strconv.ParseInt(r.done, 10, 64)
	if err != nil || !s.stored() || s.refusal() != nil {
		return
	}
	history, err := asked{s.keeper.store, s.keeper}.History(r.ctx)
	record := graph.RecordOf(history, version)
	if err != nil || record == nil {
		return
	}
	what := "Saved as version " + strconv.FormatInt(version, 10)
	if record.Undoes > 0 {
		what = fmt.Sprintf("Version %d was undone, as version %d", record.Undoes, version)
	}
	a := aside{Class: "done", Heading: what, Paras: s.correctionsSaid(r, record)}
	if r.path == versionHref(version) {
		a.Paras = append(a.Paras, say("What it did stands below."))
	} else {
		a.Paras = append(a.Paras, say(upper(countsSaid(record))+". ", link("What it did", versionHref(version))))
	}
	if history[0].Number == version {
		a.Post = s.undoForm(p, r, version, r.with(keyDone, ""))
	}
	p.Asides = append(p.Asides, a)
}

// correctionsSaid says what a version of a few corrections did, fact by fact; nothing of others.
func (s *Server) correctionsSaid(r *request, record *graph.VersionRecord) []text {
	const most = 5
	if len(record.Sources) != 1 || record.Sources[0] != graph.EditsSource || record.Added+record.Changed+record.Removed > most {
		return nil
	}
	cs, err := asked{s.keeper.store, s.keeper}.Changes(r.ctx, record.Number-1, record.Number)
	if err != nil {
		return nil
	}
	var changes []graph.FieldChange
	for _, c := range cs.Nodes {
		changes = append(changes, c.Fields()...)
	}
	for _, c := range cs.Links {
		changes = append(changes, c.Fields()...)
	}
	var out []text
	for _, c := range changes[:min(len(changes), most)] {
		name, was, is := upper(fieldWords(c.Field)), run{Text: listed(c.Old), Name: true, Strong: true}, run{Text: listed(c.New), Name: true, Strong: true}
		switch {
		case c.New == "":
			out = append(out, say(name+": the correction ", was, " was taken back; what the other sources say counts again."))
		case c.Old == "":
			out = append(out, say(name+" is ", is, " now."))
		default:
			out = append(out, say(name+" was corrected from ", was, " to ", is, "."))
		}
	}
	return out
}

// undoForm is the button that takes a version back and leads to a page.
func (s *Server) undoForm(p *page, r *request, version int64, back string) *post {
	n := strconv.FormatInt(version, 10)
	return &post{Action: undoPath, Token: p.tokenFor(r), Hidden: [][2]string{{keyVersion, n}, {keyBack, back}}, Submit: "Undo", Does: "Undo version " + n, Quiet: true}
}

// countsSaid says how much a version changed: "2 added, 1 changed".
func countsSaid(r *graph.VersionRecord) string {
	var words []string
	for _, n := range []struct {
		of   int
		what string
	}{{r.Added, "added"}, {r.Changed, "changed"}, {r.Removed, "removed"}} {
		if n.of > 0 {
			words = append(words, phrase.Count(n.of)+" "+n.what)
		}
	}
	if len(words) == 0 {
		return "no node or link was added, changed or removed"
	}
	return strings.Join(words, ", ")
}

// undo takes a version back, as a new version.
func (s *Server) undo(r *request) (string, error) {
	n, err := strconv.ParseInt(r.form.Get(keyVersion), 10, 64)
	if err != nil || n < 1 {
		return "", &problem{Status: fiber.StatusBadRequest, Heading: "Say which version to undo", Say: say("History lists them."), Acts: []run{link("History", historyPath)}}
	}
	before := int64(0)
	version, err := s.change(r.ctx, func(ctx context.Context, st graph.Store) (int64, error) {
		p, version, err := graph.Undo(ctx, st, n, s.record(), nil)
		if err == nil {
			before = p.Before.Version
		}
		return version, err
	})
	back := backTo(r.form.Get(keyBack))
	switch {
	case errors.Is(err, graph.ErrNoVersion):
		return "", noVersion(n)
	case err != nil:
		return "", err
	case version == before:
		return back, nil // it was taken back already
	}
	return done(back, version), nil
}

// noVersion says that there is no such version.
func noVersion(n int64) *problem {
	return &problem{Status: fiber.StatusNotFound, Heading: fmt.Sprintf("There is no version %d", n), Say: say("History lists those that there are."), Acts: []run{link("History", historyPath)}}
}

// backTo makes sure that an address is one of ours; the history where it is none.
func backTo(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(u.Path, "/") {
		return historyPath
	}
	return withQuery(ownPath(u.EscapedPath()), u.Query())
}
