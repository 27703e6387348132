package answer

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"example.com/whoserves/graph"
)

var history = Command{
	Name: "history",
	Does: "the versions: when, by whom, from which files",
	ask:  askHistory,
}

// History lists the versions of a store.
type History struct {
	Versions []Version `json:"versions"` // the newest first
}

// Version says how a version came about.
type Version struct {
	Version int64            `json:"version"`
	Time    time.Time        `json:"time"`
	By      string           `json:"by"`
	Source  string           `json:"source"` // several are joined by "|"
	Files   []graph.FileHash `json:"files"`
	Added   int              `json:"added"` // entities
	Changed int              `json:"changed"`
	Removed int              `json:"removed"`
	Undoes  *int64           `json:"undoes"` // the version that it takes back
}

func askHistory(ctx context.Context, src *Source, q *question) (Answer, error) {
	if src.Store == nil {
		return nil, q.errorf("", "", "files have no versions: ask a store")
	}
	records, err := src.Store.History(ctx)
	if err != nil {
		return nil, err
	}
	return NewHistory(records), nil
}

// NewHistory puts version records into the form of the answer, in their order.
func NewHistory(records []graph.VersionRecord) *History {
	a := &History{Versions: make([]Version, len(records))}
	for i, r := range records {
		v := Version{Version: r.Number, Time: r.Time.UTC(), By: r.By, Source: strings.Join(r.Sources, "|"),
			Files: append([]graph.FileHash{}, r.Files...), Added: r.Added, Changed: r.Changed, Removed: r.Removed}
		if r.Undoes != 0 {
			v.Undoes = &r.Undoes
		}
		a.Versions[i] = v
	}
	return a
}

// WriteCSV writes the versions.
func (a *History) WriteCSV(w io.Writer) error {
	t := newCSV(w, "version", "time", "by", "source", "files", "added", "changed", "removed", "undoes")
	for _, v := range a.Versions {
		undoes := ""
		if v.Undoes != nil {
			undoes = fmt.Sprint(*v.Undoes)
		}
		t.row(fmt.Sprint(v.Version), v.Time.Format(time.RFC3339), v.By, v.Source, list(fileNames(v.Files)),
			fmt.Sprint(v.Added), fmt.Sprint(v.Changed), fmt.Sprint(v.Removed), undoes)
	}
	return t.end()
}

func fileNames(files []graph.FileHash) []string {
	out := make([]string, len(files))
	for i, f := range files {
		out[i] = f.Name
	}
	return out
}

// WriteText writes a line for each version.
func (a *History) WriteText(w io.Writer, width int) error {
	p := newPage(w, width)
	if len(a.Versions) == 0 {
		p.say("There are no versions yet: nothing was imported.")
		return p.end()
	}
	t := p.table(">Version", "When (UTC)", "By", "What", ">+", ">≠", ">−")
	for _, v := range a.Versions {
		t.row(fmt.Sprint(v.Version), v.Time.Format("2006-01-02 15:04"), v.By, what(v),
			fmt.Sprint(v.Added), fmt.Sprint(v.Changed), fmt.Sprint(v.Removed))
	}
	t.end()
	p.say("+ added, ≠ changed, − removed (teams, people and links). “whoserves diff A B” says what.")
	return p.end()
}

func what(v Version) string {
	if v.Undoes != nil {
		return fmt.Sprintf("undoes version %d", *v.Undoes)
	}
	return strings.ReplaceAll(v.Source, "|", ", ")
}
