package render

import (
	"bufio"
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"unicode/utf8"

	"example.com/whoserves/viewer/drawing"
	"example.com/whoserves/viewer/render/privatetmp"
	"github.com/goccy/go-graphviz"
	"github.com/goccy/go-graphviz/cgraph"
)

// The layout engine has been initialised by now: it is an import of this package.
func init() { privatetmp.Done() }

// Work is what a worker does: it reads orders from stdin and writes what came of them to stdout, one after the other, until
// stdin ends.
func Work(stdin io.Reader, stdout io.Writer) error {
	graphviz.SetFileSystem(embed.FS{}) // an empty one: no picture reads a file
	e, err := newEngine()
	if err != nil {
		return err
	}
	if _, err := e.draw([]byte("digraph { a -> b }")); err != nil {
		return err
	}
	out := bufio.NewWriterSize(stdout, 64<<10)
	out.WriteByte(ready)
	if err := out.Flush(); err != nil {
		return err
	}
	in := bufio.NewReaderSize(stdin, 64<<10)
	p := painter{fonts: sync.OnceValue(findFonts)}
	for {
		var o order
		body, err := readFrame(in, &o, maxBody)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		made, err := carryOut(o, body, e, p)
		if err := errors.Join(answer(out, made, err), out.Flush()); err != nil {
			return err
		}
	}
}

// carryOut does what an order says.
func carryOut(o order, body []byte, e *engine, p painter) (made File, err error) {
	if o.Format == "svg" {
		made.Bytes, err = e.draw(body)
		return made, err
	}
	return p.paint(o, body)
}

// answer says what came of an order.
func answer(w io.Writer, made File, failed error) error {
	var limit *drawing.LimitError
	o := outcome{Drawn: failed == nil, Beyond: errors.As(failed, &limit), Memory: memory(), Report: made.Report}
	body := made.Bytes
	if failed != nil {
		body = []byte(failed.Error())
	}
	head, err := json.Marshal(o)
	if err != nil {
		return err
	}
	return writeFrame(w, head, body)
}

// engine is the layout engine of this process. After an error it must not be used any more: the next picture could
// suffer from what is left of the last one.
type engine struct {
	ctx      context.Context
	graphviz *graphviz.Graphviz
	message  string // the last message that Graphviz has given
}

func newEngine() (*engine, error) {
	ctx := context.Background()
	g, err := graphviz.New(ctx)
	if err != nil {
		return nil, err
	}
	return &engine{ctx: ctx, graphviz: g}, nil
}

// draw draws one picture: valid XML, with all its nodes and all its labels, or an error. What the engine drops
// silently is looked for here: it has no error for labels and edges that it could not make sense of.
func (e *engine) draw(dot []byte) (svg []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the layout engine failed: %v", r)
		}
	}()
	graph, err := e.parse(dot)
	if err != nil {
		return nil, err
	}
	defer graph.Close()
	var out bytes.Buffer
	if err := e.graphviz.Render(e.ctx, graph, graphviz.SVG, &out); err != nil {
		return nil, errors.New(strings.TrimSpace(err.Error()))
	}
	svg = clean(out.Bytes())
	if !whole("svg", svg) {
		return nil, errors.New("the layout engine returned only a part of it")
	}
	if err := e.complaint(); err != nil {
		return nil, err
	}
	return svg, missing(graph, svg)
}

// probe is a graph that is parsed after each picture's: the parser keeps what follows a graph, even half a comment,
// and would put it before the next picture.
const probe = "whoserves probe"

// parse reads the one graph that is in dot.
func (e *engine) parse(dot []byte) (*graphviz.Graph, error) {
	if bytes.IndexByte(dot, 0) >= 0 {
		return nil, errors.New("its description holds a zero byte")
	}
	graph, err := graphviz.ParseBytes(dot)
	if graph == nil {
		// The message is the last one given, perhaps for an earlier picture.
		if err == nil || err.Error() == e.message {
			return nil, errors.New("its description is empty or holds no graph")
		}
		return nil, errors.New(strings.TrimSpace(err.Error()))
	}
	if err != nil {
		return nil, err
	}
	rest, err := graphviz.ParseBytes(fmt.Appendf(nil, "graph %q {}", probe))
	if rest == nil || err != nil {
		return nil, errors.New("its description goes on after the end of the graph")
	}
	defer rest.Close()
	if name, err := rest.Name(); err != nil || name != probe {
		return nil, errors.New("its description holds more than one graph")
	}
	return graph, nil
}

// complaint returns an error when Graphviz has reported, since the last call, something without which the picture
// says less than it should: a label or an edge. Other reports are about looks.
func (e *engine) complaint() error {
	_, err := graphviz.ParseBytes([]byte("\n")) // nothing to parse: the error is the last report
	if err == nil || err.Error() == e.message {
		return nil
	}
	e.message = err.Error()
	if strings.Contains(e.message, "in label of ") || strings.HasPrefix(e.message, "lost ") {
		return errors.New(strings.Join(strings.Fields(e.message), " "))
	}
	return nil
}

// missing returns an error when svg has fewer nodes than graph has visible ones. Invisible nodes, which are not
// written, are counted only when there is a difference: asking for an attribute is slow.
func missing(graph *graphviz.Graph, svg []byte) error {
	want, err := graph.NodeNum()
	if err != nil {
		return err
	}
	got := bytes.Count(svg, []byte(`class="node"`)) + bytes.Count(svg, []byte(`class="node `))
	if got == want {
		return nil
	}
	invisible, err := countInvisible(graph)
	if err != nil {
		return err
	}
	if got != want-invisible {
		return fmt.Errorf("the layout engine drew %d of %d nodes", got, want-invisible)
	}
	return nil
}

func countInvisible(graph *graphviz.Graph) (int, error) {
	n := 0
	var node *cgraph.Node
	var err error
	for node, err = graph.FirstNode(); node != nil && err == nil; node, err = graph.NextNode(node) {
		if strings.Contains(node.GetStr("style"), "invis") {
			n++
		}
	}
	return n, err
}

// clean puts the replacement character in the place of what XML does not allow and Graphviz passes on: control
// characters and the two non-characters at the end of the basic plane.
func clean(svg []byte) []byte {
	if !bytes.ContainsFunc(svg, notXML) && utf8.Valid(svg) {
		return svg
	}
	return bytes.Map(func(r rune) rune {
		if notXML(r) {
			return utf8.RuneError
		}
		return r
	}, svg)
}

func notXML(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}

// memory is how many bytes this process holds: what the system says where it says so, else what Go has taken.
func memory() uint64 {
	var total, resident uint64
	if text, err := os.ReadFile("/proc/self/statm"); err == nil {
		if _, err := fmt.Sscan(string(text), &total, &resident); err == nil {
			return resident * uint64(os.Getpagesize())
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Sys - m.HeapReleased
}
