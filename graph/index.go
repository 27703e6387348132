package graph

import (
	"slices"
	"sync"
)

// indexes are the ways into a Snapshot that are not its own fields.
type indexes struct {
	nodes, units *namespace
	likes        *snapshotLikes
	ends         map[string]int32 // what the ends of links, as written, came to mean
	service      []int32          // by link: its folded service, numbered in bytewise order; 0 blank

	needsFrom          []int32 // first need of each node, and the end
	served             rows    // needs by provider
	out, in            rows    // pairs
	linksFrom, linksTo rows
	unitTeams, unitHas rows    // by unit; units' own rows only
	loose              []int32 // in no unit
	members            rows
}

// snapshotLikes finds nodes by other spellings of their names; made when it is first asked.
type snapshotLikes struct {
	once         sync.Once
	nodes, units *lookalikes
}

// rows are lists of numbers, one for each node, in one piece of memory.
type rows struct {
	from []int32 // where each list starts, and the end
	all  []int32
}

func (r rows) of(x int32) []int32 { return r.all[r.from[x]:r.from[x+1]:r.from[x+1]] }

// makeRows sorts (row, value) entries into lists; each yields the entries in the order in which they shall stand.
func makeRows(n int, each func(yield func(row, value int32))) rows {
	r := rows{from: make([]int32, n+1)}
	each(func(row, _ int32) { r.from[row+1]++ })
	for i := range n {
		r.from[i+1] += r.from[i]
	}
	r.all = make([]int32, r.from[n])
	next := slices.Clone(r.from)
	each(func(row, value int32) {
		r.all[next[row]] = value
		next[row]++
	})
	return r
}

// NeedsOf lists the needs of x. They lie side by side in Needs: the first is Needs[from].
func (s *Snapshot) NeedsOf(x int32) (needs []Need, from int32) {
	from = s.idx.needsFrom[x]
	return s.Needs[from:s.idx.needsFrom[x+1]], from
}

// NeedsServed lists the needs (indexes into Needs) that v is a provider of, sorted.
func (s *Snapshot) NeedsServed(v int32) []int32 { return s.idx.served.of(v) }

// Served lists the consumers of v, each once, sorted: links of every criticality, sites and members included, a unit
// replaced by its teams on either side. These pairs are what shares and chains run along.
func (s *Snapshot) Served(v int32) []int32 { return s.idx.out.of(v) }

// ServedBy lists the providers of v in the same pairs, each once, sorted.
func (s *Snapshot) ServedBy(v int32) []int32 { return s.idx.in.of(v) }

// PairCount is the number of provider → consumer pairs.
func (s *Snapshot) PairCount() int { return len(s.idx.out.all) }

// LinksFrom lists the links (indexes into Links) that v provides, as stated.
func (s *Snapshot) LinksFrom(v int32) []int32 { return s.idx.linksFrom.of(v) }

// LinksTo lists the links (indexes into Links) that serve v, as stated.
func (s *Snapshot) LinksTo(v int32) []int32 { return s.idx.linksTo.of(v) }

// TeamsOf lists the teams of a unit, those of nested units too, sorted.
func (s *Snapshot) TeamsOf(unit int32) []int32 { return s.idx.unitTeams.of(unit) }

// InUnit lists the nodes and units that lie directly in a unit, sorted; -1 gives those in no unit.
func (s *Snapshot) InUnit(unit int32) []int32 {
	if unit < 0 {
		return s.idx.loose
	}
	return s.idx.unitHas.of(unit)
}

// MembersOf lists the people who are members of a team, sorted.
func (s *Snapshot) MembersOf(team int32) []int32 { return s.idx.members.of(team) }

// TopUnit gives the outermost unit that v lies in, or -1.
func (s *Snapshot) TopUnit(v int32) int32 {
	top := s.Nodes[v].Unit
	for top >= 0 && s.Nodes[top].Unit >= 0 {
		top = s.Nodes[top].Unit
	}
	return top
}

// IsBox says that x is a unit that has teams: a box of the org chart, not a node that works and fails by itself.
func (s *Snapshot) IsBox(x int32) bool { return s.Nodes[x].Kind == Unit && len(s.TeamsOf(x)) > 0 }

// NodeCount is the number of nodes, boxes of the org chart left out.
func (s *Snapshot) NodeCount() int {
	n := 0
	for i := range s.Nodes {
		if !s.IsBox(int32(i)) {
			n++
		}
	}
	return n
}

// indexUnits works out who lies in which unit, and who is a member of which team.
func (b *builder) indexUnits() {
	n := len(b.Nodes)
	b.idx.unitHas = makeRows(n, func(yield func(row, value int32)) {
		for i := range b.Nodes {
			if u := b.Nodes[i].Unit; u >= 0 {
				yield(u, int32(i))
			}
		}
	})
	for i := range b.Nodes {
		if b.Nodes[i].Unit < 0 {
			b.idx.loose = append(b.idx.loose, int32(i))
		}
	}
	b.idx.unitTeams = makeRows(n, func(yield func(row, value int32)) {
		for i := range b.Nodes {
			if b.Nodes[i].Kind != Team {
				continue
			}
			for u := b.Nodes[i].Unit; u >= 0; u = b.Nodes[u].Unit {
				yield(u, int32(i))
			}
		}
	})
	b.idx.members = makeRows(n, func(yield func(row, value int32)) {
		for i := range b.Nodes {
			for _, t := range b.Nodes[i].Teams {
				yield(t, int32(i))
			}
		}
	})
	b.idx.linksFrom = makeRows(n, func(yield func(row, value int32)) {
		for i := range b.Links {
			yield(b.Links[i].Provider, int32(i))
		}
	})
	b.idx.linksTo = makeRows(n, func(yield func(row, value int32)) {
		for i := range b.Links {
			yield(b.Links[i].Consumer, int32(i))
		}
	})
	for i := range b.Nodes {
		if b.IsBox(int32(i)) {
			b.Nodes[i].CanFail = false
		}
	}
}

// findCustomers lists the external customers. Without any, the nodes at the end of the chain stand in for them; isolated nodes
// are at the end of no chain.
func (b *builder) findCustomers() {
	for i := range b.Nodes {
		if b.Nodes[i].Kind == Customer {
			b.Customers = append(b.Customers, int32(i))
		}
	}
	if len(b.Customers) > 0 {
		return
	}
	for i := range int32(len(b.Nodes)) {
		if len(b.Served(i)) == 0 && len(b.ServedBy(i)) > 0 {
			b.Customers = append(b.Customers, i)
			b.Nodes[i].CanFail = false
		}
	}
	b.StandIn = len(b.Customers) > 0
}

// countAssumed counts what nobody said. A link is counted when no row of its need says it.
func (b *builder) countAssumed() {
	criticality, tolerance := make([]bool, len(b.Links)), make([]bool, len(b.Links))
	for i := range b.Needs {
		n := &b.Needs[i]
		for _, l := range n.Links {
			if l >= 0 {
				criticality[l] = criticality[l] || n.AssumedCriticality
				tolerance[l] = tolerance[l] || n.AssumedTolerance
			}
		}
	}
	for l := range b.Links {
		if criticality[l] {
			b.Assumed.Criticality++
		}
		if tolerance[l] {
			b.Assumed.Tolerance++
		}
	}
	for i := range b.Nodes {
		if !b.Nodes[i].CanFail {
			continue
		}
		if !b.Nodes[i].RecoveryHours.IsGiven() {
			b.Assumed.RecoveryHours++
		}
		if !b.Nodes[i].Capacity.IsGiven() {
			b.Assumed.Capacity++
		}
	}
}
