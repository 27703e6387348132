package importer

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// sipoc is a sheet of suppliers, inputs, process, outputs and customers.
//
//   - The process is a node. A cell of it begins a block, which the rows below it with a blank one belong to. Where the cells are numbered
//     steps, they are those of one process, called by the title or the sheet.
//   - What stands in one row is often not meant to go together. So every supplier of the block serves the process, and the process serves
//     every customer of the block, without a service, and inputs and outputs are attributes of the process.
//   - Suppliers and customers are often teams of one's own: they are not taken for outside firms or external customers. A table of nodes
//     can say it.
var sipoc = newTable(table{name: "sipoc", title: "SIPOC", fields: sipocHeaders,
	fits: fitsSIPOC, all: func(s *spread, rows []row) { takeSIPOC(s, rows, false) }})

// sipocRows is a SIPOC whose rows go together, as only a person can say by choosing this shape: the supplier serves the process with the input of its row, and
// the process serves the customer with the output of its row. Where a cell lists several and the one beside it as many, they go together
// one by one.
var sipocRows = newTable(table{name: "sipoc-rows", title: "SIPOC whose rows go together", fields: sipocHeaders,
	fits: fitsSIPOC, all: func(s *spread, rows []row) { takeSIPOC(s, rows, true) }})

func fitsSIPOC(has map[string]bool) bool {
	return has["suppliers"] && has["process"] && has["customers"] && (has["inputs"] || has["outputs"])
}

var sipocHeaders = []header{
	{field: "suppliers", means: "those that serve the process", other: []string{"supplier", "suppliers", "supplier(s)", "provider", "providers", "lieferant", "lieferanten", "fournisseur", "fournisseurs", "proveedor", "proveedores",
		"leverancier", "leveranciers", "fornecedor", "fornecedores"}},
	{field: "inputs", means: "with what they serve it", other: []string{"input", "inputs", "input(s)", "eingabe", "eingaben", "eingang", "eingänge", "entrée", "entrées", "intrants", "entrada", "entradas", "insumo", "insumos", "invoer"}},
	{field: "process", means: "the process, or its steps", other: []string{"process", "processes", "process name", "process step", "process steps", "step", "steps", "activity", "activities", "prozess", "prozesse", "prozessschritt", "prozessschritte",
		"processus", "étape", "étapes", "proceso", "procesos", "proces", "processen", "processtap", "processtappen", "processo", "processos", "etapa", "etapas"}},
	{field: "outputs", means: "with what it serves its customers", other: []string{"output", "outputs", "output(s)", "ausgabe", "ausgaben", "ergebnis", "ergebnisse", "sortie", "sorties", "salida", "salidas", "resultado", "resultados",
		"uitvoer", "saída", "saídas"}},
	{field: "customers", means: "those that the process serves", other: []string{"customer", "customers", "customer(s)", "client", "clients", "consumer", "consumers", "kunde", "kunden", "cliente", "clientes", "klant", "klanten"}},
}

// sipocSheet is a SIPOC on its way into nodes and links.
type sipocSheet struct {
	*spread
	lists   *nameLists
	process *cells
	sides   [2]sipocSide
	name    string         // the process that numbered steps belong to; "" where each cell is a process
	nodes   map[string]int // rows of the processes among those of the nodes, by folded name
}

// sipocSide is who serves the process with what, or who is served.
type sipocSide struct {
	who, what *cells
	serves    bool // who serves the process
}

