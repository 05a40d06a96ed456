// Command madeinlatino serves Made In Latino: fans promote Latin music
// artists on Twitter, earn points, and are ranked. Without arguments it
// serves; `madeinlatino --help` lists the sub-commands and the environment.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // artists' time zones, also where the machine has none

	"golang.org/x/term"

	"madeinlatino.net/madeinlatino/graph"
	"madeinlatino.net/madeinlatino/internal/app"
	"madeinlatino.net/madeinlatino/internal/cli"
	"madeinlatino.net/madeinlatino/internal/config"
	"madeinlatino.net/madeinlatino/internal/demo"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/httpmw"
	"madeinlatino.net/madeinlatino/internal/web"
	"madeinlatino.net/madeinlatino/rest"
)

// A shutdown waits for requests in flight, and at least so long that whoever
// sends us requests can see from readyz that we are going.
const (
	drainFor     = 15 * time.Second
	drainAtLeast = time.Second
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args, os.Getenv, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(cli.ExitCode(err))
	}
}

// run is the whole program: it returns when ctx ends and everything is shut
// down, or when something keeps it from starting. Data goes to stdout, logs
// to standard error.
func run(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	if len(args) > 1 && (args[1] != "serve" || len(args) > 2) {
		return cli.Run(ctx, cli.Env{
			Args: args[1:], Getenv: getenv, Stdin: os.Stdin, Stdout: stdout, Stderr: os.Stderr, Now: app.Now,
		})
	}
	cfg, err := config.Load(getenv)
	if err != nil {
		return err
	}
	log := newLogger(cfg, os.Stderr)
	store, err := app.OpenStore(ctx, cfg)
	if err != nil {
		return unlessStopped(ctx, err)
	}
	if err := app.CheckSecrets(ctx, cfg, store, app.Now); err != nil {
		return errors.Join(unlessStopped(ctx, err), store.Close())
	}
	return errors.Join(serve(ctx, cfg, log, stdout, func(ctx context.Context, cfg config.Config, addr string) (*app.App, error) {
		return app.New(ctx, cfg, store, addr, app.Now, log)
	}), store.Close())
}

// serve listens, starts the system, and drains it when ctx ends. Until the
// system is ready only health and the sandbox are answered.
func serve(
	ctx context.Context, cfg config.Config, log *slog.Logger, stdout io.Writer,
	start func(context.Context, config.Config, string) (*app.App, error),
) error {
	metrics, err := serveMetrics(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer metrics()
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", cfg.ListenAddr)
	if err != nil {
		return &config.Error{Variable: "LISTEN_ADDR", Problem: err.Error()}
	}
	addr := listener.Addr().String()
	cfg = cfg.WithListenAddr(addr)
	system, err := start(ctx, cfg, loopbackOf(listener.Addr()))
	if err != nil {
		return errors.Join(unlessStopped(ctx, err), listener.Close())
	}
	gate := &httpmw.Gate{Refuse: refuse}
	server := newServer(outside(system, gate), log)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()

	password, err := loadDemo(ctx, system)
	var inside http.Handler
	if err == nil {
		inside, err = newHandler(system)
	}
	if err == nil {
		system.Start()
		gate.Open(inside)
		log.InfoContext(ctx, "listening", "addr", addr, "url", cfg.PublicURL)
		announce(stdout, cfg, password)
		select {
		case <-ctx.Done():
		case err = <-failed:
		}
	}
	return errors.Join(unlessStopped(ctx, err), shutDown(log, gate, server, system))
}

// unlessStopped drops an error that comes from being told to stop: whoever
// stops a server that is still starting has what they wanted.
func unlessStopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func newServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// serveMetrics serves metrics and profiles on an address of their own, where
// one is configured, until stop is called. Nobody waits for its last answers.
func serveMetrics(ctx context.Context, cfg config.Config, log *slog.Logger) (stop func(), err error) {
	if cfg.MetricsAddr == "" {
		return func() {}, nil
	}
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", cfg.MetricsAddr)
	if err != nil {
		return nil, &config.Error{Variable: "METRICS_ADDR", Problem: err.Error()}
	}
	server := newServer(httpmw.InsideView(), log)
	server.WriteTimeout = 5 * time.Minute // a profile takes as long as it is asked to
	go func() { _ = server.Serve(listener) }()
	log.InfoContext(ctx, "metrics", "addr", listener.Addr().String())
	return func() { _ = server.Close() }, nil
}

// shutDown drains in order: readiness turns first, requests in flight finish,
// then the work in the background ends.
func shutDown(log *slog.Logger, gate *httpmw.Gate, server *http.Server, system *app.App) error {
	log.Info("shutting down")
	ctx, cancel := context.WithTimeout(context.Background(), drainFor)
	defer cancel()
	idle := gate.Drain()
	<-time.After(drainAtLeast)
	select {
	case <-idle:
	case <-ctx.Done():
	}
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		log.Warn("some requests did not finish in time")
		err = server.Close()
	}
	return errors.Join(err, system.Stop())
}

