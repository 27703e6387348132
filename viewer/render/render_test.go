package render

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestMain makes the test program its own worker.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == WorkerArg {
		if err := Work(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// patient is the time limit of tests that are not about time limits: the machine may be busy and -race slow.
const patient = 2 * time.Minute

func newPool(t testing.TB, o Options) *Pool {
	t.Helper()
	if o.Timeout == 0 {
		o.Timeout = patient
	}
	before := runtime.NumGoroutine()
	p := NewPool(o)
	t.Cleanup(func() {
		p.Close()
		until(t, "end of the Pool's goroutines", func() bool { return runtime.NumGoroutine() <= before })
		if left := children(t); len(left) > 0 {
			t.Errorf("processes %v are left after Close", left)
		}
	})
	return p
}

// children lists the worker processes of this process. No tests here run in parallel, so they are one Pool's.
func children(t testing.TB) []int { t.Helper(); return childrenOf(t, os.Getpid()) }

func childrenOf(t testing.TB, parent int) []int {
	t.Helper()
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", parent))
	if err != nil || len(tasks) == 0 {
		t.Fatalf("cannot list child processes: %v", err)
	}
	var pids []int
	for _, task := range tasks {
		text, err := os.ReadFile(task)
		if err != nil {
			continue // a thread that has ended
		}
		for _, field := range strings.Fields(string(text)) {
			pid, err := strconv.Atoi(field)
			if err != nil {
				t.Fatal(err)
			}
			args, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
			if bytes.Contains(args, []byte(WorkerArg)) {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}

// kill ends a process as the system's administrator or memory killer would.
func kill(t testing.TB, pid int) {
	t.Helper()
	process, err := os.FindProcess(pid)
	if err == nil {
		err = process.Kill()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// until waits for something that happens soon in another goroutine or process.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patient); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("%s did not happen", what)
}

func svg(t testing.TB, p *Pool, dot string) []byte {
	t.Helper()
	b, err := p.SVG(context.Background(), dot)
	if err != nil {
		t.Fatalf("SVG of %.80q: %v", dot, err)
	}
	return b
}

// nodeTitles returns the sorted titles of the node groups of an SVG, read as XML.
func nodeTitles(t testing.TB, svg []byte) []string {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	var titles []string
	inNode, inTitle := false, false
	for {
		token, err := d.Token()
		if err == io.EOF {
			slices.Sort(titles)
			return titles
		}
		if err != nil {
			t.Fatalf("not XML: %v", err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local == "g" {
				inNode = false
				for _, a := range e.Attr {
					inNode = inNode || a.Name.Local == "class" && (a.Value == "node" || strings.HasPrefix(a.Value, "node "))
				}
			}
			if inTitle = inNode && e.Name.Local == "title"; inTitle {
				titles = append(titles, "")
				inNode = false
			}
		case xml.CharData:
			if inTitle {
				titles[len(titles)-1] += string(e)
			}
		case xml.EndElement:
			inTitle = false
		}
	}
}

// slowDOT cannot be drawn within minutes: 1000 nodes in clusters of 12 with 3000 links, most within a cluster.
func slowDOT(seed uint64) string {
	const nodes, cluster = 1000, 12
	r := rand.New(rand.NewPCG(seed, 1))
	var b strings.Builder
	b.WriteString("digraph {\n")
	for first := 0; first < nodes; first += cluster {
		fmt.Fprintf(&b, "subgraph cluster_%d {\n", first)
		for n := first; n < min(first+cluster, nodes); n++ {
			fmt.Fprintf(&b, "n%d;\n", n)
		}
		b.WriteString("}\n")
	}
	for range 3 * nodes {
		from := r.IntN(nodes)
		to := min(from/cluster*cluster+r.IntN(cluster), nodes-1)
		if r.IntN(10) < 3 {
			to = r.IntN(nodes)
		}
		fmt.Fprintf(&b, "n%d -> n%d;\n", from, to)
	}
	b.WriteString("}\n")
	return b.String()
}

func TestManyClientsGetTheirOwnPictures(t *testing.T) {
	const clients, each = 8, 500
	p := newPool(t, Options{})
	var wg sync.WaitGroup
	for c := range clients {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(c), 2))
			for i := range each {
				var want []string
				var b strings.Builder
				b.WriteString("digraph {\n")
				for n := range 3 + r.IntN(4) {
					name := fmt.Sprintf("c%d p%d n%d <é>", c, i, n)
					want = append(want, name)
					fmt.Fprintf(&b, "%q;\n", name)
					if n > 0 {
						fmt.Fprintf(&b, "%q -> %q;\n", want[r.IntN(n)], name)
					}
				}
				b.WriteString("}\n")
				slices.Sort(want)
				picture, err := p.SVG(context.Background(), b.String())
				if err != nil {
					t.Errorf("client %d, picture %d: %v", c, i, err)
					return
				}
				if got := nodeTitles(t, picture); !slices.Equal(got, want) {
					t.Errorf("client %d, picture %d: nodes %q, want %q", c, i, got, want)
					return
				}
			}
		})
	}
	wg.Wait()
	s := p.Stats()
	if s.Renders != clients*each {
		t.Errorf("%d pictures drawn, want %d", s.Renders, clients*each)
	}
	if s.Restarts < clients*each/200-int64(p.options.Workers) {
		t.Errorf("%d workers replaced after %d pictures", s.Restarts, s.Renders)
	}
}

func TestSlowPictureIsKilledWhileOthersGoOn(t *testing.T) {
	p := newPool(t, Options{Workers: 2, Timeout: 3 * time.Second, Renew: 1 << 30})
	until(t, "start", func() bool { return p.Stats().Workers == 2 })
	slow := make(chan error, 1)
	go func() {
		_, err := p.SVG(context.Background(), slowDOT(1))
		slow <- err
	}()
	until(t, "slow picture being drawn", func() bool { return p.Stats().Drawing == 1 })
	others := 0
	for done := false; !done; others++ {
		svg(t, p, fmt.Sprintf("digraph { other%d }", others))
		select {
		case err := <-slow:
			if !errors.Is(err, ErrTooSlow) || !strings.Contains(err.Error(), "fewer nodes or links") {
				t.Errorf("error %v, want ErrTooSlow saying what to do", err)
			}
			done = true
		case <-time.After(5 * time.Millisecond):
		}
	}
	if others < 3 {
		t.Errorf("only %d other pictures while the slow one was drawn", others)
	}
	until(t, "replacement", func() bool { return p.Stats().Workers == 2 && len(children(t)) == 2 })
	if s := p.Stats(); s.TooSlow != 1 || s.Restarts != 1 {
		t.Errorf("stats %+v, want one too slow and one restart", s)
	}
}

func TestKilledWorkerIsReplacedAndItsPictureTriedAgain(t *testing.T) {
	p := newPool(t, Options{Workers: 1, Timeout: 4 * time.Second})
	until(t, "start", func() bool { return p.Stats().Workers == 1 })
	svg(t, p, "digraph { first }")

	t.Run("idle", func(t *testing.T) {
		old := children(t)
		kill(t, old[0])
		until(t, "replacement", func() bool { c := children(t); return len(c) == 1 && c[0] != old[0] })
		svg(t, p, "digraph { second }")
	})
	t.Run("drawing", func(t *testing.T) {
		// Never done, so it is certain to be killed in the middle. Its second try runs into the time limit: that
		// there is one shows in the new process that draws it.
		failed := make(chan error, 1)
		go func() {
			_, err := p.SVG(context.Background(), slowDOT(2))
			failed <- err
		}()
		until(t, "drawing", func() bool { return p.Stats().Drawing == 1 && len(children(t)) == 1 })
		old := children(t)
		restarts := p.Stats().Restarts
		kill(t, old[0])
		until(t, "second try", func() bool { s := p.Stats(); return s.Restarts > restarts && s.Drawing == 1 && s.Workers == 1 })
		if err := <-failed; !errors.Is(err, ErrTooSlow) {
			t.Errorf("second try: %v, want ErrTooSlow", err)
		}
		svg(t, p, "digraph { third }")
	})
	t.Run("twice", func(t *testing.T) {
		failed := make(chan error, 1)
		go func() {
			_, err := p.SVG(context.Background(), slowDOT(3))
			failed <- err
		}()
		for range 2 {
			until(t, "drawing", func() bool { s := p.Stats(); return s.Drawing == 1 && s.Workers == 1 && len(children(t)) == 1 })
			restarts := p.Stats().Restarts
			kill(t, children(t)[0])
			until(t, "end", func() bool { return p.Stats().Restarts > restarts })
		}
		var bad *Error
		if err := <-failed; !errors.As(err, &bad) || !strings.Contains(err.Error(), "killed") {
			t.Errorf("error %v, want *Error saying that it was killed", err)
		}
		svg(t, p, "digraph { fourth }")
	})
}

func TestSameDOTSameBytes(t *testing.T) {
	dot := orgDOT(30, 1)
	one := newPool(t, Options{Workers: 1, CacheBytes: -1})
	want := svg(t, one, dot)
	svg(t, one, "digraph { a -> b -> c }")
	if got := svg(t, one, dot); !bytes.Equal(got, want) {
		t.Error("the same worker draws the same text differently")
	}
	if _, err := one.SVG(context.Background(), "digraph { a -"); err == nil {
		t.Error("no error for broken DOT")
	}
	if got := svg(t, one, dot); !bytes.Equal(got, want) {
		t.Error("another worker draws the same text differently")
	}
}

func TestCache(t *testing.T) {
	p := newPool(t, Options{Workers: 1})
	if _, ok := p.Done(SVG("digraph { a }")); ok {
		t.Error("a picture before any was drawn")
	}
	first := svg(t, p, "digraph { a }")
	second := svg(t, p, "digraph { a }")
	third, ok := p.Done(SVG("digraph { a }"))
	if &first[0] != &second[0] || !ok || &first[0] != &third.Bytes[0] {
		t.Error("the finished picture was not used again")
	}
	if s := p.Stats(); s.Renders != 1 || s.Hits != 2 || s.Pictures != 1 || s.CacheBytes < int64(len(first)) {
		t.Errorf("stats %+v", s)
	}
}

func TestSameDOTIsDrawnOnce(t *testing.T) {
	p := newPool(t, Options{Workers: 2})
	dot := orgDOT(60, 2)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := p.SVG(context.Background(), dot); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if s := p.Stats(); s.Renders != 1 || s.Shared+s.Hits != 19 {
		t.Errorf("stats %+v, want one picture drawn for 20 requests", s)
	}
}

func TestFullQueue(t *testing.T) {
	p := newPool(t, Options{Workers: 1, Queue: 2})
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	ask := func(dot string) {
		wg.Go(func() {
			if _, err := p.SVG(ctx, dot); !errors.Is(err, context.Canceled) {
				t.Errorf("%.30q: error %v, want that of the context", dot, err)
			}
		})
	}
	ask(slowDOT(4))
	until(t, "drawing", func() bool { return p.Stats().Drawing == 1 })
	ask("digraph { a }")
	ask("digraph { b }")
	until(t, "queue", func() bool { return p.Stats().Queued == 2 })
	if _, err := p.SVG(context.Background(), "digraph { c }"); !errors.Is(err, ErrBusy) {
		t.Errorf("error %v, want ErrBusy", err)
	}
	if s := p.Stats(); s.Busy != 1 {
		t.Errorf("stats %+v, want one refusal", s)
	}
	// All waiters go: the queue is free at once, and the picture being drawn is given up soon.
	cancel()
	wg.Wait()
	if s := p.Stats(); s.Queued != 0 {
		t.Errorf("%d pictures are queued that nobody waits for", s.Queued)
	}
	svg(t, p, "digraph { d }")
	if s := p.Stats(); s.TooSlow != 0 || s.Renders != 1 {
		t.Errorf("stats %+v", s)
	}
}

func TestContext(t *testing.T) {
	p := newPool(t, Options{Workers: 1})
	done, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := p.SVG(done, "digraph { a }"); !errors.Is(err, context.Canceled) {
		t.Errorf("context done before: error %v", err)
	}
	late, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	if _, err := p.SVG(late, slowDOT(5)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("context done meanwhile: error %v", err)
	}
	if s := p.Stats(); s.Renders != 0 {
		t.Errorf("stats %+v, want nothing drawn", s)
	}
	// One of two waiters goes, the other one gets the picture.
	p.Close()
	p = newPool(t, Options{Workers: 1})
	dot := orgDOT(60, 3)
	early, cancel := context.WithCancel(context.Background())
	left := make(chan error, 1)
	go func() {
		_, err := p.SVG(early, dot)
		left <- err
	}()
	until(t, "first request", func() bool { s := p.Stats(); return s.Queued+s.Drawing+s.Pictures > 0 })
	cancel()
	svg(t, p, dot)
	<-left
}

func TestCloseWhileBusy(t *testing.T) {
	p := newPool(t, Options{Workers: 2})
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			if _, err := p.SVG(context.Background(), slowDOT(uint64(10+i))); !errors.Is(err, ErrClosed) {
				t.Errorf("error %v, want ErrClosed", err)
			}
		})
	}
	until(t, "drawing", func() bool { s := p.Stats(); return s.Drawing == 2 && s.Queued == 4 })
	p.Close()
	wg.Wait()
	if left := children(t); len(left) > 0 {
		t.Errorf("processes %v are left", left)
	}
	if _, err := p.SVG(context.Background(), "digraph { a }"); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: error %v, want ErrClosed", err)
	}
	if err := p.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	if s := p.Stats(); s.Workers != 0 || s.Drawing != 0 || s.Queued != 0 {
		t.Errorf("stats %+v after Close", s)
	}
}

