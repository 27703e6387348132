// Package render makes pictures: SVG of Graphviz's DOT language, and PNG and PDF of such pictures when they are framed.
//
// The layout engine (go-graphviz: Graphviz compiled to WebAssembly) is one global module that is unsafe in parallel,
// grows with every picture and cannot be stopped. So it runs in worker processes, which are this program started with
// the hidden command WorkerArg: one picture at a time in each, killed at a time limit, replaced after a number of
// pictures. A Pool keeps the workers, a bounded queue before them and the finished pictures. PNG and PDF are made there as
// well, by package drawing: they take memory and time too. Each worker has fonts of its own.
//
// DOT is trusted: it is written by package diagram, never by users. One edge per statement: the engine cuts very long
// chains of edges without a word.
package render

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"example.com/whoserves/viewer/render/privatetmp"
)

// WorkerArg is the hidden command of the program that runs Work.
const WorkerArg = "render-worker"

var (
	// ErrBusy means that too many pictures are waiting already: try again in a few seconds.
	ErrBusy = errors.New("too many pictures are waiting to be drawn: try again in a few seconds")
	// ErrTooSlow means that a picture could not be drawn within the time limit.
	ErrTooSlow = errors.New("the picture is too large to be drawn in time: show fewer nodes or links")
	// ErrClosed means that the Pool has been closed.
	ErrClosed = errors.New("pictures are not drawn any more: the program is stopping")
)

// Error says why a picture cannot be drawn. Drawing the same again would fail again.
type Error struct {
	Message string // from the layout engine, from package drawing, or from the check of what they made
	Beyond  bool   // the picture has more in it than a PNG or PDF can have: its SVG can be had
}

// Error returns the message, saying that it is about a picture.
func (e *Error) Error() string { return "the picture cannot be drawn: " + e.Message }

// Options set the bounds of a Pool. The zero value of each field means its default.
type Options struct {
	Workers    int           // worker processes; 0: number of cores, at most 3, at least 2
	Queue      int           // waiting pictures before ErrBusy; 0: 32
	Timeout    time.Duration // for drawing one picture, without waiting; 0: 10 s
	Renew      int           // pictures before a worker is replaced; 0: 200
	CacheBytes int64         // finished pictures kept; 0: 64 MB, negative: none
	Command    []string      // how to start a worker; nil: this program with the argument WorkerArg

	renewBytes uint64 // memory at which a worker is replaced; 0: 256 MB
}

const (
	startLimit = time.Minute            // from starting a worker to its being ready
	grace      = 500 * time.Millisecond // how long a picture that nobody waits for is drawn on
	maxBody    = 32 << 20               // bytes of DOT, or of framed pictures
)

func (o Options) withDefaults() Options {
	if o.Workers <= 0 {
		o.Workers = max(2, min(3, runtime.NumCPU()))
	}
	if o.Queue <= 0 {
		o.Queue = 32
	}
	if o.Timeout <= 0 {
		o.Timeout = 10 * time.Second
	}
	if o.Renew <= 0 {
		o.Renew = 200
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = 64 << 20
	}
	if o.renewBytes == 0 {
		o.renewBytes = 256 << 20
	}
	return o
}

// Pool does jobs in worker processes. Its methods may be used concurrently.
type Pool struct {
	options Options

	mu      sync.Mutex
	changed *sync.Cond // queue, closed, or a process has ended
	queue   []*flight
	flights map[Key]*flight // queued and being drawn
	cache   pictures
	stats   Stats
	closed  bool

	stop    context.CancelFunc // ends all drawing
	alive   context.Context
	running sync.WaitGroup

	folder  func() string // the private folder for the workers, "" if there is none
	cleanup func()
}

// Stats counts what a Pool has done since NewPool, for logs and tests.
type Stats struct {
	Queued     int   // pictures waiting now
	Drawing    int   // pictures being drawn now
	Workers    int   // processes ready or drawing now
	Renders    int64 // pictures drawn whole
	Failures   int64 // pictures that could not be drawn, other than those below
	TooSlow    int64 // pictures killed at the time limit
	Busy       int64 // requests refused because the queue was full
	Hits       int64 // requests answered from the cache
	Shared     int64 // requests that waited for a picture another one had asked for
	Restarts   int64 // workers replaced, for whatever reason
	Pictures   int   // finished pictures kept now
	CacheBytes int64 // their size
}

// flight is one picture on its way, and those who wait for it.
type flight struct {
	job     Job
	ctx     context.Context // ended when nobody waits any more or the Pool closes
	cancel  context.CancelFunc
	waiters int
	done    chan struct{}
	file    File // set before done is closed, as is err
	err     error
}

