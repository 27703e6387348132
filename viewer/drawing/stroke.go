package drawing

import "math"

// stroke takes the line along a path into the area: a piece for each of its lines, and the corners between them, all turning
// the same way, so that they add up.
func (c *canvas) stroke(path []segment, p pen, at place) {
	s := stroker{c: c, half: p.width * at.scale / 2, pen: p}
	c.flatten(path, at, func(line []point, closed bool) {
		line = withoutRepeats(line)
		if closed && len(line) > 1 && line[0] == line[len(line)-1] {
			line = line[:len(line)-1]
		}
		if len(line) < 2 {
			return
		}
		if p.dash == nil {
			s.run(line, closed)
			return
		}
		if closed {
			line = append(append([]point(nil), line...), line[0])
		}
		s.dashes(line, at.scale)
	})
}

func withoutRepeats(line []point) []point {
	n := 1
	for _, p := range line[1:] {
		if p != line[n-1] {
			line[n] = p
			n++
		}
	}
	return line[:n]
}

type stroker struct {
	c    *canvas
	half float64 // of the width, in pixels
	pen  pen
	dash []point
}

// maxDashes is the number of dashes of a picture beyond which lines are drawn whole.
const maxDashes = 200_000

func (s *stroker) dashes(line []point, scale float64) {
	sum, long := 0.0, 0.0
	for _, d := range s.pen.dash {
		sum += d * scale
	}
	for i := 1; i < len(line); i++ {
		long += math.Hypot(line[i].x-line[i-1].x, line[i].y-line[i-1].y)
	}
	count := long / sum * float64(len(s.pen.dash))
	if !(sum > 0) || count > float64(maxDashes-s.c.dashes) {
		s.run(line, false)
		return
	}
	s.c.dashes += int(count)
	k, left, on := 0, s.pen.dash[0]*scale, true
	s.dash = append(s.dash[:0], line[0])
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		d := math.Hypot(b.x-a.x, b.y-a.y)
		for from := 0.0; ; {
			if d-from < left {
				left -= d - from
				if on {
					s.dash = append(s.dash, b)
				}
				break
			}
			from += left
			m := point{a.x + (b.x-a.x)*from/d, a.y + (b.y-a.y)*from/d}
			if on {
				s.run(append(s.dash, m), false)
			}
			on = !on
			s.dash = append(s.dash[:0], m)
			k = (k + 1) % len(s.pen.dash)
			left = s.pen.dash[k] * scale
		}
	}
	if on {
		s.run(s.dash, false)
	}
}

// run strokes one unbroken line.
func (s *stroker) run(line []point, closed bool) {
	line = withoutRepeats(line)
	if len(line) < 2 {
		return
	}
	if closed && len(line) < 3 {
		closed = false
	}
	n := len(line)
	last := n - 1
	if closed {
		last = n
	}
	for i := range last {
		s.side(line[i], line[(i+1)%n])
	}
	for i := 1; i < last; i++ {
		s.corner(line[i-1], line[i], line[(i+1)%n])
	}
	if closed {
		s.corner(line[n-1], line[0], line[1])
		return
	}
	s.cap(line[1], line[0])
	s.cap(line[n-2], line[n-1])
}

// normal is half the width to the right of a line.
func (s *stroker) normal(a, b point) point {
	d := math.Hypot(b.x-a.x, b.y-a.y)
	return point{-(b.y - a.y) / d * s.half, (b.x - a.x) / d * s.half}
}

func (s *stroker) polygon(p ...point) {
	for i := range p {
		s.c.edge(p[i], p[(i+1)%len(p)])
	}
}

func (s *stroker) side(a, b point) {
	n := s.normal(a, b)
	s.polygon(point{a.x + n.x, a.y + n.y}, point{a.x - n.x, a.y - n.y}, point{b.x - n.x, b.y - n.y}, point{b.x + n.x, b.y + n.y})
}

// corner fills the gap outside of a corner at b.
func (s *stroker) corner(a, b, c point) {
	n1, n2 := s.normal(a, b), s.normal(b, c)
	turn := n1.x*n2.y - n1.y*n2.x
	if turn == 0 && n1 == n2 {
		return
	}
	if turn > 0 { // the gap is on the other side
		n1, n2 = point{-n1.x, -n1.y}, point{-n2.x, -n2.y}
	}
	p, q := point{b.x + n1.x, b.y + n1.y}, point{b.x + n2.x, b.y + n2.y}
	polygon := func(pts ...point) { // always the same way round
		if turn < 0 {
			for i, j := 0, len(pts)-1; i < j; i, j = i+1, j-1 {
				pts[i], pts[j] = pts[j], pts[i]
			}
		}
		s.polygon(pts...)
	}
	cos := (n1.x*n2.x + n1.y*n2.y) / (s.half * s.half)
	switch {
	case s.pen.join == 'r':
		s.pie(b, n1, n2, polygon)
	case s.pen.join == 'b' || 2/(1+cos) > miterLimit*miterLimit || cos <= -1:
		polygon(b, p, q)
	default:
		k := 1 / (1 + cos)
		polygon(b, p, point{b.x + (n1.x+n2.x)*k, b.y + (n1.y+n2.y)*k}, q)
	}
}

// pie fills a part of a circle from one radius to the other, the short way.
func (s *stroker) pie(b, n1, n2 point, polygon func(...point)) {
	from := math.Atan2(n1.y, n1.x)
	by := math.Remainder(math.Atan2(n2.y, n2.x)-from, 2*math.Pi)
	steps := 2 + int(math.Abs(by)*math.Sqrt(s.half))
	pts := []point{b}
	for i := range steps + 1 {
		sin, cos := math.Sincos(from + by*float64(i)/float64(steps))
		pts = append(pts, point{b.x + s.half*cos, b.y + s.half*sin})
	}
	polygon(pts...)
}

// cap ends a line that comes from a at b.
func (s *stroker) cap(a, b point) {
	n := s.normal(a, b)
	t := point{n.y, -n.x} // onwards
	switch s.pen.cap {
	case 's':
		s.side(b, point{b.x + t.x, b.y + t.y})
	case 'r':
		turn := func(pts ...point) { s.polygon(pts...) }
		s.pie(b, point{-n.x, -n.y}, t, turn)
		s.pie(b, t, n, turn)
	}
}
