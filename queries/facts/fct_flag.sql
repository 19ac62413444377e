-- name: fct_flag
-- Grain: one row per tester and feature whose flag is on; tester_key 0 (nobody) where it is off for all.
-- Reads: raw_flag, stage_person, dim_tester, dim_feature
-- Parameters: -
INSERT INTO fct_flag
WITH everyone AS (
    SELECT feature, bool_or(enabled) AS enabled, min(since_us) AS since_us FROM raw_flag WHERE user_id = '*' GROUP BY feature
), own AS (
    SELECT p.tester_key, r.feature, bool_or(r.enabled) AS enabled, min(r.since_us) AS since_us
    FROM raw_flag AS r
    INNER JOIN stage_person AS p ON p.user_id = r.user_id
    GROUP BY p.tester_key, r.feature
), limited AS (
    SELECT f.feature_id, f.feature, coalesce(e.enabled, FALSE) AS default_on, e.since_us
    FROM dim_feature AS f
    LEFT JOIN everyone AS e ON e.feature = f.feature
    WHERE (e.feature IS NOT NULL AND NOT e.enabled)
        OR (e.feature IS NULL AND f.feature IN (SELECT feature FROM own))
        OR (e.enabled AND f.feature IN (SELECT feature FROM own WHERE NOT enabled))
), granted AS (
    SELECT t.tester_key, l.feature_id, CASE WHEN o.enabled THEN o.since_us ELSE l.since_us END AS since_us
    FROM limited AS l
    CROSS JOIN dim_tester AS t
    LEFT JOIN own AS o ON o.tester_key = t.tester_key AND o.feature = l.feature
    WHERE coalesce(o.enabled, l.default_on)
)
SELECT tester_key, feature_id, since_us FROM granted
UNION ALL
SELECT 0, feature_id, NULL FROM limited WHERE feature_id NOT IN (SELECT feature_id FROM granted)
ORDER BY feature_id, tester_key
