package sqlitestore

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/storetest"
)

// TestKilled kills imports with kill -9 when the write-ahead log passes a random size, until 20 died inside their
// transaction. The store then holds the version before or the one after, sound and whole, and takes the next import.
func TestKilled(t *testing.T) {
	const links, wanted = 2000, 20
	path := filepath.Join(t.TempDir(), "store.db")
	st := openStore(t, path)
	commit(t, st, someLinks("s", links, 0))
	st.Close()
	version, stated, size := int64(1), 0, int64(0)
	for size < 100<<10 { // whole ones, to learn how large the log grows: on a busy machine one may pass unseen
		if version > 20 {
			t.Fatalf("a log of %d bytes: too few writes to be killed in", size)
		}
		stated++
		version++
		size, _, _ = importUntil(t, path, links, stated, 1<<40)
	}
	random := rand.New(rand.NewPCG(1, 1))
	inside := 0
	for attempt := stated + 1; inside < wanted; attempt++ {
		if attempt > 10*wanted {
			t.Fatalf("only %d of %d imports died inside their transaction", inside, attempt)
		}
		_, killed, said := importUntil(t, path, links, attempt, random.Int64N(size*9/10))
		st := openStore(t, path, Check())
		o := must[*graph.Org](t)(st.Load(t.Context()))
		switch {
		case o.Version == version && killed:
			inside++
		case o.Version == version+1:
			version, stated = o.Version, attempt
		default:
			t.Fatalf("attempt %d: version %d after version %d; the import said %q", attempt, o.Version, version, said)
		}
		want := someLinks("s", links, stated)
		want.Rank = 1
		if d := storetest.DiffOrgs(&graph.Org{Name: o.Name, Version: version, Sources: []*graph.Source{want}}, o); d != "" {
			t.Fatalf("attempt %d: version %d is not whole (-want +got):\n%.2000s", attempt, version, d)
		}
		if history := must[[]graph.VersionRecord](t)(st.History(t.Context())); int64(len(history)) != version {
			t.Fatalf("attempt %d: %d versions in the history, want %d", attempt, len(history), version)
		}
		st.Close()
	}
	st = openStore(t, path)
	if v := commit(t, st, someLinks("s", links, 1_000_000)); v != version+1 {
		t.Errorf("the next import made version %d, want %d", v, version+1)
	}
	st.Close()
	checkFile(t, path)
}

// importUntil imports in another process and kills it once the log is larger than limit. It gives the largest size seen.
func importUntil(t *testing.T, path string, links, seed int, limit int64) (size int64, killed bool, said string) {
	t.Helper()
	cmd, stdout, stderr := child("import", path, "s", strconv.Itoa(links), strconv.Itoa(seed), "1")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for {
		select {
		case err := <-done:
			if err != nil && !killed {
				t.Fatal(err, stderr)
			}
			return size, killed && stdout.Len() == 0, stdout.String() + stderr.String()
		default:
		}
		if info, err := os.Stat(path + "-wal"); err == nil {
			size = max(size, info.Size())
			if info.Size() > limit && !killed {
				killed = cmd.Process.Kill() == nil
			}
		}
		time.Sleep(50 * time.Microsecond)
	}
}

// TestProcesses lets several processes import at once, each its own source: nothing is lost.
func TestProcesses(t *testing.T) {
	const processes, imports, links = 3, 4, 200
	path := filepath.Join(t.TempDir(), "store.db") // the first one makes it
	var all sync.WaitGroup
	for i := range processes {
		all.Go(func() {
			cmd, stdout, stderr := child("import", path, fmt.Sprintf("source %d", i), strconv.Itoa(links), "1", strconv.Itoa(imports))
			if err := cmd.Run(); err != nil || stdout.String() != "done" {
				t.Errorf("process %d: %v, %s%s", i, err, stdout, stderr)
			}
		})
	}
	all.Wait()
	o := must[*graph.Org](t)(openStore(t, path).Load(t.Context()))
	if o.Version != processes*imports || len(o.Sources) != processes {
		t.Fatalf("version %d with %d sources, want %d and %d", o.Version, len(o.Sources), processes*imports, processes)
	}
	for _, s := range o.Sources {
		want := someLinks(s.Name, links, imports)
		want.Rank = s.Rank
		if d := storetest.DiffOrgs(&graph.Org{Sources: []*graph.Source{want}}, &graph.Org{Sources: []*graph.Source{s}}); d != "" {
			t.Errorf("%s (-want +got):\n%s", s.Name, d)
		}
	}
}

