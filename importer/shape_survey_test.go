package importer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// sheetTest is a sheet and what it says.
type sheetTest struct {
	name, sheet     string
	facts, problems []string
}

// runSheets reads each sheet, compares its facts, and looks for each problem among those told.
func runSheets(t *testing.T, shape string, tests []sheetTest) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := read(t, "sheet.csv", test.sheet)
			checkResult(t, r)
			if len(r.Readings) != 1 || r.Readings[0].Shape != shape {
				t.Fatalf("read as %+v", r.Readings)
			}
			wantLines(t, "facts", sortedLines(facts(r.Org)), strings.Split(strings.TrimSuffix(sortedLines(strings.Join(test.facts, "\n")+"\n"), "\n"), "\n"))
			told := problems(r)
			for _, want := range test.problems {
				if !strings.Contains(told, want) {
					t.Errorf("nobody is told %q:\n%s", want, told)
				}
			}
		})
	}
}

// sortedLines gives the records of each row in the order of their texts.
func sortedLines(facts string) string {
	lines := strings.SplitAfter(facts, "\n")
	row := func(line string) string { n, _, _ := strings.Cut(line, " "); return fmt.Sprintf("%6s", n) }
	slices.SortStableFunc(lines[:len(lines)-1], func(a, b string) int { return cmp.Or(strings.Compare(row(a), row(b)), strings.Compare(a, b)) })
	return strings.Join(lines, "")
}