// loadDemo fills an empty database in the sandbox. It gives the password of
// the demo admin where it made one.
func loadDemo(ctx context.Context, system *app.App) (password string, err error) {
	if !system.Config.DemoData || system.Sandbox == nil {
		return "", nil
	}
	password, _, err = demo.Load(ctx, system)
	if err != nil {
		return "", fmt.Errorf("load the demo data: %w", err)
	}
	return password, nil
}

// announce tells a person where everything is.
func announce(stdout io.Writer, cfg config.Config, demoPassword string) {
	base := cfg.PublicURL
	lines := fmt.Sprintf("\nMade In Latino is at %s\n\n  GraphQL playground   %s/playground\n  REST reference       %s/docs/\n  Admin console        %s/admin/\n",
		base, base, base, base)
	if demoPassword != "" {
		lines += fmt.Sprintf("                       log in as demo, password %s (shown this once)\n", demoPassword)
	} else if cfg.Twitter.Sandbox() {
		lines += "                       a new password: madeinlatino admin password --username demo\n"
	}
	if cfg.Twitter.Sandbox() {
		lines += fmt.Sprintf("  Log in as a fan      %s/demo/login/\n  Sandbox Twitter      %s%s/\n", base, base, app.SandboxPath)
	}
	_, _ = io.WriteString(stdout, lines+"\n")
}

// loopbackOf is how this process reaches itself: an address that stands for
// all interfaces is not one to call.
func loopbackOf(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if ok && tcp.IP.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", fmt.Sprint(tcp.Port))
	}
	return addr.String()
}

func newLogger(cfg config.Config, w *os.File) *slog.Logger {
	options := &slog.HandlerOptions{Level: cfg.LogLevel}
	format := cfg.LogFormat
	if format == "" && term.IsTerminal(int(w.Fd())) {
		format = "text"
	}
	if format == "text" {
		return slog.New(httpmw.LogRequestID(slog.NewTextHandler(w, options)))
	}
	return slog.New(httpmw.LogRequestID(slog.NewJSONHandler(w, options)))
}

// outside is what answers at any time, before readiness and while draining:
// health, and the sandbox, which start-up itself calls. All else is behind
// the gate.
func outside(system *app.App, gate *httpmw.Gate) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/healthz", httpmw.ReadOnly(func(w http.ResponseWriter, _ *http.Request) { writeStatus(w, http.StatusOK, "alive") }))
	mux.Handle("/readyz", httpmw.ReadOnly(func(w http.ResponseWriter, r *http.Request) {
		if !gate.Ready() {
			writeStatus(w, http.StatusServiceUnavailable, "starting or shutting down")
			return
		}
		if err := system.Ready(r.Context()); err != nil {
			system.Log.WarnContext(r.Context(), "not ready", "error", err)
			writeStatus(w, http.StatusServiceUnavailable, "the database is not usable")
			return
		}
		writeStatus(w, http.StatusOK, "ready")
	}))
	if system.Sandbox != nil {
		mux.Handle(app.SandboxPath+"/", system.Sandbox.Handler())
	}
	mux.Handle("/", gate)
	middleware := []httpmw.Middleware{httpmw.RequestID, httpmw.Recover(system.Log), httpmw.CleanPaths(refuse)}
	if system.Config.LoopbackOnly() {
		middleware = append(middleware, httpmw.RefuseForwarded(refuse))
	}
	return httpmw.Chain(mux, middleware...)
}

// refuse writes what is refused before a surface sees it, in the surface's
// own shape.
func refuse(w http.ResponseWriter, r *http.Request, err *fandom.Error) {
	if onGraphQL(r) {
		graph.WriteRefusal(w, r, err)
		return
	}
	rest.WriteError(w, err, httpmw.RequestIDFrom(r.Context()))
}

func onGraphQL(r *http.Request) bool { return r.URL.Path == "/graphql" }

