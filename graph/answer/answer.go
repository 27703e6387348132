// Package answer puts questions to an organisation and gives their answers as JSON, text and CSV. The commands and the web
// API ask the same questions and give the same answers.
//
// The exported structs are the JSON of the commands: field names, nulls and order are a contract. Arrays are never null,
// unless a field says so; null stands for what is not known.
package answer

import (
	"context"
	"io"
	"net/url"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
)

// Source is what questions are put to.
type Source struct {
	Snapshot *graph.Snapshot
	// Findings works out, or has ready, what Analyse finds in Snapshot. Nil: Analyse is called.
	Findings func(ctx context.Context, o analysis.Options) (*analysis.Findings, error)
	// Store holds the versions; nil for an organisation read from files.
	Store graph.Store
}

// Answer is what came out. It marshals to the JSON of its command.
type Answer interface {
	// WriteText writes sentences and tables for a terminal of a width in columns. It needs the answer as Ask gave it: one that
	// was read back from JSON has lost the names.
	WriteText(w io.Writer, width int) error
	// WriteCSV writes the main table: a header, then a row for each entry, lists joined by "|".
	WriteCSV(w io.Writer) error
}

// Ask answers a command. The keys of q are those of the command; others are refused with a *QuestionError. A name that
// nobody has gives a *graph.UnknownError.
func Ask(ctx context.Context, src *Source, command string, q url.Values) (Answer, error) {
	c, err := Find(command)
	if err != nil {
		return nil, err
	}
	if err := c.check(q); err != nil {
		return nil, err
	}
	return c.ask(ctx, src, &question{command: c.Name, values: q, s: src.Snapshot})
}

// Commands lists the questions, by name.
func Commands() []Command {
	return []Command{bottlenecks, diff, history, orgs, paths, reconcile, ripple, risks, show, sources}
}

// Find gives a command by name; a *QuestionError names those that there are.
func Find(name string) (Command, error) {
	all := Commands()
	i := slices.IndexFunc(all, func(c Command) bool { return c.Name == name })
	if i < 0 {
		names := make([]string, len(all))
		for i, c := range all {
			names[i] = c.Name
		}
		return Command{}, &QuestionError{Command: name, Right: names, Message: "there is no such question"}
	}
	return all[i], nil
}

// findings gives the findings of the source.
func (src *Source) findings(ctx context.Context, o analysis.Options) (*analysis.Findings, error) {
	if src.Findings != nil {
		return src.Findings(ctx, o)
	}
	return analysis.Analyse(ctx, src.Snapshot, o)
}

// version gives the version that the snapshot shows; nil for files.
func (src *Source) version() *int64 {
	if src.Store == nil {
		return nil
	}
	v := src.Snapshot.Version
	return &v
}

// QuestionError says that a question was put wrongly, and what would be right.
type QuestionError struct {
	Command string
	Key     string   // "" when the question as a whole is wrong
	Value   string   // "" when the key is wrong
	Right   []string // the names that would be right, when there is a list of them
	Message string   // what is wrong
}

func (e *QuestionError) Error() string {
	var b strings.Builder
	b.WriteString(e.Command)
	if e.Key != "" {
		b.WriteString(", " + e.Key)
	}
	if e.Value != "" {
		b.WriteString(" “" + e.Value + "”")
	}
	b.WriteString(": " + e.Message)
	if len(e.Right) > 0 {
		b.WriteString(". Right would be: " + strings.Join(e.Right, ", "))
	}
	return b.String()
}
