package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/neo4jstore/neo4jtest"
	"example.com/whoserves/graph/storetest"
)

// brief makes batches of few rows and a lease that has run out when it is given.
var brief = settings{most: -1, rows: 7, lease: -time.Second}

// workOf prepares the import of a source.
func workOf(t testing.TB, st *Store, s *graph.Source) *work {
	t.Helper()
	before := need[*facts](t)(st.facts(t.Context()))
	return need[*work](t)(prepare(before, graph.Diff(before.org, orgOf(s)), graph.VersionRecord{By: "dying", Number: before.org.Version + 1}))
}

var errDied = errors.New("the importer is dead")

// dieAfter runs the steps of an import, or with back those of one that is taken back when its graph was written, until so many
// are done. It gives errDied when that was before the end.
func dieAfter(st *Store, ctx context.Context, w *work, j *job, steps int, back bool) error {
	mortal := func(all ...statements) statements { // each statement is a step
		left := steps - int(j.step)
		return func(yield func(statement, error) bool) {
			for s, err := range ahead(all...) {
				if left--; left < 0 {
					err = errDied
				}
				if !yield(s, err) {
					return
				}
			}
		}
	}
	dead := func() error {
		if j.step >= int64(steps) {
			return errDied
		}
		return nil
	}
	if err := st.steps(ctx, j, mortal(st.logged(w), st.fresh(w))); err != nil {
		return err
	}
	if err := dead(); err != nil {
		return err
	}
	if err := st.enter(ctx, j, applying); err != nil {
		return err
	}
	if err := st.steps(ctx, j, mortal(graphStatements(w.delta, st.by.rows, false))); err != nil {
		return err
	}
	if err := dead(); err != nil {
		return err
	}
	if !back {
		return st.finish(ctx, j)
	}
	if err := st.enter(ctx, j, reverting); err != nil {
		return err
	}
	if err := st.steps(ctx, j, mortal(graphStatements(deltaOf(w.after.org, w.before.org), st.by.rows, true))); err != nil {
		return err
	}
	if err := dead(); err != nil {
		return err
	}
	return st.clear(ctx, j)
}

// TestLeftUnfinished leaves an import after each of its steps, forwards and on the way back. Readers see the version before; the
// next import takes over: what was only logged is gone, what was begun is finished, what was taken back is taken back.
func TestLeftUnfinished(t *testing.T) {
	a := neo4jtest.Server(t)
	for _, back := range []bool{false, true} {
		for steps := 0; ; steps++ {
			a.Empty(t)
			st, other := openStore(t, a, brief), openStore(t, a, brief)
			importSource(t, st, someSource("s", 30, 1))
			want := workOf(t, st, changedSource())
			j := &job{target: want.target(), owner: want.token, phase: logging}
			if err := st.announce(t.Context(), want, j); err != nil {
				t.Fatal(err)
			}
			err := dieAfter(st, t.Context(), want, j, steps, back)
			if err == nil {
				if steps < 8 {
					t.Errorf("an import of %d steps only", steps)
				}
				break
			}
			if !errors.Is(err, errDied) {
				t.Fatal(err)
			}
			checkTakenOver(t, a, other, want, j, fmt.Sprintf("%s after %d steps", j.phase, steps))
		}
	}
}

// changedSource is someSource("s", 30, 1) with things added, changed and gone.
func changedSource() *graph.Source {
	s := someSource("s", 40, 1)
	for i, l := range s.Links {
		if i%3 == 0 {
			l.Volume, l.Service = graph.Given(7), strings.ToUpper(l.Service)
		}
	}
	s.Nodes[1].Kind = graph.Supplier
	return graph.NewSource("s", s.Nodes[1:], s.Links[3:])
}

