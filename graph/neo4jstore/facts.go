package neo4jstore

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// facts are what the sources of an organisation state at one version, cut into chunks as the database holds them. Immutable.
type facts struct {
	org    *graph.Org
	chunks map[string]sourceChunks // by source
	seal   string
}

// sourceChunks are the chunks of one source, in order.
type sourceChunks struct {
	nodes []stretch[graph.NodeRecord]
	links []stretch[graph.LinkRecord]
}

// stretch is a chunk: some of the sorted records of a source, never none. A chunk is never changed, only replaced.
type stretch[R any] struct {
	uid     string
	records []*R
}

// replaced are the chunks that one version adds and takes away.
type replaced struct {
	prefix string // of uids: the organisation
	fresh  []freshChunk
	gone   []string // uids
}

// freshChunk is a chunk to be written.
type freshChunk struct {
	uid, source, entity string
	count               int
	records             any // []*graph.NodeRecord or []*graph.LinkRecord
}

// seal is a digest of the version, the sources with their ranks and the chunks. Neo4j does not show a reader all of a
// transaction at the same moment; who has read version, sources and chunks and finds their seal on the organisation knows that
// they belong together and that none is missing.
func seal(version int64, sources []*graph.Source, uids []string) string {
	h := sha256.New()
	fmt.Fprintln(h, version)
	sources = slices.SortedFunc(slices.Values(sources), func(a, b *graph.Source) int { return strings.Compare(a.Name, b.Name) })
	for _, s := range sources {
		fmt.Fprintf(h, "%q %d\n", s.Name, s.Rank)
	}
	for _, uid := range slices.Sorted(slices.Values(uids)) {
		fmt.Fprintln(h, uid)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// uids names all chunks.
func (f *facts) uids() []string {
	var uids []string
	for _, cs := range f.chunks {
		for _, c := range cs.nodes {
			uids = append(uids, c.uid)
		}
		for _, c := range cs.links {
			uids = append(uids, c.uid)
		}
	}
	return uids
}

// next gives the facts of the version after f, and which chunks that replaces. after is f.org after a change set, so that the
// two share the records that did not change; its Version is set. O(facts of the sources that change), a comparison of pointers each.
func (f *facts) next(after *graph.Org) (*facts, *replaced) {
	now, re := &facts{org: after, chunks: map[string]sourceChunks{}}, &replaced{prefix: after.Name + "/"}
	for _, s := range after.Sources {
		have := f.chunks[s.Name]
		now.chunks[s.Name] = sourceChunks{
			nodes: recut(re, s.Name, "node", have.nodes, s.Nodes, (*graph.NodeRecord).Compare),
			links: recut(re, s.Name, "link", have.links, s.Links, (*graph.LinkRecord).Compare),
		}
	}
	for _, s := range f.org.Sources {
		if after.Source(s.Name) == nil {
			recut(re, s.Name, "node", f.chunks[s.Name].nodes, nil, (*graph.NodeRecord).Compare)
			recut(re, s.Name, "link", f.chunks[s.Name].links, nil, (*graph.LinkRecord).Compare)
		}
	}
	now.seal = seal(after.Version, after.Sources, now.uids())
	return now, re
}

// recut cuts the records of a source into chunks, keeping those of old that hold just what they held. A chunk that changed is
// cut together with those next to it that changed too, or with the one behind it when little is left of it.
func recut[R any](re *replaced, source, entity string, old []stretch[R], records []*R, compare func(a, b *R) int) []stretch[R] {
	var now []stretch[R]
	var loose []*R // what has to be cut anew: all before records[from]
	flush := func() {
		for piece := range evenly(loose) {
			c := stretch[R]{re.prefix + rand.Text(), piece}
			now = append(now, c)
			re.fresh = append(re.fresh, freshChunk{c.uid, source, entity, len(piece), piece})
		}
		loose = nil
	}
	at := 0
	for i, c := range old {
		end := len(records)
		if i+1 < len(old) {
			n, _ := slices.BinarySearchFunc(records[at:], old[i+1].records[0], compare)
			end = at + n
		}
		part := records[at:end:end]
		isSmall := len(loose) > 0 && len(loose) < chunkRecords/2
		if slices.Equal(part, c.records) && !isSmall {
			flush()
			now = append(now, stretch[R]{c.uid, part})
		} else {
			re.gone = append(re.gone, c.uid)
			loose = records[at-len(loose) : end : end]
		}
		at = end
	}
	if len(old) == 0 {
		loose = records
	}
	flush()
	return now
}

// evenly cuts a list into as few pieces of nearly equal length as chunks need.
func evenly[R any](list []*R) func(yield func([]*R) bool) {
	return func(yield func([]*R) bool) {
		for n := (len(list) + chunkRecords - 1) / chunkRecords; n > 0; n-- {
			size := (len(list) + n - 1) / n
			if !yield(list[:size:size]) {
				return
			}
			list = list[size:]
		}
	}
}

// assemble puts the chunks of an organisation that were read, in any order, together.
func assemble(org *graph.Org, nodes map[string][]stretch[graph.NodeRecord], links map[string][]stretch[graph.LinkRecord]) *facts {
	f := &facts{org: org, chunks: map[string]sourceChunks{}}
	for _, s := range org.Sources {
		cs := sourceChunks{nodes[s.Name], links[s.Name]}
		s.Nodes = join(cs.nodes, (*graph.NodeRecord).Compare)
		s.Links = join(cs.links, (*graph.LinkRecord).Compare)
		f.chunks[s.Name] = cs
	}
	return f
}

// join sorts chunks and gives all their records; the chunks then share that list.
func join[R any](chunks []stretch[R], compare func(a, b *R) int) []*R {
	slices.SortFunc(chunks, func(a, b stretch[R]) int {
		return cmp.Or(compare(a.records[0], b.records[0]), strings.Compare(a.uid, b.uid))
	})
	n := 0
	for _, c := range chunks {
		n += len(c.records)
	}
	all := make([]*R, 0, n)
	for i, c := range chunks {
		from := len(all)
		all = append(all, c.records...)
		chunks[i].records = all[from:len(all):len(all)]
	}
	return all
}
