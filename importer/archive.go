package importer

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// The bounds of a zipped workbook.
const (
	maxArchive   = 256 << 20 // bytes, zipped
	maxInflated  = 1 << 30   // bytes of all parts that are read
	maxParts     = 20_000
	maxRatio     = 200      // times that an archive of more than sureRatio bytes may grow
	sureRatio    = 64 << 20 // bytes; below it any archive may grow as it likes
	maxMarkup    = 4 << 20  // bytes of one tag or one piece of text
	maxXMLDepth  = 100
	resaveAdvice = "open the workbook in Excel or LibreOffice, save it again and import that"
)

// archive is a zip file in memory. Its parts are found by name only: nothing outside it is opened, whatever it refers to.
type archive struct {
	parts map[string]*zip.File // by name in lower case, with / between folders
	names []string
	left  int64 // bytes that may still be inflated
}

// openArchive reads the directory of a zip file and refuses what would grow beyond all bounds, before anything is inflated.
func openArchive(raw []byte) (*archive, error) {
	if len(raw) > maxArchive {
		return nil, errors.New("the workbook is larger than 256 MB: take pictures and sheets out of it that are not needed, or save its tables as CSV")
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, fmt.Errorf("the file is damaged or cut off (%v): fetch it again, or %s", err, resaveAdvice)
	}
	if len(z.File) > maxParts {
		return nil, fmt.Errorf("the file holds %d parts, more than any workbook has: %s", len(z.File), resaveAdvice)
	}
	a := &archive{parts: make(map[string]*zip.File, len(z.File)), left: maxInflated}
	total := uint64(0)
	for _, f := range z.File {
		name := partName(f.Name)
		if a.parts[name] == nil {
			a.parts[name] = f
			a.names = append(a.names, name)
		}
		if total += f.UncompressedSize64; f.UncompressedSize64 > 1<<40 || total > sureRatio && total > maxRatio*uint64(len(raw)) {
			return nil, fmt.Errorf("the file unpacks to more than %d times its size, as no workbook does: it was left alone. If it is a good one, %s", maxRatio, resaveAdvice)
		}
	}
	return a, nil
}

// partName is the form in which parts of an archive are compared.
func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, "\\", "/")), "/"))
}

// start gives the first bytes of a part; "" when there is none.
func (a *archive) start(name string, n int64) string {
	f := a.parts[name]
	if f == nil {
		return ""
	}
	r, err := f.Open()
	if err != nil {
		return ""
	}
	defer r.Close()
	text, _ := io.ReadAll(io.LimitReader(r, n))
	return string(text)
}

// markup reads a part as XML, token by token. Entities are those of XML alone, and a document type is refused.
type markup struct {
	ctx     context.Context
	decoder *xml.Decoder
	meter   *meter
	closer  io.Closer
	name    string
	depth   int
	tokens  int
}

// meter counts what is read; it ends a piece of text that never ends, and a part that inflates too far.
type meter struct {
	*bufio.Reader
	token int
	left  *int64
}

var errTooMuch = errors.New("it is larger than any workbook")

// ReadByte gives the next byte. The decoder reads through it alone.
func (m *meter) ReadByte() (byte, error) {
	if m.token++; m.token > maxMarkup {
		return 0, errTooMuch
	}
	if *m.left--; *m.left < 0 {
		return 0, errTooMuch
	}
	return m.Reader.ReadByte()
}

// markup opens a part; it fails when there is none.
func (a *archive) markup(ctx context.Context, name string) (*markup, error) {
	f := a.parts[partName(name)]
	if f == nil {
		return nil, fmt.Errorf("the part %s is missing: %s", shorten(name, 80), resaveAdvice)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("the part %s cannot be unpacked (%v): %s", shorten(name, 80), err, resaveAdvice)
	}
	m := &markup{ctx: ctx, closer: r, name: name, meter: &meter{Reader: bufio.NewReaderSize(r, 64<<10), left: &a.left}}
	m.decoder = xml.NewDecoder(m.meter)
	return m, nil
}

func (m *markup) close() { m.closer.Close() }

// next gives the next token; its bytes are good until the one after. At the end of the part it is io.EOF.
func (m *markup) next() (xml.Token, error) {
	if m.tokens++; m.tokens&4095 == 0 {
		if err := m.ctx.Err(); err != nil {
			return nil, err
		}
	}
	m.meter.token = 0
	token, err := m.decoder.RawToken()
	if err == io.EOF && m.depth > 0 {
		err = io.ErrUnexpectedEOF
	}
	if err == io.EOF {
		return nil, err
	}
	if err != nil {
		return nil, m.damaged(err)
	}
	switch token.(type) {
	case xml.StartElement:
		if m.depth++; m.depth > maxXMLDepth {
			return nil, m.damaged(fmt.Errorf("its elements lie more than %d deep", maxXMLDepth))
		}
	case xml.EndElement:
		if m.depth--; m.depth < 0 {
			return nil, m.damaged(errors.New("an element ends that never began"))
		}
	case xml.Directive:
		if m.name == "" {
			return nil, m.damaged(errors.New("it declares a document type (<!DOCTYPE …>), which is not read: take that line out"))
		}
		return nil, m.damaged(errors.New("it declares a document type, as no workbook does"))
	}
	return token, nil
}

// each calls start for every element and text for every piece of text, until the end of the part.
func (m *markup) each(start func(xml.StartElement), text func([]byte), end func(string)) error {
	for {
		token, err := m.next()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			start(t)
		case xml.EndElement:
			if end != nil {
				end(t.Name.Local)
			}
		case xml.CharData:
			if text != nil {
				text(t)
			}
		}
	}
}

func (m *markup) damaged(err error) error {
	if m.ctx.Err() != nil {
		return m.ctx.Err()
	}
	if m.name == "" {
		line, column := m.decoder.InputPos()
		return fmt.Errorf("the XML cannot be read, line %d, character %d: %v", line, column, err)
	}
	return fmt.Errorf("the part %s is damaged (%v): %s", shorten(m.name, 80), err, resaveAdvice)
}

// attr gives an attribute of an element, whatever its name space; "" when there is none.
func attr(e xml.StartElement, name string) string {
	for i := range e.Attr {
		if e.Attr[i].Name.Local == name {
			return e.Attr[i].Value
		}
	}
	return ""
}

// isTrue reads a flag of an element.
func isTrue(s string) bool { return s == "1" || s == "true" }