func checkTakenOver(t *testing.T, a neo4jtest.Address, other *Store, w *work, j *job, when string) {
	t.Helper()
	if d := storetest.DiffOrgs(w.before.org, need[*graph.Org](t)(other.Load(t.Context()))); d != "" {
		t.Fatalf("%s: a reader sees half an import: %s", when, d)
	}
	importSource(t, other, someSource("other", 3, 1))
	o := need[*graph.Org](t)(other.Load(t.Context()))
	want := w.before.org
	if j.phase == applying {
		want = w.after.org
	}
	if o.Version != want.Version+1 {
		t.Errorf("%s: version %d, want %d", when, o.Version, want.Version+1)
	}
	if d := storetest.DiffOrgs(orgOf(want.Source("s")), orgOf(o.Source("s"))); d != "" {
		t.Errorf("%s: (-want +got): %s", when, d)
	}
	checkGraph(t, other)
	cs := need[*graph.ChangeSet](t)(other.Changes(t.Context(), 0, o.Version))
	if after := need[*graph.Org](t)(orgOf().Apply(cs)); len(after.Sources) != 2 || storetest.DiffOrgs(orgOf(o.Sources...), orgOf(after.Sources...)) != "" {
		t.Errorf("%s: the log leads elsewhere", when)
	}
	for _, left := range []string{"MATCH (o:WhoservesOrg) WHERE o.pending IS NOT NULL OR o.owner IS NOT NULL OR o.pending_seal IS NOT NULL RETURN o",
		"MATCH (f:WhoservesFacts) WHERE f.until < $version RETURN f", "MATCH (c:WhoservesChanges) WHERE c.version > $version RETURN c"} {
		if n := len(a.Run(t, left, map[string]any{"version": o.Version})); n > 0 {
			t.Errorf("%s: %d left of %s", when, n, left)
		}
	}
}

// TestFenced lets an importer go on that was silent for so long that another took its import over: it writes nothing more,
// and tells what came of the import.
func TestFenced(t *testing.T) {
	for name, steps := range map[string]int{"only logged": 1, "begun": 8} {
		t.Run(name, func(t *testing.T) {
			a := neo4jtest.Server(t)
			slow, other := openStore(t, a, brief), openStore(t, a, brief)
			importSource(t, slow, someSource("s", 30, 1))
			w := workOf(t, slow, changedSource())
			j := &job{target: w.target(), owner: w.token, phase: logging}
			if err := slow.announce(t.Context(), w, j); err != nil {
				t.Fatal(err)
			}
			if err := dieAfter(slow, t.Context(), w, j, steps, false); !errors.Is(err, errDied) {
				t.Fatal(err)
			}
			importSource(t, other, someSource("other", 3, 1))
			before := need[*graph.Org](t)(other.Load(t.Context()))
			err := slow.doStep(t.Context(), j, func(context.Context, runner) error {
				t.Error("it wrote")
				return nil
			})
			if !errors.Is(err, errFenced) {
				t.Errorf("the next step: %v", err)
			}
			err = slow.afterFence(t.Context(), w, err)
			if begun := j.phase == applying; (err == nil) != begun {
				t.Errorf("an import that was %s when it was taken over: %v", j.phase, err)
			}
			if d := storetest.DiffOrgs(before, need[*graph.Org](t)(slow.Load(t.Context()))); d != "" {
				t.Error(d)
			}
			checkGraph(t, other)
		})
	}
}

// TestLiveLease keeps a lease alive: readers go on, writers wait for it to run out.
func TestLiveLease(t *testing.T) {
	a, by := neo4jtest.Server(t), settings{most: -1, rows: 7, lease: 1500 * time.Millisecond}
	busy, other := openStore(t, a, by), openStore(t, a, usual)
	importSource(t, busy, someSource("s", 30, 1))
	w := workOf(t, busy, changedSource())
	j := &job{target: w.target(), owner: w.token, phase: logging}
	start := time.Now()
	if err := busy.announce(t.Context(), w, j); err != nil {
		t.Fatal(err)
	}
	if o := need[*graph.Org](t)(other.Load(t.Context())); o.Version != 1 {
		t.Errorf("a reader sees version %d", o.Version)
	}
	short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, _, err := graph.Commit(short, other, orgOf(someSource("other", 3, 1)), graph.VersionRecord{}, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("an import that cannot wait: %v", err)
	}
	importSource(t, other, someSource("other", 3, 1))
	if waited := time.Since(start); waited < by.lease {
		t.Errorf("the import was taken over after %v", waited)
	}
	checkGraph(t, other)
}

// TestLostAnswer cuts the connection at each commit of an import in turn, before it reaches the server and before the answer
// comes back. The import tells the truth.
func TestLostAnswer(t *testing.T) {
	a := neo4jtest.Server(t)
	for _, by := range []settings{usual, {most: -1, rows: 25, lease: time.Second}} {
		for _, cut := range []int32{1, 2} {
			for commits := 1; cutCommit(t, a, by, cut, commits); commits++ {
			}
		}
	}
}

