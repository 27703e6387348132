package drawing

import (
	"image/color"
	"math"
	"math/rand/v2"
	"testing"
)

// Against an oracle that asks for 16 × 16 places in each pixel whether they are within the shape: random convex shapes, many
// of them half outside of the image.
func TestFillOracle(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for n := range 60 {
		var poly []point
		cx, cy := rng.Float64()*60-10, rng.Float64()*90-10
		rx, ry := rng.Float64()*70, rng.Float64()*70
		for i := range 3 + rng.IntN(6) {
			a := (float64(i) + rng.Float64()*0.9) / 9 * 2 * math.Pi
			poly = append(poly, point{cx + rx*math.Cos(a), cy + ry*math.Sin(a)})
		}
		if n%2 == 1 { // either way round
			for i, j := 0, len(poly)-1; i < j; i, j = i+1, j-1 {
				poly[i], poly[j] = poly[j], poly[i]
			}
		}
		path := []segment{move(poly[0].x, poly[0].y)}
		for _, p := range poly[1:] {
			path = append(path, line(p.x, p.y))
		}
		c := newCanvas(40, 75)
		c.fill(append(path, segment{op: 'Z'}), place{scale: 1})
		c.paint(solid(black))
		compare(t, n, c, 0.08, func(p point) bool {
			in := 0
			for i, a := range poly {
				b := poly[(i+1)%len(poly)]
				if (b.x-a.x)*(p.y-a.y)-(b.y-a.y)*(p.x-a.x) > 0 {
					in++
				}
			}
			return in == 0 || in == len(poly)
		})
	}
}

// Against an oracle that knows a stroke with round corners and ends as all places near its line.
func TestStrokeOracle(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for n := range 60 {
		var line0 []point
		for range 2 + rng.IntN(4) {
			line0 = append(line0, point{rng.Float64()*80 - 20, rng.Float64()*115 - 20})
		}
		path := []segment{move(line0[0].x, line0[0].y)}
		for _, p := range line0[1:] {
			path = append(path, line(p.x, p.y))
		}
		closed := n%3 == 0 && len(line0) > 2
		if closed {
			path = append(path, segment{op: 'Z'})
			line0 = append(line0, line0[0])
		}
		width := 1 + rng.Float64()*12
		c := newCanvas(40, 75)
		c.stroke(path, pen{width: width, join: 'r', cap: 'r'}, place{scale: 1})
		c.paint(solid(black))
		compare(t, n, c, 0.5, func(p point) bool { // where pieces overlap at an edge, they cover a little more
			for i := 1; i < len(line0); i++ {
				if distance(p, line0[i-1], line0[i]) <= width/2 {
					return true
				}
			}
			return false
		})
	}
}

func distance(p, a, b point) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	t := ((p.x-a.x)*dx + (p.y-a.y)*dy) / (dx*dx + dy*dy)
	t = min(max(t, 0), 1)
	return math.Hypot(p.x-a.x-t*dx, p.y-a.y-t*dy)
}

// compare fails where a pixel differs by more than most, or where the mean difference is above a hundredth.
func compare(t *testing.T, n int, c *canvas, most float64, in func(point) bool) {
	t.Helper()
	const k = 16
	sum, worst := 0.0, 0.0
	for y := range c.img.Rect.Dy() {
		for x := range c.img.Rect.Dx() {
			hits := 0
			for i := range k * k {
				if in(point{float64(x) + (float64(i%k)+0.5)/k, float64(y) + (float64(i/k)+0.5)/k}) {
					hits++
				}
			}
			d := math.Abs(float64(hits)/(k*k) - float64(c.img.RGBAAt(x, y).A)/255)
			sum += d
			worst = max(worst, d)
		}
	}
	mean := sum / float64(c.img.Rect.Dx()*c.img.Rect.Dy())
	if worst > most || mean > 0.005 {
		t.Errorf("shape %d: a pixel differs by %.3f, all by %.4f", n, worst, mean)
	}
}

// Corners, ends and dashes have the areas that geometry gives them.
func TestStrokeArea(t *testing.T) {
	right := []segment{move(20, 60), line(60, 60), line(60, 20)}
	for _, c := range []struct {
		name string
		path []segment
		pen  pen
		want float64
	}{
		{"miter", right, pen{width: 10}, 400 + 400},
		{"bevel", right, pen{width: 10, join: 'b'}, 800 - 12.5},
		{"round", right, pen{width: 10, join: 'r'}, 775 + 25*math.Pi/4},
		{"square", right, pen{width: 10, cap: 's'}, 800 + 100},
		{"round ends", right, pen{width: 10, cap: 'r'}, 800 + 25*math.Pi},
		{"closed", []segment{move(20, 20), line(60, 20), line(60, 60), line(20, 60), {op: 'Z'}}, pen{width: 10}, 50*50 - 30*30},
		{"dashes", []segment{move(10, 20), line(90, 20)}, pen{width: 4, dash: []float64{5, 3}}, 10 * 5 * 4},
		{"sharp corner is cut", []segment{move(10, 40), line(70, 43), line(10, 46)}, pen{width: 2}, 0},
	} {
		cv := newCanvas(100, 100)
		cv.stroke(c.path, c.pen, place{scale: 1})
		cv.paint(solid(black))
		sum, right := 0.0, 0
		for y := range 100 {
			for x := range 100 {
				if a := cv.img.RGBAAt(x, y).A; a > 0 {
					sum += float64(a) / 255
					right = max(right, x)
				}
			}
		}
		if c.want == 0 {
			if right > 71 {
				t.Errorf("%s: it reaches to %d", c.name, right)
			}
		} else if math.Abs(sum-c.want) > c.want*0.01 {
			t.Errorf("%s: area %.1f, want %.1f", c.name, sum, c.want)
		}
	}
}

func TestBlend(t *testing.T) {
	c := newCanvas(4, 4)
	for _, col := range []color.NRGBA{{255, 255, 255, 255}, {0, 0, 255, 128}} {
		c.fill(rectangle(0, 0, 4, 4, 0), place{scale: 1})
		c.paint(solid(col))
	}
	if got := c.img.RGBAAt(2, 2); got != (color.RGBA{127, 127, 255, 255}) {
		t.Errorf("%v", got)
	}
}
