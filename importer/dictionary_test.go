package importer

import (
	"slices"
	"strings"
	"testing"
	"unicode"
)

// A table says the same in each language.
func TestLanguages(t *testing.T) {
	tables := []struct {
		name string
		all  []string // English first
	}{
		{"links", []string{
			"provider;consumer;service;criticality;max tolerable downtime|tolerance;lead time (days);satisfaction;agreement;channel;confirmed on;cost\nPay;Sales;Salaries;critical;4 hours;2;80;yes;mail;2 March 2026;1.5\nHR;Sales;Hiring;important;2 days;;;;;;\nIT;Sales;Mail;low;1 day and 2 hours;;;;;;",
			"Lieferant;Abnehmer;Leistung;Kritikalität;Ausfalldauer (max.);Lieferzeit (Tage);Zufriedenheit;Vereinbarung;Kanal;bestätigt am;Kosten\nPay;Sales;Salaries;kritisch;4 Stunden;2;80;yes;mail;2. März 2026;1,5\nHR;Sales;Hiring;wichtig;2 Tage;;;;;;\nIT;Sales;Mail;gering;1 Tag und 2 Stunden;;;;;;",
			"fournisseur;client;prestation;criticité;durée max. d'interruption;délai (jours);taux de satisfaction;accord;canal;confirmé le;coût\nPay;Sales;Salaries;critique;4 heures;2;80;yes;mail;2 mars 2026;1,5\nHR;Sales;Hiring;important;2 jours;;;;;;\nIT;Sales;Mail;faible;1 jour et 2 heures;;;;;;",
			"proveedor;cliente;servicio;criticidad;interrupción máxima;plazo de entrega (días);satisfacción;acuerdo;canal;confirmado el;coste\nPay;Sales;Salaries;crítico;4 horas;2;80;yes;mail;2 de marzo de 2026;1,5\nHR;Sales;Hiring;media;2 días;;;;;;\nIT;Sales;Mail;baja;1 día y 2 horas;;;;;;",
			"leverancier;afnemer;dienst;kritikaliteit;maximale uitvalduur;levertijd (dagen);tevredenheid;afspraak;kanaal;bevestigd op;kosten\nPay;Sales;Salaries;kritiek;4 uur;2;80;yes;mail;2 maart 2026;1,5\nHR;Sales;Hiring;belangrijk;2 dagen;;;;;;\nIT;Sales;Mail;laag;1 dag en 2 uur;;;;;;",
			"fornecedor;cliente;serviço;criticidade;tempo máximo de interrupção;prazo (dias);satisfação;acordo;canal;confirmado em;custo\nPay;Sales;Salaries;crítico;4 horas;2;80;yes;mail;2 de março de 2026;1,5\nHR;Sales;Hiring;média;2 dias;;;;;;\nIT;Sales;Mail;baixa;1 dia e 2 horas;;;;;;"}},
		{"depends on", []string{
			"depends on;customer\nPay;Sales", "hängt ab von;Kunde\nPay;Sales", "dépend de;client\nPay;Sales", "depende de;cliente\nPay;Sales", "afhankelijk van;klant\nPay;Sales", "dependente de;cliente\nPay;Sales"}},
		{"nodes", []string{
			"name;kind;department;headcount;RTO (hours);capacity;site;can fail;contact\nPay;team;Money;7;4;1;Rome;no;a@b.example\nACME;supplier;;;;;;yes;\nBank;customer;;;;;;;",
			"Bezeichnung;Art;Fachbereich;Mitarbeiterzahl;Wiederanlaufzeit (Stunden);Kapazität;Standort;kann ausfallen;Ansprechpartner\nPay;Team;Money;7;4;1;Rome;nein;a@b.example\nACME;Lieferant;;;;;;ja;\nBank;Kunde;;;;;;;",
			"nom;nature;département;effectif;délai de reprise (heures);capacité;lieu;peut défaillir;interlocuteur\nPay;équipe;Money;7;4;1;Rome;non;a@b.example\nACME;fournisseur;;;;;;oui;\nBank;client;;;;;;;",
			"nombre;tipo;departamento;plantilla;tiempo de recuperación (horas);capacidad;sede;puede fallar;persona de contacto\nPay;equipo;Money;7;4;1;Rome;no;a@b.example\nACME;proveedor;;;;;;sí;\nBank;cliente;;;;;;;",
			"naam;soort;afdeling;aantal medewerkers;hersteltijd (uren);capaciteit;locatie;kan uitvallen;contactpersoon\nPay;team;Money;7;4;1;Rome;nee;a@b.example\nACME;leverancier;;;;;;ja;\nBank;klant;;;;;;;",
			"nome;tipo;departamento;colaboradores;tempo de recuperação (horas);capacidade;local;pode falhar;contato\nPay;equipe;Money;7;4;1;Rome;não;a@b.example\nACME;fornecedor;;;;;;sim;\nBank;cliente;;;;;;;"}},
		{"people", []string{
			"employee number;full name;team;manager;position\n1;Ann;Pay;2;Clerk\n2;Bob;Pay;;Head",
			"Personalnummer;Mitarbeiter;Gruppe;Vorgesetzter;Stelle\n1;Ann;Pay;2;Clerk\n2;Bob;Pay;;Head",
			"matricule;nom et prénom;équipe;responsable;poste\n1;Ann;Pay;2;Clerk\n2;Bob;Pay;;Head",
			"número de empleado;nombre y apellidos;equipo;jefe;puesto\n1;Ann;Pay;2;Clerk\n2;Bob;Pay;;Head",
			"personeelsnummer;medewerker;team;leidinggevende;functie\n1;Ann;Pay;2;Clerk\n2;Bob;Pay;;Head",
			"matrícula;funcionário;equipe;gestor;cargo\n1;Ann;Pay;2;Clerk\n2;Bob;Pay;;Head"}},
		{"units", []string{
			"department;parent department\nPay;Money\nMoney;", "Abteilung;übergeordnete Abteilung\nPay;Money\nMoney;", "département;rattaché à\nPay;Money\nMoney;", "departamento;departamento superior\nPay;Money\nMoney;",
			"afdeling;valt onder\nPay;Money\nMoney;", "departamento;pertence a\nPay;Money\nMoney;"}},
	}
	for _, table := range tables {
		var want []string
		for i, content := range table.all {
			content = strings.Replace(content, "max tolerable downtime|", "", 1)
			r := read(t, "data.csv", content+"\n")
			got := stated(r)
			if i == 0 {
				want = got
			}
			if len(got) < 1 || got[0] == "" || !slices.Equal(got, want) {
				t.Errorf("%s, language %d:\n%s\nwant\n%s\n%s", table.name, i, strings.Join(got, "\n"), strings.Join(want, "\n"), problems(r))
			}
			plain := read(t, "data.csv", bare(content)+"\n")
			if got := stated(plain); !slices.Equal(got, want) {
				t.Errorf("%s, language %d, without accents:\n%s\n%s", table.name, i, strings.Join(got, "\n"), problems(plain))
			}
		}
	}
}

