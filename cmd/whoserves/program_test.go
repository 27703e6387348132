package main

import (
	"bufio"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// program builds the program once and gives its path.
var program = sync.OnceValues(func() (string, error) {
	var err error
	if built, err = os.MkdirTemp("", "whoserves-test-"); err != nil {
		return "", err
	}
	path := filepath.Join(built, "whoserves")
	cmd := exec.Command("go", "build", "-o", path, ".")
	cmd.Stderr = os.Stderr
	return path, cmd.Run()
})

// built is the folder that program makes; TestMain removes it.
var built string

// place is where the program is started: a home and a temporary folder of its own.
type place struct {
	program, home, tmp string
}

func newPlace(t testing.TB) *place {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	p := &place{path, filepath.Join(dir, "home"), filepath.Join(dir, "tmp")}
	for _, d := range []string{p.home, p.tmp} {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func (p *place) command(args ...string) *exec.Cmd {
	cmd := exec.Command(p.program, args...)
	cmd.Env = []string{"HOME=" + p.home, "TMPDIR=" + p.tmp, "PATH=" + os.Getenv("PATH")}
	return cmd
}

// works checks that the program starts and draws.
func (p *place) works(t *testing.T) {
	t.Helper()
	if out, err := p.command("version").CombinedOutput(); err != nil || !strings.HasPrefix(string(out), "whoserves ") {
		t.Errorf("version: %v, %.500s", err, out)
	}
	links := filepath.Join(p.home, "links.csv")
	if err := os.WriteFile(links, []byte("provider,consumer\nA,B\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	out, err := p.command("draw", "--from", links, "-o", "-").Output()
	if err != nil || !strings.Contains(string(out), "</svg>") {
		t.Errorf("draw: %v, %.500s", err, out)
	}
}

// A damaged or foreign layout engine in the temporary folder, or in the program's own, does not stop the program.
func TestStartsWithADamagedEngine(t *testing.T) {
	p := newPlace(t)
	p.works(t)
	files := engineFiles(t, p.home)
	for name, damage := range map[string]func(path string, whole []byte) error{
		"truncated": func(path string, whole []byte) error { return os.WriteFile(path, whole[:len(whole)/2], 0o666) },
		"empty":     func(path string, _ []byte) error { return os.WriteFile(path, nil, 0o666) },
		"foreign":   func(path string, whole []byte) error { return os.WriteFile(path, make([]byte, len(whole)), 0o666) },
	} {
		t.Run(name, func(t *testing.T) {
			for path, whole := range files {
				_, below, _ := strings.Cut(path, "go-graphviz")
				shared := filepath.Join(p.tmp, "go-graphviz"+below)
				if err := os.MkdirAll(filepath.Dir(shared), 0o777); err != nil {
					t.Fatal(err)
				}
				for _, at := range []string{shared, path} {
					if err := damage(at, whole); err != nil {
						t.Fatal(err)
					}
				}
			}
			p.works(t)
		})
	}
}

// engineFiles reads the compiled layout engine that the program left below a folder.
func engineFiles(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.Contains(path, "go-graphviz") {
			return err
		}
		b, err := os.ReadFile(path)
		if len(b) > 0 {
			files[path] = b
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("no layout engine below %s: %v", dir, err)
	}
	return files
}

// SIGTERM and SIGINT end serving in good order.
func TestSignals(t *testing.T) {
	p := newPlace(t)
	for _, sig := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		cmd := p.command("demo", "--listen", "127.0.0.1:0")
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.HasPrefix(line, "http://127.0.0.1:") {
			t.Errorf("address %q, %v", line, err)
		}
		if err := cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v: %v", sig, err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(p.tmp, "*demo*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// BenchmarkVersion is the time that the program takes to start, with its layout engine compiled before.
func BenchmarkVersion(b *testing.B) {
	p := newPlace(b)
	if err := p.command("version").Run(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := p.command("version").Run(); err != nil {
			b.Fatal(err)
		}
	}
}
