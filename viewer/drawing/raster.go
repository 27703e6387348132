package drawing

import (
	"encoding/binary"
	"image"
	"image/color"
	"math"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/vector"
)

// band is how many rows are painted at once: long lines then cost their length, not the box that they lie in.
const band = 32

// canvas paints paths into an image. Coordinates are pixels.
type canvas struct {
	img    *image.RGBA
	area   vector.Rasterizer
	cover  []uint8 // how far each pixel of a band is covered
	edges  []edge
	poly   []point
	byRow  [][]int32 // the edges of each band
	parts  []edge    // those of one band, cut to it
	dashes int       // that were drawn so far
}

// ink gives the colour of a pixel.
type ink func(x, y int) color.NRGBA

// edge is a directed line of an outline.
type edge struct{ a, b point }

func newCanvas(w, h int) *canvas {
	return &canvas{img: image.NewRGBA(image.Rect(0, 0, w, h)), byRow: make([][]int32, (h+band-1)/band)}
}

// place moves and scales a path to pixels.
type place struct {
	at    point
	scale float64
}

func (p place) point(q point) point { return point{p.at.x + q.x*p.scale, p.at.y + q.y*p.scale} }

// flatten gives the lines of each part of a path, curves cut so that none is seen to be cut, and whether it is closed.
func (c *canvas) flatten(path []segment, at place, each func(line []point, closed bool)) {
	line := c.poly[:0]
	end := func(closed bool) {
		if len(line) > 1 {
			each(line, closed)
		}
		line = line[:0]
	}
	for i := range path {
		s := &path[i]
		switch s.op {
		case 'M':
			end(false)
			line = append(line, at.point(s.p[0]))
		case 'L':
			line = append(line, at.point(s.p[0]))
		case 'C':
			line = appendCurve(line, at.point(s.p[0]), at.point(s.p[1]), at.point(s.p[2]))
		case 'Z':
			first := line[0]
			end(true)
			line = append(line, first)
		}
	}
	end(false)
	c.poly = line
}

// appendCurve appends a Bézier curve from the last point as lines. The number of them follows from how far its second
// differences bend it, as in x/image/vector, but finer, since strokes are laid along it.
func appendCurve(line []point, p1, p2, p3 point) []point {
	p0 := line[len(line)-1]
	bend := max(math.Hypot(p0.x-2*p1.x+p2.x, p0.y-2*p1.y+p2.y), math.Hypot(p1.x-2*p2.x+p3.x, p1.y-2*p2.y+p3.y))
	n := min(100, 1+int(2*math.Sqrt(bend)))
	for i := 1; i < n; i++ {
		t := float64(i) / float64(n)
		u := 1 - t
		a, b, c, d := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
		line = append(line, point{a*p0.x + b*p1.x + c*p2.x + d*p3.x, a*p0.y + b*p1.y + c*p2.y + d*p3.y})
	}
	return append(line, p3)
}

// fill takes a path into the area that the next paint call paints.
func (c *canvas) fill(path []segment, at place) {
	c.flatten(path, at, func(line []point, _ bool) {
		for i := range line {
			c.edge(line[i], line[(i+1)%len(line)])
		}
	})
}

// edge takes an edge into the area, cut to the image: what is left or right of it is laid on its side.
func (c *canvas) edge(a, b point) {
	w, h := float64(c.img.Rect.Dx()), float64(c.img.Rect.Dy())
	if a.y == b.y || max(a.y, b.y) <= 0 || min(a.y, b.y) >= h {
		return
	}
	cut := func(p, q point, y float64) point { return point{p.x + (q.x-p.x)*(y-p.y)/(q.y-p.y), y} }
	for _, y := range [2]float64{0, h} {
		if out := y == 0; a.y < y == out && a.y != y && b.y < y != out {
			a = cut(a, b, y)
		} else if b.y < y == out && b.y != y && a.y < y != out {
			b = cut(b, a, y)
		}
	}
	c.sides(a, b, w)
}

// sides lays what is left of 0 and right of w on the sides.
func (c *canvas) sides(a, b point, w float64) {
	for _, x := range [2]float64{0, w} {
		if (a.x < x) != (b.x < x) && a.x != x && b.x != x {
			m := point{x, a.y + (b.y-a.y)*(x-a.x)/(b.x-a.x)}
			c.sides(a, m, w)
			c.sides(m, b, w)
			return
		}
	}
	a.x, b.x = min(max(a.x, 0), w), min(max(b.x, 0), w)
	if a.y != b.y {
		c.edges = append(c.edges, edge{a, b})
	}
}

// paint paints the area and empties it.
func (c *canvas) paint(p ink) {
	if len(c.edges) == 0 {
		return
	}
	for i := range c.byRow {
		c.byRow[i] = c.byRow[i][:0]
	}
	first, last := len(c.byRow), -1
	for i, e := range c.edges {
		lo := min(int(min(e.a.y, e.b.y))/band, len(c.byRow)-1)
		hi := min(int(math.Ceil(max(e.a.y, e.b.y))-1)/band, len(c.byRow)-1)
		for b := lo; b <= hi; b++ {
			c.byRow[b] = append(c.byRow[b], int32(i))
		}
		first, last = min(first, lo), max(last, hi)
	}
	for b := first; b <= last; b++ {
		c.paintBand(b, p)
	}
	c.edges = c.edges[:0]
}