func TestCloseWhileStarting(t *testing.T) {
	for range 3 {
		newPool(t, Options{Workers: 3}).Close()
	}
}

func TestRenewal(t *testing.T) {
	p := newPool(t, Options{Workers: 1, Renew: 3})
	seen := map[int]bool{}
	for i := range 9 {
		svg(t, p, fmt.Sprintf("digraph { n%d }", i))
		until(t, "worker", func() bool { s := p.Stats(); return s.Workers == 1 && s.Drawing == 0 })
		for _, pid := range children(t) {
			seen[pid] = true
		}
	}
	if s := p.Stats(); s.Restarts != 3 || len(seen) < 3 {
		t.Errorf("%d restarts, processes %v for 9 pictures, want 3 restarts", s.Restarts, seen)
	}
}

func TestRenewalByMemory(t *testing.T) {
	p := newPool(t, Options{Workers: 1, renewBytes: 1})
	for i := range 3 {
		svg(t, p, fmt.Sprintf("digraph { n%d }", i))
	}
	until(t, "last renewal", func() bool { return p.Stats().Restarts == 3 })
	if m := memory(); m < 5<<20 || m > 2<<30 {
		t.Errorf("this process holds %d bytes", m)
	}
}

func TestBadDOT(t *testing.T) {
	p := newPool(t, Options{Workers: 1})
	deep := strings.Repeat("subgraph cluster_a {", 300) + "a" + strings.Repeat("}", 300)
	for i := range 300 {
		deep = strings.Replace(deep, "cluster_a", fmt.Sprint("cluster", i), 1)
	}
	for _, tt := range []struct{ name, dot, says string }{
		{"empty", "", "holds no graph"},
		{"blank", " \n\t", "holds no graph"},
		{"comment", "/* nothing */", "holds no graph"},
		{"open comment", "/* open", "holds no graph"},
		{"syntax", "digraph { a -> }", "syntax error"},
		{"open quote", `digraph { "a }`, "syntax error"},
		{"zero byte", "digraph { a\x00 }", "zero byte"},
		{"no graph", "hello", "syntax error"},
		{"layout", "digraph { layout=nonsense; a }", "not recognized"},
		{"two graphs", "digraph { a } digraph { b }", "more than one graph"},
		{"goes on", "digraph { a }}", "goes on after the end"},
		{"open comment after", "digraph { a } /* open", "after the end"},
		{"lost label", "digraph { a [label=<<B>x&nosuch;</B>>] }", "label of node a"},
		{"lost cluster label", "digraph { subgraph cluster_x { label=<<B>x</I>>; a } }", "label of graph"},
		{"deep nesting", "digraph {" + deep + "}", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := p.SVG(context.Background(), tt.dot)
			var bad *Error
			if !errors.As(err, &bad) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error %v, want *Error with %q", err, tt.says)
			}
			if got := nodeTitles(t, svg(t, p, "digraph { "+"after_"+strings.ReplaceAll(tt.name, " ", "_")+" }")); len(got) != 1 {
				t.Errorf("the next picture has nodes %q", got)
			}
		})
	}
}

