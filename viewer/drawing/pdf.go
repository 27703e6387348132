package drawing

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-text/typesetting/font"
)

const (
	maxPage     = 14_400 // points: more is no page for readers
	maxPages    = 500
	maxOutlines = 1_000_000 // segments: 60 to 100 bytes each
	maxEnlarge  = 2         // how far a small picture is enlarged to fill its paper
)

type paper struct{ width, height, margin float64 } // points

var papers = map[string]paper{
	"a4":     {841.89, 595.28, 28},
	"a3":     {1190.55, 841.89, 28},
	"letter": {792, 612, 28},
	"16x9":   {960, 540, 20},
}

// PDF draws each page in vectors. Latin, Greek and Cyrillic text can be selected and searched; all other text is outlines. The
// same pages with the same options and fonts give the same bytes. The error is w's, says which option makes no sense, or is a
// *LimitError: too much text that can't be had but as outlines.
func PDF(w io.Writer, f *Fonts, pages []Page, o PDFOptions) (report Report, err error) {
	if len(pages) == 0 || len(pages) > maxPages {
		return Report{}, fmt.Errorf("a PDF of %d pages can't be made: it has 1 to %d", len(pages), maxPages)
	}
	if _, ok := papers[o.Paper]; !ok && o.Paper != "" {
		return Report{}, fmt.Errorf("paper %q is not known: it is one of %s, or none for the size of the picture", clip(o.Paper), strings.Join(Papers(), ", "))
	}
	base, err := readBase(o.Base)
	if err != nil {
		return Report{}, err
	}
	defer func() { // fpdf panics on some input; what we give it should be none of that
		if p := recover(); p != nil {
			err = fmt.Errorf("the PDF could not be written: %v", p)
		}
	}()
	b := newBook(f, base, pages, o)
	report = Report{Pages: len(pages), Scale: math.Inf(1)}
	for _, p := range pages {
		scale, lowered := b.page(p, o.Paper)
		report.Scale, report.Lowered = min(report.Scale, scale), report.Lowered || lowered
		if b.outlines > maxOutlines {
			return Report{}, beyond("letters of more than %d lines and curves that are no text in a PDF", maxOutlines)
		}
	}
	report.Missing = b.missing.report()
	if err := b.pdf.Output(w); err != nil {
		return Report{}, fmt.Errorf("writing the PDF: %w", err)
	}
	return report, nil
}

// book is a PDF that is being drawn.
type book struct {
	pdf     *fpdf.Fpdf
	fonts   *Fonts
	base    *url.URL // nil without links
	missing missing
	emoji   map[*byte]emoji // by their pixels
	taken   map[int]bool    // widths of images
	widths  [4]map[rune]float64

	place    // of the picture on the page
	drawn    state
	outlines int // segments of the letters that are outlines, of all pages
}

// state is what the page's pen is set to.
type state struct {
	fill, stroke color.NRGBA
	alpha        float64
	width        float64
	join, cap    byte
	dash         string
	face         face
	size         float64
	font         bool // face and size are set at all
}

func newBook(f *Fonts, base *url.URL, pages []Page, o PDFOptions) *book {
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: 100, Ht: 100}})
	pdf.SetMargins(0, 0, 0)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCatalogSort(true)
	pdf.SetCompression(true)
	date := o.Date
	if date.IsZero() {
		date = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	pdf.SetCreationDate(date.UTC())
	pdf.SetModificationDate(date.UTC())
	pdf.SetTitle(asUTF16(cmp.Or(o.Title, pages[0].title())), false)
	pdf.SetAuthor(asUTF16(o.Author), false)
	pdf.SetCreator("whoserves", false)
	return &book{pdf: pdf, fonts: f, base: base, emoji: map[*byte]emoji{}, taken: map[int]bool{}}
}

func (p Page) title() string { return cmp.Or(p.Title, p.Drawing.Title) }

// asUTF16 is a text as PDF has it outside of pages. (fpdf's own way knows no characters beyond U+FFFF.)
func asUTF16(s string) string {
	if s == "" {
		return ""
	}
	b := []byte{0xFE, 0xFF}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return string(b)
}

