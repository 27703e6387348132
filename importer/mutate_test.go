package importer

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

var mutations = flag.Float64("mutations", 0.002, "share of the full number of mutations that are tried: 1 is 10,000 of text and 300 of the parts of a workbook")

// The bounds that any file keeps to.
const (
	slowest = 2 * time.Second
	mostMB  = 512
)

// samples are good files, one of each format and of each shape, with much in them.
func samples(t testing.TB) map[string][]byte {
	b := newBook(t).fill("Links", "Who serves whom", "", "Provider||Consumer|Service|Tolerance|Volume|confirmed on", "Team|Contact|Team", "A|a@x|B|S|4 h|1.5", "|x|C|\"|2 days|x", "", "Source: interviews").
		fill("People", "id|name|team|manager", "1|Ann|A", "2|Bob|B|1").merge("Links", "A3", "B3").merge("Links", "A5", "A6").merge("Links", "D3", "D4")
	b.style("Links", "G5", 46328, "yyyy-mm-dd")
	all := map[string][]byte{}
	for name, cases := range map[string][]exchangeCase{"graphml": graphMLCases, "gexf": gexfCases, "backstage": backstageCases, "kumu": kumuCases, "neo4j": neo4jCases, "archimate": archiMateCases,
		"drawio": drawIOCases, "dot": dotCases} {
		for i, c := range cases {
			all[fmt.Sprint(name, i, extension(c.file))] = []byte(c.content)
		}
	}
	for _, b := range messyBooks {
		all[b.name+".tsv"] = b.text()
	}
	for i, seed := range shapeSeeds {
		all[fmt.Sprint("shape", i, extension(seed[0]))] = []byte(seed[1])
	}
	maps.Copy(all, map[string][]byte{
		"tracker.xlsx": messyBooks[7].build(t, 0),
		"links.csv":    []byte(strings.ReplaceAll(goodLinks, "§", ";")),
		"links.tsv":    []byte("provider\tconsumer\tservice\nA\tB\t\"S\nT\"\n\tC\t\n\tD\t\n"),
		"org.xlsx":     b.bytes(),
		"org.ods": odsBook(t, odsTable("Links", "provider|consumer|volume|tolerance", `A|B|<table:table-cell office:value-type="float" office:value="1.5"/>|<table:table-cell office:value-type="time" office:value-time="PT4H"/>`,
			`<table:table-cell table:number-rows-spanned="2"><text:p>C</text:p></table:table-cell>|D`)+odsTable("People", "name|team", "Ann|A")),
		"org.json":    []byte(`{"links": [{"provider": "A", "consumer": "B", "volume": 1.5, "tags": ["x", "y"], "more": {"deep": [true, null]}}, {"provider": "C", "consumer": "D"}], "people": [{"name": "Ann", "team": "A"}]}`),
		"links.jsonl": []byte("{\"provider\": \"A\", \"consumer\": \"B\", \"volume\": 1.5}\n{\"provider\": \"C\", \"consumer\": \"D\"}\n"),
		"org.yaml":    []byte("links:\n  - &a\n    provider: A\n    consumer: \"B\\n\"\n    volume: 1.5\n    tags: [x, 'y']\n  - <<: *a\n    consumer: C\n    note: |\n      two\n      lines\npeople:\n  - {name: Ann, team: A}\n---\nunits:\n  - name: U\n    parent: V\n"),
	})
	return all
}

// pieces are what mutations put into files: marks of the formats, and numbers at the edges.
var pieces = []string{"\"", "'", "\n", "\r", ",", ";", "\t", "|", "{", "}", "[", "]", ":", "- ", "  ", "&a ", "*a", "<<: ", "---\n", "? ", "!!str ", "|\n", "\x00", "\xff", "\ufeff", "é", "0", "-1", "9999999999",
	"1e999", "A1:XFD1048576", "XFD1048576", "<", ">", "/>", "&lt;", "&x;", "</", "<!--", "<![CDATA[", "<?", "r=\"1048576\"", "t=\"s\"", "<c>", "<row>", "<v>", "<si>", "<mergeCell ref=\"A1:B9\"/>",
	"table:number-rows-repeated=\"1048576\" ", "table:number-columns-repeated=\"16384\" ", "<table:table-cell>", "<text:p>", "hidden=\"1\" "}

