-- create "access_keys" table
CREATE TABLE `access_keys` (
  `id` integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  `hash` text NOT NULL,
  `created_at` datetime NOT NULL,
  `last_used_at` datetime NOT NULL,
  `user_id` integer NOT NULL,
  CONSTRAINT `access_keys_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION
);
-- create index "access_keys_hash_key" to table: "access_keys"
CREATE UNIQUE INDEX `access_keys_hash_key` ON `access_keys` (`hash`);
-- create index "accesskey_user_id" to table: "access_keys"
CREATE INDEX `accesskey_user_id` ON `access_keys` (`user_id`);
-- create "action_types" table
CREATE TABLE `action_types` (
  `id` integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  `type` text NOT NULL,
  `kind` text NOT NULL,
  `points` integer NOT NULL
);
-- create index "action_types_type_key" to table: "action_types"
CREATE UNIQUE INDEX `action_types_type_key` ON `action_types` (`type`);
-- create "admins" table
CREATE TABLE `admins` (
  `id` integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  `username` text NOT NULL,
  `password_hash` text NOT NULL,
  `disabled_at` datetime NULL,
  `created_at` datetime NOT NULL
);
-- create index "admins_username_key" to table: "admins"
CREATE UNIQUE INDEX `admins_username_key` ON `admins` (`username`);
-- create "artists" table
CREATE TABLE `artists` (
  `id` integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  `name` text NOT NULL,
  `twitter_user_name` text NOT NULL,
  `name_key` text NOT NULL,
  `twitter_user_id` text NULL,
  `profile_image` text NULL,
  `due_day` integer NOT NULL,
  `time_zone` text NOT NULL DEFAULT ('UTC'),
  `retired_at` datetime NULL,
  `created_at` datetime NOT NULL,
  `board_id` integer NOT NULL,
  CONSTRAINT `artists_boards_board` FOREIGN KEY (`board_id`) REFERENCES `boards` (`id`) ON DELETE NO ACTION
);
-- create index "artists_name_key_key" to table: "artists"
CREATE UNIQUE INDEX `artists_name_key_key` ON `artists` (`name_key`);
-- create index "artists_twitter_user_id_key" to table: "artists"
CREATE UNIQUE INDEX `artists_twitter_user_id_key` ON `artists` (`twitter_user_id`);
-- create index "artist_board_id" to table: "artists"
CREATE UNIQUE INDEX `artist_board_id` ON `artists` (`board_id`);
-- create "artist_cycles" table
CREATE TABLE `artist_cycles` (
  `id` integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  `number` integer NOT NULL,
  `opens_at` datetime NOT NULL,
  `closes_at` datetime NOT NULL,
  `closed_at` datetime NULL,
  `artist_id` integer NOT NULL,
  `board_id` integer NOT NULL,
  CONSTRAINT `artist_cycles_artists_artist` FOREIGN KEY (`artist_id`) REFERENCES `artists` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `artist_cycles_boards_board` FOREIGN KEY (`board_id`) REFERENCES `boards` (`id`) ON DELETE NO ACTION
);
-- create index "artistcycle_artist_id_number" to table: "artist_cycles"
CREATE UNIQUE INDEX `artistcycle_artist_id_number` ON `artist_cycles` (`artist_id`, `number`);
-- create index "artistcycle_board_id" to table: "artist_cycles"
CREATE UNIQUE INDEX `artistcycle_board_id` ON `artist_cycles` (`board_id`);
-- create "boards" table
CREATE TABLE `boards` (
  `id` integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  `name` text NOT NULL
);
-- create index "boards_name_key" to table: "boards"
CREATE UNIQUE INDEX `boards_name_key` ON `boards` (`name`);
-- create "counters" table
CREATE TABLE `counters` (
  `id` integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  `name` text NOT NULL,
  `value` integer NOT NULL
);
-- create index "counters_name_key" to table: "counters"
CREATE UNIQUE INDEX `counters_name_key` ON `counters` (`name`);
-- create "idempotency_keys" table
CREATE TABLE `idempotency_keys` (
  `id` integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  `actor` text NOT NULL,
  `key` text NOT NULL,
  `request` text NOT NULL,
  `result_id` integer NOT NULL DEFAULT (0),
  `created_at` datetime NOT NULL
);
-- create index "idempotencykey_actor_key" to table: "idempotency_keys"
CREATE UNIQUE INDEX `idempotencykey_actor_key` ON `idempotency_keys` (`actor`, `key`);
-- create index "idempotencykey_created_at" to table: "idempotency_keys"
CREATE INDEX `idempotencykey_created_at` ON `idempotency_keys` (`created_at`);
-- create "mobile_prefixes" table
CREATE TABLE `mobile_prefixes` (
  `id` integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  `region` text NOT NULL,
  `dial_code` text NOT NULL,
  `name` text NOT NULL
);
-- create index "mobile_prefixes_region_key" to table: "mobile_prefixes"
CREATE UNIQUE INDEX `mobile_prefixes_region_key` ON `mobile_prefixes` (`region`);
-- create "performances" table
CREATE TABLE `performances` (
  `id` integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  `kind` text NOT NULL,
  `state` text NOT NULL,
  `live` bool NOT NULL DEFAULT (true),
  `worth` integer NOT NULL,
  `text` text NULL,
  `acts_on` text NULL,
  `act` text NULL,
  `tweet_id` text NULL,
  `intent_url` text NULL,
  `failure_reason` text NULL,
  `attempts` integer NOT NULL DEFAULT (0),
  `lease` text NULL,
  `lease_until` datetime NULL,
  `due_at` datetime NOT NULL,
  `sent_at` datetime NULL,
  `created_at` datetime NOT NULL,
  `credited_at` datetime NULL,
  `deadline_at` datetime NOT NULL,
  `user_id` integer NOT NULL,
  `recommendation_id` integer NOT NULL,
  `artist_id` integer NULL,
  CONSTRAINT `performances_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `performances_recommendations_recommendation` FOREIGN KEY (`recommendation_id`) REFERENCES `recommendations` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `performances_artists_artist` FOREIGN KEY (`artist_id`) REFERENCES `artists` (`id`) ON DELETE SET NULL,
  CONSTRAINT `performance_live` CHECK (live = (state NOT IN ('FAILED', 'CANCELLED'))),
  CONSTRAINT `performance_state` CHECK (state IN ('PENDING', 'AWAITING_FAN', 'CREDITED', 'FAILED', 'CANCELLED'))
);
-- create index "performances_tweet_id_key" to table: "performances"
CREATE UNIQUE INDEX `performances_tweet_id_key` ON `performances` (`tweet_id`);
-- create index "performance_once" to table: "performances"
CREATE UNIQUE INDEX `performance_once` ON `performances` (`user_id`, `recommendation_id`) WHERE live;
-- create index "performance_act" to table: "performances"
CREATE UNIQUE INDEX `performance_act` ON `performances` (`user_id`, `act`) WHERE live;
-- create index "performance_user" to table: "performances"
CREATE INDEX `performance_user` ON `performances` (`user_id`);
-- create index "performance_due" to table: "performances"
CREATE INDEX `performance_due` ON `performances` (`state`, `due_at`);
-- create index "performance_recommendation" to table: "performances"
CREATE INDEX `performance_recommendation` ON `performances` (`recommendation_id`);
-- create "point_entries" table
CREATE TABLE `point_entries` (
  `id` integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  `points` integer NOT NULL,
  `reason` text NOT NULL,
  `cause` text NOT NULL,
  `note` text NULL,
  `appended_at` integer NOT NULL,
  `happened_at` datetime NULL,
  `user_id` integer NOT NULL,
  `artist_id` integer NULL,
  `cycle_id` integer NULL,
  `performance_id` integer NULL,
  `reverses_id` integer NULL,
  CONSTRAINT `point_entries_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `point_entries_artists_artist` FOREIGN KEY (`artist_id`) REFERENCES `artists` (`id`) ON DELETE SET NULL,
  CONSTRAINT `point_entries_artist_cycles_cycle` FOREIGN KEY (`cycle_id`) REFERENCES `artist_cycles` (`id`) ON DELETE SET NULL,
  CONSTRAINT `point_entries_performances_performance` FOREIGN KEY (`performance_id`) REFERENCES `performances` (`id`) ON DELETE SET NULL,
  CONSTRAINT `point_entries_point_entries_reverses` FOREIGN KEY (`reverses_id`) REFERENCES `point_entries` (`id`) ON DELETE SET NULL
);
-- create index "point_entries_cause_key" to table: "point_entries"
CREATE UNIQUE INDEX `point_entries_cause_key` ON `point_entries` (`cause`);
-- create index "point_entries_reverses_id_key" to table: "point_entries"
CREATE UNIQUE INDEX `point_entries_reverses_id_key` ON `point_entries` (`reverses_id`);
-- create index "pointentry_user_id" to table: "point_entries"
CREATE INDEX `pointentry_user_id` ON `point_entries` (`user_id`);
-- create index "pointentry_artist_id" to table: "point_entries"
CREATE INDEX `pointentry_artist_id` ON `point_entries` (`artist_id`);
-- create index "pointentry_reverses_id" to table: "point_entries"
CREATE UNIQUE INDEX `pointentry_reverses_id` ON `point_entries` (`reverses_id`);
-- create "recommendations" table
CREATE TABLE `recommendations` (
  `id` integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  `tweet_data` text NULL,
  `tweet_id` text NULL,
  `button_name` text NULL,
  `description` text NULL,
  `link` text NULL,
  `points` integer NOT NULL DEFAULT (0),
  `starts_at` datetime NULL,
  `ends_at` datetime NULL,
  `retired_at` datetime NULL,
  `created_at` datetime NOT NULL,
  `artist_id` integer NULL,
  `action_type_id` integer NOT NULL,
  `for_user_id` integer NULL,
  CONSTRAINT `recommendations_artists_artist` FOREIGN KEY (`artist_id`) REFERENCES `artists` (`id`) ON DELETE SET NULL,
  CONSTRAINT `recommendations_action_types_action_type` FOREIGN KEY (`action_type_id`) REFERENCES `action_types` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `recommendations_users_for_user` FOREIGN KEY (`for_user_id`) REFERENCES `users` (`id`) ON DELETE SET NULL
);
-- create index "recommendation_artist_id" to table: "recommendations"
CREATE INDEX `recommendation_artist_id` ON `recommendations` (`artist_id`);
-- create index "recommendation_for_user_id" to table: "recommendations"
CREATE INDEX `recommendation_for_user_id` ON `recommendations` (`for_user_id`);
-- create "request_tokens" table
CREATE TABLE `request_tokens` (
  `id` integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  `hash` text NOT NULL,
  `sealed` blob NOT NULL,
  `created_at` datetime NOT NULL,
  `expires_at` datetime NOT NULL,
  `claimed_at` datetime NULL
);
-- create index "request_tokens_hash_key" to table: "request_tokens"
CREATE UNIQUE INDEX `request_tokens_hash_key` ON `request_tokens` (`hash`);
-- create index "requesttoken_expires_at" to table: "request_tokens"
CREATE INDEX `requesttoken_expires_at` ON `request_tokens` (`expires_at`);
-- create "scores" table
CREATE TABLE `scores` (
  `hundredths` integer NOT NULL,
  `reached_at` integer NOT NULL,
  `version` integer NOT NULL,
  `changed` integer NOT NULL,
  `on_board` bool NOT NULL,
  `board_id` integer NOT NULL,
  `user_id` integer NOT NULL,
  PRIMARY KEY (`board_id`, `user_id`),
  CONSTRAINT `scores_boards_board` FOREIGN KEY (`board_id`) REFERENCES `boards` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `scores_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION
);
-- create index "score_order" to table: "scores"
CREATE INDEX `score_order` ON `scores` (`board_id`, `hundredths` DESC, `reached_at`, `user_id`) WHERE on_board;
-- create index "score_user" to table: "scores"
CREATE INDEX `score_user` ON `scores` (`user_id`);
-- create index "score_changed" to table: "scores"
CREATE INDEX `score_changed` ON `scores` (`changed`);
-- create "sessions" table
CREATE TABLE `sessions` (
  `id` integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  `hash` text NOT NULL,
  `data` blob NOT NULL,
  `expires_at` datetime NOT NULL
);
-- create index "sessions_hash_key" to table: "sessions"
CREATE UNIQUE INDEX `sessions_hash_key` ON `sessions` (`hash`);
-- create index "session_expires_at" to table: "sessions"
CREATE INDEX `session_expires_at` ON `sessions` (`expires_at`);
-- create "settings" table
CREATE TABLE `settings` (
  `id` integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  `name` text NOT NULL,
  `value` blob NOT NULL
);
-- create index "settings_name_key" to table: "settings"
CREATE UNIQUE INDEX `settings_name_key` ON `settings` (`name`);
-- create "twitter_credentials" table
CREATE TABLE `twitter_credentials` (
  `id` integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  `sealed` blob NOT NULL,
  `revoked_at` datetime NULL,
  `updated_at` datetime NOT NULL,
  `user_id` integer NOT NULL,
  CONSTRAINT `twitter_credentials_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION
);
-- create index "twittercredential_user_id" to table: "twitter_credentials"
CREATE UNIQUE INDEX `twittercredential_user_id` ON `twitter_credentials` (`user_id`);
-- create "users" table
CREATE TABLE `users` (
  `id` integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  `twitter_user_id` text NULL,
  `twitter_user_name` text NULL,
  `name_key` text NULL,
  `twitter_profile_image` text NULL,
  `profile_image` text NULL,
  `public_first_name` text NULL,
  `public_last_name` text NULL,
  `first_name` text NULL,
  `last_name` text NULL,
  `gender` text NULL,
  `email` text NULL,
  `date_of_birth` text NULL,
  `mobile_number` text NULL,
  `is_flag_action` bool NOT NULL DEFAULT (false),
  `registered_at` datetime NULL,
  `hidden_at` datetime NULL,
  `deleted_at` datetime NULL,
  `created_at` datetime NOT NULL,
  `mobile_prefix_id` integer NULL,
  CONSTRAINT `users_mobile_prefixes_mobile_prefix` FOREIGN KEY (`mobile_prefix_id`) REFERENCES `mobile_prefixes` (`id`) ON DELETE SET NULL
);
-- create index "users_twitter_user_id_key" to table: "users"
CREATE UNIQUE INDEX `users_twitter_user_id_key` ON `users` (`twitter_user_id`);
-- create index "users_name_key_key" to table: "users"
CREATE UNIQUE INDEX `users_name_key_key` ON `users` (`name_key`);
