package drawing

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// What a picture may hold. Ours stay far below; the rest would cost memory or time without end.
const (
	maxBytes      = 4 << 20
	maxDepth      = 64
	maxItems      = 20_000
	maxPath       = 2_000   // segments of a path
	maxSegments   = 100_000 // of all paths
	maxRunes      = 1_000   // of a text
	maxText       = 100_000 // of all texts
	maxEmoji      = 300     // of all texts: images, which cost more than all else
	maxNumber     = 1e6
	maxFont       = 400 // points
	maxAttributes = 40  // of an element
	minDash       = 1   // points that a dash and its gap have together
	maxPen        = 100 // points
)

const svgSpace, linkSpace = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"

// Read reads a picture that diagram.Frame made, with other inks where some are given. An error says what is wrong with svg,
// or what in it is no part of our pictures, or, as a *LimitError, of what it has too much. Linear in the length of svg.
func Read(svg []byte, inks ...Ink) (*Drawing, error) {
	if len(svg) > maxBytes {
		return nil, beyond("the picture has %d bytes of SVG, more than %d", len(svg), maxBytes)
	}
	r := &reader{d: &Drawing{}, inks: newPalette(inks), gradients: map[string]*gradient{}, link: -1}
	x := xml.NewDecoder(bytes.NewReader(svg))
	for {
		t, err := x.RawToken()
		if err == io.EOF {
			break
		}
		if err == nil {
			err = r.token(t)
		}
		if err != nil {
			line, _ := x.InputPos()
			return nil, fmt.Errorf("line %d of the SVG: %w", line, err)
		}
	}
	if !r.closed {
		return nil, errors.New("the SVG is not whole: its svg element does not end")
	}
	r.findGround()
	return r.d, nil
}

// style is what an element inherits.
type style struct {
	scale, dx, dy float64
	fill, stroke  paint
	pen           pen
	anchor        byte // s, m or e
	size          float64
	bold, italic  bool
}

type element struct {
	name    string
	class   string
	style   style
	isTitle bool
}

type reader struct {
	d         *Drawing
	inks      palette
	stack     []element
	closed    bool
	gradients map[string]*gradient
	gradient  *gradient // that the stops are of
	link      int       // index of the open link, -1 for none
	text      *text     // the open text
	words     strings.Builder
	segments  int
	runes     int
	emoji     int
}

func (r *reader) token(t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		return r.start(t)
	case xml.EndElement:
		return r.end(t.Name.Local)
	case xml.CharData:
		return r.chars(t)
	case xml.ProcInst:
		if t.Target != "xml" {
			return fmt.Errorf("<?%s is no part of our pictures", clip(t.Target))
		}
	case xml.Directive:
		return errors.New("a DOCTYPE is no part of our pictures")
	}
	return nil
}

// where each element may stand, and what it may hold beside what every element may.
var elements = map[string]struct {
	within     string
	attributes string
}{
	"svg":            {"", "xmlns xmlns:xlink width height viewBox role"},
	"title":          {"svg g a", ""},
	"g":              {"svg g a", "transform"},
	"a":              {"svg g", "xlink:href xlink:title transform"},
	"rect":           {"svg g a", "x y width height rx transform"},
	"ellipse":        {"svg g a", "cx cy rx ry transform"},
	"polygon":        {"svg g a", "points transform"},
	"polyline":       {"svg g a", "points transform"},
	"path":           {"svg g a", "d transform"},
	"text":           {"svg g a", "x y transform"},
	"defs":           {"svg g a", ""},
	"linearGradient": {"defs", "gradientUnits x1 y1 x2 y2"},
	"radialGradient": {"defs", "cx cy r fx fy"},
	"stop":           {"linearGradient radialGradient", "offset stop-color"},
}

const everywhere = "id class fill fill-opacity stroke stroke-opacity stroke-width stroke-dasharray stroke-linejoin stroke-linecap text-anchor font-family font-size font-weight font-style"

// hasWord says whether a list of words separated by spaces has a word.
func hasWord(list, word string) bool {
	for w := range strings.FieldsSeq(list) {
		if w == word {
			return true
		}
	}
	return false
}

