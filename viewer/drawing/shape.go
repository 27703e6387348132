package drawing

import (
	"encoding/hex"
	"errors"
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"
)

type point struct{ x, y float64 }

type box struct{ lo, hi point }

// segment is one step of a path: M and L to p[0], C by p[0] and p[1] to p[2], Z back to the last M.
type segment struct {
	op byte
	p  [3]point
}

// item is a shape or a text.
type item struct {
	shape *shape
	text  *text
}

// link says that the items from ≤ i < to lead to href.
type link struct {
	href     string
	from, to int
}

// shape is a path to fill, then to stroke.
type shape struct {
	path         []segment
	fill, stroke paint
	pen          pen
}

// text is one line of text.
type text struct {
	at           point // on the base line
	s            string
	size         float64
	bold, italic bool
	anchor       byte // what of the line stands at at: s its start, m its middle, e its end
	colour       color.NRGBA
}

// paint is a colour, none when its alpha is 0, or a gradient.
type paint struct {
	colour   color.NRGBA
	gradient *gradient
}

var black = color.NRGBA{A: 255}

func (p paint) none() bool { return p.colour.A == 0 && p.gradient == nil }

// gradient runs from one colour to another.
type gradient struct {
	radial  bool
	a, b    point   // linear: the line along which it runs, on the sheet
	centre  point   // radial: in parts of the box of what it fills
	radius  float64 // the same
	stops   int
	offset  [2]float64
	colours [2]color.NRGBA
}

// pen says how to stroke.
type pen struct {
	width float64
	dash  []float64
	join  byte // 'm' or 0 miter, 'r' round, 'b' bevel
	cap   byte // 'b' or 0 butt, 'r' round, 's' square
}

// miterLimit is SVG's: a sharper corner is cut.
const miterLimit = 4

func (p *pen) read(a map[string]string) (err error) {
	if v, ok := a["stroke-width"]; ok {
		if p.width, err = number(v); err != nil || p.width < 0 || p.width > maxPen {
			return fmt.Errorf("stroke-width %q is no width", clip(v))
		}
	}
	if v, ok := a["stroke-linejoin"]; ok {
		if p.join, err = choice("stroke-linejoin", v, map[string]byte{"miter": 'm', "round": 'r', "bevel": 'b'}); err != nil {
			return err
		}
	}
	if v, ok := a["stroke-linecap"]; ok {
		if p.cap, err = choice("stroke-linecap", v, map[string]byte{"butt": 'b', "round": 'r', "square": 's'}); err != nil {
			return err
		}
	}
	v, ok := a["stroke-dasharray"]
	if !ok {
		return nil
	}
	if p.dash = nil; v == "none" {
		return nil
	}
	sum := 0.0
	for sc := (scanner{s: v}); sc.more(); {
		n := sc.number()
		if sc.err != nil || n < 0 || len(p.dash) == 16 {
			return fmt.Errorf("stroke-dasharray %q is no part of our pictures", clip(v))
		}
		p.dash = append(p.dash, n)
		sum += n
	}
	if sum < minDash {
		return fmt.Errorf("the dashes %q are too short", clip(v))
	}
	if len(p.dash)%2 == 1 {
		p.dash = append(p.dash, p.dash...)
	}
	return nil
}

// scaled is the pen on the sheet.
func (p pen) scaled(by float64) pen {
	p.width *= by
	if by != 1 && p.dash != nil {
		dash := make([]float64, len(p.dash))
		for i, d := range p.dash {
			dash[i] = d * by
		}
		p.dash = dash
	}
	return p
}

func (p *paint) fade(v string) error {
	o, err := number(v)
	if err != nil || o < 0 || o > 1 || p.gradient != nil {
		return fmt.Errorf("opacity %q is no part of our pictures", clip(v))
	}
	p.colour.A = uint8(math.Round(float64(p.colour.A) * o))
	return nil
}

