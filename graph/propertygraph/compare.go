package propertygraph

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"example.com/whoserves/graph"
)

// NodeSeen is a node as it stands in the graph. The Comparer may keep Properties and Labels.
type NodeSeen struct {
	ElementID  string
	Labels     []string
	Properties map[string]any // as the driver gives them, uid included
}

// RelationshipSeen is a relationship as it stands in the graph. The Comparer may keep Properties.
type RelationshipSeen struct {
	ElementID                  string
	Type                       string
	FromUID, ToUID             string // "" where the node has none
	FromElementID, ToElementID string // may be "" where the node has a uid
	Properties                 map[string]any
}

// Comparer finds what others changed in a graph. Show it every node that may belong to the organisation (label Entity or a kind
// label, and org = its name or a uid that begins with its name and "/"; it leaves alone what does not belong), then every
// relationship of RelationshipTypes with such a node at one end at least, then ask for the outcome. The order within nodes
// and within relationships does not matter. It is not for several goroutines at once.
type Comparer struct {
	*projection
	odd map[string]int32 // nodes whose uid does not end with their id

	nodeSeen []sight
	nodes    map[int32]*nodeState // nodes that are not as they should be
	loose    []*nodeState         // nodes of no known uid, until settle
	settled  bool
	held     map[string]*nodeState // uids that loose nodes have to themselves
	newcome  []*nodeState          // nodes made by others, read
	strange  map[string]int32      // by uid and by element id: nodes that cannot be known by their uid
	strayed  map[int32]bool        // nodes that are not found by LabelEntity and the uid that they should have
	rels     [relations]sightings
	loners   []*relState // relationships made by others

	adopted map[string]*nodeState // newcome, by id
	made    map[madeKey]*relState // loners that are read
	doubled []*relState           // what stands in the graph twice, or stands for nothing

	problems []graph.Problem
	scratch  properties
}

// sight says how something of the projection was found in the graph.
type sight uint8

const (
	missing   sight = iota // not at all
	exact                  // just as it should be
	deviating              // otherwise
)

// sightings are the relationships of one sort that were found.
type sightings struct {
	seen   []sight
	states map[int32]*relState   // those that deviate
	more   map[int32][]*relState // seconds of the same
}

// nodeState is a node that is not as it should be.
type nodeState struct {
	seen       NodeSeen
	keep       map[string]bool // properties to leave as they are
	keepLabels bool
	id         string // of a newcomer
	byName     bool   // the newcomer is known by its name alone
	kind       graph.Kind
}

// relState is a relationship that is not as it should be.
type relState struct {
	seen     RelationshipSeen
	relation relation
	from, to int32 // nodes of the projection; newcomer k is newcomer(k)
	exact    bool
	service  string // as it stands, trimmed
	keep     map[string]bool
}

// madeKey names a relationship across snapshots.
type madeKey struct {
	relation          relation
	from, to, service string // ids; service folded
}

// stranger stands for the end of a relationship that is no node of ours.
const stranger int32 = -1

func newcomer(k int) int32       { return -2 - int32(k) }
func newcomerAt(end int32) int32 { return -2 - end }

// NewComparer makes a comparer with a graph that should hold s. s.Version must be the version that the graph is at.
// O(nodes + links), little memory.
func NewComparer(s *graph.Snapshot) *Comparer {
	c := &Comparer{projection: project(s), odd: map[string]int32{}, nodeSeen: make([]sight, len(s.Nodes)), nodes: map[int32]*nodeState{},
		strange: map[string]int32{}, strayed: map[int32]bool{}, held: map[string]*nodeState{}, adopted: map[string]*nodeState{}, made: map[madeKey]*relState{}}
	for r := range relations {
		c.rels[r] = sightings{make([]sight, c.count(r)), map[int32]*relState{}, map[int32][]*relState{}}
	}
	for i := range s.Nodes {
		if id := s.Nodes[i].ID; id != valid(id) {
			c.odd[c.uid(int32(i))] = int32(i)
		}
	}
	return c
}

