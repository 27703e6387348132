package viewer

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
)

// pace says how often the store is asked, and how long it may take.
type pace struct {
	every   time.Duration // for requests: they ask for a newer version at most so often
	idle    time.Duration // the same when nobody asks for a page
	retry   time.Duration // between two tries while the store is away or not there yet
	seldom  time.Duration // the same after an error that waiting alone does not heal
	patient time.Duration // how long a request waits for the store
	version time.Duration // how long the store may take to say its version
	trial   time.Duration // the same while it is away and nobody waits: a server that has just started is slow
	opening time.Duration // how long one try to open it may take
	load    time.Duration // how long it may take to hand over what changed, which can be everything
}

var usualPace = pace{every: 2 * time.Second, idle: 4 * time.Second, retry: time.Second, seldom: 15 * time.Second,
	patient: 1500 * time.Millisecond, version: 3 * time.Second, trial: 10 * time.Second, opening: 30 * time.Second, load: 2 * time.Minute}

// outage says since when the store does not answer, or is not there yet.
type outage struct {
	since, tried time.Time
	err          error // nil: it is being opened for the first time
	lasting      bool  // waiting alone does not heal it
}

// keeper opens the store, holds the current edition and brings it forward.
type keeper struct {
	pace
	open    func(context.Context) (graph.Store, error) // nil: the store is open already, or the snapshot never changes
	lasting func(error) bool                           // says of an error that waiting alone does not heal it
	began   func()                                     // called once, when the first edition shows; may be nil
	analyse func(context.Context, *graph.Snapshot) (*analysis.Findings, error)
	report  func(msg string, args ...any)

	life    context.Context
	store   graph.Store             // set before the first edition shows, and never again
	now     atomic.Pointer[edition] // nil until the first one is loaded
	heard   atomic.Int64            // when the store said its version the last time, in nanoseconds since 1970
	waiting atomic.Pointer[outage]  // while there is no edition yet
	outage  atomic.Pointer[outage]  // while the store does not answer any more

	mu       sync.Mutex // held while somebody asks for the version
	looked   time.Time
	bringing sync.Mutex                         // held while somebody brings the edition forward
	giveUp   atomic.Pointer[context.CancelFunc] // ends that
	cancel   context.CancelFunc                 // stops the analysis of an edition that is no longer current

	gate  sync.Mutex     // held while work is begun: none is once life is over
	work  sync.WaitGroup // what goes on in the background
	watch sync.WaitGroup // what begins it
}

// follow keeps up with a store that is open and loaded, until life is over.
func (k *keeper) follow() {
	k.watch.Go(func() {
		k.keepUp()
		k.end()
	})
}

// start opens the store, loads the organisation, and keeps up with it until life is over. It does that in the background; the
// channel is closed when the first try has ended, well or not.
func (k *keeper) start() <-chan struct{} {
	now := time.Now()
	k.waiting.Store(&outage{since: now, tried: now})
	tried := make(chan struct{})
	k.watch.Go(func() {
		if !k.begin(tried) {
			return
		}
		k.keepUp()
		k.end()
	})
	return tried
}

// begin tries again and again until the organisation is loaded. It is false when life is over before.
func (k *keeper) begin(tried chan struct{}) bool {
	for first := true; ; first = false {
		err := safely(k.openAndLoad)
		if err == nil {
			k.waiting.Store(nil)
		} else if k.life.Err() == nil {
			k.wait(err)
		}
		if first {
			close(tried)
		}
		switch {
		case err == nil:
			return true
		case !k.sleep(k.pause(k.waiting.Load())):
			return false
		}
	}
}

// openAndLoad makes the first edition. Where it cannot, the store is closed again: the next try begins anew.
func (k *keeper) openAndLoad() error {
	ctx, cancel := context.WithTimeout(k.life, k.opening)
	defer cancel()
	st, err := k.open(ctx)
	if err != nil {
		return err
	}
	ctx, cancel = context.WithTimeout(k.life, k.load)
	defer cancel()
	if err := k.loadFrom(ctx, st); err != nil {
		st.Close()
		return err
	}
	return nil
}

// loadFrom reads everything from the store, shows it and starts to work out the findings.
func (k *keeper) loadFrom(ctx context.Context, st graph.Store) error {
	o, err := st.Load(ctx)
	if err != nil {
		return fmt.Errorf("load the organisation: %w", err)
	}
	k.store, k.looked = st, time.Now()
	k.publish(graph.NewSnapshot(o), k.madeAt(ctx, o.Version))
	if k.began != nil {
		k.began()
	}
	return nil
}

