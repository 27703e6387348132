package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Correction is what a person says of a field of a node or link. Field is a name of the files; an empty Value takes back what
// was said before. A reference may be an id or a name.
type Correction struct{ Field, Value string }

// CorrectionError says why a correction cannot be made, and what would be right.
type CorrectionError struct {
	Field  string // "" where no field is to blame
	Reason string // "“abc” is no number: write digits, such as 12 or 12.5"
}

func (e *CorrectionError) Error() string {
	if e.Field == "" {
		return e.Reason
	}
	return fmt.Sprintf("%s: %s", e.Field, e.Reason)
}

func badCorrection(field, format string, args ...any) error {
	return &CorrectionError{field, fmt.Sprintf(format, args...)}
}

// CorrectNode makes the change set by which the source [EditsSource] states corrections of a node. What counts already changes
// nothing. An error is a *CorrectionError or, for a reference, an *UnknownError.
func (s *Snapshot) CorrectNode(v int32, corrections ...Correction) (*ChangeSet, error) {
	n := &s.Nodes[v]
	mine, others := split(n.Stated, func(st NodeSource) (string, *NodeRecord) { return st.Source, st.Record })
	r := &NodeRecord{}
	if len(mine) > 0 {
		*r = *mine[0]
	}
	if r.ID == "" && len(others) > 0 {
		r.Name = "" // it only says which node this is; see identify
	}
	merged := s.NodeFacts(v)
	for _, c := range corrections {
		f, err := fieldFor(nodeFields, c.Field)
		if err != nil {
			return nil, err
		}
		if f.name == "kind" {
			if err := s.checkKind(n, c.Value); err != nil {
				return nil, err
			}
		}
		if err := correct(s, r, f, c.Value, merged); err != nil {
			return nil, err
		}
	}
	if err := s.checkName(v); err != nil {
		return nil, err
	}
	called := r.identify(n, others)
	return s.restateNode(mine, r, called, len(others) > 0 || n.Placeholder), nil
}

// CorrectLink is CorrectNode for a link.
func (s *Snapshot) CorrectLink(l int32, corrections ...Correction) (*ChangeSet, error) {
	link := &s.Links[l]
	mine, others := split(link.Stated, func(st LinkSource) (string, *LinkRecord) { return st.Source, st.Record })
	r := &LinkRecord{Provider: s.endOf(link.Provider, link.Values.Provider), Consumer: s.endOf(link.Consumer, link.Values.Consumer), Service: link.Service}
	if len(mine) > 0 {
		*r = *mine[0]
	}
	merged := s.LinkFacts(l)
	for _, c := range corrections {
		f, err := fieldFor(linkFields, c.Field)
		if err != nil {
			return nil, err
		}
		if f.name == "service" {
			return nil, badCorrection("service", "a link with another service is another link: add that one, and take this one out where it came from")
		}
		if err := correct(s, r, f, c.Value, merged); err != nil {
			return nil, err
		}
	}
	return s.restateLink(mine, r, len(others) > 0), nil
}

// AddNode makes the change set by which the source [EditsSource] states a node or unit that there was not, or was only referred
// to. It is a team unless a correction gives its kind.
func (s *Snapshot) AddNode(name string, corrections ...Correction) (*ChangeSet, error) {
	name = strings.TrimSpace(name)
	if name == "" {
		return nil, badCorrection("name", "say what it is called")
	}
	if v, err := s.Lookup(name); err == nil && !s.Nodes[v].Placeholder {
		return nil, badCorrection("", "there is a %s “%s” (id %s) already: correct that one", s.Nodes[v].Kind, s.Nodes[v].Name, s.Nodes[v].ID)
	} else if err == nil {
		return s.CorrectNode(v, corrections...)
	}
	r := &NodeRecord{Name: name}
	for _, c := range corrections {
		f, err := fieldFor(nodeFields, c.Field)
		if err == nil {
			err = correct(s, r, f, c.Value, nil)
		}
		if err != nil {
			return nil, err
		}
	}
	r.Kind = cmp.Or(r.Kind, Team)
	return s.restateNode(nil, r, "", false), nil
}

