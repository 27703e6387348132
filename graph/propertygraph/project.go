package propertygraph

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"example.com/whoserves/graph"
)

// property is one property as it has to stand in the graph: string, int64, float64, bool or []string.
type property struct {
	name  string
	sort  sort
	value any
}

// relation is a sort of relationship that a snapshot gives.
type relation uint8

const (
	serves   relation = iota // one for each link
	atSite                   // SERVES from a site to who is there
	partOf                   // to the unit
	memberOf                 // to each team
	reportsTo
	relations
)

func (r relation) typ() string { return [...]string{Serves, Serves, PartOf, MemberOf, ReportsTo}[r] }

// pair are the ends of a relationship.
type pair struct{ from, to int32 }

// projection is a snapshot as a property graph. Nodes and relationships are numbered; their properties are made on demand.
type projection struct {
	*graph.Snapshot
	pairs                [relations][]pair // sorted; none for serves, which are the links
	nodeDiffer, linkDiff map[int32]int32   // the first of the differences about a node or link
}

func project(s *graph.Snapshot) *projection {
	if s.Org == nil {
		s = graph.NewSnapshot(&graph.Org{})
	}
	p := &projection{Snapshot: s}
	for i := range s.Nodes {
		n, at := &s.Nodes[i], int32(i)
		if n.Unit >= 0 {
			p.pairs[partOf] = append(p.pairs[partOf], pair{at, n.Unit})
		}
		if n.Manager >= 0 {
			p.pairs[reportsTo] = append(p.pairs[reportsTo], pair{at, n.Manager})
		}
		for _, t := range n.Teams {
			p.pairs[memberOf] = append(p.pairs[memberOf], pair{at, t})
		}
		for _, site := range n.Sites {
			p.pairs[atSite] = append(p.pairs[atSite], pair{site, at})
		}
	}
	slices.SortFunc(p.pairs[atSite], comparePairs)
	p.noteDifferences()
	return p
}

func comparePairs(a, b pair) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) }

// noteDifferences finds the first of the differences of each entity; they lie side by side.
func (p *projection) noteDifferences() {
	p.nodeDiffer, p.linkDiff = map[int32]int32{}, map[int32]int32{}
	for i, d := range p.Differences {
		k := d.Entity
		switch {
		case i > 0 && p.Differences[i-1].Entity == k:
		case k.Entity == "node":
			p.nodeDiffer[p.ByID(k.ID)] = int32(i)
		default:
			if l := p.findLink(p.ByID(k.Provider), p.ByID(k.Consumer), graph.Fold(k.Service)); l >= 0 {
				p.linkDiff[l] = int32(i)
			}
		}
	}
}

// findLink finds a link by its ends and folded service; -1 when there is none. O(log links).
func (p *projection) findLink(provider, consumer int32, folded string) int32 {
	if provider < 0 || consumer < 0 {
		return -1
	}
	row := p.LinksFrom(provider)
	at, ok := slices.BinarySearchFunc(row, consumer, func(l, consumer int32) int {
		link := &p.Links[l]
		if link.Consumer != consumer {
			return cmp.Compare(link.Consumer, consumer)
		}
		if link.Service == folded {
			return 0
		}
		return strings.Compare(graph.Fold(link.Service), folded)
	})
	if !ok {
		return -1
	}
	return row[at]
}

// count is the number of relationships of a sort.
func (p *projection) count(r relation) int {
	if r == serves {
		return len(p.Links)
	}
	return len(p.pairs[r])
}

// ends gives the ends of a relationship.
func (p *projection) ends(r relation, k int32) pair {
	if r == serves {
		return pair{p.Links[k].Provider, p.Links[k].Consumer}
	}
	return p.pairs[r][k]
}

// find finds a relationship by its ends; -1 when there is none. Not for serves.
func (p *projection) find(r relation, ends pair) int32 {
	at, ok := slices.BinarySearchFunc(p.pairs[r], ends, comparePairs)
	if !ok {
		return -1
	}
	return int32(at)
}

// service is that of a SERVES as it has to stand in the graph.
func (p *projection) service(r relation, k int32) string {
	switch r {
	case serves:
		return valid(p.Links[k].Service)
	case atSite:
		return valid(graph.ServiceSitePrefix + p.Nodes[p.pairs[r][k].from].Name)
	}
	return ""
}

func (p *projection) uid(i int32) string { return UID(p.Org.Name, p.Nodes[i].ID) }

// properties collects the properties of one entity.
type properties []property

func (ps *properties) add(name string, s sort, value any) {
	*ps = append(*ps, property{name, s, value})
}

func (ps *properties) text(name string, s sort, value string) {
	if value != "" {
		ps.add(name, s, valid(value))
	}
}

func (ps *properties) figure(name string, n graph.Number) {
	if v := figureValue(n); v != nil {
		ps.add(name, figure, v)
	}
}

func (ps *properties) list(name string, s sort, values []string) {
	if len(values) == 0 {
		return
	}
	if slices.ContainsFunc(values, func(v string) bool { return v != valid(v) }) {
		values = slices.Clone(values)
		for i := range values {
			values[i] = valid(values[i])
		}
	}
	ps.add(name, s, values)
}

func (ps *properties) attrs(ns names, as []graph.Attr) {
	for _, a := range as {
		if name, ok := ns.property(a.Name); ok {
			ps.add(name, attr, valid(a.Value))
		}
	}
}

