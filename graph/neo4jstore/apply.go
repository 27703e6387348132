package neo4jstore

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/propertygraph"
)

// Apply implements graph.Store. What fits the server's memory is written in one transaction, anything larger in batches, of
// which others see nothing before the last (see the package's words on imports). While somebody else's import in batches is
// going on Apply waits for it. O(facts) here, 20,000 to 40,000 changes a second on the server.
func (s *Store) Apply(ctx context.Context, cs *graph.ChangeSet, record graph.VersionRecord) (int64, error) {
	if cs.Empty() {
		return s.Version(ctx)
	}
	if record.Number != 0 && record.Number != cs.Base+1 {
		return 0, fmt.Errorf("the change set leads to version %d, the record says %d", cs.Base+1, record.Number)
	}
	record.Number = cs.Base + 1
	before, err := s.facts(ctx)
	if err != nil {
		return 0, err
	}
	if before.org.Version != cs.Base {
		return 0, &graph.ConflictError{Base: cs.Base, Now: before.org.Version}
	}
	w, err := prepare(before, cs, record)
	if err != nil {
		return 0, err
	}
	if err := s.put(ctx, w); err != nil {
		return 0, err
	}
	s.cache.put(w.after)
	return record.Number, nil
}

// work is a change set on its way into the database.
type work struct {
	before, after *facts
	replaced      *replaced
	delta         *propertygraph.Delta // of the plain graph
	log           []*graph.ChangeSet   // in pieces
	record        graph.VersionRecord
	token         string // random: by it an import knows its version again

	// isSeen says that delta follows from how the plain graph was seen, when as many imports in batches had begun. It holds only
	// while no other begins, as such an import changes the graph before it moves the version, or comes to nothing.
	isSeen bool
	begun  int64
}

// prepare works out all that an import writes. O(facts).
func prepare(before *facts, cs *graph.ChangeSet, record graph.VersionRecord) (*work, error) {
	org, err := before.org.Apply(cs)
	if err != nil {
		return nil, err
	}
	org.Version = cs.Base + 1
	w := newWork(before, org, cs, record)
	w.delta = deltaOf(before.org, org)
	return w, w.delta.Check()
}

// newWork prepares all but the plain graph.
func newWork(before *facts, after *graph.Org, cs *graph.ChangeSet, record graph.VersionRecord) *work {
	if record.Time.IsZero() {
		record.Time = time.Now()
	}
	w := &work{before: before, record: record, log: cutLog(cs), token: rand.Text()}
	w.after, w.replaced = before.next(after)
	return w
}

// deltaOf gives what leads the plain graph from one version of an organisation to another.
func deltaOf(from, to *graph.Org) *propertygraph.Delta {
	var old, new *graph.Snapshot
	var both sync.WaitGroup
	both.Go(func() { old = graph.NewSnapshot(from) })
	new = graph.NewSnapshot(to)
	both.Wait()
	return propertygraph.Diff(old, new)
}

// put writes an import, after those of others that are in the middle of it.
func (s *Store) put(ctx context.Context, w *work) error {
	for lost := 0; ; {
		err := s.putOnce(ctx, w)
		var other *pendingError
		switch {
		case errors.As(err, &other):
			if _, err := s.settle(ctx); err != nil {
				return err
			}
		case errors.Is(err, errOutcomeUnknown):
			done, unknown := s.isDone(ctx, w)
			if done {
				return nil
			}
			if lost++; unknown != nil || lost > 3 || ctx.Err() != nil {
				return errors.Join(err, unknown)
			}
		default:
			return err
		}
	}
}

func (s *Store) putOnce(ctx context.Context, w *work) error {
	if w.delta.Len() > s.by.most {
		return s.putInBatches(ctx, w)
	}
	err := s.putWhole(ctx, w)
	if isTooLarge(err) {
		return s.putInBatches(ctx, w)
	}
	return err
}

// putWhole writes an import in one transaction.
func (s *Store) putWhole(ctx context.Context, w *work) error {
	return s.write(ctx, func(tx neo4j.ExplicitTransaction) error {
		if err := s.begin(ctx, tx, w); err != nil {
			return err
		}
		for st, err := range ahead(s.logged(w), s.fresh(w), graphStatements(w.delta, s.by.rows, false)) {
			if err != nil {
				return err
			}
			if err := st.run(ctx, tx); err != nil {
				return err
			}
		}
		return s.moveTo(ctx, tx, w.target())
	})
}

func (s *Store) logged(w *work) statements {
	return logStatements(s.org, w.record.Number, s.changesUIDs(w.record.Number, len(w.log)), w.log)
}

func (s *Store) fresh(w *work) statements {
	return factStatements(s.org, w.record.Number, w.replaced.fresh)
}

// lock keeps the organisation for a transaction, until its end; it comes into being when it is not there yet.
func (s *Store) lock(ctx context.Context, tx runner) (head, error) {
	err := exec(ctx, tx, "MERGE (o:WhoservesOrg {name: $org}) ON CREATE SET o.version = 0 SET o.locked = timestamp()", map[string]any{"org": s.org})
	if err != nil {
		return head{}, err
	}
	return readHead(ctx, tx, s.org)
}

