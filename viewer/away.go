package viewer

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/phrase"
	"github.com/gofiber/fiber/v2"
)

// What answers carry beside their content: the version that they are about, and, while the store does not answer, since when.
const (
	headerVersion = "Whoserves-Version"
	headerAway    = "Whoserves-Store-Away-Since"
)

// mark says in the headers of an answer what its page says in words.
func (s *Server) mark(c *fiber.Ctx, ed *edition) {
	if ed != nil && s.stored() {
		c.Set(headerVersion, strconv.FormatInt(ed.snap.Version, 10))
	}
	if o := s.keeper.outage.Load(); o != nil {
		c.Set(headerAway, o.since.UTC().Format(time.RFC3339))
	}
}

// health says that the program runs, whatever the store does: starting it anew would not bring the store back.
func (s *Server) health(c *fiber.Ctx) error { return c.JSON(map[string]string{"status": "ok"}) }

// readiness is what /readyz says.
type readiness struct {
	Ready    bool   `json:"ready"`
	Status   string `json:"status"` // ok, degraded, waiting
	Version  *int64 `json:"version"`
	Findings string `json:"findings,omitempty"` // ready, being worked out, failed
	Store    string `json:"store,omitempty"`    // ok, away

	WaitingSince  *time.Time `json:"waiting_since,omitempty"`
	DegradedSince *time.Time `json:"degraded_since,omitempty"`
	Reason        string     `json:"reason,omitempty"`
}

// ready says whether the organisation can be shown, which version that is, and how far the findings are.
//
// While a store that was there does not answer, it stays ready and says degraded: what pages show is right for the version that
// they name. Were it not ready, whatever spreads the readers over several processes would take all of them out at the same moment
// and turn away readers who could be served.
func (s *Server) ready(c *fiber.Ctx) error {
	k := s.keeper
	k.look(k.idle) // nobody may ask for anything but this
	ed := k.now.Load()
	if ed == nil {
		c.Status(fiber.StatusServiceUnavailable)
		r := readiness{Status: "waiting"}
		if o := k.waiting.Load(); o != nil {
			r.WaitingSince, r.Reason = utc(o.since), reason(o.err)
		}
		return c.JSON(r)
	}
	r := readiness{Ready: true, Status: "ok", Findings: "ready", Store: "ok"}
	if s.stored() {
		r.Version = &ed.snap.Version
	}
	switch {
	case ed.failed != nil:
		r.Findings = "failed"
	case ed.findings == nil:
		r.Findings = "being worked out"
	}
	if o := k.outage.Load(); o != nil {
		r.Status, r.Store, r.DegradedSince, r.Reason = "degraded", "away", utc(o.since), reason(o.err)
	}
	return c.JSON(r)
}

