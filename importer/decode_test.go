package importer

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"example.com/whoserves/graph"
)

// goodLinks has a § where the delimiter goes.
const goodLinks = `provider§consumer§service§tolerance_hours§volume§Vermerk
Café Zürich§Crew scheduling§Verköstigung§2 days§"1,5"§Größe
"Smith; Sons, Ltd | Co"§Crew scheduling§"Say ""hi"""§4h§2§
Señor Ñandú§Müller & Söhne§§30 min§"1.234,5"§für 10 € “fest”
`

func TestEveryEncodingDelimiterAndLineEnd(t *testing.T) {
	const want = `2 Café Zürich > Crew scheduling service=Verköstigung tolerance=48 volume=1.5 Vermerk:Größe
3 Smith; Sons, Ltd | Co > Crew scheduling service=Say "hi" tolerance=4 volume=2
4 Señor Ñandú > Müller & Söhne tolerance=0.5 volume=1234.5 Vermerk:für 10 € “fest”
`
	utf16 := func(e unicode.Endianness, b unicode.BOMPolicy) encoding.Encoding { return unicode.UTF16(e, b) }
	encodings := map[string]encoding.Encoding{
		"UTF-8": unicode.UTF8, "UTF-8 BOM": unicode.UTF8BOM, "Windows-1252": charmap.Windows1252,
		"UTF-16LE BOM": utf16(unicode.LittleEndian, unicode.UseBOM), "UTF-16BE BOM": utf16(unicode.BigEndian, unicode.UseBOM),
		"UTF-16LE": utf16(unicode.LittleEndian, unicode.IgnoreBOM), "UTF-16BE": utf16(unicode.BigEndian, unicode.IgnoreBOM),
	}
	for name, enc := range encodings {
		for _, delimiter := range delimiters {
			for _, end := range []string{"\n", "\r\n", "\r"} {
				text := strings.ReplaceAll(strings.ReplaceAll(goodLinks, "§", string(delimiter)), "\n", end)
				raw, err := enc.NewEncoder().String(text)
				if err != nil {
					t.Fatal(err)
				}
				r := read(t, "links.csv", raw)
				if got := facts(r.Org); got != want {
					t.Errorf("%s, %q, %q:\n%s\nwant\n%s%s", name, delimiter, end, got, want, problems(r))
				}
				for _, p := range r.Problems {
					if p.Severity > graph.Info || name != "Windows-1252" {
						t.Errorf("%s, %q, %q: %s %s", name, delimiter, end, p.Severity, p)
					}
				}
			}
		}
	}
}

func TestDecode(t *testing.T) {
	const russian = "provider,consumer,service\nБухгалтерия,Продажи,Расчёт заработной платы сотрудникам\nСклад,Доставка,Отгрузка товаров покупателям\n"
	const polish = "provider,consumer\nKsięgowość,Sprzedaż\nŻółw,Łódź\n"
	const chinese = "provider,consumer,service\n財務部,销售部,工资发放与报销\n信息技术部,人力资源部,系统维护和技术支持服务\n采购部,生产部,原材料供应以及库存管理\n"
	const kana = "provider,consumer,service\n経理部,営業部,給与のしはらいをおこなう\n倉庫,配送,しなものをおくりだす\n" +
		"人事部,開発部,あたらしいひとをさがしてきます\n開発部,営業部,あたらしいしくみをつくってわたします\n"
	encode := func(e encoding.Encoding, s string) string {
		raw, err := e.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	simplified := strings.ReplaceAll(chinese, "財務", "财务")
	tests := []struct {
		name, raw, encoding, want, problem string
	}{
		{"Cyrillic", encode(charmap.Windows1251, russian), "", russian, "info links.csv: the text is not UTF-8 and was read as windows-1251…"},
		{"Chinese", encode(simplifiedchinese.GBK, simplified), "", simplified, "info links.csv: the text is not UTF-8 and was read as …"},
		{"Japanese", encode(japanese.ShiftJIS, kana), "", kana, "info links.csv: the text is not UTF-8 and was read as …"},
		{"named", encode(charmap.Windows1250, polish), "windows-1250", polish, ""},
		{"named in short", encode(charmap.Windows1250, polish), "CP1250", polish, ""},
		{"byte order mark beats the name", "\xef\xbb\xbf" + polish, "windows-1252", polish, ""},
		{"UTF-16 of Chinese without mark", encode(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), chinese), "", chinese, ""},
		{"one broken byte in UTF-8", strings.Replace(russian, "Бух", "Б\xff", 1), "", strings.Replace(russian, "Бух", "Б\uFFFD", 1),
			"warning links.csv: some characters are not UTF-8, the first in line 2…"},
		{"unknown name", polish, "klingon", "", "error links.csv: no encoding is called “klingon”…"},
		{"UTF-32", "\xff\xfe\x00\x00p\x00\x00\x00", "", "", "error links.csv: the text is UTF-32…"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d, err := decode([]byte(test.raw), test.encoding)
			if err == nil && string(d.text) != test.want {
				t.Errorf("got %q", d.text)
			}
			var all []string
			if test.problem != "" {
				all = append(all, test.problem)
			}
			r := readAll(t, Options{Encoding: test.encoding}, Bytes("links.csv", []byte(test.raw)))
			wantLines(t, "problems", strings.ReplaceAll(strings.ReplaceAll(problems(r), "Windows-", "windows-"), "\r", ""), all)
		})
	}
}

