package importer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// The bounds of YAML, whose parser holds all of a file in memory, at many times its size.
const (
	maxYAML      = 8 << 20
	maxYAMLMarks = 500_000 // line ends, commas, colons and brackets
	maxYAMLNest  = 200     // brackets open at once, dashes or marks of keys in one line
	maxYAMLDeep  = 1000    // spaces before a line
	maxAliased   = 100_000 // values that references stand for
)

// yamlSheets reads YAML: a list of objects is a table, an object holds tables under its keys. Several documents in one file
// count as one.
func yamlSheets(ctx context.Context, file string, text []byte) iter.Seq2[*sheet, error] {
	return documentSheets(file, func(d *document) error {
		if err := checkYAML(text); err != nil {
			return err
		}
		parsed, err := parseYAML(text)
		if err != nil {
			return err
		}
		for _, doc := range parsed.Docs {
			if err := ctx.Err(); err != nil {
				return err
			}
			r := &yamlReader{ctx: ctx, anchors: map[string]ast.Node{}}
			v, err := r.value(doc.Body, 0)
			if err == nil {
				err = d.top(v)
			}
			if err != nil {
				return fmt.Errorf("the YAML cannot be used: %w", err)
			}
		}
		return nil
	})
}

// checkYAML refuses text that the parser would take too long for, or that nests too deep for it.
func checkYAML(text []byte) error {
	if len(text) > maxYAML {
		return errors.New("the file is larger than 8 MB: save it as JSON lines, JSON or CSV")
	}
	marks, open, line := 0, 0, 1
	for rest := range bytes.Lines(text) {
		spaces := len(rest) - len(bytes.TrimLeft(rest, " \t"))
		dashes := bytes.Count(rest, []byte("- ")) + bytes.Count(rest, []byte("? ")) + bytes.Count(rest, []byte(": ")) + bytes.Count(rest, []byte("-\t"))
		for _, b := range rest {
			switch b {
			case '[', '{':
				open++
				marks++
			case ']', '}':
				open = max(0, open-1)
				marks++
			case ',', ':', '\n', '&', '*', '!':
				marks++
			}
			if open > maxYAMLNest {
				return fmt.Errorf("line %d opens more than %d brackets without closing them: this is no table", line, maxYAMLNest)
			}
		}
		if spaces > maxYAMLDeep || dashes > maxYAMLNest && spaces+2*dashes > len(rest)/2 {
			return fmt.Errorf("line %d nests too deep: this is no table", line)
		}
		line++
	}
	if marks > maxYAMLMarks {
		return errors.New("the file holds more than half a million lines and values: save it as JSON lines, JSON or CSV")
	}
	return nil
}

// parseYAML keeps what goes wrong in the parser from ending the program.
func parseYAML(text []byte) (file *ast.File, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("the YAML cannot be read: check its indentation, or save it as JSON")
		}
	}()
	file, err = parser.ParseBytes(text, 0)
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return nil, fmt.Errorf("the YAML cannot be read, [line:character] %s", shorten(first, 200))
	}
	return file, nil
}

// yamlReader turns a document into values. References are followed while they stay small.
type yamlReader struct {
	ctx     context.Context
	anchors map[string]ast.Node
	aliased int // values that references stand for
	within  int // references that are being followed
}

func (r *yamlReader) value(n ast.Node, depth int) (value, error) {
	if depth > maxDepth {
		return value{}, errDeep
	}
	if r.within > 0 {
		if r.aliased++; r.aliased > maxAliased {
			return value{}, errors.New("its references (*name) stand for more than 100,000 values: write the values out")
		}
	}
	switch n := n.(type) {
	case nil, *ast.NullNode, *ast.CommentGroupNode:
		return value{}, nil
	case *ast.MappingNode:
		return r.object(n.Values, depth)
	case *ast.MappingValueNode:
		return r.object([]*ast.MappingValueNode{n}, depth)
	case *ast.SequenceNode:
		v := value{kind: list_, items: make([]value, 0, len(n.Values))}
		for _, item := range n.Values {
			i, err := r.value(item, depth+1)
			if err != nil {
				return v, err
			}
			v.items = append(v.items, i)
		}
		return v, nil
	case *ast.AnchorNode:
		r.anchors[nameOf(n.Name)] = n.Value
		return r.value(n.Value, depth+1)
	case *ast.AliasNode:
		return r.alias(n, depth)
	case *ast.TagNode:
		return r.value(n.Value, depth+1)
	case *ast.StringNode:
		return value{kind: scalar, text: n.Value}, nil
	case *ast.LiteralNode:
		return value{kind: scalar, text: strings.TrimRight(n.Value.Value, "\n")}, nil
	case *ast.IntegerNode, *ast.FloatNode:
		return value{kind: scalar, text: n.GetToken().Value, number: true}, nil
	case *ast.BoolNode:
		return value{kind: scalar, text: fmt.Sprint(n.Value)}, nil
	}
	return value{kind: scalar, text: nameOf(n)}, nil
}

// alias gives what a reference stands for.
func (r *yamlReader) alias(n *ast.AliasNode, depth int) (value, error) {
	name := nameOf(n.Value)
	target, known := r.anchors[name]
	if !known {
		return value{}, fmt.Errorf("the reference *%s in line %d stands for nothing: no &%s is above it", shorten(name, 40), lineOf(n), shorten(name, 40))
	}
	r.within++
	v, err := r.value(target, depth+1)
	r.within--
	return v, err
}

// object reads keys and values. Those that << brings in count where the object has none of its own.
func (r *yamlReader) object(pairs []*ast.MappingValueNode, depth int) (value, error) {
	v := value{kind: object, fields: make([]fieldOf, 0, len(pairs))}
	var merged []fieldOf
	own := map[string]bool{}
	for _, p := range pairs {
		item, err := r.value(p.Value, depth+1)
		if err != nil {
			return v, err
		}
		if _, merge := p.Key.(*ast.MergeKeyNode); merge {
			merged = append(merged, item.fields...)
			for _, i := range item.items {
				merged = append(merged, i.fields...)
			}
			continue
		}
		key := keyOf(p.Key)
		own[key] = true
		v.fields = append(v.fields, fieldOf{key, item})
	}
	for _, f := range merged {
		if !own[f.key] {
			own[f.key] = true
			v.fields = append(v.fields, f)
		}
	}
	return v, nil
}

// keyOf gives the text of a key.
func keyOf(k ast.MapKeyNode) string {
	switch k := k.(type) {
	case nil:
		return ""
	case *ast.MappingKeyNode:
		return nameOf(k.Value)
	}
	return nameOf(k)
}

// nameOf gives the text of a scalar.
func nameOf(n ast.Node) string {
	switch n := n.(type) {
	case nil:
		return ""
	case *ast.StringNode:
		return n.Value
	}
	if t := n.GetToken(); t != nil {
		return t.Value
	}
	return ""
}

func lineOf(n ast.Node) int {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 0
}
