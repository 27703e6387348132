// Package privatetmp gives the layout engine a private temporary folder before it starts.
//
// go-graphviz compiles its WebAssembly module while packages are initialised and keeps the machine code in
// $TMPDIR/go-graphviz. In a shared temporary folder that would run code left there by someone else, and a damaged
// file ends the program before main. So the init of this package points TMPDIR to a folder that only this user can
// write, and drops what does not look sound in it. It must run first: Go initialises packages in the order of their
// import paths as soon as their own imports are ready, and example.com/... sorts before github.com/goccy/.... For the
// same reason this package may import only what go-graphviz imports as well.
//
// Done puts the user's TMPDIR back; package render calls it once the layout engine is up.
package privatetmp

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// CacheVariable is the environment variable that names a folder for the compiled layout engine; unset, it lies in the
// user's cache folder. The folder is used only if no other user can write it.
const CacheVariable = "WHOSERVES_CACHE"

const (
	program = "whoserves"
	leaf    = "graphviz"    // our folder inside the folder that was chosen
	engine  = "go-graphviz" // what go-graphviz calls its folder in TMPDIR
	fonts   = "fonts"       // where package drawing keeps its index of the system's fonts
)

var (
	original    string // the user's temporary folder variable
	originalSet bool
	dir         string // the private folder, "" when none could be had
)

func init() {
	original, originalSet = os.LookupEnv(variable)
	dir = choose()
	tmp := dir
	if tmp == "" {
		// A file, below which no cache can be made: the engine is compiled anew, which takes a second but is safe.
		tmp = os.DevNull
	}
	os.Setenv(variable, tmp)
}

// Dir is the private folder (mode 0700) in which the compiled layout engine is kept. It is "" when the user has no
// folder that others cannot write.
func Dir() string { return dir }

// FontFolder is the folder within Dir for the index of the system's fonts. It is made if there is none.
func FontFolder() (string, error) {
	if dir == "" {
		return "", errors.New("there is no private folder")
	}
	path := filepath.Join(dir, fonts)
	_, err := own(path)
	return path, err
}

// Original is the temporary folder that the user's environment asks for, and whether it asks for one.
func Original() (string, bool) { return original, originalSet }

// Done puts the user's TMPDIR back and records a checksum of what the layout engine has just stored. Errors are not
// reported: without a checksum the next start compiles the engine again.
func Done() {
	if originalSet {
		os.Setenv(variable, original)
	} else {
		os.Unsetenv(variable)
	}
	if dir != "" {
		stamp(filepath.Join(dir, engine))
	}
}

// Environment is the setting that makes another process of this program use the private folder dir.
func Environment(dir string) string { return CacheVariable + "=" + filepath.Dir(dir) }

// New makes a private folder of this process alone, for when Dir is "". The caller removes base in the end.
func New() (base, dir string, err error) {
	base, err = os.MkdirTemp("", program+"-")
	if err != nil {
		return "", "", err
	}
	return base, filepath.Join(base, leaf), nil
}

// Drop removes the compiled layout engine from the private folder dir. The folders stay, and what another program is
// writing there just now: the layout engine ends a program that finds its folder gone.
func Drop(dir string) error {
	root := filepath.Join(dir, engine)
	dirs, err := folder(root)
	for _, d := range dirs {
		files, unread := folder(filepath.Join(root, d.Name()))
		err = errors.Join(err, unread)
		for _, f := range files {
			if !isBeingWritten(f) {
				err = errors.Join(err, remove(filepath.Join(root, d.Name(), f.Name())))
			}
		}
	}
	return err
}

// choose returns the first sound private folder: the one the user names, one in the user's cache folder, one of the
// user's own in the temporary folder.
func choose() string {
	if base := os.Getenv(CacheVariable); base != "" {
		if d, err := prepare(base, leaf); err == nil {
			return d
		}
	}
	if base, err := os.UserCacheDir(); err == nil {
		if d, err := prepare(base, program, leaf); err == nil {
			return d
		}
	}
	if d, err := prepare(os.TempDir(), fmt.Sprintf("%s-%d", program, os.Geteuid()), leaf); err == nil {
		return d
	}
	return ""
}

// prepare makes the folders names, one in the other, below base, and checks all that stands between the cache and
// another user: who owns base and the folders above it, that ours are folders of our own and no links, and that the
// cached file is the one that was recorded.
func prepare(base string, names ...string) (string, error) {
	if err := mkdir(base); err != nil {
		return "", err
	}
	path, err := filepath.EvalSymlinks(base)
	if err != nil {
		return "", err
	}
	if path, err = filepath.Abs(path); err != nil {
		return "", err
	}
	if err := trusted(path); err != nil {
		return "", err
	}
	clean := true
	for _, name := range names {
		path = filepath.Join(path, name)
		was, err := own(path)
		if err != nil {
			return "", err
		}
		clean = clean && was
	}
	if !clean { // another user may have put anything there
		for _, name := range []string{engine, fonts} {
			if err := os.RemoveAll(filepath.Join(path, name)); err != nil {
				return "", err
			}
		}
	}
	kept, err := check(filepath.Join(path, engine))
	if err != nil {
		return "", err
	}
	if kept == 0 {
		return path, room(path)
	}
	return path, nil
}

// own makes the folder path if there is none, and makes sure that it is ours and that nobody else gets in. It
// reports whether nobody else could write it before.
func own(path string) (clean bool, err error) {
	if err := mkdir(path); err != nil {
		return false, err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return false, err
	}
	if !info.IsDir() || !ours(info) {
		return false, fmt.Errorf("%s is not a folder of this user", path)
	}
	if closed(info) {
		return true, nil
	}
	return !writable(info), os.Chmod(path, 0o700)
}

func mkdir(path string) error {
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// trusted checks that nobody but this user and the administrator can exchange path or a folder above it.
func trusted(path string) error {
	for {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		if !guarded(info) {
			return fmt.Errorf("%s can be changed by other users", path)
		}
		up := filepath.Dir(path)
		if up == path {
			return nil
		}
		path = up
	}
}
