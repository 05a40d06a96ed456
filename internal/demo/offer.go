package demo

import (
	"context"
	"fmt"

	"madeinlatino.net/madeinlatino/internal/action"
	"madeinlatino.net/madeinlatino/internal/fandom"
)

// offer is a recommendation of the demo. What is empty is not set.
type offer struct {
	actionType            string
	text, tweet           string
	button, about, onward string
	points                fandom.Points // 0: the action type's
}

// offers lists what fans are recommended for the nth artist.
func offers(n int, s star) []offer {
	site := "https://example.com/" + s.handle
	return []offer{
		{actionType: "TWEET_100", text: "Escuchando «" + s.song + "» de {artist_handle} y no puedo parar. 🎶 #MadeInLatino",
			button: "Tweet", about: "Tell everybody what you are listening to."},
		{actionType: "TWEET_100", text: "Voy {rank} entre los fans de {artist_handle} con {score} puntos. ¿Quién me alcanza? {link}",
			button: "Tweet your rank", about: "Show where you stand.", onward: site + "/ranking", points: 25_00},
		{actionType: "RETWEET", tweet: tweetID(n, 0), button: "Repost", about: "Spread the news of the release."},
		{actionType: "LIKE", tweet: tweetID(n, 0), button: "Like", about: "Like the release."},
		{actionType: "LIKE", tweet: tweetID(n, 1), button: "Like", about: "Like the latest post."},
		{actionType: "QUOTE", tweet: tweetID(n, 1), text: "Ahí vamos a estar, {artist_handle}. — {fan}",
			button: "Quote", about: "Say that you will be there."},
		{actionType: "REPLY", tweet: tweetID(n, 2), text: "¡«" + s.song + "», siempre! {artist_handle}",
			button: "Reply", about: "Answer the artist."},
		{actionType: "FOLLOW", button: "Follow", about: "Follow the artist."},
		{actionType: "LINK", onward: site + "/disco", button: "Listen", about: "Open the new record."},
		{actionType: "DIRECT_ACTION", tweet: tweetID(n, 0), text: "Hoy suena {artist}: «" + s.song + "». {artist_handle}",
			button: "Promote now", about: "One click on the front page."},
	}
}

// recommend makes the recommendations of one artist.
func recommend(ctx context.Context, actions *action.Service, n int, s star, artistID int) error {
	types, err := actions.Types(ctx)
	if err != nil {
		return err
	}
	ids := map[string]int{}
	for _, t := range types {
		ids[t.Type] = t.ID
	}
	for _, o := range offers(n, s) {
		id := ids[o.actionType]
		_, err := actions.CreateRecommendation(ctx, fandom.RecommendationChange{
			ArtistID: &artistID, ActionTypeID: &id, TweetData: given(o.text), TweetID: given(o.tweet),
			ButtonName: given(o.button), About: given(o.about), Link: given(o.onward), Points: &o.points,
		})
		if err != nil {
			return fmt.Errorf("recommend %s for %s: %w", o.actionType, s.handle, err)
		}
	}
	return nil
}

func given(text string) fandom.Patch[*string] {
	if text == "" {
		return fandom.Patch[*string]{}
	}
	return fandom.Patch[*string]{Set: true, Value: &text}
}