func writeStatus(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"status": %q}`+"\n", text)
}

// newHandler is the HTTP surface behind the gate.
func newHandler(system *app.App) (http.Handler, error) {
	cfg, log := system.Config, system.Log
	resolver := &graph.Resolver{
		Accounts: system.Accounts, Artists: system.Artists, Actions: system.Actions,
		Leaderboard: system.Leaderboard, Once: system.Once, Now: system.Now,
	}
	var general, logins *httpmw.Limiter
	if cfg.RateLimits {
		general = httpmw.NewLimiter(60, time.Second, system.Now)
		logins = httpmw.NewLimiter(20, time.Minute, system.Now)
	}
	limitLogins := httpmw.RateLimit(logins, httpmw.ByAddress, refuse)
	mux := http.NewServeMux()
	legacy := rest.New(rest.Options{Resolver: resolver, PublicURL: cfg.PublicURL, RequestID: httpmw.RequestIDFrom, Log: log})
	mux.Handle("/", resolver.WithLoaders(legacy))
	for _, path := range []string{"POST /users/twitter/login", "POST /users/twitter/login/"} {
		mux.Handle(path, limitLogins(resolver.WithLoaders(legacy)))
	}
	mux.Handle("/graphql", graph.NewHandler(resolver, graph.HandlerOptions{
		Introspection: cfg.GraphQLIntrospection, RequestID: httpmw.RequestIDFrom, Log: log,
		LimitLogin: func(ctx context.Context) error {
			if refusal := logins.Allow(httpmw.AddressKey(ctx)).Error(); refusal != nil {
				return refusal
			}
			return nil
		},
	}))
	mux.Handle("/schema.graphql", httpmw.ReadOnly(graph.ServeSDL))
	if cfg.MetricsAddr == "" {
		own := httpmw.LoopbackOnly(refuse)(httpmw.InsideView())
		mux.Handle("/metrics", own)
		mux.Handle("/debug/pprof/", own)
	}
	if err := registerPages(mux, system, limitLogins); err != nil {
		return nil, err
	}
	crossOrigin, err := httpmw.CrossOrigin(cfg.CORSOrigins, refuse)
	if err != nil {
		return nil, err
	}
	return stack(mux, system, general, crossOrigin), nil
}

func registerPages(mux *http.ServeMux, system *app.App, limitLogins httpmw.Middleware) error {
	options := web.Options{Version: cli.Version(), Routes: pageRoutes()}
	if system.Sandbox != nil {
		options.Sandbox = app.SandboxPath + "/"
		mux.Handle("/demo/login/{$}", httpmw.ReadOnly(func(w http.ResponseWriter, r *http.Request) {
			url, err := system.Accounts.StartLogin(r.Context())
			if err != nil {
				httpmw.Refuse(w, r, refuse, fandom.Errorf(fandom.Unavailable, "No login could be started.").Because(err))
				return
			}
			http.Redirect(w, r, url, http.StatusSeeOther)
		}))
	}
	if err := web.Register(mux, options); err != nil {
		return err
	}
	return system.Admins.Register(mux, limitLogins)
}

// pageRoutes lists the REST routes for the reference page.
func pageRoutes() []web.Route {
	routes := rest.Routes()
	list := make([]web.Route, len(routes))
	for i, r := range routes {
		list[i] = web.Route{Method: r.Method, Path: r.Path, Who: string(r.Who), Summary: r.Summary, Example: r.Example}
	}
	return list
}

// stack wraps the surfaces in what they share; httpmw explains the order.
func stack(mux http.Handler, system *app.App, general *httpmw.Limiter, crossOrigin httpmw.Middleware) http.Handler {
	cfg, log := system.Config, system.Log
	middleware := []httpmw.Middleware{
		httpmw.AccessLog(log, system.Now), httpmw.Recover(log),
		httpmw.ClientAddr(cfg.TrustedProxies), httpmw.SecurityHeaders,
		httpmw.CORS(cfg.CORSOrigins),
		httpmw.Maintenance(cfg.Maintenance, httpmw.OnPaths("/metrics", "/action/webhook"), refuse),
		httpmw.BodyLimit(httpmw.MaxBody),
		httpmw.When(onGraphQL, crossOrigin), // before the session, whose cookie it may drop
		system.Admins.LoadSession(refuse),
		httpmw.Authenticate(system.Accounts.Authenticate, log, refuse),
		httpmw.RateLimit(general, httpmw.Exempt(httpmw.ByActor, "/action/webhook"), refuse),
	}
	return httpmw.Chain(mux, middleware...)
}
