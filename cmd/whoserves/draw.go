package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/answer"
	"example.com/whoserves/viewer/diagram"
	"example.com/whoserves/viewer/render"
	"example.com/whoserves/viewer/sheet"
	"github.com/spf13/cobra"
)

// drawing holds the options of draw.
type drawing struct {
	views      []string
	output, as string
	dress      map[string]*string // scale, theme, paper
	base       string
}

func (a *app) drawCommand() *cobra.Command {
	o := drawing{dress: map[string]*string{}}
	c := &cobra.Command{
		Use:   "draw",
		Short: "draw a view as SVG, PNG, PDF or DOT",
		Long: `Draws any view of the web app into a file. A view is what stands in the address
of a page, such as “view=customer&customer=sunlark-tours”. Several views make a
PDF of several pages. The views and their keys:` + viewKeys(),
		Example: `  whoserves draw -o overview.svg
  whoserves draw --view "node&node=payroll" -o payroll.png --scale 2
  whoserves draw --view overview --view risks -o board.pdf --paper a4
  whoserves draw --view "view=ripple&fail=payroll" -o - > ripple.svg
  whoserves draw --view "view=risks&exposed=1" -o risks.dot`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return a.draw(c.Context(), o) },
	}
	c.Flags().StringArrayVar(&o.views, "view", []string{"view=overview"}, "the view, as in the address of a page, or its name; may be repeated for a PDF")
	c.Flags().StringVarP(&o.output, "output", "o", "", "the file to write, .svg, .png, .pdf or .dot; - writes to stdout")
	c.Flags().StringVar(&o.as, "as", "", "svg, png, pdf or dot (default: by the name of the file)")
	o.option(c, "scale", "of a PNG: 1, 2 or 3 times the size on a screen", sheet.Scales)
	o.option(c, "theme", "light or dark", sheet.Themes)
	o.option(c, "paper", "of a PDF: "+strings.Join(sheet.Papers, ", ")+" (default: as large as the picture)", sheet.Papers)
	c.Flags().StringVar(&o.base, "base-url", "", "links of a PDF lead to the pages at this address, such as https://who.example/")
	c.RegisterFlagCompletionFunc("as", cobra.FixedCompletions(forms, cobra.ShellCompDirectiveNoFileComp))
	a.storeOption(c)
	a.fromOption(c)
	return c
}

