package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"example.com/whoserves/graph/neo4jstore"
	"example.com/whoserves/viewer"
	"example.com/whoserves/viewer/draft"
	"example.com/whoserves/viewer/render"
	"example.com/whoserves/viewer/sheet"
	"github.com/spf13/cobra"
)

// defaultListen is where the web app is reached when nothing else is said.
const defaultListen = "127.0.0.1:8080"

// serving holds the options of serve and demo.
type serving struct {
	listen       string
	insecureOpen bool
	baseURL      string
	drafts       string        // the folder below which imports are kept that are not finished
	anyPort      bool          // take another port when this one is in use
	refresh      time.Duration // how often to look for what others wrote; 0: at the start, and when somebody asks
}

func (a *app) serveCommand() *cobra.Command {
	var o serving
	c := &cobra.Command{
		Use:   "serve",
		Short: "serve the pages and pictures to a browser",
		Long: `Serves the web app until it is stopped with Ctrl+C, and prints its address. It
shows new imports within seconds. There is no sign-in yet, so it listens only
to this computer unless told otherwise.

A Neo4j that is not there yet is waited for; one that goes away is shown as it
was last. What others write into it is taken over at the start and again after
--refresh, which waits longer where a look takes long.`,
		Example: `  whoserves serve
  whoserves serve --listen 127.0.0.1:9000 --store acme.db
  whoserves serve --store neo4j://localhost --refresh 10m
  whoserves serve --from links.csv         look at files without importing them`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return a.serve(c.Context(), o) },
	}
	o.options(c)
	a.storeOption(c)
	a.fromOption(c)
	c.Flags().StringVar(&o.drafts, "drafts", "", "keep imports that are begun on the pages and not finished below this `folder` (default: one of your own cache)")
	const refresh = "refresh"
	c.Flags().DurationVar(&o.refresh, refresh, time.Minute, "how often to look for what others wrote; 0: at the start, and when asked on the page")
	c.Flags().SetAnnotation(refresh, aboutNeo4j, nil)
	return c
}

func (o *serving) options(c *cobra.Command) {
	c.Flags().StringVar(&o.listen, "listen", defaultListen, "the address to listen at")
	c.Flags().BoolVar(&o.insecureOpen, "insecure-open", false, "let everybody on the network read it: there is no sign-in yet")
	c.Flags().StringVar(&o.baseURL, "base-url", "", "where people reach the pages, such as https://who.example/: links of a PDF lead there")
}

// serve shows a store, or the files that --from names.
func (a *app) serve(ctx context.Context, o serving) error {
	if err := o.check(); err != nil {
		return err
	}
	if o.refresh < 0 {
		return usage("--refresh %v: write how often, such as 10m, or 0", o.refresh)
	}
	if len(a.from) > 0 {
		s, err := a.files(ctx)
		if err != nil {
			return err
		}
		return a.show(ctx, o, viewer.Config{Snapshot: s})
	}
	where, err := a.location()
	if err != nil {
		return err
	}
	if where.neo4j != nil {
		return a.serveNeo4j(ctx, o, where)
	}
	st, err := where.open(ctx, a.org)
	if err != nil {
		return err
	}
	defer st.Close()
	if err := a.checkOrg(ctx, st); err != nil {
		return err
	}
	return a.show(ctx, o, viewer.Config{Store: st, Drafts: a.draftsOf(o, where)})
}

// draftsOf is the folder for imports that are begun on the pages of a store and not finished; "" where there is none.
func (a *app) draftsOf(o serving, where location) string {
	dir := o.drafts
	if dir == "" {
		var err error
		if dir, err = draft.DefaultDir(); err != nil {
			return ""
		}
	}
	store := where.String()
	if abs, err := filepath.Abs(where.path); err == nil && where.neo4j == nil {
		store = abs
	}
	return draft.Folder(dir, store, a.org)
}

// serveNeo4j shows an organisation that lives in a Neo4j, which may not be there yet. What waiting does not heal, such as a wrong
// password, ends it at once.
func (a *app) serveNeo4j(ctx context.Context, o serving, where location) error {
	f := &far{config: *where.neo4j, org: a.org, check: a.checkOrg}
	defer f.close()
	switch err := f.try(ctx); {
	case err == nil:
	case ctx.Err() != nil || lasting(err) || errors.Is(err, neo4jstore.ErrDatabase):
		return err
	default:
		a.say("%v. The pages wait for it.", err)
	}
	return a.show(ctx, o, viewer.Config{Open: f.open, Lasting: lasting, Refresh: f.refresh, RefreshEvery: o.refresh, Drafts: a.draftsOf(o, where)})
}

// check refuses an address that others can reach, unless that is meant, and one that leads nowhere.
func (o serving) check() error {
	if err := sheet.CheckBase(o.baseURL); err != nil {
		return usage("--base-url: %w", err)
	}
	host, _, err := net.SplitHostPort(o.listen)
	if err != nil {
		return usage("--listen “%s” is no address: write one such as %s", o.listen, defaultListen)
	}
	if o.insecureOpen || host == "localhost" {
		return nil
	}
	if ip := net.ParseIP(strings.Trim(host, "[]")); ip != nil && ip.IsLoopback() {
		return nil
	}
	return usage("--listen %s would let everybody on the network read and there is no sign-in yet: use 127.0.0.1, or say --insecure-open", o.listen)
}

// show runs the web app until ctx is done.
func (a *app) show(ctx context.Context, o serving, config viewer.Config) error {
	ln, err := o.open(ctx)
	if err != nil {
		return err
	}
	defer ln.Close()
	pool := render.NewPool(render.Options{})
	defer pool.Close()
	config.Render, config.Version, config.Listen, config.BaseURL = pool, version(), ln.Addr().String(), o.baseURL
	config.By = who()
	config.Logger = slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	server, err := viewer.New(ctx, config)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "http://%s/\n", ln.Addr())
	a.say("Open this address in a browser. Stop with Ctrl+C.")
	return server.Run(ctx, ln)
}

// open listens at the address.
func (o serving) open(ctx context.Context) (net.Listener, error) {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", o.listen)
	if !errors.Is(err, syscall.EADDRINUSE) {
		return ln, err
	}
	if o.anyPort {
		host, _, _ := net.SplitHostPort(o.listen)
		return lc.Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
	}
	return nil, fmt.Errorf("another program listens at %s already: say another with --listen, such as 127.0.0.1:8081", o.listen)
}
