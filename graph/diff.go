package graph

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// NewSource brings the records of a source into order and numbers rows about the same thing. Their order within that thing
// is by file, sheet and row. It takes the slices and sets Nth in the records.
func NewSource(name string, nodes []*NodeRecord, links []*LinkRecord) *Source {
	sortRecords(nodes, func(a, b *NodeRecord) int {
		a0, b0 := a.Key(), b.Key()
		a0.Nth, b0.Nth = 0, 0
		return cmp.Or(compareNodeKeys(a0, b0), compareOrigins(a.From, b.From))
	})
	var last NodeKey
	for i, r := range nodes {
		r.Nth = 0
		if k := r.Key(); i > 0 && last.Unit == k.Unit && last.ByName == k.ByName && last.Ref == k.Ref {
			r.Nth = last.Nth + 1
		}
		last = r.Key()
	}
	sortLinks(links)
	return &Source{Name: name, Nodes: nodes, Links: links}
}

// sortLinks sorts records by their ends, their service and where they come from, unless they are in order already, and numbers those about
// the same link.
//
// Most of the time of a million links in the order of a survey goes into waiting for the memory of a record or a text, so each is looked at
// once: a few bytes of both ends, those behind what all have in common, decide nearly always. Half of the links are sorted beside the
// other half.
func sortLinks(links []*LinkRecord) {
	if len(links) == 0 {
		return
	}
	all := beginnings(links)
	if !slices.IsSortedFunc(all, linkBegin.compare) {
		all = sortHalves(all)
	}
	for i := range all {
		links[i] = all[i].record
		if i > 0 && all[i].sameLink(all[i-1]) {
			links[i].Nth = links[i-1].Nth + 1
		}
	}
}

// linkBegin is a record with what its ends begin with, behind what those of all records begin with.
type linkBegin struct {
	provider, consumer uint64
	record             *LinkRecord
}

// sortHalves sorts the two halves side by side, and brings them together.
func sortHalves(all []linkBegin) []linkBegin {
	half := len(all) / 2
	sorted := make([]linkBegin, len(all))
	both(len(all), func() { sortBegins(all[:half], sorted[:half]) }, func() { sortBegins(all[half:], sorted[half:]) })
	both(len(all), func() { // the lower half of what comes out, from the front
		a, b := all[:half], all[half:]
		for i := range half {
			if len(b) == 0 || len(a) > 0 && a[0].compare(b[0]) <= 0 {
				sorted[i], a = a[0], a[1:]
			} else {
				sorted[i], b = b[0], b[1:]
			}
		}
	}, func() { // the upper one, from the back
		a, b := all[:half], all[half:]
		for i := len(all) - 1; i >= half; i-- {
			if len(a) == 0 || len(b) > 0 && a[len(a)-1].compare(b[len(b)-1]) <= 0 {
				sorted[i], b = b[len(b)-1], b[:len(b)-1]
			} else {
				sorted[i], a = a[len(a)-1], a[:len(a)-1]
			}
		}
	})
	return sorted
}

// sortBegins sorts by the numbers, byte by byte from the last one on (radix sort; Seward, 1954), and then what these do not decide. It is
// twice as fast as comparing. spare is as long as all, and holds nothing then. O(n) where the numbers decide.
func sortBegins(all, spare []linkBegin) {
	from, to := all, spare
	for digit := range 16 {
		var at [257]int // where the links with each value of the byte go
		for i := range from {
			at[int(from[i].byte(digit))+1]++
		}
		if slices.Contains(at[:], len(from)) {
			continue
		}
		for i := range 256 {
			at[i+1] += at[i]
		}
		for i := range from {
			value := from[i].byte(digit)
			to[at[value]] = from[i]
			at[value]++
		}
		from, to = to, from
	}
	copy(all, from)
	for i, j := 0, 0; i < len(all); i = j {
		for j = i + 1; j < len(all) && all[j].provider == all[i].provider && (all[j].consumer == all[i].consumer || !isAll(all[i].provider)); j++ {
		}
		slices.SortFunc(all[i:j], linkBegin.compare)
	}
}

