package neo4jstore

import (
	"bufio"
	"context"
	"errors"
	"math/rand/v2"
	process "os/exec"
	"testing"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/neo4jstore/neo4jtest"
	"example.com/whoserves/graph/storetest"
)

const killedLinks = 40_000

// batched makes an import of killedLinks one of about 30 steps, whose lease is short.
var batched = settings{most: -1, rows: 2500, lease: time.Second}

// TestKilledImporter kills importers with kill -9 at random moments, until 30 died at work, a third of them in one
// transaction, the others between batches. The store is then at the version before or the one after, whole, the next
// import works and the plain graph follows the facts.
func TestKilledImporter(t *testing.T) {
	const wanted = 30
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	a, random := neo4jtest.Server(t), rand.New(rand.NewPCG(seed, 1))
	k := &killed{T: t, st: openStore(t, a, batched)}
	took := map[bool]time.Duration{}
	for _, whole := range []bool{false, true} { // how long one takes that is left alone
		took[whole], _ = k.importUntil(a, howKilled(whole), time.Hour)
		k.check(false)
	}
	for attempt, died := 0, 0; died < wanted; attempt++ {
		if attempt > 3*wanted {
			t.Fatalf("only %d of %d importers died at work", died, attempt)
		}
		whole := attempt%3 == 0
		if _, isDead := k.importUntil(a, howKilled(whole), time.Duration(random.Int64N(int64(took[whole])))); isDead {
			died++
		}
		k.check(true)
	}
}

func howKilled(whole bool) settings {
	if whole {
		return usual
	}
	return batched
}

// killed is a store whose importers die.
type killed struct {
	*testing.T
	st      *Store
	stated  int // by the source "s" when it was last whole
	tried   int // by the last import
	version int64
	others  int // imports of the source "other"
}

// importUntil imports in another process, and kills it so long after it began to write.
func (k *killed) importUntil(a neo4jtest.Address, by settings, moment time.Duration) (took time.Duration, died bool) {
	k.Helper()
	cmd, lines := k.start(a, by)
	start := time.Now()
	timer := time.AfterFunc(moment, func() { cmd.Process.Kill() })
	done := lines.Scan() && lines.Text() == "done"
	took = time.Since(start)
	timer.Stop()
	if err := cmd.Wait(); err != nil && took < moment {
		k.Fatalf("%v: %s", err, cmd.Stderr)
	}
	return took, !done
}

// start imports in another process, which has begun to write when start returns. It says "done" at its end.
func (k *killed) start(a neo4jtest.Address, by settings) (*process.Cmd, *bufio.Scanner) {
	k.Helper()
	k.tried++
	cmd, _, stderr := child("import", a, killedLinks, k.tried, by.most, by.rows, by.lease)
	cmd.Stdout = nil
	out := need[interface{ Read([]byte) (int, error) }](k.T)(cmd.StdoutPipe())
	if err := cmd.Start(); err != nil {
		k.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "ready" {
		cmd.Wait()
		k.Fatalf("the importer said %q, %s", lines.Text(), stderr)
	}
	return cmd, lines
}

// check looks at the store after an import that may have died, lets another source import and looks again.
func (k *killed) check(mayDie bool) {
	k.Helper()
	o := need[*graph.Org](k.T)(k.st.Load(k.Context()))
	k.expect(o, mayDie)
	k.others++
	if v := importSource(k.T, k.st, someSource("other", 10, k.others)); v <= k.version {
		k.Fatalf("the next import made version %d after version %d", v, k.version)
	}
	k.expect(need[*graph.Org](k.T)(k.st.Load(k.Context())), mayDie)
	checkGraph(k.T, k.st)
}

// expect fails unless the source "s" states what it stated before or what the last import stated, whole.
func (k *killed) expect(o *graph.Org, mayDie bool) {
	k.Helper()
	s := o.Source("s")
	if s == nil {
		if k.stated != 0 || !mayDie {
			k.Fatal("the source is not there")
		}
		return
	}
	stated := int(s.Links[0].Volume.Or(-1))
	if stated != k.tried && !(mayDie && stated == k.stated) {
		k.Fatalf("version %d states %d after %d, %d was tried", o.Version, stated, k.stated, k.tried)
	}
	k.stated, k.version = stated, o.Version
	want := someSource("s", killedLinks, stated)
	want.Rank = s.Rank
	if d := storetest.DiffOrgs(orgOf(want), orgOf(s)); d != "" {
		k.Fatalf("version %d is not whole (-want +got):\n%.2000s", o.Version, d)
	}
	// The last words of a dead importer may still be on their way.
	history := need[[]graph.VersionRecord](k.T)(k.st.History(k.Context()))
	if late := int64(len(history)) - o.Version; late != 0 && !(mayDie && late == 1) {
		k.Fatalf("%d versions in the history at version %d", len(history), o.Version)
	}
}

// TestRealLease leaves an import unfinished and lets another wait for the lease as it is usual.
func TestRealLease(t *testing.T) {
	a := neo4jtest.Server(t)
	by := settings{most: -1, rows: 100, lease: usual.lease}
	k := &killed{T: t, st: openStore(t, a, by), others: 1}
	importSource(t, k.st, someSource("other", 10, 1))
	cmd, _ := k.start(a, by)
	for isApplying := false; !isApplying; {
		h := need[head](t)(k.st.head(t.Context()))
		if isApplying = h.pending != nil && h.pending.phase == applying; h.version > 1 {
			t.Fatal("the importer was done before it could be killed")
		}
	}
	cmd.Process.Kill()
	cmd.Wait()
	start := time.Now()
	k.check(true)
	if waited := time.Since(start); waited < usual.lease-10*time.Second {
		t.Errorf("the lease was taken over after %v", waited)
	}
}

// TestKilledServer kills the server under imports and starts it again.
func TestKilledServer(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	server, random := neo4jtest.Start(t, neo4jtest.Options{}), rand.New(rand.NewPCG(seed, 1))
	k := &killed{T: t, st: openStore(t, server.Address, batched)}
	k.tried = 1
	start := time.Now()
	importSource(t, k.st, someSource("s", killedLinks, 1))
	took := time.Since(start)
	k.check(false)
	for n := range 5 {
		k.st.by = howKilled(n%2 == 0)
		k.tried++
		source, outcome := someSource("s", killedLinks, k.tried), make(chan error, 1)
		go func() {
			_, _, err := graph.Commit(context.WithoutCancel(t.Context()), k.st, orgOf(source), graph.VersionRecord{By: "test"}, nil)
			outcome <- err
		}()
		moment := time.Duration(random.Int64N(int64(took)))
		time.Sleep(moment)
		server.Kill(t)
		server.Restart(t)
		err := <-outcome
		t.Logf("killed after %v of %v: %v", moment, took, err)
		k.check(err != nil)
		if err != nil && !errors.Is(err, errOutcomeUnknown) && k.stated == k.tried {
			t.Error("the import came to be although it said that it did not")
		}
	}
}
