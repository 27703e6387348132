package graph

import (
	"cmp"
	"math"
	"slices"
)

// needRow says that a provider is one of those of a need.
type needRow struct {
	consumer int32
	service  int32 // folded, numbered; a blank one is a need for each provider
	provider int32
	link     int32
}

// sameNeed says that two rows belong to one need.
func (r needRow) sameNeed(o needRow) bool {
	return r.consumer == o.consumer && r.service == o.service && (r.service != 0 || r.provider == o.provider)
}

// buildNeeds groups the links into needs and adds those that follow from sites, members and units.
func (b *builder) buildNeeds() {
	rows := b.needRows()
	slices.SortFunc(rows, func(x, y needRow) int {
		switch {
		case x.consumer != y.consumer:
			return cmp.Compare(x.consumer, y.consumer)
		case x.service != y.service:
			return cmp.Compare(x.service, y.service)
		case x.provider != y.provider:
			return cmp.Compare(x.provider, y.provider)
		}
		return cmp.Compare(x.link, y.link)
	})
	providers := make([]int32, 0, len(rows))
	links := make([]int32, 0, len(rows))
	count := 0
	for i := range rows {
		if i == 0 || !rows[i].sameNeed(rows[i-1]) {
			count++
		}
	}
	b.Needs = make([]Need, 0, count+len(b.Nodes))
	var merged []LinkSource
	for i := 0; i < len(rows); {
		n := i + 1
		for n < len(rows) && rows[n].sameNeed(rows[i]) {
			n++
		}
		group := rows[i:n]
		i = n
		start, self := len(providers), false
		for j, r := range group {
			switch {
			case r.provider == r.consumer: // a unit's need on one of its own teams
				self = true
			case j == 0 || group[j-1].provider != r.provider:
				providers = append(providers, r.provider)
				links = append(links, r.link)
			}
		}
		end := len(providers)
		if start == end {
			continue
		}
		b.Needs = append(b.Needs, b.needOf(group, providers[start:end:end], links[start:end:end], self))
		if len(group) > 1 && !b.toldBefore(group) {
			merged = merged[:0]
			for _, r := range group {
				merged = append(merged, LinkSource{Record: b.Links[r.link].Values})
			}
			b.reportDisagreement(&b.Links[group[0].link], merged)
		}
	}
	stated := len(b.Needs)
	for i := range int32(len(b.Nodes)) {
		b.addSites(i)
		b.addMembers(i)
	}
	b.addUnits()
	if len(b.Needs) > stated {
		slices.SortStableFunc(b.Needs, func(x, y Need) int { return cmp.Compare(x.Consumer, y.Consumer) })
	}
	b.idx.needsFrom = make([]int32, len(b.Nodes)+1)
	for i := range b.Needs {
		b.idx.needsFrom[b.Needs[i].Consumer+1]++
	}
	for i := range b.Nodes {
		b.idx.needsFrom[i+1] += b.idx.needsFrom[i]
	}
	b.idx.served = makeRows(len(b.Nodes), func(yield func(row, value int32)) {
		for i := range b.Needs {
			for _, p := range b.Needs[i].Providers {
				yield(p, int32(i))
			}
		}
	})
}

// toldBefore says that a need follows from links to one unit only, and that its teams before this one have the same.
func (b *builder) toldBefore(group []needRow) bool {
	unit := b.Links[group[0].link].Consumer
	return b.IsBox(unit) && group[0].consumer != b.TeamsOf(unit)[0] &&
		!slices.ContainsFunc(group, func(r needRow) bool { return b.Links[r.link].Consumer != unit })
}

// needRows lists who provides what to whom, a unit that consumes replaced by its teams.
func (b *builder) needRows() []needRow {
	rows := make([]needRow, 0, len(b.Links))
	for i := range b.Links {
		l := &b.Links[i]
		r := needRow{l.Consumer, b.idx.service[i], l.Provider, int32(i)}
		if !b.IsBox(l.Consumer) {
			rows = append(rows, r)
			continue
		}
		for _, r.consumer = range b.TeamsOf(l.Consumer) {
			rows = append(rows, r)
		}
	}
	return rows
}

