package importer

import (
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// maxFiles is how many files a folder may hold: more is a wrong folder.
const maxFiles = 10_000

// input is a file on its way in.
type input struct {
	source string
	name   string // as origins hold it: below the folder, whatever else is imported with it
	shown  string // as problems show it: name, or path where several inputs have that name
	path   string // what tells it from every other input
	size   int64
	open   func() (io.ReadCloser, error)
}

const monthName = `(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}`

var (
	copySuffix = regexp.MustCompile(`(?i)(?:[ _.-]*\(\d{1,3}\)|(?:[ _-]+-?[ _-]*|\()(?:copy|kopie|copie|copia)\)?(?:[ _-]*\d{1,3})?)$`)
	copyPrefix = regexp.MustCompile(`(?i)^copy(?: \(\d{1,3}\))? of `)
	dateSuffix = regexp.MustCompile(`(?i)[ _.-]+\(?(?:` +
		`(?:19|20)\d\d[-_. ]?(?:0[1-9]|1[0-2])[-_. ]?(?:0[1-9]|[12]\d|3[01])(?:[-_ T]?\d{2}[-_.:h]?\d{2}(?:[-_.:]?\d{2})?)?|` + // 2026-11-02, 20261102_1530
		`(?:0?[1-9]|[12]\d|3[01])[-_. ](?:0?[1-9]|1[0-2])[-_. ](?:19|20)?\d\d|` + // 02-11-2026
		`(?:19|20)\d\d[-_. ]?(?:0[1-9]|1[0-2])|(?:0[1-9]|1[0-2])[-_. ](?:19|20)\d\d|` + // 2026-11, 11-2026
		`(?:19|20)\d\d[-_. ]?[qw]\d{1,2}|[qw]\d{1,2}[-_. ]?(?:19|20)\d\d|` + // 2026-Q3, W45 2026
		`(?:\d{1,2}[-_. ])?` + monthName + `[-_. ]?(?:19|20)?\d\d|(?:19|20)\d\d[-_. ]?` + monthName + `(?:[-_. ]\d{1,2})?|` + // Nov 2026, 2 Nov 2026
		`(?:19|20)\d\d)\)?$`) // 2026
	tidyEnd = " _.-"
)

// SourceName gives the name of the source that a file is: its base name less extension, date and copy suffixes, so that next
// month's export replaces this month's. “orgs-2026-11 (2).xlsx” gives “orgs”.
func SourceName(file string) string {
	stem := path.Base(filepath.ToSlash(file))
	if ext := path.Ext(stem); ext != stem && !strings.ContainsAny(ext, " )") {
		stem = strings.TrimSuffix(stem, ext)
	}
	stem = strings.TrimSpace(stem)
	for short := stem; ; stem = short {
		short = copyPrefix.ReplaceAllString(short, "")
		short = copySuffix.ReplaceAllString(short, "")
		short = dateSuffix.ReplaceAllString(short, "")
		short = strings.TrimRight(short, tidyEnd)
		if short == "" || short == stem || isDate(stem) {
			return stem
		}
	}
}

// isDate says that a name is nothing but a date.
func isDate(stem string) bool {
	at := dateSuffix.FindStringIndex("-" + stem)
	return at != nil && at[0] == 0
}

// findInputs lists the files that paths mean, and tells which of a folder's files are left out.
func findInputs(paths []string, source string) ([]input, []graph.Problem, error) {
	var groups []group
	for _, p := range paths {
		info, err := os.Stat(p)
		switch {
		case os.IsNotExist(err):
			return nil, nil, fmt.Errorf("there is no file or folder %s", p)
		case err != nil:
			return nil, nil, fmt.Errorf("%s cannot be read: %w", p, err)
		case info.IsDir():
			g, err := folderGroup(p)
			if err != nil {
				return nil, nil, err
			}
			groups = append(groups, g)
		default:
			name := filepath.Base(p)
			groups = append(groups, group{path: p, source: SourceName(name), files: []input{diskInput(p, name, info.Size())}})
		}
	}
	return join(groups, source)
}

func diskInput(p, name string, size int64) input {
	return input{name: name, path: filepath.ToSlash(filepath.Clean(p)), size: size,
		open: func() (io.ReadCloser, error) { return os.Open(p) }}
}

// folderGroup lists the tables of a folder, those in folders below it too. Hidden files and folders do not count.
func folderGroup(folder string) (group, error) {
	g := group{path: folder, source: folderName(folder), folder: true}
	err := filepath.WalkDir(folder, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("%s cannot be read: %w", p, err)
		}
		if p != folder && strings.HasPrefix(e.Name(), ".") {
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if e.IsDir() {
			return nil
		}
		if len(g.files) == maxFiles {
			return fmt.Errorf("%s holds more than %d files: name the folder that holds the tables", folder, maxFiles)
		}
		info, err := os.Stat(p) // follows links
		if err != nil || !info.Mode().IsRegular() {
			return nil
		}
		below, err := filepath.Rel(folder, p)
		g.files = append(g.files, diskInput(p, filepath.ToSlash(below), info.Size()))
		return err
	})
	return g, err
}

