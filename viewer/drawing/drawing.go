package drawing

import (
	"fmt"
	"image/color"
	"time"
)

// Drawing is a picture as one flat list of what to paint, back to front, in points from the upper left corner. It is never
// changed after Read: goroutines may share one.
type Drawing struct {
	Width, Height float64 // points
	Title         string  // of the SVG's own title element

	items  []item
	links  []link
	ground *color.NRGBA // what the whole sheet is painted with first, nil if nothing
}

// LimitError says that a picture holds more than can be drawn as PNG or PDF, and of what. Its SVG has no such limits.
type LimitError struct{ limit string }

// Error says which limit it is.
func (e *LimitError) Error() string { return e.limit }

func beyond(format string, args ...any) error { return &LimitError{fmt.Sprintf(format, args...)} }

// Ink is one colour of a picture and what to paint instead: so a light picture is read as a dark one. diagram.Palette has the
// whole set. Where several inks fit, the last one holds.
type Ink struct {
	Use    string // "stroke", "fill" (of anything but a text), "text" (the fill of a text) or "stop-color"
	Light  string // "#rrggbb", as in the SVG; case does not matter
	Dark   string // "#rrggbb"
	Within string // ".k-customer.s-down": only on an element with these classes and on all in it; "" everywhere
}

// PNGOptions say how to paint a drawing into pixels.
type PNGOptions struct {
	Scale     float64 // 1, 2 or 3 times 96 pixels for 72 points, as browsers show it; 0 is 1
	MaxPixels int     // 0 is DefaultMaxPixels
}

// DefaultMaxPixels is the largest PNG: 40 million pixels, 160 MB while it is drawn.
const DefaultMaxPixels = 40_000_000

// Page is one page of a PDF.
type Page struct {
	Drawing *Drawing
	Title   string // in the list of contents that readers show; "" is the drawing's own
}

// PDFOptions say what a PDF is like.
type PDFOptions struct {
	Paper  string    // "" makes each page the size of its picture; "a4", "a3", "letter", "16x9": landscape, fitted
	Base   string    // "https://who.example/": links lead there; "" leaves them out. Never take it from a request
	Title  string    // "" is the first page's
	Author string    // "" is none
	Date   time.Time // made and changed; zero is 1 January 2000, so that the same picture always gives the same bytes
}

// Papers lists the names that PDFOptions.Paper knows, besides "".
func Papers() []string { return []string{"a4", "a3", "letter", "16x9"} }

// Report says what came of a drawing beside the file.
type Report struct {
	Width, Height int       `json:",omitempty"` // of a PNG, pixels
	Pages         int       `json:",omitempty"` // of a PDF
	Scale         float64   // of a PNG: what was asked for, or less; of a PDF: of its smallest page, 1 being the picture's own size
	Lowered       bool      `json:",omitempty"` // the scale is less than asked for: the picture is too large for it
	Missing       []Missing `json:",omitempty"` // what no font has, by package
}

// Missing are characters that no font has. They were drawn as boxes.
type Missing struct {
	Characters string // each once, in order
	Package    string // Debian's package that has them; "" where none is known
}
