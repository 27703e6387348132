package viewer

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/viewer/diagram"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/compress"
	"github.com/gofiber/fiber/v2/middleware/etag"
	"github.com/gofiber/fiber/v2/middleware/recover"
)

// maker makes a page, or says why there is none.
type maker func(*request) (*page, error)

// routes is the table of all addresses.
func (s *Server) routes() *fiber.App {
	app := fiber.New(fiber.Config{
		AppName: "whoserves", DisableStartupMessage: true, Immutable: true, CaseSensitive: true,
		ErrorHandler: s.fail, BodyLimit: maxForm, StreamRequestBody: true, DisablePreParseMultipartForm: true, // see wholeBody
		ReadBufferSize: 16 << 10, Concurrency: 4096,
		ReadTimeout: 15 * time.Second, WriteTimeout: 60 * time.Second, IdleTimeout: 75 * time.Second,
		EnableTrustedProxyCheck: true, EnableIPValidation: true,
	})
	app.Use(s.accessLog)
	app.Use(recover.New(recover.Config{EnableStackTrace: true, StackTraceHandler: func(c *fiber.Ctx, e any) {
		s.log.Error("panic", "request", requestID(c), "path", c.Path(), "panic", fmt.Sprint(e), "stack", string(debug.Stack()))
	}}))
	app.Use(s.wholeBody, s.guard)
	app.Get("/healthz", s.health)
	app.Get("/readyz", s.ready)
	packed := func(c *fiber.Ctx) bool { return strings.HasPrefix(c.Path(), "/draw.p") || c.Path() == templatePath } // compressed in themselves
	app.Use(compress.New(compress.Config{Level: compress.LevelBestSpeed, Next: packed}), etag.New(etag.Config{Weak: true}))
	app.Get("/static/:name", s.staticFile)
	app.Get(templatePath, s.sendTemplate)
	app.Use(s.whenThere, s.limit)

	app.Get("/draw.:format", s.draw)
	app.Get("/api/v1/:command", s.api)
	app.Get("/version", s.version)
	app.Get(reconcilePath+".:format", s.reconcileFile)

	for path, make := range map[string]maker{
		"/":                  s.overviewPage,
		"/customers":         s.customersPage,
		"/customers/:id":     s.customerPage,
		"/risks":             s.risksPage,
		"/bottlenecks":       s.bottlenecksPage,
		"/paths":             s.pathsPage,
		"/what-if":           s.whatIfPage,
		"/search":            s.searchPage,
		problemsPath:         s.problemsPage,
		reconcilePath:        s.reconcilePage,
		sourcesPath:          s.sourcesPage,
		linksPath:            s.linkPage,
		correctPath:          s.correctPage,
		historyPath:          s.historyPage,
		historyPath + "/:id": s.versionPage,
	} {
		app.Get(path, s.serve(make))
	}
	for _, k := range []graph.Kind{graph.Team, graph.Supplier, graph.Resource, graph.Person, graph.Unit} {
		app.Get(kindPath(k), s.serve(func(r *request) (*page, error) { return s.listPage(r, k) }))
		app.Get(kindPath(k)+"/:id", s.serve(func(r *request) (*page, error) { return s.nodePage(r, k) }))
	}
	s.importRoutes(app)
	if s.others != nil {
		app.Post(problemsPath, s.fromOurPage, s.readOthers)
	}
	for path, do := range map[string]act{correctPath: s.correct, undoPath: s.undo, sourcesPath: s.rerank} {
		app.Post(path, s.fromOurPage, s.takes(do))
	}
	app.Get(undoPath, toItsPage)
	app.Use(func(c *fiber.Ctx) error {
		if c.Method() == fiber.MethodPost {
			return onlyToLookAt(c)
		}
		return fiber.ErrNotFound
	})
	return app
}

// serve answers a request with a page, or with one of its tables as CSV.
func (s *Server) serve(make maker) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if to, ok := chooseTheme(c); ok {
			return c.Redirect(to, fiber.StatusSeeOther)
		}
		r, end, err := s.request(c)
		defer end()
		if err != nil {
			return err
		}
		p, err := make(r)
		if err == nil {
			err = r.ctx.Err() // a table is cut short when the time is over
		}
		if err != nil {
			return err
		}
		s.mark(c, r.ed)
		if r.csv != "" {
			return sendCSV(c, p, r)
		}
		if p.Token != "" {
			keepToken(c, p.Token)
		}
		return s.sendPage(c, p, fiber.StatusOK)
	}
}

func (s *Server) sendPage(c *fiber.Ctx, p *page, status int) error {
	body, err := s.pages.render(p)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-cache")
	c.Type("html", "utf-8")
	return c.Status(status).Send(body)
}

