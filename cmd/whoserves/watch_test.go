package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// watcher is a watch command that runs.
type watcher struct {
	*desk
	out, err lockedBuffer
	stop     context.CancelFunc
	status   chan int
}

func (d *desk) watch(folder string, args ...string) *watcher {
	ctx, cancel := context.WithCancel(d.t.Context())
	w := &watcher{desk: d, stop: cancel, status: make(chan int, 1)}
	args = append([]string{"watch", folder, "--store", d.store, "--every", "20ms"}, args...)
	go func() { w.status <- run(ctx, args, strings.NewReader(""), &w.out, &w.err) }()
	return w
}

// until waits for words on stdout or stderr.
func (w *watcher) until(words string) {
	w.t.Helper()
	for end := time.Now().Add(time.Minute); !strings.Contains(w.out.String()+w.err.String(), words); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatalf("no %q in\n%s\n%s", words, w.out.String(), w.err.String())
		}
	}
}

// quiet waits for some looks at the folder and expects that nothing was said about them.
func (w *watcher) quiet() {
	w.t.Helper()
	before := w.out.String() + w.err.String()
	time.Sleep(200 * time.Millisecond)
	if after := w.out.String() + w.err.String(); after != before {
		w.t.Errorf("said %s", strings.TrimPrefix(after, before))
	}
}

func TestWatch(t *testing.T) {
	d := newDesk(t)
	folder := filepath.Join(d.dir, "in")
	d.file("in/links-2026-10.csv", "provider,consumer", "A,B")
	d.file("in/links-2026-11.csv", "provider,consumer", "A,B", "B,C")
	d.file("in/hr/people.csv", "name,team", "Ann,A")
	d.file("in/~$links.xlsx", "not a workbook")
	d.file("in/readme.txt", "words")
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(folder, "links-2026-10.csv"), old, old); err != nil {
		t.Fatal(err)
	}
	w := d.watch(folder)
	w.until("version 2") // of two files of one source the later; the folder in it is another source
	w.quiet()
	d.file("in/links-2026-11.csv", "provider,consumer", "A,B", "B,C", "C,D", "D,E")
	w.until("version 3 now: 2 added")
	d.file("in/more.csv", "provider,consumer", "X,A", "Y,")
	w.until("more.csv: 1 problem is an error")
	w.quiet() // a file that was refused is not tried again and again
	d.file("in/more.csv", "provider,consumer", "X,A", "Y,A")
	w.until("version 5 now: 1 added")
	os.Remove(filepath.Join(folder, "more.csv"))
	w.until("more.csv is gone; what it said stays")
	d.file("in/links-2026-11.csv", "provider,consumer", "A,B")
	w.until("nothing was imported: say --yes")
	w.stop()
	if s := <-w.status; s != done {
		t.Errorf("status %d", s)
	}
	if r := d.run(done, "sources", "--format", "csv", "--store", d.store); strings.Count(r.stdout, "\n") != 4 {
		t.Errorf("sources\n%s", r.stdout)
	}
}

func TestWatchWaitsForTheStore(t *testing.T) {
	d := newDesk(t)
	links := d.file("in/links.csv", "provider,consumer", "A,B")
	d.store = d.file("damaged.db", strings.Repeat("no database ", 1000))
	w := d.watch(filepath.Dir(links))
	w.until("It is tried again in 15s.")
	w.stop()
	if s := <-w.status; s != done {
		t.Errorf("status %d", s)
	}
}

func TestWatchUsage(t *testing.T) {
	d := newDesk(t)
	for _, args := range [][]string{{}, {d.dir, d.dir}, {filepath.Join(d.dir, "none")}, {d.file("a.csv", "x")}, {d.dir, "--every", "0s"}} {
		if r := runWith(append([]string{"watch", "--store", d.store}, args...)...); r.status != wrong || r.stderr == "" {
			t.Errorf("watch %v: %+v", args, r)
		}
	}
}
