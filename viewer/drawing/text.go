package drawing

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

// textLine is a shaped text, in parts of its size: x to the right from its start, y down from the base line.
type textLine struct {
	width   float64
	runs    []run
	missing []rune // what no font has, as they come
}

// run is a piece of a line in one font.
type run struct {
	glyphs []glyph
	plain  bool // in a built-in font, each glyph one character from left to right: a PDF can hold it as text
}

// glyph is one glyph and where it stands.
type glyph struct {
	x, y  float64
	shape glyphShape
	text  string // of a plain run: what it stands for
}

// glyphShape is what a glyph looks like, in parts of the size of the text, from its own origin.
type glyphShape struct {
	path  []segment
	image *image.NRGBA // of an emoji, instead
	box   box          // that the image fills
}

type glyphKey struct {
	face *font.Face
	id   font.GID
}

type lineKey struct {
	s    string
	look face
}

// line shapes a text. The result is kept for the next text like it, and must not be changed.
func (f *Fonts) line(t *text) *textLine {
	key := lineKey{t.s, t.face()}
	if l, ok := f.lines[key]; ok {
		return l
	}
	if f.kept > maxText {
		clear(f.lines)
		clear(f.glyphs)
		f.kept = 0
	}
	l := f.shape([]rune(t.s), t.face())
	f.lines[key] = l
	f.kept += len(t.s)
	return l
}

func (f *Fonts) shape(runes []rune, look face) *textLine {
	l := &textLine{}
	for _, r := range f.order(runes) {
		for _, p := range f.split(runes, r.Start, r.End, look, !r.IsLeftToRight()) {
			if p.font == nil {
				l.boxes(runes[p.from:p.to])
			} else {
				f.add(l, runes, p, !r.IsLeftToRight())
			}
		}
	}
	return l
}

// order cuts a text into pieces of one direction, from left to right as they are drawn: Unicode's bidirectional algorithm
// (Unicode Standard Annex 9) in a text that as a whole runs to the right.
func (f *Fonts) order(runes []rune) []bidi.Run {
	if !slices.ContainsFunc(runes, turns) {
		return []bidi.Run{{Start: 0, End: len(runes)}}
	}
	const toRightMark = '\u200E' // so that the first letter does not turn the whole
	found := f.bidi.Segment(append([]rune{toRightMark}, runes...), bidi.LeftToRight)
	var list []bidi.Run
	for i := range found.NumRuns() {
		r := found.Run(i)
		r.Start, r.End = max(0, r.Start-1), r.End-1
		switch {
		case r.End <= r.Start:
		case r.IsLeftToRight():
			list = appendNumbers(list, runes, r)
		default:
			list = append(list, r)
		}
	}
	top := bidi.Level(0)
	for _, r := range list {
		top = max(top, r.Level)
	}
	for level := top; level > 0; level-- { // rule L2
		for i := 0; i < len(list); i++ {
			j := i
			for j < len(list) && list[j].Level >= level {
				j++
			}
			if j > i {
				slices.Reverse(list[i:j])
				i = j
			}
		}
	}
	return list
}

