package answer

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/phrase"
)

var reconcile = Command{
	Name: "reconcile",
	Does: "links that one side declared, or on which the sides differ",
	Keys: []Key{{Name: "team", Does: "only what this team, or what lies in this unit, is to be asked"}},
	ask:  askReconcile,
}

// Reconcile lists the links that are not confirmed by both sides. Its CSV is the file to send to those who are to be asked, which
// imports again when it is filled in: see [Reconcile.Sheet].
type Reconcile struct {
	Version     *int64            `json:"version"`
	Links       int               `json:"links"`
	Agreed      int               `json:"agreed"`       // both sides declared them and say the same
	Others      int               `json:"others"`       // declared by somebody else only, or by the one side that there is to ask
	Unsaid      int               `json:"unsaid"`       // no row says who declared them
	OneSided    []OneSidedLink    `json:"one_sided"`    // by provider, consumer, service
	Differing   []DifferingLink   `json:"differing"`    // likewise
	NotAnswered []UnansweredLinks `json:"not_answered"` // by id

	r     *analysis.Reconciliation
	asked func(v int32) bool // nil: all
	team  string             // whose questions these are; "" all
}

// OneSidedLink is a link that one side declared.
type OneSidedLink struct {
	Link
	Missing string      `json:"missing"` // the side that did not: provider or consumer
	Said    []SideWords `json:"said"`    // the latest first
}

// SideWords is a row in which a side declared a link.
type SideWords struct {
	DeclaredBy  string  `json:"declared_by"`
	ConfirmedOn *string `json:"confirmed_on"`
	Source      string  `json:"source"`
	File        string  `json:"file"`
	Sheet       string  `json:"sheet"`
	Row         int     `json:"row"`
}

// DifferingLink is a link of which the two sides do not say the same.
type DifferingLink struct {
	Link
	Fields []DifferingField `json:"fields"`
}

// DifferingField is what the two sides say of a field, each where it says so last.
type DifferingField struct {
	Field    string    `json:"field"`
	Provider Statement `json:"provider"`
	Consumer Statement `json:"consumer"`
}

// UnansweredLinks are the links that others declared with somebody who declared none yet.
type UnansweredLinks struct {
	ID    string         `json:"id"`
	Links []OneSidedLink `json:"links"`
}

func askReconcile(_ context.Context, src *Source, q *question) (Answer, error) {
	a := NewReconcile(analysis.Reconcile(src.Snapshot), nil)
	if q.text("team") != "" {
		team, err := q.node("team")
		if err != nil {
			return nil, err
		}
		a = NewReconcile(a.r, &team)
	}
	a.Version = src.version()
	return a, nil
}

// NewReconcile puts a reconciliation into the form of the answer; with a team only what that team, or what lies in that unit, is to be
// asked. The counts are always those of all links.
func NewReconcile(r *analysis.Reconciliation, team *int32) *Reconcile {
	s := r.Snapshot
	a := &Reconcile{Links: len(s.Links), Agreed: r.Agreed, Others: r.Others, Unsaid: r.Unsaid, r: r,
		OneSided: []OneSidedLink{}, Differing: []DifferingLink{}, NotAnswered: []UnansweredLinks{}}
	if team != nil {
		a.team, a.asked = s.Nodes[*team].ID, askedOf(s, *team)
	}
	silent := map[int32][]OneSidedLink{}
	for i := range r.Open {
		o := &r.Open[i]
		switch {
		case !a.isAsked(o):
		case o.Why == analysis.Differing:
			a.Differing = append(a.Differing, differingLink(s, o))
		case o.Why == analysis.NotAnswered:
			v := r.End(o, o.Missing)
			silent[v] = append(silent[v], oneSidedLink(s, o))
		default:
			a.OneSided = append(a.OneSided, oneSidedLink(s, o))
		}
	}
	for v := range int32(len(s.Nodes)) {
		if links := silent[v]; links != nil {
			a.NotAnswered = append(a.NotAnswered, UnansweredLinks{s.Nodes[v].ID, links})
		}
	}
	return a
}

// askedOf says of nodes whether they are asked when this one is: itself and, for a unit, what lies in it.
func askedOf(s *graph.Snapshot, team int32) func(v int32) bool {
	return func(v int32) bool { return v == team || s.IsIn(v, team) }
}

// isAsked says that the link is open for somebody who is asked.
func (a *Reconcile) isAsked(o *analysis.OpenLink) bool {
	return len(a.sidesToAsk(o)) > 0
}

// sidesToAsk lists the sides that have to say something about a link, of those that are asked.
func (a *Reconcile) sidesToAsk(o *analysis.OpenLink) []analysis.Side {
	sides := []analysis.Side{o.Missing}
	if o.Why == analysis.Differing {
		sides = []analysis.Side{analysis.ProviderSide, analysis.ConsumerSide}
	}
	return slices.DeleteFunc(sides, func(side analysis.Side) bool { return a.asked != nil && !a.asked(a.r.End(o, side)) })
}

