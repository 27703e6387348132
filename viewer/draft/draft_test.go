package draft

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/whoserves/importer"
)

func shelf(t *testing.T) *Shelf {
	t.Helper()
	return NewShelf(filepath.Join(t.TempDir(), "drafts", "a"))
}

func add(t *testing.T, s *Shelf, id, name, content string) *Draft {
	t.Helper()
	d, err := s.Add(id, name, strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestDraftsStay holds that another shelf of the same folder, as after a new start, gives the same draft.
func TestDraftsStay(t *testing.T) {
	t.Parallel()
	s := shelf(t)
	d, err := s.New("Kari")
	if err != nil {
		t.Fatal(err)
	}
	add(t, s, d.ID, "links-2026-11.csv", "provider,consumer\nA,B\n")
	if _, err := s.Change(d.ID, func(d *Draft) error {
		d.Mappings = map[string]*importer.Mapping{"links": {Direction: importer.ConsumerFirst}}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(s.folder(d.ID))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder is open to others: %v %v", info.Mode(), err)
	}
	again, err := NewShelf(s.dir).Get(d.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(again.Files) != 1 || again.Files[0].Source != "links" || again.Files[0].Size != 22 || again.By != "Kari" || again.Mappings["links"].Direction != importer.ConsumerFirst {
		t.Errorf("%+v", again)
	}
	f := s.Read(again)[0]
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if text, err := io.ReadAll(r); err != nil || string(text) != "provider,consumer\nA,B\n" || f.Name != "links-2026-11.csv" || f.Source != "links" {
		t.Errorf("%q %v %+v", text, err, f)
	}
	if err := s.Remove(d.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(d.ID); !errors.Is(err, ErrGone) {
		t.Errorf("thrown away: %v", err)
	}
	if _, err := s.Change(d.ID, func(*Draft) error { return nil }); !errors.Is(err, ErrGone) {
		t.Errorf("changed when thrown away: %v", err)
	}
	if all, err := s.List(); err != nil || len(all) != 0 {
		t.Errorf("%v %v", all, err)
	}
}

// TestOldDraftsGo holds that a draft nobody worked on for a week is gone, with its files.
func TestOldDraftsGo(t *testing.T) {
	t.Parallel()
	s := shelf(t)
	old, _ := s.New("A")
	add(t, s, old.ID, "a.csv", "x")
	s.now = func() time.Time { return time.Now().Add(KeptFor + time.Hour) }
	fresh, err := s.New("B")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(old.ID); !errors.Is(err, ErrGone) {
		t.Errorf("an old draft: %v", err)
	}
	if all, err := s.List(); err != nil || len(all) != 1 || all[0].ID != fresh.ID {
		t.Errorf("%v %v", all, err)
	}
	if _, err := os.Stat(s.folder(old.ID)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("its folder: %v", err)
	}
}

// TestHostileNames holds that no name of a file or a draft leads out of its folder.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	s := shelf(t)
	for _, id := range []string{"", ".", "..", "../a", strings.Repeat("A", 26), strings.Repeat("a", 25) + "/", strings.Repeat("a", 26)} {
		if _, err := s.Get(id); !errors.Is(err, ErrGone) {
			t.Errorf("%q: %v", id, err)
		}
		if err := s.Remove(id); err != nil {
			t.Errorf("%q: %v", id, err)
		}
	}
	if _, err := os.Stat(s.dir); err == nil {
		t.Error("the folder was made for nothing")
	}
	for name, want := range map[string]string{
		"../../etc/passwd": "passwd", `C:\Users\kari\orgs.xlsx`: "orgs.xlsx", "": "file", "/": "file", "..": "file", ".csv": "csv", "a\x00b\u202e.csv": "ab.csv", "\xff.csv": "\uFFFD.csv",
		strings.Repeat("ü", 300) + ".xlsx": strings.Repeat("ü", 97) + ".xlsx",
		strings.Repeat("a", 10<<20):        strings.Repeat("a", 200), "a." + strings.Repeat("b", 300): "a." + strings.Repeat("b", 198),
	} {
		if got := CleanName(name); got != want {
			t.Errorf("%q becomes %q, not %q", name, got, want)
		}
	}
	d, _ := s.New("A")
	for name, source := range map[string]string{"edits.csv": "file edits", "neo4j.xlsx": "file neo4j", "2026.csv": "2026"} {
		d = add(t, s, d.ID, name, "x")
		for _, f := range d.Files {
			if f.Name == name && f.Source != source {
				t.Errorf("%s is the source %q", name, f.Source)
			}
		}
	}
	for _, name := range []string{"", " ", "a/b", `a\b`, ".a", "edits", "neo4j", "a\x00", strings.Repeat("a", 300)} {
		if CheckSource(name) == nil {
			t.Errorf("a source can be called %q", name)
		}
	}
}

// endless gives bytes without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// TestBounds holds that what is too large or too many is refused and leaves nothing behind.
func TestBounds(t *testing.T) {
	t.Parallel()
	s := shelf(t)
	d, _ := s.New("A")
	if _, err := s.Add(d.ID, "a.csv", endless{}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("an endless file: %v", err)
	}
	broken := io.MultiReader(strings.NewReader("abc"), errorReader{})
	if _, err := s.Add(d.ID, "b.csv", broken); err == nil || errors.Is(err, ErrTooLarge) {
		t.Errorf("a file that ends in an error: %v", err)
	}
	if entries, _ := os.ReadDir(s.folder(d.ID)); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
	for range MaxFiles {
		d = add(t, s, d.ID, strings.Repeat("f", len(d.Files)+1)+".csv", "x")
	}
	if _, err := s.Add(d.ID, "one more.csv", strings.NewReader("x")); !errors.Is(err, ErrTooMany) {
		t.Errorf("one file too many: %v", err)
	}
	if _, err := s.Change(d.ID, func(d *Draft) error { d.Files[0].Size = MaxBytes; return nil }); err != nil {
		t.Fatal(err)
	}
	other, err := s.New("B")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Add(other.ID, "a.csv", strings.NewReader("x")); !errors.Is(err, ErrFull) {
		t.Errorf("no room is left: %v", err)
	}
	for range MaxDrafts - 2 {
		if _, err := s.New("C"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.New("D"); !errors.Is(err, ErrFull) {
		t.Errorf("one draft too many: %v", err)
	}
}

type errorReader struct{}

func (errorReader) Read([]byte) (int, error) { return 0, errors.New("the line broke") }

// TestTheSameFileAgain holds that a file takes the place of the one with its name, and that its source stays as it was chosen.
func TestTheSameFileAgain(t *testing.T) {
	t.Parallel()
	s := shelf(t)
	d, _ := s.New("A")
	d = add(t, s, d.ID, "a.csv", "one")
	if _, err := s.Change(d.ID, func(d *Draft) error { d.Files[0].Source = "tracker"; return nil }); err != nil {
		t.Fatal(err)
	}
	key := d.Key()
	d = add(t, s, d.ID, "a.csv", "two!")
	if len(d.Files) != 1 || d.Files[0].Size != 4 || d.Files[0].Source != "tracker" || d.Key() == key {
		t.Errorf("%+v", d.Files)
	}
	d, err := s.Drop(d.ID, d.Files[0].Stored)
	if err != nil || len(d.Files) != 0 {
		t.Errorf("%v %+v", err, d)
	}
	if entries, _ := os.ReadDir(s.folder(d.ID)); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

// TestFinishedMakeRoom holds that imports that were done never stand in the way of new ones.
func TestFinishedMakeRoom(t *testing.T) {
	t.Parallel()
	s := shelf(t)
	begun := time.Now()
	first := ""
	for i := range MaxDrafts + 5 {
		s.now = func() time.Time { return begun.Add(time.Duration(i) * time.Minute) }
		d, err := s.New("A")
		if err != nil {
			t.Fatalf("import %d: %v", i+1, err)
		}
		if first == "" {
			first = d.ID
		}
		add(t, s, d.ID, "a.csv", "x")
		if err := s.Finish(d.ID, int64(i+1)); err != nil {
			t.Fatal(err)
		}
		if entries, _ := os.ReadDir(s.folder(d.ID)); len(entries) != 1 {
			t.Fatalf("left of what was imported: %v", entries)
		}
	}
	all, err := s.List()
	if err != nil || len(all) != MaxDrafts {
		t.Fatalf("%d are kept: %v", len(all), err)
	}
	if _, err := s.Get(first); !errors.Is(err, ErrGone) {
		t.Errorf("the oldest: %v", err)
	}
}

// TestLinksAreNotFollowed holds that a link which somebody put among the drafts leads nowhere.
func TestLinksAreNotFollowed(t *testing.T) {
	t.Parallel()
	s, other := shelf(t), shelf(t)
	d, _ := s.New("A")
	d = add(t, s, d.ID, "a.csv", "x")
	foreign, _ := other.New("B")
	if err := os.Symlink(other.folder(foreign.ID), s.folder(foreign.ID)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(foreign.ID); !errors.Is(err, ErrGone) {
		t.Errorf("a draft elsewhere: %v", err)
	}
	at := s.path(d.ID, d.Files[0])
	if err := errors.Join(os.Remove(at), os.Symlink("/etc/hostname", at)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Read(d)[0].Open(); err == nil {
		t.Error("a file elsewhere is read")
	}
	if _, err := s.Change(d.ID, func(d *Draft) error { d.Files[0].Stored = "../../" + d.ID; return nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(d.ID); err == nil {
		t.Error("a state that names a file outside its folder is taken")
	}
}

// TestStateIsBounded holds that a draft does not grow by what is decided about it.
func TestStateIsBounded(t *testing.T) {
	t.Parallel()
	s := shelf(t)
	d, _ := s.New("A")
	if _, err := s.Change(d.ID, func(d *Draft) error { d.Later = []string{strings.Repeat("x", maxState)}; return nil }); !errors.Is(err, ErrDecided) {
		t.Errorf("%v", err)
	}
	if d, err := s.Get(d.ID); err != nil || len(d.Later) != 0 {
		t.Errorf("%+v %v", d, err)
	}
}
