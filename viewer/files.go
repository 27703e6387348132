package viewer

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"mime"
	"path"
	"strings"
)

//go:embed static
var staticFiles embed.FS

// files are the static files. Each is served under a name that changes with its content, so that browsers may keep it.
type files struct {
	paths map[string]string // "whoserves.css" → "/static/whoserves.1a2b3c4d.css"
	byURL map[string]file
}

type file struct {
	kind string // MIME type
	body []byte
}

func readFiles() (*files, error) {
	entries, err := staticFiles.ReadDir("static")
	if err != nil {
		return nil, fmt.Errorf("read the static files: %w", err)
	}
	f := &files{paths: map[string]string{}, byURL: map[string]file{}}
	for _, e := range entries {
		body, err := staticFiles.ReadFile("static/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("read the static files: %w", err)
		}
		if e.Name() == "whoserves.css" {
			body = append(body, pictureStyle()...)
		}
		f.add(e.Name(), body)
	}
	return f, nil
}

func (f *files) add(name string, body []byte) {
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	url := "/static/" + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:4]) + ext
	kind := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
		".svg": "image/svg+xml", ".csv": "text/csv; charset=utf-8"}[ext]
	if kind == "" {
		kind = mime.TypeByExtension(ext)
	}
	f.paths[name], f.byURL[url] = url, file{kind: kind, body: body}
}

// path gives the address of a static file. A name that is not there is a mistake in a template: it shows in the first test.
func (f *files) path(name string) string {
	p, ok := f.paths[name]
	if !ok {
		panic("no static file " + name)
	}
	return p
}
