package viewer

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"example.com/whoserves/graph"
	"github.com/gofiber/fiber/v2"
)

// post is a form that changes something. Its page needs a token: see tokenFor.
type post struct {
	Action, Token string
	Label         string // names the form where it holds more than a button
	Hidden        [][2]string
	Fields        []field
	Submit        string
	Does          string // what the button does, where the word on it does not say of what
	Quiet         bool   // the button does not stand out
	Names         []string
	ListID        string // of the names that fields suggest
	Says          text   // stands before the button
}

// tokenFor gives the secret that the forms of a page send back, and sees that the browser gets it too.
func (p *page) tokenFor(r *request) string {
	p.Token = r.token
	return p.Token
}

// act does what a form of ours asks for and gives the address of the page that says what came of it.
type act func(*request) (to string, err error)

// takes makes the handler of what a form sends; request.form has its fields. It comes after fromOurPage.
func (s *Server) takes(do act) fiber.Handler {
	return func(c *fiber.Ctx) error {
		r, end, err := s.request(c)
		defer end()
		if err != nil {
			return err
		}
		if r.form, err = url.ParseQuery(string(c.Request().Body())); err != nil {
			return fiber.ErrBadRequest
		}
		for _, values := range r.form {
			for i, v := range values {
				values[i] = lineBreaks.Replace(v) // browsers write them in their own way
			}
		}
		to, err := do(r)
		if err != nil {
			return err
		}
		return c.Redirect(to, fiber.StatusSeeOther)
	}
}

var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// onlyToLookAt refuses what is sent to an address that takes nothing.
func onlyToLookAt(c *fiber.Ctx) error {
	c.Set(fiber.HeaderAllow, "GET, HEAD")
	return fiber.ErrMethodNotAllowed
}

// change lets do write to the store, and shows the version that it gives before the answer leads to it. Where nothing can be
// changed it gives what refusal says.
func (s *Server) change(ctx context.Context, do func(context.Context, graph.Store) (int64, error)) (int64, error) {
	if err := s.refusal(); err != nil {
		return 0, err
	}
	version, err := do(ctx, asked{s.keeper.store, s.keeper})
	if err == nil {
		s.keeper.show(ctx, version)
	}
	return version, err
}

// record is the beginning of the record of a version that is made here.
func (s *Server) record() graph.VersionRecord {
	return graph.VersionRecord{By: s.config.By, Program: s.config.Version}
}

// refusal says why nothing can be changed; nil where it can.
func (s *Server) refusal() error {
	no := &problem{Status: fiber.StatusForbidden, Heading: "Nothing can be changed here", Acts: []run{link("To the overview", "/")}}
	switch own := hostOf(s.config.Listen); {
	case !s.stored():
		no.Say = say("These pages show files as they are. Correct them there, or import them into a store: whoserves import FILE, then whoserves serve.")
		return no
	case own != "" && !isLoopback(own):
		no.Say = say("Everybody on the network can read these pages, and there is no sign-in yet, so they are only for looking. Change the facts on the computer that whoserves runs on.")
		return no
	}
	if o := s.keeper.outage.Load(); o != nil {
		return &awayError{o}
	}
	return nil
}

// refused says in a sentence why there is no button; nil where there can be one.
func (s *Server) refused() text {
	err := s.refusal()
	var no *problem
	switch {
	case err == nil:
		return nil
	case errors.As(err, &no):
		return no.Say
	}
	return say("Nothing can be changed until the data store answers again.")
}

// keyToken names the secret that a form sends back, and the cookie that it must be equal to: only a page of ours can know it.
const keyToken = "token"

var tokens = regexp.MustCompile(`^[A-Z2-7]{26}$`)

// tokenOf gives the secret of a browser; a fresh one where it has none.
func tokenOf(c *fiber.Ctx) string {
	if t := c.Cookies(keyToken); tokens.MatchString(t) {
		return t
	}
	return rand.Text()
}

// keepToken gives the browser the secret that a form of the page will send back. Several processes need not share anything for it.
func keepToken(c *fiber.Ctx, token string) {
	c.Cookie(&fiber.Cookie{Name: keyToken, Value: token, Path: "/", HTTPOnly: true, SessionOnly: true, SameSite: fiber.CookieSameSiteStrictMode})
}

// fromOurPage refuses what a page from elsewhere makes a browser send: by what the browser says of its origin, and, as old ones
// say nothing, by the secret that only our page has.
func (s *Server) fromOurPage(c *fiber.Ctx) error {
	if err := sentByUs(c); err != nil {
		return err
	}
	if !isToken(c, c.FormValue(keyToken)) {
		return notOurs(c)
	}
	return c.Next()
}

// sentByUs refuses what the browser says comes from elsewhere.
func sentByUs(c *fiber.Ctx) error {
	sent := http.Request{Method: c.Method(), Host: string(c.Context().Host()), URL: &url.URL{Path: c.Path()}, Header: http.Header{}}
	for _, h := range []string{"Origin", "Sec-Fetch-Site"} {
		if v := c.Get(h); v != "" {
			sent.Header.Set(h, v)
		}
	}
	if http.NewCrossOriginProtection().Check(&sent) != nil || !tokens.MatchString(c.Cookies(keyToken)) {
		return notOurs(c)
	}
	return nil
}

// isToken says whether a form sent the secret that the browser has.
func isToken(c *fiber.Ctx, token string) bool {
	return subtle.ConstantTimeCompare([]byte(c.Cookies(keyToken)), []byte(token)) == 1
}

func notOurs(c *fiber.Ctx) error {
	return &problem{Status: fiber.StatusForbidden, Heading: "This was not sent by a page of whoserves", Say: say("Nothing was done. Open the page anew and press its button again."),
		Acts: []run{link("Open the page", pageOfForms(ownPath(c.Path())))}}
}

// pageOfForms is the page on which the forms of an address stand, where that is no page itself.
func pageOfForms(path string) string {
	path = strings.TrimSuffix(path, "/")
	if path == undoPath {
		return historyPath
	}
	rest, ok := strings.CutPrefix(path, importPath+"/")
	id, step, _ := strings.Cut(rest, "/")
	if !ok {
		return path
	}
	switch step {
	case "cell", "apply":
		return importPath + "/" + id + "/preview"
	case "files", "drop", "source", "remove":
		return importPath + "/" + id
	}
	return path
}

// toItsPage leads whoever opens the address of a form to the page that it stands on: an address stays in the browser when what a form sent
// was refused.
func toItsPage(c *fiber.Ctx) error {
	return c.Redirect(pageOfForms(ownPath(c.Path())), fiber.StatusSeeOther)
}
