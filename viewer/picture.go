package viewer

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/phrase"
	"example.com/whoserves/viewer/diagram"
	"example.com/whoserves/viewer/render"
	"example.com/whoserves/viewer/sheet"
)

// How long a page waits for its picture before it is sent without, and how many failures are remembered.
const (
	drawPatient  = 400 * time.Millisecond
	drawHurried  = 60 * time.Millisecond // while the findings are being worked out and the picture will change anyway
	failuresKept = 256
	failureLasts = time.Minute // then it is tried again: the machine may have been short of memory
	factsListed  = 200
)

// A picture beyond these measures, in points, would be too small to read when it is made to fit a page: it keeps its size and
// scrolls in its frame.
const (
	bigWidth  = 1500
	bigHeight = 900
)

// draws draws pictures and remembers which could not be drawn, so that a page that looks again does not try for ever.
type draws struct {
	life context.Context
	pool *render.Pool

	mu     sync.Mutex
	failed map[render.Key]failure
}

// failure is why a picture could not be drawn, and until when that is believed.
type failure struct {
	err   error
	until time.Time
}

func newDraws(life context.Context, pool *render.Pool) *draws {
	return &draws{life: life, pool: pool, failed: map[render.Key]failure{}}
}

// errDrawing says that a picture is not finished yet.
var errDrawing = errors.New("the picture is still being drawn")

// svg draws dot: see file.
func (d *draws) svg(ctx context.Context, dot string, patient time.Duration) ([]byte, error) {
	f, err := d.file(ctx, render.SVG(dot), patient)
	return f.Bytes, err
}

// file does a job. It waits at most for patient, then the drawing goes on and errDrawing is returned.
func (d *draws) file(ctx context.Context, j render.Job, patient time.Duration) (render.File, error) {
	if f, ok := d.pool.Done(j); ok {
		return f, nil
	}
	d.mu.Lock()
	before := d.failed[j.Key()]
	d.mu.Unlock()
	if time.Now().Before(before.until) {
		return render.File{}, before.err
	}
	type result struct {
		file render.File
		err  error
	}
	done := make(chan result, 1)
	go func() {
		f, err := d.pool.Do(d.life, j)
		d.remember(j.Key(), err)
		done <- result{f, err}
	}()
	timer := time.NewTimer(patient)
	defer timer.Stop()
	select {
	case r := <-done:
		return r.file, r.err
	case <-timer.C:
		return render.File{}, errDrawing
	case <-ctx.Done():
		return render.File{}, errDrawing
	}
}

// remember keeps failures that would most likely happen again.
func (d *draws) remember(k render.Key, err error) {
	var bad *render.Error
	if !errors.Is(err, render.ErrTooSlow) && !errors.As(err, &bad) {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.failed) >= failuresKept {
		clear(d.failed)
	}
	d.failed[k] = failure{err, time.Now().Add(failureLasts)}
}

// plate makes the picture of a view with all that stands round it. An error is one of the question; a picture that cannot be
// drawn leaves its facts.
func (s *Server) plate(p *page, r *request, v diagram.View, label string) (*plate, *diagram.Diagram, error) {
	d, err := diagram.Build(r.ctx, r.ed.snap, r.ed.findings, v)
	if err != nil {
		return nil, nil, err
	}
	pl := &plate{Label: label + " The same facts follow as a list."}
	pl.caption(d)
	pl.facts(d)
	for _, e := range d.Legend() {
		pl.Key = append(pl.Key, keyEntry{Icon: template.HTML(icon(e.Icon)), Text: e.Text})
	}
	pl.Saves = saves(v, r.theme)
	if len(d.Nodes) == 0 {
		pl.Wait, pl.Saves = say("There is nothing to draw."), nil
		return pl, d, nil
	}
	patient := drawPatient
	if r.ed.findings == nil && r.ed.failed == nil {
		patient = drawHurried
	}
	dot := d.DOT()
	svg, err := s.draws.svg(r.ctx, dot, patient)
	if err == nil {
		err = pl.frame(svg, d)
	}
	if err != nil {
		s.withoutPicture(p, r, pl, d, err)
		return pl, d, nil
	}
	pl.Notes = append(pl.Notes, s.boxes(r, d, dot)...)
	return pl, d, nil
}

