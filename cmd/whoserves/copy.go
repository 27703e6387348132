package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/formula"
	"github.com/spf13/cobra"
)

// copying holds the options of copy.
type copying struct{ from, to, toOrg string }

func (a *app) copyCommand() *cobra.Command {
	var o copying
	c := &cobra.Command{
		Use:   "copy",
		Short: "copy an organisation to another store, with its history",
		Long: `Copies every version of an organisation and all its documents from one store to
another, local files and Neo4j either way round, and compares both ends. The
original stays as it is.

The organisation must not be in the target yet, unless a copy of the same was
interrupted there: then it is finished. What others wrote into a Neo4j comes
along once “whoserves refresh” has taken it over.`,
		Example: `  whoserves copy --from-store whoserves.db --to-store neo4j://localhost
  whoserves copy --from-store neo4j://localhost --to-store copy.db
  whoserves copy --from-store a.db --to-store a.db --org now --to-org plan`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return a.copy(c.Context(), o) },
	}
	c.Flags().StringVar(&o.from, "from-store", "", "the store to copy from")
	c.Flags().StringVar(&o.to, "to-store", "", "the store to copy to")
	c.Flags().StringVar(&o.toOrg, "to-org", "", "the name of the organisation in the target (default: the same)")
	a.neo4j.add(c)
	a.formatOption(c)
	return c
}

// copy copies an organisation and writes what is in the target then.
func (a *app) copy(ctx context.Context, o copying) error {
	if o.from == "" || o.to == "" {
		return usage("say both ends: --from-store and --to-store")
	}
	from, err := a.locationOf(o.from)
	if err != nil {
		return err
	}
	to, err := a.locationOf(o.to)
	if err != nil {
		return err
	}
	target := cmp.Or(o.toOrg, a.org)
	if err := checkName(target); err != nil {
		return err
	}
	if from.String() == to.String() && target == a.org {
		return usage("that is the same organisation in the same store: name another with --to-store or --to-org")
	}
	original, err := from.openIfThere(ctx, a.org)
	if err != nil {
		return err
	}
	defer original.Close()
	if _, none := original.(emptyStore); none {
		return usage("%s %s: there is nothing to copy", from, from.whyEmpty())
	}
	if err := a.checkOrg(ctx, original); err != nil {
		return err
	}
	st, err := to.open(ctx, target)
	if err != nil {
		return err
	}
	defer st.Close()
	progress, end := a.progress("Copying", false)
	done, err := graph.Copy(ctx, original, st, progress)
	end()
	switch {
	case ctx.Err() != nil:
		return errors.New("stopped before it was done: the same command goes on where it stopped")
	case err != nil:
		return err
	}
	return a.write(copied{target, done.Versions, done.Documents, true, done.New, to.String()})
}

// copied says what a copy led to.
type copied struct {
	Org       string `json:"org"` // in the target
	Versions  int64  `json:"versions"`
	Documents int    `json:"documents"`
	Verified  bool   `json:"verified"`

	added int64 // versions that were not in the target before
	to    string
}

// WriteText implements answer.Answer.
func (c copied) WriteText(w io.Writer, _ int) error {
	what := "was there already"
	if c.added > 0 {
		what = fmt.Sprintf("is now there (%d copied just now)", c.added)
	}
	_, err := fmt.Fprintf(w, "“%s” %s in %s.\nVersions: %d. Documents: %d.\nBoth ends were compared: they hold the same history, facts and documents.\n",
		c.Org, what, c.to, c.Versions, c.Documents)
	return err
}

// WriteCSV implements answer.Answer.
func (c copied) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	out.Write([]string{"org", "versions", "documents", "verified"})
	out.Write([]string{formula.Cell(c.Org), strconv.FormatInt(c.Versions, 10), strconv.Itoa(c.Documents), strconv.FormatBool(c.Verified)})
	out.Flush()
	return out.Error()
}
