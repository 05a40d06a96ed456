package action

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"entgo.io/ent/dialect/sql"

	"madeinlatino.net/madeinlatino/ent"
	"madeinlatino.net/madeinlatino/ent/predicate"
	entrec "madeinlatino.net/madeinlatino/ent/recommendation"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/store"
)

// Recommendations lists what the acting user is recommended for an artist
// now: active, meant for all or for them, not performed yet by them. Most
// points first, then the newest. Errors: Unauthenticated; Invalid for a
// cursor that is not of this list; Gone for an artist who has retired, who
// offers nothing.
func (s *Service) Recommendations(ctx context.Context, artist fandom.Artist, page fandom.Page) (fandom.List[fandom.Recommendation], error) {
	actor, err := fandom.RequireUser(ctx)
	if err != nil {
		return fandom.List[fandom.Recommendation]{}, err
	}
	if artist.RetiredAt != nil {
		return fandom.List[fandom.Recommendation]{}, retired()
	}
	where := []predicate.Recommendation{
		entrec.ArtistID(artist.ID), entrec.HasArtistWith(artistActive), performable(s.Now(), actor.UserID),
	}
	bounds, err := between(page)
	if err != nil {
		return fandom.List[fandom.Recommendation]{}, err
	}
	query := s.Store.Client(ctx).Recommendation.Query().Where(where...).Where(bounds...).
		WithActionType().Order(byWorth(page.Backward)).Limit(page.Limit + 1).Offset(page.Offset)
	rows, err := query.All(ctx)
	if err != nil {
		return fandom.List[fandom.Recommendation]{}, fmt.Errorf("list recommendations: %w", err)
	}
	return fandom.NewList(page, rows, recommendationFromRow, cursorOf, func(ctx context.Context) (int, error) {
		return s.Store.Client(ctx).Recommendation.Query().Where(where...).Count(ctx)
	}), nil
}

// Recommendation gives one, whether or not it can be performed now. Errors:
// NotFound, also where it is meant for somebody else.
func (s *Service) Recommendation(ctx context.Context, id int) (fandom.Recommendation, error) {
	return onlyRecommendation(ctx, s.Store.Client(ctx).Recommendation.Query().Where(entrec.ID(id)))
}

// forChange locks a row that is to be changed, on PostgreSQL. The clause is
// the weaker one, which lets performances refer to the row meanwhile.
var forChange = sql.WithLockClause("FOR NO KEY UPDATE")

// lockedRecommendation reads a recommendation within a transaction, until
// whose end nobody else changes it: all of it is written back.
func (s *Service) lockedRecommendation(ctx context.Context, id int) (fandom.Recommendation, error) {
	query := s.Store.Client(ctx).Recommendation.Query().Where(entrec.ID(id))
	if s.Store.Postgres() {
		query.ForUpdate(forChange)
	}
	return onlyRecommendation(ctx, query)
}

func onlyRecommendation(ctx context.Context, query *ent.RecommendationQuery) (fandom.Recommendation, error) {
	row, err := query.WithActionType().Only(ctx)
	if store.IsNoRow(err) {
		return fandom.Recommendation{}, noRecommendation()
	}
	if err != nil {
		return fandom.Recommendation{}, fmt.Errorf("read a recommendation: %w", err)
	}
	actor := fandom.ActorFrom(ctx)
	if row.ForUserID != nil && *row.ForUserID != actor.UserID && actor.AdminID == 0 {
		return fandom.Recommendation{}, noRecommendation()
	}
	return recommendationFromRow(row), nil
}

func retired() error {
	return fandom.Errorf(fandom.Gone, "This artist has retired from the platform.").For(fandom.ReasonEnded)
}

func noRecommendation() error {
	return fandom.Errorf(fandom.NotFound, "There is no such recommendation.")
}

// RecommendationsByID gives those that exist among ids. Callers show them
// only to who may see them.
func (s *Service) RecommendationsByID(ctx context.Context, ids []int) (map[int]fandom.Recommendation, error) {
	rows, err := s.Store.Client(ctx).Recommendation.Query().Where(entrec.IDIn(ids...)).WithActionType().All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read recommendations: %w", err)
	}
	found := make(map[int]fandom.Recommendation, len(rows))
	for _, row := range rows {
		found[row.ID] = recommendationFromRow(row)
	}
	return found, nil
}

