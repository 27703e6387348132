package drawing

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// What a text looks like from left to right: letters stand for what runs to the right, Hebrew and Arabic to the left.
func TestOrder(t *testing.T) {
	f := BuiltInFonts()
	for _, c := range []struct{ text, want string }{
		{"abc", "abc"},
		{"אבג", "גבא"},
		{"abc אבג def", "abc גבא def"},
		{"אבג abc", "גבא abc"},
		{"אבג 24", "24 גבא"},
		{"אבג 24 דה", "הד 24 גבא"},
		{"אבג 24 (IT)", "24 גבא (IT)"},
		{"24 אבג", "24 גבא"},
		{"אבג 12.5% x", "12.5% גבא x"},
		{"ابج ٢٤ (IT)", "٢٤ جبا (IT)"},
		{"٢٤ ابج", "جبا ٢٤"},
		{"IT ٢٤ ابج", "IT جبا ٢٤"},
		{"IT (אב)", "IT (בא)"},
	} {
		var got strings.Builder
		runes := []rune(c.text)
		for _, r := range f.order(runes) {
			part := []rune(string(runes[r.Start:r.End]))
			if !r.IsLeftToRight() {
				for i, j := 0, len(part)-1; i < j; i, j = i+1, j-1 {
					part[i], part[j] = part[j], part[i]
				}
			}
			got.WriteString(string(part))
		}
		if got.String() != c.want {
			t.Errorf("%q is drawn as %q, want %q", c.text, got.String(), c.want)
		}
	}
}

// The widths are those of Arial: in 2048ths of the size.
func TestWidth(t *testing.T) {
	f := BuiltInFonts()
	for _, c := range []struct {
		text string
		bold bool
		want float64
	}{{"Hello", false, 1479 + 1139 + 455 + 455 + 1139}, {"Hello", true, 1479 + 1139 + 569 + 569 + 1251}, {"AVA", false, 3*1366 - 2*152}, {"", false, 0}} {
		if got := f.line(&text{s: c.text, bold: c.bold}).width * 2048; math.Abs(got-c.want) > 1 {
			t.Errorf("%q is %g wide, want %g", c.text, got, c.want)
		}
	}
}

// Where no index of fonts can be kept, it lies in a folder for the time being.
func TestIndexFolder(t *testing.T) {
	kept := t.TempDir()
	for cache, lasts := range map[string]bool{kept: true, filepath.Join(kept, "none"): false, "": false} {
		dir, done, err := indexFolder(cache)
		if err != nil {
			t.Fatal(err)
		}
		if err := tryWriting(dir); err != nil || (dir == cache) != lasts {
			t.Errorf("for %q the folder is %s, %v", cache, dir, err)
		}
		done()
		if _, err := os.Stat(dir); (err == nil) != lasts {
			t.Errorf("for %q the folder %s: %v", cache, dir, err)
		}
	}
	if files, err := os.ReadDir(kept); err != nil || len(files) > 0 {
		t.Errorf("left behind: %v, %v", files, err)
	}
}

// Without other fonts, boxes stand for what Liberation Sans has not, each named once with the package that has it.
func TestMissing(t *testing.T) {
	d := read(t, inScripts())
	f := BuiltInFonts()
	report, err := d.PNG(discard{}, f, PNGOptions{})
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Join(report.Words(), "\n")
	for _, want := range []string{"机组排班北京、财务部", "install fonts-noto-cjk.", "install fonts-noto-color-emoji.", "install fonts-noto-core."} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is not said:\n%s", want, words)
		}
	}
	for _, m := range report.Missing {
		for _, own := range "CrewΠПшЛŁ ẵ24" {
			if strings.ContainsRune(m.Characters, own) {
				t.Errorf("%q is said to be missing", own)
			}
		}
		for _, r := range m.Characters {
			if strings.Count(m.Characters, string(r)) != 1 {
				t.Errorf("%q is said twice", r)
			}
		}
	}
	pdf, err := PDF(discard{}, f, []Page{{Drawing: d}}, PDFOptions{})
	if err != nil || strings.Join(pdf.Words(), "\n") != words {
		t.Errorf("the PDF says %q, %v", pdf.Words(), err)
	}
	l := f.line(&text{s: "水産 A\u200d\ufe0f"})
	if len(l.missing) != 2 || l.width < 2.5 || l.width > 3.2 {
		t.Errorf("missing %q, width %g", string(l.missing), l.width)
	}
}

func TestWords(t *testing.T) {
	r := Report{Scale: 1.4, Lowered: true, Width: 8000, Height: 5000, Missing: []Missing{{"水産輸出", "fonts-noto-cjk"}, {"\U0001F600", "fonts-noto-color-emoji"}, {"\ue000", ""}}}
	want := []string{
		"The picture is too large for the size asked for: it was drawn at a scale of 1.4, 8000 × 5000 pixels. A PDF has no such limit.",
		"4 characters could not be drawn: 水産輸出; install fonts-noto-cjk.",
		"1 character could not be drawn: 😀; install fonts-noto-color-emoji.",
		"1 character could not be drawn: U+E000; no package of fonts is known to have it.",
	}
	if got := r.Words(); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
	if w := (Report{Scale: 1}).Words(); w != nil {
		t.Errorf("%q", w)
	}
	if got := (Missing{Characters: "a水\u0301\u0302b"}).named(); got != "a水 U+0301 U+0302 b" {
		t.Errorf("named %q", got)
	}
	m := missing{}
	for r := rune(0x4e00); r < 0x4e40; r++ {
		m.add([]rune{r, r})
	}
	if all := m.report(); len(all) != 1 || utf8.RuneCountInString(all[0].Characters) != 0x40 || !strings.Contains(Report{Missing: all}.Words()[0], "…; install") {
		t.Errorf("%+v", all)
	}
}
