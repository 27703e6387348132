package drawing

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansbolditalic"
	"github.com/go-fonts/liberation/liberationsansitalic"
	"github.com/go-fonts/liberation/liberationsansregular"
	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/fontscan"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
)

// FontLicence is the licence of the built-in fonts.
//
//go:embed OFL-Liberation.txt
var FontLicence string

// face is the look of a text: one of four faces of a family.
type face int

const (
	regular face = iota
	bold
	italic
	boldItalic
)

func (t *text) face() face {
	f := regular
	if t.bold {
		f |= bold
	}
	if t.italic {
		f |= italic
	}
	return f
}

// builtInTTF are the files of Liberation Sans.
var builtInTTF = [4][]byte{liberationsansregular.TTF, liberationsansbold.TTF, liberationsansitalic.TTF, liberationsansbolditalic.TTF}

// builtIn reads them once; what is read may be shared, faces made of it may not.
var builtIn = sync.OnceValue(func() (fonts [4]*font.Font) {
	for i, ttf := range builtInTTF {
		f, err := font.ParseTTF(bytes.NewReader(ttf))
		if err != nil {
			panic(fmt.Sprintf("drawing: the built-in font %d can't be read: %v", i, err))
		}
		fonts[i] = f.Font
	}
	return fonts
})

// Fonts are the fonts of one worker, with what it has loaded of them. Not for use by several goroutines at once: make one for
// each.
type Fonts struct {
	own    [4]*font.Face
	system *fontscan.FontMap    // nil without
	all    []fontscan.Footprint // of the system
	shaper shaping.HarfbuzzShaper
	bidi   bidi.Paragraph

	resolved map[wanted]*font.Face
	glyphs   map[glyphKey]glyphShape
	lines    map[lineKey]*textLine
	kept     int // bytes of all kept lines
}

// NewFonts gives the built-in fonts and behind them the fonts of the system, found at first in a few hundred milliseconds,
// later through an index that is kept in the folder cacheDir, which must be private. Where none is given, or nothing can be
// written there, the index lies in a temporary folder for the time of the call. A process looks for fonts once: later calls
// find the same ones. Where that fails the built-in fonts alone are given, and the error says why: go on with them.
func NewFonts(cacheDir string) (*Fonts, error) {
	f := BuiltInFonts()
	dir, done, err := indexFolder(cacheDir)
	if err != nil {
		return f, fmt.Errorf("the system's fonts can't be used: %w", err)
	}
	defer done()
	m := fontscan.NewFontMap(nowhere)
	if err := m.UseSystemFonts(dir); err != nil {
		return f, fmt.Errorf("the system's fonts can't be used: %w", err)
	}
	if f.all, err = fontscan.SystemFonts(nowhere, dir); err != nil {
		return f, fmt.Errorf("the system's fonts can't be used: %w", err)
	}
	f.system = m
	return f, nil
}

var nowhere = log.New(io.Discard, "", 0)

// indexSize is more than an index of fonts takes: 100 bytes a font.
const indexSize = 1 << 20

// indexFolder gives the first folder in which an index can be written: package fontscan, whose only try it is, finds no fonts
// where it can't. Call done when the index was written.
func indexFolder(cacheDir string) (dir string, done func(), err error) {
	if cacheDir != "" {
		if err = tryWriting(cacheDir); err == nil {
			return cacheDir, func() {}, nil
		}
	}
	for _, parent := range []string{os.TempDir(), "/dev/shm"} {
		dir, e := os.MkdirTemp(parent, "whoserves-fonts-")
		if e == nil {
			done := func() { os.RemoveAll(dir) }
			if e = tryWriting(dir); e == nil {
				return dir, done, nil
			}
			done()
		}
		err = errors.Join(err, e)
	}
	return "", nil, err
}

// tryWriting says why no index can be written in a folder.
func tryWriting(dir string) error {
	f, err := os.CreateTemp(dir, "room.*.tmp")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(make([]byte, indexSize))
	return errors.Join(err, f.Close())
}

// BuiltInFonts gives Liberation Sans alone: Latin, Greek, Cyrillic, Hebrew.
func BuiltInFonts() *Fonts {
	f := &Fonts{resolved: map[wanted]*font.Face{}, glyphs: map[glyphKey]glyphShape{}, lines: map[lineKey]*textLine{}}
	for i, b := range builtIn() {
		f.own[i] = font.NewFace(b)
	}
	f.shaper.SetFontCacheSize(64)
	return f
}

// wanted is a character in a look, and what helps to choose its font.
type wanted struct {
	r      rune
	look   face
	han    string          // the family for Han characters, by what else is in the text
	script language.Script // of the text about it
	emoji  bool
}