// Stamp tells the present content of a file, or of the tables of a folder, from an earlier one without reading it: by names, sizes and
// times of change. Of what holds no table, such as the half-saved and lock files that programs leave beside a workbook, it is "".
func Stamp(name string) (string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return "", err
	}
	g := group{files: []input{{name: filepath.Base(name), path: name}}}
	if info.IsDir() {
		if g, err = folderGroup(name); err != nil {
			return "", err
		}
	}
	var stamp strings.Builder
	for _, f := range g.files {
		base := path.Base(f.name)
		if !isTableFile(base) || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "~$") || isDocumentation(f.name) {
			continue
		}
		if info, err = os.Stat(filepath.FromSlash(f.path)); err != nil {
			return "", err
		}
		fmt.Fprintf(&stamp, "%s\x00%d\x00%d\n", f.name, info.Size(), info.ModTime().UnixNano())
	}
	return stamp.String(), nil
}

func folderName(folder string) string {
	if abs, err := filepath.Abs(folder); err == nil {
		folder = abs
	}
	if name := filepath.Base(folder); name != string(filepath.Separator) && name != "." {
		return name
	}
	return "folder"
}

// inputsOf does for files in memory what findInputs does for paths.
func inputsOf(files []File, source string) ([]input, []graph.Problem, error) {
	var groups []group
	folders, sources := map[string]int{}, map[string]int{}
	for _, f := range files {
		if f.Name == "" || f.Open == nil {
			return nil, nil, fmt.Errorf("a file has no name or no content: give it both")
		}
		name := path.Clean(strings.TrimLeft(filepath.ToSlash(f.Name), "/"))
		in := input{name: name, path: name, size: f.Size, open: f.Open}
		if f.Source != "" {
			i, seen := sources[f.Source]
			if !seen {
				i = len(groups)
				sources[f.Source] = i
				groups = append(groups, group{path: f.Name, source: f.Source})
			}
			groups[i].files = append(groups[i].files, in)
			continue
		}
		folder, below, nested := strings.Cut(name, "/")
		if !nested {
			groups = append(groups, group{path: f.Name, source: SourceName(name), files: []input{in}})
			continue
		}
		i, seen := folders[folder]
		if !seen {
			i = len(groups)
			folders[folder] = i
			groups = append(groups, group{path: folder, source: folder, folder: true})
		}
		if strings.HasPrefix(below, ".") || strings.Contains(below, "/.") {
			continue // hidden
		}
		in.name = below
		groups[i].files = append(groups[i].files, in)
	}
	return join(groups, source)
}

// group is what one path names: a file, or a folder with its files.
type group struct {
	path   string
	source string
	folder bool
	files  []input
}

// join brings the files of all groups into one order, gives each its source, and leaves out what is no table in a folder.
func join(groups []group, source string) ([]input, []graph.Problem, error) {
	slices.SortFunc(groups, func(a, b group) int { return cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.path, b.path)) })
	var inputs []input
	var problems []graph.Problem
	for i, g := range groups {
		if err := checkSource(groups, i, source); err != nil {
			return nil, nil, err
		}
		tables := 0
		for _, f := range g.files {
			f.source, f.name, f.path = valid(cmp.Or(source, g.source)), valid(f.name), valid(f.path)
			if !g.folder || isTableFile(f.name) {
				inputs = append(inputs, f)
				tables++
				continue
			}
			if !isDocumentation(f.name) {
				problems = append(problems, graph.Problem{File: f.name, Severity: graph.Info,
					Message: "the file was left out: a folder's tables are its " + readable})
			}
		}
		if tables == 0 {
			return nil, nil, fmt.Errorf("the folder %s holds no tables: put "+readable+" into it, such as nodes.csv and links.csv", g.path)
		}
	}
	slices.SortFunc(inputs, func(a, b input) int { return cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.path, b.path)) })
	return inputs, problems, tellApart(inputs)
}

// valid makes a name that a system gave, in which any byte may stand, fit for facts.
func valid(name string) string { return strings.ToValidUTF8(name, "\uFFFD") }

// checkSource refuses a group whose source another group has, or that has a name with a meaning of its own.
func checkSource(groups []group, i int, source string) error {
	g := groups[i]
	if source == "" && i > 0 && groups[i-1].source == g.source {
		return fmt.Errorf("%s and %s would both be the source “%s”: import one of them, rename one, or make them one source with --source %s",
			groups[i-1].path, g.path, g.source, g.source)
	}
	if name := cmp.Or(source, g.source); graph.IsCorrection(name) {
		return fmt.Errorf("a source cannot be called “%s”, that name has a meaning of its own: rename %s or give another name with --source", name, g.path)
	}
	return nil
}

// tellApart refuses a file that was named twice, and shows files that have one name with their whole path. Within one source
// the facts have to tell them apart too.
func tellApart(inputs []input) error {
	all, within := map[string]int{}, map[[2]string]int{}
	for _, in := range inputs {
		all[in.name]++
		within[[2]string{in.source, in.name}]++
	}
	for i, in := range inputs {
		if i > 0 && inputs[i-1].path == in.path {
			return fmt.Errorf("%s was named twice: name it once", in.path)
		}
		inputs[i].shown = in.name
		if all[in.name] > 1 {
			inputs[i].shown = in.path
		}
		if within[[2]string{in.source, in.name}] > 1 {
			inputs[i].name = in.path
		}
	}
	return nil
}

// isDocumentation says whether a file that is no table is about the tables: nobody expects it to be imported.
func isDocumentation(name string) bool {
	base := strings.ToLower(path.Base(name))
	return path.Ext(base) == ".md" || strings.HasPrefix(base, "readme") || strings.HasPrefix(base, "license") || strings.HasPrefix(base, "licence")
}
