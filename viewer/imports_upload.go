package viewer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"slices"
	"strings"
	"time"

	"example.com/whoserves/graph/phrase"
	"example.com/whoserves/viewer/draft"
	"github.com/gofiber/fiber/v2"
)

// How what is sent may come.
const (
	maxForm        = 64 << 10         // bytes of what a form sends
	maxUpload      = 1 << 30          // bytes of files that are sent at once
	uploadsAtOnce  = 4                // more wait for their turn
	uploadSilence  = 20 * time.Second // how long a sender may be silent
	uploadPatience = 30 * time.Minute // how long it may take
	maxFields      = 8                // of a form with files, beside them
)

// wholeBody reads what a form sends, which is short. Files come as a stream, which receive reads: nothing of them is in memory.
func (s *Server) wholeBody(c *fiber.Ctx) error {
	req := c.Request()
	if !req.IsBodyStream() {
		return c.Next()
	}
	if isUpload(c) {
		err := c.Next()
		drain(c)
		return err
	}
	if len(req.Header.Peek(fiber.HeaderContentEncoding)) > 0 {
		c.Context().Response.SetConnectionClose()
		return fiber.ErrUnsupportedMediaType // no browser packs a form, and a small body may unpack to a very large one
	}
	body, err := io.ReadAll(io.LimitReader(req.BodyStream(), maxForm+1))
	if err != nil || len(body) > maxForm {
		c.Context().Response.SetConnectionClose() // the rest of it is no request
		if err != nil {
			return fiber.ErrBadRequest
		}
		return fiber.ErrRequestEntityTooLarge
	}
	req.SetBody(body)
	return c.Next()
}

// isUpload says whether a request brings files to an import. Other forms are short, whatever they are written in.
func isUpload(c *fiber.Ctx) bool {
	path := strings.TrimSuffix(c.Path(), "/")
	return c.Method() == fiber.MethodPost && (path == importPath || strings.HasPrefix(path, importPath+"/") && strings.HasSuffix(path, "/files")) &&
		strings.HasPrefix(strings.ToLower(c.Get(fiber.HeaderContentType)), "multipart/form-data")
}

// drain reads what was not read of an upload, within bounds: a browser that still sends does not see the answer.
func drain(c *fiber.Ctx) {
	const most, atMost = 512 << 20, 20 * time.Second
	c.Context().Response.SetConnectionClose()
	if c.Request().IsBodyStream() {
		c.Context().Conn().SetReadDeadline(time.Now().Add(atMost))
		io.Copy(io.Discard, io.LimitReader(c.Request().BodyStream(), most)) // what does not come is not missed
	}
}

// steady reads from a connection whose other end must not be silent for long, and not send for ever.
type steady struct {
	io.Reader
	conn net.Conn
	end  time.Time
}

func (r *steady) Read(p []byte) (int, error) {
	until := time.Now().Add(uploadSilence)
	if until.After(r.end) {
		until = r.end
	}
	r.conn.SetReadDeadline(until)
	return r.Reader.Read(p)
}

// receive takes the files of a form into a draft, a new one where id is "", and gives it. The secret of the page comes before them.
func (s *Server) receive(c *fiber.Ctx, id string) (*draft.Draft, error) {
	if err := sentByUs(c); err != nil {
		return nil, err
	}
	_, params, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if err != nil || params["boundary"] == "" || !c.Request().IsBodyStream() {
		return nil, fiber.ErrBadRequest
	}
	stream := &steady{Reader: io.LimitReader(c.Request().BodyStream(), maxUpload), conn: c.Context().Conn(), end: time.Now().Add(uploadPatience)}
	in := &incoming{shelf: s.imports.shelf, id: id, by: s.config.By, parts: multipart.NewReader(stream, params["boundary"])}
	d, err := in.take(c)
	if err == nil {
		return d, nil
	}
	if in.begun != "" {
		s.imports.shelf.Remove(in.begun)
	}
	err = uploadProblem(err)
	if own := (*problem)(nil); errors.As(err, &own) && in.begun == "" && len(in.added) > 0 {
		own.Asides = append(own.Asides, aside{Heading: "What had arrived before that was added", Paras: []text{in.addedSaid()}, Acts: []run{link("Back to the files", importPath+"/"+id)}})
	}
	return nil, err
}

// addedSaid names the files that were added.
func (in *incoming) addedSaid() text {
	return append(firstNames(in.added, 10, " more"), run{Text: "."})
}

// incoming is what a form with files sends.
type incoming struct {
	shelf  *draft.Shelf
	id, by string
	begun  string   // the draft that was begun for it
	added  []string // names of files
	parts  *multipart.Reader
	draft  *draft.Draft
}

var (
	errNoFile = errors.New("no file was chosen")
	errTwice  = errors.New("two files have this name")
)

