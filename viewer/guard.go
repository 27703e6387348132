package viewer

import (
	"crypto/rand"
	"net"
	"net/netip"
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
	switch c.Method() {
	case fiber.MethodGet, fiber.MethodHead, fiber.MethodPost:
		return c.Next()
	}
	return onlyToLookAt(c)
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
