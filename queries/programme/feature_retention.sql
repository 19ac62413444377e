-- name: programme/feature_retention
-- Grain: one row per declared feature: testers whose own second week is over, split by whether they used the feature in
-- their first seven days, and those of each that were active on day 7 to 13. Use and outcome never overlap in time.
-- Reads: dim_day, dim_week, dim_feature, dim_tester, fct_flag, fct_tester_day
-- Parameters: -
WITH bounds AS (
    SELECT
        (SELECT max(day_n) + 1 FROM dim_day WHERE is_over) AS end_day,
        (SELECT min(start_day_n) FROM dim_week) AS first_day
),
starts AS (
    SELECT t.tester_key, t.first_active_day_n AS day_n
    FROM dim_tester t
    CROSS JOIN bounds b
    WHERE t.on_roster AND t.excluded_reason IS NULL
        AND t.first_active_day_n >= b.first_day AND t.first_active_day_n + 13 < b.end_day
),
lives AS (
    SELECT
        s.tester_key,
        bit_or(CASE WHEN d.day_n < s.day_n + 7 THEN d.feature_mask ELSE 0 END) AS used,
        bool_or(d.day_n BETWEEN s.day_n + 7 AND s.day_n + 13 AND d.active_events > 0) AS is_back,
        max(CASE WHEN d.day_n < s.day_n + 7 THEN d.last_us END) AS until_us
    FROM starts s
    INNER JOIN fct_tester_day d ON d.tester_key = s.tester_key AND d.day_n BETWEEN s.day_n AND s.day_n + 13
    GROUP BY s.tester_key
),
flagged AS (SELECT DISTINCT feature_id FROM fct_flag),
switched_on AS (
    SELECT feature_id, tester_key, min(coalesce(since_us, 0)) AS since_us FROM fct_flag GROUP BY feature_id, tester_key
),
eligible AS (
    SELECT f.feature_id, l.tester_key, (l.used & f.feature_bit) <> 0 AS adopted, l.is_back
    FROM lives l
    CROSS JOIN dim_feature f
    LEFT JOIN switched_on g ON g.feature_id = f.feature_id AND g.tester_key = l.tester_key AND g.since_us <= l.until_us
    WHERE f.feature_id NOT IN (SELECT feature_id FROM flagged) OR g.tester_key IS NOT NULL
)
SELECT
    f.feature,
    count(CASE WHEN e.adopted THEN 1 END) AS adopters,
    count(CASE WHEN e.adopted AND e.is_back THEN 1 END) AS adopters_back,
    count(CASE WHEN NOT e.adopted THEN 1 END) AS others,
    count(CASE WHEN NOT e.adopted AND e.is_back THEN 1 END) AS others_back
FROM dim_feature f
LEFT JOIN eligible e ON e.feature_id = f.feature_id
GROUP BY f.feature_id, f.feature
ORDER BY f.feature
