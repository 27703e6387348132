package viewer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/viewer/render"
	"github.com/gofiber/fiber/v2"
)

// Config says what a Server shows and how it may be reached.
type Config struct {
	Store    graph.Store     // where the organisation lives; the caller closes it
	Snapshot *graph.Snapshot // shown instead of a store's: an organisation that comes straight from files
	OrgName  string          // as pages call it; "" takes the name that the organisation has
	Version  string          // of this program
	Render   *render.Pool    // draws the pictures; the caller closes it
	Logger   *slog.Logger    // nil: no log
	// Listen is the address that the server is reached at. Where it is a loopback address (or ""), only requests to a
	// loopback name or to its own host are answered, so that a page from elsewhere cannot read this one by a name of its own.
	Listen string
}

// Server is the web app.
type Server struct {
	config   Config
	log      *slog.Logger
	app      *fiber.App
	keeper   *keeper
	pages    *pages
	files    *files
	draws    *draws
	places   chan struct{} // one for each request that is worked on
	graceful time.Duration // how long requests under way are waited for at the end
	stop     context.CancelFunc
	linger   func() bool // keeps work in the background going when the context of New is done
}

// How long a request may take, and how often the store is asked for a newer version.
const (
	requestLimit = 30 * time.Second
	lookEvery    = 2 * time.Second
	storePatient = 1500 * time.Millisecond
	graceful     = 10 * time.Second
)

// New loads the organisation and makes the web app. Facts can be shown as soon as it returns; what follows from them is worked
// out in the background until ctx is done.
func New(ctx context.Context, c Config) (*Server, error) {
	if (c.Store == nil) == (c.Snapshot == nil) {
		return nil, errors.New("viewer: give either a store or a snapshot")
	}
	if c.Render == nil {
		return nil, errors.New("viewer: give a pool to draw the pictures")
	}
	s := &Server{config: c, log: c.Logger, places: make(chan struct{}, atOnce), graceful: graceful}
	if s.log == nil {
		s.log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	var err error
	if s.files, err = readFiles(); err != nil {
		return nil, err
	}
	if s.pages, err = readPages(s.files); err != nil {
		return nil, err
	}
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop, s.linger = stop, context.AfterFunc(ctx, stop)
	s.draws = newDraws(life, c.Render)
	s.keeper = &keeper{
		store: c.Store, every: lookEvery, patient: storePatient, life: life, report: s.log.Warn,
		analyse: func(ctx context.Context, snap *graph.Snapshot) (*analysis.Findings, error) {
			return analysis.Analyse(ctx, snap, analysis.Options{})
		},
	}
	if c.Snapshot != nil {
		s.keeper.publish(c.Snapshot, time.Time{})
	} else if err := s.keeper.load(ctx); err != nil {
		stop()
		return nil, err
	}
	s.app = s.routes()
	return s, nil
}

// App gives the web app itself, for tests that need no network.
func (s *Server) App() *fiber.App { return s.app }

// Run answers requests on ln until ctx is done, then finishes those that are under way, with their pictures, and returns nil.
// It is called once.
func (s *Server) Run(ctx context.Context, ln net.Listener) error {
	s.linger()
	defer func() {
		s.stop()
		s.keeper.work.Wait()
	}()
	served, listening := make(chan error, 1), listenOn(ln)
	go func() { served <- s.app.Listener(listening) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve on %s: %w", ln.Addr(), err)
	case <-ctx.Done():
	}
	listening.hangUp()
	if err := s.app.ShutdownWithTimeout(s.graceful); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}

// Wait blocks until the findings of the current version are worked out, or ctx is done. Tests and benchmarks use it.
func (s *Server) Wait(ctx context.Context) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if ed := s.keeper.now.Load(); ed.findings != nil || ed.failed != nil {
			return ed.failed
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
