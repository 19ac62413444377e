-- name: measures/feature_adoption
-- Grain: one row per period ($by: week or day). denominator = active testers with at least one declared feature switched
-- on for them, numerator = those who used such a feature. A feature without flag rows is on for everyone.
-- Reads: dim_day, dim_week, dim_tester, dim_feature, fct_flag, fct_tester_day, fct_tester_week
-- Parameters: $by
WITH period_days AS (
    SELECT CASE WHEN $by = 'day' THEN day_n ELSE week END AS period, day_n, end_us
    FROM dim_day
    WHERE is_over AND week <= (SELECT max(week) FROM dim_week)
),
tester_periods AS (
    SELECT f.week AS period, f.tester_key, f.feature_mask AS used, p.end_us AS until_us
    FROM fct_tester_week f
    INNER JOIN period_days p ON p.day_n = f.last_day_n
    INNER JOIN dim_tester t ON t.tester_key = f.tester_key
    WHERE $by <> 'day' AND t.on_roster AND t.excluded_reason IS NULL
    UNION ALL
    SELECT p.period, f.tester_key, f.feature_mask, p.end_us
    FROM period_days p
    INNER JOIN fct_tester_day f ON f.day_n = p.day_n
    INNER JOIN dim_tester t ON t.tester_key = f.tester_key
    WHERE $by = 'day' AND f.active_events > 0 AND t.on_roster AND t.excluded_reason IS NULL
),
flagged AS (SELECT DISTINCT feature_id FROM fct_flag),
open_mask AS (
    SELECT coalesce(bit_or(d.feature_bit), 0) AS mask
    FROM dim_feature d
    WHERE d.feature_id NOT IN (SELECT feature_id FROM flagged)
),
flag_masks AS (
    SELECT tp.period, tp.tester_key, bit_or(d.feature_bit) AS mask
    FROM tester_periods tp
    INNER JOIN fct_flag g ON g.tester_key = tp.tester_key AND coalesce(g.since_us, 0) < tp.until_us
    INNER JOIN dim_feature d ON d.feature_id = g.feature_id
    GROUP BY tp.period, tp.tester_key
),
eligible AS (
    SELECT tp.period, tp.tester_key, tp.used, (SELECT mask FROM open_mask) | coalesce(m.mask, 0) AS mask
    FROM tester_periods tp
    LEFT JOIN flag_masks m ON m.period = tp.period AND m.tester_key = tp.tester_key
),
periods AS (SELECT DISTINCT period FROM period_days)
SELECT
    p.period,
    CAST(sum(CASE WHEN e.used & e.mask <> 0 THEN 1 ELSE 0 END) AS BIGINT) AS numerator,
    CAST(sum(CASE WHEN e.mask <> 0 THEN 1 ELSE 0 END) AS BIGINT) AS denominator,
    0 AS not_yet,
    CAST(NULL AS DATE) AS measurable_on
FROM periods p
LEFT JOIN eligible e ON e.period = p.period
GROUP BY p.period
ORDER BY p.period