func TestDecimalMarks(t *testing.T) {
	tests := []struct {
		cells string // of column volume, with spaces between
		want  []string
	}{
		{"1,5 2,25 0,123", []string{"1.5", "2.25", "0.123"}},
		{"1.234,5 1,234", []string{"1234.5", "1.234"}},
		{"1,234.5 1,234", []string{"1234.5", "1234"}},
		{"1,234,567 1,234", []string{"1234567", "1234"}},
		{"1.234.567 1.234", []string{"1234567", "1234"}},
		{"1.234 7", []string{"1.234", "7"}},
		{"1,234 7", []string{"", "7"}},
		{"1,5 2.5 1,234 1.234", []string{"1.5", "2.5", "", "1.234"}},
		{"1,5 1.234", []string{"1.5", "1234"}},
		{"1e3 1E+05 .5 5. +7 0.00000001", []string{"1000", "100000", "0.5", "5", "7", "0.00000001"}},
		{"1'234.5 1\u00a0234\u00a0567 12'34 1,23,456", []string{"1234.5", "1234567", "", ""}},
		{"NaN Inf 0x10 1_000 1e400 1e16 ½ ١٢", []string{"", "", "", "", "", "", "", ""}},
	}
	for _, test := range tests {
		for _, delimiter := range []string{",", ";"} {
			cells := strings.Split(test.cells, " ")
			var b strings.Builder
			fmt.Fprintln(&b, strings.ReplaceAll("provider,consumer,volume", ",", delimiter))
			for i, c := range cells {
				fmt.Fprintln(&b, strings.ReplaceAll(fmt.Sprintf(`A,B%d,"%s"`, i, strings.ReplaceAll(c, ",", "§")), ",", delimiter))
			}
			r := read(t, "links.csv", strings.ReplaceAll(b.String(), "§", ","))
			bad := 0
			for i, l := range r.Org.Sources[0].Links {
				if got := l.Volume.String(); got != test.want[i] {
					t.Errorf("%s: %s was read as %q, want %q", test.cells, cells[i], got, test.want[i])
				}
				if test.want[i] == "" {
					bad++
				}
			}
			for _, p := range r.Problems {
				if p.Severity == graph.Warning {
					bad--
				}
			}
			if bad != 0 {
				t.Errorf("%s: each cell that is left out must be told once:\n%s", test.cells, problems(r))
			}
		}
	}
	// The rest of the sheet decides where the column does not.
	r := read(t, "links.csv", "provider;consumer;volume;cost\nA;B;1,234;0,5 €\n")
	if got, want := facts(r.Org), "2 A > B volume=1.234 cost=0.5\n"; got != want {
		t.Errorf("got %s want %s", got, want)
	}
}

func TestDurations(t *testing.T) {
	tests := map[string]string{
		"4": "4", "4h": "4", "4 h": "4", "4 hours": "4", "1 Hour": "1", "2 days": "48", "2d": "48", "1 week": "168", "2 wks": "336", "30 min": "0.5", "90 minutes": "1.5",
		"1.5 days": "36", "1.1 days": "26.4", "0.00000001": "0.00000001", "1,5 days": "36", "1 day 4 hours": "28", "1 day, 4 hours": "28", "1 day and 4 hours": "28", "1d4h30min": "28.5", "4:30": "4.5",
		"0:20": "0.333333333", "20 min": "0.333333333", "36 s": "0.01", "0": "0", "4 hrs.": "4",
		"4 m": "", "1 month": "", "soon": "", "h": "", "4 h 30": "", "-4 h": "", "4-8 h": "", "<4h": "", "4:75": "", "1:2:3:4": "", "4 business days": "",
	}
	for cell, want := range tests {
		r := read(t, "links.csv", "provider,consumer,tolerance_hours\nA,B,\""+cell+"\"\n")
		got := r.Org.Sources[0].Links[0].Tolerance.String()
		if got != want && !(strings.HasPrefix(want, "0.333") && strings.HasPrefix(got, want[:8])) {
			t.Errorf("%q was read as %q, want %q", cell, got, want)
		}
		if told := len(r.Problems) == 1; told != (want == "") {
			t.Errorf("%q: problems %v", cell, r.Problems)
		}
	}
	for header, want := range map[string]string{"RTO": "3", "RTO (hours)": "3", "RTO (days)": "72", "recovery_days": "72", "Recovery time [min]": "0.05", "Recovery in weeks": "504"} {
		r := read(t, "nodes.csv", "name,"+header+",kind\nA,3,team\n")
		if got := r.Org.Sources[0].Nodes[0].RecoveryHours.String(); got != want {
			t.Errorf("3 under %q was read as %q, want %q", header, got, want)
		}
	}
}