// paint reads a fill or a stroke.
func (r *reader) paint(v, use string, s *style) (paint, error) {
	if id, ok := strings.CutPrefix(v, "url(#"); ok {
		g := r.gradients[strings.TrimSuffix(id, ")")]
		if g == nil || use != "fill" {
			return paint{}, fmt.Errorf("%s %q is no gradient that stands before it", use, clip(v))
		}
		placed := *g
		placed.a, placed.b = s.at(g.a.x, g.a.y), s.at(g.b.x, g.b.y)
		return paint{gradient: &placed}, nil
	}
	c, err := colour(r.ink(use, v))
	return paint{colour: c}, err
}

// colour reads none, black, white, transparent, #rgb, #rrggbb and #rrggbbaa.
func colour(v string) (color.NRGBA, error) {
	switch v {
	case "none", "transparent":
		return color.NRGBA{}, nil
	case "black":
		return black, nil
	case "white":
		return color.NRGBA{255, 255, 255, 255}, nil
	}
	h, ok := strings.CutPrefix(v, "#")
	if len(h) == 3 {
		h = string([]byte{h[0], h[0], h[1], h[1], h[2], h[2]})
	}
	if len(h) == 6 {
		h += "ff"
	}
	b, err := hex.DecodeString(h)
	if !ok || err != nil || len(b) != 4 {
		return color.NRGBA{}, fmt.Errorf("%q is no colour of our pictures", clip(v))
	}
	return color.NRGBA{b[0], b[1], b[2], b[3]}, nil
}

func (r *reader) openGradient(e *element, a map[string]string) (err error) {
	g := &gradient{radial: e.name == "radialGradient"}
	id := a["id"]
	if id == "" || r.gradients[id] != nil {
		return fmt.Errorf("a gradient without a name of its own: %q", clip(id))
	}
	if g.radial {
		if a["fx"] != "" && a["fx"] != a["cx"] || a["fy"] != "" && a["fy"] != a["cy"] {
			return errors.New("a gradient out of its middle is no part of our pictures")
		}
		for name, to := range map[string]*float64{"cx": &g.centre.x, "cy": &g.centre.y, "r": &g.radius} {
			if *to, err = part(a[name]); err != nil {
				return err
			}
		}
	} else {
		if a["gradientUnits"] != "userSpaceOnUse" {
			return fmt.Errorf("gradientUnits %q is no part of our pictures", clip(a["gradientUnits"]))
		}
		for name, to := range map[string]*float64{"x1": &g.a.x, "y1": &g.a.y, "x2": &g.b.x, "y2": &g.b.y} {
			if *to, err = number(a[name]); err != nil {
				return err
			}
		}
	}
	r.gradient, r.gradients[id] = g, g
	return nil
}

func (r *reader) stop(a map[string]string) error {
	g := r.gradient
	if g.stops == 2 {
		return errors.New("a gradient of more than 2 colours is no part of our pictures")
	}
	o, err := part(a["offset"])
	if err != nil {
		return err
	}
	c, err := colour(r.ink("stop-color", a["stop-color"]))
	if err != nil {
		return err
	}
	if o < 0 || o > 1 || g.stops == 1 && o < g.offset[0] || c.A != 255 {
		return fmt.Errorf("the gradient's colour %q at %q is no part of our pictures", clip(a["stop-color"]), clip(a["offset"]))
	}
	g.offset[g.stops], g.colours[g.stops] = o, c
	g.stops++
	return nil
}

// part reads a number or a percentage.
func part(v string) (float64, error) {
	if p, ok := strings.CutSuffix(v, "%"); ok {
		n, err := number(p)
		return n / 100, err
	}
	return number(v)
}

// at gives the colour of a place on a gradient, t from 0 at its start to 1 at its end.
func (g *gradient) at(t float64) color.NRGBA {
	switch {
	case t <= g.offset[0]:
		return g.colours[0]
	case t >= g.offset[1]:
		return g.colours[1]
	}
	t = (t - g.offset[0]) / (g.offset[1] - g.offset[0])
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + t*(float64(b)-float64(a)))) }
	a, b := g.colours[0], g.colours[1]
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