func takeSIPOC(s *spread, rows []row, aligned bool) {
	m := &sipocSheet{spread: s, process: s.column("process"), nodes: map[string]int{},
		sides: [2]sipocSide{{s.column("suppliers"), s.column("inputs"), true}, {s.column("customers"), s.column("outputs"), false}}}
	m.lists = s.listNames(rows, []*cells{m.process}, []*cells{m.sides[0].who, m.sides[1].who})
	rows = m.withoutQuestions(rows)
	m.findSteps(rows)
	m.tell(aligned)
	name := cmp.Or(m.name, m.firstProcess(rows))
	for i := range rows {
		if m.row = &rows[i]; m.full() {
			return
		}
		text := m.names("process")
		if m.name == "" {
			name = cmp.Or(text, name)
		}
		if name == "" {
			m.reject(m.process, "the sheet does not say which process this is about, so the row was left out: fill “%s”", m.process.header)
			continue
		}
		m.describe(name, text)
		for _, side := range m.sides {
			if aligned {
				m.linkRow(name, side)
			} else {
				m.linkAll(name, side)
			}
		}
	}
}

// firstProcess gives the process of the first rows, whose cells are blank where it stands in the middle of its block.
func (m *sipocSheet) firstProcess(rows []row) string {
	for i := range rows {
		if m.row = &rows[i]; m.names("process") != "" {
			return m.names("process")
		}
	}
	return ""
}

// withoutQuestions takes away a first row that explains the columns: “Who provides the inputs?”.
func (m *sipocSheet) withoutQuestions(rows []row) []row {
	if len(rows) == 0 {
		return rows
	}
	filled, questions := 0, 0
	for _, cell := range rows[0].cells {
		if text := trim(cell); len(text) > 0 {
			filled++
			if text[len(text)-1] == '?' || text[0] == '(' {
				questions++
			}
		}
	}
	if filled < 3 || questions < filled {
		return rows
	}
	m.row = &rows[0]
	m.info(nil, "the row explains the columns and was left out")
	return rows[1:]
}

// step is a numbered step of a process: “1. Receive order”, “Step 2: check”.
var step = regexp.MustCompile(`^(?i:step|schritt|étape|paso|stap|etapa|passo)?\s*[0-9]{1,2}\s*[.):\-–]\s*\S|^(?i:step|schritt|étape|paso|stap|etapa|passo)\s+[0-9]{1,2}\b`)

// findSteps finds whether all cells of the process are numbered steps, and what the process is called then.
func (m *sipocSheet) findSteps(rows []row) {
	steps := 0
	for i := range rows {
		if text := rows[i].cell(m.process); len(text) > 0 {
			if !step.Match(text) {
				return
			}
			steps++
		}
	}
	if steps < 2 {
		return
	}
	from := "the title"
	m.name = m.title()
	if m.name == "" {
		from = "the sheet"
		m.name = processIn(m.sheet.name)
	}
	if m.name == "" {
		from = "the file"
		m.name = cmp.Or(processIn(SourceName(m.in.name)), "Process")
	}
	m.header()
	m.info(m.process, "the cells of “%s” are steps of one process, which is called “%s” here after %s", m.process.header, m.name, from)
}

// title gives the name of the process that stands above the header.
func (m *sipocSheet) title() string {
	for r := range m.sheet.rows {
		if r.number >= m.layout.header {
			break
		}
		for i, cell := range r.cells {
			name := processIn(headerText(cell))
			if name == "" && headerText(cell) != "" && i+1 < len(r.cells) { // “Process:” and the name in the next cell
				name = processIn(headerText(r.cells[i+1]))
			}
			if name != "" {
				return name
			}
		}
	}
	return ""
}

// aroundProcess is what stands before the name of a process in a title.
var aroundProcess = regexp.MustCompile(`^(?i:sipoc|copis)?\s*(?i:diagram|diagramm|chart|analysis|analyse|map|sheet)?\s*(?i:for|of|für|de|voor|para)?\s*[:\-–—]?\s*(?i:(?:process|prozess|processus|proceso|proces|processo)(?:\s*(?i:name))?\s*[:\-–—])?\s*`)

// processIn takes the name of a process out of a title; "" where there is none.
func processIn(title string) string {
	if genericSheet.MatchString(foldHeader(title)) {
		return ""
	}
	name := strings.Trim(aroundProcess.ReplaceAllString(title, ""), " :-–—_")
	if slices.Contains([]string{"", "sipoc", "copis", "process", "name", "processname"}, foldHeader(name)) {
		return ""
	}
	return name
}