func TestSurvey(t *testing.T) {
	runSheets(t, "survey", []sheetTest{
		// Two answers of Sales tick Payroll: one link in the row of the first; rated 4 and 2 of 5: 75 and 25, 50 on average. Finance, rated
		// without a tick, serves too. “IT, Networks” stands alone as somebody's team, so its comma parts nothing.
		{"Google Forms", "Timestamp,Email Address,Your team,Which teams do you depend on?,How satisfied are you with [Payroll],How satisfied are you with [Finance],Anything else?\n" +
			"2026/11/02 9:00:00 am GMT+1,ann@example.com,Sales,\"Payroll, IT, Networks\",4,,fine\n" +
			"2026/11/02 9:05:00 am GMT+1,bob@example.com,\"IT, Networks\",,,5,\n" +
			"2026/11/02 9:06:00 am GMT+1,cy@example.com,Sales,Payroll,2,1,\n" +
			"2026/11/02 9:07:00 am GMT+1,di@example.com,,Payroll,,,\n" +
			"2026/11/02 9:08:00 am GMT+1,ed@example.com,Legal,,,,\n",
			[]string{"2 Payroll > Sales satisfaction=50 declared_by=Sales answers:2 question:How satisfied are you with spread:25 to 75",
				"2 IT, Networks > Sales declared_by=Sales answers:1",
				"3 Finance > IT, Networks satisfaction=100 declared_by=IT, Networks answers:1 question:How satisfied are you with",
				"4 Finance > Sales satisfaction=0 declared_by=Sales answers:1 question:How satisfied are you with", "2 node name=Sales", "3 node name=IT, Networks"},
			[]string{"info sheet.csv, row 1: who answered is not kept, only their teams: “Email Address”",
				"info sheet.csv, row 1, column How satisfied are you with [Payroll]: ratings from 1 to 5 were read as 0 to 100, since no answer is higher",
				"info sheet.csv, row 1: comments are left out, for they may show who wrote them: “Anything else?”",
				"info sheet.csv, row 2, column Which teams do you depend on?: “IT, Networks” was kept as one name",
				"error sheet.csv, row 5, column Your team: the answer does not say the respondent's team",
				"info sheet.csv, row 1: of 5 answers, 1 name no other team"}},
		// The question says 0 to 10, so that 5 is 50.
		{"Google Forms in German, a scale in the question", "Zeitstempel,In welchem Team arbeiten Sie?,Von welchen Teams sind Sie abhängig?,Wie zufrieden sind Sie (0 bis 10)? [Lohnbüro]\n" +
			"02.11.2026 09:00:00,Vertrieb,\"Lohnbüro, IT\",5\n",
			[]string{"2 Lohnbüro > Vertrieb satisfaction=50 declared_by=Vertrieb answers:1 question:Wie zufrieden sind Sie (0 bis 10)?", "2 IT > Vertrieb declared_by=Vertrieb answers:1", "2 node name=Vertrieb"},
			[]string{"ratings from 0 to 10 were read as 0 to 100, as the question says"}},
		// The grid rows are columns of their own, in words; one end mark behind the ticks.
		{"Microsoft Forms", "ID,Start time,Completion time,Email,Name,Which team are you in?,Which teams do you rely on?,Payroll,Legal\n" +
			"1,11/2/2026 9:00,11/2/2026 9:05,anonymous,,Sales,Payroll;Legal;,Very satisfied,Neutral\n" +
			"2,11/2/2026 9:00,11/2/2026 9:05,anonymous,,Crew,Payroll;Other;,Dissatisfied,N/A\n",
			[]string{"2 Payroll > Sales satisfaction=100 declared_by=Sales answers:1", "2 Legal > Sales satisfaction=50 declared_by=Sales answers:1",
				"3 Payroll > Crew satisfaction=25 declared_by=Crew answers:1", "2 node name=Sales", "3 node name=Crew"},
			[]string{"ratings from “very dissatisfied” to “very satisfied” were read as 0 to 100", "row 3, column Which teams do you rely on?: “Other” names no team",
				"who answered is not kept, only their teams: “Email”, “Name”"}},
		{"Microsoft Forms in French", "ID,Heure de début,Heure de fin,Adresse de messagerie,Nom,Dans quelle équipe travaillez-vous ?,De quelles équipes dépendez-vous ?,Êtes-vous satisfait de Paie ?\n" +
			"1,02/11/2026 9:00,02/11/2026 9:05,anonymous,,Ventes,Paie;Achats;,Plutôt satisfaite\n",
			[]string{"2 Paie > Ventes satisfaction=75 declared_by=Ventes answers:1 question:Êtes-vous satisfait de Paie ?", "2 Achats > Ventes declared_by=Ventes answers:1", "2 node name=Ventes"}, nil},
		// Two header rows; a column for each choice, and one to be filled in.
		{"SurveyMonkey", "Respondent ID,Collector ID,Start Date,End Date,IP Address,Your team,Which teams do you depend on?,,,How satisfied are you with these teams?,\n" +
			",,,,,Response,Payroll,Legal,Other (please specify),Payroll,Legal\n" +
			"11,7,11/02/2026,11/02/2026,10.0.0.1,Sales,Payroll,,,Very satisfied,\n" +
			"12,7,11/02/2026,11/02/2026,10.0.0.1,Crew,,Legal,Canteen,,Satisfied\n",
			[]string{"3 Payroll > Sales satisfaction=100 declared_by=Sales answers:1 question:How satisfied are you with these teams?",
				"4 Legal > Crew satisfaction=75 declared_by=Crew answers:1 question:How satisfied are you with these teams?", "4 Canteen > Crew declared_by=Crew answers:1", "3 node name=Sales", "4 node name=Crew"},
			[]string{"rows 1 to 2 were read as one header", "“Canteen” was typed in, not ticked"}},
		// Three header rows; a preview is no answer.
		{"Qualtrics", "StartDate,EndDate,Status,IPAddress,Progress,Finished,ResponseId,Q1,Q2,Q3_1,Q3_2\n" +
			"Start Date,End Date,Response Type,IP Address,Progress,Finished,Response ID,Which team are you in?,Which teams do you depend on? - Selected Choice,How satisfied are you with each of them? - Payroll,How satisfied are you with each of them? - IT\n" +
			`"{""ImportId"":""startDate""}","{""ImportId"":""endDate""}","{""ImportId"":""status""}","{""ImportId"":""ipAddress""}","{""ImportId"":""progress""}","{""ImportId"":""finished""}","{""ImportId"":""_recordId""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2""}","{""ImportId"":""QID3_1""}","{""ImportId"":""QID3_2""}"` + "\n" +
			"2026-11-02,2026-11-02,Survey Preview,,100,True,R_0,Sales,IT,,Extremely dissatisfied\n" +
			"2026-11-02,2026-11-02,IP Address,10.0.0.1,100,True,R_1,Sales,\"Payroll,IT\",Extremely satisfied,Neither satisfied nor dissatisfied\n",
			[]string{"5 Payroll > Sales satisfaction=100 declared_by=Sales answers:1 question:How satisfied are you with each of them?",
				"5 IT > Sales satisfaction=50 declared_by=Sales answers:1 question:How satisfied are you with each of them?", "5 node name=Sales"},
			[]string{"rows 1 to 3 were read as one header", "row 4: the answer is marked as a test or spam"}},
		// Who is ticked is served; the respondent's team says so.
		{"asked the other way round", "Timestamp,Your team,Which teams do you serve?,Which teams do you depend on?\n2026/11/02,Payroll,\"Sales, Crew\",IT\n",
			[]string{"2 Payroll > Sales declared_by=Payroll answers:1", "2 Payroll > Crew declared_by=Payroll answers:1", "2 IT > Payroll declared_by=Payroll answers:1", "2 node name=Payroll"}, nil},
		{"asked the other way round, in Spanish", "Marca temporal,¿En qué equipo trabaja?,¿A qué equipos presta servicio?\n2/11/2026 9:00:00,Nóminas,\"Ventas, Compras\"\n",
			[]string{"2 Nóminas > Ventas declared_by=Nóminas answers:1", "2 Nóminas > Compras declared_by=Nóminas answers:1", "2 node name=Nóminas"}, nil},
		{"not said who serves", "Timestamp,Your team,Which teams do you work with?\n2026/11/02,Payroll,Sales\n", []string{"2 Sales > Payroll declared_by=Payroll answers:1", "2 node name=Payroll"},
			[]string{"warning sheet.csv, row 1, column Which teams do you work with?: the question does not say who serves whom"}},
		// One team for each answer, chosen in a question of its own; the rating is about that one. 1 is the best here.
		{"one team for each answer, in Dutch", "Tijdstempel,Uw team,Welk team beoordeelt u?,Hoe tevreden bent u? (1 = zeer tevreden)\n2-11-2026,Verkoop,Salarissen,1\n2-11-2026,Verkoop,Salarissen,5\n2-11-2026,Inkoop,IT,2\n",
			[]string{"2 Salarissen > Verkoop satisfaction=50 declared_by=Verkoop answers:2 question:Hoe tevreden bent u? (1 = zeer tevreden) spread:0 to 100",
				"4 IT > Inkoop satisfaction=75 declared_by=Inkoop answers:1 question:Hoe tevreden bent u? (1 = zeer tevreden)", "2 node name=Verkoop", "4 node name=Inkoop"}, []string{"where the question says that 1 is the best"}},
		// Two questions about one team: the mean of both, each kept too. Stars count by how many are full.
		{"two questions and stars, in Portuguese", "Carimbo de data/hora,Sua equipe,De quais equipes você depende?,Avalie a qualidade [Folha],Avalie a rapidez [Folha]\n2026/11/02,Vendas,Folha,★★★★★,★★★☆☆\n",
			[]string{"2 Folha > Vendas satisfaction=75 declared_by=Vendas Avalie a qualidade:100 Avalie a rapidez:50 answers:1 ratings:2 spread:50 to 100", "2 node name=Vendas"}, nil},
		// How critical a team is goes to its link.
		{"criticality", "Timestamp,Your team,How critical are these teams for you? [Payroll],How critical are these teams for you? [IT]\n2026/11/02,Sales,Important,Critical\n2026/11/02,Crew,N/A,Minor\n",
			[]string{"2 Payroll > Sales criticality=important declared_by=Sales answers:1", "2 IT > Sales criticality=critical declared_by=Sales answers:1", "3 IT > Crew criticality=minor declared_by=Crew answers:1", "2 node name=Sales", "3 node name=Crew"}, nil},
		{"a team names itself", "Timestamp,Your team,Which teams do you depend on?\n2026/11/02,IT,\"it, Payroll\"\n", []string{"2 Payroll > IT declared_by=IT answers:1", "2 node name=IT"}, []string{"“it” named itself"}},
		{"nobody's own team", "Timestamp,Which teams do you depend on?\n2026/11/02,Payroll\n", nil, []string{"error sheet.csv, row 1: no question asks for the respondent's own team"}},
	})
}

