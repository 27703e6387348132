package render

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"

	"example.com/whoserves/viewer/drawing"
)

// What a pool and its workers say to each other. Each message is a frame: the lengths of its head and its body, the head as
// JSON, the body. A worker says ready once, then answers each order, whose body is the text to draw from, with an outcome,
// whose body is the file, or the message saying why there is none.

const ready = 'R'

// The longest parts of a message that are read, should it be nonsense.
const (
	maxHead   = 8 << 20
	maxAnswer = 1 << 30
)

// order is what a worker is to do with the body.
type order struct {
	Format string             // "svg" of DOT, "png" or "pdf" of framed pictures
	Sheets []page             `json:",omitempty"` // what the body holds, one picture after the other
	Inks   []drawing.Ink      `json:",omitempty"`
	PNG    drawing.PNGOptions `json:",omitzero"`
	PDF    drawing.PDFOptions `json:",omitzero"`
}

// page is one picture of an order.
type page struct {
	Title  string `json:",omitempty"`
	Length int    // bytes
}

// outcome is what came of an order.
type outcome struct {
	Drawn  bool   // the body is a file, else a message
	Beyond bool   // there is no file as the picture is beyond the limits of drawing
	Memory uint64 // bytes of memory that the worker holds
	Report drawing.Report
}

// lengths begin a frame.
type lengths struct{ Head, Body uint32 }

func writeFrame(w io.Writer, head, body []byte) error {
	if err := binary.Write(w, binary.LittleEndian, lengths{uint32(len(head)), uint32(len(body))}); err != nil {
		return err
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	_, err := w.Write(body)
	return err
}

// readFrame reads a frame whose body may be maxBody bytes long. It returns io.EOF when there are no more.
func readFrame(r io.Reader, head any, maxBody uint32) ([]byte, error) {
	var n lengths
	if err := binary.Read(r, binary.LittleEndian, &n); err != nil {
		return nil, err
	}
	if n.Head > maxHead || n.Body > maxBody {
		return nil, fmt.Errorf("a message of %d and %d bytes is longer than allowed", n.Head, n.Body)
	}
	text := make([]byte, n.Head)
	if _, err := io.ReadFull(r, text); err != nil {
		return nil, noEnd(err)
	}
	if err := json.Unmarshal(text, head); err != nil {
		return nil, err
	}
	body := make([]byte, n.Body)
	_, err := io.ReadFull(r, body)
	return body, noEnd(err)
}

// noEnd makes the end of the stream within a frame an error of its own.
func noEnd(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
