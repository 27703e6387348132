package importer

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/wlynxg/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/unicode"

	"example.com/whoserves/graph"
)

// Below this confidence a guessed encoding is a warning, and bytes that may be Western European are taken as that.
const sureOfEncoding = 0.7

var errEncoding = errors.New("unknown encoding")

// decoded is the text of a file: valid UTF-8 without a byte order mark.
type decoded struct {
	text     []byte
	severity graph.Severity
	note     string // what was assumed; "" when nothing was
}

// decode turns the bytes of a file into text. The order of evidence: byte order mark, the encoding that the user named, zero
// bytes in every second place (UTF-16), valid UTF-8, then a guess from the frequency of letters.
func decode(raw []byte, name string) (decoded, error) {
	switch {
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
		return decodeUTF8(raw[3:]), nil
	case bytes.HasPrefix(raw, []byte("\xff\xfe\x00\x00")) || bytes.HasPrefix(raw, []byte("\x00\x00\xfe\xff")):
		return decoded{}, fmt.Errorf("the text is UTF-32, which cannot be read: save it as “CSV UTF-8”")
	case bytes.HasPrefix(raw, []byte("\xff\xfe")):
		return decodeUTF16(raw[2:], binary.LittleEndian)
	case bytes.HasPrefix(raw, []byte("\xfe\xff")):
		return decodeUTF16(raw[2:], binary.BigEndian)
	case name != "":
		return decodeAs(raw, name)
	}
	if order := utf16Order(raw); order != nil {
		return decodeUTF16(raw, order)
	}
	if utf8.Valid(raw) {
		return decoded{text: raw}, nil
	}
	if mostlyUTF8(raw) {
		return decodeUTF8(raw), nil
	}
	return decodeGuess(raw)
}

// decodeAs decodes by the name of an encoding as the web knows it.
func decodeAs(raw []byte, name string) (decoded, error) {
	folded := strings.ToLower(strings.TrimSpace(name))
	switch folded {
	case "utf-16", "utf16", "utf-16le", "utf16le":
		return decodeUTF16(raw, binary.LittleEndian)
	case "utf-16be", "utf16be":
		return decodeUTF16(raw, binary.BigEndian)
	}
	enc, err := findEncoding(folded)
	if err != nil {
		return decoded{}, fmt.Errorf("no encoding is called “%s”: name one such as utf-8, utf-16le, windows-1252, iso-8859-2 or shift_jis", name)
	}
	if enc == unicode.UTF8 {
		return decodeUTF8(raw), nil
	}
	text, err := enc.NewDecoder().Bytes(raw)
	if err != nil {
		return decoded{}, fmt.Errorf("the text is not %s: %w", name, err)
	}
	return lossNote(text, name), nil
}

// otherNames are names of encodings that the web's list lacks.
var otherNames = map[string]encoding.Encoding{
	"macroman": charmap.Macintosh, "mac-roman": charmap.Macintosh, "maccyrillic": charmap.MacintoshCyrillic, "tis-620": charmap.Windows874,
	"cp932": japanese.ShiftJIS, "cp949": korean.EUCKR, "cp437": charmap.CodePage437, "cp850": charmap.CodePage850,
	"ibm855": charmap.CodePage855, "cp855": charmap.CodePage855,
}

func findEncoding(name string) (encoding.Encoding, error) {
	name = strings.ToLower(name)
	if enc, ok := otherNames[name]; ok {
		return enc, nil
	}
	if number, ok := strings.CutPrefix(name, "cp"); ok {
		name = "windows-" + number
	}
	enc, err := htmlindex.Get(name)
	if err != nil || enc == encoding.Replacement {
		return nil, errEncoding
	}
	return enc, nil
}

func decodeUTF8(raw []byte) decoded {
	if utf8.Valid(raw) {
		return decoded{text: raw}
	}
	return lossNote(bytes.ToValidUTF8(raw, []byte("\uFFFD")), "UTF-8")
}

// lossNote tells where the first character could not be decoded.
func lossNote(text []byte, name string) decoded {
	at := bytes.Index(text, []byte("\uFFFD"))
	if at < 0 {
		return decoded{text: text}
	}
	line := 1 + bytes.Count(text[:at], []byte("\n"))
	return decoded{text: text, severity: graph.Warning, note: fmt.Sprintf(
		"some characters are not %s, the first in line %d; they were replaced by “\uFFFD”: save the file as “CSV UTF-8”", name, line)}
}

// utf16Order finds UTF-16 without a byte order mark: read in the right order, some of its code units are ASCII (the commas and
// line ends at least) and none is a control character. Nil when the text is something else.
func utf16Order(raw []byte) binary.ByteOrder {
	if len(raw) < 4 || len(raw)%2 != 0 || bytes.IndexByte(raw[:min(len(raw), 64<<10)], 0) < 0 {
		return nil
	}
	little, big := utf16ASCII(raw, binary.LittleEndian), utf16ASCII(raw, binary.BigEndian)
	switch {
	case little > big:
		return binary.LittleEndian
	case big > little:
		return binary.BigEndian
	}
	return nil
}