// CheckBase says what is wrong with the address that links of a PDF lead to. "" is none, without links.
func CheckBase(address string) error {
	_, err := readBase(address)
	return err
}

// readBase reads the address that links begin with, nil if there is none.
func readBase(s string) (*url.URL, error) {
	if s == "" {
		return nil, nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("“%s” is no address of pages: write one such as https://who.example/", clip(s))
	}
	return u, nil
}

// resolve gives the full address of a page of ours, "" for anything else.
func (b *book) resolve(href string) string {
	if b.base == nil || !strings.HasPrefix(href, "/") || strings.HasPrefix(href, "//") || strings.ContainsRune(href, '\\') {
		return ""
	}
	ref, err := url.Parse(href)
	if err != nil || ref.Scheme != "" || ref.Host != "" {
		return ""
	}
	full := b.base.JoinPath(ref.EscapedPath())
	if !strings.HasPrefix(full.Path, strings.TrimSuffix(b.base.Path, "/")+"/") {
		return ""
	}
	full.RawQuery, full.Fragment = ref.RawQuery, ref.Fragment
	return full.String()
}

// page draws a page and gives its scale.
func (b *book) page(p Page, name string) (scale float64, lowered bool) {
	d := p.Drawing
	scale = min(1, maxPage/max(d.Width, d.Height))
	lowered = scale < 1
	width, height := d.Width*scale, d.Height*scale
	if paper, ok := papers[name]; ok {
		width, height, lowered = paper.width, paper.height, false
		scale = min(maxEnlarge, (width-2*paper.margin)/d.Width, (height-2*paper.margin)/d.Height)
	}
	b.place = place{point{(width - d.Width*scale) / 2, (height - d.Height*scale) / 2}, scale}
	b.pdf.AddPageFormat("P", fpdf.SizeType{Wd: width, Ht: height})
	b.drawn = state{alpha: 1, join: 'm', cap: 'b'}
	b.pdf.RawWriteStr(fmt.Sprintf("%d M 0 J 0 j [] 0 d", miterLimit))
	b.font(regular, 10)
	b.pdf.Bookmark(strings.Map(func(r rune) rune {
		if r > 0xFFFF {
			return '□'
		}
		return r
	}, p.title()), 0, 0)
	if d.ground != nil {
		b.fillColour(*d.ground)
		b.pdf.Rect(0, 0, width, height, "F")
	}
	for i := range d.items {
		if s := d.items[i].shape; s != nil {
			b.shape(s)
		} else {
			b.text(d.items[i].text)
		}
	}
	for _, l := range d.links {
		b.link(d, l)
	}
	return scale, lowered
}

func (b *book) link(d *Drawing, l link) {
	to := b.resolve(l.href)
	if to == "" {
		return
	}
	area := box{point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}}
	for _, it := range d.items[l.from:l.to] {
		var one box
		if it.shape != nil {
			one = it.shape.box()
		} else {
			line := b.fonts.line(it.text)
			at := it.text.start(line.width)
			one = box{point{at.x, at.y - 0.8*it.text.size}, point{at.x + line.width*it.text.size, at.y + 0.2*it.text.size}}
		}
		area.lo = point{min(area.lo.x, one.lo.x), min(area.lo.y, one.lo.y)}
		area.hi = point{max(area.hi.x, one.hi.x), max(area.hi.y, one.hi.y)}
	}
	lo, hi := b.point(area.lo), b.point(area.hi)
	b.pdf.LinkString(lo.x, lo.y, hi.x-lo.x, hi.y-lo.y, to)
}

func (b *book) shape(s *shape) {
	fill, stroke := s.fill, s.stroke
	if fill.gradient != nil {
		b.gradient(s)
		fill = paint{}
	}
	if stroke.gradient != nil {
		stroke = paint{colour: stroke.gradient.colours[0]}
	}
	if !fill.none() && !stroke.none() && fill.colour.A != stroke.colour.A {
		b.fillColour(fill.colour)
		b.path(s.path, b.place)
		b.pdf.DrawPath("F")
		fill = paint{}
	}
	how := ""
	if !fill.none() {
		b.fillColour(fill.colour)
		how = "F"
	}
	if !stroke.none() {
		b.pen(stroke.colour, s.pen)
		how += "D"
	}
	if how != "" {
		b.path(s.path, b.place)
		b.pdf.DrawPath(how)
	}
}

