package graph

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// builder makes a Snapshot: entities and links become indexed nodes, links and needs.
type builder struct {
	*Snapshot
	resolver
	index   []int32 // entity → place in Nodes
	nodeRef []nodeRefs
	// disagreements counts the fields about which rows of one link or need differ.
	disagreements int
}

// nodeRefs are the references of one entity, as places in resolver.refs; -1 where there is none.
type nodeRefs struct {
	unit, manager int32
	sites, teams  []int32
}

// firstGiven gives the first stated value that is not zero: the one that wins.
func firstGiven[T comparable](stated []NodeSource, get func(*NodeRecord) T) T {
	var zero T
	for _, st := range stated {
		if v := get(st.Record); v != zero {
			return v
		}
	}
	return zero
}

// firstList unites the lists of the winning source's rows: the first source that states any.
func firstList[T comparable](stated []NodeSource, get func(*NodeRecord) []T) []T {
	var list []T
	source := ""
	for _, st := range stated {
		vs := get(st.Record)
		if len(vs) == 0 || source != "" && st.Source != source {
			continue
		}
		source = st.Source
		for _, v := range vs {
			if !slices.Contains(list, v) {
				list = append(list, v)
			}
		}
	}
	return list
}

// mergeAttrs gives the unknown columns of all rows, the first value of each, sorted by name.
func mergeAttrs[S any](stated []S, get func(S) []Attr) []Attr {
	var all []Attr
	for _, st := range stated {
		all = append(all, get(st)...)
	}
	slices.SortStableFunc(all, func(x, y Attr) int { return strings.Compare(x.Name, y.Name) })
	return slices.CompactFunc(all, func(x, y Attr) bool { return x.Name == y.Name })
}

// noteRefs registers the references of all described entities.
func (b *builder) noteRefs() {
	b.nodeRef = make([]nodeRefs, len(b.entities))
	for i := range b.entities {
		e := &b.entities[i]
		at := &b.nodeRef[i]
		note := func(sort refSort, kind Kind, column string, get func(*NodeRecord) string) int32 {
			for _, st := range e.stated {
				if ref := b.note(sort, strings.TrimSpace(get(st.Record)), kind, column, st.Record.From); ref >= 0 {
					return ref
				}
			}
			return -1
		}
		column := "unit"
		if e.unit {
			column = "parent"
		}
		at.unit = note(refUnit, Unit, column, func(r *NodeRecord) string { return r.Unit })
		at.manager = note(refNode, Person, "manager", func(r *NodeRecord) string { return r.Manager })
		noteAll := func(sort refSort, kind Kind, column string, get func(*NodeRecord) []string) (refs []int32) {
			for _, text := range firstList(e.stated, get) {
				for _, st := range e.stated {
					if slices.Contains(get(st.Record), text) {
						refs = append(refs, b.note(sort, strings.TrimSpace(text), kind, column, st.Record.From))
						break
					}
				}
			}
			return refs
		}
		if e.kind != Customer {
			at.sites = noteAll(refSite, Resource, "site", func(r *NodeRecord) []string { return r.Sites })
		}
		at.teams = noteAll(refNode, Team, "team", func(r *NodeRecord) []string { return r.Teams })
	}
}

// buildNodes merges the entities into Nodes, sorted by id.
func (b *builder) buildNodes() {
	for len(b.nodeRef) < len(b.entities) { // placeholders refer to nothing
		b.nodeRef = append(b.nodeRef, nodeRefs{unit: -1, manager: -1})
	}
	order := make([]int32, len(b.entities))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(x, y int32) int { return strings.Compare(b.entities[x].id, b.entities[y].id) })
	b.index = make([]int32, len(order))
	for at, e := range order {
		b.index[e] = int32(at)
	}
	b.Nodes = make([]Node, len(order))
	for e := range b.entities {
		b.Nodes[b.index[e]] = b.merge(e)
	}
	b.breakUnitLoops()
	b.nodes.renumber(b.index)
	b.units.renumber(b.index)
}

func (n *namespace) renumber(index []int32) {
	for id, e := range n.ids {
		n.ids[id] = index[e]
	}
	for _, m := range []map[string][]int32{n.names, n.folded, n.slugs} {
		for _, es := range m {
			for i, e := range es {
				es[i] = index[e]
			}
		}
	}
}

// entityOf gives the node that a noted reference means, or -1.
func (b *builder) entityOf(ref int32) int32 {
	if ref < 0 || b.refs[ref].entity == unresolved {
		return -1
	}
	return b.index[b.refs[ref].entity]
}

// ends gives the nodes that references to nodes came to mean.
func (b *builder) ends() map[string]int32 {
	ends := make(map[string]int32, len(b.refs))
	for i := range b.refs {
		if n := b.entityOf(int32(i)); n >= 0 && b.refs[i].sort == refNode {
			ends[b.refs[i].text] = n
		}
	}
	return ends
}