// version says which version pages show now, so that pages that are open can say that there is a newer one. It is null where there is no
// store.
func (s *Server) version(c *fiber.Ctx) error {
	var now struct {
		Version *int64 `json:"version"`
	}
	if ed := s.keeper.current(c.UserContext()); s.stored() {
		now.Version = &ed.snap.Version
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.JSON(now)
}

func utc(t time.Time) *time.Time {
	t = t.UTC().Truncate(time.Second)
	return &t
}

// reasonLength is how many letters of an error pages show.
const reasonLength = 400

// reason makes one sentence of an error.
func reason(err error) string {
	var broken *fault
	switch {
	case err == nil:
		return "It is being opened."
	case errors.As(err, &broken):
		return "The program made a mistake when it asked the store; its log says more."
	}
	first, _, _ := strings.Cut(strings.TrimSpace(err.Error()), "\n")
	first = strings.ReplaceAll(first, context.DeadlineExceeded.Error(), "no answer in time")
	if letters := []rune(first); len(letters) > reasonLength {
		first = string(letters[:reasonLength]) + "…"
	}
	if word, _, _ := strings.Cut(first, " "); !strings.Contains(word, "://") {
		first = upper(first)
	}
	if first != "" && !strings.ContainsAny(first[len(first)-1:], ".!?") {
		first += "."
	}
	return strings.ToValidUTF8(first, "\uFFFD")
}

// moment writes a time of today with its seconds, else with the day.
func moment(t, now time.Time) string {
	t, now = t.Local(), now.Local()
	switch {
	case t.Year() != now.Year():
		return t.Format("2 January 2006, 15:04")
	case t.YearDay() != now.YearDay():
		return t.Format("2 January, 15:04")
	}
	return t.Format("15:04:05")
}

// again says when it is tried again: "every second".
func again(pause time.Duration) string {
	n := max(1, int(pause.Round(time.Second).Seconds()))
	if n == 1 {
		return "every second"
	}
	return "every " + phrase.Count(n) + " seconds"
}

// whenThere answers for all questions while there is nothing to show yet.
func (s *Server) whenThere(c *fiber.Ctx) error {
	if s.keeper.now.Load() == nil {
		return s.notThereYet()
	}
	return c.Next()
}

// notThereYet says that the store is waited for, since when, and why.
func (s *Server) notThereYet() *problem {
	k := s.keeper
	p := &problem{Status: fiber.StatusServiceUnavailable, Look: 2}
	o := k.waiting.Load()
	if o == nil || o.err == nil {
		p.Heading, p.Wait = "Opening the data store", time.Second
		p.Say = say("The facts are being read for the first time since whoserves started. What you asked for shows as soon as they are there.")
		return p
	}
	p.Wait = k.pause(o)
	since := moment(o.since, time.Now())
	p.Heading = "Waiting for the data store"
	p.Say = say("There is nothing to show yet: the store with all facts has not answered since whoserves was started at ", strong(since),
		". It is tried again "+again(p.Wait)+", and what you asked for shows as soon as it answers.")
	if o.lasting {
		p.Heading = "The data store cannot be used yet"
		p.Say = say("There is nothing to show yet, since ", strong(since), ", and waiting alone will not help: somebody must put right what stands below. "+
			"It is tried again "+again(p.Wait)+", so what is put right in the store needs no restart here.")
	}
	p.Since, p.Reason = o.since, reason(o.err)
	p.Asides = []aside{{Class: "warn", Heading: "Why", Paras: []text{say(p.Reason), say(marked("mute", "Last tried at "+moment(o.tried, time.Now())+"."))}}}
	return p
}

// awayAside says that the store does not answer any more, and what can be seen all the same.
func (s *Server) awayAside(ed *edition, version string) (aside, bool) {
	o := s.keeper.outage.Load()
	if o == nil {
		return aside{}, false
	}
	now := time.Now()
	seen := version
	if !ed.when.IsZero() {
		seen += " of " + ed.when.Local().Format("2 January 2006, 15:04")
	}
	return aside{Class: "warn", Heading: "The data store has not answered since " + moment(o.since, now), Paras: []text{say("You see ", strong(seen),
		", the last one that it gave. Only history, comparisons and changes wait for it; nothing is lost. It is tried again "+again(s.keeper.pause(o))+".")}}, true
}

// away says that a question cannot be answered because the store does not answer.
func (s *Server) away(o *outage) *problem {
	p := &problem{Status: fiber.StatusServiceUnavailable, Since: o.since, Reason: reason(o.err), Wait: s.keeper.pause(o), Heading: "This needs the data store, which does not answer",
		Say: say("It has not answered since " + moment(o.since, time.Now()) + " and is tried again " + again(s.keeper.pause(o)) + ". Nothing was changed and nothing is lost: ask again when it is back.")}
	if ed := s.keeper.now.Load(); ed != nil {
		p.Say = append(p.Say, say(" Whatever is asked about version ", int(ed.snap.Version), " is answered as always.")...)
	}
	return p
}

// awayError says that the store does not answer.
type awayError struct{ outage *outage }

func (e *awayError) Error() string { return "the store does not answer: " + e.outage.err.Error() }
func (e *awayError) Unwrap() error { return e.outage.err }

// unsureError says that the store stopped answering while it was to write.
type unsureError struct{ outage *outage }

func (e *unsureError) Error() string { return "the store stopped answering: " + e.outage.err.Error() }
func (e *unsureError) Unwrap() error { return e.outage.err }

// unsure says that a change may have been made or not.
func (s *Server) unsure(o *outage) *problem {
	p := s.away(o)
	p.Heading = "The data store stopped answering while this was saved"
	p.Say = say("It was saved as a whole or not at all. When the store is back, its history tells which.")
	return p
}

// asked is the store as questions reach it. It refuses at once while the store is known to be away. Where the store answers with
// an error, or with nothing for a while, it is asked for its version, so that a dead one is told from a bad question.
type asked struct {
	graph.Store
	keeper *keeper
}

// silence is how long a question waits before it is asked whether the store is still there.
const silence = 500 * time.Millisecond

func reach[T any](ctx context.Context, k *keeper, do func(context.Context) (T, error)) (T, error) {
	var none T
	if o := k.outage.Load(); o != nil {
		return none, &awayError{o}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	timer := time.AfterFunc(silence, func() {
		if k.check() != nil {
			cancel()
		}
	})
	v, err := do(ctx)
	timer.Stop()
	if err == nil || errors.Is(err, graph.ErrNoVersion) {
		return v, err
	}
	if o := k.check(); o != nil {
		return none, &awayError{o}
	}
	return none, err
}

// check asks whether the store is still there; where it is not, it gives the outage.
func (k *keeper) check() *outage {
	if o := k.outage.Load(); o != nil {
		return o
	}
	began := time.Now()
	if _, err := k.ask(k.version); err != nil {
		k.away(began, err)
	}
	return k.outage.Load()
}

// Version implements graph.Store.
func (a asked) Version(ctx context.Context) (int64, error) {
	return reach(ctx, a.keeper, a.Store.Version)
}

// Load implements graph.Store.
func (a asked) Load(ctx context.Context) (*graph.Org, error) {
	return reach(ctx, a.keeper, a.Store.Load)
}

// Changes implements graph.Store.
func (a asked) Changes(ctx context.Context, from, to int64) (*graph.ChangeSet, error) {
	return reach(ctx, a.keeper, func(ctx context.Context) (*graph.ChangeSet, error) { return a.Store.Changes(ctx, from, to) })
}

// History implements graph.Store.
func (a asked) History(ctx context.Context) ([]graph.VersionRecord, error) {
	return reach(ctx, a.keeper, a.Store.History)
}

// Orgs implements graph.Store.
func (a asked) Orgs(ctx context.Context) ([]string, error) {
	return reach(ctx, a.keeper, a.Store.Orgs)
}

// Apply implements graph.Store. It is never given up half way: nobody would know what came of it.
func (a asked) Apply(ctx context.Context, cs *graph.ChangeSet, record graph.VersionRecord) (int64, error) {
	if o := a.keeper.outage.Load(); o != nil {
		return 0, &awayError{o}
	}
	version, err := a.Store.Apply(ctx, cs, record)
	var faster *graph.ConflictError
	if err == nil || errors.As(err, &faster) {
		return version, err
	}
	if o := a.keeper.check(); o != nil {
		return 0, &unsureError{o}
	}
	return 0, err
}