func (ps properties) find(name string) *property {
	for i := range ps {
		if ps[i].name == name {
			return &ps[i]
		}
	}
	return nil
}

// node gives the properties of a node, version apart, into the memory of ps.
func (p *projection) node(ps properties, i int32) properties {
	n := &p.Nodes[i]
	ps = ps[:0]
	ps.text(PropertyUID, own, p.uid(i))
	ps.text(PropertyOrg, own, p.Org.Name)
	ps.text(PropertyID, own, n.ID)
	ps.text("name", text, n.Name)
	ps.figure("headcount", n.Headcount)
	ps.figure("min_staff", n.MinStaff)
	ps.figure("capacity", n.Capacity)
	ps.figure("recovery_hours", n.RecoveryHours)
	ps.figure("failures_per_year", n.FailuresPerYear)
	ps.figure("value", n.Value)
	ps.text("segment", word, n.Segment.String())
	for _, st := range n.Stated {
		if st.Record.CanFail != graph.NoAnswer {
			ps.text("can_fail", word, st.Record.CanFail.String())
			break
		}
	}
	ps.text("contact", text, n.Contact)
	sites := make([]string, 0, len(n.Sites))
	for _, s := range n.Sites {
		sites = append(sites, p.Nodes[s].ID)
	}
	ps.list("site", list, sites)
	ps.list("tags", list, n.Tags)
	ps.list("aliases", list, n.Aliases)
	ps.text("role", text, n.Role)
	ps.attrs(nodeNames, n.Attrs)
	if n.Placeholder {
		ps.add(PropertyPlaceholder, own, true)
	}
	var sources, rows []string
	for _, st := range n.Stated {
		sources, rows = noteOrigin(sources, rows, st.Source, st.Record.From)
	}
	ps.list(PropertySources, own, sources)
	ps.list(PropertyRows, own, rows)
	if d, ok := p.nodeDiffer[i]; ok {
		ps.text(PropertyStated, own, p.stated(d))
	}
	return ps
}

// relationship gives the properties of a relationship, version apart, into the memory of ps.
func (p *projection) relationship(ps properties, r relation, k int32) properties {
	ps = ps[:0]
	ps.text(PropertyOrg, own, p.Org.Name)
	ps.text(PropertyService, own, p.service(r, k))
	if r == atSite {
		ps.add(PropertyDerived, own, true)
	}
	if r != serves {
		return ps
	}
	l := &p.Links[k]
	v := l.Values
	ps.text("criticality", word, v.Criticality.String())
	ps.figure("min_providers", v.MinProviders)
	ps.figure("tolerance_hours", v.Tolerance)
	ps.figure("volume", v.Volume)
	ps.figure("lead_time_hours", v.LeadTime)
	ps.figure("satisfaction", v.Satisfaction)
	ps.text("agreement", text, v.Agreement)
	ps.text("channel", text, v.Channel)
	ps.text("feedback", text, v.Feedback)
	ps.figure("response_hours", v.ResponseHours)
	ps.text("declared_by", text, v.DeclaredBy)
	ps.text("confirmed_on", text, v.ConfirmedOn)
	ps.figure("cost", v.Cost)
	ps.attrs(linkNames, v.Attrs)
	var sources, rows []string
	for _, st := range l.Stated {
		sources, rows = noteOrigin(sources, rows, st.Source, st.Record.From)
	}
	ps.list(PropertySources, own, sources)
	ps.list(PropertyRows, own, rows)
	if d, ok := p.linkDiff[k]; ok {
		ps.text(PropertyStated, own, p.stated(d))
	}
	return ps
}

// noteOrigin adds a statement to the lists of sources and rows. What others wrote into the graph stands in no row.
func noteOrigin(sources, rows []string, source string, from graph.Origin) ([]string, []string) {
	if !slices.Contains(sources, source) {
		sources = append(sources, source)
	}
	if row := rowText(from); row != "" && source != graph.Neo4jSource && !slices.Contains(rows, row) {
		rows = append(rows, row)
	}
	return sources, rows
}

// rowText writes where a row stands: "links.csv:2", "book.xlsx [Links]:2".
func rowText(from graph.Origin) string {
	var b strings.Builder
	b.WriteString(from.File)
	if from.Sheet != "" {
		b.WriteString(" [" + from.Sheet + "]")
	}
	if from.Row > 0 {
		b.WriteByte(':')
		b.WriteString(strconv.Itoa(from.Row))
	}
	return b.String()
}

// statedValue is what a source states of a field about which sources differ.
type statedValue struct {
	Source string `json:"source"`
	Value  string `json:"value"`
}

// stated writes the differences of one entity, of which the first is given, as JSON. Rows are left out: they move.
func (p *projection) stated(first int32) string {
	fields := map[string][]statedValue{} // written in order of the keys
	for _, d := range p.Differences[first:] {
		if d.Entity != p.Differences[first].Entity {
			break
		}
		for _, v := range d.Values {
			s := statedValue{v.Source, v.Value}
			if !slices.Contains(fields[d.Field], s) {
				fields[d.Field] = append(fields[d.Field], s)
			}
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(fields) != nil {
		return "" // texts can always be written
	}
	return strings.TrimSpace(b.String())
}
