// Package sheet makes files of pictures, for slides and print: with title, legend, atlas grid and what they rest on, in a theme,
// as SVG, PNG or PDF. The pages and the command line ask for them with the same words.
package sheet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/phrase"
	"example.com/whoserves/viewer/diagram"
	"example.com/whoserves/viewer/drawing"
	"example.com/whoserves/viewer/render"
)

// Options say what a file is like.
type Options struct {
	Format string // svg, png or pdf
	Scale  int    // of a PNG: 1 to 3, 0 is 1
	Theme  string // light, dark, or "" for light
	Paper  string // of a PDF: one of Papers, or "" for the size of the picture

	Base   string    // of a PDF: the address that links lead to, such as https://who.example/; "" leaves them out
	Author string    // of a PDF: the organisation
	Date   time.Time // of a PDF: when its facts were brought in; zero when nobody knows

	MaxPixels int // of a PNG: a larger one is painted smaller; 0 is drawing.DefaultMaxPixels
}

// The words that Options know.
var (
	Formats = []string{"svg", "png", "pdf"}
	Scales  = []string{"1", "2", "3"}
	Themes  = []string{"light", "dark"}
	Papers  = drawing.Papers()
)

// The keys of a query that say what a file is like; all others are those of the view.
const (
	keyScale = "scale"
	keyTheme = "theme"
	keyPaper = "paper"
)

// Parse takes what a file of a format is to be like out of q and leaves the keys of the view in it. An empty value counts as not
// given. The error is a *diagram.QueryError.
func Parse(format string, q url.Values) (Options, error) {
	o := Options{Format: format}
	scale, err := o.take(q, keyScale, format == "png", Scales)
	if err != nil {
		return o, err
	}
	o.Scale, _ = strconv.Atoi(scale) // one of Scales, or ""
	if o.Theme, err = o.take(q, keyTheme, slices.Contains(Formats, format), Themes); err != nil {
		return o, err
	}
	o.Paper, err = o.take(q, keyPaper, format == "pdf", Papers)
	return o, err
}

// take takes a key out of q, which must be one that the format has.
func (o Options) take(q url.Values, key string, has bool, allowed []string) (string, error) {
	values := slices.DeleteFunc(slices.Clone(q[key]), func(s string) bool { return s == "" })
	delete(q, key)
	switch {
	case len(values) == 0:
		return "", nil
	case !has:
		return "", &diagram.QueryError{Key: key, Value: values[0], Why: strings.ToUpper(o.Format) + " has no " + key}
	case len(values) > 1:
		return "", &diagram.QueryError{Key: key, Value: strings.Join(values, ", "), Why: "give it once"}
	case !slices.Contains(allowed, values[0]):
		return "", &diagram.QueryError{Key: key, Value: values[0], Allowed: allowed}
	}
	return values[0], nil
}

// Foot says what a picture rests on: "Ferrin Air, version 41 of 3 November 2026, 14:05, from hr and contracts", or "Ferrin Air, read
// from links". Facts have no version that come straight from files; when may be zero.
func Foot(o *graph.Org, name string, versions bool, when time.Time) string {
	var said []string
	if name != "" {
		said = append(said, name)
	}
	if versions {
		said = append(said, fmt.Sprintf("version %d", o.Version))
		if !when.IsZero() {
			said[len(said)-1] += " of " + when.Local().Format("2 January 2006, 15:04")
		}
	}
	if from := sources(o); from != "" {
		if !versions {
			from = "read " + from
		}
		said = append(said, from)
	}
	foot := strings.Join(said, ", ")
	if name == "" && foot != "" {
		foot = strings.ToUpper(foot[:1]) + foot[1:] // an English word
	}
	return foot
}

// maxSources is how many sources are named.
const maxSources = 6