// byUID finds a node of the projection; -1 when there is none.
func (c *Comparer) byUID(uid string) int32 {
	id, ours := strings.CutPrefix(uid, c.prefix())
	if !ours {
		return -1
	}
	if i := c.ByID(id); i >= 0 {
		return i
	}
	if i, ok := c.odd[uid]; ok {
		return i
	}
	return -1
}

func (c *Comparer) prefix() string { return UID(c.Org.Name, "") }

// Node takes a node of the graph. O(log nodes + properties).
func (c *Comparer) Node(n NodeSeen) {
	uid, _ := n.Properties[PropertyUID].(string)
	i := c.byUID(uid)
	switch {
	case i < 0:
		c.loose = append(c.loose, &nodeState{seen: n})
	case c.nodeSeen[i] != missing && c.nodes[i] != nil && isEntity(n) && !isEntity(c.nodes[i].seen):
		c.nodes[i].seen, n = n, c.nodes[i].seen // the uid of entities is unique
		c.strayed[i] = false
		fallthrough
	case c.nodeSeen[i] != missing:
		c.problem(PropertyUID, graph.Error, "%s has the uid of another node; it is not read. Delete one of them", nodeWords(n))
	case c.isExact(c.node(c.scratch, i), n.Properties) && hasJust(n.Labels, Label(c.Nodes[i].Kind)):
		c.nodeSeen[i] = exact
	default:
		c.nodeSeen[i] = deviating
		c.nodes[i] = &nodeState{seen: n}
		c.strayed[i] = !isEntity(n)
	}
}

func isEntity(n NodeSeen) bool { return slices.Contains(n.Labels, LabelEntity) }

// isExact says whether the properties in the graph are those wanted and no more.
func (c *Comparer) isExact(want properties, have map[string]any) bool {
	c.scratch = want
	if len(have) != len(want)+1 || !goodVersion(have[PropertyVersion], c.Version) {
		return false
	}
	for i := range want {
		if v, ok := have[want[i].name]; !ok || !want[i].good(v) {
			return false
		}
	}
	return true
}

// settle finds out what the nodes are that no uid told: ours without their uid, or new ones made by others.
func (c *Comparer) settle() {
	if c.settled {
		return
	}
	c.settled = true
	slices.SortFunc(c.loose, func(a, b *nodeState) int { // first those whose uid nobody else can have
		return cmp.Or(-compareBools(isEntity(a.seen), isEntity(b.seen)), strings.Compare(a.seen.ElementID, b.seen.ElementID))
	})
	for _, st := range c.loose {
		if uid, _ := st.seen.Properties[PropertyUID].(string); isEntity(st.seen) && strings.HasPrefix(uid, c.prefix()) {
			c.held[uid] = st
		}
	}
	var unnamed []*nodeState
	for _, st := range c.loose {
		if !c.belongs(st.seen) || c.reattach(st) || c.refuse(st) {
			continue
		}
		if st.id = c.givenID(st.seen); st.id == "" {
			unnamed = append(unnamed, st)
			continue
		}
		c.welcomeByID(st)
	}
	for _, st := range unnamed { // after those with an id, as they may be called alike
		c.welcomeByName(st)
	}
	c.loose = nil
}

// belongs says whether a node of no known uid is meant for this organisation.
func (c *Comparer) belongs(n NodeSeen) bool {
	if !slices.ContainsFunc(n.Labels, func(l string) bool { return l == LabelEntity || KindOf(l) != graph.NoKind }) {
		return false
	}
	uid, _ := n.Properties[PropertyUID].(string)
	org, _ := n.Properties[PropertyOrg].(string)
	return org == valid(c.Org.Name) || strings.HasPrefix(uid, c.prefix())
}

// reattach knows a node again whose uid was changed or taken away, by its id.
func (c *Comparer) reattach(st *nodeState) bool {
	id, _ := textOf(st.seen.Properties[PropertyID])
	i := c.ByID(id)
	if i < 0 || c.nodeSeen[i] != missing {
		return false
	}
	c.recognise(st, i)
	return true
}

