package viewer

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/export"
	"github.com/gofiber/fiber/v2"
)

// correctPath is where a fact is corrected.
const correctPath = "/correct"

// The keys that name a fact beside the node or link that it is about.
const (
	keyField = "field"
	keyValue = "value"
	keyWas   = "was" // what counted when the form was made
)

// longestValue is how long a value may be that somebody types.
const longestValue = 4000

// correctHref is where a fact of a node or link is corrected.
func (s *Server) correctHref(ed *edition, x subject, field string) string {
	q := ed.keys(x)
	q.Set(keyField, field)
	return withQuery(correctPath, q)
}

// factOf finds a fact that can be corrected.
func (ed *edition) factOf(x subject, field string) (graph.Fact, error) {
	var names []string
	for _, f := range ed.facts(x) {
		if f.Field == field && f.Native {
			return f, nil
		}
		if f.Native {
			names = append(names, f.Field)
		}
	}
	return graph.Fact{}, &problem{Status: fiber.StatusBadRequest, Heading: "This cannot be corrected here", Say: say("There is no fact “" + field + "” to correct. Those that there are: " + strings.Join(names, ", ") + "."),
		Acts: []run{link("Back to the facts", ed.pageOf(x)+"#origin")}}
}

// correctPage asks what is right about one fact.
func (s *Server) correctPage(r *request) (*page, error) {
	if err := s.refusal(); err != nil {
		return nil, err
	}
	if err := onlyKeys(r, "node", "provider", "consumer", "service", keyField, keyValue); err != nil {
		return nil, err
	}
	ed := r.ed
	x, err := ed.subjectOf(r.query)
	if err != nil {
		return nil, err
	}
	f, err := ed.factOf(x, r.query.Get(keyField))
	if err != nil {
		return nil, err
	}
	about := aboutField(x, f.Field)
	p := s.newPage(r, "/teams", "Correct "+fieldWords(f.Field))
	p.stay()
	p.Crumbs = []text{say(run{Text: p.Org, Href: "/", Name: true}), say(run{Text: ed.subjectName(x), Href: ed.pageOf(x), Name: true})}
	p.Heading = say("Correct "+fieldWords(f.Field)+" of ", run{Text: ed.subjectName(x), Name: true})
	p.Answer = []text{s.nowSaid(f)}
	if about.Meaning != "" {
		p.Answer = append(p.Answer, say(about.Meaning+allowed(about)))
	}
	value := f.Value
	if typed := r.query.Get(keyValue); typed != "" {
		value = typed
		if err := ed.tryCorrection(x, graph.Correction{Field: f.Field, Value: typed}); err != nil {
			p.Asides = append(p.Asides, aside{Class: "warn", Heading: "Nothing was changed", Paras: []text{say(upper(strings.TrimSuffix(err.Error(), ".")) + ".")}})
		}
	}
	hidden := hiddenKeys(ed.keys(x), [2]string{keyField, f.Field}, [2]string{keyWas, f.Value})
	form := &post{Action: correctPath, Token: p.tokenFor(r), Label: "What is right", Hidden: hidden, Submit: "Correct it",
		Fields: []field{valueField(about, f, value)}}
	if about.Names != "" {
		form.Names, form.ListID = ed.nameList(), "known"
	}
	parts := []part{{Post: form}}
	if corrected(f) {
		parts = append(parts, part{Paras: []text{say("It was corrected here before. Take that back, and what the other sources say counts again.")},
			Post: &post{Action: correctPath, Token: p.Token, Hidden: append(slices.Clone(hidden), [2]string{keyValue, ""}), Submit: "Take the correction back", Quiet: true}})
	}
	p.Sections = []section{{Parts: parts, After: []text{say("A correction is a source of its own: it wins over every file, stays when files are imported again, and can be undone. ",
		link("Back without a change", ed.pageOf(x)+"#origin"))}}}
	return p, nil
}

// nowSaid says what counts now, and where that comes from.
func (s *Server) nowSaid(f graph.Fact) text {
	if len(f.Stated) == 0 {
		if f.Value != "" {
			return say("Nobody has said it; ", run{Text: listed(f.Value), Name: true, Strong: true}, " is assumed.")
		}
		return say("Nobody has said it yet.")
	}
	from := ", from "
	if averaged(f) {
		from = ", "
	}
	t := append(say("Now ", run{Text: listed(f.Value), Name: true, Strong: true}, " counts"+from), s.basisSaid(f)...)
	t = append(t, run{Text: "."})
	if others := s.othersSaid(f); others != nil {
		t = append(append(t, run{Text: " Others say: "}), others...)
	}
	return t
}

// corrected says that a fact was corrected here.
func corrected(f graph.Fact) bool {
	return slices.ContainsFunc(f.Stated, func(v graph.SourceValue) bool { return v.Source == graph.EditsSource })
}

// subjectName names a node or link in words.
func (ed *edition) subjectName(x subject) string {
	if x.node >= 0 {
		return ed.nameOf(x.node)
	}
	return ed.linkSaid(x.link).String()
}