// stated gives the facts, but for teams that nothing but the column of people names: an HR export describes them, a table of people does not.
func stated(r *Result) []string {
	all := strings.Split(strings.TrimSpace(facts(r.Org)), "\n")
	return slices.DeleteFunc(all, func(line string) bool { return strings.HasSuffix(line, "team name=Pay") })
}

// No header means two fields of a table alike: where it does in two languages, at least one of them takes it only when nothing better is there.
func TestDictionaryIsClear(t *testing.T) {
	for _, table := range tables {
		firm := map[string]string{}
		for _, h := range table.fields {
			for _, word := range append([]string{h.field}, h.other...) {
				for _, fold := range spellings(word) {
					if other, taken := firm[fold]; taken && other != h.field {
						t.Errorf("%s: “%s” means %s and %s", table.name, word, other, h.field)
					}
					firm[fold] = h.field
				}
			}
		}
		loose := map[string]string{}
		for _, h := range table.fields {
			for _, word := range h.loose {
				fold := foldHeader(word)
				if other, taken := loose[fold]; taken && other != h.field {
					t.Errorf("%s: “%s” may mean %s and %s", table.name, word, other, h.field)
				}
				loose[fold] = h.field
			}
		}
	}
}

// Words for nobody, for the cell above, and all others that are looked for among names are short enough to be found.
func TestWordsAreFound(t *testing.T) {
	for _, set := range []map[string]bool{nobodies, noBosses, vacancies, dittos} {
		for w := range set {
			if !isWord(set, []byte(w)) || !isWord(set, []byte(strings.ToUpper(w))) {
				t.Errorf("“%s” is not found", w)
			}
		}
	}
	// Looking at the length and the first byte first loses none, in whatever case each letter is.
	capitals := map[rune][]rune{}
	for r := range rune(unicode.MaxRune) {
		if small := unicode.ToLower(r); small != r {
			capitals[small] = append(capitals[small], r)
		}
	}
	for is, set := range map[*starts]map[string]bool{dittoStarts: dittos, nobodyStarts: nobodies} {
		for w := range set {
			spelt := []string{w, strings.ToUpper(w), strings.ToTitle(w)}
			for small, all := range capitals {
				for _, r := range all {
					spelt = append(spelt, strings.ReplaceAll(w, string(small), string(r)), strings.Replace(w, string(small), string(r), 1))
				}
			}
			for _, s := range spelt {
				if isWord(set, []byte(s)) && !is.may([]byte(s)) {
					t.Errorf("“%s” is not found", s)
				}
			}
		}
	}
}

// Where a column has a word for critical, high is the grade below it, in each language.
func TestHighBesideCritical(t *testing.T) {
	for _, c := range []struct{ high, critical string }{{"high", "critical"}, {"hoch", "kritisch"}, {"élevée", "critique"}, {"alta", "crítica"}, {"hoog", "kritiek"}} {
		r := read(t, "links.csv", "provider,consumer,criticality\nA,B,"+c.high+"\nC,D,"+c.critical+"\n")
		wantLines(t, c.high, facts(r.Org), []string{"2 A > B criticality=important", "3 C > D criticality=critical"})
		alone := read(t, "links.csv", "provider,consumer,criticality\nA,B,"+c.high+"\n")
		wantLines(t, c.high, facts(alone.Org), []string{"2 A > B criticality=critical"})
	}
}
