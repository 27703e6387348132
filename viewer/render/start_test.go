package render

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/whoserves/viewer/render/privatetmp"
)

// buildProgram builds testdata/program, without -race: each of its starts with an empty cache would take many seconds.
func buildProgram(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program")
	if out, err := exec.Command("go", "build", "-o", path, "./testdata/program").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}

// surroundings are the folders and variables a program is started in.
type surroundings struct {
	home, shared string   // its home and the temporary folder of all users
	env          []string // its environment
}

func newSurroundings(t testing.TB) *surroundings {
	t.Helper()
	root := t.TempDir()
	s := &surroundings{home: filepath.Join(root, "home"), shared: filepath.Join(root, "tmp")}
	must(t, os.Mkdir(s.home, 0o755), os.Mkdir(s.shared, 0o700), os.Chmod(s.shared, 0o777|os.ModeSticky))
	s.env = []string{"HOME=" + s.home, "TMPDIR=" + s.shared, "PATH=/usr/bin:/bin"}
	return s
}

// private is the folder that a program in these surroundings should choose.
func (s *surroundings) private() string { return filepath.Join(s.home, ".cache/whoserves/graphviz") }

// fallback is its second choice.
func (s *surroundings) fallback() string {
	return filepath.Join(s.shared, fmt.Sprintf("whoserves-%d/graphviz", os.Geteuid()))
}

func must(t testing.TB, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// start runs the program, which must succeed, and returns what it printed.
func (s *surroundings) start(t testing.TB, program string, args ...string) string {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = s.env
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %q: %v\n%.2000s", program, args, err, &stderr)
	}
	return string(out)
}

// starts runs the program twice, to start and to draw, and checks which private folder it chose, "" for none, and that
// its own temporary folder is the user's.
func (s *surroundings) starts(t *testing.T, program, private string) {
	t.Helper()
	out := s.start(t, program) + s.start(t, program, "draw")
	if want := fmt.Sprintf("private %q\n", private); strings.Count(out, want) != 2 {
		t.Errorf("printed\n%swant %s", out, want)
	}
	if want := fmt.Sprintf("tmpdir %q true\noriginal %q true\n", s.shared, s.shared); strings.Count(out, want) != 2 {
		t.Errorf("printed\n%swant %s", out, want)
	}
	if !strings.Contains(out, "bytes ") {
		t.Errorf("printed\n%s: no picture", out)
	}
}

// compiled returns the one compiled engine below dir.
func compiled(t testing.TB, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "go-graphviz/wazero-*/*"))
	must(t, err)
	var found []string
	for _, f := range files {
		if len(filepath.Base(f)) == 64 {
			found = append(found, f)
		}
	}
	if len(found) != 1 {
		t.Fatalf("compiled engines %q in %s, want one", found, dir)
	}
	return found[0]
}

// damage is something wrong with a compiled engine.
type damage struct {
	name string
	do   func(t *testing.T, path string, engine []byte)
}

func damages() []damage {
	write := func(t *testing.T, path string, b []byte) { t.Helper(); must(t, os.WriteFile(path, b, 0o600)) }
	change := func(at func(n int) int) func(*testing.T, string, []byte) {
		return func(t *testing.T, path string, engine []byte) {
			b := bytes.Clone(engine)
			b[at(len(b))] ^= 0x55
			write(t, path, b)
		}
	}
	all := []damage{
		{"truncated", func(t *testing.T, path string, b []byte) { write(t, path, b[:len(b)/2]) }},
		{"empty", func(t *testing.T, path string, b []byte) { write(t, path, nil) }},
		{"first byte", change(func(int) int { return 0 })},
		{"a function's address", change(func(int) int { return 40 })},
		{"code", change(func(n int) int { return n / 2 })},
		{"last byte", change(func(n int) int { return n - 1 })},
		{"a folder", func(t *testing.T, path string, b []byte) { must(t, os.RemoveAll(path), os.Mkdir(path, 0o755)) }},
		{"unreadable", func(t *testing.T, path string, b []byte) { write(t, path, nil); must(t, os.Chmod(path, 0)) }},
		{"a link", func(t *testing.T, path string, b []byte) {
			must(t, os.RemoveAll(path), os.WriteFile(path+"x", b[:100], 0o666), os.Symlink(path+"x", path))
		}},
		{"writable by all", func(t *testing.T, path string, b []byte) {
			write(t, path, b[:len(b)/2])
			must(t, os.Chmod(path, 0o666), os.Chmod(filepath.Dir(path), 0o777), os.Chmod(filepath.Dir(filepath.Dir(path)), 0o777))
		}},
	}
	if os.Geteuid() == 0 { // only root can give files away
		all = append(all, damage{"another user's", func(t *testing.T, path string, b []byte) {
			write(t, path, b[:len(b)/2])
			const nobody = 65534
			must(t, os.Chown(path, nobody, nobody), os.Chown(filepath.Dir(path), nobody, nobody))
		}})
	}
	return all
}