// AddLink makes the change set by which the source [EditsSource] states a link that there was not.
func (s *Snapshot) AddLink(provider, consumer int32, service string, corrections ...Correction) (*ChangeSet, error) {
	service = strings.TrimSpace(service)
	if provider == consumer {
		return nil, badCorrection("consumer", "“%s” cannot serve itself", s.Nodes[provider].Name)
	}
	r := &LinkRecord{Provider: s.Reference(provider, NoKind), Consumer: s.Reference(consumer, NoKind), Service: service}
	if ps := r.Validate(); len(ps) > 0 {
		return nil, badCorrection(ps[0].Column, "%s", ps[0].Message)
	}
	if l := s.FindLink(provider, consumer, service); l >= 0 {
		return nil, badCorrection("", "“%s” serves “%s”%s already: correct that link", s.Nodes[provider].Name, s.Nodes[consumer].Name, with(service))
	}
	for _, c := range corrections {
		f, err := fieldFor(linkFields[1:], c.Field) // the service is said
		if err == nil {
			err = correct(s, r, f, c.Value, nil)
		}
		if err != nil {
			return nil, err
		}
	}
	return s.restateLink(nil, r, false), nil
}

// ForgetNode makes the change set that takes back all that the source [EditsSource] states about a node.
func (s *Snapshot) ForgetNode(v int32) *ChangeSet {
	mine, _ := split(s.Nodes[v].Stated, func(st NodeSource) (string, *NodeRecord) { return st.Source, st.Record })
	return s.restateNode(mine, &NodeRecord{}, "", true)
}

// ForgetLink makes the change set that takes back all that the source [EditsSource] states about a link.
func (s *Snapshot) ForgetLink(l int32) *ChangeSet {
	mine, _ := split(s.Links[l].Stated, func(st LinkSource) (string, *LinkRecord) { return st.Source, st.Record })
	return s.restateLink(mine, &LinkRecord{}, true)
}

// FindLink finds the link between two nodes with a service, however it is written; -1 when there is none.
func (s *Snapshot) FindLink(provider, consumer int32, service string) int32 {
	for _, l := range s.LinksFrom(provider) {
		if s.Links[l].Consumer == consumer && Fold(s.Links[l].Service) == Fold(service) {
			return l
		}
	}
	return -1
}

// Reference gives the text that names a node in a record where a node of a kind is meant (NoKind: any): its id or, where nothing
// describes it, its name, as its id goes when something does. What it gives means that node alone, unless nothing does.
func (s *Snapshot) Reference(v int32, kind Kind) string {
	n := &s.Nodes[v]
	texts := []string{n.ID, n.Name}
	if n.Placeholder || kind == Unit {
		texts = []string{n.Name, n.ID}
	}
	if kind == Unit { // among units, those that had to be renamed still go by what was written
		if i := slices.IndexFunc(n.Stated, func(st NodeSource) bool { return st.Record.ID != "" }); i >= 0 {
			texts = slices.Insert(texts, 0, n.Stated[i].Record.ID)
		}
	}
	for _, text := range texts {
		if found := s.Means(text, kind); len(found) == 1 && found[0] == v {
			return text
		}
	}
	return n.ID
}

// endOf names an end of a link as rows do, or by its id where a source gives one: either means the same node for certain.
func (s *Snapshot) endOf(v int32, written string) string {
	n := &s.Nodes[v]
	if slices.ContainsFunc(n.Stated, func(st NodeSource) bool { return st.Record.ID == n.ID }) {
		return n.ID
	}
	return written
}

// split gives the records of the corrections, and those of all other sources.
func split[S, R any](stated []S, of func(S) (string, *R)) (mine, others []*R) {
	for _, st := range stated {
		if source, r := of(st); source == EditsSource {
			mine = append(mine, r)
		} else {
			others = append(others, r)
		}
	}
	return mine, others
}

// fieldFor finds a field by its name; capitals, spaces and - do not count, and the unit of a unit is its parent.
func fieldFor[R any](fields []field[R], name string) (*field[R], error) {
	folded := strings.NewReplacer(" ", "_", "-", "_").Replace(Fold(name))
	if folded == "parent" {
		folded = "unit"
	}
	var names []string
	for i := range fields {
		if fields[i].name == folded {
			return &fields[i], nil
		}
		names = append(names, fields[i].name)
	}
	return nil, badCorrection("", "there is no field “%s”: correct one of %s", name, joinWords(names, "or"))
}

// correct takes a value into a record of the corrections, unless it counts without them.
func correct[R any](s *Snapshot, r *R, f *field[R], value string, merged []Fact) error {
	value = strings.TrimSpace(value)
	if value != "" {
		var err error
		if value, err = s.references(f.name, value, f.list, f.names, f.any); err != nil {
			return err
		}
	}
	before := f.get(r)
	if err := f.set(r, value); err != nil {
		return badCorrection(f.name, "%s", err)
	}
	i := slices.IndexFunc(merged, func(m Fact) bool { return m.Field == f.name })
	if i >= 0 && before == "" && f.get(r) == merged[i].Value {
		return f.set(r, "")
	}
	return nil
}

