package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"example.com/whoserves/graph"
)

// head is what the node of an organisation says: its version and what belongs to it. An organisation that is not there is at
// version 0 and has nothing.
type head struct {
	version int64
	seal    string
	sources []*graph.Source // names and ranks only
	pending *pending        // nil: nobody is in the middle of an import in batches
	begun   int64           // how many imports in batches ever began, those that came to nothing too
}

// Version implements graph.Store. O(1), one round trip.
func (s *Store) Version(ctx context.Context) (int64, error) {
	ctx, cancel := quick(ctx)
	defer cancel()
	h, err := s.head(ctx)
	return h.version, err
}

// head reads the node of the organisation.
func (s *Store) head(ctx context.Context) (h head, err error) {
	err = s.read(ctx, func(tx neo4j.ManagedTransaction) error {
		h, err = readHead(ctx, tx, s.org)
		return err
	})
	return h, err
}

// runner is a transaction of either sort.
type runner interface {
	Run(ctx context.Context, cypher string, params map[string]any) (neo4j.ResultWithContext, error)
}

func readHead(ctx context.Context, tx runner, org string) (head, error) {
	result, err := tx.Run(ctx, `MATCH (o:WhoservesOrg {name: $org})
		RETURN coalesce(o.version, 0) AS version, coalesce(o.seal, '') AS seal, coalesce(o.sources, []) AS sources, coalesce(o.ranks, []) AS ranks,
			o.pending AS pending, coalesce(o.owner, '') AS owner, coalesce(o.phase, '') AS phase, coalesce(o.step, 0) AS step,
			coalesce(o.lease, 0) - timestamp() AS left, coalesce(o.begun, 0) AS begun`, map[string]any{"org": org})
	if err != nil {
		return head{}, err
	}
	if !result.Next(ctx) {
		return head{}, result.Err()
	}
	row := values{result.Record(), nil}
	h := head{version: row.number("version"), seal: row.text("seal"), begun: row.number("begun")}
	names, ranks := row.list("sources"), row.list("ranks")
	if len(names) != len(ranks) {
		return head{}, damaged("the organisation", fmt.Errorf("it has %d sources and %d ranks", len(names), len(ranks)))
	}
	for i := range names {
		name, ok1 := names[i].(string)
		rank, ok2 := ranks[i].(int64)
		if !ok1 || !ok2 {
			return head{}, damaged("the organisation", errors.New("a source has no name or rank"))
		}
		h.sources = append(h.sources, &graph.Source{Name: name, Rank: int(rank)})
	}
	if version, ok := row.any("pending").(int64); ok {
		h.pending = &pending{version: version, owner: row.text("owner"), phase: phase(row.text("phase")), step: row.number("step"),
			left: time.Duration(row.number("left")) * time.Millisecond}
	}
	if row.err != nil {
		return head{}, damaged("the organisation", row.err)
	}
	_, err = result.Consume(ctx)
	return h, err
}

// values reads the values of a row by name and type; err is the first that was otherwise.
type values struct {
	record *neo4j.Record
	err    error
}

func (v *values) any(name string) any {
	x, _ := v.record.Get(name)
	return x
}

func valueAs[T any](v *values, name string) T {
	x, ok := v.any(name).(T)
	if !ok && v.err == nil {
		v.err = fmt.Errorf("its %s is a %T", name, v.any(name))
	}
	return x
}

func (v *values) text(name string) string  { return valueAs[string](v, name) }
func (v *values) number(name string) int64 { return valueAs[int64](v, name) }
func (v *values) list(name string) []any   { return valueAs[[]any](v, name) }

// cache keeps the facts that a handle read or wrote last. It is never trusted: it only saves the reading of chunks that the
// database still has, and of all when its seal is still that of the organisation.
type cache struct {
	mu   sync.Mutex
	last *facts
}

func (c *cache) get() *facts {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last
}

func (c *cache) put(f *facts) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = f
}

// Load implements graph.Store. The first time O(facts), about 300,000 records a second; later one round trip when nothing
// changed, else O(facts of the chunks that changed), and a walk over the records.
func (s *Store) Load(ctx context.Context) (*graph.Org, error) {
	f, err := s.facts(ctx)
	if err != nil {
		return nil, err
	}
	org := *f.org
	org.Sources = make([]*graph.Source, len(f.org.Sources))
	for i, source := range f.org.Sources {
		own := *source
		org.Sources[i] = &own
	}
	return &org, nil
}

// errMoved says that what was read does not belong together, as somebody wrote meanwhile.
var errMoved = errors.New("its parts do not belong together")

// settleTime is how long parts that do not belong together may be read again and again: what belongs together is written in
// one transaction, which readers see bit by bit for some milliseconds.
const settleTime = 10 * time.Second

// facts gives the current facts.
func (s *Store) facts(ctx context.Context) (*facts, error) {
	var f *facts
	err := s.settled(ctx, func() (version int64, err error) {
		have := s.cache.get()
		err = s.read(ctx, func(tx neo4j.ManagedTransaction) error {
			h, err := readHead(ctx, tx, s.org)
			if err != nil {
				return err
			}
			version = h.version
			f, err = s.readFacts(ctx, tx, h, have)
			return err
		})
		return version, err
	})
	if err != nil {
		return nil, err
	}
	s.cache.put(f)
	return f, nil
}

