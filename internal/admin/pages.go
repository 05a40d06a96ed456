package admin

import (
	"embed"
	"encoding/json"
	"errors"
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/httpmw"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/web"
)

//go:embed templates
var templates embed.FS

const consolePath = "/admin/"

// pages answers under /admin/.
type pages struct {
	*Service
	login, console *web.Page
}

// Register adds the pages to mux, each with and without the trailing slash:
//
//	GET  /admin/         the login page, or the console
//	POST /admin/login/   form fields username and password: 303 to the
//	                     console, or 401 with the page and a message
//	POST /admin/logout/  303 to the login page
//
// A client that accepts JSON alone gets JSON in place of pages. limitLogins
// wraps POST /admin/login/ and is what keeps guessing slow. POSTs that a
// browser sends from another origin are refused.
func (s *Service) Register(mux *http.ServeMux, limitLogins httpmw.Middleware) error {
	p := pages{Service: s}
	var err error
	if p.login, err = web.ParsePage(templates, "templates/login.html"); err != nil {
		return err
	}
	if p.console, err = web.ParsePage(templates, "templates/console.html"); err != nil {
		return err
	}
	protect := http.NewCrossOriginProtection()
	protect.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.refuse(w, r, fandom.Errorf(fandom.Forbidden, "This form was sent from another site. Open the page here and try again."))
	}))
	add := func(path string, handlers map[string]http.Handler) {
		handler := protect.Handler(byMethod(handlers))
		mux.Handle(path, handler)
		mux.Handle(path+"/{$}", handler)
	}
	add("/admin", map[string]http.Handler{http.MethodGet: http.HandlerFunc(p.getConsole)})
	add("/admin/login", map[string]http.Handler{
		http.MethodGet:  http.RedirectHandler(consolePath, http.StatusSeeOther),
		http.MethodPost: limitLogins(http.HandlerFunc(p.postLogin)),
	})
	add("/admin/logout", map[string]http.Handler{
		http.MethodGet:  http.RedirectHandler(consolePath, http.StatusSeeOther),
		http.MethodPost: http.HandlerFunc(p.postLogout),
	})
	return nil
}

// byMethod picks a handler; HEAD is served as GET.
func byMethod(handlers map[string]http.Handler) http.Handler {
	allow := "GET, HEAD, OPTIONS"
	if handlers[http.MethodPost] != nil {
		allow = "GET, HEAD, POST, OPTIONS"
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		if h := handlers[method]; h != nil {
			h.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Allow", allow)
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		http.Error(w, "Method not allowed.", http.StatusMethodNotAllowed)
	})
}

// session opens the session that the request's cookie names, if any.
func (p pages) session(r *http.Request) (*http.Request, *Admin, error) {
	token := ""
	if cookie, err := r.Cookie(CookieName); err == nil {
		token = cookie.Value
	}
	ctx, current, err := p.load(r.Context(), token)
	if err != nil {
		return r, nil, err
	}
	return r.WithContext(ctx), current, nil
}

func (p pages) getConsole(w http.ResponseWriter, r *http.Request) {
	_, current, err := p.session(r)
	switch {
	case err != nil:
		p.refuse(w, r, err)
	case jsonOnly(r) && current == nil:
		p.refuse(w, r, fandom.Errorf(fandom.Unauthenticated, "Log in as an admin first."))
	case jsonOnly(r):
		writeJSON(w, http.StatusOK, map[string]string{"username": current.Username})
	case current == nil:
		p.login.Write(w, http.StatusOK, loginData{})
	default:
		p.console.Write(w, http.StatusOK, current)
	}
}

// loginData is what the login page shows; Problem is empty at first.
type loginData struct{ Problem string }

