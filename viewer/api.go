package viewer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"time"

	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/answer"
	"github.com/gofiber/fiber/v2"
)

// staticFile gives a file whose name changes with its content, so that it may be kept for good.
func (s *Server) staticFile(c *fiber.Ctx) error {
	f, ok := s.files.byURL[c.Path()]
	if !ok {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, f.kind)
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	return c.Send(f.body)
}

// api answers a question of the commands with their JSON, or with CSV.
func (s *Server) api(c *fiber.Ctx) error {
	q, err := url.ParseQuery(string(c.Context().URI().QueryString()))
	if err != nil {
		return fiber.ErrBadRequest
	}
	format := q.Get("format")
	q.Del("format")
	ctx, cancel := context.WithTimeout(c.UserContext(), requestLimit)
	defer cancel()
	ed := s.keeper.current(ctx)
	a, err := answer.Ask(ctx, s.source(ed), c.Params("command"), q)
	if err != nil {
		return askProblem(err)
	}
	c.Set(fiber.HeaderCacheControl, "no-cache")
	s.mark(c, ed)
	var b bytes.Buffer
	switch format {
	case "", "json":
		c.Set(fiber.HeaderContentType, "application/json; charset=utf-8")
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		err = e.Encode(a)
	case "csv":
		c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
		c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+fileName(c.Params("command"))+`.csv"`)
		err = a.WriteCSV(&b)
	default:
		return &problem{Status: fiber.StatusBadRequest, Heading: "There is no format “" + format + "”", Say: say("Write format=json or format=csv.")}
	}
	if err != nil {
		return err
	}
	return c.Send(b.Bytes())
}

// source is what the API asks. It takes the findings that the pages show where they answer the question.
func (s *Server) source(ed *edition) *answer.Source {
	src := &answer.Source{Snapshot: ed.snap,
		Findings: func(ctx context.Context, o analysis.Options) (*analysis.Findings, error) {
			if o == (analysis.Options{}) && ed.findings != nil {
				return ed.findings, nil
			}
			return analysis.Analyse(ctx, ed.snap, o)
		}}
	if s.stored() {
		src.Store = asked{s.keeper.store, s.keeper}
	}
	return src
}

func askProblem(err error) error {
	var wrong *answer.QuestionError
	if errors.As(err, &wrong) {
		status := fiber.StatusBadRequest
		if wrong.Key == "" && len(wrong.Right) > 0 {
			status = fiber.StatusNotFound // no such command
		}
		return &problem{Status: status, Heading: "This question cannot be answered", Say: say(wrong.Error())}
	}
	return err
}

// sendProblem answers the API in the form of RFC 9457.
func sendProblem(c *fiber.Ctx, p *problem) error {
	body := struct {
		Title   string   `json:"title"`
		Status  int      `json:"status"`
		Detail  string   `json:"detail"`
		Nearest []string `json:"nearest,omitempty"`
		Since   string   `json:"since,omitempty"`
		Reason  string   `json:"reason,omitempty"`
	}{Title: p.Heading, Status: p.Status, Detail: p.Say.String(), Reason: p.Reason}
	if !p.Since.IsZero() {
		body.Since = p.Since.UTC().Format(time.RFC3339)
	}
	for _, t := range p.List {
		body.Nearest = append(body.Nearest, t[0].Text)
	}
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/problem+json")
	return c.Status(p.Status).Send(b)
}
