package graph

import (
	"context"

	"madeinlatino.net/madeinlatino/internal/fandom"
)

// aroundWhom gives the standing that `around` is about: the named user's,
// else the viewer's; nil where they are not on the board.
func (r *rankingResolver) aroundWhom(ctx context.Context, obj *fandom.Ranking, name *string) (*fandom.Standing, error) {
	if name != nil {
		return r.Entry(ctx, obj, *name)
	}
	return r.ViewerEntry(ctx, obj)
}

// neighbours checks how many ranks to show on either side.
func neighbours(above, below *int) (int, int, error) {
	const usual, most = 5, 50
	better, worse := usual, usual
	var fields []fandom.FieldError
	check := func(name string, n *int, target *int) {
		if n == nil {
			return
		}
		*target = *n
		if *n < 0 || *n > most {
			fields = append(fields, fandom.FieldError{Field: name, Message: "It lies between 0 and 50."})
		}
	}
	check("above", above, &better)
	check("below", below, &worse)
	return better, worse, fandom.InvalidOrNil(fields)
}
