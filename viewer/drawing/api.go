package drawing

import (
	"errors"
	"io"
)

type item struct{}
type link struct{}

var errNotYet = errors.New("drawing: not written yet")

// Read reads a picture that diagram.Frame made, with other inks where some are given. An error says what is wrong with svg,
// or what in it is no part of our pictures, or which limit it is beyond. Linear in the length of svg; the Drawing is smaller
// than that.
func Read(svg []byte, inks ...Ink) (*Drawing, error) { return nil, errNotYet }

// Fonts are the fonts of one worker, with what it has loaded of them. Not for use by several goroutines at once: make one for
// each.
type Fonts struct{}

// NewFonts gives the built-in fonts and behind them the fonts of the system, found at first in a few hundred milliseconds,
// later through an index that is kept in the folder cacheDir, which must exist and be private. Where that fails the built-in
// fonts alone are given, and the error says why: go on with them.
func NewFonts(cacheDir string) (*Fonts, error) { return nil, errNotYet }

// BuiltInFonts gives Liberation Sans alone: Latin, Greek, Cyrillic, Hebrew.
func BuiltInFonts() *Fonts { return nil }

// PNG paints the drawing. Where the scale makes it larger than the limits, it is painted smaller and the Report says so.
func (d *Drawing) PNG(w io.Writer, f *Fonts, o PNGOptions) (Report, error) {
	return Report{}, errNotYet
}

// PDF draws each page in vectors. Latin, Greek and Cyrillic text can be selected and searched; all other text is outlines. The
// same pages with the same options and fonts give the same bytes.
func PDF(w io.Writer, f *Fonts, pages []Page, o PDFOptions) (Report, error) {
	return Report{}, errNotYet
}

// Words gives what a person must be told of a report, one sentence each, none where all went well.
func (r Report) Words() []string { return nil }

// FontLicence is the licence of the built-in fonts.
var FontLicence string