// aboutField says what a field means and may hold.
func aboutField(x subject, field string) export.About {
	if x.link >= 0 {
		return about(field, export.LinkColumns)
	}
	return about(field, export.NodeColumns, export.PeopleColumns)
}

func about[R any](field string, tables ...[]export.Column[R]) export.About {
	for _, columns := range tables {
		for _, c := range columns {
			if c.Name == field {
				return c.About
			}
		}
	}
	return export.About{}
}

// allowed says what a field may hold where its meaning does not.
func allowed(a export.About) string {
	switch n := a.Number; {
	case a.Names != "":
		return " Write a name or an id that is there."
	case !a.IsNumber():
		return ""
	case n == graph.Ratings:
		return ""
	case n.Whole:
		return fmt.Sprintf(" A whole number, %g or more.", n.Min)
	case n.Min == 0:
		return " A number, 0 or more."
	}
	return " A number."
}

// valueField asks for the value.
func valueField(a export.About, f graph.Fact, value string) field {
	x := field{Type: "text", ID: keyValue, Name: keyValue, Label: upper(fieldWords(f.Field)), Value: value, List: a.Names != "" && !a.List, Placeholder: a.Example}
	if a.Words == nil {
		return x
	}
	x.Type = "select"
	for _, w := range a.Words {
		x.Options = append(x.Options, option{Value: w, Label: w})
	}
	if !slices.Contains(a.Words, value) {
		x.Options = append([]option{{Value: value, Label: value}}, x.Options...)
	}
	choose(x.Options, value)
	return x
}

// hiddenKeys writes a query as hidden fields.
func hiddenKeys(q url.Values, more ...[2]string) [][2]string {
	var out [][2]string
	for _, k := range []string{"node", "provider", "consumer", "service"} {
		if q.Has(k) {
			out = append(out, [2]string{k, q.Get(k)})
		}
	}
	return append(out, more...)
}

// tryCorrection says what is wrong with a correction.
func (ed *edition) tryCorrection(x subject, c graph.Correction) error {
	_, err := changesOf(ed.snap, x, c)
	return err
}

func changesOf(s *graph.Snapshot, x subject, c graph.Correction) (*graph.ChangeSet, error) {
	if x.node >= 0 {
		return s.CorrectNode(x.node, c)
	}
	return s.CorrectLink(x.link, c)
}

// correct makes a version out of a correction and leads back to what it is about.
func (s *Server) correct(r *request) (string, error) {
	c := graph.Correction{Field: r.form.Get(keyField), Value: strings.TrimSpace(strings.ToValidUTF8(r.form.Get(keyValue), "\uFFFD"))}
	if len(c.Value) > longestValue || strings.ContainsRune(c.Value, 0) {
		return "", &problem{Status: fiber.StatusBadRequest, Heading: "This value cannot be right", Say: say(fmt.Sprintf("It has %d characters. Nothing was changed: go back and write a shorter one.", len([]rune(c.Value))))}
	}
	before := r.ed.snap.Version
	back := ""
	version, err := s.change(r.ctx, func(ctx context.Context, st graph.Store) (int64, error) {
		_, version, err := graph.Change(ctx, st, s.record(), nil, func(snap *graph.Snapshot) (*graph.ChangeSet, error) {
			ed := &edition{snap: snap}
			x, err := ed.subjectOf(r.form)
			if err != nil {
				return nil, err
			}
			back = ed.pageOf(x)
			f, err := ed.factOf(x, c.Field)
			if err != nil {
				return nil, err
			}
			if f.Value != r.form.Get(keyWas) {
				return nil, s.overtaken(ed, x, f)
			}
			before = snap.Version
			return changesOf(snap, x, c)
		})
		return version, err
	})
	var wrong *graph.CorrectionError
	var unknown *graph.UnknownError
	switch {
	case errors.As(err, &wrong), errors.As(err, &unknown) && back != "":
		return withQuery(correctPath, formKeys(r.form, keyValue)), nil // the page of the form says what is wrong
	case err != nil:
		return "", err
	case version == before:
		return back + "#origin", nil
	}
	return done(back, version), nil
}

// formKeys takes the keys that the page of a correction takes out of what its form sent.
func formKeys(form url.Values, more ...string) url.Values {
	q := url.Values{}
	for _, k := range append([]string{"node", "provider", "consumer", "service", keyField}, more...) {
		if v := form.Get(k); v != "" {
			q.Set(k, v)
		}
	}
	return q
}

// overtaken says that somebody else changed a fact while a form was open.
func (s *Server) overtaken(ed *edition, x subject, f graph.Fact) *problem {
	return &problem{Status: fiber.StatusConflict, Heading: "Somebody else changed this meanwhile",
		Say:  append(append(say("Nothing of yours was changed. "), s.nowSaid(f)...), run{Text: " Look at it, and correct it again if it is still wrong."}),
		Acts: []run{link("Correct it again", s.correctHref(ed, x, f.Field)), link("Back to the facts", ed.pageOf(x)+"#origin")}}
}
