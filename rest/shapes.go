package rest

import (
	"madeinlatino.net/madeinlatino/internal/fandom"
)

// The documented shapes. What is not known is null and never left out, so no
// field has omitempty.

type infoShape struct {
	TwitterUserName         *string       `json:"twitter_user_name"`
	Gender                  *string       `json:"gender"`
	TwitterUserProfileImage *string       `json:"twitter_user_profile_image"`
	ProfileImage            *string       `json:"profile_image"`
	GlobalPoints            fandom.Points `json:"global_points"`
	profileShape
}

type profileShape struct {
	FirstName          *string      `json:"first_name"`
	LastName           *string      `json:"last_name"`
	Email              *string      `json:"email"`
	DateOfBirth        *fandom.Date `json:"date_of_birth"`
	MobileNumberPrefix *int         `json:"mobile_number_prefix"`
	MobileNumber       *string      `json:"mobile_number"`
	IsFlagAction       bool         `json:"is_flag_action"`
}

func newProfileShape(p fandom.Profile) profileShape {
	return profileShape{
		FirstName: p.FirstName, LastName: p.LastName, Email: p.Email, DateOfBirth: p.DateOfBirth,
		MobileNumberPrefix: p.MobileNumberPrefix, MobileNumber: p.MobileNumber, IsFlagAction: p.IsFlagAction,
	}
}

func newInfoShape(u fandom.User, p fandom.Profile, points fandom.Points) infoShape {
	return infoShape{
		TwitterUserName: u.TwitterUserName, Gender: p.Gender, TwitterUserProfileImage: u.TwitterProfileImage,
		ProfileImage: u.ProfileImage, GlobalPoints: points, profileShape: newProfileShape(p),
	}
}

type prefixShape struct {
	PK       int    `json:"pk"`
	DialCode string `json:"dial_code"`
	Name     string `json:"name"`
}

type rankShape struct {
	Rank  *int          `json:"rank"`
	Score fandom.Points `json:"score"`
}

type artistShape struct {
	ID                 int     `json:"id"`
	Name               string  `json:"name"`
	ArtistProfileImage *string `json:"artist_profile_image"`
	TwitterUserName    string  `json:"twitter_user_name"`
	RemainingDays      int     `json:"remaining_days"`
	Fans               int     `json:"fans"`
	DueDay             int     `json:"due_day"`
}

type recommendationShape struct {
	ID         int           `json:"id"`
	Action     actionShape   `json:"action"`
	TweetData  *string       `json:"tweet_data"`
	TweetID    *string       `json:"tweet_id"`
	ButtonName *string       `json:"button_name"`
	About      *string       `json:"description"`
	Link       *string       `json:"link"`
	Points     fandom.Points `json:"points"`
}

type actionShape struct {
	ID     int           `json:"id"`
	Type   string        `json:"type"`
	Points fandom.Points `json:"points"`
}

func newRecommendationShape(r fandom.Recommendation) recommendationShape {
	return recommendationShape{
		ID: r.ID, Action: actionShape{ID: r.Action.ID, Type: r.Action.Type, Points: r.Action.Points},
		TweetData: r.TweetData, TweetID: r.TweetID, ButtonName: r.ButtonName, About: r.About,
		Link: r.Link, Points: r.Points,
	}
}

type pendingShape struct {
	Message string  `json:"message"`
	Link    *string `json:"link"`
}