func sendCSV(c *fiber.Ctx, p *page, r *request) error {
	t := p.tables[r.csv]
	if t == nil {
		return &problem{Status: fiber.StatusNotFound, Heading: "There is no such table", Say: say("This page has no table “" + r.csv + "”.")}
	}
	var b bytes.Buffer
	if err := t.writeCSV(&b); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+fileName(p.Title+" "+r.csv)+`.csv"`)
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return c.Send(b.Bytes())
}

// fileName makes a plain file name out of words.
func fileName(words string) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, words)
	parts := strings.FieldsFunc(name, func(r rune) bool { return r == '-' })
	name = strings.ToLower(strings.Join(parts, "-"))
	if name == "" {
		return "whoserves"
	}
	return name[:min(len(name), 80)]
}

// chooseTheme keeps the theme that a link of the page asks for and says where the page is without it. Only the path and the
// query of the request go into the answer, so it cannot lead away.
func chooseTheme(c *fiber.Ctx) (string, bool) {
	q, err := url.ParseQuery(string(c.Context().URI().QueryString()))
	if err != nil || !q.Has("theme") {
		return "", false
	}
	theme := themeOf(q.Get("theme"))
	q.Del("theme")
	cookie := &fiber.Cookie{Name: "theme", Value: theme, Path: "/", MaxAge: 365 * 24 * 3600, SameSite: fiber.CookieSameSiteLaxMode}
	if theme == "" {
		cookie.MaxAge, cookie.Expires = -1, time.Unix(1, 0)
	}
	c.Cookie(cookie)
	return withQuery(ownPath(c.Path()), q), true
}

