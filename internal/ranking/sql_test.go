package ranking_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/ranking"
	"madeinlatino.net/madeinlatino/internal/ranking/rankingtest"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/testrig"
	"madeinlatino.net/madeinlatino/internal/testrig/dbrig"
)

func TestSQLKeepsTheContract(t *testing.T) {
	dbrig.Each(t, func(t *testing.T, s *store.Store) {
		f := rankingtest.Fixture{Engine: ranking.NewSQL(s)}
		ctx := t.Context()
		require.NoError(t, s.WithTx(ctx, func(ctx context.Context) error {
			for i := range 2 {
				b, err := s.Client(ctx).Board.Create().SetName(fmt.Sprint(i)).Save(ctx)
				if err != nil {
					return err
				}
				f.Boards = append(f.Boards, b.ID)
			}
			for i := range 20 {
				u, err := s.Client(ctx).User.Create().SetTwitterUserID(fmt.Sprint(i)).SetCreatedAt(testrig.NewClock().Now()).Save(ctx)
				if err != nil {
					return err
				}
				f.Users = append(f.Users, u.ID)
			}
			return nil
		}))
		f.Write = func(ctx context.Context, images []ranking.Image) error {
			return s.WithTx(ctx, func(ctx context.Context) error {
				for _, i := range images {
					_, err := s.Conn(ctx).ExecContext(ctx, `INSERT INTO scores
						(board_id, user_id, hundredths, reached_at, version, changed, on_board) VALUES ($1, $2, $3, $4, $5, 0, $6)
						ON CONFLICT (board_id, user_id) DO UPDATE SET hundredths = EXCLUDED.hundredths,
							reached_at = EXCLUDED.reached_at, version = EXCLUDED.version, on_board = EXCLUDED.on_board`,
						i.Board, i.User, int64(i.Score), i.ReachedAt, i.Version, i.OnBoard)
					if err != nil {
						return err
					}
				}
				return nil
			})
		}
		rankingtest.Run(t, func(t *testing.T) rankingtest.Fixture {
			t.Helper()
			_, err := s.Conn(ctx).ExecContext(ctx, `DELETE FROM scores`)
			require.NoError(t, err)
			return f
		})
	})
}
