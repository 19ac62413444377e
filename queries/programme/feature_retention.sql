-- name: programme/feature_retention
-- Grain: one row per declared feature: testers whose own second week is over, split by whether they used the feature in
-- their first seven days, and those of each that were active on day 7 to 13. Use and outcome never overlap in time.
-- Reads: dim_day, dim_week, dim_feature, dim_tester, fct_flag, fct_tester_day
-- Parameters: -
-- Features without a flag are counted by bytes of the mask: 256 values of a byte tell eight features of any number of testers.
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
bytes AS (
    SELECT DISTINCT CAST(floor(log2(f.feature_bit) // 8) AS INTEGER) AS place
    FROM dim_feature f
    WHERE f.feature_id NOT IN (SELECT feature_id FROM flagged)
),
byte_counts AS (
    SELECT
        b.place, (l.used >> (8 * b.place)) & 255 AS value, count(l.tester_key) AS testers,
        count(CASE WHEN l.is_back THEN 1 END) AS back
    FROM lives l
    CROSS JOIN bytes b
    GROUP BY b.place, (l.used >> (8 * b.place)) & 255
),
everywhere AS (
    SELECT f.feature_id, c.value & (f.feature_bit >> (8 * c.place)) <> 0 AS adopted, c.testers, c.back
    FROM byte_counts c
    INNER JOIN dim_feature f ON CAST(floor(log2(f.feature_bit) // 8) AS INTEGER) = c.place
    WHERE f.feature_id NOT IN (SELECT feature_id FROM flagged)
),
switched AS (
    SELECT
        f.feature_id, (l.used & f.feature_bit) <> 0 AS adopted, count(l.tester_key) AS testers,
        count(CASE WHEN l.is_back THEN 1 END) AS back
    FROM lives l
    INNER JOIN switched_on g ON g.tester_key = l.tester_key AND g.since_us <= l.until_us
    INNER JOIN dim_feature f ON f.feature_id = g.feature_id
    GROUP BY f.feature_id, (l.used & f.feature_bit) <> 0
),
counted AS (
    SELECT feature_id, adopted, testers, back FROM everywhere
    UNION ALL
    SELECT feature_id, adopted, testers, back FROM switched
)
SELECT
    f.feature,
    CAST(coalesce(sum(CASE WHEN c.adopted THEN c.testers END), 0) AS BIGINT) AS adopters,
    CAST(coalesce(sum(CASE WHEN c.adopted THEN c.back END), 0) AS BIGINT) AS adopters_back,
    CAST(coalesce(sum(CASE WHEN NOT c.adopted THEN c.testers END), 0) AS BIGINT) AS others,
    CAST(coalesce(sum(CASE WHEN NOT c.adopted THEN c.back END), 0) AS BIGINT) AS others_back
FROM dim_feature f
LEFT JOIN counted c ON c.feature_id = f.feature_id
GROUP BY f.feature_id, f.feature
ORDER BY f.feature