func (r *reader) start(t xml.StartElement) error {
	name := t.Name.Local
	if t.Name.Space != "" {
		name = t.Name.Space + ":" + name
	}
	spec, ok := elements[name]
	parent := ""
	if len(r.stack) > 0 {
		parent = r.stack[len(r.stack)-1].name
	}
	switch {
	case !ok:
		return fmt.Errorf("<%s> is no part of our pictures", clip(name))
	case name == "svg" && (r.closed || parent != "") || name != "svg" && !hasWord(spec.within, parent):
		return fmt.Errorf("<%s> is out of its place", name)
	case len(r.stack) >= maxDepth:
		return fmt.Errorf("more than %d elements in each other", maxDepth)
	case len(t.Attr) > maxAttributes:
		return fmt.Errorf("<%s> has more than %d attributes", name, maxAttributes)
	}
	e := element{name: name, style: style{scale: 1, fill: paint{colour: black}, pen: pen{width: 1}, anchor: 's', size: 16}}
	if parent != "" {
		e.style = r.stack[len(r.stack)-1].style
	}
	a, err := r.attributes(name, spec.attributes, t.Attr)
	if err != nil {
		return err
	}
	e.class = a["class"]
	e.isTitle = name == "title" && parent == "svg"
	r.stack = append(r.stack, e)
	if err := r.inherit(&r.stack[len(r.stack)-1].style, name == "text", a); err != nil {
		return err
	}
	return r.open(&r.stack[len(r.stack)-1], a)
}

// attributes names each attribute with its prefix as written, and refuses those that are no part of our pictures.
func (r *reader) attributes(name, own string, list []xml.Attr) (map[string]string, error) {
	a := make(map[string]string, len(list))
	for _, at := range list {
		key := at.Name.Local
		if at.Name.Space != "" {
			key = at.Name.Space + ":" + key
		}
		switch {
		case strings.HasPrefix(key, "data-"), strings.HasPrefix(key, "aria-"), key == "id" && name != "linearGradient" && name != "radialGradient":
			continue // for pages
		case !hasWord(own, key) && !hasWord(everywhere, key):
			return nil, fmt.Errorf("attribute %s of <%s> is no part of our pictures", clip(key), name)
		case key == "xmlns" && at.Value != svgSpace || key == "xmlns:xlink" && at.Value != linkSpace:
			return nil, fmt.Errorf("%s is %q, not that of SVG", key, clip(at.Value))
		}
		if _, twice := a[key]; twice {
			return nil, fmt.Errorf("attribute %s of <%s> stands there twice", clip(key), name)
		}
		a[key] = at.Value
	}
	return a, nil
}

// inherit lays the attributes that everything in the element inherits over those of its parent.
func (r *reader) inherit(s *style, isText bool, a map[string]string) (err error) {
	if t, ok := a["transform"]; ok {
		if err := s.transform(t); err != nil {
			return err
		}
	}
	use := "fill"
	if isText {
		use = "text"
	}
	if v, ok := a["fill"]; ok {
		if s.fill, err = r.paint(v, use, s); err != nil {
			return err
		}
	}
	if v, ok := a["stroke"]; ok {
		if s.stroke, err = r.paint(v, "stroke", s); err != nil {
			return err
		}
	}
	if v, ok := a["fill-opacity"]; ok {
		if err := s.fill.fade(v); err != nil {
			return err
		}
	}
	if v, ok := a["stroke-opacity"]; ok {
		if err := s.stroke.fade(v); err != nil {
			return err
		}
	}
	if err := s.pen.read(a); err != nil {
		return err
	}
	return s.font(a)
}

func (s *style) font(a map[string]string) (err error) {
	if v, ok := a["text-anchor"]; ok {
		if s.anchor, err = choice("text-anchor", v, map[string]byte{"start": 's', "middle": 'm', "end": 'e'}); err != nil {
			return err
		}
	}
	if v, ok := a["font-size"]; ok {
		if s.size, err = number(v); err != nil || s.size <= 0 {
			return fmt.Errorf("font-size %q is no size", clip(v))
		}
	}
	if v, ok := a["font-weight"]; ok {
		if s.bold, err = choice("font-weight", v, map[string]bool{"normal": false, "bold": true}); err != nil {
			return err
		}
	}
	if v, ok := a["font-style"]; ok {
		if s.italic, err = choice("font-style", v, map[string]bool{"normal": false, "italic": true}); err != nil {
			return err
		}
	}
	if v, ok := a["font-family"]; ok && v != "Arial" {
		return fmt.Errorf("font-family %q is not Arial", clip(v))
	}
	return nil
}

