package viewer

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
)

// edition is the organisation as pages show it at one moment: a snapshot, and what was found in it once that is worked out.
// It never changes; a newer one takes its place.
type edition struct {
	snap     *graph.Snapshot
	findings *analysis.Findings // nil while they are being worked out, or when that failed
	failed   error              // why there are none
	when     time.Time          // when this version was made; zero when nobody knows
	times    *times
	tally    tally
}

// outage says since when the store does not answer.
type outage struct {
	since, tried time.Time
	err          error
}

// keeper holds the current edition and brings it forward.
type keeper struct {
	store   graph.Store // nil: the snapshot never changes
	every   time.Duration
	patient time.Duration // how long a request waits for the store, and the store may take to say its version
	analyse func(context.Context, *graph.Snapshot) (*analysis.Findings, error)
	report  func(msg string, args ...any)

	life   context.Context
	now    atomic.Pointer[edition]
	outage atomic.Pointer[outage]

	mu     sync.Mutex // held while somebody looks
	looked time.Time
	cancel context.CancelFunc // stops the analysis of an edition that is no longer current
	work   sync.WaitGroup
}

// load reads everything from the store and starts to work out the findings.
func (k *keeper) load(ctx context.Context) error {
	o, err := k.store.Load(ctx)
	if err != nil {
		return fmt.Errorf("load the organisation: %w", err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.looked = time.Now()
	k.publish(graph.NewSnapshot(o), k.madeAt(ctx, o.Version))
	return nil
}

// loadLimit is how long the store may take to hand over what changed, which can be everything.
const loadLimit = 2 * time.Minute

// current gives the edition to show. At most once in a while it asks the store for a newer one and waits for that, but not
// for long; while one request does, the others get what there is.
func (k *keeper) current(ctx context.Context) *edition {
	if looked := k.look(); looked != nil {
		timer := time.NewTimer(k.patient)
		defer timer.Stop()
		select {
		case <-looked:
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	return k.now.Load()
}

// look begins to ask the store for a newer version and gives a channel that is closed when that is done; nil when it is too
// early, or somebody is at it already. It goes on when nobody waits any more: a large change may take longer than a request.
func (k *keeper) look() <-chan struct{} {
	if k.store == nil || !k.mu.TryLock() {
		return nil
	}
	if time.Since(k.looked) < k.every {
		k.mu.Unlock()
		return nil
	}
	done := make(chan struct{})
	k.work.Go(func() {
		defer close(done)
		defer k.mu.Unlock()
		if err := safely(k.bringForward); err != nil {
			k.away(err)
		} else {
			k.outage.Store(nil)
		}
		k.looked = time.Now()
	})
	return done
}

// safely turns a panic into an error: what runs in the background must not end the program.
func safely(do func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return do()
}

func (k *keeper) bringForward() error {
	have := k.now.Load().snap
	ctx, cancel := context.WithTimeout(k.life, k.patient)
	version, err := k.store.Version(ctx)
	cancel()
	if err != nil || version == have.Version {
		return err
	}
	ctx, cancel = context.WithTimeout(k.life, loadLimit)
	defer cancel()
	o, err := k.changed(ctx, have.Org, version)
	if err != nil {
		return err
	}
	k.publish(graph.NewSnapshot(o), k.madeAt(ctx, version))
	return nil
}

// changed applies what happened since to the facts at hand. Where the log does not fit them it loads all of them.
func (k *keeper) changed(ctx context.Context, have *graph.Org, version int64) (*graph.Org, error) {
	cs, err := k.store.Changes(ctx, have.Version, version)
	if err == nil {
		var o *graph.Org
		if o, err = have.Apply(cs); err == nil {
			o.Version = version
			return o, nil
		}
	}
	if ctx.Err() != nil {
		return nil, err
	}
	k.report("changes do not fit, loading everything", "from", have.Version, "to", version, "error", err)
	return k.store.Load(ctx)
}

// madeAt finds when a version was made; without an answer pages leave the date out.
func (k *keeper) madeAt(ctx context.Context, version int64) time.Time {
	history, err := k.store.History(ctx)
	if err != nil {
		return time.Time{}
	}
	for _, r := range history {
		if r.Number == version {
			return r.Time
		}
	}
	return time.Time{}
}

func (k *keeper) away(err error) {
	now := time.Now()
	o := &outage{since: now, tried: now, err: err}
	if before := k.outage.Load(); before != nil {
		o.since = before.since
	} else {
		k.report("the store does not answer", "error", err)
	}
	k.outage.Store(o)
}

// publish shows new facts at once; the findings follow.
func (k *keeper) publish(s *graph.Snapshot, when time.Time) {
	if k.cancel != nil {
		k.cancel()
	}
	ctx, cancel := context.WithCancel(k.life)
	k.cancel = cancel
	fresh := &edition{snap: s, when: when, times: newTimes(s), tally: countUp(s)}
	k.now.Store(fresh)
	k.work.Go(func() {
		defer cancel()
		k.find(ctx, fresh)
	})
}

// find works out the findings and shows them, unless the edition is no longer current by then.
func (k *keeper) find(ctx context.Context, fresh *edition) {
	done := *fresh
	done.failed = safely(func() (err error) {
		done.findings, err = k.analyse(ctx, fresh.snap)
		return err
	})
	if errors.Is(done.failed, context.Canceled) {
		return
	}
	if done.failed != nil {
		done.findings = nil
		k.report("analysis failed", "version", fresh.snap.Version, "error", done.failed)
	}
	k.now.CompareAndSwap(fresh, &done)
}

// times works out how failures spread, and remembers, for nodes that were asked about, after how many hours their failure stops
// each customer.
type times struct {
	snap      *graph.Snapshot
	place     map[int32]int // of a customer in snap.Customers
	known     sync.Map      // node -> []float64, parallel to snap.Customers
	spreaders sync.Pool     // of *analysis.Spreader, which serves one request at a time
}

func newTimes(s *graph.Snapshot) *times {
	t := &times{snap: s, place: make(map[int32]int, len(s.Customers))}
	for i, c := range s.Customers {
		t.place[c] = i
	}
	t.spreaders.New = func() any { return analysis.NewSpreader(s) }
	return t
}

// spread works out how a failure spreads.
func (t *times) spread(f analysis.Failure) *analysis.Outcome {
	spreader := t.spreaders.Get().(*analysis.Spreader)
	out := spreader.Spread(f)
	t.spreaders.Put(spreader) // not after a panic: who knows what it left
	return out
}

// of gives the hours until each customer stops when v fails, parallel to snap.Customers; +Inf where it never does.
// O(nodes + needs) the first time.
func (t *times) of(v int32) []float64 {
	if known, ok := t.known.Load(v); ok {
		return known.([]float64)
	}
	out := t.spread(analysis.Failure{Stopped: []int32{v}})
	hs := make([]float64, len(t.snap.Customers))
	for i, c := range t.snap.Customers {
		hs[i] = math.Inf(1)
		if out.State[c] == analysis.Down {
			hs[i] = out.Hours[c]
		}
	}
	t.known.Store(v, hs)
	return hs
}

// to gives the hours until customer c stops when v fails.
func (t *times) to(v, c int32) float64 { return t.of(v)[t.place[c]] }
