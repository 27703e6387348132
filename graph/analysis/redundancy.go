package analysis

import (
	"cmp"
	"math"
	"slices"
	"sync/atomic"

	"example.com/whoserves/graph"
)

// redundant is the search for alternates that are none: needs with more providers than they must have, of which one node
// still takes too many, or whose consumer takes one of its own providers. It looks at the blocks of takesOf.
type redundant struct {
	net       *network
	classes   *classes
	all       bool      // list every (need, node) of false redundancy however many there are
	providers adjacency // by need: the classes of its providers; none when the need is not redundant
	served    adjacency // by class: the redundant needs that it is a provider of
	found     atomic.Int64
	finders   []*redundancyFinder
}

// isRedundant says whether a need claims to have alternates. A unit that serves claims none by having several teams.
func isRedundant(n *graph.Need) bool {
	return int(n.K) < len(n.Providers) && n.Origin != graph.FromTeams
}

// over prepares the search on the classes of a takesOf; it is that function's more.
func (s *redundant) over(c *classes) func() func(*block) {
	s.classes = c
	needs := s.net.snap.Needs
	s.providers.from = make([]int32, len(needs)+1)
	var served []edge
	for i := range needs {
		if isRedundant(&needs[i]) {
			for _, p := range needs[i].Providers {
				s.providers.to = append(s.providers.to, c.of[p])
				served = append(served, edge{c.of[p], int32(i)})
			}
		}
		s.providers.from[i+1] = int32(len(s.providers.to))
	}
	s.served = adjacencyOf(c.n, served)
	return func() func(*block) {
		f := &redundancyFinder{redundant: s, least: make([]int32, len(needs)), seen: make([]int32, len(needs))}
		for i := range f.least {
			f.least[i] = -1
		}
		s.finders = append(s.finders, f)
		return f.visit
	}
}

// redundancyFinder is one worker's share of the search.
type redundancyFinder struct {
	*redundant
	blocks     int32
	seen       []int32 // by need: the last block that looked at it, from 1
	broken     []needClass
	least      []int32 // by need: the smallest node that breaks it, -1
	circular   []Circular
	dependents []dependent
}

type needClass struct{ need, class int32 }

// dependent says that of the providers of a need one is down when the other fails.
type dependent struct{ need, failed, down int32 }

func (f *redundancyFinder) visit(b *block) {
	f.blocks++
	b.touched.each(func(class int32) {
		for _, i := range f.served.of(class) {
			if f.seen[i] != f.blocks {
				f.seen[i] = f.blocks
				broken := breaks(f.net.needs[i].loss, f.providers.of(i), b.rows)
				broken.each(func(column int) { f.breaks(i, b.columns[column]) })
			}
		}
	})
	for column, class := range b.columns {
		for _, v := range f.classes.failing.of(class) {
			f.aroundNode(b, column, v)
		}
	}
}

// breaks notes that every node of a class breaks a need, its consumer left out.
func (f *redundancyFinder) breaks(need, class int32) {
	nodes := f.classes.failing.of(class)
	consumer := f.net.needs[need].consumer
	count, least := len(nodes), nodes[0]
	if f.classes.of[consumer] == class {
		if _, in := slices.BinarySearch(nodes, consumer); in {
			if count--; count == 0 {
				return
			}
			if least == consumer {
				least = nodes[1]
			}
		}
	}
	if f.least[need] < 0 || least < f.least[need] {
		f.least[need] = least
	}
	if f.found.Add(int64(count)) <= pairLimit || f.all {
		f.broken = append(f.broken, needClass{need, class})
	}
}

// aroundNode looks at what goes down with v: providers of its own redundant needs, and those that should stand in for it.
func (f *redundancyFinder) aroundNode(b *block, column int, v int32) {
	for i := f.net.needFrom[v]; i < f.net.needFrom[v+1]; i++ {
		for j, class := range f.providers.of(i) {
			if b.rows[class].has(column) {
				f.circular = append(f.circular, Circular{i, f.net.providers(i)[j]})
			}
		}
	}
	class := b.columns[column]
	for _, i := range f.served.of(class) {
		if !slices.Contains(f.net.providers(i), v) { // another node of its class is
			continue
		}
		for j, p := range f.net.providers(i) {
			if p != v && b.rows[f.providers.of(i)[j]].has(column) {
				f.dependents = append(f.dependents, dependent{i, v, p})
			}
		}
	}
}

