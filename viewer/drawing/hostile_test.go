//go:build !race

package drawing

import (
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Whatever an SVG holds, it is answered within 2 seconds of work and 256 MB, be it by an error or by a smaller picture.
func TestHostile(t *testing.T) {
	many := func(n int, s string) string { return strings.Repeat(s, n) }
	fonts := BuiltInFonts()
	for _, c := range []struct{ name, svg string }{
		{"deep", many(1_000_000, "<g>")},
		{"deep on a sheet", string(sheet(many(1_000_000, "<g>")))},
		{"long path", string(sheet(`<path d="M0,0` + many(1_000_000, "h1") + `"/>`))},
		{"path of huge steps", string(sheet(`<path stroke="#000" d="M0,0` + many(999, "C1e6,1e6 -1e6,-1e6 1e6,0 L-1e6,1e6 ") + `"/>`))},
		{"paths of huge steps", string(sheet(many(50, `<path stroke="#000" stroke-width="100" d="M0,0`+many(999, "C1e6,1e6-1e6-1e6 1e6,0L-1e6,1e6")+`"/>`)))},
		{"huge dashes", string(sheet(many(2_000, `<path stroke="#000" stroke-dasharray=".5,.5" stroke-linecap="round" d="M-1e6,-1e6L1e6,1e6L1e6,-1e6L-1e6,1e6"/>`)))},
		{"dashes", string(sheet(many(20_000, `<path stroke="#000" stroke-dasharray=".5,.5" d="M0,0L99,49"/>`)))},
		{"round corners", string(sheet(many(50, `<path stroke="#000" stroke-width="100" stroke-linejoin="round" stroke-linecap="round" d="M0,0`+many(999, "l9,9l-9,9")+`"/>`)))},
		{"a billion points", string(sheet(`<polygon points="` + many(1_300_000, "1 ") + `"/>`))},
		{"layers", strings.ReplaceAll(string(sheet(many(19_000, `<rect width="20000" height="20000" fill="#123456" stroke="#000"/>`))), `="100pt" height="50pt" viewBox="0 0 100 50"`, `="20000pt" height="20000pt" viewBox="0 0 20000 20000"`)},
		{"gradients", strings.ReplaceAll(string(sheet(`<defs><linearGradient id="a" gradientUnits="userSpaceOnUse" x1="0" y1="0" x2="1" y2="0"><stop offset="0" stop-color="#ffffff"/><stop offset="1" stop-color="#aaaaaa"/></linearGradient></defs>`+many(19_000, `<rect width="2000" height="2000" fill="url(#a)"/>`))), `="100pt" height="50pt" viewBox="0 0 100 50"`, `="2000pt" height="2000pt" viewBox="0 0 2000 2000"`)},
		{"large sheet", `<svg width="100000pt" height="100000pt" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>`},
		{"thin sheet", `<svg width="100000pt" height="1pt" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>`},
		{"long text", string(sheet(`<text x="1" y="1">` + many(3_000_000, "a") + `</text>`))},
		{"texts", string(sheet(many(100, `<text x="1" y="40" font-size="400">`+many(1_000, "W")+`</text>`)))},
		{"texts without a font", string(sheet(many(100, `<text x="1" y="40" font-size="400">`+many(1_000, "水")+`</text>`)))},
		{"texts of many kinds", string(sheet(many(100, `<text x="1" y="40" font-size="9">`+many(250, "aא1ب")+`</text>`)))},
		{"huge numbers", string(sheet(`<rect width="1` + many(3_000_000, "0") + `" height="1"/>`))},
		{"attributes", string(sheet(`<g ` + many(300_000, `a="" `) + `/>`))},
		{"entities", `<!DOCTYPE a [<!ENTITY a "` + many(1_000, "a") + `">` + many(100, "<!ENTITY b '&a;&a;'>") + `]>` + string(sheet(many(1_000, "&a;")))},
		{"named entities", string(sheet(`<text x="1" y="1">` + many(100_000, "&lol;") + `</text>`))},
		{"numbered entities", string(sheet(`<text x="1" y="1">` + many(500_000, "&#65;") + `</text>`))},
		{"scripts", string(sheet(many(100_000, "<script>1</script>")))},
		{"images", string(sheet(`<image xlink:href="data:image/png;base64,` + many(3_000_000, "A") + `"/>`))},
		{"comment", string(sheet(`<!--` + many(4_000_000, "a") + `-->`))},
		{"groups", string(sheet(many(400_000, `<g></g>`)))},
		{"links", string(sheet(many(20_000, `<a xlink:href="/x"><path d="M0,0h9" stroke="#000"/></a>`)))},
		{"gradients of their own", string(sheet(`<defs>` + many(20_000, `<linearGradient id="a"/>`) + `</defs>`))},
		{"too many bytes", many(50_000_000, "<")},
	} {
		t.Run(c.name, func(t *testing.T) { answered(t, fonts, []byte(c.svg)) })
	}
}

// answered holds that an SVG is answered within the limits, with these fonts.
func answered(t *testing.T, fonts *Fonts, svg []byte) {
	t.Helper()
	runtime.GC()
	before, from := allocated(), work()
	peak := watch(func() {
		d, err := Read(svg)
		if err != nil {
			t.Logf("%.100v", err)
			return
		}
		report, err := d.PNG(discard{}, fonts, PNGOptions{Scale: 3})
		t.Logf("PNG: %d × %d %v %v", report.Width, report.Height, report.Words(), err)
		pixels := work()
		report, err = PDF(discard{}, fonts, []Page{{Drawing: d}}, PDFOptions{Paper: "a4", Base: "https://who.example/"})
		t.Logf("PDF: %v %v, %v", report.Words(), err, work()-pixels)
	})
	spent := work() - from
	t.Logf("%v, %d MB at once, %d MB in all", spent.Round(time.Millisecond), peak>>20, (allocated()-before)>>20)
	if limit := 2 * time.Second; spent > limit {
		t.Errorf("it took %v, more than %v", spent, limit)
	}
	if peak > 256<<20 {
		t.Errorf("it took %d MB", peak>>20)
	}
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// watch gives the most memory that the heap grows by while f runs.
func watch(f func()) uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	base, peak := m.HeapAlloc, uint64(0)
	done, seen := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(seen)
		for {
			runtime.ReadMemStats(&m)
			if m.HeapAlloc > base {
				peak = max(peak, m.HeapAlloc-base)
			}
			select {
			case <-done:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	}()
	f()
	close(done)
	<-seen
	return peak
}

// work is the processor time of this process: what others do on the machine does not count.
func work() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(fmt.Sprint("no processor time: ", err))
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