// saves are the ways to take a picture along: as it is shown, and for the chosen theme. Slides need the larger PNG.
func saves(v diagram.View, theme string) []save {
	q := v.Query()
	dressed := q
	if theme != "" {
		dressed += "&theme=" + theme
	}
	return []save{
		{"SVG", "/draw.svg?" + dressed, "Save the picture as SVG"},
		{"PNG", "/draw.png?" + dressed + "&scale=2", "Save the picture as PNG, for slides"},
		{"PDF", "/draw.pdf?" + dressed, "Save the picture as PDF, for print"},
		{"DOT", "/draw.dot?" + q, "Save the picture as DOT, for Graphviz"},
	}
}

// boxes says which characters of a picture the fonts here do not have: browsers have fonts of their own, PNG and PDF would show
// boxes. Only a picture in other scripts than those of the built-in fonts is asked about, by making its PDF, which is kept for
// whoever saves it. Where that takes long the page is sent without, and has it the next time; the file itself says it always.
func (s *Server) boxes(r *request, d *diagram.Diagram, dot string) []text {
	if !strings.ContainsFunc(dot, needsFonts) {
		return nil
	}
	f, err := s.fileOf(r.ctx, r.ed, d, sheet.Options{Format: "pdf", Theme: r.theme}, drawHurried)
	if err != nil {
		return nil
	}
	var notes []text
	for _, missing := range f.Report.Missing {
		notes = append(notes, say("In PNG and PDF, "+missing.Words()))
	}
	return notes
}

// needsFonts says whether a character may be missing from the built-in fonts: those have Latin, Greek, Cyrillic and Hebrew, with
// their accents, and the usual signs.
func needsFonts(r rune) bool {
	return r > 0x5FF && !(r >= 0x1E00 && r <= 0x1FFF) && !(r >= 0x2010 && r <= 0x2027) && !strings.ContainsRune("−→←≥≤≠≈×∞●○■□▲▼◆•…′″€™", r)
}

// fileOf makes the file of a picture. It waits at most for patient: for the layout, for the file, and for a smaller PNG where that took too long.
func (s *Server) fileOf(ctx context.Context, ed *edition, d *diagram.Diagram, o sheet.Options, patient time.Duration) (render.File, error) {
	org := s.orgName(ed)
	if org == unnamed {
		org = ""
	}
	o.Base, o.Author, o.Date, o.MaxPixels = s.config.BaseURL, org, ed.when, s.maxPixels
	do := func(ctx context.Context, j render.Job) (render.File, error) { return s.draws.file(ctx, j, patient) }
	return o.File(ctx, do, sheet.Picture{Diagram: d, Foot: sheet.Foot(ed.snap.Org, org, s.stored(), ed.when)})
}

// caption says what is shown, what is left out, and what the signs mean.
func (pl *plate) caption(d *diagram.Diagram) {
	for i, n := range d.Notes {
		if i == 0 {
			pl.Shows = say(upper(n))
			continue
		}
		pl.Notes = append(pl.Notes, say(n))
	}
	if len(pl.Shows) == 0 {
		pl.Shows = say(d.Title + ".")
	}
}

// facts says in sentences what the lines of the picture say.
func (pl *plate) facts(d *diagram.Diagram) {
	pl.Count = phrase.Plural(len(d.Facts), "line", "lines")
	for i, f := range d.Facts {
		if i == factsListed && len(d.Facts) > factsListed+10 {
			pl.More = say("Showing ", factsListed, " of ", len(d.Facts), ". The rest is in the tables below and in the DOT file.")
			break
		}
		pl.Facts = append(pl.Facts, factText(f))
	}
}