// NewPool starts the workers in the background and returns at once.
func NewPool(options Options) *Pool {
	p := &Pool{options: options.withDefaults(), flights: map[Key]*flight{}}
	p.cache.limit = p.options.CacheBytes
	p.changed = sync.NewCond(&p.mu)
	p.alive, p.stop = context.WithCancel(context.Background())
	p.folder = sync.OnceValue(p.makeFolder)
	p.cleanup = func() {}
	p.running.Add(p.options.Workers)
	for range p.options.Workers {
		go p.run()
	}
	return p
}

// makeFolder returns the private folder of this user, or makes one for this Pool, removed by Close.
func (p *Pool) makeFolder() string {
	if dir := privatetmp.Dir(); dir != "" {
		return dir
	}
	base, dir, err := privatetmp.New()
	if err != nil {
		return ""
	}
	p.cleanup = func() { os.RemoveAll(base) }
	return dir
}

// Do does a job, or returns the file if it was made before. The errors are ErrBusy, ErrTooSlow, ErrClosed, an *Error when the
// picture cannot be drawn, the error of ctx when that is done first, and others when no worker can be started.
func (p *Pool) Do(ctx context.Context, j Job) (File, error) {
	if err := cmp.Or(ctx.Err(), j.err); err != nil {
		return File{}, err
	}
	p.mu.Lock()
	if file, ok := p.cache.get(j.key); ok {
		p.stats.Hits++
		p.mu.Unlock()
		return file, nil
	}
	f, err := p.join(j)
	p.mu.Unlock()
	if err != nil {
		return File{}, err
	}
	select {
	case <-f.done:
		return f.file, f.err
	case <-ctx.Done():
		p.leave(f)
		return File{}, ctx.Err()
	}
}

// SVG lays out a picture that is described in DOT: see SVG and Do.
func (p *Pool) SVG(ctx context.Context, dot string) ([]byte, error) {
	file, err := p.Do(ctx, SVG(dot))
	return file.Bytes, err
}

// Done returns the file of a job if it is made and kept.
func (p *Pool) Done(j Job) (File, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	file, ok := p.cache.get(j.key)
	if ok {
		p.stats.Hits++
	}
	return file, ok
}

// Stats returns the counts as they are now.
func (p *Pool) Stats() Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.stats
	s.Queued = len(p.queue)
	s.Pictures, s.CacheBytes = p.cache.count(), p.cache.bytes
	return s
}

// Close ends all drawing and all workers, and waits for them. Whoever waits for a picture gets ErrClosed.
func (p *Pool) Close() error {
	p.mu.Lock()
	p.closed = true
	for _, f := range slices.Clone(p.queue) {
		p.finishLocked(f, File{}, ErrClosed)
	}
	p.changed.Broadcast()
	p.mu.Unlock()
	p.stop()
	p.running.Wait()
	p.cleanup()
	return nil
}

// join returns the flight of a picture, a new one in the queue if nobody has asked for it yet.
func (p *Pool) join(j Job) (*flight, error) {
	if p.closed {
		return nil, ErrClosed
	}
	if f := p.flights[j.key]; f != nil {
		f.waiters++
		p.stats.Shared++
		return f, nil
	}
	if len(p.queue) >= p.options.Queue {
		p.stats.Busy++
		return nil, ErrBusy
	}
	f := &flight{job: j, waiters: 1, done: make(chan struct{})}
	f.ctx, f.cancel = context.WithCancel(p.alive)
	p.flights[j.key] = f
	p.queue = append(p.queue, f)
	p.changed.Signal()
	return f, nil
}

// leave takes one waiter from a flight. When none is left a queued picture is dropped at once, and one being drawn is
// given a short grace, in which it is likely to be finished and somebody may ask for it again.
func (p *Pool) leave(f *flight) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f.waiters--
	if f.waiters > 0 {
		return
	}
	if slices.Contains(p.queue, f) {
		p.finishLocked(f, File{}, context.Canceled)
		return
	}
	time.AfterFunc(grace, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if f.waiters == 0 && p.flights[f.job.key] == f {
			p.finishLocked(f, File{}, context.Canceled)
		}
	})
}

// finish answers all who wait for a flight.
func (p *Pool) finish(f *flight, file File, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.finishLocked(f, file, err)
}

