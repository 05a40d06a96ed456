package rest

import (
	"net/http"
	"strconv"
	"strings"

	"madeinlatino.net/madeinlatino/graph/relay"
	"madeinlatino.net/madeinlatino/internal/artist"
	"madeinlatino.net/madeinlatino/internal/fandom"
)

func (c *call) artists() error {
	page, err := c.page()
	if err != nil {
		return err
	}
	list, err := c.resolver().ArtistPage(c.ctx(), artist.Query{Page: page, Order: fandom.ArtistsByID})
	if err != nil {
		return err
	}
	fans, err := c.resolver().FanCounts(c.ctx(), list.Items)
	if err != nil {
		return err
	}
	now := c.resolver().Now()
	return answerPage(c, page, list, func(a fandom.Artist) any {
		return artistShape{
			ID: a.ID, Name: a.Name, ArtistProfileImage: a.ProfileImage, TwitterUserName: a.TwitterUserName,
			RemainingDays: a.RemainingDays(now), Fans: fans[a.BoardID], DueDay: int(a.DueDay),
		}
	})
}

// artist gives the artist of the path. Errors: NotFound, also for what is not
// a number.
func (c *call) artist() (*fandom.Artist, error) {
	id, _ := artistNumber(c.r.PathValue("id"))
	return c.artistByID(id)
}

// artistNumber reads an integer in plain digits; false where it is none. One
// that can be no artist's becomes 0.
func artistNumber(text string) (id int, isInteger bool) {
	digits, negative := strings.CutPrefix(text, "-")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 32)
	if err != nil || negative {
		return 0, true
	}
	return int(n), true
}

func (c *call) artistByID(id int) (*fandom.Artist, error) {
	if id == 0 {
		return nil, fandom.Errorf(fandom.NotFound, "There is no such artist.")
	}
	global := relay.ID("Artist", id)
	found, err := c.resolver().Query().Artist(c.ctx(), &global, nil)
	if err == nil && found == nil {
		err = fandom.Errorf(fandom.NotFound, "There is no such artist.")
	}
	return found, err
}

func (c *call) artistRanking() (fandom.Ranking, error) {
	artist, err := c.artist()
	if err != nil {
		return fandom.Ranking{}, err
	}
	return c.resolver().Artist().Ranking(c.ctx(), artist, nil)
}

func (c *call) ranking() error {
	page, err := c.page()
	if err != nil {
		return err
	}
	ranking, err := c.artistRanking()
	if err != nil {
		return err
	}
	list, err := c.resolver().RankingPage(c.ctx(), ranking, page)
	if err != nil {
		return err
	}
	users, err := c.resolver().UsersOf(c.ctx(), list.Items)
	if err != nil {
		return err
	}
	return answerPage(c, page, list, func(s fandom.Standing) any {
		return [2]any{users[s.UserID].TwitterUserName, s.Score}
	})
}

func (c *call) myRank() error {
	ranking, err := c.artistRanking()
	if err != nil {
		return err
	}
	return c.answerRank(ranking)
}

func (c *call) myGlobalRank() error {
	ranking, err := c.resolver().Query().GlobalRanking(c.ctx())
	if err != nil {
		return err
	}
	return c.answerRank(ranking)
}

func (c *call) answerRank(ranking fandom.Ranking) error {
	score, err := c.resolver().ViewerScore(c.ctx(), ranking)
	if err != nil {
		return err
	}
	return c.answer(http.StatusOK, rankShape{Rank: score.Rank, Score: score.Points})
}