func TestGoodDOT(t *testing.T) {
	p := newPool(t, Options{Workers: 1})
	control := regexp.MustCompile(`[\x00-\x08\x0b\x0c\x0e-\x1f]`)
	for _, tt := range []struct {
		name, dot string
		titles    []string
		has       string
	}{
		{"no nodes", "digraph {}", nil, "<svg"},
		{"comments and end of line", "// x\ndigraph { a }\n// end\n/* end */\n", []string{"a"}, ""},
		{"invisible", "digraph { a [style=invis] b [style=\"filled,invis\"] c -> a; }", []string{"c"}, ""},
		{"class", `digraph { a [class="k-team on-chain"] b }`, []string{"a", "b"}, `class="node k&#45;team on&#45;chain"`},
		{"cluster named node", `digraph { subgraph cluster_node { class="node"; a } }`, []string{"a"}, ""},
		{"control characters", "digraph { a [label=\"x\x01y&#2;\" tooltip=\"\x1b\"] b [label=\"&#xFFFE;\uffff\"] }", []string{"a", "b"}, "x\ufffdy\ufffd"},
		{"Latin-1", "digraph { a [label=\"caf\xe9\"] }", []string{"a"}, "café"},
		{"scripts", `digraph { "<script>alert(1)</script>" "日本" "مرحبا" "👩‍👩‍👧" }`,
			[]string{"<script>alert(1)</script>", "مرحبا", "日本", "👩‍👩‍👧"}, ""},
		{"file", `digraph { a [image="/etc/passwd"] }`, []string{"a"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			picture := svg(t, p, tt.dot)
			if got := nodeTitles(t, picture); !slices.Equal(got, tt.titles) {
				t.Errorf("nodes %q, want %q", got, tt.titles)
			}
			if !bytes.Contains(picture, []byte(tt.has)) || control.Match(picture) || bytes.Contains(picture, []byte("root:")) {
				t.Errorf("without %q, or with control characters, or with a file:\n%s", tt.has, picture)
			}
		})
	}
	if s := p.Stats(); s.Failures != 0 || s.Restarts != 0 {
		t.Errorf("stats %+v", s)
	}
}

