package analysis

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// The oracle answers from the rows of an organisation, by the definitions and without any index: every failure is worked out by
// itself, states by applying the rules until nothing changes, times by lowering labels until nothing changes. It understands
// what graphtest.Random makes: one source, ids that are names.
type oracle struct {
	nodes map[string]*graph.NodeRecord
	needs []oracleNeed
}

type oracleNeed struct {
	consumer, service string // service folded
	criticality       graph.Criticality
	assumed           bool
	k, least          int
	tolerance         float64
	providers         []string
	teams, members    bool
}

func newOracle(o *graph.Org) *oracle {
	w := &oracle{nodes: map[string]*graph.NodeRecord{}}
	for _, r := range o.Sources[0].Nodes {
		w.nodes[r.ID] = r
	}
	for _, r := range o.Sources[0].Links {
		for _, id := range []string{r.Provider, r.Consumer} {
			if w.nodes[id] == nil {
				w.nodes[id] = &graph.NodeRecord{ID: id, Kind: graph.Team}
			}
		}
	}
	w.needsFromLinks(o.Sources[0].Links)
	for _, id := range slices.Sorted(maps.Keys(w.nodes)) {
		w.otherNeeds(id)
	}
	for _, id := range slices.Sorted(maps.Keys(w.nodes)) {
		serves := slices.ContainsFunc(w.needs, func(n oracleNeed) bool { return slices.Contains(n.providers, id) })
		if w.isBox(id) && serves {
			w.add(oracleNeed{consumer: id, service: "teams", criticality: graph.Critical, least: 1, providers: w.teams(id), teams: true})
		}
	}
	return w
}

// teams lists the teams of a unit, at any depth.
func (w *oracle) teams(unit string) (teams []string) {
	for id, r := range w.nodes {
		for u := r.Unit; r.Kind == graph.Team && u != ""; u = w.nodes[u].Unit {
			if u == unit {
				teams = append(teams, id)
			}
		}
	}
	slices.Sort(teams)
	return teams
}

func (w *oracle) isBox(id string) bool {
	return w.nodes[id].Kind == graph.Unit && len(w.teams(id)) > 0
}

func (w *oracle) canFail(id string) bool {
	r := w.nodes[id]
	return r.Kind != graph.Customer && r.CanFail != graph.No && !w.isBox(id) && !w.standIn(id)
}

// standIn says whether a node stands in for the customers that there are none of.
func (w *oracle) standIn(id string) bool {
	for _, r := range w.nodes {
		if r.Kind == graph.Customer {
			return false
		}
	}
	return slices.Contains(w.ends(), id)
}

// ends lists the nodes that are served and serve no one.
func (w *oracle) ends() (ends []string) {
	serves, served := map[string]bool{}, map[string]bool{}
	for _, n := range w.needs {
		if n.teams {
			continue
		}
		for _, p := range n.providers {
			from := []string{p}
			if w.isBox(p) {
				from = w.teams(p)
			}
			for _, p := range from {
				if p != n.consumer {
					serves[p], served[n.consumer] = true, true
				}
			}
		}
	}
	for id := range served {
		if !serves[id] {
			ends = append(ends, id)
		}
	}
	slices.Sort(ends)
	return ends
}

func (w *oracle) customers() (customers []string) {
	for id, r := range w.nodes {
		if r.Kind == graph.Customer {
			customers = append(customers, id)
		}
	}
	if len(customers) == 0 {
		return w.ends()
	}
	slices.Sort(customers)
	return customers
}

