package viewer

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/answer"
	"example.com/whoserves/graph/phrase"
	"github.com/gofiber/fiber/v2"
)

// sourcesPath lists the sources, their rank, and where they differ.
const sourcesPath = "/sources"

// sourceRow is a source with how often it is right where sources differ.
type sourceRow struct {
	answer.SourceInfo
	by           string // who imported it last
	wins, yields int
	place, of    int // among those that can be moved, from 1; 0 where it cannot
}

// sourcesPage tells where the facts come from, whose word counts, and where sources differ.
func (s *Server) sourcesPage(r *request) (*page, error) {
	if err := onlyKeys(r); err != nil {
		return nil, err
	}
	var history []graph.VersionRecord
	if s.stored() && s.keeper.outage.Load() == nil {
		var err error
		if history, err = (asked{s.keeper.store, s.keeper}).History(r.ctx); err != nil {
			return nil, err
		}
	}
	a := answer.NewSources(r.ed.snap, history)
	rows := sourceRows(r.ed.snap.Org, a, history)
	p := s.newPage(r, "", "Sources")
	p.Crumbs = []text{say(run{Text: p.Org, Href: "/", Name: true})}
	p.Heading = say(upper(inWords(len(rows))) + either(len(rows), " source", " sources"))
	p.Answer = []text{sourcesAnswer(a)}
	sec := section{ID: "rank", Heading: "Whose word counts", Parts: []part{{Table: s.sourcesTable(p, r, rows)}}}
	sec.Intro = []text{say("Where sources state different values, the one that stands first counts; of how bad it is, how many must work and how long the consumer copes, the strictest counts; ratings are averaged. Corrections made here always win.")}
	if no := s.refused(); no != nil {
		sec.After = []text{no}
	}
	p.Sections = []section{sec, {ID: "differences", Heading: "Where sources differ", Parts: []part{{Table: s.differencesTable(p, r, a)}}}}
	return p, nil
}

func sourcesAnswer(a *answer.Sources) text {
	if len(a.Sources) == 0 {
		return say("Nothing was imported yet.")
	}
	switch {
	case len(a.Sources) == 1:
		return say("All that is known comes from it.")
	case len(a.Differences) == 0:
		return say("They do not contradict each other anywhere.")
	}
	return say("They state different things about ", strong(phrase.Plural(len(a.Differences), "fact", "facts")), ".")
}

func sourceRows(o *graph.Org, a *answer.Sources, history []graph.VersionRecord) []sourceRow {
	ranked := o.Ranked()
	wins, yields := map[string]int{}, map[string]int{}
	for _, d := range a.Differences {
		for _, v := range d.Values {
			if v.Value == d.Values[0].Value {
				wins[v.Source]++
			} else {
				yields[v.Source]++
			}
		}
	}
	var rows []sourceRow
	for _, info := range a.Sources {
		if o.Source(info.Name).Empty() && info.Version == nil {
			continue // all corrections were taken back
		}
		row := sourceRow{SourceInfo: info, wins: wins[info.Name], yields: yields[info.Name], of: len(ranked)}
		if info.Version != nil {
			row.by = graph.RecordOf(history, *info.Version).By
		}
		row.place = 1 + slices.IndexFunc(ranked, func(src *graph.Source) bool { return src.Name == info.Name })
		rows = append(rows, row)
	}
	return rows
}

func (s *Server) sourcesTable(p *page, r *request, rows []sourceRow) *table {
	d := tableOf[sourceRow]{id: "sources", labelby: "rank-h", what: [2]string{"source", "sources"}, entries: rows, fixed: true, empty: "There is none yet.", caption: say("The one that wins stands first.")}
	d.columns = []columnOf[sourceRow]{
		{head: "Rank", right: true, cell: func(x sourceRow) cell {
			if graph.IsCorrection(x.Name) {
				return cell{Text: say("always")}
			}
			return cell{Text: say(x.Rank)}
		}},
		{head: "Source", cell: func(x sourceRow) cell {
			switch x.Name {
			case graph.EditsSource:
				return cell{Head: true, Text: say("Corrections made here"), Small: say(x.Name), Raw: x.Name}
			case graph.Neo4jSource:
				return cell{Head: true, Text: say("Written in Neo4j"), Small: say(x.Name), Raw: x.Name}
			}
			return cell{Head: true, Text: say(run{Text: x.Name, Name: true}), Small: firstNames(x.Files, 3, " more files")}
		}},
		{head: "Imported", cell: func(x sourceRow) cell {
			if x.Version == nil {
				return cell{Text: say(marked("mute", "–")), Raw: " "}
			}
			c := cell{Text: say(link(fmt.Sprintf("version %d", *x.Version), versionHref(*x.Version))), Small: say(when(*x.Time))}
			if x.by != "" {
				c.Small = append(c.Small, say(", by ", run{Text: x.by, Name: true})...)
			}
			c.Raw = c.Text.String() + ", " + c.Small.String()
			return c
		}},
		{head: "Rows about nodes", right: true, cell: func(x sourceRow) cell { return cell{Text: say(x.Nodes)} }},
		{head: "About links", right: true, cell: func(x sourceRow) cell { return cell{Text: say(x.Links)} }},
		{head: "Differs and counts", right: true, cell: func(x sourceRow) cell { return cell{Text: say(x.wins)} }},
		{head: "Differs and does not", right: true, cell: func(x sourceRow) cell { return cell{Text: say(x.yields)} }},
	}
	if s.refused() == nil && slices.ContainsFunc(rows, func(x sourceRow) bool { return x.of > 1 }) {
		d.columns = append(d.columns, columnOf[sourceRow]{head: "Up", cell: func(x sourceRow) cell { return s.moveCell(p, r, x, x.place-1, "Move up") }},
			columnOf[sourceRow]{head: "Down", cell: func(x sourceRow) cell { return s.moveCell(p, r, x, x.place+1, "Move down") }})
	}
	return d.build(p, r)
}

