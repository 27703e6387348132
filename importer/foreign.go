package importer

import (
	"fmt"
	"slices"
)

// foreign are sheets of other trades that have columns which would read as ends of links or as teams: a payment has a customer and a
// supplier too, and a flight goes from here to there.
var foreign = []struct {
	what   string
	vague  bool // only where the ends of links are called no more than From and To
	strong map[string]bool
	weak   map[string]bool
}{
	{"invoices, orders or payments", false,
		headerSet(said("invoice; invoice no; invoice number; invoice date; invoice id; order no; order number; order id; order date; PO number; PO no; VAT; VAT rate; debit; credit; payment; payment date; transaction id; transaction date; amount due; booking date",
			"Rechnung; Rechnungsnummer; Rechnungs-Nr.; Rechnungsdatum; Bestellnummer; Bestelldatum; Auftragsnummer; MwSt; MwSt.; USt; Umsatzsteuer; Soll; Haben; Zahlung; Fälligkeit; Buchungsdatum; Belegnummer",
			"facture; numéro de facture; n° facture; date de facture; numéro de commande; n° commande; date de commande; TVA; débit; crédit; paiement; échéance",
			"factura; número de factura; nº factura; fecha de factura; número de pedido; fecha de pedido; IVA; débito; crédito; pago; vencimiento", "factuur; factuurnummer; factuurdatum; ordernummer; bestelnummer; btw; debet; betaling; vervaldatum",
			"fatura; nota fiscal; número da fatura; data da fatura; número do pedido; data do pedido; IVA; débito; crédito; pagamento; vencimento")),
		headerSet(said("amount; total; subtotal; net; gross; net amount; gross amount; price; unit price; quantity; qty; currency; balance; discount; tax; SKU; date; due date; item",
			"Betrag; Gesamt; Summe; Netto; Brutto; Preis; Einzelpreis; Menge; Währung; Saldo; Rabatt; Steuer; Datum; Artikel", "montant; total; HT; TTC; prix; prix unitaire; quantité; devise; solde; remise; date; article",
			"importe; total; subtotal; precio; precio unitario; cantidad; moneda; saldo; descuento; fecha; artículo", "bedrag; totaal; prijs; aantal; valuta; saldo; korting; datum; artikel",
			"valor total; total; preço; preço unitário; quantidade; moeda; saldo; desconto; data; item"))},
	{"payments, messages or journeys", true,
		headerSet(said("amount; subject; cc; message; departure; arrival; flight; flight no; distance; km; miles; fare; debit; credit", "Betrag; Betreff; Nachricht; Abfahrt; Abflug; Ankunft; Flug; Entfernung; Strecke; Fahrpreis",
			"montant; objet; départ; arrivée; vol; distance", "importe; asunto; salida; llegada; vuelo; distancia", "bedrag; onderwerp; vertrek; aankomst; vlucht; afstand", "montante; assunto; partida; chegada; voo; distância")),
		headerSet(said("date; time; reference; currency; account; sent; received; purpose; duration", "Datum; Uhrzeit; Zeit; Verwendungszweck; Währung; Konto; Dauer", "date; heure; référence; devise; compte", "fecha; hora; referencia; moneda; cuenta",
			"datum; tijd; kenmerk; valuta; rekening", "data; hora; referência; moeda; conta"))},
	{"tasks of a project plan", false,
		headerSet(said("predecessors; predecessor; % complete; percent complete; WBS; task name; milestone", "Vorgänger; % abgeschlossen; PSP; PSP-Code; Vorgangsname; Meilenstein", "prédécesseurs; % achevé; nom de la tâche; jalon", "predecesoras; predecesores; % completado; nombre de tarea; hito",
			"voorgangers; % voltooid; taaknaam; mijlpaal", "predecessoras; % concluída; nome da tarefa; marco")),
		headerSet(said("duration; start; finish; end; start date; end date; task", "Dauer; Anfang; Start; Ende; Beginn; Vorgang", "durée; début; fin; tâche", "duración; comienzo; inicio; fin; tarea", "duur; begin; einde; taak", "duração; início; término; fim; tarefa"))},
}

// headerSet folds headers as they are compared.
func headerSet(names []string) map[string]bool {
	set := map[string]bool{}
	for _, n := range names {
		for _, fold := range spellings(n) {
			set[fold] = true
		}
	}
	return set
}

// disown takes a sheet for none of ours where its other columns are those of another trade: one that is known by it, and one more. Native
// headers and what a person said of the sheet or of a column outweigh that.
func (l *layout) disown(c *chosen) {
	if t := l.table; t == nil || t != tableNamed("links") && t != tableNamed("nodes") && t != tracker && t != bothSided {
		return
	}
	if c.shape() != "" || slices.ContainsFunc(l.columns, func(c column) bool { return c.chosen != "" || isEnd(c.field) && c.match.rank == 0 }) {
		return
	}
	vague := slices.ContainsFunc(l.columns, func(c column) bool { return isEnd(c.field) && c.match.rank >= 2 })
	for _, f := range foreign {
		if f.vague && !vague {
			continue
		}
		strong := 0
		var headers []string
		for _, c := range l.columns {
			fold := foldHeader(c.header)
			if !c.named || !f.strong[fold] && !f.weak[fold] {
				continue
			}
			headers = append(headers, c.header)
			if f.strong[fold] {
				strong++
			}
		}
		if strong > 0 && len(headers) > 1 {
			l.firstAt, l.foreign = l.header, fmt.Sprintf("columns such as %s are those of %s, so this was not read as “%s”: where it is that, say so in a mapping (shape: %s)",
				quoted(headers[:min(len(headers), 3)]), f.what, l.table.title, l.table.name)
			l.table = nil
			return
		}
	}
}

// isEnd says that a field is an end of a link.
func isEnd(field string) bool { return field == "provider" || field == "consumer" }
