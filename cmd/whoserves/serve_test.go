package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/whoserves/viewer/render"
)

// The test program starts itself to draw, as the program does.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == render.WorkerArg {
		os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	status := m.Run()
	os.RemoveAll(built)
	os.Exit(status)
}

// web is a command that serves until it is stopped.
type web struct {
	t       *testing.T
	address string
	stop    context.CancelFunc
	status  chan int
	stderr  *lockedBuffer
}

// lockedBuffer takes what several goroutines write.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// startWeb runs a command that serves and waits for its address.
func startWeb(t *testing.T, args ...string) *web {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	w := &web{t: t, stop: cancel, status: make(chan int, 1), stderr: &lockedBuffer{}}
	in, out := io.Pipe()
	go func() {
		w.status <- run(ctx, args, strings.NewReader(""), out, w.stderr)
		out.Close()
	}()
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil {
		t.Fatalf("%v gave no address: status %d, %s", args, <-w.status, w.stderr)
	}
	w.address = strings.TrimSpace(line)
	t.Cleanup(cancel)
	return w
}

// until asks for a page again and again until it holds a text.
func (w *web) until(path, text string) {
	w.t.Helper()
	for {
		if _, body := w.get(path); strings.Contains(body, text) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// ready waits until the findings are worked out: pages show before that.
func (w *web) ready() {
	w.t.Helper()
	w.until("/readyz", `"findings":"ready"`)
}

// get asks for a page.
func (w *web) get(path string) (status int, body string) {
	w.t.Helper()
	resp, err := http.Get(strings.TrimSuffix(w.address, "/") + path)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// end stops the command, which must end well.
func (w *web) end() {
	w.t.Helper()
	w.stop()
	if status := <-w.status; status != done {
		w.t.Errorf("status %d: %s", status, w.stderr)
	}
}

func TestServe(t *testing.T) {
	d := imported(t)
	w := startWeb(t, "serve", "--listen", "127.0.0.1:0", "--store", d.store)
	for _, path := range []string{"/", "/healthz", "/readyz"} {
		if status, body := w.get(path); status != http.StatusOK {
			t.Errorf("%s: status %d: %.300s", path, status, body)
		}
	}
	d.run(done, "import", "--source", "more", d.file("more/links.csv", "provider,consumer,service", "Tug,Ramp,Towing"))
	w.until("/api/v1/show?node=ramp", "tug")
	w.end()
}

// The web gives the same JSON as the commands.
func TestWebAndCommandsAgree(t *testing.T) {
	d := imported(t)
	w := startWeb(t, "serve", "--listen", "127.0.0.1:0", "--store", d.store)
	w.ready()
	for _, c := range []struct {
		path string
		args []string
	}{
		{"/api/v1/risks", []string{"risks"}},
		{"/api/v1/show?node=ramp", []string{"show", "ramp"}},
		{"/api/v1/ripple?fail=fuel&worse=ramp-2", []string{"ripple", "fuel", "--worse", "ramp-2"}},
		{"/api/v1/paths?from=fuel&to=south-air&k=2", []string{"paths", "fuel", "south-air", "--k", "2"}},
		{"/api/v1/bottlenecks", []string{"bottlenecks"}},
		{"/api/v1/history", []string{"history"}},
		{"/api/v1/diff?a=0&b=1", []string{"diff", "0", "1"}},
		{"/api/v1/sources", []string{"sources"}},
		{"/api/v1/orgs", []string{"orgs"}},
	} {
		status, body := w.get(c.path)
		var got, want bytes.Buffer
		if err := json.Compact(&got, []byte(body)); err != nil || status != http.StatusOK {
			t.Errorf("%s: status %d, %v: %.300s", c.path, status, err, body)
			continue
		}
		json.Compact(&want, []byte(d.run(done, append(c.args, "--format", "json")...).stdout))
		if got.String() != want.String() {
			t.Errorf("%s gives\n%s\nwant\n%s", c.path, &got, &want)
		}
	}
	w.end()
}

func TestServeFiles(t *testing.T) {
	d := newDesk(t)
	w := startWeb(t, "serve", "--listen", "127.0.0.1:0", "--from", d.file("links.csv", chain...))
	w.ready()
	if status, body := w.get("/api/v1/risks"); status != http.StatusOK || !strings.Contains(body, `"version":null`) {
		t.Errorf("status %d: %s", status, body)
	}
	w.end()
}

func TestDemo(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	w := startWeb(t, "demo", "--listen", "127.0.0.1:0")
	w.ready()
	if status, body := w.get("/"); status != http.StatusOK || !strings.Contains(body, "can stop") && !strings.Contains(body, "can each stop") {
		t.Errorf("status %d: %.500s", status, body)
	}
	w.end()
	if left, _ := filepath.Glob(filepath.Join(tmp, "whoserves-demo-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Only this computer may read, unless that is said.
func TestListen(t *testing.T) {
	d := imported(t)
	for _, address := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "example.org:80", "127.0.0.1", "x"} {
		d.run(wrong, "serve", "--listen", address)
	}
	d.check(wrong, "demo", "--listen", "0.0.0.0:0")
	d.check(wrong, "demo", "nothing")
	d.check(wrong, "demo", "airline", "first")
	startWeb(t, "serve", "--listen", "0.0.0.0:0", "--insecure-open", "--store", d.store).end()
	w := startWeb(t, "serve", "--listen", "localhost:0", "--store", d.store)
	d.run(trouble, "serve", "--listen", strings.Trim(strings.TrimPrefix(w.address, "http:"), "/"))
	w.end()
}

func TestDraw(t *testing.T) {
	d := imported(t)
	svg, dot := filepath.Join(d.dir, "a.svg"), filepath.Join(d.dir, "a.dot")
	d.run(done, "draw", "-o", svg)
	d.run(done, "draw", "-o", dot, "--view", "view=node&node=ramp")
	for file, want := range map[string]string{svg: "</svg>", dot: "digraph"} {
		if b, err := os.ReadFile(file); err != nil || !strings.Contains(string(b), want) {
			t.Errorf("%s: %v, %.200s", file, err, b)
		}
	}
	first := d.run(done, "draw", "--view", "view=ripple&fail=fuel", "-o", "-")
	if second := d.run(done, "draw", "--view", "view=ripple&fail=fuel", "-o", "-"); first.stdout != second.stdout || !strings.Contains(first.stdout, "North Air") {
		t.Errorf("twice the same view gives\n%.300s\nand\n%.300s", first.stdout, second.stdout)
	}
	for _, part := range []string{`class="title"`, `class="legend"`} { // a file has all that a page says in words
		if !strings.Contains(first.stdout, part) {
			t.Errorf("the picture has no %s", part)
		}
	}
	if r := d.run(done, "draw", "-o", "-", "--as", "dot"); !strings.HasPrefix(r.stdout, "digraph") {
		t.Errorf("got %.200s", r.stdout)
	}
	for short, long := range map[string]string{"overview": "view=overview", "risks&exposed=1": "view=risks&exposed=1"} {
		got, want := d.run(done, "draw", "-o", "-", "--as", "dot", "--view", short), d.run(done, "draw", "-o", "-", "--as", "dot", "--view", long)
		if got.stdout != want.stdout {
			t.Errorf("%s gives\n%.300s\nwant\n%.300s", short, got.stdout, want.stdout)
		}
	}
	for _, args := range [][]string{
		{"draw"}, {"draw", "-o", "a.gif"}, {"draw", "-o", "a"}, {"draw", "-o", "-", "--view", "view=nothing"},
		{"draw", "-o", "-", "--view", "view=overview&bogus=1"}, {"draw", "-o", "-", "--view", "view=paths&from=fuel&to=fuel"}, {"draw", "-o", "-", "--view", "view=node"}, {"draw", "-o", "-", "--view", "view=node&node=rampp"}, {"draw", "x", "-o", "-"},
	} {
		d.run(wrong, args...)
	}
	d.run(trouble, "draw", "-o", filepath.Join(d.dir, "no", "folder.svg"))
}
