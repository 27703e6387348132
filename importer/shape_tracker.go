package importer

import "example.com/whoserves/graph"

// tracker is a list of what teams wait for. The row's team is the consumer, and declares the link; the team that it depends on, or each
// of them, is the provider. How it hurts (blocking, slowing, ok) is the criticality, the description the service. Whatever else the
// row holds (Cross-streams, status, due date) is kept as attributes of the link.
var tracker = newTable(table{name: "tracker", title: "team dependency tracker",
	fields: []header{
		{field: "consumer", means: "who waits", other: []string{"team name/focus", "our team", "your team", "requesting team", "dependent team", "waiting team", "blocked team",
			"unser team", "anforderndes team", "wartendes team", "notre équipe", "équipe demandeuse", "équipe dépendante", "nuestro equipo", "equipo solicitante", "equipo dependiente",
			"ons team", "aanvragend team", "afhankelijk team", "nossa equipe", "nossa equipa", "equipe solicitante", "equipe dependente", "equipa dependente"},
			loose: []string{"team", "team name", "squad", "teamname", "équipe", "equipo", "naam team", "equipe", "equipa", "time"}},
		{field: "provider", means: "for whom, the one that serves", other: []string{"depends on team", "depends on teams", "dependent on team", "dependent on", "depends on", "waiting for", "waiting on", "blocked by", "team we depend on",
			"abhängig von team", "abhängig von", "wartet auf", "blockiert durch", "dépend de l'équipe", "dépend de", "en attente de", "bloqué par", "depende del equipo", "depende de",
			"esperando a", "bloqueado por", "afhankelijk van team", "afhankelijk van", "wacht op", "geblokkeerd door", "depende da equipe", "depende da equipa", "aguardando"}},
		{field: "criticality", other: []string{"type (blocking/slowing/ok)", "type", "blocking/slowing/ok", "dependency type", "impact", "art (blockierend/bremsend/ok)", "auswirkung",
			"type (bloquant/ralentissant/ok)", "tipo (bloqueante/ralentiza/ok)", "impacto", "type (blokkerend/vertragend/ok)", "tipo (bloqueante/atrasa/ok)", "tipo", "art"},
			loose: []string{"severity", "criticality", "priority", "kritikalität", "priorität", "criticité", "priorité", "criticidad", "prioridad", "prioriteit", "criticidade", "prioridade"}},
		{field: "service", other: []string{"short description of dependency (artifacts, approvals, other)", "short description of dependency", "description of dependency",
			"dependency description", "dependency", "description", "what is needed", "what we need", "deliverable", "artifact",
			"kurzbeschreibung der abhängigkeit", "beschreibung der abhängigkeit", "beschreibung", "abhängigkeit", "description de la dépendance", "dépendance", "livrable",
			"descripción de la dependencia", "descripción", "dependencia", "entregable", "beschrijving van de afhankelijkheid", "omschrijving", "beschrijving", "afhankelijkheid",
			"descrição da dependência", "descrição", "dependência", "entregável"}},
	},
	fits: func(has map[string]bool) bool { return has["provider"] && (has["criticality"] || has["service"]) },
	arrange: func(l *layout) {
		for _, c := range l.columns {
			if c.field == "consumer" {
				return
			}
		}
		for i := range l.columns {
			l.columns[i].field = "" // nobody waits
		}
	},
	all: takeTracker})

func takeTracker(s *spread, rows []row) {
	provider, consumer := s.column("provider"), s.column("consumer")
	s.header()
	if provider == nil || consumer == nil {
		s.tell(graph.Error, nil, "a %s needs a column for who waits and one for whom: choose what its columns mean, or another shape", s.layout.table.title)
		return
	}
	s.info(nil, "this was read as a %s: whoever “%s” names serves the “%s” of the row", s.layout.table.title, provider.header, consumer.header)
	lists := s.listNames(rows, nil, []*cells{provider, consumer})
	for i := range rows {
		if s.row = &rows[i]; s.full() {
			return
		}
		providers, consumers := lists.of(provider), lists.of(consumer)
		switch {
		case len(consumers) == 0:
			s.reject(consumer, "the row does not say who waits, so it was left out: fill “%s”", consumer.header)
		case len(providers) == 0 && len(s.text(provider)) > 0:
			s.info(provider, "“%s” names nobody, so the row makes no link", s.text(provider))
		case len(providers) == 0:
			s.reject(provider, "the row does not say on whom “%s” depends, so it was left out: fill “%s”", s.text(consumer), provider.header)
		}
		for _, c := range consumers {
			if s.full() {
				return
			}
			for _, p := range providers {
				m := s.link(provider, p, consumer, c)
				m.put("declared_by", consumer, c)
				s.copy(m, true, "criticality", "service")
			}
		}
	}
}
