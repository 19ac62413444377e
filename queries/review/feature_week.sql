-- name: review/feature_week
-- Grain: one row per programme week and declared feature: active testers who used it, those on for it who were active.
-- Reads: dim_day, dim_tester, dim_feature, fct_flag, fct_tester_week
-- Parameters: -
-- Features without a flag are counted by bytes of the mask: 256 values of a byte tell eight features of any number of testers.
WITH tester_weeks AS (
    SELECT f.week, f.tester_key, f.feature_mask AS used, d.end_us AS until_us
    FROM fct_tester_week f
    INNER JOIN dim_day d ON d.day_n = f.last_day_n
    INNER JOIN dim_tester t ON t.tester_key = f.tester_key
    WHERE t.on_roster AND t.excluded_reason IS NULL
),
flagged AS (SELECT DISTINCT feature_id FROM fct_flag),
switched_on AS (
    SELECT feature_id, tester_key, min(coalesce(since_us, 0)) AS since_us
    FROM fct_flag
    GROUP BY feature_id, tester_key
),
bytes AS (
    SELECT DISTINCT CAST(floor(log2(x.feature_bit) // 8) AS INTEGER) AS place
    FROM dim_feature x
    WHERE x.feature_id NOT IN (SELECT feature_id FROM flagged)
),
byte_counts AS (
    SELECT w.week, b.place, (w.used >> (8 * b.place)) & 255 AS value, count(w.tester_key) AS testers
    FROM tester_weeks w
    CROSS JOIN bytes b
    GROUP BY w.week, b.place, (w.used >> (8 * b.place)) & 255
),
everywhere AS (
    SELECT
        c.week, x.feature,
        CAST(sum(CASE WHEN c.value & (x.feature_bit >> (8 * c.place)) <> 0 THEN c.testers ELSE 0 END) AS BIGINT) AS users,
        CAST(sum(c.testers) AS BIGINT) AS eligible
    FROM byte_counts c
    INNER JOIN dim_feature x ON CAST(floor(log2(x.feature_bit) // 8) AS INTEGER) = c.place
    WHERE x.feature_id NOT IN (SELECT feature_id FROM flagged)
    GROUP BY c.week, x.feature
),
switched AS (
    SELECT
        w.week, x.feature,
        CAST(sum(CASE WHEN w.used & x.feature_bit <> 0 THEN 1 ELSE 0 END) AS BIGINT) AS users,
        count(w.tester_key) AS eligible
    FROM tester_weeks w
    INNER JOIN switched_on g ON g.tester_key = w.tester_key AND g.since_us < w.until_us
    INNER JOIN dim_feature x ON x.feature_id = g.feature_id
    GROUP BY w.week, x.feature
),
counted AS (
    SELECT week, feature, users, eligible FROM everywhere
    UNION ALL
    SELECT week, feature, users, eligible FROM switched
)
SELECT week, feature, users, eligible
FROM counted
ORDER BY week, users DESC, feature
