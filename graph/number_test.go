package graph

import (
	"encoding/json"
	"math"
	"testing"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

func TestNumber(t *testing.T) {
	if (Number{}).IsGiven() || Given(math.NaN()).IsGiven() {
		t.Error("the zero value and NaN must not be given")
	}
	for _, v := range []float64{0, math.Copysign(0, -1), 1, -1.5, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(1)} {
		n := Given(v)
		if got, ok := n.Get(); !ok || got != v {
			t.Errorf("Given(%v) gives %v, %v", v, got, ok)
		}
		if n != Given(v) {
			t.Errorf("two Numbers of %v differ", v)
		}
	}
	if Given(0) != Given(math.Copysign(0, -1)) {
		t.Error("0 and -0 differ")
	}
	if got := (Number{}).Or(7); got != 7 {
		t.Errorf("Or gives %v", got)
	}
	var back struct{ A, B Number }
	if err := json.Unmarshal([]byte(`{"A":4.5,"B":null}`), &back); err != nil || back.A != Given(4.5) || back.B.IsGiven() {
		t.Errorf("read %v, %v", back, err)
	}
	if b, err := json.Marshal(back); err != nil || string(b) != `{"A":4.5,"B":null}` {
		t.Errorf("wrote %s, %v", b, err)
	}
}

func TestFoldAndSlug(t *testing.T) {
	for _, c := range []struct{ in, fold, slug string }{
		{"", "", ""},
		{"Crew  scheduling ", "crew scheduling", "crew-scheduling"},
		{"crew scheduling", "crew scheduling", "crew-scheduling"},
		{"R&D / Labs", "r&d / labs", "r-d-labs"},
		{"Straße 7", "strasse 7", "straße-7"},
		{"ＦＵＥＬ", "fuel", "fuel"},
		{"水産輸出", "水産輸出", "水産輸出"},
		{"Équipe  Été", "équipe été", "équipe-été"},
		{"\tTab\u00a0space\n", "tab space", "tab-space"},
		{"!?", "!?", ""},
		{" a", "a", "a"},
	} {
		if got := Fold(c.in); got != c.fold {
			t.Errorf("Fold(%q) = %q, want %q", c.in, got, c.fold)
		}
		if got := Slug(c.in); got != c.slug {
			t.Errorf("Slug(%q) = %q, want %q", c.in, got, c.slug)
		}
		if got := Fold(Fold(c.in)); got != Fold(c.in) {
			t.Errorf("Fold is not stable on %q: %q", c.in, got)
		}
	}
}

// Every letter that folding or unifying changes, with a mark of every class behind it, folds and slugs to what stays.
func TestFoldIsStable(t *testing.T) {
	marks, seen := []string{""}, map[uint8]bool{}
	for r := range rune(unicode.MaxRune) {
		if class := norm.NFC.PropertiesString(string(r)).CCC(); class > 0 && !seen[class] || r == '\u0345' || r == '\u0307' {
			seen[class] = true
			marks = append(marks, string(r))
		}
	}
	for r := range rune(unicode.MaxRune) {
		if s := string(r); !unicode.IsLetter(r) && !unicode.IsMark(r) || unicode.In(r, unicode.Hangul, unicode.Han) || cases.Fold().String(s) == s && norm.NFKD.String(s) == s {
			continue
		}
		for _, mark := range marks {
			s := string(r) + mark
			if once := Fold(s); Fold(once) != once {
				t.Errorf("Fold(%+q) = %+q, and again %+q", s, once, Fold(once))
			}
			if once := Slug(s); Slug(once) != once {
				t.Errorf("Slug(%+q) = %+q, and again %+q", s, once, Slug(once))
			}
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "Payroll", "ǰ ẞ İ", "a\xffb", "\xf5\xf5\xf5ϕ", "İ̏", "İ̦", "ﬃ  ﷺ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if once := Fold(s); Fold(once) != once {
			t.Errorf("Fold(%q) = %q, and again %q", s, once, Fold(once))
		}
		if once := Slug(s); Slug(once) != once {
			t.Errorf("Slug(%q) = %q, and again %q", s, once, Slug(once))
		}
	})
}