// keepUp asks for newer versions until life is over, seldom when requests do the same. While the store is away it does not wait
// for one try to end before it begins the next: that one may hang on a dead connection when the store is long back.
func (k *keeper) keepUp() {
	var begun time.Time
	for k.sleep(k.retry) {
		o := k.outage.Load()
		switch {
		case o == nil:
			k.look(k.idle)
		case time.Since(begun) >= k.pause(o):
			begun = time.Now()
			k.spawn(k.try)
		}
	}
}

// try asks whether the store is back.
func (k *keeper) try() {
	began := time.Now()
	if _, err := k.ask(k.trial); err != nil {
		k.away(began, err)
		return
	}
	k.bringForward()
}

// finish waits, when life is over, until nothing goes on any more.
func (k *keeper) finish() {
	k.rest()
	k.watch.Wait()
}

// rest waits, when life is over, until nobody uses the store any more.
func (k *keeper) rest() {
	k.gate.Lock() // whoever is about to begin work has begun it now, and nobody begins any more
	//lint:ignore SA2001 see above
	k.gate.Unlock()
	k.work.Wait()
}

// end closes the store that start opened.
func (k *keeper) end() {
	k.rest()
	if k.open == nil {
		return
	}
	if err := k.store.Close(); err != nil {
		k.report("the store could not be closed", "error", err)
	}
}

// spawn does something in the background, unless life is over.
func (k *keeper) spawn(do func()) bool {
	k.gate.Lock()
	defer k.gate.Unlock()
	if k.life.Err() != nil {
		return false
	}
	k.work.Go(do)
	return true
}

// sleep is false when life is over before.
func (k *keeper) sleep(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-k.life.Done():
		return false
	}
}

// pause is how long to wait before the next try.
func (k *keeper) pause(o *outage) time.Duration {
	if o.lasting {
		return k.seldom
	}
	return k.retry
}

// current gives the edition to show. At most once in a while it asks the store for a newer one and waits for that, but not
// for long; while one request does, or the store is known to be away, the others get what there is.
func (k *keeper) current(ctx context.Context) *edition {
	if k.outage.Load() == nil {
		k.await(ctx, k.look(k.every))
	}
	return k.now.Load()
}

// await waits for a look at the store, but not for long.
func (k *keeper) await(ctx context.Context, looked <-chan struct{}) {
	if looked == nil {
		return
	}
	timer := time.NewTimer(k.patient)
	defer timer.Stop()
	select {
	case <-looked:
	case <-timer.C:
	case <-ctx.Done():
	}
}

// look begins to ask the store for a newer version and gives a channel that is closed when that is shown; nil when the last
// look is not that long ago, or somebody is at it already. It goes on when nobody waits any more: a large change may take
// longer than a request. While it is brought forward others may look again, so that an outage is noticed.
func (k *keeper) look(after time.Duration) <-chan struct{} {
	if k.now.Load() == nil || k.store == nil || !k.mu.TryLock() {
		return nil
	}
	if time.Since(k.looked) < after {
		k.mu.Unlock()
		return nil
	}
	done := make(chan struct{})
	if !k.spawn(func() {
		defer close(done)
		if k.lookNow() {
			k.bringForward()
		}
	}) {
		k.mu.Unlock()
		return nil
	}
	return done
}

// show brings the edition forward to a version that was just written, and waits for that, but not for long.
func (k *keeper) show(ctx context.Context, version int64) {
	ctx, cancel := context.WithTimeout(ctx, k.patient)
	defer cancel()
	for k.now.Load().snap.Version < version && k.outage.Load() == nil && ctx.Err() == nil {
		looked := k.look(0)
		if looked == nil { // somebody is at it, who may have asked before it was written
			const soon = 5 * time.Millisecond
			time.Sleep(soon)
			continue
		}
		k.await(ctx, looked)
	}
}

// lookNow asks for the version and says whether there is something to bring. It gives the lock on looking back.
func (k *keeper) lookNow() bool {
	defer k.mu.Unlock()
	began := time.Now()
	version, err := k.ask(k.version)
	k.looked = time.Now()
	if err != nil {
		k.away(began, err)
		return false
	}
	return version != k.now.Load().snap.Version || k.outage.Load() != nil
}