// references writes what people call other nodes so that it means them for good; they must be there.
func (s *Snapshot) references(field, value string, list bool, kind Kind, any bool) (string, error) {
	if kind == NoKind && !any {
		return value, nil
	}
	parts := []string{value}
	if list {
		parts = texts(value)
	}
	for i, text := range parts {
		found := s.Means(text, kind)
		if len(found) == 0 {
			v, err := s.lookup(text, kind)
			if err != nil {
				return "", err
			}
			found = []int32{v}
		}
		if len(found) > 1 {
			e := &UnknownError{Ref: text}
			for _, v := range found {
				e.Several = append(e.Several, s.Nodes[v].ID)
			}
			slices.Sort(e.Several)
			return "", e
		}
		parts[i] = s.Reference(found[0], kind)
		if list && strings.Contains(parts[i], "|") {
			return "", badCorrection(field, "“%s” has a | in its name, which stands between the entries of a list", parts[i])
		}
	}
	return strings.Join(parts, "|"), nil
}

// checkKind refuses to make a unit of a node, or a node of a unit: their names are kept apart.
func (s *Snapshot) checkKind(n *Node, value string) error {
	kind, err := ParseKind(value)
	if err == nil && kind != NoKind && (kind == Unit) != (n.Kind == Unit) {
		return badCorrection("kind", "“%s” cannot turn from %s into %s: units and nodes are told apart by their rows. Correct it where it came from", n.Name, n.Kind, kind)
	}
	return nil // what is no kind is told when it is set
}

// checkName refuses to correct what nothing describes, such as the site of a team, where something else is called so: a row about
// it would be about that.
func (s *Snapshot) checkName(v int32) error {
	n := &s.Nodes[v]
	if !n.Placeholder || n.Kind == Unit {
		return nil
	}
	for _, is := range append(slices.Clone(s.idx.nodes.folded[Fold(n.Name)]), s.ByID(n.Name)) {
		if is >= 0 && is != v && s.Nodes[is].Kind != Unit {
			return badCorrection("", "“%s” is described nowhere, and the %s “%s” (id %s) is called so too: describe it in a file, with an id of its own, or correct the name there",
				n.Name, s.Nodes[is].Kind, s.Nodes[is].Name, s.Nodes[is].ID)
		}
	}
	return nil
}

// identify makes a record of the corrections certain to be about a node: by its id where a source gives one, else by the name
// under which the others speak of it, which it gives then. The record's name is "" where it is not corrected.
func (r *NodeRecord) identify(n *Node, others []*NodeRecord) (called string) {
	if n.Kind == Unit {
		r.Kind = Unit
	}
	r.From, r.Nth = Origin{}, 0
	if i := slices.IndexFunc(others, func(o *NodeRecord) bool { return o.ID != "" }); i >= 0 {
		r.ID = others[i].ID
		r.tie(others)
		return ""
	}
	if len(others) == 0 && !n.Placeholder { // it is there by corrections alone
		if r.ID == "" && Fold(r.Name) != Fold(n.Name) {
			r.ID = n.ID
			r.addAlias(n.Name)
		}
		return ""
	}
	called = n.Name
	if i := slices.IndexFunc(others, func(o *NodeRecord) bool { return strings.TrimSpace(o.Name) != "" }); i >= 0 {
		called = strings.TrimSpace(others[i].Name)
	}
	if n.Placeholder {
		r.Kind = cmp.Or(r.Kind, n.Kind)
	}
	if r.Name == "" || Fold(r.Name) == Fold(called) {
		r.ID, r.Name = "", cmp.Or(r.Name, called)
		r.dropAlias(called)
		return called
	}
	r.ID = n.ID
	r.addAlias(called)
	r.tie(others)
	return ""
}

// tie lets a record with an id go by the names under which others speak of the node without giving its id.
func (r *NodeRecord) tie(others []*NodeRecord) {
	known := map[string]bool{}
	for _, o := range others {
		if o.ID == "" {
			continue
		}
		known[Fold(o.Name)] = true
		for _, a := range o.Aliases {
			known[Fold(a)] = true
		}
	}
	for _, o := range others {
		if name := strings.TrimSpace(o.Name); o.ID == "" && name != "" && !known[Fold(name)] {
			r.addAlias(name)
		}
	}
}

