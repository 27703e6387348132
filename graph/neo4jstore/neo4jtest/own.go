package neo4jtest

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Options say how a server of one's own differs from the usual.
type Options struct {
	Heap string   // memory of the server: 512m when blank
	Conf []string // more lines for neo4j.conf
	// Files are put into its home folder before it starts, by their path there: certificates, for example.
	Files map[string][]byte
}

// Own is a server that belongs to one test, which may stop, kill and start it again. Its port and its data stay the same.
type Own struct {
	Address
	Home string // its folder: data, conf, logs

	script  string
	options Options
}

// Start starts a server for one test, which takes 5 to 10 seconds; it is gone at the end of the test. The address
// speaks plain Bolt: a test that configures TLS changes the scheme of URI.
func Start(t testing.TB, o Options) *Own {
	t.Helper()
	s := &Own{Address: Address{User: "neo4j", Password: "password-of-tests"}, Home: filepath.Join(t.TempDir(), "neo4j"), script: script(t), options: o}
	jars, err := exec.Command(s.script, "jars").Output()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(strings.TrimSpace(string(jars))); err != nil {
		skip(t)
	}
	for name, content := range o.Files {
		path := filepath.Join(s.Home, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { s.Kill(t) })
	s.start(t, 0)
	return s
}

// script finds .ci/neo4j from the folder of the test.
func script(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return filepath.Join(folder, ".ci", "neo4j")
		}
		if folder == filepath.Dir(folder) {
			t.Fatal("no go.mod above the test's folder")
		}
		folder = filepath.Dir(folder)
	}
}

func (s *Own) start(t testing.TB, port int) {
	t.Helper()
	heap := s.options.Heap
	if heap == "" {
		heap = "512m"
	}
	args := []string{"start", "--home", s.Home, "--port", strconv.Itoa(port), "--heap", heap, "--while", strconv.Itoa(os.Getpid())}
	for _, line := range s.options.Conf {
		args = append(args, "--conf", line)
	}
	out := s.run(t, args...)
	uri := between(out, URIVariable+"=", "\n")
	if uri == "" {
		t.Fatalf(".ci/neo4j start printed no address:\n%s", out)
	}
	s.URI = uri
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

func (s *Own) run(t testing.TB, args ...string) string {
	t.Helper()
	cmd := exec.Command(s.script, args...)
	cmd.Env = append(os.Environ(), PasswordVariable+"="+s.Password)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf(".ci/neo4j %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return stdout.String()
}

// Stop ends the server as an administrator would.
func (s *Own) Stop(t testing.TB) {
	t.Helper()
	s.run(t, "stop", "--home", s.Home)
}

// Kill ends the server at once, as a power cut would.
func (s *Own) Kill(t testing.TB) {
	t.Helper()
	s.run(t, "kill", "--home", s.Home)
}

// Restart starts the server again after Stop or Kill, on the same port with the same data.
func (s *Own) Restart(t testing.TB) {
	t.Helper()
	port, err := strconv.Atoi(s.URI[strings.LastIndex(s.URI, ":")+1:])
	if err != nil {
		t.Fatal(err)
	}
	s.start(t, port)
}

// Configure changes the lines of neo4j.conf for the next Restart.
func (s *Own) Configure(lines ...string) { s.options.Conf = lines }