// settled reads until what it reads belongs together. While the version moves on it goes on; when one version does not come
// together within the store's patience, something is missing.
func (s *Store) settled(ctx context.Context, read func() (version int64, err error)) error {
	last, until := int64(-1), time.Time{}
	for {
		version, err := read()
		if !errors.Is(err, errMoved) {
			return err
		}
		now := time.Now()
		if version != last {
			last, until = version, now.Add(s.patience)
		}
		if now.After(until) {
			return damaged(fmt.Sprintf("version %d of organisation “%s”", version, s.org), err)
		}
		if err := sleep(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
}

// sleep waits, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}

// readFacts reads the chunks of a version, but for those of have.
func (s *Store) readFacts(ctx context.Context, tx runner, h head, have *facts) (*facts, error) {
	org := &graph.Org{Name: s.org, Version: h.version, Sources: h.sources}
	if h.version == 0 {
		return &facts{org: org, chunks: map[string]sourceChunks{}}, nil
	}
	if have != nil && have.org.Version == h.version && have.seal == h.seal {
		return have, nil
	}
	known := []string{}
	if have != nil {
		known = have.uids()
	}
	result, err := tx.Run(ctx, `MATCH (f:WhoservesFacts) WHERE f.uid STARTS WITH $prefix AND f.since <= $version AND (f.until IS NULL OR f.until > $version)
		RETURN f.uid AS uid, f.source AS source, f.entity AS entity, f.count AS count, CASE WHEN f.uid IN $known THEN null ELSE f.data END AS data`,
		map[string]any{"prefix": s.org + "/", "version": h.version, "known": known})
	if err != nil {
		return nil, err
	}
	all, err := readChunks(ctx, result, have)
	if err != nil {
		return nil, err
	}
	if seal(h.version, h.sources, all.uids) != h.seal {
		return nil, errMoved
	}
	if all.err != nil {
		return nil, damaged(fmt.Sprintf("version %d of organisation “%s”", h.version, s.org), all.err)
	}
	graph.SortSources(org.Sources)
	f := assemble(org, all.nodes, all.links)
	f.seal = h.seal
	return f, nil
}

// readChunk is a chunk as the database gives it.
type readChunk struct {
	uid, source, entity string
	count               int64
	data                []byte
}

// chunkReader unpacks chunks, several at once.
type chunkReader struct {
	mu    sync.Mutex
	nodes map[string][]stretch[graph.NodeRecord] // by source
	links map[string][]stretch[graph.LinkRecord] // by source
	uids  []string
	err   error // the first chunk that could not be read
}

// readChunks reads a result with uid, source, entity and data of chunks to its end; chunks without data are taken from have.
func readChunks(ctx context.Context, result neo4j.ResultWithContext, have *facts) (*chunkReader, error) {
	r := &chunkReader{nodes: map[string][]stretch[graph.NodeRecord]{}, links: map[string][]stretch[graph.LinkRecord]{}}
	packed := make(chan readChunk, 16)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			texts := interner{}
			for c := range packed {
				r.unpack(c, texts)
			}
		})
	}
	known, kept := map[string]bool{}, map[string]bool{}
	if have != nil {
		for _, uid := range have.uids() {
			known[uid] = true
		}
	}
	var uids []string
	for result.Next(ctx) {
		row := values{result.Record(), nil}
		c := readChunk{uid: row.text("uid"), source: row.text("source"), entity: row.text("entity"), count: row.number("count")}
		uids = append(uids, c.uid)
		if row.any("data") == nil && known[c.uid] {
			kept[c.uid] = true
			continue
		}
		c.data = valueAs[[]byte](&row, "data")
		if row.err != nil {
			r.fail(c.uid, row.err)
			continue
		}
		packed <- c
	}
	close(packed)
	workers.Wait()
	r.uids = uids
	r.keep(have, kept)
	return r, result.Err()
}

// keep adds those of the known chunks that the database still has.
func (r *chunkReader) keep(have *facts, kept map[string]bool) {
	if have == nil {
		return
	}
	for name, cs := range have.chunks {
		r.nodes[name] = appendKept(r.nodes[name], cs.nodes, kept)
		r.links[name] = appendKept(r.links[name], cs.links, kept)
	}
}

func appendKept[R any](chunks, known []stretch[R], kept map[string]bool) []stretch[R] {
	for _, c := range known {
		if kept[c.uid] {
			chunks = append(chunks, c)
		}
	}
	return chunks
}

func (r *chunkReader) unpack(c readChunk, texts interner) {
	switch c.entity {
	case "node":
		records, err := unpackNodes(c.data, int(c.count), texts)
		if err != nil {
			r.fail(c.uid, err)
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.nodes[c.source] = append(r.nodes[c.source], stretch[graph.NodeRecord]{c.uid, records})
	case "link":
		records, err := unpackLinks(c.data, int(c.count), texts)
		if err != nil {
			r.fail(c.uid, err)
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.links[c.source] = append(r.links[c.source], stretch[graph.LinkRecord]{c.uid, records})
	default:
		r.fail(c.uid, fmt.Errorf("there are no facts about %q", c.entity))
	}
}

func (r *chunkReader) fail(uid string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		r.err = fmt.Errorf("WhoservesFacts %s: %w", uid, err)
	}
}