// utf16ASCII counts the code units that are ASCII; 0 when the text cannot be UTF-16 in this order. Without a line end most must be
// ASCII, or two bytes of another text are taken for one character.
func utf16ASCII(raw []byte, order binary.ByteOrder) int {
	sample := raw[:min(len(raw), 64<<10)]
	ascii, lines := 0, 0
	for i := 0; i < len(sample); i += 2 {
		switch u := order.Uint16(sample[i:]); {
		case u == '\n' || u == '\r':
			lines++
			ascii++
		case u < ' ' && u != '\t' || u >= 0xfffe:
			return 0
		case u < utf8.RuneSelf:
			ascii++
		}
	}
	if units := len(sample) / 2; 20*ascii < units || lines == 0 && 2*ascii < units {
		return 0
	}
	return ascii
}

// decodeUTF16 needs about 1.5 times the text beside it: the result of one code unit is up to three bytes.
func decodeUTF16(raw []byte, order binary.ByteOrder) (decoded, error) {
	name, endian := "UTF-16", unicode.LittleEndian
	if order == binary.BigEndian {
		endian = unicode.BigEndian
	}
	text, err := unicode.UTF16(endian, unicode.IgnoreBOM).NewDecoder().Bytes(raw)
	if err != nil {
		return decoded{}, fmt.Errorf("the text is not %s: %w", name, err)
	}
	return lossNote(bytes.TrimPrefix(text, []byte("\uFEFF")), name), nil
}

// mostlyUTF8 says that the text is UTF-8 with some damage: at least nine of ten characters beyond ASCII are whole.
func mostlyUTF8(raw []byte) bool {
	good, bad := 0, 0
	for len(raw) > 0 {
		if raw[0] < utf8.RuneSelf {
			raw = raw[1:]
			continue
		}
		r, n := utf8.DecodeRune(raw)
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		raw = raw[n:]
	}
	return good >= 9*bad
}

// decodeGuess asks chardet about the lines that are not ASCII. A guess that chardet is not sure of becomes Windows-1252, the
// commonest encoding of old spreadsheets, with a warning where its letters make that doubtful.
func decodeGuess(raw []byte) (decoded, error) {
	sample := foreignLines(raw, 16<<10)
	guess := chardet.Detect(sample)
	name, severity := guess.Charset, graph.Info
	enc, err := findEncoding(name)
	if guess.Confidence < sureOfEncoding && isShiftJIS(sample) {
		name, enc, err, guess.Confidence = "Shift_JIS", japanese.ShiftJIS, nil, 1
	}
	if err != nil || guess.Confidence < sureOfEncoding || enc == unicode.UTF8 || sameAsWestern(enc, raw) {
		if name, enc = "Windows-1252", charmap.Windows1252; !onlyWestern(raw) {
			severity = graph.Warning
		}
	}
	text, err := enc.NewDecoder().Bytes(raw)
	if err != nil {
		return decoded{}, fmt.Errorf("the text is neither UTF-8 nor %s: save the file as “CSV UTF-8”", name)
	}
	return decoded{text: text, severity: severity, note: fmt.Sprintf(
		"the text is not UTF-8 and was read as %s: if letters look wrong, say which it is with --encoding, or save the file as “CSV UTF-8”", name)}, nil
}

// sameAsWestern says that the text is the same in Windows-1252: Latin-1 always, by the web's rule, and the Turkish encoding
// where none of the six letters occurs in which it differs.
func sameAsWestern(enc encoding.Encoding, raw []byte) bool {
	if enc != charmap.Windows1254 || !onlyWestern(raw) {
		return enc == charmap.Windows1252
	}
	for _, b := range []byte("\xd0\xdd\xde\xf0\xfd\xfe") {
		if bytes.IndexByte(raw, b) >= 0 {
			return false
		}
	}
	return true
}

// isShiftJIS says that the text is flawless Shift JIS with kana in it, which chardet is seldom sure of.
func isShiftJIS(sample []byte) bool {
	text, err := japanese.ShiftJIS.NewDecoder().Bytes(sample)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return false
	}
	foreign, kana := 0, 0
	for _, r := range string(text) {
		if r >= utf8.RuneSelf {
			foreign++
		}
		if r >= 'ぁ' && r <= 'ヿ' {
			kana++
		}
	}
	return kana > 0 && 5*kana >= foreign
}

// onlyWestern says that every byte beyond ASCII is a letter or a mark that Western European texts have in Windows-1252.
func onlyWestern(raw []byte) bool {
	const marks = "\x80\x82\x84\x85\x91\x92\x93\x94\x95\x96\x97\x99\x8a\x8c\x8e\x9a\x9c\x9e\x9f\xa0\xa1\xa3\xa7\xa9\xab\xae\xb0\xb4\xb7\xba\xbb\xbf\xaa"
	for _, b := range raw {
		if b >= 0x80 && b < 0xc0 && strings.IndexByte(marks, b) < 0 || b == 0xd7 || b == 0xf7 {
			return false
		}
	}
	return true
}

// foreignLines gathers lines with bytes beyond ASCII, at most about limit bytes of them.
func foreignLines(raw []byte, limit int) []byte {
	var sample []byte
	for len(raw) > 0 && len(sample) < limit {
		end := bytes.IndexAny(raw, "\n\r") + 1
		if end == 0 {
			end = len(raw)
		}
		line := raw[:min(end, limit)]
		if bytes.ContainsFunc(line, func(r rune) bool { return r >= utf8.RuneSelf }) {
			sample = append(sample, line...)
		}
		raw = raw[end:]
	}
	return sample
}
