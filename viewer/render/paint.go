package render

import (
	"bytes"
	"fmt"
	"os"

	"example.com/whoserves/viewer/drawing"
	"example.com/whoserves/viewer/render/privatetmp"
)

// painter makes PNG and PDF in a worker.
type painter struct {
	fonts func() *drawing.Fonts // of this worker alone
}

// findFonts finds the built-in fonts and those of the system, which takes a while: workers that only lay out never do.
func findFonts() *drawing.Fonts {
	dir, err := privatetmp.FontFolder()
	if err != nil {
		dir = "" // the index is made anew each time
	}
	fonts, err := drawing.NewFonts(dir)
	if err != nil {
		fmt.Fprintln(os.Stderr, "the fonts of the system are left out:", err)
	}
	return fonts
}

// paint makes the PNG or PDF of an order.
func (p painter) paint(o order, body []byte) (made File, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("painting failed: %v", r)
		}
	}()
	pages, err := read(o, body)
	if err != nil {
		return File{}, err
	}
	var out bytes.Buffer
	switch {
	case o.Format == "png" && len(pages) == 1:
		made.Report, err = pages[0].Drawing.PNG(&out, p.fonts(), o.PNG)
	case o.Format == "pdf" && len(pages) > 0:
		made.Report, err = drawing.PDF(&out, p.fonts(), pages, o.PDF)
	default:
		err = fmt.Errorf("%d pictures cannot be made a file of format %q", len(pages), o.Format)
	}
	made.Bytes = out.Bytes()
	return made, err
}

// read reads the pictures of an order.
func read(o order, body []byte) ([]drawing.Page, error) {
	pages := make([]drawing.Page, len(o.Sheets))
	for i, s := range o.Sheets {
		if s.Length < 0 || s.Length > len(body) {
			return nil, fmt.Errorf("picture %d has %d bytes of %d", i+1, s.Length, len(body))
		}
		d, err := drawing.Read(body[:s.Length], o.Inks...)
		if err != nil {
			return nil, err
		}
		pages[i] = drawing.Page{Drawing: d, Title: s.Title}
		body = body[s.Length:]
	}
	return pages, nil
}
