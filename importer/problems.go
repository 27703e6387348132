package importer

import (
	"fmt"

	"github.com/dustin/go-humanize"

	"example.com/whoserves/graph"
)

// maxAlike is how many problems of one kind in one sheet are listed one by one; the rest are counted.
const maxAlike = 1000

// problemList gathers problems and holds back those that repeat.
type problemList struct {
	list  []graph.Problem
	alike map[alikeKey]*alike
	order []alikeKey
}

// alikeKey tells kinds of problem apart: the format of the message does.
type alikeKey struct {
	file, sheet, column, format string
	severity                    graph.Severity
}

type alike struct {
	count int
	last  string
}

// add notes a problem; p.Message is made of format and args.
func (l *problemList) add(p graph.Problem, format string, args ...any) {
	key := alikeKey{p.File, p.Sheet, p.Column, format, p.Severity}
	if l.alike == nil {
		l.alike = map[alikeKey]*alike{}
	}
	a := l.alike[key]
	if a == nil {
		a = &alike{}
		l.alike[key] = a
		l.order = append(l.order, key)
	}
	if a.count++; a.count > maxAlike+1 {
		return
	}
	p.Message = valid(fmt.Sprintf(format, args...))
	if a.count > maxAlike {
		a.last = p.Message
		return
	}
	l.list = append(l.list, p)
}

// sorted gives all problems in reading order, what was held back summed up.
func (l *problemList) sorted() []graph.Problem {
	all := l.list
	for _, key := range l.order {
		if a := l.alike[key]; a.count > maxAlike {
			rows := "rows"
			if a.count == maxAlike+1 {
				rows = "row"
			}
			all = append(all, graph.Problem{File: key.file, Sheet: key.sheet, Column: key.column, Severity: key.severity,
				Message: fmt.Sprintf("and %s more %s like this one: %s", humanize.Comma(int64(a.count-maxAlike)), rows, a.last)})
		}
	}
	graph.SortProblems(all)
	return all
}
