package drawing

import "testing"

// A picture of 53 nodes and 113 lines, read and drawn with fonts that are at hand, as in a worker.
func benchmark(b *testing.B, draw func(d *Drawing, f *Fonts) error) {
	svg := real(b, "airline-customer-all")
	f := BuiltInFonts()
	b.ReportAllocs()
	for b.Loop() {
		d, err := Read(svg)
		if err == nil {
			err = draw(d, f)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	benchmark(b, func(*Drawing, *Fonts) error { return nil })
}

func BenchmarkPNG(b *testing.B) {
	benchmark(b, func(d *Drawing, f *Fonts) error {
		_, err := d.PNG(discard{}, f, PNGOptions{})
		return err
	})
}

func BenchmarkPNG2(b *testing.B) {
	benchmark(b, func(d *Drawing, f *Fonts) error {
		_, err := d.PNG(discard{}, f, PNGOptions{Scale: 2})
		return err
	})
}

func BenchmarkPDF(b *testing.B) {
	benchmark(b, func(d *Drawing, f *Fonts) error {
		_, err := PDF(discard{}, f, []Page{{Drawing: d}}, PDFOptions{Base: "https://who.example/"})
		return err
	})
}

// The first text that a worker draws in a script that the built-in fonts have not.
func BenchmarkNewFonts(b *testing.B) {
	dir := b.TempDir()
	for b.Loop() {
		f, err := NewFonts(dir)
		if err != nil {
			b.Fatal(err)
		}
		f.line(&text{s: "乗務員"})
	}
}