// needOf merges the links of one need: highest criticality, highest min_providers, lowest tolerance of the values given.
func (b *builder) needOf(group []needRow, providers, links []int32, self bool) Need {
	first := &b.Links[group[0].link]
	n := Need{Consumer: group[0].consumer, Service: first.Service, Providers: providers, Links: links}
	tolerance, least := math.Inf(1), 0.0
	for _, r := range group {
		v := b.Links[r.link].Values
		n.Criticality = max(n.Criticality, v.Criticality)
		tolerance = min(tolerance, v.Tolerance.Or(math.Inf(1)))
		least = max(least, v.MinProviders.Or(0))
	}
	n.AssumedCriticality = n.Criticality == NoCriticality
	n.Criticality = n.Criticality.OrDefault()
	if n.AssumedTolerance = math.IsInf(tolerance, 1); !n.AssumedTolerance {
		n.Tolerance = max(tolerance, 0)
	}
	distinct := len(providers)
	if self {
		distinct++
	}
	n.setK(least, distinct)
	return n
}

// setK sets how many providers must work; a need with fewer distinct providers than that is unmet and goes on with all it has.
func (n *Need) setK(least float64, distinct int) {
	n.MinProviders = int32(min(max(least, 1), math.MaxInt32))
	n.K = min(n.MinProviders, int32(len(n.Providers)))
	n.Unmet = distinct < int(n.MinProviders)
}

// addSites adds the needs of a node that stands at sites.
func (b *builder) addSites(i int32) {
	if b.Nodes[i].Kind == Customer || b.IsBox(i) {
		return
	}
	for _, site := range b.Nodes[i].Sites {
		if site != i {
			b.Needs = append(b.Needs, b.followingNeed(i, ServiceSitePrefix+b.Nodes[site].Name, []int32{site}, FromSite))
		}
	}
}

// addMembers adds the need of a team for its members. There is none when more people exist than were imported.
func (b *builder) addMembers(i int32) {
	n := &b.Nodes[i]
	members := slices.DeleteFunc(slices.Clone(b.MembersOf(i)), func(m int32) bool { return m == i })
	least := n.MinStaff.Or(1)
	if len(members) == 0 || n.Headcount.Or(0) > float64(len(members)) || least < 1 || n.Kind == Customer || b.IsBox(i) {
		return
	}
	need := b.followingNeed(i, ServiceMembers, members, FromMembers)
	need.setK(least, len(members))
	b.Needs = append(b.Needs, need)
}

// addUnits adds the need of every unit that serves somebody: at least one of its teams.
func (b *builder) addUnits() {
	serving := make([]bool, len(b.Nodes))
	for i := range b.Needs {
		for _, p := range b.Needs[i].Providers {
			serving[p] = true
		}
	}
	for i := range int32(len(b.Nodes)) {
		if serving[i] && b.IsBox(i) {
			b.Needs = append(b.Needs, b.followingNeed(i, ServiceTeams, b.TeamsOf(i), FromTeams))
		}
	}
}

// followingNeed makes a need that no link states: critical, at once.
func (b *builder) followingNeed(consumer int32, service string, providers []int32, origin NeedOrigin) Need {
	n := Need{Consumer: consumer, Service: service, Criticality: Critical, Providers: providers, Links: make([]int32, len(providers)), Origin: origin}
	for i := range n.Links {
		n.Links[i] = -1
	}
	n.setK(1, len(providers))
	return n
}

// buildPairs lists who serves whom, each pair once.
func (b *builder) buildPairs() {
	pairs := make([]int64, 0, len(b.Needs))
	for i := range b.Needs {
		n := &b.Needs[i]
		if n.Origin == FromTeams {
			continue
		}
		for _, p := range n.Providers {
			from := []int32{p}
			if b.IsBox(p) {
				from = b.TeamsOf(p)
			}
			for _, p := range from {
				if p != n.Consumer {
					pairs = append(pairs, int64(p)<<32|int64(n.Consumer))
				}
			}
		}
	}
	slices.Sort(pairs)
	pairs = slices.Compact(pairs)
	b.idx.out = makeRows(len(b.Nodes), func(yield func(row, value int32)) {
		for _, p := range pairs {
			yield(int32(p>>32), int32(p))
		}
	})
	b.idx.in = makeRows(len(b.Nodes), func(yield func(row, value int32)) {
		for _, p := range pairs {
			yield(int32(p), int32(p>>32))
		}
	})
}