// merge makes the Node of an entity out of what is stated about it.
func (b *builder) merge(i int) Node {
	e, refs := &b.entities[i], &b.nodeRef[i]
	st := e.stated
	number := func(get func(*NodeRecord) Number) Number { return firstGiven(st, get) }
	n := Node{
		ID: e.id, Name: e.name, Kind: e.kind, Placeholder: e.placeholder, Stated: st,
		Unit: b.entityOf(refs.unit), Manager: b.entityOf(refs.manager),
		Headcount:       number(func(r *NodeRecord) Number { return r.Headcount }),
		MinStaff:        number(func(r *NodeRecord) Number { return r.MinStaff }),
		Capacity:        number(func(r *NodeRecord) Number { return r.Capacity }),
		RecoveryHours:   number(func(r *NodeRecord) Number { return r.RecoveryHours }),
		FailuresPerYear: number(func(r *NodeRecord) Number { return r.FailuresPerYear }),
		Value:           number(func(r *NodeRecord) Number { return r.Value }),
		Segment:         firstGiven(st, func(r *NodeRecord) Segment { return r.Segment }),
		Contact:         firstGiven(st, func(r *NodeRecord) string { return r.Contact }),
		Role:            firstGiven(st, func(r *NodeRecord) string { return r.Role }),
		Tags:            firstList(st, func(r *NodeRecord) []string { return r.Tags }),
	}
	n.CanFail = e.kind != Customer && firstGiven(st, func(r *NodeRecord) Answer { return r.CanFail }) != No
	for _, s := range st {
		for _, a := range s.Record.Aliases {
			if !slices.Contains(n.Aliases, a) {
				n.Aliases = append(n.Aliases, a)
			}
		}
	}
	n.Attrs = mergeAttrs(st, func(s NodeSource) []Attr { return s.Record.Attrs })
	n.Sites = b.resolved(refs.sites)
	n.Teams = b.resolved(refs.teams)
	if len(st) > 1 {
		b.differences(EntityKey{Entity: "node", ID: n.ID}, statedFacts(st, func(s NodeSource) (string, Origin, []fact) {
			return s.Source, s.Record.From, s.Record.facts()
		}))
	}
	return n
}

