// Package artist owns the artists that fans act for: creating and changing
// them, finding them, and learning their Twitter ids.
package artist

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"entgo.io/ent/dialect/sql"

	"madeinlatino.net/madeinlatino/ent"
	entartist "madeinlatino.net/madeinlatino/ent/artist"
	"madeinlatino.net/madeinlatino/ent/predicate"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/ledger"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/twitter"
)

// Twitter is what the service asks of Twitter. The zero token reads with the
// app's own.
type Twitter interface {
	UserByName(ctx context.Context, token twitter.Token, name string) (twitter.Account, error)
}

// Service knows the artists.
type Service struct {
	store   *store.Store
	ledger  *ledger.Service
	twitter Twitter
	now     func() time.Time
	log     *slog.Logger
}

// New makes the service.
func New(s *store.Store, l *ledger.Service, t Twitter, now func() time.Time, log *slog.Logger) *Service {
	return &Service{store: s, ledger: l, twitter: t, now: now, log: log}
}

// ByID gives an artist, retired or not. Errors: NotFound.
func (s *Service) ByID(ctx context.Context, id int) (fandom.Artist, error) {
	return only(ctx, s.store.Client(ctx).Artist.Query().Where(entartist.ID(id)))
}

// ByName gives an artist by Twitter name, ignoring case and a leading @.
// Errors: NotFound.
func (s *Service) ByName(ctx context.Context, name string) (fandom.Artist, error) {
	parsed, _ := fandom.ParseTwitterUserName(name)
	return only(ctx, s.store.Client(ctx).Artist.Query().Where(entartist.NameKey(fandom.NameKey(parsed))))
}

// locked reads an artist within a transaction, until whose end nobody else
// changes it: all of it is written back. The lock is PostgreSQL's weaker one:
// new ledger entries refer to the artist, and with FOR UPDATE they would wait.
func (s *Service) locked(ctx context.Context, id int) (fandom.Artist, error) {
	query := s.store.Client(ctx).Artist.Query().Where(entartist.ID(id))
	if s.store.Postgres() {
		query.ForUpdate(sql.WithLockClause("FOR NO KEY UPDATE"))
	}
	return only(ctx, query)
}

func only(ctx context.Context, query *ent.ArtistQuery) (fandom.Artist, error) {
	row, err := query.Only(ctx)
	if store.IsNoRow(err) {
		return fandom.Artist{}, fandom.Errorf(fandom.NotFound, "There is no such artist.")
	}
	if err != nil {
		return fandom.Artist{}, fmt.Errorf("read an artist: %w", err)
	}
	return FromRow(row), nil
}

// ByIDs gives the artists that exist among ids.
func (s *Service) ByIDs(ctx context.Context, ids []int) (map[int]fandom.Artist, error) {
	return s.mapBy(ctx, entartist.IDIn(ids...), func(a fandom.Artist) int { return a.ID })
}

// ByBoards gives artists by their all-time boards.
func (s *Service) ByBoards(ctx context.Context, boards []int) (map[int]fandom.Artist, error) {
	return s.mapBy(ctx, entartist.BoardIDIn(boards...), func(a fandom.Artist) int { return a.BoardID })
}

func (s *Service) mapBy(ctx context.Context, where predicate.Artist, key func(fandom.Artist) int) (map[int]fandom.Artist, error) {
	rows, err := s.store.Client(ctx).Artist.Query().Where(where).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read artists: %w", err)
	}
	found := make(map[int]fandom.Artist, len(rows))
	for _, row := range rows {
		a := FromRow(row)
		found[key(a)] = a
	}
	return found, nil
}

// Query selects artists for a list.
type Query struct {
	fandom.Page
	Search string // in the name or the Twitter name, ignoring case; empty: all
	Order  fandom.ArtistOrder
}

// List gives a page of the artists that are not retired. Errors: Invalid for
// a cursor that is not of this list.
func (s *Service) List(ctx context.Context, q Query) (fandom.List[fandom.Artist], error) {
	where := []predicate.Artist{entartist.RetiredAtIsNil()}
	if q.Search != "" {
		where = append(where, entartist.Or(
			entartist.NameContainsFold(q.Search),
			entartist.NameKeyContains(fandom.NameKey(q.Search)),
		))
	}
	query := s.store.Client(ctx).Artist.Query().Where(where...).Limit(q.Limit + 1).Offset(q.Offset)
	bounds, err := between(q)
	if err != nil {
		return fandom.List[fandom.Artist]{}, err
	}
	order := []string{entartist.FieldID}
	if q.Order == fandom.ArtistsByName {
		order = []string{entartist.FieldName, entartist.FieldID}
	}
	direction := ent.Asc
	if q.Backward {
		direction = ent.Desc
	}
	for _, column := range order {
		query.Order(direction(column))
	}
	rows, err := query.Where(bounds...).All(ctx)
	if err != nil {
		return fandom.List[fandom.Artist]{}, fmt.Errorf("list artists: %w", err)
	}
	return fandom.NewList(q.Page, rows, FromRow, func(a fandom.Artist) fandom.Cursor {
		return fandom.Cursor{string(q.Order), a.Name, strconv.Itoa(a.ID)}
	}, func(ctx context.Context) (int, error) {
		return s.store.Client(ctx).Artist.Query().Where(where...).Count(ctx)
	}), nil
}

// between gives the conditions that the page's cursors stand for. Cursors of
// lists in another order are refused: they would skip rows in silence.
func between(q Query) (where []predicate.Artist, err error) {
	for cursor, compare := range map[*fandom.Cursor]func(*sql.Selector, []string, []any) *sql.Predicate{
		&q.After: tupleGT, &q.Before: tupleLT,
	} {
		if *cursor == nil {
			continue
		}
		if len(*cursor) != 3 || (*cursor)[0] != string(q.Order) {
			return nil, fandom.InvalidField("cursor", "This cursor is not of this list.")
		}
		id, err := strconv.Atoi((*cursor)[2])
		if err != nil {
			return nil, fandom.InvalidField("cursor", "This cursor is not of this list.")
		}
		columns, values := []string{entartist.FieldID}, []any{id}
		if q.Order == fandom.ArtistsByName {
			columns, values = []string{entartist.FieldName, entartist.FieldID}, []any{(*cursor)[1], id}
		}
		where = append(where, func(s *sql.Selector) { s.Where(compare(s, columns, values)) })
	}
	return where, nil
}

func tupleGT(s *sql.Selector, columns []string, values []any) *sql.Predicate {
	return sql.CompositeGT(qualified(s, columns), values...)
}

func tupleLT(s *sql.Selector, columns []string, values []any) *sql.Predicate {
	return sql.CompositeLT(qualified(s, columns), values...)
}

func qualified(s *sql.Selector, columns []string) []string {
	names := make([]string, len(columns))
	for i, column := range columns {
		names[i] = s.C(column)
	}
	return names
}

// FromRow makes the domain value of a row.
func FromRow(row *ent.Artist) fandom.Artist {
	return fandom.Artist{
		ID:              row.ID,
		Name:            row.Name,
		TwitterUserName: row.TwitterUserName,
		TwitterUserID:   row.TwitterUserID,
		ProfileImage:    row.ProfileImage,
		DueDay:          fandom.DueDay(row.DueDay),
		TimeZone:        row.TimeZone,
		BoardID:         row.BoardID,
		RetiredAt:       row.RetiredAt,
	}
}