// path writes a path.
func (b *book) path(path []segment, at place) {
	for i := range path {
		s := &path[i]
		p := at.point(s.p[0])
		switch s.op {
		case 'M':
			b.pdf.MoveTo(p.x, p.y)
		case 'L':
			b.pdf.LineTo(p.x, p.y)
		case 'C':
			q, r := at.point(s.p[1]), at.point(s.p[2])
			b.pdf.CurveBezierCubicTo(p.x, p.y, q.x, q.y, r.x, r.y)
		case 'Z':
			b.pdf.ClosePath()
		}
	}
}

// gradient fills a shape with its gradient: a square of it, cut to the shape.
func (b *book) gradient(s *shape) {
	g := s.fill.gradient
	area := s.box()
	lo, hi := b.point(area.lo), b.point(area.hi)
	w, h := hi.x-lo.x, hi.y-lo.y
	if w <= 0 || h <= 0 {
		return
	}
	b.alpha(255)
	b.pdf.RawWriteStr("q")
	b.path(s.path, b.place)
	b.pdf.RawWriteStr("W n")
	c1, c2 := g.colours[0], g.colours[1]
	if g.radial { // in the second colour beyond its end; fpdf knows no start beside the middle
		b.pdf.RadialGradient(lo.x, lo.y, w, h, int(c1.R), int(c1.G), int(c1.B), int(c2.R), int(c2.G), int(c2.B), g.centre.x, 1-g.centre.y, g.centre.x, 1-g.centre.y, g.radius)
	} else {
		side := max(w, h)
		at := func(t float64) (x, y float64) {
			p := b.point(point{g.a.x + (g.b.x-g.a.x)*t, g.a.y + (g.b.y-g.a.y)*t})
			return (p.x - lo.x) / side, 1 - (p.y-lo.y)/side
		}
		x1, y1 := at(g.offset[0])
		x2, y2 := at(g.offset[1])
		b.pdf.LinearGradient(lo.x, lo.y, side, side, int(c1.R), int(c1.G), int(c1.B), int(c2.R), int(c2.G), int(c2.B), x1, y1, x2, y2)
	}
	b.pdf.RawWriteStr("Q")
}

func (b *book) alpha(a uint8) {
	if v := float64(a) / 255; v != b.drawn.alpha {
		b.pdf.SetAlpha(v, "Normal")
		b.drawn.alpha = v
	}
}

func (b *book) fillColour(c color.NRGBA) {
	b.alpha(c.A)
	c.A = 255
	if c != b.drawn.fill {
		b.pdf.SetFillColor(int(c.R), int(c.G), int(c.B))
		b.drawn.fill = c
	}
}

func (b *book) pen(c color.NRGBA, p pen) {
	b.alpha(c.A)
	c.A = 255
	if c != b.drawn.stroke {
		b.pdf.SetDrawColor(int(c.R), int(c.G), int(c.B))
		b.drawn.stroke = c
	}
	if w := p.width * b.scale; w != b.drawn.width {
		b.pdf.SetLineWidth(w)
		b.drawn.width = w
	}
	if j := cmp.Or(p.join, 'm'); j != b.drawn.join {
		b.pdf.SetLineJoinStyle(map[byte]string{'m': "miter", 'r': "round", 'b': "bevel"}[j])
		b.drawn.join = j
	}
	if k := cmp.Or(p.cap, 'b'); k != b.drawn.cap {
		b.pdf.SetLineCapStyle(map[byte]string{'b': "butt", 'r': "round", 's': "square"}[k])
		b.drawn.cap = k
	}
	p = p.scaled(b.scale)
	if sign := fmt.Sprint(p.dash); sign != b.drawn.dash && !(p.dash == nil && b.drawn.dash == "") {
		b.pdf.SetDashPattern(p.dash, 0)
		b.drawn.dash = sign
	}
}

var fontStyles = [4]string{"", "B", "I", "BI"}