func TestWorkerThatCannotStart(t *testing.T) {
	for _, tt := range []struct {
		name    string
		command []string
		says    string
	}{
		{"no program", []string{"/nonexistent/program"}, "no such file"},
		{"ends", []string{"/bin/sh", "-c", "echo the reason >&2; exit 3"}, "exit status 3, saying: the reason"},
		{"no worker", []string{"/bin/echo", "hello"}, "not a worker"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPool(t, Options{Command: tt.command})
			for range 2 {
				_, err := p.SVG(context.Background(), "digraph { a }")
				if err == nil || !strings.Contains(err.Error(), tt.says) {
					t.Errorf("error %v, want one with %q", err, tt.says)
				}
			}
		})
	}
}

// A worker whose compiled engine is damaged while the program runs: the damage is dropped and the worker starts.
func TestWorkerWithDamagedEngine(t *testing.T) {
	flag := filepath.Join(t.TempDir(), "failed")
	script := fmt.Sprintf(`test -e %q && exec %q %s; touch %q; exit 2`, flag, os.Args[0], WorkerArg, flag)
	p := newPool(t, Options{Workers: 1, Command: []string{"/bin/sh", "-c", script}})
	svg(t, p, "digraph { a }")
}

func TestPicturesForgetTheOldest(t *testing.T) {
	c := pictures{limit: 3 * (100 + overhead)}
	k := func(i byte) Key { return Key{i} }
	for i := range byte(3) {
		c.put(k(i), File{Bytes: make([]byte, 100)})
	}
	c.get(k(0))
	c.put(k(3), File{Bytes: make([]byte, 100)})
	c.put(k(4), File{Bytes: make([]byte, 1000)}) // larger than all: not kept
	c.put(k(3), File{Bytes: make([]byte, 100)})  // there already
	for i, want := range []bool{true, false, true, true, false} {
		if _, ok := c.get(k(byte(i))); ok != want {
			t.Errorf("picture %d kept: %t, want %t", i, ok, want)
		}
	}
	if c.bytes != c.limit || c.count() != 3 {
		t.Errorf("%d bytes in %d pictures, want %d in 3", c.bytes, c.count(), c.limit)
	}
}