// cutCommit cuts the connection at one commit of an import; false when the import has fewer.
func cutCommit(t *testing.T, a neo4jtest.Address, by settings, cut int32, which int) bool {
	t.Helper()
	a.Empty(t)
	w := &wire{to: strings.TrimPrefix(a.URI, "bolt://")}
	through := a
	through.URI = "bolt://" + listen(t, w.serve)
	st, watcher := openStore(t, through, by), openStore(t, a, by)
	importSource(t, watcher, someSource("s", 30, 1))
	w.after.Store(int32(which - 1))
	w.cut.Store(cut)
	_, v, err := graph.Commit(t.Context(), st, orgOf(changedSource()), graph.VersionRecord{By: "test"}, nil)
	reached := w.cut.Load() == 0
	o := need[*graph.Org](t)(watcher.Load(t.Context()))
	if err != nil || v != 2 || o.Version != 2 {
		t.Errorf("cut %d at commit %d: version %d, %v; the store is at version %d", cut, which, v, err, o.Version)
	}
	w.cut.Store(0)
	checkGraph(t, watcher)
	return reached
}

// TestTooLarge gives a server little memory for transactions: what does not fit is written in batches by itself, and batches
// that do not fit in smaller ones.
func TestTooLarge(t *testing.T) {
	server := neo4jtest.Start(t, neo4jtest.Options{Conf: []string{"db.memory.transaction.max=24m"}})
	st := openStore(t, server.Address, settings{most: 1 << 30, rows: 30_000, lease: 20 * time.Second})
	s := someSource("s", 30_000, 1)
	whole := workOf(t, st, s)
	if err := st.putWhole(t.Context(), whole); !errors.Is(err, errTooLarge) {
		t.Fatalf("one transaction: %v", err)
	}
	if v := importSource(t, st, s); v != 1 {
		t.Errorf("version %d", v)
	}
	if o := need[*graph.Org](t)(openStore(t, server.Address, usual).Load(t.Context())); len(o.Sources[0].Links) != 30_000 {
		t.Errorf("%d links", len(o.Sources[0].Links))
	}
	checkGraph(t, st)
}

// TestLostStep loses the answer to a step and the server with it, so that the step is given up. Who goes on with something
// else, here to take the import back, does it and does not mistake the lost step for it.
func TestLostStep(t *testing.T) {
	a := neo4jtest.Server(t)
	w := &wire{to: strings.TrimPrefix(a.URI, "bolt://")}
	through := a
	through.URI = "bolt://" + listen(t, w.serve)
	st := openStore(t, through, settings{most: -1, rows: 7, lease: time.Hour})
	importSource(t, openStore(t, a, usual), someSource("s", 30, 1))
	want := workOf(t, st, changedSource())
	j := &job{target: want.target(), owner: want.token, phase: logging}
	if err := st.announce(t.Context(), want, j); err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithCancel(t.Context())
	w.cut.Store(2)
	w.isCut = cancel
	err := st.doStep(short, j, func(context.Context, runner) error { return nil })
	if err == nil || short.Err() == nil {
		t.Fatalf("the step was not lost: %v", err)
	}
	if err := st.enter(t.Context(), j, applying); err != nil {
		t.Fatal(err)
	}
	if h := need[head](t)(st.head(t.Context())); h.pending.phase != applying || h.pending.step != 2 {
		t.Errorf("the import is %s at step %d", h.pending.phase, h.pending.step)
	}
}

// TestLostAnswerToRefresh cuts the connection at each commit of a refresh in batches: it knows its own announcement again and
// does not wait for its lease.
func TestLostAnswerToRefresh(t *testing.T) {
	a := neo4jtest.Server(t)
	w := &wire{to: strings.TrimPrefix(a.URI, "bolt://")}
	through := a
	through.URI = "bolt://" + listen(t, w.serve)
	st := openStore(t, through, settings{most: -1, rows: 7, lease: time.Hour})
	importSource(t, st, someSource("s", 30, 1))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for which := 0; ; which++ {
		a.Run(t, "MATCH (n:Entity) SET n.capacity = $n", map[string]any{"n": 8 + which})
		w.after.Store(int32(which))
		w.cut.Store(2)
		if v, _, err := st.Refresh(ctx, graph.VersionRecord{}); v != int64(which+2) || err != nil {
			t.Fatalf("cut at commit %d: version %d, %v", which, v, err)
		}
		if w.cut.Swap(0) != 0 {
			break
		}
		checkGraph(t, st)
	}
}
