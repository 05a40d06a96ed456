package demo

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/ledger"
	"madeinlatino.net/madeinlatino/internal/store"
)

// batchSize is how many users, or entries, one transaction makes.
const batchSize = 5_000

// Twitter ids of what Seed makes: fan or artist n has the base plus n.
const (
	fanIDBase    = 7_000_000_000_000
	artistIDBase = 8_000_000_000_000
)

// Seed fills an empty database with deterministic data: the plan says how
// much, now stamps it. Ids apart, two runs with the same clock give the same
// rows. It works in transactions of at most batchSize users or entries and
// tells progress how many rows of all are there after each; where it is
// interrupted, what is there stays, complete in itself. Errors: a plan that
// cannot be carried out; Conflict for a database that has users or artists.
func Seed(
	ctx context.Context, s *store.Store, l *ledger.Service, now func() time.Time, plan Plan, progress func(done, total int),
) error {
	if err := plan.Check(); err != nil {
		return err
	}
	if err := refuseData(ctx, s); err != nil {
		return err
	}
	if err := l.EnsureGlobalBoard(ctx); err != nil {
		return err
	}
	w := &seeder{store: s, ledger: l, now: now, plan: plan, total: plan.Artists + plan.Fans + plan.Total(), progress: progress}
	for _, step := range []func(context.Context) error{w.makeArtists, w.makeFans, w.makeEntries, w.analyze} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
	}
	return nil
}

func refuseData(ctx context.Context, s *store.Store) error {
	users, err := s.Client(ctx).User.Query().Exist(ctx)
	if err != nil {
		return fmt.Errorf("look for users: %w", err)
	}
	artists, err := s.Client(ctx).Artist.Query().Exist(ctx)
	if err != nil {
		return fmt.Errorf("look for artists: %w", err)
	}
	if users || artists {
		return fandom.Errorf(fandom.Conflict, "The database has users or artists already: seed fills an empty one only.")
	}
	return nil
}

// seeder is one run of Seed.
type seeder struct {
	store    *store.Store
	ledger   *ledger.Service
	now      func() time.Time
	plan     Plan
	artists  []int // row ids, of artist1 first
	fans     []stretch
	total    int
	progress func(done, total int)

	mu   sync.Mutex // guards done, and keeps progress to one call at a time
	done int
}

func (w *seeder) advance(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done += n
	if w.progress != nil {
		w.progress(w.done, w.total)
	}
}

// artistBatch is how many artists one transaction makes, with two boards and a
// cycle each.
const artistBatch = batchSize / 4

func (w *seeder) makeArtists(ctx context.Context) error {
	for first := 1; first <= w.plan.Artists; first += artistBatch {
		last := min(first+artistBatch-1, w.plan.Artists)
		err := w.store.WithTx(ctx, func(ctx context.Context) error {
			for n := first; n <= last; n++ {
				id, err := w.makeArtist(ctx, n)
				if err != nil {
					return err
				}
				w.artists = append(w.artists, id)
			}
			return nil
		})
		if err != nil {
			return err
		}
		w.advance(last - first + 1)
	}
	return nil
}

// makeArtist does what creating an artist does, without asking Twitter.
func (w *seeder) makeArtist(ctx context.Context, n int) (int, error) {
	board, err := w.ledger.NewBoard(ctx)
	if err != nil {
		return 0, err
	}
	name := fmt.Sprintf("artist%d", n)
	due := fandom.DueDay(1 + (n-1)*7%31)
	row, err := w.store.Client(ctx).Artist.Create().
		SetName(fmt.Sprintf("Artist %d", n)).SetTwitterUserName(name).SetNameKey(fandom.NameKey(name)).
		SetTwitterUserID(fmt.Sprint(artistIDBase + n)).SetDueDay(int(due)).SetTimeZone("UTC").
		SetBoardID(board).SetCreatedAt(w.now()).Save(ctx)
	if err != nil {
		return 0, fmt.Errorf("make %s: %w", name, err)
	}
	return row.ID, w.ledger.StartCycles(ctx, row.ID, due, time.UTC)
}