func sources(o *graph.Org) string {
	n := len(o.Sources)
	var names []string
	for i, s := range o.Sources {
		if i == maxSources && n > maxSources+1 {
			names = append(names, fmt.Sprintf("%d more", n-i))
			break
		}
		names = append(names, s.Name)
	}
	if n == 0 {
		return ""
	}
	return "from " + phrase.List(names, "and")
}

// CheckBase says what is wrong with the address that links of a PDF lead to. "" is none, without links.
func CheckBase(address string) error { return drawing.CheckBase(address) }

// Picture is what becomes a page of its own.
type Picture struct {
	Diagram *diagram.Diagram
	Foot    string // what it rests on; "" is not said
}

// Do does a job, as render.Pool does.
type Do func(context.Context, render.Job) (render.File, error)

// File makes the file of pictures: one, or several where the format is pdf. The errors are those of do.
func (o Options) File(ctx context.Context, do Do, pictures ...Picture) (render.File, error) {
	if len(pictures) != 1 && o.Format != "pdf" {
		return render.File{}, fmt.Errorf("%d pictures do not go into one %s file", len(pictures), strings.ToUpper(o.Format))
	}
	sheets := make([]render.Sheet, len(pictures))
	for i, p := range pictures {
		svg, err := framed(ctx, do, p)
		if err != nil {
			return render.File{}, err
		}
		sheets[i] = render.Sheet{SVG: svg, Title: p.Diagram.Title}
	}
	switch o.Format {
	case "svg":
		return render.File{Bytes: o.dressed(sheets[0].SVG)}, nil
	case "png":
		return o.painted(ctx, do, sheets[0].SVG)
	case "pdf":
		return do(ctx, render.PDF(sheets, o.inks(), drawing.PDFOptions{Paper: o.Paper, Base: o.Base, Author: o.Author, Date: o.Date}))
	}
	return render.File{}, fmt.Errorf("there is no format %q", o.Format)
}

// quickPixels is how large a PNG is painted when a larger one takes too long.
const quickPixels = 6_000_000

// painted makes a PNG. One that takes too long is painted smaller, as the report says then.
func (o Options) painted(ctx context.Context, do Do, svg []byte) (render.File, error) {
	size := drawing.PNGOptions{Scale: float64(max(o.Scale, 1)), MaxPixels: o.MaxPixels}
	file, err := do(ctx, render.PNG(svg, o.inks(), size))
	if errors.Is(err, render.ErrTooSlow) {
		size.MaxPixels = quickPixels
		return do(ctx, render.PNG(svg, o.inks(), size))
	}
	return file, err
}

// framed lays a picture out and frames it.
func framed(ctx context.Context, do Do, p Picture) ([]byte, error) {
	file, err := do(ctx, render.SVG(p.Diagram.DOT()))
	if err != nil {
		return nil, err
	}
	round := diagram.ForFile
	round.Foot = p.Foot
	f, err := diagram.Frame(file.Bytes, p.Diagram, round)
	if err != nil {
		return nil, err
	}
	return f.SVG, nil
}

// dressed gives an SVG its theme: the rules of a dark one stand in it.
func (o Options) dressed(svg []byte) []byte {
	if o.Theme != "dark" {
		return svg
	}
	title := []byte("</title>\n")
	return bytes.Replace(svg, title, append(title, "<style>\n"+diagram.DarkRules("")+"</style>\n"...), 1)
}

// inks are the colours of the theme, none for the light one, in which pictures are drawn. The ground of the sheet comes last: it is
// white as boxes are, and darker than they in the dark.
func (o Options) inks() []drawing.Ink {
	if o.Theme != "dark" {
		return nil
	}
	var inks []drawing.Ink
	for _, s := range diagram.Palette() {
		inks = append(inks, drawing.Ink{Use: string(s.Use), Light: s.Light, Dark: s.Dark, Within: s.Within})
	}
	return append(inks, drawing.Ink{Use: "fill", Light: "#ffffff", Dark: "#10161f", Within: ".paper"})
}