func (r *NodeRecord) addAlias(name string) {
	if Fold(r.Name) != Fold(name) && !slices.ContainsFunc(r.Aliases, func(a string) bool { return Fold(a) == Fold(name) }) {
		r.Aliases = append(slices.Clone(r.Aliases), name)
	}
}

func (r *NodeRecord) dropAlias(name string) {
	r.Aliases = slices.DeleteFunc(slices.Clone(r.Aliases), func(a string) bool { return Fold(a) == Fold(name) })
	if len(r.Aliases) == 0 {
		r.Aliases = nil
	}
}

// restateNode puts one record in the place of those that the corrections hold, or none where it says nothing but an id, or what
// the node is called, about one that others state.
func (s *Snapshot) restateNode(mine []*NodeRecord, r *NodeRecord, called string, stated bool) *ChangeSet {
	bare := &NodeRecord{ID: r.ID, Name: called}
	if r.Kind == Unit {
		bare.Kind = Unit
	}
	var records []*NodeRecord
	if !stated || !sameNode(bare, r) {
		records = []*NodeRecord{r}
	}
	cs := &ChangeSet{Base: s.Version}
	slices.SortFunc(mine, (*NodeRecord).Compare)
	mergeRecords(mine, records, (*NodeRecord).Compare, func(old, new *NodeRecord) {
		if old == nil || new == nil || !sameNode(old, new) {
			cs.Nodes = append(cs.Nodes, NodeChange{EditsSource, old, new})
		}
	})
	s.openEdits(cs)
	return cs
}

// restateLink is restateNode for links.
func (s *Snapshot) restateLink(mine []*LinkRecord, r *LinkRecord, stated bool) *ChangeSet {
	r.From, r.Nth = Origin{}, 0
	var records []*LinkRecord
	if !stated || !sameLink(&LinkRecord{Provider: r.Provider, Consumer: r.Consumer, Service: r.Service}, r) {
		records = []*LinkRecord{r}
	}
	cs := &ChangeSet{Base: s.Version}
	slices.SortFunc(mine, (*LinkRecord).Compare)
	mergeRecords(mine, records, (*LinkRecord).Compare, func(old, new *LinkRecord) {
		if old == nil || new == nil || !sameLink(old, new) {
			cs.Links = append(cs.Links, LinkChange{EditsSource, old, new})
		}
	})
	s.openEdits(cs)
	return cs
}

// openEdits adds the source of the corrections where there is none yet. It stays when the last of them goes.
func (s *Snapshot) openEdits(cs *ChangeSet) {
	if len(cs.Nodes)+len(cs.Links) == 0 || s.Org.Source(EditsSource) != nil {
		return
	}
	last := 0
	for _, o := range s.Org.Sources {
		last = max(last, o.Rank)
	}
	cs.Sources = []SourceChange{{Name: EditsSource, New: last + 1}}
}

// with writes a service for a message.
func with(service string) string {
	if service == "" {
		return ""
	}
	return " with “" + service + "”"
}

// Change makes a version of what a person wants changed: it loads the facts, lets make say what changes, asks confirm (nil:
// nobody) and applies. When somebody else was faster, all of it starts again. What changes nothing makes no version.
func Change(ctx context.Context, st Store, record VersionRecord, confirm func(*Preview) error, make func(*Snapshot) (*ChangeSet, error)) (*Preview, int64, error) {
	return change(ctx, st, confirm, func(current *Org) (*ChangeSet, VersionRecord, error) {
		cs, err := make(NewSnapshot(current))
		if err == nil {
			record.Sources = cs.sourceNames()
		}
		return cs, record, err
	})
}

// change loads the facts, makes a change set for them and applies it; when somebody else was faster, it starts again.
func change(ctx context.Context, st Store, confirm func(*Preview) error, make func(*Org) (*ChangeSet, VersionRecord, error)) (*Preview, int64, error) {
	for {
		current, err := st.Load(ctx)
		if err != nil {
			return nil, 0, err
		}
		cs, record, err := make(current)
		if err != nil {
			return nil, 0, err
		}
		p, err := preview(current, cs)
		if err != nil {
			return nil, 0, err
		}
		version, err := p.apply(ctx, st, record, confirm)
		var conflict *ConflictError
		if !errors.As(err, &conflict) {
			return p, version, err
		}
	}
}