// byte gives one of the 16 bytes of the numbers; that of 0 decides least.
func (a linkBegin) byte(i int) byte {
	if i < 8 {
		return byte(a.consumer >> (8 * i))
	}
	return byte(a.provider >> (8 * (i - 8)))
}

// both does two things, side by side where n things are worth it.
func both(n int, a, b func()) {
	if n < 10_000 {
		a()
		b()
		return
	}
	var other sync.WaitGroup
	other.Go(b)
	a()
	other.Wait()
}

// beginnings reads the records, and takes away their numbers.
func beginnings(links []*LinkRecord) []linkBegin {
	all, half := make([]linkBegin, len(links)), len(links)/2
	begin := func(from, to int, common ends) ends {
		for i, r := range links[from:to] {
			if r.Nth != 0 {
				r.Nth = 0
			}
			common = common.inCommon(ends{r.Provider, r.Consumer})
			all[from+i] = linkBegin{beginOf(r.Provider[len(common.provider):]), beginOf(r.Consumer[len(common.consumer):]), r}
		}
		return common
	}
	common := ends{links[0].Provider, links[0].Consumer}
	for _, r := range links[:min(len(links), 100)] { // nearly always what all have in common
		common = common.inCommon(ends{r.Provider, r.Consumer})
	}
	for {
		var a, b ends
		both(len(links), func() { a = begin(0, half, common) }, func() { b = begin(half, len(links), common) })
		if a = a.inCommon(b); a == common {
			return all
		}
		common = a
	}
}

// ends are the texts of both ends of a link, or what those of several begin with.
type ends struct{ provider, consumer string }

func (e ends) inCommon(f ends) ends {
	return ends{inCommon(e.provider, f.provider), inCommon(e.consumer, f.consumer)}
}

func (a linkBegin) compare(b linkBegin) int {
	switch {
	case a.provider != b.provider:
		return cmp.Compare(a.provider, b.provider)
	case a.consumer != b.consumer && (isAll(a.provider) || a.record.Provider == b.record.Provider):
		return cmp.Compare(a.consumer, b.consumer)
	}
	if c := compareLinkTexts(a.record, b.record); c != 0 {
		return c
	}
	return compareOrigins(a.record.From, b.record.From)
}

// sameLink says that two records are about one link, the one being next to the other in order.
func (a linkBegin) sameLink(b linkBegin) bool {
	return a.provider == b.provider && a.consumer == b.consumer && compareLinkTexts(a.record, b.record) == 0
}

// inCommon gives what two texts begin with.
func inCommon(a, b string) string {
	if strings.HasPrefix(b, a) {
		return a
	}
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return a[:n]
}

// beginOf gives the first seven bytes of a text and its length, up to eight, as a number that is in the order of the texts. Of two that are
// equal nothing is known unless they are all of the text.
func beginOf(s string) (n uint64) {
	for i := range 7 {
		n <<= 8
		if i < len(s) {
			n |= uint64(s[i])
		}
	}
	return n<<8 | uint64(min(len(s), 8))
}

// isAll says that there is no more of a text than its begin.
func isAll(begin uint64) bool { return begin&0xff < 8 }

// sortRecords sorts unless the records are in order already, as those of an exported file are.
func sortRecords[R any](rs []R, compare func(a, b R) int) {
	if !slices.IsSortedFunc(rs, compare) {
		slices.SortFunc(rs, compare)
	}
}

// Diff compares an Org with freshly imported facts: for every source of incoming, what has to change in current so that the
// source states just what incoming says. Sources that incoming does not hold stay untouched; a source that is new ranks
// after all others. O(facts) for records in order.
func Diff(current, incoming *Org) *ChangeSet {
	cs := &ChangeSet{Base: current.Version}
	rank := 0
	for _, s := range current.Sources {
		rank = max(rank, s.Rank)
	}
	for _, in := range incoming.Sources {
		have := current.Source(in.Name)
		if have == nil {
			rank++
			cs.Sources = append(cs.Sources, SourceChange{Name: in.Name, New: rank})
			have = &Source{}
		}
		mergeRecords(have.Nodes, in.Nodes, (*NodeRecord).Compare, func(old, new *NodeRecord) {
			if old == nil || new == nil || old.From != new.From || !sameNode(old, new) {
				cs.Nodes = append(cs.Nodes, NodeChange{in.Name, old, new})
			}
		})
		mergeRecords(have.Links, in.Links, (*LinkRecord).Compare, func(old, new *LinkRecord) {
			if old == nil || new == nil || old.From != new.From || !sameLink(old, new) {
				cs.Links = append(cs.Links, LinkChange{in.Name, old, new})
			}
		})
	}
	cs.sort()
	return cs
}