// turns says that a character may make a text run to the left, or a part of it.
func turns(r rune) bool {
	return r >= 0x590 && r <= 0x8FF || r >= 0xFB1D && r <= 0xFDFF || r >= 0xFE70 && r <= 0xFEFC || r >= 0x10800 && r <= 0x10FFF ||
		r >= 0x1E800 && r <= 0x1EFFF || r >= 0x200E && r <= 0x200F || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

// appendNumbers cuts the numbers that belong to a text that runs to the left out of a run to the right: package bidi makes
// one run of levels 0 and 2, which are drawn in different places. Such numbers stand right behind letters that run to the
// left, or are in Arabic digits.
func appendNumbers(list []bidi.Run, runes []rune, r bidi.Run) []bidi.Run {
	if r.Level > 0 && len(list) == 0 || r.Level > 2 {
		return append(list, r)
	}
	from := r.Start
	put := func(end int, level bidi.Level) {
		if end > from {
			list = append(list, bidi.Run{Start: from, End: end, Level: level})
			from = end
		}
	}
	behind := len(list) > 0 && !list[len(list)-1].IsLeftToRight()
	for i := r.Start; i < r.End; i++ {
		if !unicode.Is(unicode.Nd, runes[i]) {
			continue
		}
		first, arabic := i, false
		for ; i < r.End && (unicode.Is(unicode.Nd, runes[i]) || strings.ContainsRune(".,:/+-%‰°٪٫٬", runes[i])); i++ {
			arabic = arabic || runes[i] >= 0x660 && runes[i] <= 0x669
		}
		if last := runes[i-1]; strings.ContainsRune(".,:/+-", last) {
			i-- // a sign at the end is no part of the number
		}
		if arabic || behind && first == r.Start {
			put(first, 0)
			put(i, 2)
		}
	}
	put(r.End, 0)
	return list
}

// piece is a part of a text in one font and script.
type piece struct {
	from, to int
	font     *font.Face
	script   language.Script
}

// split cuts a part of a text that runs one way into pieces of one font and script, as they are drawn from left to right.
func (f *Fonts) split(runes []rune, from, to int, look face, toLeft bool) []piece {
	scripts := scriptsOf(runes[from:to])
	han := hanFamily(runes)
	fonts := make([]*font.Face, to-from)
	emoji := false // the font that was found last is one of them
	for i := range fonts {
		r := runes[from+i]
		w := wanted{r: r, look: look, han: han, script: scripts[i]}
		w.emoji = isEmoji(r) || from+i+1 < to && runes[from+i+1] == emojiStyle
		switch {
		case i > 0 && extends(r) && (ignorable(r) || has(fonts[i-1], r)):
			fonts[i] = fonts[i-1]
		case i > 0 && r == ' ' && !emoji && has(fonts[i-1], r):
			fonts[i] = fonts[i-1]
		case ignorable(r):
			fonts[i] = f.own[look]
		default:
			fonts[i], emoji = f.find(w), w.emoji
			if i > 0 && unicode.Is(unicode.M, r) && fonts[i] != nil && has(fonts[i], runes[from+i-1]) {
				fonts[i-1] = fonts[i] // a mark in one font with its letter
			}
		}
	}
	var pieces []piece
	for i, face := range fonts {
		if n := len(pieces) - 1; n >= 0 && pieces[n].font == face && pieces[n].script == scripts[i] {
			pieces[n].to++
		} else {
			pieces = append(pieces, piece{from + i, from + i + 1, face, scripts[i]})
		}
	}
	if toLeft {
		slices.Reverse(pieces)
	}
	return pieces
}

// scriptsOf gives each character's script; those of all scripts take that of what stands before them, or else after them.
func scriptsOf(runes []rune) []language.Script {
	scripts := make([]language.Script, len(runes))
	last := language.Common
	for i, r := range runes {
		if s := language.LookupScript(r); s != language.Common && s != language.Inherited && s != language.Unknown {
			if last == language.Common {
				for j := range i {
					scripts[j] = s
				}
			}
			last = s
		}
		scripts[i] = last
	}
	return scripts
}

// hanFamily is the font for Han characters: Japanese where the text has kana, Korean where it has hangul, else Chinese.
func hanFamily(runes []rune) string {
	for _, r := range runes {
		switch {
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			return "Noto Sans CJK JP"
		case unicode.Is(unicode.Hangul, r):
			return "Noto Sans CJK KR"
		}
	}
	return "Noto Sans CJK SC"
}

const emojiStyle = '\uFE0F' // makes an emoji of the character before it

// extends says that a character belongs to the one before it.
func extends(r rune) bool {
	return unicode.In(r, unicode.M) || ignorable(r) || r >= 0x1F3FB && r <= 0x1F3FF
}

// ignorable says that a character is not drawn itself.
func ignorable(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

// shapeSize is the size that texts are shaped at: fine enough that rounding is never seen.
const shapeSize = 2048

var simpleScripts = map[language.Script]bool{language.Latin: true, language.Greek: true, language.Cyrillic: true, language.Common: true}

// add shapes a piece and puts it at the end of the line.
func (f *Fonts) add(l *textLine, runes []rune, p piece, toLeft bool) {
	in := shaping.Input{Text: runes, RunStart: p.from, RunEnd: p.to, Face: p.font, Size: fixed.I(shapeSize), Script: p.script, Language: "en"}
	if toLeft {
		in.Direction = di.DirectionRTL
	}
	out := f.shaper.Shape(in)
	r := run{plain: !toLeft && simpleScripts[p.script] && f.isOwn(p.font)}
	em := func(v fixed.Int26_6) float64 { return float64(v) / 64 / shapeSize }
	for _, g := range out.Glyphs {
		at, advance := glyph{x: l.width + em(g.XOffset), y: -em(g.YOffset)}, em(g.Advance)
		stands := runes[g.TextIndex():min(g.TextIndex()+g.RunesCount(), p.to)]
		lead := stands[0]
		switch {
		case g.GlyphID == 0 && !ignorable(lead) && !unicode.IsSpace(lead):
			l.missing = append(l.missing, lead)
			at.shape = boxShape(lead)
			advance = boxWidth(lead)
		case g.GlyphID != 0:
			var ok bool
			if at.shape, ok = f.glyph(p.font, g.GlyphID); !ok && !unicode.IsSpace(lead) {
				l.missing = append(l.missing, lead)
				at.shape = boxShape(lead)
			}
		}
		at.text = string(stands)
		r.plain = r.plain && g.GlyphID != 0 && g.GlyphsCount() == 1 && g.YOffset == 0 && g.XOffset == 0 && allSimple(stands)
		r.glyphs = append(r.glyphs, at)
		l.width += advance
	}
	l.runs = append(l.runs, r)
}

// allSimple says that each character is a glyph of its own, or several letters of one.
func allSimple(runes []rune) bool {
	for _, r := range runes {
		if r > 0xFFFF || unicode.Is(unicode.M, r) || ignorable(r) {
			return false
		}
	}
	return len(runes) > 0
}

func (f *Fonts) isOwn(face *font.Face) bool {
	return face == f.own[0] || face == f.own[1] || face == f.own[2] || face == f.own[3]
}

// boxes puts boxes at the end of the line for characters that no font has.
func (l *textLine) boxes(runes []rune) {
	var r run
	for _, c := range runes {
		if ignorable(c) || unicode.Is(unicode.Cc, c) {
			continue
		}
		g := glyph{x: l.width}
		if !unicode.IsSpace(c) {
			g.shape = boxShape(c)
			l.missing = append(l.missing, c)
		}
		r.glyphs = append(r.glyphs, g)
		l.width += boxWidth(c)
	}
	l.runs = append(l.runs, r)
}

func boxWidth(r rune) float64 {
	switch {
	case isWide(r):
		return 1
	case unicode.Is(unicode.Mn, r):
		return 0
	}
	return 0.6
}

// boxShape is the box of a character that no font has: a frame that stands on the base line.
func boxShape(r rune) glyphShape {
	w := boxWidth(r)
	if w == 0 {
		return glyphShape{}
	}
	const gap, pen, top = 0.06, 0.05, -0.74
	frame := func(in float64) (x0, y0, x1, y1 float64) { return gap + in, top + in, w - gap - in, -in }
	x0, y0, x1, y1 := frame(0)
	a0, b0, a1, b1 := frame(pen)
	return glyphShape{path: []segment{
		move(x0, y0), line(x1, y0), line(x1, y1), line(x0, y1), {op: 'Z'},
		move(a0, b0), line(a0, b1), line(a1, b1), line(a1, b0), {op: 'Z'}, // the other way round: a hole
	}}
}

// glyph gives the shape of a glyph. It is not ok where the font has only a form of it that can't be drawn here.
func (f *Fonts) glyph(face *font.Face, id font.GID) (glyphShape, bool) {
	key := glyphKey{face, id}
	if s, ok := f.glyphs[key]; ok {
		return s, true
	}
	s, ok := readGlyph(face, id)
	if ok {
		f.glyphs[key] = s
	}
	return s, ok
}

func readGlyph(face *font.Face, id font.GID) (glyphShape, bool) {
	em := float64(face.Upem())
	if b, ok := face.GlyphDataBitmap(id); ok && b.Format == font.PNG {
		return readEmoji(face, id, b, em)
	}
	o, ok := face.GlyphDataOutline(id)
	_, coloured := face.GlyphDataColor(id)
	if !ok || coloured && len(o.Segments) == 0 {
		return glyphShape{}, false
	}
	var path []segment
	var at point
	p := func(q ot.SegmentPoint) point { return point{float64(q.X) / em, -float64(q.Y) / em} }
	for _, s := range o.Segments {
		a, b, c := p(s.Args[0]), p(s.Args[1]), p(s.Args[2])
		switch s.Op {
		case ot.SegmentOpMoveTo:
			if path != nil {
				path = append(path, segment{op: 'Z'})
			}
			path = append(path, move(a.x, a.y))
			at = a
		case ot.SegmentOpLineTo:
			path = append(path, line(a.x, a.y))
			at = a
		case ot.SegmentOpQuadTo: // as a cubic curve
			path = append(path, curve(at.x+2*(a.x-at.x)/3, at.y+2*(a.y-at.y)/3, b.x+2*(a.x-b.x)/3, b.y+2*(a.y-b.y)/3, b.x, b.y))
			at = b
		case ot.SegmentOpCubeTo:
			path = append(path, curve(a.x, a.y, b.x, b.y, c.x, c.y))
			at = c
		}
	}
	if path != nil {
		path = append(path, segment{op: 'Z'})
	}
	return glyphShape{path: path}, true
}

// readEmoji reads a glyph that is an image.
func readEmoji(face *font.Face, id font.GID, b font.GlyphBitmap, em float64) (glyphShape, bool) {
	c, err := png.DecodeConfig(bytes.NewReader(b.Data))
	if err != nil || c.Width > 512 || c.Height > 512 {
		return glyphShape{}, false
	}
	img, err := png.Decode(bytes.NewReader(b.Data))
	e, ok := face.GlyphExtents(id)
	if err != nil || !ok {
		return glyphShape{}, false
	}
	n := image.NewNRGBA(image.Rect(0, 0, c.Width, c.Height))
	draw.Draw(n, n.Rect, img, img.Bounds().Min, draw.Src)
	lo := point{float64(e.XBearing) / em, -float64(e.YBearing) / em}
	w, h := math.Abs(float64(e.Width))/em, math.Abs(float64(e.Height))/em
	return glyphShape{image: n, box: box{lo, point{lo.x + w, lo.y + h}}}, true
}

// start gives where a text of this width begins.
func (t *text) start(width float64) point {
	switch t.anchor {
	case 'm':
		return point{t.at.x - width*t.size/2, t.at.y}
	case 'e':
		return point{t.at.x - width*t.size, t.at.y}
	}
	return t.at
}