func (b *book) font(f face, size float64) {
	if b.widths[f] == nil {
		b.pdf.AddUTF8FontFromBytes("LiberationSans", fontStyles[f], builtInTTF[f])
		b.widths[f] = map[rune]float64{}
	}
	if !b.drawn.font || f != b.drawn.face || size != b.drawn.size {
		b.pdf.SetFont("LiberationSans", fontStyles[f], size)
		b.drawn.font, b.drawn.face, b.drawn.size = true, f, size
	}
}

func (b *book) text(t *text) {
	l := b.fonts.line(t)
	b.missing.add(l.missing)
	start := t.start(l.width)
	b.fillColour(t.colour)
	for _, r := range l.runs {
		if r.plain {
			b.plain(t, start, r)
			continue
		}
		any := false
		for _, g := range r.glyphs {
			at := place{b.point(point{start.x + g.x*t.size, start.y + g.y*t.size}), t.size * b.scale}
			if g.shape.image != nil {
				b.image(g.shape, at)
			} else if b.outlines += len(g.shape.path); len(g.shape.path) > 0 && b.outlines <= maxOutlines {
				b.path(g.shape.path, at)
				any = true
			}
		}
		if any {
			b.pdf.DrawPath("F")
		}
	}
}

// plain writes a run as text, anew wherever the letters would be seen to stand elsewhere than they were shaped to.
func (b *book) plain(t *text, start point, r run) {
	b.font(t.face(), t.size*b.scale)
	b.pdf.SetTextColor(int(t.colour.R), int(t.colour.G), int(t.colour.B))
	var words strings.Builder
	from, pen := 0.0, 0.0
	write := func() {
		if words.Len() > 0 {
			p := b.point(point{start.x + from*t.size, start.y})
			b.pdf.Text(p.x, p.y, words.String())
			words.Reset()
		}
	}
	for _, g := range r.glyphs {
		if words.Len() == 0 || math.Abs(g.x-pen) > 0.008 {
			write()
			from, pen = g.x, g.x
		}
		words.WriteString(g.text)
		for _, c := range g.text {
			pen += b.width(t.face(), c)
		}
	}
	write()
}

// width is how far a reader of the PDF moves on for a character: PDF has whole thousandths of the size.
func (b *book) width(f face, r rune) float64 {
	w, ok := b.widths[f][r]
	if !ok {
		own := b.fonts.own[f]
		id, _ := own.NominalGlyph(r)
		w = math.Round(float64(own.HorizontalAdvance(font.GID(id)))*1000/float64(own.Upem())) / 1000
		b.widths[f][r] = w
	}
	return w
}

// emoji is an image in the PDF.
type emoji struct {
	name    string
	stretch float64 // how much wider it is than what it shows
}

// image puts an emoji on the page.
func (b *book) image(s glyphShape, at place) {
	key := &s.image.Pix[0]
	e, ok := b.emoji[key]
	if !ok {
		e = b.register(s.image)
		b.emoji[key] = e
	}
	lo, hi := at.point(s.box.lo), at.point(s.box.hi)
	b.pdf.ImageOptions(e.name, lo.x, lo.y, (hi.x-lo.x)*e.stretch, hi.y-lo.y, false, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
}

// register writes an image into the PDF. fpdf sorts images by their width and leaves the order of equal ones to chance, so
// each gets a width of its own, by clear columns at its right.
func (b *book) register(img *image.NRGBA) emoji {
	w := img.Rect.Dx()
	for b.taken[w] {
		w++
	}
	b.taken[w] = true
	wider := image.NewNRGBA(image.Rect(0, 0, w, img.Rect.Dy()))
	draw.Draw(wider, img.Rect, img, image.Point{}, draw.Src)
	e := emoji{name: "emoji-" + strconv.Itoa(len(b.emoji)), stretch: float64(w) / float64(img.Rect.Dx())}
	var data bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed} // fpdf packs it anew
	if err := encoder.Encode(&data, wider); err != nil {
		b.pdf.SetError(fmt.Errorf("an emoji can't be written: %w", err))
		return e
	}
	b.pdf.RegisterImageOptionsReader(e.name, fpdf.ImageOptions{ImageType: "PNG"}, &data)
	return e
}