// ask asks the store for its version.
func (k *keeper) ask(limit time.Duration) (version int64, err error) {
	ctx, cancel := context.WithTimeout(k.life, limit)
	defer cancel()
	err = safely(func() (err error) {
		version, err = k.store.Version(ctx)
		return err
	})
	if err == nil {
		k.heard.Store(time.Now().UnixNano())
	}
	return version, err
}

// bringForward shows the version that the store is at, unless somebody is at it already.
func (k *keeper) bringForward() {
	if !k.bringing.TryLock() {
		return
	}
	defer k.bringing.Unlock()
	if err := safely(k.catchUp); err != nil {
		k.away(time.Now(), err)
		return
	}
	k.back()
}

func (k *keeper) catchUp() error {
	have := k.now.Load()
	version, err := k.ask(k.trial)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(k.life, k.load)
	defer cancel()
	k.giveUp.Store(&cancel)
	replaced := k.outage.Load() != nil && k.replaced(ctx, have)
	if version == have.snap.Version && !replaced {
		return nil
	}
	var o *graph.Org
	if replaced {
		k.report("the store was replaced while it was away, loading everything", "version", version)
		o, err = k.store.Load(ctx)
	} else {
		o, err = k.changed(ctx, have.snap.Org, version)
	}
	if err != nil {
		return err
	}
	k.publish(graph.NewSnapshot(o), k.madeAt(ctx, o.Version))
	return nil
}

// replaced says whether our version is another one in the store now: it was restored from a copy, or made anew, and then
// imported to.
func (k *keeper) replaced(ctx context.Context, have *edition) bool {
	if have.snap.Version == 0 || have.when.IsZero() {
		return false
	}
	made := k.madeAt(ctx, have.snap.Version)
	return !made.IsZero() && !made.Equal(have.when)
}

// changed applies what happened since to the facts at hand. Where the log does not fit them, although the store answers, it
// loads all of them.
func (k *keeper) changed(ctx context.Context, have *graph.Org, version int64) (*graph.Org, error) {
	cs, err := k.store.Changes(ctx, have.Version, version)
	if err == nil {
		var o *graph.Org
		if o, err = have.Apply(cs); err == nil {
			o.Version = version
			return o, nil
		}
	}
	if _, gone := k.ask(k.version); gone != nil || ctx.Err() != nil {
		return nil, err
	}
	k.report("changes do not fit, loading everything", "from", have.Version, "to", version, "error", err)
	return k.store.Load(ctx)
}

// madeAt finds when a version was made; without an answer pages leave the date out.
func (k *keeper) madeAt(ctx context.Context, version int64) time.Time {
	history, err := k.store.History(ctx)
	if r := graph.RecordOf(history, version); err == nil && r != nil {
		return r.Time
	}
	return time.Time{}
}

// away remembers that the store did not answer what it was asked at a time, and ends what waits for it.
func (k *keeper) away(asked time.Time, err error) {
	if k.life.Err() != nil || k.heard.Load() > asked.UnixNano() {
		return // the program ends, not the store; or it answered somebody else since
	}
	before := k.outage.Load()
	if before == nil {
		k.report("the store does not answer", "error", err)
	}
	k.outage.Store(k.newOutage(before, err))
	if giveUp := k.giveUp.Load(); giveUp != nil {
		(*giveUp)()
	}
}

// wait remembers why the store cannot be opened.
func (k *keeper) wait(err error) {
	before := k.waiting.Load()
	if before.err == nil || before.err.Error() != err.Error() {
		k.report("waiting for the store", "error", err)
	}
	k.waiting.Store(k.newOutage(before, err))
}

func (k *keeper) newOutage(before *outage, err error) *outage {
	now := time.Now()
	o := &outage{since: now, tried: now, err: err, lasting: k.lasting != nil && k.lasting(err)}
	if before != nil {
		o.since = before.since
	}
	return o
}

// back remembers that the store answers again.
func (k *keeper) back() {
	if before := k.outage.Swap(nil); before != nil {
		k.report("the store answers again", "since", before.since, "version", k.now.Load().snap.Version)
	}
}

// fault is a panic: what runs in the background must not end the program.
type fault struct {
	what  any
	stack []byte
}

func (f *fault) Error() string { return fmt.Sprintf("panic: %v\n%s", f.what, f.stack) }

// safely turns a panic into an error.
func safely(do func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &fault{r, debug.Stack()}
		}
	}()
	return do()
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
	k.spawn(func() {
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