// begin locks the organisation and makes sure that it is as the import takes it to be.
func (s *Store) begin(ctx context.Context, tx runner, w *work) error {
	h, err := s.lock(ctx, tx)
	switch {
	case err != nil:
		return err
	case h.pending != nil && h.pending.owner == w.token: // announced, but the answer was lost
		return &pendingError{h.pending}
	case w.isSeen && (h.begun != w.begun || h.pending != nil):
		return &graph.ConflictError{Base: w.before.org.Version, Now: h.version}
	case h.pending != nil:
		return &pendingError{h.pending}
	case h.version != w.before.org.Version:
		return &graph.ConflictError{Base: w.before.org.Version, Now: h.version}
	case h.version > 0 && h.seal != w.before.seal:
		return fmt.Errorf("the facts of organisation “%s” were replaced meanwhile, by a backup perhaps: try again", s.org)
	}
	return nil
}

// target is what an organisation's node says at a version, and what the version says.
type target struct {
	version int64
	seal    string
	names   []string // of the sources
	ranks   []int64
	gone    []string // chunks of facts that this version ends
	record  graph.VersionRecord
	chunks  int // of the log
	token   string
}

func (w *work) target() *target {
	t := &target{version: w.record.Number, seal: w.after.seal, names: []string{}, ranks: []int64{}, gone: append([]string{}, w.replaced.gone...), record: w.record,
		chunks: len(w.log), token: w.token}
	for _, s := range w.after.org.Sources {
		t.names, t.ranks = append(t.names, s.Name), append(t.ranks, int64(s.Rank))
	}
	return t
}

// sources gives the sources with their ranks, without facts.
func (t *target) sources() []*graph.Source {
	sources := make([]*graph.Source, len(t.names))
	for i, name := range t.names {
		sources[i] = &graph.Source{Name: name, Rank: int(t.ranks[i])}
	}
	return sources
}

// moveTo moves the organisation to its next version, and takes leave of the facts that ended before the current one: those
// that end now stay for who is reading them just now.
func (s *Store) moveTo(ctx context.Context, tx runner, t *target) error {
	all := map[string]any{"org": s.org, "prefix": s.org + "/", "base": t.version - 1, "version": t.version, "seal": t.seal, "names": t.names, "ranks": t.ranks, "gone": t.gone,
		"record": versionProperties(s.org, s.versionUID(t.version), t.record, t.chunks, t.token)}
	for _, cypher := range []string{
		"MATCH (f:WhoservesFacts) WHERE f.uid STARTS WITH $prefix AND f.until <= $base DETACH DELETE f",
		"UNWIND $gone AS uid MATCH (f:WhoservesFacts {uid: uid}) SET f.until = $version",
		"CREATE (v:WhoservesVersion) SET v = $record",
		"MATCH (o:WhoservesOrg {name: $org}) SET o.version = $version, o.seal = $seal, o.sources = $names, o.ranks = $ranks",
	} {
		if err := exec(ctx, tx, cypher, all); err != nil {
			return err
		}
	}
	return s.verify(ctx, tx, t)
}

// verify makes sure that all facts of a version are there when it comes to be: also those that it takes over from the one
// before, of which this handle may know from its cache only.
func (s *Store) verify(ctx context.Context, tx runner, t *target) error {
	result, err := tx.Run(ctx, "MATCH (f:WhoservesFacts) WHERE f.uid STARTS WITH $prefix AND f.since <= $version AND f.until IS NULL AND f.data IS NOT NULL RETURN f.uid",
		map[string]any{"prefix": s.org + "/", "version": t.version})
	if err != nil {
		return err
	}
	var uids []string
	for result.Next(ctx) {
		uid, _ := result.Record().Values[0].(string)
		uids = append(uids, uid)
	}
	if err := result.Err(); err != nil {
		return err
	}
	if seal(t.version, t.sources(), uids) != t.seal {
		return damaged(fmt.Sprintf("version %d of organisation “%s”", t.version-1, s.org), errors.New("some of its WhoservesFacts were deleted or changed"))
	}
	return nil
}

// unknownTime is how long an import whose end was lost tries to learn whether it came to be.
const unknownTime = time.Minute

// errOnlyLooked ends a transaction that was only to look.
var errOnlyLooked = errors.New("nothing was to be written")

// isDone finds out whether an import came to be although the connection was lost. It asks with the organisation locked, so
// that a transaction that the server still works on has ended one way or the other.
func (s *Store) isDone(ctx context.Context, w *work) (done bool, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), unknownTime)
	defer cancel()
	for {
		err = s.write(ctx, func(tx neo4j.ExplicitTransaction) error {
			if _, err := s.lock(ctx, tx); err != nil {
				return err
			}
			result, err := tx.Run(ctx, "MATCH (v:WhoservesVersion {uid: $uid, token: $token}) RETURN v.number",
				map[string]any{"uid": s.versionUID(w.record.Number), "token": w.token})
			if err != nil {
				return err
			}
			done = result.Next(ctx)
			if err := result.Err(); err != nil {
				return err
			}
			return errOnlyLooked
		})
		if errors.Is(err, errOnlyLooked) {
			return done, nil
		}
		if !isLost(err) || ctx.Err() != nil {
			return false, err
		}
		if err := sleep(ctx, 200*time.Millisecond); err != nil {
			return false, err
		}
	}
}
