package drawing

import (
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
	"math"
)

const (
	pixelsPerPoint = 4.0 / 3 // of the screen
	maxScale       = 3
	maxWork        = 250e6 // pixels that may be painted one over the other
	gradientWork   = 4     // how much more a pixel of a gradient is
	maxSide        = 65_000
)

// PNG paints the drawing. Where the scale makes it larger than the limits, it is painted smaller and the Report says so.
// Memory: 4 bytes a pixel and what the fonts take. The error is w's, or says that the options make no sense.
func (d *Drawing) PNG(w io.Writer, f *Fonts, o PNGOptions) (Report, error) {
	scale, limit := o.Scale, o.MaxPixels
	if scale == 0 {
		scale = 1
	}
	if limit == 0 {
		limit = DefaultMaxPixels
	}
	if !(scale > 0) || scale > maxScale || limit < 1 {
		return Report{}, fmt.Errorf("a scale of %g and at most %d pixels can't be drawn: the scale is above 0 and at most %d", o.Scale, o.MaxPixels, maxScale)
	}
	fit := d.fit(scale*pixelsPerPoint, limit, f)
	report := Report{Scale: fit / pixelsPerPoint, Lowered: fit < scale*pixelsPerPoint}
	if !report.Lowered {
		report.Scale = scale
	}
	report.Width, report.Height = pixels(d.Width*fit), pixels(d.Height*fit)
	c := newCanvas(report.Width, report.Height)
	if d.ground != nil { // on the rest of the last row and column too
		draw.Draw(c.img, c.img.Rect, image.NewUniform(*d.ground), image.Point{}, draw.Src)
	}
	var missing missing
	for i := range d.items {
		if s := d.items[i].shape; s != nil {
			c.shape(s, place{scale: fit})
		} else {
			c.text(d.items[i].text, f, fit, &missing)
		}
	}
	report.Missing = missing.report()
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	return report, encoder.Encode(&withDensity{w: w, scale: fit}, c.img)
}

// pixels rounds up, but not for a hair.
func pixels(v float64) int { return max(1, int(math.Ceil(v-1e-6))) }

// fit gives the largest scale up to this one, in pixels to the point, that is within the limits.
func (d *Drawing) fit(scale float64, limit int, f *Fonts) float64 {
	long, short := max(d.Width, d.Height), min(d.Width, d.Height)
	scale = min(scale, maxSide/long)
	if work := d.work(f); work*scale*scale > maxWork {
		scale = math.Sqrt(maxWork / work)
	}
	scale = min(scale, math.Sqrt(float64(limit)/(long*short)))
	for rows := pixels(short * scale); rows > 1; rows-- { // whole pixels: two rounds, but for very thin pictures
		if s := min(scale, float64(limit/rows)/long, float64(rows)/short); pixels(short*s) == rows {
			return s
		}
	}
	return min(scale, float64(min(limit, maxSide))/long, 1/short)
}

// work estimates how many pixels are painted at one pixel to the point, each as often as it is painted.
func (d *Drawing) work(f *Fonts) float64 {
	sum := d.Width * d.Height
	for i := range d.items {
		s, t := d.items[i].shape, d.items[i].text
		if s == nil {
			sum += t.size * t.size * (1 + float64(len(t.s)))
			continue
		}
		b := s.box()
		w := min(b.hi.x, d.Width) - max(b.lo.x, 0)
		h := min(b.hi.y, d.Height) - max(b.lo.y, 0)
		if w < 0 || h < 0 {
			w, h = 0, 0
		}
		if !s.fill.none() {
			sum += w * h
		}
		if s.fill.gradient != nil || s.stroke.gradient != nil {
			sum += gradientWork * w * h
		}
		if !s.stroke.none() {
			sum += min(w*h, (w+h)*(band+s.pen.width)*float64(len(s.path)))
		}
		sum += float64(64 * len(s.path))
	}
	return sum
}

func (c *canvas) shape(s *shape, at place) {
	if !s.fill.none() {
		c.fill(s.path, at)
		c.with(s.fill, s, at)
	}
	if !s.stroke.none() {
		c.stroke(s.path, s.pen, at)
		c.with(s.stroke, s, at)
	}
}

func (c *canvas) with(p paint, s *shape, at place) {
	if p.gradient == nil {
		c.paint(solid(p.colour))
		return
	}
	b := s.box()
	c.paint(shade(p.gradient, at, box{at.point(b.lo), at.point(b.hi)}))
}

func (c *canvas) text(t *text, f *Fonts, scale float64, m *missing) {
	l := f.line(t)
	m.add(l.missing)
	start := t.start(l.width)
	size := t.size * scale
	for _, r := range l.runs {
		for _, g := range r.glyphs {
			at := place{point{start.x*scale + g.x*size, start.y*scale + g.y*size}, size}
			if g.shape.image != nil {
				c.image(g.shape.image, box{at.point(g.shape.box.lo), at.point(g.shape.box.hi)})
				continue
			}
			c.fill(g.shape.path, at)
		}
		c.paint(solid(t.colour))
	}
}