// A program that links this package starts and draws, whatever lies in the folders where a compiled engine may be.
func TestStartWithDamagedEngine(t *testing.T) {
	program := buildProgram(t)
	first := newSurroundings(t)
	first.starts(t, program, first.private())
	path := compiled(t, first.private())
	engine, err := os.ReadFile(path)
	must(t, err)
	inside, err := filepath.Rel(first.private(), path)
	must(t, err)
	for _, d := range damages() {
		t.Run("shared/"+d.name, func(t *testing.T) {
			s := newSurroundings(t)
			bad := filepath.Join(s.shared, inside)
			must(t, os.MkdirAll(filepath.Dir(bad), 0o755))
			d.do(t, bad, engine)
			before, err := os.Lstat(bad)
			must(t, err)
			s.starts(t, program, s.private())
			if after, err := os.Lstat(bad); err != nil || !os.SameFile(before, after) || !after.ModTime().Equal(before.ModTime()) {
				t.Errorf("what is in the shared folder was touched: %v", err)
			}
		})
		t.Run("private/"+d.name, func(t *testing.T) {
			s := newSurroundings(t)
			s.start(t, program)
			d.do(t, compiled(t, s.private()), engine)
			s.starts(t, program, s.private())
			if now, err := os.ReadFile(compiled(t, s.private())); err != nil || !bytes.Equal(now, engine) {
				t.Errorf("the engine was not compiled anew: %v", err)
			}
			if info, err := os.Stat(s.private()); err != nil || info.Mode().Perm() != 0o700 {
				t.Errorf("the private folder has mode %v, error %v", info.Mode(), err)
			}
		})
	}
}

// What a start leaves is used by the next.
func TestStartUsesTheStoredEngine(t *testing.T) {
	program := buildProgram(t)
	s := newSurroundings(t)
	s.starts(t, program, s.private())
	path := compiled(t, s.private())
	before, err := os.Stat(path)
	must(t, err)
	s.starts(t, program, s.private())
	after, err := os.Stat(path)
	must(t, err)
	if !os.SameFile(before, after) {
		t.Error("the engine was compiled again")
	}
	if left, _ := filepath.Glob(s.private() + "/*"); len(left) != 1 {
		t.Errorf("the private folder holds %q", left)
	}
}

// A program finds a private folder in unusual surroundings, or does without.
// TestStartWhileAnotherDrops starts programs while another one, whose worker would not start, drops the compiled engine again and
// again: none may find its folder gone.
func TestStartWhileAnotherDrops(t *testing.T) {
	program, s := buildProgram(t), newSurroundings(t)
	s.start(t, program)
	stop, dropped := make(chan struct{}), make(chan int)
	go func() {
		n := 0
		for {
			select {
			case <-stop:
				dropped <- n
				return
			case <-time.After(5 * time.Millisecond):
				if err := privatetmp.Drop(s.private()); err != nil {
					t.Error(err)
				}
				n++
			}
		}
	}()
	for range 3 {
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				cmd := exec.Command(program)
				cmd.Env = s.env
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%v\n%.1000s", err, out)
				}
			})
		}
		all.Wait()
	}
	close(stop)
	if n := <-dropped; n < 10 {
		t.Errorf("dropped only %d times", n)
	}
}