// mergeRecords walks two sorted lists and gives what stands at each key in either.
func mergeRecords[R any](olds, news []*R, compare func(a, b *R) int, each func(old, new *R)) {
	for len(olds) > 0 || len(news) > 0 {
		order := 0
		switch {
		case len(news) == 0:
			order = -1
		case len(olds) == 0:
			order = 1
		default:
			order = compare(olds[0], news[0])
		}
		switch {
		case order < 0:
			each(olds[0], nil)
			olds = olds[1:]
		case order > 0:
			each(nil, news[0])
			news = news[1:]
		default:
			each(olds[0], news[0])
			olds, news = olds[1:], news[1:]
		}
	}
}

// Compare orders the records of one source by key: nodes before units, those with an id before those with only a name.
func (r *NodeRecord) Compare(other *NodeRecord) int { return compareNodeKeys(r.Key(), other.Key()) }

func compareNodeKeys(a, b NodeKey) int {
	return cmp.Or(compareBools(a.Unit, b.Unit), compareBools(a.ByName, b.ByName), strings.Compare(a.Ref, b.Ref), cmp.Compare(a.Nth, b.Nth))
}

// Compare orders the records of one source by key: provider, consumer, service as they were written, then Nth.
func (r *LinkRecord) Compare(other *LinkRecord) int {
	if c := compareLinkTexts(r, other); c != 0 {
		return c
	}
	return cmp.Compare(r.Nth, other.Nth)
}

// compareLinkTexts stops at the first difference, as it decides how fast a million links are sorted.
func compareLinkTexts(a, b *LinkRecord) int {
	if c := strings.Compare(a.Provider, b.Provider); c != 0 {
		return c
	}
	if c := strings.Compare(a.Consumer, b.Consumer); c != 0 {
		return c
	}
	return strings.Compare(a.Service, b.Service)
}

func compareOrigins(a, b Origin) int {
	return cmp.Or(strings.Compare(a.File, b.File), strings.Compare(a.Sheet, b.Sheet), cmp.Compare(a.Row, b.Row))
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// sameNode says that two records state the same, wherever they stand.
func sameNode(a, b *NodeRecord) bool {
	if a == b {
		return true
	}
	return a.ID == b.ID && a.Name == b.Name && a.Kind == b.Kind && a.Unit == b.Unit &&
		a.Headcount == b.Headcount && a.MinStaff == b.MinStaff && a.Capacity == b.Capacity &&
		a.RecoveryHours == b.RecoveryHours && a.FailuresPerYear == b.FailuresPerYear && a.Value == b.Value &&
		a.Segment == b.Segment && a.CanFail == b.CanFail && a.Contact == b.Contact &&
		slices.Equal(a.Sites, b.Sites) && slices.Equal(a.Tags, b.Tags) && slices.Equal(a.Aliases, b.Aliases) &&
		slices.Equal(a.Teams, b.Teams) && a.Manager == b.Manager && a.Role == b.Role && slices.Equal(a.Attrs, b.Attrs)
}

// sameLink says that two records state the same, wherever they stand.
func sameLink(a, b *LinkRecord) bool {
	if a == b {
		return true
	}
	return a.Provider == b.Provider && a.Consumer == b.Consumer && a.Service == b.Service &&
		a.Criticality == b.Criticality && a.MinProviders == b.MinProviders && a.Tolerance == b.Tolerance &&
		a.Volume == b.Volume && a.LeadTime == b.LeadTime && a.Satisfaction == b.Satisfaction &&
		a.ResponseHours == b.ResponseHours && a.Cost == b.Cost && a.Agreement == b.Agreement && a.Channel == b.Channel &&
		a.Feedback == b.Feedback && a.DeclaredBy == b.DeclaredBy && a.ConfirmedOn == b.ConfirmedOn && slices.Equal(a.Attrs, b.Attrs)
}
