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
flagged AS (SELECT DISTINCT feature_id FROM fct_flag),
open_mask AS (
    SELECT coalesce(bit_or(d.feature_bit), 0) AS mask
    FROM dim_feature d
    WHERE d.feature_id NOT IN (SELECT feature_id FROM flagged)
),
switched AS (
    -- a flag is on from the first day at whose end it was
    SELECT g.tester_key, p.day_n AS from_day, bit_or(d.feature_bit) AS mask
    FROM (SELECT tester_key, feature_id, coalesce(since_us, 0) AS since_us FROM fct_flag) g
    INNER JOIN dim_feature d ON d.feature_id = g.feature_id
    ASOF JOIN period_days p ON g.since_us < p.end_us
    GROUP BY g.tester_key, p.day_n
),
flag_spans AS (
    SELECT
        tester_key, from_day, bit_or(mask) OVER own AS mask,
        coalesce(lead(from_day) OVER own, 2147483647) AS until_day
    FROM switched
    WINDOW own AS (PARTITION BY tester_key ORDER BY from_day)
),
tester_periods AS (
    SELECT f.week AS period, f.tester_key, f.feature_mask AS used, f.last_day_n AS day_n
    FROM fct_tester_week f
    INNER JOIN dim_tester t ON t.tester_key = f.tester_key
    WHERE $by <> 'day' AND t.on_roster AND t.excluded_reason IS NULL
    UNION ALL
    SELECT f.day_n, f.tester_key, f.feature_mask, f.day_n
    FROM fct_tester_day f
    INNER JOIN dim_tester t ON t.tester_key = f.tester_key
    WHERE $by = 'day' AND f.active_events > 0 AND t.on_roster AND t.excluded_reason IS NULL
),
eligible AS (
    SELECT tp.period, tp.used, (SELECT mask FROM open_mask) | coalesce(s.mask, 0) AS mask
    FROM tester_periods tp
    LEFT JOIN flag_spans s
        ON s.tester_key = tp.tester_key AND tp.day_n >= s.from_day AND tp.day_n < s.until_day
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
