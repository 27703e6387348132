// Package draft keeps imports that are not finished yet: the files that somebody sent and what was decided about them so far. They
// lie in a private folder, so that they can be left and taken up again, also after the program was started anew.
package draft

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode"
	"unicode/utf8"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/names"
	"example.com/whoserves/importer"
)

// The bounds of what is kept.
const (
	KeptFor   = 7 * 24 * time.Hour // since somebody worked on it last
	MaxFile   = 256 << 20          // bytes of one file
	MaxFiles  = 50                 // of one draft
	MaxDrafts = 50                 // of one shelf
	MaxBytes  = 2 << 30            // of all drafts of a shelf together
	maxName   = 200                // bytes of the name of a file
	maxState  = 16 << 20           // bytes of what was decided about a draft
)

// The errors that callers tell apart.
var (
	ErrGone     = errors.New("there is no such draft, or no longer")
	ErrTooLarge = fmt.Errorf("a file is larger than %d MB", MaxFile>>20)
	ErrFull     = errors.New("the drafts that are kept take up all the room there is for them")
	ErrTooMany  = fmt.Errorf("a draft has at most %d files", MaxFiles)
	ErrDecided  = errors.New("more was decided about this draft than is kept")
)

// Draft is an import that is not finished yet.
type Draft struct {
	ID      string    `json:"id"` // cannot be guessed
	By      string    `json:"by"`
	Begun   time.Time `json:"begun"`
	Touched time.Time `json:"touched"` // when it was changed last
	Files   []File    `json:"files"`
	// Mappings hold by source what was decided about how it is read, in earlier imports too.
	Mappings map[string]*importer.Mapping `json:"mappings,omitempty"`
	// Later are the questions about names that were put off.
	Later []string `json:"later,omitempty"`
	// Version is the one that was made of it; 0 before.
	Version int64 `json:"version,omitempty"`
}

// File is a file of a draft.
type File struct {
	Name   string `json:"name"`   // as it was called where it came from, without folders
	Source string `json:"source"` // the source that it is
	Size   int64  `json:"size"`   // bytes
	SHA256 string `json:"sha256"`
	Stored string `json:"stored"` // its name in the folder of the draft
}

// Bytes is the size of all files.
func (d *Draft) Bytes() (n int64) {
	for _, f := range d.Files {
		n += f.Size
	}
	return n
}

// Sources names the sources of its files, sorted.
func (d *Draft) Sources() []string {
	var all []string
	for _, f := range d.Files {
		all = append(all, f.Source)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// File finds a file by the name that it is stored under; nil when there is none.
func (d *Draft) File(stored string) *File {
	if i := slices.IndexFunc(d.Files, func(f File) bool { return f.Stored == stored }); i >= 0 {
		return &d.Files[i]
	}
	return nil
}

// Names gives by source what was settled about names.
func (d *Draft) Names() names.Decisions {
	all := names.Decisions{}
	for source, m := range d.Mappings {
		if len(m.Names) > 0 {
			all[source] = m.Names
		}
	}
	return all
}

// Settle replaces what was settled about the names of a source.
func (d *Draft) Settle(source string, settled []names.Decision) {
	m := &importer.Mapping{}
	if was := d.Mappings[source]; was != nil {
		*m = *was
	}
	m.Names, m.Decided = settled, "" // it is of now
	d.Mappings = maps.Clone(d.Mappings)
	if d.Mappings == nil {
		d.Mappings = map[string]*importer.Mapping{}
	}
	d.Mappings[source] = m
}

// Reading gives by source how its files are read: the mapping without what was settled about names, which is about what was read. So that
// need not be done again for each name.
func (d *Draft) Reading() map[string]*importer.Mapping {
	all := map[string]*importer.Mapping{}
	for source, m := range d.Mappings {
		read := *m
		if read.Names = nil; read.Direction != "" || len(read.Sheets) > 0 {
			all[source] = &read
		}
	}
	return all
}

// Key is equal for drafts whose files are read in the same way.
func (d *Draft) Key() string {
	said, err := json.Marshal(struct {
		Files    []File
		Mappings map[string]*importer.Mapping
	}{d.Files, d.Reading()})
	if err != nil {
		return rand.Text()
	}
	sum := sha256.Sum256(said)
	return d.ID + hex.EncodeToString(sum[:])
}

// Shelf keeps the drafts of one organisation. It may be used by several goroutines at once.
type Shelf struct {
	dir string
	now func() time.Time

	mu   sync.Mutex // held while a draft changes
	room sync.Mutex // held while it is counted how much room there is
	used int64      // bytes that are being added
}

// NewShelf gives the shelf in a folder, which is made when the first draft is. Drafts of other organisations need other folders.
func NewShelf(dir string) *Shelf { return &Shelf{dir: dir, now: time.Now} }

// DefaultDir is the folder below which drafts are kept when nobody says otherwise.
func DefaultDir() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find a folder for drafts: %w", err)
	}
	return filepath.Join(cache, "whoserves", "drafts"), nil
}

