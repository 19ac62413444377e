-- name: adoption
-- Grain: one row per declared feature: testers active in the range and eligible (flag on, or no flag at all), those of
-- them that used it, and those that used it on two days or more.
-- Reads: fct_tester_day, dim_tester, dim_feature, fct_flag
-- Parameters: $roster_only, $wave, $platform, $first_day, $end_day (day numbers, the end exclusive), $until_us
WITH people AS (
    SELECT tester_key FROM dim_tester
    WHERE excluded_reason IS NULL AND (on_roster OR NOT $roster_only)
      AND ($wave::VARCHAR IS NULL OR wave = $wave) AND ($platform::VARCHAR IS NULL OR platform = $platform)
),
tester_days AS (
    SELECT tester_key, active_events, feature_mask FROM fct_tester_day SEMI JOIN people USING (tester_key)
    WHERE day_n >= $first_day AND day_n < $end_day AND first_us < $until_us
),
active AS (
    SELECT DISTINCT tester_key FROM tester_days WHERE active_events > 0
),
eligible AS (
    SELECT f.feature_id, a.tester_key FROM dim_feature f CROSS JOIN active a
    WHERE NOT EXISTS (SELECT 1 FROM fct_flag g WHERE g.feature_id = f.feature_id)
       OR EXISTS (SELECT 1 FROM fct_flag g WHERE g.feature_id = f.feature_id AND g.tester_key = a.tester_key
                                             AND (g.since_us IS NULL OR g.since_us < $until_us))
),
uses AS (
    SELECT f.feature_id, t.tester_key, count(*) AS days
    FROM tester_days t JOIN dim_feature f ON (t.feature_mask & f.feature_bit) <> 0
    GROUP BY ALL
)
SELECT f.feature, count(e.tester_key) AS eligible, count(u.tester_key) AS users,
       count(u.tester_key) FILTER (u.days >= 2) AS repeaters
FROM dim_feature f LEFT JOIN eligible e USING (feature_id)
LEFT JOIN uses u ON u.feature_id = e.feature_id AND u.tester_key = e.tester_key
GROUP BY f.feature_id, f.feature ORDER BY f.feature
