package graph_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/graph/relay"
	"madeinlatino.net/madeinlatino/internal/twitter/sandbox"
)

const (
	createArtist = `mutation($i: CreateArtistInput!) { createArtist(input: $i) { artist { databaseId name twitterUserName dueDay timeZone } errors { path message code } } }`
	perform      = `mutation($i: PerformRecommendationInput!) { performRecommendation(input: $i) {
		performance { state text tweetId artist { name } recommendation { databaseId } }
		pointsEarned previousRank newRank newScore isRepeat errors { path message code } } }`
)

func TestAdminsRunThePlatform(t *testing.T) {
	each(t, func(r *rig) {
		for _, name := range []string{"Harry", "Lola"} {
			_, err := r.Sandbox.AddAccount(sandbox.Account{UserName: name})
			require.NoError(r, err)
		}
		input := map[string]any{"name": "Harry", "twitterUserName": "@harry", "dueDay": 31, "timeZone": "America/Bogota"}
		data := r.data(admin, createArtist, map[string]any{"i": input})
		require.Equal(r, map[string]any{"databaseId": 1.0, "name": "Harry", "twitterUserName": "Harry", "dueDay": 31.0, "timeZone": "America/Bogota"},
			at(data, "createArtist", "artist"))

		errorOf := func(input map[string]any) any {
			data := r.data(admin, createArtist, map[string]any{"i": input})
			require.Nil(r, at(data, "createArtist", "artist"))
			return at(data, "createArtist", "errors", 0, "code")
		}
		require.Equal(r, "TAKEN", errorOf(input))
		require.Equal(r, "UNKNOWN", errorOf(map[string]any{"name": "No", "twitterUserName": "nosuch", "dueDay": 1}))
		require.Equal(r, "INVALID", errorOf(map[string]any{"name": "No", "twitterUserName": "Lola", "dueDay": 32}))

		data = r.data(admin, `mutation($i: UpdateArtistInput!) { updateArtist(input: $i) { artist { name dueDay profileImage } errors { path code } } }`,
			map[string]any{"i": map[string]any{"id": relay.ID("Artist", 1), "dueDay": 5, "profileImage": nil}})
		require.Equal(r, map[string]any{"name": "Harry", "dueDay": 5.0, "profileImage": nil}, at(data, "updateArtist", "artist"))

		data = r.data(admin, `mutation { createActionType(input: {type: "SHOUT", kind: TWEET, points: 7.25}) { actionType { id points } errors { code } } }`, nil)
		actionType := at(data, "createActionType", "actionType", "id")
		require.Equal(r, 7.25, at(data, "createActionType", "actionType", "points"))
		data = r.data(admin, `mutation($i: CreateRecommendationInput!) { createRecommendation(input: $i) { recommendation { id worth tweetData artist { name } } errors { path code } } }`,
			map[string]any{"i": map[string]any{"artistId": relay.ID("Artist", 1), "actionTypeId": actionType, "tweetData": "Go {artist}"}})
		require.Equal(r, 7.25, at(data, "createRecommendation", "recommendation", "worth"))
		recommendation := at(data, "createRecommendation", "recommendation", "id")

		for name, wrong := range map[string]map[string]any{
			"an unknown placeholder": {"tweetData": "Go {nobody}"},
			"too long":               {"tweetData": longText()},
			"no text":                {},
		} {
			wrong["artistId"], wrong["actionTypeId"] = relay.ID("Artist", 1), actionType
			data := r.data(admin, `mutation($i: CreateRecommendationInput!) { createRecommendation(input: $i) { recommendation { id } errors { path code } } }`, map[string]any{"i": wrong})
			require.Equal(r, []any{"input", "tweetData"}, at(data, "createRecommendation", "errors", 0, "path"), name)
		}
		data = r.data(admin, `mutation($id: ID!) { updateRecommendation(input: {id: $id, points: 3.5}) { recommendation { worth } errors { code } } retireRecommendation(input: {id: $id}) { recommendation { worth } errors { code } } }`,
			map[string]any{"id": recommendation})
		require.Equal(r, 3.5, at(data, "retireRecommendation", "recommendation", "worth"))
		require.Equal(r, "BAD_USER_INPUT", r.code(admin, `mutation { createActionType(input: {type: "X", kind: TWEET, points: 1.234}) { errors { code } } }`, nil))
	})
}

func longText() string {
	text := make([]byte, 281)
	for i := range text {
		text[i] = 'x'
	}
	return string(text)
}