// shape reads a shape and places it on the sheet.
func (r *reader) shape(e *element, a map[string]string) error {
	path, err := r.outline(e.name, a)
	if err != nil {
		return err
	}
	if r.segments += len(path); len(path) > maxPath || r.segments > maxSegments {
		return beyond("more than %d segments in a path, or %d in all", maxPath, maxSegments)
	}
	s := &e.style
	for i := range path {
		for j, p := range path[i].p {
			path[i].p[j] = s.at(p.x, p.y)
			if q := path[i].p[j]; math.Abs(q.x) > maxNumber || math.Abs(q.y) > maxNumber {
				return fmt.Errorf("<%s> reaches farther than %g points", e.name, maxNumber)
			}
		}
	}
	sh := &shape{path: path, fill: s.fill, stroke: s.stroke, pen: s.pen.scaled(s.scale)}
	if sh.pen.width == 0 {
		sh.stroke = paint{}
	}
	if len(path) == 0 || sh.fill.none() && sh.stroke.none() {
		return nil
	}
	return r.add(item{shape: sh})
}

func (r *reader) outline(name string, a map[string]string) ([]segment, error) {
	var err error
	get := func(key string) float64 {
		if a[key] == "" {
			return 0
		}
		n, e := number(a[key])
		if e != nil && err == nil {
			err = fmt.Errorf("%s of <%s>: %w", key, name, e)
		}
		return n
	}
	switch name {
	case "rect":
		x, y, w, h, rx := get("x"), get("y"), get("width"), get("height"), get("rx")
		if err != nil || w <= 0 || h <= 0 || rx < 0 {
			return nil, err
		}
		return rectangle(x, y, w, h, rx), nil
	case "ellipse":
		cx, cy, rx, ry := get("cx"), get("cy"), get("rx"), get("ry")
		if err != nil || rx <= 0 || ry <= 0 {
			return nil, err
		}
		return ellipse(cx, cy, rx, ry), nil
	case "path":
		return readPath(a["d"])
	}
	return readPoints(a["points"], name == "polygon")
}

// arc is how far the handles of a Bézier curve lie from its ends that stands for a quarter of a circle.
const arc = 0.5522847498

func rectangle(x, y, w, h, r float64) []segment {
	if r == 0 {
		return []segment{move(x, y), line(x+w, y), line(x+w, y+h), line(x, y+h), {op: 'Z'}}
	}
	rx, ry := min(r, w/2), min(r, h/2)
	kx, ky := rx*(1-arc), ry*(1-arc)
	return []segment{
		move(x+rx, y), line(x+w-rx, y), curve(x+w-kx, y, x+w, y+ky, x+w, y+ry),
		line(x+w, y+h-ry), curve(x+w, y+h-ky, x+w-kx, y+h, x+w-rx, y+h),
		line(x+rx, y+h), curve(x+kx, y+h, x, y+h-ky, x, y+h-ry),
		line(x, y+ry), curve(x, y+ky, x+kx, y, x+rx, y), {op: 'Z'},
	}
}

func ellipse(x, y, rx, ry float64) []segment {
	kx, ky := rx*arc, ry*arc
	return []segment{
		move(x+rx, y), curve(x+rx, y+ky, x+kx, y+ry, x, y+ry), curve(x-kx, y+ry, x-rx, y+ky, x-rx, y),
		curve(x-rx, y-ky, x-kx, y-ry, x, y-ry), curve(x+kx, y-ry, x+rx, y-ky, x+rx, y), {op: 'Z'},
	}
}

func move(x, y float64) segment { return segment{op: 'M', p: [3]point{{x, y}}} }
func line(x, y float64) segment { return segment{op: 'L', p: [3]point{{x, y}}} }
func curve(x1, y1, x2, y2, x, y float64) segment {
	return segment{op: 'C', p: [3]point{{x1, y1}, {x2, y2}, {x, y}}}
}

func readPoints(v string, closed bool) ([]segment, error) {
	sc := scanner{s: v}
	var path []segment
	for sc.more() && len(path) <= maxPath {
		x, y := sc.number(), sc.number()
		if sc.err != nil {
			return nil, fmt.Errorf("points: %w", sc.err)
		}
		if path == nil {
			path = append(path, move(x, y))
		} else {
			path = append(path, line(x, y))
		}
	}
	if closed && path != nil {
		path = append(path, segment{op: 'Z'})
	}
	return path, nil
}

