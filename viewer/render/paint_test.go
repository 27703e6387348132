package render

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/whoserves/viewer/drawing"
)

// framed is a picture as diagram.Frame makes them, with a text in it.
func framed(text string) []byte {
	return fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<svg xmlns="http://www.w3.org/2000/svg" class="ws" width="90pt" height="60pt" viewBox="0 0 90 60">
<title>Test</title>
<rect class="paper" width="90" height="60" fill="#ffffff"/>
<text x="10" y="30" font-family="Arial" font-size="10" fill="#18222f">%s</text>
</svg>
`, text)
}

// crowded takes a painter a while: that many large shapes over one another.
func crowded(shapes int) []byte {
	var b strings.Builder
	for range shapes {
		b.WriteString(`<polygon points="0,0 2000,0 2000,2000 0,1999" fill="#18222f"/>`)
	}
	return bytes.Replace(bytes.ReplaceAll(framed("x"), []byte("90"), []byte("2000")), []byte("<text"), []byte(b.String()+"<text"), 1)
}

func do(t testing.TB, p *Pool, j Job) File {
	t.Helper()
	f, err := p.Do(context.Background(), j)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestPaint(t *testing.T) {
	p := newPool(t, Options{Workers: 1})
	svg := framed("Zürich")
	f := do(t, p, PNG(svg, nil, drawing.PNGOptions{Scale: 2}))
	if c, err := png.DecodeConfig(bytes.NewReader(f.Bytes)); err != nil || c.Width != 240 || c.Height != 160 || f.Report.Width != 240 || f.Report.Scale != 2 {
		t.Errorf("%d x %d pixels, %v, %+v", c.Width, c.Height, err, f.Report)
	}
	sheets := []Sheet{{svg, "First"}, {framed("Second"), ""}}
	f = do(t, p, PDF(sheets, nil, drawing.PDFOptions{Paper: "a4"}))
	if !whole("pdf", f.Bytes) || f.Report.Pages != 2 {
		t.Errorf("%.40q, %+v", f.Bytes, f.Report)
	}
	f = do(t, p, PNG(framed("\U000F1234"), nil, drawing.PNGOptions{}))
	if len(f.Report.Missing) != 1 || f.Report.Missing[0].Characters != "\U000F1234" {
		t.Errorf("%+v", f.Report)
	}
	again, ok := p.Done(PNG(framed("\U000F1234"), nil, drawing.PNGOptions{}))
	if !ok || &again.Bytes[0] != &f.Bytes[0] || len(again.Report.Missing) != 1 {
		t.Error("the finished file was not kept, with its report")
	}
	if restarts := p.Stats().Restarts; restarts != 0 {
		t.Errorf("%d workers were replaced", restarts)
	}
}

// TestJobsDiffer holds that jobs have the same key only when they give the same file.
func TestJobsDiffer(t *testing.T) {
	a, b := framed("a"), framed("b")
	ink := []drawing.Ink{{Use: "fill", Light: "#ffffff", Dark: "#000000"}}
	jobs := []Job{
		SVG(string(a)), SVG("x"), PNG(a, nil, drawing.PNGOptions{}), PNG(b, nil, drawing.PNGOptions{}), PNG(a, ink, drawing.PNGOptions{}),
		PNG(a, nil, drawing.PNGOptions{Scale: 2}), PNG(a, nil, drawing.PNGOptions{MaxPixels: 9}),
		PDF([]Sheet{{a, ""}}, nil, drawing.PDFOptions{}), PDF([]Sheet{{a, "a"}}, nil, drawing.PDFOptions{}), PDF([]Sheet{{a, ""}, {b, ""}}, nil, drawing.PDFOptions{}),
		PDF([]Sheet{{append(bytes.Clone(a), b...), ""}}, nil, drawing.PDFOptions{}), PDF([]Sheet{{a, ""}}, nil, drawing.PDFOptions{Paper: "a4"}),
		PDF([]Sheet{{a, ""}}, nil, drawing.PDFOptions{Date: time.Unix(1, 0)}), PDF([]Sheet{{a, ""}}, nil, drawing.PDFOptions{Base: "https://who.example/"}),
	}
	seen := map[Key]int{}
	for i, j := range jobs {
		if other, ok := seen[j.Key()]; ok {
			t.Errorf("jobs %d and %d have one key", other, i)
		}
		seen[j.Key()] = i
	}
	if PNG(a, ink, drawing.PNGOptions{Scale: 2}).Key() != PNG(framed("a"), ink, drawing.PNGOptions{Scale: 2}).Key() {
		t.Error("the same job twice has two keys")
	}
}

// TestPaintRefuses holds that what is no picture is an error that says so, and that the pool works on.
func TestPaintRefuses(t *testing.T) {
	p := newPool(t, Options{Workers: 1})
	deep := framed(strings.Repeat("<g>", 5000))
	for name, j := range map[string]Job{
		"nothing":       PNG(nil, nil, drawing.PNGOptions{}),
		"no picture":    PDF(nil, nil, drawing.PDFOptions{}),
		"no SVG":        PNG([]byte("hello"), nil, drawing.PNGOptions{}),
		"half":          PNG(framed("x")[:200], nil, drawing.PNGOptions{}),
		"script":        PNG(framed("</text><script>alert(1)</script><text>"), nil, drawing.PNGOptions{}),
		"image":         PDF([]Sheet{{framed(`</text><image href="/etc/passwd"/><text>`), ""}}, nil, drawing.PDFOptions{}),
		"entity":        PNG([]byte(`<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>`+string(framed("&x;"))), nil, drawing.PNGOptions{}),
		"deep":          PNG(deep, nil, drawing.PNGOptions{}),
		"huge scale":    PNG(framed("x"), nil, drawing.PNGOptions{Scale: 1e9}),
		"no number":     PNG(framed("x"), nil, drawing.PNGOptions{Scale: nan()}),
		"paper":         PDF([]Sheet{{framed("x"), ""}}, nil, drawing.PDFOptions{Paper: "wall"}),
		"base":          PDF([]Sheet{{framed("x"), ""}}, nil, drawing.PDFOptions{Base: "javascript:alert(1)"}),
		"second broken": PDF([]Sheet{{framed("x"), ""}, {[]byte("x"), ""}}, nil, drawing.PDFOptions{}),
		"too long":      PNG(bytes.Repeat([]byte("x"), maxBody+1), nil, drawing.PNGOptions{}),
		"too much":      PNG(framed(strings.Repeat("x", 2000)), nil, drawing.PNGOptions{}),
	} {
		var bad *Error
		if f, err := p.Do(context.Background(), j); !errors.As(err, &bad) || f.Bytes != nil {
			t.Errorf("%s: %d bytes, %v", name, len(f.Bytes), err)
		} else if bad.Beyond != strings.HasPrefix(name, "too ") {
			t.Errorf("%s: beyond the limits: %t", name, bad.Beyond)
		}
	}
	do(t, p, PNG(framed("after"), nil, drawing.PNGOptions{}))
}

func nan() float64 { zero := 0.0; return zero / zero }

// TestPainterIsReplaced kills a worker while it paints, and lets another one be too slow.
func TestPainterIsReplaced(t *testing.T) {
	p := newPool(t, Options{Workers: 1, Timeout: 2 * time.Second})
	do(t, p, PNG(framed("first"), nil, drawing.PNGOptions{}))
	failed := make(chan error, 1)
	go func() {
		_, err := p.Do(context.Background(), PNG(crowded(90), nil, drawing.PNGOptions{}))
		failed <- err
	}()
	until(t, "painting", func() bool { return p.Stats().Drawing == 1 && len(children(t)) == 1 })
	restarts := p.Stats().Restarts
	kill(t, children(t)[0])
	until(t, "replacement", func() bool { return p.Stats().Restarts > restarts })
	select {
	case err := <-failed:
		if err != nil && !errors.Is(err, ErrTooSlow) {
			t.Errorf("the second try: %v", err)
		}
	case <-time.After(patient):
		t.Fatal("no answer")
	}
	do(t, p, PNG(framed("second"), nil, drawing.PNGOptions{}))
}

// TestManyPaintTheSame holds that workers share nothing: whatever each drew before, the same job gives the same bytes.
func TestManyPaintTheSame(t *testing.T) {
	words := []string{"Zürich", "Ωμέγα", "שלום", "مرحبا 123", "水産輸出", "नमस्ते", "ไทย", "😀", "\U000F1234"}
	job := func(i int) Job {
		if i%2 == 0 {
			return PNG(framed(words[i/2]), nil, drawing.PNGOptions{})
		}
		return PDF([]Sheet{{framed(words[i/2]), ""}}, nil, drawing.PDFOptions{})
	}
	alone := newPool(t, Options{Workers: 1, Queue: 256, CacheBytes: -1})
	want := make([][]byte, 2*len(words))
	for i := range want {
		want[i] = do(t, alone, job(i)).Bytes
	}
	alone.Close()
	p := newPool(t, Options{Workers: 3, Queue: 256, CacheBytes: -1})
	var wg sync.WaitGroup
	for c := range 8 {
		wg.Go(func() {
			for i := range want {
				i = (i*(c+1)*5 + c) % len(want)
				f, err := p.Do(context.Background(), job(i))
				if err != nil || !bytes.Equal(f.Bytes, want[i]) {
					t.Errorf("client %d, %s: %d bytes, alone %d, %v", c, words[i/2], len(f.Bytes), len(want[i]), err)
				}
			}
		})
	}
	wg.Wait()
}