// The keys of a source and of the place that a form wants it at.
const (
	keySource = "source"
	keyPlace  = "place"
)

func (s *Server) moveCell(p *page, r *request, x sourceRow, place int, words string) cell {
	if x.place == 0 || place < 1 || place > x.of {
		return cell{Raw: " "}
	}
	form := &post{Action: sourcesPath, Token: p.tokenFor(r), Submit: words, Does: words + ": " + x.Name, Quiet: true,
		Hidden: [][2]string{{keyVersion, strconv.FormatInt(r.ed.snap.Version, 10)}, {keySource, x.Name}, {keyPlace, strconv.Itoa(place)}}}
	return cell{Post: form, Raw: " "}
}

// rerank moves a source to the place that a form asks for. A form that was made for another version is refused: the places may
// be others by now.
func (s *Server) rerank(r *request) (string, error) {
	base, err := strconv.ParseInt(r.form.Get(keyVersion), 10, 64)
	place, wrong := strconv.Atoi(r.form.Get(keyPlace))
	if err != nil || wrong != nil {
		return "", fiber.ErrBadRequest
	}
	version, err := s.change(r.ctx, func(ctx context.Context, st graph.Store) (int64, error) {
		_, version, err := graph.Change(ctx, st, s.record(), nil, func(snap *graph.Snapshot) (*graph.ChangeSet, error) {
			if snap.Version != base {
				return nil, &graph.ConflictError{Base: base, Now: snap.Version}
			}
			return graph.Rerank(snap.Org, moveTo(snap.Org, r.form.Get(keySource), place)...)
		})
		return version, err
	})
	switch {
	case err != nil:
		return "", err
	case version == base:
		return sourcesPath, nil
	}
	return done(sourcesPath, version), nil
}

// moveTo gives the first sources in the order in which one of them stands at a place.
func moveTo(o *graph.Org, source string, place int) []string {
	var names []string
	for _, src := range o.Ranked() {
		if src.Name != source {
			names = append(names, src.Name)
		}
	}
	place = min(max(place-1, 0), len(names))
	return append(names[:place], source)
}

// differencesTable lists the facts about which sources differ, with all rows.
func (s *Server) differencesTable(p *page, r *request, a *answer.Sources) *table {
	d := tableOf[answer.Difference]{id: "differ", labelby: "differences-h", what: [2]string{"difference", "differences"}, entries: a.Differences, fixed: true, empty: "No source contradicts another.",
		caption: say(phrase.Plural(len(a.Differences), "difference", "differences") + ". ")}
	said := func(vs []answer.Statement) text {
		stated := make([]graph.SourceValue, len(vs))
		for i, v := range vs {
			stated[i] = graph.SourceValue{Source: v.Source, Value: v.Value, From: graph.Origin{File: v.File, Sheet: v.Sheet, Row: v.Row}}
		}
		return s.statementsSaid(stated)
	}
	d.columns = []columnOf[answer.Difference]{
		{head: "Of", cell: func(x answer.Difference) cell {
			of, ok := r.ed.subjectAt(x.Key)
			if !ok {
				return cell{Head: true, Text: say(run{Text: x.Key.ID, Name: true})}
			}
			return cell{Head: true, Text: say(run{Text: r.ed.subjectName(of), Href: r.ed.pageOf(of) + "#origin", Name: true})}
		}},
		{head: "Fact", cell: func(x answer.Difference) cell { return cell{Text: say(fieldWords(x.Field)), Raw: x.Field} }},
		{head: "Counts", cell: func(x answer.Difference) cell { return cell{Text: said(x.Values[:1])} }},
		{head: "Others say", cell: func(x answer.Difference) cell {
			return cell{Text: said(x.Values[1:]), Small: say(answer.RuleOf(x.Field, x.Values[0].Source))}
		}},
	}
	if s.refused() == nil {
		d.columns = append(d.columns, columnOf[answer.Difference]{head: "Correct", cell: func(x answer.Difference) cell {
			of, ok := r.ed.subjectAt(x.Key)
			if !ok {
				return cell{Raw: " "}
			}
			if _, err := r.ed.factOf(of, x.Field); err != nil {
				return cell{Raw: " "}
			}
			return cell{Text: say(link("Correct", s.correctHref(r.ed, of, x.Field))), Raw: " "}
		}})
	}
	return d.build(p, r)
}
