package render

import (
	"encoding/binary"
	"fmt"
	"io"
)

// What a pool and its workers say to each other. A request is the length of the DOT text and the text. A worker says
// ready once, then answers each request with a header and the SVG, or the message saying why there is none.

const ready = 'R'

// maxAnswer bounds what is read of an answer, should it be nonsense.
const maxAnswer = 1 << 30

// answerHeader goes before the text of an answer.
type answerHeader struct {
	Drawn  bool   // the text is an SVG, else a message
	Memory uint64 // bytes of memory that the worker holds
	Length uint32 // bytes of text
}

func writeRequest(w io.Writer, dot string) error {
	if err := binary.Write(w, binary.LittleEndian, uint32(len(dot))); err != nil {
		return err
	}
	_, err := io.WriteString(w, dot)
	return err
}

// readRequest returns io.EOF when there are no more requests.
func readRequest(r io.Reader) ([]byte, error) {
	var length uint32
	if err := binary.Read(r, binary.LittleEndian, &length); err != nil {
		return nil, err
	}
	if length > maxDOT {
		return nil, fmt.Errorf("a request of %d bytes is longer than allowed", length)
	}
	return readText(r, length)
}

func writeAnswer(w io.Writer, drawn bool, memory uint64, text []byte) error {
	header := answerHeader{Drawn: drawn, Memory: memory, Length: uint32(len(text))}
	if err := binary.Write(w, binary.LittleEndian, header); err != nil {
		return err
	}
	_, err := w.Write(text)
	return err
}

func readAnswer(r io.Reader) (answerHeader, []byte, error) {
	var header answerHeader
	if err := binary.Read(r, binary.LittleEndian, &header); err != nil {
		return header, nil, err
	}
	if header.Length > maxAnswer {
		return header, nil, fmt.Errorf("an answer of %d bytes is longer than allowed", header.Length)
	}
	text, err := readText(r, header.Length)
	return header, text, err
}

func readText(r io.Reader, length uint32) ([]byte, error) {
	text := make([]byte, length)
	if _, err := io.ReadFull(r, text); err != nil {
		return nil, err
	}
	return text, nil
}
