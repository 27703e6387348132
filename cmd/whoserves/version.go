package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	pictures "example.com/whoserves/viewer/drawing"
	"github.com/spf13/cobra"
)

func (a *app) versionCommand() *cobra.Command {
	var licences bool
	c := &cobra.Command{
		Use:   "version",
		Short: "the version of this program",
		Example: `  whoserves version
  whoserves version --format json
  whoserves version --licences    of the fonts that are built in`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			if licences {
				_, err := io.WriteString(a.stdout, pictures.FontLicence)
				return err
			}
			v := struct {
				Version  string `json:"version"`
				Go       string `json:"go"`
				Platform string `json:"platform"`
			}{version(), runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH}
			if a.format == "json" {
				return a.writeJSON(v)
			}
			_, err := fmt.Fprintf(a.stdout, "whoserves %s (%s, %s)\n", v.Version, v.Go, v.Platform)
			return err
		},
	}
	c.Flags().BoolVar(&licences, "licences", false, "print the licence of the built-in fonts instead")
	a.formatOption(c)
	return c
}

// version is what the build says of itself: a release, or the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "commit " + s.Value[:12]
		}
	}
	return "development build"
}

// noArguments refuses arguments.
func noArguments(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("%s takes no arguments: “%s”", c.Name(), args[0])
	}
	return nil
}