func (c *canvas) paintBand(b int, p ink) {
	if len(c.byRow[b]) == 0 {
		return
	}
	y0, y1 := float64(b*band), float64(min((b+1)*band, c.img.Rect.Dy()))
	lo, hi := point{math.Inf(1), y1}, point{math.Inf(-1), y0}
	parts := c.parts[:0]
	for _, i := range c.byRow[b] {
		e := c.edges[i]
		part := edge{e.within(y0, y1), edge{e.b, e.a}.within(y0, y1)}
		parts = append(parts, part)
		lo = point{min(lo.x, part.a.x, part.b.x), min(lo.y, part.a.y, part.b.y)}
		hi = point{max(hi.x, part.a.x, part.b.x), max(hi.y, part.a.y, part.b.y)}
	}
	c.parts = parts
	r := image.Rect(int(lo.x), int(lo.y), int(math.Ceil(hi.x)), int(math.Ceil(hi.y))).Intersect(c.img.Rect)
	if r.Empty() {
		return
	}
	c.area.Reset(r.Dx(), r.Dy())
	for _, p := range parts {
		c.area.MoveTo(float32(p.a.x-float64(r.Min.X)), float32(p.a.y-float64(r.Min.Y)))
		c.area.LineTo(float32(p.b.x-float64(r.Min.X)), float32(p.b.y-float64(r.Min.Y)))
	}
	if n := r.Dx() * r.Dy(); len(c.cover) < n {
		c.cover = make([]uint8, n)
	}
	mask := &image.Alpha{Pix: c.cover[:r.Dx()*r.Dy()], Stride: r.Dx(), Rect: c.area.Bounds()}
	c.area.DrawOp = draw.Src
	c.area.Draw(mask, mask.Rect, image.Opaque, image.Point{})
	c.blend(mask, r, p)
}

// blend lays a colour over the image wherever it is covered.
func (c *canvas) blend(mask *image.Alpha, r image.Rectangle, p ink) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		cover := mask.Pix[(y-r.Min.Y)*mask.Stride:][:r.Dx()]
		row := c.img.Pix[c.img.PixOffset(r.Min.X, y):]
		for x := 0; x < len(cover); x++ {
			if cover[x] == 0 {
				for x+9 < len(cover) && binary.LittleEndian.Uint64(cover[x+1:]) == 0 {
					x += 8
				}
				continue
			}
			q := p(r.Min.X+x, y)
			to := row[4*x : 4*x+4 : 4*x+4]
			a := uint32(cover[x]) * uint32(q.A)
			if a == 255*255 {
				to[0], to[1], to[2], to[3] = q.R, q.G, q.B, 255
				continue
			}
			mix := func(old, new uint8) uint8 {
				return uint8((uint32(new)*a + uint32(old)*(255*255-a) + 255*255/2) / (255 * 255))
			}
			to[0], to[1], to[2], to[3] = mix(to[0], q.R), mix(to[1], q.G), mix(to[2], q.B), mix(to[3], 255)
		}
	}
}

// within gives the start of the part of an edge that lies between two heights.
func (e edge) within(y0, y1 float64) point {
	y := min(max(e.a.y, y0), y1)
	if y == e.a.y {
		return e.a
	}
	return point{e.a.x + (e.b.x-e.a.x)*(y-e.a.y)/(e.b.y-e.a.y), y}
}

// solid paints with one colour.
func solid(c color.NRGBA) ink { return func(int, int) color.NRGBA { return c } }

// shade paints with a gradient over a box in pixels.
func shade(g *gradient, at place, of box) ink {
	a, b := at.point(g.a), at.point(g.b)
	dx, dy := b.x-a.x, b.y-a.y
	w, h := of.hi.x-of.lo.x, of.hi.y-of.lo.y
	long := dx*dx + dy*dy
	switch {
	case g.radial && (g.radius <= 0 || w == 0 || h == 0), !g.radial && long == 0:
		return solid(g.colours[1])
	case g.radial:
		return func(x, y int) color.NRGBA {
			return g.at(math.Hypot((float64(x)+0.5-of.lo.x)/w-g.centre.x, (float64(y)+0.5-of.lo.y)/h-g.centre.y) / g.radius)
		}
	}
	return func(x, y int) color.NRGBA {
		return g.at(((float64(x)+0.5-a.x)*dx + (float64(y)+0.5-a.y)*dy) / long)
	}
}

// image paints an image into a box.
func (c *canvas) image(src image.Image, b box) {
	s := src.Bounds()
	m := f64.Aff3{(b.hi.x - b.lo.x) / float64(s.Dx()), 0, b.lo.x, 0, (b.hi.y - b.lo.y) / float64(s.Dy()), b.lo.y}
	draw.CatmullRom.Transform(c.img, m, src, s, draw.Over, nil)
}