func TestWhole(t *testing.T) {
	for text, want := range map[string]bool{
		"<?xml version=\"1.0\"?>\n<svg>\n</svg>\n": true,
		"<svg></svg>": true,
		"<svg>":       false, "": false, "x<svg></svg>": false, "<svg></svg> x": false,
	} {
		if got := whole("svg", []byte(text)); got != want {
			t.Errorf("whole(%q) = %t", text, got)
		}
	}
}

// orgDOT is a picture like those of a real organisation: units as clusters of about 12 teams, links mostly within and
// to the next unit, styles and tooltips as the diagrams have them.
func orgDOT(nodes int, seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 3))
	var b strings.Builder
	b.WriteString(`digraph org {
graph [rankdir="LR" fontname="Arial" newrank="true" splines="spline" nodesep="0.16" ranksep="0.4"]
node [fontname="Arial" fontsize="11" shape="box" style="rounded,filled" fillcolor="#FFFFFF" color="#4A5668"]
edge [fontname="Arial" fontsize="9" color="#66758A" arrowsize="0.65"]
`)
	const unit = 12
	for first := 0; first < nodes; first += unit {
		fmt.Fprintf(&b, "subgraph \"cluster_u%d\" {\nlabel=\"Unit %d\" id=\"u-%d\" style=\"rounded\"\n", first, first, first)
		for n := first; n < min(first+unit, nodes); n++ {
			fmt.Fprintf(&b, "\"team-%d\" [id=\"n-%d\" label=\"Team number %d\" tooltip=\"Team number %d\" class=\"k-team\" URL=\"/node/team-%d\"]\n", n, n, n, n, n)
		}
		b.WriteString("}\n")
	}
	for i := range nodes * 3 / 2 {
		to := i % nodes
		from := to/unit*unit + r.IntN(unit)
		if r.IntN(10) < 3 {
			from = r.IntN(nodes)
		}
		if from = min(from, nodes-1); from != to {
			fmt.Fprintf(&b, "\"team-%d\" -> \"team-%d\" [id=\"e-%d\" tooltip=\"Service %d\"]\n", from, to, i, i)
		}
	}
	b.WriteString("}\n")
	return b.String()
}