// Folder gives the folder of one organisation of one store below dir.
func Folder(dir, store, org string) string {
	sum := sha256.Sum256([]byte(store + "\x00" + org))
	return filepath.Join(dir, hex.EncodeToString(sum[:12]))
}

const stateFile = "draft.json"

var ids = regexp.MustCompile(`^[a-z2-7]{26}$`)

// New begins a draft.
func (s *Shelf) New(by string) (*Draft, error) {
	all, err := s.List()
	if err != nil {
		return nil, err
	}
	if err := s.makeRoom(all); err != nil {
		return nil, err
	}
	now := s.now().UTC().Truncate(time.Second)
	d := &Draft{ID: strings.ToLower(rand.Text()), By: by, Begun: now, Touched: now}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, fmt.Errorf("keep a draft: %w", err)
	}
	if err := os.Mkdir(s.folder(d.ID), 0o700); err != nil {
		return nil, fmt.Errorf("keep a draft: %w", err)
	}
	return d, s.save(d)
}

// makeRoom sees that one more draft fits. Those that were imported only lead to what they became: the oldest of them make room.
func (s *Shelf) makeRoom(all []*Draft) error {
	open, done := 0, 0
	for _, d := range all {
		if d.Version == 0 {
			open++
			continue
		}
		if done++; done >= MaxDrafts {
			if err := s.Remove(d.ID); err != nil {
				return err
			}
		}
	}
	if open >= MaxDrafts {
		return ErrFull
	}
	return nil
}

// Get gives a draft; ErrGone when there is none of that id, or it is too old.
func (s *Shelf) Get(id string) (*Draft, error) {
	if !ids.MatchString(id) {
		return nil, ErrGone
	}
	if info, err := os.Lstat(s.folder(id)); err == nil && !info.IsDir() {
		return nil, ErrGone // a link to elsewhere is none of ours
	}
	data, err := os.ReadFile(filepath.Join(s.folder(id), stateFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrGone
	}
	if err != nil {
		return nil, fmt.Errorf("read a draft: %w", err)
	}
	d := &Draft{}
	if err := json.Unmarshal(data, d); err != nil || d.ID != id || slices.ContainsFunc(d.Files, func(f File) bool { return !ids.MatchString(f.Stored) }) {
		return nil, fmt.Errorf("read a draft: its state is damaged; throw it away and begin anew")
	}
	if s.now().Sub(d.Touched) > KeptFor {
		return nil, ErrGone
	}
	return d, nil
}

// List gives all drafts, the one that was worked on last first, and removes those that are too old.
func (s *Shelf) List() ([]*Draft, error) {
	entries, err := os.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list the drafts: %w", err)
	}
	var all []*Draft
	for _, e := range entries {
		if !e.IsDir() || !ids.MatchString(e.Name()) {
			continue
		}
		switch d, err := s.Get(e.Name()); {
		case err == nil:
			all = append(all, d)
		case s.isOld(e):
			os.RemoveAll(s.folder(e.Name())) // tried again at the next look
		}
	}
	slices.SortFunc(all, func(a, b *Draft) int { return cmp.Or(b.Touched.Compare(a.Touched), strings.Compare(a.ID, b.ID)) })
	return all, nil
}

