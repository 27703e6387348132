package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/viewer/diagram"
	"example.com/whoserves/viewer/render"
	"github.com/spf13/cobra"
)

// drawing holds the options of draw.
type drawing struct{ view, output, as string }

func (a *app) drawCommand() *cobra.Command {
	var o drawing
	c := &cobra.Command{
		Use:   "draw",
		Short: "draw a view as SVG or DOT",
		Long: `Draws any view of the web app into a file. A view is what stands in the address
of a page, such as “view=customer&customer=sunlark-tours”. The views and their
keys:` + viewKeys(),
		Example: `  whoserves draw -o overview.svg
  whoserves draw --view "view=customer&customer=sunlark-tours" -o sunlark.svg
  whoserves draw --view "view=ripple&fail=payroll" -o - > ripple.svg
  whoserves draw --view "view=risks&exposed=1" -o risks.dot`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return a.draw(c.Context(), o) },
	}
	c.Flags().StringVar(&o.view, "view", "view=overview", "the view, as in the address of a page, or its name")
	c.Flags().StringVarP(&o.output, "output", "o", "", "the file to write, .svg or .dot; - writes to stdout")
	c.Flags().StringVar(&o.as, "as", "", "svg or dot (default: by the name of the file)")
	c.RegisterFlagCompletionFunc("as", cobra.FixedCompletions([]string{"svg", "dot"}, cobra.ShellCompDirectiveNoFileComp))
	a.storeOption(c)
	a.fromOption(c)
	return c
}

// viewKeys lists the keys of each view, then those that all views take, a line each.
func viewKeys() string {
	common := diagram.Keys(diagram.Names()[0])
	for _, v := range diagram.Names() {
		keys := diagram.Keys(v)
		common = slices.DeleteFunc(common, func(k string) bool { return !slices.Contains(keys, k) })
	}
	var out strings.Builder
	for _, v := range diagram.Names() {
		own := slices.DeleteFunc(diagram.Keys(v), func(k string) bool { return slices.Contains(common, k) })
		fmt.Fprintf(&out, "\n  %-12s %s", v, strings.Join(own, " "))
	}
	fmt.Fprintf(&out, "\n  %-12s %s", "all", strings.Join(common, " "))
	return out.String()
}

// form is what is written: svg or dot.
func (o drawing) form() (string, error) {
	if o.output == "" {
		return "", usage("say where to: -o FILE.svg, -o FILE.dot, or -o - for stdout")
	}
	form := cmp.Or(o.as, strings.TrimPrefix(strings.ToLower(filepath.Ext(o.output)), "."))
	if o.output == "-" {
		form = cmp.Or(o.as, "svg")
	}
	switch form {
	case "svg", "dot":
		return form, nil
	case "png", "pdf":
		return "", usage("%s cannot be written yet: draw .svg or .dot", strings.ToUpper(form))
	}
	return "", usage("“%s” is no name of a picture: end it in .svg or .dot", o.output)
}

// query is the view as in the address of a page; its name may stand alone at the front.
func (o drawing) query() string {
	if name, _, _ := strings.Cut(o.view, "&"); slices.Contains(diagram.Names(), name) {
		return "view=" + o.view
	}
	return o.view
}

// draw writes a picture.
func (a *app) draw(ctx context.Context, o drawing) error {
	form, err := o.form()
	if err != nil {
		return err
	}
	view, err := diagram.ParseQuery(o.query())
	if err != nil {
		return err
	}
	src, end, err := a.source(ctx)
	if err != nil {
		return err
	}
	defer end()
	stop := a.working("Drawing")
	picture, err := picture(ctx, src.Snapshot, view, form)
	stop()
	if err != nil {
		return err
	}
	if o.output == "-" {
		_, err := a.stdout.Write(picture)
		return err
	}
	return os.WriteFile(o.output, picture, 0o666)
}

// picture makes the picture of a view: its DOT, or that drawn and framed.
func picture(ctx context.Context, s *graph.Snapshot, view diagram.View, form string) ([]byte, error) {
	f, err := analysis.Analyse(ctx, s, analysis.Options{})
	if err != nil {
		return nil, err
	}
	d, err := diagram.Build(ctx, s, f, view)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil: // the view asks for what is not there
		return nil, &statusError{wrong, err}
	}
	if form == "dot" {
		return []byte(d.DOT()), nil
	}
	pool := render.NewPool(render.Options{Workers: 1})
	defer pool.Close()
	svg, err := pool.SVG(ctx, d.DOT())
	if err != nil {
		return nil, tooMuch(err)
	}
	framed, err := diagram.Frame(svg, d, diagram.ForFile)
	if err != nil {
		return nil, err
	}
	return framed.SVG, nil
}

// tooMuch adds to a picture that cannot be drawn what would help.
func tooMuch(err error) error {
	if errors.Is(err, render.ErrTooSlow) {
		return fmt.Errorf("%w. Add “&nodes=40” to the view, or write a .dot file", err)
	}
	return err
}