// BenchmarkPicture draws a picture of 60 nodes in a warm worker, after the same text drawn by the native program, and
// reports how many times as long it takes.
func BenchmarkPicture(b *testing.B) {
	p := newPool(b, Options{Workers: 1, CacheBytes: -1})
	dot := orgDOT(60, 1)
	svg(b, p, dot)
	native := func() {
		cmd := exec.Command("dot", "-Tsvg")
		cmd.Stdin = strings.NewReader(dot)
		if out, err := cmd.Output(); err != nil || !whole("svg", out) {
			b.Fatalf("native dot: %v", err)
		}
	}
	native()
	var ours, theirs time.Duration
	b.ResetTimer()
	for b.Loop() {
		start := time.Now()
		svg(b, p, dot)
		ours += time.Since(start)
		start = time.Now()
		native()
		theirs += time.Since(start)
	}
	b.ReportMetric(ours.Seconds()/theirs.Seconds(), "times-native")
	b.ReportMetric(float64(ours.Microseconds())/1000/float64(b.N), "ms/picture")
	b.ReportMetric(float64(theirs.Microseconds())/1000/float64(b.N), "ms/native")
}

// BenchmarkCachedPicture asks for a picture of 60 nodes that is kept.
func BenchmarkCachedPicture(b *testing.B) {
	p := newPool(b, Options{Workers: 1})
	dot := orgDOT(60, 1)
	svg(b, p, dot)
	for b.Loop() {
		svg(b, p, dot)
	}
}
