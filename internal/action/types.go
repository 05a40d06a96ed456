package action

import (
	"context"
	"fmt"
	"regexp"

	"madeinlatino.net/madeinlatino/ent"
	"madeinlatino.net/madeinlatino/ent/actiontype"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/idempotency"
	"madeinlatino.net/madeinlatino/internal/store"
)

var typeCode = regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,49}$`)

// EnsureDefaultTypes gives a fresh database its action types. Existing types
// are left as they are, since admins change them.
func (s *Service) EnsureDefaultTypes(ctx context.Context) error {
	return s.Store.WithTx(ctx, func(ctx context.Context) error {
		n, err := s.Store.Client(ctx).ActionType.Query().Count(ctx)
		if err != nil || n > 0 {
			return err
		}
		for _, t := range fandom.DefaultActionTypes() {
			_, err := s.Store.Conn(ctx).ExecContext(ctx, `INSERT INTO action_types (type, kind, points)
				VALUES ($1, $2, $3) ON CONFLICT (type) DO NOTHING`, t.Type, string(t.Kind), int64(t.Points))
			if err != nil {
				return fmt.Errorf("create action type %s: %w", t.Type, err)
			}
		}
		return nil
	})
}

// Types lists the action types by id.
func (s *Service) Types(ctx context.Context) ([]fandom.ActionType, error) {
	rows, err := s.Store.Client(ctx).ActionType.Query().Order(ent.Asc(actiontype.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list action types: %w", err)
	}
	types := make([]fandom.ActionType, len(rows))
	for i, row := range rows {
		types[i] = typeFromRow(row)
	}
	return types, nil
}

// TypesByID gives the action types that exist among ids.
func (s *Service) TypesByID(ctx context.Context, ids []int) (map[int]fandom.ActionType, error) {
	rows, err := s.Store.Client(ctx).ActionType.Query().Where(actiontype.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read action types: %w", err)
	}
	found := make(map[int]fandom.ActionType, len(rows))
	for _, row := range rows {
		found[row.ID] = typeFromRow(row)
	}
	return found, nil
}

// Type gives one action type. Errors: NotFound.
func (s *Service) Type(ctx context.Context, id int) (fandom.ActionType, error) {
	return onlyType(ctx, s.Store.Client(ctx).ActionType.Query().Where(actiontype.ID(id)))
}

// lockedType reads an action type within a transaction, until whose end
// nobody else changes it: all of it is written back.
func (s *Service) lockedType(ctx context.Context, id int) (fandom.ActionType, error) {
	query := s.Store.Client(ctx).ActionType.Query().Where(actiontype.ID(id))
	if s.Store.Postgres() {
		query.ForUpdate(forChange)
	}
	return onlyType(ctx, query)
}

func onlyType(ctx context.Context, query *ent.ActionTypeQuery) (fandom.ActionType, error) {
	row, err := query.Only(ctx)
	if store.IsNoRow(err) {
		return fandom.ActionType{}, fandom.Errorf(fandom.NotFound, "There is no such action type.")
	}
	if err != nil {
		return fandom.ActionType{}, fmt.Errorf("read an action type: %w", err)
	}
	return typeFromRow(row), nil
}

// CreateType makes an action type. Errors: Unauthenticated, Forbidden, Invalid.
func (s *Service) CreateType(ctx context.Context, change fandom.ActionTypeChange) (fandom.ActionType, error) {
	if _, err := fandom.RequireAdmin(ctx); err != nil {
		return fandom.ActionType{}, err
	}
	var t fandom.ActionType
	fields := applyType(&t, change)
	for name, missing := range map[string]bool{
		"type": change.Type == nil, "kind": change.Kind == nil, "points": change.Points == nil,
	} {
		if missing {
			fields = append(fields, required(name))
		}
	}
	if err := fandom.InvalidOrNil(fields); err != nil {
		return fandom.ActionType{}, err
	}
	err := s.Store.WithTx(ctx, func(ctx context.Context) error {
		row, err := s.Store.Client(ctx).ActionType.Create().
			SetType(t.Type).SetKind(string(t.Kind)).SetPoints(int64(t.Points)).Save(ctx)
		if err != nil {
			return typeTaken(err)
		}
		t = typeFromRow(row)
		return idempotency.Record(ctx, t.ID)
	})
	return t, err
}

// UpdateType changes an action type; its kind is fixed, since what was
// recommended by it would become something else. What is performed from now
// on earns the new points. Errors: Unauthenticated, Forbidden, NotFound,
// Invalid.
func (s *Service) UpdateType(ctx context.Context, id int, change fandom.ActionTypeChange) (fandom.ActionType, error) {
	if _, err := fandom.RequireAdmin(ctx); err != nil {
		return fandom.ActionType{}, err
	}
	var t fandom.ActionType
	err := s.Store.WithTx(ctx, func(ctx context.Context) (err error) {
		if t, err = s.lockedType(ctx, id); err != nil {
			return err
		}
		fields := applyType(&t, change)
		if change.Kind != nil {
			fields = append(fields, fandom.FieldError{Field: "kind", Message: "The kind of an existing action type is fixed."})
		}
		if err := fandom.InvalidOrNil(fields); err != nil {
			return err
		}
		err = s.Store.Client(ctx).ActionType.UpdateOneID(id).SetType(t.Type).SetPoints(int64(t.Points)).Exec(ctx)
		if err != nil {
			return typeTaken(err)
		}
		return idempotency.Record(ctx, id)
	})
	return t, err
}

func applyType(t *fandom.ActionType, change fandom.ActionTypeChange) (fields []fandom.FieldError) {
	fail := func(field, message string) {
		fields = append(fields, fandom.FieldError{Field: field, Message: message})
	}
	if change.Type != nil {
		t.Type = *change.Type
		if !typeCode.MatchString(t.Type) {
			fail("type", "A type is a code of up to 50 capitals, digits and underscores, such as TWEET_100.")
		}
	}
	if change.Kind != nil {
		t.Kind = *change.Kind
		if !t.Kind.Valid() {
			fail("kind", "There is no such kind.")
		}
	}
	if change.Points != nil {
		t.Points = *change.Points
		if t.Points < 0 || t.Points > fandom.MaxPoints {
			fail("points", "Points lie between 0 and "+fandom.MaxPoints.String()+".")
		}
	}
	return fields
}

func required(field string) fandom.FieldError {
	return fandom.FieldError{Field: field, Reason: fandom.ReasonRequired, Message: "This field is required."}
}

func typeTaken(err error) error {
	if store.IsUnique(err) {
		return fandom.InvalidFields(fandom.FieldError{
			Field: "type", Reason: fandom.ReasonTaken, Message: "There is an action type of this name.",
		}).Because(err)
	}
	return fmt.Errorf("save the action type: %w", err)
}

func typeFromRow(row *ent.ActionType) fandom.ActionType {
	return fandom.ActionType{ID: row.ID, Type: row.Type, Kind: fandom.Kind(row.Kind), Points: fandom.Points(row.Points)}
}