// TestDenied opens files and folders without the right to write or read them, as a user to whom rights apply.
func TestDenied(t *testing.T) {
	folder := t.TempDir()
	if err := os.Chmod(filepath.Dir(folder), 0o755); err != nil { // another user has to get in
		t.Fatal(err)
	}
	program := copyOfProgram(t, folder)
	for i, c := range []struct {
		folder, file os.FileMode
		open, read   string // what the error says; "" when it works
	}{
		{0o555, 0, "folder", "no such store"},
		{0o777, 0, "", ""},
		{0o777, 0o444, "may not be written", ""},
		{0o555, 0o444, "may", ""},
		{0o777, 0o000, "cannot be opened", "cannot be opened"},
	} {
		dir := filepath.Join(folder, strconv.Itoa(i))
		path := filepath.Join(dir, "store.db")
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if c.file != 0 || c.folder == 0o777 && c.open != "" {
			st := openStore(t, path)
			commit(t, st, someLinks("s", 10, 1))
			st.Close()
			if err := os.Chmod(path, c.file); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chmod(dir, c.folder); err != nil {
			t.Fatal(err)
		}
		for _, job := range []struct{ how, says string }{{"open", c.open}, {"read", c.read}} {
			cmd, stdout, stderr := child("denied", job.how, path)
			cmd.Path, cmd.Dir = program, folder
			asNobody(cmd)
			err := cmd.Run()
			said := stdout.String() + stderr.String()
			if (err == nil) != (job.says == "") || !strings.Contains(said, job.says) || err != nil && !strings.Contains(said, path) {
				t.Errorf("folder %o, file %o, %s: %v, %q, want %q", c.folder, c.file, job.how, err, said, job.says)
			}
		}
		if err := os.Chmod(dir, 0o755); err != nil { // so that it can be removed
			t.Fatal(err)
		}
	}
}

// childDenied opens a store and loads it: open|read PATH.
func childDenied(args []string) (string, error) {
	open := Open
	if args[0] == "read" {
		open = OpenReadOnly
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	st, err := open(ctx, args[1], graph.DefaultOrg)
	if err != nil {
		return "", err
	}
	_, err = st.Load(ctx)
	return "done", errors.Join(err, st.Close())
}

// copyOfProgram puts the test program where every user may start it.
func copyOfProgram(t *testing.T, folder string) string {
	t.Helper()
	from := must[*os.File](t)(os.Open(must[string](t)(os.Executable())))
	defer from.Close()
	path := filepath.Join(folder, "program")
	to := must[*os.File](t)(os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o755))
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestCheckpointCutShort opens a file whose writer was killed while it moved the log into the file: the first page, which tells
// the new size, has arrived, the other pages have not. Only together with its log the file is whole.
func TestCheckpointCutShort(t *testing.T) {
	folder := t.TempDir()
	path, cut := filepath.Join(folder, "store.db"), filepath.Join(folder, "cut.db")
	st := openStore(t, path)
	commit(t, st, someLinks("s", 10, 0))
	st.Close()
	st = openStore(t, path)
	commit(t, st, someLinks("s", 2000, 1))
	file := must[[]byte](t)(os.ReadFile(path))
	log := must[[]byte](t)(os.ReadFile(path + "-wal")) // a header of 32 bytes, then pages with headers of 24
	st.Close()
	pageSize := int(binary.BigEndian.Uint16(file[16:]))
	moved := false
	for at := 32; at+24+pageSize <= len(log); at += 24 + pageSize {
		if binary.BigEndian.Uint32(log[at:]) == 1 {
			moved = copy(file, log[at+24:at+24+pageSize]) > 0
		}
	}
	if size := int(binary.BigEndian.Uint32(file[28:])); !moved || size*pageSize <= len(file) {
		t.Fatalf("the first page tells of %d pages, the file has %d bytes", size, len(file))
	}
	if err := errors.Join(os.WriteFile(cut, file, 0o600), os.WriteFile(cut+"-wal", log, 0o600)); err != nil {
		t.Fatal(err)
	}
	st = openStore(t, cut, Check())
	defer st.Close()
	if o := must[*graph.Org](t)(st.Load(t.Context())); o.Version != 2 || len(o.Sources[0].Links) != 2000 {
		t.Errorf("version %d with %d links", o.Version, len(o.Sources[0].Links))
	}
}