func (p *Pool) finishLocked(f *flight, file File, err error) {
	select {
	case <-f.done:
		return // nobody waited any more
	default:
	}
	if i := slices.Index(p.queue, f); i >= 0 {
		p.queue = slices.Delete(p.queue, i, i+1)
	}
	delete(p.flights, f.job.key)
	var bad *Error
	switch {
	case err == nil:
		p.stats.Renders++
		p.cache.put(f.job.key, file)
	case errors.Is(err, ErrTooSlow):
		p.stats.TooSlow++
	case errors.As(err, &bad):
		p.stats.Failures++
	}
	f.file, f.err = file, err
	close(f.done)
	f.cancel()
}

// next waits for a picture to draw. It returns no flight when the waiting worker w ended by itself, and false when the
// Pool closes.
func (p *Pool) next(w *process) (*flight, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		switch {
		case p.closed:
			return nil, false
		case w != nil && w.ended():
			return nil, true
		case len(p.queue) > 0:
			f := p.queue[0]
			p.queue = slices.Delete(p.queue, 0, 1)
			p.stats.Drawing++
			return f, true
		}
		p.changed.Wait()
	}
}

// run is the life of one worker place: it keeps a process and hands it one picture after the other.
func (p *Pool) run() {
	defer p.running.Done()
	var w *process
	defer func() { p.retire(w) }()
	for {
		if w == nil {
			w, _ = p.start() // a failure is told to the next who wants a picture
		}
		f, ok := p.next(w)
		if !ok {
			return
		}
		if f == nil {
			drawn := w.drawn
			w = p.retire(w)
			if drawn == 0 {
				p.pause(time.Second) // something ends every worker at once: do not spin
			}
			continue
		}
		w = p.draw(w, f)
		p.mu.Lock()
		p.stats.Drawing--
		p.mu.Unlock()
	}
}

// draw draws one picture with the worker w, a new one if that is nil, and returns the worker for the next picture. A
// worker that ends by itself while drawing is replaced and the picture tried once more.
func (p *Pool) draw(w *process, f *flight) *process {
	for try := 1; ; try++ {
		if w == nil {
			var err error
			if w, err = p.start(); err != nil {
				p.finish(f, File{}, err)
				return nil
			}
		}
		ctx, cancel := context.WithTimeoutCause(f.ctx, p.options.Timeout, ErrTooSlow)
		file, err := w.draw(ctx, f.job)
		why := context.Cause(ctx)
		cancel()
		var bad *Error
		switch {
		case err == nil:
			p.finish(f, file, nil)
			if w.drawn < p.options.Renew && w.memory < p.options.renewBytes && !w.killed {
				return w
			}
			return p.retire(w)
		case errors.As(err, &bad): // the engine may be damaged
			p.finish(f, File{}, err)
			return p.retire(w)
		case errors.Is(why, ErrTooSlow):
			p.finish(f, File{}, fmt.Errorf("%w (limit %s)", ErrTooSlow, p.options.Timeout))
			return p.retire(w)
		case why != nil: // the Pool closes, or nobody waits any more
			p.finish(f, File{}, ErrClosed)
			return p.retire(w)
		}
		last := w.lastWords()
		w = p.retire(w)
		if try == 2 {
			p.finish(f, File{}, &Error{Message: "the drawing process ended twice over it: " + last})
			return nil
		}
	}
}

// start starts a worker. When one ends before it is ready its compiled engine may be damaged: that is dropped and the
// start tried once more.
func (p *Pool) start() (*process, error) {
	w, err := startProcess(p.alive, p.options.Command, p.folder(), p.wake)
	if errors.Is(err, errEnded) && p.alive.Err() == nil {
		if dir := p.folder(); dir != "" {
			privatetmp.Drop(dir)
		}
		w, err = startProcess(p.alive, p.options.Command, p.folder(), p.wake)
	}
	if p.alive.Err() != nil && err != nil {
		return nil, ErrClosed
	}
	if err != nil {
		return nil, fmt.Errorf("the process that draws pictures cannot be started: %w", err)
	}
	p.mu.Lock()
	p.stats.Workers++
	p.mu.Unlock()
	return w, nil
}

// retire ends a worker, if there is one, and waits for its end.
func (p *Pool) retire(w *process) *process {
	if w == nil {
		return nil
	}
	w.stop()
	p.mu.Lock()
	p.stats.Workers--
	if !p.closed {
		p.stats.Restarts++
	}
	p.mu.Unlock()
	return nil
}

// wake lets the worker places look whether their process has ended.
func (p *Pool) wake() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changed.Broadcast()
}

func (p *Pool) pause(d time.Duration) {
	select {
	case <-time.After(d):
	case <-p.alive.Done():
	}
}
