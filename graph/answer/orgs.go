package answer

import (
	"context"
	"io"
)

var orgs = Command{
	Name: "orgs",
	Does: "the organisations in the store",
	ask:  askOrgs,
}

// Orgs names the organisations in a store.
type Orgs struct {
	Orgs []OrgInfo `json:"orgs"` // by name
}

// OrgInfo is an organisation in a store.
type OrgInfo struct {
	Name string `json:"name"`
}

func askOrgs(ctx context.Context, src *Source, _ *question) (Answer, error) {
	a := &Orgs{Orgs: []OrgInfo{}}
	if src.Store == nil {
		a.Orgs = append(a.Orgs, OrgInfo{src.Snapshot.Org.Name})
		return a, nil
	}
	names, err := src.Store.Orgs(ctx)
	if err != nil {
		return nil, err
	}
	for _, n := range names {
		a.Orgs = append(a.Orgs, OrgInfo{n})
	}
	return a, nil
}

// WriteCSV writes the names.
func (a *Orgs) WriteCSV(w io.Writer) error {
	t := newCSV(w, "name")
	for _, o := range a.Orgs {
		t.row(o.Name)
	}
	return t.end()
}

// WriteText writes a name on each line.
func (a *Orgs) WriteText(w io.Writer, width int) error {
	p := newPage(w, width)
	if len(a.Orgs) == 0 {
		p.say("There are no organisations yet: nothing was imported.")
	}
	for _, o := range a.Orgs {
		p.line("%s", o.Name)
	}
	return p.end()
}
