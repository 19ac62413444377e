-- name: review/feature_week
-- Grain: one row per programme week and declared feature: active testers who used it, those on for it who were active.
-- Reads: dim_day, dim_week, dim_tester, dim_feature, fct_flag, fct_tester_day
-- Parameters: -
WITH tester_weeks AS (
    SELECT d.week, f.tester_key, bit_or(f.feature_mask) AS used, max(d.end_us) AS until_us
    FROM dim_day d
    INNER JOIN fct_tester_day f ON f.day_n = d.day_n
    INNER JOIN dim_tester t ON t.tester_key = f.tester_key
    WHERE d.is_over AND d.week IS NOT NULL AND t.on_roster AND t.excluded_reason IS NULL
    GROUP BY d.week, f.tester_key
    HAVING sum(f.active_events) > 0
),
flagged AS (SELECT DISTINCT feature_id FROM fct_flag),
switched_on AS (
    SELECT feature_id, tester_key, min(coalesce(since_us, 0)) AS since_us
    FROM fct_flag
    GROUP BY feature_id, tester_key
)
SELECT
    w.week, x.feature,
    CAST(sum(CASE WHEN w.used & x.feature_bit <> 0 THEN 1 ELSE 0 END) AS BIGINT) AS users,
    count(w.tester_key) AS eligible
FROM tester_weeks w
CROSS JOIN dim_feature x
LEFT JOIN switched_on g ON g.feature_id = x.feature_id AND g.tester_key = w.tester_key AND g.since_us < w.until_us
WHERE x.feature_id NOT IN (SELECT feature_id FROM flagged) OR g.tester_key IS NOT NULL
GROUP BY w.week, x.feature
ORDER BY w.week, users DESC, x.feature
