package viewer

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"example.com/whoserves/graph/phrase"
	"example.com/whoserves/viewer/diagram"
	"example.com/whoserves/viewer/drawing"
	"example.com/whoserves/viewer/render"
	"example.com/whoserves/viewer/sheet"
	"github.com/gofiber/fiber/v2"
)

// headerNote says of a PNG or PDF what came out otherwise than asked: a lower scale, characters that no font has. A sentence in
// ASCII, with a header for each.
const headerNote = "Whoserves-Note"

// kindOf is the MIME type of a picture.
var kindOf = map[string]string{
	"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf", "dot": "text/vnd.graphviz; charset=utf-8",
}

// drawingPolicies are for a picture opened by itself, where it is other than that of pages: an SVG has a style of its own but no
// script and nothing from elsewhere; the viewers of browsers for PDF would be stopped by any policy on what they load.
var drawingPolicies = map[string]string{"svg": drawingPolicy, "pdf": "frame-ancestors 'none'"}

// draw gives the picture of any view as a file: title, legend and grid are in it, and what it rests on.
func (s *Server) draw(c *fiber.Ctx) error {
	format := c.Params("format")
	if kindOf[format] == "" {
		return &problem{Status: fiber.StatusNotFound, Heading: "There is no picture in this format", Say: say("Write /draw.svg, /draw.png, /draw.pdf or /draw.dot.")}
	}
	q, err := url.ParseQuery(string(c.Context().URI().QueryString()))
	if err != nil {
		return fiber.ErrBadRequest
	}
	o, err := sheet.Parse(format, q)
	if err != nil {
		return err
	}
	v, err := diagram.ParseView(q)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), requestLimit)
	defer cancel()
	ed := s.keeper.current(ctx)
	d, err := diagram.Build(ctx, ed.snap, ed.findings, v)
	if err != nil {
		return err
	}
	var file render.File
	if format == "dot" {
		file.Bytes = []byte(d.DOT())
	} else if file, err = s.fileOf(ctx, ed, d, o, requestLimit); err != nil {
		return s.drawProblem(c, err, d)
	}
	s.mark(c, ed)
	noteReport(c, file.Report)
	if policy := drawingPolicies[format]; policy != "" {
		c.Set(fiber.HeaderContentSecurityPolicy, policy)
	}
	c.Set(fiber.HeaderCacheControl, "no-cache")
	c.Set(fiber.HeaderContentType, kindOf[format])
	c.Set(fiber.HeaderContentDisposition, `inline; filename="`+fileName(called(s.orgName(ed), d.Title))+"."+format+`"`)
	return c.Send(slices.Clone(file.Bytes)) // others share them, and compression may write
}

// called names a picture with its organisation, which its title may begin with.
func called(org, title string) string {
	if strings.HasPrefix(title, org) {
		return title
	}
	return org + " " + title
}

// noteReport says in headers what a person must be told of a file.
func noteReport(c *fiber.Ctx, r drawing.Report) {
	for _, words := range r.Words() {
		c.Response().Header.Add(headerNote, inASCII(words))
	}
}

// inASCII writes what is not ASCII as U+6C34, the signs of our sentences as people type them.
func inASCII(words string) string {
	var b strings.Builder
	for _, r := range words {
		switch {
		case r == '×':
			b.WriteByte('x')
		case r == '…':
			b.WriteString(" ...")
		case r == '“', r == '”':
			b.WriteByte('"')
		case r >= ' ' && r < unicode.MaxASCII:
			b.WriteRune(r)
		default:
			if s := b.String(); s != "" && s[len(s)-1] != ' ' {
				b.WriteByte(' ')
			}
			fmt.Fprintf(&b, "U+%04X", r)
		}
	}
	return b.String()
}

// drawProblem says why there is no picture. The engine's own words stand in the log.
func (s *Server) drawProblem(c *fiber.Ctx, err error, d *diagram.Diagram) error {
	size := phrase.Plural(len(d.Nodes), "box", "boxes") + " and " + phrase.Plural(len(d.Links), "arrow", "arrows")
	var bad *render.Error
	switch {
	case errors.Is(err, render.ErrBusy), errors.Is(err, errDrawing):
		return &problem{Status: fiber.StatusServiceUnavailable, Heading: "The picture is not finished",
			Say: say("Many pictures are being drawn. Try again in a few seconds.")}
	case errors.Is(err, render.ErrTooSlow):
		return &problem{Status: fiber.StatusUnprocessableEntity, Heading: "The picture is too large to be drawn in time",
			Say: say("It would have ", size, ". Ask for fewer with nodes=80, or take the DOT file.")}
	case errors.As(err, &bad) && bad.Beyond:
		return &problem{Status: fiber.StatusUnprocessableEntity, Heading: "The picture is too large for a PNG or PDF",
			Say: say("It has ", size, ". Take /draw.svg, which has no such limit, or ask for fewer with nodes=80.")}
	case errors.Is(err, render.ErrClosed), errors.Is(err, context.Canceled):
		return &problem{Status: fiber.StatusServiceUnavailable, Heading: "The program is being stopped", Say: say("Try again when it runs again.")}
	}
	s.log.Error("picture failed", "request", requestID(c), "view", d.View.Query(), "error", err)
	return &problem{Status: fiber.StatusServiceUnavailable, Wait: failureLasts, Heading: "The picture could not be drawn",
		Say: say("It is tried again in a minute; the DOT file can be had now. If you report it, quote " + requestID(c) + ".")}
}