func TestStartAnywhere(t *testing.T) {
	program := buildProgram(t)
	for _, tt := range []struct {
		name    string
		arrange func(t *testing.T, s *surroundings) (private string)
	}{
		{"no home", func(t *testing.T, s *surroundings) string {
			s.env = []string{"TMPDIR=" + s.shared}
			return s.fallback()
		}},
		{"home does not exist", func(t *testing.T, s *surroundings) string {
			s.env = []string{"HOME=" + s.home + "/none", "TMPDIR=" + s.shared}
			return s.fallback()
		}},
		{"home is a file", func(t *testing.T, s *surroundings) string {
			must(t, os.WriteFile(s.home+"/file", nil, 0o600))
			s.env = []string{"HOME=" + s.home + "/file", "TMPDIR=" + s.shared}
			return s.fallback()
		}},
		{"home cannot be written", func(t *testing.T, s *surroundings) string {
			// A link to nowhere stands where the folder should be: that stops even root.
			must(t, os.Symlink(s.home+"/none", s.home+"/.cache"))
			return s.fallback()
		}},
		{"home is a link", func(t *testing.T, s *surroundings) string {
			must(t, os.Symlink(s.home, s.shared+"/link"))
			s.env = []string{"HOME=" + s.shared + "/link", "TMPDIR=" + s.shared}
			return s.private()
		}},
		{"home open to all", func(t *testing.T, s *surroundings) string {
			must(t, os.Chmod(s.home, 0o777))
			return s.fallback()
		}},
		{"folder is a link", func(t *testing.T, s *surroundings) string {
			must(t, os.Mkdir(s.home+"/.cache", 0o700), os.Mkdir(s.home+"/elsewhere", 0o777), os.Symlink(s.home+"/elsewhere", s.home+"/.cache/whoserves"))
			return s.fallback()
		}},
		{"both folders are links", func(t *testing.T, s *surroundings) string {
			must(t, os.Mkdir(s.home+"/.cache", 0o700), os.Symlink(s.home, s.home+"/.cache/whoserves"),
				os.Symlink(s.home, filepath.Dir(s.fallback())))
			return ""
		}},
		{"folder open to all", func(t *testing.T, s *surroundings) string {
			must(t, os.MkdirAll(s.private()+"/go-graphviz/wazero-v1.12.0-amd64-linux", 0o755), os.Chmod(s.private(), 0o777))
			return s.private()
		}},
		{"named folder", func(t *testing.T, s *surroundings) string {
			s.env = append(s.env, "WHOSERVES_CACHE="+s.home+"/mine")
			return s.home + "/mine/graphviz"
		}},
		{"named folder open to all", func(t *testing.T, s *surroundings) string {
			must(t, os.Mkdir(s.home+"/mine", 0o700), os.Chmod(s.home+"/mine", 0o777))
			s.env = append(s.env, "WHOSERVES_CACHE="+s.home+"/mine")
			return s.private()
		}},
		{"no room", func(t *testing.T, s *surroundings) string {
			// The limit on file sizes stands for the full disk.
			must(t, os.WriteFile(s.home+"/limited", fmt.Appendf(nil, "#!/bin/sh\nulimit -f 2000\nexec %q \"$@\"\n", program), 0o755))
			return ""
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSurroundings(t)
			private := tt.arrange(t, s)
			run := program
			if _, err := os.Stat(s.home + "/limited"); err == nil {
				run = s.home + "/limited"
			}
			s.starts(t, run, private)
			if left, _ := filepath.Glob(s.shared + "/whoserves-*"); len(left) > 1 {
				t.Errorf("temporary folders %q are left", left)
			}
		})
	}
}

// The private folder must be set before the layout engine starts, and the user's put back after it.
func TestOrderOfInitialisation(t *testing.T) {
	program := buildProgram(t)
	s := newSurroundings(t)
	cmd := exec.Command(program)
	cmd.Env = append(s.env, "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	at := -1
	for _, pkg := range []string{
		"example.com/whoserves/viewer/render/privatetmp",
		"github.com/goccy/go-graphviz/internal/wasm",
		"example.com/whoserves/viewer/render",
	} {
		next := bytes.Index(out, []byte("init "+pkg+" "))
		if next <= at {
			t.Errorf("%s is initialised out of order:\n%s", pkg, out)
		}
		at = next
	}
}

// privatetmp is initialised first only if the layout engine waits for all that it imports itself.
func TestImportsOfPrivatetmp(t *testing.T) {
	deps := func(pkg string) map[string]bool {
		out, err := exec.Command("go", "list", "-deps", pkg).Output()
		must(t, err)
		set := map[string]bool{}
		for _, p := range strings.Fields(string(out)) {
			set[p] = true
		}
		return set
	}
	engine := deps("github.com/tetratelabs/wazero")
	for p := range deps("example.com/whoserves/viewer/render/privatetmp") {
		if !engine[p] && !strings.HasPrefix(p, "example.com/") {
			t.Errorf("privatetmp imports %s (on %s), for which the layout engine does not wait", p, runtime.GOOS)
		}
	}
}

// When the program is killed its workers end, even in the middle of a picture.
func TestWorkersEndWithTheProgram(t *testing.T) {
	cmd := exec.Command(buildProgram(t), "wait", slowDOT(6))
	out, err := cmd.StdoutPipe()
	must(t, err, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || line != "ready <nil>\n" {
		t.Errorf("printed %q, %v", line, err)
	}
	var workers []int
	until(t, "both workers", func() bool {
		workers = childrenOf(t, cmd.Process.Pid)
		return len(workers) == 2
	})
	must(t, cmd.Process.Kill())
	cmd.Wait()
	for _, pid := range workers {
		until(t, "end of a worker", func() bool {
			stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
			return err != nil || bytes.Contains(stat, []byte(") Z ")) // gone, or waiting to be reaped
		})
	}
}

// BenchmarkStart starts a minimal program that links this package, with a stored engine.
func BenchmarkStart(b *testing.B) {
	program := buildProgram(b)
	s := newSurroundings(b)
	s.start(b, program)
	for b.Loop() {
		s.start(b, program)
	}
}
