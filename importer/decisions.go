package importer

import (
	"errors"
	"fmt"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/names"
	"github.com/goccy/go-yaml/ast"
)

// checkNames refuses decisions about names that decide nothing.
func (m *Mapping) checkNames() error {
	for _, d := range m.Names {
		if err := checkName(d); err != nil {
			return err
		}
	}
	return nil
}

func checkName(d names.Decision) error {
	if d.Name == "" || d.Is == "" && d.ID == "" {
		return errors.New("an entry of names needs name, as the files write it, and is or id, what that is")
	}
	if d.Kind != "" {
		if _, err := graph.ParseKind(d.Kind); err != nil {
			return err
		}
	}
	return nil
}

// name reads an entry of names.
func (m *Mapping) name(n ast.Node) error {
	var d names.Decision
	var different string
	err := eachKey(n, "of a name", keys{
		"name": {text: &d.Name}, "is": {text: &d.Is}, "id": {text: &d.ID}, "kind": {text: &d.Kind}, "different": {text: &different},
	}, "name", "is", "id", "kind", "different")
	if err == nil {
		err = at(n, checkName(d))
	}
	switch strings.ToLower(different) {
	case "", "false", "no":
	case "true", "yes":
		d.Different = true
	default:
		err = at(n, fmt.Errorf("“%s” does not fit: different is true or false", shorten(different, 40)))
	}
	if err == nil {
		m.Names = append(m.Names, d)
	}
	return err
}

// names writes what was decided about names, and what may be decided as comments.
func (w *mapWriter) names(decided []names.Decision, near []names.Pair) {
	if len(decided)+len(near) == 0 {
		return
	}
	w.line(0, "")
	w.comment(0, "Names that mean one thing: name, as the files write it, and what it is. different: true settles that they are two.")
	if len(decided) == 0 {
		w.line(0, "# names:")
	} else {
		w.line(0, "names:")
	}
	for _, d := range decided {
		w.decision("", d)
	}
	for _, p := range near {
		w.comment(2, p.String())
		w.decision("# ", p.Same())
	}
}

func (w *mapWriter) decision(mark string, d names.Decision) {
	w.line(2, "%s- name: %s", mark, yamlText(d.Name))
	for _, f := range []struct{ key, text string }{{"is", d.Is}, {"id", d.ID}, {"kind", d.Kind}} {
		if f.text != "" {
			w.line(2, "%s  %s: %s", mark, f.key, yamlText(f.text))
		}
	}
	if d.Different {
		w.line(2, "%s  different: true", mark)
	}
}
