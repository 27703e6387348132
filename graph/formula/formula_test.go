package formula

import "testing"

func TestNeutral(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "",
		"Payroll":                "Payroll",
		"a=b":                    "a=b",
		"R&D - North":            "R&D - North",
		"'tis":                   "'tis",
		"'":                      "'",
		"''":                     "''",
		`=HYPERLINK("http://x")`: `'=HYPERLINK("http://x")`,
		"+49 30 123":             "'+49 30 123",
		"-5":                     "'-5",
		"@SUM(A1)":               "'@SUM(A1)",
		"\t=1+1":                 "'\t=1+1",
		"\r\n=1+1":               "'\r\n=1+1",
		"\u200b=1":               "'\u200b=1",
		"＝1":                     "'＝1",
		"'=1":                    "''=1",
		"'' -1":                  "''' -1",
		"\xff=":                  "\xff=",
	} {
		got := Neutral(text)
		if got != want {
			t.Errorf("Neutral(%q) is %q, want %q", text, got, want)
		}
		if back := string(Original([]byte(got))); back != text {
			t.Errorf("%q comes back as %q", text, back)
		}
	}
}

// Numbers stay numbers; what only looks like one at its beginning does not.
func TestCell(t *testing.T) {
	for text, want := range map[string]string{
		"-5": "-5", "+2.5": "+2.5", "-1e-3": "-1e-3", "0": "0", "": "",
		"-5-2": "'-5-2", "-5+cmd|' /c calc'!A0": "'-5+cmd|' /c calc'!A0", "+49 30 123": "'+49 30 123", "-inf": "'-inf", "-0x1p2": "'-0x1p2",
		"-5\n": "'-5\n", " -5": "' -5", "-": "'-", "-٣": "'-٣", "--5": "'--5", "'-5": "''-5", "=1": "'=1", "@a": "'@a", "\t=1": "'\t=1", "Payroll": "Payroll",
	} {
		got := Cell(text)
		if got != want {
			t.Errorf("Cell(%q) is %q, want %q", text, got, want)
		}
		if back := string(Original([]byte(got))); back != text {
			t.Errorf("%q comes back as %q", text, back)
		}
	}
}

// Every text comes back, and no spreadsheet takes a neutral one for a formula.
func FuzzNeutral(f *testing.F) {
	for _, s := range []string{"", "=", "'=", "''\t-", " + ", "＝", "'tis", "\xff'="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := Neutral(s)
		if back := string(Original([]byte(n))); back != s {
			t.Errorf("%q becomes %q and comes back as %q", s, n, back)
		}
		if back := string(Original([]byte(Cell(s)))); back != s {
			t.Errorf("%q becomes %q and comes back as %q", s, Cell(s), back)
		}
		if n != "" && (n[0] == '=' || n[0] == '+' || n[0] == '-' || n[0] == '@') {
			t.Errorf("%q stays a formula: %q", s, n)
		}
	})
}