// recognise takes a node for one of the projection that was not seen otherwise.
func (c *Comparer) recognise(st *nodeState, i int32) {
	c.nodeSeen[i] = deviating
	c.nodes[i] = st
	c.know(st, i)
}

// know notes that a node cannot be known by the uid that it should have.
func (c *Comparer) know(st *nodeState, end int32) {
	if uid, _ := st.seen.Properties[PropertyUID].(string); uid != "" {
		c.strange[uid] = end
	}
	c.strange["\x00"+st.seen.ElementID] = end
	c.strayed[end] = true
}

// refuse tells what is wrong with a new node as a whole.
func (c *Comparer) refuse(st *nodeState) bool {
	uid, _ := st.seen.Properties[PropertyUID].(string)
	if strings.Contains(uid, "/") && !strings.HasPrefix(uid, c.prefix()) {
		c.problem(PropertyUID, graph.Error, "%s has the org “%s” but the uid “%s” of another organisation; it is not read. Correct the one or the other",
			nodeWords(st.seen), c.Org.Name, uid)
		return true
	}
	name, _ := textOf(st.seen.Properties["name"])
	for _, long := range [][2]string{{PropertyID, UID(c.Org.Name, c.givenID(st.seen))}, {"name", name}} {
		if len(long[1]) > maxIndexed {
			c.problem(long[0], graph.Error, "the %[2]s of %[1]s has more than %[3]d bytes; it is not read. Shorten it", nodeWords(st.seen), long[0], maxIndexed)
			return true
		}
	}
	kinds := kindsOf(st.seen.Labels)
	if len(kinds) > 1 {
		c.problem("", graph.Error, "%s has the labels %s; it is not read. Leave it one of them", nodeWords(st.seen), labelWords(kinds))
		return true
	}
	if len(kinds) == 1 {
		st.kind = kinds[0]
	}
	return false
}

