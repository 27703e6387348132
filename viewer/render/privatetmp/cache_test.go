package privatetmp

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func must(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func keyed(c string) string { return strings.Repeat(c, keyLength) }

func TestCheckKeepsSoundEnginesOnly(t *testing.T) {
	root := filepath.Join(t.TempDir(), engine)
	old, now := filepath.Join(root, "wazero-v1"), filepath.Join(root, "wazero-v2")
	must(t, os.MkdirAll(old, 0o700), os.MkdirAll(now, 0o700))
	write := func(path, text string, age time.Duration) {
		t.Helper()
		then := time.Now().Add(-age)
		must(t, os.WriteFile(path, []byte(text), 0o600), os.Chtimes(path, then, then))
	}
	for i, age := range []time.Duration{5 * time.Hour, 4 * time.Hour, 3 * time.Hour, 2 * time.Hour} {
		dir := old
		if i > 1 {
			dir = now
		}
		write(filepath.Join(dir, keyed(fmt.Sprint(i))), fmt.Sprint("engine ", i), age)
	}
	stamp(root)
	write(filepath.Join(now, keyed("a")), "without checksum", 0)
	write(filepath.Join(now, keyed("b")), "changed", 0)
	write(filepath.Join(now, keyed("b")+sumSuffix), "7 00000000\n", 0)
	write(filepath.Join(now, keyed("c")+sumSuffix), "7 00000000\n", 0) // of nothing
	write(filepath.Join(now, "x.1.tmp"), "half", time.Minute)
	write(filepath.Join(now, "y.1.tmp"), "half", 2*time.Hour)
	write(filepath.Join(root, "file"), "", 0)

	kept, err := check(root)
	if err != nil || kept != keep {
		t.Errorf("kept %d, error %v, want %d", kept, err, keep)
	}
	var got []string
	must(t, filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if !d.IsDir() {
			got = append(got, d.Name()[:1]+filepath.Ext(path))
		}
		return err
	}))
	slices.Sort(got)
	want := []string{"1", "1" + sumSuffix, "2", "2" + sumSuffix, "3", "3" + sumSuffix, "x.tmp"}
	if !slices.Equal(got, want) {
		t.Errorf("left are %q, want %q", got, want)
	}
}

func TestCheckOfNothing(t *testing.T) {
	if kept, err := check(filepath.Join(t.TempDir(), "none")); kept != 0 || err != nil {
		t.Errorf("kept %d, error %v", kept, err)
	}
}

func TestDoneHasPutTheUsersFolderBack(t *testing.T) {
	// This test program does not link the layout engine: Done has not been called.
	want := Dir()
	if want == "" {
		want = os.DevNull
	}
	if got := os.Getenv(variable); got != want {
		t.Errorf("%s is %q while the layout engine starts, want %q", variable, got, want)
	}
	was, set := Original()
	Done()
	now, nowSet := os.LookupEnv(variable)
	if now != was || nowSet != set {
		t.Errorf("%s is %q (set: %t), want %q (set: %t)", variable, now, nowSet, was, set)
	}
}