func TestAdminMutationsAreForAdmins(t *testing.T) {
	each(t, func(r *rig) {
		john := r.Fan(r.T, "John")
		id := relay.ID("Artist", 1)
		for _, mutation := range []string{
			`mutation { createArtist(input: {name: "X", twitterUserName: "x", dueDay: 1}) { errors { code } } }`,
			`mutation { updateArtist(input: {id: "` + id + `", name: "X"}) { errors { code } } }`,
			`mutation { createActionType(input: {type: "X", kind: TWEET, points: 1}) { errors { code } } }`,
			`mutation { updateActionType(input: {id: "` + relay.ID("ActionType", 1) + `", points: 1}) { errors { code } } }`,
			`mutation { createRecommendation(input: {artistId: "` + id + `", actionTypeId: "` + relay.ID("ActionType", 1) + `"}) { errors { code } } }`,
			`mutation { updateRecommendation(input: {id: "` + relay.ID("Recommendation", 1) + `"}) { errors { code } } }`,
			`mutation { retireRecommendation(input: {id: "` + relay.ID("Recommendation", 1) + `"}) { errors { code } } }`,
		} {
			require.Equal(r, "UNAUTHENTICATED", r.code(nobody, mutation, nil), mutation)
			require.Equal(r, "FORBIDDEN", r.code(as(john), mutation, nil), mutation)
		}
	})
}

func TestPerformingThroughGraphQL(t *testing.T) {
	each(t, func(r *rig) {
		harry, john := r.Artist(r.T, "Harry"), r.Fan(r.T, "John")
		tweet, second := r.Tweet(r.T, harry, "Go {artist}"), r.Tweet(r.T, harry, "Go again")
		input := func(id int, key string) map[string]any {
			return map[string]any{"i": map[string]any{"recommendationId": relay.ID("Recommendation", id), "idempotencyKey": key}}
		}
		data := r.data(as(john), perform, input(tweet.ID, "a"))
		payload := at(data, "performRecommendation")
		require.Equal(r, "CREDITED", at(payload, "performance", "state"))
		require.Equal(r, "Go Harry", at(payload, "performance", "text"))
		require.Equal(r, 10.0, at(payload, "pointsEarned"))
		require.Nil(r, at(payload, "previousRank"))
		require.Equal(r, 1.0, at(payload, "newRank"))
		require.Equal(r, false, at(payload, "isRepeat"))

		for _, key := range []string{"a", "b"} { // the same call again, and a new one for the same thing
			data = r.data(as(john), perform, input(tweet.ID, key))
			require.Equal(r, true, at(data, "performRecommendation", "isRepeat"))
			require.Equal(r, 0.0, at(data, "performRecommendation", "pointsEarned"))
		}
		require.Equal(r, "CONFLICT", r.code(as(john), perform, input(second.ID, "a")))
		require.Len(r, r.Sandbox.Tweets(), 1)

		r.Clock.Advance(25 * time.Hour)
		data = r.data(as(john), perform, input(second.ID, "a"))
		require.Equal(r, false, at(data, "performRecommendation", "isRepeat"), "keys are forgotten after a day")

		r.Sandbox.Inject(sandbox.Fault{Method: "POST", Path: "/2/tweets", Times: 1, Kind: sandbox.FaultLocked})
		third := input(r.Tweet(r.T, harry, "third").ID, "c")
		for range 2 { // a replay says the same
			data = r.data(as(john), perform, third)
			require.Equal(r, "REFUSED", at(data, "performRecommendation", "errors", 0, "code"))
			require.Nil(r, at(data, "performRecommendation", "performance"))
		}
		require.Equal(r, "NOT_FOUND", r.code(as(john), perform, input(99, "d")))
		require.Equal(r, "UNAUTHENTICATED", r.code(nobody, perform, input(tweet.ID, "e")))

		data = r.data(as(john), `{ viewer { performances(state: CREDITED) { totalCount nodes { state text } } globalEntry { score } profile { isFlagAction } } }`, nil)
		require.Equal(r, 2.0, at(data, "viewer", "performances", "totalCount"))
		require.Equal(r, 20.0, at(data, "viewer", "globalEntry", "score"))
	})
}

func TestEachMutationOfAnOperationSeesTheOneBefore(t *testing.T) {
	each(t, func(r *rig) {
		harry, lola := r.Artist(r.T, "Harry"), r.Artist(r.T, "Lola")
		john := r.Fan(r.T, "John")
		field := `{ performance { artist { name fanCount } } newScore }`
		data := r.data(as(john), `mutation($a: ID!, $b: ID!, $c: ID!) {
			a: performRecommendation(input: {recommendationId: $a}) `+field+`
			b: performRecommendation(input: {recommendationId: $b}) `+field+`
			c: performRecommendation(input: {recommendationId: $c}) `+field+` }`, map[string]any{
			"a": relay.ID("Recommendation", r.Tweet(r.T, harry, "one").ID),
			"b": relay.ID("Recommendation", r.Tweet(r.T, lola, "two").ID),
			"c": relay.ID("Recommendation", r.Tweet(r.T, harry, "three").ID),
		})
		require.Equal(r, 1.0, at(data, "a", "performance", "artist", "fanCount"))
		require.Equal(r, 1.0, at(data, "b", "performance", "artist", "fanCount"))
		require.Equal(r, 20.0, at(data, "c", "newScore"))
	})
}

