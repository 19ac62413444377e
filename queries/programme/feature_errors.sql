-- name: programme/feature_errors
-- Grain: one row per declared feature: days on which testers used it (tester-days of the programme), those of them with a
-- failed request or an application error, and the testers behind both. Told from kpis/feature_lives.py where bits are held.
-- Reads: dim_day, dim_week, dim_feature, dim_tester, fct_tester_day
-- Parameters: -
WITH testers AS (SELECT tester_key FROM dim_tester WHERE on_roster AND excluded_reason IS NULL),
programme_days AS (SELECT day_n FROM dim_day WHERE is_over AND week <= (SELECT max(week) FROM dim_week)),
uses AS (
    SELECT d.tester_key, d.feature_mask AS used, d.failed_requests + d.app_errors > 0 AS failed
    FROM fct_tester_day d
    INNER JOIN testers t ON t.tester_key = d.tester_key
    INNER JOIN programme_days p ON p.day_n = d.day_n
    WHERE d.feature_mask <> 0
),
-- rows are counted by mask before masks are compared with features: there are fewer
day_masks AS (SELECT used, count(used) AS days, count(CASE WHEN failed THEN 1 END) AS failed FROM uses GROUP BY used),
days AS (
    SELECT f.feature_id, sum(m.days) AS days_used, sum(m.failed) AS days_with_errors
    FROM day_masks m
    INNER JOIN dim_feature f ON (m.used & f.feature_bit) <> 0
    GROUP BY f.feature_id
),
people AS (
    SELECT bit_or(used) AS used, bit_or(CASE WHEN failed THEN used ELSE 0 END) AS failed FROM uses GROUP BY tester_key
),
met AS (
    SELECT
        f.feature_id, count(p.used) AS users, count(CASE WHEN (p.failed & f.feature_bit) <> 0 THEN 1 END) AS users_with_errors
    FROM people p
    INNER JOIN dim_feature f ON (p.used & f.feature_bit) <> 0
    GROUP BY f.feature_id
)
SELECT
    f.feature, CAST(coalesce(d.days_used, 0) AS BIGINT) AS days_used,
    CAST(coalesce(d.days_with_errors, 0) AS BIGINT) AS days_with_errors,
    coalesce(m.users, 0) AS users, coalesce(m.users_with_errors, 0) AS users_with_errors
FROM dim_feature f
LEFT JOIN days d ON d.feature_id = f.feature_id
LEFT JOIN met m ON m.feature_id = f.feature_id
ORDER BY f.feature
