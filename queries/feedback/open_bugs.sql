-- name: feedback/open_bugs
-- Grain: one row per severity with a bug: those open at as_of by age, and those resolved ever.
-- Reads: dim_tester, fct_feedback
-- Parameters: $as_of_us
WITH bugs AS (
    SELECT
        coalesce(nullif(b.priority, ''), 'not rated') AS severity, ($as_of_us - b.created_us) / 86400000000 AS age_days,
        coalesce(b.resolved_us >= $as_of_us, TRUE) AS is_open
    FROM fct_feedback b
    LEFT JOIN dim_tester t ON t.tester_key = b.tester_key
    WHERE t.excluded_reason IS NULL AND b.type = 'bug' AND b.created_us < $as_of_us
)
SELECT
    severity,
    count(CASE WHEN is_open AND age_days < 1 THEN 1 END) AS under_1_day,
    count(CASE WHEN is_open AND age_days >= 1 AND age_days < 3 THEN 1 END) AS under_3_days,
    count(CASE WHEN is_open AND age_days >= 3 AND age_days < 7 THEN 1 END) AS under_7_days,
    count(CASE WHEN is_open AND age_days >= 7 THEN 1 END) AS older,
    count(CASE WHEN NOT is_open THEN 1 END) AS resolved
FROM bugs
GROUP BY severity
ORDER BY CASE severity WHEN 'critical' THEN 1 WHEN 'high' THEN 2 WHEN 'medium' THEN 3 WHEN 'low' THEN 4 ELSE 5 END, severity