// transform puts a transform before the one that holds already: translate, scale alike both ways, rotate(0), as Graphviz
// writes them.
func (s *style) transform(t string) error {
	for rest := strings.TrimSpace(t); rest != ""; {
		name, args, ok := strings.Cut(rest, "(")
		args, tail, ok2 := strings.Cut(args, ")")
		if !ok || !ok2 {
			return fmt.Errorf("transform %q is not written right", clip(t))
		}
		rest = strings.TrimLeft(tail, " ,")
		sc := scanner{s: args}
		var v [2]float64
		n := 0
		for ; sc.more() && n < 2; n++ {
			v[n] = sc.number()
		}
		if sc.err != nil || sc.more() {
			return fmt.Errorf("transform %q is not written right", clip(t))
		}
		switch {
		case name == "translate" && n > 0:
			s.dx += s.scale * v[0]
			s.dy += s.scale * v[1]
		case name == "scale" && v[0] >= 0.01 && v[0] <= 100 && (n == 1 || v[0] == v[1]):
			s.scale *= v[0]
		case name == "rotate" && n == 1 && v[0] == 0:
		default:
			return fmt.Errorf("transform %q is no part of our pictures", clip(t))
		}
	}
	if s.scale < 1e-4 || s.scale > 1e4 || math.Abs(s.dx) > maxNumber || math.Abs(s.dy) > maxNumber {
		return fmt.Errorf("transform %q is beyond all limits", clip(t))
	}
	return nil
}

// at gives the place of a point of the element on the sheet.
func (s *style) at(x, y float64) point { return point{s.dx + s.scale*x, s.dy + s.scale*y} }

func (r *reader) open(e *element, a map[string]string) error {
	switch e.name {
	case "svg":
		return r.sheet(&e.style, a)
	case "a":
		if r.link >= 0 {
			return errors.New("<a> is out of its place")
		}
		r.link = len(r.d.links)
		r.d.links = append(r.d.links, link{href: a["xlink:href"], from: len(r.d.items)})
	case "linearGradient", "radialGradient":
		return r.openGradient(e, a)
	case "stop":
		return r.stop(a)
	case "rect", "ellipse", "polygon", "polyline", "path":
		return r.shape(e, a)
	case "text":
		return r.openText(e, a)
	}
	return nil
}

// sheet reads the size of the picture.
func (r *reader) sheet(s *style, a map[string]string) error {
	w, okW := strings.CutSuffix(a["width"], "pt")
	h, okH := strings.CutSuffix(a["height"], "pt")
	var err error
	if r.d.Width, err = number(w); err != nil || !okW {
		return fmt.Errorf("width %q is not in points", clip(a["width"]))
	}
	if r.d.Height, err = number(h); err != nil || !okH {
		return fmt.Errorf("height %q is not in points", clip(a["height"]))
	}
	sc := scanner{s: a["viewBox"]}
	x, y, vw, vh := sc.number(), sc.number(), sc.number(), sc.number()
	if sc.err != nil || sc.more() || x != 0 || y != 0 || vw <= 0 || vh <= 0 {
		return fmt.Errorf("viewBox %q is no part of our pictures", clip(a["viewBox"]))
	}
	if min(r.d.Width, r.d.Height) < 1 || max(r.d.Width, r.d.Height) > 100_000 {
		return beyond("a picture of %g × %g points can't be drawn", r.d.Width, r.d.Height)
	}
	s.scale = min(r.d.Width/vw, r.d.Height/vh)
	s.dx, s.dy = (r.d.Width-vw*s.scale)/2, (r.d.Height-vh*s.scale)/2
	return nil
}

func (r *reader) openText(e *element, a map[string]string) error {
	x, errX := number(a["x"])
	y, errY := number(a["y"])
	if err := errors.Join(errX, errY); err != nil {
		return err
	}
	s := &e.style
	t := text{at: s.at(x, y), size: s.size * s.scale, bold: s.bold, italic: s.italic, anchor: s.anchor, colour: s.fill.colour}
	if math.Abs(t.at.x) > maxNumber || math.Abs(t.at.y) > maxNumber {
		return fmt.Errorf("a text stands farther than %g points away", maxNumber)
	}
	if t.size > maxFont {
		return fmt.Errorf("a text of %g points is larger than %d", t.size, maxFont)
	}
	if s.fill.gradient != nil {
		return errors.New("a text with a gradient is no part of our pictures")
	}
	r.text = &t
	r.words.Reset()
	return nil
}

