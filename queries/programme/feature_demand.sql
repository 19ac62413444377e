-- name: programme/feature_demand
-- Grain: one row per declared feature: feature requests whose text names it ("core_gameplay" or "core gameplay", in any
-- case), who wrote them, and bug reports that name it. Testers who are left out do not count.
-- Reads: dim_feature, dim_tester, fct_feedback
-- Parameters: -
WITH items AS (
    SELECT
        b.type, coalesce(CAST(b.tester_key AS VARCHAR), b.feedback_key) AS author,
        ' ' || regexp_replace(lower(coalesce(b.title, '') || ' ' || coalesce(b.description, '')), '[^\p{L}\p{N}]+', ' ', 'g')
        || ' ' AS words
    FROM fct_feedback b
    LEFT JOIN dim_tester t ON t.tester_key = b.tester_key
    WHERE t.excluded_reason IS NULL AND b.type IN ('feature', 'bug')
),
names AS (
    SELECT feature_id, feature, ' ' || regexp_replace(lower(feature), '[^\p{L}\p{N}]+', ' ', 'g') || ' ' AS words
    FROM dim_feature
)
SELECT
    n.feature,
    count(CASE WHEN i.type = 'feature' THEN 1 END) AS requests,
    count(DISTINCT CASE WHEN i.type = 'feature' THEN i.author END) AS requesters,
    count(CASE WHEN i.type = 'bug' THEN 1 END) AS bugs,
    count(DISTINCT CASE WHEN i.type = 'bug' THEN i.author END) AS reporters
FROM names n
LEFT JOIN items i ON contains(i.words, n.words)
GROUP BY n.feature_id, n.feature
ORDER BY n.feature
