package drawing

import (
	"fmt"
	"strings"
)

// names are those of teams in many scripts, and what each is.
var names = []struct{ script, name string }{
	{"Latin", "Crew: Über façade, Łódź, Đà Nẵng"},
	{"Greek", "Προγραμματισμός πληρωμάτων"},
	{"Cyrillic", "Планирование экипажей"},
	{"Hebrew", "שיבוץ צוותים 24"},
	{"Arabic", "جدولة الطاقم ٢٤ (IT)"},
	{"Persian", "برنامه\u200cریزی خدمه"},
	{"Urdu", "عملے کی منصوبہ بندی"},
	{"Syriac", "ܣܘܕܪܐ ܕܦܠܚܐ"},
	{"Armenian", "Անձնակազմի պլանավորում"},
	{"Georgian", "ეკიპაჟის დაგეგმვა"},
	{"Devanagari", "चालक दल समय-निर्धारण"},
	{"Bengali", "ক্রু সময়সূচী"},
	{"Gurmukhi", "ਅਮਲਾ ਸਮਾਂ-ਸਾਰਣੀ"},
	{"Gujarati", "ક્રૂ સમયપત્રક"},
	{"Tamil", "குழு திட்டமிடல்"},
	{"Telugu", "సిబ్బంది షెడ్యూలింగ్"},
	{"Kannada", "ಸಿಬ್ಬಂದಿ ವೇಳಾಪಟ್ಟಿ"},
	{"Malayalam", "ജീവനക്കാരുടെ സമയക്രമം"},
	{"Sinhala", "කාර්ය මණ්ඩල සැලසුම්"},
	{"Thai", "การจัดตารางลูกเรือ"},
	{"Lao", "ການຈັດຕາຕະລາງລູກເຮືອ"},
	{"Burmese", "အမှုထမ်း အချိန်ဇယား"},
	{"Khmer", "ការកំណត់ពេលនាវិក"},
	{"Tibetan", "ལས་མིའི་འཆར་གཞི"},
	{"Amharic", "የሰራተኞች መርሐግብር"},
	{"Chinese", "机组排班(北京)、财务部"},
	{"Japanese", "乗務員スケジュール課"},
	{"Korean", "승무원 일정 관리"},
	{"Cherokee", "ᏗᎦᎸᏫᏍᏓᏁᏗ"},
	{"emoji", "Crew ✈️ team 👩‍✈️ 👍🏽 🇩🇪 ❤️ 1️⃣ 😀"},
}

// inScripts is a picture of the names.
func inScripts() []byte {
	var b strings.Builder
	rows := (len(names) + 1) / 2
	h := 30 + rows*22
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="560pt" height="%dpt" viewBox="0 0 560 %d"><title>Names</title><rect width="560" height="%d" fill="#ffffff"/>`, h, h, h)
	for i, n := range names {
		x, y := 10+280*(i/rows), 30+22*(i%rows)
		fmt.Fprintf(&b, `<text x="%d" y="%d" font-family="Arial" font-size="9" fill="#4a5668">%s</text>`, x, y, n.script)
		fmt.Fprintf(&b, `<text x="%d" y="%d" font-family="Arial" font-size="12" fill="#18222f"%s>%s</text>`, x+62, y, []string{"", ` font-weight="bold"`}[i%2], n.name)
	}
	b.WriteString("</svg>")
	return []byte(b.String())
}