func TestDates(t *testing.T) {
	tests := []struct {
		cells []string // of one column
		want  []string
	}{
		{[]string{"2026-11-02", "2026/11/2", "20261102", "2026.11.02", "2026-11-02T10:00:00Z", "2026-11-02 10:00"},
			[]string{"2026-11-02", "2026-11-02", "2026-11-02", "2026-11-02", "2026-11-02", "2026-11-02"}},
		{[]string{"2.11.2026", "02.11.2026"}, []string{"2026-11-02", "2026-11-02"}},
		{[]string{"2 Nov 2026", "Nov 2, 2026", "November 2 2026", "2-Nov-26", "2 november 2026"}, []string{"2026-11-02", "2026-11-02", "2026-11-02", "2026-11-02", "2026-11-02"}},
		{[]string{"02/11/2026", "05/05/2026"}, []string{"", "2026-05-05"}},
		{[]string{"02/11/2026", "25/12/2026"}, []string{"2026-11-02", "2026-12-25"}},
		{[]string{"11/02/2026", "12/25/2026 10:00"}, []string{"2026-11-02", "2026-12-25"}},
		{[]string{"11/02/2026", "12/25/2026", "25/12/2026"}, []string{"", "2026-12-25", "2026-12-25"}},
		{[]string{"2026-02-30", "45963", "yesterday", "2/11/26", "31.02.2026", "0001-01-01", "2026"}, []string{"", "", "", "", "", "", ""}},
	}
	for _, test := range tests {
		var b strings.Builder
		b.WriteString("provider;consumer;confirmed_on\n")
		for i, c := range test.cells {
			fmt.Fprintf(&b, "A;B%d;%s\n", i, c)
		}
		r := read(t, "links.csv", b.String())
		for i, l := range r.Org.Sources[0].Links {
			if l.ConfirmedOn != test.want[i] {
				t.Errorf("%v: %s was read as %q, want %q", test.cells, test.cells[i], l.ConfirmedOn, test.want[i])
			}
		}
	}
}

func TestWords(t *testing.T) {
	criticality := func(cells ...string) string {
		var got []string
		r := read(t, "links.csv", "provider,consumer,criticality\nA,B,"+strings.Join(cells, "\nA,B,")+"\n")
		for _, l := range r.Org.Sources[0].Links {
			got = append(got, l.Criticality.String())
		}
		return strings.Join(got, " ")
	}
	for _, test := range []struct{ cells, want string }{
		{"critical Important MINOR", "critical important minor"},
		{"blocking slowing ok", "critical important minor"},
		{"high Medium low", "critical important minor"},
		{"High critical med low", "important critical important minor"},
	} {
		if got := criticality(strings.Fields(test.cells)...); got != test.want {
			t.Errorf("%s was read as %s", test.cells, got)
		}
	}
	for cell, want := range map[string]graph.Answer{"yes": graph.Yes, "Y": graph.Yes, "TRUE": graph.Yes, "1": graph.Yes, "no": graph.No, "N": graph.No, "false": graph.No,
		"0": graph.No, "maybe": graph.NoAnswer} {
		r := read(t, "nodes.csv", "name,can_fail\nA,"+cell+"\n")
		if got := r.Org.Sources[0].Nodes[0].CanFail; got != want {
			t.Errorf("%s was read as %v", cell, got)
		}
		if told := len(r.Problems) > 0; told != (cell == "maybe") {
			t.Errorf("%s: %v", cell, r.Problems)
		}
	}
	for cell, want := range map[string]graph.Kind{"Team": graph.Team, "vendor": graph.Supplier, "External Customer": graph.Customer, "system": graph.Resource,
		"person": graph.Person, "robot": graph.NoKind} {
		r := read(t, "nodes.csv", "name,kind\nA,"+cell+"\n")
		if got := r.Org.Sources[0].Nodes[0].Kind; got != want {
			t.Errorf("%s was read as %v", cell, got)
		}
	}
}