// mutate changes a few places of content.
func mutate(random *rand.Rand, content []byte) []byte {
	m := bytes.Clone(content)
	for range 1 + random.Intn(4) {
		if len(m) == 0 {
			return m
		}
		at := random.Intn(len(m))
		switch random.Intn(7) {
		case 0:
			m[at] = byte(random.Intn(256))
		case 1:
			m = append(m[:at:at], m[min(len(m), at+1+random.Intn(20)):]...)
		case 2:
			m = m[:at]
		case 3: // a stretch again, up to a thousand times
			piece := m[at:min(len(m), at+1+random.Intn(60))]
			m = append(m[:at:at], append(bytes.Repeat(piece, 1+random.Intn(1+random.Intn(1000))), m[at:]...)...)
		case 4: // two places change places
			to := random.Intn(len(m))
			m[at], m[to] = m[to], m[at]
		default:
			m = append(m[:at:at], append([]byte(pieces[random.Intn(len(pieces))]), m[at:]...)...)
		}
	}
	return m
}

// TestMutations holds that no change of a good file makes the reader panic, hang or take the memory away.
func TestMutations(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	good := samples(t)
	for _, name := range slices.Sorted(maps.Keys(good)) {
		content := good[name]
		random := rand.New(rand.NewSource(int64(len(name))))
		full, change := 10_000, func() []byte { return mutate(random, content) }
		if bytes.HasPrefix(content, []byte("PK")) {
			names, parts := unzip(t, content)
			full, change = 300, func() []byte {
				name := names[random.Intn(len(names))]
				for ; !strings.HasSuffix(name, ".xml"); name = names[random.Intn(len(names))] {
				}
				good := parts[name]
				defer func() { parts[name] = good }()
				parts[name] = mutate(random, good)
				return zipped(t, names, parts)
			}
			full *= len(names)
		}
		for range max(10, int(float64(full)**mutations)) {
			readMutation(t, name, change())
		}
	}
	if runtime.ReadMemStats(&after); after.Sys-before.Sys > mostMB<<20 {
		t.Errorf("%d MB of memory more", (after.Sys-before.Sys)>>20)
	}
}

func readMutation(t *testing.T, name string, content []byte) {
	t.Helper()
	var r *Result
	var err error
	took := time.Duration(1<<63 - 1)
	for range 3 { // a machine with much to do is no hang
		start := cpuTime()
		r, err = ReadFiles(context.Background(), []File{Bytes(name, content)}, Options{})
		if took = min(took, cpuTime()-start); took < slowest {
			break
		}
	}
	if took > slowest {
		t.Errorf("%s took %v: %q", name, took, content[:min(len(content), 500)])
	}
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if checkResult(t, r); t.Failed() {
		t.Fatalf("%s: %q", name, content[:min(len(content), 500)])
	}
}

// FuzzXLSX, FuzzODS, FuzzJSON, FuzzJSONLines and FuzzYAML hold of the readers what FuzzRead holds of delimited text. Those of the
// workbooks change a part and zip it again.
func FuzzXLSX(f *testing.F) {
	fuzzPart(f, "org.xlsx", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml")
}
func FuzzODS(f *testing.F) { fuzzPart(f, "org.ods", "content.xml") }

func FuzzJSON(f *testing.F)      { fuzzSample(f, "org.json") }
func FuzzJSONLines(f *testing.F) { fuzzSample(f, "links.jsonl") }
func FuzzYAML(f *testing.F)      { fuzzSample(f, "org.yaml") }

func fuzzSample(f *testing.F, name string) {
	f.Add(samples(f)[name])
	f.Fuzz(func(t *testing.T, content []byte) { readMutation(t, name, content) })
}

func fuzzPart(f *testing.F, name string, choices ...string) {
	names, parts := unzip(f, samples(f)[name])
	for i, c := range choices {
		f.Add(i, parts[c])
	}
	f.Fuzz(func(t *testing.T, choice int, content []byte) {
		changed := map[string][]byte{}
		for n, p := range parts {
			changed[n] = p
		}
		changed[choices[max(0, choice)%len(choices)]] = content
		readMutation(t, name, zipped(t, names, changed))
	})
}
