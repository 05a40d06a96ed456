package graph_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"madeinlatino.net/madeinlatino/graph"
	"madeinlatino.net/madeinlatino/graph/generated"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/testrig/dbrig"
)

var update = flag.Bool("update", false, "publish the schema as it is")

// The schema as clients know it. Additions pass: record them too when they are
// released, so that they are guarded from then on.
var published = filepath.Join("testdata", "published.graphql")

func TestTheSchemaBreaksNoClient(t *testing.T) {
	t.Parallel()
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o750))
		require.NoError(t, os.WriteFile(published, []byte(graph.SDL()), 0o600))
	}
	sdl, err := os.ReadFile(published)
	require.NoError(t, err, "run `go test ./graph -run TestTheSchemaBreaksNoClient -update`")
	if found := breaks(parse(t, string(sdl)), parse(t, graph.SDL())); len(found) > 0 {
		t.Fatalf("the schema breaks clients of what was published:\n  %s\nIf that is meant, declare it: write it into CHANGELOG.md and run `go test ./graph -run TestTheSchemaBreaksNoClient -update`.",
			strings.Join(found, "\n  "))
	}
}

func TestArgumentsAndDeprecationsAreExplained(t *testing.T) {
	t.Parallel()
	check := func(at, description string, directives ast.DirectiveList) {
		if strings.TrimSpace(description) == "" {
			t.Errorf("%s has no description", at)
		}
		deprecated := directives.ForName("deprecated")
		if deprecated == nil {
			return
		}
		reason := ""
		if argument := deprecated.Arguments.ForName("reason"); argument != nil {
			reason = argument.Value.Raw
		}
		require.Regexp(t, `(?i)\buse \S+`, reason, "%s is deprecated: name what to use", at)
		require.Regexp(t, `\b20\d\d-\d\d-\d\d\b`, reason, "%s is deprecated: name a date", at)
	}
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	for name, definition := range schema.Types {
		if definition.BuiltIn {
			continue
		}
		check(name, definition.Description, definition.Directives)
		for _, value := range definition.EnumValues {
			check(name+"."+value.Name, value.Description, value.Directives)
		}
		for _, field := range definition.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			at := name + "." + field.Name
			check(at, field.Description, field.Directives)
			for _, argument := range field.Arguments {
				check(at+"("+argument.Name+":)", argument.Description, argument.Directives)
			}
		}
	}
}

func TestErrorCodesAreReasons(t *testing.T) {
	t.Parallel()
	// Every reason that the services of a mutation give. A reason that is not
	// in the payload's enum would be an answer that breaks the schema.
	const (
		invalid, required, tooLong, taken = fandom.ReasonInvalid, fandom.ReasonRequired, fandom.ReasonTooLong, fandom.ReasonTaken
		unknown, mismatch                 = fandom.ReasonUnknown, fandom.ReasonMismatch
		ended, denied, refused, repeated  = fandom.ReasonEnded, fandom.ReasonDenied, fandom.ReasonRefused, fandom.ReasonRepeated
	)
	given := map[string][]fandom.Reason{
		"StartLogin":            {invalid},
		"Login":                 {invalid, required, tooLong, ended, denied, refused},
		"Logout":                {invalid},
		"UpdateProfile":         {invalid, required, tooLong, unknown, mismatch},
		"PerformRecommendation": {invalid, mismatch, ended, refused, repeated},
		"CreateArtist":          {invalid, required, taken, unknown},
		"UpdateArtist":          {invalid, taken, unknown},
		"CreateActionType":      {invalid, required, taken},
		"UpdateActionType":      {invalid, taken},
		"CreateRecommendation":  {invalid, required, unknown, tooLong},
		"UpdateRecommendation":  {invalid, required, unknown, tooLong},
		"RetireRecommendation":  {invalid},
	}
	reasons := []fandom.Reason{invalid, required, tooLong, taken, unknown, mismatch, ended, denied, refused, repeated}
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	for _, mutation := range schema.Mutation.Fields {
		if strings.HasPrefix(mutation.Name, "__") {
			continue
		}
		name := strings.ToUpper(mutation.Name[:1]) + mutation.Name[1:]
		require.Contains(t, given, name, "list the reasons of the new mutation here")
		codes := schema.Types[name+"ErrorCode"]
		require.NotNil(t, codes, name)
		for _, value := range codes.EnumValues {
			require.Contains(t, reasons, fandom.Reason(value.Name), "%s.%s is no reason", codes.Name, value.Name)
		}
		for _, reason := range given[name] {
			require.NotNil(t, codes.EnumValues.ForName(string(reason)), "%s lacks %s", codes.Name, reason)
		}
	}
}

func TestAPrefixThatDoesNotFitTheNumberIsAMismatch(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		r := newRig(t, s)
		fan := as(r.Fan(t, "rosa"))
		prefixes := map[string]any{}
		for _, p := range r.data(nobody, `{ mobilePrefixes { databaseId name } }`, nil)["mobilePrefixes"].([]any) {
			prefixes[at(p, "name").(string)] = at(p, "databaseId")
		}
		const mutation = `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { errors { path code } } }`
		data := r.data(fan, mutation, map[string]any{"input": map[string]any{
			"mobileNumberPrefix": prefixes["Colombia"], "mobileNumber": "3001234567",
		}})
		require.Empty(t, at(data, "updateProfile", "errors"))
		require.NotNil(t, prefixes["Iceland"])
		data = r.data(fan, mutation, map[string]any{"input": map[string]any{"mobileNumberPrefix": prefixes["Iceland"]}})
		code := at(data, "updateProfile", "errors", 0, "code")
		require.Equal(t, "MISMATCH", code)
		schema := generated.NewExecutableSchema(generated.Config{}).Schema()
		require.NotNil(t, schema.Types["UpdateProfileErrorCode"].EnumValues.ForName("MISMATCH"))
	})
}
