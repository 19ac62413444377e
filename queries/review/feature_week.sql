-- name: review/feature_week
-- Grain: one row per programme week and feature with a flag: active testers with it on who used it, and all who had it on.
-- Reads: dim_day, dim_tester, dim_feature, fct_flag, fct_tester_week
-- Parameters: -
WITH switched_on AS (
    SELECT feature_id, tester_key, min(coalesce(since_us, 0)) AS since_us
    FROM fct_flag
    GROUP BY feature_id, tester_key
)
SELECT
    w.week, x.feature,
    CAST(sum(CASE WHEN w.feature_mask & x.feature_bit <> 0 THEN 1 ELSE 0 END) AS BIGINT) AS users,
    count(w.tester_key) AS eligible
FROM switched_on g
INNER JOIN fct_tester_week w ON w.tester_key = g.tester_key
INNER JOIN dim_day d ON d.day_n = w.last_day_n
INNER JOIN dim_tester t ON t.tester_key = w.tester_key
INNER JOIN dim_feature x ON x.feature_id = g.feature_id
WHERE g.since_us < d.end_us AND t.on_roster AND t.excluded_reason IS NULL
GROUP BY w.week, x.feature
