package rest

import "net/http"

// Access says who may call a route.
type Access string

// The kinds of access. A route that needs more than a token (consent, say)
// leaves that to the rules behind the resolvers.
const (
	Anyone Access = "anyone"
	Token  Access = "token"
)

// Route is one documented endpoint.
type Route struct {
	Method   string
	Path     string // with the trailing slash; served without it too
	Who      Access
	Summary  string
	Produces string // where it is not JSON
	Example  string // a request's body or query
	handle   func(*call) error
}

// Routes is the whole legacy surface.
func Routes() []Route {
	return []Route{
		{
			Method: http.MethodGet, Path: "/users/auth-url/", Who: Anyone, handle: (*call).authURL,
			Summary: "Twitter's login page, with a fresh request token.",
		},
		{
			Method: http.MethodPost, Path: "/users/twitter/login/", Who: Anyone, handle: (*call).login,
			Summary: "Exchanges what Twitter's callback brought for an access key.",
			Example: `{"access_token": "…", "token_secret": "…"}`,
		},
		{
			Method: http.MethodPost, Path: "/users/logout/", Who: Token, handle: (*call).logout, Produces: "text/plain",
			Summary: "Ends the access key of the request.",
		},
		{
			Method: http.MethodGet, Path: "/users/info/", Who: Token, handle: (*call).info,
			Summary: "The user with their global points.",
		},
		{
			Method: http.MethodGet, Path: "/users/profile/", Who: Token, handle: (*call).profile,
			Summary: "The user's profile.",
		},
		{
			Method: http.MethodPatch, Path: "/users/profile/", Who: Token, handle: (*call).updateProfile,
			Summary: "Changes any of the profile's fields, all or nothing.", Example: `{"last_name": "DOE"}`,
		},
		{
			Method: http.MethodGet, Path: "/users/mobile-prefix/", Who: Anyone, handle: (*call).mobilePrefixes,
			Summary: "Every country and territory with a dialling code.",
		},
		{
			Method: http.MethodGet, Path: "/ranking/artist_id/{id}/", Who: Token, handle: (*call).ranking,
			Summary: "The fans of an artist by rank: pairs of Twitter name and score.", Example: "?limit=100&offset=0",
		},
		{
			Method: http.MethodGet, Path: "/ranking/my_rank/artist_id/{id}/", Who: Token, handle: (*call).myRank,
			Summary: "The user's rank and score for an artist.",
		},
		{
			Method: http.MethodGet, Path: "/ranking/my_global_rank/", Who: Token, handle: (*call).myGlobalRank,
			Summary: "The user's rank and score over all artists.",
		},
		{
			Method: http.MethodGet, Path: "/artist/listing/", Who: Anyone, handle: (*call).artists,
			Summary: "The artists that fans can act for.", Example: "?limit=100&offset=0",
		},
		{
			Method: http.MethodGet, Path: "/action/", Who: Token, handle: (*call).actions,
			Summary: "What the user is recommended to do for an artist now.", Example: "?artist=3",
		},
		{
			Method: http.MethodPost, Path: "/action/", Who: Token, handle: (*call).perform,
			Summary: "Performs a recommendation, once.",
			Example: `{"action_id": 11, "recommend_id": 46, "artist_id": 3}`,
		},
	}
}