// genericSheet are the names that programs give to sheets, folded as headers are.
var genericSheet = regexp.MustCompile(`^(?:sheet|tabelle|feuil|hoja|blad|planilha|folha|foglio|table)\d*$`)

// tell tells how the sheet is read.
func (m *sipocSheet) tell(aligned bool) {
	m.header()
	who, to := m.sides[0].who.header, m.sides[1].who.header
	if aligned {
		m.info(nil, "this was read as a SIPOC whose rows go together: “%s” serves the process with what stands beside it, and the process serves “%s” with what stands beside that", who, to)
	} else {
		m.info(nil, "this was read as a SIPOC: each of “%s” serves the process, and the process serves each of “%s”; what stands in one row was not taken to go together. "+
			"Where it does, choose the shape %s", who, to, "sipoc-rows")
	}
	m.info(nil, "“%s” and “%s” may be teams of your own, so they were not taken for outside firms or external customers: describe them in a table of nodes", who, to)
}

// describe makes the node of a process, and adds what the row says of it.
func (m *sipocSheet) describe(name, text string) {
	n := m.tables["nodes"]
	fold := graph.Fold(name)
	at, known := m.nodes[fold]
	if !known {
		m.node(graph.NoKind, m.process, name)
		at = len(n.rows) - 1
		m.nodes[fold] = at
	}
	add := func(c *cells, header, item string) {
		if item != "" && m.first("said", fold, header, graph.Fold(item)) {
			n.write(at, column{header: header}, textCell, item)
			m.tellUnnamed(c)
		}
	}
	if text != name {
		add(m.process, m.process.header, text)
	}
	for _, c := range m.columns {
		switch c.field {
		case "inputs", "outputs":
			for _, item := range m.items(c) {
				add(c, c.header, item)
			}
		case "":
			add(c, c.attr, string(m.text(c)))
		}
	}
}

// items gives the inputs or outputs of a cell. A comma is part of them: “order, signed”.
func (m *sipocSheet) items(c *cells) []string {
	if c == nil {
		return nil
	}
	return slices.DeleteFunc(strongPieces(string(m.text(c))), func(s string) bool { return isNobody([]byte(s)) })
}

// linkAll makes links without a service with each of a side.
func (m *sipocSheet) linkAll(name string, side sipocSide) {
	for _, who := range m.lists.of(side.who) {
		if m.first("link", fmt.Sprint(side.serves), graph.Fold(name), graph.Fold(who)) {
			m.linkTo(name, side, who, "")
		}
	}
}

// linkRow makes links with the services that stand beside those of a side.
func (m *sipocSheet) linkRow(name string, side sipocSide) {
	all, what := m.lists.of(side.who), m.items(side.what)
	switch {
	case len(all) == 0 && len(what) > 0:
		m.info(side.what, "“%s” has nobody beside it, so it makes no link", strings.Join(what, ", "))
	case len(all) > 1 && len(what) > 1 && len(all) != len(what):
		what = []string{strings.Join(what, ", ")}
	}
	for i, who := range all {
		switch {
		case len(what) == 0:
			m.linkTo(name, side, who, "")
		case len(what) == len(all):
			m.linkTo(name, side, who, what[i])
		case m.full():
			return
		default:
			for _, service := range what {
				m.linkTo(name, side, who, service)
			}
		}
	}
}

// linkTo makes a link of the process.
func (m *sipocSheet) linkTo(name string, side sipocSide, who, service string) {
	var l *made
	if side.serves {
		l = m.link(side.who, who, m.process, name)
	} else {
		l = m.link(m.process, name, side.who, who)
	}
	l.put("service", side.what, service)
	l.put("declared_by", m.process, name)
}