// ownPath makes sure that a path is one of ours: browsers take "//host" and "/\host" for another site.
func ownPath(path string) string {
	return "/" + strings.TrimLeft(path, `/\`)
}

// problem is an answer that is not the page asked for: what happened, what did not, and what to do now.
type problem struct {
	Status  int
	Wait    time.Duration // before it is worth trying again; 0: a few seconds
	Heading string
	Say     text
	Asides  []aside
	List    []text // the nearest names
	Acts    []run
	Look    int // seconds after which the page looks again by itself; 0 never

	Since  time.Time // since when it is so, for programs; zero: not said
	Reason string    // why, for programs
}

func (e *problem) Error() string { return e.Heading + ": " + e.Say.String() }

// problemOf turns an error into words. What is unexpected is not told: it stands in the log under the code.
func (s *Server) problemOf(c *fiber.Ctx, err error) *problem {
	var (
		own     *problem
		unknown *graph.UnknownError
		query   *diagram.QueryError
		gone    *awayError
		unsure  *unsureError
		faster  *graph.ConflictError
		later   *graph.LaterChangesError
		wrong   *graph.CorrectionError
		http    *fiber.Error
	)
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &unknown):
		return s.unknown(unknown)
	case errors.As(err, &query):
		return badQuery(query)
	case errors.As(err, &gone):
		return s.away(gone.outage)
	case errors.As(err, &unsure):
		return s.unsure(unsure.outage)
	case errors.As(err, &faster):
		return conflict(faster)
	case errors.As(err, &later):
		return laterChanges(later)
	case errors.As(err, &wrong):
		return &problem{Status: fiber.StatusUnprocessableEntity, Heading: "This cannot be changed so", Say: say("Nothing was changed. " + upper(wrong.Error()) + ".")}
	case errors.Is(err, context.DeadlineExceeded):
		return &problem{Status: fiber.StatusServiceUnavailable, Heading: "This took too long",
			Say: say("It was stopped after ", int(requestLimit.Seconds()), " seconds. Ask for less at once, or try again when fewer people do.")}
	case errors.As(err, &http) && http.Code < 500:
		return plainProblem(http.Code)
	}
	s.log.Error("request failed", "request", requestID(c), "path", c.Path(), "error", err)
	return &problem{Status: fiber.StatusInternalServerError, Heading: "Something went wrong here",
		Say: say("This page could not be made; it is a fault of the program, not of your question. Nothing was changed. If you report it, quote ", strong(requestID(c)), ".")}
}

func plainProblem(status int) *problem {
	p := &problem{Status: status, Heading: "There is no such page", Say: say("The address leads nowhere. It may have been copied without its end.")}
	switch status {
	case fiber.StatusMethodNotAllowed:
		p.Heading, p.Say = "Nothing can be sent to this address", say("Nothing was changed.")
	case fiber.StatusRequestEntityTooLarge:
		p.Heading, p.Say = "This is too much for one form", say("A form may send up to 64 KB. Nothing was changed.")
	case fiber.StatusRequestHeaderFieldsTooLarge, fiber.StatusRequestURITooLong:
		p.Heading, p.Say = "This question is too long", say("An address may have up to 16,000 characters. Choose fewer things at once, or a unit instead of its teams.")
	case fiber.StatusUnsupportedMediaType:
		p.Heading, p.Say = "This form cannot be read", say("What a form sends must not be packed.")
	case fiber.StatusBadRequest:
		p.Heading, p.Say = "This request cannot be read", say("It is damaged.")
	}
	return p
}

// conflict says that somebody else was faster.
func conflict(e *graph.ConflictError) *problem {
	return &problem{Status: fiber.StatusConflict, Heading: "Somebody else changed the facts meanwhile",
		Say: say(fmt.Sprintf("What you saw was version %d; the facts are at version %d by now. Nothing of yours was changed: go back, look at what is there now, and do it again.", e.Base, e.Now))}
}

// laterChanges says which versions stand in the way of taking one back.
func laterChanges(e *graph.LaterChangesError) *problem {
	p := &problem{Status: fiber.StatusConflict, Heading: fmt.Sprintf("Version %d cannot be undone as it is", e.Version),
		Say: say("Later versions changed the same facts, so nothing was changed. Undo those first:")}
	for _, words := range e.Later {
		p.List = append(p.List, say(run{Text: upper(words), Name: true}))
	}
	return p
}

// unknown says that there is no such name, with the nearest ones.
func (s *Server) unknown(e *graph.UnknownError) *problem {
	ed := s.keeper.now.Load()
	p := &problem{Status: fiber.StatusNotFound, Acts: []run{link("To the overview", "/"), link("Search", "/search?q="+url.QueryEscape(e.Ref))}}
	where := "here"
	if s.stored() {
		where = fmt.Sprintf("in version %d", ed.snap.Version)
	}
	p.Heading = "There is no “" + e.Ref + "” " + where
	if len(e.Several) > 0 {
		p.Heading = "“" + e.Ref + "” can mean several"
		p.Say = say("Choose one:")
		for _, id := range e.Several {
			if v := ed.snap.ByID(id); v >= 0 {
				p.List = append(p.List, ed.introduce(v))
			}
		}
		return p
	}
	for _, name := range e.Nearest {
		if v, err := ed.snap.Lookup(name); err == nil {
			p.List = append(p.List, ed.introduce(v))
		}
	}
	p.Say = say("Nothing has a name like it.")
	if len(p.List) > 0 {
		p.Say = say("These are the nearest names:")
	}
	return p
}

// badQuery says what is wrong with an address and what would be right.
func badQuery(e *diagram.QueryError) *problem {
	p := &problem{Status: fiber.StatusBadRequest, Heading: "This address asks for something that is not known", Acts: []run{link("To the overview", "/")}}
	p.Say = say(upper(e.Error()) + ".")
	return p
}

// fail answers what could not be answered: a page, JSON for the API, plain words for pictures.
func (s *Server) fail(c *fiber.Ctx, err error) error {
	var to moved
	if errors.As(err, &to) {
		if q := string(c.Context().URI().QueryString()); q != "" && to.keepQuery {
			to.to += "?" + q
		}
		return c.Redirect(to.to, fiber.StatusSeeOther)
	}
	p := s.problemOf(c, err)
	s.headers(c)
	s.mark(c, s.keeper.now.Load())
	c.Set(fiber.HeaderCacheControl, "no-store")
	if p.Status == fiber.StatusServiceUnavailable {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(cmp.Or(p.Wait, 3*time.Second).Seconds())))
	}
	switch path := c.Path(); {
	case strings.HasPrefix(path, "/api/"):
		return sendProblem(c, p)
	case strings.HasPrefix(path, "/draw."), strings.HasPrefix(path, "/static/"):
		c.Type("txt", "utf-8")
		return c.Status(p.Status).SendString(strings.TrimSpace(p.Error()+" "+p.Reason) + "\n")
	}
	return s.sendPage(c, s.problemPage(c, p), p.Status)
}

func (s *Server) problemPage(c *fiber.Ctx, e *problem) *page {
	r := &request{ctx: c.UserContext(), ed: s.keeper.now.Load(), path: ownPath(c.Path()), theme: themeOf(c.Cookies("theme")), all: url.Values{}}
	p := s.newPage(r, "", e.Heading)
	p.Refresh, p.Asides = e.Look, e.Asides
	if r.ed != nil {
		if a, ok := s.awayAside(r.ed, p.Version); ok {
			p.Asides = append(p.Asides, a)
		}
	}
	p.Heading = say(e.Heading)
	p.Answer = []text{e.Say}
	if e.Look > 0 {
		p.Answer = append(p.Answer, say("This page looks again by itself. ", link("Look now", r.here())))
	}
	if len(e.List)+len(e.Acts) > 0 {
		p.Sections = []section{{Parts: []part{{List: e.List, Acts: e.Acts}}}}
	}
	return p
}