// option adds a word that says what the file is like.
func (o *drawing) option(c *cobra.Command, name, does string, words []string) {
	o.dress[name] = c.Flags().String(name, "", does)
	c.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
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

// forms are the formats of pictures.
var forms = append(slices.Clone(sheet.Formats), "dot")

// form is the format that is written.
func (o drawing) form() (string, error) {
	if o.output == "" {
		return "", usage("say where to: -o FILE.svg, .png, .pdf or .dot, or -o - for stdout")
	}
	form := cmp.Or(o.as, strings.TrimPrefix(strings.ToLower(filepath.Ext(o.output)), "."))
	if o.output == "-" {
		form = cmp.Or(o.as, "svg")
	}
	if o.as != "" && !slices.Contains(forms, form) {
		return "", usage("there is no format “%s”: write %s", o.as, strings.Join(forms, ", "))
	}
	if !slices.Contains(forms, form) {
		return "", usage("“%s” is no name of a picture: end it in .svg, .png, .pdf or .dot", o.output)
	}
	if len(o.views) > 1 && form != "pdf" {
		return "", usage("%d views do not go into one %s file: draw a PDF, or one view at a time", len(o.views), strings.ToUpper(form))
	}
	return form, nil
}

// options are what the file is to be like.
func (o drawing) options(form string) (sheet.Options, error) {
	q := url.Values{}
	for name, value := range o.dress {
		q.Set(name, *value)
	}
	opts, err := sheet.Parse(form, q)
	var wrongWord *diagram.QueryError
	if errors.As(err, &wrongWord) {
		return opts, usage("--%s", optionWrong(wrongWord))
	}
	if form != "pdf" && o.base != "" {
		return opts, usage("--base-url is for links in a PDF")
	}
	if err := sheet.CheckBase(o.base); err != nil {
		return opts, usage("--base-url: %w", err)
	}
	opts.Base = o.base
	return opts, err
}

// optionWrong says what is wrong with an option as it is written on the command line.
func optionWrong(e *diagram.QueryError) string {
	if e.Why != "" {
		return fmt.Sprintf("%s %s: %s", e.Key, e.Value, e.Why)
	}
	return fmt.Sprintf("%s %s is not known: write %s", e.Key, e.Value, strings.Join(e.Allowed, ", "))
}

// parsed are the views; the name of each may stand alone at its front.
func (o drawing) parsed() ([]diagram.View, error) {
	views := make([]diagram.View, len(o.views))
	for i, query := range o.views {
		if name, _, _ := strings.Cut(query, "&"); !strings.Contains(name, "=") {
			query = "view=" + query
		}
		var err error
		if views[i], err = diagram.ParseQuery(query); err != nil {
			return nil, err
		}
	}
	return views, nil
}

// draw writes a picture.
func (a *app) draw(ctx context.Context, o drawing) error {
	form, err := o.form()
	if err != nil {
		return err
	}
	opts, err := o.options(form)
	if err != nil {
		return err
	}
	views, err := o.parsed()
	if err != nil {
		return err
	}
	src, end, err := a.source(ctx)
	if err != nil {
		return err
	}
	defer end()
	stop := a.working("Drawing")
	file, err := picture(ctx, src, views, opts)
	stop()
	if err != nil {
		return err
	}
	for _, words := range file.Report.Words() {
		a.say("%s", words)
	}
	return a.put(ctx, o.output, func(w io.Writer) error {
		_, err := w.Write(file.Bytes)
		return err
	})
}

// picture makes the file of views: the DOT of one, or what is drawn and framed.
func picture(ctx context.Context, src *answer.Source, views []diagram.View, o sheet.Options) (render.File, error) {
	f, err := analysis.Analyse(ctx, src.Snapshot, analysis.Options{})
	if err != nil {
		return render.File{}, err
	}
	foot, err := restsOn(ctx, src, &o)
	if err != nil {
		return render.File{}, err
	}
	pictures := make([]sheet.Picture, len(views))
	for i, v := range views {
		d, err := diagram.Build(ctx, src.Snapshot, f, v)
		switch {
		case ctx.Err() != nil:
			return render.File{}, ctx.Err()
		case err != nil: // the view asks for what is not there
			return render.File{}, &statusError{wrong, err}
		}
		pictures[i] = sheet.Picture{Diagram: d, Foot: foot}
	}
	if o.Format == "dot" {
		return render.File{Bytes: []byte(pictures[0].Diagram.DOT())}, nil
	}
	pool := render.NewPool(render.Options{Workers: 1})
	defer pool.Close()
	file, err := o.File(ctx, pool.Do, pictures...)
	return file, tooMuch(err)
}

// restsOn says what the pictures rest on, in words and in the options of the file.
func restsOn(ctx context.Context, src *answer.Source, o *sheet.Options) (string, error) {
	org := src.Snapshot.Org
	if org.Name != graph.DefaultOrg {
		o.Author = org.Name
	}
	if src.Store == nil {
		return sheet.Foot(org, o.Author, false, time.Time{}), nil
	}
	history, err := src.Store.History(ctx)
	if err != nil {
		return "", err
	}
	if r := graph.RecordOf(history, org.Version); r != nil {
		o.Date = r.Time
	}
	return sheet.Foot(org, o.Author, true, o.Date), nil
}

// tooMuch adds to a picture that cannot be drawn what would help.
func tooMuch(err error) error {
	var bad *render.Error
	switch {
	case errors.Is(err, render.ErrTooSlow):
		return fmt.Errorf("%w. Add “&nodes=40” to the view, or write .svg or .dot", err)
	case errors.As(err, &bad) && bad.Beyond:
		return fmt.Errorf("%w. Write .svg, which has no such limit, or add “&nodes=40” to the view", err)
	}
	return err
}