// kindsOf gives the kinds that labels name, in the order of the kinds.
func kindsOf(labels []string) []graph.Kind {
	var kinds []graph.Kind
	for _, k := range graph.Kinds() {
		if slices.Contains(labels, Label(k)) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// givenID is the id that a new node brings, in its uid or as its id.
func (c *Comparer) givenID(n NodeSeen) string {
	uid, _ := n.Properties[PropertyUID].(string)
	id, ours := strings.CutPrefix(uid, c.prefix())
	if !ours || strings.TrimSpace(id) == "" {
		id, _ = textOf(n.Properties[PropertyID])
	}
	return strings.TrimSpace(id)
}

// isFree says whether a new node may have an id.
func (c *Comparer) isFree(id string, st *nodeState) bool {
	holder := c.held[UID(c.Org.Name, id)]
	return c.ByID(id) < 0 && c.adopted[id] == nil && (holder == nil || holder == st)
}

func (c *Comparer) welcomeByID(st *nodeState) {
	if !c.isFree(st.id, st) {
		c.problem(PropertyID, graph.Error, "%s has the id “%s” of another node; it is not read. Delete it, or give it an id of its own",
			nodeWords(st.seen), st.id)
		return
	}
	for _, name := range callings(st.seen) {
		if slices.ContainsFunc(c.called(name, st.kind == graph.Unit), func(i int32) bool { return !hasID(&c.Nodes[i]) }) {
			c.problem("name", graph.Error, "%s is called “%s” like a node that is known by its name only; it is not read. Delete it, or give it another name",
				nodeWords(st.seen), shorten(name))
			return
		}
	}
	c.welcome(st)
}

// welcomeByName takes a new node that has a name only. Its id is made from the name, as importing does.
func (c *Comparer) welcomeByName(st *nodeState) {
	v, err := nodeFields[0].read(st.seen.Properties["name"])
	name := only(v)
	if err != nil || name == "" {
		c.problem("name", graph.Error, "%s has neither id nor name; it is not read. Give it a name", nodeWords(st.seen))
		return
	}
	unit := st.kind == graph.Unit
	known := c.called(name, unit)
	if len(known) == 1 && c.nodeSeen[known[0]] == missing { // deleted and made again
		c.recognise(st, known[0])
		return
	}
	if len(known) > 0 || c.isCalled(name, unit) {
		c.problem("name", graph.Error, "%s is called like another node; it is not read. Delete it, or give it another name", nodeWords(st.seen))
		return
	}
	st.id, st.byName = graph.Slug(name), true
	for n := 2; st.id == "" || !c.isFree(st.id, st); n++ {
		st.id, st.byName = strings.TrimLeft(graph.Slug(name)+"-"+strconv.Itoa(n), "-"), false
	}
	c.welcome(st)
}

// called lists the nodes or, apart from them, the units that go by a name.
func (c *Comparer) called(name string, unit bool) []int32 {
	space := graph.NoKind
	if unit {
		space = graph.Unit
	}
	return slices.DeleteFunc(slices.Clone(c.Means(name, space)), func(i int32) bool { return unit != (c.Nodes[i].Kind == graph.Unit) })
}

// isCalled says whether a new node or, apart from them, a new unit goes by a name.
func (c *Comparer) isCalled(name string, unit bool) bool {
	return slices.ContainsFunc(c.newcome, func(st *nodeState) bool {
		return unit == (st.kind == graph.Unit) && slices.ContainsFunc(append(callings(st.seen), st.id), func(s string) bool {
			return graph.Fold(s) == graph.Fold(name) || graph.Slug(s) == name
		})
	})
}

// callings are the name and the aliases of a new node.
func callings(n NodeSeen) []string {
	name, _ := nodeFields[0].read(n.Properties["name"])
	aliases, _ := texts(n.Properties["aliases"])
	return append(name, aliases...)
}

// hasID says whether a source gives the id of a node.
func hasID(n *graph.Node) bool {
	return slices.ContainsFunc(n.Stated, func(s graph.NodeSource) bool { return s.Record.ID != "" })
}

func (c *Comparer) welcome(st *nodeState) {
	c.know(st, newcomer(len(c.newcome)))
	c.newcome = append(c.newcome, st)
	c.adopted[st.id] = st
}

// end finds what a relationship is tied to.
func (c *Comparer) end(uid, elementID string) int32 {
	if e, ok := c.strange["\x00"+elementID]; ok && elementID != "" {
		return e
	}
	if e, ok := c.strange[uid]; ok && uid != "" {
		return e
	}
	if i := c.byUID(uid); i >= 0 && c.nodeSeen[i] != missing {
		return i
	}
	return stranger
}

// Relationship takes a relationship of the graph; all nodes must have been shown before. O(log links + properties).
func (c *Comparer) Relationship(seen RelationshipSeen) {
	c.settle()
	st := &relState{seen: seen, from: c.end(seen.FromUID, seen.FromElementID), to: c.end(seen.ToUID, seen.ToElementID)}
	at := slices.Index(RelationshipTypes(), seen.Type)
	if at < 0 || st.from == stranger && st.to == stranger {
		return
	}
	st.relation = [...]relation{serves, partOf, memberOf, reportsTo}[at]
	if st.from == stranger || st.to == stranger {
		what := "starts"
		if st.to == stranger {
			what = "ends"
		}
		c.problem("", graph.Error, "%s %s at a node that is none of this organisation; it is not read. Give that node the label of its kind, org “%s” and a name, or delete the relationship",
			c.relWords(st), what, c.Org.Name)
		return
	}
	if st.relation == serves {
		c.servesSeen(st)
		return
	}
	if k := c.findPair(st.relation, st); k >= 0 {
		c.found(st, k)
		return
	}
	switch {
	case st.from == st.to:
		c.problem("", graph.Warning, "%s ties a node to itself; it is not read. Delete it", c.relWords(st))
	case st.relation == partOf && c.kindOf(st.to) != graph.Unit:
		c.problem("", graph.Warning, "%s does not end at a Unit; it is not read. Let it end at a unit", c.relWords(st))
	default:
		c.loners = append(c.loners, st)
	}
}

// findPair finds the relationship of the projection with the ends of st; -1 when there is none.
func (c *Comparer) findPair(r relation, st *relState) int32 {
	if st.from < 0 || st.to < 0 {
		return -1
	}
	return c.find(r, pair{st.from, st.to})
}

func (c *Comparer) kindOf(end int32) graph.Kind {
	if end >= 0 {
		return c.Nodes[end].Kind
	}
	return c.newcome[newcomerAt(end)].kind
}

// servesSeen takes a SERVES with both ends ours.
func (c *Comparer) servesSeen(st *relState) {
	service, err := nodeFields[0].read(st.seen.Properties[PropertyService])
	if st.seen.Properties[PropertyService] == nil {
		service, err = nil, nil
	}
	st.service = strings.TrimSpace(only(service))
	folded := graph.Fold(st.service)
	k := c.findPair(atSite, st)
	if derived, _ := st.seen.Properties[PropertyDerived].(bool); derived || k >= 0 && st.service == c.service(atSite, k) {
		st.relation = atSite
		if k < 0 {
			c.doubled = append(c.doubled, st) // it follows from nothing any more
			return
		}
		c.found(st, k)
		return
	}
	switch {
	case err != nil:
		c.problem(PropertyService, graph.Error, "%s: service %v; the link is not read. Correct it", c.relWords(st), err)
	case folded == graph.ServiceMembers || strings.HasPrefix(folded, graph.ServiceSitePrefix):
		c.problem(PropertyService, graph.Error, "%s has the service “%s”, which is reserved for what follows from members and sites; it is not read. Name it otherwise",
			c.relWords(st), st.service)
	case st.from == st.to:
		c.problem("", graph.Warning, "%s ties a node to itself; it is not read. Delete it", c.relWords(st))
	default:
		if st.from >= 0 && st.to >= 0 {
			if k := c.findLink(st.from, st.to, folded); k >= 0 {
				c.found(st, k)
				return
			}
		}
		c.loners = append(c.loners, st)
	}
}

// found notes that a relationship of the projection is there.
func (c *Comparer) found(st *relState, k int32) {
	r := &c.rels[st.relation]
	want := c.relationship(c.scratch, st.relation, k)
	if st.relation == serves || st.relation == atSite {
		st.exact = c.isExact(want, st.seen.Properties)
	} else { // whatever else people write on these is theirs
		c.scratch = want
		st.exact = goodVersion(st.seen.Properties[PropertyVersion], c.Version) &&
			!slices.ContainsFunc(want, func(p property) bool { return !p.good(st.seen.Properties[p.name]) })
	}
	st.exact = st.exact && !c.strayed[st.from] && !c.strayed[st.to]
	if r.seen[k] == missing && st.exact {
		r.seen[k] = exact
		return
	}
	if st.relation != serves && st.relation != atSite {
		st.keepExtras()
	}
	switch {
	case r.seen[k] != missing:
		r.more[k] = append(r.more[k], st)
	default:
		r.seen[k] = deviating
		r.states[k] = st
	}
}

// chooseOne keeps the best of several relationships that say the same: one that is as it should be, else one that we wrote,
// else the first. The others are given back, sorted.
func (c *Comparer) chooseOne(r relation, k int32) []*relState {
	s := &c.rels[r]
	all := s.more[k]
	if s.seen[k] == deviating {
		all = append(all, s.states[k])
	}
	slices.SortFunc(all, func(a, b *relState) int {
		return cmp.Or(-compareBools(a.exact, b.exact), -compareBools(hasVersion(a), hasVersion(b)), strings.Compare(a.seen.ElementID, b.seen.ElementID))
	})
	if s.seen[k] == deviating {
		s.states[k] = all[0]
		if all[0].exact {
			s.seen[k] = exact
			delete(s.states, k)
		}
		all = all[1:]
	}
	return all
}

func hasVersion(st *relState) bool { _, ok := numeric(st.seen.Properties[PropertyVersion]); return ok }
