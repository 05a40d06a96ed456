// Package rest is the legacy REST API: a thin layer over the resolvers. A
// route decodes the request, calls resolvers as plain Go functions and writes
// the documented shape; every rule lives behind the resolvers.
package rest

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"madeinlatino.net/madeinlatino/graph"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/store"
)

// Options are what the REST API works with.
type Options struct {
	Resolver *graph.Resolver
	// PublicURL is the base of absolute links; empty: the request tells.
	PublicURL string
	RequestID func(context.Context) string
	Log       *slog.Logger
}

// API serves the legacy paths.
type API struct {
	Options
	mux *http.ServeMux
}

// New makes the API. It answers every path: unknown ones with 404.
func New(o Options) *API {
	api := &API{Options: o, mux: http.NewServeMux()}
	methods := map[string][]Route{}
	var paths []string
	for _, route := range Routes() {
		if methods[route.Path] == nil {
			paths = append(paths, route.Path)
		}
		methods[route.Path] = append(methods[route.Path], route)
	}
	for _, pattern := range paths {
		handler := api.endpoint(methods[pattern])
		// With and without the trailing slash, the same answer.
		api.mux.Handle(strings.TrimSuffix(pattern, "/"), handler)
		api.mux.Handle(pattern+"{$}", handler)
	}
	api.mux.HandleFunc("/", api.notFound)
	return api
}

// ServeHTTP implements http.Handler. Paths have to be clean (see
// httpmw.CleanPaths): the mux would redirect others.
func (api *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { api.mux.ServeHTTP(w, r) }

func (api *API) notFound(w http.ResponseWriter, r *http.Request) {
	api.writeError(w, r, fandom.Errorf(fandom.NotFound, "There is nothing at this path."))
}

// endpoint serves one path with its methods.
func (api *API) endpoint(routes []Route) http.Handler {
	allowed := []string{http.MethodOptions}
	for _, route := range routes {
		allowed = append(allowed, route.Method)
		if route.Method == http.MethodGet {
			allowed = append(allowed, http.MethodHead)
		}
	}
	slices.Sort(allowed)
	allow := strings.Join(allowed, ", ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method := r.Method
		if method == http.MethodHead { // net/http leaves the body out
			method = http.MethodGet
		}
		if method == http.MethodOptions {
			w.Header().Set("Allow", allow)
			w.WriteHeader(http.StatusNoContent)
			return
		}
		for _, route := range routes {
			if route.Method == method {
				api.serve(w, r, route)
				return
			}
		}
		w.Header().Set("Allow", allow)
		writeDetail(w, http.StatusMethodNotAllowed, "This path does not take "+r.Method+".")
	})
}

// serve runs one route: what every endpoint checks, then the route's own.
func (api *API) serve(w http.ResponseWriter, r *http.Request, route Route) {
	w.Header().Set("Cache-Control", "no-store")
	if route.Who == Token {
		if _, err := fandom.RequireUser(r.Context()); err != nil {
			api.writeError(w, r, err)
			return
		}
	}
	own := route.Produces
	if own == "" {
		own = jsonType
	}
	if !acceptable(r.Header.Values("Accept"), jsonType, own) {
		writeDetail(w, http.StatusNotAcceptable, "This endpoint answers "+own+".")
		return
	}
	call := &call{api: api, w: w, r: r}
	if route.Method != http.MethodGet {
		body, status, err := readBody(w, r)
		if err != nil && status != 0 {
			writeDetail(w, status, err.Error())
			return
		}
		if err != nil {
			api.writeError(w, r, err)
			return
		}
		call.body = body
	}
	if err := route.handle(call); err != nil {
		api.writeError(w, r, err)
	}
}

// call is one request on its way through a route.
type call struct {
	api   *API
	w     http.ResponseWriter
	r     *http.Request
	body  body
	query url.Values // of routes with pages, once call.page has read it
}

func (c *call) ctx() context.Context      { return c.r.Context() }
func (c *call) resolver() *graph.Resolver { return c.api.Resolver }

// answer writes a body in the documented shape.
func (c *call) answer(status int, shape any) error {
	writeJSON(c.w, status, shape)
	return nil
}

// writeError answers an error by the table of statuses, and logs what is our
// fault or a dependency's.
func (api *API) writeError(w http.ResponseWriter, r *http.Request, err error) {
	e := store.Classify(err)
	switch e.Code {
	case fandom.Internal:
		api.Log.ErrorContext(r.Context(), "internal error", "error", err)
	case fandom.Unavailable:
		api.Log.WarnContext(r.Context(), "dependency unavailable", "error", err)
	}
	WriteError(w, e, api.RequestID(r.Context()))
}
