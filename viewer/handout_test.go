package viewer

import (
	"net/http"
	"testing"

	"example.com/whoserves/importer"
)

// The workbook to hand out is a download that the importer reads, with the headers of every answer; HEAD gives these alone, and a browser
// that has it need not get it again.
func TestTemplate(t *testing.T) {
	t.Parallel()
	s := serverOf(t, layers(10))
	r := ask(t, s, "/template.xlsx")
	h := r.header
	if r.status != http.StatusOK || h.Get("Content-Type") != "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" ||
		h.Get("Content-Disposition") != `attachment; filename="whoserves.xlsx"` || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Encoding") != "" {
		t.Errorf("status %d, %v", r.status, h)
	}
	read, err := importer.ReadFiles(t.Context(), []importer.File{importer.Bytes("whoserves.xlsx", []byte(r.body))}, importer.Options{})
	if err != nil || len(read.Problems) != 1 || len(read.Headers) != 4 {
		t.Errorf("%v, %+v", err, read)
	}
	head := ask(t, s, "/template.xlsx", func(r *http.Request) { r.Method = http.MethodHead })
	if head.status != http.StatusOK || head.body != "" || head.header.Get("Content-Type") != h.Get("Content-Type") || head.header.Get("Content-Disposition") != h.Get("Content-Disposition") {
		t.Errorf("HEAD: status %d, %d bytes, %v", head.status, len(head.body), head.header)
	}
	again := ask(t, s, "/template.xlsx", func(r *http.Request) { r.Header.Set("If-None-Match", h.Get("Etag")) })
	if again.status != http.StatusNotModified || h.Get("Etag") == "" {
		t.Errorf("again: status %d, %v", again.status, again.header)
	}
}