func (w *oracle) needsFromLinks(links []*graph.LinkRecord) {
	groups := map[string][]*graph.LinkRecord{}
	for _, r := range links {
		if r.Provider == r.Consumer {
			continue
		}
		consumers := []string{r.Consumer}
		if w.isBox(r.Consumer) {
			consumers = w.teams(r.Consumer)
		}
		for _, c := range consumers {
			key := c + "\x00" + graph.Fold(r.Service)
			if graph.Fold(r.Service) == "" {
				key += "\x00" + r.Provider
			}
			groups[key] = append(groups[key], r)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		part := strings.Split(key, "\x00")
		n := oracleNeed{consumer: part[0], service: part[1], least: 1, tolerance: math.Inf(1)}
		for _, r := range groups[key] {
			if r.Provider != n.consumer && !slices.Contains(n.providers, r.Provider) {
				n.providers = append(n.providers, r.Provider)
			}
			n.criticality = max(n.criticality, r.Criticality)
			n.least = max(n.least, int(r.MinProviders.Or(1)))
			n.tolerance = min(n.tolerance, r.Tolerance.Or(math.Inf(1)))
		}
		if n.assumed = n.criticality == graph.NoCriticality; n.assumed {
			n.criticality = graph.Critical
		}
		if math.IsInf(n.tolerance, 1) {
			n.tolerance = 0
		}
		w.add(n)
	}
}

func (w *oracle) add(n oracleNeed) {
	if len(n.providers) > 0 {
		n.k = min(n.least, len(n.providers))
		slices.Sort(n.providers)
		w.needs = append(w.needs, n)
	}
}

// otherNeeds adds those that follow from sites and members.
func (w *oracle) otherNeeds(id string) {
	r := w.nodes[id]
	if r.Kind == graph.Customer || w.isBox(id) {
		return
	}
	sites := slices.Clone(r.Sites)
	slices.Sort(sites)
	for _, site := range slices.Compact(sites) {
		if site != id {
			w.add(oracleNeed{consumer: id, service: "site " + site, criticality: graph.Critical, least: 1, providers: []string{site}})
		}
	}
	members := oracleNeed{consumer: id, service: "members", criticality: graph.Critical, least: int(r.MinStaff.Or(1)), members: true}
	for p, person := range w.nodes {
		if slices.Contains(person.Teams, id) && p != id {
			members.providers = append(members.providers, p)
		}
	}
	if members.least > 0 && int(r.Headcount.Or(0)) <= len(members.providers) {
		w.add(members)
	}
}

// oracleState is what becomes of one node.
type oracleState struct {
	state    State
	hours    float64
	wave     int32
	need     int // in oracle.needs, -1
	provider string
}

// fail works out a failure.
func (w *oracle) fail(stopped, worse []string) map[string]*oracleState {
	at := map[string]*oracleState{}
	for id := range w.nodes {
		at[id] = &oracleState{hours: math.Inf(1), wave: -1, need: -1}
	}
	for _, id := range worse {
		*at[id] = oracleState{state: Degraded, hours: math.Inf(1), need: -1}
	}
	for _, id := range stopped {
		*at[id] = oracleState{state: Down, need: -1}
	}
	w.states(at)
	failed := append(slices.Clone(stopped), worse...)
	w.times(at, Down, failed, stopped)
	w.times(at, Degraded, failed, stopped)
	return at
}

func (w *oracle) states(at map[string]*oracleState) {
	for changed := true; changed; {
		changed = false
		for _, n := range w.needs {
			var all []State
			for _, p := range n.providers {
				all = append(all, at[p].state)
			}
			slices.Sort(all) // best first
			effect := all[n.k-1]
			if n.criticality == graph.Important {
				effect = min(effect, Degraded)
			} else if n.criticality == graph.Minor {
				effect = Up
			}
			if effect > at[n.consumer].state {
				at[n.consumer].state = effect
				changed = true
			}
		}
	}
}

// times gives those of one state their hour, wave and cause.
func (w *oracle) times(at map[string]*oracleState, state State, failed, stopped []string) {
	none := oracleState{hours: math.Inf(1), wave: math.MaxInt32}
	label := func(id string) oracleState {
		s := *at[id]
		switch {
		case s.state == Up || s.wave < 0, state == Down && s.state != Down:
			return none
		case state == Degraded:
			s.hours = 0 // only waves count
		}
		return s
	}
	for changed := true; changed; {
		changed = false
		for i, n := range w.needs {
			x := at[n.consumer]
			fixed := x.state != state || slices.Contains(stopped, n.consumer) || state == Degraded && slices.Contains(failed, n.consumer)
			if fixed || n.criticality == graph.Minor || state == Down && n.criticality != graph.Critical {
				continue
			}
			providers := slices.Clone(n.providers)
			slices.SortFunc(providers, func(a, b string) int {
				x, y := label(a), label(b)
				return cmp.Or(cmp.Compare(x.hours, y.hours), cmp.Compare(x.wave, y.wave), cmp.Compare(a, b))
			})
			breaker := providers[len(providers)-n.k]
			l := label(breaker)
			if l.wave == math.MaxInt32 {
				continue
			}
			now := oracleState{state, l.hours + n.tolerance, l.wave + 1, i, breaker}
			if state == Degraded {
				now.hours = math.Inf(1)
			}
			old := *x
			if old.wave < 0 || x.need < 0 {
				old = none
			}
			if w.earlier(now, old) {
				*x = now
				changed = true
			}
		}
	}
}

func (w *oracle) earlier(a, b oracleState) bool {
	if c := cmp.Or(cmp.Compare(a.hours, b.hours), cmp.Compare(a.wave, b.wave)); c != 0 || b.wave == math.MaxInt32 {
		return c < 0
	}
	x, y := w.needs[a.need], w.needs[b.need]
	return cmp.Or(cmp.Compare(x.tolerance, y.tolerance), cmp.Compare(x.service, y.service), cmp.Compare(a.provider, b.provider)) < 0
}

// chain follows the causes from id back to what failed, as (provider, service, consumer) in order.
func (w *oracle) chain(at map[string]*oracleState, id string) (steps []string) {
	for at[id].need >= 0 {
		n := w.needs[at[id].need]
		steps = append(steps, at[id].provider+" "+n.service+" "+id)
		id = at[id].provider
	}
	slices.Reverse(steps)
	return steps
}
