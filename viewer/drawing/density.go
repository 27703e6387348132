package drawing

import (
	"encoding/binary"
	"hash/crc32"
	"io"
	"math"
)

// withDensity puts how many pixels go to a metre (the chunk pHYs) behind the header of a PNG that is written through it, so
// that a picture of twice the pixels is no larger on a slide.
type withDensity struct {
	w     io.Writer
	scale float64 // pixels to the point
	seen  int
}

// headerEnd is where the first chunk of a PNG ends: signature, length, name, 13 bytes and checksum.
const headerEnd = 8 + 4 + 4 + 13 + 4

func (d *withDensity) Write(p []byte) (int, error) {
	if d.seen >= headerEnd || d.seen+len(p) < headerEnd {
		d.seen += len(p)
		return d.w.Write(p)
	}
	head := headerEnd - d.seen
	d.seen += len(p)
	if n, err := d.w.Write(p[:head]); err != nil {
		return n, err
	}
	const metre = 72 / 0.0254 // points
	perMetre := uint32(math.Round(d.scale * metre))
	chunk := binary.BigEndian.AppendUint32(nil, 9)
	chunk = append(chunk, "pHYs"...)
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = append(chunk, 1) // metre
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	if _, err := d.w.Write(chunk); err != nil {
		return head, err
	}
	n, err := d.w.Write(p[head:])
	return head + n, err
}
