package viewer

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"example.com/whoserves/graph"
	"github.com/gofiber/fiber/v2"
)

// refreshLimit is how long the store may take to compare everything with what it should be.
const refreshLimit = 10 * time.Minute

// others reads what others wrote into the store, past this program.
type others struct {
	keeper  *keeper
	refresh func(context.Context) (int64, []graph.Problem, error)
	every   time.Duration // how often it is read without being asked; 0: only at the start

	reading sync.Mutex                // held while it is read
	began   atomic.Pointer[time.Time] // when that began; nil while nobody reads
	last    atomic.Pointer[reading]   // what came of it the last time; nil before the first
}

// reading is what came of reading what others wrote.
type reading struct {
	when     time.Time // when it was finished
	version  int64     // that the store is at since
	problems []graph.Problem
	err      error     // why it could not be read: then version and problems are those of the time before
	good     time.Time // the last time that it worked; zero: never
}

// keepReading reads at the start, and again every so often until life is over.
func (o *others) keepReading() {
	done := o.read()
	if o.every <= 0 {
		return
	}
	o.keeper.watch.Go(func() {
		for began := time.Now(); ; began = time.Now() {
			if done != nil {
				<-done
			}
			if !o.keeper.sleep(max(o.every, 19*time.Since(began))) {
				return
			}
			if done = nil; o.keeper.outage.Load() == nil {
				done = o.read()
			}
		}
	})
}

// read begins to read and gives a channel that is closed when that is done and shown; nil when somebody is at it already.
func (o *others) read() <-chan struct{} {
	if !o.reading.TryLock() {
		return nil
	}
	began, done := time.Now(), make(chan struct{})
	o.began.Store(&began)
	if !o.keeper.spawn(func() {
		defer close(done)
		defer o.reading.Unlock()
		defer o.began.Store(nil)
		o.readNow()
	}) {
		o.began.Store(nil)
		o.reading.Unlock()
		return nil
	}
	return done
}

func (o *others) readNow() {
	ctx, cancel := context.WithTimeout(o.keeper.life, refreshLimit)
	defer cancel()
	r := &reading{}
	r.err = safely(func() (err error) {
		r.version, r.problems, err = o.refresh(ctx)
		return err
	})
	r.when = time.Now()
	switch before := o.last.Load(); {
	case r.err == nil:
		r.good = r.when
		graph.SortProblems(r.problems)
		o.keeper.show(ctx, r.version)
	case o.keeper.life.Err() != nil:
		return
	default:
		o.keeper.report("what others wrote into the store could not be read", "error", r.err)
		o.keeper.look(0)
		if before != nil {
			r.version, r.problems, r.good = before.version, before.problems, before.good
		}
	}
	o.last.Store(r)
}

// problems lists those of the last time.
func (o *others) problems() []graph.Problem {
	if o == nil || o.last.Load() == nil {
		return nil
	}
	return o.last.Load().problems
}

// readPatient is how long a reader who asked for it waits before the page says that it is going on.
const readPatient = 4 * time.Second

// readOthers reads what others wrote because somebody asked, and leads to the page that says what came of it.
func (s *Server) readOthers(c *fiber.Ctx) error {
	if o := s.keeper.outage.Load(); o != nil {
		return &awayError{o}
	}
	if done := s.others.read(); done != nil {
		timer := time.NewTimer(readPatient)
		defer timer.Stop()
		select {
		case <-done:
		case <-timer.C:
		}
	}
	return c.Redirect(problemsPath+"#neo4j", fiber.StatusSeeOther)
}
