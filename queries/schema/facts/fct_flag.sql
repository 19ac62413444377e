-- name: fct_flag
-- Grain: one row per tester and feature for which the flag is on. No row for a feature at all = on for everyone.
-- tester_key 0 = nobody: the feature is off for everyone.
-- Reads: -
-- Parameters: -
CREATE TABLE fct_flag (tester_key INTEGER NOT NULL, feature_id INTEGER NOT NULL, since_us BIGINT)
