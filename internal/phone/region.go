// Package phone owns what is known about telephone numbers: the countries and
// territories with their dialling codes, and whether a number can exist behind
// one. It is pure; the data comes with the phone metadata it is built with.
package phone

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Region is a country or territory with a dialling code of its own or shared.
type Region struct {
	Code     string // ISO 3166-1 alpha-2, or the metadata's own, such as XK and AC
	DialCode string // the country calling code: "+93", "+1" throughout North America
	Name     string // in English
}

// Regions lists every region that the phone metadata has, ordered by name.
func Regions() []Region {
	names := display.English.Regions()
	var list []Region
	for code := range phonenumbers.GetSupportedRegions() {
		list = append(list, Region{
			Code:     code,
			DialCode: "+" + strconv.Itoa(phonenumbers.GetCountryCodeForRegion(code)),
			Name:     name(names, code),
		})
	}
	slices.SortFunc(list, func(a, b Region) int { return strings.Compare(a.Code, b.Code) })
	SortByName(list, func(r Region) string { return r.Name })
	return list
}

// name gives a region's English name. The names of the library are those of
// 2017, so what was renamed since stands here.
func name(names display.Namer, code string) string {
	switch code {
	case "MK":
		return "North Macedonia"
	case "SZ":
		return "Eswatini"
	case "TR":
		return "Türkiye"
	}
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if name := names.Name(region); name != "" {
		return name
	}
	return code
}

// SortByName orders a list as an English reader looks names up: Åland Islands
// before Albania. Equal names keep their order.
func SortByName[T any](list []T, name func(T) string) {
	collator := collate.New(language.English) // not for concurrent use
	slices.SortStableFunc(list, func(a, b T) int { return collator.CompareString(name(a), name(b)) })
}