func (r *reader) chars(data []byte) error {
	switch {
	case len(r.stack) == 0 || r.text == nil && r.stack[len(r.stack)-1].name != "title":
		if len(bytes.TrimSpace(data)) > 0 {
			return fmt.Errorf("%q stands outside of every text", clip(string(data)))
		}
		return nil
	case r.stack[len(r.stack)-1].name == "title" && !r.stack[len(r.stack)-1].isTitle:
		return nil
	case !utf8.Valid(data):
		return errors.New("the SVG is not in UTF-8")
	}
	n := utf8.RuneCount(data)
	if r.runes += n; utf8.RuneCountInString(r.words.String())+n > maxRunes || r.runes > maxText {
		return beyond("more than %d characters in a text, or %d in all", maxRunes, maxText)
	}
	if r.text != nil {
		for _, c := range string(data) {
			if isEmoji(c) || c == emojiStyle {
				r.emoji++
			}
		}
	}
	if r.emoji > maxEmoji {
		return beyond("more than %d emoji", maxEmoji)
	}
	r.words.Write(data)
	return nil
}

func (r *reader) end(name string) error {
	if len(r.stack) == 0 || r.stack[len(r.stack)-1].name != name {
		return fmt.Errorf("</%s> ends what did not begin", clip(name))
	}
	e := r.stack[len(r.stack)-1]
	r.stack = r.stack[:len(r.stack)-1]
	switch name {
	case "svg":
		r.closed = true
	case "title":
		if e.isTitle {
			r.d.Title = oneSpace(r.words.String())
		}
		r.words.Reset()
	case "a":
		l := &r.d.links[r.link]
		if l.to = len(r.d.items); l.href == "" || l.to == l.from {
			r.d.links = r.d.links[:r.link]
		}
		r.link = -1
	case "text":
		t := r.text
		r.text = nil
		if t.s = oneSpace(r.words.String()); t.s != "" && t.colour.A > 0 {
			return r.add(item{text: t})
		}
	case "linearGradient", "radialGradient":
		if r.gradient.stops != 2 {
			return fmt.Errorf("a gradient of %d colours is no part of our pictures", r.gradient.stops)
		}
		r.gradient = nil
	}
	return nil
}

// oneSpace makes one space of each run of them and drops those at the ends; a space that must not be broken at stays.
func oneSpace(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(c rune) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }), " ")
}

func (r *reader) add(i item) error {
	if len(r.d.items) == maxItems {
		return beyond("more than %d shapes and texts", maxItems)
	}
	r.d.items = append(r.d.items, i)
	return nil
}

// findGround notes the colour of a first shape that covers the whole sheet, but for a rounded hair.
func (r *reader) findGround() {
	if len(r.d.items) == 0 || r.d.items[0].shape == nil {
		return
	}
	s := r.d.items[0].shape
	if b := s.box(); max(b.lo.x, b.lo.y, r.d.Width-b.hi.x, r.d.Height-b.hi.y) < 1 && s.fill.gradient == nil && s.fill.colour.A == 255 && len(s.path) <= 5 {
		r.d.ground = &s.fill.colour
	}
}

// choice reads one of a few words.
func choice[T any](name, v string, words map[string]T) (T, error) {
	t, ok := words[v]
	if !ok {
		return t, fmt.Errorf("%s %q is no part of our pictures", name, clip(v))
	}
	return t, nil
}

// clip shortens what an error quotes.
func clip(s string) string {
	if r := []rune(s[:min(len(s), 160)]); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// palette finds the ink to paint with instead of a colour.
type palette map[[2]string][]Ink

func newPalette(inks []Ink) palette {
	p := palette{}
	for _, i := range inks {
		k := [2]string{i.Use, strings.ToLower(i.Light)}
		p[k] = append(p[k], i)
	}
	return p
}

func (r *reader) ink(use, colour string) string {
	for _, i := range slices.Backward(r.inks[[2]string{use, strings.ToLower(colour)}]) {
		if i.Within == "" || r.within(strings.Split(strings.TrimPrefix(i.Within, "."), ".")) {
			return i.Dark
		}
	}
	return colour
}

// within says whether the element or one that it is in has all of the classes.
func (r *reader) within(classes []string) bool {
	return slices.ContainsFunc(r.stack, func(e element) bool {
		return e.class != "" && !slices.ContainsFunc(classes, func(c string) bool { return !hasWord(e.class, c) })
	})
}
