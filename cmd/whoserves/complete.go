package main

import (
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// completeNode gives the shell the nodes whose id begins with what was typed, each with its name.
func (a *app) completeNode(c *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	quiet := *a
	quiet.stderr = io.Discard
	src, end, err := quiet.source(c.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer end()
	const most = 200
	var out []cobra.Completion
	for i := range src.Snapshot.Nodes {
		if n := &src.Snapshot.Nodes[i]; strings.HasPrefix(n.ID, typed) {
			out = append(out, cobra.CompletionWithDesc(n.ID, n.Name))
		}
		if len(out) == most {
			break
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}