// isOld says that a folder which is no draft that counts may go: one that is just being made may not.
func (s *Shelf) isOld(e os.DirEntry) bool {
	info, err := e.Info()
	return err == nil && s.now().Sub(info.ModTime()) > KeptFor
}

// Change changes a draft: the one of that id is given to do, and kept when that gives no error.
func (s *Shelf) Change(id string, do func(*Draft) error) (*Draft, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, err := s.Get(id)
	if err != nil {
		return nil, err
	}
	if err := do(d); err != nil {
		return nil, err
	}
	d.Touched = s.now().UTC().Truncate(time.Second)
	return d, s.save(d)
}

// save writes the state of a draft as a whole or not at all.
func (s *Shelf) save(d *Draft) error {
	data, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("keep a draft: %w", err)
	}
	if len(data) > maxState {
		return ErrDecided
	}
	f, err := os.CreateTemp(s.folder(d.ID), ".state-*")
	if err != nil {
		return s.gone(d.ID, err)
	}
	defer os.Remove(f.Name())
	if _, err = f.Write(data); err == nil {
		err = f.Sync()
	}
	if err = cmp.Or(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), filepath.Join(s.folder(d.ID), stateFile))
	}
	if err != nil {
		return s.gone(d.ID, err)
	}
	return nil
}

// gone tells a draft that was thrown away meanwhile from trouble with the disk.
func (s *Shelf) gone(id string, err error) error {
	if _, there := os.Stat(s.folder(id)); errors.Is(there, fs.ErrNotExist) {
		return ErrGone
	}
	return fmt.Errorf("keep a draft: %w", err)
}