// falseRedundancy lists what was found, sorted, and how much there is: when that is too much, only the first node of each need.
func (s *redundant) falseRedundancy() (list []FalseRedundancy, count int) {
	count = int(s.found.Load())
	for _, f := range s.finders {
		if count > pairLimit && !s.all {
			for need, v := range f.least {
				if v >= 0 {
					list = append(list, FalseRedundancy{int32(need), v})
				}
			}
			continue
		}
		for _, b := range f.broken {
			for _, v := range s.classes.failing.of(b.class) {
				if v != s.net.needs[b.need].consumer {
					list = append(list, FalseRedundancy{b.need, v})
				}
			}
		}
	}
	slices.SortFunc(list, func(a, b FalseRedundancy) int {
		return cmp.Or(cmp.Compare(a.Need, b.Need), cmp.Compare(a.Node, b.Node))
	})
	if len(list) < count {
		list = slices.CompactFunc(list, func(a, b FalseRedundancy) bool { return a.Need == b.Need })
	}
	return list, count
}

func (s *redundant) circular() []Circular {
	var list []Circular
	for _, f := range s.finders {
		list = append(list, f.circular...)
	}
	slices.SortFunc(list, func(a, b Circular) int {
		return cmp.Or(cmp.Compare(a.Need, b.Need), cmp.Compare(a.Provider, b.Provider))
	})
	return list
}

// hollow lists the needs whose surviving providers have no room for the volume of one that fails. A need is judged only
// where the volume and all survivors' capacities are known; a survivor without any volume counts as idle. Who is down
// with the failed one is no survivor.
func (s *redundant) hollow(loads []Load) []Hollow {
	downWith := map[[2]int32][]int32{}
	for _, f := range s.finders {
		for _, d := range f.dependents {
			key := [2]int32{d.need, d.failed}
			downWith[key] = append(downWith[key], d.down)
		}
	}
	var list []Hollow
	for i := range s.net.snap.Needs {
		need := &s.net.snap.Needs[i]
		if !isRedundant(need) {
			continue
		}
		for j, v := range need.Providers {
			volume, ok := volumeOf(s.net.snap, need.Links[j]).Get()
			if !ok || volume == 0 || !s.net.snap.Nodes[v].CanFail {
				continue
			}
			down := downWith[[2]int32{int32(i), v}]
			survivors := slices.DeleteFunc(slices.Clone(need.Providers), func(p int32) bool { return p == v || slices.Contains(down, p) })
			if len(survivors) >= int(need.K) {
				list = append(list, overflow(int32(i), v, volume, survivors, loads)...)
			}
		}
	}
	return list
}

func volumeOf(s *graph.Snapshot, link int32) graph.Number {
	if link < 0 {
		return graph.Number{}
	}
	return s.Links[link].Values.Volume
}

// overflow shares a volume out in proportion to spare capacity and lists the survivors that get more than they have room
// for: all that have room, or, when none has, all in equal parts.
func overflow(need, failed int32, volume float64, survivors []int32, loads []Load) (list []Hollow) {
	spare := make([]float64, len(survivors))
	total := 0.0
	for i, p := range survivors {
		capacity, ok := loads[p].Capacity.Get()
		if !ok {
			return nil
		}
		spare[i] = max(0, capacity-loads[p].Load.Or(0))
		total += spare[i]
	}
	if volume <= total+1e-9*math.Max(volume, total) { // sums of decimal fractions are not exact
		return nil
	}
	for i, p := range survivors {
		extra := volume / float64(len(survivors))
		if total > 0 {
			extra = volume * (spare[i] / total)
		}
		if extra > spare[i] {
			list = append(list, Hollow{need, failed, p, extra, spare[i]})
		}
	}
	return list
}

// unmet lists the needs with fewer providers than they must have.
func unmet(s *graph.Snapshot) (needs []int32) {
	for i := range s.Needs {
		if s.Needs[i].Unmet {
			needs = append(needs, int32(i))
		}
	}
	return needs
}

// keyPeople lists the members whom their team cannot spare, by person, then team.
func keyPeople(s *graph.Snapshot) (list []KeyPerson) {
	for i := range s.Needs {
		need := &s.Needs[i]
		factor := len(need.Providers) - int(need.K) + 1
		if need.Origin != graph.FromMembers || factor > 1 {
			continue
		}
		for _, p := range need.Providers {
			list = append(list, KeyPerson{Person: p, Team: need.Consumer, BusFactor: factor})
		}
	}
	slices.SortFunc(list, func(a, b KeyPerson) int {
		return cmp.Or(cmp.Compare(a.Person, b.Person), cmp.Compare(a.Team, b.Team))
	})
	return list
}
