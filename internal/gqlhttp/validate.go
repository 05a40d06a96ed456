package gqlhttp

import (
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// maxValidationErrors is how many errors of one document are reported. One text
// can hold thousands, and each is many times the size of what caused it.
const maxValidationErrors = 20

// maxSuggestionBytes is the longest text for which names are suggested. Finding
// similar names takes time by the length of the wrong one times all names of the
// schema, and is a help to people who write queries, not to programs.
const maxSuggestionBytes = 4 << 10

// ruleSets are the validation rules with suggestions ("did you mean") and
// without. They are the same slice where suggestions are off.
type ruleSets struct {
	helpful, plain []validator.Rule
}

func newRuleSets(suggestions bool) ruleSets {
	sets := ruleSets{plain: newRules(false)}
	sets.helpful = sets.plain
	if suggestions {
		sets.helpful = newRules(true)
	}
	return sets
}

func (s ruleSets) forText(text string) []validator.Rule {
	if len(text) > maxSuggestionBytes {
		return s.plain
	}
	return s.helpful
}

// newRules returns gqlparser's rules, sorted by name so that errors come in the
// same order every time, and our own.
func newRules(suggestions bool) []validator.Rule {
	defaults := rules.NewDefaultRules()
	if !suggestions {
		for name, plain := range map[string]validator.Rule{
			rules.FieldsOnCorrectTypeRule.Name: rules.FieldsOnCorrectTypeRuleWithoutSuggestions,
			rules.KnownArgumentNamesRule.Name:  rules.KnownArgumentNamesRuleWithoutSuggestions,
			rules.KnownTypeNamesRule.Name:      rules.KnownTypeNamesRuleWithoutSuggestions,
			rules.ScalarLeafsRule.Name:         rules.ScalarLeafsRuleWithoutSuggestions,
			rules.ValuesOfCorrectTypeRule.Name: rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
		} {
			defaults.ReplaceRule(name, plain.RuleFunc)
		}
	}
	list := []validator.Rule{numbersInRange()}
	for name, check := range defaults.GetInner() {
		list = append(list, validator.Rule{Name: name, RuleFunc: check})
	}
	slices.SortFunc(list, func(a, b validator.Rule) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// numbersInRange refuses numbers that a variable could not hold either: an Int
// has 32 bits, and gqlgen panics over literals that do not fit a Go number.
func numbersInRange() validator.Rule {
	return validator.Rule{Name: "NumbersInRange", RuleFunc: func(observers *validator.Events, addError validator.AddErrFunc) {
		observers.OnValue(func(_ *validator.Walker, value *ast.Value) {
			var err error
			switch value.Kind {
			case ast.IntValue:
				bits := 64
				if value.Definition != nil && value.Definition.Name == "Int" {
					bits = 32
				}
				_, err = strconv.ParseInt(value.Raw, 10, bits)
			case ast.FloatValue:
				_, err = strconv.ParseFloat(value.Raw, 64)
			}
			if err != nil {
				addError(validator.Message("The number is out of range."), core.At(value.Position))
			}
		})
	}}
}

// abortValidation ends a validation by panic: the walk through a document has no
// other way to stop.
type abortValidation struct{}

// validate checks a document against a schema and links its nodes to their
// definitions. It reports at most maxValidationErrors errors, and stops before a
// step that would take it past the allowed number of comparisons.
func validate(
	schema *ast.Schema, doc *ast.QueryDocument, list []validator.Rule, merger *merger,
) (errs gqlerror.List) {
	defer func() {
		if value := recover(); value != nil {
			if _, ok := value.(abortValidation); !ok {
				panic(value)
			}
		}
	}()
	observers := &validator.Events{}
	// The meter observes first, so that it stands before the work it measures.
	meter(observers, merger, func(err *gqlerror.Error) {
		errs = gqlerror.List{err}
		panic(abortValidation{})
	})
	for _, rule := range list {
		rule.RuleFunc(observers, func(options ...validator.ErrorOption) {
			found := &gqlerror.Error{Rule: rule.Name}
			for _, option := range options {
				option(found)
			}
			errs = append(errs, asRefusal(found))
			if len(errs) == maxValidationErrors {
				panic(abortValidation{})
			}
		})
	}
	validator.Walk(schema, doc, observers)
	return errs
}

// meter adds up what a validation costs while it walks through a document, and
// refuses to go on where that is too much. Every definition is walked with all
// that it reaches, and at every selection set on the way the fields below it are
// compared anew.
func meter(observers *validator.Events, merger *merger, refuse func(*gqlerror.Error)) {
	total := 0
	spend := func(pos *ast.Position, set ast.SelectionSet) {
		total += 1 + merger.comparisons(set)
		if merger.err != nil {
			refuse(merger.err)
		}
		if total > merger.limits.Comparisons {
			refuse(refusalAt(pos, "the document repeats too many fields and fragments to be checked"))
		}
	}
	observers.OnOperation(func(_ *validator.Walker, node *ast.OperationDefinition) {
		spend(node.Position, node.SelectionSet)
	})
	observers.OnFragment(func(_ *validator.Walker, node *ast.FragmentDefinition) {
		spend(node.Position, node.SelectionSet)
	})
	observers.OnInlineFragment(func(_ *validator.Walker, node *ast.InlineFragment) {
		spend(node.Position, node.SelectionSet)
	})
	observers.OnField(func(_ *validator.Walker, node *ast.Field) {
		spend(node.Position, node.SelectionSet)
	})
	observers.OnFragmentSpread(func(_ *validator.Walker, node *ast.FragmentSpread) {
		spend(node.Position, nil)
	})
	observers.OnValue(func(_ *validator.Walker, node *ast.Value) {
		spend(node.Position, nil)
	})
}
