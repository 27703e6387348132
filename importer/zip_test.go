package importer

import (
	"archive/zip"
	"bytes"
	"io"
	"testing"
)

// unzip gives the parts of an archive in their order.
func unzip(t testing.TB, raw []byte) (names []string, parts map[string][]byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	parts = map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		names, parts[f.Name] = append(names, f.Name), content
	}
	return names, parts
}

// zipped makes an archive.
func zipped(t testing.TB, names []string, parts map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		p, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Write(parts[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// rezip changes the parts of an archive.
func rezip(t testing.TB, raw []byte, change func(name string, content []byte) []byte) []byte {
	t.Helper()
	names, parts := unzip(t, raw)
	for _, n := range names {
		parts[n] = change(n, parts[n])
	}
	return zipped(t, names, parts)
}
