//go:build realdata && !race

package drawing

import (
	"fmt"
	"strings"
	"testing"
)

// TestRealHostile holds that texts are answered within 2 seconds of work and 256 MB in fonts with large and many letters too.
func TestRealHostile(t *testing.T) {
	dir := t.TempDir()
	var han, hangul, faces strings.Builder
	for i := range rune(1_000) {
		han.WriteRune(0x4E00 + 7*i)
		hangul.WriteRune(0xAC00 + 7*i)
	}
	for i := range rune(maxEmoji) {
		fmt.Fprintf(&faces, `<text x="%d" y="%d" font-size="12">%c</text>`, i%25*4, i/25*2, 0x1F300+i)
	}
	many := func(n int, s string) string {
		return string(sheet(strings.Repeat(`<text x="1" y="40" font-size="11">`+s+`</text>`, n)))
	}
	for name, svg := range map[string]string{
		"Han": many(100, han.String()), "Hangul": many(100, hangul.String()), "no font": many(100, strings.Repeat("\ue000", 1_000)),
		"Arabic": many(100, strings.Repeat("عم", 500)), "Devanagari": many(100, strings.Repeat("क्रू", 200)),
		"many kinds": many(100, strings.Repeat("aא1ب水", 200)),
		"emoji":      string(sheet(faces.String())), "one emoji": many(1, strings.Repeat("😀", maxEmoji)), "more emoji": many(1, strings.Repeat("😀", maxEmoji+1)),
	} {
		t.Run(name, func(t *testing.T) {
			fonts, err := NewFonts(dir)
			if err != nil {
				t.Fatal(err)
			}
			answered(t, fonts, []byte(svg))
		})
	}
}
