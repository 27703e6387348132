package render

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"example.com/whoserves/viewer/drawing"
)

// Job is a file to be made. Equal jobs give equal files, and are done once for all who ask.
type Job struct {
	format string
	head   []byte // the order as JSON
	body   []byte
	key    Key
	err    error // the job cannot be done
}

// Key names a job by its content.
type Key [sha256.Size]byte

// Sheet is a framed picture, as diagram.Frame makes it for a file: a page of a PDF.
type Sheet struct {
	SVG   []byte
	Title string // in the list of contents that readers show; "" is the picture's own
}

// File is what a job gives. It must not be changed, as others share it.
type File struct {
	Bytes  []byte
	Report drawing.Report // of a PNG or PDF
}

// SVG lays out a picture that is described in Graphviz's DOT language: a whole SVG document.
func SVG(dot string) Job { return newJob(order{Format: "svg"}, []byte(dot)) }

// PNG paints a framed picture, with other inks where some are given.
func PNG(svg []byte, inks []drawing.Ink, o drawing.PNGOptions) Job {
	return newJob(order{Format: "png", Sheets: []page{{Length: len(svg)}}, Inks: inks, PNG: o}, svg)
}

// PDF makes one document of framed pictures, each on a page of its own, with other inks where some are given.
func PDF(sheets []Sheet, inks []drawing.Ink, o drawing.PDFOptions) Job {
	all := order{Format: "pdf", Inks: inks, PDF: o}
	bodies := make([][]byte, len(sheets))
	for i, s := range sheets {
		all.Sheets = append(all.Sheets, page{Title: s.Title, Length: len(s.SVG)})
		bodies[i] = s.SVG
	}
	return newJob(all, bytes.Join(bodies, nil))
}

func newJob(o order, body []byte) Job {
	head, err := json.Marshal(o)
	if err != nil { // a scale that is no number
		return Job{err: &Error{Message: err.Error()}}
	}
	if len(body) > maxBody || len(head) > maxHead {
		why := fmt.Sprintf("its description has %d MB, more than %d", (len(body)+len(head))>>20, maxBody>>20)
		return Job{err: &Error{Message: why, Beyond: o.Format != "svg"}}
	}
	j := Job{format: o.Format, head: head, body: body}
	sum := sha256.New()
	fmt.Fprintln(sum, len(head))
	sum.Write(head)
	sum.Write(body)
	sum.Sum(j.key[:0])
	return j
}

// Key names the job by its content.
func (j Job) Key() Key { return j.key }

// whole reports whether b is a file of a format, from its beginning to its end.
func whole(format string, b []byte) bool {
	b = bytes.TrimRight(b, " \t\r\n")
	switch format {
	case "png":
		return bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")) && bytes.HasSuffix(b, []byte("IEND\xaeB`\x82"))
	case "pdf":
		return bytes.HasPrefix(b, []byte("%PDF-")) && bytes.HasSuffix(b, []byte("%%EOF"))
	}
	return (bytes.HasPrefix(b, []byte("<?xml")) || bytes.HasPrefix(b, []byte("<svg"))) && bytes.HasSuffix(b, []byte("</svg>"))
}