// resolved gives the nodes of several references, sorted, each once.
func (b *builder) resolved(refs []int32) []int32 {
	var out []int32
	for _, r := range refs {
		if e := b.entityOf(r); e >= 0 {
			out = append(out, e)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// breakUnitLoops takes the parent away from the first unit of every loop of units.
func (b *builder) breakUnitLoops() {
	seen := make([]int32, len(b.Nodes)) // by which walk, from 1
	for i := range int32(len(b.Nodes)) {
		at := i
		for at >= 0 && seen[at] == 0 {
			seen[at] = i + 1
			at = b.Nodes[at].Unit
		}
		if at < 0 || seen[at] != i+1 {
			continue
		}
		first := at
		for x := b.Nodes[at].Unit; x != at; x = b.Nodes[x].Unit {
			first = min(first, x)
		}
		n := &b.Nodes[first]
		from := Origin{}
		if len(n.Stated) > 0 {
			from = n.Stated[0].Record.From
		}
		b.problem(from, "parent", Warning, "the unit “%s” lies within itself; its parent is left out", n.Name)
		n.Unit = -1
	}
}

// statedFact is one value of a field with where it stands.
type statedFact struct {
	field string
	SourceValue
}

// rowFact is the field under which statedFacts notes that there is a row at all.
const rowFact = "(row)"

// statedFacts lists all that the rows about an entity state.
func statedFacts[S any](stated []S, facts func(S) (source string, from Origin, fs []fact)) []statedFact {
	var out []statedFact
	for _, s := range stated {
		source, from, fs := facts(s)
		out = append(out, statedFact{rowFact, SourceValue{source, rowFact, from}})
		for _, f := range fs {
			out = append(out, statedFact{f.field, SourceValue{source, f.value, from}})
		}
	}
	return out
}

// differences keeps the fields of an entity about which rows differ, the winning value first. Aliases add up.
func (b *builder) differences(key EntityKey, facts []statedFact) {
	values := map[string][]SourceValue{}
	var fields []string
	for _, f := range facts {
		if values[f.field] == nil {
			fields = append(fields, f.field)
		}
		values[f.field] = append(values[f.field], f.SourceValue)
	}
	for _, field := range fields {
		vs := values[field]
		if field != "aliases" && slices.ContainsFunc(vs, func(v SourceValue) bool { return v.Value != vs[0].Value }) {
			b.Differences = append(b.Differences, Difference{key, field, vs})
		}
	}
}

// linkRow is a link record on the way to becoming part of a Link.
type linkRow struct {
	provider, consumer, service int32 // service: place in the sorted folded services
	record                      *LinkRecord
	source                      int32 // place in Org.Sources
}

// noteLinks registers the references of all link records: two for each, in order.
func (b *builder) noteLinks() (refs []int32) {
	total := 0
	for _, s := range b.Org.Sources {
		total += len(s.Links)
	}
	refs = make([]int32, 0, 2*total)
	for _, s := range b.Org.Sources {
		for i, r := range s.Links {
			if i > 0 && r.Provider == s.Links[i-1].Provider { // they are in order
				provider := refs[len(refs)-2]
				b.noteAgain(provider, Team, columnProvider, r.From)
				refs = append(refs, provider)
			} else {
				refs = append(refs, b.note(refNode, r.Provider, Team, columnProvider, r.From))
			}
			refs = append(refs, b.note(refNode, r.Consumer, Team, columnConsumer, r.From))
		}
	}
	return refs
}

// buildLinks merges the link records into Links.
func (b *builder) buildLinks(refs []int32) {
	rows := make([]linkRow, 0, len(refs)/2)
	services, order := b.foldServices()
	at := 0
	for si, s := range b.Org.Sources {
		for _, r := range s.Links {
			p, c := b.entityOf(refs[at]), b.entityOf(refs[at+1])
			at += 2
			switch {
			case p < 0 || c < 0: // blank or ambiguous, which is reported already
			case services[r.Service] == reservedService: // reported by Validate
			case p == c:
				b.problem(r.From, "", Warning, "“%s” serves itself; the row is left out", b.Nodes[p].Name)
			default:
				rows = append(rows, linkRow{p, c, order[services[r.Service]], r, int32(si)})
			}
		}
	}
	slices.SortFunc(rows, func(x, y linkRow) int {
		switch {
		case x.provider != y.provider:
			return cmp.Compare(x.provider, y.provider)
		case x.consumer != y.consumer:
			return cmp.Compare(x.consumer, y.consumer)
		case x.service != y.service:
			return cmp.Compare(x.service, y.service)
		}
		return cmp.Or(cmp.Compare(x.source, y.source), compareOrigins(x.record.From, y.record.From), x.record.Compare(y.record))
	})
	stated := make([]LinkSource, len(rows))
	b.Links = make([]Link, 0, len(rows))
	b.idx.service = make([]int32, 0, len(rows))
	for i := 0; i < len(rows); {
		n := i + 1
		for n < len(rows) && rows[n].provider == rows[i].provider && rows[n].consumer == rows[i].consumer && rows[n].service == rows[i].service {
			n++
		}
		for j := i; j < n; j++ {
			stated[j] = LinkSource{b.Org.Sources[rows[j].source].Name, rows[j].record}
		}
		b.Links = append(b.Links, b.mergeLink(rows[i], stated[i:n:n]))
		b.idx.service = append(b.idx.service, rows[i].service)
		i = n
	}
}

// reservedService is the number of services that no link may use.
const reservedService int32 = -1

// foldServices numbers the folded services; order brings the numbers into bytewise order of the services. The blank one is 0.
func (b *builder) foldServices() (byText map[string]int32, order []int32) {
	byText = map[string]int32{"": 0}
	folds := []string{""}
	byFold := map[string]int32{"": 0}
	for _, s := range b.Org.Sources {
		for _, r := range s.Links {
			if _, ok := byText[r.Service]; ok {
				continue
			}
			f := Fold(r.Service)
			if isReserved(f) {
				byText[r.Service] = reservedService
				continue
			}
			i, ok := byFold[f]
			if !ok {
				i = int32(len(folds))
				byFold[f] = i
				folds = append(folds, f)
			}
			byText[r.Service] = i
		}
	}
	sorted := make([]int32, len(folds))
	for i := range sorted {
		sorted[i] = int32(i)
	}
	slices.SortFunc(sorted, func(x, y int32) int { return strings.Compare(folds[x], folds[y]) })
	order = make([]int32, len(folds))
	for place, i := range sorted {
		order[i] = int32(place)
	}
	return byText, order
}

func (b *builder) mergeLink(row linkRow, stated []LinkSource) Link {
	l := Link{Provider: row.provider, Consumer: row.consumer, Service: strings.TrimSpace(stated[0].Record.Service), Stated: stated,
		Values: stated[0].Record}
	if v := stated[0].Record.Satisfaction; v.IsGiven() {
		l.Rated = 1
	}
	if len(stated) == 1 {
		return l
	}
	v := *stated[0].Record
	l.Values = &v
	v.Criticality = strictest(stated, func(r *LinkRecord) Criticality { return r.Criticality }, func(a, b Criticality) bool { return a > b })
	v.MinProviders = strictest(stated, func(r *LinkRecord) Number { return r.MinProviders }, more)
	v.Tolerance = strictest(stated, func(r *LinkRecord) Number { return r.Tolerance }, less)
	v.ConfirmedOn = strictest(stated, func(r *LinkRecord) string { return r.ConfirmedOn }, func(a, b string) bool { return a > b }) // the last time
	v.Satisfaction, l.Rated = rating(stated)
	for _, st := range stated[1:] {
		r := st.Record
		v.Volume = cmp.Or(v.Volume, r.Volume)
		v.LeadTime = cmp.Or(v.LeadTime, r.LeadTime)
		v.ResponseHours = cmp.Or(v.ResponseHours, r.ResponseHours)
		v.Cost = cmp.Or(v.Cost, r.Cost)
		v.Agreement = cmp.Or(v.Agreement, r.Agreement)
		v.Channel = cmp.Or(v.Channel, r.Channel)
		v.Feedback = cmp.Or(v.Feedback, r.Feedback)
		v.DeclaredBy = cmp.Or(v.DeclaredBy, r.DeclaredBy)
	}
	v.Attrs = mergeAttrs(stated, func(st LinkSource) []Attr { return st.Record.Attrs })
	key := b.keyOf(&l)
	facts := statedFacts(stated, func(s LinkSource) (string, Origin, []fact) { return s.Source, s.Record.From, s.Record.facts() })
	facts = slices.DeleteFunc(facts, func(f statedFact) bool {
		return f.field == "service" || f.field == "declared_by" || f.field == "confirmed_on" // differ in capitals at most, or say whose word a row is and of when
	})
	b.differences(key, facts)
	b.reportDisagreement(&l, stated)
	return l
}

// strictest gives the value that counts: that of the corrections, else of what others wrote into the database, else the
// strictest of all.
func strictest[T comparable](stated []LinkSource, get func(*LinkRecord) T, stricter func(a, b T) bool) T {
	var best, zero T
	for _, st := range stated {
		v := get(st.Record)
		if v == zero {
			continue
		}
		if IsCorrection(st.Source) {
			return v // these stand first
		}
		if best == zero || stricter(v, best) {
			best = v
		}
	}
	return best
}

func more(a, b Number) bool { return a.Or(0) > b.Or(0) }
func less(a, b Number) bool { return a.Or(0) < b.Or(0) }

// rating averages the ratings of a link; a correction stands for all of them.
func rating(stated []LinkSource) (Number, int) {
	sum, n := 0.0, 0
	for _, st := range stated {
		v, ok := st.Record.Satisfaction.Get()
		if !ok {
			continue
		}
		if IsCorrection(st.Source) {
			return Given(v), 1
		}
		sum += v
		n++
	}
	if n == 0 {
		return Number{}, 0
	}
	return Given(sum / float64(n)), n
}

// reportDisagreement warns when rows of one link or need state different values of the fields that decide about failure.
func (b *builder) reportDisagreement(l *Link, stated []LinkSource) {
	reportDiffering(b, l, stated, "criticality", "the strictest counts", func(r *LinkRecord) Criticality { return r.Criticality })
	reportDiffering(b, l, stated, "min_providers", "the highest counts", func(r *LinkRecord) Number { return r.MinProviders })
	reportDiffering(b, l, stated, "tolerance_hours", "the lowest counts", func(r *LinkRecord) Number { return r.Tolerance })
}

func reportDiffering[T interface {
	comparable
	fmt.Stringer
}](b *builder, l *Link, stated []LinkSource, field, rule string, get func(*LinkRecord) T) {
	var first, zero T
	differ := false
	for _, st := range stated {
		v := get(st.Record)
		if first == zero {
			first = v
		}
		differ = differ || v != zero && v != first
	}
	if !differ {
		return
	}
	const most = 1000 // told one by one
	if b.disagreements++; b.disagreements > most {
		return
	}
	var words []string
	said := map[T]bool{zero: true}
	for _, st := range stated {
		if v := get(st.Record); !said[v] {
			said[v] = true
			words = append(words, fmt.Sprintf("%s (%s)", v, st.Record.From))
		}
	}
	if b.disagreements == most {
		b.problem(Origin{}, "", Warning, "rows disagree in more places than the %d told here", most)
	}
	b.problem(stated[len(stated)-1].Record.From, field, Warning, "rows disagree about what “%s” needs%s: %s; %s", b.Nodes[l.Consumer].Name,
		serviceOf(l.Service, b.Nodes[l.Provider].Name), strings.Join(words, ", "), rule)
}

func serviceOf(service, provider string) string {
	if service == "" {
		return fmt.Sprintf(" from “%s”", provider)
	}
	return fmt.Sprintf(" (%s)", service)
}