// insertFans makes the users fan$1 to fan$2, registered at $3. The order names
// the table, since a column of the result is called n as well, and is text.
const insertFans = `INSERT INTO users (twitter_user_id, twitter_user_name, name_key,
		public_first_name, public_last_name, first_name, last_name, is_flag_action, registered_at, created_at)
	WITH RECURSIVE series(n) AS (SELECT CAST($1 AS bigint) UNION ALL SELECT n + 1 FROM series WHERE n < $2)
	SELECT CAST($4 + n AS text), 'fan' || n, 'fan' || n, 'Fan', CAST(n AS text), 'Fan', CAST(n AS text), true,
		CAST($3 AS %[1]s), CAST($3 AS %[1]s)
	FROM series ORDER BY series.n RETURNING id`

func (w *seeder) makeFans(ctx context.Context) error {
	timeType := map[bool]string{true: "timestamptz", false: "text"}[w.store.Postgres()]
	query := fmt.Sprintf(insertFans, timeType)
	for first := 1; first <= w.plan.Fans; first += batchSize {
		last := min(first+batchSize-1, w.plan.Fans)
		var ids []int
		err := w.store.WithTx(ctx, func(ctx context.Context) (err error) {
			ids, err = w.insertIDs(ctx, query, first, last, w.now(), int64(fanIDBase))
			return err
		})
		if err != nil {
			return err
		}
		w.remember(first, ids)
		w.advance(len(ids))
	}
	return nil
}

func (w *seeder) insertIDs(ctx context.Context, query string, args ...any) (ids []int, err error) {
	rows, err := w.store.Conn(ctx).QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("make fans: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err tells what there is to tell
	for rows.Next() {
		var id int
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	slices.Sort(ids) // ids are given in the order of the fans, and returned in any
	return ids, rows.Err()
}

// stretch is a run of fans with consecutive ids. A server that registers
// users meanwhile breaks the run; otherwise a million fans are one.
type stretch struct{ fan, id int }

func (w *seeder) remember(fan int, ids []int) {
	for i, id := range ids {
		if n := len(w.fans); n == 0 || w.fans[n-1].id-w.fans[n-1].fan != id-fan-i {
			w.fans = append(w.fans, stretch{fan + i, id})
		}
	}
}

// userID gives the id of fan n.
func (w *seeder) userID(n int) int {
	i := sort.Search(len(w.fans), func(i int) bool { return w.fans[i].fan > n }) - 1
	return w.fans[i].id + n - w.fans[i].fan
}

// makeEntries appends the entries. Most of the work is PostgreSQL's checking of
// references, which two connections do faster than one, as long as no two
// batches change the same score: later entries are of the same fans again.
func (w *seeder) makeEntries(ctx context.Context) error {
	workers := 1
	if w.store.Postgres() {
		workers = 2
	}
	different := min(w.plan.Fans, w.plan.Total())
	if err := w.appendRange(ctx, 0, different, workers); err != nil {
		return err
	}
	return w.appendRange(ctx, different, w.plan.Total(), 1)
}

func (w *seeder) appendRange(ctx context.Context, from, to, workers int) error {
	group, working := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for first := from; first < to && working.Err() == nil; first += batchSize {
		group.Go(func() error {
			batch := make([]ledger.Award, min(batchSize, to-first))
			for i := range batch {
				batch[i] = w.award(w.plan.deed(first + i))
			}
			if _, err := w.ledger.AppendMany(working, batch); err != nil {
				return err
			}
			w.advance(len(batch))
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return ctx.Err() // where it ended before a batch could fail
}

func (w *seeder) award(d deed) ledger.Award {
	return ledger.Award{
		UserID: w.userID(d.fan), ArtistID: &w.artists[d.artist-1], Points: fandom.Points(d.hundredths()),
		Reason: ledger.ForAdjustment, Cause: d.cause(),
	}
}

// analyze tells PostgreSQL's planner at once what has become of tables that
// it still knows as empty.
func (w *seeder) analyze(ctx context.Context) error {
	if !w.store.Postgres() {
		return nil
	}
	_, err := w.store.Conn(ctx).ExecContext(ctx, `ANALYZE users, artists, artist_cycles, boards, point_entries, scores`)
	return err
}
