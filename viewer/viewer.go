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
	"example.com/whoserves/viewer/sheet"
	"github.com/gofiber/fiber/v2"
)

// Config says what a Server shows and how it may be reached. The organisation comes from Store, Open or Snapshot: one of them.
type Config struct {
	Store graph.Store // where the organisation lives, open already; the caller closes it
	// Open opens the store where it lives, which may not be there yet: New does not fail then, pages say that they wait, since
	// when and why, and it is tried again until it works. What it opened is closed at the end. It must keep to its context and
	// may not take longer than half a minute. The first line of its error is shown: it must say nothing secret.
	Open     func(ctx context.Context) (graph.Store, error)
	Snapshot *graph.Snapshot // comes straight from files: there is no store, and it never changes

	// Lasting says of an error of the store that waiting alone will not heal it, such as a wrong password. Then the store is tried
	// less often: servers lock accounts after a few wrong tries. nil: no error is like that.
	Lasting func(error) bool
	// Refresh reads what others wrote into the store, past this program, and makes a version of it; the problems are of what
	// cannot be taken as it stands there. It is called in the background when the organisation is loaded, and when a reader
	// asks, never twice at once. nil where nobody else can write. Pages speak of Neo4j, the store that this is for.
	Refresh func(ctx context.Context) (version int64, problems []graph.Problem, err error)
	// RefreshEvery is how often Refresh is called without being asked, less often where it takes long: it gets a twentieth of
	// the time at most. 0: only at the start and when a reader asks.
	RefreshEvery time.Duration

	Drafts string // the folder that keeps imports which are not finished; "" nothing can be imported on the pages
	By     string // in whose name changes are made on the pages: there is no sign-in yet

	OrgName string       // as pages call it; "" takes the name that the organisation has
	Version string       // of this program
	Render  *render.Pool // draws the pictures; the caller closes it
	Logger  *slog.Logger // nil: no log
	BaseURL string       // where people reach these pages, such as https://who.example/: links of a PDF lead there; "" leaves them out
	// Listen is the address that the server is reached at. Where it is a loopback address (or ""), only requests to a
	// loopback name or to its own host are answered, so that a page from elsewhere cannot read this one by a name of its own.
	Listen string
}

// Server is the web app.
type Server struct {
	config    Config
	log       *slog.Logger
	app       *fiber.App
	keeper    *keeper
	pages     *pages
	files     *files
	draws     *draws
	others    *others       // reads what others wrote; nil where nobody can
	imports   *imports      // that were begun on the pages
	places    chan struct{} // one for each request that is worked on
	graceful  time.Duration // how long requests under way are waited for at the end
	maxPixels int           // of a PNG; 0 is drawing.DefaultMaxPixels
	stop      context.CancelFunc
	linger    func() bool // keeps work in the background going when the context of New is done
}

// How long a request may take, and how long requests under way are waited for at the end.
const (
	requestLimit = 30 * time.Second
	graceful     = 10 * time.Second
)

// New makes the web app and loads the organisation. Facts can be shown as soon as it returns, or, where Config.Open cannot open the
// store at once, when it can; what follows from them is worked out in the background. It ends with ctx, or with Run.
func New(ctx context.Context, c Config) (*Server, error) { return newServer(ctx, c, usualPace) }

func newServer(ctx context.Context, c Config, p pace) (*Server, error) {
	if err := c.check(); err != nil {
		return nil, err
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
	s.keeper = &keeper{pace: p, open: c.Open, lasting: c.Lasting, life: life, report: s.log.Warn,
		analyse: func(ctx context.Context, snap *graph.Snapshot) (*analysis.Findings, error) {
			return analysis.Analyse(ctx, snap, analysis.Options{})
		},
	}
	s.imports = newImports(c, s.keeper)
	if c.Refresh != nil {
		s.others = &others{keeper: s.keeper, refresh: c.Refresh, every: c.RefreshEvery}
		s.keeper.began = s.others.keepReading
	}
	if err := s.load(ctx); err != nil {
		stop()
		return nil, err
	}
	s.app = s.routes()
	return s, nil
}

// check says what is missing.
func (c Config) check() error {
	given := 0
	for _, is := range []bool{c.Store != nil, c.Open != nil, c.Snapshot != nil} {
		if is {
			given++
		}
	}
	switch {
	case given != 1:
		return errors.New("viewer: give either a store, a way to open one, or a snapshot")
	case c.Render == nil:
		return errors.New("viewer: give a pool to draw the pictures")
	}
	if err := sheet.CheckBase(c.BaseURL); err != nil {
		return fmt.Errorf("viewer: %w", err)
	}
	return nil
}

// load shows the organisation. A store that must be opened is waited for, but not for long.
func (s *Server) load(ctx context.Context) error {
	k := s.keeper
	switch {
	case s.config.Snapshot != nil:
		k.publish(s.config.Snapshot, time.Time{})
	case s.config.Store != nil:
		if err := k.loadFrom(ctx, s.config.Store); err != nil {
			return err
		}
		k.follow()
	default:
		k.await(ctx, k.start())
	}
	return nil
}

// stored says whether the organisation lives in a store, where it has versions.
func (s *Server) stored() bool { return s.config.Snapshot == nil }

// App gives the web app itself, for tests that need no network.
func (s *Server) App() *fiber.App { return s.app }

// Run answers requests on ln until ctx is done, then finishes those that are under way, with their pictures, and returns nil.
// It is called once.
func (s *Server) Run(ctx context.Context, ln net.Listener) error {
	s.linger()
	defer func() {
		s.stop()
		s.keeper.finish()
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
		if ed := s.keeper.now.Load(); ed != nil && (ed.findings != nil || ed.failed != nil) {
			return ed.failed
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