func linkOf(s *graph.Snapshot, link int32) Link {
	k := s.LinkKey(link)
	return Link{Provider: k.Provider, Consumer: k.Consumer, Service: k.Service}
}

func oneSidedLink(s *graph.Snapshot, o *analysis.OpenLink) OneSidedLink {
	l := OneSidedLink{Link: linkOf(s, o.Link), Missing: sideWord(o.Missing)}
	for _, row := range o.Said[o.Missing.Other()] {
		l.Said = append(l.Said, SideWords{row.Record.DeclaredBy, textOrNull(row.Record.ConfirmedOn), row.Source,
			row.Record.From.File, row.Record.From.Sheet, row.Record.From.Row})
	}
	return l
}

func sideWord(side analysis.Side) string {
	if side == analysis.ProviderSide {
		return "provider"
	}
	return "consumer"
}

func differingLink(s *graph.Snapshot, o *analysis.OpenLink) DifferingLink {
	l := DifferingLink{Link: linkOf(s, o.Link)}
	for _, f := range o.Fields {
		l.Fields = append(l.Fields, DifferingField{f.Name, statement(f, analysis.ProviderSide), statement(f, analysis.ConsumerSide)})
	}
	return l
}

func statement(f analysis.SidedField, side analysis.Side) Statement {
	from := f.Said[side].Record.From
	return Statement{f.Said[side].Source, f.Value[side], from.File, from.Sheet, from.Row}
}

// WriteText writes what is open, in sentences.
func (a *Reconcile) WriteText(w io.Writer, width int) error {
	p := newPage(w, width)
	p.say("%s", a.summary())
	if len(a.OneSided) > 0 {
		p.title("Only one side says so (%s)", phrase.Count(len(a.OneSided)))
		some(p, a.OneSided, func(l OneSidedLink) { p.item("%s", a.oneSided(l)) })
	}
	if len(a.Differing) > 0 {
		p.title("The two sides differ (%s)", phrase.Count(len(a.Differing)))
		some(p, a.Differing, func(l DifferingLink) {
			p.item("%s", entity(a.r.Snapshot, graph.EntityKey{Entity: "link", Provider: l.Provider, Consumer: l.Consumer, Service: l.Service}))
			for _, f := range l.Fields {
				p.detail("%s: %s says %s%s, %s says %s%s", fieldWords(f.Field), a.name(l.Provider), f.Provider.Value, place(f.Provider),
					a.name(l.Consumer), f.Consumer.Value, place(f.Consumer))
			}
		})
	}
	if len(a.NotAnswered) > 0 {
		p.title("Nothing said yet (%s)", phrase.Count(len(a.NotAnswered)))
		some(p, a.NotAnswered, func(u UnansweredLinks) {
			by := make([]string, len(u.Links))
			for i, l := range u.Links {
				if by[i] = l.Provider; l.Missing == "provider" {
					by[i] = l.Consumer
				}
			}
			slices.Sort(by)
			p.item("%s: %s for it, declared by %s", a.name(u.ID), phrase.Plural(len(u.Links), "link waits", "links wait"), someNames(a.r.Snapshot, slices.Compact(by), 5))
		})
	}
	return p.end()
}

// summary says how many links are settled.
func (a *Reconcile) summary() string {
	open := a.Links - a.Agreed - a.Others - a.Unsaid
	var b strings.Builder
	switch {
	case a.Links == 0:
		return "There are no links yet."
	case a.Unsaid == a.Links:
		return "No row says who declared it (column declared_by), so there are no two sides to compare."
	case open == 0:
		b.WriteString("Nothing is open: both sides say the same of " + phrase.Count(a.Agreed) + " of " + phrase.Things(a.Links, "link") + ".")
	default:
		fmt.Fprintf(&b, "Of %s %s open; both sides say the same of %s.", phrase.Things(a.Links, "link"), phrase.Plural(open, "is", "are"), phrase.Count(a.Agreed))
	}
	if a.Others > 0 {
		fmt.Fprintf(&b, " Of %s there is nobody else to ask, or only a third side spoke.", phrase.Count(a.Others))
	}
	if a.Unsaid > 0 {
		fmt.Fprintf(&b, " Of %s no row says who declared them.", phrase.Count(a.Unsaid))
	}
	if a.team != "" {
		fmt.Fprintf(&b, " What follows is what to ask %s.", a.name(a.team))
	}
	return b.String()
}

