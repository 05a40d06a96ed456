-- reverse: create index "twittercredential_user_id" to table: "twitter_credentials"
DROP INDEX "twittercredential_user_id";
-- reverse: create "twitter_credentials" table
DROP TABLE "twitter_credentials";
-- reverse: create index "score_user" to table: "scores"
DROP INDEX "score_user";
-- reverse: create index "score_order" to table: "scores"
DROP INDEX "score_order";
-- reverse: create index "score_changed" to table: "scores"
DROP INDEX "score_changed";
-- reverse: create "scores" table
DROP TABLE "scores";
-- reverse: create index "pointentry_user_id" to table: "point_entries"
DROP INDEX "pointentry_user_id";
-- reverse: create index "pointentry_reverses_id" to table: "point_entries"
DROP INDEX "pointentry_reverses_id";
-- reverse: create index "pointentry_artist_id" to table: "point_entries"
DROP INDEX "pointentry_artist_id";
-- reverse: create index "point_entries_reverses_id_key" to table: "point_entries"
DROP INDEX "point_entries_reverses_id_key";
-- reverse: create index "point_entries_cause_key" to table: "point_entries"
DROP INDEX "point_entries_cause_key";
-- reverse: create "point_entries" table
DROP TABLE "point_entries";
-- reverse: create index "performances_tweet_id_key" to table: "performances"
DROP INDEX "performances_tweet_id_key";
-- reverse: create index "performance_user" to table: "performances"
DROP INDEX "performance_user";
-- reverse: create index "performance_recommendation" to table: "performances"
DROP INDEX "performance_recommendation";
-- reverse: create index "performance_once" to table: "performances"
DROP INDEX "performance_once";
-- reverse: create index "performance_due" to table: "performances"
DROP INDEX "performance_due";
-- reverse: create index "performance_act" to table: "performances"
DROP INDEX "performance_act";
-- reverse: create "performances" table
DROP TABLE "performances";
-- reverse: create index "recommendation_for_user_id" to table: "recommendations"
DROP INDEX "recommendation_for_user_id";
-- reverse: create index "recommendation_artist_id" to table: "recommendations"
DROP INDEX "recommendation_artist_id";
-- reverse: create "recommendations" table
DROP TABLE "recommendations";
-- reverse: create index "action_types_type_key" to table: "action_types"
DROP INDEX "action_types_type_key";
-- reverse: create "action_types" table
DROP TABLE "action_types";
-- reverse: create index "artistcycle_board_id" to table: "artist_cycles"
DROP INDEX "artistcycle_board_id";
-- reverse: create index "artistcycle_artist_id_number" to table: "artist_cycles"
DROP INDEX "artistcycle_artist_id_number";
-- reverse: create "artist_cycles" table
DROP TABLE "artist_cycles";
-- reverse: create index "artists_twitter_user_id_key" to table: "artists"
DROP INDEX "artists_twitter_user_id_key";
-- reverse: create index "artists_name_key_key" to table: "artists"
DROP INDEX "artists_name_key_key";
-- reverse: create index "artist_board_id" to table: "artists"
DROP INDEX "artist_board_id";
-- reverse: create "artists" table
DROP TABLE "artists";
-- reverse: create index "boards_name_key" to table: "boards"
DROP INDEX "boards_name_key";
-- reverse: create "boards" table
DROP TABLE "boards";
-- reverse: create index "accesskey_user_id" to table: "access_keys"
DROP INDEX "accesskey_user_id";
-- reverse: create index "access_keys_hash_key" to table: "access_keys"
DROP INDEX "access_keys_hash_key";
-- reverse: create "access_keys" table
DROP TABLE "access_keys";
-- reverse: create index "users_twitter_user_id_key" to table: "users"
DROP INDEX "users_twitter_user_id_key";
-- reverse: create index "users_name_key_key" to table: "users"
DROP INDEX "users_name_key_key";
-- reverse: create "users" table
DROP TABLE "users";
-- reverse: create index "mobile_prefixes_region_key" to table: "mobile_prefixes"
DROP INDEX "mobile_prefixes_region_key";
-- reverse: create "mobile_prefixes" table
DROP TABLE "mobile_prefixes";
-- reverse: create index "sessions_hash_key" to table: "sessions"
DROP INDEX "sessions_hash_key";
-- reverse: create index "session_expires_at" to table: "sessions"
DROP INDEX "session_expires_at";
-- reverse: create "sessions" table
DROP TABLE "sessions";
-- reverse: create index "idempotencykey_created_at" to table: "idempotency_keys"
DROP INDEX "idempotencykey_created_at";
-- reverse: create index "idempotencykey_actor_key" to table: "idempotency_keys"
DROP INDEX "idempotencykey_actor_key";
-- reverse: create "idempotency_keys" table
DROP TABLE "idempotency_keys";
-- reverse: create index "counters_name_key" to table: "counters"
DROP INDEX "counters_name_key";
-- reverse: create "counters" table
DROP TABLE "counters";
-- reverse: create index "settings_name_key" to table: "settings"
DROP INDEX "settings_name_key";
-- reverse: create "settings" table
DROP TABLE "settings";
-- reverse: create index "admins_username_key" to table: "admins"
DROP INDEX "admins_username_key";
-- reverse: create "admins" table
DROP TABLE "admins";
-- reverse: create index "requesttoken_expires_at" to table: "request_tokens"
DROP INDEX "requesttoken_expires_at";
-- reverse: create index "request_tokens_hash_key" to table: "request_tokens"
DROP INDEX "request_tokens_hash_key";
-- reverse: create "request_tokens" table
DROP TABLE "request_tokens";