// TestNoSurvey holds that sheets with a time or an id in front are read as what they are.
func TestNoSurvey(t *testing.T) {
	for _, test := range []struct{ name, sheet, shape string }{
		// a form whose questions are our columns
		{"links by a form", "Timestamp,Provider,Consumer,Satisfaction\n2026/11/02,Payroll,Sales,80\n", "links"},
		{"nodes with a time", "Timestamp,Name,Kind\n2026/11/02,Payroll,team\n", "nodes"},
		{"a log", "Timestamp,Level,Message\n2026/11/02,info,Which teams\n", ""},
		{"people", "id,name,team,manager,role\n1,Ann,Payroll,,Head\n", "people"},
	} {
		r := read(t, "sheet.csv", test.sheet)
		if got := r.Readings[0].Shape; got != test.shape {
			t.Errorf("%s: read as %q, want %q", test.name, got, test.shape)
		}
	}
}

// TestRatingScales holds what answers of rating questions are worth, from 0 to 100.
func TestRatingScales(t *testing.T) {
	tests := []struct {
		question string
		answers  []string
		want     []float64
	}{
		{"Satisfaction", []string{"1", "5"}, []float64{0, 100}},                         // no answer above 5
		{"Satisfaction (1-10)", []string{"1", "10"}, []float64{0, 100}},                 // the question says it
		{"Satisfaction on a scale from 0 to 10", []string{"5", "1"}, []float64{50, 10}}, // though no answer is above 5
		{"Satisfaction", []string{"0", "9"}, []float64{0, 90}},                          // above 7, and a 0
		{"Satisfaction", []string{"7", "1"}, []float64{100, 0}},                         // at most 7
		{"Satisfaction", []string{"80", "95"}, []float64{80, 95}},                       // of a hundred
		{"Satisfaction", []string{"4/5", "2/5"}, []float64{75, 25}},                     // the answers say it
		{"Satisfaction", []string{"5 - Very satisfied", "1 - Very dissatisfied"}, []float64{100, 0}},
		{"Satisfaction", []string{"⭐⭐⭐", "⭐"}, []float64{50, 0}},
		{"Satisfaction", []string{"3 stars"}, []float64{50}},
		{"Satisfaction", []string{"Extremely satisfied", "Somewhat satisfied", "Somewhat dissatisfied"}, []float64{100, 75, 25}}, // five steps, both ways
		{"Satisfaction", []string{"Very satisfied", "Not at all satisfied"}, []float64{75, 0}},                                   // five steps, all but one satisfied
		{"Satisfaction", []string{"Extremely satisfied", "Slightly dissatisfied"}, []float64{100, 200. / 6}},                     // seven steps
		{"Schulnote", []string{"sehr gut", "ausreichend"}, []float64{100, 40}},
		{"Zufriedenheit", []string{"Eher unzufrieden", "Weder noch"}, []float64{25, 50}},
		{"Satisfaction", []string{"Très satisfait(e)", "Pas du tout satisfait"}, []float64{100, 0}},
		{"Satisfacción", []string{"Muy satisfecha", "Indiferente"}, []float64{100, 50}},
		{"Tevredenheid", []string{"Zeer ontevreden", "Tevreden"}, []float64{0, 75}},
		{"Satisfação", []string{"Nem satisfeito nem insatisfeito", "Muito insatisfeita"}, []float64{50, 0}},
		{"Satisfaction", []string{"4", "fine"}, nil}, // no scale
		{"Satisfaction (1 to 5)", []string{"7"}, nil},
	}
	for _, test := range tests {
		q := &question{text: test.question, values: map[string]bool{}}
		for _, a := range test.answers {
			q.values[a] = true
		}
		s := scaleOf(q.text, []*question{q})
		if s.ok() != (test.want != nil) {
			t.Errorf("%s %q: scale %q", test.question, test.answers, s.why)
			continue
		}
		for i, want := range test.want {
			if got, ok := s.read(test.answers[i]); !ok || got != want {
				t.Errorf("%s: %q is %v, want %v (%s)", test.question, test.answers[i], got, want, s.why)
			}
		}
	}
}