// readPath reads M, L, H, V, C and Z, in small letters too.
func readPath(d string) ([]segment, error) {
	sc := scanner{s: d}
	var path []segment
	var at, from point
	var op byte
	for sc.more() && len(path) <= maxPath {
		if c := sc.letter(); c != 0 {
			op = c
		} else if op == 'Z' || op == 'z' || op == 0 {
			return nil, fmt.Errorf("path %q is not written right", clip(sc.s))
		}
		base := point{}
		if op >= 'a' {
			base = at
		}
		switch op {
		case 'M', 'm':
			at = point{base.x + sc.number(), base.y + sc.number()}
			from = at
			path = append(path, move(at.x, at.y))
			op -= 'M' - 'L' // more numbers are lines
		case 'L', 'l':
			at = point{base.x + sc.number(), base.y + sc.number()}
			path = append(path, line(at.x, at.y))
		case 'H', 'h':
			at.x = base.x + sc.number()
			path = append(path, line(at.x, at.y))
		case 'V', 'v':
			at.y = base.y + sc.number()
			path = append(path, line(at.x, at.y))
		case 'C', 'c':
			x1, y1, x2, y2 := base.x+sc.number(), base.y+sc.number(), base.x+sc.number(), base.y+sc.number()
			at = point{base.x + sc.number(), base.y + sc.number()}
			path = append(path, curve(x1, y1, x2, y2, at.x, at.y))
		case 'Z', 'z':
			path = append(path, segment{op: 'Z'})
			at = from
		default:
			return nil, fmt.Errorf("%q in a path is no part of our pictures", string(rune(op)))
		}
		if sc.err != nil {
			return nil, fmt.Errorf("path: %w", sc.err)
		}
		if path[0].op != 'M' {
			return nil, errors.New("a path does not begin with M")
		}
	}
	return path, nil
}

// box is what the points of a path lie in, handles included.
func (s *shape) box() box { return pathBox(s.path) }

func pathBox(path []segment) box {
	b := box{point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}}
	for i := range path {
		n := 1
		switch path[i].op {
		case 'C':
			n = 3
		case 'Z':
			n = 0
		}
		for _, p := range path[i].p[:n] {
			b.lo = point{min(b.lo.x, p.x), min(b.lo.y, p.y)}
			b.hi = point{max(b.hi.x, p.x), max(b.hi.y, p.y)}
		}
	}
	return b
}

// scanner reads numbers one after the other.
type scanner struct {
	s   string
	err error
}

func (sc *scanner) skip() {
	sc.s = strings.TrimLeft(sc.s, " ,\n\t\r")
}

// more says whether anything is left.
func (sc *scanner) more() bool {
	sc.skip()
	return sc.s != ""
}

// letter takes the letter of a path that comes next, 0 when a number does.
func (sc *scanner) letter() byte {
	sc.skip()
	if c := sc.s[0]; c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
		sc.s = sc.s[1:]
		return c
	}
	return 0
}

func (sc *scanner) number() float64 {
	sc.skip()
	i := 0
	for i < len(sc.s) {
		c := sc.s[i]
		digit := c >= '0' && c <= '9' || c == '.' || c == 'e' || c == 'E'
		sign := (c == '-' || c == '+') && (i == 0 || sc.s[i-1] == 'e' || sc.s[i-1] == 'E')
		if !digit && !sign {
			break
		}
		i++
	}
	v, err := number(sc.s[:i])
	if err != nil && sc.err == nil {
		sc.err = err
		if i == 0 {
			sc.err = fmt.Errorf("a number is missing at %q", clip(sc.s))
		}
	}
	sc.s = sc.s[i:]
	return v
}

// number reads a number that is not beyond the limits.
func number(v string) (float64, error) {
	n, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsNaN(n) || strings.ContainsAny(v, "xXpP_") {
		return 0, fmt.Errorf("%q is no number", clip(v))
	}
	if math.Abs(n) > maxNumber {
		return 0, fmt.Errorf("%s is beyond %g", clip(v), maxNumber)
	}
	return n, nil
}
