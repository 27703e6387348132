package importer

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"example.com/whoserves/graph"
)

// dayOrder says which of day and month a file writes first.
type dayOrder uint8

const (
	noOrder dayOrder = iota // not known
	dayFirst
	monthFirst
)

var (
	errNoDate      = errors.New("no date")
	errWhichIsDay  = errors.New("day and month cannot be told apart")
	writtenLayouts = []string{"2 January 2006", "2 Jan 2006", "January 2 2006", "Jan 2 2006", "2 Jan 06", "2006 Jan 2", "2006 January 2"}
)

// readDate gives a date as 2006-01-02. It takes year-month-day with any mark, day.month.year, dates with the name of the month,
// and day/month/year or month/day/year: there the order that the column shows decides where the numbers do not. A time of day
// behind the date is left out.
func readDate(s string, order dayOrder) (string, error) {
	s = dropTime(strings.TrimSpace(s))
	if len(s) == 8 && isASCIIDigits([]byte(s)) {
		return checkDate(s[:4], s[4:6], s[6:])
	}
	if p, separator := splitDate(s); separator != 0 {
		if len(p[0]) == 4 {
			return checkDate(p[0], p[1], p[2])
		}
		if len(p[2]) != 4 {
			return "", errNoDate
		}
		if separator == '.' {
			return checkDate(p[2], p[1], p[0])
		}
		return readSlashes(p, order)
	}
	words := inEnglish(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '-' || r == ',' || r == '.' || r == '/' }))
	for _, layout := range writtenLayouts {
		if t, err := time.Parse(layout, words); err == nil && t.Year() >= 1900 && t.Year() <= 2200 {
			return t.Format(time.DateOnly), nil
		}
	}
	return "", errNoDate
}

// inEnglish puts the name of a month into English, and leaves out the words between.
func inEnglish(date []string) string {
	var all []string
	for _, w := range date {
		fold := graph.Fold(w)
		switch month, known := monthWords[fold]; {
		case known:
			all = append(all, month)
		case fold == "1er", fold == "1º":
			all = append(all, "1")
		case fold != "de" && fold != "del" && fold != "of":
			all = append(all, w)
		}
	}
	return strings.Join(all, " ")
}

// orderOf gives the order that a date gives away.
func orderOf(s string) dayOrder {
	p, separator := splitDate(dropTime(strings.TrimSpace(s)))
	if separator == 0 || separator == '.' || len(p[0]) == 4 || len(p[2]) != 4 {
		return noOrder
	}
	first, _ := strconv.Atoi(p[0])
	second, _ := strconv.Atoi(p[1])
	switch {
	case first > 12 && second <= 12:
		return dayFirst
	case second > 12 && first <= 12:
		return monthFirst
	}
	return noOrder
}

func readSlashes(p [3]string, order dayOrder) (string, error) {
	if own := orderOf(p[0] + "/" + p[1] + "/" + p[2]); own != noOrder {
		order = own
	}
	switch {
	case order == dayFirst || strings.TrimLeft(p[0], "0") == strings.TrimLeft(p[1], "0"):
		return checkDate(p[2], p[1], p[0])
	case order == monthFirst:
		return checkDate(p[2], p[0], p[1])
	}
	if _, err := checkDate(p[2], p[0], p[1]); err != nil {
		return "", err
	}
	return "", errWhichIsDay
}

// splitDate takes three numbers with one and the same mark between them apart; the mark is 0 when that is not what s is.
func splitDate(s string) (p [3]string, mark byte) {
	for _, m := range []byte{'-', '/', '.'} {
		pieces := strings.Split(s, string(m))
		if len(pieces) != 3 {
			continue
		}
		for i := range pieces {
			p[i] = strings.TrimSpace(pieces[i])
			if !isASCIIDigits([]byte(p[i])) || len(p[i]) > 4 {
				return p, 0
			}
		}
		return p, m
	}
	return p, 0
}

// dropTime cuts a time of day off: "2026-11-02T10:00:00Z", "02/11/2026 10:00".
func dropTime(s string) string {
	if i := strings.IndexByte(s, ':'); i > 0 {
		if j := strings.LastIndexAny(s[:i], " Tt"); j > 0 {
			return strings.TrimRight(s[:j], " ,")
		}
	}
	return s
}

func checkDate(year, month, day string) (string, error) {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if y < 1900 || y > 2200 || int(t.Month()) != m || t.Day() != d {
		return "", errNoDate
	}
	return t.Format(time.DateOnly), nil
}
