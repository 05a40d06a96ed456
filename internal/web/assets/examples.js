// The example operations of the playground.
'use strict';

// eslint-disable-next-line no-unused-vars
const examples = [
  {
    name: 'Global ranking',
    query: `query GlobalRanking($first: Int) {
  globalRanking {
    totalCount
    entries(first: $first) {
      nodes { rank score user { twitterUserName } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`,
    variables: { first: 10 },
  },
  {
    name: 'Artists',
    query: `{
  artists(first: 10) {
    nodes {
      id databaseId name twitterUserName fanCount remainingDays
      ranking { entries(first: 3) { nodes { rank score user { twitterUserName } } } }
    }
  }
}`,
  },
  {
    name: 'Me',
    query: `{
  viewer {
    user { twitterUserName globalPoints globalRank }
    profile { firstName lastName email isFlagAction }
    performances(first: 5) { nodes { state text points } }
  }
}`,
  },
  {
    name: 'What can I do?',
    query: `{
  artists(first: 3) {
    nodes {
      name
      recommendations(first: 5) {
        nodes { id worth tweetData actionType { type kind } }
      }
    }
  }
}`,
  },
  {
    name: 'Perform',
    query: `mutation Perform($input: PerformRecommendationInput!) {
  performRecommendation(input: $input) {
    performance { state text tweetId }
    pointsEarned previousRank newRank newScore isRepeat
    errors { path message code }
  }
}`,
    variables: { input: { recommendationId: 'an id from "What can I do?"' } },
  },
  {
    name: 'Log in',
    query: `mutation StartLogin {
  startLogin {
    redirectUrl
    errors { path message code }
  }
}`,
  },
];
