package viewer

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"example.com/whoserves/viewer/draft"
)

// TestFormsAreShort holds that no form but that of files may be long, in whatever it is written, and that none is unpacked.
func TestFormsAreShort(t *testing.T) {
	t.Parallel()
	v, _ := importServer(t, base(t))
	at := v.begin("links.csv", linksFile)
	kind, body := formWith("*token", v.token, "big.csv", strings.Repeat("x", 2*maxForm))
	send := func(path, kind string, body []byte, headers ...string) reply {
		return ask(t, v.s, path, v.cookie, func(r *http.Request) {
			r.Method = http.MethodPost
			r.Header.Set("Content-Type", kind)
			for i := 0; i+1 < len(headers); i += 2 {
				r.Header.Set(headers[i], headers[i+1])
			}
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		})
	}
	for _, path := range []string{"/undo", "/correct", "/sources", at + "/drop", at + "/source", at + "/columns", at + "/names", at + "/cell", at + "/apply", at + "/remove"} {
		if r := send(path, kind, body); r.status != http.StatusRequestEntityTooLarge {
			t.Errorf("%s takes a long form: %d: %s", path, r.status, words(r.body))
		}
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		z.Write(bytes.Repeat([]byte("a=b&"), 4<<20))
		z.Close()
		if r := send(path+"?token="+v.token, "application/x-www-form-urlencoded", packed.Bytes(), "Content-Encoding", "gzip"); r.status != http.StatusUnsupportedMediaType {
			t.Errorf("%s takes a packed form: %d: %s", path, r.status, words(r.body))
		}
	}
	if d, err := v.s.imports.shelf.Get(strings.TrimPrefix(at, importPath+"/")); err != nil || len(d.Files) != 1 {
		t.Errorf("the draft: %+v %v", d, err)
	}
}

// TestManyParts holds that nothing of a form with files is left out in silence, and that names do no harm.
func TestManyParts(t *testing.T) {
	t.Parallel()
	v, _ := importServer(t, base(t))
	var many []string
	for range 10_000 {
		many = append(many, "*x", "y")
	}
	if r := v.sendFiles(importPath, append(many, "links.csv", linksFile)...); r.status != http.StatusRequestEntityTooLarge {
		t.Errorf("10,000 fields: %d", r.status)
	}
	if r := v.sendFiles(importPath, "a/links.csv", linksFile, "b/links.csv", linksFile); r.status != http.StatusBadRequest || !strings.Contains(words(r.body), "Two files have one name") {
		t.Errorf("two of one name: %d: %s", r.status, words(r.body))
	}
	at := v.begin(strings.Repeat("long", 1<<20)+".csv", linksFile)
	d, err := v.s.imports.shelf.Get(strings.TrimPrefix(at, importPath+"/"))
	if err != nil || len(d.Files[0].Name) != 200 || !strings.HasSuffix(d.Files[0].Name, ".csv") {
		t.Errorf("a name of 4 MB: %+v %v", d, err)
	}
	v.done(at + "/remove")

	var files []string
	for i := range draft.MaxFiles + 1 {
		files = append(files, fmt.Sprintf("%d.csv", i), linksFile)
	}
	at = v.begin("links.csv", linksFile)
	r := v.sendFiles(at+"/files", files...)
	if said := words(r.body); r.status != http.StatusRequestEntityTooLarge || !strings.Contains(said, "What had arrived before that was added") || !strings.Contains(said, "0.csv , 1.csv") {
		t.Errorf("51 files more: %d: %s", r.status, said)
	}
	checkPage(t, "too many files", r.body)
}

// TestFormAddresses holds that the address of a form, which stays in the browser when the form was refused, leads to its page.
func TestFormAddresses(t *testing.T) {
	t.Parallel()
	v, _ := importServer(t, base(t))
	at := v.begin("links.csv", linksFile)
	for path, want := range map[string]string{"/undo": "/history", at + "/apply": at + "/preview", at + "/cell": at + "/preview", at + "/drop": at, at + "/files": at, at + "/source": at, at + "/remove": at} {
		if to := ask(t, v.s, path, v.cookie).header.Get("Location"); to != want {
			t.Errorf("%s leads to %q, want %q", path, to, want)
		}
		r := ask(t, v.s, path, v.cookie, func(r *http.Request) {
			r.Method, r.Body = http.MethodPost, readCloser("")
			r.Header.Set("Origin", "https://elsewhere.example")
		})
		if r.status != http.StatusForbidden || !strings.Contains(r.body, `href="`+want+`"`) {
			t.Errorf("%s: sent from elsewhere: %d without a way to %s", path, r.status, want)
		}
	}
}

// TestImportedTwice holds that a button which is pressed twice imports once, and that both presses lead to the version.
func TestImportedTwice(t *testing.T) {
	t.Parallel()
	v, st := importServer(t, base(t))
	at := v.begin("links.csv", linksFile)
	v.page(at + "/preview")
	var all sync.WaitGroup
	to := make([]string, 6)
	for i := range to {
		all.Go(func() { to[i] = v.send(at+"/apply", "base", "1").header.Get("Location") })
	}
	all.Wait()
	for i, x := range to {
		if path, _, _ := strings.Cut(x, "?"); path != "/history/2" && x != at {
			t.Errorf("press %d leads to %q", i+1, x)
		}
	}
	if n := len(history(t, st)); n != 2 {
		t.Errorf("%d versions", n)
	}
	if to := v.send(at+"/apply", "base", "1").header.Get("Location"); to != "/history/2" {
		t.Errorf("pressed again when it is done: %s", to)
	}
}

// TestManyDraftsAtOnce holds that drafts which are looked at by turns are all read in the end.
func TestManyDraftsAtOnce(t *testing.T) {
	t.Parallel()
	v, _ := importServer(t, base(t))
	for range workAtOnce {
		v.s.imports.working <- struct{}{}
	}
	var at []string
	for range 2 * readingsKept {
		at = append(at, v.begin("links.csv", linksFile))
	}
	d, err := v.s.imports.shelf.Get(strings.TrimPrefix(at[0], importPath+"/"))
	if err != nil {
		t.Fatal(err)
	}
	first := v.s.understand(d)
	for range workAtOnce {
		<-v.s.imports.working
	}
	<-first.done
	if first.err != nil {
		t.Errorf("the first was ended for the others: %v", first.err)
	}
	for _, x := range at {
		v.says(x, "1 file")
	}
	if n := len(v.s.imports.readings.order); n > readingsKept+1 {
		t.Errorf("%d are kept", n)
	}
}