func (p pages) postLogin(w http.ResponseWriter, r *http.Request) {
	username, password, problem := readForm(r)
	if problem != nil {
		p.refuse(w, r, problem)
		return
	}
	row, err := p.Service.login(r.Context(), username, password)
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	r, _, err = p.session(r)
	if err == nil {
		err = p.open(r.Context(), w, row)
	}
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	p.log.LogAttrs(r.Context(), slog.LevelInfo, "admin logged in", slog.Int("admin_id", row.ID))
	if jsonOnly(r) {
		writeJSON(w, http.StatusOK, map[string]string{"username": row.Username})
		return
	}
	seeOther(w, r)
}

func (p pages) postLogout(w http.ResponseWriter, r *http.Request) {
	r, _, err := p.session(r)
	if err == nil {
		err = p.end(r.Context(), w)
	}
	switch {
	case err != nil:
		p.refuse(w, r, err)
	case jsonOnly(r):
		writeJSON(w, http.StatusOK, map[string]string{"detail": "Logged out."})
	default:
		seeOther(w, r)
	}
}

// readForm reads the login's two fields from the body alone: what stands in a
// URL ends up in logs.
func readForm(r *http.Request) (username, password string, problem error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var err error
	switch kind {
	case "application/x-www-form-urlencoded":
		err = r.ParseForm()
	case "multipart/form-data":
		err = r.ParseMultipartForm(httpmw.MaxBody)
	default:
		return "", "", &statusError{http.StatusUnsupportedMediaType, "Send the fields username and password as a form."}
	}
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return "", "", &statusError{http.StatusRequestEntityTooLarge, "The form is too large."}
	}
	if err != nil {
		return "", "", &statusError{http.StatusBadRequest, "The form cannot be read."}
	}
	return r.PostFormValue("username"), r.PostFormValue("password"), nil
}

// statusError is a fault of the form itself, which no service has a code for.
type statusError struct {
	status int
	text   string
}

func (e *statusError) Error() string { return e.text }

// refuse answers an error with the login page, or in JSON.
func (p pages) refuse(w http.ResponseWriter, r *http.Request, err error) {
	status, text := p.explain(w, r, err)
	if jsonOnly(r) {
		if status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", `Session realm="admin"`)
		}
		body := map[string]string{"detail": text}
		if status == http.StatusInternalServerError {
			body["request_id"] = httpmw.RequestIDFrom(r.Context())
		}
		writeJSON(w, status, body)
		return
	}
	p.login.Write(w, status, loginData{Problem: text})
}

func (p pages) explain(w http.ResponseWriter, r *http.Request, err error) (status int, text string) {
	if form := (*statusError)(nil); errors.As(err, &form) {
		return form.status, form.text
	}
	e := store.Classify(err)
	if e.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((e.RetryAfter+time.Second-1)/time.Second)))
	}
	switch e.Code {
	case fandom.Unauthenticated:
		return http.StatusUnauthorized, e.Message
	case fandom.Forbidden:
		return http.StatusForbidden, e.Message
	}
	p.log.LogAttrs(r.Context(), slog.LevelError, "an admin page failed", slog.Any("error", err),
		slog.String("path", r.URL.Path))
	if e.Code == fandom.Unavailable {
		return http.StatusServiceUnavailable, e.Message
	}
	return http.StatusInternalServerError, "Something went wrong on our side."
}

// jsonOnly reports whether the client wants JSON and takes no page. Programs
// that say nothing, or */*, are served as browsers are.
func jsonOnly(r *http.Request) bool {
	accept := strings.ToLower(strings.Join(r.Header.Values("Accept"), ","))
	return strings.Contains(accept, "json") && !strings.Contains(accept, "text/") && !strings.Contains(accept, "*/*")
}

// seeOther sends the browser back to the console. The cookie just set or
// taken back must not be kept by any cache.
func seeOther(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, consolePath, http.StatusSeeOther)
}

func writeJSON(w http.ResponseWriter, status int, body map[string]string) {
	text, err := json.Marshal(body)
	if err != nil { // impossible for a map of strings
		text = []byte("{}")
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(text) // a client that has gone away is no fault of ours
}