func artistActive(s *sql.Selector) { s.Where(sql.IsNull(s.C("retired_at"))) }

// performable is fandom.Recommendation.Check as a condition, and without what
// the user has performed already.
func performable(now time.Time, userID int) predicate.Recommendation {
	return func(s *sql.Selector) {
		performed := sql.Table("performances")
		types := sql.Table("action_types")
		s.Where(sql.And(
			sql.IsNull(s.C(entrec.FieldRetiredAt)),
			sql.Or(sql.IsNull(s.C(entrec.FieldForUserID)), sql.EQ(s.C(entrec.FieldForUserID), userID)),
			sql.Or(sql.IsNull(s.C(entrec.FieldStartsAt)), sql.LTE(s.C(entrec.FieldStartsAt), now)),
			sql.Or(sql.IsNull(s.C(entrec.FieldEndsAt)), sql.GT(s.C(entrec.FieldEndsAt), now)),
			sql.NotIn(s.C(entrec.FieldID), sql.Select(performed.C("recommendation_id")).From(performed).
				Where(sql.And(sql.EQ(performed.C("user_id"), userID), sql.EQ(performed.C("live"), true)))),
			sql.NotIn(s.C(entrec.FieldActionTypeID), sql.Select(types.C("id")).From(types).
				Where(sql.EQ(types.C("kind"), string(fandom.KindMention)))),
		))
	}
}

// worth is fandom.Recommendation.Worth in SQL.
const worth = `(CASE WHEN %[1]s.points <> 0 THEN %[1]s.points
	ELSE (SELECT t.points FROM action_types t WHERE t.id = %[1]s.action_type_id) END)`

func worthOf(s *sql.Selector) string { return fmt.Sprintf(worth, s.TableName()) }

func byWorth(backward bool) entrec.OrderOption {
	direction := " DESC"
	if backward {
		direction = ""
	}
	return func(s *sql.Selector) {
		s.OrderExpr(sql.Expr(worthOf(s)+direction), sql.Expr(s.C(entrec.FieldID)+direction))
	}
}

func cursorOf(r fandom.Recommendation) fandom.Cursor {
	return fandom.Cursor{strconv.FormatInt(int64(r.Worth()), 10), strconv.Itoa(r.ID)}
}

// between gives the conditions that the page's cursors stand for.
func between(page fandom.Page) (where []predicate.Recommendation, err error) {
	for _, bound := range []struct {
		cursor  fandom.Cursor
		compare string
	}{{page.After, "<"}, {page.Before, ">"}} {
		if bound.cursor == nil {
			continue
		}
		points, id, ok := parseCursor(bound.cursor)
		if !ok {
			return nil, fandom.InvalidField("cursor", "This cursor is not of this list.")
		}
		where = append(where, func(s *sql.Selector) {
			s.Where(sql.P(func(b *sql.Builder) {
				b.WriteString("(" + worthOf(s) + ", " + s.C(entrec.FieldID) + ") " + bound.compare + " (").
					Arg(points).Comma().Arg(id).WriteString(")")
			}))
		})
	}
	return where, nil
}

func parseCursor(c fandom.Cursor) (points int64, id int, ok bool) {
	if len(c) != 2 {
		return 0, 0, false
	}
	points, err1 := strconv.ParseInt(c[0], 10, 64)
	id, err2 := strconv.Atoi(c[1])
	return points, id, err1 == nil && err2 == nil
}

func recommendationFromRow(row *ent.Recommendation) fandom.Recommendation {
	r := fandom.Recommendation{
		ID: row.ID, ArtistID: row.ArtistID, ForUserID: row.ForUserID,
		TweetData: row.TweetData, TweetID: row.TweetID, ButtonName: row.ButtonName, About: row.Description,
		Link: row.Link, Points: fandom.Points(row.Points),
		StartsAt: row.StartsAt, EndsAt: row.EndsAt, RetiredAt: row.RetiredAt, CreatedAt: row.CreatedAt,
	}
	if row.Edges.ActionType != nil {
		r.Action = typeFromRow(row.Edges.ActionType)
	}
	return r
}
