package viewer

import (
	"crypto/rand"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

const headerRequestID = "X-Request-ID"

// policy lets a page load its own style and script and nothing else. Pictures in a page carry no style of their own.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// drawingPolicy is for a picture opened by itself: its own style, no script, nothing from elsewhere.
const drawingPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-top-navigation-by-user-activation; frame-ancestors 'none'"

// headers sets what every answer carries.
func (s *Server) headers(c *fiber.Ctx) {
	c.Set(fiber.HeaderContentSecurityPolicy, policy)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	c.Set(fiber.HeaderXFrameOptions, "DENY")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	c.Set(fiber.HeaderPermissionsPolicy, "camera=(), geolocation=(), microphone=()")
}

// guard sets the headers and refuses requests that come by a name which is not ours.
func (s *Server) guard(c *fiber.Ctx) error {
	s.headers(c)
	c.Set(headerRequestID, requestID(c))
	if !s.knownHost(string(c.Context().Host())) {
		c.Type("txt", "utf-8")
		return c.Status(fiber.StatusMisdirectedRequest).SendString("This whoserves answers only on this computer: open it by the address that it printed when it started.\n")
	}
	switch m := c.Method(); {
	case m == fiber.MethodGet, m == fiber.MethodHead:
	case m == fiber.MethodPost && s.takes(c.Path()):
		return s.fromOurPage(c)
	default:
		c.Set(fiber.HeaderAllow, "GET, HEAD")
		return fiber.ErrMethodNotAllowed
	}
	return c.Next()
}

// takes says whether something can be sent to a path.
func (s *Server) takes(path string) bool { return s.others != nil && path == problemsPath }

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
	sent := http.Request{Method: c.Method(), Host: string(c.Context().Host()), URL: &url.URL{Path: c.Path()}, Header: http.Header{}}
	for _, h := range []string{"Origin", "Sec-Fetch-Site"} {
		if v := c.Get(h); v != "" {
			sent.Header.Set(h, v)
		}
	}
	cookie, token := c.Cookies(keyToken), c.FormValue(keyToken)
	if http.NewCrossOriginProtection().Check(&sent) != nil || !tokens.MatchString(cookie) || subtle.ConstantTimeCompare([]byte(cookie), []byte(token)) != 1 {
		return &problem{Status: fiber.StatusForbidden, Heading: "This was not sent by a page of whoserves", Say: say("Nothing was done. Open the page anew and press its button again."),
			Acts: []run{link("Open the page", ownPath(c.Path()))}}
	}
	return c.Next()
}

// knownHost says whether a request may come by this name. A server that listens on this computer only must not answer to
// a name from elsewhere: a page there could point that name at us and read what we say.
func (s *Server) knownHost(host string) bool {
	own := hostOf(s.config.Listen)
	if own != "" && !isLoopback(own) {
		return true
	}
	host = hostOf(host)
	return isLoopback(host) || own != "" && strings.EqualFold(host, own)
}

// hostOf takes the port and the brackets off.
func hostOf(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return strings.Trim(address, "[]")
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// atOnce is how many requests are worked on at once; the others wait their turn, but not for long.
const (
	atOnce     = 32
	waitAtMost = 5 * time.Second
)

// limit keeps a crowd of requests from slowing all of them down.
func (s *Server) limit(c *fiber.Ctx) error {
	timer := time.NewTimer(waitAtMost)
	defer timer.Stop()
	select {
	case s.places <- struct{}{}:
		defer func() { <-s.places }()
		return c.Next()
	case <-timer.C:
		return &problem{Status: fiber.StatusServiceUnavailable, Heading: "Too many questions at once", Say: say("Try again in a few seconds.")}
	}
}

var requestIDs = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// requestID names the request in log and error pages: the one that came with it when that is harmless, else a fresh one.
func requestID(c *fiber.Ctx) string {
	if id, ok := c.Locals(headerRequestID).(string); ok {
		return id
	}
	id := c.Get(headerRequestID)
	if !requestIDs.MatchString(id) {
		id = strings.ToLower(rand.Text()[:4] + "-" + rand.Text()[:4])
	}
	c.Locals(headerRequestID, id)
	return id
}

// accessLog writes one line for each request.
func (s *Server) accessLog(c *fiber.Ctx) error {
	start := time.Now()
	err := c.Next()
	if err != nil {
		if err := s.fail(c, err); err != nil {
			return err
		}
	}
	s.log.Info("request", "request", requestID(c), "method", c.Method(), "path", c.Path(), "status", c.Response().StatusCode(),
		"ms", time.Since(start).Milliseconds())
	return nil
}