// factText turns a fact into a sentence in which the names of its ends lead to their pages.
func factText(f diagram.Fact) text {
	ends := []diagram.End{f.From, f.To}
	slices.SortFunc(ends, func(a, b diagram.End) int { return len(b.Name) - len(a.Name) }) // "Crew" is in "Cabin crew"
	var t text
	plain := 0 // where the words begin that are not in t yet
	for i := 0; i < len(f.Text); i++ {
		at := slices.IndexFunc(ends, func(e diagram.End) bool {
			return e.Name != "" && e.URL != "" && strings.HasPrefix(f.Text[i:], e.Name) && wordEnds(f.Text, i, i+len(e.Name))
		})
		if at < 0 {
			continue
		}
		if i > plain {
			t = append(t, run{Text: f.Text[plain:i]})
		}
		t = append(t, run{Text: ends[at].Name, Href: ends[at].URL, Name: true})
		i += len(ends[at].Name) - 1
		plain = i + 1
	}
	return append(t, run{Text: f.Text[plain:]})
}

// wordEnds says that what lies from i to j is not a part of a longer word.
func wordEnds(s string, i, j int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[j:])
	letter := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	return !letter(before) && !letter(after)
}

// frame puts the finished picture into the page.
func (pl *plate) frame(svg []byte, d *diagram.Diagram) error {
	framed, err := diagram.Frame(svg, d, diagram.FrameOptions{Grid: true, Inline: true, IDPrefix: "p-"})
	if err != nil {
		return err
	}
	pl.Big = framed.Width > bigWidth || framed.Height > bigHeight
	pl.SVG = template.HTML(framed.SVG) // made by this program, every text of the data in it escaped
	pl.cells = framed.Cells
	return nil
}

// icon makes the picture of a sign out of what the legend draws it with.
func icon(shapes string) string {
	return `<svg class="ws" width="28" height="16" viewBox="0 0 28 16" aria-hidden="true" focusable="false">` + shapes + `</svg>`
}

// withoutPicture says why there is no picture, or that it will come.
func (s *Server) withoutPicture(p *page, r *request, pl *plate, d *diagram.Diagram, err error) {
	size := phrase.Plural(len(d.Nodes), "box", "boxes") + " and " + phrase.Plural(len(d.Links), "arrow", "arrows")
	smaller := link("Draw it with fewer boxes", r.with("nodes", "40"))
	switch {
	case errors.Is(err, errDrawing), errors.Is(err, render.ErrBusy):
		if p.Refresh == 0 {
			p.Refresh = 2
		}
		pl.Title = "Drawing " + size + "…"
		pl.Wait = say("The facts below are complete already. The page looks again by itself every 2 seconds. ", link("Look again now", r.here()))
	case errors.Is(err, render.ErrTooSlow):
		pl.Failed = true
		pl.Wait = say("The picture could not be drawn: "+size+" took too long and were stopped. The list below has all the facts. ", smaller)
	default:
		s.log.Error("picture failed", "view", d.View.Query(), "error", err)
		pl.Failed = true
		pl.Wait = say("The picture could not be drawn. The list below has all the facts. ", smaller)
	}
}

// cell says where on the picture a node is: its own cell, or that of the box that it is folded into.
func (pl *plate) cell(s *graph.Snapshot, v int32) string {
	if pl == nil || pl.cells == nil {
		return ""
	}
	for at := v; at >= 0; at = s.Nodes[at].Unit {
		if c := pl.cells[s.Nodes[at].ID]; c != "" {
			return c
		}
	}
	return ""
}

// pictureStyle writes the rules that turn the inks of pictures, which are attributes, into light or dark ones: one picture
// serves light, dark and print, without a style of its own.
func pictureStyle() string {
	var b strings.Builder
	b.WriteString("\n/* inks of the pictures */\n")
	for _, shade := range diagram.Palette() {
		selector, property := "", string(shade.Use)
		switch shade.Use {
		case diagram.Text:
			selector, property = "text[fill=%q]", "fill"
		case diagram.Fill:
			selector = ":not(text)[fill=%q]"
		default:
			selector = "[" + property + "=%q]"
		}
		light := strings.ToLower(shade.Light)
		fmt.Fprintf(&b, ".ws %s %s { %s: light-dark(%s, %s) }\n", shade.Within, fmt.Sprintf(selector, light), property, light, strings.ToLower(shade.Dark))
	}
	return b.String()
}