func (a *Reconcile) oneSided(l OneSidedLink) string {
	at := place(Statement{File: l.Said[0].File, Sheet: l.Said[0].Sheet, Row: l.Said[0].Row})
	if l.Missing == "consumer" {
		return fmt.Sprintf("%s says that it serves %s%s%s; %s does not", a.name(l.Provider), a.name(l.Consumer), withService(l.Service), at, a.name(l.Consumer))
	}
	return fmt.Sprintf("%s says that %s serves it%s%s; %s does not", a.name(l.Consumer), a.name(l.Provider), withService(l.Service), at, a.name(l.Provider))
}

func (a *Reconcile) name(id string) string { return nameOf(a.r.Snapshot, id) }

// Whom gives the name of the team whose questions these are; "" where they are everybody's.
func (a *Reconcile) Whom() string {
	if a.team == "" {
		return ""
	}
	return a.name(a.team)
}

// WhomToAsk lists the nodes that have a question to answer, sorted, whether the answer is about one team or about all.
func (a *Reconcile) WhomToAsk() []int32 {
	all := &Reconcile{r: a.r}
	var nodes []int32
	for i := range a.r.Open {
		o := &a.r.Open[i]
		for _, side := range all.sidesToAsk(o) {
			nodes = append(nodes, a.r.End(o, side))
		}
	}
	slices.Sort(nodes)
	return slices.Compact(nodes)
}

// The columns of the file to send. The importer leaves out those that are marked (ignore), and the rows whose still_true is no, or that
// have neither an answer nor a date in confirmed_on.
var sheetColumns = []string{"provider", "consumer", "service", "what is open (ignore)", "provider says (ignore)", "consumer says (ignore)",
	"still_true", "criticality", "min_providers", "tolerance_hours", "satisfaction", "confirmed_on", "declared_by", "remark"}

// Sheet gives the file to send: a row for each link and side that is to be asked about it, by whom it is sent to. Columns provider,
// consumer, service and declared_by (whom it is sent to) are filled in, as are three that say what is open; the rest is for the answer.
// Imported, it states the links that were not denied and have an answer or a date in confirmed_on, declared by those who were asked. It must be a source of its own: a file of the
// same name as an earlier one takes its answers back.
func (a *Reconcile) Sheet() (header []string, rows [][]string) {
	s := a.r.Snapshot
	for i := range a.r.Open {
		o := &a.r.Open[i]
		l := &s.Links[o.Link]
		for _, side := range a.sidesToAsk(o) {
			rows = append(rows, []string{reference(s, l.Provider), reference(s, l.Consumer), l.Service, a.whatIsOpen(o),
				a.says(o, analysis.ProviderSide), a.says(o, analysis.ConsumerSide), "", "", "", "", "", "", reference(s, a.r.End(o, side)), ""})
		}
	}
	asked := len(sheetColumns) - 2
	slices.SortStableFunc(rows, func(a, b []string) int {
		return cmp.Or(strings.Compare(a[asked], b[asked]), slices.Compare(a, b))
	})
	return slices.Clone(sheetColumns), rows
}

// reference writes a node as a cell can name it: by name where that means just this node and is no list of several, else by id.
func reference(s *graph.Snapshot, v int32) string {
	name := s.Nodes[v].Name
	if is := s.Means(name, graph.NoKind); len(is) == 1 && is[0] == v && !strings.Contains(name, "|") {
		return name
	}
	return s.Nodes[v].ID
}

func (a *Reconcile) whatIsOpen(o *analysis.OpenLink) string {
	s := a.r.Snapshot
	switch o.Why {
	case analysis.Differing:
		return "the two sides differ"
	case analysis.NotAnswered:
		return nameAt(s, a.r.End(o, o.Missing)) + " has said nothing yet"
	}
	return "only " + nameAt(s, a.r.End(o, o.Missing.Other())) + " says so"
}

// says writes what a side says, and where: of a link on which the sides differ only that.
func (a *Reconcile) says(o *analysis.OpenLink, side analysis.Side) string {
	var parts []string
	if o.Why == analysis.Differing {
		for _, f := range o.Fields {
			parts = append(parts, fieldWords(f.Name)+" "+f.Value[side]+place(statement(f, side)))
		}
		return strings.Join(parts, "; ")
	}
	if len(o.Said[side]) == 0 {
		return "nothing"
	}
	row := o.Said[side][0]
	from := row.Record.From
	for _, f := range analysis.SidedValues(row.Record) {
		parts = append(parts, fieldWords(f.Name)+" "+f.Value)
	}
	if parts == nil {
		parts = []string{"yes"}
	}
	return strings.Join(parts, "; ") + place(Statement{File: from.File, Sheet: from.Sheet, Row: from.Row})
}

// WriteCSV writes the file to send. Like WriteText it needs the answer as Ask gave it.
func (a *Reconcile) WriteCSV(w io.Writer) error {
	header, rows := a.Sheet()
	t := newCSV(w, header...)
	for _, r := range rows {
		t.row(r...)
	}
	return t.end()
}
