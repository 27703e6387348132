package main

import (
	"cmp"
	"io/fs"
	"os"
	"runtime"
	"strings"

	"example.com/whoserves/graph/neo4jstore"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// neo4jOptions say as whom to go to a Neo4j server. The password is never an argument, which others on the machine could
// see: it comes from the environment or a file.
type neo4jOptions struct{ user, database, passwordFile, caFile string }

// aboutNeo4j marks the options that matter for Neo4j only: help lists them together.
const aboutNeo4j = "about Neo4j"

func (o *neo4jOptions) add(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.user, "neo4j-user", "", "default $NEO4J_USERNAME, else neo4j")
	f.StringVar(&o.database, "neo4j-database", "", "default $NEO4J_DATABASE")
	f.StringVar(&o.passwordFile, "neo4j-password-file", "", "password in a `file`; default $NEO4J_PASSWORD")
	f.StringVar(&o.caFile, "neo4j-ca", "", "trust the authority in this PEM `file` (+s)")
	for _, name := range []string{"neo4j-user", "neo4j-database", "neo4j-password-file", "neo4j-ca"} {
		f.SetAnnotation(name, aboutNeo4j, nil)
	}
}

func init() {
	cobra.AddTemplateFunc("flagsAbout", func(all *pflag.FlagSet, neo4j bool) string {
		some := pflag.NewFlagSet("", pflag.ContinueOnError)
		some.SortFlags = all.SortFlags
		all.VisitAll(func(f *pflag.Flag) {
			if _, about := f.Annotations[aboutNeo4j]; about == neo4j {
				some.AddFlag(f)
			}
		})
		return some.FlagUsagesWrapped(80)
	})
}

// usageTemplate lists the options about Neo4j after the others of a command.
func usageTemplate(standard string) string {
	const own = "{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}"
	return strings.NewReplacer(
		own, `{{flagsAbout .LocalFlags false | trimTrailingWhitespaces}}{{with flagsAbout .LocalFlags true}}

Where the store is a Neo4j:
{{. | trimTrailingWhitespaces}}{{end}}`,
		".FlagUsages", ".FlagUsagesWrapped 80").Replace(standard)
}

// neo4jConfig says how to reach the store at an address.
func (a *app) neo4jConfig(uri string) (*neo4jstore.Config, error) {
	o := a.neo4j
	c := &neo4jstore.Config{
		URI:      uri,
		User:     cmp.Or(o.user, os.Getenv("NEO4J_USERNAME")),
		Password: os.Getenv("NEO4J_PASSWORD"),
		Database: cmp.Or(o.database, os.Getenv("NEO4J_DATABASE")),
		Program:  strings.ReplaceAll("whoserves/"+version(), " ", "-"),
	}
	if o.passwordFile != "" {
		password, err := a.passwordFrom(o.passwordFile)
		if err != nil {
			return nil, err
		}
		c.Password = password
	}
	if o.caFile != "" {
		pem, err := os.ReadFile(o.caFile)
		if err != nil {
			return nil, usage("--neo4j-ca: %w", err)
		}
		c.CA = pem
	}
	if err := c.Check(); err != nil {
		return nil, &statusError{wrong, err}
	}
	return c, nil
}

// passwordFrom reads a password from a file; the end of its line does not belong to it.
func (a *app) passwordFrom(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", usage("--neo4j-password-file: %w", err)
	}
	line, more, _ := strings.Cut(string(text), "\n")
	line = strings.TrimSuffix(line, "\r")
	if line == "" || strings.Trim(more, "\r\n") != "" {
		return "", usage("--neo4j-password-file %s: the file must hold the password in its first line and nothing else", path)
	}
	if info, err := os.Stat(path); err == nil && info.Mode()&othersRead != 0 && runtime.GOOS != "windows" && !a.warned {
		a.warned = true
		a.say("Everybody on this machine can read the password in %s: chmod 600 %[1]s", path)
	}
	return line, nil
}

const othersRead fs.FileMode = 0o004
