package admin_test

import (
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/admin"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/testrig"
	"madeinlatino.net/madeinlatino/internal/testrig/dbrig"
)

const password = "correct horse battery"

// newService makes a service with a cost of hashing that tests can afford.
func newService(t *testing.T, s *store.Store, clock *testrig.Clock) *admin.Service {
	t.Helper()
	service, err := admin.New(admin.Options{
		Store: s, Now: clock.Now, Log: slog.New(slog.DiscardHandler),
		Hashing: &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32},
	})
	require.NoError(t, err)
	return service
}

func TestCreate(t *testing.T) {
	t.Parallel()
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		service := newService(t, s, testrig.NewClock())
		ctx := t.Context()

		created, err := service.Create(ctx, " Rosa ", password)
		require.NoError(t, err)
		assert.Equal(t, "rosa", created.Username)

		for _, tt := range []struct {
			name, username, password, field string
			reason                          fandom.Reason
		}{
			{"taken", "ROSA", password, "username", fandom.ReasonTaken},
			{"empty name", "", password, "username", ""},
			{"a space", "ro sa", password, "username", ""},
			{"markup", "<rosa>", password, "username", ""},
			{"a long name", strings.Repeat("a", 65), password, "username", ""},
			{"short password", "luz", "ñññññññññññ", "password", ""},
			{"huge password", "luz", strings.Repeat("a", 1025), "password", fandom.ReasonTooLong},
		} {
			_, err := service.Create(ctx, tt.username, tt.password)
			e := fandom.AsError(err)
			require.NotNil(t, e, tt.name)
			assert.Equal(t, fandom.Invalid, e.Code, tt.name)
			require.Len(t, e.Fields, 1, tt.name)
			assert.Equal(t, tt.field, e.Fields[0].Field, tt.name)
			assert.Equal(t, tt.reason, e.Fields[0].Reason, tt.name)
			assert.NotContains(t, err.Error(), tt.password, tt.name)
		}
		_, err = service.Create(ctx, "luz@example.com", "ññññññññññññ")
		require.NoError(t, err, "characters count, not bytes")

		rows, err := s.Client(ctx).Admin.Query().All(ctx)
		require.NoError(t, err)
		require.Len(t, rows, 2)
		assert.True(t, strings.HasPrefix(rows[0].PasswordHash, "$argon2id$"))
	})
}

func TestAuthenticate(t *testing.T) {
	t.Parallel()
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		service := newService(t, s, testrig.NewClock())
		ctx := t.Context()
		for _, name := range []string{"rosa", "gone"} {
			_, err := service.Create(ctx, name, password)
			require.NoError(t, err)
		}
		require.NoError(t, service.Disable(ctx, "gone"))
		require.NoError(t, service.Disable(ctx, "gone"), "again changes nothing")
		require.Equal(t, fandom.NotFound, fandom.CodeOf(service.Disable(ctx, "nobody")))

		got, err := service.Authenticate(ctx, "Rosa", password)
		require.NoError(t, err)
		assert.Equal(t, "rosa", got.Username)

		var texts []string
		for _, try := range [][2]string{
			{"rosa", "wrong password"}, {"rosa", ""}, {"nobody", password}, {"", ""}, {"gone", password},
			{"ro\x00sa", password}, {"\xff", password}, {strings.Repeat("a", 65), password},
			{"rosa", strings.Repeat("x", 1<<16)},
		} {
			_, err := service.Authenticate(ctx, try[0], try[1])
			require.Equal(t, fandom.Unauthenticated, fandom.CodeOf(err), try)
			texts = append(texts, err.Error())
		}
		for _, text := range texts {
			assert.Equal(t, texts[0], text, "the text does not tell what was wrong")
		}

		admins, err := service.List(ctx)
		require.NoError(t, err)
		require.Len(t, admins, 2)
		assert.NotNil(t, admins[0].DisabledAt)
		assert.Nil(t, admins[1].DisabledAt)
	})
}

func TestSetPassword(t *testing.T) {
	t.Parallel()
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		service := newService(t, s, testrig.NewClock())
		ctx := t.Context()
		_, err := service.Create(ctx, "rosa", password)
		require.NoError(t, err)

		fresh := admin.GeneratePassword()
		assert.GreaterOrEqual(t, len(fresh), 24)
		assert.NotEqual(t, fresh, admin.GeneratePassword())
		require.NoError(t, service.SetPassword(ctx, "Rosa", fresh))
		_, err = service.Authenticate(ctx, "rosa", password)
		assert.Equal(t, fandom.Unauthenticated, fandom.CodeOf(err))
		_, err = service.Authenticate(ctx, "rosa", fresh)
		require.NoError(t, err)

		assert.Equal(t, fandom.NotFound, fandom.CodeOf(service.SetPassword(ctx, "nobody", fresh)))
		assert.Equal(t, fandom.Invalid, fandom.CodeOf(service.SetPassword(ctx, "rosa", "short")))
	})
}

func TestManyCreateOneName(t *testing.T) {
	t.Parallel()
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		service := newService(t, s, testrig.NewClock())
		errs := make([]error, 10)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { _, errs[i] = service.Create(t.Context(), "rosa", password) })
		}
		wg.Wait()
		created := 0
		for _, err := range errs {
			if err == nil {
				created++
				continue
			}
			assert.Equal(t, fandom.Invalid, fandom.CodeOf(err))
		}
		assert.Equal(t, 1, created)
	})
}

func TestSweepSessions(t *testing.T) {
	t.Parallel()
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		clock := testrig.NewClock()
		service := newService(t, s, clock)
		site := newSite(t, service)
		_, err := service.Create(t.Context(), "rosa", password)
		require.NoError(t, err)
		site.login(t, "rosa", password)
		clock.Advance(time.Hour)
		second := site.login(t, "rosa", password)
		clock.Advance(admin.SessionLifetime - time.Minute)

		n, err := service.SweepSessions(t.Context())
		require.NoError(t, err)
		assert.Equal(t, 1, n)
		assert.Contains(t, site.console(t, second), "logged in as")
	})
}