func TestNullAndLeftOutAreDifferentInputs(t *testing.T) {
	each(t, func(r *rig) {
		john := r.Fan(r.T, "John")
		update := `mutation($i: UpdateProfileInput!) { updateProfile(input: $i) { profile { lastName } errors { code } } }`
		r.data(as(john), update, map[string]any{"i": map[string]any{"firstName": "Ana", "idempotencyKey": "k"}})
		require.Equal(r, "CONFLICT", r.code(as(john), update, map[string]any{"i": map[string]any{
			"firstName": "Ana", "lastName": nil, "idempotencyKey": "k",
		}}))
	})
}

func TestAnIdempotencyKeyMakesOneArtist(t *testing.T) {
	each(t, func(r *rig) {
		_, err := r.Sandbox.AddAccount(sandbox.Account{UserName: "Harry"})
		require.NoError(r, err)
		input := map[string]any{"i": map[string]any{"name": "Harry", "twitterUserName": "Harry", "dueDay": 1, "idempotencyKey": "once"}}
		for range 2 {
			data := r.data(admin, createArtist, input)
			require.Equal(r, 1.0, at(data, "createArtist", "artist", "databaseId"))
		}
		n, err := r.Store.Client(r.Context()).Artist.Query().Count(r.Context())
		require.NoError(r, err)
		require.Equal(r, 1, n)
	})
}

func TestLoginAndProfileThroughGraphQL(t *testing.T) {
	each(t, func(r *rig) {
		account, err := r.Sandbox.AddAccount(sandbox.Account{UserName: "Jane", Name: "Jane Doe"})
		require.NoError(r, err)
		token, secret := r.Sandbox.Token(account.ID)
		data := r.data(nobody, `mutation { startLogin { redirectUrl errors { code } } }`, nil)
		require.Contains(r, at(data, "startLogin", "redirectUrl"), "/oauth/authenticate?oauth_token=")

		login := `mutation($i: LoginInput!) { login(input: $i) { key isFirstLogin viewer { user { firstName } profile { firstName isFlagAction } } errors { path code } } }`
		data = r.data(nobody, login, map[string]any{"i": map[string]any{"accessToken": token, "tokenSecret": secret}})
		require.Equal(r, "Jane", at(data, "login", "viewer", "profile", "firstName"))
		require.Equal(r, true, at(data, "login", "isFirstLogin"))
		data = r.data(nobody, login, map[string]any{"i": map[string]any{"accessToken": "x", "tokenSecret": "y"}})
		require.Equal(r, "REFUSED", at(data, "login", "errors", 0, "code"))
		data = r.data(nobody, login, map[string]any{"i": map[string]any{"denied": "x"}})
		require.Equal(r, "DENIED", at(data, "login", "errors", 0, "code"))
		data = r.data(nobody, login, map[string]any{"i": map[string]any{"accessToken": "x", "denied": nil}})
		require.Equal(r, []any{map[string]any{"path": []any{"input", "tokenSecret"}, "code": "REQUIRED"}}, at(data, "login", "errors"))

		jane := r.LogIn(r.T, account.ID)
		update := `mutation($i: UpdateProfileInput!) { updateProfile(input: $i) { profile { firstName lastName email mobilePrefix { name } } errors { path code } } }`
		data = r.data(as(jane), update, map[string]any{"i": map[string]any{"lastName": "PÉREZ", "mobileNumberPrefix": 1}})
		require.Equal(r, map[string]any{"firstName": "Jane", "lastName": "Pérez", "email": nil, "mobilePrefix": map[string]any{"name": "Afghanistan"}},
			at(data, "updateProfile", "profile"))
		data = r.data(as(jane), update, map[string]any{"i": map[string]any{"firstName": "No", "email": "nonsense"}})
		require.Equal(r, []any{"input", "email"}, at(data, "updateProfile", "errors", 0, "path"))
		require.Equal(r, "UNAUTHENTICATED", r.code(nobody, update, map[string]any{"i": map[string]any{}}))
		data = r.data(as(jane), `mutation { logout { loggedOut errors { code } } }`, nil)
		require.Equal(r, true, at(data, "logout", "loggedOut"))
		_, err = r.Accounts.Authenticate(r.Context(), jane.Key)
		require.Error(r, err)
	})
}