// TestQuestionSense holds which way questions point.
func TestQuestionSense(t *testing.T) {
	for text, want := range map[string]sense{
		"Which teams do you depend on?":                                 asProvider,
		"Which teams does your team rely on?":                           asProvider,
		"Who serves you?":                                               asProvider,
		"Which teams do you receive services from?":                     asProvider,
		"Which teams provide services to you?":                          asProvider,
		"Which teams support your team?":                                asProvider,
		"Which teams do you serve?":                                     asConsumer,
		"Who are your internal customers?":                              asConsumer,
		"Which teams depend on you?":                                    asConsumer,
		"To which teams do you deliver?":                                asConsumer,
		"Which teams do you depend on and which of them depend on you?": unclear,
		"Which teams do you work with?":                                 noSense,
		"Your team":                                                     noSense,
		"Von welchen Abteilungen hängen Sie ab?":                        asProvider,
		"Auf welche Teams sind Sie angewiesen?":                         asProvider,
		"Für welche Teams arbeiten Sie?":                                asConsumer,
		"Wer sind Ihre internen Kunden?":                                asConsumer,
		"De quelles équipes dépend votre équipe ?":                      asProvider,
		"Quelles équipes servez-vous ?":                                 asConsumer,
		"Quelles équipes dépendent de vous ?":                           asConsumer,
		"¿De qué equipos depende su equipo?":                            asProvider,
		"¿Quiénes son sus clientes internos?":                           asConsumer,
		"Van welke teams bent u afhankelijk?":                           asProvider,
		"Aan welke teams levert u?":                                     asConsumer,
		"Welke teams zijn van u afhankelijk?":                           asConsumer,
		"De quais equipes sua equipe depende?":                          asProvider,
		"Quais equipes você atende?":                                    asConsumer,
		"Quais equipes dependem de você?":                               asConsumer,
	} {
		if got := senseOf(plainText(text)); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

// TestSurveyMapped holds that a person can say that ticked teams are served, and which column is what.
func TestSurveyMapped(t *testing.T) {
	m := &Mapping{Sheets: []SheetMapping{{Shape: "survey", Columns: []ColumnMapping{{Header: "Which teams do you work with?", Field: "consumers"}, {Header: "Where do you sit?", Field: "team"}}}}}
	r := readAll(t, Options{Mapping: m}, Bytes("sheet.csv", []byte("Timestamp,Where do you sit?,Which teams do you work with?\n2026/11/02,Payroll,\"Sales, IT\"\n")))
	wantLines(t, "facts", sortedLines(facts(r.Org)), []string{"2 Payroll > IT declared_by=Payroll answers:1", "2 Payroll > Sales declared_by=Payroll answers:1", "2 node name=Payroll"})
}

// TestWideSurvey holds that a sheet with very many questions is not looked at for long.
func TestWideSurvey(t *testing.T) {
	var b strings.Builder
	b.WriteString("Timestamp,Your team,Which teams do you depend on?")
	for i := range 500 {
		fmt.Fprintf(&b, ",How satisfied are you with team %d?,Rate [Team %d]", i, i)
	}
	b.WriteString("\n2026/11/02,Sales,Payroll" + strings.Repeat(",4,5", 500) + "\n")
	r := read(t, "sheet.csv", b.String())
	if got := len(r.Org.Sources[0].Links); got != 501 {
		t.Errorf("%d links", got)
	}
}