// take reads the parts one by one.
func (in *incoming) take(c *fiber.Ctx) (*draft.Draft, error) {
	ours := false
	for n := 0; ; n++ {
		p, err := in.parts.NextPart()
		if err == io.EOF {
			break
		}
		switch {
		case err != nil:
			return nil, fmt.Errorf("%w: %w", errBroken, err)
		case n == draft.MaxFiles+maxFields:
			return nil, draft.ErrTooMany
		}
		switch {
		case p.FormName() == keyToken:
			token, err := io.ReadAll(io.LimitReader(p, 64))
			if err != nil || !isToken(c, string(token)) {
				return nil, notOurs(c)
			}
			ours = true
		case !ours:
			return nil, notOurs(c)
		case p.FormName() == "file" && p.FileName() != "":
			if err := in.file(p); err != nil {
				return nil, err
			}
		}
	}
	switch {
	case !ours:
		return nil, notOurs(c)
	case in.draft == nil:
		return nil, errNoFile
	}
	return in.draft, nil
}

var errBroken = errors.New("what was sent broke off")

// file takes one file.
func (in *incoming) file(p *multipart.Part) (err error) {
	if in.id == "" {
		d, err := in.shelf.New(in.by)
		if err != nil {
			return err
		}
		in.id, in.begun = d.ID, d.ID
	}
	name := draft.CleanName(p.FileName())
	if slices.Contains(in.added, name) {
		return fmt.Errorf("%s: %w", name, errTwice)
	}
	in.draft, err = in.shelf.Add(in.id, name, p)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	in.added = append(in.added, name)
	return nil
}

// uploadProblem says what to do about files that could not be taken.
func uploadProblem(err error) error {
	var own *problem
	again := []run{link("Choose files", importPath)}
	switch {
	case errors.As(err, &own), errors.Is(err, draft.ErrGone):
		return draftProblem(err)
	case errors.Is(err, errNoFile):
		return &problem{Status: fiber.StatusBadRequest, Heading: "No file was chosen", Say: say("Choose one file or several, then send them."), Acts: again}
	case errors.Is(err, draft.ErrTooLarge):
		return &problem{Status: fiber.StatusRequestEntityTooLarge, Heading: "A file is too large to be sent here",
			Say: say(fmt.Sprintf("A file may have up to %d MB here. Larger ones can be imported on the computer that whoserves runs on: whoserves import FILE. This one was not kept.", draft.MaxFile>>20)), Acts: again}
	case errors.Is(err, errTwice):
		name, _, _ := strings.Cut(err.Error(), ": "+errTwice.Error())
		return &problem{Status: fiber.StatusBadRequest, Heading: "Two files have one name", Say: say("One of them would take the place of the other: ", run{Text: name, Name: true, Strong: true}, ". Give one of them another name and send them again."), Acts: again}
	case errors.Is(err, draft.ErrTooMany):
		return &problem{Status: fiber.StatusRequestEntityTooLarge, Heading: "These are too many files",
			Say: say(fmt.Sprintf("An import takes up to %d files. Send them in several imports, or import their folder on the computer that whoserves runs on.", draft.MaxFiles)), Acts: again}
	case errors.Is(err, draft.ErrFull):
		return &problem{Status: fiber.StatusInsufficientStorage, Heading: "There is no room for another import",
			Say: say("Imports that were begun and not finished take it up. Finish them or throw them away. What was sent now was not kept."), Acts: []run{link("Imports that were begun", importPath+"#drafts")}}
	case errors.Is(err, errBroken), isTimeout(err):
		return &problem{Status: fiber.StatusBadRequest, Heading: "The files did not arrive whole",
			Say: say("What was sent broke off, or nothing came for " + phrase.Count(int(uploadSilence.Seconds())) + " seconds. What did not arrive whole was not kept: send it again."), Acts: again}
	}
	return err
}

func isTimeout(err error) bool {
	var slow net.Error
	return errors.As(err, &slow) && slow.Timeout() || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.DeadlineExceeded)
}

// draftProblem says what to do where a draft is not there.
func draftProblem(err error) error {
	switch {
	case errors.Is(err, draft.ErrDecided):
		return &problem{Status: fiber.StatusRequestEntityTooLarge, Heading: "This is too much for one import", Say: say("Nothing was changed. Mend the files themselves and send them again."),
			Acts: []run{link("To the imports", importPath)}}
	case !errors.Is(err, draft.ErrGone):
		return err
	}
	return &problem{Status: fiber.StatusNotFound, Heading: "This import is no longer here",
		Say:  say(fmt.Sprintf("It was thrown away, or nobody worked on it for %d days, or it belongs to another organisation. Nothing was changed by it. Send the files again.", int(draft.KeptFor.Hours()/24))),
		Acts: []run{link("To the imports", importPath)}}
}
