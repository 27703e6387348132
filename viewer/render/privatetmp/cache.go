package privatetmp

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"
)

// The layout engine's cache, as its WebAssembly runtime wazero lays it out: <engine>/wazero-<version>-<arch>-<os>/<key>, one file of
// some 6 MB for each version and processor; <key>.<random>.tmp while it is written, then renamed. The runtime's own
// checksum leaves out the table of function addresses, so we record one of the whole file beside it.

const (
	sumSuffix = ".crc32c"
	keyLength = 64        // hexadecimal digits of a key
	keep      = 3         // compiled engines kept, the newest: other versions of the program may use them
	roomBytes = 8 << 20   // disk space that a compiled engine needs, with some to spare
	staleTmp  = time.Hour // age at which a half-written file has no writer any more
)

// compiled is a stored engine.
type compiled struct {
	path string
	made time.Time
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// check removes everything from the cache folder root that is not a compiled engine with its checksum, and returns
// how many engines are left. Whatever cannot be removed is an error: the folder must not be used then.
func check(root string) (int, error) {
	dirs, err := folder(root)
	if err != nil {
		return 0, err
	}
	var sound []compiled
	for _, d := range dirs {
		dir := filepath.Join(root, d.Name())
		files, err := folder(dir)
		if err != nil {
			return 0, err
		}
		for _, f := range files {
			path := filepath.Join(dir, f.Name())
			switch {
			case soundEngine(f, path):
				sound = append(sound, compiled{path, f.ModTime()})
			case isSum(f, files), isBeingWritten(f):
			default:
				if err := remove(path); err != nil {
					return 0, err
				}
			}
		}
	}
	sort.Slice(sound, func(i, j int) bool { return sound[i].made.After(sound[j].made) })
	for len(sound) > keep {
		if err := remove(sound[len(sound)-1].path); err != nil {
			return 0, err
		}
		sound = sound[:len(sound)-1]
	}
	return len(sound), nil
}

// folder lists the folder path; there need not be one. What is not a folder of ours is removed.
func folder(path string) ([]fs.FileInfo, error) {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !info.IsDir() || !ours(info) || writable(info) {
		return nil, os.RemoveAll(path)
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var infos []fs.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil { // else it was removed meanwhile
			infos = append(infos, info)
		}
	}
	return infos, nil
}

// soundEngine reports whether path is a compiled engine of ours that is still as it was recorded.
func soundEngine(info fs.FileInfo, path string) bool {
	if len(info.Name()) != keyLength || !info.Mode().IsRegular() || !ours(info) || writable(info) {
		return false
	}
	recorded, err := os.ReadFile(path + sumSuffix)
	if err != nil {
		return false
	}
	sum, err := checksum(path)
	return err == nil && sum == string(recorded)
}

func isSum(info fs.FileInfo, beside []fs.FileInfo) bool {
	key, ok := strings.CutSuffix(info.Name(), sumSuffix)
	if !ok || !info.Mode().IsRegular() || !ours(info) {
		return false
	}
	for _, f := range beside {
		if f.Name() == key {
			return true
		}
	}
	return false
}

func isBeingWritten(info fs.FileInfo) bool {
	return strings.HasSuffix(info.Name(), ".tmp") && info.Mode().IsRegular() && time.Since(info.ModTime()) < staleTmp
}

func remove(path string) error {
	if err := os.RemoveAll(path + sumSuffix); err != nil {
		return err
	}
	return os.RemoveAll(path)
}

// stamp records the checksum of every compiled engine in root that has none. It runs after the engine has started, so
// what lies there has just been written or read without a fault.
func stamp(root string) {
	dirs, _ := folder(root)
	for _, d := range dirs {
		dir := filepath.Join(root, d.Name())
		files, _ := folder(dir)
		for _, f := range files {
			path := filepath.Join(dir, f.Name())
			if len(f.Name()) != keyLength {
				continue
			}
			if _, err := os.Lstat(path + sumSuffix); err == nil {
				continue
			}
			if sum, err := checksum(path); err == nil {
				writeWhole(path+sumSuffix, sum)
			}
		}
	}
}

// writeWhole writes a small file under another name first, so that nobody reads half of it.
func writeWhole(path, text string) {
	f, err := os.CreateTemp(filepath.Dir(path), "sum.*.tmp")
	if err != nil {
		return
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
}

// checksum is the length and the CRC-32C of a file as text. It guards against damage, not against people: those are
// kept out by the folder's owner and mode. 6 MB take about 2 ms.
func checksum(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	var size int
	var crc uint32
	buf := make([]byte, 256<<10)
	for {
		n, err := f.Read(buf)
		size += n
		crc = crc32.Update(crc, castagnoli, buf[:n])
		if err == io.EOF {
			return fmt.Sprintf("%d %08x\n", size, crc), nil
		}
		if err != nil {
			return "", err
		}
	}
}

// room checks that a compiled engine can be stored in dir: the layout engine ends the program when its disk is full.
func room(dir string) error {
	f, err := os.CreateTemp(dir, "room.*.tmp")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	zeros := make([]byte, 1<<20)
	for n := 0; n < roomBytes && err == nil; n += len(zeros) {
		_, err = f.Write(zeros)
	}
	return errors.Join(err, f.Close())
}