// find gives the font of a character, nil where none has it. Built-in fonts come first.
func (f *Fonts) find(w wanted) *font.Face {
	if has(f.own[w.look], w.r) && !w.emoji {
		return f.own[w.look]
	}
	if found, ok := f.resolved[w]; ok {
		return found
	}
	var found *font.Face
	if f.system != nil {
		if found = f.inSystem(w); !has(found, w.r) {
			found = nil
		}
	}
	if found == nil && has(f.own[w.look], w.r) {
		found = f.own[w.look]
	}
	if len(f.resolved) > 20_000 {
		clear(f.resolved)
	}
	f.resolved[w] = found
	return found
}

func (f *Fonts) inSystem(w wanted) *font.Face {
	aspect := font.Aspect{Weight: font.WeightNormal, Style: font.StyleNormal, Stretch: font.StretchNormal}
	if w.look&bold != 0 {
		aspect.Weight = font.WeightBold
	}
	if w.look&italic != 0 {
		aspect.Style = font.StyleItalic
	}
	families := []string{"Noto Sans", w.han, "Noto Sans Symbols", "Noto Sans Symbols2", "Noto Sans Math", "Noto Color Emoji", fontscan.SansSerif}
	if w.emoji {
		families = []string{"Noto Color Emoji"}
	} else if s := scriptName(w.r); s != "" && s != "Common" && s != "Han" {
		families = slices.Insert(families, 0, "Noto Sans "+strings.ReplaceAll(s, "_", " "))
	}
	f.system.SetScript(w.script)
	f.system.SetQuery(fontscan.Query{Families: families, Aspect: aspect})
	if found := f.system.ResolveFace(w.r); has(found, w.r) {
		return found
	}
	return f.anywhere(w.r, aspect)
}

// anywhere gives the first font by name that has a character: the search by script does not find those that all scripts use.
func (f *Fonts) anywhere(r rune, aspect font.Aspect) *font.Face {
	family := ""
	for i := range f.all {
		if p := &f.all[i]; (family == "" || p.Family < family) && p.Runes.Contains(r) {
			family = p.Family
		}
	}
	if family == "" {
		return nil
	}
	f.system.SetQuery(fontscan.Query{Families: []string{family}, Aspect: aspect})
	return f.system.ResolveFace(r)
}

func has(f *font.Face, r rune) bool {
	if f == nil {
		return false
	}
	_, ok := f.NominalGlyph(r)
	return ok
}

// scriptName is Unicode's name of the script of a character, "" if it has none.
func scriptName(r rune) string {
	for _, name := range scriptNames() {
		if unicode.Is(unicode.Scripts[name], r) {
			return name
		}
	}
	return ""
}

var scriptNames = sync.OnceValue(func() []string {
	names := make([]string, 0, len(unicode.Scripts))
	for name := range unicode.Scripts {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
})

// Debian's packages of fonts.
const (
	cjkPackage   = "fonts-noto-cjk"
	emojiPackage = "fonts-noto-color-emoji"
	corePackage  = "fonts-noto-core"
)

// packageOf names Debian's package whose fonts have a character, "" where none is known.
func packageOf(r rune) string {
	switch s := scriptName(r); {
	case isEmoji(r):
		return emojiPackage
	case s == "Han", s == "Hiragana", s == "Katakana", s == "Hangul", s == "Bopomofo", isWide(r):
		return cjkPackage
	case s == "":
		return "" // private or not assigned
	}
	return corePackage
}

// isEmoji says whether a character is shown as an emoji where nothing else is said.
func isEmoji(r rune) bool {
	switch {
	case r >= 0x1F300 && r <= 0x1FAFF, r >= 0x1F1E6 && r <= 0x1F1FF, r == 0x1F004, r == 0x1F0CF, r == 0x1F18E, r >= 0x1F191 && r <= 0x1F19A:
		return !(r >= 0x1F650 && r <= 0x1F67F || r >= 0x1F700 && r <= 0x1F7DF || r >= 0x1F800 && r <= 0x1F8FF)
	case r < 0x231A || r > 0x2B55:
		return false
	}
	return strings.ContainsRune("⌚⌛⏩⏪⏫⏬⏰⏳◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛎⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎❓❔❕❗➕➖➗➰➿⬛⬜⭐⭕", r)
}

// isWide says whether a character is as wide as it is high.
func isWide(r rune) bool {
	return r >= 0x1100 && r <= 0x115F || r >= 0x2E80 && r <= 0xA4CF || r >= 0xAC00 && r <= 0xD7A3 || r >= 0xF900 && r <= 0xFAFF ||
		r >= 0xFE30 && r <= 0xFE4F || r >= 0xFF00 && r <= 0xFF60 || r >= 0xFFE0 && r <= 0xFFE6 || r >= 0x1F300 && r <= 0x1FAFF || r >= 0x20000 && r <= 0x3FFFF
}