// Remove throws a draft away. One that is not there is no error.
func (s *Shelf) Remove(id string) error {
	if !ids.MatchString(id) {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := os.RemoveAll(s.folder(id)); err != nil {
		return fmt.Errorf("throw a draft away: %w", err)
	}
	return nil
}

// Add puts a file into a draft; content is read to its end, but not beyond MaxFile. What was written is removed when that fails. Of two
// files of one name the later takes the place of the other.
func (s *Shelf) Add(id, name string, content io.Reader) (*Draft, error) {
	d, err := s.Get(id)
	switch {
	case err != nil:
		return nil, err
	case len(d.Files) >= MaxFiles:
		return nil, ErrTooMany
	}
	f := File{Name: CleanName(name), Stored: strings.ToLower(rand.Text())}
	if f.Source = importer.SourceName(f.Name); CheckSource(f.Source) != nil {
		f.Source = "file " + strings.TrimLeft(f.Source, ".")
	}
	if err := s.write(id, &f, content); err != nil {
		os.Remove(s.path(id, f))
		return nil, err
	}
	var replaced []File
	d, err = s.Change(id, func(d *Draft) error {
		if len(d.Files) >= MaxFiles {
			return ErrTooMany
		}
		d.Files = slices.DeleteFunc(d.Files, func(old File) bool {
			same := old.Name == f.Name
			if same {
				replaced, f.Source = append(replaced, old), old.Source
			}
			return same
		})
		d.Files = append(d.Files, f)
		slices.SortStableFunc(d.Files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
		return nil
	})
	if err != nil {
		os.Remove(s.path(id, f))
		return nil, err
	}
	for _, old := range replaced {
		os.Remove(s.path(id, old))
	}
	return d, nil
}

// write stores the content of a file, and fills in its size and hash.
func (s *Shelf) write(id string, f *File, content io.Reader) error {
	room, err := s.takeRoom()
	if err != nil {
		return err
	}
	defer s.giveRoom()
	out, err := os.OpenFile(s.path(id, *f), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return s.gone(id, err)
	}
	defer out.Close()
	hash := sha256.New()
	most := min(MaxFile, room)
	f.Size, err = io.Copy(io.MultiWriter(out, hash), io.LimitReader(content, most+1))
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return ErrFull
	case err != nil:
		return fmt.Errorf("receive %s: %w", f.Name, err)
	case f.Size > MaxFile:
		return ErrTooLarge
	case f.Size > most:
		return ErrFull
	}
	f.SHA256 = hex.EncodeToString(hash.Sum(nil))
	return out.Close()
}

// takeRoom says how many bytes one more file may have. Each file that is being received counts as the largest that there may be.
func (s *Shelf) takeRoom() (int64, error) {
	all, err := s.List()
	if err != nil {
		return 0, err
	}
	left := int64(MaxBytes)
	for _, d := range all {
		left -= d.Bytes()
	}
	s.room.Lock()
	defer s.room.Unlock()
	if left -= s.used; left <= 0 {
		return 0, ErrFull
	}
	s.used += MaxFile
	return left, nil
}

func (s *Shelf) giveRoom() {
	s.room.Lock()
	defer s.room.Unlock()
	s.used -= MaxFile
}

// Drop takes a file out of a draft.
func (s *Shelf) Drop(id, stored string) (*Draft, error) {
	var dropped *File
	d, err := s.Change(id, func(d *Draft) error {
		if f := d.File(stored); f != nil {
			is := *f
			dropped = &is
			d.Files = slices.DeleteFunc(d.Files, func(f File) bool { return f.Stored == stored })
		}
		return nil
	})
	if err == nil && dropped != nil {
		os.Remove(s.path(id, *dropped))
	}
	return d, err
}

// Finish remembers which version was made of a draft, and removes its files and what was decided about it.
func (s *Shelf) Finish(id string, version int64) error {
	var done []File
	_, err := s.Change(id, func(d *Draft) error {
		done = d.Files
		d.Version, d.Files, d.Mappings, d.Later = version, nil, nil, nil
		return nil
	})
	if err != nil {
		return err
	}
	for _, f := range done {
		os.Remove(s.path(id, f)) // what is left goes with the draft
	}
	return nil
}

// Read gives the files of a draft as the importer takes them: with its source.
func (s *Shelf) Read(d *Draft) []importer.File {
	var files []importer.File
	for _, f := range d.Files {
		at := s.path(d.ID, f)
		files = append(files, importer.File{Name: f.Name, Source: f.Source, Size: f.Size, Open: func() (io.ReadCloser, error) { return open(at) }})
	}
	return files
}

// open opens a file that was written here; what is none, such as a link to another one, is refused.
func open(at string) (io.ReadCloser, error) {
	info, err := os.Lstat(at)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no longer the file that was sent", filepath.Base(at))
	}
	return os.Open(at)
}

func (s *Shelf) folder(id string) string { return filepath.Join(s.dir, id) }

func (s *Shelf) path(id string, f File) string { return filepath.Join(s.folder(id), f.Stored) }

// CleanName makes a name without folders and without marks that cannot be seen out of what a browser says. One that is too long loses
// its middle: the kind of the file at its end stays.
func CleanName(name string) string {
	const mostRead = 64 << 10 // bytes: what is longer was written to do harm
	if len(name) > mostRead {
		name = name[len(name)-mostRead:]
	}
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, "\uFFFD"), `\`, "/"))
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, name))
	if len(name) > maxName {
		ext := path.Ext(name)
		if len(ext) > 20 {
			ext = ""
		}
		name = beginning(name, maxName-len(ext)) + ext
	}
	if name = strings.TrimLeft(name, "."); name == "" || name == "/" {
		return "file"
	}
	return name
}

// beginning gives whole letters from the beginning of a text, at most so many bytes.
func beginning(s string, most int) string {
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}

// CheckSource refuses what cannot be the name of a source.
func CheckSource(name string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return errors.New("a source needs a name")
	case len(name) > maxName:
		return errors.New("the name of a source is too long")
	case strings.ContainsAny(name, `/\`) || strings.HasPrefix(name, "."):
		return fmt.Errorf("the name of a source has no stroke and no dot at its start")
	case graph.IsCorrection(name):
		return fmt.Errorf("a source cannot be called “%s”: that name has a meaning of its own", name)
	case strings.ContainsFunc(name, unicode.IsControl):
		return errors.New("the name of a source is plain text")
	}
	return nil
}
